/*
 * Random rulebooks and stores for the differential test: whatever the checker
 * could let through, and some that it would not, over rows of which one value in
 * six is missing.
 *
 *   make(type, depth)   an expression of that type: special to it, or general (if, field, …),
 *                       or, when the depth is used up, a field or a constant
 *   Scope               the slots that may be used where it stands, as in the language
 *   edges               zero, the largest and smallest integers, month ends, both clock changes
 *
 * The same seed gives the same book, so a failure is found again by its number.
 * Depth is small because what goes wrong goes wrong between two neighbours, and
 * deep ones are nearly always unknown.
 */
#include "tests/unit/random_book.h"

#include "base/civil.h"

#define MOST_VARS 12
#define DEPTH 4

/* What expressions may use where they stand. A name in sight. */
typedef struct Var {
	int32_t slot;
	Type type;
} Var;

typedef struct Scope {
	Var var[MOST_VARS];
	int32_t nvars, next_slot, most_slots;
	int32_t group;    /* dataset of the group's rows, or -1 */
	bool parameters;  /* no rows and no slots: the value of a parameter */
} Scope;

/* What every function here needs. */
typedef struct Maker {
	Hand *hand;
	Random *random;
	Scope *scope;
} Maker;

/*
 * Plain ones twice, as most figures are; 360000 is money per hour over seconds;
 * 0 a quotient (S77).
 */
static const int64_t scales[] = {1, 1, 10, 100, 1000, 360000, 0};

static Expr *make(Maker *m, Type type, int depth);
static Type random_type(Maker *m);

static uint64_t below(Maker *m, uint64_t n)
{
	return random_below(m->random, n);
}

/* One in so many. */
static bool chance(Maker *m, uint64_t of)
{
	return below(m, of) == 0;
}

static Type yes_no(void)
{
	return hand_type(TYPE_YES_NO, 0);
}

/* With the scale: the evaluators never rescale unasked. */
static bool type_equal(Type a, Type b)
{
	return a.kind == b.kind && a.ref == b.ref && a.scale == b.scale && a.ratio == b.ratio &&
		unit_same(a.unit, b.unit);
}

/* ---- leaves ---- */

/*
 * About a year, with the ends of the calendar and the days about both clock
 * changes.
 */
static int64_t random_day(Maker *m)
{
	static const int64_t edge[] = {20177, 20387, 20177, 20388, DAY_MIN, DAY_MAX, 20209, 20243};
	return chance(m, 6) ? edge[below(m, 8)] : 20180 + (int64_t)below(m, 240);
}

/* Amounts with a unit are small, or durations would nearly always overflow. */
static int64_t random_quantity(Maker *m, Type type)
{
	static const int64_t edge[] = {0, 0, 1, -1, INT64_MAX, INT64_MIN, INT64_MAX / 2,
		4000000000000, -7};
	if (!unit_none(type.unit))
		return chance(m, 20) ? edge[below(m, 9)] : (int64_t)below(m, 4000) - 400;
	if (chance(m, 4))
		return edge[below(m, 9)];
	int64_t n = (int64_t)below(m, 20000) - 2000;
	return type.scale == 1 || chance(m, 2) ? n : n * (type.scale / 10 + 1);
}

/* As a column of the type would hold it. */
static int64_t random_value(Maker *m, Type type)
{
	switch ((TypeKind)type.kind) {
	case TYPE_YES_NO:
		return (int64_t)below(m, 2);
	case TYPE_DATE:
		return random_day(m);
	case TYPE_PERIOD:
		return type.ref == CAL_HOLIDAYS ? 20201
			: calendar_first(&m->hand->book.calendar[type.ref], (int32_t)random_day(m));
	case TYPE_MOMENT:
		return 20180 * (int64_t)DAY_SECONDS + (int64_t)below(m, 240 * DAY_SECONDS);
	case TYPE_CLOCK:
		return (int64_t)below(m, 96) * 900;
	case TYPE_WEEKDAY:
		return (int64_t)below(m, 7);
	case TYPE_CODE:
		return (int64_t)below(m, 4);
	case TYPE_QUANTITY:
		return random_quantity(m, type);
	case TYPE_ERROR: case TYPE_TEXT: case TYPE_ROW: case TYPE_ROWS:
		break;
	}
	return 0;
}

/*
 * Texts of which one is the beginning of another: a comparison of lengths alone
 * shows.
 */
static Expr *constant(Maker *m, Type type)
{
	static const char *const text[] = {"", "a", "ab", "b"};
	if (type.kind == TYPE_TEXT)
		return hand_text(m->hand, text[below(m, 4)]);
	if (!type.ratio)
		return hand_const(m->hand, type, random_value(m, type));
	Expr *expr = hand_expr(m->hand, EXPR_CONST_RATIO, 0, 0, type, 0);
	ratio_make((int64_t)below(m, 2000) - 500, (int64_t)below(m, 30) + 1, &expr->q);
	return expr;
}

/* A few tries: most scopes hold one or two types. */
static Expr *variable(Maker *m, Type type)
{
	Scope *scope = m->scope;
	for (int tries = 0; tries < 8 && scope->nvars > 0; tries++) {
		const Var *var = &scope->var[below(m, (uint64_t)scope->nvars)];
		if (type_equal(var->type, type))
			return hand_slot(m->hand, type, var->slot);
	}
	return NULL;
}

/* The row before or after it, where a sequence goes over its dataset. */
static Expr *neighbour(Maker *m, Expr *row)
{
	const Rulebook *book = &m->hand->book;
	for (int32_t s = 0; s < book->nsequences; s++)
		if (book->sequence[s].dataset == row->type.ref && chance(m, 4))
			return hand_expr(m->hand, EXPR_NEIGHBOUR, (int)below(m, 2), s, row->type, 1, row);
	return row;
}

/* A row of this dataset: a slot, a link, a match, a neighbour; NULL when there is no way. */
static Expr *row_of(Maker *m, int32_t dataset, int depth)
{
	Type type = hand_type(TYPE_ROW, dataset);
	Expr *row = variable(m, type);
	if (row != NULL)
		row = neighbour(m, row);
	if (row != NULL && !chance(m, 6))
		return row;
	Expr *from = NULL;
	if (depth > 0 && dataset == VISIT)
		from = row_of(m, LOG, depth - 1);
	if (from != NULL)
		return hand_expr(m->hand, EXPR_MATCHED, 1, 0, type, 1, from);
	if (depth > 0 && (dataset == PROVISION || dataset == PROVIDER))
		from = row_of(m, dataset == PROVISION ? VISIT : chance(m, 2) ? LOG : PROVISION, depth - 1);
	return from != NULL ? hand_field(m->hand, from, F_LINK) : row;
}

