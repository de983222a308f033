/*
 * Planning and evaluation of samples against figures from outside: each published case under the
 * number that the audit method gives it (O1 ...), the published tables whole, and figures worked
 * out apart to 60 digits. All of it by the functions that the program calls; where a case comes
 * from a method that the program does not offer, it is put as a case of one that it does.
 */
#include <check.h>
#include <gmp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/civil.h"
#include "interp/sampling_bound.h"
#include "interp/sampling_estimate.h"
#include "interp/sampling_money.h"
#include "interp/sampling_size.h"
#include "interp/spot.h"
#include "interp/spot_figures.h"
#include "tests/unit/sampling_tables.h"

Suite *sampling_suite(void);

/* ---- sizes ---- */

/* An ask for a rate in millionths of expected errors, or a number of them when `errors` >= 0. */
static SizeAnswer size_of(const char *id, SamplingLaw law, int32_t confidence, Ratio tolerable,
			  Ratio expected, int64_t errors, int64_t population)
{
	SizeAsk ask = {.law = law, .confidence = confidence, .tolerable = tolerable,
		       .fixed = errors >= 0, .errors = errors < 0 ? 0 : errors,
		       .expected = expected, .population = population};
	SizeAnswer answer = {0};
	ck_assert_msg(sampling_size(&ask, &answer) == SAMPLING_OK, "%s: no answer", id);
	ck_assert_msg(answer.risk <= (SAMPLING_CERTAIN - confidence) * (SAMPLING_ONE / 10000),
		      "%s: risk %ld", id, (long)answer.risk);
	return answer;
}

typedef struct SizeCase {
	const char *id;
	SamplingLaw law;
	int32_t confidence;
	Ratio tolerable, expected;
	int64_t errors, population;
	int64_t n, k;
} SizeCase;

static const SizeCase size_cases[] = {
	{"O1", LAW_BINOMIAL, 9500, {5, 100}, {0, 1}, -1, 0, 59, 0},
	{"O3", LAW_BINOMIAL, 9500, {5, 100}, {25, 1000}, -1, 0, 234, 6},
	{"O5", LAW_BINOMIAL, 9500, {1, 100}, {0, 1}, -1, 0, 299, 0},
	{"O7", LAW_BINOMIAL, 9500, {10, 100}, {5, 100}, -1, 0, 116, 6},
	{"O9", LAW_BINOMIAL, 9500, {6, 100}, {2, 100}, -1, 0, 127, 3},
	{"O11", LAW_BINOMIAL, 9000, {10, 100}, {0, 1}, -1, 0, 22, 0},
	{"O13", LAW_BINOMIAL, 9000, {15, 100}, {10, 100}, -1, 0, 100, 10},
	{"O15", LAW_BINOMIAL, 9000, {5, 100}, {35, 1000}, -1, 0, 400, 14},
	{"O17", LAW_BINOMIAL, 9500, {450000, 13500000}, {0, 1}, 1, 0, 141, 1},
	{"T&H p.134, two errors", LAW_BINOMIAL, 9500, {450000, 13500000}, {0, 1}, 2, 0, 187, 2},
	{"T&H p.135", LAW_BINOMIAL, 9500, {36730, 13500000}, {0, 1}, 0, 0, 1100, 0},
	{"T&H p.126", LAW_BINOMIAL, 9500, {1, 100}, {0, 1}, 3, 0, 773, 3},
	{"T&H p.126 at 90%", LAW_BINOMIAL, 9000, {1, 100}, {0, 1}, 2, 0, 531, 2},
	{"O31", LAW_POISSON, 9500, {1, 100}, {0, 1}, -1, 0, 300, 0},
	{"O33", LAW_POISSON, 9500, {5, 100}, {0, 1}, 2, 0, 126, 2},
	{"O35", LAW_POISSON, 9500, {5, 1000}, {25, 10000}, -1, 0, 2308, 5},
	{"O37", LAW_POISSON, 9000, {5, 100}, {2, 100}, -1, 0, 115, 2},
	{"O39", LAW_POISSON, 8750, {2, 100}, {0, 1}, -1, 0, 104, 0},
	{"O41 96%", LAW_POISSON, 9600, {5, 100}, {0, 1}, -1, 0, 65, 0},
	{"O41 97%", LAW_POISSON, 9700, {5, 100}, {0, 1}, -1, 0, 71, 0},
	{"O41 98%", LAW_POISSON, 9800, {5, 100}, {0, 1}, -1, 0, 79, 0},
	{"O41 99%", LAW_POISSON, 9900, {5, 100}, {0, 1}, -1, 0, 93, 0},
	{"jfa f5-t3", LAW_POISSON, 9500, {5, 100}, {25, 1000}, -1, 0, 231, 5},
	{"O43", LAW_HYPERGEOMETRIC, 9500, {1, 100}, {0, 1}, -1, 1000, 258, 0},
	{"jfa f5-t14", LAW_HYPERGEOMETRIC, 9500, {5, 100}, {0, 1}, -1, 1000, 57, 0},
	{"jfa f5-t15", LAW_HYPERGEOMETRIC, 9500, {5, 100}, {25, 1000}, -1, 1000, 197, 5},
	{"jfa f5-t16", LAW_HYPERGEOMETRIC, 9500, {5, 100}, {0, 1}, 2, 1000, 119, 2},
	{"jfa f5-v0.5.2", LAW_HYPERGEOMETRIC, 9500, {5, 100}, {0, 1}, 0, 10000, 59, 0},
	{"T&H p.123", LAW_HYPERGEOMETRIC, 9000, {60, 1200}, {0, 1}, 0, 1200, 45, 0},
	{"T&H p.123, two errors", LAW_HYPERGEOMETRIC, 9000, {60, 1200}, {0, 1}, 2, 1200, 102, 2},
};

START_TEST(O1_to_O17_O31_to_O43_sizes)
{
	const SizeCase *c = &size_cases[_i];
	SizeAnswer answer = size_of(c->id, c->law, c->confidence, c->tolerable, c->expected,
				    c->errors, c->population);
	ck_assert_msg(answer.n == c->n && answer.errors == c->k, "%s: n %ld, k %ld", c->id,
		      (long)answer.n, (long)answer.errors);
}
END_TEST

