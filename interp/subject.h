/*
 * The subjects of a rule over a whole store, one after another: what scenarios judge, and what the
 * fast evaluator's batches are held against in the tests.
 */
#ifndef VOUCH_INTERP_SUBJECT_H
#define VOUCH_INTERP_SUBJECT_H

#include "interp/walk.h"

/*
 * Slots of one subject, for walk_judge: valid during the call, as are the rows of its group, which
 * are sorted by key. A period or an item that could not be worked out stands in its slot as unknown
 * or as a fault (one subject for all of them); rows whose group key is not known come together
 * under slots that are not known (S56).
 *
 * Rows that the contract does not cover, or that `among … where` refuses, are still among them:
 * walk_judge says so of each.
 */
typedef void SubjectFn(void *user, Value *slots, RowSpan group);

void subject_each(Walk *walk, const Rule *rule, SubjectFn *fn, void *user);

/* Slots that make the subject: 1, 2, or the number of keys. */
int32_t subject_nslots(const Rule *rule);
/* The type and the name of one of them: "visit", "week", "provision". */
Type subject_type(const Rule *rule, int32_t slot);
Str subject_name(const Rulebook *book, const Rule *rule, int32_t slot);
/* "visit VS1", "provision PR1, week of 1 September 2025". */
void subject_print(Buf *buf, const Walk *walk, const Rule *rule, const Value *slots);

#endif
