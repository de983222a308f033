/*
 * What a value could come to: an interval with both ends in, which either end may lack, and whether
 * it could also be missing, or be no value at all. Numbers are in base units; dates, moments, clock
 * times, weekdays, periods and rows stand as whole numbers, codes by their place in the list, no
 * and yes as 0 and 1. Texts and collections are known or not.
 *
 *   [lo, hi]   no end: anything above, anything below
 *
 * Every operation gives an interval that holds the result for every choice of values out of those
 * it is given; when one value stands on both sides, it may be wider than it need be.
 */
#ifndef VOUCH_INTERP_BOUNDS_VALUE_H
#define VOUCH_INTERP_BOUNDS_VALUE_H

#include "interp/value.h"

typedef struct Bound {
	bool some;          /* it could have a value */
	bool missing;       /* it could be missing, whatever is filled in */
	bool bad;           /* it could be a conflict or an overflow */
	bool known;         /* it is this value and nothing else */
	bool has_lo, has_hi;
	Ratio lo, hi;
	Value value;        /* when known */
} Bound;

Bound bound_known(Type type, Value value);
Bound bound_any(void);            /* some value; nothing else is known of it */
Bound bound_missing(void);
Bound bound_bad(void);            /* any value, or none because of a conflict or an overflow */
Bound bound_between(Type type, Ratio lo, Ratio hi);
Bound bound_yes_no(bool yes, bool no);

bool bound_may_be(Bound bound, int n); /* whether the whole number n is one of its values */
bool bound_surely(Bound bound, int n); /* and no other, nor missing */

/* What is either of the two. */
Bound bound_hull(Type type, Bound a, Bound b);
/* Takes over from an operand that the result needs: what it is when the operand is missing. */
void bound_spread(Bound *out, Bound operand);
/* What is in both; `a` when they have nothing in common. */
Bound bound_within(Type type, Bound a, Bound limits);

Bound bound_add(Type type, Bound a, Bound b);
Bound bound_negate(Type type, Bound a);
Bound bound_multiply(Type type, Bound a, Bound b);
Bound bound_divide(Type type, Bound a, Bound b);
Bound bound_absolute(Type type, Bound a);
/* The less or the greater of the two. */
Bound bound_extreme(Type type, Bound a, Bound b, bool greater);
Bound bound_compare(Type type, int how, Bound a, Bound b);
/* Kleene's and, or; a value that is missing may be either. */
Bound bound_logic(Bound a, Bound b, bool is_or);
Bound bound_not(Bound a);

#endif
