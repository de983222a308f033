/*
 * The rows that were not imported, out of the database again: as they came, file by file.
 */
#include <csv.h>
#include <string.h>

#include "interp/import_private.h"

/* A row is kept as one line of CSV. */
typedef struct Line {
	Arena *arena;
	VEC(Str) cell;
} Line;

static void on_cell(void *bytes, size_t n, void *user)
{
	Line *line = user;
	*vec_push(&line->cell) = str_copy(line->arena, (Str){bytes, n});
}

static void on_row(int end, void *user)
{
	(void)end;
	(void)user;
}

/* Blanks at the ends of a cell stand in quotes, so none are lost. */
static void split(Line *line, Str text)
{
	struct csv_parser parser;
	line->cell.n = 0;
	csv_init(&parser, 0);
	csv_set_realloc_func(&parser, mem_resize);
	csv_parse(&parser, text.ptr, text.len, on_cell, on_row, line);
	csv_fini(&parser, on_cell, on_row, line);
	csv_free(&parser);
}

static Str column(sqlite3_stmt *stmt, int i)
{
	const void *text = sqlite3_column_text(stmt, i);
	return (Str){text, (size_t)sqlite3_column_bytes(stmt, i)};
}

static const char question[] =
	"select i.import, i.file, i.header, r.line, r.column_name, r.value, r.reason, r.row from"
	" vouch_import i join vouch_rejected r using(import) where ?1 = '' or i.file = ?1 order by 1, 4";

static Status hand_out(sqlite3_stmt *stmt, const RejectedSink *sink, Line *line)
{
	int64_t before = -1;
	int rc;
	Status status = STATUS_OK;
	while (status == STATUS_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		int64_t import = sqlite3_column_int64(stmt, 0);
		arena_reset(line->arena);
		if (import != before) {
			split(line, column(stmt, 2));
			status = sink->header(sink->user, column(stmt, 1), line->cell.at,
				(int32_t)line->cell.n);
		}
		before = import;
		split(line, column(stmt, 7));
		RejectedRow row = {.file = column(stmt, 1), .line = sqlite3_column_int64(stmt, 3),
			.column = column(stmt, 4), .value = column(stmt, 5), .reason = column(stmt, 6),
			.cell = line->cell.at, .n = (int32_t)line->cell.n};
		if (status == STATUS_OK)
			status = sink->row(sink->user, &row);
	}
	return status;
}

/* Whether the file was ever imported: having no rejected rows is something else. */
static bool is_known(sqlite3 *db, const char *file)
{
	sqlite3_stmt *stmt = NULL;
	bool known = false;
	if (sqlite3_prepare_v2(db, "select 1 from vouch_import where ?1 = '' or file = ?1", -1, &stmt,
			NULL) == SQLITE_OK) {
		import_bind(stmt, 1, str_of(file));
		known = sqlite3_step(stmt) == SQLITE_ROW;
	}
	sqlite3_finalize(stmt);
	return known;
}

Status import_rejected(const char *path, const char *file, const RejectedSink *sink, Diags *diags)
{
	ImportOptions options = {.path = path};
	Import import = {.options = &options, .diags = diags};
	Arena arena = {0};
	Line line = {.arena = &arena};
	const char *wanted = file == NULL ? "" : file;
	Status status = STATUS_OK;
	if (sqlite3_open_v2(path, &import.db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
		status = import_sql_failed(&import);
	} else if (!is_known(import.db, wanted)) {
		status = STATUS_NO;
	} else {
		sqlite3_stmt *stmt = import_prepare(&import, question);
		if (stmt != NULL)
			import_bind(stmt, 1, str_of(wanted));
		status = stmt == NULL ? STATUS_WORLD : hand_out(stmt, sink, &line);
		sqlite3_finalize(stmt);
	}
	sqlite3_close(import.db);
	vec_free(&line.cell);
	arena_free(&arena);
	return status;
}
