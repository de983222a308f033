/*
 * Converted rows are packed for each pass that wants their table, into the partition where the
 * key's row is. A batch of rows is packed column by column: first the partitions of all rows and
 * the places where they go, then cell after cell. So what one row waits for, the next one waits for
 * at the same time: the hash of the row that a link leads to, and memory that was last written to
 * some thousand rows ago.
 *
 *   batch     row 0, row 1, ..                       part     0     1     2     3
 *   part      2      0                                ──>   row 1       row 0
 *
 * Two bits of each cell stand behind all cells (data_internal.h).
 */
#include "interp/data_internal.h"

#include <string.h>

#define BYTE_CELLS 4        /* cells whose bits share a byte */

/* The rows of the batch where they are packed. */
typedef struct Packing {
	Reader *reader;
	const PassTable *use;
	unsigned char *row[BATCH_ROWS];
	unsigned char bits[BATCH_ROWS]; /* of up to four cells */
} Packing;

/* ---- partitions ---- */

/* A row whose way to the key is not known goes to part 0: it is judged all the same. */
static void find_parts(const Reader *reader, const PassTable *use, uint32_t *part)
{
	const Batch *batch = &reader->batch;
	uint32_t mask = (uint32_t)use->parts - 1;
	if (use->path == NO_PATH || use->parts == 1) {
		memset(part, 0, (size_t)batch->n * sizeof *part);
		return;
	}
	/* The table is the key's own. */
	for (int32_t i = 0; i < batch->n && use->path == 0; i++)
		part[i] = part_of_hash(batch->key[i].hash) & mask;
	if (use->path == 0)
		return;
	const Got *got = batch->got + reader->data->column.at[path_first(use->path)]->place;
	for (int32_t i = 0; i < batch->n; i++, got += batch->ngot)
		part[i] = got->known ? use->hash[got->value] & mask : 0;
}

/* The heads of 256 chunks would not stay in the cache; the lists do, so rows are counted there. */
static void next_chunk(const Packing *p, uint32_t part, ChunkList *list)
{
	Chunk *chunk = chunk_new(p->use->pieces, p->reader->number, (int32_t)part,
		p->use->layout.size);
	if (list->last == NULL)
		list->first = chunk;
	else
		list->last->next = chunk;
	list->last = chunk;
	list->chunks++;
	list->at = chunk->row;
	list->left = CHUNK_ROWS;
}

/* Where the rows go is fetched while other things are done. */
static void find_room(Packing *p, ChunkList *lists, const uint32_t *part)
{
	int32_t size = p->use->layout.size;
	for (int32_t i = 0, n = p->reader->batch.n; i < n; i++) {
		ChunkList *list = &lists[part[i]];
		if (list->left == 0)
			next_chunk(p, part[i], list);
		p->row[i] = list->at;
		list->at += size;
		list->left--;
		__builtin_prefetch(p->row[i], 1);
		__builtin_prefetch(p->row[i] + size - 1, 1);
	}
}

/* ---- keys ---- */

/* A key that is not like the sampled ones, or whose number is too long. */
static void put_code_aside(Reader *reader, unsigned char *at, int64_t code)
{
	uint32_t number = (uint32_t)reader->big.n;
	*vec_push(&reader->big) = code;
	memcpy(at, &number, sizeof number);
	at[4] = PATTERN_ASIDE;
}

/* Five, eight or sixteen bytes of key, or the rowid with the key's lead. */
static void put_key(const Packing *p, const RowKey *key, unsigned char *row)
{
	const Layout *layout = &p->use->layout;
	int32_t four = (int32_t)key->code;
	if (layout->key_width == sizeof key->wide) {
		memcpy(row + layout->key_at, &key->wide, sizeof key->wide);
		return;
	}
	if (layout->key_width == PATTERN_BYTES) {
		if (!put_pattern(row + layout->key_at, (uint64_t)key->code))
			put_code_aside(p->reader, row + layout->key_at, key->code);
		return;
	}
	if (layout->key_width == 4)
		memcpy(row + layout->key_at, &four, sizeof four);
	else
		memcpy(row + layout->key_at, &key->code, sizeof key->code);
	if (layout->lead_at < 0)
		return;
	uint32_t lead = text_lead(p->reader->table->stem, key->text);
	memcpy(row + layout->lead_at, &lead, sizeof lead);
}

