/*
 * Rules that two contracts share are judged once, and found for each. What must not be shared is
 * what this is about: a rule whose text is the same while something that it reaches, however far
 * away, is not. Each contract's findings and counts are the same as when it is audited alone.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dsl/check.h"
#include "interp/run.h"

Suite *same_suite(void);

static const char shared[] =
	"calendar week\n"
	"  periods of 1 week from Monday\n"
	"\n"
	"dataset log from logs\n"
	"  key log_ref\n"
	"  log_ref : text\n"
	"  zone : one of (north, south)\n"
	"  date : date\n"
	"  spent : duration from minutes in minutes within 0 minutes to 24 hours\n"
	"  rate : money per hour within £0 per hour to £90 per hour\n"
	"\n"
	"sequence zones of log\n"
	"  for each log.zone\n"
	"  order by log.date\n"
	"  linked as log.previous\n"
	"\n"
	"sequence long_ones of log\n"
	"  for each log.zone\n"
	"  applies when log.spent > limit\n"
	"  order by log.date\n"
	"  linked as log.longer\n"
	"\n"
	"define doubled for log : duration\n"
	"  is log.spent + log.spent\n"
	"\n"
	"define allowed for log : duration\n"
	"  is ceiling\n"
	"  except north when log.zone is north then limit\n"
	"\n"
	"rule CLOSED \"Reaches nothing of the contract\"\n"
	"  for each log\n"
	"  on log.date\n"
	"  require log.doubled <= 1 hour\n"
	"  otherwise \"{log.doubled}\"\n"
	"\n"
	"rule EQUAL \"Reaches a parameter that is the same\"\n"
	"  for each log\n"
	"  on log.date\n"
	"  require log.spent <= ceiling\n"
	"\n"
	"rule DIFFERS \"Reaches a parameter that is not\"\n"
	"  for each log\n"
	"  on log.date\n"
	"  require log.spent <= limit\n"
	"\n"
	"rule FAR \"Reaches it through an exception of a define\"\n"
	"  for each log\n"
	"  on log.date\n"
	"  require log.spent <= log.allowed\n"
	"\n"
	"rule MESSAGE \"Reaches it in words alone\"\n"
	"  for each log\n"
	"  on log.date\n"
	"  require log.doubled <= 1 hour\n"
	"  otherwise \"More than {limit}\"\n"
	"\n"
	"rule BEFORE \"Reaches a sequence\"\n"
	"  for each log\n"
	"  on log.date\n"
	"  applies when log.previous is known\n"
	"  require log.spent <= log.previous.spent\n"
	"\n"
	"rule LONGER \"Reaches one whose condition differs\"\n"
	"  for each log\n"
	"  on log.date\n"
	"  applies when log.longer is known\n"
	"  require log.spent <= log.longer.spent\n"
	"\n"
	"rule GROUP \"A group, with a row that has no key\"\n"
	"  for each log.zone, week of log.date\n"
	"  among log where log.spent > 0 minutes\n"
	"  on week.first\n"
	"  require total(log.spent) <= 1 hour\n"
	"  at stake £10 per hour * total(log.spent)\n"
	"\n"
	"rule MONEY \"Has a sum, an assumed figure, a message, more to show\"\n"
	"  for each log\n"
	"  on log.date\n"
	"  require log.doubled <= ceiling\n"
	"  otherwise \"{log.doubled} on {log.date}\"\n"
	"  at stake log.rate * (log.doubled - ceiling)\n"
	"  show log.zone\n";

/* A contract that uses it: its life, what it covers, and its limit. */
#define CONTRACT(name, from, covers, limit)                                                       \
	"contract test/" name "\n"                                                                     \
	"  title \"" name "\"\n"                                                                        \
	"  council \"A council\"\n"                                                                     \
	"  version \"1\"\n"                                                                             \
	"  in force from " from "\n" covers "\n"                                                       \
	"uses lib/shared\n"                                                                            \
	"\n"                                                                                           \
	"parameter limit : duration\n"                                                                 \
	"  throughout " limit "\n"                                                                      \
	"parameter ceiling : duration\n"                                                               \
	"  throughout 50 minutes assumed \"nobody says\"\n"

static const char rows[] =
	"CREATE TABLE logs (log_ref TEXT PRIMARY KEY NOT NULL, zone TEXT, date TEXT, minutes INTEGER,"
	" rate NUMERIC);"
	"INSERT INTO logs VALUES('L1', 'north', '2025-06-02', 20, 20),"
	" ('L2', 'north', '2025-06-03', 35, 22.5), ('L3', 'south', '2025-06-04', 45, NULL),"
	" ('L4', 'south', '2025-06-05', 55, 19.99), ('L5', NULL, '2025-06-06', 31, 20),"
	" ('L6', 'south', '2025-05-01', 55, 20), ('L7', 'south', NULL, 40, 20),"
	" ('L8', 'north', '2025-06-03', NULL, 20), ('L9', 'north', '2025-06-11', NULL, NULL);";

