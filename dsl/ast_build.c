/*
 * Names and literals stay slices of the source: a tree costs one arena node for each sign, and
 * where a name stands can be told from where it points.
 *
 * The grammar's actions are one call each, and these are what they call. Each gives a node even
 * where the text is wrong: a bad date becomes an error node after one complaint, and whoever
 * meets that says nothing more.
 *
 *   £22.59 per hour   ->  MONEY text "22.59", a: NAME "hour"
 *   70p               ->  MONEY text "70", how 1
 *   28 April 2025     ->  DATE n 20206, text as written
 */
#include "dsl/ast_build.h"

#include <string.h>

#include "base/civil.h"
#include "base/limits.h"

/* Compared as integers: a text may well lie outside the source, as `spot check` does. */
static Span span_of(const Build *build, Str text, Span otherwise)
{
	uintptr_t start = (uintptr_t)build->source.ptr, at = (uintptr_t)text.ptr;
	if (text.ptr == NULL || at < start || at + text.len > start + build->source.len)
		return otherwise;
	uint32_t lo = (uint32_t)(at - start);
	return (Span){build->file, lo, lo + (uint32_t)text.len};
}

/* Kept while building, so that the limit is met before anything has to walk the tree. */
static uint32_t deeper(uint32_t depth, const Ast *child)
{
	return child != NULL && child->depth > depth ? child->depth : depth;
}

/* The node is given up with all below it, so the count begins again; a chain of a hundred thousand
 * would be complained of a hundred times without the flag. */
static Ast *too_deep(Build *build, Span at)
{
	if (!build->told_deep)
		diag_help(diag_add(build->diags, DIAG_TOO_DEEP, at,
			"more than %d operations stand inside each other", LIMIT_TREE),
			"break it up with a `define`");
	build->told_deep = true;
	return ast_error(build, at);
}

/* The only maker of nodes, and so the only place that holds LIMIT_TREE: every later recursion
 * over the tree is safe by it (law 13). */
Ast *ast_make(Build *build, AstKind kind, Span at, AstParts parts)
{
	uint32_t depth = deeper(deeper(parts.items.depth, parts.a), parts.b);
	depth = deeper(deeper(depth, parts.c), parts.d) + 1;
	if (depth > LIMIT_TREE)
		return too_deep(build, at);
	Ast *node = ARENA_NEW(build->arena, Ast);
	*node = (Ast){
		.kind = kind, .how = parts.how, .depth = depth, .n = parts.n, .m = parts.m, .at = at,
		.name_at = span_of(build, parts.text, at), .text = parts.text, .text2 = parts.text2,
		.a = parts.a, .b = parts.b, .c = parts.c, .d = parts.d,
		.items = parts.items.first, .last = parts.items.last,
	};
	return node;
}

/* Not an allocation to be spared: errors have places of their own, which recovery reports by. */
Ast *ast_error(Build *build, Span at)
{
	return ast_make(build, AST_ERROR, at, (AstParts){.n = 0});
}

/* Items are threaded by `next`, so a node stands in one list at most. Adding behind costs the
 * same however long the list is. */
AstList ast_list_add(AstList list, Ast *item)
{
	if (list.last == NULL)
		list.first = item;
	else
		list.last->next = item;
	list.last = item;
	list.depth = deeper(list.depth, item);
	return list;
}

/* A text's next literal part and the value in its braces. */
AstList ast_list_pair(AstList list, Ast *first, Ast *second)
{
	return ast_list_add(ast_list_add(list, first), second);
}

/* Clauses before a define's base and behind it are one list to everyone but the grammar. */
AstList ast_list_join(AstList front, AstList back)
{
	if (front.last == NULL)
		return back;
	front.last->next = back.first;
	front.last = back.last != NULL ? back.last : front.last;
	front.depth = front.depth > back.depth ? front.depth : back.depth;
	return front;
}

/* Each declaration may complain once of its depth. */
void ast_file_add(Build *build, Ast *declaration)
{
	ast_append(build->root, build->root->at, declaration);
	build->told_deep = false;
}

/* ---- dates: the scanner has seen to their form, not to whether they exist ---- */

/* Takes the first `length` bytes and the blanks behind them off a text. What is cut off and what
 * is left are both slices of the source. */
static Str cut(Str *text, size_t length)
{
	Str front = {text->ptr, length};
	*text = str_trim((Str){text->ptr + length, text->len - length});
	return front;
}

/* At most nine digits, so that it cannot overflow; the form allows four. */
static int cut_number(Str *text)
{
	size_t length = 0;
	int number = 0;
	while (length < text->len && length < 9 && text->ptr[length] >= '0' && text->ptr[length] <= '9')
		number = number * 10 + (text->ptr[length++] - '0');
	cut(text, length);
	return number;
}

/* 1 to 12, or 0. */
static int cut_month(Str *text)
{
	for (int month = 0; month < 12; month++) {
		Str name = str_of(month_names[month]);
		if (text->len >= name.len && memcmp(text->ptr, name.ptr, name.len) == 0)
			return cut(text, name.len), month + 1;
	}
	return 0;
}

