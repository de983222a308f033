/*
 * The summary is made to be read at once: 45 lines of 100 columns. Tables that do not fit are
 * cut to what found most, and say so.
 *
 *   dates, contracts │ rows by table │ rules by contract │ money │ assumed │ what to type next
 *
 *   run, rule_result, dataset_result, claim, rule_total ──load──> Summary ──print──> out
 *
 * But for one count (load_beyond) nothing is worked out from findings here: their sums and
 * counts stand in the case file, so that a summary of very many findings is as quick as any.
 */
#include "report/summary.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "report/ask.h"
#include "report/banks.h"
#include "report/kpis.h"
#include "report/layout.h"

#define WIDTH 100
#define LINES 45         /* of the screen that it should fit … */
#define OTHER_LINES 21   /* … less those that are always there */
#define RULES_LEAST 10   /* rules that found most are shown; the rest are counted */
#define ASSUMED_SHOWN 3
#define CONTRACTS_SHOWN 4
#define DAYS_BEYOND 7    /* of the window behind the last row, from which on it is said */
#define TITLE 1          /* column of a rule's title */

/* All that is printed, read before anything is: a file that breaks off gives no half a summary. */
typedef struct Summary {
	const SummaryOptions *options;
	int width;
	ReadRuns runs;
	ReadRules rules;
	ReadDatasets datasets;
	ReadAssumptions assumed;
	CaseClaim claim;
	int64_t beyond;      /* failed findings of days behind the last row of the data */
	Arena *arena;
	Buf *out;
} Summary;

/* The contract whose data reach furthest. ISO dates compare as texts, and a contract of which
 * nothing was judged has an empty one, which is before all others. */
static const ReadRun *furthest(const ReadRuns *runs)
{
	const ReadRun *out = &runs->at[0];
	for (size_t i = 1; i < runs->n; i++)
		if (str_cmp(runs->at[i].data_to, out->data_to) > 0)
			out = &runs->at[i];
	return out;
}

/* Zero where the window ends with the data, more or less. */
static int32_t days_beyond(const ReadRun *run)
{
	int32_t last, to;
	bool known = day_parse(run->data_to, &last) == READ_OK && day_parse(run->to, &to) == READ_OK;
	return known && to - last >= DAYS_BEYOND ? to - last : 0;
}

/* Counted only where the window goes on behind the data: the query walks the findings of the
 * run. */
static Status load_beyond(CaseReader *reader, Str run_id, Summary *summary)
{
	sqlite3_stmt *stmt;
	const ReadRun *run = furthest(&summary->runs);
	if (days_beyond(run) == 0)
		return STATUS_OK;
	if (sqlite3_prepare_v2(casereader_database(reader), "SELECT count(*) FROM finding WHERE"
	    " run_id = ?1 AND verdict = 'fail' AND on_date > ?2", -1, &stmt, NULL) != SQLITE_OK)
		return casereader_unreadable(reader);
	sqlite3_bind_text(stmt, 1, run_id.ptr, (int)run_id.len, SQLITE_TRANSIENT);
	sqlite3_bind_text(stmt, 2, run->data_to.ptr, (int)run->data_to.len, SQLITE_TRANSIENT);
	bool read = sqlite3_step(stmt) == SQLITE_ROW;
	summary->beyond = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return read ? STATUS_OK : casereader_unreadable(reader);
}

/* casereader_totals fills sums into the rules, so it comes behind casereader_rules. */
static Status load(CaseReader *reader, Str run_id, Summary *summary)
{
	Status status = casereader_contracts(reader, run_id, &summary->runs);
	if (status == STATUS_OK)
		status = casereader_rules(reader, run_id, &summary->rules);
	if (status == STATUS_OK)
		status = casereader_datasets(reader, run_id, &summary->datasets);
	if (status == STATUS_OK)
		status = casereader_claim(reader, run_id, &summary->claim);
	if (status == STATUS_OK)
		status = casereader_totals(reader, run_id, &summary->rules, &summary->assumed);
	if (status == STATUS_OK)
		status = load_beyond(reader, run_id, summary);
	return status;
}

