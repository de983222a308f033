/*
 * Types as they are written, datasets, their fields and the links between them.
 *
 *   column ──(unit, decimals)──> n over the type's scale
 *
 * A column's values become whole numbers once, when they are read; the field says by which factor
 * and over which denominator. For money in pounds, read to 4 decimals: v * 10^4 over 10,000; per
 * hour over 36,000,000, because the second is the base unit. Durations are whole seconds (S45).
 * Percentages default to 2 decimals and money to 4, so that rate times hours times a percentage
 * stays within the limit on denominators.
 *
 * A link is a field whose type is a dataset: its column holds that dataset's key. `which has
 * visits` gives the other side a collection of that name.
 */
#include "dsl/checker.h"

/* Decimal places that a column is read to when its field does not say (law 1): more are rejected.
 * Every place costs a factor of ten in the denominators of all that the column meets, which end
 * at 10^12. */
enum { PLACES_MONEY = 4, PLACES_NUMBER = 4, PLACES_PERCENT = 2, PLACES_MOST = 9 };

/* ---- types as they are written */

typedef struct TypeWord {
	const char *name;
	Type type;
} TypeWord;

static const TypeWord type_words[] = {
	{"yes/no", {.kind = TYPE_YES_NO, .ref = -1, .scale = 1}},
	{"date", {.kind = TYPE_DATE, .ref = -1, .scale = 1}},
	{"moment", {.kind = TYPE_MOMENT, .ref = -1, .scale = 1}},
	{"time", {.kind = TYPE_CLOCK, .ref = -1, .scale = 1}},
	{"weekday", {.kind = TYPE_WEEKDAY, .ref = -1, .scale = 1}},
	{"text", {.kind = TYPE_TEXT, .ref = -1, .scale = 1}},
	{"number", {.kind = TYPE_QUANTITY, .form = FORM_NUMBER, .ref = -1, .scale = 1}},
	{"count", {.kind = TYPE_QUANTITY, .form = FORM_COUNT, .ref = -1, .scale = 1}},
	{"percent", {.kind = TYPE_QUANTITY, .form = FORM_PERCENT, .ref = -1, .scale = 1}},
	{"money", {.kind = TYPE_QUANTITY, .unit = {{[DIM_MONEY] = 1}}, .ref = -1, .scale = 1}},
	{"duration", {.kind = TYPE_QUANTITY, .unit = {{[DIM_TIME] = 1}}, .ref = -1, .scale = 1}},
	{"distance", {.kind = TYPE_QUANTITY, .unit = {{[DIM_DISTANCE] = 1}}, .ref = -1, .scale = 1}},
	{"days", {.kind = TYPE_QUANTITY, .unit = {{[DIM_DAY] = 1}}, .ref = -1, .scale = 1}},
	{"months", {.kind = TYPE_QUANTITY, .unit = {{[DIM_MONTH] = 1}}, .ref = -1, .scale = 1}},
	{"nights", {.kind = TYPE_QUANTITY, .unit = {{[DIM_NIGHT] = 1}}, .ref = -1, .scale = 1}},
};

#define N_TYPE_WORDS (sizeof type_words / sizeof *type_words)

/* How a column of a type is read: base units in one of the column's unit, and decimal places. */
typedef struct Reading {
	Ratio unit;
	int decimals;
} Reading;

/* Exactly one of this dimension and nothing else. */
static bool is_dim(Type type, Dim dim)
{
	return type.kind == TYPE_QUANTITY && unit_same(type.unit, unit_of(dim));
}

/* 1 for a unit that is not there or not known: complaints were made where it was read. In base
 * units: 3,600 for an hour. */
static Ratio factor_of(const Ast *name)
{
	const UnitWord *word = name != NULL ? unit_word(name->text) : NULL;
	return word != NULL ? word->factor : (Ratio){1, 1};
}

/* The places that money, rates and figures have in the exports of the care systems known; more
 * are rejected unless the field says so. */
static int default_places(Type type)
{
	if (unit_none(type.unit))
		return type.form == FORM_COUNT ? 0 : type.form == FORM_PERCENT ? PLACES_PERCENT
			: PLACES_NUMBER;
	if (type.unit.of[DIM_MONEY] != 0)
		return PLACES_MONEY;
	return is_dim(type, DIM_DAY) || is_dim(type, DIM_MONTH) || is_dim(type, DIM_NIGHT) ? 0
		: PLACES_NUMBER;
}

