/*
 * What could be at stake where facts are missing: by hand for rules as councils write them, and by
 * chance, with the missing facts filled in.
 *
 *   book + rule + rows with gaps ──> bounds, facts asked for
 *          rows with those facts filled in ──> a verdict and a sum, which lie within
 *
 * Filling in goes through the text of the scenario, so that nothing of the search is taken on
 * trust. And all that is looked at is looked at twice: once working everything out again in every
 * box, once keeping from the judgement and from the first box what rests on no missing fact.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interp/bounds.h"
#include "interp/bounds_value.h"
#include "interp/scenario.h"
#include "interp/subject.h"
#include "tests/unit/support.h"

Suite *bounds_suite(void);

/* ---- one subject ---- */

typedef struct Found {
	Scene scene;
	Judgement judged;
	Bounds bounds;
} Found;

static void put_ratio(Buf *buf, bool has, Ratio q)
{
	if (!has)
		buf_puts(buf, "open");
	else
		ratio_print(buf, q, 2, false);
}

/* "0.00 to 11.30; log L1 check_out" */
static char *words_of(const Found *found)
{
	const Bounds *bounds = &found->bounds;
	Buf buf = {0};
	put_ratio(&buf, bounds->has_least, bounds->least);
	buf_puts(&buf, " to ");
	put_ratio(&buf, bounds->has_most, bounds->most);
	buf_puts(&buf, bounds->certain ? ", certain" : bounds->harmless ? ", harmless" : "");
	for (int32_t i = 0; i < bounds->nasked; i++)
		buf_printf(&buf, "; %.*s %.*s %.*s", STR_ARG(bounds->asked[i].dataset),
			STR_ARG(bounds->asked[i].key), STR_ARG(bounds->asked[i].field));
	return buf.at;
}

static bool same_end(bool has, bool other_has, Ratio q, Ratio other)
{
	return has == other_has && (!has || ratio_cmp(q, other) == 0);
}

static bool same_bounds(const Bounds *a, const Bounds *b)
{
	bool same = same_end(a->has_least, b->has_least, a->least, b->least) &&
		same_end(a->has_most, b->has_most, a->most, b->most) && a->certain == b->certain &&
		a->harmless == b->harmless && str_eq(a->least_at, b->least_at) &&
		str_eq(a->most_at, b->most_at) && a->nasked == b->nasked;
	for (int32_t i = 0; same && i < a->nasked; i++)
		same = str_eq(a->asked[i].dataset, b->asked[i].dataset) &&
			str_eq(a->asked[i].key, b->asked[i].key) &&
			str_eq(a->asked[i].field, b->asked[i].field);
	return same;
}

/* As an audit does it: with evidence, and with what the judgement worked out handed on. */
static void look_keeping(Found *found, Value *slots, RowSpan group)
{
	Scene *scene = &found->scene;
	Trace trace = {0};
	Keep keep = {.arena = &scene->arena};
	Walk walk = scene->walk;
	Judgement judged;
	Bounds bounds;
	walk.trace = &trace;
	walk.keep = &keep;
	walk_judge(&walk, scene->rule, slots, group, &judged);
	ck_assert(judged.verdict == found->judged.verdict && judged.on == found->judged.on);
	walk.trace = NULL;
	bounds_of(&walk, scene->rule, slots, group, &bounds);
	trace_free(&trace);
	Found other = {.scene = found->scene, .bounds = bounds};
	char *a = words_of(found), *b = words_of(&other);
	ck_assert_msg(same_bounds(&bounds, &found->bounds), "%s: %s (%s, %s), keeping %s (%s, %s)",
		scene->key, a, found->bounds.least_at.ptr, found->bounds.most_at.ptr, b,
		bounds.least_at.ptr, bounds.most_at.ptr);
	free(a);
	free(b);
}

static void look(void *user, Value *slots, RowSpan group)
{
	Found *found = user;
	Scene *scene = &found->scene;
	walk_judge(&scene->walk, scene->rule, slots, group, &found->judged);
	bounds_of(&scene->walk, scene->rule, slots, group, &found->bounds);
	look_keeping(found, slots, group);
}

/* The subject of the first rule of a whole text, over its first scenario. */
static void find(Found *found, const char *text, const char *key)
{
	memset(found, 0, sizeof *found);
	scene_open(&found->scene, text);
	scene_meet(&found->scene, key, look, found);
}

static void found_free(Found *found)
{
	scene_close(&found->scene);
}

static void expect_bounds(const char *text, const char *key, const char *expected)
{
	Found found;
	find(&found, text, key);
	ck_assert_int_eq(found.judged.verdict, VERDICT_NOT_ASSESSED);
	char *words = words_of(&found);
	ck_assert_str_eq(words, expected);
	free(words);
	found_free(&found);
}

/* ---- rules as councils write them ---- */

static const char visits[] =
	"contract test/book\n  title \"A book\"\n  council \"A council\"\n  version \"1\"\n"
	"  in force from 1 April 2024\n"
	"dataset visit from visits\n"
	"  key visit_ref\n"
	"  visit_ref : text\n"
	"  client : text\n"
	"  date : date from visit_date within 1 January 2025 to 31 December 2025\n"
	"  start : time\n"
	"  declared : duration from declared_minutes in minutes within 0 minutes to 24 hours\n"
	"  outcome : one of (delivered, cancelled, missed)\n"
	"  notice : duration from notice_minutes in minutes\n"
	"  signed : yes/no\n"
	"  rate : money per hour within £0 per hour to £100 per hour\n"
	"dataset log from logs\n"
	"  key log_ref\n"
	"  log_ref : text\n"
	"  client : text\n"
	"  check_in : moment\n"
	"  check_out : moment\n"
	"define spent for log : duration within 0 minutes to 24 hours\n"
	"  is log.check_out - log.check_in\n"
	"match visit with log\n"
	"  when visit.client = log.client\n"
	"  near visit.date at visit.start to log.check_in within 90 minutes\n"
	"  take at most 2\n"
	"  linked as visit.logs and log.visit\n"
	"define logged for visit : duration\n"
	"  is total(log.spent for log in visit.logs)\n"
	"rounding quarter_hour : duration\n"
	"  nearest 15 minutes, halves away from zero\n";

