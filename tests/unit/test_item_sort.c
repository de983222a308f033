/*
 * Rows in order of numbers: lengths around powers of two, where the last run is shorter or missing,
 * many equal values, and ties that another order decides.
 */
#include <check.h>

#include "interp/item_sort.h"
#include "tests/unit/random.h"

Suite *item_sort_suite(void);

enum { MOST = 130 };

/* The other way round than rows without it. */
static int later_first(void *user, int32_t a, int32_t b)
{
	++*(int *)user;
	return a < b ? 1 : -1;
}

/* The rows are 0 .. n-1 afterwards too, none lost and none twice: both orders are strict. */
static void expect_order(const Item *sorted, int32_t n, int sign)
{
	for (int32_t i = 1; i < n; i++) {
		ck_assert_int_le(sorted[i - 1].value, sorted[i].value);
		if (sorted[i - 1].value == sorted[i].value)
			ck_assert_int_gt(sign * (sorted[i].row - sorted[i - 1].row), 0);
	}
	int64_t sum = 0;
	for (int32_t i = 0; i < n; i++)
		sum += sorted[i].row;
	ck_assert_int_eq(sum, (int64_t)n * (n - 1) / 2);
}

START_TEST(rows_in_order_of_their_values)
{
	Random seed = {11};
	Item item[MOST], other[MOST];
	for (int32_t n = 0; n < MOST; n++) {
		for (int tied = 0; tied < 2; tied++) {
			int calls = 0;
			for (int32_t i = 0; i < n; i++)
				item[i] = (Item){(int64_t)random_below(&seed, 20) - 10, i};
			expect_order(items_sort(item, other, n, tied ? later_first : NULL, &calls), n,
				tied ? -1 : 1);
		}
	}
}
END_TEST

/* What stands in order stays where it is, and values that differ ask nobody. */
START_TEST(nothing_moves_in_a_rising_list)
{
	Item item[MOST], other[MOST];
	int calls = 0;
	for (int32_t i = 0; i < MOST; i++)
		item[i] = (Item){INT64_MIN + i, i};
	ck_assert_ptr_eq(items_sort(item, other, MOST, later_first, &calls), item);
	ck_assert_int_eq(calls, 0);
	item[MOST - 1].value = item[MOST - 2].value;
	expect_order(items_sort(item, other, MOST, later_first, &calls), MOST, -1);
	ck_assert_int_gt(calls, 0);
}
END_TEST

Suite *item_sort_suite(void)
{
	Suite *suite = suite_create("item_sort");
	TCase *tcase = tcase_create("orders");
	tcase_add_test(tcase, rows_in_order_of_their_values);
	tcase_add_test(tcase, nothing_moves_in_a_rising_list);
	suite_add_tcase(suite, tcase);
	return suite;
}
