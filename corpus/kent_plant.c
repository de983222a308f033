/*
 * The makers. Each changes one thing of a package, or of one row in it, so that the rule named in
 * kent_plants.h is broken, just kept, or cannot be judged; what else follows is marked with it.
 * False where it cannot be made, and then nothing was changed. A week, or an envelope's period, in
 * which one thing changes the sum takes no second one: its mark is the lock.
 */
#include <string.h>

#include "corpus/kent_rows.h"

#define PACKAGE_TRIES 8
#define MORNING (8 * 60 + 30)
#define NIGHT_FROM (22 * 60)
#define NIGHT_TO (7 * 60)

/* One of the rows, or none while the package itself is planted in. */
typedef struct Scene {
	Kent *kent;
	Package *package;
	Visit *visit;
	Night *night;
	Call *call;
	Offer *offer;
} Scene;

/* Claims the row for this plant: a row takes one alone, so that every finding has one cause. */
static bool mean(const Scene *scene, Mark *mark, int plant)
{
	return grow_mean(scene->kent->grow, mark, plant);
}

/* One act may break several clauses; each further one is meant too, or settling would complain of
 * it. */
static void also(const Scene *scene, Mark *mark, Verdict verdict, int rule)
{
	grow_mean_also(scene->kent->grow, mark, verdict, rule);
}

/* ---- the package --------------------------------------------------------------------------- */

/* Whether it is the package's turn, of this kind, and takes the plant. */
static bool takes(const Scene *scene, bool assess, int plant)
{
	return !scene->visit && !scene->night && !scene->call && !scene->offer &&
		(scene->package->care == CARE_ASSESS) == assess &&
		mean(scene, &scene->package->mark, plant);
}

/* The appointment moves with the provider, so that A1 is all that is wrong: A2 still finds the
 * provider in the lot of the person. */
static void move_to(Package *package, uint32_t provider, uint32_t lot)
{
	package->provider = provider;
	package->lot = package->home_lot = lot;
	package->area = lot * LOT_AREAS + 1;
}

/* Providers of a doubtful standing are appointed to one lot each: see kent_market.c. */
static bool unregistered(void *context)
{
	Scene *scene = context;
	if (!takes(scene, false, PLANT_UNREGISTERED))
		return false;
	move_to(scene->package, UNREGISTERED, 3);
	return true;
}

/* A1 reads a column that is blank for this provider: blank is not the same as not registered. */
static bool perhaps_registered(void *context)
{
	Scene *scene = context;
	if (!takes(scene, false, PLANT_PERHAPS_REGISTERED))
		return false;
	move_to(scene->package, UNKNOWN_PROVIDER, 2);
	return true;
}

/* In the last lot, to which nobody was appointed. */
static void live_elsewhere(Package *package, uint32_t lot)
{
	package->home_lot = lot;
	package->area = lot * LOT_AREAS + 1;
}

/* A2 asks for the lot of the home, not for the lot that the package was bought under. */
static bool elsewhere(void *context)
{
	Scene *scene = context;
	if (!takes(scene, false, PLANT_ELSEWHERE))
		return false;
	live_elsewhere(scene->package, scene->kent->lots - 1);
	return true;
}

/* D4 is A2 for Discharge to Assess, of another severity; A2 leaves such packages out. */
static bool assess_elsewhere(void *context)
{
	Scene *scene = context;
	if (!takes(scene, true, PLANT_ASSESS_ELSEWHERE))
		return false;
	live_elsewhere(scene->package, scene->kent->lots - 1);
	return true;
}

/* Whoever lives in no lot lives in none of the provider's, or in all: nobody knows. */
static bool medway(void *context)
{
	Scene *scene = context;
	bool assess = scene->package->care == CARE_ASSESS;
	if (!takes(scene, assess, PLANT_MEDWAY))
		return false;
	scene->package->home = HOME_MEDWAY;
	also(scene, &scene->package->mark, VERDICT_UNSURE, assess ? RULE_D4 : RULE_A2);
	return true;
}

/* A4 asks whose the postcode is. The area is known all the same, so the lot is judged as ever. */
static bool border(void *context)
{
	Scene *scene = context;
	if (!takes(scene, scene->package->care == CARE_ASSESS, PLANT_BORDER))
		return false;
	scene->package->home = HOME_UNKNOWN;
	return true;
}