/* Within PLACES_MOST. */
static Ratio power_of_ten(int places)
{
	Ratio out = {1, 1};
	while (places-- > 0)
		out.n *= 10;
	return out;
}

/*
 * times and scale of a column: its integer (decimals moved away) times `times` is n over scale.
 *
 *   money per hour, 4 places    unit 1/3600, 10^4    times 1     scale 36,000,000
 *   duration in minutes         unit 60              times 60    scale 1
 *   percent, 2 places           unit 1/100, 10^2     times 1     scale 10,000
 *
 * False where the unit's factor does not come out whole, or beyond the limit on denominators.
 */
static bool column_scale(Type type, Reading reading, int64_t *times, int64_t *scale)
{
	Ratio one = {1, 1};
	if (is_dim(type, DIM_TIME)) {
		*times = (int64_t)reading.unit.n;
		*scale = 1;
		return reading.unit.d == 1;
	}
	if (!ratio_div(reading.unit, power_of_ten(reading.decimals), &one) || !fits64(one.n))
		return false;
	*times = (int64_t)one.n;
	*scale = one.d;
	return one.d <= LIMIT_SCALE;
}

/* The unit that a column has when nothing is said: pounds, days …, per what the type is per. A
 * percentage is stored as people write it, 7.5 and not 0.075. */
static Reading default_reading(Type type, const Ast *per)
{
	Reading out = {{1, 1}, default_places(type)};
	if (unit_none(type.unit) && type.form == FORM_PERCENT)
		out.unit.d = 100;
	ratio_div(out.unit, factor_of(per), &out.unit);
	return out;
}

/* Codes and their spellings together: two fields that spell a code differently are read
 * differently, and so are lists of their own. Newlines and tabs stand in no code, so two lists
 * have one key only if they are the same. */
static Str code_key(Checker *c, const CodeList *codes)
{
	Buf buf = {0};
	buf_puts(&buf, "codes");
	for (int32_t i = 0; i < codes->n; i++)
		buf_printf(&buf, "\n%.*s\t%.*s", STR_ARG(codes->code[i]), STR_ARG(codes->spelling[i]));
	return buf_keep(&buf, c->arena);
}

/* Lists hang together by `next`; nothing counts them while they are built. */
static int32_t count_items(const Ast *ast)
{
	int32_t n = 0;
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		n++;
	return n;
}

/* Lists of the same codes are one list, so that a table's input may be written like the field. A
 * code's value is its place in the list: one byte in a column, hence LIMIT_CODES. A code listed
 * twice is kept, so that places behind it stay right. */
static Type code_type(Checker *c, const Ast *ast)
{
	int32_t n = count_items(ast);
	if (n > LIMIT_CODES) {
		diag_add(c->diags, DIAG_TOO_MANY_CODES, ast->at, "a list may have %d codes, this has %d",
			LIMIT_CODES, (int)n);
		return type_of(TYPE_ERROR);
	}
	CodeList codes = {ARENA_ARRAY(c->arena, Str, (size_t)n), ARENA_ARRAY(c->arena, Str, (size_t)n),
		0};
	for (const Ast *item = ast->items; item != NULL; item = item->next) {
		if (item->kind != AST_CODE)
			continue;
		if (code_index(&codes, item->text) >= 0)
			diag_add(c->diags, DIAG_DUPLICATE, item->at, "the code %.*s is listed twice",
				STR_ARG(item->text));
		codes.code[codes.n] = item->text;
		codes.spelling[codes.n++] = item->a != NULL ? item->a->text : item->text;
	}
	bool added;
	int32_t *at = strmap_at(&c->instances, code_key(c, &codes), &added);
	if (added) {
		*at = c->codes.n;
		*list_push(c, &c->codes) = codes;
		book_sync(c);
	}
	return type_ref(TYPE_CODE, *at);
}

/* Dataset names are types too, so they are suggested along with the others. */
static Type unknown_type(Checker *c, const Ast *ast)
{
	Nearest nearest;
	nearest_start(&nearest, ast->text);
	for (size_t i = 0; i < N_TYPE_WORDS; i++)
		nearest_try(&nearest, str_of(type_words[i].name));
	for (int32_t i = 0; i < c->dataset.n; i++)
		nearest_try(&nearest, c->dataset.at[i].decl.name);
	suggest_best(diag_add(c->diags, DIAG_UNKNOWN_TYPE, ast->at, "no type is called %.*s",
		STR_ARG(ast->text)), &nearest);
	return type_of(TYPE_ERROR);
}

