/*
 * Whether the sizes that a contract declares hold the risk that it declares: arithmetic that the
 * checker of the language does not have, so that it is asked for apart.
 */
#ifndef VOUCH_INTERP_SPOT_RISK_H
#define VOUCH_INTERP_SPOT_RISK_H

#include "dsl/diag.h"
#include "dsl/rulebook.h"
#include "interp/sampling_bound.h"
#include "interp/sampling_size.h"

/* The chance, billionths rounded up, that a population with the tolerable rate of wrong rows passes
 * the whole plan. SAMPLING_OUT_OF_RANGE: the plan names no tolerable rate. */
SamplingStatus spot_risk(const SpotCheck *spot, int64_t *risk);
/* Warns (W0711) of each plan whose risk is above what its confidence leaves, with the least sizes
 * that hold it. Plans without a tolerable rate promise nothing. */
void spot_risk_warn(const Rulebook *book, Diags *diags);

#endif
