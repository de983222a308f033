/*
 * What tests of meaning share: one vocabulary of home care in the language
 * itself, a rulebook from a text, and the two checks that most of them end in.
 *
 *   expect_passes(text)             every example and scenario in the text passes
 *   expect_differs(text, "a|b|c")   exactly one difference, which reads so: what, expected, actual
 *
 * Texts are appended to home_care, so a test shows only what it is about.
 */
#include "tests/unit/support.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interp/subject.h"

/*
 * Each test sees the same datasets; a field that is missing in a test's rows is
 * missing in the data.
 */
const char home_care[] =
	"contract test/book\n"
	"  title \"Home care for tests\"\n"
	"  council \"A council\"\n"
	"  version \"1\"\n"
	"  in force from 1 April 2024\n"
	"\n"
	"dataset provider from providers\n"
	"  key provider_ref\n"
	"  provider_ref : text\n"
	"  name : text\n"
	"\n"
	"dataset provision from provisions\n"
	"  key provision_ref\n"
	"  lasts start to finish\n"
	"  provision_ref : text\n"
	"  provider : provider from provider_ref which has provisions\n"
	"  client : text\n"
	"  contract : one of (ccsh, csah)\n"
	"  weekly_hours : duration from weekly_minutes in minutes\n"
	"  start : date from start_date\n"
	"  finish : date from end_date\n"
	"\n"
	"dataset visit from visits\n"
	"  key visit_ref\n"
	"  visit_ref : text\n"
	"  provision : provision from provision_ref which has visits\n"
	"  date : date from visit_date\n"
	"  start : time from start_time\n"
	"  planned : duration from planned_minutes in minutes\n"
	"  declared : duration from declared_minutes in minutes\n"
	"  outcome : one of (delivered, cancelled, frustrated, missed)\n"
	"  notice : duration from notice_minutes in minutes\n"
	"  rate : money per hour\n"
	"\n"
	"dataset log from logs\n"
	"  key log_ref\n"
	"  log_ref : text\n"
	"  provider : provider from provider_ref which has logs\n"
	"  client : text\n"
	"  check_in : moment\n"
	"  check_out : moment\n"
	"\n"
	"dataset submission from submissions\n"
	"  key submission_ref\n"
	"  submission_ref : text\n"
	"  provider : provider from provider_ref which has submissions\n"
	"  week : date from week_start\n"
	"  submitted : moment from submitted_at\n"
	"\n"
	"define spent for log : duration\n"
	"  is log.check_out - log.check_in\n"
	"\n"
	"match visit with log\n"
	"  when visit.provision.provider = log.provider and visit.provision.client = log.client\n"
	"  near visit.date at visit.start to log.check_in within 90 minutes\n"
	"  linked as visit.logs and log.visit\n"
	"\n"
	"define logged for visit : duration\n"
	"  is total(log.spent for log in visit.logs)\n"
	"\n"
	"rounding quarter_hour : duration\n"
	"  nearest 15 minutes, halves away from zero\n"
	"  assumed \"the step is not published\"\n"
	"\n";

/* ---- a rulebook from a text ---- */

/* Under the fixture's own folder, which goes with it. */
static void path_of(const Fixture *fixture, const char *name, char out[128])
{
	snprintf(out, 128, "%s/%s", fixture->root, name);
}

/*
 * For texts that may be wrong: book is NULL then, and the diagnostics are in
 * comp.
 */
