/*
 * Limits for pounds (sampling_money.h gives the equations and their sources).
 *
 * Each method sums exact fractions and rounds once, at the end. The one thing that is no fraction
 * is Stringer's p[k], the root of a tail: it is held between two fractions, and so is the sum of
 * all of them, until both ends round to the same penny.
 *
 *   items --sorted_side--> overpaid, by taint   --> Stringer's limit, unit result
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
	if (tail.law == TAIL_BINOMIAL && tail.k >= tail.n) {
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

SamplingStatus sampling_stringer(SamplingLaw law, int32_t confidence, int64_t n, int64_t book,
				 const SampledItem *items, size_t count, Stringer *out)
{
	if (!confident(confidence) || law == LAW_HYPERGEOMETRIC || n < 1 ||
	    n > SAMPLING_MOST_SIZE || count > (size_t)n || book < 0 || !items_sound(items, count))
		return SAMPLING_OUT_OF_RANGE;
	/* The likely error may be netted, other than the limits: it is a mean. */
	StringerAsk ask = {.tail = {law == LAW_POISSON ? TAIL_POISSON : TAIL_BINOMIAL, n, 0}};
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

/* In hundredths, up, as the tables print them: 2.995732274 is 3.00. An evaluation by hand with the
 * table must come out as this one does, so the finer factor is not used. */
static SamplingStatus printed_factor(int32_t confidence, int64_t k, int64_t *hundredths)
{
	int64_t factor = 0;
	SamplingStatus status = sampling_factor(confidence, k, &factor);
	*hundredths = (factor + HUNDREDTH - 1) / HUNDREDTH;
	return status;
}

