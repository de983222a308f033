#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* qsort_r */
#endif
/*
 * A match over a scenario's rows: both sides are sorted by (keys, moment, key of the row), and each
 * run of equal keys is paired by interp/match.h.
 *
 * Conditions, keys and moments are worked out without a law date, for a pairing is made once and
 * serves subjects of every date.
 *
 *   visits  key A: 08:00 12:00   key B: 09:00        runs of equal keys are walked side by side;
 *   logs    key A: 08:02         key C: 10:00        a run on one side alone has no partners
 *
 * An audit pairs millions of rows by other means (interp/data_match.c), but
 * through the same match_run, so that S60 is decided in one place.
 */
#include "interp/scenario_match.h"

#include <stdlib.h>

#include "base/limits.h"
#include "interp/match.h"

/* One row that takes part. */
typedef struct Entry {
	int32_t row, carers;
	const Value *key;
	int64_t at, lo, hi;
} Entry;

/*
 * One side of the match: slot 0 or 1 of its expressions. `unknown` marks rows
 * of which it cannot be said whether they have a partner: their list is unknown
 * and not empty (S63, S64).
 */
typedef struct Side {
	Walk *walk;
	const Match *match;
	int32_t slot, dataset;
	Expr *const *key;
	const Expr *when, *at;
	Value *slots;
	Entry *entry;
	int32_t n;
	uint64_t *unknown;
} Side;

/* Both sides and what came of them; a status once bad stays bad. */
typedef struct Pairing {
	const Match *match;
	Side left, right;
	int32_t *left_of_right;
	Arena *arena;
	MatchStatus status;
} Pairing;

/* ---- which rows take part ---- */

/* No date and no group: see above. */
static Value eval(Side *side, const Expr *expr)
{
	return walk_expr(side->walk, expr, side->slots, NO_DAY, (RowSpan){NULL, 0});
}

/*
 * The keys of the row; NULL when one is not known. A missing key is no key that
 * another missing one could equal (S20).
 */
static const Value *row_keys(Side *side)
{
	Value *key = ARENA_ARRAY(side->walk->arena, Value, (size_t)side->match->nkeys + 1);
	for (int32_t i = 0; i < side->match->nkeys; i++) {
		key[i] = eval(side, side->key[i]);
		if (key[i].state != STATE_KNOWN)
			return NULL;
	}
	return key;
}

/* Seconds of a length, cut: a moment has no fractions of a second. */
static bool seconds(Side *side, const Expr *length, int64_t *out)
{
	Value value = eval(side, length);
	Int128 whole = value.q.d == 0 ? 0 : value.q.n / value.q.d - (value.q.n % value.q.d < 0);
	*out = (int64_t)whole;
	return value.state == STATE_KNOWN && fits64(whole);
}

/* What is not known of the window leaves the row out: an empty list would read as "no log"
 * (S64). */
static bool window(Side *side, Entry *entry)
{
	int64_t before, after, take = 1;
	if (!seconds(side, side->match->before, &before) ||
	    !seconds(side, side->match->after, &after) ||
	    (side->match->take != NULL && !seconds(side, side->match->take, &take)))
		return false;
	entry->carers = (int32_t)(take < 0 ? 0 : take > LIMIT_CARERS ? LIMIT_CARERS : take);
	return !__builtin_sub_overflow(entry->at, before, &entry->lo) &&
		!__builtin_add_overflow(entry->at, after, &entry->hi);
}

/* A row that the condition surely refuses takes no part, and is known to have no partner. */
static void take_row(Side *side, int32_t row)
{
	Entry entry = {.row = row};
	side->slots[side->slot] = (Value){.state = STATE_KNOWN, .n = row};
	Value when = {.state = STATE_KNOWN, .n = 1};
	if (side->when != NULL)
		when = eval(side, side->when);
	if (when.state == STATE_KNOWN && when.n == 0)
		return;
	Value at = eval(side, side->at);
	entry.at = at.n;
	entry.key = row_keys(side);
	if (when.state != STATE_KNOWN || at.state != STATE_KNOWN || entry.key == NULL ||
	    (side->slot == 0 && !window(side, &entry))) {
		bit_set(side->unknown, row);
		return;
	}
	side->entry[side->n++] = entry;
}

/* The order itself means nothing; it only has to be the same on both sides. */
static int compare_keys(const Side *side, const Value *a, const Value *b)
{
	int order = 0;
	for (int32_t i = 0; order == 0 && i < side->match->nkeys; i++)
		order = value_order(side->walk->store, side->key[i]->type, a[i], b[i], side->walk->arena);
	return order;
}

/* The order that interp/match.h asks for, within one key. */
static int by_key_and_time(const void *a, const void *b, void *user)
{
	const Side *side = user;
	const Entry *x = a, *y = b;
	int order = compare_keys(side, x->key, y->key);
	if (order == 0)
		order = x->at < y->at ? -1 : x->at > y->at;
	if (order == 0)
		order = store_key_cmp(side->walk->store, side->dataset, x->row, y->row,
			side->walk->arena);
	return order;
}

