/*
 * Leaving out rows that a condition surely refuses, before it is worked out row by row. A carer has
 * thousands of logs, of which one overlaps:
 *
 *   other.log_ref <> log.log_ref and other.check_in < log.check_out and log.check_in < other.check_out
 *                                    `------- sieve -------'            `------- sieve -------'
 *
 * A part of an `and` that compares a field of the row with something outside it is a sieve: where it
 * is known to be no, the whole is no. Only where no part can fault, for a fault is never hidden (S23).
 */
#include "dsl/rulebook.h"
#include "interp/walk_private.h"

#define SIEVES 8

typedef struct Sieve {
	int32_t field;
	CompareHow how; /* field how n */
	int64_t n;
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

static void add_sieve(Sift *sift, const Expr *field, const Expr *outer, CompareHow how)
{
	if (!is_field_of(field, sift->slot) || expr_uses_slot(outer, sift->slot)
			|| !same_numbers(field->type, outer->type) || sift->n == SIEVES)
		return;
	Value value = walk_eval(sift->eval, sift->frame, outer);
	if (value.state == STATE_KNOWN)
		sift->sieve[sift->n++] = (Sieve){field->ref, how, stored(outer->type, value)};
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

static bool passes(const Sieve *sieve, int64_t n)
{
	int order = n < sieve->n ? -1 : n > sieve->n;
	return walk_ordered(sieve->how, order);
}

static bool may_hold(const Sift *sift, int32_t row)
{
	const Store *store = sift->eval->walk->store;
	for (int32_t i = 0; i < sift->n; i++) {
		int64_t n;
		if (store_get(store, sift->dataset, sift->sieve[i].field, row, &n)
				&& !passes(&sift->sieve[i], n))
			return false;
	}
	return true;
}

RowSpan walk_sift(Eval *eval, const Frame *frame, const Expr *aggregate, RowSpan rows)
{
	const Expr *where = aggregate->nargs > 1 ? aggregate->arg[1] : NULL;
	Sift sift = {.eval = eval, .frame = frame, .slot = aggregate->ref,
		.dataset = aggregate->arg[0]->type.ref};
	if (rows.n <= LISTED_ROWS || where == NULL || where->can_fault)
		return rows;
	find_sieves(&sift, where);
	if (sift.n == 0)
		return rows;
	int32_t *kept = ARENA_ARRAY(eval->walk->arena, int32_t, (size_t)rows.n), n = 0;
	for (int32_t i = 0; i < rows.n; i++) {
		if (may_hold(&sift, rows.at[i]))
			kept[n++] = rows.at[i];
	}
	return (RowSpan){kept, n};
}
