/*
 * A London borough's county: three ways to buy home care side by side, and the market position
 * that is published of them.
 *
 *   lots, places, providers ──> packages, one by one: referral, answers, award, visits by the week
 *                                   │
 *                                   ├──> positions, month by month, from what is on record
 *                                   └──> judge, figures, rows
 *
 * The first packages are one for each provider of the old purchasing system, so that its number
 * of providers is always reached. Then come packages of all sorts. Visits are judged and written
 * week by week; all else stays in memory to the end, as rules look from one package at others.
 */
#include "corpus/london_borough.h"

#include <stdlib.h>
#include <string.h>

#include "corpus/london_figures.h"
#include "corpus/london_judge.h"
#include "corpus/london_plants.h"
#include "corpus/london_positions.h"

enum {
	PROVIDERS_TABLE, CLIENTS_TABLE, LOTS_TABLE, PLACES_TABLE, RATINGS_TABLE, CONCERNS_TABLE,
	REFERRALS_TABLE, ANSWERS_TABLE, PROVISIONS_TABLE, AWARDS_TABLE, HANDBACKS_TABLE,
	OUTCOMES_TABLE, VISITS_TABLE, POSITIONS_TABLE, LINES_TABLE, TABLES
};

#define LONELY_PROVIDER 56 /* the first that is on neither contract */

/* Not with --share 0: then the county is without a fault. */
static bool plants_wanted(const London *london)
{
	return london->grow->share > 0;
}

void *london_more(void *rows, size_t *count, size_t *room, size_t size)
{
	if (*count == *room) {
		*room = *room ? *room * 2 : 64;
		rows = room_grow(rows, *room, size);
	}
	memset((char *)rows + *count * size, 0, size);
	++*count;
	return rows;
}

/* ---- providers and places -------------------------------------------------------------------- */

/* In the order of publication, though nothing relies on it. */
static void rate_provider(London *london, uint32_t provider, int32_t published, int8_t rating)
{
	Provider *row = &london->provider[provider];
	row->rating[row->ratings++] = (Rating){published, rating};
}

/* On the framework one falls behind for half a year; of the others one is not registered, of one
 * nobody knows, and one is rated late. */
static void make_providers(London *london)
{
	static const int8_t usual[] = {GOOD, GOOD, GOOD, IMPROVABLE, NOT_INSPECTED, OUTSTANDING};
	Rng rng = rng_for(london->grow->options->seed, STREAM_PROVIDER, 0, 0);
	for (uint32_t i = 1; i <= PROVIDERS; i++) {
		london->provider[i].registered = YES;
		/* A rating each in spring 2021, on days of their own; provider 60 gets its first within the
		 * run. */
		if (i != 60)
			rate_provider(london, i, cal_day(2021, 3, 1) + (int32_t)i,
				i == 7 ? GOOD : usual[rng_below(&rng, 6)]);
	}
	/* Plants award packages around these two days: the boundaries of Q1. */
	rate_provider(london, 7, cal_day(2023, 5, 15), INADEQUATE);
	rate_provider(london, 7, cal_day(2023, 11, 6), IMPROVABLE);
	rate_provider(london, 60, cal_day(2023, 5, 22), GOOD);
	london->provider[58].registered = NO;
	london->provider[59].registered = MISSING;
}

/* Both days are in, and no last day is none. */
static Place *add_place(London *london, uint16_t provider, uint8_t lot, int32_t start, int32_t end)
{
	Place *place = LONDON_MORE(london, place);
	*place = (Place){.provider = provider, .lot = lot, .start = start, .end = end};
	return place;
}

/* A place that is not held on the day of a gap: two places, before it and after. */
static void place_around(London *london, uint16_t provider, uint8_t lot, int32_t start, int32_t gap)
{
	add_place(london, provider, lot, start, gap - 1);
	add_place(london, provider, lot, gap + 1, CAL_NO_DAY);
}

/* Provider n has lots n and n + 1. Where plants are wanted, lot 5 has nobody on 1 April 2023, and
 * provider 10 nothing on 1 October 2023: two days at a weekend, so no award falls on them. */
static void make_place(London *london, uint16_t provider, uint8_t lot)
{
	int32_t start = cal_day(2022, 10, 1), april = cal_day(2023, 4, 1);
	int32_t october = cal_day(2023, 10, 1);
	if (!plants_wanted(london)) {
		add_place(london, provider, lot, start, CAL_NO_DAY);
	} else if (provider == 10 && lot == 5) {
		add_place(london, provider, lot, start, april - 1);
		place_around(london, provider, lot, april + 1, october);
	} else if (provider == 10) {
		place_around(london, provider, lot, start, october);
	} else if (lot == 5) {
		place_around(london, provider, lot, start, april);
	} else {
		add_place(london, provider, lot, start, CAL_NO_DAY);
	}
}

/* The first that a provider has on a lot. There is one. */
static Place *find_place(London *london, uint16_t provider, uint8_t lot)
{
	for (size_t i = 0;; i++)
		if (london->place[i].provider == provider && london->place[i].lot == lot)
			return &london->place[i];
}