#define V1                                                                  \
	"rule V1 \"More than the log supports\"\n"                              \
	"  for each visit\n  on visit.date\n"                                   \
	"  applies when visit.outcome is delivered\n"                           \
	"  require visit.declared <= quarter_hour(visit.logged)\n"              \
	"  at stake visit.rate * (visit.declared - quarter_hour(visit.logged))\n"

#define GIVEN                                                               \
	"scenario \"gaps\"\n"                                                   \
	"  audit from 1 January 2025 to 31 December 2025\n"                     \
	"  given visit\n"                                                       \
	"    | visit_ref | client | date | start | declared | outcome | notice | signed | rate |\n"
#define VS1_AT_EIGHT GIVEN "    | VS1 | C1 | 2025-09-01 | 08:00 | "
#define LOGS "  given log\n    | log_ref | client | check_in | check_out |\n"
#define L1_OPEN "    | L1 | C1 | 2025-09-01 08:02 | |\n"
#define L2_OPEN "    | L2 | C1 | 2025-09-01 08:04 | |\n"
#define L2_DONE "    | L2 | C1 | 2025-09-01 08:04 | 2025-09-01 08:19 |\n"

static void expect(const char *rule, const char *rows, const char *expected)
{
	Buf buf = {0};
	buf_puts(&buf, visits);
	buf_puts(&buf, rule);
	buf_puts(&buf, rows);
	expect_bounds(buf.at, "visit VS1", expected);
	buf_free(&buf);
}

static void expect_group(const char *rule, const char *rows, const char *expected)
{
	Buf buf = {0};
	buf_puts(&buf, visits);
	buf_puts(&buf, rule);
	buf_puts(&buf, rows);
	expect_bounds(buf.at, "client C1", expected);
	buf_free(&buf);
}

/* Half an hour at £22.60 if nobody was there; nothing if the log goes on for long enough. */
START_TEST(s17_a_log_without_check_out)
{
	expect(V1, VS1_AT_EIGHT "30 minutes | delivered | | | £22.60 per hour |\n"
		LOGS L1_OPEN, "0.00 to 11.30; log L1 check_out");
}
END_TEST

/* A quarter of an hour is proved by the second log; two logs that are open can prove nothing. */
START_TEST(s17_two_logs)
{
	expect(V1, VS1_AT_EIGHT "30 minutes | delivered | | | £22.60 per hour |\n"
		LOGS L1_OPEN L2_DONE, "0.00 to 5.65; log L1 check_out");
	expect(V1, VS1_AT_EIGHT "30 minutes | delivered | | | £22.60 per hour |\n"
		LOGS L1_OPEN L2_OPEN, "0.00 to 11.30; log L1 check_out; log L2 check_out");
}
END_TEST

/* Several facts of one visit, one of them a code that lets the rule pass it by. */
START_TEST(s17_rate_and_outcome)
{
	expect(V1, VS1_AT_EIGHT "30 minutes | | | | |\n"
		LOGS L1_OPEN,
		"0.00 to 50.00; visit VS1 outcome; log L1 check_out; visit VS1 rate");
	expect(V1, VS1_AT_EIGHT "| delivered | | | £20 per hour |\n"
		LOGS L2_DONE, "0.00 to 475.00; visit VS1 declared");
}
END_TEST

/* No range is declared for notice: any of it may be missing, and the sum has no bound. */
START_TEST(s17_without_a_range_there_is_no_bound)
{
	const char *rule = "rule N1 \"Notice\"\n  for each visit\n  on visit.date\n"
		"  require visit.notice >= 24 hours\n  at stake visit.rate * visit.notice\n";
	expect(rule, VS1_AT_EIGHT "1 hour | delivered | | | £20 per hour |\n"
		LOGS, "open to open; visit VS1 notice");
	const char *fixed = "rule N1 \"Notice\"\n  for each visit\n  on visit.date\n"
		"  require visit.notice >= 24 hours\n  at stake visit.rate * visit.declared\n";
	expect(fixed, VS1_AT_EIGHT "1 hour | delivered | | | £20 per hour |\n"
		LOGS, "0.00 to 20.00; visit VS1 notice");
}
END_TEST

/* Fails whatever the rate is; the least is what the lowest of them gives. */
START_TEST(s17_a_failure_that_no_value_mends)
{
	const char *rule = "rule S1 \"Signed\"\n  for each visit\n  on visit.date\n"
		"  require visit.declared > 24 hours or visit.rate > £100 per hour\n"
		"  at stake visit.declared * £10 per hour + visit.rate * 1 hour\n";
	expect(rule, VS1_AT_EIGHT "1 hour | delivered | | | |\n"
		LOGS, "10.00 to 110.00, certain; visit VS1 rate");
	const char *passes = "rule S1 \"Rate\"\n  for each visit\n  on visit.date\n"
		"  require visit.rate <= £100 per hour\n  at stake visit.rate * 1 hour\n";
	expect(passes, VS1_AT_EIGHT "1 hour | delivered | | | |\n"
		LOGS, "0.00 to 0.00, harmless; visit VS1 rate");
}
END_TEST

/* What the provider may be owed counts below nought. */
START_TEST(s70_bounds_below_nought)
{
	const char *rule = "rule P1 \"Paid as priced\"\n  for each visit\n  on visit.date\n"
		"  require visit.rate = £20 per hour\n  at stake (visit.rate - £20 per hour) * 1 hour\n";
	expect(rule, VS1_AT_EIGHT "1 hour | delivered | | | |\n"
		LOGS, "-20.00 to 80.00; visit VS1 rate");
}
END_TEST

/* The rule answers the absence of notice itself: it is not asked for. */
START_TEST(s17_or_else_answers)
{
	const char *rule = "rule N2 \"Notice\"\n  for each visit\n  on visit.date\n"
		"  require (visit.notice or else 30 hours) >= 24 hours and visit.signed\n"
		"  at stake visit.rate * visit.declared\n";
	expect(rule, VS1_AT_EIGHT "1 hour | delivered | | | £20 per hour |\n"
		LOGS, "0.00 to 20.00; visit VS1 signed");
}
END_TEST

/* One of the two is enough, on whichever side the test of presence stands; elsewhere the same fact
 * is in the way. */
