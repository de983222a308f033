/*
 * Fixed-interval selection: by pounds (monetary units) or, with every value 1, every so many rows.
 *
 *   values   7    3   4    9      0 1     8    2   6   5      45 pounds, 5 to be selected
 *           |---A---|-B-|-C--|---D----|E|F|--G---|H-|-I--|-J--|
 *   points    2          11     20            29      38      start 2, interval 9
 *
 * The interval may be a fraction of a penny, so points are counted in parts: with interval
 * total/n and a start drawn from 1 .. total, in n-ths of a penny, each penny has a chance of
 * exactly n/total to be selected.
 */
#ifndef VOUCH_INTERP_SAMPLING_PICK_H
#define VOUCH_INTERP_SAMPLING_PICK_H

#include <stddef.h>

#include "interp/sampling.h"

/* hits[i]: how often item i is selected: 0, 1, or more for items larger than the interval.
 * values are 0 or more, their sum fits 64 bits; interval above 0, as n parts of 1/d: its start is
 * 1 .. interval.n in parts of 1/interval.d. *selected is the sum of hits. */
SamplingStatus sampling_pick_interval(const int64_t *values, size_t count, Ratio interval,
				      int64_t start, int64_t *hits, int64_t *selected);

#endif
