/*
 * The quarterly form as it was asked for: who was asked, by what day, and when forms came. Most come
 * in the fortnight before; some a day late, never, or on a day that nobody wrote down.
 */
#ifndef CORPUS_ASKED_H
#define CORPUS_ASKED_H

#include "corpus/write.h"

/* Writes the request and as many forms as there are copies, and tells of W4. `next` is the first
 * day of the quarter after. */
void asked_quarter(Writer *writer, uint32_t provider, int32_t first, int32_t next,
	const Form *form);

#endif