/* The days at the framework's two ends. */
static void plant_places(London *london)
{
	int32_t first = cal_day(2022, 10, 1), last = cal_day(2026, 9, 30);
	Place *early = find_place(london, 2, 2), *late = find_place(london, 3, 3);
	Place *just = find_place(london, 3, 4);
	if (!plants_wanted(london) || !london_seen(london, HOMECARE, first))
		return;
	/* F1 at both ends: a day before the first, a day behind the last, and the last itself. */
	early->start = first - 1;
	grow_mean(london->grow, &early->mark, PLANT_F1_EARLY);
	late->end = last + 1;
	grow_mean(london->grow, &late->mark, PLANT_F1_LATE);
	just->end = last;
	grow_mean(london->grow, &just->mark, PLANT_F1_LAST);
}

/* Ten providers with two lots each, so four on every lot. */
static void make_places(London *london)
{
	for (uint16_t i = 1; i <= FRAMEWORK_PROVIDERS; i++) {
		uint8_t lot = (uint8_t)((i - 1) % LOTS + 1);
		make_place(london, i, lot);
		make_place(london, i, (uint8_t)(lot % LOTS + 1));
	}
	plant_places(london);
}

/* ---- referrals and answers ------------------------------------------------------------------- */

/* Providers with a place on the lot, at most as many as there are on the framework. */
static int holders(const London *london, uint8_t lot, int32_t day,
	uint16_t out[FRAMEWORK_PROVIDERS])
{
	int count = 0;
	for (size_t i = 0; i < london->places; i++)
		if (london->place[i].lot == lot && london_holds(&london->place[i], day))
			out[count++] = london->place[i].provider;
	return count;
}

/* To the referral that was entered last. */
static void add_answer(London *london, uint16_t provider, uint8_t answer, int32_t day)
{
	uint32_t referral = (uint32_t)london->referrals;
	*LONDON_MORE(london, answer) = (Answer){referral, provider, answer, day};
	london->referral[referral - 1].answers++;
}

/* The referral is entered; answers that follow are to it. */
static void enter_referral(London *london, const Referral *draft)
{
	Referral *referral = LONDON_MORE(london, referral);
	*referral = *draft;
	/* Answers of one referral stand in one run, so a first and a count say which they are. */
	referral->first = (uint32_t)london->answers;
}

/* Two ways to say no, which S1 does not tell apart. */
static uint8_t no_of(Rng *rng)
{
	return rng_permille(rng, 600) ? NO_CAPACITY : REFUSED;
}

/* Whoever gets a framework package has said yes; of the others some, too, and some say nothing. */
static void answer_framework(London *london, const Package *package, Rng *rng)
{
	const Referral *referral = &london->referral[london->referrals - 1];
	int32_t received = referral->received, answers = 0;
	uint16_t provider[FRAMEWORK_PROVIDERS];
	int count = holders(london, referral->lot, package->awarded, provider);
	for (int i = 0; i < count; i++) {
		int32_t day = rng_between(rng, received, package->awarded);
		bool chosen = provider[i] == package->provider;
		/* Somebody has answered at least, or the referral would be F7's. */
		if (!chosen && rng_permille(rng, 400) && (answers || i + 1 < count))
			continue;
		add_answer(london, provider[i],
			chosen || rng_permille(rng, 100) ? ACCEPTED : no_of(rng), day);
		answers++;
	}
}

/* One provider's answers, as the plant wants them. */
static void answer_oddly(London *london, const Package *package, uint16_t provider,
	int32_t received, Rng *rng)
{
	int32_t day = rng_between(rng, received, package->awarded);
	switch (package->award_mark.plant) {
	case PLANT_S1_COULD:
		add_answer(london, provider, ACCEPTED, day);
		break;
	/* Accepted first, and taken back on the day of the award: the last word is no. */
	case PLANT_S1_WITHDRAWN:
		add_answer(london, provider, ACCEPTED, received);
		add_answer(london, provider, NO_CAPACITY, package->awarded);
		break;
	case PLANT_S1_LAST_DAY:
		add_answer(london, provider, REFUSED, package->awarded);
		break;
	case PLANT_S1_NO_ANSWER:
		break;
	/* The one day that is too late: that behind the award. */
	case PLANT_S2_LATE:
		add_answer(london, provider, NO_CAPACITY, package->awarded + 1);
		break;
	default:
		add_answer(london, provider, no_of(rng), day);
	}
}

/* Everybody on the lot says no before the spot purchase, but for the odd one. */
static void answer_spot(London *london, const Package *package, Rng *rng)
{
	const Referral *referral = &london->referral[london->referrals - 1];
	int32_t received = referral->received;
	uint16_t provider[FRAMEWORK_PROVIDERS];
	int count = holders(london, referral->lot, package->awarded, provider);
	/* Of a lot that nobody holds there is nobody to be odd. */
	int odd = (int)rng_below(rng, (uint32_t)count + !count);
	for (int i = 0; i < count; i++)
		if (i == odd)
			answer_oddly(london, package, provider[i], received, rng);
		else
			add_answer(london, provider[i], no_of(rng),
				rng_between(rng, received, package->awarded));
}

/* Somebody new, so a client's number is taken also where the draft is given another later. */
static Referral some_referral(London *london, Rng *rng)
{
	Referral referral = {.client = ++london->clients, .lot = (uint8_t)rng_between(rng, 1, LOTS),
		.service = HOME_CARE, .received = london_day(london, rng)};
	/* Children always need personal care here: what else they are bought is a plant of F8. */
	referral.for_whom = rng_permille(rng, 150) ? CHILD : ADULT;
	referral.support = referral.for_whom == CHILD || rng_permille(rng, 700) ? PERSONAL_CARE
		: rng_permille(rng, 500) ? MEDICATION : ACTIVITIES;
	return referral;
}

