/*
 * Figures put together from parts: which measures that serves, what one store gives of its groups,
 * and the results once all parts are there. The same results as of measure_all over one store that
 * holds all rows, but that a reason may be worded otherwise.
 *
 *   store ─ measure_scan ─> Merge ┐        interp/measure_shape.c, measure_scan.c
 *   store ─ measure_scan ─> Merge ┴ merge_join ─> measure_fold ─> MeasureResults
 */
#ifndef VOUCH_INTERP_MEASURE_FOLD_H
#define VOUCH_INTERP_MEASURE_FOLD_H

#include "interp/bounds_figure.h"
#include "interp/fast.h"
#include "interp/measure.h"
#include "interp/measure_merge.h"

/* What is the same for all stores. */
typedef struct MeasureShape {
	const Measure *measure;
	bool merges;          /* else each subject needs all its rows in one store */
	bool dated;           /* which rows go in, or what they come to, depends on the law date */
	const Expr **leaf;    /* aggregates over the group's rows */
	uint8_t *kind;        /* AggregateKind of each */
	int32_t nleaves;
	const FigureFacts *facts;
} MeasureShape;

MeasureShape measure_shape(const Rulebook *book, const Measure *measure, Arena *arena);

/* 1: the condition of an aggregate; 2: its value; NULL: it has none. */
const Expr *measure_leaf_arg(const Expr *leaf, int i);

/* What one thread keeps from store to store. Sums by keys that mean the same in every store, such
 * as providers and quarters, go on from one scan to the next and are added to their merges at the
 * end; and the memory of its scans serves again. Memory from malloc. */
typedef struct MeasureSums MeasureSums;

MeasureSums *measure_sums_new(void);
/* Adds what waits. Shapes and merges must live until then; stores need not. */
void measure_sums_flush(MeasureSums *sums);
void measure_sums_free(MeasureSums *sums);

/* A store whose rows are looked at, and an evaluator. */
typedef struct MeasureScan {
	Walk walk;            /* store, law; its arena is for what is thrown away */
	const bool *whole;    /* by dataset: the table is the same in every store */
	MeasureSums *sums;    /* NULL: all is added to the merges at once */
	Fast *fast;           /* NULL: `values` is asked, with values as in a column, and their State */
	void *user;
	void (*values)(void *user, const Expr *expr, const Subjects *subjects, int64_t *value,
		uint8_t *state);
} MeasureScan;

/* One measure of a scan, and where its rows are added. */
typedef struct MeasureTask {
	const MeasureShape *shape;
	bool by_number;       /* no other store's groups are added: rows go by number */
	Merge *merge;
	bool alone;           /* nor is any group added to another: sets of values need not be kept */
} MeasureTask;

/* Whether one scan serves both: they begin from the same rows. */
bool measure_scan_together(Fast *fast, const Measure *a, const Measure *b);
/* Adds these rows of the measures' dataset to the groups; at NULL: rows 0 .. n-1. */
void measure_scan(MeasureScan *scan, const MeasureTask *task, int32_t n, RowSpan rows);

/* Whether a subject is wanted, by its slots. */
typedef bool MeasureWants(void *user, const Value *slots);
/* What a result that is not assessed could come to, whose rows are all in the walk's store; as
 * measure_fold does for those that it puts together. */
void measure_bounds(const Walk *walk, const MeasureShape *shape, MeasureResult *result);
/* walk: of a store with the tables that keys lead to. wants NULL: all are. */
void measure_fold(const Walk *walk, const MeasureShape *shape, const Merge *merge,
	MeasureWants *wants, void *user, MeasureResults *out);

#endif
