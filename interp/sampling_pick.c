/*
 * Selection at a fixed interval. No point is ever stepped through one by one: what an item of
 * many intervals takes is a difference of two counts, so a large book costs no more than a small
 * one, and no rounding can add up along the way.
 */
#include "interp/sampling_pick.h"

/* Points at or below x: start, start + interval, ... */
static Int128 points_to(Int128 x, Int128 interval, int64_t start)
{
	return x < start ? 0 : (x - start) / interval + 1;
}

SamplingStatus sampling_pick_interval(const int64_t *values, size_t count, Ratio interval,
				      int64_t start, int64_t *hits, int64_t *selected)
{
	if (interval.n <= 0 || interval.d <= 0 || start < 1 || start > interval.n)
		return SAMPLING_OUT_OF_RANGE;
	Int128 total = 0, before = 0;
	for (size_t i = 0; i < count; i++) {
		if (values[i] < 0)
			return SAMPLING_OUT_OF_RANGE;
		/* An item takes the points behind all before it, up to and with its own last penny.
		 * An item of nothing takes none, wherever it stands. */
		total += values[i];
		if (!fits64(total))
			return SAMPLING_TOO_LARGE;
		Int128 after = points_to(total * interval.d, interval.n, start);
		if (!fits64(after))
			return SAMPLING_TOO_LARGE;
		hits[i] = (int64_t)(after - before);
		before = after;
	}
	*selected = (int64_t)before;
	return SAMPLING_OK;
}
