/*
 * county: makes up a county's home care, of any size, for testing and measuring: two Hampshire
 * contracts side by side, visits and care logs, and the discrepancies planted in them, whose truth
 * goes to a file of its own. The same options give the same content.
 *
 * The work goes week by week and in it provider by provider, as weekly variations come in; only the
 * plan and one provider's week are held in memory.
 *
 *   plan ──> week: clean visits and logs ──> plants ──> roster: carers ──> truth ──> writer
 *                                              │                             │
 *                                              └── what was meant ── must agree with what is found
 *
 * The truth judges the rows without looking at the plants, then compares: a
 * plant that did something else than it promised stops the program, so a truth
 * file cannot be wrong in silence.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "corpus/broken.h"
#include "corpus/plan.h"
#include "corpus/plant.h"
#include "corpus/roster.h"
#include "corpus/truth.h"
#include "corpus/week.h"
#include "corpus/write.h"

/*
 * Below a thousand visits there are fewer clients than the drills and providers
 * need; above twenty million the numbers of rows outgrow the keys of eight
 * figures.
 */
#define VISITS_MIN 1000
#define VISITS_MAX 20000000
#define WEEKS_MAX 520
#define USUAL_SHARE 30 /* findings in a thousand visits */

/* The command line: findings is the number aimed at, worked out from the share if it is not
 * given. */
typedef struct Options {
	WriteOptions write;
	uint64_t visits, findings;
	int32_t from, weeks;
	uint32_t share;
	bool findings_given, clean;
} Options;

/* All that a run holds; rows is used again for every provider's week. */
typedef struct County {
	Plan plan;
	Planter planter;
	Roster roster;
	Truth truth;
	Breaker breaker;
	Writer *writer;
	Rows rows;
	uint64_t visits; /* numbers given: bad data has some, too */
	uint64_t made;   /* visits of the plan */
} County;

static volatile sig_atomic_t interrupted;

/* Only notes it: the run stops between two weeks and removes what it has written. */
static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

static void print_help(FILE *out)
{
	fputs("usage: county --out FILE.db --visits N --seed S [options]\n"
	      "Makes up a county's home care; what is wrong in it goes to FILE.db.truth.db.\n\n"
	      "  --out FILE        the database to make; one that exists is replaced\n"
	      "  --visits N        visits declared, 1,000 to 20,000,000\n"
	      "  --seed S          a whole number; the same seed makes the same county\n"
	      "  --from DATE       first Monday (2025-04-28)\n"
	      "  --weeks N         weeks (52)\n"
	      "  --findings N      failing findings planted, about\n"
	      "  --share PERMILLE  the same as a share of the visits (30)\n"
	      "  --shuffle         rows in random order, not in order of entry\n"
	      "  --long-keys       keys of 36 characters in no order\n"
	      "  --clean-data      no rows of bad data\n"
	      "  --loose           tables without primary keys, and keys that stand twice\n"
	      "  --no-truth        do not write the truth file\n",
		out);
}

/* Exit status 64, as for a command that was not understood. */
static _Noreturn void misused(const char *what, const char *value)
{
	fprintf(stderr, "county: %s%s%s\nTry 'county --help'.\n", what, value ? ": " : "",
		value ? value : "");
	exit(64);
}

/* A whole number and nothing else: no sign, no blanks, no unit. */
static uint64_t number(const char *option, const char *text, uint64_t least, uint64_t most)
{
	char *end;
	errno = 0;
	unsigned long long value = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text < '0' || *text > '9' || value < least ||
		value > most)
		misused(option, text);
	return value;
}

enum {
	OPT_OUT = 256, OPT_VISITS, OPT_SEED, OPT_FROM, OPT_WEEKS, OPT_FINDINGS, OPT_SHARE,
	OPT_SHUFFLE, OPT_LONG_KEYS, OPT_CLEAN, OPT_LOOSE, OPT_NO_TRUTH, OPT_HELP
};

static const struct option long_options[] = {
	{"out", required_argument, NULL, OPT_OUT},
	{"visits", required_argument, NULL, OPT_VISITS},
	{"seed", required_argument, NULL, OPT_SEED},
	{"from", required_argument, NULL, OPT_FROM},
	{"weeks", required_argument, NULL, OPT_WEEKS},
	{"findings", required_argument, NULL, OPT_FINDINGS},
	{"share", required_argument, NULL, OPT_SHARE},
	{"shuffle", no_argument, NULL, OPT_SHUFFLE},
	{"long-keys", no_argument, NULL, OPT_LONG_KEYS},
	{"clean-data", no_argument, NULL, OPT_CLEAN},
	{"loose", no_argument, NULL, OPT_LOOSE},
	{"no-truth", no_argument, NULL, OPT_NO_TRUTH},
	{"help", no_argument, NULL, OPT_HELP},
	{NULL, 0, NULL, 0}};

/* Weeks are counted from Mondays, so the run has to begin on one. */
static void take_from(Options *options, const char *text)
{
	if (!cal_read_day(text, &options->from) || cal_weekday(options->from))
		misused("--from wants a Monday, as 2025-04-28", text);
}

