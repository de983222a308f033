/* Between the parts of the importer: columns, the table, the record of what was done. */
#ifndef VOUCH_INTERP_IMPORT_PRIVATE_H
#define VOUCH_INTERP_IMPORT_PRIVATE_H

#include <sqlite3.h>

#include "interp/import.h"
#include "interp/import_value.h"
#include "interp/sheet.h"

/* One field with the columns of the file that it is read from. */
typedef struct Fill {
	const Field *field;
	ValuePlan plan;
	int32_t *at;           /* column of the file, one for each of plan.column; -1: not there */
	const Expr *constant;  /* plan.n is 0 */
	int32_t after;         /* of the fills; -1 */
	int32_t total;         /* of the result's totals; -1 */
} Fill;

/* How a sheet's rows go into the dataset: what its header comes to. */
typedef struct Columns {
	const FileLayout *layout;  /* NULL: by the names of the fields */
	const Dataset *dataset;
	Fill *fill;
	int32_t nfills;
	int32_t nheader;           /* cells of the header */
	Str *header;
	int64_t line;
	int32_t *reference;        /* columns that name the file */
	int32_t nreferences;
	Str *unknown, *absent;
	int32_t nunknown, nabsent;
	int32_t matched;           /* columns of the file that are used */
} Columns;

typedef struct Import {
	const ImportOptions *options;
	Arena *arena;              /* results live in it */
	Arena scratch;             /* of one row */
	Diags *diags;
	sqlite3 *db;
	sqlite3_stmt *insert, *rejected, *seen;
	ImportResult *result;      /* of the file at hand */
	Columns columns;
	int64_t id;                /* of the file at hand */
	VEC(int64_t) range;        /* row numbers inserted, first and last by turns */
	VEC(Str) reference;
	StrMap references;
	int64_t bytes_before, bytes_all;
	bool key_index;            /* one was made for the time of the import */
} Import;

/* Of an amount: seconds or pounds that add up. */
bool import_counts(const Field *field);
Status import_wrong(Import *import, DiagCode code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* What SQLite said, as a diagnostic. */
Status import_sql_failed(Import *import);
Status import_exec(Import *import, const char *format, ...) __attribute__((format(printf, 2, 3)));
sqlite3_stmt *import_prepare(Import *import, const char *sql); /* NULL after a diagnostic */
void import_bind(sqlite3_stmt *stmt, int i, Str s);

/* ---- import_columns.c: finds the header among the first rows of the sheet that is selected. */
/* STATUS_NO: it has none that fits; `why`, when given, says what is missing in the best. */
Status columns_find(Import *import, Sheet *sheet, const FileLayout *layout,
	const Dataset *dataset, Columns *out, Str *why);
/* Blanks, punctuation and capitals do not count. */
bool column_same(Str a, Str b);

/* ---- import_shown.c: a cell of a row of the sheet for people; valid as long as the row. */
Str import_shown(Import *import, const SheetRow *row, int32_t at);

/* ---- import_table.c */
Status table_ready(Import *import);      /* makes it, or looks at it; prepares statements */
/* STATUS_NO: refused, with the reason. */
Status table_insert(Import *import, const Stored *value, const char **why);
Status table_agrees(Import *import);     /* what was imported, read back */
void table_done(Import *import);

/* ---- import_record.c */
Status record_tables(Import *import);
Status record_known(Import *import, const Sheet *sheet);
Status record_reference(Import *import, Str reference);
Status record_begin(Import *import, const Sheet *sheet);
Status record_rejected(Import *import, const SheetRow *row, Str column, Str value, Str reason);
Status record_end(Import *import);

#endif