/* Words of the language first: a dataset called `date` could not be linked to, which its author
 * notices at once. Being a type is a use: a dataset that is only led to is not unused. */
static Type plain_type(Checker *c, const Ast *ast)
{
	for (size_t i = 0; i < N_TYPE_WORDS; i++)
		if (str_eq(ast->text, str_of(type_words[i].name)))
			return type_words[i].type;
	Symbol *symbol = symbol_of(c, ast->text, SYM_DATASET);
	if (symbol == NULL)
		return unknown_type(c, ast);
	symbol->used = true;
	return type_ref(TYPE_ROW, symbol->index);
}

/* Any quantity per any unit: money per mile, duration per week. The unit's factor goes into the
 * denominator, not into the type: per hour and per minute are one type. */
static Type per_type(Checker *c, Type type, const Ast *per)
{
	const UnitWord *word = unit_word(per->text);
	if (word == NULL || type.kind != TYPE_QUANTITY) {
		diag_add(c->diags, word == NULL ? DIAG_UNKNOWN_UNIT : DIAG_UNKNOWN_TYPE, per->at,
			word == NULL ? "%.*s is not a unit" : "only a quantity can be so much per %.*s",
			STR_ARG(per->text));
		return type_of(TYPE_ERROR);
	}
	return type_quantity(unit_over(type.unit, unit_of(word->dim)), FORM_NUMBER, 1);
}

/* Quantities get the denominator that a column of theirs would have; for inputs of functions that
 * nobody calls it stands in for the caller's. */
Type check_type(Checker *c, const Ast *ast)
{
	int64_t times;
	if (ast == NULL || ast->kind != AST_TYPE)
		return type_of(TYPE_ERROR);
	if (ast->how == 1)
		return code_type(c, ast);
	Type type = plain_type(c, ast);
	if (ast->a != NULL && type.kind != TYPE_ERROR)
		type = per_type(c, type, ast->a);
	if (type.kind == TYPE_QUANTITY)
		column_scale(type, default_reading(type, ast->a), &times, &type.scale);
	return type;
}

/* ---- fields */

/* Fields, derived fields, collections and match results share the dot, so they share the check
 * against having one name twice. Index + 1 is kept in the map, where 0 means new. */
void member_add(Checker *c, int32_t dataset, Member member)
{
	DatasetInfo *info = &c->info.at[dataset];
	bool added;
	int32_t *at = strmap_at(&info->names, member.name, &added);
	if (!added) {
		DiagRef diag = diag_add(c->diags, DIAG_DUPLICATE, member.at,
			"%.*s has two fields called %.*s",
			STR_ARG(c->dataset.at[dataset].decl.name), STR_ARG(member.name));
		diag_label(diag, info->member.at[*at - 1].at, "the first is here");
		return;
	}
	*list_push(c, &info->member) = member;
	*at = info->member.n;
}

/* A duration without a unit could be minutes or hours: no default is safe, so the column has to
 * say it. */
static void bad_unit(Checker *c, const Ast *field, Type type, const char *help)
{
	const Ast *place = field->c != NULL ? field->c : field->a;
	DiagRef diag = field->c == NULL
		? diag_add(c->diags, DIAG_BAD_UNIT_FOR_TYPE, place->at, "the column must say its unit")
		: diag_add(c->diags, DIAG_BAD_UNIT_FOR_TYPE, place->at, "the column's unit does not fit");
	diag_here(diag, "the field is %.*s", STR_ARG(phrase(c, type)));
	diag_help(diag, "%s", help);
}

/* Words that are no units leave their part out, so that the comparison with the type fails and
 * complains. As a dimension: whether it is minutes or hours makes no difference to what fits. */
static Unit unit_of_ast(const Ast *unit, const Ast *per)
{
	const UnitWord *over = unit_word(unit->text),
		*under = per != NULL ? unit_word(per->text) : NULL;
	Unit out = {{0}};
	if (over != NULL)
		out = unit_of(over->dim);
	return under != NULL ? unit_over(out, unit_of(under->dim)) : out;
}

/* The unit that `in` names, or the one that goes without saying. Money has a unit that goes
 * without saying, time and distance have none. `in pence` moves the decimals: 4 places of a pound
 * are 2 of a penny. */
