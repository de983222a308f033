/*
 * Amendments, point by point (S7, S8, S13, S14): a contract and what amends it, each in a file of a
 * folder of its own.
 *
 *   base.vouch "1" from 1 April 2024     later.vouch "2" from 6 April 2026    last.vouch "3" …
 *
 * What holds on which day is asked in scenarios, as those who write rules would ask it.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/civil.h"
#include "interp/testrun.h"
#include "tests/unit/support.h"

Suite *amend_suite(void);

/* Codes of the errors in the order raised: "E0353 E0354". */
static void errors_are(const Box *town, const char *wanted)
{
	Buf codes = {0};
	buf_puts(&codes, "");
	for (size_t i = 0; i < town->comp.diags.list.n; i++) {
		DiagCode code = town->comp.diags.list.at[i].code;
		if (diag_severity(code) == DIAG_ERROR)
			buf_printf(&codes, "%s%s", codes.n > 0 ? " " : "", diag_code_text(code));
	}
	ck_assert_str_eq(codes.at, wanted);
	buf_free(&codes);
}

#define BASE                                                          \
	"contract town/care\n"                                            \
	"  title \"Care\"\n"                                              \
	"  version \"1\"\n"                                               \
	"  in force from 1 April 2024\n"                                  \
	"dataset visit from visits\n"                                     \
	"  key ref\n"                                                     \
	"  ref : text\n"                                                  \
	"  carer : text\n"                                                \
	"  date : date\n"                                                 \
	"  declared : duration in minutes\n"                              \
	"  rate : money per hour\n"

#define VERSION_2                                                     \
	"contract town/care\n"                                            \
	"  version \"2\"\n"                                               \
	"  amends \"1\"\n"                                                \
	"  in force from 6 April 2026\n"

#define VERSION_3                                                     \
	"contract town/care\n"                                            \
	"  version \"3\"\n"                                               \
	"  amends \"2\"\n"                                                \
	"  in force from 1 October 2026\n"

/* The day before the change, the day itself, and the day after: all of one week, Monday the 6th
 * alone begins another. */
#define DAYS                                                          \
	"  given visit\n"                                                 \
	"    | ref | carer | date | declared | rate |\n"                  \
	"    | S5 | C1 | 2026-04-05 | 38 minutes | £20.00 per hour |\n"   \
	"    | M6 | C1 | 2026-04-06 | 38 minutes | £20.00 per hour |\n"   \
	"    | T7 | C1 | 2026-04-07 | 38 minutes | £20.00 per hour |\n"

#define RULE(name, on, require)                                       \
	"rule " name " \"A condition\"\n"                                 \
	"  for each visit\n"                                              \
	"  on " on "\n"                                                   \
	"  require " require "\n"

/* All tests in the files pass; a difference ends the test and is printed. */
static void chain_passes(const char *base, const char *later, const char *last)
{
	Box town;
	Arena arena = {0};
	TestRun run;
	box_begin(&town);
	box_write(&town, "base.vouch", BASE, base);
	box_write(&town, "a-later.vouch", VERSION_2, later);
	if (last != NULL)
		box_write(&town, "b-last.vouch", VERSION_3, last);
	const Rulebook *book = box_load(&town, "base.vouch");
	errors_are(&town, "");
	ck_assert_ptr_nonnull(book);
	testrun(book, &arena, &run);
	ck_assert_int_gt(run.nresults, 0);
	for (int32_t i = 0; i < run.nresults; i++) {
		const TestResult *result = &run.result[i];
		ck_assert_msg(result->passed, "%.*s: %.*s | %.*s | %.*s", STR_ARG(result->name),
			STR_ARG(result->difference[0].what), STR_ARG(result->difference[0].expected),
			STR_ARG(result->difference[0].actual));
	}
	arena_free(&arena);
	box_end(&town);
}

/* The chain is refused with these codes. */
static void chain_gives(const char *base, const char *later, const char *codes)
{
	Box town;
	box_begin(&town);
	box_write(&town, "base.vouch", BASE, base);
	box_write(&town, "later.vouch", VERSION_2, later);
	ck_assert_ptr_null(box_load(&town, "base.vouch"));
	errors_are(&town, codes);
	box_end(&town);
}

#define MATCHED \
	"dataset log from logs\n  key ref\n  ref : text\n  carer : text\n  check_in : moment\n" \
	"match visit with log\n" \
	"  when visit.carer = log.carer\n" \
	"  near visit.begins to log.check_in within 1 hour\n" \
	"  linked as visit.logs and log.visit\n" \
	RULE("R", "visit.date", "any(visit.logs)")

/* A match goes over rows of all dates, so a text that holds on some of them would leave every row
 * without a partner; with an `on` of its own, each row has the text of its day. */
