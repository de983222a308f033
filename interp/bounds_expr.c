/*
 * Bounds of an expression, from the bounds of its parts. Where nothing is missing the parts are
 * single values, and what comes out is one too, by the same arithmetic as the explaining
 * evaluator's.
 *
 * The rules of states are those of the explaining evaluator, said of sets of values:
 *
 *   walk: x is known         Bound: known, lo = hi = x
 *   walk: missing for good   Bound: missing           divided by zero; no row of a table fits
 *   walk: a fact is missing  Bound: some, lo .. hi    what the fact may be
 *   walk: conflict, fault    Bound: bad               claims may be anything
 *
 * Where an operation cannot follow its argument's ends, it gives up an end and never invents one:
 * bounds may be too wide, and hold all the same.
 */
#include <string.h>

#include "base/civil.h"
#include "interp/bounds_private.h"

#define MOST_CORNER 4
#define HOUR 3600
#define STEPS_FOR_ONE 4 /* a step of the explaining evaluator takes up to three here: the node, its
                           row, and bound_apply; and one to be on the safe side */

/* ---- by the explaining evaluator ---- */

/* What is not known there and rests on no fact that is filled in: its parts say which facts. They
 * are looked at for the facts that they lack, which only then come to be asked for. */
static Bound of_value(Bounder *b, const Scene *scene, const Expr *expr, Value value)
{
	if (value.state == STATE_KNOWN)
		return bound_known(expr->type, value);
	if (value.state != STATE_UNKNOWN)
		return bound_bad();
	for (int32_t i = 0; i < expr->nargs; i++)
		if (expr->arg[i] != NULL)
			bound_expr(b, scene, expr->arg[i]);
	Bound out = bound_any();
	out.missing = true;
	return out;
}

Bound bound_plain(Bounder *b, const Scene *scene, const Expr *expr)
{
	return of_value(b, scene, expr, walk_eval(&b->eval, &scene->frame, expr));
}

/*
 * What rests on no fact that is missing is a single value, and the explaining evaluator has it at a
 * fraction of the cost. Not where it would take rows that may be of the group for ones that are,
 * nor in a scope whose slots may hold bounds. Where it comes to nothing, its steps count all the
 * same: bound_spent may be too much, but never too little.
 */
bool bound_settled(Bounder *b, const Scene *scene, const Expr *expr, Value *out)
{
	if (b->eval.keep == NULL || b->maybe != NULL || scene->frame.slot != b->slot)
		return false;
	int64_t before = b->eval.open, from = b->eval.steps + b->eval.spared;
	*out = walk_eval(&b->eval, &scene->frame, expr);
	b->eval.spared += (STEPS_FOR_ONE - 1) * (b->eval.steps + b->eval.spared - from);
	return out->state == STATE_KNOWN && b->eval.open == before;
}

Bound bound_quick(Bounder *b, const Scene *scene, const Expr *expr)
{
	Value value;
	return bound_settled(b, scene, expr, &value) ? bound_known(expr->type, value)
		: bound_expr(b, scene, expr);
}

int64_t bound_spent(const Bounder *b)
{
	return b->steps + b->eval.steps + b->eval.spared;
}

/* The arguments take the first slots of a frame of their own. So the explaining evaluator works the
 * step out, whatever it is, and nothing is written twice. */
Value bound_apply(Bounder *b, const Scene *scene, const Expr *expr, const Value *arg)
{
	Expr node = *expr, part[LIMIT_ARGUMENTS], *parts[LIMIT_ARGUMENTS];
	Value slot[LIMIT_ARGUMENTS];
	for (int32_t i = 0; i < expr->nargs; i++) {
		slot[i] = arg[i];
		part[i] = (Expr){.op = EXPR_SLOT, .ref = i, .type = expr->arg[i]->type,
			.at = expr->arg[i]->at};
		parts[i] = &part[i];
	}
	node.arg = parts;
	Frame frame = {slot, scene->frame.law_day, 0};
	return walk_eval(&b->eval, &frame, &node);
}

/* ---- steps that go up or down with their arguments ---- */

