/*
 * A run as one web page that needs nothing beside itself: summary, charts, every finding with its
 * working and what was said of it, figures, banks, what to ask for, what was rejected, the rules,
 * how to do it again. The same run, of which the same was said, gives the same bytes, in whichever case
 * file it is.
 */
#ifndef VOUCH_REPORT_HTML_REPORT_H
#define VOUCH_REPORT_HTML_REPORT_H

#include "report/list.h"

/* Findings beyond this many are counted, not shown: a browser gets slow with them. */
#define HTML_FINDINGS_MOST 1000

typedef struct HtmlOptions {
	int64_t findings_most;
} HtmlOptions;

/* The Status is that of a ListWriter. */
Status html_report(CaseReader *reader, Str run_id, const HtmlOptions *how,
	const ListOptions *options);

#endif
