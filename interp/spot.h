/*
 * The frame of a spot check and what is drawn from it. Nothing here reads a database or a clock:
 * the same rows and the same seed give the same sample, whatever order the rows came in.
 *
 *   rows ──> sorted by group and key ──> lines ──> SHA-256      frozen before anything is drawn
 *   seed ──> SHA-256, in hex ──┐
 *   key of a row ──────────────┴──> SHA-256 ──> the row's ticket; the least tickets are drawn
 *
 * A ticket depends on the seed and on its own row alone. So a larger sample begins with the smaller
 * one, each group can be drawn apart, and anybody can redo it with sha256sum and sort: tickets are
 * compared as the hexadecimal digits that sha256sum prints. This is consistent sampling (Rivest),
 * in the variant of plain hex order.
 *
 * A plan in strata parts each group further, and draws from each stratum by the same tickets; how
 * many, spot_allocate says.
 *
 *   group  ┬─ stratum  rows ──┐
 *          ├─ stratum  rows ──┼──> shares of the sample ──> the least tickets of each
 *          └─ stratum  rows ──┘
 *
 * By money, ticket i of a group is the SHA-256 of seed, group, slash and i; its first 15 hex digits,
 * modulo the pence of the group, name a penny, and the row that holds it is drawn. Rows lie end to
 * end in the order of their keys; a row may be drawn more than once, and counts each time.
 *
 * Money is pence. Keys, groups and providers are texts as findings have them.
 */
#ifndef VOUCH_INTERP_SPOT_H
#define VOUCH_INTERP_SPOT_H

#include "base/digest.h"
#include "dsl/rulebook.h"

#define SPOT_VARIANT "sha256-hex-1" /* how tickets are made and compared; the case file names it */

typedef struct SpotRow {
	Str key, group, provider;
	Str stratum;          /* empty: the plan has no strata */
	int32_t on;           /* day, or NO_DAY */
	bool priced, no_log;
	int64_t pence;        /* 0 unless priced */
} SpotRow;

/* Rows first .. first + n - 1 of the frame: a group, or a stratum of one. */
typedef struct SpotGroup {
	Str name;             /* empty: the plan makes no groups, or no strata */
	int32_t first, n;
	int64_t pence;        /* of those above zero */
	int32_t stratum, nstrata; /* of a group: its strata in the frame's list, one or more */
} SpotGroup;

typedef struct SpotFrame {
	Arena arena;          /* the texts */
	VEC(SpotRow) row;
	VEC(SpotGroup) group;
	VEC(SpotGroup) stratum; /* those of each group, one behind the other */
	bool in_strata;       /* the plan parts its groups */
	VEC(Str) unknown;     /* keys of rows of which it is not known whether they belong to it */
	int64_t pence;        /* net of all rows */
	int64_t unpriced;
	uint8_t sha256[32];
} SpotFrame;

/* Sorts, makes the groups, hashes. */
void spot_frame_seal(SpotFrame *frame);
/* "key TAB group TAB pence NEWLINE": the line that a row has in the frame's hash; no pence: none. In
 * strata "TAB stratum" stands behind the pence. */
void spot_frame_line(Buf *out, const SpotFrame *frame, const SpotRow *row);
int32_t spot_frame_find(const SpotFrame *frame, Str key); /* -1: not there. Keys are one a row */
int32_t spot_group_find(const SpotFrame *frame, Str name);
int32_t spot_stratum_find(const SpotFrame *frame, const SpotGroup *group, Str name); /* of its own */
void spot_frame_free(SpotFrame *frame);

/* One ticket that was drawn. */
typedef struct SpotDrawn {
	int32_t row;
	int32_t number;       /* from 1, in its stratum */
	uint8_t ticket[32];
	int64_t penny;        /* by money: from 0; else -1 */
} SpotDrawn;

typedef VEC(SpotDrawn) SpotSample;

/* SHA-256 of the seed in hex. */
void spot_seed_hex(Str seed, char out[65]);
void spot_ticket(const char seed_hex[65], Str text, uint8_t out[32]);

/* How a sample of n rows is shared out: to each stratum n times its part of the rows, the whole
 * part of that first, and what is left one by one to the largest remainders; of equal ones to the
 * stratum with more rows, then to the one that comes first. Never more than there are, and `least`
 * at least, or all: so it may come to more than n. rows, share: count of them. */
void spot_allocate(const int64_t *rows, int32_t count, int64_t n, int64_t least, int64_t *share);
/* What is drawn from each stratum of a group: `n` rows in all or, with `each`, of every stratum;
 * `drawn` were drawn before (NULL: none; then SPOT_LEAST rows at least). By strata of the group. */
void spot_shares(const SpotFrame *frame, const SpotGroup *group, int64_t n, bool each,
	const int64_t *drawn, int64_t *share);
#define SPOT_LEAST 2  /* of a stratum: one row alone says nothing of how much they differ */

/* Adds tickets from + 1 .. to of a group of a sealed frame. At random there are never more than
 * rows; by money never any where no row has money. */
void spot_draw(const SpotFrame *frame, const SpotGroup *group, SpotMethod method,
	const char seed_hex[65], int64_t from, int64_t to, SpotSample *out);
/* The n rows of a group with the most money (ties by key): a choice by risk, never a sample. */
void spot_top(const SpotFrame *frame, const SpotGroup *group, int64_t n, SpotSample *out);

#endif