START_TEST(O35_O37_taints_allowed)
{
	SizeAnswer answer = size_of("O35", LAW_POISSON, 9500, (Ratio){5, 1000},
				    (Ratio){25, 10000}, -1, 0);
	ck_assert(ratio_cmp(answer.taints, (Ratio){577, 100}) == 0);
	answer = size_of("O37", LAW_POISSON, 9000, (Ratio){5, 100}, (Ratio){2, 100}, -1, 0);
	ck_assert(ratio_cmp(answer.taints, (Ratio){230, 100}) == 0);
}
END_TEST

static const int32_t tolerable_percent[] = {2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20};
static const int64_t expected_hundredths[EXPECTED_RATES] = {
	0,   25,  50,  75,  100, 125, 150, 175, 200, 225, 250, 275,  300,
	325, 350, 375, 400, 500, 600, 700, 800, 900, 1000, 1250, 1500, 1750};

START_TEST(tables_A1_and_A2_whole)
{
	const int16_t(*table)[EXPECTED_RATES] = _i == 0 ? sizes_at_95 : sizes_at_90;
	int cells = 0;
	for (int row = 0; row < 11; row++) {
		for (int column = 0; column < EXPECTED_RATES && table[row][column] != 0; column++) {
			SizeAnswer answer = size_of("A", LAW_BINOMIAL, _i == 0 ? 9500 : 9000,
						    (Ratio){tolerable_percent[row], 100},
						    (Ratio){expected_hundredths[column], 10000},
						    -1, 0);
			ck_assert_msg(answer.n == table[row][column], "row %d column %d: %ld", row,
				      column, (long)answer.n);
			cells++;
		}
	}
	ck_assert_int_ge(cells, 187);
}
END_TEST

START_TEST(table_C1_whole)
{
	static const int64_t thousandths[] = {500, 300, 100, 80, 60, 50, 40, 30, 20, 10, 5};
	const int16_t *row = pound_sizes[_i];
	for (int column = 0; column < 11; column++) {
		Ratio tolerable = {thousandths[column], 1000};
		Ratio expected = {thousandths[column] * row[1], 10000};
		SizeAnswer answer = size_of("C-1", LAW_POISSON, 10000 - row[0] * 100, tolerable,
					    expected, -1, 0);
		ck_assert_msg(answer.n == row[column + 2], "risk %d, expected %d, column %d: %ld",
			      row[0], row[1], column, (long)answer.n);
	}
}
END_TEST

START_TEST(no_size_and_bad_plans)
{
	SizeAsk ask = {LAW_BINOMIAL, 9500, {1, 100}, false, 0, {99, 10000}, 0, 0};
	SizeAnswer answer;
	ck_assert_int_eq(sampling_size(&ask, &answer), SAMPLING_NO_SIZE);
	ask.expected = (Ratio){1, 100};
	ck_assert_int_eq(sampling_size(&ask, &answer), SAMPLING_OUT_OF_RANGE);
	ask.expected = (Ratio){0, 1};
	ask.most = 298;
	ck_assert_int_eq(sampling_size(&ask, &answer), SAMPLING_NO_SIZE);
	ask.most = 299;
	ck_assert_int_eq(sampling_size(&ask, &answer), SAMPLING_OK);
	ask.confidence = 10000;
	ck_assert_int_eq(sampling_size(&ask, &answer), SAMPLING_OUT_OF_RANGE);
	ask = (SizeAsk){LAW_HYPERGEOMETRIC, 9500, {1, 2}, true, 1, {0, 1}, 2, 0};
	ck_assert_int_eq(sampling_size(&ask, &answer), SAMPLING_NO_SIZE);
	ask = (SizeAsk){LAW_HYPERGEOMETRIC, 9999, {2, 10}, true, 1, {0, 1}, 10, 0};
	ck_assert_int_eq(sampling_size(&ask, &answer), SAMPLING_OK);
	ck_assert_int_eq(answer.n, 10);
	ck_assert_int_eq(answer.risk, 0);
	ask = (SizeAsk){LAW_HYPERGEOMETRIC, 9800, {1, 50}, true, 0, {0, 1}, 50, 0};
	ck_assert_int_eq(sampling_size(&ask, &answer), SAMPLING_OK);
	ck_assert_int_eq(answer.n, 49);
	ck_assert_int_eq(answer.risk, 20000000);
	ask = (SizeAsk){LAW_POISSON, 9500, {1, 10000}, true, 0, {0, 1}, 0, 0};
	ck_assert_int_eq(sampling_size(&ask, &answer), SAMPLING_NO_SIZE);
}
END_TEST

/* ---- two stages ---- */

static const SizeAsk five_percent = {.law = LAW_BINOMIAL, .confidence = 9500,
				     .tolerable = {5, 100}};

START_TEST(O47_two_stages)
{
	TwoStage plan;
	int64_t risk = 0;
	ck_assert_int_eq(sampling_two_stage(&five_percent, 0, 1, &plan, &risk), SAMPLING_OK);
	ck_assert_int_eq(plan.first, 61);
	ck_assert_int_eq(plan.second, 61);
	ck_assert_int_eq((risk + 5000) / 10000, 4992);
	plan.first = plan.second = 60;
	ck_assert_int_eq(sampling_two_stage_risk(&five_percent, &plan, &risk), SAMPLING_OK);
	ck_assert_int_eq((risk + 5000) / 10000, 5277);
	plan.first = plan.second = 59;
	ck_assert_int_eq(sampling_two_stage_risk(&five_percent, &plan, &risk), SAMPLING_OK);
	ck_assert_int_eq((risk + 50000) / 100000, 558);
}
END_TEST

START_TEST(two_stages_at_90_and_by_pounds)
{
	SizeAsk ask = five_percent;
	TwoStage plan;
	int64_t risk = 0;
	ask.confidence = 9000;
	ck_assert_int_eq(sampling_two_stage(&ask, 0, 1, &plan, &risk), SAMPLING_OK);
	ck_assert_int_eq(plan.first, 49);
	ask = (SizeAsk){.law = LAW_POISSON, .confidence = 9500, .tolerable = {3, 100}};
	ck_assert_int_eq(sampling_two_stage(&ask, 0, 1, &plan, &risk), SAMPLING_OK);
	ck_assert_int_eq(plan.first, 105);
	ck_assert_int_le(risk, SAMPLING_ONE / 20);
}
END_TEST

/* With nothing allowed in between, or no second stage, it is a plan of one stage; a census of a
 * frame leaves no risk; a frame that is large beside the sample is the binomial. */
