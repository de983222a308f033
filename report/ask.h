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

Status ask_totals(CaseReader *reader, Str run_id, AskTotals *out);

/* One fact a line, as text, CSV or JSON (0, 1, 2). filter->run is set; its verdict is not looked
 * at. The Status is that of a ListWriter. */
Status ask_list(CaseReader *reader, const FindingFilter *filter, int format,
	const ListOptions *options);

#endif
