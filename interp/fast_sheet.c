/*
 * Batches of rows of which a caller asks columns, one expression after another: what figures over
 * many rows are added up from. What the expressions have in common is worked out once for all of
 * them, whichever measure they belong to.
 *
 *   rows ─ sieve: covered ─> sheet of up to BATCH rows ─> column, column, column …
 *                              └─ under keys and dates: the same rows, for what depends on these
 *
 * The sheet under keys lies in a frame of its own, because another measure has other keys in the
 * same slots. Only what looks at them is worked out there, and as most figures do not, the frame is
 * made when something does.
 */
#include "interp/fast_internal.h"

struct FastSheet {
	Frame *frame;        /* of one under keys: NULL until it is needed */
	FastSheet *rows;     /* the sheet that it stands on; NULL: this is that */
	const FastColumn *key;
	int32_t nkeys;
	uint64_t own;        /* slots of the keys */
	const int32_t *day;  /* law dates of its own, or NULL */
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

/* The rows stay in their slots; those of the keys are new. */
static Frame *frame_of_keys(const FastSheet *sheet)
{
	Frame *rows = sheet->rows->frame;
	Frame *frame = frame_child(rows, rows->depth, rows->n, all_places(rows), -1, NULL);
	frame->whole = true;
	for (int32_t k = 0; k < sheet->nkeys; k++) {
		const FastColumn *key = &sheet->key[k];
		Col *col = POOL_ARRAY(rows->pool, Col, 1);
		*col = (Col){.v = key->value, .st = key->state, .constant = key->constant};
		frame->slot[k] = col;
	}
	frame->relawed = sheet->day != NULL;
	if (frame->relawed)
		frame->law = days_col(frame, sheet->day);
	return frame;
}

FastSheet *fast_sheet_under(FastSheet *sheet, const FastColumn *key, int32_t nkeys,
	const int32_t *day)
{
	FastSheet *under = POOL_ARRAY(sheet->frame->pool, FastSheet, 1);
	*under = (FastSheet){.rows = sheet, .key = key, .nkeys = nkeys, .day = day};
	for (int32_t k = 0; k < nkeys; k++)
		under->own |= slot_bit(k);
	return under;
}

/* Where the keys do not matter the column is everybody's. */
static bool looks_at_keys(FastSheet *sheet, const Expr *expr)
{
	const Class *class = fast_class_at(sheet->rows->frame->fast, expr);
	return (class->free & sheet->own) != 0 || (sheet->day != NULL && class->dated);
}

FastColumn fast_sheet_column(FastSheet *sheet, const Expr *expr)
{
	if (sheet->rows != NULL && !looks_at_keys(sheet, expr))
		sheet = sheet->rows;
	if (sheet->frame == NULL)
		sheet->frame = frame_of_keys(sheet);
	const Col *col = fast_eval(sheet->frame, expr);
	return (FastColumn){col->v, col->st, col->constant};
}
