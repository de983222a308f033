/*
 * What a sample says about pounds by estimates with an interval from Student's t: difference,
 * direct, quotient and regression, and totals from strata.
 *
 * The estimate is exact; the standard error is the root of an exact number; the quantile of t is
 * certified. The interval itself leans on the normal law: with few large errors it can miss far
 * more often than it says, which is why the limits of sampling_money.h stand beside it. Which
 * method is used has to be written down before the draw: four honest methods give four intervals.
 *
 *   difference   N mean(book - audit)                      s: of book - audit
 *   direct       B - N mean(audit)                         s: of audit
 *   quotient     (1 - q) B, q = sum audit / sum book       s^2 = sa^2 - 2 q sab + q^2 sb^2
 *   regression   B - N (mean audit + b (B/N - mean book))  s^2 = sa^2 (1 - r^2)
 *
 *   limits: estimate -+ t(n - 1) N s / sqrt(n) times the finite-population correction
 *
 * where N is the number of items and B the book total of the frame. Sources: jfa (Derks), whose
 * figures are tests here; Cochran (1977), Sampling Techniques, for strata and corrections.
 */
#ifndef VOUCH_INTERP_SAMPLING_ESTIMATE_H
#define VOUCH_INTERP_SAMPLING_ESTIMATE_H

#include <stddef.h>

#include "interp/sampling.h"
#include "interp/sampling_bound.h"

/* Sums over the items looked at, in pence and square pence: all that the estimates need. */
typedef struct SampleSums {
	int64_t n;
	Int128 book, audit;              /* paid; found to be payable */
	Int128 book_book, audit_audit, book_audit;
} SampleSums;

void sampling_sums_add(SampleSums *sums, int64_t book, int64_t audit);

typedef enum EstimateMethod {
	ESTIMATE_DIFFERENCE, ESTIMATE_DIRECT, ESTIMATE_QUOTIENT, ESTIMATE_REGRESSION
} EstimateMethod;

/* Two corrections are in use and give visibly different sums; the one used has to be named. */
typedef enum FiniteCorrection {
	CORRECTION_NONE,
	CORRECTION_SURVEY,  /* sqrt(1 - n/N): survey texts */
	CORRECTION_AUDIT    /* sqrt((N - n)/(N - 1)): audit texts */
} FiniteCorrection;

typedef struct EstimateAsk {
	EstimateMethod method;
	FiniteCorrection correction;
	int32_t confidence;   /* basis points */
	SamplingSides sides;
	int64_t population;   /* N, items */
	int64_t book;         /* B, pence; below 0 when not known: the quotient then goes by N mean(book),
				 the direct and regression estimates cannot be made */
} EstimateAsk;

typedef struct Estimate {
	int64_t estimate;     /* pence, nearest: positive is overpaid */
	int64_t lower, upper; /* pence, rounded down and up */
	int64_t claim;        /* lower, or 0 when that is negative */
	int64_t error;        /* standard error, pence, to the nearest */
	int64_t freedom;      /* degrees of freedom of t */
	int64_t t;            /* its quantile, billionths, rounded up */
} Estimate;

/* 2 <= n <= SAMPLING_MOST_SIZE items; the quotient needs sum(book) > 0, the regression books that
 * differ. */
SamplingStatus sampling_estimate(const EstimateAsk *ask, const SampleSums *sums, Estimate *out);

/* One stratum of a stratified sample: sums of the figure that is totalled, in any unit. */
typedef struct Stratum {
	int64_t population, n; /* 2 <= n, or n == population: a stratum that was looked at whole */
	Int128 sum, squares;
} Stratum;

/* sum N_h mean_h, with error^2 = sum N_h^2 s_h^2 / n_h (1 - n_h/N_h) (the last factor for
 * CORRECTION_SURVEY alone; CORRECTION_AUDIT as above); degrees of freedom: items less strata,
 * both without the strata that were looked at whole. */
SamplingStatus sampling_total(const Stratum *strata, size_t count, FiniteCorrection correction,
			      int32_t confidence, SamplingSides sides, Estimate *out);

/* The quantile of Student's t with `freedom` degrees (1 .. SAMPLING_MOST_SIZE), billionths, rounded
 * up. */
SamplingStatus sampling_t(int32_t confidence, SamplingSides sides, int64_t freedom, int64_t *t);

#endif
