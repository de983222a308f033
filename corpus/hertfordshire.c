/*
 * Hertfordshire's county: supported living, called off from a framework and paid as delivered.
 *
 *   providers, places, schemes, openings ──> packages, one by one
 *                                               │
 *      life ─> round of bids ─> rates ─> reviews ─> poolings ─> weeks: sessions, claim
 *               [plant]        [plant]   [plants]    [plant]     [plants]
 *
 * Sessions and claims are judged, counted and written week by week; all else stays in memory to the
 * end. Clean rates rise with complexity and lie within the range that was paid; the gaps between
 * the three are for plants.
 *
 * Order matters in two places. A plant of the round may give the package a provider of its own, so
 * rates, reviews and poolings come behind it; and weeks come last, since their sessions and claims
 * hang on the limit and the rate that all of this has settled.
 *
 *   share of packages   called off in the run   6 of 7      inherited from before it   1 of 7
 *   pence an hour       1350 (lowest paid) .. 1560 (average) .. 1750 (highest paid)
 *   stages              CALLING_OFF  PRICING  REVIEWING  CHANGING  POOLING  SUPPORTING
 */
#include "corpus/hertfordshire.h"

#include <stdlib.h>
#include <string.h>

#include "corpus/hertfordshire_figures.h"
#include "corpus/hertfordshire_judge.h"
#include "corpus/hertfordshire_plants.h"

#define FIRST_DAY 17987 /* 1 April 2019, a Monday: the first day of the contract */

enum {
	PROVIDERS_TABLE, CLIENTS_TABLE, PROVISIONS_TABLE, AWARDS_TABLE, BIDS_TABLE, PLACES_TABLE,
	OPENINGS_TABLE, SCHEMES_TABLE, POOLINGS_TABLE, REVIEWS_TABLE, SESSIONS_TABLE, CLAIMS_TABLE,
	TABLES
};

static const char *const needs[NEEDS] = {
	"learning_disability", "autism", "mental_health", "physical_disability"};
static const char *const areas[AREAS] = {"North", "East", "South", "West"};
static const char *const complexities[COMPLEXITIES] = {"standard", "complex", "bespoke"};

/* Not with --share 0: then the county is without a fault. Weeks need no such test: their pace is
 * nought then. */
static bool plants_wanted(const Herts *herts)
{
	return herts->grow->share > 0;
}

/* Doubles; pointers into the list are stale afterwards, so makers keep numbers of rows and look
 * them up again. */
void *herts_more(void *rows, size_t *count, size_t *room, size_t size)
{
	if (*count == *room) {
		*room = *room ? *room * 2 : 64;
		rows = room_grow(rows, *room, size);
	}
	memset((char *)rows + *count * size, 0, size);
	++*count;
	return rows;
}

/* ---- what packages stand on ------------------------------------------------------------------ */

/* The number is its key. */
uint32_t herts_provider(Herts *herts, int8_t registered)
{
	Provider *provider = HERTS_MORE(herts, provider);
	provider->registered = registered;
	return (uint32_t)(herts->providers - 1);
}

/* The newest is the head of the provider's chain, and is found first. */
Place *herts_place(Herts *herts, uint32_t provider, const Package *package, int32_t start,
	int32_t end)
{
	Place *place = HERTS_MORE(herts, place);
	*place = (Place){.provider = provider, .before = herts->provider[provider].place,
		.need = package->need, .area = package->area, .complexity = package->complexity,
		.start = start, .end = end};
	herts->provider[provider].place = (uint32_t)herts->places;
	return place;
}

/* Of the twelve, four are for each need and area: provider p for those that sum up with it to a
 * multiple of three. */
static bool has_place(uint32_t provider, int need, int area)
{
	return ((int)provider + need + area) % 3 == 0;
}

/* Those with places are all registered. The one that bids from outside is, too, so that it is wrong
 * in one way alone. Number 0 is made too, and never used, so that a number is its place in the
 * list. */
