/*
 * Where a case stands: for one run of a case file, what became of its findings, with what was said
 * of findings that are not found any more.
 *
 *   events ──> state of each finding ─┐                      ┌─ by provider
 *   run, and the one before it ───────┼─> items, each visit's ┼─ by rule
 *   rows whose money it is ───────────┘   money counted once  └─ in all: what either adds up to
 *
 * Sums are whole pence. Those of an item are its own, as they were said; those of a group count
 * each visit's money once (law 14): of several findings about one visit the largest sum, and of a
 * finding about a group of visits what exceeds that of its members.
 */
#ifndef VOUCH_REPORT_CASE_STATUS_H
#define VOUCH_REPORT_CASE_STATUS_H

#include "report/case_history.h"
#include "report/restate.h"

typedef enum CaseColumn {
	CASE_RAISED, CASE_UPHELD, CASE_AGREED, CASE_OWED, CASE_SETTLED, CASE_COLUMNS
} CaseColumn;

enum { FOR_COUNCIL, FOR_PROVIDER, DIRECTIONS };

/* for providers: positive sums */
typedef struct CaseSums {
	int64_t pence[CASE_COLUMNS][DIRECTIONS];
} CaseSums;

/* What is owed and not settled yet; below zero: more was settled than is owed. */
int64_t case_outstanding(const CaseSums *sums, int direction);

/* A finding of which something was said. Texts are the reader's arena's. */
typedef struct CaseItem {
	ReadFinding finding;      /* of the run; of one that is gone, of the newest run that had it */
	Str short_id;
	RestateKind change;       /* against the run in which it was last spoken of; if that is this
	                             run, against the one before; RESTATE_ALL_KINDS: there is none */
	EventHistory history;
	CaseSums counted;         /* its part of the sums of groups */
	int64_t row;              /* of finding_row */
} CaseItem;

/* The findings of one provider, of one rule, or all of them. */
typedef struct CaseGroup {
	Str contract, name, title;        /* of a rule; of a provider its name alone */
	int64_t findings;                 /* of the run */
	int64_t gone;                     /* spoken of, but not found any more */
	int64_t at[EVENT_STATUS_COUNT];   /* where they stand; adds up to findings and gone */
	int64_t without_sum;              /* raised and open, of which no sum is known */
	CaseSums sums;
} CaseGroup;

typedef struct CaseStatus {
	CaseReader *reader;
	ReadRuns runs;                    /* contracts of the run */
	Str previous;                     /* the run before it of the same contracts, days and provider;
	                                     empty: none */
	int64_t change[RESTATE_ALL_KINDS]; /* of the run against it */
	CaseItem *item;                   /* in the order of reports; those that are gone last */
	size_t n, gone;
	int64_t elsewhere;                /* spoken of, but of other contracts, days or providers, or
	                                     found by later runs alone */
	CaseGroup *provider, *rule, all;
	size_t providers, rules;
} CaseStatus;

/* Filter: run (whole), contract, rule, provider; others are not looked at. */
Status case_status_read(CaseReader *reader, const FindingFilter *filter, const ListOptions *options,
	CaseStatus *out);

typedef enum CaseFormat { CASE_TEXT, CASE_CSV, CASE_JSON } CaseFormat;

/* As a ListWriter. CSV: a line for each item. docs/case-file.md has columns and keys. */
Status case_list(const CaseStatus *status, CaseFormat format, const ListOptions *options);

/* One finding: where it stands, the runs that found it, all that was said. */
Status case_finding_list(CaseReader *reader, int64_t row, CaseFormat format,
	const ListOptions *options);

#endif
