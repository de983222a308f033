/*
 * Long lists of a store in the order of a column, so that the few rows whose value lies in a range
 * are found without going through the list for every finding. One thread's; a list is known by its
 * address, so that it must be the store's own, and sifts_clear comes before another store.
 */
#ifndef VOUCH_INTERP_SIFT_H
#define VOUCH_INTERP_SIFT_H

#include "base/mem.h"
#include "interp/store.h"

typedef struct Sorted Sorted;
typedef struct SievePlan SievePlan; /* interp/walk_sift.c */

typedef struct Sifts {
	Arena arena;
	Sorted **at;         /* open addressing */
	uint32_t room, n;    /* room is 0 or a power of two */
	SievePlan *plan;     /* of conditions, by aggregate */
} Sifts;

void sifts_clear(Sifts *sifts);
void sifts_free(Sifts *sifts);

/* What a list has in a range, and which rows it does not know the column of; in no order that
 * matters. Both point into the order, and last until sifts_clear. */
typedef struct Sifted {
	RowSpan in, unknown;
} Sifted;

/* low > high: nothing is in it. */
Sifted sifts_range(Sifts *sifts, RowSpan list, const Column *column, int64_t low, int64_t high);

#endif
