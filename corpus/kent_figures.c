/*
 * Measures and KPIs, counted a second time. What belongs to one package is told when it is made;
 * sums over quarters and years when all are there, with the forms that providers fill in from them:
 * most say what is so, some say something better, nothing, or two things.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/kent_rows.h"

#define FOUND_MINUTES 90
#define LATE_MINUTES 30
#define ROLLING_WEEKS 4

/* ---- quarters ------------------------------------------------------------------------------ */

/* Counted on without a break, four to a year, so that the next is one more. */
int32_t kent_quarter(int32_t day)
{
	int year, month, date;
	cal_civil(day, &year, &month, &date);
	return year * 4 + (month - 1) / 3;
}

int32_t kent_quarter_first(int32_t quarter)
{
	return cal_day(quarter / 4, quarter % 4 * 3 + 1, 1);
}

/* A period is told of when its last day lies in the run, with all its rows. */
static bool is_told(const Kent *kent, int32_t last)
{
	return last >= kent->grow->options->from && last <= grow_last_day(kent->grow);
}

bool kent_quarter_told(const Kent *kent, int32_t quarter)
{
	return is_told(kent, kent_quarter_first(quarter + 1) - 1);
}

/* Calendar years, for L5, L6 and L8 and for the providers of one person. */
static int32_t year_of(int32_t day)
{
	return kent_quarter(day) / 4;
}

/* From 1 April on. */
static int32_t financial_year(int32_t day)
{
	return (kent_quarter(day) - 1) / 4;
}

/* A quarter more than the run has days in: what was moved two days on may lie in it. */
void kent_figures_open(Kent *kent)
{
	Figures *figures = &kent->figures;
	int32_t from = kent->grow->options->from, last = grow_last_day(kent->grow);
	figures->first = kent_quarter(from);
	figures->quarters = kent_quarter(last + 2) + 1 - figures->first;
	size_t quarters = (size_t)figures->quarters, years = quarters / 4 + 2;
	figures->tally = room_grow(NULL, quarters * PROVIDERS_MOST, sizeof *figures->tally);
	figures->market = room_grow(NULL, quarters * LOTS_MOST, sizeof *figures->market);
	figures->spend = room_grow(NULL, years, sizeof *figures->spend);
	memset(figures->tally, 0, quarters * PROVIDERS_MOST * sizeof *figures->tally);
	memset(figures->market, 0, quarters * LOTS_MOST * sizeof *figures->market);
	memset(figures->spend, 0, years * sizeof *figures->spend);
}

/* Made for all quarters at once, so that packages may come in any order. */
Tally *kent_tally(Kent *kent, uint32_t provider, int32_t quarter)
{
	const Figures *figures = &kent->figures;
	return &figures->tally[provider * (size_t)figures->quarters +
		(size_t)(quarter - figures->first)];
}

static Market *market_of(Kent *kent, uint32_t lot, int32_t quarter)
{
	const Figures *figures = &kent->figures;
	return &figures->market[lot * (size_t)figures->quarters + (size_t)(quarter - figures->first)];
}

/* ---- telling ------------------------------------------------------------------------------- */

/* Keys: one of a row, and a period's first day. */
typedef struct Keys {
	char text[KEYS_TEXT];
} Keys;

static Keys keys_of(const Kent *kent, int kind, uint64_t no, int32_t first)
{
	Keys keys;
	char key[KEY_TEXT], day[CAL_DAY_TEXT];
	tables_key(kent->grow->county, key, kind, no);
	cal_print_day(day, first);
	snprintf(keys.text, sizeof keys.text, "%s\x1f%s", key, day);
	return keys;
}

/* Of nothing there is no share, and a measure tells no figure. */
static void tell(Kent *kent, const char *measure, const Keys *keys, int64_t part, int64_t whole)
{
	if (whole)
		grow_figure(kent->grow, 0, measure, keys->text, (uint64_t)part, (uint64_t)whole, "", "");
}

/* ---- one package --------------------------------------------------------------------------- */

