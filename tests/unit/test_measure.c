/*
 * Measures and KPIs: what each clause means, by scenarios that are held to the letter, and the
 * results behind them (rows, margin, the provider's own figure, the period before) by calls.
 *
 *   quarter    April to June 2025          July to September
 *   awards     A1 A2 A3 A4 (A4 returned)   A5
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "interp/measure.h"
#include "tests/unit/support.h"

Suite *measure_suite(void);

#define DATASETS                                                      \
	"dataset award from awards\n"                                     \
	"  key award_ref\n"                                               \
	"  award_ref : text\n"                                            \
	"  provider : provider from provider_ref which has awards\n"      \
	"  date : date\n"                                                 \
	"  handed_back : date\n"                                          \
	"  price : money\n"                                               \
	"  bids : count\n"                                                \
	"dataset kpi_return from kpi_returns\n"                           \
	"  key return_ref\n"                                              \
	"  return_ref : text\n"                                           \
	"  provider : provider from provider_ref\n"                       \
	"  quarter : date\n"                                              \
	"  handbacks : percent\n"                                         \
	"  spent : money\n"

#define GROUPS                                                        \
	"  for each award.provider, quarter of award.date\n"              \
	"  among award\n"

#define HANDBACKS                                                     \
	"kpi handbacks \"Packages handed back\"\n" GROUPS                 \
	"  figure count(award where award.handed_back is known) / count(award)\n" \
	"  target at most 5%\n"                                           \
	"  fails above 25%\n"

#define GIVEN                                                         \
	"  given provider\n"                                              \
	"    | provider_ref |\n"                                          \
	"    | P1 |\n"                                                    \
	"    | P2 |\n"                                                    \
	"  given award\n"                                                 \
	"    | award_ref | provider | date | handed_back | price | bids |\n" \
	"    | A1 | P1 | 2025-04-01 |            | £10.00 | 1 |\n"         \
	"    | A2 | P1 | 2025-05-01 |            | £20.00 | 2 |\n"         \
	"    | A3 | P1 | 2025-06-01 |            | £30.00 | 4 |\n"         \
	"    | A4 | P1 | 2025-06-30 | 2025-07-02 | £40.01 | 4 |\n"         \
	"    | A5 | P1 | 2025-07-01 | 2025-07-02 | £50.00 |   |\n"         \
	"  audit from 1 April 2025 to 31 December 2025\n"

/* ---- what a figure is */

START_TEST(a_ratio_is_exact)
{
	expect_passes(DATASETS HANDBACKS
		"kpi mean \"Average price\"\n" GROUPS
		"  figure average(award.price)\n  target at least £1\n"
		"scenario \"a quarter of four\"\n" GIVEN
		"  expect handbacks for provider P1, quarter 2025-04-01 is 25%\n"
		"  expect handbacks for provider P1, quarter 2025-06-30 is 25%\n"
		"  expect handbacks for provider P1, quarter 2025-07-01 is 100%\n"
		"  expect mean for provider P1, quarter 2025-04-01 is £25.0025\n");
}
END_TEST

/* At the lines themselves: `at most` and `above` say which side they are on (law 10). */
START_TEST(s98_between_the_lines_is_watch)
{
	expect_passes(DATASETS HANDBACKS
		"kpi strict \"As handbacks\"\n" GROUPS
		"  figure count(award where award.handed_back is known) / count(award)\n"
		"  target at most 25%\n  fails above 25%\n"
		"kpi beyond \"As handbacks\"\n" GROUPS
		"  figure count(award where award.handed_back is known) / count(award)\n"
		"  target at most 5%\n  fails at least 25%\n"
		"scenario \"a quarter of four\"\n" GIVEN
		"  expect handbacks watch for provider P1, quarter 2025-04-01\n"
		"  expect handbacks fails for provider P1, quarter 2025-07-01\n"
		"  expect handbacks not met for provider P1, quarter 2025-04-01\n"
		"  expect strict met for provider P1, quarter 2025-04-01\n"
		"  expect beyond fails for provider P1, quarter 2025-04-01\n");
}
END_TEST

