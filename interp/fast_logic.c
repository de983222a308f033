/*
 * Comparisons, and what is made of yes and no. Yes is 1 and no is 0 in a column like any other,
 * so that and, or and not are plain loops while everything is known; the states of S20 to S23
 * come into play only for batches that have any.
 *
 *   and     no        yes       unknown    conflict    fault
 *   no      no        no        no         no          fault       what decides masks all but a
 *   yes     no        yes       unknown    conflict    fault       fault (S23); or is the same with
 *   unknown no        unknown   unknown    conflict    fault       yes for no
 */
#include "interp/fast_internal.h"

#include "base/civil.h"

/* ---- comparing ---- */

/* A constant on the right is taken out of the loop; one on the left is rare. */
#define COMPARE_LOOP(test)                                       \
	do {                                                         \
		if (b->constant) {                                       \
			const int64_t y = b->v[0];                           \
			for (int32_t i = 0; i < m; i++) {                    \
				const int64_t x = a->v[at_of(a, i)];             \
				v[i] = (test);                                   \
			}                                                    \
		} else {                                                 \
			const int64_t *right = b->v;                         \
			for (int32_t i = 0; i < m; i++) {                    \
				const int64_t x = a->v[at_of(a, i)], y = right[i]; \
				v[i] = (test);                                   \
			}                                                    \
		}                                                        \
	} while (0)

/* Comparisons as arithmetic, 0 or 1 (Hacker's Delight, 2-12): the plain vector instructions of
 * every x86-64 have no comparison of 64 bits, so that loops over `<` are left narrow; these are
 * made wide, and take two thirds of the time. The sign of x - y, but for what overflows; and the
 * sign of d or -d, one of which any number but 0 has. */
static inline int64_t less(int64_t x, int64_t y)
{
	uint64_t a = (uint64_t)x, b = (uint64_t)y;
	return (int64_t)(((a & ~b) | (~(a ^ b) & (a - b))) >> 63);
}

static inline int64_t differ(int64_t x, int64_t y)
{
	uint64_t d = (uint64_t)x ^ (uint64_t)y;
	return (int64_t)((d | (0 - d)) >> 63);
}

/* The comparison is chosen outside the loop: six short loops, each of which the compiler can make
 * wide. Values of places that are not known are 0, and what comes of them is blanked again. */
static void compare_numbers(int how, const Col *a, const Col *b, int32_t m, int64_t *v)
{
	switch (how) {
	case COMPARE_LT:
		COMPARE_LOOP(less(x, y));
		break;
	case COMPARE_LE:
		COMPARE_LOOP(less(y, x) ^ 1);
		break;
	case COMPARE_EQ:
		COMPARE_LOOP(differ(x, y) ^ 1);
		break;
	case COMPARE_NE:
		COMPARE_LOOP(differ(x, y));
		break;
	case COMPARE_GE:
		COMPARE_LOOP(less(x, y) ^ 1);
		break;
	default:
		COMPARE_LOOP(less(y, x));
		break;
	}
}

/* x/X against y/Y as x*Y against y*X: scales have 40 bits, so 128 hold both. */
static void compare_scaled(const Expr *expr, const Col *a, const Col *b, int32_t m, int64_t *v)
{
	int64_t to_a = expr->arg[1]->type.scale, to_b = expr->arg[0]->type.scale;
	for (int32_t i = 0; i < m; i++) {
		Int128 x = (Int128)a->v[at_of(a, i)] * to_a, y = (Int128)b->v[at_of(b, i)] * to_b;
		v[i] = compare_holds(expr->how, x < y ? -1 : x > y);
	}
}

/* Exact, by cross products (S77). */
static void compare_ratios(const Expr *expr, const Col *a, const Col *b, const Out *out)
{
	for (int32_t i = 0; i < out->m; i++) {
		out->v[i] = 0;
		if (out->st != NULL && out->st[i] != STATE_KNOWN)
			continue;
		Ratio x = fast_ratio_at(a, expr->arg[0]->type, i);
		Ratio y = fast_ratio_at(b, expr->arg[1]->type, i);
		out->v[i] = compare_holds(expr->how, ratio_cmp(x, y));
	}
}

