/*
 * What rules mean, tried on rule texts: a test for each law of the language and for the points on
 * which two implementers would differ (docs/language.md, S1 to S99), as far as they concern how
 * one row is judged.
 *
 *   expect_passes(rule + scenario)      what the verdict is
 *   judge(rule + scenario, "visit VS1")  verdict, message, stake, evidence of one row
 *
 * Names begin with the law or point; `grep s47_` finds what holds it. Boundaries
 * come in pairs: the last that passes and the first that does not.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/support.h"

Suite *laws_suite(void);

/* ---- parts of texts ---- */

/* The rule that most councils need first; its parts touch most laws. */
#define RULE_V1                                                                \
	"rule V1 \"Declared more time than the care log supports\"\n"              \
	"  severity major\n"                                                       \
	"  for each visit\n"                                                       \
	"  on visit.date\n"                                                        \
	"  applies when visit.outcome is delivered\n"                              \
	"  require visit.declared <= quarter_hour(visit.logged)\n"                 \
	"  otherwise \"Declared {visit.declared}; the log supports"                \
	" {quarter_hour(visit.logged)} ({visit.logged} before rounding)\"\n"       \
	"  at stake visit.rate * (visit.declared - quarter_hour(visit.logged))\n"

#define PROVISIONS                                                    \
	"  given provision\n"                                             \
	"    | provision_ref | provider | client | contract | start | finish | weekly_hours |\n" \
	"    | PR1 | P1 | C1 | ccsh | 2025-05-05 | 2025-12-28 | 7 hours |\n"

#define VISITS                                                        \
	"  given visit\n"                                                 \
	"    | visit_ref | provision | date | start | planned | declared | outcome | notice | rate |\n"

#define LOGS                                                          \
	"  given log\n"                                                   \
	"    | log_ref | provider | client | check_in | check_out |\n"

#define VISIT(ref, date, declared, outcome) \
	"    | " ref " | PR1 | " date " | 08:00 | 30 minutes | " declared " | " outcome \
	" | | £22.59 per hour |\n"

#define LOG(ref, in, out) "    | " ref " | P1 | C1 | " in " | " out " |\n"

/* One rule about one visit, whose condition is the text, and what is expected of it. */
#define ABOUT_VISIT(require, visit, expected)                         \
	"rule R1 \"A condition\"\n"                                       \
	"  for each visit\n"                                              \
	"  on visit.date\n"                                               \
	"  require " require "\n"                                         \
	"scenario \"one visit\"\n"                                        \
	"  audit from 1 January 2025 to 31 December 2025\n"               \
	PROVISIONS VISITS visit LOGS                                      \
	"  expect R1 " expected " for visit VS1\n"

#define PLAIN_VISIT VISIT("VS1", "2025-09-01", "30 minutes", "delivered")

/* ---- judging one subject with its evidence ---- */

/* All that a judgement leaves, still alive so that a test may look at it. */
typedef struct Judged {
	Scene scene;
	Trace trace;
	Judgement found;
} Judged;

static void judge_it(void *user, Value *slots, RowSpan group)
{
	Judged *judged = user;
	Walk walk = judged->scene.walk;
	walk.trace = &judged->trace;
	walk_judge(&walk, judged->scene.rule, slots, group, &judged->found);
}

/* Judges the subject ("visit VS1") of the book's first rule over its first scenario. */
static void judge(Judged *judged, const char *text, const char *key)
{
	Buf whole = {0};
	memset(judged, 0, sizeof *judged);
	buf_puts(&whole, home_care);
	buf_puts(&whole, text);
	scene_open(&judged->scene, whole.at);
	buf_free(&whole);
	scene_meet(&judged->scene, key, judge_it, judged);
}

static void judged_free(Judged *judged)
{
	trace_free(&judged->trace);
	scene_close(&judged->scene);
}

/* "name | value | table | key | column | note" of each line. */
static char *lines_of(const Judged *judged)
{
	Buf buf = {0};
	for (size_t i = 0; i < judged->trace.line.n; i++) {
		const TraceLine *line = &judged->trace.line.at[i];
		const Label *label = line->label;
		Str key = trace_key(&judged->trace, line);
		buf_printf(&buf, "%.*s | %.*s | %.*s | %.*s | %.*s | %.*s\n", STR_ARG(label->name),
			STR_ARG(line->value), STR_ARG(label->table), STR_ARG(key),
			STR_ARG(label->column), STR_ARG(line->note));
	}
	return buf.at;
}

static void check_missing(const Judged *judged, const char *expected)
{
	Buf buf = {0};
	buf_puts(&buf, "");
	for (size_t i = 0; i < judged->trace.missing.n; i++)
		buf_printf(&buf, "%s%.*s", i > 0 ? "; " : "", STR_ARG(judged->trace.missing.at[i]));
	ck_assert_str_eq(buf.at == NULL ? "" : buf.at, expected);
	buf_free(&buf);
}

#define SIXTEEN_MINUTES                                               \
	RULE_V1                                                           \
	"scenario \"sixteen minutes claimed as thirty\"\n"                \
	PROVISIONS VISITS PLAIN_VISIT                                     \
	LOGS LOG("L1", "2025-09-01 08:02", "2025-09-01 08:18")            \
	"  expect V1 fails for visit VS1 at stake £5.65\n"                \
	"  expect no other failure\n"

/* ---- law 1, law 2: numbers ---- */

/*
 * Sixty times a sixtieth, and three times a third, come back whole; in floating
 * point they do not.
 */
START_TEST(law1_rate_times_time_is_exact)
{
	expect_passes(
		"example £22.59 per hour * 25 minutes = £9.4125\n"
		"example £22.595 per hour * 1 minute * 60 = £22.595\n"
		"example (£10.00 / 3) * 3 = £10.00\n");
}
END_TEST

/* `percent of` and products; percent plus percent is points. */
START_TEST(s83_percentages)
{
	expect_passes(
		"example 5% * £20.00 = £1.00\n"
		"example 50% * 50% = 25%\n"
		"example 60% of £10.00 = £6.00\n"
		"example 2.5% + 2.5% = 5%\n");
}
END_TEST

