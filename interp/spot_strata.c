#include "interp/spot_strata.h"

#include <stdlib.h>

/* ---- limits of a count, in proportion ---- */

/* The strata that were not looked at whole, taken together, and what the others have for certain. */
typedef struct Open {
	int64_t population, n, found;
	int64_t whole;                    /* found in strata that were looked at whole */
	int64_t blind;                    /* rows of strata of which none was looked at */
	const SpotStratum *most, *least;  /* of which a row stands for most, and for least */
	int32_t strata;
} Open;

static bool stands_for_more(const SpotStratum *a, const SpotStratum *b)
{
	return b == NULL || (Int128)a->population * b->n > (Int128)b->population * a->n;
}

static Open gather(const SpotAsk *ask, const int64_t *found)
{
	Open out = {0};
	for (int32_t i = 0; i < ask->nstrata; i++) {
		const SpotStratum *s = &ask->stratum[i];
		if (s->n == s->population) {
			out.whole += found[i];
		} else if (s->n == 0) {
			out.blind += s->population;
		} else {
			out.population += s->population;
			out.n += s->n;
			out.found += found[i];
			out.strata++;
			out.most = stands_for_more(s, out.most) ? s : out.most;
			out.least = out.least == NULL || stands_for_more(out.least, s) ? s : out.least;
		}
	}
	return out;
}

/* Of one open stratum the exact limits are known, as of a group without strata. */
static SamplingStatus alone(const SpotAsk *ask, const Open *open, CountLimits *out)
{
	SamplingStatus status = sampling_count(ask->confidence, open->population, open->n,
		open->found, out);
	out->lower += open->whole;
	out->upper += open->whole + open->blind;
	return status;
}

/* The theorem speaks of limits that lie one row or more beyond what was found. Rounded outwards in
 * billionths; a count is whole, so it lies inwards of that. */
static SamplingStatus together(const SpotAsk *ask, const int64_t *found, CountLimits *out)
{
	const Int128 one = SAMPLING_ONE;
	Open open = gather(ask, found);
	RateLimits rate;
	int64_t upper = open.population - (open.n - open.found), lower = open.found;
	if (open.strata == 1)
		return alone(ask, &open, out);
	if (open.n > 0) {
		SamplingStatus status = sampling_rate(LAW_BINOMIAL, ask->confidence, open.n,
			open.found, &rate);
		if (status != SAMPLING_OK)
			return status;
		Int128 most = open.n * (Int128)rate.upper, least = open.n * (Int128)rate.lower;
		Int128 above = most * open.most->population / (open.most->n * one);
		Int128 below = (least * open.least->population + open.least->n * one - 1)
			/ (open.least->n * one);
		if (most >= (open.found + 1) * one && above < upper)
			upper = (int64_t)above;
		if (least <= (open.found - 1) * one && below > lower)
			lower = (int64_t)below;
	}
	*out = (CountLimits){lower + open.whole, upper + open.whole + open.blind};
	return SAMPLING_OK;
}

/* ---- and of each stratum apart ---- */

static SamplingStatus add_apart(const SpotStratum *s, int64_t found, int32_t risk, CountLimits *out)
{
	CountLimits own = {found, s->population - (s->n - found)};
	if (s->n > 0 && s->n < s->population && risk > 0) {
		SamplingStatus status = sampling_count(SAMPLING_CERTAIN - risk, s->population,
			s->n, found, &own);
		if (status != SAMPLING_OK)
			return status;
	}
	out->lower += own.lower;
	out->upper += own.upper;
	return SAMPLING_OK;
}

/* The risk of each is rounded down to basis points; where none is left, what was seen is the limit. */
static SamplingStatus apart(const SpotAsk *ask, const int64_t *found, CountLimits *out)
{
	SamplingStatus status = SAMPLING_OK;
	int32_t open = 0;
	*out = (CountLimits){0, 0};
	for (int32_t i = 0; i < ask->nstrata; i++)
		open += ask->stratum[i].n < ask->stratum[i].population;
	int32_t risk = (SAMPLING_CERTAIN - ask->confidence) / (open > 0 ? open : 1);
	for (int32_t i = 0; i < ask->nstrata && status == SAMPLING_OK; i++)
		status = add_apart(&ask->stratum[i], found[i], risk, out);
	return status;
}

