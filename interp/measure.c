#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* qsort_r */
#endif
/*
 * From subjects to figures. Groups come from subject_each; where a key rolls, its groups are put
 * together to windows:
 *
 *   weeks with rows      1  2  .  4                    of one provider
 *   rolling 3 weeks      1: {1}  2: {1 2}  3: {1 2}  4: {2 4}
 *
 * Every figure of the contract's life is worked out, also those outside the run's window: so the
 * trend of a quarter does not hang on where the audit begins.
 *
 * Of one subject the questions come in the order of a rule's, and the first that has no answer ends
 * them:
 *
 *   keys, on, covers     no answer: not assessed (or the subject is nobody's: no result)
 *   applies when         no: not applicable
 *   parts, figure        worked out now, as they are shown with every status from here on
 *   compare              the provider's own figure: stands beside the status, never changes it
 *   needs                too few rows: insufficient evidence, whatever the figure
 *   figure is known?     no rows to divide by: insufficient; lacking facts: not assessed
 *   target, fails        met, watch, failed; conflict when both hold
 *
 * The same functions serve whole stores (measure_all), one subject (measure_one), and groups whose
 * aggregates were added up elsewhere (measure_of_leaves): what a figure says cannot depend on how
 * it was reached.
 */
#include "interp/measure.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "interp/measure_fold.h"
#include "interp/walk_private.h"

/* ---- words ---- */

/* The words of reports and of the case file; scenarios have shorter ones for two of them. */
const char *measure_status_word(MeasureStatus status)
{
	static const char *const word[STATUSES] = {
		[STATUS_NONE] = "", [STATUS_MET] = "met", [STATUS_WATCH] = "watch",
		[STATUS_FAILED] = "failed", [STATUS_INSUFFICIENT] = "insufficient evidence",
		[STATUS_NOT_ASSESSED] = "not assessed", [STATUS_CONFLICT] = "conflict",
		[STATUS_NOT_APPLICABLE] = "not applicable",
	};
	return word[status];
}

/* Empty where there is nothing to compare. */
const char *measure_reported_word(Reported how)
{
	static const char *const word[] = {
		[REPORTED_NONE] = "", [REPORTED_SAME] = "same", [REPORTED_DIFFERS] = "differs",
		[REPORTED_ABSENT] = "not reported", [REPORTED_SEVERAL] = "conflict",
		[REPORTED_UNKNOWN] = "unknown",
	};
	return word[how];
}

/* ---- one subject: status ---- */

/* Handed through walk_ask as `user`: what `ask` needs beside the evaluator. */
typedef struct Work {
	const Measure *measure;
	Eval *eval;
	const Frame *frame;
	MeasureResult *out;
	int64_t rows;      /* of the group where they are elsewhere */
} Work;

/* Under the law date that the subject was given. */
static Value look(Work *work, const Expr *expr)
{
	return walk_eval(work->eval, work->frame, expr);
}

/* In the order in which they were met. The text is the arena's. */
static Str join_reasons(Eval *eval, const Why *why)
{
	for (; why != NULL; why = why->next) {
		buf_str(&eval->buf, why->text);
		if (why->next != NULL)
			buf_puts(&eval->buf, "; ");
	}
	return walk_text(eval);
}

/* Faults and conflicts go before what is unknown (S23, S34), and are never taken for it. */
static void leave_open(Work *work, Value open)
{
	MeasureResult *out = work->out;
	out->status = open.state == STATE_CONFLICT ? STATUS_CONFLICT : STATUS_NOT_ASSESSED;
	out->overflow = open.state == STATE_FAULT;
	out->reason = join_reasons(work->eval, open.why);
	if (open.state == STATE_UNKNOWN)
		trace_missing(work->eval, open.why);
}

/* Reasons name the expression that they are about, and end in what is wrong with it. That end is
 * the only trace of the kind of reason, so its words are fixed: walk_number.c and walk_agg.c write
 * them, measure_fold.c writes them again for figures made of parts. */
static bool ends_with(Str text, const char *end)
{
	size_t n = strlen(end);
	return text.len >= n && memcmp(text.ptr + text.len - n, end, n) == 0;
}

/* S19: nothing to divide by, or no rows to take a mean of, is a lack of evidence and not of facts.
 * One fact that is missing besides makes it a figure that could not be worked out. */
