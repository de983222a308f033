/*
 * Layouts: which columns of a provider's file make the fields of a dataset, and how what stands in
 * them is written.
 *
 *   date     : "Visit date" as DD/MM/YYYY                   one column
 *   check_in : "Date" as DD/MM/YYYY at "In" as h:mm         a date and a clock time: a moment
 *   check_out: "Date" … at "In" … + "Length" as h:mm        and how long it went on
 *   log_ref  : "Person" + "Date" + "In"                     the parts of a key
 *   outcome  : is delivered                                 what no column says
 *
 * A picture is read by what stands beside its letters: M is a month, but minutes beside a colon.
 */
#include "dsl/checker.h"

#include <string.h>

/* All faults of layouts but names are of one kind: their page shows how a layout is written. */
static DiagRef complain(Checker *c, Span at, const char *what)
{
	return diag_add(c->diags, DIAG_LAYOUT, at, "%s", what);
}

/* ---- pictures */

/* What a run of n equal letters stands for. MMM is a month's name, YY a year of its century. */
static uint8_t part_of(char letter, size_t n, bool clock)
{
	switch (letter) {
	case 'd': return PART_D;
	case 'm': return clock ? PART_MINUTES : n > 2 ? PART_MONTH_NAME : PART_M;
	case 'y': return n > 2 ? PART_Y : PART_YEAR_OF_CENTURY;
	case 'h': return PART_HOURS;
	default: return PART_SECONDS;
	}
}

/* Letters of pictures alone: DD/MM and dd/mm are one. The signs have the bit already. */
static char lower(char letter)
{
	return (char)(letter | 0x20);
}

/* "as", blanks, then letters and signs by turns; the scanner lets nothing else through. A part that
 * stands twice, or too many of them, give false. */
static bool read_picture(Str text, Picture *out)
{
	unsigned seen = 0;
	text = str_trim((Str){text.ptr + 2, text.len - 2});
	*out = (Picture){.text = text};
	for (size_t i = 0, run; i < text.len; i += run) {
		char letter = lower(text.ptr[i]);
		if (out->n == PICTURE_PARTS)
			return false;
		for (run = 1; i + run < text.len && lower(text.ptr[i + run]) == letter; run++)
			;
		bool sign = memchr("-/:. T", text.ptr[i], 6) != NULL;
		/* Beside a colon an M is minutes: h:mm, and mm:ss from the other side. */
		bool clock = (i > 0 && text.ptr[i - 1] == ':') ||
			(i + run < text.len && text.ptr[i + run] == ':');
		out->part[out->n].sign = text.ptr[i];
		run = sign ? 1 : run;
		uint8_t kind = sign ? PART_OTHER : part_of(letter, run, clock);
		if (!sign && (seen & 1u << kind) != 0)
			return false;
		out->part[out->n++].kind = kind;
		seen |= sign ? 0 : 1u << kind;
	}
	/* Half a date or half a time is none: what is missing would have to be guessed. mm:ss will do,
	 * since lengths of time are written so. */
	unsigned month = 1u << PART_M | 1u << PART_MONTH_NAME;
	unsigned year = 1u << PART_Y | 1u << PART_YEAR_OF_CENTURY;
	out->has_date = (seen & 1u << PART_D) != 0 && (seen & month) != 0 && (seen & year) != 0;
	out->has_time = (seen & 1u << PART_MINUTES) != 0 &&
		(seen & (1u << PART_HOURS | 1u << PART_SECONDS)) != 0;
	/* All of it or nothing of it. */
	bool some_date = (seen & (1u << PART_D | month | year)) != 0;
	bool some_time = (seen & (1u << PART_HOURS | 1u << PART_MINUTES | 1u << PART_SECONDS)) != 0;
	return some_date == out->has_date && some_time == out->has_time;
}

/* ---- columns */

/* A quantity of that dimension alone: minutes, not £ an hour. */
static bool is_dimension(Type type, Dim dim)
{
	return type.kind == TYPE_QUANTITY && unit_same(type.unit, unit_of(dim));
}