/* What the contract does not draw is neither met nor crossed. */
START_TEST(s98_one_line_alone)
{
	expect_passes(DATASETS
		"kpi wanted \"Target alone\"\n" GROUPS
		"  figure count(award)\n  target at least 4\n"
		"kpi feared \"Failure line alone\"\n" GROUPS
		"  figure count(award)\n  fails below 4\n"
		"scenario \"four, then one\"\n" GIVEN
		"  expect wanted met for provider P1, quarter 2025-04-01\n"
		"  expect wanted watch for provider P1, quarter 2025-07-01\n"
		"  expect feared met for provider P1, quarter 2025-04-01\n"
		"  expect feared fails for provider P1, quarter 2025-07-01\n");
}
END_TEST

/* Where it cannot be proved beforehand, it is a conflict when it comes. */
START_TEST(s98_both_lines_at_once)
{
	expect_passes(DATASETS
		"parameter line : number\n  throughout 4\n"
		"kpi both \"Both\"\n" GROUPS
		"  figure count(award)\n  target at least 4\n  fails at most line\n"
		"scenario \"four\"\n" GIVEN
		"  expect both conflicts for provider P1, quarter 2025-04-01\n"
		"  expect both fails for provider P1, quarter 2025-07-01\n");
}
END_TEST

/* One row short, and just enough; whatever the figure. */
START_TEST(s98_below_the_least_evidence)
{
	expect_passes(DATASETS
		"kpi four \"Four will do\"\n" GROUPS
		"  figure count(award)\n  target at least 1\n  needs at least 4 awards\n"
		"kpi five \"Five are needed\"\n" GROUPS
		"  figure total(award.bids)\n  target at least 1\n  needs at least 5 awards\n"
		"kpi two \"Two, and a fact is missing\"\n" GROUPS
		"  figure total(award.bids)\n  target at least 1\n  needs at least 2 awards\n"
		"scenario \"four, then one without bids\"\n" GIVEN
		"  expect four met for provider P1, quarter 2025-04-01\n"
		"  expect four insufficient for provider P1, quarter 2025-07-01\n"
		"  expect five insufficient for provider P1, quarter 2025-04-01\n"
		"  expect five for provider P1, quarter 2025-04-01 is 11\n"
		"  expect two insufficient for provider P1, quarter 2025-07-01\n");
}
END_TEST

/* A missing fact is no lack of rows. */
START_TEST(s19_nothing_to_divide_by_is_insufficient)
{
	expect_passes(DATASETS
		"kpi shares \"Of none\"\n" GROUPS
		"  figure count(award) / count(award where award.price > £1,000)\n  target below 1\n"
		"kpi means \"Of none\"\n" GROUPS
		"  figure average(a.price for a in award where a.price > £1,000)\n  target below £1\n"
		"kpi lost \"A fact is missing\"\n" GROUPS
		"  figure total(award.bids)\n  target below 1\n"
		"kpi mixed \"A fact is missing besides\"\n" GROUPS
		"  figure total(award.bids) * (count(award) / count(award where award.price > £1,000))\n"
		"  target below 1\n"
		"scenario \"none\"\n" GIVEN
		"  expect shares insufficient for provider P1, quarter 2025-04-01\n"
		"  expect means insufficient for provider P1, quarter 2025-04-01\n"
		"  expect lost not assessed for provider P1, quarter 2025-07-01\n"
		"  expect mixed not assessed for provider P1, quarter 2025-07-01\n");
}
END_TEST

START_TEST(a_difference_names_the_missing_fact)
{
	expect_differs(DATASETS
		"kpi bids \"Average bids\"\n" GROUPS
		"  figure average(award.bids)\n  target at least 2\n"
		"scenario \"one without bids\"\n" GIVEN
		"  expect bids met for provider P1, quarter 2025-07-01\n",
		"bids for provider P1, quarter of 1 July 2025 | met | "
		"not assessed: award.bids of award A5 is missing");
}
END_TEST

