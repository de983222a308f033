/*
 * Sequences: rows of equal keys put in order, each with its neighbours.
 *
 *   rows       0     1     2     3     4
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
#include "interp/derive_private.h"

#include <string.h>

#include "interp/item_sort.h"

/* One sequence over all rows of its dataset. */
typedef struct Line {
	const Derive *derive;
	const Sequence *sequence;
	int32_t n;
	Subjects rows;           /* all of them, once somebody asks for subjects */
	uint64_t *unknown;       /* bit: its neighbours are not known; NULL: all are */
	uint8_t *in;             /* 1: stands in the line of its key, at a place known or not */
	uint8_t *unplaced;       /* NULL: every place is known */
	int64_t **order;         /* by expression, by row */
	int32_t *previous, *next;
	Item *item;              /* room to sort in, for twice all rows; NULL: not needed yet */
} Line;

/* ---- columns ---- */

static const Subjects *all_rows(Line *line)
{
	Arena *scratch = line->derive->scratch;
	if (line->rows.slot == NULL) {
		const int64_t **slot = ARENA_ARRAY(scratch, const int64_t *, 1);
		slot[0] = derive_count_up(scratch, (RowSpan){NULL, line->n});
		line->rows = (Subjects){.n = line->n, .nslots = 1, .slot = slot};
	}
	return &line->rows;
}

/* All rows of the dataset at once. */
static RowValues ask(Line *line, const Expr *expr)
{
	const Derive *derive = line->derive;
	if (derive->rows != NULL)
		return derive->rows(derive->user, expr, line->sequence->dataset);
	int64_t *value = ARENA_ROOM(derive->scratch, int64_t, (size_t)line->n + 1);
	uint8_t *state = ARENA_ROOM(derive->scratch, uint8_t, (size_t)line->n + 1);
	derive->values(derive->user, expr, all_rows(line), value, state);
	return (RowValues){value, state};
}

/* Most sequences have nothing to mark. */
static void mark_unknown(Line *line, int32_t row)
{
	if (line->unknown == NULL)
		line->unknown = ARENA_ARRAY(line->derive->arena, uint64_t, (size_t)line->n / 64 + 1);
	bit_set(line->unknown, row);
}

/* Rows of which this much is not known stand at no place that is. */
static void unplace(Line *line, const uint8_t *state)
{
	for (int32_t i = 0; state != NULL && i < line->n; i++) {
		if (state[i] == STATE_KNOWN)
			continue;
		if (line->unplaced == NULL)
			line->unplaced = ARENA_ARRAY(line->derive->scratch, uint8_t, (size_t)line->n + 1);
		line->unplaced[i] = 1;
	}
}

/* A row that the condition refuses is outside, whatever else is missing. */
static void apply(Line *line)
{
	memset(line->in, 1, (size_t)line->n);
	if (line->sequence->applies == NULL)
		return;
	RowValues applies = ask(line, line->sequence->applies);
	for (int32_t i = 0; i < line->n; i++)
		if ((applies.state == NULL || applies.state[i] == STATE_KNOWN) && applies.value[i] == 0)
			line->in[i] = 0;
	unplace(line, applies.state);
}

