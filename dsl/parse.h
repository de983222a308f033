/* Text of one rule file to its syntax tree. */
#ifndef VOUCH_DSL_PARSE_H
#define VOUCH_DSL_PARSE_H

#include "dsl/ast.h"
#include "dsl/diag.h"

/* Parses file number `file` of the sources. Always gives an AST_FILE; what could not be read became
 * AST_ERROR items and diagnostics. The tree lives in the arena and points into the source text. */
Ast *parse_file(Arena *arena, const Sources *sources, int32_t file, Diags *diags);

/* The same, but no further than the declaration behind the contract: enough to tell what a file is.
 * A file without a contract is read to its end. */
Ast *parse_head(Arena *arena, const Sources *sources, int32_t file, Diags *diags);

/* Parses one expression (for `vouch eval`); NULL after a diagnostic. */
Ast *parse_expression(Arena *arena, const Sources *sources, int32_t file, Diags *diags);

#endif
