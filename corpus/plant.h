/*
 * Planting: turns clean visits into discrepancies of every kind that the rules look for, and into
 * near misses that stay inside a rule by one second, minute, penny or day. Each planted row says
 * what it is meant to break; truth.c works out on its own what it does break, and the two must
 * agree.
 *
 * Kinds come in turn from a round. How thickly they are sown follows the character of the provider
 * and how many findings are still wanting.
 */
#ifndef CORPUS_PLANT_H
#define CORPUS_PLANT_H

#include "corpus/round.h"
#include "corpus/rows.h"

typedef struct Planter {
	const Plan *plan;
	Round round;
	uint32_t thickness; /* plants per million visits, over all providers */
} Planter;

void planter_init(Planter *planter, const Plan *plan);

/* At the start of each week. */
void planter_pace(Planter *planter, uint32_t thickness);

/* At the start of each payment period: is this package declared as commissioned throughout? */
void plant_period(const Plan *plan, uint32_t number, int32_t monday);

/* Plants in the package's week, whose rows are those from first_visit and first_log on. */
void plant_week(Planter *planter, Rng *rng, Rows *rows, size_t first_visit, size_t first_log);

/* When the provider submitted the week, or CAL_NO_MOMENT; *plant says what is odd about it. */
int64_t plant_submission(const Plan *plan, uint32_t provider, int32_t monday, Plant *plant);

#endif
