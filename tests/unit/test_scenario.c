/*
 * Scenarios and examples as tests: what is run, what is compared, and how a difference reads.
 *
 * A test that fails in the wrong place, or passes when it should not, misleads
 * the people who write rules; so most of these tests are about scenarios that
 * fail, and hold the text of the difference:
 *
 *   what | expected | actual
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/support.h"

Suite *scenario_suite(void);

/* The rule of law 12's example. */
#define RULE_V1                                                       \
	"rule V1 \"Declared more time than the care log supports\"\n"     \
	"  for each visit\n"                                              \
	"  on visit.date\n"                                               \
	"  applies when visit.outcome is delivered\n"                     \
	"  require visit.declared <= quarter_hour(visit.logged)\n"        \
	"  at stake visit.rate * (visit.declared - quarter_hour(visit.logged))\n"

/* Needs a dataset that most scenarios here do not give. */
#define RULE_S1                                                       \
	"rule S1 \"A submission has a moment\"\n"                         \
	"  for each submission\n"                                         \
	"  on submission.week\n"                                          \
	"  require submission.submitted is known\n"

#define GIVEN_VISIT                                                   \
	"  given provision\n"                                             \
	"    | provision_ref | provider | client |\n"                     \
	"    | PR1           | P1       | C1     |\n"                     \
	"  given visit\n"                                                 \
	"    | visit_ref | provision | date | start | declared | outcome | rate |\n" \
	"    | VS1 | PR1 | 2025-09-01 | 08:00 | 30 minutes | delivered | £22.59 per hour |\n"

/* Sixteen minutes, two after the planned start. */
#define GIVEN_LOG                                                     \
	"  given log\n"                                                   \
	"    | log_ref | provider | client | check_in         | check_out        |\n" \
	"    | L1      | P1       | C1     | 2025-09-01 08:02 | 2025-09-01 08:18 |\n"

START_TEST(a_scenario_passes_as_it_is_written)
{
	expect_passes(RULE_V1
		"scenario \"sixteen minutes claimed as thirty\"\n"
		GIVEN_VISIT GIVEN_LOG
		"  expect V1 fails for visit VS1 at stake £5.65\n"
		"  expect no other failure\n");
}
END_TEST

/* With the verdict's own word on both sides. */
START_TEST(a_wrong_verdict_is_told)
{
	expect_differs(RULE_V1
		"scenario \"sixteen minutes claimed as thirty\"\n"
		GIVEN_VISIT GIVEN_LOG
		"  expect V1 passes for visit VS1\n",
		"V1 for visit VS1: verdict | passes | fails");
}
END_TEST

/* `not passes` is met by any other verdict, and by that one alone not; so is `not fails`. */
START_TEST(not_a_verdict)
{
	expect_passes(RULE_V1
		"scenario \"no failure\"\n"
		GIVEN_VISIT GIVEN_LOG
		"  expect V1 not passes for visit VS1\n");
	expect_differs("rule R1 \"Always\"\n  for each visit\n  on visit.date\n"
		"  require visit.date is known\n"
		"scenario \"no failure\"\n"
		GIVEN_VISIT
		"  expect R1 not passes for visit VS1\n",
		"R1 for visit VS1: verdict | not: passes | passes");
	expect_passes("rule R1 \"Always\"\n  for each visit\n  on visit.date\n"
		"  require visit.date is known\n"
		"scenario \"no failure\"\n"
		GIVEN_VISIT
		"  expect R1 not fails for visit VS1\n");
	expect_differs(RULE_V1
		"scenario \"a failure\"\n"
		GIVEN_VISIT GIVEN_LOG
		"  expect V1 not fails for visit VS1\n",
		"V1 for visit VS1: verdict | not: fails | fails");
}
END_TEST