START_TEST(a_difference_shows_the_figure)
{
	expect_differs(DATASETS HANDBACKS
		"scenario \"a quarter of four\"\n" GIVEN
		"  expect handbacks met for provider P1, quarter 2025-04-01\n",
		"handbacks for provider P1, quarter of 1 April 2025 | met | watch: 25%");
	expect_differs(DATASETS HANDBACKS
		"scenario \"a quarter of four\"\n" GIVEN
		"  expect handbacks for provider P1, quarter 2025-04-01 is 5%\n",
		"handbacks for provider P1, quarter of 1 April 2025 | 5% | 25%");
}
END_TEST

START_TEST(a_figure_outside_the_window_is_said_to_be)
{
	expect_differs(DATASETS HANDBACKS
		"scenario \"the window ends with the facts\"\n"
		"  given provider\n    | provider_ref |\n    | P1 |\n"
		"  given award\n    | award_ref | provider | date |\n    | A1 | P1 | 2025-04-01 |\n"
		"  expect handbacks met for provider P1, quarter 2025-04-01\n",
		"handbacks for provider P1, quarter of 1 April 2025 | met | "
		"the kpi has no such subject in the window: it stands on 30 June 2025");
}
END_TEST

/* ---- whom it is for */

/* P2 has no awards: no group, but a subject of `every quarter`. */
START_TEST(s55_no_rows_no_figure_unless_every)
{
	static const char all[] = DATASETS HANDBACKS
		"kpi always \"For each of them\"\n"
		"  for each provider, every quarter\n"
		"  figure count(a in provider.awards where a.date is within quarter)\n"
		"  target at least 1\n  fails below 1\n"
		"scenario \"two providers\"\n" GIVEN;
	Buf text = {0};
	buf_puts(&text, all);
	buf_puts(&text, "  expect always fails for provider P2, quarter 2025-04-01\n"
		"  expect always met for provider P1, quarter 2025-07-01\n"
		"  expect always fails for provider P1, quarter 2025-10-01\n");
	expect_passes(text.at);
	buf_clear(&text);
	buf_puts(&text, all);
	buf_puts(&text, "  expect handbacks met for provider P2, quarter 2025-04-01\n");
	expect_differs(text.at, "handbacks for provider P2, quarter of 1 April 2025 | met | "
		"the kpi has no such subject");
	buf_free(&text);
}
END_TEST

/* S6: on the last day of the period; here the price changes the day before it. */
START_TEST(s6_the_last_day_of_the_period)
{
	expect_passes(DATASETS
		"parameter limit : number\n  from 1 April 2024  100\n  from 30 June 2025  4\n"
		"  from 1 July 2025  200\n"
		"kpi many \"Limit in force\"\n" GROUPS
		"  figure count(award)\n  target at least limit\n"
		"kpi early \"Limit in force\"\n" GROUPS
		"  on quarter.first\n"
		"  figure count(award)\n  target at least limit\n"
		"scenario \"four\"\n" GIVEN
		"  expect many met for provider P1, quarter 2025-04-01 on 30 June 2025\n"
		"  expect early watch for provider P1, quarter 2025-04-01 on 1 April 2025\n");
}
END_TEST

/* Financial quarters are counted from April; their days are those of the year's. */
START_TEST(financial_quarters_and_years)
{
	expect_passes(DATASETS
		"measure q \"In a financial quarter\"\n"
		"  for each award.provider, financial_quarter of award.date\n  among award\n"
		"  figure count(award) * 10 + financial_quarter.number\n"
		"measure y \"In a financial year\"\n"
		"  for each award.provider, financial_year of award.date\n  among award\n"
		"  on financial_year.first\n"
		"  figure count(award)\n"
		"scenario \"four and one\"\n" GIVEN
		"  expect q for provider P1, financial_quarter 2025-04-01 is 41\n"
		"  expect q for provider P1, financial_quarter 2025-07-01 is 12\n"
		"  expect y for provider P1, financial_year 2025-04-01 is 5\n");
}
END_TEST

