/*
 * A result of a measure becomes a row in two steps, because the two happen at different times:
 *
 *   worker, partition's store at hand     MeasureResult ──case_measure_of──> CaseMeasure (texts)
 *   at the end, all partitions together   sorted ──case_measure_write──> measure_result
 *
 * Behind the first step nothing points into a store any more. The order of rows is that of their
 * keys and so the same however many workers there were.
 */
#include "interp/case_measure.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"

/* ---- numbers ---- */

/* The buffer's text, into the arena; the buffer is freed. */
static Str take(Arena *arena, Buf *buf)
{
	Str text = buf->n == 0 ? STR("") : str_copy(arena, buf_view(buf));
	buf_free(buf);
	return text;
}

/* Digits of 128 bits, which no format of the library prints. */
static Str digits(Arena *arena, Int128 n)
{
	char at[48];
	size_t i = sizeof at;
	Uint128 rest = n < 0 ? -(Uint128)n : (Uint128)n;
	do {
		at[--i] = (char)('0' + (int)(rest % 10));
		rest /= 10;
	} while (rest > 0);
	if (n < 0)
		at[--i] = '-';
	return str_copy(arena, (Str){at + i, sizeof at - i});
}

/* Both forms: people read the one, and whoever works the figure out again needs the other. */
static CaseNumber number(Arena *arena, Type type, Ratio q)
{
	Buf buf = {0};
	quantity_print(&buf, type, q);
	return (CaseNumber){take(arena, &buf), digits(arena, q.n), digits(arena, q.d)};
}

/* Empty stands for what is not known, never 0 (law 4). */
static CaseNumber number_of(Arena *arena, Type type, Value value)
{
	return value.state == STATE_KNOWN ? number(arena, type, value.q) : (CaseNumber){0};
}

/* jansson wants texts that end. */
static const char *text_z(Arena *arena, Str text)
{
	return text.len == 0 ? "" : str_z(arena, text);
}

/* Without a bound on that side: empty, which is not the same as a bound of 0. */
static CaseNumber bound_of(Arena *arena, Type type, bool has, Ratio q)
{
	return has ? number(arena, type, q) : (CaseNumber){0};
}

/* Nothing where there is nothing to say. */
static void put_text(json_t *item, const char *name, Str text, Arena *arena)
{
	if (text.len > 0)
		json_object_set_new(item, name, json_string(text_z(arena, text)));
}

/* In whole numbers as a text: `n`, or `n/d`. */
static Str exact(CaseNumber q, Arena *arena)
{
	if (q.n.len == 0 || str_eq(q.d, STR("1")))
		return q.n;
	return str_format(arena, "%.*s/%.*s", STR_ARG(q.n), STR_ARG(q.d));
}

/* A part that is not known has a name, and what bounds it has. */
static json_t *part_json(const MeasurePart *part, Value value, const FigureBound *bound,
	Arena *arena)
{
	Type type = part->value->type;
	CaseNumber known = number_of(arena, type, value);
	CaseNumber least = bound_of(arena, type, bound->has_least, bound->least);
	CaseNumber most = bound_of(arena, type, bound->has_most, bound->most);
	json_t *item = json_pack("{s:s}", "name", text_z(arena, part->name));
	put_text(item, "value", known.text, arena);
	put_text(item, "n", known.n, arena);
	put_text(item, "d", known.d, arena);
	put_text(item, "least", least.text, arena);
	put_text(item, "least_exact", exact(least, arena), arena);
	put_text(item, "most", most.text, arena);
	put_text(item, "most_exact", exact(most, arena), arena);
	return item;
}

/* As one text: parts are read together, by whoever wants to see how the figure came about. */
static Str parts_json(const Measure *measure, const MeasureResult *result, Arena *arena)
{
	if (measure->nparts == 0)
		return STR("");
	json_t *list = json_array();
	/* In the order of their declaration, as reports show them. */
	for (int32_t i = 0; i < measure->nparts; i++)
		json_array_append_new(list, part_json(&measure->part[i], result->part[i],
			&result->part_bound[i], arena));
	char *text = json_dumps(list, JSON_COMPACT);
	Str out = str_copy(arena, str_of(text));
	free(text);
	json_decref(list);
	return out;
}

