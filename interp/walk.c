/*
 * The dispatch of the explaining evaluator, and what spreads when a value is not known.
 *
 *   known < unknown < conflict < fault
 *
 * A result takes the greatest state of what it was worked out from, and the reasons of that state
 * alone: whoever reads that two exceptions conflict is not helped by a list of facts that were
 * missing besides. Reasons are lists that share their tails and never change, so a value can be
 * copied as it is.
 *
 *   a + b    a known, b unknown (why: L1 has no check_out)      unknown, that reason
 *   a + b    a unknown, b in conflict                           conflict, b's reasons alone
 *   no and b                                                    no, unless b is a fault (S23)
 *
 * Values that are known must also fit: where the fast evaluator has a fixed denominator and 64
 * bits, this one tests at every node that its fraction would (walk_fits). Law 1 is kept by both or
 * by neither.
 */
#include "interp/walk_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"

#define STACK_SLOTS 32

/* ---- one evaluation ---- */

void eval_begin(Eval *eval, const Walk *walk, RowSpan group)
{
	bool as_it_is = walk->fill == NULL || !walk->fill->over;
	*eval = (Eval){.walk = walk, .group = group, .keep = as_it_is ? walk->keep : NULL};
	if (walk->trace != NULL) {
		eval->buf = walk->trace->text;
		walk->trace->text = (Buf){0};
	}
}

/* Only the text buffer is in malloc memory; the rest goes with the caller's arena. With a trace it
 * stays for the next subject, or what one that was begun in between has left there goes. */
void eval_end(Eval *eval)
{
	Trace *trace = eval->walk->trace;
	if (trace == NULL) {
		buf_free(&eval->buf);
		return;
	}
	buf_free(&trace->text);
	trace->text = eval->buf;
}

/* Slots of a frame come from one block while it lasts, so that a define worked out for many rows
 * does not fill the arena. Frames that do not fit take their slots from the arena; the count goes
 * on, so that walk_pop needs not know. */
Value *walk_push(Eval *eval, int32_t n)
{
	Value *slot;
	if (eval->stack == NULL)
		eval->stack = ARENA_ARRAY(eval->walk->arena, Value, STACK_SLOTS);
	if (n <= STACK_SLOTS - eval->stack_used)
		slot = eval->stack + eval->stack_used;
	else
		slot = ARENA_ARRAY(eval->walk->arena, Value, (size_t)n);
	eval->stack_used += n;
	for (int32_t i = 0; i < n; i++)
		slot[i] = lost(STATE_UNKNOWN, NULL);
	return slot;
}

/* In the reverse order of pushing, and by the same count. */
void walk_pop(Eval *eval, int32_t n)
{
	eval->stack_used -= n;
}

/* ---- reasons ---- */

/* The public part comes first; count is the length of the list from here on. Nobody outside this
 * file makes one, so a Why always is the beginning of a Reason. */
typedef struct Reason {
	Why why;
	uint64_t hash;
	int32_t count;
} Reason;

static const Reason *reason_of(const Why *why)
{
	return (const Reason *)why;
}

static int32_t count_of(const Why *why)
{
	return why == NULL ? 0 : reason_of(why)->count;
}

/* The hash saves comparing texts when thousands of rows lack a fact. */
static const Why *reason_before(Eval *eval, Str text, uint64_t hash, const Why *next)
{
	Reason *reason = ARENA_NEW(eval->walk->arena, Reason);
	reason->why.text = text;
	reason->why.next = next;
	reason->hash = hash;
	reason->count = count_of(next) + 1;
	return &reason->why;
}

/* Whatever is not known has a reason, and all reasons begin here. */
const Why *walk_why(Eval *eval, Str text)
{
	eval->open++;
	return reason_before(eval, text, str_hash(text), NULL);
}

/* Lists have some fifty entries at most. */
static bool has_reason(const Why *list, const Why *one)
{
	for (; list != NULL; list = list->next)
		if (reason_of(list)->hash == reason_of(one)->hash && str_eq(list->text, one->text))
			return true;
	return false;
}

/* Behind the list; the list is copied, since others may share it. Bounded by WHY_MOST: a longer
 * list is never appended to. */
static const Why *append(Eval *eval, const Why *list, const Why *tail)
{
	const Why *at[WHY_MOST + 1];
	int32_t n = 0;
	for (; list != NULL; list = list->next)
		at[n++] = list;
	while (n-- > 0)
		tail = reason_before(eval, at[n]->text, reason_of(at[n])->hash, tail);
	return tail;
}

