/*
 * All draws for a person come from one stream numbered by the person, in a fixed order: a change to
 * one person's habits leaves everybody else's as they were.
 *
 * The plan holds who is cared for, by whom, from when to when and at which
 * hours. It is small (one package a person, some have two) and is all that must
 * be known before the first week is made:
 *
 *   provider ─< package >─ client ─< stay in hospital
 *                 └─ slots: call, morning, lunch, tea, bed, night; each a start, a length, its days
 *
 * What can only be wrong over a whole package (rate below the floor, care after
 * the end or the death) is planted here; what is wrong with one visit or week is
 * planted in corpus/plant.c.
 */
#include "corpus/plan.h"

#include <stdlib.h>
#include <string.h>

enum {
	FEWEST_CLIENTS = 24,
	FEWEST_PROVIDERS = 6,
	CLIENTS_PER_PROVIDER = 250,
	VISITS_A_WEEK = 18, /* about the mean of the patterns below */
	DRILLS = 4          /* clients whose nights cross a change of the clocks */
};

/* Both ends of the run are in. */
int32_t plan_last_day(const Plan *plan)
{
	return plan->from + 7 * plan->weeks - 1;
}

/*
 * Shares are written for thirty findings in a thousand visits and follow what
 * was asked for; half of all is the most, so that something ordinary is left.
 */
uint32_t plan_scaled(const Plan *plan, uint32_t permille)
{
	uint64_t scaled = (uint64_t)permille * plan->share / 30000;
	return scaled > 500 ? 500 : (uint32_t)scaled;
}

/*
 * A bad provider errs eight times as often as an honest one, so that sorting by
 * provider shows something.
 */
uint32_t plan_weight(Character character)
{
	static const uint32_t weights[] = {[HONEST] = 1, [CARELESS] = 3, [BAD] = 8};
	return weights[character];
}

/*
 * Pence an hour. As in the rule files, the newer contract's floor rises with
 * the amendment's first day.
 */
int32_t plan_floor(Contract contract, int32_t day)
{
	if (contract == CSAH)
		return 1850;
	return day >= cal_day(2026, 4, 6) ? 2010 : 1900;
}

/* The third day after the week; by the amendment, for weeks that end under it, the second. */
int32_t plan_due(int32_t monday)
{
	return monday + 6 + (monday + 6 >= cal_day(2026, 4, 6) ? 2 : 3);
}

/* Bit 0 of a slot's days is Monday. */
uint32_t plan_visits_on(const Package *package, int32_t day)
{
	uint32_t n = 0;
	for (int s = 0; s < SLOTS; s++)
		n += package->slot[s].days >> cal_weekday(day) & 1;
	return n;
}

/* Lateness from 2 to 20 per cent; an honest provider may be late, too. */
static void make_provider(const Plan *plan, uint32_t i, Provider *provider)
{
	static const uint8_t characters[] = {HONEST, CARELESS, BAD, HONEST, CARELESS};
	Rng rng = rng_for(plan->seed, STREAM_PROVIDER, i, 0);
	*provider = (Provider){
		.character = (Character)characters[i % 5],
		.late = (uint16_t)rng_between(&rng, 20, 200),
		.manual = (uint16_t)rng_between(&rng, 50, 150),
	};
}

/* Characters go round in turn, five providers hold two honest, two careless and a bad one, so that
 * six providers, the fewest, have each character. */
static void make_providers(Plan *plan)
{
	uint64_t people = plan->visits / (uint64_t)(VISITS_A_WEEK * plan->weeks);
	uint64_t n = people / CLIENTS_PER_PROVIDER;
	plan->providers = n < FEWEST_PROVIDERS ? FEWEST_PROVIDERS : (uint32_t)n;
	plan->provider = room_grow(NULL, plan->providers, sizeof *plan->provider);
	for (uint32_t i = 0; i < plan->providers; i++)
		make_provider(plan, i, &plan->provider[i]);
}

/* 12, 62, 12, 10 and 4 in a hundred: 15, 30, 45, 60 minutes and others. */
static int16_t draw_length(Rng *rng)
{
	static const int16_t others[] = {20, 75, 90, 105, 120, 150};
	uint32_t draw = rng_below(rng, 100);
	if (draw < 12)
		return 15;
	if (draw < 74)
		return 30;
	if (draw < 86)
		return 45;
	return draw < 96 ? 60 : others[rng_below(rng, 6)];
}

