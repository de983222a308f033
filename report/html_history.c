/*
 * What was said of findings, on pages: of each finding where it stands and a list of who said what;
 * of all of them what it comes to.
 *
 *   [part upheld]  £13.00 raised, £10.00 upheld, £10.00 outstanding
 *   1. 1 July 2026, 09:30 UTC, auditor (Audit, team 2): raised, £13.00
 *      see the working
 *   2. 3 July 2026, 11:02 UTC, provider: answered
 *      the carer forgot to log out
 *      Evidence: rota.pdf, 9,120 bytes, SHA-256 5891b5b5…
 *
 * Where something is owed to the provider that is said in words: nobody has to know what a sign
 * means.
 *
 *   EventHistory of one finding ──> report_badge, report_said, report_events
 *   CaseStatus of all           ──> put_groups by provider and by rule ──> counts, then pounds in
 *                                   each direction; notes; what is gone since
 *
 * Sums of one finding are its own; those of tables count each visit's money once (law 14), so that
 * adding up the findings of a page may give more than its tables.
 */
#include "report/html_parts.h"

#include <string.h>

#include "report/layout.h"

/* ---- one finding ---- */

/* A word in a box, beside verdict and severity. Of a finding of which nothing was said there is
 * none: "not raised" on all of a thousand findings would only be noise. */
void report_badge(Report *report, const EventHistory *said)
{
	if (said->n > 0)
		html_printf(&report->html, "<span class=\"tag stands %s\">%s</span> ",
			event_word[said->state.status], event_text[said->state.status]);
}

/* "£13.00", "£3.00 for the provider" */
static void put_amount(Html *html, int64_t pence)
{
	html_pence(html, pence < 0 ? -pence : pence);
	html_put(html, pence < 0 ? " for the provider" : "");
}

/* The file's name is whatever somebody called it; its hash is what counts. */
static void put_file(Html *html, const CaseEvent *event)
{
	html_put(html, "<p class=\"file\">Evidence: ");
	html_text(html, event->evidence_name);
	html_put(html, ", ");
	layout_plural(&html->buf, event->evidence_size, "byte", "bytes");
	html_put(html, ", SHA-256 <code>");
	html_text(html, event->evidence_sha256);
	html_put(html, "</code></p>");
}

/* One line for who and when and what, one for why; the rest where there is any. The time is in the
 * markup as a machine reads it too. */
static void put_event(Html *html, const CaseEvent *event)
{
	Buf when = {0};
	case_history_when(&when, event->at);
	html_put(html, "<li><p><time datetime=\"");
	html_text(html, event->at);
	html_put(html, "\">");
	html_text(html, buf_view(&when));
	html_printf(html, "</time>, %s", event_role[event->role]);
	if (event->by.len > 0) {
		html_put(html, " (");
		html_text(html, event->by);
		html_put(html, ")");
	}
	html_printf(html, ": <b>%s</b>", event_text[event->status]);
	if (event->has_amount) {
		html_put(html, ", ");
		put_amount(html, event->amount);
	}
	html_put(html, "</p>");
	html_paragraph(html, event->because);
	if (event->cause.len > 0) {
		html_put(html, "<p>Cause: ");
		html_text(html, event->cause);
		html_put(html, "</p>");
	}
	if (event->evidence_name.len > 0)
		put_file(html, event);
	html_put(html, "</li>\n");
	buf_free(&when);
}

void report_events(Report *report, const EventHistory *said)
{
	html_put(&report->html, "<ol class=\"events\">\n");
	for (size_t i = 0; i < said->n; i++)
		put_event(&report->html, &said->at[i]);
	html_put(&report->html, "</ol>");
}

/*
 * On a page for all the list is folded: of a thousand findings that were raised with one sentence,
 * that sentence would be most of the page. What it comes to is always seen. `of`: the finding's
 * short id, for who hears the summaries one after the other (WCAG 2.4.6).
 */
