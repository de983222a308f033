/*
 * The unit program: runs every suite of suites.h and speaks TAP. With names behind it
 * (`tests/unit/unit civil text`) it runs only those suites; `--list` names them.
 */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define X(name) Suite *name##_suite(void);
#include "tests/unit/suites.h"
#undef X

/*
 * Made from the one list, as are the prototypes: a suite that is listed and not
 * written does not link.
 */
typedef struct Entry {
	const char *name;
	Suite *(*make)(void);
} Entry;

static const Entry entries[] = {
#define X(name) {#name, name##_suite},
#include "tests/unit/suites.h"
#undef X
	{NULL, NULL},
};

/* No names mean all of them. */
static bool wanted(const char *name, int count, char *const names[])
{
	for (int i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return count == 0;
}

/* For scripts that run suites side by side. */
static int list(void)
{
	for (const Entry *entry = entries; entry->name != NULL; entry++)
		puts(entry->name);
	return EXIT_SUCCESS;
}

int main(int argc, char *argv[])
{
	if (argc == 2 && strcmp(argv[1], "--list") == 0)
		return list();
	/* Check's four seconds are too few under a sanitizer on a busy machine. */
	setenv("CK_DEFAULT_TIMEOUT", "120", 0);
	SRunner *runner = srunner_create(NULL);
	int suites = 0;
	for (const Entry *entry = entries; entry->name != NULL; entry++) {
		if (!wanted(entry->name, argc - 1, argv + 1))
			continue;
		srunner_add_suite(runner, entry->make());
		suites++;
	}
	if (suites == 0) {
		fputs("no such suite; --list names them\n", stderr);
		return EXIT_FAILURE;
	}
	/* Failures stand in the TAP lines; a status of our own would count each twice. */
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	int run = srunner_ntests_run(runner);
	srunner_free(runner);
	return run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
