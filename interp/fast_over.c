/*
 * One expression over subjects that the caller lays out slot by slot: what sequences and banks are
 * made of. Batches are those of rules; nothing is judged.
 *
 *   slot 0   [PR1 PR1 PR2]      the caller's columns, cut into batches of BATCH subjects
 *   slot 1   [ V1  V2  V3]      NULL where nothing stands
 *   law      [ d1  d2  d3]      a day for each subject: an entry stands under its own (S52)
 *
 * The columns are not copied: a batch points into them, and is gone before the caller's next call.
 */
#include "interp/fast_internal.h"

#include <assert.h>

/* The part of a slot that belongs to a batch. */
static const Col *slot_col(Frame *frame, const Subjects *subjects, int32_t slot, int32_t from)
{
	const uint8_t *state = subjects->state == NULL ? NULL : subjects->state[slot];
	Col *col = POOL_ARRAY(frame->pool, Col, 1);
	*col = (Col){.v = subjects->slot[slot] + from};
	for (int32_t i = 0; i < frame->n && state != NULL; i++)
		if (state[from + i] != STATE_KNOWN)
			col->st = state + from;
	return col;
}

/* Without days there is no law: what depends on one is unknown. */
static const Col *law_col(Frame *frame, const int32_t *day, int32_t from)
{
	if (day == NULL)
		return col_fixed(frame, NO_DAY);
	Out out = out_fixed(frame, false);
	for (int32_t i = 0; i < frame->n; i++)
		out.v[i] = day[from + i];
	return out_done(frame, &out);
}

/* Of as many subjects as a rule's batches have. */
static Frame *batch(Fast *fast, const Subjects *subjects, int32_t from)
{
	int32_t left = subjects->n - from;
	Frame *frame = frame_new(fast, fast_depth_take(fast), left < BATCH ? left : BATCH);
	frame->law = law_col(frame, subjects->day, from);
	for (int32_t k = 0; k < subjects->nslots && k < fast->nslots; k++)
		if (subjects->slot[k] != NULL)
			frame->slot[k] = slot_col(frame, subjects, k, from);
	return frame;
}

/* What the batch made is dead; values were copied out before. */
static void give_back(Fast *fast)
{
	fast_depth_give(fast);
	arena_reset(&fast->scratch);
}

/* Where the answers go: values as a column holds them, or lists of rows. */
typedef struct Answers {
	int64_t *value;
	RowSpan *rows;
	uint8_t *state;
} Answers;

/* Batch after batch. */
static void answer(Fast *fast, const Store *store, const Expr *expr, const Subjects *subjects,
	Answers to)
{
	fast_begin(fast, store);
	for (int32_t from = 0; from < subjects->n; from += BATCH) {
		Frame *frame = batch(fast, subjects, from);
		const Col *col = fast_eval(frame, expr);
		for (int32_t i = 0; i < frame->n; i++) {
			to.state[from + i] = state_of(col, i);
			if (to.rows != NULL)
				to.rows[from + i] = col->rows[at_of(col, i)];
			else
				to.value[from + i] = col->v[at_of(col, i)];
		}
		give_back(fast);
	}
	fast->store = NULL;
}

void fast_over(Fast *fast, const Store *store, const Expr *expr, const Subjects *subjects,
	int64_t *value, uint8_t *state)
{
	assert(!expr->type.ratio && expr->type.kind != TYPE_ROWS);
	answer(fast, store, expr, subjects, (Answers){.value = value, .state = state});
}

/* Lists point into the store, where they stay. */
void fast_lists(Fast *fast, const Store *store, const Expr *expr, const Subjects *subjects,
	RowSpan *rows, uint8_t *state)
{
	assert(expr->type.kind == TYPE_ROWS);
	answer(fast, store, expr, subjects, (Answers){.rows = rows, .state = state});
}
