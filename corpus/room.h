/*
 * Memory for the generator: it never runs short in silence.
 */
#ifndef CORPUS_ROOM_H
#define CORPUS_ROOM_H

#include <stddef.h>

/* As reallocarray, but never NULL: without memory the program ends with status 3. Frees by
 * free(). */
void *room_grow(void *old, size_t count, size_t size);

/* An array that has a place of this number, at `old` or moved. *room is how many places there are;
 * new ones are zeroed, and there are half as many more than asked for. */
void *room_to(void *old, size_t *room, size_t number, size_t size);

#endif
