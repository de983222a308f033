/*
 * A position is filled from the packages and then, by its month, changed: each of sixteen months
 * has a mistake of its own, so that a run of a year and a half has them all. Averages follow from
 * costs and hours as they are published, so they are worked out again where those are changed.
 */
#include "corpus/london_positions.h"

#include "corpus/london_judge.h"
#include "corpus/london_plants.h"

/* ---- what is on record ----------------------------------------------------------------------- */

/* A package stands in the line of its side and in that of all. */
static void count_package(Position *position, const Package *package, int64_t minutes[LINES])
{
	int side = package->bought == FRAMEWORK ? LINE_FRAMEWORK : LINE_OUTSIDE;
	/* The line of all is summed from the packages too, not from the two sides. */
	const int lines[] = {side, LINE_ALL};
	for (int i = 0; i < 2; i++) {
		position->line[lines[i]].packages++;
		position->line[lines[i]].cost += package->cost;
		minutes[lines[i]] += package->minutes;
	}
}

/* Each side's rates, as the page gives them: none for those outside the framework. An average that
 * is not between them is left out. */
static void set_average(Line *line)
{
	line->average = MISSING;
	if (line->lowest == MISSING || line->hundredths <= 0)
		return;
	int64_t average = grow_nearest(line->cost * 100, line->hundredths);
	if (average >= line->lowest && average <= line->highest)
		line->average = (int32_t)average;
}

/* All that a position says, as it is on record. */
static void fill(const London *london, Position *position)
{
	static const int32_t lowest[LINES] = {FRAMEWORK_LOWEST, MISSING, 1181};
	static const int32_t highest[LINES] = {FRAMEWORK_HIGHEST, MISSING, 2295};
	bool active[PROVIDERS + 1] = {false}, reabling[PROVIDERS + 1] = {false};
	int64_t minutes[LINES] = {0};
	for (size_t i = 0; i < london->packages; i++) {
		const Package *package = &london->package[i];
		if (!london_runs(package, position->date))
			continue;
		if (package->bought == REABLING) {
			position->reabling++;
			position->reabling_providers += !reabling[package->provider];
			reabling[package->provider] = true;
		} else {
			count_package(position, package, minutes);
			position->with_packages += !active[package->provider];
			active[package->provider] = true;
		}
	}
	for (int i = 0; i < LINES; i++) {
		Line *line = &position->line[i];
		line->hundredths = grow_nearest(minutes[i] * 100, 60);
		/* The ends of the ranges as the page gives them, whatever rates are on record. */
		line->lowest = lowest[i];
		line->highest = highest[i];
		set_average(line);
	}
}

/* ---- what is wrong in it --------------------------------------------------------------------- */

/* Marks are of one contract; its rules must look at the day. */
static bool mean(const London *london, Position *position, int contract, int plant)
{
	return london_seen(london, contract, position->date) &&
		grow_mean(london->grow, &position->mark[contract], plant);
}

/* A line is wrong because of another plant, or of the same one. */
static void line_also(const London *london, Position *position, int line, int rule)
{
	grow_mean_also(london->grow, &position->line[line].mark, VERDICT_FAIL, rule);
}

/* As many hold packages of the old system as there were, or one that never was on it. */
static void count_old_providers(const London *london, Position *position)
{
	bool known[PROVIDERS + 1] = {false};
	int count = 0;
	for (size_t i = 0; i < london->packages; i++) {
		const Package *package = &london->package[i];
		if (package->bought != DPS || !london_runs(package, position->date))
			continue;
		count += !known[package->provider];
		known[package->provider] = true;
	}
	if (count > DPS_PROVIDERS)
		mean(london, position, PURCHASING, PLANT_D5_STRANGER);
	else if (count == DPS_PROVIDERS)
		mean(london, position, PURCHASING, PLANT_D5_ALL);
}

/* Only if anything looks at the day of the update, which comes later. */
static void review_late(const London *london, Position *position)
{
	if (london_seen(london, MARKET, position->updated) &&
		mean(london, position, MARKET, PLANT_M8_DAY))
		position->next_review++;
}

/* The parts stand, so only the line of all is other than on record. */
static void package_more(const London *london, Position *position)
{
	if (!mean(london, position, MARKET, PLANT_M1_PACKAGE))
		return;
	position->line[LINE_ALL].packages++;
	line_also(london, position, LINE_ALL, RULE_M9);
}

/* A tenth is more than three roundings can come to. */
static void hours_more(const London *london, Position *position)
{
	Line *all = &position->line[LINE_ALL];
	if (!mean(london, position, MARKET, PLANT_M2_HOURS))
		return;
	all->hundredths += 10;
	set_average(all);
	line_also(london, position, LINE_ALL, RULE_M10);
}

/* M3: the two sides come to a penny less than all, and M11 finds the line of all as well. */
static void penny_more(const London *london, Position *position)
{
	Line *all = &position->line[LINE_ALL];
	if (!mean(london, position, MARKET, PLANT_M3_PENNY))
		return;
	all->cost++;
	set_average(all);
	line_also(london, position, LINE_ALL, RULE_M11);
}

/* Nothing is changed: the places leave the gap, and the review is due in a year to the day. */
static void lot_empty(const London *london, Position *position)
{
	mean(london, position, HOMECARE, PLANT_F3_GAP);
	mean(london, position, MARKET, PLANT_M8_YEAR);
}

/* A penny more, as long as that is no more than the highest rate. */
static void average_off(const London *london, Position *position)
{
	Line *line = &position->line[LINE_FRAMEWORK];
	if (line->average == MISSING || line->average == line->highest ||
		!london_seen(london, MARKET, position->date))
		return;
	grow_mean(london->grow, &line->mark, PLANT_M4_PENNY);
	line->average++;
}

