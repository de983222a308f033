/*
 * Roundings. All figures are brought to one scale that the argument's, the rounding's and the
 * result's divide, and rounded there as whole numbers:
 *
 *   n (of the argument) --x in--> whole number --round, least, most--> --/ out--> n (of the result)
 *
 *   £5.6475 over 10,000, to the nearest penny, into pence: the common scale is 10,000
 *   in 1, step 100, out 100:    56475 ─ round ─> 56500 ─ / 100 ─> 565
 *
 * The figures of a rounding have a scale of their own, and so have argument and result. In a common
 * scale all of them are whole numbers, and a band's end or a half is met exactly, never nearly.
 * Where that scale would be too wide, ratios do the same steps, value by value.
 */
#include "interp/fast_internal.h"

#include "base/civil.h"

#define SMALL ((int64_t)1 << 31)
#define WIDEST_SCALE ((Int128)1000000000000000) /* a product with an int64 stays below 2^113 */

typedef struct Plan {
	const Rounding *rounding;
	Int128 figure;    /* what a figure of the rounding is to be multiplied by */
	Int128 in, out;
	Int128 step, counts_from, least, most;
} Plan;

/* ---- one figure ---- */

/* As round_to of base/exact.h, with one 64-bit division. A half is told by rest against step -
 * rest, which cannot overflow as 2 * rest could. */
static Int128 round_small(int64_t n, int64_t step, RoundMode mode)
{
	int64_t size = n < 0 ? -n : n, times = size / step, rest = size % step;
	bool up = false;
	switch (mode) {
	case ROUND_HALF_AWAY:
		up = rest >= step - rest;
		break;
	case ROUND_HALF_TOWARDS:
		up = rest > step - rest;
		break;
	case ROUND_HALF_EVEN:
		up = rest > step - rest || (rest == step - rest && (times & 1) != 0);
		break;
	case ROUND_UP:
		up = rest != 0 && n > 0;
		break;
	case ROUND_DOWN:
		up = rest != 0 && n < 0;
		break;
	}
	Int128 whole = (Int128)(times + up) * step;
	return n < 0 ? -whole : whole;
}

/* Amounts fit in 64 bits, but for a product that a scale has widened. The least int64 has no size,
 * and goes the long way. */
static Int128 round_step(const Plan *plan, Int128 x)
{
	RoundMode mode = plan->rounding->mode;
	if (x > INT64_MIN && x <= INT64_MAX && plan->step <= INT64_MAX)
		return round_small((int64_t)x, (int64_t)plan->step, mode);
	return round_to(x, plan->step, mode);
}

/* Whole units downwards, and one more when the rest reaches the figure. Rounds towards minus
 * infinity first: x / step cuts towards zero. */
static Int128 count_units(const Plan *plan, Int128 x)
{
	Int128 units = x / plan->step - (x % plan->step < 0);
	if (x - units * plan->step >= plan->counts_from)
		units++;
	return units * plan->step;
}

/* The shape in which in_band wants it, as ratio_cmp gives it. */
static int order(Int128 a, Int128 b)
{
	return a < b ? -1 : a > b;
}

/* lo and hi: how the figure compares with the band's two ends. */
static bool in_band(const Band *band, int lo, int hi)
{
	return (lo > 0 || (lo == 0 && !band->lo_open)) &&
		(band->no_hi || hi < 0 || (hi == 0 && band->hi_in));
}

/* A handful of bands, in the order of the file; they do not overlap. A hole between two bands is
 * missing, as in walk_number.c (S44). */
static bool by_band(const Plan *plan, Int128 x, Int128 *to)
{
	const Rounding *rounding = plan->rounding;
	for (int32_t i = 0; i < rounding->nbands; i++) {
		const Band *band = &rounding->band[i];
		Int128 lo = band->lo * plan->figure, hi = band->hi * plan->figure;
		if (!in_band(band, order(x, lo), order(x, hi)))
			continue;
		*to = band->to * plan->figure;
		return true;
	}
	return false;
}

/* False: no band holds the figure, which is then missing. */
static bool first_step(const Plan *plan, Int128 x, Int128 *to)
{
	switch (plan->rounding->how) {
	case STEP_NONE:
		break;
	case STEP_TO:
		*to = round_step(plan, x);
		return true;
	case STEP_COUNTS:
		*to = count_units(plan, x);
		return true;
	case STEP_BANDS:
		return by_band(plan, x, to);
	}
	*to = x;
	return true;
}

/* S88: round, then the minimum, which nothing at all does not earn (S87), then the maximum. False
 * when no band holds the figure. */
