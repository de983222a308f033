/*
 * Text: slices of UTF-8 that do not own their bytes, a growing text buffer, a map from text to
 * small numbers, and the few Unicode questions that are asked (through utf8proc).
 */
#ifndef VOUCH_BASE_TEXT_H
#define VOUCH_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

/* A slice is not NUL-terminated unless a function says that it is. */
typedef struct Str {
	const char *ptr;
	size_t len;
} Str;

#define STR(literal) ((Str){(literal), sizeof(literal) - 1})
#define STR_ARG(s) (int)(s).len, (s).ptr /* for %.*s */

Str str_of(const char *nul_terminated);
bool str_eq(Str a, Str b);
bool str_starts(Str text, Str start);
int str_cmp(Str a, Str b); /* by bytes: <0, 0, >0 */
Str str_trim(Str s);       /* without ASCII blanks and NBSP at both ends */
Str str_copy(Arena *arena, Str s); /* the copy is NUL-terminated behind its len */
const char *str_z(Arena *arena, Str s); /* NUL-terminated copy */
Str str_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
Str str_vformat(Arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
uint64_t str_hash(Str s); /* the same on every machine and in every run */

/* First byte of s that is not valid UTF-8 or is NUL; -1 when all is well. */
ptrdiff_t utf8_first_bad(Str s);
size_t utf8_chars(Str s); /* characters (code points); s must be valid */
size_t utf8_width(Str s); /* terminal columns */
Str utf8_nfc(Arena *arena, Str s); /* normalised to NFC; s itself when it already is */

/* Smallest number of single-character edits (insert, delete, replace, swap of neighbours that are
 * not edited again) from a to b, capped at `most` + 1. */
int text_distance(Str a, Str b, int most);

/* A text being put together in malloc memory; {0} is empty. `at` is NUL-terminated once used. */
typedef struct Buf {
	char *at;
	size_t n, cap;
} Buf;

/* Makes room for `more` bytes and the NUL behind them; gives the place where they go. */
char *buf_reserve(Buf *buf, size_t more);

/* Evidence is put together from pieces of a few bytes, so these two are compiled where they are
 * called: the call cost more than the copy. */
static inline void buf_str(Buf *buf, Str s)
{
	char *end = buf->cap - buf->n > s.len ? buf->at + buf->n : buf_reserve(buf, s.len);
	if (s.len != 0)
		memcpy(end, s.ptr, s.len);
	buf->n += s.len;
	end[s.len] = '\0';
}

static inline void buf_char(Buf *buf, char c)
{
	char *end = buf->cap - buf->n > 1 ? buf->at + buf->n : buf_reserve(buf, 1);
	end[0] = c;
	end[1] = '\0';
	buf->n++;
}

static inline void buf_puts(Buf *buf, const char *nul_terminated)
{
	buf_str(buf, (Str){nul_terminated, strlen(nul_terminated)});
}

/* In decimal, with zeros in front up to `least` digits (20 at most). */
void buf_number(Buf *buf, uint64_t n, int least);
void buf_printf(Buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(Buf *buf, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
void buf_pad(Buf *buf, char c, size_t times);
Str buf_view(const Buf *buf); /* valid until the next change */
void buf_clear(Buf *buf);     /* empties, keeps the memory */
void buf_free(Buf *buf);
Str buf_keep(Buf *buf, Arena *arena); /* what was put together, as the arena's; frees the buffer */

/* Text to int32, insertion only, iteration in order of insertion; keys are copied to the arena. */
typedef struct StrMap {
	Arena *arena;
	int32_t *slot;   /* open addressing over entry numbers + 1; 0 = free */
	Str *key;
	int32_t *value;
	size_t n, cap;   /* entries, slots (a power of two) */
} StrMap;

void strmap_init(StrMap *map, Arena *arena);
/* Pointers to values hold until the next strmap_at. */
int32_t *strmap_at(StrMap *map, Str key, bool *added);  /* adds with value 0 when new */
const int32_t *strmap_get(const StrMap *map, Str key);  /* NULL when absent */

#endif
