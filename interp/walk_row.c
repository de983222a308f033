/*
 * Fields of rows, and the ways from row to row: links, matches, collections.
 *
 *   visit.provision     a field that is a link: one row, or missing
 *   provision.visits    its inverse: rows, perhaps none
 *   visit.logs          a match: rows; not known when the visit could not be placed
 *   log.visit           the same backwards: one row, or missing
 *
 * Every step and every value writes a line of evidence, once for each row.
 *
 * Fields come out of columns (interp/store.h): an integer over the type's scale, or a pointer to a
 * text. What is not known has no reason there, so the reason is made here, with table, key and
 * field: it is what people are asked for.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* qsort_r */
#endif
#include "interp/walk_private.h"

#include <stdlib.h>

/* Declarations of the row at hand: their names are what people know them by. */
static const Dataset *dataset_of(const Eval *eval, int32_t dataset)
{
	return &eval->walk->book->dataset[dataset];
}

/* ---- why something is missing ---- */

/* "log.check_out of log L1 is missing". The words are the same for one fact wherever it is missed,
 * so that it is named once. */
static Value missing_of_row(Eval *eval, int32_t dataset, Str name, int64_t row, const char *how)
{
	buf_str(&eval->buf, dataset_of(eval, dataset)->decl.name);
	buf_char(&eval->buf, '.');
	buf_str(&eval->buf, name);
	buf_puts(&eval->buf, " of ");
	trace_put_row(eval, dataset, (int32_t)row);
	buf_puts(&eval->buf, how);
	return lost(STATE_UNKNOWN, walk_why(eval, walk_text(eval)));
}

/* ---- fields ---- */

/* Each once; a subject reads few, so they are looked through. Which parts of the judgement looked
 * at it is kept, to know what must be asked again. */
static void note_read(FieldReads *reads, int32_t dataset, int32_t field, int32_t row)
{
	for (int32_t i = 0; i < reads->n; i++)
		if (reads->at[i].field == field && reads->at[i].row == row
				&& reads->at[i].dataset == dataset) {
			reads->at[i].parts |= reads->part;
			return;
		}
	if (reads->n < reads->most)
		reads->at[reads->n++] = (FieldRead){dataset, field, row, reads->part};
	else
		reads->full = true;
}

/* What stands for a known field while it is asked what if it were otherwise; NULL: nothing. Out of
 * line: while rows are judged nothing is filled in. */
static __attribute__((noinline)) const Value *in_place_of(const Walk *walk, int32_t dataset,
	int32_t field, int64_t row)
{
	if (walk->fill->reads != NULL && !walk->fill->reads->full)
		note_read(walk->fill->reads, dataset, field, (int32_t)row);
	return walk->fill->over ? walk_filled_field(walk, dataset, field, row) : NULL;
}

/* What rests on it holds under this filling alone. */
static Value filled_in(Eval *eval, const Value *value)
{
	eval->open++;
	return *value;
}

/*
 * A column holds n over the type's scale; a text is a pointer to its cell; all else is a number.
 *
 * Not inlined: gcc then builds the value from halves of 8 bytes and copies it by 16 at once, which
 * waits for every half to arrive in the cache. That was half the time of walk_field.
 */
static __attribute__((noinline)) Value field_value(Eval *eval, const Expr *expr, int64_t row)
{
	const Store *store = eval->walk->store;
	int32_t dataset = expr->arg[0]->type.ref;
	const Field *field = &dataset_of(eval, dataset)->field[expr->ref];
	int64_t n;
	Ratio q;
	const Value *other = eval->walk->fill == NULL ? NULL
		: in_place_of(eval->walk, dataset, expr->ref, row);
	if (other != NULL)
		return filled_in(eval, other);
	if (!store_get(store, dataset, expr->ref, (int32_t)row, &n)) {
		const Value *filled = walk_filled_field(eval->walk, dataset, expr->ref, row);
		return filled != NULL ? filled_in(eval, filled)
			: missing_of_row(eval, dataset, field->name, row, " is missing");
	}
	if (expr->type.kind == TYPE_TEXT) {
		Str text = store_text(store, dataset, expr->ref, (int32_t)row);
		return (Value){.state = STATE_KNOWN, .text = text};
	}
	if (expr->type.kind != TYPE_QUANTITY)
		return known_n(n);
	if (expr->type.scale == 1)
		return known_q((Ratio){n, 1});
	bool ok = ratio_make(n, expr->type.scale, &q);
	return walk_settle(eval, expr, ok, q);
}

const Value *walk_filled_field(const Walk *walk, int32_t dataset, int32_t field, int64_t row)
{
	for (int32_t i = 0; walk->fill != NULL && i < walk->fill->n; i++) {
		const Filling *fill = &walk->fill->at[i];
		if (fill->field != field || fill->dataset != dataset || fill->row != row)
			continue;
		if (walk->fill->notes != NULL)
			walk->fill->notes->looks++;
		return &fill->value;
	}
	return NULL;
}

