/*
 * The tails themselves. Two kinds, by what they are made of:
 *
 *   binomial, hypergeometric   sums of products of integers: a Chance, exact
 *   Poisson, gamma             e to a power: MPFR, between a bound from below and one from above
 *
 * Every sum goes from one term to the next by a small factor, never by new powers or factorials:
 * the numbers have tens of thousands of digits, and a product of two such costs far more than one
 * by a machine word.
 */
#include "interp/sampling_tail.h"

#include <assert.h>

/* ---- small helpers ---- */

/* GMP has no call for 128 bits: two halves. The size is taken in unsigned arithmetic, where the
 * least Int128 has one too. */
void mpz_set_int128(mpz_ptr out, Int128 n)
{
	Uint128 size = n < 0 ? 0 - (Uint128)n : (Uint128)n;
	mpz_set_ui(out, (unsigned long)(size >> 64));
	mpz_mul_2exp(out, out, 64);
	mpz_add_ui(out, out, (unsigned long)(uint64_t)size);
	if (n < 0)
		mpz_neg(out, out);
}

void mpq_set_ratio(mpq_ptr out, Ratio ratio)
{
	mpz_set_int128(mpq_numref(out), ratio.n);
	mpz_set_si(mpq_denref(out), ratio.d);
	mpq_canonicalize(out);
}

/* 9500 on two sides is 500 / 20000. */
void risk_of(mpq_ptr out, int32_t confidence, int sides)
{
	mpq_set_ui(out, (unsigned long)(SAMPLING_CERTAIN - confidence),
		   (unsigned long)(SAMPLING_CERTAIN * sides));
	mpq_canonicalize(out);
}

/* rate.n is below 2^63 and so is `of`: the product fits 128 bits with room for the sum. */
int64_t ceil_share(Ratio rate, int64_t of)
{
	return (int64_t)((rate.n * of + rate.d - 1) / rate.d);
}

bool mpz_to_int64(mpz_srcptr z, int64_t *out)
{
	if (!mpz_fits_slong_p(z))
		return false;
	*out = mpz_get_si(z);
	return true;
}

/* n/d to the nearest, halves as the mode says: from the floor, by twice the remainder. */
static void round_nearest(mpz_ptr out, mpz_srcptr n, mpz_srcptr d, RoundMode mode)
{
	mpz_t rest;
	mpz_init(rest);
	mpz_fdiv_qr(out, rest, n, d);
	mpz_mul_2exp(rest, rest, 1);
	int half = mpz_cmp(rest, d);
	bool up = half > 0;
	if (half == 0 && mode == ROUND_HALF_EVEN)
		up = mpz_odd_p(out);
	else if (half == 0)
		up = (mpz_sgn(n) >= 0) == (mode == ROUND_HALF_AWAY);
	if (up)
		mpz_add_ui(out, out, 1);
	mpz_clear(rest);
}

void round_quotient(mpz_ptr out, mpz_srcptr n, mpz_srcptr d, RoundMode mode)
{
	if (mode == ROUND_UP)
		mpz_cdiv_q(out, n, d);
	else if (mode == ROUND_DOWN)
		mpz_fdiv_q(out, n, d);
	else
		round_nearest(out, n, d, mode);
}

/* The scale goes in before the rounding: rounding first and multiplying then would round twice. */
bool mpq_to_int64(mpq_srcptr q, int64_t scale, RoundMode mode, int64_t *out)
{
	mpz_t scaled;
	mpz_init(scaled);
	mpz_mul_si(scaled, mpq_numref(q), scale);
	round_quotient(scaled, scaled, mpq_denref(q), mode);
	bool fits = mpz_to_int64(scaled, out);
	mpz_clear(scaled);
	return fits;
}

/* ---- certified figures ---- */

/* Doubling the digits costs little: nearly all questions are settled by the first 128 bits, and
 * the last round costs as much as all before it. 0 when the last left it open: for tails with e
 * (never rational) that does not come about by equality, only by closeness beyond 1000 digits. */
int certified_cmp(Evaluate *evaluate, const void *context, mpq_srcptr level, long last_bits)
{
	int order = 0;
	for (long bits = TAIL_FIRST_BITS; order == 0 && bits <= last_bits; bits *= 2) {
		mpfr_t figure;
		mpfr_init2(figure, bits);
		/* The bound from above is not worked out where the one from below says enough. */
		evaluate(figure, context, MPFR_RNDD);
		if (mpfr_cmp_q(figure, level) > 0)
			order = 1;
		if (order == 0) {
			evaluate(figure, context, MPFR_RNDU);
			if (mpfr_cmp_q(figure, level) < 0)
				order = -1;
		}
		mpfr_clear(figure);
	}
	return order;
}

