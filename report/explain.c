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
 *   The run                        hashes, dates, the command that gives it again
 *
 * Everything comes from the case file: the page can be made where neither the rules nor the data
 * are.
 */
#include "report/explain.h"

#include <string.h>

#include "report/layout.h"
#include "report/list.h"

#define ROWS_TOGETHER 3 /* rows of one table with the same field, from which on they are a table */

/*
 * All parts of the page read from here; nothing is queried after load, so no part can see
 * another run than the one before it.
 */
typedef struct Page {
	CaseReader *reader;
	const ExplainOptions *options;
	Arena *arena;
	Buf *out;
	ReadFinding finding;
	ReadRuns runs;
	ReadRules rules;
	const ReadRun *run;   /* of the finding's contract */
	const ReadRule *rule;
	ReadEvidence *evidence;
	size_t nevidence;
} Page;

/* The texts of a finding are SQLite's until the next query; the page needs several. */
static void keep_finding(Page *page)
{
	ReadFinding *finding = &page->finding;
	Str *const part[] = {&finding->id, &finding->run_id, &finding->contract, &finding->rule,
		&finding->version, &finding->written_in, &finding->title, &finding->clause,
		&finding->severity, &finding->verdict, &finding->dataset, &finding->key,
		&finding->provider, &finding->on, &finding->message, &finding->exact, &finding->assumed,
		&finding->missing, &finding->evidence, &finding->least_exact, &finding->most_exact,
		&finding->least_at, &finding->most_at};
	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		*part[i] = str_copy(page->arena, *part[i]);
}

/*
 * A case file holds several contracts (S68), so run and rule are found by the finding's own
 * contract.
 */
static Status load(Page *page, int64_t row)
{
	Status status = casereader_finding(page->reader, row, &page->finding);
	if (status != STATUS_OK)
		return status;
	keep_finding(page);
	status = casereader_contracts(page->reader, page->finding.run_id, &page->runs);
	if (status == STATUS_OK)
		status = casereader_rules(page->reader, page->finding.run_id, &page->rules);
	for (size_t i = 0; status == STATUS_OK && i < page->runs.n; i++) {
		if (str_eq(page->runs.at[i].contract, page->finding.contract))
			page->run = &page->runs.at[i];
	}
	for (size_t i = 0; status == STATUS_OK && i < page->rules.n; i++) {
		const ReadRule *rule = &page->rules.at[i];
		if (str_eq(rule->contract, page->finding.contract)
				&& str_eq(rule->rule, page->finding.rule)
				&& str_eq(rule->version, page->finding.written_in))
			page->rule = rule;
	}
	if (status != STATUS_OK)
		return status;
	return casereader_evidence(page->reader, &page->finding, page->arena, &page->evidence,
		&page->nevidence);
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
	const ReadFinding *finding = &page->finding;
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
	paragraph(page, page->finding.clause.len > 0 ? page->finding.clause : STR("no clause is"
		" cited"));
	if (page->run != NULL)
		paragraph(page, str_format(page->arena, "%.*s %.*s: %.*s,"
			" %.*s", STR_ARG(page->run->contract),
			STR_ARG(page->finding.version), STR_ARG(page->run->title),
				STR_ARG(page->run->council)));
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
	if (page->rule == NULL)
		return;
	Str rest = page->rule->text;
	heading(page, "The rule in force on that day");
	paragraph(page, str_format(page->arena, "%.*s, line %lld", STR_ARG(page->rule->path),
		(long long)page->rule->line));
	while (rest.len > 0) {
		const char *end = memchr(rest.ptr, '\n', rest.len);
		size_t n = end == NULL ? rest.len : (size_t)(end - rest.ptr);
		print_code(page, layout_cleaned(page->arena, (Str){rest.ptr, n}));
		rest = end == NULL ? (Str){0} : (Str){end + 1, rest.len - n - 1};
	}
}

