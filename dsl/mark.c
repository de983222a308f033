/*
 * What the scanner decides that a pattern cannot say: whether a word heads a line, whether a bar
 * begins a row of facts or of tests, where a text with values goes on after its braces.
 *
 *   "for {visit.client} on {day}"   TEXT_HEAD "for {   visit .client   TEXT_MID } on {   day
 *                                   TEXT_TAIL }"
 *
 *   given visit          rows are RAW: cells are taken as they stand
 *   table t (…) : …      the first row is RAW (its heading), the rest are tests
 *   any other head       rows are tests
 *
 * All of it is local to the scanner: the parser never has to tell it what comes next. Where a
 * character is wrong the scanner complains and goes on as if the right one stood there, and the
 * line is noted (`told`) so that the parser does not complain of it again.
 */
#include "dsl/mark.h"

#include <string.h>

#include "base/limits.h"
#include "dsl/parsing.h"

/* Places are clipped to the file as its author sees it. One past the last byte is as far as a
 * place may point: the newline there belongs to no author. */
static Span place(const Mark *mark, uint32_t lo, uint32_t hi)
{
	/* The scanner's copy has a newline behind the last byte of the file. */
	uint32_t end = (uint32_t)mark->build->source.len;
	return (Span){mark->build->file, lo < end ? lo : end, hi < end ? hi : end};
}

/* The rest of a line that was complained of is not held against its author. */
static Diags *tell(Mark *mark)
{
	mark->told = true;
	return mark->build->diags;
}

/* Every token passes here: what it was, where, and whether it begins its line, which recovery from
 * errors goes by. */
static int give(Mark *mark, int token, Span at, Str value)
{
	if (at.hi - at.lo > LIMIT_TOKEN_BYTES)
		diag_add(tell(mark), DIAG_TOKEN_TOO_LONG, (Span){at.file, at.lo, at.lo + 1},
			"this has %u bytes; a word or a text has at most %d", at.hi - at.lo,
			LIMIT_TOKEN_BYTES);
	mark->at = at;
	mark->value = value;
	mark->token = token;
	mark->leads = mark->line_start;
	if (mark->leads)
		mark->lead = token == TOK_NAME ? value : (Str){NULL, 0};
	mark->line_start = false;
	return token;
}

/* Values are slices of the file itself, not of the scanner's copy, which is freed. */
static Str slice(const Mark *mark, Span at)
{
	return (Str){mark->build->source.ptr + at.lo, at.hi - at.lo};
}

/* For tokens that are not what was matched last: parts of texts, and ends of rows. */
static int give_between(Mark *mark, int token, uint32_t lo, uint32_t hi)
{
	Span at = place(mark, lo, hi);
	return give(mark, token, at, slice(mark, at));
}

int mark_token(Mark *mark, int token)
{
	return give_between(mark, token, mark->lo, mark->hi);
}

/* `replace table …` is a head as `table …` at the start of a line is; elsewhere these are names. */
int mark_word(Mark *mark, int token)
{
	if (mark->line_start || mark->token == TOK_REPLACE) {
		if (token == TOK_GIVEN || token == TOK_CALENDAR)
			mark->rows = ROWS_RAW;
		else if (token == TOK_TABLE)
			mark->rows = ROWS_WITH_HEADER;
		else
			mark->rows = ROWS_OF_TESTS;
	}
	return mark_token(mark, token);
}

/* The place takes in the colon, the value does not. */
int mark_label(Mark *mark, int token)
{
	Span at = place(mark, mark->lo, mark->hi);
	Str name = slice(mark, at);
	name.len--;
	return give(mark, token, at, str_trim(name));
}

/* Behind a dot every word is a field, reserved or not: visit.start, source.from. */
int mark_field(Mark *mark, int token)
{
	Span at = place(mark, mark->lo, mark->hi);
	Str name = slice(mark, at);
	return give(mark, token, at, str_trim((Str){name.ptr + 1, name.len - 1}));
}