static void make_providers(Herts *herts)
{
	Rng rng = rng_for(herts->grow->options->seed, STREAM_PROVIDER, 0, 0);
	for (int i = 0; i <= FIXED_PROVIDERS; i++)
		herts_provider(herts, YES);
	for (uint32_t p = 1; p <= FRAMEWORK_PROVIDERS; p++)
		for (int i = 0; i < NEEDS * AREAS * COMPLEXITIES; i++) {
			Package kind = {.need = (int8_t)(i % NEEDS),
				.area = (int8_t)(i / NEEDS % AREAS),
				.complexity = (int8_t)(i / (NEEDS * AREAS))};
			if (has_place(p, kind.need, kind.area))
				herts_place(herts, p, &kind, cal_day(2018, 10, 1), CAL_NO_DAY)
					->quality = rng_between(&rng, 6000, 9400);
		}
}

/* All years of the scheme that are looked at mean the same. The frame settles a mark for each year,
 * so that each must be meant. */
static void mean_scheme(Herts *herts, Scheme *scheme, int plant, int also)
{
	for (int32_t end = herts_financial_end(scheme->start); end <= herts->last;
		end = herts_financial_end(end + 1)) {
		Mark *mark = &scheme->mark[herts_seen(herts, end) ? herts_years_in(herts, end) : 0];
		int32_t first = herts_financial_end(end - 366) + 1;
		if (!herts_seen(herts, end) || (scheme->end != CAL_NO_DAY && scheme->end < first))
			continue;
		grow_mean(herts->grow, mark, plant);
		if (also != RULE_NONE)
			grow_mean_also(herts->grow, mark, VERDICT_UNSURE, also);
	}
}

/* What is needed is not known only of old schemes: those that begin in the run are in a figure. Two
 * of six draws plant nothing. */
static void plant_scheme(Herts *herts, Scheme *scheme, bool old, Rng *rng)
{
	uint32_t draw = rng_below(rng, 6);
	if (!plants_wanted(herts))
		return;
	if (draw == 0) {
		scheme->shared = scheme->least + 1;
		mean_scheme(herts, scheme, PLANT_HS1_MINUTE, RULE_NONE);
	} else if (draw == 1) {
		scheme->shared = scheme->least - 1;
		mean_scheme(herts, scheme, PLANT_HS2_MINUTE, RULE_NONE);
	} else if (draw == 2) {
		mean_scheme(herts, scheme, PLANT_HS1_EQUAL, RULE_NONE);
	} else if (draw == 3 && old) {
		scheme->least = MISSING;
		mean_scheme(herts, scheme, PLANT_HS1_UNKNOWN, RULE_HS2);
	}
}

/*
 * A third of them were there before the run, a third end in it, some on the last day of a year.
 *
 *   i % 3 = 0   old, without an end
 *         1     begins in the run, and ends: on a day of its own, or on 31 March
 *         2     begins in the run, without an end
 */
static void make_schemes(Herts *herts)
{
	Rng rng = rng_for(herts->grow->options->seed, STREAM_PERIOD, 0, 0);
	for (int i = 0; i < SCHEMES; i++) {
		Scheme *scheme = &herts->scheme[i];
		bool old = i % 3 == 0;
		scheme->provider = (uint32_t)(i % FRAMEWORK_PROVIDERS + 1);
		scheme->start = old ? herts->from - rng_between(&rng, 400, 900)
				    : rng_between(&rng, herts->from, herts->last - 30);
		scheme->end = i % 3 != 1 ? CAL_NO_DAY
			: i % 2          ? scheme->start + rng_between(&rng, 30, 600)
					 : herts_financial_end(scheme->start + 200);
		scheme->shared = scheme->least = 60 * rng_between(&rng, 40, 168);
		scheme->rate = rng_between(&rng, 1360, 1740);
		plant_scheme(herts, scheme, old, &rng);
	}
}

/*
 * Every year, a year on to the day; with plants a day later every second time. In a third of the
 * counties there is one more, of which nobody knows when it was.
 *
 *   clean     7 days before the year is over, each time
 *   planted   on the day (HC8_YEAR) and a day late (HC8_DAY), in turns
 *   undated   one more, without a day: nobody can tell then whether another was in time
 */
