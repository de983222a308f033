/*
 * The ledger of one run: findings with their evidence, counts by rule, what was rejected; written
 * to the case file in one transaction. This header is what report/ reads through.
 */
#ifndef VOUCH_INTERP_LEDGER_H
#define VOUCH_INTERP_LEDGER_H

#include "base/exact.h"
#include "base/status.h"
#include "dsl/diag.h"
#include "interp/data.h"
#include "interp/walk.h"

/* A finding, ready to be written. All texts live in the arena of the partition that found it. */
typedef struct Finding {
	int32_t book, rule;
	Verdict verdict;          /* fail, not assessed or conflict */
	uint8_t id[16];           /* first half of SHA-256; see finding_id */
	uint8_t content[16];      /* of verdict, stake and evidence: what was found */
	Str dataset, key;         /* "visit", "VS1"; groups: "provision, week", "PR1, 2025-09-01" */
	Str provider;             /* key of the provider that the subject leads to, or empty */
	int32_t on;
	bool overflow, has_stake, stake_known;
	Ratio stake;
	Str message, evidence, assumed, missing; /* evidence: the JSON column */
} Finding;

/*
 * SHA-256 over fields, each as kind byte, length as four bytes big-endian, content: "vouch finding
 * 1", contract, rule id, subject kind, and each part of the subject's key in declared order: texts
 * as stored, whole numbers in decimal, dates and periods as YYYY-MM-DD, moments in UTC seconds. Not
 * in it: version, message, severity, verdict, money, the run.
 */
void finding_id(uint8_t out[16], Str contract, Str rule, Str kind, const Str *part, int32_t nparts);
/* The id as people see it: Crockford base 32, 10 characters or more where two share them. */
void finding_id_print(Buf *buf, const uint8_t id[16], int chars);

/* "pass", "fail", "not_assessed", "not_applicable", "conflict": as the case file spells them. */
const char *verdict_word(Verdict verdict);

/* The evidence column: a JSON array of [name, value, table, key, column, note], trailing empty
 * texts left out. */
void evidence_json(Buf *buf, const Trace *trace);

#endif
