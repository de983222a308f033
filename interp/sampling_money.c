/*
 * Limits for pounds (sampling_money.h gives the equations and their sources).
 *
 * Each method sums exact fractions and rounds once, at the end. The one thing that is no fraction
 * is Stringer's p[k], the root of a tail: it is held between two fractions, and so is the sum of
 * all of them, until both ends round to the same penny.
 *
 *   items --sorted_side--> overpaid, by taint   --> Stringer's limit
 *                      \-> underpaid, by taint  --> Stringer's limit of the other side
 *
 * The sides are never netted before a limit: an underpayment found says nothing about how large
 * the overpayments are that were not found.
 */
#include "interp/sampling_money.h"

#include <stdlib.h>

#include "base/mem.h"
#include "interp/sampling_bound.h"
#include "interp/sampling_tail.h"

/* The printed tables of factors stop at two places. */
enum { HUNDREDTH = SAMPLING_ONE / 100 };

static bool confident(int32_t confidence)
{
	return confidence >= 1 && confidence < SAMPLING_CERTAIN;
}

/* paid is divided by; the least int64 has no positive twin, which the other side needs. */
static bool items_sound(const SampledItem *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (items[i].paid < 1 || items[i].wrong == INT64_MIN)
			return false;
	return true;
}

/* Larger taints first: wrong/paid by products across. */
static int by_taint(const void *a, const void *b)
{
	const SampledItem *x = a, *y = b;
	return cmp_products(y->wrong, x->paid, x->wrong, y->paid);
}

/* The items that are wrong on one side (sign 1: overpaid), as positive taints, sorted; free(). */
static SampledItem *sorted_side(const SampledItem *items, size_t count, int sign, size_t *found)
{
	SampledItem *side = mem_alloc(mem_product(count + 1, sizeof *side));
	*found = 0;
	for (size_t i = 0; i < count; i++)
		if (items[i].wrong * sign > 0)
			side[(*found)++] = (SampledItem){items[i].wrong * sign, items[i].paid};
	qsort(side, *found, sizeof *side, by_taint);
	return side;
}

/* wrong/paid. */
static void mpq_set_taint(mpq_ptr out, SampledItem item)
{
	mpz_set_si(mpq_numref(out), item.wrong);
	mpz_set_si(mpq_denref(out), item.paid);
	mpq_canonicalize(out);
}

/* ---- Stringer ---- */

typedef struct StringerAsk {
	Tail tail;        /* of the rate, for n */
	mpq_t risk;
	const SampledItem *side;
	size_t count;
} StringerAsk;

/* p[k], the upper limit of the rate for k errors in n; 1 when all are wrong, where there is no
 * root to find. */
static void step_between(Between *out, const StringerAsk *ask, size_t k, int digits)
{
	Tail tail = ask->tail;
	tail.k = (int64_t)k;
	if (tail.k >= tail.n) {
		mpq_set_ui(out->low, 1, 1);
		mpq_set_ui(out->high, 1, 1);
	} else {
		tail_between(out, &tail, digits, ask->risk);
	}
}

/* t[k] - t[k+1], where t[0] is 1 and the one behind the last is 0: the weight of p[k] in the sum.
 * Only a taint above one makes a weight negative, that of p[0]. */
static void weight_of(mpq_ptr out, const StringerAsk *ask, size_t k)
{
	mpq_t next;
	mpq_init(next);
	mpq_set_ui(out, 1, 1);
	if (k > 0)
		mpq_set_taint(out, ask->side[k - 1]);
	if (k < ask->count)
		mpq_set_taint(next, ask->side[k]);
	mpq_sub(out, out, next);
	mpq_clear(next);
}

/*
 * The sum in the header put the other way about, by parts:
 *
 *   p0 + (p1 - p0) t1 + (p2 - p1) t2   =   p0 (1 - t1) + p1 (t1 - t2) + p2 t2
 *
 * so that each limit stands once. Its weight is 0 between equal taints, which spares a root; where
 * it is negative the ends of the limit change places.
 */
static void stringer_between(Between *out, const StringerAsk *ask, int digits)
{
	Between step;
	between_init(&step);
	mpq_t weight;
	mpq_init(weight);
	mpq_set_ui(out->low, 0, 1);
	mpq_set_ui(out->high, 0, 1);
	for (size_t k = 0; k <= ask->count; k++) {
		weight_of(weight, ask, k);
		if (mpq_sgn(weight) == 0)
			continue;
		step_between(&step, ask, k, digits);
		mpq_mul(step.low, step.low, weight);
		mpq_mul(step.high, step.high, weight);
		bool turned = mpq_sgn(weight) < 0;
		mpq_add(out->low, out->low, turned ? step.high : step.low);
		mpq_add(out->high, out->high, turned ? step.low : step.high);
	}
	mpq_clear(weight);
	between_clear(&step);
}

