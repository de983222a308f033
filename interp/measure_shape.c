/*
 * Which measures can be put together from parts: those whose figure looks at the group's rows in
 * aggregates alone, each of which speaks of one row at a time.
 *
 *   share(award where award.late) / count(award)
 *   `---------- leaf -----------'   `- leaf ---'    merges: leaves are added up where the rows are,
 *                                                  and what stands round them is worked out at the
 *                                                  end, from their sums
 *
 * A leaf whose condition looks at the group's rows again (the award that is dearer than their
 * average) holds each row against all of them, and does not merge.
 */
#include "interp/measure_fold.h"

typedef struct Shaping {
	MeasureShape *shape;
	const Rule *rule;
	Arena *arena;
	int32_t room;
} Shaping;

/* Slots that an aggregate binds for its own rows are free to use below it. A list on the C stack,
 * one link for each aggregate that is gone into. */
typedef struct Inner {
	const struct Inner *up;
	int32_t slot;
} Inner;

/* Aggregates stand in one another only as deep as the checker lets expressions be. */
static bool is_inner(const Inner *inner, int32_t slot)
{
	for (; inner != NULL; inner = inner->up)
		if (inner->slot == slot)
			return true;
	return false;
}

/* Speaks of one row, of the keys and of nothing else that is bound outside. Then the value of the
 * expression for a row is the same whichever other rows are in the store, which is all that adding
 * up in parts asks for. */
static bool is_closed(const Rule *rule, const Expr *expr, const Inner *inner)
{
	if (expr == NULL)
		return true;
	if (expr->op == EXPR_GROUP_ROWS)
		return false;
	if (expr->op == EXPR_SLOT)
		return expr->ref < rule->nkeys || is_inner(inner, expr->ref);
	const Inner own = {inner, expr->ref};
	for (int32_t i = 0; i < expr->nargs; i++) {
		bool inside = expr->op == EXPR_AGGREGATE && i > 0;
		if (!is_closed(rule, expr->arg[i], inside ? &own : inner))
			return false;
	}
	return true;
}

/* Arguments that were not written are left out or NULL. */
const Expr *measure_leaf_arg(const Expr *leaf, int i)
{
	return i < leaf->nargs ? leaf->arg[i] : NULL;
}

/* S78 keeps quotients out of sums; here they are kept out altogether, since a column cannot hold
 * one. A row as the only value would have to be found again by its key. An order (`by`, the fourth
 * argument) speaks of all rows at once. */
static bool is_leaf(const Rule *rule, const Expr *expr)
{
	const Inner own = {NULL, expr->ref};
	const Expr *where = measure_leaf_arg(expr, 1), *value = measure_leaf_arg(expr, 2);
	if (!merge_can((AggregateKind)expr->how) || (value != NULL && value->type.ratio) ||
			measure_leaf_arg(expr, 3) != NULL)
		return false;
	if (expr->how == AGG_ONLY_VALUE && value->type.kind == TYPE_ROW)
		return false;
	return is_closed(rule, where, &own) && is_closed(rule, value, &own);
}

/* A part and the figure share their trees, so an aggregate may be met twice. */
static void add_leaf(Shaping *shaping, const Expr *expr)
{
	MeasureShape *shape = shaping->shape;
	for (int32_t i = 0; i < shape->nleaves; i++)
		if (shape->leaf[i] == expr)
			return;
	if (shape->nleaves == shaping->room) {
		int32_t room = shaping->room * 2 + 8;
		const Expr **leaf = ARENA_ARRAY(shaping->arena, const Expr *, (size_t)room);
		uint8_t *kind = ARENA_ARRAY(shaping->arena, uint8_t, (size_t)room);
		for (int32_t i = 0; i < shape->nleaves; i++) {
			leaf[i] = shape->leaf[i];
			kind[i] = shape->kind[i];
		}
		shape->leaf = leaf;
		shape->kind = kind;
		shaping->room = room;
	}
	shape->leaf[shape->nleaves] = expr;
	shape->kind[shape->nleaves++] = expr->how;
	shape->dated |= expr->dated;
}

/* The group's rows may stand in aggregates that can be put together, and nowhere else. */
static void find_leaves(Shaping *shaping, const Expr *expr)
{
	if (expr == NULL)
		return;
	if (expr->op == EXPR_AGGREGATE && expr->arg[0]->op == EXPR_GROUP_ROWS) {
		if (is_leaf(shaping->rule, expr))
			add_leaf(shaping, expr);
		else
			shaping->shape->merges = false;
		return;
	}
	if (expr->op == EXPR_GROUP_ROWS)
		shaping->shape->merges = false;
	for (int32_t i = 0; i < expr->nargs; i++)
		find_leaves(shaping, expr->arg[i]);
}

/* The checker lets nothing else be a key; this is for rulebooks that were made by hand. */
static bool keys_by_number(const Rule *rule)
{
	for (int32_t k = 0; k < rule->nkeys; k++)
		if (rule->key[k].expr->type.ratio)
			return false;
	return true;
}

/* Windows have a law date each, so that a row which is in several of them would have to be worked
 * out under each. A law date that looks at the rows themselves rules it out as well: the date has
 * to be known before the first row is added, hence the count of leaves before and after `on`. */
MeasureShape measure_shape(const Rulebook *book, const Measure *measure, Arena *arena)
{
	const Rule *rule = &measure->rule;
	MeasureShape shape = {.measure = measure, .facts = figure_facts(book, measure, arena)};
	Shaping shaping = {&shape, rule, arena, 0};
	shape.merges = rule->subject == SUBJECT_GROUP && keys_by_number(rule);
	shape.dated = (rule->covered != NULL && rule->covered->dated) ||
		(rule->filter != NULL && rule->filter->dated);
	if (!shape.merges)
		return shape;
	find_leaves(&shaping, measure->figure);
	for (int32_t i = 0; i < measure->nparts; i++)
		find_leaves(&shaping, measure->part[i].value);
	const Expr *const other[] = {rule->applies, measure->target, measure->fails, measure->needs,
		measure->reported_rows, measure->reported};
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		find_leaves(&shaping, other[i]);
	int32_t leaves = shape.nleaves;
	find_leaves(&shaping, rule->on);
	shape.merges &= shape.nleaves == leaves && !(shape.dated && measure->window_key >= 0);
	return shape;
}
