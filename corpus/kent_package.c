/*
 * Clean packages and their rows. Four sorts: two calls a day priced by their length; the same
 * within an envelope of a week or of a month; and Discharge to Assess, from the discharge to the
 * third day.
 *
 *   package ── visits ── care logs ── the person next door
 *       ├───── sleep nights
 *       ├───── offers
 *       └───── stay in hospital (Discharge to Assess)
 */
#include <stdio.h>
#include <string.h>

#include "corpus/kent_rows.h"

#define EVENING (17 * 60 + 15)

static const char *const hospitals[] = {"tunbridge_wells", "maidstone", "tonbridge_community",
	"sevenoaks_community", "edenbridge_memorial", "darent_valley", "gravesham_place",
	"gravesham_community", "livingstone_community", "elm_court"};

/* ---- prices -------------------------------------------------------------------------------- */

/* Hundredths by the class of the postcode, A1 to F2. */
static const int32_t weights[CATEGORIES] = {100, 100, 100, 103, 105, 108, 110, 113, 115, 118};

/* The contracted rate, weighted for the postcode and rounded once: a claim that rounds at another
 * place is a penny off. */
int32_t kent_rate(const Kent *kent, const Package *package, int32_t day)
{
	int64_t contracted =
		kent_contracted(kent, &kent->post[package->post], package->complex, day);
	return (int32_t)grow_nearest(weights[package->category] * contracted, 100);
}

/* Half an hour is paid as 36 minutes, three quarters as 48, and between them in proportion, as on
 * to the hour; shorter calls in proportion to half an hour. Envelopes are paid by the hour. */
int64_t kent_paid(const Package *package, int32_t minutes)
{
	int64_t seconds = grow_nearest((int64_t)minutes * 60, package->carers);
	if (package->care == CARE_WEEKLY || package->care == CARE_MONTHLY || seconds >= 3600)
		return 5 * seconds;
	return seconds < 1800 ? 6 * seconds : 3600 + 4 * seconds;
}

/* Each carer's share is rounded, then multiplied: two carers never cost an odd penny. */
int32_t kent_price(const Package *package, int32_t minutes, int32_t rate)
{
	return (int32_t)grow_nearest(kent_paid(package, minutes) * rate, 5 * 3600) * package->carers;
}

/* ---- days ---------------------------------------------------------------------------------- */

/* Packages begin on Mondays, so their weeks are those of the calendar. */
int kent_week(const Package *package, int32_t day)
{
	return (day - package->start) / 7;
}

/* The period that an envelope is for: its week, or its month. */
int32_t kent_period(const Package *package, int32_t day)
{
	int year, month, date;
	if (package->care == CARE_WEEKLY)
		return cal_monday(day);
	cal_civil(day, &year, &month, &date);
	return cal_day(year, month, 1);
}

/* Behind any first of a month, 31 days on is the next month. */
int32_t kent_period_last(const Package *package, int32_t first)
{
	return package->care == CARE_WEEKLY ? first + 6 : kent_period(package, first + 31) - 1;
}

/* By day, and of one day by key: keys need not be in the order of their numbers. */
bool kent_before(const Kent *kent, const Visit *a, const Visit *b)
{
	char of_a[KEY_TEXT], of_b[KEY_TEXT];
	if (a->day != b->day)
		return a->day < b->day;
	tables_key(kent->grow->county, of_a, KEY_VISIT, a->no);
	tables_key(kent->grow->county, of_b, KEY_VISIT, b->no);
	return strcmp(of_a, of_b) < 0;
}

/* ---- clean rows ---------------------------------------------------------------------------- */

static void add_visit(Kent *kent, Rng *rng, int32_t day, int32_t start, int32_t minutes)
{
	Package *package = &kent->package;
	Visit *visit = &package->visit[package->visits++];
	*visit = (Visit){.no = ++kent->visits, .day = day, .start = start, .planned = minutes,
		.declared = minutes, .rate = kent_rate(kent, package, day),
		/* One in twelve comes more than half an hour late: near the lines of the late visits'
		 * KPI. */
		.late = rng_permille(rng, 80) ? rng_between(rng, 31, 70) : rng_between(rng, -9, 30),
		.crew = rng_below(rng, package->crew)};
	visit->claimed = kent_price(package, minutes, visit->rate);
}

