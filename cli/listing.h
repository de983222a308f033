/* Lists of what a run found: where they go, and the run that they are of. */
#ifndef VOUCH_CLI_LISTING_H
#define VOUCH_CLI_LISTING_H

#include "cli/options.h"
#include "report/list.h"

/* The value of an option; empty when it was not given, as filters of a case file want it. */
Str listing_value(const Options *options, const char *name);

/* The two options of commands that show findings, and what they do: people under pseudonyms. */
#define LISTING_PSEUDONYM_OPTIONS \
	{"pseudonymise", 0, "KEYFILE", false, "people and carers under pseudonyms, which only this key" \
		" makes again"}, \
	{"people", 0, "DATASETS", false, "with --pseudonymise: the datasets that stand for people;" \
		" otherwise client,carer"}
Status listing_pseudonymise(const Options *options, CaseReader *reader);

typedef Status ListingWriter(void *user, const ListOptions *options);
/* As text through the pager, as wide as the terminal is. All else is for other programs: its bytes
 * must not depend on whether somebody watches. */
Status listing_print(bool text, ListingWriter *write, void *user);

typedef Status ListingOfRun(void *user, CaseReader *reader, Str run_id);
/* Opens the case file that is the command's operand, and asks for the run that --run names or else
 * the newest. What goes wrong is told on standard error. */
Status listing_of_run(const Options *options, ListingOfRun *list, void *user);

#endif
