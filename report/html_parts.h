/*
 * The parts of the report as a page, each a section with an id of its own. They are written one
 * after the other, straight from the case file; what several of them need is read before the first.
 */
#ifndef VOUCH_REPORT_HTML_PARTS_H
#define VOUCH_REPORT_HTML_PARTS_H

#include <sqlite3.h>

#include "report/ask.h"
#include "report/case_status.h"
#include "report/html.h"
#include "report/html_report.h"
#include "report/working.h"

typedef struct Report {
	CaseReader *reader;
	const HtmlOptions *how;
	Html html;
	Arena *arena;       /* the reader's */
	Arena scratch;      /* of one finding, or one chart */
	Str run_id;
	ReadRuns runs;
	ReadRules rules;
	ReadDatasets datasets;
	ReadAssumptions assumed;
	CaseClaim claim;
	CaseSaid said;
	CaseStatus stands;  /* of `provider`; empty while nothing was said */
	Str provider;       /* whose page it is; empty: it is of all */
	AskTotals ask;
	int64_t failed, not_assessed, conflict; /* findings of all rules */
	int charts;         /* so far, so that each has an id */
} Report;

/* Reads what the parts share. report->reader, how, run_id, provider are set. report_free frees
 * it, whatever the Status. */
Status report_load(Report *report);
void report_free(Report *report);

typedef Status ReportPart(Report *report);
ReportPart report_summary, report_stands, report_charts, report_findings, report_measures,
	report_banks, report_ask, report_rejected, report_rules, report_method;

/* A row of a query at a time; ?1 is the run. Its texts hold until the next row. */
typedef Status ReportRow(void *user, sqlite3_stmt *stmt);
Status report_rows(const Report *report, const char *sql, ReportRow *row, void *user);
Str report_column(sqlite3_stmt *stmt, int column);

/* "V1", or "hampshire/ccsh V1" when the run has several contracts; (2025.1) is put behind it when
 * the contract wrote the rule more than once. */
void report_rule_name(Report *report, const ReadRule *rule);
/* A link to the rule's text on the page. */
void report_rule_link(Report *report, const ReadRule *rule);

/* The parts of which a finding is made; each finding is an <article>, which report_finding_open
 * begins. level: of its heading. */
void report_finding_open(Report *report, const ReadFinding *finding, const EventHistory *said,
	int level);
void report_clause(Report *report, const Working *working);
void report_values(Report *report, const Working *working);
void report_doubts(Report *report, const Working *working);

/* Where it stands, as a word in a box; nothing while nothing was said. */
void report_badge(Report *report, const EventHistory *said);
/* Where it stands, and what was said of it; nothing likewise. folded: the list opens on demand; of:
 * the finding's short id, which the fold says to those who hear it. */
void report_said(Report *report, const EventHistory *said, bool folded, Str of);
/* The list alone, as a cell of a table has it. */
void report_events(Report *report, const EventHistory *said);
/* Tables of where findings stand and of the money, by provider (of a page for all) and by rule;
 * what is gone, with what was said of it. Without a heading. */
void report_stands_tables(Report *report);

/* Whole pence of a sum, halves away from zero. */
int64_t report_pence(Ratio pounds);

#endif
