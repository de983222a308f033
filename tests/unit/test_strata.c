/*
 * Samples in strata: shares worked out by hand, estimates and limits held against figures worked
 * out on paper, and whether the limits hold as often as they say.
 */
#include <check.h>
#include <stdlib.h>

#include "interp/spot.h"
#include "interp/spot_strata.h"
#include "random.h"

Suite *strata_suite(void);

/* ---- shares ---- */

static void shares_are(const int64_t *rows, int32_t count, int64_t n, int64_t least,
	const int64_t *wanted)
{
	int64_t share[8];
	spot_allocate(rows, count, n, least, share);
	for (int32_t i = 0; i < count; i++)
		ck_assert_int_eq(share[i], wanted[i]);
}

/* 20 of 133: 100 rows 2000/133 = 15 and 5/133, 30 rows 4 and 68/133, 3 rows 0 and 60/133. The one
 * that is left goes to 68/133; and a stratum has 2 rows at least. */
START_TEST(what_is_left_goes_to_the_largest_remainder)
{
	shares_are((int64_t[]){100, 30, 3}, 3, 20, 0, (int64_t[]){15, 5, 0});
	shares_are((int64_t[]){100, 30, 3}, 3, 20, 2, (int64_t[]){15, 5, 2});
	shares_are((int64_t[]){100, 30, 1}, 3, 20, 2, (int64_t[]){15, 5, 1});
}
END_TEST

/* 5 of 10 + 10 + 10 + 2: 1 and 18/32 for each of ten, 10/32 for two: of the three equal remainders
 * two are served, the first ones. 2 of 6 + 6 + 12: 1/2, 1/2, 1: the first of the small ones. 3 of
 * 2 + 6 + 4: 1/2, 1 and 1/2, 1: the remainders are equal, and 6 rows are more than 2. */
START_TEST(equal_remainders_go_to_the_larger_stratum_and_then_to_the_first)
{
	shares_are((int64_t[]){10, 10, 10, 2}, 4, 5, 0, (int64_t[]){2, 2, 1, 0});
	shares_are((int64_t[]){6, 6, 12}, 3, 2, 0, (int64_t[]){1, 0, 1});
	shares_are((int64_t[]){2, 6, 4}, 3, 3, 0, (int64_t[]){0, 2, 1});
}
END_TEST

START_TEST(a_sample_larger_than_the_group_takes_it_whole)
{
	shares_are((int64_t[]){5, 1, 7}, 3, 13, 2, (int64_t[]){5, 1, 7});
	shares_are((int64_t[]){5, 1, 7}, 3, 20000, 2, (int64_t[]){5, 1, 7});
	shares_are((int64_t[]){5, 1, 7}, 3, 12, 0, (int64_t[]){5, 1, 6});
	shares_are((int64_t[]){0, 0}, 2, 12, 2, (int64_t[]){0, 0});
}
END_TEST

/* Whatever the sizes: as many as were asked for, none above its rows, each within one of its exact
 * part. */
START_TEST(shares_add_up_and_stay_within_one_of_their_part)
{
	Random random = {.state = 7};
	for (int turn = 0; turn < 2000; turn++) {
		int64_t rows[8], share[8], all = 0, sum = 0;
		for (int i = 0; i < 8; i++)
			all += rows[i] = (int64_t)random_below(&random, turn % 2 ? 9 : 90000);
		int64_t n = all > 0 ? (int64_t)random_below(&random, (uint32_t)all + 1) : 0;
		spot_allocate(rows, 8, n, 0, share);
		for (int i = 0; i < 8; i++) {
			sum += share[i];
			ck_assert_int_le(share[i], rows[i]);
			ck_assert_int_lt(llabs(share[i] * all - n * rows[i]), all > 0 ? all : 1);
		}
		ck_assert_int_eq(sum, n);
	}
}
END_TEST

/* ---- the frame ---- */

static void add_row(SpotFrame *frame, const char *stratum, const char *key)
{
	*vec_push(&frame->row) = (SpotRow){.key = str_of(key), .group = STR("G"),
		.stratum = str_of(stratum), .on = NO_DAY, .priced = true, .pence = 100};
}

