/*
 * Two tables with open addressing: groups by their keys, and (group, value) pairs seen. Both are
 * sized in powers of two, at most half full, and searched place by place; the numbers of groups are
 * given in the order in which they are met, which is the order of rows and so does not depend on
 * threads. Tables live for one scan of one store, so they only grow.
 *
 *   place   [ -1  2 -1 -1  0  1 -1 -1 ]       8 places for 3 groups of 2 keys
 *   key     [ P1 Q1 | P1 Q2 | P7 Q1 ]         number of a group = its place in here
 *
 * Running out of memory ends the run (base/mem.h), so nothing here can fail.
 */
#include "interp/measure_tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Places of a new table: 32 groups, as many as a partition's providers and quarters most often
 * are. */
#define FIRST 64u

/* The upper half of the product depends on all bits below; nothing written depends on it. The
 * constant is 2^64 divided by the golden ratio; the shift brings the upper half down to the bits
 * that the mask leaves. */
static uint64_t mix(uint64_t hash, uint64_t with)
{
	hash = (hash ^ with) * 0x9E3779B97F4A7C15u;
	return hash ^ (hash >> 32);
}

/* ---- groups ---- */

static uint64_t key_hash(const KeyTable *table, const int64_t *key)
{
	uint64_t hash = 1;
	for (int32_t k = 0; k < table->nkeys; k++)
		hash = mix(hash, (uint64_t)key[k]);
	return hash;
}

/* Keys are two or three, which is less than a call of memcmp costs. Numbers alone: a text stands
 * here as the address of its cell. */
static bool key_same(const KeyTable *table, int32_t group, const int64_t *key)
{
	const int64_t *own = table->key + (size_t)group * (size_t)table->nkeys;
	for (int32_t k = 0; k < table->nkeys; k++)
		if (own[k] != key[k])
			return false;
	return true;
}

/* Where it is, or the free place where it goes. */
static uint32_t key_place(const KeyTable *table, const int64_t *key)
{
	uint32_t at = (uint32_t)key_hash(table, key) & table->mask;
	while (table->place[at] >= 0 && !key_same(table, table->place[at], key))
		at = (at + 1) & table->mask;
	return at;
}

/* At most half full, so that a search is short. All bits set is -1, the mark of a free place. */
static void keys_grow(KeyTable *table)
{
	uint32_t size = table->place == NULL ? FIRST : (table->mask + 1) * 2;
	table->place = mem_resize(table->place, mem_product(sizeof *table->place, size));
	memset(table->place, 0xFF, sizeof *table->place * size);
	table->mask = size - 1;
	table->room = (int32_t)(size / 2);
	table->key = mem_resize(table->key, mem_product(sizeof *table->key * (size_t)(size / 2),
		(size_t)table->nkeys + 1));
	for (int32_t g = 0; g < table->n; g++)
		table->place[key_place(table, table->key + (size_t)g * (size_t)table->nkeys)] = g;
}

/* Grows before it looks, so that the place found stays the place: one look-up a row. */
int32_t keytable_of(KeyTable *table, const int64_t *key)
{
	if (table->n == table->room)
		keys_grow(table);
	uint32_t at = key_place(table, key);
	if (table->place[at] >= 0)
		return table->place[at];
	memcpy(table->key + (size_t)table->n * (size_t)table->nkeys, key,
		sizeof *key * (size_t)table->nkeys);
	table->place[at] = table->n;
	return table->n++;
}

/* An empty table of the same shape is left, ready to be filled again. */
void keytable_free(KeyTable *table)
{
	free(table->key);
	free(table->place);
	*table = (KeyTable){.nkeys = table->nkeys};
}

/* ---- values that are different ---- */

/* Free places have group -1; no group has that number. */
static uint32_t pair_place(const PairTable *table, int32_t group, int64_t value)
{
	uint32_t at = (uint32_t)mix(mix(1, (uint64_t)group), (uint64_t)value) & table->mask;
	while (table->at[at].group >= 0 &&
			(table->at[at].group != group || table->at[at].value != value))
		at = (at + 1) & table->mask;
	return at;
}

/* Pairs lie in the table itself, since they are as small as a reference to them would be. */
static void pairs_grow(PairTable *table)
{
	PairTable old = *table;
	uint32_t size = old.at == NULL ? FIRST : (old.mask + 1) * 2;
	table->at = mem_resize(NULL, mem_product(sizeof *table->at, size));
	table->mask = size - 1;
	for (uint32_t i = 0; i < size; i++)
		table->at[i].group = -1;
	for (uint32_t i = 0; old.at != NULL && i <= old.mask; i++)
		if (old.at[i].group >= 0)
			table->at[pair_place(table, old.at[i].group, old.at[i].value)] = old.at[i];
	free(old.at);
}

/* Once more is nothing: this is how `distinct` and `only_value` forget how often a value came. */
void pairtable_add(PairTable *table, int32_t group, int64_t value)
{
	if (table->at == NULL || table->n * 2 > table->mask)
		pairs_grow(table);
	uint32_t at = pair_place(table, group, value);
	if (table->at[at].group >= 0)
		return;
	table->at[at] = (Pair){value, group};
	table->n++;
}

void pairtable_free(PairTable *table)
{
	free(table->at);
	*table = (PairTable){0};
}
