/*
 * Rows that rules look at, before anything else is asked of them. A contract covers a part of the
 * rows, and groups take those that `among … where` leaves; what the rest come to would be worked
 * out for nothing. So these two conditions are asked first, in batches of their own, and what they
 * leave is gathered into batches that are full:
 *
 *   rows of the store   0 1 2 3 4 5 6 7 | 8 9 ..       covered and where, batch by batch
 *   they hold           y n n y n y ? n | y y
 *   gathered            0 3 5 8 9 ..                   handed on when there are enough
 *   open                6                              handed on at the end, with their states
 *
 * Conditions that depend on the law date have to wait until it is known.
 */
#include "interp/fast_internal.h"

#include <string.h>

typedef struct Gathered {
	int32_t *row;        /* room for two batches */
	uint8_t *state;      /* of open ones */
	int32_t n;
} Gathered;

static Gathered gathered_new(Fast *fast)
{
	return (Gathered){POOL_ARRAY(&fast->batch_pool, int32_t, 2 * BATCH + 1),
		POOL_ARRAY(&fast->batch_pool, uint8_t, 2 * BATCH + 1), 0};
}

/* Kleene's and of the two; GATE_NO, or the state: known means yes. A fault in what is covered is
 * not masked, but rows that are not covered are not looked at. */
int fast_gate_state(const Gate *gate, int32_t i)
{
	uint8_t a = STATE_KNOWN, b = STATE_KNOWN;
	if (gate->covered != NULL) {
		a = state_of(gate->covered, i);
		if (a == STATE_KNOWN && gate->covered->v[at_of(gate->covered, i)] == 0)
			return GATE_NO;
	}
	if (gate->filter != NULL) {
		b = state_of(gate->filter, i);
		bool no = b == STATE_KNOWN && gate->filter->v[at_of(gate->filter, i)] == 0;
		if (no && a != STATE_FAULT)
			return GATE_NO;
	}
	return a > b ? a : b;
}

/* Nothing is open: no branches. */
static void gather_plain(Gathered *yes, const Gate *gate, const int64_t *row, int32_t n)
{
	int32_t at = yes->n, *into = yes->row;
	const int64_t *covered = gate->covered->v;
	const int64_t *filter = gate->filter == NULL ? covered : gate->filter->v;
	for (int32_t i = 0; i < n; i++) {
		into[at] = (int32_t)row[i];
		at += (covered[i] & filter[i]) != 0;
	}
	yes->n = at;
}

static void gather(Gathered *yes, Gathered *open, const Gate *gate, const int64_t *row, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		int state = fast_gate_state(gate, i);
		if (state == STATE_KNOWN)
			yes->row[yes->n++] = (int32_t)row[i];
		if (state == STATE_KNOWN || state == GATE_NO)
			continue;
		open->state[open->n] = (uint8_t)state;
		open->row[open->n++] = (int32_t)row[i];
	}
}

static bool both_plain(const Gate *gate)
{
	return gate->covered != NULL && is_plain(gate->covered) &&
		(gate->filter == NULL || is_plain(gate->filter));
}

static void ask(const Sieve *sieve, RowSpan rows, int32_t from, int32_t n, Gathered *yes,
	Gathered *open)
{
	Fast *fast = sieve->call->fast;
	int depth = fast_depth_take(fast);
	Frame *frame = frame_new(fast, depth, n);
	frame->law = col_fixed(frame, NO_DAY);
	frame->slot[sieve->slot] = fast_rows_col(frame->pool, rows, from, n);
	Gate gate = {sieve->covered == NULL ? NULL : fast_eval(frame, sieve->covered),
		sieve->filter == NULL ? NULL : fast_eval(frame, sieve->filter)};
	const int64_t *row = frame->slot[sieve->slot]->v;
	if (both_plain(&gate))
		gather_plain(yes, &gate, row, n);
	else
		gather(yes, open, &gate, row, n);
	fast_depth_give(fast);
}

/* Hands a batch on; what is left moves to the front. */
static void hand_on(const Sieve *sieve, Gathered *some, bool open)
{
	int32_t n = some->n < BATCH ? some->n : BATCH;
	if (sieve->call->status == 0)
		sieve->take(sieve->user, (RowSpan){some->row, n}, 0, n, open ? some->state : NULL);
	some->n -= n;
	memmove(some->row, some->row + n, sizeof(int32_t) * (size_t)some->n);
	memmove(some->state, some->state + n, (size_t)some->n);
}

/* Batches as the rows stand. */
static void take_all(const Sieve *sieve, RowSpan rows)
{
	for (int32_t from = 0; from < rows.n && sieve->call->status == 0; from += BATCH) {
		int32_t n = rows.n - from < BATCH ? rows.n - from : BATCH;
		sieve->take(sieve->user, rows, from, n, NULL);
	}
}

void fast_sieve_rows(const Sieve *sieve, RowSpan rows)
{
	Fast *fast = sieve->call->fast;
	if (sieve->covered == NULL && sieve->filter == NULL) {
		take_all(sieve, rows);
		return;
	}
	Gathered yes = gathered_new(fast), open = gathered_new(fast);
	for (int32_t from = 0; from < rows.n && sieve->call->status == 0; from += BATCH) {
		ask(sieve, rows, from, rows.n - from < BATCH ? rows.n - from : BATCH, &yes, &open);
		if (yes.n >= BATCH)
			hand_on(sieve, &yes, false);
		if (open.n >= BATCH)
			hand_on(sieve, &open, true);
	}
	if (yes.n > 0)
		hand_on(sieve, &yes, false);
	if (open.n > 0)
		hand_on(sieve, &open, true);
}

void fast_sieve(const Sieve *sieve, int32_t dataset)
{
	fast_sieve_rows(sieve, store_home(sieve->call->fast->store, dataset));
}
