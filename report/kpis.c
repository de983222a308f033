/*
 * The columns of the table are all of one kind here, texts by number: which of them a format shows,
 * and how, is its own list.
 *
 *   about                               figure  before  status  reported
 *   hampshire/ccsh handbacks: Packages handed back (target at most 5%, fails above 10%)
 *     provider P1, quarter of 1 April     7.5%      5%  watch   7% (differs)
 *
 *   measure_result ──each_row──> cells ──┬─ text_row ──> a table, held whole, then a tally
 *                                        ├─ csv_one  ──> a line
 *                                        ├─ json_one ──> an object a line
 *                                        └─ tally_row ─> counts alone
 *
 * Figures come as the run wrote them, rounded for people, with the exact numerator and denominator
 * beside them. Nothing is worked out again, so a page cannot differ from the case file.
 */
#include "report/kpis.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "interp/measure.h"
#include "report/csv.h"
#include "report/jsontext.h"
#include "report/layout.h"

/* In step with `name` and the table of interp/case_measure.c. */
enum { CONTRACT, MEASURE, KPI, TITLE, CLAUSE, WRITTEN_IN, KEYS, SUBJECT, PERIOD,
	PROVIDER, ON_DATE, FIGURE, NUMERATOR, DENOMINATOR, UNIT, PARTS, TARGET, FAILS, NEEDS, STATUS,
	OVERFLOWED, MARGIN, REPORTED, REPORTED_STATUS, DIFFERENCE, PREVIOUS, ROWS, REASON, MISSING,
	ASSUMED, LEAST, LEAST_EXACT, MOST, MOST_EXACT, CERTAIN, TARGET_VALUE, FAILS_VALUE,
	COLUMNS };

static const char *const name[COLUMNS] = {"contract", "measure", "kpi", "title", "clause",
	"written_in", "keys", "subject", "period", "provider", "on_date", "value", "numerator",
	"denominator", "unit", "parts", "target", "fails", "needs", "status", "overflow", "margin",
	"reported", "reported_status", "difference", "previous", "rows", "reason", "missing",
	"assumed", "least", "least_exact", "most", "most_exact", "certain", "target_value",
	"fails_value"};

/* Whole numbers of ours, which no spreadsheet can take for a formula; everything else may come from
 * rules or data, and is guarded. */
static bool is_number(int column)
{
	return column == KPI || column == OVERFLOWED || column == ROWS || column == NUMERATOR ||
		column == DENOMINATOR;
}

/* Dates of ours, which no spreadsheet takes for a formula. */
static bool is_date(int column)
{
	return column == PERIOD || column == ON_DATE;
}

/* ---- reading ---- */

typedef Status KpiFn(void *user, const Str *cell);

