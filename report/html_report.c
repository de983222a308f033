/*
 *   header │ contents │ main: a section for each part │ footer │ script
 *
 * A part without anything to say says that, rather than be left out: a reader who looks for what
 * was rejected must be able to tell "nothing" from "not told".
 *
 *   report_load ──> what several parts need, in the reader's arena
 *   put_parts   ──> each part reads the rest for itself, row by row, and writes as it reads
 *
 * All sections have an id and a heading of level 2, so that the contents, a screen reader's list of
 * headings and links from a letter ("#ask") lead to the same places.
 */
#include "report/html_report.h"

#include "report/html_parts.h"
#include "report/layout.h"

/* In the order of the page: from what it comes to, over what to do, to how it was made. Ids stand
 * in links that people have kept, so they do not change; a title may. */
static const struct {
	const char *id, *title;
	ReportPart *write;
} part[] = {
	{"summary", "Summary", report_summary},
	{"stands", "Where things stand", report_stands},
	{"charts", "Charts", report_charts},
	{"findings", "Findings", report_findings},
	{"measures", "Measures and KPIs", report_measures},
	{"banks", "Banks", report_banks},
	{"ask", "Not assessed: what to ask for", report_ask},
	{"rejected", "Rows and values that were rejected", report_rejected},
	{"rules", "The rules as they were applied", report_rules},
	{"method", "Method: how to do it again", report_method},
};

enum { PARTS = sizeof part / sizeof *part };

/* ---- shared by the parts ---- */

/* Of a file in which nothing was said of anything there is nothing to read: what would be counted
 * is counted by the summary already. The filter has the provider, so a pack never holds what was
 * said of another one's findings. */
static Status load_stands(Report *report)
{
	const FindingFilter filter = {.run = report->run_id, .provider = report->provider};
	return !case_has_history(report->reader) ? STATUS_OK
		: case_status_read(report->reader, &filter, report->html.options, &report->stands);
}

void report_free(Report *report)
{
	case_said_end(&report->said);
	arena_free(&report->scratch);
	html_free(&report->html);
}

/*
 * The order is that of need: totals want the rules, sums want the run. Findings are counted from
 * the totals of rules, not one by one, so that a run of a million of them is begun as fast as any.
 */
Status report_load(Report *report)
{
	CaseReader *reader = report->reader;
	report->arena = casereader_arena(reader);
	Status status = casereader_contracts(reader, report->run_id, &report->runs);
	if (status == STATUS_OK)
		status = casereader_rules(reader, report->run_id, &report->rules);
	if (status == STATUS_OK)
		status = casereader_datasets(reader, report->run_id, &report->datasets);
	if (status == STATUS_OK)
		status = casereader_claim(reader, report->run_id, &report->claim);
	if (status == STATUS_OK)
		status = casereader_totals(reader, report->run_id, &report->rules, &report->assumed);
	if (status == STATUS_OK)
		status = ask_totals(reader, report->run_id, &report->ask);
	if (status == STATUS_OK)
		status = case_said_begin(&report->said, reader, report->run_id);
	if (status == STATUS_OK)
		status = load_stands(report);
	for (size_t i = 0; i < report->rules.n && status == STATUS_OK; i++) {
		report->failed += report->rules.at[i].failed;
		report->not_assessed += report->rules.at[i].not_assessed;
		report->conflict += report->rules.at[i].conflict;
	}
	return status;
}

/* A text of SQLite's, which ends with the next step: who keeps it copies it. NULL is "", as no part
 * tells the two apart; where that matters the query has it in a column of its own. */
Str report_column(sqlite3_stmt *stmt, int column)
{
	const char *at = (const char *)sqlite3_column_text(stmt, column);
	return at == NULL ? STR("") : (Str){at, (size_t)sqlite3_column_bytes(stmt, column)};
}

/* Whatever stops it, the callback or the database, the statement is finalised. A page that is begun
 * cannot be taken back, so an error in the midst of it is the Status, and the caller drops the
 * file. */
