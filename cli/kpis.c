/*
 * vouch kpis: lists the figures of a run, as text, CSV or JSON (report/kpis.h). Only text goes
 * through a pager, as in `vouch findings`.
 */
#include <stdlib.h>

#include "cli/commands.h"
#include "report/kpis.h"

static const OptionSpec option[] = {
	{"format", 0, "FORMAT", false, "text (as usual), csv or json"},
	{"contract", 'c', "CONTRACT", false, "only figures under this contract: hampshire/ccsh"},
	{"measure", 0, "NAME", false, "only figures of this measure or kpi: handbacks"},
	{"all", 0, NULL, false, "as text, figures of measures too, which have no target"},
	{"provider", 0, "KEY", false, "only figures of this provider"},
	{"run", 0, "RUN", false, "another run than the one added last; the first letters of its id will"
		" do"},
	{NULL, 0, NULL, false, NULL},
};

/* An empty text in a filter matches everything. */
static Str value_of(const Options *options, const char *name)
{
	const char *value = options_value(options, name);
	return value == NULL ? STR("") : str_of(value);
}

/* CSV and JSON are for other programs: their bytes must not depend on who watches. */
static Status print_list(CaseReader *reader, const KpiFilter *filter, KpiFormat format)
{
	ListOptions plain = {stdout, 0, terminal_stop()};
	Pager pager;
	if (format != KPI_TEXT)
		return kpis_list(reader, filter, format, &plain);
	int width = terminal_width(stdout);
	pager_begin(&pager);
	ListOptions options = {pager.out, width, terminal_stop()};
	Status status = kpis_list(reader, filter, format, &options);
	bool paged = pager.child != 0;
	pager_end(&pager);
	return paged && status == STATUS_WORLD ? STATUS_OK : status;
}

/* Usage is checked before the case file is opened. */
static Status run_kpis(const Options *options)
{
	static const char *const word[] = {"text", "csv", "json", NULL};
	int format = 0;
	KpiFilter filter = {.contract = value_of(options, "contract"),
		.measure = value_of(options, "measure"), .provider = value_of(options, "provider")};
	if (options->noperands != 1)
		return options_misused(options->command, "one case file is needed");
	if (!options_choice(options, "format", word, &format))
		return STATUS_USAGE;
	filter.kpis_only = format == KPI_TEXT && filter.measure.len == 0 &&
		options_value(options, "all") == NULL;
	Arena arena = {0};
	Diags diags;
	CaseReader *reader = NULL;
	diags_init(&diags, &arena, NULL);
	Status status = casereader_open(options->operand[0], &diags, &reader);
	if (status == STATUS_OK)
		status = casereader_run(reader, value_of(options, "run"), &filter.run);
	if (status == STATUS_OK)
		status = print_list(reader, &filter, (KpiFormat)format);
	terminal_diags(&diags, stderr);
	casereader_close(reader);
	vec_free(&diags.list);
	arena_free(&arena);
	return status;
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