#define JUNE 20241 /* 2025-06-02 */

typedef struct Bench {
	char root[64], data[96], case_file[96];
	Compilation comp;
	const Rulebook *book[2];
} Bench;

static void put(const Bench *bench, const char *name, const char *text)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", bench->root, name);
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static const Rulebook *load(Bench *bench, const char *name)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", bench->root, name);
	const Rulebook *book = rulebook_load(&bench->comp, str_copy(&bench->comp.arena, str_of(path)));
	ck_assert_msg(book != NULL, "%s has errors", name);
	return book;
}

static void bench_begin(Bench *bench, const char *a, const char *b)
{
	char folder[96];
	sqlite3 *db;
	*bench = (Bench){.root = "/tmp/vouch-same-XXXXXX"};
	ck_assert_ptr_nonnull(mkdtemp(bench->root));
	snprintf(folder, sizeof folder, "%s/lib", bench->root);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	snprintf(folder, sizeof folder, "%s/test", bench->root);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	snprintf(bench->data, sizeof bench->data, "%s/data.db", bench->root);
	snprintf(bench->case_file, sizeof bench->case_file, "%s/case.db", bench->root);
	put(bench, "lib/shared.vouch", shared);
	put(bench, "test/a.vouch", a);
	put(bench, "test/b.vouch", b);
	ck_assert_int_eq(sqlite3_open(bench->data, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	compile_begin(&bench->comp, bench->root);
	bench->book[0] = load(bench, "test/a.vouch");
	bench->book[1] = load(bench, "test/b.vouch");
}

static void bench_end(Bench *bench)
{
	static const char *const name[] = {"lib/shared.vouch", "test/a.vouch", "test/b.vouch", "data.db",
		"case.db"};
	char path[128];
	compile_end(&bench->comp);
	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		snprintf(path, sizeof path, "%s/%s", bench->root, name[i]);
		unlink(path);
	}
	snprintf(path, sizeof path, "%s/lib", bench->root);
	rmdir(path);
	snprintf(path, sizeof path, "%s/test", bench->root);
	rmdir(path);
	ck_assert_int_eq(rmdir(bench->root), 0);
}

static int32_t rule_named(const Rulebook *book, const char *name)
{
	for (int32_t r = 0; r < book->nrules; r++)
		if (str_eq(book->rule[r].decl.name, str_of(name)))
			return r;
	ck_abort_msg("no rule %s", name);
	return -1;
}

/* The names of the rules that are the same, each behind a blank; for a window from this day on. */
static void expect_same(Bench *bench, int32_t from, const char *names)
{
	static const char *const name[] = {"CLOSED", "EQUAL", "DIFFERS", "FAR", "MESSAGE", "BEFORE",
		"LONGER", "GROUP", "MONEY"};
	Law law = {.known_on = LAST_DAY, .from = from, .to = JUNE + 30};
	DataOptions options = {.path = bench->data, .book = bench->book, .nbooks = 2, .law = &law,
		.threads = 1};
	Data *data = NULL;
	char same[128] = "";
	ck_assert_int_eq(data_open(&options, &bench->comp.diags, &data), STATUS_OK);
	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		int32_t a = rule_named(bench->book[0], name[i]), b = rule_named(bench->book[1], name[i]);
		bool is = data_same_rule(data, 1, b, 0, a, NULL);
		ck_assert(is == data_same_rule(data, 0, a, 1, b, NULL));
		if (is)
			strcat(strcat(same, " "), name[i]);
	}
	data_close(data);
	ck_assert_str_eq(same, names);
}

/* Every expression that the rule asks has a like in the other book, of another number. */
static void expect_shifted(Bench *bench, const char *name)
{
	const Rulebook *a = bench->book[0], *b = bench->book[1];
	Law law = {.known_on = LAST_DAY, .from = JUNE, .to = JUNE + 30};
	DataOptions options = {.path = bench->data, .book = bench->book, .nbooks = 2, .law = &law,
		.threads = 1};
	Data *data = NULL;
	const Rule *left = &a->rule[rule_named(a, name)], *right = &b->rule[rule_named(b, name)];
	int32_t *twin = mem_alloc(sizeof *twin * (size_t)a->nexprs);
	memset(twin, 0xff, sizeof *twin * (size_t)a->nexprs);
	ck_assert_int_eq(data_open(&options, &bench->comp.diags, &data), STATUS_OK);
	ck_assert(data_same_rule(data, 0, (int32_t)(left - a->rule), 1, (int32_t)(right - b->rule), twin));
	ck_assert_int_eq(twin[left->require->id], right->require->id);
	ck_assert_int_eq(twin[left->stake->arg[0]->id], right->stake->arg[0]->id);
	ck_assert_int_ne(left->require->id, right->require->id);
	ck_assert_int_eq(twin[a->rule[rule_named(a, "GROUP")].require->id], -1);
	free(twin);
	data_close(data);
}