START_TEST(s17_is_missing_answers)
{
#define N3(condition) "rule N3 \"Notice\"\n  for each visit\n  on visit.date\n"      \
		"  require (" condition ") and visit.signed\n  at stake visit.rate * visit.declared\n"
	const char *row = VS1_AT_EIGHT "1 hour | delivered | | | £20 per hour |\n" LOGS;
	expect(N3("visit.notice is missing or visit.notice >= 24 hours"), row,
		"0.00 to 20.00; visit VS1 signed");
	expect(N3("visit.notice >= 24 hours or visit.notice is missing"), row,
		"0.00 to 20.00; visit VS1 signed");
	expect(N3("not (visit.notice < 24 hours and visit.notice is known)"), row,
		"0.00 to 20.00; visit VS1 signed");
	expect(N3("visit.outcome is delivered or visit.notice >= 24 hours"), row,
		"0.00 to 20.00; visit VS1 signed");
	expect(N3("visit.notice is known or visit.notice >= 24 hours"), row,
		"0.00 to 20.00; visit VS1 notice; visit VS1 signed");
}
END_TEST

/* What is missing is a row and no fact: nobody knows what it would say, and there is nothing to ask
 * for. The sum has its bounds where it does not rest on that row. */
START_TEST(s18_without_a_row_it_could_fail)
{
#define L9(require, stake) "rule L9 \"Last log\"\n  for each visit\n  on visit.date\n" \
		"  require " require "\n  at stake visit.rate * " stake "\n"
#define LAST_SPENT "last(log.spent for log in visit.logs by log.check_in)"
	const char *row = VS1_AT_EIGHT "1 hour | delivered | | yes | £20 per hour |\n" LOGS;
	expect(L9(LAST_SPENT " >= 1 hour", "visit.declared"), row, "0.00 to 20.00");
	expect(L9("least(log.spent for log in visit.logs) >= 1 hour", "visit.declared"), row,
		"0.00 to 20.00");
	expect(L9("average(log.spent for log in visit.logs) >= 1 hour", "visit.declared"), row,
		"0.00 to 20.00");
	expect(L9("share(log.spent > 1 hour for log in visit.logs) = 100%", "visit.declared"), row,
		"0.00 to 20.00");
	expect(L9(LAST_SPENT " >= 1 hour", LAST_SPENT), row, "open to open");
}
END_TEST

/* The rule says what no row comes to; and a row that may not count is as good as none. */
START_TEST(s18_without_a_row_that_is_answered)
{
	expect(L9("visit.signed", "(" LAST_SPENT " or else 30 minutes)"),
		VS1_AT_EIGHT "1 hour | delivered | | | £20 per hour |\n" LOGS,
		"0.00 to 10.00; visit VS1 signed");
	const char *rule = "rule G9 \"Dearest\"\n  for each visit\n  on visit.date\n"
		"  require greatest(v.rate for v in visit where v.outcome is missed) <= £5 per hour\n"
		"  at stake £7.00\n";
	expect(rule, VS1_AT_EIGHT "1 hour | | | | £4 per hour |\n" LOGS,
		"0.00 to 7.00; visit VS1 outcome");
}
END_TEST

/* No date: no law, so no sum. */
START_TEST(s3_without_a_law_date_all_is_open)
{
	expect(V1, GIVEN "    | VS1 | C1 | | 08:00 | 30 minutes | delivered | | | £22.60 per hour |\n"
		LOGS, "open to open; visit VS1 date");
}
END_TEST

/* A week's visits against a ceiling, one of which may not count. */
START_TEST(s17_groups_with_uncertain_rows)
{
	const char *rule = "rule V2 \"More than two hours\"\n"
		"  for each visit.client\n  among visit where visit.outcome is delivered\n"
		"  on 1 September 2025\n"
		"  require total(visit.declared) <= 2 hours\n"
		"  at stake (total(visit.declared) - 2 hours) * £20 per hour\n";
	expect_group(rule, GIVEN
		"    | A | C1 | 2025-09-01 | 08:00 | 90 minutes | delivered | | | £20 per hour |\n"
		"    | B | C1 | 2025-09-02 | 08:00 | 60 minutes | | | | £20 per hour |\n"
		"    | C | C1 | 2025-09-03 | 08:00 | 15 minutes | delivered | | | £20 per hour |\n" LOGS,
		"0.00 to 15.00; visit B outcome");
	expect_group(rule, GIVEN
		"    | A | C1 | 2025-09-01 | 08:00 | 3 hours | delivered | | | £20 per hour |\n"
		"    | B | C1 | 2025-09-02 | 08:00 | | delivered | | | £20 per hour |\n" LOGS,
		"20.00 to 500.00, certain; visit B declared");
}
END_TEST

/* A column that was never filled in: the first thousand facts are asked for; there is no sum. */
static char *unfilled(int rows)
{
	Buf buf = {0};
	buf_puts(&buf, visits);
	buf_puts(&buf, "rule V2 \"More than two hours\"\n  for each visit.client\n  among visit\n"
		"  on 1 September 2025\n  require total(visit.declared) <= 2 hours\n"
		"  at stake (total(visit.declared) - 2 hours) * £1 per hour\n" GIVEN);
	for (int i = 0; i < rows; i++)
		buf_printf(&buf, "    | V%d | C1 | 2025-09-01 | 08:00 | | delivered | | | £1 per hour |\n",
			i);
	buf_puts(&buf, LOGS);
	return buf.at;
}

START_TEST(s17_as_many_facts_as_may_be_asked_for)
{
	for (int rows = 1000; rows <= 1001; rows++) {
		Found found;
		char *text = unfilled(rows);
		find(&found, text, "client C1");
		ck_assert_int_eq(found.bounds.nasked, 1000);
		ck_assert_int_eq(found.bounds.has_most, rows == 1000);
		ck_assert(rows > 1000 || ratio_cmp(found.bounds.most, (Ratio){24 * 1000 - 2, 1}) == 0);
		found_free(&found);
		free(text);
	}
}
END_TEST

