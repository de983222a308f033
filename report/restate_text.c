/*
 * Two runs held against each other, for people.
 *
 *   changed
 *     JXBMQ56DSK  T1    failed        2025-04-02  visit V1     £10.00 before, £5.00 now
 *         Declared 45 minutes for A
 *         visit.declared: 1 hour before, 45 minutes now
 *
 *                    findings  for the council           for providers
 *     new                   1            £3.00                   £0.00
 *     …
 */
#include "report/layout.h"
#include "report/restate.h"

#define FACTS_SHOWN 12 /* of one finding: a sum over a week may rest on a hundred rows */

/* One buffer for all lines, written and emptied after each finding. */
typedef struct Text {
	const RestateRuns *runs;
	Arena *arena;
	int kind;               /* of the finding before; -1: none */
	Buf line;
} Text;

/* A long list begins to show while the rest of it is still read. */
static void write_out(Text *t)
{
	fwrite(t->line.at, 1, t->line.n, t->runs->options->out);
	buf_clear(&t->line);
}

/* "run D3PFDWHGQ1EXKKBR, by what was known on 9 April 2025" */
static void put_run(Buf *line, const ReadRun *run)
{
	buf_printf(line, "run %.*s", STR_ARG(run->run_id));
	buf_puts(line, run->known_on.len > 0 ? ", by what was known on " : ", by all that was there");
	layout_day(line, run->known_on);
}

/* Their ids and what they knew: days and contracts are the same most often. */
static void text_begin(void *user)
{
	Text *t = user;
	Buf line = {0};
	put_run(&line, t->runs->before);
	buf_puts(&line, ": before");
	layout_wrap(&t->line, buf_view(&line), 0, t->runs->options->width);
	buf_clear(&line);
	put_run(&line, t->runs->after);
	buf_puts(&line, ": now");
	layout_wrap(&t->line, buf_view(&line), 0, t->runs->options->width);
	buf_free(&line);
	write_out(t);
}

/* ---- one finding ---- */

/* A sum that is not known is no £0.00 (S71). */
static void put_pence(Buf *line, const ReadFinding *finding)
{
	if (finding->has_stake)
		layout_pence(line, finding->pence);
	else
		buf_puts(line, "no sum");
}

/* One sum where there is one, or where both are the same. */
static void put_sums(Buf *line, const RestateItem *item)
{
	const ReadFinding *before = item->before, *after = item->after;
	if (before == NULL || after == NULL || (before->has_stake == after->has_stake &&
	    before->pence == after->pence)) {
		if (item->any->has_stake)
			layout_pence(line, item->any->pence);
		return;
	}
	put_pence(line, before);
	buf_puts(line, " before, ");
	put_pence(line, after);
	buf_puts(line, " now");
}

/* id, rule, verdict, date, subject, sum: as in a list of findings, without its look ahead for the
 * widths. */
static void put_head(Text *t, const RestateItem *item)
{
	const ReadFinding *finding = item->any;
	Buf cell = {0};
	buf_puts(&t->line, "  ");
	layout_pad(&t->line, item->short_id, 12, false);
	if (t->runs->several)
		buf_printf(&cell, "%.*s ", STR_ARG(finding->contract));
	buf_str(&cell, finding->rule);
	layout_pad(&t->line, buf_view(&cell), t->runs->several ? 24 : 6, false);
	layout_pad(&t->line, list_verdict(finding->verdict), 14, false);
	layout_pad(&t->line, finding->on, 12, false);
	buf_clear(&cell);
	layout_subject(&cell, finding->dataset, finding->key);
	layout_pad(&t->line, buf_view(&cell), 20, false);
	buf_puts(&t->line, "  ");
	put_sums(&t->line, item);
	while (t->line.n > 0 && t->line.at[t->line.n - 1] == ' ')
		t->line.n--;
	buf_char(&t->line, '\n');
	buf_free(&cell);
}

/* Texts of the data are made harmless here, and only here. */
static void put_paragraph(Text *t, const char *label, Str text)
{
	Buf line = {0};
	if (text.len == 0)
		return;
	buf_puts(&line, label);
	layout_clean(&line, text);
	layout_wrap(&t->line, buf_view(&line), 6, t->runs->options->width);
	buf_free(&line);
}

/* What could not be assessed may have no message: then what is missing stands in its place. */
static Str what(const ReadFinding *finding)
{
	return finding->message.len > 0 ? finding->message : finding->missing;
}

/* The key tells the rows of one dataset apart: visit.declared (V1). */
static void put_fact(Text *t, const RestateFact *fact)
{
	Buf line = {0};
	buf_str(&line, fact->name);
	if (fact->key.len > 0)
		buf_printf(&line, " (%.*s)", STR_ARG(fact->key));
	buf_puts(&line, ": ");
	buf_str(&line, fact->before.len > 0 ? fact->before : STR("nothing"));
	buf_puts(&line, " before, ");
	buf_str(&line, fact->after.len > 0 ? fact->after : STR("nothing"));
	buf_puts(&line, " now");
	put_paragraph(t, "", buf_view(&line));
	buf_free(&line);
}

