/*
 * Which way a rule's test goes when one fact rises and all else stays: a later check-out can only
 * help, a greater claim can only hurt. Where that is sure, one search from either side finds the one
 * boundary that there is, and no trial is needed on the side where nothing can help.
 */
#ifndef VOUCH_INTERP_REMEDY_WAY_H
#define VOUCH_INTERP_REMEDY_WAY_H

#include "dsl/rulebook.h"

/* Sets of what may happen to a value, or to no < not known < yes, when the fact rises. */
typedef enum Way {
	WAY_NONE = 0,  /* it has no say */
	WAY_UP = 1,    /* up, or the same */
	WAY_DOWN = 2,
	WAY_ANY = 3
} Way;

/* What a test (exceptions and require) does when that field of one row rises. WAY_NONE: it speaks of
 * the field of no row. */
Way remedy_way(const Rulebook *book, const Rule *rule, int32_t dataset, int32_t field);

/* Whether the test can come to something else under another law date. */
bool remedy_test_dated(const Rule *rule);

#endif
