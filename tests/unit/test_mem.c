/*
 * Arenas, vectors and the failure of allocations (base/mem.h). The contract is
 * that allocation never returns NULL: a handler is called instead, and
 * mem_fail_after makes the n-th one fail, on which all tests of "what is left
 * when memory runs out" rest. If the counting were wrong, those would pass by
 * failing nowhere.
 */
#include "base/mem.h"

#include <check.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/random.h"

Suite *mem_suite(void);

/* A handler may not return; this one goes back to the thread that ran out of memory. */
static _Thread_local jmp_buf back;
static atomic_int failures;

static void jump_back(void)
{
	atomic_fetch_add(&failures, 1);
	longjmp(back, 1);
}

/* Also resets the count, since Check may run tests in one process. */
static void take_handler(void)
{
	atomic_store(&failures, 0);
	mem_set_handler(jump_back);
}

/* Or the next test would fail inside a handler whose frame is gone. */
static void give_handler_back(void)
{
	mem_fail_after(-1);
	mem_set_handler(NULL);
}

/* For runs of bytes that must all be zero, or all a pattern. */
static bool all_are(const unsigned char *bytes, size_t n, int value)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] != value)
			return false;
	}
	return true;
}

/* Nothing asked for is something given, for malloc(0) may return NULL. */
START_TEST(alloc_is_zeroed_and_never_null)
{
	unsigned char *bytes = mem_alloc(1000);
	ck_assert(all_are(bytes, 1000, 0));
	free(bytes);
	void *nothing = mem_alloc(0);
	ck_assert_ptr_nonnull(nothing);
	nothing = mem_resize(nothing, 0);
	ck_assert_ptr_nonnull(nothing);
	free(nothing);
}
END_TEST

/* The largest product that fits, and the next. */
START_TEST(product_overflow_calls_the_handler)
{
	ck_assert_uint_eq(mem_product(SIZE_MAX / 2, 2), SIZE_MAX - 1);
	ck_assert_uint_eq(mem_product(0, SIZE_MAX), 0);
	if (setjmp(back) == 0) {
		mem_product(SIZE_MAX / 2 + 1, 2);
		ck_abort_msg("the handler was not called");
	}
	ck_assert_int_eq(atomic_load(&failures), 1);
}
END_TEST

/*
 * Sizes that overflow when a header or the alignment is added: without a check
 * a small chunk would be given for a huge request.
 */
START_TEST(absurd_arena_request_calls_the_handler)
{
	Arena arena = {0};
	volatile size_t sizes[] = {SIZE_MAX, SIZE_MAX - 15, SIZE_MAX - 40, SIZE_MAX / 2};
	for (volatile int i = 0; i < 4; i++) {
		if (setjmp(back) == 0) {
			arena_alloc(&arena, sizes[i]);
			ck_abort_msg("size %d was not refused", i);
		}
	}
	ck_assert_int_eq(atomic_load(&failures), 4);
	arena_free(&arena);
}
END_TEST

/* Runs ten allocations and tells which of them failed, 1 to 10; 0 for none. */
static int failing_of_ten(void)
{
	volatile int failed = 0;
	for (volatile int i = 1; i <= 10; i++) {
		if (setjmp(back) == 0)
			free(i % 2 == 0 ? mem_alloc(8) : mem_resize(NULL, 8));
		else
			failed = failed == 0 ? i : -1;
	}
	return failed;
}

/*
 * Every n from the first to one that is never reached; afterwards all is as
 * before.
 */
START_TEST(the_nth_allocation_fails_and_only_that)
{
	for (int n = 1; n <= 10; n++) {
		mem_fail_after(n);
		ck_assert_int_eq(failing_of_ten(), n);
		ck_assert_int_eq(failing_of_ten(), 0);
	}
	mem_fail_after(11);
	ck_assert_int_eq(failing_of_ten(), 0);
	mem_fail_after(-1);
	ck_assert_int_eq(failing_of_ten(), 0);
}
END_TEST

static void *allocate_much(void *unused)
{
	for (volatile int i = 0; i < 5000; i++) {
		if (setjmp(back) == 0)
			free(mem_alloc(16));
	}
	return unused;
}

