/*
 * Limits that take a whole database to reach, each on both sides: a database that another program
 * keeps writing to, more refused values than anybody would read, and a crowd of visits and logs
 * within reach of each other.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "interp/data.h"
#include "tests/unit/bed.h"

Suite *limits_suite(void);

#define SNAPSHOT_TRIES 20 /* as the page of E0505 promises */

typedef struct Bench {
	Fixture fixture;
	char path[128];
	Arena arena;
	Diags diags;
	Law law;
	const Rulebook *book;
	int64_t rejected_limit; /* 0: the program's own */
	Data *data;
} Bench;

static const char crowd_rule[] =
	"rule V2 \"No log\"\n"
	"  severity major\n"
	"  for each visit\n"
	"  on visit.date\n"
	"  require count(log in visit.logs) >= 1\n"
	"  otherwise \"none\"\n";

static const char tables[] =
	"create table providers(provider_ref text primary key, name text);"
	"create table provisions(provision_ref text primary key, provider_ref, client, contract,"
	"  weekly_minutes, start_date, end_date);"
	"create table visits(visit_ref text primary key, provision_ref, visit_date, start_time,"
	"  planned_minutes, declared_minutes, outcome, notice_minutes, rate);"
	"create table logs(log_ref text primary key, provider_ref, client, check_in, check_out);"
	"create table submissions(submission_ref text primary key, provider_ref, week_start,"
	"  submitted_at);"
	"insert into providers values('P1', 'One');"
	"insert into provisions values('PR1', 'P1', 'C1', 'ccsh', 420, '2024-04-01', null);";

static sqlite3 *bench_begin(Bench *bench)
{
	sqlite3 *db;
	char text[8192];
	memset(bench, 0, sizeof *bench);
	snprintf(text, sizeof text, "%s%s", home_care, crowd_rule);
	fixture_open(&bench->fixture, text);
	snprintf(bench->path, sizeof bench->path, "%s/test.db", bench->fixture.root);
	bench->book = bench->fixture.book;
	bench->law = (Law){LAST_DAY, 0, LAST_DAY, NULL, 0};
	diags_init(&bench->diags, &bench->arena, &bench->fixture.comp.sources);
	ck_assert_int_eq(sqlite3_open(bench->path, &db), SQLITE_OK);
	sql_on(db, tables);
	return db;
}

static Status bench_open(Bench *bench)
{
	DataOptions options = {.path = bench->path, .book = &bench->book, .nbooks = 1,
		.law = &bench->law, .threads = 1, .rejected_limit = bench->rejected_limit};
	return data_open(&options, &bench->diags, &bench->data);
}

/* Reads the table and makes every part into a store, matches and all. */
static Status bench_run(Bench *bench)
{
	DataWorker *worker = NULL;
	Status status = bench_open(bench);
	if (status == STATUS_OK)
		status = data_read(bench->data, &bench->diags);
	if (status == STATUS_OK)
		status = data_worker(bench->data, &worker, &bench->diags);
	for (int32_t pass = 0; status == STATUS_OK && pass < data_passes(bench->data); pass++)
		for (int32_t p = 0; status == STATUS_OK && p < data_parts(bench->data, pass); p++)
			status = data_part(bench->data, worker, pass, p, &bench->diags);
	data_worker_free(worker);
	return status;
}

static bool complains_of(Bench *bench, const char *code)
{
	Buf buf = {0};
	diags_print(&bench->diags, &buf, false);
	bool found = buf.at != NULL && strstr(buf.at, code) != NULL;
	buf_free(&buf);
	return found;
}

static void bench_end(Bench *bench)
{
	data_close(bench->data);
	vec_free(&bench->diags.list);
	arena_free(&bench->arena);
	unlink(bench->path);
	fixture_close(&bench->fixture);
}

/* ---- E0505 ---- */

/* Writes to the database each time that a reader has just begun, as often as it is told. */
static struct { sqlite3 *db; int left; } writer;

static int on_statement(unsigned type, void *context, void *stmt, void *sql)
{
	(void)type, (void)context, (void)stmt;
	if (writer.left > 0 && strcmp(sql, "begin") == 0) {
		writer.left--;
		sql_on(writer.db, "update providers set name = name || '.'");
	}
	return 0;
}

static int on_connection(sqlite3 *db, char **error, const struct sqlite3_api_routines *api)
{
	(void)error, (void)api;
	return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, on_statement, NULL);
}

/* Under WAL readers do not keep writers out, so a writer may come between any two of them. */
static Status open_while_written(Bench *bench, int writes)
{
	writer.db = bench_begin(bench);
	writer.left = writes;
	sql_on(writer.db, "pragma journal_mode=wal");
	sqlite3_auto_extension((void (*)(void))on_connection);
	Status status = bench_open(bench);
	sqlite3_reset_auto_extension();
	ck_assert_int_eq(writer.left, 0);
	return status;
}

static void close_written(Bench *bench)
{
	sqlite3_close(writer.db);
	bench_end(bench);
}

START_TEST(a_database_that_falls_quiet_at_the_last_try_is_read)
{
	Bench bench;
	ck_assert_int_eq(open_while_written(&bench, SNAPSHOT_TRIES - 1), STATUS_OK);
	close_written(&bench);
}
END_TEST

START_TEST(a_database_that_never_falls_quiet_is_refused)
{
	Bench bench;
	ck_assert_int_eq(open_while_written(&bench, SNAPSHOT_TRIES), STATUS_WORLD);
	ck_assert(complains_of(&bench, "E0505"));
	close_written(&bench);
}
END_TEST

/* ---- E0603 ---- */

#define REFUSED 7 /* values, in place of five million */

