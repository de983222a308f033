/*
 * Sequences: rows of equal keys put in order, each with its neighbours.
 *
 *   rows       0     1     2     3     4        by hash of their keys
 *   group      A     B     A     -     A        - : no key, or refused; stands outside
 *   order    09:00 08:00 08:30        08:30     then by the dataset's key (S66)
 *
 *   A: 2 <-> 4 <-> 0        previous of 2 and next of 0: -1, missing
 *
 * Where the place of one row is open, because its condition or what it is ordered by is not known,
 * it could stand between any two rows of its key. Then none of them knows its neighbours: to say
 * that row 4 follows row 2 would have to be taken back when the missing time is filled in (law 4).
 *
 * All columns are asked for at once, whichever evaluator answers. Between that and the arrays of a
 * StoreSequence there is nothing but numbers, so both evaluators share this file and nothing else.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* qsort_r */
#endif
#include "interp/derive_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- rows of equal keys ---- */

/* Columns hold texts as pointers to their cells. */
static Str text_at(int64_t value)
{
	const TextCell *cell = (const TextCell *)(intptr_t)value;
	return (Str){cell->bytes, cell->len};
}

/* Texts by their bytes: the same text may stand in two cells. */
static uint64_t hash_of(const Keys *keys, int32_t i)
{
	uint64_t hash = 0x2545f4914f6cdd1du;
	for (int32_t k = 0; k < keys->n; k++) {
		int64_t value = keys->value[k][i];
		bool text = keys->kind[k] == TYPE_TEXT;
		hash = (hash ^ (text ? str_hash(text_at(value)) : (uint64_t)value)) * 0x9E3779B97F4A7C15u;
		hash ^= hash >> 31;
	}
	return hash;
}

/* A hash only says where to look. */
static bool same_key(const Keys *keys, int32_t i, int32_t j)
{
	for (int32_t k = 0; k < keys->n; k++) {
		int64_t x = keys->value[k][i], y = keys->value[k][j];
		if (keys->kind[k] == TYPE_TEXT ? !str_eq(text_at(x), text_at(y)) : x != y)
			return false;
	}
	return true;
}

/* Keys are numbered as they are met. */
static void number_keys(Arena *scratch, const Keys *keys, const bool *in, int32_t n, KeyGroups *out)
{
	uint32_t room = 16;
	while (room < (uint32_t)n * 2)
		room *= 2;
	int32_t *slot = ARENA_ARRAY(scratch, int32_t, room);
	out->of = ARENA_ARRAY(scratch, int32_t, (size_t)n + 1);
	out->first = ARENA_ARRAY(scratch, int32_t, (size_t)n + 1);
	for (int32_t i = 0; i < n; i++) {
		out->of[i] = -1;
		if (!in[i])
			continue;
		uint32_t at = (uint32_t)hash_of(keys, i) & (room - 1);
		while (slot[at] != 0 && !same_key(keys, out->first[slot[at] - 1], i))
			at = (at + 1) & (room - 1);
		if (slot[at] == 0) {
			out->first[out->n] = i;
			slot[at] = ++out->n;
		}
		out->of[i] = slot[at] - 1;
	}
}

/* A counting sort: places of a group stay in their order. */
KeyGroups derive_groups(Arena *scratch, const Keys *keys, const bool *in, int32_t n)
{
	KeyGroups out = {0};
	number_keys(scratch, keys, in, n, &out);
	out.start = ARENA_ARRAY(scratch, int32_t, (size_t)out.n + 2);
	out.item = ARENA_ARRAY(scratch, int32_t, (size_t)n + 1);
	for (int32_t i = 0; i < n; i++)
		if (out.of[i] >= 0)
			out.start[out.of[i] + 2]++;
	for (int32_t g = 2; g < out.n + 2; g++)
		out.start[g] += out.start[g - 1];
	for (int32_t i = 0; i < n; i++)
		if (out.of[i] >= 0)
			out.item[out.start[out.of[i] + 1]++] = i;
	return out;
}

/* ---- sequences ---- */

/* One sequence over all rows of its dataset. */
typedef struct Line {
	const Derive *derive;
	const Sequence *sequence;
	int32_t n;
	Subjects rows;
	uint64_t *unknown;
	bool *in;                /* stands in the line of its key, at a place known or not */
	bool *unplaced;
	int64_t **order;         /* by expression, by row */
	int32_t *previous, *next;
} Line;

/* All rows of the dataset at once. */
static int64_t *ask(const Line *line, const Expr *expr, uint8_t **state)
{
	Arena *scratch = line->derive->scratch;
	int64_t *value = ARENA_ARRAY(scratch, int64_t, (size_t)line->n + 1);
	*state = ARENA_ARRAY(scratch, uint8_t, (size_t)line->n + 1);
	line->derive->values(line->derive->user, expr, &line->rows, value, *state);
	return value;
}

/* A row that the condition refuses is outside, whatever else is missing. */
static void apply(Line *line)
{
	uint8_t *state;
	memset(line->in, 1, (size_t)line->n);
	if (line->sequence->applies == NULL)
		return;
	const int64_t *applies = ask(line, line->sequence->applies, &state);
	for (int32_t i = 0; i < line->n; i++) {
		line->in[i] = state[i] != STATE_KNOWN || applies[i] != 0;
		line->unplaced[i] = state[i] != STATE_KNOWN;
	}
}

