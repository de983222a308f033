/*
 * Each figure is a pair of whole numbers that is filled by one pass over the rows. Quarters are
 * told whose last day is in the run, as that is the day on which a quarter's figure stands;
 * shares of a position stand on its own day.
 */
#include "corpus/london_figures.h"

#include <stdio.h>
#include <stdlib.h>

#include "corpus/london_judge.h"

#define KEYS_TEXT 96
#define PER_HOUR 360000 /* pence an hour in a pound a second */

/* What a figure is held against; target and fails in percent. */
typedef struct Lines {
	uint32_t target, fails, needs;
	bool more; /* more is better */
} Lines;

/* ---- telling --------------------------------------------------------------------------------- */

/* Calendar quarters, by their first day. */
static int32_t quarter_of(int32_t day)
{
	int year, month, date;
	cal_civil(day, &year, &month, &date);
	return cal_day(year, (month - 1) / 3 * 3 + 1, 1);
}

/* No quarter is longer than 92 days nor shorter than 90, so 95 days on is the next one. */
static int32_t next_quarter(int32_t first)
{
	return quarter_of(first + 95);
}

/* Whether the quarter's last day is one of the run, and of the contract. */
static bool told(const London *london, int contract, int32_t quarter)
{
	return london_seen(london, contract, next_quarter(quarter) - 1);
}

/* Without lines it is a measure. Whole numbers on both sides; without a failure line nothing
 * fails. */
static const char *status(const Lines *lines, uint64_t part, uint64_t whole, uint64_t rows)
{
	if (!lines)
		return "";
	/* Nothing to divide by is as little evidence as too few rows. */
	if (rows < lines->needs || !whole)
		return "insufficient evidence";
	uint64_t share = part * 100, target = lines->target * whole, fails = lines->fails * whole;
	if (lines->fails && (lines->more ? share < fails : share > fails))
		return "failed";
	return (lines->more ? share >= target : share <= target) ? "met" : "watch";
}

/* A figure of one subject in one quarter, or of a quarter alone. */
static void tell(const London *london, int contract, const char *measure, const char *subject,
	int32_t quarter, uint64_t part, uint64_t whole, const char *verdict)
{
	char keys[KEYS_TEXT], day[CAL_DAY_TEXT];
	cal_print_day(day, quarter);
	snprintf(keys, sizeof keys, "%s%s%s", subject ? subject : "", subject ? "\x1f" : "", day);
	grow_figure(london->grow, contract, measure, keys, part, whole, verdict, "");
}

/* Lots and providers go by their keys, districts by their names. */
static void tell_key(const London *london, int contract, const char *measure, int kind,
	uint64_t no, int32_t quarter, uint64_t part, uint64_t whole, const char *verdict)
{
	char key[KEY_TEXT];
	tables_key(london->grow->county, key, kind, no);
	tell(london, contract, measure, key, quarter, part, whole, verdict);
}

/* ---- the framework, quarter by quarter ------------------------------------------------------- */

/* One quarter of the framework; where a lot is needed it is the referral's, as the award has
 * none. */
typedef struct Brokerage {
	uint64_t awards, spot, handed_back;
	uint64_t handbacks;                        /* of spot packages, for any reason */
	uint64_t price[2], minutes[2];             /* framework, spot */
	uint64_t rated[UNRATED], people[2];
	uint64_t asked[LOTS + 1], taken[LOTS + 1]; /* referrals, by where they are */
	uint64_t placed[LOTS + 1], days[LOTS + 1];
	bool active[LOTS + 1][PROVIDERS + 1];      /* awarded framework packages, by lot entered */
} Brokerage;

