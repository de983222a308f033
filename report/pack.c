/*
 *   cover     what this is, the sums, how to answer
 *   stands    where findings stand by rule, once something was said of them
 *   list      every finding that is open in one table, with links to the sheets
 *   sheets    one an open finding: what was found, what was said, clause, arithmetic, rows, room
 *             for the answer
 *   closed    what was settled or withdrawn, a line each with what was said of it: nothing is asked
 *             for there
 *   rules     as they were applied, of these findings alone
 *   method    how anybody can do it again
 *
 * Another provider's findings are never read; that a finding was referred is not told, and one that
 * was referred before it was raised is not there at all: not in a list, a sum or a count.
 *
 *   casereader_select ──> all ──count_findings──┬──> list      what is open: sums, sheets
 *                                               ├──> closed    settled, withdrawn
 *                                               └──> (hidden)  referred and never raised
 *
 * It goes to somebody who may dispute every line, so each sum can be worked out again from what is
 * on its sheet, and a sheet says nothing that only another sheet explains. Sums are whole pence on
 * the page, exact fractions of pounds until there.
 */
#include "report/pack.h"

#include <string.h>

#include "report/compared.h"
#include "report/html_parts.h"
#include "report/layout.h"

typedef struct Pack {
	Report report;
	const PackOptions *how;
	FindingList all;    /* of the provider: */
	FindingList list;   /* what is open */
	FindingList closed; /* settled or withdrawn */
	int64_t failed, not_assessed, conflict, over, under, without_sum; /* of what is open */
	bool *used;         /* by rule: a finding is of it */
} Pack;

/* ---- what is in it ---- */

/* One that is open: as things stand, its sum is what was decided or raised; before that, what it
 * puts at stake, exactly. Only what has no common denominator with the rest is rounded by
 * itself. */
static void count_open(Pack *pack, const ReadFinding *finding, const EventState *state, Ratio *over,
	Ratio *under)
{
	bool open = str_eq(finding->verdict, STR("not_assessed"));
	Ratio pounds = {0, 1};
	const EventSum stake = {finding->has_stake, finding->pence};
	EventSum sum = case_history_open(state, stake);
	pack->failed += str_eq(finding->verdict, STR("fail"));
	pack->not_assessed += open;
	pack->conflict += str_eq(finding->verdict, STR("conflict"));
	pack->without_sum += !open && !sum.known;
	if (state->status != EVENT_NONE && sum.known)
		ratio_div((Ratio){sum.pence, 1}, (Ratio){100, 1}, &pounds);
	else if (open || !layout_ratio(finding->exact, &pounds))
		return;
	if (pounds.n >= 0 && !ratio_add(*over, pounds, over))
		pack->over += report_pence(pounds);
	pounds.n = -pounds.n;
	if (pounds.n > 0 && !ratio_add(*under, pounds, under))
		pack->under += report_pence(pounds);
}

/* One finding with what was said of it, until the next: both live in the scratch arena. */
static Status load_one(Pack *pack, int64_t row, Working *working, EventHistory *said)
{
	Report *report = &pack->report;
	arena_reset(&report->scratch);
	Status status = working_load(report->reader, row, &report->runs, &report->rules,
		&report->scratch, working);
	return status != STATUS_OK ? status
		: case_said(&report->said, working->finding.id, &report->scratch, said);
}

/*
 * Which are open, what these come to, which rules have findings: of this provider, so not as in the
 * summary. report->said.any is made anew, as it was that of the whole run: a column that is there
 * for others' sake alone would tell this provider that something was said of them.
 */
static Status count_findings(Pack *pack)
{
	Report *report = &pack->report;
	Status status = STATUS_OK;
	Ratio over = {0, 1}, under = {0, 1};
	pack->used = ARENA_ARRAY(report->arena, bool, report->rules.n + 1);
	report->said.any = false; /* of others, so far */
	for (size_t i = 0; i < pack->all.n && status == STATUS_OK; i++) {
		Working working;
		EventHistory said;
		status = load_one(pack, pack->all.at[i], &working, &said);
		if (status != STATUS_OK || (said.n == 0 && said.hidden))
			continue;
		bool closed = case_history_closed(&said.state);
		report->said.any = report->said.any || said.n > 0;
		*vec_push(closed ? &pack->closed : &pack->list) = pack->all.at[i];
		if (working.rule != NULL)
			pack->used[working.rule - report->rules.at] = true;
		if (!closed)
			count_open(pack, &working.finding, &said.state, &over, &under);
	}
	pack->over += report_pence(over);
	pack->under += report_pence(under);
	return status;
}

