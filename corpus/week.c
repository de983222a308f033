/*
 * Logged time always supports what is declared, and starts lie within 85 minutes of the plan; so a
 * clean visit passes every rule, however late or careless the provider.
 *
 *   package's slots ──> visit a slot and day ──> out of time? in hospital? at an edge? everyday
 *                                                └──> logs that support it, by outcome
 *
 * The first of the four that holds decides: a visit after a death is not also
 * cancelled, so that each finding has one cause.
 */
#include "corpus/week.h"

#include "corpus/entry.h"

/* What every step needs, to keep the argument lists short. */
typedef struct Making {
	const Plan *plan;
	const Package *package;
	const Client *client;
	const Provider *provider;
	Rng *rng;
	Rows *rows;
} Making;

/* The stay that covers the moment, its first minute in and its last out, or NULL. */
static const Stay *stay_at(const Client *client, int64_t begins)
{
	for (int i = 0; i < client->stays; i++) {
		const Stay *stay = &client->stay[i];
		bool home = stay->discharged != CAL_NO_MOMENT && begins >= stay->discharged;
		if (begins >= stay->admitted && !home)
			return stay;
	}
	return NULL;
}

/* Set aside by the plan: no other plant may touch it. */
static void mark(Visit *visit, Plant plant)
{
	visit->plant = (uint8_t)plant;
	visit->taken = true;
}

/* Outside the provision's days, or after the death: declared as if nothing had happened. */
static bool out_of_time(const Making *m, Visit *visit)
{
	const Package *package = m->package;
	bool ended = package->end != CAL_NO_DAY && visit->day > package->end;
	bool early = visit->day < package->start;
	bool dead = m->client->died != CAL_NO_DAY && visit->day > m->client->died;
	if (!ended && !early && !dead)
		return false;
	mark(visit, dead ? PLANT_H3_DEAD : early ? PLANT_H2_EARLY : PLANT_H2_AFTER);
	visit->fails = (ended || early ? BIT(RULE_H2) : 0) | (dead ? BIT(RULE_H3) : 0);
	return true;
}

/* The days just inside, where the days outside were planted; and the minutes beside a stay. */
static bool at_the_edge(const Making *m, Visit *visit, int64_t begins)
{
	const Package *package = m->package;
	Plant plant = PLANT_NOTHING;
	if (package->plant == PLANT_H2_AFTER && visit->day == package->end)
		plant = PLANT_H2_LAST_DAY;
	if (package->plant == PLANT_H2_EARLY && visit->day == package->start)
		plant = PLANT_H2_FIRST_DAY;
	if (package->plant == PLANT_H3_DEAD && visit->day == m->client->died)
		plant = PLANT_H3_SAME_DAY;
	for (int i = 0; i < m->client->stays; i++) {
		if (begins == m->client->stay[i].discharged)
			plant = PLANT_H1_HOME;
		if (begins + 60 == m->client->stay[i].admitted)
			plant = PLANT_H1_BEFORE;
	}
	if (plant)
		mark(visit, plant);
	return plant != PLANT_NOTHING;
}

/* In good time nothing is declared; at short notice the planned time, which the contract then
 * pays. */
static void cancel(Rng *rng, Visit *visit, bool in_time)
{
	visit->outcome = CANCELLED;
	visit->notice = in_time ? NOTICE_NEEDED + rng_between(rng, 0, 4000)
				: rng_between(rng, 10, NOTICE_NEEDED - 1);
	visit->declared = in_time ? 0 : visit->planned;
}

/* Of a visit during the stay, by when that was entered. */
static void claim(const Making *m, Visit *visit, const Stay *stay)
{
	int64_t closed = entry_closed(m->plan);
	bool late = stay->entered != CAL_NO_MOMENT && stay->entered >= closed;
	bool just = stay->entered == closed - 1;
	mark(visit, late ? PLANT_H1_LATE : just ? PLANT_H1_LAST_SECOND : PLANT_H1_STAY);
	visit->fails = BIT(RULE_H1);
	visit->turns = late ? BIT(RULE_H1) : 0;
}