/* What is declared so far in the period of an envelope. */
static int32_t used(const Package *package, int32_t first)
{
	int32_t minutes = 0;
	for (int i = 0; i < package->visits; i++)
		if (kent_period(package, package->visit[i].day) == first)
			minutes += package->visit[i].declared;
	return minutes;
}

/* Of a month's envelope there are only the visits that it holds. */
static void add_call(Kent *kent, Rng *rng, int32_t day, int32_t start, int32_t minutes)
{
	const Package *package = &kent->package;
	bool fits = package->care != CARE_MONTHLY ||
		used(package, kent_period(package, day)) + minutes <= package->monthly;
	if (fits)
		add_visit(kent, rng, day, start, minutes);
}

/* Nights are commissioned one a week, so a clean week has one. */
static void add_night(Kent *kent, int32_t day)
{
	Package *package = &kent->package;
	package->night[package->nights++] =
		(Night){.no = ++kent->nights, .day = day, .claimed = NIGHT_PENCE};
}

/* Two calls a day, the same each week; for some a sleep night a week. A week's envelope holds a
 * little more than what is used, a month's that of four weeks. */
static void make_weeks(Kent *kent, Rng *rng)
{
	static const int32_t lengths[] = {30, 30, 30, 45, 45, 60, 20, 50, 75};
	Package *package = &kent->package;
	int32_t morning = lengths[rng_below(rng, 9)] * package->carers;
	int32_t evening = lengths[rng_below(rng, 9)] * package->carers;
	package->weekly = 7 * (morning + evening);
	if (package->care == CARE_WEEKLY)
		/* Up to forty minutes to spare: plants declare them, to the last minute or by one more. */
		package->weekly += rng_between(rng, 0, 40);
	package->monthly = 4 * package->weekly;
	for (int w = 0; w < package->weeks; w++) {
		int32_t monday = package->start + 7 * w;
		for (int32_t d = 0; d < 7; d++) {
			add_call(kent, rng, monday + d, 8 * 60 + 30, morning);
			add_call(kent, rng, monday + d, EVENING, evening);
		}
		/* Not on Sundays: a second night is put on the day behind, and has to stay in the week. */
		if (package->nightly)
			add_night(kent, monday + rng_between(rng, 0, 5));
	}
}

/* From the evening of the discharge on. */
static void make_assess(Kent *kent, Rng *rng)
{
	Package *package = &kent->package;
	/* The third day after the discharge is left free: plants move the last call onto it. */
	for (int32_t d = 0; d <= ASSESS_DAYS - 1; d++)
		add_visit(kent, rng, package->start + d, EVENING, 30 * package->carers);
}

/* On Wednesdays a carer goes on to the person next door. */
static void make_calls(Kent *kent, Rng *rng)
{
	Package *package = &kent->package;
	for (int i = 0; package->neighbour && i < package->visits; i++)
		if (package->visit[i].start == EVENING && cal_weekday(package->visit[i].day) == 2)
			package->call[package->calls++] =
				(Call){.visit = i, .gap = 60 * rng_between(rng, 5, 15)};
}

/* One that was accepted, and for some another that was declined for a reason that is allowed. */
static void make_offers(Kent *kent, Rng *rng)
{
	static const char *const reasons[] = {"capacity", "skills", "other"};
	Package *package = &kent->package;
	package->offer[package->offers++] = (Offer){.no = ++kent->offers, .accepted = true};
	if (rng_permille(rng, 400))
		package->offer[package->offers++] =
			(Offer){.no = ++kent->offers, .reason = reasons[rng_below(rng, 3)]};
}

