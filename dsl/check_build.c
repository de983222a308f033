/*
 * Expression nodes, and the arithmetic of types that goes with them: units, denominators, folding
 * of constants (the formulas are those of the engine's notes on exact arithmetic).
 *
 * A quantity of denominator D is an integer n that means n/D of its unit:
 *
 *   form             denominator          why
 *   a + b, least, if lcm(Da, Db)          each part times a constant first: RESCALE
 *   a * b            Da * Db              the product of the integers is exact
 *   a * p/q          Da * q / gcd(Da, p)  30 minutes of £/h needs no more than pence
 *   a / (p/q)        as a * q/p           exact, no remainder
 *   a / b            ratio                the denominator differs from row to row
 *
 * Past 10^12 a denominator is refused: figures of that fineness come from products that nobody
 * rounded, and soon leave 64 bits. Nodes are made once and never changed after their parent
 * exists, so that they may be shared: `x is 1 to 3` is two comparisons of one x.
 */
#include "dsl/checker.h"

#include <assert.h>

/* Kinds that stand for themselves: dates, texts, conditions. */
Type type_of(TypeKind kind)
{
	return (Type){.kind = (uint8_t)kind, .ref = -1, .scale = 1};
}

/* Kinds of something declared: a row of which dataset, a code of which list, a period of which
 * calendar. */
Type type_ref(TypeKind kind, int32_t ref)
{
	return (Type){.kind = (uint8_t)kind, .ref = ref, .scale = 1};
}

/* The form (count, percentage) is kept only without a unit: a count of pounds is money. */
Type type_quantity(Unit unit, Form form, int64_t scale)
{
	uint8_t kept = unit_none(unit) ? (uint8_t)form : (uint8_t)FORM_NUMBER;
	return (Type){.kind = TYPE_QUANTITY, .form = kept, .unit = unit, .ref = -1, .scale = scale};
}

Unit unit_of(Dim dim)
{
	Unit unit = {{0}};
	unit.of[dim] = 1;
	return unit;
}

/* Complained of already. Whoever meets one says nothing and passes it on. */
bool is_error(const Expr *expr)
{
	return expr->type.kind == TYPE_ERROR;
}

/* Known while checking; also a fraction that fits no denominator within the limit. */
bool is_const(const Expr *expr)
{
	return expr->op == EXPR_CONST || expr->op == EXPR_CONST_RATIO;
}

bool is_quantity(const Expr *expr)
{
	return expr->type.kind == TYPE_QUANTITY;
}

bool is_dated_kind(Type type)
{
	return type.kind == TYPE_DATE || type.kind == TYPE_MOMENT;
}

/* Exact, whatever the denominator: constants are folded in fractions and given a denominator at
 * the end. */
Ratio const_ratio(const Expr *expr)
{
	Ratio out = expr->q;
	if (expr->op == EXPR_CONST)
		ratio_make(expr->n, expr->type.scale, &out);
	return out;
}

/* ---- nodes */

/* Work that is done in integers of a fixed width, and so may find them too narrow. */
static bool faults_itself(ExprOp op)
{
	static const bool faults[EXPR_OP_COUNT] = {
		[EXPR_NEGATE] = true, [EXPR_ADD] = true, [EXPR_SUBTRACT] = true, [EXPR_MULTIPLY] = true,
		[EXPR_DIVIDE] = true, [EXPR_RESCALE] = true, [EXPR_DATE_ADD] = true,
		[EXPR_MOMENT_ADD] = true, [EXPR_ROUND] = true, [EXPR_ABSOLUTE] = true,
		[EXPR_OVERLAP] = true, [EXPR_WORKING_DAYS_AFTER] = true,
	};
	return faults[op];
}

/* S23, law 13: what one expression may cost to work out, parts that stand in it twice counted
 * twice. One that costs more becomes an error. */
