/*
 * What was claimed against what is supported, over the findings of rules that compare two durations
 * (V1: `require visit.declared <= quarter_hour(visit.logged)`). Rules that compare the same two are
 * put together; of several pairs the one with most findings is drawn.
 *
 *   rules ──comparison_of──> pairs ──the one with most──> findings ──compared_in──> points
 *                                                                                ├─> claimed/logged
 *                                                                                └─> differences
 *
 * All times are whole seconds. x is what is supported before it was rounded (22 minutes), y what
 * was claimed (30 minutes): held against the rounded value all points would lie in a few columns,
 * and it could not be seen whether claims follow the grid of the rounding or go beyond it.
 */
#include "report/html_charts.h"

#include <string.h>

#include "report/compared.h"
#include "report/layout.h"

#define POINTS_MOST 2000  /* findings that are drawn; taken in the order of their ids, which are
                             hashes, so that they are a fair picture of all */
#define COLUMNS_MOST 40   /* of the histogram */
#define CELLS_MOST 300    /* lines of the table of points */
#define DRAWN_PERCENT 95  /* of the findings at least: a few far ones would squash all others */

/* Two texts as rules write them, `visit.declared` and `quarter_hour(visit.logged)`, and the rules
 * that hold the one against the other. */
typedef struct Pair {
	Comparison comparison;
	Buf rules;        /* "V1, V4" */
	int64_t failed;
} Pair;

typedef struct Times {
	Report *report;
	const Pair *pair;
	const size_t *of;         /* by rule: the number of its pair */
	size_t number;            /* of the pair that is drawn */
	VEC(ChartPoint) point;
	VEC(int64_t) difference;  /* claimed - supported before it was rounded, seconds */
	int64_t grid;             /* of what was rounded: the greatest step that all are multiples of */
	int64_t seen;
	bool rounded;
} Times;

/* What put_seconds prints by, and what a pair must be of to be drawn: a rule that compares sums of
 * money has the same form, and no place on these axes. */
static const Type duration = {.kind = TYPE_QUANTITY, .ref = -1, .scale = 1,
	.unit = {.of = {[DIM_TIME] = 1}}};

/* ---- which rules ---- */

/* Few rules compare at all, so the list is looked through. */
static Pair *pair_of(Pair *pair, size_t n, const Comparison *comparison)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(pair[i].comparison.claimed, comparison->claimed)
				&& str_eq(pair[i].comparison.supported, comparison->supported))
			return &pair[i];
	return NULL;
}

static const char failed_sql[] = "SELECT f.rowid FROM finding_row f JOIN rule_total t USING"
	" (rule_key) WHERE t.run_id = ?1 AND t.contract = ?2 AND t.rule = ?3 AND t.version = ?4 AND"
	" f.verdict = 'fail' LIMIT 1";

/*
 * A finding of the rule that failed; 0: there is none. One is enough: all findings of a rule have
 * the same names and types in their evidence, so it is not worth reading more of them to find out
 * whether they can be drawn.
 */
static Status one_that_failed(Report *report, const ReadRule *rule, int64_t *row)
{
	sqlite3_stmt *stmt = NULL;
	const Str arg[] = {report->run_id, rule->contract, rule->rule, rule->version};
	int rc = sqlite3_prepare_v2(casereader_database(report->reader), failed_sql, -1, &stmt, NULL);
	if (rc != SQLITE_OK)
		return casereader_unreadable(report->reader);
	for (int i = 0; i < 4; i++)
		sqlite3_bind_text(stmt, i + 1, arg[i].ptr, (int)arg[i].len, SQLITE_STATIC);
	rc = sqlite3_step(stmt);
	*row = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? STATUS_OK
		: casereader_unreadable(report->reader);
}

/* Whether such a finding has two durations for it. */
static Status has_durations(Report *report, const ReadRule *rule, const Comparison *comparison,
	bool *has)
{
	Working working;
	Compared compared;
	int64_t row = 0;
	*has = false;
	Status status = one_that_failed(report, rule, &row);
	if (status != STATUS_OK || row == 0)
		return status;
	status = working_load(report->reader, row, &report->runs, &report->rules, &report->scratch,
		&working);
	*has = status == STATUS_OK
		&& compared_in(comparison, working.evidence, working.nevidence, &compared)
		&& unit_same(compared.type.unit, duration.unit);
	return status;
}

