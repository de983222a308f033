/*
 * vouch evaluate: what came of the rows that a spot check drew.
 *
 *   case file ──> plan, frame, tickets ─┐
 *   contract, as it was found then ─────┼──> verdicts, figures, what follows ──> case file, text
 *   data, with the logs that came in ───┘
 *
 * It may be run as often as logs come in: each evaluation is added beside those before it, and one
 * of the same rows, rules and data is there already.
 *
 * Exit status: 0 all groups passed or were looked at whole; 1 a group has to be drawn from again or
 * audited in full; 2 the plan, its frame or its rules are not what they were; 3 a file that cannot
 * be read or written; 64 misused; 130 interrupted.
 */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/digest.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "interp/spot_evaluate.h"
#include "report/spot.h"

static const OptionSpec option[] = {
	{"plan", 0, "NAME", false, "the spot check, or its plan's id; otherwise the one added last"},
	{"data", 0, "DATA.db", false, "the database with the logs that came in; otherwise the one that"
		" was drawn from, where it was then"},
	{"format", 0, "FORMAT", false, "text (as usual) or json"},
	{NULL, 0, NULL, false, NULL},
};

static const Span nowhere = {-1, 0, 0};

/* From the case file to the page. Texts live in the compilation's arena. */
typedef struct Evaluating {
	const Options *options;
	const char *case_path;
	SpotFormat format;
	Compilation compilation;
	const Rulebook *book;
	SpotPlan plan;
	SpotFrame frame;
	SpotTickets ticket;
	SpotScan scan;
	StrMap only;
	SpotEvaluation result;
	Str id;
} Evaluating;

/* A diagnostic of no place in a source: the file is what is wrong. Its text is copied, so that what
 * it quotes need not last. */
