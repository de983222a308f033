/* Tokens of the formatter: coarser than the scanner's, and never in need of a diagnostic, since
 * only files that parsed are formatted. */
#ifndef VOUCH_DSL_FORMAT_TOKENS_H
#define VOUCH_DSL_FORMAT_TOKENS_H

#include "dsl/format.h"

typedef struct Token {
	Str text;          /* canonical */
	size_t start, end; /* in the source */
	bool blank;        /* blanks stood before it */
} Token;

/* The token at or behind byte `at`; false at the end. Blanks and comments are passed over. */
bool token_next(Str source, size_t at, Token *token);

/* A token and the two before it, which decide whether a blank goes between. */
typedef struct TokenPair {
	Str before_that, before;
	Token token;
	bool unary; /* `before` is a sign, not an operator */
} TokenPair;

void token_pair_next(TokenPair *pair, Token token);
bool token_spaced(Str source, const TokenPair *pair);
/* A long clause may be broken before this word; `before` is the one in front of it. */
bool token_breaks(Str before, Str word);

#endif
