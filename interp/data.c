/*
 * The life of the data of one audit, and what is asked of it (data.h); the work is in data_*.c.
 *
 *   data_open   plan ─> snapshot ─> schema ─> sizes ─> passes ─> is there memory for it
 *   data_read   whole tables ─┬─> late links ─> partition numbers ─> partitioned tables
 *                             └─ (a small database has only these)
 *               counts and refusals in order, then the base: what all stores share
 *   data_part   one partition after another, by any number of workers
 *
 * Each step goes on only when the one before it was well; the one thing that is always done is
 * data_close.
 */
#include "interp/data.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "interp/data_internal.h"

/* ---- opening ---- */

/* Everything is owned by the one Data: plan and results by its arena, texts by the readers'
 * arenas, columns of whole tables by the tables. data_close gives all of it back, after errors
 * too. */
static Data *data_new(const DataOptions *options)
{
	Data *data = mem_alloc(sizeof *data);
	/* A copy: defaults are put in here, and the caller's stay what they were. */
	data->options = *options;
	if (data->options.threads < 1)
		data->options.threads = 1;
	if (data->options.rejected_limit <= 0)
		data->options.rejected_limit = LIMIT_REJECTED;
	/* A reader for each thread, whose connections the workers take over later. */
	size_t threads = (size_t)data->options.threads;
	data->reader = ARENA_ARRAY(&data->arena, Reader, threads);
	data->taken = ARENA_ARRAY(&data->arena, bool, threads);
	for (int i = 0; i < data->options.threads; i++) {
		data->reader[i].data = data;
		data->reader[i].number = i;
	}
	pthread_mutex_init(&data->templates.lock, NULL);
	return data;
}

/* The snapshot is taken before the schema is looked at, so that what was checked is what is
 * read. *out is set in any case: the caller closes it whatever the status. */
Status data_open(const DataOptions *options, Diags *diags, Data **out)
{
	Data *data = data_new(options);
	*out = data;
	/* The plan needs no database: what the rules reach is theirs to say. */
	data_plan(data);
	Status status = file_open(data, diags);
	if (status == STATUS_OK)
		status = data_schema(data, diags);
	if (status == STATUS_OK)
		status = data_sizes(data, diags);
	if (status == STATUS_OK) {
		data_passes_plan(data);
		status = data_memory_check(data, diags);
	}
	return status;
}

/* ---- reading ---- */

/* Every whole table is there: now those links can be followed whose targets were read later. */
static void finish_whole(Data *data)
{
	for (size_t t = 0; t < data->table.n; t++)
		if (data->table.at[t]->whole)
			whole_late_links(data, data->table.at[t]);
}

/* Whole tables come first. Before the first partitioned one the partition numbers of all rows
 * that its links can lead to are worked out, so that packing needs one look-up a row. */
static Status read_all(Data *data, Diags *diags)
{
	Status status = STATUS_OK;
	bool large = false;
	for (size_t i = 0; i < data->table.n && status == STATUS_OK; i++) {
		/* In the planned order: a link is followed while it is read, so its target comes first. */
		DataTable *table = data->table.at[data->order[i]];
		if (!table->whole && !large) {
			large = true;
			finish_whole(data);
			data_ready_to_pack(data);
		}
		status = data_read_table(data, table, diags);
		if (status == STATUS_OK && table->whole)
			whole_make(data, table);
	}
	if (status == STATUS_OK && !large)
		finish_whole(data);
	return status;
}

/* Counts and refusals are complete when this returns: nothing is refused later, which is why
 * rows that share a key are looked for here and not in the partitions. */
Status data_read(Data *data, Diags *diags)
{
	for (size_t t = 0; t < data->table.n; t++)
		data->rows_all += data->table.at[t]->rows;
	Status status = read_all(data, diags);
	for (size_t i = 0; i < data->pass.n; i++)
		pieces_close(data, &data->pass.at[i]->pieces);
	/* A reader that had ended before the flag was set has not seen it. */
	if (status == STATUS_OK && data_stopped(data))
		status = STATUS_INTERRUPTED;
	if (status != STATUS_OK)
		return status;
	data_done(data);
	return base_make(data, diags);
}

