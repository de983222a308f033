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
 * Sieves only leave out: evidence and states are those of the plain way. Rows whose field is not
 * known always pass, and are asked the whole condition. Of the others that pass, a part that was
 * made into a sieve is known to hold, so that without evidence only what is left need be asked:
 * here, whether it is another log.
 */
#include "dsl/rulebook.h"
#include "interp/sift.h"
#include "interp/walk_private.h"

#include <string.h>

#define SIEVES 8
#define LONG 200 /* rows; a shorter list is gone through before a search has paid */

/* Rows with a known value outside low .. high, or equal to `not`, are refused. `not` counts only
 * with has_not. */
struct Sieve {
	const Column *column;
	int32_t field;
	int64_t low, high, not;
	bool has_not;
};

/* A part of the condition that compares a field of the row with something outside the aggregate. */
typedef struct Shape {
	int32_t outer;   /* value of the plan */
	int32_t field;
	CompareHow how;  /* field how outer */
} Shape;

/* A value outside the aggregate. */
typedef struct Outer {
	const Expr *expr;
	bool plain;      /* nothing is remembered of it elsewhere, nor has the law date a say in it */
} Outer;

/* What is joined by the outermost `and`s, from left to right; parts from .. to - 1 are sieves. */
typedef struct Operand {
	const Expr *expr;
	int32_t from, to;
	bool pure;       /* it is made of nothing but sieves */
} Operand;

/*
 * What can be said of a condition without looking at rows: it hangs on the words alone, so it is
 * worked out once and kept with the lists that are in order.
 *
 *   other <> log and other.check_in < log.check_out and (.. >= .. and .. <= ..)
 *   operand 0        operand 1, part 0                  operand 2, parts 1 and 2
 */
struct SievePlan {
	const Expr *aggregate;
	SievePlan *next;
	Outer *outer;         /* first those that may fault, which are checked before all else */
	Shape *part;
	Operand *operand;
	int32_t nchecks, nouters, nparts, noperands;
	int32_t nnodes;       /* of the condition */
	bool unsafe;          /* behind the checks comes a part that may fault for a row */
};

/*
 * What stays while one fact is moved: values that did not look at it, and where all of them are
 * such, the rows that passed. Of the four times of two logs that overlap, two have nothing to do
 * with the fact, so that a trial asks of one row alone.
 */
struct SieveMemo {
	struct SieveMemo *next;
	const Expr *aggregate;
	bool *still;          /* by outer value: as here */
	Value *value;
	RowSpan of, kept;     /* of these rows those passed; kept.at NULL: not known yet */
};

