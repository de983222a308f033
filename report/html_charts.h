/* The charts of the report, each from the case file alone; a chart whose figures the file does not
 * have is left out with a sentence that says so. */
#ifndef VOUCH_REPORT_HTML_CHARTS_H
#define VOUCH_REPORT_HTML_CHARTS_H

#include "report/chart.h"
#include "report/html_parts.h"

ReportPart charts_times;    /* claimed against supported, and by how much */
ReportPart charts_money;    /* pounds by rule, by provider */
ReportPart charts_weeks;    /* findings by week */
ReportPart charts_targets;  /* KPIs against their targets */

/* The number of the next chart. */
int charts_next(Report *report);

#endif
