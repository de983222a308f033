/*
 * What has to hold for every sample: limits move the right way with n, k and confidence, mirror
 * each other, agree with an independent sum, and hold their level over many populations.
 *
 *   exhaustive   all small frames: the chance, added up exactly, that the limit misses
 *   simulated    seeded draws from made-up populations: misses counted against what is allowed,
 *                and against what would be too few where the method is meant to be sharp
 */
#include <check.h>
#include <stdlib.h>

#include "interp/sampling_bound.h"
#include "interp/sampling_size.h"
#include "interp/sampling_tail.h"
#include "interp/spot_figures.h"
#include "tests/unit/random.h"

Suite *sampling_laws_suite(void);

enum { POPULATIONS = 400 };

/* Misses that a method with this chance (in per cent) of a miss may show in so many trials: the
 * mean and four standard deviations. */
static int64_t allowed_misses(int64_t trials, int64_t percent)
{
	int64_t variance = trials * percent * (100 - percent) / 10000, root = 0;
	while (root * root < variance)
		root++;
	return trials * percent / 100 + 4 * root;
}

static RateLimits rate_of(SamplingLaw law, int32_t confidence, int64_t n, int64_t k)
{
	RateLimits limits;
	ck_assert_int_eq(sampling_rate(law, confidence, n, k, &limits), SAMPLING_OK);
	return limits;
}

static CountLimits count_of(int32_t confidence, int64_t population, int64_t n, int64_t k)
{
	CountLimits limits;
	ck_assert_int_eq(sampling_count(confidence, population, n, k, &limits),
			 SAMPLING_OK);
	return limits;
}

static SamplingStatus size_at(SamplingLaw law, int32_t confidence, Ratio tolerable, int64_t errors,
			      SizeAnswer *answer)
{
	SizeAsk ask = {.law = law, .confidence = confidence, .tolerable = tolerable, .fixed = true,
		       .errors = errors, .population = 3000};
	return sampling_size(&ask, answer);
}

/* ---- order and symmetry ---- */

START_TEST(rates_move_the_right_way)
{
	SamplingLaw law = _i == 0 ? LAW_BINOMIAL : LAW_POISSON;
	for (int64_t n = 1; n <= 24; n++)
		for (int64_t k = 0; k <= n; k++) {
			RateLimits here = rate_of(law, 9000, n, k);
			ck_assert_int_le(here.lower, here.point);
			ck_assert_int_ge(here.upper, here.point);
			RateLimits surer = rate_of(law, 9500, n, k);
			ck_assert_int_le(surer.lower, here.lower);
			ck_assert_int_ge(surer.upper, here.upper);
			RateLimits longer = rate_of(law, 9000, n + 1, k);
			ck_assert_int_le(longer.upper, here.upper);
			if (k < n) {
				RateLimits worse = rate_of(law, 9000, n, k + 1);
				ck_assert_int_gt(worse.lower, here.lower);
				ck_assert_int_gt(worse.upper, here.upper);
			}
		}
}
END_TEST

START_TEST(right_and_wrong_mirror_each_other)
{
	for (int64_t n = 1; n <= 40; n += 3)
		for (int64_t k = 0; k <= n; k++) {
			ck_assert_int_eq(rate_of(LAW_BINOMIAL, 9300, n, k).upper,
					 SAMPLING_ONE - rate_of(LAW_BINOMIAL, 9300, n, n - k).lower);
			CountLimits here = count_of(9300, 97, n, k);
			ck_assert_int_eq(here.upper, 97 - count_of(9300, 97, n, n - k).lower);
		}
}
END_TEST

START_TEST(two_sides_are_one_side_of_half_the_risk)
{
	for (int64_t wrong = 1; wrong <= 30; wrong += 5) {
		const Stratum rows = {500, 30, 700 * wrong, 490000 * wrong};
		Estimate both, one;
		ck_assert_int_eq(sampling_total(&rows, 1, 9000, SIDES_TWO, &both), SAMPLING_OK);
		ck_assert_int_eq(sampling_total(&rows, 1, 9500, SIDES_ONE, &one), SAMPLING_OK);
		ck_assert_int_eq(both.lower, one.lower);
		ck_assert_int_eq(both.upper, one.upper);
	}
}
END_TEST

