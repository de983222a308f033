/*
 * Comparisons, and what is made of yes and no, after Kleene: and, or with a deciding side are
 * settled whatever the other may be, unless that one is a fault, which is never hidden (S23). A
 * missing value compared is unknown, with whatever it is compared (S20).
 */
#include "base/civil.h"
#include "interp/walk_private.h"

/* ---- comparing ---- */

bool walk_ordered(CompareHow how, int order)
{
	static const bool holds[COMPARE_GT + 1][3] = {
		[COMPARE_LT] = {true, false, false}, [COMPARE_LE] = {true, true, false},
		[COMPARE_EQ] = {false, true, false}, [COMPARE_NE] = {true, false, true},
		[COMPARE_GE] = {false, true, true},  [COMPARE_GT] = {false, false, true},
	};
	return holds[how][order + 1];
}

/* Quantities by cross products, never by rounding one to the other's scale; over one denominator
 * the numerators say it. Texts only know equal and unequal (S74); the checker lets no other
 * comparison through. */
static int order_of(Type type, const Value *a, const Value *b)
{
	if (type.kind == TYPE_QUANTITY && a->q.d == b->q.d)
		return a->q.n < b->q.n ? -1 : a->q.n > b->q.n;
	if (type.kind == TYPE_QUANTITY)
		return ratio_cmp(a->q, b->q);
	if (type.kind == TYPE_TEXT)
		return str_cmp(a->text, b->text) < 0 ? -1 : !str_eq(a->text, b->text);
	return a->n < b->n ? -1 : a->n > b->n;
}

/* S37: a date stands for its whole local day, so against it a moment counts as its day. */
static int order_of_days(Type type, const Value *a, const Value *b)
{
	int64_t left = type.kind == TYPE_MOMENT ? moment_day(a->n) : a->n;
	int64_t right = type.kind == TYPE_MOMENT ? b->n : moment_day(b->n);
	return left < right ? -1 : left > right;
}

/* For whoever looks for the value at which a comparison turns: see interp/remedy.c. */
static void note_gap(FillGap *gap, Type type, const Value *a, const Value *b)
{
	Ratio off = {a->n > b->n ? (Int128)a->n - b->n : (Int128)b->n - a->n, 1};
	gap->known = type.kind != TYPE_QUANTITY || ratio_sub(a->q, b->q, &off);
	gap->off = (Ratio){off.n < 0 ? -off.n : off.n, off.d};
}

Value walk_compare(Eval *eval, const Frame *frame, const Expr *expr)
{
	const Expr *left = expr->arg[0], *right = expr->arg[1];
	FillNotes *notes = eval->walk->fill == NULL ? NULL : eval->walk->fill->notes;
	int32_t looks = notes == NULL ? 0 : notes->looks;
	TypeKind kind = (TypeKind)left->type.kind, other = (TypeKind)right->type.kind;
	Value room, more, out;
	const Value *a = walk_place(eval, frame, left, &room);
	const Value *b = walk_place(eval, frame, right, &more);
	if (!walk_both(eval, *a, *b, &out))
		return out;
	bool by_day = (kind == TYPE_MOMENT && other == TYPE_DATE) ||
		(kind == TYPE_DATE && other == TYPE_MOMENT);
	if (notes != NULL && notes->looks > looks && !by_day && kind != TYPE_TEXT)
		note_gap(&notes->gap, left->type, a, b);
	int order = by_day ? order_of_days(left->type, a, b) : order_of(left->type, a, b);
	return known_n(walk_ordered((CompareHow)expr->how, order));
}

/* ---- and, or, not ---- */

/* Both sides are always looked at (S23); the deciding value is yes for or, no for and. */
Value walk_and_or(Eval *eval, const Frame *frame, const Expr *expr)
{
	Value a = walk_eval(eval, frame, expr->arg[0]), b = walk_eval(eval, frame, expr->arg[1]);
	return walk_kleene(eval, a, b, expr->op == EXPR_OR);
}

/* What is not known stays so, with its reasons. */
Value walk_not(Eval *eval, const Frame *frame, const Expr *expr)
{
	Value a = walk_eval(eval, frame, expr->arg[0]);
	return a.state == STATE_KNOWN ? known_n(a.n == 0) : a;
}

/* ---- choosing ---- */

/* S22: an open question does not matter when both answers come to the same. */
static Value either(Eval *eval, const Frame *frame, const Expr *expr, Value open)
{
	Value a = walk_eval(eval, frame, expr->arg[1]), b = walk_eval(eval, frame, expr->arg[2]);
	bool same = a.state == STATE_KNOWN && b.state == STATE_KNOWN &&
		expr->type.kind != TYPE_ROWS && value_same(expr->type, a, b);
	return same ? a : open;
}

/* Only the branch that holds is looked at, so an overflow in the other is none (S23). */
Value walk_if(Eval *eval, const Frame *frame, const Expr *expr)
{
	Value c = walk_eval(eval, frame, expr->arg[0]);
	if (c.state == STATE_FAULT)
		return c;
	if (c.state != STATE_KNOWN)
		return either(eval, frame, expr, c);
	return walk_eval(eval, frame, expr->arg[c.n != 0 ? 1 : 2]);
}

/* A conflict or a fault is not a missing fact: it goes on. */
Value walk_or_else(Eval *eval, const Frame *frame, const Expr *expr)
{
	Value a = walk_eval(eval, frame, expr->arg[0]);
	return a.state == STATE_UNKNOWN ? walk_eval(eval, frame, expr->arg[1]) : a;
}

/* S21: missing for whatever reason is missing. But a conflict is not: saying `is missing` must
 * not be a way to pass over two exceptions that contradict each other (law 7). An end of a span that
 * could not be read does not mean that the row still runs (S47). */
Value walk_is_known(Eval *eval, const Frame *frame, const Expr *expr)
{
	const Expr *of = expr->arg[0];
	Value a = walk_eval(eval, frame, of), room;
	if (expr->how == 1 && a.state == STATE_UNKNOWN) {
		const Value *row = walk_place(eval, frame, of->arg[0], &room);
		if (row->state == STATE_KNOWN && store_is_lost(eval->walk->store, of->arg[0]->type.ref,
				of->ref, row->n))
			return a;
	}
	return a.state > STATE_UNKNOWN ? a : known_n(a.state == STATE_KNOWN);
}