/* A group's key that is a day or a code: whatever way the day is written. */
START_TEST(keys_that_are_days_or_codes)
{
#define TWICE(subject)                                                \
	"rule N1 \"Twice\"\n  for each visit.date for evening, visit.outcome\n  among visit\n" \
	"  on evening\n  require count(visit) > 1\n"                     \
	"scenario \"once\"\n" GIVEN_VISIT "  expect N1 fails for " subject "\n"
	expect_passes(TWICE("evening 2025-09-01, outcome delivered"));
	expect_passes(TWICE("evening 1 September 2025, outcome delivered"));
	expect_differs(TWICE("evening 2025-09-02, outcome delivered"),
		"N1 for evening 2025-09-02, outcome delivered | fails | "
		"the rule looked at no such subject");
	expect_differs(TWICE("evening 2025-09-01, outcome missed"),
		"N1 for evening 2025-09-01, outcome missed | fails | "
		"the rule looked at no such subject");
}
END_TEST

/* Or the author would look for the mistake in the rule. */
START_TEST(why_it_was_not_assessed_is_told)
{
	expect_differs(RULE_V1
		"scenario \"no check-out\"\n"
		GIVEN_VISIT
		"  given log\n"
		"    | log_ref | provider | client | check_in         |\n"
		"    | L1      | P1       | C1     | 2025-09-01 08:02 |\n"
		"  expect V1 fails for visit VS1\n",
		"V1 for visit VS1: verdict | fails | not assessed: log.check_out of log L1 is missing");
}
END_TEST

/*
 * The same stake as £5.65 and £5.6475; a penny and a tenth of one beside it
 * differ.
 */
START_TEST(s95_stakes_in_whole_pence_and_exact)
{
	expect_passes(RULE_V1
		"scenario \"exact\"\n" GIVEN_VISIT GIVEN_LOG
		"  expect V1 fails for visit VS1 at stake £5.6475\n");
	expect_differs(RULE_V1
		"scenario \"a penny less\"\n" GIVEN_VISIT GIVEN_LOG
		"  expect V1 fails for visit VS1 at stake £5.64\n",
		"V1 for visit VS1: at stake | £5.64 | £5.6475");
	expect_differs(RULE_V1
		"scenario \"nearly\"\n" GIVEN_VISIT GIVEN_LOG
		"  expect V1 fails for visit VS1 at stake £5.648\n",
		"V1 for visit VS1: at stake | £5.648 | £5.6475");
}
END_TEST

/* Nobody spoke of V1, so its failure is one too many. */
START_TEST(no_other_failure_names_each)
{
	expect_differs(RULE_V1
		"scenario \"unexpected\"\n" GIVEN_VISIT GIVEN_LOG
		"  expect no other failure\n",
		"V1 for visit VS1: verdict | no other failure | fails");
}
END_TEST

/* And an expectation of a rule that did not run says which dataset it lacks. */
START_TEST(s93_only_rules_whose_datasets_are_given_run)
{
	expect_passes(RULE_V1 RULE_S1
		"scenario \"no submissions\"\n" GIVEN_VISIT GIVEN_LOG
		"  expect V1 fails for visit VS1\n"
		"  expect no other failure\n");
	expect_differs(RULE_V1
		"scenario \"no logs\"\n" GIVEN_VISIT
		"  expect V1 fails for visit VS1\n",
		"V1 for visit VS1 | fails | the rule did not run: dataset log is not given");
}
END_TEST

/* No logs at all is a fact; no `given log` is silence about logs. */
START_TEST(s93_a_header_alone_gives_an_empty_dataset)
{
	expect_passes(RULE_V1
		"scenario \"no log at all\"\n" GIVEN_VISIT
		"  given log\n"
		"    | log_ref |\n"
		"  expect V1 fails for visit VS1 at stake £11.30\n");
}
END_TEST

/* From a Sunday to a Sunday: two weeks and no third. */
START_TEST(s94_the_window_is_the_span_of_the_dates)
{
	static const char *const text =
		"rule R1 \"Every week\"\n"
		"  for each provision, every week\n"
		"  on week.last\n"
		"  require provision.client is missing\n"
		"scenario \"two weeks\"\n"
		"  given provision\n"
		"    | provision_ref | client | start | finish |\n"
		"    | PR1 | C1 | 2025-09-07 | 2025-09-14 |\n"
		"  expect R1 fails for provision PR1, week 1 September 2025\n"
		"  expect R1 fails for provision PR1, week 8 September 2025\n"
		"  expect no other failure\n";
	expect_passes(text);
}
END_TEST

