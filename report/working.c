/*
 * What all pages of a finding are made from. Lines of evidence are in the order in which the values
 * were worked out; those that are one field of three rows or more are put together in a table,
 * because a page of them in turn cannot be compared by eye.
 *
 *   evidence  1 visit.declared V1   ─┐                  together[1]   visits  declared  outcome
 *             2 visit.outcome  V1    ├─ a table of rows               V1      …         …
 *             3 visit.declared V2 …  ┘                                V2      …         …
 *             4 supported                               a line of its own
 *
 * Terminal, web page and pack print these, each in its own way, and none of them reads evidence
 * itself: what one shows, all show.
 */
#include "report/working.h"

#include <string.h>

#include "dsl/types.h"
#include "report/layout.h"

#define ROWS_TOGETHER 3 /* rows of one table with the same field, from which on they are a table */

/* The texts of a finding are SQLite's until the next query; a page needs several. */
static void keep_finding(ReadFinding *finding, Arena *arena)
{
	Str *const part[] = {&finding->id, &finding->run_id, &finding->contract, &finding->rule,
		&finding->version, &finding->written_in, &finding->title, &finding->clause,
		&finding->severity, &finding->verdict, &finding->dataset, &finding->key,
		&finding->provider, &finding->on, &finding->message, &finding->exact, &finding->assumed,
		&finding->missing, &finding->evidence, &finding->least_exact, &finding->most_exact,
		&finding->least_at, &finding->most_at};
	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		*part[i] = str_copy(arena, *part[i]);
}

/* Whether line i is one of a field's values in several rows of a table. A line with a note stays by
 * itself: in a cell there would be no room for it. Counting ends at ROWS_TOGETHER, as evidence of a
 * week may have hundreds of lines and each is held against all. */
static bool is_of_rows(const Working *working, size_t i)
{
	const ReadEvidence *line = &working->evidence[i];
	size_t rows = 0;
	if (line->table.len == 0 || line->key.len == 0 || line->note.len > 0)
		return false;
	for (size_t k = 0; k < working->nevidence && rows < ROWS_TOGETHER; k++) {
		const ReadEvidence *other = &working->evidence[k];
		rows += str_eq(other->name, line->name) && str_eq(other->table, line->table)
			&& str_eq(other->column, line->column) && !str_eq(other->key, line->key);
	}
	return rows + 1 >= ROWS_TOGETHER;
}

/* A case file holds several contracts (S68), so run and rule are found by the finding's own
 * contract. */
static void find_rule(Working *out, const ReadRuns *runs, const ReadRules *rules)
{
	const ReadFinding *finding = &out->finding;
	for (size_t i = 0; i < runs->n; i++)
		if (str_eq(runs->at[i].contract, finding->contract))
			out->run = &runs->at[i];
	for (size_t i = 0; i < rules->n; i++) {
		const ReadRule *rule = &rules->at[i];
		if (str_eq(rule->contract, finding->contract) && str_eq(rule->rule, finding->rule)
				&& str_eq(rule->version, finding->written_in))
			out->rule = rule;
	}
}

/* The finding is copied before anything else is read: the next query would take its texts away. */
Status working_load(CaseReader *reader, int64_t row, const ReadRuns *runs, const ReadRules *rules,
	Arena *arena, Working *out)
{
	*out = (Working){0};
	Status status = casereader_finding(reader, row, &out->finding);
	if (status != STATUS_OK)
		return status;
	keep_finding(&out->finding, arena);
	find_rule(out, runs, rules);
	status = casereader_evidence(reader, &out->finding, arena, &out->evidence, &out->nevidence);
	if (status != STATUS_OK)
		return status;
	out->together = ARENA_ARRAY(arena, bool, out->nevidence + 1);
	for (size_t i = 0; i < out->nevidence; i++)
		out->together[i] = is_of_rows(out, i);
	return casereader_remedies(reader, row, arena, &out->remedy, &out->nremedies);
}

