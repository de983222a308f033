/*
 * How much memory an audit will need, from the plan and the row counts, before anything is read: an
 * audit that dies after an hour is of no use to anybody.
 *
 *   tables   packed rows of each pass, texts and keys that are no patterns; whole ones twice
 *   pieces   that packed rows are cut from: the last one of each group is half empty
 *   figures  one for each row of the largest table among a measure's keys, and for each period
 *
 * What partitions need while they are worked on is small beside that, and is not in it.
 */
#include "interp/data_internal.h"

#include <stdlib.h>

#define TEXT_BYTES 40 /* what a text value, or a key, is taken to need */
#define FIGURE_BYTES 1000 /* and a figure, with its texts */
#define WINDOW_DAYS 366   /* of the run's window, or as many of them as it has */

/* Bytes outside the packed row, for texts that are no patterns. */
static int64_t text_bytes(const Data *data, const PassTable *use)
{
	int64_t n = data->table.at[use->table]->whole ? TEXT_BYTES + 24 : 0;
	for (int32_t i = 0; i < use->layout.ncells; i++) {
		const Cell *cell = &use->layout.cell[i];
		if (cell->width == 8)
			n += TEXT_BYTES;
	}
	return n;
}

/* A whole table is there twice for a moment, packed and as columns; of partitioned ones only
 * the columns of a few parts. Chunks are half full at the end, on average. */
static int64_t table_bytes(const Data *data, const DataTable *table)
{
	int64_t bytes = 0;
	for (int32_t i = 0; i < table->nuses; i++) {
		const PassTable *use = table->use[i];
		int64_t row = use->layout.size + text_bytes(data, use);
		bytes += table->rows * row * (table->whole ? 2 : 1);
		bytes += (int64_t)use->parts * data->options.threads * CHUNK_ROWS * use->layout.size / 2;
	}
	return bytes;
}

static int bigger(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return x[0] > y[0] ? -1 : x[0] < y[0];
}

/* ---- figures ---- */

/* A window may be open at its end, and has figures only where there are data: a year of it counts.
 * Calendars of days have a few of them. */
static int64_t periods_of(const Data *data, const Calendar *calendar)
{
	const Law *law = data->options.law;
	int64_t n = 0, last = (int64_t)law->from + WINDOW_DAYS;
	int32_t day = calendar_first(calendar, law->from);
	for (; day != INT32_MIN && day <= law->to && day < last; n++)
		day = calendar_next(calendar, day);
	return n > 0 ? n : 1;
}

/* Of several rows that are keys the others follow from one more often than not: a person has one
 * provider, or two. */
static int64_t figures_of(const Data *data, int32_t book, const Rule *rule)
{
	const BookPlan *plan = &data->book[book];
	int64_t rows = 1, periods = 1;
	for (int32_t k = 0; k < rule->nkeys; k++) {
		Type type = rule->key[k].expr->type;
		if (type.kind == TYPE_PERIOD)
			periods *= periods_of(data, &plan->book->calendar[type.ref]);
		if (type.kind != TYPE_ROW || plan->table[type.ref] < 0)
			continue;
		int64_t n = data->table.at[plan->table[type.ref]]->rows;
		rows = n > rows ? n : rows;
	}
	return rows * periods;
}

/* Rules whose groups may lie in several partitions are the measures. */
static int64_t figure_bytes(const Data *data)
{
	int64_t n = 0;
	for (int32_t b = 0; b < data->options.nbooks; b++) {
		const Rulebook *book = data->book[b].book;
		for (int32_t r = 0; r < book->nrules; r++)
			n += book->rule[r].in_parts ? figures_of(data, b, &book->rule[r]) : 0;
	}
	return n * FIGURE_BYTES;
}

/* ---- the whole ---- */

static int64_t memory_limit(const Data *data)
{
	return data->options.memory_limit > 0 ? data->options.memory_limit : DEFAULT_MEMORY;
}

static int64_t all_bytes(const Data *data)
{
	int64_t all = figure_bytes(data);
	for (size_t t = 0; t < data->table.n; t++)
		all += table_bytes(data, data->table.at[t]);
	for (size_t i = 0; i < data->pass.n; i++)
		all += pieces_spare(data, data->pass.at[i]);
	return all;
}

static bool is_text_too(const Data *data, const DataTable *table)
{
	for (size_t i = 0; i < table->column.n; i++)
		if (data->column.at[table->column.at[i]]->is_key)
			return true;
	return false;
}

/* Where memory would not do, shaped keys go by their rowids after all: that takes eight bytes less
 * a row, and longer. */
static void spare_shapes(Data *data)
{
	for (size_t t = 0; t < data->table.n && all_bytes(data) > memory_limit(data); t++) {
		DataTable *table = data->table.at[t];
		if (table->shape == NULL || table->rowid == NULL || is_text_too(data, table))
			continue;
		table->shape = NULL;
		for (int32_t u = 0; u < table->nuses; u++)
			layout_make(data, table, table->use[u]->need, &table->use[u]->layout);
	}
}

/* Names the tables that need most. */
static void tell_need(Data *data, int64_t all, int64_t limit, Diags *diags)
{
	int64_t (*part)[2] = mem_alloc(mem_product(data->table.n + 1, sizeof *part));
	Buf names = {0};
	for (size_t t = 0; t < data->table.n; t++) {
		part[t][0] = table_bytes(data, data->table.at[t]);
		part[t][1] = (int64_t)t;
	}
	qsort(part, data->table.n, sizeof *part, bigger);
	for (size_t t = 0; t < data->table.n && t < 3; t++) {
		const DataTable *table = data->table.at[part[t][1]];
		buf_printf(&names, "%s%.*s needs %lld MB for %lld rows", t > 0 ? "; " : "",
			STR_ARG(table->decl->decl.name), (long long)(part[t][0] >> 20),
			(long long)table->rows);
	}
	if (figure_bytes(data) >> 20 > 0)
		buf_printf(&names, "; figures need %lld MB", (long long)(figure_bytes(data) >> 20));
	DiagRef ref = diag_add(diags, DIAG_MEMORY, data->table.at[part[0][1]]->decl->decl.name_at,
		"the audit needs about %lld bytes of memory; the limit is %lld bytes", (long long)all,
		(long long)limit);
	diag_note(ref, "%s", names.at);
	diag_help(ref, "raise the limit, or audit fewer rules or a part of the data at a time");
	buf_free(&names);
	free(part);
}

Status data_memory_check(Data *data, Diags *diags)
{
	spare_shapes(data);
	int64_t limit = memory_limit(data), all = all_bytes(data);
	if (all > limit)
		tell_need(data, all, limit, diags);
	return all > limit ? STATUS_WORLD : STATUS_OK;
}
