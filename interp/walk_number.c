/*
 * Arithmetic and roundings, all by Ratio: exact, with one test at the end of each step whether the
 * result fits the denominator that the checker chose for it. Nothing rounds but a rounding (law 3).
 *
 * A fraction has 128 bits above and 64 below. What leaves that range is a fault of the row, as what
 * leaves the 64 bits of its type is: never a rounded figure (law 1).
 */
#include "base/civil.h"
#include "interp/walk_private.h"

/* ---- one operand ---- */

/* Sign, size or another denominator. Another denominator changes no value: only the test that it
 * fits is another. */
static Value one_operand(Eval *eval, const Frame *frame, const Expr *expr)
{
	Value a = walk_eval(eval, frame, expr->arg[0]);
	if (a.state != STATE_KNOWN)
		return a;
	Ratio q = a.q;
	if (expr->op == EXPR_NEGATE || (expr->op == EXPR_ABSOLUTE && q.n < 0))
		q.n = -q.n;
	return walk_settle(eval, expr, true, q);
}

/* ---- two operands ---- */

/* S19: one bad row must neither stop a run nor pass, so a zero divisor makes the quotient missing.
 * A literal zero was refused by the checker. */
static Value divide(Eval *eval, const Expr *expr, Ratio a, Ratio b)
{
	Ratio q = {0, 1};
	if (b.n == 0)
		return walk_missing(eval, "divided by zero");
	bool ok = ratio_div(a, b, &q);
	return walk_settle(eval, expr, ok, q);
}

/* False when the exact result cannot be held. */
static bool combine(ExprOp op, Ratio a, Ratio b, Ratio *out)
{
	if (op == EXPR_ADD)
		return ratio_add(a, b, out);
	if (op == EXPR_SUBTRACT)
		return ratio_sub(a, b, out);
	return ratio_mul(a, b, out);
}

/* Both sides are worked out even when the first is lost: a fault on the other would outrank it. */
static Value two_operands(Eval *eval, const Frame *frame, const Expr *expr)
{
	Value out;
	Ratio q = {0, 1};
	Value a = walk_eval(eval, frame, expr->arg[0]), b = walk_eval(eval, frame, expr->arg[1]);
	if (!walk_both(eval, a, b, &out))
		return out;
	if (expr->op == EXPR_DIVIDE)
		return divide(eval, expr, a.q, b.q);
	bool ok = combine((ExprOp)expr->op, a.q, b.q, &q);
	return walk_settle(eval, expr, ok, q);
}

/* The first of several that are equal; every one has to be known (S15). */
static Value extreme(Eval *eval, const Frame *frame, const Expr *expr)
{
	const Walk *walk = eval->walk;
	int wanted = expr->op == EXPR_LEAST ? -1 : 1;
	Value best = {0}, worst = lost(STATE_KNOWN, NULL);
	for (int32_t i = 0; i < expr->nargs; i++) {
		Value next = walk_eval(eval, frame, expr->arg[i]);
		walk_spread(eval, &worst, next);
		if (worst.state != STATE_KNOWN)
			continue;
		if (i == 0 || value_order(walk->store, expr->type, next, best, walk->arena) == wanted)
			best = next;
	}
	if (worst.state != STATE_KNOWN)
		return worst;
	return walk_settle(eval, expr, true, best.q).state == STATE_KNOWN ? best
		: walk_fault(eval, expr);
}

/* ---- sums that are shown ---- */

/* A sum is worked out with what it is a part of, and again for its line of evidence, each part once
 * more with the whole: where evidence is kept, the first time stands for the others. The very same
 * expression alone, whose own lines have been written: other words would have lines of their own.
 * Of the few sums of a rule the last is most often the one. */
static const Sum *sum_had(const Eval *eval, const Frame *frame, const Expr *expr)
{
	const Sum *sum = eval->sum;
	while (sum != NULL && (sum->expr != expr || sum->law_day != frame->law_day))
		sum = sum->next;
	return sum;
}

/* Steps that were spared count as if they had been made (Keep in interp/walk.h). */
static Value sum_again(Eval *eval, const Sum *sum)
{
	eval->open += sum->open;
	eval->spared += sum->cost;
	return sum->value;
}

typedef Value SumFn(Eval *eval, const Frame *frame, const Expr *expr);

static Value summed(Eval *eval, const Frame *frame, const Expr *expr, SumFn *fn)
{
	if (eval->walk->trace == NULL || !walk_of_subject(eval, frame))
		return fn(eval, frame, expr);
	const Sum *had = sum_had(eval, frame, expr);
	if (had != NULL)
		return sum_again(eval, had);
	int64_t before = eval->open, from = eval->steps + eval->spared;
	Value value = fn(eval, frame, expr);
	Sum *sum = ARENA_NEW(eval->walk->arena, Sum);
	*sum = (Sum){eval->sum, expr, frame->law_day, eval->open != before,
		eval->steps + eval->spared - from, value};
	eval->sum = sum;
	return value;
}

