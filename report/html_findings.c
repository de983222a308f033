/*
 * Findings, by provider and rule:
 *
 *   section.provider  h3 Provider P0001
 *     section.rule      h4 V1 Declared more time than the care log supports
 *       article.finding   h5 visit VS1 on 1 September 2025: what was found; what was said of it;
 *                         the working folded
 *
 * Of too many findings those of which something was said are shown first, then the gravest: failed
 * before not assessed, critical before minor, much money before little. Where the others are is
 * counted, with the command that lists them.
 *
 * Two passes, so that a million findings take 8 bytes each and one finding's working:
 *
 *   choose ──> row numbers, chosen by weight, then sorted by group
 *   put_one ──> working_load ──> heading of a new group, the article ──> html_relieve
 *
 * Levels of headings are not skipped (h2 section, h3, h4, h5), as readers with a screen reader jump
 * by them; each article can be linked to by the finding's whole id.
 */
#include "report/html_parts.h"

#include "report/layout.h"

/* ---- one finding ---- */

/* Values that stand alone. What belongs to rows of one table is left to put_row_table, and what
 * says the same as a line before it is left out. */
static void put_single_values(Report *report, const Working *working)
{
	static const HtmlColumn column[] = {{"Value", false}, {"Is", false}, {"From", false},
		{"Note", false}};
	Html *html = &report->html;
	html_table(html, STR("Every value on the way; from: table, key, column"), column, 4, true);
	for (size_t i = 0; i < working->nevidence; i++) {
		const ReadEvidence *line = &working->evidence[i];
		if (working->together[i] || working_repeats(working, i))
			continue;
		html_cell(html, line->name);
		html_cell(html, line->value);
		html_cell(html, working_origin(&report->scratch, line));
		html_cell(html, line->note);
	}
	html_table_end(html);
}

/*
 * Each heading has the name that the rule gives, and the column of the database below it: who
 * checks the figure looks for the latter in the submission.
 *
 *   Rows of visit:   Key  logged (log_minutes)  rate
 *                    V1   22 minutes            £13.20
 *
 * It scrolls: rows are compared with each other, and a group may have any number of columns.
 */
static void put_row_table(Report *report, const WorkingRows *rows)
{
	Html *html = &report->html;
	Arena *arena = &report->scratch;
	HtmlColumn *column = ARENA_ARRAY(arena, HtmlColumn, rows->nfields + 1);
	column[0].title = "Key";
	for (size_t f = 0; f < rows->nfields; f++)
		column[f + 1].title = str_z(arena, rows->column[f].len == 0 ? rows->field[f]
			: str_format(arena, "%.*s (%.*s)", STR_ARG(rows->field[f]),
				STR_ARG(rows->column[f])));
	html_table(html, str_format(arena, "Rows of %.*s", STR_ARG(rows->table)), column,
		(int)rows->nfields + 1, false);
	for (size_t k = 0; k < rows->nkeys; k++) {
		html_cell(html, rows->key[k]);
		for (size_t f = 0; f < rows->nfields; f++)
			html_cell(html, rows->value[k * rows->nfields + f]);
	}
	html_table_end(html);
}

/* What stands alone comes first: the sum is there, and the rows are what it is made of. */
void report_values(Report *report, const Working *working)
{
	WorkingRows rows;
	size_t at = 0;
	if (working->nevidence == 0)
		return;
	put_single_values(report, working);
	while (working_rows(working, &at, &report->scratch, &rows))
		put_row_table(report, &rows);
}

/* A list of what was joined; `assumed`: reasons may hold semicolons themselves. */
static void put_list(Html *html, const char *title, Str joined, bool assumed)
{
	if (joined.len == 0)
		return;
	html_printf(html, "<p><b>%s</b></p>\n<ul class=\"facts\">", title);
	while (joined.len > 0) {
		html_put(html, "<li>");
		html_text(html, assumed ? casereader_next_assumed(&joined) : working_next_fact(&joined));
		html_put(html, "</li>");
	}
	html_put(html, "</ul>\n");
}

/*
 * One paragraph for what could be at stake, when that is all that is known. A finding may have one
 * bound only; the other is then said to be open, not left out, lest "at least" be read as "is".
 */