/* Nothing to dispute is no pack: an empty one could be taken for "all is well". */
static Status no_findings(Pack *pack)
{
	Report *report = &pack->report;
	const Span nowhere = {-1, 0, 0};
	diag_help(diag_add(casereader_diags(report->reader), DIAG_NO_FINDING, nowhere, "the run has no"
		" finding of provider %.*s", STR_ARG(pack->how->provider)),
		"`vouch findings` shows which providers have findings");
	return STATUS_WRONG;
}

/* ---- cover ---- */

/* Written to the provider, and so that no answer is refused for its form. */
static const char *const answer[] = {
	"<h3>How to answer</h3>\n<ol>\n"
	"<li>Look up each finding: the rows and values are named as they stand in what was sent"
		" in.</li>\n"
	"<li>For each, say whether you agree, agree in part, or disagree, and why. Quote its id.</li>\n"
	"<li>Send the record that shows it: the care log as the device wrote it, the rota, the message"
		" by which a call was cancelled. A corrected figure alone shows nothing.</li>\n"
	"<li>Where a fact is missing, send it: what is not assessed is not held against you, and not"
		" counted as in order either.</li>\n"
	"<li>If a figure that is marked as assumed is wrong, say which document gives it.</li>\n</ol>\n"
	"<p>What you send is put into the data and the audit is made again; a finding keeps its id, so"
		" it can be seen what became of it.</p>\n",
	NULL};

/* Of this provider's findings alone, each with its own sum: who answers finding by finding has to
 * find these sums again. */
static void put_sums(Pack *pack)
{
	Html *html = &pack->report.html;
	html_put(html, "<p>");
	layout_plural(&html->buf, pack->failed, "finding failed, ", "findings failed, ");
	html_number(html, pack->not_assessed);
	html_put(html, " not assessed for lack of facts, ");
	layout_plural(&html->buf, pack->conflict, "conflict", "conflicts");
	html_put(html, " of exceptions.</p>\n<ul class=\"figures\"><li><b>");
	html_pence(html, pack->over);
	html_put(html, pack->report.said.any ? "</b> asked for, as things stand</li>\n<li><b>"
		: "</b> claimed beyond what the evidence supports</li>\n<li><b>");
	html_pence(html, pack->under);
	html_put(html, "</b> owed to the provider</li></ul>\n<p>Each finding counts with its own sum"
		" here. Where two rules speak of one visit its money is claimed once only, so the claim may"
		" be less.");
	if (pack->without_sum > 0) {
		html_put(html, " ");
		layout_plural(&html->buf, pack->without_sum, "finding has no sum.",
			"findings have no sum.");
	}
	html_put(html, "</p>\n");
	if (pack->closed.n == 0)
		return;
	html_put(html, "<p>");
	layout_plural(&html->buf, (int64_t)pack->closed.n, "more was settled or withdrawn: it is",
		"more were settled or withdrawn: they are");
	html_put(html, " <a href=\"#closed\">listed apart</a>, and nothing is asked for in that"
		" list.</p>\n");
}

/* What it is, what it comes to, what to do: the one page that everybody reads. */
static void put_cover(Pack *pack)
{
	Html *html = &pack->report.html;
	html_put(html, "<section aria-labelledby=\"h-cover\">\n<h2 id=\"h-cover\">What this is</h2>\n"
		"<p>What an audit found in what this provider submitted, with everything that is needed to"
		" check it: each finding stands on a sheet of its own.</p>\n");
	put_sums(pack);
	for (int i = 0; answer[i] != NULL; i++)
		html_put(html, answer[i]);
	html_put(html, "</section>\n");
}

/* ---- where it stands ---- */

