/*
 * Exact arithmetic (base/exact.h, law 1) against numbers of 768 bits that are
 * slow, plain and obviously right, and against people's way of rounding: looking
 * at each multiple.
 *
 *   Ratio a, b ──> ratio_add ──────────────> fits, n/d
 *        └──────> Big cross products ──────> the same value, in lowest terms, or refused
 *
 * Random numbers are of random length, as mistakes sit where a word is just
 * full; a count at the end makes sure that the interesting cases did come up.
 */
#include "base/exact.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/random.h"

Suite *exact_suite(void);

/* C has no names for the ends of 128 bits. */
#define INT128_MAX ((Int128)(((Uint128)1 << 127) - 1))
#define INT128_MIN (-INT128_MAX - 1)
#define TOP ((Int128)1 << 126) /* the first numerator that does not fit */

/* ---- naive numbers of 768 bits, to hold the real ones against ---- */

enum { WORDS = 24 };

/* Unsigned; signs are kept beside it. */
typedef struct Big {
	uint32_t w[WORDS]; /* lowest first */
} Big;

/* The size of n, also of the smallest, which has no positive counterpart. */
static Big big_of(Int128 n)
{
	Uint128 size = n < 0 ? 0 - (Uint128)n : (Uint128)n;
	Big big = {{(uint32_t)size, (uint32_t)(size >> 32), (uint32_t)(size >> 64),
		    (uint32_t)(size >> 96)}};
	return big;
}

/* School multiplication, cut at 768 bits, which no test reaches. */
static Big big_mul(Big a, Big b)
{
	Big product = {{0}};
	for (int i = 0; i < WORDS; i++) {
		uint64_t carry = 0;
		for (int j = 0; a.w[i] != 0 && i + j < WORDS; j++) {
			carry += (uint64_t)a.w[i] * b.w[j] + product.w[i + j];
			product.w[i + j] = (uint32_t)carry;
			carry >>= 32;
		}
	}
	return product;
}

/* Wraps at 768 bits, which no test reaches. */
static Big big_add(Big a, Big b)
{
	uint64_t carry = 0;
	for (int i = 0; i < WORDS; i++) {
		carry += (uint64_t)a.w[i] + b.w[i];
		a.w[i] = (uint32_t)carry;
		carry >>= 32;
	}
	return a;
}

/* For a not below b. */
static Big big_sub(Big a, Big b)
{
	int64_t borrow = 0;
	for (int i = 0; i < WORDS; i++) {
		borrow += (int64_t)a.w[i] - (int64_t)b.w[i];
		a.w[i] = (uint32_t)borrow;
		borrow >>= 32;
	}
	return a;
}

/* From the highest word down. */
static int big_cmp(Big a, Big b)
{
	for (int i = WORDS - 1; i >= 0; i--) {
		if (a.w[i] != b.w[i])
			return a.w[i] < b.w[i] ? -1 : 1;
	}
	return 0;
}

/* One bit down, for the divisor below. */
static Big big_half(Big a)
{
	for (int i = 0; i < WORDS; i++)
		a.w[i] = a.w[i] >> 1 | (i + 1 < WORDS ? a.w[i + 1] << 31 : 0);
	return a;
}

static bool big_is_zero(Big a)
{
	return big_cmp(a, big_of(0)) == 0;
}

/* Halving and subtracting; b is odd or made so after both have lost their common twos. */
static Big big_gcd(Big a, Big b)
{
	Big twos = big_of(1);
	if (big_is_zero(a))
		return b;
	if (big_is_zero(b))
		return a;
	while (((a.w[0] | b.w[0]) & 1) == 0) {
		a = big_half(a);
		b = big_half(b);
		twos = big_add(twos, twos);
	}
	while (!big_is_zero(a)) {
		while ((a.w[0] & 1) == 0)
			a = big_half(a);
		while ((b.w[0] & 1) == 0)
			b = big_half(b);
		if (big_cmp(a, b) < 0) {
			Big swap = a;
			a = b;
			b = swap;
		}
		a = big_sub(a, b);
	}
	return big_mul(b, twos);
}

/* A signed sum of two products: x1 x2 + y1 y2. */
static Big sum_of_products(Int128 x1, Int128 x2, Int128 y1, Int128 y2, bool *negative)
{
	Big x = big_mul(big_of(x1), big_of(x2)), y = big_mul(big_of(y1), big_of(y2));
	bool x_less = (x1 < 0) != (x2 < 0), y_less = (y1 < 0) != (y2 < 0);
	if (x_less == y_less) {
		*negative = x_less;
		return big_add(x, y);
	}
	bool swap = big_cmp(x, y) < 0;
	*negative = swap ? y_less : x_less;
	return swap ? big_sub(y, x) : big_sub(x, y);
}

/*
 * Whether (fits, got) is what n/d in lowest terms should have given: the same value, no common
 * divisor, and refused only when it is out of range.
 */