/* ---- law 3, law 12: evidence ---- */

/*
 * The whole evidence, line by line, in the order of working: whoever changes it
 * sees what an auditor will see.
 */
START_TEST(law12_a_finding_can_be_done_again_by_hand)
{
	Judged judged;
	judge(&judged, SIXTEEN_MINUTES, "visit VS1");
	ck_assert_int_eq(judged.found.verdict, VERDICT_FAIL);
	char *lines = lines_of(&judged);
	ck_assert_str_eq(lines,
		"visit.date | 1 September 2025 | visits | VS1 | visit_date | \n"
		"visit.outcome | delivered | visits | VS1 | outcome | \n"
		"visit.declared | 30 minutes | visits | VS1 | declared_minutes | \n"
		"visit.logs | L1 | visits | VS1 |  | 1 row\n"
		"log.check_out | 1 September 2025 at 08:18 | logs | L1 | check_out | \n"
		"log.check_in | 1 September 2025 at 08:02 | logs | L1 | check_in | \n"
		"log.spent | 16 minutes | logs | L1 |  | \n"
		"total(log.spent for log in visit.logs) | 16 minutes |  |  |  | 1 row\n"
		"visit.logged | 16 minutes | visits | VS1 |  | \n"
		"quarter_hour(visit.logged) | 15 minutes |  |  |  | 16 minutes before rounding\n"
		"visit.rate | £22.59 per hour | visits | VS1 | rate | \n"
		"visit.declared - quarter_hour(visit.logged) | 15 minutes |  |  |  | \n"
		"visit.rate * (visit.declared - quarter_hour(visit.logged)) | £5.6475 |  |  |  | \n");
	free(lines);
	judged_free(&judged);
}
END_TEST

/* The stake is 564.75 pence until it is shown. */
START_TEST(law3_message_and_stake_are_not_rounded)
{
	Judged judged;
	judge(&judged, SIXTEEN_MINUTES, "visit VS1");
	ck_assert(str_eq(judged.found.message, STR("Declared 30 minutes; the log supports 15 minutes"
		" (16 minutes before rounding)")));
	ck_assert(judged.found.has_stake && judged.found.stake_known);
	ck_assert(ratio_cmp(judged.found.stake, (Ratio){56475, 10000}) == 0);
	ck_assert_int_eq(stake_pence(judged.found.stake), 565);
	judged_free(&judged);
}
END_TEST

/*
 * Named once, with the author's reason, though the rounding is used three
 * times.
 */
START_TEST(law11_assumed_figures_are_named)
{
	Judged judged;
	judge(&judged, SIXTEEN_MINUTES, "visit VS1");
	ck_assert_uint_eq(judged.trace.assumed.n, 1);
	ck_assert(str_eq(judged.trace.assumed.at[0],
		STR("rounding quarter_hour: the step is not published")));
	judged_free(&judged);
}
END_TEST

/* A rule may have the name of a rounding, and both may be assumed for one reason: that is said of
 * each. */
START_TEST(law11_namesakes_are_both_named)
{
	Judged judged;
	judge(&judged,
		"rule quarter_hour \"Not a quarter\"\n"
		"  for each visit\n"
		"  on visit.date\n"
		"  assumed \"the step is not published\"\n"
		"  require quarter_hour(visit.declared) > visit.declared\n"
		"scenario \"half an hour\"\n"
		PROVISIONS VISITS PLAIN_VISIT LOGS
		"  expect quarter_hour fails for visit VS1\n", "visit VS1");
	ck_assert_uint_eq(judged.trace.assumed.n, 2);
	ck_assert(str_eq(judged.trace.assumed.at[0],
		STR("rounding quarter_hour: the step is not published")));
	ck_assert(str_eq(judged.trace.assumed.at[1],
		STR("rule quarter_hour: the step is not published")));
	judged_free(&judged);
}
END_TEST

/* ---- law 4: what is missing ---- */

/*
 * A log without a check-out read as nothing would make a failure of every such
 * visit (S63).
 */
START_TEST(law4_missing_is_not_zero)
{
	Judged judged;
	judge(&judged, RULE_V1
		"scenario \"a log without check-out\"\n"
		PROVISIONS VISITS PLAIN_VISIT LOGS LOG("L1", "2025-09-01 08:02", "")
		"  expect V1 not assessed for visit VS1\n", "visit VS1");
	ck_assert_int_eq(judged.found.verdict, VERDICT_NOT_ASSESSED);
	ck_assert(!judged.found.overflow);
	check_missing(&judged, "log.check_out of log L1 is missing");
	judged_free(&judged);
}
END_TEST

/* Even with itself; only the three words that speak of presence decide. */
START_TEST(s20_missing_compared_is_unknown)
{
	expect_passes(ABOUT_VISIT("visit.notice = visit.notice", PLAIN_VISIT, "not assessed"));
	expect_passes(ABOUT_VISIT("visit.notice <> 5 minutes", PLAIN_VISIT, "not assessed"));
	expect_passes(ABOUT_VISIT("visit.notice is missing", PLAIN_VISIT, "passes"));
	expect_passes(ABOUT_VISIT("visit.notice or else 0 minutes < 1 minute", PLAIN_VISIT, "passes"));
}
END_TEST

/* Kleene: the known side decides where it can. */
START_TEST(s23_a_deciding_side_masks_the_missing_one)
{
	expect_passes(ABOUT_VISIT("visit.notice > 0 minutes or visit.outcome is delivered",
		PLAIN_VISIT, "passes"));
	expect_passes(ABOUT_VISIT("visit.notice > 0 minutes and visit.outcome is missed",
		PLAIN_VISIT, "fails"));
	expect_passes(ABOUT_VISIT("visit.notice > 0 minutes and visit.outcome is delivered",
		PLAIN_VISIT, "not assessed"));
}
END_TEST

/* Equal branches decide, different ones do not. */
START_TEST(s22_if_with_an_open_condition)
{
	expect_passes(ABOUT_VISIT("(if visit.notice > 0 minutes then £1 else £1) = £1", PLAIN_VISIT,
		"passes"));
	expect_passes(ABOUT_VISIT("(if visit.notice > 0 minutes then £1 else £2) = £1", PLAIN_VISIT,
		"not assessed"));
}
END_TEST

