/*
 * Stores: the whole tables once for all, and one partition at a time. Books share the columns; each
 * has its own view, since the same column may be another field in another book.
 */
#include "interp/data_internal.h"

#include "interp/key_groups.h"

#include <stdlib.h>
#include <string.h>

/* A list by row of the table pointed to costs that table's rows in each partition; when there are
 * far fewer rows that point, they go into a hash. */
#define DENSE_ROWS 4096
#define DENSE_FACTOR 4

/* ---- rows by row ---- */

/* The row that each row points to; -1: none, or not known. Matches have it so, and columns that
 * know all their rows. */
static const int32_t *links_of(Arena *arena, const Column *column, int32_t n)
{
	const int32_t *link = column->at;
	if (column->known == NULL)
		return link;
	int32_t *out = ARENA_ROOM(arena, int32_t, (size_t)n + 1);
	for (int32_t row = 0; row < n; row++)
		out[row] = bit_get(column->known, row) ? link[row] : -1;
	return out;
}

/* As rowlists_of looks it up in interp/store.c. */
static uint32_t slot_find(const int32_t *slot_of, const int32_t *slot_key, uint32_t mask,
	int32_t row)
{
	uint32_t at = rowlists_hash(row) & mask;
	while (slot_of[at] >= 0 && slot_key[at] != row)
		at = (at + 1) & mask;
	return at;
}

/* Numbers the rows pointed to as they are met, and gives each row that number for its link. */
static const int32_t *hash_lists(Arena *arena, const int32_t *link, int32_t n, RowLists *out)
{
	uint32_t room = 16;
	while (room < (uint32_t)n * 2)
		room *= 2;
	/* slot_of: the number of the list, -1 where the slot is free; slot_key: of which row. */
	int32_t *slot_of = ARENA_ROOM(arena, int32_t, room);
	int32_t *slot_key = ARENA_ROOM(arena, int32_t, room);
	int32_t *list = ARENA_ROOM(arena, int32_t, (size_t)n + 1);
	memset(slot_of, 0xff, room * sizeof *slot_of);
	for (int32_t row = 0; row < n; row++) {
		list[row] = -1;
		if (link[row] < 0)
			continue;
		/* The table has room for all rows, so it never fills. */
		uint32_t at = slot_find(slot_of, slot_key, room - 1, link[row]);
		if (slot_of[at] < 0)
			slot_of[at] = out->lists++;
		slot_key[at] = link[row];
		list[row] = slot_of[at];
	}
	out->slot_of = slot_of;
	out->slot_key = slot_key;
	out->slot_mask = room - 1;
	return list;
}

RowLists lists_new(Arena *arena, const Column *column, int32_t n, int32_t left)
{
	RowLists out = {.lists = left};
	const int32_t *list = links_of(arena, column, n);
	/* In a partition few of a large table's rows are pointed to. */
	if (left > DENSE_ROWS && left / DENSE_FACTOR > n) {
		out.lists = 0;
		list = hash_lists(arena, list, n, &out);
	}
	KeyGroups groups = key_groups_of(list, n, out.lists, NULL, arena);
	out.start = groups.start;
	out.item = groups.row;
	return out;
}

/* ---- views ---- */

/* Fields of a book point to the shared columns; those that no rule looks at stay empty. */
static StoreTable *view_new(Arena *arena, const Data *data, int32_t book, int32_t dataset,
	Rows *rows)
{
	StoreTable *table = ARENA_NEW(arena, StoreTable);
	const BookPlan *plan = &data->book[book];
	int32_t nfields = plan->book->dataset[dataset].nfields;
	/* Keys are asked for one by one: few rows are ever named. */
	*table = (StoreTable){.rows = rows->n, .key = store_key_of, .keys = &rows->keys,
		.order = rows->order};
	table->column = ARENA_ARRAY(arena, Column, (size_t)nfields + 1);
	for (int32_t f = 0; f < nfields; f++)
		if (plan->column[dataset][f] >= 0)
			table->column[f] = rows->column[data->column.at[plan->column[dataset][f]]->place];
	return table;
}