/* Contracts of one family have rules of one name: "V1, V1" would tell nothing, so a name stands in
 * the list once, while the findings of both count. */
static void add_rule(Pair *pair, const ReadRule *rule)
{
	Str name = rule->rule, rest = pair->rules.n > 0 ? buf_view(&pair->rules) : STR("");
	bool told = false;
	while (rest.len > 0) {
		const char *end = memchr(rest.ptr, ',', rest.len);
		size_t n = end == NULL ? rest.len : (size_t)(end - rest.ptr);
		told = told || str_eq((Str){rest.ptr, n}, name);
		n += end == NULL ? 0 : 2;
		rest = (Str){rest.ptr + n, rest.len - n};
	}
	if (!told)
		buf_printf(&pair->rules, "%s%.*s", pair->rules.n > 0 ? ", " : "", STR_ARG(name));
	pair->failed += rule->failed;
}

/*
 * of[i]: the pair of rule i, from 1; 0: none. Rules without a failure are passed over before their
 * text is looked at. `pair` has room for as many as there are rules.
 */
static Status find_pairs(Report *report, Pair *pair, size_t *n, size_t *of)
{
	Status status = STATUS_OK;
	for (size_t i = 0; i < report->rules.n && status == STATUS_OK; i++) {
		const ReadRule *rule = &report->rules.at[i];
		Comparison comparison;
		bool has = false;
		if (rule->failed == 0 || !comparison_of(rule->text, &report->scratch, &comparison))
			continue;
		status = has_durations(report, rule, &comparison, &has);
		if (!has)
			continue;
		Pair *found = pair_of(pair, *n, &comparison);
		if (found == NULL) {
			found = &pair[(*n)++];
			found->comparison = comparison;
		}
		add_rule(found, rule);
		of[i] = (size_t)(found - pair) + 1;
	}
	return status;
}

/* ---- their findings ---- */

/* Towards 0; durations of the data are of whole seconds, so nothing is lost. */
static int64_t whole(Ratio seconds)
{
	return (int64_t)(seconds.n / seconds.d);
}

/*
 * Points that are the same are one. They are few, as declared times are multiples of minutes, so
 * they are looked through. The grid is the greatest common divisor of all rounded values: the step
 * of the rounding, or a multiple of it when no finding happens to lie between.
 *
 *   supported 15, 30, 45 min ──> grid 15 min
 */
static void add_point(Times *times, const Compared *compared)
{
	int64_t x = whole(compared->plain), y = whole(compared->claimed);
	int64_t step = whole(compared->supported);
	times->seen++;
	*vec_push(&times->difference) = y - x;
	if (compared->rounded) {
		times->rounded = true;
		times->grid = gcd64(times->grid, step);
	}
	for (size_t i = 0; i < times->point.n; i++)
		if (times->point.at[i].x == x && times->point.at[i].y == y) {
			times->point.at[i].times++;
			return;
		}
	*vec_push(&times->point) = (ChartPoint){x, y, 1};
}

/* Version by version: an amendment may have changed what the rule compares. */
static bool is_of_pair(const Times *times, sqlite3_stmt *stmt)
{
	const ReadRules *rules = &times->report->rules;
	for (size_t i = 0; i < rules->n; i++)
		if (times->of[i] == times->number && str_eq(rules->at[i].rule, report_column(stmt, 2))
				&& str_eq(rules->at[i].contract, report_column(stmt, 1))
				&& str_eq(rules->at[i].version, report_column(stmt, 3)))
			return true;
	return false;
}

/* An arena of its own: report->scratch holds the pairs and the chart, which must outlive the
 * finding. STATUS_NO, which is no error, ends the reading. */
