/*
 * A case file, opened to be read: its runs, what each rule came to, its findings. Everything is
 * read inside one transaction, so that a run which is being added meanwhile is seen whole or not at
 * all.
 *
 * Texts live until casereader_close unless something else is said. Every call that gives a Status
 * adds a diagnostic when it is not STATUS_OK.
 */
#ifndef VOUCH_REPORT_CASEREADER_H
#define VOUCH_REPORT_CASEREADER_H

#include "interp/casefile.h"

typedef struct CaseReader CaseReader;

/* Dates are ISO texts; `known_on` and `provider` are empty when the run did not limit them. */
typedef struct ReadRun {
	Str run_id, started, contract, version, title, council;
	Str rulebook_sha256, data_sha256, from, to, known_on, provider, program;
	Str data_of, data_to; /* whose last day the data reach, and which; empty: nothing was judged */
	Str data_path, contract_path; /* as the audit was given them; relative to where it was run */
	int64_t rows_read;
} ReadRun;

/* seen = outside + passed + failed + not_assessed + not_applicable + conflict. over, under and
 * without_sum are of its findings, each with its own sum: exact pounds, under as a positive sum. */
typedef struct ReadRule {
	Str contract, rule, title, clause, severity, version, path, text;
	int64_t line, seen, outside, passed, failed, not_assessed, not_applicable, conflict, overflow;
	bool assumed;
	Ratio over, under;
	Str first; /* id of its first finding in the order of reports; empty: none */
} ReadRule;

typedef struct ReadDataset {
	Str dataset, table;
	int64_t read, judged, rejected, superseded, not_known, left_out, values_rejected, orphan_links,
		seconds_cut, clock_absent, clock_twice, offsets, read_to;
} ReadDataset;

/* Its texts hold until the next casereader_finding. */
typedef struct ReadFinding {
	/* version: in force on the finding's day; written_in: the one that wrote the rule so. */
	Str id, run_id, contract, rule, version, written_in, title, clause, severity, verdict, dataset,
		key, provider, on, message, exact, assumed, missing, evidence;
	bool has_stake;
	int64_t pence;
	/* Of one that lacks facts: what could be at stake, and the values that give it. */
	bool has_least, has_most, certain;
	int64_t least_pence, most_pence;
	Str least_exact, most_exact, least_at, most_at;
	Str content; /* a hash of what was found, in hex */
} ReadFinding;

typedef struct ReadEvidence {
	Str name, value, table, key, column, note;
} ReadEvidence;

/* A change of one fact alone that would have been enough. */
typedef struct ReadRemedy {
	Str dataset, key, field, recorded, value;
	bool more;      /* that or more, or later; else that or less, or earlier */
} ReadRemedy;

/* What findings rest on that no document gives: "parameter rate_floor: the floor is not published",
 * and how many findings do. */
typedef struct ReadAssumed {
	Str what;
	int64_t findings;
} ReadAssumed;

/* Empty texts do not limit. */
typedef struct FindingFilter {
	Str run, contract, rule, provider, verdict;
	Str status; /* of the last event; "not_raised": nothing was said */
} FindingFilter;

typedef struct ReadRuns { ReadRun *at; size_t n; } ReadRuns;
typedef struct ReadRules { ReadRule *at; size_t n; } ReadRules;
typedef struct ReadDatasets { ReadDataset *at; size_t n; } ReadDatasets;
typedef struct ReadAssumptions { ReadAssumed *at; size_t n; int64_t findings; } ReadAssumptions;
typedef VEC(int64_t) FindingList;

Status casereader_open(const char *path, Diags *diags, CaseReader **out);
void casereader_close(CaseReader *reader); /* NULL is fine */
Arena *casereader_arena(CaseReader *reader);
/* What is shown in place of tables (report/pseudonym.h) holds for all that is read from now on. */
Status casereader_renew(CaseReader *reader);
/* For tables that are read elsewhere (report/kpis.h): inside the reader's transaction. */
sqlite3 *casereader_database(CaseReader *reader);
Diags *casereader_diags(CaseReader *reader);
/* Whether the file has a table that older ones may lack. */
bool casereader_has(CaseReader *reader, const char *table);
/* What is read from now on is for the provider's eyes: that a finding was referred is left out of
 * its history (report/case_history.h), lest a page warn somebody. */
void casereader_show_provider(CaseReader *reader);
bool casereader_for_provider(const CaseReader *reader);
/* Says that the file cannot be read, and gives STATUS_WORLD. */
Status casereader_unreadable(CaseReader *reader);

/* The run whose id begins with `prefix`; the one added last when that is empty. */
Status casereader_run(CaseReader *reader, Str prefix, Str *run_id);
/* The contracts of a run, sorted. */
Status casereader_contracts(CaseReader *reader, Str run_id, ReadRuns *out);
/* Sorted by contract, then as the contract declares them. */
Status casereader_rules(CaseReader *reader, Str run_id, ReadRules *out);
Status casereader_datasets(CaseReader *reader, Str run_id, ReadDatasets *out);
Status casereader_claim(CaseReader *reader, Str run_id, CaseClaim *out);
/* What the findings of a run come to: fills over, under and first of the rules (which the caller
 * got from casereader_rules), and counts what is assumed, the most frequent first. */
Status casereader_totals(CaseReader *reader, Str run_id, ReadRules *rules, ReadAssumptions *out);

/* Findings in the order of reports: contract, rule, dataset, key, id. A contract or rule that the
 * run does not have is an error. The list is the caller's, for vec_free. */
Status casereader_select(CaseReader *reader, const FindingFilter *filter, FindingList *out);
Status casereader_finding(CaseReader *reader, int64_t row, ReadFinding *out);
/* The finding whose id begins with `prefix`, in any case of letters, of the newest run that has it
 * (or of `run_id` alone when that is not empty). */
Status casereader_find(CaseReader *reader, Str prefix, Str run_id, int64_t *row);
/* The id as far as it has to be written to be told from every other: 10 characters or more. */
Str casereader_short_id(CaseReader *reader, Str id);

/* What would have passed (interp/remedy.h); none when the file has no such table. */
Status casereader_remedies(CaseReader *reader, int64_t row, Arena *arena, ReadRemedy **out,
	size_t *n);

/* Takes the first off texts of `assumed` that were joined by "; ". A reason may hold a semicolon
 * too: a new text begins with the kind of a declaration. */
Str casereader_next_assumed(Str *rest);
/* The lines of a finding's evidence; texts are the arena's or the reader's. None when the column is
 * not what a case file holds. */
Status casereader_evidence(CaseReader *reader, const ReadFinding *finding, Arena *arena,
	ReadEvidence **out, size_t *n);

#endif