/* People who wait for a provider; where plants are wanted, some to whom nobody answered. */
static void make_waiting(London *london)
{
	Rng rng = rng_for(london->grow->options->seed, STREAM_BROKERAGE, 0, 0);
	size_t count = 12 + london->packages / 8;
	for (size_t i = 0; i < count; i++) {
		Referral draft = some_referral(london, &rng);
		uint16_t provider[FRAMEWORK_PROVIDERS];
		/* Whoever holds the lot on the day of the referral is asked. */
		int holding = holders(london, draft.lot, draft.received, provider);
		/* Of each four one that nobody answered and one that a single provider did: F7 from both
		 * sides. */
		bool seen = plants_wanted(london) && london_seen(london, HOMECARE, draft.received);
		if (seen && i % 4 == 0) {
			grow_mean(london->grow, &draft.mark, PLANT_F7_SILENT);
			holding = 0;
		} else if (seen && i % 4 == 1) {
			grow_mean(london->grow, &draft.mark, PLANT_F7_ONE);
			holding = 1;
		}
		enter_referral(london, &draft);
		for (int p = 0; p < holding; p++)
			add_answer(london, provider[p], no_of(&rng),
				draft.received + rng_between(&rng, 0, 6));
	}
}

/* ---- packages -------------------------------------------------------------------------------- */

/* Brokerage works from Monday to Friday. */
static int32_t weekday_from(int32_t day)
{
	int weekday = cal_weekday(day);
	return weekday > 4 ? day + 7 - weekday : day;
}

/* Visits of one length, so a week's hours are whole visits and P3 has a clean edge. */
static void set_size(Package *package, Rng *rng, uint8_t visits)
{
	static const int16_t lengths[] = {30, 30, 45, 60, 20};
	package->visits = visits;
	package->length = lengths[rng_below(rng, 5)];
	package->minutes = package->visits * package->length;
}

/* What is awarded is what is paid; plants set them apart. */
static void set_rate(Package *package, int32_t rate)
{
	package->rate = package->award_rate = rate;
	package->cost = london_price(rate, package->minutes);
}

/* Awarded on a weekday some days after the referral, begun within a week. With a day on which it
 * has to begin, the days before are counted back from it. */
static void set_days(Package *package, Referral *referral, Rng *rng, int32_t forced)
{
	int32_t gap = rng_between(rng, 1, 10);
	if (forced == CAL_NO_DAY) {
		package->awarded = weekday_from(referral->received + gap);
		package->start = package->awarded + rng_between(rng, 1, 7);
		return;
	}
	package->start = forced;
	package->awarded = forced - rng_between(rng, 1, 5);
	/* Back, not on: the package has to begin on the day that is given. */
	while (cal_weekday(package->awarded) > 4)
		package->awarded--;
	referral->received = package->awarded - gap;
}

/* Rated, and not Inadequate: the others are for plants. */
static bool sound(const London *london, uint16_t provider, int32_t day)
{
	int rating = london_rating(&london->provider[provider], day);
	return rating != UNRATED && rating != INADEQUATE;
}

/* One of the lot's providers; of the four there is always a sound one. */
static uint16_t pick_holder(const London *london, const Referral *referral, int32_t day, Rng *rng)
{
	uint16_t provider[FRAMEWORK_PROVIDERS];
	int count = holders(london, referral->lot, day, provider);
	uint32_t at = rng_below(rng, (uint32_t)count + !count);
	for (int i = 0; i < count; i++) {
		uint16_t candidate = provider[(at + (uint32_t)i) % (uint32_t)count];
		if (sound(london, candidate, day))
			return candidate;
	}
	grow_disagree("lot", "nobody to award a package to");
}

/* Spot purchase is from two providers of no contract, or from the old system's. */
static uint16_t pick_outsider(Rng *rng)
{
	return (uint16_t)(rng_permille(rng, 500) ? rng_between(rng, 56, 57) : rng_between(rng, 11, 30));
}

/* Plants may change anything that is not written yet. */
static void plant_package(Scene *scene)
{
	if (plants_wanted(scene->london) && rng_permille(scene->rng, 650))
		grow_plant(scene->london->grow, scene);
}

static Package *new_package(London *london, Bought bought, uint32_t client)
{
	Package *package = LONDON_MORE(london, package);
	*package = (Package){.bought = bought, .client = client, .end = CAL_NO_DAY};
	return package;
}

/* `client` 0 is somebody new; `forced` is the day that reablement leaves for the first day. */
static void make_framework(London *london, Rng *rng, uint32_t client, int32_t forced)
{
	Referral draft = some_referral(london, rng);
	Package *package = new_package(london, FRAMEWORK, client ? client : draft.client);
	Scene scene = {.london = london, .package = package, .referral = &draft, .rng = rng,
		.forced = forced, .follow = CAL_NO_DAY};
	/* Long-term care behind reablement is for the same person. */
	draft.client = package->client;
	/* Two visits at least: a swap of one minute needs a second. */
	set_size(package, rng, (uint8_t)rng_between(rng, 2, 9));
	set_rate(package, rng_between(rng, FRAMEWORK_LOWEST, FRAMEWORK_HIGHEST));
	set_days(package, &draft, rng, forced);
	/* Four of five end; the others run on, so that positions have something to count. */
	if (rng_permille(rng, 800)) {
		package->end = package->start + rng_between(rng, 28, 300);
		package->ended = NO_LONGER_NEEDED;
	}
	package->provider = pick_holder(london, &draft, package->awarded, rng);
	plant_package(&scene);
	enter_referral(london, &draft);
	package->referral = (uint32_t)london->referrals;
	answer_framework(london, package, rng);
}

