/*
 * Limits by turning a test about: a rate (or a count) is within the limits as long as what was
 * found would not be too strange under it.
 *
 *   P(X <= k) 1 |---__
 *               |     \                       falls as the rate grows, so that there is one place
 *   1 - risk    | . . .\                      where it meets a level, found by halving
 *               |       \
 *   risk        | . . . .\___
 *               0   lower  upper     1  rate
 *
 * (the two curves, for k and for k - 1, are drawn as one). The discrete laws make such limits hold
 * with the confidence or more, never less; that is why they are used and not the approximations
 * that are right on average.
 */
#include "interp/sampling_bound.h"

#include <stdbool.h>

#include "interp/sampling_tail.h"

enum { MOST_DRAWN = 1000000 }; /* items in a sample whose rate is asked for */

/* Neither 0 nor certainty has a limit: with certainty any rate is possible. */
static bool confident(int32_t confidence)
{
	return confidence >= 1 && confidence < SAMPLING_CERTAIN;
}

/* The least x, in billionths, with P(X <= k) <= risk. The root is the last place on the grid at
 * or above the risk; one further is the limit rounded up, unless the root is hit to the digit. */
static SamplingStatus upper_limit(const Tail *tail, mpq_srcptr risk, int64_t *upper)
{
	mpz_t j, grid;
	mpz_init(j);
	mpz_init_set_ui(grid, SAMPLING_ONE);
	if (!tail_root(j, tail, grid, risk))
		mpz_add_ui(j, j, 1);
	bool fits = mpz_to_int64(j, upper);
	mpz_clears(j, grid, NULL);
	return fits ? SAMPLING_OK : SAMPLING_TOO_LARGE;
}

/* The largest x, in billionths, with P(X >= k) <= risk, which is P(X <= k - 1) >= 1 - risk. */
static SamplingStatus lower_limit(const Tail *tail, mpq_srcptr risk, int64_t *lower)
{
	Tail below = *tail;
	below.k--;
	mpq_t level;
	mpq_init(level);
	mpq_set_ui(level, 1, 1);
	mpq_sub(level, level, risk);
	mpz_t j, grid;
	mpz_init(j);
	mpz_init_set_ui(grid, SAMPLING_ONE);
	tail_root(j, &below, grid, level);
	bool fits = mpz_to_int64(j, lower);
	mpz_clears(j, grid, NULL);
	mpq_clear(level);
	return fits ? SAMPLING_OK : SAMPLING_TOO_LARGE;
}

SamplingStatus sampling_rate(SamplingLaw law, int32_t confidence, int64_t n, int64_t k,
			     RateLimits *limits)
{
	if (!confident(confidence) || n < 1 || n > MOST_DRAWN || k < 0 || k > n ||
	    law == LAW_HYPERGEOMETRIC)
		return SAMPLING_OUT_OF_RANGE;
	mpq_t risk;
	mpq_init(risk);
	risk_of(risk, confidence, 1);
	Tail tail = {law == LAW_POISSON ? TAIL_POISSON : TAIL_BINOMIAL, n, k};
	SamplingStatus status = SAMPLING_OK;
	/* All k: the limit of none found is 0, of all found 1, and no tail has a root there. Pounds
	 * may have more errors than selections, so their law has an upper limit even then. */
	Int128 point = round_to((Int128)k * SAMPLING_ONE, n, ROUND_HALF_AWAY) / n;
	*limits = (RateLimits){(int64_t)point, 0, SAMPLING_ONE};
	if (k > 0)
		status = lower_limit(&tail, risk, &limits->lower);
	if (status == SAMPLING_OK && (k < n || law == LAW_POISSON))
		status = upper_limit(&tail, risk, &limits->upper);
	mpq_clear(risk);
	return status;
}

/* ---- counts ---- */

/*
 * N items, n of them seen, k of those bad. What is asked is K, the bad ones among all:
 *
 *   k <= K <= N - n + k      the ones found exist; of those not seen, at most all are bad
 *
 * Only whole K exist, so the limits are exact and nothing is rounded.
 */
typedef struct CountAsk {
	int64_t population, n, k;
	mpq_t level;
} CountAsk;

/* Order of P(X <= k) and the level when K of the population are bad. */
static int count_cmp(const CountAsk *ask, int64_t K)
{
	Chance chance;
	chance_init(&chance);
	hypergeometric_tail(&chance, ask->population, K, ask->n, ask->k);
	int order = chance_cmp(&chance, ask->level);
	chance_clear(&chance);
	return order;
}

/* The largest K in low .. high at which P(X <= k) is above the level still. It is at low, where
 * the chance is 1: no sample can hold more than k of them. It falls as K grows. */