START_TEST(e0333_a_match_reaches_no_text_that_changes)
{
	chain_gives("define begins for visit : moment\n  is visit.date at 08:00\n" MATCHED,
		"replace define begins for visit : moment\n  is visit.date at 09:00\n", "E0333");
	chain_passes("define begins for visit : moment\n  on visit.date\n  is visit.date at 08:00\n"
		MATCHED,
		"replace define begins for visit : moment\n  on visit.date\n  is visit.date at 12:00\n"
		"scenario \"noon from the 6th on\"\n" DAYS
		"  given log\n"
		"    | ref | carer | check_in |\n"
		"    | L5 | C1 | 2026-04-05 09:00 |\n"
		"    | L6 | C1 | 2026-04-06 09:00 |\n"
		"    | L7 | C1 | 2026-04-07 13:00 |\n"
		"  expect R passes for visit S5\n"
		"  expect R fails for visit M6\n"
		"  expect R passes for visit T7\n", NULL);
}
END_TEST

/* ---- S7: the line of versions ---- */

static const Law known = {.known_on = LAST_DAY, .from = NO_DAY, .to = LAST_DAY};

/* Both ends are in; behind the end of one, the one before it holds again; none before the first. */
START_TEST(s7_the_latest_day_that_has_come_decides)
{
	Version ver[] = {{.from = 100, .to = LAST_DAY, .published = NO_DAY},
		{.from = 200, .to = 299, .published = NO_DAY},
		{.from = 250, .to = 260, .published = NO_DAY}};
	Contract contract = {.from = 100, .to = LAST_DAY, .ver = ver, .nversions = 3};
	static const int32_t day[][2] = {{99, -1}, {100, 0}, {199, 0}, {200, 1}, {249, 1}, {250, 2},
		{260, 2}, {261, 1}, {299, 1}, {300, 0}, {NO_DAY, -1}};
	for (size_t i = 0; i < sizeof day / sizeof *day; i++)
		ck_assert_msg(law_version(&contract, &known, day[i][0]) == day[i][1], "day %d",
			(int)day[i][0]);
	ver[0].to = 210;
	ck_assert_int_eq(law_version(&contract, &known, 300), -1);
}
END_TEST

/* A date that was forgotten must not make law vanish: the first version is known since always, an
 * amendment from its first day. */
START_TEST(s8_a_version_is_known_when_it_was_published)
{
	Version ver[] = {{.from = 100, .to = LAST_DAY, .published = NO_DAY},
		{.from = 200, .to = LAST_DAY, .published = 150}, {.from = 300, .to = LAST_DAY,
		.published = NO_DAY}};
	Contract contract = {.from = 100, .to = LAST_DAY, .ver = ver, .nversions = 3};
	static const int32_t at[][3] = {{149, 250, 0}, {150, 250, 1}, {299, 350, 1}, {300, 350, 2},
		{0, 350, 0}};
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		Law law = known;
		law.known_on = at[i][0];
		ck_assert_msg(law_version(&contract, &law, at[i][1]) == at[i][2], "known on %d, day %d",
			(int)at[i][0], (int)at[i][1]);
	}
}
END_TEST

/* A contract that nobody amended asks for no date; unpublished it was no law (law 6). */
START_TEST(one_version_holds_on_every_day)
{
	Contract contract = {.from = 100, .to = 200, .published = 50};
	Rule rule = {.introduced = 0};
	Law law = known;
	law.known_on = 50;
	ck_assert_int_eq(law_version(&contract, &law, NO_DAY), 0);
	ck_assert(law_holds(&contract, &law, &rule, 5));
	law.known_on = 49;
	ck_assert_int_eq(law_version(&contract, &law, 150), -1);
	ck_assert(!law_holds(&contract, &law, &rule, 150));
	contract.published = NO_DAY;
	ck_assert(law_holds(&contract, &law, &rule, 150));
}
END_TEST

/* Whichever file is named, the base comes first, and the order of files shows nowhere. */
START_TEST(any_file_of_a_chain_loads_the_whole)
{
	static const char *const name[] = {"base.vouch", "a-later.vouch", "b-last.vouch"};
	uint8_t first[32];
	for (int i = 0; i < 3; i++) {
		Box town;
		box_begin(&town);
		box_write(&town, "base.vouch", BASE, RULE("R", "visit.date", "visit.rate > £1 per hour"));
		box_write(&town, "a-later.vouch", VERSION_2, "");
		box_write(&town, "b-last.vouch", VERSION_3, "withdraw rule R\n");
		const Rulebook *book = box_load(&town, name[i]);
		ck_assert_ptr_nonnull(book);
		ck_assert_int_eq(book->contract.nversions, 3);
		ck_assert(str_eq(book->contract.version, STR("1")));
		ck_assert(str_eq(book->contract.ver[2].name, STR("3")));
		ck_assert_int_eq(book->contract.ver[2].nchanges, 1);
		ck_assert(str_eq(book->contract.ver[2].change[0], STR("withdraws rule R")));
		ck_assert_int_eq(book->rule[0].ended, 2);
		ck_assert_int_eq(book->contract.to, LAST_DAY);
		if (i == 0)
			memcpy(first, book->sha256, sizeof first);
		ck_assert_mem_eq(first, book->sha256, sizeof first);
		box_end(&town);
	}
}
END_TEST