/* Among as many good rows, so that the column is not taken for something else. */
static Status refuse(Bench *bench, int values)
{
	char sql[1024];
	sqlite3 *db = bench_begin(bench);
	bench->rejected_limit = REFUSED;
	snprintf(sql, sizeof sql,
		"with recursive n(i) as (values(1) union all select i + 1 from n where i < %d)"
		" insert into visits select 'V' || i, 'PR1', iif(i <= %d, 'May Day', '2024-05-01'), '08:00',"
		"  30, 30, 'delivered', null, 20 from n;", 2 * values, values);
	sql_on(db, sql);
	sqlite3_close(db);
	return bench_run(bench);
}

START_TEST(values_at_the_limit_are_listed)
{
	Bench bench;
	size_t n;
	ck_assert_int_eq(refuse(&bench, REFUSED), STATUS_OK);
	data_rejected(bench.data, &n);
	ck_assert_uint_eq(n, REFUSED);
	bench_end(&bench);
}
END_TEST

START_TEST(values_above_the_limit_are_too_many)
{
	Bench bench;
	ck_assert_int_eq(refuse(&bench, REFUSED + 1), STATUS_WRONG);
	ck_assert(complains_of(&bench, "E0603"));
	ck_assert(complains_of(&bench, "more than 7 values or rows"));
	bench_end(&bench);
}
END_TEST

static const char kinds[] =
	"contract test/kinds\n"
	"  title \"T\"\n"
	"  council \"C\"\n"
	"  version \"1\"\n"
	"  in force from 1 January 2020\n"
	"\n"
	"dataset visit from visits\n"
	"  key ref\n"
	"  where visit.kind is visit\n"
	"  known from entered\n"
	"  ref     : text\n"
	"  kind    : one of (visit, other)\n"
	"  minutes : count\n"
	"  entered : date\n"
	"\n"
	"rule R1 \"R\"\n"
	"  for each visit\n"
	"  on 1 June 2025\n"
	"  require visit.minutes > 0\n";

/* One value is refused; those of rows that nobody knew of yet were only looked at. */
START_TEST(values_looked_at_do_not_count)
{
	Bench bench = {.rejected_limit = 1, .law = {20270, 0, LAST_DAY, NULL, 0}};
	sqlite3 *db;
	size_t n;
	fixture_open(&bench.fixture, kinds);
	snprintf(bench.path, sizeof bench.path, "%s/test.db", bench.fixture.root);
	bench.book = bench.fixture.book;
	diags_init(&bench.diags, &bench.arena, &bench.fixture.comp.sources);
	ck_assert_int_eq(sqlite3_open(bench.path, &db), SQLITE_OK);
	sql_on(db, "create table visits(ref, kind, minutes, entered);"
		"insert into visits values('V1', 'visit', 'many', '2025-06-01'),"
		" ('V2', 'odd', 30, '2025-09-01'), ('V3', 'visit', 30, '2025-06-01');");
	sqlite3_close(db);
	ck_assert_int_eq(bench_run(&bench), STATUS_OK);
	data_rejected(bench.data, &n);
	ck_assert_uint_eq(n, 1);
	bench_end(&bench);
}
END_TEST

/* ---- E0604 ---- */

#define CROWD 8000 /* visits, and logs, of one instant: their product is the limit */

/* Every visit may take every log: `visits` times `logs` pairs. */
static Status crowd(Bench *bench, int visits, int logs)
{
	char sql[1024];
	sqlite3 *db = bench_begin(bench);
	snprintf(sql, sizeof sql,
		"with recursive n(i) as (values(1) union all select i + 1 from n where i < %d)"
		" insert into visits select 'V' || i, 'PR1', '2024-05-01', '08:00', 30, 30, 'delivered',"
		"  null, 20 from n;"
		"with recursive n(i) as (values(1) union all select i + 1 from n where i < %d)"
		" insert into logs select 'L' || i, 'P1', 'C1', '2024-05-01 08:00:00',"
		"  '2024-05-01 08:30:00' from n;", visits, logs);
	sql_on(db, sql);
	sqlite3_close(db);
	return bench_run(bench);
}

START_TEST(pairs_at_the_limit_are_matched)
{
	Bench bench;
	ck_assert_int_eq((int64_t)CROWD * CROWD, LIMIT_COMPONENT_PAIRS);
	ck_assert_int_eq(crowd(&bench, CROWD, CROWD), STATUS_OK);
	bench_end(&bench);
}
END_TEST

START_TEST(pairs_above_the_limit_are_named)
{
	Bench bench;
	ck_assert_int_eq(crowd(&bench, CROWD + 1, CROWD), STATUS_WRONG);
	ck_assert(complains_of(&bench, "E0604"));
	bench_end(&bench);
}
END_TEST

Suite *limits_suite(void)
{
	Suite *suite = suite_create("limits");
	TCase *quiet = tcase_create("E0505: a database that keeps changing");
	tcase_add_test(quiet, a_database_that_falls_quiet_at_the_last_try_is_read);
	tcase_add_test(quiet, a_database_that_never_falls_quiet_is_refused);
	suite_add_tcase(suite, quiet);
	TCase *refused = tcase_create("E0603: too many refused values");
	tcase_add_test(refused, values_at_the_limit_are_listed);
	tcase_add_test(refused, values_above_the_limit_are_too_many);
	tcase_add_test(refused, values_looked_at_do_not_count);
	suite_add_tcase(suite, refused);
	TCase *crowded = tcase_create("E0604: too many pairs");
	tcase_set_timeout(crowded, 300);
	tcase_add_test(crowded, pairs_at_the_limit_are_matched);
	tcase_add_test(crowded, pairs_above_the_limit_are_named);
	suite_add_tcase(suite, crowded);
	return suite;
}
