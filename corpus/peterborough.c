/*
 * Makes clean firms, one after the other, and has them planted in, judged and written. Cards and
 * absences are planted in before there are visits, since the visits follow from them.
 */
#include "corpus/peterborough.h"

#include <string.h>

#include "corpus/peterborough_firm.h"

#define FIRST_DAY 18995 /* 3 January 2022, a Monday */
#define USUAL_WEEKS 100
#define NIGHT_START (22 * 60 + 30)
#define DAY_START (8 * 60 + 30)

/* What keys begin with and how many digits they have, in the order of the kinds in
 * peterborough_firm.h. */
static const KeyShape own_keys[] = {{"DPS", 4}, {"RC", 4}, {"RP", 5}, {"CO", 5}, {"BL", 4},
	{"BP", 6}, {"BR", 5}, {"AB", 5}, {"RT", 5}, {"EN", 5}, {"TR", 5}, {"W", 5}, {"AL", 5},
	{"T", 4}};

/* Each kind of key counts by itself, through all firms. */
uint64_t pb_number(Peter *peter, int kind)
{
	return ++peter->given[kind];
}

/* A plant in something rare gets a draw of its own, beside the pace of the county. */
static bool rare(const Peter *peter, Rng *rng, uint32_t permille)
{
	return rng_permille(rng, permille) && peter->grow->share > 0;
}

/* ---- cards ------------------------------------------------------------------------------- */

/* Rates from one on follow from those before them: uplifts as due, changes in May as they were. */
void pb_reprice(Card *card, int from)
{
	for (int i = from; i < card->prices; i++)
		for (int year = 0; year < 2; year++)
			if (i && card->price[i].start == pb_april(year))
				card->price[i].rate = card->price[i - 1].rate +
					pb_uplift(card->price[i - 1].rate, year);
}

/* Eight of fifteen answers priced nights apart, and as many bank holidays: hence 533 in a
 * thousand. */
static Card *add_card(Peter *peter, Need need, Age age, int32_t start, int32_t rate, Rng *rng)
{
	Firm *firm = &peter->firm;
	Card *card = &firm->card[firm->cards++];
	*card = (Card){.no = pb_number(peter, KEY_CARD), .need = need, .age = age, .start = start,
		.night = rng_permille(rng, 533), .holiday = rng_permille(rng, 533),
		.apart = rng_permille(rng, 600)};
	card->price[card->prices++] = (Price){.no = pb_number(peter, KEY_PRICE), .start = start,
		.rate = rate};
	for (int year = 0; year < 2; year++)
		/* A card that begins on 1 April has no uplift that day: the first rate is already of the
		 * new year. */
		if (start < pb_april(year))
			card->price[card->prices++] = (Price){
				.no = pb_number(peter, KEY_PRICE), .start = pb_april(year)};
	pb_reprice(card, 1);
	return card;
}

/* Complex rates stay under the ceiling after the capped uplift. */
static int32_t first_rate_of(Need need, Rng *rng)
{
	switch (need) {
	/* Within the ranges of the market test: R6 finds only what is planted. */
	case NEED_GENERIC: return rng_between(rng, 1871, 2216);
	case NEED_COMPLEX: return rng_between(rng, 2517, 2529);
	case NEED_SINGLE: break;
	}
	return rng_between(rng, 1795, 2520);
}

/* Nights and bank holidays are priced apart on all cards of a firm, or on none. */
static void add_pair(Peter *peter, Age age, Rng *rng)
{
	Firm *firm = &peter->firm;
	for (Need need = NEED_GENERIC; need <= NEED_COMPLEX; need++) {
		Card *card = add_card(peter, need, age, firm->start, first_rate_of(need, rng), rng);
		card->night = firm->card[0].night;
		card->holiday = firm->card[0].holiday;
	}
}