/* A division by zero is missing too, so that one notion is enough. */
START_TEST(s21_unknown_for_any_reason_is_missing)
{
	expect_passes(ABOUT_VISIT("visit.rate / (visit.declared / 30 minutes - 1) is missing",
		PLAIN_VISIT, "passes"));
	expect_passes(ABOUT_VISIT("visit.rate / (visit.declared / 30 minutes - 1) > £1 per hour",
		PLAIN_VISIT, "not assessed"));
}
END_TEST

/* There is a log that would fit: an empty list would accuse the provider. */
START_TEST(s64_a_visit_without_a_start_has_unknown_logs)
{
	Judged judged;
	judge(&judged, RULE_V1
		"scenario \"no start\"\n"
		PROVISIONS VISITS
		"    | VS1 | PR1 | 2025-09-01 | | | 30 minutes | delivered | | £22.59 per hour |\n"
		LOGS LOG("L1", "2025-09-01 08:02", "2025-09-01 08:18")
		"  expect V1 not assessed for visit VS1\n", "visit VS1");
	ck_assert_int_eq(judged.found.verdict, VERDICT_NOT_ASSESSED);
	check_missing(&judged, "visit.logs of visit VS1 is not known");
	judged_free(&judged);
}
END_TEST

/* The rule failed; only what it is worth is not known. */
START_TEST(s71_a_finding_without_a_sum_stands)
{
	Judged judged;
	judge(&judged, RULE_V1
		"scenario \"no rate\"\n"
		PROVISIONS VISITS
		"    | VS1 | PR1 | 2025-09-01 | 08:00 | 30 minutes | 30 minutes | delivered | | |\n"
		LOGS LOG("L1", "2025-09-01 08:02", "2025-09-01 08:18")
		"  expect V1 fails for visit VS1\n", "visit VS1");
	ck_assert_int_eq(judged.found.verdict, VERDICT_FAIL);
	ck_assert(judged.found.has_stake && !judged.found.stake_known);
	check_missing(&judged, "visit.rate of visit VS1 is missing");
	judged_free(&judged);
}
END_TEST

/* ---- law 5: verdicts ---- */

/* All five from one rule, so that none can swallow another. */
START_TEST(law5_five_verdicts)
{
	expect_passes(
		"rule R1 \"One of each\"\n"
		"  for each visit\n"
		"  on visit.date\n"
		"  applies when visit.outcome is not missed\n"
		"  require visit.declared <= 30 minutes\n"
		"  except first when visit.outcome is cancelled\n"
		"  except second when visit.declared > 40 minutes\n"
		"scenario \"all of them\"\n"
		PROVISIONS VISITS
		VISIT("VS1", "2025-09-01", "30 minutes", "delivered")
		VISIT("VS2", "2025-09-01", "31 minutes", "delivered")
		VISIT("VS3", "2025-09-01", "", "delivered")
		VISIT("VS4", "2025-09-01", "30 minutes", "missed")
		VISIT("VS5", "2025-09-01", "45 minutes", "cancelled")
		VISIT("VS6", "2025-09-01", "31 minutes", "cancelled")
		LOGS
		"  expect R1 passes for visit VS1\n"
		"  expect R1 fails for visit VS2\n"
		"  expect R1 not assessed for visit VS3\n"
		"  expect R1 not applicable for visit VS4\n"
		"  expect R1 conflicts for visit VS5\n"
		"  expect R1 not applicable for visit VS6\n"
		"  expect no other failure\n");
}
END_TEST

/* Not "not applicable": the row would vanish from everybody's list. */
START_TEST(s24_applies_when_unknown_is_not_assessed)
{
	expect_passes(
		"rule R1 \"A condition\"\n"
		"  for each visit\n"
		"  on visit.date\n"
		"  applies when visit.notice < 24 hours\n"
		"  require visit.declared > 1 hour\n"
		"scenario \"no notice\"\n"
		PROVISIONS VISITS PLAIN_VISIT LOGS
		"  expect R1 not assessed for visit VS1\n");
}
END_TEST

/* 45 minutes pass under the exception and fail without it; 46 fail under it. */
START_TEST(s33_an_exception_may_have_its_own_test)
{
	expect_passes(
		"rule R1 \"A condition\"\n"
		"  for each visit\n"
		"  on visit.date\n"
		"  require visit.declared <= 30 minutes\n"
		"  except longer when visit.outcome is frustrated\n"
		"    then require visit.declared <= 45 minutes\n"
		"scenario \"both tests\"\n"
		PROVISIONS VISITS
		VISIT("VS1", "2025-09-01", "45 minutes", "frustrated")
		VISIT("VS2", "2025-09-01", "46 minutes", "frustrated")
		VISIT("VS3", "2025-09-01", "45 minutes", "delivered")
		LOGS
		"  expect R1 passes for visit VS1\n"
		"  expect R1 fails for visit VS2\n"
		"  expect R1 fails for visit VS3\n"
		"  expect no other failure\n");
}
END_TEST

/* ---- law 6: dates ---- */

#define FLOOR                                                         \
	"parameter rate_floor : money per hour\n"                         \
	"  from 28 April 2025  £19.00 per hour  assumed \"not published\"\n" \
	"  from 6 October 2025  £20.00 per hour  published 1 September 2025\n"

/*
 * The day before and the day itself; before the first value nothing is in force
 * (S11).
 */
START_TEST(law6_parameters_change_on_their_day)
{
	expect_passes(FLOOR
		"example rate_floor is £19.00 per hour on 28 April 2025\n"
		"example rate_floor is £19.00 per hour on 5 October 2025\n"
		"example rate_floor is £20.00 per hour on 6 October 2025\n"
		"example rate_floor is missing on 27 April 2025\n"
		"example rate_floor as at 5 October 2025 is £19.00 per hour on 7 October 2025\n");
}
END_TEST