void weigh(Checker *c, Expr *expr, int64_t more)
{
	int64_t cost = c->cost.at[expr->id] + more;
	if (cost > LIMIT_STEPS && !is_error(expr)) {
		diag_add(c->diags, DIAG_TOO_DEEP, expr->at,
			"this takes more than %d steps to work out, with all that it rests on", LIMIT_STEPS);
		expr->type = type_of(TYPE_ERROR);
	}
	c->cost.at[expr->id] = (int32_t)(cost > LIMIT_STEPS ? LIMIT_STEPS : cost);
}

/* Under `as at` only the date itself still looks at the law in force. What is dated must be
 * worked out again for another date; what can fault must be worked out on both sides of `and`
 * (S23). Both pass from the parts to the whole. */
static void inherit(Expr *expr)
{
	expr->can_fault = faults_itself((ExprOp)expr->op);
	for (int32_t i = 0; i < expr->nargs; i++) {
		if (expr->arg[i] == NULL)
			continue;
		expr->can_fault |= expr->arg[i]->can_fault;
		if (expr->op != EXPR_AS_AT || i == 1)
			expr->dated |= expr->arg[i]->dated;
	}
}

/* The only place where nodes come from. Arguments may be NULL where the operation says so; the
 * list of them is copied. */
Expr *expr_new(Checker *c, ExprOp op, Type type, Span at, int32_t nargs, Expr *const *arg)
{
	Expr *expr = ARENA_NEW(c->arena, Expr);
	*expr = (Expr){.op = (uint8_t)op, .type = type, .at = at, .nargs = nargs, .ref = -1};
	expr->id = c->book->nexprs++;
	expr->q = (Ratio){0, 1};
	if (nargs > 0)
		expr->arg = arena_copy(c->arena, arg, sizeof *arg * (size_t)nargs);
	inherit(expr);
	int64_t cost = 1;
	for (int32_t i = 0; i < nargs; i++)
		cost += arg[i] != NULL ? c->cost.at[arg[i]->id] : 0;
	*list_push(c, &c->cost) = 0;
	weigh(c, expr, cost);
	return expr;
}

Expr *expr_1(Checker *c, ExprOp op, Type type, Span at, Expr *a)
{
	return expr_new(c, op, type, at, 1, &a);
}

Expr *expr_2(Checker *c, ExprOp op, Type type, Span at, Expr *a, Expr *b)
{
	Expr *arg[] = {a, b};
	return expr_new(c, op, type, at, 2, arg);
}

/* A parameter or row that is named twice has two nodes, one for each place: evidence shows what
 * the rule wrote there. */
Expr *expr_copy(Checker *c, const Expr *expr, Span at)
{
	Expr *out = ARENA_NEW(c->arena, Expr);
	*out = *expr;
	out->id = c->book->nexprs++;
	out->at = at;
	int32_t cost = c->cost.at[expr->id];
	*list_push(c, &c->cost) = cost;
	return out;
}

/* Stands where an expression could not be made sense of; its type makes every user of it silent. */
Expr *expr_error(Checker *c, Span at)
{
	return expr_new(c, EXPR_CONST, type_of(TYPE_ERROR), at, 0, NULL);
}

/* For kinds whose value is one integer: days, seconds, codes, yes and no. */
Expr *expr_plain(Checker *c, Type type, int64_t n, Span at)
{
	Expr *out = expr_new(c, EXPR_CONST, type, at, 0, NULL);
	out->n = n;
	return out;
}

Expr *expr_text(Checker *c, Str text, Span at)
{
	Expr *out = expr_new(c, EXPR_CONST, type_of(TYPE_TEXT), at, 0, NULL);
	out->text = text;
	return out;
}

/* The place is the whole expression, not the literal that tipped it over: what has to be rounded
 * is the author's choice. */
static Expr *too_fine(Checker *c, Span at)
{
	DiagRef diag = diag_add(c->diags, DIAG_SCALE, at,
		"this carries more decimal places than can be held exactly");
	diag_help(diag, "round it, or a part of it, with a named rounding first");
	return expr_error(c, at);
}

