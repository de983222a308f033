#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* qsort_r */
#endif
/*
 * From the parts of all stores to results. Windows are made here, of the parts of their periods;
 * then each group is one call of the explaining evaluator, with its aggregates given.
 *
 * What is done here mirrors measure.c, which has the rows; tests hold the two against each other.
 * Only the words of reasons may differ, since a part keeps its reasons sorted and not in the order
 * of the rows.
 *
 *   Merge      (P1, week 1) (P1, week 2) (P1, week 4) (P2, week 2)      groups as they were added
 *   windows    (P1, week 2) = week 1 + week 2                           only where a key rolls
 *   leaves     Partial -> Value, or the state and the reasons of what is open
 *   result     measure_of_leaves; of one that lacks facts, figure_bounds besides
 */
#include "interp/measure_fold.h"

#include <stdlib.h>
#include <string.h>

#include "interp/derive_walk.h"
#include "interp/walk_private.h"

/* `leaf` is scratch: the aggregates' values of the group at hand. */
typedef struct Fold {
	Walk walk;             /* with a window as wide as the contract's life */
	Law wide;
	const Law *law;        /* the run's own */
	const MeasureShape *shape;
	MeasureWants *wants;
	void *user;
	MeasureResults *out;
	Trace trace;
	Merge windows;
	Value *leaf;
} Fold;

/* ---- parts made into values ---- */

/* As the explaining evaluator says it: bounded, and "and others" behind. From the last to the
 * first, so that each join puts one reason before a list that is shared. */
static const Why *why_of(Eval *eval, const Reasons *reasons)
{
	const Why *out = NULL;
	if (reasons->more)
		out = walk_why(eval, STR("and others"));
	for (int32_t i = reasons->n; i-- > 0;)
		out = walk_why_join(eval, walk_why(eval, reasons->at[i]), out);
	return out;
}

/* The words of the explaining evaluator, by which lack of evidence is told from lack of facts. */
static Value no_rows(Eval *eval, const Expr *leaf)
{
	buf_str(&eval->buf, trace_written(eval, leaf));
	buf_puts(&eval->buf, " has no rows");
	return lost(STATE_UNKNOWN, walk_why(eval, walk_text(eval)));
}

/* The other way round from measure_scan. A quantity is stored over its type's scale, a fixed
 * denominator, and becomes a fraction here. */
static Value as_value(Type type, Atom atom)
{
	Value out = {.state = STATE_KNOWN, .n = atom.n};
	if (type.kind == TYPE_TEXT)
		out.text = atom.text;
	else if (type.kind == TYPE_QUANTITY)
		(void)ratio_make(atom.n, type.scale, &out.q);
	return out;
}

/* Quotients of what was added up; of no rows there is none (S18). The sum is that of whole numbers
 * over `scale`: exact however many rows there were. */
static Value quotient(Eval *eval, const Expr *leaf, Int128 n, int64_t scale, int64_t rows)
{
	Ratio sum = {0, 1}, out = {0, 1};
	if (rows == 0)
		return no_rows(eval, leaf);
	bool ok = ratio_make(n, scale, &sum) && ratio_div(sum, (Ratio){rows, 1}, &out);
	return walk_settle(eval, leaf, ok, out);
}

/* 128 bits, tested once at the end (S79). */
static Value total(Eval *eval, const Expr *leaf, const Partial *partial)
{
	Ratio sum = {0, 1};
	bool ok = ratio_make(partial->sum, leaf->arg[2]->type.scale, &sum);
	return walk_settle(eval, leaf, ok, sum);
}

/* S57: which of two values a group should stand for is a choice. */
static Value only_value(Eval *eval, const Expr *leaf, const Partial *partial)
{
	if (partial->rows == 0)
		return no_rows(eval, leaf);
	return partial->differ ? walk_missing(eval, "the values differ")
		: as_value(leaf->type, partial->first);
}

/* Kinds whose parts cannot be joined never come here: see measure_shape. The state comes first: a
 * sum is there beside it, but is that of the known rows alone, and to show it would pass for the
 * total (S15). */
