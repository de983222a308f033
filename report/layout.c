/*
 * Widths are terminal columns (utf8proc), never bytes or characters: "£" is two bytes, one column.
 *
 * Three layers, each used by the next:
 *
 *   clean   bytes of the data ──> text that cannot harm a terminal
 *   lines   text ──> lines of a width, broken at blanks
 *   tables  cells ──> columns as wide as their widest cell, shrunk when they do not fit
 *
 *   visit      rate              about                 right-aligned figures, titles over two lines
 *   VS1        £22.59 per hour   a text that wraps     when they are long; cells wrap where the
 *                                in its own column     column has `least` above zero
 *
 * No floating point: sums are printed from whole pence or from a Ratio (law 1).
 */
#include "report/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"

/* Blanks between columns: one would let two texts read as one. */
#define GAP 2

/* Length of the character at i by its first byte; 1 when it is no whole character. */
static size_t char_bytes(Str s, size_t i)
{
	unsigned char c = (unsigned char)s.ptr[i];
	size_t n = c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
	return n <= s.len - i ? n : 1;
}

/*
 * UTF-8 sorts by its bytes as its characters sort, so a range of characters is a range of
 * bytes.
 */
static bool between(Str one, const char *first, const char *last)
{
	return memcmp(one.ptr, first, one.len) >= 0 && memcmp(one.ptr, last, one.len) <= 0;
}

/* C1 controls and the marks that turn the direction of writing are no text of a report. */
static bool harmful(Str one)
{
	unsigned char c = (unsigned char)one.ptr[0];
	if (one.len == 1)
		return c < 0x20 || c == 0x7F;
	if (one.len == 2)
		return c == 0xC2 && (unsigned char)one.ptr[1] < 0xA0;
	return one.len == 3 && (between(one, "\xE2\x80\x8E", "\xE2\x80\x8F")
		|| between(one, "\xE2\x80\xAA", "\xE2\x80\xAE")
		|| between(one, "\xE2\x81\xA6", "\xE2\x81\xA9"));
}

/*
 * Bytes that cannot be shown are shown as numbers, so that nothing is hidden. U+001F joins the
 * parts of a key in the case file; people are shown a comma. Line ends become blanks, so that a
 * name in the data cannot forge a line of a report.
 */
static void clean_char(Buf *buf, Str one)
{
	unsigned char c = (unsigned char)one.ptr[0];
	bool valid = c == 0 || utf8_first_bad(one) < 0;
	if (c == '\n' || c == '\t' || c == '\r') {
		buf_char(buf, ' ');
	} else if (c == 0x1F) {
		buf_puts(buf, ", ");
	} else if (!valid || harmful(one)) {
		for (size_t i = 0; i < one.len; i++)
			buf_printf(buf, "\\x%02x", (unsigned char)one.ptr[i]);
	} else {
		buf_str(buf, one);
	}
}

void layout_clean(Buf *buf, Str s)
{
	for (size_t i = 0; i < s.len;) {
		Str one = {s.ptr + i, char_bytes(s, i)};
		if (one.len > 1 && utf8_first_bad(one) >= 0)
			one.len = 1;
		clean_char(buf, one);
		i += one.len;
	}
}

Str layout_cleaned(Arena *arena, Str s)
{
	Buf buf = {0};
	layout_clean(&buf, s);
	return buf_keep(&buf, arena);
}

/* Bytes of s that fit into `width` columns; at least one character. */
static size_t fitting(Str s, int width)
{
	size_t at = 0, used = 0;
	while (at < s.len) {
		size_t n = char_bytes(s, at);
		used += utf8_width((Str){s.ptr + at, n});
		if (used > (size_t)(width > 0 ? width : 1) && at > 0)
			break;
		at += n;
	}
	return at;
}

/*
 * A word longer than the line is cut: the reports must not grow wider than asked. The text that
 * is left begins with a word, never with blanks.
 */
Str layout_line(Str *rest, int width)
{
	size_t end = fitting(*rest, width);
	if (end < rest->len && rest->ptr[end] != ' ') {
		size_t blank = end;
		while (blank > 0 && rest->ptr[blank - 1] != ' ')
			blank--;
		if (blank > 0)
			end = blank;
	}
	Str line = {rest->ptr, end};
	while (line.len > 0 && line.ptr[line.len - 1] == ' ')
		line.len--;
	while (end < rest->len && rest->ptr[end] == ' ')
		end++;
	*rest = (Str){rest->ptr + end, rest->len - end};
	return line;
}

/* A text that is too wide pushes the rest aside rather than lose an end. */
void layout_pad(Buf *buf, Str s, int width, bool right)
{
	size_t used = utf8_width(s), blanks = used < (size_t)width ? (size_t)width - used : 0;
	if (right)
		buf_pad(buf, ' ', blanks);
	buf_str(buf, s);
	if (!right)
		buf_pad(buf, ' ', blanks);
}

