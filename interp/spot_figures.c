#include "interp/spot_figures.h"

#include <stdlib.h>

#include "interp/spot_strata.h"

/* Limits of the rate of pounds: each draw is one of them. */
static SamplingStatus rates(const SpotAsk *ask, SpotFigures *out)
{
	RateLimits limits;
	SamplingStatus status = sampling_rate(LAW_BINOMIAL, ask->confidence, out->n, out->wrong,
		&limits);
	out->rate = limits.point;
	out->rate_lower = limits.lower;
	out->rate_upper = limits.upper;
	out->count_lower = out->count_upper = -1;
	return status;
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
	SamplingStatus status = sampling_stringer(ask->confidence, ask->n, ask->book, item,
		n, &limits);
	free(item);
	if (status != SAMPLING_OK)
		return status;
	out->over_upper = limits.over.upper;
	out->under_upper = limits.under.upper;
	out->beyond = limits.under.beyond;
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
	SamplingStatus status = sampling_rate(LAW_BINOMIAL, ask->confidence, ask->n, out->serious,
		&limits);
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

/* Stringer's limit is one of pounds that were drawn by money. Of rows drawn alike it would be none: a
 * few dear rows may be the wrong ones, and hardly ever come. */
static SamplingStatus money(const SpotAsk *ask, SpotFigures *out)
{
	if (out->census) {
		whole(out);
		return SAMPLING_OK;
	}
	if (ask->method == SPOT_RANDOM)
		return spot_strata_money(ask, out);
	SamplingStatus status = stringer(ask, out);
	return status == SAMPLING_OK ? minimum_of_draws(ask, out) : status;
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

/* Found in the rows themselves, each row once. */
static void add_up(const SpotAsk *ask, const bool *once, SpotFigures *out)
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
	out->has_money = ask->book > 0;
}

/* A group without strata is one stratum. */
SamplingStatus spot_figures(const SpotAsk *given, const bool *once, SpotFigures *out)
{
	SpotAsk one = *given;
	const SpotAsk *ask = &one;
	const SpotStratum all = {given->population, 0, given->n};
	if (given->nstrata == 0) {
		one.stratum = &all;
		one.nstrata = 1;
	}
	add_up(ask, once, out);
	SamplingStatus status = ask->method == SPOT_MONEY ? rates(ask, out)
		: spot_strata_rates(ask, out);
	if (status == SAMPLING_OK && out->has_money)
		status = money(ask, out);
	if (status == SAMPLING_OK && out->has_money)
		conclude(out);
	return status;
}
