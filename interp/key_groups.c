/*
 * Numbers for keys by hashing, then a counting sort by number.
 *
 * The hash of a row is worked out and looked up at once, with no array in between: one row's need
 * not be done before the next one's begins, so the processor has several in hand.
 */
#include "interp/key_groups.h"

#include <string.h>

#define FIRST_BITS 8

/* ---- keys ---- */

/* Columns hold texts as addresses of their cells. */
static Str text_at(int64_t value)
{
	const TextCell *cell = (const TextCell *)(intptr_t)value;
	return (Str){cell->bytes, cell->len};
}

/* Its upper bits are the good ones, and folding leaves them as they are. Texts by their bytes: the same text may stand in two cells. */
static inline uint64_t hash_of(const Keys *keys, int32_t row)
{
	uint64_t hash = 0;
	for (int32_t k = 0; k < keys->n; k++) {
		int64_t value = keys->value[k][row];
		bool text = keys->kind[k] == TYPE_TEXT;
		hash = (hash ^ (text ? str_hash(text_at(value)) : (uint64_t)value)) * 0x9E3779B97F4A7C15u;
		hash ^= hash >> 32;
	}
	return hash;
}

/* A hash only says where to look. */
static inline bool same_key(const Keys *a, int32_t i, const Keys *b, int32_t j)
{
	for (int32_t k = 0; k < a->n; k++) {
		int64_t x = a->value[k][i], y = b->value[k][j];
		if (a->kind[k] == TYPE_TEXT ? !str_eq(text_at(x), text_at(y)) : x != y)
			return false;
	}
	return true;
}

/* ---- numbers ---- */

KeyNumbers key_numbers_new(const Keys *keys, Arena *scratch)
{
	return (KeyNumbers){.keys = keys, .scratch = scratch, .shift = 64 - FIRST_BITS,
		.slot = ARENA_ARRAY(scratch, KeySlot, (size_t)1 << FIRST_BITS)};
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
		if (slot->number == 0 ||
		    (slot->hash == hash && same_key(numbers->keys, slot->row, keys, row)))
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

void key_numbers_give(KeyNumbers *numbers, const uint8_t *in, int32_t rows, int32_t *of)
{
	for (int32_t i = 0; i < rows; i++) {
		of[i] = -1;
		if (in[i] != 1)
			continue;
		uint64_t hash = hash_of(numbers->keys, i);
		KeySlot *slot = slot_of(numbers, numbers->keys, i, hash);
		of[i] = slot->number - 1;
		if (slot->number != 0)
			continue;
		of[i] = numbers->n++;
		*slot = (KeySlot){hash, numbers->n, i};
		if ((uint32_t)numbers->n * 2 > last_slot(numbers))
			grow(numbers);
	}
}

void key_numbers_find(const KeyNumbers *numbers, const Keys *keys, const uint8_t *in, int32_t rows,
	int32_t *of)
{
	for (int32_t i = 0; i < rows; i++)
		of[i] = in[i] != 1 ? -1 : slot_of(numbers, keys, i, hash_of(keys, i))->number - 1;
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
