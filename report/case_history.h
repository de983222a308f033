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
	Str finding_id;           /* only case_histories says it */
	bool hidden;              /* that it was referred, which is not for the provider's eyes */
} EventHistory;

/* Finding by finding, for outputs of any length: memory holds what was said of one. */
typedef struct CaseSaid {
	CaseReader *reader;
	sqlite3_stmt *stmt;       /* NULL: nothing was said in the whole file */
	bool any;                 /* something was said of a finding of the run */
} CaseSaid;

/* run_id: `any` is not looked for when that is empty. case_said_end is called whatever the
 * Status. */
Status case_said_begin(CaseSaid *said, CaseReader *reader, Str run_id);
void case_said_end(CaseSaid *said);
/* Texts are the arena's. None: n is 0, the status not raised. */
Status case_said(CaseSaid *said, Str finding_id, Arena *arena, EventHistory *out);

/* Whether anything was said of any finding of the file. */
bool case_has_history(CaseReader *reader);
/* All events of one finding; texts are the reader's arena's. None: n is 0, the status not
 * raised. */
Status case_history(CaseReader *reader, Str finding_id, EventHistory *out);
/* All events of the file, by finding, then as they were said. A history of which all is hidden has
 * no event. */
Status case_histories(CaseReader *reader, EventHistory **out, size_t *n);

/* Whether nothing is asked for any more: it was withdrawn or settled. */
bool case_history_closed(const EventState *state);
/* What is asked for as things stand, in pence: what was decided, else raised, else `stake`, less
 * what was settled. Of one that is closed, what a settlement left over. */
EventSum case_history_open(const EventState *state, EventSum stake);

/* "1 July 2026, 09:30 UTC" */
void case_history_when(Buf *buf, Str at);
/* Appends a line or a few for each event, wrapped, every line behind `indent` blanks:
 *
 *   1 July 2026, auditor: raised, £5.65
 *     rounded up
 */
void case_history_print(Buf *buf, const EventHistory *history, int indent, int width);
/* "part upheld: £5.65 raised, £3.00 upheld, £3.00 outstanding" */
void case_history_state(Buf *buf, const EventState *state);

#endif
