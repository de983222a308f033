/*
 * The county's random numbers: splitmix64, one small stream for each thing that is made up, so that
 * a package's week is the same whatever was made before it. All draws are integers; nothing in the
 * generator decides by floating point, so a seed gives one county on every machine.
 */
#ifndef CORPUS_RNG_H
#define CORPUS_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Rng {
	uint64_t state;
} Rng;

/* What a stream is for: two streams of one seed that differ here have nothing in common. */
typedef enum Stream {
	STREAM_PROVIDER = 1,
	STREAM_CLIENT,
	STREAM_PACKAGE,
	STREAM_BROKERAGE,
	STREAM_WEEK,
	STREAM_PERIOD,
	STREAM_SUBMISSION,
	STREAM_SCHEDULE,
	STREAM_ROSTER,
	STREAM_SHUFFLE,
	STREAM_BROKEN,
	STREAM_KEY,
	STREAM_BANK,
	STREAM_RETURN,
	STREAM_ENTRY,
	STREAM_BIDS,
	STREAM_PASSES,
	STREAM_ASKED
} Stream;

/* A bijection of 64 bits that leaves no pattern: distinct numbers stay distinct. */
uint64_t rng_mix(uint64_t x);

Rng rng_for(uint64_t seed, Stream stream, uint64_t a, uint64_t b);
uint64_t rng_next(Rng *rng);

/* 0 .. n - 1; n above 0. */
uint32_t rng_below(Rng *rng, uint32_t n);
/* lo .. hi, both ends in. */
int32_t rng_between(Rng *rng, int32_t lo, int32_t hi);
/* True in so many of a thousand, or of a million. */
bool rng_permille(Rng *rng, uint32_t share);
bool rng_ppm(Rng *rng, uint32_t share);

/* Puts 0 .. n - 1 in random order. */
void rng_order(Rng *rng, uint32_t *order, uint32_t n);

#endif
