/*
 * vouch sample: freezes the frame of a spot check and draws from it.
 *
 *   data ──> population ──> frame ──> case file ─┬─ no --seed: the frame's hash, to be published
 *                                                ├─ --seed: the first stage
 *                                                └─ --risk, --top: a choice, marked as one
 *   case file, evaluation ──> --next ──> the second stage, where the plan asks for it
 *   --size ──> how many to draw, before a rule says it (sample_size.c)
 *
 * The frame stands before the seed is known, and a frame has one seed: whoever could try seeds
 * could choose rows.
 *
 * The same command may be run again at any time: the plan's id comes from everything that makes
 * it what it is, so a frame that is there already is found and not added twice, and what was
 * drawn is printed again. Another day's data give another frame, and so another plan beside the
 * first.
 *
 * Exit status: 0 drawn or frozen; 2 no such plan, another seed, nothing to draw next; 3 a file
 * that cannot be read or written; 64 misused; 130 interrupted. Unless it is 0 the case file is
 * as it was.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/digest.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/sample_size.h"
#include "interp/spot_case.h"
#include "interp/spot_scan.h"
#include "report/spot.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

/* Rows of each group that --top may choose: each of them is evidence that somebody has to send. */
#define TOP_MOST 20000

static const OptionSpec option[] = {
	{"contract", 'c', "CONTRACT", false, "the contract that declares the plan"},
	{"plan", 0, "NAME", false, "the spot check; with --next a plan's id will do, and otherwise the one"
		" added last"},
	{"output", 'o', "CASE.db", false, "the case file; a plan is added to one that is there"},
	{"from", 0, "DATE", false, "first day of the population; otherwise the contract's"},
	{"to", 0, "DATE", false, "last day; otherwise the contract's, if it ends"},
	{"known-on", 0, "DATE", false, "leave out what was published or entered after this day"},
	{"provider", 0, "KEY", false, "the rows of one provider alone"},
	{"seed", 0, "TEXT", false, "draws: any text that both sides agreed on after the frame's hash was"
		" known. Without it the frame is frozen and nothing is drawn"},
	{"next", 0, NULL, false, "draws the second stage of each group for which the last evaluation asks"
		" for it; needs no database"},
	{"risk", 0, "RULE", true, "chooses the rows that fail this rule in place of drawing"},
	{"top", 0, "N", false, "chooses the N rows of each group with the most money in place of drawing"},
	{"format", 0, "FORMAT", false, "text (as usual), csv (what to ask for) or json"},
	SAMPLE_SIZE_OPTIONS,
	{NULL, 0, NULL, false, NULL},
};

static const Span nowhere = {-1, 0, 0};

/* From the command line to the page. Texts live in the compilation's arena; scan holds the frame in
 * either case, read from data or, with --next, from the case file. */
typedef struct Sampling {
	const Options *options;
	const char *case_path;
	SpotFormat format;
	int from, to, known_on;
	long top;
	Str seed;
	bool risk;
	Compilation compilation;
	const Rulebook *book;
	const SpotCheck *spot;
	SpotScan scan;
	SpotPlan plan;
	Buf printed;               /* texts of the plan while they are put together */
} Sampling;

/* ---- the command line ---- */

/* Days that are not given stay NO_DAY until the contract is known. */
static Status read_options(Sampling *s)
{
	static const char *const word[] = {"text", "csv", "json", NULL};
	const Options *options = s->options;
	int format = 0;
	s->from = s->to = s->known_on = NO_DAY;
	if (!options_day(options, "from", &s->from) || !options_day(options, "to", &s->to)
			|| !options_day(options, "known-on", &s->known_on)
			|| !options_choice(options, "format", word, &format)
			|| !options_number(options, "top", 1, TOP_MOST, &s->top))
		return STATUS_USAGE;
	s->format = (SpotFormat)format;
	s->seed = listing_value(options, "seed");
	s->risk = s->top > 0 || options_value(options, "risk") != NULL;
	s->case_path = options_value(options, "output");
	return STATUS_OK;
}

/* Said before any file is opened. --next takes nothing that could make its draw another one
 * than the frame and seed in the case file give. */
