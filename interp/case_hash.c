/*
 * Two batches go to and fro between reader and hasher:
 *
 *   reader   fills 0 │ hands 0 over, fills 1 │ waits for 0, hands 1 over, fills 0 │ …
 *   hasher           │ hashes 0              │                hashes 1            │ …
 *
 * What is hashed belongs to the hasher alone until its thread has ended: leaves, the tree, and the
 * bytes of entries' columns.
 */
#include "interp/case_hash.h"

#include <pthread.h>
#include <stdlib.h>

#define BATCH_BYTES ((size_t)256 << 10) /* long enough to hash that a hand-over costs nothing */

typedef struct BatchRow {
	bool entry;
	Str name;
	uint8_t *column;
} BatchRow;

typedef struct Batch {
	Buf text;
	VEC(BatchRow) row;
	VEC(size_t) end;         /* of each column of each row in the text */
} Batch;

/* Leaves beside entries, since they are sorted together. */
typedef struct Leaf {
	MerkleHash hash;
	PartEntry entry;
} Leaf;

struct CaseHash {
	int ncolumns, step;
	bool beside;
	Batch batch[2];
	int filling;             /* the reader's batch; the other one is the hasher's while `full` */

	bool started, full, done;
	pthread_t thread;
	pthread_mutex_t lock;    /* of full and done */
	pthread_cond_t changed;

	VEC(Leaf) leaf;
	Merkle tree, block;      /* of parts with steps: of all rows, and of the entry at hand */
};

CaseHash *case_hash_new(int ncolumns, int step, bool beside)
{
	CaseHash *hash = mem_alloc(sizeof *hash);
	*hash = (CaseHash){.ncolumns = ncolumns, .step = step, .beside = beside};
	pthread_mutex_init(&hash->lock, NULL);
	pthread_cond_init(&hash->changed, NULL);
	return hash;
}

/* ---- hashing ---- */

/* Of several rows the mark is their own root, as that of one is its leaf. */
static void end_block(CaseHash *hash)
{
	if (hash->block.n == 0)
		return;
	MerkleHash root = merkle_root(&hash->block);
	memcpy(hash->leaf.at[hash->leaf.n - 1].entry.mark, root.at, PART_MARK);
	hash->block = (Merkle){.n = 0};
}

/* A byte of each column's canonical text is added to what the entry has of it. A sum, so that several
 * rows of an entry do not wipe each other out; a byte is enough, as it only says which columns to
 * show. One change in 256 is told without its column. */
static void add_column(const PartEntry *entry, int i, Str text)
{
	uint8_t *column = (uint8_t *)(uintptr_t)entry->column;
	uint64_t hash = str_hash(text);
	column[i] = (uint8_t)(column[i] + (hash ^ hash >> 32));
}

/* end: of the row's columns; the first column begins at `from`. The mark of several rows is set when
 * the last of them is there. */
static void hash_row(CaseHash *hash, const BatchRow *row, const char *text, size_t from,
	const size_t *end)
{
	if (row->entry) {
		end_block(hash);
		*vec_push(&hash->leaf) = (Leaf){.entry = {.name = row->name, .column = row->column}};
	}
	Leaf *leaf = &hash->leaf.at[hash->leaf.n - 1];
	size_t at = from;
	for (int i = 0; i < hash->ncolumns; at = end[i++])
		add_column(&leaf->entry, i, (Str){text + at, end[i] - at});
	leaf->hash = merkle_leaf((Str){text + from, at - from});
	memcpy(leaf->entry.mark, leaf->hash.at, PART_MARK);
	if (hash->step == 1)
		return;
	merkle_add(&hash->tree, &leaf->hash);
	merkle_add(&hash->block, &leaf->hash);
}

static void hash_batch(CaseHash *hash, Batch *batch)
{
	size_t from = 0, columns = (size_t)hash->ncolumns;
	for (size_t i = 0; i < batch->row.n; i++) {
		const size_t *end = batch->end.at + i * columns;
		hash_row(hash, &batch->row.at[i], batch->text.at, from, end);
		from = end[columns - 1];
	}
	buf_clear(&batch->text);
	batch->row.n = batch->end.n = 0;
}