/* A penny above the rate that is paid. */
START_TEST(with_parameter_replaces_its_history)
{
	expect_passes(
		"parameter floor : money per hour\n"
		"  throughout £19.00 per hour\n"
		"rule R1 \"Below the floor\"\n"
		"  for each visit\n"
		"  on visit.date\n"
		"  require visit.rate >= floor\n"
		"scenario \"as it is\"\n" GIVEN_VISIT
		"  expect R1 passes for visit VS1\n"
		"scenario \"raised\"\n"
		"  with parameter floor £22.60 per hour\n" GIVEN_VISIT
		"  expect R1 fails for visit VS1\n");
}
END_TEST

/*
 * By equality, comparison and presence; a row that is not there is a difference
 * of its own.
 */
START_TEST(values_are_compared)
{
	expect_passes(RULE_V1
		"scenario \"values\"\n" GIVEN_VISIT GIVEN_LOG
		"  expect logged for visit VS1 is 16 minutes\n"
		"  expect logged for visit VS1 is at most 16 minutes\n"
		"  expect declared for visit VS1 is known\n"
		"  expect planned for visit VS1 is missing\n");
	expect_differs(RULE_V1
		"scenario \"values\"\n" GIVEN_VISIT GIVEN_LOG
		"  expect logged for visit VS1 is 17 minutes\n",
		"logged for visit VS1 | 17 minutes | 16 minutes");
	expect_differs(RULE_V1
		"scenario \"values\"\n" GIVEN_VISIT GIVEN_LOG
		"  expect logged for visit VS9 is 17 minutes\n",
		"logged for visit VS9 | 17 minutes | there is no such row");
}
END_TEST

/* Both rows leave, told once; S2 is judged all the same, and fails. */
START_TEST(s59_a_key_that_stands_twice)
{
	expect_differs(RULE_S1
		"scenario \"twice\"\n"
		"  given submission\n"
		"    | submission_ref | week |\n"
		"    | S1 | 2025-09-01 |\n"
		"    | S2 | 2025-09-01 |\n"
		"    | S1 | 2025-09-08 |\n"
		"  expect S1 fails for submission S2\n"
		"  expect no other failure\n",
		"submission S1 | a row with a key of its own | its key is given twice");
}
END_TEST

/* No expectation could ever name it. */
START_TEST(a_row_without_a_key)
{
	expect_differs(RULE_S1
		"scenario \"no key\"\n"
		"  given submission\n"
		"    | submission_ref | week |\n"
		"    | | 2025-09-01 |\n"
		"  expect no other failure\n",
		"row 1 of submission | a row with a key of its own | its key is missing");
}
END_TEST

#define STAYS                                                                                     \
	"dataset price from prices\n"                                                                  \
	"  key lot, first\n"                                                                           \
	"  lasts first to last\n"                                                                      \
	"  where price.lot <> \"offer\"\n"                                                           \
	"  lot : text\n"                                                                               \
	"  first : date\n"                                                                             \
	"  last : date\n"                                                                              \
	"  rate : money\n"                                                                             \
	"dataset stay from stays\n"                                                                    \
	"  key stay_ref\n"                                                                             \
	"  where stay.nights > 0\n"                                                                    \
	"  stay_ref : text\n"                                                                          \
	"  lot : text\n"                                                                               \
	"  nights : count\n"                                                                           \
	"  began : date\n"                                                                             \
	"dataset stay adds\n"                                                                          \
	"  belongs to price by lot as at began which has stays\n"                                      \
	"define due for stay : money\n"                                                                \
	"  is stay.nights * stay.price.rate\n"                                                         \
	"define sold for price : count\n"                                                              \
	"  is count(stay in price.stays)\n"

/* What an audit would list as rejected is a mistake of the scenario. */
START_TEST(a_row_that_may_be_in_the_dataset)
{
	expect_differs(STAYS
		"scenario \"nobody knows\"\n"
		"  given stay\n"
		"    | stay_ref | lot | nights | began |\n"
		"    | S1 | a | 0 | 2025-09-01 |\n"
		"    | S2 | a |   | 2025-09-01 |\n"
		"    | S3 | a | 1 | 2025-09-01 |\n"
		"  expect due for stay S3 is missing\n",
		"row 2 of stay | a row that the dataset takes in or leaves out | it is not known whether it"
		" belongs to the dataset");
}
END_TEST

