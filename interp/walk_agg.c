/*
 * Aggregates over the rows of a collection (S15 to S18, S75, S76).
 *
 *   rows ──> where: no   left out, counted
 *            where: yes  goes in; the first of them write their values as evidence
 *            where: unknown, conflict: each kind says what it makes of that; a fault never hides
 *
 * Rows that surely go in, rows that may, and the states of both are kept apart until all rows are
 * through; only then does each kind say what it makes of them:
 *
 *   kind                         a row that may go in            a value that is not known
 *   any, none, all               decides nothing; others may     the same
 *   total                        no harm when its value is 0     spoils it
 *   count                        spoils it                       is not looked at
 *   the others                   spoils them                     spoils them
 *
 * The order of rows is that of their keys wherever it can be seen: in evidence, and in first and
 * last of equal ones (S75, law 8).
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* qsort_r */
#endif
#include "base/limits.h"
#include "interp/walk_private.h"

#include <stdlib.h>

/* Rows that the condition surely refuses are no items. */
typedef struct Item {
	int32_t row;
	uint8_t where;     /* State of the condition; known means that it holds */
	const Why *why;    /* of the condition */
	Value value;       /* of arg 2, or of arg 3 (`by`) in first and last */
} Item;

/* Three states, because a total forgives what an average does not. */
typedef struct Agg {
	Eval *eval;
	const Frame *frame;
	const Expr *expr;
	RowSpan rows;
	Sifting sifting;   /* what is known of those that a sieve let through */
	Item *item;        /* rows that go in or may */
	int32_t n, sure, listed;
	int32_t deciding;  /* of any, none, all: rows that settle it whatever the others are */
	Value open;        /* state and reasons of rows that may go in */
	Value lost;        /* the same of the values of rows that surely do */
	Value zero;        /* as `open`, without rows whose value is known to be 0 */
} Agg;

enum { ARG_ROWS, ARG_WHERE, ARG_VALUE, ARG_BY };

/* Arguments that were not written are left out or NULL. */
static const Expr *arg_of(const Expr *expr, int i)
{
	return i < expr->nargs ? expr->arg[i] : NULL;
}

/* Kinds that one row may settle. */
static bool is_quantifier(const Expr *expr)
{
	return expr->how == AGG_ANY || expr->how == AGG_NONE || expr->how == AGG_ALL;
}

/* A `none` over a carer's whole year would list what everybody can count. */
static int32_t listed_most(const Expr *expr)
{
	return is_quantifier(expr) ? LISTED_DECIDING : LISTED_ROWS;
}

/* ---- evidence ---- */

/* Expressions that write a line of their own. */
static bool writes_line(const Expr *expr)
{
	return expr->op == EXPR_FIELD || expr->op == EXPR_DERIVED || expr->op == EXPR_CALL ||
		expr->op == EXPR_ROUND || expr->op == EXPR_TABLE || expr->op == EXPR_MATCHED ||
		expr->op == EXPR_AGGREGATE || expr->op == EXPR_SLOT || expr->op == EXPR_CONST ||
		expr->op == EXPR_IN_FORCE || expr->op == EXPR_NEIGHBOUR;
}

/* The value of one row, where no part of it has said so already: visit.rate * visit.declared. Once
 * for each row, however often the rule names the aggregate. */
static void trace_item(const Agg *agg, const Expr *value, int32_t row, Value found)
{
	Eval *eval = agg->eval;
	int32_t dataset = agg->expr->arg[ARG_ROWS]->type.ref;
	if (writes_line(value))
		return;
	const Label *label = trace_label(eval, agg->expr, LABEL_ITEM);
	uint64_t hash = trace_mix(trace_mix(label->name_hash, (uint64_t)dataset), (uint64_t)row);
	if (!trace_first(eval, hash))
		return;
	trace_value(eval, (TraceLine){label, .key = trace_row_key(eval, dataset, row)}, value->type,
		found);
}

