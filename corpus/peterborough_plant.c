/*
 * The plants of Peterborough's county. Each maker changes one thing of a clean firm, or declines.
 * What else the change breaks is marked at once.
 */
#include <string.h>

#include "corpus/peterborough_firm.h"

/* Claims the row: one plant a row, so that each finding has one cause. */
static bool mean(const Scene *scene, Mark *mark, int plant)
{
	return grow_mean(scene->peter->grow, mark, plant);
}

/* What one change breaks besides is meant with it. */
static void also(const Scene *scene, Mark *mark, Verdict verdict, int rule)
{
	grow_mean_also(scene->peter->grow, mark, verdict, rule);
}

/* ---- visits ------------------------------------------------------------------------------ */

/* A delivered visit in the window that has no plant yet: by the hour, or of a block. */
static Visit *hourly(const Scene *scene)
{
	Visit *visit = scene->visit;
	return visit && !scene->package->block && !visit->missed && !visit->mark.plant &&
			pb_in_window(scene->peter, visit->day)
		? visit : NULL;
}

/* Visits of a block have no rate to be wrong, so they have makers of their own. */
static Visit *of_block(const Scene *scene)
{
	Visit *visit = scene->visit;
	return visit && scene->package->block && !visit->missed && !visit->mark.plant &&
			pb_in_window(scene->peter, visit->day)
		? visit : NULL;
}

/* Nothing is planted where the other rate is the one that is due. */
static bool rate_off(const Scene *scene, int plant, int32_t rate)
{
	Visit *visit = hourly(scene);
	if (!visit || visit->rate == rate || !mean(scene, &visit->mark, plant))
		return false;
	visit->rate = rate;
	return true;
}

/* R1 is exact: a penny an hour above, or below, where the stake is the provider's. */
static bool penny(void *context)
{
	const Scene *scene = context;
	return scene->visit && rate_off(scene, PLANT_PENNY, scene->visit->rate + 1);
}

/* A penny below is found as well. */
static bool low(void *context)
{
	const Scene *scene = context;
	return scene->visit && rate_off(scene, PLANT_LOW, scene->visit->rate - 1);
}

/* A card that prices nights apart, and a night that was claimed as a day. Bank holidays go before
 * nights. */
static bool night_plain(void *context)
{
	const Scene *scene = context;
	return hourly(scene) && scene->package->night && scene->package->card->night &&
		!pb_holiday(scene->visit->day) &&
		rate_off(scene, PLANT_NIGHT_PLAIN, pb_basis(scene->package, scene->visit->day));
}

/* A minute before the night begins; what has a log keeps its time. */
static bool night_edge(void *context)
{
	const Scene *scene = context;
	Visit *visit = hourly(scene);
	if (!visit || visit->log || !scene->package->night || !scene->package->card->night ||
		!mean(scene, &visit->mark, PLANT_NIGHT_EDGE))
		return false;
	/* Nights begin at 22:00: a minute sooner is a day, and priced as one. */
	visit->start = 21 * 60 + 59;
	visit->rate = pb_rate_due(scene->package, visit);
	return true;
}

/* The same for bank holidays, by night or by day. */
static bool holiday_plain(void *context)
{
	const Scene *scene = context;
	return hourly(scene) && scene->package->card->holiday && pb_holiday(scene->visit->day) &&
		rate_off(scene, PLANT_HOLIDAY_PLAIN, pb_basis(scene->package, scene->visit->day));
}

/* Within two months of an uplift. */
static bool old_price(void *context)
{
	const Scene *scene = context;
	if (!hourly(scene) || scene->package->costed || scene->package->night ||
		pb_holiday(scene->visit->day))
		return false;
	/* An uplift that the provider would rather not have had: claimed at the rate from before. */
	int32_t day = scene->visit->day, april = pb_april(day >= pb_april(1));
	/* Minus one where the card had no rate before that April. */
	int32_t before = pb_on_card(scene->package->card, april - 1);
	return day >= april && day < april + 60 && before > 0 &&
		rate_off(scene, PLANT_OLD_PRICE, before);
}

