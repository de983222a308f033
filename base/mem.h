/*
 * Memory: what happens when there is none left, arenas, and growing arrays.
 *
 * Running out of memory is the world's failure, not a rule author's: nothing can be salvaged, so
 * every allocator here either succeeds or calls the out-of-memory handler, which does not return.
 * The default handler writes one line to standard error and ends the process with exit code 3;
 * results are written in one transaction, so the old case file stays whole.
 *
 * mem_fail_after(n) makes the n-th allocation from now fail; the tests' failure sweeps use it.
 */
#ifndef VOUCH_BASE_MEM_H
#define VOUCH_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

typedef void (*MemHandler)(void);

void mem_set_handler(MemHandler handler);
void mem_fail_after(long n); /* n < 0: never (the default) */

void *mem_alloc(size_t size);              /* zeroed; free() it */
void *mem_resize(void *old, size_t size);  /* as realloc; free() it */
size_t mem_product(size_t a, size_t b);    /* a * b; the handler is called when it overflows */

/*
 * Zeroed memory straight from the system, and straight back to it, at an address that is a multiple
 * of its size. huge: all of it is wanted, in one page where the processor has such; that spares 512
 * faults, and most of what looking up addresses costs.
 */
#define MEM_PIECE ((size_t)2 << 20)
void *mem_piece(bool huge);
void mem_piece_free(void *piece);

/*
 * An arena hands out zeroed memory that is freed all at once: one for each compilation or run.
 *
 *   chunk: [next | size | used | bytes ..... ] -> older chunk -> NULL
 */
typedef struct ArenaChunk ArenaChunk;
typedef struct Arena {
	ArenaChunk *chunk;  /* newest chunk; NULL in a fresh arena, so {0} is a valid empty one */
	size_t bytes;       /* total bytes taken from the system, for the memory limit */
} Arena;

void *arena_alloc(Arena *arena, size_t size); /* aligned to 16, zeroed, never NULL */
/* The same, of any content: for arrays that are written from end to end before they are read. */
void *arena_room(Arena *arena, size_t size);
void *arena_copy(Arena *arena, const void *bytes, size_t size);
void arena_reset(Arena *arena); /* frees all but one chunk: for scratch arenas */
void arena_free(Arena *arena);  /* frees everything; the arena is empty and usable again */

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, n) ((type *)arena_alloc((arena), mem_product(sizeof(type), (n))))
#define ARENA_ROOM(arena, type, n) ((type *)arena_room((arena), mem_product(sizeof(type), (n))))

/*
 * A growing array of T kept in malloc memory: declare `VEC(T) name;`, start from {0}.
 * vec_push evaluates to an lvalue slot, so `*vec_push(&v) = x;`. vec_free leaves it empty.
 */
#define VEC(...) struct { __VA_ARGS__ *at; size_t n, cap; }
#define vec_push(v) \
	((v)->n == (v)->cap ? \
	 (void)((v)->at = vec_grow((v)->at, &(v)->cap, sizeof *(v)->at)) : (void)0, \
	 &(v)->at[(v)->n++])
#define vec_free(v) (free((v)->at), (v)->at = NULL, (v)->n = (v)->cap = 0)
void *vec_grow(void *at, size_t *cap, size_t item); /* doubles; used by vec_push alone */

#endif
