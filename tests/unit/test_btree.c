/*
 * The page reader against SQLite: the same databases, the same columns, value by value. Random ones
 * of every page size, with all types, records that spill over many pages, deleted rows and columns
 * that were added later; then the kinds of tables that are left to SQLite; then damaged files, of
 * which nothing is asked but that reading them ends.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interp/data_pages.h"
#include "tests/unit/bed.h"
#include "tests/unit/random.h"

Suite *btree_suite(void);

#define MOST_COLUMNS 8
#define MOST_ROWS 5 /* at once */

/* ---- databases ---- */

static char path[128];

/* Tests run in processes of their own. */
static void new_file(void)
{
	snprintf(path, sizeof path, "/tmp/vouch-btree-%ld.db", (long)getpid());
	unlink(path);
}

static void remove_file(void)
{
	static const char *const tail[] = {"", "-wal", "-shm", "-journal"};
	char name[160];
	for (size_t i = 0; i < sizeof tail / sizeof *tail; i++) {
		snprintf(name, sizeof name, "%s%s", path, tail[i]);
		unlink(name);
	}
}

/* Made with these statements, then closed. */
static void make(const char *sql)
{
	sqlite3 *db;
	new_file();
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sql_on(db, sql);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

/* Inside a read transaction, as the reader is. */
static sqlite3 *open_to_read(void)
{
	sqlite3 *db;
	ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	sqlite3_exec(db, "begin; select count(*) from sqlite_schema", NULL, NULL, NULL);
	return db;
}

/* ---- comparing ---- */

/* Types are compared as well: what is stored as an integer is a REAL in a column of REALs. */
static void check_value(sqlite3_value *want, const Raw *got, const char *where)
{
	int type = sqlite3_value_type(want);
	ck_assert_msg(got->type == type, "%s: type %d, not %d", where, got->type, type);
	if (type == SQLITE_INTEGER)
		ck_assert_msg(got->integer == sqlite3_value_int64(want), "%s: %lld, not %lld", where,
			(long long)got->integer, (long long)sqlite3_value_int64(want));
	if (type == SQLITE_FLOAT)
		ck_assert_msg(got->real == sqlite3_value_double(want), "%s: %.17g, not %.17g", where,
			got->real, sqlite3_value_double(want));
	if (type != SQLITE_TEXT && type != SQLITE_BLOB)
		return;
	const void *bytes = sqlite3_value_blob(want);
	size_t n = (size_t)sqlite3_value_bytes(want);
	ck_assert_msg(got->len == n && (n == 0 || memcmp(bytes, got->bytes, n) == 0),
		"%s: %u bytes, not the %zu of SQLite", where, (unsigned)got->len, n);
}

typedef struct Wanted {
	const char *table;
	Str column[MOST_COLUMNS];
	size_t n;
} Wanted;

/* "t: a b c" */
static Wanted wanted(char *text)
{
	Wanted out = {.table = strtok(text, ": ")};
	for (char *name; (name = strtok(NULL, ": ")) != NULL;)
		out.column[out.n++] = str_of(name);
	return out;
}

/* The same columns by SQL. */
static sqlite3_stmt *prepare(sqlite3 *db, const Wanted *want, const char *end)
{
	char sql[512];
	sqlite3_stmt *stmt;
	int n = snprintf(sql, sizeof sql, "select rowid");
	for (size_t i = 0; i < want->n; i++)
		n += snprintf(sql + n, sizeof sql - (size_t)n, ", %s", want->column[i].ptr);
	snprintf(sql + n, sizeof sql - (size_t)n, " from %s %s", want->table, end);
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s", sql);
	return stmt;
}

/* One by one. */
static int next_row(PageScan *scan, Raw *raw)
{
	int32_t n;
	int rc = pages_rows(scan, raw, 0, 1, &n);
	ck_assert_int_eq(n, rc == SQLITE_ROW);
	return rc;
}

/* The next row by SQL; known: the page reader has its values, and not only its number. */
static void compare_row(const Wanted *want, sqlite3_stmt *stmt, const Raw *raw, bool known)
{
	char where[200];
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	ck_assert_int_eq(raw[0].integer, sqlite3_column_int64(stmt, 0));
	for (size_t i = 0; i <= want->n && known; i++) {
		snprintf(where, sizeof where, "%s, row %lld, value %zu", want->table,
			(long long)raw[0].integer, i);
		check_value(sqlite3_column_value(stmt, (int)i), &raw[i], where);
	}
}

/* A row that the page reader leaves to SQLite is right if it is one of those rows. Returns how many
 * there were. */
static int compare_share(sqlite3 *db, const Wanted *want, sqlite3_stmt *stmt, PageScan *scan)
{
	Raw raw[MOST_ROWS][MOST_COLUMNS + 1];
	int rc = SQLITE_ROW, left = 0;
	while (rc == SQLITE_ROW || rc == PAGES_SHORT) {
		int32_t n;
		rc = pages_rows(scan, raw[0], MOST_COLUMNS + 1, MOST_ROWS, &n);
		ck_assert_int_le(n, MOST_ROWS);
		/* All of them at once: their texts are there until the next call. */
		for (int32_t i = 0; i < n; i++)
			compare_row(want, stmt, raw[i], true);
		if (rc == PAGES_SHORT)
			compare_row(want, stmt, raw[n], false);
		left += rc == PAGES_SHORT;
	}
	ck_assert_msg(rc == SQLITE_DONE, "error %d: %s", rc, sqlite3_errmsg(db));
	return left;
}

/* Every split gives the same rows. Returns how many rows were left to SQLite. */
static int compare(const char *what)
{
	char text[200];
	Arena arena = {0};
	PageTable pages;
	PageScan scan;
	int left = 0;
	snprintf(text, sizeof text, "%s", what);
	Wanted want = wanted(text);
	sqlite3 *db = open_to_read();
	ck_assert_msg(pages_open(db, str_of(want.table), want.column, want.n, &arena, &pages),
		"not read by pages: %s", what);
	for (size_t shares = 1; shares <= 3; shares++) {
		sqlite3_stmt *stmt = prepare(db, &want, "order by rowid");
		left = 0;
		for (size_t i = 0; i < shares; i++) {
			pages_scan(&pages, db, pages.leaf.n * i / shares, pages.leaf.n * (i + 1) / shares,
				INT64_MIN, INT64_MAX, &scan);
			left += compare_share(db, &want, stmt, &scan);
			pages_scan_end(&scan);
		}
		ck_assert_int_eq(sqlite3_step(stmt), SQLITE_DONE);
		sqlite3_finalize(stmt);
	}
	pages_close(&pages);
	arena_free(&arena);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	return left;
}

/* Whether the page reader takes it on. */
static bool suits(const char *what)
{
	char text[200];
	Arena arena = {0};
	PageTable pages;
	snprintf(text, sizeof text, "%s", what);
	Wanted want = wanted(text);
	sqlite3 *db = open_to_read();
	bool good = pages_open(db, str_of(want.table), want.column, want.n, &arena, &pages);
	pages_close(&pages);
	arena_free(&arena);
	sqlite3_close(db);
	return good;
}

/* ---- random databases ---- */

/* Numbers at the edges of every stored width, since each width is read in a way of its own. */
static int64_t random_integer(Random *random)
{
	static const int bits[] = {0, 1, 7, 8, 15, 16, 23, 24, 31, 32, 47, 48, 62, 63};
	int64_t n = (int64_t)(((uint64_t)1 << bits[random_below(random, 14)]) +
		random_below(random, 3) - 1);
	return random_below(random, 2) == 0 ? n : (int64_t)(0 - (uint64_t)n);
}

/* Short ones, some that fill a page to the byte, and a few of many pages. */
static size_t random_length(Random *random, size_t page)
{
	switch (random_below(random, 12)) {
	case 0: return page - 60 + random_below(random, 60);
	case 1: return random_below(random, page * 3);
	case 2: return random_below(random, 8) == 0 ? random_below(random, page * 20) : 0;
	default: return random_below(random, 40);
	}
}

/* NULL, integers, REALs with and without fractions, blobs; most often texts. */
static void bind_random(sqlite3_stmt *stmt, int at, Random *random, size_t page)
{
	static char bytes[65536 * 21];
	uint64_t kind = random_below(random, 10);
	size_t n = random_length(random, page);
	if (kind == 0) {
		sqlite3_bind_null(stmt, at);
	} else if (kind <= 2) {
		sqlite3_bind_int64(stmt, at, random_integer(random));
	} else if (kind == 3) {
		sqlite3_bind_double(stmt, at, (double)random_integer(random) / 16);
	} else if (kind == 4) {
		sqlite3_bind_int64(stmt, at, (int64_t)random_below(random, 3));
	} else {
		for (size_t i = 0; i < n; i++)
			bytes[i] = (char)('a' + random_below(random, 26));
		if (kind == 5)
			sqlite3_bind_blob(stmt, at, bytes, (int)n, SQLITE_TRANSIENT);
		else
			sqlite3_bind_text(stmt, at, bytes, (int)n, SQLITE_TRANSIENT);
	}
}

static void insert_random(sqlite3 *db, const char *sql, int values, int rows, Random *random,
	size_t page)
{
	sqlite3_stmt *stmt;
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	for (int i = 0; i < rows; i++) {
		for (int v = 1; v <= values; v++)
			bind_random(stmt, v, random, page);
		sqlite3_step(stmt); /* a rowid that is taken is no matter */
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
}

/* Rows come, some go, a column is added, more rows come. */
static void random_database(uint64_t seed)
{
	Random random = {seed};
	size_t page = (size_t)512 << seed % 8;
	int reserved = seed % 3 == 0 ? (int)random_below(&random, 33) : 0;
	char sql[200];
	sqlite3 *db;
	new_file();
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
	snprintf(sql, sizeof sql, "pragma page_size = %zu; pragma auto_vacuum = %d", page,
		(int)random_below(&random, 3));
	sql_on(db, sql);
	sql_on(db, "create table t(a text, b real, c int, d, e double precision);"
		"create table k(x varchar(10), id integer primary key, y floating point); begin");
	insert_random(db, "insert into t values(?, ?, ?, ?, ?)", 5, 150, &random, page);
	insert_random(db, "insert into k values(?, ?, ?)", 3, 60, &random, page);
	sql_on(db, "delete from t where rowid % 3 = 1; delete from k where id % 5 = 0");
	sql_on(db, "alter table t add column f; alter table t add column g real default 3;"
		"alter table k add column z text");
	insert_random(db, "insert into t values(?, ?, ?, ?, ?, ?, ?)", 7, 100, &random, page);
	insert_random(db, "insert into k values(?, ?, ?, ?)", 4, 40, &random, page);
	sql_on(db, "commit");
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

/* All columns, few, none, and in another order; where the default of `g` is wanted, the hundred
 * rows that are older are left to SQLite. */
START_TEST(the_same_values_as_sqlite)
{
	random_database((uint64_t)_i);
	ck_assert_int_eq(compare("t: a b c d e f"), 0);
	ck_assert_int_eq(compare("t: a"), 0);
	ck_assert_int_eq(compare("T: E C"), 0);
	ck_assert_int_eq(compare("t:"), 0);
	ck_assert_int_eq(compare("k: x id y z"), 0);
	ck_assert_int_eq(compare("k: id"), 0);
	ck_assert_int_eq(compare("k: z x"), 0);
	ck_assert_int_eq(compare("t: g d"), 100);
	remove_file();
}
END_TEST

/* Records with the same header, one after another and in turns: every width of a number, both that
 * take no bytes, REALs stored as such and as whole numbers, texts whose types take two bytes. Row
 * 1,800 is the first of another kind. */
START_TEST(few_shapes_of_records)
{
	make("create table t(a text, b real, c int, d, e text, f);"
		"with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)"
		"insert into t select printf('K%07d', i),"
		" case i / 300 % 3 when 0 then i * 0.25 when 1 then i else null end,"
		" case i % 9 when 0 then 0 when 1 then 1 when 8 then null else (i << 8 * (i % 9 - 2)) - i end,"
		" case i / 5 % 4 when 0 then i when 1 then i * 0.5 when 2 then x'00ff' else 'text' end,"
		" substr(printf('%0200d', i), 1, case when i < 1800 then 100 + i % 2 else 9 end), i from n");
	compare("t: a b c d e f");
	compare("t: f c a");
	compare("t: e");
	compare("t: d b");
	remove_file();
}
END_TEST

/* Up to 31 types are looked at: tables on both sides of that, of which one column is NULL now and
 * then. */
START_TEST(many_columns)
{
	for (int n = 29; n <= 34; n++) {
		char sql[1200];
		int at = snprintf(sql, sizeof sql, "create table t(a1");
		for (int i = 2; i <= n; i++)
			at += snprintf(sql + at, sizeof sql - (size_t)at, ", a%d", i);
		at += snprintf(sql + at, sizeof sql - (size_t)at, "); with recursive n(i) as (select 1 "
			"union all select i + 1 from n where i < 300) insert into t select nullif(i %% 7, 0)");
		for (int i = 2; i <= n; i++)
			at += snprintf(sql + at, sizeof sql - (size_t)at, ", 'v' || (i + %d)", i);
		snprintf(sql + at, sizeof sql - (size_t)at, " from n");
		make(sql);
		compare("t: a1 a2 a29");
		snprintf(sql, sizeof sql, "t: a%d a1", n);
		compare(sql);
		remove_file();
	}
}
END_TEST

/* Only when the column is wanted; NULL that was written is NULL. */
START_TEST(rows_older_than_a_default)
{
	make("create table t(a); insert into t values(1), (2); alter table t add column b default 7;"
		"insert into t values(3, null), (4, 5)");
	ck_assert_int_eq(compare("t: a b"), 2);
	ck_assert_int_eq(compare("t: a"), 0);
	remove_file();
}
END_TEST

START_TEST(row_numbers_from_end_to_end)
{
	make("create table t(a); insert into t(rowid, a) values(-9223372036854775808, 1), (-1, 2), "
		"(0, 3), (9223372036854775807, 4)");
	compare("t: a");
	remove_file();
}
END_TEST

/* What looks like the row number and is not, and the other way round. */
START_TEST(primary_keys_of_every_kind)
{
	make("create table a(x integer primary key, y); insert into a values(5, 'a'), (7, 'b');"
		"create table b(x integer primary key desc, y); insert into b values(5, 'a'), (null, 'b');"
		"create table c(x int primary key, y); insert into c values(5, 'a'), (null, 'b');"
		"create table d(x integer, y, primary key(x)); insert into d values(5, 'a'), (9, 'b');"
		"create table e(x integer, y, primary key(x, y)); insert into e values(5, 'a'), (9, 'b');"
		"create table f(x, y integer, oid); insert into f values(1, 2, 3)");
	compare("a: x y");
	compare("b: x y");
	compare("c: x y");
	compare("d: y x");
	compare("e: x y");
	compare("f: y oid");
	remove_file();
}
END_TEST

/* Only columns of REALs turn integers back into REALs, and the name of the type decides that. */
START_TEST(types_by_their_names)
{
	make("create table t(a real, b floating point, c text real, d double int, e 'BLOB REAL',"
		" f numeric, g Float8);"
		"insert into t values(1, 1, 1, 1, 1, 1, 1), (1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5),"
		"(9e99, -9e99, 9e99, 9e99, 9e99, 9e99, 1e300 * 1e300),"
		"('x', 'x', 2.0, 2.0, 2.0, 2.0, 'y')");
	compare("t: a b c d e f g");
	remove_file();
}
END_TEST

START_TEST(empty_tables)
{
	make("create table t(a, b); create table u(a); insert into u values(1); delete from u");
	compare("t: a b");
	compare("u: a");
	remove_file();
}
END_TEST

/* ---- what is left to SQLite ---- */

/* One that suits stands among them, so that the test can fail either way. */
START_TEST(other_tables_are_left_to_sqlite)
{
	make("create table t(a, b); create view v as select * from t;"
		"create table w(a primary key, b) without rowid;"
		"create table g(a, b as (a + 1)); create table s(a, b as (a + 1) stored);"
		"insert into t values(1, 2); insert into w values(1, 2); insert into s values(1)");
	ck_assert(suits("t: a b"));
	ck_assert(!suits("v: a b"));
	ck_assert(!suits("w: a b"));
	ck_assert(!suits("g: a b"));
	ck_assert(!suits("s: a"));
	ck_assert(!suits("nothing: a"));
	remove_file();
}
END_TEST

START_TEST(other_files_are_left_to_sqlite)
{
	make("pragma encoding = 'UTF-16le'; create table t(a)");
	ck_assert(!suits("t: a"));
	make("pragma journal_mode = wal; create table t(a); insert into t values(1)");
	ck_assert(!suits("t: a"));
	remove_file();
	sqlite3 *db;
	Arena arena = {0};
	PageTable pages;
	ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
	sql_on(db, "create table t(a)");
	Str column = STR("a");
	ck_assert(!pages_open(db, STR("t"), &column, 1, &arena, &pages));
	pages_close(&pages);
	arena_free(&arena);
	sqlite3_close(db);
}
END_TEST

/* A text that is too long for the connection is refused by name, as SQLite does. */
START_TEST(a_value_that_is_too_long)
{
	make("create table t(a, b); insert into t values('x', zeroblob(100000))");
	Arena arena = {0};
	PageTable pages;
	PageScan scan;
	Raw raw[3];
	const Str column[] = {STR("a"), STR("b")};
	sqlite3 *db = open_to_read();
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 99999);
	for (size_t n = 1; n <= 2; n++) {
		ck_assert(pages_open(db, STR("t"), column, n, &arena, &pages));
		pages_scan(&pages, db, 0, pages.leaf.n, 1, 1, &scan);
		ck_assert_int_eq(next_row(&scan, raw), n == 1 ? SQLITE_ROW : SQLITE_TOOBIG);
		pages_scan_end(&scan);
		pages_close(&pages);
	}
	arena_free(&arena);
	sqlite3_close(db);
	remove_file();
}
END_TEST

/* ---- damaged files ---- */

/* Touches every byte of every value, so that a sanitizer sees what lies outside. */
static uint64_t touch(const Raw *raw, size_t n)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < n; i++)
		for (uint32_t b = 0; (raw[i].type == SQLITE_TEXT || raw[i].type == SQLITE_BLOB) &&
		     b < raw[i].len; b++)
			sum += (unsigned char)raw[i].bytes[b];
	return sum;
}