/* The figure, and how many rows it stands on. */
static void trace_result(const Agg *agg, Value result)
{
	Eval *eval = agg->eval;
	const Label *label = trace_label(eval, agg->expr, LABEL_SELF);
	uint64_t hash = trace_mix(label->name_hash, trace_hash(agg->expr->type, result));
	if (agg->rows.n > 0) /* the same words over other rows are another figure */
		hash = trace_mix(trace_mix(hash, (uint64_t)agg->rows.at[0]), (uint64_t)agg->rows.n);
	if (agg->expr->how == AGG_LIST || !trace_first(eval, hash))
		return;
	if (is_quantifier(agg->expr) && agg->n >= LIMIT_DECIDING_ROWS)
		buf_puts(&eval->buf, "at least ");
	trace_put_rows(eval, agg->n, agg->rows.n);
	if (agg->n > listed_most(agg->expr))
		buf_printf(&eval->buf, ", the first %d listed", (int)listed_most(agg->expr));
	Str note = walk_text(eval);
	trace_value(eval, (TraceLine){label, .key = NO_KEY, .note = note}, agg->expr->type, result);
}

/* ---- going over the rows ---- */

/* Kinds whose value is worked out for every row. */
static bool takes_value(const Expr *expr)
{
	return expr->how != AGG_COUNT && expr->how != AGG_FIRST && expr->how != AGG_LAST;
}

/* Of first and last it is what orders the rows. */
const Expr *walk_item_value(const Expr *expr)
{
	if (expr->how == AGG_FIRST || expr->how == AGG_LAST)
		return arg_of(expr, ARG_BY);
	return takes_value(expr) ? arg_of(expr, ARG_VALUE) : NULL;
}

/* Without a condition every row goes in. Muted. */
static Value eval_where(const Agg *agg, const Frame *quiet, int32_t row)
{
	const Expr *where = arg_of(agg->expr, ARG_WHERE);
	return where == NULL ? known_n(1)
		: walk_where(agg->eval, quiet, where, &agg->sifting, row);
}

/* Once more, for its evidence. */
static void show_where(const Agg *agg)
{
	const Expr *where = arg_of(agg->expr, ARG_WHERE);
	if (where != NULL)
		walk_eval(agg->eval, agg->frame, where);
}

static bool is_zero(const Value *value)
{
	return value->state == STATE_KNOWN && value->q.n == 0;
}

/* What is not known is sorted by what it does to the result: rows that surely go in spoil it by
 * their value, rows that may go in by being open. A zero that may be added changes no total
 * (S16). */
static void spread_item(Agg *agg, const Value *where, const Value *value)
{
	if (where->state == STATE_KNOWN) {
		walk_spread(agg->eval, &agg->lost, *value);
		return;
	}
	walk_spread(agg->eval, &agg->open, *where);
	walk_spread(agg->eval, &agg->open, *value);
	if (where->state == STATE_FAULT || !is_zero(value)) {
		walk_spread(agg->eval, &agg->zero, *where);
		walk_spread(agg->eval, &agg->zero, *value);
	}
}

/* Values are large beside what is done with them, so each is worked out where it stays. A deciding
 * row is one whose value is known to be yes; of `all`, known to be no. */
static void take_item(Agg *agg, const Value *where, Item *item)
{
	agg->n++;
	item->where = where->state;
	item->why = where->why;
	agg->sure += where->state == STATE_KNOWN;
	if (where->state == STATE_KNOWN && item->value.state == STATE_KNOWN)
		agg->deciding += (item->value.n != 0) == (agg->expr->how != AGG_ALL);
	if (where->state != STATE_KNOWN || item->value.state != STATE_KNOWN)
		spread_item(agg, where, &item->value);
}

/* One row: first its condition without evidence, then, when it goes in, what is wanted. The
 * condition is asked twice where evidence is wanted: the first time it is not known yet whether the
 * row goes in. */
static void take_row(Agg *agg, const Frame *quiet, int32_t row)
{
	Eval *eval = agg->eval;
	const Expr *expr = walk_item_value(agg->expr);
	Item *item = &agg->item[agg->n];
	slot_row(&agg->frame->slot[agg->expr->ref], row);
	Value where = eval_where(agg, quiet, row);
	if (where.state == STATE_KNOWN && where.n == 0)
		return;
	bool list = eval->walk->trace != NULL && agg->frame->mute_from == NOT_MUTED &&
		agg->listed < listed_most(agg->expr);
	if (list) {
		agg->listed++;
		show_where(agg);
	}
	item->row = row;
	item->value = expr == NULL ? known_n(1) : walk_eval(eval, list ? agg->frame : quiet, expr);
	if (list && expr != NULL)
		trace_item(agg, expr, row, item->value);
	take_item(agg, &where, item);
}

