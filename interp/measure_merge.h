/*
 * Figures of groups whose rows lie in several partitions: what each partition gives of a group, and
 * how two such parts become one.
 *
 *   partition 1  (P1, quarter 2)  count 3  total 75 minutes  ┐
 *   partition 2  (P1, quarter 2)  count 2  total 40 minutes  ┴─>  count 5  total 115 minutes
 *
 * A part says of each aggregate of the figure what can still be added to: sums in 128 bits, least
 * and greatest, sets of different values, the worst state met and the reasons for it; and, once
 * something about a row is open, what that row could come to. So the order in which parts come
 * together makes no difference (laws 1 and 8).
 *
 * Nothing here knows a store or an expression: values are integers as in a column, or texts.
 */
#ifndef VOUCH_INTERP_MEASURE_MERGE_H
#define VOUCH_INTERP_MEASURE_MERGE_H

#include "base/exact.h"
#include "base/mem.h"
#include "interp/bounds_part.h"

#define MERGE_REASONS 50 /* kept of one figure: the least of them as texts */

/* A key of a group, or one of the values of `distinct`. Rows of tables that are not whole go by
 * the text of their key, since their numbers mean something in one partition alone. */
typedef struct Atom {
	uint8_t state;     /* of a key; of the others known */
	int64_t n;
	Str text;
} Atom;

/* Why something is not known: the texts of the greatest state alone, sorted. */
typedef struct Reasons {
	uint8_t state;
	bool more;         /* there were others */
	int32_t n;
	Str *at;           /* room for MERGE_REASONS; NULL until there is one */
} Reasons;

/* Most sets are small (a person's carers), and there may be one for each person and month. Of a
 * group that is never joined n may be all that is there. */
typedef struct AtomSet {
	Atom *at;          /* the first n; or open addressing, places with taken[i] */
	bool *taken;       /* NULL: a list */
	uint32_t room, n;
	uint32_t last;     /* place of the one added last */
} AtomSet;

/* One aggregate over the rows of one group. */
typedef struct Partial {
	int64_t rows;      /* that surely go in, with a value that is known */
	int64_t yes;       /* of these, with a value that is known and not 0 */
	int64_t no;
	Int128 sum;
	int32_t told;      /* rows whose reasons were looked for */
	bool any_value, differ; /* least, greatest and first are set; not all values are the same */
	int64_t least, greatest;
	Atom first;
	Reasons bad;       /* the state of the whole, where it is not known */
	AtomSet set;
} Partial;

typedef struct MergeGroup {
	Atom *key;
	uint64_t hash;
	bool has_day;
	int32_t day;       /* law date of rows whose aggregates depend on it; set by who adds them */
	int64_t kept;      /* rows that are covered and that `among … where` takes, or may */
	Reasons open;      /* rows of which that is not known; of keys that are not known, why */
	int64_t maybe;     /* how many of `kept` these are */
	Partial *leaf;
	BoundPart *bound;  /* by leaf: of rows that its Partial does not hold; NULL: there are none */
	bool lost;         /* these do not bound the whole */
} MergeGroup;

typedef struct Merge {
	Arena *arena;      /* of everything in it */
	int32_t nkeys, nleaves;
	const uint8_t *kind;     /* AggregateKind of each leaf */
	VEC(MergeGroup *) group; /* in the order in which they came */
	int32_t *place;          /* open addressing into group; -1: free */
	uint32_t room;
} Merge;

/* kind must live as long as the merge. */
void merge_begin(Merge *merge, Arena *arena, int32_t nkeys, int32_t nleaves, const uint8_t *kind);
void merge_free(Merge *merge); /* but for what is in the arena */

/* The group of these keys, made when there is none; keys that are not known are all one group. */
MergeGroup *merge_group(Merge *merge, const Atom *key);
/* Adds all of `from`, which stays as it is. */
void merge_join(Merge *into, const Merge *from);
/* Puts one group's rows into another's: windows are made of their periods so. */
void merge_add_group(Merge *merge, MergeGroup *into, const MergeGroup *from);

/* The group's `bound`, made when there is none. */
BoundPart *merge_bounds(Merge *merge, MergeGroup *group);

/* Whether an aggregate can be put together from parts. */
bool merge_can(AggregateKind kind);

/* One row: the state of its condition, which is not a known no; its value as in a column; the atom
 * of `distinct` and `only_value`. has_value: the aggregate has a value beside its condition. Gives
 * the state in which the row leaves the whole: known when it is no hindrance. */
uint8_t partial_take(Merge *merge, Partial *partial, AggregateKind kind, uint8_t where,
	bool has_value, uint8_t state, Atom value);
/* The state of the whole: known but for what `bad` says; in any, none and all a row may decide. */
uint8_t partial_state(const Partial *partial, AggregateKind kind);

/* A reason for a state; reasons of a lesser state make way. text is copied. */
void reasons_add(Arena *arena, Reasons *reasons, uint8_t state, Str text);
void reasons_raise(Reasons *reasons, uint8_t state); /* a state without a text */
void reasons_join(Arena *arena, Reasons *into, const Reasons *from);

#endif
