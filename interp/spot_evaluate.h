/*
 * What came of the rows that were drawn: each row's own money once, the sample's figures group by
 * group, and what the plan says follows.
 *
 *   frozen frame ─┐
 *   tickets ──────┼─> verdict of each row ──> figures of each group ──> passed, draw, full audit
 *   data of today ┘        └─ differences between the frame and the data are named
 *
 * A row is wrong when a rule of the plan's severity or a graver one fails for it. A row without
 * evidence (no log, no longer in the data, or not assessed by such a rule) counts as the plan says;
 * as wrong, all that was paid for it counts as overpaid.
 */
#ifndef VOUCH_INTERP_SPOT_EVALUATE_H
#define VOUCH_INTERP_SPOT_EVALUATE_H

#include "interp/spot_case.h"
#include "interp/spot_scan.h"

typedef struct SpotEvaluation {
	Arena arena;
	SpotOutcomes outcome;      /* by group, in the frame's order */
	SpotStratumOutcomes stratum; /* of each group, where the plan has strata */
	SpotVerdicts verdict;      /* of each row drawn, once, by group and key */
	SpotChanges change;        /* by key */
} SpotEvaluation;

/* The mildest severity whose findings the plan counts. */
Severity spot_severity(const SpotPlan *plan);
/* tickets sorted by group and number, as they are read. The scan holds the population as it is
 * today, and the findings of the rows drawn. SAMPLING_OK, or what stands in the way of a figure. */
SamplingStatus spot_evaluate(const SpotPlan *plan, const SpotFrame *frame,
	const SpotTickets *tickets, const SpotScan *scan, SpotEvaluation *out);
void spot_evaluation_free(SpotEvaluation *evaluation);

#endif
