/*
 * Charts of money and weeks. Sums of providers are exact and rounded once, like all others; those
 * of rules come from the case file as they are.
 *
 *   rules, or findings by provider ──> Parties ──by_money──> bars (BARS_MOST) and a table (all)
 *   findings by day ──> Weeks ──> a run with its median, and a table
 *
 * Each chart is a figure with a drawing, a sentence that says what it shows, and a table of all its
 * values: what is drawn must be there as text too (WCAG 1.1.1). What cannot be drawn leaves its
 * heading and a sentence that says why.
 */
#include "report/html_charts.h"

#include "base/civil.h"
#include "report/layout.h"

#define BARS_MOST 12   /* rules or providers drawn; the table has all of them */
#define WEEKS_MOST 160 /* three years: more could not be told apart */

/* From 1; ids of the headings of charts, by which figures are named. */
int charts_next(Report *report)
{
	return ++report->charts;
}

/* ---- money ---- */

/*
 * A rule or a provider with its money, in both directions:
 *
 *   P0003  ████████████████████ £2,759.27
 *   P0003  ▭▭▭ £310.00 to the provider           hollow: colour alone says nothing
 */
typedef struct Party {
	Str name;
	Ratio over, under;    /* exact pounds, both positive */
	int64_t apart[2];     /* pence of what could not be added exactly */
	int64_t findings;     /* failed or in conflict */
} Party;

typedef struct Parties {
	Arena *arena;
	VEC(Party) all;
} Parties;

/* Whole pence, each direction rounded once over all its findings; with what did not fit a common
 * denominator, which was rounded by itself. The two are never set off against each other. */
static int64_t over_pence(const Party *party)
{
	return report_pence(party->over) + party->apart[0];
}

static int64_t under_pence(const Party *party)
{
	return report_pence(party->under) + party->apart[1];
}

/* Most money first; of equals by name. */
static int by_money(const void *left, const void *right)
{
	const Party *a = left, *b = right;
	int64_t x = over_pence(a) + under_pence(a), y = over_pence(b) + under_pence(b);
	if (x != y)
		return x > y ? -1 : 1;
	return str_cmp(a->name, b->name);
}

/* Signs end here: below zero is what is owed to the provider, and from now on both are positive.
 * A sum of which the fraction would not fit any more goes on in pence; nothing is dropped. */
static void add(Party *party, Ratio pounds)
{
	int side = pounds.n < 0;
	Ratio *sum = side ? &party->under : &party->over;
	if (side)
		pounds.n = -pounds.n;
	if (!ratio_add(*sum, pounds, sum))
		party->apart[side] += report_pence(pounds);
}

/* Rows come sorted by provider: the last one is the one that grows. */
static Status take_provider(void *user, sqlite3_stmt *stmt)
{
	Parties *parties = user;
	Str name = report_column(stmt, 0);
	Ratio pounds;
	Party *last = parties->all.n > 0 ? &parties->all.at[parties->all.n - 1] : NULL;
	if (last == NULL || !str_eq(last->name, name)) {
		last = vec_push(&parties->all);
		*last = (Party){.name = str_copy(parties->arena, name), .over = {0, 1}, .under = {0, 1}};
	}
	last->findings++;
	if (layout_ratio(report_column(stmt, 1), &pounds))
		add(last, pounds);
	return STATUS_OK;
}

/* Their sums are in the case file; rules without a failure are not drawn. */
static void rules_as_parties(Report *report, Parties *out)
{
	for (size_t i = 0; i < report->rules.n; i++) {
		const ReadRule *rule = &report->rules.at[i];
		if (rule->failed + rule->conflict == 0)
			continue;
		Buf name = {0};
		if (report->runs.n > 1)
			buf_printf(&name, "%.*s ", STR_ARG(rule->contract));
		buf_printf(&name, "%.*s: %.*s", STR_ARG(rule->rule), STR_ARG(rule->title));
		*vec_push(&out->all) = (Party){.name = str_copy(out->arena, buf_view(&name)),
			.over = rule->over, .under = rule->under,
			.findings = rule->failed + rule->conflict};
		buf_free(&name);
	}
}

