/*
 * vouch audit: reads the options, loads the contracts, chooses the days, runs, and prints what came
 * of it.
 *
 *   -c words ──> paths ──> rulebooks ──> window ──> run_audit ──> case file ──> summary
 *
 * The summary and --fail-on read the case file, never the run's own memory, so what is said is what
 * was kept, and a run that was there before says the same again.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/civil.h"
#include "cli/commands.h"
#include "interp/run.h"
#include "report/summary.h"

/*
 * The ends catch slips: --memory given in gigabytes or in bytes lies outside them, and so does a
 * number of threads with a figure too many.
 */
#define THREADS_MOST 64
#define MEMORY_LEAST 64       /* MiB */
#define MEMORY_MOST 1048576

static const OptionSpec option[] = {
	{"contract", 'c', "CONTRACT", true, "the contract to hold the data against; several are audited"
		" together"},
	{"output", 'o', "CASE.db", false, "the case file; a run is added to one that is there"},
	{"from", 0, "DATE", false, "first day looked at; otherwise the first on which any of the"
		" contracts is in force"},
	{"to", 0, "DATE", false, "last day looked at; otherwise the last day of the contracts, if they"
		" end"},
	{"known-on", 0, "DATE", false, "leave out what was published or entered after this day"},
	{"provider", 0, "KEY", false, "look at one provider alone"},
	{"fail-on", 0, "SEVERITY", false, "end with 1 when a rule of this severity (minor, major,"
		" critical) or a graver one failed"},
	{"threads", 0, "N", false, "threads to work with; otherwise one a processor"},
	{"memory", 0, "MIB", false, "the most memory to use, in MiB; otherwise 1536"},
	{NULL, 0, NULL, false, NULL},
};

/* From the mildest to the gravest: grave_enough walks on from the one that was asked for. */
static const char *const severity_word[] = {"minor", "major", "critical", NULL};

/*
 * Everything between the command line and the run. The rulebooks live in the compilation, so
 * this must outlast them: run_command ends it last.
 */
typedef struct Audit {
	const Options *options;
	RunOptions run;
	int from, to, known_on;  /* NO_DAY: not given */
	int fail_on;             /* -1: not given */
	Compilation compilation;
	VEC(const Rulebook *) book;
} Audit;

/* Defaults first: an option that is not given leaves its value alone. */
static bool read_options(Audit *audit)
{
	const Options *options = audit->options;
	long threads = sysconf(_SC_NPROCESSORS_ONLN), memory = 0;
	threads = threads < 1 ? 1 : threads > THREADS_MOST ? THREADS_MOST : threads;
	audit->from = audit->to = audit->known_on = NO_DAY;
	audit->fail_on = -1;
	if (!options_day(options, "from", &audit->from) || !options_day(options, "to", &audit->to)
			|| !options_day(options, "known-on", &audit->known_on)
			|| !options_choice(options, "fail-on", severity_word, &audit->fail_on)
			|| !options_number(options, "threads", 1, THREADS_MOST, &threads)
			|| !options_number(options, "memory", MEMORY_LEAST, MEMORY_MOST, &memory))
		return false;
	const char *provider = options_value(options, "provider");
	audit->run.provider = provider == NULL ? STR("") : str_of(provider);
	audit->run.threads = (int)threads;
	audit->run.memory_limit = (int64_t)memory << 20;
	return true;
}

/* What is wrong with the command is said before any file is opened. */
static Status check_usage(Audit *audit)
{
	const Options *options = audit->options;
	if (options->noperands != 1)
		return options_misused(options->command, "one database is needed");
	if (options_value(options, "contract") == NULL)
		return options_misused(options->command, "a contract is needed: -c hampshire/ccsh");
	if (options_value(options, "output") == NULL)
		return options_misused(options->command, "a case file is needed: -o case.db");
	return read_options(audit) ? STATUS_OK : STATUS_USAGE;
}

/* run_audit wants its rulebooks sorted, so that the order of -c does not matter (law 8). */
static int by_contract(const void *left, const void *right)
{
	const Rulebook *const *a = left, *const *b = right;
	return str_cmp((*a)->contract.decl.name, (*b)->contract.decl.name);
}

/* A shared file is there to be used by contracts. */
static Status no_contract(Compilation *compilation, Str path)
{
	Span nowhere = {-1, 0, 0};
	DiagRef ref = diag_add(&compilation->diags, DIAG_NO_CONTRACT, nowhere,
		"%.*s declares no contract", STR_ARG(path));
	diag_help(ref, "name the file of a contract, or its name under the rules root");
	return STATUS_WRONG;
}

/* All contracts share one compilation: files are read once, mistakes sorted together. */
static Status load_books(Audit *audit)
{
	Compilation *compilation = &audit->compilation;
	StrVec paths = {0};
	Status status = STATUS_OK;
	const char *word;
	for (int i = 0; (word = options_nth(audit->options, "contract", i)) != NULL; i++) {
		Status found = contract_find(compilation, str_of(word), &paths);
		status = status == STATUS_OK ? found : status;
	}
	commands_unique(&paths);
	contracts_once(compilation, &paths);
	for (size_t i = 0; i < paths.n && status == STATUS_OK; i++) {
		const Rulebook *book = rulebook_load(compilation, paths.at[i]);
		if (book == NULL)
			status = STATUS_WRONG;
		else if (book->is_library)
			status = no_contract(compilation, paths.at[i]);
		else
			*vec_push(&audit->book) = book;
	}
	vec_free(&paths);
	if (status == STATUS_OK && audit->book.n > 1)
		qsort(audit->book.at, audit->book.n, sizeof *audit->book.at, by_contract);
	/* An audit that spoke of them every night would teach people not to read what it prints. */
	/* Warnings are for `vouch check`. */
	if (status == STATUS_OK)
		compilation->diags.list.n = compilation->diags.warnings = 0;
	return status;
}