/* One rate for all, two by need, or four by need and age; then the card of the odd package. */
static void make_cards(Peter *peter, Rng *rng)
{
	Firm *firm = &peter->firm;
	uint32_t kind = rng_below(rng, 5);
	if (kind < 2) {
		add_card(peter, NEED_SINGLE, AGE_ALL, firm->start, first_rate_of(NEED_SINGLE, rng), rng);
	} else if (kind == 2) {
		add_pair(peter, AGE_ALL, rng);
	} else {
		add_pair(peter, AGE_ADULT, rng);
		add_pair(peter, AGE_CHILD, rng);
	}
	add_card(peter, NEED_SINGLE, AGE_ALL, firm->package[ODD].start,
		first_rate_of(NEED_SINGLE, rng), rng);
	/* Cards are few, so each has a draw of its own. */
	for (int i = 0; i < firm->cards; i++)
		if (rare(peter, rng, 250))
			grow_plant(peter->grow, &(Scene){.peter = peter, .card = &firm->card[i]});
}

/* ---- packages ---------------------------------------------------------------------------- */

/* Weeks of packages are calendar weeks, as F2 counts them. */
static int32_t monday_between(Rng *rng, int32_t from, int32_t to)
{
	return from + 7 * rng_between(rng, 0, to > from ? (to - from) / 7 : 0);
}

/* The last Monday on which a package may begin that is not to reach beyond the end. */
static int32_t last_start(const Peter *peter)
{
	int32_t last = grow_last_day(peter->grow) + 1 - 7 * WEEKS_MOST;
	return last > peter->firm.start ? last : peter->firm.start;
}

/* The first package begins with the firm, so that it is set up in time. Those of the block lie
 * within its weeks. */
static void make_times(Peter *peter, Rng *rng)
{
	Firm *firm = &peter->firm;
	const Block *block = &firm->block;
	for (int i = 0; i < PACKAGES; i++) {
		Package *package = &firm->package[i];
		/* The block's packages stand before the odd one, the last. */
		package->block = block->no && i >= ODD - BLOCK_PACKAGES && i < ODD;
		package->weeks = rng_between(rng, 3, package->block ? 6 : WEEKS_MOST);
		package->start = package->block
			? monday_between(rng, block->start, block->end - 7 * package->weeks)
			: monday_between(rng, firm->start, last_start(peter));
	}
	firm->package[0].start = firm->start;
	firm->packages = PACKAGES;
}

/* Before April 2023 the four items stay below the ceiling for complex packages: 21.50 and at most
 * 1.50, 1.50 and 0.80. */
static void make_costing(Peter *peter, Package *package, Rng *rng)
{
	/* The amendment of April 2023 asks for a costing, and has no ceiling. */
	bool late = package->start >= pb_april(1);
	package->cost[0] = late ? rng_between(rng, 2200, 2700) : 2150;
	package->cost[1] = rng_between(rng, 100, 150);
	package->cost[2] = rng_between(rng, 80, 150);
	package->cost[3] = rng_between(rng, 50, 80);
	package->rate = 0;
	for (int i = 0; i < 4; i++) {
		package->costing[i] = pb_number(peter, KEY_COSTING);
		package->rate += package->cost[i];
	}
}

/* A complex package is costed by itself from April 2023 on, and always where its card has one
 * rate for all needs: that rate, lifted in April, could exceed the ceiling. */
static void make_need(Peter *peter, Package *package, bool odd, Rng *rng)
{
	Firm *firm = &peter->firm;
	bool late = package->start >= pb_april(1);
	int last = firm->cards - 1;
	package->card = &firm->card[odd ? last : rng_between(rng, 0, last - 1)];
	Need need = package->card->need;
	package->complex = need == NEED_COMPLEX ||
		(need == NEED_SINGLE && !odd && rng_permille(rng, 250));
	package->costed = package->complex && !package->block &&
		(late || need == NEED_SINGLE || rng_permille(rng, 400));
	/* A card for one age is given to people of that age; R4 is broken by birthdays alone. */
	package->child = package->card->age == AGE_ALL ? rng_permille(rng, 400)
						       : package->card->age == AGE_CHILD;
	/* Nobody comes of age within a clean package. */
	package->born = pb_years_on(package->start - rng_between(rng, 0, 300),
		package->child ? -rng_between(rng, 4, 15) : -rng_between(rng, 20, 90));
	if (package->costed)
		make_costing(peter, package, rng);
	else
		package->rate = package->card->price[0].rate;
}

