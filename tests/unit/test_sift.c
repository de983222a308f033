/*
 * Lists in the order of a column, held against going through them: ends that lie in and just out,
 * values that stand several times, rows without a value, and two columns of one list.
 */
#include <check.h>

#include "interp/sift.h"
#include "tests/unit/random.h"

Suite *sift_suite(void);

enum { ROWS = 500, TAKEN = 300 };

static int16_t stored[2][ROWS];
static uint64_t known[2][ROWS / 64 + 1];
static Column column[2];
static int32_t list[TAKEN];
static Sifts sifts;

/* Few values, so that many are alike; every other row of the table is in the list, backwards. */
static void setup(void)
{
	Random seed = {7};
	for (int c = 0; c < 2; c++) {
		for (int32_t i = 0; i < ROWS; i++) {
			stored[c][i] = (int16_t)((int32_t)random_below(&seed, 60) - 30);
			bit_clear(known[c], i);
			if (random_below(&seed, 5) > 0)
				bit_set(known[c], i);
		}
		column[c] = (Column){.at = stored[c], .known = known[c], .times = 60, .width = 2};
	}
	for (int32_t i = 0; i < TAKEN; i++)
		list[i] = ROWS - 1 - i;
}

static void teardown(void)
{
	sifts_free(&sifts);
}

static bool is_in(RowSpan rows, int32_t row)
{
	int32_t times = 0;
	for (int32_t i = 0; i < rows.n; i++)
		times += rows.at[i] == row;
	ck_assert_int_le(times, 1);
	return times == 1;
}

static void expect_range(int c, int64_t low, int64_t high)
{
	Sifted found = sifts_range(&sifts, (RowSpan){list, TAKEN}, &column[c], low, high);
	int32_t in = 0, unknown = 0;
	for (int32_t i = 0; i < TAKEN; i++) {
		bool has = bit_get(known[c], list[i]);
		int64_t n = stored[c][list[i]] * 60;
		ck_assert_int_eq(is_in(found.unknown, list[i]), !has);
		ck_assert_int_eq(is_in(found.in, list[i]), has && n >= low && n <= high);
		in += has && n >= low && n <= high;
		unknown += !has;
	}
	ck_assert_int_eq(found.in.n, in);
	ck_assert_int_eq(found.unknown.n, unknown);
}

START_TEST(ranges_hold_what_lies_in_them)
{
	for (int c = 0; c < 2; c++) {
		expect_range(c, INT64_MIN, INT64_MAX);
		expect_range(c, 0, 600);
		expect_range(c, 1, 599);
		expect_range(c, 300, 300);
		expect_range(c, 10 * 60 * 60, INT64_MAX);
		expect_range(c, 60, -60);
	}
}
END_TEST

/* Another store may have other values at the same address. */
START_TEST(a_cleared_order_is_made_anew)
{
	expect_range(0, 0, 600);
	for (int32_t i = 0; i < ROWS; i++)
		stored[0][i] = (int16_t)-stored[0][i];
	sifts_clear(&sifts);
	expect_range(0, 0, 600);
}
END_TEST

/* More lists than the first table of them has room for. */
START_TEST(many_lists)
{
	for (int32_t from = 0; from < 200; from++) {
		Sifted found = sifts_range(&sifts, (RowSpan){list + from, TAKEN - from}, &column[from % 2],
			INT64_MIN, INT64_MAX);
		ck_assert_int_eq(found.in.n + found.unknown.n, TAKEN - from);
	}
	expect_range(0, 0, 600);
}
END_TEST

Suite *sift_suite(void)
{
	Suite *suite = suite_create("sift");
	TCase *tcase = tcase_create("orders");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, ranges_hold_what_lies_in_them);
	tcase_add_test(tcase, a_cleared_order_is_made_anew);
	tcase_add_test(tcase, many_lists);
	suite_add_tcase(suite, tcase);
	return suite;
}
