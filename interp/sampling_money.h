/*
 * What a sample says about pounds, by limits that do not lean on the normal law: Stringer's upper
 * limit, the monetary-unit evaluation by factors, and the minimum sum that may be claimed.
 *
 * All money is in pence. Upper figures are rounded up to the penny, lower ones down.
 */
#ifndef VOUCH_INTERP_SAMPLING_MONEY_H
#define VOUCH_INTERP_SAMPLING_MONEY_H

#include <stdbool.h>
#include <stddef.h>

#include "interp/sampling.h"

/* An item that was looked at: what was paid for it, and how much of that was wrong (over-paid when
 * positive, underpaid when negative). Any unit does where only the taint wrong/paid counts. */
typedef struct SampledItem {
	int64_t wrong;
	int64_t paid; /* above 0 */
} SampledItem;

/*
 * Stringer (1963): p0 + sum (p[i] - p[i-1]) t[i], the taints sorted downwards, p[i] the upper
 * limit of the rate for i errors in n. Over- and underpayments are run apart, as they do not make
 * up for each other in a limit. It is known to be safe rather than proved to be; a taint above
 * one (only an underpayment can have it) is outside what it is for, which `beyond` counts.
 */
typedef struct StringerSide {
	int64_t errors;       /* items with a taint on this side */
	int64_t beyond;       /* of them with a taint above one: when not 0, the limit has no warrant */
	int64_t likely_rate;  /* sum of taints over n: billionths, to the nearest */
	int64_t upper_rate;   /* billionths, rounded up */
	int64_t likely;       /* of `book`: pence, to the nearest */
	int64_t upper;        /* of `book`: pence, rounded up */
} StringerSide;

typedef struct Stringer {
	StringerSide over, under;
	int64_t net;          /* over.likely less under.likely, from the exact figures, nearest penny */
} Stringer;

/* n selections of pounds from `book` pence; `items` are those found wrong (right ones among them do
 * no harm), an item once for each time that it was selected. law: LAW_BINOMIAL or LAW_POISSON. */
SamplingStatus sampling_stringer(SamplingLaw law, int32_t confidence, int64_t n, int64_t book,
				 const SampledItem *items, size_t count, Stringer *out);

/*
 * Monetary-unit sampling by printed factors, as the AICPA guide teaches it. R[k] is the
 * reliability factor rounded up to hundredths, as its table prints it.
 *
 *   plan       interval = (tolerable - expected * expansion) / R[0]
 *   evaluate   projected    taint * interval for items below it; the error itself for those above
 *              basic        R[0] * interval
 *              incremental  sum (R[i] - R[i-1] - 1) * taint[i] * interval, taints downwards
 *              upper        the three together
 */
typedef struct UnitPlan {
	Ratio interval;       /* pence, exact */
	int64_t selections;   /* whole intervals in the book; a fixed interval meets these or one more */
} UnitPlan;

/* expansion in hundredths (160 is 1.6). OUT_OF_RANGE when nothing of the tolerable sum is left. */
SamplingStatus sampling_unit_plan(int32_t confidence, int64_t book, int64_t tolerable,
				  int64_t expected, int64_t expansion, UnitPlan *plan);

typedef struct UnitResult {
	int64_t known;        /* errors in items at or above the interval, taken as they are */
	int64_t projected;    /* known + projection: nearest penny */
	int64_t basic, incremental; /* nearest penny */
	int64_t upper;        /* of the exact sum, rounded up */
} UnitResult;

/* Overpayments alone are evaluated (items with wrong <= 0 are passed by): run underpayments apart,
 * with the sign turned. */
SamplingStatus sampling_unit_result(int32_t confidence, Ratio interval, const SampledItem *items,
				    size_t count, UnitResult *out);

/*
 * The minimum sum (Edwards et al. 2003): with the confidence at least `lower` items of the
 * population are wrong by `share` of what was paid or more (exact hypergeometric limit). Those
 * found stand with what was found; the others are taken to be the smallest that were not looked
 * at, each wrong by `share` only. A lower limit for the gross overpayment that needs no law for
 * the sizes of errors.
 */
typedef struct MinimumSum {
	int64_t serious;      /* items of the sample wrong by the share or more */
	int64_t lower;        /* lower limit of their number in the population */
	int64_t found;        /* overpaid in the sample, pence, every overpayment counted */
	int64_t added;        /* for the lower - serious smallest others, pence, rounded down */
	int64_t total;        /* found + added */
} MinimumSum;

/* `sample` holds all n items looked at; `rest` what was paid for each of the others (any order,
 * 0 or more), so that the population is n + rest_count. share above 0, at most 1; (Ratio){1, 1}
 * for payments that are wholly right or wholly wrong. */
SamplingStatus sampling_minimum_sum(int32_t confidence, Ratio share, const SampledItem *sample,
				    size_t n, const int64_t *rest, size_t rest_count,
				    MinimumSum *out);

#endif
