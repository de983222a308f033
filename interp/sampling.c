/*
 * The two things that every part of the sampling library needs for print: its answers in words,
 * and billionths as a percentage.
 */
#include "interp/sampling.h"

#include <assert.h>

const char *sampling_status_text(SamplingStatus status)
{
	/* By name, so that the list in the header may be put in any order. */
	static const char *const text[] = {
#define SAMPLING_TEXT(name, meaning) [SAMPLING_##name] = meaning,
		SAMPLING_STATUSES(SAMPLING_TEXT)
#undef SAMPLING_TEXT
	};
	return text[status];
}

/*
 * Integers alone:
 *
 *   112928151 billionths, 1 place, up:   step 1000000 (a tenth of a per cent)
 *                                        units 113, scale 10, printed 11 . 3 %
 */
void sampling_percent(Buf *buf, int64_t billionths, int places, RoundMode mode)
{
	assert(places >= 0 && places <= 7);
	int64_t step = SAMPLING_ONE / 100;
	for (int i = 0; i < places; i++)
		step /= 10;
	int64_t scale = SAMPLING_ONE / 100 / step;
	int64_t units = (int64_t)(round_to(billionths, step, mode) / step);
	if (units < 0)
		buf_char(buf, '-');
	/* The size by itself, so that -0.5% keeps its sign, which 0 before the point would lose. */
	uint64_t size = units < 0 ? 0 - (uint64_t)units : (uint64_t)units;
	buf_number(buf, size / (uint64_t)scale, 1);
	if (places > 0) {
		buf_char(buf, '.');
		buf_number(buf, size % (uint64_t)scale, places);
	}
	buf_char(buf, '%');
}
