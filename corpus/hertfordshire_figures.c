/*
 * One pass over the rows for each period; a period is told when its last day is one of the run, as
 * that is the day on which its figure stands. What belongs to a period is all that falls into it.
 *
 *   up_to_used           a quarter, by provider    minutes recorded of the minutes agreed
 *   average_rate         a year, by complexity     pence of a week, by the minutes of that week
 *   dispersed            a year                    minutes outside schemes, of all
 *   hours_after_review   a year, by provider       minutes after, of those before
 *   shared_above_least   a year, by provider       seconds above what was needed
 */
#include "corpus/hertfordshire_figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/hertfordshire_judge.h"

#define KEYS_TEXT 96
#define PER_HOUR 360000 /* pence an hour in a pound a second */

/* What a provider's reviews and schemes come to in a year. */
typedef struct Year {
	uint64_t before, after, above;
	bool reviewed, shared;
} Year;

/* ---- telling --------------------------------------------------------------------------------- */

/* Subject and first day, as the case file joins them. */
static void print_keys(char keys[KEYS_TEXT], const char *subject, int32_t first)
{
	char day[CAL_DAY_TEXT];
	cal_print_day(day, first);
	snprintf(keys, KEYS_TEXT, "%s%s%s", subject ? subject : "", subject ? "\x1f" : "", day);
}

/* A figure of one subject in one period, or of a period alone. */
static void tell(const Herts *herts, const char *measure, const char *subject, int32_t first,
	uint64_t part, uint64_t whole, const char *status)
{
	char keys[KEYS_TEXT];
	print_keys(keys, subject, first);
	grow_figure(herts->grow, 0, measure, keys, part, whole, status, "");
}

/* Keys of providers are as they are in the rows, also when they are long ones. */
static void tell_provider(const Herts *herts, const char *measure, uint64_t provider, int32_t first,
	uint64_t part, uint64_t whole)
{
	char key[KEY_TEXT];
	tables_key(herts->grow->county, key, KEY_PROVIDER, provider);
	tell(herts, measure, key, first, part, whole, "");
}

/* ---- hours recorded of hours agreed ---------------------------------------------------------- */

/* Each claim counts by the quarter of its own day, also one of two for the same week. */
void herts_count_week(Herts *herts, uint32_t package, const Week *week)
{
	const Package *row = &herts->package[package];
	Provider *provider = &herts->provider[row->provider];
	int32_t recorded = herts_recorded(week);
	for (int i = 0; i < week->claims; i++) {
		if (week->claim[i].week == CAL_NO_DAY)
			continue;
		int quarter = herts_quarters_in(herts, week->claim[i].week);
		provider->agreed[quarter] += (uint64_t)row->up_to;
		if (recorded == MISSING)
			provider->open[quarter] = true;
		else
			provider->recorded[quarter] += (uint64_t)recorded;
	}
}

/* A quarter in which somebody never checked out has no figure, so nothing is said of it. The
 * comparison leaves such a quarter out by its keys. */
static void tell_quarter(const Herts *herts, int32_t first)
{
	int quarter = herts_quarters_in(herts, first);
	for (uint32_t i = 1; i < herts->providers; i++) {
		const Provider *provider = &herts->provider[i];
		char key[KEY_TEXT], keys[KEYS_TEXT];
		if (provider->open[quarter]) {
			tables_key(herts->grow->county, key, KEY_PROVIDER, i);
			print_keys(keys, key, first);
			grow_excused(herts->grow, keys);
		} else if (provider->agreed[quarter]) {
			tell_provider(herts, "up_to_used", i, first, provider->recorded[quarter],
				provider->agreed[quarter]);
		}
	}
}

/* ---- financial years ------------------------------------------------------------------------- */

/* At most the average that was paid is met, above the range is failed. Both sides are multiplied by
 * the minutes, so that nothing is divided. */
static void tell_rates(const Herts *herts, int32_t last, int32_t first)
{
	static const char *const names[] = {"standard", "complex", "bespoke"};
	uint64_t cost[COMPLEXITIES] = {0}, minutes[COMPLEXITIES] = {0}, dispersed = 0, all = 0;
	for (size_t i = 0; i < herts->packages; i++) {
		const Package *row = &herts->package[i];
		if (herts_financial_end(row->start) != last)
			continue;
		cost[row->complexity] += (uint64_t)row->rate * (uint64_t)row->minutes;
		minutes[row->complexity] += (uint64_t)row->minutes;
		dispersed += row->scheme ? 0 : (uint64_t)row->minutes;
		all += (uint64_t)row->minutes;
	}
	for (int i = 0; i < COMPLEXITIES; i++) {
		const char *status = cost[i] <= RATE_AVERAGE * minutes[i] ? "met"
			: cost[i] > RATE_HIGH * minutes[i]             ? "failed"
								       : "watch";
		if (minutes[i])
			tell(herts, "average_rate", names[i], first, cost[i],
				minutes[i] * PER_HOUR, status);
	}
	if (all)
		tell(herts, "dispersed", NULL, first, dispersed, all, "");
}

/* Counted in the year in which they were held, whenever the package began. */
static void add_reviews(const Herts *herts, int32_t last, Year *year)
{
	for (size_t i = 0; i < herts->packages; i++) {
		const Package *row = &herts->package[i];
		Year *sum = &year[row->provider];
		for (int r = 0; r < row->reviews; r++) {
			const Review *review = &row->review[r];
			if (review->held == CAL_NO_DAY || herts_financial_end(review->held) != last)
				continue;
			sum->reviewed = true;
			sum->before += (uint64_t)review->before;
			sum->after += (uint64_t)review->after;
		}
	}
}

/* Hours too few in one scheme do not make good what another has too much. */
static void add_schemes(const Herts *herts, int32_t last, Year *year)
{
	for (int i = 0; i < SCHEMES; i++) {
		const Scheme *scheme = &herts->scheme[i];
		if (herts_financial_end(scheme->start) != last)
			continue;
		year[scheme->provider].shared = true;
		if (scheme->shared > scheme->least)
			year[scheme->provider].above += (uint64_t)(scheme->shared - scheme->least);
	}
}

/* Time is counted in seconds in the case file. Providers without a review or a scheme have no
 * figure. */
static void tell_year(const Herts *herts, int32_t last)
{
	int32_t first = herts_financial_end(last - 366) + 1;
	Year *year = room_grow(NULL, herts->providers, sizeof *year);
	memset(year, 0, herts->providers * sizeof *year);
	add_reviews(herts, last, year);
	add_schemes(herts, last, year);
	tell_rates(herts, last, first);
	for (uint32_t i = 1; i < herts->providers; i++) {
		if (year[i].reviewed)
			tell_provider(herts, "hours_after_review", i, first, year[i].after,
				year[i].before);
		if (year[i].shared)
			tell_provider(herts, "shared_above_least", i, first, year[i].above * 60, 1);
	}
	free(year);
}

/* A quarter from the last days of the one before, a financial year likewise; those that end after
 * the run are not told of, though rows of theirs are there. */
void herts_figures(const Herts *herts)
{
	int32_t first = herts->from;
	for (int32_t end = herts_quarter_end(first); end <= herts->last;
		end = herts_quarter_end(end + 1))
		if (herts_seen(herts, end))
			tell_quarter(herts, herts_quarter_end(end - 93) + 1);
	for (int32_t end = herts_financial_end(first); end <= herts->last;
		end = herts_financial_end(end + 1))
		if (herts_seen(herts, end))
			tell_year(herts, end);
}