#define GIVEN_STAY "  given stay\n    | stay_ref | lot | nights | began |\n" \
	"    | S1 | a | 2 | 2025-09-01 |\n    | S0 | a | 0 | 2025-09-01 |\n"

/* Of two prices that hold, and of one that may, neither is taken. */
START_TEST(a_link_that_may_lead_to_two_rows)
{
	expect_passes(STAYS
		"scenario \"one of them\"\n" GIVEN_STAY
		"  given price\n"
		"    | lot   | first      | last       | rate |\n"
		"    | a     | 2025-08-01 | 2025-08-31 | £10  |\n"
		"    | a     | 2025-09-01 |            | £11  |\n"
		"    | b     | 2025-09-01 |            | £12  |\n"
		"    | offer | 2025-09-01 |            | £13  |\n"
		"  expect due for stay S1 is £22\n"
		"  expect sold for price \"a, 2025-09-01\" is 1\n"
		"  expect sold for price \"a, 2025-08-01\" is 0\n");
	expect_differs(STAYS
		"scenario \"two of them\"\n" GIVEN_STAY
		"  given price\n"
		"    | lot | first      | last       | rate |\n"
		"    | a   | 2025-08-01 | 2025-09-01 | £10  |\n"
		"    | a   | 2025-09-01 |            | £11  |\n"
		"  expect due for stay S1 is missing\n",
		"stay S1 | one price on 1 September 2025 | a, 2025-08-01; a, 2025-09-01");
	expect_differs(STAYS
		"scenario \"an end before its beginning\"\n" GIVEN_STAY
		"  given price\n"
		"    | lot | first      | last       | rate |\n"
		"    | a   | 2025-08-01 | 2025-07-01 | £10  |\n"
		"  expect due for stay S1 is missing\n",
		"stay S1 | one price on 1 September 2025 | it is not known whether this one holds: a,"
		" 2025-08-01");
	expect_passes(STAYS "scenario \"no prices are given\"\n" GIVEN_STAY
		"  expect due for stay S1 is missing\n");
}
END_TEST

/* The earlier visit is nearer to the only log. */
START_TEST(s60_logs_are_matched_one_to_one)
{
	expect_passes(
		"scenario \"one log for two visits\"\n"
		"  given provision\n"
		"    | provision_ref | provider | client |\n"
		"    | PR1           | P1       | C1     |\n"
		"  given visit\n"
		"    | visit_ref | provision | date       | start |\n"
		"    | VS1       | PR1       | 2025-09-01 | 08:00 |\n"
		"    | VS2       | PR1       | 2025-09-01 | 08:45 |\n"
		GIVEN_LOG
		"  expect logged for visit VS1 is 16 minutes\n"
		"  expect logged for visit VS2 is 0 minutes\n"
		"  expect visit for log L1 is known\n");
}
END_TEST

/* Nor those of another provider for the same client. */
START_TEST(logs_of_another_client_are_not_matched)
{
	expect_passes(
		"scenario \"another client\"\n" GIVEN_VISIT
		"  given log\n"
		"    | log_ref | provider | client | check_in         | check_out        |\n"
		"    | L1      | P1       | C2     | 2025-09-01 08:02 | 2025-09-01 08:18 |\n"
		"    | L2      | P2       | C1     | 2025-09-01 08:02 | 2025-09-01 08:18 |\n"
		"  expect logged for visit VS1 is 0 minutes\n"
		"  expect visit for log L1 is missing\n");
}
END_TEST

/* Ninety minutes and ninety-one (S43). */
START_TEST(the_window_of_a_match_has_both_ends_in)
{
	expect_passes(
		"scenario \"ninety minutes\"\n" GIVEN_VISIT
		"  given log\n"
		"    | log_ref | provider | client | check_in         | check_out        |\n"
		"    | L1      | P1       | C1     | 2025-09-01 09:30 | 2025-09-01 09:31 |\n"
		"  expect logged for visit VS1 is 1 minute\n"
		"scenario \"ninety-one minutes\"\n" GIVEN_VISIT
		"  given log\n"
		"    | log_ref | provider | client | check_in         | check_out        |\n"
		"    | L1      | P1       | C1     | 2025-09-01 09:31 | 2025-09-01 09:32 |\n"
		"  expect logged for visit VS1 is 0 minutes\n");
}
END_TEST

