/*
 * What one run came to, on one screen: what was read, what each rule found, the money at stake,
 * what rests on assumed figures, and what to type next. Everything is read back from the case file,
 * so that what is printed is what is kept.
 */
#ifndef VOUCH_REPORT_SUMMARY_H
#define VOUCH_REPORT_SUMMARY_H

#include "report/casereader.h"

typedef struct SummaryOptions {
	const char *case_path; /* as typed, for the commands at the end */
	bool again;            /* the case file had the run before */
	int width;             /* columns, at most 100 are used; 0: 100 */
} SummaryOptions;

Status summary_print(CaseReader *reader, Str run_id, const SummaryOptions *options, Buf *out);

#endif