/* Verdict and message only where they differ; the facts always do. */
static void put_changes(Text *t, const RestateItem *item)
{
	const ReadFinding *before = item->before, *after = item->after;
	if (!str_eq(before->verdict, after->verdict)) {
		Buf line = {0};
		buf_printf(&line, "verdict: %.*s before, ", STR_ARG(list_verdict(before->verdict)));
		buf_printf(&line, "%.*s now", STR_ARG(list_verdict(after->verdict)));
		put_paragraph(t, "", buf_view(&line));
		buf_free(&line);
	}
	if (str_eq(what(before), what(after))) {
		put_paragraph(t, "", what(after));
	} else {
		put_paragraph(t, "before: ", what(before));
		put_paragraph(t, "now: ", what(after));
	}
	for (size_t i = 0; i < item->nfacts && i < FACTS_SHOWN; i++)
		put_fact(t, &item->fact[i]);
	if (item->nfacts > FACTS_SHOWN)
		buf_printf(&t->line, "      and %zu facts more\n", item->nfacts - FACTS_SHOWN);
}

/* A title before the first of its kind; kinds come one after the other. */
static void text_item(void *user, const RestateItem *item)
{
	Text *t = user;
	if (t->kind != (int)item->kind)
		buf_printf(&t->line, "\n%s\n", restate_word[item->kind]);
	t->kind = (int)item->kind;
	put_head(t, item);
	if (item->kind == RESTATE_CHANGED)
		put_changes(t, item);
	else
		put_paragraph(t, "", what(item->any));
	write_out(t);
}

/* ---- totals ---- */

/* 0 is said: an empty cell would leave open whether there are none. In a table of five lines that
 * costs nothing, where a long one would drown in zeros. */
static void cell_count(LayoutTable *table, int64_t n)
{
	Buf buf = {0};
	layout_number(&buf, n);
	layout_cell(table, buf_view(&buf));
	buf_free(&buf);
}

/* Pounds and pence, whole to the penny: rounded when all was added up, not here. */
static void cell_pence(LayoutTable *table, int64_t pence)
{
	Buf buf = {0};
	layout_pence(&buf, pence);
	layout_cell(table, buf_view(&buf));
	buf_free(&buf);
}

/* Both directions of money stand beside each other and are never set off: what providers are
 * owed is no discount on what councils overpaid. */
static void put_row(LayoutTable *table, const char *word, int64_t findings,
	const RestateSum *before, const RestateSum *after)
{
	layout_cell(table, str_of(word));
	cell_count(table, findings);
	cell_pence(table, restate_over(before));
	cell_pence(table, restate_over(after));
	cell_pence(table, restate_under(before));
	cell_pence(table, restate_under(after));
}

/* Findings one by one: a visit that fails two rules counts twice here. */
static void put_totals(Text *t, const RestateTotals *totals)
{
	static const LayoutColumn column[] = {{"", false, 0}, {"findings", true, 0},
		{"for the council before", true, 10}, {"now", true, 0},
		{"for providers before", true, 10}, {"now", true, 0}};
	LayoutTable table;
	RestateSum before = totals->same, after = totals->same;
	int64_t findings = totals->unchanged;
	layout_begin(&table, t->arena, column, 6);
	for (int k = 0; k < RESTATE_KINDS; k++) {
		put_row(&table, restate_word[k], totals->findings[k], &totals->before[k],
			&totals->after[k]);
		restate_add(&before, &totals->before[k]);
		restate_add(&after, &totals->after[k]);
		findings += totals->findings[k];
	}
	put_row(&table, "unchanged", totals->unchanged, &totals->same, &totals->same);
	put_row(&table, "all", findings, &before, &after);
	buf_char(&t->line, '\n');
	layout_end(&table, &t->line, t->runs->options->width);
	if (before.without_sum + after.without_sum > 0)
		buf_printf(&t->line, "  findings whose sum is not known: %lld before, %lld now\n",
			(long long)before.without_sum, (long long)after.without_sum);
}

/* "£40.00 before, £23.33 now, £16.67 less" */
static void put_claim(Buf *line, int64_t before, int64_t now, const char *whose)
{
	layout_pence(line, before);
	buf_puts(line, " before, ");
	layout_pence(line, now);
	buf_puts(line, " now, ");
	if (now == before) {
		buf_puts(line, "the same");
	} else {
		layout_pence(line, now > before ? now - before : before - now);
		buf_puts(line, now > before ? " more" : " less");
	}
	buf_puts(line, whose);
}

/* The last line is what a council asks first. It is not the sum of the table, in which a visit that
 * fails two rules counts twice. */
static void text_end(void *user, const RestateTotals *totals)
{
	Text *t = user;
	const CaseClaim *before = &t->runs->claim_before, *after = &t->runs->claim_after;
	Buf line = {0};
	put_totals(t, totals);
	buf_puts(&line, "At stake, each visit's money counted once: ");
	put_claim(&line, before->over_pence, after->over_pence, " for the council; ");
	put_claim(&line, before->under_pence, after->under_pence, " for providers");
	buf_char(&t->line, '\n');
	layout_wrap(&t->line, buf_view(&line), 0, t->runs->options->width);
	buf_free(&line);
	write_out(t);
	buf_free(&t->line);
}

/* kind -1: the first finding gets a title whatever its kind. text_end frees the buffer. */
void restate_write_text(const RestateRuns *runs, Arena *arena, RestateWriter *out)
{
	Text *t = ARENA_NEW(arena, Text);
	*t = (Text){.runs = runs, .arena = arena, .kind = -1};
	*out = (RestateWriter){text_begin, text_item, text_end, t};
}
