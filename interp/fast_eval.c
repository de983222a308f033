/*
 * The dispatch, and the leaves: constants, fields of rows, and the ways from row to row.
 *
 * Row numbers are values like others, but the only ones that must not be used where they are not
 * known: every kernel here looks at the state before it follows a number into a table.
 *
 *   eval_field          column[row]            load: rows in order are a plain copy that widens
 *   eval_left_row       log.visit              one row, or unknown
 *   eval_neighbour      log.previous           one row, or unknown
 *   eval_lists          visit.logs, p.visits   a span of the store's own list: nothing is copied
 *   eval_all_rows       all of a dataset       a span without numbers
 *
 * A column that is made here holds 0 where nothing is known (out_done sees to that), so that loops
 * over it need not look at states.
 */
#include "interp/fast_internal.h"

#include <string.h>

/* One entry for any number of subjects: kernels take constants out of their loops. */
static const Col *eval_constant(Frame *frame, const Expr *expr)
{
	if (expr->type.kind == TYPE_TEXT) {
		int32_t class = fast_class_of(frame->fast, expr);
		return col_fixed(frame, frame->fast->class[class].cell);
	}
	return col_fixed(frame, expr->n);
}

/* A constant may be finer than the scale of its place: then it is a fault. The explaining evaluator
 * makes the same test (walk_settle). */
static const Col *eval_constant_ratio(Frame *frame, const Expr *expr)
{
	Out out = out_of_type(frame, expr->type, true);
	if (!fast_ratio_put(&out, expr->type, 0, expr->q)) {
		out.v[0] = 0;
		out.st = POOL_ARRAY(frame->pool, uint8_t, 1);
		out.st[0] = STATE_FAULT;
	}
	return out_done(frame, &out);
}

/* ---- fields ---- */

/* Values of one width, for rows in order or picked by number. Four loops: rows in order or not, a
 * factor or none. What is widened keeps its sign. */
#define LOAD(T)                                                                        \
	do {                                                                               \
		const T *from = (const T *)column->at + (rows->run ? rows->v[0] : 0);          \
		if (rows->run && times == 1)                                                   \
			for (int32_t i = 0; i < m; i++)                                            \
				v[i] = from[i];                                                        \
		else if (rows->run)                                                            \
			for (int32_t i = 0; i < m; i++)                                            \
				v[i] = from[i] * times;                                                \
		else if (times == 1)                                                           \
			for (int32_t i = 0; i < m; i++)                                            \
				v[i] = from[row[i]];                                                   \
		else                                                                           \
			for (int32_t i = 0; i < m; i++)                                            \
				v[i] = from[row[i]] * times;                                           \
	} while (0)

/* A switch outside the loops, so that each is a plain copy that widens. */
static void load(const Column *column, const Col *rows, int32_t m, int64_t *v)
{
	const int64_t times = column->times, *row = rows->v;
	switch (column->width) {
	case 1:
		LOAD(int8_t);
		break;
	case 2:
		LOAD(int16_t);
		break;
	case 4:
		LOAD(int32_t);
		break;
	default:
		LOAD(int64_t);
		break;
	}
}

/* STRETCH bits from `at` on, the first of them lowest; the word behind is read only where some of
 * them are there. */
static uint8_t bits_at(const uint64_t *bits, int64_t at)
{
	int shift = (int)(at & 63);
	uint64_t some = bits[at >> 6] >> shift;
	if (shift > 64 - STRETCH)
		some |= bits[(at >> 6) + 1] << (64 - shift);
	return (uint8_t)some;
}

/* Rows in order: a stretch without gaps is written at once. */
static void run_states(const uint64_t *known, int64_t from, int32_t m, uint8_t *st)
{
	int32_t i = 0;
	for (; i + STRETCH <= m; i += STRETCH) {
		uint8_t bits = bits_at(known, from + i);
		memset(st + i, STATE_KNOWN, STRETCH);
		for (int32_t k = 0; bits != UINT8_MAX && k < STRETCH; k++)
			st[i + k] = (bits >> k & 1) != 0 ? STATE_KNOWN : STATE_UNKNOWN;
	}
	for (; i < m; i++)
		st[i] = bit_get(known, from + i) ? STATE_KNOWN : STATE_UNKNOWN;
}