/* ---- closing ---- */

/* Partitions that were handed out have given up their chunks; after a failure some are left. */
static void free_pass_table(PassTable *use)
{
	for (int32_t p = 0; p < use->parts; p++) {
		for (Chunk *chunk = use->part[p].first, *next; chunk != NULL; chunk = next) {
			next = chunk->next;
			chunk_free(chunk);
		}
	}
}

/* Columns and plans are the arena's; what grows by itself is not. */
static void free_table(DataTable *table)
{
	for (int32_t u = 0; u < table->nuses; u++)
		free_pass_table(table->use[u]);
	whole_free(table);
	vec_free(&table->column);
	vec_free(&table->span);
	vec_free(&table->where_field);
	vec_free(&table->arg);
}

/* sqlite3_close ends the read transaction too. */
static void free_reader(Reader *reader)
{
	sqlite3_close(reader->db);
	arena_free(&reader->arena);
	arena_free(&reader->scratch);
	vec_free(&reader->big);
	vec_free(&reader->refused);
	buf_free(&reader->joined);
	buf_free(&reader->key);
}

/* Workers must be gone: they use the readers' connections. */
void data_close(Data *data)
{
	if (data == NULL)
		return;
	for (size_t t = 0; t < data->table.n; t++)
		free_table(data->table.at[t]);
	for (size_t i = 0; i < data->pass.n; i++) {
		vec_free(&data->pass.at[i]->table);
		vec_free(&data->pass.at[i]->home);
	}
	for (int i = 0; i < data->options.threads; i++)
		free_reader(&data->reader[i]);
	for (int32_t b = 0; b < data->options.nbooks && data->fast != NULL; b++)
		fast_free(data->fast[b]);
	sqlite3_close(data->watch);
	vec_free(&data->table);
	vec_free(&data->column);
	vec_free(&data->pass);
	vec_free(&data->rejected);
	arena_free(&data->base.arena);
	arena_free(&data->templates.arena);
	pthread_mutex_destroy(&data->templates.lock);
	arena_free(&data->arena);
	free(data);
}

/* ---- passes and partitions ---- */

int32_t data_passes(const Data *data)
{
	return (int32_t)data->pass.n;
}

/* A power of two; 1 where no key serves. */
int32_t data_parts(const Data *data, int32_t pass)
{
	return data->pass.at[pass]->parts;
}

/* Rising, so that what is made of them does not depend on how the planner took them up. */
const int32_t *data_rules(const Data *data, int32_t pass, int32_t book, int32_t *n)
{
	*n = data->pass.at[pass]->nrules[book];
	return data->pass.at[pass]->rule[book];
}

bool data_is_whole(const Data *data, int32_t book, int32_t dataset)
{
	int32_t table = table_at(data, book, dataset);
	return table >= 0 && data->table.at[table]->whole;
}

/* A connection of the readers that no other worker has, else a new one on the same snapshot. */
static Status worker_connect(DataWorker *worker, Diags *diags)
{
	Data *data = worker->data;
	worker->connection = -1;
	for (int i = 0; i < data->options.threads; i++) {
		if (data->taken[i])
			continue;
		data->taken[i] = true;
		worker->connection = i;
		worker->db = data->reader[i].db;
		return STATUS_OK;
	}
	Status status = file_connect(data, &worker->db, diags);
	int64_t count;
	/* Its snapshot begins with the first SELECT; whether it is the readers' is asked behind it. */
	if (status == STATUS_OK && sqlite3_exec(worker->db, "begin", NULL, NULL, NULL) == SQLITE_OK)
		status = file_number(data, worker->db, "select count(*) from sqlite_schema", 0, &count,
			diags);
	if (status == STATUS_OK && !file_unchanged(data)) {
		diag_add(diags, DIAG_CHANGED_WHILE_READING, (Span){-1, 0, 0}, "%s: it was written to",
			data->options.path);
		status = STATUS_WORLD;
	}
	return status;
}

