/*
 * Figures of a run, from the table measure_result: as text in columns, as CSV, as JSON, and how
 * many there are of each status. A case file that was written before there were figures has none.
 */
#ifndef VOUCH_REPORT_KPIS_H
#define VOUCH_REPORT_KPIS_H

#include "report/list.h"

/* Empty texts do not limit. */
typedef struct KpiFilter {
	Str run, contract, measure, provider;
	bool kpis_only;   /* leaves out figures of measures, which have no status */
} KpiFilter;

typedef enum KpiFormat { KPI_TEXT, KPI_CSV, KPI_JSON } KpiFormat;

/* In the order of contract, measure, provider, keys. As a ListWriter, STATUS_WORLD without a
 * diagnostic when `out` cannot be written. */
Status kpis_list(CaseReader *reader, const KpiFilter *filter, KpiFormat format,
	const ListOptions *options);

/* Appends "KPIs: 12 met, 3 to watch, 1 failed …" and a line end; nothing when the run has none. */
Status kpis_summary(CaseReader *reader, Str run_id, Buf *out);

#endif
