/*
 * Whole audits in this process, and what is left when memory fails in the middle: the n-th
 * allocation is made to fail for one n after another, and the case file that stood before must
 * stand afterwards, byte for byte.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dsl/check.h"
#include "interp/run.h"

Suite *run_suite(void);

/* A folder of its own: rmdir at the end fails when something was left in it. */
typedef struct Bench {
	char folder[64], data[96], case_file[96];
} Bench;

static const char *top(void)
{
	return getenv("srcdir") != NULL ? getenv("srcdir") : ".";
}

/* NULL when there is no such file. */
static char *file_text(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return NULL;
	char *text = mem_alloc(1 << 22);
	*size = fread(text, 1, (1 << 22) - 1, file);
	fclose(file);
	return text;
}

/* One visit logged too briefly (V1) and one without a log (V2). */
static const char rows[] =
	"INSERT INTO providers VALUES('P1', 'One', 'yes');"
	"INSERT INTO clients(client_ref) VALUES('C1');"
	"INSERT INTO carers VALUES('K1', 'P1');"
	"INSERT INTO provisions VALUES('PR1', 'P1', 'C1', 'ccsh', 'home_care', 420, 22.59, '2025-05-05',"
	" NULL);"
	"INSERT INTO visits VALUES('V1', 'PR1', '2025-09-01', '08:00', 30, 30, 'delivered', NULL, 1,"
	" 22.59);"
	"INSERT INTO visits VALUES('V2', 'PR1', '2025-09-02', '08:00', 30, 30, 'delivered', NULL, 1,"
	" 22.59);"
	"INSERT INTO care_logs VALUES('L1', 'P1', 'C1', 'K1', '2025-09-01 08:02', '2025-09-01 08:18',"
	" 'app');";

/* The tables of a file below rules/. */
static void declare(sqlite3 *db, const char *name)
{
	char path[4096];
	size_t size;
	snprintf(path, sizeof path, "%s/rules/%s.sql", top(), name);
	char *schema = file_text(path, &size);
	ck_assert_ptr_nonnull(schema);
	ck_assert_int_eq(sqlite3_exec(db, schema, NULL, NULL, NULL), SQLITE_OK);
	free(schema);
}

/*
 * With the tables that are shipped, so that rules and tables are tried
 * together.
 */