static bool round_figure(const Plan *plan, Int128 x, Int128 *to)
{
	if (!first_step(plan, x, to))
		return false;
	if (plan->rounding->has_least && *to > 0 && *to < plan->least)
		*to = plan->least;
	if (plan->rounding->has_most && *to > plan->most)
		*to = plan->most;
	return true;
}

/* ---- quantities of fixed scale ---- */

/* False when the common scale is so wide that 128 bits might not hold a product: then ratios do it.
 * Worked out for each batch, which is cheap beside the batch. */
static bool make_plan(const Rounding *rounding, int64_t in, int64_t out, Plan *plan)
{
	int64_t common;
	if (!lcm64(in, rounding->type.scale, &common) || !lcm64(common, out, &common) ||
	    common > WIDEST_SCALE)
		return false;
	*plan = (Plan){.rounding = rounding, .in = common / in, .out = common / out};
	plan->figure = common / rounding->type.scale;
	plan->step = rounding->step * plan->figure;
	plan->counts_from = rounding->counts_from * plan->figure;
	plan->least = rounding->least * plan->figure;
	plan->most = rounding->most * plan->figure;
	return true;
}

/* What is not a whole number in the result's scale cannot be held there: a fault, never a second
 * rounding (law 3). */
static uint8_t round_fixed(const Plan *plan, int64_t n, int64_t *out)
{
	Int128 to;
	if (!round_figure(plan, n * plan->in, &to))
		return STATE_UNKNOWN;
	if (plan->out != 1) {
		if (to % plan->out != 0)
			return STATE_FAULT;
		to /= plan->out;
	}
	*out = (int64_t)to;
	return fits64(to) ? (uint8_t)STATE_KNOWN : (uint8_t)STATE_FAULT;
}

/* ---- ratios ---- */

/* The same steps as count_units, where there is no common denominator to count by. False when a
 * part of it cannot be held. */
static bool count_ratio(Ratio unit, Ratio from, Ratio in, Ratio *out)
{
	Ratio units, whole, rest;
	if (!ratio_div(in, unit, &units))
		return false;
	Ratio count = {units.n / units.d - (units.n % units.d < 0), 1};
	if (!ratio_mul(count, unit, &whole) || !ratio_sub(in, whole, &rest))
		return false;
	count.n += ratio_cmp(rest, from) >= 0;
	return ratio_mul(count, unit, out);
}

/* A figure of the rounding: a whole number over its own scale always fits. */
static Ratio figure_of(const Rounding *rounding, int64_t n)
{
	Ratio q = {0, 1};
	ratio_make(n, rounding->type.scale, &q);
	return q;
}

/* Compared by cross products, so that the ends of bands are exact here too (S44). */
static uint8_t band_ratio(const Rounding *rounding, Ratio in, Ratio *out)
{
	for (int32_t i = 0; i < rounding->nbands; i++) {
		const Band *band = &rounding->band[i];
		int lo = ratio_cmp(in, figure_of(rounding, band->lo));
		int hi = ratio_cmp(in, figure_of(rounding, band->hi));
		if (!in_band(band, lo, hi))
			continue;
		*out = figure_of(rounding, band->to);
		return STATE_KNOWN;
	}
	return STATE_UNKNOWN;
}

/* A state, since a figure outside all bands is unknown and one that cannot be held is a fault. */
static uint8_t first_ratio(const Rounding *rounding, Ratio in, Ratio *out)
{
	Ratio step = figure_of(rounding, rounding->step);
	bool fits = true;
	*out = in;
	switch (rounding->how) {
	case STEP_NONE:
		break;
	case STEP_TO:
		fits = ratio_round(in, step, rounding->mode, out);
		break;
	case STEP_COUNTS:
		fits = count_ratio(step, figure_of(rounding, rounding->counts_from), in, out);
		break;
	case STEP_BANDS:
		return band_ratio(rounding, in, out);
	}
	return fits ? (uint8_t)STATE_KNOWN : (uint8_t)STATE_FAULT;
}

/* As round_figure. */
static uint8_t round_ratio(const Rounding *rounding, Ratio in, Ratio *out)
{
	uint8_t state = first_ratio(rounding, in, out);
	if (state != STATE_KNOWN)
		return state;
	Ratio least = figure_of(rounding, rounding->least), most = figure_of(rounding, rounding->most);
	if (rounding->has_least && out->n > 0 && ratio_cmp(*out, least) < 0)
		*out = least;
	if (rounding->has_most && ratio_cmp(*out, most) > 0)
		*out = most;
	return STATE_KNOWN;
}

