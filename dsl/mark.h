/*
 * What the scanner (scan.l) makes of what it matched: tokens with their places, the stack of open
 * texts, table rows, and complaints about single characters. The scanner always gives a token that
 * lets the grammar go on, so that a curly quote or an unclosed text causes one message, not ten.
 *
 * Texts may hold values in braces, which may hold texts:
 *
 *   "Declared {visit.declared}; the log says {quarter_hour(visit.logged)}"
 *   TEXT_HEAD   …            TEXT_MID          …                        TEXT_TAIL
 */
#ifndef VOUCH_DSL_MARK_H
#define VOUCH_DSL_MARK_H

#include "dsl/ast_build.h"

#define MARK_TEXTS 32 /* texts inside the braces of texts */

typedef struct OpenText {
	uint32_t lo;   /* of its opening quote */
	bool curly;    /* opened by a curly quote: a curly one may close it */
	bool parted;   /* had braces already */
} OpenText;

/* How the cells of the next row are read. */
typedef enum RowMode {
	ROWS_OF_TESTS,
	ROWS_RAW,        /* cells are plain text: facts, dates */
	ROWS_WITH_HEADER /* the next row is raw, those behind it are tests */
} RowMode;

typedef struct Mark {
	Build *build;
	uint32_t lo, hi;      /* what was matched last */
	Span at;              /* the token given last */
	Str value;
	int token;
	bool line_start;      /* only blanks so far on this line */
	bool leads;           /* the token given last was the first of its line */
	bool in_row;
	RowMode rows;
	OpenText text[MARK_TEXTS];
	int texts;
	bool told;            /* something on this line was complained of */
	bool told_open;       /* an unclosed text was */
	Str lead;             /* the name that this line begins with, empty when it is no name */
	uint32_t part;        /* where the text, or its part, that is being read begins */
} Mark;

/* Each gives the token, its place and value noted in the mark. */
int mark_token(Mark *mark, int token);
int mark_word(Mark *mark, int token);   /* a word that may stand for how rows are read */
int mark_label(Mark *mark, int token);  /* `name :`; the value is the name */
int mark_field(Mark *mark, int token);  /* `.name`; the value is the name */
int mark_number(Mark *mark, int token);
int mark_cell(Mark *mark, int token);   /* 0: blank, no token */
int mark_path(Mark *mark, int token);
int mark_end(Mark *mark);

/* At a newline: the token that it makes, 0 for none. *again: the newline must be looked at again,
 * as it ends more than one thing. */
int mark_newline(Mark *mark, bool *again);

/* At a bar: the token; *raw: cells of plain text follow. */
int mark_bar(Mark *mark, bool *raw);

/* Texts. mark_open gives 0, or, when too many are open, an error
 * token: the rest of the line is then passed over. mark_part ends a part at a
 * brace, mark_close at the closing quote or (closed = false) where the line ends. */
int mark_open(Mark *mark, bool curly);
int mark_part(Mark *mark);
bool mark_resume(Mark *mark); /* at a closing brace: a text goes on */
int mark_close(Mark *mark, bool closed);
bool mark_is_curly(const Mark *mark); /* the text being read was opened by a curly quote */

/* Complaints about what was matched; reading goes on. */
void mark_curly(Mark *mark);
void mark_dash(Mark *mark);
void mark_bad_character(Mark *mark);
void mark_lone_brace(Mark *mark);
void mark_glued_number(Mark *mark, size_t digits);
int mark_bare_decimal(Mark *mark);

#endif
