/*
 * Text laid out for people: columns that line up by terminal width, wrapped paragraphs, numbers
 * with thousands commas, sums in pounds. What came from the data is made harmless first, so that a
 * name in a database cannot move the cursor or hide a line.
 *
 *   name           is            from                     <- titles, wrapped between words
 *   visit.logged   16 minutes    logs L1, check_out       <- cells, wrapped inside their column
 *                                and check_in
 */
#ifndef VOUCH_REPORT_LAYOUT_H
#define VOUCH_REPORT_LAYOUT_H

#include "base/exact.h"
#include "base/text.h"

/* Appends s as one line: line ends and tabs are blanks, the separator of composite keys (U+001F) is
 * a comma, other control characters and bytes that are no UTF-8 are shown as \xNN. */
void layout_clean(Buf *buf, Str s);
Str layout_cleaned(Arena *arena, Str s);

/* Takes the next line of at most `width` terminal columns off *rest, broken at a blank where there
 * is one. s must be valid UTF-8. */
Str layout_line(Str *rest, int width);
/* Appends s, then blanks up to `width` (or blanks first, when right). Never cuts. */
void layout_pad(Buf *buf, Str s, int width, bool right);
/* Appends s cut to `width` columns, the last of them an ellipsis when something was cut. */
void layout_cut(Buf *buf, Str s, int width);
/* Appends s wrapped to `width`; every line begins with `indent` blanks and ends with a line end.
 * width <= 0: no wrapping. */
void layout_wrap(Buf *buf, Str s, int indent, int width);

void layout_number(Buf *buf, int64_t n);     /* 12,345 */
void layout_pence(Buf *buf, int64_t pence);  /* £1,234.50; -£3.00 */
Str layout_pounds(Arena *arena, int64_t pence); /* the same as a text of its own */
/* The exact sum of a case file, n or n/d pounds: £5.6475, or £3.333333… with ", exactly £10/3". */
void layout_exact(Buf *buf, Str exact);
/* n or n/d, both decimal; false when it is neither. */
bool layout_ratio(Str exact, Ratio *out);
/* 2025-09-01 as 1 September 2025; anything else as it is. */
void layout_day(Buf *buf, Str iso);
/* What a finding is about: "visit VS1"; of a group each part beside its kind, "provision PR1, week
 * 2025-09-01". */
void layout_subject(Buf *buf, Str kinds, Str keys);
/* "3 rows", "1 row" */
void layout_plural(Buf *buf, int64_t n, const char *one, const char *many);

typedef struct LayoutColumn {
	const char *title; /* NULL in all of them: no line of titles */
	bool right;
	int least;         /* columns that it keeps when the table has to shrink; 0: not shrunk */
} LayoutColumn;

/* A table filled cell by cell, row by row; the texts and the memory are the arena's. */
typedef struct LayoutTable {
	Arena *arena;
	const LayoutColumn *column;
	int ncolumns, indent;
	VEC(Str) cell;
} LayoutTable;

void layout_begin(LayoutTable *table, Arena *arena, const LayoutColumn *column, int ncolumns);
void layout_cell(LayoutTable *table, Str text); /* made clean and kept */
void layout_span(LayoutTable *table, Str text); /* a row of its own over all columns */
void layout_count_cell(LayoutTable *table, int64_t n); /* an empty cell for 0 */
/* Columns that column c needs so far. */
int layout_width(const LayoutTable *table, int c);
/* Appends the table, at most `width` columns wide (0: as wide as it is), and frees it. */
void layout_end(LayoutTable *table, Buf *out, int width);

#endif
