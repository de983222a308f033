/*
 * Leaving out rows that a condition surely refuses, before it is worked out row by row. A carer has
 * thousands of logs, of which one overlaps:
 *
 *   other.carer = log.carer and other.check_in < log.check_out and log.check_in < other.check_out
 *                               `---------- sieve ----------'     `---------- sieve ----------'
 *
 * A part of an `and` that compares a field of the row with something outside it is a sieve: where
 * it is known to be no, the whole is no. Only where no part can fault, for faults show (S23).
 */
#include "dsl/rulebook.h"
#include "interp/walk_private.h"

#define SIEVES 8

/* Rows with a known value outside low .. high, or equal to `not`, are refused. */
typedef struct Sieve {
	const Column *column;
	int64_t low, high, not;
	bool has_not;
} Sieve;

typedef struct Sift {
	Eval *eval;
	const Frame *frame;
	int32_t slot, dataset;
	Sieve sieve[SIEVES];
	int32_t n;
} Sift;

static bool is_field_of(const Expr *expr, int32_t slot)
{
	return expr->op == EXPR_FIELD && expr->arg[0]->op == EXPR_SLOT && expr->arg[0]->ref == slot;
}

/* Values whose stored numbers compare as they do. */
static bool same_numbers(Type a, Type b)
{
	if (a.kind != b.kind || a.kind == TYPE_TEXT || a.kind == TYPE_ROWS)
		return false;
	return a.kind != TYPE_QUANTITY || (!a.ratio && !b.ratio && a.scale == b.scale);
}

static CompareHow turned(CompareHow how)
{
	static const CompareHow other[] = {
		[COMPARE_LT] = COMPARE_GT, [COMPARE_LE] = COMPARE_GE, [COMPARE_EQ] = COMPARE_EQ,
		[COMPARE_NE] = COMPARE_NE, [COMPARE_GE] = COMPARE_LE, [COMPARE_GT] = COMPARE_LT,
	};
	return other[how];
}

/* A quantity's stored number, which fits: it has passed the evaluator's own test. */
static int64_t stored(Type type, Value value)
{
	return type.kind == TYPE_QUANTITY ? (int64_t)(value.q.n * (type.scale / value.q.d)) : value.n;
}

/* Next to the ends of int64 a bound may be one too generous: it then refuses too little. */
static Sieve sieve_of(const Column *column, CompareHow how, int64_t n)
{
	Sieve sieve = {column, INT64_MIN, INT64_MAX, n, how == COMPARE_NE};
	if (how == COMPARE_EQ || how == COMPARE_GE)
		sieve.low = n;
	if (how == COMPARE_EQ || how == COMPARE_LE)
		sieve.high = n;
	if (how == COMPARE_GT)
		sieve.low = n < INT64_MAX ? n + 1 : n;
	if (how == COMPARE_LT)
		sieve.high = n > INT64_MIN ? n - 1 : n;
	return sieve;
}

/* `<>` refuses next to nothing, so it is asked last. */
static void put_sieve(Sift *sift, Sieve sieve)
{
	int32_t at = sift->n++;
	for (; !sieve.has_not && at > 0 && sift->sieve[at - 1].has_not; at--)
		sift->sieve[at] = sift->sieve[at - 1];
	sift->sieve[at] = sieve;
}

static void add_sieve(Sift *sift, const Expr *field, const Expr *outer, CompareHow how)
{
	const StoreTable *table = sift->eval->walk->store->table[sift->dataset];
	if (!is_field_of(field, sift->slot) || expr_uses_slot(outer, sift->slot)
			|| !same_numbers(field->type, outer->type) || sift->n == SIEVES)
		return;
	Value value = walk_eval(sift->eval, sift->frame, outer);
	if (value.state == STATE_KNOWN && table != NULL && table->column != NULL
			&& table->column[field->ref].at != NULL)
		put_sieve(sift, sieve_of(&table->column[field->ref], how, stored(outer->type, value)));
}

static void find_sieves(Sift *sift, const Expr *where)
{
	if (where->op == EXPR_AND) {
		find_sieves(sift, where->arg[0]);
		find_sieves(sift, where->arg[1]);
	} else if (where->op == EXPR_COMPARE) {
		add_sieve(sift, where->arg[0], where->arg[1], (CompareHow)where->how);
		add_sieve(sift, where->arg[1], where->arg[0], turned((CompareHow)where->how));
	}
}

static bool refuses(const Sieve *sieve, int64_t raw, int32_t row)
{
	const Column *column = sieve->column;
	int64_t n = raw * column->times;
	bool in = n >= sieve->low && n <= sieve->high && !(sieve->has_not && n == sieve->not);
	return !in && (column->known == NULL || bit_get(column->known, row));
}

/*
 * One loop for each width of a column: rows that pass move to the front of `kept`, without a branch
 * that half of them would mispredict.
 */
#define SIEVE_WIDTH(type) \
	for (int32_t i = 0; i < rows.n; i++) { \
		kept[n] = rows.at[i]; \
		n += !refuses(sieve, ((const type *)sieve->column->at)[rows.at[i]], rows.at[i]); \
	}

/* `kept` may be the rows themselves. */
static RowSpan pass(const Sieve *sieve, RowSpan rows, int32_t *kept)
{
	int32_t n = 0;
	switch (sieve->column->width) {
	case 1:
		SIEVE_WIDTH(int8_t)
		break;
	case 2:
		SIEVE_WIDTH(int16_t)
		break;
	case 4:
		SIEVE_WIDTH(int32_t)
		break;
	default:
		SIEVE_WIDTH(int64_t)
		break;
	}
	return (RowSpan){kept, n};
}

RowSpan walk_sift(Eval *eval, const Frame *frame, const Expr *aggregate, RowSpan rows)
{
	const Expr *where = aggregate->nargs > 1 ? aggregate->arg[1] : NULL;
	Sift sift = {.eval = eval, .frame = frame, .slot = aggregate->ref,
		.dataset = aggregate->arg[0]->type.ref};
	/* What stands for a field is not in its column. */
	if (eval->walk->fill != NULL && eval->walk->fill->over)
		return rows;
	if (rows.n <= LISTED_ROWS || where == NULL || where->can_fault)
		return rows;
	find_sieves(&sift, where);
	if (sift.n == 0)
		return rows;
	int32_t *kept = ARENA_ARRAY(eval->walk->arena, int32_t, (size_t)rows.n);
	for (int32_t i = 0; i < sift.n; i++)
		rows = pass(&sift.sieve[i], rows, kept);
	return rows;
}
