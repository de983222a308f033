/* Random rulebooks and stores over the schema of hand_book.h: well typed, small, and biased to the
 * edges: missing values, zeroes, overflow, days on which clocks change. */
#ifndef VOUCH_TESTS_RANDOM_BOOK_H
#define VOUCH_TESTS_RANDOM_BOOK_H

#include "tests/unit/hand_book.h"
#include "tests/unit/random.h"

/* Parameters, roundings, tables, defines and then rules of every kind of subject. */
void random_book(Hand *hand, Random *random, int32_t rules);
void random_store(HandStore *hs, const Hand *hand, Random *random, int32_t rows);

#endif
