/*
 * What a finding becomes in a case file: its rows, sealed. Made by the worker that found it, so
 * that the one thread that writes has only to hand them on.
 *
 *   finding ──> finding   1     whose cells are also those of finding_row and bounds
 *               remedy    0..4
 *               asked     0..
 *               money_of  0, 1
 *
 * Numbers that only the writer gives (of the row, the rule, the assumption) are in none of them.
 */
#ifndef VOUCH_INTERP_CASE_FOUND_H
#define VOUCH_INTERP_CASE_FOUND_H

#include "interp/case_row.h"
#include "interp/ledger.h"

/* Columns of the part `finding`, in their order. */
enum {
	FOUND_ID, FOUND_CONTRACT, FOUND_RULE, FOUND_VERSION, FOUND_DATASET, FOUND_SUBJECT, FOUND_VERDICT,
	FOUND_PROVIDER, FOUND_ON, FOUND_MESSAGE, FOUND_PENCE, FOUND_EXACT, FOUND_LEAST_PENCE,
	FOUND_LEAST_EXACT, FOUND_MOST_PENCE, FOUND_MOST_EXACT, FOUND_CERTAIN, FOUND_LEAST_AT,
	FOUND_MOST_AT, FOUND_ASSUMED, FOUND_MISSING, FOUND_CONTENT, FOUND_EVIDENCE, FOUND_MEMBERS,
	FOUND_CELLS
};

enum { REMEDY_CELLS = 8, ASKED_CELLS = 4, MONEY_CELLS = 2 };

typedef struct CaseFound {
	CaseRow finding;
	CaseRow *remedy, *asked, *money;
	int nremedies, nasked, nmoney;
} CaseFound;

/* members: whose money the finding speaks of, 16 bytes for each row (ClaimRow); empty: that of the
 * row that it is about. Rows live in the arena, and point into finding and rulebook. */
void case_found(const Rulebook *book, const Finding *finding, Str members, Arena *arena,
	Buf *scratch, CaseFound *out);

#endif
