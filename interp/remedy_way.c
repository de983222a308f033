/*
 * One walk over the tree of the test. Each node says what its parts do to it:
 *
 *   visit.declared <= quarter_hour(log.check_out - log.check_in)
 *                                  `---- up ---'   `-- none --'       up
 *                     `------- a rounding keeps the order ------'     up
 *   `--- none ---'   `---------------- up ----------------------'     up: true from some value on
 *
 * Only what keeps an order whatever the figures are is told; all else that the fact has a say in is
 * WAY_ANY. That holds for states as well: no step here may make of a known value one that is not,
 * or the other way round, because the fact moves. Hence nothing is said of `if` and of exceptions
 * (where an open question does not matter when both answers are the same), of tables and bands
 * (which may have gaps), nor of figures over rows that the fact lets in or keeps out. A figure that
 * overflows is no pass: between two values at which none does lies none at which one does, since
 * what fits is a range.
 */
#include "interp/remedy_way.h"

/* A unit that counts, over its scale: a quotient by it, of a figure of the largest scale there is,
 * has a denominator within 64 bits. */
#define UNITS_MOST 1000000

typedef struct Asked {
	const Rulebook *book;
	int32_t dataset, field;
} Asked;

static Way way_of(const Asked *asked, const Expr *expr);

static Way turned(Way way)
{
	return (Way)((way & WAY_UP) << 1 | (way & WAY_DOWN) >> 1);
}

static Way both(Way a, Way b)
{
	return (Way)(a | b);
}

static Way any_if(Way way)
{
	return way == WAY_NONE ? WAY_NONE : WAY_ANY;
}

/* Nothing is known of the node but what its parts are. */
static Way opaque(const Asked *asked, const Expr *expr)
{
	Way way = WAY_NONE;
	for (int32_t i = 0; i < expr->nargs && way == WAY_NONE; i++)
		way = any_if(way_of(asked, expr->arg[i]));
	return way;
}

/* ---- what the contract says ---- */

/* With exceptions one that may hold is held against what holds. */
static Way choices(const Asked *asked, const Expr *base, const Exception *except, int32_t n)
{
	Way way = way_of(asked, base);
	for (int32_t i = 0; i < n; i++) {
		way = both(way, any_if(way_of(asked, except[i].when)));
		way = both(way, way_of(asked, except[i].then));
	}
	return n == 0 ? way : any_if(way);
}

/* Of functions the arguments as well: they are what their slots hold. */
static Way define(const Asked *asked, const Expr *expr)
{
	const Define *of = &asked->book->define[expr->ref];
	if (opaque(asked, expr) != WAY_NONE || way_of(asked, of->on) != WAY_NONE)
		return WAY_ANY;
	return choices(asked, of->base, of->except, of->nexcepts);
}

static Way table(const Asked *asked, const Expr *expr)
{
	const Table *of = &asked->book->table[expr->ref];
	Way way = opaque(asked, expr);
	for (int32_t i = 0; i < of->nperiods; i++) {
		for (int32_t k = 0; k < of->period[i].nrows; k++) {
			way = both(way, any_if(way_of(asked, of->period[i].row[k].fits)));
			way = both(way, any_if(way_of(asked, of->period[i].row[k].value)));
		}
	}
	return way;
}

/* Bands may have holes, and clock times go round. Of units that count the quotient has to fit. */
static Way rounding(const Asked *asked, const Expr *expr)
{
	const Rounding *of = &asked->book->rounding[expr->ref];
	Way way = way_of(asked, expr->arg[0]);
	bool keeps = expr->type.kind == TYPE_QUANTITY && (of->how == STEP_NONE || of->how == STEP_TO ||
		(of->how == STEP_COUNTS && of->step <= UNITS_MOST));
	return keeps ? way : any_if(way);
}

/* ---- figures ---- */

static bool is_above_zero(const Expr *expr)
{
	return (expr->op == EXPR_CONST && expr->n > 0) ||
		(expr->op == EXPR_CONST_RATIO && expr->q.n > 0);
}

