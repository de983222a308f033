/*
 * Spot checks as a case file holds them: what was drawn and which logs to ask for, with the lines of
 * shell that redo the draw; and what an evaluation came to.
 *
 * A figure is shown as the limit that it is: nothing found in 20 rows still allows for many wrong
 * ones. A sum to be claimed is shown only where the plan names the clause that lets a sample speak
 * for the rest, and never of rows that were chosen.
 */
#ifndef VOUCH_REPORT_SPOT_H
#define VOUCH_REPORT_SPOT_H

#include <stdio.h>

#include "report/casereader.h"

typedef enum SpotFormat { SPOT_TEXT, SPOT_CSV, SPOT_JSON } SpotFormat;

/* path: of the case file, as the lines to redo the draw name it. */
Status spot_print_sample(CaseReader *reader, Str plan, Str path, SpotFormat format, int width,
	FILE *out);
/* As text or JSON. */
Status spot_print_evaluation(CaseReader *reader, Str plan, Str evaluation, SpotFormat format,
	int width, FILE *out);

#endif