/* ---- what is found ---- */

/* What stands in a case file of the contract ?1, a text a row: findings with all their columns, what
 * their labels are called, bounds and what to ask for, remedies, whose money it is, sums, counts. */
static const char everything[] =
	"WITH place AS (SELECT p.row, t.rule, p.finding_id FROM finding_place p JOIN rule_total t"
	"  USING (rule_key) WHERE t.contract = ?1)"
	" SELECT group_concat(t, '; ') FROM ("
	" SELECT rule || ' ' || subject_key || ' ' || verdict || ' ' || quote(message) || quote(provider)"
	"  || quote(on_date) || quote(at_stake_exact) || quote(at_least_exact) || quote(at_most_exact) ||"
	"  quote(certain) || quote(assumed) || quote(missing) || content || evidence || finding_id AS t"
	"  FROM finding WHERE contract = ?1"
	" UNION ALL SELECT e.finding_id || e.ord || e.name || quote(e.value) || quote(e.source_table) ||"
	"  quote(e.source_key) || quote(e.source_column) || quote(e.note)"
	"  FROM evidence e JOIN place USING (finding_id)"
	" UNION ALL SELECT finding_id || quote(b.least_at) || quote(b.most_at) FROM bounds b JOIN place"
	"  USING (row)"
	" UNION ALL SELECT finding_id || a.dataset || a.source_key || a.field FROM asked a JOIN place"
	"  USING (row)"
	" UNION ALL SELECT finding_id || r.ord || r.dataset || r.source_key || r.field || r.recorded ||"
	"  r.value || r.or_more FROM remedy r JOIN place USING (row)"
	" UNION ALL SELECT finding_id || hex(m.members) FROM money_of m JOIN place USING (row)"
	" UNION ALL SELECT label || name || quote(source_table) || quote(source_column)"
	"  FROM evidence_label WHERE contract = ?1"
	" UNION ALL SELECT rule || over_exact || under_exact || first_finding FROM rule_total"
	"  WHERE contract = ?1"
	" UNION ALL SELECT rule || ' of ' || seen || ', ' || outside || ' ' || passed || ' ' || failed ||"
	"  ' ' || not_assessed FROM rule_result WHERE contract = ?1 ORDER BY 1)";

