/*
 * Where a case stands, for people.
 *
 *   by provider  findings  not raised  raised  agreed  settled
 *   P1                  3           1               1        1
 *
 *   for the council  raised  upheld  agreed  settled  outstanding
 *   P1               £10.65   £8.00   £8.00    £3.00        £5.00
 *
 *   finding     rule  about      since      stands    last said
 *   9Q2KX7M1ZD  V1    visit VS1  unchanged  raised    auditor, 1 July 2026: …
 *
 * Behind these what is gone since, with all that was said of it; then how many are not shown.
 *
 * Tables are laid out by layout.h, which makes what people wrote harmless and fits it to the width
 * of the terminal. Everything goes into one buffer and out at once.
 */
#include "report/case_status.h"

#include "report/case_formats.h"
#include "report/layout.h"

#define MOST_COLUMNS (EVENT_STATUS_COUNT + 3)

/* What the parts share; the arena is of this one writing. */
typedef struct Text {
	const CaseStatus *status;
	const ListOptions *options;
	Arena *arena;
	Buf out;
} Text;

/* Wrapped to the terminal; one line when there is none. */
static void line(Text *t, Str text, int indent)
{
	layout_wrap(&t->out, text, indent, t->options->width);
}

/* Between parts, each of which may be absent. */
static void blank(Text *t)
{
	buf_char(&t->out, '\n');
}

/* ---- the run ---- */

/* In numbers: `vouch restate --against` lists them. */
static void put_changes(Text *t)
{
	const CaseStatus *s = t->status;
	Buf buf = {0};
	if (s->previous.len == 0)
		return;
	buf_printf(&buf, "against run %.*s, the one before it: ", STR_ARG(s->previous));
	for (int k = 0; k < RESTATE_ALL_KINDS; k++) {
		buf_puts(&buf, k > 0 ? ", " : "");
		layout_number(&buf, s->change[k]);
		buf_printf(&buf, " %s", restate_word[k]);
	}
	line(t, buf_view(&buf), 0);
	buf_free(&buf);
}

/* Which run it is, since a case file has many. */
static void put_run(Text *t)
{
	const ReadRun *run = &t->status->runs.at[0];
	Buf buf = {0};
	buf_printf(&buf, "run %.*s, ", STR_ARG(run->run_id));
	layout_day(&buf, run->from);
	buf_puts(&buf, " to ");
	layout_day(&buf, run->to);
	buf_puts(&buf, ": ");
	layout_plural(&buf, t->status->all.findings, "finding", "findings");
	line(t, buf_view(&buf), 0);
	buf_free(&buf);
	put_changes(t);
}

/* ---- tables of groups ---- */

/* Findings about what leads to no provider have a line too, or sums would not add up. */
static const char *group_name(const CaseGroup *group)
{
	return group->name.len > 0 ? group->name.ptr : "(none)";
}

/* Rules of several contracts need the contract's name too; of one contract it would be the same in
 * every line. */
static void name_cell(Text *t, LayoutTable *table, const CaseGroup *group)
{
	if (group->contract.len > 0 && t->status->runs.n > 1)
		layout_cell(table, str_format(t->arena, "%.*s %s", STR_ARG(group->contract),
			group_name(group)));
	else
		layout_cell(table, str_of(group_name(group)));
}

/*
 * A column is there when some group has something in it; by the sum of all, so that both tables
 * have the same columns. of[c]: the status that column c shows, for those from 2 on.
 */
static int count_columns(const CaseGroup *all, LayoutColumn *column, EventStatus *of)
{
	int n = 2;
	column[1] = (LayoutColumn){"findings", true, 0};
	for (int s = 0; s < EVENT_STATUS_COUNT; s++) {
		if (all->at[s] == 0)
			continue;
		of[n] = (EventStatus)s;
		column[n++] = (LayoutColumn){event_text[s], true, 0};
	}
	if (all->gone > 0)
		column[n++] = (LayoutColumn){"gone since", true, 0};
	return n;
}

/* The last line is the sum of those above, worked out apart from them. */
static void put_counts(Text *t, const char *title, const CaseGroup *group, size_t n)
{
	const CaseGroup *all = &t->status->all;
	LayoutColumn column[MOST_COLUMNS] = {{title, false, 0}};
	EventStatus of[MOST_COLUMNS];
	LayoutTable table;
	int columns = count_columns(all, column, of);
	int states = columns - (all->gone > 0);
	layout_begin(&table, t->arena, column, columns);
	for (size_t i = 0; i <= n; i++) {
		const CaseGroup *g = i < n ? &group[i] : all;
		if (i < n)
			name_cell(t, &table, g);
		else
			layout_cell(&table, STR("in all"));
		layout_count_cell(&table, g->findings);
		for (int c = 2; c < states; c++)
			layout_count_cell(&table, g->at[of[c]]);
		if (all->gone > 0)
			layout_count_cell(&table, g->gone);
	}
	blank(t);
	layout_end(&table, &t->out, t->options->width);
}

/* Of both directions most cases have one. */
static bool has_sums(const CaseSums *sums, int direction)
{
	for (int c = 0; c < CASE_COLUMNS; c++)
		if (sums->pence[c][direction] != 0)
			return true;
	return false;
}

