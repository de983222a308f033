/*
 * What a partition's rows come to while they go by: groups by number, and of each what plain rows
 * add up to. Rows with anything open about them are no business of this module.
 *
 *   keys of a row ── KeyTable ──> group number ──┬─> Tally[group]   sums, counts, least, greatest
 *                                                └─> PairTable      (group, value) seen before?
 *
 * Values are numbers as in a column: two cells of one text are two values here, and come together
 * when a partition's figures are added to the others'.
 */
#ifndef VOUCH_INTERP_MEASURE_TALLY_H
#define VOUCH_INTERP_MEASURE_TALLY_H

#include <stdbool.h>

#include "base/exact.h"

/* Memory from malloc; {.nkeys = n} is an empty one. */
typedef struct KeyTable {
	int32_t nkeys, n, room;
	int64_t *key;        /* nkeys of each group */
	int32_t *place;      /* open addressing into the groups; -1: free */
	uint32_t mask;
} KeyTable;

int32_t keytable_of(KeyTable *table, const int64_t *key); /* added when it is not there */
void keytable_free(KeyTable *table);

/* Of the plain rows of one group, for one aggregate. */
typedef struct Tally {
	Int128 sum;
	int64_t rows, yes, no;     /* yes: the value is not 0 */
	int64_t least, greatest;   /* when there are rows */
} Tally;

typedef struct Pair {
	int64_t value;
	int32_t group;             /* -1: a free place */
} Pair;

typedef struct PairTable {
	Pair *at;            /* open addressing */
	uint32_t mask, n;
} PairTable;

void pairtable_add(PairTable *table, int32_t group, int64_t value);
void pairtable_free(PairTable *table);

#endif
