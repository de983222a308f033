/*
 * Random rule files with rows for their datasets, from a seed: well typed, so that the checker
 * takes every one of them, and biased to the edges: a minute, a second or a penny either way,
 * midnight, ends of months, both clock changes, leap day, the day on which a law changes or a
 * credit expires, missing facts, sums below zero, empty sets, equal moments.
 *
 *   seed ─ sample_make ─> pieces of text ── sample_text ──> rule files with the rows in a scenario
 *                     └─> cells ────────── sample_sql ───> the same rows as a database
 *
 * A row is described once, by its cells; what SQL and a scenario write of it comes from there.
 */
#ifndef VOUCH_TESTS_UNIT_SAMPLE_H
#define VOUCH_TESTS_UNIT_SAMPLE_H

#include "base/mem.h"
#include "base/text.h"
#include "tests/unit/random.h"

typedef enum SampleKind {
	CELL_KEY, CELL_TEXT, CELL_LINK, CELL_CODE, CELL_YES_NO, CELL_DATE, CELL_TIME, CELL_MOMENT,
	CELL_MINUTES, CELL_SECONDS, CELL_MONEY, CELL_RATE, CELL_COUNT
} SampleKind;

/* What filling in a missing fact may do beside settling what was unknown. */
typedef enum SampleRole {
	ROLE_FACT,
	ROLE_KEY,      /* without it the row stands outside lists, groups and accounts */
	ROLE_OPEN      /* the end of a span: missing means that it still runs */
} SampleRole;

typedef struct SampleField {
	const char *name, *column, *type; /* type: as a dataset declares it */
	SampleKind kind;
	SampleRole role;
	int32_t to;                       /* a link's dataset */
	int32_t values;                   /* CELL_CODE, CELL_TEXT: how many there are */
	const char *value[4];
} SampleField;

typedef struct SampleShape {
	const char *name, *table;
	const char *key, *extra;          /* extra: clauses beside the key and the fields */
	char letter;                      /* keys are P1, P2, … */
	int32_t nfields;
	SampleField field[12];
} SampleShape;

enum { SAMPLE_PROVIDER, SAMPLE_PROVISION, SAMPLE_VISIT, SAMPLE_LOG, SAMPLE_SUBMISSION,
	SAMPLE_TARIFF, SAMPLE_SETS };
extern const SampleShape sample_shape[SAMPLE_SETS];

/* n: number of a row, code or text; day; pence; minutes, seconds, count. clock: seconds from
 * midnight of a time or moment. zulu: the moment is written in UTC. */
typedef struct SampleCell {
	bool known, zulu;
	int64_t n;
	int32_t clock;
} SampleCell;

typedef struct SampleRow {
	bool dropped;
	SampleCell cell[12];
} SampleRow;

typedef struct SampleRows {
	SampleRow *at;
	int32_t n;
} SampleRows;

/* A line of a declaration, and the day on which it became known. */
typedef struct SampleLine {
	Str text;
	int32_t known;
} SampleLine;

/* One declaration; file 1 is the amendment. */
typedef struct SamplePiece {
	bool dropped;
	int32_t file;
	VEC(SampleLine) line;
} SamplePiece;

/* What the text may hold. */
typedef enum SampleStyle {
	SAMPLE_ANY,
	SAMPLE_STEADY  /* nothing that asks whether a fact is there: is known, is missing, or else */
} SampleStyle;

typedef struct Sample {
	Arena arena;
	uint64_t seed;
	SampleStyle style;
	int32_t from, to;          /* the window */
	int32_t known_on;          /* a day within it; LAST_DAY: everything is known */
	bool amended;
	int32_t published;         /* the amendment; the day it is known from */
	VEC(SamplePiece) piece;
	SampleRows rows[SAMPLE_SETS];
} Sample;

void sample_make(Sample *sample, uint64_t seed, SampleStyle style);
void sample_free(Sample *sample);

/* Rule file 0 or 1, not yet laid out, without what became known after a day. */
void sample_text(const Sample *sample, int32_t file, int32_t known, Buf *out);
/* The scenario that gives the rows, to be put behind file 0, without rows entered after a day. With
 * all of them it says `known on`, where the sample does. */
void sample_scenario(const Sample *sample, int32_t known, Buf *out);
/* Tables and rows; order 0: as they were made, else shuffled by it. */
void sample_sql(const Sample *sample, uint64_t order, int32_t known, Buf *out);

/* For sample.c: the rows; and a value that the field could have. */
void sample_rows(Sample *sample, Random *random);
SampleCell sample_cell(const Sample *sample, const SampleField *field, Random *random);
/* A day at or beside one on which something happens. */
int32_t sample_day(const Sample *sample, Random *random);

#endif