/* For each argument 1: the result does not fall when it rises; -1: does not rise; 0: it has to be
 * one value. An operation with a corner for each end needs two evaluations, not one for each
 * value. */
typedef struct Rising {
	int8_t by[MOST_CORNER];
	int32_t slack;          /* seconds by which a clock change may break the order */
} Rising;

/*
 * Order holds but for the hour that clocks are put forward or back: hence the slack. Anything else
 * is not looked at by its ends.
 *
 *   date + span        rises with both;  date - span  falls with the span
 *   moment - moment    falls with the second
 *   overlap(begin, end, ..)  falls with begin, rises with end; the band must be one value
 *   D at T, moment + months   may step back by the hour that clocks are put back
 */
static bool rising_of(const Expr *expr, Rising *out)
{
	bool months = expr->nargs > 1 && expr->arg[1]->type.unit.of[DIM_TIME] == 0;
	*out = (Rising){{1, 1, 0, 0}, 0};
	switch ((int)expr->op) {
	case EXPR_DATE_ADD: case EXPR_MOMENT_ADD:
		out->by[1] = expr->how == 1 ? -1 : 1;
		out->slack = expr->op == EXPR_MOMENT_ADD && months ? HOUR : 0;
		return true;
	case EXPR_DATE_DIFF: case EXPR_MOMENT_DIFF:
		out->by[1] = -1;
		return true;
	case EXPR_MOMENT_OF:
		out->slack = HOUR;
		return true;
	case EXPR_OVERLAP:
		out->by[0] = -1;
		return true;
	case EXPR_DATE_OF: case EXPR_PERIOD_OF: case EXPR_WORKING_DAYS_AFTER: case EXPR_ROUND:
		return true;
	case EXPR_PERIOD_PART:
		out->by[1] = 0;
		return expr->how == PART_FIRST || expr->how == PART_LAST || expr->how == PART_NEXT ||
			expr->how == PART_PREVIOUS;
	default:
		return false;
	}
}

/* Whole numbers stand for all that is no quantity. Ends of dates and the like are whole: they come
 * out of columns, never out of a quotient. */
static Value end_value(Type type, Ratio end)
{
	return type.kind == TYPE_QUANTITY ? known_q(end) : known_n((int64_t)end.n);
}

/* The result at one corner; *has is false where there is none. An argument on which the result does
 * not hang one way must be a single value: both of its ends are compared. */
static Ratio corner(Bounder *b, const Scene *scene, const Expr *expr, const Bound *arg,
	const Rising *rising, bool high, bool *has)
{
	Value at[LIMIT_ARGUMENTS];
	*has = true;
	for (int32_t i = 0; i < expr->nargs; i++) {
		bool top = (rising->by[i] > 0) == high;
		*has = *has && (top ? arg[i].has_hi : arg[i].has_lo) &&
			(rising->by[i] != 0 || ratio_cmp(arg[i].lo, arg[i].hi) == 0);
		if (*has)
			at[i] = end_value(expr->arg[i]->type, top ? arg[i].hi : arg[i].lo);
	}
	Value value = *has ? bound_apply(b, scene, expr, at) : bound_missing().value;
	*has = *has && value.state == STATE_KNOWN;
	if (!*has)
		return (Ratio){0, 1};
	return expr->type.kind == TYPE_QUANTITY ? value.q : (Ratio){value.n, 1};
}

/* A corner that has no result, as a day without a period, leaves the other end to bound it.
 * Whatever makes an argument missing or bad makes the result so. */
static Bound between_corners(Bounder *b, const Scene *scene, const Expr *expr, const Bound *arg,
	const Rising *rising)
{
	Bound out = {.some = true};
	bool one = true;
	out.lo = corner(b, scene, expr, arg, rising, false, &out.has_lo);
	out.hi = corner(b, scene, expr, arg, rising, true, &out.has_hi);
	out.missing = !out.has_lo || !out.has_hi;
	for (int32_t i = 0; i < expr->nargs; i++) {
		bound_spread(&out, arg[i]);
		one = one && arg[i].known;
	}
	if (one && out.has_lo && out.has_hi)
		return bound_known(expr->type, end_value(expr->type, out.lo));
	if (!one) {
		out.lo.n -= rising->slack;
		out.hi.n += rising->slack;
	}
	return out;
}

