/*
 * The second reading of the borough's rules, in whole numbers: from the market position page and
 * its rows, never from what was planted. Each call judges one subject, compares it with its marks
 * and tells the truth.
 */
#ifndef CORPUS_LONDON_JUDGE_H
#define CORPUS_LONDON_JUDGE_H

#include "corpus/london_rows.h"

/* The contract that a package is under. */
int london_contract(Bought bought);

/* What the page says of a day: runs, holds a place, has a rating (UNRATED: nothing is known). */
bool london_runs(const Package *package, int32_t day);
bool london_holds(const Place *place, int32_t day);
int london_rating(const Provider *provider, int32_t day);

/* A package's week: its visits and what they add up to. */
void london_judge_week(const London *london, uint32_t package, const Week *week);

/* All that stays in memory, when the county is complete. */
void london_judge(const London *london);

#endif