/* Two files of one contract would be judged twice. */
static Status check_books(Audit *audit)
{
	const Command *command = audit->options->command;
	for (size_t i = 0; i < audit->book.n; i++) {
		const Rulebook *book = audit->book.at[i];
		if (i > 0 && str_eq(book->contract.decl.name, audit->book.at[i - 1]->contract.decl.name))
			return options_misused(command, "two files declare the contract %.*s",
				STR_ARG(book->contract.decl.name));
	}
	return STATUS_OK;
}

/*
 * From the first day of the first contract to the last day of the last one. The language reads no
 * clock and neither does this: a contract that has no end needs --to.
 */
static Status choose_window(Audit *audit)
{
	int32_t first = LAST_DAY, last = NO_DAY;
	const Contract *open = NULL;
	for (size_t i = 0; i < audit->book.n; i++) {
		const Contract *contract = &audit->book.at[i]->contract;
		first = contract->from < first ? contract->from : first;
		last = contract->to > last ? contract->to : last;
		open = contract->to == LAST_DAY ? contract : open;
	}
	const Command *command = audit->options->command;
	audit->run.law.from = audit->from != NO_DAY ? audit->from : first;
	audit->run.law.to = audit->to != NO_DAY ? audit->to : last;
	audit->run.law.known_on = audit->known_on != NO_DAY ? audit->known_on : LAST_DAY;
	if (audit->to == NO_DAY && open != NULL)
		return options_misused(command, "%.*s has no last day: say up to which day to look, such as"
			" --to 2026-03-31", STR_ARG(open->decl.name));
	if (audit->run.law.from == NO_DAY)
		return options_misused(command, "the contract has no first day: say from which day to look,"
			" such as --from 2025-04-28");
	if (audit->run.law.from > audit->run.law.to)
		return options_misused(command, "--from lies behind --to");
	return STATUS_OK;
}

/* What --fail-on asks, from what the case file holds: a run that was there already counts too. */
static Status grave_enough(const Audit *audit, CaseReader *reader, Str run_id)
{
	ReadRules rules;
	Status status = casereader_rules(reader, run_id, &rules);
	for (size_t i = 0; audit->fail_on >= 0 && status == STATUS_OK && i < rules.n; i++) {
		const ReadRule *rule = &rules.at[i];
		for (int s = audit->fail_on; severity_word[s] != NULL; s++) {
			if (str_eq(rule->severity,
				str_of(severity_word[s])) && rule->failed + rule->conflict > 0)
				status = STATUS_NO;
		}
	}
	return status;
}

/* Opens the case file anew, as anybody else would. */
static Status report(Audit *audit, const RunResult *result)
{
	CaseReader *reader = NULL;
	Buf text = {0};
	Str run_id = str_of(result->run_id);
	SummaryOptions options = {audit->run.case_path, result->again, terminal_width(stdout)};
	Status status = casereader_open(audit->run.case_path, &audit->compilation.diags, &reader);
	if (status == STATUS_OK)
		status = summary_print(reader, run_id, &options, &text);
	if (status == STATUS_OK)
		fwrite(text.at, 1, text.n, stdout);
	if (status == STATUS_OK)
		status = grave_enough(audit, reader, run_id);
	casereader_close(reader);
	buf_free(&text);
	return status;
}

/* The bar is taken away before anything else is printed. */
static Status work(Audit *audit)
{
	Progress progress;
	RunResult result;
	RunOptions *run = &audit->run;
	run->data_path = audit->options->operand[0];
	run->case_path = options_value(audit->options, "output");
	run->book = audit->book.at;
	run->nbooks = (int32_t)audit->book.n;
	run->progress = progress_show;
	run->user = &progress;
	run->stop = terminal_stop();
	progress_begin(&progress);
	Status status = run_audit(run, &audit->compilation.diags, &result);
	progress_end(&progress);
	if (status == STATUS_INTERRUPTED)
		fputs("vouch: interrupted; nothing was written\n", stderr);
	return status == STATUS_OK ? report(audit, &result) : status;
}

/*
 * Each step runs only if the one before it was sound, and all diagnostics come out together at
 * the end, so that a mistake in the third contract is not hidden by one in the first.
 */
static Status run_command(const Options *options)
{
	Audit audit = {.options = options};
	Status status = check_usage(&audit);
	if (status != STATUS_OK)
		return status;
	compile_begin(&audit.compilation, NULL);
	status = load_books(&audit);
	if (status == STATUS_OK)
		status = check_books(&audit);
	if (status == STATUS_OK)
		status = choose_window(&audit);
	if (status == STATUS_OK)
		status = work(&audit);
	terminal_diags(&audit.compilation.diags, stderr);
	vec_free(&audit.book);
	compile_end(&audit.compilation);
	return status;
}

/* All of `vouch audit --help` is made from this and from the table of options. */
const Command command_audit = {
	.name = "audit",
	.operands = "DATA.db -c CONTRACT… -o CASE.db",
	.summary = "hold the data against contracts, into a case file",
	.about = "Reads the database, judges every row by every rule of the contracts, and writes what"
		" was found to a case file, each finding with its evidence. The database is only read. The"
		" same rules, data and dates give the same run; it is added once.\n"
		"Days are written 2025-04-28, and both ends are in.",
	.example = "  vouch audit county.db -c hampshire -o case.db --from 2025-04-28 --to 2026-04-26",
	.option = option,
	.run = run_command,
};