static void make_openings(Herts *herts)
{
	bool plants = plants_wanted(herts), undated = plants && herts->grow->options->seed % 3 == 0;
	int32_t date = herts->from + 7;
	for (int i = 0; i < PERIODS_MAX - 1 && date <= herts->last; i++) {
		Opening *opening = &herts->opening[herts->openings++];
		int32_t due = herts_year_on(date);
		bool late = plants && i % 2;
		*opening = (Opening){.date = date};
		date = plants ? due + late : due - 7;
		bool never = date > herts->last && due <= herts->last;
		if (never)
			date = due;
		if (!plants || !herts_seen(herts, due))
			continue;
		grow_mean(herts->grow, &opening->mark, !late ? PLANT_HC8_YEAR
				: undated                    ? PLANT_HC8_UNKNOWN
							     : PLANT_HC8_DAY);
	}
	if (!undated)
		return;
	Opening *opening = &herts->opening[herts->openings++];
	opening->date = CAL_NO_DAY;
	grow_mean(herts->grow, &opening->mark, PLANT_HC8_UNKNOWN);
}

/* ---- packages: life and round ---------------------------------------------------------------- */

/* Tries one plant at a place that comes only once in a package. Rounds have the most kinds. */
static void plant(Scene *scene, Stage stage)
{
	uint32_t share = stage == CALLING_OFF ? 850 : 450;
	scene->stage = stage;
	if (plants_wanted(scene->herts) && rng_permille(scene->rng, share))
		grow_plant(scene->herts->grow, scene);
}

/* Lengths are whole quarters of an hour, as packages are written. */
static void set_kind(Package *package, Rng *rng)
{
	package->need = (int8_t)rng_below(rng, NEEDS);
	package->area = (int8_t)rng_below(rng, AREAS);
	package->complexity = (int8_t)rng_below(rng, COMPLEXITIES);
	package->personal = rng_permille(rng, 600) ? YES : NO;
	package->scheme = rng_permille(rng, 350) ? 1 + rng_below(rng, SCHEMES) : 0;
	package->core = 15 * rng_between(rng, 12, 60);
	package->extra = rng_permille(rng, 700) ? 15 * rng_between(rng, 4, 40) : 0;
	package->minutes = package->up_to = package->core + package->extra;
}

/* In pence an hour, each kind of support for itself, within the range that was paid:
 *
 *      1350 | 1360─standard─1500 | 1515─complex─1620 | 1640─bespoke─1740 | 1750 */
static int32_t some_rate(const Package *package, Rng *rng)
{
	static const int32_t lowest[] = {1360, 1515, 1640}, highest[] = {1500, 1620, 1740};
	return rng_between(rng, lowest[package->complexity], highest[package->complexity]);
}

/* The quality of the provider's place for the package. Providers of the framework have one place
 * for each kind, so the first is it. */
static int32_t quality_of(const Herts *herts, uint32_t provider, const Package *package)
{
	for (uint32_t at = herts->provider[provider].place; at; at = herts->place[at - 1].before) {
		const Place *place = &herts->place[at - 1];
		if (place->need == package->need && place->area == package->area &&
			place->complexity == package->complexity)
			return place->quality;
	}
	return MISSING;
}

/* One to four of the providers that have a place. Quality and price are weighted above thirty, the
 * least that the event allows; choice has the rest. */
static void make_bids(const Herts *herts, Package *package, Rng *rng)
{
	Award *award = &package->award;
	uint32_t order[FRAMEWORK_PROVIDERS];
	int wanted = rng_between(rng, 1, 4);
	rng_order(rng, order, FRAMEWORK_PROVIDERS);
	for (int i = 0; i < FRAMEWORK_PROVIDERS && award->bids < wanted; i++) {
		uint32_t provider = order[i] + 1;
		if (!has_place(provider, package->need, package->area))
			continue;
		award->bid[award->bids++] = (Bid){.provider = provider,
			.rate = some_rate(package, rng), .choice = 1000 * rng_between(rng, 0, 10),
			.quality = quality_of(herts, provider, package)};
	}
	award->weight[QUALITY] = rng_between(rng, 31, 50);
	award->weight[PRICE] = rng_between(rng, 31, 45);
	award->weight[CHOICE] = 100 - award->weight[QUALITY] - award->weight[PRICE];
}

/* Awarded in the run, and begun some days later; seven of ten end. Sixty days are left for support
 * before the run ends. Where the award's rate is missing, the package is paid at that of the bid
 * that won. */