/* Finer and finer, until the rate and the pounds are both settled. At the last number of digits
 * the upper end stands: a limit still, at worst a penny high. */
static bool stringer_upper(const StringerAsk *ask, int64_t book, StringerSide *out)
{
	Between rate;
	between_init(&rate);
	bool settled = false, fits = true;
	for (int digits = BETWEEN_FIRST_DIGITS; !settled && digits <= BETWEEN_LAST_DIGITS;
	     digits *= 2) {
		bool fits_rate = false;
		stringer_between(&rate, ask, digits);
		settled = between_up(&rate, SAMPLING_ONE, &out->upper_rate, &fits_rate);
		settled = between_up(&rate, book, &out->upper, &fits) && settled;
		fits = fits && fits_rate;
	}
	between_clear(&rate);
	return fits;
}

/* likely: sum of taints over n, exact. */
static bool stringer_side(StringerAsk *ask, int64_t book, mpq_ptr likely, StringerSide *out)
{
	mpq_t taint;
	mpq_init(taint);
	*out = (StringerSide){.errors = (int64_t)ask->count};
	mpq_set_ui(likely, 0, 1);
	for (size_t i = 0; i < ask->count; i++) {
		mpq_set_taint(taint, ask->side[i]);
		mpq_add(likely, likely, taint);
		out->beyond += mpq_cmp_ui(taint, 1, 1) > 0;
	}
	mpq_set_si(taint, 1, (unsigned long)ask->tail.n);
	mpq_mul(likely, likely, taint);
	mpq_clear(taint);
	return mpq_to_int64(likely, SAMPLING_ONE, ROUND_HALF_AWAY, &out->likely_rate) &&
	       mpq_to_int64(likely, book, ROUND_HALF_AWAY, &out->likely) &&
	       stringer_upper(ask, book, out);
}

/* The items of one sign; sign -1 turns underpayments into positive taints. */
static bool one_side(StringerAsk *ask, int sign, const SampledItem *items, size_t count,
		     int64_t book, mpq_ptr likely, StringerSide *out)
{
	SampledItem *side = sorted_side(items, count, sign, &ask->count);
	ask->side = side;
	bool fits = stringer_side(ask, book, likely, out);
	free(side);
	return fits;
}

SamplingStatus sampling_stringer(int32_t confidence, int64_t n, int64_t book,
				 const SampledItem *items, size_t count, Stringer *out)
{
	if (!confident(confidence) || n < 1 || n > SAMPLING_MOST_SIZE || count > (size_t)n || book < 0 || !items_sound(items, count))
		return SAMPLING_OUT_OF_RANGE;
	/* The likely error may be netted, other than the limits: it is a mean. */
	StringerAsk ask = {.tail = {TAIL_BINOMIAL, n, 0}};
	mpq_t over, under;
	mpq_inits(ask.risk, over, under, (mpq_ptr)NULL);
	risk_of(ask.risk, confidence, 1);
	bool fits = one_side(&ask, 1, items, count, book, over, &out->over) &&
		    one_side(&ask, -1, items, count, book, under, &out->under);
	mpq_sub(over, over, under);
	fits = fits && mpq_to_int64(over, book, ROUND_HALF_AWAY, &out->net);
	mpq_clears(ask.risk, over, under, (mpq_ptr)NULL);
	return fits ? SAMPLING_OK : SAMPLING_TOO_LARGE;
}

/* ---- monetary units by printed factors ---- */

/* In hundredths, up, as the tables print it: 2.995732274 is 3.00. A plan by hand with the table must
 * come out as this one does, so the finer factor is not used. */
static SamplingStatus first_factor(int32_t confidence, int64_t *hundredths)
{
	int64_t factor = 0;
	SamplingStatus status = sampling_factor(confidence, 0, &factor);
	*hundredths = (factor + HUNDREDTH - 1) / HUNDREDTH;
	return status;
}

SamplingStatus sampling_unit_plan(int32_t confidence, int64_t book, int64_t tolerable,
				  int64_t expected, int64_t expansion, UnitPlan *plan)
{
	int64_t first = 0;
	if (book < 1 || tolerable < 1 || expected < 0 || expansion < 0)
		return SAMPLING_OUT_OF_RANGE;
	SamplingStatus status = first_factor(confidence, &first);
	if (status != SAMPLING_OK)
		return status;
	/* Both in hundredths of a penny, and the factor in hundredths too, so they cancel. */
	Int128 left = (Int128)tolerable * 100 - (Int128)expected * expansion;
	if (left <= 0)
		return SAMPLING_OUT_OF_RANGE;
	if (!ratio_make(left, first, &plan->interval))
		return SAMPLING_TOO_LARGE;
	plan->selections = (int64_t)((Int128)book * plan->interval.d / plan->interval.n);
	return SAMPLING_OK;
}
