/*
 * The page of one finding. Its parts stand in the order in which somebody checks it: what was
 * found, what the contract says, the rule, the values, what is doubtful, the sum, the run.
 *
 * Law 12 is what this file carries out: whoever reads the page can redo the finding.
 *
 *   V1 Declared more time than the care log supports        what was found
 *   FAILED, major: visit VS1, provider P1, on 1 September 2025
 *     Declared 30 minutes; the care log supports 15 minutes
 *
 *   What the contract says         the clause, the contract and version
 *   The rule in force on that day  its text, from the case file, not from today's rule file
 *   Every value on the way         name, value, table and key and column, note
 *   Missing / Assumed              laws 4 and 11
 *   At stake                       exact sum first, then how it became pence (law 3)
 *   What was said of it            by the auditor and the provider; where it stands
 *   The run                        hashes, dates, the command that gives it again
 *
 * Everything comes from the case file: the page can be made where neither the rules nor the data
 * are.
 */
#include "report/explain.h"

#include <string.h>

#include "report/case_history.h"
#include "report/layout.h"
#include "report/list.h"
#include "report/working.h"

/*
 * All parts of the page read from here; nothing is queried after load, so no part can see
 * another run than the one before it.
 */
typedef struct Page {
	const ExplainOptions *options;
	Arena *arena;
	Buf *out;
	ReadRuns runs;
	Working working;
} Page;

/* The finding names its run, whose contracts and rules are read before it is read once more, whole:
 * texts of the first reading are gone by then. */
static Status load(Page *page, CaseReader *reader, int64_t row)
{
	ReadFinding finding;
	ReadRules rules;
	Status status = casereader_finding(reader, row, &finding);
	if (status != STATUS_OK)
		return status;
	Str run_id = str_copy(page->arena, finding.run_id);
	status = casereader_contracts(reader, run_id, &page->runs);
	if (status == STATUS_OK)
		status = casereader_rules(reader, run_id, &rules);
	if (status != STATUS_OK)
		return status;
	return working_load(reader, row, &page->runs, &rules, page->arena, &page->working);
}

/* Blank line above, so that parts that are left out leave no gap. */
static void heading(Page *page, const char *text)
{
	bool colour = page->options->colour;
	buf_printf(page->out, "\n%s%s%s\n", colour ? "\033[1m" : "", text, colour ? "\033[0m" : "");
}

/* The texts are people's: control characters in them must not reach a terminal. */
static void paragraph(Page *page, Str text)
{
	layout_wrap(page->out, layout_cleaned(page->arena, text), 2, page->options->width);
}

/*
 *   V1 Declared more time than the care log supports
 *   FAILED, major: visit VS1 of provider P1 on 1 September 2025
 */
static void print_head(Page *page)
{
	const ReadFinding *finding = &page->working.finding;
	bool colour = page->options->colour;
	Buf line = {0};
	buf_printf(&line, "%.*s %.*s", STR_ARG(finding->rule), STR_ARG(finding->title));
	if (colour)
		buf_puts(page->out, "\033[1m");
	layout_wrap(page->out, layout_cleaned(page->arena, buf_view(&line)), 0, page->options->width);
	if (colour)
		buf_puts(page->out, "\033[0m");
	buf_clear(&line);
	buf_printf(&line, "%.*s, %.*s: ", STR_ARG(list_verdict(finding->verdict)),
		STR_ARG(finding->severity));
	layout_subject(&line, finding->dataset, finding->key);
	if (finding->provider.len > 0)
		buf_printf(&line, ", provider %.*s", STR_ARG(finding->provider));
	if (finding->on.len > 0) {
		buf_puts(&line, ", on ");
		layout_day(&line, finding->on);
	}
	layout_wrap(page->out, layout_cleaned(page->arena, buf_view(&line)), 0, page->options->width);
	buf_free(&line);
	if (finding->message.len > 0) {
		buf_char(page->out, '\n');
		paragraph(page, finding->message);
	}
}

/* A rule without a clause says so: nothing supports it. */
static void print_clause(Page *page)
{
	heading(page, "What the contract says");
	paragraph(page, page->working.finding.clause.len > 0 ? page->working.finding.clause : STR("no clause is"
		" cited"));
	if (page->working.run != NULL)
		paragraph(page, str_format(page->arena, "%.*s %.*s: %.*s,"
			" %.*s", STR_ARG(page->working.run->contract),
			STR_ARG(page->working.finding.version), STR_ARG(page->working.run->title),
				STR_ARG(page->working.run->council)));
}