static void call_off(Scene *scene)
{
	Herts *herts = scene->herts;
	Package *package = scene->package;
	Award *award = &package->award;
	award->made = true;
	award->date = rng_between(scene->rng, herts->from, herts->last - 60);
	package->start = award->date + rng_between(scene->rng, 3, 21);
	package->end = CAL_NO_DAY;
	if (rng_permille(scene->rng, 700))
		package->end = package->start + rng_between(scene->rng, 40, 600);
	make_bids(herts, package, scene->rng);
	herts_call_off(package);
	plant(scene, CALLING_OFF);
	package->provider = award->provider;
	package->rate = award->rate;
	for (int i = 0; i < award->bids && award->rate == MISSING; i++)
		if (award->bid[i].won == YES)
			package->rate = award->bid[i].rate;
	for (int i = 0; i < award->bids; i++)
		award->bid[i].no = ++herts->bids;
}

/* A service from before the framework, of which no round is on record. Nothing is asked of how it
 * was awarded, and its first day lies before any rule looks. */
static void inherit(Scene *scene)
{
	Herts *herts = scene->herts;
	Package *package = scene->package;
	package->start = herts->from - rng_between(scene->rng, 100, 1000);
	package->end = rng_permille(scene->rng, 500) ? CAL_NO_DAY
		: herts->from + rng_between(scene->rng, 30, 700);
	package->provider = 1 + rng_below(scene->rng, FRAMEWORK_PROVIDERS);
	package->rate = some_rate(package, scene->rng);
}

/* Additional hours cost more, core hours less, so that the blend is the rate to the penny. Rounded
 * to the nearest penny: the blend then comes out at the rate again, as the rule rounds it too. */
static void set_rates(Package *package, Rng *rng)
{
	package->core_rate = package->rate;
	package->extra_rate = MISSING;
	if (!package->extra)
		return;
	package->core_rate -= rng_between(rng, 0, 90);
	package->extra_rate = (int32_t)grow_nearest((int64_t)package->rate * package->up_to -
			(int64_t)package->core_rate * package->core, package->extra);
}

/* ---- packages: reviews and poolings ---------------------------------------------------------- */

/* Each within a year of the one before, to the end of support or of the run; and before them, what
 * was commissioned: a little more or less, or much, if that is on record. Worked out backwards,
 * from the hours that the package has now: what a review left is what the next one found. */
static void make_reviews(Scene *scene)
{
	Package *package = scene->package;
	int32_t last = package->end != CAL_NO_DAY && package->end < scene->herts->last
		? package->end : scene->herts->last;
	for (int32_t held = package->start + rng_between(scene->rng, 250, 362);
		held <= last && package->reviews < REVIEWS_MAX - 1;
		held += rng_between(scene->rng, 250, 362))
		package->review[package->reviews++].held = held;
	plant(scene, REVIEWING);
	int32_t after = package->minutes;
	for (int i = package->reviews - 1; i >= 0; i--) {
		Review *review = &package->review[i];
		if (review->held == CAL_NO_DAY)
			continue;
		review->significant = rng_permille(scene->rng, 200) ? YES : NO;
		review->after = after;
		review->before = review->significant ? after * 2
			: after + rng_between(scene->rng, -after / 8, after / 8);
		after = review->before;
	}
	plant(scene, CHANGING);
	for (int i = 0; i < package->reviews; i++)
		package->review[i].no = ++scene->herts->reviews;
}

/* Two fifths of the hours at most, so that a plant can add to them. A pooling starts and is chosen
 * in the first weeks, so that most of them lie in the run. */
static void make_poolings(Scene *scene)
{
	Package *package = scene->package;
	Pooling *pooling = &package->pooling[0];
	if (!package->scheme || !rng_permille(scene->rng, 600))
		return;
	package->poolings = 1;
	pooling->start = package->start + rng_between(scene->rng, 0, 40);
	pooling->chosen = pooling->start - rng_between(scene->rng, 0, 20);
	pooling->end = CAL_NO_DAY;
	pooling->minutes = package->up_to * rng_between(scene->rng, 1, 4) / 10;
	plant(scene, POOLING);
	for (int i = 0; i < package->poolings; i++)
		package->pooling[i].no = ++scene->herts->poolings;
}

/* ---- packages: weeks ------------------------------------------------------------------------- */