/* A plant that every visit shares is kept to one week, or it would fill the county with one
 * finding. */
static void for_a_week(Package *package)
{
	package->weeks = 1;
	package->end = package->start + 6;
}

/* The rule is that of the visits, so the package has no mark of its own but the lock. */
static bool out_of_scope(void *context)
{
	Scene *scene = context;
	if (scene->package->care != CARE_PLAIN || scene->package->provider == LEAVER ||
		scene->package->mark.plant || scene->visit || scene->night || scene->call || scene->offer)
		return false;
	scene->package->mark.plant = PLANT_OUT_OF_SCOPE;
	scene->package->scheme = scene->package->area % 2 ? "supported_living" : "extra_care_planned";
	for_a_week(scene->package);
	return true;
}

/* R6: the higher rate for complex support needs a reason on record; standard support has none to
 * lack. */
static bool no_reason(void *context)
{
	Scene *scene = context;
	if (!scene->package->complex ||
		!takes(scene, scene->package->care == CARE_ASSESS, PLANT_NO_REASON))
		return false;
	scene->package->no_reason = true;
	return true;
}

/* W1 compares with the hours commissioned; without them no week is over or within. */
static bool no_hours(void *context)
{
	Scene *scene = context;
	if (scene->package->care != CARE_PLAIN || scene->package->provider == LEAVER ||
		scene->package->mark.plant || scene->visit || scene->night || scene->call || scene->offer)
		return false;
	scene->package->mark.plant = PLANT_NO_HOURS;
	scene->package->no_weekly = true;
	for_a_week(scene->package);
	return true;
}

/* As for the hours, but N2 looks only at weeks that have a night. */
static bool no_nights(void *context)
{
	Scene *scene = context;
	if (!scene->package->nightly || scene->package->mark.plant || scene->visit || scene->night ||
		scene->call || scene->offer)
		return false;
	scene->package->mark.plant = PLANT_NO_NIGHTS;
	scene->package->no_nightly = true;
	return true;
}

/* The scheme is for hospitals of West Kent and North Kent: D5. */
static bool at_hospital(Scene *scene, const char *name, int plant)
{
	if (!takes(scene, true, plant))
		return false;
	scene->package->hospital = name;
	return true;
}

/* A hospital of another area, or none on record. */
static bool hospital(void *context)
{
	return at_hospital(context, "other", PLANT_HOSPITAL);
}

/* D5 with nothing to look up is open, not passed. */
static bool no_hospital(void *context)
{
	return at_hospital(context, NULL, PLANT_NO_HOSPITAL);
}

/* So many days after the last of the service, or never. */
static bool assess(Scene *scene, int32_t days, int plant)
{
	Package *package = scene->package;
	if (!takes(scene, true, plant))
		return false;
	int32_t last = package->start + ASSESS_DAYS + (package->extension ? EXTENSION_DAYS : 0);
	package->assessed = days == CAL_NO_DAY ? CAL_NO_DAY : last + days;
	return true;
}

/* D6, from both sides of the last day of the service: the day itself is in time, the next is
 * not. */
static bool assessed_late(void *context)
{
	return assess(context, 1, PLANT_ASSESSED_LATE);
}

/* Here a blank is the failure itself: the clause asks that an assessment be recorded. */
static bool never_assessed(void *context)
{
	return assess(context, CAL_NO_DAY, PLANT_NEVER_ASSESSED);
}

/* With the outcome that allows two days more, the last day is the fifth, and the third without. */
static bool assessed_last(void *context)
{
	return assess(context, 0, PLANT_ASSESSED_LAST);
}

/* All of D1 to D3 and D6 count days from the discharge, so nothing of them can be said. */
static bool no_discharge(void *context)
{
	Scene *scene = context;
	if (!takes(scene, true, PLANT_NO_DISCHARGE))
		return false;
	scene->package->no_discharge = true;
	return true;
}

/* ---- offers -------------------------------------------------------------------------------- */

/* An accepted offer says why to nobody, and L2 and L3 leave it out. */
static bool declined(const Scene *scene)
{
	return scene->offer && !scene->offer->accepted;
}