/* What is asked, of which row: the identity of a line about it. */
static uint64_t row_hash(int op, int32_t ref, int32_t dataset, int64_t row)
{
	uint64_t hash = trace_mix((uint64_t)op, (uint64_t)(uint32_t)dataset << 32 | (uint32_t)ref);
	return trace_mix(hash, (uint64_t)row);
}

/* Law 12: table, key and column, so that anybody can look the value up. */
static void trace_field(Eval *eval, const Frame *frame, const Expr *expr, int64_t row,
	const Value *value)
{
	int32_t dataset = expr->arg[0]->type.ref;
	if (!trace_wants(eval, frame, expr))
		return;
	if (!trace_first(eval, row_hash(EXPR_FIELD, expr->ref, dataset, row)))
		return;
	TraceLine line = {trace_label(eval, expr, LABEL_SELF),
		.key = trace_row_key(eval, dataset, (int32_t)row)};
	trace_value(eval, line, expr->type, *value);
}

/* The account comes first, as what stands behind the field. */
static Value field_traced(Eval *eval, const Frame *frame, const Expr *expr, int64_t row)
{
	Value value = field_value(eval, expr, row);
	if (eval->walk->book->dataset[expr->arg[0]->type.ref].origin != ORIGIN_TABLE)
		walk_account(eval, frame, expr, (int32_t)row);
	trace_field(eval, frame, expr, row, &value);
	return value;
}

/* A value is handed on as it comes, since it is not copied then. */
Value walk_field(Eval *eval, const Frame *frame, const Expr *expr)
{
	Value room;
	const Value *row = walk_place(eval, frame, expr->arg[0], &room);
	if (row->state != STATE_KNOWN)
		return lost(row->state, row->why);
	return eval->walk->trace == NULL ? field_value(eval, expr, row->n)
		: field_traced(eval, frame, expr, row->n);
}

/* ---- collections ---- */

/* Most lists come by key already; looking costs less than sorting. One comparison a row; ranks make
 * it a comparison of numbers. */
static bool in_order(Eval *eval, int32_t dataset, const int32_t *row, int32_t n)
{
	const Walk *walk = eval->walk;
	for (int32_t i = 1; i < n; i++)
		if (store_key_cmp(walk->store, dataset, row[i - 1], row[i], walk->arena) > 0)
			return false;
	return true;
}

typedef struct KeyOrder {
	const Walk *walk;
	int32_t dataset;
} KeyOrder;

static int by_key(const void *a, const void *b, void *user)
{
	const KeyOrder *order = user;
	return store_key_cmp(order->walk->store, order->dataset, *(const int32_t *)a,
		*(const int32_t *)b, order->walk->arena);
}

/* Lists of a store stand in any order that does not depend on the database's. */
RowSpan walk_sorted(Eval *eval, int32_t dataset, RowSpan rows)
{
	if (rows.n < 2 || in_order(eval, dataset, rows.at, rows.n))
		return rows;
	KeyOrder order = {eval->walk, dataset};
	int32_t *copy = arena_copy(eval->walk->arena, rows.at, sizeof(int32_t) * (size_t)rows.n);
	qsort_r(copy, (size_t)rows.n, sizeof(int32_t), by_key, &order);
	return (RowSpan){copy, rows.n};
}

/* Short lists are shown by key; of a long one only the rows that matter are put in order later, for
 * a key may have to be fetched from the database. */
static RowSpan by_key_if_short(Eval *eval, int32_t dataset, RowSpan rows)
{
	return rows.n > LISTED_ROWS ? rows : walk_sorted(eval, dataset, rows);
}

/* Where a step leads from this row (of the dataset; -1: from no row in particular). A long list
 * shows how many rows it has instead of their keys. */
static void trace_rows(Eval *eval, const Frame *frame, const Expr *expr, int32_t dataset,
	int64_t row, Value value)
{
	if (!trace_wants(eval, frame, expr) ||
	    !trace_first(eval, row_hash(expr->op | expr->how << 8, expr->ref, dataset, row)))
		return;
	TraceLine line = {trace_label(eval, expr, LABEL_SELF), .key = NO_KEY};
	if (dataset >= 0)
		line.key = trace_row_key(eval, dataset, (int32_t)row);
	if (expr->type.kind == TYPE_ROWS) {
		trace_put_rows(eval, value.rows.n, value.rows.n);
		line.note = walk_text(eval);
	}
	if (value.state == STATE_KNOWN && value.rows.n > LISTED_ROWS) {
		line.value = line.note;
		line.note = (Str){0};
		*vec_push(&eval->walk->trace->line) = line;
		return;
	}
	trace_value(eval, line, expr->type, value);
}

/* The right rows of a left one; not known when the left row could not be placed (S64). */
static Value matched_rows(Eval *eval, const Expr *expr, int64_t row)
{
	const StoreMatch *match = &eval->walk->store->matched[expr->ref];
	const Match *decl = &eval->walk->book->match[expr->ref];
	if (match->left_unknown != NULL && bit_get(match->left_unknown, row))
		return missing_of_row(eval, decl->left, decl->left_name, row, " is not known");
	RowSpan rows = rowlists_of(&match->right_of_left, (int32_t)row);
	return known_rows(by_key_if_short(eval, decl->right, rows));
}

