/*
 * Written from the page, with what the rule files assume where it is silent: six weeks of
 * reablement, an answer by the day of the award, a week to agree on outcomes. Every rule is a
 * line or two on rows that are all in memory; nothing is quick here, and nothing needs to be.
 */
#include "corpus/london_judge.h"

#include <stdio.h>
#include <stdlib.h>

#define WEEK_DAYS 7

/* ---- what the page says of a day ------------------------------------------------------------- */

/* Spot purchases are the framework's business: its rules say when there may be one. */
int london_contract(Bought bought)
{
	return bought == DPS ? PURCHASING : bought == REABLING ? REABLEMENT : HOMECARE;
}

/* Both ends in; an end that is missing is none. */
static bool within(int32_t first, int32_t last, int32_t day)
{
	return first <= day && (last == CAL_NO_DAY || day <= last);
}

/* The last day is one of them. */
bool london_runs(const Package *package, int32_t day)
{
	return within(package->start, package->end, day);
}

bool london_holds(const Place *place, int32_t day)
{
	return within(place->start, place->end, day);
}

/* That which was the newest to be published by the day. */
int london_rating(const Provider *provider, int32_t day)
{
	int rating = UNRATED;
	int32_t newest = INT32_MIN;
	for (int i = 0; i < provider->ratings; i++) {
		const Rating *row = &provider->rating[i];
		if (row->published <= day && row->published > newest) {
			newest = row->published;
			rating = row->rating;
		}
	}
	return rating;
}

/* The framework has four years from October 2022; the system before it goes back further. */
bool london_seen(const London *london, int contract, int32_t day)
{
	int32_t first = contract == PURCHASING ? cal_day(2014, 4, 1) : cal_day(2022, 10, 1);
	/* The other contracts have no last day on the page. */
	bool over = contract == HOMECARE && day > cal_day(2026, 9, 30);
	return day >= first && !over && day >= london->from && day <= london->last;
}

/* The page gives the month; the day is assumed in the rule files. */
static int32_t began(void)
{
	return cal_day(2022, 10, 1);
}

