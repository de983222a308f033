/*
 * Law 1 in one file. Fractions hold what a fixed denominator cannot: quotients of two figures
 * from the data (S77). Products on the way may need 256 bits even where the result fits, so they
 * are worked out in full, and only results are tested:
 *
 *   (£22.59 / 1 h) x 25 min  =  2259/360000 x 1500  =  3765/400  =  753/80 pounds
 *
 * Nothing here rounds unless it is named ratio_round, and nothing wraps: an operation gives its
 * exact result or false. A double is met once, when a REAL column is read, and leaves as the
 * decimal that it was printed from.
 */
#include "base/exact.h"

#include <string.h>

#define NUMERATOR_BITS 126
#define REAL_PLACES 15           /* decimals that a REAL may have */
#define REAL_MOST 1e15           /* and its greatest magnitude */
#define FAST_MOST 1e11           /* with 4 decimals: 15 digits, which a double always keeps apart */
#define PRINT_PLACES 6
#define ULPS_OF_NOISE 8

/* ---- magnitudes ---- */

/* The most negative number has a magnitude too, but only as an unsigned one. */
static Uint128 magnitude(Int128 n)
{
	return n < 0 ? 0 - (Uint128)n : (Uint128)n;
}

static Int128 with_sign(bool negative, Uint128 size)
{
	return (Int128)(negative ? 0 - size : size);
}

/* The tape measure between sums, which run in 128 bits, and values, which are held in 64 (S79). */
bool fits64(Int128 n)
{
	return n >= INT64_MIN && n <= INT64_MAX;
}

/*
 * Stein's: shifts and differences, faster than division once both are of a size, which one division
 * sees to. The zeros of the next difference are counted while its sign is still being settled:
 * a - b and b - a end in as many. The sign is a mask, as no branch could foretell it.
 */
static uint64_t gcd_small(uint64_t a, uint64_t b)
{
	if (a == 0 || b == 0)
		return a | b;
	uint64_t rest = a > b ? a % b : b % a;
	b = a > b ? b : a;
	if (rest == 0)
		return b;
	int shared = __builtin_ctzll(rest | b), zeros = __builtin_ctzll(rest);
	b >>= __builtin_ctzll(b);
	while (rest != 0) {
		rest >>= zeros;
		uint64_t gap = rest - b;
		zeros = __builtin_ctzll(gap | (uint64_t)1 << 63);
		uint64_t less = rest < b ? UINT64_MAX : 0;
		b += gap & less;
		rest = (gap ^ less) - less;
	}
	return b << shared;
}

/* Division until both fit in 64 bits; when one does already, that is one step. */
static Uint128 gcd_large(Uint128 a, Uint128 b)
{
	while ((a | b) >> 64 != 0) {
		if (b == 0)
			return a;
		Uint128 rest = a % b;
		a = b;
		b = rest;
	}
	return gcd_small((uint64_t)a, (uint64_t)b);
}

/* The magnitude 2^63 belongs to INT64_MIN alone, and its half is a divisor just as well. */
int64_t gcd64(int64_t a, int64_t b)
{
	uint64_t g = gcd_small((uint64_t)magnitude(a), (uint64_t)magnitude(b));
	return g > INT64_MAX ? INT64_MAX / 2 + 1 : (int64_t)g;
}

/* Divides before it multiplies, so that it overflows only when the result does. */
bool lcm64(int64_t a, int64_t b, int64_t *out)
{
	return !__builtin_mul_overflow(a / gcd64(a, b), b, out);
}

/* ---- 256 bits ---- */

/* For products of two 128-bit numbers, which no overflow check could stand in for. */
typedef struct Wide {
	Uint128 hi, lo;
} Wide;

/*
 *              a1 a0            each letter 64 bits
 *            x b1 b0
 *   ----------------
 *              a0*b0
 *        a0*b1           mid = the second column with what it carries
 *        a1*b0
 *  a1*b1
 */
static Wide wide_mul(Uint128 a, Uint128 b)
{
	uint64_t a0 = (uint64_t)a, a1 = (uint64_t)(a >> 64);
	uint64_t b0 = (uint64_t)b, b1 = (uint64_t)(b >> 64);
	Uint128 low = (Uint128)a0 * b0, cross = (Uint128)a0 * b1, other = (Uint128)a1 * b0;
	Uint128 mid = (low >> 64) + (uint64_t)cross + (uint64_t)other;
	Wide product;
	product.lo = mid << 64 | (uint64_t)low;
	product.hi = (Uint128)a1 * b1 + (cross >> 64) + (other >> 64) + (mid >> 64);
	return product;
}

