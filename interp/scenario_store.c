/*
 * The rows of a scenario as a store: keys, columns, order, links, matches.
 *
 * Everything that an audit does with a database happens here with a few rows: rows that are
 * not in the dataset or not known yet are not there, of several with one key the newest stays, a key
 * that is missing or stands twice takes its rows out, a link whose key matches no row is unknown. One
 * thing differs: a dataset that is not given has a row for each key that is named, so that a
 * scenario about visits and logs need not give the provider whose visits and logs they are.
 *
 *   given rows, as far as known ──> keys ──> doubles out ──> rows that only links name ──> columns
 *   ──> links ──> matches, sequences, banks
 *
 * The order is not free: links need all keys, lists need the ranks of keys,
 * matches read fields and links like any expression.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* qsort_r */
#endif
#include "interp/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/limits.h"
#include "interp/derive_walk.h"
#include "interp/scenario_match.h"

/* A row given, or one that only a link names (given NULL, its key is all there is). */
typedef struct Row {
	const Given *given;
	int32_t at;
	Str key;
} Row;

typedef struct Rows {
	VEC(Row) list;
	StrMap by_key;   /* to the row's number */
	bool given;
} Rows;

/*
 * What all steps share; gone when scenario_store returns, while the store lives
 * on in the arena.
 */
typedef struct Build {
	const Rulebook *book;
	const Scenario *scenario;
	const Law *law;
	Arena *arena;
	Differences *problems;
	Rows *rows;      /* by dataset */
	StoreTable **table;
} Build;

void difference_add(Differences *differences, Difference difference)
{
	*vec_push(&differences->list) = difference;
}

/* ---- cells ---- */

/* NULL: the field has no column in the scenario, so it is missing. */
static const CellValue *cell_of(const Given *given, int32_t row, int32_t field)
{
	for (int32_t i = 0; given != NULL && i < given->ncells; i++)
		if (given->field[i] == field)
			return &given->cell[row * given->ncells + i];
	return NULL;
}

/* A key that is a figure is named as it would be typed, without commas. */
static void put_integer(Buf *buf, int64_t n, int64_t scale)
{
	Ratio q;
	if (ratio_make(n, scale, &q))
		ratio_print(buf, q, 0, false);
}

/* One part of a key as the store has it: texts as written, dates ISO, moments UTC seconds. */
static void put_key_part(Build *build, Buf *buf, const Field *field, const CellValue *cell)
{
	TypeKind kind = (TypeKind)field->type.kind;
	if (kind == TYPE_TEXT || kind == TYPE_ROW)
		buf_str(buf, cell->text);
	else if (kind == TYPE_DATE || kind == TYPE_PERIOD)
		day_print_iso(buf, (int32_t)cell->n);
	else if (kind == TYPE_CODE)
		buf_str(buf, build->book->codes[field->type.ref].code[cell->n]);
	else
		put_integer(buf, cell->n, kind == TYPE_QUANTITY ? field->type.scale : 1);
}

/* Parts joined by U+001F; false when one is missing. */
static bool key_text(Build *build, const Dataset *dataset, const Given *given, int32_t row,
	Str *out)
{
	Buf buf = {0};
	bool whole = dataset->nkey > 0;
	for (int32_t i = 0; i < dataset->nkey && whole; i++) {
		const CellValue *cell = cell_of(given, row, dataset->key[i]);
		whole = cell != NULL && cell->known;
		if (i > 0)
			buf_char(&buf, KEY_JOINT);
		if (whole)
			put_key_part(build, &buf, &dataset->field[dataset->key[i]], cell);
	}
	*out = whole ? str_copy(build->arena, buf_view(&buf)) : (Str){NULL, 0};
	buf_free(&buf);
	return whole;
}

/* Columns hold texts as pointers. */
static int64_t text_cell(Build *build, Str text)
{
	TextCell *cell = arena_alloc(build->arena, sizeof *cell + text.len + 1);
	cell->len = (uint32_t)text.len;
	if (text.len > 0)
		memcpy(cell->bytes, text.ptr, text.len);
	return (int64_t)(intptr_t)cell;
}

