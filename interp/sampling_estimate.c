/*
 * Estimates with an interval (sampling_estimate.h gives the equations and their sources).
 *
 *   strata ------> Basis: estimate, error^2 ---> Estimate
 *   (integers)     (fractions)                   limits between two fractions, rounded down and
 *                                                up to the penny
 *
 * The sums go in as integers and nothing is rounded before the last step. That matters here more
 * than elsewhere: a variance is a small difference of two large sums of squares, where doubles
 * lose most of their digits.
 */
#include "interp/sampling_estimate.h"

#include <stdbool.h>

#include "interp/sampling_tail.h"

/* What an interval is made from: an exact estimate and an exact squared standard error. freedom
 * counts only when the square is not 0. */
typedef struct Basis {
	mpq_t estimate, square;
	int64_t freedom;
} Basis;

static void basis_init(Basis *basis)
{
	mpq_inits(basis->estimate, basis->square, (mpq_ptr)NULL);
	basis->freedom = 0;
}

static void basis_clear(Basis *basis)
{
	mpq_clears(basis->estimate, basis->square, (mpq_ptr)NULL);
}

/* P(T > t) is at most a half, so a level of confidence of 50% or less on one side has no t > 0. */
static bool t_askable(int32_t confidence, SamplingSides sides, int64_t freedom)
{
	return confidence >= 1 && confidence < SAMPLING_CERTAIN && freedom >= 1 &&
	       freedom <= SAMPLING_MOST_SIZE &&
	       (sides == SIDES_TWO || confidence > SAMPLING_CERTAIN / 2);
}

/* The quantile: where P(T > t) is the risk, between neighbours on a grid of so many decimals. */
static void t_between(Between *out, int32_t confidence, SamplingSides sides, int64_t freedom,
		      int digits)
{
	mpq_t risk;
	mpq_init(risk);
	risk_of(risk, confidence, sides == SIDES_TWO ? 2 : 1);
	Tail tail = {TAIL_STUDENT, freedom, 0};
	tail_between(out, &tail, digits, risk);
	mpq_clear(risk);
}

/* ---- from the basis to the limits ---- */

/* estimate - half and estimate + half, half being t times the root of the square. Nothing in half
 * is negative, so low times low is its low end; taken away, the ends change places. */
static void limits_between(Between *lower, Between *upper, const Basis *basis, const Between *t,
			   int digits)
{
	Between half;
	between_init(&half);
	root_between(&half, basis->square, digits);
	mpq_mul(half.low, half.low, t->low);
	mpq_mul(half.high, half.high, t->high);
	mpq_sub(lower->low, basis->estimate, half.high);
	mpq_sub(lower->high, basis->estimate, half.low);
	mpq_add(upper->low, basis->estimate, half.low);
	mpq_add(upper->high, basis->estimate, half.high);
	between_clear(&half);
}

/* Without a square (all differences alike, or a census) there is no t and both limits are the
 * estimate, rounded down and up. */
static bool find_limits(const Basis *basis, int32_t confidence, SamplingSides sides,
			Estimate *out)
{
	/* Both limits on one grid: they are to be one interval. */
	Between lower, upper, t;
	between_init(&lower);
	between_init(&upper);
	between_init(&t);
	bool settled = false, fits = true;
	for (int digits = BETWEEN_FIRST_DIGITS; !settled && digits <= BETWEEN_LAST_DIGITS;
	     digits *= 2) {
		/* t is caught anew on each finer grid: a product is no better than its worse part. */
		bool fits_lower = false;
		if (mpq_sgn(basis->square) > 0)
			t_between(&t, confidence, sides, basis->freedom, digits);
		limits_between(&lower, &upper, basis, &t, digits);
		settled = between_down(&lower, 1, &out->lower, &fits_lower);
		settled = between_up(&upper, 1, &out->upper, &fits) && settled;
		fits = fits && fits_lower;
	}
	if (fits && mpq_sgn(basis->square) > 0)
		fits = mpq_to_int64(t.high, SAMPLING_ONE, ROUND_UP, &out->t);
	between_clear(&lower);
	between_clear(&upper);
	between_clear(&t);
	return fits;
}

/* The root to the nearest whole: floor(2 root) says on which side of the half it lies, and is the
 * integer root of floor(4 square). */
