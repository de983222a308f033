/*
 * Rows of equal keys: numbers in the order in which keys are met, whatever the keys are made of,
 * and groups whose rows stay in their order. Random keys are held against comparing every two rows.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "interp/key_groups.h"
#include "random.h"

Suite *key_groups_suite(void);

#define MOST_ROWS 700 /* more than a block, and more keys than the first table has slots */
#define MOST_KEYS 3

typedef struct Bed {
	Arena arena;
	Keys keys;
	int64_t *value[MOST_KEYS];
	uint8_t kind[MOST_KEYS];
	uint8_t in[MOST_ROWS];
	int32_t of[MOST_ROWS];
} Bed;

static void bed_begin(Bed *bed, int32_t rows, int32_t columns)
{
	*bed = (Bed){.keys = {.n = columns, .rows = rows}};
	bed->keys.value = bed->value;
	bed->keys.kind = bed->kind;
	for (int32_t k = 0; k < columns; k++) {
		bed->value[k] = ARENA_ARRAY(&bed->arena, int64_t, (size_t)rows + 1);
		bed->kind[k] = TYPE_ROW;
	}
	memset(bed->in, 1, sizeof bed->in);
}

/* A cell of its own for each text: keys are equal by their bytes, not by where they stand. */
static int64_t text(Bed *bed, const char *bytes)
{
	size_t len = strlen(bytes);
	TextCell *cell = arena_alloc(&bed->arena, sizeof *cell + len + 1);
	cell->len = (uint32_t)len;
	memcpy(cell->bytes, bytes, len);
	return (int64_t)(intptr_t)cell;
}

static KeyNumbers give(Bed *bed)
{
	KeyNumbers numbers = key_numbers_new(&bed->keys, NULL, &bed->arena);
	key_numbers_give(&numbers, bed->in, bed->of);
	return numbers;
}

static bool equal(const Bed *bed, const Bed *other, int32_t i, int32_t j)
{
	for (int32_t k = 0; k < bed->keys.n; k++) {
		int64_t x = bed->value[k][i], y = other->value[k][j];
		if (bed->kind[k] != TYPE_TEXT && x != y)
			return false;
		if (bed->kind[k] == TYPE_TEXT && strcmp(((const TextCell *)(intptr_t)x)->bytes,
		    ((const TextCell *)(intptr_t)y)->bytes) != 0)
			return false;
	}
	return true;
}

/* The number that a row ought to have: that of the first row with its key, or the next one. */
static void must_be_numbered(const Bed *bed, const KeyNumbers *numbers)
{
	int32_t n = 0;
	for (int32_t i = 0; i < bed->keys.rows; i++) {
		int32_t want = -1;
		for (int32_t j = 0; bed->in[i] == 1 && want < 0 && j < i; j++)
			if (bed->in[j] == 1 && equal(bed, bed, i, j))
				want = bed->of[j];
		if (bed->in[i] == 1 && want < 0)
			want = n++;
		ck_assert_int_eq(bed->of[i], want);
	}
	ck_assert_int_eq(numbers->n, n);
}

/* ---- numbers ---- */

START_TEST(no_rows_have_no_groups)
{
	Bed bed;
	bed_begin(&bed, 0, 1);
	KeyNumbers numbers = give(&bed);
	KeyGroups groups = key_groups_of(bed.of, 0, numbers.n, NULL, &bed.arena);
	ck_assert_int_eq(numbers.n, 0);
	ck_assert_int_eq(groups.start[0], 0);
	arena_free(&bed.arena);
}
END_TEST

START_TEST(keys_are_numbered_as_they_are_met)
{
	static const int64_t first[] = {9, 4, 9, 9}, second[] = {7, 7, 7, 2};
	static const int32_t want[] = {0, 1, 0, 2};
	Bed bed;
	bed_begin(&bed, 4, 2);
	memcpy(bed.value[0], first, sizeof first);
	memcpy(bed.value[1], second, sizeof second);
	KeyNumbers numbers = give(&bed);
	ck_assert(numbers.exact);
	ck_assert_mem_eq(bed.of, want, sizeof want);
	arena_free(&bed.arena);
}
END_TEST