/* The end of a span, as an audit takes it (S40, S41): of an end that the clock shows twice the
 * second is meant where the first lies before the beginning; any other end before the beginning is
 * not known. */
static bool end_value(const Build *build, const Row *row, int64_t *n)
{
	const Dataset *dataset = &build->book->dataset[row->given->dataset];
	TypeKind kind = (TypeKind)dataset->field[dataset->lasts_to].type.kind;
	const CellValue *begin = cell_of(row->given, row->at, dataset->lasts_from);
	const CellValue *end = cell_of(row->given, row->at, dataset->lasts_to);
	ClockFold fold = CLOCK_PLAIN;
	bool offset, cut;
	if (begin == NULL || !begin->known || *n >= begin->n || (kind != TYPE_MOMENT &&
	    kind != TYPE_DATE) || dataset->field[dataset->lasts_from].type.kind != kind)
		return true;
	if (kind == TYPE_MOMENT && moment_parse(end->text, n, &fold, &offset, &cut) == READ_OK &&
	    fold == CLOCK_TWICE)
		*n = moment_second(*n);
	return *n >= begin->n;
}

/* What a link's fields say of the key that it leads to. A key that goes on over there is looked for
 * by its beginning, up to the joint. False: one of them is missing. */
static bool link_key(Build *build, const Row *row, const Field *field, int32_t number, Str *out)
{
	const Dataset *dataset = &build->book->dataset[row->given->dataset];
	const CellValue *own = cell_of(row->given, row->at, number);
	Buf buf = {0};
	bool whole = field->nby > 0;
	if (own != NULL || field->nby == 0) {
		*out = own != NULL ? own->text : (Str){NULL, 0};
		return own != NULL && own->known;
	}
	for (int32_t i = 0; i < field->nby && whole; i++) {
		const CellValue *cell = cell_of(row->given, row->at, field->by[i]);
		whole = cell != NULL && cell->known;
		if (whole)
			put_key_part(build, &buf, &dataset->field[field->by[i]], cell);
		if (i + 1 < build->book->dataset[field->type.ref].nkey)
			buf_char(&buf, KEY_JOINT);
	}
	*out = whole ? str_copy(build->arena, buf_view(&buf)) : (Str){NULL, 0};
	buf_free(&buf);
	return whole;
}

static bool cell_value(Build *build, const Field *field, const Row *row, int32_t number, int64_t *n);

/* Whether a row holds on a day, both ends in; a missing end means that it still does. */
static State holds_on(Build *build, const Row *row, int32_t day, bool *holds)
{
	const Dataset *dataset = &build->book->dataset[row->given->dataset];
	int32_t first = dataset->lasts_from, last = dataset->lasts_to;
	const CellValue *end = cell_of(row->given, row->at, last);
	int64_t from, to;
	bool has_from = cell_value(build, &dataset->field[first], row, first, &from);
	bool has_to = cell_value(build, &dataset->field[last], row, last, &to);
	*holds = (!has_from || day >= from) && (!has_to || day <= to);
	return !*holds || (has_from && (has_to || end == NULL || !end->known)) ? STATE_KNOWN
		: STATE_UNKNOWN;
}

/* As an audit lists it: two rows hold, or nobody knows whether one does. */
static void bad_link(Build *build, const Row *row, const Field *field, int32_t day, const Row *a,
	const Row *b)
{
	Buf want = {0}, got = {0};
	buf_printf(&want, "one %.*s on ", STR_ARG(build->book->dataset[field->type.ref].decl.name));
	day_print(&want, day);
	if (b == NULL)
		buf_puts(&got, "it is not known whether this one holds: ");
	buf_str(&got, key_shown(build->arena, a->key));
	if (b != NULL)
		buf_printf(&got, "; %.*s", STR_ARG(key_shown(build->arena, b->key)));
	difference_add(build->problems, (Difference){
		.what = str_format(build->arena, "%.*s %.*s",
			STR_ARG(build->book->dataset[row->given->dataset].decl.name), STR_ARG(row->key)),
		.expected = str_copy(build->arena, buf_view(&want)),
		.actual = str_copy(build->arena, buf_view(&got)), .at = row->given->at});
	buf_free(&want);
	buf_free(&got);
}