/* The usual rounding, of amounts as small as times of day are: halves away from zero, in 32 bits,
 * whose division takes a third of the time. False when it does not serve. The loop goes through to
 * its end, so that it has no branch; `small` then tells whether it counts. */
static bool round_plain(const Plan *plan, const Col *a, int32_t m, int64_t *v)
{
	const Rounding *rounding = plan->rounding;
	if (rounding->how != STEP_TO || rounding->mode != ROUND_HALF_AWAY || rounding->has_least ||
	    rounding->has_most || plan->in != 1 || plan->out != 1 || plan->step >= SMALL)
		return false;
	uint32_t step = (uint32_t)plan->step;
	bool small = true;
	for (int32_t i = 0; i < m; i++) {
		int64_t n = a->v[i];
		uint32_t size = (uint32_t)(n < 0 ? -(uint64_t)n : (uint64_t)n), rest = size % step;
		int64_t to = (int64_t)size - rest + (rest >= step - rest ? step : 0);
		small &= n > -SMALL && n < SMALL;
		v[i] = n < 0 ? -to : to;
	}
	return small;
}

/* Three ways, from the quickest to the one that holds anything; all are exact, and the tests hold
 * them against each other. */
static const Col *round_quantities(Frame *frame, const Expr *expr, const Col *a)
{
	const Rounding *rounding = &frame->fast->book->rounding[expr->ref];
	Type from = expr->arg[0]->type;
	Out out = out_of_type(frame, expr->type, a->constant);
	Plan plan = {0};
	bool fixed = !from.ratio && !expr->type.ratio &&
		make_plan(rounding, from.scale, expr->type.scale, &plan);
	if (fixed && is_plain(a) && round_plain(&plan, a, out.m, out.v))
		return out_done(frame, &out);
	out.st = fast_states(frame, out.m, a, a, true);
	for (int32_t i = 0; i < out.m; i++) {
		Ratio q = {0, 1};
		if (out.st[i] != STATE_KNOWN)
			continue;
		if (fixed) {
			out.st[i] = round_fixed(&plan, a->v[i], &out.v[i]);
			continue;
		}
		out.st[i] = round_ratio(rounding, fast_ratio_at(a, from, i), &q);
		if (out.st[i] == STATE_KNOWN && !fast_ratio_put(&out, expr->type, i, q))
			out.st[i] = STATE_FAULT;
	}
	return out_done(frame, &out);
}

/* ---- clock times and moments ---- */

/* S89: a moment moves as its local clock time does, by the clock as it went then. */
static uint8_t round_moment(int64_t moment, Int128 by, int64_t *out)
{
	Int128 at = moment + by;
	bool in_range = at >= (Int128)DAY_MIN * DAY_SECONDS &&
		at < ((Int128)DAY_MAX + 1) * DAY_SECONDS;
	*out = in_range ? (int64_t)at : 0;
	return in_range ? (uint8_t)STATE_KNOWN : (uint8_t)STATE_FAULT;
}

/* Midnight at the end of a day is no clock time of that day. */
static uint8_t round_clock(Int128 to, int64_t *out)
{
	bool today = to >= 0 && to < DAY_SECONDS;
	*out = today ? (int64_t)to : 0;
	return today ? (uint8_t)STATE_KNOWN : (uint8_t)STATE_UNKNOWN;
}

/* A clock time is a count of seconds; the rounding's figures are too. */
static const Col *round_clocks(Frame *frame, const Expr *expr, const Col *a)
{
	const Rounding *rounding = &frame->fast->book->rounding[expr->ref];
	bool moments = expr->arg[0]->type.kind == TYPE_MOMENT;
	Out out = out_fixed(frame, a->constant);
	out.st = fast_states(frame, out.m, a, a, true);
	for (int32_t i = 0; i < out.m; i++) {
		Ratio q = {0, 1}, in = {0, 1};
		if (out.st[i] != STATE_KNOWN)
			continue;
		in.n = moments ? moment_clock(a->v[i]) : a->v[i];
		if (round_ratio(rounding, in, &q) != STATE_KNOWN || q.d != 1)
			out.st[i] = STATE_FAULT;
		else if (moments)
			out.st[i] = round_moment(a->v[i], q.n - in.n, &out.v[i]);
		else
			out.st[i] = round_clock(q.n, &out.v[i]);
	}
	return out_done(frame, &out);
}

const Col *eval_round(Frame *frame, const Expr *expr)
{
	const Col *a = fast_eval(frame, expr->arg[0]);
	if (expr->type.kind == TYPE_QUANTITY)
		return round_quantities(frame, expr, a);
	return round_clocks(frame, expr, a);
}
