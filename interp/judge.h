/*
 * From a hit of the fast evaluator to a finding: the explaining evaluator works the subject out
 * again, the two are held against each other, and the evidence is written.
 */
#ifndef VOUCH_INTERP_JUDGE_H
#define VOUCH_INTERP_JUDGE_H

#include "base/digest.h"
#include "interp/case_bank.h"
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
} Batch;

void batch_free(Batch *batch);

typedef struct Judge {
	const Rulebook *book;
	int32_t book_number;
	const Store *store;
	const Law *law;
	Arena scratch;           /* reset for each subject */
	Buf json, facts;
	Trace trace;             /* of the subject at hand */
	Sifts sifts;             /* of the stores of the partition at hand */
	VEC(Labels) labels;      /* by book */
	int32_t id_book, id_rule;
	Digest id;               /* of id_rule's findings: all but the key */
	bool has_id;
	Batch *batch;
} Judge;

/* A FastSink body: adds the finding to judge->batch. STATUS_WORLD when the evaluators differ; the
 * difference is then described in `difference`. */
Status judge_hit(Judge *judge, const FastHit *hit, Buf *difference);
/* The one finding about rows without a key, once all partitions are done. */
void judge_keyless(Batch *batch, const Rulebook *book, int32_t book_number, int32_t rule,
	int64_t rows);
void judge_free(Judge *judge);

#endif