/* Moments are stamped in three ways, as systems do: by the local clock, in UTC, and with an offset.
 * Two claims of one week differ in their day. The number of the session picks its stamps, so both
 * ends may be stamped differently. */
static void write_week(const Herts *herts, uint32_t package, const Week *week)
{
	Tables *county = herts->grow->county;
	for (int i = 0; i < week->sessions; i++) {
		const Session *row = &week->session[i];
		int64_t in = cal_moment(row->day, row->minute);
		int64_t out = row->open ? CAL_NO_MOMENT : in + 60 * row->length;
		tables_row(county, herts->table[SESSIONS_TABLE],
			ROW(cell_key(KEY_SESSION, row->no), cell_key(KEY_PROVISION, package + 1),
				cell_moment(in, (Stamp)(row->no % 3), CAL_NO_MOMENT),
				cell_moment(out, (Stamp)(row->no / 3 % 3), in)));
	}
	for (int i = 0; i < week->claims; i++) {
		const Claim *row = &week->claim[i];
		tables_row(county, herts->table[CLAIMS_TABLE],
			ROW(cell_key(KEY_CLAIM, row->no), cell_key(KEY_PROVISION, package + 1),
				cell_day(row->week), cell_whole(row->minutes),
				row->amount == MISSING ? cell_missing()
						       : cell_pounds(row->amount)));
	}
}

/* One session a day on days that the support lasts, together from four fifths of the limit to a
 * little above it; the claim is for what was recorded, up to the limit. A night session begins at
 * ten and goes over midnight. Those of the two nights on which clocks change are recorded by
 * elapsed time. */
static void fill_week(const Package *package, Week *week, Rng *rng)
{
	int32_t first = package->start > week->monday ? package->start : week->monday;
	int32_t total = package->up_to * rng_between(rng, 80, 104) / 100;
	int32_t days = week->monday + 7 - first;
	if (package->end != CAL_NO_DAY && package->end < week->monday + 6)
		days = package->end - first + 1;
	week->sessions = rng_between(rng, 2, WEEK_SESSIONS);
	if (week->sessions > days)
		week->sessions = days;
	if (total > week->sessions * 800)
		total = week->sessions * 800;
	for (int i = 0; i < week->sessions; i++)
		week->session[i] = (Session){.day = first + i, .length = total / week->sessions,
			.minute = rng_permille(rng, 150) ? 22 * 60 : 15 * rng_between(rng, 28, 48)};
	int32_t recorded = herts_recorded(week);
	week->claims = 1;
	week->claim[0].week = week->monday;
	week->claim[0].minutes = recorded < package->up_to ? recorded : package->up_to;
	week->claim[0].amount = herts_price(package->rate, week->claim[0].minutes);
}

/* Nothing happens in one week of thirty. Seeded by package and Monday: what is clean in a week does
 * not depend on the weeks before it. There may be a plant for each of its sessions, but one a week
 * is made, so that its sums stay plain. */
static void make_week(Herts *herts, uint32_t package, int32_t monday)
{
	Rng rng = rng_for(herts->grow->options->seed, STREAM_WEEK, package, (uint64_t)monday);
	Week week = {.monday = monday};
	Scene scene = {.herts = herts, .package = &herts->package[package], .week = &week,
		.rng = &rng, .stage = SUPPORTING};
	if (rng_permille(&rng, 33))
		return;
	fill_week(scene.package, &week, &rng);
	bool sown = false;
	for (int i = 0; i < week.sessions && !sown; i++)
		sown = grow_sows(herts->grow, &rng);
	if (sown)
		grow_plant(herts->grow, &scene);
	for (int i = 0; i < week.sessions; i++)
		week.session[i].no = ++herts->sessions;
	for (int i = 0; i < week.claims; i++)
		week.claim[i].no = ++herts->claims;
	herts_judge_week(herts, package, &week);
	herts_count_week(herts, package, &week);
	write_week(herts, package, &week);
}

/* The last package may be cut short, when there are enough sessions; what is not made was never
 * claimed, and nothing asks for it. The pace is asked week by week, so that a county has the
 * sessions that were wanted and few more. */
static void make_weeks(Herts *herts, uint32_t package)
{
	const Package *row = &herts->package[package];
	int32_t first = row->start > herts->from ? row->start : herts->from;
	int32_t last = row->end != CAL_NO_DAY && row->end < herts->last ? row->end : herts->last;
	for (int32_t monday = cal_monday(first); monday <= last &&
		grow_on(herts->grow, herts->sessions); monday += 7)
		make_week(herts, package, monday);
}

