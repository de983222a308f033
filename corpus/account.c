/*
 * The credits stand by age: credit[k] came in k weeks before the latest. On the Monday of the
 * latest the seventh is on its last day, on the Tuesday it is gone.
 */
#include "corpus/account.h"

#include <string.h>

#include "corpus/cal.h"

/* Whatever weeks there were before the run are credited, and expire, when it is first advanced. */
void account_open(Account *account, int32_t start)
{
	memset(account, 0, sizeof *account);
	account->next = cal_monday(start);
}

/* What is too old on the day of the new credit goes before that comes in. */
static void credit(Account *account, int32_t weekly)
{
	account->expired += account->credit[ACCOUNT_WEEKS - 1];
	for (int k = ACCOUNT_WEEKS - 1; k > 0; k--)
		account->credit[k] = account->credit[k - 1];
	account->credit[0] = weekly;
	account->credited += weekly;
	account->next += 7;
}

/* Only the oldest can be past its last day within a week; all others are younger by seven days. */
void account_advance(Account *account, int32_t weekly, int32_t day)
{
	while (account->next <= day)
		credit(account, weekly);
	int32_t oldest = account->next - 7 * ACCOUNT_WEEKS;
	if (day <= oldest + ACCOUNT_DAYS)
		return;
	account->expired += account->credit[ACCOUNT_WEEKS - 1];
	account->credit[ACCOUNT_WEEKS - 1] = 0;
}

/* From the oldest to the newest; what is left of the minutes is not there. */
int32_t account_draw(Account *account, int32_t minutes)
{
	account->debits++;
	for (int k = ACCOUNT_WEEKS - 1; k >= 0; k--) {
		int32_t part = account->credit[k] < minutes ? account->credit[k] : minutes;
		account->credit[k] -= part;
		account->used += part;
		minutes -= part;
	}
	account->shortfall += minutes;
	return minutes;
}

int32_t account_held(const Account *account)
{
	int32_t sum = 0;
	for (int k = 0; k < ACCOUNT_WEEKS; k++)
		sum += account->credit[k];
	return sum;
}
