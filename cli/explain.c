/*
 * vouch explain: the page of a finding, or of an error.
 *
 *   vouch explain E0207           one operand:  the Markdown page of that error (cli/page.h)
 *   vouch explain case.db 9Q2K    two operands: the working of that finding (report/explain.h)
 *
 * The number of operands decides, never the look of the word: a case file may be called E0207.
 */
#include "report/explain.h"

#include <stdlib.h>

#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/page.h"

#define PLAIN_WIDTH 100 /* when it does not go to a terminal */

static const OptionSpec option[] = {
	{"run", 0, "RUN", false, "as this run found it; otherwise the newest run that did"},
	LISTING_PSEUDONYM_OPTIONS,
	{NULL, 0, NULL, false, NULL},
};

/* Below forty columns nothing lines up any more. */
static int text_width(void)
{
	int width = terminal_width(stdout);
	return width == 0 ? PLAIN_WIDTH : width < 40 ? 40 : width;
}

/* The page is complete before the pager starts, so that mistakes are not lost behind it. */
static void print(const Buf *text)
{
	Pager pager;
	pager_begin(&pager);
	if (text->n > 0)
		fwrite(text->at, 1, text->n, pager.out);
	pager_end(&pager);
}

/*
 * With --run the finding is looked for in that run alone: a finding keeps its id from run to
 * run (S58), so the id by itself does not say which working is meant.
 */
static Status explain_finding(CaseReader *reader, const Options *options, Buf *text)
{
	const char *run = options_value(options, "run");
	ExplainOptions how = {text_width(), terminal_colour(stdout)};
	Str run_id = STR("");
	int64_t row;
	Status status = STATUS_OK;
	if (run != NULL)
		status = casereader_run(reader, str_of(run), &run_id);
	if (status == STATUS_OK)
		status = casereader_find(reader, str_of(options->operand[1]), run_id, &row);
	return status == STATUS_OK ? explain_print(reader, row, &how, text) : status;
}

/*
 * Clean-up is in one place and on one path, whatever failed; diagnostics go out before the
 * reader is closed because their texts may be the reader's.
 */
static Status explain_case(const Options *options)
{
	Arena arena = {0};
	Diags diags;
	Buf text = {0};
	CaseReader *reader = NULL;
	diags_init(&diags, &arena, NULL);
	Status status = casereader_open(options->operand[0], &diags, &reader);
	if (status == STATUS_OK)
		status = listing_pseudonymise(options, reader);
	if (status == STATUS_OK)
		status = explain_finding(reader, options, &text);
	if (status == STATUS_OK)
		print(&text);
	terminal_diags(&diags, stderr);
	casereader_close(reader);
	vec_free(&diags.list);
	buf_free(&text);
	arena_free(&arena);
	return status;
}

/* A word alone is a code; a finding needs the file that it stands in. */
static Status explain_code(const Options *options)
{
	Buf text = {0};
	DiagCode code;
	if (!diag_code_of(str_of(options->operand[0]), &code))
		return options_misused(options->command, "there is no error %s; for a finding, its case"
			" file goes in front: vouch explain CASE.db FINDING", options->operand[0]);
	Status status = page_print(code, text_width(), terminal_colour(stdout), &text);
	if (status == STATUS_OK)
		print(&text);
	buf_free(&text);
	return status;
}

/* Three operands or none are neither of the two forms, and get the help that names both. */
static Status run_explain(const Options *options)
{
	if (options->noperands == 1)
		return explain_code(options);
	if (options->noperands != 2)
		return options_misused(options->command, "a case file and a finding are needed, or the code"
			" of an error");
	return explain_case(options);
}

const Command command_explain = {
	.name = "explain",
	.operands = "CASE.db FINDING | CODE",
	.summary = "the whole working of one finding, or the page of an error",
	.about = "Shows how a finding came about: the clause, the rule, every value on the way and"
		" where it stands in the data, what is assumed or missing, and the sum. The first letters"
		" of the finding's id are enough. With the code of an error (E0207) it shows what the error"
		" means and how to put it right.",
	.example = "  vouch explain case.db 9Q2KX7M1ZD\n  vouch explain E0207",
	.option = option,
	.run = run_explain,
};
