/*
 * A first entry has either no discharge or one that proved wrong. Both moments at which the books
 * are closed, the last second and the one after it, are met by some entries.
 */
#include "corpus/entry.h"

#include "corpus/grow.h"
#include "corpus/plan.h"

#define HOUR 3600

int64_t entry_closed(const Plan *plan)
{
	return cal_moment(plan_last_day(plan) + GROW_CLOSING_DAYS + 1, 0);
}

/* On the closing day in its last second, at the first moment after it, or some weeks later. */
static int64_t at_closing(const Plan *plan, Rng *rng, bool in_time)
{
	int64_t closed = entry_closed(plan);
	if (in_time)
		return closed - 1;
	return rng_permille(rng, 500) ? closed : closed + rng_between(rng, 1, 70) * CAL_DAY;
}

/* As wards do: at once and again, or once and afterwards; older lists do not say when. */
static void enter_everyday(Rng *rng, Stay *stay)
{
	uint32_t draw = rng_below(rng, 100);
	int64_t end = stay->discharged == CAL_NO_MOMENT ? stay->admitted : stay->discharged;
	if (draw < 15)
		return;
	stay->entered = end + rng_between(rng, 1, 60) * HOUR;
	if (draw < 60 && stay->discharged != CAL_NO_MOMENT)
		stay->entered_first = stay->admitted + rng_between(rng, 60, 7000);
}

/* The first entry says that the person came home a day or two later than was so. */
static void enter_corrected(const Plan *plan, Rng *rng, Stay *stay, bool in_time)
{
	stay->said_first = stay->discharged + rng_between(rng, 24, 48) * HOUR;
	stay->entered_first = stay->said_first + rng_between(rng, 1, 20) * HOUR;
	stay->entered = at_closing(plan, rng, in_time);
}

/* Late entries of stays during which care was claimed, corrections of all others. */
static void enter(const Plan *plan, Rng *rng, Stay *stay)
{
	uint32_t draw = plan->share ? rng_below(rng, 100) : 99;
	stay->entered = stay->entered_first = stay->said_first = CAL_NO_MOMENT;
	if (stay->claimed && draw < 60)
		stay->entered = at_closing(plan, rng, draw < 20);
	else if (!stay->claimed && stay->discharged != CAL_NO_MOMENT && draw < 24)
		enter_corrected(plan, rng, stay, draw < 8);
	else
		enter_everyday(rng, stay);
}

void entry_stays(const Plan *plan)
{
	for (uint32_t i = 0; i < plan->clients; i++)
		for (uint32_t s = 0; s < plan->client[i].stays; s++) {
			Rng rng = rng_for(plan->seed, STREAM_ENTRY, i, s);
			enter(plan, &rng, &plan->client[i].stay[s]);
		}
}