/* Of the rows whose key begins so the one that holds on the day. */
static bool dated_row(Build *build, const Row *row, const Field *field, Str key, int32_t day,
	int64_t *n)
{
	const Rows *to = &build->rows[field->type.ref];
	bool goes_on = field->nby < build->book->dataset[field->type.ref].nkey;
	const Row *sure = NULL, *open = NULL, *second = NULL;
	for (size_t i = 0; i < to->list.n; i++) {
		const Row *at = &to->list.at[i];
		bool holds;
		if (at->given == NULL || !(goes_on ? str_starts(at->key, key) : str_eq(at->key, key)))
			continue;
		State state = holds_on(build, at, day, &holds);
		if (holds && state != STATE_KNOWN)
			open = at;
		if (!holds || state != STATE_KNOWN)
			continue;
		second = sure != NULL ? at : second;
		sure = sure == NULL ? at : sure;
		*n = (int64_t)i;
	}
	if (second != NULL || open != NULL)
		bad_link(build, row, field, day, second != NULL ? sure : open, second);
	return sure != NULL && second == NULL && open == NULL;
}

/* The row that a link leads to; false: none, or it is not known which. */
static bool link_value(Build *build, const Row *row, const Field *field, int32_t number, int64_t *n)
{
	const Dataset *dataset = &build->book->dataset[row->given->dataset];
	Str key;
	if (!link_key(build, row, field, number, &key))
		return false;
	if (field->as_at > 0) {
		const Field *at = &dataset->field[field->as_at - 1];
		int64_t day;
		return cell_value(build, at, row, field->as_at - 1, &day) && dated_row(build, row, field, key,
			at->type.kind == TYPE_MOMENT ? moment_day(day) : (int32_t)day, n);
	}
	const int32_t *target = strmap_get(&build->rows[field->type.ref].by_key, key);
	if (target != NULL)
		*n = *target;
	return target != NULL;
}

/* The value of a cell as a column holds it; false when it is not known. */
static bool cell_value(Build *build, const Field *field, const Row *row, int32_t number, int64_t *n)
{
	if (row->given != NULL && field->type.kind == TYPE_ROW)
		return link_value(build, row, field, number, n);
	const CellValue *cell = cell_of(row->given, row->at, number);
	if (cell == NULL || !cell->known)
		return false;
	*n = cell->n;
	if (number == build->book->dataset[row->given->dataset].lasts_to && !end_value(build, row, n))
		return false;
	if (field->type.kind == TYPE_TEXT)
		*n = text_cell(build, cell->text);
	return true;
}

/* ---- a row by itself ---- */

/*
 * The interface hands an arena to tables that must put keys together; here they
 * are whole.
 */
static Str table_key(const StoreTable *table, int32_t row, Arena *arena)
{
	(void)arena;
	return ((const Str *)table->keys)[row];
}

/* Whether the dataset's `where` lets the row in: asked of the row alone, of whose links nothing is
 * known yet. */
