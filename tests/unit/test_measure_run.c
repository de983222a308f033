/*
 * Figures of whole audits: the same table measure_result, however the rows are partitioned, in
 * whatever order they stand, on however many threads, and wherever the window is cut.
 *
 *   all rows in one store        ┐
 *   partitions of 20, 3 threads  ├──> the same rows, but for the run's id
 *   rows in another order        │
 *   window in two halves         ┘
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/civil.h"
#include "interp/run.h"
#include "tests/unit/bed.h"
#include "tests/unit/random.h"

Suite *measure_run_suite(void);

#define HEAD(name, key, rows)                                         \
	"measure " name " \"A figure\"\n"                                 \
	"  for each " key "\n  among " rows "\n"

static const char measures[] =
	"define seen for visit : yes/no\n  is any(l in visit.logs where l.check_out is known)\n"
	"kpi missed \"Missed\"\n  for each visit.provision.provider, quarter of visit.date\n"
	"  among visit\n  figure share(visit where visit.outcome is missed)\n  target at most 10%\n"
	"  fails above 30%\n  needs at least 5 visits\n"
	HEAD("hours", "visit.provision.provider, month of visit.date", "visit where visit.outcome is "
		"delivered") "  part declared is total(visit.declared)\n"
	"  part planned is total(visit.planned)\n"
	HEAD("logged", "visit.provision, month of visit.date", "visit")
	"  figure total(visit.logged) / count(visit)\n"
	HEAD("logged_by", "visit.provision.provider, quarter of visit.date", "visit")
	"  figure count(visit where visit.seen)\n"
	HEAD("people", "log.provider, quarter of log.check_in", "log") "  figure distinct(log.client)\n"
	HEAD("by_text", "log.client, quarter of log.check_in", "log") "  figure total(log.spent)\n"
	HEAD("rolled", "visit.provision.provider, rolling 6 weeks of visit.date", "visit")
	"  figure total(visit.declared)\n"
	HEAD("first_of", "visit.provision.provider, quarter of visit.date", "visit")
	"  figure first(v.declared for v in visit by v.date)\n"
	"kpi timely \"Submissions\"\n  for each provider, every quarter\n"
	"  figure share(s in provider.submissions where s.submitted <= s.week + 9 days)\n"
	"  target at least 50%\n"
	"measure owned \"Visits of a provision\"\n  for each provision, every quarter\n"
	"  figure count(v in provision.visits where v.date is within quarter)\n";

static const char tables[] =
	"CREATE TABLE providers(provider_ref TEXT PRIMARY KEY, name TEXT);"
	"CREATE TABLE provisions(provision_ref TEXT PRIMARY KEY, provider_ref TEXT, client TEXT,"
	" contract TEXT, weekly_minutes INTEGER, start_date TEXT, end_date TEXT);"
	"CREATE TABLE visits(visit_ref TEXT PRIMARY KEY, provision_ref TEXT, visit_date TEXT,"
	" start_time TEXT, planned_minutes INTEGER, declared_minutes INTEGER, outcome TEXT,"
	" notice_minutes INTEGER, rate TEXT);"
	"CREATE TABLE logs(log_ref TEXT PRIMARY KEY, provider_ref TEXT, client TEXT, check_in TEXT,"
	" check_out TEXT);"
	"CREATE TABLE submissions(submission_ref TEXT PRIMARY KEY, provider_ref TEXT, week_start TEXT,"
	" submitted_at TEXT);"
	"INSERT INTO providers VALUES('P1', 'One'), ('P2', 'Two'), ('P3', 'Three');";

enum { PROVISIONS = 12, VISITS = 400 };

typedef struct Bench {
	Fixture fixture;
	char folder[64], data[96], shuffled[96];
	int cases;
} Bench;

/* A date of the year from April 2025; now and then none. */
static void put_day(Buf *buf, Random *random, const char *behind)
{
	if (random_below(random, 40) == 0) {
		buf_puts(buf, "NULL");
		return;
	}
	buf_char(buf, '\'');
	day_print_iso(buf, 20179 + (int32_t)random_below(random, 300));
	buf_printf(buf, "%s'", behind);
}

static void put_visit(Buf *buf, Random *random, int i)
{
	static const char *const outcome[] = {"'delivered'", "'missed'", "'cancelled'", "NULL"};
	int provision = (int)random_below(random, PROVISIONS);
	size_t at = buf->n;
	buf_printf(buf, "INSERT INTO visits VALUES('V%03d', 'R%02d', ", i, provision);
	put_day(buf, random, "");
	buf_printf(buf, ", '08:00', 30, %d, %s, NULL, NULL);\n", (int)random_below(random, 60),
		outcome[random_below(random, 30) == 0 ? 3 : random_below(random, 3)]);
	if (random_below(random, 3) == 0 || strstr(buf->at + at, "NULL, '08") != NULL)
		return;
	buf_printf(buf, "INSERT INTO logs SELECT 'L%03d', provider_ref, client, visit_date ||"
		" ' 08:05', %s FROM visits JOIN provisions USING (provision_ref) WHERE visit_ref ="
		" 'V%03d';\n", i, random_below(random, 30) == 0 ? "NULL" : "visit_date || ' 08:35'", i);
}

