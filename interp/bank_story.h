/*
 * The whole story of one account, told once, out of which any entry is read as it stood at the end
 * of a day. Findings about an account's debits each show the last entries up to their own day: to
 * run the ledger anew for every finding would take the square of the entries.
 *
 *   ledger run ─ drawn ────> the first STORY_DRAWS draws of each entry, and how many there were
 *              └ day_ends ─> what had been used by then of the last STORY_LISTED entries
 *
 * So the story is not the account's whole past: of an entry further back than those it knows how
 * it stood on its own day, and how it ended. In memory it is some sixty bytes an entry and 250 a
 * day on which something happened, whatever the order of the debits; in proportion some 500 an
 * entry.
 */
#ifndef VOUCH_INTERP_BANK_STORY_H
#define VOUCH_INTERP_BANK_STORY_H

#include "interp/bank.h"

#define STORY_DRAWS 10   /* of one entry; the others are counted */
#define STORY_LISTED 30  /* entries that are read back on one day */

typedef struct Story Story;

typedef struct StoryDraw {
	int32_t other;   /* of a debit the credit, of a credit the debit */
	int64_t amount;
} StoryDraw;

/* Of an account whose ledger was run to LAST_DAY, with its entries by day. The entries are not
 * copied; the story is the arena's, as long as both. */
const Story *story_new(const BankAccount *account, Arena *arena);
/* How many entries had come in by the end of a day: they are the first ones. */
int32_t story_entries(const Story *story, int32_t day);
/* The entry at the end of the horizon, when nothing was drawn between the end of `day` and it. One
 * of the last STORY_LISTED that had come in by then; or any at the end of its own day, or a credit
 * that has expired by the horizon. */
BankEntry story_entry(const Story *story, int32_t entry, int32_t day, int32_t horizon);
/* The first draws of or on an entry, up to the end of its own day or all there ever were; returns
 * how many there were. */
int32_t story_draws(const Story *story, int32_t entry, bool own_day, StoryDraw out[STORY_DRAWS]);
/* The day of the last debit up to a day; day_before when it has none behind that. */
int32_t story_last_debit(const Story *story, int32_t day, int32_t day_before);

#endif