/* Visits a day, on weekdays and at the weekend: 10 to 28 a week. Starts lie 195 minutes apart or
 * more, so that no log is within 90 minutes of two of them. */
static void make_pattern(Rng *rng, Package *package)
{
	static const uint8_t patterns[][2] = {
		{2, 0}, {2, 1}, {2, 2}, {3, 1}, {3, 2}, {3, 3}, {4, 2}, {4, 4}};
	static const uint8_t by_need[] = {SLOT_MORNING, SLOT_BED, SLOT_LUNCH, SLOT_TEA};
	const uint8_t *pattern = patterns[rng_below(rng, 8)];
	uint8_t carers = rng_permille(rng, 150) ? 2 : 1;
	int32_t start = rng_between(rng, 28, 34) * 15;
	for (int s = SLOT_MORNING; s <= SLOT_BED; s++) {
		package->slot[s] = (Slot){(int16_t)start, draw_length(rng), carers, 0};
		start += 195 + 15 * rng_between(rng, 0, 2);
	}
	for (int n = 0; n < 4; n++) {
		uint8_t days = n < pattern[0] ? 0x1f : 0;
		days |= n < pattern[1] ? 0x60 : 0;
		package->slot[by_need[n]].days = days;
	}
}

/* Someone sleeps in from ten to seven, and two visits a day remain: the morning's only when even a
 * late night is over. */
static void add_nights(Package *package)
{
	package->slot[SLOT_NIGHT] = (Slot){22 * 60, 9 * 60, 1, 0x7f};
	package->slot[SLOT_TEA].days = package->slot[SLOT_BED].days = 0;
	package->slot[SLOT_MORNING].start = 9 * 60;
	package->slot[SLOT_LUNCH].start = 13 * 60;
}

/* A quarter to one on Saturdays and Sundays only: before a Monday it could reach into the week
 * before, and weeks are made and judged one by one. */
static void add_calls(Package *package)
{
	package->slot[SLOT_CALL] = (Slot){45, 30, 1, 0x60};
}

/* What the provision commissions is exactly what a full week of its slots adds up to, so a minute
 * more is a finding and a full week is not. */
static int32_t weekly_minutes(const Package *package)
{
	int32_t sum = 0;
	for (int s = 0; s < SLOTS; s++)
		for (int d = 0; d < 7; d++)
			if (package->slot[s].days >> d & 1)
				sum += package->slot[s].length * package->slot[s].carers;
	return sum;
}

/* Weeks that a package may last: all of them, but for a county of few visits. */
static int32_t longest(const Plan *plan)
{
	uint64_t weeks = plan->visits / (FEWEST_CLIENTS * VISITS_A_WEEK);
	if (weeks >= (uint64_t)plan->weeks)
		return plan->weeks;
	return weeks ? (int32_t)weeks : 1;
}

/* A package of the older contract began before the run, a few were awarded again within it. The
 * newer contract's begin with it or, nearly half of them, at any time after. */
static void draw_start(const Plan *plan, Rng *rng, Package *package)
{
	int32_t spare = plan->weeks - longest(plan);
	package->first = plan->from + 7 * rng_between(rng, 0, spare);
	bool old = package->contract == CSAH && !rng_permille(rng, 50);
	if (old) {
		int32_t before = plan->from < CCSH_FROM ? plan->from : CCSH_FROM;
		package->start = rng_between(rng, cal_day(2021, 1, 4), before - 8);
		return;
	}
	if (package->contract == CCSH && package->first < CCSH_FROM)
		package->first = CCSH_FROM;
	int32_t late = rng_permille(rng, 550) ? 27 : plan_last_day(plan) - package->first - 20;
	if (spare)
		late = 6;
	if (late > plan_last_day(plan) - package->first - 6)
		late = plan_last_day(plan) - package->first - 6;
	package->first += rng_between(rng, 0, late < 0 ? 0 : late);
	package->start = package->first;
}

/* Nearly one package in five ends within a full year; in a county of few visits all end after
 * their few weeks, which is why those have an end, too. */
static void draw_end(const Plan *plan, Rng *rng, Package *package)
{
	int32_t last = plan_last_day(plan), weeks = longest(plan);
	int32_t most = weeks == plan->weeks ? last : package->first + 7 * weeks - 1;
	package->last = most < last ? most : last;
	if (weeks == plan->weeks && rng_permille(rng, 180) && package->first + 29 < last)
		package->last = rng_between(rng, package->first + 28, last - 1);
	package->end = package->last < last ? package->last : CAL_NO_DAY;
}