static Value leaf_value(Eval *eval, const Expr *leaf, const Partial *partial)
{
	AggregateKind kind = (AggregateKind)leaf->how;
	uint8_t state = partial_state(partial, kind);
	if (state != STATE_KNOWN)
		return lost(state, why_of(eval, &partial->bad));
	switch (kind) {
	case AGG_ANY: return known_n(partial->yes > 0);
	case AGG_NONE: return known_n(partial->yes == 0);
	case AGG_ALL: return known_n(partial->no == 0);
	case AGG_COUNT: return walk_settle(eval, leaf, true, (Ratio){partial->rows, 1});
	case AGG_DISTINCT: return walk_settle(eval, leaf, true, (Ratio){partial->set.n, 1});
	case AGG_TOTAL: return total(eval, leaf, partial);
	case AGG_AVERAGE:
		return quotient(eval, leaf, partial->sum, leaf->arg[2]->type.scale, partial->rows);
	case AGG_SHARE: return quotient(eval, leaf, partial->yes, 1, partial->rows);
	case AGG_ONLY_VALUE: return only_value(eval, leaf, partial);
	case AGG_LEAST:
	case AGG_GREATEST:
		return partial->rows == 0 ? no_rows(eval, leaf) : as_value(leaf->type,
			(Atom){.n = kind == AGG_LEAST ? partial->least : partial->greatest});
	case AGG_FIRST: case AGG_LAST: case AGG_LIST: break;
	}
	return walk_missing(eval, "not put together from parts");
}

/* ---- what parts could come to ---- */

/* Rows of which all is known, as items: what each aggregate keeps of them is what it asks for.
 * Quantifiers have no rows of their own to count: each row is a yes or a no. Of `distinct` the
 * different values are all that matters, so that no row is an open one. */
static BoundPart plain_part(const BoundKind *kind, const Partial *partial)
{
	BoundPart out = {.sure = partial->rows, .may = partial->rows, .different = partial->set.n,
		.low = partial->sum, .high = partial->sum};
	Type type = kind->value;
	out.yes = out.may_yes = partial->yes;
	out.no = out.may_no = partial->no;
	if (kind->kind == AGG_ANY || kind->kind == AGG_NONE || kind->kind == AGG_ALL)
		out.sure = out.may = partial->yes + partial->no;
	if (kind->kind == AGG_DISTINCT)
		out.sure = out.may = 0;
	if (partial->any_value && ratio_make(partial->least, type.scale, &out.least.at) &&
			ratio_make(partial->greatest, type.scale, &out.most.at)) {
		out.least.set = out.most.set = true;
		out.bottom = out.least;
		out.top = out.most;
	}
	return out;
}

/* An average looks at the ends of rows that may go in alone. Plain rows surely go in, and are in
 * its sum. */
static Bound leaf_bound(const Expr *leaf, const Partial *partial, const BoundPart *open)
{
	BoundKind kind = bound_kind(leaf);
	BoundPart part = plain_part(&kind, partial);
	if (kind.kind == AGG_AVERAGE)
		part.least = part.most = part.bottom = part.top = (BoundEnd){0};
	if (open != NULL)
		bound_part_join(&part, open);
	return bound_part_reduce(&part, &kind);
}

/* Rows that may be of the group were counted among those that it kept. A group with `lost` has a
 * fact that the measure also answers itself: nothing is said of it. */
static void bound_group(const Walk *walk, const MeasureShape *shape, const MergeGroup *group,
	MeasureResult *result)
{
	Bound *bound = ARENA_ARRAY(walk->arena, Bound, (size_t)shape->nleaves + 1);
	if (group->lost)
		return;
	for (int32_t i = 0; i < shape->nleaves; i++)
		bound[i] = leaf_bound(shape->leaf[i], &group->leaf[i], group->bound == NULL ? NULL
			: &group->bound[i]);
	FigureLeaves leaves = {shape->leaf, bound, shape->nleaves, group->kept - group->maybe,
		group->kept};
	figure_bounds(walk, shape->measure, shape->facts, &leaves, result);
}

/* A window's periods are the groups that its rows make; all of them together are its rows. For
 * results that measure_all worked out over rows: those rows are scanned once more, in parts, so
 * that the bounds are those that an audit finds. What the scan leaves behind goes with the
 * arena. */