static bool column_reading(Checker *c, const Ast *field, Type type, Reading *out)
{
	const Ast *unit = field->c, *type_per = field->a->a;
	bool silent = type.unit.of[DIM_TIME] <= 0 && type.unit.of[DIM_DISTANCE] <= 0;
	*out = default_reading(type, type_per);
	if (unit == NULL) {
		if (silent)
			return true;
		bad_unit(c, field, type,
			type.unit.of[DIM_TIME] > 0 ? "write `in minutes`, or hours, or seconds"
			: "write `in miles`, or kilometres, or metres");
		return false;
	}
	const Ast *per = unit->a != NULL ? unit->a : type_per;
	if (unit_none(type.unit) || !unit_same(type.unit, unit_of_ast(unit, per))) {
		bad_unit(c, field, type, "name a unit of the same kind as the field");
		return false;
	}
	out->unit = factor_of(unit);
	if (out->unit.d == 100)
		out->decimals = PLACES_MONEY - 2;
	return ratio_div(out->unit, factor_of(per), &out->unit);
}

/* One place for all that a column cannot be asked for. */
static void bad_conversion(Checker *c, const Ast *field, const char *why)
{
	diag_add(c->diags, DIAG_BAD_CONVERSION, field->at, "%s", why);
}

/* `read to` is for binary floating point that was filled by sums (law 1): it makes no sense where
 * no decimals are read. */
static void read_places(Checker *c, const Ast *ast, Type type, Reading *reading, Field *field)
{
	if (ast->n < 0)
		return;
	if (type.kind != TYPE_QUANTITY || is_dim(type, DIM_TIME)) {
		bad_conversion(c, ast, "only figures with decimals are read to so many of them");
	} else if (ast->n > PLACES_MOST) {
		bad_conversion(c, ast, "a column is read to 9 decimals at most");
	} else {
		field->read_to = true;
		reading->decimals = (int)ast->n;
	}
}

/* Fills in how the column becomes the field; false after a complaint. Times keep all the decimals
 * that a column may have: S45 cuts them at whole seconds and counts that, where other figures
 * with too many places are rejected. */
static bool quantity_field(Checker *c, const Ast *ast, Field *field)
{
	Reading reading;
	if (!column_reading(c, ast, field->type, &reading))
		return false;
	read_places(c, ast, field->type, &reading, field);
	field->unit = reading.unit;
	field->decimals = (int8_t)(is_dim(field->type, DIM_TIME) ? PLACES_MOST : reading.decimals);
	if (column_scale(field->type, reading, &field->times, &field->type.scale))
		return true;
	bad_conversion(c, ast, "the column's values would carry too many decimal places");
	return false;
}

/* Known from both ends: rules walk from visit to provision and from provision to visits. */
static void link_add(Checker *c, int32_t from, Type to, int32_t field, const Ast *inverse)
{
	int32_t index = c->link.n;
	*list_push(c, &c->link) = (Link){.from = from, .to = to.ref, .field = field,
		.inverse = inverse != NULL ? inverse->text : (Str){NULL, 0}};
	c->info.at[from].field.at[field].link = index;
	*list_push(c, &c->info.at[from].out) = index;
	if (inverse != NULL)
		member_add(c, to.ref, (Member){MEMBER_LINKED, inverse->text, index, 0, inverse->at});
}

/* Index and name are given together, so that keys and headings find what expressions find. */
int32_t field_push(Checker *c, int32_t dataset, Field field)
{
	DatasetInfo *info = &c->info.at[dataset];
	int32_t index = info->field.n;
	*list_push(c, &info->field) = field;
	member_add(c, dataset, (Member){MEMBER_FIELD, field.name, index, 0, field.at});
	return index;
}

/* One end of `within A to B` at the field's scale. False after a complaint. */
static bool range_end(Checker *c, const Ast *ast, Type type, int64_t *out)
{
	Scope scope;
	Ratio q;
	scope_begin(&scope);
	Expr *end = check_typed(c, &scope, ast, type, "an end of the range");
	if (is_error(end))
		return false;
	if (!is_const(end))
		diag_add(c->diags, DIAG_BAD_CONVERSION, ast->at, "a range is written in plain figures");
	else if (ratio_mul(const_ratio(end), (Ratio){type.scale, 1}, &q) && q.d == 1 &&
		q.n >= INT64_MIN && q.n <= INT64_MAX) {
		*out = (int64_t)q.n;
		return true;
	} else
		diag_add(c->diags, DIAG_BAD_CONVERSION, ast->at, "finer than the column is read");
	return false;
}

