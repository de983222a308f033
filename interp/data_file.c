/*
 * The database file: opened read-only and hardened, as many connections as threads, all of them on
 * one snapshot. Debian's SQLite cannot hand a snapshot from one connection to another; instead an
 * idle connection looks at the data version before and after the others have begun to read. Equal
 * means that nobody wrote in between.
 */
#include "interp/data_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BUSY_MILLISECONDS 2000
#define SNAPSHOT_TRIES 20
#define LARGEST_CELL 10000000
#define STOP_TEST_OPS 20000 /* virtual machine steps between two looks at `stop` */

static const Span nowhere = {-1, 0, 0};

/* The world's failures carry no place in a rule file. */
static Status complain(Diags *diags, DiagCode code, const char *path, const char *what)
{
	diag_add(diags, code, nowhere, "%s: %s", path, what);
	return STATUS_WORLD;
}

Status file_error(const Data *data, sqlite3 *db, int rc, Diags *diags)
{
	const char *path = data->options.path;
	/* The lower byte is the primary code; the rest says where, which no reader can use. */
	switch (rc & 0xff) {
	case SQLITE_INTERRUPT:
		return STATUS_INTERRUPTED;
	case SQLITE_BUSY: case SQLITE_LOCKED:
		return complain(diags, DIAG_DATA_LOCKED, path, "another program is writing to it");
	case SQLITE_NOTADB:
		return complain(diags, DIAG_NOT_A_DATABASE, path,
			"not a SQLite database, or an encrypted one");
	case SQLITE_CORRUPT:
		return complain(diags, DIAG_DATA_READ, path, "the database is damaged");
	case SQLITE_CANTOPEN:
		return complain(diags, DIAG_DATA_READ, path, "cannot be opened");
	case SQLITE_READONLY:
		return complain(diags, DIAG_DATA_READ, path,
			"a write was cut off half-way; open it once with a program that may write to it");
	default:
		return complain(diags, DIAG_DATA_READ, path, db != NULL ? sqlite3_errmsg(db)
			: sqlite3_errstr(rc));
	}
}

/* ---- before SQLite ---- */

/* The header's numbers have their highest byte first. */
static uint32_t be(const unsigned char *at, int bytes)
{
	uint32_t n = 0;
	while (bytes-- > 0)
		n = n << 8 | *at++;
	return n;
}

/* A copy that was cut short opens well enough, and fails only when the missing pages are read. The
 * header's page count is to be trusted when it was written with the last change, and not under WAL,
 * where pages may still be on their way. */
static bool is_cut_short(const unsigned char *header, int64_t size)
{
	/* 65536 does not fit two bytes, and is written as 1. */
	int64_t page = be(header + 16, 2) == 1 ? 65536 : be(header + 16, 2);
	bool wal = header[18] == 2 || header[19] == 2;
	return !wal && be(header + 24, 4) == be(header + 92, 4) && be(header + 28, 4) * page > size;
}

/* SQLite would make do with an empty file, and takes a folder for a database that is locked;
 * what is wrong is said better here. */
static Status look_at_file(const Data *data, Diags *diags)
{
	const char *path = data->options.path;
	struct stat info;
	unsigned char header[100];
	FILE *file = fopen(path, "rb");
	if (file == NULL || fstat(fileno(file), &info) != 0 || !S_ISREG(info.st_mode)) {
		if (file != NULL)
			fclose(file);
		return complain(diags, DIAG_DATA_READ, path, file == NULL ? "cannot be opened"
			: "not an ordinary file");
	}
	size_t n = fread(header, 1, sizeof header, file);
	fclose(file);
	if (n == 0)
		return complain(diags, DIAG_NOT_A_DATABASE, path, "the file is empty");
	/* Also of a database that is encrypted, whose first bytes look like nothing. */
	if (n < sizeof header || memcmp(header, "SQLite format 3", 16) != 0)
		return complain(diags, DIAG_NOT_A_DATABASE, path,
			"not a SQLite database, or an encrypted one");
	if (is_cut_short(header, info.st_size))
		return complain(diags, DIAG_NOT_A_DATABASE, path,
			"the file is shorter than it says: a copy that was cut off");
	return STATUS_OK;
}

/* ---- connections ---- */

/* Called by SQLite while it works: a view may run for long without giving a row. */
static int stop_test(void *user)
{
	return data_stopped(user);
}