/* Called by one thread at a time: connections are shared out here. */
Status data_worker(Data *data, DataWorker **out, Diags *diags)
{
	DataWorker *worker = mem_alloc(sizeof *worker);
	size_t nbooks = (size_t)data->options.nbooks, ntables = data->table.n + 1;
	*out = worker;
	worker->data = data;
	worker->fast = mem_alloc(mem_product(nbooks, sizeof *worker->fast));
	worker->store = mem_alloc(mem_product(nbooks, sizeof *worker->store));
	worker->fetch = mem_alloc(mem_product(ntables, sizeof(sqlite3_stmt *)));
	worker->rows = mem_alloc(mem_product(ntables, sizeof *worker->rows));
	for (size_t b = 0; b < nbooks; b++)
		worker->fast[b] = fast_new(data->book[b].book, data->options.law);
	return worker_connect(worker, diags);
}

/* Its connection goes on living with the reader that it came from; statements have to go first. */
void data_worker_free(DataWorker *worker)
{
	if (worker == NULL)
		return;
	for (size_t t = 0; t < worker->data->table.n; t++)
		sqlite3_finalize(worker->fetch[t]);
	for (int32_t b = 0; b < worker->data->options.nbooks; b++)
		fast_free(worker->fast[b]);
	if (worker->connection < 0)
		sqlite3_close(worker->db);
	free(worker->fast);
	free(worker->store);
	free(worker->fetch);
	free(worker->rows);
	arena_free(&worker->arena);
	arena_free(&worker->scratch);
	free(worker);
}

/* Each partition can be had once: its packed rows are freed as soon as its columns are made,
 * which keeps the peak of memory at the end of reading. */
Status data_part(Data *data, DataWorker *worker, int32_t pass, int32_t part, Diags *diags)
{
	const Pass *p = data->pass.at[pass];
	if (data_stopped(data))
		return STATUS_INTERRUPTED;
	worker->from_base = p->table.n == 0 && derived_in_base(data, p);
	return worker->from_base ? STATUS_OK : part_make(worker, p, part, diags);
}

/* A pass without partitioned tables has one store for all: that of the base. */
const Store *data_store(DataWorker *worker, int32_t book)
{
	return worker->from_base ? &worker->data->base.store[book] : &worker->store[book];
}

/* A rule may be judged over groups that lie in parts; where they do not, it is spared putting them
 * together. */
bool data_groups_together(const Data *data, int32_t pass, int32_t book, int32_t rule)
{
	return data->pass.at[pass]->together[book][rule];
}

const bool *data_banks(const Data *data, int32_t pass, int32_t book)
{
	return data->pass.at[pass]->report[book];
}

/* ---- what was read ---- */

/* By dataset, then by table: two books may call a table by two names. */
static int by_dataset(const Data *data, int32_t a, int32_t b)
{
	const DataCount *x = &data->table.at[a]->count, *y = &data->table.at[b]->count;
	int order = str_cmp(x->dataset, y->dataset);
	order = order != 0 ? order : str_cmp(x->table, y->table);
	return order != 0 ? order : a - b;
}

/* Held is what is left: rows read are rows held, and those that left for a reason (law 5). */
static void order_counts(Data *data)
{
	int32_t n = (int32_t)data->table.n;
	int32_t *order = ARENA_ARRAY(&data->arena, int32_t, (size_t)n + 1);
	data->count = ARENA_ARRAY(&data->arena, DataCount, (size_t)n + 1);
	data->count_of = ARENA_ARRAY(&data->arena, int32_t, (size_t)n + 1);
	for (int32_t t = 0; t < n; t++) {
		int32_t at = t;
		/* An insertion sort: a run has tens of tables. */
		for (; at > 0 && by_dataset(data, t, order[at - 1]) < 0; at--)
			order[at] = order[at - 1];
		order[at] = t;
	}
	for (int32_t i = 0; i < n; i++) {
		DataCount *count = &data->table.at[order[i]]->count;
		count->held = count->read - count->rejected_rows - count->superseded - count->not_known -
			count->left_out;
		data->count[i] = *count;
		data->count_of[order[i]] = i;
	}
	data->ncounts = n;
}