/* Any other step is worked out for single values, and is anything for several. Arguments are looked
 * at even where nothing comes of it, for the facts they lack. */
static Bound bound_corners(Bounder *b, const Scene *scene, const Expr *expr)
{
	Bound arg[LIMIT_ARGUMENTS], out = bound_any();
	Value value[LIMIT_ARGUMENTS];
	Rising rising;
	bool known = true;
	for (int32_t i = 0; i < expr->nargs; i++) {
		arg[i] = bound_expr(b, scene, expr->arg[i]);
		bound_spread(&out, arg[i]);
		known = known && arg[i].known;
		value[i] = arg[i].value;
	}
	if (known) {
		Value one = bound_apply(b, scene, expr, value);
		return one.state == STATE_KNOWN ? bound_known(expr->type, one)
			: one.state == STATE_UNKNOWN ? bound_missing() : bound_bad();
	}
	if (out.some && expr->nargs <= MOST_CORNER && rising_of(expr, &rising))
		return between_corners(b, scene, expr, arg, &rising);
	out.missing = true;
	return out;
}

/* ---- numbers ---- */

/* Whether what is subtracted is what a failed comparison compared, but for the scale. The checker
 * puts a rescaling where two sides have different denominators; it changes no value. */
static bool same_sum(const Expr *a, const Expr *b)
{
	while (a->op == EXPR_RESCALE)
		a = a->arg[0];
	while (b->op == EXPR_RESCALE)
		b = b->arg[0];
	return walk_same_expr(a, b);
}

/* 1: a - b cannot be below nought, since `failed` has failed; -1: not above; 0: it says nothing.
 * Both parts of an `or` have failed when it has. Of an `and` it is not known which, and of `=` not
 * on which side. */
static int sign_of(const Expr *failed, const Expr *a, const Expr *b)
{
	if (failed->op == EXPR_OR) {
		int left = sign_of(failed->arg[0], a, b);
		return left != 0 ? left : sign_of(failed->arg[1], a, b);
	}
	if (failed->op != EXPR_COMPARE || failed->how == COMPARE_EQ || failed->how == COMPARE_NE)
		return 0;
	int sign = failed->how == COMPARE_LE || failed->how == COMPARE_LT ? 1 : -1;
	if (same_sum(failed->arg[0], a) && same_sum(failed->arg[1], b))
		return sign;
	return same_sum(failed->arg[0], b) && same_sum(failed->arg[1], a) ? -sign : 0;
}

/*
 *   require   visit.declared <= quarter_hour(visit.logged)          has failed, so
 *   at stake  visit.rate * (visit.declared - quarter_hour(visit.logged))
 *                           `------------ above nought -----------'
 *
 * Only in the rule's own frame: in a define the same words may speak of another row.
 */
static Bound bound_subtract(Bounder *b, const Scene *scene, const Expr *expr)
{
	Bound left = bound_expr(b, scene, expr->arg[0]), right = bound_expr(b, scene, expr->arg[1]);
	Bound out = bound_add(expr->type, left, bound_negate(expr->arg[1]->type, right));
	if (b->failed == NULL || scene->frame.slot != b->slot || out.known)
		return out;
	int sign = sign_of(b->failed, expr->arg[0], expr->arg[1]);
	Bound limit = {.has_lo = sign > 0, .has_hi = sign < 0, .lo = {0, 1}, .hi = {0, 1}};
	return sign == 0 ? out : bound_within(expr->type, out, limit);
}

