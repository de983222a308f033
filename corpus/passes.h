/*
 * Payments in three passes: entries of hours for weeks, and statements of what was paid. Only some
 * provisions have them, about one in fifty, a few payment periods each; in a small county more.
 *
 *   period      n-2            n-1            n             statement of n
 *   entries     ....           ....                         core: n, settlement: n-1, late: n-2
 *                                             ┴ closes
 *
 * They are made, planted in and judged when all visits are done, so that nothing of the visits
 * depends on them. What was paid is what was due by all that was ever entered, but for what is
 * planted; by what was known when the books were closed a few statements are otherwise.
 */
#ifndef CORPUS_PASSES_H
#define CORPUS_PASSES_H

#include "corpus/write.h"

#define PERIOD_DAYS 28
#define ENTRIES_MAX 48
#define STATEMENTS_MAX 3

/* What one provision's weeks were said to be. Two books differ in what is in them. */
typedef struct Book {
	const Package *package;
	Entry entry[ENTRIES_MAX];
	int entries;
} Book;

/* What a provider was paid, and was due, for a period under a contract. */
typedef struct Sums {
	int64_t paid, due, due_known; /* pence */
	bool some, paid_unknown, due_unknown, due_known_unknown;
} Sums;

typedef struct Passes {
	const Plan *plan;
	Writer *writer;
	Rng rng;
	Book book;
	uint32_t number;               /* of the package */
	Statement statement[STATEMENTS_MAX];
	int statements;
	uint64_t last_entry, last_statement;
	uint32_t entry_turn, paid_turn;
	bool hourless;                 /* hours are missing on which two statements hang */
	int32_t closing;               /* the day on which the books are closed */
	int32_t first, periods;        /* the run's periods, from the one that holds its first day */
	Sums *sums;                    /* by contract, provider, period */
} Passes;

void passes_make(const Plan *plan, Writer *writer);

/* Payment periods by number, 0 from the newer contract's first day on; also before it. */
int32_t passes_period(int32_t day);
int32_t passes_first(int32_t period);

/* ---- passes_judge.c ------------------------------------------------------------------------ */

/* What the three passes of a statement come to, in pence. False: nobody can say. */
bool passes_due(const Book *book, int pass, int32_t period, int64_t *pence);

/* Days of a period in the provision's life. */
int32_t passes_days(const Package *package, int32_t period);

/* Judges the provision's statements and entries, and adds them to the sums. */
void passes_judge(Passes *passes);

/* All figures. */
void passes_figures(Passes *passes);

#endif
