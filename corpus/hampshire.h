/*
 * Hampshire's county, with the contracts of rules/hampshire.
 */
#ifndef CORPUS_HAMPSHIRE_H
#define CORPUS_HAMPSHIRE_H

#include "corpus/grow.h"

extern const Council hampshire_council;

#endif
