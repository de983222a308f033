/*
 * The parts of the page behind the findings: figures of measures and KPIs, banks, what to ask for,
 * what was rejected, the rules, the method. Long lists are cut at a limit that the page names, with
 * the command that gives all of it.
 *
 *   report_measures   h3 and a folded table for each measure       measure_result
 *   report_banks      one table                                    through banks.h
 *   report_ask        one table, most money first                  through ask.h
 *   report_rejected   one table, whole rows first                  rejected
 *   report_rules      h3 and the text of each                      read before, report->rules
 *   report_method     words of ours, the command, the hashes       report->runs
 *
 * Each writes while it reads: a table is opened with its first row, so that an empty one is a
 * sentence and never a head without a body, which a screen reader would announce as a table.
 */
#include "report/html_parts.h"

#include "report/banks.h"
#include "report/layout.h"

/* A page is for reading. What comes sorted by weight loses nothing that matters at these, and a
 * browser is still quick with them. */
#define FIGURES_MOST 200  /* of one measure */
#define ASKED_MOST 500    /* facts to ask for */
#define REJECTED_MOST 500 /* rows and values */

/* ---- measures ---- */

/* In step with the columns of the query. */
enum { M_CONTRACT, M_MEASURE, M_KPI, M_TITLE, M_CLAUSE, M_TARGET, M_FAILS, M_WRITTEN, M_SUBJECT,
	M_VALUE, M_PREVIOUS, M_STATUS, M_REPORTED, M_REPORTED_STATUS, M_REASON, M_LEAST, M_MOST,
	M_CERTAIN };

/* KPIs before other measures, as a target was agreed for those; then by contract and name, with
 * versions apart, as each has a target of its own. */
static const char measures_sql[] = "SELECT contract, measure, kpi, title, clause, target, fails,"
	" written_in, subject, value, previous, status, reported, reported_status, reason, least, most,"
	" certain FROM measure_result WHERE run_id = ?1 ORDER BY kpi DESC, contract, measure,"
	" written_in, provider, keys";

/*
 *   h3 title, target, clause, contract
 *     details: a line for each figure of it, at most FIGURES_MOST
 *
 * The rows come sorted by measure, so one table is open at a time.
 */
typedef struct Measures {
	Report *report;
	Buf open;      /* contract, measure and version of the table that is open; empty: none */
	int64_t rows;  /* that it has so far */
	int64_t figures;
} Measures;

/* Those beyond the limit are in the case file. */
static void close_measure(Measures *m)
{
	Html *html = &m->report->html;
	if (m->open.n == 0)
		return;
	html_table_end(html);
	if (m->rows > FIGURES_MOST) {
		html_put(html, "<p>");
		layout_plural(&html->buf, m->rows - FIGURES_MOST, "figure more is", "figures more are");
		html_put(html, " not shown: <code>vouch kpis CASE.db --all --measure NAME</code></p>\n");
	}
	html_put(html, "</details>\n");
}

/* "target at most 5%, fails above 10%" */
static void put_target(Html *html, sqlite3_stmt *stmt)
{
	Str target = report_column(stmt, M_TARGET), fails = report_column(stmt, M_FAILS);
	if (target.len > 0) {
		html_put(html, "target ");
		html_text(html, target);
	}
	if (fails.len > 0) {
		html_put(html, target.len > 0 ? ", fails " : "fails ");
		html_text(html, fails);
	}
	html_put(html, target.len + fails.len > 0 ? ". " : "");
}