/* L2: whoever holds a lot takes packages in all of it. */
static bool for_place(void *context)
{
	Scene *scene = context;
	if (!declined(scene) || !mean(scene, &scene->offer->mark, PLANT_FOR_PLACE))
		return false;
	scene->offer->reason = "area";
	return true;
}

/* L3: whoever holds a lot delivers both Home Care and Supporting Independence. */
static bool for_service(void *context)
{
	Scene *scene = context;
	if (!declined(scene) || scene->package->care == CARE_ASSESS ||
		!mean(scene, &scene->offer->mark, PLANT_FOR_SERVICE))
		return false;
	scene->offer->reason = "service";
	return true;
}

/* The same reason is none of L3's business where the package is neither of the two services. */
static bool assess_declined(void *context)
{
	Scene *scene = context;
	if (!declined(scene) || scene->package->care != CARE_ASSESS ||
		!mean(scene, &scene->offer->mark, PLANT_ASSESS_DECLINED))
		return false;
	scene->offer->reason = "service";
	return true;
}

/* A refusal without a reason may be either of the two that are forbidden; Discharge to Assess can
 * only be declined for its place. */
static bool no_word(void *context)
{
	Scene *scene = context;
	if (!declined(scene) || !mean(scene, &scene->offer->mark, PLANT_NO_WORD))
		return false;
	scene->offer->reason = NULL;
	if (scene->package->care != CARE_ASSESS)
		also(scene, &scene->offer->mark, VERDICT_UNSURE, RULE_L3);
	return true;
}

/* ---- the price of a call ------------------------------------------------------------------- */

/* A call of so many minutes for each carer, with a price of its own. */
static bool priced(const Scene *scene, int32_t minutes)
{
	const Package *package = scene->package;
	return scene->visit && (package->care == CARE_PLAIN || package->care == CARE_ASSESS) &&
		scene->visit->planned == minutes * package->carers;
}

/* Half an hour is 60% of the hour rate; two thirds look near enough to go unnoticed. */
static bool full_half(void *context)
{
	Scene *scene = context;
	Visit *visit = scene->visit;
	if (!priced(scene, 30) || !mean(scene, &visit->mark, PLANT_FULL_HALF))
		return false;
	visit->claimed = visit->rate * 2 / 3 * scene->package->carers;
	return true;
}

/* Three quarters of an hour are 80%, so in proportion is too little: the stake is the
 * provider's. */
static bool pro_rata(void *context)
{
	Scene *scene = context;
	Visit *visit = scene->visit;
	if (!priced(scene, 45) || !mean(scene, &visit->mark, PLANT_PRO_RATA))
		return false;
	visit->claimed = visit->rate * 3 / 4 * scene->package->carers;
	return true;
}

/* The same at any length, so many pence off. */
static bool claim(Scene *scene, int32_t more, int plant)
{
	if (!scene->visit || !mean(scene, &scene->visit->mark, plant))
		return false;
	scene->visit->claimed += more;
	return true;
}

/* A price is exact to the penny, above and below: R4 knows no tolerance. */
static bool penny(void *context)
{
	return claim(context, 1, PLANT_PENNY);
}

/* A price that is too low is found as well: the penny is owed to the provider. */
static bool penny_less(void *context)
{
	return claim(context, -1, PLANT_PENNY_LESS);
}

/* The week of a visit in which nothing is planted that changes its sums, or NULL. */
static Week *free_week(const Scene *scene)
{
	if (!scene->visit || scene->package->care == CARE_ASSESS || scene->visit->mark.plant)
		return NULL;
	Week *week = &scene->package->week[kent_week(scene->package, scene->visit->day)];
	return week->mark.plant ? NULL : week;
}

/* In a week of calls at all hours one of another rate is also against R5; a month's envelope may be
 * used up within a week. */
static bool rate(Scene *scene, int32_t more, int plant)
{
	Visit *visit = scene->visit;
	Week *week = free_week(scene);
	if (!week || scene->package->care == CARE_MONTHLY || !mean(scene, &visit->mark, plant))
		return false;
	visit->rate += more;
	visit->claimed = kent_price(scene->package, visit->declared, visit->rate);
	week->mark.plant = (uint16_t)plant;
	also(scene, &week->rates, VERDICT_FAIL, RULE_R5);
	return true;
}

/* A penny an hour is the least that a rate can be wrong by; ten pence less are owed to the
 * provider. */
