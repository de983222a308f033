/*
 * vouch test: the examples and scenarios of contracts. What failed is shown so that its author can
 * tell whether the rule or the test is wrong: what was expected, what came out, and why.
 *
 *   hampshire/ccsh 2025.1
 *     FAILED    sixteen minutes claimed as thirty
 *     V1 for visit VS1: at stake
 *               expected  £5.65
 *               actual    £5.60
 *               at        rules/hampshire/ccsh.vouch:88:3
 *               because   visit.declared of VS1 = 30 minutes
 *     3 passed, 1 failed
 *
 * Exit status 1 for a failed test, 2 for a contract that cannot be read: a script can tell a
 * wrong figure from a broken file.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "interp/testrun.h"
#include "report/layout.h"

static const OptionSpec option[] = {
	{"verbose", 'v', NULL, false, "name the tests that passed, too"},
	{NULL, 0, NULL, false, NULL},
};

/*
 * Counts over all contracts; the arena is emptied after each, so that a folder of contracts
 * takes no more memory than the largest of them.
 */
typedef struct Testing {
	bool verbose, colour;
	int width;
	int64_t passed, failed;
	Arena arena;
	Buf out;
} Testing;

/* Texts of a failing test are those of the rule file and of its given rows. */
static void print_text(Testing *testing, const char *label, Str text, int indent)
{
	if (text.len == 0)
		return;
	while (text.len > 0) {
		const char *end = memchr(text.ptr, '\n', text.len);
		size_t n = end == NULL ? text.len : (size_t)(end - text.ptr);
		buf_pad(&testing->out, ' ', (size_t)indent);
		buf_printf(&testing->out, "%-10s", label);
		layout_clean(&testing->out, (Str){text.ptr, n});
		buf_char(&testing->out, '\n');
		label = "";
		text = end == NULL ? (Str){0} : (Str){end + 1, text.len - n - 1};
	}
}

/* The values behind it come last: they are read only when expected and actual do not tell. */
static void print_difference(Testing *testing, const Rulebook *book, const Difference *difference)
{
	Buf where = {0};
	if (difference->at.file >= 0) {
		Place place = source_place(book->sources, difference->at);
		buf_printf(&where, "%.*s:%d:%d", STR_ARG(book->sources->file.at[difference->at.file].path),
			place.line, place.column);
	}
	print_text(testing, "", difference->what, 2);
	print_text(testing, "expected", difference->expected, 14);
	print_text(testing, "actual", difference->actual, 14);
	print_text(testing, "at", buf_view(&where), 14);
	print_text(testing, "because", difference->detail, 14);
	buf_free(&where);
}

/* Tests that passed are silent unless asked for: what is printed is what needs somebody. */
static void print_result(Testing *testing, const Rulebook *book, const TestResult *result)
{
	if (result->passed && !testing->verbose)
		return;
	const char *paint = !testing->colour ? "" : result->passed ? "\033[32m" : "\033[1;31m";
	buf_printf(&testing->out, "  %s%-8s%s  ", paint, result->passed ? "passed" : "FAILED",
		testing->colour ? "\033[0m" : "");
	layout_clean(&testing->out, result->name);
	buf_char(&testing->out, '\n');
	for (int32_t i = 0; i < result->ndifferences; i++)
		print_difference(testing, book, &result->difference[i]);
}

/* Rules that no scenario ever saw fail: a mistake in them would go unnoticed. */
static void print_untested(Testing *testing, const Rulebook *book, const TestRun *run)
{
	Buf list = {0};
	for (int32_t r = 0; r < book->nrules; r++) {
		if (run->verdicts[r][VERDICT_FAIL] > 0)
			continue;
		buf_printf(&list, "%s%.*s", list.n > 0 ? ", " : "", STR_ARG(book->rule[r].decl.name));
		if (book->rule[r].follows || book->rule[r].ended > 0)
			buf_printf(&list, " of %.*s", STR_ARG(book->contract.ver[book->rule[r].introduced].name));
	}
	if (list.n > 0) {
		Str line = str_format(&testing->arena, "no scenario makes these rules fail: %s", list.at);
		layout_wrap(&testing->out, line, 2, testing->width);
	}
	buf_free(&list);
}

/* A library has no contract to name it by: its path will do. */
static void test_book(Testing *testing, const Rulebook *book, Str path)
{
	TestRun run;
	testrun(book, &testing->arena, &run);
	if (book->is_library)
		buf_str(&testing->out, path);
	else
		buf_printf(&testing->out, "%.*s %.*s", STR_ARG(book->contract.decl.name),
			STR_ARG(book->contract.version));
	buf_char(&testing->out, '\n');
	for (int32_t i = 0; i < run.nresults; i++)
		print_result(testing, book, &run.result[i]);
	print_untested(testing, book, &run);
	buf_printf(&testing->out, "  %d passed, %d failed\n", (int)run.passed, (int)run.failed);
	testing->passed += run.passed;
	testing->failed += run.failed;
}

/* One contract is one compilation: what two of them share is a private copy of each. */
static Status test_path(Testing *testing, Str path)
{
	Compilation compilation;
	compile_begin(&compilation, NULL);
	const Rulebook *book = rulebook_load(&compilation, path);
	if (book == NULL)
		terminal_diags(&compilation.diags, stderr);
	else
		test_book(testing, book, path);
	compile_end(&compilation);
	arena_free(&testing->arena);
	fwrite(testing->out.at == NULL ? "" : testing->out.at, 1, testing->out.n, stdout);
	buf_clear(&testing->out);
	return book == NULL ? STATUS_WRONG : STATUS_OK;
}

/* The first compilation only turns words into paths; each contract then gets one of its own. */
static Status run_test(const Options *options)
{
	int width = terminal_width(stdout);
	Testing testing = {.verbose = options_value(options, "verbose") != NULL,
		.colour = terminal_colour(stdout), .width = width > 40 ? width : 100};
	Compilation compilation;
	StrVec paths = {0};
	if (options->noperands == 0)
		return options_misused(options->command, "a contract is needed");
	compile_begin(&compilation, NULL);
	Status status = commands_contracts(&compilation, options, &paths);
	terminal_diags(&compilation.diags, stderr);
	for (size_t i = 0; i < paths.n && *terminal_stop() == 0; i++) {
		Status tested = test_path(&testing, paths.at[i]);
		status = status == STATUS_OK ? tested : status;
	}
	if (*terminal_stop() != 0)
		status = STATUS_INTERRUPTED;
	if (paths.n > 1)
		printf("%lld passed, %lld failed\n", (long long)testing.passed, (long long)testing.failed);
	vec_free(&paths);
	buf_free(&testing.out);
	compile_end(&compilation);
	return status == STATUS_OK && testing.failed > 0 ? STATUS_NO : status;
}

const Command command_test = {
	.name = "test",
	.operands = "CONTRACT…",
	.summary = "run the examples and scenarios of contracts",
	.about = "Runs every example and scenario that stands in the contracts and in the files that"
		" they use. A test that fails shows what was expected, what came out, and the values behind"
		" it.",
	.example = "  vouch test hampshire",
	.option = option,
	.run = run_test,
};