static void fill(const char *path)
{
	Random random = {7};
	Buf sql = {0};
	sqlite3 *db;
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	buf_puts(&sql, "BEGIN;");
	buf_puts(&sql, tables);
	for (int i = 0; i < PROVISIONS; i++)
		buf_printf(&sql, "INSERT INTO provisions VALUES('R%02d', 'P%d', 'C%d', 'ccsh', 420,"
			" '2025-04-01', NULL);\n", i, i % 3 + 1, i / 2);
	for (int i = 0; i < 60; i++)
		buf_printf(&sql, "INSERT INTO submissions VALUES('S%02d', 'P%d', date('2025-04-07', '+%d"
			" days'), date('2025-04-07', '+%d days') || ' 09:00');\n", i, i % 2 + 1, i / 2 * 7,
			i / 2 * 7 + 6 + (int)random_below(&random, 6));
	for (int i = 0; i < VISITS; i++)
		put_visit(&sql, &random, i);
	buf_puts(&sql, "COMMIT;");
	sql_on(db, sql.at);
	sqlite3_close(db);
	buf_free(&sql);
}

/* The same rows, the last first. */
static void turn_round(const char *from, const char *to)
{
	sqlite3 *db;
	Buf sql = {0};
	ck_assert_int_eq(sqlite3_open(to, &db), SQLITE_OK);
	buf_puts(&sql, tables);
	buf_printf(&sql, "ATTACH '%s' AS other; DELETE FROM providers;", from);
	static const char *const name[] = {"providers", "provisions", "visits", "logs", "submissions"};
	for (size_t i = 0; i < sizeof name / sizeof *name; i++)
		buf_printf(&sql, "INSERT INTO %s SELECT * FROM other.%s ORDER BY rowid DESC;", name[i],
			name[i]);
	sql_on(db, sql.at);
	sqlite3_close(db);
	buf_free(&sql);
}

static void bench_begin(Bench *bench)
{
	Buf text = {0};
	*bench = (Bench){.folder = "/tmp/vouch-figures-XXXXXX"};
	ck_assert_ptr_nonnull(mkdtemp(bench->folder));
	snprintf(bench->data, sizeof bench->data, "%s/data.db", bench->folder);
	snprintf(bench->shuffled, sizeof bench->shuffled, "%s/other.db", bench->folder);
	fill(bench->data);
	turn_round(bench->data, bench->shuffled);
	buf_puts(&text, home_care);
	buf_puts(&text, measures);
	fixture_open(&bench->fixture, text.at);
	buf_free(&text);
}

static void bench_end(Bench *bench)
{
	char path[96];
	unlink(bench->data);
	unlink(bench->shuffled);
	for (int i = 0; i < bench->cases; i++) {
		snprintf(path, sizeof path, "%s/case%d.db", bench->folder, i);
		unlink(path);
	}
	ck_assert_int_eq(rmdir(bench->folder), 0);
	fixture_close(&bench->fixture);
}

