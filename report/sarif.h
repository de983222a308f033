/*
 * Findings as SARIF 2.1.0, which review tools show: what failed is `fail`, what was not assessed
 * `open`, a conflict of exceptions `review`. docs/case-file.md says what stands where.
 */
#ifndef VOUCH_REPORT_SARIF_H
#define VOUCH_REPORT_SARIF_H

#include "report/list.h"

/* Rows of the database that one finding names; a group may have thousands. */
#define SARIF_ROWS_MOST 100

typedef struct SarifOptions {
	const FindingFilter *filter; /* that gave the list: what is gone is held against it too */
	CaseReader *before;          /* a second reader; NULL: the run is compared with none */
	Str baseline;                /* the run to compare with, whole id */
} SarifOptions;

/* The Status is that of a ListWriter. */
Status sarif_findings(CaseReader *reader, const SarifOptions *how, const FindingList *list,
	const ListOptions *options);

#endif
