/*
 * Further points of meaning (docs/language.md, S1 to S99), each by a small book of its own.
 *
 * Each test is a rule and a scenario in the language, so it can be read by
 * whoever decides the point. Three provisions differ in their contract: ccsh,
 * csah, and one for which nobody entered it.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/support.h"

Suite *points_suite(void);

/* The visit's own fields are the test's to give. */
#define CARE                                                          \
	"  given provision\n"                                             \
	"    | provision_ref | provider | client | contract | start | finish | weekly_hours |\n" \
	"    | PR1 | P1 | C1 | ccsh | 2025-01-01 | 2025-12-31 | 7 hours |\n" \
	"    | PR2 | P1 | C2 | csah | 2025-01-01 | 2025-12-31 | 7 hours |\n" \
	"    | PR3 | P1 | C3 |      | 2025-01-01 | 2025-12-31 | 7 hours |\n" \
	"  given visit\n"                                                 \
	"    | visit_ref | provision | date | start | declared | outcome | notice | rate |\n"

#define VISIT(ref, provision, date, declared, outcome)                \
	"    | " ref " | " provision " | " date " | 08:00 | " declared " | " outcome \
	" | | £20.00 per hour |\n"

/* A condition for each visit. */
#define RULE(require)                                                 \
	"rule R1 \"A condition\"\n"                                       \
	"  for each visit\n"                                              \
	"  on visit.date\n"                                               \
	"  require " require "\n"

/* A condition over a provision's visits of a month. */
#define BY_PROVISION(require)                                         \
	"rule R1 \"A condition\"\n"                                       \
	"  for each visit.provision, month of visit.date\n"               \
	"  among visit\n"                                                 \
	"  on month.first\n"                                              \
	"  require " require "\n"

/* ---- what is missing ---- */

/* And the two ways for an author to say that it should not matter. */
START_TEST(s15_a_total_with_one_missing_value)
{
	expect_passes(BY_PROVISION("total(visit.declared) < 1 hour")
		"scenario \"one is missing\"\n"
		CARE VISIT("VS1", "PR1", "2025-09-01", "2 hours", "delivered")
		VISIT("VS2", "PR1", "2025-09-02", "", "delivered")
		"  expect R1 not assessed for provision PR1, month 1 September 2025\n");
	expect_passes(BY_PROVISION("total(visit.declared or else 0 minutes) < 1 hour")
		"scenario \"one counts as nothing\"\n"
		CARE VISIT("VS1", "PR1", "2025-09-01", "59 minutes", "delivered")
		VISIT("VS2", "PR1", "2025-09-02", "", "delivered")
		"  expect R1 passes for provision PR1, month 1 September 2025\n");
	expect_passes(BY_PROVISION("total(visit.declared where visit.declared is known) < 1 hour")
		"scenario \"one is left out\"\n"
		CARE VISIT("VS1", "PR1", "2025-09-01", "59 minutes", "delivered")
		VISIT("VS2", "PR1", "2025-09-02", "", "delivered")
		"  expect R1 passes for provision PR1, month 1 September 2025\n");
}
END_TEST

/* S3 goes before everything else that a rule asks: without a date there is no text of the rule to
 * ask by. `or else` gives it one, and then it is seen that the rule does not apply. */
#define UNDATED(on)                                                   \
	"rule R1 \"A condition\"\n"                                      \
	"  for each provision\n"                                          \
	"  on " on "\n"                                                   \
	"  applies when provision.finish is known and provision.contract is csah\n" \
	"  require provision.weekly_hours <= 1 hour\n"                    \
	"scenario \"the second still runs\"\n"                           \
	"  given provision\n"                                             \
	"    | provision_ref | contract | start      | finish     | weekly_hours |\n" \
	"    | PR1           | ccsh     | 2025-05-05 | 2025-09-01 | 2 hours      |\n" \
	"    | PR2           | ccsh     | 2025-05-05 |            | 2 hours      |\n"
