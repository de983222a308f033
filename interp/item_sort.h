/*
 * Rows put in order by a number that was read once for each of them, and not for each comparison.
 * Where keys are random no list of rows stands in order of time: qsort, which goes back to the
 * columns each time, then took a fifteenth of an audit.
 */
#ifndef VOUCH_INTERP_ITEM_SORT_H
#define VOUCH_INTERP_ITEM_SORT_H

#include <stdint.h>

typedef struct Item {
	int64_t value;
	int32_t row;
} Item;

/* Which of two rows with one value comes first: below 0 the first; never 0 for two rows. */
typedef int (*ItemTie)(void *user, int32_t a, int32_t b);

/* `other` has room for n as well. Gives the one of the two that the order ends in; tie NULL: equal
 * values by number of the row. */
Item *items_sort(Item *item, Item *other, int32_t n, ItemTie tie, void *user);

#endif