/* Windows that end on or after the row, until it falls out: the day's week and two more. */
START_TEST(rolling_windows)
{
	static const char rolling[] = DATASETS
		"measure rolled \"Over three weeks\"\n"
		"  for each award.provider, rolling 3 weeks of award.date\n  among award\n"
		"  figure total(award.price)\n"
		"scenario \"first in, first out\"\n"
		"  given provider\n    | provider_ref |\n    | P1 |\n    | P2 |\n"
		"  given award\n    | award_ref | provider | date | price |\n"
		"    | A1 | P1 | 2025-06-02 | £1 |\n"
		"    | A2 | P1 | 2025-06-15 | £2 |\n"
		"    | A3 | P1 | 2025-06-16 | £4 |\n"
		"    | A4 | P1 | 2025-07-14 | £8 |\n"
		"    | B1 | P2 | 2025-06-04 | £5 |\n"
		"  audit from 1 April 2025 to 31 December 2025\n";
	Buf text = {0};
	buf_puts(&text, rolling);
	buf_puts(&text, "  expect rolled for provider P1, week 2025-06-02 is £1\n"
		"  expect rolled for provider P1, week 2025-06-09 is £3\n"
		"  expect rolled for provider P1, week 2025-06-16 is £7\n"
		"  expect rolled for provider P1, week 2025-06-23 is £6\n"
		"  expect rolled for provider P1, week 2025-06-30 is £4\n"
		"  expect rolled for provider P1, week 2025-07-14 is £8\n"
		"  expect rolled for provider P2, week 2025-06-04 is £5\n");
	expect_passes(text.at);
	buf_clear(&text);
	buf_puts(&text, rolling); /* the gap has no rows, and so no figure (S55) */
	buf_puts(&text, "  expect rolled for provider P1, week 2025-07-07 is £0\n");
	expect_differs(text.at, "rolled for provider P1, week of 7 July 2025 | £0 | "
		"the measure has no such subject");
	buf_free(&text);
}
END_TEST

/* What `among … where` refuses makes no window, neither before nor behind the others. */
START_TEST(windows_go_by_the_rows_of_the_group)
{
	static const char text[] = DATASETS
		"measure rolled \"Over three weeks\"\n"
		"  for each award.provider, rolling 3 weeks of award.date\n"
		"  among award where award.price > £1\n"
		"  figure total(award.price)\n"
		"scenario \"the last row is refused\"\n"
		"  given provider\n    | provider_ref |\n    | P1 |\n"
		"  given award\n    | award_ref | provider | date | price |\n"
		"    | A1 | P1 | 2025-06-02 | £2 |\n"
		"    | A2 | P1 | 2025-06-09 | £4 |\n"
		"    | A3 | P1 | 2025-06-16 | £1 |\n"
		"  audit from 1 April 2025 to 31 December 2025\n";
	Buf whole = {0};
	buf_puts(&whole, text);
	buf_puts(&whole, "  expect rolled for provider P1, week 2025-06-09 is £6\n");
	expect_passes(whole.at);
	buf_clear(&whole);
	buf_puts(&whole, text);
	buf_puts(&whole, "  expect rolled for provider P1, week 2025-06-16 is £6\n");
	expect_differs(whole.at, "rolled for provider P1, week of 16 June 2025 | £6 | "
		"the measure has no such subject");
	buf_free(&whole);
}
END_TEST

/* `among … where` and `applies when`: the one drops rows, the other subjects. */
START_TEST(rows_and_subjects_left_out)
{
	expect_passes(DATASETS
		"kpi cheap \"Not the dear ones\"\n"
		"  for each award.provider, quarter of award.date\n"
		"  among award where award.price < £40\n"
		"  applies when count(award) > 2\n"
		"  figure count(award)\n  target at least 1\n  needs at least 3 awards\n"
		"kpi few \"As above\"\n" GROUPS
		"  applies when count(award) > 2\n"
		"  figure count(award)\n  target at least 1\n"
		"scenario \"three of four\"\n" GIVEN
		"  expect cheap for provider P1, quarter 2025-04-01 is 3\n"
		"  expect cheap met for provider P1, quarter 2025-04-01\n"
		"  expect few not applicable for provider P1, quarter 2025-07-01\n");
}
END_TEST

