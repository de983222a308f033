/*
 * When stays in hospital were written down. A ward's list comes late and is put right later: a stay
 * is entered on the admission and once more on the discharge, or only afterwards, and some are
 * entered or corrected when the books of the run are closed already. An audit by what was known on
 * the closing day judges those otherwise.
 *
 *   admitted ──first entry──── discharged ──second entry───── the books are closed ── a correction
 */
#ifndef CORPUS_ENTRY_H
#define CORPUS_ENTRY_H

#include "corpus/rows.h"

/* Enters all stays; after the plan is made. Of draws of its own, so that nothing else changes. */
void entry_stays(const Plan *plan);

/* The first moment that was not known on the closing day. */
int64_t entry_closed(const Plan *plan);

#endif
