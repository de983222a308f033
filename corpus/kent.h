/*
 * Kent's county: Care and Support in the Home, with lots and the providers appointed to them, calls
 * priced by their length, sleep nights, envelopes of care, block contracts, Extra Care and
 * Discharge to Assess. How it is made stands in kent_rows.h.
 */
#ifndef CORPUS_KENT_H
#define CORPUS_KENT_H

#include "corpus/grow.h"

extern const Council kent_council;

#endif
