/*
 * For tests that begin with a rule text: a rulebook checked from it, and the tests in the language
 * run over it.
 */
#ifndef VOUCH_TESTS_UNIT_SUPPORT_H
#define VOUCH_TESTS_UNIT_SUPPORT_H

#include "dsl/check.h"
#include "interp/testrun.h"

typedef struct Fixture {
	Compilation comp;
	const Rulebook *book;  /* NULL after errors */
	char root[64];         /* a rules root of its own, removed by fixture_close */
} Fixture;

/* Checks the text as test/book.vouch under a root of its own. */
void fixture_try(Fixture *fixture, const char *text);
/* The same; diagnostics that are errors end the test and are printed. */
void fixture_open(Fixture *fixture, const char *text);
void fixture_close(Fixture *fixture);

/* Visits, logs, provisions, providers and submissions, as small as will do; rounding quarter_hour;
 * visit.logged. Rules and scenarios are put behind it. */
extern const char home_care[];

/* All examples and scenarios of the text, put behind home_care, pass; a difference ends the test
 * and is printed. */
void expect_passes(const char *text);
/* Exactly one does not, with this difference: "what | expected | actual". */
void expect_differs(const char *text, const char *difference);

#endif