/* S16: a row that may or may not be in the group leaves the figure open. */
START_TEST(s16_a_row_that_may_belong_to_the_group)
{
	expect_passes(DATASETS
		"kpi sure \"Of those with bids\"\n"
		"  for each award.provider, quarter of award.date\n"
		"  among award where award.bids >= 0\n"
		"  figure count(award)\n  target at least 1\n"
		"scenario \"bids not known\"\n" GIVEN
		"  expect sure not assessed for provider P1, quarter 2025-07-01\n");
}
END_TEST

/* ---- parts */

/* Each exact, so that nothing is lost between them (S82). */
START_TEST(s82_parts_add_up_exactly)
{
	expect_passes(DATASETS
		"measure due \"A third, and the rest\"\n" GROUPS
		"  part third is total(award.price) / 3\n"
		"  part rest is total(award.price) * 2 / 3\n"
		"  part none is £0\n"
		"scenario \"one hundred pounds and a penny\"\n" GIVEN
		"  expect due for provider P1, quarter 2025-04-01 is £100.01\n");
}
END_TEST

/* S57 and S76 hold in figures as they do in rules. */
START_TEST(s57_s76_values_of_a_group)
{
	expect_passes(DATASETS
		"measure only \"The common price\"\n" GROUPS "  figure only_value(award.price)\n"
		"measure kinds \"Different bids\"\n" GROUPS "  figure distinct(award.bids)\n"
		"measure part_of \"Share\"\n" GROUPS "  figure share(award where award.bids = 4)\n"
		"scenario \"four, then one\"\n" GIVEN
		"  expect only not assessed for provider P1, quarter 2025-04-01\n"
		"  expect only for provider P1, quarter 2025-07-01 is £50\n"
		"  expect kinds for provider P1, quarter 2025-04-01 is 3\n"
		"  expect kinds not assessed for provider P1, quarter 2025-07-01\n"
		"  expect part_of for provider P1, quarter 2025-04-01 is 50%\n"
		"  expect part_of not assessed for provider P1, quarter 2025-07-01\n");
}
END_TEST

/* ---- results by calls */

typedef struct Bench {
	Fixture fixture;
	Arena arena;
	Law law;
	Walk walk;
	MeasureResults results;
	Differences problems;
} Bench;

/* The first measure of the text, over its first scenario's rows. */
static void bench_open(Bench *bench, const char *text)
{
	Buf whole = {0};
	memset(bench, 0, sizeof *bench);
	buf_puts(&whole, home_care);
	buf_puts(&whole, text);
	fixture_open(&bench->fixture, whole.at);
	buf_free(&whole);
	const Rulebook *book = bench->fixture.book;
	bench->problems.arena = &bench->arena;
	bench->law = scenario_law(&book->scenario[0]);
	const Store *store = scenario_store(book, &book->scenario[0], &bench->law, &bench->arena,
		&bench->problems, NULL);
	bench->walk = (Walk){.book = book, .store = store, .law = &bench->law, .arena = &bench->arena};
	measure_all(&bench->walk, &book->measure[0], &bench->results);
}

static void bench_close(Bench *bench)
{
	vec_free(&bench->results.list);
	vec_free(&bench->problems.list);
	arena_free(&bench->arena);
	fixture_close(&bench->fixture);
}

/* "£10.00", "?": as a report would print it. */
static void figure_is(Bench *bench, Value value, const char *wanted)
{
	Buf buf = {0};
	if (value.state == STATE_KNOWN)
		quantity_print(&buf, bench->fixture.book->measure[0].figure->type, value.q);
	else
		buf_puts(&buf, "?");
	ck_assert_str_eq(buf.at, wanted);
	buf_free(&buf);
}

#define RETURNED                                                      \
	"kpi handbacks \"Packages handed back\"\n" GROUPS                 \
	"  figure count(award where award.handed_back is known) / count(award)\n" \
	"  target at most 5%\n"                                           \
	"  compare kpi_return.handbacks where kpi_return.provider = provider\n" \
	"    and kpi_return.quarter is within quarter\n"                  \
	"scenario \"returns\"\n" GIVEN