static int32_t later(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

/* Subjects without a finding are settled too, since they might have been meant to have one. */
static void settle(const London *london, int contract, const char *dataset, int kind, uint64_t no,
	const Mark *mark, const Found *found)
{
	char subject[SUBJECT_TEXT];
	grow_subject(london->grow, subject, dataset, kind, no);
	grow_settle(london->grow, contract, subject, mark, found);
}

/* ---- visits ---------------------------------------------------------------------------------- */

/* A claim by the hour, for so many minutes. */
static int64_t claim(int64_t rate, int64_t minutes)
{
	return grow_nearest(rate * minutes, 60);
}

/* A claim at another rate than the package's, either way; and reablement that is over. */
static void judge_visit(const London *london, const Package *package, const Visit *visit)
{
	Found found = {0};
	int contract = london_contract(package->bought);
	if (!london_seen(london, contract, visit->day))
		return;
	if (visit->outcome == DELIVERED) {
		/* P2 compares two rates, and either may be the one that is not there. */
		if (visit->rate == MISSING || package->rate == MISSING)
			grow_unsure(&found, RULE_P2);
		else if (visit->rate != package->rate)
			grow_fails(&found, RULE_P2,
				claim(visit->rate - package->rate, visit->declared));
		/* R2: the forty-third day is the first that is too late. */
		if (package->bought == REABLING && visit->day >= package->start + REABLEMENT_DAYS)
			grow_fails(&found, RULE_R2, claim(visit->rate, visit->declared));
	}
	settle(london, contract, "visit", KEY_VISIT, visit->no, &visit->mark, &found);
}

/* All visits of a week that is too long have one rate: no week has two plants. */
void london_judge_week(const London *london, uint32_t package, const Week *week)
{
	const Package *row = &london->package[package];
	int contract = london_contract(row->bought);
	Found found = {0};
	char subject[SUBJECT_TEXT];
	int32_t declared = 0, rate = 0;
	for (int i = 0; i < week->count; i++) {
		judge_visit(london, row, &week->visit[i]);
		if (week->visit[i].outcome == DELIVERED) {
			declared += week->visit[i].declared;
			rate = week->visit[i].rate;
		}
	}
	if (!london_seen(london, contract, week->monday))
		return;
	/* P3: what is beyond the package's hours, at the rate it was claimed at. */
	if (declared > row->minutes)
		grow_fails(&found, RULE_P3, claim(rate, declared - row->minutes));
	grow_subject_period(london->grow, subject, "provision", KEY_PROVISION, package + 1, "week",
		week->monday);
	grow_settle(london->grow, contract, subject, &week->mark, &found);
}

/* ---- packages -------------------------------------------------------------------------------- */

/* How far a rate lies outside a range, below as less than nothing. */
static int32_t outside(int32_t rate, int32_t lowest, int32_t highest)
{
	return rate < lowest ? rate - lowest : rate > highest ? rate - highest : 0;
}

/* Both ends of a range are in it. */
static void judge_range(const Package *package, Found *found, int rule, int32_t lowest,
	int32_t highest)
{
	int32_t by = outside(package->rate, lowest, highest);
	/* F6 and D2 have nothing to hold against the range. */
	if (package->rate == MISSING)
		grow_unsure(found, rule);
	else if (by)
		grow_fails(found, rule, claim(by, package->minutes));
}

/* What a package costs is looked at on its first day, or the framework's if that is later. */
static void judge_cost(const Package *package, Found *found)
{
	if (package->rate == MISSING)
		grow_unsure(found, RULE_P1);
	/* P1 to the penny, and the provider's where less is paid than the hours come to. */
	else if (package->cost != claim(package->rate, package->minutes))
		grow_fails(found, RULE_P1, package->cost - claim(package->rate, package->minutes));
}

/* Serious, of high risk, and open on the day: 1 yes, 0 no, MISSING. */
static int grounds(const London *london, const Package *package)
{
	int answer = NO;
	for (size_t i = 0; i < london->concerns; i++) {
		const Concern *row = &london->concern[i];
		/* A concern that is surely not serious, or surely of no high risk, is no grounds. */
		if (row->provider != package->provider ||
			!within(row->raised, row->closed, package->end) || row->serious == NO ||
			row->high_risk == NO)
			continue;
		if (row->serious == YES && row->high_risk == YES)
			return YES;
		answer = MISSING;
	}
	return answer;
}

/* Why it ended: moved without grounds, handed back without a handback, or nobody knows. */
static void judge_end(const London *london, const Package *package, Found *found)
{
	if (package->end == CAL_NO_DAY || !london_seen(london, PURCHASING, package->end))
		return;
	/* Moved or handed back: either rule might have had something to say. */
	if (package->ended == MISSING) {
		grow_unsure(found, RULE_D3);
		grow_unsure(found, RULE_D4);
	}
	/* D4: whoever hands a package back leaves a handback on record. */
	if (package->ended == HANDED_BACK && !package->handback)
		grow_fails(found, RULE_D4, NO_STAKE);
	if (package->ended != MOVED)
		return;
	/* D3 asks the concern for the package's last day, which may be the day that it was raised or
	 * closed. */
	int answer = grounds(london, package);
	if (answer == NO)
		grow_fails(found, RULE_D3, NO_STAKE);
	else if (answer == MISSING)
		grow_unsure(found, RULE_D3);
}

/* New packages are the framework's; the old ones have rates of their own. */
static void judge_dps(const London *london, const Package *package, Found *found)
{
	int32_t paid = later(package->start, began());
	/* D1: the day on which the framework began is a day of the framework. */
	if (london_seen(london, PURCHASING, package->start) && package->start >= began())
		grow_fails(found, RULE_D1, NO_STAKE);
	/* D2 looks at packages that still ran when the framework began; the range was published
	 * then. */
	if (london_seen(london, PURCHASING, paid) &&
		(package->end == CAL_NO_DAY || package->end >= began()))
		judge_range(package, found, RULE_D2, DPS_LOWEST, DPS_HIGHEST);
	judge_end(london, package, found);
}

/* 1 where an outcome was agreed in the first week, MISSING where that may be. */
static int agreed(const Package *package)
{
	int answer = NO;
	for (int i = 0; i < package->outcomes; i++) {
		int32_t day = package->outcome[i].agreed;
		/* The seventh day behind the first still counts; one outcome in time is enough. */
		if (day != CAL_NO_DAY && day <= package->start + WEEK_DAYS)
			return YES;
		if (day == CAL_NO_DAY)
			answer = MISSING;
	}
	return answer;
}

/* Whether long-term care of the same person began while reablement ran. */
static int alongside(const London *london, const Package *package)
{
	int answer = NO;
	for (size_t i = 0; i < london->packages; i++) {
		const Package *other = &london->package[i];
		/* Only care that began within the six weeks: what ran before is not what reablement led
		 * to. */
		if (other->client != package->client || other->bought == REABLING ||
			other->start < package->start ||
			other->start > package->start + REABLEMENT_DAYS)
			continue;
		/* Whether reablement has ended nobody has entered, so both may run side by side. */
		if (package->end == CAL_NO_DAY)
			answer = MISSING;
		else if (other->start <= package->end)
			return YES;
	}
	return answer;
}

/* Six weeks, an outcome in the first of them, and no long-term care beside it. */
static void judge_reablement(const London *london, const Package *package, Found *found)
{
	if (!london_seen(london, REABLEMENT, package->start))
		return;
	/* R1: forty-two days with the first one, so the last is the first and forty-one. */
	if (package->end != CAL_NO_DAY && package->end >= package->start + REABLEMENT_DAYS)
		grow_fails(found, RULE_R1, NO_STAKE);
	int answer = agreed(package), beside = alongside(london, package);
	if (answer == NO)
		grow_fails(found, RULE_R3, NO_STAKE);
	else if (answer == MISSING)
		grow_unsure(found, RULE_R3);
	/* R5: one day that both have is enough. */
	if (beside == YES)
		grow_fails(found, RULE_R5, NO_STAKE);
	else if (beside == MISSING)
		grow_unsure(found, RULE_R5);
}

/* Outcomes are reviewed before the package ends; one that runs is not asked for them. */
static void judge_outcomes(const London *london, const Package *package)
{
	/* The rule goes by the end, or by the start where there is none: a package that runs needs a
	 * date for its law, too. */
	int32_t on = package->end == CAL_NO_DAY ? package->start : package->end;
	if (!london_seen(london, REABLEMENT, on))
		return;
	for (int i = 0; i < package->outcomes; i++) {
		const Outcome *outcome = &package->outcome[i];
		Found found = {0};
		if (package->end != CAL_NO_DAY &&
			(outcome->reviewed == CAL_NO_DAY || outcome->reviewed > package->end))
			grow_fails(&found, RULE_R4, NO_STAKE);
		settle(london, REABLEMENT, "outcome", KEY_OUTCOME, outcome->no, &outcome->mark,
			&found);
	}
}

/* P1 for all four sorts; each sort then has rules of its own. */
static void judge_package(const London *london, size_t i)
{
	const Package *package = &london->package[i];
	int contract = london_contract(package->bought);
	Found found = {0};
	if (london_seen(london, contract, later(package->start, began())))
		judge_cost(package, &found);
	if (package->bought == FRAMEWORK && london_seen(london, HOMECARE, package->start))
		judge_range(package, &found, RULE_F6, FRAMEWORK_LOWEST, FRAMEWORK_HIGHEST);
	if (package->bought == DPS)
		judge_dps(london, package, &found);
	if (package->bought == REABLING)
		judge_reablement(london, package, &found);
	settle(london, contract, "provision", KEY_PROVISION, i + 1, &package->mark, &found);
	judge_outcomes(london, package);
}

/* ---- awards ---------------------------------------------------------------------------------- */

/* What a provider had last said of the referral by a day; MISSING where that is not there. */
static int answered(const London *london, const Referral *referral, uint16_t provider, int32_t day)
{
	int said = MISSING;
	int32_t newest = INT32_MIN;
	for (uint32_t i = 0; i < referral->answers; i++) {
		const Answer *answer = &london->answer[referral->first + i];
		if (answer->provider == provider && answer->day <= day && answer->day > newest) {
			newest = answer->day;
			said = answer->answer;
		}
	}
	return said;
}

/* On the lot, or with lot 0 on any. */
static bool has_place(const London *london, uint16_t provider, int lot, int32_t day)
{
	for (size_t i = 0; i < london->places; i++) {
		const Place *place = &london->place[i];
		if (place->provider == provider && (!lot || place->lot == lot) &&
			london_holds(place, day))
			return true;
	}
	return false;
}

/* A yes from one provider settles it, whatever the others said; else each has to have said no. */
static void judge_spot(const London *london, const Package *package, Found *found)
{
	const Referral *referral = &london->referral[package->referral - 1];
	int32_t above = package->award_rate - FRAMEWORK_HIGHEST;
	/* What a spot purchase costs above the framework's highest rate is what could have been
	 * saved. */
	int64_t stake = above > 0 ? claim(above, package->minutes) : 0;
	bool could = false, open = false;
	for (size_t i = 0; i < london->places; i++) {
		const Place *place = &london->place[i];
		/* Places on the day of the award: who left the day before need not be asked. */
		if (place->lot != referral->lot || !london_holds(place, package->awarded))
			continue;
		int said = answered(london, referral, place->provider, package->awarded);
		could = could || said == ACCEPTED;
		open = open || said == MISSING;
	}
	if (could)
		grow_fails(found, RULE_S1, stake);
	else if (open)
		grow_unsure(found, RULE_S1);
	for (uint32_t i = 0; i < referral->answers; i++)
		/* S2: asked is not the point, answered is; the day of the award is in time. */
		if (london->answer[referral->first + i].day > package->awarded)
			grow_fails(found, RULE_S2, NO_STAKE);
	/* S3: whoever holds the lot would have had to take the package at its own rate. */
	if (has_place(london, package->provider, referral->lot, package->awarded))
		grow_fails(found, RULE_S3, stake);
}

/* A provider that is new to the framework's lot, or to the framework. */
static void judge_places(const London *london, const Package *package, Found *found)
{
	const Referral *referral = &london->referral[package->referral - 1];
	/* F4 before F5: a stranger to the framework is no stranger to one lot. */
	if (!has_place(london, package->provider, 0, package->awarded))
		grow_fails(found, RULE_F4, NO_STAKE);
	else if (referral->lotless)
		grow_unsure(found, RULE_F5);
	else if (!has_place(london, package->provider, referral->lot, package->awarded))
		grow_fails(found, RULE_F5, NO_STAKE);
}

/* Children get personal care; whoever gives it is registered; nobody who is Inadequate is new. */
static void judge_award(const London *london, size_t i)
{
	const Package *package = &london->package[i];
	if (london_contract(package->bought) != HOMECARE ||
		!london_seen(london, HOMECARE, package->awarded))
		return;
	const Referral *referral = &london->referral[package->referral - 1];
	const Provider *provider = &london->provider[package->provider];
	int rating = london_rating(provider, package->awarded);
	Found found = {0};
	if (package->bought == SPOT)
		judge_spot(london, package, &found);
	else
		judge_places(london, package, &found);
	/* Without the support neither F8 nor the need of a registration is known. */
	if (referral->support == MISSING) {
		grow_unsure(&found, RULE_Q2);
		if (referral->for_whom == CHILD)
			grow_unsure(&found, RULE_F8);
	} else if (referral->support != PERSONAL_CARE) {
		if (referral->for_whom == CHILD)
			grow_fails(&found, RULE_F8, NO_STAKE);
	} else if (provider->registered == NO) {
		grow_fails(&found, RULE_Q2, NO_STAKE);
	} else if (provider->registered == MISSING) {
		grow_unsure(&found, RULE_Q2);
	}
	if (rating == INADEQUATE)
		grow_fails(&found, RULE_Q1, NO_STAKE);
	/* Q1 is open, not passed: there is no rating that could be read. */
	else if (rating == UNRATED)
		grow_unsure(&found, RULE_Q1);
	settle(london, HOMECARE, "award", KEY_AWARD, i + 1, &package->award_mark, &found);
}

/* The framework is asked first, for home care. */
static void judge_referral(const London *london, size_t i)
{
	const Referral *referral = &london->referral[i];
	Found found = {0};
	if (!london_seen(london, HOMECARE, referral->received))
		return;
	/* F7: one answer shows that the framework was asked, whatever it said. */
	if (referral->service == HOME_CARE && !referral->answers)
		grow_fails(&found, RULE_F7, NO_STAKE);
	settle(london, HOMECARE, "referral", KEY_REFERRAL, i + 1, &referral->mark, &found);
}

static void judge_place(const London *london, size_t i)
{
	const Place *place = &london->place[i];
	Found found = {0};
	if (!london_seen(london, HOMECARE, later(place->start, began())))
		return;
	/* F1: the first and the last day of the four years are in. */
	if (place->start < began() || (place->end != CAL_NO_DAY && place->end > cal_day(2026, 9, 30)))
		grow_fails(&found, RULE_F1, NO_STAKE);
	settle(london, HOMECARE, "place", KEY_PLACE, i + 1, &place->mark, &found);
}

/* ---- the published table --------------------------------------------------------------------- */

/* What is on record for a day: packages of one sort, or of all but reablement. */
typedef struct Record {
	int64_t packages, minutes, cost, providers;
} Record;

typedef bool Sort(const Package *package);

/* The page's two sides: spot purchases and the old system are both outside the framework. */
static bool on_framework(const Package *package)
{
	return package->bought == FRAMEWORK;
}

static bool off_framework(const Package *package)
{
	return package->bought == DPS || package->bought == SPOT;
}

static bool long_term(const Package *package)
{
	return package->bought != REABLING;
}

static bool reabling(const Package *package)
{
	return package->bought == REABLING;
}

/* D5 counts providers of the old system alone; spot purchases from them are none of it. */
static bool on_dps(const Package *package)
{
	return package->bought == DPS;
}

/* Packages that run on the day, their last one too. */
static Record on_record(const London *london, int32_t day, Sort *sort)
{
	bool known[PROVIDERS + 1] = {false};
	Record record = {0};
	for (size_t i = 0; i < london->packages; i++) {
		const Package *package = &london->package[i];
		if (!sort(package) || !london_runs(package, day))
			continue;
		record.packages++;
		record.minutes += package->minutes;
		record.cost += package->cost;
		record.providers += !known[package->provider];
		known[package->provider] = true;
	}
	return record;
}

/* Published hours are hundredths, 36 seconds each; half of one may be lost by rounding. */
static void judge_hours(const Line *line, const Record *record, Found *found)
{
	if (line->hundredths == MISSING)
		grow_unsure(found, RULE_M10);
	else if (llabs(line->hundredths * 36 - record->minutes * 60) > 18)
		grow_fails(found, RULE_M10, NO_STAKE);
}

/* Nothing by nothing is no average. */
static void judge_average(const Line *line, Found *found)
{
	if (line->average == MISSING)
		return;
	/* M4 divides by the hours as they are published, not as they are. */
	if (line->hundredths == MISSING || !line->hundredths)
		grow_unsure(found, RULE_M4);
	else if (line->average != grow_nearest(line->cost * 100, line->hundredths))
		grow_fails(found, RULE_M4, NO_STAKE);
	/* M6: an average at an end of the range is in it. */
	if (line->average < line->lowest || line->average > line->highest)
		grow_fails(found, RULE_M6, NO_STAKE);
}

/* A line against what is on record, and against itself. */
static void judge_line(const London *london, size_t position, int which)
{
	static Sort *const sorts[LINES] = {on_framework, off_framework, long_term};
	const Position *row = &london->position[position];
	const Line *line = &row->line[which];
	Record record = on_record(london, row->date, sorts[which]);
	Found found = {0};
	/* M9 to M11 hold a line against the packages, M4 to M6 against itself. */
	if (line->packages != record.packages)
		grow_fails(&found, RULE_M9, NO_STAKE);
	if (line->cost != record.cost)
		grow_fails(&found, RULE_M11, NO_STAKE);
	judge_hours(line, &record, &found);
	judge_average(line, &found);
	/* M5: rates that no package has may still be published. */
	if (which == LINE_FRAMEWORK &&
		(line->lowest < FRAMEWORK_LOWEST || line->highest > FRAMEWORK_HIGHEST))
		grow_fails(&found, RULE_M5, NO_STAKE);
	settle(london, MARKET, "line", KEY_LINE, position * LINES + (size_t)which + 1, &line->mark,
		&found);
}

/* Two roundings and that of their sum may come to a hundredth and a half. */
static void judge_sums(const Position *position, Found *found)
{
	const Line *line = position->line;
	if (line[LINE_FRAMEWORK].packages + line[LINE_OUTSIDE].packages != line[LINE_ALL].packages)
		grow_fails(found, RULE_M1, NO_STAKE);
	if (line[LINE_ALL].hundredths == MISSING)
		grow_unsure(found, RULE_M2);
	else if (llabs(line[LINE_FRAMEWORK].hundredths + line[LINE_OUTSIDE].hundredths -
			 line[LINE_ALL].hundredths) * 2 > 3)
		grow_fails(found, RULE_M2, NO_STAKE);
	if (line[LINE_FRAMEWORK].cost + line[LINE_OUTSIDE].cost != line[LINE_ALL].cost)
		grow_fails(found, RULE_M3, NO_STAKE);
}

/* A year on is the same day of the same month; from the last of February, the last. */
static int32_t year_on(int32_t day)
{
	int year, month, date;
	cal_civil(day, &year, &month, &date);
	return month == 2 && date == 29 ? cal_day(year + 1, 2, 28) : cal_day(year + 1, month, date);
}

/* The position's own sums and days, then its lines. */
static void judge_market(const London *london, size_t i)
{
	const Position *position = &london->position[i];
	Found found = {0};
	if (london_seen(london, MARKET, position->date)) {
		Record record = on_record(london, position->date, long_term);
		judge_sums(position, &found);
		/* M7: as many as there are is possible, one more is not. */
		if (position->with_packages > position->providers)
			grow_fails(&found, RULE_M7, NO_STAKE);
		if (position->with_packages != record.providers)
			grow_fails(&found, RULE_M12, NO_STAKE);
		for (int line = 0; line < LINES; line++)
			judge_line(london, i, line);
	}
	/* M8 goes by the day of the update: a year later to the day is not too late. */
	if (london_seen(london, MARKET, position->updated) &&
		position->next_review > year_on(position->updated))
		grow_fails(&found, RULE_M8, NO_STAKE);
	settle(london, MARKET, "position", KEY_POSITION, i + 1, &position->mark[MARKET], &found);
}

/* How many providers and lots the framework has on the day. */
static void judge_framework(const London *london, size_t i)
{
	const Position *position = &london->position[i];
	bool provider[PROVIDERS + 1] = {false}, lot[LOTS + 1] = {false};
	int providers = 0, lots = 0;
	Found found = {0};
	if (!london_seen(london, HOMECARE, position->date))
		return;
	for (size_t p = 0; p < london->places; p++) {
		const Place *place = &london->place[p];
		if (!london_holds(place, position->date))
			continue;
		/* F2 and F3: a provider with two lots is one provider. */
		providers += !provider[place->provider];
		lots += !lot[place->lot];
		provider[place->provider] = lot[place->lot] = true;
	}
	if (providers != FRAMEWORK_PROVIDERS)
		grow_fails(&found, RULE_F2, NO_STAKE);
	if (lots != LOTS)
		grow_fails(&found, RULE_F3, NO_STAKE);
	settle(london, HOMECARE, "position", KEY_POSITION, i + 1, &position->mark[HOMECARE],
		&found);
}

/* Four contracts look at a position, each at its own part. */
static void judge_position(const London *london, size_t i)
{
	const Position *position = &london->position[i];
	Found dps = {0}, reablement = {0};
	judge_market(london, i);
	judge_framework(london, i);
	if (london_seen(london, PURCHASING, position->date)) {
		/* D5: fewer is how it should go, more cannot be. */
		if (on_record(london, position->date, on_dps).providers > DPS_PROVIDERS)
			grow_fails(&dps, RULE_D5, NO_STAKE);
		settle(london, PURCHASING, "position", KEY_POSITION, i + 1,
			&position->mark[PURCHASING], &dps);
	}
	if (london_seen(london, REABLEMENT, position->date)) {
		Record record = on_record(london, position->date, reabling);
		/* R6 asks for both numbers, packages and providers. */
		if (record.packages != position->reabling ||
			record.providers != position->reabling_providers)
			grow_fails(&reablement, RULE_R6, NO_STAKE);
		settle(london, REABLEMENT, "position", KEY_POSITION, i + 1,
			&position->mark[REABLEMENT], &reablement);
	}
}

/* Weeks were judged when they were made; this is all that rules look at from one package to
 * another. */
void london_judge(const London *london)
{
	for (size_t i = 0; i < london->places; i++)
		judge_place(london, i);
	for (size_t i = 0; i < london->referrals; i++)
		judge_referral(london, i);
	for (size_t i = 0; i < london->packages; i++) {
		judge_package(london, i);
		judge_award(london, i);
	}
	for (size_t i = 0; i < london->positions; i++)
		judge_position(london, i);
}
