/*
 * Two tables with open addressing: groups by their keys, and (group, value) pairs seen. Both are
 * sized in powers of two, at most half full, and searched place by place; the numbers of groups are
 * given in the order in which they are met, and nothing that is written depends on them. Tables
 * serve one store after another, so they only grow.
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
#define FIRST_BITS 6
/* 2^64 divided by the golden ratio, and an odd number without a pattern: products with these differ
 * in their upper bits where the factors differ in any. */
#define GOLDEN 0x9E3779B97F4A7C15u
#define ODD 0xD6E8FEB86659FD93u

/* ---- groups ---- */

/* A sum of products, none of which waits for another: rows of a batch that lie in groups of their
 * own are then looked up side by side by the processor. The factors of keys are all odd. Nothing
 * that is written depends on them. */
static uint32_t first_place(const KeyTable *table, const TallyKey *key, int32_t row)
{
	uint64_t hash = 0, factor = GOLDEN;
	for (int32_t k = 0; k < table->nkeys; k++) {
		hash += (uint64_t)key[k].value[row * key[k].step] * factor;
		factor *= ODD;
	}
	return (uint32_t)(hash >> table->shift);
}

/* Keys are two or three, which is less than a call of memcmp costs. Numbers alone: a text stands
 * here as the address of its cell. */
static bool key_same(const KeyTable *table, int32_t group, const TallyKey *key, int32_t row)
{
	const int64_t *own = table->key + (size_t)group * (size_t)table->nkeys;
	for (int32_t k = 0; k < table->nkeys; k++)
		if (own[k] != key[k].value[row * key[k].step])
			return false;
	return true;
}

/* Where it is, or the free place where it goes. */
static uint32_t key_place(const KeyTable *table, const TallyKey *key, int32_t row)
{
	uint32_t at = first_place(table, key, row);
	while (table->place[at] >= 0 && !key_same(table, table->place[at], key, row))
		at = (at + 1) & table->mask;
	return at;
}

/* Of a group that is there: all keys of its own are in one row. */
static uint32_t own_place(const KeyTable *table, int32_t group)
{
	const int64_t *own = table->key + (size_t)group * (size_t)table->nkeys;
	uint64_t hash = 0, factor = GOLDEN;
	for (int32_t k = 0; k < table->nkeys; k++) {
		hash += (uint64_t)own[k] * factor;
		factor *= ODD;
	}
	uint32_t at = (uint32_t)(hash >> table->shift);
	while (table->place[at] >= 0)
		at = (at + 1) & table->mask;
	return at;
}

/* At most half full, so that a search is short. All bits set is -1, the mark of a free place. */
static void keys_grow(KeyTable *table)
{
	int bits = table->place == NULL ? FIRST_BITS : 64 - table->shift + 1;
	size_t size = (size_t)1 << bits;
	table->place = mem_resize(table->place, mem_product(sizeof *table->place, size));
	memset(table->place, 0xFF, sizeof *table->place * size);
	table->shift = 64 - bits;
	table->mask = (uint32_t)(size - 1);
	table->room = (int32_t)(size / 2);
	table->key = mem_resize(table->key, mem_product(sizeof *table->key * (size / 2),
		(size_t)table->nkeys + 1));
	for (int32_t g = 0; g < table->n; g++)
		table->place[own_place(table, g)] = g;
}

/* Grows before it looks, so that the place found stays the place: one look-up a run. */
static int32_t group_of(KeyTable *table, const TallyKey *key, int32_t row)
{
	if (table->n == table->room)
		keys_grow(table);
	uint32_t at = key_place(table, key, row);
	if (table->place[at] >= 0)
		return table->place[at];
	int64_t *own = table->key + (size_t)table->n * (size_t)table->nkeys;
	for (int32_t k = 0; k < table->nkeys; k++)
		own[k] = key[k].value[row * key[k].step];
	table->place[at] = table->n;
	return table->n++;
}

void keytable_find(KeyTable *table, const TallyKey *key, TallyRun *run, int32_t nruns)
{
	for (int32_t r = 0; r < nruns; r++)
		if (run[r].group != 0)
			run[r].group = 1 + group_of(table, key, run[r].from);
}

/* The next store most often has as many groups. */
void keytable_clear(KeyTable *table)
{
	if (table->n > 0)
		memset(table->place, 0xFF, sizeof *table->place * ((size_t)table->mask + 1));
	table->n = 0;
}

/* An empty table of the same shape is left, ready to be filled again. */
void keytable_free(KeyTable *table)
{
	free(table->key);
	free(table->place);
	*table = (KeyTable){.nkeys = table->nkeys};
}

/* ---- runs ---- */

/* A sum that runs on costs a row one addition, wherever the runs end; adding up each run by itself
 * cost more than twice as much, since most are short. */