static bool right(bool fits, Ratio got, bool negative, Big n, Big d)
{
	if (!fits) {
		Big g = big_gcd(n, d);
		Big n_bound = big_mul(g, big_of(TOP)), d_bound = big_mul(g, big_of((Int128)1 << 63));
		return big_cmp(n, n_bound) >= 0 || big_cmp(d, d_bound) >= 0;
	}
	if (got.d <= 0 || got.n >= TOP || got.n <= -TOP)
		return false;
	if (big_cmp(big_gcd(big_of(got.n), big_of(got.d)), big_of(1)) != 0)
		return false;
	if (got.n != 0 && (got.n < 0) != negative)
		return false;
	return big_cmp(big_mul(n, big_of(got.d)), big_mul(d, big_of(got.n))) == 0;
}

/* Of random length, so that small, middling and huge ones all come up; often with round factors. */
static Int128 random_number(Random *random, unsigned bits)
{
	Uint128 n = (Uint128)random_word(random) << 64 | random_word(random);
	n >>= 128 - bits + random_below(random, bits);
	if (random_below(random, 4) == 0) {
		for (int i = 0; i < 8 && n < (Uint128)1 << (bits - 4); i++)
			n *= 10;
	}
	return random_below(random, 2) ? (Int128)n : -(Int128)n;
}

/* Always one that fits; a denominator of 0 becomes 1. */
static Ratio random_ratio(Random *random, unsigned n_bits, unsigned d_bits)
{
	Ratio ratio = {0, 1};
	Int128 d = random_number(random, d_bits);
	ck_assert(ratio_make(random_number(random, n_bits), d == 0 ? 1 : d, &ratio));
	return ratio;
}

/* Part by part, as equal ratios are in lowest terms. */
static bool same_ratio(Ratio a, Ratio b)
{
	return a.n == b.n && a.d == b.d;
}

/* ---- whole numbers ---- */

/* INT64_MIN has no absolute value: the usual way of taking one is undefined. */
START_TEST(divisors_and_multiples)
{
	ck_assert_int_eq(gcd64(0, 0), 0);
	ck_assert_int_eq(gcd64(0, -7), 7);
	ck_assert_int_eq(gcd64(12, 18), 6);
	ck_assert_int_eq(gcd64(-12, 18), 6);
	ck_assert_int_eq(gcd64(INT64_MIN, 6), 2);
	ck_assert_int_eq(gcd64(INT64_MIN, 0), (int64_t)1 << 62);
	ck_assert_int_eq(gcd64(INT64_MAX, INT64_MAX), INT64_MAX);
	int64_t lcm = -5;
	ck_assert(lcm64(4, 6, &lcm));
	ck_assert_int_eq(lcm, 12);
	ck_assert(lcm64(INT64_MAX, 1, &lcm));
	ck_assert_int_eq(lcm, INT64_MAX);
	ck_assert(!lcm64(INT64_MAX, 2, &lcm));
	ck_assert(fits64(INT64_MAX) && fits64(INT64_MIN));
	ck_assert(!fits64((Int128)INT64_MAX + 1) && !fits64((Int128)INT64_MIN - 1));
}
END_TEST

/* Euclid's own way, slowly. */
START_TEST(divisors_agree_with_division)
{
	Random random = {7};
	for (int round = 0; round < 100000; round++) {
		int64_t a = (int64_t)random_number(&random, 62), b = (int64_t)random_number(&random, 62);
		int64_t x = llabs(a), y = llabs(b);
		while (y != 0) {
			int64_t rest = x % y;
			x = y;
			y = rest;
		}
		if (gcd64(a, b) != x)
			ck_abort_msg("gcd of %lld and %lld", (long long)a, (long long)b);
	}
}
END_TEST

/* ---- products ---- */

/* 256 bits on both sides (S77); signs and zeros decide before sizes do. */
START_TEST(products_of_extremes_compare)
{
	ck_assert_int_eq(cmp_products(INT128_MIN, INT128_MIN, INT128_MAX, INT128_MAX), 1);
	ck_assert_int_eq(cmp_products(INT128_MIN, INT128_MIN, INT128_MIN, INT128_MIN), 0);
	ck_assert_int_eq(cmp_products(INT128_MIN, INT128_MAX, INT128_MIN, INT128_MIN), -1);
	ck_assert_int_eq(cmp_products(INT128_MIN, 1, INT128_MAX, -1), -1);
	ck_assert_int_eq(cmp_products(INT128_MIN, -1, INT128_MAX, 1), 1);
	ck_assert_int_eq(cmp_products(INT128_MIN, 0, 0, INT128_MAX), 0);
	ck_assert_int_eq(cmp_products(0, 1, INT128_MIN, INT128_MAX), 1);
	ck_assert_int_eq(cmp_products(0, INT128_MIN, 1, INT128_MAX), -1);
	ck_assert_int_eq(cmp_products(INT64_MIN, INT64_MIN, INT64_MIN, INT64_MAX), 1);
}
END_TEST