static bool lacks_rows(Value figure)
{
	if (figure.state != STATE_UNKNOWN || figure.why == NULL)
		return false;
	for (const Why *why = figure.why; why != NULL; why = why->next)
		if (!ends_with(why->text, "divided by zero") && !ends_with(why->text, " has no rows"))
			return false;
	return true;
}

/* S98: below the least evidence whatever the figure, which is shown all the same. */
static bool has_evidence(Work *work)
{
	MeasureResult *out = work->out;
	if (work->measure->needs == NULL)
		return true;
	Value least = look(work, work->measure->needs);
	if (least.state != STATE_KNOWN) {
		leave_open(work, least);
		return false;
	}
	if (ratio_cmp((Ratio){out->rows, 1}, least.q) >= 0)
		return true;
	out->status = STATUS_INSUFFICIENT;
	buf_printf(&work->eval->buf, "%lld %s, fewer than the least number needed",
		(long long)out->rows, out->rows == 1 ? "row" : "rows");
	out->reason = walk_text(work->eval);
	return false;
}

/* Of `at most 5%` and its like: how far the figure lies above the target. The figure stands in its
 * slot, on the left, when the target is written as a comparison; of a range, or of two conditions
 * with `and`, there is no one distance. In the figure's own unit, above the target positive,
 * whichever side of it is the good one. */
static void work_out_margin(Work *work)
{
	const Expr *target = work->measure->target;
	MeasureResult *out = work->out;
	if (target == NULL || target->op != EXPR_COMPARE || target->arg[0]->op != EXPR_SLOT)
		return;
	Value bound = look(work, target->arg[1]);
	out->has_margin = bound.state == STATE_KNOWN &&
		ratio_sub(out->figure.q, bound.q, &out->margin);
}

/*
 * S98.       fails    not
 *   target   conflict met
 *   not      failed   watch
 *
 * A line that the contract does not draw is never met and never failed: without a target whatever
 * does not fail is met, without a failure line nothing fails.
 */
static void compare_lines(Work *work)
{
	const Measure *measure = work->measure;
	MeasureResult *out = work->out;
	Value met = known_n(measure->target == NULL), failed = known_n(0), open = known_n(0);
	if (measure->target != NULL)
		met = look(work, measure->target);
	if (measure->fails != NULL)
		failed = look(work, measure->fails);
	trace_assumed(work->eval, "target of", measure->rule.decl.name, measure->target_assumed);
	trace_assumed(work->eval, "failure line of", measure->rule.decl.name,
		measure->fails_assumed);
	if (!walk_both(work->eval, met, failed, &open)) {
		leave_open(work, open);
		return;
	}
	work_out_margin(work);
	if (failed.n != 0 && met.n != 0 && measure->target != NULL) {
		out->status = STATUS_CONFLICT;
		out->reason = STR("the target is met and the failure line is crossed");
	} else {
		out->status = failed.n != 0 ? STATUS_FAILED : met.n != 0 ? STATUS_MET : STATUS_WATCH;
	}
}

/* ---- one subject: the provider's own figure ---- */

/*
 * The step that a figure was given to: its own decimal places, in the unit in which it was given;
 * money has pence at least. Zero: none, it holds exactly.
 *
 *   £12.5      pence: 12.50 at least, so a hundredth
 *   7.4%       one place of a percent: a thousandth
 *   7.25 hours, of a column in hours: a hundredth of an hour, 36 seconds
 *   1/3        none within six places: compared as it is
 *
 * A column `read to N decimals` has been read to those places, whatever this one value shows.
 */
static Ratio given_step(const Rulebook *book, const Expr *value, Ratio given)
{
	Ratio unit = {1, 1}, in_unit, step = {0, 1};
	int places = 0;
	if (value->type.form == FORM_PERCENT && unit_none(value->type.unit))
		unit = (Ratio){1, 100};
	if (value->op == EXPR_FIELD) {
		const Field *field = &book->dataset[value->arg[0]->type.ref].field[value->ref];
		if (field->read_to)
			return (Ratio){1, value->type.scale};
		if (value->type.unit.of[DIM_TIME] != 0)
			unit = field->unit;
	}
	if (value->type.unit.of[DIM_MONEY] == 1)
		places = 2;
	for (int64_t tens = places == 2 ? 100 : 1; places <= 6; places++, tens *= 10)
		if (ratio_div(given, unit, &in_unit) && tens % in_unit.d == 0 &&
				ratio_div(unit, (Ratio){tens, 1}, &step))
			return step;
	return (Ratio){0, 1};
}