/* ---- the subject ---- */

/* As keys of findings are written, so that the two can be put side by side. */
static void put_key(Buf *buf, const Walk *walk, Type type, Value value)
{
	if (value.state != STATE_KNOWN)
		buf_char(buf, '?');
	else if (type.kind == TYPE_ROW)
		buf_str(buf, store_key(walk->store, type.ref, (int32_t)value.n, walk->arena));
	else if (type.kind == TYPE_PERIOD || type.kind == TYPE_DATE)
		day_print_iso(buf, (int32_t)value.n);
	else
		value_print(buf, walk->store, walk->book, type, value, walk->arena);
}

/* only: one slot alone; -1: all of them. */
static Str key_text(const Walk *walk, const Measure *measure, const MeasureResult *result,
	int32_t only, Arena *arena)
{
	Buf buf = {0};
	/* U+001F, the unit separator, stands in no key of people's making. */
	for (int32_t i = 0; i < subject_nslots(&measure->rule); i++) {
		if (only >= 0 && i != only)
			continue;
		if (only < 0 && i > 0)
			buf_char(&buf, '\x1f');
		put_key(&buf, walk, subject_type(&measure->rule, i), result->slot[i]);
	}
	return take(arena, &buf);
}

/* Kept as a text, because the words for a key need the store that it came from. */
static Str subject_text(const Walk *walk, const Measure *measure, const MeasureResult *result,
	Arena *arena)
{
	Buf buf = {0};
	subject_print(&buf, walk, &measure->rule, result->slot);
	return take(arena, &buf);
}

/* Empty where the subject leads to none. */
static Str provider_text(const Walk *walk, const Measure *measure, const MeasureResult *result,
	Arena *arena)
{
	Walk quiet = *walk;
	quiet.trace = NULL;
	/* Without a trace: this look-up is no step of the figure's own. */
	if (measure->rule.provider == NULL)
		return STR("");
	Value row = walk_expr(&quiet, measure->rule.provider, result->slot, result->on,
		(RowSpan){NULL, 0});
	return row.state != STATE_KNOWN ? STR("") : str_copy(arena, store_key(walk->store,
		measure->rule.provider->type.ref, (int32_t)row.n, walk->arena));
}

/* Reads as a list in a cell; single entries hold no "; " of their own making. */
Str case_measure_join(const Str *list, int32_t n, Arena *arena)
{
	Buf buf = {0};
	for (int32_t i = 0; i < n; i++) {
		buf_puts(&buf, i > 0 ? "; " : "");
		buf_str(&buf, list[i]);
	}
	return take(arena, &buf);
}

/* ---- lines that parameters draw ---- */

/* Nothing but parameters and numbers: the value is the same for every figure of its date. */
static bool goes_by_date(const Expr *expr, bool *named)
{
	switch ((int)expr->op) {
	case EXPR_CONST: case EXPR_CONST_RATIO:
		return true;
	case EXPR_PARAMETER: case EXPR_IN_FORCE:
		*named = true;
		return true;
	case EXPR_RESCALE: case EXPR_NEGATE: case EXPR_ADD: case EXPR_SUBTRACT: case EXPR_MULTIPLY:
	case EXPR_DIVIDE:
		for (int32_t i = 0; i < expr->nargs; i++)
			if (!goes_by_date(expr->arg[i], named))
				return false;
		return true;
	default:
		return false;
	}
}

/* "at least certificate_england" becomes "at least 63%". What is written in figures, and what is no
 * single bound, speaks for itself. */