/* Of a folder, a contract with its amendments is one; another contract in it is another. */
START_TEST(a_folder_counts_a_chain_once)
{
	Box town;
	StrVec paths = {0};
	box_begin(&town);
	box_write(&town, "base.vouch", BASE, "");
	box_write(&town, "a-later.vouch", VERSION_2, "");
	box_write(&town, "other.vouch", "contract town/other\n", "");
	ck_assert_int_eq(contract_find(&town.comp, str_of(town.dir), &paths), STATUS_OK);
	ck_assert_uint_eq(paths.n, 2);
	ck_assert_ptr_nonnull(strstr(paths.at[0].ptr, "base.vouch"));
	ck_assert_ptr_nonnull(strstr(paths.at[1].ptr, "other.vouch"));
	vec_free(&paths);
	box_end(&town);
}
END_TEST

/* Three files of one contract; the first is sound. */
static void line_gives(const char *second, const char *third, const char *codes)
{
	Box town;
	box_begin(&town);
	box_write(&town, "base.vouch", BASE, "");
	box_write(&town, "later.vouch", second, "");
	box_write(&town, "third.vouch", third, "");
	ck_assert_ptr_null(box_load(&town, "base.vouch"));
	errors_are(&town, codes);
	box_end(&town);
}

#define AMENDS(version, before, from)                                 \
	"contract town/care\n  version \"" version "\"\n  amends \"" before \
	"\"\n  in force from " from "\n"

/* Two that amend one, none that makes it, a circle, a name twice, and days that do not rise. */
START_TEST(s7_versions_form_a_line)
{
	line_gives(AMENDS("2", "1", "1 May 2025"), AMENDS("3", "1", "1 June 2025"), "E0411");
	line_gives(AMENDS("2", "1", "1 May 2025"), AMENDS("3", "4", "1 June 2025"), "E0410");
	line_gives(AMENDS("2", "3", "1 May 2025"), AMENDS("3", "2", "1 June 2025"), "E0411 E0411");
	line_gives(AMENDS("2", "1", "1 May 2025"), AMENDS("1", "2", "1 June 2025"), "E0411");
	line_gives(AMENDS("2", "1", "1 May 2025"), AMENDS("3", "2", "1 May 2025"), "E0412");
	line_gives(AMENDS("2", "1", "1 April 2024"), AMENDS("3", "2", "1 May 2025"), "E0412");
	line_gives(AMENDS("2", "1", "1 May 2025 to 30 April 2025"), AMENDS("3", "2", "2 May 2025"),
		"E0407");
}
END_TEST

/* However its lines are broken, indented or marked, an amendment is one: law that is overlooked is
 * worse than law that is refused. */
START_TEST(an_amendment_is_known_by_its_grammar)
{
	static const char *const later[] = {"  contract town/care\n  version \"2\"\n  amends \"1\"\n"
		"  in force from 1 May 2025\n", "contract town/care version \"2\" amends \"1\" in force "
		"from 1 May 2025\n", "contract town/care # so\n version \"2\"\n amends# the first\n "
		"\"1\"\n in force from 1 May 2025\n", "\xef\xbb\xbf" AMENDS("2", "1", "1 May 2025"),
		"# contract town/other\n\nuses base2\n" AMENDS("2", "1", "1 May 2025")};
	for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
		Box town;
		box_begin(&town);
		box_write(&town, "base.vouch", BASE, "");
		box_write(&town, "base2.vouch", "", "parameter p : money\n  throughout £1\n");
		box_write(&town, "later.vouch", later[i], "");
		const Rulebook *book = box_load(&town, "base.vouch");
		ck_assert_ptr_nonnull(book);
		ck_assert_msg(book->contract.nversions == 2, "spelling %zu", i);
		box_end(&town);
	}
}
END_TEST

/* With a slip in the very line that says so, it is told rather than left out. */
START_TEST(an_amendment_with_a_slip_is_not_left_out)
{
	static const char *const later[][2] = {
		{"contract town/care\n  version \"2\"\n  amends 1\n  in force from 1 May 2025\n", "E0106"},
		{"contract town/care\n  version \"2\"\n  amends \"\"\n  in force from 1 May 2025\n", "E0410"}};
	for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
		Box town;
		box_begin(&town);
		box_write(&town, "base.vouch", BASE, "");
		box_write(&town, "later.vouch", later[i][0], "");
		ck_assert_ptr_null(box_load(&town, "base.vouch"));
		errors_are(&town, later[i][1]);
		box_end(&town);
	}
}
END_TEST

/* What an amendment changes stands in its own file, where those who read it look for it. */
START_TEST(a_used_file_amends_nothing)
{
	Box town;
	box_begin(&town);
	box_write(&town, "base.vouch", BASE, RULE("R", "visit.date", "visit.declared < 1 hour"));
	box_write(&town, "lib.vouch", "replace ", RULE("R", "visit.date", "visit.declared < 2 hours"));
	box_write(&town, "later.vouch", "uses lib\n" VERSION_2, "");
	ck_assert_ptr_null(box_load(&town, "base.vouch"));
	errors_are(&town, "E0355");
	box_end(&town);
}
END_TEST