/* Literals and folded constants only: what overflows at run time is a fault of that row. */
static Expr *too_large(Checker *c, Span at)
{
	diag_add(c->diags, DIAG_LITERAL_RANGE, at, "the number is too large to be held exactly");
	return expr_error(c, at);
}

/* Reduced as far as it goes: £22.50 is 45 over 2. A constant's own denominator should not make
 * the denominators of all that it meets larger than they must be. LIMIT_SCALE is for what comes
 * out, not for the fractions on the way. */
Expr *expr_quantity(Checker *c, Unit unit, Form form, Ratio value, Span at)
{
	if (value.d > LIMIT_SCALE)
		return too_fine(c, at);
	if (!fits64(value.n))
		return too_large(c, at);
	return expr_plain(c, type_quantity(unit, form, value.d), (int64_t)value.n, at);
}

/* ---- one denominator for several values */

/* A fixed value beside a quotient becomes a quotient over its own denominator; nothing is lost. */
static Expr *as_ratio(Checker *c, Expr *expr)
{
	Type type = expr->type;
	if (type.ratio)
		return expr;
	type.ratio = true;
	type.scale = 1;
	if (expr->op != EXPR_CONST)
		return expr_1(c, EXPR_RESCALE, type, expr->at, expr);
	Expr *out = expr_new(c, EXPR_CONST_RATIO, type, expr->at, 0, NULL);
	out->q = const_ratio(expr);
	return out;
}

/* Only ever to a multiple of the old denominator, so the factor is whole. Constants are
 * multiplied now, values when they are worked out. */
static Expr *rescale(Checker *c, Expr *expr, int64_t scale)
{
	Type type = expr->type;
	if (type.scale == scale)
		return expr;
	type.scale = scale;
	if (expr->op != EXPR_CONST)
		return expr_1(c, EXPR_RESCALE, type, expr->at, expr);
	Int128 n = (Int128)expr->n * (scale / expr->type.scale);
	return fits64(n) ? expr_plain(c, type, (int64_t)n, expr->at) : too_large(c, expr->at);
}

/* Branches of `if`, of exceptions, both sides of `+`: whoever reads the result knows one
 * denominator. One quotient among them makes all of them quotients. Nothing is changed unless all
 * can be, so that a caller may go on after a complaint. */
bool same_scale(Checker *c, Expr **arg, int32_t n, Span at)
{
	bool ratio = false;
	int64_t scale = 1;
	for (int32_t i = 0; i < n; i++) {
		ratio |= arg[i]->type.ratio;
		if (!lcm64(scale, arg[i]->type.scale, &scale) || scale > LIMIT_SCALE) {
			too_fine(c, at);
			return false;
		}
	}
	for (int32_t i = 0; i < n; i++)
		arg[i] = ratio ? as_ratio(c, arg[i]) : rescale(c, arg[i], scale);
	return true;
}

/* ---- which types stand for which */

/* Lists of the same codes in the same order are one kind even where the database spells them
 * differently: a value is the code's position. The spelling in the database is left out on
 * purpose. */
static bool codes_alike(Checker *c, int32_t a, int32_t b)
{
	const CodeList *left = &c->codes.at[a], *right = &c->codes.at[b];
	if (a == b)
		return true;
	if (left->n != right->n)
		return false;
	for (int32_t i = 0; i < left->n; i++)
		if (!str_eq(left->code[i], right->code[i]))
			return false;
	return true;
}

/* Figures without a unit: counts are numbers; percentages keep to themselves (S83). */
static bool forms_fit(Type need, Type have)
{
	return need.form == have.form || (need.form == FORM_NUMBER && have.form == FORM_COUNT);
}

/* Neither denominators nor `ratio` matter here: those are brought into line once the kinds fit. */
bool types_fit(Checker *c, Type need, Type have)
{
	if (need.kind != have.kind)
		return false;
	if (need.kind == TYPE_QUANTITY)
		return unit_same(need.unit, have.unit) &&
			(!unit_none(need.unit) || forms_fit(need, have));
	if (need.kind == TYPE_CODE)
		return codes_alike(c, need.ref, have.ref);
	return type_same(need, have);
}