/* As the language's least(). */
static int32_t least(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

/* A package ends a week before the run does, so that what is moved beyond its end is still in it; a
 * leaver's ends on the last day of its appointment. */
static void draw_time(Kent *kent, Rng *rng)
{
	const GrowOptions *options = kent->grow->options;
	Package *package = &kent->package;
	int32_t most = package->provider == LEAVER ? (kent->uplift - options->from) / 7
		: options->weeks - 1;
	package->weeks = package->care == CARE_ASSESS ? 1
		: least(rng_between(rng, package->care == CARE_MONTHLY ? 8 : 3, WEEKS_MOST), most);
	package->start = options->from +
		7 * (int32_t)rng_below(rng, (uint32_t)(options->weeks - package->weeks));
	/* The last visit then lies on the appointment's last day, the boundary of A3. */
	if (package->provider == LEAVER)
		package->start = kent->uplift - 7 * package->weeks;
	package->end = package->start + 7 * package->weeks - 1;
}

/* The leaver is appointed to the first two lots, until the uplift. */
static void draw_place(Kent *kent, Rng *rng)
{
	Package *package = &kent->package;
	package->lot = package->home_lot = rng_below(rng, BASE_LOTS);
	package->provider = rng_below(rng, REGULARS);
	if (package->lot < 2 && package->care == CARE_PLAIN && rng_permille(rng, 400))
		package->provider = LEAVER;
	package->area = package->lot * LOT_AREAS + 1 + rng_below(rng, LOT_AREAS);
	package->category = rng_below(rng, CATEGORIES);
}

static void draw_discharge(Package *package, Rng *rng)
{
	package->scheme = "discharge_to_assess";
	package->weekly = 7 * 60 * package->carers;
	/* An outcome that allows two more days is there in two packages of five, used or not. */
	package->extension = rng_permille(rng, 400);
	package->discharged = cal_moment(package->start, rng_between(rng, 9 * 60, 15 * 60));
	/* Stays are days apart, and no package shares one. */
	package->admitted = package->discharged - CAL_DAY * rng_between(rng, 2, 20);
	package->hospital = hospitals[rng_below(rng, sizeof hospitals / sizeof *hospitals)];
	package->assessed = package->start + rng_between(rng, 1, ASSESS_DAYS - 1);
}

/* Half are priced call by call, and the rest shared out so that each sort has plants of its own. */
static void draw(Kent *kent, Rng *rng)
{
	Package *package = &kent->package;
	uint32_t care = rng_below(rng, 100);
	package->care = care < 50 ? CARE_PLAIN : care < 70 ? CARE_ASSESS
		: care < 85 ? CARE_WEEKLY : CARE_MONTHLY;
	draw_place(kent, rng);
	draw_time(kent, rng);
	package->scheme = rng_permille(rng, 500) ? "home_care" : "supporting_independence";
	package->complex = rng_permille(rng, 250);
	package->carers = rng_permille(rng, 150) ? 2 : 1;
	package->nightly = package->care != CARE_ASSESS && rng_permille(rng, 400);
	package->crew = 2 + rng_below(rng, rng_permille(rng, 150) ? CREW_MOST - 1 : 5);
	if (package->care == CARE_ASSESS)
		draw_discharge(package, rng);
}

/* What is planted in the package itself comes first: its visits depend on it. */
void kent_package(Kent *kent)
{
	Package *package = &kent->package;
	Rng rng = rng_for(kent->grow->options->seed, STREAM_PACKAGE, ++kent->packages, 0);
	memset(package, 0, sizeof *package);
	package->no = kent->packages;
	package->client = ++kent->clients;
	draw(kent, &rng);
	make_offers(kent, &rng);
	kent_plant_package(kent);
	/* A plant may have moved the package to another lot, so its appointment is looked up behind the
	 * plants. */
	for (package->post = 0; kent->post[package->post].lot != package->lot ||
		kent->post[package->post].provider != package->provider; package->post++)
		;
	/* Carers belong to one package: continuity is counted by person, and nobody is shared. */
	package->crew_first = kent->carers + 1;
	if (package->provider < MONITORED) {
		kent->carers += package->crew;
		package->neighbour = package->care == CARE_PLAIN ? ++kent->clients : 0;
	}
	for (int w = 0; w <= package->weeks; w++)
		package->week[w] = (Week){.monday = package->start + 7 * w};
	if (package->care == CARE_ASSESS)
		make_assess(kent, &rng);
	else
		make_weeks(kent, &rng);
	make_calls(kent, &rng);
	kent_mark_visits(kent);
	kent_plant_rows(kent);
}

/* ---- writing ------------------------------------------------------------------------------- */

/* When they were born matters to Extra Care alone; see kent_market.c. */
static void write_client(Kent *kent, uint64_t no, uint32_t category)
{
	const Package *package = &kent->package;
	char place[16];
	kent_place(place, package->home, package->area, category);
	kent_row(kent, T_CLIENTS, ROW(cell_key(KEY_CLIENT, no), cell_text(place), cell_missing()));
}

/* A discharge that was not recorded is blank; the day of the package goes by the true one. */
static void write_stay(Kent *kent)
{
	const Package *package = &kent->package;
	kent_row(kent, T_STAYS, ROW(cell_key(KEY_STAY, package->no),
		cell_key(KEY_CLIENT, package->client),
		cell_moment(package->admitted, STAMP_LOCAL, CAL_NO_MOMENT),
		cell_moment(package->no_discharge ? CAL_NO_MOMENT : package->discharged, STAMP_LOCAL,
			package->admitted),
		cell_text(package->hospital)));
}

/* Blank where the question does not arise, and where a plant took the answer away: the rules have
 * to tell the two apart. */
static void write_provision(Kent *kent)
{
	static const char *const envelopes[] = {
		[CARE_PLAIN] = "none", [CARE_ASSESS] = "none", [CARE_WEEKLY] = "weekly",
		[CARE_MONTHLY] = "monthly"};
	const Package *package = &kent->package;
	bool assess = package->care == CARE_ASSESS;
	kent_row(kent, T_PROVISIONS, ROW(cell_key(KEY_PROVISION, package->no),
		cell_key(KEY_PROVIDER, package->provider + 1), cell_key(KEY_CLIENT, package->client),
		cell_text("care_and_support"), cell_text("home_care"),
		package->no_weekly ? cell_missing() : cell_whole(package->weekly),
		cell_day(package->start), cell_day(package->end),
		cell_key(KEY_POST, package->post + 1), cell_text(package->scheme),
		cell_text(package->complex ? "complex" : "standard"),
		cell_text(package->complex && !package->no_reason ? "challenging behaviour" : NULL),
		cell_text(envelopes[package->care]),
		package->care == CARE_MONTHLY ? cell_whole(package->monthly) : cell_missing(),
		package->no_nightly ? cell_missing() : cell_whole(package->nightly),
		assess ? cell_key(KEY_STAY, package->no) : cell_missing(),
		cell_text(package->extension ? "reduced_need" : NULL),
		cell_day(assess ? package->assessed : CAL_NO_DAY)));
}

static void write_offers(Kent *kent)
{
	const Package *package = &kent->package;
	for (int i = 0; i < package->offers; i++) {
		const Offer *offer = &package->offer[i];
		kent_row(kent, T_OFFERS, ROW(cell_key(KEY_OFFER, offer->no),
			cell_key(KEY_POST, package->post + 1), cell_key(KEY_CLIENT, package->client),
			cell_text(package->care == CARE_ASSESS ? package->scheme : "home_care"),
			cell_day(package->start),
			cell_text(offer->accepted ? "accepted" : "declined"), cell_text(offer->reason)));
	}
}

/* When the first carer came, and stayed for as long as the call lasted. */
static int64_t came(const Visit *visit)
{
	return cal_moment(visit->day, visit->start + visit->late);
}

/* Minutes declared are summed over carers, and each stayed for a share. */
static int64_t left(const Package *package, const Visit *visit)
{
	return came(visit) + (int64_t)visit->declared * 60 / package->carers;
}

/* One in twelve was entered by hand: the share of electronic logs is a measure. */
static void write_log(Kent *kent, uint64_t client, uint32_t crew, int64_t from, int64_t to)
{
	const Package *package = &kent->package;
	Rng rng = rng_for(kent->grow->options->seed, STREAM_ROSTER, ++kent->logs, 0);
	bool by_hand = rng_permille(&rng, 80);
	Tally *tally = kent_tally(kent, package->provider, kent_quarter(cal_moment_day(from)));
	tally->logs++;
	tally->electronic += !by_hand;
	kent_row(kent, T_LOGS, ROW(cell_key(KEY_LOG, kent->logs),
		cell_key(KEY_PROVIDER, package->provider + 1), cell_key(KEY_CLIENT, client),
		cell_key(KEY_CARER, package->crew_first + crew % package->crew),
		cell_moment(from, STAMP_LOCAL, CAL_NO_MOMENT), cell_moment(to, STAMP_LOCAL, from),
		cell_text(by_hand ? "manual" : "app")));
}

static void write_logs(Kent *kent, int number)
{
	const Package *package = &kent->package;
	const Visit *visit = &package->visit[number];
	int64_t from = came(visit), to = left(package, visit);
	const Call *call = NULL;
	for (int i = 0; i < package->calls; i++)
		call = package->call[i].visit == number ? &package->call[i] : call;
	if (visit->missed || visit->no_log)
		return;
	write_log(kent, package->client, visit->crew, from, call && call->no_out ? CAL_NO_MOMENT : to);
	/* The second carer comes a minute later and stays as long. */
	if (package->carers == 2)
		write_log(kent, package->client, visit->crew + 1, from + 60, to + 60);
	/* Next door nobody declares a visit: the log is there for Q2, and for the carers that the
	 * neighbour sees. */
	if (call) {
		write_log(kent, package->neighbour, visit->crew, to + call->gap, to + call->gap + 1800);
		kent_judge_call(kent, call, kent->logs);
	}
}

static void write_visit(Kent *kent, const Visit *visit)
{
	const Package *package = &kent->package;
	kent_row(kent, T_VISITS, ROW(cell_key(KEY_VISIT, visit->no),
		cell_key(KEY_PROVISION, package->no), cell_day(visit->day),
		visit->no_start ? cell_missing() : cell_clock(visit->start),
		visit->no_planned ? cell_missing() : cell_whole(visit->planned),
		cell_whole(visit->declared), cell_text(visit->missed ? "missed" : "delivered"),
		cell_whole(package->carers), cell_pounds(visit->rate), cell_pounds(visit->claimed)));
}

/* Of providers without call monitoring no carer is known by name. */
static void write_people(Kent *kent)
{
	const Package *package = &kent->package;
	write_client(kent, package->client, package->category);
	if (package->neighbour)
		write_client(kent, package->neighbour,
			package->same_house ? package->category : (package->category + 1) % CATEGORIES);
	for (uint32_t i = 0; package->provider < MONITORED && i < package->crew; i++)
		kent_row(kent, T_CARERS, ROW(cell_key(KEY_CARER, package->crew_first + i),
			cell_key(KEY_PROVIDER, package->provider + 1)));
}

void kent_package_write(Kent *kent)
{
	const Package *package = &kent->package;
	write_people(kent);
	if (package->care == CARE_ASSESS)
		write_stay(kent);
	write_provision(kent);
	write_offers(kent);
	for (int i = 0; i < package->visits; i++) {
		write_visit(kent, &package->visit[i]);
		if (package->provider < MONITORED)
			write_logs(kent, i);
	}
	for (int i = 0; i < package->nights; i++)
		kent_row(kent, T_NIGHTS, ROW(cell_key(KEY_NIGHT, package->night[i].no),
			cell_key(KEY_PROVISION, package->no), cell_day(package->night[i].day),
			cell_pounds(package->night[i].claimed)));
}