/* Of a rule without a sum fewer are. */
START_TEST(s17_as_many_as_are_asked_for_where_nothing_is_at_stake)
{
	for (int rows = 50; rows <= 51; rows++) {
		Found found;
		char *text = unfilled(rows), *stake = strstr(text, "  at stake");
		memset(stake, ' ', (size_t)(strchr(stake, '\n') - stake));
		find(&found, text, "client C1");
		ck_assert_int_eq(found.bounds.nasked, 50);
		ck_assert(!found.bounds.has_most);
		found_free(&found);
		free(text);
	}
}
END_TEST

/* The fact stands in the sum twice, so that only halving finds how much it can come to: as long as
 * that is not too much work. What is promised holds in any case. */
START_TEST(s17_a_search_ends)
{
	static const struct {
		int rows;
		const char *words;
	} of[] = {{1, "1.00 to 25.00, certain; visit A declared"},
		{12000, "11976.00 to 12048.00, certain; visit A declared"}};
	for (size_t k = 0; k < sizeof of / sizeof *of; k++) {
		Found found;
		Buf buf = {0};
		buf_puts(&buf, visits);
		buf_puts(&buf, "rule V2 \"Anything\"\n  for each visit.client\n  among visit\n"
			"  on 1 September 2025\n  require total(visit.declared) <= 0 hours\n"
			"  at stake (2 * total(visit.declared) - total(visit.declared)) * £1 per hour\n" GIVEN
			"    | A | C1 | 2025-09-01 | 08:00 | | delivered | | | |\n");
		for (int i = 0; i < of[k].rows; i++)
			buf_printf(&buf, "    | V%d | C1 | 2025-09-01 | 08:00 | 1 hour | delivered | | | |\n",
				i);
		buf_puts(&buf, LOGS);
		find(&found, buf.at, "client C1");
		char *words = words_of(&found);
		ck_assert_str_eq(words, of[k].words);
		free(words);
		found_free(&found);
		buf_free(&buf);
	}
}
END_TEST

/* ---- the range itself ---- */

static void expect_wrong(const char *text, const char *code)
{
	Fixture fixture;
	Buf buf = {0};
	buf_puts(&buf, visits);
	buf_puts(&buf, text);
	fixture_try(&fixture, buf.at);
	Buf said = {0};
	diags_print(&fixture.comp.diags, &said, false);
	ck_assert_msg(said.at != NULL && strstr(said.at, code) != NULL, "%s", said.at);
	buf_free(&said);
	buf_free(&buf);
	fixture_close(&fixture);
}

/* Both ends are in; a scenario cannot give what the data could not hold. */
START_TEST(range_of_a_scenario_cell)
{
	expect_wrong("scenario \"s\"\n" LOGS "  given visit\n    | visit_ref | declared |\n"
		"    | VS1 | 24 hours 1 minute |\n", "E0802");
	expect_wrong("scenario \"s\"\n" LOGS "  given visit\n    | visit_ref | date |\n"
		"    | VS1 | 2026-01-01 |\n", "not within the field's range");
}
END_TEST

START_TEST(range_of_a_define)
{
	expect_wrong("define late for log : duration within 2 hours to 1 hour\n  is log.spent\n",
		"ends before it begins");
	expect_wrong("define late for log : yes/no within 2 hours to 1 hour\n  is log.spent > 1 hour\n",
		"only figures and dates have a range");
}
END_TEST

/* ---- intervals ---- */

static const Type number = {.kind = TYPE_QUANTITY, .ratio = true, .scale = 1};

/* What an operation gives for single numbers; false: nothing, as for a quotient by zero. */
static bool of_numbers(int how, int x, int y, Ratio *out)
{
	*out = (Ratio){how == 0 ? x + y : how == 1 ? x * y : x < y ? x : y, 1};
	return how != 3 || (y != 0 && ratio_make(x, y, out));
}

static Bound of_intervals(int how, Bound a, Bound b)
{
	switch (how) {
	case 0: return bound_add(number, a, b);
	case 1: return bound_multiply(number, a, b);
	case 2: return bound_extreme(number, a, b, false);
	default: return bound_divide(number, a, b);
	}
}

/* Every result lies within; and both ends are the result of ends. */
static void check_intervals(int how, const int end[4])
{
	Bound a = bound_between(number, (Ratio){end[0], 1}, (Ratio){end[1], 1});
	Bound b = bound_between(number, (Ratio){end[2], 1}, (Ratio){end[3], 1});
	Bound out = of_intervals(how, a, b);
	bool low = !out.has_lo, high = !out.has_hi;
	for (int x = end[0]; x <= end[1]; x++) {
		for (int y = end[2]; y <= end[3]; y++) {
			Ratio q;
			if (!of_numbers(how, x, y, &q)) {
				ck_assert(out.missing);
				continue;
			}
			ck_assert(out.some && (!out.has_lo || ratio_cmp(out.lo, q) <= 0) &&
				(!out.has_hi || ratio_cmp(out.hi, q) >= 0));
			low = low || ratio_cmp(out.lo, q) == 0;
			high = high || ratio_cmp(out.hi, q) == 0;
		}
	}
	ck_assert_msg(!out.some || (low && high), "%d: %d..%d, %d..%d", how, end[0], end[1], end[2],
		end[3]);
}

/* All intervals of whole numbers between -3 and 3, of every sign. */
START_TEST(intervals_hold_every_result)
{
	for (int how = 0; how < 4; how++)
		for (int i = 0; i < 7 * 7 * 7 * 7; i++) {
			const int end[4] = {i % 7 - 3, i / 7 % 7 - 3, i / 49 % 7 - 3, i / 343 - 3};
			if (end[0] <= end[1] && end[2] <= end[3])
				check_intervals(how, end);
		}
}
END_TEST

/* An end that is missing stays missing, but where a sign or nought settles it. */
START_TEST(intervals_without_an_end)
{
	Bound up = {.some = true, .has_lo = true, .lo = {2, 1}}, any = bound_any();
	Bound nought = bound_between(number, (Ratio){0, 1}, (Ratio){0, 1});
	Bound two = bound_between(number, (Ratio){-2, 1}, (Ratio){-2, 1});
	ck_assert(bound_multiply(number, any, nought).known);
	Bound out = bound_multiply(number, up, two);
	ck_assert(!out.has_lo && out.has_hi && ratio_cmp(out.hi, (Ratio){-4, 1}) == 0);
	out = bound_multiply(number, up, up);
	ck_assert(out.has_lo && !out.has_hi && ratio_cmp(out.lo, (Ratio){4, 1}) == 0);
	out = bound_divide(number, two, up);
	ck_assert(out.has_lo && out.has_hi && ratio_cmp(out.lo, (Ratio){-1, 1}) == 0 && out.hi.n == 0);
	ck_assert(!bound_multiply(number, any, two).has_lo && bound_divide(number, up, any).missing);
	ck_assert(bound_surely(bound_compare(number, COMPARE_LT, two, up), 1));
	ck_assert(!bound_compare(number, COMPARE_LT, any, up).known);
}
END_TEST