/* On a bank holiday that has a rate of its own the night does not matter. */
static bool no_start(void *context)
{
	const Scene *scene = context;
	Visit *visit = hourly(scene);
	if (!visit || !scene->package->card->night || visit->log ||
		(scene->package->card->holiday && pb_holiday(visit->day)) ||
		!mean(scene, &visit->mark, PLANT_NO_START))
		return false;
	/* The rate is left as it is: it may even be right. */
	visit->no_start = true;
	return true;
}

static Week *week_of(const Scene *scene)
{
	return &scene->package->week[(scene->visit->day - scene->package->start) / 7];
}

/* Once in a week, and in none that a minute was added to: the week would then not be full. */
static bool miss(const Scene *scene, int plant)
{
	Visit *visit = hourly(scene);
	if (!visit || visit->log || scene->package->absence.no || week_of(scene)->mark.plant ||
		!mean(scene, &visit->mark, plant))
		return false;
	week_of(scene)->mark.plant = (uint16_t)plant;
	visit->missed = true;
	/* Declared as it was planned, or not at all. */
	if (plant == PLANT_MISSED_FREE)
		visit->declared = 0;
	return true;
}

/* F1 from both sides: what was not delivered may stand there with nothing declared. */
static bool missed(void *context)
{
	return miss(context, PLANT_MISSED);
}

/* The visit that nobody made and nobody claimed. */
static bool missed_free(void *context)
{
	return miss(context, PLANT_MISSED_FREE);
}

/* A full week holds what was commissioned and no more. */
static bool minute(void *context)
{
	const Scene *scene = context;
	if (!hourly(scene) || scene->package->absence.no ||
		!mean(scene, &week_of(scene)->mark, PLANT_MINUTE))
		return false;
	/* A week is full when all its visits took place, so a minute is one too many. */
	scene->visit->declared++;
	return true;
}

/* M1 to the penny, at 45p a mile. */
static bool mile(void *context)
{
	const Scene *scene = context;
	Visit *visit = hourly(scene);
	if (!visit || !visit->mileage || !mean(scene, &visit->mark, PLANT_MILE))
		return false;
	visit->mileage++;
	return true;
}

/* Where mileage is within the rate, or in the costing, none is due. */
static bool mile_within(void *context)
{
	const Scene *scene = context;
	Visit *visit = hourly(scene);
	if (!visit || visit->mileage || !visit->tenths || !mean(scene, &visit->mark, PLANT_MILE_WITHIN))
		return false;
	/* What would be due if miles were paid apart. */
	visit->mileage = (int32_t)grow_nearest(45 * (int64_t)visit->tenths, 10);
	return true;
}

/* M2: an hour of travel is paid at the least wage of the day; a penny less is too little. */
static bool travel(void *context)
{
	const Scene *scene = context;
	Visit *visit = hourly(scene);
	if (!visit || !visit->travel_pay || !mean(scene, &visit->mark, PLANT_TRAVEL))
		return false;
	visit->travel_pay--;
	return true;
}

/* Makes the person eighteen on the day of the package's last visit, or on the day after it. */
static bool comes_of_age(const Scene *scene, int plant, int32_t days)
{
	Package *package = scene->package;
	Visit *visit = hourly(scene);
	if (!visit || visit != &package->visit[package->visits - 1] || package->costed ||
		package->card->age != AGE_CHILD || visit->log_mark.plant ||
		!mean(scene, &visit->mark, plant))
		return false;
	/* All visits before it were to a child, so that one alone is wrong. */
	package->born = pb_years_on(visit->day + days, -18);
	return true;
}

/* R4: on the eighteenth birthday the person is an adult, on the day before it still a child. */
static bool birthday(void *context)
{
	return comes_of_age(context, PLANT_BIRTHDAY, 0);
}

/* Eighteen tomorrow, and a child today. */
static bool birthday_eve(void *context)
{
	return comes_of_age(context, PLANT_BIRTHDAY_EVE, 1);
}