typedef struct Sift {
	Eval *eval;
	const Frame *frame;
	const Expr *aggregate;
	const SievePlan *plan;
	struct SieveMemo *memo; /* NULL: none is kept */
	bool moves;           /* a value was worked out that does not stay */
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

/* ---- the plan ---- */

static int32_t nodes(const Expr *expr)
{
	int32_t n = 1;
	for (int32_t i = 0; i < expr->nargs; i++)
		n += expr->arg[i] == NULL ? 0 : nodes(expr->arg[i]);
	return n;
}

/* Parts whose own step cannot fault, only what they are made of. */
static bool passes_on(const Expr *part)
{
	return part->op == EXPR_AND || part->op == EXPR_OR || part->op == EXPR_NOT ||
		part->op == EXPR_COMPARE || part->op == EXPR_IS_KNOWN;
}

/* Defines and figures are remembered within a trial: the second time they look at nothing. */
static bool is_plain(const Expr *expr)
{
	bool plain = !expr->dated && expr->op != EXPR_DERIVED && expr->op != EXPR_CALL &&
		expr->op != EXPR_TABLE && expr->op != EXPR_AGGREGATE && expr->type.kind != TYPE_TEXT &&
		expr->type.kind != TYPE_ROWS;
	for (int32_t i = 0; i < expr->nargs && plain; i++)
		plain = expr->arg[i] != NULL && is_plain(expr->arg[i]);
	return plain;
}

/* Its number. One that is checked is not worked out twice. */
static int32_t plan_outer(SievePlan *plan, const Expr *expr)
{
	int32_t at = plan->nchecks - 1;
	while (at >= 0 && plan->outer[at].expr != expr)
		at--;
	if (at < 0) {
		at = plan->nouters++;
		plan->outer[at] = (Outer){expr, is_plain(expr)};
	}
	return at;
}

/* What must be worked out to know that no part faults, whichever the row; false: not to be had. */
static bool plan_checks(SievePlan *plan, const Expr *part)
{
	if (!part->can_fault)
		return true;
	if (!expr_uses_slot(part, plan->aggregate->ref)) {
		plan->outer[plan->nouters++] = (Outer){part, is_plain(part)};
		plan->nchecks = plan->nouters;
		return true;
	}
	for (int32_t i = 0; i < part->nargs; i++)
		if (!passes_on(part) || !plan_checks(plan, part->arg[i]))
			return false;
	return passes_on(part);
}

static bool plan_part(SievePlan *plan, const Expr *field, const Expr *outer, CompareHow how)
{
	int32_t slot = plan->aggregate->ref;
	if (!is_field_of(field, slot) || expr_uses_slot(outer, slot)
			|| !same_numbers(field->type, outer->type))
		return false;
	plan->part[plan->nparts++] = (Shape){plan_outer(plan, outer), field->ref, how};
	return true;
}

/* Whether it is made of nothing but sieves. Under `or` a part that is no proves nothing, so only
 * `and` is gone into. */
static bool plan_sieves(SievePlan *plan, const Expr *part)
{
	if (part->op == EXPR_AND) {
		bool left = plan_sieves(plan, part->arg[0]), right = plan_sieves(plan, part->arg[1]);
		return left && right;
	}
	return part->op == EXPR_COMPARE &&
		(plan_part(plan, part->arg[0], part->arg[1], (CompareHow)part->how) ||
		plan_part(plan, part->arg[1], part->arg[0], turned((CompareHow)part->how)));
}

/* From left to right, as they are joined. */
static void plan_operands(SievePlan *plan, const Expr *where)
{
	if (where->op == EXPR_AND)
		plan_operands(plan, where->arg[0]);
	const Expr *expr = where->op == EXPR_AND ? where->arg[1] : where;
	int32_t from = plan->nparts;
	bool pure = plan_sieves(plan, expr);
	plan->operand[plan->noperands++] = (Operand){expr, from, plan->nparts, pure};
}

static SievePlan *make_plan(Arena *arena, const Expr *aggregate, const Expr *where)
{
	SievePlan *plan = ARENA_NEW(arena, SievePlan);
	size_t most = (size_t)nodes(where);
	plan->aggregate = aggregate;
	plan->nnodes = (int32_t)most;
	plan->outer = ARENA_ARRAY(arena, Outer, most);
	plan->part = ARENA_ARRAY(arena, Shape, most);
	plan->operand = ARENA_ARRAY(arena, Operand, most);
	plan->unsafe = !plan_checks(plan, where);
	if (!plan->unsafe)
		plan_operands(plan, where);
	return plan;
}

/* A rulebook has few aggregates with long lists: they stand in a row. */
static const SievePlan *plan_of(const Eval *eval, const Expr *aggregate, const Expr *where)
{
	Sifts *sifts = eval->walk->sifts;
	if (sifts == NULL)
		return make_plan(eval->walk->arena, aggregate, where);
	SievePlan *plan = sifts->plan;
	while (plan != NULL && plan->aggregate != aggregate)
		plan = plan->next;
	if (plan == NULL) {
		plan = make_plan(&sifts->arena, aggregate, where);
		plan->next = sifts->plan;
		sifts->plan = plan;
	}
	return plan;
}

/* ---- sieves ---- */

/* Next to the ends of int64 a bound may be one too generous: it then refuses too little. */
static Sieve sieve_of(const Column *column, int32_t field, CompareHow how, int64_t n)
{
	Sieve sieve = {column, field, INT64_MIN, INT64_MAX, n, how == COMPARE_NE};
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
 * condition itself: false. */
static bool put_sieve(Sift *sift, Sieve sieve)
{
	if (narrows(sift, &sieve))
		return true;
	if (sift->n == SIEVES)
		return false;
	int32_t at = sift->n++;
	for (; !sieve.has_not && at > 0 && sift->sieve[at - 1].has_not; at--)
		sift->sieve[at] = sift->sieve[at - 1];
	sift->sieve[at] = sieve;
	return true;
}

/* Of this condition, in the frame of the subject: there alone the slots stay as they are. */
static struct SieveMemo *memo_of(const Eval *eval, const Frame *frame, const SievePlan *plan)
{
	FillNotes *notes = eval->walk->fill == NULL ? NULL : eval->walk->fill->notes;
	if (notes == NULL || frame->slot != eval->subject || eval->inside > 1)
		return NULL;
	struct SieveMemo *memo = notes->sieves;
	while (memo != NULL && memo->aggregate != plan->aggregate)
		memo = memo->next;
	if (memo == NULL) {
		memo = ARENA_NEW(notes->arena, struct SieveMemo);
		memo->next = notes->sieves;
		memo->aggregate = plan->aggregate;
		memo->still = ARENA_ARRAY(notes->arena, bool, (size_t)plan->nouters + 1);
		memo->value = ARENA_ARRAY(notes->arena, Value, (size_t)plan->nouters + 1);
		notes->sieves = memo;
	}
	return memo;
}

/* Once for each sifting; while a fact is moved, once for the fact if it has no say in it. */
static Value work_out(Sift *sift, int32_t number)
{
	const Outer *outer = &sift->plan->outer[number];
	struct SieveMemo *memo = sift->memo;
	if (memo != NULL && memo->still[number])
		return memo->value[number];
	const FillNotes *notes = memo == NULL ? NULL : sift->eval->walk->fill->notes;
	int32_t looks = notes == NULL ? 0 : notes->looks;
	Value value = walk_eval(sift->eval, sift->frame, outer->expr);
	bool stays = notes != NULL && notes->looks == looks && outer->plain &&
		value.state == STATE_KNOWN;
	if (stays) {
		memo->still[number] = true;
		memo->value[number] = value;
	}
	sift->moves |= !stays;
	return value;
}

/* Whether the sieve says all that the part does of rows whose field is known: but for the ends of
 * int64. */
static bool put_part(Sift *sift, const Shape *part, const Value *value)
{
	int32_t dataset = sift->aggregate->arg[0]->type.ref;
	const StoreTable *table = sift->eval->walk->store->table[dataset];
	if (value->state != STATE_KNOWN || table == NULL || table->column == NULL
			|| table->column[part->field].at == NULL)
		return false;
	int64_t n = stored(sift->plan->outer[part->outer].expr->type, *value);
	return put_sieve(sift, sieve_of(&table->column[part->field], part->field, part->how, n)) &&
		n > INT64_MIN && n < INT64_MAX;
}

/* Whether what the operand says is wholly said by sieves. */
static bool put_operand(Sift *sift, const Operand *operand, const Value *checked)
{
	bool settled = operand->pure;
	for (int32_t i = operand->from; i < operand->to; i++) {
		const Shape *part = &sift->plan->part[i];
		if (part->outer < sift->plan->nchecks) {
			settled &= put_part(sift, part, &checked[part->outer]);
		} else {
			Value value = work_out(sift, part->outer);
			settled &= put_part(sift, part, &value);
		}
	}
	return settled;
}

/*
 * Outside the aggregate a value is worked out once; what it writes as evidence, the condition would
 * have written. What may fault comes first: false where something does. What is left to ask of rows
 * that pass stands in `rest`, in its order.
 */
static bool find_sieves(Sift *sift, Sifting *sifting)
{
	const SievePlan *plan = sift->plan;
	Arena *arena = sift->eval->walk->arena;
	Value *checked = ARENA_ROOM(arena, Value, (size_t)plan->nchecks + 1);
	for (int32_t i = 0; i < plan->nchecks; i++) {
		checked[i] = work_out(sift, i);
		if (checked[i].state == STATE_FAULT)
			return false;
	}
	sifting->rest = ARENA_ROOM(arena, const Expr *, (size_t)plan->noperands + 1);
	for (int32_t i = 0; i < plan->noperands; i++)
		if (!put_operand(sift, &plan->operand[i], checked))
			sifting->rest[sifting->nrest++] = plan->operand[i].expr;
	return true;
}

/* ---- rows ---- */

static inline bool holds(const Sieve *sieve, int64_t n)
{
	return n >= sieve->low && n <= sieve->high && !(sieve->has_not && n == sieve->not);
}

static inline bool refuses(const Sieve *sieve, int64_t raw, int32_t row)
{
	const Column *column = sieve->column;
	bool in = holds(sieve, raw * column->times);
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

/* Whether no part of the condition faults, whichever the row. */
bool walk_is_safe(Eval *eval, const Frame *frame, const Expr *aggregate, const Expr *part)
{
	if (!part->can_fault)
		return true;
	if (!expr_uses_slot(part, aggregate->ref))
		return walk_eval(eval, frame, part).state != STATE_FAULT;
	for (int32_t i = 0; i < part->nargs; i++)
		if (!passes_on(part) || !walk_is_safe(eval, frame, aggregate, part->arg[i]))
			return false;
	return passes_on(part);
}

/* By the column that lets least through: the rows in its range, and those that it is not known
 * of. Behind them there is room for what was filled in. */
static RowSpan search(const Sift *sift, RowSpan rows, int32_t **kept)
{
	const Walk *walk = sift->eval->walk;
	Sifted best = {rows, {NULL, 0}};
	for (int32_t i = 0; i < sift->n; i++) {
		const Sieve *sieve = &sift->sieve[i];
		if (sieve->has_not)
			continue;
		Sifted found = sifts_range(walk->sifts, rows, sieve->column, sieve->low, sieve->high);
		if (found.in.n + found.unknown.n < best.in.n + best.unknown.n)
			best = found;
	}
	int32_t n = best.in.n + best.unknown.n, fills = walk->fill == NULL ? 0 : walk->fill->n;
	*kept = ARENA_ROOM(walk->arena, int32_t, (size_t)n + (size_t)fills);
	memcpy(*kept, best.in.at, sizeof **kept * (size_t)best.in.n);
	if (best.unknown.n > 0)
		memcpy(*kept + best.in.n, best.unknown.at, sizeof **kept * (size_t)best.unknown.n);
	return (RowSpan){*kept, n};
}

/* Links lead to the store's own lists, which stay where they are. A list that was made for one
 * subject would be put in order for nothing. */
static bool can_search(const Sift *sift, RowSpan rows)
{
	return sift->eval->walk->sifts != NULL && rows.n >= LONG &&
		sift->aggregate->arg[0]->op == EXPR_LINKED;
}

/* Where it stands; rows.n: it does not. */
static int32_t place_of(RowSpan rows, int32_t row)
{
	int32_t at = 0;
	while (at < rows.n && rows.at[at] != row)
		at++;
	return at;
}

/* By what the fields of the row are said to be: what stands for one is not in its column. */
static bool lets_through(const Sift *sift, int32_t row)
{
	const Walk *walk = sift->eval->walk;
	int32_t dataset = sift->aggregate->arg[0]->type.ref;
	const Field *field = walk->book->dataset[dataset].field;
	for (int32_t i = 0; i < sift->n; i++) {
		const Sieve *sieve = &sift->sieve[i];
		const Value *value = walk_filled_field(walk, dataset, sieve->field, row);
		if (value == NULL && refuses(sieve, column_raw(sieve->column, row), row))
			return false;
		if (value != NULL && value->state == STATE_KNOWN
				&& !holds(sieve, stored(field[sieve->field].type, *value)))
			return false;
	}
	return true;
}

/* Rows with something in place of a field come in, or stay out, by that. */
static RowSpan let_filled(const Sift *sift, RowSpan all, RowSpan rows, int32_t *kept)
{
	const Fillings *fill = sift->eval->walk->fill;
	int32_t dataset = sift->aggregate->arg[0]->type.ref;
	for (int32_t i = 0; i < fill->n; i++) {
		int32_t row = fill->at[i].row, at = place_of(rows, row);
		if (fill->at[i].field < 0 || fill->at[i].dataset != dataset)
			continue;
		bool in = lets_through(sift, row);
		if (at < rows.n && !in)
			kept[at] = kept[--rows.n];
		else if (at == rows.n && in && place_of(all, row) < all.n)
			kept[rows.n++] = row;
	}
	return rows;
}

/* While somebody asks which fields are looked at, those of a short list all are: another value
 * might let a row through. A long list has more than are noted anyway. */
static bool is_looked_at(const Fillings *fill, RowSpan rows)
{
	return fill != NULL && fill->reads != NULL && rows.n <= fill->reads->most;
}

/* Whether rows that pass need not be asked what the sieves have answered: of a subject at hand,
 * unless somebody wants to know what is looked at. A search for bounds has one only where it keeps
 * values. It counts what it spares at no less than it would have been: hence Sifting.cost. */
static bool is_spared(const Eval *eval)
{
	const Fillings *fill = eval->walk->fill;
	return eval->subject != NULL && (fill == NULL || fill->reads == NULL);
}

/* Rows that pass, in memory of their own. */
static RowSpan go_through(const Sift *sift, RowSpan rows, int32_t **kept)
{
	if (can_search(sift, rows))
		rows = search(sift, rows, kept);
	else
		*kept = ARENA_ROOM(sift->eval->walk->arena, int32_t, (size_t)rows.n);
	for (int32_t i = 0; i < sift->n; i++)
		rows = pass(&sift->sieve[i], rows, *kept);
	return rows;
}

/* The same, or what it came to the last time, with room for what is filled in. */
static RowSpan passed(Sift *sift, RowSpan rows, int32_t **kept)
{
	struct SieveMemo *memo = sift->moves ? NULL : sift->memo;
	if (memo == NULL)
		return go_through(sift, rows, kept);
	if (memo->kept.at == NULL || memo->of.at != rows.at || memo->of.n != rows.n) {
		memo->of = rows;
		memo->kept = go_through(sift, rows, kept);
		memo->kept.at = arena_copy(sift->eval->walk->fill->notes->arena, memo->kept.at,
			sizeof **kept * (size_t)memo->kept.n);
	}
	size_t most = (size_t)(memo->kept.n + sift->eval->walk->fill->n);
	*kept = ARENA_ROOM(sift->eval->walk->arena, int32_t, most);
	memcpy(*kept, memo->kept.at, sizeof **kept * (size_t)memo->kept.n);
	return (RowSpan){*kept, memo->kept.n};
}

/* The same rows come back where nothing could be left out. */
RowSpan walk_sift(Eval *eval, const Frame *frame, const Expr *aggregate, RowSpan rows,
	Sifting *sifting)
{
	const Expr *where = aggregate->nargs > 1 ? aggregate->arg[1] : NULL;
	const Fillings *fill = eval->walk->fill;
	*sifting = (Sifting){.dataset = aggregate->arg[0]->type.ref};
	if (rows.n == 0 || where == NULL || is_looked_at(fill, rows))
		return rows;
	const SievePlan *plan = plan_of(eval, aggregate, where);
	int64_t from = eval->steps + eval->spared;
	Sift sift = {.eval = eval, .frame = frame, .aggregate = aggregate, .plan = plan,
		.memo = memo_of(eval, frame, plan)};
	if (!find_sieves(&sift, sifting) || plan->unsafe || sift.n == 0)
		return rows;
	int32_t *kept;
	RowSpan left = passed(&sift, rows, &kept);
	if (is_spared(eval)) {
		sifting->cost = plan->nnodes + eval->steps + eval->spared - from;
		sifting->sieve = arena_copy(eval->walk->arena, sift.sieve,
			sizeof *sift.sieve * (size_t)sift.n);
		sifting->nsieves = sift.n;
	}
	return fill != NULL && fill->over ? let_filled(&sift, rows, left, kept) : left;
}

/* ---- what is left to ask ---- */

/* Whether the sieves have said of this row what there was to say. */
static bool is_settled(const Eval *eval, const Sifting *sifting, int32_t row)
{
	const Fillings *fill = eval->walk->fill;
	for (int32_t i = 0; i < sifting->nsieves; i++) {
		const uint64_t *known = sifting->sieve[i].column->known;
		if (known != NULL && !bit_get(known, row))
			return false;
	}
	for (int32_t i = 0; fill != NULL && i < fill->n; i++)
		if (fill->at[i].row == row && fill->at[i].dataset == sifting->dataset
				&& (!fill->over || fill->at[i].value.state != STATE_KNOWN))
			return false;
	return sifting->nsieves > 0;
}

/* Yes joined to the rest by `and` is the rest. */
Value walk_where(Eval *eval, const Frame *frame, const Expr *where, const Sifting *sifting,
	int32_t row)
{
	if (!is_settled(eval, sifting, row))
		return walk_eval(eval, frame, where);
	eval->spared += sifting->cost;
	Value value = known_n(1);
	for (int32_t i = 0; i < sifting->nrest; i++)
		value = walk_kleene(eval, value, walk_eval(eval, frame, sifting->rest[i]), false);
	return value;
}
