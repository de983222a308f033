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
	int32_t on;           /* day, or NO_DAY */
	bool priced, no_log;
	int64_t pence;        /* 0 unless priced */
} SpotRow;

/* Rows first .. first + n - 1 of the frame. */
typedef struct SpotGroup {
	Str name;             /* empty: the plan makes no groups */
	int32_t first, n;
	int64_t pence;        /* of those above zero */
} SpotGroup;

typedef struct SpotFrame {
	Arena arena;          /* the texts */
	VEC(SpotRow) row;
	VEC(SpotGroup) group;
	VEC(Str) unknown;     /* keys of rows of which it is not known whether they belong to it */
	int64_t pence;        /* net of all rows */
	int64_t unpriced;
	uint8_t sha256[32];
} SpotFrame;

/* Sorts, makes the groups, hashes. */
void spot_frame_seal(SpotFrame *frame);
/* "key TAB group TAB pence NEWLINE": the line that a row has in the frame's hash; no pence: none. */
void spot_frame_line(Buf *out, const SpotRow *row);
int32_t spot_frame_find(const SpotFrame *frame, Str key); /* -1: not there. Keys are one a row */
int32_t spot_group_find(const SpotFrame *frame, Str name);
void spot_frame_free(SpotFrame *frame);

/* One ticket that was drawn. */
typedef struct SpotDrawn {
	int32_t row;
	int32_t number;       /* from 1, in its group */
	uint8_t ticket[32];
	int64_t penny;        /* by money: from 0; else -1 */
} SpotDrawn;

typedef VEC(SpotDrawn) SpotSample;

/* SHA-256 of the seed in hex. */
void spot_seed_hex(Str seed, char out[65]);
void spot_ticket(const char seed_hex[65], Str text, uint8_t out[32]);

/* Adds tickets from + 1 .. to of a group of a sealed frame. At random there are never more than
 * rows; by money never any where no row has money. */
void spot_draw(const SpotFrame *frame, const SpotGroup *group, SpotMethod method,
	const char seed_hex[65], int64_t from, int64_t to, SpotSample *out);
/* The n rows of a group with the most money (ties by key): a choice by risk, never a sample. */
void spot_top(const SpotFrame *frame, const SpotGroup *group, int64_t n, SpotSample *out);

#endif