/* The first dataset that can be reached from here. */
static Expr *any_row(Maker *m, int depth)
{
	for (int tries = 0; tries < 4; tries++) {
		Expr *row = row_of(m, (int32_t)below(m, DATASETS), depth);
		if (row != NULL)
			return row;
	}
	return NULL;
}

/* A field of this very type; NULL when there is none, or no row. */
static Expr *field(Maker *m, Type type, int depth)
{
	Expr *row = any_row(m, depth);
	if (row == NULL)
		return NULL;
	int32_t first = (int32_t)below(m, FIELDS);
	for (int32_t i = 0; i < FIELDS; i++) {
		int32_t f = (first + i) % FIELDS;
		Type has = hand_field_type(row->type.ref, f);
		if (has.kind != TYPE_ROW && type_equal(has, type))
			return hand_field(m->hand, row, f);
	}
	return NULL;
}

/* ---- collections ---- */

/*
 * The group's own, all of a dataset, matched, linked: the four ways to a
 * collection.
 */
static Expr *rows(Maker *m, int depth)
{
	static const int32_t to[LINKS] = {PROVISION, PROVIDER, PROVIDER};
	static const int32_t from[LINKS] = {VISIT, PROVISION, LOG};
	Scope *scope = m->scope;
	if (scope->group >= 0 && !chance(m, 4))
		return hand_expr(m->hand, EXPR_GROUP_ROWS, 0, 0, hand_type(TYPE_ROWS, scope->group), 0);
	if (chance(m, 8)) {
		int32_t dataset = (int32_t)below(m, DATASETS);
		return hand_expr(m->hand, EXPR_ALL_ROWS, 0, dataset, hand_type(TYPE_ROWS, dataset), 0);
	}
	if (chance(m, 3)) {
		Expr *row = row_of(m, VISIT, depth);
		if (row != NULL)
			return hand_expr(m->hand, EXPR_MATCHED, 0, 0, hand_type(TYPE_ROWS, LOG), 1, row);
	}
	int32_t link = (int32_t)below(m, LINKS);
	Expr *row = row_of(m, to[link], depth);
	return row == NULL ? NULL : hand_expr(m->hand, EXPR_LINKED, 0, link,
		hand_type(TYPE_ROWS, from[link]), 1, row);
}

/* One comparison of a field of the row with something that does not depend on it. */
static Expr *row_against_outside(Maker *m, Type row, int32_t slot)
{
	static const int32_t pick[] = {F_DATE, F_UNTIL, F_MOMENT, F_END, F_CODE, F_TEXT, F_COUNT,
		F_LINK, F_DAYS, F_TIME};
	int32_t f = pick[below(m, 10)];
	Type type = hand_field_type(row.ref, f);
	bool ordered = f != F_CODE && f != F_TEXT && f != F_LINK;
	Expr *inside = hand_field(m->hand, hand_slot(m->hand, row, slot), f), *outside;
	Var own = m->scope->var[--m->scope->nvars];
	if (f == F_LINK)
		outside = type.ref < 0 ? NULL : row_of(m, type.ref, 2);
	else
		outside = make(m, type, 1);
	m->scope->var[m->scope->nvars++] = own;
	if (outside == NULL)
		return NULL;
	int how = ordered && !chance(m, 3) ? (int)below(m, 6) : COMPARE_EQ;
	return chance(m, 2) ? hand_compare(m->hand, (CompareHow)how, inside, outside)
		: hand_compare(m->hand, (CompareHow)how, outside, inside);
}

/* Conditions that an index serves. */
static Expr *narrow(Maker *m, Type row, int32_t slot, int depth)
{
	Expr *all = NULL;
	for (uint64_t n = below(m, 3) + 1; n-- > 0;) {
		Expr *one = row_against_outside(m, row, slot);
		if (one != NULL)
			all = all == NULL ? one : hand_and(m->hand, all, one);
	}
	if (all != NULL && chance(m, 4))
		all = hand_and(m->hand, all, make(m, yes_no(), depth - 1));
	return all;
}

/* With a slot for its row while what stands inside is made. */
static Expr *aggregate(Maker *m, AggregateKind kind, Type type, Type value, bool by, int depth)
{
	Scope *scope = m->scope;
	Expr *over = scope->parameters || scope->nvars == MOST_VARS ? NULL : rows(m, depth);
	if (over == NULL)
		return NULL;
	int32_t slot = scope->next_slot++;
	scope->var[scope->nvars++] = (Var){slot, hand_type(TYPE_ROW, over->type.ref)};
	if (scope->next_slot > scope->most_slots)
		scope->most_slots = scope->next_slot;
	Expr *where = chance(m, 3) ? NULL : chance(m, 2) ? make(m, yes_no(), depth - 1)
		: narrow(m, hand_type(TYPE_ROW, over->type.ref), slot, depth);
	Expr *what = value.kind == TYPE_ERROR ? NULL : make(m, value, depth - 1);
	Expr *order = by && !chance(m, 4) ? make(m, hand_type(TYPE_MOMENT, 0), depth - 1) : NULL;
	scope->nvars--;
	scope->next_slot--;
	return hand_aggregate(m->hand, kind, type, slot, over, where, what, order);
}

/* Any aggregate that can have this type. */
static Expr *some_aggregate(Maker *m, Type type, int depth)
{
	static const AggregateKind quantifier[] = {AGG_ANY, AGG_NONE, AGG_ALL};
	static const AggregateKind pick[] = {AGG_FIRST, AGG_LAST, AGG_ONLY_VALUE, AGG_LEAST,
		AGG_GREATEST, AGG_TOTAL};
	const Type none = {.kind = TYPE_ERROR};
	if (type.kind == TYPE_YES_NO && !chance(m, 4)) {
		AggregateKind kind = quantifier[below(m, 3)];
		return aggregate(m, kind, type, kind == AGG_ALL || chance(m, 3) ? yes_no() : none, false,
			depth);
	}
	if (type.kind == TYPE_QUANTITY && type.ratio && chance(m, 3))
		return aggregate(m, AGG_AVERAGE, type, hand_quantity(scales[below(m, 7)]), false, depth);
	if (type.kind == TYPE_QUANTITY && type.ratio && chance(m, 2))
		return aggregate(m, AGG_SHARE, type, chance(m, 2) ? yes_no() : none, false, depth);
	if (type.kind == TYPE_QUANTITY && chance(m, 3))
		return chance(m, 2) ? aggregate(m, AGG_COUNT, type, none, false, depth)
			: aggregate(m, AGG_DISTINCT, type, random_type(m), false, depth);
	AggregateKind kind = pick[below(m, type.kind == TYPE_QUANTITY ? 6
		: type.kind == TYPE_DATE || type.kind == TYPE_MOMENT ? 5 : 3)];
	return aggregate(m, kind, type, type, kind == AGG_FIRST || kind == AGG_LAST, depth);
}

/* ---- declarations ---- */