/* A whole literal may be a count. */
static bool literal_count(const Expr *expr, Type need)
{
	return need.kind == TYPE_QUANTITY && need.form == FORM_COUNT && expr->op == EXPR_CONST &&
		is_quantity(expr) && unit_none(expr->type.unit) && expr->type.form == FORM_NUMBER &&
		expr->type.scale == 1 && expr->n >= 0;
}

/* The message names what is needed and says beside the expression what it is; a forgotten unit is
 * offered. */
bool need_type(Checker *c, const Expr *expr, Type need, const char *what)
{
	if (is_error(expr) || need.kind == TYPE_ERROR)
		return false;
	if (types_fit(c, need, expr->type) || literal_count(expr, need))
		return true;
	Str wanted = phrase(c, need);
	DiagRef diag = what != NULL
		? diag_add(c->diags, DIAG_TYPE_MISMATCH, expr->at, "%s must be %.*s", what, STR_ARG(wanted))
		: diag_add(c->diags, DIAG_TYPE_MISMATCH, expr->at, "%.*s is needed here", STR_ARG(wanted));
	diag_here(diag, "this is %.*s", STR_ARG(phrase(c, expr->type)));
	help_units(c, diag, expr, need);
	return false;
}

/* A row or a sum in the place of a condition nearly always lacks a comparison. */
bool need_condition(Checker *c, const Expr *expr)
{
	if (is_error(expr) || expr->type.kind == TYPE_YES_NO)
		return expr->type.kind == TYPE_YES_NO;
	DiagRef diag = diag_add(c->diags, DIAG_NOT_YES_NO, expr->at,
		"a condition must be yes or no");
	diag_here(diag, "this is %.*s", STR_ARG(phrase(c, expr->type)));
	if (expr->type.kind == TYPE_ROW || expr->type.kind == TYPE_QUANTITY)
		diag_help(diag, "compare it with something, or write `is known`");
	return false;
}

/* Counts and numbers mix into numbers. A percentage with a plain number is always a slip (S83). */
static bool join_forms(Type *out, Type next)
{
	if (out->form == next.form)
		return true;
	if (out->form == FORM_PERCENT || next.form == FORM_PERCENT)
		return false;
	out->form = FORM_NUMBER;
	return true;
}

/* The common kind grows from left to right, so that the complaint names the first branch that
 * breaks it. */
static bool join_one(Checker *c, Type *out, Type next)
{
	if (out->kind == TYPE_QUANTITY && next.kind == TYPE_QUANTITY && unit_none(out->unit) &&
			unit_none(next.unit))
		return join_forms(out, next);
	return types_fit(c, *out, next);
}

/* Branches of other kinds are the author's slip at the branch that differs; the first one is
 * shown beside it as what set the kind. */
Type join(Checker *c, Expr **arg, int32_t n, Span at)
{
	Type out = arg[0]->type;
	for (int32_t i = 0; i < n; i++)
		if (is_error(arg[i]))
			return type_of(TYPE_ERROR);
	for (int32_t i = 1; i < n; i++) {
		if (join_one(c, &out, arg[i]->type))
			continue;
		DiagRef diag = diag_add(c->diags, DIAG_TYPE_MISMATCH, arg[i]->at,
			"these must be of one kind, and one is %.*s", STR_ARG(noun(c, arg[i]->type)));
		diag_here(diag, "this is %.*s", STR_ARG(phrase(c, arg[i]->type)));
		diag_label(diag, arg[0]->at, "this is %.*s", STR_ARG(phrase(c, out)));
		help_units(c, diag, arg[i], out);
		return type_of(TYPE_ERROR);
	}
	if (out.kind != TYPE_QUANTITY)
		return out;
	if (!same_scale(c, arg, n, at))
		return type_of(TYPE_ERROR);
	out.scale = arg[0]->type.scale;
	out.ratio = arg[0]->type.ratio;
	return out;
}