/* A key without columns is one and the same for all. */
START_TEST(without_columns_all_are_equal)
{
	Bed bed;
	bed_begin(&bed, 300, 0);
	KeyNumbers numbers = give(&bed);
	must_be_numbered(&bed, &numbers);
	ck_assert_int_eq(numbers.n, 1);
	arena_free(&bed.arena);
}
END_TEST

/* 2 marks a row of which it is not known whether it takes part: it has no number and gives none. */
START_TEST(rows_outside_have_no_number)
{
	Bed bed;
	bed_begin(&bed, 4, 1);
	bed.value[0][0] = bed.value[0][1] = 5;
	bed.in[0] = 0;
	bed.in[2] = 2;
	KeyNumbers numbers = give(&bed);
	must_be_numbered(&bed, &numbers);
	ck_assert_int_eq(bed.of[0], -1);
	ck_assert_int_eq(bed.of[1], 0);
	ck_assert_int_eq(bed.of[2], -1);
	ck_assert_int_eq(bed.of[3], 1);
	arena_free(&bed.arena);
}
END_TEST

/* 32 bits beside 32 are one number; with one bit more they are not, and keys are compared. */
START_TEST(wide_keys_are_compared)
{
	Bed bed;
	bed_begin(&bed, 4, 2);
	bed.value[0][0] = bed.value[0][2] = UINT32_MAX;
	bed.value[1][1] = bed.value[1][2] = UINT32_MAX;
	KeyNumbers numbers = give(&bed);
	ck_assert(numbers.exact);
	must_be_numbered(&bed, &numbers);
	bed.value[1][3] = (int64_t)1 << 32;
	numbers = give(&bed);
	ck_assert(!numbers.exact);
	must_be_numbered(&bed, &numbers);
	/* Both columns are multiplied by the same: only a look at the keys tells 1, 2 from 2, 1. */
	static const int64_t first[] = {-1, 1, 2, 1}, second[] = {-1, 2, 1, 2};
	memcpy(bed.value[0], first, sizeof first);
	memcpy(bed.value[1], second, sizeof second);
	numbers = give(&bed);
	ck_assert(!numbers.exact);
	must_be_numbered(&bed, &numbers);
	ck_assert_int_eq(numbers.n, 3);
	arena_free(&bed.arena);
}
END_TEST

/* A text that is missing stands in a row that takes no part, and is not looked at. */
START_TEST(texts_are_equal_by_their_bytes)
{
	Bed bed;
	bed_begin(&bed, 4, 1);
	bed.kind[0] = TYPE_TEXT;
	bed.value[0][0] = text(&bed, "C1");
	bed.value[0][2] = text(&bed, "C10");
	bed.value[0][3] = text(&bed, "C1");
	bed.in[1] = 0;
	KeyNumbers numbers = give(&bed);
	ck_assert(!numbers.exact);
	ck_assert_int_eq(bed.of[0], 0);
	ck_assert_int_eq(bed.of[1], -1);
	ck_assert_int_eq(bed.of[2], 1);
	ck_assert_int_eq(bed.of[3], 0);
	arena_free(&bed.arena);
}
END_TEST

/* ---- the other side ---- */

/* What the other side alone has gets no number, even where it is wider than all keys of this. */
START_TEST(others_are_looked_up)
{
	Bed bed, other;
	bed_begin(&bed, 2, 2);
	bed_begin(&other, 5, 2);
	static const int64_t first[] = {1, 0, 1, 1, 0}, second[] = {0, 1, 0, (int64_t)1 << 40, -1};
	memcpy(bed.value[0], first, sizeof *first * 2);
	memcpy(bed.value[1], second, sizeof *second * 2);
	memcpy(other.value[0], first, sizeof first);
	memcpy(other.value[1], second, sizeof second);
	other.in[1] = 2;
	KeyNumbers numbers = key_numbers_new(&bed.keys, &other.keys, &bed.arena);
	key_numbers_give(&numbers, bed.in, bed.of);
	key_numbers_find(&numbers, &other.keys, other.in, other.of);
	static const int32_t want[] = {0, -1, 0, -1, -1};
	ck_assert_mem_eq(other.of, want, sizeof want);
	ck_assert_int_eq(numbers.n, 2);
	arena_free(&bed.arena);
	arena_free(&other.arena);
}
END_TEST

