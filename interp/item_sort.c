/*
 * A merge sort from below, to and fro between two arrays:
 *
 *   item    5 3 | 8 1 | 2           runs of one, then of two, ..
 *   other   3 5 . 1 8 . 2
 *   item    1 3 5 8 . 2
 */
#include "interp/item_sort.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct Order {
	ItemTie tie;
	void *user;
} Order;

/* Values are nearly always different; the call is for those that are not. */
static inline bool goes_before(const Order *order, const Item *a, const Item *b)
{
	if (a->value != b->value)
		return a->value < b->value;
	return order->tie == NULL ? a->row < b->row : order->tie(order->user, a->row, b->row) < 0;
}

static bool is_rising(const Order *order, const Item *item, int32_t n)
{
	for (int32_t i = 1; i < n; i++)
		if (goes_before(order, &item[i], &item[i - 1]))
			return false;
	return true;
}

/* Two runs that follow each other, from and up to middle and end, into one. */
static void merge(const Order *order, const Item *from, int32_t middle, int32_t end, Item *into)
{
	int32_t a = 0, b = middle, n = 0;
	while (a < middle && b < end)
		into[n++] = goes_before(order, &from[b], &from[a]) ? from[b++] : from[a++];
	while (a < middle)
		into[n++] = from[a++];
	while (b < end)
		into[n++] = from[b++];
}

/* Lists that stand in order already, as most exports do, are only looked through. */
Item *items_sort(Item *item, Item *other, int32_t n, ItemTie tie, void *user)
{
	const Order order = {tie, user};
	if (is_rising(&order, item, n))
		return item;
	for (int64_t run = 1; run < n; run *= 2) {
		for (int64_t i = 0; i < n; i += 2 * run) {
			int64_t left = n - i;
			merge(&order, item + i, (int32_t)(run < left ? run : left),
				(int32_t)(2 * run < left ? 2 * run : left), other + i);
		}
		Item *sorted = other;
		other = item;
		item = sorted;
	}
	return item;
}
