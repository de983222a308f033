/*
 * Each table is read from the case file as it is written, row by row; memory holds a row of each
 * sheet. A finding stands on one sheet: `findings` has what failed and conflicts, so that the sums
 * in it can be added up; `not assessed` the others, with what they could come to.
 *
 *   sheet               from                       rows
 *   summary             report_load                part, about, what, value
 *   rules, rows read    report->rules, datasets    one a rule; one a table
 *   assumed             report->assumed            one a figure that no document gives
 *   findings            finding_row, one by one    failed, in conflict
 *   not assessed        the same list again        the others
 *   where things stand  report->stands             two a group: one a direction
 *   events              report->stands             one an event
 *   to ask for          ask_each                   one a fact
 *   measures, rejected  report_rows                one a row of their tables
 *   working             evidence, one by one       one a value
 *
 * A sheet is for filtering and adding up: one kind of row each, one value a cell, no merged cells,
 * no sums among the rows but where a column says so. Money goes through xlsx_pence as whole pence
 * and is shown in pounds; what is not known is an empty cell, which totals pass over. Cells follow
 * one another, so the order of calls is that of the columns of the table: they must stay in step.
 */
#include "report/xlsx_report.h"

#include <string.h>

#include "base/civil.h"
#include "report/html_parts.h"
#include "report/layout.h"

/* What the tables share. */
typedef struct Tables {
	Report report;
	Xlsx *xlsx;
	FindingList list;     /* of all findings */
	Arena scratch;        /* of one finding */
} Tables;

/* One sheet; it begins with xlsx_table and says for `contents` what it holds. */
typedef Status PutTable(Tables *tables);

/* The columns and their number, which then cannot differ. */
#define COLUMNS(column) (column), (int)(sizeof (column) / sizeof *(column))

/* ---- summary ---- */

/* The next row's first three cells; its value is the fourth. */
static void begin_line(Tables *tables, const char *part, Str about, const char *what)
{
	xlsx_text(tables->xlsx, str_of(part));
	xlsx_text(tables->xlsx, about);
	xlsx_text(tables->xlsx, str_of(what));
}

/* What the run did not have has no line: an empty value would look like one that was lost. */
static void text_line(Tables *tables, const char *part, Str about, const char *what, Str value)
{
	if (value.len == 0)
		return;
	begin_line(tables, part, about, what);
	xlsx_text(tables->xlsx, value);
	xlsx_row(tables->xlsx);
}

static void day_line(Tables *tables, const char *what, Str day)
{
	if (day.len == 0)
		return;
	begin_line(tables, "run", STR(""), what);
	xlsx_day(tables->xlsx, day);
	xlsx_row(tables->xlsx);
}

/* Numbers as numbers, though the column is of all kinds: who refers to the cell can reckon. */
static void number_line(Tables *tables, const char *part, const char *what, int64_t n)
{
	begin_line(tables, part, STR(""), what);
	xlsx_number(tables->xlsx, n);
	xlsx_row(tables->xlsx);
}

static void pence_line(Tables *tables, const char *what, int64_t pence)
{
	begin_line(tables, "money", STR(""), what);
	xlsx_pence(tables->xlsx, true, pence);
	xlsx_row(tables->xlsx);
}

/* The hashes are here so that a sheet which was sent around can be held against its case file. */
static void run_lines(Tables *tables)
{
	const Report *report = &tables->report;
	const ReadRun *run = &report->runs.at[0];
	text_line(tables, "run", STR(""), "run", run->run_id);
	text_line(tables, "run", STR(""), "program", run->program);
	text_line(tables, "run", STR(""), "data, SHA-256", run->data_sha256);
	day_line(tables, "first day", run->from);
	day_line(tables, "last day", run->to);
	day_line(tables, "by what was known on", run->known_on);
	text_line(tables, "run", STR(""), "provider alone", run->provider);
	for (size_t i = 0; i < report->runs.n; i++) {
		const ReadRun *one = &report->runs.at[i];
		text_line(tables, "contract", one->contract, "title", one->title);
		text_line(tables, "contract", one->contract, "council", one->council);
		text_line(tables, "contract", one->contract, "version", one->version);
		text_line(tables, "contract", one->contract, "rules, SHA-256", one->rulebook_sha256);
	}
}