/* Of values worked out, each stays: equal ones may be of different rows. */
bool working_repeats(const Working *working, size_t i)
{
	const ReadEvidence *b = &working->evidence[i];
	for (size_t k = 0; k < i && b->table.len > 0; k++) {
		const ReadEvidence *a = &working->evidence[k];
		if (str_eq(a->name, b->name) && str_eq(a->value, b->value) && str_eq(a->table, b->table)
				&& str_eq(a->key, b->key) && str_eq(a->column, b->column)
				&& str_eq(a->note, b->note))
			return true;
	}
	return false;
}

/* The table in the database, not the dataset of the rules: this is for whoever looks it up
 * there. */
Str working_origin(Arena *arena, const ReadEvidence *line)
{
	if (line->table.len == 0)
		return STR("");
	return str_format(arena, "%.*s %.*s%s%.*s", STR_ARG(line->table), STR_ARG(line->key),
		line->column.len > 0 ? ", " : "", STR_ARG(line->column));
}

/* ---- tables of rows ---- */

/*
 * The name alone will not do: two fields of different columns may be called alike in a message.
 * U+001F stands in no name.
 */
static Str field_id(Arena *arena, const ReadEvidence *line)
{
	return str_format(arena, "%.*s\x1f%.*s", STR_ARG(line->name), STR_ARG(line->column));
}

/* Fields and keys by number, in the order in which they were first used. */
typedef struct Gathered {
	StrMap field, key;
} Gathered;

/* How many fields and rows there are, before there is room for their values. */
static void count_rows(const Working *working, Str table, Arena *arena, Gathered *all)
{
	bool added;
	strmap_init(&all->field, arena);
	strmap_init(&all->key, arena);
	for (size_t i = 0; i < working->nevidence; i++) {
		const ReadEvidence *line = &working->evidence[i];
		if (!working->together[i] || !str_eq(line->table, table))
			continue;
		int32_t *field = strmap_at(&all->field, field_id(arena, line), &added);
		*field = added ? (int32_t)all->field.n - 1 : *field;
		int32_t *key = strmap_at(&all->key, line->key, &added);
		*key = added ? (int32_t)all->key.n - 1 : *key;
	}
}

/* A row that lacks a field keeps an empty cell; of a value that is told twice the last stays. */
static void gather(const Working *working, Arena *arena, WorkingRows *rows)
{
	Gathered all;
	count_rows(working, rows->table, arena, &all);
	size_t n = rows->nfields = all.field.n;
	rows->nkeys = all.key.n;
	rows->key = all.key.key;
	rows->field = ARENA_ARRAY(arena, Str, n + 1);
	rows->column = ARENA_ARRAY(arena, Str, n + 1);
	rows->value = ARENA_ARRAY(arena, Str, mem_product(n, rows->nkeys) + 1);
	for (size_t i = 0; i < working->nevidence; i++) {
		const ReadEvidence *line = &working->evidence[i];
		if (!working->together[i] || !str_eq(line->table, rows->table))
			continue;
		size_t field = (size_t)*strmap_get(&all.field, field_id(arena, line));
		size_t key = (size_t)*strmap_get(&all.key, line->key);
		rows->field[field] = line->name;
		rows->column[field] = line->column;
		rows->value[key * n + field] = line->value;
	}
}

/* A table stands where the first of its lines stood; lines behind it that are of a table already
 * told are passed over. */
bool working_rows(const Working *working, size_t *at, Arena *arena, WorkingRows *out)
{
	for (; *at < working->nevidence; ++*at) {
		bool told = !working->together[*at];
		for (size_t k = 0; k < *at && !told; k++)
			told = working->together[k] && str_eq(working->evidence[k].table,
				working->evidence[*at].table);
		if (told)
			continue;
		*out = (WorkingRows){.table = working->evidence[*at].table};
		gather(working, arena, out);
		++*at;
		return true;
	}
	return false;
}

/* ---- sentences ---- */