/* ---- groups ---- */

START_TEST(rows_of_a_group_stay_in_order)
{
	static const int32_t of[] = {1, -1, 0, 1, 3};
	static const int64_t at[] = {10, 11, 12, 13, 14};
	static const int32_t start[] = {0, 1, 3, 3, 4}, row[] = {2, 0, 3, 4};
	static const int64_t beside[] = {12, 10, 13, 14};
	Arena arena = {0};
	KeyGroups groups = key_groups_of(of, 5, 4, at, &arena);
	ck_assert_mem_eq(groups.start, start, sizeof start);
	ck_assert_mem_eq(groups.row, row, sizeof row);
	ck_assert_mem_eq(groups.at, beside, sizeof beside);
	groups = key_groups_of(of, 5, 4, NULL, &arena);
	ck_assert_mem_eq(groups.row, row, sizeof row);
	ck_assert_ptr_null(groups.at);
	arena_free(&arena);
}
END_TEST

/* ---- at random ---- */

/* Few values and many, of few bits and of all; texts among them. */
static int64_t random_value(Bed *bed, Random *random, int32_t column, uint64_t values, int bits)
{
	char bytes[24];
	uint64_t n = random_below(random, values);
	if (bed->kind[column] != TYPE_TEXT)
		return (int64_t)(n * 0x9E3779B97F4A7C15u >> (64 - bits));
	snprintf(bytes, sizeof bytes, "C%llu", (unsigned long long)n);
	return text(bed, bytes);
}

START_TEST(random_keys_are_numbered_as_comparing_has_it)
{
	int32_t exact = 0;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		Random random = {seed};
		Bed bed;
		bed_begin(&bed, 1 + (int32_t)random_below(&random, MOST_ROWS),
			1 + (int32_t)random_below(&random, MOST_KEYS));
		for (int32_t k = 0; k < MOST_KEYS && k < bed.keys.n; k++) {
			uint64_t values = 1 + random_below(&random, 40);
			int bits = 1 + (int)random_below(&random, 64);
			bed.kind[k] = random_below(&random, 4) == 0 ? TYPE_TEXT : TYPE_ROW;
			for (int32_t i = 0; i < bed.keys.rows; i++)
				bed.value[k][i] = random_value(&bed, &random, k, values, bits);
		}
		for (int32_t i = 0; i < MOST_ROWS; i++)
			bed.in[i] = (uint8_t)(random_below(&random, 8) == 0 ? random_below(&random, 3) : 1);
		KeyNumbers numbers = give(&bed);
		must_be_numbered(&bed, &numbers);
		exact += numbers.exact;
		arena_free(&bed.arena);
	}
	ck_assert_int_gt(exact, 5);
	ck_assert_int_lt(exact, 55);
}
END_TEST

Suite *key_groups_suite(void)
{
	Suite *suite = suite_create("key_groups");
	TCase *tests = tcase_create("key_groups");
	tcase_add_test(tests, no_rows_have_no_groups);
	tcase_add_test(tests, keys_are_numbered_as_they_are_met);
	tcase_add_test(tests, without_columns_all_are_equal);
	tcase_add_test(tests, rows_outside_have_no_number);
	tcase_add_test(tests, wide_keys_are_compared);
	tcase_add_test(tests, texts_are_equal_by_their_bytes);
	tcase_add_test(tests, others_are_looked_up);
	tcase_add_test(tests, rows_of_a_group_stay_in_order);
	tcase_add_test(tests, random_keys_are_numbered_as_comparing_has_it);
	suite_add_tcase(suite, tests);
	return suite;
}
