/*
 * Everything here has one aim: that joining is commutative and associative to the last byte, so
 * that figures do not depend on threads, on partitions, or on which of them came first (law 8).
 * That decides what is kept:
 *
 *   sums        in 128 bits, tested once by who reads them (S79): no order can overflow alone
 *   reasons     the least texts of the greatest state, sorted; not the first that came
 *   values      a set, or one of equal ones; never "the value of the first row"
 *   groups      by their keys as texts or numbers that mean the same in every partition
 *
 * The arena holds groups, keys, sets and texts and only grows; the table of places is from malloc,
 * since it is outgrown as a whole.
 */
#include "interp/measure_merge.h"

#include <stdlib.h>
#include <string.h>

/* ---- reasons ---- */

/* What was kept of a lesser state says nothing about a greater one. States are ordered known <
 * unknown < conflict < fault, as everywhere. */
void reasons_raise(Reasons *reasons, uint8_t state)
{
	if (state <= reasons->state)
		return;
	reasons->state = state;
	reasons->more = false;
	reasons->n = 0;
}

/* The least texts are kept, so that it does not matter which of them came first. By insertion:
 * there are fifty at most, and most lists have one. The text is copied, since a store goes with its
 * partition; `more` says that the bound was met. */
static void keep_text(Arena *arena, Reasons *reasons, Str text)
{
	int32_t at = reasons->n;
	if (reasons->at == NULL)
		reasons->at = ARENA_ARRAY(arena, Str, MERGE_REASONS);
	while (at > 0 && str_cmp(text, reasons->at[at - 1]) < 0)
		at--;
	if (at > 0 && str_eq(text, reasons->at[at - 1]))
		return;
	reasons->more |= reasons->n == MERGE_REASONS;
	if (at == MERGE_REASONS)
		return;
	if (reasons->n < MERGE_REASONS)
		reasons->n++;
	memmove(&reasons->at[at + 1], &reasons->at[at], sizeof(Str) * (size_t)(reasons->n - 1 - at));
	reasons->at[at] = str_copy(arena, text);
}

/* A lesser state than the one there has nothing to add: it would only blur what matters. */
void reasons_add(Arena *arena, Reasons *reasons, uint8_t state, Str text)
{
	reasons_raise(reasons, state);
	if (state == reasons->state && state != STATE_KNOWN)
		keep_text(arena, reasons, text);
}

/* As if all texts had come one by one: nothing is kept that reasons_add would not have kept. */
void reasons_join(Arena *arena, Reasons *into, const Reasons *from)
{
	reasons_raise(into, from->state);
	if (from->state != into->state || from->state == STATE_KNOWN)
		return;
	into->more |= from->more;
	for (int32_t i = 0; i < from->n; i++)
		keep_text(arena, into, from->at[i]);
}

/* ---- sets of values ---- */

#define SET_LISTED 8u /* values; so many are looked through as quickly as a table is */

/* The same on every machine, though nothing that is written depends on it. It has to be the same
 * for equal atoms and no more. */
static uint64_t mix(uint64_t hash, uint64_t with)
{
	hash = (hash ^ with) * 0x9E3779B97F4A7C15u;
	return hash ^ (hash >> 29);
}

static uint64_t atom_hash(const Atom *atom)
{
	uint64_t hash = mix(atom->state, (uint64_t)atom->n);
	return atom->text.len == 0 ? hash : mix(hash, str_hash(atom->text));
}

/* Numbers first: texts are rare, and mostly empty. */
static bool atom_same(const Atom *a, const Atom *b)
{
	return a->n == b->n && a->state == b->state && a->text.len == b->text.len &&
		(a->text.len == 0 || memcmp(a->text.ptr, b->text.ptr, a->text.len) == 0);
}

static bool set_has(const AtomSet *set, uint32_t place)
{
	return set->taken == NULL ? place < set->n : set->taken[place];
}

/* Where it is, or the free place where it goes: the end of a list, if it is not full. A list is
 * searched from its beginning; a table from where the hash points. */
static uint32_t set_place(const AtomSet *set, const Atom *atom)
{
	uint32_t at = set->taken == NULL ? 0 : (uint32_t)atom_hash(atom) & (set->room - 1);
	while (set->taken == NULL ? at < set->n && !atom_same(&set->at[at], atom)
			: set->taken[at] && !atom_same(&set->at[at], atom))
		at = set->taken == NULL ? at + 1 : (at + 1) & (set->room - 1);
	return at;
}

/*
 * What is outgrown stays in the arena, at most as much again as is in use.
 *
 *   room 0 -> 4 -> 8      a list, gone through
 *   room 32 -> 128 ..     a table at most half full; `taken` beside it, as any atom may be a value
 *
 * A list in the new room keeps its places; a table finds new ones.
 */
