/*
 * The ledger of one run: findings with their evidence, counts by rule, what was rejected; written
 * to the case file in one transaction. This header is what report/ reads through.
 */
#ifndef VOUCH_INTERP_LEDGER_H
#define VOUCH_INTERP_LEDGER_H

#include "base/digest.h"
#include "base/exact.h"
#include "base/status.h"
#include "dsl/diag.h"
#include "interp/bounds.h"
#include "interp/data.h"
#include "interp/remedy.h"
#include "interp/walk.h"

/* A finding, ready to be written. All texts live in the arena of the partition that found it. */
typedef struct Finding {
	int32_t book, rule;
	Verdict verdict;          /* fail, not assessed or conflict */
	uint8_t id[16];           /* first half of SHA-256; see finding_id */
	uint8_t content[16];      /* of verdict, message and evidence: what was found */
	Str dataset, key;         /* "visit", "VS1"; groups: "provision, week", "PR1, 2025-09-01" */
	Str provider;             /* key of the provider that the subject leads to, or empty */
	int32_t on;
	bool overflow, has_stake, stake_known;
	Ratio stake;
	Str message, evidence, assumed, missing; /* evidence: the JSON column */
	int32_t claim;            /* place among the claims of its batch, from 1; 0: it claims nothing */
	const Bounds *bounds;     /* of one that is not assessed, or fails without a sum, for lack
	                             of facts; else NULL */
	const Remedies *remedies; /* of one that fails; NULL: none was looked for */
} Finding;

/*
 * SHA-256 over fields, each as kind byte, length as four bytes big-endian, content: "vouch finding
 * 1", contract, rule id, subject kind, and each part of the subject's key in declared order: texts
 * as stored, whole numbers in decimal, dates and periods as YYYY-MM-DD, moments in UTC seconds. Not
 * in it: version, message, severity, verdict, money, the run.
 */
void finding_id(uint8_t out[16], Str contract, Str rule, Str kind, const Str *part, int32_t nparts);
/* The same in two steps: what all findings of a rule have in common, then one of them. */
void finding_id_begin(Digest *rule_digest, Str contract, Str rule, Str kind);
void finding_id_of(const Digest *rule_digest, const Str *part, int32_t nparts, uint8_t out[16]);
/* The id as people see it: Crockford base 32, 10 characters or more where two share them. */
void finding_id_print(Buf *buf, const uint8_t id[16], int chars);

/* "pass", "fail", "not_assessed", "not_applicable", "conflict": as the case file spells them. */
const char *verdict_word(Verdict verdict);

/* A trace in writing. The memory stays for the next. */
typedef struct Evidence {
	Buf json;             /* the evidence column: a JSON array of the array of keys, then a line for
	                         each value: [label, value, place of its key or null, note], what is
	                         empty at the end left out */
	Buf facts;            /* the same with what labels are called instead of their numbers: what the
	                         content hash is made of */
	VEC(size_t) number;   /* where in json the number of each line's label stands */
} Evidence;

void evidence_write(Evidence *out, const Trace *trace);
/* Its JSON with other numbers of labels, one a line: as another book has them. Appended. */
void evidence_renumbered(Buf *buf, const Evidence *evidence, const int32_t *number);
void evidence_free(Evidence *evidence);

#endif