START_TEST(sizes_move_the_right_way)
{
	static const SamplingLaw laws[] = {LAW_BINOMIAL, LAW_POISSON, LAW_HYPERGEOMETRIC};
	int64_t before = 0;
	for (int32_t confidence = 500; confidence < 10000; confidence += 500) {
		SizeAnswer answer, more, looser;
		ck_assert_int_eq(size_at(laws[_i], confidence, (Ratio){4, 100}, 2, &answer),
				 SAMPLING_OK);
		ck_assert_int_ge(answer.n, before);
		before = answer.n;
		size_at(laws[_i], confidence, (Ratio){4, 100}, 3, &more);
		ck_assert_int_gt(more.n, answer.n);
		size_at(laws[_i], confidence, (Ratio){5, 100}, 2, &looser);
		ck_assert_int_le(looser.n, answer.n);
	}
}
END_TEST

/* A size is the first n whose limit is within the tolerable rate: planning and evaluation are two
 * ways to the same answer. */
START_TEST(a_size_is_the_first_that_evaluates_well)
{
	for (int64_t k = 0; k <= 4; k++) {
		SizeAnswer answer;
		size_at(LAW_BINOMIAL, 9500, (Ratio){7, 100}, k, &answer);
		ck_assert_int_le(rate_of(LAW_BINOMIAL, 9500, answer.n, k).upper, 70000000);
		ck_assert_int_gt(rate_of(LAW_BINOMIAL, 9500, answer.n - 1, k).upper, 70000000);
		size_at(LAW_POISSON, 9500, (Ratio){7, 100}, k, &answer);
		ck_assert_int_le(rate_of(LAW_POISSON, 9500, answer.n, k).upper, 70000000);
		ck_assert_int_gt(rate_of(LAW_POISSON, 9500, answer.n - 1, k).upper, 70000000);
		size_at(LAW_HYPERGEOMETRIC, 9500, (Ratio){7, 100}, k, &answer);
		ck_assert_int_lt(count_of(9500, 3000, answer.n, k).upper, 210);
		ck_assert_int_ge(count_of(9500, 3000, answer.n - 1, k).upper, 210);
	}
}
END_TEST

/* Whether a sample of n from the ask's frame meets the plan, by the tail worked out afresh. */
static bool frame_meets(const SizeAsk *ask, int64_t n, int64_t *errors)
{
	int64_t chance = 0;
	*errors = ceil_share(ask->expected, n);
	Ratio frame = {ceil_share(ask->tolerable, ask->population), ask->population};
	ck_assert_int_eq(sampling_chance(LAW_HYPERGEOMETRIC, frame, n, *errors, ROUND_UP, &chance),
			 SAMPLING_OK);
	return chance <= (int64_t)(SAMPLING_CERTAIN - ask->confidence) * 100000;
}

static void check_frame(const SizeAsk *ask)
{
	SizeAnswer answer;
	int64_t n = 1, errors = 0;
	while (n <= ask->population && !frame_meets(ask, n, &errors))
		n++;
	SamplingStatus status = sampling_size(ask, &answer);
	ck_assert_int_eq(status, n <= ask->population ? SAMPLING_OK : SAMPLING_NO_SIZE);
	if (status == SAMPLING_OK) {
		ck_assert_int_eq(answer.n, n);
		ck_assert_int_eq(answer.errors, errors);
	}
}

/* Small frames, where a sample may run out of good items while the errors allowed grow with it:
 * of three with two bad, no sample meets a plan that allows as many as two. */
