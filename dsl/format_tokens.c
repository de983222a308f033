/*
 * Tokens for laying a file out. They are cut more coarsely than the scanner's: a number with its
 * commas, a date, a name with its fields and a whole text are one token each, and what stands in
 * it is never touched. No token is ever lost or joined to its neighbour.
 *
 *   visit.rate*1,234.50≥£19.00      visit.rate | * | 1,234.50 | >= | £19.00
 *   2025-04-28  8:30  7.5%  "a {b}" one token each
 *
 * Signs that word processors make are written as the language writes them; that is the only
 * change of letters that formatting makes.
 */
#include "dsl/format_tokens.h"

#include <string.h>

/* Ends of things that are taken over as they stand. Texts stand in the braces of texts, so this
 * calls itself; {{ is a brace of the text and opens nothing. A text that is not closed ends with
 * the source. */
static size_t text_end(Str s, size_t at)
{
	size_t i = at + 1;
	while (i < s.len && s.ptr[i] != '"') {
		if (s.ptr[i] == '{' && i + 1 < s.len && s.ptr[i + 1] == '{') {
			i += 2;
			continue;
		}
		if (s.ptr[i] == '{') {
			while (i < s.len && s.ptr[i] != '}')
				i = s.ptr[i] == '"' ? text_end(s, i) : i + 1;
		}
		i++;
	}
	return i < s.len ? i + 1 : s.len;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters of the language's own words: what is not ASCII stands in texts, comments and cells. */
static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}

/* A comma of thousands has three digits behind it. */
static bool thousands(Str s, size_t at)
{
	size_t n = 0;
	while (at + 1 + n < s.len && is_digit(s.ptr[at + 1 + n]))
		n++;
	return n == 3;
}

/* Bytes that join two parts of one number, time or field name: 1,234.50 08:30 visit.rate Looks
 * one byte either way, so it is only asked where there is one. */
static bool joins(Str s, size_t at)
{
	char c = s.ptr[at];
	if (at == 0 || at + 1 >= s.len || !is_word(s.ptr[at - 1]) || !is_word(s.ptr[at + 1]))
		return false;
	if (c == '.')
		return true;
	if (!is_digit(s.ptr[at - 1]) || !is_digit(s.ptr[at + 1]))
		return false;
	return c == ':' || (c == ',' && thousands(s, at));
}

/* 2025-04-28 at this place. */
static bool iso_date(Str s, size_t at)
{
	static const char shape[] = "dddd-dd-dd";
	if (at + sizeof shape - 1 > s.len)
		return false;
	for (size_t i = 0; shape[i] != 0; i++) {
		if (shape[i] == 'd' ? !is_digit(s.ptr[at + i]) : s.ptr[at + i] != '-')
			return false;
	}
	return true;
}

static bool pound_sign(Str s, size_t at)
{
	return at + 1 < s.len && (unsigned char)s.ptr[at] == 0xC2 && (unsigned char)s.ptr[at + 1] == 0xA3;
}

/* The pound sign (C2 A3) is taken for a letter, so that £19.00 is one token. A date needs a test
 * of its own, or its hyphens would be taken for minus signs and spread out. */
static size_t word_end(Str s, size_t at)
{
	size_t i = iso_date(s, at) ? at + 10 : at;
	for (;;) {
		if (pound_sign(s, i))
			i += 2;
		else if (i < s.len && (is_word(s.ptr[i]) || joins(s, i)))
			i++;
		else
			break;
	}
	return i < s.len && s.ptr[i] == '%' ? i + 1 : i;
}

/* Signs of word processors and what the language writes for them. */
static const struct Sign {
	const char *written, *canonical;
} signs[] = {
	{"<=", "<="}, {">=", ">="}, {"<>", "<>"}, {"\xE2\x89\xA4", "<="}, {"\xE2\x89\xA5", ">="},
	{"\xE2\x89\xA0", "<>"}, {"\xC3\x97", "*"}, {"\xE2\x88\x92", "-"},
};

/* Signs of two characters come first in the list; those of one letter need no entry. */
static bool take_sign(Str s, size_t at, Token *token)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		size_t n = strlen(signs[i].written);
		if (at + n <= s.len && memcmp(s.ptr + at, signs[i].written, n) == 0) {
			token->text = str_of(signs[i].canonical);
			token->end = at + n;
			return true;
		}
	}
	return false;
}