/* Plants come before the end and the awarded rate are worked out, which follow from them. */
static void make_package(Peter *peter, Package *package, Rng *rng)
{
	const Firm *firm = &peter->firm;
	bool odd = package == &firm->package[ODD];
	package->no = pb_number(peter, KEY_PROVISION);
	make_need(peter, package, odd, rng);
	package->home = firm->registered && rng_permille(rng, 800);
	package->personal = package->home && rng_permille(rng, 800);
	package->night = package->card->night && rng_permille(rng, 350);
	package->length = 15 * rng_between(rng, 2, 8);
	package->weekly = 7 * package->length;
	package->district = package->block || rng_permille(rng, 500) ? "PE1" : "PE2";
	if (rare(peter, rng, 250))
		grow_plant(peter->grow, &(Scene){.peter = peter, .package = package});
	package->end = package->start + 7 * package->weeks - 1;
	int32_t on_card = pb_on_card(package->card, package->start);
	/* What was awarded is what the card says on the first day. */
	if (!package->costed && on_card > 0)
		package->rate = on_card;
}

/* ---- absences and endings ---------------------------------------------------------------- */

/* No retainer for no days: under the old contract there is none at all. */
static void retain(Peter *peter, Absence *absence, int32_t first, int32_t days, int32_t amount)
{
	if (days > 0)
		absence->retainer[absence->retainers++] = (Retainer){
			.no = pb_number(peter, KEY_RETAINER), .first = first,
			.last = first + days - 1, .amount = amount};
}

/* It ends a week before the package, so that care can start again in time: two retainers, of
 * the days in full and of those that follow, add up to what is due to the penny. */
static void make_absence(Peter *peter, Package *package, Rng *rng)
{
	/* Around the fourteen days that are paid in full, at their edge, and well within the twenty-
	 * eight that follow. */
	static const int32_t lengths[] = {1, 2, 4, 10, 13, 14, 15, 20, 28};
	Absence *absence = &package->absence;
	int32_t away = lengths[rng_below(rng, 9)], room = 7 * package->weeks - 8 - away;
	/* Room for the whole absence, a day at home before it and a week behind it. */
	if (package->block || room < 1 || !rng_permille(rng, 500))
		return;
	absence->no = pb_number(peter, KEY_ABSENCE);
	absence->first = package->start + rng_between(rng, 1, room);
	absence->last = absence->first + away - 1;
	int32_t full = pb_full(absence->first, away), due = pb_absence_due(package);
	int64_t week = (int64_t)pb_basis(package, absence->first) * package->weekly;
	/* The second retainer takes what the first one's rounding left. */
	int32_t first = (int32_t)grow_nearest(week * full, 7 * 60);
	retain(peter, absence, absence->first, full, first);
	retain(peter, absence, absence->first + full, pb_kept(absence->first, away), due - first);
	if (rare(peter, rng, 350))
		grow_plant(peter->grow, &(Scene){.peter = peter, .package = package,
			.absence = absence});
}

/* A package ends with its last week. Provider's notice is always long enough; the council's and the
 * person's may be short, and what the council then owes is paid. */
static void make_ending(Peter *peter, Package *package, Rng *rng)
{
	Ending *ending = &package->ending;
	/* Where the last day has no rate nobody could say what is due for notice. */
	if (package->block || pb_basis(package, package->end) < 0 || !rng_permille(rng, 250))
		return;
	*ending = (Ending){.no = pb_number(peter, KEY_ENDING), .giver = (Giver)rng_below(rng, 3),
		.last = package->end, .given = package->end - NOTICE_DAYS - rng_between(rng, 0, 9)};
	/* Up to twenty days too short, or still long enough. */
	if (ending->giver != BY_PROVIDER)
		ending->given += rng_between(rng, 0, 20);
	ending->lieu = pb_lieu_due(package);
	if (rare(peter, rng, 350))
		grow_plant(peter->grow, &(Scene){.peter = peter, .package = package,
			.ending = ending});
}

/* ---- visits ------------------------------------------------------------------------------ */

/* Days on which the person is at home, or on which care was declared all the same. */
static bool cared_for(const Package *package, int32_t day)
{
	const Absence *absence = &package->absence;
	if (!absence->no || day <= absence->first || (absence->inside && day == absence->first + 1))
		return true;
	/* Who has not come back is not visited. */
	if (absence->last == CAL_NO_DAY || day < absence->last)
		return false;
	return day >= absence->back;
}