/* About 22.59 on average, as awards were in 2025, from 20.00 up, and never near a floor unless
 * that is what is planted. Only packages that start within the run are planted in: a check that
 * begins with the run would not look at older ones. */
static void draw_rate(const Plan *plan, Rng *rng, Package *package)
{
	int32_t least = plan_floor((Contract)package->contract, package->start);
	package->rate = 2000 + rng_between(rng, 0, 259) + rng_between(rng, 0, 259);
	if (package->rate < least)
		package->rate = least + 10;
	uint32_t errs = plan_weight(plan->provider[package->provider].character);
	if (package->start < plan->from || package->plant)
		return;
	if (rng_permille(rng, plan_scaled(plan, 6 * errs)))
		package->plant = PLANT_V8_BELOW;
	else if (rng_permille(rng, plan_scaled(plan, 12)))
		package->plant = PLANT_V8_FLOOR;
	if (package->plant == PLANT_V8_BELOW)
		package->rate = least - 1;
	if (package->plant == PLANT_V8_FLOOR)
		package->rate = least;
}

/* How a package that ended came to end, and whether what was written down of it is too early. */
static void draw_reason(const Plan *plan, Rng *rng, Package *package, Client *client)
{
	uint32_t errs = plan_weight(plan->provider[package->provider].character);
	uint32_t reason = rng_below(rng, 100);
	bool early = rng_permille(rng, plan_scaled(plan, 40 * errs));
	int32_t over = rng_between(rng, 1, 4);
	if (package->end == CAL_NO_DAY || package->last - package->first < 6) {
		bool rarely = rng_permille(rng, (uint32_t)(plan->weeks > 52 ? 500 : 10 * plan->weeks));
		bool fresh = package->start == package->first && package->contract == CCSH;
		if (early && rarely && fresh) {
			package->plant = PLANT_H2_EARLY;
			package->start += over;
		}
	} else if (reason < 40) {
		client->died = package->last - (early ? over : 0);
		package->plant = early ? PLANT_H3_DEAD : PLANT_NOTHING;
	} else {
		package->handed_back = reason < 65;
		package->end = package->last - (early ? over : 0);
		package->plant = early ? PLANT_H2_AFTER : PLANT_NOTHING;
	}
}

/* Pointers to earlier packages do not survive this. */
static Package *add_package(Plan *plan, uint32_t client)
{
	if (plan->packages == plan->packages_room) {
		plan->packages_room = plan->packages_room ? 2 * plan->packages_room : 64;
		plan->package =
			room_grow(plan->package, plan->packages_room, sizeof *plan->package);
	}
	Package *package = &plan->package[plan->packages++];
	memset(package, 0, sizeof *package);
	package->client = client;
	package->saves = CAL_NO_DAY;
	return package;
}

/* Alive, and at home, until something else is drawn. */
static Client *add_client(Plan *plan)
{
	if (plan->clients == plan->clients_room) {
		plan->clients_room = plan->clients_room ? 2 * plan->clients_room : 64;
		plan->client = room_grow(plan->client, plan->clients_room, sizeof *plan->client);
	}
	Client *client = &plan->client[plan->clients++];
	memset(client, 0, sizeof *client);
	client->died = CAL_NO_DAY;
	client->postcode = (uint8_t)(rng_mix(plan->seed ^ (plan->clients + 1ULL) << 20) % POSTCODES);
	return client;
}

/* A moment on the day: the begin of one of its visits, a minute after, or any. */
static int64_t draw_moment(Rng *rng, const Package *package, int32_t day, bool minute_after)
{
	uint32_t draw = rng_below(rng, 10);
	for (int s = SLOT_MORNING; s <= SLOT_BED && draw < 5; s++)
		if (package->slot[s].days >> cal_weekday(day) & 1) {
			int64_t begin = cal_moment(day, package->slot[s].start);
			return draw < 3 || !minute_after ? begin : begin + 60;
		}
	return cal_moment(day, rng_between(rng, 0, 1439));
}