Value walk_number(Eval *eval, const Frame *frame, const Expr *expr)
{
	return expr->nargs == 1 ? one_operand(eval, frame, expr)
		: summed(eval, frame, expr, two_operands);
}

Value walk_extreme(Eval *eval, const Frame *frame, const Expr *expr)
{
	return summed(eval, frame, expr, extreme);
}

/* ---- roundings ---- */

/* A figure of the rounding, n over its scale. A whole number over a scale of at most 10^12 always
 * can be made a fraction. */
static bool figure(const Rounding *rounding, Int128 n, Ratio *out)
{
	return ratio_make(n, rounding->type.scale, out);
}

/*
 * Whole units, and one more when the rest reaches the figure.
 *
 *   counts 60 minutes from 53 minutes:   52 minutes  0    53 minutes  60    115 minutes  120
 *
 * Downwards also below zero, as walk_floor goes.
 */
static bool count_units(const Rounding *rounding, Ratio in, Ratio *out)
{
	Ratio unit, from, units, rest, whole;
	figure(rounding, rounding->step, &unit);
	figure(rounding, rounding->counts_from, &from);
	if (!ratio_div(in, unit, &units))
		return false;
	Ratio count = {walk_floor(units), 1};
	if (!ratio_mul(count, unit, &whole) || !ratio_sub(in, whole, &rest))
		return false;
	if (ratio_cmp(rest, from) >= 0)
		count.n++;
	return ratio_mul(count, unit, out);
}

/* Each end says whether it is in (S44); the last band may have no upper end. */
static bool in_band(const Rounding *rounding, const Band *band, Ratio in)
{
	Ratio lo, hi;
	figure(rounding, band->lo, &lo);
	figure(rounding, band->hi, &hi);
	int from = ratio_cmp(in, lo), to = ratio_cmp(in, hi);
	return (from > 0 || (from == 0 && !band->lo_open)) &&
		(band->no_hi || to < 0 || (to == 0 && band->hi_in));
}

/* Bands do not overlap, which the checker has proved, so the first that holds is the only one. */
static const Band *find_band(const Rounding *rounding, Ratio in)
{
	for (int32_t i = 0; i < rounding->nbands; i++)
		if (in_band(rounding, &rounding->band[i], in))
			return &rounding->band[i];
	return NULL;
}

typedef enum Rounded { ROUNDED, ROUNDED_NOT_FIT, ROUNDED_NO_BAND } Rounded;

/* Everything before minimum and maximum. A hole between two bands is no fault: the figure is
 * missing there. */
static Rounded first_step(const Rounding *rounding, Ratio in, Ratio *out)
{
	Ratio step;
	const Band *band;
	*out = in;
	switch (rounding->how) {
	case STEP_NONE:
		break;
	case STEP_TO:
		figure(rounding, rounding->step, &step);
		return ratio_round(in, step, rounding->mode, out) ? ROUNDED : ROUNDED_NOT_FIT;
	case STEP_COUNTS:
		return count_units(rounding, in, out) ? ROUNDED : ROUNDED_NOT_FIT;
	case STEP_BANDS:
		band = find_band(rounding, in);
		if (band == NULL)
			return ROUNDED_NO_BAND;
		figure(rounding, band->to, out);
		break;
	}
	return ROUNDED;
}

/* S88: round, then the minimum, which nothing at all does not earn (S87), then the maximum. */
static Rounded round_figure(const Rounding *rounding, Ratio in, Ratio *out)
{
	Ratio least, most;
	Rounded done = first_step(rounding, in, out);
	if (done != ROUNDED)
		return done;
	if (rounding->has_least && figure(rounding, rounding->least, &least) && out->n > 0 &&
	    ratio_cmp(*out, least) < 0)
		*out = least;
	if (rounding->has_most && figure(rounding, rounding->most, &most) &&
	    ratio_cmp(*out, most) > 0)
		*out = most;
	return ROUNDED;
}

/* Law 3: the value before rounding stays in the evidence. The same rounding of the same value is
 * one line, wherever it is written. */