/* Rows whose link is unknown are in nobody's list. */
static RowLists link_lists(Arena *arena, const Data *data, int32_t book, int32_t link,
	const Rows *rows)
{
	/* The links are inverses: column points from the row to the one whose list it is in. */
	const Link *l = &data->book[book].book->link[link];
	const DataColumn *column = data->column.at[data->book[book].column[l->from][l->field]];
	const DataTable *target = data->table.at[column->target];
	/* The column was not needed by any rule of this pass. */
	if (rows->column[column->place].at == NULL)
		return (RowLists){.item = NULL};
	return lists_new(arena, &rows->column[column->place], rows->n, target->data->rows.n);
}

/* ---- the base ---- */

/* By book, all empty: what is not filled in is not in the base. */
static void base_arrays(Data *data)
{
	Base *base = &data->base;
	Arena *arena = &base->arena;
	size_t nbooks = (size_t)data->options.nbooks;
	base->store = ARENA_ARRAY(arena, Store, nbooks);
	base->table = ARENA_ARRAY(arena, StoreTable **, nbooks);
	base->inverse = ARENA_ARRAY(arena, RowLists *, nbooks);
	base->matched = ARENA_ARRAY(arena, StoreMatch *, nbooks);
	base->done = ARENA_ARRAY(arena, bool *, nbooks);
	base->step = ARENA_ARRAY(arena, const DerivedStep *, nbooks);
	base->sequence = ARENA_ARRAY(arena, StoreSequence *, nbooks);
	base->sequence_done = ARENA_ARRAY(arena, bool *, nbooks);
	base->same_book = ARENA_ARRAY(arena, int32_t *, nbooks);
	base->same_match = ARENA_ARRAY(arena, int32_t *, nbooks);
	base->same_sequence = ARENA_ARRAY(arena, SameSequence *, nbooks);
	data->fast = ARENA_ARRAY(arena, Fast *, nbooks);
	for (size_t b = 0; b < nbooks; b++) {
		const Rulebook *book = data->book[b].book;
		/* One more of each than there are, so that a book without any has an array too. */
		base->table[b] = ARENA_ARRAY(arena, StoreTable *, (size_t)book->ndatasets + 1);
		base->inverse[b] = ARENA_ARRAY(arena, RowLists, (size_t)book->nlinks + 1);
		base->matched[b] = ARENA_ARRAY(arena, StoreMatch, (size_t)book->nmatches + 1);
		base->done[b] = ARENA_ARRAY(arena, bool, (size_t)book->nmatches + 1);
		base->same_book[b] = ARENA_ARRAY(arena, int32_t, (size_t)book->nmatches + 1);
		base->same_match[b] = ARENA_ARRAY(arena, int32_t, (size_t)book->nmatches + 1);
		base->store[b] = (Store){.book = book, .table = base->table[b],
			.inverse = base->inverse[b], .matched = base->matched[b]};
	}
}

/* n below zero: all rows of the dataset are judged in this store. */
static const RowSpan *homes_all(Arena *arena, int32_t ndatasets)
{
	RowSpan *home = ARENA_ARRAY(arena, RowSpan, (size_t)ndatasets + 1);
	for (int32_t d = 0; d < ndatasets; d++)
		home[d] = (RowSpan){NULL, -1};
	return home;
}

/* Inverse links between whole tables are the same in every partition and made once. */
static void base_book(Data *data, int32_t b)
{
	Base *base = &data->base;
	const BookPlan *plan = &data->book[b];
	for (int32_t d = 0; d < plan->book->ndatasets; d++) {
		DataTable *table = plan->table[d] >= 0 ? data->table.at[plan->table[d]] : NULL;
		if (table != NULL && table->whole)
			base->table[b][d] = view_new(&base->arena, data, b, d, &table->data->rows);
	}
	for (int32_t l = 0; l < plan->book->nlinks; l++) {
		const DataTable *from = NULL;
		if (plan->link[l])
			from = data->table.at[plan->table[plan->book->link[l].from]];
		if (from != NULL && from->whole)
			base->inverse[b][l] = link_lists(&base->arena, data, b, l, &from->data->rows);
	}
	base->store[b].home = homes_all(&base->arena, plan->book->ndatasets);
}

