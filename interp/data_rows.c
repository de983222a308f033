/*
 * Packed rows become columns, in order of their keys: lists of rows made in one sweep come out
 * sorted by key, and a stable sort by time has its ties by key.
 *
 *   chunks ─> keys and bits of the rows that stay ─> order ─> blocks of rows ─> columns
 *
 * The packed rows of a part are as large as the second level of cache, so they are walked twice
 * only: once chunk by chunk for the keys and the bits, and once in order, 256 rows at a time, for
 * all columns of these rows while they are near. A row is known by its place: chunk number times
 * CHUNK_ROWS, and its number in the chunk.
 */
#include "interp/data_internal.h"

#include <stdlib.h>
#include <string.h>

#define WORD_CELLS 32         /* two bits each */
#define CACHE_LINE 64

_Static_assert(CHUNK_ROWS % 64 == 0, "blocks begin at whole words of bitmaps");

/* The rows of one part on their way to columns. Keys stand in one of four arrays. */
typedef struct Gather {
	Data *data;
	PassTable *use;
	DataTable *table;
	DataWorker *worker;
	Arena *arena, *scratch;
	Chunk **chunk;
	int32_t *place;
	int32_t n;
	uint64_t *key;          /* codes or rowids, or */
	WideKey *wide;          /* keys of a shape */
	uint32_t *lead;         /* beside rowids */
	uint64_t *all, *any;    /* bits that all rows have, that some have; by 32 cells */
} Gather;

/* Up to CHUNK_ROWS rows, wherever they stand. */
typedef struct Block {
	const unsigned char *row[CHUNK_ROWS];
	int32_t from, n;        /* the number of the first among all rows */
	int32_t reader;         /* that packed them, while they are gathered from one chunk */
} Block;

/* ---- gathering ---- */

/* The packed key: a code, or a rowid. `reader` packed the row. */
static uint64_t key_of(const Gather *g, const unsigned char *row, int32_t reader)
{
	const Layout *layout = &g->use->layout;
	uint64_t key;
	int32_t four;
	if (layout->key_width == PATTERN_BYTES)
		return get_pattern(row + layout->key_at, g->data->reader[reader].big.at);
	if (layout->key_width == 8) {
		memcpy(&key, row + layout->key_at, sizeof key);
		return key;
	}
	memcpy(&four, row + layout->key_at, sizeof four);
	return (uint64_t)(int64_t)four;
}

/* Rows are packed without gaps, so numbers may lie at any address. */
static WideKey wide_of(const Layout *layout, const unsigned char *row)
{
	WideKey key;
	memcpy(&key, row + layout->key_at, sizeof key);
	return key;
}