static bool other_rate(void *context)
{
	return rate(context, 1, PLANT_OTHER_RATE);
}

/* Below the rate the stake is the provider's. */
static bool lower_rate(void *context)
{
	return rate(context, -10, PLANT_LOWER_RATE);
}

/* ---- what was declared --------------------------------------------------------------------- */

/* The minute is above the week as well, which has no hours to spare. */
static bool minute(void *context)
{
	Scene *scene = context;
	Visit *visit = scene->visit;
	Week *week = free_week(scene);
	if (!week || scene->package->care != CARE_PLAIN || !mean(scene, &visit->mark, PLANT_MINUTE))
		return false;
	visit->declared++;
	visit->claimed = kent_price(scene->package, visit->declared, visit->rate);
	week->mark.plant = PLANT_MINUTE;
	also(scene, &week->mark, scene->package->no_weekly ? VERDICT_UNSURE : VERDICT_FAIL, RULE_W1);
	return true;
}

/* R7 has nothing to compare with; in an envelope it would not have asked. */
static bool no_plan(void *context)
{
	Scene *scene = context;
	if (!scene->visit || scene->package->care == CARE_WEEKLY ||
		scene->package->care == CARE_MONTHLY || !mean(scene, &scene->visit->mark, PLANT_NO_PLAN))
		return false;
	scene->visit->no_planned = true;
	return true;
}

/* Without nights, which a call of no known hour might lie in. */
static bool no_start(void *context)
{
	Scene *scene = context;
	Week *week = free_week(scene);
	if (!week || scene->package->nightly || scene->package->provider >= MONITORED ||
		!mean(scene, &scene->visit->mark, PLANT_NO_START))
		return false;
	week->mark.plant = PLANT_NO_START;
	scene->visit->no_start = true;
	return true;
}

/* A missed visit takes its minutes out of the week, and its log away. */
static bool miss(Scene *scene, bool free, int plant)
{
	Visit *visit = scene->visit;
	Week *week = free_week(scene);
	if (!week || !mean(scene, &visit->mark, plant))
		return false;
	week->mark.plant = (uint16_t)plant;
	visit->missed = true;
	visit->declared = 0;
	if (free)
		visit->claimed = 0;
	return true;
}

/* R8 on both sides: what was missed may be declared, as long as it costs nothing. */
static bool missed(void *context)
{
	return miss(context, false, PLANT_MISSED);
}

/* Declared as missed and free of charge: the way that it should be. */
static bool missed_free(void *context)
{
	return miss(context, true, PLANT_MISSED_FREE);
}

/* Q1 asks only of providers whose call monitoring the council can see. */
static bool monitored(const Scene *scene)
{
	return scene->visit && scene->package->provider < MONITORED;
}

/* The visit stays declared and claimed; only its log is not there. */
static bool no_log(void *context)
{
	Scene *scene = context;
	if (!monitored(scene) || !mean(scene, &scene->visit->mark, PLANT_NO_LOG))
		return false;
	scene->visit->no_log = true;
	return true;
}

/* The first check-in, so many minutes after the planned start; ninety is as far as one is looked
 * for. */
static bool log_after(Scene *scene, int32_t minutes, int plant)
{
	if (!monitored(scene) || !mean(scene, &scene->visit->mark, plant))
		return false;
	scene->visit->late = minutes;
	return true;
}

/* Ninety minutes are within reach and 91 are not: the edge of the match that Q1 rests on. */
static bool too_late(void *context)
{
	return log_after(context, 91, PLANT_TOO_LATE);
}

static bool just_found(void *context)
{
	return log_after(context, 90, PLANT_JUST_FOUND);
}

/* ---- days and hours ------------------------------------------------------------------------ */

/* Visits are in the order of their days, so this is the package's last day, in the evening. */
static bool is_last(const Scene *scene)
{
	return scene->visit == &scene->package->visit[scene->package->visits - 1];
}

/* The uplift may lie between the two days, so the rate and the price are those of the new one. */
static void move_day(const Scene *scene, int32_t day)
{
	Visit *visit = scene->visit;
	visit->day = day;
	visit->rate = kent_rate(scene->kent, scene->package, day);
	visit->claimed = kent_price(scene->package, visit->declared, visit->rate);
}