/* Equal or not: texts have no order in rules (S74). By cell first: dictionary-coded columns share
 * cells. */
static void compare_texts(const Expr *expr, const Col *a, const Col *b, const Out *out)
{
	for (int32_t i = 0; i < out->m; i++) {
		out->v[i] = 0;
		if (out->st != NULL && out->st[i] != STATE_KNOWN)
			continue;
		bool same = fast_text_same(a->v[at_of(a, i)], b->v[at_of(b, i)]);
		out->v[i] = same == (expr->how == COMPARE_EQ);
	}
}

/* A date against a moment stands for its whole local day (S37): so does the moment. Asked only
 * where the other side is of the other kind. */
static const Col *as_days(Frame *frame, const Col *moments)
{
	Out out = out_fixed(frame, moments->constant);
	out.st = fast_states(frame, out.m, moments, moments, false);
	moments_days(moments->v, out.m, out.v);
	return out_done(frame, &out);
}

/* The checker lets other kinds be compared with their own alone. */
static bool only(const Expr *expr, TypeKind kind)
{
	return expr->type.kind == kind;
}

/* One form on both sides, then the quickest loop that is exact for it. States are merged first;
 * loops that cannot stand a value that is not known look at them. */
const Col *eval_compare(Frame *frame, const Expr *expr)
{
	const Expr *left = expr->arg[0], *right = expr->arg[1];
	const Col *a = fast_eval(frame, left), *b = fast_eval(frame, right);
	if (only(left, TYPE_MOMENT) && only(right, TYPE_DATE))
		a = as_days(frame, a);
	else if (only(left, TYPE_DATE) && only(right, TYPE_MOMENT))
		b = as_days(frame, b);
	Out out = out_fixed(frame, both_constant(a, b));
	out.st = fast_states(frame, out.m, a, b, false);
	if (only(left, TYPE_TEXT))
		compare_texts(expr, a, b, &out);
	else if (left->type.ratio || right->type.ratio)
		compare_ratios(expr, a, b, &out);
	else if (only(left, TYPE_QUANTITY) && left->type.scale != right->type.scale)
		compare_scaled(expr, a, b, out.m, out.v);
	else
		compare_numbers(expr->how, a, b, out.m, out.v);
	return out_done(frame, &out);
}

/* ---- and, or, not ---- */

/* Kleene's: the deciding value (no for and, yes for or) masks what is unknown, never a fault.
 * Either side may be a constant. */
static void kleene(const Out *out, const Col *a, const Col *b, int64_t deciding)
{
	for (int32_t i = 0; i < out->m; i++) {
		uint8_t s = state_of(a, i), t = state_of(b, i), greater = s > t ? s : t;
		bool decided = (s == STATE_KNOWN && a->v[at_of(a, i)] == deciding) ||
			(t == STATE_KNOWN && b->v[at_of(b, i)] == deciding);
		out->v[i] = decided ? deciding : !deciding;
		out->st[i] = decided && greater != STATE_FAULT ? (uint8_t)STATE_KNOWN : greater;
	}
}

/* Where both sides have a value for each place. st: the greater state, which is right already where
 * both are known: only the rest is looked at. A side without states borrows the other's, of which a
 * mask of zeroes makes "known". */
static void mask_decided(const Out *out, const Col *a, const Col *b, int64_t deciding)
{
	const int64_t *x = a->v, *y = b->v;
	const uint8_t *s = a->st == NULL ? b->st : a->st, *t = b->st == NULL ? a->st : b->st;
	const uint8_t left = a->st == NULL ? STATE_KNOWN : UINT8_MAX;
	const uint8_t right = b->st == NULL ? STATE_KNOWN : UINT8_MAX;
	uint8_t *st = out->st;
	EACH_LOST(st, out->m, {
		bool decided = (((s[i] & left) == STATE_KNOWN) & (x[i] == deciding)) |
			(((t[i] & right) == STATE_KNOWN) & (y[i] == deciding));
		st[i] = (decided & (st[i] != STATE_FAULT)) ? (uint8_t)STATE_KNOWN : st[i];
	})
}

