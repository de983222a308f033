/*
 * Options by getopt_long, with messages of our own: getopt's speak of argv[0] and know no nearest
 * name.
 *
 *   OptionSpec table ──> struct option[] and "c:o:" ──> getopt_long ──> given[] in order
 *                    └─> help
 *
 * An option that is given and not understood is an error of status 64, never ignored: an audit
 * run without the --known-on that somebody mistyped would give other findings, silently.
 */
#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "cli/terminal.h"
#include "dsl/diag.h"
#include "report/layout.h"

#define HELP 1          /* what getopt gives for --help */
#define FIRST_OPTION 256 /* long option i of the table is FIRST_OPTION + i, its letter too */

/* Always the same second line, so that nobody is left without a way on. */
Status options_misused(const Command *command, const char *format, ...)
{
	va_list args;
	fputs("vouch", stderr);
	if (command != NULL)
		fprintf(stderr, " %s", command->name);
	fputs(": ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n   help: vouch %s%s--help\n", command != NULL ? command->name : "",
		command != NULL ? " " : "");
	return STATUS_USAGE;
}

/* Tables end with a NULL name, which lets them be written without a count that could be wrong. */
static int option_count(const Command *command)
{
	int n = 0;
	while (command->option[n].name != NULL)
		n++;
	return n;
}

/* The two tables that getopt wants, out of ours. */
static void make_tables(const Command *command, Arena *arena, struct option **longs, char **shorts)
{
	int n = option_count(command), at = 0;
	*longs = ARENA_ARRAY(arena, struct option, (size_t)n + 2);
	*shorts = arena_alloc(arena, 2 * (size_t)n + 4);
	(*shorts)[at++] = ':';
	for (int i = 0; i < n; i++) {
		const OptionSpec *spec = &command->option[i];
		(*longs)[i] = (struct option){spec->name, spec->value != NULL, NULL, FIRST_OPTION + i};
		if (spec->letter == '\0')
			continue;
		(*shorts)[at++] = spec->letter;
		if (spec->value != NULL)
			(*shorts)[at++] = ':';
	}
	(*longs)[n] = (struct option){"help", 0, NULL, HELP};
	(*shorts)[at] = 'h';
}

/* From what getopt gives, a number of ours or a letter, back to the table. */
static const OptionSpec *spec_of(const Command *command, int found)
{
	if (found >= FIRST_OPTION)
		return &command->option[found - FIRST_OPTION];
	for (int i = 0; command->option[i].name != NULL; i++) {
		if (command->option[i].letter == found)
			return &command->option[i];
	}
	return NULL;
}

/* Near misses are named. A dash may also begin an operand: -- tells them apart. */
static Status unknown(const Command *command, const char *word)
{
	Nearest nearest;
	Str name = str_of(word);
	while (name.len > 0 && name.ptr[0] == '-')
		name = (Str){name.ptr + 1, name.len - 1};
	const char *equals = name.len > 0 ? memchr(name.ptr, '=', name.len) : NULL;
	if (equals != NULL)
		name.len = (size_t)(equals - name.ptr);
	nearest_start(&nearest, name);
	for (int i = 0; command->option[i].name != NULL; i++)
		nearest_try(&nearest, str_of(command->option[i].name));
	Str best = nearest_best(&nearest);
	if (best.len > 0)
		return options_misused(command, "there is no option %s; did you mean --%.*s?", word,
			STR_ARG(best));
	return options_misused(command, "there is no option %s (an operand that begins with a dash goes"
		" behind --)", word);
}

/* Twice the same option is a slip: which of the two was meant cannot be told. */
static Status add(Options *options, const OptionSpec *spec, const char *value)
{
	if (!spec->many && options_value(options, spec->name) != NULL)
		return options_misused(options->command, "--%s is given twice", spec->name);
	*vec_push(&options->given) = (OptionGiven){spec, value != NULL ? value : ""};
	return STATUS_OK;
}

/*
 * One answer of getopt. `word` is what it has just looked at.
 *
 *   found   optopt           what was typed
 *   '?'     a number of ours --next=3, which takes no value
 *   '?'     0 or a letter    --nxet, or -x
 *   ':'     number or letter --seed with nothing behind it
 */
static Status take(Options *options, int found, const char *word)
{
	const Command *command = options->command;
	char letter[3] = {'-', (char)optopt, '\0'};
	if (found == HELP || found == 'h') {
		options->help = true;
		return STATUS_OK;
	}
	bool is_long = strncmp(word, "--", 2) == 0;
	if (found == '?' && is_long && optopt >= FIRST_OPTION)
		return options_misused(command, "--%s takes no value", spec_of(command, optopt)->name);
	if (found == '?')
		return unknown(command, is_long || optopt == 0 ? word : letter);
	const OptionSpec *spec = spec_of(command, found == ':' ? optopt : found);
	if (found == ':')
		return options_misused(command, "--%s needs a value: %s", spec->name, spec->value);
	return add(options, spec, optarg);
}

/*
 * getopt sorts operands to the end of argv, so options and operands may be mixed; its state is
 * global, hence the resets for tests that parse many times in one process.
 *
 * The string of letters begins with a colon: then a value that is missing is told from an option
 * that there is not. The tables are needed no longer than getopt runs.
 */
