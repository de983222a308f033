/*
 * The two quantities that a finding holds against each other, found in the words of its rule and in
 * its evidence: of `require visit.declared <= quarter_hour(visit.logged)` what was claimed, what is
 * supported, and what that was before it was rounded.
 */
#ifndef VOUCH_REPORT_COMPARED_H
#define VOUCH_REPORT_COMPARED_H

#include "dsl/types.h"
#include "report/working.h"

/* What a rule compares, as it is written, blanks made single. */
typedef struct Comparison {
	Str claimed;      /* the side that must not be the greater */
	Str supported;    /* the other */
	Str plain;        /* what is in the brackets when that side is `name(…)`; else the same */
	bool strict;      /* must be less */
} Comparison;

/* False when the rule requires something else than one comparison by size. */
bool comparison_of(Str rule_text, Arena *arena, Comparison *out);

/* The two with their values in one finding; of one unit. */
typedef struct Compared {
	Type type;
	Ratio claimed, supported;
	Ratio plain;      /* before it was rounded; the same when it was not */
	bool rounded;
} Compared;

/* False when the evidence does not have all of them, or they are no quantities of one kind. */
bool compared_in(const Comparison *comparison, const ReadEvidence *evidence, size_t n,
	Compared *out);

#endif