static Status take_finding(void *user, sqlite3_stmt *stmt)
{
	Times *times = user;
	Report *report = times->report;
	Arena arena = {0};
	Working working;
	Compared compared;
	if (!is_of_pair(times, stmt))
		return STATUS_OK;
	Status status = working_load(report->reader, sqlite3_column_int64(stmt, 0), &report->runs,
		&report->rules, &arena, &working);
	if (status == STATUS_OK && compared_in(&times->pair->comparison, working.evidence,
			working.nevidence, &compared) && unit_same(compared.type.unit, duration.unit))
		add_point(times, &compared);
	arena_free(&arena);
	return times->seen >= POINTS_MOST && status == STATUS_OK ? STATUS_NO : status;
}

/* In order of id, over all rules; those of other rules are passed over. STATUS_NO: there are enough
 * of them. */
static Status read_points(Times *times)
{
	Status status = report_rows(times->report, "SELECT f.rowid, t.contract, t.rule, t.version FROM"
		" finding_row f JOIN rule_total t USING (rule_key) WHERE t.run_id = ?1 AND f.verdict ="
		" 'fail' ORDER BY f.finding_id",
		take_finding, times);
	return status == STATUS_NO ? STATUS_OK : status;
}

/* ---- words ---- */

static void put_seconds(Buf *buf, int64_t seconds)
{
	quantity_print(buf, duration, (Ratio){seconds, 1});
}

/* From left to right, then upwards: the table is read like the picture, and the bytes of the
 * drawing do not hang on the order in which findings were read. */
static int by_place(const void *left, const void *right)
{
	const ChartPoint *a = left, *b = right;
	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return a->y < b->y ? -1 : a->y > b->y;
}

static int by_size(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return a < b ? -1 : a > b;
}

/* "82 findings of rule V1 that failed": what is drawn, and of how many. */
static void put_whose(const Times *times, Buf *line)
{
	layout_plural(line, times->seen, "finding", "findings");
	buf_printf(line, " of %.*s that failed", STR_ARG(buf_view(&times->pair->rules)));
	if (times->seen < times->pair->failed) {
		buf_puts(line, " (of ");
		layout_number(line, times->pair->failed);
		buf_puts(line, ", taken in the order of their ids)");
	}
}

/* "; 6 findings of more than 2 hours lie beyond the chart": none is hidden. */
static void put_beyond(Buf *line, int64_t beyond)
{
	if (beyond == 0)
		return;
	buf_char(line, ' ');
	layout_plural(line, beyond, "finding lies", "findings lie");
	buf_puts(line, " beyond the edge of the chart; the table has all.");
}

/*
 * Where the axes end: at least DRAWN_PERCENT of the findings lie within. Both axes end there, since
 * the line of what is claimed = supported must be a diagonal; so a point reaches as far as its
 * larger coordinate.
 *
 *   reach, sorted: 5 8 8 9 … 20 | 95 240     edge: that of the last of the 95%; beyond: 2
 */
static int64_t edge_of(const Times *times, int64_t *beyond)
{
	size_t n = times->point.n;
	int64_t *reach = ARENA_ARRAY(&times->report->scratch, int64_t, times->difference.n);
	size_t all = 0;
	for (size_t i = 0; i < n; i++) {
		const ChartPoint *point = &times->point.at[i];
		for (int64_t k = 0; k < point->times; k++)
			reach[all++] = point->x > point->y ? point->x : point->y;
	}
	qsort(reach, all, sizeof *reach, by_size);
	int64_t edge = reach[(all * DRAWN_PERCENT + 99) / 100 - 1];
	*beyond = 0;
	for (size_t i = 0; i < all; i++)
		*beyond += reach[i] > edge;
	return edge;
}

/* The picture in a sentence, for who does not see it and who has no time (WCAG 1.1.1). The lower
 * median: it is a difference that some finding has. times->difference is sorted by now. */
static void say_points(Times *times, int64_t beyond)
{
	Buf line = {0};
	size_t n = times->difference.n;
	int64_t above = 0;
	for (size_t i = 0; i < n; i++)
		above += times->difference.at[i] > 0;
	put_whose(times, &line);
	buf_puts(&line, ": ");
	layout_number(&line, above);
	buf_printf(&line, " of them lie above the line, where more was claimed (%.*s) than is supported"
		" (%.*s). In half of them the difference is ", STR_ARG(times->pair->comparison.claimed),
		STR_ARG(times->pair->comparison.plain));
	put_seconds(&line, times->difference.at[(n - 1) / 2]);
	buf_puts(&line, " or less, at most it is ");
	put_seconds(&line, times->difference.at[n - 1]);
	buf_puts(&line, ". Visits that passed are not in the case file, so they are not drawn.");
	put_beyond(&line, beyond);
	chart_said(&times->report->html, buf_view(&line));
	buf_free(&line);
}

