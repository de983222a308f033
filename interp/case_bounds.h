/*
 * What findings that lack facts could come to, in a case file: `bounds` has a row for each of them,
 * `asked` one for each fact that it lacks, `bounds_total` the sums of each rule over those that are
 * not assessed. The view
 * `ask_for` says what money hangs on a fact over all findings of a run.
 */
#ifndef VOUCH_INTERP_CASE_BOUNDS_H
#define VOUCH_INTERP_CASE_BOUNDS_H

#include "interp/casefile.h"

/* Sums of a rule, over findings whose bounds are both there; `open` counts the others. */
typedef struct BoundsTotal {
	int64_t rule_key, findings, open;
	Ratio least, most;
} BoundsTotal;

typedef struct CaseBounds {
	VEC(BoundsTotal) total;
} CaseBounds;

/* The tables and the view; all inside the case file's transaction, each with a Status like those of
 * casefile.h. */
Status case_bounds_begin(CaseFile *file);
/* `row`: of finding_row. Nothing for a finding without bounds. What it asks for is put elsewhere. */
Status case_bounds_put(CaseFile *file, CaseBounds *bounds, int64_t row, int64_t rule_key,
	const Finding *finding, const CaseFound *found);
Status case_bounds_totals(CaseFile *file, CaseBounds *bounds);
/* Its memory; fine when nothing was begun. */
void case_bounds_end(CaseBounds *bounds);

#endif
