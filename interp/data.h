/*
 * The data of an audit: opened read-only in one read transaction, checked against what the
 * rulebooks declare, read once for all of them, and handed out as stores.
 *
 * Small datasets are held whole. Large ones (visits, logs) are partitioned while they are read, by
 * a hash of the text of a key (the client), so that every row that a subject reaches is in one
 * partition. Rules that need another key (one carer's logs) form a further pass with narrow
 * partitions of their own; rules for which no key serves are judged in one partition that holds
 * all. The choice depends on rules and row counts alone, never on threads.
 *
 *   data_open    schema, plan, memory estimate          (one thread)
 *   data_read    rowid halves ─> two connections ─> packed rows in partitions
 *   data_store   one partition made into a store: gathered, ordered, matched, linked
 *                                                       (any thread, its own DataWorker)
 *
 * Nothing is dropped silently: rows read = rows held + rejected + superseded + not yet known + left
 * out, by dataset; values that could not be read leave their field unknown and an entry in `rejected`.
 */
#ifndef VOUCH_INTERP_DATA_H
#define VOUCH_INTERP_DATA_H

#include "base/status.h"
#include "dsl/diag.h"
#include "interp/fast.h"
#include "interp/store.h"

typedef struct DataOptions {
	const char *path;
	const Rulebook *const *book; /* contracts audited together */
	int32_t nbooks;
	const Law *law;              /* one for all */
	int threads;                 /* 1 .. */
	int64_t memory_limit;        /* bytes; 0: 1.5 GiB */
	int32_t partition_rows;      /* rows a partition aims at; 0: the default, smaller in tests */
	int64_t whole_rows;          /* datasets up to this many rows are held whole; 0: default */
	int64_t rejected_limit;      /* values and rows that may be refused; 0: LIMIT_REJECTED */
	void (*progress)(void *user, int64_t rows_done, int64_t rows_all);
	void *user;
	const volatile int *stop;    /* not 0: interrupted */
} DataOptions;

typedef struct Rejected {
	int32_t book_dataset;   /* index into data_dataset_name */
	Str key;                /* text of the row's key, or "rowid 17" when it has none */
	Str column, value, reason;
	bool row;               /* the whole row left the dataset (no key, duplicate key) */
} Rejected;

/* What is counted of one table (law 5, S40, S45, law 1). */
typedef struct DataCount {
	Str dataset, table;
	int64_t read, held, rejected_rows, rejected_values;
	int64_t superseded;     /* rows whose key has a newer row (S59) */
	int64_t left_out;       /* rows that are not in the dataset, by its `where` */
	int64_t not_known;      /* rows that were entered after the law's known_on (S10) */
	int64_t orphan_links, cut_seconds, clock_absent, clock_twice, offsets, read_to;
} DataCount;

typedef struct Data Data;
typedef struct DataWorker DataWorker; /* one a thread: its memory and its connection for keys */

Status data_open(const DataOptions *options, Diags *diags, Data **out);
Status data_read(Data *data, Diags *diags);
void data_close(Data *data); /* NULL is fine */

/* A pass: the rules (by book) that are judged over the same partitioning. */
int32_t data_passes(const Data *data);
int32_t data_parts(const Data *data, int32_t pass);
const int32_t *data_rules(const Data *data, int32_t pass, int32_t book, int32_t *n);
/* Whether a dataset is held whole: its rows have the same numbers in every store. */
bool data_is_whole(const Data *data, int32_t book, int32_t dataset);
/* Whether a rule is the same in two books, with all that it reaches and what that is called, and is
 * judged over the same rows on the same days: what is found in one book is then found in the other,
 * in the same words (S68). twin: NULL, or -1 for each expression of `book`: those that the rule
 * reaches get the number of their like in `other_book`. Of no use when the rules differ. */
bool data_same_rule(const Data *data, int32_t book, int32_t rule, int32_t other_book, int32_t other,
	int32_t *twin);
/* Whether two rules for groups look at the same rows in the same groups, and ask the same of them:
 * what the groups add up to is then the same, whatever the contracts' own days. */
bool data_same_groups(const Data *data, int32_t book, int32_t rule, int32_t other_book,
	int32_t other);

Status data_worker(Data *data, DataWorker **out, Diags *diags);
void data_worker_free(DataWorker *worker);
/* The store of one partition for one book; valid until the worker's next data_part. Ask data_part
 * first, then data_store for each book. */
Status data_part(Data *data, DataWorker *worker, int32_t pass, int32_t part, Diags *diags);
const Store *data_store(DataWorker *worker, int32_t book);
/* Whether all rows of each group of this rule of the pass are in one partition. */
bool data_groups_together(const Data *data, int32_t pass, int32_t book, int32_t rule);
/* By bank of the book: whether this pass tells of its accounts, which one pass does. */
const bool *data_banks(const Data *data, int32_t pass, int32_t book);

/* Sorted by dataset, key, column. */
const Rejected *data_rejected(const Data *data, size_t *n);
const DataCount *data_counts(const Data *data, int32_t *n); /* sorted by dataset */
/* The same whatever the order of rows in the tables. */
void data_digest(const Data *data, uint8_t out[32]);
/* The same of what one of data_counts counts: the columns of its table that were read. */
void data_table_digest(const Data *data, int32_t count, uint8_t out[32]);

#endif