/* Rules that look for what is absent accuse in weeks that nobody could have submitted yet. A week
 * is the shortest period that contracts ask about. */
static void print_reach(Summary *summary)
{
	const ReadRun *run = furthest(&summary->runs);
	if (days_beyond(run) == 0)
		return;
	Buf line = {0};
	buf_printf(&line, "The last %.*s is of ", STR_ARG(run->data_of));
	layout_day(&line, run->data_to);
	buf_puts(&line, ", and the window ends ");
	layout_day(&line, run->to);
	buf_printf(&line, ": what is absent after the last %.*s is not evidence.",
		STR_ARG(run->data_of));
	if (summary->beyond > 0) {
		buf_char(&line, ' ');
		layout_plural(&line, summary->beyond, "failed finding is", "failed findings are");
		buf_printf(&line, " of later days; `--to %.*s` leaves them out.", STR_ARG(run->data_to));
	}
	layout_wrap(summary->out, layout_cleaned(summary->arena, buf_view(&line)), 0, summary->width);
	buf_free(&line);
}

/* What the figures below hold for: dates, what was known, whom, and by which contracts. */
static void print_head(Summary *summary)
{
	const ReadRun *run = &summary->runs.at[0];
	Buf *out = summary->out;
	buf_puts(out, "Audit from ");
	layout_day(out, run->from);
	buf_puts(out, " to ");
	layout_day(out, run->to);
	if (run->known_on.len > 0) {
		buf_puts(out, ", by what was known on ");
		layout_day(out, run->known_on);
	}
	if (run->provider.len > 0) {
		buf_puts(out, ", provider ");
		layout_clean(out, run->provider);
		buf_puts(out, " alone");
	}
	buf_printf(out, " (run %.*s)\n", STR_ARG(run->run_id));
	for (size_t i = 0; i < summary->runs.n && i < CONTRACTS_SHOWN; i++) {
		const ReadRun *one = &summary->runs.at[i];
		Str line = str_format(summary->arena, "%.*s %.*s: %.*s, %.*s", STR_ARG(one->contract),
			STR_ARG(one->version), STR_ARG(one->title), STR_ARG(one->council));
		layout_wrap(out, layout_cleaned(summary->arena, line), 2, summary->width);
	}
	if (summary->runs.n > CONTRACTS_SHOWN)
		buf_printf(out, "  and %zu contracts more\n", summary->runs.n - CONTRACTS_SHOWN);
	print_reach(summary);
}

/* With thousands set apart, as everywhere in reports. */
static void cell_number(LayoutTable *table, int64_t n)
{
	Buf buf = {0};
	layout_number(&buf, n);
	layout_cell(table, buf_view(&buf));
	buf_free(&buf);
}

/* Into the line below all tables; events of reading have a line of their own. */
static void add_dataset(ReadDataset *all, const ReadDataset *row)
{
	all->read += row->read;
	all->judged += row->judged;
	all->rejected += row->rejected;
	all->superseded += row->superseded;
	all->not_known += row->not_known;
	all->left_out += row->left_out;
	all->values_rejected += row->values_rejected;
	all->orphan_links += row->orphan_links;
}

/* What else may become of a row; said only where it became of some. */
static const struct {
	const char *title;
	size_t at;
} rare[] = {{"left out", offsetof(ReadDataset, left_out)},
	{"superseded", offsetof(ReadDataset, superseded)},
	{"not yet known", offsetof(ReadDataset, not_known)}};

enum { RARE = sizeof rare / sizeof *rare };

/* By its place in the structure, so that each kind of loss is named in one table. */
static int64_t rare_number(const ReadDataset *row, int which)
{
	return *(const int64_t *)(const void *)((const char *)row + rare[which].at);
}

/* `all` decides which columns there are: a column that is 0 throughout is not shown. The three that
 * speak of faults are always there, because their 0 is what somebody wants to see. */