/* Half a step counts away from zero, as whoever rounds by hand would have it. Only the figure is
 * rounded, never what was reported (S99): 7.4% reported agrees with 7.4499% worked out, not with
 * 7.45%. */
bool measure_agrees(const Rulebook *book, const Expr *reported, Ratio figure, Ratio given)
{
	const Expr *value = reported;
	if (value->op == EXPR_AGGREGATE && value->nargs > 2 && value->arg[2] != NULL)
		value = value->arg[2];
	Ratio step = given_step(book, value, given);
	if (step.n > 0)
		(void)ratio_round(figure, step, ROUND_HALF_AWAY, &figure);
	return ratio_cmp(figure, given) == 0;
}

/* S99. What the provider says stands beside the figure also where that has no status. Several rows
 * are named and none of them is chosen. */
static void compare_reported(Work *work)
{
	const Measure *measure = work->measure;
	MeasureResult *out = work->out;
	if (measure->reported == NULL)
		return;
	Value rows = look(work, measure->reported_rows);
	out->how = REPORTED_UNKNOWN;
	if (rows.state != STATE_KNOWN || rows.q.n != 1) {
		if (rows.state == STATE_KNOWN)
			out->how = rows.q.n == 0 ? REPORTED_ABSENT : REPORTED_SEVERAL;
		return;
	}
	out->reported = look(work, measure->reported);
	if (out->reported.state != STATE_KNOWN || out->figure.state != STATE_KNOWN)
		return;
	bool same = measure_agrees(work->eval->walk->book, measure->reported, out->figure.q,
		out->reported.q);
	out->how = same ? REPORTED_SAME : REPORTED_DIFFERS;
	out->has_difference = ratio_sub(out->figure.q, out->reported.q, &out->difference);
}

/* ---- one subject ---- */

/* Parts also where one of them is not known: the others can still be told. The figure then has a
 * slot of its own, through which `target` and `fails` speak of it. */
static void work_out_figure(Work *work)
{
	const Measure *measure = work->measure;
	MeasureResult *out = work->out;
	for (int32_t i = 0; i < measure->nparts; i++)
		out->part[i] = look(work, measure->part[i].value);
	out->figure = look(work, measure->figure);
	work->frame->slot[measure->figure_slot] = out->figure;
	trace_assumed(work->eval, measure->kpi ? "kpi" : "measure", measure->rule.decl.name,
		measure->rule.decl.assumed);
}

/* Under the law date, once the subject is settled. The order of the questions is in the head of
 * this file; it is part of what a status means. */
static void ask(void *user, Eval *eval, const Frame *frame)
{
	Work *work = user;
	const Rule *rule = &work->measure->rule;
	MeasureResult *out = work->out;
	work->eval = eval;
	work->frame = frame;
	out->rows = rule->subject != SUBJECT_GROUP ? -1 : work->rows >= 0 ? work->rows : eval->group.n;
	Value applies = rule->applies == NULL ? known_n(1) : look(work, rule->applies);
	if (applies.state != STATE_KNOWN) {
		leave_open(work, applies);
		return;
	}
	if (applies.n == 0) {
		out->status = STATUS_NOT_APPLICABLE;
		return;
	}
	work_out_figure(work);
	compare_reported(work);
	if (!has_evidence(work))
		return;
	if (lacks_rows(out->figure)) {
		out->status = STATUS_INSUFFICIENT;
		out->reason = join_reasons(eval, out->figure.why);
	} else if (out->figure.state != STATE_KNOWN) {
		leave_open(work, out->figure);
	} else if (work->measure->kpi) {
		compare_lines(work);
	}
}

/* A row of `among` has the slot behind the keys, also where no expression was left to use it. */
int32_t measure_nslots(const Measure *measure)
{
	int32_t subject = subject_nslots(&measure->rule) + 1;
	return (measure->rule.nslots > subject ? measure->rule.nslots : subject) + 2;
}

bool measure_lacks_facts(const MeasureResult *result)
{
	return result->status == STATUS_NOT_ASSESSED && !result->overflow;
}

