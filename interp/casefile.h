/*
 * The case file: a SQLite database that collects runs. A run is written in one transaction; a new
 * file is made under a temporary name beside it and renamed when it is complete, so that whatever
 * happens the old file stays as it was. docs/case-file.md describes the tables for those who open
 * them with other tools.
 */
#ifndef VOUCH_INTERP_CASEFILE_H
#define VOUCH_INTERP_CASEFILE_H

#include <sqlite3.h>

#include "interp/case_found.h"
#include "interp/case_put.h"
#include "interp/ledger.h"

#define CASE_APPLICATION_ID 0x766f7563 /* "vouc" */
#define CASE_FORMAT 4

typedef struct CaseFile CaseFile;

/* What one contract of a run came to. */
typedef struct CaseRun {
	Str run_id, contract, version, title, council;
	Str rulebook_sha256, data_sha256;
	int32_t from, to, known_on;
	Str program, provider;      /* provider: of --provider, or empty */
	Str data_path, contract_path; /* as they were opened, so that the audit can be made again */
	int64_t rows_read;
	Str data_of;                /* the dataset whose rows tell how far the data reach, … */
	int32_t data_to;            /* … and their last day; data_of is empty: there is none */
} CaseRun;

typedef struct CaseRule {
	Str contract, rule, title, clause, severity;
	Str version, path, text;    /* the declaration as written, with its place */
	int64_t line;
	bool assumed;
	FastCount count;
} CaseRule;

/* Sums of one run over all its contracts, each visit's money once (law 14), exact pence rounded at
 * the end (S82). */
typedef struct CaseClaim {
	int64_t over_pence, under_pence; /* for the council; for the provider (as a positive sum) */
	int64_t without_sum;             /* failed findings whose stake is unknown */
} CaseClaim;

/* Opens for writing and begins the transaction. A file that is there must be a case file. */
Status case_create(const char *path, Diags *diags, CaseFile **out);
/* Whether this run is in the file already: the same program, rules, dates and data. */
bool case_has_run(CaseFile *file, Str run_id);

/* Those with a Status give STATUS_WORLD after a diagnostic when the disk fails. */
Status case_run(CaseFile *file, const CaseRun *run);
Status case_rule(CaseFile *file, Str run_id, const CaseRule *rule);
/* found: the finding's rows; these and what they point to stand until case_flush. */
Status case_finding_rows(CaseFile *file, Str run_id, const Rulebook *book, const Finding *finding,
	const CaseFound *found);
/* A finding alone, with nothing known of whose money it is. Nothing of it has to stand. */
Status case_finding(CaseFile *file, Str run_id, const Rulebook *book, const Finding *finding);
/* A row of one of the tables that have very many, and the same as one of its part: as case_put_row
 * and case_put_note. */
Status case_put(CaseFile *file, CaseTable table, const CaseCell *cell);
void case_note(CaseFile *file, CaseTable table, const CaseRow *row);
/* Writes the rows that are held of findings and the like. */
Status case_flush(CaseFile *file);
/* Every finding and every line of an account has been noted: works out what is proved by them. It
 * may be called in a thread of its own, until then only figures may be noted. */
void case_close_findings(CaseFile *file);
/* Rows, root and entries of a part whose rows were all noted; NULL: it is none. Behind the last
 * row. */
const PartRows *case_made(CaseFile *file, const CasePart *part);
/* "update, Submitting variations; rules, Rounding, page 4": the clause of a rule or measure. */
Str case_clause(Arena *arena, const Cites *cites);
/* What a label of the findings' evidence stands for; a label may be told many times. */
void case_label(CaseFile *file, const Rulebook *book, const Label *label);
Status case_dataset(CaseFile *file, Str run_id, const DataCount *count);
Status case_rejected(CaseFile *file, Str run_id, Str dataset, const Rejected *rejected);
Status case_claim(CaseFile *file, Str run_id, const CaseClaim *claim);

/* For what is written to the same file elsewhere (case_seal.h): inside the transaction. */
sqlite3 *case_database(CaseFile *file);
Diags *case_diags(CaseFile *file);
/* Says what SQLite said last of the file. */
Status case_failed(CaseFile *file);

/* Writes what the findings come to, and where each stands. case_commit does it if nobody has;
 * behind it no finding may come. */
Status case_totals(CaseFile *file);
/* Commits, renames. Frees the file in any case. */
Status case_commit(CaseFile *file);
/* Leaves everything as it was before case_create. NULL is fine. */
void case_abandon(CaseFile *file);

#endif