static void reported_is(const char *rows, Reported how, const char *reported)
{
	Bench bench;
	Buf text = {0};
	buf_puts(&text, DATASETS RETURNED
		"  given kpi_return\n    | return_ref | provider | quarter | handbacks |\n");
	buf_puts(&text, rows);
	bench_open(&bench, text.at);
	buf_free(&text);
	ck_assert_uint_eq(bench.results.list.n, 2);
	const MeasureResult *result = &bench.results.list.at[0];
	ck_assert_str_eq(measure_reported_word(result->how), measure_reported_word(how));
	figure_is(&bench, result->reported, reported);
	ck_assert_int_eq(result->has_difference, how == REPORTED_SAME || how == REPORTED_DIFFERS);
	bench_close(&bench);
}

START_TEST(s99_the_providers_own_figure)
{
	reported_is("", REPORTED_ABSENT, "?");
	reported_is("    | R1 | P1 | 2025-06-30 | 25% |\n", REPORTED_SAME, "25%");
	reported_is("    | R1 | P1 | 2025-04-01 | 24% |\n", REPORTED_DIFFERS, "24%");
	reported_is("    | R1 | P1 | 2025-04-01 |     |\n", REPORTED_UNKNOWN, "?");
	reported_is("    | R1 | P1 | 2025-04-01 | 25% |\n    | R2 | P1 | 2025-05-01 | 25% |\n",
		REPORTED_SEVERAL, "?");
	reported_is("    | R1 | P2 | 2025-04-01 | 25% |\n    | R2 | P1 | 2025-07-01 | 25% |\n",
		REPORTED_ABSENT, "?");
}
END_TEST

/* 1/3: as whole, and to two places; £25.0025 against pence. */
START_TEST(s99_rounded_to_the_places_given)
{
	const Type percent = {.kind = TYPE_QUANTITY, .form = FORM_PERCENT, .scale = 10000};
	Type money = {.kind = TYPE_QUANTITY, .form = FORM_NUMBER, .scale = 100};
	money.unit.of[DIM_MONEY] = 1;
	const Expr share = {.op = EXPR_CONST, .type = percent};
	const Expr sum = {.op = EXPR_CONST, .type = money};
	const Ratio third = {1, 3};
	ck_assert(measure_agrees(NULL, &share, third, (Ratio){33, 100}));
	ck_assert(measure_agrees(NULL, &share, third, (Ratio){3333, 10000}));
	ck_assert(!measure_agrees(NULL, &share, third, (Ratio){3334, 10000}));
	ck_assert(!measure_agrees(NULL, &share, third, (Ratio){34, 100}));
	ck_assert(measure_agrees(NULL, &share, (Ratio){749995, 10000000}, (Ratio){75, 1000}));
	ck_assert(measure_agrees(NULL, &sum, (Ratio){250025, 10000}, (Ratio){25, 1}));
	ck_assert(!measure_agrees(NULL, &sum, (Ratio){254, 10}, (Ratio){25, 1}));
	ck_assert(!measure_agrees(NULL, &sum, (Ratio){25005, 1000}, (Ratio){25, 1}));
	ck_assert(measure_agrees(NULL, &sum, (Ratio){25005, 1000}, (Ratio){2501, 100}));
}
END_TEST

START_TEST(rows_margin_and_the_period_before)
{
	Bench bench;
	bench_open(&bench, DATASETS
		"kpi prices \"Total price\"\n" GROUPS
		"  figure total(award.price)\n  target at most £90\n    assumed \"not published\"\n"
		"  needs at least 2 awards\n"
		"scenario \"two quarters\"\n" GIVEN);
	ck_assert_uint_eq(bench.results.list.n, 2);
	const MeasureResult *first = &bench.results.list.at[0], *second = first + 1;
	ck_assert_int_eq(first->rows, 4);
	ck_assert_int_eq(first->status, STATUS_WATCH);
	ck_assert(first->has_margin);
	ck_assert(first->margin.n == 1001 && first->margin.d == 100);
	ck_assert(!first->has_previous);
	ck_assert_int_eq(first->nassumed, 1);
	ck_assert_int_eq(second->status, STATUS_INSUFFICIENT);
	figure_is(&bench, second->figure, "£50.00");
	ck_assert(second->has_previous);
	figure_is(&bench, second->previous, "£100.01");
	bench_close(&bench);
}
END_TEST

