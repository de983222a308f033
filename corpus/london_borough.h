/*
 * The county of a London borough, with the contracts of rules/london-borough.
 */
#ifndef CORPUS_LONDON_BOROUGH_H
#define CORPUS_LONDON_BOROUGH_H

#include "corpus/grow.h"

extern const Council london_borough_council;

#endif
