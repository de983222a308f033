/*
 * All memory of the program comes through here, and comes zeroed. Three shapes: single blocks for
 * what grows (text, vectors), arenas for what is born and dies together, and nothing else; so
 * there is no error path that has anything to free.
 *
 *   compilation ── arena ──> [ tree | types | expressions | messages ]   freed in one call
 *   a file being read ─────> vector, doubled when full                  freed by its owner
 */
#include "base/mem.h"

#include <assert.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Chunks grow with the arena, so that a small one stays small and a large one asks rarely. */
#define CHUNK_LEAST ((size_t)4096)
#define CHUNK_MOST ((size_t)1 << 20)
#define ALIGNMENT ((size_t)16)
#define ROOM_LEAST ((size_t)8192)
#define VEC_FIRST ((size_t)8)

struct ArenaChunk {
	ArenaChunk *next;
	size_t size; /* usable bytes */
	size_t used;
	alignas(16) unsigned char bytes[];
};

/*
 * The only state of the program that outlives a call. Both are set before threads start, or by
 * tests; they are atomic because any thread may allocate.
 */
static _Atomic(MemHandler) current_handler;
static atomic_long left_before_failure = -1; /* allocations that still succeed; < 0: all do */

/* Tests hand in one that jumps away; the program keeps the default. */
void mem_set_handler(MemHandler handler)
{
	atomic_store(&current_handler, handler);
}

/* Counts from one for its callers, from zero inside: `the first from now` leaves none that
 * succeed. */
void mem_fail_after(long n)
{
	atomic_store(&left_before_failure, n > 0 ? n - 1 : n);
}

/* _Exit, not exit: other threads may be using what the exit handlers would tear down. */
static _Noreturn void out_of_memory(void)
{
	MemHandler handler = atomic_load(&current_handler);
	if (handler != NULL)
		handler();
	fputs("vouch: out of memory; no result was written\n", stderr);
	_Exit(3);
}

/* Of several threads that count down at once, exactly one sees the zero. No object can be larger
 * than a pointer difference: such a size comes from a slip in arithmetic, not from a need. */
static bool must_fail(size_t size)
{
	if (size > PTRDIFF_MAX)
		return true;
	if (atomic_load_explicit(&left_before_failure, memory_order_relaxed) < 0)
		return false;
	return atomic_fetch_sub(&left_before_failure, 1) == 0;
}

/* A request for nothing still gives a block of its own, as callers test no pointers. */
void *mem_alloc(size_t size)
{
	void *got = must_fail(size) ? NULL : calloc(1, size == 0 ? 1 : size);
	if (got == NULL)
		out_of_memory();
	return got;
}

/* The old block stays whole when the handler jumps away, so that its owner can still free it. */
void *mem_resize(void *old, size_t size)
{
	void *got = must_fail(size) ? NULL : realloc(old, size == 0 ? 1 : size);
	if (got == NULL)
		out_of_memory();
	return got;
}

/* NULL: there is none left. */
static unsigned char *map(size_t size)
{
	void *got = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return got == MAP_FAILED ? NULL : got;
}

/* Twice as much, of which what lies before and behind the aligned piece goes back. */
static unsigned char *map_aligned(void)
{
	unsigned char *at = map(2 * MEM_PIECE);
	if (at == NULL)
		return NULL;
	size_t before = -(uintptr_t)at % MEM_PIECE;
	if (before > 0)
		munmap(at, before);
	munmap(at + before + MEM_PIECE, MEM_PIECE - before);
	return at + before;
}

/* Systems that know of huge pages align what is as large as one by themselves, or put one piece
 * right below the last. */
void *mem_piece(bool huge)
{
	unsigned char *piece = must_fail(MEM_PIECE) ? NULL : map(MEM_PIECE);
	if (piece != NULL && (uintptr_t)piece % MEM_PIECE != 0) {
		munmap(piece, MEM_PIECE);
		piece = map_aligned();
	}
	if (piece == NULL)
		out_of_memory();
#ifdef MADV_HUGEPAGE
	/* Where it is not granted everything is as it was, only slower. */
	if (huge)
		madvise(piece, MEM_PIECE, MADV_HUGEPAGE);
#else
	(void)huge;
#endif
	return piece;
}

void mem_piece_free(void *piece)
{
	munmap(piece, MEM_PIECE);
}

size_t mem_product(size_t a, size_t b)
{
	size_t product;
	if (__builtin_mul_overflow(a, b, &product))
		out_of_memory();
	return product;
}

