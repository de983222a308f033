/*
 * Banked hours of Take a Break as the contract's words have them, in whole minutes: what is
 * commissioned for a week comes in on its Monday and can be used through the same day six weeks
 * later; the oldest goes first, and what is not there is a shortfall.
 *
 *   Monday 2 June ──credit── ... ── Monday 14 July: the last day ── 15 July: expired
 *
 * It knows seven credits and no more: an eighth is always too old.
 */
#ifndef CORPUS_ACCOUNT_H
#define CORPUS_ACCOUNT_H

#include <stdint.h>

#define ACCOUNT_WEEKS 7
#define ACCOUNT_DAYS 42 /* after the credit, that day included */

/* Minutes. What came in is always what was used, has expired or is held. */
typedef struct Account {
	int32_t next;                  /* the Monday whose credit is still to come */
	int32_t credit[ACCOUNT_WEEKS]; /* what is left of them, the latest first */
	int64_t credited, used, expired, shortfall;
	uint32_t debits;
} Account;

/* Of a provision that starts on the day: the week that holds it is the first to be credited. */
void account_open(Account *account, int32_t start);

/* As it stands on the day, before anything is drawn. Days never go back. */
void account_advance(Account *account, int32_t weekly, int32_t day);

/* Returns the shortfall. */
int32_t account_draw(Account *account, int32_t minutes);
int32_t account_held(const Account *account);

#endif
