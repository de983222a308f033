/*
 * The measures and the KPI of Hertfordshire's contract, counted a second time. Figures are
 * fractions, not reduced, in the units of the case file.
 */
#ifndef CORPUS_HERTFORDSHIRE_FIGURES_H
#define CORPUS_HERTFORDSHIRE_FIGURES_H

#include "corpus/hertfordshire_rows.h"

/* Adds what a week's claims ask for and what was recorded for them; the week is then forgotten. */
void herts_count_week(Herts *herts, uint32_t package, const Week *week);

/* Tells of all figures, when the county is complete. */
void herts_figures(const Herts *herts);

#endif