/* A column with gaps rarely has one in a given batch, and then out_done drops the states again. A
 * bit for each row of the table, a byte for each of the batch. */
static void load_known(const uint64_t *known, const Col *rows, int32_t m, uint8_t *st)
{
	if (rows->run) {
		run_states(known, rows->v[0], m, st);
		return;
	}
	for (int32_t i = 0; i < m; i++)
		st[i] = bit_get(known, rows->v[i]) ? STATE_KNOWN : STATE_UNKNOWN;
}

/* Where some of the rows are not known: a link that is missing, the row before the first. Their
 * numbers must not be followed, so the first row of the table stands in for them; what comes of it
 * is blanked again. A table without rows has none that is known. */
static void load_some(Frame *frame, const Column *column, int32_t table_rows, const Col *rows,
	const Out *out)
{
	int64_t *row = POOL_ARRAY(frame->pool, int64_t, out->m);
	uint8_t *st = out->st;
	if (table_rows == 0)
		return;
	for (int32_t i = 0; i < out->m; i++)
		row[i] = rows->v[i] & -(int64_t)(st[i] == STATE_KNOWN);
	load(column, &(Col){.v = row}, out->m, out->v);
	for (int32_t i = 0; column->known != NULL && i < out->m; i++) {
		uint8_t missing = bit_get(column->known, row[i]) ? STATE_KNOWN : STATE_UNKNOWN;
		st[i] = st[i] > missing ? st[i] : missing;
	}
}

/* NULL where the plan did not ask for the field or the table: nothing is known of it. As column_of
 * of store.c, but once for a batch. */
static const Column *column_of(const Store *store, int32_t dataset, int32_t field)
{
	const StoreTable *table = store->table[dataset];
	if (table == NULL || table->column == NULL || table->column[field].at == NULL)
		return NULL;
	return &table->column[field];
}

/* The usual way has no states on the side of the row: the subject itself, or a link that is never
 * missing. States of the row come first: a field of a row that is not known is not known in the
 * same way. */
static const Col *eval_field(Frame *frame, const Expr *expr)
{
	const Col *rows = fast_eval(frame, expr->arg[0]);
	const Column *column = column_of(frame->fast->store, expr->arg[0]->type.ref, expr->ref);
	if (column == NULL)
		return col_unknown(frame, expr->type);
	Out out = out_fixed(frame, rows->constant);
	if (rows->st != NULL) {
		out.st = fast_states(frame, out.m, rows, rows, true);
		load_some(frame, column, frame->fast->store->table[expr->arg[0]->type.ref]->rows, rows, &out);
		return out_done(frame, &out);
	}
	load(column, rows, out.m, out.v);
	if (column->known != NULL) {
		out.st = POOL_ARRAY(frame->pool, uint8_t, out.m);
		load_known(column->known, rows, out.m, out.st);
	}
	return out_done(frame, &out);
}

/* ---- rows to rows ---- */

/* Loops without branches: any number of rows may lead nowhere. */
static void follow_known(const Col *rows, const int32_t *to, const uint64_t *lost, const Out *out)
{
	const int64_t *row = rows->v;
	int64_t *v = out->v;
	uint8_t *st = out->st;
	for (int32_t i = 0; i < out->m; i++) {
		v[i] = to[row[i]];
		st[i] = v[i] < 0 ? STATE_UNKNOWN : STATE_KNOWN;
	}
	for (int32_t i = 0; lost != NULL && i < out->m; i++)
		st[i] = bit_get(lost, row[i]) ? (uint8_t)STATE_UNKNOWN : st[i];
}

/* From each row to the one that `to` has for it: -1 is none, and without `to` there is none for
 * any. lost: a bit for each row of which nobody knows, or NULL. */
