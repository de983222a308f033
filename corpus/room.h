/*
 * Memory for the generator: it never runs short in silence.
 */
#ifndef CORPUS_ROOM_H
#define CORPUS_ROOM_H

#include <stddef.h>

/* As reallocarray, but never NULL: without memory the program ends with status 3. Frees by
 * free(). */
void *room_grow(void *old, size_t count, size_t size);

#endif
