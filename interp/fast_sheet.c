/*
 * Batches of rows of which a caller asks columns, one expression after another: what figures over
 * many rows are added up from. What the expressions have in common is worked out once for all of
 * them, whichever measure they belong to.
 *
 *   rows ─ sieve: covered ─> sheet of up to BATCH rows ─> column, column, column …
 *                              └─ under keys and dates: the same rows, for what depends on these
 *
 * The sheet under keys lies in a frame of its own, because another measure has other keys in the
 * same slots. Only what looks at them is worked out there.
 */
#include "interp/fast_internal.h"

struct FastSheet {
	Frame *frame;
	FastSheet *rows;     /* the sheet that it stands on; NULL: this is that */
	uint64_t own;        /* slots of the keys */
	bool dated;          /* has law dates of its own */
};

typedef struct Sheets {
	Call call;
	int32_t slot;
	FastSheetFn *fn;
	void *user;
} Sheets;

/* Without a law: what depends on one is unknown until the keys have given it. */
static void take_batch(void *user, RowSpan rows, int32_t from, int32_t n, const uint8_t *state)
{
	Sheets *sheets = user;
	Fast *fast = sheets->call.fast;
	Frame *frame = frame_new(fast, fast_depth_take(fast), n);
	frame->law = col_fixed(frame, NO_DAY);
	frame->slot[sheets->slot] = fast_rows_col(frame->pool, rows, from, n);
	FastSheet sheet = {.frame = frame};
	sheets->fn(sheets->user, &sheet, frame->slot[sheets->slot]->v, n, state);
	fast_depth_give(fast);
	arena_reset(&fast->scratch);
}

void fast_sheets(Fast *fast, const Store *store, RowSpan rows, const Expr *covered, int32_t slot,
	FastSheetFn *fn, void *user)
{
	Sheets sheets = {{.fast = fast}, slot, fn, user};
	fast_begin(fast, store);
	Sieve sieve = {.call = &sheets.call, .covered = covered, .slot = slot, .take = take_batch,
		.user = &sheets};
	fast_sieve_rows(&sieve, rows);
	fast->store = NULL;
}

/* A further slot for the same rows: aggregates bind one of their own. */
void fast_sheet_bind(FastSheet *sheet, int32_t from, int32_t to)
{
	sheet->frame->slot[to] = frame_slot(sheet->frame, from);
}

static const int32_t *all_places(Frame *frame)
{
	int32_t *seg = POOL_ARRAY(frame->pool, int32_t, frame->n);
	for (int32_t i = 0; i < frame->n; i++)
		seg[i] = i;
	return seg;
}

static const Col *days_col(Frame *frame, const int32_t *day)
{
	Out out = out_fixed(frame, false);
	for (int32_t i = 0; i < frame->n; i++)
		out.v[i] = day[i];
	return out_done(frame, &out);
}

FastSheet *fast_sheet_under(FastSheet *sheet, const FastColumn *key, int32_t nkeys,
	const int32_t *day)
{
	Frame *rows = sheet->frame;
	FastSheet *under = POOL_ARRAY(rows->pool, FastSheet, 1);
	Frame *frame = frame_child(rows, rows->depth, rows->n, all_places(rows), -1, NULL);
	*under = (FastSheet){.frame = frame, .rows = sheet, .dated = day != NULL};
	frame->whole = true;
	for (int32_t k = 0; k < nkeys; k++) {
		Col *col = POOL_ARRAY(rows->pool, Col, 1);
		*col = (Col){.v = key[k].value, .st = key[k].state, .constant = key[k].constant};
		frame->slot[k] = col;
		under->own |= slot_bit(k);
	}
	frame->relawed = under->dated;
	if (under->dated)
		frame->law = days_col(frame, day);
	return under;
}

/* Where the keys do not matter the column is everybody's. */
FastColumn fast_sheet_column(FastSheet *sheet, const Expr *expr)
{
	Frame *frame = sheet->frame;
	const Class *class = fast_class_at(frame->fast, expr);
	if (sheet->rows != NULL && (class->free & sheet->own) == 0 &&
	    !(sheet->dated && class->dated))
		frame = sheet->rows->frame;
	const Col *col = fast_eval(frame, expr);
	return (FastColumn){col->v, col->st, col->constant};
}
