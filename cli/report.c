/*
 * vouch report: a run for people, in a file. What formats there are is one table; a format is a
 * function that is given the case file, the run and where to write.
 *
 *   options ──> case file, run ──> output_open ──> format[].write or pack ──> output_close
 *                                                                                  │
 *   case file: "such a file, of such a hash, was made of this run" <── note_output ┘
 *
 * Exit status: 0 written; 2 no such run; 3 a file that cannot be read or written; 64
 * misused; 130 interrupted. Unless it is 0, what stood at the path before is still there.
 */
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "interp/manifest.h"
#include "report/events.h"
#include "report/html_report.h"
#include "report/pack.h"
#include "report/sarif.h"
#include "report/xlsx_report.h"

static const OptionSpec option[] = {
	{"output", 'o', "PATH", false, "the file to write; it is replaced when it is there"},
	{"format", 0, "FORMAT", false, "html (as usual), xlsx, csv, events (what was said of the"
		" findings, as CSV), json or sarif"},
	{"pack", 0, "KEY", false, "instead, the dispute pack of this provider: a web page to print,"
		" each finding on a sheet"},
	{"most", 0, "N", false, "in HTML, show at most N findings in full, the gravest (1000)"},
	{"run", 0, "RUN", false, "another run than the one added last; the first letters of its id will"
		" do"},
	LISTING_PSEUDONYM_OPTIONS,
	{NULL, 0, NULL, false, NULL},
};

/* What a format is given. */
typedef struct ReportJob {
	CaseReader *reader;
	Str run_id;
	const char *path;       /* for libraries that open the file themselves */
	const char *name;       /* of the file, as it was given */
	ListOptions list;       /* list.out: the same file, open */
	long most;
	Str provider;           /* of a pack */
} ReportJob;

typedef Status ReportWriter(const ReportJob *job);

/* Findings beyond `most` are counted in the page and stand in the other formats. */
static Status write_html(const ReportJob *job)
{
	HtmlOptions how = {.findings_most = job->most};
	return html_report(job->reader, job->run_id, &how, &job->list);
}

/* All findings, as `vouch findings` writes them: the same bytes, by the same writer. */
static Status write_list(const ReportJob *job, ListWriter *writer)
{
	FindingFilter filter = {.run = job->run_id, .contract = STR(""), .rule = STR(""),
		.provider = STR(""), .verdict = STR("")};
	FindingList list = {0};
	Status status = casereader_select(job->reader, &filter, &list);
	if (status == STATUS_OK)
		status = writer(job->reader, job->run_id, &list, &job->list);
	vec_free(&list);
	return status;
}

static Status write_csv(const ReportJob *job)
{
	return write_list(job, csv_findings);
}

static Status write_events(const ReportJob *job)
{
	return events_csv(job->reader, job->run_id, &job->list);
}

static Status write_json(const ReportJob *job)
{
	return write_list(job, json_findings);
}

/* SARIF says by what filter its findings were chosen: here by none but the run. */
static Status list_sarif(CaseReader *reader, Str run_id, const FindingList *list,
	const ListOptions *options)
{
	const FindingFilter all = {.run = run_id};
	const SarifOptions how = {.filter = &all};
	return sarif_findings(reader, &how, list, options);
}

static Status write_sarif(const ReportJob *job)
{
	return write_list(job, list_sarif);
}

/* The library writes the file by its name, beside the one that is open: ours stays empty, so
 * closing it adds nothing to what stands there by then. */
static Status write_xlsx(const ReportJob *job)
{
	const char *why = NULL;
	Status status = xlsx_report(job->reader, job->run_id, job->path, &job->list, &why);
	return why != NULL ? terminal_failed("%s: %s", job->name, why) : status;
}

/* A pack is no format of its own but an HTML page for other eyes, so it is not in the table. */
static Status write_pack(const ReportJob *job)
{
	PackOptions how = {.provider = job->provider, .findings_most = job->most};
	return pack_report(job->reader, job->run_id, &how, &job->list);
}

/* A format is a line here and a word in the help of --format. */
static const struct {
	const char *name;
	ReportWriter *write;
} format[] = {{"html", write_html}, {"xlsx", write_xlsx}, {"csv", write_csv},
	{"events", write_events}, {"json", write_json}, {"sarif", write_sarif}};

enum { FORMATS = sizeof format / sizeof *format };