/* printf 'c\tG\t100\ta\na\tG\t100\tb\nb\tG\t100\tb\n' | sha256sum */
START_TEST(a_frame_in_strata_has_them_in_its_lines)
{
	SpotFrame frame = {.in_strata = true};
	Buf hex = {0};
	add_row(&frame, "b", "b");
	add_row(&frame, "b", "a");
	add_row(&frame, "a", "c");
	spot_frame_seal(&frame);
	hex_print(&hex, frame.sha256, 32);
	ck_assert_str_eq(hex.at, "7fc4d1f8c2255dcfa2c2c4c189b0db848e45123e7025f7d733f3236ddd237929");
	ck_assert_uint_eq(frame.group.n, 1);
	ck_assert_int_eq(frame.group.at[0].nstrata, 2);
	ck_assert_int_eq(frame.stratum.at[1].first, 1);
	ck_assert_int_eq(frame.stratum.at[1].n, 2);
	ck_assert_int_eq(frame.stratum.at[1].pence, 200);
	ck_assert_int_eq(spot_stratum_find(&frame, &frame.group.at[0], STR("b")), 1);
	ck_assert_int_eq(spot_stratum_find(&frame, &frame.group.at[0], STR("c")), -1);
	ck_assert_int_eq(spot_frame_find(&frame, STR("b")), 2);
	buf_free(&hex);
	spot_frame_free(&frame);
}
END_TEST

/* A second stage of 4 over the 2 + 1 + 0 rows that are left: all of them. So many from each: no more
 * than there are. */
START_TEST(a_second_stage_is_shared_out_over_what_is_left)
{
	SpotFrame frame = {.in_strata = true};
	int64_t share[3];
	const char *const key[] = {"1", "2", "3", "4", "5", "6", "7"};
	for (int i = 0; i < 7; i++)
		add_row(&frame, i < 4 ? "a" : i < 6 ? "b" : "c", key[i]);
	spot_frame_seal(&frame);
	spot_shares(&frame, &frame.group.at[0], 4, false, (int64_t[]){2, 1, 1}, share);
	ck_assert(share[0] == 2 && share[1] == 1 && share[2] == 0);
	spot_shares(&frame, &frame.group.at[0], 1, false, (int64_t[]){2, 1, 1}, share);
	ck_assert(share[0] == 1 && share[1] == 0 && share[2] == 0);
	spot_shares(&frame, &frame.group.at[0], 3, true, NULL, share);
	ck_assert(share[0] == 3 && share[1] == 2 && share[2] == 1);
	spot_frame_free(&frame);
}
END_TEST

/* ---- figures on paper ---- */

/*
 *              rows  looked at: overpaid, pence    mean   s^2    N^2 s^2/n (1 - n/N)
 *   A           10   90, 110                       100    200    8,000
 *   B           20   0, 0, 0, 40                    10    400    32,000
 *   C, whole     3   30, 0, 0                       10      -    -
 *
 *   estimate 1,000 + 200 + 30 = 1,230, standard error sqrt(40,000) = 200, freedom 1 + 3 = 4
 *   t(4): 2.7764451 two-sided, 2.1318468 one-sided at 95%
 */
static const SpotLooked paper[] = {{1000, 90, 0, true}, {1000, 110, 0, true}, {1000, 0, 0, false},
	{1000, 0, 0, false}, {1000, 0, 0, false}, {1000, 40, 0, true}, {1000, 30, 0, true},
	{1000, 0, 0, false}, {1000, 0, 0, false}};
static const SpotStratum paper_strata[] = {{10, 0, 2}, {20, 2, 4}, {3, 6, 3}};

static SpotFigures on_paper(bool each, const SpotStratum *strata)
{
	int64_t rest[24];
	SpotFigures out;
	for (int i = 0; i < 24; i++)
		rest[i] = 100 * (24 - i);
	SpotAsk ask = {SPOT_RANDOM, 9500, 500, 33, 39000, paper, 9, rest, 24, strata, 3, each};
	ck_assert_int_eq(spot_figures(&ask, NULL, &out), SAMPLING_OK);
	return out;
}