/* ---- by chance ---- */

typedef struct Chance {
	uint64_t state;
} Chance;

/* Knuth's multiplier for 64 bits; the high half is what counts. */
static uint32_t chance(Chance *c, uint32_t below)
{
	c->state = c->state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((c->state >> 33) % below);
}

static const char things[] =
	"contract test/book\n  title \"A book\"\n  council \"A council\"\n  version \"1\"\n"
	"  in force from 1 April 2024\n"
	"dataset parent from parents\n  key ref\n  ref : text\n"
	"  t : duration in minutes within 0 minutes to 40 minutes\n"
	"dataset thing from things\n  key ref\n  ref : text\n"
	"  parent : parent which has things\n"
	"  d : date within 1 March 2025 to 20 April 2025\n"
	"  a : duration in minutes within 0 minutes to 60 minutes\n"
	"  b : duration in minutes within 10 minutes to 50 minutes\n"
	"  m : money within -£5 to £20\n"
	"  n : count within 0 to 5\n"
	"  y : yes/no\n"
	"  c : one of (red, green, blue)\n"
	"  r : money per hour within £0 per hour to £30 per hour\n"
	"rounding quarter : duration\n  nearest 15 minutes, halves away from zero\n"
	"rounding started : duration\n  up to the next 10 minutes\n  at least 20 minutes\n"
	"rounding banded : duration\n"
	"  | 0 minutes to below 8 minutes | 0 minutes |\n"
	"  | 8 minutes to below 23 minutes | 25 minutes |\n"
	"  | at least 23 minutes | 15 minutes |\n"
	"table part_of (length : duration) : percent\n  | length | share |\n"
	"  | below 20 minutes | 60% |\n  | 20 minutes to below 40 minutes | 35% |\n"
	"  | at least 40 minutes | 100% |\n  one row fits\n"
	"define half (x : duration, f : money) : money\n  is f * 50%\n"
	"  except long when x > 30 minutes then f + £1\n"
	"define worth for thing : money within -£10 to £40\n  is thing.m + thing.r * thing.a\n"
	"  except blue when thing.c is blue then thing.m\n"
	"  except none over blue when thing.n = 0 then £2.50\n";

static void put_money(Buf *buf, Chance *c, int depth, const char *row);
static void put_condition(Buf *buf, Chance *c, int depth, const char *row);

static void put_time(Buf *buf, Chance *c, int depth, const char *row)
{
	static const char *const simple[] = {"30 minutes", "15 minutes"};
	switch (depth > 0 ? chance(c, 11) : chance(c, 4)) {
	case 0: buf_printf(buf, "%s.a", row); break;
	case 1: buf_printf(buf, "%s.b", row); break;
	case 2: buf_printf(buf, "%s.parent.t", row); break;
	case 3: buf_puts(buf, simple[chance(c, 2)]); break;
	case 4: case 5: case 6:
		buf_puts(buf, (const char *const[]){"quarter(", "started(", "banded("}[chance(c, 3)]);
		put_time(buf, c, depth - 1, row);
		buf_puts(buf, ")");
		break;
	case 7:
		buf_puts(buf, chance(c, 2) ? "least(" : "greatest(");
		put_time(buf, c, depth - 1, row);
		buf_puts(buf, ", ");
		put_time(buf, c, depth - 1, row);
		buf_puts(buf, ")");
		break;
	case 8:
		buf_printf(buf, "(%s.a or else 12 minutes)", row);
		break;
	case 9:
		if (strcmp(row, "thing") == 0) {
			buf_puts(buf, "total(other.a for other in thing.parent.things where ");
			put_condition(buf, c, depth - 2, "other");
			buf_puts(buf, ")");
			break;
		}
		buf_printf(buf, "%s.a", row);
		break;
	default:
		buf_puts(buf, "(");
		put_time(buf, c, depth - 1, row);
		buf_puts(buf, chance(c, 2) ? " - " : " + ");
		put_time(buf, c, depth - 1, row);
		buf_puts(buf, ")");
		break;
	}
}

static void put_condition(Buf *buf, Chance *c, int depth, const char *row)
{
	static const char *const order[] = {" < ", " <= ", " = ", " >= ", " > ", " <> "};
	switch (depth > 0 ? chance(c, 11) : chance(c, 3)) {
	case 0: buf_printf(buf, "%s.y", row); break;
	case 1: buf_printf(buf, "%s.c is %s", row, chance(c, 2) ? "red" : "blue"); break;
	case 2: buf_printf(buf, "%s.n%s%u", row, order[chance(c, 6)], chance(c, 6)); break;
	case 3:
		put_time(buf, c, depth - 1, row);
		buf_puts(buf, order[chance(c, 6)]);
		put_time(buf, c, depth - 1, row);
		break;
	case 4:
		put_money(buf, c, depth - 1, row);
		buf_puts(buf, order[chance(c, 6)]);
		put_money(buf, c, depth - 1, row);
		break;
	case 5: buf_printf(buf, "%s.n is known", row); break;
	case 6:
		buf_printf(buf, "%s.d + %u days%s1 April 2025", row, chance(c, 20), order[chance(c, 5)]);
		break;
	case 7:
		buf_puts(buf, "not (");
		put_condition(buf, c, depth - 1, row);
		buf_puts(buf, ")");
		break;
	case 8:
		if (strcmp(row, "thing") == 0) {
			buf_puts(buf, chance(c, 2) ? "any(" : "none(");
			buf_puts(buf, "other in thing.parent.things where ");
			put_condition(buf, c, depth - 2, "other");
			buf_puts(buf, ")");
			break;
		}
		buf_printf(buf, "%s.y", row);
		break;
	default:
		buf_puts(buf, "(");
		put_condition(buf, c, depth - 1, row);
		buf_puts(buf, chance(c, 2) ? " and " : " or ");
		put_condition(buf, c, depth - 1, row);
		buf_puts(buf, ")");
		break;
	}
}