static void result_begin(Walk *walk, const Measure *measure, Value *slots, MeasureResult *out)
{
	Value unknown = {.state = STATE_UNKNOWN};
	*out = (MeasureResult){.slot = slots, .on = NO_DAY, .rows = -1, .figure = unknown,
		.reported = unknown, .previous = unknown};
	out->part = ARENA_ARRAY(walk->arena, Value, (size_t)measure->nparts + 1);
	out->part_bound = ARENA_ARRAY(walk->arena, FigureBound, (size_t)measure->nparts + 1);
	for (int32_t i = 0; i < measure->nparts; i++)
		out->part[i] = unknown;
}

/* The law date of keys alone. A group without one is looked at and named (S3). The steps of
 * walk_ask, without rows: the group has been narrowed where the rows are, and `open` says what
 * could not be told of any of them. A subject outside the contract's life, or whose measure another
 * version withdrew, is not `inside`, and nobody hears of it. */
static bool settle_keys(Work *work, Eval *eval, Frame *frame, const MeasureLeaves *leaves)
{
	const Rule *rule = &work->measure->rule;
	const Contract *contract = &eval->walk->book->contract;
	MeasureResult *out = work->out;
	Value open = leaves->open, on = walk_eval(eval, frame, rule->on);
	if (on.state == STATE_KNOWN)
		out->on = rule->on->type.kind == TYPE_MOMENT ? moment_day(on.n) : (int32_t)on.n;
	bool life = out->on == NO_DAY || (out->on >= contract->from && out->on <= contract->to);
	out->inside = life && law_holds(contract, eval->walk->law, rule, out->on);
	out->rows = leaves->rows;
	frame->law_day = out->on;
	if (open.state == STATE_KNOWN)
		open = on;
	if (out->inside && open.state != STATE_KNOWN)
		leave_open(work, open);
	return out->inside && open.state == STATE_KNOWN;
}

/* The window is the caller's affair, who may want the figure for the trend alone. The leaves are
 * put before the evaluator as the values of the aggregates that they stand for, so that everything
 * round them (quotients, `or else`, lines) is worked out here as over rows. */
bool measure_of_leaves(Walk *walk, const Measure *measure, const MeasureLeaves *leaves,
	Value *slots, MeasureResult *out)
{
	Eval eval;
	Frame frame = {slots, NO_DAY, NOT_MUTED};
	Work work = {.measure = measure, .out = out, .eval = &eval, .rows = leaves->rows};
	Leaf *leaf = ARENA_ARRAY(walk->arena, Leaf, (size_t)leaves->n + 1);
	for (int32_t i = 0; i < leaves->n; i++)
		leaf[i] = (Leaf){leaves->expr[i], leaves->value[i]};
	result_begin(walk, measure, slots, out);
	eval_begin(&eval, walk, (RowSpan){NULL, 0});
	eval.leaf = leaf;
	eval.nleaves = leaves->n;
	if (settle_keys(&work, &eval, &frame, leaves))
		ask(&work, &eval, &frame);
	eval_end(&eval);
	return out->inside;
}

/* Who the subject is, is settled as for a rule. One that walk_ask could not settle keeps its group
 * and says why, with the verdict's word turned into a status: law 5's sum, of figures. */
bool measure_one(Walk *walk, const Measure *measure, Value *slots, RowSpan group,
	MeasureResult *out)
{
	Judgement found;
	Work work = {.measure = measure, .out = out, .rows = -1};
	result_begin(walk, measure, slots, out);
	out->group = group;
	int32_t rows;
	bool settled = walk_ask(walk, &measure->rule, slots, group, ask, &work, &found, &rows);
	out->on = found.on;
	out->inside = found.inside;
	if (!found.covered || !found.inside)
		return false;
	if (!settled) {
		out->status = found.verdict == VERDICT_CONFLICT ? STATUS_CONFLICT : STATUS_NOT_ASSESSED;
		out->overflow = found.overflow;
		out->reason = found.reason;
		out->rows = measure->rule.subject == SUBJECT_GROUP ? rows : -1;
	}
	return true;
}

/* ---- all subjects ---- */

/* A group as subject_each gives it, kept for the windows that it goes into. A period of them is a
 * member of up to `window` windows. */
typedef struct Base {
	Value *slot;
	RowSpan rows;
} Base;