/*
 * From the last, so that parameters use only those made before: no cycles
 * (S12).
 */
static Expr *parameter(Maker *m, Type type)
{
	const Rulebook *book = &m->hand->book;
	for (int32_t i = book->nparameters; i-- > 0;)
		if (type_equal(book->parameter[i].type, type) && !chance(m, 3))
			return hand_expr(m->hand, EXPR_PARAMETER, 0, i, type, 0);
	return NULL;
}

/* As for parameters. */
static Expr *table(Maker *m, Type type, int depth)
{
	const Rulebook *book = &m->hand->book;
	for (int32_t i = book->ntables; i-- > 0;)
		if (type_equal(book->table[i].type, type) && !chance(m, 3))
			return hand_expr(m->hand, EXPR_TABLE, 0, i, type, 1,
				make(m, book->table[i].param_type[0], depth - 1));
	return NULL;
}

/* A define for a dataset, or a function of one duration. */
static Expr *define(Maker *m, Type type, int depth)
{
	const Rulebook *book = &m->hand->book;
	for (int32_t i = book->ndefines; i-- > 0;) {
		const Define *d = &book->define[i];
		if (!type_equal(d->type, type) || chance(m, 3))
			continue;
		if (d->dataset < 0)
			return hand_expr(m->hand, EXPR_CALL, 0, i, type, 1,
				make(m, hand_unit(DIM_TIME), depth - 1));
		Expr *row = row_of(m, d->dataset, depth);
		if (row != NULL)
			return hand_expr(m->hand, EXPR_DERIVED, 0, i, type, 1, row);
	}
	return NULL;
}

/*
 * Only over a scale that its own divides; clock times by the roundings of whole
 * seconds (S89).
 */
static Expr *rounding(Maker *m, Type type, int depth)
{
	const Rulebook *book = &m->hand->book;
	int32_t i = (int32_t)below(m, (uint64_t)book->nroundings);
	if (type.kind == TYPE_CLOCK || type.kind == TYPE_MOMENT)
		return hand_expr(m->hand, EXPR_ROUND, 0, i - i % 2, type, 1, make(m, type, depth - 1));
	if (type.kind != TYPE_QUANTITY)
		return NULL;
	int64_t scale = book->rounding[i].type.scale;
	if (type.ratio || type.scale % scale != 0)
		return NULL;
	Type from = chance(m, 3) ? hand_quantity(0) : chance(m, 2) ? type
		: hand_quantity(type.scale * 10);
	from.unit = type.unit;
	return hand_expr(m->hand, EXPR_ROUND, 0, i, type, 1, make(m, from, depth - 1));
}

/* ---- what any type can be made of ---- */

/* What amendments made of a part; the last text may be `withdrawn`. */
static Expr *in_force(Maker *m, Type type, int depth)
{
	const Rulebook *book = &m->hand->book;
	if (book->namended == 0)
		return NULL;
	int32_t ref = (int32_t)below(m, (uint64_t)book->namended);
	Expr *arg[3] = {NULL};
	for (int32_t i = 0; i < book->amended[ref].n; i++)
		if (i == 0 || !chance(m, 3))
			arg[i] = make(m, type, depth - 1);
	return hand_expr(m->hand, EXPR_IN_FORCE, 0, ref, type, book->amended[ref].n, arg[0], arg[1],
		arg[2]);
}

/* NULL where the draw does not fit the type: the caller tries again. */
static Expr *general(Maker *m, Type type, int depth)
{
	switch (below(m, 13)) {
	case 0: case 1: case 2:
		return field(m, type, depth);
	case 3:
		return hand_expr(m->hand, EXPR_IF, 0, 0, type, 3, make(m, yes_no(), depth - 1),
			make(m, type, depth - 1), make(m, type, depth - 1));
	case 4:
		return hand_expr(m->hand, EXPR_OR_ELSE, 0, 0, type, 2, make(m, type, depth - 1),
			make(m, type, depth - 1));
	case 5:
		return hand_expr(m->hand, EXPR_AS_AT, 0, 0, type, 2, make(m, type, depth - 1),
			make(m, hand_type(TYPE_DATE, 0), 1));
	case 6:
		return define(m, type, depth);
	case 7:
		return table(m, type, depth);
	case 8:
		return parameter(m, type);
	case 9:
		return rounding(m, type, depth);
	case 10:
		return variable(m, type);
	case 11:
		return in_force(m, type, depth);
	default:
		return some_aggregate(m, type, depth);
	}
}

/* ---- quantities ---- */

/* With operands of given types. */
static Expr *two(Maker *m, ExprOp op, Type type, Type a, Type b, int depth)
{
	return hand_expr(m->hand, op, 0, 0, type, 2, make(m, a, depth - 1), make(m, b, depth - 1));
}

static Type with_scale(Type type, int64_t scale)
{
	type.scale = scale == 0 ? 1 : scale;
	type.ratio = scale == 0;
	return type;
}

/* A scale that divides this one. */
static Type part_of(Maker *m, Type type)
{
	int64_t scale = scales[below(m, 6)];
	return type.ratio || type.scale % scale != 0 ? type : with_scale(type, scale);
}

/*
 * By a plain number, by another scale, and by a constant that the scale was
 * reduced by.
 */
static Expr *product(Maker *m, Type type, int depth)
{
	Type plain = hand_quantity(1), any = hand_quantity(scales[below(m, 7)]);
	if (type.ratio)
		return two(m, EXPR_MULTIPLY, type, type, any, depth);
	Type part = part_of(m, type);
	if (chance(m, 2))
		return two(m, EXPR_MULTIPLY, type, part, hand_quantity(type.scale / part.scale), depth);
	/* Reduced by a constant: 60 times x over 60 is x over 1. */
	int64_t by = (int64_t)below(m, 12) + 1;
	Expr *factor = hand_const(m->hand, plain, chance(m, 2) ? by : -by);
	Type more = with_scale(type, type.scale * by);
	return hand_expr(m->hand, EXPR_MULTIPLY, 0, 0, type, 2, make(m, more, depth - 1), factor);
}

/* By data it is a ratio; by a constant it keeps a scale. */
static Expr *quotient(Maker *m, Type type, int depth)
{
	Type a = hand_quantity(scales[below(m, 7)]), b = hand_quantity(scales[below(m, 7)]);
	if (type.ratio)
		return two(m, EXPR_DIVIDE, type, a, b, depth);
	int64_t by = (int64_t)below(m, 4) + 1;
	if (type.scale % by != 0)
		by = 1;
	return hand_expr(m->hand, EXPR_DIVIDE, 0, 0, type, 2,
		make(m, with_scale(type, type.scale / by), depth - 1),
		hand_const(m->hand, hand_quantity(1), by));
}

