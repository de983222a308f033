/*
 * vouch findings: lists what a run found, as text, CSV, JSON (report/list.h) or SARIF.
 *
 * The three formats are one interface: a ListWriter is given the reader, the run and the numbers
 * of the findings, and writes. Only text goes through a pager; CSV and JSON are for other
 * programs, whose bytes must not depend on whether somebody watches.
 *
 *   options ──> filter ──> casereader_select ──> numbers ──> list_text, csv_findings or
 *                                                            json_findings
 */
#include "cli/commands.h"
#include "cli/listing.h"
#include "interp/case_event.h"
#include "report/ask.h"
#include "report/list.h"
#include "report/sarif.h"

static const OptionSpec option[] = {
	{"format", 0, "FORMAT", false, "text (as usual), csv, json or sarif"},
	{"contract", 'c', "CONTRACT", false, "only findings under this contract: hampshire/ccsh"},
	{"rule", 0, "RULE", false, "only findings of this rule: V1"},
	{"provider", 0, "KEY", false, "only findings about this provider"},
	{"verdict", 0, "VERDICT", false, "only fail, not_assessed or conflict"},
	{"status", 0, "STATUS", false, "only findings that stand so: not_raised, raised, answered,"
		" upheld, part_upheld, withdrawn, agreed, disputed, settled or referred"},
	{"ask-for", 0, NULL, false, "instead, the evidence to ask for where facts are missing: the"
		" facts on which most money hangs first"},
	{"baseline", 0, "RUN", false, "as SARIF, say what is new, updated, unchanged or absent since this"
		" run of the case file"},
	{"run", 0, "RUN", false, "another run than the one added last; the first letters of its id will"
		" do"},
	LISTING_PSEUDONYM_OPTIONS,
	{NULL, 0, NULL, false, NULL},
};

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

/* What was said of it last. */
static bool read_status(const Options *options, Str *status)
{
	const char *word[EVENT_STATUS_COUNT + 1] = {NULL};
	int choice = -1;
	for (int i = 0; i < EVENT_STATUS_COUNT; i++)
		word[i] = event_word[i];
	if (!options_choice(options, "status", word, &choice))
		return false;
	*status = choice < 0 ? STR("") : str_of(word[choice]);
	return true;
}

typedef struct Listed {
	CaseReader *reader;
	FindingFilter filter;
	FindingList list;     /* of what the filter gives */
	int format;
	const char *path;     /* of the case file, for a second reader */
	SarifOptions sarif;
} Listed;

enum { TEXT, CSV, JSON, SARIF };

static Status write_findings(void *user, const ListOptions *options)
{
	static ListWriter *const writer[] = {list_text, csv_findings, json_findings};
	const Listed *listed = user;
	if (listed->format == SARIF)
		return sarif_findings(listed->reader, &listed->sarif, &listed->list, options);
	return writer[listed->format](listed->reader, listed->filter.run, &listed->list, options);
}

static Status write_asked(void *user, const ListOptions *options)
{
	const Listed *listed = user;
	return ask_list(listed->reader, &listed->filter, listed->format, options);
}

/* Two runs are read side by side, each by a reader of its own. */
static Status open_baseline(Listed *listed)
{
	SarifOptions *sarif = &listed->sarif;
	sarif->filter = &listed->filter;
	if (sarif->baseline.len == 0)
		return STATUS_OK;
	Status status = casereader_open(listed->path, casereader_diags(listed->reader),
		&sarif->before);
	return status == STATUS_OK ? casereader_run(sarif->before, sarif->baseline, &sarif->baseline)
		: status;
}

/*
 * The filter is applied by SQLite and gives row numbers only, so a list of a million findings
 * costs eight megabytes and not a gigabyte.
 */
static Status list_findings(void *user, CaseReader *reader, Str run_id)
{
	Listed *listed = user;
	listed->reader = reader;
	listed->filter.run = run_id;
	Status status = casereader_select(reader, &listed->filter, &listed->list);
	if (status == STATUS_OK)
		status = open_baseline(listed);
	if (status == STATUS_OK)
		status = listing_print(listed->format == TEXT, write_findings, listed);
	casereader_close(listed->sarif.before);
	vec_free(&listed->list);
	return status;
}

static Status list_asked(void *user, CaseReader *reader, Str run_id)
{
	Listed *listed = user;
	listed->reader = reader;
	listed->filter.run = run_id;
	return listing_print(listed->format == TEXT, write_asked, listed);
}

/*
 * Usage is checked before the case file is opened: a slip in an option must not cost the time
 * that opening a large file takes.
 */
static Status run_findings(const Options *options)
{
	static const char *const word[] = {"text", "csv", "json", "sarif", NULL};
	Listed listed = {.filter = {.contract = listing_value(options, "contract"),
		.rule = listing_value(options, "rule"), .provider = listing_value(options, "provider")},
		.sarif = {.baseline = listing_value(options, "baseline")}};
	if (options->noperands != 1)
		return options_misused(options->command, "one case file is needed");
	if (!options_choice(options, "format", word, &listed.format) || !read_verdict(options,
		&listed.filter.verdict) || !read_status(options, &listed.filter.status))
		return STATUS_USAGE;
	if (listed.filter.status.len > 0 && options_value(options, "ask-for") != NULL)
		return options_misused(options->command, "--ask-for goes without --status");
	if (listed.format == SARIF && options_value(options, "ask-for") != NULL)
		return options_misused(options->command, "--ask-for gives no findings: it goes with text,"
			" csv and json");
	if (listed.format != SARIF && options_value(options, "baseline") != NULL)
		return options_misused(options->command, "--baseline goes with --format sarif alone");
	listed.path = options->operand[0];
	return listing_of_run(options,
		options_value(options, "ask-for") != NULL ? list_asked : list_findings, &listed);
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
