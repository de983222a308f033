/*
 * All of it is counting; what a KPI makes of a count stands in one function, `status`. A quarter is
 * told of when its last day lies in the run, with all its rows.
 *
 *   visits, logs, submissions ──> tallies by quarter and week ──┬──> the forms (kpi_returns)
 *   awards of the plan ─────────>                               └──> figures of the truth file
 */
#include "corpus/figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/asked.h"
#include "corpus/plan.h"

#define ROLLING_WEEKS 13
#define KEYS_TEXT 140

/* ---- room ---------------------------------------------------------------------------------- */

/* Quarters are counted on without a break, four to a year, so that the next is one more. */
static int32_t quarter_of(int32_t day)
{
	int year, month, date;
	cal_civil(day, &year, &month, &date);
	return year * 4 + (month - 1) / 3;
}

static int32_t quarter_first(int32_t quarter)
{
	return cal_day(quarter / 4, quarter % 4 * 3 + 1, 1);
}

/* Room for a quarter on either side of the run: awards go before it, and its last week may reach
 * into the next. */
void figures_init(Figures *figures, const Plan *plan, Writer *writer)
{
	*figures = (Figures){.plan = plan, .writer = writer};
	figures->first = quarter_of(plan->from) - 1;
	figures->quarters = quarter_of(plan_last_day(plan)) + 2 - figures->first;
	size_t quarters = (size_t)plan->providers * (size_t)figures->quarters;
	size_t weeks = (size_t)plan->providers * (size_t)plan->weeks * CONTRACT_COUNT;
	figures->tally = room_grow(NULL, quarters * CONTRACT_COUNT, sizeof *figures->tally);
	figures->sent = room_grow(NULL, quarters, sizeof *figures->sent);
	figures->week = room_grow(NULL, weeks, sizeof *figures->week);
	figures->seen = room_grow(NULL, plan->packages, sizeof *figures->seen);
	memset(figures->tally, 0, quarters * CONTRACT_COUNT * sizeof *figures->tally);
	memset(figures->sent, 0, quarters * sizeof *figures->sent);
	memset(figures->week, 0, weeks * sizeof *figures->week);
	memset(figures->seen, 0, plan->packages * sizeof *figures->seen);
}

void figures_free(Figures *figures)
{
	for (uint32_t i = 0; i < figures->plan->packages; i++)
		free(figures->seen[i].carer);
	free(figures->tally);
	free(figures->sent);
	free(figures->week);
	free(figures->seen);
}

/* NULL for a day outside the run and the quarters at its ends. */
static Tally *tally_of(const Figures *figures, int contract, uint32_t provider, int32_t quarter)
{
	int32_t at = quarter - figures->first;
	if (at < 0 || at >= figures->quarters)
		return NULL;
	size_t row = (size_t)contract * figures->plan->providers + provider;
	return &figures->tally[row * (size_t)figures->quarters + (size_t)at];
}

/* Weeks are those of the run, which begins on a Monday. */
static WeekTally *week_of(const Figures *figures, int contract, uint32_t provider, int32_t week)
{
	size_t row = (size_t)contract * figures->plan->providers + provider;
	return &figures->week[row * (size_t)figures->plan->weeks + (size_t)week];
}

/* ---- counting ------------------------------------------------------------------------------ */

/* Of a delivered visit. Late is what began more than half an hour after its planned start, by the
 * first carer who came; a visit without a log is neither late nor in time. */
static void add_care(Tally *tally, const Visit *visit, int32_t found, int64_t first)
{
	tally->delivered++;
	tally->declared += visit->declared;
	tally->half_hours += visit->planned >= 30 * visit->carers;
	tally->logged += found > 0;
	tally->late += found > 0 && first > visit_begins(visit) + LATE_SECONDS;
}