/* A stay of 1 to 9 days that begins between two days. */
static void add_stay(const Plan *plan, Rng *rng, const Package *package, Client *client,
	int32_t from, int32_t to)
{
	if (to - from < 2)
		return;
	int32_t day = rng_between(rng, from, to);
	Stay *stay = &client->stay[client->stays++];
	uint32_t errs = plan_weight(plan->provider[package->provider].character);
	stay->admitted = draw_moment(rng, package, day, true);
	stay->discharged = draw_moment(rng, package, day + rng_between(rng, 1, 9), false);
	stay->claimed = rng_permille(rng, plan_scaled(plan, 50 * errs));
	if (day > plan_last_day(plan) - 21 && rng_permille(rng, 400))
		stay->discharged = CAL_NO_MOMENT;
}

/* One person in four of a year's clients goes into hospital, some of them twice. */
static void draw_stays(const Plan *plan, Rng *rng, const Package *package, Client *client)
{
	int32_t days = package->last - package->first + 1;
	if (package->plant || client->died != CAL_NO_DAY || days < 7)
		return;
	if (!rng_permille(rng, (uint32_t)(60 + 250 * days / 364)))
		return;
	int32_t middle = package->first + days / 2;
	add_stay(plan, rng, package, client, package->first + 1, middle - 12 > package->first + 4
		? middle - 12 : package->last - 2);
	if (days > 60 && rng_permille(rng, 150) && client->stay[0].discharged != CAL_NO_MOMENT)
		add_stay(plan, rng, package, client, middle + 1, package->last - 2);
}

/* The first few people have nights or night calls, and are there when the clocks change. */
static void make_drill(const Plan *plan, uint32_t number, Package *package)
{
	int32_t change = number < 2 ? cal_day(2025, 10, 20) : cal_day(2026, 3, 23);
	if (number & 1)
		add_calls(package);
	else
		add_nights(package);
	package->contract = CSAH;
	package->plant = PLANT_NOTHING;
	package->start = plan->from - 238;
	package->rate = 2259;
	if (longest(plan) < plan->weeks && change >= plan->from)
		package->first = change;
	else
		package->first = plan->from;
	package->last = package->first + 7 * longest(plan) - 1;
	if (package->last > plan_last_day(plan))
		package->last = plan_last_day(plan);
	package->end = package->last < plan_last_day(plan) ? package->last : CAL_NO_DAY;
}

/* Counts the package's visits and returns how many of `wanted` are left to be made. */
static uint64_t settle(Package *package, uint64_t wanted)
{
	uint64_t count = 0;
	for (int32_t day = package->first; day <= package->last; day++)
		count += plan_visits_on(package, day);
	package->weekly = weekly_minutes(package);
	package->trimmed = count > wanted;
	package->quota = (uint32_t)(package->trimmed ? wanted : count);
	return wanted - package->quota;
}

/* An hour on each Monday or Tuesday, none of it used for six weeks and all of it claimed in the
 * seventh: on the last day of the oldest credit, or on the day after. */
static void save_up(const Plan *plan, uint32_t client, Package *package)
{
	Rng rng = rng_for(plan->seed, STREAM_BANK, client, 0);
	int32_t earliest = cal_monday(package->first) + 7 * 7;
	int32_t weeks = (package->last - 6 - earliest) / 7;
	if (weeks < 0 || !rng_permille(&rng, plan_scaled(plan, 600)))
		return;
	package->saves = earliest + 7 * rng_between(&rng, 0, weeks < 20 ? weeks : 20);
	package->slot[SLOT_LUNCH].length = (int16_t)(rng_below(&rng, 2) ? 60 : 90);
	package->slot[SLOT_LUNCH].days = rng_below(&rng, 2) ? 0x01 : 0x02;
}

/* Respite by another provider, one to three times a week in the early afternoon. */
static uint64_t add_break(Plan *plan, Rng *rng, uint32_t client, uint64_t wanted)
{
	static const int16_t lengths[] = {60, 90, 120, 180};
	static const uint8_t days[] = {0x01, 0x04, 0x12, 0x15};
	Package *package = add_package(plan, client);
	Package *home = package - 1;
	*package = *home;
	memset(package->slot, 0, sizeof package->slot);
	package->service = TAKE_A_BREAK;
	package->provider = (uint16_t)((home->provider + 1U) % plan->providers);
	package->slot[SLOT_LUNCH] = (Slot){(int16_t)(780 + 15 * rng_below(rng, 7)),
		lengths[rng_below(rng, 4)], 1, days[rng_below(rng, 4)]};
	save_up(plan, client, package);
	return settle(package, wanted);
}

/*
 * The order of the draws is fixed: a draw put between two others would change
 * every county that was ever made with a seed.
 */