/* At home again, where the first entry of the stay still has the person in hospital. */
static bool said_in_hospital(const Making *m, Visit *visit, int64_t begins)
{
	for (int i = 0; i < m->client->stays; i++) {
		const Stay *stay = &m->client->stay[i];
		if (stay->said_first == CAL_NO_MOMENT || begins < stay->discharged ||
			begins >= stay->said_first)
			continue;
		bool late = stay->entered >= entry_closed(m->plan);
		mark(visit, late ? PLANT_H1_CORRECTED : PLANT_H1_IN_TIME);
		visit->turns = late ? BIT(RULE_H1) : 0;
		return true;
	}
	return false;
}

/* A provider who does not know of the admission declares on; others cancel, at first too late. */
static bool in_hospital(const Making *m, Visit *visit, int64_t begins)
{
	const Stay *stay = stay_at(m->client, begins);
	if (!stay)
		return false;
	if (stay->claimed && rng_permille(m->rng, 600)) {
		claim(m, visit, stay);
	} else {
		cancel(m->rng, visit, begins - stay->admitted >= NOTICE_NEEDED * 60);
	}
	return true;
}

/* In the six weeks before, hours are saved up by cancelling; then all that is banked is claimed,
 * and on a Tuesday also the credit that expired with the Monday. */
static bool saves_up(const Making *m, Visit *visit)
{
	const Package *package = m->package;
	int32_t monday = cal_monday(visit->day);
	if (package->saves == CAL_NO_DAY || monday > package->saves ||
		monday < package->saves - ACCOUNT_DAYS)
		return false;
	if (monday < package->saves) {
		cancel(m->rng, visit, true);
		return true;
	}
	Account account = package->account;
	account_advance(&account, package->weekly, visit->day);
	bool after = visit->day > monday;
	mark(visit, after ? PLANT_TB3_DAY_AFTER : PLANT_TB3_LAST_DAY);
	visit->fails = after ? BIT(RULE_TB3) : 0;
	visit->declared = (int16_t)(account_held(&account) + (after ? package->weekly : 0));
	return true;
}

/* Cancelled 3%, frustrated 1%, missed 0.5%. Some delivered visits are declared shorter. */
static void everyday(const Making *m, Visit *visit)
{
	static const uint32_t candid[] = {[HONEST] = 100, [CARELESS] = 30, [BAD] = 0};
	uint32_t draw = rng_below(m->rng, 1000);
	if (draw < 30) {
		cancel(m->rng, visit, draw < 15);
	} else if (draw < 40) {
		int16_t most = visit->planned < FRUSTRATED_PAYS ? visit->planned : FRUSTRATED_PAYS;
		visit->outcome = FRUSTRATED;
		visit->declared = draw < 37 ? most : 0;
	} else if (draw < 45) {
		visit->outcome = MISSED;
		visit->declared = 0;
	} else if (visit->carers == 1 && visit->planned >= 30 && visit->planned <= 180 &&
		rng_permille(m->rng, candid[m->provider->character])) {
		visit->declared = (int16_t)(visit->planned - QUANTUM);
	}
}

/* App, phone or fob, or typed in; a tenth of the moments carry an offset. */
static void draw_method(const Making *m, Log *log)
{
	uint32_t manual = m->provider->manual, draw = rng_below(m->rng, 1000);
	log->method = (uint8_t)(draw < manual ? 3 : draw < 700 ? 0 : draw < 880 ? 1 : 2);
	draw = rng_below(m->rng, 20);
	log->stamp = (uint8_t)(draw == 0 ? STAMP_ZULU : draw == 1 ? STAMP_OFFSET : STAMP_LOCAL);
}

/* A log remembers the visit that it was made for, for the plants alone. */
static void add_log(const Making *m, size_t visit, int64_t in, int64_t out)
{
	Log *log = rows_log(m->rows);
	log->package = m->rows->visit[visit].package;
	log->visit = (uint32_t)visit;
	log->in = in;
	log->out = out;
	draw_method(m, log);
}

