/*
 * What the modules of derive.h share; nobody else includes this.
 *
 *   derive.c        rows of equal keys; sequences
 *   derive_bank.c   accounts and their entries
 *   derive_rows.c   what accounts came to, as tables
 *   derive_order.c  in which order derived things are worked out
 */
#ifndef VOUCH_INTERP_DERIVE_PRIVATE_H
#define VOUCH_INTERP_DERIVE_PRIVATE_H

#include "interp/derive.h"
#include "interp/value.h"

/* Columns of keys over some rows. */
typedef struct Keys {
	int32_t n;
	int64_t **value;       /* by key, by place */
	uint8_t *kind;         /* TypeKind of each */
} Keys;

/* Places with equal keys, in the order in which their keys are first met. */
typedef struct KeyGroups {
	int32_t n;
	int32_t *of;           /* by place; -1: none */
	int32_t *first;        /* by group: a place that has its key */
	int32_t *start, *item; /* places of group g: item[start[g]] .. */
} KeyGroups;

/* Of places 0 .. n-1 those that `in` names. */
KeyGroups derive_groups(Arena *scratch, const Keys *keys, const bool *in, int32_t n);
/* Row numbers as slot values. */
int64_t *derive_count_up(Arena *scratch, RowSpan rows);

#endif
