/*
 * Reading a table. Ordinary tables are read from the pages of the file (data_pages.h). For the rows
 * of all others SQLite is asked: `select vouch_sink(rowid, c1, …) from t where rowid between …`, an
 * aggregate function that swallows each row where SQLite has it. Either way a row is an array of
 * values, and all that comes after is the same.
 *
 * One connection a thread, each over its share of the pages or rowids; every thread packs into
 * lists of its own, joined afterwards in order of the threads, so that rows stand in order of their
 * rowids whatever the number of threads.
 *
 *   reader 0: rowids 1 ..  5 M ─> part 0 [chunk][chunk]   part 1 [chunk] … ┐
 *   reader 1: rowids   .. 10 M ─> part 0 [chunk]          part 1 [chunk] … ┘─> joined by part
 */
#include "interp/data_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"

#define SMALL_TABLE 50000     /* rows that are not worth a second thread */
#define PROGRESS_ROWS 65536
#define ALL_REFUSED 20        /* values, none of which could be read: the declaration is wrong */

uint32_t part_hash(Str key)
{
	return part_of_hash(text_hash(key));
}

/* ---- fingerprint ---- */

/* Both halves of a product: every bit of a and b counts. */
static uint64_t fold(uint64_t a, uint64_t b)
{
	Uint128 product = (Uint128)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/*
 * A hash of 128 bits of the key and of every value, added up over the rows: sums do not depend on
 * order. Two values at a time go into one multiplication, together with both halves of what came
 * before:
 *
 *   a, b  <-  low, high of (a ^ print[i]) * (b ^ print[i + 1])
 */
static void add_to_sum(Reader *reader, const Got *got, uint64_t key)
{
	size_t n = reader->table->column.n;
	/* Numbers without a pattern. They must never change: fingerprints of earlier runs are held
	 * against those of later ones. */
	uint64_t a = key ^ 0xa0761d6478bd642fu, b = fold(key, 0xe7037ed1a0b428dbu);
	for (size_t i = 0; i < n; i += 2) {
		uint64_t x = a ^ got[i].print ^ 0x8ebc6af09c88c6e3u;
		/* Of an odd number of columns the last one's partner is empty. */
		uint64_t y = b ^ got[i + 1].print ^ 0x589965cc75374cc3u;
		Uint128 product = (Uint128)x * y;
		a = (uint64_t)product + (x << 23 | x >> 41);
		b = (uint64_t)(product >> 64) ^ y;
	}
	reader->sum[0] += fold(a ^ b, 0x1d8e4e27c47d124fu);
	reader->sum[1] += fold(b + 0xeb44accab455d165u, a ^ 0x1d8e4e27c47d124fu);
}

/* ---- one row ---- */

/* Each use of a rule for clocks, fractions and noise is an event of the run. Few rows have any. */
static void count_events(Reader *reader)
{
	for (uint64_t left = reader->eventful; left != 0; left &= left - 1) {
		reader_at(reader, __builtin_ctzll(left));
		for (size_t i = 0; i < reader->table->column.n; i++) {
			unsigned events = reader->got[i].events;
			reader->count.cut_seconds += (events & EVENT_CUT) != 0;
			reader->count.clock_absent += (events & EVENT_ABSENT) != 0;
			reader->count.clock_twice += (events & EVENT_TWICE) != 0;
			reader->count.offsets += (events & EVENT_OFFSET) != 0;
			reader->count.read_to += (events & EVENT_READ_TO) != 0;
			reader->count.orphan_links += (events & EVENT_ORPHAN) != 0;
		}
	}
}

/* For a row without a key: where to look for it, if the table has row numbers. */
static void name_by_rowid(Reader *reader)
{
	buf_clear(&reader->key);
	if (reader->table->rowid != NULL)
		buf_printf(&reader->key, "rowid %lld", (long long)reader->raw[0].integer);
	else
		buf_puts(&reader->key, "a row without a key");
	reader->key_text = buf_view(&reader->key);
}

/* S59: what cannot be told apart by its key leaves the dataset, and so does a row without one. */
static void refuse_row(Reader *reader, const char *why)
{
	name_by_rowid(reader);
	refuse(reader, -1, &reader->raw[reader->table->key_arg[0]], why);
	reader->count.rejected_rows++;
	for (size_t i = 0; i < reader->table->column.n; i++)
		reader->got[i] = (Got){.print = 0};
	add_to_sum(reader, reader->got, str_hash(STR("no key")));
}

/* Where an index makes keys unique only a key that was changed by reading can meet another. */
static void note_hash(Reader *reader, uint64_t hash)
{
	if (reader->hash != NULL)
		*vec_push(&reader->hash[hash >> 56]) = hash;
	else if (reader->key_changed && !reader->table->whole)
		*vec_push(&reader->suspect) = hash;
}

/* Of keys without a shape, or of one that has not the shape of the others. */
static int64_t plain_code(Reader *reader)
{
	/* By rowid: neither a pattern nor a shape. */
	if (!reader->table->coded && reader->table->rowid != NULL)
		return reader->raw[0].integer;
	if (reader->key_coded)
		return (int64_t)reader->key_code;
	return (int64_t)text_code(reader, &reader->key_memo, true, reader->key_text);
}

/* Made once a row, however many passes pack it. */
static void make_code(Reader *reader, RowKey *key)
{
	const KeyShape *shape = reader->table->shape;
	if (shape != NULL && shape_pack(shape, key->text, &key->wide))
		return;
	key->code = plain_code(reader);
	key->wide = (WideKey){WIDE_OTHER, (uint64_t)key->code};
}

/* ---- which rows are there ---- */

/* By the end of the day in London. A row that does not say when it was entered was always known, as
 * a figure is that does not say when it was published (S8). */
static bool is_absent(Reader *reader)
{
	const DataTable *table = reader->table;
	if (table->known < 0)
		return false;
	const DataColumn *column = reader->data->column.at[table->known];
	/* Ahead of its turn: whether the row is there decides what else is read of it. */
	convert_ahead(reader, &column->place, 1, NULL, 0);
	const Got *got = &reader->got[column->place];
	int64_t day = column->reading == AS_MOMENT ? moment_day(got->value) : got->value;
	return got->known && day > reader->data->options.law->known_on;
}

bool read_is_out(Reader *reader)
{
	return where_place(reader) != WHERE_IN || is_absent(reader);
}

bool read_was_absent(const DataTable *table, Str key)
{
	return table->nabsent > 0 &&
		bsearch(&key, table->absent_key, table->nabsent, sizeof key, key_cmp) != NULL;
}

/* A binary search. */
int32_t first_from(const Str *key, int32_t n, Str start)
{
	int32_t low = 0;
	while (low < n) {
		int32_t middle = low + (n - low) / 2;
		if (str_cmp(key[middle], start) < 0)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

bool read_was_absent_from(const DataTable *table, Str start)
{
	int32_t n = (int32_t)table->nabsent, at = first_from(table->absent_key, n, start);
	return at < n && str_starts(table->absent_key[at], start);
}

/* The fingerprint of a row that is not held: its key, and what decided that. known: the column since
 * when it was, or -1 when that was not asked. */
static void add_outline(Reader *reader, int32_t known, const char *no_key)
{
	for (int32_t i = 0; i < (int32_t)reader->table->column.n; i++)
		if (reader->table->column.at[i] != known && !where_looks_at(reader, i))
			reader->got[i] = (Got){.print = 0};
	add_to_sum(reader, reader->got,
		no_key == NULL ? text_hash(reader->key_text) : str_hash(STR("no key")));
}

/* It is read, and counted; nothing else is told of it. Links to it are no orphans. */
static void leave_out(Reader *reader, int64_t *count, int32_t known, const char *no_key)
{
	(*count)++;
	add_outline(reader, known, no_key);
	if (no_key == NULL && reader->table->linked)
		*vec_push(&reader->absent) = str_copy(&reader->arena, reader->key_text);
}

/* A row of which nobody knows whether it is in the dataset is kept out, and listed at the value that
 * would say so. */
static void refuse_open(Reader *reader, const char *no_key)
{
	int32_t number = reader->table->column.at[where_open_at(reader)];
	const Raw *raw = &reader->raw[reader->data->column.at[number]->arg];
	if (no_key != NULL)
		name_by_rowid(reader);
	refuse(reader, number, raw, "it is not known whether the row belongs to the dataset");
	reader->refused.at[reader->refused.n - 1].row = true;
	reader->count.rejected_rows++;
	add_outline(reader, reader->table->known, no_key);
}

/* What the `where` leaves out is no row of this dataset, whenever it was entered (S10 comes
 * second), and whatever else is wrong with it. True: the row was dealt with. */
static bool is_not_held(Reader *reader, const char *no_key)
{
	WherePlace place = where_place(reader);
	/* The order is the rule: not of the dataset, not known yet, nobody knows. */
	if (place == WHERE_OUT)
		leave_out(reader, &reader->count.left_out, -1, no_key);
	else if (is_absent(reader))
		leave_out(reader, &reader->count.not_known, reader->table->known, no_key);
	else if (place == WHERE_OPEN)
		refuse_open(reader, no_key);
	else
		return false;
	return true;
}

/* Keys of all readers, in order. They live as long as the readers. */
static void join_absent(Data *data, DataTable *table)
{
	size_t n = 0;
	for (int i = 0; i < data->options.threads; i++)
		n += data->reader[i].absent.n;
	table->absent_key = ARENA_ARRAY(&data->arena, Str, n + 1);
	for (int i = 0; i < data->options.threads; i++) {
		Reader *reader = &data->reader[i];
		for (size_t k = 0; k < reader->absent.n; k++)
			table->absent_key[table->nabsent++] = reader->absent.at[k];
		vec_free(&reader->absent);
	}
	qsort(table->absent_key, n, sizeof(Str), key_cmp);
}

/* The key, once for the partition, the fingerprint and the search for twins. The row has its place
 * in the batch then. */
static inline void hold_row(Reader *reader)
{
	RowKey *key = &reader->batch.key[reader->batch.n++];
	key->text = reader->key_text;
	key->hash = text_hash(key->text);
	note_hash(reader, key->hash);
	make_code(reader, key);
}

/* The key, and whether the row at hand is there at all. */
static void begin_row(Reader *reader)
{
	const DataTable *table = reader->table;
	const char *why = convert_key(reader);
	if ((table->where != NULL || table->known >= 0) && is_not_held(reader, why))
		return;
	if (why != NULL) {
		refuse_row(reader, why);
		return;
	}
	/* What was put together here gives way to the next row's. */
	if (table->nkey != 1)
		reader->key_text = str_copy(&reader->scratch, reader->key_text);
	hold_row(reader);
}

/* Of n rows those that are there move up to the place of those that are not. */
static void begin_rows(Reader *reader, int32_t n)
{
	Batch *batch = &reader->batch;
	/* Whatever becomes of them: rows read are the sum of all that is counted (law 5). */
	reader->count.read += n;
	for (int32_t i = 0; i < n; i++) {
		reader_at(reader, batch->n);
		if (batch->n < i)
			memcpy(reader->raw, batch->raw + (size_t)i * batch->nraw,
				batch->nraw * sizeof *reader->raw);
		begin_row(reader);
	}
}

/* Only the first reader reports, so that the caller's function needs no lock. */
static void report_progress(Reader *reader)
{
	Data *data = reader->data;
	long long done = atomic_fetch_add(&data->rows_done, PROGRESS_ROWS) + PROGRESS_ROWS;
	if (reader->number == 0 && data->options.progress != NULL)
		data->options.progress(data->options.user, done, data->rows_all);
	if (data_stopped(data))
		reader->status = STATUS_INTERRUPTED;
}

/* The raw values of n rows are in the batch, and their texts are there until this is done. Keys,
 * values, spans, counts, fingerprint; then packed for each pass that wants the table. False: a
 * status other than OK. */
static bool take_rows(Reader *reader, int32_t n)
{
	Batch *batch = &reader->batch;
	begin_rows(reader, n);
	convert_rows(reader);
	count_events(reader);
	for (int32_t i = 0; i < batch->n; i++)
		add_to_sum(reader, batch->got + (size_t)i * batch->ngot, batch->key[i].hash);
	pack_rows(reader);
	batch->n = 0;
	reader_at(reader, 0);
	/* Not after each batch: most take none, and a reset costs more than they would. */
	if (reader->scratch.bytes > (size_t)1 << 16)
		arena_reset(&reader->scratch);
	reader->rows += n;
	if (reader->rows / PROGRESS_ROWS != (reader->rows - n) / PROGRESS_ROWS)
		report_progress(reader);
	return reader->status == STATUS_OK;
}

/* The rowid, which a view has not, and the columns in order. */
Str read_rows_sql(Reader *reader, const char *open, const char *close, const char *where)
{
	const DataTable *table = reader->table;
	Buf sql = {0};
	buf_printf(&sql, "select %s%s", open, table->rowid != NULL ? table->rowid : "null");
	for (size_t i = 0; i < table->arg.n; i++)
		buf_printf(&sql, ", %s", sql_name(&reader->scratch, table->arg.at[i]));
	buf_printf(&sql, "%s from %s", close, sql_name(&reader->scratch, table->name));
	if (table->rowid != NULL)
		buf_printf(&sql, " where %s %s", table->rowid, where);
	return buf_keep(&sql, &reader->scratch);
}

/* ---- rows from the pages of the file ---- */

/* A row that is older than one of its columns: SQLite knows what to put there. Its texts stay until
 * the statement is used again. */
static int ask_for_row(Reader *reader, sqlite3_stmt **stmt)
{
	int rc = SQLITE_OK;
	if (*stmt == NULL) {
		Str sql = read_rows_sql(reader, "", "", "= ?1");
		rc = sqlite3_prepare_v2(reader->db, sql.ptr, (int)sql.len, stmt, NULL);
	}
	/* Its texts were those of the row before. */
	sqlite3_reset(*stmt);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_int64(*stmt, 1, reader->raw[0].integer);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(*stmt);
	for (int i = 0; rc == SQLITE_ROW && i < sqlite3_column_count(*stmt); i++)
		reader->raw[i] = convert_raw(sqlite3_column_value(*stmt, i));
	return rc == SQLITE_DONE ? SQLITE_CORRUPT : rc;
}

/* What the pages have of the next rows, and the one behind them that only SQLite knows. */
static int take_page(Reader *reader, PageScan *scan, sqlite3_stmt **stmt)
{
	const Batch *batch = &reader->batch;
	int32_t n;
	int rc = pages_rows(scan, batch->raw, batch->nraw, BATCH_ROWS, &n);
	/* Its rowid is there, behind the rows. */
	Raw rowid = batch->raw[(n < BATCH_ROWS ? (size_t)n : 0) * batch->nraw];
	if (n > 0 && !take_rows(reader, n))
		return SQLITE_ABORT;
	if (rc != PAGES_SHORT)
		return rc;
	reader->raw[0] = rowid;
	rc = ask_for_row(reader, stmt);
	return rc == SQLITE_ROW && !take_rows(reader, 1) ? SQLITE_ABORT : rc;
}

/* The result code of SQLite. Interruptions end it as they end a statement: by an error, whose cause
 * read_failed finds in the reader's status or in the flag itself. */
static int read_pages(Reader *reader)
{
	PageScan scan;
	sqlite3_stmt *stmt = NULL;
	int rc = SQLITE_ROW;
	pages_scan(reader->pages, reader->db, reader->from_leaf, reader->to_leaf, reader->table->first,
		reader->table->last, &scan);
	while (rc == SQLITE_ROW) {
		rc = take_page(reader, &scan, &stmt);
		if (rc == SQLITE_ROW && data_stopped(reader->data))
			rc = SQLITE_ABORT;
	}
	sqlite3_finalize(stmt);
	pages_scan_end(&scan);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* ---- rows from SQLite ---- */

/* A status other than OK ends the statement by an error, which SQLite passes on. */
static void sink_step(sqlite3_context *context, int nargs, sqlite3_value **arg)
{
	Reader *reader = sqlite3_user_data(context);
	for (int i = 0; i < nargs; i++)
		reader->raw[i] = convert_raw(arg[i]);
	if (!take_rows(reader, 1))
		sqlite3_result_error_code(context, SQLITE_ABORT);
}

/* An aggregate must give something; nobody looks at it. */
static void sink_end(sqlite3_context *context)
{
	sqlite3_result_null(context);
}

/* The result code of SQLite. */
static int ask_for_rows(Reader *reader)
{
	sqlite3_stmt *stmt = NULL;
	/* Direct use only: no view or trigger of a hostile file can call it. */
	int rc = sqlite3_create_function_v2(reader->db, "vouch_sink", -1,
		SQLITE_UTF8 | SQLITE_DIRECTONLY, reader, NULL, sink_step, sink_end, NULL);
	Str sql = read_rows_sql(reader, "vouch_sink(", ")", "between ?1 and ?2");
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(reader->db, sql.ptr, (int)sql.len, &stmt, NULL);
	if (rc == SQLITE_OK && reader->table->rowid != NULL) {
		sqlite3_bind_int64(stmt, 1, reader->from);
		sqlite3_bind_int64(stmt, 2, reader->to);
	}
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* ---- one thread ---- */

static void batch_begin(Batch *batch, const DataTable *table)
{
	*batch = (Batch){.nraw = table->arg.n + 1, .ngot = table->column.n + 1};
	batch->raw = mem_alloc(BATCH_ROWS * batch->nraw * sizeof *batch->raw);
	batch->got = mem_alloc(BATCH_ROWS * batch->ngot * sizeof *batch->got);
	batch->key = mem_alloc(BATCH_ROWS * sizeof *batch->key);
}

/* Memory of the reader for one table. Texts and refusals of earlier tables stay. */
static void reader_begin(Reader *reader, DataTable *table, const PageTable *pages)
{
	/* One more than needed, so that nothing has no room. */
	size_t n = table->column.n + 1;
	reader->table = table;
	reader->pages = pages;
	batch_begin(&reader->batch, table);
	reader_at(reader, 0);
	reader->column = mem_alloc(n * sizeof *reader->column);
	for (size_t i = 0; i + 1 < n; i++)
		reader->column[i] = reader->data->column.at[table->column.at[i]];
	reader->memo = mem_alloc(n * sizeof *reader->memo);
	for (size_t i = 0; i + 1 < n; i++)
		convert_begin(reader->data, reader->column[i], &reader->memo[i]);
	reader->day = mem_alloc(DAY_SLOTS * sizeof *reader->day);
	reader->missing = mem_alloc(n * sizeof *reader->missing);
	reader->failed = mem_alloc(n * sizeof *reader->failed);
	reader->list = mem_alloc(((size_t)table->nuses + 1) * sizeof *reader->list);
	for (int32_t u = 0; u < table->nuses; u++)
		reader->list[u] = mem_alloc((size_t)table->use[u]->parts * sizeof **reader->list);
	/* Whole tables find twins when they are sorted, unique keys have none. */
	if (!table->key_unique && !table->whole)
		reader->hash = mem_alloc(HASH_BUCKETS * sizeof *reader->hash);
	reader->count = (DataCount){.read = 0};
	reader->key_memo = (Memo){.kind = 0};
	reader->sum[0] = reader->sum[1] = 0;
	reader->rows = 0;
	reader->status = STATUS_OK;
	where_begin(reader);
}

static void reader_end(Reader *reader)
{
	for (int32_t u = 0; u < reader->table->nuses; u++)
		free(reader->list[u]);
	free(reader->list);
	where_end(reader);
	free(reader->batch.raw);
	free(reader->batch.got);
	free(reader->batch.key);
	free(reader->column);
	free(reader->memo);
	free(reader->day);
	free(reader->missing);
	free(reader->failed);
	reader->list = NULL;
	buf_free(&reader->joined);
	buf_free(&reader->key);
	arena_free(&reader->scratch);
}

/* What one thread reads of a table. */
typedef struct Share {
	Reader *reader;
	pthread_t thread;
	bool started;
	int rc;
} Share;

static void *share_main(void *user)
{
	Share *share = user;
	share->rc = share->reader->pages != NULL ? read_pages(share->reader)
		: ask_for_rows(share->reader);
	return NULL;
}

/* ---- all threads ---- */

/* Chunks are strung together, not copied. */
static void join_list(ChunkList *into, const ChunkList *from)
{
	if (from->first == NULL)
		return;
	from->last->n = CHUNK_ROWS - from->left;
	if (into->last == NULL)
		into->first = from->first;
	else
		into->last->next = from->first;
	into->last = from->last;
	into->chunks += from->chunks;
}

/* But for what is found when rows are looked at together: held and superseded. */
static void join_counts(DataCount *into, const DataCount *from)
{
	into->read += from->read;
	into->rejected_rows += from->rejected_rows;
	into->not_known += from->not_known;
	into->left_out += from->left_out;
	into->rejected_values += from->rejected_values;
	into->orphan_links += from->orphan_links;
	into->cut_seconds += from->cut_seconds;
	into->clock_absent += from->clock_absent;
	into->clock_twice += from->clock_twice;
	into->offsets += from->offsets;
	into->read_to += from->read_to;
}

static void join_reader(Data *data, Reader *reader)
{
	DataTable *table = reader->table;
	for (int32_t u = 0; u < table->nuses; u++)
		for (int32_t p = 0; p < table->use[u]->parts; p++)
			join_list(&table->use[u]->part[p], &reader->list[u][p]);
	join_counts(&table->count, &reader->count);
	table->sum[0] += reader->sum[0];
	table->sum[1] += reader->sum[1];
	for (size_t i = 0; i < table->column.n; i++) {
		DataColumn *column = data->column.at[table->column.at[i]];
		/* Values that were there, in rows that are held. */
		column->tried += reader->count.read - reader->count.not_known - reader->count.left_out -
			reader->count.rejected_rows - reader->missing[i];
		column->failed += reader->failed[i];
	}
}

/* Share i of n of the rowids; in 128 bits, since they may reach from end to end of 64. */
static void share_range(const DataTable *table, int i, int n, int64_t *from, int64_t *to)
{
	Int128 span = (Int128)table->last - table->first + 1;
	*from = (int64_t)(table->first + span * i / n);
	*to = (int64_t)(table->first + span * (i + 1) / n - 1);
}

/* Views and tables without rowids cannot be cut into ranges. */
static int threads_for(const Data *data, const DataTable *table)
{
	int threads = data->options.threads;
	int64_t least = data->options.partition_rows > 0 ? data->options.partition_rows : SMALL_TABLE;
	return table->rowid == NULL || table->rows < least ? 1 : threads;
}

/* Share i of n: leaves hold about as many rows each, whatever gaps there are between rowids. */
static void take_share(Reader *reader, int i, int n)
{
	share_range(reader->table, i, n, &reader->from, &reader->to);
	size_t leaves = reader->pages != NULL ? reader->pages->leaf.n : 0;
	reader->from_leaf = leaves * (size_t)i / (size_t)n;
	reader->to_leaf = leaves * (size_t)(i + 1) / (size_t)n;
}

/* The caller's thread reads the first share, and those for which no thread could be had. pages
 * NULL: SQLite is asked. */
static int read_shares(Data *data, DataTable *table, const PageTable *pages, int threads)
{
	Share *share = mem_alloc((size_t)threads * sizeof *share);
	int rc = SQLITE_OK;
	for (int i = 0; i < threads; i++) {
		share[i].reader = &data->reader[i];
		reader_begin(share[i].reader, table, pages);
		take_share(share[i].reader, i, threads);
		if (i > 0)
			/* Where no thread can be had its share is read below, in turn. */
			share[i].started = pthread_create(&share[i].thread, NULL, share_main, &share[i]) == 0;
	}
	for (int i = 0; i < threads; i++) {
		if (share[i].started)
			pthread_join(share[i].thread, NULL);
		else
			share_main(&share[i]);
		rc = rc == SQLITE_OK ? share[i].rc : rc;
	}
	free(share);
	return rc;
}

/* Statuses rise with what they mean. */
static Status worst(const Data *data, int threads)
{
	Status status = STATUS_OK;
	for (int i = 0; i < threads; i++)
		if (data->reader[i].status > status)
			status = data->reader[i].status;
	return status;
}

/* The least key stands for all: which thread met it first does not matter. */
static const Refused *first_refused(const Data *data, int32_t column)
{
	const Refused *best = NULL;
	for (int i = 0; i < data->options.threads; i++) {
		for (size_t k = 0; k < data->reader[i].refused.n; k++) {
			const Refused *refused = &data->reader[i].refused.at[k];
			if (refused->column == column && !refused->orphan &&
			    (best == NULL || str_cmp(refused->key, best->key) < 0))
				best = refused;
		}
	}
	return best;
}

/* A column none of whose values could be read was declared as something that it is not. */
static Status check_columns(const Data *data, const DataTable *table, Diags *diags)
{
	Status status = STATUS_OK;
	for (size_t i = 0; i < table->column.n; i++) {
		int32_t number = table->column.at[i];
		const DataColumn *column = data->column.at[number];
		/* A handful of bad values may well be a handful of bad values. */
		if (column->tried < ALL_REFUSED || column->failed < column->tried)
			continue;
		const Refused *first = first_refused(data, number);
		DiagRef ref = diag_add(diags, DIAG_COLUMN_TYPE, column->field->at,
			"none of the %lld values of column `%.*s` could be read as `%.*s`",
			(long long)column->tried, STR_ARG(column->name), STR_ARG(column->field->name));
		if (first != NULL)
			diag_note(ref, "`%.*s`: %.*s", STR_ARG(first->value), STR_ARG(first->reason));
		status = STATUS_WRONG;
	}
	return status;
}

/* Too many refusals and interruptions end the statement from inside; the rest is SQLite's to
 * say. */
static Status read_failed(Data *data, DataTable *table, int rc, Status status, Diags *diags)
{
	/* Only refuse() sets this. */
	if (status == STATUS_WRONG) {
		DiagRef ref = diag_add(diags, DIAG_TOO_MANY_REJECTED, table->decl->decl.name_at,
			"more than %lld values or rows of the data cannot be read",
			(long long)data->options.rejected_limit);
		diag_help(ref, "see first whether the columns are declared as what they are");
		return STATUS_WRONG;
	}
	if (status != STATUS_OK || data_stopped(data))
		return STATUS_INTERRUPTED;
	return file_error(data, data->reader[0].pages != NULL ? NULL : data->reader[0].db, rc, diags);
}

/* What the readers hold for this table is joined even after a failure, so that it is freed. */
Status data_read_table(Data *data, DataTable *table, Diags *diags)
{
	/* Small tables are read by the caller's thread alone. */
	int threads = threads_for(data, table);
	Arena arena = {0};
	PageTable pages = {0};
	/* A file whose pages this program does not know its way about in is SQLite's to read. */
	bool plain = table->rowid != NULL && pages_open(data->reader[0].db, table->name,
		table->arg.at, table->arg.n, &arena, &pages);
	int rc = read_shares(data, table, plain ? &pages : NULL, threads);
	pages_close(&pages);
	arena_free(&arena);
	Status status = worst(data, threads);
	for (int i = 0; i < threads; i++)
		join_reader(data, &data->reader[i]);
	join_absent(data, table);
	if (rc != SQLITE_OK || status != STATUS_OK)
		status = read_failed(data, table, rc, status, diags);
	/* While the readers still have the hashes. */
	if (status == STATUS_OK && !table->whole)
		status = data_twins(data, table, diags);
	for (int i = 0; i < threads; i++) {
		Reader *reader = &data->reader[i];
		for (int k = 0; k < HASH_BUCKETS && reader->hash != NULL; k++)
			vec_free(&reader->hash[k]);
		free(reader->hash);
		reader->hash = NULL;
		vec_free(&reader->suspect);
		reader_end(reader);
	}
	if (status == STATUS_OK)
		status = check_columns(data, table, diags);
	/* An estimate until here. */
	table->rows = table->count.read;
	return status;
}