static Status check_usage(Sampling *s)
{
	const Options *options = s->options;
	bool further = options_value(options, "next") != NULL;
	if (options_value(options, "output") == NULL)
		return options_misused(options->command, "a case file is needed: -o case.db");
	if (further && (options->noperands > 0 || options_value(options, "seed") != NULL))
		return options_misused(options->command, "--next draws from the frame in the case file, by the"
			" seed that is there");
	if (!further && options->noperands != 1)
		return options_misused(options->command, "one database is needed");
	if (!further && options_value(options, "contract") == NULL)
		return options_misused(options->command, "a contract is needed: -c hampshire/ccsh");
	if (!further && options_value(options, "plan") == NULL)
		return options_misused(options->command, "a spot check is needed: --plan weekly_audit");
	Status status = read_options(s);
	if (status == STATUS_OK && s->risk && s->seed.len > 0)
		return options_misused(options->command, "rows that are chosen by risk are not drawn: --seed"
			" goes neither with --risk nor with --top");
	return status;
}

/* ---- the plan ---- */

/* A name may have several texts, one for each version: that of the last day. */
static const SpotCheck *plan_in(const Rulebook *book, Str name, int32_t day)
{
	Law law = {.known_on = LAST_DAY, .from = day, .to = day};
	const SpotCheck *found = NULL;
	for (int32_t i = 0; i < book->nspots; i++) {
		const SpotCheck *spot = &book->spot[i];
		if (!str_eq(spot->rule.decl.name, name))
			continue;
		if (found == NULL || law_holds(&book->contract, &law, &spot->rule, day))
			found = spot;
	}
	return found;
}

/* The plan's name was mistyped, or its contract is another. */
static Status no_plan(Sampling *s, Str name)
{
	diag_help(diag_add(&s->compilation.diags, DIAG_NO_SPOT, nowhere,
		"no contract named declares a spot check %.*s", STR_ARG(name)),
		"`spot check` declares one; the language page says how");
	return STATUS_WRONG;
}

/* The last day decides which version's plan it is. */
static int32_t last_day(const Sampling *s, const Rulebook *book)
{
	return s->to != NO_DAY ? s->to : book->contract.to;
}

/* Of a council's folder, the contract that declares the plan. Warnings are for vouch check, and are
 * dropped here once all contracts could be read. */
static Status load_plan(Sampling *s)
{
	StrVec paths = {0};
	Str name = listing_value(s->options, "plan");
	Status status = contract_find(&s->compilation, listing_value(s->options, "contract"), &paths);
	commands_unique(&paths);
	contracts_once(&s->compilation, &paths);
	for (size_t i = 0; i < paths.n && status == STATUS_OK; i++) {
		const Rulebook *book = rulebook_load(&s->compilation, paths.at[i]);
		const SpotCheck *spot = book != NULL ? plan_in(book, name, last_day(s, book)) : NULL;
		if (book == NULL)
			status = STATUS_WRONG;
		else if (spot != NULL && s->spot != NULL)
			status = options_misused(s->options->command, "%.*s and %.*s both declare %.*s: name one"
				" contract", STR_ARG(s->book->contract.decl.name),
				STR_ARG(book->contract.decl.name), STR_ARG(name));
		if (spot == NULL)
			continue;
		s->spot = spot;
		s->book = book;
	}
	vec_free(&paths);
	if (status == STATUS_OK)
		s->compilation.diags.list.n = s->compilation.diags.warnings = 0;
	return status == STATUS_OK && s->spot == NULL ? no_plan(s, name) : status;
}

/* Both ends must be known: a frame that goes on would not be frozen. Knowledge without
 * --known-on is all that is there. */
static Status choose_window(Sampling *s)
{
	const Contract *contract = &s->book->contract;
	const Command *command = s->options->command;
	Law *law = &s->scan.law;
	law->from = s->from != NO_DAY ? s->from : contract->from;
	law->to = last_day(s, s->book);
	law->known_on = s->known_on != NO_DAY ? s->known_on : LAST_DAY;
	if (law->to == LAST_DAY)
		return options_misused(command, "%.*s has no last day: say up to which day to look, such as"
			" --to 2026-03-31", STR_ARG(contract->decl.name));
	if (law->from == NO_DAY)
		return options_misused(command, "the contract has no first day: say from which day to look");
	return law->from <= law->to ? STATUS_OK : options_misused(command, "--from lies behind --to");
}

