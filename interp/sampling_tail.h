/*
 * Tails of the laws of sampling, exact or certified: the arithmetic below sampling_*.c, which
 * alone include this. GMP and MPFR own their memory: what is initialised here is cleared here.
 *
 * A certified comparison knows a tail only through an Evaluate, which works it out with every
 * rounding downwards or every rounding upwards. It is asked for more and more digits until the
 * level lies outside what the two leave open:
 *
 *        down |---------| up          level: below both, so the tail is larger
 *      x   |---------------------|    level: between them, so twice as many digits
 */
#ifndef VOUCH_INTERP_SAMPLING_TAIL_H
#define VOUCH_INTERP_SAMPLING_TAIL_H

#include <stdbool.h>
#include <stdint.h>

#include <gmp.h>
/* mpfr.h leaves out what needs gmp.h when that comes second. */
#include <mpfr.h>

#include "base/exact.h"
#include "interp/sampling.h"

enum {
	TAIL_FIRST_BITS = 128,
	TAIL_LAST_BITS = 4096 /* beyond this two numbers that cannot be told apart are equal */
};

/* Adds to no state: gives a lower bound in `out` for MPFR_RNDD, an upper one for MPFR_RNDU. */
typedef void Evaluate(mpfr_t out, const void *context, mpfr_rnd_t direction);

/* -1, 0, 1 as the figure is below, equal to or above the level. */
int certified_cmp(Evaluate *evaluate, const void *context, mpq_srcptr level, long last_bits);
/* figure * scale rounded in the mode; the last digit is right. */
void certified_round(mpz_ptr out, Evaluate *evaluate, const void *context, int64_t scale,
		     RoundMode mode);

/* An exact chance: n over d, d > 0, not in lowest terms (a gcd of such numbers costs more than all
 * the rest). */
typedef struct Chance {
	mpz_t n, d;
} Chance;

void chance_init(Chance *chance);
void chance_clear(Chance *chance);
void chance_complement(Chance *chance);
int chance_cmp(const Chance *chance, mpq_srcptr level);
int64_t chance_round(const Chance *chance, RoundMode mode); /* billionths */

/* P(X <= k) among n at rate p, 0 <= p <= 1. k may be any number. */
void binomial_tail(Chance *out, int64_t n, int64_t k, mpq_srcptr p);
/* P(X <= k) when n are drawn from N with K bad ones. */
void hypergeometric_tail(Chance *out, int64_t N, int64_t K, int64_t n, int64_t k);

typedef enum TailLaw {
	TAIL_BINOMIAL, /* P(X <= k; n, x) */
	TAIL_POISSON,  /* P(X <= k), mean n x */
	TAIL_STUDENT   /* P(T > x), n degrees of freedom */
} TailLaw;

/* A tail that falls from above the level to below it as x grows from 0. */
typedef struct Tail {
	TailLaw law;
	int64_t n, k;
} Tail;

int tail_cmp(const Tail *tail, mpq_srcptr x, mpq_srcptr level);
/* The largest whole j with tail(j / grid) >= level; true when they are equal there. For laws of
 * rates (binomial) x stays at most 1. */
bool tail_root(mpz_ptr j, const Tail *tail, mpz_srcptr grid, mpq_srcptr level);

/* P(Gamma(shape) > x), shape > 0, x > 0: the Poisson tail for a shape that is no whole number. */
typedef struct GammaTail {
	mpq_t shape, x;
} GammaTail;
void gamma_evaluate(mpfr_t out, const void *gamma_tail, mpfr_rnd_t direction);

/* P(X <= k) for a Poisson law. */
typedef struct PoissonTail {
	mpq_t mean;
	int64_t k;
} PoissonTail;
void poisson_evaluate(mpfr_t out, const void *poisson_tail, mpfr_rnd_t direction);

/* Small helpers. */
void mpq_set_ratio(mpq_ptr out, Ratio ratio);      /* reduces */
void mpz_set_int128(mpz_ptr out, Int128 n);
void risk_of(mpq_ptr out, int32_t confidence, int sides); /* (1 - confidence) / sides */
void round_quotient(mpz_ptr out, mpz_srcptr n, mpz_srcptr d, RoundMode mode); /* d > 0 */
int64_t ceil_share(Ratio rate, int64_t of); /* rate.n below 2^63 */
bool mpz_to_int64(mpz_srcptr z, int64_t *out);
bool mpq_to_int64(mpq_srcptr q, int64_t scale, RoundMode mode, int64_t *out); /* q * scale */

/*
 * A figure caught between two fractions. What is printed is rounded from both ends: when they
 * differ, the figure has to be caught closer, on a finer grid.
 */
typedef struct Between {
	mpq_t low, high;
} Between;

enum {
	BETWEEN_FIRST_DIGITS = 20, /* decimals of the first grid ... */
	BETWEEN_LAST_DIGITS = 80   /* ... doubled up to this one, which is where both ends count as one */
};

void between_init(Between *between);
void between_clear(Between *between);
/* Both ends rounded up (down): true when they agree; *out is from the end that keeps the limit
 * a limit. False in *fits when it is beyond 64 bits. */
bool between_up(const Between *between, int64_t scale, int64_t *out, bool *fits);
bool between_down(const Between *between, int64_t scale, int64_t *out, bool *fits);
/* Where tail(x) is the level, between neighbours on the grid of so many decimals. */
void tail_between(Between *out, const Tail *tail, int digits, mpq_srcptr level);
void root_between(Between *out, mpq_srcptr square, int digits); /* of square >= 0 */

#endif
