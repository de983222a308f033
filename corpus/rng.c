/*
 * After Steele, Lea and Flood (2014): a counter that steps by the golden ratio, and a mix of its
 * bits.
 *
 * Random numbers are named, not taken from one sequence: (seed, stream, a, b)
 * gives a generator of its own. So a package's week is the same whether or not
 * another package exists, and a change in one part of the generator does not
 * shift all others. Nothing here is fit for cryptography.
 */
#include "corpus/rng.h"

/* The finaliser of splitmix64. */
uint64_t rng_mix(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

uint64_t rng_next(Rng *rng)
{
	rng->state += UINT64_C(0x9e3779b97f4a7c15);
	return rng_mix(rng->state);
}

/* Each part of the name is mixed in before the next, so that (1, 2) and (2, 1) are far apart. */
Rng rng_for(uint64_t seed, Stream stream, uint64_t a, uint64_t b)
{
	Rng rng = {rng_mix(seed + (uint64_t)stream * UINT64_C(0x9e3779b97f4a7c15))};
	rng.state = rng_mix(rng_next(&rng) ^ a);
	rng.state = rng_mix(rng_next(&rng) ^ b);
	return rng;
}

/* The upper half times n: for n below a million its bias is under one in four thousand. */
uint32_t rng_below(Rng *rng, uint32_t n)
{
	return (uint32_t)((rng_next(rng) >> 32) * n >> 32);
}

/* Both ends in. */
int32_t rng_between(Rng *rng, int32_t lo, int32_t hi)
{
	return lo + (int32_t)rng_below(rng, (uint32_t)(hi - lo + 1));
}

/*
 * A draw is taken even when the share is 0, so that the draws behind it do not
 * move.
 */
bool rng_permille(Rng *rng, uint32_t share)
{
	return rng_below(rng, 1000) < share;
}

bool rng_ppm(Rng *rng, uint32_t share)
{
	return rng_below(rng, 1000000) < share;
}

/* The inside-out form of Fisher and Yates: fills and shuffles in one pass. */
void rng_order(Rng *rng, uint32_t *order, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t j = rng_below(rng, i + 1);
		order[i] = order[j];
		order[j] = i;
	}
}