SamplingStatus spot_strata_count(const SpotAsk *ask, const int64_t *found, CountLimits *out)
{
	return ask->each ? apart(ask, found, out) : together(ask, found, out);
}

/* ---- rates ---- */

typedef bool Kind(const SpotAsk *ask, const SpotLooked *looked);

static bool is_wrong(const SpotAsk *ask, const SpotLooked *looked)
{
	(void)ask;
	return looked->wrong;
}

static bool is_over(const SpotAsk *ask, const SpotLooked *looked)
{
	(void)ask;
	return spot_over(looked) > 0;
}

static bool is_under(const SpotAsk *ask, const SpotLooked *looked)
{
	(void)ask;
	return looked->under > 0;
}

static bool is_serious(const SpotAsk *ask, const SpotLooked *looked)
{
	return looked->paid > 0 && looked->over > 0 &&
		cmp_products(spot_over(looked), SAMPLING_CERTAIN, ask->serious, looked->paid) >= 0;
}

/* How many of the kind were looked at, by stratum; their sum. To be freed. */
static int64_t *count_kind(const SpotAsk *ask, Kind *kind, int64_t *sum)
{
	int64_t *found = mem_alloc(mem_product((size_t)ask->nstrata + 1, sizeof *found));
	*sum = 0;
	for (int32_t i = 0; i < ask->nstrata; i++) {
		const SpotStratum *s = &ask->stratum[i];
		for (int64_t k = s->first; k < s->first + s->n; k++)
			found[i] += kind(ask, &ask->looked[k]);
		*sum += found[i];
	}
	return found;
}

static SamplingStatus limits_of(const SpotAsk *ask, Kind *kind, int64_t *sum, CountLimits *out)
{
	int64_t *found = count_kind(ask, kind, sum);
	SamplingStatus status = spot_strata_count(ask, found, out);
	free(found);
	return status;
}

/* Each stratum's own rate, in the proportion of its rows; millionths of a billionth are let go. */
static int64_t rate_of(const SpotAsk *ask)
{
	const Int128 fine = (Int128)SAMPLING_ONE * 1000000;
	Int128 rate = 0;
	int64_t sum, *found = count_kind(ask, is_wrong, &sum);
	for (int32_t i = 0; i < ask->nstrata; i++)
		if (ask->stratum[i].n > 0)
			rate += fine * ask->stratum[i].population / ask->population * found[i]
				/ ask->stratum[i].n;
	free(found);
	return (int64_t)((rate + 500000) / 1000000);
}

SamplingStatus spot_strata_rates(const SpotAsk *ask, SpotFigures *out)
{
	const Int128 one = SAMPLING_ONE;
	CountLimits count;
	int64_t wrong;
	SamplingStatus status = limits_of(ask, is_wrong, &wrong, &count);
	if (status != SAMPLING_OK)
		return status;
	out->count_lower = count.lower;
	out->count_upper = count.upper;
	out->rate = rate_of(ask);
	out->rate_lower = (int64_t)(one * count.lower / ask->population);
	out->rate_upper = (int64_t)((one * count.upper + ask->population - 1) / ask->population);
	return SAMPLING_OK;
}

/* ---- the estimate ---- */

/* False where the rows do not differ in any stratum that is still open: their spread is nil, and an
 * interval of nil would be no limit of anything. */
