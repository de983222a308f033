/*
 * Rows in order of their keys. That order is the row number of a store, so nothing that is computed
 * from it can depend on the order in which the table has its rows.
 *
 *   keys ─> a number for each that rises with the key's bytes ─> radix sort ─> ties by comparing
 *
 * Exports stand in order of their keys more often than not: that is tested first. The numbers, by
 * the form that the keys have:
 *
 *   codes of one pattern    the codes themselves: the digits are their lowest bits
 *   of one prefix           text_code_rank
 *   shaped keys             64 bits behind those that all share
 *   rowids                  leads; where those are equal the database is asked for the keys
 *   anything else           eight bytes behind what all texts begin with
 */
#include "interp/data_internal.h"

#include <stdlib.h>
#include <string.h>

#define MANY 2048             /* from so many on, digits of 11 bits instead of 8 */

/* ---- sorting ---- */

/* One look is far cheaper than a sort, and mostly enough. */
static bool is_rising(const uint64_t *key, int32_t n)
{
	for (int32_t i = 1; i < n; i++)
		if (key[i] < key[i - 1])
			return false;
	return true;
}

/* Keys and row numbers move together, to and fro between two pairs of arrays. */
typedef struct Radix {
	uint64_t *key, *other_key;
	int32_t *index, *other;
	int32_t n;
	int bits;
	uint32_t *count;
} Radix;

/* One stable pass over one digit. */
static void radix_pass(Radix *r, int shift)
{
	uint32_t mask = (1u << r->bits) - 1, sum = 0;
	memset(r->count, 0, sizeof *r->count << r->bits);
	for (int32_t i = 0; i < r->n; i++)
		r->count[(r->key[i] >> shift) & mask]++;
	for (uint32_t d = 0; d <= mask; d++) {
		uint32_t here = r->count[d];
		r->count[d] = sum;
		sum += here;
	}
	for (int32_t i = 0; i < r->n; i++) {
		uint32_t to = r->count[(r->key[i] >> shift) & mask]++;
		r->other_key[to] = r->key[i];
		r->other[to] = r->index[i];
	}
	uint64_t *key = r->key;
	int32_t *index = r->index;
	r->key = r->other_key;
	r->index = r->other;
	r->other_key = key;
	r->other = index;
}

/* Digits that are the same in all keys are left out. */
static void radix_sort(uint64_t *key, int32_t *index, int32_t n, int lowest, Arena *scratch)
{
	int bits = n < MANY ? 8 : 11;
	Radix r = {.key = key, .index = index, .n = n, .bits = bits,
		.other_key = ARENA_ROOM(scratch, uint64_t, (size_t)n),
		.other = ARENA_ROOM(scratch, int32_t, (size_t)n),
		.count = ARENA_ROOM(scratch, uint32_t, (size_t)1 << bits)};
	uint64_t differ = 0;
	for (int32_t i = 1; i < n; i++)
		differ |= key[i] ^ key[0];
	for (int shift = lowest; shift < 64; shift += bits)
		if ((differ >> shift & ((1u << bits) - 1)) != 0)
			radix_pass(&r, shift);
	/* An odd number of passes leaves the result in the other arrays. */
	if (r.key != key) {
		memcpy(key, r.key, (size_t)n * sizeof *key);
		memcpy(index, r.index, (size_t)n * sizeof *index);
	}
}

/* A merge sort of rows whose numbers are equal; they are few. */
static void sort_by_compare(int32_t *index, int32_t n, RowCompare compare, void *user,
	int32_t *room)
{
	if (n < 2)
		return;
	int32_t half = n / 2, a = 0, b = half, to = 0;
	sort_by_compare(index, half, compare, user, room);
	sort_by_compare(index + half, n - half, compare, user, room);
	/* Both halves in order, and the one behind the other: nothing to merge. */
	if (compare(user, index[half - 1], index[half]) <= 0)
		return;
	while (a < half && b < n)
		room[to++] = compare(user, index[a], index[b]) <= 0 ? index[a++] : index[b++];
	while (a < half)
		room[to++] = index[a++];
	memcpy(index, room, (size_t)to * sizeof *index);
}

/* Rows whose numbers agree from bit `lowest` on. */
static void sort_ties(const uint64_t *key, int lowest, int32_t *index, int32_t n,
	RowCompare compare, void *user, Arena *scratch)
{
	int32_t *room = NULL;
	for (int32_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && key[end] >> lowest == key[i] >> lowest;)
			end++;
		if (end - i == 1)
			continue;
		if (room == NULL)
			room = ARENA_ROOM(scratch, int32_t, (size_t)n);
		sort_by_compare(index + i, end - i, compare, user, room);
	}
}

void rows_sort(uint64_t *key, int32_t *index, int32_t n, RowCompare compare, void *user,
	Arena *scratch)
{
	if (!is_rising(key, n))
		radix_sort(key, index, n, 0, scratch);
	if (compare != NULL)
		sort_ties(key, 0, index, n, compare, user, scratch);
}

/* Random keys differ in their first bits. Two digits leave about n * n / 2^23 pairs that agree so
 * far, three hardly any; those few are compared. */
static void sort_random(uint64_t *key, int32_t *index, int32_t n, RowCompare compare, void *user,
	Arena *scratch)
{
	int lowest = n <= 1 << 16 ? 64 - 2 * 11 : 64 - 3 * 11;
	if (is_rising(key, n)) {
		sort_ties(key, 0, index, n, compare, user, scratch);
		return;
	}
	radix_sort(key, index, n, lowest, scratch);
	sort_ties(key, lowest, index, n, compare, user, scratch);
}

