/*
 * The canonical layout of a rule file (`vouch fmt`): the same tree, comments kept. The layout works
 * on clauses: each stands on a line of its own, with the tokens of the source and one blank between
 * them; clause words of a rule, match or contract are padded so that what they say lines up; rows
 * of tables get even columns; a clause too long for a line is broken before `and`, `or`, `then` …
 */
#ifndef VOUCH_DSL_FORMAT_H
#define VOUCH_DSL_FORMAT_H

#include "dsl/ast.h"

#define FORMAT_WIDTH 100 /* columns that a clause is broken to */

/* Writes the file's canonical text. The file must have parsed without errors. Formatting what came
 * out gives it back unchanged. */
void format_file(const Sources *sources, const Ast *file, Buf *out);

/* A piece of source text (an expression, a clause) on one line with canonical blanks; comments are
 * left out. For messages and evidence as well. */
void format_tokens(Str source, Buf *out);

#endif