/* Older files have none, and no figures: that is an empty list and not a failure. */
static bool has_table(CaseReader *reader)
{
	sqlite3_stmt *stmt = NULL;
	bool has = sqlite3_prepare_v2(casereader_database(reader), "SELECT 1 FROM sqlite_schema WHERE"
		" name = 'measure_result'", -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return has;
}

/* By name, so that a column added to the table later changes nothing here. */
static void put_columns(Buf *sql)
{
	for (int i = 0; i < COLUMNS; i++)
		buf_printf(sql, "%s%s", i > 0 ? ", " : "", name[i]);
}

/* SQLITE_STATIC: the text outlives the statement. A NULL would bind as SQL's null, which equals
 * nothing, also not ''. */
static void bind(sqlite3_stmt *stmt, int i, Str s)
{
	sqlite3_bind_text(stmt, i, s.ptr == NULL ? "" : s.ptr, (int)s.len, SQLITE_STATIC);
}

/* One row in memory at a time. */
static Status step_all(CaseReader *reader, sqlite3_stmt *stmt, KpiFn *fn, void *user)
{
	Status status = STATUS_OK;
	int rc;
	while (status == STATUS_OK && (rc = sqlite3_step(stmt)) != SQLITE_DONE) {
		Str cell[COLUMNS];
		if (rc != SQLITE_ROW)
			return casereader_unreadable(reader);
		for (int i = 0; i < COLUMNS; i++) {
			const char *at = (const char *)sqlite3_column_text(stmt, i);
			cell[i] = at == NULL ? STR("") : (Str){at, (size_t)sqlite3_column_bytes(stmt, i)};
		}
		status = fn(user, cell);
	}
	return status;
}

/* The cells last for one call. The order is one of names alone, so the same run gives the same
 * bytes in whichever file it is. kpi is 1 for a kpi, 0 for a measure: `kpi >= 0` is both. */
static Status each_row(CaseReader *reader, const KpiFilter *filter, KpiFn *fn, void *user)
{
	Buf sql = {0};
	sqlite3_stmt *stmt = NULL;
	if (!has_table(reader))
		return STATUS_OK;
	buf_puts(&sql, "SELECT ");
	put_columns(&sql);
	buf_puts(&sql, " FROM measure_result WHERE run_id = ?1 AND ?2 IN ('', contract) AND ?3 IN ('',"
		" measure) AND (?4 = '' OR provider = ?4) AND kpi >= ?5 ORDER BY contract,"
		" measure, provider, keys, written_in");
	int rc = sqlite3_prepare_v2(casereader_database(reader), sql.at, -1, &stmt, NULL);
	buf_free(&sql);
	if (rc != SQLITE_OK)
		return casereader_unreadable(reader);
	bind(stmt, 1, filter->run);
	bind(stmt, 2, filter->contract);
	bind(stmt, 3, filter->measure);
	bind(stmt, 4, filter->provider);
	sqlite3_bind_int(stmt, 5, filter->kpis_only);
	Status status = step_all(reader, stmt, fn, user);
	sqlite3_finalize(stmt);
	return status;
}

/* ---- how many of each status ---- */

typedef struct Tally {
	int64_t kpis, of[STATUSES], measures;
	int64_t certain;       /* of those not assessed: that fail whatever the facts are */
} Tally;

/* Figures of measures have no target, so they are counted apart. `certain` is only of those
 * that are bound to fail: what is certain to be met needs nobody's attention. */
static void count_row(Tally *tally, const Str *cell)
{
	if (str_eq(cell[KPI], STR("0")))
		tally->measures++;
	else
		tally->kpis++;
	for (int s = STATUS_NONE + 1; s < STATUSES && cell[KPI].len > 0 && cell[KPI].ptr[0] != '0'; s++)
		tally->of[s] += str_eq(cell[STATUS], str_of(measure_status_word((MeasureStatus)s)));
	tally->certain += str_eq(cell[CERTAIN], str_of(measure_status_word(STATUS_FAILED)));
}

/* Met, to watch, failed are always said; the others when there are any. */
static void put_tally(const Tally *tally, Buf *out)
{
	for (int s = STATUS_MET; s < STATUSES; s++) {
		if (s > STATUS_FAILED && tally->of[s] == 0)
			continue;
		buf_puts(out, s > STATUS_MET ? ", " : "");
		layout_number(out, tally->of[s]);
		buf_printf(out, " %s", s == STATUS_WATCH ? "to watch"
			: measure_status_word((MeasureStatus)s));
		if (s == STATUS_NOT_ASSESSED && tally->certain > 0) {
			buf_puts(out, " (");
			layout_number(out, tally->certain);
			buf_puts(out, " certain to fail)");
		}
	}
}

/* Counting alone, for the summary. */
static Status tally_row(void *user, const Str *cell)
{
	count_row(user, cell);
	return STATUS_OK;
}

/* Read back from the case file, as all of the summary is. */
Status kpis_summary(CaseReader *reader, Str run_id, Buf *out)
{
	KpiFilter filter = {.run = run_id};
	Tally tally = {0};
	Status status = each_row(reader, &filter, tally_row, &tally);
	if (status != STATUS_OK || tally.kpis == 0)
		return status;
	buf_puts(out, "\nKPIs: ");
	put_tally(&tally, out);
	buf_puts(out, " (`vouch kpis`)\n");
	return STATUS_OK;
}

/* ---- as text ---- */

/* The list as it is gathered; the tally is printed behind it. Texts of the heading are copied,
 * since cells last for one call, and the arena is that of the table. */
typedef struct TextList {
	LayoutTable table;
	const ListOptions *options;
	Tally tally;
	Str contract, measure; /* of the heading that stands above */
	CaseReader *reader;
	const KpiFilter *filter;
} TextList;

/* The figure and how it stands to ours, or why there is none. */
static Str reported_text(Arena *arena, const Str *cell)
{
	if (cell[REPORTED].len == 0)
		return cell[REPORTED_STATUS];
	return str_format(arena, "%.*s (%.*s)", STR_ARG(cell[REPORTED]),
		STR_ARG(cell[REPORTED_STATUS]));
}

/* "; between 3.1% and 4.7%, met whatever the missing facts are" */
static void put_bounds(Buf *out, const Str *cell)
{
	bool both = cell[LEAST].len > 0 && cell[MOST].len > 0;
	if (both && str_eq(cell[LEAST_EXACT], cell[MOST_EXACT]))
		buf_printf(out, "; %.*s", STR_ARG(cell[LEAST]));
	else if (both)
		buf_printf(out, "; between %.*s and %.*s", STR_ARG(cell[LEAST]), STR_ARG(cell[MOST]));
	else if (cell[LEAST].len > 0)
		buf_printf(out, "; at least %.*s", STR_ARG(cell[LEAST]));
	else if (cell[MOST].len > 0)
		buf_printf(out, "; at most %.*s", STR_ARG(cell[MOST]));
	if (cell[CERTAIN].len > 0)
		buf_printf(out, "%s %.*s whatever the missing facts are", both || cell[LEAST].len > 0 ||
			cell[MOST].len > 0 ? "," : ";", STR_ARG(cell[CERTAIN]));
}

/* The first of the reasons, or a part of it; all of them are in the other formats. */
static Str status_text(Arena *arena, const Str *cell)
{
	enum { REASON_SHOWN = 60 };
	Buf buf = {0};
	buf_str(&buf, cell[STATUS]);
	put_bounds(&buf, cell);
	if (cell[REASON].len > 0) {
		buf_puts(&buf, cell[STATUS].len > 0 ? ": " : "");
		layout_cut(&buf, layout_cleaned(arena, cell[REASON]), REASON_SHOWN);
	}
	Str out = buf.n == 0 ? STR("") : str_copy(arena, buf_view(&buf));
	buf_free(&buf);
	return out;
}

/* Whether all the figures below the heading that are held to a line are held to this one: a
 * parameter that rises in their time has several. Then the heading names the parameter alone, as a
 * value there would be wrong for some. IS NOT, since the line of a figure may be null. */
static bool is_one_for_all(const TextList *list, int column, Str value)
{
	sqlite3_stmt *stmt = NULL;
	bool one = false;
	Buf sql = {0};
	buf_printf(&sql, "SELECT count(*) FROM measure_result WHERE run_id = ?1 AND contract = ?2 AND"
		" measure = ?3 AND (?4 = '' OR provider = ?4) AND %s IS NOT ?5", name[column]);
	if (sqlite3_prepare_v2(casereader_database(list->reader), sql.at, -1, &stmt, NULL) ==
			SQLITE_OK) {
		bind(stmt, 1, list->filter->run);
		bind(stmt, 2, list->contract);
		bind(stmt, 3, list->measure);
		bind(stmt, 4, list->filter->provider);
		bind(stmt, 5, value);
		one = sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_int64(stmt, 0) == 0;
	}
	sqlite3_finalize(stmt);
	buf_free(&sql);
	return one;
}

/* "at least 63% (certificate_england)": what both have in common, the value, and the name that was
 * written for it. */
static void put_line(Buf *out, const TextList *list, const Str *cell, int written, int column)
{
	Str words = cell[written], value = cell[column];
	bool shown = value.len > 0 && is_one_for_all(list, column, value);
	size_t same = 0;
	buf_str(out, shown ? value : words);
	if (!shown)
		return;
	for (size_t i = 0; i < words.len && i < value.len && words.ptr[i] == value.ptr[i]; i++)
		if (words.ptr[i] == ' ')
			same = i + 1;
	buf_printf(out, " (%.*s)", (int)(words.len - same), words.ptr + same);
}

/* Contract and measure, and what is asked of the figure, once above its figures. Rows come
 * sorted by both, so the heading before is all that must be remembered. */
static void put_heading(TextList *list, const Str *cell)
{
	Buf buf = {0};
	if (str_eq(cell[CONTRACT], list->contract) && str_eq(cell[MEASURE], list->measure))
		return;
	list->contract = str_copy(list->table.arena, cell[CONTRACT]);
	list->measure = str_copy(list->table.arena, cell[MEASURE]);
	buf_printf(&buf, "%.*s %.*s: %.*s", STR_ARG(cell[CONTRACT]), STR_ARG(cell[MEASURE]),
		STR_ARG(cell[TITLE]));
	if (cell[TARGET].len > 0) {
		buf_puts(&buf, " (target ");
		put_line(&buf, list, cell, TARGET, TARGET_VALUE);
	}
	if (cell[FAILS].len > 0) {
		buf_puts(&buf, cell[TARGET].len > 0 ? ", fails " : " (fails ");
		put_line(&buf, list, cell, FAILS, FAILS_VALUE);
	}
	if (cell[TARGET].len + cell[FAILS].len > 0)
		buf_char(&buf, ')');
	layout_span(&list->table, buf_view(&buf));
	buf_free(&buf);
}

/* A figure that is not known says so, rather than leave its place empty. */
static Status text_row(void *user, const Str *cell)
{
	TextList *list = user;
	Arena *arena = list->table.arena;
	count_row(&list->tally, cell);
	put_heading(list, cell);
	layout_cell(&list->table, str_format(arena, "  %.*s", STR_ARG(cell[SUBJECT])));
	layout_cell(&list->table, cell[FIGURE].len > 0 ? cell[FIGURE] : STR("unknown"));
	layout_cell(&list->table, cell[PREVIOUS]);
	layout_cell(&list->table, status_text(arena, cell));
	layout_cell(&list->table, reported_text(arena, cell));
	return list_go_on(list->options);
}

/* The last line, which `tail` shows: "40 figures of kpis: 31 met, 6 to watch, 3 failed; 12 of
 * measures". It is there also when the list is empty, and says 0. */
static void text_end(const Tally *tally, Buf *out)
{
	layout_plural(out, tally->kpis, "figure of a kpi", "figures of kpis");
	if (tally->kpis > 0) {
		buf_puts(out, ": ");
		put_tally(tally, out);
	}
	if (tally->measures > 0) {
		buf_puts(out, "; ");
		layout_plural(out, tally->measures, "of a measure", "of measures");
	}
	buf_char(out, '\n');
}

/* How many figures the filter left out, and how to see them: a list that is silently short would be
 * taken for all that there is. Only measures are left out by it, so the tally of all has them. */
static Status put_left_out(CaseReader *reader, const KpiFilter *filter, Buf *out)
{
	KpiFilter all = *filter;
	Tally tally = {0};
	all.kpis_only = false;
	Status status = each_row(reader, &all, tally_row, &tally);
	if (status == STATUS_OK && tally.measures > 0) {
		layout_plural(out, tally.measures, "figure of a measure is", "figures of measures are");
		buf_puts(out, " not shown: --all, or --measure NAME\n");
	}
	return status;
}

/* Held as a whole, since columns are as wide as their widest cell; a run has some thousands of
 * figures. A list that is broken off half way prints nothing. */
static Status text_list(CaseReader *reader, const KpiFilter *filter, const ListOptions *options)
{
	static const LayoutColumn column[] = {{"about", false, 20}, {"figure", true, 0},
		{"before", true, 0}, {"status", false, 20}, {"reported", false, 0}};
	Arena arena = {0};
	Buf out = {0};
	TextList list = {.options = options, .reader = reader, .filter = filter};
	layout_begin(&list.table, &arena, column, 5);
	Status status = each_row(reader, filter, text_row, &list);
	bool any = list.tally.kpis + list.tally.measures > 0;
	buf_puts(&out, "");
	layout_end(&list.table, &out, options->width);
	if (!any)
		buf_clear(&out);
	text_end(&list.tally, &out);
	if (status == STATUS_OK && filter->kpis_only)
		status = put_left_out(reader, filter, &out);
	if (status == STATUS_OK)
		fwrite(out.at, 1, out.n, options->out);
	buf_free(&out);
	arena_free(&arena);
	return status == STATUS_OK ? list_go_on(options) : status;
}

/* ---- as CSV and JSON ---- */

/* Every column always there: people write formulas that count columns. */
static Status csv_one(void *user, const Str *cell)
{
	const ListOptions *options = user;
	bool plain[COLUMNS];
	for (int i = 0; i < COLUMNS; i++)
		plain[i] = is_number(i) || is_date(i);
	csv_row(options->out, cell, plain, COLUMNS);
	return list_go_on(options);
}

static Status csv_list(CaseReader *reader, const KpiFilter *filter, const ListOptions *options)
{
	Str title[COLUMNS];
	for (int i = 0; i < COLUMNS; i++)
		title[i] = str_of(name[i]);
	csv_row(options->out, title, NULL, COLUMNS);
	ListOptions own = *options;
	return each_row(reader, filter, csv_one, &own);
}

/* n: objects so far, for the commas between them. */
typedef struct JsonList {
	const ListOptions *options;
	int64_t n;
} JsonList;

/* Numerators may be larger than a JSON reader's integers, so they are texts (law 1), and so are all
 * figures: 7.5% as a binary fraction would be another number. Empty is null. */
static json_t *json_cell(int column, Str cell)
{
	if (cell.len == 0)
		return json_null();
	if (column == KPI || column == OVERFLOWED)
		return json_boolean(cell.ptr[0] != '0');
	if (column == ROWS)
		return json_integer(strtoll(cell.ptr, NULL, 10));
	if (column == PARTS) {
		json_t *parts = json_loadb(cell.ptr, cell.len, 0, NULL);
		return parts != NULL ? parts : json_null();
	}
	return jsontext(cell);
}

/* A figure a line, for programs that work by lines. */
static Status json_one(void *user, const Str *cell)
{
	JsonList *list = user;
	json_t *object = json_object();
	for (int i = 0; i < COLUMNS; i++)
		json_object_set_new(object, name[i], json_cell(i, cell[i]));
	fputs(list->n++ > 0 ? ",\n" : "\n", list->options->out);
	json_dumpf(object, list->options->out, JSON_COMPACT);
	json_decref(object);
	return list_go_on(list->options);
}

/* The frame is written by hand round the objects, so that one is in memory at a time. */
static Status json_list(CaseReader *reader, const KpiFilter *filter, const ListOptions *options)
{
	JsonList list = {.options = options};
	json_t *run = json_pack("{s:s%}", "run_id", filter->run.ptr, filter->run.len);
	fputs("{" JSON_FORMAT ",\n\"run\":", options->out);
	json_dumpf(run, options->out, JSON_COMPACT);
	json_decref(run);
	fputs(",\n\"kpis\":[", options->out);
	Status status = each_row(reader, filter, json_one, &list);
	fputs("\n]}\n", options->out);
	return status;
}

/* No default, so that the compiler asks for a new format here. */
Status kpis_list(CaseReader *reader, const KpiFilter *filter, KpiFormat format,
	const ListOptions *options)
{
	switch (format) {
	case KPI_CSV: return csv_list(reader, filter, options);
	case KPI_JSON: return json_list(reader, filter, options);
	case KPI_TEXT: break;
	}
	return text_list(reader, filter, options);
}