/* Each visit's money once, in both directions; they are never set off against each other. */
static void money_lines(Tables *tables)
{
	const Report *report = &tables->report;
	pence_line(tables, "claimed beyond what the evidence supports", report->claim.over_pence);
	pence_line(tables, "owed to providers", report->claim.under_pence);
	number_line(tables, "money", "findings without a sum", report->claim.without_sum);
	number_line(tables, "money", "findings that hang on missing facts", report->ask.findings);
	number_line(tables, "money", "of them without a bound", report->ask.open);
	pence_line(tables, "at least at stake in the others", report_pence(report->ask.least));
	pence_line(tables, "at most at stake in the others", report_pence(report->ask.most));
}

/* A status and how many KPIs have it; the query names those that have none. */
static Status status_line(void *user, sqlite3_stmt *stmt)
{
	Tables *tables = user;
	begin_line(tables, "KPIs", STR(""), (const char *)sqlite3_column_text(stmt, 0));
	xlsx_number(tables->xlsx, sqlite3_column_int64(stmt, 1));
	xlsx_row(tables->xlsx);
	return STATUS_OK;
}

/* Four columns for all kinds of facts: a shape of its own for each would be a sheet for people to
 * look at, which the page is, and not one to look things up in by formula. */
static Status put_summary(Tables *tables)
{
	static const XlsxColumn column[] = {{"Part", 12}, {"About", 34}, {"What", 44}, {"Value", 70}};
	const Report *report = &tables->report;
	int64_t read = 0, rejected = 0;
	for (size_t i = 0; i < report->datasets.n; i++) {
		read += report->datasets.at[i].read;
		rejected += report->datasets.at[i].rejected;
	}
	xlsx_table(tables->xlsx, "summary", "What the run was, and what it came to", COLUMNS(column));
	run_lines(tables);
	number_line(tables, "rows", "read", read);
	number_line(tables, "rows", "rejected", rejected);
	number_line(tables, "findings", "failed", report->failed);
	number_line(tables, "findings", "conflict", report->conflict);
	number_line(tables, "findings", "not assessed", report->not_assessed);
	money_lines(tables);
	return report_rows(report, "SELECT coalesce(nullif(status, ''), 'without a status'), count(*)"
		" FROM measure_result WHERE run_id = ?1 AND kpi = 1 GROUP BY 1 ORDER BY 1", status_line,
		tables);
}

/* ---- rules, datasets, what is assumed ---- */

/* All verdicts, which add up to what was looked at less what lay outside; both directions of money
 * in columns of their own. The text comes last, as it is the longest by far. */
static void put_rule(Xlsx *xlsx, const ReadRule *rule)
{
	const Str text[] = {rule->contract, rule->rule, rule->version, rule->title, rule->clause,
		rule->severity};
	const int64_t number[] = {rule->seen, rule->outside, rule->passed, rule->failed,
		rule->not_assessed, rule->not_applicable, rule->conflict};
	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		xlsx_text(xlsx, text[i]);
	for (size_t i = 0; i < sizeof number / sizeof *number; i++)
		xlsx_number(xlsx, number[i]);
	xlsx_pence(xlsx, true, report_pence(rule->over));
	xlsx_pence(xlsx, true, report_pence(rule->under));
	xlsx_text(xlsx, rule->assumed ? STR("yes") : STR("no"));
	xlsx_text(xlsx, rule->path);
	xlsx_number(xlsx, rule->line);
	xlsx_text(xlsx, rule->text);
	xlsx_row(xlsx);
}

/* The whole text of each rule: a file that is sent on without the rules is still complete. */
static Status put_rules(Tables *tables)
{
	static const XlsxColumn column[] = {{"Contract", 18}, {"Rule", 10}, {"Version", 10},
		{"Title", 44}, {"Clause", 40}, {"Severity", 10}, {"Looked at", 10}, {"Outside", 10},
		{"Passed", 10}, {"Failed", 10}, {"Not assessed", 10}, {"Not applicable", 10},
		{"Conflict", 10}, {"For the council", 14}, {"For providers", 14},
		{"Rests on a reading", 10}, {"File", 30}, {"Line", 8}, {"Text", 80}};
	xlsx_table(tables->xlsx, "rules", "Each rule, what it found, and its text as it was applied; a"
		" visit that fails two rules counts in both", COLUMNS(column));
	for (size_t i = 0; i < tables->report.rules.n; i++)
		put_rule(tables->xlsx, &tables->report.rules.at[i]);
	return STATUS_OK;
}

