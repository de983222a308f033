/*
 * Keys in every form in which exports have them, and rows with many cells: what the data layer
 * makes of them is held against plain SQL over the same database. The rows of each part must stand
 * in the order of their keys' bytes, and all parts together must be what SQLite lists in that
 * order.
 *
 *   keys written with SQL ──> data_open, data_read ──> parts ──> "key name n" ─┐
 *                        └──> select … order by key ────────────────────────────┴─ the same
 *
 * Each is read with one, two and three threads, in small partitions and whole, with the key as a
 * text that a rule looks at and without.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interp/data_internal.h"
#include "tests/unit/bed.h"

Suite *keys_suite(void);

#define HEAD                                                               \
	"contract test/book\n  title \"T\"\n  council \"C\"\n  version \"1\"\n" \
	"  in force from 1 January 2020\n\n"

#define ITEM                \
	"dataset item from items\n" \
	"  key ref\n"               \
	"  ref : text\n"            \
	"  name : text\n"           \
	"  n : count\n"             \
	"rule R1 \"All are looked at\"\n  for each item\n  on 1 June 2025\n"

/* With and without the key's own text. */
static const char *const item_books[] = {
	HEAD ITEM "  require item.n >= 1 and item.name is known\n",
	HEAD ITEM "  require item.n >= 1 and item.name is known and item.ref <> \"x\"\n",
};

/* In small partitions, unless a test asks for others. */
static void small_begin(Bed *bed, const char *rules)
{
	bed_begin(bed, rules);
	bed->options.whole_rows = 1;
	bed->options.partition_rows = 100;
}

static void must_be_ok(Bed *bed)
{
	Buf buf = {0};
	diags_print(&bed->diags, &buf, false);
	ck_assert_msg(bed->status == STATUS_OK, "status %d\n%s", bed->status,
		buf.at != NULL ? buf.at : "");
	buf_free(&buf);
}

/* ---- both lists ---- */

typedef struct Line {
	Str key;
	Str rest;
} Line;

typedef VEC(Line) Lines;

static int line_cmp(const void *a, const void *b)
{
	return str_cmp(((const Line *)a)->key, ((const Line *)b)->key);
}

/* The other fields in the order of the dataset; `?` for what is not known. */
static Str rest_of(const Store *store, int32_t row, Arena *arena)
{
	Buf buf = {0};
	const Dataset *dataset = &store->book->dataset[0];
	for (int32_t f = 1; f < dataset->nfields; f++) {
		int64_t n;
		if (!store_get(store, 0, f, row, &n))
			buf_puts(&buf, " ?");
		else if (dataset->field[f].type.kind == TYPE_TEXT)
			buf_printf(&buf, " %.*s", STR_ARG(store_text(store, 0, f, row)));
		else
			buf_printf(&buf, " %lld", (long long)n);
	}
	Str copy = str_copy(arena, buf_view(&buf));
	buf_free(&buf);
	return copy;
}

static void take_store(Bed *bed, const Store *store, Lines *out)
{
	const StoreTable *table = store->table[0];
	bool text = table->column[0].at != NULL;
	for (int32_t row = 0; row < table->rows; row++) {
		Str key = store_key(store, 0, row, &bed->arena);
		if (row > 0)
			ck_assert_int_lt(str_cmp(store_key(store, 0, row - 1, &bed->arena), key), 0);
		if (text)
			ck_assert(str_eq(key, store_text(store, 0, 0, row)));
		*vec_push(out) = (Line){str_copy(&bed->arena, key), rest_of(store, row, &bed->arena)};
	}
}

static Lines read_lines(Bed *bed)
{
	Lines out = {0};
	for (int32_t pass = 0; pass < data_passes(bed->data); pass++) {
		for (int32_t part = 0; part < data_parts(bed->data, pass); part++) {
			ck_assert_int_eq(data_part(bed->data, bed->worker, pass, part, &bed->diags),
				STATUS_OK);
			take_store(bed, data_store(bed->worker, 0), &out);
		}
	}
	if (out.n > 1)
		qsort(out.at, out.n, sizeof *out.at, line_cmp);
	return out;
}