/* Half of the pairs are equal or differ by one in the last place. */
START_TEST(products_compare_as_naive_ones_do)
{
	Random random = {8};
	int order[3] = {0};
	for (int round = 0; round < 100000; round++) {
		Int128 a = random_number(&random, 127), b = random_number(&random, 127);
		Int128 c = random_number(&random, 127), d = random_number(&random, 127);
		if (random_below(&random, 2)) { /* equal, or only just not */
			Int128 m = random_number(&random, 30), n = random_number(&random, 30);
			Int128 p = random_number(&random, 90), q = random_number(&random, 90);
			a = m * p, b = n * q, c = m * q, d = n * p + (Int128)random_below(&random, 2);
		}
		bool negative;
		Big gap = sum_of_products(a, b, -c, d, &negative);
		int wanted = big_is_zero(gap) ? 0 : negative ? -1 : 1;
		if (cmp_products(a, b, c, d) != wanted)
			ck_abort_msg("round %d", round);
		order[wanted + 1]++;
	}
	ck_assert(order[0] > 10000 && order[1] > 10000 && order[2] > 10000);
}
END_TEST

/* ---- ratios ---- */

/*
 * Both ends of numerator and denominator; what does not fit leaves the target
 * as it was.
 */
START_TEST(ratios_are_made_in_lowest_terms)
{
	Ratio r = {9, 9};
	ck_assert(ratio_make(6, -4, &r) && same_ratio(r, (Ratio){-3, 2}));
	ck_assert(ratio_make(-6, -4, &r) && same_ratio(r, (Ratio){3, 2}));
	ck_assert(ratio_make(0, -4, &r) && same_ratio(r, (Ratio){0, 1}));
	ck_assert(ratio_make(0, INT128_MIN, &r) && same_ratio(r, (Ratio){0, 1}));
	ck_assert(ratio_make(INT128_MIN, INT128_MIN, &r) && same_ratio(r, (Ratio){1, 1}));
	ck_assert(ratio_make(INT128_MIN, 4, &r) && same_ratio(r, (Ratio){-(TOP / 2), 1}));
	ck_assert(ratio_make(TOP - 1, 1, &r) && r.n == TOP - 1);
	ck_assert(ratio_make(1 - TOP, 1, &r) && r.n == 1 - TOP);
	ck_assert(ratio_make(1, INT64_MAX, &r) && r.d == INT64_MAX);
	r = (Ratio){9, 9};
	ck_assert(!ratio_make(TOP, 1, &r));
	ck_assert(!ratio_make(-TOP, 1, &r));
	ck_assert(!ratio_make(INT128_MIN, 1, &r));
	ck_assert(!ratio_make(1, (Int128)1 << 63, &r));
	ck_assert(!ratio_make(1, INT128_MIN, &r));
	ck_assert(r.n == 9 && r.d == 9);
}
END_TEST

/* S19 is decided above; here nothing must trap. */
START_TEST(division_by_zero_is_refused)
{
	Ratio r = {9, 9};
	ck_assert(!ratio_div((Ratio){1, 2}, (Ratio){0, 1}, &r));
	ck_assert(!ratio_div((Ratio){0, 1}, (Ratio){0, 1}, &r));
	ck_assert(r.n == 9 && r.d == 9);
	ck_assert(ratio_div((Ratio){0, 1}, (Ratio){-1, 3}, &r) && same_ratio(r, (Ratio){0, 1}));
	ck_assert(ratio_div((Ratio){1, 2}, (Ratio){-1, 3}, &r) && same_ratio(r, (Ratio){-3, 2}));
}
END_TEST

/* Sum, difference, product and quotient of one pair against the naive numbers. */
static void check_pair(Ratio a, Ratio b, int *refused)
{
	Ratio got = {0, 1};
	bool less, fits = ratio_add(a, b, &got);
	Big d = big_mul(big_of(a.d), big_of(b.d));
	Big n = sum_of_products(a.n, b.d, b.n, a.d, &less);
	*refused += !fits;
	if (!right(fits, got, less, n, d))
		ck_abort_msg("sum");
	fits = ratio_sub(a, b, &got);
	n = sum_of_products(a.n, b.d, -b.n, a.d, &less);
	*refused += !fits;
	if (!right(fits, got, less, n, d))
		ck_abort_msg("difference");
	fits = ratio_mul(a, b, &got);
	*refused += !fits;
	less = (a.n < 0) != (b.n < 0);
	if (!right(fits, got, less, big_mul(big_of(a.n), big_of(b.n)), d))
		ck_abort_msg("product");
	if (b.n == 0)
		return;
	fits = ratio_div(a, b, &got);
	*refused += !fits;
	n = big_mul(big_of(a.n), big_of(b.d));
	if (!right(fits, got, less, n, big_mul(big_of(a.d), big_of(b.n))))
		ck_abort_msg("quotient");
	n = sum_of_products(a.n, b.d, -b.n, a.d, &less);
	if (ratio_cmp(a, b) != (big_is_zero(n) ? 0 : less ? -1 : 1))
		ck_abort_msg("comparison");
}

/*
 * Also a number with its own negative, and with a neighbour over the same
 * denominator.
 */
