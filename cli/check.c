/*
 * vouch check: every mistake of some contracts, for people and for other programs, and the list of
 * what they assume (law 11). The diagnostics are the answer here, so they go to standard output.
 *
 *   contracts ──> paths ──> rulebook_load each ──> diagnostics, sorted together
 *                                           └────> one line a contract that is sound
 *                                                  └─ with --assumed: its table of assumptions
 *
 * A contract that has errors has no rulebook and therefore no line of its own; its diagnostics
 * speak for it. Exit status 2 says that at least one contract was not sound.
 */
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "cli/commands.h"
#include "cli/sarif.h"
#include "interp/spot_risk.h"
#include "report/layout.h"

static const OptionSpec option[] = {
	{"format", 0, "FORMAT", false, "text (as usual), json or sarif"},
	{"assumed", 0, NULL, false, "list the figures that no document gives, instead of checking"
		" silently"},
	{NULL, 0, NULL, false, NULL},
};

/* The order is that of the words in run_check, which options_choice counts through. */
typedef enum Format { FORMAT_TEXT, FORMAT_JSON, FORMAT_SARIF } Format;

/* One figure, or reading of a clause, that is assumed. */
typedef struct Assumed {
	Span at;
	const char *kind;
	Str name, reason;
	Str which;    /* "from 6 April 2026", "except no_access"; may be empty */
} Assumed;

/*
 * Texts are made in the arena of the compilation, and live as long as the rulebook that they
 * describe.
 */
typedef struct AssumedList {
	Arena *arena;
	VEC(Assumed) list;
} AssumedList;

/* Declarations without a reason assume nothing. */
static void add(AssumedList *list, Span at, const char *kind, Str name, Str which, Str reason)
{
	if (reason.len > 0)
		*vec_push(&list->list) = (Assumed){at, kind, name, reason, which};
}

/*
 * A declaration as a whole is assumed when the words stand behind its `cites`, not behind one
 * value.
 */
static void add_decl(AssumedList *list, const char *kind, const Decl *decl)
{
	add(list, decl->at, kind, decl->name, STR(""), decl->assumed);
}

/*
 * NO_DAY is the beginning of time: a value that has no earlier one has no first day worth
 * printing.
 */
static Str since(AssumedList *list, int32_t from)
{
	Buf buf = {0};
	if (from == NO_DAY)
		return STR("throughout");
	buf_puts(&buf, "from ");
	day_print(&buf, from);
	return buf_keep(&buf, list->arena);
}

/* An exception has a name only together with its declaration. */
static void add_exceptions(AssumedList *list, const char *kind, const Decl *decl,
	const Exception *except, int32_t n)
{
	for (int32_t i = 0; i < n; i++)
		add(list, except[i].at, kind, decl->name, str_format(list->arena, "except %.*s",
			STR_ARG(except[i].label)), except[i].assumed);
}

/* Dated figures: each value of a history may have a reason of its own. */
static void add_law(AssumedList *list, const Rulebook *book)
{
	for (int32_t i = 0; i < book->nparameters; i++) {
		const Parameter *parameter = &book->parameter[i];
		add_decl(list, "parameter", &parameter->decl);
		for (int32_t k = 0; k < parameter->nvalues; k++)
			add(list, parameter->value[k].at, "parameter", parameter->decl.name,
				since(list, parameter->value[k].from), parameter->value[k].assumed);
	}
	for (int32_t i = 0; i < book->ntables; i++) {
		const Table *table = &book->table[i];
		add_decl(list, "table", &table->decl);
		for (int32_t k = 0; k < table->nperiods; k++)
			add(list, table->decl.at, "table", table->decl.name, since(list, table->period[k].from),
				table->period[k].assumed);
	}
	for (int32_t i = 0; i < book->nroundings; i++)
		add_decl(list, "rounding", &book->rounding[i].decl);
	for (int32_t i = 0; i < book->ncalendars; i++)
		add_decl(list, "calendar", &book->calendar[i].decl);
}

