/*
 * Accounts of banks in a case file: every entry up to the last day of the window, as the account
 * stands at the end of that day, and what each bank comes to over all accounts.
 *
 * Amounts are whole numbers; how many make one of the bank's unit stands beside the totals.
 */
#ifndef VOUCH_INTERP_CASE_BANK_H
#define VOUCH_INTERP_CASE_BANK_H

#include "interp/casefile.h"
#include "interp/derive.h"

typedef enum BankLineKind { LINE_CREDIT, LINE_DEBIT, LINE_EXPIRED, LINE_LOST } BankLineKind;

typedef struct BankLine {
	int32_t book, bank;
	Str keys;              /* of the account, as subjects are shown: "PR1", "C1, 2025-09-01" */
	Str source;            /* key of the row that the entry came from, or empty */
	BankLineKind kind;
	int32_t day;
	uint8_t known;         /* as of a BankEntry; BALANCE: of the day */
	bool is_balance;       /* the balance is told, once for each day: in its last line */
	int64_t amount, used, expired, shortfall, balance;
} BankLine;

/* credited (after what was lost) = used + expired + held, over the entries whose fate is known. */
typedef struct BankSum {
	int32_t book, bank;
	int64_t accounts, entries, unknown;
	Int128 credited, lost, used, expired, held;
	Int128 debited, shortfall;
} BankSum;

/* Lines of each bank that were written: by book, by bank. Beyond LIMIT_BANK_LINES none are; which
 * these are depends on the data alone, since partitions are written in their order. */
typedef struct BankRoom {
	int64_t most;          /* LIMIT_BANK_LINES, but in tests */
	int64_t **written;
	bool **cut;            /* some were left out */
} BankRoom;

BankRoom bank_room_new(Arena *arena, const Rulebook *const *book, int32_t nbooks);
/* No line of this bank will be written any more: a worker need not make them. */
bool bank_room_full(const BankRoom *room, int32_t book, int32_t bank);

enum { BANK_CELLS = 11 }; /* columns of the part bank_entry */

/* What one thread found out in one partition; texts and rows in the arena. */
typedef struct BankBatch {
	VEC(BankLine) line;
	CaseRow *row;          /* of each line, once bank_seal has made them */
	VEC(BankSum) sum;
} BankBatch;

/* Adds the accounts of one bank of a store; lines only when they are wanted. provider: of
 * accounts that lead to another one nothing is told; empty: of none. False when they do not add
 * up. */
bool bank_lines(BankBatch *batch, Arena *arena, const Store *store, int32_t book, int32_t bank,
	const Law *law, Str provider, bool lines);
/* The lines as they are written, sealed; they point into the lines and the rulebooks. */
void bank_seal(BankBatch *batch, Arena *arena, Buf *scratch, const Rulebook *const *book);
void bank_batch_free(BankBatch *batch);
/* Into sums of which there is one for each bank. */
void bank_sums_join(BankBatch *into, const BankBatch *from);

/* Makes the tables; before the others. */
Status case_bank_begin(CaseFile *file);
/* Behind bank_seal; these and what they point to stand until case_flush. */
Status case_bank_lines(CaseFile *file, Str run_id, const BankBatch *batch, BankRoom *room);
/* Also of banks without accounts; checks that the sums hold. */
Status case_bank_sums(CaseFile *file, Str run_id, const Rulebook *const *book, int32_t nbooks,
	const BankBatch *batch, const BankRoom *room);

#endif