/* Only a fault, which is never hidden, could change what enough rows have settled. Sifting may have
 * left too few rows to be worth the question. */
static bool may_stop(const Agg *agg, int32_t rows)
{
	bool safe = is_quantifier(agg->expr) && rows > LIMIT_DECIDING_ROWS;
	for (int i = ARG_WHERE; i <= ARG_VALUE && safe; i++) {
		const Expr *part = arg_of(agg->expr, i);
		safe = part == NULL || walk_is_safe(agg->eval, agg->frame, agg->expr, part);
	}
	return safe;
}

/* Rows are muted while they are only looked at: slots from this aggregate's own on. Short lists
 * come sorted already; long ones are sorted once sifting has made them short. */
static void take_each(Agg *agg)
{
	Frame quiet = *agg->frame;
	if (quiet.mute_from > agg->expr->ref)
		quiet.mute_from = agg->expr->ref;
	agg->eval->inside++;
	RowSpan rows = agg->rows;
	if (agg->rows.n > LISTED_ROWS)
		rows = walk_sift(agg->eval, agg->frame, agg->expr, rows, &agg->sifting);
	if (agg->rows.n > LISTED_ROWS)
		rows = walk_sorted(agg->eval, agg->expr->arg[ARG_ROWS]->type.ref, rows);
	agg->item = ARENA_ARRAY(agg->eval->walk->arena, Item, (size_t)rows.n + 1);
	int32_t most = may_stop(agg, rows.n) ? LIMIT_DECIDING_ROWS : INT32_MAX;
	for (int32_t i = 0; i < rows.n && agg->deciding < most; i++)
		take_row(agg, &quiet, rows.at[i]);
	agg->eval->inside--;
}

/* Of a number of rows without a condition no row needs a look: all go in, and none has a line. */
static void take_rows(Agg *agg)
{
	if (agg->expr->how == AGG_COUNT && arg_of(agg->expr, ARG_WHERE) == NULL)
		agg->n = agg->sure = agg->rows.n;
	else
		take_each(agg);
}

/* What is missing from the aggregate as a whole: nothing may be (S15, S16). */
static Value all_known(const Agg *agg)
{
	Value worst = agg->lost;
	walk_spread(agg->eval, &worst, agg->open);
	return worst;
}

/* "average(…) has no rows" (S18) */
static Value no_rows(const Agg *agg)
{
	buf_str(&agg->eval->buf, trace_written(agg->eval, agg->expr));
	buf_puts(&agg->eval->buf, " has no rows");
	return lost(STATE_UNKNOWN, walk_why(agg->eval, walk_text(agg->eval)));
}

/* ---- any, none, all ---- */

/* any(x for r in rows where c) asks for both. */
static Value condition_of(const Agg *agg, const Item *item)
{
	Value where = item->where == STATE_KNOWN ? known_n(1) : lost(item->where, item->why);
	return arg_of(agg->expr, ARG_VALUE) == NULL ? where
		: walk_kleene(agg->eval, where, item->value, false);
}

/* Yes as soon as one row surely satisfies it, whatever is unknown of the others; but every row is
 * looked at, for faults. */
static Value any(const Agg *agg)
{
	Value out = known_n(0);
	for (int32_t i = 0; i < agg->n; i++)
		out = walk_kleene(agg->eval, out, condition_of(agg, &agg->item[i]), true);
	return out;
}

/* What is open of `any` is open of it too. */
static Value none(const Agg *agg)
{
	Value out = any(agg);
	return out.state == STATE_KNOWN ? known_n(out.n == 0) : out;
}

/* A row that may be left out, or that satisfies the condition. */
static Value all(const Agg *agg)
{
	Value out = known_n(1);
	for (int32_t i = 0; i < agg->n; i++) {
		const Item *item = &agg->item[i];
		Value holds = item->value;
		if (item->where != STATE_KNOWN)
			holds = walk_kleene(agg->eval, lost(item->where, item->why), holds, true);
		out = walk_kleene(agg->eval, out, holds, false);
	}
	return out;
}

/* ---- numbers ---- */