static void bound_merged(const Walk *walk, const MeasureShape *shape, MeasureResult *result)
{
	const Rule *rule = &shape->measure->rule;
	Arena arena = {0};
	Derive by_walk = derive_by_walk(walk->store, walk->law, &arena);
	MeasureScan scan = {.walk = *walk, .user = by_walk.user, .values = by_walk.values};
	Merge merge;
	MeasureTask task = {shape, true, &merge, false};
	scan.walk.arena = &arena;
	scan.walk.trace = NULL;
	merge_begin(&merge, &arena, rule->nkeys, shape->nleaves, shape->kind);
	measure_scan(&scan, &task, 1, result->group);
	MergeGroup whole = {.leaf = ARENA_ARRAY(&arena, Partial, (size_t)shape->nleaves + 1)};
	for (size_t i = 0; i < merge.group.n; i++)
		merge_add_group(&merge, &whole, merge.group.at[i]);
	scan.walk.arena = walk->arena;
	bound_group(&scan.walk, shape, &whole, result);
	merge_free(&merge);
	arena_free(&arena);
}

/* One that does not merge is looked at over its rows as they stand. */
void measure_bounds(const Walk *walk, const MeasureShape *shape, MeasureResult *result)
{
	if (shape->merges && result->on != NO_DAY)
		bound_merged(walk, shape, result);
	else
		figure_bounds(walk, shape->measure, shape->facts, NULL, result);
}

/* ---- one group ---- */

/* Room for what the measure's expressions bind besides. A key that is not known has the state of
 * the worst of them, in every slot (S56). */
static Value *slots_of(Fold *fold, const MergeGroup *group)
{
	const Rule *rule = &fold->shape->measure->rule;
	Value *slot = ARENA_ARRAY(fold->walk.arena, Value,
		(size_t)measure_nslots(fold->shape->measure));
	for (int32_t k = 0; k < rule->nkeys; k++)
		slot[k] = group->key[k].state != STATE_KNOWN ? lost(group->open.state, NULL)
			: as_value(rule->key[k].expr->type, group->key[k]);
	return slot;
}

/* The trace is filled again for the next group. */
static Str *keep(Arena *arena, const Str *list, size_t n)
{
	return n == 0 ? NULL : arena_copy(arena, list, n * sizeof *list);
}

/* A group whose rows were all refused is none (S55). The law's own window is put beside the result
 * afterwards, as in measure_all: the figure was worked out under one as wide as the contract's
 * life. */
static void fold_group(Fold *fold, const MergeGroup *group)
{
	const MeasureShape *shape = fold->shape;
	MeasureResult result;
	Eval eval;
	Value *slots = slots_of(fold, group);
	if (group->kept == 0 || (fold->wants != NULL && !fold->wants(fold->user, slots)))
		return;
	trace_clear(&fold->trace);
	eval_begin(&eval, &fold->walk, (RowSpan){NULL, 0});
	MeasureLeaves leaves = {shape->leaf, fold->leaf, shape->nleaves, group->kept,
		lost(group->open.state, why_of(&eval, &group->open))};
	for (int32_t i = 0; i < shape->nleaves; i++)
		fold->leaf[i] = leaf_value(&eval, shape->leaf[i], &group->leaf[i]);
	eval_end(&eval);
	if (!measure_of_leaves(&fold->walk, shape->measure, &leaves, slots, &result))
		return;
	result.inside = result.on == NO_DAY || (result.on >= fold->law->from &&
		result.on <= fold->law->to);
	result.missing = keep(fold->walk.arena, fold->trace.missing.at, fold->trace.missing.n);
	result.nmissing = (int32_t)fold->trace.missing.n;
	result.assumed = keep(fold->walk.arena, fold->trace.assumed.at, fold->trace.assumed.n);
	result.nassumed = (int32_t)fold->trace.assumed.n;
	if (measure_lacks_facts(&result))
		bound_group(&fold->walk, shape, group, &result);
	*vec_push(&fold->out->list) = result;
}

/* ---- windows ---- */

/* Any order will do that brings equal keys together; results are sorted afterwards. */
static int by_atom(const Atom *a, const Atom *b)
{
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	return str_cmp(a->text, b->text);
}

/* All keys but the one that rolls: groups that are equal in these make one row of windows. */
static int by_other_keys(const MergeGroup *a, const MergeGroup *b, const Fold *fold)
{
	int order = 0;
	for (int32_t k = 0; order == 0 && k < fold->windows.nkeys; k++)
		if (k != fold->shape->measure->window_key)
			order = by_atom(&a->key[k], &b->key[k]);
	return order;
}