static bool nearest_root(mpq_srcptr square, int64_t *out)
{
	mpz_t twice;
	mpz_init(twice);
	mpz_mul_2exp(twice, mpq_numref(square), 2);
	mpz_fdiv_q(twice, twice, mpq_denref(square));
	mpz_sqrt(twice, twice);
	mpz_add_ui(twice, twice, 1);
	mpz_fdiv_q_2exp(twice, twice, 1);
	bool fits = mpz_to_int64(twice, out);
	mpz_clear(twice);
	return fits;
}

/* claim: what may be demanded. A lower limit below 0 leaves nothing to demand. */
static SamplingStatus answer(const Basis *basis, int32_t confidence, SamplingSides sides,
			     Estimate *out)
{
	*out = (Estimate){.freedom = basis->freedom};
	if (mpq_sgn(basis->square) > 0 && !t_askable(confidence, sides, basis->freedom))
		return SAMPLING_OUT_OF_RANGE;
	bool fits = mpq_to_int64(basis->estimate, 1, ROUND_HALF_AWAY, &out->estimate) &&
		    nearest_root(basis->square, &out->error) &&
		    find_limits(basis, confidence, sides, out);
	out->claim = out->lower > 0 ? out->lower : 0;
	return fits ? SAMPLING_OK : SAMPLING_TOO_LARGE;
}

/* ---- strata ---- */

static void set_whole(mpq_ptr out, Int128 n)
{
	mpz_set_int128(mpq_numref(out), n);
	mpz_set_ui(mpq_denref(out), 1);
}

/* sum x^2 - (sum x)^2 / n: n - 1 times the variance. */
static void about_mean(mpq_ptr out, Int128 squares, mpq_srcptr sum, mpq_srcptr n)
{
	mpq_t correction;
	mpq_init(correction);
	mpq_mul(correction, sum, sum);
	mpq_div(correction, correction, n);
	set_whole(out, squares);
	mpq_sub(out, out, correction);
	mpq_clear(correction);
}

/* From a sum of squares about the mean, which is (n - 1) s^2, to the squared error of the total,
 * N^2 s^2 / n (1 - n/N), which is s^2 N (N - n) / n. */
static void scale_square(mpq_ptr square, int64_t population, int64_t n)
{
	mpq_t factor;
	mpq_init(factor);
	set_whole(factor, (Int128)population * (population - n));
	mpq_mul(square, square, factor);
	set_whole(factor, (Int128)(n - 1) * n);
	mpq_div(square, square, factor);
	mpq_clear(factor);
}

/* One item says nothing of the spread in its stratum, unless it is all of it. */
static bool stratum_sound(const Stratum *s)
{
	return s->n >= 1 && s->n <= s->population && s->population <= SAMPLING_MOST_POPULATION &&
	       (s->n >= 2 || s->n == s->population);
}

/* n_h mean and N_h: estimates and squared errors of strata drawn apart simply add up. */
static void add_stratum(Basis *basis, const Stratum *s)
{
	mpq_t n, sum, part;
	mpq_inits(n, sum, part, (mpq_ptr)NULL);
	set_whole(n, s->n);
	set_whole(sum, s->sum);
	set_whole(part, s->population);
	mpq_mul(part, part, sum);
	mpq_div(part, part, n);
	mpq_add(basis->estimate, basis->estimate, part);
	/* A stratum seen whole adds its sum and leaves nothing open. */
	if (s->n < s->population) {
		about_mean(part, s->squares, sum, n);
		scale_square(part, s->population, s->n);
		mpq_add(basis->square, basis->square, part);
		basis->freedom += s->n - 1;
	}
	mpq_clears(n, sum, part, (mpq_ptr)NULL);
}

SamplingStatus sampling_total(const Stratum *strata, size_t count, int32_t confidence,
			      SamplingSides sides, Estimate *out)
{
	if (confidence < 1 || confidence >= SAMPLING_CERTAIN)
		return SAMPLING_OUT_OF_RANGE;
	for (size_t i = 0; i < count; i++)
		if (!stratum_sound(&strata[i]))
			return SAMPLING_OUT_OF_RANGE;
	Basis basis;
	basis_init(&basis);
	for (size_t i = 0; i < count; i++)
		add_stratum(&basis, &strata[i]);
	SamplingStatus status = answer(&basis, confidence, sides, out);
	basis_clear(&basis);
	return status;
}
