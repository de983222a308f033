/*
 * Fields of all rows at once, out of columns as narrow as a store has them.
 */
#include <check.h>

#include "interp/store.h"
#include "interp/value.h"

Suite *store_suite(void);

#define ROWS 3

/* One dataset, one field, and `slot.field`. */
typedef struct Bed {
	Arena arena;
	Column column;
	StoreTable table, *tables[1];
	Store store;
	Expr slot, field, *arg[1];
	RowValues out;
} Bed;

static void bed_begin(Bed *bed, const void *at, uint8_t width, int64_t times)
{
	*bed = (Bed){.column = {.at = at, .width = width, .times = times}};
	bed->table = (StoreTable){.rows = ROWS, .column = &bed->column};
	bed->tables[0] = &bed->table;
	bed->store.table = bed->tables;
	bed->slot.op = EXPR_SLOT;
	bed->slot.ref = 1;
	bed->arg[0] = &bed->slot;
	bed->field.op = EXPR_FIELD;
	bed->field.nargs = 1;
	bed->field.arg = bed->arg;
}

static bool ask(Bed *bed)
{
	return store_field_rows(&bed->store, &bed->field, 1, 0, &bed->arena, &bed->out);
}

static void must_give(const void *at, uint8_t width, int64_t times, const int64_t *want)
{
	Bed bed;
	bed_begin(&bed, at, width, times);
	ck_assert(ask(&bed));
	ck_assert_mem_eq(bed.out.value, want, ROWS * sizeof *want);
	ck_assert_ptr_null(bed.out.state);
	arena_free(&bed.arena);
}

START_TEST(all_widths_are_widened)
{
	static const int8_t one[] = {-128, 0, 127};
	static const int16_t two[] = {-32768, 0, 32767};
	static const int32_t four[] = {INT32_MIN, 0, INT32_MAX};
	static const int64_t eight[] = {INT64_MIN, 0, INT64_MAX};
	must_give(one, 1, 60, (const int64_t[]){-7680, 0, 7620});
	must_give(two, 2, 60, (const int64_t[]){-1966080, 0, 1966020});
	must_give(four, 4, 3600, (const int64_t[]){-7730941132800, 0, 7730941129200});
	must_give(eight, 8, 1, eight);
}
END_TEST

START_TEST(what_is_not_known_is_marked)
{
	static const int16_t value[] = {1, 0, 3};
	static const uint64_t known[] = {5};
	Bed bed;
	bed_begin(&bed, value, 2, 1);
	bed.column.known = known;
	ck_assert(ask(&bed));
	ck_assert_int_eq(bed.out.state[0], STATE_KNOWN);
	ck_assert_int_eq(bed.out.state[1], STATE_UNKNOWN);
	ck_assert_int_eq(bed.out.state[2], STATE_KNOWN);
	arena_free(&bed.arena);
}
END_TEST

/* A column that was not loaded, the row of another slot, a table that is not there. */
START_TEST(other_expressions_are_left_alone)
{
	static const int16_t value[] = {1, 2, 3};
	Bed bed;
	bed_begin(&bed, value, 2, 1);
	bed.slot.ref = 0;
	ck_assert(!ask(&bed));
	bed.slot.ref = 1;
	bed.field.op = EXPR_IS_KNOWN;
	ck_assert(!ask(&bed));
	bed.field.op = EXPR_FIELD;
	bed.slot.op = EXPR_FIELD;
	ck_assert(!ask(&bed));
	bed.slot.op = EXPR_SLOT;
	bed.column.at = NULL;
	ck_assert(!ask(&bed));
	bed.tables[0] = NULL;
	ck_assert(!ask(&bed));
	arena_free(&bed.arena);
}
END_TEST

Suite *store_suite(void)
{
	Suite *suite = suite_create("store");
	TCase *tests = tcase_create("store");
	tcase_add_test(tests, all_widths_are_widened);
	tcase_add_test(tests, what_is_not_known_is_marked);
	tcase_add_test(tests, other_expressions_are_left_alone);
	suite_add_tcase(suite, tests);
	return suite;
}
