/*
 * What several commands do with the contracts that were named to them.
 *
 * A word on the command line may stand for several files (hampshire: all of a council's
 * contracts), and several words for one file. Every command therefore turns words into a sorted
 * list of paths without repeats before it reads anything:
 *
 *   hampshire hampshire/ccsh ──> rules/hampshire/care-and-support-at-home.vouch
 *                                rules/hampshire/ccsh.vouch
 *
 * Sorted by path and not by the order of typing, so that the output does not depend on it (law
 * 8).
 */
#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

/* By bytes: the locale has no say in what is printed first. */
static int by_path(const void *left, const void *right)
{
	return str_cmp(*(const Str *)left, *(const Str *)right);
}

/* In place: kept is never ahead of i, so nothing is overwritten before it has been looked at. */
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

/*
 * The first failure is the one that is returned, but every word is looked up: two misspelt
 * names are two diagnostics.
 */
Status commands_contracts(Compilation *compilation, const Options *options, StrVec *paths)
{
	Status status = STATUS_OK;
	for (int i = 0; i < options->noperands; i++) {
		Status found = contract_find(compilation, str_of(options->operand[i]), paths);
		status = status == STATUS_OK ? found : status;
	}
	commands_unique(paths);
	contracts_once(compilation, paths);
	return status;
}
