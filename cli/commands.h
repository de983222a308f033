/* The commands, each in the file of its name, and what several of them share. */
#ifndef VOUCH_CLI_COMMANDS_H
#define VOUCH_CLI_COMMANDS_H

#include "cli/options.h"
#include "cli/terminal.h"
#include "dsl/check.h"

extern const Command command_audit, command_case, command_check, command_eval, command_evaluate,
	command_explain, command_findings, command_fmt, command_import, command_kpis, command_report,
	command_respond, command_restate, command_sample, command_test, command_verify;

/* Sorts paths and leaves each in once. */
void commands_unique(StrVec *paths);
/* Files of the contracts that the operands stand for, each once, in order of path. STATUS_WRONG
 * after a diagnostic. The caller frees the vector. */
Status commands_contracts(Compilation *compilation, const Options *options, StrVec *paths);

#endif