/* A row that may count makes the number unknown: there is no "about" in a count. */
static Value count(const Agg *agg)
{
	if (agg->open.state != STATE_KNOWN)
		return agg->open;
	return walk_settle(agg->eval, agg->expr, true, (Ratio){agg->sure, 1});
}

/* In 128 bits, without a test on the way, so that order cannot matter (S79). Ratios, which only a
 * rounding could have kept out, are added as they come. A value of fixed scale was tested against
 * it, so the division comes out even. */
static bool sum_up(const Agg *agg, Ratio *out)
{
	Type type = arg_of(agg->expr, ARG_VALUE)->type;
	Int128 sum = 0;
	*out = (Ratio){0, 1};
	for (int32_t i = 0; i < agg->n; i++) {
		if (agg->item[i].where != STATE_KNOWN)
			continue;
		Ratio q = agg->item[i].value.q;
		if (!type.ratio)
			sum += q.n * (type.scale / q.d);
		else if (!ratio_add(*out, q, out))
			return false;
	}
	return type.ratio || ratio_make(sum, type.scale, out);
}

/* S15: a total that left out a log would accuse or clear by accident. */
static Value total(const Agg *agg)
{
	Value worst = agg->lost;
	Ratio sum = {0, 1};
	walk_spread(agg->eval, &worst, agg->zero);
	if (worst.state != STATE_KNOWN)
		return worst;
	bool ok = sum_up(agg, &sum);
	return walk_settle(agg->eval, agg->expr, ok, sum);
}

/* Of rows, each counting once (S92); no rows have no mean (S18). */
static Value average(const Agg *agg)
{
	Value worst = all_known(agg);
	Ratio sum, mean = {0, 1};
	if (worst.state != STATE_KNOWN)
		return worst;
	if (agg->n == 0)
		return no_rows(agg);
	bool ok = sum_up(agg, &sum) && ratio_div(sum, (Ratio){agg->n, 1}, &mean);
	return walk_settle(agg->eval, agg->expr, ok, mean);
}

/* Rows that satisfy the condition over all rows: the condition stands in `value`, or, where nothing
 * else was written, in `where`. In the second case rows that it refuses are no items, but are
 * counted all the same: rows.n. */
static Value share(const Agg *agg)
{
	const Expr *value = arg_of(agg->expr, ARG_VALUE);
	Value worst = all_known(agg);
	int32_t yes = agg->n, of = value == NULL ? agg->rows.n : agg->n;
	Ratio q = {0, 1};
	if (worst.state != STATE_KNOWN)
		return worst;
	if (of == 0)
		return no_rows(agg);
	for (int32_t i = 0; value != NULL && i < agg->n; i++)
		yes -= agg->item[i].value.n == 0;
	bool ok = ratio_make(yes, of, &q);
	return walk_settle(agg->eval, agg->expr, ok, q);
}

/* ---- one of the values ---- */

static int order_of(const Agg *agg, const Item *a, const Item *b, Type type)
{
	const Walk *walk = agg->eval->walk;
	return value_order(walk->store, type, a->value, b->value, walk->arena);
}

/* The first by key of several that are equal, which makes no difference to the value. */
static Value extreme(const Agg *agg, int wanted)
{
	Value worst = all_known(agg);
	if (worst.state != STATE_KNOWN)
		return worst;
	if (agg->n == 0)
		return no_rows(agg);
	const Item *best = &agg->item[0];
	for (int32_t i = 1; i < agg->n; i++)
		if (order_of(agg, &agg->item[i], best, agg->expr->type) == wanted)
			best = &agg->item[i];
	return best->value;
}

/* Rows come by key, so that of equal ones the first, or for last the last, has it (S75). The value
 * is worked out for the row that is taken, and for no other: what is wrong with the others does not
 * matter. */
static Value first_or_last(const Agg *agg, bool last)
{
	const Expr *by = arg_of(agg->expr, ARG_BY), *value = arg_of(agg->expr, ARG_VALUE);
	Value worst = all_known(agg);
	if (worst.state != STATE_KNOWN)
		return worst;
	if (agg->n == 0)
		return no_rows(agg);
	const Item *best = &agg->item[0];
	for (int32_t i = 1; i < agg->n; i++) {
		int order = by == NULL ? 1 : order_of(agg, &agg->item[i], best, by->type);
		if (last ? (by == NULL || order >= 0) : (by != NULL && order < 0))
			best = &agg->item[i];
	}
	if (value == NULL)
		return known_n(best->row);
	agg->frame->slot[agg->expr->ref] = known_n(best->row);
	agg->eval->inside++; /* what is said of this row is not kept for another */
	Value found = walk_eval(agg->eval, agg->frame, value);
	agg->eval->inside--;
	return found;
}