static Status cannot(Evaluating *e, const char *help, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static Status cannot(Evaluating *e, const char *help, const char *format, ...)
{
	Buf line = {0};
	va_list args;
	va_start(args, format);
	buf_vprintf(&line, format, args);
	va_end(args);
	diag_help(diag_add(&e->compilation.diags, DIAG_SPOT_DRAW, nowhere, "%s", line.at), "%s", help);
	buf_free(&line);
	return STATUS_WRONG;
}

/* ---- what was drawn ---- */

/* Only rows that were drawn are judged; by money a row may have several tickets, and is judged
 * once. A population without rows can be evaluated without a draw. */
static Status read_case(Evaluating *e, CaseFile *file)
{
	sqlite3 *db = case_database(file);
	Arena *arena = &e->compilation.arena;
	bool found = false;
	if (!spot_case_plan(db, listing_value(e->options, "plan"), arena, &e->plan, &found))
		return case_failed(file);
	if (!found)
		return cannot(e, "vouch sample draws one", "the case file has no such spot check");
	if (!spot_case_frame(db, e->plan.id, &e->frame) ||
			!spot_case_drawn(db, e->plan.id, arena, &e->ticket))
		return case_failed(file);
	if (e->ticket.n == 0 && e->frame.row.n > 0)
		return cannot(e, "agree on a seed and run vouch sample with --seed",
			"nothing was drawn from this frame yet");
	strmap_init(&e->only, arena);
	for (size_t i = 0; i < e->ticket.n; i++) {
		bool added;
		strmap_at(&e->only, e->ticket.at[i].key, &added);
	}
	return STATUS_OK;
}

/* A frame that was changed in the file is no longer what was published: worked out again from its
 * rows, and held against the hash beside the plan. vouch verify says which rows. */
static Status check_frame(Evaluating *e)
{
	if (hex_same(e->plan.frame_sha256, e->frame.sha256, sizeof e->frame.sha256))
		return STATUS_OK;
	return cannot(e, "restore the case file from a copy",
		"the frame in the case file is not the one that was frozen");
}

/* ---- the contract ---- */

/* The plan must stand word for word as it was declared, or what was promised before the draw could
 * change. Texts are compared, layout and all: vouch fmt sees to it that they are laid out alike. A
 * name may have several texts, of which this looks for the one that was frozen. */
static const SpotCheck *plan_of(const Evaluating *e)
{
	for (int32_t i = 0; i < e->book->nspots; i++) {
		const SpotCheck *spot = &e->book->spot[i];
		if (str_eq(spot->rule.decl.name, e->plan.name) &&
				str_eq(source_text(e->book->sources, spot->rule.decl.at), e->plan.text))
			return spot;
	}
	return NULL;
}

/* From the path that the plan was made from, so this is run where vouch sample was. The rules may
 * have changed since, and are those of today; only the plan itself may not. */
static Status load_contract(Evaluating *e)
{
	StrVec paths = {0};
	Status status = contract_find(&e->compilation, e->plan.contract_path, &paths);
	e->book = status == STATUS_OK ? rulebook_load(&e->compilation, paths.at[0]) : NULL;
	vec_free(&paths);
	if (status != STATUS_OK)
		return status;
	if (e->book == NULL)
		return STATUS_WRONG;
	e->compilation.diags.list.n = e->compilation.diags.warnings = 0;
	e->scan.spot = plan_of(e);
	return e->scan.spot != NULL ? STATUS_OK : cannot(e, "put the old text back; a changed plan is"
		" another plan, with a frame of its own", "the spot check %.*s is no longer declared as it"
		" was when its frame was frozen", STR_ARG(e->plan.name));
}

/* ---- the data ---- */

/* A day as the case file writes it; empty: no limit. The text ends with a NUL, as arena texts
 * do. */
static int32_t day_of_text(Str iso, int32_t otherwise)
{
	int year, month, day;
	return iso.len == 10 && sscanf(iso.ptr, "%d-%d-%d", &year, &month, &day) == 3
		? day_of(year, month, day) : otherwise;
}

/* Logs that were called in were entered after the frame was frozen: everything is known, whatever
 * --known-on the frame had. Window and provider are the plan's, so that the walk meets the same
 * population and can tell which of its rows vanished, changed or are new. */
static Status read_data(Evaluating *e)
{
	Progress progress;
	SpotScan *scan = &e->scan;
	const char *path = options_value(e->options, "data");
	bool *wanted = ARENA_ARRAY(&e->compilation.arena, bool, (size_t)e->book->nrules + 1);
	for (int32_t r = 0; r < e->book->nrules; r++)
		wanted[r] = spot_judges(scan->spot, &e->book->rule[r]);
	scan->data_path = path != NULL ? path : str_z(&e->compilation.arena, e->plan.data_path);
	scan->book = e->book;
	scan->rule = wanted;
	scan->only = &e->only;
	scan->provider = e->plan.provider;
	scan->law = (Law){.from = day_of_text(e->plan.from, NO_DAY),
		.to = day_of_text(e->plan.to, LAST_DAY), .known_on = LAST_DAY};
	scan->progress = progress_show;
	scan->user = &progress;
	scan->stop = terminal_stop();
	progress_begin(&progress);
	Status status = spot_scan(scan, &e->compilation.diags);
	progress_end(&progress);
	return status;
}

/* Figures are exact; sums that go beyond what the program holds are refused, never rounded. */
static Status evaluate(Evaluating *e)
{
	SamplingStatus status = spot_evaluate(&e->plan, &e->frame, &e->ticket, &e->scan, &e->result);
	return status == SAMPLING_OK ? STATUS_OK : cannot(e, "draw by another plan",
		"a figure cannot be worked out: %s", sampling_status_text(status));
}

/* ---- what is written ---- */

/* The same rows, rules and data give the same evaluation. Tickets are part of it: behind a second
 * stage the same data give another one. */
static void make_id(Evaluating *e)
{
	uint8_t hash[32];
	Digest digest;
	Buf buf = {0};
	digest_begin(&digest);
	digest_field(&digest, 'v', STR("vouch evaluation 1"));
	digest_field(&digest, 'p', e->plan.id);
	digest_field(&digest, 'b', (Str){(const char *)e->book->sha256, 32});
	digest_field(&digest, 'd', (Str){(const char *)e->scan.data_sha256, 32});
	for (size_t i = 0; i < e->ticket.n; i++)
		digest_field(&digest, 't', e->ticket.at[i].key);
	digest_end(&digest, hash);
	base32_print(&buf, hash, 16);
	e->id = buf_keep(&buf, &e->compilation.arena);
}

/* An evaluation that is there already (added is false) is left as it stands. The manifest is
 * made at the end, over all that was added. Findings are kept with it, so that why a row is
 * wrong can be read without the data. */
static Status write_evaluation(Evaluating *e, CaseFile *file)
{
	bool added;
	const SpotEvaluation *result = &e->result;
	Buf hex = {0};
	hex_print(&hex, e->scan.data_sha256, sizeof e->scan.data_sha256);
	make_id(e);
	Status status = spot_case_begin(file);
	if (status == STATUS_OK)
		status = spot_case_add_evaluation(file, e->plan.id, e->id, buf_view(&hex), &added);
	buf_free(&hex);
	if (status != STATUS_OK || !added)
		return status;
	for (size_t i = 0; i < result->outcome.n && status == STATUS_OK; i++)
		status = spot_case_add_outcome(file, e->id, &result->outcome.at[i]);
	for (size_t i = 0; i < result->stratum.n && status == STATUS_OK; i++)
		status = spot_case_add_stratum(file, e->id, &result->stratum.at[i]);
	for (size_t i = 0; i < result->verdict.n && status == STATUS_OK; i++)
		status = spot_case_add_verdict(file, e->id, &result->verdict.at[i]);
	for (size_t i = 0; i < result->change.n && status == STATUS_OK; i++)
		status = spot_case_add_change(file, e->id, &result->change.at[i]);
	for (size_t i = 0; i < e->scan.found.n && status == STATUS_OK; i++) {
		const Finding *finding = &e->scan.batch.finding.at[e->scan.found.at[i].finding];
		status = spot_case_add_finding(file, e->id, e->scan.found.at[i].row, finding,
			&e->book->rule[finding->rule]);
	}
	return status == STATUS_OK ? spot_case_end_evaluation(file, e->id) : status;
}

/* ---- the whole ---- */

/* From the committed file. Exit status 1 only when everything went well: it is an answer. */
static Status print(Evaluating *e)
{
	CaseReader *reader = NULL;
	Status status = casereader_open(e->case_path, &e->compilation.diags, &reader);
	if (status == STATUS_OK)
		status = spot_print_evaluation(reader, e->plan.id, e->id, e->format,
			e->format == SPOT_TEXT ? terminal_width(stdout) : 0, stdout);
	terminal_diags(&e->compilation.diags, stderr);
	e->compilation.diags.list.n = 0;
	casereader_close(reader);
	for (size_t i = 0; i < e->result.outcome.n && status == STATUS_OK; i++) {
		SpotDecision decision = e->result.outcome.at[i].decision;
		if (decision == SPOT_DRAW || decision == SPOT_FULL)
			return STATUS_NO;
	}
	return status;
}

/* In this order, so that what is wrong with the case file is said before data are read for minutes.
 * One transaction: what fails leaves the file as it was. */
static Status work(Evaluating *e)
{
	CaseFile *file = NULL;
	Status status = case_create(e->case_path, &e->compilation.diags, &file);
	if (status != STATUS_OK)
		return status;
	status = read_case(e, file);
	if (status == STATUS_OK)
		status = check_frame(e);
	if (status == STATUS_OK)
		status = load_contract(e);
	if (status == STATUS_OK)
		status = read_data(e);
	if (status == STATUS_OK)
		status = evaluate(e);
	if (status == STATUS_OK)
		status = write_evaluation(e, file);
	if (status == STATUS_OK)
		return case_commit(file);
	case_abandon(file);
	return status;
}

/* The case file must be there: case_create would make an empty one of a name that was mistyped. */
static Status run_evaluate(const Options *options)
{
	static const char *const word[] = {"text", "json", NULL};
	int format = 0;
	Evaluating e = {.options = options};
	if (options->noperands != 1)
		return options_misused(options->command, "one case file is needed");
	if (!options_choice(options, "format", word, &format))
		return STATUS_USAGE;
	e.format = format == 1 ? SPOT_JSON : SPOT_TEXT;
	e.case_path = options->operand[0];
	if (access(e.case_path, F_OK) != 0)
		return terminal_failed("%s: there is no such file", e.case_path);
	compile_begin(&e.compilation, NULL);
	Status status = work(&e);
	if (status == STATUS_OK)
		status = print(&e);
	terminal_diags(&e.compilation.diags, stderr);
	spot_evaluation_free(&e.result);
	spot_scan_free(&e.scan);
	spot_frame_free(&e.frame);
	vec_free(&e.ticket);
	compile_end(&e.compilation);
	return status;
}

const Command command_evaluate = {
	.name = "evaluate",
	.operands = "CASE.db",
	.summary = "say what a spot check found, and what follows",
	.about = "Judges the rows that `vouch sample` drew by the rules of the contract, over the data with"
		" the logs that came in. Prints and stores, for each group: how many rows are wrong, with"
		" exact limits of the rate; what was overpaid and underpaid; limits and an estimate for the"
		" whole; what the plan says follows. A sum to claim is given only where the plan names the"
		" clause that allows it. Rows that stand otherwise than in the frame are named.\n"
		"The exit status is 1 when a group has to be drawn from again, or audited in full.",
	.example = "  vouch evaluate case.db --data county.db",
	.option = option,
	.run = run_evaluate,
};