static void put_bounds(Html *html, const ReadFinding *finding)
{
	Buf line = {0};
	if (finding->certain && str_eq(finding->verdict, STR("not_assessed")))
		html_paragraph(html, STR("It fails whatever the missing facts are."));
	if (!finding->has_least && !finding->has_most)
		return;
	buf_puts(&line, "What could be at stake: ");
	working_bound(finding, WORKING_LEAST, &line);
	buf_puts(&line, "; ");
	working_bound(finding, WORKING_MOST, &line);
	html_paragraph(html, buf_view(&line));
	buf_free(&line);
}

/* The smallest changes, each of one fact. */
static void put_remedies(Html *html, const Working *working)
{
	if (working->nremedies == 0)
		return;
	html_put(html, working->nremedies == 1 ? "<p><b>This alone would have passed, all else being as"
		" it is</b></p>\n<ul class=\"facts\">" : "<p><b>Any one of these would have passed,"
		" all else being as it is</b></p>\n<ul class=\"facts\">");
	for (size_t i = 0; i < working->nremedies; i++) {
		Buf line = {0};
		working_remedy(&working->remedy[i], &line);
		html_put(html, "<li>");
		html_text(html, buf_view(&line));
		html_put(html, "</li>");
		buf_free(&line);
	}
	html_put(html, "</ul>\n<p>");
	html_text(html, str_of(working_held));
	html_put(html, "</p>\n");
}

/* From what is lacking, over what is assumed, to the sum and what would change it. Pages and packs
 * show the same, so a provider's answer can name what the auditor sees. */
void report_doubts(Report *report, const Working *working)
{
	const ReadFinding *finding = &working->finding;
	Html *html = &report->html;
	Buf line = {0};
	put_list(html, "Missing", finding->missing, false);
	put_bounds(html, finding);
	put_list(html, "Assumed, because no document gives it", finding->assumed, true);
	working_stake(finding, &line);
	if (line.n > 0) {
		html_put(html, "<p><b>At stake:</b> ");
		html_text(html, buf_view(&line));
		html_put(html, "</p>\n");
	}
	buf_free(&line);
	put_remedies(html, working);
}

/*
 * What the filters go by: the script compares these attributes with what was chosen and never looks
 * into the text for them. The class has the verdict for the border; the id is the whole one, since
 * the short one grows when other findings come to the file.
 */
static void open_article(Html *html, const ReadFinding *finding, const EventHistory *said)
{
	html_put(html, "<article class=\"finding ");
	html_text(html, finding->verdict);
	html_put(html, "\" id=\"");
	html_id(html, finding->id);
	const struct { const char *name; Str value; } data[] = {{"provider", finding->provider},
		{"severity", finding->severity}, {"verdict", finding->verdict},
		{"status", str_of(event_word[said->state.status])}};
	for (int i = 0; i < 4; i++) {
		html_printf(html, "\" data-%s=\"", data[i].name);
		html_text(html, data[i].value);
	}
	html_put(html, "\" data-rule=\"");
	html_text(html, finding->contract);
	html_put(html, " ");
	html_text(html, finding->rule);
	html_put(html, "\">\n");
}

/* The sum in the head: short, without how it was rounded. Of one that was settled or withdrawn it
 * must not read as if it were still asked for. */
static void put_sum(Html *html, const ReadFinding *finding, bool closed)
{
	if (finding->has_stake) {
		html_pence(html, finding->pence < 0 ? -finding->pence : finding->pence);
		html_put(html, closed ? " was" : "");
		html_put(html, finding->pence < 0 ? " owed to the provider" : " at stake");
	} else if (finding->has_least && finding->has_most) {
		html_pence(html, finding->least_pence);
		html_put(html, " to ");
		html_pence(html, finding->most_pence);
		html_put(html, " could be at stake");
	} else {
		html_put(html, "no sum");
	}
}

/*
 *   visit VS1, 1 September 2025: finding 9Q2KX7M1ZD      heading: readers jump from one to the next
 *   [failed] [major] [raised] £5.65 at stake             words in boxes, never a colour alone
 *   Declared 30 minutes; the care log supports 15
 */
static void put_head(Report *report, const ReadFinding *finding, const EventHistory *said,
	int level)
{
	Html *html = &report->html;
	html_printf(html, "<h%d>", level);
	html_subject(html, finding->dataset, finding->key);
	if (finding->on.len > 0) {
		html_put(html, ", ");
		html_day(html, finding->on);
	}
	html_put(html, ": finding ");
	html_text(html, casereader_short_id(report->reader, finding->id));
	html_printf(html, "</h%d>\n<p><span class=\"tag ", level);
	html_text(html, finding->verdict);
	html_put(html, "\">");
	html_text(html, list_verdict(finding->verdict));
	html_put(html, "</span> <span class=\"tag ");
	html_text(html, finding->severity);
	html_put(html, "\">");
	html_text(html, finding->severity);
	html_put(html, "</span> ");
	report_badge(report, said);
	put_sum(html, finding, case_history_closed(&said->state));
	html_put(html, "</p>\n<p class=\"said\">");
	html_text(html, finding->message.len > 0 ? finding->message : finding->missing);
	html_put(html, "</p>\n");
}

