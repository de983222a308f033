/*
 * One week of one package as it goes when nothing is wrong: visits delivered and logged, some
 * cancelled, frustrated or missed, all inside every rule, with room for the plants to come. What
 * the plan has wrong (visits in hospital, after the end, after a death) is made here, too.
 */
#ifndef CORPUS_WEEK_H
#define CORPUS_WEEK_H

#include "corpus/rows.h"

/* Adds the rows; uses up the package's quota. monday is the first day of the week. */
void week_make(const Plan *plan, Rng *rng, uint32_t number, int32_t monday, Rows *rows);

#endif
