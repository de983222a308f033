/*
 * What was imported is remembered in the database itself: each file by its bytes and by its own
 * reference, its control totals, and the rows that were refused.
 */
#include <string.h>

#include "base/digest.h"
#include "interp/import_private.h"

static const char schema[] =
	"CREATE TABLE IF NOT EXISTS vouch_import(import INTEGER PRIMARY KEY, file TEXT NOT NULL, sha256"
	" TEXT NOT NULL, bytes INTEGER NOT NULL, format TEXT NOT NULL, encoding TEXT, sheet TEXT NOT"
	" NULL, epoch INTEGER NOT NULL, dataset TEXT NOT NULL, target TEXT NOT NULL, layout TEXT,"
	" reference TEXT, imported_at TEXT NOT NULL, header_line INTEGER NOT NULL, header TEXT NOT NULL, rows_read"
	" INTEGER NOT NULL, rows_imported INTEGER NOT NULL, rows_rejected INTEGER NOT NULL, rows_empty"
	" INTEGER NOT NULL, CHECK(rows_read = rows_imported + rows_rejected),"
	" UNIQUE(sha256, dataset, sheet));"
	"CREATE TABLE IF NOT EXISTS vouch_import_total(import INTEGER NOT NULL REFERENCES vouch_import,"
	" field TEXT NOT NULL, unit TEXT NOT NULL, read TEXT NOT NULL, imported TEXT NOT NULL, rejected"
	" TEXT NOT NULL, unread INTEGER NOT NULL, PRIMARY KEY(import, field)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS vouch_import_reference(dataset TEXT NOT NULL, reference TEXT NOT"
	" NULL, import INTEGER NOT NULL REFERENCES vouch_import, PRIMARY KEY(dataset, reference))"
	" WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS vouch_rejected(import INTEGER NOT NULL REFERENCES vouch_import, line"
	" INTEGER NOT NULL, column_name TEXT NOT NULL, value TEXT NOT NULL, reason TEXT NOT NULL, row"
	" TEXT NOT NULL, PRIMARY KEY(import, line)) WITHOUT ROWID;";

Status record_tables(Import *import)
{
	return import_exec(import, "%s", schema);
}

/* ---- files known already */

/* Tells the earlier import: its file's name and when. */
static Status again(Import *import, sqlite3_stmt *stmt, const char *what, Str name)
{
	DiagRef diag = diag_add(import->diags, DIAG_IMPORT_AGAIN, (Span){-1, 0, 0},
		"%s: %s%.*s has been imported already", import->result->file, what, STR_ARG(name));
	diag_note(diag, "as %s, on %s", (const char *)sqlite3_column_text(stmt, 0),
		(const char *)sqlite3_column_text(stmt, 1));
	if (name.len > 0)
		diag_help(diag, "a file of rows that were put right needs a reference of its own");
	return STATUS_WRONG;
}

/* A file of which nothing went in may come again, once its layout is put right: this record of it
 * takes the place of the one before. */
static Status forget_empty(Import *import, const Sheet *sheet)
{
	static const char *const table[] = {"vouch_rejected", "vouch_import_total", "vouch_import"};
	Status status = STATUS_OK;
	for (int i = 0; i < 3 && status == STATUS_OK; i++) {
		Str sql = str_format(&import->scratch, "delete from %s where import in (select import from"
			" vouch_import where sha256 = ?1 and dataset = ?2 and sheet = ?3 and rows_imported = 0)",
			table[i]);
		sqlite3_stmt *stmt = import_prepare(import, sql.ptr);
		if (stmt == NULL)
			return STATUS_WORLD;
		import_bind(stmt, 1, hex_text(import->arena, sheet->sha256, 32));
		import_bind(stmt, 2, import->columns.dataset->decl.name);
		import_bind(stmt, 3, import->result->sheet);
		status = sqlite3_step(stmt) == SQLITE_DONE ? STATUS_OK : import_sql_failed(import);
		sqlite3_finalize(stmt);
	}
	return status;
}

Status record_known(Import *import, const Sheet *sheet)
{
	Status status = forget_empty(import, sheet);
	if (status != STATUS_OK)
		return status;
	sqlite3_stmt *stmt = import_prepare(import, "select file, imported_at from vouch_import where"
		" sha256 = ?1 and dataset = ?2 and sheet = ?3");
	if (stmt == NULL)
		return STATUS_WORLD;
	import_bind(stmt, 1, hex_text(import->arena, sheet->sha256, 32));
	import_bind(stmt, 2, import->columns.dataset->decl.name);
	import_bind(stmt, 3, import->result->sheet);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		status = again(import, stmt, "the same content", STR(""));
	sqlite3_finalize(stmt);
	return status;
}