static State is_let_in(Build *build, const Given *given, int32_t number, bool *in)
{
	const Dataset *dataset = &build->book->dataset[given->dataset];
	const Row row = {given, number, {NULL, 0}};
	int64_t *at = ARENA_ARRAY(build->arena, int64_t, (size_t)dataset->nfields + 1);
	uint64_t *known = ARENA_ARRAY(build->arena, uint64_t, (size_t)dataset->nfields + 1);
	uint64_t *lost = ARENA_ARRAY(build->arena, uint64_t, (size_t)dataset->nfields + 1);
	Column *column = ARENA_ARRAY(build->arena, Column, (size_t)dataset->nfields + 1);
	StoreTable **tables = ARENA_ARRAY(build->arena, StoreTable *, (size_t)build->book->ndatasets);
	Str key = {NULL, 0};
	StoreTable table = {.rows = 1, .column = column, .key = table_key, .keys = &key};
	for (int32_t f = 0; f < dataset->nfields; f++) {
		const Field *field = &dataset->field[f];
		known[f] = field->type.kind != TYPE_ROW && cell_value(build, field, &row, f, &at[f]);
		const CellValue *cell = cell_of(given, number, f);
		lost[f] = f == dataset->lasts_to && !known[f] && cell != NULL && cell->known;
		column[f] = (Column){.at = &at[f], .known = &known[f], .lost = &lost[f], .times = 1,
			.width = 8};
	}
	tables[given->dataset] = &table;
	Store store = {.book = build->book, .table = tables};
	Walk walk = {.book = build->book, .store = &store, .law = build->law, .arena = build->arena};
	Value *slot = ARENA_ARRAY(build->arena, Value, (size_t)dataset->nslots + 1);
	Value found = walk_expr(&walk, dataset->where, slot, NO_DAY, (RowSpan){NULL, 0});
	*in = found.n != 0;
	return (State)found.state;
}

/* ---- which rows there are ---- */

/* S10: whether a row was there by the end of the day by whose knowledge the scenario judges. One
 * that does not say when it was entered always was. */
static bool is_known(const Build *build, const Given *given, int32_t row)
{
	const Dataset *dataset = &build->book->dataset[given->dataset];
	if (dataset->known_from == 0)
		return true;
	const CellValue *cell = cell_of(given, row, dataset->known_from - 1);
	if (cell == NULL || !cell->known)
		return true;
	bool moment = dataset->field[dataset->known_from - 1].type.kind == TYPE_MOMENT;
	return (moment ? moment_day(cell->n) : cell->n) <= build->law->known_on;
}

static const char own_key[] = "a row with a key of its own";

/* What is wrong with the rows given fails the scenario, whatever it expects. */
static void problem(Build *build, const Given *given, Str what, const char *expected,
	const char *actual)
{
	difference_add(build->problems, (Difference){
		.what = what, .expected = str_of(expected), .actual = str_of(actual),
		.at = given->at,
	});
}

static void bad_row(Build *build, const Given *given, int32_t row, const char *expected,
	const char *actual)
{
	problem(build, given, str_format(build->arena, "row %d of %.*s", (int)(row + 1),
		STR_ARG(build->book->dataset[given->dataset].decl.name)), expected, actual);
}

/* A dataset given with a header alone is given, and empty: its rules run (S93). */
static void add_given(Build *build, const Given *given)
{
	const Dataset *dataset = &build->book->dataset[given->dataset];
	Rows *rows = &build->rows[given->dataset];
	rows->given = true;
	for (int32_t i = 0; i < given->nrows; i++) {
		Str key;
		bool in = true;
		State state = dataset->where == NULL ? STATE_KNOWN : is_let_in(build, given, i, &in);
		if ((state == STATE_KNOWN && !in) || !is_known(build, given, i))
			continue;
		if (state != STATE_KNOWN)
			bad_row(build, given, i, "a row that the dataset takes in or leaves out",
				"it is not known whether it belongs to the dataset");
		else if (key_text(build, dataset, given, i, &key))
			*vec_push(&rows->list) = (Row){given, i, key};
		else
			bad_row(build, given, i, own_key, "its key is missing");
	}
}

/* What a row with the key of others comes to: 1 it is the newest, 0 another is newer, -1 nobody can
 * tell, since two are equally new or one does not say how new it is. */