/* Two bars for one that has money in both directions, so `bar` has room for 2 * BARS_MOST. Labels
 * are cut to what fits the drawing, whole characters at a time; the table has them whole. */
static int bars_of(const Parties *parties, ChartBar *bar)
{
	int n = 0;
	for (size_t i = 0; i < parties->all.n && i < BARS_MOST; i++) {
		const Party *party = &parties->all.at[i];
		Buf label = {0};
		layout_cut(&label, layout_cleaned(parties->arena, party->name), 76);
		Str name = buf_keep(&label, parties->arena);
		int64_t over = over_pence(party), under = under_pence(party);
		if (over > 0)
			bar[n++] = (ChartBar){.label = name, .value = over,
				.shown = layout_pounds(parties->arena, over)};
		if (under > 0)
			bar[n++] = (ChartBar){.label = name, .value = under, .second = true,
				.shown = str_format(parties->arena, "%.*s to the provider",
					STR_ARG(layout_pounds(parties->arena, under)))};
	}
	return n;
}

/* All of them, also those for which the chart had no room. */
static void put_parties(Html *html, const Parties *parties, const char *what, Str caption)
{
	HtmlColumn column[] = {{what, false}, {"Findings", true}, {"For the council", true},
		{"For providers", true}};
	chart_table(html, "Table of this chart");
	html_table(html, caption, column, 4, true);
	for (size_t i = 0; i < parties->all.n; i++) {
		const Party *party = &parties->all.at[i];
		html_cell(html, party->name);
		html_cell_number(html, party->findings);
		html_cell_pence(html, over_pence(party));
		html_cell_pence(html, under_pence(party));
	}
	html_table_end(html);
	chart_end(html);
}

/* "V2: … has most at stake, £1,056.61 of £4,717.03; …": the message of both charts. The whole is
 * left out when it cannot be added exactly: apart[0] = -1 marks that here, and is no sum. */
static Str said_of(const Parties *parties, const char *many)
{
	const Party *first = &parties->all.at[0];
	Party sum = {.over = {0, 1}, .under = {0, 1}};
	Buf line = {0};
	for (size_t i = 0; i < parties->all.n; i++) {
		if (!ratio_add(sum.over, parties->all.at[i].over, &sum.over)
				|| !ratio_add(sum.under, parties->all.at[i].under, &sum.under))
			sum.apart[0] = -1;
	}
	buf_printf(&line, "%.*s has most at stake, ", STR_ARG(first->name));
	layout_pence(&line, over_pence(first) + under_pence(first));
	if (sum.apart[0] == 0) {
		buf_puts(&line, " of ");
		layout_pence(&line, over_pence(&sum) + under_pence(&sum));
	}
	buf_puts(&line, ".");
	if (parties->all.n > BARS_MOST)
		buf_printf(&line, " The %d %s with most are drawn, of %zu; the table has all.", BARS_MOST,
			many, parties->all.n);
	return buf_keep(&line, parties->arena);
}

/* Drawing, sentence, table; or why there is none. */
static void put_money(Report *report, Parties *parties, const char *heading, const char *what,
	const char *many)
{
	Html *html = &report->html;
	ChartBar bar[2 * BARS_MOST];
	if (parties->all.n > 1)
		qsort(parties->all.at, parties->all.n, sizeof *parties->all.at, by_money);
	int n = bars_of(parties, bar);
	if (n == 0) {
		html_printf(html, "<h3>%s</h3>\n<p>No finding has a sum at stake, so there is no chart."
			"</p>\n", heading);
		return;
	}
	chart_begin(html, charts_next(report), heading, 3);
	chart_bars(html, str_of(heading), bar, n, STR(""));
	chart_said(html, said_of(parties, many));
	put_parties(html, parties, what, str_of(heading));
}

