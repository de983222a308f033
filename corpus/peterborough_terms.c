/*
 * What the contract gives, in whole pence, minutes and days: rates, uplifts, travel, absences,
 * notice and blocks. Sums are rounded to the penny, halves away from zero.
 */
#include "corpus/peterborough_firm.h"

#define NIGHT_BEGINS (22 * 60)
#define NIGHT_ENDS (7 * 60)
#define CAP 70

/* Both ends in, as in an audit. */
bool pb_in_window(const Peter *peter, int32_t day)
{
	return day >= peter->grow->options->from && day <= grow_last_day(peter->grow);
}

/* England's of 2022 to March 2024; where one fell on a weekend, the day that stands for it. */
bool pb_holiday(int32_t day)
{
	static const int days[][3] = {{2022, 1, 3}, {2022, 4, 15}, {2022, 4, 18}, {2022, 5, 2},
		{2022, 6, 2}, {2022, 6, 3}, {2022, 8, 29}, {2022, 9, 19}, {2022, 12, 26},
		{2022, 12, 27}, {2023, 1, 2}, {2023, 4, 7}, {2023, 4, 10}, {2023, 5, 1},
		{2023, 5, 8}, {2023, 5, 29}, {2023, 8, 28}, {2023, 12, 25}, {2023, 12, 26},
		{2024, 1, 1}, {2024, 3, 29}};
	for (size_t i = 0; i < sizeof days / sizeof *days; i++)
		if (day == cal_day(days[i][0], days[i][1], days[i][2]))
			return true;
	return false;
}

/* The county has two uplifts: 2022, which was capped, and 2023. */
int32_t pb_april(int year)
{
	return cal_day(2022 + year, 4, 1);
}

/* For days of the month that every month has, and for 29 to 31 where the month allows. */
int32_t pb_months_on(int32_t day, int months)
{
	int year, month, date;
	cal_civil(day, &year, &month, &date);
	int count = year * 12 + month - 1 + months;
	int32_t first = cal_day(count / 12, count % 12 + 1, 1);
	int32_t next = cal_day((count + 1) / 12, (count + 1) % 12 + 1, 1);
	return first + date - 1 < next ? first + date - 1 : next - 1;
}

/* A birthday of 29 February falls on the 28th. */
int32_t pb_years_on(int32_t day, int years)
{
	return pb_months_on(day, 12 * years);
}

/* Counted from January 2021, so that none is below nought. */
int pb_quarter(int32_t day)
{
	int year, month, date;
	cal_civil(day, &year, &month, &date);
	return (year - 2021) * 4 + (month - 1) / 3;
}

int32_t pb_quarter_first(int quarter)
{
	return cal_day(2021 + quarter / 4, quarter % 4 * 3 + 1, 1);
}

/* Seven tenths of the rise in wages, 6.6% and 9.7%, and three of that in prices, 3.1% and 10.1%. */
int32_t pb_formula(int32_t rate, int april)
{
	int64_t rise = april ? 7 * 97 + 3 * 101 : 7 * 66 + 3 * 31; /* of ten thousand */
	return (int32_t)grow_nearest(rate * rise, 10000);
}

/* Seventy pence in 2022; the cap was given up before 2023. */
int32_t pb_uplift(int32_t rate, int april)
{
	int32_t formula = pb_formula(rate, april);
	return !april && formula > CAP ? CAP : formula;
}

/* Of two rates from one day the later one in the list holds; -1: none yet. */
int32_t pb_on_card(const Card *card, int32_t day)
{
	int32_t rate = -1;
	for (int i = 0; i < card->prices && card->price[i].start <= day; i++)
		rate = card->price[i].rate;
	return rate;
}

/* A costing goes before the card, whatever the card says. */
int32_t pb_basis(const Package *package, int32_t day)
{
	return package->costed ? package->rate : pb_on_card(package->card, day);
}

int32_t pb_rate_due(const Package *package, const Visit *visit)
{
	const Card *card = package->card;
	bool night = visit->start >= NIGHT_BEGINS || visit->start < NIGHT_ENDS;
	/* A bank holiday goes before the night: half as much again, not both. */
	int64_t share = card->holiday && pb_holiday(visit->day) ? 150
		: card->night && night                         ? 120
							       : 100;
	return (int32_t)grow_nearest(share * pb_basis(package, visit->day), 100);
}

/* Costings have an item for travel: then it is within the rate. */
static bool travel_apart(const Package *package)
{
	return package->card->apart && !package->costed;
}

/* 45p a mile, as may be paid free of tax. */
int32_t pb_mileage_due(const Package *package, const Visit *visit)
{
	return travel_apart(package) ? (int32_t)grow_nearest(45 * (int64_t)visit->tenths, 10) : 0;
}

int32_t pb_travel_due(const Package *package, const Visit *visit)
{
	/* The National Living Wage from each April on: £8.91, £9.50, £10.42. */
	int32_t wage = visit->day < pb_april(0) ? 891 : visit->day < pb_april(1) ? 950 : 1042;
	return travel_apart(package) ? (int32_t)grow_nearest((int64_t)wage * visit->travel, 60) : 0;
}

/* Days of so many away that are paid in full, and of those that follow the days of a retainer. */
int32_t pb_full(int32_t first, int32_t away)
{
	/* The first day of the absence says which law pays for it. */
	if (first < pb_april(1))
		return 0;
	return away < FULL_DAYS ? away : FULL_DAYS;
}

int32_t pb_kept(int32_t first, int32_t away)
{
	if (first < pb_april(1))
		return 0;
	int32_t rest = away - pb_full(first, away);
	return rest < KEPT_DAYS ? rest : KEPT_DAYS;
}

int32_t pb_absence_due(const Package *package)
{
	const Absence *absence = &package->absence;
	int32_t away = absence->last - absence->first + 1;
	/* In half days, so that one rounding is enough. */
	int64_t halves = 2 * pb_full(absence->first, away) + pb_kept(absence->first, away);
	int64_t week = (int64_t)pb_basis(package, absence->first) * package->weekly;
	return (int32_t)grow_nearest(week * halves, 2 * 7 * 60);
}

int32_t pb_lieu_due(const Package *package)
{
	const Ending *ending = &package->ending;
	/* Days short of four weeks; none or fewer are owed nothing. */
	int32_t missing = ending->given + NOTICE_DAYS - ending->last;
	/* Only the council owes pay for notice that it did not give. */
	if (ending->giver != BY_COUNCIL || missing <= 0)
		return 0;
	int64_t week = (int64_t)pb_basis(package, ending->last) * package->weekly;
	return (int32_t)grow_nearest(week * missing, 7 * 60);
}

/* Missed visits use nothing of a block. */
int32_t pb_used(const Firm *firm, int32_t monday)
{
	int32_t used = 0;
	for (int p = 0; p < firm->packages; p++) {
		const Package *package = &firm->package[p];
		for (int v = 0; package->block && v < package->visits; v++) {
			const Visit *visit = &package->visit[v];
			if (!visit->missed && visit->day >= monday && visit->day <= monday + 6)
				used += visit->declared;
		}
	}
	return used;
}

/* The guarantee is paid, used or not, and what goes beyond it by the hour. */
int32_t pb_block_due(const Firm *firm, int32_t monday)
{
	int32_t used = pb_used(firm, monday), weekly = firm->block.weekly;
	return (int32_t)grow_nearest((int64_t)firm->block.rate * (used > weekly ? used : weekly), 60);
}
