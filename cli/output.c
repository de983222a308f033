/*
 *   output_open ──> PATH.XXXXXX ──written──> output_close ──┬─ whole: renamed to PATH
 *                                                           └─ not: removed
 *
 * In the folder of PATH, because rename is one step only within a file system.
 */
#include "cli/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/terminal.h"

/* mkstemp gives the file to its owner alone; a report is as public as any other file of theirs. */
static void as_usual(int fd)
{
	mode_t mask = umask(0);
	umask(mask);
	(void)!fchmod(fd, 0666 & ~mask);
}

/* n + 8: a point, six letters that mkstemp chooses, and the end of the text. */
Status output_open(Output *output, const char *path)
{
	size_t n = strlen(path);
	*output = (Output){.path = path, .temporary = mem_alloc(n + 8)};
	memcpy(output->temporary, path, n);
	memcpy(output->temporary + n, ".XXXXXX", 8);
	int fd = mkstemp(output->temporary);
	if (fd >= 0) {
		as_usual(fd);
		output->file = fdopen(fd, "wb");
	}
	if (output->file != NULL)
		return STATUS_OK;
	Status status = terminal_failed("%s: %s", path, strerror(errno));
	free(output->temporary);
	output->temporary = NULL;
	return status;
}

/* A full disk may show only when the file is closed. errno is kept at the first failure, as closing
 * and removing would overwrite it. */
Status output_close(Output *output, Status status)
{
	if (output->file == NULL)
		return status;
	bool whole = ferror(output->file) == 0 && fflush(output->file) == 0;
	int error = errno;
	if (fclose(output->file) != 0) {
		whole = false;
		error = errno;
	}
	if (whole && status == STATUS_OK && rename(output->temporary, output->path) != 0) {
		whole = false;
		error = errno;
	}
	if (!whole && status != STATUS_INTERRUPTED)
		status = terminal_failed("%s: %s", output->path, strerror(error));
	if (status != STATUS_OK)
		unlink(output->temporary);
	free(output->temporary);
	*output = (Output){0};
	return status;
}
