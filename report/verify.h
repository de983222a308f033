/*
 * Whether a case file is as its runs left it. Each run's rows are hashed again and held against its
 * manifest (interp/manifest.h); what was changed, removed or added is named, as far as it can be
 * told. docs/verify.md says what this proves and what it does not.
 */
#ifndef VOUCH_REPORT_VERIFY_H
#define VOUCH_REPORT_VERIFY_H

#include "report/casereader.h"

/* Appends a line for each run and for each thing that is not as it was. *wrong: how many. */
Status verify_case(CaseReader *reader, Buf *out, int64_t *wrong);

/* A run that was made again, in a case file of its own: what of it is not the same, and which input
 * table or rule file differs. Row by row, so order and place in the file do not matter. */
Status verify_again(CaseReader *then, Str run, CaseReader *now, Str run_now, Buf *out,
	int64_t *wrong);

/* `what` is wrong with a plan: "plan night: visit V7 was drawn otherwise". */
typedef void VerifyFault(void *user, const char *what);

/* Frames and draws of spot checks, made again from what the case file has: the hash of each frame,
 * and each ticket. *plans: how many there are. */
Status verify_samples(CaseReader *reader, VerifyFault *fault, void *user, int64_t *plans);

#endif
