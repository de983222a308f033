/*
 * vouch: finds the command, parses its options, runs it, and sees to it that what was printed has
 * arrived. The exit status is the Status of the command.
 *
 *   argv ──> dispatch ──> options_parse ──> command->run ──> terminal_finish ──> exit status
 *               └─ help, --version, unknown word with the nearest name
 *
 * A command returns a Status and never calls exit, so that its clean-up runs and its output is
 * flushed and checked in this one place.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "report/layout.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

/* In the order of the help: first what an author of rules needs, then what an auditor needs. */
static const Command *const commands[] = {&command_check, &command_test, &command_eval,
	&command_fmt, &command_import, &command_audit, &command_findings, &command_kpis,
	&command_restate, &command_explain, &command_sample, &command_evaluate, &command_report,
	&command_respond, &command_case,
	&command_verify, NULL};

static const char head[] =
	"vouch checks what providers of home care declare against the contract and the care logs.\n"
	"\n"
	"usage: vouch COMMAND [OPTION]… [OPERAND]…\n"
	"\n"
	"commands\n";

static const char tail[] =
	"  help COMMAND            the same as vouch COMMAND --help\n"
	"\n"
	"A CONTRACT is a file (rules/hampshire/ccsh.vouch), a name under the rules (hampshire/ccsh)\n"
	"or a folder of them (hampshire). The rules are found in $VOUCH_RULES, else in ./rules, else\n"
	"where vouch was installed.\n"
	"\n"
	"exit status\n"
	"  0    done\n"
	"  1    done, and the answer is no: tests failed, layout differs, --fail-on met,\n"
	"       something in a case file was changed\n"
	"  2    the rules or the data are wrong; each place is named\n"
	"  3    the world failed: a file, a disk, memory, a lock\n"
	"  64   the command was not understood\n"
	"  130  interrupted; nothing half-written is left\n"
	"\n"
	"example\n"
	"  vouch audit county.db -c hampshire -o case.db --from 2025-04-28 --to 2026-04-26\n";

/*
 * To standard output when it was asked for, to standard error when it stands for a mistake: the
 * pipe behind a mistyped command should not receive a page of help as if it were data.
 */
static void print_help(FILE *out)
{
	Buf text = {0};
	buf_puts(&text, head);
	for (int i = 0; commands[i] != NULL; i++) {
		Str summary = str_of(commands[i]->summary);
		buf_puts(&text, "  ");
		layout_pad(&text, str_of(commands[i]->name), 24, false);
		buf_str(&text, summary);
		buf_char(&text, '\n');
	}
	buf_puts(&text, tail);
	fwrite(text.at, 1, text.n, out);
	buf_free(&text);
}

static const Command *command_named(const char *name)
{
	for (int i = 0; commands[i] != NULL; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

/* One name is suggested at most: a list would be guessing. */
static Status unknown_command(const char *name)
{
	Nearest nearest;
	nearest_start(&nearest, str_of(name));
	for (int i = 0; commands[i] != NULL; i++)
		nearest_try(&nearest, str_of(commands[i]->name));
	Str best = nearest_best(&nearest);
	if (best.len > 0)
		return options_misused(NULL, "there is no command %s; did you mean %.*s?", name,
			STR_ARG(best));
	return options_misused(NULL, "there is no command %s", name);
}

/* `vouch help audit` and `vouch audit --help` are the same text from the same table. */
static Status help_for(const char *name)
{
	const Command *command = name == NULL ? NULL : command_named(name);
	if (name != NULL && command == NULL)
		return unknown_command(name);
	if (command == NULL)
		print_help(stdout);
	else
		options_help(command, stdout);
	return STATUS_OK;
}

/*
 * A command that was stopped may have failed with whatever its last call said; to the person
 * who pressed Ctrl-C it was interrupted, and scripts look for 130.
 */
static Status run_command(const Command *command, int argc, char **argv)
{
	Options options;
	Status status = options_parse(&options, command, argc, argv);
	if (status == STATUS_OK && options.help)
		options_help(command, stdout);
	else if (status == STATUS_OK)
		status = command->run(&options);
	options_free(&options);
	if (*terminal_stop() != 0 && status != STATUS_OK)
		status = STATUS_INTERRUPTED;
	return status;
}

/*
 * Only what stands before the command is looked at here; options belong to commands, there are
 * none that hold for all.
 */
static Status dispatch(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return STATUS_USAGE;
	}
	const char *word = argv[1];
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
		puts("vouch " PACKAGE_VERSION);
		return STATUS_OK;
	}
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return help_for(NULL);
	if (strcmp(word, "help") == 0)
		return help_for(argc > 2 ? argv[2] : NULL);
	const Command *command = command_named(word);
	if (command == NULL && word[0] == '-')
		return options_misused(NULL, "there is no option %s before the command", word);
	return command == NULL ? unknown_command(word) : run_command(command, argc - 1, argv + 1);
}

/* Of the locale only the characters are taken, for the prompt: numbers, dates and order stay the
 * same everywhere. */
int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	terminal_catch_signals();
	return (int)terminal_finish(dispatch(argc, argv));
}