/* What is the same of all its figures stands once, above them. */
static void open_measure(Measures *m, sqlite3_stmt *stmt)
{
	static const HtmlColumn column[] = {{"About", false}, {"Figure", true}, {"Before", true},
		{"Status", false}, {"Reported", false}, {"Why not", false}};
	Html *html = &m->report->html;
	close_measure(m);
	buf_clear(&m->open);
	buf_printf(&m->open, "%.*s %.*s %.*s", STR_ARG(report_column(stmt, M_CONTRACT)),
		STR_ARG(report_column(stmt, M_MEASURE)), STR_ARG(report_column(stmt, M_WRITTEN)));
	m->rows = 0;
	html_put(html, "<h3>");
	html_text(html, report_column(stmt, M_TITLE));
	html_put(html, "</h3>\n<p>");
	html_put(html, sqlite3_column_int(stmt, M_KPI) != 0 ? "KPI: " : "Measure: ");
	put_target(html, stmt);
	html_text(html, report_column(stmt, M_CONTRACT));
	html_put(html, " ");
	html_text(html, report_column(stmt, M_WRITTEN));
	html_put(html, ", ");
	html_text(html, report_column(stmt, M_MEASURE));
	html_put(html, ". Clause: ");
	html_text(html, report_column(stmt, M_CLAUSE));
	html_put(html, "</p>\n<details><summary>Figures of ");
	html_text(html, buf_view(&m->open));
	html_put(html, "</summary>\n");
	html_table(html, buf_view(&m->open), column, 6, true);
}

/*
 * The figure, or what it lies between when it is not known. An unknown one is never an empty cell
 * or 0: "unknown; at least 3, at most 9" is what the facts that are there can bear (law 4).
 */
static void put_value(Html *html, sqlite3_stmt *stmt)
{
	Str value = report_column(stmt, M_VALUE), least = report_column(stmt, M_LEAST),
		most = report_column(stmt, M_MOST);
	html_open_cell(html);
	if (value.len > 0) {
		html_text(html, value);
	} else {
		html_put(html, "unknown");
		if (least.len > 0) {
			html_put(html, "; at least ");
			html_text(html, least);
		}
		if (most.len > 0) {
			html_put(html, least.len > 0 ? ", at most " : "; at most ");
			html_text(html, most);
		}
	}
	html_close_cell(html);
}

/*
 * Two cells: our status, and how the provider's own figure stands to ours. "failed whatever the
 * missing facts are" is said where both bounds lie on one side of the target: asking for the facts
 * would then not change it.
 */
static void put_status(Html *html, sqlite3_stmt *stmt)
{
	Str certain = report_column(stmt, M_CERTAIN);
	html_open_cell(html);
	html_text(html, report_column(stmt, M_STATUS));
	if (certain.len > 0) {
		html_put(html, "; ");
		html_text(html, certain);
		html_put(html, " whatever the missing facts are");
	}
	html_close_cell(html);
	html_open_cell(html);
	html_text(html, report_column(stmt, M_REPORTED));
	if (report_column(stmt, M_REPORTED_STATUS).len > 0) {
		html_put(html, " ");
		html_text(html, report_column(stmt, M_REPORTED_STATUS));
	}
	html_close_cell(html);
}

/* A line; beyond the limit they are only counted. */
static Status put_figure(void *user, sqlite3_stmt *stmt)
{
	Measures *m = user;
	Html *html = &m->report->html;
	Buf name = {0};
	buf_printf(&name, "%.*s %.*s %.*s", STR_ARG(report_column(stmt, M_CONTRACT)),
		STR_ARG(report_column(stmt, M_MEASURE)), STR_ARG(report_column(stmt, M_WRITTEN)));
	if (m->open.n == 0 || !str_eq(buf_view(&name), buf_view(&m->open)))
		open_measure(m, stmt);
	buf_free(&name);
	m->figures++;
	if (++m->rows > FIGURES_MOST)
		return STATUS_OK;
	html_cell(html, report_column(stmt, M_SUBJECT));
	put_value(html, stmt);
	html_cell(html, report_column(stmt, M_PREVIOUS));
	put_status(html, stmt);
	html_cell(html, report_column(stmt, M_REASON));
	return html_relieve(html);
}

/* An amendment may have come before any measure was due, or the contract has none: either way it is
 * said, as the reader looks for KPIs here. */
Status report_measures(Report *report)
{
	Measures m = {.report = report};
	Status status = report_rows(report, measures_sql, put_figure, &m);
	if (status == STATUS_OK)
		close_measure(&m);
	if (m.figures == 0)
		html_put(&report->html, "<p>The contracts have no measures that fell due in this"
			" run.</p>\n");
	buf_free(&m.open);
	return status;
}

