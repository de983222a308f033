/* What several commands do with the contracts that were named to them. */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

static int by_path(const void *left, const void *right)
{
	return str_cmp(*(const Str *)left, *(const Str *)right);
}

void commands_unique(StrVec *paths)
{
	size_t kept = 0;
	if (paths->n > 1)
		qsort(paths->at, paths->n, sizeof *paths->at, by_path);
	for (size_t i = 0; i < paths->n; i++) {
		if (i == 0 || !str_eq(paths->at[i], paths->at[kept - 1]))
			paths->at[kept++] = paths->at[i];
	}
	paths->n = kept;
}

Status commands_contracts(Compilation *compilation, const Options *options, StrVec *paths)
{
	Status status = STATUS_OK;
	for (int i = 0; i < options->noperands; i++) {
		Status found = contract_find(compilation, str_of(options->operand[i]), paths);
		status = status == STATUS_OK ? found : status;
	}
	commands_unique(paths);
	return status;
}