START_TEST(the_estimate_is_that_on_paper)
{
	SpotFigures out = on_paper(false, paper_strata);
	ck_assert(out.has_estimate);
	ck_assert_int_eq(out.estimate, 1230);
	ck_assert_int_eq(out.lower, 674);     /* 1,230 - 555.29 */
	ck_assert_int_eq(out.upper, 1786);    /* 1,230 + 555.29 */
	ck_assert_int_eq(out.claim_lower, 803); /* 1,230 - 426.37 */
	ck_assert_int_eq(out.claim, 803);
	ck_assert_int_eq(out.over, 270);
	ck_assert_int_eq(out.rate, 484848485); /* (10 + 5 + 1)/33 */
}
END_TEST

/*
 * 3 of the 6 rows of A and B are wrong: the binomial limits are 0.153161 and 0.846839, so 0.91897
 * and 5.08103 are expected of 6; each row stands for 5, and C adds its one: ceil(4.59) + 1 = 6 and
 * floor(25.41) + 1 = 26. The same rows are overpaid: at most 26, of which 4 were seen; the 22
 * largest of the rest come to 100 (24 + .. + 3) = 29,700. By 5% or more, 50 of 1,000, the two of A:
 * 2 of 6 has 0.062850, of 6 0.37710, ceil(1.89) = 2: those that were seen.
 */
START_TEST(limits_in_proportion_are_those_on_paper)
{
	SpotFigures out = on_paper(false, paper_strata);
	ck_assert_int_eq(out.count_lower, 6);
	ck_assert_int_eq(out.count_upper, 26);
	ck_assert_int_eq(out.over_upper, 270 + 29700);
	ck_assert_int_eq(out.exposure, out.over_upper);
	ck_assert_int_eq(out.serious, 2);
	ck_assert_int_eq(out.serious_lower, 2);
	ck_assert_int_eq(out.minimum, 270);
}
END_TEST

/*
 * Each with 97.5%. A, 2 of 2 of 10: K (K - 1)/90 passes 2.5% at K = 3, and up to 10 may be. B, 1 of 4
 * of 20: K = 1 passes; 15 wrong leave (5 + 150)/4845 = 3.2% for none or one, 16 leave 1.3%. C: 1.
 */
START_TEST(limits_of_each_stratum_are_those_on_paper)
{
	SpotFigures out = on_paper(true, paper_strata);
	ck_assert_int_eq(out.count_lower, 3 + 1 + 1);
	ck_assert_int_eq(out.count_upper, 10 + 15 + 1);
	ck_assert_int_eq(out.estimate, 1230);
}
END_TEST

/* Of B alone, 1 of 4 of 20 wrong, at 95%: one wrong is seen in 4 of 20 samples; 14 leave 295/4845 =
 * 6.1% for none or one, 15 leave 3.2%. The others add 2 and 1 for certain. */
START_TEST(of_one_open_stratum_the_limits_are_exact)
{
	static const SpotStratum open[] = {{2, 0, 2}, {20, 2, 4}, {3, 6, 3}};
	SpotAsk ask = {.method = SPOT_RANDOM, .confidence = 9500, .population = 25, .n = 9,
		.stratum = open, .nstrata = 3};
	CountLimits out;
	ck_assert_int_eq(spot_strata_count(&ask, (int64_t[]){2, 1, 1}, &out), SAMPLING_OK);
	ck_assert_int_eq(out.lower, 1 + 3);
	ck_assert_int_eq(out.upper, 14 + 3);
}
END_TEST

/* One row of ten says nothing of how the ten differ; the other figures stand. */
START_TEST(a_thin_stratum_gives_no_interval)
{
	static const SpotStratum thin[] = {{10, 0, 1}, {20, 1, 5}, {3, 6, 3}};
	SpotFigures out = on_paper(false, thin);
	ck_assert(!out.has_estimate);
	ck_assert_int_eq(out.thin, 1);
	ck_assert_int_eq(out.estimate, 0);
	ck_assert_int_eq(out.lower, 0);
	ck_assert_int_eq(out.claim, 270);     /* what was found */
	ck_assert_int_gt(out.count_upper, out.count_lower);
}
END_TEST