/* The other carer of the firm has no training for anybody. */
static bool untrained(void *context)
{
	const Scene *scene = context;
	if (!scene->visit || !scene->visit->log || scene->visit->mark.plant ||
		!mean(scene, &scene->visit->log_mark, PLANT_UNTRAINED))
		return false;
	/* Q3: a training is for one child, by one carer. */
	scene->visit->carer++;
	return true;
}

/* Q3: a training holds through its last day, which is that of the package's last visit. */
static bool last_trained(void *context)
{
	const Scene *scene = context;
	const Package *package = scene->package;
	return scene->visit && scene->visit->log && !scene->visit->mark.plant &&
		scene->visit == &package->visit[package->visits - 1] &&
		mean(scene, &scene->visit->log_mark, PLANT_LAST_TRAINED);
}

/* B3: the block has paid for the visit already. */
static bool block_hour(void *context)
{
	const Scene *scene = context;
	Visit *visit = of_block(scene);
	if (!visit || !mean(scene, &visit->mark, PLANT_BLOCK_HOUR))
		return false;
	visit->rate = scene->peter->firm.block.rate;
	return true;
}

/* Moves the last visit of a package. */
static bool block_moved(const Scene *scene, int plant, int32_t days)
{
	Visit *visit = of_block(scene);
	int32_t day = scene->peter->firm.block.end + days;
	if (!visit || visit != &scene->package->visit[scene->package->visits - 1] ||
		!pb_in_window(scene->peter, day) || !mean(scene, &visit->mark, plant))
		return false;
	visit->day = day;
	return true;
}

/* B4 from both sides of the block's last day. */
static bool block_after(void *context)
{
	return block_moved(context, PLANT_BLOCK_AFTER, 1);
}

/* The block still holds on that day. */
static bool block_last(void *context)
{
	return block_moved(context, PLANT_BLOCK_LAST, 0);
}

/* ---- packages, before they have visits --------------------------------------------------- */

/* A package as it is made, without its visits. */
static Package *fresh(const Scene *scene)
{
	return scene->package && !scene->visit && !scene->absence && !scene->ending ? scene->package
										     : NULL;
}

/* R3: the need that was assessed and that of the card. A single rate is for both, and from April
 * 2023 complex packages have a costing. */
static bool wrong_card(void *context)
{
	const Scene *scene = context;
	Package *package = fresh(scene);
	if (!package || package->block || package->costed || package->card->need == NEED_SINGLE ||
		(!package->complex && package->start >= pb_april(1)) ||
		!mean(scene, &package->mark, PLANT_WRONG_CARD))
		return false;
	/* Whether it gets a costing was settled before, so that no other rule has anything to say. */
	package->complex = !package->complex;
	return true;
}

/* Complex, under the ceiling, and costed: then the rate is the package's own. */
static Package *costed(const Scene *scene, bool ceiling)
{
	Package *package = fresh(scene);
	if (!package || !package->costed || !package->complex ||
		(ceiling && package->start >= pb_april(1)))
		return NULL;
	return package;
}

/* The costing is changed with the rate, so that it still adds up. */
static bool at_rate(const Scene *scene, int plant, int32_t rate)
{
	Package *package = costed(scene, true);
	if (!package || !mean(scene, &package->mark, plant))
		return false;
	package->cost[0] += rate - package->rate;
	package->rate = rate;
	return true;
}

/* C1: £26.00 an hour is allowed, a penny more is not. */
static bool complex_high(void *context)
{
	return at_rate(context, PLANT_COMPLEX_HIGH, 2601);
}

/* The ceiling itself. */
static bool complex_top(void *context)
{
	return at_rate(context, PLANT_COMPLEX_TOP, 2600);
}

/* C2: the rate stands, and its items no longer come to it. */
static bool sum_off(const Scene *scene, int plant, int32_t by)
{
	Package *package = costed(scene, false);
	if (!package || !mean(scene, &package->mark, plant))
		return false;
	package->cost[0] -= by;
	return true;
}

/* A penny more is claimed than is worked out, or a penny less. */
static bool sum_high(void *context)
{
	return sum_off(context, PLANT_SUM_HIGH, 1);
}