static void put_money(Buf *buf, Chance *c, int depth, const char *row)
{
	bool top = strcmp(row, "thing") == 0;
	switch (depth > 0 ? chance(c, 11) : chance(c, 2)) {
	case 0: buf_printf(buf, "%s.m", row); break;
	case 1: buf_printf(buf, "£%u.%02u", chance(c, 12), chance(c, 100)); break;
	case 2: case 3:
		buf_printf(buf, "%s.r * ", row);
		put_time(buf, c, depth - 1, row);
		break;
	case 4:
		buf_puts(buf, "(if ");
		put_condition(buf, c, depth - 1, row);
		buf_puts(buf, " then ");
		put_money(buf, c, depth - 1, row);
		buf_puts(buf, " else ");
		put_money(buf, c, depth - 1, row);
		buf_puts(buf, ")");
		break;
	case 5: buf_printf(buf, "%s.worth", row); break;
	case 6:
		buf_puts(buf, "part_of(");
		put_time(buf, c, depth - 1, row);
		buf_puts(buf, ") * ");
		put_money(buf, c, 0, row);
		break;
	case 7:
		buf_puts(buf, "half(");
		put_time(buf, c, depth - 1, row);
		buf_puts(buf, ", ");
		put_money(buf, c, depth - 1, row);
		buf_puts(buf, ")");
		break;
	case 8:
		if (top) {
			static const char *const kind[] = {"total", "greatest", "least", "average"};
			buf_printf(buf, "%s(other.m for other in thing.parent.things where ",
				kind[chance(c, 3)]);
			put_condition(buf, c, depth - 2, "other");
			buf_puts(buf, ")");
			break;
		}
		buf_printf(buf, "%s.m", row);
		break;
	case 9:
		if (top) {
			buf_puts(buf, "£2 * count(other in thing.parent.things where ");
			put_condition(buf, c, depth - 2, "other");
			buf_puts(buf, ")");
			break;
		}
		buf_printf(buf, "%s.m", row);
		break;
	default:
		buf_puts(buf, "(");
		put_money(buf, c, depth - 1, row);
		buf_puts(buf, chance(c, 2) ? " - " : " + ");
		put_money(buf, c, depth - 1, row);
		buf_puts(buf, ")");
		break;
	}
}

enum { PARENTS = 2, THINGS = 4, THING_CELLS = 8, CELLS = PARENTS + THINGS * THING_CELLS };

/* Cells of the scenario: the t of each parent, then d a b m n y c r of each thing. */
static const char *const cell_name[THING_CELLS] = {"d", "a", "b", "m", "n", "y", "c", "r"};

typedef struct Cells {
	char at[CELLS][24];
} Cells;

/* One of the ends, near one, or anything between. */
static uint32_t between(Chance *c, uint32_t least, uint32_t most)
{
	switch (chance(c, 5)) {
	case 0: return least;
	case 1: return most;
	default: return least + chance(c, most - least + 1);
	}
}

static void fill_cell(Chance *c, int cell, char out[24])
{
	static const char *const colour[] = {"red", "green", "blue"};
	char kind = cell < PARENTS ? 't' : cell_name[(cell - PARENTS) % THING_CELLS][0];
	uint32_t day, n;
	switch (kind) {
	case 't': snprintf(out, 24, "%u minutes", between(c, 0, 40)); break;
	case 'd':
		day = between(c, 0, 50);
		snprintf(out, 24, "2025-%02u-%02u", day < 31 ? 3 : 4, day < 31 ? day + 1 : day - 30);
		break;
	case 'a': snprintf(out, 24, "%u minutes", between(c, 0, 60)); break;
	case 'b': snprintf(out, 24, "%u minutes", between(c, 10, 50)); break;
	case 'm':
		n = between(c, 0, 2500);
		snprintf(out, 24, "%s£%u.%02u", n < 500 ? "-" : "", n < 500 ? (500 - n) / 100
			: (n - 500) / 100, n < 500 ? (500 - n) % 100 : (n - 500) % 100);
		break;
	case 'n': snprintf(out, 24, "%u", between(c, 0, 5)); break;
	case 'y': snprintf(out, 24, "%s", chance(c, 2) ? "yes" : "no"); break;
	case 'c': snprintf(out, 24, "%s", colour[chance(c, 3)]); break;
	default:
		n = between(c, 0, 3000);
		snprintf(out, 24, "£%u.%02u per hour", n / 100, n % 100);
	}
}

static char *text_of(const char *rule, const Cells *cells)
{
	Buf buf = {0};
	buf_puts(&buf, things);
	buf_puts(&buf, rule);
	buf_puts(&buf, "scenario \"s\"\n  audit from 1 January 2025 to 31 December 2025\n"
		"  given parent\n    | ref | t |\n");
	for (int i = 0; i < PARENTS; i++)
		buf_printf(&buf, "    | P%d | %s |\n", i, cells->at[i]);
	buf_puts(&buf, "  given thing\n    | ref | parent | d | a | b | m | n | y | c | r |\n");
	for (int i = 0; i < THINGS; i++) {
		buf_printf(&buf, "    | T%d | P%d |", i, i / 3);
		for (int k = 0; k < THING_CELLS; k++)
			buf_printf(&buf, " %s |", cells->at[PARENTS + i * THING_CELLS + k]);
		buf_puts(&buf, "\n");
	}
	return buf.at;
}

/* The cell that a fact asked for stands in; -1: none (a link). */
static int cell_of(const AskedFact *fact)
{
	int row = fact->key.ptr[1] - '0';
	if (str_eq(fact->dataset, STR("parent")))
		return row;
	for (int k = 0; k < THING_CELLS; k++)
		if (str_eq(fact->field, str_of(cell_name[k])))
			return PARENTS + row * THING_CELLS + k;
	return -1;
}

