/*
 * The reference: works out from the rows alone (never from what was planted) which rules each
 * visit, log, week, payment period, provision and submission breaks, by integer arithmetic and a
 * matching of its own, and writes the verdicts. Where the result is not what the plants were meant
 * to do, the generator is wrong: the program says so and aborts.
 *
 * Rules about logs are the same in both contracts, so a log's verdict stands once for each. A draw
 * on a bank is told of as `take_a_break.debits PR000001, V00000001`.
 *
 * Matching is within one provider and client: a visit is a slot for each carer; most pairs first,
 * then least total distance, then the earlier keeps its log.
 */
#ifndef CORPUS_TRUTH_H
#define CORPUS_TRUTH_H

#include "corpus/figures.h"
#include "corpus/rows.h"
#include "corpus/write.h"

typedef struct Shift {
	int64_t in, out;
	uint64_t log;
	uint32_t client;
	bool told; /* its C1 verdict is written */
} Shift;

#define SHIFTS_MAX 4

typedef struct Shifts {
	Shift shift[SHIFTS_MAX];
	int n;
} Shifts;

typedef struct Truth {
	const Plan *plan;
	Writer *writer;
	uint64_t doubles_planted, doubles_told;
	Shifts *shifts;                 /* by carer: the logs that a later one could overlap */
	size_t shifts_room;
	Last *last;                     /* by carer: the latest log */
	size_t last_room;
	Figures figures;
	uint32_t *head, *next;          /* logs of each package of the provider, by check-in */
	uint32_t *local;                /* a package's place among its provider's */
	int32_t *visit_of;              /* by log: index of its visit, or -1 */
	size_t head_room, next_room;
} Truth;

void truth_init(Truth *truth, const Plan *plan, Writer *writer);
void truth_free(Truth *truth);

/* The rules about provisions themselves; once. */
void truth_provisions(Truth *truth);

/* One provider's week, after the roster. */
void truth_week(Truth *truth, uint32_t provider, int32_t monday, const Rows *rows);

/* Closes the payment period of the provider's packages that began on the given Monday. */
void truth_period(Truth *truth, uint32_t provider, int32_t monday);

/* After the last week: what is banked, and the figures of quarters. */
void truth_close(Truth *truth);

/* A row of bad data that figures count all the same. */
void truth_stranger(Truth *truth, const Visit *visit);

/* For corpus/follow.c: a log's verdict, in both contracts. */
void truth_tell_log(Truth *truth, Rule rule, const Log *log, Verdict verdict);

void truth_submission(Truth *truth, uint32_t provider, int32_t monday, int64_t submitted,
	Plant plant);

#endif
