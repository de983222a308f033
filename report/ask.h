/*
 * The evidence to ask for: each fact for lack of which findings could not be assessed, with the
 * money that hangs on it, the most first.
 */
#ifndef VOUCH_REPORT_ASK_H
#define VOUCH_REPORT_ASK_H

#include "report/list.h"

/* Of the findings of a run that are not assessed and whose rule puts something at stake. Exact
 * pounds, each finding with its own sum; `open` of them have no bounds and are in neither sum. */
typedef struct AskTotals {
	int64_t findings, open;
	Ratio least, most;
} AskTotals;

/* A fact to ask for; its texts hold for one call. */
typedef struct ReadAsk {
	Str provider, dataset, key, field;
	int64_t findings, pence, open; /* pence: what hangs on it; open: findings without a bound */
} ReadAsk;

typedef Status AskFn(void *user, const ReadAsk *ask);
/* One after the other, the facts on which most money hangs first, until `each` gives another Status
 * than STATUS_OK. As for ask_list. */
Status ask_each(CaseReader *reader, const FindingFilter *filter, AskFn *each, void *user);

Status ask_totals(CaseReader *reader, Str run_id, AskTotals *out);

/* One fact a line, as text, CSV or JSON (0, 1, 2). filter->run is set; its verdict is not looked
 * at. The Status is that of a ListWriter. */
Status ask_list(CaseReader *reader, const FindingFilter *filter, int format,
	const ListOptions *options);

#endif