Status options_parse(Options *options, const Command *command, int argc, char **argv)
{
	Arena arena = {0};
	struct option *longs;
	char *shorts;
	Status status = STATUS_OK;
	*options = (Options){.command = command};
	make_tables(command, &arena, &longs, &shorts);
	opterr = 0;
	optind = 1;
	while (status == STATUS_OK) {
		int found = getopt_long(argc, argv, shorts, longs, NULL);
		if (found == -1)
			break;
		status = take(options, found, argv[optind - 1]);
	}
	options->operand = argv + optind;
	options->noperands = argc - optind;
	arena_free(&arena);
	return status;
}

/* Values are argv's own and are not freed. */
void options_free(Options *options)
{
	vec_free(&options->given);
}

/* The last of several, for options that may be given many times; add has refused others. */
const char *options_value(const Options *options, const char *name)
{
	const char *value = NULL;
	for (size_t i = 0; i < options->given.n; i++) {
		if (strcmp(options->given.at[i].spec->name, name) == 0)
			value = options->given.at[i].value;
	}
	return value;
}

/* From 0, in the order of the command line; NULL behind the last. */
const char *options_nth(const Options *options, const char *name, int n)
{
	for (size_t i = 0; i < options->given.n; i++) {
		if (strcmp(options->given.at[i].spec->name, name) == 0 && n-- == 0)
			return options->given.at[i].value;
	}
	return NULL;
}

/* One form of date only, ISO: 01/02/2025 is two different days to two people. */
bool options_day(const Options *options, const char *name, int *day)
{
	const char *value = options_value(options, name);
	int32_t read;
	if (value == NULL)
		return true;
	ReadTime how = day_parse(str_of(value), &read);
	if (how != READ_OK) {
		options_misused(options->command, "--%s %s: %s", name, value, how == READ_RANGE
			? "there is no such day" : "a day is written 2025-04-28");
		return false;
	}
	*day = read;
	return true;
}

/*
 * strtol skips blanks and takes a sign; both end in the range check, as least is never below
 * zero.
 */
bool options_number(const Options *options, const char *name, long least, long most, long *number)
{
	const char *value = options_value(options, name);
	char *end;
	if (value == NULL)
		return true;
	errno = 0;
	long n = strtol(value, &end, 10);
	if (errno != 0 || end == value || *end != '\0' || n < least || n > most) {
		options_misused(options->command, "--%s %s: a whole number from %ld to %ld is needed", name,
			value, least, most);
		return false;
	}
	*number = n;
	return true;
}

/*
 * The list of words for the message is put together while looking, as most often it is not
 * needed.
 */
bool options_choice(const Options *options, const char *name, const char *const *word, int *choice)
{
	const char *value = options_value(options, name);
	Buf list = {0};
	if (value == NULL)
		return true;
	for (int i = 0; word[i] != NULL; i++) {
		if (strcmp(word[i], value) == 0) {
			*choice = i;
			buf_free(&list);
			return true;
		}
		buf_printf(&list, "%s%s", i == 0 ? "" : word[i + 1] == NULL ? " or " : ", ", word[i]);
	}
	options_misused(options->command, "--%s %s: it is %s", name, value, list.at);
	buf_free(&list);
	return false;
}

/* "  -c, --contract CONTRACT   what it does", what it does wrapped in its own column. */
static void print_option(const OptionSpec *spec, Buf *out)
{
	Buf left = {0};
	Str help = str_of(spec->help);
	if (spec->letter != '\0')
		buf_printf(&left, "-%c, ", spec->letter);
	else
		buf_puts(&left, "    ");
	buf_printf(&left, "--%s%s%s", spec->name, spec->value != NULL ? " " : "",
		spec->value != NULL ? spec->value : "");
	buf_puts(out, "  ");
	layout_pad(out, buf_view(&left), 26, false);
	if (left.n >= 26) {
		buf_char(out, '\n');
		layout_wrap(out, help, 28, 90);
	} else {
		buf_str(out, layout_line(&help, 90 - 28));
		buf_char(out, '\n');
		if (help.len > 0)
			layout_wrap(out, help, 28, 90);
	}
	buf_free(&left);
}

/* A command's `about` may hold several paragraphs, parted by line ends. */
void options_help(const Command *command, FILE *out)
{
	Buf text = {0};
	Str about = str_of(command->about);
	buf_printf(&text, "usage: vouch %s%s %s\n\n", command->name,
		command->option[0].name != NULL ? " [OPTION]…" : "", command->operands);
	while (about.len > 0) {
		const char *end = memchr(about.ptr, '\n', about.len);
		size_t n = end == NULL ? about.len : (size_t)(end - about.ptr);
		layout_wrap(&text, (Str){about.ptr, n}, 0, 90);
		about = end == NULL ? (Str){0} : (Str){end + 1, about.len - n - 1};
	}
	buf_puts(&text, "\noptions\n");
	for (int i = 0; command->option[i].name != NULL; i++)
		print_option(&command->option[i], &text);
	print_option(&(OptionSpec){"help", 'h', NULL, false, "this text"}, &text);
	buf_printf(&text, "\nexample\n%s\n", command->example);
	fwrite(text.at, 1, text.n, out);
	buf_free(&text);
}