/* ---- help for a figure whose unit was forgotten */

/* The word of a unit that a figure is `per`, when nothing else is missing. */
static const char *per_word(Unit missing)
{
	static const char *const words[DIMS] = {
		[DIM_TIME] = "hour", [DIM_DISTANCE] = "mile", [DIM_DAY] = "day", [DIM_MONTH] = "month",
		[DIM_NIGHT] = "night",
	};
	for (int i = 0; i < DIMS; i++)
		if (unit_same(missing, unit_over((Unit){{0}}, unit_of((Dim)i))))
			return words[i];
	return NULL;
}

/* So much per something. */
static bool is_rate(Unit unit)
{
	for (int i = 0; i < DIMS; i++)
		if (unit.of[i] < 0)
			return true;
	return false;
}

/* The unit that an author most likely forgot behind a bare number. */
static const char *plain_word(Unit unit)
{
	static const char *const words[DIMS] = {
		[DIM_TIME] = "minutes", [DIM_DISTANCE] = "miles", [DIM_DAY] = "days",
		[DIM_MONTH] = "months", [DIM_NIGHT] = "nights",
	};
	for (int i = 0; i < DIMS; i++)
		if (unit_same(unit, unit_of((Dim)i)))
			return words[i];
	return NULL;
}

/* Offered only for what is written out in the rule: a field with the wrong unit is no slip of the
 * pen. Nothing is offered unless it would put the message right. */
void help_units(Checker *c, DiagRef diag, const Expr *literal, Type need)
{
	if (literal->op != EXPR_CONST || !is_quantity(literal) || need.kind != TYPE_QUANTITY)
		return;
	Str text = source_text(&c->comp->sources, literal->at);
	Unit missing = unit_over(need.unit, literal->type.unit);
	const char *per = per_word(missing), *word = plain_word(need.unit);
	bool plain = unit_none(literal->type.unit);
	if (plain && unit_same(need.unit, unit_of(DIM_MONEY)))
		diag_help(diag, "write £%.*s", STR_ARG(text));
	else if (plain && word != NULL)
		diag_help(diag, "write %.*s %s", STR_ARG(text), word);
	else if (plain && unit_none(need.unit) && need.form == FORM_PERCENT)
		diag_help(diag, "write %.*s%%", STR_ARG(text));
	else if (per != NULL && !plain && !is_rate(literal->type.unit))
		diag_help(diag, "write %.*s per %s", STR_ARG(text), per);
}

/* ---- sums */

/* Says beside both operands what they are; the first is the place of the message. */
static DiagRef both_sides(Checker *c, DiagRef diag, const Expr *a, const Expr *b)
{
	diag_here(diag, "this is %.*s", STR_ARG(phrase(c, a->type)));
	return diag_label(diag, b->at, "this is %.*s", STR_ARG(phrase(c, b->type)));
}

/* Whichever side is written out gets the help; the other side says what it should have been. */
static Expr *bad_sum(Checker *c, bool subtract, Expr *a, Expr *b, Span at)
{
	Str left = noun(c, a->type), right = noun(c, b->type);
	DiagRef diag = subtract
		? diag_add(c->diags, DIAG_ADD_UNITS, a->at, "%.*s cannot be subtracted from %.*s",
			STR_ARG(right),
			STR_ARG(left))
		: diag_add(c->diags, DIAG_ADD_UNITS, a->at, "%.*s and %.*s cannot be added", STR_ARG(left),
			STR_ARG(right));
	both_sides(c, diag, a, b);
	help_units(c, diag, b, a->type);
	if (!is_const(b))
		help_units(c, diag, a, b->type);
	return expr_error(c, at);
}

/* Sums of quotients have the product of all their denominators: no 64 bits hold that, and
 * rounding in between would depend on the order of rows (S78). */
