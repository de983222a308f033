/*
 * Constructors of the syntax tree: what the grammar's actions call, one call for each. Every node
 * is made in the arena and knows its depth; one that would stand deeper than LIMIT_TREE becomes an
 * AST_ERROR after a diagnostic, so no later walk over a tree can exhaust the stack.
 *
 * Names and literals are slices of the source text. A node's name_at is worked out from where its
 * `text` points; where that is outside the source, name_at is the whole node.
 */
#ifndef VOUCH_DSL_AST_BUILD_H
#define VOUCH_DSL_AST_BUILD_H

#include "dsl/ast.h"
#include "dsl/diag.h"

typedef struct Build {
	Arena *arena;
	Diags *diags;
	Str source;      /* text of the file being read */
	int32_t file;
	bool told_deep;  /* the declaration being read was said to be too deep: once is enough */
	Ast *root;       /* AST_FILE, or the one expression */
} Build;

typedef struct AstList {
	Ast *first, *last;
	uint32_t depth; /* of the deepest item */
} AstList;

typedef struct AstParts {
	Str text, text2;
	Ast *a, *b, *c, *d;
	AstList items;
	int32_t how;
	int64_t n, m;
} AstParts;

Ast *ast_make(Build *build, AstKind kind, Span at, AstParts parts);
Ast *ast_error(Build *build, Span at);
AstList ast_list_add(AstList list, Ast *item);
AstList ast_list_pair(AstList list, Ast *first, Ast *second);
AstList ast_list_join(AstList front, AstList back);
/* Appends a declaration to the file; the next one may be said to be too deep again. */
void ast_file_add(Build *build, Ast *declaration);

/* Literals as they are written. E0110, E0111 where they say nothing that exists. */
Ast *ast_date(Build *build, Span at, Str text);
Ast *ast_daymonth(Build *build, Span at, Str text);
Ast *ast_moment(Build *build, Span at, Str text);
Ast *ast_clock(Build *build, Span at, Str text);
Ast *ast_weekday(Build *build, Span at, Str text);
Ast *ast_money(Build *build, Span at, Str text, Ast *per);
Str ast_percent_number(Str text); /* without its sign */
int64_t ast_whole(Build *build, Span at, Str text);

/* A text, or the part of one before, between or after braces: quotes and braces still on. */
Ast *ast_text(Build *build, Span at, Str text);
/* The text itself, or an AST_TEXT after E0112 when it holds braces. */
Ast *ast_plain(Build *build, Ast *text);

Ast *ast_cell_test(Build *build, Ast *test);       /* knows `any` */
AstList ast_facts(AstList rows);                   /* rows behind the HEADER become ROWs */
Ast *ast_dates(Build *build, Span at, AstList rows); /* cells 1 and 3 get a DATE as their `a` */
Ast *ast_append(Ast *node, Span at, Ast *item);    /* one more item; the node now spans `at` */
Ast *ast_chained(Build *build, Span at, Span sign); /* E0113 */
/* Appends a clause; `assumed` right behind a target, a failure line or an exception belongs to
 * that. */
AstList ast_list_assume(AstList list, Ast *item);

#endif
