/*
 * Parts of a run and what is hashed of them (interp/case_part.h), on tables made by hand: the
 * canonical text, names and columns of what differs, and entries that were packed.
 */
#include <check.h>
#include <stdlib.h>

#include "interp/case_part.h"

Suite *manifest_suite(void);

/* Two parts with the columns of a table of three: one sorted by name, one in steps of two. */
static const CasePart named = {"thing", "thing", "SELECT name, n, note FROM thing WHERE"
	" ?1 = ?1", 1, 1};
static const CasePart steps = {"thing", "thing", "SELECT name, n, note FROM thing WHERE"
	" ?1 = ?1 ORDER BY rowid", 1, 2};

typedef struct Bench {
	sqlite3 *db;
	Arena arena;
	Buf told;
} Bench;

static void begin(Bench *bench)
{
	*bench = (Bench){.db = NULL};
	ck_assert_int_eq(sqlite3_open(":memory:", &bench->db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(bench->db, "CREATE TABLE thing(name TEXT, n INTEGER, note TEXT);"
		" INSERT INTO thing VALUES('b', 2, 'two'), ('a', 1, NULL), ('d', -4, ''), ('c', 3, 'x')",
		NULL, NULL, NULL), SQLITE_OK);
}

static void end(Bench *bench)
{
	sqlite3_close(bench->db);
	arena_free(&bench->arena);
	buf_free(&bench->told);
}

static PartRows read_with(Bench *bench, const CasePart *part, bool beside)
{
	PartRows rows;
	ck_assert_int_eq(case_part_read(bench->db, part, STR("R"), beside, &bench->arena, &rows),
		STATUS_OK);
	return rows;
}

static PartRows read(Bench *bench, const CasePart *part)
{
	return read_with(bench, part, false);
}

static void hear(void *user, PartChange change, Str name, Str columns)
{
	static const char *const word[] = {"+", "-", "~"};
	Buf *told = user;
	buf_printf(told, "%s%.*s(%.*s) ", word[change], STR_ARG(name), STR_ARG(columns));
}

/* What differs after the statement, as one text. */
static void told_is(const CasePart *part, const char *sql, const char *wanted)
{
	Bench bench;
	begin(&bench);
	PartRows then = read(&bench, part);
	ck_assert_int_eq(sqlite3_exec(bench.db, sql, NULL, NULL, NULL), SQLITE_OK);
	PartRows now = read(&bench, part);
	buf_puts(&bench.told, "");
	part_compare(part, &then, &now, hear, &bench.told);
	ck_assert_str_eq(bench.told.at, wanted);
	ck_assert_int_eq(merkle_same(&then.root, &now.root), wanted[0] == '\0');
	part_rows_free(&then);
	part_rows_free(&now);
	end(&bench);
}

/* Worked out by hand: the leaves are those of the texts, sorted by name. */
START_TEST(the_root_is_that_of_the_texts)
{
	static const char *const text[] = {"t1:a;i1;n;", "t1:b;i2;t3:two;", "t1:c;i3;t1:x;",
		"t1:d;i-4;t0:;"};
	MerkleHash leaf[4];
	Bench bench;
	begin(&bench);
	for (int i = 0; i < 4; i++)
		leaf[i] = merkle_leaf(str_of(text[i]));
	MerkleHash wanted = merkle_root_of(leaf, 4);
	PartRows rows = read(&bench, &named);
	ck_assert(merkle_same(&rows.root, &wanted));
	ck_assert_int_eq(rows.rows, 4);
	part_rows_free(&rows);
	end(&bench);
}
END_TEST

START_TEST(what_differs_is_named)
{
	told_is(&named, "SELECT 1", "");
	told_is(&named, "UPDATE thing SET note = 'three' WHERE n = 3", "~c(note) ");
	told_is(&named, "UPDATE thing SET note = NULL, n = 5 WHERE n = 3", "~c(n, note) ");
	told_is(&named, "UPDATE thing SET note = '' WHERE n = 1", "~a(note) ");
	told_is(&named, "UPDATE thing SET n = '1' || n WHERE n = 1", "~a(n) ");
	told_is(&named, "DELETE FROM thing WHERE n = 1", "-a() ");
	told_is(&named, "INSERT INTO thing VALUES('bb', 0, NULL)", "+bb() ");
	told_is(&named, "INSERT INTO thing VALUES('a', 1, NULL)", "+a() ");
	told_is(&named, "UPDATE thing SET name = 'z' WHERE name = 'a'", "-a() +z() ");
	told_is(&named, "DELETE FROM thing", "-a() -b() -c() -d() ");
}
END_TEST

/* Rows with names may lie in any order; in steps their order counts, though each column of the two
 * rows of a step holds what it held. */
START_TEST(order)
{
	const char *turned = "CREATE TABLE t AS SELECT * FROM thing ORDER BY name; DELETE FROM thing;"
		" INSERT INTO thing SELECT * FROM t";
	told_is(&named, turned, "");
	told_is(&steps, turned, "~a() ~c() ");
	told_is(&steps, "UPDATE thing SET n = 9 WHERE name = 'c'", "~d(n) ");
	told_is(&steps, "DELETE FROM thing WHERE name = 'b'", "-b() ");
	told_is(&steps, "DELETE FROM thing WHERE name IN ('c', 'd')", "-d() ");
	told_is(&steps, "INSERT INTO thing VALUES('e', 0, NULL)", "+e() ");
}
END_TEST

START_TEST(entries_survive_packing)
{
	Bench bench;
	Buf bytes = {0};
	begin(&bench);
	PartRows rows = read(&bench, &named), back = {.rows = 4};
	part_pack(&bytes, &rows, 0, 3);
	part_pack(&bytes, &rows, 3, 4);
	ck_assert(part_unpack(buf_view(&bytes), &back));
	buf_puts(&bench.told, "");
	part_compare(&named, &back, &rows, hear, &bench.told);
	ck_assert_str_eq(bench.told.at, "");
	ck_assert_uint_eq(back.entry.n, 4);
	for (size_t cut = 1; cut < 10; cut++) {
		PartRows bad = {.rows = 0};
		ck_assert(!part_unpack((Str){bytes.at, bytes.n - cut}, &bad));
		part_rows_free(&bad);
	}
	part_rows_free(&rows);
	part_rows_free(&back);
	buf_free(&bytes);
	end(&bench);
}
END_TEST

/* A list that somebody has made: an entry of one column must not be taken for one of as many as
 * the others have. */
START_TEST(entries_have_one_number_of_columns)
{
	static const char few[] = "\1a12345678\1x", many[] = "\1b12345678\2yz";
	PartRows rows = {.rows = 2};
	ck_assert(part_unpack((Str){few, sizeof few - 1}, &rows));
	ck_assert(!part_unpack((Str){many, sizeof many - 1}, &rows));
	ck_assert_uint_eq(rows.entry.n, 1);
	ck_assert_int_eq(rows.ncolumns, 1);
	part_rows_free(&rows);
}
END_TEST

/* Rows of many batches: 0 to 4,999 bytes long, and at last one that fills several alone. With a second
 * thread and without one the same comes out. */
START_TEST(a_second_thread_hashes_the_same)
{
	const CasePart *part = _i == 0 ? &named : &steps;
	Bench bench;
	begin(&bench);
	ck_assert_int_eq(sqlite3_exec(bench.db, "WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1"
		" FROM c WHERE n < 1500) INSERT INTO thing SELECT printf('r%04d', n * 7919 % 1501), n,"
		" hex(zeroblob(n * 37 % 2500)) FROM c; INSERT INTO thing VALUES('z', 0,"
		" hex(zeroblob(1000000)))", NULL, NULL, NULL), SQLITE_OK);
	PartRows alone = read_with(&bench, part, false), two = read_with(&bench, part, true);
	ck_assert_int_eq(alone.rows, 4 + 1501 + 1);
	ck_assert_int_eq(two.rows, alone.rows);
	ck_assert(merkle_same(&alone.root, &two.root));
	buf_puts(&bench.told, "");
	part_compare(part, &alone, &two, hear, &bench.told);
	ck_assert_str_eq(bench.told.at, "");
	part_rows_free(&alone);
	part_rows_free(&two);
	end(&bench);
}
END_TEST

START_TEST(parts_are_sorted_and_found)
{
	for (int kind = 0; kind < CASE_KINDS; kind++) {
		int n;
		bool most = false;
		const CasePart *part = case_parts((CaseKind)kind, &n);
		for (int i = 0; i < n; i++) {
			ck_assert(i == 0 || strcmp(part[i - 1].name, part[i].name) < 0);
			ck_assert_ptr_eq(case_part_named(str_of(part[i].name)), &part[i]);
			most |= strcmp(part[i].name, case_kind_main((CaseKind)kind)) == 0;
		}
		ck_assert(most);
		ck_assert_int_eq(case_kind_of(str_of(case_kind_word((CaseKind)kind))), kind);
	}
	ck_assert_int_eq(case_kind_of(STR("runs")), CASE_KINDS);
	ck_assert_ptr_null(case_part_named(STR("find")));
}
END_TEST

Suite *manifest_suite(void)
{
	Suite *suite = suite_create("manifest");
	TCase *tests = tcase_create("parts");
	tcase_add_test(tests, the_root_is_that_of_the_texts);
	tcase_add_test(tests, what_differs_is_named);
	tcase_add_test(tests, order);
	tcase_add_test(tests, entries_survive_packing);
	tcase_add_loop_test(tests, a_second_thread_hashes_the_same, 0, 2);
	tcase_add_test(tests, entries_have_one_number_of_columns);
	tcase_add_test(tests, parts_are_sorted_and_found);
	suite_add_tcase(suite, tests);
	return suite;
}