static void set_grow(Arena *arena, AtomSet *set)
{
	AtomSet old = *set;
	bool listed = old.room < SET_LISTED;
	set->room = listed ? old.room + SET_LISTED / 2 : old.room * 4;
	set->at = ARENA_ARRAY(arena, Atom, set->room);
	set->taken = listed ? NULL : ARENA_ARRAY(arena, bool, set->room);
	for (uint32_t i = 0; i < old.room; i++) {
		if (!set_has(&old, i))
			continue;
		uint32_t at = listed ? i : set_place(set, &old.at[i]);
		set->at[at] = old.at[i];
		if (!listed)
			set->taken[at] = true;
	}
	set->last = 0;
}

/* Texts point into a store, which goes with its partition. */
static Atom atom_copy(Arena *arena, Atom atom)
{
	if (atom.text.len > 0)
		atom.text = str_copy(arena, atom.text);
	return atom;
}

/* Values often come several times running. Lists may be full, tables half full. Places are looked
 * for again after growing, since they have moved. */
static void set_add(Arena *arena, AtomSet *set, const Atom *atom)
{
	if (set->n > 0 && set_has(set, set->last) && atom_same(&set->at[set->last], atom))
		return;
	uint32_t at = set->room == 0 ? 0 : set_place(set, atom);
	if (at < set->room && set_has(set, at)) {
		set->last = at;
		return;
	}
	if (set->taken == NULL ? set->n == set->room : set->n * 2 >= set->room) {
		set_grow(arena, set);
		at = set_place(set, atom);
	}
	set->last = at;
	set->at[at] = atom_copy(arena, *atom);
	if (set->taken != NULL)
		set->taken[at] = true;
	set->n++;
}

/* ---- one aggregate ---- */

/* first and last have an order over all rows, and a row as their value; a list is for messages.
 * Adding one of these here asks for a case in leaf_value of measure_fold.c too. */
bool merge_can(AggregateKind kind)
{
	switch (kind) {
	case AGG_ANY: case AGG_NONE: case AGG_ALL: case AGG_COUNT: case AGG_TOTAL: case AGG_LEAST:
	case AGG_GREATEST: case AGG_AVERAGE: case AGG_DISTINCT: case AGG_SHARE: case AGG_ONLY_VALUE:
		return true;
	case AGG_FIRST: case AGG_LAST: case AGG_LIST: break;
	}
	return false;
}

static bool is_quantifier(AggregateKind kind)
{
	return kind == AGG_ANY || kind == AGG_NONE || kind == AGG_ALL;
}

static uint8_t worse(uint8_t a, uint8_t b)
{
	return a > b ? a : b;
}

/* any: the row satisfies it when its condition and its value hold. all: it is met where the value
 * holds, or the row is not one of them. A part that decides masks what is unknown of the other, but
 * never a fault (S23). In states: `open` is the greater of the two, and what the row leaves behind
 * unless it is decided. */
static uint8_t take_quantifier(Partial *partial, bool all, uint8_t where, bool has_value,
	uint8_t state, int64_t n)
{
	uint8_t open = worse(where, has_value ? state : (uint8_t)STATE_KNOWN);
	bool known = !has_value || state == STATE_KNOWN, holds = !has_value || n != 0;
	bool decided = open != STATE_FAULT && known && (all ? holds : !holds);
	if (open != STATE_KNOWN && !decided)
		return open;
	partial->yes += holds;
	partial->no += !holds;
	return STATE_KNOWN;
}

/* Only what is known can be nothing. */
static bool is_zero(uint8_t state, int64_t n)
{
	return state == STATE_KNOWN && n == 0;
}

/* S15, S16: a row that may go in spoils everything but a total to which it would add nothing. Of a
 * count only whether the row is one of them matters. A fault in the condition spoils a total even
 * where the value is nothing: it must show. */
static uint8_t open_state(AggregateKind kind, uint8_t where, uint8_t state, int64_t n)
{
	if (kind == AGG_COUNT)
		return where;
	bool nothing = kind == AGG_TOTAL && where != STATE_FAULT && is_zero(state, n);
	return nothing ? (uint8_t)STATE_KNOWN : worse(where, state);
}

/* Everything that any kind may ask for is kept, but for sets, which take room: which it is costs
 * more to ask than a few sums. Fields that a kind does not ask for are cheaper to fill than to
 * skip, and join like the others. */