static void print_dataset(Summary *summary, LayoutTable *table, const ReadDataset *row,
	const ReadDataset *all)
{
	layout_cell(table, str_format(summary->arena, "  %.*s", STR_ARG(row->dataset)));
	layout_cell(table, row->table);
	cell_number(table, row->read);
	cell_number(table, row->judged);
	for (int k = 0; k < RARE; k++)
		if (rare_number(all, k) > 0)
			cell_number(table, rare_number(row, k));
	cell_number(table, row->rejected);
	cell_number(table, row->values_rejected);
	cell_number(table, row->orphan_links);
}

/* rows read = judged + left out + superseded + not yet known + rejected, table by table. */
static void print_datasets(Summary *summary)
{
	LayoutColumn column[7 + RARE] = {{"What was read", false, 12}, {"table", false, 8},
		{"read", true, 0}, {"judged", true, 0}};
	static const char *const last[] = {"rejected", "bad values", "bad links"};
	LayoutTable table;
	ReadDataset all = {.dataset = STR("all"), .table = STR("")};
	int n = 4;
	for (size_t i = 0; i < summary->datasets.n; i++)
		add_dataset(&all, &summary->datasets.at[i]);
	for (int k = 0; k < RARE; k++)
		if (rare_number(&all, k) > 0)
			column[n++] = (LayoutColumn){rare[k].title, true, 0};
	for (int k = 0; k < 3; k++)
		column[n++] = (LayoutColumn){last[k], true, 0};
	layout_begin(&table, summary->arena, column, n);
	table.indent = 0;
	for (size_t i = 0; i < summary->datasets.n; i++)
		print_dataset(summary, &table, &summary->datasets.at[i], &all);
	if (summary->datasets.n > 1)
		print_dataset(summary, &table, &all, &all);
	buf_char(summary->out, '\n');
	layout_end(&table, summary->out, summary->width);
}

/* Events of reading that change no row, said only when there were any. A clock time that does not
 * exist or exists twice is of the night on which the clocks change, and whoever doubts a
 * finding of that night should know. */
static void print_events(Summary *summary)
{
	int64_t cut = 0, absent = 0, twice = 0, rounded = 0;
	for (size_t i = 0; i < summary->datasets.n; i++) {
		const ReadDataset *row = &summary->datasets.at[i];
		cut += row->seconds_cut;
		absent += row->clock_absent;
		twice += row->clock_twice;
		rounded += row->read_to;
	}
	const struct { int64_t n; const char *one, *many; } event[] = {
		{cut, "time was cut to whole seconds", "times were cut to whole seconds"},
		{absent, "clock time does not exist (spring)", "clock times do not exist (spring)"},
		{twice, "clock time exists twice (autumn)", "clock times exist twice (autumn)"},
		{rounded, "decimal was read to the places declared", "decimals were read to the places"
			" declared"}};
	Buf line = {0};
	for (int i = 0; i < 4; i++) {
		if (event[i].n == 0)
			continue;
		buf_puts(&line, line.n > 0 ? "; " : "");
		layout_plural(&line, event[i].n, event[i].one, event[i].many);
	}
	if (line.n > 0)
		layout_wrap(summary->out, buf_view(&line), 2, summary->width);
	buf_free(&line);
}

/* What somebody has to look at. */
static int64_t found(const ReadRule *rule)
{
	return rule->failed + rule->not_assessed + rule->conflict;
}

/* Rules that still fit: contracts stand twice, and tables and what is assumed once each.
 * RULES_LEAST at any rate: a summary that is too long is better than one without findings. */
static size_t rules_shown(const Summary *summary)
{
	size_t assumed = summary->assumed.n < ASSUMED_SHOWN ? summary->assumed.n : ASSUMED_SHOWN;
	size_t taken = OTHER_LINES + 2 * summary->runs.n + summary->datasets.n + assumed;
	return taken + RULES_LEAST < LINES ? LINES - taken : RULES_LEAST;
}