/* A total order but for entries that are the same in all they show. */
static int rejected_cmp(const void *a, const void *b)
{
	const Rejected *x = a, *y = b;
	if (x->book_dataset != y->book_dataset)
		return x->book_dataset < y->book_dataset ? -1 : 1;
	int order = str_cmp(x->key, y->key);
	order = order != 0 ? order : str_cmp(x->column, y->column);
	order = order != 0 ? order : str_cmp(x->value, y->value);
	return order != 0 ? order : str_cmp(x->reason, y->reason);
}

/* A row that is refused for its key is listed under the columns of the key. */
static Str joined_key_names(Data *data, const DataTable *table)
{
	Buf names = {0};
	for (int32_t i = 0; i < table->nkey; i++) {
		buf_puts(&names, i > 0 ? ", " : "");
		buf_str(&names, table->key[i]);
	}
	return buf_keep(&names, &data->arena);
}

/* Which thread refused what depends on their number, so the lists are put into one and sorted. */
void data_done(Data *data)
{
	order_counts(data);
	Str *key = ARENA_ARRAY(&data->arena, Str, data->table.n + 1);
	for (size_t t = 0; t < data->table.n; t++)
		key[t] = joined_key_names(data, data->table.at[t]);
	for (int i = 0; i < data->options.threads; i++) {
		for (size_t k = 0; k < data->reader[i].refused.n; k++) {
			const Refused *r = &data->reader[i].refused.at[k];
			Str column = r->column < 0 ? key[r->table] : data->column.at[r->column]->name;
			*vec_push(&data->rejected) = (Rejected){data->count_of[r->table],
				key_shown(&data->arena, r->key), column, r->value, r->reason, r->row};
		}
		vec_free(&data->reader[i].refused);
	}
	if (data->rejected.n > 1)
		qsort(data->rejected.at, data->rejected.n, sizeof *data->rejected.at, rejected_cmp);
}

const Rejected *data_rejected(const Data *data, size_t *n)
{
	*n = data->rejected.n;
	return data->rejected.at;
}

const DataCount *data_counts(const Data *data, int32_t *n)
{
	*n = data->ncounts;
	return data->count;
}

/* The highest byte first, on every machine. */
static void digest_number(Digest *digest, char kind, uint64_t n)
{
	char bytes[8];
	for (int i = 0; i < 8; i++)
		bytes[i] = (char)(n >> (56 - 8 * i));
	digest_field(digest, kind, (Str){bytes, sizeof bytes});
}

/* The names of the columns that were read are part of it: a run of other rules over the same file
 * reads other values. */
static void digest_tables(const Data *data, int32_t count, Digest *digest)
{
	for (size_t t = 0; t < data->table.n; t++) {
		const DataTable *table = data->table.at[t];
		/* Tables are few: the list is walked for each. */
		if (data->count_of[t] != count)
			continue;
		digest_field(digest, 't', table->name);
		for (size_t c = 0; c < table->column.n; c++)
			digest_field(digest, 'c', data->column.at[table->column.at[c]]->name);
		digest_number(digest, 'n', (uint64_t)table->count.read);
		digest_number(digest, 's', table->sum[0]);
		digest_number(digest, 's', table->sum[1]);
	}
}

/* Tables in order of their datasets. */
void data_digest(const Data *data, uint8_t out[32])
{
	Digest digest;
	digest_begin(&digest);
	digest_field(&digest, 'v', STR("vouch data 2"));
	for (int32_t i = 0; i < data->ncounts; i++)
		digest_tables(data, i, &digest);
	digest_end(&digest, out);
}

/* By itself, so that two runs may say of one table that it is the same. */
void data_table_digest(const Data *data, int32_t count, uint8_t out[32])
{
	Digest digest;
	digest_begin(&digest);
	digest_field(&digest, 'v', STR("vouch table 1"));
	digest_tables(data, count, &digest);
	digest_end(&digest, out);
}