/* `base` is filled only where a key rolls. */
typedef struct All {
	Walk walk;         /* with a window as wide as the contract's life */
	Law wide;
	const Law *law;    /* the run's own */
	const Measure *measure;
	MeasureResults *out;
	Trace trace;
	MeasureShape shape; /* .measure NULL until a figure lacks facts */
	VEC(Base) base;
} All;

/* The trace is emptied for the next subject, and its vectors with it; the texts are the arena's,
 * and stay. */
static Str *keep(Arena *arena, const Str *list, size_t n)
{
	return n == 0 ? NULL : arena_copy(arena, list, n * sizeof *list);
}

/* The slots are the caller's to use again, so a result has its own. */
static Value *own_slots(const All *all, const Value *slots)
{
	Value *own = ARENA_ARRAY(all->walk.arena, Value, (size_t)measure_nslots(all->measure));
	memcpy(own, slots, sizeof *own * (size_t)subject_nslots(&all->measure->rule));
	return own;
}

/* Figures that lack facts are rare. */
static void add_bounds(All *all, MeasureResult *result)
{
	if (all->shape.measure == NULL)
		all->shape = measure_shape(all->walk.book, all->measure, all->walk.arena);
	measure_bounds(&all->walk, &all->shape, result);
}

/* `inside` is by the run's own window, not by the wide one that the figure was worked out under. */
static void add_result(All *all, const Value *slots, RowSpan group)
{
	MeasureResult result;
	Value *own = own_slots(all, slots);
	trace_clear(&all->trace);
	if (!measure_one(&all->walk, all->measure, own, group, &result))
		return;
	result.inside = result.on == NO_DAY || (result.on >= all->law->from &&
		result.on <= all->law->to);
	result.missing = keep(all->walk.arena, all->trace.missing.at, all->trace.missing.n);
	result.nmissing = (int32_t)all->trace.missing.n;
	result.assumed = keep(all->walk.arena, all->trace.assumed.at, all->trace.assumed.n);
	result.nassumed = (int32_t)all->trace.assumed.n;
	if (measure_lacks_facts(&result))
		add_bounds(all, &result);
	*vec_push(&all->out->list) = result;
}

/* Surely refused, as far as that can be told before the law date of a window is known. A condition
 * that looks at dated things may say no in one window and yes in the next: it is asked for each
 * window, by walk_ask. */
static bool is_refused(All *all, const Expr *condition, Value *slots)
{
	if (condition == NULL || condition->dated)
		return false;
	Walk quiet = all->walk;
	quiet.trace = NULL;
	Value in = walk_expr(&quiet, condition, slots, NO_DAY, (RowSpan){NULL, 0});
	return in.state == STATE_KNOWN && in.n == 0;
}

/* Without the rows that are refused: which windows there are goes by the others. A period all of
 * whose rows are refused would otherwise make windows that nobody has rows in. Rows of which it is
 * not known stay in: they leave the window's figure open (S16). */
static RowSpan kept_rows(All *all, Value *slots, RowSpan group)
{
	const Rule *rule = &all->measure->rule;
	int32_t n = 0, *row = ARENA_ARRAY(all->walk.arena, int32_t, (size_t)group.n + 1);
	for (int32_t i = 0; i < group.n; i++) {
		slots[rule->nkeys] = known_n(group.at[i]);
		if (!is_refused(all, rule->covered, slots) && !is_refused(all, rule->filter, slots))
			row[n++] = group.at[i];
	}
	return (RowSpan){row, n};
}

static void take_period(All *all, const Value *slots, RowSpan group)
{
	Base base = {own_slots(all, slots), {NULL, 0}};
	base.rows = kept_rows(all, base.slot, group);
	if (base.rows.n > 0)
		*vec_push(&all->base) = base;
}

/* Rows without a key are in no window either (S56). */
static void take_subject(void *user, Value *slots, RowSpan group)
{
	All *all = user;
	bool known = true;
	for (int32_t i = 0; i < subject_nslots(&all->measure->rule); i++)
		known &= slots[i].state == STATE_KNOWN;
	if (all->measure->window_key < 0 || !known)
		add_result(all, slots, group);
	else
		take_period(all, slots, group);
}

/* ---- windows ---- */

/* By all keys but the one that rolls, then by that one. */
static int by_other_keys(const Base *a, const Base *b, const All *all)
{
	const Rule *rule = &all->measure->rule;
	int order = 0;
	for (int32_t k = 0; order == 0 && k < rule->nkeys; k++)
		if (k != all->measure->window_key)
			order = value_order(all->walk.store, subject_type(rule, k), a->slot[k], b->slot[k],
				all->walk.arena);
	return order;
}