/* Published on 1 September: known on that day, not on the day before (S9). */
START_TEST(law6_what_was_published_later_is_left_out)
{
	expect_passes(FLOOR
		"rule R1 \"Below the floor\"\n"
		"  for each visit\n"
		"  on visit.date\n"
		"  require rate_floor = £19.00 per hour\n"
		"scenario \"known before\"\n"
		"  known on 31 August 2025\n"
		PROVISIONS VISITS VISIT("VS1", "2025-10-06", "30 minutes", "delivered") LOGS
		"  expect R1 passes for visit VS1\n"
		"scenario \"known on the day\"\n"
		"  known on 1 September 2025\n"
		PROVISIONS VISITS VISIT("VS1", "2025-10-06", "30 minutes", "delivered") LOGS
		"  expect R1 fails for visit VS1\n");
}
END_TEST

/* And a define with an `on` of its own keeps to it. */
START_TEST(s1_the_date_of_the_subject_goes_down)
{
	expect_passes(FLOOR
		"define floor_pay for visit : money\n"
		"  is rate_floor * visit.planned\n"
		"define fixed_pay for visit : money\n"
		"  on 1 May 2025\n"
		"  is rate_floor * visit.planned\n"
		"scenario \"two laws\"\n"
		PROVISIONS VISITS PLAIN_VISIT LOGS
		"  expect floor_pay for visit VS1 on 5 October 2025 is £9.50\n"
		"  expect floor_pay for visit VS1 on 6 October 2025 is £10.00\n"
		"  expect fixed_pay for visit VS1 on 6 October 2025 is £9.50\n");
}
END_TEST

/* No version is guessed from today or from the window. */
START_TEST(s3_without_a_date_nothing_is_assessed)
{
	Judged judged;
	judge(&judged, FLOOR
		"rule R1 \"Below the floor\"\n"
		"  for each visit\n"
		"  on visit.date\n"
		"  require visit.rate >= rate_floor\n"
		"scenario \"no date\"\n"
		PROVISIONS VISITS
		"    | VS1 | PR1 | | 08:00 | 30 minutes | 30 minutes | delivered | | £22.59 per hour |\n"
		LOGS
		"  expect R1 not assessed for visit VS1\n", "visit VS1");
	ck_assert_int_eq(judged.found.verdict, VERDICT_NOT_ASSESSED);
	ck_assert_int_eq(judged.found.on, NO_DAY);
	check_missing(&judged, "visit.date of visit VS1 is missing");
	judged_free(&judged);
}
END_TEST

/* Outside, on the first day, on the last: both ends are in (law 10). */
START_TEST(s5_outside_the_window_is_not_looked_at)
{
	expect_differs(RULE_V1
		"scenario \"too early\"\n"
		"  audit from 2 September 2025 to 30 September 2025\n"
		PROVISIONS VISITS PLAIN_VISIT LOGS
		"  expect V1 fails for visit VS1\n",
		"V1 for visit VS1 | fails | the rule looked at no such subject");
	expect_passes(RULE_V1
		"scenario \"on its first day\"\n"
		"  audit from 1 September 2025 to 30 September 2025\n"
		PROVISIONS VISITS PLAIN_VISIT LOGS
		"  expect V1 fails for visit VS1\n");
	expect_passes(RULE_V1
		"scenario \"on its last day\"\n"
		"  audit from 1 August 2025 to 1 September 2025\n"
		PROVISIONS VISITS PLAIN_VISIT LOGS
		"  expect V1 fails for visit VS1\n");
}
END_TEST

/* Which value of a history was used is half of the working. */
START_TEST(law12_parameters_say_since_when)
{
	Judged judged;
	judge(&judged, FLOOR
		"rule R1 \"Below the floor\"\n"
		"  for each visit\n"
		"  on visit.date\n"
		"  require visit.rate < rate_floor\n"
		"scenario \"a floor\"\n"
		PROVISIONS VISITS PLAIN_VISIT LOGS
		"  expect R1 fails for visit VS1\n", "visit VS1");
	char *lines = lines_of(&judged);
	ck_assert_str_eq(lines,
		"visit.date | 1 September 2025 | visits | VS1 | visit_date | \n"
		"visit.rate | £22.59 per hour | visits | VS1 | rate | \n"
		"rate_floor | £19.00 per hour |  |  |  | in force from 28 April 2025, assumed\n");
	ck_assert(str_eq(judged.trace.assumed.at[0], STR("parameter rate_floor: not published")));
	free(lines);
	judged_free(&judged);
}
END_TEST

/* ---- law 7: exceptions ---- */

#define PAYABLE                                                       \
	"define payable for visit : money\n"                              \
	"  is visit.rate * visit.declared\n"                              \
	"  except short_notice when visit.notice < 24 hours then visit.rate * visit.planned\n" \
	"  except not_made when visit.outcome is missed then £0\n"

#define NOTICED(ref, outcome, notice)                                 \
	"    | " ref " | PR1 | 2025-09-01 | 08:00 | 30 minutes | 1 hour | " outcome " | " notice \
	" | £20.00 per hour |\n"

/* None, one, the other, both, and each in doubt. */
START_TEST(law7_exceptions_do_not_hide)
{
	expect_passes(PAYABLE
		"rule R1 \"A sum\"\n"
		"  for each visit\n"
		"  on visit.date\n"
		"  require visit.payable = £20\n"
		"scenario \"exceptions\"\n"
		PROVISIONS VISITS
		NOTICED("VS1", "delivered", "48 hours")
		NOTICED("VS2", "delivered", "23 hours")
		NOTICED("VS3", "missed", "48 hours")
		NOTICED("VS4", "missed", "23 hours")
		NOTICED("VS5", "delivered", "")
		NOTICED("VS6", "missed", "")
		LOGS
		"  expect payable for visit VS1 is £20\n"
		"  expect payable for visit VS2 is £10\n"
		"  expect payable for visit VS3 is £0\n"
		"  expect R1 conflicts for visit VS4\n"
		"  expect R1 not assessed for visit VS5\n"
		"  expect R1 not assessed for visit VS6\n");
}
END_TEST