/* Spot purchases end within three months, a quarter of them by the provider. */
static void make_spot(London *london, Rng *rng)
{
	Referral draft = some_referral(london, rng);
	Package *package = new_package(london, SPOT, draft.client);
	Scene scene = {.london = london, .package = package, .referral = &draft, .rng = rng,
		.forced = CAL_NO_DAY, .follow = CAL_NO_DAY};
	set_size(package, rng, (uint8_t)rng_between(rng, 2, 9));
	/* Most spot rates lie beyond the framework's £18.20: S1 and S3 claim what is beyond. */
	set_rate(package, rng_between(rng, 1750, 2295));
	set_days(package, &draft, rng, CAL_NO_DAY);
	package->end = package->start + rng_between(rng, 14, 90);
	/* Why it was handed back is drawn all the same, and entered with a handback alone. */
	package->handback = rng_permille(rng, 250);
	package->not_viable = rng_permille(rng, 500);
	package->ended = package->handback ? HANDED_BACK : NO_LONGER_NEEDED;
	package->provider = pick_outsider(rng);
	plant_package(&scene);
	enter_referral(london, &draft);
	package->referral = (uint32_t)london->referrals;
	answer_spot(london, package, rng);
}

/* Three of ten have ended in the run; whom the council moved, it moved for a reason on record. */
static void end_dps(London *london, Package *package, Rng *rng)
{
	uint32_t why = rng_below(rng, 100);
	if (!rng_permille(rng, 300))
		return;
	package->end = london_day(london, rng);
	/* The reason that no rule asks about. */
	package->ended = NO_LONGER_NEEDED;
	if (why < 35) {
		package->ended = HANDED_BACK;
		package->handback = true;
		package->not_viable = rng_permille(rng, 500);
	} else if (why < 50 && !london->provider[package->provider].moved) {
		london->provider[package->provider].moved = true;
		package->ended = MOVED;
		london_concern(london, package->provider, package->end - 30, package->end + 30, YES);
	}
}

/* A plant decides by itself how its package ends. */
static void make_dps(London *london, Rng *rng)
{
	Package *package = new_package(london, DPS, ++london->clients);
	Scene scene = {.london = london, .package = package, .rng = rng, .forced = CAL_NO_DAY,
		.follow = CAL_NO_DAY};
	set_size(package, rng, (uint8_t)rng_between(rng, 1, 4));
	set_rate(package, rng_between(rng, DPS_LOWEST, DPS_HIGHEST));
	package->provider = (uint16_t)rng_between(rng, 11, 55);
	/* Up to a week before the framework: D1 has nothing to find but what is planted. */
	package->start = rng_between(rng, cal_day(2015, 1, 5), cal_day(2022, 9, 23));
	plant_package(&scene);
	/* An end of its own would undo what the plant has set. */
	if (!package->mark.plant)
		end_dps(london, package, rng);
	package->awarded = package->start - 7;
}

/* One package that keeps each provider of the old system on record, and one more provider that left
 * before 2023. */
static void make_drill(London *london, Rng *rng)
{
	uint16_t provider = (uint16_t)(FRAMEWORK_PROVIDERS + london->packages + 1);
	Package *package = new_package(london, DPS, ++london->clients);
	set_size(package, rng, 1);
	set_rate(package, rng_between(rng, DPS_LOWEST, DPS_HIGHEST));
	package->provider = provider;
	package->start = rng_between(rng, cal_day(2015, 1, 5), cal_day(2022, 9, 23));
	package->awarded = package->start - 7;
	/* D5: one provider too many up to December 2022, and as many as there may be from then on. */
	if (provider == LONELY_PROVIDER) {
		package->end = cal_day(2022, 12, 15);
		package->ended = NO_LONGER_NEEDED;
	}
}

/* ---- reablement ------------------------------------------------------------------------------ */

/* All three are made up, so that plants find them; as many are entered as the package has. */
static void set_outcomes(Package *package, Rng *rng)
{
	package->outcomes = (uint8_t)rng_between(rng, 1, OUTCOMES_MAX);
	for (int i = 0; i < OUTCOMES_MAX; i++) {
		Outcome *outcome = &package->outcome[i];
		/* R3 wants one agreed within a week; here all are, up to its last day. */
		outcome->agreed = package->start + rng_between(rng, 0, 7);
		/* R4: on the last day at the latest. */
		outcome->reviewed = package->end - rng_between(rng, 0, 5);
		outcome->result = rng_permille(rng, 750) ? MET : rng_permille(rng, 500) ? PARTLY_MET
			: NOT_MET;
	}
}