/* Periods of one set of other keys stand together, in order. */
static int by_window(const void *a, const void *b, void *user)
{
	const All *all = user;
	const Base *x = a, *y = b;
	int32_t k = all->measure->window_key;
	int order = by_other_keys(x, y, all);
	return order != 0 ? order : (x->slot[k].n > y->slot[k].n) - (x->slot[k].n < y->slot[k].n);
}

/* Evidence lists rows by key. */
static int by_key(const void *a, const void *b, void *user)
{
	const All *all = user;
	return store_key_cmp(all->walk.store, all->measure->rule.dataset, *(const int32_t *)a,
		*(const int32_t *)b, all->walk.arena);
}

/* The rows of some groups, by key as a group's rows are. Of several periods rows come period by
 * period, so they are sorted once more; one period's are in order already. */
static RowSpan gather(All *all, const Base *base, size_t n)
{
	int32_t rows = 0, at = 0;
	for (size_t i = 0; i < n; i++)
		rows += base[i].rows.n;
	int32_t *row = ARENA_ARRAY(all->walk.arena, int32_t, (size_t)rows + 1);
	for (size_t i = 0; i < n; i++) {
		memcpy(row + at, base[i].rows.at, sizeof *row * (size_t)base[i].rows.n);
		at += base[i].rows.n;
	}
	if (n > 1)
		qsort_r(row, (size_t)rows, sizeof *row, by_key, all);
	return (RowSpan){row, rows};
}

/* The first period of the window that ends with this one. A calendar does not go back for ever;
 * before its beginning there is INT32_MIN, which is below every period: the first windows are
 * shorter. */
static int64_t window_start(const Measure *measure, const Calendar *calendar, int32_t last)
{
	for (int32_t i = 1; i < measure->window && last != INT32_MIN; i++)
		last = calendar_previous(calendar, last);
	return last;
}

/*
 * A window for each period from the first with rows to the last; one without rows is no group
 * (S55).
 *
 *   periods with rows     1  2  .  4        base[from..to) moves along with `period`:
 *   period 3, of 3 weeks  [1  2  3]         from = 1, to = 3rd: rows of 1 and 2
 *   period 4              [2  3  4]         from = 2: rows of 2 and 4
 *
 * Both ends only move forward, so all windows together cost one pass over the periods and the rows
 * that are copied.
 */
static void each_window(All *all, const Base *base, size_t n)
{
	const Measure *measure = all->measure;
	int32_t k = measure->window_key;
	const Calendar *calendar = &all->walk.book->calendar[subject_type(&measure->rule, k).ref];
	int32_t period = (int32_t)base[0].slot[k].n, last = (int32_t)base[n - 1].slot[k].n;
	size_t from = 0, to = 0;
	for (; period != INT32_MIN && period <= last; period = calendar_next(calendar, period)) {
		int64_t start = window_start(measure, calendar, period);
		while (to < n && base[to].slot[k].n <= period)
			to++;
		while (from < to && base[from].slot[k].n < start)
			from++;
		if (from == to)
			continue;
		Value *slot = own_slots(all, base[from].slot);
		slot[k] = known_n(period);
		add_result(all, slot, gather(all, base + from, to - from));
	}
}

/* One run of groups for each set of other keys. */
static void roll(All *all)
{
	size_t n = all->base.n;
	if (n > 0)
		qsort_r(all->base.at, n, sizeof *all->base.at, by_window, all);
	for (size_t from = 0, i = 1; i <= n && n > 0; i++) {
		if (i < n && by_other_keys(&all->base.at[from], &all->base.at[i], all) == 0)
			continue;
		each_window(all, all->base.at + from, i - from);
		from = i;
	}
}

/* ---- order, and the period before ---- */

typedef struct Order {
	const Walk *walk;
	const Rule *rule;
} Order;

/* What is not known comes last. */
static int by_subject(const void *a, const void *b, void *user)
{
	const Order *order = user;
	const MeasureResult *x = a, *y = b;
	int found = 0;
	for (int32_t i = 0; found == 0 && i < subject_nslots(order->rule); i++) {
		found = (x->slot[i].state != STATE_KNOWN) - (y->slot[i].state != STATE_KNOWN);
		if (found == 0 && x->slot[i].state == STATE_KNOWN)
			found = value_order(order->walk->store, subject_type(order->rule, i), x->slot[i],
				y->slot[i], order->walk->arena);
	}
	return found;
}

