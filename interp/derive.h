/*
 * What is worked out of a store's rows before rules are judged over it: the neighbours that
 * sequences give, and the accounts of banks with the three datasets that they yield.
 *
 *   rows ─> keys, conditions, amounts ─> accounts ─> entries in order ─> bank_run ─> StoreTables
 *           (an evaluator: Derive)       └─ groups of equal keys, in order ─> neighbours
 *
 * The evaluator is the caller's: the explaining one in a scenario and for a finding, the fast one
 * in an audit. What lies between is the same for both and knows no expressions.
 *
 * A bank's rows do not depend on the window: all data count, and what becomes of a credit is said
 * as far as the data go. Credits of an `every …` without an end run to the end of the window or to
 * the account's last entry, whichever is later, so that a debit finds the same credits whatever the
 * window is.
 */
#ifndef VOUCH_INTERP_DERIVE_H
#define VOUCH_INTERP_DERIVE_H

#include "interp/bank_story.h"
#include "interp/value.h"

typedef struct Derive {
	const Store *store;
	const Law *law;
	Arena *arena;                /* of what the store keeps */
	Arena *scratch;
	void *user;
	/* Values as in a column at the type's scale, with their State. Not for quotients. */
	void (*values)(void *user, const Expr *expr, const Subjects *subjects, int64_t *value,
		uint8_t *state);
	/* The same over all rows of a dataset, each in slot 0, in scratch memory; NULL: by `values`. */
	RowValues (*rows)(void *user, const Expr *expr, int32_t dataset);
	/* Collections; their row numbers live as long as the store or the arena. */
	void (*lists)(void *user, const Expr *expr, const Subjects *subjects, RowSpan *rows,
		uint8_t *state);
} Derive;

/* One entry of an account beside what the ledger knows of it. */
typedef struct DerivedEntry {
	int32_t flow;
	int32_t row;                 /* of the flow's dataset; -1: it has none */
	int32_t number;              /* 1, 2, … among the credits, or the debits, of the account */
	bool sure;                   /* that there is such an entry; of another nothing is known */
	bool day_known, amount_known;
	bool last_known;             /* of a credit: the last day is known, or that it has none */
} DerivedEntry;

/* The accounts of one bank. Rows of its datasets stand account by account. */
struct StoreBank {
	int32_t accounts, nkeys;
	int64_t **key;               /* by key, by account, as in a column */
	bool *keyless;               /* by account: rows that are in no account, for want of a key */
	bool *open;                  /* by account: which entries it has is not known */
	RowSpan *group;              /* by account: rows of the group; of a bank for rows: the owner */
	int32_t *start;              /* by account: entry[start[a]] .. entry[start[a + 1]] exclusive */
	BankEntry *entry;
	DerivedEntry *of;            /* beside each entry */
	int32_t *credits, *debits, *balances; /* by account: its first row in each dataset */
	BankDay *day;                /* by row of the balances */
	int32_t *credit, *debit;     /* by row: its entry */
	/* A store of accounts is one thread's, which notes here, by account: */
	bool *checked;               /* that it was held against the explaining evaluator's */
	const Story **story;         /* once a finding has shown it; the arena's, as all this */
	Arena *arena;
};

/* Which accounts there are is asked of these rows alone: owners, or rows that make groups. at NULL:
 * rows 0 .. n-1. False when an account does not add up. */
bool derive_bank(const Derive *derive, int32_t bank, RowSpan rows, StoreBank *out);
/* The three tables of the bank, by origin - ORIGIN_CREDITS. */
void derive_tables(const Derive *derive, int32_t bank, const StoreBank *from, StoreTable *out[3]);
/* The key of a row of the credits or debits by the number of its entry, as tests name it. */
Str derive_numbered_key(const StoreTable *table, int32_t row, Arena *arena);
StoreSequence derive_sequence(const Derive *derive, int32_t sequence);

/* The account as it stands at the end of a day; its entries are copies. */
BankAccount derive_account(const Rulebook *book, int32_t bank, const StoreBank *from,
	int32_t account, int32_t horizon, Arena *arena);
/* As bank_run; of an entry that there may not be it says nothing. of: beside account->entry. */
bool derive_run(BankAccount *account, const DerivedEntry *of, Arena *arena);
/* The account that a row of one of the bank's datasets belongs to, and the entry behind the row, or
 * -1 (balances). */
int32_t derive_account_of(const StoreBank *from, DatasetOrigin origin, int32_t row, int32_t *entry);
/* The row that a row of a bank was entered from; false when there is none. */
bool derive_source(const Store *store, int32_t dataset, int32_t row, int32_t *source_dataset,
	int32_t *source_row);
/* A part of an account's key that is written alike wherever it stands: a row by its key, a day ISO.
 * False: it is another kind, and nothing was written. */
bool derive_put_key(Buf *buf, const Store *store, Type type, int64_t n, Arena *arena);
/* Whether two workings of an account came to the same. */
bool derive_same(const StoreBank *a, int32_t i, const StoreBank *b, int32_t k);

/* Matches, sequences and banks in an order in which none comes before what it looks at. */
typedef enum DerivedKind { DERIVED_MATCH, DERIVED_SEQUENCE, DERIVED_BANK } DerivedKind;
typedef struct DerivedStep {
	DerivedKind kind;
	int32_t number;
	bool on_derived;             /* a match that looks at a sequence or a bank */
} DerivedStep;
/* nmatches + nsequences + nbanks of them. */
const DerivedStep *derive_order(const Rulebook *book, Arena *arena);

#endif