/* A carer who came leaves a log; the first providers alone have call monitoring. */
static bool is_logged(const Package *package, const Visit *visit)
{
	return package->provider < MONITORED && !visit->missed && !visit->no_log;
}

/* A visit whose log is near enough to be found as its own. */
static bool is_found(const Package *package, const Visit *visit)
{
	return is_logged(package, visit) && !visit->no_start && visit->late <= FOUND_MINUTES &&
		visit->late >= -FOUND_MINUTES;
}

/* Into the sums of its provider, lot, year, and block contract. */
static void count_visit(Kent *kent, const Visit *visit)
{
	const Package *package = &kent->package;
	Tally *tally = kent_tally(kent, package->provider, kent_quarter(visit->day));
	Market *market = market_of(kent, package->lot, kent_quarter(visit->day));
	kent->figures.spend[financial_year(visit->day) - financial_year(kent->grow->options->from)] +=
		visit->claimed;
	tally->visits++;
	/* The share of missed visits has all visits below the line, that of late ones only those that a
	 * log was found for. */
	tally->missed += visit->missed;
	if (visit->missed)
		return;
	if (is_found(package, visit)) {
		tally->logged++;
		tally->late += visit->late > LATE_MINUTES;
	}
	/* Rates of one lot lie within a few pounds, so no two of them share a place. */
	market->rate[visit->rate % RATES_MOST] = 1;
	market->providers |= 1U << package->provider;
	/* B3 holds the hours of a block against those of the visits, by the week of the visit. */
	int32_t week = (visit->day - kent->grow->options->from) / 7;
	kent->delivered[package->post * (size_t)kent->grow->options->weeks + (size_t)week] +=
		visit->declared;
}

/* A person is counted once in a quarter. */
static void count_client(Kent *kent)
{
	const Package *package = &kent->package;
	int32_t from = kent_quarter(package->start), to = kent_quarter(package->end + 1);
	for (int32_t quarter = from; quarter <= to; quarter++)
		for (int i = 0; i < package->visits; i++)
			if (!package->visit[i].missed && kent_quarter(package->visit[i].day) == quarter) {
				/* One delivered call in the quarter makes a client of it, however many there
				 * are. */
				market_of(kent, package->lot, quarter)->clients++;
				break;
			}
}

/* What a week's visits and nights were claimed at, and how much of its envelope was used. */
static void tell_week(Kent *kent, int32_t monday)
{
	const Package *package = &kent->package;
	int64_t claimed = 0, declared = 0;
	int visits = 0, delivered = 0;
	for (int i = 0; i < package->visits; i++) {
		const Visit *visit = &package->visit[i];
		if (visit->day < monday || visit->day > monday + 6)
			continue;
		visits++;
		delivered += !visit->missed;
		claimed += visit->claimed;
		declared += visit->declared;
	}
	for (int i = 0; i < package->nights; i++)
		if (package->night[i].day >= monday && package->night[i].day <= monday + 6)
			claimed += package->night[i].claimed;
	Keys keys = keys_of(kent, KEY_PROVISION, package->no, monday);
	/* A week in which all was missed has a sum, but no envelope that was used. */
	if (visits)
		tell(kent, "weekly_sum", &keys, claimed, 100);
	if (delivered && package->care == CARE_WEEKLY)
		tell(kent, "weekly_envelope_used", &keys, declared, package->weekly);
}

/* Of a monthly envelope. */
static void tell_months(Kent *kent)
{
	const Package *package = &kent->package;
	for (int32_t first = kent_period(package, package->start); first <= package->end;
		first = kent_period_last(package, first) + 1) {
		int64_t declared = 0;
		int delivered = 0;
		for (int i = 0; i < package->visits; i++)
			if (kent_period(package, package->visit[i].day) == first) {
				delivered += !package->visit[i].missed;
				declared += package->visit[i].declared;
			}
		Keys keys = keys_of(kent, KEY_PROVISION, package->no, first);
		if (delivered && is_told(kent, kent_period_last(package, first)))
			tell(kent, "monthly_envelope_used", &keys, declared, package->monthly);
	}
}