/* What earlier plants of package, card and absence make of a visit. */
static void mark_visit(Peter *peter, const Package *package, Visit *visit)
{
	const Absence *absence = &package->absence;
	if (!pb_in_window(peter, visit->day))
		return;
	if (package->mark.plant == PLANT_UNREGISTERED) {
		grow_mean(peter->grow, &visit->mark, PLANT_UNREGISTERED);
	} else if (absence->no && absence->inside && visit->day == absence->first + 1) {
		grow_mean(peter->grow, &visit->mark, PLANT_INSIDE);
	} else if (absence->mark.plant == PLANT_LEAVING && visit->day == absence->first) {
		grow_mean(peter->grow, &visit->mark, PLANT_LEAVING);
	}
	/* The card's first rate was put off by a day: the visit before it has none. */
	if (!package->block && !package->costed && package->card->late &&
		visit->day < package->card->price[0].start) {
		grow_mean(peter->grow, &visit->mark, PLANT_LATE_PRICE);
		grow_mean_also(peter->grow, &visit->mark, VERDICT_UNSURE, RULE_R1);
	}
}

/* A visit before the first rate of its card is claimed at the awarded rate. Logs are kept where a
 * child has personal care, for the training of the carer; the others would say nothing. */
static void add_visit(Peter *peter, Package *package, int32_t day, Rng *rng)
{
	Visit *visit = &package->visit[package->visits++];
	*visit = (Visit){.no = pb_number(peter, KEY_VISIT), .day = day,
		.start = package->night ? NIGHT_START : DAY_START, .planned = package->length,
		.declared = package->length, .tenths = rng_between(rng, 0, 120),
		.travel = rng_between(rng, 5, 25)};
	if (!package->block) {
		/* Visits of a block have no rate: it is paid by the week. */
		int32_t due = pb_rate_due(package, visit);
		visit->rate = due > 0 ? due : package->rate;
		visit->mileage = pb_mileage_due(package, visit);
		visit->travel_pay = pb_travel_due(package, visit);
	}
	mark_visit(peter, package, visit);
	/* Registered firms alone: the personal care of others is a plant. */
	if (package->child && package->personal && peter->firm.registered) {
		visit->log = pb_number(peter, KEY_LOG);
		visit->carer = peter->firm.carer;
	}
}

/* One visit a day. The last of a package gets a draw of its own: some plants can be made of no
 * other. */
static void make_visits(Peter *peter, Package *package, Rng *rng)
{
	for (int w = 0; w < package->weeks; w++)
		package->week[w] = (Week){.monday = package->start + 7 * w};
	for (int32_t day = package->start; day <= package->end; day++)
		if (cared_for(package, day))
			add_visit(peter, package, day, rng);
	for (int i = 0; i < package->visits; i++)
		if (grow_sows(peter->grow, rng) ||
			(i == package->visits - 1 && rare(peter, rng, 150)))
			grow_plant(peter->grow, &(Scene){.peter = peter, .package = package,
				.visit = &package->visit[i]});
	if (package->child && package->personal)
		package->training = pb_number(peter, KEY_TRAINING);
}

/* ---- the block --------------------------------------------------------------------------- */

/* Some firms have one block contract, of whole weeks that lie in the window. */
static void make_block(Peter *peter, Rng *rng)
{
	Block *block = &peter->firm.block;
	int32_t weeks = rng_between(rng, 8, BLOCK_WEEKS_MOST);
	/* A block lies in the window as a whole, so that no week of it is half seen. */
	int32_t last = grow_last_day(peter->grow) + 1 - 7 * weeks;
	if (!rng_permille(rng, 600) || last < peter->firm.start)
		return;
	block->no = pb_number(peter, KEY_BLOCK);
	block->start = monday_between(rng, peter->firm.start, last);
	block->end = block->start + 7 * weeks - 1;
	block->weekly = 60 * rng_between(rng, 6, 14);
	block->rate = rng_between(rng, 1850, 2300);
}