static Str line_text(const Walk *walk, const Expr *line, int32_t on, Arena *arena)
{
	bool named = false;
	/* Slot 0 is the figure; other comparisons have no one line. */
	if (line == NULL || on == NO_DAY || line->op != EXPR_COMPARE || line->arg[0]->op != EXPR_SLOT ||
			!goes_by_date(line->arg[1], &named) || !named)
		return STR("");
	Walk quiet = *walk;
	quiet.trace = NULL;
	Value value = walk_expr(&quiet, line->arg[1], NULL, on, (RowSpan){NULL, 0});
	/* "at least ", as the author wrote it: from the clause's start to where the bound begins. */
	Span words = {line->at.file, line->at.lo, line->arg[1]->at.lo};
	if (value.state != STATE_KNOWN || words.hi <= words.lo)
		return STR("");
	Buf buf = {0};
	buf_str(&buf, source_text(walk->book->sources, words));
	value_print(&buf, walk->store, walk->book, line->arg[1]->type, value, walk->arena);
	return take(arena, &buf);
}

/* ---- a row ---- */

/* Nothing of the result is pointed to afterwards: its partition's memory goes. */
CaseMeasure case_measure_of(const Walk *walk, const Measure *measure, const MeasureResult *result,
	Arena *arena)
{
	/* All sums of a figure, also its margin and its bounds, are of the figure's own type. */
	Type type = measure->figure->type;
	CaseMeasure out = {.on = result->on, .rows = result->rows, .overflow = result->overflow,
		.has_previous = result->has_previous};
	out.keys = key_text(walk, measure, result, -1, arena);
	out.subject = subject_text(walk, measure, result, arena);
	out.period = measure->period_key < 0 ? STR("")
		: key_text(walk, measure, result, measure->period_key, arena);
	out.provider = provider_text(walk, measure, result, arena);
	out.value = number_of(arena, type, result->figure);
	out.reported = number_of(arena, type, result->reported);
	out.previous = number_of(arena, type, result->previous);
	out.least = bound_of(arena, type, result->bound.has_least, result->bound.least);
	out.most = bound_of(arena, type, result->bound.has_most, result->bound.most);
	out.certain = str_of(measure_status_word(result->agreed));
	if (result->has_margin)
		out.margin = number(arena, type, result->margin);
	if (result->has_difference)
		out.difference = number(arena, type, result->difference);
	out.parts = parts_json(measure, result, arena);
	out.target = line_text(walk, measure->target, result->on, arena);
	out.fails = line_text(walk, measure->fails, result->on, arena);
	out.status = str_of(measure_status_word(result->status));
	out.reported_status = str_of(measure_reported_word(result->how));
	out.reason = result->reason.len > 0 ? str_copy(arena, result->reason) : STR("");
	out.missing = case_measure_join(result->missing, result->nmissing, arena);
	out.assumed = case_measure_join(result->assumed, result->nassumed, arena);
	return out;
}

/* Measures in the order of their declaration. */
int case_measure_cmp(const void *left, const void *right)
{
	const CaseMeasure *a = *(const CaseMeasure *const *)left;
	const CaseMeasure *b = *(const CaseMeasure *const *)right;
	if (a->book != b->book)
		return a->book < b->book ? -1 : 1;
	if (a->measure != b->measure)
		return a->measure < b->measure ? -1 : 1;
	return str_cmp(a->keys, b->keys);
}

/* ---- the table ---- */

static const char table[] =
	"CREATE TABLE IF NOT EXISTS measure_result(run_id TEXT NOT NULL, contract TEXT NOT NULL,"
	" measure TEXT NOT NULL, kpi INTEGER NOT NULL, title TEXT NOT NULL, clause TEXT NOT NULL,"
	" written_in TEXT NOT NULL, keys TEXT NOT NULL, subject TEXT NOT NULL, period TEXT,"
	" provider TEXT, on_date TEXT, value TEXT, numerator TEXT, denominator TEXT,"
	" unit TEXT NOT NULL, parts TEXT, target TEXT, fails TEXT, needs TEXT, status TEXT NOT NULL,"
	" overflow INTEGER NOT NULL, margin TEXT, reported TEXT, reported_status TEXT, difference TEXT,"
	" previous TEXT,"
	" rows INTEGER, reason TEXT, missing TEXT, assumed TEXT,"
	" least TEXT, least_exact TEXT, most TEXT, most_exact TEXT, certain TEXT,"
	" target_value TEXT, fails_value TEXT,"
	" PRIMARY KEY(run_id, contract, measure, written_in, keys)) WITHOUT ROWID";