/* Every row number at most once, or it is damage: so the rows of a file are bounded. */
static void read_whatever(const char *what, size_t size)
{
	char text[100];
	Arena arena = {0};
	PageTable pages;
	PageScan scan;
	Raw raw[MOST_COLUMNS + 1] = {{.type = SQLITE_NULL}};
	uint64_t sum = 0;
	size_t rows = 0;
	snprintf(text, sizeof text, "%s", what);
	Wanted want = wanted(text);
	sqlite3 *db = open_to_read();
	if (pages_open(db, str_of(want.table), want.column, want.n, &arena, &pages)) {
		int rc;
		pages_scan(&pages, db, 0, pages.leaf.n, -1000000, INT64_MAX, &scan);
		for (; (rc = next_row(&scan, raw)) == SQLITE_ROW || rc == PAGES_SHORT; rows++)
			sum += rc == SQLITE_ROW ? touch(raw, want.n + 1) : 0;
		ck_assert_msg(rc == SQLITE_DONE || rc == SQLITE_CORRUPT || rc == SQLITE_TOOBIG, "%d", rc);
		ck_assert_msg(rows <= size / 4 && sum < UINT64_MAX, "%zu rows", rows);
		pages_scan_end(&scan);
	}
	pages_close(&pages);
	arena_free(&arena);
	sqlite3_close(db);
}