/* Other contracts of the folder are not this one's business, whatever is wrong with them. */
START_TEST(mistakes_of_other_contracts_are_theirs)
{
	Box town;
	box_begin(&town);
	box_write(&town, "base.vouch", BASE, "");
	box_write(&town, "other.vouch", "contract town/other\n  amends \"town/care\"\nrule (((\n", "");
	ck_assert_ptr_nonnull(box_load(&town, "base.vouch"));
	errors_are(&town, "");
	box_end(&town);
}
END_TEST

/* Asked for by the amendment, either of two files could be meant. */
START_TEST(an_amendment_has_one_base)
{
	Box town;
	box_begin(&town);
	box_write(&town, "base.vouch", BASE, "");
	box_write(&town, "copy.vouch", BASE, "");
	box_write(&town, "later.vouch", VERSION_2, "");
	ck_assert_ptr_null(box_load(&town, "later.vouch"));
	errors_are(&town, "E0411");
	box_end(&town);
}
END_TEST

/* A link to the outside is not followed, and not passed over either. */
START_TEST(an_amendment_outside_the_rules_is_refused)
{
	Box town, outside;
	char from[128], to[128];
	box_begin(&town);
	box_begin(&outside);
	box_write(&town, "base.vouch", BASE, "");
	box_write(&outside, "later.vouch", VERSION_2, "");
	snprintf(from, sizeof from, "%s/later.vouch", outside.dir);
	snprintf(to, sizeof to, "%s/later.vouch", town.dir);
	ck_assert_int_eq(symlink(from, to), 0);
	ck_assert_ptr_null(box_load(&town, "base.vouch"));
	errors_are(&town, "E0402");
	box_end(&outside);
	box_end(&town);
}
END_TEST

/* A day that there is not is one error, not two. */
START_TEST(a_day_that_is_none_is_told_once)
{
	line_gives(AMENDS("2", "1", "30 February 2025"), AMENDS("3", "2", "1 May 2026"), "E0111");
}
END_TEST

/* Each amended rule was once looked for among all others, for minutes. */
START_TEST(ten_thousand_amended_rules_take_a_moment)
{
	Box town;
	Buf base = {0}, later = {0};
	struct timespec begun, done;
	for (int i = 0; i < 10000; i++) {
		buf_printf(&base, "parameter p%d : money per hour\n from 1 April 2024 £%d.50 per hour\n"
			RULE("R%d", "visit.date", "visit.rate > p%d"), i, i, i, i);
		buf_printf(&later, "parameter p%d adds\n from 6 April 2026 £%d.60 per hour\n"
			"replace " RULE("R%d", "visit.date", "visit.rate >= p%d"), i, i, i, i);
	}
	box_begin(&town);
	box_write(&town, "base.vouch", BASE, base.at);
	box_write(&town, "later.vouch", VERSION_2, later.at);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	const Rulebook *book = box_load(&town, "base.vouch");
	clock_gettime(CLOCK_MONOTONIC, &done);
	ck_assert_ptr_nonnull(book);
	ck_assert_int_eq(book->nrules, 20000);
	ck_assert_int_eq(book->rule[19999].introduced, 1);
	/* A second on a quiet machine; ten leave room for sanitizers and for neighbours. */
	ck_assert_int_lt(done.tv_sec - begun.tv_sec, 10);
	buf_free(&base);
	buf_free(&later);
	box_end(&town);
}
END_TEST

/* ---- replace ---- */

/* On its last day the old text, on the first of the new version the new one (law 10). */
START_TEST(s14_each_text_of_a_rule_has_its_own_days)
{
	chain_passes(RULE("R", "visit.date", "visit.declared <= 30 minutes"),
		"replace " RULE("R", "visit.date", "visit.declared <= 45 minutes")
		"scenario \"either side\"\n" DAYS
		"  expect R fails for visit S5\n"
		"  expect R passes for visit M6\n"
		"  expect R passes for visit T7\n"
		"  expect no other failure\n", NULL);
}
END_TEST