/* Yes is 1 and no is 0, so bits do. What is not known stands as 0, which is what the other side
 * makes of it where it decides, and no matter where it does not. COMPARE_LOOP serves for `|` and
 * `&` as well. */
static void both_known(const Out *out, const Col *a, const Col *b, bool is_or)
{
	int64_t *v = out->v;
	int32_t m = out->m;
	if (is_or)
		COMPARE_LOOP(x | y);
	else
		COMPARE_LOOP(x & y);
}

/* States are looked at only when a side has any; both sides are always worked out, since a fault on
 * either is never masked (S23). */
const Col *eval_and_or(Frame *frame, const Expr *expr, bool is_or)
{
	const Col *a = fast_eval(frame, expr->arg[0]), *b = fast_eval(frame, expr->arg[1]);
	Out out = out_fixed(frame, both_constant(a, b));
	if (a->st == NULL && b->st == NULL) {
		both_known(&out, a, b, is_or);
	} else if (a->constant || b->constant) {
		out.st = POOL_ARRAY(frame->pool, uint8_t, out.m);
		kleene(&out, a, b, is_or);
	} else {
		both_known(&out, a, b, is_or);
		out.st = fast_states(frame, out.m, a, b, true);
		mask_decided(&out, a, b, is_or);
	}
	return out_done(frame, &out);
}

/* What is not known stays so, whatever number stands there. */
const Col *eval_not(Frame *frame, const Expr *expr)
{
	const Col *a = fast_eval(frame, expr->arg[0]);
	Out out = out_fixed(frame, a->constant);
	out.st = fast_states(frame, out.m, a, a, false);
	for (int32_t i = 0; i < out.m; i++)
		out.v[i] = a->v[i] ^ 1;
	return out_done(frame, &out);
}

/* ---- choosing ---- */

/* S22: an open question does not matter when both answers come to the same. A fault in the
 * condition is one, whatever the branches are. */
static void choose_one(const Out *out, int32_t i, const Col *c, const Col *a, const Col *b,
	Type type)
{
	uint8_t s = state_of(c, i);
	out_copy(out, i, s != STATE_KNOWN || c->v[at_of(c, i)] != 0 ? a : b);
	if (s == STATE_KNOWN)
		return;
	bool both = state_of(a, i) == STATE_KNOWN && state_of(b, i) == STATE_KNOWN;
	bool same = both && s != STATE_FAULT && type.kind != TYPE_ROWS &&
		fast_same_value(a, i, b, i, type);
	out->st[i] = same ? (uint8_t)STATE_KNOWN : s;
}

/* Nothing is open and the values are numbers: a select, without looking at states. */
static bool plain(const Col *c, const Col *a, const Col *b)
{
	return c->st == NULL && a->st == NULL && b->st == NULL && a->v != NULL;
}

/* Both branches are worked out for all, because a batch mostly has some of each; each subject
 * takes value and state from its own. */
const Col *eval_if(Frame *frame, const Expr *expr)
{
	const Col *c = fast_eval(frame, expr->arg[0]);
	if (c->constant && c->st == NULL)
		return fast_eval(frame, expr->arg[c->v[0] != 0 ? 1 : 2]);
	const Col *a = fast_eval(frame, expr->arg[1]), *b = fast_eval(frame, expr->arg[2]);
	Out out = out_of_type(frame, expr->type, c->constant && both_constant(a, b));
	if (plain(c, a, b)) {
		for (int32_t i = 0; i < out.m; i++) {
			int64_t x = a->v[at_of(a, i)], y = b->v[at_of(b, i)];
			out.v[i] = c->v[at_of(c, i)] != 0 ? x : y;
		}
		return out_done(frame, &out);
	}
	out.st = POOL_ARRAY(frame->pool, uint8_t, out.m);
	for (int32_t i = 0; i < out.m; i++)
		choose_one(&out, i, c, a, b, expr->type);
	return out_done(frame, &out);
}

/* A conflict or a fault is not a missing fact: it goes on. Where nothing is missing the right side
 * is not even worked out. */