static Expr *difference(Maker *m, Type type, int depth)
{
	Type date = hand_type(TYPE_DATE, 0), moment = hand_type(TYPE_MOMENT, 0);
	if (type.unit.of[DIM_DAY] != 0)
		return two(m, EXPR_DATE_DIFF, type, date, date, depth);
	return two(m, EXPR_MOMENT_DIFF, type, moment, moment, depth);
}

/* Lengths and numbers of periods, and days within dates (S48). */
static Expr *of_period(Maker *m, Type type, int depth)
{
	int32_t calendar = (int32_t)below(m, CALENDARS);
	Type date = hand_type(TYPE_DATE, 0);
	Expr *period = make(m, hand_type(TYPE_PERIOD, calendar), depth - 1);
	if (chance(m, 3))
		return hand_expr(m->hand, EXPR_PERIOD_PART, PART_DAYS_IN, calendar, type, 3, period,
			make(m, date, depth - 1), make(m, date, depth - 1));
	return hand_expr(m->hand, EXPR_PERIOD_PART, chance(m, 2) ? PART_DAYS : PART_NUMBER, calendar,
		type, 1, period);
}

/* No depth: four operands would make a bush. */
static Expr *overlap(Maker *m, Type type)
{
	Type moment = hand_type(TYPE_MOMENT, 0), clock = hand_type(TYPE_CLOCK, 0);
	Expr *from = make(m, moment, 0), *to = make(m, moment, 0);
	return hand_expr(m->hand, EXPR_OVERLAP, 0, 0, type, 4, from, to, make(m, clock, 0),
		make(m, clock, 0));
}

/* Evenly over the operations, so that the rare ones come up as often as sums. */
static Expr *quantity(Maker *m, Type type, int depth)
{
	switch (below(m, 12)) {
	case 0:
		return hand_expr(m->hand, EXPR_NEGATE, 0, 0, type, 1, make(m, type, depth - 1));
	case 1:
		return hand_expr(m->hand, EXPR_ABSOLUTE, 0, 0, type, 1, make(m, type, depth - 1));
	case 2:
		return two(m, EXPR_ADD, type, part_of(m, type), part_of(m, type), depth);
	case 3:
		return two(m, EXPR_SUBTRACT, type, part_of(m, type), type, depth);
	case 4:
		return product(m, type, depth);
	case 5:
		return quotient(m, type, depth);
	case 6:
		return hand_expr(m->hand, EXPR_RESCALE, 0, 0, type, 1, make(m, type.ratio
			? hand_quantity(scales[below(m, 6)]) : part_of(m, type), depth - 1));
	case 7:
		return two(m, chance(m, 2) ? EXPR_LEAST : EXPR_GREATEST, type, type, type, depth);
	case 8:
		return type.ratio ? NULL : difference(m, type, depth);
	case 9:
		return type.ratio ? NULL : of_period(m, type, depth);
	case 10:
		return type.ratio ? NULL : overlap(m, type);
	default:
		return some_aggregate(m, type, depth);
	}
}

/* ---- yes and no ---- */

/* Quantities half of the time: most of the two evaluators is arithmetic. */
static Type random_type(Maker *m)
{
	static const TypeKind kinds[] = {TYPE_DATE, TYPE_MOMENT, TYPE_CLOCK, TYPE_WEEKDAY, TYPE_TEXT,
		TYPE_CODE, TYPE_YES_NO};
	if (chance(m, 2))
		return hand_quantity(scales[below(m, 7)]);
	if (chance(m, 6))
		return hand_type(TYPE_PERIOD, (int32_t)below(m, CALENDARS));
	if (chance(m, 5))
		return hand_unit(chance(m, 2) ? DIM_TIME : DIM_DAY);
	return hand_type(kinds[below(m, 7)], 0);
}

/* S73, S74: codes and texts are only equal or not. */
static bool has_order(Type type)
{
	return type.kind == TYPE_QUANTITY || type.kind == TYPE_DATE || type.kind == TYPE_MOMENT ||
		type.kind == TYPE_CLOCK;
}

/* Also dates with moments (S37), and quantities of two scales. */
static Expr *comparison(Maker *m, int depth)
{
	Type a = random_type(m), b = a;
	if (a.kind == TYPE_QUANTITY && unit_none(a.unit))
		b = hand_quantity(chance(m, 2) ? scales[below(m, 7)] : a.ratio ? 0 : a.scale);
	if (a.kind == TYPE_DATE && chance(m, 3))
		b = hand_type(TYPE_MOMENT, 0);
	if (a.kind == TYPE_MOMENT && chance(m, 3))
		b = hand_type(TYPE_DATE, 0);
	int how = has_order(a) ? (int)below(m, 6) : chance(m, 2) ? COMPARE_EQ : COMPARE_NE;
	Expr *left = make(m, a, depth - 1), *right = make(m, b, depth - 1);
	return hand_compare(m->hand, (CompareHow)how, left, right);
}

/* Rows are compared as such, whatever their fields. */
static Expr *same_row(Maker *m, int depth)
{
	int32_t dataset = (int32_t)below(m, DATASETS);
	Expr *a = row_of(m, dataset, depth), *b = row_of(m, dataset, depth);
	return a == NULL || b == NULL ? NULL
		: hand_compare(m->hand, chance(m, 2) ? COMPARE_EQ : COMPARE_NE, a, b);
}

/* Half of them join others, which is where masking goes wrong (S23). */
static Expr *condition(Maker *m, int depth)
{
	Type type = yes_no(), date = hand_type(TYPE_DATE, 0);
	int32_t calendar = (int32_t)below(m, CALENDARS);
	switch (below(m, 12)) {
	case 0: case 1:
		return two(m, EXPR_AND, type, type, type, depth);
	case 2:
		return two(m, EXPR_OR, type, type, type, depth);
	case 3:
		return hand_expr(m->hand, EXPR_NOT, 0, 0, type, 1, make(m, type, depth - 1));
	case 4:
		return hand_expr(m->hand, EXPR_IS_KNOWN, 0, 0, type, 1, make(m, random_type(m), depth - 1));
	case 5:
		return hand_expr(m->hand, EXPR_IN_PERIOD, 0, calendar, type, 2, make(m, date, depth - 1),
			make(m, hand_type(TYPE_PERIOD, calendar), depth - 1));
	case 6:
		return hand_expr(m->hand, EXPR_IN_DATES, 0, CAL_HOLIDAYS, type, 1,
			make(m, date, depth - 1));
	case 7:
		return same_row(m, depth);
	case 8: case 9:
		return some_aggregate(m, type, depth);
	default:
		return comparison(m, depth);
	}
}

/* ---- dates ---- */

static Expr *date_part(Maker *m, Type type, int depth)
{
	int32_t calendar = (int32_t)below(m, CALENDARS);
	Expr *period = make(m, hand_type(TYPE_PERIOD, calendar), depth - 1);
	return hand_expr(m->hand, EXPR_PERIOD_PART, chance(m, 2) ? PART_FIRST : PART_LAST, calendar,
		type, 1, period);
}