static int wide_cmp(Wide a, Wide b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return a.lo < b.lo ? -1 : a.lo > b.lo;
}

/* No carry leaves 256 bits: what is added lies below 2^255. */
static Wide wide_add(Wide a, Wide b)
{
	Uint128 lo = a.lo + b.lo;
	return (Wide){a.hi + b.hi + (lo < a.lo), lo};
}

static Wide wide_sub(Wide a, Wide b)
{
	return (Wide){a.hi - b.hi - (a.lo < b.lo), a.lo - b.lo};
}

/* Quotient and rest; d > 0 and below 2^255. Bit by bit when 128 bits do not do: that is rare. */
static Wide wide_div(Wide n, Wide d, Wide *rest)
{
	if (n.hi == 0 && d.hi == 0) {
		*rest = (Wide){0, n.lo % d.lo};
		return (Wide){0, n.lo / d.lo};
	}
	Wide q = {0, 0}, r = {0, 0};
	for (int bit = 255; bit >= 0; bit--) {
		Uint128 part = bit >= 128 ? n.hi : n.lo;
		r = wide_add(r, r);
		r.lo |= part >> (bit & 127) & 1;
		q = wide_add(q, q);
		if (wide_cmp(r, d) >= 0) {
			r = wide_sub(r, d);
			q.lo |= 1;
		}
	}
	*rest = r;
	return q;
}

/* Signs first, since magnitudes are compared without them; the usual case is one product a side. */
int cmp_products(Int128 a, Int128 b, Int128 c, Int128 d)
{
	if (fits64(a) && fits64(b) && fits64(c) && fits64(d)) {
		Int128 left = a * b, right = c * d;
		return left < right ? -1 : left > right;
	}
	int left_sign = (a != 0 && b != 0) ? ((a < 0) == (b < 0) ? 1 : -1) : 0;
	int right_sign = (c != 0 && d != 0) ? ((c < 0) == (d < 0) ? 1 : -1) : 0;
	if (left_sign != right_sign)
		return left_sign < right_sign ? -1 : 1;
	Wide left = wide_mul(magnitude(a), magnitude(b));
	Wide right = wide_mul(magnitude(c), magnitude(d));
	return left_sign * wide_cmp(left, right);
}

/* ---- ratios ---- */

/* n and d have no common divisor, unless n is zero. The one place that tests the bounds. */
static bool finish(bool negative, Wide n, Wide d, Ratio *out)
{
	if (n.hi == 0 && n.lo == 0) {
		*out = (Ratio){0, 1};
		return true;
	}
	if (n.hi != 0 || n.lo >> NUMERATOR_BITS != 0 || d.hi != 0 || d.lo > INT64_MAX)
		return false;
	*out = (Ratio){with_sign(negative, n.lo), (int64_t)d.lo};
	return true;
}

/* Nearly all that contracts reckon with: products of such parts fit into 128 bits, and a division of
 * 64 costs a tenth of one of 128. */
static bool both_small(Ratio a, Ratio b)
{
	return fits64(a.n) && fits64(b.n);
}

static bool both_whole(Ratio a, Ratio b)
{
	return a.d == 1 && b.d == 1 && both_small(a, b);
}

/* A divisor must come out before the bounds are tested: 10^30/10^30 is 1. */
bool ratio_make(Int128 n, Int128 d, Ratio *out)
{
	if (d > 0 && fits64(n) && fits64(d)) {
		uint64_t size = (uint64_t)magnitude(n), g = gcd_small(size, (uint64_t)d);
		*out = (Ratio){with_sign(n < 0, size / g), (int64_t)((uint64_t)d / g)};
		return true;
	}
	Uint128 top = magnitude(n), bottom = magnitude(d);
	Uint128 g = gcd_large(top, bottom);
	return finish((n < 0) != (d < 0), (Wide){0, top / g}, (Wide){0, bottom / g}, out);
}

/* x + y of signed magnitudes. */
static Wide signed_sum(Wide x, bool x_negative, Wide y, bool y_negative, bool *negative)
{
	if (x_negative == y_negative) {
		*negative = x_negative;
		return wide_add(x, y);
	}
	bool x_wins = wide_cmp(x, y) >= 0;
	*negative = x_wins ? x_negative : y_negative;
	return x_wins ? wide_sub(x, y) : wide_sub(y, x);
}

