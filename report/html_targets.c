/*
 * KPIs against their targets: for each KPI the newest known figure of each provider, with a mark
 * where the target lies. The target comes from the case file: it is the figure less its margin, so
 * a target that a parameter names is drawn as well.
 *
 *   P0001  ███████████████▌█ 92%, met             ▌ the target, figure - margin
 *   P0002  █████████████  ▌ 78%, failed
 *
 * Values are millionths, whatever their unit: int64_t then holds a percentage as well as a duration
 * in seconds, and chart.c needs no fractions.
 */
#include "report/html_charts.h"

#include "report/compared.h"
#include "report/layout.h"

/* Bars beyond this could not be read beside each other; the table has all providers. */
#define BARS_MOST 12
#define MILLION 1000000

/* In step with the columns of the query. */
enum { T_CONTRACT, T_MEASURE, T_WRITTEN, T_TITLE, T_PROVIDER, T_SUBJECT, T_VALUE, T_N, T_D,
	T_MARGIN, T_TARGET, T_STATUS };

/*
 * The newest figure of each provider comes first among its own (period DESC), so the first row of a
 * provider is the one to draw and the others are passed over. Only what was judged against a target
 * has a status of these three: a figure that is not known has no place on an axis.
 */
static const char targets_sql[] = "SELECT contract, measure, written_in, title, provider, subject,"
	" value, numerator, denominator, margin, coalesce(target_value, target), status FROM"
	" measure_result WHERE run_id = ?1 AND kpi = 1 AND value IS NOT NULL AND target IS NOT NULL AND"
	" provider IS NOT NULL AND status IN ('met', 'watch', 'failed') ORDER BY contract, measure,"
	" written_in, provider, period DESC, keys";

typedef struct Drawn {
	ChartBar bar;
	Str subject, status;
} Drawn;

typedef struct Targets {
	Report *report;
	Str contract, measure, written, title, target, last;
	VEC(Drawn) bar;
	int64_t charts;
} Targets;

/*
 * The bounds are looked at behind the product, which Int128 holds only when the fraction is of less
 * than 90 bits: n and d come from a file, where they may be anything.
 */
/* Millionths of n/d, cut; false when they do not fit. */
static bool millionths(Str n, Str d, int64_t *out)
{
	Ratio over, under, q;
	if (!ratio_parse(n, &over) || !ratio_parse(d, &under) || under.n == 0
			|| !ratio_div(over, under, &q))
		return false;
	Int128 value = q.n * MILLION / q.d;
	*out = (int64_t)value;
	return q.n < ((Int128)1 << 90) && q.n > -((Int128)1 << 90) && fits64(value);
}

/*
 * A target is as exact as the margin that the file shows, six places; a margin that was cut there
 * ends with an ellipsis, which no number has, so it is taken off before it is read.
 *
 *   figure 92.307692…%, margin 2.307692…%  ──>  target 90%
 */
static bool target_of(Str margin, int64_t value, int64_t *out)
{
	Type type;
	Ratio q;
	Str digits = margin;
	static const char ellipsis[] = "…";
	Buf plain = {0};
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.len - i >= 3 && memcmp(digits.ptr + i, ellipsis, 3) == 0)
			i += 2;
		else
			buf_char(&plain, digits.ptr[i]);
	}
	bool read = plain.n > 0 && quantity_read(buf_view(&plain), &type, &q);
	buf_free(&plain);
	if (!read)
		return false;
	Int128 at = (Int128)value - q.n * MILLION / q.d;
	/* What was cut off the figure and the margin is put back: targets have few places. */
	at = round_to(at, 10, ROUND_HALF_AWAY);
	*out = (int64_t)at;
	return fits64(at);
}

/* The mark is left out where no figure has a margin: a target of two ends is no line. */
static void draw(Targets *t)
{
	Html *html = &t->report->html;
	ChartBar bar[BARS_MOST];
	int n = 0;
	int64_t marked = 0, missed = 0;
	for (size_t i = 0; i < t->bar.n; i++)
		missed += !str_eq(t->bar.at[i].status, STR("met"));
	for (size_t i = 0; i < t->bar.n && n < BARS_MOST; i++) {
		bar[n] = t->bar.at[i].bar;
		marked += bar[n++].has_mark;
	}
	chart_bars(html, str_format(&t->report->scratch, "%.*s: the newest figure of each provider",
		STR_ARG(t->title)), bar, n, marked > 0 ? str_format(&t->report->scratch, "the target: %.*s",
			STR_ARG(t->target)) : STR(""));
	Buf line = {0};
	buf_printf(&line, "%.*s, target %.*s: ", STR_ARG(t->title), STR_ARG(t->target));
	layout_number(&line, (int64_t)t->bar.n - missed);
	buf_puts(&line, " of ");
	layout_plural(&line, (int64_t)t->bar.n, "provider meets", "providers meet");
	buf_puts(&line, " it in the newest period with a figure.");
	if (t->bar.n > BARS_MOST)
		buf_printf(&line, " The first %d are drawn; the table has all.", BARS_MOST);
	chart_said(html, buf_view(&line));
	buf_free(&line);
}