/* A row with no partner lacks it; whether one whose key is unknown has a partner is not known. Both
 * are unknown to a rule, but the reasons read differently. */
static Value matched_row(Eval *eval, const Expr *expr, int64_t row)
{
	const StoreMatch *match = &eval->walk->store->matched[expr->ref];
	const Match *decl = &eval->walk->book->match[expr->ref];
	if (match->right_unknown != NULL && bit_get(match->right_unknown, row))
		return missing_of_row(eval, decl->right, decl->right_name, row, " is not known");
	int32_t left = match->left_of_right == NULL ? -1 : match->left_of_right[row];
	if (left < 0)
		return missing_of_row(eval, decl->right, decl->right_name, row, " is missing");
	return known_n(left);
}

Value walk_matched(Eval *eval, const Frame *frame, const Expr *expr)
{
	Value row = walk_eval(eval, frame, expr->arg[0]);
	if (row.state != STATE_KNOWN)
		return lost(row.state, row.why);
	Value value = expr->how == 0 ? matched_rows(eval, expr, row.n)
		: matched_row(eval, expr, row.n);
	if (eval->walk->trace != NULL)
		trace_rows(eval, frame, expr, expr->arg[0]->type.ref, row.n, value);
	return value;
}

/* The row before or after in a sequence. The first row lacks one before it; a row whose place is
 * open does not know its neighbours. */
static Value neighbour(Eval *eval, const Expr *expr, int64_t row)
{
	const Sequence *decl = &eval->walk->book->sequence[expr->ref];
	const StoreSequence *sequence = eval->walk->store->sequence;
	Str name = expr->how == 0 ? decl->previous_name : decl->next_name;
	sequence = sequence != NULL ? &sequence[expr->ref] : NULL;
	if (sequence == NULL || sequence->previous == NULL ||
	    (sequence->unknown != NULL && bit_get(sequence->unknown, row)))
		return missing_of_row(eval, decl->dataset, name, row, " is not known");
	int32_t beside = expr->how == 0 ? sequence->previous[row] : sequence->next[row];
	if (beside < 0)
		return missing_of_row(eval, decl->dataset, name, row, " is missing");
	return known_n(beside);
}

Value walk_neighbour(Eval *eval, const Frame *frame, const Expr *expr)
{
	Value row = walk_eval(eval, frame, expr->arg[0]);
	if (row.state != STATE_KNOWN)
		return lost(row.state, row.why);
	Value value = neighbour(eval, expr, row.n);
	if (eval->walk->trace != NULL)
		trace_rows(eval, frame, expr, expr->arg[0]->type.ref, row.n, value);
	return value;
}

/* An inverse link is a collection: without rows it is empty, never missing (S18). An end that is
 * not known has no list at all: the state spreads. */
Value walk_linked(Eval *eval, const Frame *frame, const Expr *expr)
{
	Value row = walk_eval(eval, frame, expr->arg[0]);
	if (row.state != STATE_KNOWN)
		return lost(row.state, row.why);
	RowSpan rows = rowlists_of(&eval->walk->store->inverse[expr->ref], (int32_t)row.n);
	Value value = known_rows(by_key_if_short(eval, expr->type.ref, rows));
	if (eval->walk->trace != NULL)
		trace_rows(eval, frame, expr, expr->arg[0]->type.ref, row.n, value);
	return value;
}

/* Made once for each dataset, and only when a rule asks for all of it. */
static const int32_t *all_rows(Eval *eval, int32_t dataset, int32_t n)
{
	Arena *arena = eval->walk->arena;
	if (eval->all == NULL)
		eval->all = ARENA_ARRAY(arena, const int32_t *, (size_t)eval->walk->book->ndatasets);
	if (eval->all[dataset] == NULL) {
		int32_t *row = ARENA_ARRAY(arena, int32_t, (size_t)n);
		for (int32_t i = 0; i < n; i++)
			row[i] = i;
		eval->all[dataset] = walk_sorted(eval, dataset, (RowSpan){row, n}).at;
	}
	return eval->all[dataset];
}

/* No line of evidence: that a rule looks at a whole dataset is plain from its words. */
Value walk_all_rows(Eval *eval, const Expr *expr)
{
	const StoreTable *table = eval->walk->store->table[expr->ref];
	if (table == NULL)
		return walk_missing(eval, "the dataset is not there");
	return known_rows((RowSpan){all_rows(eval, expr->ref, table->rows), table->rows});
}

/* The rows under judgement, after what narrowed them. */
Value walk_group_rows(Eval *eval, const Frame *frame, const Expr *expr)
{
	Value value = known_rows(eval->group);
	if (eval->walk->trace != NULL)
		trace_rows(eval, frame, expr, -1, 0, value);
	return value;
}
