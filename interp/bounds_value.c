/*
 * The rules, for a in [a.lo, a.hi] and b in [b.lo, b.hi]:
 *
 *   a + b     [a.lo + b.lo, a.hi + b.hi]
 *   -a        [-a.hi, -a.lo]
 *   a * b     between the least and the greatest of the four products of ends
 *   a / b     a * [1/b.hi, 1/b.lo] where b has one sign; else no bounds
 *   a < b     yes possible: a.lo < b.hi; no possible: a.hi >= b.lo
 *
 * An end that is not there stays so, and one that leaves the range of a fraction goes. `known` is
 * kept true to its meaning by settled(), the last step of every operation.
 */
#include "interp/bounds_value.h"

#include "interp/walk_private.h"

/* ---- making ---- */

/* Yes and no, dates and rows are whole numbers to intervals. */
static Ratio whole(int64_t n)
{
	return (Ratio){n, 1};
}

/* Texts and collections have no order that an interval could follow. They are known or not, and
 * equal or not. */
static bool has_ends(Type type)
{
	return type.kind != TYPE_TEXT && type.kind != TYPE_ROWS;
}

/* Of a text or a collection the value is all there is; the others are an interval of one number.
 * The value is kept as it is, so that what is known goes on exactly. */
Bound bound_known(Type type, Value value)
{
	Bound out = {.some = true, .known = true, .value = value};
	if (!has_ends(type))
		return out;
	out.has_lo = out.has_hi = true;
	out.lo = out.hi = type.kind == TYPE_QUANTITY ? value.q : whole(value.n);
	return out;
}

/* Where nothing is known but that there will be a value. */
Bound bound_any(void)
{
	return (Bound){.some = true};
}

/* No filling gives it a value: divided by zero, no row of a table fits. Unlike a fact that is
 * missing, which bound_any stands for. */
Bound bound_missing(void)
{
	return (Bound){.missing = true};
}

/* Which of the two it is, does not matter: a conflict may claim what a failure may. */
Bound bound_bad(void)
{
	return (Bound){.some = true, .bad = true};
}

/* One value alone is known, unless it could be missing too. Of a quantity the value is the
 * fraction, of all else its whole number. */
static Bound settled(Type type, Bound bound)
{
	bound.known = false;
	if (!has_ends(type) || !bound.some || bound.missing || bound.bad || !bound.has_lo ||
	    !bound.has_hi || ratio_cmp(bound.lo, bound.hi) != 0)
		return bound;
	bound.known = true;
	bound.value = type.kind == TYPE_QUANTITY ? known_q(bound.lo) : known_n((int64_t)bound.lo.n);
	return bound;
}

/* Both ends are in. */
Bound bound_between(Type type, Ratio lo, Ratio hi)
{
	return settled(type, (Bound){.some = true, .has_lo = true, .has_hi = true, .lo = lo, .hi = hi});
}

/* The type of every condition. */
static const Type yes_no = {.kind = TYPE_YES_NO, .scale = 1};

/* Neither: a condition that has no value. */
Bound bound_yes_no(bool yes, bool no)
{
	if (!yes && !no)
		return (Bound){0};
	if (!yes || !no)
		return bound_known(yes_no, known_n(yes));
	return bound_between(yes_no, whole(!no), whole(yes));
}

/* An end that is not there excludes nothing. Of a condition: n is 0 or 1. */
bool bound_may_be(Bound bound, int n)
{
	return bound.some && (!bound.has_lo || ratio_cmp(bound.lo, whole(n)) <= 0) &&
		(!bound.has_hi || ratio_cmp(bound.hi, whole(n)) >= 0);
}

/* Known excludes missing and bad. */
bool bound_surely(Bound bound, int n)
{
	return bound.known && bound.value.n == n;
}

/* ---- putting together ---- */

static Ratio lesser(Ratio a, Ratio b)
{
	return ratio_cmp(a, b) <= 0 ? a : b;
}

