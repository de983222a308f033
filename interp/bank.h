/*
 * The ledger of one account of a bank: credits that come in, debits that draw on them, and what
 * expires. Pure and exact: amounts are int64 at the bank's scale, days are days, moments UTC
 * seconds; nothing here knows rows or rules.
 *
 * On one day (S50): what is past its last day expires; credits come in, and what the ceiling
 * refuses of them is lost; then debits draw, by moment and then in the order in which they are
 * given. A debit takes what there is, the rest is its shortfall for good. For each credit, always
 *
 *   amount = lost + used + expired + held
 *
 * An amount that is not known makes its entry unknown, and the balance with it, until every credit
 * has expired that was alive then (S51). A debit within that time draws nobody knows how much from
 * credits that came later, so these join the doubt: what is said to be known stays as it is when
 * the missing amount is filled in (law 4).
 *
 * n entries take n log n steps, oldest or newest first. In proportion, each debit is shared among
 * all credits that have something left, with some four steps for each of them: ten thousand
 * debits on ten thousand credits that live take a second or two. Memory is always a few words an
 * entry.
 */
#ifndef VOUCH_INTERP_BANK_H
#define VOUCH_INTERP_BANK_H

#include "base/mem.h"
#include "dsl/rulebook.h"

/* What is known of an entry, or of a day (whose AMOUNT is what was credited). */
enum { BANK_AMOUNT = 1, BANK_USED = 2, BANK_EXPIRED = 4, BANK_LOST = 8, BANK_HELD = 16,
	BANK_SHORTFALL = 32, BANK_BALANCE = 64, BANK_ALL = 127 };

typedef struct BankEntry {
	bool credit;
	bool amount_known;
	bool capped, ceiling_known; /* credits: a ceiling stands over the balance on that day */
	int32_t day;
	int32_t last_day;           /* credits: the last on which it can be used; LAST_DAY: for ever */
	int64_t moment;             /* debits: order within the day */
	int64_t amount, ceiling;    /* not below zero */
	/* what came of it */
	uint8_t known;
	int64_t used, expired, lost, held, shortfall;
} BankEntry;

/* One day on which something came in, went out or expired; balance is at its end. */
typedef struct BankDay {
	int32_t day;
	uint8_t known;
	int64_t credited, used, expired, lost, shortfall, balance;
} BankDay;

/*
 * Told while the ledger runs, since what it would take to keep it all is too much: in proportion,
 * every debit draws on every credit. Entries are named by number. A debit draws on the older credit
 * first. At the end of a day on which there were entries, what has come of each so far can be read
 * from the account; that a later doubt takes some of it back, too, is only known then.
 */
typedef struct BankWatch {
	void *user;
	void (*drawn)(void *user, int32_t debit, int32_t credit, int64_t amount);
	void (*day_ends)(void *user, int32_t day);
} BankWatch;

typedef struct BankAccount {
	BankOrder order;
	bool open;          /* it is not known which entries there are: nothing is known but amounts */
	int32_t horizon;    /* the account at the end of this day: what is alive then is held; entries
	                       behind it are left alone. LAST_DAY: all that will have come of it */
	BankEntry *entry;   /* in the order of their source among those of one day (and moment) */
	int32_t n;
	/* what came of it, in the arena */
	BankDay *day;
	int32_t ndays;
	const BankWatch *watch; /* NULL: nobody listens */
	bool balance_known; /* at the end of the horizon */
	int64_t balance;
} BankAccount;

/* Fills in what came of the account. False when the sums do not add up, which no input brings
 * about. */
bool bank_run(BankAccount *account, Arena *arena);

#endif