/*
 * The least number of findings that a rule must have to be shown, so that few enough are:
 *
 *   findings of the rules   0 0 0 2 2 5 9       room for 4
 *   least                   0: 7 rules   1: 4 rules, and that is it
 *
 * Each step leaves out all rules with the fewest findings; of equals either all are shown or none,
 * so that the order of the rules decides nothing. It ends, since nothing at last is few enough.
 */
static int64_t threshold(const Summary *summary)
{
	const ReadRules *rules = &summary->rules;
	int64_t least = 0;
	for (;;) {
		size_t shown = 0;
		int64_t next = INT64_MAX;
		for (size_t i = 0; i < rules->n; i++) {
			int64_t n = found(&rules->at[i]);
			shown += n >= least;
			if (n >= least && n < next)
				next = n;
		}
		if (shown <= rules_shown(summary))
			return least;
		least = next + 1;
	}
}

/* £1,234 for the council, and what speaks for the provider with a minus. Both are shown where there
 * are both: set off against each other, two large sums could look like none. Rounded to whole pence
 * here and only here, halves away from zero. */
static void cell_stake(LayoutTable *table, const ReadRule *rule)
{
	Ratio pence;
	Buf buf = {0};
	const Ratio *const side[] = {&rule->over, &rule->under};
	for (int i = 0; i < 2; i++) {
		if (side[i]->n == 0 || !ratio_mul(*side[i], (Ratio){100, 1}, &pence)
				|| !ratio_round(pence, (Ratio){1, 1}, ROUND_HALF_AWAY, &pence) || !fits64(pence.n))
			continue;
		buf_puts(&buf, buf.n > 0 ? " " : "");
		layout_pence(&buf, i == 0 ? (int64_t)pence.n : -(int64_t)pence.n);
	}
	layout_cell(table, buf_view(&buf));
	buf_free(&buf);
}

/* All five verdicts, also those that are 0: they add up to what the rule looked at (law 5). */
static void cells_of_rule(Summary *summary, LayoutTable *table, const ReadRule *rule, bool several)
{
	layout_cell(table, several ? str_format(summary->arena, "  %.*s (%.*s)", STR_ARG(rule->rule),
		STR_ARG(rule->version)) : str_format(summary->arena, "  %.*s", STR_ARG(rule->rule)));
	layout_cell(table, rule->title);
	layout_cell(table, rule->severity);
	cell_number(table, rule->passed);
	cell_number(table, rule->failed);
	cell_number(table, rule->not_assessed);
	cell_number(table, rule->not_applicable);
	cell_number(table, rule->conflict);
	cell_stake(table, rule);
}

/* Whether the rule was written anew by an amendment: its texts stand together, a line each. Rules
 * come sorted by contract and as declared, so its neighbours are enough to look at. */
static bool has_texts(const Summary *summary, size_t i)
{
	const ReadRule *rule = summary->rules.at;
	bool before = i > 0 && str_eq(rule[i].rule, rule[i - 1].rule)
		&& str_eq(rule[i].contract, rule[i - 1].contract);
	bool after = i + 1 < summary->rules.n && str_eq(rule[i].rule, rule[i + 1].rule)
		&& str_eq(rule[i].contract, rule[i + 1].contract);
	return before || after;
}

/* Columns that the numbers and sums of a rule's line leave to its title. */
static int title_room(const Summary *summary, const LayoutTable *table)
{
	int used = 0;
	for (int c = 0; c < table->ncolumns; c++)
		used += (c == TITLE ? 0 : layout_width(table, c)) + (c > 0 ? 2 : 0);
	return summary->width - used > 12 ? summary->width - used : 12;
}

/* A rule is one line: its title is cut rather than wrapped. */
static void cut_titles(const Summary *summary, LayoutTable *table)
{
	int room = title_room(summary, table);
	for (size_t i = TITLE; i < table->cell.n; i += (size_t)table->ncolumns) {
		Buf buf = {0};
		if (table->cell.at[i].ptr == NULL)
			continue;
		layout_cut(&buf, table->cell.at[i], room);
		table->cell.at[i] = buf_keep(&buf, summary->arena);
	}
}