/* The form is right, so the author meant this day: it is named back, without advice on form. */
static Ast *no_such(Build *build, Span at, Str text)
{
	diag_add(build->diags, DIAG_BAD_DATE, at, "there is no %.*s", STR_ARG(text));
	return ast_error(build, at);
}

/* A cell of dates is plain text to the scanner, so it may hold anything. */
static Ast *no_date(Build *build, Span at, Str text)
{
	diag_help(diag_add(build->diags, DIAG_BAD_DATE, at, "`%.*s` is not a date", STR_ARG(text)),
		"write 28 April 2025 or 2025-04-28");
	return ast_error(build, at);
}

/* Reads `28 April 2025` or `2025-04-28`, which may have blanks around it. */
static ReadTime read_date(Str text, int32_t *day)
{
	text = str_trim(text);
	if (text.len > 4 && text.ptr[4] == '-')
		return day_parse(text, day);
	int number = cut_number(&text), month = cut_month(&text), year = cut_number(&text);
	if (month == 0 || text.len > 0)
		return READ_BAD;
	if (!civil_valid(year, month, number))
		return READ_RANGE;
	*day = day_of(year, month, number);
	return READ_OK;
}

/* An impossible day and a text that is no date are told apart, as in base/civil.c. */
Ast *ast_date(Build *build, Span at, Str text)
{
	int32_t day;
	ReadTime how = read_date(text, &day);
	if (how != READ_OK)
		return how == READ_RANGE ? no_such(build, at, text) : no_date(build, at, text);
	return ast_make(build, AST_DATE, at, (AstParts){.text = text, .n = day});
}

/* 29 February is allowed: the year decides what becomes of it. */
Ast *ast_daymonth(Build *build, Span at, Str text)
{
	Str rest = text;
	int day = cut_number(&rest), month = cut_month(&rest);
	if (month == 0 || !civil_valid(2024, month, day))
		return no_such(build, at, text);
	return ast_make(build, AST_DAYMONTH, at, (AstParts){.text = text, .n = month * 100 + day});
}

/* 24:00 is refused: the end of a day is the next day's start, and one moment has one spelling. */
Ast *ast_clock(Build *build, Span at, Str text)
{
	int32_t seconds;
	bool fraction;
	if (clock_parse(text, &seconds, &fraction) != READ_OK)
		return no_such(build, at, text);
	return ast_make(build, AST_CLOCK, at, (AstParts){.text = text, .n = seconds});
}

/* Where the clock time at the end of a moment begins. */
static size_t clock_start(Str text)
{
	size_t at = text.len;
	while (at > 0 && memchr("0123456789:", text.ptr[at - 1], 11) != NULL)
		at--;
	return at;
}

/* The scanner gives `25 October 2025 at 22:00`, the same without `at`, and `2025-10-25T22:00`. */
Ast *ast_moment(Build *build, Span at, Str text)
{
	size_t split = clock_start(text);
	Str date = str_trim((Str){text.ptr, split}), clock = {text.ptr + split, text.len - split};
	if (date.len > 2 && memcmp(date.ptr + date.len - 2, "at", 2) == 0)
		date.len -= 2;
	else if (date.len > 1 && date.ptr[date.len - 1] == 'T')
		date.len -= 1;
	int32_t day, seconds;
	bool fraction;
	if (read_date(date, &day) != READ_OK || clock_parse(clock, &seconds, &fraction) != READ_OK)
		return no_such(build, at, text);
	return ast_make(build, AST_MOMENT, at, (AstParts){.text = text, .n = day, .m = seconds});
}

/* The scanner gives nothing but the seven names. */
Ast *ast_weekday(Build *build, Span at, Str text)
{
	int day = 0;
	while (day < 6 && !str_eq(text, str_of(weekday_names[day])))
		day++;
	return ast_make(build, AST_WEEKDAY, at, (AstParts){.text = text, .n = day});
}

/* The figure stays as written until the checker knows its unit; `how` says that it is in pence.
 * The pound sign has two bytes. */
Ast *ast_money(Build *build, Span at, Str text, Ast *per)
{
	bool pence = text.len > 0 && text.ptr[text.len - 1] == 'p';
	Str number = pence ? (Str){text.ptr, text.len - 1} : (Str){text.ptr + 2, text.len - 2};
	return ast_make(build, AST_MONEY, at, (AstParts){.text = number, .how = pence, .a = per});
}

/* A blank may stand before the sign. */
Str ast_percent_number(Str text)
{
	return str_trim((Str){text.ptr, text.len - 1});
}

/* Counts, pages and places: nothing that is counted in a contract reaches the bound. */
int64_t ast_whole(Build *build, Span at, Str text)
{
	int64_t whole = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == ',')
			continue;
		if (text.ptr[i] == '.' || whole > 99999999) {
			diag_add(build->diags, DIAG_BAD_NUMBER, at,
				"a whole number below a thousand million is needed here");
			return 0;
		}
		whole = whole * 10 + (text.ptr[i] - '0');
	}
	return whole;
}

/* The mark at the front or back of a text that the scanner left on: a straight or curly quote, or
 * the brace of a part. Its length; 0 where an unclosed text has none. */
