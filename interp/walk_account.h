/* The account behind a row of a bank, as evidence: its entries in words, and worked out again. */
#ifndef VOUCH_INTERP_WALK_ACCOUNT_H
#define VOUCH_INTERP_WALK_ACCOUNT_H

#include "interp/derive.h"

/* "credited on 5 May 2025, usable to 16 June 2025; 2 hours used, 30 minutes expired" */
void account_put_entry(Buf *buf, const Store *store, const Bank *bank, const BankEntry *entry,
	const DerivedEntry *of, Arena *scratch);

#endif
