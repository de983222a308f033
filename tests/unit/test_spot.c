/*
 * Frames, tickets and figures of spot checks, held against published figures and against what
 * sha256sum prints.
 */
#include <check.h>
#include <stdlib.h>

#include "dsl/check.h"
#include "interp/spot.h"
#include "interp/spot_figures.h"
#include "interp/spot_risk.h"

Suite *spot_suite(void);

static void add_row(SpotFrame *frame, const char *group, const char *key, int64_t pence)
{
	*vec_push(&frame->row) = (SpotRow){.key = str_of(key), .group = str_of(group), .on = NO_DAY,
		.priced = pence != INT64_MIN, .pence = pence != INT64_MIN ? pence : 0};
}

/* Rows a-0 .. of one group, £1 and up. */
static void fill(SpotFrame *frame, int n, bool backwards)
{
	for (int i = 0; i < n; i++) {
		int k = backwards ? n - 1 - i : i;
		Str key = str_format(&frame->arena, "a-%d", k);
		add_row(frame, "G", key.ptr, 100 + k);
	}
	spot_frame_seal(frame);
}

static bool is_hex(const uint8_t *bytes, const char *hex)
{
	Buf buf = {0};
	hex_print(&buf, bytes, 32);
	bool same = strncmp(buf.at, hex, strlen(hex)) == 0;
	buf_free(&buf);
	return same;
}

/* ---- the frame ---- */

/* printf 'b\tG\t100\nc\tG\t\na\tH\t-5\n' | sha256sum */
START_TEST(a_frame_is_hashed_as_its_lines)
{
	SpotFrame frame = {0};
	add_row(&frame, "H", "a", -5);
	add_row(&frame, "G", "c", INT64_MIN);
	add_row(&frame, "G", "b", 100);
	spot_frame_seal(&frame);
	ck_assert_uint_eq(frame.group.n, 2);
	ck_assert_int_eq(frame.group.at[0].n, 2);
	ck_assert_int_eq(frame.group.at[0].pence, 100);
	ck_assert_int_eq(frame.group.at[1].pence, 0);
	ck_assert_int_eq(frame.pence, 95);
	ck_assert_int_eq(frame.unpriced, 1);
	ck_assert(is_hex(frame.sha256, "a11600ce26883f89b917eee9ce43212dcb155f7cb2d3637975a621bcbb5a8ed1"));
	ck_assert_int_eq(spot_frame_find(&frame, STR("a")), 2);
	ck_assert_int_eq(spot_frame_find(&frame, STR("z")), -1);
	ck_assert_int_eq(spot_group_find(&frame, STR("H")), 1);
	ck_assert_int_eq(spot_group_find(&frame, STR("")), -1);
	spot_frame_free(&frame);
}
END_TEST

START_TEST(the_order_of_rows_does_not_matter)
{
	SpotFrame one = {0}, other = {0};
	fill(&one, 500, false);
	fill(&other, 500, true);
	ck_assert_mem_eq(one.sha256, other.sha256, 32);
	other.row.at[7].pence++;
	spot_frame_seal(&other);
	ck_assert_mem_ne(one.sha256, other.sha256, 32);
	spot_frame_free(&one);
	spot_frame_free(&other);
}
END_TEST