static bool fill_strata(const SpotAsk *ask, Stratum *to, int64_t *thin)
{
	bool differs = false;
	*thin = 0;
	for (int32_t i = 0; i < ask->nstrata; i++) {
		const SpotStratum *s = &ask->stratum[i];
		to[i] = (Stratum){.population = s->population, .n = s->n};
		for (int64_t k = s->first; k < s->first + s->n; k++) {
			int64_t net = spot_over(&ask->looked[k]) - ask->looked[k].under;
			to[i].sum += net;
			to[i].squares += (Int128)net * net;
		}
		*thin += s->n < 2 && s->n < s->population;
		differs |= s->n < s->population && to[i].squares > 0;
	}
	return differs;
}

static SamplingStatus estimate(const SpotAsk *ask, SpotFigures *out)
{
	size_t n = (size_t)ask->nstrata;
	Estimate interval, limit;
	SamplingStatus status = SAMPLING_OK;
	Stratum *strata = mem_alloc(mem_product(n + 1, sizeof *strata));
	out->has_estimate = fill_strata(ask, strata, &out->thin) && out->thin == 0;
	if (out->has_estimate)
		status = sampling_total(strata, n, ask->confidence, SIDES_TWO, &interval);
	if (out->has_estimate && status == SAMPLING_OK)
		status = sampling_total(strata, n, ask->confidence, SIDES_ONE, &limit);
	free(strata);
	if (!out->has_estimate || status != SAMPLING_OK)
		return status;
	out->estimate = interval.estimate;
	out->lower = interval.lower;
	out->upper = interval.upper;
	out->claim_lower = limit.claim;
	return status;
}

/* ---- the least and the most ---- */

static int pence_cmp(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

/* Of the rows not looked at, rising, the n at one end. */
static Int128 end_sum(const int64_t *rest, int64_t count, int64_t n, bool largest)
{
	Int128 sum = 0;
	for (int64_t i = 0; i < n && i < count; i++)
		sum += rest[largest ? count - 1 - i : i];
	return sum;
}

/* As many rows more as the limit allows, and they the largest, overpaid in full; or underpaid by as
 * much as was paid. */
static SamplingStatus most(const SpotAsk *ask, const int64_t *rest, Kind *kind, int64_t found,
	int64_t *out)
{
	CountLimits count;
	int64_t rows;
	SamplingStatus status = limits_of(ask, kind, &rows, &count);
	if (status != SAMPLING_OK)
		return status;
	Int128 sum = found + end_sum(rest, ask->nrest, count.upper - rows, true);
	*out = (int64_t)sum;
	return fits64(sum) ? SAMPLING_OK : SAMPLING_TOO_LARGE;
}

/* At least so many rows are wrong by the share, and they are the smallest ones. */
static SamplingStatus minimum(const SpotAsk *ask, const int64_t *rest, SpotFigures *out)
{
	CountLimits count;
	SamplingStatus status = limits_of(ask, is_serious, &out->serious, &count);
	if (status != SAMPLING_OK)
		return status;
	out->serious_lower = count.lower;
	Int128 sum = out->over + end_sum(rest, ask->nrest, count.lower - out->serious, false)
		* ask->serious / SAMPLING_CERTAIN;
	out->minimum = (int64_t)sum;
	return fits64(sum) ? SAMPLING_OK : SAMPLING_TOO_LARGE;
}

SamplingStatus spot_strata_money(const SpotAsk *ask, SpotFigures *out)
{
	int64_t *rest = mem_alloc(mem_product((size_t)ask->nrest + 1, sizeof *rest));
	for (int64_t i = 0; i < ask->nrest; i++)
		rest[i] = ask->rest[i] > 0 ? ask->rest[i] : 0;
	qsort(rest, (size_t)ask->nrest, sizeof *rest, pence_cmp);
	for (int64_t i = 0; i < ask->n; i++)
		out->beyond += ask->looked[i].under > ask->looked[i].paid;
	SamplingStatus status = most(ask, rest, is_over, out->over, &out->over_upper);
	if (status == SAMPLING_OK)
		status = most(ask, rest, is_under, out->under, &out->under_upper);
	if (status == SAMPLING_OK)
		status = minimum(ask, rest, out);
	free(rest);
	return status == SAMPLING_OK ? estimate(ask, out) : status;
}