/* `in hours`, `in pence`: of the dimension that the field has. */
static void check_unit(Checker *c, const Ast *unit, const Field *field, FileColumn *out)
{
	/* A word, or one per another. A unit that nobody knows fits nothing. */
	const UnitWord *word = unit_word(unit->text);
	const UnitWord *per = unit->a != NULL ? unit_word(unit->a->text) : NULL;
	Unit is = word == NULL ? (Unit){{0}} : per == NULL ? unit_of(word->dim)
		: unit_over(unit_of(word->dim), unit_of(per->dim));
	bool fits = word != NULL && field->type.kind == TYPE_QUANTITY &&
		!unit_none(field->type.unit);
	if (fits && unit->a == NULL && !unit_same(is, field->type.unit)) {
		/* £ an hour are given in pence, too: what they are per is the field's. */
		fits = field->type.unit.of[word->dim] == 1;
		Ratio over;
		fits = fits && ratio_div(field->unit, (Ratio){1, 1}, &over) &&
			ratio_mul(over, word->factor, &out->unit);
	} else if (fits) {
		fits = unit_same(is, field->type.unit);
		out->unit = word->factor;
		if (fits && per != NULL)
			fits = ratio_div(word->factor, per->factor, &out->unit);
	}
	out->has_unit = fits;
	if (!fits && field->type.kind != TYPE_ERROR)
		diag_here(complain(c, unit->at, "the column's unit does not fit"), "the field is %.*s",
			STR_ARG(phrase(c, field->type)));
}

/* What the file writes for each code. Several spellings may stand for one. */
static void check_codes(Checker *c, const Ast *list, const Field *field, FileColumn *out)
{
	int32_t n = 0;
	for (const Ast *item = list->items; item != NULL; item = item->next)
		n++;
	if (field->type.kind != TYPE_CODE) {
		if (field->type.kind != TYPE_ERROR)
			complain(c, list->at, "only a field that is one of several codes has spellings");
		return;
	}
	out->spelling = ARENA_ARRAY(c->arena, Str, (size_t)n);
	out->code = ARENA_ARRAY(c->arena, int32_t, (size_t)n);
	for (const Ast *item = list->items; item != NULL; item = item->next) {
		/* Without a spelling of its own the file writes the code as the contract does. */
		int32_t code = code_index(&c->codes.at[field->type.ref], item->text);
		if (code < 0) {
			diag_add(c->diags, DIAG_UNKNOWN_CODE, item->name_at, "%.*s is not a code of %.*s",
				STR_ARG(item->text), STR_ARG(field->name));
			continue;
		}
		out->spelling[out->ncodes] = item->a != NULL ? item->a->text : item->text;
		out->code[out->ncodes++] = code;
	}
}

/* Of a picture that says nothing, nothing else is complained about. */
static void check_format(Checker *c, const Ast *format, FileColumn *out)
{
	if (read_picture(format->text, &out->picture))
		return;
	out->picture = (Picture){.n = 0}; /* one complaint is enough */
	diag_help(complain(c, format->at, "this says no whole date and no time"),
		"write `as DD/MM/YYYY`, `as D MMM YYYY`, `as h:mm` or `as DD/MM/YYYY hh:mm`");
}

/* `"Visit date" as DD/MM/YYYY`: what the column is called, and how it is read. */
static FileColumn check_column(Checker *c, const Ast *ast, const Field *field)
{
	FileColumn out = {.how = (uint8_t)ast->how, .unit = {1, 1}};
	int32_t n = 0;
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		n++;
	out.name = ARENA_ARRAY(c->arena, Str, (size_t)n);
	for (const Ast *item = ast->items; item != NULL; item = item->next) {
		if (item->kind == AST_TEXT)
			out.name[out.nnames++] = item->text;
		else if (item->kind == AST_TEST_MISSING)
			out.optional = true;
		else if (item->kind == AST_FORMAT)
			check_format(c, item, &out);
		else if (item->kind == AST_UNIT)
			check_unit(c, item, field, &out);
		else if (item->kind == AST_TYPE)
			check_codes(c, item, field, &out);
			/* Longer references do not occur; the bound keeps a slip of the pen small. */
		else if (item->kind == AST_PADDED)
			out.padded = (int32_t)(item->n > 64 ? 64 : item->n);
	}
	return out;
}