/* "Clause: rules, Rounding. Contract hampshire/ccsh 2025.1. Rule: V1, as it was applied." */
void report_clause(Report *report, const Working *working)
{
	Html *html = &report->html;
	html_put(html, "<p><b>Clause:</b> ");
	html_text(html, working->finding.clause.len > 0 ? working->finding.clause
		: STR("no clause is cited"));
	html_put(html, "</p>\n<p><b>Contract:</b> ");
	html_text(html, working->finding.contract);
	html_put(html, " ");
	html_text(html, working->finding.version);
	if (working->run != NULL) {
		html_put(html, ", ");
		html_text(html, working->run->title);
	}
	if (working->rule != NULL) {
		html_put(html, "; <b>rule:</b> ");
		report_rule_link(report, working->rule);
	}
	html_put(html, "</p>\n");
}

/* Left open: whoever began it writes </article> behind what else it has to say. */
void report_finding_open(Report *report, const ReadFinding *finding, const EventHistory *said,
	int level)
{
	open_article(&report->html, finding, said);
	put_head(report, finding, said, level);
}

/* The working is folded away; without a script it still opens. The summary says whose it is, though
 * only to screen readers: a list of a hundred "Working" would tell nothing (WCAG 2.4.6). */
static void put_finding(Report *report, const Working *working, const EventHistory *said)
{
	Html *html = &report->html;
	const ReadFinding *finding = &working->finding;
	report_finding_open(report, finding, said, 5);
	report_said(report, said, true, casereader_short_id(report->reader, finding->id));
	html_put(html, "<details><summary>Working<span class=\"hide\"> of finding ");
	html_text(html, casereader_short_id(report->reader, finding->id));
	html_put(html, "</span></summary>\n");
	report_clause(report, working);
	report_values(report, working);
	report_doubts(report, working);
	html_put(html, "<p>The whole id: <code>");
	html_text(html, finding->id);
	html_put(html, "</code></p>\n</details>\n</article>\n");
}

/* ---- which of them ---- */

/*
 * first: SQL by which findings come before the gravest. The inner SELECT chooses, the outer one
 * puts what was chosen in the order of the page; those without a provider come last. The id
 * breaks ties, so that the same findings are chosen whenever the page is made.
 */
#define CHOSEN(first) \
	"SELECT row FROM (SELECT f.rowid AS row, coalesce(f.provider, '') AS provider, t.contract," \
	" t.rule, t.dataset, f.subject_key, f.finding_id FROM finding_row f JOIN rule_total t USING" \
	" (rule_key) JOIN rule_result r USING (run_id, contract, rule, version) WHERE t.run_id = ?1" \
	" ORDER BY " first "f.verdict = 'not_assessed', CASE r.severity WHEN 'critical' THEN 0 WHEN" \
	" 'major' THEN 1 ELSE 2 END, abs(coalesce(f.at_stake_pence, 0)) DESC, f.finding_id LIMIT ?2)" \
	" ORDER BY provider = '', provider, contract, rule, dataset, subject_key, finding_id"

/* Row numbers alone are kept, 8 bytes a finding. */
static Status choose(Report *report, FindingList *out)
{
	sqlite3_stmt *stmt = NULL;
	const char *sql = report->said.any ? CHOSEN("f.finding_id NOT IN (SELECT finding_id FROM event), ")
		: CHOSEN("");
	int rc = sqlite3_prepare_v2(casereader_database(report->reader), sql, -1, &stmt, NULL);
	if (rc != SQLITE_OK)
		return casereader_unreadable(report->reader);
	sqlite3_bind_text(stmt, 1, report->run_id.ptr, (int)report->run_id.len, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, report->how->findings_most);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		*vec_push(out) = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? STATUS_OK : casereader_unreadable(report->reader);
}

/* ---- the filters ---- */