static int rank_entry(const Build *build, int32_t dataset, size_t number)
{
	int32_t by = build->book->dataset[dataset].newest_by - 1;
	const Rows *rows = &build->rows[dataset];
	const Row *row = &rows->list.at[number];
	const CellValue *mine = by >= 0 ? cell_of(row->given, row->at, by) : NULL;
	int rank = 1;
	bool equal = false;
	for (size_t i = 0; i < rows->list.n; i++) {
		const Row *other = &rows->list.at[i];
		if (i == number || !str_eq(other->key, row->key))
			continue;
		const CellValue *its = by >= 0 ? cell_of(other->given, other->at, by) : NULL;
		if (mine == NULL || !mine->known || its == NULL || !its->known)
			return -1;
		equal |= its->n == mine->n;
		rank = its->n > mine->n ? 0 : rank;
	}
	return rank == 1 && equal ? -1 : rank;
}

/* S59: which of two rows with one key is true is not ours to pick, so both leave, unless the rules
 * say which is the newest. A scenario that gives rows of which neither stays is mistaken. */
static void drop_doubles(Build *build, int32_t dataset)
{
	Rows *rows = &build->rows[dataset];
	Str name = build->book->dataset[dataset].decl.name;
	StrMap told;
	size_t kept = 0;
	int *rank = ARENA_ARRAY(build->arena, int, rows->list.n + 1);
	strmap_init(&told, build->arena);
	for (size_t i = 0; i < rows->list.n; i++)
		rank[i] = rank_entry(build, dataset, i);
	for (size_t i = 0; i < rows->list.n; i++) {
		Row row = rows->list.at[i];
		bool added = false;
		if (rank[i] > 0)
			rows->list.at[kept++] = row;
		else if (rank[i] < 0)
			strmap_at(&told, row.key, &added);
		if (added)
			problem(build, row.given, str_format(build->arena, "%.*s %.*s", STR_ARG(name),
				STR_ARG(key_shown(build->arena, row.key))), own_key, "its key is given twice");
	}
	rows->list.n = kept;
}

/* Rows by key, for links. */
static void index_keys(Build *build, int32_t dataset)
{
	Rows *rows = &build->rows[dataset];
	bool added;
	strmap_init(&rows->by_key, build->arena);
	for (size_t i = 0; i < rows->list.n; i++)
		*strmap_at(&rows->by_key, rows->list.at[i].key, &added) = (int32_t)i;
}

/* Rows of datasets that are not given, one for each key that a link names. A link as at a day names
 * none: which rows there are is all that it asks. */
static void add_named(Build *build, const Link *link)
{
	Rows *from = &build->rows[link->from], *to = &build->rows[link->to];
	const Field *field = &build->book->dataset[link->from].field[link->field];
	for (size_t i = 0; i < from->list.n && !to->given && field->as_at == 0; i++) {
		const Row *row = &from->list.at[i];
		bool added;
		Str key;
		if (row->given == NULL || !link_key(build, row, field, link->field, &key))
			continue;
		int32_t *at = strmap_at(&to->by_key, key, &added);
		if (!added)
			continue;
		*at = (int32_t)to->list.n;
		*vec_push(&to->list) = (Row){NULL, 0, key};
	}
}

/* Keys of all datasets first: a link may point either way. */
static void collect_rows(Build *build)
{
	const Rulebook *book = build->book;
	for (int32_t i = 0; i < build->scenario->ngiven; i++)
		add_given(build, &build->scenario->given[i]);
	for (int32_t d = 0; d < book->ndatasets; d++) {
		drop_doubles(build, d);
		index_keys(build, d);
	}
	for (int32_t i = 0; i < book->nlinks; i++)
		add_named(build, &book->link[i]);
}

/* ---- tables ---- */

/* Of a row that only a link names, the key is known when it is one text. */
static bool named_value(Build *build, const Dataset *dataset, int32_t field, const Row *row,
	int64_t *n)
{
	if (row->given != NULL || dataset->nkey != 1 || dataset->key[0] != field ||
	    dataset->field[field].type.kind != TYPE_TEXT)
		return false;
	*n = text_cell(build, row->key);
	return true;
}

