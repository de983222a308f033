/*
 * Providers' files into the tables that the datasets declare.
 *
 *   file ──sheet.h──> rows ──header──> cells of fields ──import_value.h──> values ──> one table
 *                                           └──> a reason ──> vouch_rejected, the row as it came
 *
 * All files of one call go in together, in one transaction, or none of them. Nothing is lost and
 * nothing invented: rows read = rows imported + rows rejected, for each file; what the lengths of
 * time and the sums of money add up to is kept for all three, and what was imported is read back
 * from the table and has to come to the same.
 *
 * Tables of its own in the database (docs/import.md): vouch_import, one row a file;
 * vouch_import_total, its control totals; vouch_import_reference, names of files that were used;
 * vouch_rejected.
 */
#ifndef VOUCH_INTERP_IMPORT_H
#define VOUCH_INTERP_IMPORT_H

#include "base/status.h"
#include "dsl/diag.h"
#include "dsl/rulebook.h"

typedef struct ImportOptions {
	const char *path;        /* of the database; made when it is not there */
	const Rulebook *book;
	const char *layout;      /* its name; NULL: by `dataset`, or the one that fits */
	const char *dataset;     /* columns by the names of its fields; NULL: by a layout */
	const char *sheet;       /* of a workbook; NULL: the one that fits of those that are not hidden */
	const char *const *file;
	int nfiles;
	const char *when;        /* 2026-04-01T09:30:00Z; told by the caller, who has a clock */
	void (*progress)(void *user, int64_t done, int64_t all); /* bytes of all files */
	void *user;
	const volatile int *stop; /* not 0: interrupted */
} ImportOptions;

/* Of one field, over the rows of a file; amounts in base units (seconds, pounds). */
typedef struct ImportTotal {
	const Field *field;
	Ratio read, imported, rejected; /* read = imported + rejected */
	int64_t unread;          /* cells of it that could not be read; all in rejected rows */
} ImportTotal;

/* Rows that were refused for the same reason. */
typedef struct ImportReason {
	Str column, reason;      /* column empty: the row as a whole */
	int64_t rows, line;      /* the first of them */
	Str value;               /* what stands there */
} ImportReason;

#define IMPORT_REASONS 5

typedef struct ImportResult {
	const char *file;
	const Dataset *dataset;
	Str layout;              /* empty without */
	Str sheet, reference;
	const char *format, *encoding; /* encoding NULL: a workbook */
	bool date1904;
	int64_t header_line, read, imported, rejected, empty, hidden;
	ImportTotal *total;
	int32_t ntotals;
	Str *unknown;            /* columns that the layout does not know */
	int32_t nunknown;
	Str *absent;             /* columns that may be missing, and are */
	int32_t nabsent;
	ImportReason reason[IMPORT_REASONS]; /* those that most rows were refused for */
	int64_t nreasons;        /* all there are, not only those that are told */
	bool created;            /* the table was not there */
} ImportResult;

/* Results, one a file, live in the arena. STATUS_WRONG after diagnostics, with the database as it
 * was; STATUS_INTERRUPTED likewise. */
Status import_files(const ImportOptions *options, Arena *arena, Diags *diags,
	ImportResult **result);

/* One row that was not imported, as it came, with its reason. */
typedef struct RejectedRow {
	Str file;
	int64_t line;
	Str column, value, reason;
	const Str *cell;
	int32_t n;
} RejectedRow;

/* What was rejected of a file, or of all when it is NULL: `header` once for each file, then `row`
 * for each row. STATUS_NO: the file was never imported, or nothing at all. */
typedef struct RejectedSink {
	void *user;
	Status (*header)(void *user, Str file, const Str *cell, int32_t n);
	Status (*row)(void *user, const RejectedRow *row);
} RejectedSink;

Status import_rejected(const char *path, const char *file, const RejectedSink *sink, Diags *diags);

#endif