/* The same drawing over two kinds of parties. */
Status charts_money(Report *report)
{
	Parties rules = {.arena = &report->scratch}, providers = {.arena = &report->scratch};
	rules_as_parties(report, &rules);
	put_money(report, &rules, "Pounds at stake by rule", "Rule", "rules");
	Status status = report_rows(report, "SELECT coalesce(f.provider, 'no provider known'),"
		" f.at_stake_exact FROM finding_row f JOIN rule_total t USING (rule_key) WHERE t.run_id ="
		" ?1 AND f.verdict <> 'not_assessed' ORDER BY 1", take_provider, &providers);
	if (status == STATUS_OK)
		put_money(report, &providers, "Pounds at stake by provider", "Provider", "providers");
	vec_free(&rules.all);
	vec_free(&providers.all);
	return status;
}

/* ---- weeks ---- */

typedef struct Weeks {
	int32_t first;       /* a Monday */
	int64_t n, *count;
	int64_t outside;     /* findings without a day, or of a day outside the run */
} Weeks;

/* By the finding's own day, which is the visit's, not the day of the audit. */
static Status take_day(void *user, sqlite3_stmt *stmt)
{
	Weeks *weeks = user;
	int32_t day;
	int64_t findings = sqlite3_column_int64(stmt, 1);
	if (day_parse(report_column(stmt, 0), &day) != READ_OK || day < weeks->first
			|| (day - weeks->first) / 7 >= weeks->n)
		weeks->outside += findings;
	else
		weeks->count[(day - weeks->first) / 7] += findings;
	return STATUS_OK;
}

static int by_size(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return a < b ? -1 : a > b;
}

/* The one in the middle, of two the lower: a number of findings that some week had, which the mean
 * of the two need not be. */
static int64_t median_of(const int64_t *value, size_t n, Arena *arena)
{
	int64_t *sorted = arena_copy(arena, value, n * sizeof *value);
	qsort(sorted, n, sizeof *sorted, by_size);
	return sorted[(n - 1) / 2];
}

static Str day_text(Arena *arena, int32_t day)
{
	Buf buf = {0};
	day_print(&buf, day);
	return buf_keep(&buf, arena);
}

/* "1 Sep": the year is in the table. */
static Str short_day(Arena *arena, int32_t day)
{
	Str text = day_text(arena, day);
	size_t end = 0;
	while (end < text.len && text.ptr[end] != ' ')
		end++;
	return (Str){text.ptr, end + 4 < text.len ? end + 4 : text.len};
}

/*
 * Weeks in turn on one side of the median; those on it belong to neither and break nothing off.
 *
 *   3 5 6 | 4 | 7 1 2     median 4: 5 6 7 lie above in turn, a run of 3
 */
static int64_t longest_run(const Weeks *weeks, int64_t median)
{
	int64_t most = 0, now = 0;
	bool above = false;
	for (int64_t i = 0; i < weeks->n; i++) {
		if (weeks->count[i] == median)
			continue;
		now = now > 0 && above == (weeks->count[i] > median) ? now + 1 : 1;
		above = weeks->count[i] > median;
		most = now > most ? now : most;
	}
	return most;
}

/* The message: how it usually is, when it was worst, whether it has changed. */
static void say_weeks(Html *html, const Weeks *weeks, int64_t median, Arena *arena)
{
	Buf line = {0};
	int64_t most = 0;
	for (int64_t i = 1; i < weeks->n; i++)
		most = weeks->count[i] > weeks->count[most] ? i : most;
	buf_puts(&line, "In half of the weeks ");
	layout_plural(&line, median, "finding or fewer", "findings or fewer");
	buf_puts(&line, " failed; most in the week that began on ");
	buf_str(&line, day_text(arena, weeks->first + (int32_t)most * 7));
	buf_puts(&line, ", ");
	layout_number(&line, weeks->count[most]);
	buf_puts(&line, ". The longest run on one side of the median is of ");
	layout_plural(&line, longest_run(weeks, median), "week", "weeks");
	buf_puts(&line, "; of eight or more it is a change that chance hardly makes.");
	if (weeks->outside > 0) {
		buf_char(&line, ' ');
		layout_plural(&line, weeks->outside, "finding has", "findings have");
		buf_puts(&line, " no day in the run and is not drawn.");
	}
	chart_said(html, buf_view(&line));
	buf_free(&line);
}

