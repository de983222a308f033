/*
 * From byte offsets to what people call a place. Lines and columns are worked out only when a
 * message is printed, because nearly no node of a tree is ever complained of.
 *
 *   span {file 0, lo 812, hi 822}  ->  line 41, column 13, "  require   visit.rate >= £19.00"
 *
 * Columns count characters: a £ before the mark is one, though it has two bytes.
 */
#include "dsl/source.h"

/* Without its line end, in either convention; *start is what columns are counted from. */
static Str line_around(Str text, size_t at, size_t *start)
{
	size_t lo = at, hi = at;
	while (lo > 0 && text.ptr[lo - 1] != '\n')
		lo--;
	while (hi < text.len && text.ptr[hi] != '\n')
		hi++;
	*start = lo;
	if (hi > lo && text.ptr[hi - 1] == '\r')
		hi--;
	return (Str){text.ptr + lo, hi - lo};
}

/* Characters before a byte, even where the text is no UTF-8: continuation bytes do not count. */
static int characters(const char *from, const char *to)
{
	int n = 0;
	for (; from < to; from++)
		n += ((unsigned char)*from & 0xC0) != 0x80;
	return n;
}

/* A diagnostic may have no file (a contract that was not found) or lie at the end of one: both
 * give a place that can be printed. */
Place source_place(const Sources *sources, Span span)
{
	Place place = {1, 1, {"", 0}};
	if (span.file < 0 || (size_t)span.file >= sources->file.n)
		return place;
	Str text = sources->file.at[span.file].text;
	size_t at = span.lo < text.len ? span.lo : text.len, start;
	for (size_t i = 0; i < at; i++)
		place.line += text.ptr[i] == '\n';
	place.line_text = line_around(text, at, &start);
	place.column = 1 + characters(text.ptr + start, text.ptr + at);
	return place;
}

/* Both lie in one file: parts of one declaration never stand in two. */
Span span_join(Span a, Span b)
{
	return (Span){a.file, a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

/* The author's own spelling, for messages that quote it. Clipped, never trusted: a span may reach
 * the newline that the scanner's copy has behind the last byte. */
Str source_text(const Sources *sources, Span span)
{
	if (span.file < 0 || (size_t)span.file >= sources->file.n)
		return (Str){"", 0};
	Str text = sources->file.at[span.file].text;
	size_t hi = span.hi < text.len ? span.hi : text.len, lo = span.lo < hi ? span.lo : hi;
	return (Str){text.ptr + lo, hi - lo};
}