/* The contract officer has to know which two clauses to rank. */
START_TEST(s34_a_conflict_names_the_define_and_both_labels)
{
	Judged judged;
	judge(&judged, PAYABLE
		"rule R1 \"A sum\"\n"
		"  for each visit\n"
		"  on visit.date\n"
		"  require visit.payable = £20\n"
		"scenario \"both\"\n"
		PROVISIONS VISITS NOTICED("VS4", "missed", "23 hours") LOGS
		"  expect R1 conflicts for visit VS4\n", "visit VS4");
	ck_assert_int_eq(judged.found.verdict, VERDICT_CONFLICT);
	ck_assert(str_eq(judged.found.reason,
		STR("payable of visit VS4: short_notice and not_made both hold")));
	judged_free(&judged);
}
END_TEST

/* Or £10 for an hour at £20 looks like a slip. */
START_TEST(law12_the_exception_that_held_is_named)
{
	Judged judged;
	judge(&judged, PAYABLE
		"rule R1 \"A sum\"\n"
		"  for each visit\n"
		"  on visit.date\n"
		"  require visit.payable = £20\n"
		"scenario \"short notice\"\n"
		PROVISIONS VISITS NOTICED("VS2", "delivered", "23 hours") LOGS
		"  expect R1 fails for visit VS2\n", "visit VS2");
	const TraceLine *last = &judged.trace.line.at[judged.trace.line.n - 1];
	ck_assert(str_eq(last->label->name, STR("visit.payable")));
	ck_assert(str_eq(last->value, STR("£10.00")));
	ck_assert(str_eq(last->note, STR("except short_notice")));
	judged_free(&judged);
}
END_TEST

/* ---- law 8: order ---- */

/*
 * Rows and datasets the other way round: the evidence is the same to the
 * letter.
 */
START_TEST(law8_the_order_of_rows_does_not_matter)
{
	static const char *const order[2] = {
		RULE_V1 "scenario \"one way\"\n"
		PROVISIONS VISITS PLAIN_VISIT VISIT("VS2", "2025-09-01", "15 minutes", "delivered")
		LOGS LOG("L1", "2025-09-01 08:02", "2025-09-01 08:18")
		LOG("L2", "2025-09-01 07:50", "2025-09-01 07:58")
		"  expect V1 fails for visit VS1\n",
		RULE_V1 "scenario \"the other\"\n"
		LOGS LOG("L2", "2025-09-01 07:50", "2025-09-01 07:58")
		LOG("L1", "2025-09-01 08:02", "2025-09-01 08:18")
		VISITS VISIT("VS2", "2025-09-01", "15 minutes", "delivered") PLAIN_VISIT PROVISIONS
		"  expect V1 fails for visit VS1\n",
	};
	Judged one, other;
	judge(&one, order[0], "visit VS1");
	judge(&other, order[1], "visit VS1");
	char *a = lines_of(&one), *b = lines_of(&other);
	ck_assert_str_eq(a, b);
	ck_assert(str_eq(one.found.message, other.found.message));
	free(a);
	free(b);
	judged_free(&one);
	judged_free(&other);
}
END_TEST

/* ---- law 9, law 10: time ---- */

/* S89: to marks on the clock. Midnight is the next day's, which a clock time cannot say; the hour that
 * the clocks skip or repeat moves no mark, and nothing by more than a step. */
START_TEST(s89_times_go_to_marks_on_the_clock)
{
	expect_passes(
		"dataset call from calls\n"
		"  key call_ref\n"
		"  call_ref : text\n"
		"  check_in : moment\n"
		"  check_out : moment\n"
		"rounding mark : time\n"
		"  nearest 15 minutes, halves away from zero\n"
		"rounding last_hour : time\n"
		"  down to the last 1 hour\n"
		"rounding half_day : time\n"
		"  up to the next 12 hours\n"
		"define paid for call : duration\n"
		"  is mark(call.check_out) - mark(call.check_in)\n"
		"define begun for call : moment\n"
		"  is last_hour(call.check_in)\n"
		"example mark(00:07:29) is 00:00\n"
		"example mark(00:07:30) is 00:15\n"
		"example mark(23:52:29) is 23:45\n"
		"example mark(23:52:30) is missing\n"
		"example half_day(12:00) is 12:00\n"
		"example half_day(12:00:01) is missing\n"
		"example last_hour(23:59:59) is 23:00\n"
		"example mark(31 December 2025 at 23:52:30) is 1 January 2026 at 00:00\n"
		"example mark(30 March 2025 at 00:53) is 30 March 2025 at 02:00\n"
		"scenario \"both changes of the clocks\"\n"
		"  given call\n"
		"    | call_ref | check_in               | check_out              |\n"
		"    | A        | 2025-09-01 08:07       | 2025-09-01 08:08       |\n"
		"    | B        | 2025-10-25 22:05       | 2025-10-26 06:55       |\n"
		"    | C        | 2025-10-26 01:53+01:00 | 2025-10-26 01:08Z      |\n"
		"    | D        | 2025-10-26 01:53Z      | 2025-10-26 02:08Z      |\n"
		"    | E        | 2025-03-30 00:53       | 2025-03-30 02:07       |\n"
		"    | F        | 2025-10-26 01:59+01:00 | 2025-10-26 01:59Z      |\n"
		"  expect paid for call A is 15 minutes\n"
		"  expect paid for call B is 10 hours\n"
		"  expect paid for call C is 15 minutes\n"
		"  expect paid for call D is 15 minutes\n"
		"  expect paid for call E is 0 minutes\n"
		"  expect paid for call F is 1 hour\n"
		"  expect begun for call F is 26 October 2025 at 01:00\n");
}
END_TEST

/* Ten, eight, and nine in the night after. */
START_TEST(law9_a_sleep_in_lasts_ten_hours_in_october)
{
	expect_passes(
		"example 26 October 2025 at 07:00 - 25 October 2025 at 22:00 = 10 hours\n"
		"example 30 March 2025 at 07:00 - 29 March 2025 at 22:00 = 8 hours\n"
		"example 31 March 2025 at 07:00 - 30 March 2025 at 22:00 = 9 hours\n");
}
END_TEST