/* The slow way. */
static Lines sql_lines(Bed *bed, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	Lines out = {0};
	ck_assert_int_eq(sqlite3_open(bed->path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s",
		sqlite3_errmsg(db));
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		Line line;
		line.key = str_copy(&bed->arena, str_of((const char *)sqlite3_column_text(stmt, 0)));
		line.rest = str_copy(&bed->arena, str_of((const char *)sqlite3_column_text(stmt, 1)));
		*vec_push(&out) = line;
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return out;
}

static void same_lines(const Lines *got, const Lines *wanted)
{
	ck_assert_uint_eq(got->n, wanted->n);
	for (size_t i = 0; i < got->n; i++) {
		const Line *a = &got->at[i], *b = &wanted->at[i];
		ck_assert_msg(str_eq(a->key, b->key) && str_eq(a->rest, b->rest),
			"%.*s:%.*s, not %.*s:%.*s", STR_ARG(a->key), STR_ARG(a->rest), STR_ARG(b->key),
			STR_ARG(b->rest));
	}
}

static void same_as_sql_once(Bed *bed, const char *sql)
{
	Lines wanted = sql_lines(bed, sql);
	ck_assert_uint_gt(wanted.n, 0);
	bed_read(bed);
	must_be_ok(bed);
	Lines got = read_lines(bed);
	same_lines(&got, &wanted);
	vec_free(&got);
	vec_free(&wanted);
	bed_again(bed);
}

static void same_as_sql(Bed *bed, const char *sql)
{
	bed->options.threads = 1;
	bed->options.whole_rows = 90000;
	same_as_sql_once(bed, sql);
	bed->options.whole_rows = 1;
	for (int threads = 1; threads <= 3; threads++) {
		bed->options.threads = threads;
		same_as_sql_once(bed, sql);
	}
}

/* ---- one form of keys after another ---- */

#define SHUFFLED "(n * 7919 % 2003)"
#define MIXED(n) "((" n ") * 2654435761 & 4294967295)"
#define GUID "printf('%08x-%04x-%04x-%04x-%08x%04x', " MIXED("n") ", n % 65536, n * 31 % 65536, " \
	"n * 77 % 65536, " MIXED("n + 5000") ", n * 7 % 65536)"

/* Columns without a type: SQLite keeps what was put in as it is. */
#define PLAIN "create table items (ref, name, n);"

typedef struct KeyCase {
	const char *form;
	const char *table;
	const char *key;        /* in SQL, of n from 1 to 2000 */
	const char *more;       /* rows that do not follow */
} KeyCase;

static const KeyCase key_cases[] = {
	{"GUIDs", PLAIN, GUID, ""},
	{"GUIDs in another order", PLAIN, "(select " GUID " from (select " SHUFFLED " as n))", ""},
	{"upper case", PLAIN, "upper(" GUID ")", ""},
	{"no dashes", PLAIN, "replace(" GUID ", '-', '')", ""},
	{"braces", PLAIN, "'{' || " GUID " || '}'", ""},
	{"both cases", PLAIN, "iif(n % 2, upper(" GUID "), " GUID ")", ""},
	{"both cases in one key", PLAIN, "'aB' || substr(" GUID ", 3)", ""},
	{"GUIDs of one minute", PLAIN, "'01890a5d-ac96-774b-bcce-' || printf('%012x', " SHUFFLED ")", ""},
	{"GUIDs and others", PLAIN, GUID,
		"('odd'), ('a04d8a44'), ('a04d8a44-000c-af57-4c08-e7b8c8f73da'), "
		"('a04d8a44-000c-af57-4c08-e7b8c8f73dae1'), ('a04d8a44-000c-af57-4c08-e7b8c8f73dag'), "
		"('a04d8a44-000c-af57-4c08.e7b8c8f73dae'), ('A04D8A44-000C-AF57-4C08-E7B8C8F73DAE'), "
		"('a04d8a44-000c-af57-4c08-e7b8c8f73d' || char(233)), "
		"('ffffffff-ffff-ffff-ffff-ffffffffffff'), ('ffffffff-ffff-ffff-0000-000000000000'), "
		"('ffffffff-ffff-fffe-ffff-ffffffffffff'), ('00000000-0000-0000-0000-000000000000'), "
		"('a04d8a44-000c-af57-4c08-e7b8c8f73d:0'), ('a04d8a44-000c-af57-4c08-e7b8c8f73d`0')"},
	{"no rowids", "create table items (ref text primary key, name, n) without rowid;", GUID,
		"('odd'), ('V17'), ('ffffffff-ffff-ffff-ffff-ffffffffffff')"},
	{"a view", "create table t (a, name, n);"
		"create view items as select a as ref, name, n from t;"
		"create trigger i instead of insert on items begin "
		"insert into t values (new.ref, new.name, new.n); end;", GUID, "('odd'), ('V17')"},
	{"prefix and hex", PLAIN, "'CARE-' || printf('%010x', " MIXED("n") ")", "('CARE-'), ('CARE')"},
	{"two numbers", PLAIN, "printf('C%06d/%02d', " SHUFFLED " / 4, " SHUFFLED " % 4 * 3)",
		"('C000001/1')"},
	{"patterns", PLAIN, "printf('VS%08d', " SHUFFLED ")", ""},
	{"patterns and others", PLAIN, "printf('VS%08d', " SHUFFLED ")",
		"('VS'), ('VS1'), ('VS000000001'), ('vs00000001'), ('VT00000001'), ('-')"},
	{"numbers that are far apart", PLAIN, "printf('V%014d', " SHUFFLED " * 40000000003)", ""},
	{"numbers around 32 bits", PLAIN, "printf('V%010d', 4294966296 + " SHUFFLED ")", ""},
	{"numbers that are too long", PLAIN, "printf('%d%015d', n % 9 + 1, " SHUFFLED ")", ""},
	{"no leading zeros", PLAIN, "'V' || n", ""},
	{"integers", PLAIN, "n * 1001", ""},
	{"integers and texts", PLAIN, "iif(n % 2, n, 'n' || n)", ""},
	{"one to twelve letters", PLAIN,
		"substr('abcdefghijkl', 1, n % 12 + 1) || char(97 + n / 12 % 26, 97 + n / 312)", ""},
	{"seven bytes and eight", PLAIN,
		"iif(n % 2, 'abcd', 'abc') || char(97 + n % 26, 97 + n / 26 % 26, 97 + n / 676, 122)",
		"('abcdefg'), ('abcdefgh'), ('abcdefghi'), ('abcdef'), ('a'), ('abcdef' || char(233)), "
		"('abcde' || char(233))"},
	{"a prefix for each", PLAIN, "char(97 + n % 26, 97 + n / 26 % 26, 97 + n / 676) || '-0001'", ""},
	{"long texts", PLAIN, "'item number ' || n || ' of a list that goes on and on and on and on'", ""},
	{"accents", PLAIN, "char(233, 97 + n % 26, 97 + n / 26 % 26, 97 + n / 676)", ""},
};

START_TEST(keys_of_every_form)
{
	const KeyCase *c = &key_cases[_i / 2];
	Bed bed;
	Buf sql = {0};
	small_begin(&bed, item_books[_i % 2]);
	sql_at(bed.path, c->table);
	buf_printf(&sql, "with recursive i(n) as (select 1 union all select n + 1 from i where n < 2000) "
		"insert into items select %s, 'name ' || n, n from i;", c->key);
	if (c->more[0] != '\0')
		buf_printf(&sql, "insert into items select column1, 'odd', 1 from (values %s);", c->more);
	sql_at(bed.path, sql.at);
	buf_free(&sql);
	same_as_sql(&bed, "select cast(ref as text), ' ' || name || ' ' || n from items "
		"order by cast(ref as text)");
	bed_end(&bed);
}
END_TEST

/* Five bytes hold what has a small number and not the last template; else the caller is told. */
START_TEST(codes_in_five_bytes)
{
	const uint64_t one = (uint64_t)1 << DIGIT_BITS, other = (uint64_t)1 << 63;
	const uint64_t fits[] = {0, 1, UINT32_MAX, one, 254 * one + UINT32_MAX};
	const uint64_t not[] = {(uint64_t)UINT32_MAX + 1, one - 1, 255 * one, other, other | 17};
	unsigned char at[PATTERN_BYTES + 1] = {0};
	for (size_t i = 0; i < sizeof fits / sizeof *fits; i++) {
		ck_assert(put_pattern(at, fits[i]));
		ck_assert_uint_eq(get_pattern(at, NULL), fits[i]);
		ck_assert(!put_pattern(at, not[i]));
	}
	ck_assert_uint_eq(at[PATTERN_BYTES], 0);
	memcpy(at, (const unsigned char[]){2, 0, 0, 0, PATTERN_ASIDE}, PATTERN_BYTES);
	ck_assert_uint_eq(get_pattern(at, (const int64_t[]){0, 0, 99}), 99);
}
END_TEST

/* Of keys with a shape the text is at hand; nobody has to be asked. */
START_TEST(shapes_that_are_found)
{
	for (size_t i = 0; i < sizeof key_cases / sizeof *key_cases; i++) {
		const KeyCase *c = &key_cases[i];
		Bed bed;
		small_begin(&bed, item_books[0]);
		sql_at(bed.path, c->table);
		char *sql = sqlite3_mprintf("with recursive i(n) as (select 1 union all select n + 1 from i "
			"where n < 200) insert into items select %s, 'name ' || n, n from i;", c->key);
		sql_at(bed.path, sql);
		sqlite3_free(sql);
		bed_read(&bed);
		must_be_ok(&bed);
		bool shaped = bed.data->table.at[0]->shape != NULL;
		bool wanted = i != 5 && i <= 12;
		ck_assert_msg(shaped == wanted, "%s: %s", c->form, shaped ? "a shape" : "no shape");
		bed_end(&bed);
	}
}
END_TEST

/* Keys without a pattern, of four lengths on both sides of a word, which a table of 700 items links
 * to: each is found, whatever stands beside it in the batch, and what is no key is not. */
START_TEST(many_keys_at_once)
{
	Bed bed;
	small_begin(&bed, HEAD "dataset item from items\n  key ref\n  ref : text\n"
		"  thing : thing from thing_ref\n"
		"dataset thing from things\n  key ref\n  ref : text\n  n : count\n"
		"rule R1 \"All\"\n  for each item\n  on 1 June 2025\n  require item.thing.n >= 1\n");
	sql_at(bed.path, "create table things (ref text, n); create table items (ref text, thing_ref);"
		"with recursive i(n) as (select 1 union all select n + 1 from i where n < 500) insert into "
		"things select substr('abcdefghijklmnop', 1, 1 + n % 4 * 5) || n || 'x', n from i;"
		"with recursive i(n) as (select 1 union all select n + 1 from i where n < 700) insert into "
		"items select 'I' || n, case when n % 7 = 0 then null when n % 11 = 0 then 'no' || n || 'x'"
		" else ' ' || (select ref from things where rowid = 1 + n * 13 % 500) end from i;"
		"update items set thing_ref = trim(thing_ref) where rowid % 3 > 0");
	same_as_sql_once(&bed, "select i.ref, ' ' || case when t.ref is null then '?' else "
		"(select count(*) from things u where u.ref < t.ref) end from items i left join things t on "
		"t.ref = trim(i.thing_ref) order by i.ref");
	bed_read(&bed);
	must_be_ok(&bed);
	const Whole *whole = bed.data->table.at[0]->data;
	whole = whole != NULL ? whole : bed.data->table.at[1]->data;
	ck_assert_ptr_nonnull(whole);
	ck_assert_ptr_null(whole->by_number);
	Str key[BATCH_ROWS];
	int32_t row[BATCH_ROWS];
	for (int32_t from = 0; from < whole->rows.n; from += BATCH_ROWS) {
		int32_t n = whole->rows.n - from < BATCH_ROWS ? whole->rows.n - from : BATCH_ROWS;
		for (int32_t i = 0; i < n; i++)
			key[i] = whole->rows.keys.text[from + i];
		/* Nothing at all, and one that is a byte short. */
		key[0].len = 0;
		key[n - 1].len--;
		whole_find_all(whole, key, n, row);
		for (int32_t i = 0; i < n; i++)
			ck_assert_int_eq(row[i], i == 0 || i == n - 1 ? -1 : from + i);
	}
	bed_end(&bed);
}
END_TEST

/* Rows that share a key of a shape, and such as share one that has not the shape. */
START_TEST(twins_among_shapes)
{
	for (int i = 0; i < 2; i++) {
		Bed bed;
		small_begin(&bed, item_books[i]);
		sql_at(bed.path, PLAIN "with recursive i(n) as (select 1 union all select n + 1 from i "
			"where n < 2000) insert into items select " GUID ", 'name ' || n, n from i;"
			"insert into items select ref, 'again', 1 from items where n % 100 = 0;"
			"insert into items values ('odd', 'a', 1), ('even', 'b', 1), ('odd', 'c', 1);");
		same_as_sql(&bed, "select ref, ' ' || name || ' ' || n from items group by ref "
			"having count(*) = 1 order by ref");
		bed_end(&bed);
	}
}
END_TEST

/* So many in one partition that some agree in what they are sorted by; and where there is not the
 * memory, keys go by their rowids. */
START_TEST(shapes_are_given_up)
{
	Bed bed;
	small_begin(&bed, item_books[0]);
	sql_at(bed.path, PLAIN "with recursive i(n) as (select 1 union all select n + 1 from i "
		"where n < 20000) insert into items select printf('%08x-%024x', " MIXED("n * n") ", "
		"n * 7919 % 20011), null, n from i;");
	bed.options.partition_rows = 20000;
	same_as_sql_once(&bed, "select ref, ' ? ' || n from items order by ref");
	bed.options.memory_limit = 4 << 20;
	for (bool shaped = true; shaped;) {
		bed.options.memory_limit -= 50000;
		bed_read(&bed);
		must_be_ok(&bed);
		shaped = bed.data->table.at[0]->shape != NULL;
		bed_again(&bed);
	}
	same_as_sql_once(&bed, "select ref, ' ? ' || n from items order by ref");
	bed.options.memory_limit = 100000;
	bed_read(&bed);
	ck_assert_int_eq(bed.status, STATUS_WORLD);
	bed_end(&bed);
}
END_TEST

/* ---- packing alone ---- */

START_TEST(shapes_and_texts)
{
	Arena arena = {0};
	KeyShape shape;
	WideKey key;
	Str guid = STR("a04d8a44-000c-af57-4c08-e7b8c8f73dae");
	ck_assert(shape_learn(&guid, 1, guid, &shape));
	ck_assert(shape_pack(&shape, guid, &key));
	ck_assert_uint_eq(key.hi, 0xa04d8a44000caf57u);
	ck_assert_uint_eq(key.lo, 0x4c08e7b8c8f73daeu);
	ck_assert(str_eq(shape_text(&shape, key, &arena), guid));
	char text[37];
	for (size_t at = 0; at < guid.len; at++) {
		for (int byte = 0; byte < 256; byte++) {
			memcpy(text, guid.ptr, guid.len);
			text[at] = (char)byte;
			bool dash = guid.ptr[at] == '-';
			bool good = dash ? byte == '-' : (byte >= '0' && byte <= '9') ||
				(byte >= 'a' && byte <= 'f');
			ck_assert_msg(shape_pack(&shape, (Str){text, guid.len}, &key) == good, "%zu %d", at,
				byte);
			if (good)
				ck_assert(str_eq(shape_text(&shape, key, &arena), (Str){text, guid.len}));
		}
	}
	arena_free(&arena);
}
END_TEST

/* One byte too short, just right, one too long; as many digits as fit, and one more. */
START_TEST(shapes_have_limits)
{
	const char *hex = "0123456789abcdef0123456789abcdef0";
	char text[80];
	KeyShape shape;
	memset(text, '-', sizeof text);
	text[0] = '7';
	for (size_t len = 1; len < sizeof text; len++) {
		Str sample = {text, len};
		bool fits = len >= SHAPE_LEAST && len <= SHAPE_MOST;
		ck_assert_msg(shape_learn(&sample, 1, (Str){NULL, 0}, &shape) == fits, "%zu", len);
	}
	Str most = {hex, 32}, more = {hex, 33};
	ck_assert(shape_learn(&most, 1, (Str){NULL, 0}, &shape));
	ck_assert(!shape_learn(&more, 1, (Str){NULL, 0}, &shape));
	ck_assert(shape_learn(&more, 1, (Str){hex, 1}, &shape));
}
END_TEST

/* ---- many cells ---- */

/* A dataset with so many counts, and a rule that looks at all of them. */
static void many_counts(Buf *rules, Buf *table, int n)
{
	buf_puts(rules, HEAD "dataset item from items\n  key ref\n  ref : text\n");
	buf_puts(table, "create table items (ref");
	for (int i = 0; i < n; i++) {
		buf_printf(rules, "  c%d : count\n", i);
		buf_printf(table, ", c%d", i);
	}
	buf_puts(rules, "rule R1 \"All\"\n  for each item\n  on 1 June 2025\n  require ");
	for (int i = 0; i < n; i++)
		buf_printf(rules, "%sitem.c%d is known", i == 0 ? "" : " or ", i);
	buf_puts(rules, "\n");
	buf_puts(table, ");");
}

/* Values that are there, missing, and too large for four bytes, in every cell of some row. */
static void fill_counts(Bed *bed, int n)
{
	Buf sql = {0}, list = {0};
	buf_puts(&sql, "with recursive i(n) as (select 1 union all select n + 1 from i where n < 300) "
		"insert into items select printf('%05d', n * 7919 % 307)");
	buf_puts(&list, "select ref, ''");
	for (int i = 0; i < n; i++) {
		buf_printf(&sql, ", case (n + %d) %% 97 when 0 then null when 1 then 5000000000 + n "
			"else n * %d end", i, i + 1);
		buf_printf(&list, " || ' ' || coalesce(c%d, '?')", i);
	}
	buf_puts(&sql, " from i;");
	buf_puts(&list, " from items order by ref");
	sql_at(bed->path, sql.at);
	same_as_sql(bed, list.at);
	buf_free(&sql);
	buf_free(&list);
}

/* The bits of 32 cells fill a word; columns have a limit of their own. */
START_TEST(many_cells_a_row)
{
	static const int counts[] = {1, 4, 5, 31, 32, 33, 64, 65, 97, 98};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		Buf rules = {0}, table = {0};
		Bed bed;
		many_counts(&rules, &table, counts[i]);
		small_begin(&bed, rules.at);
		sql_at(bed.path, table.at);
		fill_counts(&bed, counts[i]);
		bed_end(&bed);
		buf_free(&rules);
		buf_free(&table);
	}
}
END_TEST

