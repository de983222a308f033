/*
 * Exact numbers. A value is an integer over a denominator that the compiler knows (an int64 `n`
 * meaning n/D), or, for quotients of two figures from the data, a Ratio in lowest terms. There is
 * no binary floating point anywhere. Every operation says whether it overflowed.
 */
#ifndef VOUCH_BASE_EXACT_H
#define VOUCH_BASE_EXACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

typedef __int128 Int128;
typedef unsigned __int128 Uint128;

/* n/d in lowest terms, d > 0; zero is 0/1. |n| < 2^126. */
typedef struct Ratio {
	Int128 n;
	int64_t d;
} Ratio;

/* The three ways in which halves go (S86), and the two directed roundings. */
typedef enum RoundMode {
	ROUND_HALF_AWAY,    /* nearest, halves away from zero */
	ROUND_HALF_TOWARDS, /* nearest, halves towards zero */
	ROUND_HALF_EVEN,    /* nearest, halves to the even multiple */
	ROUND_UP,           /* up to the next multiple: towards plus infinity */
	ROUND_DOWN          /* down to the last multiple: towards minus infinity */
} RoundMode;

int64_t gcd64(int64_t a, int64_t b);          /* of magnitudes; gcd(0, x) = |x|. 2^63, which does
                                                 not fit, is given as 2^62, a divisor too */
bool lcm64(int64_t a, int64_t b, int64_t *out); /* a, b > 0; false on overflow */
bool fits64(Int128 n);

/* All return false on overflow (numerator beyond 2^126, denominator beyond INT64_MAX) and leave
 * *out alone. ratio_div also on a zero divisor: test for it first. */
bool ratio_make(Int128 n, Int128 d, Ratio *out); /* d != 0; reduces, puts the sign in n */
bool ratio_add(Ratio a, Ratio b, Ratio *out);
bool ratio_sub(Ratio a, Ratio b, Ratio *out);
bool ratio_mul(Ratio a, Ratio b, Ratio *out);
bool ratio_div(Ratio a, Ratio b, Ratio *out);
int ratio_cmp(Ratio a, Ratio b); /* exact, by a 256-bit cross product: -1, 0, 1 */

/* The multiple of step (> 0) that mode picks for a; false on overflow. */
bool ratio_round(Ratio a, Ratio step, RoundMode mode, Ratio *out);
/* The same on plain integers: the multiple of step (> 0) for n; |n| + step must be below 2^127. */
Int128 round_to(Int128 n, Int128 step, RoundMode mode);

/* -1, 0, 1 for a * b against c * d, never overflowing. */
int cmp_products(Int128 a, Int128 b, Int128 c, Int128 d);

/* Decimal text "-1,234.50" or "12.5" to an exact ratio; thousands commas must have three digits
 * behind them. False when it is not such a number or does not fit. */
bool ratio_parse(Str s, Ratio *out);

/* The shortest decimal that reads back as this double (law 1), as a ratio. False for NaN,
 * infinities, and magnitudes beyond 10^15 or finer than 10^-15. */
bool ratio_of_real(double real, Ratio *out);
/* real as the nearest multiple of 10^-places when it lies within 8 units in the last place of it
 * (`read to N decimals`); *exact says whether it was the shortest decimal already. */
bool ratio_of_real_to(double real, int places, Ratio *out, bool *exact);

/* Appends a as a decimal with at least `min_places` digits behind the point: all of them when it
 * ends within 6 places, otherwise 6 places cut and an ellipsis (S80). commas: thousands commas. */
void ratio_print(Buf *buf, Ratio a, int min_places, bool commas);
/* Appends the whole of a, as files keep it: a whole number, or n/d. */
void ratio_print_whole(Buf *buf, Ratio a);
void int128_print(Buf *buf, Int128 n);

#endif