START_TEST(sizes_of_every_small_frame)
{
	for (int64_t population = 2; population <= 16; population++)
		for (int64_t bad = 1; bad < population; bad++)
			for (int64_t expected = 1; expected * population < 20 * bad; expected++)
				check_frame(&(SizeAsk){.law = LAW_HYPERGEOMETRIC,
					.confidence = 5000 + 4500 * _i, .tolerable = {bad, population},
					.expected = {expected, 20}, .population = population});
}
END_TEST

/* P(Gamma(1 + expected n) > tolerable n), billionths rounded up. */
static int64_t pound_risk(Ratio tolerable, Ratio expected, int64_t n)
{
	GammaTail tail;
	mpq_inits(tail.shape, tail.x, (mpq_ptr)NULL);
	mpq_set_ratio(tail.shape, (Ratio){expected.d + expected.n * n, expected.d});
	mpq_set_ratio(tail.x, (Ratio){tolerable.n * n, tolerable.d});
	mpz_t billionths;
	mpz_init(billionths);
	certified_round(billionths, gamma_evaluate, &tail, SAMPLING_ONE, ROUND_UP);
	int64_t risk = mpz_get_si(billionths);
	mpz_clear(billionths);
	mpq_clears(tail.shape, tail.x, (mpq_ptr)NULL);
	return risk;
}

/* Where errors may be parts, the risk falls with every n, so the halving search misses none. */
START_TEST(no_smaller_sample_of_pounds_does)
{
	Ratio tolerable = {10, 100}, expected = {1 + 2 * _i, 100};
	SizeAsk ask = {.law = LAW_POISSON, .confidence = 9000, .tolerable = tolerable,
		       .expected = expected};
	SizeAnswer answer;
	ck_assert_int_eq(sampling_size(&ask, &answer), SAMPLING_OK);
	int64_t before = SAMPLING_ONE;
	for (int64_t n = 1; n < answer.n; n++) {
		int64_t risk = pound_risk(tolerable, expected, n);
		ck_assert_int_lt(risk, before);
		ck_assert_int_gt(risk, SAMPLING_ONE / 10);
		before = risk;
	}
	ck_assert_int_eq(pound_risk(tolerable, expected, answer.n), answer.risk);
}
END_TEST

START_TEST(a_large_frame_is_as_good_as_none)
{
	SizeAnswer binomial, frame;
	SizeAsk ask = {.confidence = 9500, .tolerable = {5, 100}, .expected = {1, 100},
		       .population = SAMPLING_MOST_POPULATION};
	ask.law = LAW_BINOMIAL;
	ck_assert_int_eq(sampling_size(&ask, &binomial), SAMPLING_OK);
	ask.law = LAW_HYPERGEOMETRIC;
	ck_assert_int_eq(sampling_size(&ask, &frame), SAMPLING_OK);
	ck_assert_int_eq(frame.n, binomial.n);
	int64_t last = 0;
	for (int64_t population = 100; population <= 1000000; population *= 10) {
		int64_t upper = count_of(9500, population, 60, 2).upper * SAMPLING_ONE / population;
		ck_assert_int_gt(upper, last);
		last = upper;
	}
	int64_t binomial_upper = rate_of(LAW_BINOMIAL, 9500, 60, 2).upper;
	ck_assert_int_le(last, binomial_upper);
	ck_assert_int_gt(last, binomial_upper - SAMPLING_ONE / 20000);
}
END_TEST

/* ---- the level, exactly ---- */

/* For every frame of up to 14 and every number K of bad ones in it: the chance to draw a k whose
 * limit misses K is at most the risk. */
static void frame_holds(int64_t population, int64_t n, int64_t bad)
{
	int64_t above = -1, below = n + 1;
	for (int64_t k = 0; k <= n && n - k <= population; k++) {
		CountLimits limits = count_of(9000, population, n, k);
		if (limits.upper < bad)
			above = k;
		if (limits.lower > bad && below > k)
			below = k;
	}
	Ratio frame = {bad, population};
	int64_t chance = 0;
	if (above >= 0) {
		sampling_chance(LAW_HYPERGEOMETRIC, frame, n, above, ROUND_DOWN, &chance);
		ck_assert_int_le(chance, SAMPLING_ONE / 10);
	}
	if (below <= n) {
		sampling_chance(LAW_HYPERGEOMETRIC, frame, n, below - 1, ROUND_UP, &chance);
		ck_assert_int_ge(chance, SAMPLING_ONE - SAMPLING_ONE / 10);
	}
}

