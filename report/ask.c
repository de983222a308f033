/*
 * What hangs on a fact is the difference between the most and the least of every finding that it
 * stands in the way of. A finding that lacks two facts counts for both: either of them may be the
 * one that settles it. So the lines of the list do not add up to the total of the run.
 *
 *      hangs  findings  provider  to ask for
 *     £11.30         1  P1        check_out of log L1
 *
 *   bounds_total ──> ask_totals: a sum for the run        asked, bounds ──> ask_each ──> lists
 *
 * Pence in the list, exact pounds in the totals: what is listed is to be put in an order, what is
 * totalled is to be reported.
 */
#include "report/ask.h"

#include <jansson.h>
#include <sqlite3.h>

#include "report/csv.h"
#include "report/jsontext.h"
#include "report/layout.h"

/* ---- sums of a run ---- */

/* SQLite's own until the next step. */
static Str text(sqlite3_stmt *stmt, int column)
{
	const char *at = (const char *)sqlite3_column_text(stmt, column);
	return at == NULL ? STR("") : (Str){at, (size_t)sqlite3_column_bytes(stmt, column)};
}

/* An empty text matches everything in the query below. */
static void bind(sqlite3_stmt *stmt, int i, Str s)
{
	sqlite3_bind_text(stmt, i, s.ptr == NULL ? "" : s.ptr, (int)s.len, SQLITE_STATIC);
}

/* Sums of rules that together no longer fit are left out, as those without bounds are. */
static void add_total(sqlite3_stmt *stmt, AskTotals *out)
{
	Ratio least, most, low, high;
	out->findings += sqlite3_column_int64(stmt, 0);
	out->open += sqlite3_column_int64(stmt, 1);
	if (layout_ratio(text(stmt, 2), &least) && layout_ratio(text(stmt, 3), &most) &&
	    ratio_add(out->least, least, &low) && ratio_add(out->most, most, &high)) {
		out->least = low;
		out->most = high;
	}
}

/* Kept by rule in the case file, so that no finding is read. */
Status ask_totals(CaseReader *reader, Str run_id, AskTotals *out)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(casereader_database(reader), "SELECT b.findings, b.open,"
		" b.least_exact, b.most_exact FROM"
		" bounds_total b JOIN rule_total t USING (rule_key) WHERE t.run_id = ?1",
		-1, &stmt, NULL);
	*out = (AskTotals){.least = {0, 1}, .most = {0, 1}};
	if (rc == SQLITE_OK)
		bind(stmt, 1, run_id);
	while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		add_total(stmt, out);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? STATUS_OK : casereader_unreadable(reader);
}

/* ---- one fact a line ---- */

/* As the view ask_for, but narrowed before it is added up. The order leaves nothing to chance. */
static const char asked_sql[] =
	"SELECT coalesce(f.provider, '') AS provider, a.dataset, a.source_key, a.field, count(*) AS n,"
	" coalesce(sum(b.at_most_pence - b.at_least_pence), 0) AS hangs, sum(b.at_most_pence IS NULL OR"
	" b.at_least_pence IS NULL) AS open FROM asked a JOIN bounds b ON b.row = a.row JOIN"
	" finding_row f ON f.rowid = a.row"
	" JOIN rule_total t ON t.rule_key = f.rule_key WHERE t.run_id = ?1 AND"
	" (?2 = '' OR t.contract = ?2) AND (?3 = '' OR t.rule = ?3) AND (?4 = '' OR f.provider = ?4)"
	" GROUP BY 1, 2, 3, 4 ORDER BY hangs DESC, open DESC, n DESC, 1, 2, 3, 4";

/* What the three formats share. */
typedef struct Asking {
	const ListOptions *options;
	Buf line;
	int64_t facts;
	int provider;           /* width of the column; 0: there is none */
} Asking;

typedef void PutAsk(Asking *asking, const ReadAsk *ask);

/* In the order of the query's columns. */
static ReadAsk ask_of(sqlite3_stmt *stmt)
{
	return (ReadAsk){text(stmt, 0), text(stmt, 1), text(stmt, 2), text(stmt, 3),
		sqlite3_column_int64(stmt, 4), sqlite3_column_int64(stmt, 5),
		sqlite3_column_int64(stmt, 6)};
}

/* Nothing is kept: a list of any length takes the memory of one line. */
Status ask_each(CaseReader *reader, const FindingFilter *filter, AskFn *each, void *user)
{
	const Str arg[] = {filter->run, filter->contract, filter->rule, filter->provider};
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(casereader_database(reader), asked_sql, -1, &stmt, NULL);
	Status status = rc == SQLITE_OK ? STATUS_OK : casereader_unreadable(reader);
	for (int i = 0; i < 4 && status == STATUS_OK; i++)
		bind(stmt, i + 1, arg[i]);
	while (status == STATUS_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		ReadAsk ask = ask_of(stmt);
		status = each(user, &ask);
	}
	if (status == STATUS_OK && rc != SQLITE_DONE)
		status = casereader_unreadable(reader);
	sqlite3_finalize(stmt);
	return status;
}

/* Of a list: counted, and broken off when nobody reads it any more. */
typedef struct AskLine {
	Asking *asking;
	PutAsk *put;
} AskLine;

static Status put_line(void *user, const ReadAsk *ask)
{
	AskLine *line = user;
	line->put(line->asking, ask);
	line->asking->facts++;
	return list_go_on(line->asking->options);
}

/* May be called twice for one list: the count starts anew. */
static Status each_ask(CaseReader *reader, const FindingFilter *filter, Asking *asking,
	PutAsk *put)
{
	AskLine line = {asking, put};
	asking->facts = 0;
	return ask_each(reader, filter, put_line, &line);
}

/* ---- as text ---- */

