/*
 * The county of Peterborough and Cambridgeshire, with the contracts of rules/peterborough:
 * providers on the DPS and in blocks, rate cards with two uplifts (the first capped, the second
 * not), packages of home care and community support, absences, endings, waiting lists, and the
 * answers to market tests. Its figures are good for windows from January 2022 through March
 * 2024.
 */
#ifndef CORPUS_PETERBOROUGH_H
#define CORPUS_PETERBOROUGH_H

#include "corpus/grow.h"

extern const Council peterborough_council;

#endif