static void trace_rounding(Eval *eval, const Frame *frame, const Expr *expr, Value in, Value out)
{
	const Walk *walk = eval->walk;
	const Rounding *rounding = &walk->book->rounding[expr->ref];
	trace_assumed(eval, "rounding", rounding->decl.name, rounding->decl.assumed);
	if (!trace_wants(eval, frame, expr))
		return;
	const Label *label = trace_label(eval, expr, LABEL_SELF);
	uint64_t hash = trace_mix(label->name_hash, trace_hash(expr->arg[0]->type, in));
	if (!trace_first(eval, hash))
		return;
	value_print(&eval->buf, walk->store, walk->book, expr->arg[0]->type, in, walk->arena);
	buf_puts(&eval->buf, " before rounding");
	Str note = walk_text(eval);
	trace_value(eval, (TraceLine){label, .key = NO_KEY, .note = note}, expr->type, out);
}

/* Names the value too: with a hole between two bands it is that which tells where. */
static Value no_band(Eval *eval, const Rounding *rounding, Type type, Value in)
{
	const Walk *walk = eval->walk;
	buf_puts(&eval->buf, "no band of ");
	buf_str(&eval->buf, rounding->decl.name);
	buf_puts(&eval->buf, " holds ");
	value_print(&eval->buf, walk->store, walk->book, type, in, walk->arena);
	return lost(STATE_UNKNOWN, walk_why(eval, walk_text(eval)));
}

/* Of a clock time alone, midnight is on another day, which it cannot say. */
static Value next_day(Eval *eval, Type type, Value in)
{
	value_print(&eval->buf, eval->walk->store, eval->walk->book, type, in, eval->walk->arena);
	buf_puts(&eval->buf, " is rounded beyond its day");
	return lost(STATE_UNKNOWN, walk_why(eval, walk_text(eval)));
}

/* S89: of a moment the local clock time is rounded, up to midnight if need be, by the clock as it
 * went then: steps make up an hour, so the hour that is repeated or skipped moves no mark, and no
 * moment moves by more than a step. A figure that is no whole second is a fault. */
static Value round_clock(Eval *eval, const Expr *expr, const Rounding *rounding, Value in)
{
	bool moment = expr->arg[0]->type.kind == TYPE_MOMENT;
	Ratio q, from = {moment ? moment_clock(in.n) : in.n, 1};
	if (round_figure(rounding, from, &q) != ROUNDED || q.d != 1)
		return walk_fault(eval, expr);
	if (moment)
		return walk_settle_moment(eval, expr, (Int128)in.n + q.n - from.n);
	if (q.n < 0 || q.n >= DAY_SECONDS)
		return next_day(eval, expr->arg[0]->type, in);
	return known_n((int64_t)q.n);
}

/* What rounds to `out` lies half a step on either side of it, or a step on one. */
static void note_rounding(FillGap *gap, const Rounding *rounding, Ratio in, Ratio out)
{
	Ratio low = {0, 1}, high = {0, 1}, step = {0, 1};
	gap->rounded = (rounding->how == STEP_TO || rounding->how == STEP_COUNTS) &&
		figure(rounding, rounding->step, &step);
	if (rounding->how == STEP_COUNTS)
		figure(rounding, rounding->counts_from, &high);
	else if (rounding->mode == ROUND_DOWN)
		high = step;
	else if (rounding->mode != ROUND_UP)
		gap->rounded = gap->rounded && ratio_div(step, (Ratio){2, 1}, &high);
	gap->in = in;
	gap->rounded = gap->rounded && ratio_sub(step, high, &low) && ratio_sub(out, low, &gap->least) &&
		ratio_add(out, high, &gap->most);
}

/* Evidence is written also when nothing came of it: the value before is then the reason. */
Value walk_round(Eval *eval, const Frame *frame, const Expr *expr)
{
	const Rounding *rounding = &eval->walk->book->rounding[expr->ref];
	FillNotes *notes = eval->walk->fill == NULL ? NULL : eval->walk->fill->notes;
	int32_t looks = notes == NULL ? 0 : notes->looks;
	Value in = walk_eval(eval, frame, expr->arg[0]), out;
	if (in.state != STATE_KNOWN)
		return in;
	if (expr->type.kind != TYPE_QUANTITY) {
		out = round_clock(eval, expr, rounding, in);
	} else {
		Ratio q = {0, 1};
		Rounded done = round_figure(rounding, in.q, &q);
		if (done == ROUNDED_NO_BAND)
			out = no_band(eval, rounding, expr->arg[0]->type, in);
		else
			out = walk_settle(eval, expr, done == ROUNDED, q);
		if (notes != NULL && notes->looks > looks && out.state == STATE_KNOWN)
			note_rounding(&notes->gap, rounding, in.q, q);
	}
	if (eval->walk->trace != NULL)
		trace_rounding(eval, frame, expr, in, out);
	return out;
}
