/*
 * From a hit of the fast evaluator to a finding: the explaining evaluator works the subject out
 * again, the two are held against each other, and the evidence is written.
 */
#ifndef VOUCH_INTERP_JUDGE_H
#define VOUCH_INTERP_JUDGE_H

#include "base/digest.h"
#include "interp/case_bank.h"
#include "interp/case_found.h"
#include "interp/claim.h"
#include "interp/ledger.h"
#include "interp/sift.h"

/* Rows of a rule that belong to no group, because part of the key is missing. */
typedef struct Keyless {
	int32_t book, rule;
	int64_t rows;
} Keyless;

/* What lines of evidence speak of by number. */
typedef struct BookLabel {
	int32_t book;
	Label label;
} BookLabel;

/* One thread's findings of one partition. */
typedef struct Batch {
	Arena arena;             /* texts of the findings */
	VEC(Finding) finding;
	VEC(BookLabel) label;    /* that the thread met for the first time; other threads may too */
	Claims claims;
	VEC(Keyless) keyless;    /* subject `?` (S56) */
	BankBatch bank;          /* accounts */
	CaseFound *found;        /* rows of each finding, once all of them are there */
} Batch;

void batch_free(Batch *batch);

/* A subject as text: what its key is made of, and how it is shown. `shown` and `kind` go with the
 * batch; the parts are scratch. */
typedef struct Subject {
	Str kind;                /* "visit"; "provider, week" */
	Str shown;               /* "VS1"; "P1, 2025-06-02" */
	Str *part;               /* for the finding's id */
	int32_t nparts;
} Subject;

/* What a thread keeps of a book from finding to finding. */
typedef struct JudgeBook {
	Labels labels;
	Digest id;               /* of the findings of `rule`: all but the key */
	int32_t rule;
	bool has_id;
} JudgeBook;

typedef struct Judge {
	const Rulebook *book;
	int32_t book_number;
	const Store *store;
	const Law *law;
	Arena scratch;           /* reset for each subject */
	Buf text;                /* for one text at a time */
	Subject subject;         /* the subject at hand, … */
	Trace trace;
	Evidence evidence;       /* … and what is said of it */
	Sifts sifts;             /* of the stores of the partition at hand */
	RemedyDesk remedy;
	VEC(JudgeBook) books;    /* by number */
	Batch *batch;
} Judge;

/* A rule of another book that data_same_rule found to be the same. */
typedef struct JudgeTwin {
	const Rulebook *book;
	int32_t book_number, rule;
	const int32_t *expr;     /* by expression of the book that was judged: its like in this one */
} JudgeTwin;

/* A FastSink body: adds the finding to judge->batch. STATUS_WORLD when the evaluators differ; the
 * difference is then described in `difference`. */
Status judge_hit(Judge *judge, const FastHit *hit, Buf *difference);
/* Of the hit that was judged last, and well: the finding of a twin of its rule. Nothing is worked out
 * for it: it is the same finding under another contract. */
Status judge_twin(Judge *judge, const FastHit *hit, const JudgeTwin *twin, Buf *difference);
/* The one finding about rows without a key, once all partitions are done. */
void judge_keyless(Batch *batch, const Rulebook *book, int32_t book_number, int32_t rule,
	int64_t rows);
void judge_free(Judge *judge);

#endif