/*
 * With g = gcd of the denominators and t = a.n (b.d/g) + b.n (a.d/g), what still divides both t and
 * the common denominator divides g (Knuth, The Art of Computer Programming 4.5.1).
 */
bool ratio_add(Ratio a, Ratio b, Ratio *out)
{
	if (both_whole(a, b)) {
		*out = (Ratio){a.n + b.n, 1};
		return true;
	}
	uint64_t g = gcd_small((uint64_t)a.d, (uint64_t)b.d);
	uint64_t a_part = (uint64_t)a.d / g, b_part = (uint64_t)b.d / g;
	Wide x = wide_mul(magnitude(a.n), b_part), y = wide_mul(magnitude(b.n), a_part);
	bool negative;
	Wide t = signed_sum(x, a.n < 0, y, b.n < 0, &negative), rest;
	if (g == 1)
		return finish(negative, t, (Wide){0, (Uint128)a_part * b_part}, out);
	wide_div(t, (Wide){0, g}, &rest);
	uint64_t e = gcd_small((uint64_t)rest.lo, g);
	t = wide_div(t, (Wide){0, e}, &rest);
	return finish(negative, t, (Wide){0, (Uint128)a_part * ((uint64_t)b.d / e)}, out);
}

bool ratio_sub(Ratio a, Ratio b, Ratio *out)
{
	return ratio_add(a, (Ratio){-b.n, b.d}, out);
}

/* With parts of 64 bits each product has one of 128. */
static bool multiply_small(Ratio a, Ratio b, Ratio *out)
{
	uint64_t an = (uint64_t)magnitude(a.n), bn = (uint64_t)magnitude(b.n);
	uint64_t ad = (uint64_t)a.d, bd = (uint64_t)b.d;
	uint64_t g = gcd_small(an, bd), h = gcd_small(bn, ad);
	Wide n = {0, (Uint128)(an / g) * (bn / h)}, d = {0, (Uint128)(ad / h) * (bd / g)};
	return finish((a.n < 0) != (b.n < 0), n, d, out);
}

/* Common divisors are taken out crosswise beforehand, so that only a result too large overflows. */
bool ratio_mul(Ratio a, Ratio b, Ratio *out)
{
	if (both_small(a, b))
		return multiply_small(a, b, out);
	Uint128 an = magnitude(a.n), bn = magnitude(b.n), ad = (Uint128)a.d, bd = (Uint128)b.d;
	Uint128 g = gcd_large(an, bd), h = gcd_large(bn, ad);
	Wide n = wide_mul(an / g, bn / h), d = {0, (ad / h) * (bd / g)};
	return finish((a.n < 0) != (b.n < 0), n, d, out);
}

/* Multiplying by the inverse, with the common divisors of like parts taken out beforehand. */
bool ratio_div(Ratio a, Ratio b, Ratio *out)
{
	if (b.n == 0)
		return false;
	Uint128 an = magnitude(a.n), bn = magnitude(b.n), ad = (Uint128)a.d, bd = (Uint128)b.d;
	Uint128 g = gcd_large(an, bn), h = gcd_large(ad, bd);
	Wide n = wide_mul(an / g, bd / h), d = wide_mul(ad / h, bn / g);
	return finish((a.n < 0) != (b.n < 0), n, d, out);
}

/* S77: denominators are positive, so a/b < c/d just when ad < cb. Most are the same. */
int ratio_cmp(Ratio a, Ratio b)
{
	if (a.d == b.d)
		return (a.n > b.n) - (a.n < b.n);
	return cmp_products(a.n, b.d, b.n, a.d);
}

/* ---- rounding ---- */

/* Whether the magnitude goes up to the next multiple. half: twice the rest against the step. */
static bool goes_up(RoundMode mode, bool negative, bool odd, bool rest, int half)
{
	switch (mode) {
	case ROUND_HALF_AWAY:
		return half >= 0;
	case ROUND_HALF_TOWARDS:
		return half > 0;
	case ROUND_HALF_EVEN:
		return half > 0 || (half == 0 && odd);
	case ROUND_UP:
		return rest && !negative;
	case ROUND_DOWN:
		return rest && negative;
	}
	return false;
}

