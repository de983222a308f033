/*
 * vouch eval: one expression, a batch of them, or a prompt.
 *
 *   batch:  stdin ──block──> in ──line──> rulebook_expression ──> testrun_eval ──> stdout
 *                            ^ what is left of the last line stays here
 *
 * A batch is a contract with other programs: a line out for each line in, whatever stands in it.
 *
 * Exit status: 0 answered, `unknown` too; of one expression 2 when it is wrong. In a batch what is
 * wrong is an answer of its line and the status stays 0; 3 when standard input or output fails; 64
 * misused; 130 interrupted.
 */
#include <errno.h>
#include <histedit.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "interp/testrun.h"

/* Expressions stay in the memory of their compilation. Once so much has gathered the contract is
 * read again, so that a batch of any length fits. */
#define GATHERED ((size_t)64 << 20)
#define BLOCK 65536

static const OptionSpec option[] = {
	{"contract", 'c', "CONTRACT", false, "with the parameters, tables and functions of this"
		" contract"},
	{"on", 0, "DATE", false, "the day whose law holds, as 2025-09-01; otherwise the contract's"
		" first"},
	{"batch", 0, NULL, false, "one expression a line from standard input; one line for each: its"
		" value, `unknown`, or `error E0123: …`"},
	{NULL, 0, NULL, false, NULL},
};

/* One contract and one day, whatever is asked: with them an expression has one answer (law 6). */
typedef struct Eval {
	const char *contract; /* NULL: none */
	int day;              /* NO_DAY: the contract's first */
	Compilation compilation;
	const Rulebook *book;
	size_t at_start;      /* bytes of the compilation when the contract had been read */
} Eval;

/*
 * Also called in the middle of a batch, when the memory gathered is given back; the contract
 * was sound the first time, so that it fails then only when the world does.
 */
static Status eval_begin(Eval *eval)
{
	StrVec paths = {0};
	Compilation *compilation = &eval->compilation;
	compile_begin(compilation, NULL);
	if (eval->contract == NULL) {
		eval->book = rulebook_empty(compilation);
	} else if (contract_find(compilation, str_of(eval->contract), &paths) == STATUS_OK) {
		if (paths.n == 1)
			eval->book = rulebook_load(compilation, paths.at[0]);
		else
			diag_add(&compilation->diags, DIAG_NO_SUCH_CONTRACT, (Span){-1, 0, 0},
				"%s stands for %zu contracts; one is needed", eval->contract, paths.n);
	}
	vec_free(&paths);
	eval->at_start = compilation->arena.bytes;
	if (eval->book == NULL)
		terminal_diags(&compilation->diags, stderr);
	return eval->book == NULL ? STATUS_WRONG : STATUS_OK;
}

/* The book lies in the compilation; forgetting the pointer turns a use after this into a crash. */
static void eval_end(Eval *eval)
{
	compile_end(&eval->compilation);
	eval->book = NULL;
}

/* The diagnostics of one line are not those of the next. */
static void forget_diags(Diags *diags)
{
	diags->list.n = 0;
	diags->errors = diags->warnings = 0;
}

/* Without --on, the day that examples stand on: the first of the contract (S96). */
static int32_t law_day(const Eval *eval)
{
	if (eval->day != NO_DAY || eval->book->is_library)
		return eval->day;
	return eval->book->contract.from;
}

/*
 * False after a diagnostic. reasons: why a value is unknown is said behind it. A fault is
 * reported like a mistake in the text, because a batch has no third kind of answer (law 1:
 * overflow is named, never a wrong figure).
 */
static bool eval_text(Eval *eval, Str text, bool reasons, Buf *out)
{
	Diags *diags = &eval->compilation.diags;
	Span nowhere = {-1, 0, 0};
	int32_t nslots = 0;
	forget_diags(diags);
	ptrdiff_t bad = utf8_first_bad(text);
	if (bad >= 0) {
		bool nul = text.ptr[bad] == '\0';
		diag_add(diags, nul ? DIAG_NUL_BYTE : DIAG_BAD_UTF8, nowhere, nul
			? "byte %lld is NUL" : "byte %lld is not UTF-8", (long long)bad + 1);
		return false;
	}
	const Expr *expr = rulebook_expression(&eval->compilation, eval->book, text, &nslots);
	if (expr == NULL)
		return false;
	if (testrun_eval(eval->book, expr, nslots, law_day(eval), reasons, out) != STATE_FAULT)
		return true;
	diag_add(diags, DIAG_OVERFLOW, nowhere, "%s", diag_title(DIAG_OVERFLOW));
	return false;
}