/* Rules in the order of their contract, those left out counted. layout_end gets no width: titles
 * were cut to what the numbers leave, and a line must not be broken on top of that. */
static void print_rules(Summary *summary)
{
	static const LayoutColumn column[] = {{"Rule", false, 0}, {"title", false, 0},
		{"severity", false, 0}, {"passed", true, 0}, {"failed", true, 0}, {"not assessed", true, 0},
		{"not applicable", true, 0}, {"conflict", true, 0}, {"at stake", true, 0}};
	LayoutTable table;
	int64_t least = threshold(summary);
	size_t hidden = 0;
	Str contract = STR("");
	layout_begin(&table, summary->arena, column, 9);
	table.indent = 0;
	for (size_t i = 0; i < summary->rules.n; i++) {
		const ReadRule *rule = &summary->rules.at[i];
		if (found(rule) < least) {
			hidden++;
			continue;
		}
		if (summary->runs.n > 1 && !str_eq(rule->contract, contract))
			layout_span(&table, rule->contract);
		contract = rule->contract;
		cells_of_rule(summary, &table, rule, has_texts(summary, i));
	}
	cut_titles(summary, &table);
	buf_char(summary->out, '\n');
	layout_end(&table, summary->out, 0);
	if (hidden > 0)
		buf_printf(summary->out, "  and %zu rules more, with %s findings: see rule_result in the"
			" case file\n", hidden, least == 1 ? "no" : "fewer");
}

/* Law 14: the sum over the rules would count some visits twice, so it is the claim of the run that
 * is shown. Without a finding there is no money to speak of, and no line that says £0.00. */
static void print_money(Summary *summary)
{
	const CaseClaim *claim = &summary->claim;
	Buf *out = summary->out;
	int64_t ends = 0;
	for (size_t i = 0; i < summary->rules.n; i++)
		ends += summary->rules.at[i].failed + summary->rules.at[i].conflict;
	if (ends == 0)
		return;
	Buf line = {0};
	buf_puts(&line, "At stake, each visit's money counted once: ");
	layout_pence(&line, claim->over_pence);
	buf_puts(&line, " claimed beyond what the evidence supports; ");
	layout_pence(&line, claim->under_pence);
	buf_puts(&line, " owed to providers");
	if (claim->without_sum > 0) {
		buf_puts(&line, "; and ");
		layout_plural(&line, claim->without_sum, "finding without a sum", "findings without a sum");
	}
	buf_char(out, '\n');
	layout_wrap(out, buf_view(&line), 0, summary->width);
	buf_free(&line);
}

/* "12 not assessed, between £0.00 and £113.00 at stake; 3 of them without a bound". Each with its
 * own sum: what visits have in common is counted for each of them. */
static void print_bounds(Summary *summary, const AskTotals *totals)
{
	Buf line = {0};
	if (totals->findings == 0)
		return;
	layout_number(&line, totals->findings);
	buf_puts(&line, " not assessed");
	if (totals->open < totals->findings) {
		buf_puts(&line, ", between ");
		layout_pence(&line, stake_pence(totals->least));
		buf_puts(&line, " and ");
		layout_pence(&line, stake_pence(totals->most));
		buf_puts(&line, " at stake");
	}
	if (totals->open > 0) {
		buf_puts(&line, "; ");
		layout_number(&line, totals->open);
		buf_puts(&line, " of them without a bound");
	}
	buf_puts(&line, " (`vouch findings --ask-for` lists the evidence to ask for)");
	layout_wrap(summary->out, buf_view(&line), 0, summary->width);
	buf_free(&line);
}

/* Law 11, with the figure that most findings rest on first. The number in front is of findings, and
 * a finding may rest on several, so the lines may come to more than the sum above them. */