bool check_range(Checker *c, const Ast *range, Type type, int64_t *least, int64_t *most)
{
	if (range == NULL || type.kind == TYPE_ERROR)
		return false;
	if ((type.kind != TYPE_QUANTITY || type.ratio) && type.kind != TYPE_DATE) {
		bad_conversion(c, range, "only figures and dates have a range");
		return false;
	}
	bool fine = range_end(c, range->a, type, least);
	fine = range_end(c, range->b, type, most) && fine;
	if (fine && *least > *most)
		bad_conversion(c, range, "the range ends before it begins");
	return fine && *least <= *most;
}

/* A field in error keeps its name with a type that silences its users. The place of the field in
 * its dataset is fixed here, also for one in error, because keys and headings go by it. */
static void check_field(Checker *c, int32_t dataset, const Ast *ast)
{
	Type type = check_type(c, ast->a);
	Field field = {.name = ast->text, .column = ast->b != NULL ? ast->b->text : ast->text,
		.type = type, .times = 1, .unit = {1, 1}, .link = -1, .at = ast->at};
	Reading none = {{1, 1}, 0};
	if (type.kind == TYPE_QUANTITY) {
		if (!quantity_field(c, ast, &field))
			field.type = type_of(TYPE_ERROR);
	} else {
		read_places(c, ast, type, &none, &field);
		if (ast->c != NULL && type.kind != TYPE_ERROR)
			bad_unit(c, ast, type, "leave the unit out");
	}
	field.has_range = check_range(c, ast->items, field.type, &field.least, &field.most);
	int32_t index = field_push(c, dataset, field);
	if (type.kind == TYPE_ROW)
		link_add(c, dataset, type, index, ast->d);
	else if (ast->d != NULL && type.kind != TYPE_ERROR)
		diag_add(c->diags, DIAG_NOT_A_ROW, ast->d->at,
			"only a field that leads to rows of a dataset has another side");
}

/* Keys, spans and scenario headings speak of columns alone, not of what is derived from them. */
int32_t need_field(Checker *c, int32_t dataset, Str name, Span at)
{
	const Member *member = member_find(c, dataset, name);
	if (member != NULL && member->kind == MEMBER_FIELD)
		return member->index;
	Nearest nearest;
	nearest_start(&nearest, name);
	for (int32_t i = 0; i < c->info.at[dataset].field.n; i++)
		nearest_try(&nearest, c->info.at[dataset].field.at[i].name);
	suggest_best(diag_add(c->diags, DIAG_UNKNOWN_FIELD, at, "%.*s has no field %.*s",
		STR_ARG(c->dataset.at[dataset].decl.name), STR_ARG(name)), &nearest);
	return -1;
}

/* The field that a clause names, if it is of a kind in which one value can be the later: field + 1,
 * or 0. */
static int32_t later_field(Checker *c, int32_t dataset, Str name, Span at, bool dated)
{
	int32_t field = need_field(c, dataset, name, at);
	if (field < 0)
		return 0;
	Type type = c->info.at[dataset].field.at[field].type;
	if (is_dated_kind(type) || type.kind == TYPE_ERROR || (!dated && type.kind == TYPE_QUANTITY))
		return field + 1;
	DiagRef diag = diag_add(c->diags, DIAG_TYPE_MISMATCH, at,
		dated ? "a date, or a date and time, is needed here"
		: "a date, a date and time, or a figure is needed here");
	diag_here(diag, "this is %.*s", STR_ARG(phrase(c, type)));
	return 0;
}

/* A field of the dataset that is read from a column of its own. */
static int32_t own_field(Checker *c, int32_t dataset, const Ast *name)
{
	int32_t field = need_field(c, dataset, name->text, name->at);
	if (field < 0 || !field_follows(&c->info.at[dataset].field.at[field]))
		return field;
	diag_add(c->diags, DIAG_LINK_KEY, name->at,
		"%.*s follows from other fields; name these", STR_ARG(name->text));
	return -1;
}