/* A stratum of one row, looked at, is whole: it has no spread, and needs none. Of one of which no
 * row was looked at every row may be wrong. */
START_TEST(whole_strata_need_no_spread_and_blind_ones_may_hold_anything)
{
	static const SpotStratum lone[] = {{12, 0, 2}, {20, 2, 6}, {1, 8, 1}},
		blind[] = {{10, 0, 2}, {11, 2, 7}, {12, 9, 0}};
	SpotFigures out = on_paper(false, lone);
	ck_assert(out.has_estimate);
	ck_assert_int_eq(out.thin, 0);
	out = on_paper(false, blind);
	ck_assert(!out.has_estimate);
	ck_assert_int_eq(out.thin, 1);
	ck_assert_int_ge(out.count_upper, 12 + 4);
}
END_TEST

/* Where nothing differs in what is still open, an interval of nil would be no limit. */
START_TEST(no_difference_gives_no_interval)
{
	static const SpotLooked same[] = {{1000, 0, 0, false}, {1000, 0, 0, false},
		{1000, 0, 0, false}, {1000, 0, 0, false}, {1000, 500, 0, true}};
	static const SpotStratum strata[] = {{9, 0, 2}, {9, 2, 2}, {1, 4, 1}};
	static const int64_t rest[14] = {1000};
	SpotAsk ask = {SPOT_RANDOM, 9500, 5000, 19, 19000, same, 5, rest, 14, strata, 3, false};
	SpotFigures out;
	ck_assert_int_eq(spot_figures(&ask, NULL, &out), SAMPLING_OK);
	ck_assert(!out.has_estimate);
	ck_assert_int_eq(out.claim, 500);
	ck_assert_int_eq(out.count_lower, 1);
}
END_TEST

/* ---- whether they hold ---- */

static int64_t choose(int64_t n, int64_t k)
{
	int64_t out = k < 0 || k > n ? 0 : 1;
	for (int64_t i = 0; i < k && out > 0; i++)
		out = out * (n - i) / (i + 1);
	return out;
}

enum { ROWS_A = 12, ROWS_B = 24, DRAWN_A = 3, DRAWN_B = 6, RISK = 1000 };

typedef struct Limits {
	CountLimits of[DRAWN_A + 1][DRAWN_B + 1];
} Limits;

static void all_limits(bool each, Limits *out)
{
	static const SpotStratum strata[] = {{ROWS_A, 0, DRAWN_A}, {ROWS_B, DRAWN_A, DRAWN_B}};
	SpotAsk ask = {.method = SPOT_RANDOM, .confidence = 10000 - RISK,
		.population = ROWS_A + ROWS_B, .n = DRAWN_A + DRAWN_B, .stratum = strata, .nstrata = 2,
		.each = each};
	for (int64_t a = 0; a <= DRAWN_A; a++)
		for (int64_t b = 0; b <= DRAWN_B; b++)
			ck_assert_int_eq(spot_strata_count(&ask, (int64_t[]){a, b}, &out->of[a][b]),
				SAMPLING_OK);
}

/* Every way in which the two strata can have wrong rows, and every sample of each: the limits miss
 * in no more than their share of all samples. Exact: samples are counted. */
static void limits_hold(bool each)
{
	Limits limits;
	int64_t samples = choose(ROWS_A, DRAWN_A) * choose(ROWS_B, DRAWN_B), worst = 0;
	all_limits(each, &limits);
	for (int64_t wa = 0; wa <= ROWS_A; wa++)
		for (int64_t wb = 0; wb <= ROWS_B; wb++) {
			int64_t above = 0, below = 0;
			for (int64_t a = 0; a <= DRAWN_A; a++)
				for (int64_t b = 0; b <= DRAWN_B; b++) {
					int64_t ways = choose(wa, a) * choose(ROWS_A - wa, DRAWN_A - a)
						* choose(wb, b) * choose(ROWS_B - wb, DRAWN_B - b);
					above += limits.of[a][b].lower > wa + wb ? ways : 0;
					below += limits.of[a][b].upper < wa + wb ? ways : 0;
				}
			ck_assert_int_le(above * 10000, samples * RISK);
			ck_assert_int_le(below * 10000, samples * RISK);
			worst = above > worst ? above : worst;
		}
	/* and they are not so wide that they could not miss */
	ck_assert_int_gt(worst * 100, samples);
}