/* A visit of a provision or on a day that cannot be read is nobody's. */
void figures_visit(Figures *figures, const Visit *visit, int32_t found, int64_t first)
{
	const Package *package = &figures->plan->package[visit->package];
	Tally *tally = tally_of(figures, package->contract, package->provider,
		quarter_of(visit->day));
	if (visit->broken != BROKEN_NOT && visit->broken != BROKEN_START)
		return;
	WeekTally *week = week_of(figures, package->contract, package->provider,
		(visit->day - figures->plan->from) / 7);
	bool missed = visit->outcome == MISSED;
	week->visits++;
	week->missed += missed;
	tally->visits++;
	tally->missed += missed;
	tally->planned += visit->planned;
	if (visit->outcome == DELIVERED)
		add_care(tally, visit, found, first);
}

/* Whether figures of the quarter are told of, under this contract. */
static bool is_told(const Figures *figures, int contract, int32_t quarter)
{
	int32_t last = quarter_first(quarter + 1) - 1;
	return last >= figures->plan->from && last <= plan_last_day(figures->plan) &&
		(contract == CSAH || last >= CCSH_FROM);
}

/* Of all logs, whatever their contract; told under the newer alone. */
static void tell_seen(const Figures *figures, uint32_t package)
{
	const Package *row = &figures->plan->package[package];
	const Seen *seen = &figures->seen[package];
	char keys[KEYS_TEXT], provider[KEY_TEXT], client[KEY_TEXT], day[CAL_DAY_TEXT];
	writer_key(figures->writer, provider, KEY_PROVIDER, row->provider + 1U);
	writer_key(figures->writer, client, KEY_CLIENT, row->client + 1U);
	cal_print_day(day, quarter_first(seen->quarter));
	snprintf(keys, sizeof keys, "%s\x1f%s\x1f%s", provider, client, day);
	if (seen->n && is_told(figures, CCSH, seen->quarter))
		grow_figure(figures->writer->grow, CCSH, "carers_seen", keys, seen->n, 1, "", "");
}

/* A package's logs come in their order, so that a quarter is over when the next one's begin. */
void figures_log(Figures *figures, const Log *log)
{
	Seen *seen = &figures->seen[log->package];
	int32_t quarter = quarter_of(cal_moment_day(log->in));
	if (quarter != seen->quarter) {
		tell_seen(figures, log->package);
		seen->n = 0;
		seen->quarter = quarter;
	}
	for (uint32_t i = 0; i < seen->n; i++)
		if (seen->carer[i] == log->carer)
			return;
	if (seen->n == seen->room) {
		seen->room = seen->room ? 2 * seen->room : 8;
		seen->carer = room_grow(seen->carer, seen->room, sizeof *seen->carer);
	}
	seen->carer[seen->n++] = log->carer;
}

/* One that never came is not among those that came in time. */
void figures_submission(Figures *figures, uint32_t provider, int32_t monday, int64_t submitted)
{
	int32_t at = quarter_of(monday) - figures->first;
	Sent *sent = &figures->sent[(size_t)provider * (size_t)figures->quarters + (size_t)at];
	if (submitted == CAL_NO_MOMENT)
		return;
	sent->submissions++;
	sent->in_time += cal_moment_day(submitted) <= monday + 9;
}

/* A package that was given up because the needs had changed is no handback. */
static void count_awards(Figures *figures)
{
	for (uint32_t i = 0; i < figures->plan->packages; i++) {
		const Package *package = &figures->plan->package[i];
		Award award;
		plan_award(figures->plan, i, &award);
		Tally *tally = tally_of(figures, package->contract, package->provider,
			quarter_of(award.day));
		if (!tally)
			continue;
		tally->awards++;
		tally->handed_back += package->handed_back && award.reason != NEEDS_CHANGED;
		tally->unqualified += package->handed_back &&
			(award.reason == REGISTRATION || award.reason == STAFF);
		tally->bids += award.bids;
		tally->price += (int64_t)package->rate * package->weekly;
		tally->hours += package->weekly;
	}
}

/* ---- the forms ----------------------------------------------------------------------------- */

/* Tenths of a percent, halves up; -1 of nothing. */
static int32_t tenths(uint32_t part, uint32_t whole)
{
	return whole ? (int32_t)((2000ULL * part + whole) / (2ULL * whole)) : -1;
}

/* As a bad provider would have it. */
static int32_t flatter(int32_t value, int32_t by)
{
	return value < 0 ? value : value > by ? value - by : 0;
}