/* e3b0c442… is the hash of nothing. */
START_TEST(an_empty_frame_has_no_groups)
{
	SpotFrame frame = {0};
	spot_frame_seal(&frame);
	ck_assert_uint_eq(frame.group.n, 0);
	ck_assert(is_hex(frame.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	spot_frame_free(&frame);
}
END_TEST

/* ---- tickets ---- */

/* s=$(printf %s abc | sha256sum | cut -c1-64); printf %s "${s}A-1" | sha256sum */
START_TEST(tickets_are_what_sha256sum_prints)
{
	char hex[65];
	uint8_t ticket[32];
	spot_seed_hex(STR("abc"), hex);
	ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	spot_ticket(hex, STR("A-1"), ticket);
	ck_assert(is_hex(ticket, "ca4a7d08de1e3cc95e852baf5123242f23b2face1ff1395fcfaa8580056ed301"));
}
END_TEST

START_TEST(a_larger_sample_begins_with_the_smaller_one)
{
	char hex[65];
	SpotFrame frame = {0};
	SpotSample first = {0}, whole = {0};
	fill(&frame, 300, false);
	spot_seed_hex(STR("1"), hex);
	spot_draw(&frame, &frame.group.at[0], SPOT_RANDOM, hex, 0, 61, &first);
	ck_assert_uint_eq(first.n, 61);
	spot_draw(&frame, &frame.group.at[0], SPOT_RANDOM, hex, 61, 122, &first);
	spot_draw(&frame, &frame.group.at[0], SPOT_RANDOM, hex, 0, 122, &whole);
	ck_assert_uint_eq(first.n, 122);
	for (size_t i = 0; i < 122; i++) {
		ck_assert_int_eq(first.at[i].row, whole.at[i].row);
		ck_assert_int_eq(first.at[i].number, (int32_t)i + 1);
		if (i > 0)
			ck_assert_int_lt(memcmp(first.at[i - 1].ticket, first.at[i].ticket, 32), 0);
	}
	vec_free(&first);
	vec_free(&whole);
	spot_frame_free(&frame);
}
END_TEST

static bool same_rows(const SpotSample *a, const SpotSample *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (a->at[i].row != b->at[i].row)
			return false;
	return a->n == b->n;
}

START_TEST(another_seed_draws_other_rows_and_never_more_than_there_are)
{
	char one[65], other[65];
	SpotFrame frame = {0};
	SpotSample a = {0}, b = {0}, all = {0};
	fill(&frame, 300, true);
	spot_seed_hex(STR("1"), one);
	spot_seed_hex(STR("2"), other);
	spot_draw(&frame, &frame.group.at[0], SPOT_RANDOM, one, 0, 61, &a);
	spot_draw(&frame, &frame.group.at[0], SPOT_RANDOM, other, 0, 61, &b);
	ck_assert(!same_rows(&a, &b));
	spot_draw(&frame, &frame.group.at[0], SPOT_RANDOM, one, 0, 500, &all);
	ck_assert_uint_eq(all.n, 300);
	vec_free(&a);
	vec_free(&b);
	vec_free(&all);
	spot_frame_free(&frame);
}
END_TEST

/* Pennies 0 .. 9 are p's, 10 .. 109 are r's: q and s have none, t none that is known. */
START_TEST(by_money_a_row_is_drawn_as_often_as_it_has_pence)
{
	char hex[65];
	SpotFrame frame = {0};
	SpotSample sample = {0};
	int32_t drawn[5] = {0};
	add_row(&frame, "", "p", 10);
	add_row(&frame, "", "q", 0);
	add_row(&frame, "", "r", 100);
	add_row(&frame, "", "s", -40);
	add_row(&frame, "", "t", INT64_MIN);
	spot_frame_seal(&frame);
	spot_seed_hex(STR("seed"), hex);
	spot_draw(&frame, &frame.group.at[0], SPOT_MONEY, hex, 0, 11000, &sample);
	ck_assert_uint_eq(sample.n, 11000);
	for (size_t i = 0; i < sample.n; i++) {
		drawn[sample.at[i].row]++;
		ck_assert_int_eq(sample.at[i].row, sample.at[i].penny < 10 ? 0 : 2);
	}
	/* 1,000 are expected of p, give or take five times the standard deviation of 30 */
	ck_assert_int_ge(drawn[0], 850);
	ck_assert_int_le(drawn[0], 1150);
	ck_assert_int_eq(drawn[0] + drawn[2], 11000);
	vec_free(&sample);
	spot_frame_free(&frame);
}
END_TEST

START_TEST(by_money_nothing_is_drawn_where_there_is_none)
{
	char hex[65];
	SpotFrame frame = {0};
	SpotSample sample = {0};
	add_row(&frame, "", "q", 0);
	spot_frame_seal(&frame);
	spot_seed_hex(STR("seed"), hex);
	spot_draw(&frame, &frame.group.at[0], SPOT_MONEY, hex, 0, 5, &sample);
	ck_assert_uint_eq(sample.n, 0);
	spot_frame_free(&frame);
}
END_TEST

START_TEST(the_largest_come_first_and_ties_go_by_key)
{
	SpotFrame frame = {0};
	SpotSample sample = {0};
	add_row(&frame, "", "d", 7);
	add_row(&frame, "", "b", 9);
	add_row(&frame, "", "c", 7);
	add_row(&frame, "", "a", 1);
	spot_frame_seal(&frame);
	spot_top(&frame, &frame.group.at[0], 2, &sample);
	ck_assert_uint_eq(sample.n, 2);
	ck_assert(str_eq(frame.row.at[sample.at[0].row].key, STR("b")));
	ck_assert(str_eq(frame.row.at[sample.at[1].row].key, STR("c")));
	vec_free(&sample);
	spot_frame_free(&frame);
}
END_TEST

/* ---- figures ---- */

static SpotFigures figures(SpotMethod method, int64_t population, int64_t book,
	const SpotLooked *looked, int64_t n, const int64_t *rest, int64_t nrest)
{
	SpotAsk ask = {method, 9500, 5000, population, book, looked, n, rest, nrest, NULL, 0,
		false};
	SpotFigures out;
	ck_assert_int_eq(spot_figures(&ask, NULL, &out), SAMPLING_OK);
	return out;
}

/* The 100 of 3,500 rows of the data set BuildIt (jfa): estimate 34,298.60, two-sided interval
 * 3,437.26 to 65,159.94 before the correction sqrt(1 - 100/3500). */
START_TEST(the_difference_estimate_is_the_published_one)
{
	static const int64_t book[] = {30729, 28307, 47522, 34794, 21976},
		audit[] = {12292, 11323, 19009, 13918, 8790};
	static SpotLooked looked[100];
	static int64_t rest[3400];
	for (int i = 0; i < 100; i++)
		looked[i] = (SpotLooked){40000, 0, 0, false};
	for (int i = 0; i < 5; i++)
		looked[i] = (SpotLooked){book[i], book[i] - audit[i], 0, true};
	SpotFigures out = figures(SPOT_RANDOM, 3500, 140322082, looked, 100, rest, 3400);
	ck_assert_int_eq(out.wrong, 5);
	ck_assert_int_eq(out.over, 97996);
	ck_assert_int_eq(out.estimate, 3429860);
	/* 30,861.33 sqrt(0.97142857) = 30,417.26 */
	ck_assert_int_eq((out.estimate - out.lower + 50) / 100, 30417);
	ck_assert_int_eq((out.upper - out.estimate + 50) / 100, 30417);
	/* the one-sided limit lies within the interval, and is what would be claimed */
	ck_assert_int_gt(out.claim_lower, out.lower);
	ck_assert_int_lt(out.claim_lower, out.estimate);
	ck_assert_int_eq(out.claim, out.claim_lower);
	/* all five are wrong by more than half; nothing smaller than £0 is known of the rest */
	ck_assert_int_eq(out.serious, 5);
	ck_assert_int_eq(out.minimum, out.over);
}
END_TEST

/* Touw and Hoogduin: of 1,200 with 102 looked at, at 90%: 25 bad for none found. At 95% with 61 of
 * a large population: no more than 4.8% (1 - 0.05^(1/61)). */
START_TEST(nothing_found_is_a_limit_and_no_pass)
{
	static SpotLooked looked[102];
	static int64_t rest[1098];
	for (int i = 0; i < 102; i++)
		looked[i] = (SpotLooked){100, 0, 0, false};
	for (int i = 0; i < 1098; i++)
		rest[i] = 100;
	SpotAsk ask = {SPOT_RANDOM, 9000, 5000, 1200, 120000, looked, 102, rest, 1098, NULL,
		0, false};
	SpotFigures out;
	ck_assert_int_eq(spot_figures(&ask, NULL, &out), SAMPLING_OK);
	ck_assert_int_eq(out.count_upper, 25);
	ck_assert_int_eq(out.count_lower, 0);
	ck_assert_int_eq(out.rate, 0);
	ck_assert_int_eq(out.rate_upper, 20833334);
	ck_assert(!out.has_estimate);
	ck_assert_int_eq(out.claim, 0);
	ck_assert_int_gt(out.exposure, 0);
}
END_TEST

/* Touw and Hoogduin, p. 138: n = 145, taints 1, 0.20000072, 0.03999931: 469,616.5 of 13.5 million;
 * the book's figure rests on printed bounds, 0.03478656 of the book is the exact one. */
START_TEST(stringers_limit_is_the_published_one)
{
	static SpotLooked looked[145];
	for (int i = 0; i < 145; i++)
		looked[i] = (SpotLooked){100000000, 0, 0, false};
	looked[0] = (SpotLooked){100000000, 100000000, 0, true};
	looked[1] = (SpotLooked){100000000, 20000072, 0, true};
	looked[2] = (SpotLooked){100000000, 3999931, 0, true};
	SpotFigures out = figures(SPOT_MONEY, 9999, 1350000000, looked, 145, NULL, 0);
	ck_assert_int_eq(out.over_upper / 1000, 46961);
	ck_assert_int_eq(out.count_lower, -1);
	ck_assert(!out.has_estimate);
	ck_assert_int_eq(out.serious, 1);
}
END_TEST

/* 40 of 1,000 rows are worth £1,000 and not payable at all, the others £10 and right: £40,000 of
 * £49,600. A sample of 61 with none of the 40, which is one in thirteen, must not say that next to
 * nothing can be wrong. 4.6% of 1,000 may be: the hypergeometric limit of none in 61. */
START_TEST(a_few_dear_rows_may_be_the_wrong_ones)
{
	static SpotLooked looked[61];
	static int64_t rest[939];
	CountLimits count;
	for (int i = 0; i < 61; i++)
		looked[i] = (SpotLooked){1000, 0, 0, false};
	for (int i = 0; i < 939; i++)
		rest[i] = i % 20 == 0 && i < 800 ? 100000 : 1000;
	SpotFigures out = figures(SPOT_RANDOM, 1000, 4960000, looked, 61, rest, 939);
	ck_assert_int_eq(sampling_count(9500, 1000, 61, 0, &count), SAMPLING_OK);
	ck_assert_int_eq(out.count_upper, count.upper);
	ck_assert_int_eq(out.over_upper, 40 * 100000 + (count.upper - 40) * 1000);
	ck_assert_int_eq(out.exposure, out.over_upper);
	/* with one of them found the truth still lies below the limit */
	looked[0] = (SpotLooked){100000, 100000, 0, true};
	rest[0] = 1000;
	out = figures(SPOT_RANDOM, 1000, 4960000, looked, 61, rest, 939);
	ck_assert_int_ge(out.exposure, 40 * 100000);
}
END_TEST

START_TEST(a_census_estimates_nothing)
{
	static const SpotLooked looked[] = {{1000, 250, 0, true}, {800, 0, 100, true},
		{500, 0, 0, false}};
	SpotFigures out = figures(SPOT_RANDOM, 3, 2300, looked, 3, NULL, 0);
	ck_assert(out.census);
	ck_assert_int_eq(out.count_lower, 2);
	ck_assert_int_eq(out.count_upper, 2);
	ck_assert_int_eq(out.over, 250);
	ck_assert_int_eq(out.under, 100);
	ck_assert_int_eq(out.estimate, 150);
	ck_assert_int_eq(out.lower, 150);
	ck_assert_int_eq(out.claim, 150);
	ck_assert_int_eq(out.exposure, 250);
}
END_TEST

/* A row that was drawn twice counts twice in the limits, and once in what was found. */
START_TEST(a_row_drawn_twice_is_found_once)
{
	static const SpotLooked looked[] = {{1000, 500, 0, true}, {1000, 500, 0, true},
		{900, 0, 0, false}};
	static const bool once[] = {true, false, true};
	SpotAsk ask = {SPOT_MONEY, 9500, 5000, 10, 9000, looked, 3, NULL, 0, NULL, 0, false};
	SpotFigures out;
	ck_assert_int_eq(spot_figures(&ask, once, &out), SAMPLING_OK);
	ck_assert_int_eq(out.over, 500);
	ck_assert_int_eq(out.wrong, 2);
	ck_assert_int_eq(out.serious, 2);
}
END_TEST

/* Rows that were paid nothing, or what nobody knows, take part in the rate alone. */
START_TEST(rows_without_money_have_no_taint)
{
	static const SpotLooked looked[] = {{0, 0, 0, true}, {-300, 0, 0, false}, {1000, 0, 0, false}};
	static const int64_t rest[] = {0, 500};
	SpotFigures out = figures(SPOT_RANDOM, 5, 1500, looked, 3, rest, 2);
	ck_assert_int_eq(out.wrong, 1);
	ck_assert_int_eq(out.over, 0);
	ck_assert_int_eq(out.serious, 0);
}
END_TEST

/* ---- the plan's risk ---- */

static int64_t risk_of_plan(int64_t first, int64_t then, int64_t full)
{
	SpotCheck spot = {.draw = first, .then = {.n = then, .when = 1},
		.full = {.n = full > 0, .when = full}, .confidence = 9500, .tolerable = 500};
	int64_t risk;
	ck_assert_int_eq(spot_risk(&spot, &risk), SAMPLING_OK);
	return risk;
}

/* jfa: 61 and 61 has 0.04992, 60 and 60 has 0.05277; 59 and 59 is 5.58%. */
START_TEST(the_risk_is_that_of_the_whole_plan)
{
	ck_assert_int_eq((risk_of_plan(61, 61, 2) + 5000) / 10000, 4992);
	ck_assert_int_eq((risk_of_plan(60, 60, 2) + 5000) / 10000, 5277);
	ck_assert_int_eq((risk_of_plan(59, 59, 2) + 50000) / 100000, 558);
	ck_assert_int_le(risk_of_plan(59, 0, 1), 50000000);
	ck_assert_int_gt(risk_of_plan(58, 0, 1), 50000000);
}
END_TEST

START_TEST(a_plan_without_a_tolerable_rate_promises_nothing)
{
	SpotCheck spot = {.draw = 1, .confidence = 9500};
	int64_t risk;
	ck_assert_int_ne(spot_risk(&spot, &risk), SAMPLING_OK);
}
END_TEST

Suite *spot_suite(void)
{
	Suite *suite = suite_create("spot");
	TCase *tcase = tcase_create("frames and tickets");
	tcase_add_test(tcase, a_frame_is_hashed_as_its_lines);
	tcase_add_test(tcase, the_order_of_rows_does_not_matter);
	tcase_add_test(tcase, an_empty_frame_has_no_groups);
	tcase_add_test(tcase, tickets_are_what_sha256sum_prints);
	tcase_add_test(tcase, a_larger_sample_begins_with_the_smaller_one);
	tcase_add_test(tcase, another_seed_draws_other_rows_and_never_more_than_there_are);
	tcase_add_test(tcase, by_money_a_row_is_drawn_as_often_as_it_has_pence);
	tcase_add_test(tcase, by_money_nothing_is_drawn_where_there_is_none);
	tcase_add_test(tcase, the_largest_come_first_and_ties_go_by_key);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("figures");
	tcase_add_test(tcase, the_difference_estimate_is_the_published_one);
	tcase_add_test(tcase, nothing_found_is_a_limit_and_no_pass);
	tcase_add_test(tcase, stringers_limit_is_the_published_one);
	tcase_add_test(tcase, a_few_dear_rows_may_be_the_wrong_ones);
	tcase_add_test(tcase, a_census_estimates_nothing);
	tcase_add_test(tcase, a_row_drawn_twice_is_found_once);
	tcase_add_test(tcase, rows_without_money_have_no_taint);
	tcase_add_test(tcase, the_risk_is_that_of_the_whole_plan);
	tcase_add_test(tcase, a_plan_without_a_tolerable_rate_promises_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
