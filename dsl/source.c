#include "dsl/source.h"

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

/* Characters before a byte, also in text that is not valid UTF-8: continuation bytes do not count. */
static int characters(const char *from, const char *to)
{
	int n = 0;
	for (; from < to; from++)
		n += ((unsigned char)*from & 0xC0) != 0x80;
	return n;
}

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

Span span_join(Span a, Span b)
{
	return (Span){a.file, a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

Str source_text(const Sources *sources, Span span)
{
	if (span.file < 0 || (size_t)span.file >= sources->file.n)
		return (Str){"", 0};
	Str text = sources->file.at[span.file].text;
	size_t hi = span.hi < text.len ? span.hi : text.len, lo = span.lo < hi ? span.lo : hi;
	return (Str){text.ptr + lo, hi - lo};
}