START_TEST(two_stages_at_their_ends)
{
	TwoStage plan = {59, 0, 0, 0};
	int64_t risk = 0, chance = 0;
	ck_assert_int_eq(sampling_two_stage_risk(&five_percent, &plan, &risk), SAMPLING_OK);
	sampling_chance(LAW_BINOMIAL, (Ratio){5, 100}, 59, 0, ROUND_UP, &chance);
	ck_assert_int_eq(risk, chance);
	plan = (TwoStage){59, 0, 0, 2};
	ck_assert_int_eq(sampling_two_stage_risk(&five_percent, &plan, &risk), SAMPLING_OK);
	sampling_chance(LAW_BINOMIAL, (Ratio){5, 100}, 59, 2, ROUND_UP, &chance);
	ck_assert_int_eq(risk, chance);
	SizeAsk ask = five_percent;
	ask.law = LAW_HYPERGEOMETRIC;
	ask.population = 40;
	plan = (TwoStage){20, 20, 0, 1};
	ck_assert_int_eq(sampling_two_stage_risk(&ask, &plan, &risk), SAMPLING_OK);
	sampling_chance(LAW_HYPERGEOMETRIC, (Ratio){2, 40}, 20, 0, ROUND_UP, &chance);
	ck_assert_int_eq(risk, chance);
	ask.population = 10000000;
	ck_assert_int_eq(sampling_two_stage(&ask, 0, 1, &plan, &risk), SAMPLING_OK);
	ck_assert_int_eq(plan.first, 61);
	ck_assert_int_eq((risk + 5000) / 10000, 4992);
}
END_TEST

/* Three bad ones in ten, four drawn and three more: 1/6 + 1/2 * 1/5. */
START_TEST(two_stages_by_hand)
{
	SizeAsk ask = {.law = LAW_HYPERGEOMETRIC, .confidence = 9500, .tolerable = {3, 10},
		       .population = 10};
	TwoStage plan = {4, 3, 0, 1};
	int64_t risk = 0;
	ck_assert_int_eq(sampling_two_stage_risk(&ask, &plan, &risk), SAMPLING_OK);
	ck_assert_int_eq(risk, 266666667);
	plan.second = 7;
	ck_assert_int_eq(sampling_two_stage_risk(&ask, &plan, &risk), SAMPLING_OUT_OF_RANGE);
}
END_TEST

static int64_t chance_of(SamplingLaw law, int64_t n, int64_t k)
{
	int64_t chance = 0;
	ck_assert_int_eq(sampling_chance(law, (Ratio){5, 100}, n, k, ROUND_HALF_AWAY, &chance),
			 SAMPLING_OK);
	return chance;
}

/* Allowing 1 at first and 3 in all, put together from chances of one stage. */
START_TEST(two_stages_from_single_chances)
{
	SamplingLaw law = _i == 0 ? LAW_BINOMIAL : LAW_POISSON;
	SizeAsk ask = five_percent;
	ask.law = law;
	TwoStage plan = {90, 70, 1, 3};
	int64_t risk = 0, sum = chance_of(law, 90, 1);
	for (int64_t j = 2; j <= 3; j++)
		sum += (chance_of(law, 90, j) - chance_of(law, 90, j - 1)) *
		       chance_of(law, 70, 3 - j) / SAMPLING_ONE;
	ck_assert_int_eq(sampling_two_stage_risk(&ask, &plan, &risk), SAMPLING_OK);
	ck_assert_int_le(llabs(risk - sum), 4);
}
END_TEST

/* ---- limits ---- */

static RateLimits rate_of(SamplingLaw law, int32_t confidence, int64_t n, int64_t k)
{
	RateLimits limits;
	ck_assert_int_eq(sampling_rate(law, confidence, n, k, &limits), SAMPLING_OK);
	return limits;
}

/* As a published figure: to `places` decimals, to the nearest. */
static void near_figure(const char *id, int64_t billionths, int64_t figure, int places)
{
	int64_t step = SAMPLING_ONE;
	for (int i = 0; i < places; i++)
		step /= 10;
	ck_assert_msg(llabs(billionths - figure * step) * 2 <= step + 2, "%s: %ld", id,
		      (long)billionths);
}

static const struct {
	const char *id;
	int32_t confidence;
	int64_t n, k, printed; /* tenths of a per cent */
	int64_t figure;        /* hundred-millionths */
} limit_cases[] = {
	{"O19", 9500, 25, 0, 113, 11292815}, {"O21", 9500, 60, 3, 125, 12418721},
	{"O23", 9500, 100, 0, 30, 2951305},  {"O25", 9500, 500, 10, 34, 3368827},
	{"O27", 9000, 200, 5, 46, 4587869},  {"O29 k 0", 9500, 145, 0, 21, 2044826},
	{"O29 k 1", 9500, 145, 1, 33, 3229696}, {"O29 k 2", 9500, 145, 2, 43, 4278054},
	{"O29 k 3", 9500, 145, 3, 53, 5260260}, {"O22", 9500, 20, 0, 140, 13910834},
};

START_TEST(O19_to_O29_upper_limits)
{
	int64_t upper = rate_of(LAW_BINOMIAL, limit_cases[_i].confidence, limit_cases[_i].n,
				limit_cases[_i].k).upper;
	near_figure(limit_cases[_i].id, upper, limit_cases[_i].figure, 8);
	ck_assert_int_eq((upper + 999999) / 1000000, limit_cases[_i].printed);
}
END_TEST

START_TEST(O22_none_in_twenty_is_a_limit)
{
	Buf buf = {0};
	RateLimits limits = rate_of(LAW_BINOMIAL, 9500, 20, 0);
	sampling_percent(&buf, limits.upper, 1, ROUND_HALF_AWAY);
	ck_assert_str_eq(buf.at, "13.9%");
	buf_clear(&buf);
	sampling_percent(&buf, limits.upper, 1, ROUND_UP);
	ck_assert_str_eq(buf.at, "14.0%");
	ck_assert_int_eq(limits.lower, 0);
	ck_assert_int_eq(limits.point, 0);
	buf_free(&buf);
}
END_TEST