START_TEST(too_many_columns)
{
	Buf rules = {0}, table = {0}, said = {0};
	Bed bed;
	many_counts(&rules, &table, MAX_SINK_ARGS - 1);
	small_begin(&bed, rules.at);
	sql_at(bed.path, table.at);
	bed_read(&bed);
	ck_assert_int_eq(bed.status, STATUS_WRONG);
	diags_print(&bed.diags, &said, false);
	ck_assert_msg(strstr(said.at, "more than 99 columns of one table are needed") != NULL, "%s",
		said.at);
	bed_end(&bed);
	buf_free(&rules);
	buf_free(&table);
	buf_free(&said);
}
END_TEST

/* Codes are one byte when packed; as values they are signed, so that from 128 on they need two. */
START_TEST(codes_on_both_sides_of_127)
{
	static const int counts[] = {127, 128, 129, LIMIT_CODES};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		Buf rules = {0};
		Bed bed;
		buf_puts(&rules, HEAD "dataset item from items\n  key ref\n  ref : text\n  o : one of (");
		for (int k = 0; k < counts[i]; k++)
			buf_printf(&rules, "%sc%d", k == 0 ? "" : ", ", k);
		buf_puts(&rules, ")\nrule R1 \"All\"\n  for each item\n  on 1 June 2025\n"
			"  require item.o is c0\n");
		small_begin(&bed, rules.at);
		char *sql = sqlite3_mprintf("create table items (ref, o); with recursive i(n) as (select 0 "
			"union all select n + 1 from i where n < %d) insert into items select "
			"printf('V%%04d', n), 'c' || n from i; insert into items values ('V9999', null)",
			counts[i] - 1);
		sql_at(bed.path, sql);
		sqlite3_free(sql);
		same_as_sql(&bed, "select ref, ' ' || coalesce(substr(o, 2), '?') from items order by ref");
		bed_end(&bed);
		buf_free(&rules);
	}
}
END_TEST

