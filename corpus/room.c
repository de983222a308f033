/*
 * The one place where memory is asked for; an overflow of count times size counts as none left.
 */
#include "corpus/room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *room_grow(void *old, size_t count, size_t size)
{
	void *made = reallocarray(old, count, size);
	if (!made) {
		fputs("county: out of memory\n", stderr);
		exit(3);
	}
	return made;
}

void *room_to(void *old, size_t *room, size_t number, size_t size)
{
	size_t had = *room;
	if (number < had)
		return old;
	*room = number + number / 2 + 256;
	char *made = room_grow(old, *room, size);
	memset(made + had * size, 0, (*room - had) * size);
	return made;
}