static size_t read_file(unsigned char *bytes, size_t room)
{
	FILE *file = fopen(path, "rb");
	ck_assert_ptr_nonnull(file);
	size_t n = fread(bytes, 1, room, file);
	fclose(file);
	return n;
}

static void write_file(const unsigned char *bytes, size_t n)
{
	FILE *file = fopen(path, "wb");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
	fclose(file);
}

#define ROOM (1 << 20)
#define LEAST_FILE 8192

/* Behind the schema, so that the file still opens; half of the blows hit heads of pages, where the
 * numbers stand. */
static void damage(unsigned char *bytes, size_t n, size_t page, Random *random)
{
	int blows = 1 + (int)random_below(random, 8);
	for (int i = 0; i < blows; i++) {
		size_t at = page + random_below(random, n - page);
		if (random_below(random, 2) == 0)
			at = at / page * page + random_below(random, 24);
		bytes[at] = (unsigned char)(random_below(random, 3) == 0 ? 0xff : random_word(random));
	}
}

START_TEST(damaged_files_end)
{
	static unsigned char whole[ROOM], bytes[ROOM];
	Random random = {(uint64_t)_i + 1000};
	random_database((uint64_t)_i % 4);
	size_t page = (size_t)512 << _i % 4, n = read_file(whole, ROOM);
	ck_assert_uint_ge(n, LEAST_FILE);
	for (int round = 0; round < 60; round++) {
		memcpy(bytes, whole, n);
		damage(bytes, n, page, &random);
		size_t left = round % 4 == 0 ? page + random_below(&random, n - page) : n;
		write_file(bytes, left);
		read_whatever("t: a d g", n);
		read_whatever("k: x id z", n);
	}
	remove_file();
}
END_TEST

