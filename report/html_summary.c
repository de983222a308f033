/*
 * The summary of the page: what was read, what the rules found, the money in both directions, and
 * what all of it rests on. The same figures as `vouch audit` prints, from the same tables.
 *
 *   figures    over, under, failed, not assessed, …    claim once over all rules (law 14)
 *   money      what hangs on missing facts             between least and most
 *   tables     contracts, rows, severities, rules      each adds up within itself
 *   assumed    what no document gives                  law 11
 *   KPIs       one line, as on the terminal
 *
 * Nothing is reckoned here but sums of what the case file has: whoever sums up its tables finds the
 * same figures.
 */
#include "report/html_parts.h"

#include "report/kpis.h"
#include "report/layout.h"

/* Rows of all tables together. Each class is added by itself, so the law of each table, that they
 * make up what was read, is that of the sum too. */
static ReadDataset all_rows(const ReadDatasets *datasets)
{
	ReadDataset all = {.dataset = STR("all")};
	for (size_t i = 0; i < datasets->n; i++) {
		const ReadDataset *row = &datasets->at[i];
		all.read += row->read;
		all.judged += row->judged;
		all.rejected += row->rejected;
		all.superseded += row->superseded;
		all.not_known += row->not_known;
		all.left_out += row->left_out;
		all.values_rejected += row->values_rejected;
		all.orphan_links += row->orphan_links;
	}
	return all;
}

/* ---- the figures on top ---- */

/* One box: the figure large, what it is below it, read in that order. */
static void put_figure(Html *html, const char *what, bool money, int64_t n)
{
	html_put(html, "<li><b>");
	if (money)
		html_pence(html, n);
	else
		html_number(html, n);
	html_printf(html, "</b> %s</li>\n", what);
}

/*
 *   £4,717.03                  £0.00              582              119
 *   claimed beyond what …      owed to providers  findings failed  not assessed
 *
 * Zeroes stay: that nothing is owed to providers is an answer.
 */
static void put_figures(Report *report)
{
	Html *html = &report->html;
	ReadDataset all = all_rows(&report->datasets);
	html_put(html, "<ul class=\"figures\">\n");
	put_figure(html, "claimed beyond what the evidence supports", true, report->claim.over_pence);
	put_figure(html, "owed to providers", true, report->claim.under_pence);
	put_figure(html, report->failed == 1 ? "finding failed" : "findings failed", false,
		report->failed);
	put_figure(html, "not assessed, for lack of facts", false, report->not_assessed);
	put_figure(html, report->conflict == 1 ? "conflict of exceptions" : "conflicts of exceptions",
		false, report->conflict);
	put_figure(html, all.read == 1 ? "row read" : "rows read", false, all.read);
	put_figure(html, all.rejected == 1 ? "row rejected" : "rows rejected", false, all.rejected);
	html_put(html, "</ul>\n");
}

/* Law 14: adding the rules up would count some visits twice. */
static void put_money(Report *report)
{
	Html *html = &report->html;
	html_put(html, "<p>Each visit's money is counted once, although several rules may speak of it:"
		" the sums by rule below add up to more where they do.");
	if (report->claim.without_sum > 0) {
		html_put(html, " ");
		layout_plural(&html->buf, report->claim.without_sum, "finding has no sum.",
			"findings have no sum.");
	}
	html_put(html, "</p>\n");
	if (report->ask.findings == 0)
		return;
	html_put(html, "<p>");
	layout_plural(&html->buf, report->ask.findings, "finding that is", "findings that are");
	html_put(html, " not assessed ");
	html_put(html, report->ask.findings == 1 ? "hangs" : "hang");
	html_put(html, " on missing facts: ");
	if (report->ask.open < report->ask.findings) {
		html_put(html, "between ");
		html_pence(html, report_pence(report->ask.least));
		html_put(html, " and ");
		html_pence(html, report_pence(report->ask.most));
		html_put(html, " is at stake in them");
	}
	if (report->ask.open > 0) {
		html_put(html, report->ask.open < report->ask.findings ? "; " : "");
		html_number(html, report->ask.open);
		html_put(html, " of them have no bound");
	}
	html_put(html, ". <a href=\"#ask\">What to ask for</a> lists the facts.</p>\n");
}

/* ---- tables ---- */

/* Several versions stand in one line when an amendment fell into the run. */
static void put_contracts(Report *report)
{
	static const HtmlColumn column[] = {{"Contract", false}, {"Version", false},
		{"Title", false}, {"Council", false}};
	Html *html = &report->html;
	html_table(html, STR("Contracts that were applied"), column, 4, true);
	for (size_t i = 0; i < report->runs.n; i++) {
		const ReadRun *run = &report->runs.at[i];
		html_cell(html, run->contract);
		html_cell(html, run->version);
		html_cell(html, run->title);
		html_cell(html, run->council);
	}
	html_table_end(html);
}

/* The last but the first three add up to what was read. */
static void put_dataset(Html *html, const ReadDataset *row)
{
	html_cell(html, row->dataset);
	html_cell(html, row->table);
	const int64_t number[] = {row->read, row->judged, row->left_out, row->superseded,
		row->not_known, row->rejected, row->values_rejected, row->orphan_links};
	for (size_t i = 0; i < sizeof number / sizeof *number; i++)
		html_cell_number(html, number[i]);
}