static uint64_t add_person(Plan *plan, uint64_t wanted)
{
	uint32_t number = plan->clients;
	Rng rng = rng_for(plan->seed, STREAM_CLIENT, number, 0);
	Client *client = add_client(plan);
	Package *package = add_package(plan, number);
	uint32_t one = rng_below(&rng, plan->providers), two = rng_below(&rng, plan->providers);
	package->provider = (uint16_t)(one < two ? one : two);
	bool newer = plan_last_day(plan) - 6 >= CCSH_FROM && rng_permille(&rng, 600);
	package->contract = newer ? CCSH : CSAH;
	make_pattern(&rng, package);
	draw_start(plan, &rng, package);
	draw_end(plan, &rng, package);
	draw_reason(plan, &rng, package, client);
	draw_rate(plan, &rng, package);
	draw_stays(plan, &rng, package, client);
	if (number < DRILLS) {
		client->stays = 0;
		client->died = CAL_NO_DAY;
		package->handed_back = false;
		make_drill(plan, number, package);
	}
	wanted = settle(package, wanted);
	bool respite = package->end == CAL_NO_DAY && !package->plant && rng_permille(&rng, 80);
	return respite && wanted ? add_break(plan, &rng, number, wanted) : wanted;
}

/* A counting sort that keeps packages in rising order within each provider: that is the order of
 * entry in a week. */
static void sort_by_provider(Plan *plan)
{
	uint32_t at = 0;
	plan->by_provider = room_grow(NULL, plan->packages, sizeof *plan->by_provider);
	for (uint32_t i = 0; i < plan->packages; i++)
		plan->provider[plan->package[i].provider].packages++;
	for (uint32_t p = 0; p < plan->providers; p++) {
		plan->provider[p].first_package = at;
		at += plan->provider[p].packages;
		plan->provider[p].packages = 0;
	}
	for (uint32_t i = 0; i < plan->packages; i++) {
		Provider *provider = &plan->provider[plan->package[i].provider];
		plan->by_provider[provider->first_package + provider->packages++] = i;
	}
}

/* People are added until the visits wanted are all given out. */
void plan_make(Plan *plan)
{
	make_providers(plan);
	for (uint64_t wanted = plan->visits; wanted > 0;)
		wanted = add_person(plan, wanted);
	sort_by_provider(plan);
}

/* Two of three that the older contract awarded within the run, and every other of those that ended
 * in a way that nothing else was planted in. They are few, and chance would leave most counties
 * without. */
void plan_older(Plan *plan)
{
	uint32_t fresh = 0, ended = 0;
	for (uint32_t i = 0; i < plan->packages && plan->share; i++) {
		Package *package = &plan->package[i];
		const Client *client = &plan->client[package->client];
		int32_t least = plan_floor(CSAH, package->start);
		if (package->contract != CSAH || package->service != HOME_CARE || package->plant ||
			package->client < DRILLS)
			continue;
		if (package->start >= plan->from && fresh++ % 3 < 2) {
			package->plant = fresh % 3 == 1 ? PLANT_V8_BELOW : PLANT_V8_FLOOR;
			package->rate = fresh % 3 == 1 ? least - 1 : least;
		} else if (package->end != CAL_NO_DAY && package->last - package->first >= 6 &&
			client->died == CAL_NO_DAY && !client->stays && ended++ % 2 == 0) {
			package->plant = PLANT_H2_AFTER;
			package->end = package->last - 1 - (int32_t)(i % 4);
		}
	}
}

/*
 * The award a few days before the start, after two to seven bids (4.5 on average). A losing bid may
 * be lower: price is not all that counts. Where nothing is to be found nobody lacks staff.
 */
void plan_award(const Plan *plan, uint32_t package, Award *award)
{
	const Package *row = &plan->package[package];
	Rng rng = rng_for(plan->seed, STREAM_BROKERAGE, package, 0);
	award->day = row->start - rng_between(&rng, 3, 14);
	award->bids = 2 + rng_below(&rng, BIDS_MAX - 1);
	award->winner = rng_below(&rng, award->bids);
	award->won = 1U << award->winner;
	award->care = PERSONAL_CARE;
	for (uint32_t b = 0; b < award->bids; b++)
		award->over[b] = b == award->winner ? 0 : rng_between(&rng, -40, 220);
	award->reason = (Reason)rng_below(&rng, REASON_COUNT);
	if (row->idle)
		award->reason = (Reason)row->reason;
	if (!plan->share && (award->reason == REGISTRATION || award->reason == STAFF))
		award->reason = CAPACITY;
}