/* ---- banks ---- */

typedef struct Banks {
	Report *report;
	int64_t n;
} Banks;

/* The table begins with the first bank, so that without banks there is none. It scrolls rather than
 * stack: ten amounts are compared along the row, credited = used + expired + held. */
static Status put_bank(void *user, const ReadBank *bank)
{
	static const HtmlColumn column[] = {{"Bank", false}, {"Contract", false}, {"Accounts", true},
		{"Credited", true}, {"Used", true}, {"Expired", true}, {"Held", true}, {"Lost", true},
		{"Short", true}, {"Not assessed", true}};
	Banks *banks = user;
	Html *html = &banks->report->html;
	if (banks->n++ == 0)
		html_table(html, STR("Banks, all accounts together; time in hours and minutes"), column, 10,
			false);
	html_cell(html, bank->bank);
	html_cell(html, bank->contract);
	html_cell_number(html, bank->accounts);
	for (int i = 0; i < BANK_AMOUNTS; i++)
		html_cell(html, bank->amount[i].len > 0 ? bank->amount[i] : STR("0"));
	html_cell_number(html, bank->not_assessed);
	return STATUS_OK;
}

Status report_banks(Report *report)
{
	Banks banks = {.report = report};
	Status status = banks_each(report->reader, report->run_id, put_bank, &banks);
	Html *html = &report->html;
	if (banks.n == 0) {
		html_put(html, "<p>The contracts keep no banks.</p>\n");
		return status;
	}
	html_table_end(html);
	html_put(html, "<p>What came in (credited) is what was used, what expired and what is held"
		" together. Lost is what a ceiling refused, short what was asked for in vain. Every entry"
		" stands in the table <code>bank_entry</code> of the case file.</p>\n");
	return status;
}

/* ---- what to ask for ---- */

typedef struct Asked {
	Report *report;
	int64_t facts;
} Asked;

/* Begun with the first fact. Titles say what the figures are, lest somebody adds up the money: a
 * finding that lacks two facts is in two lines. */
static void open_asked(Html *html)
{
	static const HtmlColumn column[] = {{"Provider", false}, {"To ask for", false},
		{"Findings that lack it", true}, {"Hangs on it", true}, {"Without a bound", true}};
	html_table(html, STR("Facts that are missing, those on which most money hangs first"), column,
		5, true);
}

/* Beyond the limit they are only counted, for the sentence behind the table. Money is the most that
 * could hang on the fact; what has no bound is in a column of its own, as no sum stands for it. */
static Status put_asked(void *user, const ReadAsk *ask)
{
	Asked *asked = user;
	Html *html = &asked->report->html;
	if (asked->facts++ == 0)
		open_asked(html);
	if (asked->facts > ASKED_MOST)
		return STATUS_OK;
	html_cell(html, ask->provider.len > 0 ? ask->provider : STR("not known"));
	html_open_cell(html);
	html_text(html, ask->field);
	html_put(html, " of ");
	html_subject(html, ask->dataset, ask->key);
	html_close_cell(html);
	html_cell_number(html, ask->findings);
	html_cell_pence(html, ask->pence);
	html_cell_number(html, ask->open);
	return html_relieve(html);
}

/* What could be told apart by asking is listed by what it is worth (law 4: never as passed). */
Status report_ask(Report *report)
{
	Html *html = &report->html;
	FindingFilter filter = {.run = report->run_id, .contract = STR(""), .rule = STR(""),
		.provider = STR("")};
	Asked asked = {.report = report};
	html_put(html, "<p>");
	layout_plural(&html->buf, report->not_assessed, "finding is", "findings are");
	html_put(html, " not assessed: a fact is missing, so it cannot be told whether the contract was"
		" kept. They are never counted as passed.</p>\n");
	Status status = ask_each(report->reader, &filter, put_asked, &asked);
	if (asked.facts == 0) {
		html_put(html, "<p>There is nothing to ask for.</p>\n");
		return status;
	}
	html_table_end(html);
	if (asked.facts > ASKED_MOST) {
		html_put(html, "<p>");
		layout_plural(&html->buf, asked.facts - ASKED_MOST, "fact more is", "facts more are");
		html_put(html, " not shown.</p>\n");
	}
	html_put(html, "<p>A finding that lacks two facts counts for both. As a list to send out:"
		" <code>vouch findings CASE.db --ask-for --format csv</code></p>\n");
	return status;
}