/* "visits VS1, declared_min": where to look the value up. */
static Str origin(Page *page, const ReadEvidence *line)
{
	if (line->table.len == 0)
		return STR("");
	return str_format(page->arena, "%.*s %.*s%s%.*s", STR_ARG(line->table), STR_ARG(line->key),
		line->column.len > 0 ? ", " : "", STR_ARG(line->column));
}

/* Of values worked out, each stays: equal ones may be of different rows. */
static bool same_line(const ReadEvidence *a, const ReadEvidence *b)
{
	return a->table.len > 0 && str_eq(a->name, b->name) && str_eq(a->value, b->value)
		&& str_eq(a->table, b->table) && str_eq(a->key, b->key) && str_eq(a->column,
			b->column) && str_eq(a->note, b->note);
}

/* Whether line i is one of a field's values in several rows of a table: those are shown together,
 * because a page of them in turn cannot be compared by eye. */
static bool is_of_rows(const Page *page, size_t i)
{
	const ReadEvidence *line = &page->evidence[i];
	size_t rows = 0;
	if (line->table.len == 0 || line->key.len == 0 || line->note.len > 0)
		return false;
	for (size_t k = 0; k < page->nevidence && rows < ROWS_TOGETHER; k++) {
		const ReadEvidence *other = &page->evidence[k];
		rows += str_eq(other->name, line->name) && str_eq(other->table, line->table)
			&& str_eq(other->column, line->column) && !str_eq(other->key, line->key);
	}
	return rows + 1 >= ROWS_TOGETHER;
}

/* Values in the order in which they were worked out. */
static void print_values(Page *page, const bool *together)
{
	static const LayoutColumn column[] = {{"value", false, 20}, {"is", false, 14},
		{"from (table, key, column)", false, 18}, {"note", false, 16}};
	LayoutTable table;
	heading(page, "Every value on the way");
	layout_begin(&table, page->arena, column, 4);
	for (size_t i = 0; i < page->nevidence; i++) {
		const ReadEvidence *line = &page->evidence[i];
		bool told = together[i];
		for (size_t k = 0; k < i && !told; k++)
			told = same_line(&page->evidence[k], line);
		if (told)
			continue;
		layout_cell(&table, line->name);
		layout_cell(&table, line->value);
		layout_cell(&table, origin(page, line));
		layout_cell(&table, line->note);
	}
	layout_end(&table, page->out, page->options->width);
}

/*
 * Rows of one table, a line each; the fields are columns:
 *
 *   visits     visit.outcome  visit.declared  visit.rate
 *              outcome        declared_min    rate            <- columns of the database
 *   V00008718  delivered      1 hour          £21.88 per hour
 */
typedef struct RowTable {
	Str table;
	StrMap field, key;      /* in the order in which they were used */
	Str *column;            /* by field */
	Str *value;             /* by key, then field */
} RowTable;

/*
 * The name alone will not do: two fields of different columns may be called alike in a message.
 * U+001F stands in no name.
 */
static Str field_id(Page *page, const ReadEvidence *line)
{
	return str_format(page->arena, "%.*s\x1f%.*s", STR_ARG(line->name), STR_ARG(line->column));
}

/* Two passes: first how many fields and rows there are, then their values. */
static void gather(Page *page, const bool *together, RowTable *rows)
{
	bool added;
	strmap_init(&rows->field, page->arena);
	strmap_init(&rows->key, page->arena);
	for (size_t i = 0; i < page->nevidence; i++) {
		const ReadEvidence *line = &page->evidence[i];
		if (!together[i] || !str_eq(line->table, rows->table))
			continue;
		int32_t *field = strmap_at(&rows->field, field_id(page, line), &added);
		*field = added ? (int32_t)rows->field.n - 1 : *field;
		int32_t *key = strmap_at(&rows->key, line->key, &added);
		*key = added ? (int32_t)rows->key.n - 1 : *key;
	}
	rows->value = ARENA_ARRAY(page->arena, Str, mem_product(rows->field.n, rows->key.n));
	rows->column = ARENA_ARRAY(page->arena, Str, rows->field.n);
	for (size_t i = 0; i < page->nevidence; i++) {
		const ReadEvidence *line = &page->evidence[i];
		if (!together[i] || !str_eq(line->table, rows->table))
			continue;
		size_t field = (size_t)*strmap_get(&rows->field, field_id(page, line));
		size_t key = (size_t)*strmap_get(&rows->key, line->key);
		rows->column[field] = line->column;
		rows->value[key * rows->field.n + field] = line->value;
	}
}

