/*
 * Two runs held against each other, finding by finding: what is new, what is gone, what has
 * changed (its verdict, its sum, the facts beneath), with what that comes to for the council and
 * for providers. From the case file alone: any two runs can be compared, of whatever rules, days
 * and data.
 *
 *   findings of the first run   ─┐ in order of their ids        ┌─ new, gone, changed: listed
 *   findings of the second run  ─┴──────────── merged ──────────┴─ unchanged: counted
 *
 * An id depends on contract, rule and subject alone, so what two runs found about the same thing
 * stands side by side; a hash of what was found tells whether it is the same.
 */
#ifndef VOUCH_REPORT_RESTATE_H
#define VOUCH_REPORT_RESTATE_H

#include "report/list.h"

/* A run. Each side has a reader of its own, though both may read one file. */
typedef struct RestateSide {
	CaseReader *reader;
	Str run;
} RestateSide;

typedef enum RestateFormat { RESTATE_TEXT, RESTATE_CSV, RESTATE_JSON } RestateFormat;

/* First what is new, then what has changed, then what is gone, each in the order of reports; then
 * the totals. As a ListWriter, STATUS_WORLD without a diagnostic when `out` cannot be written. The
 * same two runs give the same bytes. */
Status restate_list(const RestateSide *before, const RestateSide *after, RestateFormat format,
	const ListOptions *options);

/* ---- for others that hold runs against each other ---- */

/* Those that differ, which are RESTATE_KINDS, and those that do not. */
typedef enum RestateKind { RESTATE_NEW, RESTATE_CHANGED, RESTATE_GONE, RESTATE_KINDS,
	RESTATE_SAME = RESTATE_KINDS, RESTATE_ALL_KINDS } RestateKind;

extern const char *const restate_word[RESTATE_ALL_KINDS]; /* "new", …, "unchanged" */

/* What tells whether a finding is the same in two runs. */
typedef struct RestateMark {
	Str verdict, content, exact;
} RestateMark;

/* The hash speaks of verdict, message and evidence; a sum can change by a rate that is not among
 * them. */
bool restate_same(const RestateMark *before, const RestateMark *after);
/* How many findings are of each kind. */
Status restate_count(const RestateSide *before, const RestateSide *after,
	const ListOptions *options, int64_t count[RESTATE_ALL_KINDS]);

/* ---- for the formats, which more may be added to by restate_each ---- */

/* Exact pounds of findings that failed or conflict. */
typedef struct RestateSum {
	Ratio over, under;      /* for the council; for providers, as a positive sum */
	int64_t apart[2];       /* pence of what could not be added exactly: over, under */
	int64_t without_sum;    /* findings whose sum is not known */
} RestateSum;

typedef struct RestateTotals {
	int64_t findings[RESTATE_KINDS], unchanged;
	RestateSum before[RESTATE_KINDS], after[RESTATE_KINDS], same;
} RestateTotals;

/* Whole pence, halves away from zero; under is a positive sum. */
int64_t restate_over(const RestateSum *sum);
int64_t restate_under(const RestateSum *sum);
void restate_add(RestateSum *into, const RestateSum *from);

/* A line of evidence that is not the same in both; an empty value: it is not there. */
typedef struct RestateFact {
	Str name, key, before, after;
} RestateFact;

/* One finding that differs. Texts hold for one call. */
typedef struct RestateItem {
	RestateKind kind;
	const ReadFinding *any;          /* the one that is there; of two the later */
	const ReadFinding *before, *after; /* NULL: not there */
	const RestateFact *fact;         /* of a changed one */
	size_t nfacts;
	Str short_id;
} RestateItem;

/* A format is these functions over one state of its own. */
typedef struct RestateWriter {
	void (*begin)(void *user);
	void (*item)(void *user, const RestateItem *item);
	void (*end)(void *user, const RestateTotals *totals);
	void *user;
} RestateWriter;

/* As restate_list, through a writer of the caller's. */
Status restate_each(const RestateSide *before, const RestateSide *after,
	const RestateWriter *writer, const ListOptions *options);

/* What a format is told of the two runs. */
typedef struct RestateRuns {
	const ReadRun *before, *after;  /* the first contract of each */
	CaseClaim claim_before, claim_after;
	bool several;                   /* contracts */
	const ListOptions *options;
} RestateRuns;

/* In restate_text.c and restate_data.c. */
void restate_write_text(const RestateRuns *runs, Arena *arena, RestateWriter *out);
void restate_write_csv(const RestateRuns *runs, Arena *arena, RestateWriter *out);
void restate_write_json(const RestateRuns *runs, Arena *arena, RestateWriter *out);

#endif