/* £0.00 is said: an empty cell would leave open whether something is not known. */
static void pence_cell(LayoutTable *table, int64_t pence)
{
	Buf buf = {0};
	layout_pence(&buf, pence);
	layout_cell(table, buf_view(&buf));
	buf_free(&buf);
}

/* What is owed is left out: outstanding and settled make it. The note below
 * the tables says how the sums are reckoned. */
static void put_sums_row(LayoutTable *table, const CaseSums *sums, int direction)
{
	static const CaseColumn shown[] = {CASE_RAISED, CASE_UPHELD, CASE_AGREED, CASE_SETTLED};
	for (int c = 0; c < 4; c++)
		pence_cell(table, sums->pence[shown[c]][direction]);
	pence_cell(table, case_outstanding(sums, direction));
}

/* Groups without a penny in this direction are left out. */
static void put_sums(Text *t, const char *title, const CaseGroup *group, size_t n, int direction)
{
	const LayoutColumn column[] = {{title, false, 0}, {"raised", true, 0}, {"upheld", true, 0},
		{"agreed", true, 0}, {"settled", true, 0}, {"outstanding", true, 0}};
	LayoutTable table;
	if (!has_sums(&t->status->all.sums, direction))
		return;
	layout_begin(&table, t->arena, column, 6);
	for (size_t i = 0; i < n; i++) {
		if (!has_sums(&group[i].sums, direction))
			continue;
		name_cell(t, &table, &group[i]);
		put_sums_row(&table, &group[i].sums, direction);
	}
	layout_cell(&table, STR("in all"));
	put_sums_row(&table, &t->status->all.sums, direction);
	blank(t);
	layout_end(&table, &t->out, t->options->width);
}

/*
 * By provider first, since that is who gets a letter. Each direction has its table: pounds for the
 * council and pounds for providers are never set off against each other, nor added up.
 */
static void put_groups(Text *t)
{
	const CaseStatus *s = t->status;
	put_counts(t, "by provider", s->provider, s->providers);
	put_sums(t, "for the council", s->provider, s->providers, FOR_COUNCIL);
	put_sums(t, "for providers", s->provider, s->providers, FOR_PROVIDER);
	put_counts(t, "by rule", s->rule, s->rules);
	put_sums(t, "for the council", s->rule, s->rules, FOR_COUNCIL);
	put_sums(t, "for providers", s->rule, s->rules, FOR_PROVIDER);
	if (has_sums(&s->all.sums, FOR_COUNCIL) || has_sums(&s->all.sums, FOR_PROVIDER))
		line(t, STR("each visit's money counts once: the largest of what is said of it"), 2);
	if (s->all.without_sum > 0) {
		Buf buf = {0};
		layout_plural(&buf, s->all.without_sum, "finding", "findings");
		buf_puts(&buf, " raised without a sum, in none of these");
		line(t, buf_view(&buf), 2);
		buf_free(&buf);
	}
}

/* ---- findings ---- */

/* "provider, 1 July 2026: the carer forgot to log out" */
/* The day without the hour: the list is of many findings, and one finding's own list has it. The
 * texts are cleaned where the table is laid out. */
static Str last_said(Text *t, const CaseItem *item)
{
	const CaseEvent *last = &item->history.at[item->history.n - 1];
	Buf buf = {0};
	buf_printf(&buf, "%s, ", event_role[last->role]);
	layout_day(&buf, (Str){last->at.ptr, last->at.len < 10 ? last->at.len : 10});
	buf_puts(&buf, ": ");
	buf_str(&buf, last->because);
	return buf_keep(&buf, t->arena);
}

/* One row a finding, with the last word; the whole of it is on its own page. */
static void put_item_row(Text *t, LayoutTable *table, const CaseItem *item)
{
	const ReadFinding *f = &item->finding;
	Buf buf = {0};
	layout_cell(table, item->short_id);
	layout_cell(table, f->rule);
	layout_cell(table, f->provider);
	layout_subject(&buf, f->dataset, f->key);
	layout_cell(table, buf_view(&buf));
	layout_cell(table, item->change == RESTATE_ALL_KINDS ? STR("")
		: str_of(restate_word[item->change]));
	buf_clear(&buf);
	case_history_state(&buf, &item->history.state);
	layout_cell(table, buf_view(&buf));
	layout_cell(table, last_said(t, item));
	buf_free(&buf);
}

/* In the order of reports, as `vouch findings` lists them. */
static void put_items(Text *t)
{
	static const LayoutColumn column[] = {{"finding", false, 0}, {"rule", false, 0},
		{"provider", false, 0}, {"about", false, 10}, {"since", false, 0},
		{"stands", false, 20}, {"last said", false, 20}};
	const CaseStatus *s = t->status;
	LayoutTable table;
	if (s->n == s->gone)
		return;
	layout_begin(&table, t->arena, column, 7);
	for (size_t i = 0; i < s->n - s->gone; i++)
		put_item_row(t, &table, &s->item[i]);
	blank(t);
	layout_end(&table, &t->out, t->options->width);
}