static void put_table(Targets *t)
{
	static const HtmlColumn column[] = {{"About", false}, {"Figure", true}, {"Status", false}};
	Html *html = &t->report->html;
	chart_table(html, "Table of this chart");
	html_table(html, t->title, column, 3, true);
	for (size_t i = 0; i < t->bar.n; i++) {
		html_cell(html, t->bar.at[i].subject);
		html_cell(html, t->bar.at[i].bar.shown);
		html_cell(html, t->bar.at[i].status);
	}
	html_table_end(html);
	chart_end(html);
}

/* Rows come sorted by KPI: what was gathered is drawn when the next one begins, and once more
 * behind the last. */
/* The chart of the KPI that has been read. */
static void close_kpi(Targets *t)
{
	Html *html = &t->report->html;
	if (t->bar.n == 0)
		return;
	int number = charts_next(t->report);
	html_printf(html, "<h4 id=\"chart-%d\">", number);
	html_text(html, t->title);
	html_put(html, " (");
	html_text(html, t->contract);
	html_printf(html, ")</h4>\n<figure aria-labelledby=\"chart-%d\">\n", number);
	draw(t);
	put_table(t);
	t->bar.n = 0;
	t->charts++;
}

/* A KPI that an amendment wrote anew is another one: its target may differ. */
static bool same_kpi(const Targets *t, sqlite3_stmt *stmt)
{
	return t->bar.n > 0 && str_eq(t->contract, report_column(stmt, T_CONTRACT))
		&& str_eq(t->measure, report_column(stmt, T_MEASURE))
		&& str_eq(t->written, report_column(stmt, T_WRITTEN));
}

static void open_kpi(Targets *t, sqlite3_stmt *stmt)
{
	Arena *arena = &t->report->scratch;
	close_kpi(t);
	t->contract = str_copy(arena, report_column(stmt, T_CONTRACT));
	t->measure = str_copy(arena, report_column(stmt, T_MEASURE));
	t->written = str_copy(arena, report_column(stmt, T_WRITTEN));
	t->title = str_copy(arena, report_column(stmt, T_TITLE));
	t->target = str_copy(arena, report_column(stmt, T_TARGET));
	t->last = STR("");
}

/* Only the first of each provider, which is the newest. */
static Status take_figure(void *user, sqlite3_stmt *stmt)
{
	Targets *t = user;
	Arena *arena = &t->report->scratch;
	Str provider = report_column(stmt, T_PROVIDER);
	int64_t value;
	if (!same_kpi(t, stmt))
		open_kpi(t, stmt);
	if ((t->bar.n > 0 && str_eq(provider, t->last))
			|| !millionths(report_column(stmt, T_N), report_column(stmt, T_D), &value))
		return STATUS_OK;
	Drawn drawn = {.subject = str_copy(arena, report_column(stmt, T_SUBJECT)),
		.status = str_copy(arena, report_column(stmt, T_STATUS))};
	t->last = str_copy(arena, provider);
	drawn.bar = (ChartBar){.label = drawn.subject, .value = value,
		.shown = str_format(arena, "%.*s, %.*s", STR_ARG(report_column(stmt, T_VALUE)),
			STR_ARG(drawn.status))};
	drawn.bar.has_mark = target_of(report_column(stmt, T_MARGIN), value, &drawn.bar.mark);
	*vec_push(&t->bar) = drawn;
	return STATUS_OK;
}

Status charts_targets(Report *report)
{
	Targets targets = {.report = report};
	html_put(&report->html, "<h3>KPIs against their targets</h3>\n");
	Status status = report_rows(report, targets_sql, take_figure, &targets);
	if (status == STATUS_OK)
		close_kpi(&targets);
	if (targets.charts == 0)
		html_put(&report->html, "<p>There is no chart of KPIs: none has a figure, a target and a"
			" provider.</p>\n");
	vec_free(&targets.bar);
	return status;
}
