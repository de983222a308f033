/*
 * What rows that were drawn at random, in strata or from one alone, say of their group.
 *
 *   rows wrong in each stratum ──┬─ shared out in proportion ──> one limit of all     (Hoeffding)
 *                                └─ so many from each ─────────> a limit of each, added (Bonferroni)
 *   paid less payable ──> sum N_h mean_h with its t interval
 *   limits of counts  ──> the most that could be overpaid, and the least
 *
 * In proportion: the rows found wrong are a sum of independent trials of different chances, and no
 * such sum is more often small than one of equal chances with the same mean, from one below the
 * mean down (Hoeffding 1956; draws without going back are such trials, Vatutin and Mikhailov 1982).
 * So the binomial limit of that mean holds; where the theorem does not reach, nothing more is stated
 * than what was seen. Where one stratum alone is open, its own exact limit is taken. A row of stratum h stands for N_h/n_h: rounded shares make these differ
 * a little, and the largest is taken for the upper limit, the smallest for the lower one.
 *
 * From each stratum alike rows stand for very different numbers. Then each stratum has the exact
 * limit of its own, at the confidence 1 - (1 - c)/H for H strata, and all together hold with c.
 *
 * Strata that were looked at whole add what was found, and no doubt.
 *
 * The limits of money follow from those of counts, which hold however the money is spread: at most so
 * many rows are overpaid, and at worst they are the dearest.
 */
#ifndef VOUCH_INTERP_SPOT_STRATA_H
#define VOUCH_INTERP_SPOT_STRATA_H

#include "interp/spot_figures.h"

/* found: by stratum, rows of some kind among those looked at. Limits of how many the group has. */
SamplingStatus spot_strata_count(const SpotAsk *ask, const int64_t *found, CountLimits *out);
/* Rates, and counts of wrong rows. */
SamplingStatus spot_strata_rates(const SpotAsk *ask, SpotFigures *out);
/* Sums; out has those that were found. */
SamplingStatus spot_strata_money(const SpotAsk *ask, SpotFigures *out);

#endif