/* Then by period, so that a window is a run of neighbours. */
static int by_window(const void *a, const void *b, void *user)
{
	const Fold *fold = user;
	const MergeGroup *x = *(MergeGroup *const *)a, *y = *(MergeGroup *const *)b;
	int32_t k = fold->shape->measure->window_key;
	int order = by_other_keys(x, y, fold);
	return order != 0 ? order : by_atom(&x->key[k], &y->key[k]);
}

/* The first period of the window; INT32_MIN before the calendar begins. As in measure.c. */
static int32_t window_start(const Measure *measure, const Calendar *calendar, int32_t last)
{
	for (int32_t i = 1; i < measure->window && last != INT32_MIN; i++)
		last = calendar_previous(calendar, last);
	return last;
}

/* The periods of one set of other keys, in order: a window for each from the first to the last.
 * Unlike there, each period is added to every window that it is a part of: sums cannot be taken
 * back. `window` times the periods, which are few beside rows. */
static void each_window(Fold *fold, MergeGroup *const *base, size_t n)
{
	const Measure *measure = fold->shape->measure;
	int32_t k = measure->window_key;
	const Calendar *calendar = &fold->walk.book->calendar[measure->rule.key[k].expr->type.ref];
	int32_t period = (int32_t)base[0]->key[k].n, last = (int32_t)base[n - 1]->key[k].n;
	Atom *key = arena_copy(fold->walk.arena, base[0]->key, sizeof *key *
		(size_t)fold->windows.nkeys);
	size_t from = 0, to = 0;
	for (; period != INT32_MIN && period <= last; period = calendar_next(calendar, period)) {
		int32_t start = window_start(measure, calendar, period);
		while (to < n && base[to]->key[k].n <= period)
			to++;
		while (from < to && base[from]->key[k].n < start)
			from++;
		key[k].n = period;
		for (size_t i = from; i < to; i++)
			merge_add_group(&fold->windows, merge_group(&fold->windows, key), base[i]);
	}
}

/* Rows without a key are in no window either (S56). Periods without a row that was kept make no
 * window, as in measure.c. */
static void roll(Fold *fold, const Merge *merge)
{
	VEC(MergeGroup *) base = {0};
	for (size_t i = 0; i < merge->group.n; i++) {
		MergeGroup *group = merge->group.at[i];
		if (merge->nkeys > 0 && group->key[0].state != STATE_KNOWN)
			merge_add_group(&fold->windows, merge_group(&fold->windows, group->key), group);
		else if (group->kept > 0)
			*vec_push(&base) = group;
	}
	if (base.n > 1)
		qsort_r(base.at, base.n, sizeof *base.at, by_window, fold);
	for (size_t from = 0, i = 1; i <= base.n && base.n > 0; i++) {
		if (i < base.n && by_other_keys(base.at[from], base.at[i], fold) == 0)
			continue;
		each_window(fold, base.at + from, i - from);
		from = i;
	}
	vec_free(&base);
}

/* Wide, as in measure_all: the trend needs what lies before the window. `merge` stays as it is: it
 * may be folded again for another contract's measure of the same groups. */
void measure_fold(const Walk *walk, const MeasureShape *shape, const Merge *merge,
	MeasureWants *wants, void *user, MeasureResults *out)
{
	Fold fold = {.walk = *walk, .law = walk->law, .wide = *walk->law, .shape = shape,
		.wants = wants, .user = user, .out = out};
	*out = (MeasureResults){0};
	fold.wide.from = NO_DAY;
	fold.wide.to = LAST_DAY;
	fold.walk.law = &fold.wide;
	fold.walk.trace = &fold.trace;
	fold.leaf = ARENA_ARRAY(walk->arena, Value, (size_t)shape->nleaves + 1);
	merge_begin(&fold.windows, walk->arena, merge->nkeys, merge->nleaves, merge->kind);
	if (shape->measure->window_key >= 0)
		roll(&fold, merge);
	const Merge *from = shape->measure->window_key >= 0 ? &fold.windows : merge;
	for (size_t i = 0; i < from->group.n; i++)
		fold_group(&fold, from->group.at[i]);
	measure_order(&fold.walk, shape->measure, out);
	merge_free(&fold.windows);
	trace_free(&fold.trace);
}
