/*
 * Numbers for keys by hashing, then a counting sort by number.
 *
 * Keys are mostly row numbers and codes, which need few bits. Where the bits that all columns need
 * fit into one word, a key is one number, and that number times an odd one is a hash that no other
 * key has: then it is all that is ever compared. (An odd factor can be divided out again.)
 *
 *   provider  4 bits   client  17 bits       hash = provider * C + client * (C << 4)
 *
 * Hashes are worked out for a block of rows at a time, column by column, and then looked up.
 */
#include "interp/key_groups.h"

#include <string.h>

#define FIRST_BITS 8
#define BLOCK_ROWS 256
#define ODD 0x9E3779B97F4A7C15u /* 2^64 over the golden ratio: its multiples lie far apart */

/* ---- hashes ---- */

/* Columns hold texts as addresses of their cells. */
static Str text_at(int64_t value)
{
	const TextCell *cell = (const TextCell *)(intptr_t)value;
	return (Str){cell->bytes, cell->len};
}

static bool is_text(const Keys *keys, int32_t column)
{
	return keys->kind[column] == TYPE_TEXT;
}

/* That values of the column have; a negative one has all 64. */
static int bits_of(const Keys *keys, int32_t column)
{
	uint64_t any = 0;
	for (int32_t i = 0; keys != NULL && i < keys->rows; i++)
		any |= (uint64_t)keys->value[column][i];
	return any == 0 ? 0 : 64 - __builtin_clzll(any);
}

/* Columns stand side by side in the number that is the key. Where they overlap, or there are texts,
 * hashes only say where to look. */
static void choose_times(KeyNumbers *numbers, const Keys *others)
{
	const Keys *keys = numbers->keys;
	int used = 0;
	numbers->exact = true;
	for (int32_t k = 0; k < keys->n; k++) {
		int mine = is_text(keys, k) ? 64 : bits_of(keys, k);
		int theirs = is_text(keys, k) ? 64 : bits_of(others, k);
		numbers->times[k] = (uint64_t)ODD << used % 64;
		used += mine > theirs ? mine : theirs;
		numbers->exact &= used <= 64 && !is_text(keys, k);
	}
}

KeyNumbers key_numbers_new(const Keys *keys, const Keys *others, Arena *scratch)
{
	KeyNumbers out = {.keys = keys, .scratch = scratch, .shift = 64 - FIRST_BITS,
		.times = ARENA_ARRAY(scratch, uint64_t, (size_t)keys->n + 1),
		.slot = ARENA_ARRAY(scratch, KeySlot, (size_t)1 << FIRST_BITS)};
	choose_times(&out, others);
	return out;
}

/* Of n rows from this one on; the upper bits are the good ones. Of rows that are not in it is of no
 * use, and their texts may be missing. Texts go by their bytes: the same may stand in two cells. */
static void hash_rows(const KeyNumbers *numbers, const Keys *keys, const uint8_t *in, int32_t from,
	int32_t n, uint64_t *hash)
{
	memset(hash, 0, (size_t)n * sizeof *hash);
	for (int32_t k = 0; k < keys->n; k++) {
		const int64_t *value = keys->value[k] + from;
		uint64_t times = numbers->times[k];
		bool text = is_text(keys, k);
		for (int32_t i = 0; i < n && !text; i++)
			hash[i] += (uint64_t)value[i] * times;
		for (int32_t i = 0; i < n && text; i++)
			if (in[from + i] == 1)
				hash[i] += str_hash(text_at(value[i])) * times;
	}
}

/* ---- numbers ---- */

static bool same_key(const Keys *a, int32_t i, const Keys *b, int32_t j)
{
	for (int32_t k = 0; k < a->n; k++) {
		int64_t x = a->value[k][i], y = b->value[k][j];
		if (is_text(a, k) ? !str_eq(text_at(x), text_at(y)) : x != y)
			return false;
	}
	return true;
}

static inline uint32_t last_slot(const KeyNumbers *numbers)
{
	return (uint32_t)(UINT64_MAX >> numbers->shift);
}