/* Seconds after the planned start; below 90 minutes by enough for a touch to move it. */
static int32_t draw_delay(const Making *m)
{
	if (rng_permille(m->rng, m->provider->late))
		return rng_between(m->rng, 31 * 60, 85 * 60);
	return rng_between(m->rng, -5 * 60, 20 * 60);
}

/* The care must be over before the next begins, which is 195 minutes on and may be five minutes
 * early; ten more are left for a touch. Of a night, before nine. */
static int32_t timely(const Making *m, const Visit *visit, int32_t delay, int32_t longest)
{
	int32_t latest = (visit->start == 22 * 60 ? 640 : 170) * 60 - longest;
	bool alone = m->package->service == TAKE_A_BREAK;
	return delay > latest && !alone ? latest : delay;
}

/* Logged time supports what is declared and is at least nine tenths of it; a night in which the
 * clocks go back lasts an hour longer than it is declared. */
static void add_care(const Making *m, size_t at, int64_t begins, int32_t longer)
{
	static const int32_t extra[] = {[HONEST] = 480, [CARELESS] = 300, [BAD] = 120};
	Visit visit = m->rows->visit[at];
	int32_t each = visit.declared * 60 / visit.carers + longer;
	int32_t least = (least_logged(visit.declared) + visit.carers - 1) / visit.carers + longer;
	int32_t lo = least > each * 9 / 10 ? least : each * 9 / 10;
	int32_t hi = each + extra[m->provider->character];
	int64_t in = begins + timely(m, &visit, draw_delay(m), hi > lo + 60 ? hi : lo + 60);
	for (int c = 0; c < visit.carers; c++) {
		int64_t arrives = in + (c ? rng_between(m->rng, -120, 120) : 0);
		add_log(m, at, arrives,
			arrives + rng_between(m->rng, lo, hi > lo + 60 ? hi : lo + 60));
	}
}

/* From 22:00 to 07:00: nine hours, or eight, or ten. */
static int32_t night_length(int32_t day)
{
	return (int32_t)((cal_moment(day + 1, 7 * 60) - cal_moment(day, 22 * 60)) / 60);
}

/* In the short night the plan is shortened, too, so that nobody has to declare what was not given;
 * the long one is declared as nine hours, and logged as ten. */
static void add_visit(const Making *m, uint32_t number, int32_t day, int s)
{
	const Slot *slot = &m->package->slot[s];
	int32_t length = slot->length, longer = 0;
	if (s == SLOT_NIGHT) {
		int32_t night = night_length(day);
		longer = night > length ? (night - length) * 60 : 0;
		length = night < length ? night : length;
	}
	size_t at = m->rows->visits;
	Visit *visit = rows_visit(m->rows);
	visit->package = number;
	visit->day = day;
	visit->start = slot->start;
	visit->carers = slot->carers;
	visit->planned = visit->declared = (int16_t)(length * slot->carers);
	visit->rate = m->package->rate;
	visit->notice = MINUTES_MISSING;
	int64_t begins = visit_begins(visit);
	if (!out_of_time(m, visit) && !in_hospital(m, visit, begins) &&
		!said_in_hospital(m, visit, begins) && !at_the_edge(m, visit, begins) &&
		!saves_up(m, visit))
		everyday(m, visit);
	if (visit->outcome == DELIVERED)
		add_care(m, at, begins, longer);
	else if (visit->outcome == FRUSTRATED)
		add_log(m, at, begins, begins + rng_between(m->rng, 240, 540));
}

/* Days before the first and after the last are left out, and the quota may end the package within
 * a day. */
void week_make(const Plan *plan, Rng *rng, uint32_t number, int32_t monday, Rows *rows)
{
	Package *package = &plan->package[number];
	Making making = {plan, package, &plan->client[package->client],
		&plan->provider[package->provider], rng, rows};
	for (int32_t day = monday; day < monday + 7; day++) {
		if (day < package->first || day > package->last)
			continue;
		for (int s = 0; s < SLOTS && package->quota; s++)
			if (package->slot[s].days >> cal_weekday(day) & 1) {
				add_visit(&making, number, day, s);
				package->quota--;
			}
	}
}
