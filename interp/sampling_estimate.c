/*
 * Estimates with an interval (sampling_estimate.h gives the equations and their sources).
 *
 *   SampleSums ---> Moments ---> Basis: estimate, error^2 ---> Estimate
 *   (integers)      (fractions)  (fractions)                   limits between two fractions,
 *   strata -------------------> Basis                          rounded down and up to the penny
 *
 * The sums go in as integers and nothing is rounded before the last step. That matters here more
 * than elsewhere: a variance is a small difference of two large sums of squares, where doubles
 * lose most of their digits.
 */
#include "interp/sampling_estimate.h"

#include <stdbool.h>

#include "interp/sampling_tail.h"

/* Squares of pence: 10^18 each for an item of ten million pounds; 128 bits hold 10^20 of those. */
void sampling_sums_add(SampleSums *sums, int64_t book, int64_t audit)
{
	sums->n++;
	sums->book += book;
	sums->audit += audit;
	sums->book_book += (Int128)book * book;
	sums->audit_audit += (Int128)audit * audit;
	sums->book_audit += (Int128)book * audit;
}

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

/* Nine decimals are the grid of the answer itself: its upper end is the quantile rounded up. */
SamplingStatus sampling_t(int32_t confidence, SamplingSides sides, int64_t freedom, int64_t *t)
{
	if (!t_askable(confidence, sides, freedom))
		return SAMPLING_OUT_OF_RANGE;
	Between quantile;
	between_init(&quantile);
	t_between(&quantile, confidence, sides, freedom, 9);
	bool fits = mpq_to_int64(quantile.high, SAMPLING_ONE, ROUND_UP, t);
	between_clear(&quantile);
	return fits ? SAMPLING_OK : SAMPLING_TOO_LARGE;
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

/* Times the square of the correction. The two that are in use differ in the divisor alone, N or
 * N - 1; for 100 of 3500 that shows in the fourth decimal. */
static void correct(mpq_ptr square, FiniteCorrection correction, int64_t population, int64_t n)
{
	if (correction == CORRECTION_NONE)
		return;
	int64_t over = correction == CORRECTION_AUDIT ? population - 1 : population;
	mpq_t factor;
	mpq_init(factor);
	/* A population of one, seen whole, has nothing open. */
	mpq_set_si(factor, population - n, (unsigned long)(over > 0 ? over : 1));
	mpq_canonicalize(factor);
	mpq_mul(square, square, factor);
	mpq_clear(factor);
}

/* ---- the four methods ---- */

/* Sums of squares about the means, and the sums themselves, as exact fractions. */
typedef struct Moments {
	mpq_t n, book, audit;     /* sums */
	mpq_t bb, aa, ba;         /* about the means */
	mpq_t all, frame;         /* N; B */
	mpq_t factor, part;       /* scratch */
} Moments;

static void set_whole(mpq_ptr out, Int128 n)
{
	mpz_set_int128(mpq_numref(out), n);
	mpz_set_ui(mpq_denref(out), 1);
}

/* sum xy - sum x sum y / n: n times the covariance, or with x = y the variance. */
static void about_means(mpq_ptr out, Int128 products, mpq_srcptr x, mpq_srcptr y, mpq_srcptr n)
{
	mpq_t correction;
	mpq_init(correction);
	mpq_mul(correction, x, y);
	mpq_div(correction, correction, n);
	set_whole(out, products);
	mpq_sub(out, out, correction);
	mpq_clear(correction);
}

/* All that the four methods ask for, from the six sums of the sample and the two of the frame. */
static void moments_init(Moments *m, const EstimateAsk *ask, const SampleSums *sums)
{
	mpq_inits(m->n, m->book, m->audit, m->bb, m->aa, m->ba, m->all, m->frame, m->factor,
		  m->part, (mpq_ptr)NULL);
	set_whole(m->n, sums->n);
	set_whole(m->book, sums->book);
	set_whole(m->audit, sums->audit);
	about_means(m->bb, sums->book_book, m->book, m->book, m->n);
	about_means(m->aa, sums->audit_audit, m->audit, m->audit, m->n);
	about_means(m->ba, sums->book_audit, m->book, m->audit, m->n);
	set_whole(m->all, ask->population);
	set_whole(m->frame, ask->book);
	/* B not known: what the sample makes of it, N mean(book). Only the quotient may use it. */
	if (ask->book < 0) {
		mpq_mul(m->frame, m->all, m->book);
		mpq_div(m->frame, m->frame, m->n);
	}
}

static void moments_clear(Moments *m)
{
	mpq_clears(m->n, m->book, m->audit, m->bb, m->aa, m->ba, m->all, m->frame, m->factor,
		   m->part, (mpq_ptr)NULL);
}

/* N (sum book - sum audit)/n; aa - 2 ba + bb. Above 0 is overpaid, in all four. */
static void by_difference(Moments *m, Basis *out)
{
	mpq_sub(out->estimate, m->book, m->audit);
	mpq_mul(out->estimate, out->estimate, m->all);
	mpq_div(out->estimate, out->estimate, m->n);
	mpq_add(out->square, m->aa, m->bb);
	mpq_sub(out->square, out->square, m->ba);
	mpq_sub(out->square, out->square, m->ba);
}

/* The direct estimate: B - N sum audit/n; aa. The books looked at do not enter. */
static void by_audit(Moments *m, Basis *out)
{
	mpq_mul(m->part, m->all, m->audit);
	mpq_div(m->part, m->part, m->n);
	mpq_sub(out->estimate, m->frame, m->part);
	mpq_set(out->square, m->aa);
}

/* (1 - q) B with q = sum audit/sum book; aa - 2 q ba + q^2 bb. */
static void by_quotient(Moments *m, Basis *out)
{
	mpq_div(m->factor, m->audit, m->book);
	mpq_mul(m->part, m->factor, m->frame);
	mpq_sub(out->estimate, m->frame, m->part);
	mpq_mul(m->part, m->factor, m->bb);
	mpq_sub(m->part, m->part, m->ba);
	mpq_sub(m->part, m->part, m->ba);
	mpq_mul(m->part, m->part, m->factor);
	mpq_add(out->square, m->aa, m->part);
}

/* B - N sum audit/n - b (B - N sum book/n) with b = ba/bb; aa - ba^2/bb. */
static void by_regression(Moments *m, Basis *out)
{
	by_audit(m, out);
	mpq_div(m->factor, m->ba, m->bb);
	mpq_mul(m->part, m->all, m->book);
	mpq_div(m->part, m->part, m->n);
	mpq_sub(m->part, m->frame, m->part);
	mpq_mul(m->part, m->part, m->factor);
	mpq_sub(out->estimate, out->estimate, m->part);
	mpq_mul(m->part, m->factor, m->ba);
	mpq_sub(out->square, m->aa, m->part);
}

/* False where the method has no answer for this frame or sample: the header says when. */
static bool by_method(Moments *m, const EstimateAsk *ask, Basis *out)
{
	switch (ask->method) {
	case ESTIMATE_DIFFERENCE:
		by_difference(m, out);
		return true;
	case ESTIMATE_DIRECT:
		by_audit(m, out);
		return ask->book >= 0;
	case ESTIMATE_QUOTIENT:
		if (mpq_sgn(m->book) <= 0)
			return false;
		by_quotient(m, out);
		return true;
	case ESTIMATE_REGRESSION:
		if (ask->book < 0 || mpq_sgn(m->bb) == 0)
			return false;
		by_regression(m, out);
		return true;
	}
	return false;
}

/* From a sum of squares about the mean, which is (n - 1) s^2, to the squared error of the total,
 * N^2 s^2 / n. */
static void scale_square(mpq_ptr square, int64_t population, int64_t n)
{
	mpq_t factor;
	mpq_init(factor);
	set_whole(factor, (Int128)population * population);
	mpq_mul(square, square, factor);
	set_whole(factor, (Int128)(n - 1) * n);
	mpq_div(square, square, factor);
	mpq_clear(factor);
}

SamplingStatus sampling_estimate(const EstimateAsk *ask, const SampleSums *sums, Estimate *out)
{
	if (sums->n < 2 || sums->n > ask->population ||
	    ask->population > SAMPLING_MOST_POPULATION ||
	    !t_askable(ask->confidence, ask->sides, sums->n - 1))
		return SAMPLING_OUT_OF_RANGE;
	Moments m;
	Basis basis;
	moments_init(&m, ask, sums);
	basis_init(&basis);
	/* One degree went into the mean; also for the regression, as jfa has it. */
	basis.freedom = sums->n - 1;
	SamplingStatus status = SAMPLING_OUT_OF_RANGE;
	if (by_method(&m, ask, &basis)) {
		scale_square(basis.square, ask->population, sums->n);
		correct(basis.square, ask->correction, ask->population, sums->n);
		status = answer(&basis, ask->confidence, ask->sides, out);
	}
	basis_clear(&basis);
	moments_clear(&m);
	return status;
}

/* ---- strata ---- */

/* One item says nothing of the spread in its stratum, unless it is all of it. */
static bool stratum_sound(const Stratum *s)
{
	return s->n >= 1 && s->n <= s->population && s->population <= SAMPLING_MOST_POPULATION &&
	       (s->n >= 2 || s->n == s->population);
}

/* n_h mean and N_h: estimates and squared errors of strata drawn apart simply add up. */
static void add_stratum(Basis *basis, const Stratum *s, FiniteCorrection correction)
{
	mpq_t n, sum, part;
	mpq_inits(n, sum, part, (mpq_ptr)NULL);
	set_whole(n, s->n);
	set_whole(sum, s->sum);
	set_whole(part, s->population);
	mpq_mul(part, part, sum);
	mpq_div(part, part, n);
	mpq_add(basis->estimate, basis->estimate, part);
	/* A stratum seen whole adds its sum and leaves nothing open, whatever the correction. */
	if (s->n < s->population) {
		about_means(part, s->squares, sum, sum, n);
		scale_square(part, s->population, s->n);
		correct(part, correction, s->population, s->n);
		mpq_add(basis->square, basis->square, part);
		basis->freedom += s->n - 1;
	}
	mpq_clears(n, sum, part, (mpq_ptr)NULL);
}

SamplingStatus sampling_total(const Stratum *strata, size_t count, FiniteCorrection correction,
			      int32_t confidence, SamplingSides sides, Estimate *out)
{
	if (confidence < 1 || confidence >= SAMPLING_CERTAIN)
		return SAMPLING_OUT_OF_RANGE;
	for (size_t i = 0; i < count; i++)
		if (!stratum_sound(&strata[i]))
			return SAMPLING_OUT_OF_RANGE;
	Basis basis;
	basis_init(&basis);
	for (size_t i = 0; i < count; i++)
		add_stratum(&basis, &strata[i], correction);
	SamplingStatus status = answer(&basis, confidence, sides, out);
	basis_clear(&basis);
	return status;
}