/* Comments count as blanks here: format.c writes them at places of its own. */
static size_t skip_blanks(Str s, size_t at)
{
	while (at < s.len) {
		if (s.ptr[at] == '#') {
			while (at < s.len && s.ptr[at] != '\n')
				at++;
		} else if (strchr(" \t\r\n\f", s.ptr[at]) != NULL) {
			at++;
		} else if (at + 1 < s.len && (unsigned char)s.ptr[at] == 0xC2
				&& (unsigned char)s.ptr[at + 1] == 0xA0) {
			at += 2;
		} else {
			break;
		}
	}
	return at;
}

/* The end of `as DD/MM/YYYY`, which is one token, or 0: in it no sign has blanks beside it. */
static size_t picture_end(Str s, size_t at)
{
	size_t i = at + 2, end = 0;
	if (at + 3 >= s.len || memcmp(s.ptr + at, "as ", 3) != 0)
		return 0;
	while (i < s.len && s.ptr[i] == ' ')
		i++;
	while (i < s.len && strchr("DdMmYyHhSs", s.ptr[i]) != NULL) {
		while (i < s.len && strchr("DdMmYyHhSs", s.ptr[i]) != NULL)
			i++;
		if (i == s.len || !is_word(s.ptr[i]))
			end = i;
		if (i < s.len && strchr("-/:. T", s.ptr[i]) != NULL)
			i++;
	}
	return end;
}

/* Always moves forward, by one byte if nothing is recognised, so that every caller's loop ends. */
bool token_next(Str s, size_t at, Token *token)
{
	size_t start = skip_blanks(s, at);
	token->blank = start > at;
	token->start = start;
	if (start >= s.len)
		return false;
	char c = s.ptr[start];
	if (c != '"' && take_sign(s, start, token))
		return true;
	if (c == '"')
		token->end = text_end(s, start);
	else if ((token->end = picture_end(s, start)) == 0)
		token->end = word_end(s, start);
	if (token->end == start)
		token->end = start + 1;
	token->text = (Str){s.ptr + start, token->end - start};
	return true;
}

/* list: words with one blank between them. */
static bool one_of(Str word, const char *list)
{
	size_t from = 0, n = strlen(list);
	for (size_t i = 0; i <= n; i++) {
		if (list[i] != ' ' && list[i] != 0)
			continue;
		if (str_eq(word, (Str){list + from, i - from}))
			return true;
		from = i + 1;
	}
	return false;
}

/* A long condition reads best with one test a line, each under the last. `or else` is one word. */
bool token_breaks(Str before, Str word)
{
	return one_of(word, "and or then else where")
		&& !(str_eq(before, STR("or")) && str_eq(word, STR("else")));
}

/* A minus behind one of these has nothing to its left. Then it is a sign and stands close to its
 * number; between two values it is a subtraction and has blanks. */
static bool sign_of_number(Str before)
{
	return before.len == 0 || one_of(before, "( , + - * / = < > <= >= <> and or not then else is if"
		" example require stake where when by least most below above before after within to from"
		" take for in");
}

/* yes/no is the one type with a slash; elsewhere a slash divides and has blanks. */
static bool path_or_type(Str before, Str after)
{
	return str_eq(before, STR("yes")) && str_eq(after, STR("no"));
}

/* Brackets of a call stand close to the function where the author wrote them so: `one of (` and
 * `least(` differ in nothing but the word before. */
bool token_spaced(Str s, const TokenPair *pair)
{
	Str a = pair->before, b = pair->token.text;
	Token after;
	if (a.len == 0 || one_of(b, ", ; )") || one_of(a, "("))
		return false;
	if (one_of(b, "("))
		return pair->token.blank || one_of(a, "and or not of in + - * / = < > <= >= <>");
	if (pair->unary)
		return false;
	if (one_of(b, "/") && token_next(s, pair->token.end, &after) && path_or_type(a, after.text))
		return false;
	if (one_of(a, "/") && path_or_type(pair->before_that, b))
		return false;
	if (b.ptr[0] == '.' || (a.len == 1 && a.ptr[0] == '.'))
		return false;
	return true;
}

/* Two tokens back are kept, for the yes in yes/no. */
void token_pair_next(TokenPair *pair, Token token)
{
	pair->unary = one_of(pair->token.text, "-") && sign_of_number(pair->before);
	pair->before_that = pair->before;
	pair->before = pair->token.text;
	pair->token = token;
}

/* On one line, however long: for cells, and to find out how a clause begins. */
void format_tokens(Str source, Buf *out)
{
	TokenPair pair = {0};
	Token token;
	size_t at = 0;
	while (token_next(source, at, &token)) {
		token_pair_next(&pair, token);
		if (token_spaced(source, &pair))
			buf_char(out, ' ');
		buf_str(out, token.text);
		at = token.end;
	}
}