/* Digits between two commas, or behind the last, come in threes; before the first are one to three.
 * Decimals hold no commas, the scanner sees to that. */
static bool commas_are_right(Str number)
{
	size_t digits = 0;
	bool comma = false;
	for (size_t i = 0; i < number.len && number.ptr[i] != '.'; i++) {
		if (number.ptr[i] != ',') {
			digits += number.ptr[i] >= '0' && number.ptr[i] <= '9';
			continue;
		}
		if (comma ? digits != 3 : digits > 3)
			return false;
		comma = true;
		digits = 0;
	}
	return !comma || digits == 3;
}

/* The number is given even so: what follows can still be checked. */
int mark_number(Mark *mark, int token)
{
	int given = mark_token(mark, token);
	if (!commas_are_right(mark->value))
		diag_help(diag_add(tell(mark), DIAG_BAD_NUMBER, mark->at,
			"a comma in a number has three digits behind it"),
			"write 11,048 for a number, and a blank behind the comma between two numbers");
	return given;
}

/* A blank cell gives no token: to the grammar it is nothing between two bars. */
int mark_cell(Mark *mark, int token)
{
	Span at = place(mark, mark->lo, mark->hi);
	Str cell = slice(mark, at), trimmed = str_trim(cell);
	if (trimmed.len == 0)
		return 0;
	at.lo += (uint32_t)(trimmed.ptr - cell.ptr);
	at.hi = at.lo + (uint32_t)trimmed.len;
	return give(mark, token, at, trimmed);
}

/* Trimmed like a cell, because the pattern takes the blanks before the path with it.
 * `hampshire/ccsh` after `contract` and `uses` alone; elsewhere the slash divides. */
int mark_path(Mark *mark, int token)
{
	return mark_cell(mark, token);
}

/* A token of no length at the end of the author's file, before the newline that was put behind
 * it. */
int mark_end(Mark *mark)
{
	uint32_t end = (uint32_t)mark->build->source.len;
	return give_between(mark, TOK_YYEOF, end, end);
}

/* Texts end first, innermost first, then the row. */
int mark_newline(Mark *mark, bool *again)
{
	*again = mark->texts > 0;
	if (*again) {
		mark->part = mark->lo;
		return mark_close(mark, false);
	}
	mark->told = mark->told_open = false;
	if (!mark->in_row) {
		mark->line_start = true;
		return 0;
	}
	mark->in_row = false;
	int token = give_between(mark, TOK_ROW_END, mark->lo, mark->lo);
	mark->line_start = true;
	return token;
}

/* Only a bar that begins a line begins a row; within one, bars divide. */
int mark_bar(Mark *mark, bool *raw)
{
	*raw = mark->line_start && mark->rows != ROWS_OF_TESTS;
	if (*raw) {
		if (mark->rows == ROWS_WITH_HEADER)
			mark->rows = ROWS_OF_TESTS;
		mark->in_row = true;
		return mark_token(mark, TOK_RAW_ROW);
	}
	if (mark->line_start) {
		mark->in_row = true;
		return mark_token(mark, TOK_ROW);
	}
	return mark_token(mark, mark->in_row ? TOK_BAR : TOK_GRAMMAR_UNDEF);
}

/* The stack is a fixed array, so its depth is a limit with a message of its own (law 13). */
int mark_open(Mark *mark, bool curly)
{
	if (mark->texts == MARK_TEXTS) {
		diag_add(tell(mark), DIAG_TOO_DEEP, place(mark, mark->lo, mark->hi),
			"more than %d texts stand inside each other's braces", MARK_TEXTS);
		mark->texts = 0;
		return mark_token(mark, TOK_GRAMMAR_error);
	}
	mark->text[mark->texts++] = (OpenText){.lo = mark->lo, .curly = curly};
	mark->part = mark->lo;
	return 0;
}