static void bench_begin(Bench *bench)
{
	sqlite3 *db;
	*bench = (Bench){.folder = "/tmp/vouch-run-XXXXXX"};
	ck_assert_ptr_nonnull(mkdtemp(bench->folder));
	snprintf(bench->data, sizeof bench->data, "%s/data.db", bench->folder);
	snprintf(bench->case_file, sizeof bench->case_file, "%s/case.db", bench->folder);
	ck_assert_int_eq(sqlite3_open(bench->data, &db), SQLITE_OK);
	declare(db, "lib/homecare");
	declare(db, "hampshire/hampshire");
	ck_assert_int_eq(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* Journals, temporary files and half a case file would all be found here. */
static void bench_end(Bench *bench)
{
	unlink(bench->data);
	unlink(bench->case_file);
	ck_assert_msg(rmdir(bench->folder) == 0, "something was left in %s", bench->folder);
}

/* One audit of the days up to `to`; fail_after < 0: nothing fails. */
static Status audit(const Bench *bench, int32_t to, long fail_after, RunResult *result)
{
	Compilation compilation;
	char root[4096];
	snprintf(root, sizeof root, "%s/rules", top());
	compile_begin(&compilation, root);
	StrVec paths = {0};
	ck_assert_int_eq(contract_find(&compilation, STR("hampshire/ccsh"), &paths), STATUS_OK);
	const Rulebook *book = rulebook_load(&compilation, paths.at[0]);
	ck_assert_ptr_nonnull(book);
	RunOptions options = {.data_path = bench->data, .case_path = bench->case_file, .book = &book,
		.nbooks = 1, .law = {.known_on = LAST_DAY, .from = book->contract.from, .to = to},
		.threads = 1};
	mem_fail_after(fail_after);
	Status status = run_audit(&options, &compilation.diags, result);
	mem_fail_after(-1);
	vec_free(&paths);
	compile_end(&compilation);
	return status;
}

/* -1 for any trouble, which no count is. */
static int64_t number(const char *path, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt = NULL;
	int64_t n = -1;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
			&& sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK
			&& sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

/* Contracts without an end need a last day of the window. */
#define LAST 20500 /* in February 2026 */

/*
 * The same rules, data and dates are the same run (law 8): the second time
 * nothing is added.
 */
START_TEST(an_audit_is_written_once)
{
	Bench bench;
	RunResult result, second;
	bench_begin(&bench);
	ck_assert_int_eq(audit(&bench, LAST, -1, &result), STATUS_OK);
	ck_assert(!result.again);
	ck_assert_int_eq(number(bench.case_file, "SELECT count(*) FROM finding WHERE rule = 'V1'"), 1);
	ck_assert_int_eq(number(bench.case_file, "SELECT at_stake_pence FROM finding WHERE rule = 'V1'"),
		565);
	ck_assert_int_eq(number(bench.case_file, "SELECT count(*) FROM finding WHERE rule = 'V2'"), 1);
	ck_assert_int_eq(audit(&bench, LAST, -1, &second), STATUS_OK);
	ck_assert(second.again);
	ck_assert_str_eq(result.run_id, second.run_id);
	ck_assert_int_eq(number(bench.case_file, "SELECT count(*) FROM run"), 1);
	bench_end(&bench);
}
END_TEST

/* Law 5: verdicts add up to the rows looked at, for each rule. */
START_TEST(law5_verdicts_add_up)
{
	Bench bench;
	RunResult result;
	bench_begin(&bench);
	ck_assert_int_eq(audit(&bench, LAST, -1, &result), STATUS_OK);
	ck_assert_int_eq(number(bench.case_file, "SELECT count(*) FROM rule_result WHERE seen <> outside"
		" + passed + failed + not_assessed + not_applicable + conflict"), 0);
	ck_assert_int_eq(number(bench.case_file, "SELECT count(*) FROM dataset_result"
		" WHERE rows_read <> rows_judged + rows_rejected + rows_superseded + rows_not_known"), 0);
	bench_end(&bench);
}
END_TEST

/*
 * Runs an audit in a child whose n-th allocation fails; true when it came to its
 * end all the same.
 */
static bool survives(const Bench *bench, long n)
{
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		RunResult result;
		fclose(stderr);
		_exit(audit(bench, LAST - 30, n, &result) == STATUS_OK ? 0 : 9);
	}
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status), "allocation %ld: killed by signal %d", n, WTERMSIG(status));
	ck_assert_msg(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 3,
		"allocation %ld: exit code %d", n, WEXITSTATUS(status));
	return WEXITSTATUS(status) == 0;
}

/* Each n in a child: the handler ends the process, as it does in earnest. */
START_TEST(memory_that_fails_leaves_the_old_case_file_whole)
{
	Bench bench;
	RunResult result;
	size_t size = 0, now = 0;
	bench_begin(&bench);
	ck_assert_int_eq(audit(&bench, LAST, -1, &result), STATUS_OK);
	char *before = file_text(bench.case_file, &size);
	long n = 0, tried = 0;
	bool done = false;
	/* Every one of the first, then every few: a whole audit takes some thousands. */
	for (; !done; n += n < 300 ? 1 : 17) {
		done = survives(&bench, n);
		char *after = file_text(bench.case_file, &now);
		/* A journal that was left behind is rolled back by whoever reads next. */
		if (!done && (now != size || memcmp(before, after, size) != 0))
			ck_assert_int_eq(number(bench.case_file, "SELECT count(*) FROM run"), 1);
		free(after);
		tried++;
	}
	ck_assert_int_gt(tried, 100);
	ck_assert_int_eq(number(bench.case_file, "SELECT count(*) FROM run"), 2);
	free(before);
	char journal[128];
	snprintf(journal, sizeof journal, "%s-journal", bench.case_file);
	unlink(journal);
	bench_end(&bench);
}
END_TEST

Suite *run_suite(void)
{
	Suite *suite = suite_create("run");
	TCase *tests = tcase_create("audits");
	tcase_add_test(tests, an_audit_is_written_once);
	tcase_add_test(tests, law5_verdicts_add_up);
	tcase_add_test(tests, memory_that_fails_leaves_the_old_case_file_whole);
	suite_add_tcase(suite, tests);
	return suite;
}
