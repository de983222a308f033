/*
 * The way from a command to its list, which all lists share:
 *
 *   case file ──> run ──> listing_of_run ──> the command's own ──> listing_print ──┬─ text: pager
 *                                             filter and writer                    └─ else: stdout
 *
 * Pseudonyms are put on before the command's own part, so no list can forget them.
 */
#include "cli/listing.h"

#include <errno.h>
#include <string.h>

#include "cli/terminal.h"
#include "report/pseudonym.h"

#define KEY_LEAST 16      /* bytes: shorter ones can be tried out */
#define KEY_MOST 4096

/* Empty for an option that was not given: filters take empty texts for no limit. */
Str listing_value(const Options *options, const char *name)
{
	const char *value = options_value(options, name);
	return value == NULL ? STR("") : str_of(value);
}

/* All bytes of the key file count, its last line feed too; of a longer one the first KEY_MOST. The
 * same file must be used for all that is to go together. */
Status listing_pseudonymise(const Options *options, CaseReader *reader)
{
	const char *path = options_value(options, "pseudonymise");
	const char *people = options_value(options, "people");
	char key[KEY_MOST];
	if (path == NULL)
		return people == NULL ? STATUS_OK
			: options_misused(options->command, "--people goes with --pseudonymise");
	FILE *in = fopen(path, "rb");
	if (in == NULL)
		return terminal_failed("%s: %s", path, strerror(errno));
	size_t n = fread(key, 1, sizeof key, in);
	fclose(in);
	if (n < KEY_LEAST)
		return terminal_failed("%s has %zu bytes; a key has %d or more, which nobody can guess", path,
			n, KEY_LEAST);
	return pseudonyms_show(reader, (Str){key, n}, people == NULL ? STR("client,carer")
		: str_of(people));
}

/* Whoever leaves the pager early has seen enough: that is no failed write. */
Status listing_print(bool text, ListingWriter *write, void *user)
{
	ListOptions options = {stdout, 0, terminal_stop()};
	Pager pager;
	if (!text)
		return write(user, &options);
	options.width = terminal_width(stdout);
	pager_begin(&pager);
	options.out = pager.out;
	Status status = write(user, &options);
	bool paged = pager.child != 0;
	pager_end(&pager);
	return paged && status == STATUS_WORLD ? STATUS_OK : status;
}

/* Diagnostics go out before the reader is closed, because their texts may be the reader's. */
Status listing_of_run(const Options *options, ListingOfRun *list, void *user)
{
	Arena arena = {0};
	Diags diags;
	Str run_id = STR("");
	CaseReader *reader = NULL;
	diags_init(&diags, &arena, NULL);
	Status status = casereader_open(options->operand[0], &diags, &reader);
	if (status == STATUS_OK)
		status = casereader_run(reader, listing_value(options, "run"), &run_id);
	if (status == STATUS_OK)
		status = listing_pseudonymise(options, reader);
	if (status == STATUS_OK)
		status = list(user, reader, run_id);
	terminal_diags(&diags, stderr);
	casereader_close(reader);
	vec_free(&diags.list);
	arena_free(&arena);
	return status;
}