void report_said(Report *report, const EventHistory *said, bool folded, Str of)
{
	Html *html = &report->html;
	Buf state = {0};
	if (said->n == 0)
		return;
	case_history_state(&state, &said->state);
	html_put(html, "<div class=\"talk\"><p><b>Stands:</b> ");
	html_text(html, buf_view(&state));
	html_put(html, "</p>\n");
	html_put(html, folded ? "<details><summary>What was said" : "<p><b>What was said of it");
	if (folded) {
		html_put(html, "<span class=\"hide\"> of finding ");
		html_text(html, of);
		html_printf(html, "</span> (%zu)</summary>\n", said->n);
	} else {
		html_put(html, "</b></p>\n");
	}
	report_events(report, said);
	html_put(html, folded ? "</details></div>\n" : "</div>\n");
	buf_free(&state);
}

/* ---- all of them ---- */

enum { COLUMNS_MOST = EVENT_STATUS_COUNT + 3 };

/* Groups of which nothing is found, nor gone since, have no line. */
static bool is_there(const CaseGroup *group)
{
	return group->findings > 0 || group->gone > 0;
}

/* Rules by name and title; of several contracts, with the contract. */
static void put_name(Report *report, const CaseGroup *group)
{
	Html *html = &report->html;
	html_open_cell(html);
	if (group->contract.len > 0 && report->runs.n > 1) {
		html_text(html, group->contract);
		html_put(html, " ");
	}
	html_text(html, group->name.len > 0 ? group->name : STR("none is known"));
	if (group->title.len > 0) {
		html_put(html, ": ");
		html_text(html, group->title);
	}
	html_close_cell(html);
}

/* As titles of columns have it: "Part upheld". */
static const char *title_of(Report *report, const char *word)
{
	char *title = arena_copy(&report->scratch, word, strlen(word) + 1);
	title[0] = (char)(title[0] >= 'a' && title[0] <= 'z' ? title[0] - 'a' + 'A' : title[0]);
	return title;
}

/* In step with the columns of put_counts. */
static void put_count_row(Html *html, const CaseStatus *s, const CaseGroup *group)
{
	html_cell_number(html, group->findings);
	for (int i = 0; i < EVENT_STATUS_COUNT; i++)
		if (s->all.at[i] != 0)
			html_cell_number(html, group->at[i]);
	if (s->all.gone > 0)
		html_cell_number(html, group->gone);
}

/*
 * A column for each status in which some finding is; they add up to the findings and those gone.
 * Which columns there are hangs on the whole case alone, so both tables have the same ones.
 */
static void put_counts(Report *report, const char *by, const CaseGroup *group, size_t n)
{
	const CaseStatus *s = &report->stands;
	Html *html = &report->html;
	HtmlColumn column[COLUMNS_MOST] = {{title_of(report, by), false},
		{"Findings", true}};
	int columns = 2;
	for (int i = 0; i < EVENT_STATUS_COUNT; i++)
		if (s->all.at[i] != 0)
			column[columns++] = (HtmlColumn){title_of(report, event_text[i]), true};
	if (s->all.gone > 0)
		column[columns++] = (HtmlColumn){"Gone since", true};
	html_table(html, str_format(&report->scratch, "Where findings stand, by %s", by), column,
		columns, false);
	for (size_t i = 0; i < n; i++) {
		if (!is_there(&group[i]))
			continue;
		put_name(report, &group[i]);
		put_count_row(html, s, &group[i]);
	}
	html_cell(html, STR("In all"));
	put_count_row(html, s, &s->all);
	html_table_end(html);
}

/* Most cases have one direction only; the other gets no table of zeroes. */
static bool has_sums(const CaseSums *sums, int direction)
{
	for (int c = 0; c < CASE_COLUMNS; c++)
		if (sums->pence[c][direction] != 0)
			return true;
	return false;
}

/* What is owed is left out: settled and outstanding make it. */
static void put_sum_row(Html *html, const CaseSums *sums, int direction)
{
	static const CaseColumn shown[] = {CASE_RAISED, CASE_UPHELD, CASE_AGREED, CASE_SETTLED};
	for (int c = 0; c < 4; c++)
		html_cell_pence(html, sums->pence[shown[c]][direction]);
	html_cell_pence(html, case_outstanding(sums, direction));
}