/* Two times the rest cannot overflow: it is below twice the step, and that below 2^128. */
Int128 round_to(Int128 n, Int128 step, RoundMode mode)
{
	Uint128 size = magnitude(n), unit = (Uint128)step;
	Uint128 times = size / unit, rest = size % unit;
	int half = 2 * rest < unit ? -1 : 2 * rest > unit;
	times += goes_up(mode, n < 0, times & 1, rest != 0, half);
	return with_sign(n < 0, times * unit);
}

/* round_to in 64 bits, but for the product: the multiple above 2^63 - 1 may be beyond them. */
static Int128 round_small(int64_t n, int64_t step, RoundMode mode)
{
	uint64_t size = (uint64_t)magnitude(n), unit = (uint64_t)step;
	uint64_t times = size / unit, rest = size % unit;
	int half = rest < unit - rest ? -1 : rest > unit - rest;
	times += goes_up(mode, n < 0, times & 1, rest != 0, half);
	return with_sign(n < 0, (Uint128)times * unit);
}

/*
 * a / step = p/q gives the number of steps k; the result k x step has to be brought to lowest terms
 * again. k alone may need more than 128 bits where the result does not (a tiny step).
 */
bool ratio_round(Ratio a, Ratio step, RoundMode mode, Ratio *out)
{
	if (both_whole(a, step)) {
		*out = (Ratio){round_small((int64_t)a.n, (int64_t)step.n, mode), 1};
		return true;
	}
	Uint128 an = magnitude(a.n), sn = magnitude(step.n), ad = (Uint128)a.d, sd = (Uint128)step.d;
	Uint128 g = gcd_large(an, sn), h = gcd_large(ad, sd);
	Wide p = wide_mul(an / g, sd / h), q = wide_mul(ad / h, sn / g), rest;
	Wide k = wide_div(p, q, &rest);
	int half = wide_cmp(wide_add(rest, rest), q);
	if (goes_up(mode, a.n < 0, k.lo & 1, (rest.hi | rest.lo) != 0, half))
		k = wide_add(k, (Wide){0, 1});
	wide_div(k, (Wide){0, sd}, &rest);
	Uint128 e = gcd_large(rest.lo, sd);
	k = wide_div(k, (Wide){0, e}, &rest);
	if (k.hi != 0)
		return false;
	return finish(a.n < 0, wide_mul(k.lo, sn), (Wide){0, sd / e}, out);
}

/* ---- text to number ---- */