/* ---- the order of keys ---- */

/* Keys on the way to an order: the numbers that stand for them, and the rows. */
typedef struct Ranks {
	const KeySource *keys;
	int32_t n;
	uint64_t *rank;
	int32_t *index;
	Arena *scratch;
} Ranks;

static int compare_texts(void *user, int32_t a, int32_t b)
{
	const Str *text = user;
	return str_cmp(text[a], text[b]);
}

/* As a number whose size orders them as bytes do. */
static uint64_t eight_bytes(Str text, size_t from)
{
	uint64_t n = 0;
	for (size_t i = from; i < from + 8; i++)
		n = n << 8 | (i < text.len ? (unsigned char)text.ptr[i] : 0u);
	return n;
}

/* By the eight bytes behind what all keys begin with, then by the rest. */
static void rank_texts(Ranks *r)
{
	Str *text = ARENA_ROOM(r->scratch, Str, (size_t)r->n + 1);
	size_t stem = SIZE_MAX;
	for (int32_t i = 0; i < r->n; i++) {
		text[i] = key_text(r->keys, i, r->scratch);
		if (stem > text[i].len)
			stem = text[i].len;
		size_t shared = 0;
		while (shared < stem && text[i].ptr[shared] == text[0].ptr[shared])
			shared++;
		stem = shared;
	}
	for (int32_t i = 0; i < r->n; i++)
		r->rank[i] = eight_bytes(text[i], stem);
	rows_sort(r->rank, r->index, r->n, compare_texts, text, r->scratch);
}

/* False when prefixes differ: then the texts themselves are compared. */
static bool rank_codes(Ranks *r)
{
	int32_t prefix = -1;
	for (int32_t i = 0; i < r->n; i++)
		if (!text_code_rank(r->keys->data, r->keys->code[i], &prefix, &r->rank[i]))
			return false;
	return true;
}

/* Keys with one prefix need no comparing: their ranks are all different. */
static void order_codes(Ranks *r)
{
	if (text_codes_alike(r->keys->code, r->n))
		memcpy(r->rank, r->keys->code, (size_t)r->n * sizeof *r->rank);
	else if (!rank_codes(r)) {
		rank_texts(r);
		return;
	}
	rows_sort(r->rank, r->index, r->n, NULL, NULL, r->scratch);
}

/* As the texts: none of these keys is WIDE_OTHER. */
static int compare_wide(void *user, int32_t a, int32_t b)
{
	const WideKey *wide = user;
	if (wide[a].hi != wide[b].hi)
		return wide[a].hi < wide[b].hi ? -1 : 1;
	return wide[a].lo < wide[b].lo ? -1 : wide[a].lo > wide[b].lo;
}

/* Bits in front that all keys share. */
static int shared_bits(const WideKey *wide, int32_t n)
{
	WideKey differ = {0, 0};
	for (int32_t i = 1; i < n; i++) {
		differ.hi |= wide[i].hi ^ wide[0].hi;
		differ.lo |= wide[i].lo ^ wide[0].lo;
	}
	if (differ.hi != 0)
		return __builtin_clzll(differ.hi);
	return differ.lo != 0 ? 64 + __builtin_clzll(differ.lo) : 0;
}

/* By the 64 bits behind the shared ones. A key that has not the shape of the others stands where
 * its text belongs. */
static void order_wide(Ranks *r)
{
	const WideKey *wide = r->keys->wide;
	int shared = shared_bits(wide, r->n);
	for (int32_t i = 0; i < r->n; i++) {
		if (wide[i].hi == WIDE_OTHER) {
			rank_texts(r);
			return;
		}
		Uint128 whole = (Uint128)wide[i].hi << 64 | wide[i].lo;
		r->rank[i] = (uint64_t)(whole << shared >> 64);
	}
	sort_random(r->rank, r->index, r->n, compare_wide, (void *)(uintptr_t)wide, r->scratch);
}

/* The only comparison that asks the database. */
static int compare_fetched(void *user, int32_t a, int32_t b)
{
	const KeySource *keys = user;
	Arena *scratch = &keys->worker->scratch;
	return str_cmp(key_text(keys, a, scratch), key_text(keys, b, scratch));
}

/* Ties are rare where keys differ soon behind what all begin with; each costs a look-up. */
static void order_leads(Ranks *r, const uint32_t *lead)
{
	for (int32_t i = 0; i < r->n; i++)
		r->rank[i] = lead[i];
	rows_sort(r->rank, r->index, r->n, compare_fetched, (void *)(uintptr_t)r->keys, r->scratch);
}

/* Codes of one pattern that rise: what most exports hold, told by a look at the keys alone. */
static bool codes_rise(const KeySource *keys, int32_t n)
{
	return keys->code != NULL && is_rising(keys->code, n) && text_codes_alike(keys->code, n);
}

int32_t *keys_order(const KeySource *keys, const uint32_t *lead, int32_t n, Arena *scratch)
{
	if (codes_rise(keys, n))
		return NULL;
	Ranks r = {.keys = keys, .n = n, .rank = ARENA_ROOM(scratch, uint64_t, (size_t)n + 1),
		.index = ARENA_ROOM(scratch, int32_t, (size_t)n + 1), .scratch = scratch};
	for (int32_t i = 0; i < n; i++)
		r.index[i] = i;
	if (keys->code != NULL)
		order_codes(&r);
	else if (keys->wide != NULL)
		order_wide(&r);
	else
		order_leads(&r, lead);
	int32_t in_place = 0;
	while (in_place < n && r.index[in_place] == in_place)
		in_place++;
	return in_place == n ? NULL : r.index;
}