/* Not before something was said: then the cover has it all. */
static void put_stands(Pack *pack)
{
	Html *html = &pack->report.html;
	if (pack->report.stands.n == 0)
		return;
	html_put(html, "<section aria-labelledby=\"h-stands\">\n<h2 id=\"h-stands\">Where things stand"
		"</h2>\n");
	report_stands_tables(&pack->report);
	html_put(html, "</section>\n");
}

/* ---- the list ---- */

/* Those beyond are in the count of the cover and in no list. `--most` sets the limit. */
static size_t sheets(const Pack *pack)
{
	size_t most = (size_t)pack->how->findings_most;
	return pack->list.n < most ? pack->list.n : most;
}

/* The short id leads to the sheet; on paper the sheet has the same heading. The sum is what is
 * asked for as things stand. */
static void put_line(Pack *pack, const ReadFinding *finding, const EventHistory *said)
{
	EventSum stake = {finding->has_stake, finding->pence};
	EventSum sum = case_history_open(&said->state, stake);
	Html *html = &pack->report.html;
	html_open_cell(html);
	html_put(html, "<a href=\"#");
	html_id(html, finding->id);
	html_put(html, "\">");
	html_text(html, casereader_short_id(pack->report.reader, finding->id));
	html_put(html, "</a>");
	html_close_cell(html);
	html_cell(html, finding->rule);
	html_open_cell(html);
	html_subject(html, finding->dataset, finding->key);
	html_close_cell(html);
	html_open_cell(html);
	html_day(html, finding->on);
	html_close_cell(html);
	html_cell(html, list_verdict(finding->verdict));
	if (pack->report.said.any)
		html_cell(html, str_of(event_text[said->state.status]));
	html_open_cell(html);
	if (sum.known)
		html_pence(html, sum.pence);
	html_close_cell(html);
}

/* The column of what stands comes when something was said; the last one's title goes with it, since
 * what is asked for then is no longer what was at stake. Columns here are in step with put_line. */
static Status put_lines(Pack *pack)
{
	static const HtmlColumn column[] = {{"Finding", false}, {"Rule", false}, {"About", false},
		{"Day", false}, {"Verdict", false}, {"At stake", true}};
	static const HtmlColumn said[] = {{"Finding", false}, {"Rule", false}, {"About", false},
		{"Day", false}, {"Verdict", false}, {"Stands", false}, {"Asked for", true}};
	Report *report = &pack->report;
	Html *html = &report->html;
	Status status = STATUS_OK;
	html_table(html, STR("Findings, each with its sheet; below £0 is owed to the provider"),
		report->said.any ? said : column, report->said.any ? 7 : 6, true);
	for (size_t i = 0; i < sheets(pack) && status == STATUS_OK; i++) {
		Working working;
		EventHistory history;
		status = load_one(pack, pack->list.at[i], &working, &history);
		if (status == STATUS_OK)
			put_line(pack, &working.finding, &history);
		if (status == STATUS_OK)
			status = html_relieve(html);
	}
	html_table_end(html);
	return status;
}

static Status put_list(Pack *pack)
{
	Html *html = &pack->report.html;
	Status status = STATUS_OK;
	html_put(html, "<section aria-labelledby=\"h-list\">\n<h2 id=\"h-list\">The findings</h2>\n");
	if (sheets(pack) < pack->list.n) {
		html_put(html, "<p>The first ");
		html_number(html, (int64_t)sheets(pack));
		html_put(html, " of ");
		html_number(html, (int64_t)pack->list.n);
		html_put(html, " findings have a sheet here; <code>--most</code> gives more.</p>\n");
	}
	if (pack->list.n == 0)
		html_put(html, "<p>No finding is open any more: there is nothing to answer.</p>\n");
	else
		status = put_lines(pack);
	html_put(html, "</section>\n");
	return status;
}

/* ---- a sheet ---- */

/* The value is in the plain unit already, so the scale of the rule's type is not applied again. */
static void put_quantity(Html *html, Type type, Ratio value)
{
	Buf buf = {0};
	type.scale = 1;
	quantity_print(&buf, type, value);
	html_cell(html, buf_view(&buf));
	buf_free(&buf);
}

