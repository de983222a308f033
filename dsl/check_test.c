/*
 * Comparisons, and the tests behind `is`. Each test becomes comparisons that share the value
 * tested:
 *
 *   x is 30 to 45 minutes            x >= 30m and x <= 45m
 *   x is within 1p either side of b  x >= b - 1p and x <= b + 1p
 *   x is one of (a, b)               x = a or x = b
 *   t is 22:00 to below 07:00        t >= 22:00 or t < 07:00 (over midnight, S42)
 *
 * Sides of a comparison keep their own denominators: comparing is by cross-multiplication, which
 * is exact. A date against a date and time is left as it is; the date stands for its whole day
 * (S37).
 */
#include "dsl/checker.h"

#include <string.h>

_Static_assert((int)COMPARE_LT == (int)AST_LT && (int)COMPARE_EQ == (int)AST_EQ &&
	(int)COMPARE_GT == (int)AST_GT, "CompareHow and AstCompare are in step");

/* ---- comparing two values */

/* Anything but equality asks for an order. */
static bool orders(AstCompare how)
{
	return how != AST_EQ && how != AST_NE;
}

/* The first side carries the message and both say what they are, as a reader would ask. Two rates
 * have one noun, so they get a sentence that says more. */
static DiagRef cannot_compare(Checker *c, DiagCode code, Expr *a, Expr *b, Span at)
{
	Str left = noun(c, a->type), right = noun(c, b->type);
	DiagRef diag = code == DIAG_COMPARE_UNITS && str_eq(left, right)
		? diag_add(c->diags, code, a->at, "two rates of different units cannot be compared")
		: diag_add(c->diags, code, a->at, "%.*s and %.*s cannot be compared", STR_ARG(left),
			STR_ARG(right));
	diag_here(diag, "this is %.*s", STR_ARG(phrase(c, a->type)));
	diag_label(diag, b->at, "this is %.*s", STR_ARG(phrase(c, b->type)));
	(void)at;
	return diag;
}

/* A plain figure beside a percentage is a slip when it is written out, and a share when it is
 * not. Zero needs no sign: 0 and 0% are the same figure. */
static bool forgot_percent(const Expr *a, const Expr *b)
{
	return unit_none(a->type.unit) && a->type.form == FORM_PERCENT &&
		b->type.form != FORM_PERCENT && b->op == EXPR_CONST && b->n != 0;
}

/* Its figure is a product or quotient that nothing rounded. Whatever was read from data or came
 * out of a rounding is a figure that another system could hold too. */
bool unrounded(Checker *c, const Expr *expr)
{
	switch ((int)expr->op) {
	case EXPR_MULTIPLY:
	case EXPR_DIVIDE: return true;
	case EXPR_ADD:
	case EXPR_SUBTRACT: return unrounded(c, expr->arg[0]) || unrounded(c, expr->arg[1]);
	case EXPR_RESCALE: return unrounded(c, expr->arg[0]);
	case EXPR_AGGREGATE: return expr->arg[2] != NULL && unrounded(c, expr->arg[2]);
	case EXPR_DERIVED:
	case EXPR_CALL: return c->unrounded.at[expr->ref];
	default: return false;
	}
}

/* A column, or a sum of one: what another system rounded. */
static bool from_data(const Expr *expr)
{
	return expr->op == EXPR_FIELD ||
		(expr->op == EXPR_AGGREGATE && expr->arg[2] != NULL && expr->arg[2]->op == EXPR_FIELD);
}

/* S90: a product of a rate and a time nearly never equals what a system stored in pence. */
static void warn_equal(Checker *c, Expr *a, Expr *b, Span at)
{
	if (!unit_same(a->type.unit, unit_of(DIM_MONEY)))
		return;
	Expr *product = unrounded(c, a) ? a : b;
	if (!(unrounded(c, a) && from_data(b)) && !(unrounded(c, b) && from_data(a)))
		return;
	DiagRef diag = diag_add(c->diags, DIAG_W_EXACT_EQUAL, at,
		"unrounded money is compared for equality with a sum from the data");
	diag_label(diag, product->at, "nothing rounds this");
	diag_help(diag, "write `is within 1p either side of`, or round it with a named rounding");
}

