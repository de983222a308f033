/*
 * The plan of a county: who provides, who is cared for, which packages run when. It is made before
 * any visit and stays in memory (about 200 bytes a package: 4 MB for 20 million visits a year).
 *
 * The number of visits is met exactly: packages are added until their days hold as many, and the
 * last is cut short. A county with few visits keeps some two dozen people for a few weeks each,
 * spread over the year, so that every part of the calendar is seen.
 */
#ifndef CORPUS_PLAN_H
#define CORPUS_PLAN_H

#include "corpus/rows.h"

#define BIDS_MAX 7

/* The caller sets seed, from, weeks, visits, share and target; the rest is made. */
void plan_make(Plan *plan);
void plan_free(Plan *plan);

/* Puts some packages of the older contract below the floor, and visits behind the end of others.
 * After the plan is made. */
void plan_older(Plan *plan);

/* How a package was bid for and awarded, and why it was handed back if it was. */
typedef struct Award {
	int32_t day;
	uint32_t bids, winner;
	uint32_t won;           /* bit 0: the first bid is said to have won */
	int32_t over[BIDS_MAX]; /* pence an hour above the award */
	CareKind care;
	Reason reason;
} Award;

/* As it goes when nothing is wrong; see bids.h for what is. */
void plan_award(const Plan *plan, uint32_t package, Award *award);

/* The provider that made a bid: the winner is the package's own, who else bids follows from it. */
uint32_t plan_bidder(const Plan *plan, uint32_t package, const Award *award, uint32_t bid);

/* Packages that were awarded and never begun, until the share of handbacks of a few providers in
 * one quarter stands on a line of the KPI or just above it. After the plan is made. */
void plan_idle(Plan *plan);

int32_t plan_last_day(const Plan *plan);

/* Visits of a package on a day, by its slots alone. */
uint32_t plan_visits_on(const Package *package, int32_t day);

/* Pence per hour below which a provision of this contract may not be awarded on that day. */
int32_t plan_floor(Contract contract, int32_t day);

/* The last day on which the variation of the week may come in. */
int32_t plan_due(int32_t monday);

/* A share (per mille, at the usual three findings in a hundred visits) made greater or less with
 * the findings asked for; never above one half. */
uint32_t plan_scaled(const Plan *plan, uint32_t permille);

/* How much more than an honest provider this one errs: 1, 3, 8. */
uint32_t plan_weight(Character character);

#endif