/* The locale has no say in what a digit is. */
static bool is_digit(Str s, size_t at)
{
	return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

/* Adds the digit at s[at] behind n; false when n leaves the range of numerators. */
static bool take_digit(Str s, size_t at, Uint128 *n)
{
	if (*n >> (NUMERATOR_BITS - 3) != 0)
		return false;
	unsigned digit = (unsigned char)s.ptr[at] - (unsigned)'0';
	*n = *n * 10 + digit;
	return *n >> NUMERATOR_BITS == 0;
}

/* "1234" or "1,234": a first group of up to three digits, then commas with just three behind each.
 * Moves *at past it. */
static bool take_whole(Str s, size_t *at, Uint128 *n)
{
	size_t group = 0, i = *at;
	bool commas = false;
	for (;; i++) {
		if (is_digit(s, i)) {
			group++;
			if (!take_digit(s, i, n))
				return false;
		} else if (i < s.len && s.ptr[i] == ',') {
			if (commas ? group != 3 : group < 1 || group > 3)
				return false;
			commas = true;
			group = 0;
		} else {
			break;
		}
	}
	*at = i;
	return commas ? group == 3 : group > 0;
}

/* Zeros at the end of the decimals are left out first: 0.50000000000000000000 is a half, not an
 * overflow. */
bool ratio_parse(Str s, Ratio *out)
{
	size_t at = s.len > 0 && s.ptr[0] == '-' ? 1 : 0;
	bool negative = at == 1;
	Uint128 n = 0, scale = 1;
	if (!take_whole(s, &at, &n))
		return false;
	if (at < s.len) {
		if (s.ptr[at] != '.' || !is_digit(s, at + 1))
			return false;
		size_t end = s.len;
		while (end > at + 2 && s.ptr[end - 1] == '0')
			end--;
		for (at++; at < end; at++) {
			if (!is_digit(s, at) || scale >> (NUMERATOR_BITS - 4) != 0 || !take_digit(s, at, &n))
				return false;
			scale *= 10;
		}
	}
	return ratio_make(with_sign(negative, n), (Int128)scale, out);
}

/* ---- REAL to number ---- */

/* |real| = mantissa / 2^shift, for numbers below 2^50 that are not too small to have a decimal
 * within reach. */
typedef struct Binary {
	uint64_t mantissa; /* 53 bits */
	int shift;
	bool negative;
} Binary;

/* The parts of an IEEE double. False when no decimal of 15 places or fewer can be near it: then the
 * shift would not fit in 128 bits either. Zero and NaN do not come here. */
static bool take_apart(double real, Binary *out)
{
	uint64_t bits;
	memcpy(&bits, &real, sizeof bits);
	int exponent = (int)(bits >> 52 & 0x7FF);
	out->negative = bits >> 63 != 0;
	out->mantissa = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
	out->shift = 1075 - exponent;
	return exponent != 0 && out->shift < 127;
}

/*
 * The multiple of 1/scale nearest to b (a tie goes to the even one, as printf has it), and how far
 * off it is, in units of 1/(scale x 2^shift). mantissa x scale is below 2^53 x 2^50.
 */
static Uint128 nearest(Binary b, Uint128 scale, Uint128 *off)
{
	Uint128 whole = (Uint128)b.mantissa * scale, unit = (Uint128)1 << b.shift;
	Uint128 times = whole >> b.shift, rest = whole & (unit - 1);
	if (2 * rest > unit || (2 * rest == unit && (times & 1) != 0)) {
		*off = unit - rest;
		return times + 1;
	}
	*off = rest;
	return times;
}

/*
 * A decimal reads back as b when it lies within half a unit in b's last place. Just half cannot
 * happen: it takes more places than shift, and by then a shorter decimal was found. Below a power
 * of two the gap is half as wide, yet nothing is amiss: there the distance is a multiple of 2^52,
 * larger than any scale, so only zero passes.
 */
static bool reads_back(Uint128 scale, Uint128 off)
{
	return 2 * off < scale;
}

/* Fewest places first; the first decimal that reads back is the one that any printer of shortest
 * decimals would show, so the figure is what its author saw. */
static bool shortest(double real, Ratio *out)
{
	Binary b;
	if (!take_apart(real, &b))
		return false;
	Uint128 scale = 1, off;
	for (int places = 0; places <= REAL_PLACES; places++, scale *= 10) {
		Uint128 times = nearest(b, scale, &off);
		if (reads_back(scale, off))
			return ratio_make(with_sign(b.negative, times), (Int128)scale, out);
	}
	return false;
}

/* r / 10^4 in lowest terms. Only twos and fives can go, and taking them out one by one beats a
 * general divisor here: this is met for nearly every REAL of a dataset. */
static Ratio ten_thousandths(int64_t r)
{
	int64_t d = 10000;
	for (int fives = 0; fives < 4 && r % 5 == 0; fives++) {
		r /= 5;
		d /= 5;
	}
	int twos = __builtin_ctzll((uint64_t)r | 16);
	return (Ratio){r / ((int64_t)1 << twos), d >> twos};
}

/*
 * Nearly every REAL is an amount of few decimals. If the whole number r has r / 10^4 == real, then
 * r / 10^4 is the shortest decimal: it has at most 15 digits, no two decimals of so few digits
 * share a double, and division rounds correctly. The cast may pick any r; the comparison is the
 * proof.
 */
bool ratio_of_real(double real, Ratio *out)
{
	if (real > -FAST_MOST && real < FAST_MOST) {
		double scaled = real * 1e4;
		int64_t r = (int64_t)(scaled + (scaled < 0 ? -0.5 : 0.5));
		if ((double)r / 1e4 == real) {
			*out = ten_thousandths(r);
			return true;
		}
	}
	if (!(real >= -REAL_MOST && real <= REAL_MOST))
		return false;
	return shortest(real, out);
}

/* Law 1: sums made in binary are off by some units in the last place, and `read to 2 decimals`
 * says that the column is one of those. A figure further off is no such noise, and is rejected. */
bool ratio_of_real_to(double real, int places, Ratio *out, bool *exact)
{
	Int128 scale = 1;
	for (int i = 0; i < places && i <= REAL_PLACES; i++)
		scale *= 10;
	Ratio plain;
	*exact = ratio_of_real(real, &plain) && scale % plain.d == 0;
	if (*exact) {
		*out = plain;
		return true;
	}
	Binary b;
	if (places > REAL_PLACES || !(real >= -REAL_MOST && real <= REAL_MOST) || !take_apart(real, &b))
		return false;
	Uint128 off, times = nearest(b, (Uint128)scale, &off);
	if (off > ULPS_OF_NOISE * (Uint128)scale)
		return false;
	return ratio_make(with_sign(b.negative, times), scale, out);
}

/* ---- printing ---- */

/* Groups of three digits; the first group as it is, the others with their zeros. */
static void print_thousands(Buf *buf, uint64_t n)
{
	if (n < 1000) {
		buf_number(buf, n, 1);
		return;
	}
	print_thousands(buf, n / 1000);
	buf_char(buf, ',');
	buf_number(buf, n % 1000, 3);
}

/* 128 bits are divided once or twice, and only where 64 do not hold the number: a division of 128
 * costs as much as ten of 64. */
static void print_whole(Buf *buf, Uint128 n, bool commas)
{
	const uint64_t part = 1000000000000000000; /* 10^18: a whole number of groups */
	if (n < part) {
		if (commas)
			print_thousands(buf, (uint64_t)n);
		else
			buf_number(buf, (uint64_t)n, 1);
		return;
	}
	print_whole(buf, n / part, commas);
	uint64_t rest = (uint64_t)(n % part);
	for (uint64_t group = part / 1000; commas && group > 0; group /= 1000) {
		buf_char(buf, ',');
		buf_number(buf, rest / group % 1000, 3);
	}
	if (!commas)
		buf_number(buf, rest, 18);
}

/* Millionths of rest/d, cut, and whether that is all of it. */
static uint32_t millionths(Uint128 rest, Uint128 d, bool *ends)
{
	if (d <= UINT64_MAX / 1000000) {
		uint64_t scaled = (uint64_t)rest * 1000000, by = (uint64_t)d, part = scaled / by;
		*ends = part * by == scaled;
		return (uint32_t)part;
	}
	Uint128 scaled = rest * 1000000;
	*ends = scaled % d == 0;
	return (uint32_t)(scaled / d);
}

void int128_print(Buf *buf, Int128 n)
{
	if (n < 0)
		buf_char(buf, '-');
	print_whole(buf, magnitude(n), false);
}

void ratio_print_whole(Buf *buf, Ratio a)
{
	int128_print(buf, a.n);
	if (a.d == 1)
		return;
	buf_char(buf, '/');
	int128_print(buf, a.d);
}

/* Most figures of evidence are whole: minutes, counts, hours. */
static void whole_print(Buf *buf, Int128 n, int min_places, bool commas)
{
	if (n < 0)
		buf_char(buf, '-');
	print_whole(buf, magnitude(n), commas);
	if (min_places <= 0)
		return;
	buf_char(buf, '.');
	buf_pad(buf, '0', (size_t)min_places);
}

/* S80: cut, never rounded, and the ellipsis says so; a figure that was rounded on the way out
 * could not be redone by its reader (law 12). */
void ratio_print(Buf *buf, Ratio a, int min_places, bool commas)
{
	if (a.d == 1) {
		whole_print(buf, a.n, min_places, commas);
		return;
	}
	Uint128 size = magnitude(a.n), d = (Uint128)a.d, whole;
	if (fits64(a.n))
		whole = (uint64_t)size / (uint64_t)d;
	else
		whole = size / d;
	bool ends;
	uint32_t part = millionths(size - whole * d, d, &ends);
	char digits[PRINT_PLACES];
	for (int i = PRINT_PLACES - 1; i >= 0; i--, part /= 10)
		digits[i] = (char)('0' + (int)(part % 10));
	int places = PRINT_PLACES;
	while (ends && places > 0 && places > min_places && digits[places - 1] == '0')
		places--;
	if (a.n < 0)
		buf_char(buf, '-');
	print_whole(buf, whole, commas);
	if (places > 0)
		buf_char(buf, '.');
	buf_str(buf, (Str){digits, (size_t)places});
	if (!ends)
		buf_puts(buf, "…");
	else if (min_places > PRINT_PLACES)
		buf_pad(buf, '0', (size_t)(min_places - PRINT_PLACES));
}