/* Whether this filling is one that the bounds speak of: worth has its own range. */
static bool worth_fits(const Found *filled)
{
	const Rulebook *book = filled->scene.fixture.book;
	for (int32_t i = 0; i < book->ndefines; i++) {
		const Define *define = &book->define[i];
		Type type = {.kind = TYPE_ROW, .ref = define->dataset, .scale = 1};
		Expr slot = {.op = EXPR_SLOT, .type = type}, *arg = &slot;
		Expr use = {.op = EXPR_DERIVED, .ref = i, .nargs = 1, .arg = &arg, .type = define->type};
		if (!define->has_range)
			continue;
		for (int32_t row = 0; row < THINGS; row++) {
			Walk walk = filled->scene.walk;
			Value slots[8] = {{.state = STATE_KNOWN, .n = row}};
			Value value = walk_expr(&walk, &use, slots, 20178, (RowSpan){NULL, 0});
			if (value.state == STATE_KNOWN && (ratio_cmp(value.q, (Ratio){-10, 1}) < 0 ||
			    ratio_cmp(value.q, (Ratio){40, 1}) > 0))
				return false;
		}
	}
	return true;
}

static bool lies_within(const Bounds *bounds, Ratio q)
{
	return (!bounds->has_least || ratio_cmp(bounds->least, q) <= 0) &&
		(!bounds->has_most || ratio_cmp(bounds->most, q) >= 0);
}

/* What the bounds say of a filling's verdict and sum. */
static bool holds(const Bounds *bounds, const Judgement *judged)
{
	switch (judged->verdict) {
	case VERDICT_PASS: case VERDICT_NOT_APPLICABLE:
		return !bounds->certain && lies_within(bounds, (Ratio){0, 1});
	case VERDICT_FAIL: case VERDICT_CONFLICT:
		if (bounds->harmless)
			return false;
		return judged->stake_known ? lies_within(bounds, judged->stake)
			: !bounds->has_least || !bounds->has_most;
	case VERDICT_NOT_ASSESSED: case VERDICTS:
		break;
	}
	return true;
}

typedef struct Tally {
	int open, filled, exact, tight;
} Tally;

static void check_filling(const Found *found, const char *rule, const Cells *cells, Tally *tally)
{
	Found filled;
	char *text = text_of(rule, cells);
	find(&filled, text, found->scene.key);
	if (worth_fits(&filled)) {
		tally->filled++;
		char *words = words_of(found);
		ck_assert_msg(holds(&found->bounds, &filled.judged), "%s\n%s: bounds %s\nverdict %d stake"
			" %lld/%lld", text, found->scene.key, words, filled.judged.verdict,
			(long long)filled.judged.stake.n, (long long)filled.judged.stake.d);
		free(words);
	}
	found_free(&filled);
	free(text);
}

/* All values of the one fact that is asked for; the ends must be reached. */
static void check_exact(const Found *found, const char *rule, Cells *cells, Tally *tally)
{
	static const char *const value[3][6] = {{"0", "1", "2", "3", "4", "5"}, {"yes", "no"},
		{"red", "green", "blue"}};
	int cell = cell_of(&found->bounds.asked[0]);
	char kind = cell < PARENTS ? 't' : cell_name[(cell - PARENTS) % THING_CELLS][0];
	int of = kind == 'n' ? 0 : kind == 'y' ? 1 : kind == 'c' ? 2 : -1;
	bool low = false, high = false;
	for (int i = 0; of >= 0 && i < 6 && value[of][i] != NULL; i++) {
		Found filled;
		snprintf(cells->at[cell], sizeof cells->at[cell], "%s", value[of][i]);
		char *text = text_of(rule, cells);
		find(&filled, text, found->scene.key);
		const Judgement *judged = &filled.judged;
		bool fails = judged->verdict == VERDICT_FAIL || judged->verdict == VERDICT_CONFLICT;
		Ratio q = fails ? judged->stake : (Ratio){0, 1};
		bool sure = (!fails || judged->stake_known) && judged->verdict != VERDICT_NOT_ASSESSED &&
			worth_fits(&filled);
		low = low || !sure || (found->bounds.has_least && ratio_cmp(q, found->bounds.least) == 0);
		high = high || !sure || (found->bounds.has_most && ratio_cmp(q, found->bounds.most) == 0);
		found_free(&filled);
		free(text);
	}
	char *words = words_of(found);
	ck_assert_msg(of < 0 || (low && high), "%s\n%s: %s", rule, found->scene.key, words);
	tally->exact += of >= 0;
	free(words);
}

static void check_subject(Chance *c, const char *rule, const Cells *gaps, const char *key,
	Tally *tally)
{
	Found found;
	char *text = text_of(rule, gaps);
	find(&found, text, key);
	free(text);
	if (found.judged.verdict == VERDICT_NOT_ASSESSED && !found.judged.overflow) {
		tally->open++;
		tally->tight += found.bounds.has_most;
		for (int i = 0; i < 8; i++) {
			Cells cells = *gaps;
			for (int32_t k = 0; k < found.bounds.nasked; k++)
				fill_cell(c, cell_of(&found.bounds.asked[k]),
					cells.at[cell_of(&found.bounds.asked[k])]);
			check_filling(&found, rule, &cells, tally);
		}
		Cells cells = *gaps;
		if (found.bounds.nasked == 1)
			check_exact(&found, rule, &cells, tally);
	}
	found_free(&found);
}

static void one_case(Chance *c, Tally *tally)
{
	Buf rule = {0};
	Cells cells;
	buf_puts(&rule, "rule R1 \"A rule\"\n  for each thing\n  on 1 April 2025\n  require ");
	put_condition(&rule, c, 3, "thing");
	if (chance(c, 3) == 0) {
		buf_puts(&rule, "\n  except when_blue when thing.c is blue");
		if (chance(c, 2))
			buf_puts(&rule, " then require thing.a > thing.b");
	}
	buf_puts(&rule, "\n  at stake ");
	put_money(&rule, c, 3, "thing");
	buf_puts(&rule, "\n");
	for (int i = 0; i < CELLS; i++) {
		cells.at[i][0] = '\0';
		if (chance(c, 4) > 0)
			fill_cell(c, i, cells.at[i]);
	}
	check_subject(c, rule.at, &cells, "thing T0", tally);
	check_subject(c, rule.at, &cells, "thing T3", tally);
	buf_free(&rule);
}

