/*
 * Rows that share a key (S59): which of two is true is not ours to pick, so all of them leave the
 * dataset, unless the rules say by which column one of them is the newest. An index that makes the
 * key unique rules them out, but for keys that become equal by trimming or normalising. Without
 * one, the hashes of all keys are collected while reading; only when two are equal is the table
 * looked at again, for the keys themselves and the values that say which is newest.
 *
 *   buckets of hashes ─> equal ones ─> rows with these hashes ─> equal keys ─> one stays ─> the
 *                                                                           └> or none    others
 *                                                                                       dropped
 *
 * Whole tables find theirs when they are put in order.
 */
#include "interp/data_internal.h"

#include <stdlib.h>
#include <string.h>

/* A row whose key another may have. */
typedef struct Twin {
	uint64_t hash;
	Str key;
	int64_t rowid;
	TwinValue value;
} Twin;

/* From hashes that occur twice to rows that do. */
typedef struct Search {
	Data *data;
	DataTable *table;
	Diags *diags;
	Arena arena;
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

/* Rows of one key side by side, among them by their numbers. */
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

/* Where the key is unique only changed keys are looked for: whatever meets one of them has its
 * hash. */
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

/* The value of the row at hand by which it may be newest. It was read before, so nothing is told of
 * it again. */
static TwinValue newest_value(Reader *reader)
{
	int32_t newest = reader->table->newest;
	if (newest < 0)
		return (TwinValue){false, 0};
	size_t refused = look_begin(reader);
	reader->batch.key[0].text = reader->key_text;
	reader->batch.n = 1;
	convert_rows(reader);
	reader->batch.n = 0;
	look_end(reader, refused);
	const Got *got = &reader->got[reader->data->column.at[newest]->place];
	return (TwinValue){got->known, got->value};
}

/* As take_values reads it, up to the value that is wanted here. */
static void look_at_row(Search *s, sqlite3_stmt *stmt)
{
	Reader *reader = &s->data->reader[0];
	for (int i = 0; i < sqlite3_column_count(stmt); i++)
		reader->raw[i] = convert_raw(sqlite3_column_value(stmt, i));
	if (convert_key(reader) == NULL) {
		uint64_t hash = text_hash(reader->key_text);
		bool found = bsearch(&hash, s->hash.at, s->hash.n, sizeof hash, hash_cmp) != NULL;
		/* A row that is not held is no twin of one that is. */
		if (found && !read_is_out(reader))
			*vec_push(&s->twin) = (Twin){hash, str_copy(&s->arena, reader->key_text),
				sqlite3_column_int64(stmt, 0), newest_value(reader)};
	}
	if (reader->scratch.bytes > (size_t)1 << 16)
		arena_reset(&reader->scratch);
}

/* A second pass, and only when there is something to be found. The first reader has done its share
 * of the table, and is lent for this. */
static Status look_again(Search *s)
{
	Reader *reader = &s->data->reader[0];
	sqlite3 *db = reader->db;
	sqlite3_stmt *stmt = NULL;
	Str sql = read_rows_sql(reader, "", "", "is not null");
	int rc = sqlite3_prepare_v2(db, sql.ptr, (int)sql.len, &stmt, NULL);
	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW)
			look_at_row(s, stmt);
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? STATUS_OK : file_error(s->data, db, rc, s->diags);
}

/* ---- dropping ---- */

int key_cmp(const void *a, const void *b)
{
	return str_cmp(*(const Str *)a, *(const Str *)b);
}

/* What the rows of one key come to. */
typedef struct Contest {
	bool unknown;           /* one of them has no value: it might be the newest */
	int32_t best, equals;   /* the first with the greatest value, and how many have it */
} Contest;

static Contest contest(const TwinValue *row, int32_t n)
{
	Contest out = {.best = 0};
	for (int32_t i = 0; i < n; i++) {
		out.unknown |= !row[i].known;
		if (i == 0 || row[i].value > row[out.best].value) {
			out.best = i;
			out.equals = 1;
		} else if (row[i].value == row[out.best].value) {
			out.equals++;
		}
	}
	return out;
}

static const char *twin_reason(Data *data, const DataTable *table, const Contest *found)
{
	if (table->newest < 0)
		return "another row has the same key";
	Str by = data->column.at[table->newest]->field->name;
	return str_format(&data->arena, found->unknown
		? "another row has the same key, and `%.*s` is not known in one of them"
		: "another row has the same key and the same `%.*s`", STR_ARG(by)).ptr;
}

/* The entry names the key; there is nothing else to tell these rows apart by. */
static void twin_refuse(Data *data, DataTable *table, Str key, const char *why)
{
	Reader *reader = &data->reader[0];
	reader->table = table;
	reader->key_text = key;
	refuse(reader, -1, NULL, why);
	table->count.rejected_rows++;
}

/* Older rows are superseded even where two share the greatest value: those two are refused. */
int32_t twins_settle(Data *data, DataTable *table, Str key, const TwinValue *row, int32_t n)
{
	Contest found = contest(row, n);
	bool ranked = table->newest >= 0 && !found.unknown;
	if (ranked && found.equals == 1) {
		table->count.superseded += n - 1;
		return found.best;
	}
	const char *why = twin_reason(data, table, &found);
	for (int32_t i = 0; i < n; i++) {
		if (ranked && row[i].value != row[found.best].value)
			table->count.superseded++;
		else
			twin_refuse(data, table, key, why);
	}
	return -1;
}

/* Both forms: packed rows have the one or the other. */
typedef struct Leaving {
	VEC(int64_t) rowid;
	VEC(Dropped) key;
} Leaving;

/* The rows of one key, of which there is more than one. */
static void settle(Search *s, const Twin *twin, int32_t n, Leaving *out)
{
	TwinValue *row = mem_alloc((size_t)n * sizeof *row);
	for (int32_t i = 0; i < n; i++)
		row[i] = twin[i].value;
	int32_t stays = twins_settle(s->data, s->table, twin->key, row, n);
	for (int32_t i = 0; i < n; i++)
		if (i != stays)
			*vec_push(&out->rowid) = twin[i].rowid;
	*vec_push(&out->key) = (Dropped){str_copy(&s->data->arena, twin->key), stays >= 0,
		stays >= 0 ? row[stays].value : 0};
	free(row);
}

static void drop(Search *s)
{
	DataTable *table = s->table;
	Leaving all = {{0}, {0}};
	for (size_t i = 0, end; i < s->twin.n; i = end) {
		for (end = i + 1; end < s->twin.n && str_eq(s->twin.at[i].key, s->twin.at[end].key);)
			end++;
		if (end - i > 1)
			settle(s, &s->twin.at[i], (int32_t)(end - i), &all);
	}
	table->ndropped = all.rowid.n;
	table->ndropped_keys = all.key.n;
	if (all.rowid.n > 0) {
		qsort(all.rowid.at, all.rowid.n, sizeof *all.rowid.at, rowid_cmp);
		table->dropped_row = arena_copy(&s->data->arena, all.rowid.at,
			all.rowid.n * sizeof *all.rowid.at);
		table->dropped_key = arena_copy(&s->data->arena, all.key.at,
			all.key.n * sizeof *all.key.at);
	}
	vec_free(&all.rowid);
	vec_free(&all.key);
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
	return status;
}