/* By halves: the results are sorted. */
static const MeasureResult *find_subject(const Order *order, const MeasureResults *results,
	const MeasureResult *probe)
{
	size_t low = 0, high = results->list.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int found = by_subject(&results->list.at[middle], probe, (void *)(uintptr_t)order);
		if (found == 0)
			return &results->list.at[middle];
		if (found < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The same subject a period earlier, when that can be named. A quarter's predecessor, by the
 * calendar; where a key rolls, the window that ends one period earlier. The first period of a
 * calendar has none. */
static bool earlier(const Walk *walk, const Measure *measure, const MeasureResult *of,
	Value *slot)
{
	int32_t k = measure->period_key, n = subject_nslots(&measure->rule);
	if (k < 0)
		return false;
	for (int32_t i = 0; i < n; i++) {
		slot[i] = of->slot[i];
		if (slot[i].state != STATE_KNOWN)
			return false;
	}
	const Calendar *calendar = &walk->book->calendar[subject_type(&measure->rule, k).ref];
	slot[k].n = calendar_previous(calendar, (int32_t)slot[k].n);
	return slot[k].n != INT32_MIN;
}

/* What did not apply a period ago has no figure to compare with. One that lacks facts is handed on
 * as what it is, unknown: the trend says so. */
static void find_previous(const Walk *walk, const Measure *measure, MeasureResults *results)
{
	const Order order = {walk, &measure->rule};
	Value *slot = ARENA_ARRAY(walk->arena, Value, (size_t)measure_nslots(measure));
	for (size_t i = 0; i < results->list.n; i++) {
		MeasureResult *of = &results->list.at[i], probe = {.slot = slot};
		const MeasureResult *found = earlier(walk, measure, of, slot)
			? find_subject(&order, results, &probe) : NULL;
		if (found == NULL || found->status == STATUS_NOT_APPLICABLE)
			continue;
		of->has_previous = true;
		of->previous = found->figure;
	}
}

/* Sorting moves results, so the search comes behind it. The order is that of reports and of the
 * case file, and does not depend on rows or threads (law 8). */
void measure_order(const Walk *walk, const Measure *measure, MeasureResults *results)
{
	Order order = {walk, &measure->rule};
	if (results->list.n > 1)
		qsort_r(results->list.at, results->list.n, sizeof *results->list.at, by_subject, &order);
	find_previous(walk, measure, results);
}

/* Of `every quarter`, whose periods are those of the window, the one before the first is looked at
 * too. It lies outside the window, so it is never reported, only compared with. */
static void add_earlier(All *all)
{
	const Measure *measure = all->measure;
	size_t n = all->out->list.n;
	if (measure->rule.subject != SUBJECT_ROW_PERIOD || measure->rule.every_from != NULL)
		return;
	Order order = {&all->walk, &measure->rule};
	Value *slot = ARENA_ARRAY(all->walk.arena, Value, (size_t)measure_nslots(measure));
	if (n > 1)
		qsort_r(all->out->list.at, n, sizeof *all->out->list.at, by_subject, &order);
	for (size_t i = 0; i < n; i++) {
		const MeasureResult *of = &all->out->list.at[i];
		bool first = i == 0 || of[-1].slot[0].n != of->slot[0].n;
		if (first && earlier(&all->walk, measure, of, slot))
			add_result(all, slot, (RowSpan){NULL, 0});
	}
}

/* Without a trace while subjects are looked for: finding them is no evidence for any. */
void measure_all(const Walk *walk, const Measure *measure, MeasureResults *out)
{
	All all = {.walk = *walk, .law = walk->law, .wide = *walk->law, .measure = measure,
		.out = out};
	*out = (MeasureResults){0};
	all.wide.from = NO_DAY;
	all.wide.to = LAST_DAY;
	Walk find = *walk;
	find.trace = NULL;
	all.walk.law = &all.wide;
	all.walk.trace = &all.trace;
	subject_each(&find, &measure->rule, take_subject, &all);
	roll(&all);
	add_earlier(&all);
	measure_order(&all.walk, measure, out);
	trace_free(&all.trace);
	vec_free(&all.base);
}