/* Law 5 in a row, which anybody can check by a formula: read = the five columns behind it. Bad
 * values and links are of rows that stayed, so they are in none of these. */
static Status put_datasets(Tables *tables)
{
	static const XlsxColumn column[] = {{"Dataset", 18}, {"Table", 18}, {"Rows read", 12},
		{"Judged", 12}, {"Left out", 12}, {"Superseded", 12}, {"Not yet known", 12},
		{"Rejected", 12}, {"Bad values", 12}, {"Bad links", 12}};
	Xlsx *xlsx = tables->xlsx;
	xlsx_table(xlsx, "rows read", "Each table that was read: judged, left out, superseded, not yet"
		" known and rejected add up to what was read; bad values and links are of rows that stayed",
		COLUMNS(column));
	for (size_t i = 0; i < tables->report.datasets.n; i++) {
		const ReadDataset *row = &tables->report.datasets.at[i];
		const int64_t number[] = {row->read, row->judged, row->left_out, row->superseded,
			row->not_known, row->rejected, row->values_rejected, row->orphan_links};
		xlsx_text(xlsx, row->dataset);
		xlsx_text(xlsx, row->table);
		for (size_t k = 0; k < sizeof number / sizeof *number; k++)
			xlsx_number(xlsx, number[k]);
		xlsx_row(xlsx);
	}
	return STATUS_OK;
}

/* As on the page; a finding may rest on several. */
static Status put_assumed(Tables *tables)
{
	static const XlsxColumn column[] = {{"What is assumed", 100}, {"Findings", 12}};
	const ReadAssumptions *assumed = &tables->report.assumed;
	xlsx_table(tables->xlsx, "assumed", "What findings rest on that no document gives",
		COLUMNS(column));
	for (size_t i = 0; i < assumed->n; i++) {
		xlsx_text(tables->xlsx, assumed->at[i].what);
		xlsx_number(tables->xlsx, assumed->at[i].findings);
		xlsx_row(tables->xlsx);
	}
	return STATUS_OK;
}

/* ---- findings ---- */

/* What both sheets of findings begin with. */
#define FINDING_COLUMNS {"Finding", 28}, {"Contract", 18}, {"Rule", 10}, {"Version", 10}, \
	{"Title", 40}, {"Clause", 30}, {"Severity", 10}, {"About", 14}, {"Key", 18}, \
	{"Provider", 12}, {"Date", 12}

/* The whole id, not the short one: it is what other files and letters are looked up by, and a
 * lookup must not hang on how many findings the case file had that day. */
static void begin_finding(Xlsx *xlsx, const ReadFinding *finding)
{
	const Str text[] = {finding->id, finding->contract, finding->rule, finding->version,
		finding->title, finding->clause, finding->severity, finding->dataset, finding->key,
		finding->provider};
	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		xlsx_text(xlsx, text[i]);
	xlsx_day(xlsx, finding->on);
}

/* Where it stands, and what is asked for beyond what was settled; empty while nothing was said. */
static void put_state(Xlsx *xlsx, const EventState *state)
{
	xlsx_text(xlsx, str_of(event_text[state->status]));
	xlsx_pence(xlsx, state->events > 0, event_owed(state) -
		(state->settled.known ? state->settled.pence : 0));
}

/*
 * At stake is below zero where it is owed to the provider, so that one column can be added up by
 * sign; `in favour of` says it in words, for who filters. The exact sum is a text, n/d: a
 * spreadsheet would make a binary fraction of it (law 1).
 */
static void put_finding(Xlsx *xlsx, const ReadFinding *finding, const EventState *state)
{
	begin_finding(xlsx, finding);
	xlsx_text(xlsx, list_verdict(finding->verdict));
	put_state(xlsx, state);
	xlsx_text(xlsx, finding->message);
	xlsx_pence(xlsx, finding->has_stake, finding->pence);
	xlsx_text(xlsx, !finding->has_stake || finding->pence == 0 ? STR("")
		: finding->pence > 0 ? STR("the council") : STR("the provider"));
	xlsx_text(xlsx, finding->exact);
	xlsx_pence(xlsx, finding->has_least, finding->least_pence);
	xlsx_pence(xlsx, finding->has_most, finding->most_pence);
	xlsx_text(xlsx, finding->assumed);
	xlsx_text(xlsx, finding->missing);
	xlsx_row(xlsx);
}

