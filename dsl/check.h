/*
 * From files to a rulebook: reading a contract and what it uses, resolving names, types and units,
 * and the static analysis behind errors and warnings.
 */
#ifndef VOUCH_DSL_CHECK_H
#define VOUCH_DSL_CHECK_H

#include "base/status.h"
#include "dsl/ast.h"
#include "dsl/diag.h"
#include "dsl/rulebook.h"

/* One compilation: its memory, files and diagnostics, from compile_begin to compile_end. */
typedef struct Compilation {
	Arena arena;
	Sources sources;
	Diags diags;
	Str root;       /* the rules root; uses and contract names are found under it */
	VEC(Ast *) tree; /* one a file */
} Compilation;

/* root NULL: $VOUCH_RULES, else ./rules when it exists, else the installed rules. */
void compile_begin(Compilation *compilation, const char *root);
void compile_end(Compilation *compilation);

/*
 * Contracts for a word of the command line: a path to a file, a name under the root
 * (hampshire/ccsh), a folder under it (hampshire: each contract in it). Paths are pushed, sorted;
 * a diagnostic (with the nearest name) when there is none. Files without a contract are libraries.
 */
typedef VEC(Str) StrVec;
Status contract_find(Compilation *compilation, Str word, StrVec *paths);

/* Leaves out amendments of a contract that another path of the list stands for: a contract and all
 * that amends it in its folder are one. The list is sorted. */
void contracts_once(Compilation *compilation, StrVec *paths);

/* Reads and checks a file with all that it uses. NULL after errors; warnings alone do not stop. */
const Rulebook *rulebook_load(Compilation *compilation, Str path);

/* A rulebook of no file: what the language itself knows, for rulebook_expression. Never NULL. */
const Rulebook *rulebook_empty(Compilation *compilation);

/* Checks one expression against a rulebook (for `vouch eval`): no row variables. NULL after a
 * diagnostic. nslots receives the slots it needs. The rulebook gains define instances, so it is
 * the caller's own. */
const Expr *rulebook_expression(Compilation *compilation, const Rulebook *book, Str text,
	int32_t *nslots);

#endif