/* Fractions of days too: they are cut. */
static Type much(Maker *m, Dim dim)
{
	return chance(m, 4) ? with_scale(hand_unit(dim), chance(m, 2) ? 10 : 0) : hand_unit(dim);
}

static Expr *plus(Maker *m, ExprOp op, Type type, Type quantity_type, int depth)
{
	return hand_expr(m->hand, op, (int)below(m, 2), 0, type, 2, make(m, type, depth - 1),
		make(m, quantity_type, depth - 1));
}

/* Working days with counts below zero, which the checker would refuse. */
static Expr *date(Maker *m, Type type, int depth)
{
	switch (below(m, 5)) {
	case 0:
		return plus(m, EXPR_DATE_ADD, type, much(m, chance(m, 2) ? DIM_DAY : DIM_MONTH), depth);
	case 1:
		return hand_expr(m->hand, EXPR_DATE_OF, 0, 0, type, 1,
			make(m, hand_type(TYPE_MOMENT, 0), depth - 1));
	case 2:
		return date_part(m, type, depth);
	case 3:
		return hand_expr(m->hand, EXPR_WORKING_DAYS_AFTER, 0, CAL_HOLIDAYS, type, 2,
			make(m, type, depth - 1), hand_const(m->hand, hand_quantity(1),
				(int64_t)below(m, 12) - 3));
	default:
		return two(m, chance(m, 2) ? EXPR_LEAST : EXPR_GREATEST, type, type, type, depth);
	}
}

static Expr *moment(Maker *m, Type type, int depth)
{
	static const Dim dims[] = {DIM_TIME, DIM_DAY, DIM_MONTH};
	if (chance(m, 2))
		return plus(m, EXPR_MOMENT_ADD, type, much(m, dims[below(m, 3)]), depth);
	return two(m, EXPR_MOMENT_OF, type, hand_type(TYPE_DATE, 0), hand_type(TYPE_CLOCK, 0), depth);
}

static Expr *period(Maker *m, Type type, int depth)
{
	if (chance(m, 3))
		return hand_expr(m->hand, EXPR_PERIOD_PART, chance(m, 2) ? PART_NEXT : PART_PREVIOUS,
			type.ref, type, 1, make(m, type, depth - 1));
	return hand_expr(m->hand, EXPR_PERIOD_OF, 0, type.ref, type, 1,
		make(m, hand_type(TYPE_DATE, 0), depth - 1));
}

/* What only this type can be made of. */
static Expr *special(Maker *m, Type type, int depth)
{
	switch ((TypeKind)type.kind) {
	case TYPE_YES_NO:
		return condition(m, depth);
	case TYPE_QUANTITY:
		return quantity(m, type, depth);
	case TYPE_DATE:
		return date(m, type, depth);
	case TYPE_MOMENT:
		return moment(m, type, depth);
	case TYPE_PERIOD:
		return period(m, type, depth);
	case TYPE_CLOCK:
		return hand_expr(m->hand, EXPR_CLOCK_OF, 0, 0, type, 1,
			make(m, hand_type(TYPE_MOMENT, 0), depth - 1));
	case TYPE_WEEKDAY:
		return hand_expr(m->hand, EXPR_WEEKDAY_OF, 0, 0, type, 1,
			make(m, hand_type(TYPE_DATE, 0), depth - 1));
	case TYPE_ERROR: case TYPE_TEXT: case TYPE_CODE: case TYPE_ROW: case TYPE_ROWS:
		break;
	}
	return NULL;
}

/* Always gives something: a constant in the end. */
static Expr *make(Maker *m, Type type, int depth)
{
	Expr *expr = NULL;
	for (int tries = 0; tries < 3 && expr == NULL && depth > 0; tries++)
		expr = chance(m, 2) ? general(m, type, depth) : special(m, type, depth);
	if (expr == NULL && !chance(m, 5))
		expr = field(m, type, 1);
	return expr != NULL ? expr : constant(m, type);
}

/* ---- declarations ---- */

/*
 * Some begin at once, some have a gap before the first value (S11), some are
 * published late.
 */
static void add_parameters(Maker *m)
{
	static const int32_t from[] = {20200, 20260, 20330};
	Rulebook *book = &m->hand->book;
	Scope none = {.group = -1, .parameters = true};
	m->scope = &none;
	for (int k = 0; k < 8; k++) {
		Parameter p = {.type = k == 7 ? hand_type(TYPE_DATE, 0) : k == 6 ? hand_unit(DIM_TIME)
			: hand_quantity(scales[k]), .nvalues = 3};
		p.decl.name = STR("p");
		p.value = ARENA_ARRAY(&m->hand->arena, DatedExpr, 3);
		for (int i = 0; i < 3; i++) {
			p.value[i] = (DatedExpr){.from = i == 0 && k % 2 == 0 ? NO_DAY : from[i],
				.published = i == 2 && chance(m, 2) ? 20300 : NO_DAY};
			p.value[i].value = make(m, p.type, chance(m, 3) ? 2 : 0);
		}
		book->parameter[book->nparameters++] = p;
	}
	m->scope = NULL;
}

/*
 * Steps, counts and bands, with holes between bands and ends that are in or
 * out.
 */
static void add_roundings(Maker *m)
{
	Rulebook *book = &m->hand->book;
	for (int k = 0; k < 10; k++) {
		Rounding r = {.type = hand_quantity(k % 2 == 0 ? 1 : 100), .how = (RoundStep)(k % 4),
			.mode = (RoundMode)below(m, 5), .step = (int64_t)below(m, 900) + 1};
		r.decl.name = STR("r");
		r.counts_from = (int64_t)below(m, (uint64_t)r.step) + 1;
		r.has_least = chance(m, 3);
		r.has_most = chance(m, 3);
		r.least = (int64_t)below(m, 500);
		r.most = r.least + (int64_t)below(m, 2000);
		r.nbands = 3;
		r.band = ARENA_ARRAY(&m->hand->arena, Band, 3);
		for (int i = 0; i < 3; i++)
			r.band[i] = (Band){.lo = i * 400, .hi = i * 400 + 400 - (int64_t)below(m, 2),
				.lo_open = chance(m, 3), .hi_in = chance(m, 3), .no_hi = i == 2 && chance(m, 2),
				.to = (int64_t)below(m, 1000)};
		book->rounding[book->nroundings++] = r;
	}
}

