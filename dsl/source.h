/*
 * Source files and places in them. A place is a file number and two byte offsets; line and column
 * are worked out only when a place is printed, columns counted in characters.
 */
#ifndef VOUCH_DSL_SOURCE_H
#define VOUCH_DSL_SOURCE_H

#include <stdint.h>

#include "base/mem.h"
#include "base/text.h"

/* Bytes lo .. hi-1 of a file; hi == lo is a place between characters. */
typedef struct Span {
	int32_t file;
	uint32_t lo, hi;
} Span;

typedef struct Source {
	Str path;          /* as it is shown to people */
	Str text;          /* whole file, NUL-terminated behind its len */
	uint8_t sha256[32];
} Source;

typedef struct Sources {
	Arena *arena;
	VEC(Source) file;
} Sources;

typedef struct Place {
	int line, column;  /* from 1; column in characters */
	Str line_text;     /* without its line end */
} Place;

Place source_place(const Sources *sources, Span span);
Span span_join(Span a, Span b); /* from the start of a to the end of b */
Str source_text(const Sources *sources, Span span);

#endif
