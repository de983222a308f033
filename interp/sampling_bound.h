/*
 * What a sample says about rates and counts: exact limits, chances, reliability factors.
 *
 * Each limit is one-sided: at confidence c it leaves 1 - c on its side. Upper limits are rounded up and lower limits down, so a printed limit is a
 * limit still. All are the inversion of an exact test and hold their level for every population.
 *
 *   binomial         upper: the rate p with P(X <= k; n, p) = risk   (Clopper and Pearson 1934)
 *                    lower: the rate p with P(X >= k; n, p) = risk
 *   Poisson          the same with mean n p, for samples of pounds
 *   hypergeometric   upper: the largest K with P(X <= k; K, N, n) > risk
 *                    lower: the least K with P(X >= k; K, N, n) >= risk   (Edwards et al. 2003)
 */
#ifndef VOUCH_INTERP_SAMPLING_BOUND_H
#define VOUCH_INTERP_SAMPLING_BOUND_H

#include "interp/sampling.h"

typedef struct RateLimits {
	int64_t point; /* k/n, billionths, to the nearest */
	int64_t lower; /* billionths, rounded down; 0 when k is 0 */
	int64_t upper; /* billionths, rounded up; SAMPLING_ONE when k is n (Poisson: may exceed it) */
} RateLimits;

/* 0 <= k <= n, 1 <= n <= 10^6; LAW_BINOMIAL or LAW_POISSON. */
SamplingStatus sampling_rate(SamplingLaw law, int32_t confidence, int64_t n, int64_t k,
			     RateLimits *limits);

typedef struct CountLimits {
	int64_t lower, upper; /* items in error among `population`, both whole and exact */
} CountLimits;

/* 0 <= k <= n <= population, n >= 1; n up to SAMPLING_MOST_SIZE, or the whole population. */
SamplingStatus sampling_count(int32_t confidence, int64_t population, int64_t n, int64_t k,
			      CountLimits *limits);

/* The chance of meeting at most k errors in n, billionths in the direction asked for.
 * LAW_BINOMIAL and LAW_POISSON: at the rate; LAW_HYPERGEOMETRIC: rate.n of rate.d items are bad,
 * as they stand (not in lowest terms). */
SamplingStatus sampling_chance(SamplingLaw law, Ratio rate, int64_t n, int64_t k, RoundMode mode,
			       int64_t *chance);
/* The chance of meeting at least one. */
SamplingStatus sampling_discovery(SamplingLaw law, Ratio rate, int64_t n, RoundMode mode,
				  int64_t *chance);

/* The reliability factor for k errors: the upper limit of a Poisson mean, billionths, rounded up:
 * 2995732274 for none at 95%. Tables print it rounded up to hundredths: 3.00, 4.75, 6.30. */
SamplingStatus sampling_factor(int32_t confidence, int64_t k, int64_t *factor);

#endif