/* A row without a key is outside; what stands beside it is not known. */
static Keys line_keys(Line *line)
{
	Arena *scratch = line->derive->scratch;
	int32_t n = line->sequence->nkeys;
	Keys keys = {n, ARENA_ARRAY(scratch, int64_t *, (size_t)n + 1),
		ARENA_ARRAY(scratch, uint8_t, (size_t)n + 1)};
	for (int32_t k = 0; k < n; k++) {
		uint8_t *state;
		keys.kind[k] = line->sequence->key[k]->type.kind;
		keys.value[k] = ask(line, line->sequence->key[k], &state);
		for (int32_t i = 0; i < line->n; i++) {
			if (!line->in[i] || state[i] == STATE_KNOWN)
				continue;
			line->in[i] = false;
			bit_set(line->unknown, i);
		}
	}
	return keys;
}

/* What a row is ordered by has to be known, of each part of the order. */
static void line_order(Line *line)
{
	int32_t n = line->sequence->norder;
	line->order = ARENA_ARRAY(line->derive->scratch, int64_t *, (size_t)n + 1);
	for (int32_t k = 0; k < n; k++) {
		uint8_t *state;
		line->order[k] = ask(line, line->sequence->order[k], &state);
		for (int32_t i = 0; i < line->n; i++)
			line->unplaced[i] |= state[i] != STATE_KNOWN;
	}
}

/* S66: the dataset's key decides between equals. */
static int by_order(const void *a, const void *b, void *user)
{
	const Line *line = user;
	int32_t i = *(const int32_t *)a, j = *(const int32_t *)b;
	for (int32_t k = 0; k < line->sequence->norder; k++)
		if (line->order[k][i] != line->order[k][j])
			return line->order[k][i] < line->order[k][j] ? -1 : 1;
	return store_key_cmp(line->derive->store, line->sequence->dataset, i, j,
		line->derive->scratch);
}

/* Exports mostly stand in order of time within each key. */
static void sort_rows(Line *line, int32_t *row, int32_t n)
{
	for (int32_t i = 1; i < n; i++) {
		if (by_order(&row[i - 1], &row[i], line) <= 0)
			continue;
		qsort_r(row, (size_t)n, sizeof *row, by_order, line);
		return;
	}
}

/* One row whose place is not known could stand between any two. */
static void place(Line *line, int32_t *row, int32_t n)
{
	bool unknown = false;
	for (int32_t i = 0; i < n; i++)
		unknown |= line->unplaced[row[i]];
	if (!unknown)
		sort_rows(line, row, n);
	for (int32_t i = 0; i < n; i++) {
		if (unknown) {
			bit_set(line->unknown, row[i]);
			continue;
		}
		line->previous[row[i]] = i > 0 ? row[i - 1] : -1;
		line->next[row[i]] = i + 1 < n ? row[i + 1] : -1;
	}
}

/* Nobody has a neighbour at first. */
static Line line_new(const Derive *derive, const Sequence *sequence)
{
	const StoreTable *table = derive->store->table[sequence->dataset];
	int32_t n = table == NULL ? 0 : table->rows;
	size_t room = (size_t)n + 1;
	Line line = {.derive = derive, .sequence = sequence, .n = n,
		.unknown = ARENA_ARRAY(derive->arena, uint64_t, (size_t)n / 64 + 1),
		.in = ARENA_ARRAY(derive->scratch, bool, room),
		.unplaced = ARENA_ARRAY(derive->scratch, bool, room),
		.previous = ARENA_ARRAY(derive->arena, int32_t, room),
		.next = ARENA_ARRAY(derive->arena, int32_t, room)};
	const int64_t **slot = ARENA_ARRAY(derive->scratch, const int64_t *, 1);
	slot[0] = derive_count_up(derive->scratch, (RowSpan){NULL, n});
	line.rows = (Subjects){.n = n, .nslots = 1, .slot = slot};
	memset(line.previous, 0xff, room * sizeof *line.previous);
	memset(line.next, 0xff, room * sizeof *line.next);
	return line;
}

/* A span without numbers stands for the rows 0 .. n-1. */
int64_t *derive_count_up(Arena *scratch, RowSpan rows)
{
	int64_t *row = ARENA_ARRAY(scratch, int64_t, (size_t)rows.n + 1);
	for (int32_t i = 0; i < rows.n; i++)
		row[i] = rows.at == NULL ? i : rows.at[i];
	return row;
}

/* The marks and neighbours are the store's; all else goes with the scratch memory. */
StoreSequence derive_sequence(const Derive *derive, int32_t number)
{
	const Sequence *sequence = &derive->store->book->sequence[number];
	Line line = line_new(derive, sequence);
	apply(&line);
	Keys keys = line_keys(&line);
	line_order(&line);
	KeyGroups groups = derive_groups(derive->scratch, &keys, line.in, line.n);
	for (int32_t g = 0; g < groups.n; g++)
		place(&line, groups.item + groups.start[g], groups.start[g + 1] - groups.start[g]);
	return (StoreSequence){line.previous, line.next, line.unknown};
}