/* ---- the population ---- */

/* Rules by name; all texts of it, as an amendment may have written it anew within the window. A
 * name that fits nothing is an error: an empty choice would look like a population without
 * faults. */
static Status mark_rules(Sampling *s, bool *wanted)
{
	const char *word;
	for (int i = 0; (word = options_nth(s->options, "risk", i)) != NULL; i++) {
		bool found = false;
		for (int32_t r = 0; r < s->book->nrules; r++) {
			const Rule *rule = &s->book->rule[r];
			if (!str_eq(rule->decl.name, str_of(word)) || !spot_judges(s->spot, rule))
				continue;
			wanted[r] = found = true;
		}
		if (!found)
			return options_misused(s->options->command, "no rule %s judges rows of the population",
				word);
	}
	return STATUS_OK;
}

/* One walk through the data gives the frame and, for a choice by risk, the findings of its rules.
 * Without --risk nothing is judged, so the draw cannot depend on what would be found. */
static Status read_population(Sampling *s)
{
	Progress progress;
	SpotScan *scan = &s->scan;
	bool *wanted = ARENA_ARRAY(&s->compilation.arena, bool, (size_t)s->book->nrules + 1);
	Status status = mark_rules(s, wanted);
	if (status != STATUS_OK)
		return status;
	scan->data_path = s->options->operand[0];
	scan->book = s->book;
	scan->spot = s->spot;
	scan->provider = listing_value(s->options, "provider");
	scan->rule = s->risk ? wanted : NULL;
	scan->progress = progress_show;
	scan->user = &progress;
	scan->stop = terminal_stop();
	progress_begin(&progress);
	status = spot_scan(scan, &s->compilation.diags);
	progress_end(&progress);
	return status;
}

/* ---- what is written ---- */

/* NO_DAY and LAST_DAY are no limits, and are written as empty texts. */
static Str day_text(Sampling *s, int32_t day)
{
	buf_clear(&s->printed);
	if (day == NO_DAY || day == LAST_DAY)
		return STR("");
	day_print_iso(&s->printed, day);
	return str_copy(&s->compilation.arena, buf_view(&s->printed));
}

/* In step with the severities of rules. */
static Str step_severity(const SpotStep *step)
{
	static const char *const word[] = {"minor", "major", "critical"};
	return step->n > 0 ? str_of(word[step->severity]) : STR("");
}

/* A list of one, since case_clause takes lists; it does not write to it. */
static Str cite_text(Sampling *s, const Cite *cite)
{
	Cites one = {(Cite *)(uintptr_t)cite, 1};
	return cite->name.len > 0 ? case_clause(&s->compilation.arena, &one) : STR("");
}

/*
 * Everything that makes the plan what it is; the seed comes after it.
 *
 *   contract, name, text, selection, days, provider, the frame's hash, rules and number of a choice
 *                                       └──> SHA-256 ──> 16 characters of base 32
 *
 * The text is that of the rule file, so a plan whose words were changed is another plan. Each field
 * is hashed with its length, so that no two lists of fields run into the same bytes.
 */
static Str plan_id(Sampling *s)
{
	const SpotPlan *plan = &s->plan;
	const Str part[] = {plan->contract, plan->name, plan->text, plan->selection, plan->from, plan->to,
		plan->known_on, plan->provider, plan->frame_sha256};
	uint8_t hash[32];
	Digest digest;
	const char *word;
	digest_begin(&digest);
	digest_field(&digest, 'v', STR("vouch plan 1"));
	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		digest_field(&digest, 'p', part[i]);
	for (int i = 0; (word = options_nth(s->options, "risk", i)) != NULL; i++)
		digest_field(&digest, 'r', str_of(word));
	digest_field(&digest, 't', str_format(&s->compilation.arena, "%ld", s->top));
	digest_end(&digest, hash);
	buf_clear(&s->printed);
	base32_print(&s->printed, hash, 16);
	return str_copy(&s->compilation.arena, buf_view(&s->printed));
}