static Expr *ratio_sum(Checker *c, Expr *a, Expr *b, Span at)
{
	const Expr *quotient = a->type.ratio ? a : b;
	DiagRef diag = diag_add(c->diags, DIAG_RATIO_SUM, at,
		"a quotient of two figures cannot be added to or subtracted from");
	diag_label(diag, quotient->at, "its denominator differs from row to row");
	diag_help(diag, "put a named rounding round the quotient first, or divide the totals");
	return expr_error(c, at);
}

/* Constants never meet the limit in between, only with their result. */
static Expr *fold_sum(Checker *c, bool subtract, Expr *a, Expr *b, Form form, Span at)
{
	Ratio sum;
	bool fits = subtract ? ratio_sub(const_ratio(a), const_ratio(b), &sum)
		: ratio_add(const_ratio(a), const_ratio(b), &sum);
	return fits ? expr_quantity(c, a->type.unit, form, sum, at) : too_large(c, at);
}

/* A difference of counts may lie below zero and so is a plain number. */
static Expr *quantity_sum(Checker *c, bool subtract, Expr *a, Expr *b, Span at)
{
	Expr *arg[] = {a, b};
	Type type = a->type;
	if (!unit_same(a->type.unit, b->type.unit) || !join_one(c, &type, b->type))
		return bad_sum(c, subtract, a, b, at);
	if (subtract && unit_none(type.unit) && type.form == FORM_COUNT)
		type.form = FORM_NUMBER; /* a difference of counts may lie below zero */
	if (is_const(a) && is_const(b))
		return fold_sum(c, subtract, a, b, (Form)type.form, at);
	if (a->type.ratio || b->type.ratio)
		return ratio_sum(c, a, b, at);
	if (!same_scale(c, arg, 2, at))
		return expr_error(c, at);
	type.scale = arg[0]->type.scale;
	return expr_new(c, subtract ? EXPR_SUBTRACT : EXPR_ADD, type, at, 2, arg);
}

/* What may be put to a date: days or months, whole ones; to a date and time also elapsed time. */
static bool is_span(const Expr *expr)
{
	return is_quantity(expr) && (unit_same(expr->type.unit, unit_of(DIM_DAY)) ||
		unit_same(expr->type.unit, unit_of(DIM_MONTH)));
}

/* The commonest of date slips: a deadline in hours on a date. */
static Expr *span_error(Checker *c, Expr *a, Expr *b, Span at)
{
	DiagRef diag = both_sides(c, diag_add(c->diags, DIAG_SPAN_UNITS, a->at,
		"elapsed time cannot be put to a date, which has no clock time"), a, b);
	diag_help(diag, "add days to it, or make a date and time of it first: DATE at TIME");
	return expr_error(c, at);
}

/* Half a day is no date, and a third of a second no time. */
static Expr *fraction_span(Checker *c, const Expr *span)
{
	if (!is_span(span)) {
		diag_help(diag_add(c->diags, DIAG_SPAN_UNITS, span->at,
			"a quotient cannot be put to a date and time, which is whole seconds"),
			"compare how long it took: END - BEGIN <= the quotient; or round the quotient first");
		return expr_error(c, span->at);
	}
	diag_add(c->diags, DIAG_SPAN_UNITS, span->at, "only whole days or months can be put to a date");
	return expr_error(c, span->at);
}

/* S35: a date moves by days and months; a date and time by elapsed time as well. */
static Expr *dated_sum(Checker *c, bool subtract, Expr *a, Expr *b, Span at)
{
	bool date = a->type.kind == TYPE_DATE;
	bool elapsed = is_quantity(b) && unit_same(b->type.unit, unit_of(DIM_TIME));
	if (date && elapsed)
		return span_error(c, a, b, at);
	if (!is_span(b) && !elapsed)
		return bad_sum(c, subtract, a, b, at);
	if (b->type.ratio || (is_span(b) && b->type.scale != 1))
		return fraction_span(c, b);
	Expr *out = expr_2(c, date ? EXPR_DATE_ADD : EXPR_MOMENT_ADD, a->type, at, a, b);
	out->how = subtract;
	return out;
}

/* S36: midnights between two dates, elapsed time between two moments. Between a date and a moment
 * neither is meant, so the author says which. */
