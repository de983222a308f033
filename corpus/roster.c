/*
 * Logs come in the order of check-ins, so a carer who is free at one is free from then on, and
 * giving each log the first free carer needs just as many carers as are ever out at once.
 *
 *   logs by check-in   L1 ████        L3 ███
 *                         L2 ██████       L4 ██
 *   carers             K1   K2        K1   K2      five minutes between two logs of one carer
 *
 * Plants of rule C1 ask for a carer who is elsewhere at that time (overlap), or
 * who leaves there at that very second (touch, which must pass); those of C2
 * for one who leaves another place some minutes before; those of C3 for the
 * carer of the visit before. Whether one exists is known only here.
 */
#include "corpus/roster.h"

#include <stdlib.h>

/*
 * Seconds on the way, so that ordinary logs never touch and a touch is always
 * planted.
 */
#define BETWEEN_VISITS 300
#define TOUCH_SHIFT 600 /* a log may be moved so far to touch another */

void roster_init(Roster *roster, const Plan *plan)
{
	*roster = (Roster){.plan = plan};
	roster->team = room_grow(NULL, plan->providers, sizeof *roster->team);
	for (uint32_t i = 0; i < plan->providers; i++)
		roster->team[i] = (Team){0};
}

void roster_free(Roster *roster)
{
	for (uint32_t i = 0; i < roster->plan->providers; i++)
		free(roster->team[i].carer);
	free(roster->team);
	free(roster->provider_of);
}

/* In nobody's team: the search for someone free never finds this one. */
uint32_t roster_stranger(Roster *roster, uint32_t provider)
{
	if (roster->carers == roster->room) {
		roster->room = roster->room ? 2 * roster->room : 256;
		roster->provider_of =
			room_grow(roster->provider_of, roster->room, sizeof *roster->provider_of);
	}
	roster->provider_of[roster->carers] = (uint16_t)provider;
	return roster->carers++;
}

/* A provider's team grows only when all of it is out; after a few weeks it hardly does. */
static Carer *add_carer(Roster *roster, uint32_t provider)
{
	Team *team = &roster->team[provider];
	if (team->carers == team->room) {
		team->room = team->room ? 2 * team->room : 16;
		team->carer = room_grow(team->carer, team->room, sizeof *team->carer);
	}
	Carer *carer = &team->carer[team->carers++];
	*carer = (Carer){.no = roster_stranger(roster, provider), .free_at = 0};
	return carer;
}

/* The same client tends to see the same faces: the search begins at the client's own place. */
static Carer *find_free(Roster *roster, uint32_t provider, const Log *log, uint32_t client)
{
	Team *team = &roster->team[provider];
	for (uint32_t i = 0; i < team->carers; i++) {
		Carer *carer = &team->carer[(client * 7 + i) % team->carers];
		if (carer->free_at + BETWEEN_VISITS <= log->in)
			return carer;
	}
	return add_carer(roster, provider);
}

/* Seconds between leaving one place and being at the next; below zero: both at once. */
static int32_t wanted_gap(const Log *log)
{
	switch (log->plant) {
	case PLANT_C1_TOUCH: return 0;
	case PLANT_C2_HURRY: return TRAVEL_SECONDS - 1;
	case PLANT_C2_JUST: return TRAVEL_SECONDS;
	default: return -1;
	}
}

static bool same_place(const Roster *roster, uint32_t one, uint32_t other)
{
	return roster->plan->client[one].postcode == roster->plan->client[other].postcode;
}

/* A carer at another client's, logged this week, in no other plant: with a gap one who leaves there
 * so long before, or up to a few minutes later. */
static Carer *find_partner(Roster *roster, uint32_t provider, int32_t monday, const Log *log,
	uint32_t client)
{
	int32_t gap = wanted_gap(log);
	Team *team = &roster->team[provider];
	for (uint32_t i = 0; i < team->carers; i++) {
		Carer *carer = &team->carer[(client * 7 + i) % team->carers];
		if (carer->week != monday || carer->client == client || carer->doubled)
			continue;
		if (gap > 0 && same_place(roster, carer->client, client))
			continue;
		int64_t in = carer->free_at + gap;
		if (gap >= 0 && in >= log->in && in <= log->in + TOUCH_SHIFT)
			return carer;
		if (gap < 0 && carer->free_at > log->in)
			return carer;
	}
	return NULL;
}