/* As on the page itself, whose lowest rate is £13.33. */
static void low_rate(const London *london, Position *position)
{
	Line *line = &position->line[LINE_FRAMEWORK];
	if (!london_seen(london, MARKET, position->date))
		return;
	grow_mean(london->grow, &line->mark, PLANT_M5_LOW);
	line->lowest = 1333;
}

/* The average stands, and the lowest rate is set against it. */
static void lowest_at(const London *london, Position *position, int32_t above, int plant)
{
	Line *line = &position->line[LINE_ALL];
	if (line->average == MISSING || !london_seen(london, MARKET, position->date))
		return;
	grow_mean(london->grow, &line->mark, plant);
	line->lowest = line->average + above;
}

/* M6 from both sides: a lowest rate a penny above the average, and one that is the average. */
static void average_below(const London *london, Position *position)
{
	lowest_at(london, position, 1, PLANT_M6_ABOVE);
}

static void provider_less(const London *london, Position *position)
{
	lowest_at(london, position, 0, PLANT_M6_EQUAL);
	if (mean(london, position, MARKET, PLANT_M7_MORE))
		position->providers = position->with_packages - 1;
}

/* From the one line to the other, so that their sum stands. */
static void shift(const London *london, Position *position, int64_t packages, int64_t hundredths,
	int64_t pence, int plant)
{
	Line *to = &position->line[LINE_FRAMEWORK], *from = &position->line[LINE_OUTSIDE];
	if (!from->packages || !london_seen(london, MARKET, position->date))
		return;
	to->packages += packages;
	from->packages -= packages;
	to->hundredths += hundredths;
	from->hundredths -= hundredths;
	to->cost += pence;
	from->cost -= pence;
	set_average(to);
	grow_mean(london->grow, &to->mark, plant);
	grow_mean(london->grow, &from->mark, plant);
}

/* M9 without M1: two lines wrong, and their sum right. */
static void package_shifted(const London *london, Position *position)
{
	shift(london, position, 1, 0, 0, PLANT_M9_SWAP);
}

/* A provider has nothing on that day either. */
static void provider_gone(const London *london, Position *position)
{
	mean(london, position, HOMECARE, PLANT_F2_GAP);
	/* M7 on its edge: each provider has a package. */
	if (mean(london, position, MARKET, PLANT_M7_ALL))
		position->providers = position->with_packages;
}

/* M10 without M2: a tenth of an hour, more than rounding can be out by. */
static void hours_shifted(const London *london, Position *position)
{
	shift(london, position, 0, 10, 0, PLANT_M10_SWAP);
}

/* M11 without M3. */
static void penny_shifted(const London *london, Position *position)
{
	shift(london, position, 0, 0, 1, PLANT_M11_SWAP);
}

/* Still less than all providers. */
static void active_more(const London *london, Position *position)
{
	if (mean(london, position, MARKET, PLANT_M12_MORE))
		position->with_packages++;
}

/* One more where there are none that could be left out. */
static void reablement_less(const London *london, Position *position)
{
	if (mean(london, position, REABLEMENT, PLANT_R6_COUNT))
		position->reabling += position->reabling ? -1 : 1;
}

/* Neither the hours nor what rests on them. */
static void hours_unknown(const London *london, Position *position)
{
	Line *all = &position->line[LINE_ALL];
	if (!mean(london, position, MARKET, PLANT_M2_UNKNOWN))
		return;
	all->hundredths = MISSING;
	grow_mean_also(london->grow, &all->mark, VERDICT_UNSURE, RULE_M10);
	if (all->average != MISSING)
		grow_mean_also(london->grow, &all->mark, VERDICT_UNSURE, RULE_M4);
}

/* By month, from October 2022: the days on which a lot and a provider have no place are fixed,
 * April and October 2023. */
typedef void Mistake(const London *london, Position *position);

static Mistake *const mistakes[] = {review_late, package_more, hours_more, penny_more, average_off,
	low_rate, lot_empty, average_below, provider_less, package_shifted, hours_shifted,
	penny_shifted, provider_gone, active_more, reablement_less, hours_unknown};

#define MISTAKES ((int)(sizeof mistakes / sizeof *mistakes))

/* ---- month by month -------------------------------------------------------------------------- */

/* Of the fifteenth of a month, so no February can be too short. */
static int32_t year_on(int32_t day)
{
	int year, month, date;
	cal_civil(day, &year, &month, &date);
	return cal_day(year + 1, month, date);
}

/* Published a fortnight later, to be reviewed within a year. */
static void make_position(London *london, int32_t date, int month)
{
	Position *position = LONDON_MORE(london, position);
	position->date = date;
	/* M8 goes by the update, the other rules by the date of the position. */
	position->updated = date + 14;
	position->next_review = year_on(position->updated);
	position->providers = PROVIDERS;
	fill(london, position);
	/* A county without plants is published as it is on record. */
	if (!london->grow->share)
		return;
	count_old_providers(london, position);
	if (month >= 0 && month < MISTAKES)
		mistakes[month](london, position);
}

void london_positions(London *london)
{
	int year, month, date;
	cal_civil(london->from, &year, &month, &date);
	for (int32_t day = cal_day(year, month, 1); day <= london->last;) {
		/* The first of a month that lies before the run is nobody's position. */
		if (day >= london->from)
			make_position(london, day, (year - 2022) * 12 + month - 10);
		month = month % 12 + 1;
		year += month == 1;
		day = cal_day(year, month, 1);
	}
}