/* Where the audit begins makes no difference to the trend: the quarter before it is looked at. */
START_TEST(the_period_before_the_window)
{
	static const char *const subject[] = {
		"kpi many \"Awards\"\n" GROUPS "  figure count(award)\n  target at least 1\n",
		"kpi many \"Awards\"\n  for each provider, every quarter\n"
		"  figure count(a in provider.awards where a.date is within quarter)\n"
		"  target at least 1\n",
	};
	for (int i = 0; i < 2; i++) {
		Bench bench;
		Buf text = {0};
		buf_printf(&text, DATASETS "%sscenario \"from July\"\n" GIVEN, subject[i]);
		char *audit = strstr(text.at, "audit from 1 April");
		ck_assert_ptr_nonnull(audit);
		memcpy(audit, "audit from 1 July ", strlen("audit from 1 July "));
		bench_open(&bench, text.at);
		buf_free(&text);
		int inside = 0;
		for (size_t k = 0; k < bench.results.list.n; k++) {
			const MeasureResult *result = &bench.results.list.at[k];
			if (!result->inside || inside++ > 0)
				continue;
			figure_is(&bench, result->figure, "1");
			ck_assert(result->has_previous);
			figure_is(&bench, result->previous, "4");
		}
		ck_assert_int_gt(inside, 0);
		bench_close(&bench);
	}
}
END_TEST

/* S56: in no group, and counted: one result that names what is missing. */
START_TEST(s56_rows_without_a_key)
{
	Bench bench;
	bench_open(&bench, DATASETS
		"measure many \"Awards\"\n" GROUPS "  figure count(award)\n"
		"scenario \"without date\"\n"
		"  given provider\n    | provider_ref |\n    | P1 |\n"
		"  given award\n    | award_ref | provider | date |\n"
		"    | A1 | P1 | 2025-04-01 |\n    | A2 | P1 |            |\n    | A3 | P1 |  |\n"
		"  audit from 1 April 2025 to 31 December 2025\n");
	ck_assert_uint_eq(bench.results.list.n, 2);
	const MeasureResult *last = &bench.results.list.at[1];
	ck_assert_int_eq(bench.results.list.at[0].rows, 1);
	ck_assert_int_eq(last->status, STATUS_NOT_ASSESSED);
	ck_assert_int_eq(last->rows, 2);
	ck_assert_int_eq(last->on, NO_DAY);
	ck_assert_int_gt(last->nmissing, 0);
	bench_close(&bench);
}
END_TEST

/* A fault is not assessed and says so; a conflict is a conflict. */
START_TEST(a_fault_and_a_conflict_are_kept_apart)
{
	Bench bench;
	bench_open(&bench, DATASETS
		"define odd for award : money\n  is award.price\n"
		"  except one when award.bids > 0 then £1\n"
		"  except two when award.price > £0 then £2\n"
		"measure odds \"Conflict\"\n" GROUPS "  figure total(award.odd)\n"
		"scenario \"two exceptions\"\n" GIVEN);
	ck_assert_int_eq(bench.results.list.at[0].status, STATUS_CONFLICT);
	ck_assert(!bench.results.list.at[0].overflow);
	bench_close(&bench);
	bench_open(&bench, DATASETS
		"measure huge \"Overflow\"\n" GROUPS
		"  figure greatest(award.price) * 900,000,000,000,000,000\n"
		"scenario \"too much\"\n" GIVEN);
	ck_assert_int_eq(bench.results.list.at[0].status, STATUS_NOT_ASSESSED);
	ck_assert(bench.results.list.at[0].overflow);
	bench_close(&bench);
}
END_TEST