/* Midnight at its begin is in, midnight at its end is not. */
START_TEST(s37_a_date_stands_for_its_whole_day)
{
	expect_passes(
		"example 4 September 2025 at 23:59 <= 4 September 2025\n"
		"example 4 September 2025 at 00:00 >= 4 September 2025\n"
		"example not (4 September 2025 at 12:00 < 4 September 2025)\n"
		"example not (4 September 2025 at 12:00 > 4 September 2025)\n"
		"example 5 September 2025 at 00:00 > 4 September 2025\n"
		"example 4 September 2025 at 12:00 = 4 September 2025\n");
}
END_TEST

/* 28 February one year after the 29th, and back on the 29th after four. */
START_TEST(s38_months_in_one_step)
{
	expect_passes(
		"example 31 January 2025 + 1 month = 28 February 2025\n"
		"example 31 January 2025 + 2 months = 31 March 2025\n"
		"example 29 February 2024 + 1 year = 28 February 2025\n"
		"example 29 February 2024 + 4 years = 29 February 2028\n");
}
END_TEST

/* Each end and one minute beside it, on both sides of midnight. */
START_TEST(s42_a_range_over_midnight_wraps)
{
	expect_passes(
		"define night(t: time) : yes/no is t is 22:00 to below 07:00\n"
		"example night(22:00)\n"
		"example night(23:59)\n"
		"example night(00:00)\n"
		"example night(06:59)\n"
		"example not night(07:00)\n"
		"example not night(21:59)\n");
}
END_TEST

/* Thirty minutes and thirty-one, before, after and on either side. */
START_TEST(s43_within_has_both_ends_in)
{
	expect_passes(
		"define around(t: moment) : yes/no is t is within 30 minutes either side of"
		" 1 September 2025 at 08:00\n"
		"define behind(t: moment) : yes/no is t is within 30 minutes after"
		" 1 September 2025 at 08:00\n"
		"define ahead(t: moment) : yes/no is t is within 30 minutes before"
		" 1 September 2025 at 08:00\n"
		"example around(1 September 2025 at 08:30)\n"
		"example around(1 September 2025 at 07:30)\n"
		"example not around(1 September 2025 at 08:31)\n"
		"example not around(1 September 2025 at 07:29)\n"
		"example behind(1 September 2025 at 08:00)\n"
		"example behind(1 September 2025 at 08:30)\n"
		"example not behind(1 September 2025 at 07:59)\n"
		"example ahead(1 September 2025 at 08:00)\n"
		"example not ahead(1 September 2025 at 08:01)\n");
}
END_TEST

/* Sunday belongs to the week that began six days before. */
START_TEST(s46_weeks_begin_on_monday)
{
	expect_passes(
		"example (week of 7 September 2025).first = 1 September 2025\n"
		"example (week of 8 September 2025).first = 8 September 2025\n"
		"example (week of 1 September 2025).last = 7 September 2025\n"
		"example (week of 1 September 2025).next.first = 8 September 2025\n"
		"example (week of 1 September 2025).previous.last = 31 August 2025\n"
		"example (month of 15 February 2024).days = 29 days\n");
}
END_TEST

/* ---- periods, groups ---- */

#define RULE_W1                                                       \
	"rule W1 \"No variation submitted for a week of care\"\n"         \
	"  for each provision, every week from provision.start to provision.finish\n" \
	"  on week.last\n"                                                \
	"  require any(s in provision.provider.submissions"               \
	" where s.week = week.first and s.submitted <= week.last + 3 days)\n"

#define PROVISION(start, finish)                                      \
	"  given provision\n"                                             \
	"    | provision_ref | provider | start | finish |\n"             \
	"    | PR1 | P1 | " start " | " finish " |\n"

#define SUBMISSIONS                                                   \
	"  given submission\n"                                            \
	"    | submission_ref | provider | week | submitted |\n"

/* A minute before the end of the third day is in time, its midnight is late. */
START_TEST(s37_submitted_on_the_third_day)
{
	expect_passes(RULE_W1
		"scenario \"a week\"\n"
		"  audit from 1 September 2025 to 21 September 2025\n"
		PROVISION("2025-09-01", "2025-09-21") SUBMISSIONS
		"    | S1 | P1 | 2025-09-01 | 2025-09-10 23:59 |\n"
		"    | S2 | P1 | 2025-09-08 | 2025-09-18 00:00 |\n"
		"  expect W1 passes for provision PR1, week 1 September 2025\n"
		"  expect W1 fails for provision PR1, week 8 September 2025\n"
		"  expect W1 fails for provision PR1, week 15 September 2025\n"
		"  expect no other failure\n");
}
END_TEST

/*
 * From a Sunday to a Monday are two weeks; without an end it goes on to the end
 * of the window.
 */
START_TEST(s47_weeks_that_share_a_day)
{
	expect_passes(RULE_W1
		"scenario \"from Sunday to Monday\"\n"
		"  audit from 1 September 2025 to 30 September 2025\n"
		PROVISION("2025-09-07", "2025-09-08") SUBMISSIONS
		"  expect W1 fails for provision PR1, week 1 September 2025\n"
		"  expect W1 fails for provision PR1, week 8 September 2025\n"
		"  expect no other failure\n");
	expect_passes(RULE_W1
		"scenario \"still running\"\n"
		"  audit from 1 September 2025 to 14 September 2025\n"
		PROVISION("2025-09-03", "") SUBMISSIONS
		"  expect W1 fails for provision PR1, week 1 September 2025\n"
		"  expect W1 fails for provision PR1, week 8 September 2025\n"
		"  expect no other failure\n");
}
END_TEST

/* Not endless weeks, and not none. */
START_TEST(s47_an_unknown_start_is_one_subject)
{
	Judged judged;
	judge(&judged, RULE_W1
		"scenario \"no start\"\n"
		"  audit from 1 September 2025 to 30 September 2025\n"
		PROVISION("", "2025-09-08") SUBMISSIONS
		"  expect no other failure\n", "provision PR1, week ?");
	ck_assert_int_eq(judged.found.verdict, VERDICT_NOT_ASSESSED);
	check_missing(&judged, "provision.start of provision PR1 is missing");
	judged_free(&judged);
}
END_TEST