static Ratio greater(Ratio a, Ratio b)
{
	return ratio_cmp(a, b) >= 0 ? a : b;
}

/* Equal texts stay known when they are put together, which their missing ends would not show.
 * Collections are never the same: there is no saying what they hold. */
static bool same_known(Type type, Bound a, Bound b)
{
	return a.known && b.known && type.kind != TYPE_ROWS && value_same(type, a.value, b.value);
}

/* One of the two without any value adds nothing to the interval, but may make it missing.
 * `(Bound){0}` has no value and no state: the hull of it and another is the other. */
Bound bound_hull(Type type, Bound a, Bound b)
{
	if (same_known(type, a, b))
		return a;
	Bound out = a.some ? a : b;
	if (a.some && b.some) {
		out.has_lo = a.has_lo && b.has_lo;
		out.has_hi = a.has_hi && b.has_hi;
		out.lo = out.has_lo ? lesser(a.lo, b.lo) : whole(0);
		out.hi = out.has_hi ? greater(a.hi, b.hi) : whole(0);
	}
	out.missing = a.missing || b.missing;
	out.bad = a.bad || b.bad;
	return settled(type, out);
}

/* States spread as in the explaining evaluator: what needs a missing operand is missing. `some`
 * falls: without that operand there is no value. */
void bound_spread(Bound *out, Bound operand)
{
	out->some = out->some && operand.some;
	out->missing = out->missing || operand.missing;
	out->bad = out->bad || operand.bad;
	out->known = out->known && operand.some && !operand.missing && !operand.bad;
}

/* Nothing in common means that no filling leads here, so any answer holds. */
Bound bound_within(Type type, Bound a, Bound limits)
{
	Bound out = a;
	if (limits.has_lo && (!a.has_lo || ratio_cmp(a.lo, limits.lo) < 0)) {
		out.has_lo = true;
		out.lo = limits.lo;
	}
	if (limits.has_hi && (!a.has_hi || ratio_cmp(a.hi, limits.hi) > 0)) {
		out.has_hi = true;
		out.hi = limits.hi;
	}
	if (out.has_lo && out.has_hi && ratio_cmp(out.lo, out.hi) > 0)
		return a;
	return settled(type, out);
}

/* ---- arithmetic ---- */

/* Both operands are needed; an end that overflowed is left away. The interval was worked out
 * before; this adds what the operands' states do to it. */
static Bound of_both(Type type, Bound out, Bound a, Bound b)
{
	out.some = true;
	bound_spread(&out, a);
	bound_spread(&out, b);
	return settled(type, out);
}

/* The sum of the low ends, and of the high ones. */
Bound bound_add(Type type, Bound a, Bound b)
{
	Bound out = {0};
	out.has_lo = a.has_lo && b.has_lo && ratio_add(a.lo, b.lo, &out.lo);
	out.has_hi = a.has_hi && b.has_hi && ratio_add(a.hi, b.hi, &out.hi);
	return of_both(type, out, a, b);
}

static Ratio minus(Ratio a)
{
	return (Ratio){-a.n, a.d};
}

/* The ends change places. */
Bound bound_negate(Type type, Bound a)
{
	Bound out = a;
	out.has_lo = a.has_hi;
	out.has_hi = a.has_lo;
	out.lo = minus(a.hi);
	out.hi = minus(a.lo);
	return settled(type, out);
}

/* Nothing times anything is nothing, however unbounded that is. */
static bool is_nought(Bound a)
{
	return a.has_lo && a.has_hi && a.lo.n == 0 && a.hi.n == 0;
}

/* Both ends of both are there: the product lies between the least and the greatest of the four. All
 * four, since either may change its sign within its ends. */
