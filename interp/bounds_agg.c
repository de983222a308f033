/*
 * Bounds of aggregates. A row surely goes in, or may go in, or does not; what goes in has bounds of
 * its own.
 *
 *   total   sum of what surely goes in, and of what may, each hulled with nothing
 *   count   rows that surely go in .. rows that may
 */
#include "interp/bounds_private.h"

enum { ARG_ROWS, ARG_WHERE, ARG_VALUE, ARG_BY };

typedef struct BoundItem {
	bool sure;
	Bound where, value;
} BoundItem;

typedef struct BoundAgg {
	Bounder *b;
	const Scene *scene;
	const Expr *expr, *value;
	BoundItem *item;         /* rows that go in or may */
	int32_t n, sure, rows;
	Bound open;              /* missing and bad of conditions */
} BoundAgg;

/* Arguments that were not written are left out or NULL. */
static const Expr *arg_of(const Expr *expr, int i)
{
	return i < expr->nargs ? expr->arg[i] : NULL;
}

/* Counts of rows are ends. */
static Ratio whole(int64_t n)
{
	return (Ratio){n, 1};
}

/* A row of the group may not be of it at all. */
static Bound where_of(const BoundAgg *agg, int32_t i)
{
	Bounder *b = agg->b;
	const Expr *where = arg_of(agg->expr, ARG_WHERE);
	Bound out = where == NULL ? bound_yes_no(true, false) : bound_expr(b, agg->scene, where);
	if (b->maybe != NULL && agg->expr->arg[ARG_ROWS]->op == EXPR_GROUP_ROWS && b->maybe[i])
		out = bound_logic(out, bound_yes_no(true, true), false);
	return out;
}

/* Rows whose condition is surely no are left out, as everywhere. */
static void take_rows(BoundAgg *agg, RowSpan rows)
{
	agg->item = ARENA_ARRAY(&agg->b->arena, BoundItem, (size_t)rows.n + 1);
	agg->rows = rows.n;
	for (int32_t i = 0; i < rows.n; i++) {
		BoundItem *item = &agg->item[agg->n];
		agg->scene->frame.slot[agg->expr->ref] = known_n(rows.at[i]);
		item->where = where_of(agg, i);
		bound_spread(&agg->open, item->where);
		agg->open.some = true;
		if (!bound_may_be(item->where, 1) && !item->where.missing)
			continue;
		item->sure = bound_surely(item->where, 1);
		if (agg->value != NULL)
			item->value = bound_expr(agg->b, agg->scene, agg->value);
		agg->sure += item->sure;
		agg->n++;
	}
}

/* As it comes out, with what is open of the conditions. */
static Bound with_open(const BoundAgg *agg, Bound out)
{
	out.missing = out.missing || agg->open.missing;
	out.bad = out.bad || agg->open.bad;
	out.known = out.known && !out.missing && !out.bad;
	return out;
}

/* From those that surely count to those that may. */
static Bound count(const BoundAgg *agg)
{
	return bound_between(agg->expr->type, whole(agg->sure), whole(agg->n));
}

/* A row that may be left out adds anything between nothing and its value. */
static Bound total(const BoundAgg *agg)
{
	Type type = agg->expr->type;
	Bound none = bound_between(type, whole(0), whole(0)), out = none;
	for (int32_t i = 0; i < agg->n; i++) {
		const BoundItem *item = &agg->item[i];
		Bound next = item->sure ? item->value : bound_hull(type, item->value, none);
		out = bound_add(type, out, next);
	}
	return out;
}

/* What holds of any of the rows. */
static Bound hull(const BoundAgg *agg)
{
	Bound out = {0};
	for (int32_t i = 0; i < agg->n; i++)
		out = bound_hull(agg->expr->type, out, agg->item[i].value);
	out.missing = out.missing || agg->sure == 0;
	out.known = out.known && !out.missing && agg->sure == agg->n;
	return out;
}

/* The mean lies among the values; of rows that all surely go in it is the sum over their number. */
static Bound average(const BoundAgg *agg)
{
	if (agg->n == 0 || agg->sure < agg->n)
		return hull(agg);
	return bound_divide(agg->expr->type, total(agg), bound_between(agg->expr->type, whole(agg->n),
		whole(agg->n)));
}

/* Rows that surely go in hold the greatest from below; all that may, from above. */
static Bound extreme(const BoundAgg *agg, bool most)
{
	Bound out = {0};
	if (agg->sure == 0)
		return hull(agg);
	bool first = true;
	for (int32_t i = 0; i < agg->n; i++) {
		if (!agg->item[i].sure)
			continue;
		out = first ? agg->item[i].value
			: bound_extreme(agg->expr->type, out, agg->item[i].value, most);
		first = false;
	}
	for (int32_t i = 0; i < agg->n; i++)
		if (!agg->item[i].sure)
			out = bound_hull(agg->expr->type, out,
				bound_extreme(agg->expr->type, out, agg->item[i].value, most));
	return out;
}

