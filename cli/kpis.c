/*
 * vouch kpis: lists the figures of a run, as text, CSV or JSON (report/kpis.h). Only text goes
 * through a pager, as in `vouch findings`.
 *
 * Text shows kpis alone, unless --all or a measure is asked for: measures have no target and no
 * status, and there are many. CSV and JSON always have both, for a program can tell them apart.
 */
#include "cli/commands.h"
#include "cli/listing.h"
#include "report/kpis.h"

static const OptionSpec option[] = {
	{"format", 0, "FORMAT", false, "text (as usual), csv or json"},
	{"contract", 'c', "CONTRACT", false, "only figures under this contract: hampshire/ccsh"},
	{"measure", 0, "NAME", false, "only figures of this measure or kpi: handbacks"},
	{"all", 0, NULL, false, "as text, figures of measures too, which have no target"},
	{"provider", 0, "KEY", false, "only figures of this provider"},
	{"run", 0, "RUN", false, "another run than the one added last; the first letters of its id will"
		" do"},
	LISTING_PSEUDONYM_OPTIONS,
	{NULL, 0, NULL, false, NULL},
};

/* Between the options and the list. */
typedef struct Listed {
	CaseReader *reader;
	KpiFilter filter;
	KpiFormat format;
} Listed;

/* In the shape that listing_print calls: it knows where to write, we know what. */
static Status write_figures(void *user, const ListOptions *options)
{
	const Listed *listed = user;
	return kpis_list(listed->reader, &listed->filter, listed->format, options);
}

/* Reader and run are only known when the case file is open. */
static Status list(void *user, CaseReader *reader, Str run_id)
{
	Listed *listed = user;
	listed->reader = reader;
	listed->filter.run = run_id;
	return listing_print(listed->format == KPI_TEXT, write_figures, listed);
}

/* Usage is checked before the case file is opened. */
static Status run_kpis(const Options *options)
{
	static const char *const word[] = {"text", "csv", "json", NULL};
	int format = 0;
	Listed listed = {.filter = {.contract = listing_value(options, "contract"),
		.measure = listing_value(options, "measure"),
		.provider = listing_value(options, "provider")}};
	if (options->noperands != 1)
		return options_misused(options->command, "one case file is needed");
	if (!options_choice(options, "format", word, &format))
		return STATUS_USAGE;
	listed.format = (KpiFormat)format;
	listed.filter.kpis_only = format == KPI_TEXT && listed.filter.measure.len == 0 &&
		options_value(options, "all") == NULL;
	return listing_of_run(options, list, &listed);
}

const Command command_kpis = {
	.name = "kpis",
	.operands = "CASE.db",
	.summary = "list the figures of an audit",
	.about = "Lists the figures of measures and KPIs of the newest run in a case file, with target,"
		" status, the provider's own figure and that of the period before. The same run gives the"
		" same bytes, in whichever case file it is.",
	.example = "  vouch kpis case.db --measure handbacks --format csv > handbacks.csv",
	.option = option,
	.run = run_kpis,
};
