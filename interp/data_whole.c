/*
 * Small tables are held whole: columns in order of their keys, and a hash from key to row, through
 * which the links of other tables are followed while those are read.
 */
#include "interp/data_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"

/* Open addressing, half empty. The other half of the hash stands beside the row, so that hardly any
 * text is looked at but the one that is meant. */
typedef struct KeySlot {
	uint32_t tag;
	int32_t row;            /* + 1; 0: nothing is here */
} KeySlot;

static inline uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

static void index_keys(Whole *whole)
{
	int32_t n = whole->rows.n;
	uint32_t room = 16;
	/* A power of two, so that the mask does for the remainder. */
	while (room < (uint32_t)n * 2)
		room *= 2;
	whole->mask = room - 1;
	whole->slot = ARENA_ARRAY(&whole->arena, KeySlot, room);
	for (int32_t row = 0; row < n; row++) {
		uint64_t hash = text_hash(whole->rows.keys.text[row]);
		uint32_t at = (uint32_t)hash & whole->mask;
		while (whole->slot[at].row != 0)
			at = (at + 1) & whole->mask;
		whole->slot[at] = (KeySlot){tag_of(hash), row + 1};
	}
}

/* Numbers that lie so far apart that the array would be mostly empty are left to the hash. */
static void index_numbers(Whole *whole)
{
	int32_t n = whole->rows.n;
	const Str *text = whole->rows.keys.text;
	int32_t digits = n > 0 ? text_digits(text[0]) : 0;
	uint64_t number, first = UINT64_MAX, last = 0;
	if (digits == 0)
		return;
	/* The first key's pattern stands for all: others are found by the hash. */
	Template pattern = template_new((Str){text[0].ptr, text[0].len - (size_t)digits}, digits);
	for (int32_t row = 0; row < n; row++) {
		if (!template_number(&pattern, text[row], &number))
			continue;
		first = number < first ? number : first;
		last = number > last ? number : last;
	}
	/* At most four places for each row, and a small table may always have its thousand. */
	if (last - first > 4 * (uint64_t)n + 1024)
		return;
	whole->pattern = pattern;
	whole->first = first;
	whole->span = last - first + 1;
	whole->by_number = ARENA_ARRAY(&whole->arena, int32_t, whole->span);
	for (int32_t row = 0; row < n; row++)
		if (template_number(&pattern, text[row], &number))
			whole->by_number[number - first] = row + 1;
}

/* Exact: hashes only say where to look. */
static inline int32_t find_hashed(const Whole *whole, Str key, uint64_t hash)
{
	const Str *text = whole->rows.keys.text;
	uint32_t at = (uint32_t)hash & whole->mask, tag = tag_of(hash);
	for (; whole->slot[at].row != 0; at = (at + 1) & whole->mask) {
		int32_t row = whole->slot[at].row - 1;
		if (whole->slot[at].tag == tag && text[row].len == key.len &&
		    same_bytes(text[row].ptr, key.ptr, key.len))
			return row;
	}
	return -1;
}

int32_t whole_find(const Whole *whole, Str key)
{
	return find_hashed(whole, key, text_hash(key));
}

/*
 * Slot, text and its bytes lie in three places, none of which is in the cache where there are a
 * hundred thousand keys. Each is fetched for all keys before the next one is asked for.
 */
void whole_find_all(const Whole *whole, const Str *key, int32_t n, int32_t *row)
{
	uint64_t hash[BATCH_ROWS];
	const Str *text = whole->rows.keys.text;
	for (int32_t i = 0; i < n; i++) {
		hash[i] = text_hash(key[i]);
		__builtin_prefetch(&whole->slot[hash[i] & whole->mask]);
	}
	for (int32_t i = 0; i < n; i++) {
		row[i] = whole->slot[hash[i] & whole->mask].row - 1;
		if (row[i] >= 0)
			__builtin_prefetch(&text[row[i]]);
	}
	for (int32_t i = 0; i < n; i++)
		if (row[i] >= 0)
			__builtin_prefetch(text[row[i]].ptr);
	for (int32_t i = 0; i < n; i++)
		row[i] = key[i].len > 0 ? find_hashed(whole, key[i], hash[i]) : -1;
}

/* Only what something links to is looked up by the texts of its keys. */
static void index_rows(Data *data, Whole *whole)
{
	Str *text = ARENA_ROOM(&whole->arena, Str, (size_t)whole->rows.n + 1);
	for (int32_t row = 0; row < whole->rows.n; row++)
		text[row] = text_of_code(data, whole->rows.keys.code[row], &whole->arena);
	whole->rows.keys.text = text;
	index_keys(whole);
	index_numbers(whole);
}

