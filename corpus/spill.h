/*
 * Puts rows in random order without holding them: each goes to one of a number of unnamed files by
 * a hash of its place; each file in turn is then read, ordered by the full hash, and handed on. The
 * order depends on the seed and the number of rows before, not on the number of files.
 */
#ifndef CORPUS_SPILL_H
#define CORPUS_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Spill Spill;

/* Files are made beside `path`, for about `expected` rows of `size` bytes. NULL: errno says why. */
Spill *spill_open(const char *path, size_t size, uint64_t expected, uint64_t seed);
bool spill_add(Spill *spill, const void *row);

/* Calls visit for each row, in random order; false when a file cannot be read. */
bool spill_drain(Spill *spill, void (*visit)(void *context, const void *row), void *context);
void spill_close(Spill *spill);

#endif