static Way product(const Asked *asked, const Expr *expr)
{
	if (is_above_zero(expr->arg[1]))
		return way_of(asked, expr->arg[0]);
	if (expr->op == EXPR_MULTIPLY && is_above_zero(expr->arg[0]))
		return way_of(asked, expr->arg[1]);
	return opaque(asked, expr);
}

/* Of two parts that pull the same way, as in a + b, or against each other, as in a - b. */
static Way joined(const Asked *asked, const Expr *expr, bool against)
{
	Way b = way_of(asked, expr->arg[1]);
	return both(way_of(asked, expr->arg[0]), against ? turned(b) : b);
}

/* The least or the greatest of several. */
static Way extreme(const Asked *asked, const Expr *expr)
{
	Way way = WAY_NONE;
	for (int32_t i = 0; i < expr->nargs; i++)
		way = both(way, way_of(asked, expr->arg[i]));
	return way;
}

/* Days and months keep the clock time, which a change of the clocks may put anywhere. */
static Way later(const Asked *asked, const Expr *expr)
{
	Dim dim = expr->op == EXPR_DATE_ADD ? DIM_DAY : DIM_TIME;
	return expr->arg[1]->type.unit.of[dim] != 0 ? joined(asked, expr, expr->how == 1)
		: opaque(asked, expr);
}

/* The same clock time of a later day is later; a later clock time need not be. */
static Way moment(const Asked *asked, const Expr *expr)
{
	return way_of(asked, expr->arg[1]) != WAY_NONE ? WAY_ANY : way_of(asked, expr->arg[0]);
}

/* ---- yes and no ---- */

static Way compare(const Asked *asked, const Expr *expr)
{
	switch ((CompareHow)expr->how) {
	case COMPARE_LT: case COMPARE_LE:
		return turned(joined(asked, expr, true));
	case COMPARE_GE: case COMPARE_GT:
		return joined(asked, expr, true);
	case COMPARE_EQ: case COMPARE_NE:
		break;
	}
	return opaque(asked, expr);
}

static bool is_field(const Expr *expr)
{
	return expr->op == EXPR_FIELD || (expr->op == EXPR_RESCALE && is_field(expr->arg[0]));
}

/* A fact that is moved is known, whatever its value; that of another row is what it was. */
static Way or_else(const Asked *asked, const Expr *expr)
{
	return is_field(expr->arg[0]) ? joined(asked, expr, false) : opaque(asked, expr);
}

static Way is_known(const Asked *asked, const Expr *expr)
{
	return is_field(expr->arg[0]) ? any_if(opaque(asked, expr->arg[0]->arg[0]))
		: opaque(asked, expr);
}

/* ---- over rows ---- */

static const Expr *arg_of(const Expr *expr, int i)
{
	return i < expr->nargs ? expr->arg[i] : NULL;
}

/*
 * Any, none and all are `or` and `and` over the rows. Of figures only those over all rows: one that
 * may go in makes a figure unknown, or not, by what its value is.
 */
static Way aggregate(const Asked *asked, const Expr *expr)
{
	const Expr *condition = arg_of(expr, 1);
	Way where = way_of(asked, condition), value = way_of(asked, arg_of(expr, 2));
	Way rest = both(way_of(asked, expr->arg[0]), way_of(asked, arg_of(expr, 3)));
	if (rest != WAY_NONE)
		return WAY_ANY;
	switch ((AggregateKind)expr->how) {
	case AGG_ANY:
		return both(where, value);
	case AGG_NONE:
		return turned(both(where, value));
	case AGG_ALL:
		return both(turned(where), value);
	case AGG_TOTAL: case AGG_LEAST: case AGG_GREATEST: case AGG_AVERAGE:
		return condition == NULL ? value : any_if(both(where, value));
	case AGG_FIRST: case AGG_LAST:
		return where == WAY_NONE ? value : WAY_ANY;
	case AGG_COUNT: case AGG_DISTINCT: case AGG_SHARE: case AGG_ONLY_VALUE: case AGG_LIST:
		break;
	}
	return any_if(both(where, value));
}