static size_t mark_length(Str text, bool front)
{
	static const char curly[] = "\xE2\x80";
	if (text.len == 0)
		return 0;
	char byte = front ? text.ptr[0] : text.ptr[text.len - 1];
	if (byte == '"' || byte == '{' || byte == '}')
		return 1;
	const char *at = front ? text.ptr : text.ptr + text.len - 3;
	return text.len >= 3 && memcmp(at, curly, 2) == 0 ? 3 : 0;
}

/* `{{` stands for `{`. A brace by itself has been complained of and stays. */
static Str undouble_braces(Build *build, Str text)
{
	char *bytes = arena_alloc(build->arena, text.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		char byte = bytes[n++] = text.ptr[i];
		if ((byte == '{' || byte == '}') && i + 1 < text.len && text.ptr[i + 1] == byte)
			i++;
	}
	return (Str){bytes, n};
}

/* Normalised, so that an accent typed in one piece equals one typed in two. */
Ast *ast_text(Build *build, Span at, Str text)
{
	size_t front = mark_length(text, true);
	Str inside = {text.ptr + front, text.len - front};
	inside.len -= mark_length(inside, false);
	if (memchr(inside.ptr, '{', inside.len) || memchr(inside.ptr, '}', inside.len))
		inside = undouble_braces(build, inside);
	inside = utf8_nfc(build->arena, inside);
	return ast_make(build, AST_TEXT, at, (AstParts){.text = inside});
}

/* The front of the text is kept, so that a title stays a title for what comes after. */
Ast *ast_plain(Build *build, Ast *text)
{
	if (text->kind != AST_TEMPLATE)
		return text;
	diag_help(diag_add(build->diags, DIAG_NO_BRACES_HERE, text->at,
		"this text is printed as it stands and cannot hold a value in braces"),
		"write {{ and }} where a brace itself is meant");
	return ast_make(build, AST_TEXT, text->at, (AstParts){.text = text->items->text});
}

/* To the grammar `any` is a name like others; only as a whole cell is it a test. */
Ast *ast_cell_test(Build *build, Ast *test)
{
	bool any = test->kind == AST_TEST_VALUE && test->a->kind == AST_NAME &&
		str_eq(test->a->text, STR("any"));
	return any ? ast_make(build, AST_TEST_ANY, test->at, (AstParts){.n = 0}) : test;
}

/* An empty cell is a date that is not given; which columns may lack one is the checker's to say. */
static void read_date_cell(Build *build, Ast *cell)
{
	if (cell->text.len == 0)
		return;
	cell->a = ast_date(build, cell->at, cell->text);
	cell->depth = cell->a->depth + 1;
}

/* The grammar calls every raw row a header; only where a table begins is it one. */
static void make_rows(Ast *header)
{
	for (Ast *row = header; row != NULL; row = row->next)
		if (row->kind == AST_HEADER)
			row->kind = AST_ROW;
}

/* A scenario's first row is its heading, all others are facts. */
AstList ast_facts(AstList rows)
{
	make_rows(rows.first->next);
	return rows;
}

/* Holidays: a day, a name, and the day on which it was announced; no heading, so the first row is
 * a fact as well. */
Ast *ast_dates(Build *build, Span at, AstList rows)
{
	make_rows(rows.first);
	for (Ast *row = rows.first; row != NULL; row = row->next) {
		int number = 0;
		for (Ast *cell = row->items; cell != NULL; cell = cell->next)
			if (++number == 1 || number == 3)
				read_date_cell(build, cell);
		row->depth = 3; /* row, cell, date */
	}
	rows.depth = 3;
	return ast_make(build, AST_DATES, at, (AstParts){.items = rows});
}

/* For lists that end with their node: the node's own list grows in place. */
Ast *ast_append(Ast *node, Span at, Ast *item)
{
	AstList list = ast_list_add((AstList){node->items, node->last, node->depth - 1}, item);
	node->items = list.first;
	node->last = list.last;
	node->depth = list.depth + 1;
	node->at = at;
	return node;
}

/* `1 < x < 3` would compare yes or no with 3. It is parsed in full so that one message can say
 * what to write. */
Ast *ast_chained(Build *build, Span at, Span sign)
{
	diag_help(diag_add(build->diags, DIAG_CHAINED_COMPARISON, sign,
		"one comparison cannot be compared again"),
		"write `a < b and b < c`, or `b is a to c`, which has both ends in");
	return ast_error(build, at);
}

/* The grammar could not tell the two readings apart: the nearer one is meant. */
AstList ast_list_assume(AstList list, Ast *item)
{
	Ast *last = list.last;
	AstKind kind = last == NULL ? AST_ERROR : last->kind;
	bool line = kind == AST_TARGET || kind == AST_FAILS;
	Ast **place = line ? &last->b : kind == AST_EXCEPTION ? &last->c : NULL;
	if (item->kind != AST_ASSUMED || place == NULL || *place != NULL)
		return ast_list_add(list, item);
	*place = item;
	last->at = span_join(last->at, item->at);
	return list;
}
