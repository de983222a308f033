/*
 * Leaving out rows that a condition surely refuses, before it is worked out row by row. A carer has
 * thousands of logs, of which one overlaps:
 *
 *   other.carer = log.carer and other.check_in < log.check_out and log.check_in < other.check_out
 *                               `---------- sieve ----------'     `---------- sieve ----------'
 *
 * A part of an `and` that compares a field of the row with something outside it is a sieve: where
 * it is known to be no, the whole is no. Only where no part faults, for faults show (S23): one that
 * may is worked out first where the row has no say in it, and else forbids all sieving.
 *
 * Where the caller keeps the long lists of the store in order (interp/sift.h), the sieve that lets
 * least through is a search in one of them, and the others are asked of what that found.
 *
 *   rows of the carer (2,000) ─ search by check_in ─> 9 ─ pass: check_out ─> 2 ─> asked in full
 *
 * Sieves only leave out: whoever passes is asked the whole condition, so that evidence and states
 * are those of the plain way. Rows whose field is not known always pass.
 */
#include "dsl/rulebook.h"
#include "interp/sift.h"
#include "interp/walk_private.h"

#include <string.h>

#define SIEVES 8
#define LONG 200 /* rows; a shorter list is gone through before a search has paid */

/* Rows with a known value outside low .. high, or equal to `not`, are refused. `not` counts only
 * with has_not. */
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

/* A quantity's stored number, which fits: it has passed the evaluator's own test. What both
 * evaluators hold such a value as. */
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

/* Two ranges of one column are one. */
static bool narrows(Sift *sift, const Sieve *sieve)
{
	for (int32_t i = 0; i < sift->n; i++) {
		Sieve *had = &sift->sieve[i];
		if (had->column != sieve->column || had->has_not || sieve->has_not)
			continue;
		had->low = sieve->low > had->low ? sieve->low : had->low;
		had->high = sieve->high < had->high ? sieve->high : had->high;
		return true;
	}
	return false;
}

/* `<>` refuses next to nothing, so it is asked last. More than SIEVES parts are left to the
 * condition itself. */
static void put_sieve(Sift *sift, Sieve sieve)
{
	if (narrows(sift, &sieve) || sift->n == SIEVES)
		return;
	int32_t at = sift->n++;
	for (; !sieve.has_not && at > 0 && sift->sieve[at - 1].has_not; at--)
		sift->sieve[at] = sift->sieve[at - 1];
	sift->sieve[at] = sieve;
}

/* Outside the aggregate the value is worked out once; what it writes as evidence, the condition
 * would have written. */
static void add_sieve(Sift *sift, const Expr *field, const Expr *outer, CompareHow how)
{
	const StoreTable *table = sift->eval->walk->store->table[sift->dataset];
	if (!is_field_of(field, sift->slot) || expr_uses_slot(outer, sift->slot)
			|| !same_numbers(field->type, outer->type))
		return;
	Value value = walk_eval(sift->eval, sift->frame, outer);
	if (value.state == STATE_KNOWN && table != NULL && table->column != NULL
			&& table->column[field->ref].at != NULL)
		put_sieve(sift, sieve_of(&table->column[field->ref], how, stored(outer->type, value)));
}

/* Under `or` a part that is no proves nothing, so only `and` is gone into. */
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

/* Whether no part of the condition faults, whichever the row. Comparisons and the like cannot fault
 * themselves, only their sides. */
static bool is_safe(const Sift *sift, const Expr *where)
{
	bool whole = where->op != EXPR_AND && where->op != EXPR_OR && where->op != EXPR_NOT &&
		where->op != EXPR_COMPARE && where->op != EXPR_IS_KNOWN;
	if (!where->can_fault)
		return true;
	if (!expr_uses_slot(where, sift->slot))
		return walk_eval(sift->eval, sift->frame, where).state != STATE_FAULT;
	for (int32_t i = 0; i < where->nargs && !whole; i++)
		if (!is_safe(sift, where->arg[i]))
			return false;
	return !whole;
}

