/*
 * The round is an array with a place in it. What is taken goes to the place, and what stood there
 * moves behind; so the kinds that had to wait stay at the front of those to come.
 */
#include "corpus/round.h"

#include <stdio.h>
#include <stdlib.h>

/* A list of kinds is written by hand, so too long a round is a mistake of the program. */
void round_add(Round *round, uint16_t kind, uint32_t weight)
{
	if (weight > ROUND_MAX - round->length) {
		fputs("county: the plants have more weight than a round has room\n", stderr);
		abort();
	}
	for (uint32_t i = 0; i < weight; i++)
		round->kind[round->length++] = kind;
}

void round_shuffle(Round *round, Rng *rng)
{
	uint32_t order[ROUND_MAX];
	Round sorted = *round;
	rng_order(rng, order, round->length);
	for (uint32_t i = 0; i < round->length; i++)
		round->kind[i] = sorted.kind[order[i]];
}

int round_take(Round *round, bool (*make)(void *context, uint16_t kind), void *context)
{
	for (uint32_t i = 0; i < round->length; i++) {
		uint32_t at = (round->at + i) % round->length;
		uint16_t kind = round->kind[at];
		if (!make(context, kind))
			continue;
		round->kind[at] = round->kind[round->at];
		round->kind[round->at] = kind;
		round->at = (round->at + 1) % round->length;
		return kind;
	}
	return -1;
}

/* A plant makes about five findings in four; what it makes of them is corrected as it goes. */
uint32_t round_pace(uint64_t target, uint64_t failing, uint64_t places, uint64_t made)
{
	uint64_t left = places > made ? places - made : 1;
	uint64_t wanted = target > failing ? target - failing : 0;
	uint64_t thickness = wanted * 850000 / left;
	return thickness > 400000 ? 400000 : (uint32_t)thickness;
}