/* The version in force decides whatever sort of declaration was replaced. */
START_TEST(replaced_figures_go_by_the_law_date)
{
	chain_passes(
		"rounding step : duration\n  nearest 15 minutes, halves away from zero\n"
		"parameter most : duration\n  throughout 45 minutes\n"
		"table share_of (length : duration) : percent\n  | length | share |\n"
		"  | below 1 hour | 50% |\n  | at least 1 hour | 100% |\n"
		"define twice (length : duration) : duration\n  is 2 * length\n"
		"define paid for visit : duration\n  is step(visit.declared)\n"
		RULE("R", "visit.date", "visit.paid <= most")
		RULE("S", "visit.date", "share_of(visit.declared) = 50%")
		RULE("T", "visit.date", "twice(visit.declared) = 76 minutes"),
		"replace rounding step : duration\n  down to the last 10 minutes\n"
		"replace parameter most : duration\n  throughout 20 minutes\n"
		"replace table share_of (length : duration) : percent\n  | length | share |\n"
		"  | below 30 minutes | 50% |\n  | at least 30 minutes | 100% |\n"
		"replace define twice (length : duration) : duration\n  is 3 * length\n"
		"scenario \"either side\"\n" DAYS
		"  expect R passes for visit S5\n"
		"  expect R fails for visit M6\n"
		"  expect S passes for visit S5\n"
		"  expect S fails for visit M6\n"
		"  expect T passes for visit S5\n"
		"  expect T fails for visit M6\n"
		"  expect paid for visit S5 on 5 April 2026 is 45 minutes\n"
		"  expect paid for visit S5 on 6 April 2026 is 30 minutes\n"
		"example step(38 minutes) is 30 minutes\n"
		"example step(38 minutes) is 45 minutes on 5 April 2026\n", NULL);
}
END_TEST

/* S2: a week under the date of its first day, but for what has a date of its own. Sunday the 5th
 * lies in the week of 30 March; the month of April straddles. */
START_TEST(s2_a_group_that_straddles_goes_by_the_date_that_is_written)
{
	chain_passes(
		"define by_group for visit : duration\n  is visit.declared\n"
		"define by_row for visit : duration\n  on visit.date\n  is visit.declared\n"
		"rule G \"Under the date of the group\"\n  for each visit.carer, month of visit.date\n"
		"  among visit\n  on month.first\n  require total(visit.by_group) = 114 minutes\n"
		"rule L \"The same at its end\"\n  for each visit.carer, month of visit.date\n"
		"  among visit\n  on month.last\n  require total(visit.by_group) = 0 minutes\n"
		"rule D \"Under the date of each row\"\n  for each visit.carer, month of visit.date\n"
		"  among visit\n  on month.first\n  require total(visit.by_row) = 38 minutes\n",
		"replace define by_group for visit : duration\n  is 0 minutes\n"
		"replace define by_row for visit : duration\n  on visit.date\n  is 0 minutes\n"
		"scenario \"a month\"\n" DAYS
		"  audit from 1 April 2026 to 30 April 2026\n"
		"  expect G passes for carer C1, month 2026-04-01\n"
		"  expect L passes for carer C1, month 2026-04-01\n"
		"  expect D passes for carer C1, month 2026-04-01\n", NULL);
}
END_TEST

/* The second amendment changes what the first one made. */
START_TEST(a_text_can_change_more_than_once)
{
	chain_passes("define most for visit : duration\n  is 30 minutes\n"
		RULE("R", "visit.date", "visit.most = 30 minutes"),
		"replace define most for visit : duration\n  is 40 minutes\n",
		"withdraw rule R\n"
		"replace define most for visit : duration\n  is 50 minutes\n"
		"define unused_so_far for visit : duration\n  is visit.most\n"
		"scenario \"three texts\"\n"
		"  given visit\n"
		"    | ref | carer | date | declared | rate |\n"
		"    | A | C1 | 2026-04-05 | 38 minutes | |\n"
		"    | B | C1 | 2026-04-06 | 38 minutes | |\n"
		"    | C | C1 | 2026-10-01 | 38 minutes | |\n"
		"  expect most for visit A on 5 April 2026 is 30 minutes\n"
		"  expect most for visit A on 30 September 2026 is 40 minutes\n"
		"  expect most for visit A on 1 October 2026 is 50 minutes\n"
		"  expect R passes for visit A\n"
		"  expect R fails for visit B\n"
		"  expect no other failure\n");
}
END_TEST

/* The subject without a date is named once, by the first text. */
START_TEST(s3_a_subject_without_a_date_is_named_once)
{
	Box town;
	Arena arena = {0};
	TestRun run;
	box_begin(&town);
	box_write(&town, "base.vouch", BASE, RULE("R", "visit.date", "visit.declared <= 30 minutes"));
	box_write(&town, "later.vouch", VERSION_2,
		"replace " RULE("R", "visit.date", "visit.declared <= 45 minutes")
		"scenario \"no date\"\n  given visit\n    | ref | carer | date | declared | rate |\n"
		"    | A | C1 | | 38 minutes | |\n  audit from 1 April 2026 to 30 April 2026\n"
		"  expect R not assessed for visit A\n");
	const Rulebook *book = box_load(&town, "base.vouch");
	ck_assert_ptr_nonnull(book);
	testrun(book, &arena, &run);
	ck_assert_int_eq(run.failed, 0);
	ck_assert_int_eq(book->nrules, 2);
	ck_assert_int_eq(run.verdicts[0][VERDICT_NOT_ASSESSED], 1);
	ck_assert_int_eq(run.verdicts[1][VERDICT_NOT_ASSESSED], 0);
	arena_free(&arena);
	box_end(&town);
}
END_TEST

/* ---- adds ---- */

