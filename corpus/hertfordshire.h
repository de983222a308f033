/*
 * The county of Hertfordshire, with the contract of rules/hertfordshire.
 */
#ifndef CORPUS_HERTFORDSHIRE_H
#define CORPUS_HERTFORDSHIRE_H

#include "corpus/grow.h"

extern const Council hertfordshire_council;

#endif