/* ---- what was rejected ---- */

typedef struct RejectedRows {
	Report *report;
	int64_t n;
} RejectedRows;

/*
 * Whole rows first: they may hide findings, a value alone makes one not assessed. The value is
 * shown as it stood, made harmless: whoever has to mend it must find it again in the submission.
 */
static Status put_rejected(void *user, sqlite3_stmt *stmt)
{
	static const HtmlColumn column[] = {{"Dataset", false}, {"Row", false}, {"Column", false},
		{"Value", false}, {"Reason", false}, {"What became of it", false}};
	RejectedRows *rows = user;
	Html *html = &rows->report->html;
	if (rows->n++ == 0)
		html_table(html, STR("What could not be used, and why"), column, 6, true);
	if (rows->n > REJECTED_MOST)
		return STATUS_OK;
	for (int i = 0; i < 5; i++)
		html_cell(html, report_column(stmt, i));
	html_cell(html, sqlite3_column_int(stmt, 5) != 0 ? STR("the row was left out")
		: STR("the value counts as unknown"));
	return html_relieve(html);
}

/* Sorted by every column that is shown, so that the same file gives the same page, whatever order
 * SQLite happens to read in. */
Status report_rejected(Report *report)
{
	Html *html = &report->html;
	RejectedRows rows = {.report = report};
	Status status = report_rows(report, "SELECT dataset, source_key, \"column\", value, reason,"
		" whole_row FROM rejected WHERE run_id = ?1 ORDER BY whole_row DESC, dataset, source_key,"
		" \"column\", value, reason", put_rejected, &rows);
	if (rows.n == 0) {
		html_put(html, "<p>Every row and every value that was read could be used.</p>\n");
		return status;
	}
	html_table_end(html);
	if (rows.n > REJECTED_MOST) {
		html_put(html, "<p>");
		layout_plural(&html->buf, rows.n - REJECTED_MOST, "line more stands",
			"lines more stand");
		html_put(html, " in the table <code>rejected</code> of the case file.</p>\n");
	}
	return status;
}

/* ---- the rules ---- */

/* Of all providers together, so it is not on a page for one of them. */
static void put_verdicts(Html *html, const ReadRule *rule)
{
	html_put(html, "<p>Of ");
	html_number(html, rule->seen);
	html_put(html, " looked at, ");
	const struct { int64_t n; const char *what; } count[] = {{rule->passed, "passed, "},
		{rule->failed, "failed, "}, {rule->not_assessed, "were not assessed, "},
		{rule->not_applicable, "were not spoken of, "}, {rule->conflict, "had exceptions in"
		" conflict, "}, {rule->outside, "lay outside the run or the contract."}};
	for (int i = 0; i < 6; i++) {
		html_number(html, count[i].n);
		html_printf(html, " %s", count[i].what);
	}
	html_put(html, "</p>\n");
}

/*
 * The anchor is where findings and the summary lead to; it is made as in report_rule_link. The text
 * is the one that was stored with the run: the files may have been changed since, and their line is
 * that of the day of the run.
 */
static void put_rule(Report *report, const ReadRule *rule)
{
	Html *html = &report->html;
	html_put(html, "<h3 id=\"rule-");
	html_id(html, rule->contract);
	html_put(html, "-");
	html_id(html, rule->rule);
	html_put(html, "-");
	html_id(html, rule->version);
	html_put(html, "\">");
	report_rule_name(report, rule);
	html_put(html, ": ");
	html_text(html, rule->title);
	html_put(html, "</h3>\n<p>");
	html_text(html, rule->severity);
	html_put(html, ". Clause: ");
	html_text(html, rule->clause.len > 0 ? rule->clause : STR("none is cited"));
	html_put(html, ". Written in version ");
	html_text(html, rule->version);
	html_put(html, ": ");
	html_text(html, rule->path);
	html_printf(html, ", line %lld.", (long long)rule->line);
	html_put(html, rule->assumed ? " It rests on a reading that no document gives." : "");
	html_put(html, "</p>\n<pre>");
	html_lines(html, rule->text);
	html_put(html, "</pre>\n");
	if (report->provider.len == 0)
		put_verdicts(html, rule);
}