static void four_products(Bound *out, Bound a, Bound b)
{
	Ratio q[4];
	if (!ratio_mul(a.lo, b.lo, &q[0]) || !ratio_mul(a.lo, b.hi, &q[1]) ||
	    !ratio_mul(a.hi, b.lo, &q[2]) || !ratio_mul(a.hi, b.hi, &q[3]))
		return;
	out->has_lo = out->has_hi = true;
	out->lo = lesser(lesser(q[0], q[1]), lesser(q[2], q[3]));
	out->hi = greater(greater(q[0], q[1]), greater(q[2], q[3]));
}

/* By a number of one sign, ends that are there stay ends. With a negative factor low and high
 * change places first. */
static void scale_ends(Bound *out, Bound a, Ratio by)
{
	Bound from = a;
	if (by.n < 0) {
		from = (Bound){.has_lo = a.has_hi, .has_hi = a.has_lo, .lo = a.hi, .hi = a.lo};
	}
	out->has_lo = from.has_lo && ratio_mul(from.lo, by, &out->lo);
	out->has_hi = from.has_hi && ratio_mul(from.hi, by, &out->hi);
}

/* One number, though it may be missing as well. */
static bool is_point(Bound a)
{
	return a.has_lo && a.has_hi && ratio_cmp(a.lo, a.hi) == 0;
}

/* Rates, lengths and counts, as most of them are. */
static bool not_below_nought(Bound a)
{
	return a.has_lo && a.lo.n >= 0;
}

/* From the most to the least that is known: the last case has no end above. */
Bound bound_multiply(Type type, Bound a, Bound b)
{
	Bound out = {.lo = {0, 1}, .hi = {0, 1}};
	if (is_nought(a) || is_nought(b))
		out.has_lo = out.has_hi = true;
	else if (a.has_lo && a.has_hi && b.has_lo && b.has_hi)
		four_products(&out, a, b);
	else if (is_point(a))
		scale_ends(&out, b, a.lo);
	else if (is_point(b))
		scale_ends(&out, a, b.lo);
	else if (not_below_nought(a) && not_below_nought(b))
		out.has_lo = ratio_mul(a.lo, b.lo, &out.lo);
	return of_both(type, out, a, b);
}

/* 1/b of numbers of one sign: what grows beyond bounds comes down to nought. A number above nought
 * that has no end above comes as near to nought as one likes: the low end is 0 then. */
static Bound inverse(Type type, Bound b)
{
	const Ratio one = {1, 1};
	Bound out = b;
	bool above = b.has_lo && b.lo.n > 0;
	out.lo = out.hi = (Ratio){0, 1};
	out.has_lo = (b.has_hi && ratio_div(one, b.hi, &out.lo)) || above;
	out.has_hi = (b.has_lo && ratio_div(one, b.lo, &out.hi)) || !above;
	return settled(type, out);
}

/* A divisor that could be zero leaves the quotient without bounds, and perhaps missing (S19). By
 * nought and nothing else there is no value at all. */
Bound bound_divide(Type type, Bound a, Bound b)
{
	Type any = {.kind = TYPE_QUANTITY, .ratio = true, .scale = 1};
	if ((b.has_lo && b.lo.n > 0) || (b.has_hi && b.hi.n < 0))
		return bound_multiply(type, a, inverse(any, b));
	Bound out = {0};
	out = of_both(type, out, a, b);
	out.missing = true;
	out.some = out.some && !is_nought(b);
	return out;
}

/* Over both signs it begins at nought. Below nought throughout, it is turned round. */
Bound bound_absolute(Type type, Bound a)
{
	if (a.has_lo && a.lo.n >= 0)
		return a;
	Bound turned = bound_negate(type, a);
	if (turned.has_lo && turned.lo.n >= 0)
		return turned;
	Bound out = a;
	out.lo = (Ratio){0, 1};
	out.has_lo = true;
	out.has_hi = a.has_hi && turned.has_hi;
	out.hi = out.has_hi ? greater(a.hi, turned.hi) : (Ratio){0, 1};
	return settled(type, out);
}