static void take_side(Side *side)
{
	Arena *arena = side->walk->arena;
	int32_t rows = side->walk->store->table[side->dataset]->rows;
	side->entry = ARENA_ARRAY(arena, Entry, (size_t)rows + 1);
	side->unknown = ARENA_ARRAY(arena, uint64_t, (size_t)rows / 64 + 1);
	for (int32_t row = 0; row < rows; row++)
		take_row(side, row);
	qsort_r(side->entry, (size_t)side->n, sizeof *side->entry, by_key_and_time, side);
}

/* ---- pairing within one key ---- */

/* match_run wants columns, not rows; they live for one key. */
static void pair(Pairing *p, const Entry *left, int32_t nleft, const Entry *right, int32_t nright)
{
	Arena scratch = {0};
	int64_t *at = ARENA_ARRAY(&scratch, int64_t, (size_t)nleft * 3 + (size_t)nright);
	int64_t *lo = at + nleft, *hi = lo + nleft, *log = hi + nleft;
	int32_t *carers = ARENA_ARRAY(&scratch, int32_t, (size_t)nleft);
	int32_t *visit = ARENA_ARRAY(&scratch, int32_t, (size_t)nright);
	for (int32_t i = 0; i < nleft; i++) {
		at[i] = left[i].at;
		lo[i] = left[i].lo;
		hi[i] = left[i].hi;
		carers[i] = left[i].carers;
	}
	for (int32_t i = 0; i < nright; i++)
		log[i] = right[i].at;
	MatchInput input = {(size_t)nleft, (size_t)nright, at, lo, hi, carers, log};
	MatchStatus status = match_run(&input, &scratch, visit);
	for (int32_t i = 0; i < nright && status == MATCH_OK; i++)
		if (visit[i] >= 0)
			p->left_of_right[right[i].row] = left[visit[i]].row;
	if (status != MATCH_OK)
		p->status = status;
	arena_free(&scratch);
}

/* Behind the last entry with the same keys as this one. */
static int32_t run_of(const Side *side, int32_t from)
{
	int32_t end = from + 1;
	while (end < side->n && compare_keys(side, side->entry[from].key, side->entry[end].key) == 0)
		end++;
	return end;
}

/* Both sides stand in the order of their keys. */
static void pair_all(Pairing *p)
{
	const Side *left = &p->left, *right = &p->right;
	int32_t i = 0, j = 0;
	while (i < left->n && j < right->n) {
		int order = compare_keys(left, left->entry[i].key, right->entry[j].key);
		int32_t next = order <= 0 ? run_of(left, i) : i;
		int32_t then = order >= 0 ? run_of(right, j) : j;
		if (order == 0)
			pair(p, &left->entry[i], next - i, &right->entry[j], then - j);
		i = next;
		j = then;
	}
}

/* ---- what the store keeps ---- */

/* Right rows by left row: counted, then laid out. */
static RowLists lists_of(const Pairing *p, int32_t left_rows, int32_t right_rows)
{
	int32_t *start = ARENA_ARRAY(p->arena, int32_t, (size_t)left_rows + 2);
	int32_t *item = ARENA_ARRAY(p->arena, int32_t, (size_t)right_rows + 1);
	for (int32_t row = 0; row < right_rows; row++)
		if (p->left_of_right[row] >= 0)
			start[p->left_of_right[row] + 2]++;
	for (int32_t i = 2; i <= left_rows; i++)
		start[i] += start[i - 1];
	for (int32_t row = 0; row < right_rows; row++)
		if (p->left_of_right[row] >= 0)
			item[start[p->left_of_right[row] + 1]++] = row;
	return (RowLists){.start = start, .item = item, .lists = left_rows};
}

/* Both sides share the slots: only one of the two is ever set while it is read. */
StoreMatch scenario_match(const Store *store, const Law *law, int32_t number, Arena *arena,
	Differences *problems)
{
	const Match *match = &store->book->match[number];
	Walk walk = {store->book, store, law, arena, NULL, NULL, NULL, NULL};
	Value *slots = ARENA_ARRAY(arena, Value, (size_t)match->nslots + 2);
	Pairing p = {
		.match = match, .arena = arena,
		.left = {&walk, match, 0, match->left, match->left_key, match->left_when,
			match->left_at, slots, NULL, 0, NULL},
		.right = {&walk, match, 1, match->right, match->right_key, match->right_when,
			match->right_at, slots, NULL, 0, NULL},
	};
	int32_t rows = store->table[match->right]->rows;
	p.left_of_right = ARENA_ARRAY(arena, int32_t, (size_t)rows + 1);
	for (int32_t row = 0; row < rows; row++)
		p.left_of_right[row] = -1;
	take_side(&p.left);
	take_side(&p.right);
	pair_all(&p);
	if (p.status != MATCH_OK)
		difference_add(problems, (Difference){.what = match->decl.name,
			.expected = STR("pairs that can be counted"), .actual = STR("too many candidates"),
			.at = match->decl.at});
	return (StoreMatch){
		.right_of_left = lists_of(&p, store->table[match->left]->rows, rows),
		.left_of_right = p.left_of_right,
		.left_unknown = p.left.unknown, .right_unknown = p.right.unknown,
	};
}