/* Four threads count down together: exactly one of them may see the failure. */
START_TEST(one_failure_among_threads)
{
	for (int round = 0; round < 5; round++) {
		pthread_t threads[4];
		atomic_store(&failures, 0);
		mem_fail_after(7001 + round);
		for (int i = 0; i < 4; i++)
			ck_assert_int_eq(pthread_create(&threads[i], NULL, allocate_much, NULL), 0);
		for (int i = 0; i < 4; i++)
			pthread_join(threads[i], NULL);
		ck_assert_int_eq(atomic_load(&failures), 1);
	}
}
END_TEST

/*
 * Exit status 3 is "the world failed" (see --help); check looks at it from
 * outside.
 */
START_TEST(without_a_handler_the_process_ends_with_3)
{
	mem_fail_after(1);
	free(mem_alloc(1));
}
END_TEST

/*
 * Each piece is filled with a pattern of its own and looked at last: pieces
 * that overlap show.
 */
START_TEST(arena_pieces_are_aligned_zeroed_and_apart)
{
	enum { PIECES = 3000 };
	static unsigned char *piece[PIECES];
	static size_t size[PIECES];
	Random random = {1};
	Arena arena = {0};
	for (int i = 0; i < PIECES; i++) {
		size[i] = (size_t)random_below(&random, i % 50 == 0 ? 60000 : 100);
		piece[i] = arena_alloc(&arena, size[i]);
		ck_assert_uint_eq((uintptr_t)piece[i] % 16, 0);
		ck_assert(all_are(piece[i], size[i], 0));
		memset(piece[i], i % 251 + 1, size[i]);
	}
	for (int i = 0; i < PIECES; i++)
		ck_assert(all_are(piece[i], size[i], i % 251 + 1));
	arena_free(&arena);
	ck_assert_uint_eq(arena.bytes, 0);
}
END_TEST

/*
 * Small pieces go on in the chunk that they were in; otherwise alternating
 * sizes double the memory.
 */
START_TEST(a_large_request_does_not_waste_the_newest_chunk)
{
	Arena arena = {0};
	char *first = arena_alloc(&arena, 16);
	arena_alloc(&arena, 5 << 20);
	char *second = arena_alloc(&arena, 16);
	ck_assert_ptr_eq(second, first + 16);
	ck_assert_uint_ge(arena.bytes, 5 << 20);
	ck_assert_uint_lt(arena.bytes, (5 << 20) + 10000);
	arena_free(&arena);
}
END_TEST

/*
 * A scratch arena is reset for every row: memory kept must be clean again, and
 * must not grow.
 */
START_TEST(reset_keeps_one_chunk_and_zeroes_it)
{
	Arena arena = {0};
	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < 200; i++) {
			unsigned char *piece = arena_alloc(&arena, 500);
			ck_assert(all_are(piece, 500, 0));
			memset(piece, 0xEE, 500);
		}
		size_t before = arena.bytes;
		arena_reset(&arena);
		ck_assert_uint_lt(arena.bytes, before);
		ck_assert_uint_gt(arena.bytes, 0);
	}
	arena_free(&arena);
	arena_reset(&arena);
	ck_assert_ptr_nonnull(arena_alloc(&arena, 1));
	arena_free(&arena);
}
END_TEST

/*
 * Memory that is not zeroed when it is handed out must not come back unclean
 * from the same arena.
 */
START_TEST(room_leaves_no_dirt_behind)
{
	static const size_t sizes[] = {1, 100, 8191, 8192, 8193, 100000, 1000000, 3000000};
	Arena arena = {0};
	for (size_t i = 0; i < 2 * (sizeof sizes / sizeof *sizes); i++) {
		size_t size = sizes[i / 2];
		unsigned char *room = arena_room(&arena, size);
		ck_assert_uint_eq((uintptr_t)room % 16, 0);
		memset(room, 0xEE, size);
		unsigned char *after = arena_alloc(&arena, 700);
		ck_assert(all_are(after, 700, 0));
		ck_assert(all_are(room, size, 0xEE));
		arena_reset(&arena);
		ck_assert(all_are(arena_alloc(&arena, 700), 700, 0));
		ck_assert(all_are(arena_alloc(&arena, size), size, 0));
		arena_reset(&arena);
	}
	arena_free(&arena);
	ck_assert_uint_eq(arena.bytes, 0);
}
END_TEST

