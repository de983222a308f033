/*
 * One finding from its clause to its sum (law 12): the rule as it was, every value on the way with
 * its place in the database, what is assumed or missing, and the run, so that whoever reads it can
 * work it out again by hand.
 */
#ifndef VOUCH_REPORT_EXPLAIN_H
#define VOUCH_REPORT_EXPLAIN_H

#include "report/casereader.h"

typedef struct ExplainOptions {
	int width;   /* columns to wrap to */
	bool colour;
} ExplainOptions;

/* row: what casereader_find gave. */
Status explain_print(CaseReader *reader, int64_t row, const ExplainOptions *options, Buf *out);

#endif
