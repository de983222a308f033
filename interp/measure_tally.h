/*
 * What a partition's rows come to while they go by: groups by number, and of each what plain rows
 * add up to. Rows with anything open about them are no business of this module.
 *
 *   keys of a row ── KeyTable ──> group number ──┬─> Tally[group]   sums, counts, least, greatest
 *                                                └─> PairTable      (group, value) seen before?
 *
 * Rows of one group mostly stand together, so a batch is added up in runs: what a run comes to is
 * worked out beside the tallies, and added to its group's once.
 *
 *   row      0 1 2 3 4 5 6 7
 *   group    1 1 1 2 2 2 2 1       runs   0..2 of group 1, 3..6 of group 2, 7 of group 1
 *   in       1 0 1 1 1 1 0 1       rows that go in
 *   upto     0 1 1 2 3 4 5 5 6     how many of those before: 5 - 2 rows of the run 3..6
 *
 * Values are numbers as in a column: two cells of one text are two values here, and come together
 * when a partition's figures are added to the others'.
 */
#ifndef VOUCH_INTERP_MEASURE_TALLY_H
#define VOUCH_INTERP_MEASURE_TALLY_H

#include <stdbool.h>

#include "base/exact.h"

/* Rows from..to-1 of a batch, which are all of one group. */
typedef struct TallyRun {
	int32_t from, to, group;
} TallyRun;

/* A key of each row of a batch; step 0: one for all of them. */
typedef struct TallyKey {
	const int64_t *value;
	int32_t step;
} TallyKey;

/* Memory from malloc; {.nkeys = n} is an empty one. */
typedef struct KeyTable {
	int32_t nkeys, n, room;
	int64_t *key;        /* nkeys of each group */
	int32_t *place;      /* open addressing into the groups; -1: free */
	int shift;           /* the upper bits of a hash are the place to begin from */
	uint32_t mask;
} KeyTable;

/* Gives each run the group of its keys, counted from 1; groups that are not there are added. A run
 * of group 0 has no keys, and is left as it is. */
void keytable_find(KeyTable *table, const TallyKey *key, TallyRun *run, int32_t nruns);
void keytable_clear(KeyTable *table); /* empty; the memory stays */
void keytable_free(KeyTable *table);

/* Of the plain rows of one group, for one aggregate. */
typedef struct Tally {
	Int128 sum;
	int64_t rows, yes;         /* yes: the value is not 0 */
	int64_t least, greatest;   /* when there are rows */
} Tally;

/* The runs of a batch and which of its rows go in: 1, or 0. `upto` has one entry more than rows. */
typedef struct TallyRows {
	const TallyRun *run;
	int32_t nruns;
	const uint8_t *in;
	const int32_t *upto;
} TallyRows;

/* Fills `upto`; its last entry is how many there are in all. */
void tally_upto(const uint8_t *in, int32_t n, int32_t *upto);
/* The same of those rows of `in` whose value is not 0, which go into `to`: it may be `in`. */
void tally_where(const uint8_t *in, const int64_t *value, int32_t n, uint8_t *to, int32_t *upto);

/* Adds a batch up: to one number a group; to the tallies of one aggregate, `stride` apart, of which
 * the first is that of group 0. One value for each row of the batch. */
void tally_kept(int64_t *kept, const TallyRows *rows);
void tally_rows(Tally *tally, size_t stride, const TallyRows *rows);
void tally_yes(Tally *tally, size_t stride, const TallyRows *rows);
void tally_sums(Tally *tally, size_t stride, const TallyRows *rows, const int64_t *value);
/* Counts the rows too: a group without rows has no least value yet. */
void tally_ends(Tally *tally, size_t stride, const TallyRows *rows, const int64_t *value);

typedef struct Pair {
	int64_t value;
	int32_t group;             /* -1: a free place */
} Pair;

typedef struct PairTable {
	Pair *at;            /* open addressing */
	int shift;
	uint32_t mask, n;
} PairTable;

/* The values of the rows of a batch that go in, with the group of each row. */
void pairtable_add(PairTable *table, const uint8_t *in, const int32_t *group,
	const int64_t *value, int32_t n);
void pairtable_clear(PairTable *table); /* empty; the memory stays */
void pairtable_free(PairTable *table);

#endif
