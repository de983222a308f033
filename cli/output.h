/*
 * A file that is written beside its name and takes its name when it is whole, so that whatever
 * happens no half of it is left, and what stood there before stays.
 */
#ifndef VOUCH_CLI_OUTPUT_H
#define VOUCH_CLI_OUTPUT_H

#include <stdio.h>

#include "base/status.h"

typedef struct Output {
	const char *path;  /* as given */
	char *temporary;   /* what to write to; for writers that open files themselves */
	FILE *file;        /* the same, open */
} Output;

/* STATUS_WORLD after a message when it cannot be made. path outlives it. */
Status output_open(Output *output, const char *path);
/* Gives it its name when status is STATUS_OK, else throws it away. The status of all of it: what
 * could not be written is told. */
Status output_close(Output *output, Status status);

#endif
