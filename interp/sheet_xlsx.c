/*
 * XLSX: the rows of one sheet as its XML is unpacked, a piece at a time; nothing but the workbook's
 * list of texts is held.
 *
 *   package_more ──begin, end, text──> cells and rows in a queue ──> sheet_next, one at a time
 *                                      └ the row that the piece left unfinished stays at the end
 *
 *   <row r="7" hidden="1">                        SheetRow, line 7
 *     <c r="A7" t="s"><v>12</v></c>               text 12 of the workbook's list
 *     <c r="C7" s="3"><v>45901</v></c>            a date, when style 3 shows one; B7 is empty
 *     <c r="D7"><f>SUM(A1:A3)</f><v>17</v></c>    what the formula came to when it was saved
 *
 * A formula counts by the value that is kept beside it. Where there is none, or whoever wrote the
 * file left all formulas to be worked out later, its cell is an error that shows the formula.
 */
#include "interp/sheet_xlsx_private.h"

#include <string.h>

#include "base/limits.h"

#define ROWS_MOST 1048576 /* of the format */
#define COLUMNS_MOST 16384

/* ---- cells ---- */

/* "AB12": column from 0, row; false when it is no such name. */
static bool cell_name(Str name, int32_t *column, int64_t *row)
{
	size_t i = 0;
	*column = 0;
	for (; i < name.len && name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' && i < 4; i++)
		*column = *column * 26 + (name.ptr[i] - 'A' + 1);
	--*column;
	return i > 0 && *column < COLUMNS_MOST &&
		book_number((Str){name.ptr + i, name.len - i}, ROWS_MOST, row);
}

/* A row that does not say which it is goes by its first cell. */
static void place_cell(Xlsx *x, Str name)
{
	int64_t row = 0;
	bool first = x->place.n == x->open;
	if (name.ptr == NULL) {
		x->cell.column = x->column + 1;
	} else if (!cell_name(name, &x->cell.column, &row)) {
		package_wrong(x->part, "damaged: no cell can be called %.40s", name.ptr);
	} else if (first && !x->numbered && row > x->row.line) {
		x->row.line = row;
		package_row(x->part, row);
	} else if (row != x->row.line) {
		package_wrong(x->part, "damaged: cell %s stands in it", name.ptr);
	}
	if (x->cell.column <= x->column || x->cell.column >= COLUMNS_MOST)
		package_wrong(x->part, "damaged: its cells are not in order");
	x->column = x->cell.column;
}

/* ST_CellType of the standard; one that is left out is a number. */
static const struct { const char *word; CellType type; } type_of[] = {
	{"n", CELL_NUMBER}, {"s", CELL_SHARED}, {"str", CELL_TEXT}, {"inlineStr", CELL_INLINE},
	{"b", CELL_YES_NO}, {"e", CELL_ERROR}, {"d", CELL_ISO},
};

/* Of a million rows each cell comes by here: its three attributes are found in one go. */
static void begin_cell(Xlsx *x, const char *const *attribute)
{
	Str type = {"n", 1}, style = {NULL, 0}, name = {NULL, 0};
	for (const char *const *at = attribute; at[0] != NULL; at += 2) {
		Str *out = at[0][0] == '\0' || at[0][1] != '\0' ? NULL : at[0][0] == 'r' ? &name
			: at[0][0] == 's' ? &style : at[0][0] == 't' ? &type : NULL;
		if (out != NULL)
			*out = str_of(at[1]);
	}
	x->cell = (Cell){.at = x->bytes.n};
	x->style = 0;
	x->in_cell = true;
	x->has_value = x->has_formula = false;
	place_cell(x, name);
	x->type = CELL_NONE;
	for (size_t i = 0; i < sizeof type_of / sizeof type_of[0] && x->type == CELL_NONE; i++)
		if (strcmp(type.ptr, type_of[i].word) == 0)
			x->type = type_of[i].type;
	if (x->type == CELL_NONE)
		package_wrong(x->part, "damaged: a cell of type %.20s", type.ptr);
	if (style.ptr != NULL && !book_number(style, (int64_t)x->book.format.n - 1, &x->style))
		package_wrong(x->part, "damaged: a cell of style %.20s, which is not there", style.ptr);
}

/* ---- rows ---- */

/* A row without a number stands behind the one before. */
static void begin_row(Xlsx *x, const char *const *attribute)
{
	Str number = package_attribute(attribute, "r");
	int64_t line = x->row.line + 1;
	x->numbered = number.ptr != NULL;
	if (x->numbered && !book_number(number, ROWS_MOST, &line))
		package_wrong(x->part, "damaged: no row can be numbered %.20s", number.ptr);
	else if (line <= x->row.line)
		package_wrong(x->part, "damaged: row %lld stands behind it", (long long)line);
	else if (line > ROWS_MOST)
		package_wrong(x->part, "damaged: more rows than a sheet can have");
	x->row = (Queued){.cell = x->place.n, .line = line,
		.hidden = book_yes(package_attribute(attribute, "hidden"))};
	x->in_row = true;
	x->column = -1;
	package_row(x->part, line);
}

/* Cells that are empty, but for their looks, do not make a row longer. */
static void end_row(Xlsx *x)
{
	size_t text = 0;
	x->in_row = false;
	for (size_t i = x->open; i < x->place.n; i++)
		text += x->place.at[i].len;
	if (text > LIMIT_SHEET_ROW)
		package_wrong(x->part, "has more than a megabyte of text");
	while (x->place.n > x->open && x->place.at[x->place.n - 1].len == 0)
		x->place.n--;
	x->row.cells = (int32_t)(x->place.n - x->open);
	*vec_push(&x->queue) = x->row;
	x->open = x->place.n;
}

/* ---- what a sheet's XML holds ---- */

/* One value, one formula, and nothing within them; what else stands in a cell says nothing. */
static void begin_in_cell(Xlsx *x, Str name, const char *const *attribute)
{
	bool value = str_eq(name, STR("v")) || (!x->in_inline && str_eq(name, STR("is")));
	if (x->in_value || x->in_formula || (value && x->has_value)) {
		package_wrong(x->part, "damaged: a cell with more than one value");
	} else if (str_eq(name, STR("v"))) {
		x->in_value = x->has_value = true;
		x->keeps = book_keeps_blanks(attribute);
	} else if (str_eq(name, STR("f"))) {
		x->in_formula = x->has_formula = true;
		buf_clear(&x->formula);
	} else if (str_eq(name, STR("is"))) {
		x->in_inline = x->has_value = true;
		x->text = (BookText){.to = &x->bytes};
	} else if (x->in_inline) {
		book_text_begin(&x->text, name, attribute);
	}
}

static void on_begin(void *user, Str name, const char *const *attribute)
{
	Xlsx *x = user;
	if (!x->rooted && !str_eq(name, STR("worksheet")))
		package_wrong(x->part, "damaged: no sheet of cells");
	x->rooted = true;
	if (x->in_cell)
		begin_in_cell(x, name, attribute);
	else if (x->in_row && str_eq(name, STR("c")))
		begin_cell(x, attribute);
	else if (x->in_data && !x->in_row && str_eq(name, STR("row")))
		begin_row(x, attribute);
	else if (str_eq(name, STR("sheetData")))
		x->in_data = true;
}

static void on_text(void *user, Str text)
{
	Xlsx *x = user;
	if (x->in_value)
		buf_str(&x->bytes, text);
	else if (x->in_formula)
		buf_str(&x->formula, text);
	else if (x->in_inline)
		book_text_put(&x->text, text);
}

static void end_in_cell(Xlsx *x, Str name)
{
	if (x->in_value) {
		x->in_value = false;
		book_finish_text(&x->bytes, x->cell.at, x->keeps);
	} else if (x->in_formula) {
		x->in_formula = false;
	} else if (x->in_inline && str_eq(name, STR("is"))) {
		x->in_inline = false;
	} else if (x->in_inline) {
		book_text_end(&x->text, name);
	} else if (str_eq(name, STR("c"))) {
		x->in_cell = false;
		xlsx_cell_done(x);
		*vec_push(&x->place) = x->cell;
	}
}

/* A sheet's end is not the end of its part: what follows is read for its check sum's sake. */
static void on_end(void *user, Str name)
{
	Xlsx *x = user;
	if (x->in_cell)
		end_in_cell(x, name);
	else if (x->in_row && str_eq(name, STR("row")))
		end_row(x);
	else if (x->in_data && str_eq(name, STR("sheetData")))
		x->in_data = false;
}

/* ---- reading ---- */

/* Of what is in the queue only the row that is not finished is needed further. */
static void clear_queue(Xlsx *x)
{
	size_t n = x->place.n - x->open, from = x->in_cell ? x->cell.at : x->bytes.n;
	for (size_t i = 0; i < n; i++) {
		x->place.at[i] = x->place.at[x->open + i];
		if (!x->place.at[i].shared && x->place.at[i].at < from)
			from = x->place.at[i].at;
	}
	for (size_t i = 0; i < n; i++)
		if (!x->place.at[i].shared)
			x->place.at[i].at -= from;
	x->cell.at -= x->in_cell ? from : 0;
	x->text.from -= x->in_inline ? from : 0;
	if (x->bytes.n > from)
		memmove(x->bytes.at, x->bytes.at + from, x->bytes.n - from);
	x->bytes.n -= from;
	x->place.n = n;
	x->row.cell = x->open = x->queue.n = x->next = 0;
}

static Status fill(Sheet *sheet, Xlsx *x, Diags *diags)
{
	clear_queue(x);
	Status status = package_more(x->part, diags);
	sheet->done = package_done(x->part);
	x->ended = status == STATUS_NO;
	/* Of a text that does not end no more is held than a row may have. */
	if (status == STATUS_OK && x->bytes.n + x->formula.n > 2 * LIMIT_SHEET_ROW && x->queue.n == 0)
		return sheet_wrong(sheet, diags, "sheet %.*s, row %lld: has more than a megabyte of text",
			STR_ARG(sheet->part[x->selected].name), (long long)x->row.line);
	return x->ended ? STATUS_OK : status;
}

/* Cells that were left out are put back, so that cell[i] is of column i. */
static void hand_out(Xlsx *x, const Queued *queued, SheetRow *row)
{
	x->out.n = 0;
	for (int32_t i = 0; i < queued->cells; i++) {
		const Cell *cell = &x->place.at[queued->cell + (size_t)i];
		while (x->out.n < (size_t)cell->column)
			*vec_push(&x->out) = (SheetCell){SHEET_EMPTY, {"", 0}};
		*vec_push(&x->out) = (SheetCell){cell->len > 0 ? cell->kind : SHEET_EMPTY,
			cell->shared ? x->book.string.at[cell->at] : (Str){x->bytes.at + cell->at, cell->len}};
	}
	*row = (SheetRow){queued->line, x->out.at, (int32_t)x->out.n, queued->hidden};
}

static Status next_row(Sheet *sheet, SheetRow *row, Diags *diags)
{
	Xlsx *x = sheet->self;
	while (x->next == x->queue.n) {
		Status status = x->ended ? STATUS_NO : fill(sheet, x, diags);
		if (status != STATUS_OK)
			return status;
	}
	hand_out(x, &x->queue.at[x->next++], row);
	return STATUS_OK;
}

/* ---- the file ---- */

static Status select_sheet(Sheet *sheet, int32_t part, Diags *diags)
{
	static const PackageSink sink = {on_begin, on_end, on_text};
	Xlsx *x = sheet->self;
	const BookSheet *chosen = &x->book.sheet.at[part];
	package_part_close(x->part);
	x->part = NULL;
	x->rooted = x->in_data = x->in_row = x->in_cell = false;
	x->in_value = x->in_formula = x->in_inline = x->ended = false;
	x->bytes.n = x->formula.n = x->place.n = x->queue.n = x->next = x->open = 0;
	x->row = (Queued){.line = 0};
	buf_reserve(&x->bytes, 1);
	x->selected = part;
	x->what = str_format(&sheet->arena, "sheet %.*s", STR_ARG(chosen->name));
	return package_part(x->package, diags, chosen->path, x->what, &sink, x, &x->part);
}

static void set_parts(Sheet *sheet, const Book *book)
{
	SheetPart *part = ARENA_ARRAY(&sheet->arena, SheetPart, book->sheet.n);
	for (size_t i = 0; i < book->sheet.n; i++)
		part[i] = (SheetPart){book->sheet.at[i].name, book->sheet.at[i].hidden};
	sheet->part = part;
	sheet->nparts = (int32_t)book->sheet.n;
	sheet->date1904 = book->date1904;
}

static Status open_file(Sheet *sheet, Diags *diags)
{
	Xlsx *x = mem_alloc(sizeof *x);
	sheet->self = x;
	Status status = package_open(sheet, diags, &x->package);
	if (status == STATUS_OK)
		status = book_read(x->package, sheet, diags, &x->book);
	if (status == STATUS_OK)
		set_parts(sheet, &x->book);
	return status;
}

static void close_file(Sheet *sheet)
{
	Xlsx *x = sheet->self;
	if (x == NULL)
		return;
	package_part_close(x->part);
	package_close(x->package);
	book_free(&x->book);
	buf_free(&x->bytes);
	buf_free(&x->formula);
	vec_free(&x->place);
	vec_free(&x->queue);
	vec_free(&x->out);
	free(x);
}

const SheetFormat sheet_xlsx = {"XLSX", open_file, select_sheet, next_row, close_file};