START_TEST(tables_A3_and_A4_whole)
{
	static const int64_t n[] = {20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70,
				    75, 80, 90, 100, 125, 150, 200, 300, 400, 500};
	const int16_t(*table)[11] = _i == 0 ? limits_at_95 : limits_at_90;
	for (int row = 0; row < 21; row++)
		for (int k = 0; k <= 10; k++) {
			int64_t upper = rate_of(LAW_BINOMIAL, _i == 0 ? 9500 : 9000, n[row], k).upper;
			ck_assert_msg((upper + 999999) / 1000000 == table[row][k],
				      "n %ld k %d: %ld", (long)n[row], k, (long)upper);
		}
}
END_TEST

START_TEST(rates_to_the_last_digit)
{
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		RateLimits limits = rate_of(LAW_BINOMIAL, rates[i].confidence, rates[i].n,
					    rates[i].k);
		ck_assert_int_eq(limits.lower, rates[i].lower);
		ck_assert_int_eq(limits.upper, rates[i].upper);
	}
}
END_TEST

/* 1 - p = 0.05 and 1 - p^2 = 0.0025 ... have decimal answers, which rounding up must not lift. */
START_TEST(exact_limits_are_not_rounded_on)
{
	ck_assert_int_eq(rate_of(LAW_BINOMIAL, 9500, 1, 0).upper, 950000000);
	ck_assert_int_eq(rate_of(LAW_BINOMIAL, 7500, 2, 0).upper, 500000000);
	ck_assert_int_eq(rate_of(LAW_BINOMIAL, 9500, 1, 1).lower, 50000000);
	ck_assert_int_eq(rate_of(LAW_BINOMIAL, 9375, 4, 0).upper, 500000000);
	ck_assert_int_eq(rate_of(LAW_BINOMIAL, 9375, 4, 4).lower, 500000000);
}
END_TEST

START_TEST(O45_counts)
{
	static const int64_t upper[] = {25, 43, 59, 75}, rate[] = {208, 358, 492, 625};
	CountLimits limits;
	ck_assert_int_eq(sampling_count(9000, 1200, 102, _i, &limits), SAMPLING_OK);
	ck_assert_int_eq(limits.upper, upper[_i]);
	ck_assert_int_eq((limits.upper * 10000 + 600) / 1200, rate[_i]);
}
END_TEST

START_TEST(counts_at_their_ends)
{
	CountLimits limits;
	ck_assert_int_eq(sampling_count(9500, 50, 50, 7, &limits), SAMPLING_OK);
	ck_assert(limits.lower == 7 && limits.upper == 7);
	ck_assert_int_eq(sampling_count(9750, 50, 49, 0, &limits), SAMPLING_OK);
	ck_assert(limits.lower == 0 && limits.upper == 0);
	ck_assert_int_eq(sampling_count(9500, 50, 49, 0, &limits), SAMPLING_OK);
	ck_assert_int_eq(limits.upper, 0);
	ck_assert_int_eq(sampling_count(9700, 50, 49, 0, &limits), SAMPLING_OK);
	ck_assert_int_eq(limits.upper, 0);
	ck_assert_int_eq(sampling_count(9900, 50, 49, 0, &limits), SAMPLING_OK);
	ck_assert_int_eq(limits.upper, 1);
	/* One bad one in 50 stays unseen in 49 with a chance of exactly 2%. */
	ck_assert_int_eq(sampling_count(9800, 50, 49, 0, &limits), SAMPLING_OK);
	ck_assert_int_eq(limits.upper, 0);
	ck_assert_int_eq(sampling_count(9800, 50, 49, 49, &limits), SAMPLING_OK);
	ck_assert_int_eq(limits.lower, 49);
	ck_assert_int_eq(sampling_count(9500, 50, 51, 0, &limits),
			 SAMPLING_OUT_OF_RANGE);
	ck_assert_int_eq(sampling_count(9500, 50, 10, 11, &limits),
			 SAMPLING_OUT_OF_RANGE);
}
END_TEST

START_TEST(O53_three_laws_with_no_errors)
{
	near_figure("Poisson", rate_of(LAW_POISSON, 9500, 60, 0).upper, 4992887, 8);
	near_figure("binomial", rate_of(LAW_BINOMIAL, 9500, 60, 0).upper, 4870291, 8);
	/* Bayes with a flat prior, Beta(1, 61), is the binomial limit of one item more. */
	near_figure("Bayes", rate_of(LAW_BINOMIAL, 9500, 61, 0).upper, 4792395, 8);
}
END_TEST

static int64_t printed_factor(int32_t confidence, int64_t k)
{
	int64_t factor = 0;
	ck_assert_int_eq(sampling_factor(confidence, k, &factor), SAMPLING_OK);
	return (factor + 9999999) / 10000000;
}

START_TEST(O55_printed_factors)
{
	static const int64_t at_90[] = {231, 389, 533, 669, 800, 928};
	static const int64_t at_95[] = {300, 475, 630, 776, 916, 1052};
	ck_assert_int_eq(printed_factor(9000, _i), at_90[_i]);
	ck_assert_int_eq(printed_factor(9500, _i), at_95[_i]);
}
END_TEST

/* The quantile that an interval of so many rows uses. */
static SamplingStatus quantile_of(int32_t confidence, SamplingSides sides, int64_t freedom,
				  int64_t *t)
{
	const Stratum rows = {1000000, freedom + 1, 0, 1};
	Estimate out;
	SamplingStatus status = sampling_total(&rows, 1, confidence, sides, &out);
	*t = out.t;
	return status;
}

START_TEST(factors_and_quantiles_to_the_last_digit)
{
	for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
		int64_t factor = 0;
		sampling_factor(factors[i].confidence, factors[i].k, &factor);
		ck_assert_msg(factor == factors[i].factor, "%d %ld: %ld", factors[i].confidence,
			      (long)factors[i].k, (long)factor);
	}
	for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
		int64_t t = 0;
		quantile_of(quantiles[i].confidence, SIDES_ONE, quantiles[i].freedom, &t);
		ck_assert_msg(t == quantiles[i].t, "%d %ld: %ld", quantiles[i].confidence,
			      (long)quantiles[i].freedom, (long)t);
	}
	int64_t t = 0;
	ck_assert_int_eq(quantile_of(7500, SIDES_ONE, 1, &t), SAMPLING_OK);
	ck_assert_int_eq(t, SAMPLING_ONE);
	ck_assert_int_eq(quantile_of(5000, SIDES_ONE, 1, &t), SAMPLING_OUT_OF_RANGE);
	ck_assert_int_eq(quantile_of(5000, SIDES_TWO, 1, &t), SAMPLING_OK);
	ck_assert_int_eq(t, SAMPLING_ONE);
}
END_TEST