/* The first part of a text is its head, and has the opening quote; others have a brace there. */
int mark_part(Mark *mark)
{
	OpenText *text = &mark->text[mark->texts - 1];
	int token = text->parted ? TOK_TEXT_MID : TOK_TEXT_HEAD;
	text->parted = true;
	return give_between(mark, token, mark->part, mark->hi);
}

/* A brace that closes nothing is no part of a text: the scanner complains of it then. */
bool mark_resume(Mark *mark)
{
	mark->part = mark->lo;
	return mark->texts > 0;
}

/* An unclosed text ends where its line does; those that it stands in are then unclosed as well, but
 * one message is enough. */
int mark_close(Mark *mark, bool closed)
{
	OpenText text = mark->text[--mark->texts];
	if (!closed && !mark->told_open)
		diag_here(diag_add(tell(mark), DIAG_OPEN_TEXT, place(mark, text.lo, text.lo + 1),
			"the text that begins here is not closed on its line"), "this quote has no partner");
	mark->told_open = !closed;
	uint32_t hi = closed ? mark->hi : mark->lo;
	return give_between(mark, text.parted ? TOK_TEXT_TAIL : TOK_TEXT, mark->part, hi);
}

/* A curly quote closes only a text that a curly quote opened; within straight ones it is a
 * letter. */
bool mark_is_curly(const Mark *mark)
{
	return mark->text[mark->texts - 1].curly;
}

/* A text opened by one goes on as if it were straight: one message, no others. */
void mark_curly(Mark *mark)
{
	diag_help(diag_add(tell(mark), DIAG_CURLY_QUOTE, place(mark, mark->lo, mark->hi),
		"a curly quote cannot stand around a text"), "write the straight quote \"");
}

/* Word processors make one of two hyphens. It is read as the minus that was meant. */
void mark_dash(Mark *mark)
{
	diag_help(diag_add(tell(mark), DIAG_DASH, place(mark, mark->lo, mark->hi),
		"a long dash is not a minus sign"), "write the hyphen -");
}

/* Control characters are not shown: a terminal might obey them. */
void mark_bad_character(Mark *mark)
{
	Span at = place(mark, mark->lo, mark->hi);
	if (*slice(mark, at).ptr > ' ' || *slice(mark, at).ptr < 0)
		diag_add(tell(mark), DIAG_BAD_CHARACTER, at, "the language has no use for `%.*s`",
			STR_ARG(slice(mark, at)));
	else
		diag_add(tell(mark), DIAG_BAD_CHARACTER, at,
			"the language has no use for this control character");
}

/* Kept as it stands, so that the text and what follows it are read as meant. */
void mark_lone_brace(Mark *mark)
{
	diag_help(diag_add(tell(mark), DIAG_NO_BRACES_HERE, place(mark, mark->lo, mark->hi),
		"this brace closes nothing"), "write }} where a brace itself is meant");
}

/* `30minutes`: the digits are taken as the number, and the word is read next. */
void mark_glued_number(Mark *mark, size_t digits)
{
	Span at = place(mark, mark->lo, mark->hi);
	Str both = slice(mark, at);
	diag_help(diag_add(tell(mark), DIAG_BAD_NUMBER, at,
		"a number and the word behind it need a blank between them"), "write `%.*s %.*s`",
		(int)digits, both.ptr, (int)(both.len - digits), both.ptr + digits);
}

/* Every other way to write a decimal: .5, 1., 1.2.3, £.50. No meaning is guessed. */
int mark_bare_decimal(Mark *mark)
{
	Span at = place(mark, mark->lo, mark->hi);
	diag_help(diag_add(tell(mark), DIAG_BAD_NUMBER, at, "`%.*s` is not how a number is written",
		STR_ARG(slice(mark, at))), "write 0.5, 12.25, £19.00 or 70p");
	return mark_token(mark, TOK_GRAMMAR_error);
}
