/*
 * What would have passed: for a subject that fails, the nearest value of one single fact with which
 * it passes, all else being as it is. A check-out at 08:23 or later; a claim of 15 minutes or less.
 *
 * The facts are fields that the rule looked at: moments, times of day, dates, quantities. Which
 * rows belong together (links, matches, sequences, accounts of banks) stays as it is. A value that is
 * told has been tried: with it the subject passes, with the next one nearer to what is recorded it
 * fails, and at the far end of what was tried it passes too. A subject that reads more facts than
 * can be tried, and one that no single fact would have saved, has none.
 */
#ifndef VOUCH_INTERP_REMEDY_H
#define VOUCH_INTERP_REMEDY_H

#include "interp/walk.h"

#define REMEDIES_MOST 4

typedef struct Remedy {
	Str dataset, key, field; /* the fact */
	Str was, value;          /* as the language writes them: recorded; the nearest that passes */
	bool more;               /* that or more (later); else that or less (earlier) */
} Remedy;

typedef struct Remedies {
	Remedy at[REMEDIES_MOST];
	int32_t n;
} Remedies;

/* What a thread keeps from one search to the next: {0} to begin with. */
typedef struct RemedyDesk {
	bool plain;              /* for tests: nothing is known beforehand or kept, every trial is made */
	Arena scratch, fact;     /* of one trial; of all that move one fact */
	struct RuleWays *ways;   /* by rule, the one asked last in front */
	Arena kept;              /* they live here */
} RemedyDesk;

void remedy_desk_free(RemedyDesk *desk);

/* slots as of walk_judge, of a subject that fails. A group has none. Texts live in `arena`. */
void remedies_of(const Walk *walk, const Rule *rule, const Value *slots, RemedyDesk *desk,
	Arena *arena, Remedies *out);

#endif