/* Two contracts that use one shared file have the same matches; each is worked once. */
static void find_same_matches(Data *data, int32_t b)
{
	Base *base = &data->base;
	const BookPlan *plan = &data->book[b];
	for (int32_t m = 0; m < plan->book->nmatches; m++) {
		base->same_book[b][m] = -1;
		for (int32_t o = 0; o < b && plan->match[m] && base->same_book[b][m] < 0; o++) {
			for (int32_t k = 0; k < data->book[o].book->nmatches; k++) {
				if (!data->book[o].match[k] || !same_match(data, b, m, o, k))
					continue;
				base->same_book[b][m] = o;
				base->same_match[b][m] = k;
			}
		}
	}
}

/* Matches between partitioned tables are left to the partitions. */
static Status match_whole(Data *data, int32_t b, Diags *diags)
{
	const BookPlan *plan = &data->book[b];
	Base *base = &data->base;
	Arena scratch = {0};
	MatchJob job = {.data = data, .book = b, .store = &base->store[b], .stores = base->store,
		.matched = base->matched[b], .fast = data->fast[b], .arena = &base->arena,
		.scratch = &scratch, .diags = diags};
	/* What the rules use, between whole tables, and what waits for no sequence or bank. */
	bool *wanted = ARENA_ARRAY(&base->arena, bool, (size_t)plan->book->nmatches + 1);
	for (int32_t m = 0; m < plan->book->nmatches; m++) {
		/* Both sides of a match are whole or neither (data_pass.c), so one is asked. */
		wanted[m] = plan->match[m] && !derived_match_waits(data, b, m) &&
			data->table.at[plan->table[plan->book->match[m].left]]->whole;
		int32_t o = base->same_book[b][m], k = base->same_match[b][m];
		if (wanted[m] && o >= 0 && base->done[o][k]) {
			base->matched[b][m] = base->matched[o][k];
			base->done[b][m] = true;
		}
	}
	/* Then what is made of pairs: sequences and banks over whole tables. */
	Status status = match_all(&job, wanted, base->done[b]);
	if (status == STATUS_OK)
		derived_whole(&job);
	arena_free(&scratch);
	return status;
}

/* After this the base is only read, by any number of threads. */
Status base_make(Data *data, Diags *diags)
{
	Status status = STATUS_OK;
	base_arrays(data);
	for (int32_t b = 0; b < data->options.nbooks; b++) {
		/* All books first: a match of one may be taken over from another's. */
		data->fast[b] = fast_new(data->book[b].book, data->options.law);
		base_book(data, b);
		find_same_matches(data, b);
		derived_begin(data, b);
	}
	for (int32_t b = 0; b < data->options.nbooks && status == STATUS_OK; b++)
		status = match_whole(data, b, diags);
	return status;
}

/* ---- one partition ---- */

/* Whole tables whose rows reach into partitions are judged where those rows are; each row in
 * one partition of the pass. */
static const RowSpan *homes_of(DataWorker *worker, const Pass *pass, int32_t part, int32_t b)
{
	const Data *data = worker->data;
	const BookPlan *plan = &data->book[b];
	int32_t n = plan->book->ndatasets;
	RowSpan *home = ARENA_ARRAY(&worker->arena, RowSpan, (size_t)n + 1);
	for (int32_t d = 0; d < n; d++) {
		home[d] = (RowSpan){NULL, -1};
		for (size_t i = 0; i < pass->home.n; i++) {
			const Home *h = &pass->home.at[i];
				/* Only the rows of this part; the others are judged where they are. */
			if (h->table == plan->table[d])
				home[d] = (RowSpan){h->row + h->start[part], h->start[part + 1] - h->start[part]};
		}
	}
	return home;
}

/* Whole tables from the base, partitioned ones from this partition; others are not in the
 * store. */
static StoreTable **part_tables(DataWorker *worker, int32_t b)
{
	Data *data = worker->data;
	const BookPlan *plan = &data->book[b];
	size_t n = (size_t)plan->book->ndatasets;
	StoreTable **table = ARENA_ARRAY(&worker->arena, StoreTable *, n + 1);
	for (size_t d = 0; d < n; d++) {
		table[d] = data->base.table[b][d];
		if (plan->table[d] >= 0 && worker->rows[plan->table[d]].table != NULL)
			table[d] = view_new(&worker->arena, data, b, (int32_t)d, &worker->rows[plan->table[d]]);
	}
	return table;
}

