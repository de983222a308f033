/*
 * How many to look at: the least sample that meets a plan, for one stage and for two.
 *
 * A plan of one stage is: when the sample holds no more than k errors, we may say with the
 * confidence that the rate is below the tolerable one. The least n is the first for which
 *
 *   binomial         P(X <= k; n, tolerable)                  <= 1 - confidence
 *   hypergeometric   P(X <= k; K = ceil(tolerable N), N, n)   <= 1 - confidence
 *   Poisson          P(Gamma(1 + x) > tolerable n)            <= 1 - confidence
 *
 * where k is a fixed number of errors or ceil(expected n), worked out anew for each n, and x (only
 * for Poisson, where errors are taints and may be parts) is that number or expected n itself.
 * Sources: AICPA, Audit Sampling (2017), appendices A and C; Touw and Hoogduin (2011), chapter 5.
 * The published tables have slips (112 where the law says 113); the exact figure is given.
 */
#ifndef VOUCH_INTERP_SAMPLING_SIZE_H
#define VOUCH_INTERP_SAMPLING_SIZE_H

#include <stdbool.h>

#include "interp/sampling.h"

typedef struct SizeAsk {
	SamplingLaw law;
	int32_t confidence;    /* basis points, 1 .. 9999 */
	Ratio tolerable;       /* above 0, below 1 */
	bool fixed;            /* `errors` says how many errors are allowed; else `expected` does */
	int64_t errors;        /* 0 .. SAMPLING_MOST_SIZE */
	Ratio expected;        /* expected rate, 0 or more, below the tolerable one */
	int64_t population;    /* items in the frame: for the hypergeometric law alone */
	int64_t most;          /* no larger sample than this; 0 for SAMPLING_MOST_SIZE */
} SizeAsk;

typedef struct SizeAnswer {
	int64_t n;
	int64_t errors;        /* k: the plan is met with no more than these */
	Ratio taints;          /* Poisson with an expected rate: the taints allowed, expected n */
	int64_t risk;          /* the tail above at n, billionths, rounded up: at most 1 - confidence */
} SizeAnswer;

SamplingStatus sampling_size(const SizeAsk *ask, SizeAnswer *answer);

/*
 * Two stages: a spot check that may become a larger one. The provider passes
 *
 *   with X1 <= allow_first errors among the first, or,
 *   with X1 <= allow_whole, when X1 + X2 <= allow_whole after the second was drawn as well.
 *
 * The risk is that of the whole plan at the tolerable rate: what a reader of "95%" takes it to be.
 * "59, and if one is wrong another 59" has a risk of 5.58% though each half alone has less than
 * 5%; 61 and 61 is the plan that holds (Touw and Hoogduin (2011), p. 129 for 90%: 49 and 49).
 */
typedef struct TwoStage {
	int64_t first, second;        /* sizes */
	int64_t allow_first, allow_whole; /* errors; 0 <= allow_first <= allow_whole */
} TwoStage;

/* The least plan of two equal stages; `ask` gives law, confidence, tolerable rate, population and
 * `most` (for one stage); its errors are not looked at. *risk in billionths, rounded up. */
SamplingStatus sampling_two_stage(const SizeAsk *ask, int64_t allow_first, int64_t allow_whole,
				  TwoStage *plan, int64_t *risk);
/* The risk of any plan of two stages, billionths, rounded up. */
SamplingStatus sampling_two_stage_risk(const SizeAsk *ask, const TwoStage *plan, int64_t *risk);

#endif