#define RULE_W2                                                       \
	"rule W2 \"Hours declared above the hours commissioned\"\n"       \
	"  for each visit.provision, week of visit.date\n"                \
	"  among visit where visit.outcome is delivered\n"                \
	"  on week.first\n"                                               \
	"  require total(visit.declared) <= provision.weekly_hours\n"

/*
 * One minute above seven hours, exactly seven, and a week without a row among
 * them.
 */
START_TEST(s54_groups_by_key_and_week)
{
	expect_passes(RULE_W2
		"scenario \"two weeks\"\n"
		PROVISIONS VISITS
		VISIT("VS1", "2025-09-01", "3 hours 30 minutes", "delivered")
		VISIT("VS2", "2025-09-07", "3 hours 31 minutes", "delivered")
		VISIT("VS3", "2025-09-08", "7 hours", "delivered")
		VISIT("VS4", "2025-09-09", "7 hours", "missed")
		VISIT("VS5", "2025-09-15", "9 hours", "missed")
		LOGS
		"  expect W2 fails for provision PR1, week 1 September 2025\n"
		"  expect W2 passes for provision PR1, week 8 September 2025\n"
		"  expect no other failure\n");
}
END_TEST

/* Otherwise every rule about totals would pass for weeks that nobody declared. */
START_TEST(s55_groups_without_rows_do_not_exist)
{
	expect_differs(RULE_W2
		"scenario \"nothing delivered\"\n"
		PROVISIONS VISITS VISIT("VS5", "2025-09-15", "9 hours", "missed") LOGS
		"  expect W2 passes for provision PR1, week 15 September 2025\n",
		"W2 for provision PR1, week of 15 September 2025 | passes"
		" | the rule looked at no such subject");
}
END_TEST

/* Both rows are named, in one finding. */
START_TEST(s56_rows_without_a_key_are_one_subject)
{
	Judged judged;
	judge(&judged, RULE_W2
		"scenario \"no date\"\n"
		"  audit from 1 September 2025 to 30 September 2025\n"
		PROVISIONS VISITS
		VISIT("VS1", "", "1 hour", "delivered") VISIT("VS2", "", "1 hour", "delivered")
		LOGS "  expect no other failure\n", "provision ?, week ?");
	ck_assert_int_eq(judged.found.verdict, VERDICT_NOT_ASSESSED);
	check_missing(&judged,
		"visit.date of visit VS1 is missing; visit.date of visit VS2 is missing");
	judged_free(&judged);
}
END_TEST

/* Whether it counts is not known, so neither is the total. */
START_TEST(s16_a_group_with_an_open_row_is_not_assessed)
{
	expect_passes(RULE_W2
		"scenario \"no outcome\"\n"
		PROVISIONS VISITS
		VISIT("VS1", "2025-09-01", "1 hour", "delivered")
		VISIT("VS2", "2025-09-02", "1 hour", "")
		LOGS
		"  expect W2 not assessed for provision PR1, week 1 September 2025\n");
}
END_TEST

/* By key, not in the order in which they were given. */
START_TEST(law12_a_group_lists_its_rows)
{
	Judged judged;
	judge(&judged, RULE_W2
		"scenario \"a week\"\n"
		PROVISIONS VISITS
		VISIT("VS2", "2025-09-07", "4 hours", "delivered")
		VISIT("VS1", "2025-09-01", "3 hours 30 minutes", "delivered")
		LOGS
		"  expect W2 fails for provision PR1, week 1 September 2025\n",
		"provision PR1, week of 1 September 2025");
	char *lines = lines_of(&judged);
	ck_assert_ptr_nonnull(strstr(lines,
		"visit.declared | 3 hours 30 minutes | visits | VS1 | declared_minutes | \n"
		"visit.declared | 4 hours | visits | VS2 | declared_minutes | \n"
		"total(visit.declared) | 7 hours 30 minutes |  |  |  | 2 rows\n"
		"provision.weekly_hours | 7 hours | provisions | PR1 | weekly_minutes | \n"));
	free(lines);
	judged_free(&judged);
}
END_TEST

/* A define that a condition has asked for already is listed all the same, once its row goes in. */
START_TEST(law12_what_a_condition_asked_is_listed_too)
{
	Judged judged;
	judge(&judged,
		"rule R1 \"A condition\"\n"
		"  for each provision\n"
		"  on 1 September 2025\n"
		"  require total(v.logged for v in provision.visits where v.logged > 0 minutes) = 1 hour\n"
		"scenario \"a log\"\n"
		PROVISIONS VISITS PLAIN_VISIT
		LOGS LOG("L1", "2025-09-01 08:02", "2025-09-01 08:18")
		"  expect R1 fails for provision PR1\n", "provision PR1");
	char *lines = lines_of(&judged);
	ck_assert_ptr_nonnull(strstr(lines, "\nlog.spent | 16 minutes | logs | L1 |"));
	ck_assert_ptr_nonnull(strstr(lines, "\nv.logged | 16 minutes | visits | VS1 |"));
	free(lines);
	judged_free(&judged);
}
END_TEST

/* A row that a condition refuses is counted; what the condition asks of others is listed. */
START_TEST(law12_an_empty_search_shows_what_was_looked_for)
{
	Judged judged;
	judge(&judged, RULE_W1
		"scenario \"a week\"\n"
		"  audit from 1 September 2025 to 7 September 2025\n"
		PROVISION("2025-09-01", "2025-09-07") SUBMISSIONS
		"    | S1 | P1 | 2025-09-08 | 2025-09-10 23:59 |\n"
		"  expect W1 fails for provision PR1, week 1 September 2025\n",
		"provision PR1, week of 1 September 2025");
	char *lines = lines_of(&judged);
	ck_assert_ptr_null(strstr(lines, "s.week |"));
	ck_assert_ptr_nonnull(strstr(lines, "| no |  |  |  | 0 of 1 row\n"));
	free(lines);
	judged_free(&judged);
}
END_TEST

/* ---- tables ---- */

#define CALL_SHARE                                                    \
	"table call_share(length: duration) : percent\n"                  \
	"  | length          | share |\n"                                 \
	"  | 30 minutes      | 60%   |\n"                                 \
	"  | 45 minutes      | 80%   |\n"                                 \
	"  | at least 1 hour | 100%  |\n"                                 \
	"  one row fits\n"

