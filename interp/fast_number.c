/*
 * Arithmetic. Values of fixed scale go through one plain loop that gathers overflow in one word;
 * only when that word says so does a second loop look for the places. What has no such loop goes
 * through Ratio, one value after another.
 *
 *   scales               sum                             product
 *   as the result needs  int64, one OR for the overflow  int64, checked
 *   other fixed ones     128 bits, then fits64           times a constant, else by ratios
 *   a ratio              by ratios                       by ratios
 *
 * A quotient by a constant is a product with its inverse where that comes out whole; any other goes
 * by ratios.
 *
 * Every way is exact (law 1): it gives the value that a Ratio would, or a fault where the
 * explaining evaluator finds one. Which way is taken shows in the time alone.
 */
#include "interp/fast_internal.h"

/* body sees x, y and i; whichever side is a constant is taken out of the loop. Constants have been
 * written to their own loops so that the others can be made wide by the compiler. */
#define EACH_PAIR(a, b, m, body)                                   \
	do {                                                           \
		if ((b)->constant) {                                       \
			const int64_t y = (b)->v[0];                           \
			for (int32_t i = 0; i < (m); i++) {                    \
				const int64_t x = (a)->v[at_of((a), i)];           \
				body;                                              \
			}                                                      \
		} else if ((a)->constant) {                                \
			const int64_t x = (a)->v[0];                           \
			for (int32_t i = 0; i < (m); i++) {                    \
				const int64_t y = (b)->v[i];                       \
				body;                                              \
			}                                                      \
		} else {                                                   \
			const int64_t *const left = (a)->v, *const right = (b)->v; \
			for (int32_t i = 0; i < (m); i++) {                    \
				const int64_t x = left[i], y = right[i];           \
				body;                                              \
			}                                                      \
		}                                                          \
	} while (0)

/* What stands at a place that is not known is nobody's value, so it cannot overflow. A state that
 * is worse already stays. */
static void mark(uint8_t *st, int32_t i, bool overflow)
{
	if (overflow && st[i] == STATE_KNOWN)
		st[i] = STATE_FAULT;
}

/* ---- by ratios ---- */

typedef bool RatioOp(Ratio a, Ratio b, Ratio *out);

/* A value that the type cannot hold is a fault (law 1); the place still gets a number, since loops
 * over the column do not ask. */
static void ratio_place(const Out *out, Type type, int32_t i, bool fits, Ratio value)
{
	if (fits && fast_ratio_put(out, type, i, value))
		return;
	out->st[i] = STATE_FAULT;
	if (out->q != NULL)
		out->q[i] = (Ratio){0, 1};
	else
		out->v[i] = 0;
}

/* What is not known stands as 0 over 1: a denominator of nothing would stop a later division. */
static void ratio_blank(const Out *out, int32_t i)
{
	if (out->q != NULL)
		out->q[i] = (Ratio){0, 1};
	else
		out->v[i] = 0;
}

/* The slow way is the same arithmetic as the explaining evaluator's, value by value. */
static const Col *by_ratio(Frame *frame, const Expr *expr, const Col *a, const Col *b, RatioOp *op)
{
	Out out = out_of_type(frame, expr->type, both_constant(a, b));
	out.st = fast_states(frame, out.m, a, b, true);
	for (int32_t i = 0; i < out.m; i++) {
		if (out.st[i] != STATE_KNOWN) {
			ratio_blank(&out, i);
			continue;
		}
		Ratio x = fast_ratio_at(a, expr->arg[0]->type, i);
		Ratio y = fast_ratio_at(b, expr->arg[1]->type, i);
		Ratio value = {0, 1};
		bool fits = op(x, y, &value);
		ratio_place(&out, expr->type, i, fits, value);
	}
	return out_done(frame, &out);
}

/* One denominator for the whole column, which the type says. */
static bool fixed(const Expr *expr)
{
	return !expr->type.ratio;
}

static bool all_fixed(const Expr *expr)
{
	return fixed(expr) && fixed(expr->arg[0]) && fixed(expr->arg[1]);
}

/* ---- sums ---- */

/* Sign bit set where a sum or difference of equal scales left int64 (Hacker's Delight, 2-13). Goes
 * over the batch again, which happens next to never. */
static void find_sum_overflow(Frame *frame, Out *out, const Col *a, const Col *b, bool subtract)
{
	out->st = fast_states(frame, out->m, a, b, true);
	for (int32_t i = 0; i < out->m; i++) {
		int64_t x = a->v[at_of(a, i)], y = b->v[at_of(b, i)], n;
		mark(out->st, i, subtract ? __builtin_sub_overflow(x, y, &n)
			: __builtin_add_overflow(x, y, &n));
	}
}

/* An overflow flips the sign against both operands; the signs of all places are gathered in one
 * word, and no place is looked at again unless that says so. In unsigned numbers, since overflow of
 * signed ones is undefined in C. */
