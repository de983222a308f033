/*
 * The tests of a rulebook, `example` and `scenario`, run one after another; and one expression
 * worked out without any rows.
 */
#ifndef VOUCH_INTERP_TESTRUN_H
#define VOUCH_INTERP_TESTRUN_H

#include "interp/scenario.h"

typedef struct TestResult {
	Str name;          /* the scenario's title, or the example as it is written */
	Span at;
	bool is_example, passed;
	const Difference *difference;
	int32_t ndifferences;
} TestResult;

typedef struct TestRun {
	TestResult *result; /* in the order of the rulebook: examples, then scenarios */
	int32_t nresults, passed, failed;
	/* By rule: how often the scenarios saw each verdict; a rule that never failed in one is not
	 * tested. */
	int64_t (*verdicts)[VERDICTS];
} TestRun;

/* Everything lives in the arena. */
void testrun(const Rulebook *book, Arena *arena, TestRun *out);

/* Works out an expression of rulebook_expression on a law date (NO_DAY: none) over no rows at all,
 * and prints its value as the language writes it; when it is not known, `unknown` and, if wanted,
 * the reasons. Returns its State. */
State testrun_eval(const Rulebook *book, const Expr *expr, int32_t nslots, int32_t law_day,
	bool reasons, Buf *out);

#endif