static void take_value(Merge *merge, Partial *partial, AggregateKind kind, Atom value)
{
	partial->sum += value.n;
	partial->yes += value.n != 0;
	partial->no += value.n == 0;
	if (kind == AGG_DISTINCT) {
		set_add(merge->arena, &partial->set, &value);
		return;
	}
	if (!partial->any_value) {
		partial->least = partial->greatest = value.n;
		if (kind == AGG_ONLY_VALUE)
			partial->first = atom_copy(merge->arena, value);
	}
	partial->any_value = true;
	if (kind == AGG_ONLY_VALUE)
		partial->differ |= !atom_same(&partial->first, &value);
	partial->least = value.n < partial->least ? value.n : partial->least;
	partial->greatest = value.n > partial->greatest ? value.n : partial->greatest;
}

/* The rules of interp/walk_agg.c, one row at a time: fast_aggregate.c has them a third time, and
 * what changes in one changes in all. */
static uint8_t take_row(Merge *merge, Partial *partial, AggregateKind kind, uint8_t where,
	bool has_value, uint8_t state, Atom value)
{
	if (is_quantifier(kind))
		return take_quantifier(partial, kind == AGG_ALL, where, has_value, state, value.n);
	if (where != STATE_KNOWN)
		return open_state(kind, where, has_value ? state : (uint8_t)STATE_KNOWN, value.n);
	if (has_value && state != STATE_KNOWN)
		return state;
	partial->rows++;
	if (has_value)
		take_value(merge, partial, kind, value);
	return STATE_KNOWN;
}

uint8_t partial_take(Merge *merge, Partial *partial, AggregateKind kind, uint8_t where,
	bool has_value, uint8_t state, Atom value)
{
	uint8_t open = take_row(merge, partial, kind, where, has_value, state, value);
	reasons_raise(&partial->bad, open);
	return open;
}

/* any is settled by one yes, all by one no, whatever is not known of the others; but a fault is a
 * fault (S23). */
uint8_t partial_state(const Partial *partial, AggregateKind kind)
{
	bool decided = kind == AGG_ALL ? partial->no > 0 : partial->yes > 0;
	if (is_quantifier(kind) && decided && partial->bad.state != STATE_FAULT)
		return STATE_KNOWN;
	return partial->bad.state;
}

/* Of two values neither is before the other: what only_value holds is either of two equal ones.
 * Least and greatest start from the first part that has a value: a 0 that nobody brought would be
 * one. */
static void partial_join(Merge *merge, Partial *into, const Partial *from)
{
	into->rows += from->rows;
	into->yes += from->yes;
	into->no += from->no;
	into->sum += from->sum;
	reasons_join(merge->arena, &into->bad, &from->bad);
	for (uint32_t i = 0; i < from->set.room; i++)
		if (set_has(&from->set, i))
			set_add(merge->arena, &into->set, &from->set.at[i]);
	if (!from->any_value)
		return;
	if (!into->any_value) {
		into->least = from->least;
		into->greatest = from->greatest;
		into->first = atom_copy(merge->arena, from->first);
	}
	into->any_value = true;
	into->differ |= from->differ || !atom_same(&into->first, &from->first);
	into->least = from->least < into->least ? from->least : into->least;
	into->greatest = from->greatest > into->greatest ? from->greatest : into->greatest;
}

/* ---- groups ---- */

/* The table of places comes with the first group. */
void merge_begin(Merge *merge, Arena *arena, int32_t nkeys, int32_t nleaves, const uint8_t *kind)
{
	*merge = (Merge){.arena = arena, .nkeys = nkeys, .nleaves = nleaves, .kind = kind};
}

void merge_free(Merge *merge)
{
	vec_free(&merge->group);
	free(merge->place);
	merge->place = NULL;
	merge->room = 0;
}

/* Rows without a key stand together, whatever the rest of their keys (S56). Which key is missing
 * would tell partitions apart in which the others happen to be known. */
static bool is_keyless(const Merge *merge, const Atom *key)
{
	for (int32_t k = 0; k < merge->nkeys; k++)
		if (key[k].state != STATE_KNOWN)
			return true;
	return false;
}

static uint64_t key_hash(const Merge *merge, const Atom *key)
{
	uint64_t hash = 1;
	for (int32_t k = 0; k < merge->nkeys; k++)
		hash = mix(hash, atom_hash(&key[k]));
	return hash;
}

static bool key_same(const Merge *merge, const Atom *a, const Atom *b)
{
	for (int32_t k = 0; k < merge->nkeys; k++)
		if (!atom_same(&a[k], &b[k]))
			return false;
	return true;
}

/* Where it is, or the free place where it goes. The hash is compared first: keys may be texts.
 * There always is a free place: the table is at most half full. */
