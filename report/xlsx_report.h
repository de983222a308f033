/*
 * A run as tables for a spreadsheet: contents, summary, rules, what was read, what is assumed,
 * findings, those not assessed, what to ask for, measures, what was rejected, and the working, a
 * line for each value of each finding.
 */
#ifndef VOUCH_REPORT_XLSX_REPORT_H
#define VOUCH_REPORT_XLSX_REPORT_H

#include "report/list.h"
#include "report/xlsx.h"

/* Writes the file at path, by that name: options->out is not written to. As a ListWriter, but
 * STATUS_WORLD comes with *why or a diagnostic. */
Status xlsx_report(CaseReader *reader, Str run_id, const char *path, const ListOptions *options,
	const char **why);

#endif