START_TEST(O79_chance_of_seeing_none)
{
	static const int64_t n[] = {10, 20, 30, 60}, none[] = {599, 358, 215, 46};
	int64_t chance = 0, met = 0;
	ck_assert_int_eq(sampling_chance(LAW_BINOMIAL, (Ratio){5, 100}, n[_i], 0, ROUND_HALF_AWAY,
					 &chance), SAMPLING_OK);
	near_figure("O79", chance, none[_i], 3);
	ck_assert_int_eq(sampling_discovery(LAW_BINOMIAL, (Ratio){5, 100}, n[_i], ROUND_HALF_AWAY,
					    &met), SAMPLING_OK);
	ck_assert_int_eq(chance + met, SAMPLING_ONE);
}
END_TEST

START_TEST(O81_discovery_in_a_frame)
{
	int64_t chance = 0;
	ck_assert_int_eq(sampling_discovery(LAW_HYPERGEOMETRIC, (Ratio){25, 5000}, 300, ROUND_DOWN,
					    &chance), SAMPLING_OK);
	near_figure("O81", chance, 787906, 6);
}
END_TEST

START_TEST(O83_two_samples_that_do_not_meet)
{
	RateLimits first = rate_of(LAW_BINOMIAL, 9500, 45, 11);
	RateLimits second = rate_of(LAW_BINOMIAL, 9500, 120, 3);
	near_figure("point", first.point, 244, 3);
	near_figure("lower", first.lower, 144, 3);
	near_figure("upper", first.upper, 372, 3);
	near_figure("second point", second.point, 25, 3);
	near_figure("second lower", second.lower, 7, 3);
	near_figure("second upper", second.upper, 63, 3);
	ck_assert_int_lt(second.upper, first.lower);
}
END_TEST

/* ---- pounds ---- */

enum { TAINT = 100000000 }; /* taints of eight decimals, as wrong of paid */

START_TEST(O49_Stringer)
{
	const SampledItem items[] = {{3999931, TAINT}, {TAINT, TAINT}, {0, 5}, {20000072, TAINT}};
	Stringer out;
	ck_assert_int_eq(sampling_stringer(9500, 145, 1350000000, items, 4, &out),
			 SAMPLING_OK);
	near_figure("likely", out.over.likely_rate, 8551724, 9);
	near_figure("upper", out.over.upper_rate, 3478656, 8);
	ck_assert_int_eq(out.over.errors, 3);
	ck_assert_int_eq(out.over.beyond, 0);
	/* The book has 469,616.50 from tables of seven places. */
	ck_assert_int_gt(out.over.upper, 46961650);
	ck_assert_int_lt(out.over.upper, 46962100);
	ck_assert_int_eq(out.net, out.over.likely);
	near_figure("nothing underpaid", out.under.upper_rate, 2044826, 8);
}
END_TEST

START_TEST(O51_Stringer)
{
	const SampledItem items[] = {{19887, 100000}, {1, 2}, {40, 100}};
	const SampledItem two[] = {{9887, 100000}, {1, 1}};
	Stringer out;
	sampling_stringer(9500, 145, 1350000000, items, 3, &out);
	near_figure("O51", out.over.upper_rate, 3251936, 8);
	sampling_stringer(9500, 145, 1350000000, two, 2, &out);
	near_figure("T&H p.143", out.over.upper_rate, 3333348, 8);
	sampling_stringer(9500, 60, 100, NULL, 0, &out);
	near_figure("O53", out.over.upper_rate, 4870291, 8);
	ck_assert_int_eq(out.over.upper, 5);
	sampling_stringer(9500, 1, 100, NULL, 0, &out);
	ck_assert_int_eq(out.over.upper, 95);
}
END_TEST

START_TEST(Stringer_keeps_the_sides_apart)
{
	const SampledItem both[] = {{50, 100}, {-30, 100}, {-250, 100}};
	const SampledItem over[] = {{50, 100}};
	Stringer out, alone;
	ck_assert_int_eq(sampling_stringer(9000, 80, 1000000, both, 3, &out),
			 SAMPLING_OK);
	sampling_stringer(9000, 80, 1000000, over, 1, &alone);
	ck_assert_int_eq(out.over.upper, alone.over.upper);
	ck_assert_int_eq(out.under.errors, 2);
	ck_assert_int_eq(out.under.beyond, 1);
	ck_assert_int_eq(out.under.likely, 35000);
	ck_assert_int_eq(out.net, 6250 - 35000);
	ck_assert_int_eq(sampling_stringer(9000, 2, 1000000, both, 3, &out),
			 SAMPLING_OUT_OF_RANGE);
}
END_TEST

START_TEST(O57_plan_by_factors)
{
	UnitPlan plan;
	ck_assert_int_eq(sampling_unit_plan(9500, 100000000, 5000000, 1000000, 160, &plan),
			 SAMPLING_OK);
	ck_assert_int_eq(plan.selections, 88);
	ck_assert(ratio_cmp(plan.interval, (Ratio){3400000, 3}) == 0);
	ck_assert_int_eq(sampling_unit_plan(9500, 100000000, 1600000, 1000000, 160, &plan),
			 SAMPLING_OUT_OF_RANGE);
}
END_TEST

/*
 * Evaluations by hand with printed factors: interval times R0, taints times interval, and the
 * increments (R[i] - R[i-1] - 1) of them. That is Stringer's sum with the Poisson limits R[i]/n and
 * R[i] rounded up to hundredths; its weights add up to one, so the exact sum lies below by no more
 * than a hundredth of the interval. Of very many draws the binomial limits are the Poisson ones, but
 * for a thousandth. Items of an interval or more were certain to be met and stand outside of it.
 */
static void close_to_hand(Ratio interval, const SampledItem *items, size_t count,
			  int64_t projected, int64_t upper)
{
	Stringer out;
	int64_t book = (int64_t)(interval.n * SAMPLING_MOST_SIZE / interval.d);
	ck_assert_int_eq(sampling_stringer(9500, SAMPLING_MOST_SIZE, book, items, count, &out),
			 SAMPLING_OK);
	ck_assert_int_eq(out.over.likely, projected);
	ck_assert_int_le(out.over.upper, upper);
	ck_assert_int_le((upper - out.over.upper) * 1000, (int64_t)(interval.n * 11 / interval.d));
}