START_TEST(counts_hold_their_level_in_every_small_frame)
{
	for (int64_t population = 1; population <= 14; population++)
		for (int64_t n = 1; n <= population; n++)
			for (int64_t bad = 0; bad <= population; bad++)
				frame_holds(population, n, bad);
}
END_TEST

/* The same for rates on a grid: P(limit misses p) added up exactly. */
START_TEST(rates_hold_their_level)
{
	int64_t n = 17, closest = 0;
	int64_t upper[18];
	for (int64_t k = 0; k <= n; k++)
		upper[k] = rate_of(LAW_BINOMIAL, 9500, n, k).upper;
	for (int64_t p = 1; p < 400; p++) {
		int64_t missing = -1, chance = 0;
		for (int64_t k = 0; k <= n; k++)
			if (upper[k] < p * (SAMPLING_ONE / 400))
				missing = k;
		if (missing < 0)
			continue;
		sampling_chance(LAW_BINOMIAL, (Ratio){p, 400}, n, missing, ROUND_UP, &chance);
		ck_assert_int_le(chance, SAMPLING_ONE / 20);
		closest = chance > closest ? chance : closest;
	}
	/* And it is no wider than it has to be: somewhere all the risk is used. */
	ck_assert_int_gt(closest, SAMPLING_ONE / 20 - SAMPLING_ONE / 200);
}
END_TEST

/* ---- the level, simulated ---- */

/* A population of payments and what was wrong with each. */
typedef struct Payments {
	int64_t paid[300], wrong[300];
	int64_t count, book, total;
} Payments;

/* One in `rarity` payments is wrong, by a tenth up to all of it. */
static void make_payments(Payments *p, Random *random, uint64_t rarity)
{
	*p = (Payments){.count = 300};
	for (int64_t i = 0; i < p->count; i++) {
		p->paid[i] = 300 + (int64_t)random_below(random, 5000);
		if (random_below(random, rarity) == 0)
			p->wrong[i] = p->paid[i] * (1 + (int64_t)random_below(random, 10)) / 10;
		p->book += p->paid[i];
		p->total += p->wrong[i];
	}
}

/* The payment that holds a penny drawn at random. */
static int64_t random_penny(const Payments *p, Random *random)
{
	int64_t penny = (int64_t)random_below(random, (uint64_t)p->book), i = 0;
	while (penny >= p->paid[i])
		penny -= p->paid[i++];
	return i;
}

/* Puts a random sample of n in front. */
static void shuffle_front(Payments *p, Random *random, int64_t n)
{
	for (int64_t i = 0; i < n; i++) {
		int64_t j = i + (int64_t)random_below(random, (uint64_t)(p->count - i));
		int64_t paid = p->paid[i], wrong = p->wrong[i];
		p->paid[i] = p->paid[j];
		p->wrong[i] = p->wrong[j];
		p->paid[j] = paid;
		p->wrong[j] = wrong;
	}
}

static SpotLooked look_at(const Payments *p, int64_t i)
{
	return (SpotLooked){p->paid[i], p->wrong[i], 0, p->wrong[i] > 0};
}

/* What is said of the payments after the first 60 were looked at, drawn at random. */
static SpotFigures figures_at_random(Payments *p, Random *random, int32_t confidence)
{
	SpotLooked looked[60];
	SpotFigures out;
	shuffle_front(p, random, 60);
	for (int i = 0; i < 60; i++)
		looked[i] = look_at(p, i);
	SpotAsk ask = {.method = SPOT_RANDOM, .confidence = confidence, .serious = 3000,
		       .population = p->count, .book = p->book, .looked = looked, .n = 60,
		       .rest = p->paid + 60, .nrest = p->count - 60};
	ck_assert_int_eq(spot_figures(&ask, NULL, &out), SAMPLING_OK);
	return out;
}