/* Carers of a person by week of the package, a bit for each. */
typedef struct Seen {
	uint32_t crew[WEEKS_MOST + 1];
} Seen;

/* Sets of carers and providers are bits, as there are few of each. */
static uint32_t different(uint32_t bits)
{
	uint32_t count = 0;
	for (; bits; bits &= bits - 1)
		count++;
	return count;
}

/* A window for each week from the first with a log to the last, of four weeks: as long as it has
 * logs itself. */
static void tell_seen(Kent *kent, uint64_t client, const Seen *seen)
{
	char keys[KEYS_TEXT], provider[KEY_TEXT], of_client[KEY_TEXT], day[CAL_DAY_TEXT];
	int first = WEEKS_MOST + 1, last = -1;
	for (int w = 0; w <= WEEKS_MOST; w++)
		if (seen->crew[w]) {
			first = w < first ? w : first;
			last = w;
		}
	tables_key(kent->grow->county, provider, KEY_PROVIDER, kent->package.provider + 1);
	tables_key(kent->grow->county, of_client, KEY_CLIENT, client);
	for (int w = first; w <= last; w++) {
		uint32_t crew = 0;
		for (int i = w < ROLLING_WEEKS ? 0 : w - ROLLING_WEEKS + 1; i <= w; i++)
			crew |= seen->crew[i];
		uint32_t carers = different(crew);
		cal_print_day(day, kent->package.start + 7 * w);
		snprintf(keys, sizeof keys, "%s\x1f%s\x1f%s", provider, of_client, day);
		if (carers)
			grow_figure(kent->grow, 0, "carers_seen", keys, carers, 1,
				carers <= 6 ? "met" : carers > 10 ? "failed" : "watch", "");
	}
}

/* Of the person and of whoever lives next door. */
static void tell_carers(Kent *kent)
{
	const Package *package = &kent->package;
	Seen own = {{0}}, next_door = {{0}};
	for (int i = 0; i < package->visits; i++) {
		const Visit *visit = &package->visit[i];
		int week = kent_week(package, visit->day);
		if (!is_logged(package, visit))
			continue;
		/* The second carer of a double-handed visit is the next of the crew: see write_logs. */
		own.crew[week] |= 1U << visit->crew % package->crew;
		if (package->carers == 2)
			own.crew[week] |= 1U << (visit->crew + 1) % package->crew;
		for (int c = 0; c < package->calls; c++)
			if (package->call[c].visit == i)
				next_door.crew[week] |= 1U << visit->crew % package->crew;
	}
	tell_seen(kent, package->client, &own);
	if (package->neighbour)
		tell_seen(kent, package->neighbour, &next_door);
}

/* All that can be told once the package is done; sums over providers wait for the end. */
void kent_figures_package(Kent *kent)
{
	const Package *package = &kent->package;
	int32_t quarter = kent_quarter(package->start), year = cal_day(year_of(package->start), 1, 1);
	Tally *tally = kent_tally(kent, package->provider, quarter);
	Market *market = market_of(kent, package->lot, quarter);
	for (int i = 0; i < package->visits; i++)
		count_visit(kent, &package->visit[i]);
	count_client(kent);
	for (int w = 0; w <= package->weeks; w++)
		tell_week(kent, package->week[w].monday);
	if (package->care == CARE_MONTHLY)
		tell_months(kent);
	tell_carers(kent);
	tally->assess += package->care == CARE_ASSESS;
	/* An extension counts as one when its outcome is on record, used or not. */
	tally->extended += package->care == CARE_ASSESS && package->extension;
	for (int i = 0; i < package->offers; i++) {
		market->offers++;
		market->accepted += package->offer[i].accepted;
	}
	Keys keys = keys_of(kent, KEY_CLIENT, package->client, year);
	if (is_told(kent, cal_day(year_of(package->start), 12, 31)))
		tell(kent, "providers_of_one", &keys, 1, 1);
}

/* ---- forms --------------------------------------------------------------------------------- */

/* What a provider says, in tenths of a percent; below nothing where it says nothing. */
typedef struct Form {
	int copies;
	int32_t missed, late, certificate;
} Form;

