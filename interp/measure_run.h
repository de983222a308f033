/*
 * Measures in an audit. The data layer plans and partitions by rules, so each measure is given to
 * it as a rule behind those of its book; when such a rule's turn comes in a partition, what the
 * partition gives of the measure's groups is added to what the others gave, and when all are done
 * the figures are worked out.
 *
 *   book + a rule a measure ─> data layer ─> partitions ─ measure_run_part ─> parts, joined
 *                                                                              │
 *   table measure_result <─ rows, sorted <────────────── measure_run_finish ───┘
 *
 * Measures whose figures cannot be put together are worked out in the partition that holds all
 * rows of a subject, as rules are, by the explaining evaluator.
 */
#ifndef VOUCH_INTERP_MEASURE_RUN_H
#define VOUCH_INTERP_MEASURE_RUN_H

#include <pthread.h>

#include "interp/case_measure.h"
#include "interp/data.h"
#include "interp/measure_fold.h"

/* The same book, with a rule for each measure: number nrules + m. Lives in the arena; `show` of
 * such a rule is all that the measure works out. */
const Rulebook *measure_run_book(const Rulebook *book, Arena *arena);

/* Rows of one measure that are in no group. */
typedef struct MeasureKeyless {
	bool any;
	CaseMeasure row;
	Reasons why;
} MeasureKeyless;

typedef struct MeasureRef {
	int32_t book, measure;
} MeasureRef;

/* What one thread has so far: parts of figures, and rows that are complete. Joined at the end, so
 * that no thread waits for another. */
typedef struct MeasureShare {
	struct MeasureShare *next;
	Arena arena;
	Merge **merge;         /* by book, by measure */
	MeasureSums *sums;     /* what is not added to them yet */
	VEC(CaseMeasure) row;
} MeasureShare;

typedef struct MeasureRunBook {
	MeasureShape *shape;   /* by measure */
	MeasureRef *first;     /* by measure: of an earlier book, whose groups are the same; or itself */
	int32_t *pass;         /* in which it is judged, if it waits for other partitions; -1: none */
	MeasureRef *from;      /* and whose groups it is made from */
	MeasureKeyless *keyless; /* by measure */
	bool *whole;           /* by dataset */
	bool known;            /* `first` and `whole` are */
} MeasureRunBook;

/* One for a run; every function but begin and free may be called by any thread. */
typedef struct MeasureRun {
	const Rulebook *const *book; /* as the contracts have them, without the rules added */
	int32_t nbooks;
	const Law *law;
	Str provider;          /* of --provider, or empty */
	MeasureRunBook *of;    /* by book */
	Arena arena;           /* under the lock, as are those without keys */
	MeasureShare *share;   /* those that no thread has in hand; under the lock */
	pthread_mutex_t lock;
} MeasureRun;

void measure_run_begin(MeasureRun *run, const Rulebook *const *book, int32_t nbooks,
	const Law *law, Str provider);
void measure_run_free(MeasureRun *run);

/* Of the rules of a pass, those that are not measures: they come first. */
int32_t measure_run_rules(const MeasureRun *run, int32_t book, const int32_t *rules, int32_t n);

/* What one partition gives of the measures among these rules of a pass. */
void measure_run_part(MeasureRun *run, const Data *data, int32_t pass, int32_t book,
	const int32_t *rules, int32_t n, const Store *store, Fast *fast);

/* The pass of measures whose figures wait for all parts, at or behind `from`; -1: no more. Any
 * stores of it will do: one a book. */
int32_t measure_run_next(const MeasureRun *run, int32_t from);
void measure_run_finish(MeasureRun *run, int32_t pass, const Store *const *store, int threads);

/* Sorts the rows and writes them. */
Status measure_run_write(MeasureRun *run, CaseFile *file, Str run_id, bool beside);

#endif