/* S57: which of two values a group should stand for is a choice, not a fact. */
static Value only_value(const Agg *agg)
{
	Value worst = all_known(agg);
	if (worst.state != STATE_KNOWN)
		return worst;
	if (agg->n == 0)
		return no_rows(agg);
	for (int32_t i = 1; i < agg->n; i++)
		if (!value_same(agg->expr->type, agg->item[0].value, agg->item[i].value))
			return walk_missing(agg->eval, "the values differ");
	return agg->item[0].value;
}

typedef struct Order {
	const Agg *agg;
	Type type;
} Order;

static int by_value(const void *a, const void *b, void *user)
{
	const Order *order = user;
	return order_of(order->agg, a, b, order->type);
}

/* Sorted, equal ones stand side by side. The items are this aggregate's own, so they may move.
 * Equal by value, not by how it is written: 1/2 and 2/4 are one. */
static Value distinct(const Agg *agg)
{
	Value worst = all_known(agg);
	int32_t different = agg->n > 0;
	if (worst.state != STATE_KNOWN)
		return worst;
	Order order = {agg, arg_of(agg->expr, ARG_VALUE)->type};
	qsort_r(agg->item, (size_t)agg->n, sizeof *agg->item, by_value, &order);
	for (int32_t i = 1; i < agg->n; i++)
		different += !value_same(order.type, agg->item[i - 1].value, agg->item[i].value);
	return walk_settle(agg->eval, agg->expr, true, (Ratio){different, 1});
}

/* "L1, L2 and 3 more": for messages; a value that is missing prints as `unknown`. */
static Value list(const Agg *agg)
{
	enum { SHOWN = 10 };
	const Walk *walk = agg->eval->walk;
	const Expr *value = arg_of(agg->expr, ARG_VALUE);
	Type row_type = {.kind = TYPE_ROW, .ref = agg->expr->arg[ARG_ROWS]->type.ref, .scale = 1};
	Buf buf = {0};
	if (agg->open.state != STATE_KNOWN)
		return agg->open;
	if (agg->n == 0)
		buf_puts(&buf, "none");
	for (int32_t i = 0; i < agg->n && i < SHOWN; i++) {
		const Item *item = &agg->item[i];
		buf_puts(&buf, i > 0 ? ", " : "");
		value_print(&buf, walk->store, walk->book, value == NULL ? row_type : value->type,
			value == NULL ? known_n(item->row) : item->value, walk->arena);
	}
	if (agg->n > SHOWN)
		buf_printf(&buf, " and %d more", (int)(agg->n - SHOWN));
	Str text = buf_keep(&buf, walk->arena);
	return (Value){.state = STATE_KNOWN, .text = text};
}

/* ---- figures that a rule names twice ---- */

/* A rule speaks of a figure where it tests it, again in its message, and once more in its sums.
 * Over the eighty visits of a group that costs as much again, so outside all loops, where the slots
 * are the subject's, what an aggregate came to is kept until the judgement ends
 * (walk_of_subject). */

/* Written in two places, but the same. */
bool walk_same_expr(const Expr *a, const Expr *b)
{
	if (a == b)
		return true;
	if (a == NULL || b == NULL || a->op != b->op || a->how != b->how || a->ref != b->ref ||
	    a->n != b->n || a->q.n != b->q.n || a->q.d != b->q.d || a->nargs != b->nargs ||
	    a->type.kind != b->type.kind || a->type.ref != b->type.ref ||
	    a->type.scale != b->type.scale || a->type.ratio != b->type.ratio ||
	    !str_eq(a->text, b->text))
		return false;
	for (int32_t i = 0; i < a->nargs; i++)
		if (!walk_same_expr(a->arg[i], b->arg[i]))
			return false;
	return true;
}

static const Figure *figure_in(const Figure *figure, const Frame *frame, const Expr *expr)
{
	while (figure != NULL && (figure->law_day != frame->law_day ||
			!walk_same_expr(figure->expr, expr)))
		figure = figure->next;
	return figure;
}