static bool sum_low(void *context)
{
	return sum_off(context, PLANT_SUM_LOW, -1);
}

/* C3: the item is there, but as something else, so that the sum is right. */
static bool no_training(void *context)
{
	const Scene *scene = context;
	Package *package = costed(scene, false);
	if (!package || !mean(scene, &package->mark, PLANT_NO_TRAINING))
		return false;
	package->no_training = true;
	return true;
}

/* Then the card prices it, as the judge will see. */
static bool uncosted(void *context)
{
	const Scene *scene = context;
	Package *package = costed(scene, false);
	if (!package || package->start < pb_april(1) || !mean(scene, &package->mark, PLANT_UNCOSTED))
		return false;
	package->costed = false;
	return true;
}

/* Each visit fails, so the package is cut down to a week. */
static bool unregistered(void *context)
{
	const Scene *scene = context;
	Package *package = fresh(scene);
	if (!package || scene->peter->firm.registered || package->block || package->child ||
		package->card->late || package->mark.plant)
		return false;
	/* Q1 alone: home care may have personal care in it. */
	package->home = package->personal = true;
	package->weeks = 1;
	package->mark.plant = PLANT_UNREGISTERED;
	return true;
}

/* Q2 is about the package, whoever delivers it. */
static bool personal_outside(void *context)
{
	const Scene *scene = context;
	Package *package = fresh(scene);
	if (!package || !scene->peter->firm.registered || package->home ||
		!mean(scene, &package->mark, PLANT_PERSONAL_OUTSIDE))
		return false;
	package->personal = true;
	return true;
}

/* B5: a block is for one postcode district, PE1. */
static bool block_far(void *context)
{
	const Scene *scene = context;
	Package *package = fresh(scene);
	if (!package || !package->block || !mean(scene, &package->mark, PLANT_BLOCK_FAR))
		return false;
	package->district = "PE2";
	return true;
}

/* L1: a district that was never allocated to anybody. */
static bool far_away(void *context)
{
	const Scene *scene = context;
	Package *package = fresh(scene);
	if (!package || package->block || !mean(scene, &package->mark, PLANT_FAR))
		return false;
	package->district = "PE9";
	return true;
}

/* L1 on the allocation's last day, which is that of the package's first. */
static bool allocated_day(void *context)
{
	const Scene *scene = context;
	Package *package = fresh(scene);
	if (!package || package->block || scene->peter->firm.allocated != CAL_NO_DAY ||
		!mean(scene, &package->mark, PLANT_ALLOCATED_DAY))
		return false;
	package->district = "PE7";
	/* Allocations belong to the firm, so there is one that ends for each. */
	scene->peter->firm.allocated = package->start;
	return true;
}

/* ---- cards ------------------------------------------------------------------------------- */

/* A second plant on one card could take back what the first did, since later rates follow from
 * earlier ones. */
static bool untouched(const Card *card)
{
	for (int i = 0; i < card->prices; i++)
		if (card->price[i].mark.plant)
			return false;
	return !card->year[0].plant && !card->year[1].plant;
}

/* Later rates follow from the first. */
static bool first_rate(const Scene *scene, int plant, Need need, int32_t rate)
{
	Card *card = scene->card;
	if (!card || card->need != need || !pb_in_window(scene->peter, card->price[0].start) ||
		!untouched(card) || !mean(scene, &card->price[0].mark, plant))
		return false;
	card->price[0].rate = rate;
	pb_reprice(card, 1);
	return true;
}

/* R6: a penny above the highest generic rate that was asked for. */
static bool dear(void *context)
{
	return first_rate(context, PLANT_DEAR, NEED_GENERIC, 2217);
}

/* And the highest single rate itself. */
static bool top(void *context)
{
	return first_rate(context, PLANT_TOP, NEED_SINGLE, 2702);
}