static const Col *add_equal(Frame *frame, const Col *a, const Col *b, bool subtract)
{
	Out out = out_fixed(frame, both_constant(a, b));
	int64_t *v = out.v, over = 0;
	if (subtract)
		EACH_PAIR(a, b, out.m, {
			int64_t s = (int64_t)((uint64_t)x - (uint64_t)y);
			v[i] = s;
			over |= (x ^ y) & (x ^ s);
		});
	else
		EACH_PAIR(a, b, out.m, {
			int64_t s = (int64_t)((uint64_t)x + (uint64_t)y);
			v[i] = s;
			over |= (x ^ s) & (y ^ s);
		});
	if (over < 0)
		find_sum_overflow(frame, &out, a, b, subtract);
	else
		out.st = fast_states(frame, out.m, a, b, false);
	return out_done(frame, &out);
}

/* Scales that differ: each side times what it lacks to the common one, in 128 bits. Scales are at
 * most 10^12, so that a product with an int64 fits in 128 bits by far. */
static const Col *add_scaled(Frame *frame, const Expr *expr, const Col *a, const Col *b,
	bool subtract)
{
	int64_t to_a = expr->type.scale / expr->arg[0]->type.scale;
	int64_t to_b = expr->type.scale / expr->arg[1]->type.scale;
	Out out = out_fixed(frame, both_constant(a, b));
	out.st = fast_states(frame, out.m, a, b, true);
	for (int32_t i = 0; i < out.m; i++) {
		Int128 x = (Int128)a->v[at_of(a, i)] * to_a, y = (Int128)b->v[at_of(b, i)] * to_b;
		Int128 sum = subtract ? x - y : x + y;
		out.v[i] = (int64_t)sum;
		mark(out.st, i, !fits64(sum));
	}
	return out_done(frame, &out);
}

/* The checker sees to equal scales nearly always. */
const Col *eval_add(Frame *frame, const Expr *expr, bool subtract)
{
	const Col *a = fast_eval(frame, expr->arg[0]), *b = fast_eval(frame, expr->arg[1]);
	int64_t scale = expr->type.scale;
	Type left = expr->arg[0]->type, right = expr->arg[1]->type;
	if (!all_fixed(expr) || scale % left.scale != 0 || scale % right.scale != 0)
		return by_ratio(frame, expr, a, b, subtract ? ratio_sub : ratio_add);
	if (left.scale == scale && right.scale == scale)
		return add_equal(frame, a, b, subtract);
	return add_scaled(frame, expr, a, b, subtract);
}

/* ---- products ---- */

/* Where scales multiply to that of the result, which the checker mostly sees to. */
static const Col *times_column(Frame *frame, const Col *a, const Col *b)
{
	Out out = out_fixed(frame, both_constant(a, b));
	int64_t *v = out.v;
	bool over = false;
	EACH_PAIR(a, b, out.m, over |= __builtin_mul_overflow(x, y, &v[i]));
	out.st = fast_states(frame, out.m, a, b, over);
	if (over)
		EACH_PAIR(a, b, out.m, {
			int64_t n;
			mark(out.st, i, __builtin_mul_overflow(x, y, &n));
		});
	return out_done(frame, &out);
}

/* As a column of one value, which the loop takes out. */
static const Col *times_number(Frame *frame, const Col *a, int64_t times)
{
	if (times == 1)
		return a;
	return times_column(frame, a, col_fixed(frame, times));
}

/* n * p / q when that is a whole number in int64; p, q > 0 or p < 0. Then multiplying by it is the
 * whole of the work, for a column of any length. */
static bool whole_quotient(int64_t n, Int128 p, Int128 q, int64_t *out)
{
	Int128 product;
	if (__builtin_mul_overflow((Int128)n, p, &product) || product % q != 0 ||
	    !fits64(product / q))
		return false;
	*out = (int64_t)(product / q);
	return true;
}

/* A known constant on one side: its value, reduced with the scales, is one factor. NULL: it does
 * not come out even, and has to be asked value by value. */
static const Col *times_constant(Frame *frame, const Expr *expr, const Col *a, const Col *b)
{
	Int128 scales = (Int128)expr->arg[0]->type.scale * expr->arg[1]->type.scale;
	const Col *one = b->constant ? b : a, *many = b->constant ? a : b;
	int64_t factor;
	if (!one->constant || one->st != NULL ||
	    !whole_quotient(one->v[0], expr->type.scale, scales, &factor))
		return NULL;
	return times_number(frame, many, factor);
}

/* The quick ways first; what fits none of them is exact by ratios. */
const Col *eval_multiply(Frame *frame, const Expr *expr)
{
	const Col *a = fast_eval(frame, expr->arg[0]), *b = fast_eval(frame, expr->arg[1]);
	if (!all_fixed(expr))
		return by_ratio(frame, expr, a, b, ratio_mul);
	if ((Int128)expr->arg[0]->type.scale * expr->arg[1]->type.scale == expr->type.scale)
		return times_column(frame, a, b);
	const Col *col = times_constant(frame, expr, a, b);
	return col != NULL ? col : by_ratio(frame, expr, a, b, ratio_mul);
}