START_TEST(s3_a_missing_date_goes_before_applies_when)
{
	expect_passes(UNDATED("provision.finish")
		"  expect R1 not applicable for provision PR1\n"
		"  expect R1 not assessed for provision PR2\n");
	expect_passes(UNDATED("provision.finish or else provision.start")
		"  expect R1 not applicable for provision PR1\n"
		"  expect R1 not applicable for provision PR2\n");
}
END_TEST

/* A missed visit decides for PR2 whatever the other was; nothing does for PR1. */
START_TEST(s16_any_needs_one_sure_row)
{
	expect_passes(BY_PROVISION("none(visit where visit.outcome is missed)")
		"scenario \"one outcome is missing\"\n"
		CARE VISIT("VS1", "PR1", "2025-09-01", "1 hour", "delivered")
		VISIT("VS2", "PR1", "2025-09-02", "1 hour", "")
		VISIT("VS3", "PR2", "2025-09-01", "1 hour", "missed")
		VISIT("VS4", "PR2", "2025-09-02", "1 hour", "")
		"  expect R1 not assessed for provision PR1, month 1 September 2025\n"
		"  expect R1 fails for provision PR2, month 1 September 2025\n");
}
END_TEST

/* `any` fits what is missing, other cells do not know. */
START_TEST(s27_cells_and_missing_inputs)
{
	expect_passes(
		"table pay(outcome: one of (delivered, cancelled, frustrated, missed), notice: duration)"
		" : percent\n"
		"  | outcome   | notice            | share |\n"
		"  | delivered | any               | 100%  |\n"
		"  | cancelled | missing           | 50%   |\n"
		"  | cancelled | below 24 hours    | 100%  |\n"
		"  | cancelled | at least 24 hours | 0%    |\n"
		"  one row fits\n"
		"define share_paid for visit : percent\n"
		"  is pay(visit.outcome, visit.notice)\n"
		"scenario \"missing inputs\"\n"
		CARE VISIT("VS1", "PR1", "2025-09-01", "1 hour", "delivered")
		VISIT("VS3", "PR1", "2025-09-01", "1 hour", "")
		VISIT("VS4", "PR1", "2025-09-01", "1 hour", "missed")
		"  expect share_paid for visit VS1 is 100%\n"
		"  expect share_paid for visit VS3 is missing\n"
		"  expect share_paid for visit VS4 is missing\n");
}
END_TEST

/* ---- who is looked at ---- */

/*
 * A book whose contract covers some provisions alone. home_care with a clause
 * put into its contract.
 */
static char *covering(const char *text)
{
	static const char clause[] = "  covers provision where provision.contract is ccsh\n";
	const char *after = strstr(home_care, "\ndataset");
	Buf buf = {0};
	buf_str(&buf, (Str){home_care, (size_t)(after - home_care)});
	buf_puts(&buf, clause);
	buf_puts(&buf, after);
	buf_puts(&buf, text);
	return buf.at;
}

/* Of the first rule: what is not covered must not be counted anywhere (law 5). */
static void count_verdicts(const char *text, int64_t counts[VERDICTS])
{
	Fixture fixture;
	Arena arena = {0};
	TestRun run;
	fixture_open(&fixture, text);
	testrun(fixture.book, &arena, &run);
	ck_assert_int_eq(run.failed, 0);
	memcpy(counts, run.verdicts[0], sizeof run.verdicts[0]);
	arena_free(&arena);
	fixture_close(&fixture);
}

/* Covered, not covered, unknown: the third is named, not dropped. */
START_TEST(s67_only_what_the_contract_covers)
{
	int64_t counts[VERDICTS];
	char *text = covering(RULE("visit.declared <= 1 hour")
		"scenario \"three provisions\"\n"
		CARE VISIT("VS1", "PR1", "2025-09-01", "2 hours", "delivered")
		VISIT("VS2", "PR2", "2025-09-01", "2 hours", "delivered")
		VISIT("VS3", "PR3", "2025-09-01", "2 hours", "delivered")
		"  expect R1 fails for visit VS1\n"
		"  expect R1 not assessed for visit VS3\n"
		"  expect no other failure\n");
	count_verdicts(text, counts);
	ck_assert_int_eq(counts[VERDICT_FAIL], 1);
	ck_assert_int_eq(counts[VERDICT_NOT_ASSESSED], 1); /* S24: whether it is covered is not known */
	ck_assert_int_eq(counts[VERDICT_PASS], 0);
	free(text);
}
END_TEST

