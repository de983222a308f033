/* Random numbers for tests: the same ones in every run, so that a failure can be met again. */
#ifndef VOUCH_TESTS_RANDOM_H
#define VOUCH_TESTS_RANDOM_H

#include <stdint.h>

typedef struct Random {
	uint64_t state; /* any seed */
} Random;

/* SplitMix64 (Steele, Lea, Flood 2014): a counter, mixed. */
static inline uint64_t random_word(Random *random)
{
	uint64_t z = random->state += 0x9E3779B97F4A7C15u;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* 0 .. n-1; the slight bias does not matter here. */
static inline uint64_t random_below(Random *random, uint64_t n)
{
	return random_word(random) % n;
}

#endif