/* Two periods, so that a batch of rows spans both (law 6). */
static void add_table(Maker *m, Type type, TableHit hit)
{
	Rulebook *book = &m->hand->book;
	Arena *arena = &m->hand->arena;
	Table t = {.nparams = 1, .type = type, .hit = hit, .nperiods = 2};
	Scope scope = {.var = {{0, hand_unit(DIM_TIME)}}, .nvars = 1, .next_slot = 1, .most_slots = 1,
		.group = -1};
	m->scope = &scope;
	t.decl.name = STR("t");
	t.param_type = ARENA_NEW(arena, Type);
	*t.param_type = hand_unit(DIM_TIME);
	t.period = ARENA_ARRAY(arena, TablePeriod, 2);
	for (int p = 0; p < 2; p++) {
		t.period[p] = (TablePeriod){.from = 20190 + 100 * p, .published = NO_DAY, .nrows = 3};
		t.period[p].row = ARENA_ARRAY(arena, TableRow, 3);
		for (int r = 0; r < 3; r++)
			t.period[p].row[r] = (TableRow){make(m, yes_no(), 2), make(m, type, 1), {0, 0, 1}};
	}
	t.nslots = scope.most_slots;
	m->scope = NULL;
	book->table[book->ntables++] = t;
}

/* Ranks are closed under "over", as the checker closes them (S32). */
static Exception *exceptions(Maker *m, Type type, int32_t *n, bool rule)
{
	*n = chance(m, 2) ? 0 : (int32_t)below(m, 4);
	Exception *except = ARENA_ARRAY(&m->hand->arena, Exception, 4);
	for (int32_t i = 0; i < *n; i++) {
		except[i].label = STR("e");
		except[i].over = i > 0 && chance(m, 2) ? below(m, (uint64_t)1 << i) : 0;
		for (int32_t k = 0; k < i; k++)
			if (except[i].over >> k & 1)
				except[i].over |= except[k].over;
		except[i].when = make(m, yes_no(), 2);
		except[i].then = rule && chance(m, 2) ? NULL : make(m, type, 2);
	}
	return except;
}

/* Half of them have a date of their own (S1). */
static void add_define(Maker *m, Type type, int32_t dataset)
{
	Rulebook *book = &m->hand->book;
	Type first = dataset < 0 ? hand_unit(DIM_TIME) : hand_type(TYPE_ROW, dataset);
	Scope scope = {.var = {{0, first}}, .nvars = 1, .next_slot = 1, .most_slots = 1, .group = -1};
	m->scope = &scope;
	Define d = {.dataset = dataset, .nparams = 1, .type = type};
	d.decl.name = STR("d");
	if (chance(m, 2))
		d.on = make(m, hand_type(chance(m, 4) ? TYPE_MOMENT : TYPE_DATE, 0), 1);
	d.base = make(m, type, DEPTH - 1);
	d.except = exceptions(m, type, &d.nexcepts, false);
	d.nslots = scope.most_slots;
	m->scope = NULL;
	book->define[book->ndefines++] = d;
}

/* ---- rules ---- */

/* The parts that every rule has, whatever its subject. */
static void ask(Maker *m, Rule *rule)
{
	rule->on = chance(m, 2) && rule->subject != SUBJECT_GROUP
		? make(m, hand_type(TYPE_DATE, 0), 0)
		: make(m, hand_type(chance(m, 3) ? TYPE_MOMENT : TYPE_DATE, 0), 1);
	rule->applies = chance(m, 2) ? NULL : make(m, yes_no(), 2);
	/* A rule that always fails shows what its stake is worth. */
	rule->require = chance(m, 3) ? hand_const(m->hand, yes_no(), 0) : make(m, yes_no(), DEPTH);
	rule->except = exceptions(m, yes_no(), &rule->nexcepts, true);
	rule->stake = chance(m, 5) ? NULL : make(m, hand_quantity(scales[below(m, 7)]), DEPTH);
	rule->nslots = m->scope->most_slots;
}

/* Also rules over each period and over items of a collection. */
static void add_row_rule(Maker *m, SubjectKind subject)
{
	int32_t dataset = (int32_t)below(m, DATASETS);
	Scope scope = {.var = {{0, hand_type(TYPE_ROW, dataset)}}, .nvars = 1, .next_slot = 2,
		.most_slots = 2, .group = -1};
	m->scope = &scope;
	Rule *rule = hand_rule(m->hand, subject, dataset);
	rule->covered = chance(m, 3) ? make(m, yes_no(), 2) : NULL;
	if (subject == SUBJECT_ROW_PERIOD) {
		rule->calendar = (int32_t)below(m, CALENDARS);
		rule->every_from = chance(m, 4) ? NULL : hand_field(m->hand, row_of(m, dataset, 0), F_DATE);
		rule->every_to = chance(m, 4) ? NULL : hand_field(m->hand, row_of(m, dataset, 0), F_UNTIL);
		rule->every_open = chance(m, 2);
		scope.var[scope.nvars++] = (Var){1, hand_type(TYPE_PERIOD, rule->calendar)};
	}
	if (subject == SUBJECT_ROW_IN) {
		rule->collection = rows(m, 1);
		if (rule->collection == NULL)
			rule->collection = hand_expr(m->hand, EXPR_ALL_ROWS, 0, PROVIDER,
				hand_type(TYPE_ROWS, PROVIDER), 0);
		rule->item_dataset = rule->collection->type.ref;
		scope.var[scope.nvars++] = (Var){1, hand_type(TYPE_ROW, rule->item_dataset)};
		rule->filter = chance(m, 2) ? make(m, yes_no(), 2) : NULL;
	}
	ask(m, rule);
	m->scope = NULL;
}

/* Texts, rows, codes, periods: each is compared in a way of its own. */
static Expr *group_key(Maker *m, int32_t dataset, int32_t slot)
{
	Expr *row = hand_slot(m->hand, hand_type(TYPE_ROW, dataset), slot);
	int32_t calendar = (int32_t)below(m, CALENDARS);
	switch (below(m, 4)) {
	case 0:
		return hand_field(m->hand, row, F_TEXT);
	case 1:
		return hand_field(m->hand, row, dataset == PROVIDER ? F_CODE : F_LINK);
	case 2:
		return hand_field(m->hand, row, F_CODE);
	default:
		return hand_expr(m->hand, EXPR_PERIOD_OF, 0, calendar, hand_type(TYPE_PERIOD, calendar), 1,
			hand_field(m->hand, row, F_DATE));
	}
}

/*
 * The row's slot stands behind those of the keys, and is in sight of the filter
 * alone.
 */
