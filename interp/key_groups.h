/*
 * Rows of equal keys, for what pairs them (matches) or puts them in line (sequences, banks).
 *
 *   keys by row     (P1, C7) (P1, C2) (P1, C7) (P2, C7)
 *   numbers         0        1        0        2          as keys are met
 *   groups          0: rows 0 2   1: row 1   2: row 3     rows stay in their order
 *
 * Nothing is known here of expressions or states: columns come as numbers, and the caller says which
 * rows take part.
 */
#ifndef VOUCH_INTERP_KEY_GROUPS_H
#define VOUCH_INTERP_KEY_GROUPS_H

#include "interp/store.h"

/* Columns of keys over some rows, as a store holds values: texts are TextCells. */
typedef struct Keys {
	int32_t n;             /* columns */
	int32_t rows;
	int64_t **value;       /* by column, by row */
	uint8_t *kind;         /* TypeKind of each column */
} Keys;

/* The numbers given so far: open addressing, at most half full. Keys are few beside rows, so it
 * begins small and mostly stays where the cache is. */
typedef struct KeySlot {
	uint64_t hash;
	int32_t number;        /* + 1; 0: the slot is free */
	int32_t row;           /* the first that has the key */
} KeySlot;

typedef struct KeyNumbers {
	const Keys *keys;      /* of the rows that gave the numbers */
	uint64_t *times;       /* by column: its share of a hash is its value times this */
	bool exact;            /* no two keys have one hash */
	Arena *scratch;
	KeySlot *slot;
	int shift;             /* 64 less the bits of a slot's number */
	int32_t n;
} KeyNumbers;

/* Numbers for the keys of some rows; `others`: of rows that will be looked up, or NULL. */
KeyNumbers key_numbers_new(const Keys *keys, const Keys *others, Arena *scratch);
/* of[row]: the number of the row's key, a new one where nobody had it; -1: in[row] is not 1. */
void key_numbers_give(KeyNumbers *numbers, const uint8_t *in, int32_t *of);
/* The same for the others, of which nobody gets a new number: -1. */
void key_numbers_find(const KeyNumbers *numbers, const Keys *others, const uint8_t *in,
	int32_t *of);

typedef struct KeyGroups {
	int32_t n;
	int32_t *start, *row;  /* rows of group g: row[start[g]] .. row[start[g + 1]] exclusive */
	int64_t *at;           /* beside each row the value that it was given; NULL: none was */
} KeyGroups;

/* Groups 0 .. n-1 of the rows whose of[] is not -1; value: by row, or NULL. Scratch memory. */
KeyGroups key_groups_of(const int32_t *of, int32_t rows, int32_t n, const int64_t *value,
	Arena *scratch);

#endif
