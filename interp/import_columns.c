/*
 * The header of a file: which of its cells name columns that are known.
 *
 * Titles may stand above it, so it is the one of the first rows in which most names are found. A
 * name that stands twice is an error, since no one could say which column is meant; one that is
 * asked for and not there is an error, too, unless the layout says `or missing`: a column that was
 * renamed would else be empty without a word.
 */
#include <string.h>

#include "interp/import_private.h"

#define HEADER_ROWS 30 /* among which the header is looked for */

/* The columns that a file of rejected rows has of ours. */
static const char *const own_column[] = {"vouch line", "vouch reason"};

static char next_letter(Str s, size_t *at)
{
	while (*at < s.len) {
		char c = s.ptr[(*at)++];
		if (c >= 'A' && c <= 'Z')
			return (char)(c + 32);
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80 || c == '%')
			return c;
	}
	return '\0';
}

/* The pound sign and no-break blanks count as letters only beside each other, which is rare. */
bool column_same(Str a, Str b)
{
	size_t i = 0, j = 0;
	char x, y;
	do {
		x = next_letter(a, &i);
		y = next_letter(b, &j);
	} while (x == y && x != '\0');
	return x == y;
}

static int32_t find_cell(const Columns *columns, Str name)
{
	for (int32_t i = 0; i < columns->nheader; i++)
		if (columns->header[i].len > 0 && column_same(columns->header[i], name))
			return i;
	return -1;
}

/* ---- what a dataset without a layout asks for */

static bool named_in(Columns *columns, const Field *field)
{
	return find_cell(columns, field->name) >= 0 || find_cell(columns, field->column) >= 0;
}

static bool is_key(const Dataset *dataset, int32_t field)
{
	for (int32_t k = 0; k < dataset->nkey; k++)
		if (dataset->key[k] == field)
			return true;
	return false;
}

/* By the name of the field, or of its column in the database. */
static FileColumn *column_of_field(Arena *arena, const Field *field)
{
	FileColumn *column = ARENA_NEW(arena, FileColumn);
	column->name = ARENA_ARRAY(arena, Str, 2);
	column->name[column->nnames++] = field->column;
	column->name[column->nnames++] = field->name;
	column->unit = (Ratio){1, 1};
	return column;
}

/* ---- fills */

static Fill *add_fill(Import *import, Columns *out, int32_t field, const FileColumn *column,
	int32_t n)
{
	Fill *fill = &out->fill[out->nfills++];
	*fill = (Fill){.field = &out->dataset->field[field], .after = -1, .total = -1};
	fill->plan = (ValuePlan){.book = import->options->book, .field = fill->field,
		.column = column, .n = n, .is_key = is_key(out->dataset, field)};
	fill->at = ARENA_ARRAY(import->arena, int32_t, (size_t)(n > 0 ? n : 1));
	return fill;
}

static void note(Import *import, Str **list, int32_t *n, Str text)
{
	Str *longer = ARENA_ARRAY(import->arena, Str, (size_t)*n + 1);
	if (*n > 0)
		memcpy(longer, *list, (size_t)*n * sizeof *longer);
	longer[(*n)++] = text;
	*list = longer;
}

static int32_t find_column(Columns *out, const FileColumn *column)
{
	for (int32_t i = 0; i < column->nnames; i++) {
		int32_t at = find_cell(out, column->name[i]);
		if (at >= 0)
			return at;
	}
	return -1;
}

/* False when one is missing that must be there: *missing names it. */
static bool place_fill(Import *import, Columns *out, Fill *fill, Str *missing)
{
	bool found = true;
	for (int32_t i = 0; i < fill->plan.n; i++) {
		const FileColumn *column = &fill->plan.column[i];
		fill->at[i] = find_column(out, column);
		out->matched += fill->at[i] >= 0;
		if (fill->at[i] >= 0)
			continue;
		if (column->optional && !fill->plan.is_key) {
			note(import, &out->absent, &out->nabsent, column->name[0]);
			continue;
		}
		*missing = missing->len == 0 ? column->name[0] : *missing;
		found = false;
	}
	return found;
}

static void fill_of_layout(Import *import, Columns *out, int32_t i)
{
	const FileField *field = &out->layout->field[i];
	Fill *fill = add_fill(import, out, field->field, field->column, field->ncolumns);
	fill->constant = field->constant;
	for (int32_t k = 0; k < i && field->after >= 0; k++)
		if (out->layout->field[k].field == field->after)
			fill->after = k;
}

static void make_fills(Import *import, Columns *out)
{
	const Dataset *dataset = out->dataset;
	int32_t most = out->layout != NULL ? out->layout->nfields : dataset->nfields;
	out->fill = ARENA_ARRAY(import->arena, Fill, (size_t)(most > 0 ? most : 1));
	if (out->layout != NULL) {
		for (int32_t i = 0; i < out->layout->nfields; i++)
			fill_of_layout(import, out, i);
		return;
	}
	for (int32_t i = 0; i < dataset->nfields; i++) {
		const Field *field = &dataset->field[i];
		bool taken = false;
		for (int32_t k = 0; k < out->nfills; k++)
			taken |= str_eq(out->fill[k].field->column, field->column);
		if (field_follows(field) || taken || (!named_in(out, field) && !is_key(dataset, i)))
			continue;
		add_fill(import, out, i, column_of_field(import->arena, field), 1);
	}
}

/* ---- the row that may be the header */