/* ---- batch ---- */

/* The first in the text: later ones may only follow from it. */
static const Diag *first_error(const Diags *diags)
{
	const Diag *first = NULL;
	for (size_t i = 0; i < diags->list.n; i++) {
		const Diag *diag = &diags->list.at[i];
		if (diag_severity(diag->code) == DIAG_ERROR && (first == NULL
			|| diag->at.lo < first->at.lo))
			first = diag;
	}
	return first;
}

/* An answer is one line, whatever stands in it. */
static void print_answer(Buf *answer)
{
	for (size_t i = 0; i < answer->n; i++) {
		if (answer->at[i] == '\n' || answer->at[i] == '\r')
			answer->at[i] = ' ';
	}
	if (answer->n > 0)
		fwrite(answer->at, 1, answer->n, stdout);
	putchar('\n');
}

/* A blank line asks nothing, and is answered by a blank line. */
static Status batch_line(Eval *eval, Str line, Buf *answer)
{
	Str text = str_trim(line);
	buf_clear(answer);
	if (text.len > LIMIT_FILE_BYTES) {
		buf_printf(answer, "error %s: an expression of more than %u bytes",
			diag_code_text(DIAG_FILE_TOO_LARGE), LIMIT_FILE_BYTES);
	} else if (text.len > 0 && text.ptr[0] != '#' && !eval_text(eval, text, false, answer)) {
		const Diag *first = first_error(&eval->compilation.diags);
		buf_clear(answer);
		if (first != NULL)
			diag_print_short(first, answer);
	}
	print_answer(answer);
	if (eval->compilation.arena.bytes < eval->at_start + GATHERED)
		return STATUS_OK;
	eval_end(eval);
	return eval_begin(eval);
}

/* The lines that `in` holds whole; what is left of it stays. */
static Status batch_lines(Eval *eval, Buf *in, Buf *answer)
{
	Status status = STATUS_OK;
	size_t from = 0;
	while (status == STATUS_OK && from < in->n) {
		const char *end = memchr(in->at + from, '\n', in->n - from);
		if (end == NULL)
			break;
		size_t n = (size_t)(end - (in->at + from));
		status = batch_line(eval, (Str){in->at + from, n}, answer);
		from += n + 1;
	}
	if (from > 0) {
		memmove(in->at, in->at + from, in->n - from);
		in->n -= from;
	}
	return status;
}

/*
 * Reads block by block. Before it waits for more, everything that was asked is answered, so that a
 * program at the other end of two pipes may ask one line at a time.
 */
static Status eval_batch(Eval *eval)
{
	char block[BLOCK];
	Buf in = {0}, answer = {0};
	Status status = STATUS_OK;
	while (status == STATUS_OK && *terminal_stop() == 0) {
		if (fflush(stdout) != 0)
			status = STATUS_WORLD;
		ssize_t n = read(STDIN_FILENO, block, sizeof block);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			status = terminal_failed("standard input: %s", strerror(errno));
		if (n <= 0)
			break;
		/* Of a line that is too long only so much is kept that it is known to be too long. */
		if (in.n <= (size_t)LIMIT_FILE_BYTES + BLOCK || memchr(block, '\n', (size_t)n) != NULL)
			buf_str(&in, (Str){block, (size_t)n});
		if (memchr(block, '\n', (size_t)n) != NULL && status == STATUS_OK)
			status = batch_lines(eval, &in, &answer);
	}
	if (status == STATUS_OK && *terminal_stop() != 0)
		status = STATUS_INTERRUPTED;
	if (status == STATUS_OK && in.n > 0)
		status = batch_line(eval, buf_view(&in), &answer);
	buf_free(&in);
	buf_free(&answer);
	return status;
}

/* ---- one expression, and the prompt ---- */

