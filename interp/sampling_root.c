/*
 * Where a tail (sampling_tail.h) meets a level: the limits of rates and means, and the quantiles of
 * Student's t, caught between neighbours on a decimal grid.
 */
#include "interp/sampling_tail.h"

#include <assert.h>

/* A tail and where on it: what an Evaluate is handed. */
typedef struct TailAt {
	const Tail *tail;
	mpq_srcptr x;
} TailAt;

/*
 * The binomial tail in MPFR: (1-x)^n times 1 + n odds + ..., odds = x/(1-x). It settles nearly
 * every comparison without the long integers of the exact sum, and is not believed when it is
 * close. 0 < x < 1. All factors grow along with their roundings, so one direction does.
 */
static void binomial_evaluate(mpfr_t out, const void *tail_at, mpfr_rnd_t direction)
{
	const TailAt *at = tail_at;
	mpq_t ratio;
	mpq_init(ratio);
	mpfr_t odds, term;
	mpfr_inits2(mpfr_get_prec(out), odds, term, (mpfr_ptr)NULL);
	mpz_sub(mpq_denref(ratio), mpq_denref(at->x), mpq_numref(at->x));
	mpz_set(mpq_numref(ratio), mpq_denref(ratio));
	mpz_set(mpq_denref(ratio), mpq_denref(at->x));
	mpfr_set_q(term, ratio, direction);
	mpfr_pow_ui(term, term, (unsigned long)at->tail->n, direction);
	mpz_set(mpq_denref(ratio), mpq_numref(ratio));
	mpz_set(mpq_numref(ratio), mpq_numref(at->x));
	mpfr_set_q(odds, ratio, direction);
	mpfr_set(out, term, direction);
	for (int64_t i = 0; i < at->tail->k; i++) {
		mpfr_mul(term, term, odds, direction);
		mpfr_mul_si(term, term, at->tail->n - i, direction);
		mpfr_div_si(term, term, i + 1, direction);
		mpfr_add(out, out, term, direction);
	}
	mpfr_clears(odds, term, (mpfr_ptr)NULL);
	mpq_clear(ratio);
}

/* A bound that leaves the level open at 256 bits is most often equality, which no number of digits
 * would settle: the exact sum does. */
static int binomial_cmp(const Tail *tail, mpq_srcptr x, mpq_srcptr level)
{
	if (mpq_sgn(x) > 0 && mpq_cmp_ui(x, 1, 1) < 0 && tail->k >= 0 && tail->k < tail->n) {
		TailAt at = {tail, x};
		int order = certified_cmp(binomial_evaluate, &at, level, TAIL_FIRST_BITS * 2);
		if (order != 0)
			return order;
	}
	Chance chance;
	chance_init(&chance);
	binomial_tail(&chance, tail->n, tail->k, x);
	int order = chance_cmp(&chance, level);
	chance_clear(&chance);
	return order;
}

/* 1 + c w + c c' w^2 + ...: the finite series of both cases below; every factor is (m-1)/m for
 * m = start, start + 2, ... up to last. */
static void student_series(mpfr_t out, mpfr_t w, int64_t start, int64_t last, mpfr_rnd_t direction)
{
	mpfr_t term;
	mpfr_init2(term, mpfr_get_prec(out));
	mpfr_set_ui(term, 1, direction);
	mpfr_set_ui(out, 1, direction);
	for (int64_t m = start; m <= last; m += 2) {
		mpfr_mul(term, term, w, direction);
		mpfr_mul_si(term, term, m - 1, direction);
		mpfr_div_si(term, term, m, direction);
		mpfr_add(out, out, term, direction);
	}
	mpfr_clear(term);
}

/* sqrt(n/d), which grows with n/d: both steps round in the same direction. */
static void root_of(mpfr_t out, mpz_srcptr n, mpz_srcptr d, mpfr_rnd_t direction)
{
	mpq_t ratio;
	mpq_init(ratio);
	mpz_set(mpq_numref(ratio), n);
	mpz_set(mpq_denref(ratio), d);
	mpq_canonicalize(ratio);
	mpfr_set_q(out, ratio, direction);
	mpfr_sqrt(out, out, direction);
	mpq_clear(ratio);
}

/* For odd degrees of freedom: (2/pi)(angle + central * cos), where central is sin times the
 * series; angle = atan(sqrt(tt/vv)). */
