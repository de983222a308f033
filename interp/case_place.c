/*
 * Where each finding stands in the case file, by id. Ids are hashes, so that inserting them one by
 * one as they come would touch another page of the index each time; they are gathered (32 bytes a
 * finding), sorted at the end, and appended.
 *
 *   places_add ... places_add ─> heaps by first bits ─> each sorted ─> 64 rows a statement
 */
#include "interp/case_place.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "interp/ledger.h"

/* Rows of one statement: to begin and end one costs SQLite as much as to insert two rows. */
#define AT_ONCE 64
#define ID_CHARS 25

/* Compared as numbers, ids stand in the order of their texts. */
static uint64_t big_endian(const uint8_t bytes[8])
{
	uint64_t n = 0;
	for (int k = 0; k < 8; k++)
		n = n << 8 | bytes[k];
	return n;
}

void places_add(CasePlaces *places, const uint8_t id[16], int64_t row, int64_t rule_key)
{
	*vec_push(&places->list) = (CasePlace){big_endian(id), big_endian(id + 8), row, rule_key};
}

void places_free(CasePlaces *places)
{
	vec_free(&places->list);
}

/* ---- order ---- */

/* One finding of two rules of one contract has two places; then the rule decides. */
static int place_cmp(const void *left, const void *right)
{
	const CasePlace *a = left, *b = right;
	if (a->head != b->head)
		return a->head < b->head ? -1 : 1;
	if (a->tail != b->tail)
		return a->tail < b->tail ? -1 : 1;
	return a->rule_key < b->rule_key ? -1 : a->rule_key > b->rule_key;
}

/* As many heaps as there are places, more or less, by the first bits of the id. Ids are spread
 * evenly, so that a heap has one or two. */
static void sort_places(CasePlaces *places)
{
	size_t n = places->list.n;
	int bits = 1;
	while (bits < 30 && (size_t)1 << bits < n)
		bits++;
	CasePlace *sorted = mem_resize(NULL, mem_product(n + 1, sizeof *sorted));
	size_t *start = mem_alloc((((size_t)1 << bits) + 2) * sizeof *start);
	for (size_t i = 0; i < n; i++)
		start[(places->list.at[i].head >> (64 - bits)) + 2]++;
	for (size_t h = 2; h <= (size_t)1 << bits; h++)
		start[h] += start[h - 1];
	for (size_t i = 0; i < n; i++)
		sorted[start[(places->list.at[i].head >> (64 - bits)) + 1]++] = places->list.at[i];
	for (size_t h = 0; h < (size_t)1 << bits; h++)
		if (start[h + 1] - start[h] > 1)
			qsort(sorted + start[h], start[h + 1] - start[h], sizeof *sorted, place_cmp);
	free(start);
	free(places->list.at);
	places->list.at = sorted;
	places->list.cap = n + 1;
}

/* ---- writing ---- */

typedef struct Insert {
	sqlite3_stmt *stmt;
	int rows;
	Buf id[AT_ONCE];        /* they stand until the statement has run */
} Insert;

/* One text of SQL for as many rows as one statement puts in. OR FAIL as in case_put.c. */
static int insert_open(Insert *insert, sqlite3 *db, int rows)
{
	Buf sql = {0};
	*insert = (Insert){.rows = rows};
	buf_puts(&sql, "INSERT OR FAIL INTO finding_place VALUES(?,?,?)");
	for (int i = 1; i < rows; i++)
		buf_puts(&sql, ",(?,?,?)");
	int rc = sqlite3_prepare_v2(db, sql.at, (int)sql.n, &insert->stmt, NULL);
	buf_free(&sql);
	return rc;
}

static void insert_close(Insert *insert)
{
	sqlite3_finalize(insert->stmt);
	for (int i = 0; i < insert->rows; i++)
		buf_free(&insert->id[i]);
}

/* The id as people type it: the number is only for sorting. */
static void bind_place(Insert *insert, int i, const CasePlace *place)
{
	Buf *text = &insert->id[i];
	uint8_t id[16];
	for (int k = 0; k < 8; k++) {
		id[k] = (uint8_t)(place->head >> (56 - 8 * k));
		id[8 + k] = (uint8_t)(place->tail >> (56 - 8 * k));
	}
	buf_clear(text);
	finding_id_print(text, id, ID_CHARS);
	sqlite3_bind_text(insert->stmt, 3 * i + 1, text->at, (int)text->n, SQLITE_STATIC);
	sqlite3_bind_int64(insert->stmt, 3 * i + 2, place->rule_key);
	sqlite3_bind_int64(insert->stmt, 3 * i + 3, place->row);
}

static int insert_run(Insert *insert, const CasePlace *place)
{
	for (int i = 0; i < insert->rows; i++)
		bind_place(insert, i, &place[i]);
	int rc = sqlite3_step(insert->stmt);
	sqlite3_reset(insert->stmt);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* In order, each goes behind the last. That costs no more than an index over finding_row, which
 * would read the whole table again and sort in temporary files. */
int places_write(CasePlaces *places, sqlite3 *db)
{
	Insert many, one = {0};
	size_t n = places->list.n, i = 0;
	sort_places(places);
	int rc = insert_open(&many, db, AT_ONCE);
	if (rc == SQLITE_OK)
		rc = insert_open(&one, db, 1);
	for (; rc == SQLITE_OK && n - i >= AT_ONCE; i += AT_ONCE)
		rc = insert_run(&many, &places->list.at[i]);
	for (; rc == SQLITE_OK && i < n; i++)
		rc = insert_run(&one, &places->list.at[i]);
	insert_close(&many);
	insert_close(&one);
	places_free(places);
	return rc;
}