/* ---- packages -------------------------------------------------------------------------------- */

/* Without an end until it gets one. */
static Package *new_package(Herts *herts)
{
	Package *package = HERTS_MORE(herts, package);
	package->end = CAL_NO_DAY;
	return package;
}

/* Everything behind the round; the package then stands in the chain of its provider. */
static void finish_package(Scene *scene)
{
	Herts *herts = scene->herts;
	Package *package = scene->package;
	Provider *provider = &herts->provider[package->provider];
	set_rates(package, scene->rng);
	plant(scene, PRICING);
	make_reviews(scene);
	make_poolings(scene);
	package->before = provider->package;
	provider->package = (uint32_t)herts->packages;
	make_weeks(herts, (uint32_t)herts->packages - 1);
}

/* Of complex needs, beside one of standard needs and from the same provider; without a round, as
 * that could change its rate. It comes behind its neighbour, in the next number. */
static void make_beside(Herts *herts, const Scene *wanted, uint32_t number, Rng *rng)
{
	Package *package = new_package(herts);
	const Package *first = &herts->package[number];
	Scene scene = {.herts = herts, .package = package, .rng = rng};
	set_kind(package, rng);
	package->need = wanted->needless ? MISSING : first->need;
	package->area = first->area;
	package->complexity = COMPLEX;
	package->provider = first->provider;
	package->start = wanted->beside_start;
	package->end = wanted->beside_end;
	package->rate = wanted->beside_rate;
	package->personal = NO;
	finish_package(&scene);
}