Status report_rules(Report *report)
{
	Status status = STATUS_OK;
	html_put(&report->html, "<p>Each rule as it was when the run was made, whatever the rule files"
		" say today.</p>\n");
	for (size_t i = 0; i < report->rules.n && status == STATUS_OK; i++) {
		put_rule(report, &report->rules.at[i]);
		status = html_relieve(&report->html);
	}
	return status;
}

/* ---- the method ---- */

/* Hashes of rules and data, so that whoever does it again can tell whether it is the same. When the
 * run was made is not told: it would make two pages of one run differ. */
static void put_runs(Report *report)
{
	static const HtmlColumn column[] = {{"What", false}, {"Is", false}};
	Html *html = &report->html;
	const ReadRun *run = &report->runs.at[0];
	html_table(html, STR("What identifies the run"), column, 2, true);
	const struct { const char *name; Str value; } line[] = {{"run", run->run_id},
		{"program", run->program}, {"data, SHA-256", run->data_sha256}, {"first day", run->from},
		{"last day", run->to}, {"by what was known on", run->known_on},
		{"provider alone", run->provider}};
	for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
		if (line[i].value.len == 0)
			continue;
		html_cell(html, str_of(line[i].name));
		html_cell(html, line[i].value);
	}
	for (size_t i = 0; i < report->runs.n; i++) {
		const ReadRun *one = &report->runs.at[i];
		html_open_cell(html);
		html_put(html, "rules of ");
		html_text(html, one->contract);
		html_put(html, ", SHA-256");
		html_close_cell(html);
		html_cell(html, one->rulebook_sha256);
	}
	html_table_end(html);
}

/* What a reader who has never seen the program needs to redo one finding by hand. */
static const char *const method[] = {
	"<h3>How a finding comes about</h3>\n<ol>\n"
	"<li>Every row of the submissions and the care logs is read once, from one state of the"
		" database. A row or value that cannot be read is listed above, never guessed.</li>\n"
	"<li>Each rule is applied to each subject that it speaks of, in the words that were in force on"
		" the subject's own day.</li>\n"
	"<li>A subject fails when what the rule requires does not hold, passes when it does, and is not"
		" assessed when a fact is missing on which that hangs.</li>\n"
	"<li>Two evaluators work every finding out independently; where they differ the run"
		" stops.</li>\n"
	"</ol>\n<h3>How the money is worked out</h3>\n<ul>\n"
	"<li>Sums are exact fractions of a pound until the end, then whole pence, halves away from"
		" zero.</li>\n"
	"<li>In the claim each visit's money counts once, although several rules may speak of"
		" it.</li>\n"
	"<li>Overpaid and underpaid are never set off against each other.</li>\n"
	"<li>Findings are of what was read; nothing is projected from them to what was not.</li>\n"
	"</ul>\n",
	NULL};

/* The command comes first as it was given, then the hashes against which its result is held. */
Status report_method(Report *report)
{
	Html *html = &report->html;
	Buf command = {0};
	for (int i = 0; method[i] != NULL; i++)
		html_put(html, method[i]);
	html_put(html, "<h3>To do it again</h3>\n<p>With the same program, rules and data, this gives"
		" the same run, byte for byte:</p>\n<pre>");
	working_command(&report->runs, &report->runs.at[0], &command);
	html_lines(html, buf_view(&command));
	html_put(html, "\nvouch report CASE.db --format html -o REPORT.html</pre>\n");
	buf_free(&command);
	put_runs(report);
	return STATUS_OK;
}
