/*
 * The working of one finding, read from a case file: the finding, the rule as it was, the run, and
 * every value on the way. What shows a finding whole (a terminal's page, a web page, a pack) shows
 * this; the sentences about its money are made here, so that they are the same everywhere.
 */
#ifndef VOUCH_REPORT_WORKING_H
#define VOUCH_REPORT_WORKING_H

#include "report/casereader.h"

typedef struct Working {
	ReadFinding finding;
	const ReadRun *run;     /* of the finding's contract; NULL: the file does not have it */
	const ReadRule *rule;   /* the text that was applied; NULL as well */
	ReadEvidence *evidence;
	size_t nevidence;
	bool *together;         /* by line of evidence: it is shown in a table of rows */
	ReadRemedy *remedy;     /* what would have passed */
	size_t nremedies;
} Working;

/* Texts of the finding are copied into the arena, as all that is read here is. */
Status working_load(CaseReader *reader, int64_t row, const ReadRuns *runs, const ReadRules *rules,
	Arena *arena, Working *out);

/* Whether line i says again what a line before it said: the same value of the same row. */
bool working_repeats(const Working *working, size_t i);
/* "visits VS1, declared_min": where to look a value up; empty for one that was worked out. */
Str working_origin(Arena *arena, const ReadEvidence *line);

/*
 * Rows of one table, a line each; the fields are columns:
 *
 *   visits     visit.outcome  visit.declared  visit.rate
 *              outcome        declared_min    rate            <- columns of the database
 *   V00008718  delivered      1 hour          £21.88 per hour
 */
typedef struct WorkingRows {
	Str table;
	Str *field, *column;    /* by field, in the order in which they were used */
	Str *key;               /* by row, likewise */
	Str *value;             /* by row, then field */
	size_t nfields, nkeys;
} WorkingRows;

/* The next table of rows at or behind line *at, which is moved on; false: there is none. */
bool working_rows(const Working *working, size_t *at, Arena *arena, WorkingRows *out);

/* Takes the next of several facts off that were joined by "; ". */
Str working_next_fact(Str *rest);

/* "£5.65 claimed beyond what is supported; exact". Nothing for what is not assessed. */
void working_stake(const ReadFinding *finding, Buf *out);
/* "at least: £0.00, with …" and "at most: …"; nothing when there is none of the two. */
typedef enum WorkingSide { WORKING_LEAST, WORKING_MOST } WorkingSide;
void working_bound(const ReadFinding *finding, WorkingSide side, Buf *out);
/* "check_out of log L1: 1 September 2025 at 08:23 or later; recorded: …" */
void working_remedy(const ReadRemedy *remedy, Buf *out);
/* What "all else being as it is" means, as one sentence for people. */
extern const char working_held[];
/* "vouch audit DATA.db -c … -o CASE.db": the run again. */
void working_command(const ReadRuns *runs, const ReadRun *run, Buf *out);

#endif