/* `by a, b as at d`. One name alone may be that of a column that no field has. */
static bool belongs_by(Checker *c, int32_t dataset, const Ast *ast, Field *out)
{
	const Ast *first = ast->items;
	const Member *member = first != NULL ? member_find(c, dataset, first->text) : NULL;
	Buf columns = {0};
	bool good = first != NULL;
	if (good && first->next == NULL && ast->b == NULL && member == NULL) {
		out->column = first->text;
		return true;
	}
	out->by = ARENA_ARRAY(c->arena, int32_t, (size_t)count_items(ast));
	for (const Ast *name = first; name != NULL; name = name->next) {
		int32_t field = own_field(c, dataset, name);
		good &= field >= 0;
		if (field < 0)
			continue;
		buf_puts(&columns, out->nby > 0 ? ", " : "");
		buf_str(&columns, c->info.at[dataset].field.at[field].column);
		out->by[out->nby++] = field;
	}
	out->column = buf_keep(&columns, c->arena);
	return good;
}

/* The day on which the row that is meant has to hold. */
static bool belongs_as_at(Checker *c, int32_t dataset, const Ast *ast, Field *out)
{
	if (ast->b == NULL)
		return true;
	out->as_at = later_field(c, dataset, ast->b->text, ast->b->at, true);
	return out->as_at > 0;
}

/*
 * A link beside the plain fields that say where it leads.
 *
 *   belongs to provider by provider_ref which has visits       visit.provider: the row of this key
 *   belongs to price by provider_ref, lot as at date           visit.price: of the rows whose key
 *                                                              begins so, the one in force then
 */
static void check_belongs(Checker *c, int32_t dataset, const Ast *ast)
{
	Symbol *to = symbol_of(c, ast->text, SYM_DATASET);
	if (to == NULL) {
		suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, ast->name_at,
			"no dataset is called %.*s", STR_ARG(ast->text)), ast->text, SYM_DATASET);
		return;
	}
	Field field = {.name = ast->a != NULL ? ast->a->text : ast->text,
		.type = type_ref(TYPE_ROW, to->index), .times = 1, .unit = {1, 1}, .link = -1,
		.at = ast->at};
	to->used = true;
	bool good = belongs_by(c, dataset, ast, &field);
	good = belongs_as_at(c, dataset, ast, &field) && good;
	if (!good)
		field.type = type_of(TYPE_ERROR);
	int32_t index = field_push(c, dataset, field);
	if (good)
		link_add(c, dataset, field.type, index, ast->c);
}

/* ---- datasets */

/* Without a key no finding could say which row it is about (S58). A name in the key that is no
 * field was complained of; the key is then shorter, and the rulebook is not used. */
static void check_key(Checker *c, int32_t dataset, const Ast *ast)
{
	const Ast *key = clause(c, ast, AST_KEY);
	Dataset *out = &c->dataset.at[dataset];
	if (key == NULL) {
		DiagRef diag = diag_add(c->diags, DIAG_NO_KEY, ast->name_at, "%.*s has no key",
			STR_ARG(ast->text));
		diag_help(diag, "write `key` and the fields that tell its rows apart");
		return;
	}
	out->key = ARENA_ARRAY(c->arena, int32_t, (size_t)count_items(key));
	for (const Ast *name = key->items; name != NULL; name = name->next) {
		int32_t field = own_field(c, dataset, name);
		if (field >= 0)
			out->key[out->nkey++] = field;
	}
}

/* S47: a missing end means that the thing still runs, which only these datasets may say. The
 * end's own field may be missing in the data; its column may not. */
static void check_lasts(Checker *c, int32_t dataset, const Ast *ast)
{
	const Ast *lasts = clause(c, ast, AST_LASTS);
	Dataset *out = &c->dataset.at[dataset];
	if (lasts == NULL)
		return;
	int32_t from = need_field(c, dataset, lasts->text, lasts->name_at);
	int32_t to = lasts->a != NULL ? need_field(c, dataset, lasts->a->text, lasts->a->at) : -1;
	if (from < 0 || to < 0)
		return;
	Type a = c->info.at[dataset].field.at[from].type, b = c->info.at[dataset].field.at[to].type;
	if (!is_dated_kind(a) || a.kind != b.kind) {
		diag_add(c->diags, DIAG_TYPE_MISMATCH, lasts->at,
			"a row lasts from a date to a date, or from a moment to a moment");
		return;
	}
	out->lasts_from = from;
	out->lasts_to = to;
	out->open_end = true;
}

/* Which of several entries holds, and since when an entry was known (S10, S59). */
static void check_entries(Checker *c, int32_t dataset, const Ast *ast)
{
	Dataset *out = &c->dataset.at[dataset];
	const Ast *newest = clause(c, ast, AST_NEWEST_BY), *known = clause(c, ast, AST_KNOWN_FROM);
	if (newest != NULL)
		out->newest_by = later_field(c, dataset, newest->text, newest->name_at, false);
	if (known != NULL)
		out->known_from = later_field(c, dataset, known->text, known->name_at, true);
}