/* One that the match leaves out leaves its log to others, and is known to have none itself. */
START_TEST(rows_that_a_match_leaves_out_take_no_part)
{
	expect_passes(
		"match visit with log\n"
		"  when visit.provision.client = log.client and visit.outcome is delivered\n"
		"  near visit.date at visit.start to log.check_in within 90 minutes\n"
		"  linked as visit.own_logs and log.own_visit\n"
		"define found for visit : count is count(l in visit.own_logs)\n"
		"scenario \"the nearer one was cancelled\"\n"
		"  given provision\n"
		"    | provision_ref | provider | client |\n"
		"    | PR1           | P1       | C1     |\n"
		"  given visit\n"
		"    | visit_ref | provision | date       | start | outcome   |\n"
		"    | VS1       | PR1       | 2025-09-01 | 08:00 | cancelled |\n"
		"    | VS2       | PR1       | 2025-09-01 | 08:45 | delivered |\n"
		"    | VS3       | PR1       | 2025-09-01 | 08:45 |           |\n"
		GIVEN_LOG
		"  expect found for visit VS1 is 0\n"
		"  expect found for visit VS2 is 1\n"
		"  expect found for visit VS3 is missing\n");
}
END_TEST

#define BOXES                                                         \
	"dataset box from boxes\n  key ref\n  ref : text\n  day : date\n"  \
	"  full : count within 0 to 3\n  price : money\n"                 \
	"rule B1 \"A box\"\n  for each box\n  on box.day\n  require box.full < 2\n" \
	"  at stake £2.005 * box.full\n"                                \
	"rule B2 \"Another\"\n  for each box\n  on box.day\n  require box.full < 2\n" \
	"  at stake box.price * box.full\n"                             \
	"rule B3 \"Always\"\n  for each box\n  on box.day\n  require box.day < 1 May 2025\n" \
	"  at stake £1 * box.full\n"                                    \
	"kpi m1 \"Figure\"\n  for each month of box.day\n  among box\n" \
	"  figure total(box.full) / count(box)\n  target at most 9\n"  \
	"measure m2 \"Money\"\n  for each month of box.day\n  among box\n" \
	"  figure total(box.price)\n"                                   \
	"scenario \"boxes\"\n  given box\n    | ref | day | full | price |\n" \
	"    | X1 | 2025-06-01 | | |\n    | X2 | 2025-06-02 | 1 | £3 |\n" \
	"    | X3 | 2025-06-02 | 1 | £3 |\n  audit from 1 June 2025 to 30 June 2025\n"

/* S95 for both ends: £6.02 is the rounded figure of £6.015. */
START_TEST(s17_what_a_finding_could_come_to)
{
	expect_passes(BOXES
		"  expect B1 not assessed for box X1 at stake £0.00 to £6.02\n"
		"  expect B1 not assessed for box X1 at stake £0.00 to £6.015\n"
		"  expect B3 fails for box X1 at stake £0.00 to £3.00\n"
		"  expect B3 fails for box X2 at stake £1.00\n");
	expect_differs(BOXES "  expect B1 not assessed for box X1 at stake £0.00 to £6.01\n",
		"B1 for box X1: at stake | £0.00 to £6.01 | £0.00 to £6.015");
	expect_differs(BOXES "  expect B1 not assessed for box X1 at stake at least £0.00\n",
		"B1 for box X1: at stake | at least £0.00 | £0.00 to £6.015");
	expect_differs(BOXES "  expect B1 not assessed for box X1 at stake at most £6.02\n",
		"B1 for box X1: at stake | at most £6.02 | £0.00 to £6.015");
	expect_differs(BOXES "  expect B2 not assessed for box X1 at stake £0 to £1\n",
		"B2 for box X1: at stake | £0.00 to £1.00 | without a bound");
	expect_differs(BOXES "  expect B3 fails for box X2 at stake £0 to £1\n",
		"B3 for box X2: at stake | £0.00 to £1.00 | £1.00");
}
END_TEST

