#include "tests/unit/bed.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void sql_on(sqlite3 *db, const char *sql)
{
	char *error = NULL;
	sqlite3_exec(db, sql, NULL, NULL, &error);
	ck_assert_msg(error == NULL, "%s in %s", error, sql);
}

void sql_at(const char *path, const char *sql)
{
	sqlite3 *db;
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sql_on(db, sql);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

void bed_begin(Bed *bed, const char *rules)
{
	memset(bed, 0, sizeof *bed);
	fixture_open(&bed->fixture, rules);
	snprintf(bed->path, sizeof bed->path, "%s/test.db", bed->fixture.root);
	bed->law = (Law){LAST_DAY, 0, LAST_DAY, NULL, 0};
	bed->book[0] = bed->fixture.book;
	bed->options = (DataOptions){.path = bed->path, .book = bed->book, .nbooks = 1,
		.law = &bed->law, .threads = 1};
}

void bed_read(Bed *bed)
{
	diags_init(&bed->diags, &bed->arena, &bed->fixture.comp.sources);
	bed->status = data_open(&bed->options, &bed->diags, &bed->data);
	if (bed->status == STATUS_OK)
		bed->status = data_read(bed->data, &bed->diags);
	if (bed->status == STATUS_OK)
		bed->status = data_worker(bed->data, &bed->worker, &bed->diags);
}

void bed_again(Bed *bed)
{
	data_worker_free(bed->worker);
	data_close(bed->data);
	bed->worker = NULL;
	bed->data = NULL;
	vec_free(&bed->diags.list);
}

void bed_end(Bed *bed)
{
	bed_again(bed);
	arena_free(&bed->arena);
	unlink(bed->path);
	fixture_close(&bed->fixture);
}
