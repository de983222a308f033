/*
 * The rules about neighbours: a carer's logs one after the other (C2 no time to travel, C3 two
 * visits merged), and a person's (C4 the second begins before the first has ended). Worked out from
 * the logs alone, in order of check-in and, where those are equal, of key.
 */
#ifndef CORPUS_FOLLOW_H
#define CORPUS_FOLLOW_H

#include "corpus/truth.h"

/* One provider's week, after it was matched. Weeks come in their order. */
void follow_week(Truth *truth, const Rows *rows);

#endif
