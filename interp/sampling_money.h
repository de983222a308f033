/*
 * What a sample of pounds says about pounds, by a limit that does not lean on the normal law:
 * Stringer's; and the plan that printed tables give for such a sample.
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
 * no harm), an item once for each time that it was selected. */
SamplingStatus sampling_stringer(int32_t confidence, int64_t n, int64_t book,
				 const SampledItem *items, size_t count, Stringer *out);

/*
 * The plan of monetary-unit sampling by printed factors, as the AICPA guide teaches it. R[0] is the
 * reliability factor for no errors rounded up to hundredths, as its table prints it.
 *
 *   interval = (tolerable - expected * expansion) / R[0]
 */
typedef struct UnitPlan {
	Ratio interval;       /* pence, exact */
	int64_t selections;   /* whole intervals in the book; a fixed interval meets these or one more */
} UnitPlan;

/* expansion in hundredths (160 is 1.6). OUT_OF_RANGE when nothing of the tolerable sum is left. */
SamplingStatus sampling_unit_plan(int32_t confidence, int64_t book, int64_t tolerable,
				  int64_t expected, int64_t expansion, UnitPlan *plan);

#endif