/* As people fill in forms: one decimal, halves up. */
static int32_t tenths(uint32_t part, uint32_t whole)
{
	return whole ? (int32_t)((2000ULL * part + whole) / (2ULL * whole)) : -1;
}

/* Achieved, under way, or a part of it: the prospectus counts all three. */
static uint32_t engaged(const Tally *tally)
{
	return tally->achieved + tally->in_process + tally->part_done;
}

/* Every third provider says something better than is so. */
static Form form_of(Kent *kent, uint32_t provider, int32_t quarter)
{
	const Tally *tally = kent_tally(kent, provider, quarter);
	Rng rng = rng_for(kent->grow->options->seed, STREAM_RETURN, provider, (uint64_t)quarter);
	uint32_t draw = rng_below(&rng, 100);
	/* The form says less missed and late, and more certificates, than there are: the comparison is
	 * what finds it. */
	int32_t better = provider % 3 == 1 ? rng_between(&rng, 1, 30) : 0;
	/* No form, one, or two alike: several are a conflict, whatever they say. */
	Form form = {.copies = draw < 10 ? 0 : draw < 14 ? 2 : 1,
		.missed = tenths(tally->missed, tally->visits), .late = tenths(tally->late, tally->logged),
		.certificate = tenths(engaged(tally), tally->staff)};
	form.missed -= form.missed > better ? better : 0;
	form.late = draw < 20 ? -1 : form.late - (form.late > better ? better : 0);
	form.certificate += form.certificate < 0 ? 0 : better;
	return form;
}

static Cell cell_tenths(int32_t value)
{
	return value < 0 ? cell_missing() : cell_real(value, 10);
}

/* A figure that the provider left blank is missing, not nought. */
static void write_form(Kent *kent, uint32_t provider, int32_t quarter, uint64_t *forms)
{
	Form form = form_of(kent, provider, quarter);
	for (int i = 0; i < form.copies; i++)
		kent_row(kent, T_RETURNS, ROW(cell_key(KEY_RETURN, ++*forms),
			cell_key(KEY_PROVIDER, provider + 1), cell_day(kent_quarter_first(quarter)),
			cell_tenths(form.missed), cell_tenths(form.late), cell_tenths(form.certificate)));
}

/* ---- KPIs ---------------------------------------------------------------------------------- */

/* Lines in tenths of a percent; a share at a line is on its better side. */
typedef struct Lines {
	uint32_t target, fails, needs;
	bool more; /* more is better */
} Lines;

static const char *status(const Lines *lines, uint64_t part, uint64_t whole)
{
	/* Twenty visits are enough and nineteen are not. */
	if (whole < lines->needs)
		return "insufficient evidence";
	uint64_t share = part * 1000, target = lines->target * whole, fails = lines->fails * whole;
	if (lines->more ? share < fails : share > fails)
		return "failed";
	/* Between the two lines neither holds: watch. */
	return (lines->more ? share >= target : share <= target) ? "met" : "watch";
}

/* Whether the share, rounded to as many decimals as the form gives, is what the form says. */
static const char *reported(const Form *form, int32_t says, uint64_t part, uint64_t whole)
{
	if (form->copies != 1)
		return form->copies ? "conflict" : "not reported";
	if (says < 0)
		return "unknown";
	/* A whole percentage comes back from the database without its decimal, so it says no more than
	 * whole percents. */
	uint64_t places = says % 10 ? 1000 : 100;
	uint64_t rounded = (2 * places * part + whole) / (2 * whole);
	return rounded * (1000 / places) == (uint64_t)says ? "same" : "differs";
}

/* Lines as in the rule files: 0.5% and 1% missed, 10% and 15% late, of twenty visits or more; 63%
 * and 38% with the certificate. */
