/*
 * What was said of findings, for other programs: the same keys and columns wherever it stands, so
 * that who has read one list can read the next. docs/case-file.md has them; sums are whole pence.
 */
#ifndef VOUCH_REPORT_EVENTS_H
#define VOUCH_REPORT_EVENTS_H

#include "report/case_status.h"
#include "report/jsontext.h"

/* Sets status, the sums of this finding alone, and events, as they were said: an empty array when
 * nothing was. What is not known is null. */
void events_put_json(json_t *object, const EventHistory *history);

/* CSV of events, a line each. With the finding: its contract, rule, subject and provider stand
 * behind the columns of the event. */
void events_csv_names(FILE *out, bool with_finding);
/* finding: NULL without. */
void events_csv_rows(FILE *out, const EventHistory *history, const ReadFinding *finding);

/* All events of a run's findings, and of those that are gone since, as CSV: by finding in the order
 * of reports, each as it was said. Status: of a ListWriter. */
Status events_csv(CaseReader *reader, Str run_id, const ListOptions *options);

#endif