/* Bounded: a total over a year of logs without check-out names the first of them and says that
 * there are others, which it does only when there is one more. The list is then longer than the
 * bound, by which the next call knows that nothing more is to be told. */
const Why *walk_why_join(Eval *eval, const Why *a, const Why *b)
{
	if (b == NULL || a == b)
		return a;
	if (a == NULL)
		return b;
	const Why *fresh[WHY_MOST], *tail = NULL;
	int32_t n = 0, room = WHY_MOST - count_of(a);
	for (; b != NULL && n <= room; b = b->next) {
		if (has_reason(a, b))
			continue;
		if (n == room)
			tail = walk_why(eval, STR("and others"));
		else
			fresh[n] = b;
		n++;
	}
	for (n = n > room ? room : n; n-- > 0;)
		tail = reason_before(eval, fresh[n]->text, reason_of(fresh[n])->hash, tail);
	return tail == NULL ? a : append(eval, a, tail);
}

/* The buffer is left empty for the next. */
Str walk_text(Eval *eval)
{
	Str text = str_copy(eval->walk->arena, buf_view(&eval->buf));
	buf_clear(&eval->buf);
	return text;
}

/* ---- what spreads ---- */

/* Order of the calls decides the order of reasons, never the state. */
void walk_spread_open(Eval *eval, Value *worst, uint8_t state, const Why *why)
{
	if (state > worst->state)
		*worst = lost(state, why);
	else if (state == worst->state)
		worst->why = walk_why_join(eval, worst->why, why);
}

/* The expression stands in the reason, so that an author knows which figure grew too large. */
Value walk_fault(Eval *eval, const Expr *expr)
{
	buf_puts(&eval->buf, "overflow in ");
	buf_str(&eval->buf, trace_written(eval, expr));
	return lost(STATE_FAULT, walk_why(eval, walk_text(eval)));
}

/* The only way in which a value becomes unknown without a fact being absent (S19, S28). */
Value walk_missing(Eval *eval, const char *reason)
{
	return lost(STATE_UNKNOWN, walk_why(eval, str_of(reason)));
}

/* ---- results that must fit ---- */

/* The fast evaluator holds a value of scale D as an int64 n that means n/D. What does not fit
 * there is a fault here too, though the ratio could go on: the two must not differ. */
bool walk_fits(Type type, Ratio q)
{
	Int128 n;
	if (type.kind != TYPE_QUANTITY || type.ratio)
		return true;
	if (type.scale % q.d != 0)
		return false;
	return !__builtin_mul_overflow(q.n, (Int128)(type.scale / q.d), &n) && fits64(n);
}

/* Every quantity that is worked out goes through here. */
Value walk_settle(Eval *eval, const Expr *expr, bool ok, Ratio q)
{
	return ok && walk_fits(expr->type, q) ? known_q(q) : walk_fault(eval, expr);
}

/* Years 1 to 9999, which is what the language can write. */
Value walk_settle_day(Eval *eval, const Expr *expr, Int128 day)
{
	if (day < DAY_MIN || day > DAY_MAX)
		return walk_fault(eval, expr);
	return known_n((int64_t)day);
}

Value walk_settle_moment(Eval *eval, const Expr *expr, Int128 moment)
{
	if (moment < (Int128)DAY_MIN * DAY_SECONDS || moment >= ((Int128)DAY_MAX + 1) * DAY_SECONDS)
		return walk_fault(eval, expr);
	return known_n((int64_t)moment);
}

/* Towards minus infinity, also below zero. */
Int128 walk_floor(Ratio q)
{
	Int128 whole = q.n / q.d;
	return q.n % q.d < 0 ? whole - 1 : whole;
}

/* ---- leaves ---- */

/* Constants were tested when the rulebook was checked; only a scale above 1 needs reducing. Texts
 * point into the rulebook, which outlives every evaluation. */
static Value constant(Eval *eval, const Expr *expr)
{
	Ratio q;
	if (expr->type.kind == TYPE_TEXT)
		return (Value){.state = STATE_KNOWN, .text = expr->text};
	if (expr->type.kind != TYPE_QUANTITY)
		return known_n(expr->n);
	if (expr->type.scale == 1)
		return known_q((Ratio){expr->n, 1});
	bool ok = ratio_make(expr->n, expr->type.scale, &q);
	return walk_settle(eval, expr, ok, q);
}