/* ---- two threads ---- */

static void *hash_all(void *user)
{
	CaseHash *hash = user;
	int mine = 0;
	pthread_mutex_lock(&hash->lock);
	for (;;) {
		while (!hash->full && !hash->done)
			pthread_cond_wait(&hash->changed, &hash->lock);
		if (!hash->full)
			break;
		pthread_mutex_unlock(&hash->lock);
		hash_batch(hash, &hash->batch[mine]);
		mine = 1 - mine;
		pthread_mutex_lock(&hash->lock);
		hash->full = false;
		pthread_cond_signal(&hash->changed);
	}
	pthread_mutex_unlock(&hash->lock);
	return NULL;
}

/* Until the hasher has done with what it was given; then it is told so much more. */
static void tell(CaseHash *hash, bool full, bool done)
{
	pthread_mutex_lock(&hash->lock);
	while (hash->full)
		pthread_cond_wait(&hash->changed, &hash->lock);
	hash->full = full;
	hash->done = done;
	pthread_cond_signal(&hash->changed);
	pthread_mutex_unlock(&hash->lock);
}

/* Batches go over in turn, beginning with the first: the hasher counts along. */
static void hand_over(CaseHash *hash)
{
	if (hash->beside && !hash->started)
		hash->beside = hash->started = pthread_create(&hash->thread, NULL, hash_all, hash) == 0;
	if (!hash->started) {
		hash_batch(hash, &hash->batch[hash->filling]);
		return;
	}
	tell(hash, true, false);
	hash->filling = 1 - hash->filling;
}

/* ---- rows ---- */

Buf *case_hash_row(CaseHash *hash, bool entry, Str name, uint8_t *column)
{
	if (hash->batch[hash->filling].text.n >= BATCH_BYTES)
		hand_over(hash);
	Batch *batch = &hash->batch[hash->filling];
	*vec_push(&batch->row) = (BatchRow){entry, name, column};
	return &batch->text;
}

void case_hash_column(CaseHash *hash)
{
	Batch *batch = &hash->batch[hash->filling];
	*vec_push(&batch->end) = batch->text.n;
}

/* ---- the end ---- */

/* Rows of one name go by what they hold, so that their order is settled too. */
static int leaf_cmp(const void *left, const void *right)
{
	const Leaf *a = left, *b = right;
	int c = str_cmp(a->entry.name, b->entry.name);
	return c != 0 ? c : memcmp(a->hash.at, b->hash.at, sizeof a->hash.at);
}

/* The order of rows in the table does not matter where rows have names of their own. */
static void give(CaseHash *hash, PartRows *out)
{
	end_block(hash);
	if (hash->step == 1) {
		if (hash->leaf.n > 1)
			qsort(hash->leaf.at, hash->leaf.n, sizeof *hash->leaf.at, leaf_cmp);
		for (size_t i = 0; i < hash->leaf.n; i++)
			merkle_add(&hash->tree, &hash->leaf.at[i].hash);
	}
	out->rows = (int64_t)hash->tree.n;
	out->root = merkle_root(&hash->tree);
	/* Entries only: leaves have gone into the tree. */
	for (size_t i = 0; i < hash->leaf.n; i++)
		*vec_push(&out->entry) = hash->leaf.at[i].entry;
}

void case_hash_end(CaseHash *hash, PartRows *out)
{
	if (hash->started) {
		tell(hash, false, true);
		pthread_join(hash->thread, NULL);
	}
	if (out != NULL) {
		hash_batch(hash, &hash->batch[hash->filling]);
		give(hash, out);
	}
	for (int i = 0; i < 2; i++) {
		buf_free(&hash->batch[i].text);
		vec_free(&hash->batch[i].row);
		vec_free(&hash->batch[i].end);
	}
	vec_free(&hash->leaf);
	pthread_cond_destroy(&hash->changed);
	pthread_mutex_destroy(&hash->lock);
	free(hash);
}
