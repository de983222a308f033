/*
 * How many to draw, asked before a rule says it: the least sizes that hold a plan, or what a size
 * that somebody has in mind holds.
 *
 *   by rows    a tolerable rate, and errors that are expected ──> `draw N at random`, in one stage
 *              or two
 *   to find    so many wrong rows among all: the chance to meet at least one of them
 *   by money   a tolerable and an expected sum of a book ───────> `draw N by money`, and what the
 *              printed tables make of it
 *
 * The chance to pass is that of the whole plan, exact, rounded up; the chance to find is rounded
 * down. Rates and chances are billionths, money is pence.
 */
#ifndef VOUCH_INTERP_SPOT_SIZE_H
#define VOUCH_INTERP_SPOT_SIZE_H

#include "interp/sampling_bound.h"
#include "interp/sampling_money.h"
#include "interp/sampling_size.h"

typedef struct SpotSizeAsk {
	SizeAsk plan;            /* two stages: fixed, errors 1 or more: those of both together */
	bool two;                /* two equal stages; the first passes with none wrong */
	int64_t find;            /* above 0: that many wrong rows, plan.tolerable is find of population */
	int64_t draw;            /* above 0: what this size of each stage holds; 0: the least size */
	int64_t book;            /* by money; 0: by rows, or no sums are known */
	int64_t tolerable, expected; /* of the book, where they were given as sums; otherwise 0 */
} SpotSizeAsk;

typedef struct SpotSize {
	int64_t first, second;   /* second 0: one stage */
	int64_t errors;          /* with which the whole plan passes */
	Ratio taints;            /* by money with an expected rate: what these may come to, in draws;
	                            otherwise 0 */
	int64_t risk;            /* chance to pass at the tolerable rate, rounded up */
	int64_t leaves;          /* what the confidence leaves of it; risk may be above, with `draw` */
	int64_t met;             /* find: chance to meet one at least, rounded down */
	int64_t upper_none;      /* one stage: upper limit of the rate when none is found wrong ... */
	int64_t upper_most;      /* ... and when as many are as may be */
	int64_t alone, alone_risk; /* two stages: the size of one, and the risk of it drawn twice */
	int64_t large_risk;      /* hypergeometric: the risk by the binomial law, as a checker of rules
	                            has it that knows no population; otherwise 0 */
	int64_t interval;        /* by money: pence between selections, rounded down; 0: no book */
	int32_t expansion;       /* hundredths, as printed tables have it; 0: no plan by tables */
	UnitPlan table;          /* the plan by printed factors */
} SpotSize;

SamplingStatus spot_size(const SpotSizeAsk *ask, SpotSize *out);

#endif