/* Returns when long-term care begins behind it, or CAL_NO_DAY. */
static int32_t make_reablement(London *london, Rng *rng)
{
	Package *package = new_package(london, REABLING, ++london->clients);
	Scene scene = {.london = london, .package = package, .rng = rng, .forced = CAL_NO_DAY,
		.follow = CAL_NO_DAY};
	Referral draft = some_referral(london, rng);
	draft.client = package->client;
	/* Reablement is not put to the framework: no rule asks for answers to it. */
	draft.service = REABLE;
	set_size(package, rng, (uint8_t)rng_between(rng, 7, 14));
	set_rate(package, rng_between(rng, FRAMEWORK_LOWEST, FRAMEWORK_HIGHEST));
	set_days(package, &draft, rng, CAL_NO_DAY);
	package->provider = (uint16_t)rng_between(rng, 1, FRAMEWORK_PROVIDERS);
	/* R1: the longest clean package ends on the forty-second day, the last that is allowed. */
	package->end = package->start + rng_between(rng, 20, REABLEMENT_DAYS - 1);
	package->ended = NO_LONGER_NEEDED;
	set_outcomes(package, rng);
	plant_package(&scene);
	for (int i = 0; i < package->outcomes; i++)
		/* Numbered when it is settled how many there are: a plant may have taken some away. */
		package->outcome[i].no = ++london->outcomes;
	enter_referral(london, &draft);
	package->referral = (uint32_t)london->referrals;
	/* From the next day on to beyond the thirteen weeks in which care says that somebody is not
	 * independent. */
	if (scene.follow == CAL_NO_DAY && package->end != CAL_NO_DAY && rng_permille(rng, 400))
		scene.follow = package->end + 1 + rng_between(rng, 0, 110);
	return scene.follow;
}

/* ---- weeks ----------------------------------------------------------------------------------- */

static void write_visit(const London *london, uint32_t package, const Visit *visit)
{
	static const char *const outcomes[] = {"delivered", "cancelled", "missed"};
	tables_row(london->grow->county, london->table[VISITS_TABLE],
		ROW(cell_key(KEY_VISIT, visit->no), cell_key(KEY_PROVISION, package + 1),
			cell_day(visit->day), cell_clock(visit->start), cell_whole(visit->planned),
			cell_whole(visit->declared), cell_text(outcomes[visit->outcome]),
			/* The borough's page knows nothing of double-handed visits. */
			cell_whole(1),
			visit->rate == MISSING ? cell_missing() : cell_pounds(visit->rate)));
}

/* The last day on which visits are due. */
static int32_t last_due(const London *london, const Package *package)
{
	int32_t last = london->last;
	if (package->end != CAL_NO_DAY && package->end < last)
		last = package->end;
	/* Behind the six weeks only a plant makes a visit: R2. */
	if (package->bought == REABLING && package->start + REABLEMENT_DAYS - 1 < last)
		last = package->start + REABLEMENT_DAYS - 1;
	return last;
}

/* The first visit of a week is on the weekday on which the package began, the next the day after;
 * more than seven make two a day. */
static void fill_week(const London *london, const Package *package, Week *week, Rng *rng)
{
	int32_t last = last_due(london, package);
	uint64_t left = london->grow->options->visits - london->visits;
	for (int k = 0; k < package->visits && (uint64_t)week->count < left; k++) {
		int32_t day = week->monday + (cal_weekday(package->start) + k) % 7;
		uint32_t draw = rng_below(rng, 100);
		/* A week that the package begins or ends in has fewer visits, and so fewer hours than P3
		 * allows. */
		if (day < package->start || day < london->from || day > last)
			continue;
		/* Claimed at the awarded rate; where the package lost its own, that is all there is. */
		Visit *visit = &week->visit[week->count++];
		*visit = (Visit){.day = day, .rate = package->award_rate,
			.start = (int16_t)(480 + k / 7 * 300), .planned = package->length,
			.outcome = draw < 3 ? CANCELLED : draw < 4 ? MISSED : DELIVERED};
		/* What was cancelled or missed is not claimed. */
		visit->declared = visit->outcome == DELIVERED ? package->length : 0;
	}
}

/* Once for each visit, and once more where a visit after reablement could be made. */
static void plant_week(London *london, uint32_t number, Week *week, Rng *rng)
{
	Package *package = &london->package[number];
	Scene scene = {.london = london, .package = package, .week = week, .rng = rng,
		.forced = CAL_NO_DAY, .follow = CAL_NO_DAY};
	int32_t over = package->start + REABLEMENT_DAYS;
	bool wanted = plants_wanted(london) && package->bought == REABLING &&
		over >= week->monday && over < week->monday + 7 && rng_permille(rng, 300);
	/* The county ends with a number of visits; a plant there might add one too many. */
	if (london->visits + (uint64_t)week->count >= london->grow->options->visits)
		return;
	for (int i = 0, count = week->count; i < count && !wanted; i++)
		wanted = grow_sows(london->grow, rng);
	if (wanted)
		grow_plant(london->grow, &scene);
}

/* Where the package's rate is missing nobody knows what its visits should have been claimed at. */
static void make_week(London *london, uint32_t number, int32_t monday)
{
	const Package *package = &london->package[number];
	Rng rng = rng_for(london->grow->options->seed, STREAM_WEEK, number, (uint64_t)monday);
	Week week = {.monday = monday};
	fill_week(london, package, &week, &rng);
	plant_week(london, number, &week, &rng);
	for (int i = 0; i < week.count; i++) {
		Visit *visit = &week.visit[i];
		visit->no = ++london->visits;
		/* All visits of the package follow from the one plant. */
		if (package->rate == MISSING && visit->outcome == DELIVERED &&
			london_seen(london, london_contract(package->bought), visit->day))
			grow_mean_also(london->grow, &visit->mark, VERDICT_UNSURE, RULE_P2);
		write_visit(london, number, visit);
	}
	if (week.count)
		london_judge_week(london, number, &week);
}