/* The generic card of the same age stands before the complex one. */
static bool cheap(const Scene *scene, int plant, int32_t by)
{
	Card *card = scene->card;
	const Card *generic = card ? card - 1 : NULL;
	if (!card || card->need != NEED_COMPLEX || !untouched(generic))
		return false;
	if (!first_rate(scene, plant, NEED_COMPLEX, generic->price[0].rate - by))
		return false;
	for (int i = 0; i < card->prices; i++)
		if (pb_in_window(scene->peter, card->price[i].start))
			also(scene, &card->price[i].mark, by ? VERDICT_FAIL : VERDICT_PASS, RULE_R5);
	return true;
}

/* R5: complex support may cost as much as generic, but not a penny less. Both are far below the
 * range that R6 wants. */
static bool cheap_complex(void *context)
{
	return cheap(context, PLANT_CHEAP_COMPLEX, 1);
}

/* As much as generic support is not below it; R6 has its own range. */
static bool equal_complex(void *context)
{
	return cheap(context, PLANT_EQUAL_COMPLEX, 0);
}

/* The rate of an April, 0 or 1; NULL where there is none, or something was planted on the card. */
static Price *april(const Scene *scene, int year)
{
	Card *card = scene->card;
	if (!card || !pb_in_window(scene->peter, pb_april(year)) || !untouched(card))
		return NULL;
	for (int i = 1; i < card->prices; i++)
		if (card->price[i].start == pb_april(year))
			return &card->price[i];
	return NULL;
}

/* Rates behind it are worked out again, so that the one uplift alone is wrong. */
static bool uplift_off(const Scene *scene, int plant, int year, int32_t rise)
{
	Price *price = april(scene, year);
	if (!price || !mean(scene, &price->mark, plant))
		return false;
	price->rate = price[-1].rate + rise;
	pb_reprice(scene->card, (int)(price - scene->card->price) + 1);
	return true;
}

/* U1 to the penny; the first April has a cap, the second has none. */
static bool uplift_high(void *context)
{
	const Scene *scene = context;
	Price *price = april(scene, 0);
	return price && uplift_off(scene, PLANT_UPLIFT_HIGH, 0, pb_uplift(price[-1].rate, 0) + 1);
}

/* In 2023, when there was no cap to be below. */
static bool uplift_low(void *context)
{
	const Scene *scene = context;
	Price *price = april(scene, 1);
	return price && uplift_off(scene, PLANT_UPLIFT_LOW, 1, pb_uplift(price[-1].rate, 1) - 1);
}

/* Not of a complex card: its packages would be above the ceiling. */
static bool uncapped(void *context)
{
	const Scene *scene = context;
	Price *price = april(scene, 0);
	return price && scene->card->need != NEED_COMPLEX &&
		uplift_off(scene, PLANT_UNCAPPED, 0, pb_formula(price[-1].rate, 0));
}

/* A rise of 70p when the cap is gone: what the provider would be owed. */
static bool capped(void *context)
{
	return uplift_off(context, PLANT_CAPPED, 1, 70);
}

/* The cap is the most that there may be, and may be reached. */
static bool at_cap(void *context)
{
	return uplift_off(context, PLANT_AT_CAP, 0, 70);
}

/* Rates stand in the order of their days. */
static void remove_price(Card *card, int at)
{
	card->prices--;
	memmove(&card->price[at], &card->price[at + 1], (size_t)(card->prices - at) * sizeof(Price));
}

/* Behind it every uplift is one of the new rate. */
static void insert_price(Card *card, int at, Price price)
{
	memmove(&card->price[at + 1], &card->price[at], (size_t)(card->prices - at) * sizeof(Price));
	card->price[at] = price;
	card->prices++;
}

/* The rate goes out of the list, and the next uplift is one of the rate before it. */
static bool no_uplift(void *context)
{
	const Scene *scene = context;
	Price *price = april(scene, 0);
	if (!price || !mean(scene, &scene->card->year[0], PLANT_NO_UPLIFT))
		return false;
	int at = (int)(price - scene->card->price);
	remove_price(scene->card, at);
	pb_reprice(scene->card, at);
	return true;
}

