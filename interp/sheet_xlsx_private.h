/* Between the two parts of the XLSX reader: rows (sheet_xlsx.c) and values (sheet_xlsx_cell.c). */
#ifndef VOUCH_INTERP_SHEET_XLSX_PRIVATE_H
#define VOUCH_INTERP_SHEET_XLSX_PRIVATE_H

#include "interp/sheet_book.h"

/* What a cell says of its value, by its attribute t. */
typedef enum CellType { CELL_NONE, CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_INLINE, CELL_YES_NO,
	CELL_ERROR, CELL_ISO } CellType;

typedef struct Cell {
	int32_t column;
	SheetKind kind;
	bool shared;      /* `at` is a text of the workbook's list, not a place in the queue's bytes */
	size_t at, len;
} Cell;

typedef struct Queued {
	size_t cell;      /* its first one */
	int32_t cells;    /* without gaps */
	bool hidden;
	int64_t line;
} Queued;

typedef struct Xlsx {
	Package *package;
	Book book;
	PackagePart *part;       /* the sheet that is selected */
	int32_t selected;
	Str what;
	/* where the XML has come to */
	bool rooted, in_data, in_row, in_cell, in_value, in_formula, in_inline;
	bool has_value, has_formula, numbered, keeps, ended;
	Cell cell;
	CellType type;
	int64_t style;
	int32_t column;          /* of the cell before */
	BookText text;
	Buf formula;
	/* the queue */
	Queued row;              /* that is being read */
	Buf bytes;
	VEC(Cell) place;
	VEC(Queued) queue;
	VEC(SheetCell) out;      /* of the row that is handed out */
	size_t next, open;       /* of the queue; first cell of the row that is being read */
} Xlsx;

/* The cell's value has been read: from x->cell.at on in x->bytes. Sets its kind and text. */
void xlsx_cell_done(Xlsx *x);

#endif