START_TEST(Stringer_holds_its_level)
{
	static const uint64_t rarity[] = {3, 12, 50};
	Random random = {77 + (uint64_t)_i};
	int64_t misses = 0;
	for (int trial = 0; trial < POPULATIONS; trial++) {
		Payments p;
		make_payments(&p, &random, rarity[_i]);
		SpotLooked looked[40];
		for (int i = 0; i < 40; i++)
			looked[i] = look_at(&p, random_penny(&p, &random));
		SpotAsk ask = {.method = SPOT_MONEY, .confidence = 9000, .serious = 5000,
			       .population = p.count, .book = p.book, .looked = looked, .n = 40};
		SpotFigures out;
		ck_assert_int_eq(spot_figures(&ask, NULL, &out), SAMPLING_OK);
		misses += out.over_upper < p.total;
	}
	ck_assert_int_le(misses, allowed_misses(POPULATIONS, 10));
}
END_TEST

/* And the sum at most, which is the other limit of a draw at random. */
START_TEST(the_minimum_sum_holds_its_level)
{
	static const uint64_t rarity[] = {2, 5, 30};
	Random random = {177 + (uint64_t)_i};
	int64_t misses = 0, claimed = 0, above = 0;
	for (int trial = 0; trial < POPULATIONS; trial++) {
		Payments p;
		make_payments(&p, &random, rarity[_i]);
		SpotFigures out = figures_at_random(&p, &random, 9000);
		misses += out.minimum > p.total;
		above += out.over_upper < p.total;
		claimed += out.minimum > out.over;
	}
	ck_assert_int_le(misses, allowed_misses(POPULATIONS, 10));
	ck_assert_int_le(above, allowed_misses(POPULATIONS, 10));
	/* It is worth having: where errors are not rare it claims more than was seen. */
	if (rarity[_i] < 10)
		ck_assert_int_gt(claimed, POPULATIONS / 2);
}
END_TEST

/* Estimates by difference whose interval, of 80% on two sides and so 90% on each, lies on one side of
 * the truth. *stated: how many there were; where nothing was found there is none. */
static int64_t difference_misses(uint64_t seed, uint64_t rarity, bool upper, int64_t *stated)
{
	Random random = {seed};
	int64_t misses = 0;
	*stated = 0;
	for (int trial = 0; trial < POPULATIONS; trial++) {
		Payments p;
		make_payments(&p, &random, rarity);
		SpotFigures out = figures_at_random(&p, &random, 8000);
		*stated += out.has_estimate;
		misses += out.has_estimate && (upper ? out.upper < p.total : out.lower > p.total);
	}
	return misses;
}

START_TEST(the_difference_holds_its_level_where_errors_are_common)
{
	int64_t stated, over = difference_misses(3, 1, false, &stated),
		under = difference_misses(4, 1, true, &stated);
	ck_assert_int_le(over, allowed_misses(POPULATIONS, 10));
	ck_assert_int_le(under, allowed_misses(POPULATIONS, 10));
	/* Sharp on both sides: neither is far below the risk taken. */
	ck_assert_int_gt(over + under, POPULATIONS / 10);
	ck_assert_int_eq(stated, POPULATIONS);
}
END_TEST

/* Why the other limits stand beside it: with one error in fifty the upper limit misses far more
 * often than it says, or there is none, while the claim, the lower limit, is safe. */
START_TEST(the_difference_fails_upwards_where_errors_are_rare)
{
	int64_t stated, above = difference_misses(5, 50, true, &stated);
	ck_assert_int_gt(above + POPULATIONS - stated, 2 * POPULATIONS / 10);
	ck_assert_int_gt(above * 10, stated);
	ck_assert_int_le(difference_misses(6, 50, false, &stated), allowed_misses(POPULATIONS, 10));
}
END_TEST