SamplingStatus sampling_unit_plan(int32_t confidence, int64_t book, int64_t tolerable,
				  int64_t expected, int64_t expansion, UnitPlan *plan)
{
	int64_t first = 0;
	if (book < 1 || tolerable < 1 || expected < 0 || expansion < 0)
		return SAMPLING_OUT_OF_RANGE;
	SamplingStatus status = printed_factor(confidence, 0, &first);
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

/* The sums of an evaluation, as exact pence. */
typedef struct UnitSums {
	mpq_t interval, known, projected, basic, incremental;
} UnitSums;

/* Adds factor hundredths of taint * interval. */
static void add_part(mpq_ptr sum, const UnitSums *sums, SampledItem item, int64_t hundredths)
{
	mpq_t part, factor;
	mpq_inits(part, factor, (mpq_ptr)NULL);
	mpq_set_taint(part, item);
	mpq_set_si(factor, hundredths, 100);
	mpq_canonicalize(factor);
	mpq_mul(part, part, factor);
	mpq_mul(part, part, sums->interval);
	mpq_add(sum, sum, part);
	mpq_clears(part, factor, (mpq_ptr)NULL);
}

static SamplingStatus add_items(UnitSums *sums, int32_t confidence, Ratio interval,
				const SampledItem *side, size_t count)
{
	int64_t last = 0, factor = 0, k = 0;
	mpq_t whole;
	mpq_init(whole);
	SamplingStatus status = printed_factor(confidence, 0, &last);
	mpq_set_si(whole, last, 100);
	mpq_canonicalize(whole);
	mpq_mul(sums->basic, sums->interval, whole);
	for (size_t i = 0; i < count && status == SAMPLING_OK; i++) {
		/* An item of a whole interval or more was sure to be selected: what is wrong with it
		 * is known and stands for itself alone. It uses up no factor. */
		if ((Int128)side[i].paid * interval.d >= interval.n) {
			mpq_set_si(whole, side[i].wrong, 1);
			mpq_add(sums->known, sums->known, whole);
			continue;
		}
		status = printed_factor(confidence, ++k, &factor);
		add_part(sums->projected, sums, side[i], 100);
		add_part(sums->incremental, sums, side[i], factor - last - 100);
		last = factor;
	}
	mpq_clear(whole);
	return status;
}

/* Each figure is rounded by itself for print, but the upper one from the exact sum: it may differ
 * by a penny from the sum of those printed. */
static bool unit_answer(UnitSums *sums, UnitResult *out)
{
	mpq_add(sums->projected, sums->projected, sums->known);
	bool fits = mpq_to_int64(sums->known, 1, ROUND_HALF_AWAY, &out->known) &&
		    mpq_to_int64(sums->projected, 1, ROUND_HALF_AWAY, &out->projected) &&
		    mpq_to_int64(sums->basic, 1, ROUND_HALF_AWAY, &out->basic) &&
		    mpq_to_int64(sums->incremental, 1, ROUND_HALF_AWAY, &out->incremental);
	mpq_add(sums->projected, sums->projected, sums->basic);
	mpq_add(sums->projected, sums->projected, sums->incremental);
	return fits && mpq_to_int64(sums->projected, 1, ROUND_UP, &out->upper);
}

SamplingStatus sampling_unit_result(int32_t confidence, Ratio interval, const SampledItem *items,
				    size_t count, UnitResult *out)
{
	if (!confident(confidence) || interval.n <= 0 || interval.d <= 0 ||
	    count > SAMPLING_MOST_SIZE || !items_sound(items, count))
		return SAMPLING_OUT_OF_RANGE;
	UnitSums sums;
	mpq_inits(sums.interval, sums.known, sums.projected, sums.basic, sums.incremental,
		  (mpq_ptr)NULL);
	mpq_set_ratio(sums.interval, interval);
	size_t found = 0;
	SampledItem *side = sorted_side(items, count, 1, &found);
	SamplingStatus status = add_items(&sums, confidence, interval, side, found);
	if (status == SAMPLING_OK && !unit_answer(&sums, out))
		status = SAMPLING_TOO_LARGE;
	free(side);
	mpq_clears(sums.interval, sums.known, sums.projected, sums.basic, sums.incremental,
		   (mpq_ptr)NULL);
	return status;
}

/* ---- the minimum sum ---- */

/* Smaller first. */
static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* The sum of the `wanted` smallest, wanted <= count; the caller's list stays as it is. */
static Int128 smallest_sum(const int64_t *rest, size_t count, size_t wanted)
{
	int64_t *sorted = mem_alloc(mem_product(count + 1, sizeof *sorted));
	Int128 sum = 0;
	for (size_t i = 0; i < count; i++)
		sorted[i] = rest[i];
	qsort(sorted, count, sizeof *sorted, by_size);
	for (size_t i = 0; i < wanted; i++)
		sum += sorted[i];
	free(sorted);
	return sum;
}

/* What the sample itself holds; false when a sum does not fit. */
static bool look_at_sample(Ratio share, const SampledItem *sample, size_t n, MinimumSum *out)
{
	Int128 found = 0;
	for (size_t i = 0; i < n; i++) {
		if (sample[i].wrong <= 0)
			continue;
		found += sample[i].wrong;
		out->serious += cmp_products(sample[i].wrong, share.d, share.n, sample[i].paid) >= 0;
	}
	out->found = (int64_t)found;
	return fits64(found);
}

SamplingStatus sampling_minimum_sum(int32_t confidence, Ratio share, const SampledItem *sample,
				    size_t n, const int64_t *rest, size_t rest_count,
				    MinimumSum *out)
{
	if (share.d <= 0 || share.n <= 0 || share.n > share.d || n > SAMPLING_MOST_SIZE ||
	    rest_count > SAMPLING_MOST_POPULATION || !items_sound(sample, n))
		return SAMPLING_OUT_OF_RANGE;
	for (size_t i = 0; i < rest_count; i++)
		if (rest[i] < 0)
			return SAMPLING_OUT_OF_RANGE;
	*out = (MinimumSum){0};
	CountLimits limits;
	if (!look_at_sample(share, sample, n, out))
		return SAMPLING_TOO_LARGE;
	SamplingStatus status = sampling_count(confidence, SIDES_ONE, (int64_t)(n + rest_count),
					       (int64_t)n, out->serious, &limits);
	if (status != SAMPLING_OK)
		return status;
	/* The lower limit counts the serious ones of the sample too; only those beyond them are left
	 * to be found among the rest. It is never below them, nor beyond the rest. */
	out->lower = limits.lower;
	Int128 least = smallest_sum(rest, rest_count, (size_t)(limits.lower - out->serious));
	if (!fits64(least))
		return SAMPLING_TOO_LARGE;
	out->added = (int64_t)(least * share.n / share.d);
	Int128 total = (Int128)out->found + out->added;
	out->total = (int64_t)total;
	return fits64(total) ? SAMPLING_OK : SAMPLING_TOO_LARGE;
}