/* A change on 1 May, after an uplift as due. */
static bool may(const Scene *scene, int plant, int32_t by)
{
	Price *price = april(scene, 0);
	int32_t day = pb_april(0) + 30;
	if (!price || scene->card->need == NEED_COMPLEX ||
		!pb_in_window(scene->peter, day))
		return false;
	int at = (int)(price - scene->card->price) + 1;
	insert_price(scene->card, at, (Price){.no = pb_number(scene->peter, KEY_PRICE), .start = day,
		.rate = price->rate + by});
	pb_reprice(scene->card, at + 1);
	return mean(scene, &scene->card->price[at].mark, plant);
}

/* U2: up on another day than 1 April is none of the contract's; down is nobody's loss. */
static bool in_may(void *context)
{
	return may(context, PLANT_IN_MAY, 1);
}

/* A rise alone is forbidden. */
static bool down_in_may(void *context)
{
	return may(context, PLANT_DOWN_IN_MAY, -1);
}

/* Of the two rates of one day the one with the later key comes second. */
static bool twice(void *context)
{
	const Scene *scene = context;
	Card *card = scene->card;
	if (!card || card->need != NEED_SINGLE || card->late || card->price[0].mark.plant ||
		card->prices >= PRICES_MOST || !pb_in_window(scene->peter, card->price[0].start))
		return false;
	char one[KEY_TEXT], other[KEY_TEXT];
	Price second = {.no = pb_number(scene->peter, KEY_PRICE), .start = card->price[0].start,
		.rate = card->price[0].rate};
	tables_key(scene->peter->grow->county, one, KEY_PRICE, card->price[0].no);
	tables_key(scene->peter->grow->county, other, KEY_PRICE, second.no);
	/* R7 is told of the second of the two, in the order that the audit reads them in. */
	insert_price(card, strcmp(one, other) < 0, second);
	return mean(scene, &card->price[1].mark, PLANT_TWICE);
}

/* Only of the card that one package has alone. */
static bool late_price(void *context)
{
	const Scene *scene = context;
	const Firm *firm = &scene->peter->firm;
	Card *card = scene->card;
	if (!card || card != &firm->card[firm->cards - 1] || !untouched(card))
		return false;
	/* R2: the first visit of its package comes a day before there is a rate. */
	card->price[0].start++;
	return card->late = true;
}

/* ---- absences, before there are visits --------------------------------------------------- */

static Absence *absence_of(const Scene *scene)
{
	Absence *absence = scene->absence;
	return absence && !absence->mark.plant && pb_in_window(scene->peter, absence->first) ? absence
											      : NULL;
}

/* One under the law of 2023, which pays. */
static Absence *paid(const Scene *scene)
{
	Absence *absence = absence_of(scene);
	return absence && absence->retainers ? absence : NULL;
}

static bool absence_off(const Scene *scene, int plant, int32_t by)
{
	Absence *absence = paid(scene);
	if (!absence || !mean(scene, &absence->mark, plant))
		return false;
	absence->retainer[0].amount += by;
	return true;
}

/* A1 to the penny either way; the retainers of one absence count together. */
static bool absence_high(void *context)
{
	return absence_off(context, PLANT_ABSENCE_HIGH, 1);
}

/* What is missing is the provider's. */
static bool absence_low(void *context)
{
	return absence_off(context, PLANT_ABSENCE_LOW, -1);
}

/* A day of a stay that began before April 2023, at some rate. */
static bool old_law(void *context)
{
	const Scene *scene = context;
	Absence *absence = absence_of(scene);
	if (!absence || absence->retainers || !mean(scene, &absence->mark, PLANT_OLD_LAW))
		return false;
	/* A1: before April 2023 nothing is due for an absence, so all that was paid is too much. */
	absence->retainer[absence->retainers++] = (Retainer){
		.no = pb_number(scene->peter, KEY_RETAINER), .first = absence->first,
		.last = absence->first, .amount = 2500};
	return true;
}