START_TEST(O57_O59_evaluations_by_hand)
{
	/* Projected 567 + 1,133 (of 1,912, with 212 known), basic 34,000, increment 1,161.67. */
	const SampledItem handout[] = {{500, 10000}, {650, 6500}};
	close_to_hand((Ratio){3400000, 3}, handout, 2, 191200 - 21200,
		      3400000 + 191200 - 21200 + 116167);
	/* Projected 13,980 and upper limit 58,670, both with 2,500 known; its parts are 36,900 and
	 * 7,790. */
	const SampledItem exercise[] = {{100000, 300000}, {600000, 1000000}};
	close_to_hand((Ratio){1230000, 1}, exercise, 2, 1398000 - 250000, 5867000 - 250000);
}
END_TEST

/* 20 items, 10 looked at, 4 of them wrong by half or more: at 90% at least 5 in all are, as 5 give
 * four or more with a chance of 2352/15504 = 0.152 and 4 with 0.043. The fifth is the smallest of the
 * others, £3, of which half. */
START_TEST(minimum_sum_by_hand)
{
	static const SpotLooked looked[10] = {{1000, 0, 0, false}, {900, 900, 0, true},
		{1000, 50, 0, true}, {1000, 1000, 0, true}, {1000, 800, 0, true}, {100, 0, 70, true},
		{1000, 500, 0, true}, {1, 0, 0, false}, {1, 0, 0, false}, {1, 0, 0, false}};
	int64_t rest[10] = {700, 300, 900, 301, 5000, 400, 400, 600, 650, 1000};
	SpotAsk ask = {.method = SPOT_RANDOM, .confidence = 9000, .serious = 5000, .population = 20,
		       .book = 16000, .looked = looked, .n = 10, .rest = rest, .nrest = 10};
	SpotFigures out;
	ck_assert_int_eq(spot_figures(&ask, NULL, &out), SAMPLING_OK);
	ck_assert_int_eq(out.serious, 4);
	ck_assert_int_eq(out.serious_lower, 5);
	ck_assert_int_eq(out.over, 3250);
	ck_assert_int_eq(out.minimum, 3250 + 150);
	/* A credit among the others takes nothing off what was found. */
	rest[1] = -50;
	ck_assert_int_eq(spot_figures(&ask, NULL, &out), SAMPLING_OK);
	ck_assert_int_eq(out.minimum, 3250);
	ask.population = 10;
	ask.nrest = 0;
	ck_assert_int_eq(spot_figures(&ask, NULL, &out), SAMPLING_OK);
	ck_assert_int_eq(out.minimum, 3250);
}
END_TEST

/* ---- estimates ---- */

/*
 * BuildIt, first 100 of 3,500 payments, in pence: sums of squares that give its published
 * deviations, and the book total.
 *
 * The published intervals are four methods on the same payments, without a finite-population
 * correction. Each is a total of something: of differences, of audited sums, or of residuals about a
 * line (e = audit - q book, e = audit - mean - b (book - mean)), which add up to 0 and have the
 * spread that the method takes.
 */
enum { LOOKED = 100, PAYMENTS = 3500, BOOK_TOTAL = 140322082, FINE = 1000 };
static const Int128 book = 3936968, audit = 3838972, book_book = 181050999148,
		    audit_audit = 176265154462, book_audit = 177632552622;

/* The stratum with the spread that makes up for the correction 1 - n/N, in units that are finer by
 * `fine` so that nothing of it is lost. */
static Stratum uncorrected(Stratum s, Int128 fine)
{
	Int128 about = s.n * s.squares - s.sum * s.sum;
	s.sum *= fine;
	s.squares = (about * fine * fine * s.population / (s.population - s.n) + s.sum * s.sum) / s.n;
	return s;
}

static Stratum differences(void)
{
	return (Stratum){PAYMENTS, LOOKED, book - audit, audit_audit - 2 * book_audit + book_book};
}

/* The interval at 95%, two-sided, of a stratum of fine pence. */
static Estimate interval_of(Stratum s)
{
	Estimate out;
	ck_assert_int_eq(sampling_total(&s, 1, 9500, SIDES_TWO, &out), SAMPLING_OK);
	return out;
}

/* Fine pence against a published sum of pounds to six places. */
static void sum_is(const char *id, Int128 fine, int64_t millionths, int64_t within)
{
	int64_t got = (int64_t)(fine * 10000 / FINE);
	ck_assert_msg(llabs(got - millionths) <= within, "%s: %ld", id, (long)got);
}

START_TEST(O61_difference)
{
	Estimate out = interval_of(uncorrected(differences(), FINE));
	sum_is("estimate", out.estimate, 34298600000, 0);
	sum_is("lower", out.lower, 3437260000, 5000);
	sum_is("upper", out.upper, 65159940000, 5000);
	near_figure("t", out.t, 198421695, 8);
	ck_assert_int_eq(out.freedom, 99);
}
END_TEST

/* (1 - q) N mean(book) is the difference estimate; the residuals are those about q. */
START_TEST(O63_quotient)
{
	Int128 squares = (audit_audit * book * book - 2 * audit * book * book_audit
			  + audit * audit * book_book) * FINE * FINE / (book * book);
	Int128 estimate = interval_of(uncorrected(differences(), FINE)).estimate;
	Estimate half = interval_of(uncorrected((Stratum){PAYMENTS, LOOKED, 0, squares}, 1));
	sum_is("estimate", estimate, 34298600000, 0);
	sum_is("lower", estimate - half.upper, 3138557000, 600);
	sum_is("upper", estimate + half.upper, 65458640000, 5000);
}
END_TEST

/* The other two methods on the same payments: published as 59580.62 (-59050.61, 178211.9) and 33872
 * (3069.264, 64674.73). */