/* Parts that are single values give a single value. */
static Bound bound_number(Bounder *b, const Scene *scene, const Expr *expr)
{
	if (expr->op == EXPR_SUBTRACT)
		return bound_subtract(b, scene, expr);
	Bound left = bound_expr(b, scene, expr->arg[0]);
	if (expr->op == EXPR_RESCALE)
		return left;
	if (expr->op == EXPR_NEGATE)
		return bound_negate(expr->type, left);
	if (expr->op == EXPR_ABSOLUTE)
		return bound_absolute(expr->type, left);
	Bound right = bound_expr(b, scene, expr->arg[1]);
	if (expr->op == EXPR_ADD)
		return bound_add(expr->type, left, right);
	return expr->op == EXPR_MULTIPLY ? bound_multiply(expr->type, left, right)
		: bound_divide(expr->type, left, right);
}

/* Two at a time. The order is of no account: an end of the whole is an end of one of them. */
static Bound bound_extremes(Bounder *b, const Scene *scene, const Expr *expr)
{
	Bound out = bound_expr(b, scene, expr->arg[0]);
	for (int32_t i = 1; i < expr->nargs; i++)
		out = bound_extreme(expr->type, out, bound_expr(b, scene, expr->arg[i]),
			expr->op == EXPR_GREATEST);
	return out;
}

/* Bands go up and down as the contract has them: any that may hold may give its figure. Between two
 * bands there may be a hole (S44), so it may be missing too. */
static Bound banded(const Expr *expr, const Rounding *rounding, Bound in)
{
	Bound out = {0};
	Ratio lo, hi, to;
	for (int32_t i = 0; i < rounding->nbands; i++) {
		const Band *band = &rounding->band[i];
		int64_t scale = rounding->type.scale;
		if (!ratio_make(band->lo, scale, &lo) || !ratio_make(band->hi, scale, &hi) ||
		    !ratio_make(band->to, scale, &to))
			continue;
		if ((in.has_hi && ratio_cmp(in.hi, lo) < 0) ||
		    (in.has_lo && !band->no_hi && ratio_cmp(in.lo, hi) > 0))
			continue;
		out = bound_hull(expr->type, out, bound_between(expr->type, to, to));
	}
	out.missing = true;
	if (out.some && rounding->has_least && ratio_make(rounding->least, rounding->type.scale, &to))
		out = bound_hull(expr->type, out, bound_between(expr->type, to, to));
	if (out.some && rounding->has_most && ratio_make(rounding->most, rounding->type.scale, &to))
		out = bound_hull(expr->type, out, bound_between(expr->type, to, to));
	return out;
}

/* All but bands never fall when the figure rises. Of a moment the clock time is rounded. */
static Bound bound_round(Bounder *b, const Scene *scene, const Expr *expr)
{
	const Rounding *rounding = &b->walk.book->rounding[expr->ref];
	if (expr->type.kind == TYPE_QUANTITY && rounding->how != STEP_BANDS)
		return bound_corners(b, scene, expr);
	Bound in = bound_expr(b, scene, expr->arg[0]);
	if (in.known) {
		Value one = bound_apply(b, scene, expr, &in.value);
		return of_value(b, scene, expr, one);
	}
	Bound out = expr->type.kind == TYPE_QUANTITY ? banded(expr, rounding, in) : bound_any();
	bound_spread(&out, in);
	return out;
}

/* ---- conditions ---- */

/* S37: against a date a moment counts as its day. */
static Bound as_day(Bound moment)
{
	if (moment.has_lo)
		moment.lo = (Ratio){moment_day((int64_t)moment.lo.n), 1};
	if (moment.has_hi)
		moment.hi = (Ratio){moment_day((int64_t)moment.hi.n), 1};
	return moment;
}

/* The same value on both sides is two values here: x = x may be no. */
static Bound compare(Bounder *b, const Scene *scene, const Expr *expr)
{
	const Expr *left = expr->arg[0], *right = expr->arg[1];
	Bound x = bound_expr(b, scene, left), y = bound_expr(b, scene, right);
	if (left->type.kind == TYPE_MOMENT && right->type.kind == TYPE_DATE)
		x = as_day(x);
	else if (left->type.kind == TYPE_DATE && right->type.kind == TYPE_MOMENT)
		y = as_day(y);
	return bound_compare(left->type, expr->how, x, y);
}