/* S8: what an amendment adds is known from its publication, here from its first day. */
START_TEST(s8_added_figures_are_known_with_their_amendment)
{
	chain_passes(
		"parameter floor : money per hour\n  from 1 April 2024 £19.00 per hour\n"
		"table share_of (length : duration) : percent\n  | length | share |\n  | any | 50% |\n"
		"calendar holiday\n  dates\n  | 2025-12-25 | Christmas | |\n"
		RULE("F", "visit.date", "visit.rate >= floor")
		RULE("S", "visit.date", "share_of(visit.declared) = 50%")
		RULE("H", "visit.date", "not (visit.date is one of holiday)"),
		"parameter floor adds\n  from 5 April 2026 £21.00 per hour\n"
		"table share_of adds\n  | length | share |\n  | any | 60% |\n"
		"calendar holiday adds\n  | 2026-04-07 | Proclaimed | |\n"
		"scenario \"all is known\"\n" DAYS
		"  expect F fails for visit S5\n"
		"  expect F fails for visit M6\n"
		"  expect S passes for visit S5\n"
		"  expect S fails for visit M6\n"
		"  expect H passes for visit M6\n"
		"  expect H fails for visit T7\n"
		"scenario \"the day before\"\n" DAYS
		"  known on 5 April 2026\n"
		"  expect F passes for visit S5\n"
		"  expect F passes for visit M6\n"
		"  expect S passes for visit M6\n"
		"  expect H passes for visit T7\n"
		"scenario \"set by the scenario\"\n" DAYS
		"  with parameter floor £5.00 per hour\n"
		"  expect F passes for visit S5\n"
		"  expect F passes for visit M6\n", NULL);
}
END_TEST

/* In one file too: a council's own values on a shared parameter. */
START_TEST(adds_works_within_one_version)
{
	chain_passes(
		"parameter floor : money per hour\n  from 1 April 2024 £19.00 per hour\n"
		"parameter floor adds\n  from 6 April 2026 £21.00 per hour\n"
		"calendar pay\n  periods of 4 weeks from 2 March 2026\n"
		"calendar pay adds\n  except 30 March 2026 to 3 May 2026\n"
		"example (pay of 3 May 2026).first is 30 March 2026\n"
		"example (pay of 4 May 2026).last is 31 May 2026\n"
		"example floor is £19.00 per hour on 5 April 2026\n"
		"example floor is £21.00 per hour on 6 April 2026\n", "", NULL);
}
END_TEST

/* `with parameter` takes the place of every text, over the denominator of each. */
START_TEST(a_scenario_sets_every_text_of_a_parameter)
{
	chain_passes(
		"parameter floor : money per hour\n  throughout £19.50 per hour\n"
		RULE("F", "visit.date", "visit.rate >= floor"),
		"replace parameter floor : money per hour\n  throughout £20.333 per hour\n"
		"scenario \"as it is\"\n" DAYS
		"  expect F passes for visit S5\n  expect F fails for visit M6\n"
		"scenario \"set\"\n" DAYS
		"  with parameter floor £20.0000001 per hour\n"
		"  expect F fails for visit S5\n  expect F fails for visit M6\n"
		"scenario \"set lower\"\n" DAYS
		"  with parameter floor £20.00 per hour\n"
		"  expect F passes for visit S5\n  expect F passes for visit M6\n", NULL);
}
END_TEST

/* ---- what is refused ---- */

/* At each user that remains; a user that goes with it is none. */
START_TEST(s13_what_is_withdrawn_is_used_no_more)
{
	static const char base[] =
		"define most for visit : duration\n  is 30 minutes\n"
		"define more for visit : duration\n  is 2 * visit.most\n"
		RULE("R", "visit.date", "visit.most > 0 minutes")
		RULE("S", "visit.date", "visit.more > 0 minutes");
	chain_gives(base, "withdraw define most\n", "E0353 E0353");
	chain_gives(base, "withdraw define most\nwithdraw rule R\n", "E0353");
	chain_passes(base, "withdraw define most\nwithdraw rule R\n"
		"replace define more for visit : duration\n  is 1 hour\n"
		"scenario \"still there before\"\n" DAYS
		"  expect R passes for visit S5\n  expect S passes for visit M6\n", NULL);
	chain_gives("parameter p : money\n  throughout £1\n"
		RULE("R", "visit.date", "visit.rate * 1 hour > p"), "withdraw parameter p\n", "E0353");
}
END_TEST