START_TEST(direct_and_regression)
{
	Int128 total = (Int128)BOOK_TOTAL * FINE;
	Estimate out = interval_of(uncorrected(
		(Stratum){PAYMENTS, LOOKED, audit, audit_audit}, FINE));
	sum_is("direct", total - out.estimate, 59580620000, 5000);
	sum_is("direct, lower", total - out.upper, -59050610000, 5000);
	sum_is("direct, upper", total - out.lower, 178211900000, 50000);
	Int128 bb = LOOKED * book_book - book * book, aa = LOOKED * audit_audit - audit * audit,
	       ba = LOOKED * book_audit - book * audit, times = PAYMENTS / LOOKED;
	Int128 estimate = (BOOK_TOTAL - times * audit) * FINE
			  - ba * (BOOK_TOTAL - times * book) * FINE / bb;
	out = interval_of(uncorrected((Stratum){PAYMENTS, LOOKED, 0,
		(aa * bb - ba * ba) * FINE * FINE / (bb * LOOKED)}, 1));
	sum_is("regression", estimate, 33872000000, 500000);
	sum_is("regression, lower", estimate - out.upper, 3069264000, 5000);
	sum_is("regression, upper", estimate + out.upper, 64674730000, 5000);
}
END_TEST

START_TEST(O65_the_demand)
{
	Stratum s = uncorrected(differences(), FINE);
	Estimate out;
	ck_assert_int_eq(sampling_total(&s, 1, 9000, SIDES_ONE, &out), SAMPLING_OK);
	near_figure("t", out.t, 129016144, 8);
	sum_is("without the correction", out.claim, 14232190000, 5000);
	s = differences();
	ck_assert_int_eq(sampling_total(&s, 1, 9000, SIDES_ONE, &out), SAMPLING_OK);
	ck_assert_int_eq(out.claim, 1452093 - (out.claim < 1452093));
}
END_TEST

/* The California schools of R's survey package: sums and sums of squares of two figures. */
static const Stratum simple_api = {6194, 200, 131317, 89739575};
static const Stratum simple_enrol = {6194, 200, 116922, 99159766};
static const Stratum strata_api[] = {
	{4421, 100, 67443, 47038637}, {755, 50, 31291, 20167941}, {1018, 50, 31830, 20940396}};
static const Stratum strata_enrol[] = {
	{4421, 100, 41678, 20100668}, {755, 50, 66035, 109279081}, {1018, 50, 41624, 42310204}};

static Estimate total_of(const Stratum *strata, size_t count)
{
	/* In ten-thousandths, so that means can be read to four places. */
	Stratum scaled[3];
	for (size_t i = 0; i < count; i++) {
		scaled[i] = strata[i];
		scaled[i].sum *= 10000;
		scaled[i].squares *= 100000000;
	}
	Estimate out;
	ck_assert_int_eq(sampling_total(scaled, count, 9500, SIDES_TWO, &out),
			 SAMPLING_OK);
	return out;
}

START_TEST(O67_simple_random)
{
	Estimate with = total_of(&simple_api, 1);
	Estimate without = interval_of(uncorrected(simple_api, 10000));
	ck_assert_int_eq((with.estimate + 3097) / 6194, 6565850);
	ck_assert_int_eq((with.error + 3097) / 6194, 92497);
	ck_assert_int_eq((without.error + 3097) / 6194, 94028);
	ck_assert_int_eq(with.freedom, 199);
	with = total_of(&simple_enrol, 1);
	ck_assert_int_eq((with.estimate + 5000) / 10000, 3621074);
	ck_assert_int_eq((with.error + 5000) / 10000, 169520);
}
END_TEST

START_TEST(O69_strata)
{
	Estimate out = total_of(strata_api, 3);
	ck_assert_int_eq((out.estimate / 6194 + 5) / 10, 662287);
	ck_assert_int_eq((out.error + 3097) / 6194, 94089);
	ck_assert_int_eq(out.freedom, 197);
	out = total_of(strata_enrol, 3);
	ck_assert_int_eq((out.estimate + 5000) / 10000, 3687178);
	ck_assert_int_eq((out.error + 5000) / 10000, 114642);
}
END_TEST

START_TEST(a_stratum_seen_whole_leaves_nothing_open)
{
	const Stratum whole[] = {{3, 3, 600, 130000}, {1, 1, 55, 3025}};
	Estimate out;
	ck_assert_int_eq(sampling_total(whole, 2, 9500, SIDES_ONE, &out),
			 SAMPLING_OK);
	ck_assert(out.estimate == 655 && out.lower == 655 && out.upper == 655 && out.error == 0);
	const Stratum lone[] = {{3, 1, 600, 360000}};
	ck_assert_int_eq(sampling_total(lone, 1, 9500, SIDES_ONE, &out),
			 SAMPLING_OUT_OF_RANGE);
}
END_TEST

/* ---- selection ---- */

/* Rivest's ticket of an id: that of the program as a decimal number, read backwards behind the
 * point. */
static void ticket_of(Buf *out, const char *seed, const char *id)
{
	uint8_t hash[32];
	char hex[65];
	spot_seed_hex(str_of(seed), hex);
	spot_ticket(hex, str_of(id), hash);
	mpz_t number;
	mpz_init(number);
	mpz_import(number, sizeof hash, 1, 1, 1, 0, hash);
	char *decimal = mpz_get_str(NULL, 10, number);
	buf_clear(out);
	for (size_t i = strlen(decimal); i > 0; i--)
		buf_char(out, decimal[i - 1]);
	free(decimal);
	mpz_clear(number);
}

static const struct {
	const char *id, *seed, *unit, *start;
} tickets[] = {
	{"O73", "314159", "B-2", "41031"}, {"O73", "314159", "B-3", "47096"},
	{"O73", "314159", "A-3", "47143"}, {"O73", "314159", "A-2", "56708"},
	{"O73", "314159", "B-1", "97817"}, {"O73", "314159", "A-1", "98285"},
	{"O75", "xy()134!g2n", "cat", "24866"}, {"O75", "xy()134!g2n", "dog", "33886"},
	{"O75", "xy()134!g2n", "goat", "49599"}, {"O75", "xy()134!g2n", "fish", "74685"},
};

START_TEST(O73_O75_tickets)
{
	Buf ticket = {0};
	ticket_of(&ticket, tickets[_i].seed, tickets[_i].unit);
	ck_assert_msg(strncmp(ticket.at, tickets[_i].start, 5) == 0, "%s %s: %s", tickets[_i].id,
		      tickets[_i].unit, ticket.at);
	buf_free(&ticket);
}
END_TEST