/*
 * The end that one of the two alone has decides nothing against it.
 *
 *   greatest of [1, 5] and [3, ..]     from 3 on, without an end above
 *   least of the same                  [1, 5]: the second cannot make it more
 */
Bound bound_extreme(Type type, Bound a, Bound b, bool most)
{
	Bound out = {.lo = {0, 1}, .hi = {0, 1}};
	out.has_lo = most ? a.has_lo || b.has_lo : a.has_lo && b.has_lo;
	out.has_hi = most ? a.has_hi && b.has_hi : a.has_hi || b.has_hi;
	if (out.has_lo)
		out.lo = !a.has_lo ? b.lo : !b.has_lo ? a.lo : most ? greater(a.lo, b.lo)
			: lesser(a.lo, b.lo);
	if (out.has_hi)
		out.hi = !a.has_hi ? b.hi : !b.has_hi ? a.hi : most ? greater(a.hi, b.hi)
			: lesser(a.hi, b.hi);
	return of_both(type, out, a, b);
}

/* ---- yes and no ---- */

/* Which orders of the two there could be: a below b, equal, above. Without an end anything is
 * possible on that side. */
static void orders(Bound a, Bound b, bool can[3])
{
	int low = a.has_lo && b.has_hi ? ratio_cmp(a.lo, b.hi) : -1;
	int high = a.has_hi && b.has_lo ? ratio_cmp(a.hi, b.lo) : 1;
	can[0] = low < 0;
	can[1] = low <= 0 && high >= 0;
	can[2] = high > 0;
}

/* Texts know equal and unequal; of collections nothing is compared. `how` is asked of each order
 * that is possible: if some hold and others do not, it is open. */
Bound bound_compare(Type type, int how, Bound a, Bound b)
{
	bool can[3] = {true, true, true}, yes = false, no = false;
	if (has_ends(type)) {
		orders(a, b, can);
	} else if (a.known && b.known && type.kind == TYPE_TEXT) {
		bool same = str_eq(a.value.text, b.value.text);
		can[0] = can[2] = !same;
		can[1] = same;
	}
	for (int order = -1; order <= 1; order++) {
		bool holds = walk_ordered((CompareHow)how, order);
		yes = yes || (can[order + 1] && holds);
		no = no || (can[order + 1] && !holds);
	}
	return of_both(yes_no, bound_yes_no(yes, no), a, b);
}

/* What is missing or bad stays so. Ends are turned by asking which answers there could be. */
Bound bound_not(Bound a)
{
	Bound out = a;
	bool yes = bound_may_be(a, 1), no = bound_may_be(a, 0);
	Bound turned = bound_yes_no(no, yes);
	turned.missing = out.missing;
	turned.bad = out.bad;
	return settled(yes_no, turned);
}

/*
 * Of `and` the deciding value is no, of `or` yes. What decides masks what is missing on the other
 * side; a conflict that could be an overflow is kept.
 *
 *   a       b       and        bad on either side stays, as a fault is never masked (S23)
 *   no      open    no
 *   yes     open    as b
 *   open    open    open
 */
Bound bound_logic(Bound a, Bound b, bool is_or)
{
	if (a.known && b.known)
		return bound_known(yes_no, known_n(is_or ? a.value.n | b.value.n : a.value.n & b.value.n));
	bool a_decides = bound_may_be(a, is_or), b_decides = bound_may_be(b, is_or);
	bool a_other = bound_may_be(a, !is_or), b_other = bound_may_be(b, !is_or);
	bool decided = a_decides || b_decides, other = a_other && b_other;
	Bound out = is_or ? bound_yes_no(decided, other) : bound_yes_no(other, decided);
	bool a_sure = bound_surely(a, is_or), b_sure = bound_surely(b, is_or);
	out.missing = (a.missing || b.missing) && !a_sure && !b_sure;
	out.bad = a.bad || b.bad;
	return settled(yes_no, out);
}