/* A bound of the figure, exact as a fraction of powers of two, times scale, rounded. */
static void round_bound(mpz_ptr out, mpfr_srcptr bound, int64_t scale, RoundMode mode)
{
	mpq_t exact;
	mpq_init(exact);
	mpfr_get_q(exact, bound);
	mpz_mul_si(mpq_numref(exact), mpq_numref(exact), scale);
	round_quotient(out, mpq_numref(exact), mpq_denref(exact), mode);
	mpq_clear(exact);
}

/* At the last precision the bound on the side of the rounding is taken: still a true limit. */
void certified_round(mpz_ptr out, Evaluate *evaluate, const void *context, int64_t scale,
		     RoundMode mode)
{
	bool settled = false;
	mpz_t other;
	mpz_init(other);
	for (long bits = TAIL_FIRST_BITS; !settled && bits <= TAIL_LAST_BITS; bits *= 2) {
		mpfr_t figure;
		mpfr_init2(figure, bits);
		evaluate(figure, context, MPFR_RNDD);
		round_bound(other, figure, scale, mode);
		evaluate(figure, context, MPFR_RNDU);
		round_bound(out, figure, scale, mode);
		mpfr_clear(figure);
		settled = mpz_cmp(out, other) == 0;
	}
	if (!settled && mode == ROUND_DOWN)
		mpz_set(out, other);
	mpz_clear(other);
}

/* ---- exact chances ---- */

void chance_init(Chance *chance)
{
	mpz_init(chance->n);
	mpz_init_set_ui(chance->d, 1);
}

void chance_clear(Chance *chance)
{
	mpz_clear(chance->n);
	mpz_clear(chance->d);
}

/* 1 - p keeps the denominator. */
void chance_complement(Chance *chance)
{
	mpz_sub(chance->n, chance->d, chance->n);
}

/* By products across: no division, no gcd. */
int chance_cmp(const Chance *chance, mpq_srcptr level)
{
	mpz_t left, right;
	mpz_inits(left, right, NULL);
	mpz_mul(left, chance->n, mpq_denref(level));
	mpz_mul(right, chance->d, mpq_numref(level));
	int order = mpz_cmp(left, right);
	mpz_clears(left, right, NULL);
	return (order > 0) - (order < 0);
}

int64_t chance_round(const Chance *chance, RoundMode mode)
{
	mpz_t scaled;
	mpz_init(scaled);
	mpz_mul_ui(scaled, chance->n, SAMPLING_ONE);
	round_quotient(scaled, scaled, chance->d, mode);
	int64_t billionths = mpz_get_si(scaled);
	mpz_clear(scaled);
	return billionths;
}

/* sum over i <= k of C(n,i) a^i b^(n-i), with p = a/(a+b), 0 < p < 1, 0 <= k < n: each term comes
 * from the one before it by small factors, which always divide. */
static void binomial_sum(mpz_ptr sum, int64_t n, int64_t k, mpz_srcptr a, mpz_srcptr b)
{
	mpz_t term;
	mpz_init(term);
	mpz_pow_ui(term, b, (unsigned long)n);
	mpz_set(sum, term);
	for (int64_t i = 0; i < k; i++) {
		mpz_divexact(term, term, b);
		mpz_mul(term, term, a);
		mpz_mul_si(term, term, n - i);
		mpz_divexact_ui(term, term, (unsigned long)(i + 1));
		mpz_add(sum, sum, term);
	}
	mpz_clear(term);
}

/* The ends, where powers of 0 or of 1 would do no harm but the steps would divide by 0, are
 * answered without a sum. Over D^n, D being the denominator of the rate: not reduced. */
void binomial_tail(Chance *out, int64_t n, int64_t k, mpq_srcptr p)
{
	mpz_set_ui(out->d, 1);
	mpz_t b;
	mpz_init(b);
	mpz_sub(b, mpq_denref(p), mpq_numref(p));
	if (k < 0) {
		mpz_set_ui(out->n, 0);
	} else if (k >= n || mpq_sgn(p) == 0) {
		mpz_set_ui(out->n, 1);
	} else if (mpz_sgn(b) == 0) {
		mpz_set_ui(out->n, 0);
	} else {
		mpz_pow_ui(out->d, mpq_denref(p), (unsigned long)n);
		binomial_sum(out->n, n, k, mpq_numref(p), b);
	}
	mpz_clear(b);
}