static void tell_kpis(Kent *kent, uint32_t provider, int32_t quarter)
{
	static const Lines missed = {5, 10, 20, false}, late = {100, 150, 20, false},
		certificate = {630, 380, 0, true};
	const Tally *t = kent_tally(kent, provider, quarter);
	Form form = form_of(kent, provider, quarter);
	Keys keys = keys_of(kent, KEY_PROVIDER, provider + 1, kent_quarter_first(quarter));
	/* A quarter without visits has no figure: that is not the same as a figure of nought. */
	if (t->visits)
		grow_figure(kent->grow, 0, "missed_visits", keys.text, t->missed, t->visits,
			status(&missed, t->missed, t->visits),
			reported(&form, form.missed, t->missed, t->visits));
	if (t->logged)
		grow_figure(kent->grow, 0, "late_visits", keys.text, t->late, t->logged,
			status(&late, t->late, t->logged), reported(&form, form.late, t->late, t->logged));
	if (t->staff)
		grow_figure(kent->grow, 0, "care_certificate", keys.text, engaged(t), t->staff,
			status(&certificate, engaged(t), t->staff),
			reported(&form, form.certificate, engaged(t), t->staff));
}

/* Measures beside the KPIs: without lines, so without a status. */
static void tell_provider(Kent *kent, uint32_t provider, int32_t quarter)
{
	const Tally *t = kent_tally(kent, provider, quarter);
	Keys keys = keys_of(kent, KEY_PROVIDER, provider + 1, kent_quarter_first(quarter));
	tell_kpis(kent, provider, quarter);
	tell(kent, "zero_hours", &keys, t->zero_hours, t->staff);
	tell(kent, "staff_turnover", &keys, t->leavers, t->staff);
	tell(kent, "electronic_logs", &keys, t->electronic, t->logs);
	tell(kent, "extended", &keys, t->extended, t->assess);
}

/* ---- staff --------------------------------------------------------------------------------- */

/* The return is made on the quarter's last day. In the first quarter one provider has just as many
 * with the certificate as it has staff, and one has more. */
static void write_workforce(Kent *kent, uint32_t provider, int32_t quarter, uint64_t no)
{
	Rng rng = rng_for(kent->grow->options->seed, STREAM_PROVIDER, provider, (uint64_t)quarter);
	Tally *t = kent_tally(kent, provider, quarter);
	bool odd = kent_spoils(kent) && quarter == kent->figures.first && provider < 2;
	t->staff = 40 + rng_below(&rng, 200);
	/* At most 59, 24 and 14 in a hundred: of the others none has more than staff. */
	t->achieved = t->staff * (15 + rng_below(&rng, 45)) / 100;
	t->in_process = t->staff * rng_below(&rng, 25) / 100;
	/* Q5 from both sides: as many as there are staff is possible, one more is not. */
	t->part_done = odd ? t->staff + 1 - provider - t->achieved - t->in_process
		: t->staff * rng_below(&rng, 15) / 100;
	/* Drawn freely: zero hours and leavers are measures without a line. */
	t->zero_hours = t->staff * rng_below(&rng, 80) / 100;
	t->leavers = t->staff * rng_below(&rng, 20) / 100;
	kent_row(kent, T_WORKFORCE, ROW(cell_key(KEY_WORKFORCE, no),
		cell_key(KEY_PROVIDER, provider + 1), cell_day(kent_quarter_first(quarter + 1) - 1),
		cell_whole(t->staff), cell_whole(t->achieved), cell_whole(t->in_process),
		cell_whole(t->part_done), cell_whole(t->zero_hours), cell_whole(t->leavers)));
	/* Only the two odd returns are told: all others pass, which nobody has to be told. */
	char subject[SUBJECT_TEXT];
	grow_subject(kent->grow, subject, "workforce_return", KEY_WORKFORCE, no);
	if (odd)
		grow_tell(kent->grow, 0, RULE_Q5, subject, provider ? VERDICT_PASS : VERDICT_FAIL, NO_STAKE,
			provider ? "as many with the certificate as staff" : "one more than there are staff");
}

/* ---- lots ---------------------------------------------------------------------------------- */

/* A price holds in each quarter that it shares a day with. */
static bool in_quarter(const Listed *listed, int32_t quarter)
{
	return listed->start < kent_quarter_first(quarter + 1) &&
		(listed->end == CAL_NO_DAY || listed->end >= kent_quarter_first(quarter));
}