void tally_upto(const uint8_t *in, int32_t n, int32_t *upto)
{
	int32_t sum = 0;
	for (int32_t i = 0; i < n; i++) {
		upto[i] = sum;
		sum += in[i];
	}
	upto[n] = sum;
}

void tally_where(const uint8_t *in, const int64_t *value, int32_t n, uint8_t *to, int32_t *upto)
{
	int32_t sum = 0;
	for (int32_t i = 0; i < n; i++) {
		uint8_t goes_in = in[i] & (value[i] != 0);
		upto[i] = sum;
		to[i] = goes_in;
		sum += goes_in;
	}
	upto[n] = sum;
}

static int32_t rows_of(const TallyRows *rows, const TallyRun *run)
{
	return rows->upto[run->to] - rows->upto[run->from];
}

void tally_kept(int64_t *kept, const TallyRows *rows)
{
	for (const TallyRun *run = rows->run; run < rows->run + rows->nruns; run++)
		kept[run->group] += rows_of(rows, run);
}

void tally_rows(Tally *tally, size_t stride, const TallyRows *rows)
{
	for (const TallyRun *run = rows->run; run < rows->run + rows->nruns; run++)
		tally[(size_t)run->group * stride].rows += rows_of(rows, run);
}

void tally_yes(Tally *tally, size_t stride, const TallyRows *rows)
{
	for (const TallyRun *run = rows->run; run < rows->run + rows->nruns; run++)
		tally[(size_t)run->group * stride].yes += rows_of(rows, run);
}

/* In 128 bits from the first row on: no run is too long or too dear (S79). -1 as a mask leaves the
 * value, 0 nothing. */
void tally_sums(Tally *tally, size_t stride, const TallyRows *rows, const int64_t *value)
{
	for (const TallyRun *run = rows->run; run < rows->run + rows->nruns; run++) {
		Int128 sum = 0;
		for (int32_t i = run->from; i < run->to; i++)
			sum += value[i] & -(int64_t)rows->in[i];
		tally[(size_t)run->group * stride].sum += sum;
	}
}

void tally_ends(Tally *tally, size_t stride, const TallyRows *rows, const int64_t *value)
{
	for (const TallyRun *run = rows->run; run < rows->run + rows->nruns; run++) {
		Tally *at = &tally[(size_t)run->group * stride];
		bool none = at->rows == 0;
		for (int32_t i = run->from; i < run->to; i++) {
			if (rows->in[i] == 0)
				continue;
			at->least = none || value[i] < at->least ? value[i] : at->least;
			at->greatest = none || value[i] > at->greatest ? value[i] : at->greatest;
			none = false;
		}
		at->rows += rows_of(rows, run);
	}
}

/* ---- values that are different ---- */

/* Free places have group -1; no group has that number. */
static uint32_t pair_place(const PairTable *table, int32_t group, int64_t value)
{
	uint64_t hash = (uint64_t)value * GOLDEN + (uint64_t)group * ODD;
	uint32_t at = (uint32_t)(hash >> table->shift);
	while (table->at[at].group >= 0 &&
			(table->at[at].group != group || table->at[at].value != value))
		at = (at + 1) & table->mask;
	return at;
}

static void no_pairs(Pair *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		at[i] = (Pair){0, -1};
}

/* Pairs lie in the table itself, since they are as small as a reference to them would be. */
static void pairs_grow(PairTable *table)
{
	PairTable old = *table;
	int bits = old.at == NULL ? FIRST_BITS : 64 - old.shift + 1;
	size_t size = (size_t)1 << bits;
	table->at = mem_resize(NULL, mem_product(sizeof *table->at, size));
	table->shift = 64 - bits;
	table->mask = (uint32_t)(size - 1);
	no_pairs(table->at, size);
	for (uint32_t i = 0; old.at != NULL && i <= old.mask; i++)
		if (old.at[i].group >= 0)
			table->at[pair_place(table, old.at[i].group, old.at[i].value)] = old.at[i];
	free(old.at);
}

/* Once more is nothing: this is how `distinct` and `only_value` forget how often a value came. */
void pairtable_add(PairTable *table, const uint8_t *in, const int32_t *group,
	const int64_t *value, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		if (in[i] == 0)
			continue;
		if (table->at == NULL || table->n * 2 > table->mask)
			pairs_grow(table);
		Pair *place = &table->at[pair_place(table, group[i], value[i])];
		table->n += place->group < 0;
		*place = (Pair){value[i], group[i]};
	}
}

/* The next store most often has as many. */
void pairtable_clear(PairTable *table)
{
	if (table->n > 0)
		no_pairs(table->at, (size_t)table->mask + 1);
	table->n = 0;
}

void pairtable_free(PairTable *table)
{
	free(table->at);
	*table = (PairTable){0};
}