/* Groups of other contracts do not come up at all. */
START_TEST(s67_groups_have_covered_rows_alone)
{
	int64_t counts[VERDICTS];
	char *text = covering(BY_PROVISION("total(visit.declared) <= 1 hour")
		"scenario \"two provisions\"\n"
		CARE VISIT("VS1", "PR1", "2025-09-01", "1 hour", "delivered")
		VISIT("VS2", "PR2", "2025-09-01", "2 hours", "delivered")
		"  expect R1 passes for provision PR1, month 1 September 2025\n");
	count_verdicts(text, counts);
	ck_assert_int_eq(counts[VERDICT_PASS], 1);
	ck_assert_int_eq(counts[VERDICT_FAIL], 0);
	free(text);
}
END_TEST

/* The group's month is in the window, so all of its rows count, the one before it too. */
START_TEST(s5_groups_are_not_cut_at_the_window)
{
	expect_passes(
		"rule R1 \"A condition\"\n"
		"  for each visit.provision, week of visit.date\n"
		"  among visit\n"
		"  on week.last\n"
		"  require count(visit) = 2\n"
		"scenario \"a week cut by the window\"\n"
		"  audit from 5 September 2025 to 30 September 2025\n"
		CARE VISIT("VS1", "PR1", "2025-09-01", "1 hour", "delivered")
		VISIT("VS2", "PR1", "2025-09-06", "1 hour", "delivered")
		"  expect R1 passes for provision PR1, week 1 September 2025\n");
}
END_TEST

/* ---- dates ---- */

/* Two visits of one week under two values: each under its own law, or both under the group's. */
START_TEST(s2_a_define_with_a_date_of_its_own)
{
	static const char law[] =
		"parameter uplift : percent\n"
		"  from 1 January 2025  100%\n"
		"  from 3 September 2025  200%\n"
		"define paid for visit : money\n"
		"  on visit.date\n"
		"  is visit.rate * visit.declared * uplift\n"
		"define paid_then for visit : money\n"
		"  is visit.rate * visit.declared * uplift\n";
	static const char care[] =
		"scenario \"a week with two laws\"\n"
		CARE VISIT("VS1", "PR1", "2025-09-02", "1 hour", "delivered")
		VISIT("VS2", "PR1", "2025-09-03", "1 hour", "delivered")
		"  expect R1 passes for provision PR1, month 1 September 2025\n";
	Buf own = {0}, inherited = {0};
	buf_printf(&own, "%s%s%s", law, BY_PROVISION("total(visit.paid) = £60"), care);
	buf_printf(&inherited, "%s%s%s", law, BY_PROVISION("total(visit.paid_then) = £40"), care);
	expect_passes(own.at);
	expect_passes(inherited.at);
	buf_free(&own);
	buf_free(&inherited);
}
END_TEST

/* It changes when what it is derived from does, on the same day. */
START_TEST(s12_a_parameter_derived_from_another)
{
	expect_passes(
		"parameter base : money per hour\n"
		"  from 1 January 2025  £20.00 per hour\n"
		"  from 1 June 2025  £22.00 per hour\n"
		"parameter night : money per hour\n"
		"  from 1 January 2025  base * 150%\n"
		"example night is £30.00 per hour on 31 May 2025\n"
		"example night is £33.00 per hour on 1 June 2025\n");
}
END_TEST

/* From the first 01:30 to 02:00 an hour and a half passes. */
START_TEST(s40_times_that_do_not_exist_or_exist_twice)
{
	expect_passes(
		"example 30 March 2025 at 01:30 = 30 March 2025 at 02:30\n"
		"example 26 October 2025 at 01:30 - 26 October 2025 at 00:30 = 1 hour\n"
		"example 26 October 2025 at 02:00 - 26 October 2025 at 01:30 = 1 hour 30 minutes\n");
}
END_TEST