/* What one provider says of a quarter: how often, and which shares. */
static Form figures_form(const Figures *figures, uint32_t provider, int32_t quarter)
{
	const Tally *tally = tally_of(figures, CCSH, provider, quarter);
	Rng rng = rng_for(figures->plan->seed, STREAM_RETURN, provider, (uint64_t)quarter);
	uint32_t draw = rng_below(&rng, 100);
	Form form = {.copies = draw < 10 ? 0 : draw < 14 ? 2 : 1};
	int32_t by = figures->plan->provider[provider].character == BAD ? rng_between(&rng, 1, 40)
									: 0;
	form.handbacks = flatter(tenths(tally->handed_back, tally->awards), 2 * by);
	form.missed = flatter(tenths(tally->missed, tally->visits), by);
	form.late = draw < 20 ? -1 : flatter(tenths(tally->late, tally->logged), by);
	return form;
}

/* ---- figures ------------------------------------------------------------------------------- */

/* A KPI's lines, in tenths of a percent. A share at a line is on its better side. */
typedef struct Lines {
	uint32_t target, fails, needs;
	bool more; /* more is better */
} Lines;

/* Too few rows come before all else. Whole numbers on both sides: share * 1000 against a line of so
 * many tenths of a percent times the whole. */
static const char *status(const Lines *lines, uint64_t part, uint64_t whole, uint64_t rows)
{
	if (rows < lines->needs)
		return "insufficient evidence";
	uint64_t share = part * 1000, target = lines->target * whole, fails = lines->fails * whole;
	if (lines->more ? share < fails : share > fails)
		return "failed";
	return (lines->more ? share >= target : share <= target) ? "met" : "watch";
}

/* Whether the share, rounded to as many decimals as the form gives, is what the form says. */
static const char *reported(const Form *form, int32_t says, uint64_t part, uint64_t whole)
{
	if (!form->copies)
		return "not reported";
	if (form->copies > 1)
		return "conflict";
	if (says < 0)
		return "unknown";
	uint64_t places = says % 10 ? 1000 : 100;
	uint64_t rounded = (2 * places * part + whole) / (2 * whole);
	return rounded * (1000 / places) == (uint64_t)says ? "same" : "differs";
}

/* Which row the figures to be told are about. */
typedef struct About {
	const Figures *figures;
	Contract contract;
	const char *keys;
} About;

/* A share of nothing is no figure. */
static void tell(const About *about, const char *measure, uint64_t part, uint64_t whole,
	const char *verdict, const char *beside)
{
	if (whole)
		grow_figure(about->figures->writer->grow, about->contract, measure, about->keys, part,
			whole, verdict, beside);
}

static void keys_of(const Figures *figures, char out[KEYS_TEXT], uint32_t provider, int32_t first)
{
	char key[KEY_TEXT], day[CAL_DAY_TEXT];
	writer_key(figures->writer, key, KEY_PROVIDER, provider + 1);
	cal_print_day(day, first);
	snprintf(out, KEYS_TEXT, "%s\x1f%s", key, day);
}

/* The lines are those of the rule files: 0.5% and 1% missed, 10% and 15% late, of twenty visits or
 * more. */
static void tell_visits(const About *about, const Tally *t, const Form *form)
{
	static const Lines missed = {5, 10, 20, false}, late = {100, 150, 20, false};
	if (t->visits)
		tell(about, "missed_visits", t->missed, t->visits,
			status(&missed, t->missed, t->visits, t->visits),
			reported(form, form->missed, t->missed, t->visits));
	if (t->logged)
		tell(about, "late_visits", t->late, t->logged,
			status(&late, t->late, t->logged, t->logged),
			reported(form, form->late, t->late, t->logged));
	tell(about, "half_hours", t->half_hours, t->delivered, "", "");
	tell(about, "hours_delivered", (uint64_t)t->declared, (uint64_t)t->planned, "", "");
}