static const Col *follow(Frame *frame, const Col *rows, const int32_t *to, const uint64_t *lost)
{
	Out out = out_fixed(frame, rows->constant);
	out.st = fast_states(frame, out.m, rows, rows, true);
	if (rows->st == NULL && to != NULL) {
		follow_known(rows, to, lost, &out);
		return out_done(frame, &out);
	}
	for (int32_t i = 0; i < out.m; i++) {
		out.v[i] = 0;
		if (out.st[i] != STATE_KNOWN)
			continue;
		out.v[i] = to == NULL ? -1 : to[rows->v[i]];
		if (out.v[i] < 0 || (lost != NULL && bit_get(lost, rows->v[i])))
			out.st[i] = STATE_UNKNOWN;
	}
	return out_done(frame, &out);
}

/* log.visit: no visit is a missing one. A log whose own key is not known does not know its visit
 * either (S64). */
static const Col *eval_left_row(Frame *frame, const Expr *expr)
{
	const Col *rows = fast_eval(frame, expr->arg[0]);
	const StoreMatch *match = &frame->fast->store->matched[expr->ref];
	return follow(frame, rows, match->left_of_right, match->right_unknown);
}

/* log.previous: the first row of a line has none. A sequence that was not worked out leaves all of
 * them unknown. */
static const Col *eval_neighbour(Frame *frame, const Expr *expr)
{
	const Col *rows = fast_eval(frame, expr->arg[0]);
	const StoreSequence *sequence = frame->fast->store->sequence;
	sequence = sequence != NULL ? &sequence[expr->ref] : NULL;
	const int32_t *beside = sequence == NULL ? NULL
		: expr->how == 0 ? sequence->previous : sequence->next;
	if (beside == NULL)
		return col_unknown(frame, expr->type);
	return follow(frame, rows, beside, sequence->unknown);
}

/* Dense lists are two loads; those kept in a hash table, and rows beyond the lists, go the long
 * way. */
static RowSpan list_of(const RowLists *lists, int64_t row)
{
	if (lists->item == NULL || lists->slot_of != NULL || row >= lists->lists)
		return rowlists_of(lists, (int32_t)row);
	int32_t start = lists->start[row];
	return (RowSpan){lists->item + start, lists->start[row + 1] - start};
}

/* The commonest: nothing is open, and the lists are dense. Rows beyond the lists have none. */
static void lists_plain(const RowLists *lists, const int64_t *row, const Out *out)
{
	const int32_t *start = lists->start, *item = lists->item;
	for (int32_t i = 0; i < out->m; i++) {
		if (row[i] < lists->lists)
			out->rows[i] = (RowSpan){item + start[row[i]], start[row[i] + 1] - start[row[i]]};
		else
			out->rows[i] = (RowSpan){NULL, 0};
	}
}

/* A visit that could not be placed in time has unknown logs, not none (S64). */
static const Col *eval_lists(Frame *frame, const Expr *expr, const RowLists *lists,
	const uint64_t *unknown)
{
	const Col *rows = fast_eval(frame, expr->arg[0]);
	Out out = out_rows(frame, rows->constant);
	if (rows->st == NULL && unknown == NULL && lists->item != NULL && lists->slot_of == NULL) {
		lists_plain(lists, rows->v, &out);
		return out_done(frame, &out);
	}
	if (rows->st != NULL || unknown != NULL)
		out.st = fast_states(frame, out.m, rows, rows, true);
	for (int32_t i = 0; i < out.m; i++) {
		out.rows[i] = (RowSpan){NULL, 0};
		if (out.st != NULL && out.st[i] == STATE_KNOWN && unknown != NULL &&
		    bit_get(unknown, rows->v[i]))
			out.st[i] = STATE_UNKNOWN;
		if (out.st == NULL || out.st[i] == STATE_KNOWN)
			out.rows[i] = list_of(lists, rows->v[i]);
	}
	return out_done(frame, &out);
}

/* visit.logs from the left side, log.visit from the right. expr->how says which: 0 is the left. */
static const Col *eval_matched(Frame *frame, const Expr *expr)
{
	if (expr->how != 0)
		return eval_left_row(frame, expr);
	const StoreMatch *match = &frame->fast->store->matched[expr->ref];
	return eval_lists(frame, expr, &match->right_of_left, match->left_unknown);
}