/* A package of the framework or a spot purchase. */
static void add_award(const London *london, const Package *package, Brokerage *sum)
{
	const Referral *referral = &london->referral[package->referral - 1];
	int rating = london_rating(&london->provider[package->provider], package->awarded);
	bool spot = package->bought == SPOT;
	sum->awards++;
	sum->spot += spot;
	sum->price[spot] += (uint64_t)package->award_rate * (uint64_t)package->minutes;
	sum->minutes[spot] += (uint64_t)package->minutes;
	sum->people[referral->for_whom]++;
	sum->placed[referral->lot]++;
	/* Whole days between two dates, so an award on the day of the referral took none. */
	sum->days[referral->lot] += (uint64_t)(package->awarded - referral->received);
	/* Of a provider that was not rated yet no rating can be counted. */
	if (rating != UNRATED)
		sum->rated[rating]++;
	if (!spot && !referral->lotless)
		sum->active[referral->lot][package->provider] = true;
}

/* Whoever said yes counts, also one that could not in the end. */
static void add_referral(const London *london, const Referral *referral, Brokerage *sum)
{
	/* Nobody asked is no lack of capacity: that is F7's business. */
	if (referral->service != HOME_CARE || !referral->answers)
		return;
	bool taken = false;
	for (uint32_t i = 0; i < referral->answers; i++)
		taken = taken || london->answer[referral->first + i].answer == ACCEPTED;
	sum->asked[referral->lot]++;
	sum->taken[referral->lot] += taken;
}

/* A group that has no rows has no figure; so nothing is told of it. */
static void tell_awards(const London *london, int32_t quarter, const Brokerage *sum)
{
	static const char *const bought[] = {"framework", "spot"};
	static const char *const people[] = {"adult", "child"};
	static const char *const ratings[] = {
		"outstanding", "good", "requires_improvement", "inadequate", "not_inspected"};
	/* 5% and 10% of five awards or more: the page gives neither. */
	static const Lines spot = {5, 10, 5, false};
	if (sum->awards)
		tell(london, HOMECARE, "spot_share", NULL, quarter, sum->spot, sum->awards,
			status(&spot, sum->spot, sum->awards, sum->awards));
	for (int i = 0; i < 2; i++) {
		if (sum->minutes[i])
			tell(london, HOMECARE, "rate_awarded", bought[i], quarter, sum->price[i],
				sum->minutes[i] * PER_HOUR, "");
		if (sum->people[i])
			tell(london, HOMECARE, "awards_for", people[i], quarter, sum->people[i], 1,
				"");
	}
	/* In the order of the list of ratings, of which a provider without any is none. */
	for (int i = 0; i < UNRATED; i++)
		if (sum->rated[i])
			tell(london, HOMECARE, "awards_by_rating", ratings[i], quarter,
				sum->rated[i], 1, "");
	if (sum->handbacks)
		tell(london, HOMECARE, "spot_handbacks", NULL, quarter, sum->handed_back, 1, "");
}

/* Time to place has a target of seven days: 700 in a hundred. */
static void tell_lots(const London *london, int32_t quarter, const Brokerage *sum)
{
	static const char *const districts[] = {"", "E4", "X2", "X3", "X4", "X5"};
	/* Lines as assumed in the rule file: 90% and 75% of four referrals or more. */
	static const Lines capacity = {90, 75, 4, true}, days = {700, 0, 0, false};
	for (uint64_t lot = 1; lot <= LOTS; lot++) {
		/* Different providers, however many packages each was awarded. */
		uint64_t providers = 0;
		for (int i = 1; i <= PROVIDERS; i++)
			providers += sum->active[lot][i];
		if (providers)
			tell_key(london, HOMECARE, "awards_by_lot", KEY_LOT, lot, quarter,
				providers, 1, "");
		if (sum->asked[lot])
			tell(london, HOMECARE, "capacity", districts[lot], quarter,
				sum->taken[lot], sum->asked[lot],
				status(&capacity, sum->taken[lot], sum->asked[lot],
					sum->asked[lot]));
		if (sum->placed[lot])
			tell(london, HOMECARE, "time_to_place", districts[lot], quarter,
				sum->days[lot], sum->placed[lot],
				status(&days, sum->days[lot], sum->placed[lot],
					sum->placed[lot]));
	}
}