/* The person stays away; a second retainer is paid through so many days. */
static bool stays_away(const Scene *scene, int plant, int32_t days)
{
	Absence *absence = paid(scene);
	if (!absence)
		return false;
	if (absence->retainers < 2)
		absence->retainer[1].no = pb_number(scene->peter, KEY_RETAINER);
	absence->retainers = 2;
	/* Nobody knows how long the absence will be, so A1 and A3 wait; A2 does not. */
	absence->mark.plant = PLANT_NOTHING;
	absence->last = CAL_NO_DAY;
	Retainer *retainer = &absence->retainer[1];
	retainer->first = absence->first + FULL_DAYS;
	retainer->last = absence->first + days - 1;
	retainer->amount = 500 * (days - FULL_DAYS);
	absence->retainer[0].last = absence->first + FULL_DAYS - 1;
	return mean(scene, &retainer->mark, plant);
}

/* A2: fourteen days in full and twenty-eight at half make forty-two; the forty-third is paid for
 * nothing. */
static bool beyond(void *context)
{
	return stays_away(context, PLANT_BEYOND, FULL_DAYS + KEPT_DAYS + 1);
}

/* The forty-second day is still paid for. */
static bool last_kept(void *context)
{
	return stays_away(context, PLANT_LAST_KEPT, FULL_DAYS + KEPT_DAYS);
}

/* Care begins again on the day, or never. A stay of one day has a visit on it anyhow. */
static bool comes_back(const Scene *scene, int plant, int32_t day)
{
	Absence *absence = paid(scene);
	if (!absence || absence->last == absence->first ||
		!pb_in_window(scene->peter, absence->last) ||
		absence->last + 7 > scene->package->end || !mean(scene, &absence->mark, plant))
		return false;
	/* Visits are made later, and begin again from this day on. */
	absence->back = day;
	return true;
}

/* A3: what was paid to keep a place is lost when nobody comes back to it. */
static bool gone(void *context)
{
	return comes_back(context, PLANT_GONE, INT32_MAX);
}

/* Seven days after the absence are in time. */
static bool back_late(void *context)
{
	const Scene *scene = context;
	return scene->absence && comes_back(scene, PLANT_BACK_LATE, scene->absence->last + 7);
}

/* The visit itself, with its mark, is made later. */
static bool inside(void *context)
{
	const Scene *scene = context;
	Absence *absence = absence_of(scene);
	if (!absence || absence->last - absence->first < 2 ||
		!pb_in_window(scene->peter, absence->first + 1))
		return false;
	absence->mark.plant = PLANT_INSIDE;
	return absence->inside = true;
}

/* A visit on the first day is there anyway: the mark goes on it when it is made. */
static bool leaving(void *context)
{
	const Scene *scene = context;
	Absence *absence = absence_of(scene);
	if (!absence)
		return false;
	absence->mark.plant = PLANT_LEAVING;
	return true;
}

/* A5 at both ends: a retainer is for days of the absence. What is paid stays, so that A1 is
 * content. */
static bool early_kept(void *context)
{
	const Scene *scene = context;
	Absence *absence = paid(scene);
	if (!absence || !mean(scene, &absence->retainer[0].mark, PLANT_EARLY_KEPT))
		return false;
	/* Earlier by a day, for the same sum. */
	absence->retainer[0].first--;
	return true;
}

/* The day behind the last one. */
static bool late_kept(void *context)
{
	const Scene *scene = context;
	Absence *absence = paid(scene);
	if (!absence || !mean(scene, &absence->retainer[absence->retainers - 1].mark, PLANT_LATE_KEPT))
		return false;
	absence->retainer[absence->retainers - 1].last = absence->last + 1;
	return true;
}

/* ---- endings ----------------------------------------------------------------------------- */

/* So many days of notice, with what is due for them. */
static bool noticed(const Scene *scene, int plant, Giver giver, int32_t days)
{
	Ending *ending = scene->ending;
	if (!ending || !pb_in_window(scene->peter, ending->last - days) ||
		!mean(scene, &ending->mark, plant))
		return false;
	ending->giver = giver;
	ending->given = ending->last - days;
	/* Right for the notice that was given; a plant may change it after that. */
	ending->lieu = pb_lieu_due(scene->package);
	return true;
}

/* N1: twenty-eight days from a provider, and one less is too few. */
static bool short_notice(void *context)
{
	return noticed(context, PLANT_SHORT_NOTICE, BY_PROVIDER, NOTICE_DAYS - 1);
}