/* One int64 a value, whatever the type: scenarios are small. */
static Column make_column(Build *build, int32_t number, int32_t field)
{
	const Dataset *dataset = &build->book->dataset[number];
	const Rows *rows = &build->rows[number];
	size_t n = rows->list.n;
	int64_t *at = ARENA_ARRAY(build->arena, int64_t, n + 1);
	uint64_t *known = ARENA_ARRAY(build->arena, uint64_t, n / 64 + 1);
	uint64_t *lost = field == dataset->lasts_to ? ARENA_ARRAY(build->arena, uint64_t, n / 64 + 1)
		: NULL;
	for (size_t i = 0; i < n; i++) {
		const Row *row = &rows->list.at[i];
		const CellValue *cell = cell_of(row->given, row->at, field);
		if (cell_value(build, &dataset->field[field], row, field, &at[i]) ||
		    named_value(build, dataset, field, row, &at[i]))
			bit_set(known, (int64_t)i);
		else if (lost != NULL && cell != NULL && cell->known)
			bit_set(lost, (int64_t)i);
	}
	return (Column){.at = at, .known = known, .lost = lost, .times = 1, .width = 8};
}

/*
 * By bytes of UTF-8 (S74), as in an audit, so that ties go the same way in both
 * (law 8).
 */
static int by_key_text(const void *a, const void *b, void *user)
{
	const Str *key = user;
	return str_cmp(key[*(const int32_t *)a], key[*(const int32_t *)b]);
}

/* Ranks by key, so that lists can be put in order without comparing texts again. */
static const int32_t *rank_rows(Build *build, Str *key, int32_t n)
{
	int32_t *row = ARENA_ARRAY(build->arena, int32_t, (size_t)n + 1);
	int32_t *rank = ARENA_ARRAY(build->arena, int32_t, (size_t)n + 1);
	for (int32_t i = 0; i < n; i++)
		row[i] = i;
	qsort_r(row, (size_t)n, sizeof *row, by_key_text, key);
	for (int32_t i = 0; i < n; i++)
		rank[row[i]] = i;
	return rank;
}

/*
 * Rows stay in the order in which they were given; only the ranks know the
 * order of keys.
 */
static StoreTable *make_table(Build *build, int32_t number)
{
	const Dataset *dataset = &build->book->dataset[number];
	const Rows *rows = &build->rows[number];
	StoreTable *table = ARENA_NEW(build->arena, StoreTable);
	Str *key = ARENA_ARRAY(build->arena, Str, rows->list.n + 1);
	for (size_t i = 0; i < rows->list.n; i++)
		key[i] = rows->list.at[i].key;
	table->rows = (int32_t)rows->list.n;
	table->key = table_key;
	table->keys = key;
	table->order = rank_rows(build, key, table->rows);
	table->column = ARENA_ARRAY(build->arena, Column, (size_t)dataset->nfields + 1);
	for (int32_t f = 0; f < dataset->nfields; f++)
		table->column[f] = make_column(build, number, f);
	return table;
}

/* ---- links ---- */

/* Two passes: how many rows each list has, then the rows, which come in the order of their keys. */
static RowLists link_lists(Build *build, const Store *store, const Link *link)
{
	const StoreTable *from = build->table[link->from], *to = build->table[link->to];
	int32_t *start = ARENA_ARRAY(build->arena, int32_t, (size_t)to->rows + 2);
	int32_t *item = ARENA_ARRAY(build->arena, int32_t, (size_t)from->rows + 1);
	int32_t *by_rank = ARENA_ARRAY(build->arena, int32_t, (size_t)from->rows + 1);
	int64_t target;
	for (int32_t row = 0; row < from->rows; row++) {
		by_rank[from->order[row]] = row;
		if (store_get(store, link->from, link->field, row, &target))
			start[target + 2]++;
	}
	for (int32_t i = 2; i <= to->rows; i++)
		start[i] += start[i - 1];
	for (int32_t i = 0; i < from->rows; i++)
		if (store_get(store, link->from, link->field, by_rank[i], &target))
			item[start[target + 1]++] = by_rank[i];
	return (RowLists){.start = start, .item = item, .lists = to->rows};
}

