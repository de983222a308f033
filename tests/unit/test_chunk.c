/*
 * Memory for packed rows: which chunks share a piece, and when a piece goes back to the system. The
 * plan is made by hand: one table of two million rows, packed in 40 bytes each.
 */
#include <check.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "interp/data_internal.h"

Suite *chunk_suite(void);

#define ROW_BYTES 40

typedef struct Bed {
	Data data;
	DataTable table;
	PassTable use;
	Pass pass;
} Bed;

static void bed_begin(Bed *bed, int threads, int64_t rows, int32_t parts)
{
	*bed = (Bed){.data.options.threads = threads, .table.rows = rows, .pass.parts = parts};
	bed->use.layout.size = ROW_BYTES;
	*vec_push(&bed->data.table) = &bed->table;
	*vec_push(&bed->pass.table) = &bed->use;
	pieces_plan(&bed->data, &bed->pass);
}

static void bed_end(Bed *bed)
{
	pieces_close(&bed->data, &bed->pass.pieces);
	vec_free(&bed->data.table);
	vec_free(&bed->pass.table);
	arena_free(&bed->data.arena);
}

static Chunk *cut_one(Bed *bed, int reader, int32_t part)
{
	return chunk_new(bed->use.pieces, reader, part, ROW_BYTES);
}

/* The system knows of no memory there. */
static bool is_gone(const void *piece)
{
	return msync((void *)(uintptr_t)piece, 1, MS_ASYNC) != 0 && errno == ENOMEM;
}

START_TEST(groups_are_few_and_cover_all_parts)
{
	Bed bed;
	bed_begin(&bed, 2, 100, 512);
	ck_assert_int_eq(bed.pass.pieces.groups, 1);
	ck_assert(!bed.pass.pieces.huge);
	ck_assert_int_eq(pieces_spare(&bed.data, &bed.pass), 0);
	bed_end(&bed);
	bed_begin(&bed, 2, 20000000, 512);
	int32_t groups = bed.pass.pieces.groups;
	ck_assert(bed.pass.pieces.huge);
	ck_assert_int_eq(groups, 4);
	ck_assert_int_eq(511 >> bed.pass.pieces.shift, groups - 1);
	/* Half a piece for each group of each thread. */
	ck_assert_int_eq(pieces_spare(&bed.data, &bed.pass), 4 * 2 * (int64_t)MEM_PIECE / 2);
	/* A thread fills many pieces for each, of which one is half empty. */
	ck_assert_int_ge(20000000ll * ROW_BYTES / 2 / groups, 24 * (int64_t)MEM_PIECE);
	bed_end(&bed);
	/* Never more groups than parts. */
	bed_begin(&bed, 1, 1000000000, 4);
	ck_assert_int_eq(bed.pass.pieces.groups, 4);
	ck_assert_int_eq(bed.pass.pieces.shift, 0);
	bed_end(&bed);
}
END_TEST

START_TEST(neighbours_share_a_piece_and_readers_do_not)
{
	Bed bed;
	bed_begin(&bed, 2, 20000000, 512);
	Chunk *first = cut_one(&bed, 0, 0), *near = cut_one(&bed, 0, 127);
	Chunk *far = cut_one(&bed, 0, 128), *other = cut_one(&bed, 1, 0);
	ck_assert_ptr_nonnull(first->piece);
	ck_assert_ptr_eq(first->piece, near->piece);
	ck_assert_ptr_ne(first->piece, far->piece);
	ck_assert_ptr_ne(first->piece, other->piece);
	ck_assert_int_eq(other->reader, 1);
	ck_assert_int_eq(other->n, CHUNK_ROWS);
	/* Rows from end to end, and none of them a neighbour's. */
	memset(first->row, 1, (size_t)ROW_BYTES * CHUNK_ROWS);
	memset(near->row, 2, (size_t)ROW_BYTES * CHUNK_ROWS);
	ck_assert_int_eq(first->row[ROW_BYTES * CHUNK_ROWS - 1], 1);
	ck_assert_int_eq(near->n, CHUNK_ROWS);
	chunk_free(first);
	chunk_free(near);
	chunk_free(far);
	chunk_free(other);
	bed_end(&bed);
}
END_TEST

START_TEST(a_piece_goes_with_its_last_chunk)
{
	Bed bed;
	bed_begin(&bed, 1, 2000000, 64);
	Chunk *first = cut_one(&bed, 0, 3), *second = cut_one(&bed, 0, 5), *last = second;
	const void *piece = first->piece;
	chunk_free(first);
	/* Until the next piece is begun. */
	while (last->piece == piece) {
		Chunk *before = last;
		last = cut_one(&bed, 0, 3);
		if (before != second)
			chunk_free(before);
	}
	ck_assert(!is_gone(piece));
	chunk_free(second);
	ck_assert(is_gone(piece));
	/* The open one goes when everything is packed and given up, whichever comes last. */
	piece = last->piece;
	pieces_close(&bed.data, &bed.pass.pieces);
	ck_assert(!is_gone(piece));
	chunk_free(last);
	ck_assert(is_gone(piece));
	bed_end(&bed);
}
END_TEST

START_TEST(wide_rows_and_whole_tables_have_their_own)
{
	Bed bed;
	bed_begin(&bed, 1, 2000000, 64);
	Chunk *wide = chunk_new(bed.use.pieces, 0, 0, 4000), *whole = chunk_new(NULL, 0, 0, ROW_BYTES);
	ck_assert_ptr_null(wide->piece);
	ck_assert_ptr_null(whole->piece);
	memset(wide->row, 1, (size_t)4000 * CHUNK_ROWS);
	chunk_free(wide);
	chunk_free(whole);
	bed_end(&bed);
}
END_TEST

Suite *chunk_suite(void)
{
	Suite *suite = suite_create("chunk");
	TCase *tests = tcase_create("chunk");
	tcase_add_test(tests, groups_are_few_and_cover_all_parts);
	tcase_add_test(tests, neighbours_share_a_piece_and_readers_do_not);
	tcase_add_test(tests, a_piece_goes_with_its_last_chunk);
	tcase_add_test(tests, wide_rows_and_whole_tables_have_their_own);
	suite_add_tcase(suite, tests);
	return suite;
}