static Expr *dated_difference(Checker *c, Expr *a, Expr *b, Span at)
{
	bool date = a->type.kind == TYPE_DATE;
	if (a->type.kind != b->type.kind) {
		DiagRef diag = both_sides(c, diag_add(c->diags, DIAG_ADD_UNITS, a->at,
			"a date, and a date and time, cannot be subtracted from each other"), a, b);
		diag_help(diag, "write `date of` before the date and time");
		return expr_error(c, at);
	}
	Unit unit = unit_of(date ? DIM_DAY : DIM_TIME);
	return expr_2(c, date ? EXPR_DATE_DIFF : EXPR_MOMENT_DIFF, type_quantity(unit, FORM_NUMBER, 1),
		at, a, b);
}

/* Hours against days: the commonest of the mixtures, with a message of its own (S35). */
static bool mixes_spans(const Expr *a, const Expr *b)
{
	Unit time = unit_of(DIM_TIME);
	return is_quantity(a) && is_quantity(b) && ((is_span(a) && unit_same(b->type.unit, time)) ||
		(is_span(b) && unit_same(a->type.unit, time)));
}

/* A day has 23, 24 or 25 hours; adding hours to days would have to choose. */
static Expr *span_mixture(Checker *c, Expr *a, Expr *b, Span at)
{
	both_sides(c, diag_add(c->diags, DIAG_SPAN_UNITS, a->at,
		"calendar days and elapsed time cannot be mixed: a day is not always 24 hours"), a, b);
	return expr_error(c, at);
}

/* Quantities, then dates: the first pair of kinds that fits decides. Anything else is complained
 * of with both sides named. */
Expr *build_sum(Checker *c, bool subtract, Expr *a, Expr *b, Span at)
{
	if (is_error(a) || is_error(b))
		return expr_error(c, at);
	if (mixes_spans(a, b))
		return span_mixture(c, a, b, at);
	if (is_quantity(a) && is_quantity(b))
		return quantity_sum(c, subtract, a, b, at);
	if (subtract && is_dated_kind(a->type) && is_dated_kind(b->type))
		return dated_difference(c, a, b, at);
	if (is_dated_kind(a->type))
		return dated_sum(c, subtract, a, b, at);
	if (!subtract && is_dated_kind(b->type))
		return dated_sum(c, false, b, a, at);
	return bad_sum(c, subtract, a, b, at);
}

/* ---- products */

/* Which of the two is to blame: the one that is no quantity. */
static Expr *bad_product(Checker *c, bool divide, Expr *a, Expr *b, Span at)
{
	const Expr *wrong = is_quantity(a) ? b : a;
	DiagRef diag = diag_add(c->diags, DIAG_MULTIPLY_UNITS, wrong->at, "%.*s cannot be %s",
		STR_ARG(noun(c, wrong->type)), divide ? "divided, nor divided by" : "multiplied");
	diag_here(diag, "this is %.*s", STR_ARG(phrase(c, wrong->type)));
	return expr_error(c, at);
}

/* S83: percent of a percentage is a percentage, a percentage of a number too; a number of
 * percentages over another is plain again. */
static Form product_form(bool divide, Type a, Type b)
{
	if (divide)
		return a.form == FORM_PERCENT && b.form != FORM_PERCENT && unit_none(b.unit)
			? FORM_PERCENT : FORM_NUMBER;
	if (a.form == FORM_PERCENT || b.form == FORM_PERCENT)
		return FORM_PERCENT;
	return a.form == FORM_COUNT && b.form == FORM_COUNT ? FORM_COUNT : FORM_NUMBER;
}

/* The least denominator over which a value of scale D times (or over) the constant is whole. */
static bool const_scale(int64_t scale, Ratio factor, int64_t *out)
{
	if (factor.n == 0) {
		*out = 1;
		return true;
	}
	int64_t common = gcd64(scale, fits64(factor.n) ? (int64_t)factor.n : 1);
	Int128 wide = (Int128)(scale / common) * factor.d;
	*out = (int64_t)wide;
	return wide <= LIMIT_SCALE;
}

