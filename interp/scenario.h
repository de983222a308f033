/*
 * A scenario: its given rows made into a store of their own, with keys, links and matches; the
 * rules whose datasets are all given run over it (S93); each expectation is held against what was
 * found, field by field.
 */
#ifndef VOUCH_INTERP_SCENARIO_H
#define VOUCH_INTERP_SCENARIO_H

#include "interp/subject.h"

/* Something that is not as it should be. All texts live in the arena of the run. */
typedef struct Difference {
	Str what;      /* "V1 for visit VS1: at stake" */
	Str expected, actual;
	Str detail;    /* the evidence behind it, a line each; may be empty */
	Span at;       /* of the expectation, or of the rows given */
} Difference;

typedef struct Differences {
	Arena *arena;
	VEC(Difference) list; /* freed by the caller */
} Differences;

void difference_add(Differences *differences, Difference difference);

/*
 * The store of the rows given. Rows without a key, and all rows of a key that stands twice, leave
 * their dataset and are named in *problems (S59). A dataset that is not given, but that given rows
 * link to, has a row for each key they name, of which nothing else is known: so links can be
 * compared. given[dataset], when not NULL, says which datasets the scenario gives.
 */
const Store *scenario_store(const Rulebook *book, const Scenario *scenario, const Law *law,
	Arena *arena, Differences *problems, bool *given);

/* The law that a scenario stands under (S94). */
Law scenario_law(const Scenario *scenario);

/* Runs the scenario. verdicts, when not NULL, has VERDICTS counters a rule of the book, which are
 * added to. */
void scenario_run(const Rulebook *book, const Scenario *scenario, Arena *arena,
	Differences *differences, int64_t (*verdicts)[VERDICTS]);

#endif