/* Pieces of a message; what is not known prints as `unknown`, and the text itself is known. All are
 * worked out first: their evidence needs the buffer in which the message is put together. */
static Value text(Eval *eval, const Frame *frame, const Expr *expr)
{
	const Walk *walk = eval->walk;
	Value *part = ARENA_ARRAY(walk->arena, Value, (size_t)expr->nargs + 1);
	for (int32_t i = 0; i < expr->nargs; i++)
		part[i] = walk_eval(eval, frame, expr->arg[i]);
	for (int32_t i = 0; i < expr->nargs; i++)
		value_print(&eval->buf, walk->store, walk->book, expr->arg[i]->type, part[i], walk->arena);
	return (Value){.state = STATE_KNOWN, .text = walk_text(eval)};
}

/* One call for each kind of expression: the longest function of this evaluator. `steps` bounds the
 * searches that ask many times over: interp/bounds.c and its like. */
Value walk_eval(Eval *eval, const Frame *frame, const Expr *expr)
{
	eval->steps++;
	switch ((ExprOp)expr->op) {
	case EXPR_CONST: return constant(eval, expr);
	case EXPR_CONST_RATIO: return walk_settle(eval, expr, true, expr->q);
	case EXPR_SLOT: return frame->slot[expr->ref];
	case EXPR_FIELD: return walk_field(eval, frame, expr);
	case EXPR_MATCHED: return walk_matched(eval, frame, expr);
	case EXPR_NEIGHBOUR: return walk_neighbour(eval, frame, expr);
	case EXPR_LINKED: return walk_linked(eval, frame, expr);
	case EXPR_ALL_ROWS: return walk_all_rows(eval, expr);
	case EXPR_GROUP_ROWS: return walk_group_rows(eval, frame, expr);
	case EXPR_DERIVED: return walk_derived(eval, frame, expr);
	case EXPR_CALL: return walk_call(eval, frame, expr);
	case EXPR_PARAMETER: return walk_parameter(eval, frame, expr);
	case EXPR_ROUND: return walk_round(eval, frame, expr);
	case EXPR_TABLE: return walk_table(eval, frame, expr);
	case EXPR_NEGATE: case EXPR_ADD: case EXPR_SUBTRACT: case EXPR_MULTIPLY: case EXPR_DIVIDE:
	case EXPR_RESCALE: case EXPR_ABSOLUTE:
		return walk_number(eval, frame, expr);
	case EXPR_LEAST: case EXPR_GREATEST:
		return walk_extreme(eval, frame, expr);
	case EXPR_DATE_ADD: case EXPR_MOMENT_ADD: case EXPR_DATE_DIFF: case EXPR_MOMENT_DIFF:
	case EXPR_MOMENT_OF: case EXPR_DATE_OF: case EXPR_CLOCK_OF: case EXPR_WEEKDAY_OF:
	case EXPR_OVERLAP: case EXPR_WORKING_DAYS_AFTER:
		return walk_date(eval, frame, expr);
	case EXPR_PERIOD_OF: case EXPR_PERIOD_PART: case EXPR_IN_PERIOD: case EXPR_IN_DATES:
		return walk_period(eval, frame, expr);
	case EXPR_COMPARE: return walk_compare(eval, frame, expr);
	case EXPR_AND: case EXPR_OR: return walk_and_or(eval, frame, expr);
	case EXPR_NOT: return walk_not(eval, frame, expr);
	case EXPR_IF: return walk_if(eval, frame, expr);
	case EXPR_OR_ELSE: return walk_or_else(eval, frame, expr);
	case EXPR_IS_KNOWN: return walk_is_known(eval, frame, expr);
	case EXPR_AS_AT: return walk_as_at(eval, frame, expr);
	case EXPR_IN_FORCE: return walk_in_force(eval, frame, expr);
	case EXPR_AGGREGATE: return walk_aggregate(eval, frame, expr);
	case EXPR_TEXT: return text(eval, frame, expr);
	case EXPR_OP_COUNT: break;
	}
	return walk_missing(eval, "not an expression");
}

Value walk_expr(Walk *walk, const Expr *expr, Value *slots, int32_t law_day, RowSpan group)
{
	Eval eval;
	eval_begin(&eval, walk, group);
	Frame frame = {slots, law_day, NOT_MUTED};
	Value value = walk_eval(&eval, &frame, expr);
	eval_end(&eval);
	return value;
}