/* One slip, one code: no user of what was changed wrongly complains as well. */
START_TEST(conflicting_changes_are_named)
{
	static const char base[] =
		"rounding step : duration\n  nearest 15 minutes, halves away from zero\n"
		"define paid for visit : duration\n  on visit.date\n  is step(visit.declared)\n"
		RULE("R", "visit.date", "visit.paid > 0 minutes");
	chain_gives(base, "replace rounding stepp : duration\n  down to the last 5 minutes\n", "E0350");
	chain_gives(base, "replace " RULE("Q", "visit.date", "visit.paid > 1 minute"), "E0350");
	chain_gives(base, "withdraw kpi R\n", "E0350");
	chain_gives(base, "withdraw table step\n", "E0350");
	chain_gives(base, "withdraw define payd\n", "E0350");
	chain_gives(base, "withdraw rule R\nwithdraw rule R\n", "E0351");
	chain_gives(base, "replace rounding step : money\n  down to the last 5p\n", "E0352");
	chain_gives(base, "replace define paid for visit : duration\n  is 1 hour\n", "E0352");
	chain_gives(base, "replace rule R \"Another date\"\n  for each visit\n  on visit.date + 1 day\n"
		"  require visit.paid > 0 minutes\n", "E0352");
	chain_gives(base, "rounding step : duration\n  down to the last 5 minutes\n", "E0301");
	chain_gives("withdraw rule R\n" RULE("R", "visit.date", "visit.rate > £1 per hour"), "",
		"E0355");
	chain_gives(RULE("R", "visit.date", "visit.declared > late"),
		"parameter late : duration\n  throughout 1 minute\n", "E0354");
	chain_gives(RULE("R", "visit.date", "visit.declared > visit.late"),
		"dataset visit adds\n  late : duration in minutes\n", "E0354");
	chain_gives(RULE("R", "visit.date", "none(p in person where p.ref = visit.ref)"),
		"dataset person from people\n  key ref\n  ref : text\n", "E0354");
}
END_TEST

/* Periods are part of the types of what uses them; a calendar of days is not. */
START_TEST(only_calendars_of_dates_are_replaced)
{
	chain_gives("calendar pay\n  periods of 4 weeks from 2 March 2026\n",
		"replace calendar pay\n  periods of 4 weeks from 9 March 2026\n", "E0352");
	chain_passes("calendar holiday\n  dates\n  | 2026-04-05 | A | |\n  | 2026-04-06 | B | |\n"
		RULE("H", "visit.date", "visit.date is one of holiday"),
		"replace calendar holiday\n  dates\n  | 2026-04-07 | C | |\n"
		"scenario \"either side\"\n" DAYS
		"  expect H passes for visit S5\n"
		"  expect H fails for visit M6\n"
		"  expect H passes for visit T7\n", NULL);
}
END_TEST

#define ACCOUNT(credit, expires)                                      \
	"bank saved\n  for each carer\n"                                  \
	"  credit " credit " on grant.date among carer.grants\n"          \
	"  debit call.length on call.date among carer.calls\n"            \
	"  expires " expires " after credit\n  oldest first\n"

#define ACCOUNT_DATA                                                  \
	"dataset carer from carers\n  key ref\n  ref : text\n"            \
	"dataset grant from grants\n  key ref\n  ref : text\n"            \
	"  carer : carer which has grants\n  date : date\n"               \
	"dataset call from calls\n  key ref\n  ref : text\n"              \
	"  carer : carer which has calls\n  date : date\n  length : duration in minutes\n" \
	"rule B \"Enough was saved\"\n  for each taken in saved.debits\n"   \
	"  on taken.date\n  require taken.shortfall = 0 minutes\n"

/* S52: the credit of the 5th lasts six weeks, to 17 May; that of the 6th a week, to the 13th. */
START_TEST(s52_each_credit_keeps_the_terms_of_its_day)
{
	chain_passes(ACCOUNT_DATA ACCOUNT("30 minutes", "6 weeks"),
		"replace " ACCOUNT("45 minutes", "1 week")
		"scenario \"either side\"\n"
		"  given carer\n    | ref |\n    | A |\n    | B |\n"
		"  given grant\n    | ref | carer | date |\n    | G1 | A | 2026-04-05 |\n"
		"    | G2 | B | 2026-04-06 |\n"
		"  given call\n    | ref | carer | date | length |\n"
		"    | C1 | A | 2026-05-17 | 0 minutes |\n"
		"    | C2 | B | 2026-04-13 | 0 minutes |\n"
		"  expect saved for carer A on 5 April 2026 is 30 minutes\n"
		"  expect saved for carer A on 17 May 2026 is 30 minutes\n"
		"  expect saved for carer A on 18 May 2026 is 0 minutes\n"
		"  expect saved for carer B on 13 April 2026 is 45 minutes\n"
		"  expect saved for carer B on 14 April 2026 is 0 minutes\n", NULL);
	chain_gives(ACCOUNT_DATA ACCOUNT("30 minutes", "6 weeks"),
		"replace bank saved\n  for each carer\n"
		"  credit 30 minutes on grant.date among carer.grants\n"
		"  expires 6 weeks after credit\n", "E0352");
	chain_gives(ACCOUNT_DATA ACCOUNT("30 minutes", "6 weeks"), "withdraw bank saved\n", "E0352");
}
END_TEST