/* ---- fields */

/* What a picture must say in a column of this place. */
static const char *picture_wrong(const Field *field, const FileColumn *column, int32_t ncolumns)
{
	const Picture *picture = &column->picture;
	bool text = field->type.kind == TYPE_TEXT || field->type.kind == TYPE_ROW;
	if (column->padded > 0 && !text)
		return "only references are padded";
	if (picture->n == 0)
		return column->how == FILE_PLUS && !text ? "say how the length of time is written: `as h:mm`"
			: NULL;
	/* Behind `at` stands the clock, behind `+` the length; texts are put together by `+` too. */
	if (column->how == FILE_AT)
		return picture->has_date || !picture->has_time ? "a clock time is needed behind `at`" : NULL;
	if (column->how == FILE_PLUS && !text)
		return picture->has_date || !picture->has_time ? "a length of time is needed behind `+`"
			: NULL;
	switch ((int)field->type.kind) {
	case TYPE_DATE: return picture->has_date ? NULL : "a date needs a day, a month and a year";
	case TYPE_CLOCK: return picture->has_time ? NULL : "a clock time needs hours and minutes";
	case TYPE_MOMENT:
		return picture->has_date && (picture->has_time || ncolumns > 1) ? NULL
			: "a moment needs a date and a time";
	default: break;
	}
	if (is_dimension(field->type, DIM_TIME))
		return picture->has_time && !picture->has_date ? NULL
			: "a length of time needs hours and minutes";
	return "only dates and times are written in this way";
}

/* The first fault of a column is enough: what follows would be its echo. */
static void check_pictures(Checker *c, const Ast *ast, const Field *field, const FileField *out)
{
	const Ast *column = ast->items;
	for (int32_t i = 0; i < out->ncolumns; i++, column = column->next) {
		const char *wrong = picture_wrong(field, &out->column[i], out->ncolumns);
		bool text = field->type.kind == TYPE_TEXT || field->type.kind == TYPE_ROW;
		if (wrong == NULL && i > 0 && field->type.kind != TYPE_MOMENT &&
		    !(text && out->column[i].how == FILE_PLUS))
			wrong = "only a moment is put together from a date and a time, or a text from texts";
		if (wrong == NULL && i > 0 && !text &&
		    (i == 1) != (out->column[i].how == FILE_AT))
			wrong = "a moment is a date `at` a clock time, and then `+` a length of time";
		if (wrong != NULL && field->type.kind != TYPE_ERROR)
			diag_here(complain(c, column->at, wrong), "the field is %.*s",
				STR_ARG(phrase(c, field->type)));
	}
}

/* `after` another field: a clock time that is not after that one's is of the next day. */
static void check_columns(Checker *c, int32_t dataset, const Ast *ast, const Field *field,
	FileField *out)
{
	int32_t n = 0;
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		n++;
	out->column = ARENA_ARRAY(c->arena, FileColumn, (size_t)n);
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		out->column[out->ncolumns++] = check_column(c, item, field);
	check_pictures(c, ast, field, out);
	if (ast->b == NULL)
		return;
	out->after = need_field(c, dataset, ast->b->text, ast->b->at);
	if (field->type.kind != TYPE_MOMENT || out->ncolumns != 2)
		complain(c, ast->b->at, "only a moment made of a date and a clock time comes after another");
}

/* A link is given by the key that it leads to. */
static void check_constant(Checker *c, const Ast *ast, const Field *field, FileField *out)
{
	Scope scope;
	Type type = field->type.kind == TYPE_ROW ? type_of(TYPE_TEXT) : field->type;
	scope_begin(&scope);
	Expr *constant = check_typed(c, &scope, ast->a, type, "the field");
	if (is_error(constant))
		return;
	/* Rows are not at hand yet when a file is read, so nothing may be looked up for it. */
	if (!is_const(constant))
		complain(c, ast->at, "what stands for every row is a plain value");
	out->constant = constant;
}