/* One line of the arithmetic: what it is in words, as the rule writes it, what it comes to. */
static void put_step(Html *html, const char *what, Str name, Type type, Ratio value)
{
	html_cell(html, str_of(what));
	html_cell(html, name);
	put_quantity(html, type, value);
}

/* The exact sum, then what it is in pence. */
static void put_money(Html *html, const ReadFinding *finding)
{
	Buf exact = {0};
	if (!finding->has_stake)
		return;
	layout_exact(&exact, finding->exact);
	html_cell(html, STR("at stake, exactly"));
	html_cell(html, STR(""));
	html_cell(html, buf_view(&exact));
	html_cell(html, STR("at stake, in whole pence"));
	html_cell(html, STR("halves away from zero"));
	html_cell_pence(html, finding->pence);
	buf_free(&exact);
}

/*
 * The arithmetic of one finding, step by step, as somebody would do it by hand:
 *
 *   claimed                      visit.declared              30 minutes
 *   supported, before rounding   visit.logged                22 minutes
 *   supported, rounded: payable  quarter_hour(visit.logged)  15 minutes
 *   claimed beyond that          the difference              15 minutes
 *   at stake, in whole pence     halves away from zero       £5.65
 *
 * Only when the rule compares two quantities; else the values below tell how it came about.
 */
static void put_arithmetic(Pack *pack, const Working *working)
{
	static const HtmlColumn column[] = {{"Step", false}, {"As the rule writes it", false},
		{"Comes to", true}};
	Html *html = &pack->report.html;
	Comparison c;
	Compared q;
	Ratio more;
	if (working->rule == NULL || !str_eq(working->finding.verdict, STR("fail"))
			|| !comparison_of(working->rule->text, &pack->report.scratch, &c)
			|| !compared_in(&c, working->evidence, working->nevidence, &q))
		return;
	html_table(html, STR("From what was claimed to what is payable"), column, 3, true);
	put_step(html, "claimed", c.claimed, q.type, q.claimed);
	if (q.rounded)
		put_step(html, "supported, before rounding", c.plain, q.type, q.plain);
	put_step(html, q.rounded ? "supported, rounded: payable" : "supported: payable", c.supported,
		q.type, q.supported);
	if (ratio_sub(q.claimed, q.supported, &more))
		put_step(html, "claimed beyond that", STR("the difference"), q.type, more);
	put_money(html, &working->finding);
	html_table_end(html);
}

/*
 * What is to be done about it, and by whom. The provider reads it, so it says what is asked for and
 * not what else the auditor could do.
 */
static void put_open(Html *html, const ReadFinding *finding, const EventState *state)
{
	static const char *const then[EVENT_STATUS_COUNT] = {
		[EVENT_RAISED] = "an answer is awaited",
		[EVENT_ANSWERED] = "the answer has been received, and the auditor has still to decide",
		[EVENT_UPHELD] = "the auditor has decided; it is still to be agreed, disputed or settled",
		[EVENT_PART_UPHELD] = "the auditor has decided, for a part of the sum; it is still to be"
			" agreed, disputed or settled",
		[EVENT_AGREED] = "it is agreed, and still to be paid or set off",
		[EVENT_DISPUTED] = "it is disputed, and not settled yet"};
	EventSum stake = {finding->has_stake, finding->pence};
	EventSum sum = case_history_open(state, stake);
	if (then[state->status] == NULL)
		return;
	html_put(html, "<p><b>Still open:</b> ");
	if (!sum.known)
		html_put(html, "no sum is known");
	else
		html_pence(html, sum.pence < 0 ? -sum.pence : sum.pence);
	html_put(html, !sum.known ? "" : sum.pence < 0 ? " is owed to the provider" : " is asked for");
	html_printf(html, "; %s.</p>\n", then[state->status]);
}

/* Room to write, on paper; the id is on the sheet, so the sheet can be sent back. No field is
 * filled in, not even the sum: who signs a figure that we wrote has not said it. */