/* Read = judged + left out + superseded + not yet known + rejected (law 5). A single table needs no
 * sum below it. */
static void put_datasets(Report *report)
{
	static const HtmlColumn column[] = {{"Dataset", false}, {"Table", false}, {"Read", true},
		{"Judged", true}, {"Left out", true}, {"Superseded", true}, {"Not yet known", true},
		{"Rejected", true}, {"Bad values", true}, {"Bad links", true}};
	Html *html = &report->html;
	ReadDataset all = all_rows(&report->datasets);
	html_table(html, STR("What was read, in rows; bad values and links are of rows that stayed"),
		column, 10, false);
	for (size_t i = 0; i < report->datasets.n; i++)
		put_dataset(html, &report->datasets.at[i]);
	if (report->datasets.n > 1)
		put_dataset(html, &all);
	html_table_end(html);
}

/* The heaviest first; a severity of another vocabulary would be counted with none of these. */
static void put_severities(Report *report)
{
	static const char *const severity[] = {"critical", "major", "minor"};
	static const HtmlColumn column[] = {{"Severity", false}, {"Failed", true},
		{"Not assessed", true}, {"Conflict", true}};
	Html *html = &report->html;
	html_table(html, STR("Findings by severity"), column, 4, false);
	for (int s = 0; s < 3; s++) {
		int64_t failed = 0, open = 0, conflict = 0;
		for (size_t i = 0; i < report->rules.n; i++) {
			const ReadRule *rule = &report->rules.at[i];
			if (!str_eq(rule->severity, str_of(severity[s])))
				continue;
			failed += rule->failed;
			open += rule->not_assessed;
			conflict += rule->conflict;
		}
		html_cell(html, str_of(severity[s]));
		html_cell_number(html, failed);
		html_cell_number(html, open);
		html_cell_number(html, conflict);
	}
	html_table_end(html);
}

/* All verdicts, also those that are 0: they add up to what the rule looked at. Both directions of
 * money have a column of their own and are never set off. */
static void put_rule(Report *report, const ReadRule *rule)
{
	Html *html = &report->html;
	html_open_cell(html);
	report_rule_link(report, rule);
	html_close_cell(html);
	html_cell(html, rule->title);
	html_cell(html, rule->severity);
	const int64_t number[] = {rule->passed, rule->failed, rule->not_assessed,
		rule->not_applicable, rule->conflict};
	for (int i = 0; i < 5; i++)
		html_cell_number(html, number[i]);
	html_cell_pence(html, report_pence(rule->over));
	html_cell_pence(html, report_pence(rule->under));
}

/* All rules, those that found nothing too: what was looked for is part of the answer. */
static void put_rules(Report *report)
{
	static const HtmlColumn column[] = {{"Rule", false}, {"Title", false}, {"Severity", false},
		{"Passed", true}, {"Failed", true}, {"Not assessed", true}, {"Not applicable", true},
		{"Conflict", true}, {"For the council", true}, {"For providers", true}};
	Html *html = &report->html;
	html_table(html, STR("Findings by rule, with what is at stake in them; a visit that fails two"
		" rules counts in both"), column, 10, false);
	for (size_t i = 0; i < report->rules.n; i++)
		put_rule(report, &report->rules.at[i]);
	html_table_end(html);
}

/* Law 11, with the figure that most findings rest on first. A finding that rests on two of them
 * counts at both, so the lines may add up to more than the sentence says. */
static void put_assumed(Report *report)
{
	static const HtmlColumn column[] = {{"What is assumed", false}, {"Findings", true}};
	Html *html = &report->html;
	if (report->assumed.n == 0) {
		html_put(html, "<p>No finding rests on a figure that no document gives.</p>\n");
		return;
	}
	html_put(html, "<p>");
	layout_plural(&html->buf, report->assumed.findings, "finding rests", "findings rest");
	html_put(html, " on figures or readings that no document gives. Who disputes one of these"
		" disputes all findings beside it.</p>\n");
	html_table(html, STR("What findings rest on that no document gives"), column, 2, true);
	for (size_t i = 0; i < report->assumed.n; i++) {
		html_cell(html, report->assumed.at[i].what);
		html_cell_number(html, report->assumed.at[i].findings);
	}
	html_table_end(html);
}

/* "KPIs: 12 met, 3 to watch …", as the terminal has it, without the command in brackets at its end:
 * on the page the figures are a section further down. */
static Status put_kpis(Report *report)
{
	Buf line = {0};
	Status status = kpis_summary(report->reader, report->run_id, &line);
	Str text = line.n > 0 ? str_trim(buf_view(&line)) : STR("");
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '(' && i + 1 < text.len && text.ptr[i + 1] == '`')
			text.len = i;
	html_paragraph(&report->html, str_trim(text));
	buf_free(&line);
	return status;
}

/* From what matters most to what it rests on. */
Status report_summary(Report *report)
{
	Html *html = &report->html;
	put_figures(report);
	put_money(report);
	put_contracts(report);
	put_datasets(report);
	put_severities(report);
	put_rules(report);
	html_put(html, "<h3>What rests on assumed figures</h3>\n");
	put_assumed(report);
	return put_kpis(report);
}