/* A line as it is written; one that is too long goes on, further in, below. */
static void print_code(Page *page, Str line)
{
	size_t blanks = 0;
	while (blanks < line.len && line.ptr[blanks] == ' ')
		blanks++;
	if (blanks == line.len) {
		buf_char(page->out, '\n');
		return;
	}
	Str rest = {line.ptr + blanks, line.len - blanks};
	int indent = 4 + (int)blanks;
	buf_pad(page->out, ' ', (size_t)indent);
	buf_str(page->out, layout_line(&rest, page->options->width - indent));
	buf_char(page->out, '\n');
	if (rest.len > 0)
		layout_wrap(page->out, rest, indent + 4, page->options->width);
}

/* The text as it was when the run was made, with the place where it stood then. */
static void print_rule(Page *page)
{
	if (page->working.rule == NULL)
		return;
	Str rest = page->working.rule->text;
	heading(page, "The rule in force on that day");
	paragraph(page, str_format(page->arena, "%.*s, line %lld", STR_ARG(page->working.rule->path),
		(long long)page->working.rule->line));
	while (rest.len > 0) {
		const char *end = memchr(rest.ptr, '\n', rest.len);
		size_t n = end == NULL ? rest.len : (size_t)(end - rest.ptr);
		print_code(page, layout_cleaned(page->arena, (Str){rest.ptr, n}));
		rest = end == NULL ? (Str){0} : (Str){end + 1, rest.len - n - 1};
	}
}

/* Values in the order in which they were worked out. */
static void print_values(Page *page)
{
	static const LayoutColumn column[] = {{"value", false, 20}, {"is", false, 14},
		{"from (table, key, column)", false, 18}, {"note", false, 16}};
	const Working *working = &page->working;
	LayoutTable table;
	heading(page, "Every value on the way");
	layout_begin(&table, page->arena, column, 4);
	for (size_t i = 0; i < working->nevidence; i++) {
		const ReadEvidence *line = &working->evidence[i];
		if (working->together[i] || working_repeats(working, i))
			continue;
		layout_cell(&table, line->name);
		layout_cell(&table, line->value);
		layout_cell(&table, working_origin(page->arena, line));
		layout_cell(&table, line->note);
	}
	layout_end(&table, page->out, page->options->width);
}

/*
 * The second line names the columns of the database, so that a value can be looked up where it
 * came from and not only in the words of the rule file.
 */
static void print_rows(Page *page, const WorkingRows *rows)
{
	LayoutTable table;
	size_t n = rows->nfields;
	LayoutColumn *column = ARENA_ARRAY(page->arena, LayoutColumn, n + 1);
	column[0] = (LayoutColumn){str_z(page->arena, layout_cleaned(page->arena, rows->table)), false,
		8};
	for (size_t f = 0; f < n; f++)
		column[f + 1] = (LayoutColumn){str_z(page->arena, layout_cleaned(page->arena,
			rows->field[f])), false, 10};
	layout_begin(&table, page->arena, column, (int)n + 1);
	layout_cell(&table, STR("(column)"));
	for (size_t f = 0; f < n; f++)
		layout_cell(&table, rows->column[f]);
	for (size_t k = 0; k < rows->nkeys; k++) {
		layout_cell(&table, rows->key[k]);
		for (size_t f = 0; f < n; f++)
			layout_cell(&table, rows->value[k * n + f]);
	}
	buf_char(page->out, '\n');
	layout_end(&table, page->out, page->options->width);
}

/* Single values first, then a table for each dataset that several rows were used of. */
static void print_evidence(Page *page)
{
	WorkingRows rows;
	size_t at = 0;
	if (page->working.nevidence == 0)
		return;
	print_values(page);
	while (working_rows(&page->working, &at, page->arena, &rows))
		print_rows(page, &rows);
}

/* What would settle a finding that could not be assessed: the records that hold what is missing. */
static void print_missing(Page *page)
{
	const ReadFinding *finding = &page->working.finding;
	if (finding->missing.len == 0)
		return;
	heading(page, "Missing");
	for (Str rest = finding->missing; rest.len > 0;)
		paragraph(page, working_next_fact(&rest));
	Buf line = {0};
	buf_puts(&line, "To settle it, ask ");
	if (finding->provider.len > 0)
		buf_printf(&line, "provider %.*s", STR_ARG(finding->provider));
	else
		buf_puts(&line, "the provider");
	buf_puts(&line, " for the original record of each of these; enter it in the data and audit"
		" again.");
	paragraph(page, buf_view(&line));
	buf_free(&line);
}

/* Nothing when there is no bound on either side. */
static void print_bound(Page *page, WorkingSide side)
{
	Buf line = {0};
	working_bound(&page->working.finding, side, &line);
	if (line.n > 0)
		paragraph(page, buf_view(&line));
	buf_free(&line);
}

