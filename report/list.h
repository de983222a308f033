/*
 * Findings one after the other: as text in columns, as CSV, as JSON. All three are streamed, in the
 * order of casereader_select, and are the same bytes for the same run, whatever file holds it.
 */
#ifndef VOUCH_REPORT_LIST_H
#define VOUCH_REPORT_LIST_H

#include <stdio.h>

#include "report/casereader.h"

typedef struct ListOptions {
	FILE *out;
	int width;                /* of the terminal; 0: not one, each finding is one line */
	const volatile int *stop; /* set by a signal handler; NULL: none */
} ListOptions;

/* STATUS_WORLD when `out` cannot be written (its own error says why), STATUS_INTERRUPTED when
 * *stop became set. */
typedef Status ListWriter(CaseReader *reader, Str run_id, const FindingList *list,
	const ListOptions *options);

/* Short ids, verdict, rule, date, provider, subject, sum, message; then how many there were. */
ListWriter list_text;
/* RFC 4180 with a line of names. Cells of text that a spreadsheet would take for a formula get an
 * apostrophe in front; numbers and dates stay as they are. */
ListWriter csv_findings;
/* One object: {"format": 2, "run": {…}, "findings": [ … ]}, a finding a line.
 * docs/findings.schema.json has the keys. */
ListWriter json_findings;

/* "fail" as "failed", "not_assessed" as "not assessed": for people. */
Str list_verdict(Str verdict);
/* What a writer asks before each finding. */
Status list_go_on(const ListOptions *options);

#endif
