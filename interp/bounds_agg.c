/*
 * Bounds of aggregates over rows that are here: each of them is an item of a part.
 *
 *   walk_eval knows the figure      known: nothing of it is open
 *   rows are not known              anything, perhaps missing
 *   rows                            each an item: surely in or maybe, with the bounds of its value
 *                                   └─> BoundPart ─ reduce ─> the figure's bounds
 */
#include "interp/bounds_part.h"
#include "interp/bounds_private.h"

enum { ARG_ROWS, ARG_WHERE, ARG_VALUE, ARG_BY };

/* `slot` of the scene's frame is written to while rows go by, as the explaining evaluator does. */
typedef struct BoundAgg {
	Bounder *b;
	const Scene *scene;
	const Expr *expr, *value;
	BoundKind kind;
	BoundPart part;
	Bound either;            /* what any of the values may be, and what is open of conditions */
} BoundAgg;

/* Arguments that were not written are left out or NULL. */
static const Expr *arg_of(const Expr *expr, int i)
{
	return i < expr->nargs ? expr->arg[i] : NULL;
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

/* Rows whose condition is surely no are left out, as everywhere. `either` gathers what no part can
 * say: which one value it is, and states of conditions. */
static void take_rows(BoundAgg *agg, RowSpan rows)
{
	for (int32_t i = 0; i < rows.n; i++) {
		Bound value = {0};
		agg->scene->frame.slot[agg->expr->ref] = known_n(rows.at[i]);
		Bound where = where_of(agg, i);
		if (!bound_may_be(where, 1) && !where.missing)
			continue;
		if (agg->value != NULL)
			value = bound_expr(agg->b, agg->scene, agg->value);
		bound_part_add(&agg->part, &agg->kind, where, value);
		agg->either = bound_hull(agg->expr->type, agg->either, value);
		agg->either.missing = agg->either.missing || where.missing;
		agg->either.bad = agg->either.bad || where.bad;
	}
}

/* One of the values. A row itself is no figure: which of them it is stays open. */
static Bound one_of_them(const BoundAgg *agg)
{
	Bound out = agg->value != NULL ? agg->either : bound_any();
	out.missing = out.missing || agg->value == NULL || agg->part.sure == 0;
	out.known = out.known && !out.missing && !out.bad && agg->part.sure == agg->part.may;
	return out;
}

/* S18: these are missing of no rows; the others say what no rows come to. */
static bool needs_a_row(AggregateKind kind)
{
	switch (kind) {
	case AGG_FIRST: case AGG_LAST: case AGG_LEAST: case AGG_GREATEST: case AGG_AVERAGE:
	case AGG_SHARE: case AGG_ONLY_VALUE:
		return true;
	case AGG_ANY: case AGG_NONE: case AGG_ALL: case AGG_COUNT: case AGG_TOTAL: case AGG_DISTINCT:
	case AGG_LIST:
		break;
	}
	return false;
}

/*
 * Where there may be no row at all, what is missing may be a row and no fact: there is no telling
 * what it would say, so anything may come of it. A box in which no row is left must not come to
 * more than the one that it was cut from, so that one row that is open is as good as none. Where
 * the rule answers the absence itself, it stays missing.
 */
static bool lacks_a_row(const BoundAgg *agg)
{
	return agg->part.sure == 0 && agg->b->answered == 0 && needs_a_row(agg->kind.kind);
}

/* Which of the rows it is goes by an order, or by all being the same. */
static Bound reduce(const BoundAgg *agg)
{
	bool by_order = agg->kind.kind == AGG_FIRST || agg->kind.kind == AGG_LAST;
	if (lacks_a_row(agg)) {
		Bound out = agg->kind.kind == AGG_SHARE
			? bound_between(agg->expr->type, (Ratio){0, 1}, (Ratio){1, 1}) : bound_any();
		out.missing = true;
		out.bad = agg->part.bad || agg->either.bad;
		return out;
	}
	if (by_order || (agg->kind.kind == AGG_ONLY_VALUE && one_of_them(agg).known))
		return one_of_them(agg);
	return bound_part_reduce(&agg->part, &agg->kind);
}

/* Rows of the group are told apart by their place, and a share counts those that are refused. */
static RowSpan sifted(Bounder *b, const Scene *scene, const Expr *expr, RowSpan rows)
{
	if (expr->arg[ARG_ROWS]->op == EXPR_GROUP_ROWS || expr->how == AGG_SHARE)
		return rows;
	Sifting sifting;
	return walk_sift(&b->eval, &scene->frame, expr, rows, &sifting);
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

/* Figures over rows of several partitions bring the bounds of their aggregates along. */
static const Bound *given(const Bounder *b, const Expr *expr)
{
	for (int32_t i = 0; i < b->eval.nleaves; i++)
		if (b->eval.leaf[i].expr == expr)
			return &b->leaf[i];
	return NULL;
}

/* Where all is known the explaining evaluator has the figure; but it takes every row of the group
 * for one of it. */
Bound bound_aggregate(Bounder *b, const Scene *scene, const Expr *expr)
{
	const Bound *leaf = given(b, expr);
	if (leaf != NULL)
		return *leaf;
	if (b->maybe == NULL) {
		Value value = walk_eval(&b->eval, &scene->frame, expr);
		if (value.state == STATE_KNOWN)
			return bound_known(expr->type, value);
		if (value.state == STATE_FAULT)
			return bound_bad();
	}
	Bound rows = bound_expr(b, scene, expr->arg[ARG_ROWS]);
	if (!rows.known) {
		Bound out = bound_any();
		out.missing = true;
		out.bad = rows.bad;
		return out;
	}
	BoundAgg agg = {.b = b, .scene = scene, .expr = expr, .kind = bound_kind(expr)};
	agg.value = agg.kind.has_value ? arg_of(expr, ARG_VALUE) : NULL;
	RowSpan open = sifted(b, scene, expr, rows.value.rows);
	b->steps += open.n;
	take_rows(&agg, open);
	look_at_order(&agg, open);
	return reduce(&agg);
}