START_TEST(ratios_agree_with_naive_numbers)
{
	static const unsigned n_bits[] = {20, 40, 62, 70, 110, 126, 126};
	static const unsigned d_bits[] = {10, 30, 62, 62, 62, 20, 62};
	Random random = {9};
	int refused = 0;
	for (int round = 0; round < 20000; round++) {
		unsigned i = (unsigned)random_below(&random, 7), j = (unsigned)random_below(&random, 7);
		Ratio a = random_ratio(&random, n_bits[i], d_bits[i]);
		Ratio b = random_ratio(&random, n_bits[j], d_bits[j]);
		check_pair(a, b, &refused);
		check_pair(a, (Ratio){-a.n, a.d}, &refused);
		if (random_below(&random, 2))
			check_pair(a, (Ratio){b.n / a.d * a.d + 1, a.d == 1 ? 1 : a.d}, &refused);
	}
	ck_assert_int_gt(refused, 1000);
	ck_assert_int_lt(refused, 100000);
}
END_TEST

/* The sum needs 190 bits on the way, and two at the end. */
START_TEST(sums_that_cancel_do_not_overflow)
{
	Ratio a = {TOP - 1, INT64_MAX}, b = {2 - TOP, INT64_MAX}, r = {0, 1};
	ck_assert(ratio_make(a.n, a.d, &a));
	ck_assert(ratio_make(b.n, b.d, &b));
	ck_assert(ratio_add(a, b, &r));
	ck_assert(same_ratio(r, (Ratio){1, INT64_MAX}));
}
END_TEST

/* ---- rounding ---- */

/* The multiple that a person would pick: looks at each of them. */
static int plain_round(int n, int step, RoundMode mode)
{
	int below = -1000 * step, above;
	while (below + step <= n)
		below += step;
	if (below == n)
		return n;
	above = below + step;
	int to_below = n - below, to_above = above - n;
	if (mode == ROUND_UP || mode == ROUND_DOWN)
		return mode == ROUND_UP ? above : below;
	if (to_below != to_above)
		return to_below < to_above ? below : above;
	if (mode == ROUND_HALF_EVEN)
		return below / step % 2 == 0 ? below : above;
	bool away = mode == ROUND_HALF_AWAY;
	return away == (n > 0) ? above : below;
}

/* Where parts of 64 bits end and those of 128 begin, on both sides. */
START_TEST(the_last_of_64_bits_are_reckoned_as_the_first_of_128)
{
	const Int128 two63 = (Int128)1 << 63;
	const Ratio least = {INT64_MIN, 1}, most = {INT64_MAX, 1}, beyond = {two63, 1};
	Ratio r;
	ck_assert(!ratio_mul(least, least, &r));
	ck_assert(ratio_mul(least, most, &r) && r.n == -two63 * INT64_MAX && r.d == 1);
	ck_assert(ratio_mul(beyond, most, &r) && r.n == two63 * INT64_MAX);
	ck_assert(ratio_mul(least, (Ratio){1, INT64_MAX}, &r) && r.n == INT64_MIN && r.d == INT64_MAX);
	ck_assert(!ratio_mul((Ratio){1, INT64_MAX}, (Ratio){1, 2}, &r));
	ck_assert(ratio_add(most, most, &r) && r.n == 2 * (Int128)INT64_MAX && r.d == 1);
	ck_assert(ratio_add(least, least, &r) && r.n == -2 * two63);
	ck_assert(ratio_sub(least, beyond, &r) && r.n == -2 * two63);
	ck_assert(ratio_sub(most, most, &r) && r.n == 0 && r.d == 1);
	ck_assert(ratio_make(INT64_MIN, 6, &r) && r.n == -two63 / 2 && r.d == 3);
	ck_assert(ratio_make(0, INT64_MAX, &r) && r.n == 0 && r.d == 1);
	ck_assert(ratio_make(two63, INT64_MAX, &r) && r.n == two63 && r.d == INT64_MAX);
	ck_assert(ratio_round(most, most, ROUND_UP, &r) && r.n == INT64_MAX);
	ck_assert(ratio_round(most, (Ratio){INT64_MAX - 1, 1}, ROUND_UP, &r) &&
		r.n == 2 * (Int128)(INT64_MAX - 1));
	ck_assert(ratio_round(least, (Ratio){10, 1}, ROUND_DOWN, &r) && r.n == -two63 - 2);
	ck_assert(ratio_round(beyond, (Ratio){10, 1}, ROUND_UP, &r) && r.n == two63 + 2);
}
END_TEST

/*
 * Every whole number from -200 to 200, steps to 12, all modes; the same in
 * sixtieths.
 */
START_TEST(rounding_agrees_with_looking)
{
	for (int step = 1; step <= 12; step++) {
		for (int n = -200; n <= 200; n++) {
			for (RoundMode mode = ROUND_HALF_AWAY; mode <= ROUND_DOWN; mode++) {
				int wanted = plain_round(n, step, mode);
				Int128 got = round_to(n, step, mode);
				Ratio a, s, r = {0, 1}, w;
				ck_assert(ratio_make(n, 60, &a) && ratio_make(step, 60, &s) &&
					  ratio_make(wanted, 60, &w));
				if (got != wanted || !ratio_round(a, s, mode, &r) || !same_ratio(r, w))
					ck_abort_msg("%d to %d, mode %d", n, step, (int)mode);
			}
		}
	}
}
END_TEST

