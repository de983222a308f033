/* One CSV row of texts, as all lists write them: every cell quoted, line ends CR LF. */
#ifndef VOUCH_REPORT_CSV_H
#define VOUCH_REPORT_CSV_H

#include <stdio.h>

#include "base/text.h"

/* plain NULL or plain[i]: a number or a date of ours. Other cells that a spreadsheet would take for
 * a formula get an apostrophe in front. */
void csv_row(FILE *out, const Str *cell, const bool *plain, int n);

#endif
