/*
 * The dispute pack of one provider: a page to print, with each open finding on a sheet of its own,
 * so that it can be answered by itself: what was said of it, the clause, the rows, the arithmetic
 * from what was claimed to what is payable, and room for the answer. What was settled or withdrawn
 * is listed apart.
 */
#ifndef VOUCH_REPORT_PACK_H
#define VOUCH_REPORT_PACK_H

#include "report/list.h"

typedef struct PackOptions {
	Str provider;
	int64_t findings_most;  /* sheets; those beyond are counted */
} PackOptions;

/* From then on the reader reads for the provider's eyes. STATUS_WRONG after a diagnostic when the run
 * has no finding of that provider; else as a ListWriter. */
Status pack_report(CaseReader *reader, Str run_id, const PackOptions *how,
	const ListOptions *options);

#endif