/* Reablement has its last week also where only a plant could fill it. */
static void make_weeks(London *london, uint32_t number)
{
	const Package *package = &london->package[number];
	int32_t first = package->start > london->from ? package->start : london->from;
	int32_t last = last_due(london, package);
	if (package->bought == REABLING && last < london->last)
		last = package->start + REABLEMENT_DAYS;
	for (int32_t monday = cal_monday(first); monday <= last && monday <= london->last &&
		grow_on(london->grow, london->visits); monday += 7)
		make_week(london, number, monday);
}

/* Of a hundred packages 45 are the framework's, 20 the old system's, 12 spot purchases; the others
 * are reablement, which long-term care may follow. */
static void make_package(London *london)
{
	/* Packages are drawn by their number, so that one more or less changes no other. */
	uint32_t number = (uint32_t)london->packages;
	Rng rng = rng_for(london->grow->options->seed, STREAM_PACKAGE, number, 0);
	uint32_t draw = rng_below(&rng, 100);
	int32_t follow = CAL_NO_DAY;
	/* With plants there is one more than the system had: the provider that left. */
	if (number < DPS_PROVIDERS + (uint32_t)plants_wanted(london))
		make_drill(london, &rng);
	else if (draw < 45)
		make_framework(london, &rng, 0, CAL_NO_DAY);
	else if (draw < 65)
		make_dps(london, &rng);
	else if (draw < 77)
		make_spot(london, &rng);
	else
		/* Its number is the next, as both are entered one after the other. */
		follow = make_reablement(london, &rng);
	make_weeks(london, number);
	if (follow == CAL_NO_DAY)
		return;
	/* Long-term care is the framework's, for the same person and from the day that was left for
	 * it. */
	make_framework(london, &rng, london->package[number].client, follow);
	make_weeks(london, number + 1);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* By their numbers; columns that no rule of the borough reads are left out. */
static void open_tables(London *london)
{
	static const char *const columns[TABLES][2] = {
		[PROVIDERS_TABLE] = {"providers", "provider_ref, name, cqc_registered"},
		[CLIENTS_TABLE] = {"clients", "client_ref"},
		[LOTS_TABLE] = {"lots", "lot_ref, name"},
		[PLACES_TABLE] = {"framework_places",
			"place_ref, provider_ref, lot_ref, start_date, end_date"},
		[RATINGS_TABLE] = {"cqc_ratings", "rating_ref, provider_ref, published_on, rating"},
		[CONCERNS_TABLE] = {"concerns",
			"concern_ref, provider_ref, raised_on, closed_on, serious, high_risk"},
		[REFERRALS_TABLE] = {"referrals", "referral_ref, client_ref, lot_ref, district,"
			" service, for_whom, support, received_on"},
		[ANSWERS_TABLE] = {"framework_answers",
			"answer_ref, referral_ref, provider_ref, answered_on, answer"},
		[PROVISIONS_TABLE] = {"provisions", "provision_ref, provider_ref, client_ref,"
			" contract, service, weekly_minutes, rate, start_date, end_date, weekly_cost,"
			" ended_because"},
		[AWARDS_TABLE] = {"awards", "award_ref, provision_ref, provider_ref, awarded_on,"
			" weekly_minutes, rate, referral_ref"},
		[HANDBACKS_TABLE] = {"handbacks",
			"handback_ref, award_ref, handed_back_on, reason, not_viable"},
		[OUTCOMES_TABLE] = {"outcomes",
			"outcome_ref, provision_ref, agreed_on, reviewed_on, result"},
		[VISITS_TABLE] = {"visits", "visit_ref, provision_ref, visit_date, start_time,"
			" planned_minutes, declared_minutes, outcome, carers, rate"},
		[POSITIONS_TABLE] = {"positions", "position_ref, position_date, updated_on,"
			" next_review_on, homecare_providers, providers_with_packages,"
			" reablement_providers, reablement_packages"},
		[LINES_TABLE] = {"position_lines", "line_ref, position_ref, held, packages,"
			" weekly_hours, weekly_cost, average_rate, lowest_rate, highest_rate"}};
	for (int i = 0; i < TABLES; i++)
		london->table[i] = grow_table(london->grow, columns[i][0], columns[i][1]);
}

/* Yes, no, or nothing. */
static Cell cell_maybe(int8_t yes)
{
	return yes == MISSING ? cell_missing() : cell_yes(yes == YES);
}

/* A code of a list, or missing. */
static Cell cell_code(const char *const *codes, int code)
{
	return code == MISSING ? cell_missing() : cell_text(codes[code]);
}

static Cell cell_price(int64_t pence)
{
	return pence == MISSING ? cell_missing() : cell_pounds(pence);
}

static void write_providers(const London *london)
{
	static const char *const ratings[] = {
		"outstanding", "good", "requires_improvement", "inadequate", "not_inspected"};
	Tables *county = london->grow->county;
	uint64_t no = 0;
	for (uint32_t i = 1; i <= PROVIDERS; i++) {
		const Provider *provider = &london->provider[i];
		tables_row(county, london->table[PROVIDERS_TABLE],
			/* No provider of this county has a name. */
			ROW(cell_key(KEY_PROVIDER, i), cell_missing(),
				cell_maybe(provider->registered)));
		for (int r = 0; r < provider->ratings; r++)
			tables_row(county, london->table[RATINGS_TABLE],
				ROW(cell_key(KEY_RATING, ++no), cell_key(KEY_PROVIDER, i),
					cell_day(provider->rating[r].published),
					cell_code(ratings, provider->rating[r].rating)));
	}
}

/* Lots, people, places and concerns. */
static void write_market(const London *london)
{
	Tables *county = london->grow->county;
	for (uint64_t i = 1; i <= LOTS; i++)
		tables_row(county, london->table[LOTS_TABLE],
			ROW(cell_key(KEY_LOT, i), cell_missing()));
	for (uint64_t i = 1; i <= london->clients; i++)
		tables_row(county, london->table[CLIENTS_TABLE], ROW(cell_key(KEY_CLIENT, i)));
	for (size_t i = 0; i < london->places; i++) {
		const Place *place = &london->place[i];
		tables_row(county, london->table[PLACES_TABLE],
			ROW(cell_key(KEY_PLACE, i + 1), cell_key(KEY_PROVIDER, place->provider),
				cell_key(KEY_LOT, place->lot), cell_day(place->start),
				cell_day(place->end)));
	}
	for (size_t i = 0; i < london->concerns; i++) {
		const Concern *concern = &london->concern[i];
		tables_row(county, london->table[CONCERNS_TABLE],
			ROW(cell_key(KEY_CONCERN, i + 1), cell_key(KEY_PROVIDER, concern->provider),
				cell_day(concern->raised), cell_day(concern->closed),
				cell_maybe(concern->serious), cell_maybe(concern->high_risk)));
	}
}

/* Of districts only E4 is named; the others are told apart by made-up ones. */
static void write_referrals(const London *london)
{
	static const char *const districts[] = {"", "E4", "X2", "X3", "X4", "X5"};
	static const char *const services[] = {"home_care", "reablement"};
	static const char *const people[] = {"adult", "child"};
	static const char *const support[] = {"personal_care", "medication", "activities"};
	static const char *const said[] = {"accepted", "no_capacity", "refused"};
	Tables *county = london->grow->county;
	for (size_t i = 0; i < london->referrals; i++) {
		const Referral *row = &london->referral[i];
		tables_row(county, london->table[REFERRALS_TABLE],
			ROW(cell_key(KEY_REFERRAL, i + 1), cell_key(KEY_CLIENT, row->client),
				/* Where the lot was not entered the district still is: figures by district lose
				 * nobody. */
				row->lotless ? cell_missing() : cell_key(KEY_LOT, row->lot),
				cell_text(districts[row->lot]), cell_code(services, row->service),
				cell_code(people, row->for_whom), cell_code(support, row->support),
				cell_day(row->received)));
	}
	for (size_t i = 0; i < london->answers; i++) {
		const Answer *row = &london->answer[i];
		tables_row(county, london->table[ANSWERS_TABLE],
			ROW(cell_key(KEY_ANSWER, i + 1), cell_key(KEY_REFERRAL, row->referral),
				cell_key(KEY_PROVIDER, row->provider), cell_day(row->day),
				cell_code(said, row->answer)));
	}
}

static void write_provision(const London *london, size_t i)
{
	static const char *const bought[] = {"framework", "dps", "spot", "reablement"};
	static const char *const ended[] = {
		NULL, "no_longer_needed", "handed_back", "moved_by_council"};
	const Package *row = &london->package[i];
	tables_row(london->grow->county, london->table[PROVISIONS_TABLE],
		ROW(cell_key(KEY_PROVISION, i + 1), cell_key(KEY_PROVIDER, row->provider),
			cell_key(KEY_CLIENT, row->client), cell_text(bought[row->bought]),
			cell_text("home_care"), cell_whole(row->minutes), cell_price(row->rate),
			cell_day(row->start), cell_day(row->end), cell_pounds(row->cost),
			cell_code(ended, row->ended)));
}

/* A package, its award, and what became of it. */
static void write_package(const London *london, size_t i)
{
	static const char *const results[] = {"met", "partly_met", "not_met"};
	const Package *row = &london->package[i];
	Tables *county = london->grow->county;
	write_provision(london, i);
	tables_row(county, london->table[AWARDS_TABLE],
		ROW(cell_key(KEY_AWARD, i + 1), cell_key(KEY_PROVISION, i + 1),
			cell_key(KEY_PROVIDER, row->provider), cell_day(row->awarded),
			cell_whole(row->minutes), cell_price(row->award_rate),
			/* The old system bought without referrals. */
			row->referral ? cell_key(KEY_REFERRAL, row->referral) : cell_missing()));
	/* A package that was said to be handed back has none on record: D4. */
	if (row->handback)
		tables_row(county, london->table[HANDBACKS_TABLE],
			ROW(cell_key(KEY_HANDBACK, i + 1), cell_key(KEY_AWARD, i + 1),
				cell_day(row->end), cell_text(row->not_viable ? "other" : "staff"),
				cell_yes(row->not_viable)));
	for (int o = 0; o < row->outcomes; o++)
		tables_row(county, london->table[OUTCOMES_TABLE],
			ROW(cell_key(KEY_OUTCOME, row->outcome[o].no), cell_key(KEY_PROVISION, i + 1),
				cell_day(row->outcome[o].agreed), cell_day(row->outcome[o].reviewed),
				cell_code(results, row->outcome[o].result)));
}

/* The outside line says nothing of rates, as on the page. */
static void write_position(const London *london, size_t i)
{
	static const char *const held[] = {"framework", "outside", "all"};
	const Position *row = &london->position[i];
	Tables *county = london->grow->county;
	tables_row(county, london->table[POSITIONS_TABLE],
		ROW(cell_key(KEY_POSITION, i + 1), cell_day(row->date), cell_day(row->updated),
			cell_day(row->next_review), cell_whole(row->providers),
			cell_whole(row->with_packages), cell_whole(row->reabling_providers),
			cell_whole(row->reabling)));
	for (size_t n = 0; n < LINES; n++) {
		const Line *line = &row->line[n];
		tables_row(county, london->table[LINES_TABLE],
			ROW(cell_key(KEY_LINE, i * LINES + n + 1), cell_key(KEY_POSITION, i + 1),
				cell_text(held[n]), cell_whole(line->packages),
				/* Hours are published to a hundredth, so they are read as such. */
				line->hundredths == MISSING ? cell_missing()
							    : cell_real(line->hundredths, 100),
				cell_pounds(line->cost), cell_price(line->average),
				cell_price(line->lowest), cell_price(line->highest)));
	}
}

/* Of the first to be referred for reablement, or 0. */
static uint64_t reablement_referral(const London *london)
{
	for (size_t i = 0; i < london->referrals; i++)
		if (london->referral[i].service == REABLE)
			return i + 1;
	return 0;
}

/* Rows that cannot be read in part, on which no verdict hangs: a concern about a provider from
 * which nothing was moved, and an answer to a referral for which nobody on the framework was
 * asked. */
static void write_bad_data(const London *london)
{
	Grow *grow = london->grow;
	char key[KEY_TEXT];
	uint64_t concern = london->concerns + 1, answer = london->answers + 1;
	/* F7 asks for answers to home care alone, so a bad one here changes no verdict. */
	uint64_t referral = reablement_referral(london);
	tables_row(grow->county, london->table[CONCERNS_TABLE],
		ROW(cell_key(KEY_CONCERN, concern), cell_key(KEY_PROVIDER, LONELY_PROVIDER),
			cell_text("2023-02-30"), cell_missing(), cell_text("yes"), cell_text("yes")));
	tables_key(grow->county, key, KEY_CONCERN, concern);
	/* What the audit has to list as rejected is told like a finding. */
	grow_rejected(grow, "concern", key, "raised_on", "2023-02-30",
		"a day that does not exist");
	if (!referral)
		return;
	tables_row(grow->county, london->table[ANSWERS_TABLE],
		ROW(cell_key(KEY_ANSWER, answer), cell_key(KEY_REFERRAL, referral),
			cell_key(KEY_PROVIDER, 1), cell_missing(), cell_text("perhaps")));
	tables_key(grow->county, key, KEY_ANSWER, answer);
	grow_rejected(grow, "answer", key, "answer", "perhaps", "an answer that is no code");
}

/* By table and number: no row depends on the one before it. */
static void write_all(const London *london)
{
	write_providers(london);
	write_market(london);
	write_referrals(london);
	for (size_t i = 0; i < london->packages; i++)
		write_package(london, i);
	for (size_t i = 0; i < london->positions; i++)
		write_position(london, i);
	if (!london->grow->options->clean)
		write_bad_data(london);
}

/* ---- the county ------------------------------------------------------------------------------ */

/* The judge comes before the rows, so that a county that contradicts itself is never there. */
static void grow_london(Grow *grow)
{
	London london = {.grow = grow, .from = grow->options->from, .last = grow_last_day(grow)};
	open_tables(&london);
	make_providers(&london);
	make_places(&london);
	while (grow_on(grow, london.visits))
		make_package(&london);
	/* Behind the packages, so that their number says how many wait. */
	make_waiting(&london);
	london_positions(&london);
	if (!grow_interrupted()) {
		london_judge(&london);
		london_figures(&london);
		write_all(&london);
	}
	free(london.place);
	free(london.referral);
	free(london.answer);
	free(london.concern);
	free(london.package);
	free(london.position);
}

static const char *const contracts[CONTRACTS] = {[HOMECARE] = "london-borough/homecare-framework",
	[PURCHASING] = "london-borough/dps", [REABLEMENT] = "london-borough/reablement",
	[MARKET] = "london-borough/market-position"};

static const char *const schemas[] = {"lib/homecare", "london-borough/london-borough", NULL};

static const char *const rules[] = {LONDON_RULES(GROW_RULE_ID)};

static const KeyShape own_keys[] = {{"LOT", 2}, {"PL", 3}, {"RF", 6}, {"AN", 6}, {"RT", 3},
	{"CN", 4}, {"OC", 6}, {"PO", 3}, {"LN", 3}};

/* From the Monday before the framework began, for a year and a half. */
const Council london_borough_council = {.name = "london-borough", .contracts = contracts,
	.schemas = schemas, .rules = rules, .kinds = london_kinds, .kind_count = PLANT_COUNT,
	.own_keys = own_keys, .own_kinds = sizeof own_keys / sizeof *own_keys, .from = 19261,
	.weeks = 78, .grow = grow_london};