static int64_t last_count(const CountAsk *ask, int64_t low, int64_t high)
{
	while (low < high) {
		int64_t middle = high - (high - low) / 2;
		if (count_cmp(ask, middle) > 0)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/* The lower limit is the least K with P(X >= k) >= risk. P(X <= k - 1) > 1 - risk holds for all
 * smaller K, so it follows the last of those; K = k - 1 is one of them. */
static int64_t least_count(CountAsk *ask)
{
	mpq_t one;
	mpq_init(one);
	mpq_set_ui(one, 1, 1);
	mpq_sub(ask->level, one, ask->level);
	mpq_clear(one);
	ask->k--;
	return last_count(ask, ask->k, ask->population - ask->n + ask->k) + 1;
}

SamplingStatus sampling_count(int32_t confidence, int64_t population, int64_t n, int64_t k,
			      CountLimits *limits)
{
	if (!confident(confidence) || population < 1 || population > SAMPLING_MOST_POPULATION ||
	    n < 1 || n > population || (n > SAMPLING_MOST_SIZE && n != population) || k < 0 || k > n)
		return SAMPLING_OUT_OF_RANGE;
	*limits = (CountLimits){k, k};
	if (n == population)
		return SAMPLING_OK;
	CountAsk ask = {.population = population, .n = n, .k = k};
	mpq_init(ask.level);
	risk_of(ask.level, confidence, 1);
	limits->upper = last_count(&ask, k, population - n + k);
	if (k > 0)
		limits->lower = least_count(&ask);
	mpq_clear(ask.level);
	return SAMPLING_OK;
}

/* ---- chances ---- */

/* For 1 - x: what is to be rounded up needs an x that was rounded down. */
static RoundMode opposite(RoundMode mode)
{
	if (mode == ROUND_UP)
		return ROUND_DOWN;
	return mode == ROUND_DOWN ? ROUND_UP : mode;
}

/* The mean is n times the rate, which is kept a fraction: certified_round wants its figure open to
 * as many digits as it takes. */
static int64_t poisson_chance(Ratio rate, int64_t n, int64_t k, RoundMode mode)
{
	PoissonTail tail = {.k = k};
	mpq_t size;
	mpq_init(size);
	mpq_init(tail.mean);
	mpq_set_si(size, n, 1);
	mpq_set_ratio(tail.mean, rate);
	mpq_mul(tail.mean, tail.mean, size);
	mpz_t billionths;
	mpz_init(billionths);
	certified_round(billionths, poisson_evaluate, &tail, SAMPLING_ONE, mode);
	int64_t chance = mpz_get_si(billionths);
	mpz_clear(billionths);
	mpq_clears(size, tail.mean, (mpq_ptr)NULL);
	return chance;
}

/* For a frame the rate is taken as it stands: 2 bad of 40 is another question than 1 of 20. */
static int64_t exact_chance(SamplingLaw law, Ratio rate, int64_t n, int64_t k, RoundMode mode)
{
	Chance chance;
	chance_init(&chance);
	if (law == LAW_HYPERGEOMETRIC) {
		hypergeometric_tail(&chance, rate.d, (int64_t)rate.n, n, k);
	} else {
		mpq_t p;
		mpq_init(p);
		mpq_set_ratio(p, rate);
		binomial_tail(&chance, n, k, p);
		mpq_clear(p);
	}
	int64_t billionths = chance_round(&chance, mode);
	chance_clear(&chance);
	return billionths;
}

SamplingStatus sampling_chance(SamplingLaw law, Ratio rate, int64_t n, int64_t k, RoundMode mode,
			       int64_t *chance)
{
	if (rate.d < 1 || rate.n < 0 || rate.n > rate.d || n < 0 || n > SAMPLING_MOST_SIZE ||
	    k < 0 || k > n ||
	    (law == LAW_HYPERGEOMETRIC && (rate.d > SAMPLING_MOST_POPULATION || n > rate.d)))
		return SAMPLING_OUT_OF_RANGE;
	if (law == LAW_POISSON)
		*chance = rate.n == 0 ? SAMPLING_ONE : poisson_chance(rate, n, k, mode);
	else
		*chance = exact_chance(law, rate, n, k, mode);
	return SAMPLING_OK;
}

/* Discovery: the plan of looking until one is met. Its chance is that of not meeting none. */
SamplingStatus sampling_discovery(SamplingLaw law, Ratio rate, int64_t n, RoundMode mode,
				  int64_t *chance)
{
	int64_t none = 0;
	SamplingStatus status = sampling_chance(law, rate, n, 0, opposite(mode), &none);
	if (status == SAMPLING_OK)
		*chance = SAMPLING_ONE - none;
	return status;
}

/* A factor is a limit for n = 1: what the table gives for any n, to be divided by it. */
SamplingStatus sampling_factor(int32_t confidence, int64_t k, int64_t *factor)
{
	if (!confident(confidence) || k < 0 || k > SAMPLING_MOST_SIZE)
		return SAMPLING_OUT_OF_RANGE;
	mpq_t risk;
	mpq_init(risk);
	risk_of(risk, confidence, 1);
	Tail tail = {TAIL_POISSON, 1, k};
	SamplingStatus status = upper_limit(&tail, risk, factor);
	mpq_clear(risk);
	return status;
}