/* What is sealed is the text of a version and of all that it uses, and nothing else. */
START_TEST(a_version_is_known_by_its_text)
{
	uint8_t first[2][32];
	for (int i = 0; i < 4; i++) {
		Box town;
		box_begin(&town);
		box_write(&town, "lib.vouch", i == 2 ? "# new\n" : "",
			"parameter p : money\n  throughout £1\nexample p is £1\n");
		box_write(&town, i == 1 ? "moved.vouch" : "base.vouch", "uses lib\n", BASE);
		box_write(&town, "later.vouch", VERSION_2, i == 3 ? "# new\n" : "");
		const Rulebook *book = box_load(&town, "later.vouch");
		ck_assert_ptr_nonnull(book);
		const Version *ver = book->contract.ver;
		if (i == 0) {
			memcpy(first[0], ver[0].sha256, 32);
			memcpy(first[1], ver[1].sha256, 32);
		}
		ck_assert_int_eq(memcmp(first[0], ver[0].sha256, 32) == 0, i != 2);
		ck_assert_int_eq(memcmp(first[1], ver[1].sha256, 32) == 0, i != 3);
		box_end(&town);
	}
}
END_TEST

/* Told even when no rule uses the bank; months are no number of days. */
START_TEST(terms_of_a_bank_keep_their_type)
{
	static const char bank[] = "bank hours\n  for each visit.carer\n"
		"  credit visit.declared on visit.date among visit\n";
	Buf base = {0}, later = {0};
	buf_printf(&base, "%s  expires 1 month after credit\n", bank);
	buf_printf(&later, "replace %s  expires 3 weeks after credit\n", bank);
	chain_gives(base.at, later.at, "E0352");
	buf_free(&base);
	buf_free(&later);
}
END_TEST

/* Sums reach rows from before the first version. A define that an amendment replaces reads there as
 * it did before anybody amended it. */
START_TEST(what_a_rule_reaches_before_the_contract_began)
{
	chain_passes(
		"define allowed for visit : duration\n  on visit.date\n  is visit.declared\n"
		"rule SUM \"Of all days\"\n"
		"  for each visit.carer\n  among visit\n  on greatest(visit.date)\n"
		"  require total(visit.allowed) = 30 minutes\n"
		"scenario \"the day before the first, and the first\"\n"
		"  given visit\n"
		"    | ref | carer | date | declared | rate |\n"
		"    | A | C1 | 2024-03-31 | 10 minutes | £20.00 per hour |\n"
		"    | B | C1 | 2024-04-01 | 20 minutes | £20.00 per hour |\n"
		"    | C | C1 | 2026-04-06 | 40 minutes | £20.00 per hour |\n"
		"  expect SUM passes for carer C1\n",
		"replace define allowed for visit : duration\n  on visit.date\n  is 0 minutes\n", NULL);
}
END_TEST

Suite *amend_suite(void)
{
	Suite *suite = suite_create("amend");
	TCase *tcase = tcase_create("amendments");
	tcase_add_test(tcase, e0333_a_match_reaches_no_text_that_changes);
	tcase_add_test(tcase, s7_the_latest_day_that_has_come_decides);
	tcase_add_test(tcase, s8_a_version_is_known_when_it_was_published);
	tcase_add_test(tcase, one_version_holds_on_every_day);
	tcase_add_test(tcase, terms_of_a_bank_keep_their_type);
	tcase_add_test(tcase, what_a_rule_reaches_before_the_contract_began);
	tcase_add_test(tcase, any_file_of_a_chain_loads_the_whole);
	tcase_add_test(tcase, a_folder_counts_a_chain_once);
	tcase_add_test(tcase, s7_versions_form_a_line);
	tcase_add_test(tcase, an_amendment_is_known_by_its_grammar);
	tcase_add_test(tcase, an_amendment_with_a_slip_is_not_left_out);
	tcase_add_test(tcase, a_used_file_amends_nothing);
	tcase_add_test(tcase, mistakes_of_other_contracts_are_theirs);
	tcase_add_test(tcase, an_amendment_has_one_base);
	tcase_add_test(tcase, an_amendment_outside_the_rules_is_refused);
	tcase_add_test(tcase, a_day_that_is_none_is_told_once);
	tcase_add_test(tcase, ten_thousand_amended_rules_take_a_moment);
	tcase_add_test(tcase, s14_each_text_of_a_rule_has_its_own_days);
	tcase_add_test(tcase, replaced_figures_go_by_the_law_date);
	tcase_add_test(tcase, s2_a_group_that_straddles_goes_by_the_date_that_is_written);
	tcase_add_test(tcase, a_text_can_change_more_than_once);
	tcase_add_test(tcase, s3_a_subject_without_a_date_is_named_once);
	tcase_add_test(tcase, s8_added_figures_are_known_with_their_amendment);
	tcase_add_test(tcase, adds_works_within_one_version);
	tcase_add_test(tcase, a_scenario_sets_every_text_of_a_parameter);
	tcase_add_test(tcase, s13_what_is_withdrawn_is_used_no_more);
	tcase_add_test(tcase, conflicting_changes_are_named);
	tcase_add_test(tcase, only_calendars_of_dates_are_replaced);
	tcase_add_test(tcase, s52_each_credit_keeps_the_terms_of_its_day);
	tcase_add_test(tcase, a_version_is_known_by_its_text);
	suite_add_tcase(suite, tcase);
	return suite;
}