/* The ellipsis is one column, which the text makes room for. */
void layout_cut(Buf *buf, Str s, int width)
{
	if (utf8_width(s) <= (size_t)width) {
		buf_str(buf, s);
		return;
	}
	buf_str(buf, str_trim((Str){s.ptr, fitting(s, width - 1)}));
	buf_puts(buf, "…");
}

/* An empty text is one empty line, so that calls add up to the lines that they promise. */
void layout_wrap(Buf *buf, Str s, int indent, int width)
{
	do {
		Str line = width > 0 ? layout_line(&s, width - indent) : s;
		buf_pad(buf, ' ', (size_t)indent);
		buf_str(buf, line);
		buf_char(buf, '\n');
	} while (width > 0 && s.len > 0);
}

void layout_number(Buf *buf, int64_t n)
{
	ratio_print(buf, (Ratio){n, 1}, 0, true);
}

/* The sign goes in front of the pound sign: -£5.65. */
static void print_pounds(Buf *buf, Ratio pounds)
{
	if (pounds.n < 0) {
		buf_char(buf, '-');
		pounds.n = -pounds.n;
	}
	buf_puts(buf, "£");
	ratio_print(buf, pounds, 2, true);
}

void layout_pence(Buf *buf, int64_t pence)
{
	Ratio pounds;
	if (ratio_make(pence, 100, &pounds))
		print_pounds(buf, pounds);
}

Str layout_pounds(Arena *arena, int64_t pence)
{
	Buf buf = {0};
	layout_pence(&buf, pence);
	return buf_keep(&buf, arena);
}

/* Numerators may have up to 126 bits, as Ratio does. */
bool layout_ratio(Str exact, Ratio *out)
{
	const char *slash = exact.len > 0 ? memchr(exact.ptr, '/', exact.len) : NULL;
	if (slash == NULL)
		return ratio_parse(exact, out);
	size_t n = (size_t)(slash - exact.ptr);
	Ratio over, under;
	return ratio_parse((Str){exact.ptr, n}, &over)
		&& ratio_parse((Str){slash + 1, exact.len - n - 1}, &under) && under.n != 0
		&& ratio_div(over, under, out);
}

/*
 * Six decimals hold every sum whose denominator divides a million. For any other the exact
 * fraction follows, so that nothing is rounded silently (S80, law 3).
 */
void layout_exact(Buf *buf, Str exact)
{
	Ratio pounds;
	if (!layout_ratio(exact, &pounds)) {
		layout_clean(buf, exact);
		return;
	}
	print_pounds(buf, pounds);
	if (1000000 % pounds.d != 0)
		buf_printf(buf, ", exactly %s£%.*s", pounds.n < 0 ? "-" : "",
			STR_ARG(pounds.n < 0 ? ((Str){exact.ptr + 1, exact.len - 1}) : exact));
}

/* What is no date is shown as it stands: a report must not fail over a text in the data. */
void layout_day(Buf *buf, Str iso)
{
	int32_t day;
	if (day_parse(iso, &day) == READ_OK)
		day_print(buf, day);
	else
		layout_clean(buf, iso);
}

void layout_plural(Buf *buf, int64_t n, const char *one, const char *many)
{
	layout_number(buf, n);
	buf_printf(buf, " %s", n == 1 ? one : many);
}

/* Takes the next of several texts joined by ", ". */
static Str next_part(Str *rest)
{
	for (size_t i = 0; i + 1 < rest->len; i++) {
		if (rest->ptr[i] != ',' || rest->ptr[i + 1] != ' ')
			continue;
		Str part = {rest->ptr, i};
		*rest = (Str){rest->ptr + i + 2, rest->len - i - 2};
		return part;
	}
	Str part = *rest;
	*rest = (Str){0};
	return part;
}

/* The view is a copy, so the caller's text stays whole. */
static size_t parts_of(Str joined)
{
	size_t n = 0;
	for (; joined.len > 0; n++)
		next_part(&joined);
	return n;
}

/* A key may hold ", " itself; kinds and keys are then told one after the other. */
void layout_subject(Buf *buf, Str kinds, Str keys)
{
	if (parts_of(kinds) != parts_of(keys)) {
		layout_clean(buf, kinds);
		buf_char(buf, ' ');
		layout_clean(buf, keys);
		return;
	}
	for (bool first = true; kinds.len > 0; first = false) {
		buf_puts(buf, first ? "" : ", ");
		layout_clean(buf, next_part(&kinds));
		buf_char(buf, ' ');
		layout_clean(buf, next_part(&keys));
	}
}

/*
 * The table keeps the pointer to the columns: they are the caller's and must outlive
 * layout_end.
 */
void layout_begin(LayoutTable *table, Arena *arena, const LayoutColumn *column, int ncolumns)
{
	*table = (LayoutTable){.arena = arena, .column = column, .ncolumns = ncolumns, .indent = 2};
}

void layout_cell(LayoutTable *table, Str text)
{
	*vec_push(&table->cell) = layout_cleaned(table->arena, text);
}

