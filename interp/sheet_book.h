/*
 * What a workbook says beside its sheets: which there are, its texts, how its cells look.
 *
 *   _rels/.rels ─> workbook.xml ─┬─ its .rels ─> paths of sheets, of texts, of styles
 *                                ├─ sharedStrings.xml ─> string[]
 *                                └─ styles.xml ─> format[], one for each style of a cell
 */
#ifndef VOUCH_INTERP_SHEET_BOOK_H
#define VOUCH_INTERP_SHEET_BOOK_H

#include "interp/sheet_number.h"
#include "interp/sheet_package.h"

typedef struct BookSheet {
	Str name, path;
	bool hidden;
} BookSheet;

typedef struct Book {
	Arena arena;
	VEC(BookSheet) sheet;     /* with cells: no charts */
	VEC(Str) string;
	VEC(NumberFormat) format;
	bool date1904;
	bool not_calculated;      /* its formulas are left to be worked out when it is opened */
} Book;

/* STATUS_WRONG: it is no workbook, or one of another kind, which the message names. */
Status book_read(Package *package, Sheet *sheet, Diags *diags, Book *book);
void book_free(Book *book);

/*
 * A text of a cell: <t>, or runs <r><t/></r> of different looks put together. What stands beside it
 * to be read aloud (<rPh>) is no part of it. Blanks at the ends of a <t> count under xml:space
 * alone.
 */
typedef struct BookText {
	Buf *to;
	size_t from;     /* where the <t> at hand begins */
	int phonetic;
	bool inside, keeps;
} BookText;

void book_text_begin(BookText *text, Str name, const char *const *attribute);
void book_text_put(BookText *text, Str piece);
void book_text_end(BookText *text, Str name);

/* A finished piece of text from `from` on: its blanks, _x000D_ and line ends; in place. */
void book_finish_text(Buf *buf, size_t from, bool keeps_blanks);
bool book_keeps_blanks(const char *const *attribute);
/* A whole number of an attribute or a cell; false when it is none, or more than `most`. */
bool book_number(Str text, int64_t most, int64_t *out);
bool book_yes(Str text);

#endif