static bool is_used(const Columns *columns, int32_t cell)
{
	for (int32_t i = 0; i < columns->nfills; i++)
		for (int32_t k = 0; k < columns->fill[i].plan.n; k++)
			if (columns->fill[i].at[k] == cell)
				return true;
	for (int32_t i = 0; i < columns->nreferences; i++)
		if (columns->reference[i] == cell)
			return true;
	return false;
}

static bool is_ignored(const Columns *columns, Str name)
{
	for (size_t i = 0; i < sizeof own_column / sizeof own_column[0]; i++)
		if (column_same(name, str_of(own_column[i])))
			return true;
	for (int32_t i = 0; columns->layout != NULL && i < columns->layout->nignored; i++)
		if (column_same(name, columns->layout->ignored[i]))
			return true;
	return false;
}

static void find_unknown(Import *import, Columns *out)
{
	for (int32_t i = 0; i < out->nheader; i++)
		if (out->header[i].len > 0 && !is_used(out, i) && !is_ignored(out, out->header[i]))
			note(import, &out->unknown, &out->nunknown, out->header[i]);
}

/* A layout's own reference column must be there: its file is told by it. */
static void find_references(Import *import, Columns *out, Str *missing)
{
	const FileLayout *layout = out->layout;
	if (layout == NULL || layout->nreferences == 0)
		return;
	out->reference = ARENA_ARRAY(import->arena, int32_t, 1);
	for (int32_t i = 0; i < layout->nreferences && out->nreferences == 0; i++) {
		int32_t at = find_cell(out, layout->reference[i]);
		if (at >= 0)
			out->reference[out->nreferences++] = at;
	}
	if (out->nreferences == 0 && missing->len == 0)
		*missing = layout->reference[0];
	out->matched += out->nreferences;
}

/* The names in a row, and how many of them are known. *missing is empty when it is a header. */
static void try_row(Import *import, const SheetRow *row, Columns *out, Str *missing)
{
	out->line = row->line;
	out->nheader = row->n;
	out->header = ARENA_ARRAY(import->arena, Str, (size_t)(row->n > 0 ? row->n : 1));
	for (int32_t i = 0; i < row->n; i++)
		out->header[i] = str_copy(import->arena, str_trim(row->cell[i].text));
	make_fills(import, out);
	*missing = (Str){NULL, 0};
	for (int32_t i = 0; i < out->nfills; i++)
		place_fill(import, out, &out->fill[i], missing);
	find_references(import, out, missing);
	/* Nothing but the parts of a key would give rows that say nothing. */
	if (out->matched == 0 && missing->len == 0)
		*missing = out->dataset->decl.name;
	find_unknown(import, out);
}

/* Columns A, B … AA as a spreadsheet names them. */
static Str letters(Arena *arena, int32_t column)
{
	char text[8];
	int at = (int)sizeof text;
	for (column++; column > 0 && at > 0; column = (column - 1) / 26)
		text[--at] = (char)('A' + (column - 1) % 26);
	return str_copy(arena, (Str){text + at, sizeof text - (size_t)at});
}

/* Of a name that stands twice only the first would ever be read. */
static Status no_doubles(Import *import, const Sheet *sheet, const Columns *columns)
{
	for (int32_t i = 0; i < columns->nheader; i++) {
		for (int32_t k = i + 1; k < columns->nheader; k++) {
			if (columns->header[i].len == 0 || !column_same(columns->header[i], columns->header[k])
					|| is_ignored(columns, columns->header[i]))
				continue;
			return import_wrong(import, DIAG_IMPORT_COLUMNS,
				"%s: line %lld: columns %.*s and %.*s are both called %.*s", sheet->path,
				(long long)columns->line, STR_ARG(letters(import->arena, i)),
				STR_ARG(letters(import->arena, k)), STR_ARG(columns->header[k]));
		}
	}
	return STATUS_OK;
}

static Str nearest_cell(const Columns *columns, Str name)
{
	Nearest nearest;
	nearest_start(&nearest, name);
	for (int32_t i = 0; i < columns->nheader; i++)
		if (!is_used(columns, i))
			nearest_try(&nearest, columns->header[i]);
	return nearest_best(&nearest);
}

static Str missing_text(Import *import, const Columns *best, Str missing)
{
	Str near = nearest_cell(best, missing);
	return str_format(import->arena, "line %lld has no column \"%.*s\"%s%.*s%s",
		(long long)best->line, STR_ARG(missing), near.len > 0 ? "; is it \"" : "", STR_ARG(near),
		near.len > 0 ? "\"?" : "");
}

/* Goes on behind a row that would do: a title may hold two of the names by chance. */
Status columns_find(Import *import, Sheet *sheet, const FileLayout *layout,
	const Dataset *dataset, Columns *out, Str *why)
{
	SheetRow row;
	Status status = STATUS_OK;
	Str missing = {NULL, 0}, best_missing = STR("?");
	*out = (Columns){.layout = layout, .dataset = dataset};
	for (int i = 0; i < HEADER_ROWS && status == STATUS_OK; i++) {
		Columns tried = {.layout = layout, .dataset = dataset};
		status = sheet_next(sheet, &row, import->diags);
		if (status != STATUS_OK)
			break;
		try_row(import, &row, &tried, &missing);
		if (tried.matched > out->matched) {
			*out = tried;
			best_missing = missing;
		}
		if (missing.len == 0)
			break;
	}
	if (status != STATUS_OK && status != STATUS_NO)
		return status;
	if (best_missing.len == 0)
		return no_doubles(import, sheet, out);
	*why = out->matched == 0 ? STR("no line has names of its columns")
		: missing_text(import, out, best_missing);
	return STATUS_NO;
}