/* No sum at stake here, only bounds: what was not assessed must not get into a total (law 4). */
static void put_open(Xlsx *xlsx, const ReadFinding *finding, const EventState *state)
{
	begin_finding(xlsx, finding);
	put_state(xlsx, state);
	xlsx_text(xlsx, finding->missing);
	xlsx_pence(xlsx, finding->has_least, finding->least_pence);
	xlsx_text(xlsx, finding->least_at);
	xlsx_pence(xlsx, finding->has_most, finding->most_pence);
	xlsx_text(xlsx, finding->most_at);
	xlsx_text(xlsx, finding->certain ? STR("yes") : STR("no"));
	xlsx_text(xlsx, finding->assumed);
	xlsx_row(xlsx);
}

/*
 * Those that are assessed, or those that are not, in the order of reports. The list is gone through
 * once for each sheet: to keep the findings of the other one would take memory by their number. It
 * ends early when the sheets of a table are full.
 */
static Status put_list(Tables *tables, bool assessed)
{
	Status status = STATUS_OK;
	for (size_t i = 0; i < tables->list.n && !xlsx_full(tables->xlsx) && status == STATUS_OK; i++) {
		ReadFinding finding;
		EventHistory said;
		status = list_go_on(tables->report.html.options);
		if (status == STATUS_OK)
			status = casereader_finding(tables->report.reader, tables->list.at[i], &finding);
		if (status != STATUS_OK || str_eq(finding.verdict, STR("not_assessed")) == assessed)
			continue;
		arena_reset(&tables->scratch);
		status = case_said(&tables->report.said, finding.id, &tables->scratch, &said);
		if (status == STATUS_OK && assessed)
			put_finding(tables->xlsx, &finding, &said.state);
		else if (status == STATUS_OK)
			put_open(tables->xlsx, &finding, &said.state);
	}
	return status;
}

/* In step with begin_finding and put_finding. */
static Status put_findings(Tables *tables)
{
	static const XlsxColumn column[] = {FINDING_COLUMNS, {"Verdict", 10}, {"Status", 12},
		{"Outstanding", 14}, {"Message", 70},
		{"At stake", 14}, {"In favour of", 14}, {"At stake, exact pounds", 16}, {"At least", 14},
		{"At most", 14}, {"Rests on", 50}, {"Missing", 30}};
	xlsx_table(tables->xlsx, "findings", "What failed, and what exceptions conflict on; below zero"
		" is owed to the provider; a sum may stand in several findings of one visit",
		COLUMNS(column));
	return put_list(tables, true);
}

/* In step with begin_finding and put_open. */
static Status put_not_assessed(Tables *tables)
{
	static const XlsxColumn column[] = {FINDING_COLUMNS, {"Status", 12}, {"Outstanding", 14},
		{"Missing", 40}, {"At least", 14},
		{"At least, when", 40}, {"At most", 14}, {"At most, when", 40}, {"Certain to fail", 10},
		{"Rests on", 50}};
	xlsx_table(tables->xlsx, "not assessed", "What could not be judged for lack of facts, with what"
		" it could come to; never counted as passed", COLUMNS(column));
	return put_list(tables, false);
}

/* ---- what was said ---- */

/* The event as it is stored, with its hash, by which the row can be held against the case file. A
 * size without a file is no 0. */
static void put_event(Xlsx *xlsx, const ReadFinding *f, const CaseEvent *e)
{
	xlsx_number(xlsx, e->number);
	const Str finding[] = {f->id, f->contract, f->rule, f->dataset, f->key, f->provider};
	for (size_t i = 0; i < sizeof finding / sizeof *finding; i++)
		xlsx_text(xlsx, finding[i]);
	xlsx_moment(xlsx, e->at);
	xlsx_text(xlsx, str_of(event_role[e->role]));
	xlsx_text(xlsx, e->by);
	xlsx_text(xlsx, str_of(event_text[e->status]));
	xlsx_pence(xlsx, e->has_amount, e->amount);
	const Str text[] = {e->because, e->cause, e->evidence_name, e->evidence_sha256};
	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		xlsx_text(xlsx, text[i]);
	if (e->evidence_name.len > 0)
		xlsx_number(xlsx, e->evidence_size);
	else
		xlsx_text(xlsx, STR(""));
	xlsx_text(xlsx, e->hash);
	xlsx_row(xlsx);
}

