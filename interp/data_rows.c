/*
 * Packed rows become columns, in order of their keys. That order is the row number of a store, so
 * nothing that is computed from it can depend on the order in which the table has its rows; lists
 * of rows made in one sweep come out sorted by key, and a stable sort by time has its ties by key.
 *
 *   chunks ─> rows that stay ─> a number for each that rises with its key ─> radix sort ─> columns
 *
 * Exports stand in order of their keys more often than not: that is tested first.
 */
#include "interp/data_internal.h"

#include <stdlib.h>
#include <string.h>

#define EPOCH_2000 946684800
#define MANY 2048             /* from so many on, digits of 11 bits instead of 8 */

/* The rows of one part on their way to columns. */
typedef struct Gather {
	Data *data;
	PassTable *use;
	DataTable *table;
	DataWorker *worker;
	Arena *arena, *scratch;
	const unsigned char **row;
	int32_t *reader;        /* that packed it */
	int32_t n;
	uint64_t in_all, in_any; /* bits of the cells that all rows have, that some have */
} Gather;

/* ---- sorting ---- */

/* One look is far cheaper than a sort, and mostly enough. */
static bool is_rising(const uint64_t *key, int32_t n)
{
	for (int32_t i = 1; i < n; i++)
		if (key[i] < key[i - 1])
			return false;
	return true;
}

typedef struct Radix {
	uint64_t *key, *other_key;
	int32_t *index, *other;
	int32_t n;
	int bits;
	uint32_t *count;
} Radix;

/* One stable pass over one digit. */
static void radix_pass(Radix *r, int shift)
{
	uint32_t mask = (1u << r->bits) - 1, sum = 0;
	memset(r->count, 0, sizeof *r->count << r->bits);
	for (int32_t i = 0; i < r->n; i++)
		r->count[(r->key[i] >> shift) & mask]++;
	for (uint32_t d = 0; d <= mask; d++) {
		uint32_t here = r->count[d];
		r->count[d] = sum;
		sum += here;
	}
	for (int32_t i = 0; i < r->n; i++) {
		uint32_t to = r->count[(r->key[i] >> shift) & mask]++;
		r->other_key[to] = r->key[i];
		r->other[to] = r->index[i];
	}
	uint64_t *key = r->key;
	int32_t *index = r->index;
	r->key = r->other_key;
	r->index = r->other;
	r->other_key = key;
	r->other = index;
}

/* Digits that are the same in all keys are left out. */
static void radix_sort(uint64_t *key, int32_t *index, int32_t n, Arena *scratch)
{
	int bits = n < MANY ? 8 : 11;
	Radix r = {.key = key, .index = index, .n = n, .bits = bits,
		.other_key = ARENA_ARRAY(scratch, uint64_t, (size_t)n),
		.other = ARENA_ARRAY(scratch, int32_t, (size_t)n),
		.count = ARENA_ARRAY(scratch, uint32_t, (size_t)1 << bits)};
	uint64_t differ = 0;
	for (int32_t i = 1; i < n; i++)
		differ |= key[i] ^ key[0];
	for (int shift = 0; shift < 64; shift += bits)
		if ((differ >> shift & ((1u << bits) - 1)) != 0)
			radix_pass(&r, shift);
	if (r.key != key) {
		memcpy(key, r.key, (size_t)n * sizeof *key);
		memcpy(index, r.index, (size_t)n * sizeof *index);
	}
}

/* A merge sort of rows whose numbers are equal; they are few. */
static void sort_by_compare(int32_t *index, int32_t n, RowCompare compare, void *user,
	int32_t *room)
{
	if (n < 2)
		return;
	int32_t half = n / 2, a = 0, b = half, to = 0;
	sort_by_compare(index, half, compare, user, room);
	sort_by_compare(index + half, n - half, compare, user, room);
	if (compare(user, index[half - 1], index[half]) <= 0)
		return;
	while (a < half && b < n)
		room[to++] = compare(user, index[a], index[b]) <= 0 ? index[a++] : index[b++];
	while (a < half)
		room[to++] = index[a++];
	memcpy(index, room, (size_t)to * sizeof *index);
}

void rows_sort(uint64_t *key, int32_t *index, int32_t n, RowCompare compare, void *user,
	Arena *scratch)
{
	if (!is_rising(key, n))
		radix_sort(key, index, n, scratch);
	if (compare == NULL)
		return;
	int32_t *room = NULL;
	for (int32_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && key[end] == key[i];)
			end++;
		if (end - i == 1)
			continue;
		if (room == NULL)
			room = ARENA_ARRAY(scratch, int32_t, (size_t)n);
		sort_by_compare(index + i, end - i, compare, user, room);
	}
}

/* ---- gathering ---- */

