/*
 * vouch restate: audits again what a run audited, by what is known today, and lists what differs.
 *
 *   case file ──> run R: contracts, window, provider, data ──> run_audit ──> the new run
 *        └──────────────────────── R and the new run ──> restate_list <────────┘
 *
 * With --against nothing is audited: two runs of the file are held against each other. Either way
 * the case file is read only after everything was written, by two readers, one for each run.
 *
 * Exit status: 0 whatever differs, for a difference is no fault; 2 no such run, or rules that are
 * wrong; 3 a file that cannot be read or written; 64 misused; 130 interrupted.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/civil.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "interp/run.h"
#include "report/restate.h"

#define THREADS_MOST 64
#define MEMORY_LEAST 64       /* MiB, as in vouch audit */
#define MEMORY_MOST 1048576

static const OptionSpec option[] = {
	{"run", 0, "RUN", false, "the run to make again, or to compare; otherwise the one added last. The"
		" first letters of its id will do"},
	{"known-on", 0, "DATE", false, "leave out what was published or entered after this day;"
		" otherwise everything is known that is there"},
	{"against", 0, "RUN", false, "audit nothing; compare with this run of the case file"},
	{"format", 0, "FORMAT", false, "text (as usual), csv or json"},
	{"threads", 0, "N", false, "threads to work with; otherwise one a processor"},
	{"memory", 0, "MIB", false, "the most memory to use, in MiB; otherwise 1536"},
	{NULL, 0, NULL, false, NULL},
};

/* Between the command line and the list. The rulebooks live in the compilation, and so do the texts
 * that were read from the case file, which is closed while the audit writes to it. */
typedef struct Again {
	const Options *options;
	const char *case_path;
	RestateFormat format;
	Compilation compilation;
	VEC(const Rulebook *) book;
	RunOptions run;
	Str before, after;       /* ids, whole */
} Again;

/* What is wrong with the command is said before any file is opened. */
static Status read_options(Again *again)
{
	static const char *const word[] = {"text", "csv", "json", NULL};
	const Options *options = again->options;
	long threads = sysconf(_SC_NPROCESSORS_ONLN), memory = 0;
	int known_on = LAST_DAY, format = 0;
	threads = threads < 1 ? 1 : threads > THREADS_MOST ? THREADS_MOST : threads;
	if (options->noperands < 1 || options->noperands > 2)
		return options_misused(options->command, "a case file is needed, and a database if it has"
			" moved");
	if (options_value(options, "against") != NULL &&
	    (options->noperands > 1 || options_value(options, "known-on") != NULL))
		return options_misused(options->command, "with --against nothing is audited: it goes"
			" neither with --known-on nor with a database");
	if (!options_day(options, "known-on", &known_on) ||
	    !options_choice(options, "format", word, &format) ||
	    !options_number(options, "threads", 1, THREADS_MOST, &threads) ||
	    !options_number(options, "memory", MEMORY_LEAST, MEMORY_MOST, &memory))
		return STATUS_USAGE;
	again->case_path = options->operand[0];
	again->format = (RestateFormat)format;
	again->run.law.known_on = known_on;
	again->run.threads = (int)threads;
	again->run.memory_limit = (int64_t)memory << 20;
	return STATUS_OK;
}

/* ---- what the run audited ---- */

/* As the contract's own file says, found where it was then. The rules are those of today: what
 * changed in them is among what is to be seen. A file that declares another contract now would give
 * findings with other ids, all of them new. */
static Status load_book(Again *again, const ReadRun *run)
{
	Compilation *compilation = &again->compilation;
	StrVec paths = {0};
	Status status = contract_find(compilation, run->contract_path, &paths);
	const Rulebook *book = status == STATUS_OK ? rulebook_load(compilation, paths.at[0]) : NULL;
	vec_free(&paths);
	if (status == STATUS_OK && book == NULL)
		status = STATUS_WRONG;
	if (status != STATUS_OK)
		return status;
	if (book->is_library || !str_eq(book->contract.decl.name, run->contract)) {
		diag_help(diag_add(&compilation->diags, DIAG_NO_CONTRACT, (Span){-1, 0, 0},
			"%.*s no longer declares the contract %.*s", STR_ARG(run->contract_path),
			STR_ARG(run->contract)), "run this where the audit was run");
		return STATUS_WRONG;
	}
	*vec_push(&again->book) = book;
	return STATUS_OK;
}

/* The day that a case file wrote. */
static bool read_day(Str iso, int32_t *day)
{
	return day_parse(iso, day) == READ_OK;
}