static int int64_cmp(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

/* Of a table whose keys are not kept with its rows. */
static bool rowid_dropped(const DataTable *table, int64_t rowid)
{
	return bsearch(&rowid, table->dropped_row, table->ndropped, sizeof rowid, int64_cmp) != NULL;
}

/* 0 unknown, 1 known, 2 an end of a span that was refused, 3 known and kept aside. */
static unsigned bits_of(const Layout *layout, const unsigned char *row, int32_t cell)
{
	return (unsigned)row[layout->bits_at + cell / 4] >> (cell % 4 * 2) & 3u;
}

static int32_t two_at(const unsigned char *at)
{
	int16_t two;
	memcpy(&two, at, sizeof two);
	return two;
}

static int32_t four_at(const unsigned char *at)
{
	int32_t four;
	memcpy(&four, at, sizeof four);
	return four;
}

/* By which one of several rows with one key is the newest. `reader` packed the row. */
static TwinValue newest_value(const Gather *g, const unsigned char *row, int32_t reader)
{
	const Layout *layout = &g->use->layout;
	int32_t number = 0;
	if (g->table->newest < 0)
		return (TwinValue){false, 0};
	/* It has a cell in every pass (pass_table_new). */
	while (layout->cell[number].column != g->table->newest)
		number++;
	const Cell *cell = &layout->cell[number];
	unsigned bits = bits_of(layout, row, number);
	int32_t four = cell->width == 2 ? two_at(row + cell->at)
		: cell->width == 3 ? get_three(row + cell->at) : four_at(row + cell->at);
	int64_t value = bits == 3 ? g->data->reader[reader].big.at[four] : four;
	return (TwinValue){(bits & 1) != 0, value + (cell->is_moment ? EPOCH_2000 : 0)};
}

/* A search a row, but few tables have any to drop. */
static bool is_dropped(const Gather *g, const unsigned char *row, int32_t reader)
{
	const DataTable *table = g->table;
	const Layout *layout = &g->use->layout;
	WideKey wide = {WIDE_OTHER, 0};
	Str text;
	if (table->shape != NULL)
		wide = wide_of(layout, row);
	else
		wide.lo = key_of(g, row, reader);
	/* Keys are compared as texts: twins may be packed as two codes. */
	if (wide.hi != WIDE_OTHER)
		text = shape_text(table->shape, wide, g->scratch);
	else if (table->coded || table->rowid == NULL)
		text = text_of_code(g->data, wide.lo, g->scratch);
	else
		return rowid_dropped(table, (int64_t)wide.lo);
	const Dropped *found = bsearch(&text, table->dropped_key, table->ndropped_keys, sizeof *found,
		key_cmp);
	/* None of the key's rows stays, or one of them does. */
	if (found == NULL || !found->one_stays)
		return found != NULL;
	/* The one that stays is known by its value, which no other of them has. */
	TwinValue value = newest_value(g, row, reader);
	return !value.known || value.value != found->value;
}

/* One short loop for each form of keys, over rows that are all in the first level of cache. */
static void take_keys(Gather *g, const Block *block)
{
	const Layout *layout = &g->use->layout;
	for (int32_t i = 0; i < block->n && g->wide != NULL; i++)
		g->wide[block->from + i] = wide_of(layout, block->row[i]);
	for (int32_t i = 0; i < block->n && g->key != NULL; i++)
		g->key[block->from + i] = key_of(g, block->row[i], block->reader);
	for (int32_t i = 0; i < block->n && g->lead != NULL; i++)
		memcpy(&g->lead[block->from + i], block->row[i] + layout->lead_at, sizeof *g->lead);
}

/* Two bits a cell, 32 cells a word. */
static int32_t bit_words(const Layout *layout)
{
	return (layout->ncells + WORD_CELLS - 1) / WORD_CELLS;
}

/* Where the word stands that has the bits of cells 32 * k and so on, and how far down they are in
 * it. The bits end the row, which is at least as long as one word. */
static int32_t bit_word(const Layout *layout, int32_t k, int *unused)
{
	int32_t at = layout->bits_at + 8 * k, last = layout->size - 8;
	*unused = at > last ? 8 * (at - last) : 0;
	return at > last ? last : at;
}

/* Most columns are known in all rows of a part: that is found out here, at no cost to speak of, and
 * saves their bitmaps. */
static void scan_bits(Gather *g, const Block *block)
{
	const Layout *layout = &g->use->layout;
	for (int32_t k = 0; k < bit_words(layout); k++) {
		int unused;
		int32_t at = bit_word(layout, k, &unused);
		uint64_t all = UINT64_MAX, any = 0;
		for (int32_t i = 0; i < block->n; i++) {
			uint64_t word = word_at((const char *)block->row[i] + at);
			all &= word;
			any |= word;
		}
		g->all[k] &= all >> unused;
		g->any[k] |= any >> unused;
	}
}

/* Chunks of one part lie scattered, each as long as a page or two: no processor looks ahead from one
 * to the next by itself. So while a row is taken the one at its place in the next chunk is fetched;
 * all of them at once would wait for each other. */
static void fetch_row(const Chunk *next, size_t at, size_t size)
{
	for (size_t i = 0; i < size; i += CACHE_LINE)
		__builtin_prefetch((const char *)next + at + i);
}

/* In order of the chunks, which is that of rowids. */
static void gather_chunk(Gather *g, int32_t number)
{
	const Chunk *chunk = g->chunk[number];
	size_t size = (size_t)g->use->layout.size;
	Block block = {.from = g->n, .n = 0, .reader = chunk->reader};
	for (int32_t i = 0; i < chunk->n; i++) {
		const unsigned char *row = chunk->row + (size_t)i * size;
		if (chunk->next != NULL)
			fetch_row(chunk->next, (size_t)i * size, size);
		if (g->table->ndropped > 0 && is_dropped(g, row, chunk->reader))
			continue;
		block.row[block.n++] = row;
		g->place[g->n++] = number * CHUNK_ROWS + i;
	}
	take_keys(g, &block);
	scan_bits(g, &block);
}

/* Arrays for the keys in the form that the table's keys have. */
static void key_arrays(Gather *g, Arena *arena, size_t n)
{
	/* One of the two, never both. */
	bool wide = g->table->shape != NULL;
	g->wide = wide ? ARENA_ROOM(arena, WideKey, n + 1) : NULL;
	g->key = wide ? NULL : ARENA_ROOM(arena, uint64_t, n + 1);
}

/* There is room for as many rows as the chunks could hold, so that no array grows. */
static void gather(Gather *g, const ChunkList *list)
{
	size_t n = (size_t)list->chunks * CHUNK_ROWS, words = (size_t)bit_words(&g->use->layout);
	int32_t number = 0;
	g->all = ARENA_ROOM(g->scratch, uint64_t, words + 1);
	memset(g->all, 0xff, words * sizeof *g->all);
	g->any = ARENA_ARRAY(g->scratch, uint64_t, words + 1);
	g->chunk = ARENA_ROOM(g->scratch, Chunk *, (size_t)list->chunks + 1);
	g->place = ARENA_ROOM(g->scratch, int32_t, n + 1);
	key_arrays(g, g->arena, n);
	if (g->use->layout.lead_at >= 0)
		g->lead = ARENA_ROOM(g->scratch, uint32_t, n + 1);
	for (Chunk *chunk = list->first; chunk != NULL; chunk = chunk->next) {
		g->chunk[number] = chunk;
		gather_chunk(g, number++);
	}
}

/* As soon as a part is made into columns. */
static void free_chunks(ChunkList *list)
{
	for (Chunk *chunk = list->first, *next; chunk != NULL; chunk = next) {
		next = chunk->next;
		chunk_free(chunk);
	}
	*list = (ChunkList){.first = NULL};
}

/* ---- order ---- */

/* The keys as they stand at this moment: before they are put in order, or after. */
static KeySource key_source(const Gather *g)
{
	KeySource keys = {.data = g->data, .table = g->table, .worker = g->worker, .wide = g->wide};
	if (g->table->coded)
		keys.code = g->key;
	else
		keys.rowid = (const int64_t *)g->key;
	return keys;
}

/* Places and keys move; the rows stay where they were packed. */
static void apply_order(Gather *g, const int32_t *index)
{
	const int32_t *place = g->place;
	const uint64_t *key = g->key;
	const WideKey *wide = g->wide;
	g->place = ARENA_ROOM(g->scratch, int32_t, (size_t)g->n + 1);
	key_arrays(g, g->arena, (size_t)g->n);
	for (int32_t i = 0; i < g->n; i++)
		g->place[i] = place[index[i]];
	for (int32_t i = 0; i < g->n && key != NULL; i++)
		g->key[i] = key[index[i]];
	for (int32_t i = 0; i < g->n && wide != NULL; i++)
		g->wide[i] = wide[index[i]];
}

/* Keys that stand in order already are left where they are. */
static void order_rows(Gather *g)
{
	KeySource keys = key_source(g);
	const int32_t *index = keys_order(&keys, g->lead, g->n, g->scratch);
	if (index != NULL)
		apply_order(g, index);
}

/* Rows i to end have one key: the one that stays, or -1. */
static int32_t settle_twins(Gather *g, int32_t i, int32_t end)
{
	size_t size = (size_t)g->use->layout.size;
	TwinValue *value = ARENA_ROOM(g->scratch, TwinValue, (size_t)(end - i));
	for (int32_t k = i; k < end; k++) {
		const Chunk *chunk = g->chunk[g->place[k] / CHUNK_ROWS];
		value[k - i] = newest_value(g, chunk->row + (size_t)(g->place[k] % CHUNK_ROWS) * size,
			chunk->reader);
	}
	/* Counted and refused here: nothing of a whole table is told later. */
	int32_t stays = twins_settle(g->data, g->table, text_of_code(g->data, g->key[i], g->scratch),
		value, end - i);
	return stays < 0 ? -1 : i + stays;
}

/* A whole table finds rows that share a key here: they stand side by side. */
static void drop_twins(Gather *g)
{
	int32_t kept = 0;
	for (int32_t i = 0, end; i < g->n; i = end) {
		for (end = i + 1; end < g->n; end++)
			if (!text_codes_equal(g->data, g->key[i], g->key[end], g->scratch))
				break;
		int32_t stays = end - i > 1 ? settle_twins(g, i, end) : i;
		if (stays < 0)
			continue;
		g->place[kept] = g->place[stays];
		g->key[kept++] = g->key[stays];
	}
	g->n = kept;
}

/* ---- columns ---- */

/* One cell on its way to a column: the loop that fills it was chosen once for all blocks. */
typedef struct Filling {
	const Cell *cell;
	int32_t number;         /* of the cell */
	void *at;
	uint64_t *known;        /* NULL: all are */
	uint64_t *lost;         /* NULL: none is, or is noted */
	int64_t offset;
	void (*fill)(const Gather *g, const struct Filling *f, const Block *block);
} Filling;

/* One loop for each pair of widths, packed and stored: no cell is asked what it is. */
static void fill_bytes(const Gather *g, const Filling *f, const Block *block)
{
	int8_t *at = (int8_t *)f->at + block->from;
	(void)g;
	for (int32_t i = 0; i < block->n; i++)
		at[i] = (int8_t)block->row[i][f->cell->at];
}

/* Codes beyond 127 need two bytes: columns are signed. */
static void fill_twos(const Gather *g, const Filling *f, const Block *block)
{
	int16_t *at = (int16_t *)f->at + block->from;
	(void)g;
	for (int32_t i = 0; i < block->n; i++)
		at[i] = block->row[i][f->cell->at];
}

/* Unknown values are packed as 0. */
static void fill_shorts(const Gather *g, const Filling *f, const Block *block)
{
	int16_t *at = (int16_t *)f->at + block->from;
	(void)g;
	for (int32_t i = 0; i < block->n; i++)
		memcpy(&at[i], block->row[i] + f->cell->at, sizeof *at);
}

/* Links are four bytes wide in the store, however they are packed. */
static void fill_links(const Gather *g, const Filling *f, const Block *block)
{
	int32_t *at = (int32_t *)f->at + block->from;
	(void)g;
	for (int32_t i = 0; i < block->n; i++)
		at[i] = two_at(block->row[i] + f->cell->at);
}

/* Signed, as get_three has it. */
static void fill_threes(const Gather *g, const Filling *f, const Block *block)
{
	int32_t *at = (int32_t *)f->at + block->from;
	(void)g;
	for (int32_t i = 0; i < block->n; i++)
		at[i] = get_three(block->row[i] + f->cell->at);
}

static void fill_fours(const Gather *g, const Filling *f, const Block *block)
{
	int32_t *at = (int32_t *)f->at + block->from;
	(void)g;
	for (int32_t i = 0; i < block->n; i++)
		at[i] = four_at(block->row[i] + f->cell->at);
}

/* Four packed bytes that are eight in the store. */
static void fill_moments(const Gather *g, const Filling *f, const Block *block)
{
	int64_t *at = (int64_t *)f->at + block->from;
	(void)g;
	for (int32_t i = 0; i < block->n; i++)
		at[i] = four_at(block->row[i] + f->cell->at) + f->offset;
}

/* Some values are in the list of the reader that packed the row. */
static void fill_large(const Gather *g, const Filling *f, const Block *block)
{
	int64_t *at = (int64_t *)f->at + block->from;
	for (int32_t i = 0; i < block->n; i++) {
		int32_t four = four_at(block->row[i] + f->cell->at);
		at[i] = four + f->offset;
		if (bits_of(&g->use->layout, block->row[i], f->number) != 3)
			continue;
		/* Threads have lists of their own; the chunk says whose. */
		int32_t reader = g->chunk[g->place[block->from + i] / CHUNK_ROWS]->reader;
		at[i] = g->data->reader[reader].big.at[four] + f->offset;
	}
}

/* Links that are still to be followed. */
static void fill_codes(const Gather *g, const Filling *f, const Block *block)
{
	int64_t *at = (int64_t *)f->at + block->from;
	(void)g;
	for (int32_t i = 0; i < block->n; i++)
		memcpy(&at[i], block->row[i] + f->cell->at, sizeof *at);
}

static void fill_texts(const Gather *g, const Filling *f, const Block *block)
{
	const TextCell **at = (const TextCell **)f->at + block->from;
	for (int32_t i = 0; i < block->n; i++) {
		uint64_t code;
		at[i] = NULL;
		if ((bits_of(&g->use->layout, block->row[i], f->number) & 1) == 0)
			continue;
		/* A text that is the key has no cell of its own. */
		if (f->cell->width == 0)
			code = g->key[block->from + i];
		else
			memcpy(&code, block->row[i] + f->cell->at, sizeof code);
		at[i] = text_cell_of_code(g->data, code, g->arena);
	}
}

/* A text that is the key of a shape; other keys are there as codes. Cells of one block lie side by
 * side. */
static void fill_keys(const Gather *g, const Filling *f, const Block *block)
{
	const TextCell **at = (const TextCell **)f->at + block->from;
	const KeyShape *shape = g->table->shape;
	KeySource keys = key_source(g);
	/* Rounded up to four bytes, which the length in front of each needs. */
	size_t size = (sizeof(TextCell) + shape->len + 3) & ~(size_t)3;
	char *room = arena_room(g->arena, (size_t)block->n * size);
	for (int32_t i = 0; i < block->n; i++) {
		WideKey key = g->wide[block->from + i];
		TextCell *cell = (TextCell *)(void *)(room + (size_t)i * size);
		at[i] = cell;
		cell->len = (uint32_t)shape->len;
		if (key.hi != WIDE_OTHER)
			shape_write(shape, key, cell->bytes);
		else
			at[i] = text_cell(g->arena, key_text(&keys, block->from + i, g->scratch));
	}
}

/* Word by word: a block begins at a whole one. To add each bit where it belongs in memory took four
 * times as long, since each had to wait for the one before it. */
static void fill_known(const Gather *g, const Filling *f, const Block *block)
{
	const Layout *layout = &g->use->layout;
	uint64_t *to = f->known + block->from / 64;
	for (int32_t i = 0; i < block->n; i += 64) {
		int32_t n = block->n - i < 64 ? block->n - i : 64;
		uint64_t word = 0;
		for (int32_t k = 0; k < n; k++)
			word |= (uint64_t)(bits_of(layout, block->row[i + k], f->number) & 1) << k;
		to[i / 64] = word;
	}
}

/* Ends of spans that were there, but could not be read. */
static void fill_lost(const Gather *g, const Filling *f, const Block *block)
{
	for (int32_t i = 0; i < block->n; i++)
		if (bits_of(&g->use->layout, block->row[i], f->number) == 2)
			bit_set(f->lost, block->from + i);
}

/* The loops that take cells of one to three bytes. Columns are no narrower than their cells. */
static uint8_t choose_narrow(const DataColumn *column, Filling *f)
{
	bool twos = column->codes != NULL && column->codes->n > INT8_MAX;
	bool link = column->reading == AS_LINK;
	switch (f->cell->width) {
	case 1:
		f->fill = twos ? fill_twos : fill_bytes;
		return twos ? 2 : 1;
	case 2:
		f->fill = link ? fill_links : fill_shorts;
		return link ? 4 : 2;
	default:
		f->fill = fill_threes;
		return 4;
	}
}

/* The loop, and with it the width, that a cell takes. Figures are four bytes wide in the store too,
 * unless one of this part is larger. */
static uint8_t choose_fill(const Gather *g, Filling *f)
{
	const DataColumn *column = g->data->column.at[f->cell->column];
	bool moment = column->reading == AS_MOMENT;
	int32_t k = f->number / WORD_CELLS, shift = f->number % WORD_CELLS * 2;
	/* Some cell of this part was put aside. */
	bool large = (g->any[k] >> shift & 2) != 0;
	f->offset = moment ? EPOCH_2000 : 0;
	if (f->cell->width > 0 && f->cell->width < 4)
		return choose_narrow(column, f);
	if (f->cell->width == 0 && g->wide != NULL)
		f->fill = fill_keys;
	else if (f->cell->width == 0 || f->cell->width == 8)
		f->fill = column->reading == AS_LINK ? fill_codes : fill_texts;
	else if (large)
		f->fill = fill_large;
	else
		f->fill = moment ? fill_moments : fill_fours;
	return f->fill == fill_fours ? 4 : 8;
}

/* Values are written from end to end, so their memory need not be zeroed; bitmaps are added to. */
static Column begin_column(const Gather *g, int32_t number, Filling *f)
{
	size_t n = (size_t)g->n;
	*f = (Filling){.cell = &g->use->layout.cell[number], .number = number};
	Column out = {.times = g->data->column.at[f->cell->column]->times};
	out.width = choose_fill(g, f);
	f->at = arena_room(g->arena, mem_product(n + 1, out.width));
	if ((g->all[number / WORD_CELLS] >> number % WORD_CELLS * 2 & 1) == 0)
		f->known = ARENA_ARRAY(g->arena, uint64_t, n / 64 + 1);
	if (g->data->column.at[f->cell->column]->is_end &&
	    (g->any[number / WORD_CELLS] >> number % WORD_CELLS * 2 & 2) != 0)
		f->lost = ARENA_ARRAY(g->arena, uint64_t, n / 64 + 1);
	out.at = f->at;
	out.known = f->known;
	out.lost = f->lost;
	return out;
}

/* In order of keys the rows of a block may stand anywhere; their addresses are worked out once for
 * all columns, and the first column brings the rows near for the others. */
static void fill_columns(const Gather *g, const Filling *fill)
{
	size_t size = (size_t)g->use->layout.size;
	Block block;
	for (block.from = 0; block.from < g->n; block.from += block.n) {
		block.n = g->n - block.from < CHUNK_ROWS ? g->n - block.from : CHUNK_ROWS;
		for (int32_t i = 0; i < block.n; i++) {
			uint32_t place = (uint32_t)g->place[block.from + i];
			block.row[i] = g->chunk[place / CHUNK_ROWS]->row + place % CHUNK_ROWS * size;
		}
		for (int32_t c = 0; c < g->use->layout.ncells; c++) {
			fill[c].fill(g, &fill[c], &block);
			if (fill[c].known != NULL)
				fill_known(g, &fill[c], &block);
			if (fill[c].lost != NULL)
				fill_lost(g, &fill[c], &block);
		}
	}
}

static void make_columns(const Gather *g, Rows *out)
{
	int32_t ncells = g->use->layout.ncells;
	Filling *fill = ARENA_ARRAY(g->scratch, Filling, (size_t)ncells + 1);
	out->column = ARENA_ARRAY(g->arena, Column, g->table->column.n + 1);
	for (int32_t i = 0; i < ncells; i++) {
		const DataColumn *column = g->data->column.at[g->use->layout.cell[i].column];
		out->column[column->place] = begin_column(g, i, &fill[i]);
	}
	fill_columns(g, fill);
}

/* Scratch memory is given back at the end; columns and keys are in the arena. */
void rows_make(Data *data, PassTable *use, int32_t part, DataWorker *worker, Arena *arena,
	Arena *scratch, Rows *out)
{
	Gather g = {.data = data, .use = use, .table = data->table.at[use->table], .worker = worker,
		.arena = arena, .scratch = scratch};
	gather(&g, &use->part[part]);
	order_rows(&g);
	/* Partitions have none left: they were looked for in data_twin.c. */
	if (g.table->whole)
		drop_twins(&g);
	*out = (Rows){.table = g.table, .n = g.n};
	make_columns(&g, out);
	/* Rows stand in the order of their keys, so that order is 0, 1, 2. */
	out->order = ARENA_ROOM(arena, int32_t, (size_t)g.n + 1);
	for (int32_t i = 0; i < g.n; i++)
		out->order[i] = i;
	out->keys = key_source(&g);
	free_chunks(&use->part[part]);
	arena_reset(scratch);
}