/* The one column whose width depends on the data. */
static void measure(Asking *asking, const ReadAsk *ask)
{
	int width = (int)utf8_width(ask->provider);
	if (width > 0 && width < (int)sizeof "provider")
		width = (int)sizeof "provider" - 1;
	if (width > asking->provider)
		asking->provider = width;
}

/* Sums stand to the right so that their pence line up. */
static void put_columns(Asking *asking, Str hangs, Str findings, Str provider)
{
	Buf *line = &asking->line;
	buf_clear(line);
	layout_pad(line, hangs, 14, true);
	buf_puts(line, "  ");
	layout_pad(line, findings, 8, true);
	buf_puts(line, "  ");
	if (asking->provider > 0) {
		layout_pad(line, provider, asking->provider, false);
		buf_puts(line, "  ");
	}
}

/* The line is kept for the next. */
static void write_line(Asking *asking)
{
	buf_char(&asking->line, '\n');
	fwrite(asking->line.at, 1, asking->line.n, asking->options->out);
}

/* What has no bound is said, or it would seem to be worth nothing. */
static void put_text(Asking *asking, const ReadAsk *ask)
{
	Buf hangs = {0}, findings = {0}, provider = {0};
	layout_pence(&hangs, ask->pence);
	layout_number(&findings, ask->findings);
	layout_clean(&provider, ask->provider);
	put_columns(asking, buf_view(&hangs), buf_view(&findings), buf_view(&provider));
	layout_clean(&asking->line, ask->field);
	buf_puts(&asking->line, " of ");
	layout_subject(&asking->line, ask->dataset, ask->key);
	if (ask->open > 0) {
		buf_puts(&asking->line, "; ");
		layout_number(&asking->line, ask->open);
		buf_puts(&asking->line, " without a bound");
	}
	write_line(asking);
	buf_free(&hangs);
	buf_free(&findings);
	buf_free(&provider);
}

/* Asked twice, first for the width of the providers' column. */
static Status list_as_text(CaseReader *reader, const FindingFilter *filter, Asking *asking)
{
	Status status = each_ask(reader, filter, asking, measure);
	if (status == STATUS_OK && asking->facts > 0) {
		put_columns(asking, STR("hangs on it"), STR("findings"), STR("provider"));
		buf_puts(&asking->line, "to ask for");
		write_line(asking);
		status = each_ask(reader, filter, asking, put_text);
	}
	buf_clear(&asking->line);
	layout_plural(&asking->line, asking->facts, "fact to ask for", "facts to ask for");
	if (status == STATUS_OK)
		write_line(asking);
	return status;
}

/* ---- for programs ---- */

/* The names of the view's columns, which readers go by. */
static void put_csv(Asking *asking, const ReadAsk *ask)
{
	char n[3][24];
	const int64_t number[] = {ask->findings, ask->pence, ask->open};
	for (int i = 0; i < 3; i++)
		snprintf(n[i], sizeof n[i], "%lld", (long long)number[i]);
	const Str cell[] = {ask->provider, ask->dataset, ask->key, ask->field, str_of(n[0]),
		str_of(n[1]), str_of(n[2])};
	const bool plain[] = {false, false, false, false, true, true, true};
	csv_row(asking->options->out, cell, plain, 7);
}

/* The line of names stands there also when there is nothing to ask for. */
static Status list_as_csv(CaseReader *reader, const FindingFilter *filter, Asking *asking)
{
	const Str name[] = {STR("provider"), STR("dataset"), STR("source_key"), STR("field"),
		STR("findings"), STR("hangs_pence"), STR("open")};
	csv_row(asking->options->out, name, NULL, 7);
	return each_ask(reader, filter, asking, put_csv);
}

/* JSON holds nothing but UTF-8; nothing is null. */
static json_t *json_text(Str s)
{
	Buf clean = {0};
	layout_clean(&clean, s);
	json_t *out = s.len == 0 ? json_null() : json_stringn(clean.at, clean.n);
	buf_free(&clean);
	return out;
}

/* Whole pence, so that no reader makes a binary fraction of them. */
static void put_json(Asking *asking, const ReadAsk *ask)
{
	json_t *object = json_object();
	json_object_set_new(object, "provider", json_text(ask->provider));
	json_object_set_new(object, "dataset", json_text(ask->dataset));
	json_object_set_new(object, "source_key", json_text(ask->key));
	json_object_set_new(object, "field", json_text(ask->field));
	json_object_set_new(object, "findings", json_integer(ask->findings));
	json_object_set_new(object, "hangs_pence", json_integer(ask->pence));
	json_object_set_new(object, "open", json_integer(ask->open));
	fputs(asking->facts > 0 ? ",\n" : "\n", asking->options->out);
	json_dumpf(object, asking->options->out, JSON_COMPACT);
	json_decref(object);
}

/* The frame is written round the objects, so that the list is never in memory. */
static Status list_as_json(CaseReader *reader, const FindingFilter *filter, Asking *asking)
{
	FILE *out = asking->options->out;
	fprintf(out, "{" JSON_FORMAT ",\n\"run_id\":\"%.*s\",\n\"ask_for\":[", STR_ARG(filter->run));
	Status status = each_ask(reader, filter, asking, put_json);
	if (status == STATUS_OK)
		fputs(asking->facts > 0 ? "\n]}\n" : "]}\n", out);
	return status;
}

/* In step with the words of --format. */
Status ask_list(CaseReader *reader, const FindingFilter *filter, int format,
	const ListOptions *options)
{
	Asking asking = {.options = options};
	Status status = format == 0 ? list_as_text(reader, filter, &asking)
		: format == 1 ? list_as_csv(reader, filter, &asking)
		: list_as_json(reader, filter, &asking);
	buf_free(&asking.line);
	return status == STATUS_OK ? list_go_on(options) : status;
}