/* Contracts are sorted in the file, as run_audit wants them. The reader's texts end with it. */
static Status read_run(Again *again, CaseReader *reader)
{
	Arena *arena = &again->compilation.arena;
	ReadRuns runs;
	Status status = casereader_run(reader, listing_value(again->options, "run"), &again->before);
	if (status == STATUS_OK)
		status = casereader_contracts(reader, again->before, &runs);
	if (status != STATUS_OK)
		return status;
	const ReadRun *first = &runs.at[0];
	again->before = str_copy(arena, again->before);
	again->run.provider = str_copy(arena, first->provider);
	again->run.data_path = again->options->noperands > 1 ? again->options->operand[1]
		: str_z(arena, first->data_path);
	if (!read_day(first->from, &again->run.law.from) || !read_day(first->to, &again->run.law.to))
		return casereader_unreadable(reader);
	for (size_t i = 0; i < runs.n && status == STATUS_OK; i++) {
		runs.at[i].contract_path = str_copy(arena, runs.at[i].contract_path);
		status = load_book(again, &runs.at[i]);
	}
	return status;
}

/* What has to be known before the audit. The reader is closed before it, since its transaction
 * would keep the audit from writing. Warnings are for `vouch check`. */
static Status begin(Again *again)
{
	Compilation *compilation = &again->compilation;
	CaseReader *reader = NULL;
	Status status = casereader_open(again->case_path, &compilation->diags, &reader);
	if (status == STATUS_OK)
		status = read_run(again, reader);
	casereader_close(reader);
	if (status == STATUS_OK)
		compilation->diags.list.n = compilation->diags.warnings = 0;
	if (status == STATUS_OK && access(again->run.data_path, R_OK) != 0)
		return terminal_failed("the data of run %.*s was %s, which cannot be read; name the database"
			" behind the case file", STR_ARG(again->before), again->run.data_path);
	return status;
}

/* ---- the audit ---- */

/* A run that is in the file already is not added again; then it is compared all the same, and
 * most often with itself: nothing differs, which is the answer. The id is copied, as result
 * ends here. */
static Status audit(Again *again)
{
	RunOptions *run = &again->run;
	RunResult result;
	Progress progress;
	run->case_path = again->case_path;
	run->book = again->book.at;
	run->nbooks = (int32_t)again->book.n;
	run->progress = progress_show;
	run->user = &progress;
	run->stop = terminal_stop();
	progress_begin(&progress);
	Status status = run_audit(run, &again->compilation.diags, &result);
	progress_end(&progress);
	if (status == STATUS_INTERRUPTED)
		fputs("vouch: interrupted; nothing was written\n", stderr);
	again->after = str_copy(&again->compilation.arena, str_of(result.run_id));
	return status;
}

/* ---- the list ---- */

typedef struct Compared {
	RestateSide side[2]; /* before and after */
	RestateFormat format;
} Compared;

/* Behind the pager, where there is one. */
static Status write_compared(void *user, const ListOptions *options)
{
	const Compared *compared = user;
	return restate_list(&compared->side[0], &compared->side[1], compared->format, options);
}

/* After an audit both ids are known in full; with --against they are what was typed. Two readers of
 * one file, since each has one finding at hand. */
static Status compare(Again *again)
{
	Compared compared = {{{NULL, STR("")}, {NULL, STR("")}}, again->format};
	RestateSide *side = compared.side;
	const Str wanted[2] = {again->before.len > 0 ? again->before
		: listing_value(again->options, "run"), again->after.len > 0 ? again->after
		: listing_value(again->options, "against")};
	Status status = STATUS_OK;
	for (int i = 0; i < 2 && status == STATUS_OK; i++) {
		status = casereader_open(again->case_path, &again->compilation.diags, &side[i].reader);
		if (status == STATUS_OK)
			status = casereader_run(side[i].reader, wanted[i], &side[i].run);
	}
	if (status == STATUS_OK)
		status = listing_print(again->format == RESTATE_TEXT, write_compared, &compared);
	casereader_close(side[0].reader);
	casereader_close(side[1].reader);
	return status;
}

/* Diagnostics of the contracts, the audit and the case file come out together at the end. */
static Status run_restate(const Options *options)
{
	Again again = {.options = options};
	Status status = read_options(&again);
	if (status != STATUS_OK)
		return status;
	compile_begin(&again.compilation, NULL);
	if (options_value(options, "against") == NULL) {
		status = begin(&again);
		if (status == STATUS_OK)
			status = audit(&again);
	}
	if (status == STATUS_OK)
		status = compare(&again);
	terminal_diags(&again.compilation.diags, stderr);
	vec_free(&again.book);
	compile_end(&again.compilation);
	return status;
}

/* All of `vouch restate --help` is made from this and from the table of options. */
const Command command_restate = {
	.name = "restate",
	.operands = "CASE.db [DATA.db]",
	.summary = "audit again by what is known today, and list what differs",
	.about = "Audits again what a run audited: the same contracts, days and provider, with the rules"
		" and the data as they are now, or as they were known on a day. The new run is added to the"
		" case file; what is new in it, what has changed (verdict, sum, facts) and what is gone is"
		" listed finding by finding, with the sums for the council and for providers.\n"
		"The database and the contracts are looked for where the first audit found them; a database"
		" that has moved is named behind the case file. With --against two runs of the case file are"
		" compared, and nothing is audited.",
	.example = "  vouch restate case.db --run D3PF --known-on 2025-09-30",
	.option = option,
	.run = run_restate,
};