/* The later of two ends counts where a plant gave two logs at once. */
static void give(Log *log, Carer *carer, size_t index, uint32_t client, int32_t monday)
{
	log->carer = carer->no;
	if (log->out > carer->free_at)
		carer->free_at = log->out;
	carer->client = client;
	carer->log = index;
	carer->week = monday;
}

/* Carries out the wish of the log, if it can be. */
static bool grant(Roster *roster, uint32_t provider, int32_t monday, Rows *rows, size_t index)
{
	Log *log = &rows->log[index];
	int32_t gap = wanted_gap(log);
	uint32_t client = roster->plan->package[log->package].client;
	Carer *carer = find_partner(roster, provider, monday, log, client);
	if (!carer) {
		log->plant = PLANT_NOTHING;
		return false;
	}
	if (gap >= 0) {
		log->out += carer->free_at + gap - log->in;
		log->in = carer->free_at + gap;
		if (gap < TRAVEL_SECONDS && !same_place(roster, carer->client, client))
			log->fails |= BIT(RULE_C2);
	} else {
		Log *other = &rows->log[carer->log];
		log->fails |= BIT(RULE_C1);
		other->fails |= BIT(RULE_C1);
		other->plant = other->plant ? other->plant : PLANT_C1_OVERLAP;
	}
	carer->doubled = true;
	give(log, carer, index, client, monday);
	return true;
}

/* The carer of the visit before comes again, or stays, if nobody else has had her since. */
static bool follow(Roster *roster, uint32_t provider, int32_t monday, Rows *rows, size_t index)
{
	Log *log = &rows->log[index];
	Team *team = &roster->team[provider];
	for (uint32_t i = 0; i < team->carers; i++) {
		Carer *carer = &team->carer[i];
		const Log *last = &rows->log[carer->log];
		if (carer->week != monday || carer->doubled || carer->log >= index ||
			last->visit != log->after || last->package != log->package)
			continue;
		carer->doubled = true;
		give(log, carer, index, carer->client, monday);
		return true;
	}
	log->plant = PLANT_NOTHING;
	log->fails &= ~BIT(RULE_C3);
	return false;
}

/* A carer in a plant is left out of further ones until the next ordinary log. */
static void assign(Roster *roster, uint32_t provider, int32_t monday, Rows *rows, size_t index)
{
	Log *log = &rows->log[index];
	uint32_t client = roster->plan->package[log->package].client;
	if (log->out == CAL_NO_MOMENT) {
		log->carer = roster_stranger(roster, provider);
		return;
	}
	if (log->plant == PLANT_C3_MERGED || log->plant == PLANT_C3_APART)
		if (follow(roster, provider, monday, rows, index))
			return;
	if (log->plant == PLANT_C1_OVERLAP || wanted_gap(log) >= 0)
		if (grant(roster, provider, monday, rows, index))
			return;
	Carer *carer = find_free(roster, provider, log, client);
	carer->doubled = false;
	give(log, carer, index, client, monday);
}

/* Ties in check-in keep the order in which the logs were made. */
static int by_check_in(const void *a, const void *b)
{
	const Log *x = a, *y = b;
	if (x->in != y->in)
		return x->in < y->in ? -1 : 1;
	return x->no < y->no ? -1 : x->no > y->no;
}

/* The numbers that the sort needs for ties are overwritten by the real ones. */
void roster_week(Roster *roster, uint32_t provider, int32_t monday, Rows *rows)
{
	for (size_t i = 0; i < rows->logs; i++)
		rows->log[i].no = i;
	if (rows->logs)
		qsort(rows->log, rows->logs, sizeof *rows->log, by_check_in);
	for (size_t i = 0; i < rows->logs; i++) {
		rows->log[i].no = ++roster->logs;
		assign(roster, provider, monday, rows, i);
	}
}