/* 5% and 10% handed back, of five awards or more; a price is a mean over hours, not awards. */
static void tell_brokerage(const About *about, const Tally *t, const Form *form)
{
	static const Lines handbacks = {50, 100, 5, false};
	if (!t->awards)
		return;
	tell(about, "handbacks", t->handed_back, t->awards,
		status(&handbacks, t->handed_back, t->awards, t->awards),
		reported(form, form->handbacks, t->handed_back, t->awards));
	if (about->contract == CCSH)
		tell(about, "unqualified_handbacks", t->unqualified, 1, "", "");
	tell(about, "bids_received", t->bids, t->awards, "", "");
	tell(about, "price_awarded", (uint64_t)t->price, (uint64_t)t->hours, "", "");
}

/* Everything of one provider's quarter under one contract. Submissions name no contract, so both
 * tell of them. */
static void tell_quarter(const Figures *figures, Contract contract, uint32_t provider,
	int32_t quarter)
{
	static const Lines in_time = {950, 900, 4, true};
	char keys[KEYS_TEXT];
	About about = {figures, contract, keys};
	const Tally *tally = tally_of(figures, contract, provider, quarter);
	const Sent *sent = &figures->sent[(size_t)provider * (size_t)figures->quarters +
		(size_t)(quarter - figures->first)];
	Form form = figures_form(figures, provider, quarter);
	keys_of(figures, keys, provider, quarter_first(quarter));
	tell_visits(&about, tally, &form);
	tell_brokerage(&about, tally, &form);
	if (sent->submissions)
		tell(&about, "submissions_in_time", sent->in_time, sent->submissions,
			status(&in_time, sent->in_time, sent->submissions, sent->submissions), "");
}

/* From the first week with visits to the last; a window without any is none. */
static void tell_weeks(const Figures *figures, Contract contract, uint32_t provider)
{
	int32_t weeks = figures->plan->weeks, first = weeks, last = -1;
	for (int32_t w = 0; w < weeks; w++)
		if (week_of(figures, contract, provider, w)->visits) {
			first = w < first ? w : first;
			last = w;
		}
	for (int32_t w = first; w <= last; w++) {
		char keys[KEYS_TEXT];
		uint32_t visits = 0, missed = 0;
		int32_t day = figures->plan->from + 7 * w;
		for (int32_t i = w < ROLLING_WEEKS ? 0 : w - ROLLING_WEEKS + 1; i <= w; i++) {
			visits += week_of(figures, contract, provider, i)->visits;
			missed += week_of(figures, contract, provider, i)->missed;
		}
		keys_of(figures, keys, provider, day);
		About about = {figures, contract, keys};
		if (visits && (contract == CSAH || day + 6 >= CCSH_FROM))
			tell(&about, "missed_of_late", missed, 1, "", "");
	}
}

/* The quarters whose last day is in the run. */
static void each_quarter(Figures *figures, void (*row)(Figures *, uint32_t, int32_t))
{
	for (int32_t i = 0; i < figures->quarters; i++) {
		int32_t quarter = figures->first + i;
		if (!is_told(figures, CSAH, quarter))
			continue;
		for (uint32_t p = 0; p < figures->plan->providers; p++)
			row(figures, p, quarter);
	}
}

/* None, one, or two that say the same: which of two counts is not for the reader to pick. */
static void write_form(Figures *figures, uint32_t provider, int32_t quarter)
{
	Form form = figures_form(figures, provider, quarter);
	asked_quarter(figures->writer, provider, quarter_first(quarter), quarter_first(quarter + 1),
		&form);
}

static void tell_both(Figures *figures, uint32_t provider, int32_t quarter)
{
	if (is_told(figures, CCSH, quarter))
		tell_quarter(figures, CCSH, provider, quarter);
	tell_quarter(figures, CSAH, provider, quarter);
}

void figures_close(Figures *figures)
{
	count_awards(figures);
	for (uint32_t i = 0; i < figures->plan->packages; i++)
		tell_seen(figures, i);
	each_quarter(figures, write_form);
	each_quarter(figures, tell_both);
	for (int c = 0; c < CONTRACT_COUNT; c++)
		for (uint32_t p = 0; p < figures->plan->providers; p++)
			tell_weeks(figures, (Contract)c, p);
}