/* A3 from both sides of the appointment's last day, which is in it. */
static bool after_end(void *context)
{
	Scene *scene = context;
	if (scene->package->provider != LEAVER || !scene->visit || !is_last(scene) ||
		!free_week(scene) || !mean(scene, &scene->visit->mark, PLANT_AFTER_END))
		return false;
	move_day(scene, scene->visit->day + 1);
	return true;
}

/* Nothing is moved: a leaver's package ends with the appointment, so its last visit is the
 * boundary. */
static bool end_day(void *context)
{
	Scene *scene = context;
	return scene->package->provider == LEAVER && scene->visit && is_last(scene) &&
		mean(scene, &scene->visit->mark, PLANT_END_DAY);
}

/* Moves a call to another hour where a sleep night begins on the day that is so many days back. */
static bool by_night(Scene *scene, int32_t back, int32_t start, int plant)
{
	Package *package = scene->package;
	for (int i = 0; scene->visit && i < package->nights; i++)
		if (package->night[i].day == scene->visit->day - back &&
			(scene->visit->start == MORNING) == (back == 1) &&
			mean(scene, &scene->visit->mark, plant)) {
			scene->visit->start = start;
			return true;
		}
	return false;
}

/* A sleep night begins at 22:00, and that minute is in it; N3 asks when a call begins, not when it
 * ends. */
static bool in_night(void *context)
{
	return by_night(context, 0, NIGHT_FROM, PLANT_IN_NIGHT);
}

/* The call may reach into the night: one that began before it was on its way. */
static bool before_night(void *context)
{
	return by_night(context, 0, NIGHT_FROM - 1, PLANT_BEFORE_NIGHT);
}

/* At 07:00 the night is over, and that minute is not in it any more. */
static bool nights_end(void *context)
{
	return by_night(context, 1, NIGHT_TO - 1, PLANT_NIGHTS_END);
}

/* The first minute that may be claimed by the hour again. */
static bool after_night(void *context)
{
	return by_night(context, 1, NIGHT_TO, PLANT_AFTER_NIGHT);
}

/* ---- envelopes ----------------------------------------------------------------------------- */

/* What the period of a visit has left, if it is the last to draw on it and nothing else in the
 * period is planted; below zero if not. */
static int32_t left_for(const Scene *scene, Care care)
{
	const Package *package = scene->package;
	if (package->care != care || !scene->visit || !free_week(scene))
		return -1;
	int32_t first = kent_period(package, scene->visit->day);
	int32_t left = care == CARE_WEEKLY ? package->weekly : package->monthly;
	for (int i = 0; i < package->visits; i++) {
		const Visit *visit = &package->visit[i];
		if (kent_period(package, visit->day) != first)
			continue;
		if (visit->debit.plant || kent_before(scene->kent, scene->visit, visit))
			return -1;
		left -= visit->declared;
	}
	return left;
}

/* Declares all that is left, and so many minutes more. Half an hour of two carers has no odd
 * minute that could not be shared. */
static bool use(Scene *scene, Care care, int32_t more, int plant)
{
	Visit *visit = scene->visit;
	int32_t left = left_for(scene, care);
	if (left < 0 || left + more > 240 || !mean(scene, &visit->debit, plant))
		return false;
	Week *week = free_week(scene);
	week->mark.plant = (uint16_t)plant;
	visit->mark.plant = (uint16_t)plant;
	visit->declared += left + more;
	visit->claimed = kent_price(scene->package, visit->declared, visit->rate);
	return true;
}

/* The envelope is used to the last minute, and then by one more: E1 claims the minute alone. */
static bool beyond(void *context)
{
	return use(context, CARE_WEEKLY, 1, PLANT_BEYOND);
}

/* Nought left is no shortfall. */
static bool whole(void *context)
{
	return use(context, CARE_WEEKLY, 0, PLANT_WHOLE);
}

/* E2 is E1 with months, which have other last days than weeks. */
static bool beyond_month(void *context)
{
	return use(context, CARE_MONTHLY, 1, PLANT_BEYOND_MONTH);
}

static bool whole_month(void *context)
{
	return use(context, CARE_MONTHLY, 0, PLANT_WHOLE_MONTH);
}

/* ---- Discharge to Assess ------------------------------------------------------------------- */

