/*
 * A random rule file, laid out and checked, and what is found by it, two ways: by the explaining
 * evaluator over a scenario's store, and by an audit of a database. Both as lines of text.
 *
 *   R1 1 visit V3 fail 2025-10-26 stake 5.65      a verdict
 *   R1 1 seen 9 outside 2 …                       counts
 *   M1 …, hours …                                 figures, entries of banks
 */
#ifndef VOUCH_TESTS_UNIT_SAMPLE_RUN_H
#define VOUCH_TESTS_UNIT_SAMPLE_RUN_H

#include "dsl/check.h"
#include "interp/store.h"
#include "tests/unit/sample.h"

typedef struct Lines {
	Arena arena;
	VEC(const char *) list;
} Lines;

typedef struct SampleRun {
	const Sample *sample;
	int32_t known;      /* what came later is left out */
	char root[64];
	Compilation comp;
	const Rulebook *book;
} SampleRun;

/* The files as they are laid out, in a folder of their own, and checked. known: leave out what
 * became known later. False when the checker, or the formatter, does not take them: why is said. */
bool sample_open(SampleRun *run, const Sample *sample, int32_t known, Buf *why);
void sample_close(SampleRun *run);
/* The window of the sample; known_on as it says. */
Law sample_law(const SampleRun *run);

typedef enum SampleWhat {
	WHAT_VERDICTS = 1,  /* of every subject; an audit tells those that did not pass */
	WHAT_COUNTS = 2, WHAT_FIGURES = 4, WHAT_BANKS = 8
} SampleWhat;

/* `all`: passes too, and what does not apply. */
void sample_explain(SampleRun *run, const Law *law, int what, bool all, Lines *out);
/* order: of the rows in the tables. json, unless NULL: `findings --format json` of it. */
bool sample_audit(SampleRun *run, const Law *law, int what, int threads, uint64_t order,
	Lines *out, Buf *json, Buf *why);

void lines_sort(Lines *lines);
void lines_free(Lines *lines);
/* The first line that only one of them has; true when there is none. Both are sorted. */
bool lines_same(const Lines *a, const Lines *b, const char *name_a, const char *name_b, Buf *why);

#endif