/* For a line across the whole table, as a heading among its rows; it has no part in the widths. */
void layout_span(LayoutTable *table, Str text)
{
	layout_cell(table, text);
	for (int c = 1; c < table->ncolumns; c++)
		*vec_push(&table->cell) = (Str){0};
}

/* Whether the row that begins at cell i was made by layout_span. */
static bool spans(const LayoutTable *table, size_t i)
{
	return table->ncolumns > 1 && table->cell.at[i + 1].ptr == NULL;
}

/* No count is an empty cell: in a table of many zeros the few figures stand out. */
void layout_count_cell(LayoutTable *table, int64_t n)
{
	Buf buf = {0};
	if (n != 0)
		layout_number(&buf, n);
	layout_cell(table, buf_view(&buf));
	buf_free(&buf);
}

/* Columns of a title: of its longest word above figures, where it may stand on several lines. */
static int title_width(const LayoutColumn *column)
{
	size_t width = 0;
	if (column->title == NULL)
		return 0;
	if (!column->right)
		return (int)utf8_width(str_of(column->title));
	for (const char *word = column->title; *word != '\0';) {
		size_t n = strcspn(word, " "), used = utf8_width((Str){word, n});
		width = used > width ? used : width;
		word += n + (word[n] == ' ');
	}
	return (int)width;
}

/* One column by itself; also for callers that line up several tables. */
int layout_width(const LayoutTable *table, int c)
{
	int width = title_width(&table->column[c]);
	for (size_t i = 0; i < table->cell.n; i += (size_t)table->ncolumns) {
		int used = spans(table, i) ? 0 : (int)utf8_width(table->cell.at[i + (size_t)c]);
		width = used > width ? used : width;
	}
	return width;
}

/*
 * Takes columns from the widest of those that may shrink, until the table fits or none can. One
 * column at a time from the widest, so that the loss is shared; columns with `least` 0 hold
 * keys and sums, of which a cut-off half would be worse than a long line.
 */
static void shrink(const LayoutTable *table, int *width, int most)
{
	int total = table->indent;
	for (int c = 0; c < table->ncolumns; c++)
		total += width[c] + (c > 0 ? GAP : 0);
	while (total > most) {
		int widest_one = -1;
		for (int c = 0; c < table->ncolumns; c++) {
			int least = table->column[c].least;
			if (least > 0 && width[c] > least && (widest_one < 0 || width[c] > width[widest_one]))
				widest_one = c;
		}
		if (widest_one < 0)
			return;
		width[widest_one]--;
		total--;
	}
}

/* One row: as many lines as its tallest cell wraps to. */
static void print_row(const LayoutTable *table, const int *width, Str *rest, Buf *out)
{
	bool more = true;
	while (more) {
		size_t before = out->n;
		more = false;
		buf_pad(out, ' ', (size_t)table->indent);
		for (int c = 0; c < table->ncolumns; c++) {
			Str line = layout_line(&rest[c], width[c]);
			layout_pad(out, line, width[c], table->column[c].right);
			buf_pad(out, ' ', c + 1 < table->ncolumns ? GAP : 0);
			more = more || rest[c].len > 0;
		}
		while (out->n > before && out->at[out->n - 1] == ' ')
			out->at[--out->n] = '\0';
		buf_char(out, '\n');
	}
}

/* Asks the same function that will break the lines, so that the two cannot disagree. */
static int lines_of(Str text, int width)
{
	int n = 0;
	while (text.len > 0) {
		layout_line(&text, width);
		n++;
	}
	return n;
}

/* Titles of fewer lines stand at the bottom, next to their column. */
static void print_titles(const LayoutTable *table, const int *width, Str *row, Buf *out)
{
	int most = 0;
	for (int c = 0; c < table->ncolumns; c++) {
		int n = lines_of(str_of(table->column[c].title), width[c]);
		most = n > most ? n : most;
	}
	for (int line = most; line > 0; line--) {
		for (int c = 0; c < table->ncolumns; c++) {
			Str rest = str_of(table->column[c].title);
			int n = lines_of(rest, width[c]);
			row[c] = STR("");
			for (int i = 0; i <= n - line; i++)
				row[c] = layout_line(&rest, width[c]);
		}
		print_row(table, width, row, out);
	}
}

/* Rows are kept until here because the widths are known only when the last one is in. */
void layout_end(LayoutTable *table, Buf *out, int width)
{
	size_t n = (size_t)table->ncolumns;
	int *wide = ARENA_ARRAY(table->arena, int, n);
	Str *row = ARENA_ARRAY(table->arena, Str, n);
	for (int c = 0; c < table->ncolumns; c++)
		wide[c] = layout_width(table, c);
	if (width > 0)
		shrink(table, wide, width);
	if (table->column[0].title != NULL)
		print_titles(table, wide, row, out);
	for (size_t i = 0; i + n <= table->cell.n; i += n) {
		if (spans(table, i)) {
			layout_wrap(out, table->cell.at[i], table->indent, 0);
			continue;
		}
		memcpy(row, table->cell.at + i, n * sizeof *row);
		print_row(table, wide, row, out);
	}
	vec_free(&table->cell);
}
