/*
 *   list      L4     L7     L2     L9     L5            rows of one carer
 *   check_in  09:00  -      08:00  11:30  10:10
 *
 *   order     L2     L4     L5     L9  |  L7            known ones by value, then the others
 *                    09:00 .. 10:30
 *
 * Made when a list is first asked for; two searches by halves from then on.
 */
#include "interp/sift.h"

#include <stdlib.h>

#include "interp/item_sort.h"

struct Sorted {
	const int32_t *list;   /* with n and column, what it is the order of */
	const Column *column;
	int32_t n, known;
	int32_t *row;
};

void sifts_clear(Sifts *sifts)
{
	arena_reset(&sifts->arena);
	sifts->at = NULL;
	sifts->plan = NULL;
	sifts->room = sifts->n = 0;
}

void sifts_free(Sifts *sifts)
{
	arena_free(&sifts->arena);
	*sifts = (Sifts){0};
}

static int64_t value_at(const Column *column, int32_t row)
{
	return column_raw(column, row) * column->times;
}

static Sorted *sort(Sifts *sifts, RowSpan list, const Column *column)
{
	Sorted *out = ARENA_NEW(&sifts->arena, Sorted);
	*out = (Sorted){.list = list.at, .column = column, .n = list.n};
	out->row = ARENA_ROOM(&sifts->arena, int32_t, (size_t)list.n);
	Item *item = mem_resize(NULL, mem_product((size_t)list.n + 1, 2 * sizeof *item));
	int32_t behind = list.n;
	for (int32_t i = 0; i < list.n; i++) {
		int32_t row = list.at[i];
		if (column->known == NULL || bit_get(column->known, row))
			item[out->known++] = (Item){value_at(column, row), row};
		else
			out->row[--behind] = row;
	}
	const Item *sorted = items_sort(item, item + list.n, out->known, NULL, NULL);
	for (int32_t i = 0; i < out->known; i++)
		out->row[i] = sorted[i].row;
	free(item);
	return out;
}

/* Where it is, or the free place where it goes. */
static uint32_t place_of(const Sifts *sifts, const int32_t *list, int32_t n, const Column *column)
{
	uint64_t hash = ((uint64_t)(uintptr_t)list ^ (uint64_t)(uintptr_t)column << 20) + (uint64_t)n;
	uint32_t at = (uint32_t)(hash * 0x9E3779B97F4A7C15u >> 32) & (sifts->room - 1);
	while (sifts->at[at] != NULL && (sifts->at[at]->list != list || sifts->at[at]->n != n ||
			sifts->at[at]->column != column))
		at = (at + 1) & (sifts->room - 1);
	return at;
}

/* At most half full. */
static void make_room(Sifts *sifts)
{
	Sorted **old = sifts->at;
	uint32_t room = sifts->room;
	if (sifts->n * 2 < room)
		return;
	sifts->room = room == 0 ? 64 : room * 4;
	sifts->at = ARENA_ARRAY(&sifts->arena, Sorted *, sifts->room);
	for (uint32_t i = 0; i < room; i++)
		if (old[i] != NULL)
			sifts->at[place_of(sifts, old[i]->list, old[i]->n, old[i]->column)] = old[i];
}

/* The first place whose value is not below, or with `past` is above, this one. */
static int32_t search(const Sorted *sorted, int64_t value, bool past)
{
	int32_t low = 0, high = sorted->known;
	while (low < high) {
		int32_t middle = low + (high - low) / 2;
		int64_t at = value_at(sorted->column, sorted->row[middle]);
		if (at < value || (past && at == value))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

Sifted sifts_range(Sifts *sifts, RowSpan list, const Column *column, int64_t low, int64_t high)
{
	make_room(sifts);
	uint32_t place = place_of(sifts, list.at, list.n, column);
	if (sifts->at[place] == NULL) {
		sifts->at[place] = sort(sifts, list, column);
		sifts->n++;
	}
	const Sorted *sorted = sifts->at[place];
	int32_t from = search(sorted, low, false), to = search(sorted, high, true);
	return (Sifted){{sorted->row + from, to > from ? to - from : 0},
		{sorted->row + sorted->known, sorted->n - sorted->known}};
}
