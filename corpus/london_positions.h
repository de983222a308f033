/*
 * The market positions that the borough publishes: one for the first of each month, made from
 * what is on record, with a plant in most of them.
 */
#ifndef CORPUS_LONDON_POSITIONS_H
#define CORPUS_LONDON_POSITIONS_H

#include "corpus/london_rows.h"

void london_positions(London *london);

#endif