/* Moves the last call to so many days after the discharge. */
static bool move_last(Scene *scene, bool extension, int32_t days, int plant)
{
	const Package *package = scene->package;
	if (package->care != CARE_ASSESS || !scene->visit || package->extension != extension ||
		!is_last(scene) || !mean(scene, &scene->visit->mark, plant))
		return false;
	move_day(scene, package->start + days);
	return true;
}

/* D1: with the extension the service lasts five days after that of the discharge, which is not
 * counted. */
static bool too_long(void *context)
{
	return move_last(context, true, ASSESS_DAYS + EXTENSION_DAYS + 1, PLANT_TOO_LONG);
}

static bool last_day(void *context)
{
	return move_last(context, true, ASSESS_DAYS + EXTENSION_DAYS, PLANT_LAST_DAY);
}

/* D2 begins where the three days end; D1 is silent until the fifth. */
static bool extended(void *context)
{
	return move_last(context, false, ASSESS_DAYS + 1, PLANT_EXTENDED);
}

/* The third day is in, whatever the outcome was. */
static bool third_day(void *context)
{
	return move_last(context, false, ASSESS_DAYS, PLANT_THIRD_DAY);
}

/* The first call, so many minutes after the discharge. */
static bool move_first(Scene *scene, int32_t minutes, int plant)
{
	const Package *package = scene->package;
	if (package->care != CARE_ASSESS || scene->visit != package->visit ||
		!mean(scene, &scene->visit->mark, plant))
		return false;
	int64_t midnight = cal_moment(scene->visit->day, 0);
	scene->visit->start = (int32_t)((package->discharged - midnight) / 60) + minutes;
	return true;
}

/* D3 compares moments: in the minute of the discharge the service may begin. */
static bool early(void *context)
{
	return move_first(context, -1, PLANT_EARLY);
}

static bool at_once(void *context)
{
	return move_first(context, 0, PLANT_AT_ONCE);
}

/* ---- sleep nights -------------------------------------------------------------------------- */

/* N1: a night has one price, whatever the support and wherever the person lives. */
static bool night_claim(Scene *scene, int32_t more, int plant)
{
	if (!scene->night || !mean(scene, &scene->night->mark, plant))
		return false;
	scene->night->claimed += more;
	return true;
}

static bool night(void *context)
{
	return night_claim(context, 1, PLANT_NIGHT);
}

static bool night_less(void *context)
{
	return night_claim(context, -100, PLANT_NIGHT_LESS);
}

/* One more in the week of a night, so many days later: more than commissioned, which is one. */
static bool one_more(Scene *scene, int32_t days, int plant)
{
	Package *package = scene->package;
	if (!scene->night || package->no_nightly || package->nights == NIGHTS_MOST)
		return false;
	Week *week = &package->week[kent_week(package, scene->night->day)];
	Mark *mark = days ? &week->nights : &scene->night->date;
	if (week->nights.plant || !mean(scene, mark, plant))
		return false;
	week->nights.plant = (uint16_t)plant;
	if (!days)
		also(scene, &week->nights, VERDICT_FAIL, RULE_N2);
	package->night[package->nights++] = (Night){.no = ++scene->kent->nights,
		.day = scene->night->day + days, .claimed = NIGHT_PENCE};
	return true;
}

/* On another day it is one night too many for the week; on the same day it is one night claimed
 * twice, and N2 counts it as well. */
static bool another_night(void *context)
{
	return one_more(context, 1, PLANT_ANOTHER_NIGHT);
}

static bool twice(void *context)
{
	return one_more(context, 0, PLANT_TWICE);
}

/* ---- next door ----------------------------------------------------------------------------- */

/* Whether there is such a call: its visit took place and was logged. */
static bool calls(const Scene *scene)
{
	if (!scene->call || scene->package->same_house)
		return false;
	const Visit *visit = &scene->package->visit[scene->call->visit];
	return !visit->missed && !visit->no_log;
}

/* Sets the time between the two people. */
static bool gap(Scene *scene, int32_t seconds, int plant)
{
	if (!calls(scene) || !mean(scene, &scene->call->mark, plant))
		return false;
	scene->call->gap = seconds;
	return true;
}

/* Q2 asks for five minutes between two people, to the second. */
static bool hurried(void *context)
{
	return gap(context, 299, PLANT_HURRIED);
}

static bool just_there(void *context)
{
	return gap(context, 300, PLANT_JUST_THERE);
}