bool walk_is_safe(Eval *eval, const Frame *frame, const Expr *aggregate, const Expr *part)
{
	Sift sift = {.eval = eval, .frame = frame, .slot = aggregate->ref};
	return is_safe(&sift, part);
}

/* By the column that lets least through: the rows in its range, and those that it is not known
 * of. */
static RowSpan search(const Sift *sift, RowSpan rows, int32_t *kept)
{
	Sifts *sifts = sift->eval->walk->sifts;
	Sifted best = {rows, {NULL, 0}};
	for (int32_t i = 0; i < sift->n; i++) {
		const Sieve *sieve = &sift->sieve[i];
		if (sieve->has_not)
			continue;
		Sifted found = sifts_range(sifts, rows, sieve->column, sieve->low, sieve->high);
		if (found.in.n + found.unknown.n < best.in.n + best.unknown.n)
			best = found;
	}
	memcpy(kept, best.in.at, sizeof *kept * (size_t)best.in.n);
	if (best.unknown.n > 0)
		memcpy(kept + best.in.n, best.unknown.at, sizeof *kept * (size_t)best.unknown.n);
	return (RowSpan){kept, best.in.n + best.unknown.n};
}

/* Links lead to the store's own lists, which stay where they are. A list that was made for one
 * subject would be put in order for nothing. */
static bool can_search(const Sift *sift, const Expr *aggregate, RowSpan rows)
{
	return sift->eval->walk->sifts != NULL && rows.n >= LONG &&
		aggregate->arg[0]->op == EXPR_LINKED;
}

static bool holds_row(RowSpan rows, int32_t row)
{
	for (int32_t i = 0; i < rows.n; i++)
		if (rows.at[i] == row)
			return true;
	return false;
}

/* What stands for a field is not in its column: a row that has such is let through, in its place
 * among the others, and the whole condition is asked of it. */
static RowSpan let_filled(const Sift *sift, RowSpan all, RowSpan rows, int32_t *kept)
{
	const Fillings *fill = sift->eval->walk->fill;
	for (int32_t i = 0; i < fill->n; i++) {
		int32_t row = fill->at[i].row, at = rows.n;
		if (fill->at[i].field < 0 || fill->at[i].dataset != sift->dataset || holds_row(rows, row)
				|| !holds_row(all, row))
			continue;
		for (; at > 0 && kept[at - 1] > row; at--)
			kept[at] = kept[at - 1];
		kept[at] = row;
		rows.n++;
	}
	return rows;
}

/* While somebody asks which fields are looked at, those of a short list all are: another value might
 * let a row through. A long list has more than are noted anyway. */
static bool is_looked_at(const Fillings *fill, RowSpan rows)
{
	return fill != NULL && fill->reads != NULL && rows.n <= fill->reads->most;
}

/* The same rows come back where nothing could be left out. */
RowSpan walk_sift(Eval *eval, const Frame *frame, const Expr *aggregate, RowSpan rows)
{
	const Expr *where = aggregate->nargs > 1 ? aggregate->arg[1] : NULL;
	const Fillings *fill = eval->walk->fill;
	RowSpan all = rows;
	Sift sift = {.eval = eval, .frame = frame, .slot = aggregate->ref,
		.dataset = aggregate->arg[0]->type.ref};
	if (rows.n == 0 || where == NULL || is_looked_at(fill, rows) || !is_safe(&sift, where))
		return rows;
	find_sieves(&sift, where);
	if (sift.n == 0)
		return rows;
	int32_t *kept = ARENA_ROOM(eval->walk->arena, int32_t, (size_t)rows.n);
	if (can_search(&sift, aggregate, rows))
		rows = search(&sift, rows, kept);
	for (int32_t i = 0; i < sift.n; i++)
		rows = pass(&sift.sieve[i], rows, kept);
	return fill != NULL && fill->over ? let_filled(&sift, all, rows, kept) : rows;
}