/* The written side is offered the unit that it lacks. S77: by cross-multiplication in 256 bits,
 * so denominators need not be brought into line. */
static Expr *compare_quantities(Checker *c, AstCompare how, Expr *a, Expr *b, Span at)
{
	if (!unit_same(a->type.unit, b->type.unit)) {
		DiagRef diag = cannot_compare(c, DIAG_COMPARE_UNITS, a, b, at);
		help_units(c, diag, b, a->type);
		if (!is_const(b))
			help_units(c, diag, a, b->type);
		return expr_error(c, at);
	}
	if (unit_none(a->type.unit) && (forgot_percent(a, b) || forgot_percent(b, a))) {
		DiagRef diag = cannot_compare(c, DIAG_COMPARE_UNITS, a, b, at);
		help_units(c, diag, forgot_percent(a, b) ? b : a,
			forgot_percent(a, b) ? a->type : b->type);
		return expr_error(c, at);
	}
	if (!orders(how))
		warn_equal(c, a, b, at);
	Expr *out = expr_2(c, EXPR_COMPARE, type_of(TYPE_YES_NO), at, a, b);
	out->how = (uint8_t)how;
	return out;
}

/* Kinds without an order, or of which two values of one kind may still not be compared. S73, S74:
 * codes and texts have equality but no order, the order of a list being an accident. */
static bool one_kind(Checker *c, AstCompare how, Expr *a, Expr *b, Span at)
{
	TypeKind kind = (TypeKind)a->type.kind;
	if (kind == TYPE_ROWS || (kind == TYPE_CODE && !types_fit(c, a->type, b->type)) ||
			((kind == TYPE_ROW || kind == TYPE_PERIOD) && a->type.ref != b->type.ref)) {
		DiagRef diag = cannot_compare(c, DIAG_NOT_COMPARABLE, a, b, at);
		if (kind == TYPE_CODE)
			diag_note(diag, "codes of two lists never compare, whatever their spelling");
		return false;
	}
	if (!orders(how))
		return true;
	if (kind == TYPE_TEXT) {
		diag_add(c->diags, DIAG_TEXT_ORDER, at, "texts have no order; only = and <> compare them");
		return false;
	}
	if (kind != TYPE_CODE && kind != TYPE_ROW && kind != TYPE_YES_NO)
		return true;
	DiagRef diag = diag_add(c->diags, DIAG_NO_ORDER, at,
		"these have no order; only = and <> compare them");
	diag_label(diag, a->at, "this is %.*s", STR_ARG(phrase(c, a->type)));
	return false;
}

/* Kinds that are often taken for each other get the word that was meant. S73: nothing is
 * converted to make two sides fit. */
static Expr *mixed_kinds(Checker *c, Expr *a, Expr *b, Span at)
{
	DiagRef diag = cannot_compare(c, DIAG_NOT_COMPARABLE, a, b, at);
	const Expr *period = a->type.kind == TYPE_PERIOD ? a : b;
	if (period->type.kind == TYPE_PERIOD && (is_dated_kind(a->type) || is_dated_kind(b->type)))
		diag_help(diag, "write `is within %.*s`, or `.first` or `.last` behind it",
			STR_ARG(source_text(&c->comp->sources, period->at)));
	if (a->type.kind == TYPE_ROWS || b->type.kind == TYPE_ROWS)
		diag_help(diag, "write count(…) to compare how many there are");
	return expr_error(c, at);
}

/* Weekdays may stand against dates: `visit.date is Saturday`. S37 for a date against a moment:
 * the date stands for its whole day, whichever side it is on. */
Expr *build_compare(Checker *c, AstCompare how, Expr *a, Expr *b, Span at)
{
	if (is_error(a) || is_error(b))
		return expr_error(c, at);
	if (is_quantity(a) && is_quantity(b))
		return compare_quantities(c, how, a, b, at);
	if (is_dated_kind(a->type) && b->type.kind == TYPE_WEEKDAY)
		a = expr_1(c, EXPR_WEEKDAY_OF, b->type, a->at, build_day(c, a));
	bool dates = is_dated_kind(a->type) && is_dated_kind(b->type);
	if (!dates && a->type.kind != b->type.kind)
		return mixed_kinds(c, a, b, at);
	if (!dates && !one_kind(c, how, a, b, at))
		return expr_error(c, at);
	Expr *out = expr_2(c, EXPR_COMPARE, type_of(TYPE_YES_NO), at, a, b);
	out->how = (uint8_t)how;
	return out;
}