/* A reference of this file, once; one that another file had is refused by name. */
Status record_reference(Import *import, Str reference)
{
	bool added;
	Status status = STATUS_OK;
	strmap_at(&import->references, reference, &added);
	if (!added)
		return STATUS_OK;
	sqlite3_stmt *stmt = import_prepare(import, "select i.file, i.imported_at from"
		" vouch_import_reference r join vouch_import i using(import) where r.dataset = ?1 and"
		" r.reference = ?2");
	if (stmt == NULL)
		return STATUS_WORLD;
	import_bind(stmt, 1, import->columns.dataset->decl.name);
	import_bind(stmt, 2, reference);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		status = again(import, stmt, "reference ", reference);
	sqlite3_finalize(stmt);
	*vec_push(&import->reference) = str_copy(import->arena, reference);
	return status;
}

/* ---- one file */

static void put_cell(Buf *line, Str text, bool first)
{
	if (!first)
		buf_char(line, ',');
	bool quoted = text.len == 0 ? false : memchr(text.ptr, ',', text.len) != NULL ||
		memchr(text.ptr, '"', text.len) != NULL || memchr(text.ptr, '\n', text.len) != NULL ||
		text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ';
	if (!quoted) {
		buf_str(line, text);
		return;
	}
	buf_char(line, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_char(line, '"');
		buf_char(line, text.ptr[i]);
	}
	buf_char(line, '"');
}

Status record_begin(Import *import, const Sheet *sheet)
{
	const ImportResult *result = import->result;
	const char *base = strrchr(sheet->path, '/');
	Buf header = {0};
	sqlite3_stmt *stmt = import_prepare(import, "insert into vouch_import(file, sha256, bytes, format,"
		" encoding, sheet, epoch, dataset, target, layout, imported_at, header_line, header, rows_read,"
		" rows_imported, rows_rejected, rows_empty) values(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
		" nullif(?10, ''), ?11, ?12, ?13, 0, 0, 0, 0)");
	if (stmt == NULL)
		return STATUS_WORLD;
	for (int32_t i = 0; i < import->columns.nheader; i++)
		put_cell(&header, import->columns.header[i], i == 0);
	import_bind(stmt, 1, str_of(base != NULL ? base + 1 : sheet->path));
	import_bind(stmt, 2, hex_text(import->arena, sheet->sha256, 32));
	sqlite3_bind_int64(stmt, 3, sheet->bytes);
	import_bind(stmt, 4, str_of(sheet->format->name));
	if (sheet->encoding != NULL)
		import_bind(stmt, 5, str_of(sheet->encoding));
	import_bind(stmt, 6, result->sheet);
	sqlite3_bind_int(stmt, 7, sheet->date1904 ? 1904 : 1900);
	import_bind(stmt, 8, result->dataset->decl.name);
	import_bind(stmt, 9, result->dataset->table);
	import_bind(stmt, 10, result->layout);
	import_bind(stmt, 11, str_of(import->options->when));
	sqlite3_bind_int64(stmt, 12, result->header_line);
	import_bind(stmt, 13, header.n > 0 ? buf_view(&header) : STR(""));
	int rc = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	buf_free(&header);
	import->id = sqlite3_last_insert_rowid(import->db);
	import->rejected = import_prepare(import, "insert into vouch_rejected(import, line, column_name,"
		" value, reason, row) values(?1, ?2, ?3, ?4, ?5, ?6)");
	return rc != SQLITE_DONE ? import_sql_failed(import)
		: import->rejected == NULL ? STATUS_WORLD : STATUS_OK;
}

/* A workbook's row lacks only cells at its end that are empty. */
Status record_rejected(Import *import, const SheetRow *row, Str column, Str value, Str reason)
{
	Buf line = {0};
	for (int32_t i = 0; i < row->n; i++)
		put_cell(&line, import_shown(import, row, i), i == 0);
	for (int32_t i = row->n; i < import->columns.nheader && import->result->encoding == NULL; i++)
		put_cell(&line, STR(""), i == 0);
	sqlite3_bind_int64(import->rejected, 1, import->id);
	sqlite3_bind_int64(import->rejected, 2, row->line);
	import_bind(import->rejected, 3, column);
	import_bind(import->rejected, 4, value);
	import_bind(import->rejected, 5, reason);
	import_bind(import->rejected, 6, line.n > 0 ? buf_view(&line) : STR(""));
	int rc = sqlite3_step(import->rejected);
	sqlite3_reset(import->rejected);
	buf_free(&line);
	import->result->rejected++;
	return rc == SQLITE_DONE ? STATUS_OK : import_sql_failed(import);
}

/* Minutes and pounds, exactly, or as a fraction. */
static void bind_amount(sqlite3_stmt *stmt, int i, Ratio amount, bool seconds)
{
	Buf buf = {0};
	if (seconds && !ratio_div(amount, (Ratio){60, 1}, &amount))
		amount = (Ratio){0, 1};
	Int128 left = amount.n * 1000000000 % amount.d;
	if (left == 0)
		ratio_print(&buf, amount, 0, false);
	else
		ratio_print_whole(&buf, amount);
	import_bind(stmt, i, buf_view(&buf));
	buf_free(&buf);
}