/* The packed rows are gone afterwards. */
void whole_make(Data *data, DataTable *table)
{
	Arena scratch = {0};
	Whole *whole = ARENA_NEW(&data->arena, Whole);
	table->data = whole;
	rows_make(data, table->use[0], 0, NULL, &whole->arena, &scratch, &whole->rows);
	if (table->linked)
		index_rows(data, whole);
	arena_free(&scratch);
}

/* Also of a table that was never read. */
void whole_free(DataTable *table)
{
	if (table->data != NULL)
		arena_free(&table->data->arena);
	table->data = NULL;
}

/* ---- links by several columns, and as at a day ---- */

/* A day of a row's span, if it is known. */
static bool span_day(const Data *data, const Whole *whole, int32_t number, int32_t row, int32_t *day)
{
	const Column *column = &whole->rows.column[data->column.at[number]->place];
	*day = (int32_t)column_raw(column, row);
	return column->known == NULL || bit_get(column->known, row);
}

/* Both ends are in (law 10); a missing end means that the row still holds (S47), but of one that could
 * not be read nobody knows. */
static LinkEnd holds_on(const Data *data, const DataColumn *link, int32_t row, int32_t day)
{
	const Whole *whole = data->table.at[link->target]->data;
	const uint64_t *lost = whole->rows.column[data->column.at[link->lasts.to]->place].lost;
	int32_t from, to;
	bool has_from = span_day(data, whole, link->lasts.from, row, &from);
	bool has_to = span_day(data, whole, link->lasts.to, row, &to);
	/* One known end may be enough to say no, whatever the other is. */
	if ((has_from && day < from) || (has_to && day > to))
		return LINK_NO_DAY;
	return has_from && (has_to || lost == NULL || !bit_get(lost, row)) ? LINK_ROW : LINK_OPEN;
}

/* Keys are in order, so those that begin alike stand side by side. One row that holds and another of
 * which it is not known leave it open which is meant. */
static LinkEnd one_of_them(const Data *data, const DataColumn *link, Str key, int32_t day,
	int32_t row[2])
{
	const Rows *rows = &data->table.at[link->target]->data->rows;
	int32_t begin = first_from(rows->keys.text, rows->n, key), at = begin, sure = -1, open = -1;
	for (; at < rows->n && str_starts(rows->keys.text[at], key); at++) {
		LinkEnd end = holds_on(data, link, at, day);
		/* Two that hold: which is meant is not ours to pick, so the link is refused. */
		if (end == LINK_ROW && sure >= 0) {
			row[0] = sure;
			row[1] = at;
			return LINK_TWO;
		}
		sure = end == LINK_ROW ? at : sure;
		open = end == LINK_OPEN && open < 0 ? at : open;
	}
	/*
	 * of rows that begin with the key:   one holds          the link
	 *                                    one holds, one?    open
	 *                                    none, but some     no row on that day: missing
	 *                                    there are none     an orphan
	 */
	row[0] = open >= 0 ? open : sure;
	if (row[0] < 0)
		return at > begin ? LINK_NO_DAY : LINK_NO_KEY;
	return open >= 0 ? LINK_OPEN : LINK_ROW;
}

/* A whole key is found by the hash, a part of one by walking those that begin with it. */
LinkEnd whole_link(const Data *data, const DataColumn *column, Str key, int32_t day, int32_t row[2])
{
	const DataTable *table = data->table.at[column->target];
	LinkEnd end;
	if (column->nparts < table->nkey) {
		end = one_of_them(data, column, key, day, row);
		return end == LINK_NO_KEY && read_was_absent_from(table, key) ? LINK_NOT_YET : end;
	}
	row[0] = whole_find(table->data, key);
	if (row[0] < 0)
		return read_was_absent(table, key) ? LINK_NOT_YET : LINK_NO_KEY;
	return column->as_at < 0 ? LINK_ROW : holds_on(data, column, row[0], day);
}

