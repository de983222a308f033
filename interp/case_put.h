/*
 * Tables of a case file that get a row, or several, for each finding, line of an account or figure
 * of a run: there may be a million. Rows are put in by the dozen, and what the proof of the run
 * needs of each is noted on the way, so that nothing has to be read back.
 *
 *   cells of the row ──> held until there are PUT_ROWS ──> one statement
 *   its leaf, its bytes ──> case_leaf.h ──> root and entries of the part
 */
#ifndef VOUCH_INTERP_CASE_PUT_H
#define VOUCH_INTERP_CASE_PUT_H

#include "interp/case_leaf.h"
#include "interp/case_row.h"

#define PUT_ROWS 32      /* to begin and end a statement costs SQLite as much as two rows */

typedef enum CaseTable {
	PUT_FINDING, PUT_REMEDY, PUT_BOUNDS, PUT_ASKED, PUT_MONEY, PUT_BANK, PUT_MEASURE, PUT_TABLES
} CaseTable;

typedef struct PutInto {
	sqlite3_stmt *many, *one;
	CaseCell *cell;          /* of the rows that are held */
	int held;
	const CasePart *part;    /* NULL: the table's rows are no part by themselves */
	CaseLeaves leaves;
	bool closed;
	PartRows rows;           /* what the leaves have come to */
} PutInto;

typedef struct CasePut {
	sqlite3 *db;
	Arena arena;             /* of the entries */
	Buf name;
	PutInto into[PUT_TABLES];
} CasePut;

/* For one run. Tables need only be there when the first row is put into them. */
void case_put_begin(CasePut *put, sqlite3 *db);
/* Cells in the order in which the table takes them; texts stand until the next case_put_flush.
 * SQLITE_OK, or what SQLite said. */
int case_put_row(CasePut *put, CaseTable table, const CaseCell *cell);
/* The same row as one of the part, sealed. All are noted in the order in which they are put in; one
 * thread may do so while another puts them in. */
void case_put_note(CasePut *put, CaseTable table, const CaseRow *row);
/* Puts in what is held. Rows of a table stand in the order in which they came. */
int case_put_flush(CasePut *put);
/* No more rows will be noted of the tables before `end`: puts their leaves in order and makes their
 * trees. In any thread, while others put in and note rows of later tables. */
void case_put_close(CasePut *put, CaseTable end);
/* What has become of a part, behind the last row; NULL when it is none of these. */
const PartRows *case_put_part(CasePut *put, const CasePart *part);
void case_put_end(CasePut *put);

#endif