Status report_rows(const Report *report, const char *sql, ReportRow *row, void *user)
{
	sqlite3_stmt *stmt = NULL;
	Status status = STATUS_OK;
	int rc = sqlite3_prepare_v2(casereader_database(report->reader), sql, -1, &stmt, NULL);
	if (rc != SQLITE_OK)
		return casereader_unreadable(report->reader);
	sqlite3_bind_text(stmt, 1, report->run_id.ptr, (int)report->run_id.len, SQLITE_STATIC);
	while (status == STATUS_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		status = row(user, stmt);
	if (status == STATUS_OK && rc != SQLITE_DONE)
		status = casereader_unreadable(report->reader);
	sqlite3_finalize(stmt);
	return status;
}

/* Whether an amendment wrote the rule anew, so that its name alone does not tell which text. */
static bool has_texts(const Report *report, const ReadRule *rule)
{
	int texts = 0;
	for (size_t i = 0; i < report->rules.n; i++)
		texts += str_eq(report->rules.at[i].rule, rule->rule)
			&& str_eq(report->rules.at[i].contract, rule->contract);
	return texts > 1;
}

void report_rule_name(Report *report, const ReadRule *rule)
{
	if (report->runs.n > 1) {
		html_text(&report->html, rule->contract);
		html_put(&report->html, " ");
	}
	html_text(&report->html, rule->rule);
	if (has_texts(report, rule)) {
		html_put(&report->html, " (");
		html_text(&report->html, rule->version);
		html_put(&report->html, ")");
	}
}

/* Contract, rule and version: any two of them may be those of another text. The heading of the rule
 * in html_rest.c is made of the same three. */
void report_rule_link(Report *report, const ReadRule *rule)
{
	Html *html = &report->html;
	html_put(html, "<a href=\"#rule-");
	html_id(html, rule->contract);
	html_put(html, "-");
	html_id(html, rule->rule);
	html_put(html, "-");
	html_id(html, rule->version);
	html_put(html, "\">");
	report_rule_name(report, rule);
	html_put(html, "</a>");
}

/*
 * Whole pence of exact pounds, halves away from zero: the one place where the pages round
 * sums (law 3).
 * What does not fit an int64_t is shown as the largest that does, in the right direction: a sum of
 * 92,000 million million pounds is a mistake in the data, but it must not become a small one.
 */
int64_t report_pence(Ratio pounds)
{
	Ratio pence;
	if (!ratio_mul(pounds, (Ratio){100, 1}, &pence)
			|| !ratio_round(pence, (Ratio){1, 1}, ROUND_HALF_AWAY, &pence) || !fits64(pence.n))
		return pounds.n < 0 ? INT64_MIN : INT64_MAX;
	return (int64_t)pence.n;
}

/* ---- the page ---- */

/* "Hampshire County Council, 28 April 2025 to 26 April 2026": what the page is about. */
static Str subtitle(const Report *report)
{
	Buf line = {0};
	const ReadRun *run = &report->runs.at[0];
	for (size_t i = 0; i < report->runs.n; i++) {
		bool told = false;
		for (size_t k = 0; k < i; k++)
			told = told || str_eq(report->runs.at[k].council, report->runs.at[i].council);
		if (!told)
			buf_printf(&line, "%.*s, ", STR_ARG(report->runs.at[i].council));
	}
	layout_day(&line, run->from);
	buf_puts(&line, " to ");
	layout_day(&line, run->to);
	if (run->provider.len > 0)
		buf_printf(&line, ", provider %.*s alone", STR_ARG(run->provider));
	return buf_keep(&line, report->arena);
}

/* Links to the sections, in their order. */
static void put_contents(Html *html)
{
	html_put(html, "<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n<ol>\n");
	for (int i = 0; i < PARTS; i++)
		html_printf(html, "<li><a href=\"#%s\">%s</a></li>\n", part[i].id, part[i].title);
	html_put(html, "</ol>\n</nav>\n");
}

/* Written out after each part, so that no two parts are in memory at once. */
static Status put_parts(Report *report)
{
	Html *html = &report->html;
	Status status = STATUS_OK;
	html_put(html, "<main id=\"main\" tabindex=\"-1\">\n");
	for (int i = 0; i < PARTS && status == STATUS_OK; i++) {
		html_printf(html, "<section id=\"%s\" aria-labelledby=\"h-%s\">\n<h2 id=\"h-%s\">%s</h2>\n",
			part[i].id, part[i].id, part[i].id, part[i].title);
		status = part[i].write(report);
		html_put(html, "</section>\n");
		if (status == STATUS_OK)
			status = html_relieve(html);
	}
	html_put(html, "</main>\n");
	return status;
}

/*
 * Everything that can fail before the first byte is looked at first, so that a misspelt run or a
 * file that cannot be read leaves no page at all rather than the head of one.
 */
Status html_report(CaseReader *reader, Str run_id, const HtmlOptions *how,
	const ListOptions *options)
{
	Report report = {.reader = reader, .how = how, .run_id = run_id, .html = {.options = options}};
	Html *html = &report.html;
	Status status = report_load(&report);
	if (status == STATUS_OK) {
		html_begin(html, STR("Audit of home care"), subtitle(&report));
		put_contents(html);
		status = put_parts(&report);
	}
	if (status == STATUS_OK) {
		html_put(html, "<footer><p>Run ");
		html_text(html, run_id);
		html_put(html, ", made by ");
		html_text(html, report.runs.at[0].program);
		html_put(html, ". Everything on this page is in this one file; nothing is fetched.</p>"
			"</footer>\n");
		html_end(html, true);
		status = html_flush(html);
	}
	report_free(&report);
	return status;
}