/* Through fractions, so that 1/3 * 3 is 1. */
static Expr *fold_product(Checker *c, bool divide, Expr *a, Expr *b, Type type, Span at)
{
	Ratio out;
	bool fits = divide ? ratio_div(const_ratio(a), const_ratio(b), &out)
		: ratio_mul(const_ratio(a), const_ratio(b), &out);
	return fits ? expr_quantity(c, type.unit, (Form)type.form, out, at) : too_large(c, at);
}

/* Sets the scale of a product or quotient; false when it passes the limit. */
static bool product_scale(bool divide, const Expr *a, const Expr *b, Type *type)
{
	Ratio factor = {1, 1};
	if (a->type.ratio || b->type.ratio || (divide && !is_const(b))) {
		type->ratio = true;
		return true;
	}
	if (!is_const(a) && !is_const(b)) {
		Int128 wide = (Int128)a->type.scale * b->type.scale;
		type->scale = (int64_t)wide;
		return wide <= LIMIT_SCALE;
	}
	if (divide)
		ratio_div(factor, const_ratio(b), &factor);
	else
		factor = const_ratio(is_const(a) ? a : b);
	return const_scale(is_const(a) ? b->type.scale : a->type.scale, factor, &type->scale);
}

/* Far beyond square miles or pounds per night per night. */
static bool unit_wild(Unit unit)
{
	for (int i = 0; i < DIMS; i++)
		if (unit.of[i] > 8 || unit.of[i] < -8)
			return true;
	return false;
}

/* A literal zero below the line is found here; a zero from the data makes the value missing
 * (S19). */
Expr *build_product(Checker *c, bool divide, Expr *a, Expr *b, Span at)
{
	if (is_error(a) || is_error(b))
		return expr_error(c, at);
	if (!is_quantity(a) || !is_quantity(b))
		return bad_product(c, divide, a, b, at);
	if (divide && is_const(b) && const_ratio(b).n == 0) {
		diag_add(c->diags, DIAG_DIVIDE_BY_ZERO, b->at, "this divides by zero");
		return expr_error(c, at);
	}
	Unit unit = divide ? unit_over(a->type.unit, b->type.unit)
		: unit_times(a->type.unit, b->type.unit);
	if (unit_wild(unit))
		return bad_product(c, divide, a, b, at);
	Type type = type_quantity(unit, product_form(divide, a->type, b->type), 1);
	if (is_const(a) && is_const(b))
		return fold_product(c, divide, a, b, type, at);
	if (!product_scale(divide, a, b, &type))
		return too_fine(c, at);
	return expr_2(c, divide ? EXPR_DIVIDE : EXPR_MULTIPLY, type, at, a, b);
}

/* Counts end at zero, so their negation is a number. */
Expr *build_negation(Checker *c, Expr *a, Span at)
{
	if (is_error(a))
		return expr_error(c, at);
	if (!is_quantity(a)) {
		DiagRef diag = diag_add(c->diags, DIAG_MULTIPLY_UNITS, at, "%.*s cannot have a minus sign",
			STR_ARG(noun(c, a->type)));
		diag_label(diag, a->at, "this is %.*s", STR_ARG(phrase(c, a->type)));
		return expr_error(c, at);
	}
	Type type = a->type;
	if (type.form == FORM_COUNT)
		type.form = FORM_NUMBER;
	if (is_const(a)) {
		Ratio value = const_ratio(a);
		value.n = -value.n;
		return expr_quantity(c, type.unit, (Form)type.form, value, at);
	}
	return expr_1(c, EXPR_NEGATE, type, at, a);
}

/* S4: where a date is asked for and a moment is given, its local date. */
Expr *build_day(Checker *c, Expr *a)
{
	return a->type.kind == TYPE_MOMENT
		? expr_1(c, EXPR_DATE_OF, type_of(TYPE_DATE), a->at, a) : a;
}