/* All of one quarter, by the days of awards, referrals and handbacks. */
static void tell_framework(const London *london, int32_t quarter)
{
	Brokerage sum = {0};
	for (size_t i = 0; i < london->packages; i++) {
		const Package *package = &london->package[i];
		if (london_contract(package->bought) == HOMECARE &&
			quarter_of(package->awarded) == quarter)
			add_award(london, package, &sum);
		/* A handback is counted in the quarter in which the package ended, whenever it was
		 * awarded. */
		if (package->bought == SPOT && package->handback &&
			quarter_of(package->end) == quarter) {
			sum.handbacks++;
			sum.handed_back += package->not_viable;
		}
	}
	for (size_t i = 0; i < london->referrals; i++)
		if (quarter_of(london->referral[i].received) == quarter)
			add_referral(london, &london->referral[i], &sum);
	tell_awards(london, quarter, &sum);
	tell_lots(london, quarter, &sum);
}

/* ---- the old system and reablement, quarter by quarter --------------------------------------- */

/* One provider's quarter in the two other contracts. */
typedef struct Provided {
	uint64_t held, handbacks, not_viable;          /* of the old system */
	uint64_t reviewed, met, ended, independent;    /* reablement */
} Provided;

/* No long-term care in the thirteen weeks after the end. */
static bool is_independent(const London *london, const Package *package)
{
	for (size_t i = 0; i < london->packages; i++) {
		const Package *other = &london->package[i];
		if (other->client == package->client && other->bought != REABLING &&
			/* A package on the day behind the last is counted as well: it is long-term care all the
			 * same. */
			other->start > package->end && other->start <= package->end + 91)
			return false;
	}
	return true;
}

/* Outcomes by the day of their review, packages by the day of their end: two quarters may be
 * meant. */
static void add_reablement(const London *london, const Package *package, int32_t quarter,
	Provided *sum)
{
	for (int i = 0; i < package->outcomes; i++) {
		const Outcome *outcome = &package->outcome[i];
		if (outcome->reviewed == CAL_NO_DAY || quarter_of(outcome->reviewed) != quarter)
			continue;
		sum->reviewed++;
		sum->met += outcome->result == MET;
	}
	if (package->end != CAL_NO_DAY && quarter_of(package->end) == quarter) {
		sum->ended++;
		sum->independent += is_independent(london, package);
	}
}

/* Held is what ran on the first day of the quarter. */
static void add_dps(const Package *package, int32_t quarter, Provided *sum)
{
	sum->held += london_runs(package, quarter);
	if (package->handback && quarter_of(package->end) == quarter) {
		sum->handbacks++;
		sum->not_viable += package->not_viable;
	}
}

static void tell_provider(const London *london, uint32_t provider, int32_t quarter,
	const Provided *sum)
{
	/* Without handbacks there is no group, and so no figure; packages held are its divisor. */
	static const Lines viable = {5, 10, 0, false}, outcomes = {80, 60, 5, true};
	if (sum->handbacks && told(london, PURCHASING, quarter))
		tell_key(london, PURCHASING, "not_viable", KEY_PROVIDER, provider, quarter,
			sum->not_viable, sum->held,
			status(&viable, sum->not_viable, sum->held, sum->held));
	if (!told(london, REABLEMENT, quarter))
		return;
	if (sum->reviewed)
		tell_key(london, REABLEMENT, "outcomes_met", KEY_PROVIDER, provider, quarter,
			sum->met, sum->reviewed,
			status(&outcomes, sum->met, sum->reviewed, sum->reviewed));
	if (sum->ended)
		tell_key(london, REABLEMENT, "independent", KEY_PROVIDER, provider, quarter,
			sum->independent, sum->ended, "");
}

