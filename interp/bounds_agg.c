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
	bool one_of;             /* it is one of the values, which no part can say */
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

/* What the row says of the one value that all may be; and states of conditions. */
static void take_either(const BoundAgg *agg, Bound *either, const Bound *where, const Bound *value)
{
	*either = bound_hull(agg->expr->type, *either, *value);
	either->missing = either->missing || where->missing;
	either->bad = either->bad || where->bad;
}

/* Rows whose condition is surely no are left out, as everywhere. */
static void take_open(BoundAgg *agg, int32_t i)
{
	Bound value = {0}, where = where_of(agg, i);
	if (!bound_may_be(where, 1) && !where.missing)
		return;
	if (agg->value != NULL)
		value = bound_expr(agg->b, agg->scene, agg->value);
	bound_part_add(&agg->part, &agg->kind, where, value);
	if (agg->one_of)
		take_either(agg, &agg->either, &where, &value);
}

/* What does not change from box to box goes into `kept`, if there is one. */
static void take_settled(BoundAgg *agg, Value value, KeptPart *kept)
{
	bound_part_add_known(kept != NULL ? &kept->part : &agg->part, &agg->kind, value);
	if (!agg->one_of)
		return;
	Bound where = bound_yes_no(true, false);
	Bound one = agg->value == NULL ? (Bound){0} : bound_known(agg->value->type, value);
	take_either(agg, kept != NULL ? &kept->either : &agg->either, &where, &one);
}

/* True for a row that may rest on a fact that is missing. */
static bool take_row(BoundAgg *agg, int32_t i, int32_t row, KeptPart *kept)
{
	Bounder *b = agg->b;
	const Expr *where = arg_of(agg->expr, ARG_WHERE);
	Value in = known_n(1), value = {0};
	int64_t from = bound_spent(b);
	agg->scene->frame.slot[agg->expr->ref] = known_n(row);
	bool settled = b->maybe == NULL && (where == NULL ||
		bound_settled(b, agg->scene, where, &in));
	if (settled && in.n != 0 && agg->value != NULL)
		settled = bound_settled(b, agg->scene, agg->value, &value);
	if (!settled) {
		take_open(agg, i);
		return true;
	}
	if (in.n != 0)
		take_settled(agg, value, kept);
	if (kept != NULL)
		kept->cost += bound_spent(b) - from;
	return false;
}

/*
 * Of a group that is the same in every box most rows say the same in every box too: those that rest
 * on no fact that is missing. The first look adds them up, and leaves the others for each look.
 *
 *   rows ─┬─ no fact is missing ──> KeptPart ──────┐
 *         └─ open ──> each box ──> its own part ───┴─ join ─> BoundPart
 *
 * Only in the rule's own scope, outside of all loops, does an aggregate stand for the same rows
 * every time. What goes by an order looks at all of them.
 */
static bool may_keep(const BoundAgg *agg)
{
	const Bounder *b = agg->b;
	return b->eval.whole && b->eval.keep != NULL && b->eval.inside == 0 &&
		b->rule->subject == SUBJECT_GROUP && agg->scene->frame.slot == b->slot &&
		agg->expr->arg[ARG_ROWS]->op == EXPR_GROUP_ROWS && arg_of(agg->expr, ARG_BY) == NULL;
}

/* NULL: this is the first look. */
static const KeptPart *find_part(const BoundAgg *agg)
{
	const Bounder *b = agg->b;
	for (size_t i = 0; i < b->kept_part.n; i++)
		if (b->kept_part.at[i].expr == agg->expr &&
		    b->kept_part.at[i].law_day == agg->scene->frame.law_day)
			return &b->kept_part.at[i];
	return NULL;
}

/* Takes the rows, and tells apart those that are the same in every box. */
static const KeptPart *take_apart(BoundAgg *agg, RowSpan rows)
{
	Bounder *b = agg->b;
	KeptPart kept = {.expr = agg->expr, .law_day = agg->scene->frame.law_day};
	int32_t *open = ARENA_ROOM(b->eval.keep->arena, int32_t, (size_t)rows.n + 1);
	for (int32_t i = 0; i < rows.n; i++)
		if (take_row(agg, i, rows.at[i], &kept))
			open[kept.open.n++] = rows.at[i];
	kept.open.at = open;
	*vec_push(&b->kept_part) = kept;
	return &b->kept_part.at[b->kept_part.n - 1];
}

/* All of them, or those that are open beside what was kept of the others. */
static void take_rows(BoundAgg *agg, RowSpan rows)
{
	bool keeps = may_keep(agg);
	const KeptPart *kept = keeps ? find_part(agg) : NULL;
	RowSpan open = kept != NULL ? kept->open : rows;
	agg->b->steps += kept != NULL ? kept->cost : 0;
	agg->b->eval.inside++;
	if (keeps && kept == NULL)
		kept = take_apart(agg, rows);
	else
		for (int32_t i = 0; i < open.n; i++)
			take_row(agg, i, open.at[i], NULL);
	agg->b->eval.inside--;
	if (kept == NULL)
		return;
	bound_part_join(&agg->part, &kept->part);
	if (agg->one_of)
		agg->either = bound_hull(agg->expr->type, kept->either, agg->either);
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
	agg->b->eval.inside++;
	for (int32_t i = 0; by != NULL && i < rows.n; i++) {
		agg->scene->frame.slot[agg->expr->ref] = known_n(rows.at[i]);
		bound_expr(agg->b, agg->scene, by);
	}
	agg->b->eval.inside--;
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
	agg.one_of = expr->how == AGG_FIRST || expr->how == AGG_LAST || expr->how == AGG_ONLY_VALUE;
	RowSpan open = sifted(b, scene, expr, rows.value.rows);
	b->steps += open.n;
	take_rows(&agg, open);
	look_at_order(&agg, open);
	return reduce(&agg);
}
