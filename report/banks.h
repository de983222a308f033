/* What the banks of a run come to, as the summary shows it. */
#ifndef VOUCH_REPORT_BANKS_H
#define VOUCH_REPORT_BANKS_H

#include "report/casereader.h"

/* A line for each bank; nothing when the run has none. */
Status banks_summary(CaseReader *reader, Str run_id, int width, Buf *out);

#endif