static const Figure *find_figure(const Eval *eval, const Frame *frame, const Expr *expr)
{
	if (!walk_of_subject(eval, frame))
		return NULL;
	const Figure *figure = figure_in(eval->figure, frame, expr);
	if (figure == NULL && eval->whole && eval->keep != NULL)
		figure = figure_in(eval->keep->figure, frame, expr);
	return figure;
}

/* Its line still is written where it stands in other words. Without the rows: those have written
 * their lines. */
static Value figure_again(Eval *eval, const Frame *frame, const Expr *expr, const Figure *figure)
{
	Agg had = {.eval = eval, .expr = expr, .rows = figure->rows, .n = figure->n};
	eval->open += figure->open;
	eval->spared += figure->cost;
	if (trace_wants(eval, frame, expr))
		trace_result(&had, figure->value);
	return figure->value;
}

/* What rests on the data alone outlasts the judgement, where somebody keeps it: for looks that
 * write no evidence, so that the rows themselves need not be there. */
static void keep_figure(const Agg *agg, Value value, int64_t before, int64_t from)
{
	Eval *eval = agg->eval;
	if (!walk_of_subject(eval, agg->frame))
		return;
	Figure figure = {eval->figure, agg->expr, agg->frame->law_day, agg->n, eval->open != before,
		eval->steps + eval->spared - from, agg->rows, value};
	eval->figure = arena_copy(eval->walk->arena, &figure, sizeof figure);
	if (eval->whole && walk_keeps(eval, before, agg->expr->type, &value)) {
		figure.next = eval->keep->figure;
		figure.rows = (RowSpan){NULL, 0};
		eval->keep->figure = arena_copy(eval->keep->arena, &figure, sizeof figure);
	}
}

/* ---- the whole ---- */

/* A list prints what is unknown, and so comes last and apart. */
static Value reduce(const Agg *agg)
{
	switch ((AggregateKind)agg->expr->how) {
	case AGG_ANY: return any(agg);
	case AGG_NONE: return none(agg);
	case AGG_ALL: return all(agg);
	case AGG_COUNT: return count(agg);
	case AGG_TOTAL: return total(agg);
	case AGG_LEAST: return extreme(agg, -1);
	case AGG_GREATEST: return extreme(agg, 1);
	case AGG_AVERAGE: return average(agg);
	case AGG_DISTINCT: return distinct(agg);
	case AGG_FIRST: return first_or_last(agg, false);
	case AGG_LAST: return first_or_last(agg, true);
	case AGG_SHARE: return share(agg);
	case AGG_ONLY_VALUE: return only_value(agg);
	case AGG_LIST: break;
	}
	return list(agg);
}

/* Figures over rows of several partitions bring their aggregates along. By place and not by words:
 * it is that aggregate's figure and no other's. */
static const Leaf *leaf_of(const Eval *eval, const Expr *expr)
{
	for (int32_t i = 0; i < eval->nleaves; i++)
		if (eval->leaf[i].expr == expr)
			return &eval->leaf[i];
	return NULL;
}

/* A collection that is not known makes everything about it unknown, `any` too: there might be a row
 * that decides, and there might not. */
Value walk_aggregate(Eval *eval, const Frame *frame, const Expr *expr)
{
	const Leaf *leaf = leaf_of(eval, expr);
	if (leaf != NULL)
		return leaf->value;
	const Figure *figure = find_figure(eval, frame, expr);
	if (figure != NULL)
		return figure_again(eval, frame, expr, figure);
	int64_t before = eval->open, from = eval->steps + eval->spared;
	Value rows = walk_eval(eval, frame, expr->arg[ARG_ROWS]);
	if (rows.state != STATE_KNOWN)
		return lost(rows.state, rows.why);
	Agg agg = {
		.eval = eval, .frame = frame, .expr = expr, .rows = rows.rows,
		.open = lost(STATE_KNOWN, NULL), .lost = lost(STATE_KNOWN, NULL),
		.zero = lost(STATE_KNOWN, NULL),
	};
	take_rows(&agg);
	Value result = reduce(&agg);
	keep_figure(&agg, result, before, from);
	if (trace_wants(eval, frame, expr))
		trace_result(&agg, result);
	return result;
}
