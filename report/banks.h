/* What the banks of a run come to, as the summary shows it. */
#ifndef VOUCH_REPORT_BANKS_H
#define VOUCH_REPORT_BANKS_H

#include "report/casereader.h"

enum { BANK_CREDITED, BANK_USED, BANK_EXPIRED, BANK_HELD, BANK_LOST, BANK_SHORT, BANK_AMOUNTS };

/* What all accounts of a bank come to. Amounts as people read them, 1,204:30 or £12.50; empty: 0. */
typedef struct ReadBank {
	Str contract, bank;
	int64_t accounts, not_assessed;
	Str amount[BANK_AMOUNTS];
} ReadBank;

typedef Status BankFn(void *user, const ReadBank *bank);
/* By contract and name. Its texts hold for one call. */
Status banks_each(CaseReader *reader, Str run_id, BankFn *each, void *user);

/* A line for each bank; nothing when the run has none. */
Status banks_summary(CaseReader *reader, Str run_id, int width, Buf *out);

#endif
