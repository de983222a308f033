/*
 * Small tables are held whole: columns in order of their keys, and a hash from key to row, through
 * which the links of other tables are followed while those are read.
 */
#include "interp/data_internal.h"

#include <stdlib.h>
#include <string.h>

/* Open addressing, half empty. */
static void index_keys(Whole *whole)
{
	int32_t n = whole->rows.n;
	uint32_t room = 16;
	while (room < (uint32_t)n * 2)
		room *= 2;
	whole->mask = room - 1;
	whole->slot = ARENA_ARRAY(&whole->arena, int32_t, room);
	for (int32_t row = 0; row < n; row++) {
		uint32_t at = (uint32_t)text_hash(whole->rows.keys.text[row]) & whole->mask;
		while (whole->slot[at] != 0)
			at = (at + 1) & whole->mask;
		whole->slot[at] = row + 1;
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
	Template pattern = template_new((Str){text[0].ptr, text[0].len - (size_t)digits}, digits);
	for (int32_t row = 0; row < n; row++) {
		if (!template_number(&pattern, text[row], &number))
			continue;
		first = number < first ? number : first;
		last = number > last ? number : last;
	}
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
int32_t whole_find(const Whole *whole, Str key)
{
	uint32_t at = (uint32_t)text_hash(key) & whole->mask;
	for (; whole->slot[at] != 0; at = (at + 1) & whole->mask)
		if (str_eq(whole->rows.keys.text[whole->slot[at] - 1], key))
			return whole->slot[at] - 1;
	return -1;
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

void whole_free(DataTable *table)
{
	if (table->data != NULL)
		arena_free(&table->data->arena);
	table->data = NULL;
}

/* ---- links in a circle ---- */

/* As read_link does for links that are followed while reading. */
static void orphan(Data *data, DataTable *table, int32_t column, int32_t row, Str key)
{
	Reader *reader = &data->reader[0];
	const DataTable *target = data->table.at[data->column.at[column]->target];
	reader->table = table;
	reader->key_text = key_text(&table->data->rows.keys, row, &reader->arena);
	refuse(reader, column, NULL, str_format(&reader->arena, "no %.*s has this key",
		STR_ARG(target->decl->decl.name)).ptr);
	Refused *refused = &reader->refused.at[reader->refused.n - 1];
	refused->value = str_copy(&reader->arena, key);
	refused->orphan = true;
	table->count.orphan_links++;
}

/* The column of texts is replaced by one of row numbers. */
static void follow(Data *data, DataTable *table, int32_t number)
{
	const DataColumn *column = data->column.at[number];
	const DataTable *target = data->table.at[column->target];
	Whole *whole = table->data;
	Column *texts = &whole->rows.column[column->place];
	int32_t n = whole->rows.n, *row_of = ARENA_ARRAY(&whole->arena, int32_t, (size_t)n + 1);
	uint64_t *known = ARENA_ARRAY(&whole->arena, uint64_t, (size_t)n / 64 + 1);
	Arena scratch = {0};
	for (int32_t row = 0; row < n; row++) {
		if (texts->known != NULL && !bit_get(texts->known, row))
			continue;
		Str key = text_of_code(data, ((const uint64_t *)texts->at)[row], &scratch);
		int32_t found = whole_find(target->data, key);
		if (found < 0) {
			if (!read_was_absent(target, key))
				orphan(data, table, number, row, key);
			continue;
		}
		row_of[row] = found;
		bit_set(known, row);
	}
	arena_free(&scratch);
	*texts = (Column){.at = row_of, .known = known, .times = 1, .width = 4};
}

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