static void add_group_rule(Maker *m)
{
	int32_t dataset = (int32_t)below(m, DATASETS), nkeys = 1 + (int32_t)below(m, 2);
	Rule *rule = hand_rule(m->hand, SUBJECT_GROUP, dataset);
	rule->nkeys = nkeys;
	rule->key = ARENA_ARRAY(&m->hand->arena, GroupKey, 2);
	Scope scope = {.var = {{nkeys, hand_type(TYPE_ROW, dataset)}}, .nvars = 1,
		.next_slot = nkeys + 1, .most_slots = nkeys + 1, .group = -1};
	m->scope = &scope;
	rule->filter = chance(m, 2) ? make(m, yes_no(), 2) : NULL;
	rule->covered = chance(m, 4) ? make(m, yes_no(), 1) : NULL;
	scope.nvars = 0;
	for (int32_t k = 0; k < nkeys; k++) {
		rule->key[k] = (GroupKey){STR("k"), group_key(m, dataset, nkeys)};
		scope.var[scope.nvars++] = (Var){k, rule->key[k].expr->type};
	}
	scope.group = dataset;
	ask(m, rule);
	if (rule->key[0].expr->type.kind == TYPE_PERIOD)
		rule->on = hand_expr(m->hand, EXPR_PERIOD_PART, PART_LAST, rule->key[0].expr->type.ref,
			hand_type(TYPE_DATE, 0), 1, hand_slot(m->hand, rule->key[0].expr->type, 0));
	m->scope = NULL;
}

/* ---- sequences and banks ---- */

/* Ordered by a field, or by something worked out. */
static void add_sequence(Maker *m)
{
	int32_t dataset = (int32_t)below(m, DATASETS);
	static const int32_t fields[] = {F_DATE, F_MOMENT, F_CLOCK, F_MONEY, F_DAYS};
	Scope scope = {.var = {{0, hand_type(TYPE_ROW, dataset)}}, .nvars = 1, .next_slot = 1,
		.most_slots = 1, .group = -1};
	Sequence *sequence = &m->hand->book.sequence[m->hand->book.nsequences];
	m->scope = &scope;
	*sequence = (Sequence){.dataset = dataset, .previous_name = STR("previous"),
		.next_name = STR("next"), .nkeys = 1 + (int32_t)below(m, 2),
		.norder = 1 + (int32_t)below(m, 2)};
	sequence->key = ARENA_ARRAY(&m->hand->arena, Expr *, 2);
	sequence->order = ARENA_ARRAY(&m->hand->arena, Expr *, 2);
	for (int32_t k = 0; k < sequence->nkeys; k++)
		sequence->key[k] = group_key(m, dataset, 0);
	for (int32_t k = 0; k < sequence->norder; k++)
		sequence->order[k] = chance(m, 3) ? make(m, hand_type(TYPE_DATE, 0), 2)
			: hand_field(m->hand, hand_slot(m->hand, scope.var[0].type, 0), fields[below(m, 5)]);
	sequence->applies = chance(m, 2) ? make(m, yes_no(), 2) : NULL;
	sequence->nslots = scope.most_slots;
	m->scope = NULL;
	m->hand->book.nsequences++;
}

/* The row, the period or nothing behind the keys; what the entry is about. */
static void flow_rows(Maker *m, const Bank *bank, BankFlow *flow)
{
	Scope *scope = m->scope;
	Expr *owner = hand_slot(m->hand, hand_type(TYPE_ROW, bank->dataset), 0);
	int32_t link = bank->dataset == PROVISION ? LINK_PROVISION
		: chance(m, 2) ? LINK_PROVIDER : LINK_LOG_PROVIDER;
	static const int32_t from[LINKS] = {VISIT, PROVISION, LOG};
	bool rows = !chance(m, 4);
	if (bank->subject == SUBJECT_GROUP && rows) {
		flow->dataset = bank->dataset;
	} else if (bank->subject == SUBJECT_ROW && rows) {
		flow->dataset = from[link];
		flow->rows = hand_expr(m->hand, EXPR_LINKED, 0, link, hand_type(TYPE_ROWS, from[link]), 1,
			owner);
	} else if (bank->subject == SUBJECT_ROW && chance(m, 2)) {
		flow->calendar = (int32_t)below(m, CALENDARS);
		flow->from = hand_field(m->hand, owner, F_DATE);
		flow->to = hand_field(m->hand, owner, F_UNTIL);
		flow->open_end = chance(m, 2);
	}
	if (flow->dataset >= 0)
		scope->var[scope->nvars++] = (Var){bank->nkeys, hand_type(TYPE_ROW, flow->dataset)};
}

static void add_flow(Maker *m, Bank *bank)
{
	BankFlow *flow = &bank->flow[bank->nflows++];
	Scope *scope = m->scope;
	int32_t nvars = scope->nvars;
	*flow = (BankFlow){.credit = bank->nflows == 1 || chance(m, 2), .calendar = -1, .dataset = -1};
	flow_rows(m, bank, flow);
	Expr *row = flow->dataset < 0 ? NULL
		: hand_slot(m->hand, hand_type(TYPE_ROW, flow->dataset), bank->nkeys);
	flow->amount = row != NULL && !chance(m, 3) ? hand_field(m->hand, row, F_MONEY)
		: make(m, hand_quantity(100), 2);
	if (flow->calendar < 0)
		flow->on = row != NULL && !chance(m, 4)
			? hand_field(m->hand, row, chance(m, 2) ? F_DATE : F_MOMENT)
			: make(m, hand_type(TYPE_DATE, 0), 1);
	flow->where = row != NULL && chance(m, 2) ? make(m, yes_no(), 2) : NULL;
	scope->nvars = nvars;
}

static void bank_subject(Maker *m, Bank *bank)
{
	Scope *scope = m->scope;
	bank->key = ARENA_ARRAY(&m->hand->arena, GroupKey, 2);
	if (chance(m, 2)) {
		bank->subject = SUBJECT_ROW;
		bank->dataset = chance(m, 2) ? PROVISION : PROVIDER;
		bank->nkeys = 1;
		bank->key[0].expr = hand_slot(m->hand, hand_type(TYPE_ROW, bank->dataset), 0);
		scope->var[scope->nvars++] = (Var){0, bank->key[0].expr->type};
		scope->next_slot = scope->most_slots = 2;
		bank->covered = chance(m, 4) ? make(m, yes_no(), 1) : NULL;
		return;
	}
	bank->subject = SUBJECT_GROUP;
	bank->dataset = (int32_t)below(m, DATASETS);
	bank->nkeys = 1 + (int32_t)below(m, 2);
	scope->next_slot = scope->most_slots = bank->nkeys + 1;
	for (int32_t k = 0; k < bank->nkeys; k++)
		bank->key[k].expr = group_key(m, bank->dataset, bank->nkeys);
	scope->var[scope->nvars++] = (Var){bank->nkeys, hand_type(TYPE_ROW, bank->dataset)};
	bank->covered = chance(m, 4) ? make(m, yes_no(), 1) : NULL;
	scope->nvars = 0;
	for (int32_t k = 0; k < bank->nkeys; k++)
		scope->var[scope->nvars++] = (Var){k, bank->key[k].expr->type};
}