/* All that the evaluation will hold itself to is written down now, before anything is drawn: texts
 * and figures of the plan as they stand in the rules today, hashes of rules and data. The id comes
 * last, as it is made from the rest. */
static void describe_plan(Sampling *s)
{
	const SpotCheck *spot = s->spot;
	const SpotScan *scan = &s->scan;
	const Rule *rule = &spot->rule;
	s->plan = (SpotPlan){.contract = s->book->contract.decl.name,
		.version = rule_version(s->book, rule), .name = rule->decl.name,
		.selection = s->risk ? STR("risk") : spot->method == SPOT_MONEY ? STR("money")
			: STR("random"), .dataset = s->book->dataset[rule->dataset].decl.name,
		.text = source_text(s->book->sources, rule->decl.at),
		.clause = case_clause(&s->compilation.arena, &rule->decl.cites),
		.assumed = rule->decl.assumed, .draw = spot->draw, .then_draw = spot->then.n,
		.then_when = spot->then.when, .full_when = spot->full.when,
		.then_severity = step_severity(&spot->then), .full_severity = step_severity(&spot->full),
		.confidence = spot->confidence, .tolerable = spot->tolerable, .serious = spot->serious,
		.no_log = spot->missing == SPOT_MISSING_WRONG ? STR("wrong") : STR("right"),
		.no_log_dataset = spot->logs_dataset, .extrapolates = cite_text(s, &spot->extrapolates),
		.from = day_text(s, scan->law.from), .to = day_text(s, scan->law.to),
		.known_on = day_text(s, scan->law.known_on), .provider = scan->provider,
		.rows = (int64_t)scan->frame.row.n, .pence = scan->frame.pence,
		.unpriced = scan->frame.unpriced, .unknown = (int64_t)scan->frame.unknown.n,
		.has_money = spot->money != NULL, .program = STR("vouch " PACKAGE_VERSION),
		.data_path = str_of(scan->data_path),
		.contract_path = s->book->sources->file.at[s->book->contract.decl.at.file].path};
	if (spot->nstrata > 0) {
		s->plan.strata = source_text(s->book->sources, spot->strata_at);
		s->plan.draw_each = spot->draw_each;
		s->plan.then_each = spot->then.each;
		s->plan.least = spot->draw_each ? 0 : SPOT_LEAST;
	}
	s->plan.frame_sha256 = hex_text(&s->compilation.arena, scan->frame.sha256, 32);
	s->plan.rulebook_sha256 = hex_text(&s->compilation.arena, s->book->sha256, 32);
	s->plan.data_sha256 = hex_text(&s->compilation.arena, scan->data_sha256, 32);
	s->plan.id = plan_id(s);
}

/* ---- drawing ---- */

/* From the plan in the case file, not from the rules: --next has no rules. */
static SpotMethod method_of(const SpotPlan *plan)
{
	return str_eq(plan->selection, STR("money")) ? SPOT_MONEY : SPOT_RANDOM;
}

/* Of each stratum of a group its share, behind what was drawn of it before (NULL: nothing was). */
static void draw_strata(const Sampling *s, const SpotGroup *group, const char seed_hex[65], int64_t n,
	bool each, const int64_t *drawn, SpotSample *sample)
{
	const SpotFrame *frame = &s->scan.frame;
	int64_t *share = mem_alloc(mem_product((size_t)group->nstrata + 1, sizeof *share));
	spot_shares(frame, group, n, each, drawn, share);
	for (int32_t i = 0; i < group->nstrata; i++) {
		int64_t from = drawn != NULL ? drawn[i] : 0;
		spot_draw(frame, &frame->stratum.at[group->stratum + i], method_of(&s->plan), seed_hex, from,
			from + share[i], sample);
	}
	free(share);
}

