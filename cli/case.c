/*
 * vouch case: where the findings of a case stand (report/case_status.h), or all that was said of
 * one of them.
 *
 *   CASE.db            ──> case_status_read ──> case_list: every finding of the run, and those gone
 *   CASE.db FINDING    ──> casereader_find ──> case_finding_list: one, through all runs
 *
 * Exit status: 0, whatever is open; 2 no such run or finding; 3 a file that cannot be read.
 */
#include "cli/commands.h"
#include "cli/listing.h"
#include "report/case_status.h"

static const OptionSpec option[] = {
	{"run", 0, "RUN", false, "another run than the one added last; the first letters of its id will"
		" do"},
	{"contract", 'c', "CONTRACT", false, "only findings under this contract: hampshire/ccsh"},
	{"rule", 0, "RULE", false, "only findings of this rule: V1"},
	{"provider", 0, "KEY", false, "only findings about this provider"},
	{"format", 0, "FORMAT", false, "text (as usual), csv or json"},
	{NULL, 0, NULL, false, NULL},
};

/* Between the options and the list. */
typedef struct Stands {
	const Options *options;
	CaseReader *reader;
	FindingFilter filter;
	int64_t row;            /* of one finding */
	CaseFormat format;
} Stands;

/* Read behind the pager, so that a case of any size begins to show at once. */
static Status write_case(void *user, const ListOptions *options)
{
	const Stands *stands = user;
	CaseStatus status;
	Status read = case_status_read(stands->reader, &stands->filter, options, &status);
	return read == STATUS_OK ? case_list(&status, stands->format, options) : read;
}

/* The whole history of one finding, whatever became of it. */
static Status write_one(void *user, const ListOptions *options)
{
	const Stands *stands = user;
	return case_finding_list(stands->reader, stands->row, stands->format, options);
}

/* A finding without --run is looked for in every run: it may be gone from the newest. */
static Status list(void *user, CaseReader *reader, Str run_id)
{
	Stands *stands = user;
	const Options *options = stands->options;
	bool one = options->noperands == 2;
	Status status = STATUS_OK;
	stands->reader = reader;
	stands->filter.run = run_id;
	if (one)
		status = casereader_find(reader, str_of(options->operand[1]),
			options_value(options, "run") != NULL ? run_id : STR(""), &stands->row);
	return status != STATUS_OK ? status
		: listing_print(stands->format == CASE_TEXT, one ? write_one : write_case, stands);
}

/* Usage is checked before the case file is opened. */
static Status run_case(const Options *options)
{
	static const char *const word[] = {"text", "csv", "json", NULL};
	Stands stands = {.options = options, .filter = {.contract = listing_value(options, "contract"),
		.rule = listing_value(options, "rule"), .provider = listing_value(options, "provider")}};
	int format = 0;
	if (options->noperands < 1 || options->noperands > 2)
		return options_misused(options->command, "a case file is needed, and for one finding its"
			" id");
	if (options->noperands == 2 && stands.filter.contract.len + stands.filter.rule.len +
	    stands.filter.provider.len > 0)
		return options_misused(options->command, "one finding needs no --contract, --rule or"
			" --provider");
	if (!options_choice(options, "format", word, &format))
		return STATUS_USAGE;
	stands.format = (CaseFormat)format;
	return listing_of_run(options, list, &stands);
}

const Command command_case = {
	.name = "case",
	.operands = "CASE.db [FINDING]",
	.summary = "where the findings of a case stand",
	.about = "Shows for the newest run in a case file what became of its findings: by provider and by"
		" rule how many are raised, answered, upheld, agreed, settled, and the pounds of each, for"
		" the council and for providers, each visit's money once; then each finding of which"
		" something was said, whether it is new, unchanged or changed since, and those that the data"
		" no longer shows, with all that was said of them. With a finding it shows the whole of that"
		" one.",
	.example = "  vouch case case.db --provider P1\n  vouch case case.db 9Q2KX7M1ZD",
	.option = option,
	.run = run_case,
};