/*
 * The second line names the columns of the database, so that a value can be looked up where it
 * came from and not only in the words of the rule file.
 */
static void print_rows(Page *page, const bool *together, Str name)
{
	RowTable rows = {.table = name};
	LayoutTable table;
	gather(page, together, &rows);
	size_t n = rows.field.n;
	LayoutColumn *column = ARENA_ARRAY(page->arena, LayoutColumn, n + 1);
	column[0] = (LayoutColumn){str_z(page->arena, layout_cleaned(page->arena, name)), false, 8};
	for (size_t f = 0; f < n; f++) {
		Str id = rows.field.key[f];
		Str shown = {id.ptr, id.len - rows.column[f].len - 1};
		column[f + 1] = (LayoutColumn){str_z(page->arena, layout_cleaned(page->arena, shown)),
			false,
			10};
	}
	layout_begin(&table, page->arena, column, (int)n + 1);
	layout_cell(&table, STR("(column)"));
	for (size_t f = 0; f < n; f++)
		layout_cell(&table, rows.column[f]);
	for (size_t k = 0; k < rows.key.n; k++) {
		layout_cell(&table, rows.key.key[k]);
		for (size_t f = 0; f < n; f++)
			layout_cell(&table, rows.value[k * n + f]);
	}
	buf_char(page->out, '\n');
	layout_end(&table, page->out, page->options->width);
}

/* Single values first, then a table for each dataset that several rows were used of. */
static void print_evidence(Page *page)
{
	size_t n = page->nevidence;
	bool *together = ARENA_ARRAY(page->arena, bool, n + 1);
	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++)
		together[i] = is_of_rows(page, i);
	print_values(page, together);
	for (size_t i = 0; i < n; i++) {
		bool told = !together[i];
		for (size_t k = 0; k < i && !told; k++)
			told = together[k] && str_eq(page->evidence[k].table, page->evidence[i].table);
		if (!told)
			print_rows(page, together, page->evidence[i].table);
	}
}

/* Facts joined by "; ", one a line. */
static void print_facts(Page *page, Str joined)
{
	for (size_t i = 0, from = 0; i <= joined.len; i++) {
		bool end = i == joined.len;
		if (!end && (joined.ptr[i] != ';' || i + 1 >= joined.len || joined.ptr[i + 1] != ' '))
			continue;
		paragraph(page, (Str){joined.ptr + from, i - from});
		from = i + 2;
	}
}

