/*
 * Which kind of plant comes next: all kinds in one shuffled round, each as often as its weight, so
 * that a small county has some of each. A kind that cannot be made just here waits for the next
 * place, so that rare ones come up too.
 *
 * And how thickly they are sown: as many in a million as are still wanting.
 */
#ifndef CORPUS_ROUND_H
#define CORPUS_ROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "corpus/rng.h"

#define ROUND_MAX 512

typedef struct Round {
	uint16_t kind[ROUND_MAX];
	uint32_t length, at;
} Round;

/* Kinds are added in their order, each with its weight; then the round is shuffled, once. */
void round_add(Round *round, uint16_t kind, uint32_t weight);
void round_shuffle(Round *round, Rng *rng);

/* Takes the next kind that `make` says it has made; -1 when there is none. */
int round_take(Round *round, bool (*make)(void *context, uint16_t kind), void *context);

/* Plants per million places, when so many of the findings aimed at and of all places are made. */
uint32_t round_pace(uint64_t target, uint64_t failing, uint64_t places, uint64_t made);

#endif