uint32_t plan_bidder(const Plan *plan, uint32_t package, const Award *award, uint32_t bid)
{
	uint32_t beside = (bid + award->bids - award->winner) % award->bids;
	return (plan->package[package].provider + beside) % plan->providers;
}

/* ---- brokerage ----------------------------------------------------------------------------- */

/* A package that was to begin on the day; handed back a week later, or only waiting. */
static void add_idle(Plan *plan, uint32_t provider, int32_t start, bool back, Reason reason)
{
	uint32_t client = plan->clients;
	add_client(plan);
	Package *package = add_package(plan, client);
	package->provider = (uint16_t)provider;
	package->contract = CCSH;
	package->rate = 2259;
	package->weekly = 7 * 60;
	package->start = start;
	package->first = start;
	package->last = start - 1;
	package->end = back ? start + 6 : CAL_NO_DAY;
	package->handed_back = back;
	package->idle = true;
	package->reason = (uint8_t)reason;
}

/* Awards of the newer contract between two days, and how many of them count as handed back. */
static void count_handbacks(const Plan *plan, uint32_t provider, int32_t from, int32_t to,
	uint32_t *awards, uint32_t *back)
{
	*awards = *back = 0;
	for (uint32_t i = 0; i < plan->packages; i++) {
		const Package *package = &plan->package[i];
		Award award;
		if (package->provider != provider || package->contract != CCSH)
			continue;
		plan_award(plan, i, &award);
		if (award.day < from || award.day > to)
			continue;
		++*awards;
		*back += package->handed_back && award.reason != NEEDS_CHANGED;
	}
}

/* Twenty awards, or as many times twenty as there must be, so that every line is a whole number of
 * them: 5% the target, 10% the failure line. */
static void fill_up(Plan *plan, uint32_t provider, int32_t from, int32_t to)
{
	static const struct {
		uint32_t per_twenty, more;
		bool excused;
	} aims[] = {{2, 0, false}, {2, 1, false}, {1, 0, false}, {2, 0, true}};
	uint32_t awards, back, all = 0, aim;
	count_handbacks(plan, provider, from, to, &awards, &back);
	do {
		all += 20;
		aim = all / 20 * aims[provider].per_twenty + aims[provider].more;
	} while (aim < back || all < awards + aim - back + aims[provider].excused);
	for (uint32_t i = 0; i < all - awards; i++) {
		bool excused = aims[provider].excused && i == aim - back;
		add_idle(plan, provider, from + 20 + (int32_t)i % 40, i < aim - back || excused,
			excused ? NEEDS_CHANGED : i % 2 ? STAFF : REGISTRATION);
	}
}

/* Handed back without a reason, which leaves the share of its quarter unknown: so it is of the
 * quarter behind the last that is told of. */
static void add_unsaid(Plan *plan)
{
	int year, month, date;
	int32_t last = plan_last_day(plan);
	cal_civil(last + 1, &year, &month, &date);
	int32_t start = cal_day(year, (month - 1) / 3 * 3 + 1, 1) + 15;
	if (!plan->share || start < CCSH_FROM || start - 15 < plan->from || start + 6 > last)
		return;
	for (uint32_t p = 4; p < FEWEST_PROVIDERS; p++)
		add_idle(plan, p, start, true, REASON_MISSING);
}

/* In the first quarter that lies wholly in the run. */
static void stand_on_lines(Plan *plan)
{
	int year, month, date;
	cal_civil(plan->from, &year, &month, &date);
	int quarter = year * 4 + (month - 1) / 3 + (date > 1 || month % 3 != 1);
	int32_t from = cal_day(quarter / 4, quarter % 4 * 3 + 1, 1);
	int32_t to = cal_day((quarter + 1) / 4, (quarter + 1) % 4 * 3 + 1, 1) - 1;
	if (from < CCSH_FROM || to > plan_last_day(plan))
		return;
	for (uint32_t p = 0; p < 4; p++)
		fill_up(plan, p, from, to);
}

void plan_idle(Plan *plan)
{
	stand_on_lines(plan);
	add_unsaid(plan);
}

/* The writer and the truth look into the plan until they are closed. */
void plan_free(Plan *plan)
{
	free(plan->provider);
	free(plan->client);
	free(plan->package);
	free(plan->by_provider);
}