/* Between the rows: 31 and 59 minutes. Missing, never the row below. */
START_TEST(s28_a_table_without_a_row_that_fits)
{
	expect_passes(CALL_SHARE
		"example call_share(30 minutes) is 60%\n"
		"example call_share(1 hour) is 100%\n"
		"example call_share(59 minutes) is missing\n"
		"example call_share(31 minutes) is missing\n");
}
END_TEST

/* As the rule file has it, so that it can be found there. */
START_TEST(law12_the_row_that_fits_is_named)
{
	Judged judged;
	judge(&judged, CALL_SHARE
		"rule R1 \"A share\"\n"
		"  for each visit\n"
		"  on visit.date\n"
		"  require call_share(visit.planned) = 100%\n"
		"scenario \"half an hour\"\n"
		PROVISIONS VISITS PLAIN_VISIT LOGS
		"  expect R1 fails for visit VS1\n", "visit VS1");
	const TraceLine *last = &judged.trace.line.at[judged.trace.line.n - 1];
	ck_assert(str_eq(last->label->name, STR("call_share(visit.planned)")));
	ck_assert(str_eq(last->value, STR("60%")));
	ck_assert_str_eq(str_z(&judged.scene.arena, last->note),
		"row: | 30 minutes | 60% |, in force throughout");
	judged_free(&judged);
}
END_TEST

/* ---- roundings ---- */

/*
 * On the step, above and below zero; nothing earns no minimum; 22½ minutes are
 * the half.
 */
START_TEST(s86_to_s88_roundings)
{
	expect_passes(
		"rounding four_pence : money\n"
		"  up to the next 4p\n"
		"rounding half_hour : duration\n"
		"  nearest 15 minutes, halves away from zero\n"
		"  at least 30 minutes\n"
		"  at most 2 hours\n"
		"example four_pence(8p) is 8p\n"
		"example four_pence(9p) is 12p\n"
		"example four_pence(-9p) is -8p\n"
		"example half_hour(0 minutes) is 0 minutes\n"
		"example half_hour(16 minutes) is 30 minutes\n"
		"example half_hour(3 hours) is 2 hours\n"
		"example quarter_hour(22 minutes) is 15 minutes\n"
		"example quarter_hour(22 minutes 30 seconds) is 30 minutes\n"
		"example quarter_hour(23 minutes) is 30 minutes\n");
}
END_TEST

static TCase *laws_case(void)
{
	TCase *laws = tcase_create("laws");
	tcase_add_test(laws, law1_rate_times_time_is_exact);
	tcase_add_test(laws, law3_message_and_stake_are_not_rounded);
	tcase_add_test(laws, law4_missing_is_not_zero);
	tcase_add_test(laws, law5_five_verdicts);
	tcase_add_test(laws, law6_parameters_change_on_their_day);
	tcase_add_test(laws, law6_what_was_published_later_is_left_out);
	tcase_add_test(laws, law7_exceptions_do_not_hide);
	tcase_add_test(laws, law8_the_order_of_rows_does_not_matter);
	tcase_add_test(laws, law9_a_sleep_in_lasts_ten_hours_in_october);
	tcase_add_test(laws, s89_times_go_to_marks_on_the_clock);
	tcase_add_test(laws, law11_assumed_figures_are_named);
	tcase_add_test(laws, law11_namesakes_are_both_named);
	tcase_add_test(laws, law12_a_finding_can_be_done_again_by_hand);
	tcase_add_test(laws, law12_parameters_say_since_when);
	tcase_add_test(laws, law12_the_exception_that_held_is_named);
	tcase_add_test(laws, law12_a_group_lists_its_rows);
	tcase_add_test(laws, law12_an_empty_search_shows_what_was_looked_for);
	tcase_add_test(laws, law12_what_a_condition_asked_is_listed_too);
	tcase_add_test(laws, law12_the_row_that_fits_is_named);
	return laws;
}

static void add_points(TCase *points)
{
	tcase_add_test(points, s1_the_date_of_the_subject_goes_down);
	tcase_add_test(points, s3_without_a_date_nothing_is_assessed);
	tcase_add_test(points, s5_outside_the_window_is_not_looked_at);
	tcase_add_test(points, s16_a_group_with_an_open_row_is_not_assessed);
	tcase_add_test(points, s20_missing_compared_is_unknown);
	tcase_add_test(points, s21_unknown_for_any_reason_is_missing);
	tcase_add_test(points, s22_if_with_an_open_condition);
	tcase_add_test(points, s23_a_deciding_side_masks_the_missing_one);
	tcase_add_test(points, s24_applies_when_unknown_is_not_assessed);
	tcase_add_test(points, s28_a_table_without_a_row_that_fits);
	tcase_add_test(points, s33_an_exception_may_have_its_own_test);
	tcase_add_test(points, s34_a_conflict_names_the_define_and_both_labels);
	tcase_add_test(points, s37_a_date_stands_for_its_whole_day);
	tcase_add_test(points, s37_submitted_on_the_third_day);
	tcase_add_test(points, s38_months_in_one_step);
	tcase_add_test(points, s42_a_range_over_midnight_wraps);
	tcase_add_test(points, s43_within_has_both_ends_in);
	tcase_add_test(points, s46_weeks_begin_on_monday);
	tcase_add_test(points, s47_weeks_that_share_a_day);
	tcase_add_test(points, s47_an_unknown_start_is_one_subject);
	tcase_add_test(points, s54_groups_by_key_and_week);
	tcase_add_test(points, s55_groups_without_rows_do_not_exist);
	tcase_add_test(points, s56_rows_without_a_key_are_one_subject);
	tcase_add_test(points, s64_a_visit_without_a_start_has_unknown_logs);
	tcase_add_test(points, s71_a_finding_without_a_sum_stands);
	tcase_add_test(points, s83_percentages);
	tcase_add_test(points, s86_to_s88_roundings);
}

Suite *laws_suite(void)
{
	Suite *suite = suite_create("laws");
	TCase *points = tcase_create("points");
	add_points(points);
	suite_add_tcase(suite, laws_case());
	suite_add_tcase(suite, points);
	return suite;
}