void fixture_try(Fixture *fixture, const char *text)
{
	char path[128];
	memset(fixture, 0, sizeof *fixture);
	strcpy(fixture->root, "/tmp/vouch-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(fixture->root));
	path_of(fixture, "test", path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	path_of(fixture, "test/book.vouch", path);
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
	compile_begin(&fixture->comp, fixture->root);
	fixture->book = rulebook_load(&fixture->comp, str_of(path));
}

/*
 * For texts that must be sound; what is wrong with one is printed, since a test
 * that cannot be read is the first thing to mend.
 */
void fixture_open(Fixture *fixture, const char *text)
{
	fixture_try(fixture, text);
	if (fixture->book != NULL)
		return;
	Buf buf = {0};
	diags_print(&fixture->comp.diags, &buf, false);
	ck_abort_msg("the text has errors:\n%s", buf.at);
}

/*
 * File by file: a test that leaves something behind makes rmdir fail and shows
 * in the folder.
 */
void fixture_close(Fixture *fixture)
{
	char path[128];
	path_of(fixture, "test/book.vouch", path);
	unlink(path);
	path_of(fixture, "test", path);
	rmdir(path);
	rmdir(fixture->root);
	compile_end(&fixture->comp);
}

/* ---- rule files in a folder ---- */

void box_begin(Box *box)
{
	strcpy(box->dir, "/tmp/vouch-box-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(box->dir));
	compile_begin(&box->comp, box->dir);
}

/* The folder's name is ours, so there is nothing in it that the shell could take amiss. */
void box_end(Box *box)
{
	char command[128];
	compile_end(&box->comp);
	snprintf(command, sizeof command, "rm -rf '%s'", box->dir);
	ck_assert_int_eq(system(command), 0);
}

Str box_path(Box *box, const char *name)
{
	return str_format(&box->comp.arena, "%s/%s", box->dir, name);
}

/* Before it is loaded: compile_begin reads nothing. */
void box_write(Box *box, const char *name, const char *head, const char *text)
{
	FILE *file = fopen(box_path(box, name).ptr, "w");
	ck_assert_ptr_nonnull(file);
	fprintf(file, "%s%s", head, text);
	ck_assert_int_eq(fclose(file), 0);
}

const Rulebook *box_load(Box *box, const char *name)
{
	return rulebook_load(&box->comp, box_path(box, name));
}

/* ---- one subject ---- */

void scene_open(Scene *scene, const char *text)
{
	memset(scene, 0, sizeof *scene);
	fixture_open(&scene->fixture, text);
	const Rulebook *book = scene->fixture.book;
	Law *law = ARENA_NEW(&scene->arena, Law);
	Differences problems = {.arena = &scene->arena};
	*law = scenario_law(&book->scenario[0]);
	const Store *store = scenario_store(book, &book->scenario[0], law, &scene->arena, &problems,
		NULL);
	ck_assert_uint_eq(problems.list.n, 0);
	scene->walk = (Walk){.book = book, .store = store, .law = law, .arena = &scene->arena};
	scene->rule = &book->rule[0];
}

static void meet_if_wanted(void *user, Value *slots, RowSpan group)
{
	Scene *scene = user;
	Buf buf = {0};
	subject_print(&buf, &scene->walk, scene->rule, slots);
	if (strcmp(buf.at, scene->key) == 0) {
		scene->meet(scene->user, slots, group);
		scene->seen = true;
	}
	buf_free(&buf);
}

void scene_meet(Scene *scene, const char *key, void (*meet)(void *user, Value *slots,
	RowSpan group), void *user)
{
	scene->key = key;
	scene->meet = meet;
	scene->user = user;
	subject_each(&scene->walk, scene->rule, meet_if_wanted, scene);
	ck_assert_msg(scene->seen, "there is no %s", key);
}

void scene_close(Scene *scene)
{
	arena_free(&scene->arena);
	fixture_close(&scene->fixture);
}

/* ---- tests in the language ---- */

/* With the evidence, so that the log of a failed test is enough to see why. */
static void put_result(Buf *buf, const TestResult *result)
{
	buf_printf(buf, "%.*s\n", STR_ARG(result->name));
	for (int32_t i = 0; i < result->ndifferences; i++) {
		const Difference *difference = &result->difference[i];
		buf_printf(buf, "  %.*s | %.*s | %.*s\n%.*s", STR_ARG(difference->what),
			STR_ARG(difference->expected), STR_ARG(difference->actual),
			STR_ARG(difference->detail));
	}
}

/*
 * A text without tests would pass silently, whatever it meant to say; it is
 * refused.
 */
static void run_text(const char *text, Fixture *fixture, Arena *arena, TestRun *run)
{
	Buf whole = {0};
	buf_puts(&whole, home_care);
	buf_puts(&whole, text);
	fixture_open(fixture, whole.at);
	buf_free(&whole);
	*arena = (Arena){0};
	testrun(fixture->book, arena, run);
	ck_assert_msg(run->nresults > 0, "the text has no tests");
}

void expect_passes(const char *text)
{
	Fixture fixture;
	Arena arena;
	TestRun run;
	Buf buf = {0};
	run_text(text, &fixture, &arena, &run);
	for (int32_t i = 0; i < run.nresults; i++)
		if (!run.result[i].passed)
			put_result(&buf, &run.result[i]);
	ck_assert_msg(run.failed == 0, "%s", buf.at == NULL ? "" : buf.at);
	buf_free(&buf);
	arena_free(&arena);
	fixture_close(&fixture);
}

/*
 * Exactly one: a second difference would be a mistake that the test does not
 * know of.
 */
void expect_differs(const char *text, const char *difference)
{
	Fixture fixture;
	Arena arena;
	TestRun run;
	Buf buf = {0};
	int32_t differences = 0;
	run_text(text, &fixture, &arena, &run);
	for (int32_t i = 0; i < run.nresults; i++) {
		const TestResult *result = &run.result[i];
		differences += result->ndifferences;
		for (int32_t k = 0; k < result->ndifferences; k++)
			buf_printf(&buf, "%.*s | %.*s | %.*s", STR_ARG(result->difference[k].what),
				STR_ARG(result->difference[k].expected), STR_ARG(result->difference[k].actual));
	}
	ck_assert_int_eq(differences, 1);
	ck_assert_str_eq(buf.at, difference);
	buf_free(&buf);
	arena_free(&arena);
	fixture_close(&fixture);
}