/* ---- the whole ---- */

/*
 * S94: the checker has put the smallest span of all dates into from and to
 * where the scenario gives no window.
 */
Law scenario_law(const Scenario *scenario)
{
	return (Law){
		.known_on = scenario->known_on == NO_DAY ? LAST_DAY : scenario->known_on,
		.from = scenario->from, .to = scenario->to,
		.with = scenario->with, .nwith = scenario->nwith,
	};
}

/* The accounts of a bank, and its rows in the place of the tables that nobody gave. */
static void add_bank(Build *build, const Derive *derive, int32_t number, StoreBank *out)
{
	const Bank *bank = &build->book->bank[number];
	const int32_t dataset[] = {bank->credits, bank->debits, bank->balances};
	StoreTable *table[3];
	RowSpan all = {NULL, build->table[bank->dataset]->rows};
	if (!derive_bank(derive, number, all, out))
		difference_add(build->problems, (Difference){.what = bank->decl.name,
			.expected = STR("credited = used + expired + held"),
			.actual = STR("an account that does not add up"), .at = bank->decl.at});
	derive_tables(derive, number, out, table);
	for (int k = 0; k < 3; k++)
		build->table[dataset[k]] = table[k];
}

/* Matches, sequences, banks: each after those that it looks at. */
static void add_derived(Build *build, Store *store, const Law *law)
{
	const Rulebook *book = build->book;
	Arena *arena = build->arena;
	size_t n = (size_t)book->nmatches + (size_t)book->nsequences + (size_t)book->nbanks;
	StoreMatch *matched = ARENA_ARRAY(arena, StoreMatch, (size_t)book->nmatches + 1);
	StoreSequence *sequence = ARENA_ARRAY(arena, StoreSequence, (size_t)book->nsequences + 1);
	StoreBank *bank = ARENA_ARRAY(arena, StoreBank, (size_t)book->nbanks + 1);
	const DerivedStep *step = derive_order(book, arena);
	store->matched = matched;
	store->sequence = sequence;
	store->bank = bank;
	Derive derive = derive_by_walk(store, law, arena);
	for (size_t i = 0; i < n; i++) {
		int32_t number = step[i].number;
		if (step[i].kind == DERIVED_MATCH)
			matched[number] = scenario_match(store, law, number, arena, build->problems);
		else if (step[i].kind == DERIVED_SEQUENCE)
			sequence[number] = derive_sequence(&derive, number);
		else
			add_bank(build, &derive, number, &bank[number]);
	}
}

const Store *scenario_store(const Rulebook *book, const Scenario *scenario, const Law *law,
	Arena *arena, Differences *problems, bool *given)
{
	Build build = {book, scenario, law, arena, problems, NULL, NULL};
	Store *store = ARENA_NEW(arena, Store);
	RowLists *inverse = ARENA_ARRAY(arena, RowLists, (size_t)book->nlinks + 1);
	build.rows = ARENA_ARRAY(arena, Rows, (size_t)book->ndatasets + 1);
	build.table = ARENA_ARRAY(arena, StoreTable *, (size_t)book->ndatasets + 1);
	collect_rows(&build);
	for (int32_t d = 0; d < book->ndatasets; d++)
		build.table[d] = make_table(&build, d);
	*store = (Store){.book = book, .table = build.table, .inverse = inverse};
	for (int32_t i = 0; i < book->nlinks; i++)
		inverse[i] = link_lists(&build, store, &book->link[i]);
	add_derived(&build, store, law);
	for (int32_t d = 0; d < book->ndatasets; d++) {
		if (given != NULL)
			given[d] = build.rows[d].given;
		vec_free(&build.rows[d].list);
	}
	return store;
}