/* The twenty-eighth day is the package's last. */
static bool full_notice(void *context)
{
	return noticed(context, PLANT_FULL_NOTICE, BY_PROVIDER, NOTICE_DAYS);
}

/* N2: ten days of notice are missing, and nothing was paid for them. */
static bool lieu_unpaid(void *context)
{
	const Scene *scene = context;
	if (!noticed(scene, PLANT_LIEU_UNPAID, BY_COUNCIL, NOTICE_DAYS - 10))
		return false;
	scene->ending->lieu = 0;
	return true;
}

/* One day is missing, and paid for with a penny too much. */
static bool lieu_high(void *context)
{
	const Scene *scene = context;
	if (!noticed(scene, PLANT_LIEU_HIGH, BY_COUNCIL, NOTICE_DAYS - 1))
		return false;
	scene->ending->lieu++;
	return true;
}

/* The sum is blank, which is not nought. */
static bool lieu_unknown(void *context)
{
	const Scene *scene = context;
	return noticed(scene, PLANT_LIEU_UNKNOWN, BY_PERSON, NOTICE_DAYS) &&
		(scene->ending->unknown = true);
}

/* ---- payments of a block ----------------------------------------------------------------- */

/* A payment of which nothing is wrong yet, in a week of which nothing is. */
static Payment *payment_of(const Scene *scene)
{
	Payment *payment = scene->payment;
	Block *block = &scene->peter->firm.block;
	return payment && !payment->mark.plant && pb_in_window(scene->peter, payment->week) &&
			!block->week[(payment->week - block->start) / 7].plant
		? payment : NULL;
}

/* B1: the guarantee, or what was used beyond it, to the penny. */
static bool pay_high(void *context)
{
	const Scene *scene = context;
	Payment *payment = payment_of(scene);
	if (!payment || !mean(scene, &payment->mark, PLANT_PAY_HIGH))
		return false;
	payment->amount++;
	return true;
}

/* A week with less used than guaranteed, paid by what was used. */
static bool pay_low(void *context)
{
	const Scene *scene = context;
	const Firm *firm = &scene->peter->firm;
	Payment *payment = payment_of(scene);
	if (!payment || pb_used(firm, payment->week) >= firm->block.weekly ||
		!mean(scene, &payment->mark, PLANT_PAY_LOW))
		return false;
	payment->amount = (int32_t)grow_nearest(
		(int64_t)firm->block.rate * pb_used(firm, payment->week), 60);
	return true;
}

/* That there was a payment is known: B2 is content. */
static bool pay_unknown(void *context)
{
	const Scene *scene = context;
	Payment *payment = payment_of(scene);
	if (!payment || !mean(scene, &payment->mark, PLANT_PAY_UNKNOWN))
		return false;
	return payment->unknown = true;
}

/* B2: the row is gone, so it is the week that the finding is about. */
static bool unpaid(void *context)
{
	const Scene *scene = context;
	Block *block = &scene->peter->firm.block;
	Payment *payment = payment_of(scene);
	if (!payment || !mean(scene, &block->week[(payment->week - block->start) / 7], PLANT_UNPAID))
		return false;
	/* The last payment takes its place: their order says nothing. */
	*payment = block->payment[--block->payments];
	return true;
}

/* Each of the two payments is right for B1; together they are one too many. */
static bool paid_twice(void *context)
{
	const Scene *scene = context;
	Block *block = &scene->peter->firm.block;
	Payment *payment = payment_of(scene);
	if (!payment || block->payments > BLOCK_WEEKS_MOST ||
		!mean(scene, &block->week[(payment->week - block->start) / 7], PLANT_PAID_TWICE))
		return false;
	block->payment[block->payments] = *payment;
	/* The same week and the same sum under a number of its own. */
	block->payment[block->payments++].no = pb_number(scene->peter, KEY_PAYMENT);
	return true;
}

const GrowKind peterborough_kinds[PLANT_COUNT] = {PETERBOROUGH_PLANTS(GROW_KIND)};