static void add_bank(Maker *m)
{
	Bank *bank = &m->hand->book.bank[m->hand->book.nbanks++];
	Scope scope = {.group = -1};
	m->scope = &scope;
	*bank = (Bank){.expires_with = -1, .last_day_in = chance(m, 2), .type = hand_quantity(100),
		.order = (BankOrder)below(m, 3)};
	bank_subject(m, bank);
	bank->flow = ARENA_ARRAY(&m->hand->arena, BankFlow, 4);
	for (uint64_t i = 0, n = 1 + below(m, 4); i < n; i++)
		add_flow(m, bank);
	bank->applies = chance(m, 3) ? make(m, yes_no(), 1) : NULL;
	bank->holds = chance(m, 3) ? make(m, hand_quantity(100), 1) : NULL;
	if (chance(m, 2))
		bank->expires = chance(m, 3) ? make(m, hand_unit(chance(m, 2) ? DIM_DAY : DIM_MONTH), 1)
			: hand_const(m->hand, hand_unit(DIM_DAY), (int64_t)below(m, 60));
	else if (chance(m, 2))
		bank->expires_with = (int32_t)below(m, CALENDARS);
	bank->nslots = scope.most_slots;
	m->scope = NULL;
}

static void add_derived(Maker *m)
{
	Rulebook *book = &m->hand->book;
	book->sequence = ARENA_ARRAY(&m->hand->arena, Sequence, 2);
	book->bank = ARENA_ARRAY(&m->hand->arena, Bank, 2);
	for (int i = 0; i < 2; i++) {
		add_sequence(m);
		add_bank(m);
	}
}

/*
 * In every other book: three versions, the middle one of which may end before
 * the last begins, and some of which may be unknown still (S7, S8).
 */
static void add_versions(Maker *m)
{
	static const int32_t introduced[3][3] = {{0, 1, 2}, {0, 2, 0}, {1, 2, 0}};
	static const int32_t texts[3] = {3, 2, 2};
	Rulebook *book = &m->hand->book;
	if (chance(m, 2))
		return;
	book->contract.ver = ARENA_ARRAY(&m->hand->arena, Version, 3);
	book->contract.nversions = 3;
	for (int32_t i = 0; i < 3; i++)
		book->contract.ver[i] = (Version){.from = 20190 + 60 * i + (int32_t)below(m, 30),
			.to = LAST_DAY, .published = NO_DAY};
	if (chance(m, 2))
		book->contract.ver[1].to = 20280;
	if (chance(m, 2))
		book->contract.ver[2].published = 20270 + (int32_t)below(m, 20);
	book->amended = ARENA_ARRAY(&m->hand->arena, Amended, 3);
	for (book->namended = 0; book->namended < 3; book->namended++)
		book->amended[book->namended] = (Amended){STR("define f"),
			arena_copy(&m->hand->arena, introduced[book->namended], sizeof introduced[0]),
			texts[book->namended]};
}

/* A rule may be one text of several. */
static void amend_rule(Maker *m, Rule *rule)
{
	if (m->hand->book.contract.nversions == 0 || chance(m, 2))
		return;
	rule->introduced = (int32_t)below(m, 3);
	rule->ended = rule->introduced < 2 && chance(m, 2) ? 2 : 0;
	rule->follows = rule->introduced > 0 && chance(m, 2);
}

/* Parts that are used come before those that use them. */
void random_book(Hand *hand, Random *random, int32_t rules)
{
	Maker m = {.hand = hand, .random = random};
	static const SubjectKind kinds[] = {SUBJECT_ROW, SUBJECT_ROW, SUBJECT_ROW_PERIOD,
		SUBJECT_ROW_IN};
	add_versions(&m);
	add_roundings(&m);
	add_parameters(&m);
	for (int k = 0; k < 7; k++)
		add_table(&m, k == 6 ? hand_type(TYPE_CODE, 0) : hand_quantity(scales[k]),
			(TableHit)(k == 6 ? below(&m, 2) : below(&m, 3)));
	for (int k = 0; k < 16; k++)
		add_define(&m, k % 4 == 0 ? random_type(&m) : k % 4 == 1 ? yes_no()
			: hand_quantity(k % 4 == 2 ? 100 : 1), (int32_t)below(&m, DATASETS + 1) - 1);
	add_derived(&m);
	for (int32_t i = 0; i < rules; i++) {
		if (chance(&m, 3))
			add_group_rule(&m);
		else
			add_row_rule(&m, kinds[below(&m, 4)]);
		amend_rule(&m, &hand->book.rule[hand->book.nrules - 1]);
	}
}

/* ---- stores ---- */

/*
 * Links go to any row: circles cannot come of it, as no dataset leads to
 * itself.
 */
static void fill_row(Maker *m, HandStore *hs, int32_t d, int32_t row)
{
	static const char *const text[] = {"a", "ab", "b", "abc"};
	for (int32_t f = 0; f < FIELDS; f++) {
		Type type = hand_field_type(d, f);
		int32_t target = hand_link_target(d);
		if (chance(m, 6))
			continue;
		if (f == F_TEXT)
			hand_set_text(hs, d, row, text[below(m, 4)]);
		else if (f == F_LINK && (target < 0 || hs->table[target].rows == 0))
			continue;
		else if (f == F_LINK)
			hand_set(hs, d, f, row, (int64_t)below(m, (uint64_t)hs->table[target].rows));
		else if (f == F_DATE || f == F_UNTIL)
			hand_set(hs, d, f, row, 20150 + (int64_t)below(m, 300));
		else if (f == F_DAYS || f == F_MONTHS)
			hand_set(hs, d, f, row, (int64_t)below(m, 300) - 30);
		else
			hand_set(hs, d, f, row, random_value(m, type));
	}
}

/*
 * Logs are matched at random, also several to a visit, and some matches are
 * unknown on either side.
 */
void random_store(HandStore *hs, const Hand *hand, Random *random, int32_t rows)
{
	Maker m = {.hand = (Hand *)(uintptr_t)hand, .random = random};
	int32_t count[DATASETS] = {rows, rows / 4, rows / 12 + 1, rows};
	hand_store_begin(hs, hand, count);
	for (int32_t d = 0; d < DATASETS; d++)
		for (int32_t row = 0; row < count[d]; row++)
			fill_row(&m, hs, d, row);
	uint64_t *left = ARENA_ARRAY(&hs->arena, uint64_t, (size_t)rows / 64 + 1);
	uint64_t *right = ARENA_ARRAY(&hs->arena, uint64_t, (size_t)rows / 64 + 1);
	for (int32_t i = 0; i < rows; i++) {
		if (chance(&m, 2))
			hs->left_of_right[i] = (int32_t)below(&m, (uint64_t)rows);
		if (chance(&m, 10))
			bit_set(left, i);
		if (chance(&m, 10))
			bit_set(right, i);
	}
	hs->match.left_unknown = left;
	hs->match.right_unknown = right;
	hand_store_link(hs, chance(&m, 2));
}