static void student_odd(mpfr_t central, mpfr_t cosine, mpz_srcptr tt, mpz_srcptr vv,
			mpfr_rnd_t direction)
{
	mpfr_t angle;
	mpfr_init2(angle, mpfr_get_prec(central));
	mpfr_mul(central, central, cosine, direction);
	root_of(angle, tt, vv, direction);
	mpfr_atan(angle, angle, direction);
	mpfr_add(central, central, angle, direction);
	/* Divided by, so rounded the other way. */
	mpfr_const_pi(angle, direction == MPFR_RNDD ? MPFR_RNDU : MPFR_RNDD);
	mpfr_div(central, central, angle, direction);
	mpfr_mul_2ui(central, central, 1, direction);
	mpfr_clear(angle);
}

/*
 * P(|T| <= t), v degrees of freedom, by the finite series of Abramowitz and Stegun 26.7.3 and
 * 26.7.4; w = cos^2 = v/(v + t^2), sin^2 = t^2/(v + t^2). tt/vv is t^2/v.
 *
 *   even v   sin (1 + 1/2 w + 1*3/(2*4) w^2 + ...  up to w^((v-2)/2))
 *   odd v    (2/pi)(atan + sin cos (1 + 2/3 w + 2*4/(3*5) w^2 + ... up to w^((v-3)/2)))
 */
static void student_central(mpfr_t out, int64_t v, mpz_srcptr tt, mpz_srcptr vv,
			    mpfr_rnd_t direction)
{
	bool odd = v % 2 != 0;
	mpfr_t sine, w;
	mpfr_inits2(mpfr_get_prec(out), sine, w, (mpfr_ptr)NULL);
	mpz_t both;
	mpz_init(both);
	mpz_add(both, tt, vv);
	root_of(w, vv, both, direction);
	mpfr_sqr(w, w, direction);
	if (v == 1)
		mpfr_set_ui(out, 0, direction);
	else
		student_series(out, w, odd ? 3 : 2, v - 2, direction);
	root_of(sine, tt, both, direction);
	mpfr_mul(out, out, sine, direction);
	root_of(w, vv, both, direction);
	if (odd)
		student_odd(out, w, tt, vv, direction);
	mpfr_clears(sine, w, (mpfr_ptr)NULL);
	mpz_clear(both);
}

/* P(T > x) = (1 - central)/2, so the centre is rounded against the direction. x goes
 * in as integers (tt/vv is x^2/v), so nothing was rounded before. */
static void student_evaluate(mpfr_t out, const void *tail_at, mpfr_rnd_t direction)
{
	const TailAt *at = tail_at;
	mpfr_rnd_t against = direction == MPFR_RNDD ? MPFR_RNDU : MPFR_RNDD;
	mpz_t tt, vv;
	mpz_inits(tt, vv, NULL);
	mpz_mul(tt, mpq_numref(at->x), mpq_numref(at->x));
	mpz_mul(vv, mpq_denref(at->x), mpq_denref(at->x));
	mpz_mul_si(vv, vv, at->tail->n);
	student_central(out, at->tail->n, tt, vv, against);
	mpfr_ui_sub(out, 1, out, direction);
	mpfr_div_2ui(out, out, 1, direction);
	mpz_clears(tt, vv, NULL);
}

/* At a mean of n x, which is what the grid for a rate means for pounds. */
static int poisson_cmp(const Tail *tail, mpq_srcptr x, mpq_srcptr level)
{
	PoissonTail at = {.k = tail->k};
	mpq_init(at.mean);
	mpz_mul_si(mpq_numref(at.mean), mpq_numref(x), tail->n);
	mpz_set(mpq_denref(at.mean), mpq_denref(x));
	mpq_canonicalize(at.mean);
	int order = certified_cmp(poisson_evaluate, &at, level, TAIL_LAST_BITS);
	mpq_clear(at.mean);
	return order;
}

int tail_cmp(const Tail *tail, mpq_srcptr x, mpq_srcptr level)
{
	TailAt at = {tail, x};
	switch (tail->law) {
	case TAIL_BINOMIAL:
		return binomial_cmp(tail, x, level);
	case TAIL_POISSON:
		return poisson_cmp(tail, x, level);
	case TAIL_STUDENT:
		return certified_cmp(student_evaluate, &at, level, TAIL_LAST_BITS);
	}
	assert(false);
	return 0;
}

