/*
 * What a sample says of the population that it was drawn from, in exact arithmetic.
 *
 *   rows looked at ──> errors       how many are wrong ──> limits of the rate, exact
 *                  └─> taints       overpaid and underpaid apart ──> Stringer's upper limits (by money)
 *                  └─> rows overpaid, underpaid ──> upper limits by the dearest rows (at random)
 *                  └─> differences  paid less payable ──> estimate with Student's t (at random)
 *                  └─> serious      wrong by the plan's share or more ──> minimum sum
 *
 * Whatever is stated as a limit is one-sided and holds with the plan's confidence by itself; the
 * interval of the estimate is two-sided. Money is pence: over and under are both positive sums.
 */
#ifndef VOUCH_INTERP_SPOT_FIGURES_H
#define VOUCH_INTERP_SPOT_FIGURES_H

#include "interp/sampling_bound.h"
#include "interp/sampling_estimate.h"
#include "interp/sampling_money.h"
#include "dsl/rulebook.h"

/* One that was looked at; by money, once for each time that it was drawn. */
typedef struct SpotLooked {
	int64_t paid;            /* pence; 0 or less, or not known: no money of it is projected */
	int64_t over, under;     /* both 0 or more */
	bool wrong;              /* counts towards the rate */
} SpotLooked;

/* Of the group, and of what was looked at: looked[first .. first + n - 1]. */
typedef struct SpotStratum {
	int64_t population, first, n;
} SpotStratum;

typedef struct SpotAsk {
	SpotMethod method;
	int32_t confidence, serious; /* basis points */
	int64_t population;          /* rows of the group */
	int64_t book;                /* their pence */
	const SpotLooked *looked;
	int64_t n;
	const int64_t *rest;         /* pence of the rows that were not looked at; below 0 as 0 */
	int64_t nrest;
	const SpotStratum *stratum;  /* at random; none: the plan has no strata */
	int32_t nstrata;
	bool each;                   /* so many were drawn from each, not in proportion */
} SpotAsk;

typedef struct SpotFigures {
	int64_t n, wrong;
	bool census;             /* every row was looked at: nothing is estimated */
	int64_t rate, rate_lower, rate_upper;  /* billionths: of rows, or of pounds by money */
	int64_t count_lower, count_upper;      /* rows; by money -1 */
	int64_t over, under, net;              /* found in the sample, each row once */
	bool has_money;          /* the figures below are there */
	int64_t over_upper, under_upper;       /* pence of the population: Stringer; at random what
	                            the dearest rows that may be so come to (spot_strata.h) */
	int64_t beyond;          /* underpayments above what was paid: the limit has no warrant */
	bool has_estimate;       /* difference estimate, net: at random, with two rows or more */
	int64_t estimate, lower, upper, claim_lower;
	int64_t thin;            /* strata with fewer than two rows looked at: no interval */
	int64_t serious, serious_lower;        /* rows; by money draws and billionths of pounds */
	int64_t minimum;         /* least overpaid in the population */
	int64_t claim;           /* what may be asked for where a clause allows it: the net lower limit,
	                            and no less than what was found */
	int64_t exposure;        /* the most that may be overpaid */
} SpotFigures;

/* A row cannot be overpaid by more than was paid for it, whatever its findings say. */
int64_t spot_over(const SpotLooked *looked);
/* n >= 1. Each row's own finding counts once in over, under: `once` says which of looked are the
 * first of their row (NULL: all are). */
SamplingStatus spot_figures(const SpotAsk *ask, const bool *once, SpotFigures *out);

#endif