/* S86: `up` and `down` are directions on the line; halves are named for their size or evenness. */
START_TEST(s86_negative_halves_and_directions)
{
	ck_assert(round_to(-25, 10, ROUND_HALF_AWAY) == -30);
	ck_assert(round_to(-25, 10, ROUND_HALF_TOWARDS) == -20);
	ck_assert(round_to(-25, 10, ROUND_HALF_EVEN) == -20);
	ck_assert(round_to(-35, 10, ROUND_HALF_EVEN) == -40);
	ck_assert(round_to(-21, 10, ROUND_UP) == -20);
	ck_assert(round_to(-21, 10, ROUND_DOWN) == -30);
	ck_assert(round_to(21, 10, ROUND_UP) == 30);
	ck_assert(round_to(29, 10, ROUND_DOWN) == 20);
	ck_assert(round_to(25, 10, ROUND_HALF_AWAY) == 30);
	ck_assert(round_to(25, 10, ROUND_HALF_TOWARDS) == 20);
	ck_assert(round_to(25, 10, ROUND_HALF_EVEN) == 20);
}
END_TEST

/* S87: what is on the step stays there, zero too. */
START_TEST(s87_already_on_the_step)
{
	for (RoundMode mode = ROUND_HALF_AWAY; mode <= ROUND_DOWN; mode++) {
		ck_assert(round_to(8, 4, mode) == 8);
		ck_assert(round_to(-8, 4, mode) == -8);
		ck_assert(round_to(0, 4, mode) == 0);
		ck_assert(round_to(8, 1, mode) == 8);
	}
	ck_assert(round_to(INT128_MAX - 9, 7, ROUND_DOWN) <= INT128_MAX - 9);
	ck_assert(round_to(INT128_MIN + 9, INT64_MAX, ROUND_UP) < 0);
}
END_TEST

/* A third of a pound in pence, and 23 minutes in quarters of an hour. */
START_TEST(fractions_are_rounded_exactly)
{
	Ratio r;
	ck_assert(ratio_round((Ratio){1, 3}, (Ratio){1, 100}, ROUND_HALF_AWAY, &r));
	ck_assert(same_ratio(r, (Ratio){33, 100}));
	ck_assert(ratio_round((Ratio){23, 60}, (Ratio){1, 4}, ROUND_HALF_AWAY, &r));
	ck_assert(same_ratio(r, (Ratio){1, 2}));
	ck_assert(ratio_round((Ratio){45, 120}, (Ratio){1, 4}, ROUND_HALF_TOWARDS, &r));
	ck_assert(same_ratio(r, (Ratio){1, 4}));
	ck_assert(ratio_round((Ratio){-1, 3}, (Ratio){2, 1}, ROUND_UP, &r));
	ck_assert(same_ratio(r, (Ratio){0, 1}));
	Ratio huge = {TOP - 1, 1}, tiny = {1, INT64_MAX};
	ck_assert(ratio_round(huge, tiny, ROUND_HALF_EVEN, &r));
	ck_assert(same_ratio(r, huge));
	ck_assert(ratio_round(tiny, huge, ROUND_UP, &r));
	ck_assert(same_ratio(r, huge));
	ck_assert(!ratio_round(huge, (Ratio){TOP / 2, 1}, ROUND_UP, &r));
}
END_TEST

/* Whether r is a multiple of step, on the side or at the distance that the mode allows. */
static bool well_rounded(Ratio a, Ratio step, RoundMode mode, Ratio r)
{
	Big times_n = big_mul(big_of(r.n), big_of(step.d));
	Big times_d = big_mul(big_of(r.d), big_of(step.n));
	if (r.n != 0 && big_cmp(big_gcd(times_n, times_d), times_d) != 0)
		return false;
	bool below; /* r < a */
	Big gap = sum_of_products(a.n, r.d, -r.n, a.d, &below);
	below = !below;
	Big unit = big_mul(big_of(step.n), big_mul(big_of(a.d), big_of(r.d)));
	gap = big_mul(gap, big_of(step.d));
	if (mode == ROUND_UP || mode == ROUND_DOWN)
		return big_is_zero(gap) || (big_cmp(gap, unit) < 0 && below == (mode == ROUND_DOWN));
	int half = big_cmp(big_add(gap, gap), unit);
	if (half != 0)
		return half < 0;
	if (mode == ROUND_HALF_EVEN) {
		Big twice = big_add(times_d, times_d);
		return r.n == 0 || big_cmp(big_gcd(times_n, twice), twice) == 0;
	}
	return (below == (a.n > 0)) == (mode == ROUND_HALF_TOWARDS);
}

/*
 * Where looking is impossible: a multiple, on the right side, not further than
 * half a step.
 */
START_TEST(rounding_holds_its_promise)
{
	Random random = {10};
	int rounded = 0;
	for (int round = 0; round < 15000; round++) {
		Ratio a = random_ratio(&random, round % 2 ? 126 : 50, round % 3 ? 62 : 20);
		Ratio step = random_ratio(&random, round % 5 ? 20 : 126, round % 7 ? 20 : 62), r;
		RoundMode mode = (RoundMode)random_below(&random, 5);
		step.n = step.n < 0 ? -step.n : step.n == 0 ? 1 : step.n;
		if (!ratio_round(a, step, mode, &r))
			continue;
		rounded++;
		if (!well_rounded(a, step, mode, r))
			ck_abort_msg("round %d, mode %d", round, (int)mode);
	}
	ck_assert_int_gt(rounded, 10000);
}
END_TEST