static Status record_totals(Import *import)
{
	const ImportResult *result = import->result;
	sqlite3_stmt *stmt = import_prepare(import, "insert into vouch_import_total(import, field, unit,"
		" read, imported, rejected, unread) values(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	int rc = SQLITE_DONE;
	for (int32_t i = 0; stmt != NULL && i < result->ntotals && rc == SQLITE_DONE; i++) {
		const ImportTotal *total = &result->total[i];
		bool seconds = total->field->type.unit.of[DIM_TIME] == 1;
		sqlite3_bind_int64(stmt, 1, import->id);
		import_bind(stmt, 2, total->field->name);
		import_bind(stmt, 3, seconds ? STR("minutes") : STR("pounds"));
		bind_amount(stmt, 4, total->read, seconds);
		bind_amount(stmt, 5, total->imported, seconds);
		bind_amount(stmt, 6, total->rejected, seconds);
		sqlite3_bind_int64(stmt, 7, total->unread);
		rc = sqlite3_step(stmt);
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
	return stmt == NULL ? STATUS_WORLD : rc == SQLITE_DONE ? STATUS_OK : import_sql_failed(import);
}

/* A file of which nothing went in has not used its reference. */
static Status record_references(Import *import, Buf *joined)
{
	if (import->result->imported == 0)
		import->reference.n = 0;
	sqlite3_stmt *stmt = import_prepare(import, "insert into vouch_import_reference(dataset,"
		" reference, import) values(?1, ?2, ?3)");
	int rc = SQLITE_DONE;
	for (size_t i = 0; stmt != NULL && i < import->reference.n && rc == SQLITE_DONE; i++) {
		import_bind(stmt, 1, import->columns.dataset->decl.name);
		import_bind(stmt, 2, import->reference.at[i]);
		sqlite3_bind_int64(stmt, 3, import->id);
		rc = sqlite3_step(stmt);
		sqlite3_reset(stmt);
		buf_puts(joined, i > 0 ? ", " : "");
		buf_str(joined, import->reference.at[i]);
	}
	sqlite3_finalize(stmt);
	return stmt == NULL ? STATUS_WORLD : rc == SQLITE_DONE ? STATUS_OK : import_sql_failed(import);
}

static Str text_of(Import *import, sqlite3_stmt *stmt, int i)
{
	const char *text = (const char *)sqlite3_column_text(stmt, i);
	return str_copy(import->arena, str_of(text != NULL ? text : ""));
}

/* Beside min(), the plain column is that of the row which has it. */
static Status collect_reasons(Import *import)
{
	ImportResult *result = import->result;
	if (result->rejected == 0)
		return STATUS_OK;
	sqlite3_stmt *stmt = import_prepare(import, "select column_name, reason, count(*), min(line),"
		" value from vouch_rejected where import = ?1 group by 1, 2 order by 3 desc, 4");
	if (stmt == NULL)
		return STATUS_WORLD;
	sqlite3_bind_int64(stmt, 1, import->id);
	for (; sqlite3_step(stmt) == SQLITE_ROW; result->nreasons++)
		if (result->nreasons < IMPORT_REASONS)
			result->reason[result->nreasons] = (ImportReason){text_of(import, stmt, 0),
				text_of(import, stmt, 1), sqlite3_column_int64(stmt, 2),
				sqlite3_column_int64(stmt, 3), text_of(import, stmt, 4)};
	bool good = sqlite3_errcode(import->db) == SQLITE_DONE;
	sqlite3_finalize(stmt);
	return good ? STATUS_OK : import_sql_failed(import);
}

Status record_end(Import *import)
{
	ImportResult *result = import->result;
	Buf joined = {0};
	Status status = record_totals(import);
	if (status == STATUS_OK)
		status = record_references(import, &joined);
	sqlite3_stmt *stmt = status != STATUS_OK ? NULL : import_prepare(import, "update vouch_import set"
		" reference = ?2, rows_read = ?3, rows_imported = ?4, rows_rejected = ?5, rows_empty = ?6"
		" where import = ?1");
	if (stmt != NULL) {
		sqlite3_bind_int64(stmt, 1, import->id);
		if (joined.n > 0)
			import_bind(stmt, 2, buf_view(&joined));
		sqlite3_bind_int64(stmt, 3, result->read);
		sqlite3_bind_int64(stmt, 4, result->imported);
		sqlite3_bind_int64(stmt, 5, result->rejected);
		sqlite3_bind_int64(stmt, 6, result->empty);
		status = sqlite3_step(stmt) == SQLITE_DONE ? STATUS_OK : import_sql_failed(import);
		result->reference = joined.n > 0 ? str_copy(import->arena, buf_view(&joined)) : STR("");
	} else if (status == STATUS_OK) {
		status = STATUS_WORLD;
	}
	sqlite3_finalize(stmt);
	sqlite3_finalize(import->rejected);
	import->rejected = NULL;
	buf_free(&joined);
	return status == STATUS_OK ? collect_reasons(import) : status;
}