/* ---- the whole ---- */

static Way fact(const Asked *asked, const Expr *expr)
{
	if (way_of(asked, expr->arg[0]) != WAY_NONE)
		return WAY_ANY;
	return expr->ref == asked->field && expr->arg[0]->type.ref == asked->dataset ? WAY_UP
		: WAY_NONE;
}

/* One line for each kind of expression that is known to keep an order. */
static Way way_of_op(const Asked *asked, const Expr *expr)
{
	switch ((ExprOp)expr->op) {
	case EXPR_FIELD: return fact(asked, expr);
	case EXPR_DERIVED: case EXPR_CALL: return define(asked, expr);
	case EXPR_TABLE: return table(asked, expr);
	case EXPR_ROUND: return rounding(asked, expr);
	case EXPR_NEGATE: return turned(way_of(asked, expr->arg[0]));
	case EXPR_RESCALE: case EXPR_DATE_OF: return way_of(asked, expr->arg[0]);
	case EXPR_ADD: return joined(asked, expr, false);
	case EXPR_SUBTRACT: case EXPR_DATE_DIFF: case EXPR_MOMENT_DIFF: return joined(asked, expr, true);
	case EXPR_MULTIPLY: case EXPR_DIVIDE: return product(asked, expr);
	case EXPR_DATE_ADD: case EXPR_MOMENT_ADD: return later(asked, expr);
	case EXPR_MOMENT_OF: return moment(asked, expr);
	case EXPR_COMPARE: return compare(asked, expr);
	case EXPR_AND: case EXPR_OR: return joined(asked, expr, false);
	case EXPR_LEAST: case EXPR_GREATEST: return extreme(asked, expr);
	case EXPR_NOT: return turned(way_of(asked, expr->arg[0]));
	case EXPR_OR_ELSE: return or_else(asked, expr);
	case EXPR_IS_KNOWN: return is_known(asked, expr);
	case EXPR_AGGREGATE: return aggregate(asked, expr);
	case EXPR_CONST: case EXPR_CONST_RATIO: case EXPR_SLOT: case EXPR_PARAMETER:
	case EXPR_ALL_ROWS: case EXPR_GROUP_ROWS:
		return WAY_NONE;
	case EXPR_MATCHED: case EXPR_LINKED: case EXPR_NEIGHBOUR: case EXPR_CLOCK_OF:
	case EXPR_WEEKDAY_OF: case EXPR_OVERLAP: case EXPR_WORKING_DAYS_AFTER: case EXPR_PERIOD_OF:
	case EXPR_PERIOD_PART: case EXPR_IN_PERIOD: case EXPR_IN_DATES: case EXPR_IF: case EXPR_AS_AT:
	case EXPR_IN_FORCE: case EXPR_TEXT: case EXPR_ABSOLUTE: case EXPR_OP_COUNT:
		break;
	}
	return opaque(asked, expr);
}

/* Whether a figure without a fixed denominator can be held hangs on what it is, not on its size. */
static Way way_of(const Asked *asked, const Expr *expr)
{
	if (expr == NULL)
		return WAY_NONE;
	Way way = way_of_op(asked, expr);
	return expr->type.kind == TYPE_QUANTITY && expr->type.ratio ? any_if(way) : way;
}

Way remedy_way(const Rulebook *book, const Rule *rule, int32_t dataset, int32_t field)
{
	Asked asked = {book, dataset, field};
	return choices(&asked, rule->require, rule->except, rule->nexcepts);
}

static bool is_dated(const Expr *expr)
{
	return expr != NULL && expr->dated;
}

bool remedy_test_dated(const Rule *rule)
{
	bool dated = is_dated(rule->require);
	for (int32_t i = 0; i < rule->nexcepts; i++)
		dated |= is_dated(rule->except[i].when) || is_dated(rule->except[i].then);
	return dated;
}
