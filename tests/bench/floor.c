/*
 * The reading floor: one read-only connection without mutexes steps over the columns that the
 * contracts need, tests the type of each value, and does nothing with it. Prints wall seconds and
 * the rows seen.
 *
 *   floor DATA.db TABLE=COLUMN,COLUMN... [TABLE=...]
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long long scan(sqlite3 *db, const char *spec)
{
	char sql[4096];
	const char *equals = strchr(spec, '=');
	if (equals == NULL)
		return -1;
	snprintf(sql, sizeof sql, "SELECT %s FROM %.*s", equals + 1, (int)(equals - spec), spec);
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	int columns = sqlite3_column_count(stmt);
	long long rows = 0, values = 0;
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		for (int i = 0; i < columns; i++)
			values += sqlite3_column_type(stmt, i) != SQLITE_NULL;
		rows++;
	}
	sqlite3_finalize(stmt);
	return values >= 0 ? rows : -1;
}

int main(int argc, char **argv)
{
	sqlite3 *db = NULL;
	long long rows = 0;
	if (argc < 3 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL)
			!= SQLITE_OK) {
		fprintf(stderr, "usage: floor DATA.db TABLE=COLUMN,COLUMN...\n");
		return 64;
	}
	sqlite3_exec(db, "PRAGMA mmap_size=0; BEGIN", NULL, NULL, NULL);
	double start = now();
	for (int i = 2; i < argc; i++) {
		long long n = scan(db, argv[i]);
		if (n < 0) {
			fprintf(stderr, "floor: %s: %s\n", argv[i], sqlite3_errmsg(db));
			return 3;
		}
		rows += n;
	}
	printf("%.3f %lld\n", now() - start, rows);
	sqlite3_close(db);
	return 0;
}