/* Of the run's findings, and of those that are gone since. */
static Status put_events(Tables *tables)
{
	static const XlsxColumn column[] = {{"Event", 8}, {"Finding", 28}, {"Contract", 18},
		{"Rule", 10}, {"About", 14}, {"Key", 18}, {"Provider", 12}, {"When, UTC", 20},
		{"Role", 10}, {"By", 24}, {"Status", 12}, {"Amount", 14}, {"Because", 70}, {"Cause", 18},
		{"Evidence", 28}, {"SHA-256 of it", 30}, {"Bytes", 12}, {"Hash of the event", 30}};
	const CaseStatus *s = &tables->report.stands;
	xlsx_table(tables->xlsx, "events", "What was said of findings, by finding, as it was said; below"
		" zero is owed to the provider", COLUMNS(column));
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->item[i].history.n; k++)
			put_event(tables->xlsx, &s->item[i].finding, &s->item[i].history.at[k]);
	return list_go_on(tables->report.html.options);
}

/* One direction a row, since the two are never set off. */
static void put_standing(Xlsx *xlsx, const char *by, const CaseGroup *group)
{
	static const char *const whose[DIRECTIONS] = {"the council", "the provider"};
	for (int d = 0; d < DIRECTIONS; d++) {
		xlsx_text(xlsx, str_of(by));
		xlsx_text(xlsx, group->contract);
		xlsx_text(xlsx, group->name.len > 0 ? group->name : STR("all"));
		xlsx_text(xlsx, str_of(whose[d]));
		for (int c = 0; c < CASE_COLUMNS; c++)
			xlsx_pence(xlsx, true, group->sums.pence[c][d]);
		xlsx_pence(xlsx, true, case_outstanding(&group->sums, d));
		xlsx_row(xlsx);
	}
}

/* Rows of one kind add up to the last two: who adds up a column filters by the first one. Before
 * anything was said there are no rows, rather than zeroes for each provider. */
static Status put_stands(Tables *tables)
{
	static const XlsxColumn column[] = {{"By", 10}, {"Contract", 18}, {"Provider or rule", 18},
		{"In favour of", 14}, {"Raised", 14}, {"Upheld", 14}, {"Agreed", 14}, {"Owed", 14},
		{"Settled", 14}, {"Outstanding", 14}};
	const CaseStatus *s = &tables->report.stands;
	xlsx_table(tables->xlsx, "where things stand", "Pounds raised, upheld, agreed and settled, by"
		" provider, by rule and in all: each visit's money once", COLUMNS(column));
	for (size_t i = 0; i < s->providers && s->n > 0; i++)
		put_standing(tables->xlsx, "provider", &s->provider[i]);
	for (size_t i = 0; i < s->rules && s->n > 0; i++)
		put_standing(tables->xlsx, "rule", &s->rule[i]);
	if (s->n > 0)
		put_standing(tables->xlsx, "all", &s->all);
	return STATUS_OK;
}

/* ---- what to ask for ---- */

/* The money is the most that hangs on the fact, in the same order as in `vouch findings --ask-for`:
 * what to write to a provider about first. */
static Status put_fact(void *user, const ReadAsk *ask)
{
	Tables *tables = user;
	Xlsx *xlsx = tables->xlsx;
	xlsx_text(xlsx, ask->provider);
	xlsx_text(xlsx, ask->dataset);
	xlsx_text(xlsx, ask->key);
	xlsx_text(xlsx, ask->field);
	xlsx_number(xlsx, ask->findings);
	xlsx_pence(xlsx, true, ask->pence);
	xlsx_number(xlsx, ask->open);
	xlsx_row(xlsx);
	return list_go_on(tables->report.html.options);
}

static Status put_ask(Tables *tables)
{
	static const XlsxColumn column[] = {{"Provider", 14}, {"About", 14}, {"Key", 20},
		{"Fact to ask for", 40}, {"Findings that lack it", 12}, {"Hangs on it", 14},
		{"Without a bound", 12}};
	FindingFilter filter = {.run = tables->report.run_id};
	xlsx_table(tables->xlsx, "to ask for", "Each missing fact, those on which most money hangs"
		" first; a finding that lacks two facts counts for both", COLUMNS(column));
	return ask_each(tables->report.reader, &filter, put_fact, tables);
}