/* Of the things of a group: a figure of them, a condition about them. They begin with a field,
 * since what speaks of no row is no figure of rows; and averages are not added. */
static void put_figure(Buf *buf, Chance *c, bool money, bool added)
{
	static const char *const kind[] = {"total(", "least(", "greatest(", "only_value(", "average("};
	buf_puts(buf, kind[chance(c, 3) ? 0 : chance(c, added ? 4 : 5)]);
	buf_puts(buf, money ? "thing.m + " : "thing.b + ");
	if (money)
		put_money(buf, c, 2, "thing");
	else
		put_time(buf, c, 2, "thing");
	buf_puts(buf, ")");
}

static void put_group_condition(Buf *buf, Chance *c, int depth)
{
	static const char *const how[] = {"all(", "any(", "none("};
	switch (chance(c, depth > 0 ? 6 : 4)) {
	case 0: buf_printf(buf, "count(thing) >= %u", chance(c, 4)); break;
	case 1:
		buf_puts(buf, how[chance(c, 3)]);
		buf_puts(buf, chance(c, 2) ? "thing.y and " : "thing.y or ");
		put_condition(buf, c, 2, "thing");
		buf_puts(buf, ")");
		break;
	case 2:
		put_figure(buf, c, true, false);
		buf_printf(buf, " <= £%u", chance(c, 20));
		break;
	case 3:
		put_figure(buf, c, false, false);
		buf_printf(buf, " %s %u minutes", chance(c, 2) ? "<=" : ">", chance(c, 99));
		break;
	default:
		put_group_condition(buf, c, depth - 1);
		buf_puts(buf, chance(c, 2) ? " and " : " or ");
		put_group_condition(buf, c, depth - 1);
		break;
	}
}

/* Who is in the group may hang on a fact that is missing, or not. */
static void one_group(Chance *c, Tally *tally)
{
	Buf rule = {0};
	Cells cells;
	buf_puts(&rule, "rule R1 \"A rule\"\n  for each thing.parent\n  among thing where ");
	if (chance(c, 2))
		buf_puts(&rule, "thing.c is known");
	else
		put_condition(&rule, c, 1, "thing");
	buf_puts(&rule, "\n  on 1 April 2025\n  applies when ");
	put_group_condition(&rule, c, 0);
	buf_puts(&rule, "\n  require ");
	put_group_condition(&rule, c, 1);
	buf_puts(&rule, "\n  at stake ");
	bool added = chance(c, 2);
	put_figure(&rule, c, true, added);
	if (added) {
		buf_puts(&rule, " + £1 per hour * (parent.t - ");
		put_figure(&rule, c, false, true);
		buf_puts(&rule, ")");
	}
	buf_puts(&rule, "\n");
	for (int i = 0; i < CELLS; i++) {
		cells.at[i][0] = '\0';
		if (i < PARENTS || chance(c, 8) > 0)
			fill_cell(c, i, cells.at[i]);
	}
	check_subject(c, rule.at, &cells, "parent P0", tally);
	buf_free(&rule);
}

/* The tallies make sure that the cases are not all passed by. */
START_TEST(s17_every_filling_of_a_group_lies_within)
{
	Chance c = {.state = 20250902};
	Tally tally = {0};
	const char *cases = getenv("VOUCH_BOUNDS_CASES");
	for (int i = cases != NULL ? atoi(cases) : 80; i > 0; i--)
		one_group(&c, &tally);
	if (cases != NULL)
		fprintf(stderr, "# groups: %d open, %d filled, %d tight\n", tally.open, tally.filled,
			tally.tight);
	ck_assert_int_gt(tally.open, 20);
	ck_assert_int_gt(tally.filled, 100);
	ck_assert_int_gt(tally.tight * 2, tally.open);
}
END_TEST

/* The tallies make sure that the cases are not all passed by. */
START_TEST(s17_every_filling_lies_within)
{
	Chance c = {.state = 20250901};
	Tally tally = {0};
	const char *cases = getenv("VOUCH_BOUNDS_CASES");
	for (int i = cases != NULL ? atoi(cases) : 60; i > 0; i--)
		one_case(&c, &tally);
	if (cases != NULL)
		fprintf(stderr, "# %d open, %d filled, %d exact, %d tight\n", tally.open, tally.filled,
			tally.exact, tally.tight);
	ck_assert_int_gt(tally.open, 20);
	ck_assert_int_gt(tally.filled, 100);
	ck_assert_int_gt(tally.exact, 0);
	ck_assert_int_gt(tally.tight * 2, tally.open);
}
END_TEST

Suite *bounds_suite(void)
{
	Suite *suite = suite_create("bounds");
	TCase *hand = tcase_create("by hand"), *by_chance = tcase_create("by chance");
	tcase_add_test(hand, s17_a_log_without_check_out);
	tcase_add_test(hand, s17_two_logs);
	tcase_add_test(hand, s17_rate_and_outcome);
	tcase_add_test(hand, s17_without_a_range_there_is_no_bound);
	tcase_add_test(hand, s17_a_failure_that_no_value_mends);
	tcase_add_test(hand, s70_bounds_below_nought);
	tcase_add_test(hand, s17_or_else_answers);
	tcase_add_test(hand, s17_is_missing_answers);
	tcase_add_test(hand, s18_without_a_row_it_could_fail);
	tcase_add_test(hand, s18_without_a_row_that_is_answered);
	tcase_add_test(hand, s3_without_a_law_date_all_is_open);
	tcase_add_test(hand, s17_groups_with_uncertain_rows);
	tcase_add_test(hand, s17_as_many_facts_as_may_be_asked_for);
	tcase_add_test(hand, s17_as_many_as_are_asked_for_where_nothing_is_at_stake);
	tcase_add_test(hand, s17_a_search_ends);
	tcase_add_test(hand, intervals_hold_every_result);
	tcase_add_test(hand, intervals_without_an_end);
	tcase_add_test(hand, range_of_a_scenario_cell);
	tcase_add_test(hand, range_of_a_define);
	suite_add_tcase(suite, hand);
	tcase_set_timeout(by_chance, 120);
	tcase_add_test(by_chance, s17_every_filling_lies_within);
	tcase_add_test(by_chance, s17_every_filling_of_a_group_lies_within);
	suite_add_tcase(suite, by_chance);
	return suite;
}