static void put_answer(Html *html, const ReadFinding *finding)
{
	html_put(html, "<div class=\"answer\"><p><b>Answer to finding ");
	html_text(html, finding->id);
	html_put(html, "</b></p>\n<p>\u2610 agreed &#160; \u2610 agreed in part, sum: £ ____________"
		" &#160; \u2610 disputed</p>\n<p>Because, and what is enclosed:</p>\n"
		"<p><span class=\"blank\"></span><span class=\"blank\"></span></p>\n"
		"<p>Name and date:</p><p><span class=\"blank\"></span></p></div>\n");
}

/* In the order in which it is checked: what was found, on what ground, the sum, the facts, the
 * doubts; then the answer, which one that is agreed has given. */
static void put_sheet(Pack *pack, const Working *working, const EventHistory *said)
{
	Report *report = &pack->report;
	Html *html = &report->html;
	html_put(html, "<section class=\"sheet\">\n");
	report_finding_open(report, &working->finding, said, 3);
	put_open(html, &working->finding, &said->state);
	report_said(report, said, false, STR(""));
	report_clause(report, working);
	put_arithmetic(pack, working);
	report_values(report, working);
	report_doubts(report, working);
	if (said->state.status != EVENT_AGREED)
		put_answer(html, &working->finding);
	html_put(html, "</article>\n</section>\n");
}

/* One finding in memory at a time, as on the large page. A sheet begins a page of its own on paper;
 * the style sees to that, by its class. */
static Status put_sheets(Pack *pack)
{
	Report *report = &pack->report;
	Status status = STATUS_OK;
	if (pack->list.n == 0)
		return STATUS_OK;
	html_put(&report->html, "<section id=\"sheets\" aria-labelledby=\"h-sheets\">\n<h2"
		" id=\"h-sheets\">Each finding"
		"</h2>\n");
	for (size_t i = 0; i < sheets(pack) && status == STATUS_OK; i++) {
		Working working;
		EventHistory said;
		status = load_one(pack, pack->list.at[i], &working, &said);
		if (status != STATUS_OK)
			break;
		put_sheet(pack, &working, &said);
		status = html_relieve(&report->html);
	}
	html_put(&report->html, "</section>\n");
	return status;
}

/* ---- what is closed ---- */

/* Enough to know it again, and all that was said. */
static void put_closed_line(Pack *pack, const ReadFinding *finding, const EventHistory *said)
{
	Report *report = &pack->report;
	Html *html = &report->html;
	Buf state = {0};
	html_open_cell(html);
	html_put(html, "<span id=\"");
	html_id(html, finding->id);
	html_put(html, "\">");
	html_text(html, casereader_short_id(report->reader, finding->id));
	html_put(html, "</span>");
	html_paragraph(html, finding->rule);
	html_close_cell(html);
	html_open_cell(html);
	html_subject(html, finding->dataset, finding->key);
	html_put(html, finding->on.len > 0 ? ", " : "");
	html_day(html, finding->on);
	html_paragraph(html, finding->message.len > 0 ? finding->message : finding->missing);
	case_history_state(&state, &said->state);
	html_paragraph(html, buf_view(&state));
	html_close_cell(html);
	html_open_cell(html);
	report_events(report, said);
	html_close_cell(html);
	buf_free(&state);
}

static Status put_closed_lines(Pack *pack)
{
	static const HtmlColumn column[] = {{"Finding", false}, {"About, and how it stands", false},
		{"What was said", false}};
	size_t most = (size_t)pack->how->findings_most;
	Html *html = &pack->report.html;
	Status status = STATUS_OK;
	html_table(html, STR("Findings that were settled or withdrawn"), column, 3, true);
	for (size_t i = 0; i < pack->closed.n && i < most && status == STATUS_OK; i++) {
		Working working;
		EventHistory said;
		status = load_one(pack, pack->closed.at[i], &working, &said);
		if (status == STATUS_OK)
			put_closed_line(pack, &working.finding, &said);
		if (status == STATUS_OK)
			status = html_relieve(html);
	}
	html_table_end(html);
	return status;
}