/* A row without a key is outside; what stands beside it is not known. */
static Keys line_keys(Line *line)
{
	Arena *scratch = line->derive->scratch;
	int32_t n = line->sequence->nkeys;
	Keys keys = {n, line->n, ARENA_ARRAY(scratch, int64_t *, (size_t)n + 1),
		ARENA_ARRAY(scratch, uint8_t, (size_t)n + 1)};
	for (int32_t k = 0; k < n; k++) {
		RowValues key = ask(line, line->sequence->key[k]);
		keys.kind[k] = line->sequence->key[k]->type.kind;
		keys.value[k] = key.value;
		for (int32_t i = 0; key.state != NULL && i < line->n; i++) {
			if (line->in[i] != 1 || key.state[i] == STATE_KNOWN)
				continue;
			line->in[i] = 0;
			mark_unknown(line, i);
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
		RowValues order = ask(line, line->sequence->order[k]);
		line->order[k] = order.value;
		unplace(line, order.state);
	}
}

/* ---- places ---- */

/* Of rows that are equal in the first part of the order the others decide; S66: the dataset's key
 * between those that are equal in all. */
static int by_order(void *user, int32_t i, int32_t j)
{
	const Line *line = user;
	for (int32_t k = 1; k < line->sequence->norder; k++)
		if (line->order[k][i] != line->order[k][j])
			return line->order[k][i] < line->order[k][j] ? -1 : 1;
	return store_key_cmp(line->derive->store, line->sequence->dataset, i, j,
		line->derive->scratch);
}

static bool is_placed(Line *line, const int32_t *row, const int64_t *at, int32_t n)
{
	for (int32_t i = 1; i < n; i++)
		if (at[i - 1] > at[i] || (at[i - 1] == at[i] && by_order(line, row[i - 1], row[i]) > 0))
			return false;
	return true;
}

/* Exports mostly stand in order of time within each key: at[], by what the rows are ordered by
 * first. */
static void sort_rows(Line *line, int32_t *row, const int64_t *at, int32_t n)
{
	if (is_placed(line, row, at, n))
		return;
	if (line->item == NULL)
		line->item = ARENA_ROOM(line->derive->scratch, Item, 2 * ((size_t)line->n + 1));
	for (int32_t i = 0; i < n; i++)
		line->item[i] = (Item){at[i], row[i]};
	const Item *sorted = items_sort(line->item, line->item + n, n, by_order, line);
	for (int32_t i = 0; i < n; i++)
		row[i] = sorted[i].row;
}

/* One row whose place is not known could stand between any two. */
static bool all_placed(const Line *line, const int32_t *row, int32_t n)
{
	for (int32_t i = 0; line->unplaced != NULL && i < n; i++)
		if (line->unplaced[row[i]] != 0)
			return false;
	return true;
}

/* The rows of one key. */
static void place(Line *line, int32_t *row, const int64_t *at, int32_t n)
{
	if (!all_placed(line, row, n)) {
		for (int32_t i = 0; i < n; i++)
			mark_unknown(line, row[i]);
		return;
	}
	sort_rows(line, row, at, n);
	for (int32_t i = 1; i < n; i++) {
		line->previous[row[i]] = row[i - 1];
		line->next[row[i - 1]] = row[i];
	}
}

/* Nobody has a neighbour at first. */
static Line line_new(const Derive *derive, const Sequence *sequence)
{
	const StoreTable *table = derive->store->table[sequence->dataset];
	int32_t n = table == NULL ? 0 : table->rows;
	size_t room = (size_t)n + 1;
	Line line = {.derive = derive, .sequence = sequence, .n = n,
		.in = ARENA_ROOM(derive->scratch, uint8_t, room),
		.previous = ARENA_ROOM(derive->arena, int32_t, room),
		.next = ARENA_ROOM(derive->arena, int32_t, room)};
	memset(line.previous, 0xff, room * sizeof *line.previous);
	memset(line.next, 0xff, room * sizeof *line.next);
	return line;
}

/* A span without numbers stands for the rows 0 .. n-1. */
int64_t *derive_count_up(Arena *scratch, RowSpan rows)
{
	int64_t *row = ARENA_ROOM(scratch, int64_t, (size_t)rows.n + 1);
	for (int32_t i = 0; i < rows.n; i++)
		row[i] = rows.at == NULL ? i : rows.at[i];
	return row;
}

/* The marks and neighbours are the store's; all else goes with the scratch memory. */
StoreSequence derive_sequence(const Derive *derive, int32_t number)
{
	const Sequence *sequence = &derive->store->book->sequence[number];
	Arena *scratch = derive->scratch;
	Line line = line_new(derive, sequence);
	apply(&line);
	Keys keys = line_keys(&line);
	line_order(&line);
	KeyNumbers numbers = key_numbers_new(&keys, NULL, scratch);
	int32_t *of = ARENA_ROOM(scratch, int32_t, (size_t)line.n + 1);
	key_numbers_give(&numbers, line.in, of);
	KeyGroups groups = key_groups_of(of, line.n, numbers.n, line.order[0], scratch);
	for (int32_t g = 0; g < groups.n; g++) {
		int32_t from = groups.start[g];
		place(&line, groups.row + from, groups.at + from, groups.start[g + 1] - from);
	}
	return (StoreSequence){line.previous, line.next, line.unknown};
}