/* One direction; the other has a table of its own, as the two are never set off. */
static void put_sums(Report *report, const char *by, const CaseGroup *group, size_t n,
	int direction)
{
	const HtmlColumn column[] = {{title_of(report, by), false}, {"Raised", true}, {"Upheld", true},
		{"Agreed", true}, {"Settled", true}, {"Outstanding", true}};
	const CaseStatus *s = &report->stands;
	Html *html = &report->html;
	if (!has_sums(&s->all.sums, direction))
		return;
	html_table(html, str_format(&report->scratch, "%s, by %s", direction == FOR_COUNCIL
		? "Pounds for the council" : "Pounds for providers", by), column, 6, true);
	for (size_t i = 0; i < n; i++) {
		if (!has_sums(&group[i].sums, direction))
			continue;
		put_name(report, &group[i]);
		put_sum_row(html, &group[i].sums, direction);
	}
	html_cell(html, STR("In all"));
	put_sum_row(html, &s->all.sums, direction);
	html_table_end(html);
}

/* Findings first, then money: how much of a case is done is told by the first. */
static void put_groups(Report *report, const char *by, const CaseGroup *group, size_t n)
{
	put_counts(report, by, group, n);
	put_sums(report, by, group, n, FOR_COUNCIL);
	put_sums(report, by, group, n, FOR_PROVIDER);
}

/* How the sums are reckoned, and what is in none of them. */
static void put_notes(Report *report)
{
	const CaseStatus *s = &report->stands;
	Html *html = &report->html;
	if (has_sums(&s->all.sums, FOR_COUNCIL) || has_sums(&s->all.sums, FOR_PROVIDER))
		html_put(html, "<p>Each visit's money counts once, the largest of what is said of it;"
			" outstanding is what was agreed, else upheld, less what was settled.</p>\n");
	if (s->all.without_sum > 0) {
		html_put(html, "<p>");
		layout_plural(&html->buf, s->all.without_sum, "finding that is open has no sum that"
			" was said, and is", "findings that are open have no sum that was said, and are");
		html_put(html, " in none of these.</p>\n");
	}
}

/* They are in no list of findings any more, so all that was said stands here. */
static void put_gone(Report *report)
{
	const CaseStatus *s = &report->stands;
	Html *html = &report->html;
	if (s->gone > 0)
		html_put(html, "<h3>Gone since</h3>\n<p>The data no longer shows these; what was said of"
			" them stands.</p>\n");
	for (size_t i = s->n - s->gone; i < s->n; i++) {
		const CaseItem *item = &s->item[i];
		const ReadFinding *f = &item->finding;
		html_put(html, "<h4>");
		html_subject(html, f->dataset, f->key);
		html_put(html, ": finding ");
		html_text(html, item->short_id);
		html_put(html, "</h4>\n<p>");
		report_badge(report, &item->history);
		html_text(html, f->rule);
		html_put(html, " ");
		html_text(html, f->title);
		if (f->provider.len > 0 && report->provider.len == 0) {
			html_put(html, ", provider ");
			html_text(html, f->provider);
		}
		html_put(html, "</p>\n");
		report_said(report, &item->history, report->provider.len == 0, item->short_id);
	}
}

/* A page for one provider would say the same thing twice, by provider and in all. */
void report_stands_tables(Report *report)
{
	const CaseStatus *s = &report->stands;
	html_put(&report->html, "<div class=\"sums\">\n");
	if (report->provider.len == 0)
		put_groups(report, "provider", s->provider, s->providers);
	put_groups(report, "rule", s->rule, s->rules);
	html_put(&report->html, "</div>\n");
	put_notes(report);
	put_gone(report);
}

/* What is not shown is said, lest the tables be taken for the whole. */
Status report_stands(Report *report)
{
	Html *html = &report->html;
	const CaseStatus *s = &report->stands;
	if (s->n == 0) {
		html_put(html, "<p>Nothing was said of any of these findings yet: none was raised, answered"
			" or decided. <code>vouch respond</code> adds what is said.</p>\n");
		return STATUS_OK;
	}
	report_stands_tables(report);
	if (s->elsewhere > 0) {
		html_put(html, "<p>");
		layout_plural(&html->buf, s->elsewhere, "finding", "findings");
		html_put(html, " of which something was said, that this run did not look at or that later"
			" runs found: see them with <code>--run</code>.</p>\n");
	}
	return STATUS_OK;
}