/* Then all calls next door need no time: only before any other of them has a plant. */
static bool same_house(void *context)
{
	Scene *scene = context;
	for (int i = 0; i < scene->package->calls; i++)
		if (scene->package->call[i].mark.plant)
			return false;
	if (!gap(scene, 0, PLANT_SAME_HOUSE))
		return false;
	scene->package->same_house = true;
	return true;
}

static bool no_out(void *context)
{
	Scene *scene = context;
	if (!calls(scene) || !mean(scene, &scene->call->mark, PLANT_NO_OUT))
		return false;
	scene->call->no_out = true;
	return true;
}

/* ---- the way through ----------------------------------------------------------------------- */

const GrowKind kent_kinds[] = {KENT_PLANTS(GROW_KIND)};

/* One place: whether it is its turn, and what it gets. */
static void plant(Kent *kent, Rng *rng, const Scene *scene)
{
	if (grow_sows(kent->grow, rng))
		grow_plant(kent->grow, &(Scene){kent, &kent->package, scene->visit, scene->night,
			scene->call, scene->offer});
}

/* Packages and offers are few, so each is gone to several times. */
void kent_plant_package(Kent *kent)
{
	Package *package = &kent->package;
	Rng rng = rng_for(kent->grow->options->seed, STREAM_SCHEDULE, package->no, 0);
	for (int i = 0; i < PACKAGE_TRIES && !package->mark.plant; i++)
		plant(kent, &rng, &(Scene){0});
	for (int i = 0; i < PACKAGE_TRIES; i++)
		for (int o = 1; o < package->offers && !package->offer[o].mark.plant; o++)
			plant(kent, &rng, &(Scene){.offer = &package->offer[o]});
}

/* Weeks of a package of which the hours or the nights are not known. */
static void mark_weeks(Kent *kent)
{
	Package *package = &kent->package;
	for (int w = 0; w < package->weeks; w++) {
		if (package->no_weekly)
			grow_mean_also(kent->grow, &package->week[w].mark, VERDICT_UNSURE, RULE_W1);
		if (package->no_nightly)
			grow_mean_also(kent->grow, &package->week[w].nights, VERDICT_UNSURE, RULE_N2);
	}
}

/* Visits that are out of scope, or of which nobody knows when the discharge was: all of them, so
 * that none takes a plant of its own. */
void kent_mark_visits(Kent *kent)
{
	Package *package = &kent->package;
	bool outside = package->mark.plant == PLANT_OUT_OF_SCOPE;
	mark_weeks(kent);
	for (int i = 0; i < package->visits && (outside || package->no_discharge); i++) {
		Mark *mark = &package->visit[i].mark;
		mark->plant = package->mark.plant;
		if (outside)
			grow_mean_also(kent->grow, mark, VERDICT_FAIL, RULE_A5);
		for (int rule = RULE_D1; package->no_discharge && rule <= RULE_D3; rule++)
			grow_mean_also(kent->grow, mark, VERDICT_UNSURE, rule);
	}
}

/* Places of kinds that fit in few: Discharge to Assess, the last visit of a package, and the last
 * to draw on an envelope. */
static bool is_rare(const Package *package, int number)
{
	bool envelope = package->care == CARE_WEEKLY || package->care == CARE_MONTHLY;
	return package->care == CARE_ASSESS || number == package->visits - 1 ||
		(envelope && kent_period(package, package->visit[number].day) !=
			kent_period(package, package->visit[number + 1].day));
}

void kent_plant_rows(Kent *kent)
{
	Package *package = &kent->package;
	Rng rng = rng_for(kent->grow->options->seed, STREAM_WEEK, package->no, 0);
	int nights = package->nights;
	for (int i = 0; i < package->visits; i++)
		for (int n = is_rare(package, i) ? 6 : 1; n > 0 && !package->visit[i].mark.plant; n--)
			plant(kent, &rng, &(Scene){.visit = &package->visit[i]});
	for (int i = 0; i < nights; i++)
		for (int n = 0; n < 3; n++)
			plant(kent, &rng, &(Scene){.night = &package->night[i]});
	for (int i = 0; i < package->calls; i++)
		for (int n = 0; n < 3; n++)
			plant(kent, &rng, &(Scene){.call = &package->call[i]});
}