static size_t find_bytes(const unsigned char *bytes, size_t n, const char *part, size_t len)
{
	size_t at = 0;
	while (at + len <= n && memcmp(bytes + at, part, len) != 0)
		at++;
	ck_assert_uint_le(at + len, n);
	return at;
}

/* What is no number is NULL to SQLite, which never stores it. The row before it has the same
 * header. */
START_TEST(a_real_that_is_no_number)
{
	static unsigned char bytes[ROOM];
	make("create table t(a); insert into t values(0.25), (1.0 / 3)");
	size_t n = read_file(bytes, ROOM);
	size_t at = find_bytes(bytes, n, "\x3f\xd5\x55\x55\x55\x55\x55\x55", 8);
	bytes[at] = 0x7f;
	bytes[at + 1] = 0xf8;
	write_file(bytes, n);
	compare("t: a");
	remove_file();
}
END_TEST

/* Scans the file's rows, one or two. */
static int read_all(int rows)
{
	Arena arena = {0};
	PageTable pages;
	PageScan scan;
	Raw raw[2];
	Str column = STR("a");
	sqlite3 *db = open_to_read();
	ck_assert(pages_open(db, STR("t"), &column, 1, &arena, &pages));
	pages_scan(&pages, db, 0, pages.leaf.n, 1, rows, &scan);
	int rc = next_row(&scan, raw);
	if (rows > 1 && rc == SQLITE_ROW)
		rc = next_row(&scan, raw);
	pages_scan_end(&scan);
	pages_close(&pages);
	arena_free(&arena);
	sqlite3_close(db);
	return rc;
}