/*
 * By money a group is drawn from as one; its rows may come any number of times. At random each
 * stratum has its own row of tickets:
 *
 *   stratum    |1 2 3 4 5|6 7 8 …        first stage: tickets 1 to share
 *               `-drawn-' `- share -     the second goes on behind what was drawn
 *
 * before: all tickets of the plan, or NULL in the first stage.
 */
static void draw_group(const Sampling *s, const SpotGroup *group, const char seed_hex[65],
	const SpotTickets *before, SpotSample *sample)
{
	const SpotFrame *frame = &s->scan.frame;
	bool next = before != NULL;
	int64_t *drawn = mem_alloc(mem_product((size_t)group->nstrata + 1, sizeof *drawn)), all = 0;
	for (size_t t = 0; next && t < before->n; t++) {
		const SpotTicket *ticket = &before->at[t];
		int32_t i = str_eq(ticket->group, group->name)
			? spot_stratum_find(frame, group, ticket->stratum) : -1;
		if (i >= 0)
			drawn[i]++;
		all += i >= 0;
	}
	int64_t n = next ? s->plan.then_draw : s->plan.draw;
	if (method_of(&s->plan) == SPOT_MONEY)
		spot_draw(frame, group, SPOT_MONEY, seed_hex, all, all + n, sample);
	else
		draw_strata(s, group, seed_hex, n, next ? s->plan.then_each : s->plan.draw_each,
			next ? drawn : NULL, sample);
	free(drawn);
}

/* Seed and tickets go into one transaction: a seed without its draw could be taken for one that was
 * tried and found wanting. */
static Status draw_first(Sampling *s, CaseFile *file)
{
	char hex[65];
	SpotSample sample = {0};
	const SpotFrame *frame = &s->scan.frame;
	spot_seed_hex(s->seed, hex);
	for (size_t g = 0; g < frame->group.n; g++)
		draw_group(s, &frame->group.at[g], hex, NULL, &sample);
	Status status = spot_case_set_seed(file, s->plan.id, s->seed);
	if (status == STATUS_OK)
		status = spot_case_add_drawn(file, s->plan.id, frame, &sample, 1, NULL);
	vec_free(&sample);
	return status;
}

/* "V1; the 5 largest": every reason that a row was chosen for. */
static void choose(Sampling *s, Str *reason, int32_t row, Str why)
{
	reason[row] = reason[row].len == 0 ? why : str_format(&s->compilation.arena, "%.*s; %.*s",
		STR_ARG(reason[row]), STR_ARG(why));
}

/* What could not be assessed is no reason to choose a row; rows of other subjects than the frame's
 * have no place in it. */
static void choose_by_rules(Sampling *s, Str *reason)
{
	for (size_t i = 0; i < s->scan.found.n; i++) {
		const SpotFound *found = &s->scan.found.at[i];
		const Finding *finding = &s->scan.batch.finding.at[found->finding];
		int32_t row = spot_frame_find(&s->scan.frame, found->row);
		if (row >= 0 && finding->verdict != VERDICT_NOT_ASSESSED)
			choose(s, reason, row, s->book->rule[finding->rule].decl.name);
	}
}

/* A row that several reasons speak for is chosen once, with all of them. Rows are numbered in the
 * order of the frame; penny -1 says that no ticket led to them. */
static Status choose_rows(Sampling *s, CaseFile *file)
{
	const SpotFrame *frame = &s->scan.frame;
	Str *reason = ARENA_ARRAY(&s->compilation.arena, Str, frame->row.n + 1);
	SpotSample sample = {0};
	choose_by_rules(s, reason);
	for (size_t g = 0; g < frame->group.n && s->top > 0; g++)
		spot_top(frame, &frame->group.at[g], s->top, &sample);
	for (size_t i = 0; i < sample.n; i++)
		choose(s, reason, sample.at[i].row, str_format(&s->compilation.arena, "among the %ld largest",
			s->top));
	sample.n = 0;
	for (size_t g = 0; g < frame->group.n; g++) {
		const SpotGroup *group = &frame->group.at[g];
		int32_t number = 0;
		for (int32_t i = group->first; i < group->first + group->n; i++)
			if (reason[i].len > 0)
				*vec_push(&sample) = (SpotDrawn){.row = i, .number = ++number, .penny = -1};
	}
	Status status = spot_case_add_drawn(file, s->plan.id, frame, &sample, 1, reason);
	vec_free(&sample);
	return status;
}