/* Sizes are added as carefully as they are multiplied: a wrapped sum would make a small chunk for a
 * large request. */
static size_t sum(size_t a, size_t b)
{
	size_t total;
	if (__builtin_add_overflow(a, b, &total))
		out_of_memory();
	return total;
}

static ArenaChunk *chunk_new(Arena *arena, size_t size, bool zeroed)
{
	size_t whole = sum(sizeof(ArenaChunk), size);
	ArenaChunk *chunk = zeroed ? mem_alloc(whole) : mem_resize(NULL, whole);
	chunk->next = NULL;
	chunk->used = 0;
	chunk->size = size;
	arena->bytes += whole;
	return chunk;
}

/* The size of the next ordinary chunk: as much again as the arena holds, within bounds. */
static size_t chunk_size(const Arena *arena)
{
	size_t size = arena->bytes;
	if (size < CHUNK_LEAST)
		size = CHUNK_LEAST;
	if (size > CHUNK_MOST)
		size = CHUNK_MOST;
	return (size - sizeof(ArenaChunk)) & ~(ALIGNMENT - 1);
}

/*
 * A large request gets a chunk of its own behind the newest one, whose rest stays in use:
 *
 *   arena -> newest (half empty) -> large (full) -> older ...
 */
static void *alloc_large(Arena *arena, size_t size, bool zeroed)
{
	ArenaChunk *large = chunk_new(arena, size, zeroed);
	large->used = size;
	if (arena->chunk == NULL) {
		arena->chunk = large;
	} else {
		large->next = arena->chunk->next;
		arena->chunk->next = large;
	}
	return large->bytes;
}

/* The usual case is an addition and a comparison. A request of more than a quarter of a new chunk
 * would leave too much of the old one unused. */
void *arena_alloc(Arena *arena, size_t size)
{
	size = sum(size, ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	ArenaChunk *chunk = arena->chunk;
	if (chunk == NULL || chunk->size - chunk->used < size) {
		size_t usual = chunk_size(arena);
		if (size > usual / 4)
			return alloc_large(arena, size, true);
		chunk = chunk_new(arena, usual, true);
		chunk->next = arena->chunk;
		arena->chunk = chunk;
	}
	void *got = chunk->bytes + chunk->used;
	chunk->used += size;
	return got;
}

/* Small requests are cheaper out of a chunk that is zeroed already. */
void *arena_room(Arena *arena, size_t size)
{
	return size < ROOM_LEAST ? arena_alloc(arena, size) : alloc_large(arena, size, false);
}

/* Unlike memcpy, it may be given NULL when there is nothing to copy. */
void *arena_copy(Arena *arena, const void *bytes, size_t size)
{
	void *copy = arena_alloc(arena, size);
	if (size != 0)
		memcpy(copy, bytes, size);
	return copy;
}

static void chunk_drop(Arena *arena, ArenaChunk *chunk)
{
	arena->bytes -= sizeof(ArenaChunk) + chunk->size;
	free(chunk);
}

/* Zeroing on the way out rather than on each request costs only what was used.
 * Keeps the newest ordinary chunk: one too large for that is an odd request, not the usual need. */
void arena_reset(Arena *arena)
{
	ArenaChunk *kept = NULL;
	for (ArenaChunk *chunk = arena->chunk, *next; chunk != NULL; chunk = next) {
		next = chunk->next;
		if (kept == NULL && chunk->size <= CHUNK_MOST)
			kept = chunk;
		else
			chunk_drop(arena, chunk);
	}
	arena->chunk = kept;
	if (kept == NULL)
		return;
	memset(kept->bytes, 0, kept->used);
	kept->used = 0;
	kept->next = NULL;
}

/* The count of bytes must come out at nothing: the memory limit is held against it. */
void arena_free(Arena *arena)
{
	for (ArenaChunk *chunk = arena->chunk, *next; chunk != NULL; chunk = next) {
		next = chunk->next;
		chunk_drop(arena, chunk);
	}
	arena->chunk = NULL;
	assert(arena->bytes == 0);
}

/* The new capacity is stored last: when the handler jumps away, the vector is still what it was. */
void *vec_grow(void *at, size_t *cap, size_t item)
{
	size_t wanted = *cap == 0 ? VEC_FIRST : mem_product(*cap, 2);
	void *grown = mem_resize(at, mem_product(wanted, item));
	*cap = wanted;
	return grown;
}