/* One byte each: the type of a text, 2n + 13; the length of the header; that of the record. Of the
 * only row, and of the second of two with one header. */
START_TEST(records_that_do_not_fit)
{
	static unsigned char bytes[ROOM];
	static const struct { size_t at; unsigned char byte; } blow[] = {
		{3, 27}, {3, 0x99}, {2, 9}, {2, 0x82}, {0, 200}, {0, 127}, {0, 7},
	};
	static const char *const sql[] = {"create table t(a); insert into t values('abcdef')",
		"create table t(a); insert into t values('uvwxyz'), ('abcdef')"};
	static const char *const row[] = {"\x08\x01\x02\x19" "abcdef", "\x08\x02\x02\x19" "abcdef"};
	for (size_t i = 0; i < sizeof blow / sizeof *blow; i++) {
		for (int rows = 1; rows <= 2; rows++) {
			make(sql[rows - 1]);
			ck_assert_int_eq(read_all(rows), SQLITE_ROW);
			size_t n = read_file(bytes, ROOM);
			size_t cell = find_bytes(bytes, n, row[rows - 1], 10);
			bytes[cell + blow[i].at] = blow[i].byte;
			write_file(bytes, n);
			ck_assert_msg(read_all(rows) == SQLITE_CORRUPT, "blow %zu, row %d", i, rows);
		}
	}
	remove_file();
}
END_TEST