static void print_assumed(Summary *summary)
{
	const ReadAssumptions *assumed = &summary->assumed;
	Buf *out = summary->out;
	if (assumed->n == 0)
		return;
	buf_char(out, '\n');
	layout_plural(out, assumed->findings, "finding rests", "findings rest");
	buf_puts(out, " on figures that no document gives\n");
	for (size_t i = 0; i < assumed->n && i < ASSUMED_SHOWN; i++) {
		Buf line = {0};
		layout_number(&line, assumed->at[i].findings);
		buf_puts(&line, ": ");
		layout_clean(&line, assumed->at[i].what);
		buf_puts(out, "  ");
		layout_cut(out, buf_view(&line), summary->width - 2);
		buf_char(out, '\n');
		buf_free(&line);
	}
	if (assumed->n > ASSUMED_SHOWN)
		buf_printf(out, "  and %zu more; `vouch check --assumed` lists them all\n",
			assumed->n - ASSUMED_SHOWN);
}

/* A path as it can be typed: in quotes when the shell would take it apart. */
static Str typed(Arena *arena, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		"/._-+,:@%";
	if (*path != '\0' && strspn(path, plain) == strlen(path))
		return str_of(path);
	Buf buf = {0};
	buf_char(&buf, '\'');
	for (; *path != '\0'; path++) {
		if (*path == '\'')
			buf_puts(&buf, "'\\''");
		else
			buf_char(&buf, *path);
	}
	buf_char(&buf, '\'');
	Str s = layout_cleaned(arena, buf_view(&buf));
	buf_free(&buf);
	return s;
}

/* Commands that can be typed as they stand, on the rule that failed most: `first` is the finding
 * that vouch findings would list first. */
static void print_next(CaseReader *reader, Summary *summary)
{
	Str path = typed(summary->arena, summary->options->case_path);
	const ReadRule *most = NULL;
	for (size_t i = 0; i < summary->rules.n; i++) {
		const ReadRule *rule = &summary->rules.at[i];
		if (rule->first.len > 0 && (most == NULL || rule->failed > most->failed))
			most = rule;
	}
	buf_printf(summary->out, "\nThe findings are in %.*s", STR_ARG(path));
	if (most == NULL) {
		buf_puts(summary->out, ": there are none\n");
		return;
	}
	buf_printf(summary->out, "; next\n  vouch findings %.*s --rule %.*s\n  vouch explain %.*s"
		" %.*s\n", STR_ARG(path), STR_ARG(most->rule), STR_ARG(path),
		STR_ARG(casereader_short_id(reader, most->first)));
}

/*
 * Parts that have nothing to say are left out, so that a small audit has a short summary:
 *
 *   Audit from 28 April 2025 to 30 September 2025 (run …)      always
 *   What was read   table   read  judged  rejected …           always; rare columns when not 0
 *   2 clock times exist twice (autumn)                         only events that there were
 *   Rule  title  severity  passed  failed …  at stake          as many as fit, the others counted
 *   At stake, each visit's money counted once: …               when anything failed
 *   12 not assessed, between £0 and £113 at stake              when there are bounds
 *   banks, KPIs                                                when the contract has them
 *   5 findings rest on figures that no document gives          when they do
 *   The findings are in case.db; next …                        always
 */
Status summary_print(CaseReader *reader, Str run_id, const SummaryOptions *options, Buf *out)
{
	int width = options->width > 0 && options->width < WIDTH ? options->width : WIDTH;
	Summary summary = {.options = options, .width = width, .arena = casereader_arena(reader),
		.out = out};
	Status status = load(reader, run_id, &summary);
	if (status != STATUS_OK)
		return status;
	print_head(&summary);
	if (options->again)
		buf_puts(out, "  The case file has this run already: same rules, same data, same dates."
			" Nothing was added.\n");
	print_datasets(&summary);
	print_events(&summary);
	print_rules(&summary);
	print_money(&summary);
	AskTotals totals;
	status = ask_totals(reader, run_id, &totals);
	if (status != STATUS_OK)
		return status;
	print_bounds(&summary, &totals);
	status = banks_summary(reader, run_id, width, out);
	if (status == STATUS_OK)
		status = kpis_summary(reader, run_id, out);
	if (status != STATUS_OK)
		return status;
	print_assumed(&summary);
	print_next(reader, &summary);
	return STATUS_OK;
}