/* and, or. Kleene's, at run time. S23: both sides are always looked at. */
Expr *build_both(Checker *c, bool either, Expr *a, Expr *b, Span at)
{
	if (is_error(a) || is_error(b))
		return expr_error(c, at);
	return expr_2(c, either ? EXPR_OR : EXPR_AND, type_of(TYPE_YES_NO), at, a, b);
}

/* Also behind `is not`, where the value is named once. */
Expr *build_not(Checker *c, Expr *a, Span at)
{
	return is_error(a) ? expr_error(c, at) : expr_1(c, EXPR_NOT, type_of(TYPE_YES_NO), at, a);
}

/* A bare word that only the other side's list of codes can explain. */
static bool maybe_code(Checker *c, const Scope *scope, const Ast *ast)
{
	return ast != NULL && (ast->kind == AST_TEXT || (ast->kind == AST_NAME &&
		scope_find(scope, ast->text) == NULL && symbol_find(c, ast->text) == NULL));
}

/* A code may stand on either side: the side that has a type of its own goes first. If neither
 * side has a type of its own, the first is complained of and the second is left alone. */
Expr *check_comparison(Checker *c, Scope *scope, const Ast *ast)
{
	bool swapped = maybe_code(c, scope, ast->a) && !maybe_code(c, scope, ast->b);
	const Ast *early = swapped ? ast->b : ast->a, *late = swapped ? ast->a : ast->b;
	Expr *first = check_expr(c, scope, early, NULL);
	if (is_error(first) && maybe_code(c, scope, late))
		return expr_error(c, ast->at);
	Expr *second = check_expr(c, scope, late, is_error(first) ? NULL : &first->type);
	return build_compare(c, (AstCompare)ast->how, swapped ? second : first,
		swapped ? first : second, ast->at);
}

/* ---- tests behind `is` and in cells; each becomes comparisons that share the value */

/* The bound is read with the value's type in mind, so that codes need no quotes. */
static Expr *against(Checker *c, Scope *scope, AstCompare how, Expr *value, const Ast *what,
	Span at)
{
	Expr *other = check_expr(c, scope, what, &value->type);
	return build_compare(c, how, value, other, at);
}

/* Kinds that come round again: the clock and the week. */
static bool goes_round(const Expr *low, const Expr *high)
{
	return low->type.kind == high->type.kind &&
		(low->type.kind == TYPE_CLOCK || low->type.kind == TYPE_WEEKDAY);
}

/*
 * S42: a range of clock times or weekdays whose first end is later runs over midnight (or
 * Sunday).
 *
 *   22:00 to below 07:00     value >= 22:00 or value < 07:00
 *   09:00 to 17:00           value >= 09:00 and value <= 17:00
 *
 * Where the ends are known, the choice is made now; otherwise both forms are built, under a
 * comparison of the ends.
 */
static Expr *range_test(Checker *c, Scope *scope, Expr *value, const Ast *test)
{
	Expr *low = check_expr(c, scope, test->a, &value->type);
	Expr *high = check_expr(c, scope, test->b, &value->type);
	Expr *from = build_compare(c, AST_GE, value, low, test->at);
	Expr *to = is_error(from) ? from
		: build_compare(c, test->how == 1 ? AST_LT : AST_LE, value, high, test->at);
	Expr *inside = build_both(c, false, from, to, test->at);
	if (is_error(inside) || !goes_round(low, high))
		return inside;
	Expr *round = build_both(c, true, from, to, test->at);
	if (is_const(low) && is_const(high))
		return low->n <= high->n ? inside : round;
	Expr *plain = build_compare(c, AST_LE, low, high, test->at);
	return build_both(c, true, build_both(c, false, plain, inside, test->at),
		build_both(c, false, build_not(c, plain, test->at), round, test->at), test->at);
}