/* One option; "=" in front tells a value that is empty from no choice. */
static Status put_option(void *user, sqlite3_stmt *stmt)
{
	Report *report = user;
	Html *html = &report->html;
	Str value = report_column(stmt, 0);
	html_put(html, "<option value=\"=");
	html_text(html, value);
	html_put(html, "\">");
	EventStatus stands = event_status_of(value);
	html_text(html, value.len == 0 ? STR("none") : stands != EVENT_STATUS_COUNT
		? str_of(event_text[stands]) : list_verdict(value));
	html_put(html, "</option>");
	return STATUS_OK;
}

/* The values that there are, so that no choice gives nothing; they are read from the whole run, as
 * those that are shown may be few of them. */
static Status put_choice(Report *report, const char *name, const char *label, const char *sql)
{
	html_printf(&report->html, "<div><label for=\"f-%s\">%s</label><select id=\"f-%s\" name=\"%s\">"
		"<option value=\"\">all</option>", name, label, name, name);
	Status status = report_rows(report, sql, put_option, report);
	html_put(&report->html, "</select></div>\n");
	return status;
}

/* Hidden until the script shows it: without the script it could do nothing. */
static Status put_filters(Report *report)
{
	static const struct { const char *name, *label, *sql; } choice[] = {
		{"provider", "Provider", "SELECT DISTINCT coalesce(f.provider, '') FROM finding_row f JOIN"
			" rule_total t USING (rule_key) WHERE t.run_id = ?1 ORDER BY 1"},
		{"rule", "Rule", "SELECT DISTINCT contract || ' ' || rule FROM rule_total WHERE run_id = ?1"
			" ORDER BY 1"},
		{"severity", "Severity", "SELECT DISTINCT r.severity FROM rule_total t JOIN rule_result r"
			" USING (run_id, contract, rule, version) WHERE run_id = ?1 ORDER BY 1"},
		{"verdict", "Verdict", "SELECT DISTINCT f.verdict FROM finding_row f JOIN rule_total t"
			" USING (rule_key) WHERE t.run_id = ?1 ORDER BY 1"},
		{"status", "Stands", "SELECT DISTINCT coalesce((SELECT e.status FROM event e WHERE"
			" e.finding_id = f.finding_id ORDER BY e.number DESC LIMIT 1), 'not_raised') FROM"
			" finding_row f JOIN rule_total t USING (rule_key) WHERE t.run_id = ?1 ORDER BY 1"}};
	Html *html = &report->html;
	Status status = STATUS_OK;
	html_put(html, "<form id=\"filters\" hidden aria-label=\"Filter the findings\"><fieldset"
		" class=\"filters\"><legend>Show only findings with</legend>\n");
	int choices = report->said.any ? 5 : 4;
	for (int i = 0; i < choices && status == STATUS_OK; i++)
		status = put_choice(report, choice[i].name, choice[i].label, choice[i].sql);
	html_put(html, "<div><label for=\"f-text\">Text</label><input id=\"f-text\" name=\"text\""
		" type=\"search\" autocomplete=\"off\"></div>\n<button type=\"reset\">Show all</button>\n"
		"</fieldset></form>\n<p id=\"shown\" role=\"status\"></p>\n");
	return status;
}

/* ---- groups ---- */

/* Where the list stands; a heading is written when one of these changes. */
typedef struct Groups {
	Report *report;
	bool provider_open, rule_open;
	Str provider, contract, rule;
	Buf kept[3];
} Groups;

/* Texts of a finding end with the next one, but the group goes on. */
static Str keep(Buf *buf, Str text)
{
	buf_clear(buf);
	buf_str(buf, text);
	return buf_view(buf);
}

static void close_rule(Groups *g)
{
	if (g->rule_open)
		html_put(&g->report->html, "</section>\n");
	g->rule_open = false;
}

static void close_provider(Groups *g)
{
	close_rule(g);
	if (g->provider_open)
		html_put(&g->report->html, "</section>\n");
	g->provider_open = false;
}

/* The span after the heading is where the script says how many of the group are shown. */
static void open_provider(Groups *g, Str provider)
{
	Html *html = &g->report->html;
	close_provider(g);
	html_put(html, "<section class=\"provider\">\n<h3>");
	if (provider.len > 0) {
		html_put(html, "Provider ");
		html_text(html, provider);
	} else {
		html_put(html, "No provider is known");
	}
	html_put(html, "<span class=\"count\"></span></h3>\n");
	g->provider = keep(&g->kept[0], provider);
	g->provider_open = true;
}