/* ---- measures ---- */

/* In step with the columns of the query. */
enum { M_CONTRACT, M_MEASURE, M_TITLE, M_CLAUSE, M_KPI, M_SUBJECT, M_PERIOD, M_PROVIDER, M_VALUE,
	M_EXACT, M_UNIT, M_TARGET, M_FAILS, M_STATUS, M_REPORTED, M_REPORTED_STATUS, M_PREVIOUS,
	M_LEAST, M_MOST, M_ROWS, M_REASON, M_MISSING, M_ASSUMED };

static const char measures_sql[] = "SELECT contract, measure, title, clause, kpi, subject, period,"
	" provider, value, numerator || '/' || denominator, unit, target, fails, status, reported,"
	" reported_status, previous, least, most, \"rows\", reason, missing, assumed"
	" FROM measure_result WHERE run_id = ?1"
	" ORDER BY kpi DESC, contract, measure, written_in, provider, keys";

/*
 * Durations in hours, which a spreadsheet can add up. Two cells: the number and its unit. The
 * number is for reckoning and may be rounded by the format; the figure in words stands beside it,
 * as the report has it. M_UNIT is written here, so put_measure passes it over.
 */
static void put_figure(Xlsx *xlsx, Str exact, Str unit)
{
	static const Ratio hour = {HOUR_SECONDS, 1};
	bool money = str_eq(unit, STR("money")), hours = str_eq(unit, STR("a duration"));
	Ratio figure;
	if (!layout_ratio(exact, &figure) || (hours && !ratio_div(figure, hour, &figure)))
		xlsx_text(xlsx, STR(""));
	else
		xlsx_figure(xlsx, figure, money ? XLSX_POUNDS
			: str_eq(unit, STR("a percentage")) ? XLSX_PERCENT : XLSX_PLAIN);
	xlsx_text(xlsx, hours ? STR("hours") : money ? STR("pounds") : unit);
}

/* Cells are those of the query, but for the four that a spreadsheet should not have as text. */
static Status put_measure(void *user, sqlite3_stmt *stmt)
{
	Tables *tables = user;
	Xlsx *xlsx = tables->xlsx;
	for (int i = M_CONTRACT; i <= M_ASSUMED; i++) {
		Str cell = report_column(stmt, i);
		if (i == M_KPI)
			xlsx_text(xlsx, sqlite3_column_int(stmt, i) != 0 ? STR("KPI") : STR("measure"));
		else if (i == M_PERIOD)
			xlsx_day(xlsx, cell);
		else if (i == M_EXACT)
			put_figure(xlsx, cell, report_column(stmt, M_UNIT));
		else if (i == M_ROWS && cell.len > 0)
			xlsx_number(xlsx, sqlite3_column_int64(stmt, i));
		else if (i != M_UNIT)
			xlsx_text(xlsx, cell);
	}
	xlsx_row(xlsx);
	return list_go_on(tables->report.html.options);
}

static Status put_measures(Tables *tables)
{
	static const XlsxColumn column[] = {{"Contract", 18}, {"Measure", 24}, {"Title", 40},
		{"Clause", 30}, {"Kind", 10}, {"About", 36}, {"Period", 12}, {"Provider", 12},
		{"Figure", 16}, {"Figure as a number", 14}, {"Unit", 12}, {"Target", 20}, {"Fails", 20},
		{"Status", 16}, {"Reported", 14}, {"Reported is", 14}, {"Before", 14}, {"At least", 14},
		{"At most", 14}, {"Rows", 10}, {"Why not", 50}, {"Missing", 40}, {"Rests on", 50}};
	xlsx_table(tables->xlsx, "measures", "Figures of measures and KPIs; durations as a number are in"
		" hours", COLUMNS(column));
	return report_rows(&tables->report, measures_sql, put_measure, tables);
}

/* ---- what was rejected ---- */

/* As on the page, though without its limit: here is the list to send back to who made the data. */
static Status put_rejected_row(void *user, sqlite3_stmt *stmt)
{
	Tables *tables = user;
	for (int i = 0; i < 5; i++)
		xlsx_text(tables->xlsx, report_column(stmt, i));
	xlsx_text(tables->xlsx, sqlite3_column_int(stmt, 5) != 0 ? STR("the row was left out")
		: STR("the value counts as unknown"));
	xlsx_row(tables->xlsx);
	return list_go_on(tables->report.html.options);
}

