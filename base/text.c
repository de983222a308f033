/*
 * Text without ownership. A slice points into a file, an arena or a literal, and whoever made it
 * sees that those outlive it. All comparison is by bytes of UTF-8 in NFC (S74), so that neither a
 * locale nor the version of a library can change the order of findings (law 8).
 *
 *   "  Ann  "  --str_trim-->  "Ann"      the same bytes, no copy
 *   "e" + U+0301  --utf8_nfc-->  "é"      a copy, in the arena
 */
#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#define BUF_FIRST ((size_t)64)
#define MAP_FIRST ((size_t)16)
#define NUMBER_DIGITS 20 /* of 2^64 - 1 */

/* ---- slices ---- */

/* For literals and names that outlive the slice. */
Str str_of(const char *nul_terminated)
{
	return (Str){nul_terminated, strlen(nul_terminated)};
}

/* An empty slice may have a NULL pointer, which memcmp must not be given. */
bool str_eq(Str a, Str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool str_starts(Str text, Str start)
{
	return text.len >= start.len && (start.len == 0 || memcmp(text.ptr, start.ptr, start.len) == 0);
}

/* S74: unsigned bytes, shorter first; the same order as by code points. */
int str_cmp(Str a, Str b)
{
	size_t shared = a.len < b.len ? a.len : b.len;
	int order = shared == 0 ? 0 : memcmp(a.ptr, b.ptr, shared);
	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

/* Bytes of the blank that s begins with: 0 when none, 2 for the no-break space C2 A0. */
static size_t blank_before(Str s)
{
	if (s.len == 0)
		return 0;
	if (s.ptr[0] == ' ' || (s.ptr[0] >= '\t' && s.ptr[0] <= '\r'))
		return 1;
	return s.len >= 2 && memcmp(s.ptr, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

/* The no-break space is looked for first: its second byte alone would be no blank. */
static size_t blank_behind(Str s)
{
	if (s.len >= 2 && memcmp(s.ptr + s.len - 2, "\xC2\xA0", 2) == 0)
		return 2;
	return s.len == 0 ? 0 : blank_before((Str){s.ptr + s.len - 1, 1});
}

/* S25: exports write blanks for a missing fact, and spreadsheets put no-break spaces round
 * figures. */
Str str_trim(Str s)
{
	for (size_t n; (n = blank_before(s)) != 0;)
		s = (Str){s.ptr + n, s.len - n};
	for (size_t n; (n = blank_behind(s)) != 0;)
		s.len -= n;
	return s;
}

/* The NUL behind it costs one byte and spares a second copy where a library wants one. */
Str str_copy(Arena *arena, Str s)
{
	char *copy = arena_alloc(arena, s.len + 1);
	if (s.len != 0)
		memcpy(copy, s.ptr, s.len);
	return (Str){copy, s.len};
}

const char *str_z(Arena *arena, Str s)
{
	return str_copy(arena, s).ptr;
}

/* Twice through: once for the length, once into memory of just that length. */
Str str_vformat(Arena *arena, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	assert(n >= 0);
	size_t len = (size_t)n;
	char *text = arena_alloc(arena, len + 1);
	vsnprintf(text, len + 1, format, args);
	return (Str){text, len};
}

Str str_format(Arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	Str text = str_vformat(arena, format, args);
	va_end(args);
	return text;
}

/* Up to eight bytes as a number, the first byte lowest on every machine. */
static uint64_t word_of(const char *bytes, size_t n)
{
	uint64_t word = 0;
	memcpy(&word, bytes, n);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/*
 * Eight bytes a step, each step a bijection of the state (xor, odd multiplier, xor-shift): texts of
 * one length up to eight bytes never collide. Partition numbers come from it, so it may not change
 * between machines; nor between versions, or the order of a ledger would.
 */
uint64_t str_hash(Str s)
{
	const uint64_t odd = 0x9E3779B97F4A7C15u;
	uint64_t hash = (s.len + 1) * odd;
	size_t at = 0;
	for (; at + 8 <= s.len; at += 8) {
		hash = (hash ^ word_of(s.ptr + at, 8)) * odd;
		hash ^= hash >> 32;
	}
	if (at < s.len) {
		hash = (hash ^ word_of(s.ptr + at, s.len - at)) * odd;
		hash ^= hash >> 32;
	}
	hash *= 0xD6E8FEB86659FD93u;
	return hash ^ hash >> 29;
}

/* ---- Unicode ---- */

/* A NUL is valid UTF-8 but ends a text in half the libraries that would see it: two readers of
 * one file must not see two files. */
ptrdiff_t utf8_first_bad(Str s)
{
	size_t at = 0;
	while (at < s.len) {
		unsigned char byte = (unsigned char)s.ptr[at];
		if (byte == 0)
			return (ptrdiff_t)at;
		if (byte < 0x80) {
			at++;
			continue;
		}
		utf8proc_int32_t c;
		const utf8proc_uint8_t *from = (const utf8proc_uint8_t *)s.ptr + at;
		utf8proc_ssize_t n = utf8proc_iterate(from, (utf8proc_ssize_t)(s.len - at), &c);
		if (n <= 0)
			return (ptrdiff_t)at;
		at += (size_t)n;
	}
	return -1;
}

/* Every byte but the ones that continue a character begins one. */
size_t utf8_chars(Str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
	return n;
}

/* The character at *at, which is moved past it. A byte that is not UTF-8 counts as a character. */
static int32_t next_char(Str s, size_t *at)
{
	utf8proc_int32_t c;
	const utf8proc_uint8_t *from = (const utf8proc_uint8_t *)s.ptr + *at;
	utf8proc_ssize_t n = utf8proc_iterate(from, (utf8proc_ssize_t)(s.len - *at), &c);
	if (n <= 0) {
		c = *from;
		n = 1;
	}
	*at += (size_t)n;
	return c;
}

/* Accents written as a character of their own take no column, some East Asian signs take two. */
size_t utf8_width(Str s)
{
	size_t width = 0;
	for (size_t at = 0; at < s.len;) {
		int columns = utf8proc_charwidth(next_char(s, &at));
		if (columns > 0)
			width += (size_t)columns;
	}
	return width;
}

/* Every character below U+0300 is its own NFC form and joins with nothing before it; lead bytes
 * below 0xCC are just those. Nearly all text ends here. */
static bool surely_nfc(Str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] >= 0xCC)
			return false;
	}
	return true;
}

/* STABLE leaves alone what later versions of Unicode may move: a name is the same next year.
 * Takes the two steps of utf8proc itself, because its map function allocates out of our sight. */
Str utf8_nfc(Arena *arena, Str s)
{
	if (surely_nfc(s))
		return s;
	const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
	const utf8proc_uint8_t *from = (const utf8proc_uint8_t *)s.ptr;
	utf8proc_ssize_t len = (utf8proc_ssize_t)s.len;
	utf8proc_ssize_t n = utf8proc_decompose(from, len, NULL, 0, how);
	if (n < 0)
		return s; /* not UTF-8: told of by utf8_first_bad */
	size_t chars = (size_t)n;
	utf8proc_int32_t *work = mem_alloc(mem_product(chars + 1, sizeof *work));
	utf8proc_decompose(from, len, work, n, how);
	utf8proc_ssize_t bytes = utf8proc_reencode(work, n, how);
	assert(bytes >= 0);
	Str done = {(const char *)work, (size_t)bytes};
	if (!str_eq(done, s))
		s = str_copy(arena, done);
	free(work);
	return s;
}

/* ---- distance ---- */

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int32_t *decode(Str s, size_t *chars)
{
	int32_t *all = mem_alloc(mem_product(s.len + 1, sizeof *all));
	*chars = 0;
	for (size_t at = 0; at < s.len;)
		all[(*chars)++] = next_char(s, &at);
	return all;
}

/*
 * Three rows of the table of distances between beginnings of a (down) and of b (across). No cell is
 * let above cap, so that the cells beside the band can be given that value:
 *
 *   row i-2   . . 2 1 2 3 cap      two_up: a swap comes from here
 *   row i-1   . cap 2 1 2 3 cap    up
 *   row i     . . cap 2 1 2 3      here
 */
typedef struct Rows {
	int *two_up, *up, *here;
	int cap;
} Rows;

/* Fills columns lo..hi of row i. A swap reaches two rows and two columns back. */
static void fill_row(Rows *r, const int32_t *a, const int32_t *b, size_t i, size_t lo, size_t hi)
{
	for (size_t j = lo; j <= hi; j++) {
		bool same = a[i - 1] == b[j - 1];
		int best = r->up[j - 1] + (same ? 0 : 1);
		best = least(best, least(r->up[j], r->here[j - 1]) + 1);
		if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
			best = least(best, r->two_up[j - 2] + 1);
		r->here[j] = least(best, r->cap);
	}
}

/*
 * Only cells within `most` of the diagonal can hold an answer of at most `most`; the cells beside
 * that band are set to the cap, so that no row is ever filled whole: two long names cost their
 * length, not its square.
 */
static int banded_distance(Rows *r, const int32_t *a, size_t na, const int32_t *b, size_t nb)
{
	size_t band = (size_t)r->cap - 1;
	for (size_t j = 0; j <= nb; j++) {
		r->up[j] = j < (size_t)r->cap ? (int)j : r->cap;
		r->two_up[j] = r->here[j] = r->cap;
	}
	for (size_t i = 1; i <= na; i++) {
		size_t lo = i > band ? i - band : 1;
		size_t hi = i + band < nb ? i + band : nb;
		r->here[lo - 1] = lo == 1 && i < (size_t)r->cap ? (int)i : r->cap;
		if (hi < nb)
			r->here[hi + 1] = r->cap;
		fill_row(r, a, b, i, lo, hi);
		int *spare = r->two_up;
		r->two_up = r->up;
		r->up = r->here;
		r->here = spare;
	}
	return r->up[nb];
}

/* The difference in length is a lower bound, so most pairs of names are told apart for nothing. */
int text_distance(Str a, Str b, int most)
{
	size_t na, nb;
	int32_t *ca = decode(a, &na), *cb = decode(b, &nb);
	int distance = most + 1;
	size_t gap = na > nb ? na - nb : nb - na;
	if (most >= 0 && gap <= (size_t)most) {
		size_t columns = nb + 1;
		int *cells = mem_alloc(mem_product(columns, 3 * sizeof *cells));
		Rows rows = {cells, cells + columns, cells + 2 * columns, most + 1};
		distance = banded_distance(&rows, ca, na, cb, nb);
		free(cells);
	}
	free(ca);
	free(cb);
	return distance;
}

/* ---- buffers ---- */

/* Grows by doubling, so that text put together piece by piece costs its length, not its square. */
char *buf_reserve(Buf *buf, size_t more)
{
	if (buf->cap - buf->n <= more) {
		size_t wanted = buf->cap < BUF_FIRST ? BUF_FIRST : mem_product(buf->cap, 2);
		while (wanted - buf->n <= more)
			wanted = mem_product(wanted, 2);
		buf->at = mem_resize(buf->at, wanted);
		buf->cap = wanted;
	}
	return buf->at + buf->n;
}

/* The NUL moves along, so that `at` can be handed to a library at any time. */
static void extend(Buf *buf, size_t more)
{
	buf->n += more;
	buf->at[buf->n] = '\0';
}

/* From the last digit to the first, straight into the text; printf took three times as long. */
void buf_number(Buf *buf, uint64_t n, int least)
{
	int digits = 1;
	for (uint64_t limit = 10; digits < NUMBER_DIGITS && n >= limit; limit *= 10)
		digits++;
	if (digits < least)
		digits = least;
	char *end = buf_reserve(buf, (size_t)digits);
	for (int at = digits; at-- > 0; n /= 10)
		end[at] = (char)('0' + (int)(n % 10));
	extend(buf, (size_t)digits);
}

/* Most pieces are short: the first try goes into the room that is there anyway. */
void buf_vprintf(Buf *buf, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	char *end = buf_reserve(buf, BUF_FIRST);
	size_t room = buf->cap - buf->n;
	int n = vsnprintf(end, room, format, args);
	assert(n >= 0);
	size_t len = (size_t)n;
	if (len >= room)
		vsnprintf(buf_reserve(buf, len), len + 1, format, again);
	va_end(again);
	extend(buf, len);
}

void buf_printf(Buf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_vprintf(buf, format, args);
	va_end(args);
}

/* For columns of figures and marks under source lines. */
void buf_pad(Buf *buf, char c, size_t times)
{
	memset(buf_reserve(buf, times), c, times);
	extend(buf, times);
}

Str buf_view(const Buf *buf)
{
	return buf->at == NULL ? STR("") : (Str){buf->at, buf->n};
}

/* The memory stays: buffers that are filled again and again settle at their largest. */
void buf_clear(Buf *buf)
{
	buf->n = 0;
	if (buf->at != NULL)
		buf->at[0] = '\0';
}

void buf_free(Buf *buf)
{
	free(buf->at);
	*buf = (Buf){0};
}

Str buf_keep(Buf *buf, Arena *arena)
{
	Str kept = str_copy(arena, buf_view(buf));
	buf_free(buf);
	return kept;
}

/* ---- map ---- */

/*
 * Entries lie in order of insertion, so walking them never depends on the hash; the slots only find
 * them again:
 *
 *   slot:  0 | 2 | 0 | 1 | 0 | 3 | 0 | 0        key:   "P7"  "P1"  "P3"
 *              |       |       +------------->  value:   0     0     0   (entry number = slot - 1)
 */

void strmap_init(StrMap *map, Arena *arena)
{
	*map = (StrMap){.arena = arena};
}

/* The slot that holds key, or the free one where it belongs. At most half the slots are taken, so
 * the walk ends. */
static size_t slot_for(const StrMap *map, Str key)
{
	size_t mask = map->cap - 1;
	size_t at = (size_t)str_hash(key) & mask;
	while (map->slot[at] != 0 && !str_eq(map->key[map->slot[at] - 1], key))
		at = (at + 1) & mask;
	return at;
}

/* The arrays that are left behind stay in the arena: together less than the ones in use. */
static void strmap_grow(StrMap *map)
{
	size_t cap = map->cap == 0 ? MAP_FIRST : mem_product(map->cap, 2);
	assert(cap / 2 <= INT32_MAX);
	StrMap bigger = {.arena = map->arena, .n = map->n, .cap = cap};
	bigger.slot = ARENA_ARRAY(map->arena, int32_t, cap);
	bigger.key = ARENA_ARRAY(map->arena, Str, cap / 2);
	bigger.value = ARENA_ARRAY(map->arena, int32_t, cap / 2);
	for (size_t i = 0; i < map->n; i++) {
		bigger.key[i] = map->key[i];
		bigger.value[i] = map->value[i];
		bigger.slot[slot_for(&bigger, map->key[i])] = (int32_t)i + 1;
	}
	*map = bigger;
}

/* Grows before it looks, as the slot that is found must stay the slot that is filled. */
int32_t *strmap_at(StrMap *map, Str key, bool *added)
{
	if (map->n >= map->cap / 2)
		strmap_grow(map);
	size_t at = slot_for(map, key);
	*added = map->slot[at] == 0;
	if (*added) {
		map->key[map->n] = str_copy(map->arena, key);
		map->slot[at] = (int32_t)++map->n;
	}
	return &map->value[map->slot[at] - 1];
}

/* Never grows, so a map that is only asked may be shared between threads. */
const int32_t *strmap_get(const StrMap *map, Str key)
{
	if (map->cap == 0)
		return NULL;
	int32_t entry = map->slot[slot_for(map, key)];
	return entry == 0 ? NULL : &map->value[entry - 1];
}
