/*
 * Commands and their options. Each command has one table of options, from which its help, the
 * parsing and the messages come.
 */
#ifndef VOUCH_CLI_OPTIONS_H
#define VOUCH_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/status.h"

typedef struct OptionSpec {
	const char *name;   /* long name, without the dashes */
	char letter;        /* 0: none */
	const char *value;  /* what follows it, as help names it; NULL: nothing */
	bool many;          /* may be given more than once */
	const char *help;
} OptionSpec;

typedef struct OptionGiven {
	const OptionSpec *spec;
	const char *value;
} OptionGiven;

typedef struct Options Options;

typedef struct Command {
	const char *name;
	const char *operands;      /* behind the options in the usage line */
	const char *summary;       /* half a line for the list of commands */
	const char *about;         /* paragraphs of the help */
	const char *example;       /* one that works on the sample county, and what it does */
	const OptionSpec *option;  /* ends with a NULL name; --help needs no entry */
	Status (*run)(const Options *options);
} Command;

struct Options {
	const Command *command;
	VEC(OptionGiven) given;
	char **operand;
	int noperands;
	bool help;
};

/* Parses what stands behind the command's name. STATUS_USAGE after a message; options_free in any
 * case. */
Status options_parse(Options *options, const Command *command, int argc, char **argv);
void options_free(Options *options);

/* The last value of an option; NULL when it was not given (for a flag: "" when it was). */
const char *options_value(const Options *options, const char *name);
/* The n-th value of an option that may be given more than once; NULL past the end. */
const char *options_nth(const Options *options, const char *name, int n);

/* A day as YYYY-MM-DD. Left alone when the option is not given; false after a message. */
bool options_day(const Options *options, const char *name, int *day);
/* A whole number from least to most. */
bool options_number(const Options *options, const char *name, long least, long most, long *number);
/* One of several words, which end with NULL: *choice is its position. */
bool options_choice(const Options *options, const char *name, const char *const *word, int *choice);

/* "vouch COMMAND: …" and where the help is, on standard error. */
Status options_misused(const Command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void options_help(const Command *command, FILE *out);

#endif
