/*
 * What a sample of rows says about pounds by an estimate with an interval from Student's t: the
 * total of what is wrong, from one stratum or several.
 *
 *   estimate   sum N_h mean_h                                  of book - audit: the difference
 *   error^2    sum N_h^2 s_h^2 / n_h (1 - n_h/N_h)
 *   limits     estimate -+ t error
 *
 * The estimate is exact; the standard error is the root of an exact number; the quantile of t is
 * certified. The interval itself leans on the normal law: with few large errors it can miss far
 * more often than it says, which is why limits that do not stand beside it. The correction for a
 * finite population is that of survey texts; audit texts have N - 1 for N in its divisor, which
 * shows in the fourth decimal. Sources: Cochran (1977), Sampling Techniques.
 */
#ifndef VOUCH_INTERP_SAMPLING_ESTIMATE_H
#define VOUCH_INTERP_SAMPLING_ESTIMATE_H

#include <stddef.h>

#include "interp/sampling.h"

/* How the risk is spread. */
typedef enum SamplingSides {
	SIDES_ONE, /* each limit by itself holds with the confidence */
	SIDES_TWO  /* both together hold with the confidence */
} SamplingSides;

typedef struct Estimate {
	int64_t estimate;     /* pence, nearest: positive is overpaid */
	int64_t lower, upper; /* pence, rounded down and up */
	int64_t claim;        /* lower, or 0 when that is negative */
	int64_t error;        /* standard error, pence, to the nearest */
	int64_t freedom;      /* degrees of freedom of t */
	int64_t t;            /* its quantile, billionths, rounded up */
} Estimate;

/* One stratum of a stratified sample: sums of the figure that is totalled, in any unit. */
typedef struct Stratum {
	int64_t population, n; /* 2 <= n, or n == population: a stratum that was looked at whole */
	Int128 sum, squares;
} Stratum;

/* Degrees of freedom: items less strata, both without the strata that were looked at whole. */
SamplingStatus sampling_total(const Stratum *strata, size_t count, int32_t confidence,
			      SamplingSides sides, Estimate *out);

#endif
