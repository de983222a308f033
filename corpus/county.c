/*
 * county: makes up a county's home care, of any size, for testing and measuring: contracts, visits
 * and what else their rules read, and the discrepancies planted in them, whose truth goes to a file
 * of its own. Each council has a module that grows its county; the same options give the same
 * content.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/grow.h"
#include "corpus/hampshire.h"
#include "corpus/hertfordshire.h"
#include "corpus/kent.h"
#include "corpus/london_borough.h"
#include "corpus/peterborough.h"

/*
 * Below a thousand visits there are fewer clients than the drills and providers
 * need; above twenty million the numbers of rows outgrow the keys of eight
 * figures.
 */
#define VISITS_MIN 1000
#define VISITS_MAX 20000000
#define WEEKS_MAX 520
#define USUAL_SHARE 30 /* findings in a thousand visits */

static const Council *const councils[] = {&hampshire_council, &hertfordshire_council, &kent_council,
	&london_borough_council, &peterborough_council};

/* The command line: findings is the number aimed at, worked out from the share if it is not given;
 * weeks 0 and no day are what the council usually has. */
typedef struct Options {
	GrowOptions grow;
	const Council *council;
	uint32_t share;
	bool findings_given;
} Options;

static void print_help(FILE *out)
{
	fputs("usage: county --out FILE.db --visits N --seed S [options]\n"
	      "Makes up a county's home care; what is wrong in it goes to FILE.db.truth.db.\n\n"
	      "  --out FILE        the database to make; one that exists is replaced\n"
	      "  --visits N        visits declared, 1,000 to 20,000,000\n"
	      "  --seed S          a whole number; the same seed makes the same county\n"
	      "  --council NAME    whose county (hampshire); see below\n"
	      "  --from DATE       first Monday (of Hampshire 2025-04-28)\n"
	      "  --weeks N         weeks (52)\n"
	      "  --findings N      failing findings planted, about\n"
	      "  --share PERMILLE  the same as a share of the visits (30)\n"
	      "  --shuffle         rows in random order, not in order of entry\n"
	      "  --long-keys       keys of 36 characters in no order\n"
	      "  --clean-data      no rows of bad data\n"
	      "  --loose           tables without primary keys, and keys that stand twice\n"
	      "  --no-truth        do not write the truth file\n"
	      "Councils:",
		out);
	for (size_t i = 0; i < sizeof councils / sizeof *councils; i++)
		fprintf(out, " %s", councils[i]->name);
	fputc('\n', out);
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
	OPT_OUT = 256, OPT_COUNCIL, OPT_VISITS, OPT_SEED, OPT_FROM, OPT_WEEKS, OPT_FINDINGS,
	OPT_SHARE, OPT_SHUFFLE, OPT_LONG_KEYS, OPT_CLEAN, OPT_LOOSE, OPT_NO_TRUTH, OPT_HELP
};

static const struct option long_options[] = {
	{"out", required_argument, NULL, OPT_OUT},
	{"council", required_argument, NULL, OPT_COUNCIL},
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

static const Council *council_of(const char *name)
{
	for (size_t i = 0; i < sizeof councils / sizeof *councils; i++)
		if (!strcmp(councils[i]->name, name))
			return councils[i];
	misused("there is no county of this council", name);
}

/* Weeks are counted from Mondays, so the run has to begin on one. */
static void take_from(Options *options, const char *text)
{
	if (!cal_read_day(text, &options->grow.from) || cal_weekday(options->grow.from))
		misused("--from wants a Monday, as 2025-04-28", text);
}

static void take_option(Options *options, int option, const char *value)
{
	switch (option) {
	case OPT_OUT: options->grow.path = value; break;
	case OPT_COUNCIL: options->council = council_of(value); break;
	case OPT_VISITS:
		options->grow.visits = number("--visits", value, VISITS_MIN, VISITS_MAX);
		break;
	case OPT_SEED: options->grow.seed = number("--seed", value, 0, UINT64_MAX); break;
	case OPT_FROM: take_from(options, value); break;
	case OPT_WEEKS: options->grow.weeks = (int32_t)number("--weeks", value, 1, WEEKS_MAX); break;
	case OPT_FINDINGS:
		options->grow.findings = number("--findings", value, 0, VISITS_MAX);
		options->findings_given = true;
		break;
	case OPT_SHARE: options->share = (uint32_t)number("--share", value, 0, 1000); break;
	case OPT_SHUFFLE: options->grow.shuffle = true; break;
	case OPT_LONG_KEYS: options->grow.long_keys = true; break;
	case OPT_CLEAN: options->grow.clean = true; break;
	case OPT_LOOSE: options->grow.loose = true; break;
	case OPT_NO_TRUTH: options->grow.truth = false; break;
	case OPT_HELP: print_help(stdout); exit(0);
	default: fputs("Try 'county --help'.\n", stderr); exit(64);
	}
}

/* The seed has no default: whoever makes a county should know which. */
static Options read_options(int argc, char **argv)
{
	Options options = {.grow = {.seed = UINT64_MAX, .truth = true, .from = CAL_NO_DAY},
		.council = &hampshire_council, .share = USUAL_SHARE};
	GrowOptions *grow = &options.grow;
	int option;
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		take_option(&options, option, optarg);
	if (optind < argc)
		misused("not understood", argv[optind]);
	if (!grow->path || !grow->visits || grow->seed == UINT64_MAX)
		misused("--out, --visits and --seed are needed", NULL);
	if (!options.findings_given)
		grow->findings = grow->visits * options.share / 1000;
	if (grow->from == CAL_NO_DAY)
		grow->from = options.council->from;
	if (!grow->weeks)
		grow->weeks = options.council->weeks;
	return options;
}

int main(int argc, char **argv)
{
	Options options = read_options(argc, argv);
	return grow_county(options.council, &options.grow) ? 0 : 130;
}