/* Law 8: rows in another order, the same results in the same order. */
START_TEST(the_order_of_rows_does_not_matter)
{
	static const char *const rows[] = {
		"    | A1 | P1 | 2025-04-01 | £1.01 |\n    | A2 | P2 | 2025-04-02 | £2 |\n"
		"    | A3 | P1 | 2025-07-01 | £4 |\n    | A4 | P1 | 2025-04-30 | £8 |\n",
		"    | A4 | P1 | 2025-04-30 | £8 |\n    | A3 | P1 | 2025-07-01 | £4 |\n"
		"    | A2 | P2 | 2025-04-02 | £2 |\n    | A1 | P1 | 2025-04-01 | £1.01 |\n",
	};
	static const char *const wanted[] = {"£9.01", "£4.00", "£2.00"};
	for (int i = 0; i < 2; i++) {
		Bench bench;
		Buf text = {0};
		buf_puts(&text, DATASETS
			"measure prices \"Total price\"\n" GROUPS "  figure total(award.price)\n"
			"scenario \"any order\"\n"
			"  given provider\n    | provider_ref |\n");
		buf_puts(&text, i == 0 ? "    | P1 |\n    | P2 |\n" : "    | P2 |\n    | P1 |\n");
		buf_puts(&text, "  audit from 1 April 2025 to 31 December 2025\n"
			"  given award\n    | award_ref | provider | date | price |\n");
		buf_puts(&text, rows[i]);
		bench_open(&bench, text.at);
		buf_free(&text);
		ck_assert_uint_eq(bench.results.list.n, 3);
		for (int k = 0; k < 3; k++)
			figure_is(&bench, bench.results.list.at[k].figure, wanted[k]);
		bench_close(&bench);
	}
}
END_TEST

/* Over the covered rows alone, as a rule for groups is (S67). */
START_TEST(every_period_of_a_span)
{
	expect_passes(
		"kpi weekly \"Visits in each week\"\n"
		"  for each provision, every week from provision.start to provision.finish\n"
		"  figure count(v in provision.visits where v.date is within week)\n"
		"  target at least 1\n"
		"scenario \"two weeks\"\n"
		"  given provision\n    | provision_ref | provider | start | finish |\n"
		"    | PR1 | P1 | 2025-09-03 | 2025-09-08 |\n"
		"  given visit\n    | visit_ref | provision | date |\n    | V1 | PR1 | 2025-09-07 |\n"
		"  audit from 1 September 2025 to 30 September 2025\n"
		"  expect weekly met for provision PR1, week 2025-09-01\n"
		"  expect weekly watch for provision PR1, week 2025-09-08\n");
}
END_TEST

Suite *measure_suite(void)
{
	Suite *suite = suite_create("measure");
	TCase *cases = tcase_create("scenarios"), *calls = tcase_create("results");
	tcase_add_test(cases, a_ratio_is_exact);
	tcase_add_test(cases, s98_between_the_lines_is_watch);
	tcase_add_test(cases, s98_one_line_alone);
	tcase_add_test(cases, s98_both_lines_at_once);
	tcase_add_test(cases, s98_below_the_least_evidence);
	tcase_add_test(cases, s19_nothing_to_divide_by_is_insufficient);
	tcase_add_test(cases, a_difference_names_the_missing_fact);
	tcase_add_test(cases, a_difference_shows_the_figure);
	tcase_add_test(cases, a_figure_outside_the_window_is_said_to_be);
	tcase_add_test(cases, s55_no_rows_no_figure_unless_every);
	tcase_add_test(cases, s6_the_last_day_of_the_period);
	tcase_add_test(cases, financial_quarters_and_years);
	tcase_add_test(cases, rolling_windows);
	tcase_add_test(cases, windows_go_by_the_rows_of_the_group);
	tcase_add_test(cases, rows_and_subjects_left_out);
	tcase_add_test(cases, s16_a_row_that_may_belong_to_the_group);
	tcase_add_test(cases, s82_parts_add_up_exactly);
	tcase_add_test(cases, s57_s76_values_of_a_group);
	tcase_add_test(cases, every_period_of_a_span);
	tcase_add_test(calls, s99_the_providers_own_figure);
	tcase_add_test(calls, s99_rounded_to_the_places_given);
	tcase_add_test(calls, rows_margin_and_the_period_before);
	tcase_add_test(calls, the_period_before_the_window);
	tcase_add_test(calls, s56_rows_without_a_key);
	tcase_add_test(calls, a_fault_and_a_conflict_are_kept_apart);
	tcase_add_test(calls, the_order_of_rows_does_not_matter);
	suite_add_tcase(suite, cases);
	suite_add_tcase(suite, calls);
	return suite;
}