/* The packed key: a code, or a rowid. */
static uint64_t key_of(const Layout *layout, const unsigned char *row)
{
	uint64_t key;
	int32_t four;
	if (layout->key_width == 8) {
		memcpy(&key, row + layout->key_at, sizeof key);
		return key;
	}
	memcpy(&four, row + layout->key_at, sizeof four);
	return (uint64_t)(int64_t)four;
}

static int int64_cmp(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

/* Few tables have any; then it costs a search a row. */
static bool is_dropped(const Gather *g, const unsigned char *row)
{
	const DataTable *table = g->table;
	uint64_t key = key_of(&g->use->layout, row);
	if (table->ndropped == 0)
		return false;
	if (!table->coded) {
		int64_t rowid = (int64_t)key;
		return bsearch(&rowid, table->dropped_row, table->ndropped, sizeof rowid, int64_cmp) != NULL;
	}
	Str text = text_of_code(g->data, key, g->scratch);
	return bsearch(&text, table->dropped_key, table->ndropped, sizeof text, key_cmp) != NULL;
}

/* Rows in order of their chunks, which is that of rowids. */
static void gather(Gather *g, const ChunkList *list)
{
	int32_t n = 0, size = g->use->layout.size;
	for (const Chunk *chunk = list->first; chunk != NULL; chunk = chunk->next)
		n += chunk->n;
	g->row = ARENA_ARRAY(g->scratch, const unsigned char *, (size_t)n + 1);
	g->reader = ARENA_ARRAY(g->scratch, int32_t, (size_t)n + 1);
	for (const Chunk *chunk = list->first; chunk != NULL; chunk = chunk->next) {
		for (int32_t i = 0; i < chunk->n; i++) {
			const unsigned char *row = chunk->row + (size_t)i * (size_t)size;
			if (is_dropped(g, row))
				continue;
			g->row[g->n] = row;
			g->reader[g->n++] = chunk->reader;
		}
	}
}

static void free_chunks(ChunkList *list)
{
	for (Chunk *chunk = list->first, *next; chunk != NULL; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	*list = (ChunkList){.first = NULL};
}

/* ---- the order of keys ---- */

static int compare_texts(void *user, int32_t a, int32_t b)
{
	const Str *text = user;
	return str_cmp(text[a], text[b]);
}

/* As a number whose size orders them as bytes do. */
static uint64_t eight_bytes(Str text, size_t from)
{
	uint64_t n = 0;
	for (size_t i = from; i < from + 8; i++)
		n = n << 8 | (i < text.len ? (unsigned char)text.ptr[i] : 0u);
	return n;
}

/* By the eight bytes behind what all keys begin with, then by the rest. */
static void rank_texts(Gather *g, uint64_t *rank, int32_t *index)
{
	Str *text = ARENA_ARRAY(g->scratch, Str, (size_t)g->n + 1);
	size_t stem = SIZE_MAX;
	for (int32_t i = 0; i < g->n; i++) {
		text[i] = text_of_code(g->data, key_of(&g->use->layout, g->row[i]), g->scratch);
		if (stem > text[i].len)
			stem = text[i].len;
		size_t shared = 0;
		while (shared < stem && text[i].ptr[shared] == text[0].ptr[shared])
			shared++;
		stem = shared;
	}
	for (int32_t i = 0; i < g->n; i++)
		rank[i] = eight_bytes(text[i], stem);
	rows_sort(rank, index, g->n, compare_texts, text, g->scratch);
}

/* False when prefixes differ: then the texts themselves are compared. */
static bool rank_codes(Gather *g, uint64_t *rank)
{
	int32_t prefix = -1;
	for (int32_t i = 0; i < g->n; i++)
		if (!text_code_rank(g->data, key_of(&g->use->layout, g->row[i]), &prefix, &rank[i]))
			return false;
	return true;
}

static int compare_fetched(void *user, int32_t a, int32_t b)
{
	const KeySource *keys = user;
	Arena *scratch = &keys->worker->scratch;
	return str_cmp(key_text(keys, a, scratch), key_text(keys, b, scratch));
}

/* By lead; where leads are equal the database is asked for the keys. */
static void rank_leads(Gather *g, uint64_t *rank, int32_t *index)
{
	int64_t *rowid = ARENA_ARRAY(g->scratch, int64_t, (size_t)g->n + 1);
	for (int32_t i = 0; i < g->n; i++) {
		uint32_t lead;
		memcpy(&lead, g->row[i] + g->use->layout.lead_at, sizeof lead);
		rank[i] = lead;
		rowid[i] = (int64_t)key_of(&g->use->layout, g->row[i]);
	}
	KeySource keys = {.data = g->data, .table = g->table, .worker = g->worker, .rowid = rowid};
	rows_sort(rank, index, g->n, compare_fetched, &keys, g->scratch);
}

/* Keys with one prefix need no comparing: their ranks are all different. */
static int32_t *order_rows(Gather *g)
{
	uint64_t *rank = ARENA_ARRAY(g->scratch, uint64_t, (size_t)g->n + 1);
	int32_t *index = ARENA_ARRAY(g->scratch, int32_t, (size_t)g->n + 1);
	for (int32_t i = 0; i < g->n; i++)
		index[i] = i;
	if (!g->table->coded)
		rank_leads(g, rank, index);
	else if (rank_codes(g, rank))
		rows_sort(rank, index, g->n, NULL, NULL, g->scratch);
	else
		rank_texts(g, rank, index);
	return index;
}

/* Only addresses move; the rows stay where they were packed. */
static void apply_order(Gather *g, const int32_t *index)
{
	int32_t in_place = 0;
	while (in_place < g->n && index[in_place] == in_place)
		in_place++;
	if (in_place == g->n)
		return;
	const unsigned char **row = ARENA_ARRAY(g->scratch, const unsigned char *, (size_t)g->n + 1);
	int32_t *reader = ARENA_ARRAY(g->scratch, int32_t, (size_t)g->n + 1);
	for (int32_t i = 0; i < g->n; i++) {
		row[i] = g->row[index[i]];
		reader[i] = g->reader[index[i]];
	}
	g->row = row;
	g->reader = reader;
}

/* A whole table finds rows that share a key here: they stand side by side. */
static void drop_twins(Gather *g)
{
	int32_t kept = 0;
	for (int32_t i = 0, end; i < g->n; i = end) {
		Str key = text_of_code(g->data, key_of(&g->use->layout, g->row[i]), g->scratch);
		for (end = i + 1; end < g->n; end++)
			if (!str_eq(key, text_of_code(g->data, key_of(&g->use->layout, g->row[end]), g->scratch)))
				break;
		for (int32_t k = i; k < end && end - i > 1; k++)
			twin_refuse(g->data, g->table, key);
		if (end - i > 1)
			continue;
		g->row[kept] = g->row[i];
		g->reader[kept++] = g->reader[i];
	}
	g->n = kept;
}

/* ---- columns ---- */

/* 0 unknown, 1 known, 3 known and kept aside. */
static unsigned bits_of(const Layout *layout, const unsigned char *row, int32_t cell)
{
	return (unsigned)row[layout->bits_at + cell / 4] >> (cell % 4 * 2) & 3u;
}

#define WORD_CELLS 32

/* The bits of up to 32 cells end the row, which is at least as long as one word. */
static void scan_bits(Gather *g)
{
	const Layout *layout = &g->use->layout;
	int unused = 64 - 8 * (layout->size - layout->bits_at);
	g->in_all = UINT64_MAX;
	if (layout->ncells == 0 || layout->ncells > WORD_CELLS)
		return;
	for (int32_t i = 0; i < g->n; i++) {
		uint64_t word = word_at((const char *)g->row[i] + layout->size - sizeof word);
		g->in_all &= word;
		g->in_any |= word;
	}
	g->in_all >>= unused;
	g->in_any >>= unused;
}

/* The common case costs no look at the rows. */
static bool all_known(const Gather *g, int32_t cell)
{
	if (g->use->layout.ncells > WORD_CELLS)
		return false;
	return (g->in_all >> 2 * cell & 1) != 0 && (g->in_any >> 2 * cell & 2) == 0;
}

/* Bits of the rows that have a value; NULL when all have. *any_big: some do not fit four bytes. */
static const uint64_t *known_bits(const Gather *g, int32_t cell, bool *any_big)
{
	*any_big = false;
	if (all_known(g, cell))
		return NULL;
	uint64_t *known = ARENA_ARRAY(g->arena, uint64_t, (size_t)g->n / 64 + 1);
	int32_t count = 0;
	unsigned any = 0;
	for (int32_t i = 0; i < g->n; i++) {
		unsigned bits = bits_of(&g->use->layout, g->row[i], cell);
		any |= bits;
		count += (int32_t)(bits & 1);
		known[i >> 6] |= (uint64_t)(bits & 1) << (i & 63);
	}
	*any_big = (any & 2) != 0;
	return count == g->n ? NULL : known;
}

/* Codes beyond 127 need two bytes: columns are signed. */
static const void *bytes_column(const Gather *g, int32_t cell, uint8_t *width)
{
	const Cell *c = &g->use->layout.cell[cell];
	const DataColumn *column = g->data->column.at[c->column];
	*width = column->codes != NULL && column->codes->n > INT8_MAX ? 2 : 1;
	int16_t *wide = *width == 2 ? ARENA_ARRAY(g->arena, int16_t, (size_t)g->n + 1) : NULL;
	int8_t *narrow = *width == 1 ? ARENA_ARRAY(g->arena, int8_t, (size_t)g->n + 1) : NULL;
	for (int32_t i = 0; i < g->n; i++) {
		if (wide != NULL)
			wide[i] = g->row[i][c->at];
		else
			narrow[i] = (int8_t)g->row[i][c->at];
	}
	return wide != NULL ? (const void *)wide : narrow;
}

/* Unknown values are packed as 0. */
static const void *fours_column(const Gather *g, int32_t cell)
{
	const Cell *c = &g->use->layout.cell[cell];
	int32_t *at = ARENA_ARRAY(g->arena, int32_t, (size_t)g->n + 1);
	for (int32_t i = 0; i < g->n; i++)
		memcpy(&at[i], g->row[i] + c->at, sizeof *at);
	return at;
}

/* Four packed bytes that are eight in the store: moments, and columns with large values. */
static const void *eights_column(const Gather *g, int32_t cell, int64_t offset, bool any_big)
{
	const Cell *c = &g->use->layout.cell[cell];
	int64_t *at = ARENA_ARRAY(g->arena, int64_t, (size_t)g->n + 1);
	for (int32_t i = 0; i < g->n; i++) {
		int32_t four;
		memcpy(&four, g->row[i] + c->at, sizeof four);
		if (any_big && bits_of(&g->use->layout, g->row[i], cell) == 3)
			at[i] = g->data->reader[g->reader[i]].big.at[four] + offset;
		else
			at[i] = four + offset;
	}
	return at;
}

/* Texts as cells, or (links that are still to be followed) as codes. */
static const void *texts_column(const Gather *g, int32_t cell, bool codes)
{
	const Cell *c = &g->use->layout.cell[cell];
	int64_t *at = ARENA_ARRAY(g->arena, int64_t, (size_t)g->n + 1);
	for (int32_t i = 0; i < g->n; i++) {
		uint64_t code;
		if ((bits_of(&g->use->layout, g->row[i], cell) & 1) == 0)
			continue;
		memcpy(&code, g->row[i] + c->at, sizeof code);
		at[i] = codes ? (int64_t)code
			: (int64_t)(intptr_t)text_cell_of_code(g->data, code, g->arena);
	}
	return at;
}

/* Figures are four bytes wide in the store too, unless one of this part is larger. */
static Column make_column(const Gather *g, int32_t cell)
{
	const Cell *c = &g->use->layout.cell[cell];
	const DataColumn *column = g->data->column.at[c->column];
	Column out = {.times = column->times, .width = 4};
	bool any_big;
	out.known = known_bits(g, cell, &any_big);
	if (c->width == 1) {
		out.at = bytes_column(g, cell, &out.width);
	} else if (c->width == 0 || c->width == 8) {
		out.at = texts_column(g, cell, column->reading == AS_LINK);
		out.width = 8;
	} else if (column->reading == AS_MOMENT || any_big) {
		out.at = eights_column(g, cell, column->reading == AS_MOMENT ? EPOCH_2000 : 0,
			any_big);
		out.width = 8;
	} else {
		out.at = fours_column(g, cell);
	}
	return out;
}

/* Keys stay as they were packed; their texts are made when asked for. */
static void make_keys(const Gather *g, Rows *out)
{
	int64_t *key = ARENA_ARRAY(g->arena, int64_t, (size_t)g->n + 1);
	for (int32_t i = 0; i < g->n; i++)
		key[i] = (int64_t)key_of(&g->use->layout, g->row[i]);
	out->keys = (KeySource){.data = g->data, .table = g->table, .worker = g->worker};
	if (g->table->coded)
		out->keys.code = (const uint64_t *)key;
	else
		out->keys.rowid = key;
}

/* Scratch memory is given back at the end; columns and keys are in the arena. */
void rows_make(Data *data, PassTable *use, int32_t part, DataWorker *worker, Arena *arena,
	Arena *scratch, Rows *out)
{
	Gather g = {.data = data, .use = use, .table = data->table.at[use->table], .worker = worker,
		.arena = arena, .scratch = scratch};
	gather(&g, &use->part[part]);
	apply_order(&g, order_rows(&g));
	if (g.table->whole)
		drop_twins(&g);
	scan_bits(&g);
	*out = (Rows){.table = g.table, .n = g.n};
	out->column = ARENA_ARRAY(arena, Column, g.table->column.n + 1);
	for (int32_t i = 0; i < use->layout.ncells; i++) {
		const DataColumn *column = data->column.at[use->layout.cell[i].column];
		out->column[column->place] = make_column(&g, i);
	}
	out->order = ARENA_ARRAY(arena, int32_t, (size_t)g.n + 1);
	for (int32_t i = 0; i < g.n; i++)
		out->order[i] = i;
	make_keys(&g, out);
	free_chunks(&use->part[part]);
	arena_reset(scratch);
}
