/*
 * The measures and KPIs of the contracts, counted here a second time: whole numbers by contract,
 * provider and quarter (missed and late visits, hours, handbacks, prices, bids, submissions), by
 * week (visits missed in thirteen weeks), and the carers that a person sees in a quarter.
 * A figure is written as numerator and denominator, neither of them reduced.
 *
 * The forms that providers fill in are made from these figures, too: most say what is so, some say
 * something better, nothing, or two things.
 */
#ifndef CORPUS_FIGURES_H
#define CORPUS_FIGURES_H

#include "corpus/rows.h"
#include "corpus/write.h"

/* Visits whose outcome is known, of one provider in one quarter under one contract. Minutes. */
typedef struct Tally {
	uint32_t visits, missed, delivered, half_hours, logged, late;
	int64_t planned, declared;
	uint32_t awards, handed_back, unqualified, bids;
	int64_t price, hours; /* pence an hour times minutes; minutes */
} Tally;

typedef struct Sent {
	uint32_t submissions, in_time;
} Sent;

typedef struct WeekTally {
	uint32_t visits, missed;
} WeekTally;

/* Different carers of a quarter, in no order. */
typedef struct Seen {
	uint32_t *carer;
	uint32_t n, room;
	int32_t quarter;
} Seen;

typedef struct Figures {
	const Plan *plan;
	Writer *writer;
	int32_t first, quarters; /* years times four and quarters, from the one before the run */
	Tally *tally;            /* by contract, provider, quarter */
	Sent *sent;              /* by provider, quarter */
	WeekTally *week;         /* by contract, provider, week of the run */
	Seen *seen;              /* by package */
} Figures;

void figures_init(Figures *figures, const Plan *plan, Writer *writer);
void figures_free(Figures *figures);

/* found: care logs matched with it; first: the earliest check-in of them. */
void figures_visit(Figures *figures, const Visit *visit, int32_t found, int64_t first);
void figures_log(Figures *figures, const Log *log);
void figures_submission(Figures *figures, uint32_t provider, int32_t monday, int64_t submitted);

/* Writes the forms, and then all figures of quarters and weeks. */
void figures_close(Figures *figures);

#endif