/* After Kleene, row by row. */
static Bound any(const BoundAgg *agg)
{
	Bound out = bound_yes_no(false, true);
	for (int32_t i = 0; i < agg->n; i++) {
		Bound holds = agg->item[i].where;
		if (agg->value != NULL)
			holds = bound_logic(holds, agg->item[i].value, false);
		out = bound_logic(out, holds, true);
	}
	return out;
}

/* A row that is left out, or that satisfies the condition. */
static Bound all(const BoundAgg *agg)
{
	Bound out = bound_yes_no(true, false);
	for (int32_t i = 0; i < agg->n; i++)
		out = bound_logic(out, bound_logic(bound_not(agg->item[i].where), agg->item[i].value, true),
			false);
	return out;
}

/* Rows with yes, over rows. */
static Bound share(const BoundAgg *agg)
{
	int32_t least = 0, most = 0, of = agg->value == NULL ? agg->rows : agg->n;
	Ratio lo = whole(0), hi = whole(1);
	Bound spread = bound_any();
	for (int32_t i = 0; i < agg->n; i++) {
		const BoundItem *item = &agg->item[i];
		Bound yes = agg->value == NULL ? item->where : item->value;
		bound_spread(&spread, yes);
		least += bound_surely(yes, 1);
		most += bound_may_be(yes, 1);
	}
	if (of == 0)
		return bound_missing();
	if (agg->value == NULL || agg->sure == agg->n) {
		ratio_make(least, of, &lo);
		ratio_make(most, of, &hi);
	}
	Bound out = bound_between(agg->expr->type, lo, hi);
	bound_spread(&out, spread);
	out.missing = out.missing || (agg->value != NULL && agg->sure == 0);
	return out;
}

/* Values that differ make it missing. */
static Bound only_value(const BoundAgg *agg)
{
	Bound out = hull(agg);
	out.missing = out.missing || !out.known;
	return out;
}

/* One at least, when there is a row; no more than rows. */
static Bound distinct(const BoundAgg *agg)
{
	Bound out = bound_between(agg->expr->type, whole(agg->sure > 0), whole(agg->n));
	for (int32_t i = 0; i < agg->n; i++)
		bound_spread(&out, agg->item[i].value);
	return out;
}

/* A row itself is no figure: which of them it is stays open. */
static Bound first_or_last(const BoundAgg *agg)
{
	if (agg->value != NULL)
		return hull(agg);
	Bound out = bound_any();
	out.missing = true;
	return out;
}

/* Kinds that need their conditions settled carry what is open of them along. */
static Bound reduce(const BoundAgg *agg)
{
	switch ((AggregateKind)agg->expr->how) {
	case AGG_ANY: return any(agg);
	case AGG_NONE: return bound_not(any(agg));
	case AGG_ALL: return all(agg);
	case AGG_COUNT: return with_open(agg, count(agg));
	case AGG_TOTAL: return with_open(agg, total(agg));
	case AGG_LEAST: return with_open(agg, extreme(agg, false));
	case AGG_GREATEST: return with_open(agg, extreme(agg, true));
	case AGG_AVERAGE: return with_open(agg, average(agg));
	case AGG_DISTINCT: return with_open(agg, distinct(agg));
	case AGG_FIRST: case AGG_LAST: return with_open(agg, first_or_last(agg));
	case AGG_SHARE: return with_open(agg, share(agg));
	case AGG_ONLY_VALUE: return with_open(agg, only_value(agg));
	case AGG_LIST: break;
	}
	return bound_any();
}

/* Ordered rows need what orders them, too: it is looked at for the facts that it lacks. */
static void look_at_order(const BoundAgg *agg, RowSpan rows)
{
	const Expr *by = arg_of(agg->expr, ARG_BY);
	for (int32_t i = 0; by != NULL && i < rows.n; i++) {
		agg->scene->frame.slot[agg->expr->ref] = known_n(rows.at[i]);
		bound_expr(agg->b, agg->scene, by);
	}
}

/* A count looks at no value. */
static bool takes_value(const Expr *expr)
{
	return expr->how != AGG_COUNT;
}

/* Where all is known the explaining evaluator has the figure; but it takes every row of the group
 * for one of it. */
Bound bound_aggregate(Bounder *b, const Scene *scene, const Expr *expr)
{
	if (b->maybe == NULL) {
		Value value = walk_eval(&b->eval, &scene->frame, expr);
		if (value.state == STATE_KNOWN)
			return bound_known(expr->type, value);
		if (value.state == STATE_FAULT)
			return bound_bad();
	}
	Bound rows = bound_expr(b, scene, expr->arg[ARG_ROWS]);
	b->steps += rows.known ? rows.value.rows.n : 0;
	if (!rows.known) {
		Bound out = bound_any();
		out.missing = true;
		out.bad = rows.bad;
		return out;
	}
	BoundAgg agg = {.b = b, .scene = scene, .expr = expr, .open = bound_any(),
		.value = takes_value(expr) ? arg_of(expr, ARG_VALUE) : NULL};
	take_rows(&agg, rows.value.rows);
	look_at_order(&agg, rows.value.rows);
	return reduce(&agg);
}
