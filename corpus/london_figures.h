/*
 * The measures and KPIs of the borough's contracts, counted a second time, by quarter or by the day
 * of a published position. Figures are fractions, not reduced, in the units of the case file.
 */
#ifndef CORPUS_LONDON_FIGURES_H
#define CORPUS_LONDON_FIGURES_H

#include "corpus/london_rows.h"

void london_figures(const London *london);

#endif