/* A row number outside the range that was asked for; and two cells that have changed places. */
START_TEST(row_numbers_that_do_not_rise)
{
	static unsigned char bytes[ROOM];
	Arena arena = {0};
	PageTable pages;
	PageScan scan;
	Raw raw[2];
	Str column = STR("a");
	for (int last = 1; last <= 2; last++) {
		make("pragma page_size = 512; create table t(a); insert into t values(1), (2)");
		size_t n = read_file(bytes, ROOM);
		for (size_t at = 512 + 8; at < 512 + 10 && last == 2; at++) {
			unsigned char first = bytes[at];
			bytes[at] = bytes[at + 2];
			bytes[at + 2] = first;
		}
		write_file(bytes, n);
		sqlite3 *db = open_to_read();
		ck_assert(pages_open(db, STR("t"), &column, 1, &arena, &pages));
		pages_scan(&pages, db, 0, pages.leaf.n, 1, last, &scan);
		ck_assert_int_eq(next_row(&scan, raw), SQLITE_ROW);
		ck_assert_int_eq(next_row(&scan, raw), SQLITE_CORRUPT);
		pages_scan_end(&scan);
		pages_close(&pages);
		sqlite3_close(db);
	}
	arena_free(&arena);
	remove_file();
}
END_TEST

/* An interior page that is its own child, and a chain of pages that bites its tail. */
START_TEST(rings_end)
{
	static unsigned char bytes[ROOM];
	make("pragma page_size = 512; create table t(a); with recursive n(i) as (select 1 union all "
		"select i + 1 from n where i < 500) insert into t select printf('%0100d', i) from n;"
		"create table u(a); insert into u values(printf('%05000d', 1))");
	size_t n = read_file(bytes, ROOM);
	bytes[512 + 8] = bytes[512 + 9] = bytes[512 + 10] = 0;
	bytes[512 + 11] = 2;
	for (size_t at = n / 2; at + 512 <= n; at += 512)
		if (bytes[at] == 0 && bytes[at + 4] == '0')
			memcpy(&bytes[at], (unsigned char[]){0, 0, (unsigned char)((at / 512 + 1) >> 8),
				(unsigned char)(at / 512 + 1)}, 4);
	write_file(bytes, n);
	ck_assert(!suits("t: a"));
	read_whatever("u: a", n);
	remove_file();
}
END_TEST

Suite *btree_suite(void)
{
	Suite *suite = suite_create("btree");
	TCase *tests = tcase_create("btree");
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, the_same_values_as_sqlite, 0, 24);
	tcase_add_test(tests, few_shapes_of_records);
	tcase_add_test(tests, many_columns);
	tcase_add_test(tests, rows_older_than_a_default);
	tcase_add_test(tests, row_numbers_from_end_to_end);
	tcase_add_test(tests, primary_keys_of_every_kind);
	tcase_add_test(tests, types_by_their_names);
	tcase_add_test(tests, empty_tables);
	tcase_add_test(tests, other_tables_are_left_to_sqlite);
	tcase_add_test(tests, other_files_are_left_to_sqlite);
	tcase_add_test(tests, a_value_that_is_too_long);
	tcase_add_loop_test(tests, damaged_files_end, 0, 8);
	tcase_add_test(tests, a_real_that_is_no_number);
	tcase_add_test(tests, records_that_do_not_fit);
	tcase_add_test(tests, row_numbers_that_do_not_rise);
	tcase_add_test(tests, rings_end);
	suite_add_tcase(suite, tests);
	return suite;
}