/* All rows of measure_result but for the run's id, a line each. */
static void dump(const char *path, Buf *out)
{
	sqlite3 *db;
	sqlite3_stmt *stmt = NULL;
	buf_puts(out, "");
	ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, "SELECT * FROM measure_result ORDER BY contract, measure,"
		" keys", -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		for (int i = 1; i < sqlite3_column_count(stmt); i++) {
			const char *cell = (const char *)sqlite3_column_text(stmt, i);
			buf_printf(out, "%s|", cell == NULL ? "" : cell);
		}
		buf_char(out, '\n');
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

typedef struct Shape {
	const char *data, *provider;
	int32_t from, to, partition_rows;
	int64_t whole_rows;
	int threads;
} Shape;

#define APRIL 20179  /* 1 April 2025 */
#define YEAR_END (APRIL + 364)

static void audit(Bench *bench, const Shape *shape, Buf *out)
{
	char path[96];
	RunResult result;
	snprintf(path, sizeof path, "%s/case%d.db", bench->folder, bench->cases++);
	RunOptions options = {.data_path = shape->data, .case_path = path,
		.book = &bench->fixture.book, .nbooks = 1,
		.law = {.known_on = LAST_DAY, .from = shape->from, .to = shape->to},
		.provider = shape->provider == NULL ? STR("") : str_of(shape->provider),
		.threads = shape->threads, .partition_rows = shape->partition_rows,
		.whole_rows = shape->whole_rows};
	Status status = run_audit(&options, &bench->fixture.comp.diags, &result);
	Buf told = {0};
	diags_print(&bench->fixture.comp.diags, &told, false);
	ck_assert_msg(status == STATUS_OK, "%s", told.at);
	buf_free(&told);
	dump(path, out);
}

static int lines(const Buf *text, const char *with)
{
	int n = 0;
	for (const char *at = text->at; (at = strstr(at, with)) != NULL; at++)
		n++;
	return n;
}

/* Shows the first line that differs: the whole is longer than a message may be. */
static void same_lines(size_t shape, const char *a, const char *b)
{
	while (*a != '\0' || *b != '\0') {
		int n = (int)strcspn(a, "\n"), m = (int)strcspn(b, "\n");
		ck_assert_msg(n == m && memcmp(a, b, (size_t)n) == 0, "shape %zu:\n%.*s\n%.*s", shape,
			n > 900 ? 900 : n, a, m > 900 ? 900 : m, b);
		a += n + (a[n] != '\0');
		b += m + (b[m] != '\0');
	}
}

START_TEST(partitions_threads_and_order_make_no_difference)
{
	Bench bench;
	Buf whole = {0};
	bench_begin(&bench);
	const Shape shapes[] = {
		{bench.data, NULL, APRIL, YEAR_END, 0, 0, 1},
		{bench.data, NULL, APRIL, YEAR_END, 20, 20, 1},
		{bench.data, NULL, APRIL, YEAR_END, 20, 20, 3},
		{bench.data, NULL, APRIL, YEAR_END, 90, 20, 2},
		{bench.shuffled, NULL, APRIL, YEAR_END, 0, 0, 1},
		{bench.shuffled, NULL, APRIL, YEAR_END, 20, 20, 2},
	};
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		Buf text = {0};
		audit(&bench, &shapes[i], i == 0 ? &whole : &text);
		if (i > 0)
			same_lines(i, text.at, whole.at);
		buf_free(&text);
	}
	ck_assert_int_eq(lines(&whole, "|missed|"), 13); /* three providers, four quarters, and `?` */
	ck_assert_int_eq(lines(&whole, "|timely|"), 12);
	ck_assert_int_eq(lines(&whole, "|owned|"), 4 * PROVISIONS);
	buf_free(&whole);
	bench_end(&bench);
}
END_TEST

/* S5: a group belongs to the window by its date and has all its rows; what came before it is known
 * too. So the halves are the whole, trend and all. */
START_TEST(s5_the_window_can_be_cut_anywhere)
{
	static const int32_t cut[] = {APRIL + 90, APRIL + 91, APRIL + 133, APRIL + 200};
	Bench bench;
	Buf whole = {0};
	bench_begin(&bench);
	Shape shape = {bench.data, NULL, APRIL, YEAR_END, 20, 20, 2};
	audit(&bench, &shape, &whole);
	for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
		Buf half[2] = {{0}};
		shape.from = APRIL;
		shape.to = cut[i];
		audit(&bench, &shape, &half[0]);
		shape.from = cut[i] + 1;
		shape.to = YEAR_END;
		audit(&bench, &shape, &half[1]);
		Str rest = buf_view(&whole);
		while (rest.len > 0) {
			const char *end = memchr(rest.ptr, '\n', rest.len);
			size_t n = (size_t)(end - rest.ptr) + 1;
			char *line = strndup(rest.ptr, n);
			bool in = strstr(half[0].at, line) != NULL || strstr(half[1].at, line) != NULL;
			ck_assert_msg(in, "cut at %d: %s", (int)cut[i], line);
			free(line);
			rest = (Str){rest.ptr + n, rest.len - n};
		}
		buf_free(&half[0]);
		buf_free(&half[1]);
	}
	buf_free(&whole);
	bench_end(&bench);
}
END_TEST

START_TEST(one_provider_alone)
{
	Bench bench;
	Buf text = {0};
	bench_begin(&bench);
	const Shape shape = {bench.data, "P2", APRIL, YEAR_END, 20, 20, 2};
	audit(&bench, &shape, &text);
	ck_assert_int_eq(lines(&text, "|missed|"), 4);
	ck_assert_int_eq(lines(&text, "|provider P1"), 0);
	ck_assert_int_eq(lines(&text, "|provider P3"), 0);
	ck_assert_int_eq(lines(&text, "|owned|"), 4 * PROVISIONS / 3);
	buf_free(&text);
	bench_end(&bench);
}
END_TEST

Suite *measure_run_suite(void)
{
	Suite *suite = suite_create("measure_run");
	TCase *cases = tcase_create("audits");
	tcase_add_test(cases, partitions_threads_and_order_make_no_difference);
	tcase_add_test(cases, s5_the_window_can_be_cut_anywhere);
	tcase_add_test(cases, one_provider_alone);
	suite_add_tcase(suite, cases);
	return suite;
}