/* What would settle a finding that could not be assessed: the records that hold what is missing. */
static void print_missing(Page *page)
{
	const ReadFinding *finding = &page->finding;
	if (finding->missing.len == 0)
		return;
	heading(page, "Missing");
	print_facts(page, finding->missing);
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

/* "£11.30, with spent of log L1 0 minutes" */
static void print_bound(Page *page, const char *side, bool has, int64_t pence, Str exact, Str at)
{
	Ratio q, whole;
	Buf line = {0};
	buf_puts(&line, side);
	if (!has)
		buf_puts(&line, "there is no bound: a fact that is missing has no declared range");
	else
		layout_pence(&line, pence);
	if (has && layout_ratio(exact, &q) && ratio_mul(q, (Ratio){100, 1}, &whole) && whole.d != 1) {
		buf_puts(&line, " (exactly ");
		layout_exact(&line, exact);
		buf_puts(&line, ")");
	}
	if (at.len > 0)
		buf_printf(&line, ", with %.*s", STR_ARG(at));
	paragraph(page, buf_view(&line));
	buf_free(&line);
}

/* S17: what could be at stake over all values that the missing facts may have. */
static void print_bounds(Page *page)
{
	const ReadFinding *finding = &page->finding;
	if (!finding->has_least && !finding->has_most && !finding->certain)
		return;
	heading(page, "What could be at stake");
	if (finding->certain && str_eq(finding->verdict, STR("not_assessed")))
		paragraph(page, STR("it fails whatever the missing facts are"));
	if (!finding->has_least && !finding->has_most)
		return;
	print_bound(page, "at least: ", finding->has_least, finding->least_pence, finding->least_exact,
		finding->least_at);
	print_bound(page, "at most: ", finding->has_most, finding->most_pence, finding->most_exact,
		finding->most_at);
}

/* Each reason as the rule file gives it: the words are the contract officer's (law 11). */
static void print_assumed(Page *page)
{
	Str rest = page->finding.assumed;
	if (rest.len == 0)
		return;
	heading(page, "Assumed, because no document gives it");
	while (rest.len > 0)
		paragraph(page, casereader_next_assumed(&rest));
}

/*
 * The exact sum, and how it became whole pence. A sum below zero is owed to the provider: the
 * sign is put into words so that nobody has to know which way it counts (S70).
 */
static void print_stake(Page *page)
{
	const ReadFinding *finding = &page->finding;
	Ratio exact, pence;
	Buf line = {0};
	if (!finding->has_stake) {
		if (str_eq(finding->verdict, STR("not_assessed")))
			return;
		heading(page, "At stake");
		paragraph(page, STR("no sum: the rule puts none at stake, or what it needs is missing"));
		return;
	}
	layout_pence(&line, finding->pence < 0 ? -finding->pence : finding->pence);
	buf_puts(&line, finding->pence < 0 ? " owed to the provider" : " claimed beyond what is"
		" supported");
	if (layout_ratio(finding->exact, &exact) && ratio_mul(exact, (Ratio){100, 1}, &pence)) {
		buf_puts(&line, pence.d == 1 ? "; exact" : "; before rounding to the nearest penny, halves"
			" away from zero: ");
		if (pence.d != 1)
			layout_exact(&line, finding->exact);
	}
	heading(page, "At stake");
	paragraph(page, buf_view(&line));
	buf_free(&line);
}

/* The command that gives the same run again. */
static void print_command(Page *page)
{
	const ReadRun *run = page->run;
	Buf line = {0};
	buf_puts(&line, "To do it again: vouch audit DATA.db");
	for (size_t i = 0; i < page->runs.n; i++)
		buf_printf(&line, " -c %.*s", STR_ARG(page->runs.at[i].contract));
	buf_printf(&line, " --from %.*s --to %.*s", STR_ARG(run->from), STR_ARG(run->to));
	if (run->known_on.len > 0)
		buf_printf(&line, " --known-on %.*s", STR_ARG(run->known_on));
	if (run->provider.len > 0)
		buf_printf(&line, " --provider '%.*s'", STR_ARG(run->provider));
	buf_puts(&line, " -o CASE.db");
	paragraph(page, buf_view(&line));
	buf_free(&line);
}

/* What identifies the run, with which anybody can do it again. */
static void print_run(Page *page)
{
	static const LayoutColumn column[] = {{NULL, false, 0}, {NULL, false, 30}};
	const ReadRun *run = page->run;
	LayoutTable table;
	if (run == NULL)
		return;
	Buf dates = {0};
	layout_day(&dates, run->from);
	buf_puts(&dates, " to ");
	layout_day(&dates, run->to);
	buf_puts(&dates, run->known_on.len > 0 ? ", by what was known on " : "");
	layout_day(&dates, run->known_on);
	const struct { Str name, value; } line[] = {{STR("finding"), page->finding.id},
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

Status explain_print(CaseReader *reader, int64_t row, const ExplainOptions *options, Buf *out)
{
	Page page = {.reader = reader, .options = options, .arena = casereader_arena(reader),
		.out = out};
	Status status = load(&page, row);
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
	print_run(&page);
	return STATUS_OK;
}