/* ---- text ---- */

/* Exactly this fraction, in lowest terms. */
static void parses(const char *text, Int128 n, int64_t d)
{
	Ratio r = {77, 1};
	ck_assert_msg(ratio_parse(str_of(text), &r), "%s", text);
	ck_assert_msg(same_ratio(r, (Ratio){n, d}), "%s", text);
}

/* Trailing zeros do not count as places; the largest numerator just fits. */
START_TEST(decimals_are_read)
{
	parses("12.5", 25, 2);
	parses("-1,234.50", -2469, 2);
	parses("0", 0, 1);
	parses("-0.00", 0, 1);
	parses("007", 7, 1);
	parses("1,234,567", 1234567, 1);
	parses("999", 999, 1);
	parses("1234567", 1234567, 1);
	parses("0.1000000000000000000000000000000000000000000000", 1, 10);
	parses("0.0000019073486328125", 1, 524288);
	parses("0.000000000000000001", 1, 1000000000000000000);
	parses("85070591730234615865843651857942052863", TOP - 1, 1);
	parses("000000000000000000000000000000000000000000000000001", 1, 1);
}
END_TEST

/*
 * Commas in wrong places are slips that change a sum by a factor; nothing is
 * half read.
 */
START_TEST(other_texts_are_refused)
{
	static const char *const texts[] = {
		"", "-", ".", ".5", "5.", "-.5", "+5", "1 000", " 1", "1 ", "1,23", "1,2345", "1234,567",
		",123", "1,,234", "1,234,", "1,234,5", "12,34.5", "1.5.2", "1.2,345", "1e5", "0x10", "1.-5",
		"--1", "1-", "5p", "\xC2\xA3", "nan", "inf", "0.0000000000000000001",
		"85070591730234615865843651857942052864", "99999999999999999999999999999999999999999",
	};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		Ratio r = {77, 1};
		ck_assert_msg(!ratio_parse(str_of(texts[i]), &r), "%s", texts[i]);
		ck_assert(same_ratio(r, (Ratio){77, 1}));
	}
	Ratio r;
	ck_assert(!ratio_parse((Str){NULL, 0}, &r));
}
END_TEST

/* The whole text, commas and the mark of what was cut. */
static void prints(Int128 n, int64_t d, int min_places, bool commas, const char *wanted)
{
	Buf buf = {0};
	ratio_print(&buf, (Ratio){n, d}, min_places, commas);
	ck_assert_str_eq(buf.at, wanted);
	buf_free(&buf);
}

static void prints_whole(Int128 n, int64_t d, const char *wanted)
{
	Buf buf = {0};
	ratio_print_whole(&buf, (Ratio){n, d});
	ck_assert_str_eq(buf.at, wanted);
	buf_free(&buf);
}

/* For files: nothing is cut, and what is whole has no fraction. */
START_TEST(fractions_are_printed_whole)
{
	prints_whole(0, 1, "0");
	prints_whole(-93701, 100, "-93701/100");
	prints_whole(1, 3, "1/3");
	prints_whole((Int128)1000000000000000000 * 12345, 7, "12345000000000000000000/7");
}
END_TEST

/* S80: six places at most, cut, and marked when there is more. */
START_TEST(s80_ratios_are_printed)
{
	prints(0, 1, 0, false, "0");
	prints(0, 1, 2, true, "0.00");
	prints(565, 100, 2, true, "5.65");
	prints(56475, 10000, 2, true, "5.6475");
	prints(113, 20, 0, false, "5.65");
	prints(1000000, 1, 0, true, "1,000,000");
	prints(1000, 1, 0, true, "1,000");
	prints(1001020, 1, 0, true, "1,001,020");
	prints(999999999999999999, 1, 0, true, "999,999,999,999,999,999");
	prints(1000000000000000000, 1, 0, true, "1,000,000,000,000,000,000");
	prints(1000000000000000007, 1, 0, false, "1000000000000000007");
	prints((Int128)1000000000000000000 * 12345, 1, 0, false, "12345000000000000000000");
	prints(999, 1, 2, true, "999.00");
	prints(-1234567, 10, 2, true, "-123,456.70");
	prints(-1234567, 10, 2, false, "-123456.70");
	prints(10, 3, 2, true, "3.333333\xE2\x80\xA6");
	prints(-2, 3, 0, true, "-0.666666\xE2\x80\xA6");
	prints(1, 1000000, 0, true, "0.000001");
	prints(1, 10000000, 0, true, "0.000000\xE2\x80\xA6");
	prints(10000001, 10000000, 2, true, "1.000000\xE2\x80\xA6");
	prints(1, 64, 2, true, "0.015625");
	prints(1, 128, 2, true, "0.007812\xE2\x80\xA6");
	prints(1, 2, 8, false, "0.50000000");
	prints(TOP - 1, 1, 0, true, "85,070,591,730,234,615,865,843,651,857,942,052,863");
	prints(1 - TOP, INT64_MAX, 0, false, "-9223372036854775809");
	prints(INT64_MAX - (Int128)1, INT64_MAX, 0, false, "0.999999\xE2\x80\xA6");
}
END_TEST