/* The tail at j/grid. */
static int cmp_at(const Tail *tail, mpz_srcptr j, mpz_srcptr grid, mpq_srcptr level)
{
	mpq_t x;
	mpq_init(x);
	mpz_set(mpq_numref(x), j);
	mpz_set(mpq_denref(x), grid);
	mpq_canonicalize(x);
	int order = tail_cmp(tail, x, level);
	mpq_clear(x);
	return order;
}

/*
 * low: the tail is at or above the level; high: it is below.
 *
 *   0 ....... j |======?======| high ....     halved until they are neighbours on the grid
 *
 * A rate has its high end at 1. The other laws have none: it is doubled until it is one.
 */
bool tail_root(mpz_ptr j, const Tail *tail, mpz_srcptr grid, mpq_srcptr level)
{
	int order, at_low = 1;
	mpz_t high, middle;
	mpz_init_set(high, grid);
	mpz_init(middle);
	mpz_set_ui(j, 0);
	while (tail->law != TAIL_BINOMIAL && (order = cmp_at(tail, high, grid, level)) >= 0) {
		mpz_set(j, high);
		mpz_mul_2exp(high, high, 1);
		at_low = order;
	}
	for (;;) {
		mpz_add(middle, j, high);
		mpz_fdiv_q_2exp(middle, middle, 1);
		if (mpz_cmp(middle, j) == 0)
			break;
		order = cmp_at(tail, middle, grid, level);
		mpz_set(order >= 0 ? j : high, middle);
		at_low = order >= 0 ? order : at_low;
	}
	mpz_clears(high, middle, NULL);
	return at_low == 0;
}

/* ---- figures between two fractions ---- */

void between_init(Between *between)
{
	mpq_inits(between->low, between->high, (mpq_ptr)NULL);
}

void between_clear(Between *between)
{
	mpq_clears(between->low, between->high, (mpq_ptr)NULL);
}

/* The two ends round to the same figure or the grid was too coarse. A figure that does not fit
 * counts as settled, as no finer grid will make it fit. */
bool between_up(const Between *between, int64_t scale, int64_t *out, bool *fits)
{
	int64_t low = 0;
	*fits = mpq_to_int64(between->low, scale, ROUND_UP, &low) &&
		mpq_to_int64(between->high, scale, ROUND_UP, out);
	return !*fits || low == *out;
}

/* As between_up. */
bool between_down(const Between *between, int64_t scale, int64_t *out, bool *fits)
{
	int64_t high = 0;
	*fits = mpq_to_int64(between->high, scale, ROUND_DOWN, &high) &&
		mpq_to_int64(between->low, scale, ROUND_DOWN, out);
	return !*fits || high == *out;
}

/* low = j/grid; high = the same when exact, else (j + 1)/grid. */
static void between_grid(Between *out, mpz_srcptr j, mpz_srcptr grid, bool exact)
{
	mpz_set(mpq_numref(out->low), j);
	mpz_set(mpq_denref(out->low), grid);
	mpz_add_ui(mpq_numref(out->high), j, exact ? 0 : 1);
	mpz_set(mpq_denref(out->high), grid);
	mpq_canonicalize(out->low);
	mpq_canonicalize(out->high);
}

void tail_between(Between *out, const Tail *tail, int digits, mpq_srcptr level)
{
	mpz_t j, grid;
	mpz_inits(j, grid, NULL);
	mpz_ui_pow_ui(grid, 10, (unsigned long)digits);
	bool exact = tail_root(j, tail, grid, level);
	between_grid(out, j, grid, exact);
	mpz_clears(j, grid, NULL);
}

/*
 * floor(sqrt(square) grid) is the integer root of floor(square grid^2): taking the floor first
 * does no harm, as no integer's square lies between a number and its floor. Exact only when
 * neither the division nor the root left a rest.
 */
void root_between(Between *out, mpq_srcptr square, int digits)
{
	mpz_t j, grid, rest;
	mpz_inits(j, grid, rest, NULL);
	mpz_ui_pow_ui(grid, 10, (unsigned long)digits);
	mpz_mul(j, grid, grid);
	mpz_mul(j, j, mpq_numref(square));
	mpz_fdiv_qr(j, rest, j, mpq_denref(square));
	bool exact = mpz_sgn(rest) == 0;
	mpz_sqrtrem(j, rest, j);
	between_grid(out, j, grid, exact && mpz_sgn(rest) == 0);
	mpz_clears(j, grid, rest, NULL);
}