const Col *eval_or_else(Frame *frame, const Expr *expr)
{
	const Col *a = fast_eval(frame, expr->arg[0]);
	if (a->st == NULL)
		return a;
	const Col *b = fast_eval(frame, expr->arg[1]);
	Out out = out_of_type(frame, expr->type, both_constant(a, b));
	out.st = POOL_ARRAY(frame->pool, uint8_t, out.m);
	for (int32_t i = 0; i < out.m; i++)
		out_copy(&out, i, state_of(a, i) == STATE_UNKNOWN ? b : a);
	return out_done(frame, &out);
}

/* Where the end of a span could not be read, nobody knows whether it is missing (S47). */
static void mark_lost(const Store *store, const Expr *field, const Col *a, const Col *row,
	const Out *out)
{
	for (int32_t i = 0; i < out->m; i++)
		if (a->st[i] == STATE_UNKNOWN && state_of(row, i) == STATE_KNOWN &&
		    store_is_lost(store, field->arg[0]->type.ref, field->ref, row->v[at_of(row, i)]))
			out->st[i] = STATE_UNKNOWN;
}

/* Any unknown is missing, whatever the reason (S21); a conflict or a fault is neither and goes
 * on. */
const Col *eval_is_known(Frame *frame, const Expr *expr)
{
	const Expr *of = expr->arg[0];
	const Col *a = fast_eval(frame, of);
	if (a->st == NULL)
		return col_fixed(frame, 1);
	Out out = out_fixed(frame, a->constant);
	const uint8_t *from = a->st;
	uint8_t *st = out.st = POOL_ARRAY(frame->pool, uint8_t, out.m);
	for (int32_t i = 0; i < out.m; i++)
		st[i] = from[i] <= STATE_UNKNOWN ? (uint8_t)STATE_KNOWN : from[i];
	for (int32_t i = 0; i < out.m; i++)
		out.v[i] = from[i] == STATE_KNOWN;
	if (expr->how == 1)
		mark_lost(frame->fast->store, of, a, fast_eval(frame, of->arg[0]), &out);
	return out_done(frame, &out);
}

/* ---- least and greatest ---- */

/* By ratios when the sides differ in form; the result must then fit the type. Of equal ones either:
 * their values are one. */
static void extreme_ratio(const Out *out, const Expr *expr, const Col *a, Type type, const Col *b,
	Type other, bool greatest)
{
	for (int32_t i = 0; i < out->m; i++) {
		if (out->st[i] != STATE_KNOWN)
			continue;
		Ratio x = fast_ratio_at(a, type, i), y = fast_ratio_at(b, other, i);
		if (!fast_ratio_put(out, expr->type, i, (ratio_cmp(x, y) < 0) != greatest ? x : y))
			out->st[i] = STATE_FAULT;
	}
}

/* Places that are not known get some value, which nobody reads. */
static void extreme_fixed(const Out *out, const Col *a, const Col *b, bool greatest)
{
	for (int32_t i = 0; i < out->m; i++) {
		int64_t x = a->v[at_of(a, i)], y = b->v[at_of(b, i)];
		out->v[i] = (x < y) != greatest ? x : y;
	}
}

/* Whole numbers over one denominator can be compared as they stand. */
static bool one_form(Type a, Type b)
{
	return !a.ratio && !b.ratio && a.scale == b.scale;
}

/* From left to right, two at a time. Every operand has to be known (S15). */
const Col *eval_extreme(Frame *frame, const Expr *expr, bool greatest)
{
	const Col *best = fast_eval(frame, expr->arg[0]);
	Type type = expr->arg[0]->type;
	for (int32_t k = 1; k < expr->nargs; k++) {
		Type other = expr->arg[k]->type;
		const Col *col = fast_eval(frame, expr->arg[k]);
		bool fixed = one_form(type, other) && one_form(type, expr->type);
		Out out = out_of_type(frame, expr->type, both_constant(best, col));
		out.st = fast_states(frame, out.m, best, col, !fixed);
		if (fixed)
			extreme_fixed(&out, best, col, greatest);
		else
			extreme_ratio(&out, expr, best, type, col, other, greatest);
		best = out_done(frame, &out);
		type = expr->type;
	}
	return best;
}