/* sum over from <= i <= to of C(K,i) C(N-K,n-i), all of the range possible: with an i for which a
 * factor were 0, the next term would not come from it. */
static void hypergeometric_sum(mpz_ptr sum, const int64_t NKn[3], int64_t from, int64_t to)
{
	int64_t K = NKn[1], n = NKn[2], good = NKn[0] - K;
	mpz_t term;
	mpz_init(term);
	mpz_bin_uiui(term, (unsigned long)K, (unsigned long)from);
	mpz_bin_uiui(sum, (unsigned long)good, (unsigned long)(n - from));
	mpz_mul(term, term, sum);
	mpz_set(sum, term);
	for (int64_t i = from; i < to; i++) {
		mpz_mul_si(term, term, (K - i) * (n - i));
		mpz_divexact_ui(term, term, (unsigned long)((i + 1) * (good - n + i + 1)));
		mpz_add(sum, sum, term);
	}
	mpz_clear(term);
}

/*
 * X lies in least .. most: with few good items a sample has to hold some bad ones, and it cannot
 * hold more than there are. Of the two ends the one with fewer terms is summed:
 *
 *   least ... k | k+1 ... most
 *   \_ P(X<=k) _/ \_ 1 - that _/
 */
void hypergeometric_tail(Chance *out, int64_t N, int64_t K, int64_t n, int64_t k)
{
	int64_t least = n - (N - K) > 0 ? n - (N - K) : 0;
	int64_t most = K < n ? K : n;
	mpz_set_ui(out->d, 1);
	mpz_set_ui(out->n, k >= most);
	if (k < least || k >= most)
		return;
	mpz_bin_uiui(out->d, (unsigned long)N, (unsigned long)n);
	const int64_t NKn[3] = {N, K, n};
	if (k - least <= most - k - 1) {
		hypergeometric_sum(out->n, NKn, least, k);
	} else {
		hypergeometric_sum(out->n, NKn, k + 1, most);
		chance_complement(out);
	}
}

/* ---- tails with e and pi ---- */

/* All terms are positive, so roundings in one direction give a bound in that direction. */
void poisson_evaluate(mpfr_t out, const void *poisson_tail, mpfr_rnd_t direction)
{
	const PoissonTail *tail = poisson_tail;
	mpfr_t mean, term;
	mpfr_inits2(mpfr_get_prec(out), mean, term, (mpfr_ptr)NULL);
	/* e^-mean falls with the mean, so here the mean is rounded against the direction; below,
	 * where the terms grow with it, along. */
	mpfr_set_q(mean, tail->mean, direction == MPFR_RNDD ? MPFR_RNDU : MPFR_RNDD);
	mpfr_neg(mean, mean, direction);
	mpfr_exp(term, mean, direction);
	mpfr_set_q(mean, tail->mean, direction);
	mpfr_set(out, term, direction);
	for (int64_t i = 1; i <= tail->k; i++) {
		mpfr_mul(term, term, mean, direction);
		mpfr_div_si(term, term, i, direction);
		mpfr_add(out, out, term, direction);
	}
	mpfr_clears(mean, term, (mpfr_ptr)NULL);
}

/* Q(shape, x) = Gamma(shape, x)/Gamma(shape) grows with the shape and falls with x, which says
 * how to round the two; shape >= 1 here, and Gamma itself is only divided by at the same point. */
void gamma_evaluate(mpfr_t out, const void *gamma_tail, mpfr_rnd_t direction)
{
	const GammaTail *tail = gamma_tail;
	mpfr_rnd_t against = direction == MPFR_RNDD ? MPFR_RNDU : MPFR_RNDD;
	mpfr_t shape, x;
	mpfr_inits2(mpfr_get_prec(out), shape, x, (mpfr_ptr)NULL);
	mpfr_set_q(shape, tail->shape, direction);
	mpfr_set_q(x, tail->x, against);
	mpfr_gamma_inc(out, shape, x, direction);
	mpfr_gamma(x, shape, against);
	mpfr_div(out, out, x, direction);
	mpfr_clears(shape, x, (mpfr_ptr)NULL);
}
