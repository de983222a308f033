/*
 * Two batches go to and fro between reader and hasher:
 *
 *   reader   fills 0 │ hands 0 over, fills 1 │ waits for 0, hands 1 over, fills 0 │ …
 *   hasher           │ hashes 0              │                hashes 1            │ …
 *
 * What is hashed belongs to the hasher alone until its thread has ended: leaves, the tree, and the
 * arena of the entries.
 */
#include "interp/case_hash.h"

#include <pthread.h>
#include <stdlib.h>

#include "interp/case_leaf.h"
#include "interp/case_row.h"

#define BATCH_BYTES ((size_t)256 << 10) /* long enough to hash that a hand-over costs nothing */

typedef struct Batch {
	Buf text;
	Buf names;
	VEC(size_t) name_end;    /* of each row in the names */
	VEC(size_t) end;         /* of each column of each row in the text */
} Batch;

struct CaseHash {
	bool beside;
	Batch batch[2];
	int filling;             /* the reader's batch; the other one is the hasher's while `full` */

	bool started, full, done;
	pthread_t thread;
	pthread_mutex_t lock;    /* of full and done */
	pthread_cond_t changed;

	uint8_t *column;         /* of the row that is being hashed */
	CaseLeaves leaves;
};

CaseHash *case_hash_new(int ncolumns, int step, bool beside, Arena *arena)
{
	CaseHash *hash = mem_alloc(sizeof *hash);
	*hash = (CaseHash){.beside = beside, .column = mem_alloc((size_t)ncolumns + 1)};
	case_leaves_begin(&hash->leaves, ncolumns, step, arena);
	pthread_mutex_init(&hash->lock, NULL);
	pthread_cond_init(&hash->changed, NULL);
	return hash;
}

/* ---- hashing ---- */

/* end: of the row's columns; the first column begins at `from`. */
static void hash_row(CaseHash *hash, Str name, const char *text, size_t from, const size_t *end)
{
	size_t at = from;
	for (int i = 0; i < hash->leaves.ncolumns; at = end[i++])
		hash->column[i] = case_row_byte((Str){text + at, end[i] - at});
	MerkleHash leaf = merkle_leaf((Str){text + from, at - from});
	case_leaves_add(&hash->leaves, name, &leaf, hash->column);
}

static void hash_batch(CaseHash *hash, Batch *batch)
{
	size_t from = 0, name = 0, columns = (size_t)hash->leaves.ncolumns;
	for (size_t i = 0; i < batch->name_end.n; i++) {
		const size_t *end = batch->end.at + i * columns;
		hash_row(hash, (Str){batch->names.at + name, batch->name_end.at[i] - name},
			batch->text.at, from, end);
		from = end[columns - 1];
		name = batch->name_end.at[i];
	}
	buf_clear(&batch->text);
	buf_clear(&batch->names);
	batch->name_end.n = batch->end.n = 0;
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

Buf *case_hash_row(CaseHash *hash, Str name)
{
	if (hash->batch[hash->filling].text.n >= BATCH_BYTES)
		hand_over(hash);
	Batch *batch = &hash->batch[hash->filling];
	buf_str(&batch->names, name);
	*vec_push(&batch->name_end) = batch->names.n;
	return &batch->text;
}

void case_hash_column(CaseHash *hash)
{
	Batch *batch = &hash->batch[hash->filling];
	*vec_push(&batch->end) = batch->text.n;
}

/* ---- the end ---- */

void case_hash_end(CaseHash *hash, PartRows *out)
{
	if (hash->started) {
		tell(hash, false, true);
		pthread_join(hash->thread, NULL);
	}
	if (out != NULL) {
		hash_batch(hash, &hash->batch[hash->filling]);
		case_leaves_end(&hash->leaves, out);
	}
	for (int i = 0; i < 2; i++) {
		buf_free(&hash->batch[i].text);
		buf_free(&hash->batch[i].names);
		vec_free(&hash->batch[i].name_end);
		vec_free(&hash->batch[i].end);
	}
	case_leaves_free(&hash->leaves);
	free(hash->column);
	pthread_cond_destroy(&hash->changed);
	pthread_mutex_destroy(&hash->lock);
	free(hash);
}