START_TEST(limits_in_proportion_hold_in_every_case)
{
	limits_hold(false);
}
END_TEST

START_TEST(limits_of_each_stratum_hold_in_every_case)
{
	limits_hold(true);
}
END_TEST

/* Three strata whose errors differ in size and number; a third of the first, a tenth of the second
 * and a fifth of the third are overpaid, by sums that differ. */
enum { STRATA = 3, TURNS = 1000 };
static const int32_t sizes[STRATA] = {600, 300, 100}, drawn[STRATA] = {60, 30, 10};

static int64_t overpaid(int32_t stratum, int32_t row)
{
	static const int32_t every[STRATA] = {3, 10, 5}, pence[STRATA] = {100, 700, 3000};
	return row % every[stratum] == 0 ? pence[stratum] + row * 3 : 0;
}

/* A row is taken with the chance of those wanted to those left: each sample is as likely. */
static Stratum draw(Random *random, int32_t stratum)
{
	Stratum out = {sizes[stratum], 0, 0, 0};
	for (int32_t row = 0; row < sizes[stratum]; row++) {
		uint32_t left = (uint32_t)(sizes[stratum] - row);
		if ((int64_t)random_below(random, left) >= drawn[stratum] - out.n)
			continue;
		int64_t pence = overpaid(stratum, row);
		out.n++;
		out.sum += pence;
		out.squares += pence * pence;
	}
	return out;
}

/* 5% of 1,000 samples are 50, give or take 6.9: more than 71 would be three times that too many. The
 * sum of errors leans to the right, so fewer than 50 are to be expected; none would be no test. */
START_TEST(the_lower_limit_misses_no_more_often_than_it_says)
{
	Random random = {.state = 20250428};
	int64_t truth = 0, misses = 0;
	for (int32_t s = 0; s < STRATA; s++)
		for (int32_t row = 0; row < sizes[s]; row++)
			truth += overpaid(s, row);
	for (int turn = 0; turn < TURNS; turn++) {
		Stratum strata[STRATA];
		Estimate out;
		for (int32_t s = 0; s < STRATA; s++)
			strata[s] = draw(&random, s);
		ck_assert_int_eq(sampling_total(strata, STRATA, 9500, SIDES_ONE, &out), SAMPLING_OK);
		misses += out.lower > truth;
	}
	ck_assert_int_le(misses, 71);
	ck_assert_int_ge(misses, 10);
}
END_TEST

Suite *strata_suite(void)
{
	Suite *suite = suite_create("strata");
	TCase *tcase = tcase_create("shares");
	tcase_add_test(tcase, what_is_left_goes_to_the_largest_remainder);
	tcase_add_test(tcase, equal_remainders_go_to_the_larger_stratum_and_then_to_the_first);
	tcase_add_test(tcase, a_sample_larger_than_the_group_takes_it_whole);
	tcase_add_test(tcase, shares_add_up_and_stay_within_one_of_their_part);
	tcase_add_test(tcase, a_frame_in_strata_has_them_in_its_lines);
	tcase_add_test(tcase, a_second_stage_is_shared_out_over_what_is_left);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("figures");
	tcase_add_test(tcase, the_estimate_is_that_on_paper);
	tcase_add_test(tcase, limits_in_proportion_are_those_on_paper);
	tcase_add_test(tcase, limits_of_each_stratum_are_those_on_paper);
	tcase_add_test(tcase, of_one_open_stratum_the_limits_are_exact);
	tcase_add_test(tcase, a_thin_stratum_gives_no_interval);
	tcase_add_test(tcase, whole_strata_need_no_spread_and_blind_ones_may_hold_anything);
	tcase_add_test(tcase, no_difference_gives_no_interval);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("whether they hold");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, limits_in_proportion_hold_in_every_case);
	tcase_add_test(tcase, limits_of_each_stratum_hold_in_every_case);
	tcase_add_test(tcase, the_lower_limit_misses_no_more_often_than_it_says);
	suite_add_tcase(suite, tcase);
	return suite;
}
