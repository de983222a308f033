/*
 * A row of a part of a case file (interp/case_part.h) on its way to being written or compared: the
 * values of its columns. What is bound to a statement and what is hashed are made from the same
 * values, so that the two cannot differ.
 *
 *   n;   i-12;   t5:hello;   x2:..;      canonical text: NULL, a whole number, a text, bytes
 *
 * A row is sealed by whoever has it first, a worker: its leaf and a byte for each column are all
 * that the proof of the run needs of it. Whoever checks a case file reads the columns back.
 */
#ifndef VOUCH_INTERP_CASE_ROW_H
#define VOUCH_INTERP_CASE_ROW_H

#include <sqlite3.h>

#include "base/merkle.h"

typedef enum CaseCellKind {
	CASE_CELL_NULL, CASE_CELL_INT, CASE_CELL_TEXT, CASE_CELL_BYTES,
	CASE_CELL_REAL                /* only read: no column of a case file holds one; `s` is its text */
} CaseCellKind;

typedef struct CaseCell {
	CaseCellKind kind;
	union {
		int64_t n;
		Str s;               /* stands as long as the cell is used */
	} of;
} CaseCell;

typedef struct CaseRow {
	CaseCell *cell;          /* in the order of the part's columns */
	MerkleHash leaf;
	uint8_t *column;         /* a byte for each column */
} CaseRow;

static inline CaseCell cell_null(void)
{
	return (CaseCell){.kind = CASE_CELL_NULL};
}

static inline CaseCell cell_int(int64_t n)
{
	return (CaseCell){.kind = CASE_CELL_INT, .of.n = n};
}

/* Empty is a text, not NULL. */
static inline CaseCell cell_text(Str s)
{
	return (CaseCell){.kind = CASE_CELL_TEXT, .of.s = {s.ptr == NULL ? "" : s.ptr, s.len}};
}

/* Empty texts are NULL: nothing was said. */
static inline CaseCell cell_some(Str s)
{
	return s.len > 0 ? cell_text(s) : cell_null();
}

static inline CaseCell cell_bytes(const void *at, size_t n)
{
	return (CaseCell){.kind = CASE_CELL_BYTES, .of.s = {at, n}};
}

/* In the form that sorts; NO_DAY, the day that is not known, is NULL. */
CaseCell cell_day(int32_t day, Arena *arena);
/* The column of the row that the statement stands at; good until the next step. */
CaseCell cell_of_column(sqlite3_stmt *stmt, int i);
/* Parameters i of a statement, from 1. Nothing is copied. */
void cell_bind(sqlite3_stmt *stmt, int i, const CaseCell *cell);
/* Appends the canonical text. */
void cell_canonical(Buf *buf, const CaseCell *cell);
/* What a column's canonical text leaves in the entry of a part. */
uint8_t case_row_byte(Str canonical);

/* Works out leaf and bytes of the row's n cells; the bytes live in the arena. scratch: any buffer,
 * which is emptied. */
void case_row_seal(CaseRow *row, int n, Arena *arena, Buf *scratch);

/* What people know a row by: its first cells that are not empty, joined by blanks, cut at some 200
 * bytes; no character of it is one that no terminal shows. `buf` is emptied first. */
Str case_row_name(Buf *buf, const CaseCell *cell, int n);

#endif
