/*
 * One audit: contracts over a database, into a case file.
 *
 *   data_open, data_read ──> partitions ──> workers: fast evaluator ─> hits ─> explaining evaluator
 *                                             └──> findings, in order of partition ──> case file
 *
 * Every finding is worked out twice; when the two evaluators differ the run stops with E0605,
 * nothing is written, and the row is named.
 */
#ifndef VOUCH_INTERP_RUN_H
#define VOUCH_INTERP_RUN_H

#include "interp/casefile.h"

typedef struct RunOptions {
	const char *data_path, *case_path;
	const Rulebook *const *book; /* sorted by contract */
	int32_t nbooks;
	Law law;                     /* from, to, known_on */
	Str provider;                /* key of the one provider to look at, or empty */
	int threads;
	int64_t memory_limit;        /* bytes; 0: the default */
	int32_t partition_rows;      /* 0: the default */
	int64_t whole_rows;          /* 0: the default */
	void (*progress)(void *user, int64_t rows_done, int64_t rows_all);
	void *user;
	const volatile int *stop;    /* set by a signal handler */
} RunOptions;

typedef struct RunResult {
	char run_id[32];
	bool again;                        /* the case file had this run already: nothing was added */
	int64_t failed_by_severity[3];     /* fails and conflicts */
} RunResult;

Status run_audit(const RunOptions *options, Diags *diags, RunResult *result);

#endif