START_TEST(l4_what_a_figure_could_come_to)
{
	expect_passes(BOXES "  expect m1 not assessed for month 2025-06-01 is 2 / 3 to 5 / 3\n"
		"  expect m2 not assessed for month 2025-06-01\n");
	expect_differs(BOXES "  expect m1 not assessed for month 2025-06-01 is 1 to 5 / 3\n",
		"m1 for month of 1 June 2025 | 1 to 1.666666… | 0.666666… to 1.666666…");
	expect_differs(BOXES "  expect m2 not assessed for month 2025-06-01 is at least £6\n",
		"m2 for month of 1 June 2025 | at least £6.00 | without a bound");
}
END_TEST

/* Of an equality the value is shown, not only that it was no. */
START_TEST(examples_show_both_sides)
{
	expect_passes("example quarter_hour(23 minutes) is 30 minutes\n");
	expect_differs("example quarter_hour(23 minutes) is 15 minutes\n",
		"quarter_hour(23 minutes) is 15 minutes | 15 minutes | 30 minutes");
}
END_TEST

/*
 * In the order of the file, examples first; verdicts are counted for the list
 * of untested rules.
 */
START_TEST(every_test_of_a_book_is_counted)
{
	Fixture fixture;
	Arena arena = {0};
	TestRun run;
	Buf text = {0};
	buf_puts(&text, home_care);
	buf_puts(&text, RULE_V1
		"example quarter_hour(23 minutes) is 30 minutes\n"
		"example quarter_hour(23 minutes) is 15 minutes\n"
		"scenario \"fails\"\n" GIVEN_VISIT GIVEN_LOG "  expect V1 fails for visit VS1\n");
	fixture_open(&fixture, text.at);
	testrun(fixture.book, &arena, &run);
	ck_assert_int_eq(run.nresults, 3);
	ck_assert_int_eq(run.passed, 2);
	ck_assert_int_eq(run.failed, 1);
	ck_assert(run.result[0].is_example && run.result[0].passed && !run.result[1].passed);
	ck_assert(str_eq(run.result[2].name, STR("fails")));
	ck_assert_int_eq(run.verdicts[0][VERDICT_FAIL], 1);
	ck_assert_int_eq(run.verdicts[0][VERDICT_PASS], 0);
	buf_free(&text);
	arena_free(&arena);
	fixture_close(&fixture);
}
END_TEST

/* On the contract's first day (S96). */
static void check_eval(Fixture *fixture, const char *expression, const char *expected)
{
	int32_t nslots = 0;
	Buf out = {0};
	const Expr *expr = rulebook_expression(&fixture->comp, fixture->book, str_of(expression),
		&nslots);
	ck_assert_msg(expr != NULL, "%s is not an expression", expression);
	testrun_eval(fixture->book, expr, nslots, fixture->book->contract.from, true, &out);
	ck_assert_str_eq(out.at, expected);
	buf_free(&out);
}

/*
 * What has no end in decimals becomes a division by the least number that
 * leaves decimals which end.
 */
START_TEST(s80_values_are_printed_as_the_language_writes_them)
{
	Fixture fixture;
	fixture_open(&fixture, home_care);
	check_eval(&fixture, "£22.59 per hour * 25 minutes", "£9.4125");
	check_eval(&fixture, "quarter_hour(7 hours 22 minutes)", "7 hours 15 minutes");
	check_eval(&fixture, "1 September 2025 + 1 month", "1 October 2025");
	check_eval(&fixture, "7.5%", "7.5%");
	check_eval(&fixture, "1 / 2 > 0.4", "yes");
	check_eval(&fixture, "£10.00 / 3", "£10.00 / 3");
	check_eval(&fixture, "-£10.00 / 6", "-£5.00 / 3");
	check_eval(&fixture, "£10.00 per hour / 3", "£10.00 per hour / 3");
	check_eval(&fixture, "1 hour / 7", "1 hour / 7");
	check_eval(&fixture, "1 / 0.7", "10 / 7");
	check_eval(&fixture, "£1 / 8", "£0.125");
	check_eval(&fixture, "£1 / quarter_hour(1 minute)", "unknown: divided by zero");
	fixture_close(&fixture);
}
END_TEST