/* What a `where` may not look at, or NULL. The rows of a table are sorted into datasets while they
 * are read, when no date has picked a law yet and other tables may not be there. */
static const char *beyond_row(const Expr *expr)
{
	static const struct { ExprOp op; const char *why; } later[] = {
		{EXPR_PARAMETER, "no date has picked a law yet"},
		{EXPR_TABLE, "no date has picked a law yet"}, {EXPR_AS_AT, "no date has picked a law yet"},
		{EXPR_IN_FORCE, "no date has picked a law yet"},
		{EXPR_DERIVED, "what is defined is worked out later"},
		{EXPR_CALL, "what is defined is worked out later"},
		{EXPR_MATCHED, "other rows are looked at later"},
		{EXPR_LINKED, "other rows are looked at later"},
		{EXPR_NEIGHBOUR, "other rows are looked at later"},
		{EXPR_ALL_ROWS, "other rows are looked at later"},
		{EXPR_AGGREGATE, "other rows are looked at later"}};
	for (size_t i = 0; i < sizeof later / sizeof *later; i++)
		if (expr->op == later[i].op)
			return later[i].why;
	return expr->op == EXPR_FIELD && expr->type.kind == TYPE_ROW ? "links are followed later" : NULL;
}

/* The first such thing in the condition, outermost first: `visit.provider.name` is about the link. */
static const Expr *find_beyond(const Expr *expr)
{
	if (beyond_row(expr) != NULL)
		return expr;
	for (int32_t i = 0; i < expr->nargs; i++) {
		const Expr *found = expr->arg[i] != NULL ? find_beyond(expr->arg[i]) : NULL;
		if (found != NULL)
			return found;
	}
	return NULL;
}

/* `where COND`: over slot 0, the row. */
static void check_where(Checker *c, int32_t dataset, const Ast *ast)
{
	const Ast *where = clause(c, ast, AST_WHERE);
	Scope scope;
	if (where == NULL)
		return;
	scope_begin(&scope);
	c->life = (Life){version_of(c, ast->at), 0};
	scope_slot(c, &scope, ast->text, type_ref(TYPE_ROW, dataset));
	Expr *condition = check_condition(c, &scope, where->a);
	if (is_error(condition))
		return;
	const Expr *beyond = find_beyond(condition);
	if (beyond != NULL) {
		DiagRef diag = diag_add(c->diags, DIAG_WHERE_REACH, beyond->at,
			"a dataset's `where` looks at the fields of its row alone");
		diag_here(diag, "%s", beyond_row(beyond));
		diag_help(diag, "leave the row in, and let the rules say `applies when`");
		return;
	}
	warn_never(c, condition, "`where`");
	c->dataset.at[dataset].where = condition;
	c->dataset.at[dataset].nslots = scope.nslots;
}

/* When every name is declared, so that what is no field is told from what is nothing at all. */
void check_wheres(Checker *c)
{
	for (int32_t i = 0; i < c->dataset.n; i++)
		if (c->dataset.at[i].origin == ORIGIN_TABLE)
			check_where(c, i, c->info.at[i].ast);
}

/* Links by `belongs to` come after the fields, whose columns they may borrow. */
static void check_fields(Checker *c, int32_t dataset, const Ast *ast)
{
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		if (item->kind == AST_FIELD)
			check_field(c, dataset, item);
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		if (item->kind == AST_BELONGS_TO)
			check_belongs(c, dataset, item);
}

/* A council's own fields on a shared dataset; they come after the shared ones, in file order.
 * Through fields and links alone: keys and spans of a shared dataset are its own business. */
static void check_adds(Checker *c, const Ast *file)
{
	for (const Ast *item = file->items; item != NULL; item = item->next) {
		if (item->kind != AST_ADDS || item->how != AST_DATASET)
			continue;
		Symbol *symbol = symbol_of(c, item->text, SYM_DATASET);
		if (symbol != NULL)
			check_fields(c, symbol->index, item);
		else
			suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, item->name_at,
				"no dataset is called %.*s", STR_ARG(item->text)), item->text, SYM_DATASET);
	}
}