/* The smallest has no positive counterpart to print. */
START_TEST(whole_numbers_are_printed)
{
	Buf buf = {0};
	int128_print(&buf, INT128_MIN);
	buf_char(&buf, '|');
	int128_print(&buf, INT128_MAX);
	buf_char(&buf, '|');
	int128_print(&buf, 0);
	buf_char(&buf, '|');
	int128_print(&buf, -7);
	ck_assert_str_eq(buf.at, "-170141183460469231731687303715884105728|"
				 "170141183460469231731687303715884105727|0|-7");
	buf_free(&buf);
}
END_TEST

/* Six places at most, so that nothing is cut. */
START_TEST(what_is_printed_reads_back)
{
	Random random = {11};
	for (int round = 0; round < 20000; round++) {
		Ratio a, back = {0, 1};
		ck_assert(ratio_make(random_number(&random, 100), 1000000, &a));
		Buf buf = {0};
		ratio_print(&buf, a, (int)random_below(&random, 5), random_below(&random, 2) != 0);
		if (!ratio_parse(buf_view(&buf), &back) || !same_ratio(a, back))
			ck_abort_msg("%s", buf.at);
		buf_free(&buf);
	}
}
END_TEST

/* ---- REAL ---- */

/*
 * By printing with more and more digits and reading back. The tests run in the C locale, so the
 * library's point is a point. False beyond 15 places.
 */
static bool plain_shortest(double real, Ratio *out)
{
	char text[40];
	int digits = 0;
	do
		snprintf(text, sizeof text, "%.*e", digits, real);
	while (strtod(text, NULL) != real && ++digits < 17); /* digits behind the first one */
	char *e = strchr(text, 'e');
	int exponent = atoi(e + 1), places = digits - exponent;
	Int128 n = 0, scale = 1;
	for (char *c = text; c < e; c++) {
		if (*c >= '0' && *c <= '9')
			n = n * 10 + (*c - '0');
	}
	for (; places > 0 && n % 10 == 0; places--)
		n /= 10;
	if (places > 15)
		return false;
	for (int i = 0; i < abs(places); i++)
		scale *= 10;
	n = text[0] == '-' ? -n : n;
	return places > 0 ? ratio_make(n, scale, out) : ratio_make(n * scale, 1, out);
}

/* Accepted or refused as the slow way says, with the same value. */
static void check_real(double real)
{
	Ratio got = {0, 1}, wanted = {0, 1};
	bool fits = fabs(real) <= 1e15 && plain_shortest(real, &wanted);
	bool read = ratio_of_real(real, &got);
	if (read != fits || !same_ratio(got, wanted))
		ck_abort_msg("%.17g: %d, not %d", real, read, fits);
}

/*
 * Law 1: the shortest decimal. 0.1 + 0.2 prints with seventeen figures and is
 * refused (S91).
 */
START_TEST(reals_of_known_value)
{
	Ratio r = {77, 1};
	ck_assert(ratio_of_real(22.59, &r) && same_ratio(r, (Ratio){2259, 100}));
	ck_assert(ratio_of_real(-0.0, &r) && same_ratio(r, (Ratio){0, 1}));
	ck_assert(ratio_of_real(1e15, &r) && same_ratio(r, (Ratio){1000000000000000, 1}));
	ck_assert(ratio_of_real(-1e15, &r) && same_ratio(r, (Ratio){-1000000000000000, 1}));
	ck_assert(ratio_of_real(1e-15, &r) && same_ratio(r, (Ratio){1, 1000000000000000}));
	ck_assert(ratio_of_real(0.123456789012345, &r) &&
		  same_ratio(r, (Ratio){24691357802469, 200000000000000}));
	ck_assert(ratio_of_real(68719476736.015625, &r) &&
		  same_ratio(r, (Ratio){6871947673601562 / 2, 50000}));
	r = (Ratio){77, 1};
	double refused[] = {NAN,  INFINITY, -INFINITY,  nextafter(1e15, INFINITY), 1e16, 0.1 + 0.2,
			    1e-16, 1.5e-15, DBL_MIN, DBL_TRUE_MIN, -DBL_TRUE_MIN, DBL_MAX,
			    nextafter(1e-15, 0)};
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		ck_assert_msg(!ratio_of_real(refused[i], &r), "%.17g", refused[i]);
	ck_assert(same_ratio(r, (Ratio){77, 1}));
}
END_TEST

/* Decimals, their neighbours, sums and powers of two. */
START_TEST(reals_read_as_their_shortest_decimal)
{
	Random random = {12};
	for (int round = 0; round < 30000; round++) {
		double n = (double)(int64_t)random_number(&random, 53);
		double scale = pow(10, (double)random_below(&random, 17));
		double real = n / scale;
		check_real(real);
		check_real(nextafter(real, INFINITY));
		check_real(real + (double)random_below(&random, 1000) / 100);
		check_real(ldexp(n, -(int)random_below(&random, 110)));
		check_real(ldexp(1, 50 - (int)random_below(&random, 110)));
	}
}
END_TEST

