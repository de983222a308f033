/*
 * vouch findings: lists what a run found, as text, CSV or JSON (report/list.h).
 *
 * The three formats are one interface: a ListWriter is given the reader, the run and the numbers
 * of the findings, and writes. Only text goes through a pager; CSV and JSON are for other
 * programs, whose bytes must not depend on whether somebody watches.
 *
 *   options ──> filter ──> casereader_select ──> numbers ──> list_text, csv_findings or
 *                                                            json_findings
 */
#include <stdlib.h>

#include "cli/commands.h"
#include "report/ask.h"
#include "report/list.h"

static const OptionSpec option[] = {
	{"format", 0, "FORMAT", false, "text (as usual), csv or json"},
	{"contract", 'c', "CONTRACT", false, "only findings under this contract: hampshire/ccsh"},
	{"rule", 0, "RULE", false, "only findings of this rule: V1"},
	{"provider", 0, "KEY", false, "only findings about this provider"},
	{"verdict", 0, "VERDICT", false, "only fail, not_assessed or conflict"},
	{"ask-for", 0, NULL, false, "instead, the evidence to ask for where facts are missing: the"
		" facts on which most money hangs first"},
	{"run", 0, "RUN", false, "another run than the one added last; the first letters of its id will"
		" do"},
	{NULL, 0, NULL, false, NULL},
};

/* An empty text in a filter matches everything, so an option not given needs no special case. */
static Str value_of(const Options *options, const char *name)
{
	const char *value = options_value(options, name);
	return value == NULL ? STR("") : str_of(value);
}

/* The verdict as the case file spells it; people may type it as reports print it. */
static bool read_verdict(const Options *options, Str *verdict)
{
	static const char *const word[] = {"fail", "not_assessed", "conflict", "failed", "not assessed",
		NULL};
	int choice = -1;
	if (!options_choice(options, "verdict", word, &choice))
		return false;
	*verdict = choice < 0 ? STR("") : str_of(word[choice % 3]);
	return true;
}

/* Text goes through the pager; whoever leaves it early has seen enough. */
static Status print_text(CaseReader *reader, Str run_id, const FindingList *list)
{
	Pager pager;
	int width = terminal_width(stdout);
	pager_begin(&pager);
	ListOptions options = {pager.out, width, terminal_stop()};
	Status status = list_text(reader, run_id, list, &options);
	bool paged = pager.child != 0;
	pager_end(&pager);
	return paged && status == STATUS_WORLD ? STATUS_OK : status;
}

/*
 * The filter is applied by SQLite and gives row numbers only, so a list of a million findings
 * costs eight megabytes and not a gigabyte.
 */
static Status print_list(CaseReader *reader, FindingFilter *filter, int format)
{
	static ListWriter *const writer[] = {list_text, csv_findings, json_findings};
	FindingList list = {0};
	ListOptions options = {stdout, 0, terminal_stop()};
	Status status = casereader_select(reader, filter, &list);
	if (status == STATUS_OK && format == 0)
		status = print_text(reader, filter->run, &list);
	else if (status == STATUS_OK)
		status = writer[format](reader, filter->run, &list, &options);
	vec_free(&list);
	return status;
}

/* The same through the pager, or not. */
static Status print_asked(CaseReader *reader, const FindingFilter *filter, int format)
{
	ListOptions options = {stdout, 0, terminal_stop()};
	Pager pager;
	if (format != 0)
		return ask_list(reader, filter, format, &options);
	pager_begin(&pager);
	options.out = pager.out;
	Status status = ask_list(reader, filter, format, &options);
	bool paged = pager.child != 0;
	pager_end(&pager);
	return paged && status == STATUS_WORLD ? STATUS_OK : status;
}

/*
 * Usage is checked before the case file is opened: a slip in an option must not cost the time
 * that opening a large file takes.
 */
static Status run_findings(const Options *options)
{
	static const char *const word[] = {"text", "csv", "json", NULL};
	int format = 0;
	FindingFilter filter = {.contract = value_of(options, "contract"),
		.rule = value_of(options, "rule"), .provider = value_of(options, "provider")};
	if (options->noperands != 1)
		return options_misused(options->command, "one case file is needed");
	if (!options_choice(options, "format", word, &format) || !read_verdict(options,
		&filter.verdict))
		return STATUS_USAGE;
	Arena arena = {0};
	Diags diags;
	CaseReader *reader = NULL;
	diags_init(&diags, &arena, NULL);
	Status status = casereader_open(options->operand[0], &diags, &reader);
	if (status == STATUS_OK)
		status = casereader_run(reader, value_of(options, "run"), &filter.run);
	if (status == STATUS_OK && options_value(options, "ask-for") != NULL)
		status = print_asked(reader, &filter, format);
	else if (status == STATUS_OK)
		status = print_list(reader, &filter, format);
	terminal_diags(&diags, stderr);
	casereader_close(reader);
	vec_free(&diags.list);
	arena_free(&arena);
	return status;
}

const Command command_findings = {
	.name = "findings",
	.operands = "CASE.db",
	.summary = "list the findings of an audit",
	.about = "Lists the findings of the newest run in a case file, sorted by contract, rule and"
		" what they are about. The same run gives the same bytes, in whichever case file it is.",
	.example = "  vouch findings case.db --rule V1 --format csv > v1.csv",
	.option = option,
	.run = run_findings,
};