/* Columns of the table, from 0. Those that the rows of a measure have in common stand in three
 * places. */
enum { COL_CONTRACT = 1, COL_MEASURE, COL_KPI, COL_TITLE, COL_CLAUSE, COL_WRITTEN_IN, COL_KEYS,
	COL_SUBJECT, COL_UNIT = 15, COL_PARTS = 16, COL_TARGET = 17, COL_STATUS = 20,
	TABLE_CELLS = 38 };

/*
 * Cells of the table, in its order. Those of the declaration are set once for all rows of a
 * measure; nothing is copied, since every text stands at least until the rows are written.
 */
typedef struct Writer {
	CaseCell cell[TABLE_CELLS];
	Arena arena;           /* texts that are made for the table */
	int at;
	int32_t book, measure; /* whose declaration is set; -1: none */
} Writer;

/* Each of these goes on to the next column. */
static void put(Writer *out, Str text)
{
	out->cell[out->at++] = cell_text(text);
}

/* NULL where there is nothing to say. */
static void put_some(Writer *out, Str text)
{
	out->cell[out->at++] = cell_some(text);
}

/* 64 bits are enough for counts; figures go as texts, which have no limit. */
static void put_n(Writer *out, int64_t n)
{
	out->cell[out->at++] = cell_int(n);
}

/* A clause as it is written. */
static void put_written(Writer *out, const Rulebook *book, const Expr *expr)
{
	put_some(out, expr == NULL ? STR("") : source_text(book->sources, expr->at));
}

/* In words: a reader of the table has no rulebook at hand. */
static Str unit_text(const Rulebook *book, Type type, Arena *arena)
{
	Buf buf = {0};
	type_describe(&buf, book, type);
	return take(arena, &buf);
}

/* Three stretches of columns, between which those of the row lie. */
static void put_declaration(Writer *out, const Rulebook *book, const Measure *measure)
{
	const Rule *rule = &measure->rule;
	out->at = COL_CONTRACT;
	put(out, book->contract.decl.name);
	put(out, rule->decl.name);
	put_n(out, measure->kpi);
	put(out, rule->title);
	put(out, case_clause(&out->arena, &rule->decl.cites));
	put(out, rule_version(book, rule));
	out->at = COL_UNIT;
	put(out, unit_text(book, measure->figure->type, &out->arena));
	out->at = COL_TARGET;
	put_written(out, book, measure->target);
	put_written(out, book, measure->fails);
	put_written(out, book, measure->needs);
}

static Str day_text(int32_t day, Arena *arena)
{
	Buf buf = {0};
	if (day == NO_DAY)
		return STR("");
	day_print_iso(&buf, day);
	return take(arena, &buf);
}

/* In the order of the table, between what is bound already. */
static void put_result(Writer *out, const CaseMeasure *of)
{
	out->at = COL_KEYS;
	put(out, of->keys);
	put(out, of->subject);
	put_some(out, of->period);
	put_some(out, of->provider);
	put_some(out, day_text(of->on, &out->arena));
	put_some(out, of->value.text);
	put_some(out, of->value.n);
	put_some(out, of->value.d);
	out->at = COL_PARTS;
	put_some(out, of->parts);
	out->at = COL_STATUS;
	put(out, of->status);
	put_n(out, of->overflow);
	put_some(out, of->margin.text);
	put_some(out, of->reported.text);
	put_some(out, of->reported_status);
	put_some(out, of->difference.text);
	put_some(out, of->previous.text);
	/* 0 rows is a group that is empty, which is something else than no group. */
	if (of->rows < 0)
		put_some(out, STR(""));
	else
		put_n(out, of->rows);
	put_some(out, of->reason);
	put_some(out, of->missing);
	put_some(out, of->assumed);
	put_some(out, of->least.text);
	put_some(out, exact(of->least, &out->arena));
	put_some(out, of->most.text);
	put_some(out, exact(of->most, &out->arena));
	put_some(out, of->certain);
	put_some(out, of->target);
	put_some(out, of->fails);
}