/* A run chart has its median and no control limits: counts alone, without the number of visits
 * behind them, would not bear any. */
static void put_weeks(Report *report, const Weeks *weeks)
{
	static const HtmlColumn column[] = {{"Week that began on", false}, {"Findings", true}};
	Html *html = &report->html;
	Arena *arena = &report->scratch;
	int64_t median = median_of(weeks->count, (size_t)weeks->n, arena);
	Str *label = ARENA_ARRAY(arena, Str, (size_t)weeks->n);
	for (int64_t i = 0; i < weeks->n; i++)
		label[i] = short_day(arena, weeks->first + (int32_t)i * 7);
	chart_begin(html, charts_next(report), "Findings that failed, by week", 3);
	chart_run(html, STR("Findings that failed in each week of the run, with their median"),
		weeks->count, label, (size_t)weeks->n, median, STR("findings"));
	say_weeks(html, weeks, median, arena);
	chart_table(html, "Table of this chart");
	html_table(html, STR("Findings that failed or are in conflict, by the week of their day"),
		column, 2, true);
	for (int64_t i = 0; i < weeks->n; i++) {
		html_cell(html, day_text(arena, weeks->first + (int32_t)i * 7));
		html_cell_number(html, weeks->count[i]);
	}
	html_table_end(html);
	chart_end(html);
}

/*
 * Weeks without a finding are points at 0: the run says which weeks there were. They begin on
 * Mondays, so the first and the last may be short, and their points low for that reason alone.
 */
Status charts_weeks(Report *report)
{
	Weeks weeks = {0};
	int32_t last;
	const ReadRun *run = &report->runs.at[0];
	bool days = day_parse(run->from, &weeks.first) == READ_OK
		&& day_parse(run->to, &last) == READ_OK;
	if (days) {
		weeks.first -= weekday_of(weeks.first);
		weeks.n = (last - weeks.first) / 7 + 1;
	}
	if (!days || weeks.n < 2 || weeks.n > WEEKS_MOST || report->failed + report->conflict == 0) {
		html_put(&report->html, "<h3>Findings that failed, by week</h3>\n<p>There is no chart of"
			" weeks: nothing failed, or the run has fewer than 2 weeks or more than 160.</p>\n");
		return STATUS_OK;
	}
	weeks.count = ARENA_ARRAY(&report->scratch, int64_t, (size_t)weeks.n);
	Status status = report_rows(report, "SELECT f.on_date, count(*) FROM finding_row f JOIN"
		" rule_total t USING (rule_key) WHERE t.run_id = ?1 AND f.verdict <> 'not_assessed' GROUP"
		" BY f.on_date", take_day, &weeks);
	if (status == STATUS_OK)
		put_weeks(report, &weeks);
	return status;
}

/* ---- all of them ---- */

/* The drawings of one are thrown away before the next: nothing of a chart may be in report->scratch
 * when the next one looks for it. */
Status report_charts(Report *report)
{
	static ReportPart *const chart[] = {charts_times, charts_money, charts_weeks, charts_targets};
	Status status = STATUS_OK;
	for (size_t i = 0; i < sizeof chart / sizeof *chart && status == STATUS_OK; i++) {
		arena_reset(&report->scratch);
		status = chart[i](report);
		if (status == STATUS_OK)
			status = html_relieve(&report->html);
	}
	return status;
}
