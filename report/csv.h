/* One CSV row of texts, as all lists write them: every cell quoted, line ends CR LF. */
#ifndef VOUCH_REPORT_CSV_H
#define VOUCH_REPORT_CSV_H

#include <stdio.h>

#include "base/text.h"

/* plain[i]: the column has numbers, n/d or dates of ours, which stay as they are when they are
 * that. All other cells that a spreadsheet would take for a formula get an apostrophe in front.
 * plain may be NULL: there are none. */
void csv_row(FILE *out, const Str *cell, const bool *plain, int n);

#endif