/* A fact whose absence the rule answers itself is not filled in, and not asked for. Counted, since
 * such tests may stand in one another. */
static Bound bound_answered(Bounder *b, const Scene *scene, const Expr *expr)
{
	b->answered++;
	Bound out = bound_expr(b, scene, expr);
	b->answered--;
	return out;
}

/* `x is known`, `not x is known`, and what is put together of such tests. Of such a part no fact
 * needs to be filled in to know what it says. */
static bool asks_presence(const Expr *expr)
{
	if (expr->op == EXPR_NOT)
		return asks_presence(expr->arg[0]);
	if (expr->op == EXPR_AND || expr->op == EXPR_OR)
		return asks_presence(expr->arg[0]) && asks_presence(expr->arg[1]);
	return expr->op == EXPR_IS_KNOWN;
}

/*
 *   answer.ends is missing or answer.ends >= award.date
 *
 * Where one side decides, no fact of the other stands in the way. Tests of presence go first,
 * whichever side they stand on. The other side is looked at all the same (S23): an overflow in it
 * is never masked.
 */
static Bound bound_and_or(Bounder *b, const Scene *scene, const Expr *expr)
{
	bool is_or = expr->op == EXPR_OR;
	int first = asks_presence(expr->arg[1]) && !asks_presence(expr->arg[0]);
	Bound one = bound_expr(b, scene, expr->arg[first]);
	Bound other = bound_surely(one, is_or) ? bound_answered(b, scene, expr->arg[!first])
		: bound_expr(b, scene, expr->arg[!first]);
	return bound_logic(one, other, is_or);
}

/* S22: a branch counts when it may be the one. Both may be: then either value may come of it, and
 * S22 is the case in which they are the same. */
static Bound bound_if(Bounder *b, const Scene *scene, const Expr *expr)
{
	Bound when = bound_expr(b, scene, expr->arg[0]), out = {0};
	if (bound_may_be(when, 1))
		out = bound_hull(expr->type, out, bound_expr(b, scene, expr->arg[1]));
	if (bound_may_be(when, 0))
		out = bound_hull(expr->type, out, bound_expr(b, scene, expr->arg[2]));
	out.missing = out.missing || when.missing;
	out.bad = out.bad || when.bad;
	out.known = out.known && when.known;
	return out;
}

/* A conflict on the left goes on, as in the explaining evaluator. Where the left side may be
 * missing and may be not, either side may be the one. */
static Bound bound_or_else(Bounder *b, const Scene *scene, const Expr *expr)
{
	Bound first = bound_answered(b, scene, expr->arg[0]);
	if (!first.missing)
		return first;
	Bound second = bound_expr(b, scene, expr->arg[1]);
	if (!first.some) {
		second.bad = second.bad || first.bad;
		return second;
	}
	first.missing = false;
	return bound_hull(expr->type, first, second);
}

/* The end of a span that is there, but could not be read: a fact to ask for. */
static bool bound_end_lost(Bounder *b, const Scene *scene, const Expr *end)
{
	Bound row = bound_expr(b, scene, end->arg[0]);
	return row.known && store_is_lost(b->walk.store, end->arg[0]->type.ref, end->ref, row.value.n);
}

/* S21: missing for whatever reason. Of an end of a span that could not be read it is the end itself
 * that is asked for (S47). */
static Bound bound_is_known(Bounder *b, const Scene *scene, const Expr *expr)
{
	if (expr->how == 1 && bound_end_lost(b, scene, expr->arg[0])) {
		Bound end = bound_expr(b, scene, expr->arg[0]);
		Bound yes = bound_yes_no(true, false);
		bound_spread(&yes, end);
		return yes;
	}
	Bound of = bound_answered(b, scene, expr->arg[0]);
	Bound out = bound_yes_no(of.some, of.missing);
	out.bad = of.bad;
	out.known = out.known && !of.bad;
	return out;
}