static void cell_seconds(Html *html, int64_t seconds)
{
	Buf buf = {0};
	put_seconds(&buf, seconds);
	html_cell(html, buf_view(&buf));
	buf_free(&buf);
}

/* All figures of the drawing as text, up to CELLS_MOST: also those beyond the edge. */
static void put_points_table(Times *times)
{
	static const HtmlColumn column[] = {{"Supported", true}, {"Claimed", true},
		{"Findings", true}};
	Html *html = &times->report->html;
	chart_table(html, "Table of this chart");
	html_table(html, STR("Supported before rounding, and claimed"), column, 3, true);
	for (size_t i = 0; i < times->point.n && i < CELLS_MOST; i++) {
		cell_seconds(html, times->point.at[i].x);
		cell_seconds(html, times->point.at[i].y);
		html_cell_number(html, times->point.at[i].times);
	}
	html_table_end(html);
	if (times->point.n > CELLS_MOST) {
		html_put(html, "<p>");
		layout_plural(&html->buf, (int64_t)times->point.n - CELLS_MOST, "point more is",
			"points more are");
		html_put(html, " drawn; each stands in its finding.</p>\n");
	}
	chart_end(html);
}

/* Drawing, sentence, table: each says what the others do. */
static void put_points(Times *times)
{
	Report *report = times->report;
	Html *html = &report->html;
	Arena *arena = &report->scratch;
	const Comparison *c = &times->pair->comparison;
	qsort(times->point.at, times->point.n, sizeof *times->point.at, by_place);
	chart_begin(html, charts_next(report), "Claimed against logged", 3);
	int64_t beyond, edge = edge_of(times, &beyond);
	chart_points(html, STR("What was claimed over what is supported, a point for each finding"),
		times->point.at, times->point.n, edge, str_format(arena, "supported%s: %.*s",
			times->rounded ? " before rounding" : "", STR_ARG(c->plain)),
		str_format(arena, "claimed: %.*s", STR_ARG(c->claimed)), chart_seconds);
	say_points(times, beyond);
	put_points_table(times);
}

/* ---- differences ---- */

/*
 * A third of the grid, so that what lies within one step of it is told apart; wider when there
 * would be too many columns. A third of a grid in minutes must itself be of whole minutes, hence
 * 180. The first widening goes from the third to the whole step, later ones double it, so that
 * edges of columns always fall on steps of the rounding. Without a grid: 5 minutes.
 */
static int64_t column_width(const Times *times, int64_t span)
{
	int64_t width = times->grid > 0 && times->grid % 180 == 0 ? times->grid / 3
		: times->grid > 0 ? times->grid : 300;
	while (span / width >= COLUMNS_MOST)
		width *= width == times->grid / 3 ? 3 : 2;
	return width;
}

/* Where most lie, and how many cannot be due to rounding, which moves a time by less than a step: a
 * claim that lies a whole step beyond is not explained by it. */
static void say_columns(const Times *times, const ChartColumns *columns, int64_t beyond)
{
	Buf line = {0};
	size_t most = 0;
	int64_t steps = 0;
	for (size_t i = 0; i < columns->n; i++)
		most = columns->count[i] > columns->count[most] ? i : most;
	for (size_t i = 0; i < times->difference.n; i++)
		steps += times->grid > 0 && times->difference.at[i] >= times->grid;
	put_whose(times, &line);
	buf_puts(&line, ": the highest column, of ");
	layout_number(&line, columns->count[most]);
	buf_puts(&line, ", claims from ");
	put_seconds(&line, columns->from + (int64_t)most * columns->width);
	buf_puts(&line, " to under ");
	put_seconds(&line, columns->from + (int64_t)(most + 1) * columns->width);
	buf_puts(&line, " more than is supported.");
	if (times->grid > 0) {
		buf_puts(&line, " What is supported was rounded to multiples of ");
		put_seconds(&line, times->grid);
		buf_puts(&line, " (dashed); ");
		layout_number(&line, steps);
		buf_puts(&line, steps == 1 ? " lies a whole step beyond or more." : " lie a whole step"
			" beyond or more.");
	}
	put_beyond(&line, beyond);
	chart_said(&times->report->html, buf_view(&line));
	buf_free(&line);
}