/* An entry of the reader's dates that is not in use has nothing but zeros in it. */
START_TEST(a_date_of_nul_bytes)
{
	Bed bed;
	size_t n;
	small_begin(&bed, HEAD "dataset item from items\n  key ref\n  ref : text\n  d : date\n"
		"  m : moment\nrule R1 \"All\"\n  for each item\n  on item.d\n  require item.m is known\n");
	sql_at(bed.path, "create table items (ref, d, m);"
		"insert into items values ('A1', cast(x'00000000000000000000' as text),"
		"	cast(x'0000000000000000000020' || '08:00:00' as text)), ('A2', '2000-01-01', null)");
	bed_read(&bed);
	must_be_ok(&bed);
	data_rejected(bed.data, &n);
	ck_assert_uint_eq(n, 2);
	Lines got = read_lines(&bed);
	ck_assert_uint_eq(got.n, 2);
	ck_assert(str_eq(got.at[0].rest, STR(" ? ?")));
	ck_assert(str_eq(got.at[1].rest, STR(" 10957 ?")));
	vec_free(&got);
	bed_end(&bed);
}
END_TEST

Suite *keys_suite(void)
{
	Suite *suite = suite_create("keys");
	TCase *tests = tcase_create("keys");
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, codes_in_five_bytes);
	tcase_add_loop_test(tests, keys_of_every_form, 0,
		2 * (int)(sizeof key_cases / sizeof *key_cases));
	tcase_add_test(tests, shapes_that_are_found);
	tcase_add_test(tests, twins_among_shapes);
	tcase_add_test(tests, shapes_are_given_up);
	tcase_add_test(tests, shapes_and_texts);
	tcase_add_test(tests, shapes_have_limits);
	tcase_add_test(tests, many_keys_at_once);
	tcase_add_test(tests, many_cells_a_row);
	tcase_add_test(tests, too_many_columns);
	tcase_add_test(tests, codes_on_both_sides_of_127);
	tcase_add_test(tests, a_date_of_nul_bytes);
	suite_add_tcase(suite, tests);
	return suite;
}