/* "; " parts facts, and no name of a field or row has it. */
Str working_next_fact(Str *rest)
{
	for (size_t i = 0; i + 1 < rest->len; i++) {
		if (rest->ptr[i] != ';' || rest->ptr[i + 1] != ' ')
			continue;
		Str fact = {rest->ptr, i};
		*rest = (Str){rest->ptr + i + 2, rest->len - i - 2};
		return fact;
	}
	Str fact = *rest;
	*rest = (Str){rest->ptr, 0};
	return fact;
}

/*
 * The exact sum, and how it became whole pence. A sum below zero is owed to the provider: the
 * sign is put into words so that nobody has to know which way it counts (S70).
 */
void working_stake(const ReadFinding *finding, Buf *out)
{
	Ratio exact, pence;
	if (!finding->has_stake) {
		if (!str_eq(finding->verdict, STR("not_assessed")))
			buf_puts(out, "no sum: the rule puts none at stake, or what it needs is missing");
		return;
	}
	layout_pence(out, finding->pence < 0 ? -finding->pence : finding->pence);
	buf_puts(out, finding->pence < 0 ? " owed to the provider" : " claimed beyond what is"
		" supported");
	if (layout_ratio(finding->exact, &exact) && ratio_mul(exact, (Ratio){100, 1}, &pence)) {
		buf_puts(out, pence.d == 1 ? "; exact" : "; before rounding to the nearest penny, halves"
			" away from zero: ");
		if (pence.d != 1)
			layout_exact(out, finding->exact);
	}
}

/* "£11.30, with spent of log L1 0 minutes" */
void working_bound(const ReadFinding *finding, WorkingSide side, Buf *out)
{
	bool least = side == WORKING_LEAST, has = least ? finding->has_least : finding->has_most;
	Str exact = least ? finding->least_exact : finding->most_exact;
	Str at = least ? finding->least_at : finding->most_at;
	Ratio q, whole;
	if (!finding->has_least && !finding->has_most)
		return;
	buf_puts(out, least ? "at least: " : "at most: ");
	if (!has)
		buf_puts(out, "there is no bound: a fact that is missing has no declared range");
	else
		layout_pence(out, least ? finding->least_pence : finding->most_pence);
	if (has && layout_ratio(exact, &q) && ratio_mul(q, (Ratio){100, 1}, &whole) && whole.d != 1) {
		buf_puts(out, " (exactly ");
		layout_exact(out, exact);
		buf_puts(out, ")");
	}
	if (at.len > 0)
		buf_printf(out, ", with %.*s", STR_ARG(at));
}

const char working_held[] = "Only the value of that one fact is changed: which rows are linked with"
	" each other, which are matched, and what stands in bank accounts are held as they are.";

/* Quantities are more or less, times are later or earlier; there is nothing less than nothing. */
void working_remedy(const ReadRemedy *remedy, Buf *out)
{
	Type type;
	Ratio q = {1, 1};
	bool quantity = quantity_read(remedy->value, &type, &q);
	buf_printf(out, "%.*s of ", STR_ARG(remedy->field));
	layout_subject(out, remedy->dataset, remedy->key);
	buf_printf(out, ": %.*s", STR_ARG(remedy->value));
	if (remedy->more)
		buf_puts(out, quantity ? " or more" : " or later");
	else if (q.n != 0)
		buf_puts(out, quantity ? " or less" : " or earlier");
	buf_printf(out, "; recorded: %.*s", STR_ARG(remedy->recorded));
}

/* DATA.db and CASE.db are left to be filled in: where files lie now nobody here knows. */
void working_command(const ReadRuns *runs, const ReadRun *run, Buf *out)
{
	buf_puts(out, "vouch audit DATA.db");
	for (size_t i = 0; i < runs->n; i++)
		buf_printf(out, " -c %.*s", STR_ARG(runs->at[i].contract));
	buf_printf(out, " --from %.*s --to %.*s", STR_ARG(run->from), STR_ARG(run->to));
	if (run->known_on.len > 0)
		buf_printf(out, " --known-on %.*s", STR_ARG(run->known_on));
	if (run->provider.len > 0)
		buf_printf(out, " --provider '%.*s'", STR_ARG(run->provider));
	buf_puts(out, " -o CASE.db");
}
