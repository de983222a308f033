/*
 * A rulebook, a database beside it, and what the data layer reads from it: for tests of that layer.
 *
 *   bed_begin ─> rules checked   sql_at ─> database   bed_read ─> data, worker, status, diags
 *                                   └────────────<── bed_again ──<────┘
 */
#ifndef VOUCH_TESTS_UNIT_BED_H
#define VOUCH_TESTS_UNIT_BED_H

#include <sqlite3.h>

#include "interp/data.h"
#include "tests/unit/support.h"

/* Statements that must work. */
void sql_on(sqlite3 *db, const char *sql);
/* The same; opens and closes, since the reader under test must find a file that nobody holds. */
void sql_at(const char *path, const char *sql);

typedef struct Bed {
	Fixture fixture;
	char path[128];
	Arena arena;
	Diags diags;
	Law law;
	const Rulebook *book[2];
	DataOptions options;
	Data *data;
	DataWorker *worker;
	Status status;
} Bed;

/* One thread unless a test asks for more, so that a failure is the same every time. */
void bed_begin(Bed *bed, const char *rules);
/* Stops at the first step that fails, as a run does; status and diagnostics are looked at by the
 * test. */
void bed_read(Bed *bed);
/* For a second reading after the database, or an option, was changed. */
void bed_again(Bed *bed);
void bed_end(Bed *bed);

#endif
