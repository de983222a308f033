/*
 * Hampshire's county: two contracts side by side, visits and care logs.
 *
 * The work goes week by week and in it provider by provider, as weekly variations come in; only the
 * plan and one provider's week are held in memory.
 *
 *   plan ──> week: clean visits and logs ──> plants ──> roster: carers ──> truth ──> writer
 *                                              │                             │
 *                                              └── what was meant ── must agree with what is found
 *
 * Brokerage, the quarterly form and payments hang on the plan alone. They have draws of their own and
 * are judged when all weeks are made, so that no visit depends on them.
 *
 * The truth judges the rows without looking at the plants, then compares: a
 * plant that did something else than it promised stops the program, so a truth
 * file cannot be wrong in silence.
 */
#include "corpus/hampshire.h"

#include "corpus/bids.h"
#include "corpus/broken.h"
#include "corpus/entry.h"
#include "corpus/passes.h"
#include "corpus/plan.h"
#include "corpus/plant.h"
#include "corpus/roster.h"
#include "corpus/truth.h"
#include "corpus/week.h"
#include "corpus/write.h"

/* All that a run holds; rows is used again for every provider's week. */
typedef struct County {
	Grow *grow;
	Plan plan;
	Planter planter;
	Roster roster;
	Truth truth;
	Breaker breaker;
	Bids bids;
	Writer writer;
	Rows rows;
	uint64_t visits; /* numbers given: bad data has some, too */
	uint64_t made;   /* visits of the plan */
} County;

/* Order matters: the strangers join the plan before the writer numbers its provisions, and the
 * truth counts the plan's own findings before the first week is paced. */
static void start(County *county, Grow *grow)
{
	const GrowOptions *options = grow->options;
	Plan *plan = &county->plan;
	*county = (County){.grow = grow};
	plan->seed = options->seed;
	plan->from = options->from;
	plan->weeks = options->weeks;
	plan->visits = options->visits;
	plan->target = options->findings;
	plan->share = grow->share;
	plan_make(plan);
	plan_older(plan);
	plan_idle(plan);
	entry_stays(plan);
	if (!options->clean)
		breaker_plan(plan);
	bids_make(&county->bids, plan);
	writer_open(&county->writer, grow, plan, &county->bids);
	roster_init(&county->roster, plan);
	truth_init(&county->truth, plan, &county->writer);
	planter_init(&county->planter, plan);
	county->breaker = (Breaker){.plan = plan, .writer = &county->writer,
		.roster = &county->roster, .truth = &county->truth, .loose = options->loose,
		.wanted = !options->clean, .visits = &county->visits};
	breaker_start(&county->breaker);
	writer_plan(&county->writer);
	truth_provisions(&county->truth);
}

/* Payment periods of four weeks are counted from the first day of the newer contract, also
 * backwards. */
static bool period_begins(int32_t monday)
{
	return (monday - CCSH_FROM) % 28 == 0;
}

/* One stream of random numbers serves the week and its plants; it depends on the package and the
 * Monday alone, but how thickly plants are sown depends on all that was made before. */
static void make_package(County *county, uint32_t package, int32_t monday)
{
	Rng rng = rng_for(county->plan.seed, STREAM_WEEK, package, (uint64_t)(uint32_t)monday);
	size_t first_visit = county->rows.visits, first_log = county->rows.logs;
	if (period_begins(monday))
		plant_period(&county->plan, package, monday);
	week_make(&county->plan, &rng, package, monday, &county->rows);
	plant_week(&county->planter, &rng, &county->rows, first_visit, first_log);
}

/* Every provider submits every week, also one without visits: the rule looks at all of them. */
static void submit(County *county, uint32_t provider, int32_t monday)
{
	Plant plant;
	int64_t submitted = plant_submission(&county->plan, provider, monday, &plant);
	if (submitted != CAL_NO_MOMENT)
		writer_submission(&county->writer, provider, monday, submitted);
	truth_submission(&county->truth, provider, monday, submitted, plant);
}

/* The first Monday of the payment period that holds this one. */
static int32_t period_of(int32_t monday)
{
	int32_t weeks = (monday - CCSH_FROM) / 7;
	return monday - 7 * ((weeks % 4 + 4) % 4);
}

/* Visits are numbered as they were entered, logs by check-in; the truth is worked out before
 * anything is written, while the rows still stand together. */
static void make_week(County *county, uint32_t provider, int32_t monday, bool last)
{
	const Plan *plan = &county->plan;
	const Provider *row = &plan->provider[provider];
	Rows *rows = &county->rows;
	rows->visits = rows->logs = 0;
	for (uint32_t i = 0; i < row->packages; i++)
		make_package(county, plan->by_provider[row->first_package + i], monday);
	for (size_t i = 0; i < rows->visits; i++)
		rows->visit[i].no = ++county->visits;
	county->made += rows->visits;
	roster_week(&county->roster, provider, monday, rows);
	truth_week(&county->truth, provider, monday, rows);
	for (size_t i = 0; i < rows->visits; i++)
		writer_visit(&county->writer, &rows->visit[i]);
	for (size_t i = 0; i < rows->logs; i++)
		writer_log(&county->writer, &rows->log[i]);
	submit(county, provider, monday);
	if (last || period_begins(monday + 7))
		truth_period(&county->truth, provider, period_of(monday));
	breaker_week(&county->breaker, provider, monday, county->visits + county->roster.logs);
}

/* Stops between two weeks of a provider when interrupted. */
static void make_county(County *county)
{
	for (int32_t w = 0; w < county->plan.weeks && !grow_interrupted(); w++) {
		grow_on(county->grow, county->made);
		planter_pace(&county->planter, county->grow->thickness);
		for (uint32_t p = 0; p < county->plan.providers && !grow_interrupted(); p++)
			make_week(county, p, county->plan.from + 7 * w, w + 1 == county->plan.weeks);
	}
}

/* What is told of at the end does not count for the pace of planting. */
static void grow_hampshire(Grow *grow)
{
	County county;
	const Plan *plan = &county.plan;
	start(&county, grow);
	make_county(&county);
	if (!grow_interrupted()) {
		breaker_close(&county.breaker);
		truth_close(&county.truth);
		bids_judge(&county.bids, &county.writer);
		passes_make(plan, &county.writer);
		writer_carers(&county.writer, county.roster.provider_of, county.roster.carers);
	}
	bids_free(&county.bids);
	truth_free(&county.truth);
	roster_free(&county.roster);
	rows_free(&county.rows);
	plan_free(&county.plan);
}

static const char *const contracts[CONTRACT_COUNT] = {
	[CCSH] = "hampshire/ccsh", [CSAH] = "hampshire/care-and-support-at-home"};

static const char *const rules[RULE_COUNT] = {CORPUS_RULES(GROW_RULE_ID)};
static const char *const tables[] = {"lib/homecare", "hampshire/hampshire", NULL};
static const KeyShape own_keys[HAMPSHIRE_KEYS_END - KEY_OWN] = {
	{"RG", 5}, {"TN", 5}, {"PL", 5}, {"Q", 5}, {"VN", 7}, {"ST", 6}};

const Council hampshire_council = {.name = "hampshire", .contracts = contracts, .schemas = tables,
	.rules = rules, .own_keys = own_keys, .own_kinds = HAMPSHIRE_KEYS_END - KEY_OWN,
	.from = CCSH_FROM, .weeks = 52, .grow = grow_hampshire};