/* As among arguments: a comma inside a number. */
static void warn_list_number(Checker *c, const Ast *item)
{
	if (item->kind != AST_NUMBER || memchr(item->text.ptr, ',', item->text.len) == NULL)
		return;
	DiagRef diag = diag_add(c->diags, DIAG_W_LIST_NUMBER, item->at,
		"%.*s is read as one number", STR_ARG(item->text));
	diag_help(diag, "put a blank behind the comma to make two of it");
}

/* A list of equalities, each at the place of its own item. Each is its own comparison, so a code
 * that is not of the list is told at its place. */
static Expr *one_of_test(Checker *c, Scope *scope, Expr *value, const Ast *test)
{
	Expr *out = NULL;
	for (const Ast *item = test->items; item != NULL; item = item->next) {
		warn_list_number(c, item);
		Expr *next = against(c, scope, AST_EQ, value, item, item->at);
		out = out == NULL ? next : build_both(c, true, out, next, test->at);
	}
	return out != NULL ? out : expr_error(c, test->at);
}

/* Membership in a calendar of single days. S9: a holiday that was proclaimed after the day known
 * is not one yet. */
static Expr *holiday_test(Checker *c, Expr *value, const Ast *test)
{
	Symbol *calendar = symbol_of(c, test->text, SYM_CALENDAR);
	if (calendar == NULL) {
		suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, test->name_at,
			"no calendar of dates is called %.*s", STR_ARG(test->text)), test->text, SYM_CALENDAR);
		return expr_error(c, test->at);
	}
	calendar->used = true;
	if (c->calendar.at[calendar->index].kind != CALENDAR_DATES || !is_dated_kind(value->type)) {
		DiagRef diag = diag_add(c->diags, DIAG_TYPE_MISMATCH, test->at,
			"only a date can be one of the dates of a calendar");
		diag_help(diag, "for periods write `is within`");
		return expr_error(c, test->at);
	}
	Texts texts;
	Expr *arg[LIMIT_VERSIONS + 1] = {NULL}, *day = build_day(c, value);
	symbol_texts(c, calendar, &texts);
	if (!amend_use(c, calendar->name, calendar->life.from, texts.withdrawn, test->at))
		return expr_error(c, test->at);
	for (int32_t i = 0; i < texts.n; i++) {
		if (texts.at[i] < 0)
			continue;
		arg[i] = expr_1(c, EXPR_IN_DATES, type_of(TYPE_YES_NO), test->at, day);
		arg[i]->ref = c->symbol.at[texts.at[i]].index;
	}
	return in_force_expr(c, "calendar", calendar->name, arg,
		&texts, test->at);
}

/* `is within stay.span`: from the first field to the last, open while the last is missing (S47). */
static Expr *span_test(Checker *c, Scope *scope, Expr *value, const Ast *test)
{
	Expr *row = check_expr(c, scope, test->a->a, NULL);
	if (is_error(row))
		return expr_error(c, test->at);
	const Dataset *dataset = row->type.kind == TYPE_ROW ? &c->dataset.at[row->type.ref] : NULL;
	if (dataset == NULL || dataset->lasts_from < 0) {
		DiagRef diag = diag_add(c->diags, DIAG_UNKNOWN_FIELD, test->a->at, "this has no span");
		diag_help(diag, "a dataset has one when it says `lasts FIELD to FIELD`");
		return expr_error(c, test->at);
	}
	Expr *first = field_expr(c, row, dataset->lasts_from, test->a->at);
	Expr *last = field_expr(c, row, dataset->lasts_to, test->a->at);
	Expr *begun = build_compare(c, AST_GE, value, first, test->at);
	Expr *known = expr_1(c, EXPR_IS_KNOWN, type_of(TYPE_YES_NO), test->at, last);
	known->how = 1; /* an end that could not be read is one */
	Expr *ended = is_error(begun) ? begun : build_compare(c, AST_LE, value, last, test->at);
	Expr *open = build_both(c, true, build_not(c, known, test->at), ended, test->at);
	return build_both(c, false, begun, open, test->at);
}

/* A period here; spans of rows and distances have tests of their own. Law 10: both the first and
 * the last day are in. */