static Status put_rejected(Tables *tables)
{
	static const XlsxColumn column[] = {{"Dataset", 16}, {"Row", 20}, {"Column", 20}, {"Value", 40},
		{"Reason", 60}, {"What became of it", 28}};
	xlsx_table(tables->xlsx, "rejected", "Rows and values that could not be used, and why",
		COLUMNS(column));
	return report_rows(&tables->report, "SELECT dataset, source_key, \"column\", value, reason,"
		" whole_row FROM rejected WHERE run_id = ?1 ORDER BY whole_row DESC, dataset, source_key,"
		" \"column\", value, reason", put_rejected_row, tables);
}

/* Line: counted within the finding, so that the order can be had again after sorting by another
 * column. */
/* ---- the working ---- */

static void put_evidence(Xlsx *xlsx, const ReadFinding *finding, const ReadEvidence *line, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const Str text[] = {line[i].name, line[i].value, line[i].table, line[i].key,
			line[i].column, line[i].note};
		xlsx_text(xlsx, finding->id);
		xlsx_text(xlsx, finding->contract);
		xlsx_text(xlsx, finding->rule);
		xlsx_text(xlsx, finding->key);
		xlsx_number(xlsx, (int64_t)i + 1);
		for (size_t k = 0; k < sizeof text / sizeof *text; k++)
			xlsx_text(xlsx, text[k]);
		xlsx_row(xlsx);
	}
}

/* By far the longest table, and so the last: the others are found without passing it. Where
 * it is cut, `contents` says so, and the case file has the rest. */
static Status put_working(Tables *tables)
{
	static const XlsxColumn column[] = {{"Finding", 28}, {"Contract", 18}, {"Rule", 10},
		{"About", 18}, {"Line", 6}, {"Name", 40}, {"Value", 24}, {"Table", 14}, {"Row", 18},
		{"Column", 18}, {"Note", 50}};
	CaseReader *reader = tables->report.reader;
	Status status = STATUS_OK;
	xlsx_table(tables->xlsx, "working", "Every value on the way to every finding, and where it stands"
		" in the database", COLUMNS(column));
	for (size_t i = 0; i < tables->list.n && !xlsx_full(tables->xlsx) && status == STATUS_OK; i++) {
		ReadFinding finding;
		ReadEvidence *line;
		size_t n;
		arena_reset(&tables->scratch);
		status = list_go_on(tables->report.html.options);
		if (status == STATUS_OK)
			status = casereader_finding(reader, tables->list.at[i], &finding);
		if (status == STATUS_OK)
			status = casereader_evidence(reader, &finding, &tables->scratch, &line, &n);
		if (status == STATUS_OK)
			put_evidence(tables->xlsx, &finding, line, n);
	}
	return status;
}

/* ---- the file ---- */

/* The order of the sheets: what it comes to, what it was found by, what to ask for. */
static PutTable *const table[] = {put_summary, put_rules, put_datasets, put_assumed, put_findings,
	put_not_assessed, put_stands, put_events, put_ask, put_measures, put_rejected, put_working};

static Status put_tables(Tables *tables)
{
	FindingFilter all = {.run = tables->report.run_id};
	Status status = report_load(&tables->report);
	if (status == STATUS_OK)
		status = casereader_select(tables->report.reader, &all, &tables->list);
	for (size_t i = 0; i < sizeof table / sizeof *table && status == STATUS_OK; i++)
		status = table[i](tables);
	return status;
}

/*
 * xlsx_close is called whatever happened, as only that frees the workbook; after a failure it
 * writes no file. The pages' Report is used for what it reads, its html for its options alone.
 */
Status xlsx_report(CaseReader *reader, Str run_id, const char *path, const ListOptions *options,
	const char **why)
{
	const XlsxOptions how = {.title = "Audit of home care"};
	Tables tables = {.report = {.reader = reader, .run_id = run_id, .html = {.options = options}},
		.xlsx = xlsx_new(path, &how)};
	if (tables.xlsx == NULL) {
		*why = "the spreadsheet cannot be begun";
		return STATUS_WORLD;
	}
	Status status = xlsx_close(tables.xlsx, put_tables(&tables), why);
	vec_free(&tables.list);
	arena_free(&tables.scratch);
	report_free(&tables.report);
	return status;
}