/* Both what is written and what is hashed: the row's cells are good until the next one's. */
static void put_row(Writer *out, const Rulebook *const *book, const CaseMeasure *row)
{
	if (out->book != row->book || out->measure != row->measure)
		put_declaration(out, book[row->book], &book[row->book]->measure[row->measure]);
	out->book = row->book;
	out->measure = row->measure;
	put_result(out, row);
}

typedef struct Rows {
	CaseFile *file;
	const Rulebook *const *book;
	const CaseMeasure *const *row;
	size_t n;
} Rows;

/* The part has the same columns as the table without the run, but first those that name a row. */
static void part_cells(const CaseCell *all, CaseCell part[TABLE_CELLS - 1])
{
	static const int head[] = {COL_CONTRACT, COL_MEASURE, COL_WRITTEN_IN, COL_KEYS, COL_KPI,
		COL_TITLE, COL_CLAUSE};
	const int n = (int)(sizeof head / sizeof *head);
	for (int i = 0; i < n; i++)
		part[i] = all[head[i]];
	memcpy(part + n, all + COL_SUBJECT, (TABLE_CELLS - COL_SUBJECT) * sizeof *part);
}

/* On a thread of its own, if there is one to be had: to hash the rows takes as long as to write
 * them. It touches nothing of the file but the leaves of this part. */
static void *hash_rows(void *user)
{
	Rows *rows = user;
	Writer out = {.book = -1, .measure = -1};
	CaseCell cell[TABLE_CELLS - 1];
	Arena arena = {0};
	Buf scratch = {0};
	for (size_t i = 0; i < rows->n; i++) {
		CaseRow row = {.cell = cell};
		put_row(&out, rows->book, rows->row[i]);
		part_cells(out.cell, cell);
		arena_reset(&arena);
		case_row_seal(&row, TABLE_CELLS - 1, &arena, &scratch);
		case_note(rows->file, PUT_MEASURE, &row);
	}
	buf_free(&scratch);
	arena_free(&arena);
	arena_free(&out.arena);
	return NULL;
}

static Status write_rows(const Rows *rows, Str run_id)
{
	Writer out = {.book = -1, .measure = -1};
	Status status = STATUS_OK;
	/* Column 0, once for all. */
	put(&out, run_id);
	for (size_t i = 0; i < rows->n && status == STATUS_OK; i++) {
		put_row(&out, rows->book, rows->row[i]);
		status = case_put(rows->file, PUT_MEASURE, out.cell);
	}
	if (status == STATUS_OK)
		status = case_flush(rows->file);
	arena_free(&out.arena);
	return status;
}

/* A run without measures makes the table too: that there are no figures is an answer. */
Status case_measure_write(CaseFile *file, Str run_id, const Rulebook *const *book,
	const CaseMeasure *const *row, size_t n, bool beside)
{
	Rows rows = {file, book, row, n};
	pthread_t thread;
	if (sqlite3_exec(case_database(file), table, NULL, NULL, NULL) != SQLITE_OK)
		return case_failed(file);
	beside = beside && pthread_create(&thread, NULL, hash_rows, &rows) == 0;
	if (!beside)
		hash_rows(&rows);
	Status status = write_rows(&rows, run_id);
	if (beside)
		pthread_join(thread, NULL);
	return status;
}