/* Lists that another book has made from the same column are taken over. */
static const RowLists *part_links(DataWorker *worker, const Pass *pass, int32_t b,
	RowLists *by_column)
{
	Data *data = worker->data;
	const BookPlan *plan = &data->book[b];
	size_t n = (size_t)plan->book->nlinks;
	RowLists *lists = ARENA_ARRAY(&worker->arena, RowLists, n + 1);
	for (size_t l = 0; l < n; l++) {
		lists[l] = data->base.inverse[b][l];
		if (!pass->needs.link[b][l])
			continue;
		const Link *link = &plan->book->link[l];
		const Rows *rows = &worker->rows[plan->table[link->from]];
		int32_t column = plan->column[link->from][link->field];
		if (rows->table == NULL)
			continue;
		if (by_column[column].item == NULL)
			by_column[column] = link_lists(&worker->arena, data, b, (int32_t)l, rows);
		lists[l] = by_column[column];
	}
	return lists;
}

/* Pairs between whole tables come from the base, those that an earlier book has worked out from
 * its store: both have the same rows. */
static Status part_matches(DataWorker *worker, const Pass *pass, int32_t b, StoreTable **table,
	bool **done, StoreMatch **matched, Diags *diags)
{
	Data *data = worker->data;
	const Base *base = &data->base;
	int32_t n = data->book[b].book->nmatches;
	Store *store = &worker->store[b];
	done[b] = ARENA_ARRAY(&worker->arena, bool, (size_t)n + 1);
	matched[b] = ARENA_ARRAY(&worker->arena, StoreMatch, (size_t)n + 1);
	/* Before they are made: a match may look at the pairs of another. */
	store->matched = matched[b];
	for (int32_t m = 0; m < n; m++) {
		int32_t o = base->same_book[b][m], k = base->same_match[b][m];
		matched[b][m] = base->matched[b][m];
		done[b][m] = base->done[b][m];
		/* Earlier books are complete in this partition. */
		if (!done[b][m] && o >= 0 && done[o] != NULL && done[o][k]) {
			matched[b][m] = matched[o][k];
			done[b][m] = true;
		}
	}
	MatchJob job = {.data = data, .book = b, .store = store, .stores = worker->store,
		.matched = matched[b], .fast = worker->fast[b], .arena = &worker->arena,
		.scratch = &worker->scratch, .diags = diags};
	return derived_part(&job, pass, table, done[b]);
}

/* Also takes from the last partition what it had. */
static void part_rows(DataWorker *worker, const Pass *pass, int32_t part)
{
	Data *data = worker->data;
	/* No table is in the partition until it is made. */
	for (size_t t = 0; t < data->table.n; t++)
		worker->rows[t].table = NULL;
	for (size_t i = 0; i < pass->table.n; i++) {
		PassTable *use = pass->table.at[i];
		rows_make(data, use, part, worker, &worker->arena, &worker->scratch,
			&worker->rows[use->table]);
	}
}

/* Everything of the last partition is given back first: a store is valid until the next one. */
Status part_make(DataWorker *worker, const Pass *pass, int32_t part, Diags *diags)
{
	Data *data = worker->data;
	size_t nbooks = (size_t)data->options.nbooks;
	Status status = STATUS_OK;
	/* The memory stays with the arenas: partitions are about as large as each other. */
	arena_reset(&worker->arena);
	arena_reset(&worker->scratch);
	part_rows(worker, pass, part);
	/* Shared by the books of this partition: links, and matches that are the same. */
	RowLists *by_column = ARENA_ARRAY(&worker->arena, RowLists, data->column.n + 1);
	bool **done = ARENA_ARRAY(&worker->arena, bool *, nbooks);
	StoreMatch **matched = ARENA_ARRAY(&worker->arena, StoreMatch *, nbooks);
	for (int32_t b = 0; b < (int32_t)nbooks && status == STATUS_OK; b++) {
		StoreTable **table = part_tables(worker, b);
		worker->store[b] = (Store){.book = data->book[b].book, .table = table,
			.inverse = part_links(worker, pass, b, by_column),
			.home = homes_of(worker, pass, part, b)};
		status = part_matches(worker, pass, b, table, done, matched, diags);
	}
	return status;
}