static void take_option(Options *options, int option, const char *value)
{
	switch (option) {
	case OPT_OUT: options->write.path = value; break;
	case OPT_VISITS: options->visits = number("--visits", value, VISITS_MIN, VISITS_MAX); break;
	case OPT_SEED: options->write.seed = number("--seed", value, 0, UINT64_MAX); break;
	case OPT_FROM: take_from(options, value); break;
	case OPT_WEEKS: options->weeks = (int32_t)number("--weeks", value, 1, WEEKS_MAX); break;
	case OPT_FINDINGS:
		options->findings = number("--findings", value, 0, VISITS_MAX);
		options->findings_given = true;
		break;
	case OPT_SHARE: options->share = (uint32_t)number("--share", value, 0, 1000); break;
	case OPT_SHUFFLE: options->write.shuffle = true; break;
	case OPT_LONG_KEYS: options->write.long_keys = true; break;
	case OPT_CLEAN: options->clean = true; break;
	case OPT_LOOSE: options->write.loose = true; break;
	case OPT_NO_TRUTH: options->write.truth = false; break;
	case OPT_HELP: print_help(stdout); exit(0);
	default: fputs("Try 'county --help'.\n", stderr); exit(64);
	}
}

/* The seed has no default: whoever makes a county should know which. */
static Options read_options(int argc, char **argv)
{
	Options options = {.write = {.seed = UINT64_MAX, .truth = true}, .from = CCSH_FROM,
		.weeks = 52, .share = USUAL_SHARE};
	int option;
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		take_option(&options, option, optarg);
	if (optind < argc)
		misused("not understood", argv[optind]);
	if (!options.write.path || !options.visits || options.write.seed == UINT64_MAX)
		misused("--out, --visits and --seed are needed", NULL);
	if (!options.findings_given)
		options.findings = options.visits * options.share / 1000;
	return options;
}

/* Order matters: the strangers join the plan before the writer numbers its provisions, and the
 * truth counts the plan's own findings before the first week is paced. */
static void start(County *county, const Options *options)
{
	Plan *plan = &county->plan;
	*county = (County){0};
	plan->seed = options->write.seed;
	plan->from = options->from;
	plan->weeks = options->weeks;
	plan->visits = options->visits;
	plan->target = options->findings;
	plan->share = (uint32_t)(options->findings * 1000000 / options->visits);
	plan_make(plan);
	plan_idle(plan);
	if (!options->clean)
		breaker_plan(plan);
	county->writer = writer_open(&options->write, plan);
	roster_init(&county->roster, plan);
	truth_init(&county->truth, plan, county->writer);
	planter_init(&county->planter, plan);
	county->breaker = (Breaker){.plan = plan, .writer = county->writer,
		.roster = &county->roster, .truth = &county->truth, .loose = options->write.loose,
		.wanted = !options->clean, .visits = &county->visits};
	breaker_start(&county->breaker);
	writer_plan(county->writer);
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
		writer_submission(county->writer, provider, monday, submitted);
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
		writer_visit(county->writer, &rows->visit[i]);
	for (size_t i = 0; i < rows->logs; i++)
		writer_log(county->writer, &rows->log[i]);
	submit(county, provider, monday);
	if (last || period_begins(monday + 7))
		truth_period(&county->truth, provider, period_of(monday));
	breaker_week(&county->breaker, provider, monday, county->visits + county->roster.logs);
}

/* To a terminal only: nothing but errors goes to a log file. */
static void show_progress(const County *county, int32_t week, bool terminal)
{
	if (terminal)
		fprintf(stderr, "\rweek %d of %d, %llu visits", week, county->plan.weeks,
			(unsigned long long)county->made);
}

/* False when interrupted. */
static bool make_county(County *county)
{
	bool terminal = isatty(STDERR_FILENO) != 0;
	for (int32_t w = 0; w < county->plan.weeks && !interrupted; w++) {
		planter_pace(&county->planter, county->truth.failing, county->made);
		for (uint32_t p = 0; p < county->plan.providers && !interrupted; p++)
			make_week(county, p, county->plan.from + 7 * w, w + 1 == county->plan.weeks);
		show_progress(county, w + 1, terminal);
	}
	if (terminal)
		fputs("\n", stderr);
	return !interrupted;
}

/* One line says what was made, for whoever reads the output of a script. */
static void finish(County *county, bool whole)
{
	if (whole) {
		truth_close(&county->truth);
		writer_carers(county->writer, county->roster.provider_of, county->roster.carers);
		writer_close(county->writer);
		printf("%llu visits, %llu logs, %u provisions, %u providers; planted: %llu fail, "
		       "%llu not assessed, %llu just pass\n",
			(unsigned long long)county->visits, (unsigned long long)county->roster.logs,
			county->plan.packages, county->plan.providers,
			(unsigned long long)county->truth.failing,
			(unsigned long long)county->truth.unsure,
			(unsigned long long)county->truth.near);
	} else {
		writer_abandon(county->writer);
	}
	truth_free(&county->truth);
	roster_free(&county->roster);
	rows_free(&county->rows);
	plan_free(&county->plan);
}

int main(int argc, char **argv)
{
	Options options = read_options(argc, argv);
	struct sigaction action = {.sa_handler = on_interrupt};
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	County county;
	start(&county, &options);
	bool whole = make_county(&county);
	finish(&county, whole);
	return whole ? 0 : 130;
}