/* ---- quotients ---- */

/* Divisors differ from subject to subject, and so do the denominators that come out. By zero is
 * unknown and no fault (S19): one bad row must not stop a run. */
static const Col *divide_each(Frame *frame, const Expr *expr, const Col *a, const Col *b)
{
	Out out = out_of_type(frame, expr->type, both_constant(a, b));
	out.st = fast_states(frame, out.m, a, b, true);
	for (int32_t i = 0; i < out.m; i++) {
		ratio_blank(&out, i);
		if (out.st[i] != STATE_KNOWN)
			continue;
		Ratio y = fast_ratio_at(b, expr->arg[1]->type, i), value = {0, 1};
		if (y.n == 0) {
			out.st[i] = STATE_UNKNOWN; /* S19 */
			continue;
		}
		bool fits = ratio_div(fast_ratio_at(a, expr->arg[0]->type, i), y, &value);
		ratio_place(&out, expr->type, i, fits, value);
	}
	return out_done(frame, &out);
}

/* By a constant it is a multiplication: the checker chose the scale of the result so that it comes
 * out even. The sign goes above, as q of whole_quotient has to be positive. */
const Col *eval_divide(Frame *frame, const Expr *expr)
{
	const Col *a = fast_eval(frame, expr->arg[0]), *b = fast_eval(frame, expr->arg[1]);
	if (all_fixed(expr) && b->constant && b->st == NULL && b->v[0] != 0) {
		/* a/A over b/B at scale S is a * (B S) / (A b). */
		Int128 top = (Int128)expr->arg[1]->type.scale * expr->type.scale;
		Int128 bottom = (Int128)expr->arg[0]->type.scale * b->v[0];
		int64_t factor;
		if (whole_quotient(1, bottom < 0 ? -top : top, bottom < 0 ? -bottom : bottom, &factor))
			return times_number(frame, a, factor);
	}
	return divide_each(frame, expr, a, b);
}

/* ---- one operand ---- */

/* Up to a multiple of the scale it is one factor; all else has to come out even, or is a fault. */
const Col *eval_rescale(Frame *frame, const Expr *expr)
{
	const Col *a = fast_eval(frame, expr->arg[0]);
	Type from = expr->arg[0]->type;
	if (from.ratio == expr->type.ratio && from.scale == expr->type.scale)
		return a;
	if (!from.ratio && !expr->type.ratio && expr->type.scale % from.scale == 0)
		return times_number(frame, a, expr->type.scale / from.scale);
	Out out = out_of_type(frame, expr->type, a->constant);
	out.st = fast_states(frame, out.m, a, a, true);
	for (int32_t i = 0; i < out.m; i++) {
		ratio_blank(&out, i);
		if (out.st[i] == STATE_KNOWN)
			ratio_place(&out, expr->type, i, true, fast_ratio_at(a, from, i));
	}
	return out_done(frame, &out);
}

/* Quotients carry their sign in the numerator. */
static const Col *map_ratio(Frame *frame, const Expr *expr, const Col *a, bool absolute)
{
	Out out = out_of_type(frame, expr->type, a->constant);
	out.st = fast_states(frame, out.m, a, a, true);
	for (int32_t i = 0; i < out.m; i++) {
		ratio_blank(&out, i);
		if (out.st[i] != STATE_KNOWN)
			continue;
		Ratio value = fast_ratio_at(a, expr->arg[0]->type, i);
		if (!absolute || value.n < 0)
			value.n = -value.n;
		ratio_place(&out, expr->type, i, true, value);
	}
	return out_done(frame, &out);
}

static bool same_form(const Expr *expr)
{
	return !expr->type.ratio && !expr->arg[0]->type.ratio &&
		expr->type.scale == expr->arg[0]->type.scale;
}

/* Only the least number of all has no opposite. That one is looked for only if there is any. */
static const Col *eval_sign(Frame *frame, const Expr *expr, bool absolute)
{
	const Col *a = fast_eval(frame, expr->arg[0]);
	if (!same_form(expr))
		return map_ratio(frame, expr, a, absolute);
	Out out = out_fixed(frame, a->constant);
	bool least = false;
	for (int32_t i = 0; i < out.m; i++) {
		int64_t x = a->v[i], turned = (int64_t)(0 - (uint64_t)x);
		out.v[i] = absolute && x >= 0 ? x : turned;
		least |= x == INT64_MIN;
	}
	out.st = fast_states(frame, out.m, a, a, least);
	for (int32_t i = 0; least && i < out.m; i++)
		mark(out.st, i, a->v[i] == INT64_MIN);
	return out_done(frame, &out);
}

const Col *eval_negate(Frame *frame, const Expr *expr)
{
	return eval_sign(frame, expr, false);
}

const Col *eval_absolute(Frame *frame, const Expr *expr)
{
	return eval_sign(frame, expr, true);
}