/* A span without numbers stands for the rows 0 .. n-1. One entry for any number of subjects. */
static const Col *eval_all_rows(Frame *frame, const Expr *expr)
{
	const StoreTable *table = frame->fast->store->table[expr->ref];
	if (table == NULL)
		return col_unknown(frame, expr->type);
	Out out = out_rows(frame, true);
	out.rows[0] = (RowSpan){NULL, table->rows};
	return out_done(frame, &out);
}

/* A text is put together only for a finding's message, by the explaining evaluator. */
static const Col *eval_text(Frame *frame, const Expr *expr)
{
	return col_unknown(frame, expr->type);
}

/* One call for each kind of expression: the longest function of this evaluator. */
const Col *fast_compute(Frame *frame, const Expr *expr)
{
	switch ((ExprOp)expr->op) {
	case EXPR_CONST: return eval_constant(frame, expr);
	case EXPR_CONST_RATIO: return eval_constant_ratio(frame, expr);
	case EXPR_SLOT: return frame_slot(frame, expr->ref);
	case EXPR_FIELD: return eval_field(frame, expr);
	case EXPR_MATCHED: return eval_matched(frame, expr);
	case EXPR_NEIGHBOUR: return eval_neighbour(frame, expr);
	case EXPR_LINKED:
		return eval_lists(frame, expr, &frame->fast->store->inverse[expr->ref], NULL);
	case EXPR_ALL_ROWS: return eval_all_rows(frame, expr);
	case EXPR_GROUP_ROWS: return frame_group(frame);
	case EXPR_DERIVED: return eval_derived(frame, expr);
	case EXPR_CALL: return eval_call(frame, expr);
	case EXPR_PARAMETER: return eval_parameter(frame, expr);
	case EXPR_ROUND: return eval_round(frame, expr);
	case EXPR_TABLE: return eval_table(frame, expr);
	case EXPR_NEGATE: return eval_negate(frame, expr);
	case EXPR_ADD: return eval_add(frame, expr, false);
	case EXPR_SUBTRACT: return eval_add(frame, expr, true);
	case EXPR_MULTIPLY: return eval_multiply(frame, expr);
	case EXPR_DIVIDE: return eval_divide(frame, expr);
	case EXPR_RESCALE: return eval_rescale(frame, expr);
	case EXPR_COMPARE: return eval_compare(frame, expr);
	case EXPR_AND: return eval_and_or(frame, expr, false);
	case EXPR_OR: return eval_and_or(frame, expr, true);
	case EXPR_NOT: return eval_not(frame, expr);
	case EXPR_IF: return eval_if(frame, expr);
	case EXPR_OR_ELSE: return eval_or_else(frame, expr);
	case EXPR_IS_KNOWN: return eval_is_known(frame, expr);
	case EXPR_AS_AT: return eval_as_at(frame, expr);
	case EXPR_IN_FORCE: return eval_in_force(frame, expr);
	case EXPR_LEAST: return eval_extreme(frame, expr, false);
	case EXPR_GREATEST: return eval_extreme(frame, expr, true);
	case EXPR_AGGREGATE: return eval_aggregate(frame, expr);
	case EXPR_ABSOLUTE: return eval_absolute(frame, expr);
	case EXPR_DATE_ADD: case EXPR_MOMENT_ADD: case EXPR_DATE_DIFF: case EXPR_MOMENT_DIFF:
	case EXPR_MOMENT_OF: case EXPR_DATE_OF: case EXPR_CLOCK_OF: case EXPR_WEEKDAY_OF:
	case EXPR_PERIOD_OF: case EXPR_PERIOD_PART: case EXPR_IN_PERIOD: case EXPR_IN_DATES:
	case EXPR_OVERLAP: case EXPR_WORKING_DAYS_AFTER:
		return eval_date(frame, expr);
	case EXPR_TEXT: case EXPR_OP_COUNT: break;
	}
	return eval_text(frame, expr);
}
