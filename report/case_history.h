/*
 * What was said of a finding, in the order in which it was said: for the page of the finding, the
 * list of a case and whatever else shows it.
 */
#ifndef VOUCH_REPORT_CASE_HISTORY_H
#define VOUCH_REPORT_CASE_HISTORY_H

#include "interp/case_event.h"
#include "report/casereader.h"

typedef struct EventHistory {
	const CaseEvent *at;
	size_t n;
	EventState state;         /* what they come to */
} EventHistory;

/* All events of one finding; texts are the reader's arena's. None: n is 0, the status not
 * raised. */
Status case_history(CaseReader *reader, Str finding_id, EventHistory *out);
/* All events of the file, by finding, then as they were said. */
Status case_histories(CaseReader *reader, EventHistory **out, size_t *n);

/* Appends a line or a few for each event, wrapped, every line behind `indent` blanks:
 *
 *   1 July 2026, auditor: raised, £5.65
 *     rounded up
 */
void case_history_print(Buf *buf, const EventHistory *history, int indent, int width);
/* "part upheld: £5.65 raised, £3.00 upheld, £3.00 outstanding" */
void case_history_state(Buf *buf, const EventState *state);

#endif