/* S17: what could be at stake over all values that the missing facts may have. */
static void print_bounds(Page *page)
{
	const ReadFinding *finding = &page->working.finding;
	if (!finding->has_least && !finding->has_most && !finding->certain)
		return;
	heading(page, "What could be at stake");
	if (finding->certain && str_eq(finding->verdict, STR("not_assessed")))
		paragraph(page, STR("it fails whatever the missing facts are"));
	print_bound(page, WORKING_LEAST);
	print_bound(page, WORKING_MOST);
}

/* Each of them alone: the nearest value with which the subject passes. */
static void print_remedies(Page *page)
{
	const Working *working = &page->working;
	if (working->nremedies == 0)
		return;
	heading(page, working->nremedies == 1 ? "This alone would have passed, all else being as it is"
		: "Any one of these would have passed, all else being as it is");
	for (size_t i = 0; i < working->nremedies; i++) {
		Buf line = {0};
		working_remedy(&working->remedy[i], &line);
		paragraph(page, buf_view(&line));
		buf_free(&line);
	}
	paragraph(page, str_of(working_held));
}

/* Each reason as the rule file gives it: the words are the contract officer's (law 11). */
static void print_assumed(Page *page)
{
	Str rest = page->working.finding.assumed;
	if (rest.len == 0)
		return;
	heading(page, "Assumed, because no document gives it");
	while (rest.len > 0)
		paragraph(page, casereader_next_assumed(&rest));
}

/* What is not assessed has bounds instead. */
static void print_stake(Page *page)
{
	Buf line = {0};
	working_stake(&page->working.finding, &line);
	if (line.n > 0) {
		heading(page, "At stake");
		paragraph(page, buf_view(&line));
	}
	buf_free(&line);
}

/* The command that gives the same run again. */
static void print_command(Page *page)
{
	Buf line = {0};
	buf_puts(&line, "To do it again: ");
	working_command(&page->runs, page->working.run, &line);
	paragraph(page, buf_view(&line));
	buf_free(&line);
}

/* What identifies the run, with which anybody can do it again. */
static void print_run(Page *page)
{
	static const LayoutColumn column[] = {{NULL, false, 0}, {NULL, false, 30}};
	const ReadRun *run = page->working.run;
	LayoutTable table;
	if (run == NULL)
		return;
	Buf dates = {0};
	layout_day(&dates, run->from);
	buf_puts(&dates, " to ");
	layout_day(&dates, run->to);
	buf_puts(&dates, run->known_on.len > 0 ? ", by what was known on " : "");
	layout_day(&dates, run->known_on);
	const struct { Str name, value; } line[] = {{STR("finding"), page->working.finding.id},
		{STR("run"), run->run_id}, {STR("started"), run->started}, {STR("dates"), buf_view(&dates)},
		{STR("provider alone"), run->provider}, {STR("program"), run->program},
		{STR("rules, SHA-256"), run->rulebook_sha256}, {STR("data, SHA-256"), run->data_sha256}};
	heading(page, "The run");
	layout_begin(&table, page->arena, column, 2);
	for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
		if (line[i].value.len == 0)
			continue;
		layout_cell(&table, line[i].name);
		layout_cell(&table, line[i].value);
	}
	layout_end(&table, page->out, page->options->width);
	buf_free(&dates);
	print_command(page);
}

/* Of a finding that nobody has spoken of, nothing. */
static void print_history(Page *page, const EventHistory *history)
{
	Buf line = {0};
	if (history->n == 0)
		return;
	heading(page, "What was said of it");
	case_history_state(&line, &history->state);
	paragraph(page, buf_view(&line));
	case_history_print(page->out, history, 2, page->options->width);
	buf_free(&line);
}

/* Everything is read before anything is written: a case file that breaks off gives no half of a
 * page, which could be taken for the whole of it. Parts stand in the order of the head of this
 * file. What would have passed comes behind the sum, for it is a question of the provider's and
 * not of the council's. */
Status explain_print(CaseReader *reader, int64_t row, const ExplainOptions *options, Buf *out)
{
	Page page = {.options = options, .arena = casereader_arena(reader), .out = out};
	EventHistory history;
	Status status = load(&page, reader, row);
	if (status == STATUS_OK)
		status = case_history(reader, page.working.finding.id, &history);
	if (status != STATUS_OK)
		return status;
	print_head(&page);
	print_clause(&page);
	print_rule(&page);
	print_evidence(&page);
	print_missing(&page);
	print_bounds(&page);
	print_assumed(&page);
	print_stake(&page);
	print_remedies(&page);
	print_history(&page, &history);
	print_run(&page);
	return STATUS_OK;
}
