/*
 * What a plan asks to be drawn, for whoever is about to write it in a rule file: the sizes, the law
 * and the chance that they hold, and the clauses to write.
 */
#ifndef VOUCH_REPORT_SPOT_SIZE_H
#define VOUCH_REPORT_SPOT_SIZE_H

#include <stdio.h>

#include "base/status.h"
#include "interp/spot_size.h"
#include "report/spot.h"

/* As text or JSON. */
Status spot_print_size(const SpotSizeAsk *ask, const SpotSize *size, SpotFormat format, FILE *out);

#endif