/* In each quarter that the block touches, also where the block has not begun or is over. */
static void make_reviews(Peter *peter, Rng *rng)
{
	Block *block = &peter->firm.block;
	for (int q = 0; q < QUARTERS; q++)
		block->review[q] = CAL_NO_DAY;
	for (int q = pb_quarter(block->start); q <= pb_quarter(block->end); q++) {
		int32_t last = pb_quarter_first(q + 1) - 1;
		/* Only quarters that B6 will look at. */
		bool planted = rare(peter, rng, 200) && pb_in_window(peter, last);
		block->review[q] = pb_quarter_first(q) + rng_between(rng, 0, 80);
		block->reviews[q] = pb_number(peter, KEY_REVIEW);
		if (!planted)
			continue;
		bool none = rng_permille(rng, 600);
		block->review[q] = none ? CAL_NO_DAY : last;
		grow_mean(peter->grow, &block->quarter[q],
			none ? PLANT_UNREVIEWED : PLANT_REVIEWED_LAST);
	}
}

/* After all visits are what they are. */
static void make_payments(Peter *peter, Rng *rng)
{
	Block *block = &peter->firm.block;
	for (int32_t monday = block->start; monday < block->end; monday += 7)
		block->payment[block->payments++] = (Payment){
			.no = pb_number(peter, KEY_PAYMENT), .week = monday,
			.amount = pb_block_due(&peter->firm, monday)};
	/* Backwards, since a plant may take a payment away. */
	for (int i = block->payments; i-- > 0;)
		if (rare(peter, rng, 60))
			grow_plant(peter->grow, &(Scene){.peter = peter,
				.payment = &block->payment[i]});
}

/* ---- the firm ---------------------------------------------------------------------------- */

/* In the order in which they joined, unless something is planted in the last. */
static void make_waiters(Peter *peter, Rng *rng)
{
	Firm *firm = &peter->firm;
	/* Early enough that half a year later is mostly within the window. */
	int32_t joined = peter->grow->options->from + rng_between(rng, 0, 250);
	for (int i = 0; i < WAITERS; i++)
		firm->waiter[i] = (Waiter){.no = pb_number(peter, KEY_WAITING),
			.joined = joined + 10 * i, .started = joined + 30 + 20 * i};
	firm->waiters = WAITERS;
	Waiter *waiter = &firm->waiter[WAITERS - 1];
	int32_t by = pb_months_on(waiter->joined, 6);
	uint32_t what = rng_below(rng, 5);
	if (!rare(peter, rng, 300) || !pb_in_window(peter, by + 1))
		return;
	static const int plants[] = {PLANT_LONG_WAIT, PLANT_STILL_WAITS, PLANT_SIX_MONTHS,
		PLANT_JUMPED, PLANT_URGENT};
	/* A day beyond six months, not yet, six months to the day, and twice before the one in
	 * front. */
	const int32_t started[] = {by + 1, CAL_NO_DAY, by, waiter[-1].started - 1,
		waiter[-1].started - 1};
	waiter->started = started[what];
	waiter->urgent = plants[what] == PLANT_URGENT;
	grow_mean(peter->grow, &waiter->mark, plants[what]);
}

/* The firm leaves around the start of its last package by the hour: only this began too late. */
static void leave(Peter *peter, Rng *rng)
{
	Firm *firm = &peter->firm;
	Package *last = NULL;
	bool alone = true;
	for (int i = 0; i < firm->packages; i++) {
		Package *package = &firm->package[i];
		if (package->block)
			continue;
		if (!last || package->start > last->start) {
			last = package;
			alone = true;
		} else if (package->start == last->start) {
			alone = false;
		}
	}
	/* F3 on both sides: left the day before the package began, or on that day. */
	bool early = rng_permille(rng, 600);
	if (alone && last->start > firm->start && !last->mark.plant &&
		pb_in_window(peter, last->start) &&
		grow_mean(peter->grow, &last->mark, early ? PLANT_LEFT_EARLY : PLANT_LEFT_DAY))
		firm->left = last->start - early;
}