/* Whether columns of two fields can hold one key: it is compared as it stands in the database. */
static bool keys_fit(Type a, Type b)
{
	bool texts = (a.kind == TYPE_TEXT || a.kind == TYPE_ROW) &&
		(b.kind == TYPE_TEXT || b.kind == TYPE_ROW);
	return texts || a.kind == TYPE_ERROR || b.kind == TYPE_ERROR || (a.kind == b.kind &&
		(a.kind == TYPE_CODE ? a.ref == b.ref : unit_same(a.unit, b.unit)));
}

/* The fields of a link against those of the key, one by one. */
static void check_link_types(Checker *c, const Link *link, const Field *field)
{
	const Dataset *to = &c->dataset.at[link->to];
	for (int32_t i = 0; i < field->nby && i < to->nkey; i++) {
		const Field *from = &c->info.at[link->from].field.at[field->by[i]];
		const Field *key = &c->info.at[link->to].field.at[to->key[i]];
		if (keys_fit(from->type, key->type))
			continue;
		DiagRef diag = diag_add(c->diags, DIAG_LINK_KEY, field->at,
			"%.*s is %.*s, and the key of %.*s has %.*s in its place", STR_ARG(from->name),
			STR_ARG(phrase(c, from->type)), STR_ARG(to->decl.name), STR_ARG(phrase(c, key->type)));
		diag_label(diag, key->at, "%.*s is here", STR_ARG(key->name));
	}
}

/* Of rows that follow each other: the key goes on behind the link's fields, and each says from when
 * to when it holds. */
static bool check_link_span(Checker *c, const Link *link, const Field *field)
{
	const Dataset *to = &c->dataset.at[link->to];
	bool dates = to->lasts_from >= 0 &&
		c->info.at[link->to].field.at[to->lasts_from].type.kind == TYPE_DATE;
	if (dates && field->nby <= to->nkey)
		return true;
	DiagRef diag = dates
		? diag_add(c->diags, DIAG_LINK_KEY, field->at, "the key of %.*s has fewer fields than this",
			STR_ARG(to->decl.name))
		: diag_add(c->diags, DIAG_LINK_KEY, field->at, "%.*s does not last from a date to a date",
			STR_ARG(to->decl.name));
	diag_label(diag, to->decl.name_at, "it is declared here");
	if (!dates)
		diag_help(diag, "write `lasts` and two dates there, or leave `as at` out");
	return false;
}

/* A link holds the key of one row. Only now: a dataset's key is known after all its fields are. */
static void check_link_keys(Checker *c)
{
	for (int32_t i = 0; i < c->link.n; i++) {
		const Link *link = &c->link.at[i];
		const Dataset *to = &c->dataset.at[link->to];
		const Field *field = &c->info.at[link->from].field.at[link->field];
		if (c->dataset.at[link->from].origin != ORIGIN_TABLE || to->nkey == 0)
			continue;
		if (field->as_at > 0 && !check_link_span(c, link, field))
			continue;
		if (field->as_at > 0 || to->nkey == (field->nby > 0 ? field->nby : 1)) {
			check_link_types(c, link, field);
			continue;
		}
		DiagRef diag = diag_add(c->diags, DIAG_LINK_KEY, field->at,
			"the key of %.*s has %d field%s", STR_ARG(to->decl.name), (int)to->nkey,
			to->nkey > 1 ? "s" : "");
		diag_label(diag, to->decl.name_at, "it is declared here");
		diag_help(diag, "write `belongs to %.*s by` and as many fields of this dataset",
			STR_ARG(to->decl.name));
	}
}

/* Three rounds, because each needs the one before for all datasets: fields and links, additions,
 * keys. */
void check_dataset_fields(Checker *c)
{
	for (int32_t i = 0; i < c->dataset.n; i++)
		if (c->dataset.at[i].origin == ORIGIN_TABLE)
			check_fields(c, i, c->info.at[i].ast);
	for (int32_t i = 0; i < c->nfiles; i++)
		check_adds(c, c->file[i].tree);
	for (int32_t i = 0; i < c->dataset.n; i++) {
		const Ast *ast = c->info.at[i].ast;
		if (c->dataset.at[i].origin != ORIGIN_TABLE)
			continue; /* a bank's: see check_bank.c */
		check_key(c, i, ast);
		check_lasts(c, i, ast);
		check_entries(c, i, ast);
		c->dataset.at[i].field = c->info.at[i].field.at;
		c->dataset.at[i].nfields = c->info.at[i].field.n;
	}
	check_link_keys(c);
	book_sync(c);
}
