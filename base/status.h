/* What a call that depends on the world returns. Rule authors' mistakes are diagnostics instead. */
#ifndef VOUCH_BASE_STATUS_H
#define VOUCH_BASE_STATUS_H

typedef enum Status {
	STATUS_OK = 0,
	STATUS_NO = 1,          /* done, and the answer is no */
	STATUS_WRONG = 2,       /* the rules or the data are wrong; diagnostics say where */
	STATUS_WORLD = 3,       /* a file, a disk, memory, a lock */
	STATUS_USAGE = 64,      /* the command was not understood */
	STATUS_INTERRUPTED = 130
} Status;

#endif