#define SHIFTS                                                        \
	"dataset shift from shifts\n"                                     \
	"  key shift_ref\n"                                               \
	"  lasts check_in to check_out\n"                                 \
	"  shift_ref : text\n"                                            \
	"  check_in : moment\n"                                           \
	"  check_out : moment\n"                                          \
	"rule T1 \"Twenty minutes\"\n"                                    \
	"  for each shift\n"                                              \
	"  on shift.check_in\n"                                           \
	"  require shift.check_out - shift.check_in = 20 minutes\n"       \
	"scenario \"the hour that autumn repeats\"\n"                     \
	"  given shift\n"                                                 \
	"    | shift_ref | check_in | check_out |\n"

/* As an audit reads them: check-in at 01:50 by summer time, out twenty minutes later by winter
 * time. */
START_TEST(s40_an_end_that_occurs_twice_is_the_second)
{
	expect_passes(SHIFTS
		"    | S1 | 2025-10-26 01:50 | 2025-10-26 01:10 |\n"
		"    | S2 | 2025-10-26 01:10 | 2025-10-26 01:30 |\n"
		"    | S3 | 2025-10-26 01:50 | 2025-10-26 01:10Z |\n"
		"  expect T1 passes for shift S1\n"
		"  expect T1 passes for shift S2\n"
		"  expect T1 passes for shift S3\n");
}
END_TEST

START_TEST(s41_an_end_before_its_beginning_is_not_known)
{
	expect_passes(SHIFTS
		"    | S1 | 2025-10-27 01:50 | 2025-10-27 01:49 |\n"
		"    | S2 | 2025-10-27 01:50 | 2025-10-27 01:50 |\n"
		"  expect T1 not assessed for shift S1\n"
		"  expect T1 fails for shift S2\n");
}
END_TEST

Suite *scenario_suite(void)
{
	Suite *suite = suite_create("scenario");
	TCase *compare = tcase_create("compare"), *rows = tcase_create("rows");
	tcase_add_test(compare, a_scenario_passes_as_it_is_written);
	tcase_add_test(compare, a_wrong_verdict_is_told);
	tcase_add_test(compare, not_a_verdict);
	tcase_add_test(compare, keys_that_are_days_or_codes);
	tcase_add_test(compare, why_it_was_not_assessed_is_told);
	tcase_add_test(compare, s95_stakes_in_whole_pence_and_exact);
	tcase_add_test(compare, no_other_failure_names_each);
	tcase_add_test(compare, values_are_compared);
	tcase_add_test(compare, s17_what_a_finding_could_come_to);
	tcase_add_test(compare, l4_what_a_figure_could_come_to);
	tcase_add_test(compare, examples_show_both_sides);
	tcase_add_test(compare, every_test_of_a_book_is_counted);
	tcase_add_test(compare, s80_values_are_printed_as_the_language_writes_them);
	suite_add_tcase(suite, compare);
	tcase_add_test(rows, s93_only_rules_whose_datasets_are_given_run);
	tcase_add_test(rows, s93_a_header_alone_gives_an_empty_dataset);
	tcase_add_test(rows, s94_the_window_is_the_span_of_the_dates);
	tcase_add_test(rows, with_parameter_replaces_its_history);
	tcase_add_test(rows, s59_a_key_that_stands_twice);
	tcase_add_test(rows, a_row_without_a_key);
	tcase_add_test(rows, a_row_that_may_be_in_the_dataset);
	tcase_add_test(rows, a_link_that_may_lead_to_two_rows);
	tcase_add_test(rows, s60_logs_are_matched_one_to_one);
	tcase_add_test(rows, logs_of_another_client_are_not_matched);
	tcase_add_test(rows, the_window_of_a_match_has_both_ends_in);
	tcase_add_test(rows, rows_that_a_match_leaves_out_take_no_part);
	tcase_add_test(rows, s40_an_end_that_occurs_twice_is_the_second);
	tcase_add_test(rows, s41_an_end_before_its_beginning_is_not_known);
	suite_add_tcase(suite, rows);
	return suite;
}