/* One huge row must not be paid for until the end of the run. */
START_TEST(reset_lets_an_odd_large_chunk_go)
{
	Arena arena = {0};
	arena_alloc(&arena, 8 << 20);
	arena_reset(&arena);
	ck_assert_uint_eq(arena.bytes, 0);
	ck_assert_ptr_null(arena.chunk);
}
END_TEST

/* The original is changed afterwards; an empty copy still has an address. */
START_TEST(copies_are_copies)
{
	Arena arena = {0};
	char text[] = "care log";
	char *copy = arena_copy(&arena, text, sizeof text);
	text[0] = 'b';
	ck_assert_str_eq(copy, "care log");
	ck_assert_ptr_nonnull(arena_copy(&arena, NULL, 0));
	int *numbers = ARENA_ARRAY(&arena, int, 10);
	ck_assert_int_eq(numbers[9], 0);
	arena_free(&arena);
}
END_TEST

/* At most twice the room that is needed; and a freed one can be used again. */
START_TEST(vectors_grow_and_empty)
{
	VEC(int) numbers = {0};
	for (int i = 0; i < 10000; i++)
		*vec_push(&numbers) = i * 3;
	ck_assert_uint_eq(numbers.n, 10000);
	ck_assert_uint_lt(numbers.cap, 20001);
	for (int i = 0; i < 10000; i++)
		ck_assert_int_eq(numbers.at[i], i * 3);
	vec_free(&numbers);
	ck_assert_ptr_null(numbers.at);
	ck_assert_uint_eq(numbers.n + numbers.cap, 0);
	*vec_push(&numbers) = 7;
	ck_assert_int_eq(numbers.at[0], 7);
	vec_free(&numbers);
}
END_TEST

/* Whichever way the system puts them. */
START_TEST(large_pieces_are_aligned_and_zeroed)
{
	unsigned char *piece[4];
	for (int i = 0; i < 4; i++) {
		piece[i] = mem_piece(i % 2 != 0);
		ck_assert_uint_eq((uintptr_t)piece[i] % MEM_PIECE, 0);
		ck_assert_int_eq(piece[i][0], 0);
		ck_assert_int_eq(piece[i][MEM_PIECE - 1], 0);
		memset(piece[i], 0xff, MEM_PIECE);
	}
	for (int i = 0; i < 4; i++)
		mem_piece_free(piece[i]);
}
END_TEST

Suite *mem_suite(void)
{
	Suite *suite = suite_create("mem");
	TCase *plain = tcase_create("plain");
	tcase_add_test(plain, alloc_is_zeroed_and_never_null);
	tcase_add_test(plain, arena_pieces_are_aligned_zeroed_and_apart);
	tcase_add_test(plain, a_large_request_does_not_waste_the_newest_chunk);
	tcase_add_test(plain, reset_keeps_one_chunk_and_zeroes_it);
	tcase_add_test(plain, reset_lets_an_odd_large_chunk_go);
	tcase_add_test(plain, room_leaves_no_dirt_behind);
	tcase_add_test(plain, copies_are_copies);
	tcase_add_test(plain, vectors_grow_and_empty);
	tcase_add_test(plain, large_pieces_are_aligned_and_zeroed);
	suite_add_tcase(suite, plain);
	TCase *failing = tcase_create("failing");
	tcase_add_checked_fixture(failing, take_handler, give_handler_back);
	tcase_add_test(failing, product_overflow_calls_the_handler);
	tcase_add_test(failing, absurd_arena_request_calls_the_handler);
	tcase_add_test(failing, the_nth_allocation_fails_and_only_that);
	tcase_add_test(failing, one_failure_among_threads);
	suite_add_tcase(suite, failing);
	TCase *ending = tcase_create("ending");
	tcase_add_exit_test(ending, without_a_handler_the_process_ends_with_3, 3);
	suite_add_tcase(suite, ending);
	return suite;
}