/* Joined so that the six months to set up end with the first package, or somewhat later. */
static void join(Peter *peter, Rng *rng)
{
	Firm *firm = &peter->firm;
	bool just = rare(peter, rng, 150);
	int32_t by = firm->start + (just ? 0 : rng_between(rng, 1, 20));
	int32_t joined = pb_months_on(by, -SET_UP_MONTHS);
	/* Six months back and forth do not meet at the ends of months: then the day is no boundary. */
	if (pb_months_on(joined, SET_UP_MONTHS) != by)
		joined -= 5;
	else if (just && pb_in_window(peter, by))
		grow_mean(peter->grow, &firm->member, PLANT_SET_UP_DAY);
	firm->joined = joined;
	if (pb_months_on(joined, SET_UP_MONTHS) < firm->start)
		firm->joined = joined + 5;
}

/* Blocks and the times of packages come before the cards: the odd package's card begins with it. */
static void make_firm(Peter *peter)
{
	const GrowOptions *options = peter->grow->options;
	Firm *firm = &peter->firm;
	memset(firm, 0, sizeof *firm);
	firm->no = pb_number(peter, KEY_PROVIDER);
	Rng rng = rng_for(options->seed, STREAM_PROVIDER, firm->no, 0);
	firm->carer = pb_number(peter, KEY_CARER);
	/* The second carer, who is trained for nobody. */
	pb_number(peter, KEY_CARER);
	firm->registered = rng_permille(&rng, 850);
	firm->left = firm->allocated = CAL_NO_DAY;
	/* Not all on one day; in a short run there is no time for that. */
	firm->start = options->from + 7 * rng_between(&rng, 0, options->weeks > 20 ? 8 : 0);
	make_block(peter, &rng);
	make_times(peter, &rng);
	make_cards(peter, &rng);
	join(peter, &rng);
	for (int i = 0; i < firm->packages; i++) {
		Package *package = &firm->package[i];
		make_package(peter, package, &rng);
		make_absence(peter, package, &rng);
		make_ending(peter, package, &rng);
		make_visits(peter, package, &rng);
	}
	if (rare(peter, &rng, 200))
		leave(peter, &rng);
	if (firm->block.no) {
		make_payments(peter, &rng);
		make_reviews(peter, &rng);
	}
	make_waiters(peter, &rng);
}

/* One that joined and never delivered. */
static void make_idle(Peter *peter)
{
	Firm *firm = &peter->firm;
	memset(firm, 0, sizeof *firm);
	firm->no = pb_number(peter, KEY_PROVIDER);
	firm->carer = pb_number(peter, KEY_CARER);
	pb_number(peter, KEY_CARER);
	firm->left = firm->allocated = CAL_NO_DAY;
	firm->joined = pb_months_on(peter->grow->options->from, -3);
	if (pb_in_window(peter, pb_months_on(firm->joined, SET_UP_MONTHS)))
		grow_mean(peter->grow, &firm->member, PLANT_IDLE);
}

static void grow_peterborough(Grow *grow)
{
	/* Too large for a stack; there is one county in a process. */
	static Peter peter;
	memset(&peter, 0, sizeof peter);
	peter.grow = grow;
	pb_tables(&peter);
	while (grow_on(grow, peter.given[KEY_VISIT])) {
		make_firm(&peter);
		pb_judge(&peter);
		pb_figures(&peter);
		pb_write(&peter);
		/* F4 needs a firm that does nothing at all. */
		Rng rng = rng_for(grow->options->seed, STREAM_PERIOD, peter.firm.no, 0);
		if (!rare(&peter, &rng, 120))
			continue;
		make_idle(&peter);
		pb_judge(&peter);
		pb_write(&peter);
	}
	pb_answers(&peter);
}

static const char *const contracts[] = {
	"peterborough/home-and-community-support", "peterborough/market-test"};
static const char *const schemas[] = {"lib/homecare", "peterborough/peterborough", NULL};
static const char *const rules[] = {PETERBOROUGH_RULES(GROW_RULE_ID)};

const Council peterborough_council = {.name = "peterborough", .contracts = contracts,
	.schemas = schemas, .rules = rules, .kinds = peterborough_kinds, .kind_count = PLANT_COUNT,
	.own_keys = own_keys, .own_kinds = sizeof own_keys / sizeof *own_keys, .from = FIRST_DAY,
	.weeks = USUAL_WEEKS, .grow = grow_peterborough};
