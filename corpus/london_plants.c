/*
 * Makers change a row so that it means what the list says, or change nothing and return false. None
 * means anything on days at which no rule looks in this run.
 */
#include "corpus/london_plants.h"

#include "corpus/london_judge.h"

/* The language's greatest(), of days. */
static int32_t later(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

/* From the first Monday of the framework on. */
int32_t london_day(const London *london, Rng *rng)
{
	int32_t first = later(london->from, cal_day(2022, 10, 3));
	return rng_between(rng, first, later(first, london->last - 35));
}

/* A week's cost as P1 wants it: hours by rate, to the penny. */
int32_t london_price(int32_t rate, int32_t minutes)
{
	return (int32_t)grow_nearest((int64_t)rate * minutes, 60);
}

/* What is paid is looked at from the framework's first day on. */
static int32_t paid_from(const Package *package)
{
	return later(package->start, cal_day(2022, 10, 1));
}

/* ---- makers: what is paid -------------------------------------------------------------------- */

/* Means what the list says, if rules look at the day at all. */
static bool mean(const Scene *scene, int32_t on, Mark *mark, int plant)
{
	return london_seen(scene->london, london_contract(scene->package->bought), on) &&
		grow_mean(scene->london->grow, mark, plant);
}

/* Means it of the package, which nobody has written yet. */
static bool means(const Scene *scene, int32_t on, int plant)
{
	return !scene->week && mean(scene, on, &scene->package->mark, plant);
}

/* Once the cost is so many pence from hours by rate, the package's rate stays as it is. */
static bool costs(Scene *scene, int32_t more, int plant)
{
	if (!means(scene, paid_from(scene->package), plant))
		return false;
	scene->package->cost += more;
	return true;
}

/* P1 is exact: a penny either way is found, and below it is the provider's. */
static bool cost_above(void *context)
{
	return costs(context, 1, PLANT_P1_ABOVE);
}

/* What is missing to the week's cost is the provider's. */
static bool cost_below(void *context)
{
	return costs(context, -1, PLANT_P1_BELOW);
}

/* The range of rates cannot be looked at either, and none of the visits. */
static bool rateless(void *context)
{
	Scene *scene = context;
	Package *package = scene->package;
	Grow *grow = scene->london->grow;
	if (!means(scene, paid_from(package), PLANT_P1_RATELESS))
		return false;
	if (package->bought == FRAMEWORK)
		grow_mean_also(grow, &package->mark, VERDICT_UNSURE, RULE_F6);
	if (package->bought == DPS)
		grow_mean_also(grow, &package->mark, VERDICT_UNSURE, RULE_D2);
	package->rate = MISSING;
	return true;
}

/* A visit of the week that was delivered, or NULL. */
static Visit *some_visit(const Scene *scene)
{
	Week *week = scene->week;
	if (!week || week->planted || !week->count)
		return NULL;
	Visit *visit = &week->visit[rng_below(scene->rng, (uint32_t)week->count)];
	return visit->outcome == DELIVERED && !visit->mark.plant ? visit : NULL;
}

/* Another rate of one visit; the package's own rate must be known, or nothing could be said. */
static bool claims(Scene *scene, int32_t rate_more, bool rate_missing, int plant)
{
	Visit *visit = some_visit(scene);
	if (!visit || scene->package->rate == MISSING ||
		!mean(scene, visit->day, &visit->mark, plant))
		return false;
	visit->rate = rate_missing ? MISSING : visit->rate + rate_more;
	scene->week->planted = true;
	return true;
}

/* P2 by the least that two rates can differ, above and below. */
static bool claimed_above(void *context)
{
	return claims(context, 1, false, PLANT_P2_ABOVE);
}

/* Less than the package's rate is as little what was agreed. */
static bool claimed_below(void *context)
{
	return claims(context, -1, false, PLANT_P2_BELOW);
}

/* A claim that names no rate may be right or wrong. */
static bool claimed_without(void *context)
{
	return claims(context, 0, true, PLANT_P2_RATELESS);
}

/* What the week claims so far. */
static int32_t delivered(const Week *week)
{
	int32_t declared = 0;
	for (int i = 0; i < week->count; i++)
		if (week->visit[i].outcome == DELIVERED)
			declared += week->visit[i].declared;
	return declared;
}

/* All of the week's hours must be claimed, so that a minute more is one too many. */
static bool minute_above(void *context)
{
	Scene *scene = context;
	Visit *visit = some_visit(scene);
	if (!visit || delivered(scene->week) != scene->package->minutes ||
		!mean(scene, scene->week->monday, &scene->week->mark, PLANT_P3_MINUTE))
		return false;
	visit->declared++;
	scene->week->planted = true;
	return true;
}

/* The sum stays what it was: exactly the week's hours. */
static bool swapped(void *context)
{
	Scene *scene = context;
	Visit *visit = some_visit(scene);
	if (!visit || delivered(scene->week) != scene->package->minutes || scene->week->count < 2)
		return false;
	Visit *other = visit == scene->week->visit ? visit + 1 : scene->week->visit;
	if (!mean(scene, scene->week->monday, &scene->week->mark, PLANT_P3_SWAP))
		return false;
	visit->declared++;
	other->declared--;
	scene->week->planted = true;
	return true;
}

/* ---- makers: new packages -------------------------------------------------------------------- */

/* A package of this sort, before its weeks. */
static bool is_new(const Scene *scene, Bought bought)
{
	return !scene->week && scene->package->bought == bought;
}

/* Means it of the award, which is of one of the two kinds of new packages. */
static bool awards(const Scene *scene, int plant)
{
	return scene->referral && mean(scene, scene->package->awarded, &scene->package->award_mark,
		plant);
}

/* Moves the award to a day, and what comes before and after with it. */
static void award_on(const Scene *scene, int32_t day)
{
	int32_t by = day - scene->package->awarded;
	scene->referral->received += by;
	scene->package->awarded += by;
	scene->package->start += by;
	if (scene->package->end != CAL_NO_DAY)
		scene->package->end += by;
}

/* A rate at the end of a range or a penny beyond; the cost follows, so that P1 has nothing to
 * say. */
static bool rates(Scene *scene, Bought bought, int32_t rate, int plant)
{
	Package *package = scene->package;
	int32_t on = bought == DPS ? paid_from(package) : package->start;
	if (!is_new(scene, bought) || !means(scene, on, plant))
		return false;
	package->rate = package->award_rate = rate;
	package->cost = london_price(rate, package->minutes);
	return true;
}

/* F6, D2: the published ends of a range are in it, a penny beyond them is not. */
static bool rate_above(void *context)
{
	return rates(context, FRAMEWORK, FRAMEWORK_HIGHEST + 1, PLANT_F6_ABOVE);
}

/* A penny under the lowest. */
static bool rate_below(void *context)
{
	return rates(context, FRAMEWORK, FRAMEWORK_LOWEST - 1, PLANT_F6_BELOW);
}

/* The greatest and the least rate of the page are rates that it has. */
static bool rate_highest(void *context)
{
	return rates(context, FRAMEWORK, FRAMEWORK_HIGHEST, PLANT_F6_HIGHEST);
}

static bool rate_lowest(void *context)
{
	return rates(context, FRAMEWORK, FRAMEWORK_LOWEST, PLANT_F6_LOWEST);
}

/* Provider 56 is on neither contract, well rated and registered. */
static bool no_place(void *context)
{
	Scene *scene = context;
	if (!is_new(scene, FRAMEWORK) || !awards(scene, PLANT_F4_STRANGER))
		return false;
	scene->package->provider = 56;
	return true;
}

/* The framework provider whose lots are two and three further on. */
static uint16_t neighbour_of(int lot)
{
	return (uint16_t)((lot + 1) % LOTS + 1);
}

/* A place on the framework is a place on a lot: F5 finds the provider, F4 does not. */
static bool other_lot(void *context)
{
	Scene *scene = context;
	if (!is_new(scene, FRAMEWORK) || !awards(scene, PLANT_F5_OTHER_LOT))
		return false;
	scene->package->provider = neighbour_of(scene->referral->lot);
	return true;
}

/* It is on the framework; on which lot it should be nobody knows. */
static bool lotless(void *context)
{
	Scene *scene = context;
	if (!is_new(scene, FRAMEWORK) || !awards(scene, PLANT_F5_LOTLESS))
		return false;
	scene->referral->lotless = true;
	return true;
}

/* A child's package, for any support, of either sort. */
static bool child_with(Scene *scene, int8_t support, int plant)
{
	if (!awards(scene, plant))
		return false;
	scene->referral->for_whom = CHILD;
	scene->referral->support = support;
	return true;
}

/* F8: children's packages are for personal care. */
static bool child_out(void *context)
{
	return child_with(context, ACTIVITIES, PLANT_F8_ACTIVITIES);
}

/* The same child with the support that is meant for it. */
static bool child_care(void *context)
{
	return child_with(context, PERSONAL_CARE, PLANT_F8_CARE);
}

/* Nor is it known whether registration is needed. */
static bool child_unknown(void *context)
{
	Scene *scene = context;
	if (!child_with(scene, MISSING, PLANT_F8_UNKNOWN))
		return false;
	grow_mean_also(scene->london->grow, &scene->package->award_mark, VERDICT_UNSURE, RULE_Q2);
	return true;
}

/* ---- makers: spot purchase ------------------------------------------------------------------- */

/* The answers are written later, as the plant says. */
static bool spot_with(Scene *scene, int plant)
{
	return is_new(scene, SPOT) && scene->referral->received < scene->package->awarded &&
		awards(scene, plant);
}

/* S1: somebody on the lot had said yes by the day of the award. */
static bool could_take(void *context)
{
	return spot_with(context, PLANT_S1_COULD);
}

/* The last word counts: a yes that was taken back on the day itself is no capacity. */
static bool withdrawn(void *context)
{
	return spot_with(context, PLANT_S1_WITHDRAWN);
}

/* An answer on the day of the award still came before it. */
static bool answers_today(void *context)
{
	return spot_with(context, PLANT_S1_LAST_DAY);
}

/* Who has not answered may have had capacity: neither shown nor ruled out. */
static bool no_answer(void *context)
{
	return spot_with(context, PLANT_S1_NO_ANSWER);
}

/* Until it answered, nobody knew whether there was capacity. */
static bool answers_late(void *context)
{
	Scene *scene = context;
	if (!spot_with(scene, PLANT_S2_LATE))
		return false;
	grow_mean_also(scene->london->grow, &scene->package->award_mark, VERDICT_UNSURE, RULE_S1);
	return true;
}

/* Provider n of the framework has lots n and n + 1, and again from six on. */
static bool insider(void *context)
{
	Scene *scene = context;
	uint16_t provider = scene->referral && scene->referral->lot != 2 ? scene->referral->lot + 5 : 2;
	if (!spot_with(scene, PLANT_S3_INSIDER))
		return false;
	scene->package->provider = provider;
	return true;
}

/* Which has places on the framework, but not on this lot, so a spot purchase is what it is. */
static bool neighbour(void *context)
{
	Scene *scene = context;
	if (!spot_with(scene, PLANT_S3_NEIGHBOUR))
		return false;
	scene->package->provider = neighbour_of(scene->referral->lot);
	return true;
}

/* ---- makers: quality ------------------------------------------------------------------------- */

/* Provider 7, of lots 2 and 3, is rated Inadequate from the first of these days to before the
 * second. */
#define BAD_FROM cal_day(2023, 5, 15)
#define BAD_TO cal_day(2023, 11, 6)

/* Provider 7 on one of its lots, awarded on a day of interest. */
static bool rated_on(Scene *scene, int32_t day, int plant)
{
	if (!is_new(scene, FRAMEWORK) || scene->forced != CAL_NO_DAY ||
		!london_seen(scene->london, HOMECARE, day) || !awards(scene, plant))
		return false;
	award_on(scene, day);
	scene->referral->lot = 2;
	scene->package->provider = 7;
	return true;
}

/* Q1 from both sides of a rating's two days: that of publication counts as rated already. */
static bool rated_today(void *context)
{
	return rated_on(context, BAD_FROM, PLANT_Q1_FIRST);
}

/* Well behind the day of publication, so that nothing hangs on how a day is counted. */
static bool rated_long(void *context)
{
	return rated_on(context, BAD_FROM + 70, PLANT_Q1_LONG);
}

/* The Friday before, and the Monday of the better rating. */
static bool rated_tomorrow(void *context)
{
	return rated_on(context, BAD_FROM - 3, PLANT_Q1_BEFORE);
}

/* The better rating holds from its own first day. */
static bool rated_again(void *context)
{
	return rated_on(context, BAD_TO, PLANT_Q1_AFTER);
}

/* Provider 60 is rated from 22 May 2023 on, before the package can be in a published position. */
static bool unrated(void *context)
{
	Scene *scene = context;
	int32_t day = cal_day(2023, 5, 19);
	if (!is_new(scene, SPOT) || !london_seen(scene->london, HOMECARE, day) ||
		!awards(scene, PLANT_Q1_UNRATED))
		return false;
	award_on(scene, day);
	scene->package->start = later(scene->package->start, cal_day(2023, 5, 22));
	scene->package->provider = 60;
	return true;
}

/* 58 is not registered; of 59 nobody knows. */
static bool from_provider(Scene *scene, uint16_t provider, int8_t support, int plant)
{
	if (!is_new(scene, SPOT) || !awards(scene, plant))
		return false;
	scene->referral->for_whom = ADULT;
	scene->referral->support = support;
	scene->package->provider = provider;
	return true;
}

/* Q2: personal care is a regulated activity. */
static bool unregistered(void *context)
{
	return from_provider(context, 58, PERSONAL_CARE, PLANT_Q2_BARRED);
}

/* Company is none, and anybody may give it. */
static bool company(void *context)
{
	return from_provider(context, 58, ACTIVITIES, PLANT_Q2_COMPANY);
}

/* A blank registration leaves Q2 open. */
static bool unregistered_maybe(void *context)
{
	return from_provider(context, 59, PERSONAL_CARE, PLANT_Q2_UNKNOWN);
}

/* ---- makers: the old purchasing system ------------------------------------------------------- */

/* A package of the old system that runs on; whatever end it had is taken away. */
static bool begins(Scene *scene, int32_t day, int plant)
{
	if (!is_new(scene, DPS) || !means(scene, day, plant))
		return false;
	scene->package->start = day;
	scene->package->end = CAL_NO_DAY;
	scene->package->ended = RUNS;
	scene->package->handback = false;
	return true;
}

/* D1: new packages are the framework's from its first day on, and that day is one of them. */
static bool begun_first(void *context)
{
	return begins(context, cal_day(2022, 10, 1), PLANT_D1_FIRST);
}

/* Any day of the run behind the first. */
static bool begun_late(void *context)
{
	Scene *scene = context;
	return begins(scene, london_day(scene->london, scene->rng), PLANT_D1_LATE);
}

/* The last day on which the old system could still be bought from. */
static bool begun_before(void *context)
{
	return begins(context, cal_day(2022, 9, 30), PLANT_D1_BEFORE);
}

/* D2: the old system's own range, with both ends in. */
static bool old_rate_above(void *context)
{
	return rates(context, DPS, DPS_HIGHEST + 1, PLANT_D2_ABOVE);
}

/* Below is as much outside as above. */
static bool old_rate_below(void *context)
{
	return rates(context, DPS, DPS_LOWEST - 1, PLANT_D2_BELOW);
}

/* The old system's highest rate itself. */
static bool old_rate_highest(void *context)
{
	return rates(context, DPS, DPS_HIGHEST, PLANT_D2_HIGHEST);
}

/* A package ends on a day for a reason; in the run, so that it is looked at. */
static bool ends(Scene *scene, int8_t ended, int plant)
{
	Package *package = scene->package;
	int32_t day = later(london_day(scene->london, scene->rng), package->start + 100);
	if (!is_new(scene, DPS) || !means(scene, day, plant))
		return false;
	package->end = day;
	package->ended = ended;
	package->handback = false;
	return true;
}

void london_concern(London *london, uint16_t provider, int32_t raised, int32_t closed,
	int8_t high_risk)
{
	*LONDON_MORE(london, concern) = (Concern){.provider = provider, .raised = raised,
		.closed = closed, .serious = YES, .high_risk = high_risk};
}

/* One package for each provider, so that a concern is about no other. Raised and closed so many
 * days from the last day of the package. */
static bool moved(Scene *scene, int32_t raised, int32_t closed, int8_t high_risk, int plant)
{
	Provider *provider = &scene->london->provider[scene->package->provider];
	if (provider->moved || !ends(scene, MOVED, plant))
		return false;
	provider->moved = true;
	london_concern(scene->london, scene->package->provider, scene->package->end + raised,
		scene->package->end + closed, high_risk);
	return true;
}

/* D3: a concern that was raised a day behind the last was no reason for it. */
static bool moved_idly(void *context)
{
	return moved(context, 1, 30, YES, PLANT_D3_NONE);
}

/* Serious, but of no high risk: the page asks for both. */
static bool moved_low_risk(void *context)
{
	return moved(context, -20, 30, NO, PLANT_D3_LOW_RISK);
}

/* Closed the day before: what is over moves nobody. */
static bool moved_closed(void *context)
{
	return moved(context, -30, -1, YES, PLANT_D3_CLOSED);
}

/* Closed on the last day of the package, and open on it. */
static bool moved_last_day(void *context)
{
	return moved(context, -30, 0, YES, PLANT_D3_LAST_DAY);
}

/* Raised on the last day of the package is in time. */
static bool moved_first_day(void *context)
{
	return moved(context, 0, 30, YES, PLANT_D3_FIRST_DAY);
}

/* Nobody knows whether the risk was high, and no other concern settles it. */
static bool moved_maybe(void *context)
{
	return moved(context, -30, 30, MISSING, PLANT_D3_UNKNOWN);
}

/* Whether it was moved, or handed back, are both open. */
static bool reasonless(void *context)
{
	Scene *scene = context;
	if (!ends(scene, MISSING, PLANT_D3_REASONLESS))
		return false;
	grow_mean_also(scene->london->grow, &scene->package->mark, VERDICT_UNSURE, RULE_D4);
	return true;
}

/* D4: a handback is said of the package, and none is on record. */
static bool handed_silently(void *context)
{
	return ends(context, HANDED_BACK, PLANT_D4_SILENT);
}

/* ---- makers: reablement ---------------------------------------------------------------------- */

/* The reviews move with the end. */
static void end_on(Package *package, int32_t day)
{
	for (int i = 0; i < package->outcomes; i++)
		package->outcome[i].reviewed += day - package->end;
	package->end = day;
}

/* So many days, the first and the last counted. */
static bool lasts(Scene *scene, int32_t days, int plant)
{
	Package *package = scene->package;
	if (!is_new(scene, REABLING) || !means(scene, package->start, plant))
		return false;
	end_on(package, package->start + days - 1);
	return true;
}

/* R1: six weeks are forty-two days, the first of them included. */
static bool day_over(void *context)
{
	return lasts(context, REABLEMENT_DAYS + 1, PLANT_R1_DAY);
}

/* The forty-second day is the last. */
static bool six_weeks(void *context)
{
	return lasts(context, REABLEMENT_DAYS, PLANT_R1_LAST);
}

/* A visit more, for a day on which none is due: it must not fill the week beyond its hours. */
static bool visit_after(void *context)
{
	Scene *scene = context;
	Week *week = scene->week;
	const Package *package = scene->package;
	int32_t day = package->start + REABLEMENT_DAYS;
	if (!week || week->planted || package->bought != REABLING || package->rate == MISSING ||
		day < week->monday || day > week->monday + 6 || day > scene->london->last ||
		week->count >= package->visits)
		return false;
	Visit *visit = &week->visit[week->count];
	*visit = (Visit){.day = day, .rate = package->rate, .start = 480, .planned = package->length,
		.declared = package->length, .outcome = DELIVERED};
	if (!mean(scene, day, &visit->mark, PLANT_R2_AFTER))
		return false;
	week->count++;
	week->planted = true;
	return true;
}

/* Not made up: one that was due on that day anyway. */
static bool visit_last(void *context)
{
	Scene *scene = context;
	Week *week = scene->week;
	if (!week || week->planted || scene->package->bought != REABLING)
		return false;
	for (int i = 0; i < week->count; i++) {
		Visit *visit = &week->visit[i];
		/* The forty-second day of a package whose visits go on to it. */
		if (visit->outcome == DELIVERED &&
			visit->day == scene->package->start + REABLEMENT_DAYS - 1 &&
			mean(scene, visit->day, &visit->mark, PLANT_R2_LAST))
			return week->planted = true;
	}
	return false;
}

/* So many outcomes, the first of them agreed on the day. */
static bool agrees(Scene *scene, uint8_t outcomes, int32_t day, int plant)
{
	Package *package = scene->package;
	if (!is_new(scene, REABLING) || !means(scene, package->start, plant))
		return false;
	package->outcomes = outcomes;
	package->outcome[0].agreed = day;
	return true;
}

static bool no_outcome(void *context)
{
	return agrees(context, 0, CAL_NO_DAY, PLANT_R3_NONE);
}

static bool outcome_late(void *context)
{
	Scene *scene = context;
	return agrees(scene, 1, scene->package->start + 8, PLANT_R3_LATE);
}

static bool outcome_in_time(void *context)
{
	Scene *scene = context;
	return agrees(scene, 1, scene->package->start + 7, PLANT_R3_WEEK);
}

static bool outcome_undated(void *context)
{
	return agrees(context, 1, CAL_NO_DAY, PLANT_R3_UNKNOWN);
}

/* A review that never came has no result. */
static bool reviews(Scene *scene, int32_t day, int plant)
{
	Outcome *outcome = &scene->package->outcome[0];
	if (!is_new(scene, REABLING) || !mean(scene, scene->package->end, &outcome->mark, plant))
		return false;
	outcome->reviewed = day;
	/* What was never reviewed was never found met. */
	if (day == CAL_NO_DAY)
		outcome->result = MISSING;
	return true;
}

/* R4: the package's last day is in time for the review, the next is not. */
static bool review_late(void *context)
{
	Scene *scene = context;
	return reviews(scene, scene->package->end + 1, PLANT_R4_LATE);
}

/* A blank is a failure: what is asked for is that there was a review. */
static bool review_none(void *context)
{
	return reviews(context, CAL_NO_DAY, PLANT_R4_NONE);
}

static bool review_last(void *context)
{
	Scene *scene = context;
	return reviews(scene, scene->package->end, PLANT_R4_LAST);
}

/* The long-term package is made after this one, and has to begin on the day. */
static bool followed(Scene *scene, int32_t day, int plant)
{
	if (!is_new(scene, REABLING) || !means(scene, scene->package->start, plant))
		return false;
	scene->follow = day;
	return true;
}

/* R5: both packages would run on that day. */
static bool followed_same_day(void *context)
{
	Scene *scene = context;
	return followed(scene, scene->package->end, PLANT_R5_SAME_DAY);
}

/* One begins when the other has ended. */
static bool followed_next_day(void *context)
{
	Scene *scene = context;
	return followed(scene, scene->package->end + 1, PLANT_R5_NEXT_DAY);
}

/* Reablement without an end may still run: it is not known that they overlap. */
static bool followed_open(void *context)
{
	Scene *scene = context;
	if (!followed(scene, scene->package->start + 20, PLANT_R5_UNKNOWN))
		return false;
	scene->package->end = CAL_NO_DAY;
	scene->package->ended = RUNS;
	return true;
}

const GrowKind london_kinds[PLANT_COUNT] = {LONDON_PLANTS(GROW_KIND)};