/* What a hostile file could make a reader do is switched off. */
static void harden(const Data *data, sqlite3 *db)
{
	static const struct { int verb, on; } config[] = {
		{SQLITE_DBCONFIG_DEFENSIVE, 1}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_DQS_DML, 0}, {SQLITE_DBCONFIG_DQS_DDL, 0},
		{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
	};
	for (size_t i = 0; i < sizeof config / sizeof *config; i++)
		sqlite3_db_config(db, config[i].verb, config[i].on, NULL);
	/* A cell of gigabytes would be memory for the asking. */
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LARGEST_CELL);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
	sqlite3_extended_result_codes(db, 1);
	sqlite3_busy_timeout(db, BUSY_MILLISECONDS);
	if (data->options.stop != NULL) {
		/* SQLite wants a pointer that is not const; nothing is written through it. */
		union { const Data *in; void *out; } user = {data};
		sqlite3_progress_handler(db, STOP_TEST_OPS, stop_test, user.out);
	}
}

/* One thread at a time uses a connection, so SQLite's own locks are switched off; mapped pages
 * would count as memory of the process. */
Status file_connect(const Data *data, sqlite3 **out, Diags *diags)
{
	*out = NULL;
	int rc = sqlite3_open_v2(data->options.path, out, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
		NULL);
	if (rc == SQLITE_OK) {
		harden(data, *out);
		/* Rows are read once, front to back: a large cache of pages would hold what nobody asks
		 * for again, once for each thread. */
		rc = sqlite3_exec(*out, "pragma cell_size_check=on; pragma mmap_size=0; "
			"pragma query_only=on; pragma cache_size=-512", NULL, NULL, NULL);
	}
	Status status = rc == SQLITE_OK ? STATUS_OK : file_error(data, *out, rc, diags);
	if (status != STATUS_OK) {
		sqlite3_close(*out);
		*out = NULL;
	}
	return status;
}

Status file_number(const Data *data, sqlite3 *db, const char *sql, int64_t none, int64_t *out,
	Diags *diags)
{
	sqlite3_stmt *stmt = NULL;
	*out = none;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		*out = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? STATUS_OK : file_error(data, db, rc, diags);
}

/* ---- the snapshot ---- */

/* On the idle connection: each call looks at the file anew. */
static Status version_of(Data *data, int64_t *out, Diags *diags)
{
	return file_number(data, data->watch, "pragma data_version", 0, out, diags);
}

/* What goes wrong here is told by whoever asks, in words of its own. */
bool file_unchanged(Data *data)
{
	int64_t now;
	Arena arena = {0};
	Diags unheard;
	diags_init(&unheard, &arena, NULL);
	bool same = version_of(data, &now, &unheard) == STATUS_OK && now == data->version;
	vec_free(&unheard.list);
	arena_free(&arena);
	return same;
}

/* A transaction begins to read, and so has its snapshot, with its first SELECT. */
static Status begin_all(Data *data, Diags *diags)
{
	for (int i = 0; i < data->options.threads; i++) {
		sqlite3 *db = data->reader[i].db;
		int64_t count;
		/* Of a try that failed the transactions are still open, on snapshots that differ. */
		if (!sqlite3_get_autocommit(db))
			sqlite3_exec(db, "rollback", NULL, NULL, NULL);
		int rc = sqlite3_exec(db, "begin", NULL, NULL, NULL);
		if (rc != SQLITE_OK)
			return file_error(data, db, rc, diags);
		Status status = file_number(data, db, "select count(*) from sqlite_schema", 0, &count,
			diags);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/*
 * Each try, until nobody wrote in between:
 *
 *   watch: version 7 │ readers: begin, begin, begin │ watch: version 7   one snapshot for all
 *   watch: version 7 │ readers: begin, WRITE, begin │ watch: version 8   once more
 */
Status file_open(Data *data, Diags *diags)
{
	Status status = look_at_file(data, diags);
	if (status == STATUS_OK)
		status = file_connect(data, &data->watch, diags);
	for (int i = 0; i < data->options.threads && status == STATUS_OK; i++)
		status = file_connect(data, &data->reader[i].db, diags);
	for (int tries = 0; status == STATUS_OK && tries < SNAPSHOT_TRIES; tries++) {
		status = version_of(data, &data->version, diags);
		if (status == STATUS_OK)
			status = begin_all(data, diags);
		if (status == STATUS_OK && file_unchanged(data))
			return STATUS_OK;
	}
	if (status == STATUS_OK)
		status = complain(diags, DIAG_CHANGED_WHILE_READING, data->options.path,
			"another program kept writing to it; try again when it is quiet");
	return status;
}