/* For people: reasons behind `unknown`, and whole diagnostics. */
static Status eval_one(Eval *eval, Str text)
{
	Buf answer = {0};
	bool good = eval_text(eval, text, true, &answer);
	if (good)
		print_answer(&answer);
	else
		terminal_diags(&eval->compilation.diags, stderr);
	buf_free(&answer);
	return good ? STATUS_OK : STATUS_WRONG;
}

/* Examples rather than a grammar: they show units and money, on which people stumble first. */
static const char prompt_help[] =
	"Type an expression: 7 hours 30 minutes * 2, £22.59 per hour * 25 minutes.\n"
	"on 2025-09-01 sets the day whose law holds; quit, or Ctrl-D, leaves.\n";

/* The few lines that are no expressions; true when this was one. */
static bool prompt_command(Eval *eval, Str line, bool *leave)
{
	int32_t day;
	*leave = str_eq(line, STR("quit")) || str_eq(line, STR("exit"));
	if (str_eq(line, STR("help")))
		fputs(prompt_help, stdout);
	else if (line.len > 3 && memcmp(line.ptr, "on ", 3) == 0
			&& day_parse(str_trim((Str){line.ptr + 3, line.len - 3}), &day) == READ_OK)
		eval->day = day;
	else
		return *leave;
	return true;
}

/* libedit wants a char pointer that stays, hence the static array. */
static char *prompt_text(EditLine *line)
{
	static char text[] = "vouch> ";
	(void)line;
	return text;
}

/* libedit keeps the line, its history and the keys; Ctrl-D ends el_gets. */
static Status eval_prompt(Eval *eval)
{
	EditLine *editor = el_init("vouch", stdin, stdout, stderr);
	History *past = history_init();
	HistEvent event;
	const char *typed;
	int n;
	bool leave = false;
	history(past, &event, H_SETSIZE, 500);
	el_set(editor, EL_PROMPT, prompt_text);
	el_set(editor, EL_EDITOR, "emacs");
	el_set(editor, EL_HIST, history, past);
	el_source(editor, NULL);
	fputs("vouch: type an expression, help, or quit\n", stdout);
	while (!leave && *terminal_stop() == 0 && (typed = el_gets(editor, &n)) != NULL && n > 0) {
		Str line = str_trim(str_of(typed));
		if (line.len == 0)
			continue;
		history(past, &event, H_ENTER, typed);
		if (!prompt_command(eval, line, &leave))
			eval_one(eval, line);
		fflush(stdout);
	}
	history_end(past);
	el_end(editor);
	putchar('\n');
	return *terminal_stop() != 0 ? STATUS_INTERRUPTED : STATUS_OK;
}

/*
 * The three ways exclude each other, and a pipe without --batch is a mistake rather than a
 * guess: with it taken for a prompt, libedit would echo what it reads into somebody's output.
 */
static Status run_eval(const Options *options)
{
	Eval eval = {.contract = options_value(options, "contract"), .day = NO_DAY};
	bool batch = options_value(options, "batch") != NULL;
	if (!options_day(options, "on", &eval.day))
		return STATUS_USAGE;
	if (options->noperands > 1)
		return options_misused(options->command, "one expression is needed: put quotes round it");
	if (batch && options->noperands > 0)
		return options_misused(options->command, "--batch reads the expressions from standard"
			" input");
	if (!batch && options->noperands == 0 && !isatty(STDIN_FILENO))
		return options_misused(options->command, "an expression is needed (--batch reads them from"
			" standard input)");
	Status status = eval_begin(&eval);
	if (status == STATUS_OK && batch)
		status = eval_batch(&eval);
	else if (status == STATUS_OK && options->noperands == 0)
		status = eval_prompt(&eval);
	else if (status == STATUS_OK)
		status = eval_one(&eval, str_of(options->operand[0]));
	eval_end(&eval);
	return status;
}

const Command command_eval = {
	.name = "eval",
	.operands = "[EXPR]",
	.summary = "work out one expression, or many",
	.about = "Prints one value as the language writes it. On a terminal and without EXPR it asks"
		" for expressions, one after the other.",
	.example = "  vouch eval -c hampshire/ccsh 'quarter_hour(23 minutes)'",
	.option = option,
	.run = run_eval,
};
