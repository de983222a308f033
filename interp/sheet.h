/*
 * Tabular files as providers send them, read row by row: CSV in whatever dress, and XLSX. One
 * interface for all formats; what a row means is the importer's business.
 *
 *   sheet_open     which format (by content, not by name), the file's SHA-256, its sheets
 *   sheet_select   one of its sheets; reading begins at its first row
 *   sheet_next     rows in order, empty ones included, each with its line and cells; rows that a
 *                  workbook leaves out are not there
 *
 * Cells are handed out as they stand: nothing is trimmed, no number is turned, no date guessed. What
 * the format itself knows of a cell (a number, a date, an error of a formula) is its kind. All texts
 * are valid UTF-8 without NUL: a byte that is neither becomes U+FFFD, so that whoever reads the cell
 * can refuse it. Every line end, within a cell too, is LF.
 *
 * A format is a SheetFormat: interp/sheet_csv.c, interp/sheet_xlsx.c.
 */
#ifndef VOUCH_INTERP_SHEET_H
#define VOUCH_INTERP_SHEET_H

#include "base/status.h"
#include "dsl/diag.h"

/* What a byte or character that is no text becomes: U+FFFD. */
#define SHEET_BAD "\xEF\xBF\xBD"

typedef enum SheetKind {
	SHEET_EMPTY,   /* nothing there: text is empty */
	SHEET_TEXT,    /* as it stands; of a CSV file every cell that is not empty */
	SHEET_NUMBER,  /* text is the exact decimal that the file holds: "12.5", "1e-05" */
	SHEET_DATE,    /* a number whose format shows a date, a time or a duration: text as of a number,
	                  days and fractions of a day since the sheet's epoch */
	SHEET_YES_NO,  /* text is "TRUE" or "FALSE", as a spreadsheet shows it */
	SHEET_ERROR    /* of a formula: text is "#N/A", "#REF!" …; or "=" and the formula itself, when
	                  the file does not have what it comes to */
} SheetKind;

typedef struct SheetCell {
	SheetKind kind;
	Str text;
} SheetCell;

typedef struct SheetRow {
	int64_t line;           /* line of the text file on which it begins, or row of the sheet; from 1 */
	const SheetCell *cell;  /* cell[0] is the first column. Gaps in an XLSX row are SHEET_EMPTY */
	int32_t n;              /* cells of this row alone: rows may differ */
	bool hidden;            /* a spreadsheet would not show it */
} SheetRow;

/* One of the sheets of a file; a CSV file has one, without a name. */
typedef struct SheetPart {
	Str name;
	bool hidden;
} SheetPart;

typedef struct Sheet Sheet;

/* What a format brings. `self` is its own; what it hands out holds until its next call. */
typedef struct SheetFormat {
	const char *name; /* "CSV", "XLSX" */
	/* Sets part, nparts, self, and of XLSX date1904. STATUS_WRONG after DIAG_SHEET. */
	Status (*open)(Sheet *sheet, Diags *diags);
	Status (*select)(Sheet *sheet, int32_t part, Diags *diags);
	/* STATUS_NO: there are no more rows. */
	Status (*next)(Sheet *sheet, SheetRow *row, Diags *diags);
	void (*close)(Sheet *sheet);
} SheetFormat;

struct Sheet {
	const SheetFormat *format;
	const char *path;
	Arena arena;          /* texts that live as long as the sheet */
	void *self;
	const SheetPart *part;
	int32_t nparts;
	bool date1904;        /* serial dates count from 1 January 1904, not from 1900 */
	const char *encoding; /* of a text file: "UTF-8", "Windows-1252", "UTF-16"; else NULL */
	uint8_t sha256[32];   /* of the bytes of the file */
	int64_t bytes;        /* of the file */
	int64_t done;         /* of these, how far reading has come: for a progress bar */
	Str damage;           /* not empty behind STATUS_WRONG of next: what is wrong, for a message */
};

/* STATUS_WORLD: the file cannot be read (DIAG_NO_FILE). STATUS_WRONG: it is no table (DIAG_SHEET).
 * The path must outlast the sheet. On failure *out is NULL. */
Status sheet_open(const char *path, Diags *diags, Sheet **out);
void sheet_close(Sheet *sheet); /* NULL is fine */
Status sheet_select(Sheet *sheet, int32_t part, Diags *diags);
/* STATUS_NO: there are no more rows. STATUS_WRONG: it is damaged here (DIAG_SHEET). The row holds
 * until the next call. */
Status sheet_next(Sheet *sheet, SheetRow *row, Diags *diags);

/* For formats: queues DIAG_SHEET with the file's name, gives STATUS_WRONG. */
Status sheet_wrong(Sheet *sheet, Diags *diags, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

extern const SheetFormat sheet_csv, sheet_xlsx;

#endif