/* Behind the sheets, lest somebody takes it for asked for. */
static Status put_closed(Pack *pack)
{
	Html *html = &pack->report.html;
	if (pack->closed.n == 0)
		return STATUS_OK;
	html_put(html, "<section id=\"closed\" class=\"sheet\" aria-labelledby=\"h-closed\">\n"
		"<h2 id=\"h-closed\">Settled or withdrawn</h2>\n<p>Nothing is asked for here, and no answer"
		" is needed. What was said stays on record.</p>\n");
	Status status = put_closed_lines(pack);
	if (pack->closed.n > (size_t)pack->how->findings_most) {
		html_put(html, "<p>And ");
		html_number(html, (int64_t)pack->closed.n - pack->how->findings_most);
		html_put(html, " more; <code>--most</code> shows them.</p>\n");
	}
	html_put(html, "</section>\n");
	return status;
}

/* ---- all of it ---- */

/*
 * Rules without a finding of this provider are none of this pack's. In place, so pointers into the
 * list (working.rule) are wrong from here on: only what shows no finding may come behind it.
 */
static void drop_rules(Pack *pack)
{
	ReadRules *rules = &pack->report.rules;
	size_t kept = 0;
	for (size_t i = 0; i < rules->n; i++)
		if (pack->used[i])
			rules->at[kept++] = rules->at[i];
	rules->n = kept;
}

static Str subtitle(const Pack *pack)
{
	const ReadRun *run = &pack->report.runs.at[0];
	Buf line = {0};
	buf_printf(&line, "Provider %.*s, %.*s, ", STR_ARG(pack->how->provider), STR_ARG(run->council));
	layout_day(&line, run->from);
	buf_puts(&line, " to ");
	layout_day(&line, run->to);
	return buf_keep(&line, pack->report.arena);
}

/* The same parts as of the large page, over fewer rules. Last, as it drops rules: see above. */
static Status put_end(Pack *pack)
{
	static const struct { const char *id, *title; ReportPart *write; } part[] = {
		{"rules", "The rules as they were applied", report_rules},
		{"method", "Method: how to do it again", report_method}};
	Report *report = &pack->report;
	Status status = STATUS_OK;
	drop_rules(pack);
	for (int i = 0; i < 2 && status == STATUS_OK; i++) {
		html_printf(&report->html, "<section class=\"sheet\" aria-labelledby=\"h-%s\">\n"
			"<h2 id=\"h-%s\">%s</h2>\n", part[i].id, part[i].id, part[i].title);
		status = part[i].write(report);
		html_put(&report->html, "</section>\n");
	}
	html_put(&report->html, "</main>\n");
	html_end(&report->html, false);
	return status == STATUS_OK ? html_flush(&report->html) : status;
}

static Status write_pack(Pack *pack)
{
	Html *html = &pack->report.html;
	html_begin(html, STR("Findings and how to answer them"), subtitle(pack));
	html_put(html, "<main id=\"main\" tabindex=\"-1\">\n");
	put_cover(pack);
	put_stands(pack);
	Status status = put_list(pack);
	if (status == STATUS_OK)
		status = put_sheets(pack);
	if (status == STATUS_OK)
		status = put_closed(pack);
	return status == STATUS_OK ? put_end(pack) : status;
}

/*
 * casereader_show_provider comes first: what is read from then on lacks what a provider is not to
 * know, so that no later function has to think of it. Nothing is written before the findings are
 * counted, so a name that is misspelt leaves no page.
 */
Status pack_report(CaseReader *reader, Str run_id, const PackOptions *how,
	const ListOptions *options)
{
	HtmlOptions html = {.findings_most = how->findings_most};
	Pack pack = {.report = {.reader = reader, .how = &html, .run_id = run_id,
		.provider = how->provider, .html = {.options = options}}, .how = how};
	FindingFilter filter = {.run = run_id, .contract = STR(""), .rule = STR(""),
		.provider = how->provider, .verdict = STR("")};
	casereader_show_provider(reader);
	Status status = report_load(&pack.report);
	if (status == STATUS_OK)
		status = casereader_select(reader, &filter, &pack.all);
	if (status == STATUS_OK && how->provider.len > 0)
		status = count_findings(&pack);
	if (status == STATUS_OK && pack.list.n + pack.closed.n == 0)
		status = no_findings(&pack);
	if (status == STATUS_OK)
		status = write_pack(&pack);
	vec_free(&pack.all);
	vec_free(&pack.list);
	vec_free(&pack.closed);
	report_free(&pack.report);
	return status;
}