/* Different prices, and different providers, of what is listed in a lot and quarter. */
static void tell_listed(Kent *kent, uint32_t lot, int32_t quarter)
{
	/* What the market asks, whether or not anybody bought at it. */
	uint32_t prices = 0, providers = 0;
	for (uint32_t i = 0; i < kent->listings; i++) {
		const Listed *listed = &kent->listed[i];
		bool new = listed->lot == lot && in_quarter(listed, quarter);
		if (!new)
			continue;
		providers |= 1U << listed->provider;
		/* A price that was listed before in the quarter is no new one. */
		for (uint32_t j = 0; j < i; j++)
			new &= kent->listed[j].lot != lot || kent->listed[j].price != listed->price ||
				!in_quarter(&kent->listed[j], quarter);
		prices += new;
	}
	Keys keys = keys_of(kent, KEY_LOT, lot + 1, kent_quarter_first(quarter));
	tell(kent, "rates_listed", &keys, prices, 1);
	tell(kent, "listing_providers", &keys, different(providers), 1);
}

/* Nobody is in the figures of a lot without visits. */
static void tell_lot(Kent *kent, uint32_t lot, int32_t quarter)
{
	const Market *market = market_of(kent, lot, quarter);
	Keys keys = keys_of(kent, KEY_LOT, lot + 1, kent_quarter_first(quarter));
	uint32_t rates = 0;
	for (int i = 0; i < RATES_MOST; i++)
		rates += market->rate[i];
	tell_listed(kent, lot, quarter);
	tell(kent, "packages_accepted", &keys, market->accepted, market->offers);
	if (!rates)
		return;
	tell(kent, "rates_paid", &keys, rates, 1);
	tell(kent, "cluster_clients", &keys, market->clients, 1);
	tell(kent, "cluster_providers", &keys, different(market->providers), 1);
}

/* ---- the end ------------------------------------------------------------------------------- */

/* Figures of the county as a whole have a period for a key, and nothing else. */
static void tell_period(Kent *kent, const char *measure, int32_t first, int64_t part, int64_t whole)
{
	char day[CAL_DAY_TEXT];
	cal_print_day(day, first);
	grow_figure(kent->grow, 0, measure, day, (uint64_t)part, (uint64_t)whole, "", "");
}

/* Financial years, from 1 April: the contract's own. */
static void tell_years(Kent *kent)
{
	int32_t from = financial_year(kent->grow->options->from);
	/* Only years whose 31 March lies in the run: an open year's spend would look low. */
	for (int32_t year = from; is_told(kent, cal_day(year + 1, 3, 31)); year++)
		tell_period(kent, "spend", cal_day(year, 4, 1), kent->figures.spend[year - from], 100);
}

/* Returns come before figures: what a return says is counted into the tally of its quarter. */
static void tell_quarter(Kent *kent, int32_t quarter, uint64_t *returns, uint64_t *forms)
{
	int64_t all = 0, staff = 0;
	for (uint32_t p = 0; p < kent->providers; p++) {
		write_workforce(kent, p, quarter, ++*returns);
		write_form(kent, p, quarter, forms);
		tell_provider(kent, p, quarter);
		all += engaged(kent_tally(kent, p, quarter));
		staff += kent_tally(kent, p, quarter)->staff;
	}
	tell_period(kent, "certificate_of_all", kent_quarter_first(quarter), all, staff);
	for (uint32_t lot = 0; lot < kent->lots; lot++)
		tell_lot(kent, lot, quarter);
}

/* Only quarters that end within the run are told, and only of these are there forms. */
void kent_figures_close(Kent *kent)
{
	uint64_t returns = 0, forms = 0;
	int32_t first = kent->figures.first;
	for (int32_t i = 0; i < kent->figures.quarters; i++)
		if (kent_quarter_told(kent, first + i))
			tell_quarter(kent, first + i, &returns, &forms);
	tell_years(kent);
	free(kent->figures.tally);
	free(kent->figures.market);
	free(kent->figures.spend);
}