/* Readings of a clause: what is worked out, and what is required. */
static void add_rules(AssumedList *list, const Rulebook *book)
{
	for (int32_t i = 0; i < book->ndefines; i++) {
		const Define *define = &book->define[i];
		add_decl(list, "define", &define->decl);
		add_exceptions(list, "define", &define->decl, define->except, define->nexcepts);
	}
	for (int32_t i = 0; i < book->nmatches; i++)
		add_decl(list, "match", &book->match[i].decl);
	for (int32_t i = 0; i < book->nrules; i++) {
		const Rule *rule = &book->rule[i];
		add_decl(list, "rule", &rule->decl);
		add_exceptions(list, "rule", &rule->decl, rule->except, rule->nexcepts);
	}
}

/* As the rule files have them; tables with several periods stand at one place. */
static int by_place(const void *left, const void *right)
{
	const Assumed *a = left, *b = right;
	if (a->at.file != b->at.file)
		return a->at.file < b->at.file ? -1 : 1;
	if (a->at.lo != b->at.lo)
		return a->at.lo < b->at.lo ? -1 : 1;
	return str_cmp(a->which, b->which);
}

/* Without the column: an assumption is a line of the file, which is what people look for. */
static Str place_text(Arena *arena, const Sources *sources, Span at)
{
	Place place = source_place(sources, at);
	return str_format(arena, "%.*s:%d", STR_ARG(sources->file.at[at.file].path), place.line);
}

/* A function is there once for each set of types it is used with: listed once. */
static bool same_as_before(const AssumedList *list, size_t i)
{
	return i > 0 && by_place(&list->list.at[i - 1], &list->list.at[i]) == 0
		&& str_eq(list->list.at[i - 1].reason, list->list.at[i].reason);
}

/*
 * Nothing assumed is said in words, so that an empty list cannot be taken for a list that
 * failed (law 11 asks that every list says so, either way).
 */
static void print_assumed(const Rulebook *book, Arena *arena, Buf *out)
{
	static const LayoutColumn column[] = {{"what", false, 0}, {"which", false, 0},
		{"why it is assumed", false, 20}, {"where", false, 0}};
	AssumedList list = {.arena = arena};
	LayoutTable table;
	int64_t n = 0;
	add_law(&list, book);
	add_rules(&list, book);
	if (list.list.n > 0)
		qsort(list.list.at, list.list.n, sizeof *list.list.at, by_place);
	layout_begin(&table, arena, column, 4);
	for (size_t i = 0; i < list.list.n; i++) {
		const Assumed *one = &list.list.at[i];
		if (same_as_before(&list, i))
			continue;
		layout_cell(&table, str_format(arena, "%s %.*s", one->kind, STR_ARG(one->name)));
		layout_cell(&table, one->which);
		layout_cell(&table, one->reason);
		layout_cell(&table, place_text(arena, book->sources, one->at));
		n++;
	}
	if (n > 0)
		layout_end(&table, out, terminal_width(stdout));
	buf_puts(out, n > 0 ? "  " : "  nothing is assumed\n");
	if (n > 0)
		layout_plural(out, n, "figure that no document gives\n", "figures that no document"
			" gives\n");
	vec_free(&list.list);
}

/* What the loop over contracts carries along; the diagnostics themselves are the compilation's. */
typedef struct Checking {
	Format format;
	bool assumed;
	Compilation *compilation;
	Buf out;   /* lines about contracts that passed */
} Checking;

/* "in force from 6 April 2026, published 2 March 2026" */
static void print_days(Buf *out, const Version *version)
{
	buf_puts(out, "in force from ");
	day_print(out, version->from);
	if (version->to != LAST_DAY) {
		buf_puts(out, " to ");
		day_print(out, version->to);
	}
	if (version->published == NO_DAY)
		return;
	buf_puts(out, ", published ");
	day_print(out, version->published);
}

/*
 * The chain of a contract that was amended: who reads it wants to know what holds from when, and
 * what each version changed.
 *
 *   2025.1 in force from 28 April 2025 (rules/hampshire/ccsh.vouch)
 *   2026.1 in force from 6 April 2026, published 2 March 2026 (rules/hampshire/ccsh-2026.vouch)
 *     replaces rule V1
 *     withdraws rule W2
 */