static uint32_t group_place(const Merge *merge, const Atom *key, uint64_t hash)
{
	uint32_t at = (uint32_t)hash & (merge->room - 1);
	for (; merge->place[at] >= 0; at = (at + 1) & (merge->room - 1)) {
		const MergeGroup *group = merge->group.at[merge->place[at]];
		if (group->hash == hash && key_same(merge, group->key, key))
			break;
	}
	return at;
}

/* At most half full, so that a search is short. */
static void groups_grow(Merge *merge)
{
	merge->room = merge->room == 0 ? 64 : merge->room * 2;
	free(merge->place);
	merge->place = mem_alloc(mem_product(merge->room, sizeof *merge->place));
	memset(merge->place, 0xff, merge->room * sizeof *merge->place);
	for (size_t i = 0; i < merge->group.n; i++) {
		const MergeGroup *group = merge->group.at[i];
		merge->place[group_place(merge, group->key, group->hash)] = (int32_t)i;
	}
}

/* Never moves: blocks of rows hold pointers to groups while others are added. */
static MergeGroup *group_new(Merge *merge, const Atom *key, uint64_t hash)
{
	MergeGroup *group = ARENA_NEW(merge->arena, MergeGroup);
	group->hash = hash;
	group->key = ARENA_ARRAY(merge->arena, Atom, (size_t)merge->nkeys + 1);
	for (int32_t k = 0; k < merge->nkeys; k++)
		group->key[k] = atom_copy(merge->arena, key[k]);
	group->leaf = ARENA_ARRAY(merge->arena, Partial, (size_t)merge->nleaves + 1);
	return group;
}

/* The state of the one group without keys goes into its `open`; its own key is the same always.
 * Called once for each such row or part, and calls merge_group with a key that cannot come back
 * here. */
static MergeGroup *keyless_group(Merge *merge, const Atom *key)
{
	Atom *unknown = ARENA_ARRAY(merge->arena, Atom, (size_t)merge->nkeys + 1);
	uint8_t state = STATE_KNOWN;
	for (int32_t k = 0; k < merge->nkeys; k++) {
		state = worse(state, key[k].state);
		unknown[k].state = STATE_UNKNOWN;
	}
	MergeGroup *group = merge_group(merge, unknown);
	reasons_raise(&group->open, state);
	return group;
}

/* The key under which rows without a key stand. */
static bool is_all_unknown(const Merge *merge, const Atom *key)
{
	for (int32_t k = 0; k < merge->nkeys; k++)
		if (key[k].state != STATE_UNKNOWN || key[k].n != 0 || key[k].text.len > 0)
			return false;
	return true;
}

/* Groups are found by key, and stand in the order in which they came; who writes them sorts. */
MergeGroup *merge_group(Merge *merge, const Atom *key)
{
	if (is_keyless(merge, key) && !is_all_unknown(merge, key))
		return keyless_group(merge, key);
	if (merge->group.n * 2 >= merge->room)
		groups_grow(merge);
	uint64_t hash = key_hash(merge, key);
	uint32_t at = group_place(merge, key, hash);
	if (merge->place[at] >= 0)
		return merge->group.at[merge->place[at]];
	MergeGroup *group = group_new(merge, key, hash);
	if (is_keyless(merge, key))
		reasons_raise(&group->open, STATE_UNKNOWN);
	merge->place[at] = (int32_t)merge->group.n;
	*vec_push(&merge->group) = group;
	return group;
}

/* Made late: most groups have no row of which anything is open. */
BoundPart *merge_bounds(Merge *merge, MergeGroup *group)
{
	if (group->bound == NULL)
		group->bound = ARENA_ARRAY(merge->arena, BoundPart, (size_t)merge->nleaves + 1);
	return group->bound;
}

/* Law dates hang on the keys alone, so of two that are set either will do. `from` may be of another
 * merge with the same leaves. */
void merge_add_group(Merge *merge, MergeGroup *into, const MergeGroup *from)
{
	if (from->has_day) {
		into->has_day = true;
		into->day = from->day;
	}
	into->kept += from->kept;
	into->maybe += from->maybe;
	into->lost = into->lost || from->lost;
	reasons_join(merge->arena, &into->open, &from->open);
	for (int32_t i = 0; i < merge->nleaves; i++)
		partial_join(merge, &into->leaf[i], &from->leaf[i]);
	for (int32_t i = 0; i < merge->nleaves && from->bound != NULL; i++)
		bound_part_join(&merge_bounds(merge, into)[i], &from->bound[i]);
}

/* Nothing that is joined depends on which of the two came first (law 8). */
void merge_join(Merge *into, const Merge *from)
{
	for (size_t i = 0; i < from->group.n; i++)
		merge_add_group(into, merge_group(into, from->group.at[i]->key), from->group.at[i]);
}