/* Between the options and the file. */
typedef struct Reporting {
	ReportJob job;
	ReportWriter *write;
	const char *path;
	OutputNote note;
	char run_id[64];        /* the note's: the reader's are gone by then */
} Reporting;

/* The file is made when the case file has been opened: a slip in its name leaves nothing behind. */
static Status report(void *user, CaseReader *reader, Str run_id)
{
	Reporting *reporting = user;
	ReportJob *job = &reporting->job;
	Output output;
	Status status = output_open(&output, reporting->path);
	if (status != STATUS_OK)
		return status;
	job->reader = reader;
	job->run_id = run_id;
	job->path = output.temporary;
	job->name = output.path;
	job->list = (ListOptions){.out = output.file, .stop = terminal_stop()};
	snprintf(reporting->run_id, sizeof reporting->run_id, "%.*s", STR_ARG(run_id));
	return output_close(&output, reporting->write(job));
}

/* Of the file as it stands on the disk, after it took its name: what was noted is what somebody can
 * hash again, whichever library wrote it. */
static bool hash_file(const char *path, OutputNote *note)
{
	char bytes[16384];
	size_t n;
	Digest digest;
	FILE *in = fopen(path, "rb");
	if (in == NULL)
		return false;
	digest_begin(&digest);
	for (; (n = fread(bytes, 1, sizeof bytes, in)) > 0; note->bytes += (int64_t)n)
		digest_bytes(&digest, bytes, n);
	bool whole = ferror(in) == 0;
	digest_end(&digest, note->sha256);
	fclose(in);
	return whole;
}

/* The case file says what was made of it. One that can only be read stays as it is, and the
 * report is good all the same. Only the name is noted: folders are nobody else's business. By
 * now the reader is closed, as its transaction would be in the way of the writer. */
static Status note_output(const char *case_path, Reporting *reporting)
{
	Arena arena = {0};
	Diags diags;
	OutputNote *note = &reporting->note;
	const char *slash = strrchr(reporting->path, '/');
	if (access(case_path, W_OK) != 0 || !hash_file(reporting->path, note))
		return STATUS_OK;
	note->run_id = str_of(reporting->run_id);
	note->name = str_of(slash == NULL ? reporting->path : slash + 1);
	diags_init(&diags, &arena, NULL);
	Status status = output_note(case_path, note, &diags);
	terminal_diags(&diags, stderr);
	vec_free(&diags.list);
	arena_free(&arena);
	return status;
}

/* html is choice 0, so --format html and no --format are alike beside --pack. */
static Status run_report(const Options *options)
{
	const char *word[FORMATS + 1] = {NULL};
	int choice = 0;
	Reporting reporting = {.path = options_value(options, "output"),
		.job = {.provider = listing_value(options, "pack"), .most = HTML_FINDINGS_MOST}};
	for (int i = 0; i < FORMATS; i++)
		word[i] = format[i].name;
	if (options->noperands != 1)
		return options_misused(options->command, "one case file is needed");
	if (reporting.path == NULL)
		return options_misused(options->command, "-o is needed: the file to write");
	if (!options_choice(options, "format", word, &choice)
			|| !options_number(options, "most", 0, 1000000, &reporting.job.most))
		return STATUS_USAGE;
	bool pack = options_value(options, "pack") != NULL;
	if (pack && choice != 0)
		return options_misused(options->command, "a dispute pack is a web page: --pack goes with"
			" --format html alone");
	reporting.write = pack ? write_pack : format[choice].write;
	reporting.note.format = pack ? STR("pack") : str_of(format[choice].name);
	Status status = listing_of_run(options, report, &reporting);
	return status == STATUS_OK ? note_output(options->operand[0], &reporting) : status;
}

const Command command_report = {
	.name = "report",
	.operands = "CASE.db",
	.summary = "write an audit as a web page, or for one provider",
	.about = "Writes the newest run in a case file as one web page that needs nothing beside it:"
		" summary, where things stand, charts, every finding with its whole working and what was said"
		" of it, figures, what to ask for, what was rejected, the rules, how to do it again. With"
		" --pack it writes what one provider is sent: each finding that is open on a sheet of its own,"
		" with how to answer it. The same run, with the same said of it, gives the same bytes, in"
		" whichever case file it is.",
	.example = "  vouch report case.db -o report.html\n"
		"  vouch report case.db --pack P0001 -o p0001.html",
	.option = option,
	.run = run_report,
};