/* A field that is given twice is told and kept, so that the rest of it is still looked at. */
static void check_layout_field(Checker *c, const Ast *ast, FileLayout *out)
{
	int32_t index = need_field(c, out->dataset, ast->text, ast->name_at);
	if (index < 0 || ast->a == NULL)
		return;
	Field field = c->info.at[out->dataset].field.at[index];
	FileField *to = &out->field[out->nfields];
	*to = (FileField){.field = index, .after = -1, .at = ast->at};
	/* out->nfields is not counted on yet: the field itself is not among them. */
	for (int32_t i = 0; i < out->nfields; i++)
		if (out->field[i].field == index)
			diag_label(diag_add(c->diags, DIAG_DUPLICATE, ast->name_at,
				"%.*s is given twice", STR_ARG(ast->text)), out->field[i].at, "the first is here");
	if (field_follows(&field))
		complain(c, ast->name_at, "this link follows from other fields; give these");
	if (ast->a->kind == AST_CONSTANT)
		check_constant(c, ast->a, &field, to);
	else
		check_columns(c, out->dataset, ast->a, &field, to);
	out->nfields++;
}

/* ---- layouts */

/* The texts of a clause; without the clause, none. */
static Str *texts_of(Checker *c, const Ast *ast, int32_t *n)
{
	int32_t count = 0;
	for (const Ast *item = ast == NULL ? NULL : ast->items; item != NULL; item = item->next)
		count++;
	Str *out = ARENA_ARRAY(c->arena, Str, (size_t)count);
	*n = 0;
	for (const Ast *item = ast == NULL ? NULL : ast->items; item != NULL; item = item->next)
		out[(*n)++] = item->text;
	return out;
}

/* Without its key no row could be told from another. */
static void need_keys(Checker *c, const Ast *ast, const FileLayout *layout)
{
	const Dataset *dataset = &c->dataset.at[layout->dataset];
	/* Each part of the key; a constant may be one. */
	for (int32_t k = 0; k < dataset->nkey; k++) {
		bool found = false;
		for (int32_t i = 0; i < layout->nfields; i++)
			found |= layout->field[i].field == dataset->key[k];
		if (!found)
			diag_help(diag_add(c->diags, DIAG_LAYOUT, ast->name_at,
				"the layout lacks %.*s, which is in the key of %.*s",
				STR_ARG(dataset->field[dataset->key[k]].name), STR_ARG(dataset->decl.name)),
				"several columns make one key with `+`: \"Person\" + \"Date\" + \"Start\"");
	}
}

/* A layout is of a table that is read: other datasets are worked out and have no file. */
void check_layout(Checker *c, const Ast *ast)
{
	bool added;
	FileLayout out = {.decl = decl_of(c, ast)};
	Symbol *symbol = symbol_of(c, ast->a->text, SYM_DATASET);
	strmap_at(&c->layouts, ast->text, &added);
	if (!added)
		diag_add(c->diags, DIAG_DUPLICATE, ast->name_at, "%.*s is declared twice",
			STR_ARG(ast->text));
	if (symbol == NULL || c->dataset.at[symbol->index].origin != ORIGIN_TABLE) {
		suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, ast->a->at,
			"no dataset is called %.*s", STR_ARG(ast->a->text)), ast->a->text, SYM_DATASET);
		return;
	}
	/* A dataset that only a layout names is no slip: no warning for it. */
	symbol->used = true;
	out.dataset = symbol->index;
	int32_t n = 0;
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		n += item->kind == AST_LAYOUT_FIELD;
	out.field = ARENA_ARRAY(c->arena, FileField, (size_t)n);
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		if (item->kind == AST_LAYOUT_FIELD)
			check_layout_field(c, item, &out);
	/* What is ignored is named, so that a column nobody thought of can be told. */
	out.reference = texts_of(c, clause(c, ast, AST_REFERENCE), &out.nreferences);
	out.ignored = texts_of(c, clause(c, ast, AST_IGNORES), &out.nignored);
	need_keys(c, ast, &out);
	*list_push(c, &c->layout) = out;
	book_sync(c);
}