/* One package of seven was there before the run. */
static void make_package(Herts *herts)
{
	uint32_t number = (uint32_t)herts->packages;
	Rng rng = rng_for(herts->grow->options->seed, STREAM_PACKAGE, number, 0);
	Scene scene = {.herts = herts, .package = new_package(herts), .rng = &rng};
	set_kind(scene.package, &rng);
	if (rng_permille(&rng, 143))
		inherit(&scene);
	else
		call_off(&scene);
	finish_package(&scene);
	if (scene.beside)
		make_beside(herts, &scene, number, &rng);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* By their numbers. Columns of the shared tables that the rules of this contract never read are
 * left out, and stay empty. */
static void open_tables(Herts *herts)
{
	static const char *const columns[TABLES][2] = {
		[PROVIDERS_TABLE] = {"providers", "provider_ref, personal_care"},
		[CLIENTS_TABLE] = {"clients", "client_ref"},
		[PROVISIONS_TABLE] = {"provisions", "provision_ref, provider_ref, client_ref,"
			" weekly_minutes, rate, start_date, end_date, scheme_ref, need, area,"
			" complexity, personal_care, core_minutes, core_rate, extra_minutes,"
			" extra_rate, up_to_minutes"},
		[AWARDS_TABLE] = {"awards", "award_ref, provision_ref, provider_ref, awarded_on,"
			" weekly_minutes, rate, quality_weight, price_weight, choice_weight"},
		[BIDS_TABLE] = {"bids", "bid_ref, award_ref, provider_ref, rate, won,"
			" quality_score, price_score, choice_score, total_score"},
		[PLACES_TABLE] = {"framework_places", "place_ref, provider_ref, need, area,"
			" complexity, quality_score, start_date, end_date"},
		[OPENINGS_TABLE] = {"openings", "opening_ref, opened_on"},
		[SCHEMES_TABLE] = {"schemes", "scheme_ref, provider_ref, shared_minutes,"
			" least_minutes, rate, start_date, end_date"},
		[POOLINGS_TABLE] = {"poolings",
			"pooling_ref, provision_ref, minutes, chosen_on, start_date, end_date"},
		[REVIEWS_TABLE] = {"reviews", "review_ref, provision_ref, held_on, minutes_before,"
			" minutes_after, significant"},
		[SESSIONS_TABLE] = {"sessions", "session_ref, provision_ref, check_in, check_out"},
		[CLAIMS_TABLE] = {"claims",
			"claim_ref, provision_ref, week_start, minutes, amount"}};
	for (int i = 0; i < TABLES; i++)
		herts->table[i] = grow_table(herts->grow, columns[i][0], columns[i][1]);
}

/* Yes, no, or nothing. */
static Cell cell_maybe(int8_t yes)
{
	return yes == MISSING ? cell_missing() : cell_yes(yes == YES);
}

/* Minutes and percents that may be missing. */
static Cell cell_known(int32_t value)
{
	return value == MISSING ? cell_missing() : cell_whole(value);
}

/* Pence as pounds, or hundredths of a percent as percent. */
static Cell cell_hundredths(int32_t value)
{
	return value == MISSING ? cell_missing() : cell_real(value, 100);
}

/* A code of a list, or missing. */
static Cell cell_code(const char *const *codes, int code)
{
	return code == MISSING ? cell_missing() : cell_text(codes[code]);
}

/* Providers, places, openings and schemes: what packages stand on. They are written last, as
 * plants add providers and places of their own. */
static void write_market(const Herts *herts)
{
	Tables *county = herts->grow->county;
	for (uint32_t i = 1; i < herts->providers; i++)
		tables_row(county, herts->table[PROVIDERS_TABLE], ROW(cell_key(KEY_PROVIDER, i),
			cell_maybe(herts->provider[i].registered)));
	for (size_t i = 0; i < herts->places; i++) {
		const Place *row = &herts->place[i];
		tables_row(county, herts->table[PLACES_TABLE],
			ROW(cell_key(KEY_PLACE, i + 1), cell_key(KEY_PROVIDER, row->provider),
				cell_code(needs, row->need), cell_code(areas, row->area),
				cell_code(complexities, row->complexity),
				cell_hundredths(row->quality), cell_day(row->start),
				cell_day(row->end)));
	}
	for (int i = 0; i < herts->openings; i++)
		tables_row(county, herts->table[OPENINGS_TABLE],
			ROW(cell_key(KEY_OPENING, (uint64_t)i + 1),
				cell_day(herts->opening[i].date)));
	for (int i = 0; i < SCHEMES; i++) {
		const Scheme *row = &herts->scheme[i];
		tables_row(county, herts->table[SCHEMES_TABLE],
			ROW(cell_key(KEY_SCHEME, (uint64_t)i + 1),
				cell_key(KEY_PROVIDER, row->provider), cell_whole(row->shared),
				cell_known(row->least), cell_pounds(row->rate),
				cell_day(row->start), cell_day(row->end)));
	}
}

/* The award has the number of its package; bids are numbered through the county. */
static void write_award(const Herts *herts, size_t i)
{
	const Award *award = &herts->package[i].award;
	Tables *county = herts->grow->county;
	tables_row(county, herts->table[AWARDS_TABLE],
		ROW(cell_key(KEY_AWARD, i + 1), cell_key(KEY_PROVISION, i + 1),
			cell_key(KEY_PROVIDER, award->provider), cell_day(award->date),
			cell_whole(award->minutes), cell_hundredths(award->rate),
			cell_known(award->weight[QUALITY]), cell_known(award->weight[PRICE]),
			cell_known(award->weight[CHOICE])));
	for (int b = 0; b < award->bids; b++) {
		const Bid *bid = &award->bid[b];
		tables_row(county, herts->table[BIDS_TABLE],
			ROW(cell_key(KEY_BID, bid->no), cell_key(KEY_AWARD, i + 1),
				cell_key(KEY_PROVIDER, bid->provider), cell_hundredths(bid->rate),
				cell_maybe(bid->won), cell_hundredths(bid->quality),
				cell_hundredths(bid->price), cell_hundredths(bid->choice),
				cell_hundredths(bid->score)));
	}
}

/* Everybody has one package, so client and package share their number. */
static void write_provision(const Herts *herts, size_t i)
{
	const Package *row = &herts->package[i];
	tables_row(herts->grow->county, herts->table[PROVISIONS_TABLE],
		ROW(cell_key(KEY_PROVISION, i + 1), cell_key(KEY_PROVIDER, row->provider),
			cell_key(KEY_CLIENT, i + 1), cell_whole(row->minutes),
			cell_pounds(row->rate), cell_day(row->start), cell_day(row->end),
			row->scheme ? cell_key(KEY_SCHEME, row->scheme) : cell_missing(),
			cell_code(needs, row->need), cell_code(areas, row->area),
			cell_code(complexities, row->complexity), cell_maybe(row->personal),
			cell_whole(row->core), cell_hundredths(row->core_rate),
			cell_known(row->extra), cell_hundredths(row->extra_rate),
			cell_whole(row->up_to)));
}

/* A package, its round, its reviews and its poolings. */
static void write_package(const Herts *herts, size_t i)
{
	const Package *row = &herts->package[i];
	Tables *county = herts->grow->county;
	tables_row(county, herts->table[CLIENTS_TABLE], ROW(cell_key(KEY_CLIENT, i + 1)));
	write_provision(herts, i);
	if (row->award.made)
		write_award(herts, i);
	for (int r = 0; r < row->reviews; r++)
		tables_row(county, herts->table[REVIEWS_TABLE],
			ROW(cell_key(KEY_REVIEW, row->review[r].no), cell_key(KEY_PROVISION, i + 1),
				cell_day(row->review[r].held), cell_whole(row->review[r].before),
				cell_whole(row->review[r].after),
				cell_maybe(row->review[r].significant)));
	for (int p = 0; p < row->poolings; p++)
		tables_row(county, herts->table[POOLINGS_TABLE],
			ROW(cell_key(KEY_POOLING, row->pooling[p].no),
				cell_key(KEY_PROVISION, i + 1), cell_known(row->pooling[p].minutes),
				cell_day(row->pooling[p].chosen), cell_day(row->pooling[p].start),
				cell_day(row->pooling[p].end)));
}

/* A place that cannot be read in part, of a provider that never bids. The last of the fixed
 * providers is there for this place alone, so that nothing else hangs on it. */
static void write_bad_data(const Herts *herts)
{
	Grow *grow = herts->grow;
	uint64_t place = herts->places + 1;
	char key[KEY_TEXT];
	tables_row(grow->county, herts->table[PLACES_TABLE],
		ROW(cell_key(KEY_PLACE, place), cell_key(KEY_PROVIDER, FIXED_PROVIDERS),
			cell_text("autism"), cell_text("North"), cell_text("very complex"),
			cell_hundredths(8000), cell_text("2018-10-01"), cell_missing()));
	tables_key(grow->county, key, KEY_PLACE, place);
	grow_rejected(grow, "place", key, "complexity", "very complex",
		"a complexity that is no code");
}

/* ---- the county ------------------------------------------------------------------------------ */

/* The judge comes before the rows, so that a county that contradicts itself is never there. Weeks
 * were written on the way; of everything else there is little enough to keep. */
static void grow_hertfordshire(Grow *grow)
{
	Herts *herts = room_grow(NULL, 1, sizeof *herts);
	*herts = (Herts){.grow = grow, .from = grow->options->from, .last = grow_last_day(grow)};
	open_tables(herts);
	make_providers(herts);
	make_schemes(herts);
	make_openings(herts);
	while (grow_on(grow, herts->sessions))
		make_package(herts);
	if (!grow_interrupted()) {
		herts_judge(herts);
		herts_figures(herts);
		write_market(herts);
		for (size_t i = 0; i < herts->packages; i++)
			write_package(herts, i);
		if (!grow->options->clean)
			write_bad_data(herts);
	}
	free(herts->provider);
	free(herts->place);
	free(herts->package);
	free(herts);
}

static const char *const contracts[] = {"hertfordshire/supported-living"};
static const char *const schemas[] = {"lib/homecare", "hertfordshire/hertfordshire", NULL};
static const char *const rules[] = {HERTS_RULES(GROW_RULE_ID)};
static const KeyShape own_keys[] = {
	{"PL", 4}, {"OP", 2}, {"SC", 3}, {"PG", 5}, {"RV", 6}, {"SE", 8}, {"CM", 8}};

/* Two financial years and some days, so that the ends of both are in the run. */
const Council hertfordshire_council = {.name = "hertfordshire", .contracts = contracts,
	.schemas = schemas, .rules = rules, .kinds = herts_kinds, .kind_count = PLANT_COUNT,
	.own_keys = own_keys, .own_kinds = sizeof own_keys / sizeof *own_keys, .from = FIRST_DAY,
	.weeks = 106, .grow = grow_hertfordshire};