/*
 * Four-week periods go on from the end of the longer one, not in the old
 * rhythm.
 */
START_TEST(s53_a_longer_period_and_the_count_behind_it)
{
	expect_passes(
		"calendar pay_period\n"
		"  periods of 4 weeks from 6 January 2025\n"
		"  except 31 March 2025 to 4 May 2025\n"
		"example (pay_period of 3 February 2025).first = 3 February 2025\n"
		"example (pay_period of 4 May 2025).first = 31 March 2025\n"
		"example (pay_period of 4 May 2025).days = 35 days\n"
		"example (pay_period of 5 May 2025).first = 5 May 2025\n"
		"example (pay_period of 5 May 2025).last = 1 June 2025\n");
}
END_TEST

/* Both ends in; none when they do not meet. */
START_TEST(s48_days_of_a_period_within_dates)
{
	expect_passes(
		"example days_in(week of 1 September 2025, 3 September 2025, 9 September 2025) = 5 days\n"
		"example days_in(week of 1 September 2025, 8 September 2025, 9 September 2025) = 0 days\n");
}
END_TEST

/*
 * An hour more in the night in which the clocks go back; both ends of a day's
 * band; none at all.
 */
START_TEST(bands_of_the_night)
{
	expect_passes(
		"example overlap(1 September 2025 at 21:00, 2 September 2025 at 08:00, 22:00, 07:00)"
		" = 9 hours\n"
		"example overlap(25 October 2025 at 21:00, 26 October 2025 at 08:00, 22:00, 07:00)"
		" = 10 hours\n"
		"example overlap(1 September 2025 at 08:00, 1 September 2025 at 09:00, 22:00, 07:00)"
		" = 0 hours\n"
		"example overlap(1 September 2025 at 06:30, 1 September 2025 at 22:30, 22:00, 07:00)"
		" = 1 hour\n");
}
END_TEST

/* Two holidays, then a weekend; none to count stays where it is. */
START_TEST(working_days_leave_out_holidays)
{
	expect_passes(
		"calendar closed\n"
		"  dates\n"
		"    | 2025-12-25 | Christmas Day |\n"
		"    | 2025-12-26 | Boxing Day    |\n"
		"example working_days_after(24 December 2025, 1, closed) = 29 December 2025\n"
		"example working_days_after(24 December 2025, 0, closed) = 24 December 2025\n"
		"example working_days_after(19 December 2025, 3, closed) = 24 December 2025\n"
		"example 25 December 2025 is one of closed\n"
		"example not 24 December 2025 is one of closed\n");
}
END_TEST

/* ---- rows ---- */

/*
 * Two different values have none in common, which is missing and not the first
 * of them.
 */
START_TEST(s57_the_common_value)
{
	expect_passes(BY_PROVISION("only_value(visit.declared) = 1 hour")
		"scenario \"one value, two values\"\n"
		CARE VISIT("VS1", "PR1", "2025-09-01", "1 hour", "delivered")
		VISIT("VS2", "PR1", "2025-09-02", "1 hour", "delivered")
		VISIT("VS3", "PR2", "2025-09-01", "1 hour", "delivered")
		VISIT("VS4", "PR2", "2025-09-02", "2 hours", "delivered")
		"  expect R1 passes for provision PR1, month 1 September 2025\n"
		"  expect R1 not assessed for provision PR2, month 1 September 2025\n");
}
END_TEST

/* Exactly a quarter is at most 25%. */
START_TEST(s76_shares_and_different_values)
{
	expect_passes(
		BY_PROVISION("share(visit where visit.outcome is missed) <= 25%"
			" and distinct(visit.declared) = 2")
		"scenario \"one of four\"\n"
		CARE VISIT("VS1", "PR1", "2025-09-01", "1 hour", "missed")
		VISIT("VS2", "PR1", "2025-09-02", "2 hours", "delivered")
		VISIT("VS3", "PR1", "2025-09-03", "1 hour", "delivered")
		VISIT("VS4", "PR1", "2025-09-04", "1 hour", "delivered")
		"  expect R1 passes for provision PR1, month 1 September 2025\n");
}
END_TEST