/* A rule that was written anew by an amendment is one group: its findings name their version. */
static void open_rule(Groups *g, const ReadFinding *finding)
{
	Html *html = &g->report->html;
	close_rule(g);
	html_put(html, "<section class=\"rule\">\n<h4>");
	if (g->report->runs.n > 1) {
		html_text(html, finding->contract);
		html_put(html, " ");
	}
	html_text(html, finding->rule);
	html_put(html, ": ");
	html_text(html, finding->title);
	html_put(html, "<span class=\"count\"></span></h4>\n");
	g->contract = keep(&g->kept[1], finding->contract);
	g->rule = keep(&g->kept[2], finding->rule);
	g->rule_open = true;
}

/* One finding in memory at a time. */
static Status put_one(Groups *g, int64_t row)
{
	Report *report = g->report;
	Working working;
	EventHistory said;
	arena_reset(&report->scratch);
	Status status = working_load(report->reader, row, &report->runs, &report->rules,
		&report->scratch, &working);
	if (status == STATUS_OK)
		status = case_said(&report->said, working.finding.id, &report->scratch, &said);
	if (status != STATUS_OK)
		return status;
	const ReadFinding *finding = &working.finding;
	if (!g->provider_open || !str_eq(finding->provider, g->provider))
		open_provider(g, finding->provider);
	if (!g->rule_open || !str_eq(finding->rule, g->rule)
			|| !str_eq(finding->contract, g->contract))
		open_rule(g, finding);
	put_finding(report, &working, &said);
	return html_relieve(&report->html);
}

/* ---- the rest ---- */

/* Provider, contract, rule, how many. */
static Status put_rest_row(void *user, sqlite3_stmt *stmt)
{
	Report *report = user;
	Html *html = &report->html;
	html_cell(html, report_column(stmt, 0));
	html_cell(html, report_column(stmt, 1));
	html_cell(html, report_column(stmt, 2));
	html_cell_number(html, sqlite3_column_int64(stmt, 3));
	return STATUS_OK;
}

/*
 * How many there are of each, so that nobody takes what is shown for all. The commands are given
 * whole, with the number that --most would need for all of them.
 */
static Status put_rest(Report *report, int64_t all, int64_t shown)
{
	static const HtmlColumn column[] = {{"Provider", false}, {"Contract", false}, {"Rule", false},
		{"Findings in all", true}};
	Html *html = &report->html;
	html_put(html, report->said.any ? "<p>This page shows ones of which something was said first,"
		" then the gravest, " : "<p>This page shows the gravest ");
	html_number(html, shown);
	html_put(html, " of ");
	html_number(html, all);
	html_put(html, " findings in full: failed before not assessed, critical before minor, much"
		" money before little. All of them: <code>vouch findings CASE.db --format csv</code>; those"
		" of one provider under one rule: <code>vouch findings CASE.db --provider KEY --rule RULE"
		"</code>; the working of one: <code>vouch explain CASE.db FINDING</code>. A page with more of them:"
		" <code>vouch report CASE.db --most ");
	html_printf(html, "%lld", (long long)all);
	html_put(html, "</code>.</p>\n<details><summary>How many there are by provider and rule"
		"</summary>\n");
	html_table(html, STR("All findings by provider and rule, also those not shown"), column, 4,
		false);
	Status status = report_rows(report, "SELECT coalesce(f.provider, ''), t.contract, t.rule,"
		" count(*) FROM finding_row f JOIN rule_total t USING (rule_key) WHERE t.run_id = ?1"
		" GROUP BY 1, 2, 3 ORDER BY 1, 2, 3", put_rest_row, report);
	html_table_end(html);
	html_put(html, "</details>\n");
	return status;
}

/* Which are shown is decided by the database, so that a million findings need no memory here. */
Status report_findings(Report *report)
{
	Html *html = &report->html;
	FindingList list = {0};
	Groups groups = {.report = report};
	int64_t all = report->failed + report->not_assessed + report->conflict;
	if (all == 0) {
		html_put(html, "<p>There are no findings: nothing failed, and nothing was left unassessed."
			"</p>\n");
		return STATUS_OK;
	}
	Status status = choose(report, &list);
	if (status == STATUS_OK && (int64_t)list.n < all)
		status = put_rest(report, all, (int64_t)list.n);
	if (status == STATUS_OK)
		status = put_filters(report);
	for (size_t i = 0; i < list.n && status == STATUS_OK; i++)
		status = put_one(&groups, list.at[i]);
	close_provider(&groups);
	for (int i = 0; i < 3; i++)
		buf_free(&groups.kept[i]);
	vec_free(&list);
	return status;
}