/* The slot of the row's key: its own, or a free one. */
static inline KeySlot *slot_of(const KeyNumbers *numbers, const Keys *keys, int32_t row,
	uint64_t hash)
{
	uint32_t at = (uint32_t)(hash >> numbers->shift);
	for (;; at = (at + 1) & last_slot(numbers)) {
		KeySlot *slot = &numbers->slot[at];
		if (slot->number == 0 || (slot->hash == hash &&
		    (numbers->exact || same_key(numbers->keys, slot->row, keys, row))))
			return slot;
	}
}

/* Hashes are kept, so no key is compared again. */
static void grow(KeyNumbers *numbers)
{
	KeyNumbers more = *numbers;
	more.shift--;
	more.slot = ARENA_ARRAY(numbers->scratch, KeySlot, (size_t)last_slot(&more) + 1);
	for (uint32_t i = 0; i <= last_slot(numbers); i++) {
		const KeySlot *slot = &numbers->slot[i];
		uint32_t at = (uint32_t)(slot->hash >> more.shift);
		if (slot->number == 0)
			continue;
		while (more.slot[at].number != 0)
			at = (at + 1) & last_slot(&more);
		more.slot[at] = *slot;
	}
	*numbers = more;
}

/* A key that nobody had. */
static int32_t number_new(KeyNumbers *numbers, KeySlot *slot, int32_t row, uint64_t hash)
{
	int32_t number = numbers->n++;
	*slot = (KeySlot){hash, numbers->n, row};
	if ((uint32_t)numbers->n * 2 > last_slot(numbers))
		grow(numbers);
	return number;
}

void key_numbers_give(KeyNumbers *numbers, const uint8_t *in, int32_t *of)
{
	const Keys *keys = numbers->keys;
	uint64_t hash[BLOCK_ROWS];
	for (int32_t from = 0, n; from < keys->rows; from += n) {
		n = keys->rows - from < BLOCK_ROWS ? keys->rows - from : BLOCK_ROWS;
		hash_rows(numbers, keys, in, from, n, hash);
		for (int32_t i = 0, row = from; i < n; i++, row++) {
			of[row] = -1;
			if (in[row] != 1)
				continue;
			KeySlot *slot = slot_of(numbers, keys, row, hash[i]);
			of[row] = slot->number > 0 ? slot->number - 1
				: number_new(numbers, slot, row, hash[i]);
		}
	}
}

void key_numbers_find(const KeyNumbers *numbers, const Keys *others, const uint8_t *in, int32_t *of)
{
	uint64_t hash[BLOCK_ROWS];
	for (int32_t from = 0, n; from < others->rows; from += n) {
		n = others->rows - from < BLOCK_ROWS ? others->rows - from : BLOCK_ROWS;
		hash_rows(numbers, others, in, from, n, hash);
		for (int32_t i = 0, row = from; i < n; i++, row++)
			of[row] = in[row] != 1 ? -1 : slot_of(numbers, others, row, hash[i])->number - 1;
	}
}

/* ---- groups ---- */

/* A counting sort: rows of a group stay in their order. start[g + 1] is where the next row of group
 * g goes and in the end where group g + 1 begins, hence the shift by two. */
KeyGroups key_groups_of(const int32_t *of, int32_t rows, int32_t n, const int64_t *value,
	Arena *scratch)
{
	KeyGroups out = {.n = n, .start = ARENA_ARRAY(scratch, int32_t, (size_t)n + 2),
		.row = ARENA_ROOM(scratch, int32_t, (size_t)rows + 1)};
	for (int32_t i = 0; i < rows; i++)
		if (of[i] >= 0)
			out.start[of[i] + 2]++;
	for (int32_t g = 2; g < n + 2; g++)
		out.start[g] += out.start[g - 1];
	if (value != NULL)
		out.at = ARENA_ROOM(scratch, int64_t, (size_t)rows + 1);
	for (int32_t i = 0; i < rows; i++) {
		if (of[i] < 0)
			continue;
		int32_t to = out.start[of[i] + 1]++;
		out.row[to] = i;
		if (value != NULL)
			out.at[to] = value[i];
	}
	return out;
}
