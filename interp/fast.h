/*
 * The fast evaluator: judges all subjects of many rules over one store, in batches. It works on
 * columns of int64 with a byte of State beside each value, shares what rules have in common, and
 * turns a collection inside an expression (visit.logs, provider.submissions where …) into a longer
 * batch of its rows, reduced back by segment.
 *
 * Inequalities and equalities between the rows of a collection and the row outside narrow the
 * collection through an index first, when what is left out could only have been `no` and cannot
 * fault (S23).
 */
#ifndef VOUCH_INTERP_FAST_H
#define VOUCH_INTERP_FAST_H

#include "interp/store.h"

/* One subject that did not simply pass: fail, conflict or not assessed. */
typedef struct FastHit {
	int32_t rule;
	Verdict verdict;
	bool overflow;
	int32_t on;                 /* NO_DAY when unknown */
	bool has_stake, stake_known;
	Ratio stake;                /* exact pounds, of a fail or conflict */
	const int64_t *slot;        /* the subject's slots: row numbers, periods, key values */
	const uint8_t *slot_state;  /* State of each (a key of a group may be unknown: subject `?`) */
	int32_t nslots;
	RowSpan group;              /* rows of the group, sorted by key order of the store */
	RowSpan whole;              /* the same with the rows that conditions under the law date leave out:
	                               the date itself comes out of these */
} FastHit;

/* Called in no particular order; the hit is valid during the call. A status other than OK stops. */
typedef int (*FastSink)(void *user, const FastHit *hit);

/* Rows looked at by one rule; they add up to `seen` (law 5). */
typedef struct FastCount {
	int64_t seen, outside, verdict[VERDICTS], overflow;
	bool dated;
	int32_t last;               /* the latest law date of a row inside; dated says that there is one */
} FastCount;

typedef struct Fast Fast;

/* One for each thread. Memory from malloc; fast_free. */
Fast *fast_new(const Rulebook *book, const Law *law);
/* From now on only subjects that lead to this row of the dataset `provider` are looked at; those
 * that lead to no provider, or to an unknown one, are not. -1: all subjects again. */
void fast_only(Fast *fast, int32_t provider_row);
void fast_free(Fast *fast);

/*
 * Judges every subject of the rules listed whose rows lie in this store. For partitioned stores the
 * caller has made sure that each subject's rows are all here. Rules with one subject dataset are
 * worked out together. count has one entry a rule of the book. Returns
 * what the sink returned when it stopped, else 0.
 */
int fast_rules(Fast *fast, const Store *store, const int32_t *rules, int32_t nrules,
	FastCount *count, FastSink sink, void *user);

/* Works out one expression over slot 0 = each row of a dataset (for matches and dataset keys):
 * values at the type's scale, states beside them. Not for ratios or rows. */
void fast_column(Fast *fast, const Store *store, const Expr *expr, int32_t slot, int32_t dataset,
	int64_t *value, uint8_t *state);

/* The same over subjects of any kind, under law dates of their own. */
void fast_over(Fast *fast, const Store *store, const Expr *expr, const Subjects *subjects,
	int64_t *value, uint8_t *state);
/*
 * Batches of rows of one dataset, of which columns are asked for one after another: what they have
 * in common is worked out once. Columns last as long as the call of the FastSheetFn.
 */
typedef struct FastSheet FastSheet;

/* One value for each row, or one for all; not for quotients or collections. */
typedef struct FastColumn {
	const int64_t *value;
	const uint8_t *state;       /* State of each, or of all; NULL: known */
	bool constant;
} FastColumn;

/* open: the state in which `covered` is of each row, none of them known; NULL: all are covered. */
typedef void FastSheetFn(void *user, FastSheet *sheet, const int64_t *row, int32_t n,
	const uint8_t *open);

/* The rows that are covered, or may be; covered NULL: all. It must not depend on the law date. The
 * row stands in the slot given. */
void fast_sheets(Fast *fast, const Store *store, RowSpan rows, const Expr *covered, int32_t slot,
	FastSheetFn *fn, void *user);
/* The row in a further slot, before anything is asked that looks there. */
void fast_sheet_bind(FastSheet *sheet, int32_t from, int32_t to);
/* The same rows with keys in slots 0 .. nkeys-1 and, unless day is NULL, a law date each. What is
 * given has to stay as it is for as long as the sheet is asked. */
FastSheet *fast_sheet_under(FastSheet *sheet, const FastColumn *key, int32_t nkeys,
	const int32_t *day);
FastColumn fast_sheet_column(FastSheet *sheet, const Expr *expr);
/* Whether both are missing, or are of equal structure: one column serves both. */
bool fast_same_class(Fast *fast, const Expr *a, const Expr *b);

/* Collections; the lists are the store's and last as long. */
void fast_lists(Fast *fast, const Store *store, const Expr *expr, const Subjects *subjects,
	RowSpan *rows, uint8_t *state);

#endif