static Expr *within_test(Checker *c, Scope *scope, Expr *value, const Ast *test)
{
	if (test->a->kind == AST_DOT && str_eq(test->a->text, STR("span")))
		return span_test(c, scope, value, test);
	Expr *period = check_expr(c, scope, test->a, NULL);
	if (is_error(period))
		return expr_error(c, test->at);
	if (period->type.kind != TYPE_PERIOD || !is_dated_kind(value->type)) {
		DiagRef diag = diag_add(c->diags, DIAG_TYPE_MISMATCH, test->at,
			"only a date can be within a period");
		diag_label(diag, period->at, "this is %.*s", STR_ARG(phrase(c, period->type)));
		diag_help(diag, "for figures write `is within 1p either side of …` or `is … to …`");
		return expr_error(c, test->at);
	}
	Expr *out = expr_2(c, EXPR_IN_PERIOD, type_of(TYPE_YES_NO), test->at, build_day(c, value),
		period);
	out->ref = period->type.ref;
	return out;
}

/* S43: both ends in. `after b` begins at b itself, `before b` ends there. */
static Expr *side_test(Checker *c, Scope *scope, Expr *value, const Ast *test)
{
	Expr *amount = check_expr(c, scope, test->a, NULL);
	Expr *centre = check_expr(c, scope, test->b, &value->type);
	Span at = test->at;
	if (is_error(amount) || is_error(centre))
		return expr_error(c, at);
	Expr *low = test->how == AST_AFTER ? centre
		: build_sum(c, true, centre, amount, span_join(test->a->at, test->b->at));
	Expr *high = test->how == AST_BEFORE ? centre
		: is_error(low) ? low : build_sum(c, false, centre, amount,
			span_join(test->a->at, test->b->at));
	Expr *from = build_compare(c, AST_GE, value, low, at);
	Expr *to = is_error(from) ? from : build_compare(c, AST_LE, value, high, at);
	return build_both(c, false, from, to, at);
}

/* Nothing is said of the test when the value is in error: it could not be understood without it. */
Expr *check_test(Checker *c, Scope *scope, Expr *value, const Ast *test)
{
	Type yes_no = type_of(TYPE_YES_NO);
	if (is_error(value) || test == NULL)
		return expr_error(c, value->at);
	switch ((int)test->kind) {
	case AST_TEST_VALUE: return against(c, scope, AST_EQ, value, test->a, test->at);
	case AST_TEST_KNOWN: return expr_1(c, EXPR_IS_KNOWN, yes_no, test->at, value);
	case AST_TEST_MISSING:
		return build_not(c, expr_1(c, EXPR_IS_KNOWN, yes_no, test->at, value), test->at);
	case AST_TEST_ANY: return expr_plain(c, yes_no, 1, test->at);
	case AST_TEST_COMPARE:
		return against(c, scope, (AstCompare)test->how, value, test->a, test->at);
	case AST_TEST_BEFORE: return against(c, scope, AST_LT, value, test->a, test->at);
	case AST_TEST_AFTER: return against(c, scope, AST_GT, value, test->a, test->at);
	case AST_TEST_RANGE: return range_test(c, scope, value, test);
	case AST_TEST_ONE_OF: return one_of_test(c, scope, value, test);
	case AST_TEST_ONE_OF_NAME: return holiday_test(c, value, test);
	case AST_TEST_WITHIN: return within_test(c, scope, value, test);
	case AST_TEST_WITHIN_SIDE: return side_test(c, scope, value, test);
	case AST_TEST_NOT:
		return build_not(c, check_test(c, scope, value, test->a), test->at);
	default: return expr_error(c, test->at);
	}
}

/* The whole sentence is the place of the result, as evidence shows it. `is not` turns the whole
 * test round, with unknown staying unknown (law 4). */
Expr *check_is(Checker *c, Scope *scope, const Ast *ast)
{
	Expr *value = check_expr(c, scope, ast->a, NULL);
	Expr *out = check_test(c, scope, value, ast->b);
	if (is_error(out))
		return expr_error(c, ast->at);
	if (ast->how == 1)
		return build_not(c, out, ast->at);
	out->at = ast->at;
	return out;
}