/* Plans hold what they say: at the tolerable rate at most the risk of samples pass. */
START_TEST(two_stages_hold_their_level)
{
	SizeAsk ask = {.law = LAW_BINOMIAL, .confidence = 9500, .tolerable = {5, 100}};
	TwoStage plan;
	int64_t risk = 0, passed = 0;
	sampling_two_stage(&ask, 0, 1, &plan, &risk);
	Random random = {2024};
	enum { TRIALS = 20000 };
	for (int trial = 0; trial < TRIALS; trial++) {
		int64_t first = 0, second = 0;
		for (int64_t i = 0; i < plan.first; i++)
			first += random_below(&random, 20) == 0;
		for (int64_t i = 0; i < plan.second; i++)
			second += random_below(&random, 20) == 0;
		passed += first == 0 || first + second <= 1;
	}
	ck_assert_int_le(passed, allowed_misses(TRIALS, 5));
	ck_assert_int_ge(passed, 2 * TRIALS * 5 / 100 - allowed_misses(TRIALS, 5));
}
END_TEST

/* ---- effort ---- */

/* The largest that may be asked: each of these has to answer within the time of one test. */
START_TEST(large_plans_answer_soon)
{
	SizeAsk ask = {LAW_BINOMIAL, 9500, {1, 100}, false, 0, {7, 1000}, 0, 0};
	SizeAnswer answer;
	ck_assert_int_eq(sampling_size(&ask, &answer), SAMPLING_OK);
	ck_assert_int_gt(answer.n, 2000);
	ask = (SizeAsk){LAW_HYPERGEOMETRIC, 9500, {1, 100}, false, 0, {7, 1000}, 2000000, 0};
	ck_assert_int_eq(sampling_size(&ask, &answer), SAMPLING_OK);
	ck_assert_int_gt(answer.n, 2000);
	ask = (SizeAsk){LAW_POISSON, 9500, {1, 100}, false, 0, {7, 1000}, 0, 0};
	ck_assert_int_eq(sampling_size(&ask, &answer), SAMPLING_OK);
	ck_assert_int_gt(count_of(9500, 1000000, 5000, 200).upper, 40000);
	ck_assert_int_gt(rate_of(LAW_BINOMIAL, 9500, 100000, 900).upper, 9000000);
}
END_TEST

Suite *sampling_laws_suite(void)
{
	Suite *suite = suite_create("sampling_laws");
	TCase *order = tcase_create("order");
	tcase_set_timeout(order, 60);
	tcase_add_loop_test(order, rates_move_the_right_way, 0, 2);
	tcase_add_test(order, right_and_wrong_mirror_each_other);
	tcase_add_test(order, two_sides_are_one_side_of_half_the_risk);
	tcase_add_loop_test(order, sizes_move_the_right_way, 0, 3);
	tcase_add_test(order, a_size_is_the_first_that_evaluates_well);
	tcase_add_loop_test(order, sizes_of_every_small_frame, 0, 2);
	tcase_add_loop_test(order, no_smaller_sample_of_pounds_does, 0, 4);
	tcase_add_test(order, a_large_frame_is_as_good_as_none);
	tcase_add_test(order, large_plans_answer_soon);
	suite_add_tcase(suite, order);
	TCase *level = tcase_create("level");
	tcase_set_timeout(level, 60);
	tcase_add_test(level, counts_hold_their_level_in_every_small_frame);
	tcase_add_test(level, rates_hold_their_level);
	tcase_add_loop_test(level, Stringer_holds_its_level, 0, 3);
	tcase_add_loop_test(level, the_minimum_sum_holds_its_level, 0, 3);
	tcase_add_test(level, the_difference_holds_its_level_where_errors_are_common);
	tcase_add_test(level, the_difference_fails_upwards_where_errors_are_rare);
	tcase_add_test(level, two_stages_hold_their_level);
	suite_add_tcase(suite, level);
	return suite;
}