/* Another seed for a frame that has one would let somebody look for the rows that suit. */
static Status other_seed(Sampling *s, Str seed)
{
	diag_help(diag_add(&s->compilation.diags, DIAG_SPOT_DRAW, nowhere,
		"this frame was drawn from with the seed %.*s already", STR_ARG(seed)),
		"leave --seed out to see what was drawn, or give the same seed");
	return STATUS_WRONG;
}

/*
 *   the plan is   with --seed              without            --risk or --top
 *   new           added, drawn from        added              added, chosen
 *   there, open   drawn from               as it was          as it was
 *   there, drawn  the same seed: as it was as it was
 *                 another: refused
 */
static Status write_plan(Sampling *s, CaseFile *file)
{
	SpotPlan known;
	bool found;
	Status status = spot_case_begin(file);
	if (status != STATUS_OK)
		return status;
	if (!spot_case_plan(case_database(file), s->plan.id, &s->compilation.arena, &known, &found))
		return case_failed(file);
	if (!found)
		status = spot_case_add_plan(file, &s->plan, &s->scan.frame);
	if (status != STATUS_OK || (found && s->risk))
		return status;
	if (s->risk)
		return choose_rows(s, file);
	if (found && known.seed.len > 0)
		return s->seed.len == 0 || str_eq(known.seed, s->seed) ? STATUS_OK
			: other_seed(s, known.seed);
	return s->seed.len > 0 ? draw_first(s, file) : STATUS_OK;
}

/* *file is set as soon as the file is open, so that the caller can give it up after any failure. */
static Status sample_data(Sampling *s, CaseFile **file)
{
	Status status = load_plan(s);
	if (status == STATUS_OK)
		status = choose_window(s);
	if (status == STATUS_OK)
		status = read_population(s);
	if (status != STATUS_OK)
		return status;
	describe_plan(s);
	status = case_create(s->case_path, &s->compilation.diags, file);
	return status == STATUS_OK ? write_plan(s, *file) : status;
}

/* ---- the second stage ---- */

/* Status 2: a script must not take "nothing was drawn" for a draw. */
static Status nothing_next(Sampling *s, const char *why)
{
	diag_help(diag_add(&s->compilation.diags, DIAG_SPOT_DRAW, nowhere, "%s", why),
		"vouch evaluate says which groups have to be drawn from again");
	return STATUS_WRONG;
}

/* Those that an earlier --next drew are in the second stage already, whatever the evaluation
 * said. */
static bool has_second(const SpotTickets *tickets, Str group)
{
	for (size_t t = 0; t < tickets->n; t++)
		if (str_eq(tickets->at[t].group, group) && tickets->at[t].stage > 1)
			return true;
	return false;
}

/* By the seed of the first stage and behind its tickets: nobody can choose a second sample. */
static Status draw_second(Sampling *s, CaseFile *file, const SpotOutcomes *outcomes,
	const SpotTickets *tickets)
{
	char hex[65];
	SpotSample sample = {0};
	const SpotFrame *frame = &s->scan.frame;
	spot_seed_hex(s->plan.seed, hex);
	for (size_t i = 0; i < outcomes->n; i++) {
		Str name = outcomes->at[i].group;
		int32_t group = spot_group_find(frame, name);
		if (group >= 0 && outcomes->at[i].decision == SPOT_DRAW && !has_second(tickets, name))
			draw_group(s, &frame->group.at[group], hex, tickets, &sample);
	}
	Status status = sample.n == 0
		? nothing_next(s, "the last evaluation asks for no second stage")
		: spot_case_add_drawn(file, s->plan.id, frame, &sample, 2, NULL);
	vec_free(&sample);
	return status;
}

/* Needs neither data nor rules: frame, seed and plan stand in the case file, and the last
 * evaluation says which groups. case_create would make a file that is not there, hence the look
 * before. */