START_TEST(O71_the_hash_itself)
{
	char hex[65];
	spot_seed_hex(STR("abc"), hex);
	ck_assert(str_starts(str_of(hex), STR("ba7816bf")));
	ck_assert_str_eq(hex + 64 - 7, "20015ad");
	mpz_t number;
	mpz_init_set_str(number, hex, 16);
	char *decimal = mpz_get_str(NULL, 10, number);
	/* 0.56998071861792858926... read from its end */
	ck_assert_str_eq(decimal + strlen(decimal) - 20, "62985829716817089965");
	free(decimal);
	mpz_clear(number);
}
END_TEST

/* Values {7, 3, 4, 9, 0, 1, 8, 2, 6, 5} labelled A to J, pounds 2, 11, 20, 29 and 38: A, C, D, G and
 * I. The program draws its pounds by tickets, but a pound lies in the same row. */
START_TEST(O77_each_pound_lies_in_its_row)
{
	static const int64_t values[] = {7, 3, 4, 9, 0, 1, 8, 2, 6, 5};
	static const int64_t selected[] = {0, 2, 3, 6, 8};
	static const char *const label[] = {"A", "B", "C", "D", "E", "F", "G", "H", "I", "J"};
	int64_t row_of[45];
	SpotFrame frame = {0};
	SpotSample sample = {0};
	char hex[65];
	for (int i = 0; i < 10; i++)
		*vec_push(&frame.row) = (SpotRow){.key = str_of(label[i]), .group = STR(""),
			.on = NO_DAY, .priced = true, .pence = values[i]};
	spot_frame_seal(&frame);
	spot_seed_hex(STR("1"), hex);
	memset(row_of, -1, sizeof row_of);
	spot_draw(&frame, &frame.group.at[0], SPOT_MONEY, hex, 0, 2000, &sample);
	for (size_t i = 0; i < sample.n; i++)
		row_of[sample.at[i].penny] = sample.at[i].row;
	/* Of 2,000 draws each of 45 comes, but for a chance of one in 10^18. */
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(row_of[9 * i + 1], selected[i]);
	vec_free(&sample);
	spot_frame_free(&frame);
}
END_TEST

START_TEST(percentages)
{
	static const struct {
		int64_t billionths;
		int places;
		RoundMode mode;
		const char *text;
	} c[] = {
		{112928151, 1, ROUND_UP, "11.3%"},   {112928151, 1, ROUND_DOWN, "11.2%"},
		{0, 2, ROUND_UP, "0.00%"},           {1, 2, ROUND_UP, "0.01%"},
		{SAMPLING_ONE, 0, ROUND_DOWN, "100%"}, {999999999, 1, ROUND_DOWN, "99.9%"},
		{5050000, 2, ROUND_HALF_EVEN, "0.50%"}, {123456789, 7, ROUND_UP, "12.3456789%"},
		{-15000000, 1, ROUND_UP, "-1.5%"},   {1500000000, 1, ROUND_UP, "150.0%"},
	};
	Buf buf = {0};
	sampling_percent(&buf, c[_i].billionths, c[_i].places, c[_i].mode);
	ck_assert_str_eq(buf.at, c[_i].text);
	buf_free(&buf);
}
END_TEST

Suite *sampling_suite(void)
{
	Suite *suite = suite_create("sampling");
	TCase *size = tcase_create("size");
	tcase_set_timeout(size, 60);
	tcase_add_loop_test(size, O1_to_O17_O31_to_O43_sizes, 0,
			    (int)(sizeof size_cases / sizeof *size_cases));
	tcase_add_test(size, O35_O37_taints_allowed);
	tcase_add_loop_test(size, tables_A1_and_A2_whole, 0, 2);
	tcase_add_loop_test(size, table_C1_whole, 0, (int)(sizeof pound_sizes / sizeof *pound_sizes));
	tcase_add_test(size, no_size_and_bad_plans);
	tcase_add_test(size, O47_two_stages);
	tcase_add_test(size, two_stages_at_90_and_by_pounds);
	tcase_add_test(size, two_stages_at_their_ends);
	tcase_add_test(size, two_stages_by_hand);
	tcase_add_loop_test(size, two_stages_from_single_chances, 0, 2);
	suite_add_tcase(suite, size);
	TCase *bound = tcase_create("bound");
	tcase_set_timeout(bound, 60);
	tcase_add_loop_test(bound, O19_to_O29_upper_limits, 0,
			    (int)(sizeof limit_cases / sizeof *limit_cases));
	tcase_add_test(bound, O22_none_in_twenty_is_a_limit);
	tcase_add_loop_test(bound, tables_A3_and_A4_whole, 0, 2);
	tcase_add_test(bound, rates_to_the_last_digit);
	tcase_add_test(bound, exact_limits_are_not_rounded_on);
	tcase_add_loop_test(bound, O45_counts, 0, 4);
	tcase_add_test(bound, counts_at_their_ends);
	tcase_add_test(bound, O53_three_laws_with_no_errors);
	tcase_add_loop_test(bound, O55_printed_factors, 0, 6);
	tcase_add_test(bound, factors_and_quantiles_to_the_last_digit);
	tcase_add_loop_test(bound, O79_chance_of_seeing_none, 0, 4);
	tcase_add_test(bound, O81_discovery_in_a_frame);
	tcase_add_test(bound, O83_two_samples_that_do_not_meet);
	suite_add_tcase(suite, bound);
	TCase *money = tcase_create("money");
	tcase_add_test(money, O49_Stringer);
	tcase_add_test(money, O51_Stringer);
	tcase_add_test(money, Stringer_keeps_the_sides_apart);
	tcase_add_test(money, O57_plan_by_factors);
	tcase_add_test(money, O57_O59_evaluations_by_hand);
	tcase_add_test(money, minimum_sum_by_hand);
	tcase_add_test(money, O61_difference);
	tcase_add_test(money, O63_quotient);
	tcase_add_test(money, direct_and_regression);
	tcase_add_test(money, O65_the_demand);
	tcase_add_test(money, O67_simple_random);
	tcase_add_test(money, O69_strata);
	tcase_add_test(money, a_stratum_seen_whole_leaves_nothing_open);
	suite_add_tcase(suite, money);
	TCase *pick = tcase_create("pick");
	tcase_add_test(pick, O71_the_hash_itself);
	tcase_add_loop_test(pick, O73_O75_tickets, 0, (int)(sizeof tickets / sizeof *tickets));
	tcase_add_test(pick, O77_each_pound_lies_in_its_row);
	tcase_add_loop_test(pick, percentages, 0, 10);
	suite_add_tcase(suite, pick);
	return suite;
}