/* Each contract is told by itself: its own life decides whether the quarter is one of it. */
static void tell_providers(const London *london, int32_t quarter)
{
	Provided provided[PROVIDERS + 1] = {{0}};
	uint64_t handbacks = 0, ended = 0, days = 0;
	for (size_t i = 0; i < london->packages; i++) {
		const Package *package = &london->package[i];
		Provided *sum = &provided[package->provider];
		if (package->bought == DPS)
			add_dps(package, quarter, sum);
		if (package->bought != REABLING)
			continue;
		add_reablement(london, package, quarter, sum);
		if (package->end != CAL_NO_DAY && quarter_of(package->end) == quarter) {
			ended++;
			/* Both days are of the package. */
			days += (uint64_t)(package->end - package->start + 1);
		}
	}
	for (uint32_t i = 1; i <= PROVIDERS; i++) {
		tell_provider(london, i, quarter, &provided[i]);
		handbacks += provided[i].handbacks;
	}
	if (handbacks && told(london, PURCHASING, quarter))
		tell(london, PURCHASING, "handbacks", NULL, quarter, handbacks, 1, "");
	if (ended && told(london, REABLEMENT, quarter))
		tell(london, REABLEMENT, "length", NULL, quarter, days, ended, "");
}

/* ---- positions ------------------------------------------------------------------------------- */

/* What is held on one day, summed by what the page tells apart. */
typedef struct Stock {
	uint64_t packages, framework, dps, well_rated, long_term;
	uint64_t minutes, framework_minutes, cost;
} Stock;

/* Long term is what began twelve weeks before, or earlier. */
static Stock stock_of(const London *london, int32_t day)
{
	Stock stock = {0};
	for (size_t i = 0; i < london->packages; i++) {
		const Package *package = &london->package[i];
		if (package->bought == REABLING || !london_runs(package, day))
			continue;
		int rating = london_rating(&london->provider[package->provider], day);
		bool framework = package->bought == FRAMEWORK;
		stock.packages++;
		stock.framework += framework;
		stock.dps += package->bought == DPS;
		/* Good or better; a provider that was never rated is neither. */
		stock.well_rated += rating == OUTSTANDING || rating == GOOD;
		stock.long_term += package->start <= day - 84;
		stock.minutes += (uint64_t)package->minutes;
		stock.framework_minutes += framework ? (uint64_t)package->minutes : 0;
		stock.cost += (uint64_t)package->cost;
	}
	return stock;
}

/* A position is its own group, so its key alone names the figure. */
static void tell_share(const London *london, size_t position, const char *measure, uint64_t part,
	uint64_t whole, const char *verdict)
{
	char key[KEY_TEXT];
	tables_key(london->grow->county, key, KEY_POSITION, position + 1);
	grow_figure(london->grow, MARKET, measure, key, part, whole, verdict, "");
}

/* More than half is a majority; half is not. */
static void tell_position(const London *london, size_t i)
{
	const Position *position = &london->position[i];
	const Line *line = position->line;
	Stock stock = stock_of(london, position->date);
	char key[KEY_TEXT];
	tables_key(london->grow->county, key, KEY_POSITION, i + 1);
	if (london_seen(london, PURCHASING, position->date))
		/* None held is a figure too: a count of no rows is nought. */
		grow_figure(london->grow, PURCHASING, "still_held", key, stock.dps, 1, "", "");
	if (!london_seen(london, MARKET, position->date) || !stock.packages)
		return;
	tell_share(london, i, "framework_share", stock.framework, stock.packages,
		2 * stock.framework > stock.packages ? "met" : "watch");
	tell_share(london, i, "framework_hours", stock.framework_minutes, stock.minutes, "");
	/* From the page's own two lines, right or wrong; the others are from what is on record. */
	tell_share(london, i, "published_share", (uint64_t)line[LINE_FRAMEWORK].packages,
		(uint64_t)line[LINE_ALL].packages, "");
	/* Pence a week by minutes a week. */
	tell_share(london, i, "hourly_cost", stock.cost, stock.minutes * (PER_HOUR / 60), "");
	tell_share(london, i, "well_rated", stock.well_rated, stock.packages, "");
	tell_share(london, i, "long_term", stock.long_term, stock.packages, "");
}

/* The quarter in which the run begins is told as well: only its last day has to be seen. */
void london_figures(const London *london)
{
	for (int32_t quarter = quarter_of(london->from); quarter <= london->last;
		quarter = next_quarter(quarter)) {
		if (told(london, HOMECARE, quarter))
			tell_framework(london, quarter);
		tell_providers(london, quarter);
	}
	for (size_t i = 0; i < london->positions; i++)
		tell_position(london, i);
}
