/*
 * Spot checks in exact arithmetic: what the planning and the evaluation of samples share.
 *
 * A figure that decides something or is printed never passes through a binary floating-point
 * number of the machine. There are two ways to it:
 *
 *   exact       binomial and hypergeometric tails are integers over integers (GMP), held against
 *               the confidence as integers: n = 400 comes out where doubles make it 423
 *   certified   tails that need e or pi (Poisson, gamma, Student's t) are computed twice, all
 *               roundings down and all roundings up (MPFR), with more and more digits until both
 *               give the same answer; so the last digit stated is right
 *
 * Units: confidences are basis points (9500 is 95%); money is pence; rates, chances and factors
 * that are given back are billionths (SAMPLING_ONE is 1, or 100%), rounded in the direction that
 * the function names. Rates that are handed in are Ratios, need not be in lowest terms, and are
 * positive over positive. Rounding up twice is the same as rounding up once to the coarser step,
 * so a limit in billionths may be rounded on to a tenth of a per cent for print; the same holds
 * for rounding down, and not for rounding to the nearest.
 */
#ifndef VOUCH_INTERP_SAMPLING_H
#define VOUCH_INTERP_SAMPLING_H

#include <stdint.h>

#include "base/exact.h"
#include "base/text.h"

enum {
	SAMPLING_ONE = 1000000000,       /* billionths in one */
	SAMPLING_CERTAIN = 10000,        /* basis points in certainty, itself never asked for */
	SAMPLING_MOST_SIZE = 20000,      /* no plan asks for more: a second's work, and a census */
	SAMPLING_MOST_POPULATION = 100000000 /* items in a frame */
};

/* The answers of this library: one line each says when. */
#define SAMPLING_STATUSES(X) \
	X(OK, "done") \
	X(NO_SIZE, "no sample within the largest size meets the plan") \
	X(OUT_OF_RANGE, "a figure handed in is outside what the method is for") \
	X(TOO_LARGE, "the answer does not fit 64 bits")

typedef enum SamplingStatus {
#define SAMPLING_ENUM(name, meaning) SAMPLING_##name,
	SAMPLING_STATUSES(SAMPLING_ENUM)
#undef SAMPLING_ENUM
} SamplingStatus;

const char *sampling_status_text(SamplingStatus status); /* static, lower case, no full stop */

/* The law of the number of errors met. */
typedef enum SamplingLaw {
	LAW_BINOMIAL,       /* items drawn one by one from a frame that is large beside the sample */
	LAW_POISSON,        /* pounds drawn; errors may be parts (taints) */
	LAW_HYPERGEOMETRIC  /* items drawn from a frame of `population` without going back */
} SamplingLaw;

/* Appends billionths as a percentage of that many places (0 to 7), rounded in the direction:
 * 112928151 to one place ROUND_UP is "11.3%". */
void sampling_percent(Buf *buf, int64_t billionths, int places, RoundMode mode);

#endif
