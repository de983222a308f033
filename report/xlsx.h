/*
 * Tables as an XLSX file, a sheet for each: titles in row 1, then a row after the other, which are
 * written as they come. The first sheet, `contents`, lists the others.
 *
 *   xlsx_new ──> { xlsx_table ──> { cells of a row ──> xlsx_row }… }… ──> xlsx_close
 *
 * Whatever the data holds, a text stays a text: no cell is a formula or a link. There is no author,
 * and every time in the file is the same one, so the same tables give the same bytes.
 */
#ifndef VOUCH_REPORT_XLSX_H
#define VOUCH_REPORT_XLSX_H

#include "base/exact.h"
#include "base/status.h"

/* What a sheet holds below its titles: the format ends there. A longer table goes on, on a sheet
 * whose name ends with " 2". */
#define XLSX_ROWS_MOST 1048575
/* Sheets of one table. What does not fit is left to the case file; `contents` says so. */
#define XLSX_SHEETS_MOST 4
/* Characters of one cell, as the format counts them, in units of UTF-16. */
#define XLSX_TEXT_MOST 32767

typedef struct XlsxColumn {
	const char *title;
	int width;            /* in characters */
} XlsxColumn;

/* How a figure is shown: as it is, in pounds with pence, as a percentage. */
typedef enum XlsxFigure { XLSX_PLAIN, XLSX_POUNDS, XLSX_PERCENT, XLSX_FIGURES } XlsxFigure;

typedef struct XlsxOptions {
	const char *title;    /* of the document */
	int64_t rows_most;    /* 0: XLSX_ROWS_MOST */
} XlsxOptions;

typedef struct Xlsx Xlsx;

/* NULL when it cannot be begun. The file is written by xlsx_close. */
Xlsx *xlsx_new(const char *path, const XlsxOptions *how);

/* Ends the table before it. name: of the sheet, at most 28 characters; about: for `contents`.
 * Titles and texts are copied. */
void xlsx_table(Xlsx *xlsx, const char *name, const char *about, const XlsxColumn *column, int n);

/* The next cell of the row. Empty texts and absent sums leave it empty. Exact sums, which may be
 * n/d, are texts. */
void xlsx_text(Xlsx *xlsx, Str text);
void xlsx_day(Xlsx *xlsx, Str iso);         /* a date; as text when it is none of a spreadsheet's */
void xlsx_moment(Xlsx *xlsx, Str iso);      /* 2026-07-01T09:30:00Z: date and time, likewise */
void xlsx_number(Xlsx *xlsx, int64_t n);
void xlsx_pence(Xlsx *xlsx, bool has, int64_t pence);
void xlsx_figure(Xlsx *xlsx, Ratio figure, XlsxFigure shown);

void xlsx_row(Xlsx *xlsx);
/* Whether the table has all the rows that it may have, so that more need not be read. */
bool xlsx_full(const Xlsx *xlsx);

/* Writes the file when status is STATUS_OK, else throws everything away. Frees xlsx. STATUS_WORLD
 * when it cannot be written: *why, which is a constant, says why. */
Status xlsx_close(Xlsx *xlsx, Status status, const char **why);

/* A text as a cell holds it: made harmless as layout_clean does, without what the format cannot
 * hold, cut at XLSX_TEXT_MOST. Appended. */
void xlsx_cell_text(Buf *out, Str text);

#endif
