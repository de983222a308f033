#include "interp/spot_figures.h"

#include <stdlib.h>

#include "interp/spot_strata.h"

/* Limits of the rate: rows without going back to them, or draws of pounds. */
static SamplingStatus rates(const SpotAsk *ask, SpotFigures *out)
{
	RateLimits limits;
	CountLimits count;
	if (ask->method == SPOT_MONEY) {
		SamplingStatus status = sampling_rate(LAW_BINOMIAL, ask->confidence, SIDES_ONE, out->n,
			out->wrong, &limits);
		out->rate = limits.point;
		out->rate_lower = limits.lower;
		out->rate_upper = limits.upper;
		out->count_lower = out->count_upper = -1;
		return status;
	}
	SamplingStatus status = sampling_count(ask->confidence, SIDES_ONE, ask->population, out->n,
		out->wrong, &count);
	if (status != SAMPLING_OK)
		return status;
	out->count_lower = count.lower;
	out->count_upper = count.upper;
	const Int128 one = SAMPLING_ONE;
	out->rate = (int64_t)(round_to(one * out->wrong * 2, (Int128)out->n * 2, ROUND_HALF_AWAY)
		/ ((Int128)out->n * 2));
	out->rate_lower = (int64_t)(one * count.lower / ask->population);
	out->rate_upper = (int64_t)((one * count.upper + ask->population - 1) / ask->population);
	return SAMPLING_OK;
}

int64_t spot_over(const SpotLooked *looked)
{
	return looked->over > looked->paid && looked->paid > 0 ? looked->paid : looked->over;
}

/* Stringer on both sides: an item wrong both ways stands on each. */
static SamplingStatus stringer(const SpotAsk *ask, SpotFigures *out)
{
	SampledItem *item = mem_alloc(mem_product(2 * (size_t)ask->n + 1, sizeof *item));
	size_t n = 0;
	Stringer limits;
	for (int64_t i = 0; i < ask->n; i++) {
		const SpotLooked *looked = &ask->looked[i];
		if (looked->paid <= 0)
			continue;
		if (looked->over > 0)
			item[n++] = (SampledItem){spot_over(looked), looked->paid};
		if (looked->under > 0)
			item[n++] = (SampledItem){-looked->under, looked->paid};
	}
	SamplingStatus status = sampling_stringer(LAW_BINOMIAL, ask->confidence, ask->n, ask->book, item,
		n, &limits);
	free(item);
	if (status != SAMPLING_OK)
		return status;
	out->over_upper = limits.over.upper;
	out->under_upper = limits.under.upper;
	out->beyond = limits.under.beyond;
	return SAMPLING_OK;
}

/* N times the mean of paid less payable; the correction is that of survey texts, sqrt(1 - n/N).
 * Where no row differs the spread is nil, and an interval of nil would be no limit of anything. */
static SamplingStatus estimate(const SpotAsk *ask, SpotFigures *out)
{
	if (out->over == 0 && out->under == 0)
		return SAMPLING_OK;
	EstimateAsk two = {ESTIMATE_DIFFERENCE, CORRECTION_SURVEY, ask->confidence, SIDES_TWO,
		ask->population, ask->book};
	EstimateAsk one = two;
	SampleSums sums = {0};
	Estimate interval, limit;
	one.sides = SIDES_ONE;
	for (int64_t i = 0; i < ask->n; i++) {
		const SpotLooked *looked = &ask->looked[i];
		sampling_sums_add(&sums, looked->paid, looked->paid - spot_over(looked) + looked->under);
	}
	SamplingStatus status = sampling_estimate(&two, &sums, &interval);
	if (status == SAMPLING_OK)
		status = sampling_estimate(&one, &sums, &limit);
	if (status != SAMPLING_OK)
		return status;
	out->has_estimate = true;
	out->estimate = interval.estimate;
	out->lower = interval.lower;
	out->upper = interval.upper;
	out->claim_lower = limit.claim;
	return SAMPLING_OK;
}