/* No visits: missing (S18). */
START_TEST(s75_first_and_last_of_a_collection)
{
	expect_passes(
		"define first_visit for provision : visit\n"
		"  is first(v in provision.visits by v.date)\n"
		"define last_date for provision : date\n"
		"  is last(v.date for v in provision.visits by v.date)\n"
		"scenario \"in order\"\n"
		CARE VISIT("VS3", "PR1", "2025-09-02", "1 hour", "delivered")
		VISIT("VS2", "PR1", "2025-09-01", "1 hour", "delivered")
		VISIT("VS1", "PR1", "2025-09-01", "1 hour", "delivered")
		"  expect last_date for provision PR1 is 2 September 2025\n"
		"  expect last_date for provision PR2 is missing\n");
}
END_TEST

/* ---- faults ---- */

#define HUGE "9,000,000,000"

/* The expression is named, so that its author can find it. */
START_TEST(s79_a_row_that_overflows_is_not_assessed)
{
	expect_differs(RULE("visit.declared * " HUGE " * " HUGE " > 1 hour")
		"scenario \"too much\"\n"
		CARE VISIT("VS1", "PR1", "2025-09-01", "1 hour", "delivered")
		"  expect R1 passes for visit VS1\n",
		"R1 for visit VS1: verdict | passes | not assessed, overflow: overflow in "
		"visit.declared * " HUGE " * " HUGE);
}
END_TEST

/* Both sides of `or` are looked at, only one branch of `if`. */
START_TEST(s23_a_fault_is_not_masked)
{
	expect_passes(RULE("visit.outcome is delivered"
			" or visit.declared * " HUGE " * " HUGE " > 1 hour")
		"scenario \"too much\"\n"
		CARE VISIT("VS1", "PR1", "2025-09-01", "1 hour", "delivered")
		"  expect R1 not assessed for visit VS1\n");
	expect_passes(RULE("if visit.outcome is delivered then yes"
			" else visit.declared * " HUGE " * " HUGE " > 1 hour")
		"scenario \"the branch that holds\"\n"
		CARE VISIT("VS1", "PR1", "2025-09-01", "1 hour", "delivered")
		"  expect R1 passes for visit VS1\n");
}
END_TEST

Suite *points_suite(void)
{
	Suite *suite = suite_create("points");
	TCase *cases = tcase_create("points");
	tcase_add_test(cases, s2_a_define_with_a_date_of_its_own);
	tcase_add_test(cases, s5_groups_are_not_cut_at_the_window);
	tcase_add_test(cases, s12_a_parameter_derived_from_another);
	tcase_add_test(cases, s15_a_total_with_one_missing_value);
	tcase_add_test(cases, s3_a_missing_date_goes_before_applies_when);
	tcase_add_test(cases, s16_any_needs_one_sure_row);
	tcase_add_test(cases, s23_a_fault_is_not_masked);
	tcase_add_test(cases, s27_cells_and_missing_inputs);
	tcase_add_test(cases, s40_times_that_do_not_exist_or_exist_twice);
	tcase_add_test(cases, s48_days_of_a_period_within_dates);
	tcase_add_test(cases, s53_a_longer_period_and_the_count_behind_it);
	tcase_add_test(cases, s57_the_common_value);
	tcase_add_test(cases, s67_only_what_the_contract_covers);
	tcase_add_test(cases, s67_groups_have_covered_rows_alone);
	tcase_add_test(cases, s75_first_and_last_of_a_collection);
	tcase_add_test(cases, s76_shares_and_different_values);
	tcase_add_test(cases, s79_a_row_that_overflows_is_not_assessed);
	tcase_add_test(cases, bands_of_the_night);
	tcase_add_test(cases, working_days_leave_out_holidays);
	suite_add_tcase(suite, cases);
	return suite;
}