/* Within a period when between its ends. A period that is not a single one leaves it open. */
static Bound bound_in_period(Bounder *b, const Scene *scene, const Expr *expr)
{
	Bound date = bound_expr(b, scene, expr->arg[0]), period = bound_expr(b, scene, expr->arg[1]);
	Bound out = bound_yes_no(true, true);
	if (period.known) {
		Type day = {.kind = TYPE_DATE, .scale = 1};
		const Calendar *calendar = &b->walk.book->calendar[expr->ref];
		int32_t first = (int32_t)period.value.n;
		Bound from = bound_known(day, known_n(first));
		Bound to = bound_known(day, known_n(calendar_last(calendar, first)));
		out = bound_logic(bound_compare(day, COMPARE_GE, date, from),
			bound_compare(day, COMPARE_LE, date, to), false);
	}
	bound_spread(&out, date);
	bound_spread(&out, period);
	return out;
}

/* What a slot holds: a value, or bounds of one. To the explaining evaluator such a slot is a
 * conflict, so its state is not known here. */
static Bound bound_slot(const Scene *scene, const Expr *expr)
{
	Value value = scene->frame.slot[expr->ref];
	if (value.state == STATE_KNOWN)
		return bound_known(expr->type, value);
	if (scene->slot != NULL)
		return scene->slot[expr->ref];
	Bound out = bound_any();
	out.missing = true;
	out.bad = value.state != STATE_UNKNOWN;
	return out;
}

/* Steps of every kind, in the order of the modules. */
Bound bound_expr(Bounder *b, const Scene *scene, const Expr *expr)
{
	b->steps++;
	switch ((ExprOp)expr->op) {
	case EXPR_SLOT: return bound_slot(scene, expr);
	case EXPR_FIELD: return bound_field(b, scene, expr);
	case EXPR_MATCHED: case EXPR_NEIGHBOUR: case EXPR_LINKED: return bound_step(b, scene, expr);
	case EXPR_DERIVED: return bound_derived(b, scene, expr);
	case EXPR_CALL: return bound_call(b, scene, expr);
	case EXPR_TABLE: return bound_table(b, scene, expr);
	case EXPR_AS_AT: return bound_as_at(b, scene, expr);
	case EXPR_IN_FORCE: return bound_in_force(b, scene, expr);
	case EXPR_AGGREGATE: return bound_aggregate(b, scene, expr);
	case EXPR_NEGATE: case EXPR_ADD: case EXPR_SUBTRACT: case EXPR_MULTIPLY: case EXPR_DIVIDE:
	case EXPR_RESCALE: case EXPR_ABSOLUTE:
		return bound_number(b, scene, expr);
	case EXPR_LEAST: case EXPR_GREATEST: return bound_extremes(b, scene, expr);
	case EXPR_ROUND: return bound_round(b, scene, expr);
	case EXPR_DATE_ADD: case EXPR_MOMENT_ADD: case EXPR_DATE_DIFF: case EXPR_MOMENT_DIFF:
	case EXPR_MOMENT_OF: case EXPR_DATE_OF: case EXPR_CLOCK_OF: case EXPR_WEEKDAY_OF:
	case EXPR_OVERLAP: case EXPR_WORKING_DAYS_AFTER: case EXPR_PERIOD_OF: case EXPR_PERIOD_PART:
	case EXPR_IN_DATES:
		return bound_corners(b, scene, expr);
	case EXPR_IN_PERIOD: return bound_in_period(b, scene, expr);
	case EXPR_COMPARE: return compare(b, scene, expr);
	case EXPR_AND: case EXPR_OR: return bound_and_or(b, scene, expr);
	case EXPR_NOT: return bound_not(bound_expr(b, scene, expr->arg[0]));
	case EXPR_IF: return bound_if(b, scene, expr);
	case EXPR_OR_ELSE: return bound_or_else(b, scene, expr);
	case EXPR_IS_KNOWN: return bound_is_known(b, scene, expr);
	case EXPR_CONST: case EXPR_CONST_RATIO: case EXPR_ALL_ROWS: case EXPR_GROUP_ROWS:
	case EXPR_PARAMETER: case EXPR_TEXT: case EXPR_OP_COUNT:
		break;
	}
	return bound_plain(b, scene, expr);
}