static Status sample_next(Sampling *s, CaseFile **file)
{
	SpotOutcomes outcomes = {0};
	SpotTickets tickets = {0};
	Arena *arena = &s->compilation.arena;
	Str evaluation = STR("");
	bool found = false;
	if (access(s->case_path, F_OK) != 0)
		return terminal_failed("%s: there is no such file", s->case_path);
	Status status = case_create(s->case_path, &s->compilation.diags, file);
	sqlite3 *db = status == STATUS_OK ? case_database(*file) : NULL;
	if (status == STATUS_OK && (!spot_case_plan(db, listing_value(s->options, "plan"), arena,
			&s->plan, &found) || (found && (!spot_case_frame(db, s->plan.id, &s->scan.frame) ||
			!spot_case_drawn(db, s->plan.id, arena, &tickets) ||
			!spot_case_evaluation(db, s->plan.id, arena, &evaluation) ||
			!spot_case_outcomes(db, evaluation, arena, &outcomes)))))
		status = case_failed(*file);
	if (status == STATUS_OK && !found)
		status = nothing_next(s, "the case file has no such spot check");
	else if (status == STATUS_OK && evaluation.len == 0)
		status = nothing_next(s, "the first stage was not evaluated yet");
	if (status == STATUS_OK)
		status = draw_second(s, *file, &outcomes, &tickets);
	vec_free(&outcomes);
	vec_free(&tickets);
	return status;
}

/* ---- the whole ---- */

/* From the committed file, through a reader of its own: what is printed has been kept. Diagnostics
 * go out before the reader is closed, as their texts may be its own. */
static Status print(Sampling *s)
{
	CaseReader *reader = NULL;
	Status status = casereader_open(s->case_path, &s->compilation.diags, &reader);
	if (status == STATUS_OK)
		status = spot_print_sample(reader, s->plan.id, str_of(s->case_path), s->format,
			s->format == SPOT_TEXT ? terminal_width(stdout) : 0, stdout);
	terminal_diags(&s->compilation.diags, stderr);
	s->compilation.diags.list.n = 0;
	casereader_close(reader);
	return status;
}

/* Everything is written in one transaction, which is given up unless all of it went well. */
static Status run_sample(const Options *options)
{
	Sampling s = {.options = options};
	CaseFile *file = NULL;
	if (sample_size_asked(options))
		return sample_size(options);
	Status status = check_usage(&s);
	if (status != STATUS_OK)
		return status;
	compile_begin(&s.compilation, NULL);
	status = options_value(options, "next") != NULL ? sample_next(&s, &file)
		: sample_data(&s, &file);
	if (status == STATUS_OK)
		status = case_commit(file);
	else
		case_abandon(file);
	if (status == STATUS_OK)
		status = print(&s);
	terminal_diags(&s.compilation.diags, stderr);
	spot_scan_free(&s.scan);
	buf_free(&s.printed);
	compile_end(&s.compilation);
	return status;
}

const Command command_sample = {
	.name = "sample",
	.operands = "DATA.db -c CONTRACT --plan NAME -o CASE.db",
	.summary = "draw a spot check, so that anybody can draw it again",
	.about = "Reads the population of a spot check that the contract declares, freezes it in a case"
		" file (rows in order, their number, their pounds, a SHA-256), and with --seed draws from it."
		" A row's ticket is the SHA-256 of seed and key; the least tickets are drawn, so that"
		" sha256sum and sort give the same rows. Prints what to ask for, and the lines that redo the"
		" draw.\n"
		"With --risk or --top rows are chosen, not drawn. What is found in them is never projected.\n"
		"With --size it says how many to draw, exactly, and what to write in the rule file.",
	.example = "  vouch sample county.db -c hampshire --plan weekly_audit -o case.db --to 2025-09-30\n"
		"  vouch sample county.db -c hampshire --plan weekly_audit -o case.db --to 2025-09-30"
		" --seed 31415926\n"
		"  vouch sample --next -o case.db\n"
		"  vouch sample --size --tolerable 5% --stages 2",
	.option = option,
	.run = run_sample,
};