/* `exact` is what the count of rows read to decimals goes by. */
static bool read_to(double real, int places, Int128 n, int64_t d, bool exact)
{
	Ratio r = {77, 1};
	bool said = !exact;
	bool fits = ratio_of_real_to(real, places, &r, &said);
	return fits && same_ratio(r, (Ratio){n, d}) && said == exact;
}

/* In quarters, 22.5 and its neighbours lie a unit of 2^-48 apart. */
static double steps_from(double real, int steps)
{
	for (; steps > 0; steps--)
		real = nextafter(real, INFINITY);
	for (; steps < 0; steps++)
		real = nextafter(real, -INFINITY);
	return real;
}

/* Eight units in the last place are noise, nine are another number. */
START_TEST(reals_are_read_to_so_many_decimals)
{
	ck_assert(read_to(22.59, 2, 2259, 100, true));
	ck_assert(read_to(22.59, 4, 2259, 100, true));
	ck_assert(read_to(0.1 + 0.2, 2, 3, 10, false));
	ck_assert(read_to(-(0.1 + 0.2), 2, -3, 10, false));
	ck_assert(read_to(0.0, 2, 0, 1, true));
	ck_assert(read_to(7.0, 0, 7, 1, true));
	for (int steps = -9; steps <= 9; steps++) {
		bool accepted = abs(steps) <= 8;
		ck_assert(read_to(steps_from(22.5, steps), 2, 45, 2, steps == 0) == accepted);
		ck_assert(read_to(steps_from(-22.5, steps), 2, -45, 2, steps == 0) == accepted);
	}
	Ratio r = {77, 1};
	bool exact;
	double refused[] = {22.594, 22.595, 0.005, 1e-17, -1e-300, NAN, INFINITY, 2e15,
			    0.1 + 0.2 - 0.3};
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		ck_assert_msg(!ratio_of_real_to(refused[i], 2, &r, &exact) && !exact, "%g", refused[i]);
	ck_assert(!ratio_of_real_to(0.1 + 0.2, 16, &r, &exact));
	ck_assert(!ratio_of_real_to(0.5, 0, &r, &exact));
	ck_assert(same_ratio(r, (Ratio){77, 1}));
}
END_TEST

/* Sums of up to 21 amounts in pence, added in floating point before they were stored. */
START_TEST(noise_of_sums_is_read_away)
{
	Random random = {13};
	int noisy = 0;
	for (int round = 0; round < 50000; round++) {
		int64_t pence = 0;
		double sum = 0;
		for (uint64_t i = 1 + random_below(&random, 21); i > 0; i--) {
			int64_t amount = (int64_t)random_below(&random, 100000);
			pence += amount;
			sum += (double)amount / 100;
		}
		Ratio got = {0, 1}, wanted;
		bool exact;
		ck_assert(ratio_make(pence, 100, &wanted));
		if (!ratio_of_real_to(sum, 2, &got, &exact) || !same_ratio(got, wanted))
			ck_abort_msg("%.17g", sum);
		noisy += !exact;
	}
	ck_assert_int_gt(noisy, 5000);
}
END_TEST

Suite *exact_suite(void)
{
	Suite *suite = suite_create("exact");
	TCase *whole = tcase_create("whole");
	tcase_add_test(whole, divisors_and_multiples);
	tcase_add_test(whole, divisors_agree_with_division);
	tcase_add_test(whole, products_of_extremes_compare);
	tcase_add_test(whole, products_compare_as_naive_ones_do);
	suite_add_tcase(suite, whole);
	TCase *ratios = tcase_create("ratios");
	tcase_add_test(ratios, ratios_are_made_in_lowest_terms);
	tcase_add_test(ratios, division_by_zero_is_refused);
	tcase_add_test(ratios, ratios_agree_with_naive_numbers);
	tcase_add_test(ratios, sums_that_cancel_do_not_overflow);
	suite_add_tcase(suite, ratios);
	TCase *rounding = tcase_create("rounding");
	tcase_add_test(rounding, the_last_of_64_bits_are_reckoned_as_the_first_of_128);
	tcase_add_test(rounding, rounding_agrees_with_looking);
	tcase_add_test(rounding, s86_negative_halves_and_directions);
	tcase_add_test(rounding, s87_already_on_the_step);
	tcase_add_test(rounding, fractions_are_rounded_exactly);
	tcase_add_test(rounding, rounding_holds_its_promise);
	suite_add_tcase(suite, rounding);
	TCase *text = tcase_create("text");
	tcase_add_test(text, decimals_are_read);
	tcase_add_test(text, other_texts_are_refused);
	tcase_add_test(text, fractions_are_printed_whole);
	tcase_add_test(text, s80_ratios_are_printed);
	tcase_add_test(text, whole_numbers_are_printed);
	tcase_add_test(text, what_is_printed_reads_back);
	suite_add_tcase(suite, text);
	TCase *real = tcase_create("real");
	tcase_add_test(real, reals_of_known_value);
	tcase_add_test(real, reals_read_as_their_shortest_decimal);
	tcase_add_test(real, reals_are_read_to_so_many_decimals);
	tcase_add_test(real, noise_of_sums_is_read_away);
	suite_add_tcase(suite, real);
	return suite;
}
