/* What the scanner, the grammar and parse.c share. Nobody else includes this. */
#ifndef VOUCH_DSL_PARSING_H
#define VOUCH_DSL_PARSING_H

#include "dsl/mark.h"

typedef struct Parse {
	Build build;
	Mark mark;
	void *scanner;      /* flex's own state */
	int start;          /* token that chooses what is parsed, given before any other; 0 none */
	int held;           /* token behind a FRESH, 0 none */
	bool head;          /* the file ends, as it were, behind its contract */
	int brackets;       /* open ones */
	int branches;       /* `if` since the clause began */
	int signs;          /* `-` and `not` right before each other */
} Parse;

#include "dsl/grammar.h"

int scan_token(void *scanner); /* from scan.l */

/* After an error: whether the token in hand may begin a clause. If not it is dropped, and so is
 * what follows up to one that may. */
bool parse_resumes(const Parse *parse);
void parse_too_deep(Parse *parse, Span at);
/* Puts E0106 together. expected: the names of all tokens that could have come. */
void parse_unexpected(Parse *parse, Span at, const char *const *expected, int count);

#endif