/* A row that is not known yet, or does not hold on the day, is no mistake in the data. */
const char *whole_link_reason(const Data *data, const DataColumn *column, LinkEnd end, int32_t day,
	const int32_t row[2], Arena *arena)
{
	const DataTable *table = data->table.at[column->target];
	Str name = table->decl->decl.name;
	const Str *key = table->data->rows.keys.text;
	char iso[16];
	if (end == LINK_ROW || end == LINK_NOT_YET || end == LINK_NO_DAY)
		return NULL;
	if (end == LINK_NO_KEY)
		return str_format(arena, "no %.*s has this key", STR_ARG(name)).ptr;
	Buf buf = {0};
	day_print_iso(&buf, day);
	snprintf(iso, sizeof iso, "%.*s", (int)buf.n, buf.at);
	buf_free(&buf);
	if (end == LINK_OPEN)
		return str_format(arena, "it is not known whether the %.*s %.*s holds on %s", STR_ARG(name),
			STR_ARG(key_shown(arena, key[row[0]])), iso).ptr;
	return str_format(arena, "two rows of %.*s hold on %s: %.*s; %.*s", STR_ARG(name), iso,
		STR_ARG(key_shown(arena, key[row[0]])), STR_ARG(key_shown(arena, key[row[1]]))).ptr;
}

/* ---- links in a circle ---- */

/* As read_link does for links that are followed while reading. An orphan is counted as one, another
 * refusal as a value. */
static void refuse_link(Data *data, DataTable *table, int32_t column, int32_t row, Str key,
	const char *why, bool is_orphan)
{
	/* All threads have ended: the first reader's list takes what is found now. */
	Reader *reader = &data->reader[0];
	reader->table = table;
	reader->key_text = key_text(&table->data->rows.keys, row, &reader->arena);
	refuse(reader, column, NULL, why);
	Refused *refused = &reader->refused.at[reader->refused.n - 1];
	refused->value = key_shown(&reader->arena, key);
	refused->orphan = is_orphan;
	if (is_orphan)
		table->count.orphan_links++;
	else
		table->count.rejected_values++;
}

/* Where the link leads, now that its target has been read. The day was known, else the key would
 * not have been kept. */
static LinkEnd late_end(const Data *data, const DataTable *table, const DataColumn *column,
	int32_t row, Str key, int32_t *day, int32_t found[2])
{
	const DataTable *target = data->table.at[column->target];
	*day = 0;
	if (column->nparts == 0) {
		found[0] = whole_find(target->data, key);
		return found[0] >= 0 ? LINK_ROW : read_was_absent(target, key) ? LINK_NOT_YET : LINK_NO_KEY;
	}
	if (column->as_at >= 0) {
		const DataColumn *at = data->column.at[column->as_at];
		int64_t n = column_raw(&table->data->rows.column[at->place], row);
		*day = at->reading == AS_MOMENT ? moment_day(n) : (int32_t)n;
	}
	return whole_link(data, column, key, *day, found);
}

/* The column of texts is replaced by one of row numbers. */
static void follow(Data *data, DataTable *table, int32_t number)
{
	const DataColumn *column = data->column.at[number];
	Whole *whole = table->data;
	Column *texts = &whole->rows.column[column->place];
	int32_t n = whole->rows.n, *row_of = ARENA_ARRAY(&whole->arena, int32_t, (size_t)n + 1);
	uint64_t *known = ARENA_ARRAY(&whole->arena, uint64_t, (size_t)n / 64 + 1);
	Arena scratch = {0};
	for (int32_t row = 0; row < n; row++) {
		int32_t day, found[2] = {-1, -1};
		if (texts->known != NULL && !bit_get(texts->known, row))
			continue;
		Str key = text_of_code(data, ((const uint64_t *)texts->at)[row], &scratch);
		LinkEnd end = late_end(data, table, column, row, key, &day, found);
		const char *why = end == LINK_ROW ? NULL
			: whole_link_reason(data, column, end, day, found, &data->reader[0].arena);
		if (why != NULL)
			refuse_link(data, table, number, row, key, why, end == LINK_NO_KEY);
		if (end != LINK_ROW)
			continue;
		/* Others keep 0 and no bit. */
		row_of[row] = found[0];
		bit_set(known, row);
	}
	arena_free(&scratch);
	*texts = (Column){.at = row_of, .known = known, .times = 1, .width = 4};
}

/* Columns that no rule looks at were not unpacked. */
void whole_late_links(Data *data, DataTable *table)
{
	for (size_t i = 0; i < table->column.n; i++) {
		int32_t number = table->column.at[i];
		const DataColumn *column = data->column.at[number];
		if (column->late && table->data->rows.column[column->place].at != NULL)
			follow(data, table, number);
	}
	buf_free(&data->reader[0].key);
}