/* With all that was said: nobody will look for them in the list of findings any more. They are the
 * last s->gone items, as case_status.c sorts them. */
static void put_gone(Text *t)
{
	const CaseStatus *s = t->status;
	Buf buf = {0};
	for (size_t i = s->n - s->gone; i < s->n; i++) {
		const CaseItem *item = &s->item[i];
		const ReadFinding *f = &item->finding;
		if (i == s->n - s->gone) {
			blank(t);
			line(t, STR("gone since: the data no longer shows them, and what was said of them stands"),
				0);
		}
		buf_clear(&buf);
		buf_printf(&buf, "%.*s %.*s ", STR_ARG(item->short_id), STR_ARG(f->rule));
		layout_subject(&buf, f->dataset, f->key);
		if (f->provider.len > 0)
			buf_printf(&buf, ", provider %.*s", STR_ARG(f->provider));
		buf_puts(&buf, "; ");
		case_history_state(&buf, &item->history.state);
		line(t, layout_cleaned(t->arena, buf_view(&buf)), 2);
		case_history_print(&t->out, &item->history, 4, t->options->width);
	}
	buf_free(&buf);
}

/* What is not shown is said, lest the list be taken for the whole. */
static void put_end(Text *t)
{
	const CaseStatus *s = t->status;
	Buf buf = {0};
	if (s->n == 0)
		line(t, STR("nothing was said of any finding yet; `vouch respond` adds what is said"), 0);
	if (s->elsewhere > 0) {
		layout_plural(&buf, s->elsewhere, "finding", "findings");
		buf_puts(&buf, " that this run did not look at, or that later runs found: see them with"
			" --run");
		line(t, buf_view(&buf), 0);
	}
	buf_free(&buf);
}

/*
 * Put together before it is written: it is as long as what was said, not as the run. Parts may be
 * absent and each begins with a blank line, so a blank one at the end is taken off again.
 */
Status case_write_text(const CaseStatus *status, const ListOptions *options)
{
	Arena arena = {0};
	Text t = {.status = status, .options = options, .arena = &arena};
	put_run(&t);
	put_groups(&t);
	put_items(&t);
	put_gone(&t);
	blank(&t);
	put_end(&t);
	while (t.out.n > 1 && t.out.at[t.out.n - 2] == '\n')
		t.out.n--;
	fwrite(t.out.at, 1, t.out.n, options->out);
	buf_free(&t.out);
	arena_free(&arena);
	return list_go_on(options);
}

/* ---- one finding ---- */

/* A finding keeps its id, so the runs that found it stand below each other. */
static void put_sightings(Text *t, const CaseOne *one)
{
	static const LayoutColumn column[] = {{"found by", false, 0}, {"on", false, 0},
		{"verdict", false, 0}, {"at stake", true, 0}, {"", false, 0}};
	LayoutTable table;
	layout_begin(&table, t->arena, column, 5);
	for (size_t i = 0; i < one->nsightings; i++) {
		const CaseSighting *s = &one->sighting[i];
		layout_cell(&table, str_format(t->arena, "run %.*s", STR_ARG(s->run_id)));
		layout_cell(&table, (Str){s->started.ptr, s->started.len < 10 ? s->started.len : 10});
		layout_cell(&table, list_verdict(s->mark.verdict));
		if (s->has_stake)
			pence_cell(&table, s->pence);
		else
			layout_cell(&table, STR(""));
		layout_cell(&table, i == 0 ? STR("") : str_of(restate_word[s->change]));
	}
	blank(t);
	layout_end(&table, &t->out, t->options->width);
	if (one->gone) {
		line(t, STR("gone: the newest run over these days does not find it any more"), 2);
	}
}

/* Ends with what can be said now, which is what whoever looks at it wants to do next. */
Status case_write_one_text(const CaseOne *one, const ListOptions *options)
{
	Arena arena = {0};
	Text t = {.options = options, .arena = &arena};
	const ReadFinding *f = &one->finding;
	Buf buf = {0};
	buf_printf(&buf, "%.*s %.*s %.*s: ", STR_ARG(one->short_id), STR_ARG(f->rule),
		STR_ARG(f->title));
	layout_subject(&buf, f->dataset, f->key);
	if (f->provider.len > 0)
		buf_printf(&buf, ", provider %.*s", STR_ARG(f->provider));
	line(&t, layout_cleaned(&arena, buf_view(&buf)), 0);
	buf_clear(&buf);
	case_history_state(&buf, &one->history.state);
	line(&t, buf_view(&buf), 0);
	put_sightings(&t, one);
	if (one->history.n > 0) {
		blank(&t);
		line(&t, STR("what was said"), 0);
		case_history_print(&t.out, &one->history, 2, options->width);
	}
	blank(&t);
	buf_clear(&buf);
	buf_puts(&buf, "Now ");
	event_choices(&buf, one->history.state.status);
	line(&t, buf_view(&buf), 0);
	fwrite(t.out.at, 1, t.out.n, options->out);
	buf_free(&buf);
	buf_free(&t.out);
	arena_free(&arena);
	return list_go_on(options);
}