/* ---- cells ---- */

/* Of a value that four bytes do not hold: the number of an entry in the reader's list. */
static unsigned put_aside(Reader *reader, unsigned char *at, int64_t value)
{
	int32_t four = (int32_t)reader->big.n;
	*vec_push(&reader->big) = value;
	memcpy(at, &four, sizeof four);
	return 2;
}

/* Unknown values are written as 0. 2 when the value was put aside. */
static inline __attribute__((always_inline)) unsigned put_cell(Reader *reader, int width,
	int64_t offset, int64_t value, unsigned char *at)
{
	if (width == 4) {
		value -= offset;
		int32_t four = (int32_t)value;
		if (four != value)
			return put_aside(reader, at, value);
		memcpy(at, &four, sizeof four);
	} else if (width == 3) {
		put_three(at, value);
	} else if (width == 2) {
		int16_t two = (int16_t)value;
		memcpy(at, &two, sizeof two);
	} else if (width == 1) {
		*at = (unsigned char)value;
	} else if (width == 8) {
		memcpy(at, &value, sizeof value);
	}
	return 0;
}

/* The bits of a cell: known, and with it too large, or else the end of a span that was refused. */
static inline __attribute__((always_inline)) void put_all(Packing *p, const Cell *cell, int width,
	unsigned shift)
{
	/* Of our own: what is written might be any of them, for all that the compiler knows. */
	Reader *reader = p->reader;
	const Batch *batch = &reader->batch;
	const Got *got = batch->got + cell->place;
	size_t ngot = batch->ngot, at = cell->at;
	int64_t offset = cell->is_moment ? EPOCH_2000 : 0;
	for (int32_t i = 0, n = batch->n; i < n; i++, got += ngot) {
		unsigned bits = put_cell(reader, width, offset, got->value, p->row[i] + at);
		bits |= got->known | (unsigned)got->lost << 1;
		p->bits[i] |= (unsigned char)(bits << shift);
	}
}

/* A loop for each width. */
static void put_column(Packing *p, const Cell *cell, unsigned shift)
{
	switch (cell->width) {
	case 4: put_all(p, cell, 4, shift); break;
	case 3: put_all(p, cell, 3, shift); break;
	case 2: put_all(p, cell, 2, shift); break;
	case 1: put_all(p, cell, 1, shift); break;
	case 8: put_all(p, cell, 8, shift); break;
	default: put_all(p, cell, 0, shift); break;
	}
}

/* A byte of bits is written when four cells have filled it, or the last one has come. */
static void put_bits(Packing *p, int32_t at)
{
	for (int32_t i = 0, n = p->reader->batch.n; i < n; i++)
		p->row[i][at] = p->bits[i];
	memset(p->bits, 0, sizeof p->bits);
}

static void pack(Reader *reader, int32_t u)
{
	uint32_t part[BATCH_ROWS];
	Packing p = {.reader = reader, .use = reader->table->use[u]};
	const Layout *layout = &p.use->layout;
	find_parts(reader, p.use, part);
	find_room(&p, reader->list[u], part);
	for (int32_t i = 0; i < reader->batch.n; i++)
		put_key(&p, &reader->batch.key[i], p.row[i]);
	for (int32_t c = 0; c < layout->ncells; c++) {
		put_column(&p, &layout->cell[c], 2 * (unsigned)(c % BYTE_CELLS));
		if (c % BYTE_CELLS == BYTE_CELLS - 1 || c + 1 == layout->ncells)
			put_bits(&p, layout->bits_at + c / BYTE_CELLS);
	}
}

void pack_rows(Reader *reader)
{
	for (int32_t u = 0; u < reader->table->nuses; u++)
		pack(reader, u);
}