/* All of it as one text: from malloc. */
static char *found(const Bench *bench, const char *contract)
{
	char name[16];
	sqlite3 *db;
	sqlite3_stmt *stmt = NULL;
	snprintf(name, sizeof name, "test/%s", contract);
	ck_assert_int_eq(sqlite3_open_v2(bench->case_file, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	ck_assert_msg(sqlite3_prepare_v2(db, everything, -1, &stmt, NULL) == SQLITE_OK, "%s",
		sqlite3_errmsg(db));
	sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	char *text = strdup((const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return text;
}

static void audit(Bench *bench, const Rulebook *const *book, int32_t nbooks)
{
	RunResult result;
	RunOptions options = {.data_path = bench->data, .case_path = bench->case_file, .book = book,
		.nbooks = nbooks, .law = {.known_on = LAST_DAY, .from = JUNE, .to = JUNE + 30},
		.threads = 1};
	unlink(bench->case_file);
	ck_assert_int_eq(run_audit(&options, &bench->comp.diags, &result), STATUS_OK);
}

/* The texts are long: of a difference only its beginning is told. */
static void expect_equal(const char *a, const char *b)
{
	size_t n = 0;
	while (a[n] == b[n] && a[n] != '\0')
		n++;
	size_t from = n > 60 ? n - 60 : 0;
	ck_assert_msg(a[n] == b[n], "together %.120s\nalone    %.120s", a + from, b + from);
}

static void expect_as_alone(Bench *bench)
{
	static const char *const name[] = {"a", "b"};
	char *together[2];
	audit(bench, bench->book, 2);
	for (int i = 0; i < 2; i++)
		together[i] = found(bench, name[i]);
	for (int i = 0; i < 2; i++) {
		audit(bench, &bench->book[i], 1);
		char *alone = found(bench, name[i]);
		expect_equal(together[i], alone);
		ck_assert_ptr_nonnull(strstr(alone, "CLOSED L2 fail"));
		ck_assert_ptr_nonnull(strstr(alone, "GROUP ? not_assessed"));
		ck_assert_ptr_nonnull(strstr(alone, "parameter ceiling: nobody says"));
		ck_assert_ptr_nonnull(strstr(alone, "spent of log L9 24 hours; rate of log L9 £90.00"));
		ck_assert_ptr_nonnull(strstr(alone, "logL9rate"));
		ck_assert_ptr_nonnull(strstr(alone, "logL5spent31 minutes25 minutes"));
		free(alone);
		free(together[i]);
	}
}

/* ---- tests ---- */

#define ALL_OF_THEM " CLOSED EQUAL DIFFERS FAR MESSAGE BEFORE LONGER GROUP MONEY"

START_TEST(a_parameter_that_differs_is_not_shared)
{
	Bench bench;
	bench_begin(&bench, CONTRACT("a", "1 April 2024", "", "30 minutes"),
		CONTRACT("b", "1 April 2024", "", "40 minutes"));
	expect_same(&bench, JUNE, " CLOSED EQUAL BEFORE GROUP MONEY");
	expect_as_alone(&bench);
	bench_end(&bench);
}
END_TEST

/* The text of the contract files differs, what they say does not. */
START_TEST(equal_parameters_are_shared)
{
	Bench bench;
	bench_begin(&bench, CONTRACT("a", "1 April 2024", "", "30 minutes"),
		CONTRACT("b", "1 April 2024", "", "0.5 hours"));
	expect_same(&bench, JUNE, ALL_OF_THEM);
	expect_as_alone(&bench);
	bench_end(&bench);
}
END_TEST

START_TEST(covered_rows_that_differ_are_not_shared)
{
	Bench bench;
	bench_begin(&bench, CONTRACT("a", "1 April 2024", "", "30 minutes"),
		CONTRACT("b", "1 April 2024", "  covers log where log.zone is north\n", "30 minutes"));
	expect_same(&bench, JUNE, "");
	bench_end(&bench);
}
END_TEST

/* Only where the window reaches back before the younger contract's first day. */
START_TEST(lives_that_differ_are_not_shared)
{
	Bench bench;
	bench_begin(&bench, CONTRACT("a", "1 April 2024", "", "30 minutes"),
		CONTRACT("b", "2 June 2025", "", "30 minutes"));
	expect_same(&bench, JUNE, ALL_OF_THEM);
	expect_same(&bench, JUNE - 1, "");
	expect_as_alone(&bench);
	bench_end(&bench);
}
END_TEST

/* The same test, but evidence would quote it in other words. */
START_TEST(words_that_differ_are_not_shared)
{
	Bench bench;
	bench_begin(&bench,
		CONTRACT("a", "1 April 2024", "  covers log where log.zone = north\n", "30 minutes"),
		CONTRACT("b", "1 April 2024", "  covers log where log.zone = north\n", "30 minutes"));
	expect_same(&bench, JUNE, ALL_OF_THEM);
	bench_end(&bench);
	bench_begin(&bench,
		CONTRACT("a", "1 April 2024", "  covers log where log.zone = north\n", "30 minutes"),
		CONTRACT("b", "1 April 2024", "  covers log where (log.zone) = north\n", "30 minutes"));
	expect_same(&bench, JUNE, "");
	bench_end(&bench);
}
END_TEST

/* Lines speak of labels by numbers that begin anew in each book: here all of them are shifted. */
START_TEST(lines_have_the_numbers_of_their_own_book)
{
	Bench bench;
	bench_begin(&bench, CONTRACT("a", "1 April 2024", "", "30 minutes"),
		CONTRACT("b", "1 April 2024", "", "10 minutes + 15 minutes + 5 minutes")
		"rule OWN \"Shares a define with the others\"\n"
		"  for each log\n"
		"  on log.date\n"
		"  require log.doubled <= 70 minutes\n");
	expect_same(&bench, JUNE, ALL_OF_THEM);
	expect_shifted(&bench, "MONEY");
	expect_as_alone(&bench);
	bench_end(&bench);
}
END_TEST

Suite *same_suite(void)
{
	Suite *suite = suite_create("same");
	TCase *tests = tcase_create("two contracts");
	tcase_add_test(tests, a_parameter_that_differs_is_not_shared);
	tcase_add_test(tests, equal_parameters_are_shared);
	tcase_add_test(tests, covered_rows_that_differ_are_not_shared);
	tcase_add_test(tests, lives_that_differ_are_not_shared);
	tcase_add_test(tests, words_that_differ_are_not_shared);
	tcase_add_test(tests, lines_have_the_numbers_of_their_own_book);
	suite_add_tcase(suite, tests);
	return suite;
}