/* All of them, those beyond the edge too. Columns without a finding have no line. The differences
 * are sorted, so each column is a stretch of them. */
static void put_columns_table(Times *times, int64_t from, int64_t width)
{
	static const HtmlColumn column[] = {{"From", true}, {"To under", true}, {"Findings", true}};
	Html *html = &times->report->html;
	chart_table(html, "Table of this chart");
	html_table(html, STR("Claimed less supported before rounding"), column, 3, true);
	for (size_t i = 0, end; i < times->difference.n; i = end) {
		int64_t at = (times->difference.at[i] - from) / width;
		for (end = i; end < times->difference.n; end++)
			if ((times->difference.at[end] - from) / width != at)
				break;
		cell_seconds(html, from + at * width);
		cell_seconds(html, from + (at + 1) * width);
		html_cell_number(html, (int64_t)(end - i));
	}
	html_table_end(html);
	chart_end(html);
}

/* The first column begins at a multiple of its width, at 0 or below: so all edges are such
 * multiples, and 0 is one of them. The differences come sorted. */
static void put_differences(Times *times)
{
	Report *report = times->report;
	size_t n = times->difference.n, drawn = (n * DRAWN_PERCENT + 99) / 100;
	int64_t least = times->difference.at[0], most = times->difference.at[drawn - 1];
	int64_t width = column_width(times, most - least), beyond = 0;
	int64_t from = (int64_t)round_to(least < 0 ? least : 0, width, ROUND_DOWN);
	size_t columns = (size_t)((most - from) / width + 1);
	int64_t *count = ARENA_ARRAY(&report->scratch, int64_t, columns);
	for (size_t i = 0; i < n; i++) {
		size_t at = (size_t)((times->difference.at[i] - from) / width);
		if (at < columns)
			count[at]++;
		else
			beyond++;
	}
	ChartColumns chart = {from, width, count, columns, times->grid,
		STR("claimed less supported before rounding"), STR("findings"), chart_seconds};
	chart_begin(&report->html, charts_next(report), "By how much more was claimed", 3);
	chart_columns(&report->html, STR("How many findings claim how much more than is supported"),
		&chart);
	say_columns(times, &chart, beyond);
	put_columns_table(times, from, width);
}

/* ---- both ---- */

/* Without a point there is no chart: evidence of an older form may lack what is compared. */
static Status put_pair(Report *report, const Pair *pair, const size_t *of, size_t number)
{
	Times times = {.report = report, .pair = pair, .of = of, .number = number};
	Status status = read_points(&times);
	if (status == STATUS_OK && times.seen > 0) {
		qsort(times.difference.at, times.difference.n, sizeof *times.difference.at, by_size);
		put_points(&times);
		put_differences(&times);
	}
	vec_free(&times.point);
	vec_free(&times.difference);
	return status;
}

/* Of pairs with as many findings the one whose rule comes first. */
Status charts_times(Report *report)
{
	Pair *pair = ARENA_ARRAY(&report->scratch, Pair, report->rules.n + 1);
	size_t *of = ARENA_ARRAY(&report->scratch, size_t, report->rules.n + 1);
	size_t n = 0, most = 0;
	Status status = find_pairs(report, pair, &n, of);
	for (size_t i = 1; i < n; i++)
		most = pair[i].failed > pair[most].failed ? i : most;
	if (status == STATUS_OK && n > 0)
		status = put_pair(report, &pair[most], of, most + 1);
	else if (status == STATUS_OK)
		html_put(&report->html, "<h3>Claimed against logged</h3>\n<p>There is no chart of this: no"
			" rule that compares two durations failed.</p>\n");
	for (size_t i = 0; i < n; i++)
		buf_free(&pair[i].rules);
	return status;
}
