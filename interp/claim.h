/*
 * Law 14: one visit's money is claimed once. Of the findings about one row the largest stake
 * counts. A finding about a group adds only what exceeds the counted stakes of its member rows;
 * groups are taken smallest first, then by id, and what one adds counts from then on against its
 * first member (S69). Stakes below zero, owed to the provider, are summed apart in the same way of
 * largest first (S70).
 */
#ifndef VOUCH_INTERP_CLAIM_H
#define VOUCH_INTERP_CLAIM_H

#include "interp/casefile.h"

/* A row of a dataset, as 128 bits of a hash of its dataset's name and its key. */
typedef struct ClaimRow {
	uint64_t hi, lo;
} ClaimRow;

typedef struct Claim {
	ClaimRow row;          /* of a finding about one row */
	ClaimRow *member;      /* of a finding about a group: malloc, owned; else NULL */
	int32_t nmembers;
	uint8_t id[16];
	Ratio stake;           /* in one unit for all claims: pounds, or pence */
} Claim;

typedef struct Claims {
	VEC(Claim) list;
	int64_t without_sum;
} Claims;

ClaimRow claim_row(Str dataset, Str key);
/* Moves everything from `from` to the end of `into`. */
void claims_join(Claims *into, Claims *from);
/* Reorders the list and adds up. */
void claims_total(Claims *claims, CaseClaim *out);
/* How much of each claim counts, in the order of the list, which stays as it is: what they add up to
 * is the total. Of equal claims about one row the first of the list counts. share: the caller's, as
 * many as there are claims. */
void claims_share(const Claims *claims, Ratio *share);
void claims_free(Claims *claims);

#endif
