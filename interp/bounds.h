/*
 * What a subject that is not assessed could come to: the least and the most at stake over the
 * values that the missing facts may have (S17), and which facts to ask for.
 *
 * A fact may have the values that its field's `within A to B` says, the codes of its list, yes or
 * no; a define's `within` bounds what its own facts leave open. Nothing at stake counts as £0: a
 * subject that could pass has no more than £0 as its least. The bounds always hold; they are exact
 * where the search comes to an end, as it does for one fact of up to some 1,400 values.
 *
 * A fact that is missing where the rule says itself what then holds (`or else`, `is known`) stays
 * missing, and is not asked for, unless it stands in the way elsewhere. Which rows belong together
 * (links, matches, sequences, accounts of banks) is not filled in: where that is open, so is the
 * sum.
 */
#ifndef VOUCH_INTERP_BOUNDS_H
#define VOUCH_INTERP_BOUNDS_H

#include "interp/walk.h"

/* "log", "L1", "check_out": evidence to ask for. */
typedef struct AskedFact {
	Str dataset, key, field;
} AskedFact;

typedef struct Bounds {
	bool has_stake;             /* the rule puts something at stake */
	bool has_least, has_most;   /* else the sum has no bound on that side, or there is no stake */
	Ratio least, most;          /* pounds */
	bool certain;               /* it fails whatever the missing facts are */
	bool harmless;              /* it cannot fail */
	Str least_at, most_at;      /* values that give them: "spent of log L1 30 minutes"; or empty */
	AskedFact *asked;           /* in the order in which they were met */
	int32_t nasked;
} Bounds;

/* slots and group as of walk_judge. What is handed out lives in walk->arena. */
void bounds_of(const Walk *walk, const Rule *rule, const Value *slots, RowSpan group, Bounds *out);

#endif