static void print_chain(Buf *out, const Contract *contract)
{
	for (int32_t i = 0; i < contract->nversions && contract->nversions > 1; i++) {
		const Version *version = &contract->ver[i];
		buf_printf(out, "  %.*s ", STR_ARG(version->name));
		print_days(out, version);
		buf_printf(out, " (%.*s)\n", STR_ARG(version->path));
		for (int32_t k = 0; k < version->nchanges; k++)
			buf_printf(out, "    %.*s\n", STR_ARG(version->change[k]));
	}
}

/* A rule that was replaced is one rule. */
static int32_t rules_of(const Rulebook *book)
{
	int32_t n = 0;
	for (int32_t i = 0; i < book->nrules; i++)
		n += !book->rule[i].follows;
	return n;
}

/* One line for each contract, so that silence cannot be taken for success. */
static void print_good(Checking *checking, const Rulebook *book, Str path)
{
	if (book->is_library)
		buf_printf(&checking->out, "%.*s: a library", STR_ARG(path));
	else
		buf_printf(&checking->out, "%.*s %.*s: %.*s", STR_ARG(book->contract.decl.name),
			STR_ARG(book->contract.version), STR_ARG(book->contract.title));
	buf_puts(&checking->out, "; ");
	layout_plural(&checking->out, rules_of(book), "rule", "rules");
	if (book->nmeasures > 0) {
		buf_puts(&checking->out, ", ");
		layout_plural(&checking->out, book->nmeasures, "figure", "figures");
	}
	buf_printf(&checking->out, ", %d checked by hand, ", (int)book->nby_hand);
	layout_plural(&checking->out, book->nscenarios + book->nexamples, "test\n", "tests\n");
	print_chain(&checking->out, &book->contract);
	if (checking->assumed)
		print_assumed(book, &checking->compilation->arena, &checking->out);
}

/* JSON and SARIF hold the diagnostics alone, so that they stay one document. */
static void print_diags(Checking *checking)
{
	Diags *diags = &checking->compilation->diags;
	Buf text = {0};
	if (checking->format == FORMAT_JSON)
		diags_print_json(diags, &text);
	else if (checking->format == FORMAT_SARIF)
		sarif_print(diags, &text);
	else
		diags_print(diags, &text, terminal_colour(stdout));
	if (checking->format == FORMAT_TEXT)
		buf_str(&text, buf_view(&checking->out));
	if (text.n > 0)
		fwrite(text.at, 1, text.n, stdout);
	buf_free(&text);
}

/*
 * A contract that cannot be read does not stop the others: whoever checks a folder wants to
 * know of all mistakes at once. A signal between two contracts ends it with what was found so
 * far.
 */
static Status run_check(const Options *options)
{
	static const char *const word[] = {"text", "json", "sarif", NULL};
	int format = FORMAT_TEXT;
	if (!options_choice(options, "format", word, &format))
		return STATUS_USAGE;
	if (options->noperands == 0)
		return options_misused(options->command, "a contract is needed");
	Compilation compilation;
	StrVec paths = {0};
	Checking checking = {.format = (Format)format, .compilation = &compilation,
		.assumed = options_value(options, "assumed") != NULL};
	compile_begin(&compilation, NULL);
	Status status = commands_contracts(&compilation, options, &paths);
	for (size_t i = 0; i < paths.n && *terminal_stop() == 0; i++) {
		const Rulebook *book = rulebook_load(&compilation, paths.at[i]);
		spot_risk_warn(book, &compilation.diags);
		if (book == NULL)
			status = status == STATUS_OK ? STATUS_WRONG : status;
		else
			print_good(&checking, book, paths.at[i]);
	}
	print_diags(&checking);
	vec_free(&paths);
	buf_free(&checking.out);
	compile_end(&compilation);
	return *terminal_stop() != 0 ? STATUS_INTERRUPTED : status;
}

const Command command_check = {
	.name = "check",
	.operands = "CONTRACT…",
	.summary = "read contracts and name every mistake",
	.about = "Reads each contract and all that it uses, and names every mistake in it, with its"
		" place: names, types, units, dates, exceptions that overlap. Warnings alone leave the exit"
		" status at 0.",
	.example = "  vouch check hampshire\n  vouch check --assumed hampshire/ccsh",
	.option = option,
	.run = run_check,
};
