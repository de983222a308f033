/*
 * The world around a command: signals, the terminal's width and colours, the pager, the progress
 * bar, and whether what was printed arrived.
 */
#ifndef VOUCH_CLI_TERMINAL_H
#define VOUCH_CLI_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/status.h"
#include "dsl/diag.h"

/* From now on SIGINT and SIGTERM set the stop flag, and a closed pipe is a failed write. */
void terminal_catch_signals(void);
/* Not 0 once the program was asked to stop. */
const volatile int *terminal_stop(void);

/* Colours: only on a terminal, never against NO_COLOR or on a dumb one. */
bool terminal_colour(FILE *stream);
/* Columns of the terminal; 0 when the stream is none. */
int terminal_width(FILE *stream);

/* Everything printed as text to read: through $PAGER (less when unset) on a terminal. */
typedef struct Pager {
	FILE *out;
	pid_t child; /* 0: `out` is standard output */
} Pager;

void pager_begin(Pager *pager);
void pager_end(Pager *pager); /* waits until the reader has left it */

/* Flushes standard output. STATUS_WORLD, with a message unless its reader has simply gone, when
 * something of it was lost; otherwise `status`. */
Status terminal_finish(Status status);

/* The queued diagnostics as text on a stream, in colour where that fits. */
void terminal_diags(Diags *diags, FILE *stream);
/* "vouch: …" on standard error; gives STATUS_WORLD. */
Status terminal_failed(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A bar on standard error while rows are read, when that is a terminal. progress_show may be called
 * by several threads at once. */
typedef struct Progress {
	bool shown;
	int busy;
	int64_t next; /* milliseconds when it is drawn again */
} Progress;

void progress_begin(Progress *progress);
void progress_show(void *progress, int64_t done, int64_t all);
void progress_end(Progress *progress);

#endif