/* Edwards et al.: so many rows at least are wrong by the share, and they are the smallest ones. */
static SamplingStatus minimum_sum(const SpotAsk *ask, SpotFigures *out)
{
	SampledItem *item = mem_alloc(mem_product((size_t)ask->n + 1, sizeof *item));
	MinimumSum sum;
	for (int64_t i = 0; i < ask->n; i++) {
		const SpotLooked *looked = &ask->looked[i];
		item[i] = looked->paid > 0 ? (SampledItem){spot_over(looked), looked->paid}
			: (SampledItem){0, 1};
	}
	SamplingStatus status = sampling_minimum_sum(ask->confidence, (Ratio){ask->serious, 10000}, item,
		(size_t)ask->n, ask->rest, (size_t)ask->nrest, &sum);
	free(item);
	if (status != SAMPLING_OK)
		return status;
	out->serious = sum.serious;
	out->serious_lower = sum.lower;
	out->minimum = sum.total;
	return SAMPLING_OK;
}

/* By money: of the draws so many are wrong by the share or more, so at least that part of the
 * pounds, found by the exact limit, is, and at least that share of it was overpaid. */
static SamplingStatus minimum_of_draws(const SpotAsk *ask, SpotFigures *out)
{
	RateLimits limits;
	for (int64_t i = 0; i < ask->n; i++) {
		const SpotLooked *looked = &ask->looked[i];
		out->serious += looked->paid > 0 && looked->over > 0
			&& cmp_products(spot_over(looked), 10000, ask->serious, looked->paid) >= 0;
	}
	SamplingStatus status = sampling_rate(LAW_BINOMIAL, ask->confidence, SIDES_ONE, ask->n,
		out->serious, &limits);
	if (status != SAMPLING_OK)
		return status;
	out->serious_lower = limits.lower;
	out->minimum = (int64_t)((Int128)ask->book * limits.lower / SAMPLING_ONE * ask->serious / 10000);
	if (out->minimum < out->over)
		out->minimum = out->over;
	return SAMPLING_OK;
}

/* Everything was looked at: the sums found are the sums. */
static void whole(SpotFigures *out)
{
	out->over_upper = out->over;
	out->under_upper = out->under;
	out->estimate = out->lower = out->upper = out->net;
	out->claim_lower = out->net > 0 ? out->net : 0;
	out->minimum = out->over;
	out->has_estimate = true;
}

static bool in_strata(const SpotAsk *ask, const SpotFigures *out)
{
	return ask->nstrata > 0 && !out->census;
}

static SamplingStatus money(const SpotAsk *ask, SpotFigures *out)
{
	SamplingStatus status = SAMPLING_OK;
	if (out->census) {
		whole(out);
		return status;
	}
	if (in_strata(ask, out))
		return spot_strata_money(ask, out);
	status = stringer(ask, out);
	if (status == SAMPLING_OK && ask->method == SPOT_RANDOM && ask->n >= 2)
		status = estimate(ask, out);
	if (status == SAMPLING_OK)
		status = ask->method == SPOT_MONEY ? minimum_of_draws(ask, out) : minimum_sum(ask, out);
	return status;
}

/*
 * The claim is the lower limit that goes with the way of drawing: of the estimate at random, of the
 * draws by money. What was found in the rows themselves needs no estimate.
 */
static void conclude(SpotFigures *out)
{
	int64_t found = out->net > 0 ? out->net : 0;
	int64_t lower = out->has_estimate ? out->claim_lower : out->minimum - out->under_upper;
	out->claim = lower > found ? lower : found;
	out->exposure = out->over_upper > out->over ? out->over_upper : out->over;
}

SamplingStatus spot_figures(const SpotAsk *ask, const bool *once, SpotFigures *out)
{
	*out = (SpotFigures){.n = ask->n};
	out->census = ask->method == SPOT_RANDOM && ask->n == ask->population;
	for (int64_t i = 0; i < ask->n; i++) {
		out->wrong += ask->looked[i].wrong;
		if (once != NULL && !once[i])
			continue;
		out->over += spot_over(&ask->looked[i]);
		out->under += ask->looked[i].under;
	}
	out->net = out->over - out->under;
	SamplingStatus status = in_strata(ask, out) ? spot_strata_rates(ask, out) : rates(ask, out);
	out->has_money = ask->book > 0;
	if (status == SAMPLING_OK && out->has_money)
		status = money(ask, out);
	if (status == SAMPLING_OK && out->has_money)
		conclude(out);
	return status;
}
