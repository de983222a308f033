/*
 * Rows that share a key (S59): which of two is true is not ours to pick, so all of them leave the
 * dataset. An index that makes the key unique rules them out, but for keys that become equal by
 * trimming or normalising. Without one, the hashes of all keys are collected while reading; only
 * when two are equal is the table looked at again, for the keys themselves.
 *
 *   buckets of hashes ─> equal ones ─> rows with these hashes ─> equal keys ─> dropped
 *
 * Whole tables find theirs when they are put in order.
 */
#include "interp/data_internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct Twin {
	uint64_t hash;
	Str key;
	int64_t rowid;
} Twin;

/* From hashes that occur twice to rows that do. */
typedef struct Search {
	Data *data;
	DataTable *table;
	Diags *diags;
	Arena arena, scratch;
	HashVec hash;           /* of keys that may be there twice, rising */
	VEC(Twin) twin;         /* rows with these hashes */
} Search;

static int hash_cmp(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static int rowid_cmp(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static int twin_cmp(const void *a, const void *b)
{
	const Twin *x = a, *y = b;
	int order = str_cmp(x->key, y->key);
	if (order != 0)
		return order;
	return x->rowid < y->rowid ? -1 : x->rowid > y->rowid;
}

/* ---- hashes ---- */

static void bucket_join(HashVec *into, const HashVec *from)
{
	for (size_t i = 0; i < from->n; i++)
		*vec_push(into) = from->at[i];
}

/* Equal keys have equal hashes, and those are in one bucket of each reader. */
static void bucket_twins(Search *s, int bucket)
{
	HashVec all = {0};
	for (int i = 0; i < s->data->options.threads; i++)
		if (s->data->reader[i].hash != NULL)
			bucket_join(&all, &s->data->reader[i].hash[bucket]);
	if (all.n > 1)
		qsort(all.at, all.n, sizeof *all.at, hash_cmp);
	for (size_t i = 1; i < all.n; i++)
		if (all.at[i] == all.at[i - 1] && (s->hash.n == 0 || s->hash.at[s->hash.n - 1] != all.at[i]))
			*vec_push(&s->hash) = all.at[i];
	vec_free(&all);
}

static void find_hashes(Search *s)
{
	for (int bucket = 0; bucket < HASH_BUCKETS && !s->table->key_unique; bucket++)
		bucket_twins(s, bucket);
	for (int i = 0; i < s->data->options.threads && s->table->key_unique; i++)
		bucket_join(&s->hash, &s->data->reader[i].suspect);
	if (s->hash.n > 1)
		qsort(s->hash.at, s->hash.n, sizeof *s->hash.at, hash_cmp);
}

/* ---- the second look ---- */

/* The key is put together as convert_key does. */
static void look_at_row(Search *s, sqlite3_stmt *stmt)
{
	Buf key = {0};
	bool good = true;
	for (int32_t i = 0; i < s->table->nkey && good; i++) {
		Str part;
		bool changed;
		const char *why;
		good = convert_text(&s->scratch, sqlite3_column_value(stmt, i + 1), &part, &changed, &why);
		if (i > 0)
			buf_char(&key, KEY_JOINT);
		if (good)
			buf_str(&key, part);
	}
	uint64_t hash = text_hash(buf_view(&key));
	if (good && bsearch(&hash, s->hash.at, s->hash.n, sizeof hash, hash_cmp) != NULL)
		*vec_push(&s->twin) = (Twin){hash, str_copy(&s->arena, buf_view(&key)),
			sqlite3_column_int64(stmt, 0)};
	buf_free(&key);
	if (s->scratch.bytes > (size_t)1 << 16)
		arena_reset(&s->scratch);
}

/* A second pass over the keys alone, and only when there is something to be found. */
static Status look_again(Search *s)
{
	sqlite3 *db = s->data->reader[0].db;
	sqlite3_stmt *stmt = NULL;
	Buf sql = {0};
	buf_printf(&sql, "select %s", s->table->rowid != NULL ? s->table->rowid : "0");
	for (int32_t i = 0; i < s->table->nkey; i++)
		buf_printf(&sql, ", %s", sql_name(&s->scratch, s->table->key[i]));
	buf_printf(&sql, " from %s", sql_name(&s->scratch, s->table->name));
	int rc = sqlite3_prepare_v2(db, sql.at, (int)sql.n, &stmt, NULL);
	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW)
			look_at_row(s, stmt);
	}
	sqlite3_finalize(stmt);
	buf_free(&sql);
	return rc == SQLITE_DONE ? STATUS_OK : file_error(s->data, db, rc, s->diags);
}

/* ---- dropping ---- */

int key_cmp(const void *a, const void *b)
{
	return str_cmp(*(const Str *)a, *(const Str *)b);
}

/* The entry names the key; there is nothing else to tell these rows apart by. */
void twin_refuse(Data *data, DataTable *table, Str key)
{
	Reader *reader = &data->reader[0];
	reader->table = table;
	reader->key_text = key;
	refuse(reader, -1, NULL, "another row has the same key");
	table->count.rejected_rows++;
}

/* All rows of a key that has more than one. */
static void drop(Search *s)
{
	DataTable *table = s->table;
	VEC(int64_t) rowid = {0};
	VEC(Str) key = {0};
	for (size_t i = 0, end; i < s->twin.n; i = end) {
		for (end = i + 1; end < s->twin.n && str_eq(s->twin.at[i].key, s->twin.at[end].key);)
			end++;
		for (size_t k = i; k < end && end - i > 1; k++) {
			twin_refuse(s->data, table, s->twin.at[k].key);
			*vec_push(&rowid) = s->twin.at[k].rowid;
			*vec_push(&key) = str_copy(&s->data->arena, s->twin.at[k].key);
		}
	}
	table->ndropped = rowid.n;
	if (rowid.n > 0) {
		qsort(rowid.at, rowid.n, sizeof *rowid.at, rowid_cmp);
		table->dropped_row = arena_copy(&s->data->arena, rowid.at, rowid.n * sizeof *rowid.at);
		table->dropped_key = arena_copy(&s->data->arena, key.at, key.n * sizeof *key.at);
	}
	vec_free(&rowid);
	vec_free(&key);
}

Status data_twins(Data *data, DataTable *table, Diags *diags)
{
	Search s = {.data = data, .table = table, .diags = diags};
	Status status = STATUS_OK;
	find_hashes(&s);
	if (s.hash.n > 0)
		status = look_again(&s);
	if (status == STATUS_OK && s.twin.n > 1)
		qsort(s.twin.at, s.twin.n, sizeof *s.twin.at, twin_cmp);
	if (status == STATUS_OK && s.twin.n > 1)
		drop(&s);
	vec_free(&s.hash);
	vec_free(&s.twin);
	arena_free(&s.arena);
	arena_free(&s.scratch);
	return status;
}
