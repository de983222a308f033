/*
 * The texts of the rules' tables are made into strings when the program is built, so that generator
 * and rule files cannot drift apart unnoticed. Amounts go in as REAL and lengths as whole minutes,
 * as the exports of care systems have them: reading them exactly is the reader's task.
 *
 *   FILE.db        what an audit reads
 *   FILE.db.truth.db   what is wrong in it, put in place first: a county is never there without it
 *
 * What the module calls comes in this order, and the frame keeps count on the way:
 *
 *   grow_on        is it enough?                  corrects the pace: findings wanted, findings made
 *   grow_sows      is a plant due at this place?  by the pace
 *   grow_plant     the next kind that can be made here; its maker changes rows and calls
 *   grow_mean      what the subject is now meant to break     meant += bits
 *   grow_settle    what the judge found of the subject        settled += bits
 *
 * At the end `meant` and `settled` are equal, or a subject with a mark was never judged. Everything
 * is drawn from generators that are seeded by a stream and a number, so that a county is the same
 * on every machine.
 */
#include "corpus/grow.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* By their paths below rules/, without the ending. corpus/schema.inc is made from the files below
 * rules/ when the program is built. */
static const struct {
	const char *name, *sql;
} schemas[] = {
#include "corpus/schema.inc"
};

/* Bare tables: the truth is read by scripts, and compared as sets. grow.h says what each column
 * means. */
static const char truth_sql[] =
	"CREATE TABLE planted (contract TEXT NOT NULL, rule TEXT NOT NULL, subject TEXT NOT NULL,"
	" verdict TEXT NOT NULL, at_stake_pence INTEGER, note TEXT, run TEXT NOT NULL);"
	"CREATE TABLE figure (contract TEXT NOT NULL, measure TEXT NOT NULL, keys TEXT NOT NULL,"
	" numerator INTEGER NOT NULL, denominator INTEGER NOT NULL, status TEXT, reported TEXT,"
	" run TEXT NOT NULL);"
	"CREATE TABLE balance (contract TEXT NOT NULL, provision TEXT NOT NULL, credited INTEGER,"
	" used INTEGER, expired INTEGER, held INTEGER, shortfall INTEGER, debits INTEGER,"
	" bank TEXT NOT NULL, unit INTEGER NOT NULL);"
	"CREATE TABLE planted_rejected (dataset TEXT NOT NULL, source_key TEXT NOT NULL,"
	" source_column TEXT NOT NULL, value TEXT, note TEXT);"
	"CREATE TABLE excused (part TEXT NOT NULL);"
	"CREATE TABLE made (name TEXT PRIMARY KEY NOT NULL, value TEXT);";

/* In the order of told_columns, and of Grow.told. */
enum { TOLD_PLANTED, TOLD_FIGURE, TOLD_BALANCE, TOLD_REJECTED, TOLD_EXCUSED, TOLD_MADE };

static const char *const told_columns[][2] = {
	[TOLD_PLANTED] = {"planted", "contract, rule, subject, verdict, at_stake_pence, note, run"},
	[TOLD_FIGURE] = {"figure",
		"contract, measure, keys, numerator, denominator, status, reported, run"},
	[TOLD_BALANCE] = {"balance", "contract, provision, credited, used, expired, held, shortfall,"
		" debits, bank, unit"},
	[TOLD_REJECTED] = {"planted_rejected", "dataset, source_key, source_column, value, note"},
	[TOLD_EXCUSED] = {"excused", "part"},
	[TOLD_MADE] = {"made", "name, value"}};

static volatile sig_atomic_t interrupted;

/* Only notes it: the module stops at the next package, and what was written is removed. */
static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

bool grow_interrupted(void)
{
	return interrupted != 0;
}

/* Our own mistake, so no status but a stop at the place, with the row's name for whoever looks.
 * abort() leaves a core for the debugger, and no file under its final name. */
_Noreturn void grow_disagree(const char *subject, const char *what)
{
	fprintf(stderr, "county: %s: %s\n", subject, what);
	abort();
}

/* ---- opening ------------------------------------------------------------------------------- */

/* A name that is not there is a slip of the module, found by its first run. */
static const char *schema(const char *name)
{
	for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++)
		if (!strcmp(schemas[i].name, name))
			return schemas[i].sql;
	grow_disagree(name, "these tables are not built in: see corpus/sources.am");
}

static void tell_made(Grow *grow, const char *name, const char *value)
{
	tables_row(grow->truth, grow->told[TOLD_MADE], ROW(cell_text(name), cell_text(value)));
}

/* So that a truth file can be told from another, and audited over the right days. `from` and `to`
 * are both looked at; known_on is the day on which the books were closed. */
static void tell_options(Grow *grow)
{
	char from[CAL_DAY_TEXT], to[CAL_DAY_TEXT], closed[CAL_DAY_TEXT], visits[24], seed[24];
	cal_print_day(from, grow->options->from);
	cal_print_day(to, grow_last_day(grow));
	cal_print_day(closed, grow_closing_day(grow));
	snprintf(visits, sizeof visits, "%llu", (unsigned long long)grow->options->visits);
	snprintf(seed, sizeof seed, "%llu", (unsigned long long)grow->options->seed);
	tell_made(grow, "from", from);
	tell_made(grow, "to", to);
	tell_made(grow, "known_on", closed);
	tell_made(grow, "visits", visits);
	tell_made(grow, "seed", seed);
}

/* Without keys and in the order of telling: nobody looks a row up. */
static void open_truth(Grow *grow)
{
	grow->truth = tables_open(&(TablesOptions){
		.path = grow->options->path, .suffix = ".truth.db", .beside = grow->county});
	tables_declare(grow->truth, truth_sql);
	for (size_t i = 0; i < sizeof told_columns / sizeof *told_columns; i++)
		grow->told[i] = tables_add(grow->truth, told_columns[i][0], told_columns[i][1], 0);
	tell_options(grow);
}

/* The truth is opened before the first row, so that neither file is ever there alone. */
static void open_county(Grow *grow)
{
	const GrowOptions *options = grow->options;
	grow->county = tables_open(&(TablesOptions){.path = options->path, .suffix = "",
		.seed = options->seed, .shuffle = options->shuffle, .long_keys = options->long_keys,
		.loose = options->loose, .own_keys = grow->council->own_keys,
		.own_kinds = grow->council->own_kinds});
	if (options->truth)
		open_truth(grow);
	for (const char *const *name = grow->council->schemas; *name; name++)
		tables_declare(grow->county, schema(*name));
}

/* A council without a list of kinds plants by itself. Kinds without a maker are placed by the
 * module where they fit. */
static void open_round(Grow *grow)
{
	Rng rng = rng_for(grow->options->seed, STREAM_SCHEDULE, 0, 0);
	for (int i = 0; i < grow->council->kind_count; i++)
		if (grow->council->kinds[i].make)
			round_add(&grow->round, (uint16_t)i, grow->council->kinds[i].weight);
	round_shuffle(&grow->round, &rng);
}

/* ---- the way through ----------------------------------------------------------------------- */

/* Shuffles are told from one another by the number of the table; those below it are named streams.
 * A table's number is its place among the county's, so that another table before it would change
 * its shuffle. */
int grow_table(Grow *grow, const char *name, const char *columns)
{
	static const uint64_t after_streams = 1000;
	uint64_t no = after_streams;
	while (tables_name(grow->county, (int)(no - after_streams)))
		no++;
	return tables_add(grow->county, name, columns, no);
}

/* A Sunday: counties are whole weeks from a Monday. */
int32_t grow_last_day(const Grow *grow)
{
	return grow->options->from + 7 * grow->options->weeks - 1;
}

int32_t grow_closing_day(const Grow *grow)
{
	return grow_last_day(grow) + GROW_CLOSING_DAYS;
}

/* Progress goes to a terminal alone, every 5,000 visits, on one line. */
bool grow_on(Grow *grow, uint64_t made)
{
	const GrowOptions *options = grow->options;
	grow->thickness = round_pace(options->findings, grow->failing, options->visits, made);
	if (grow->terminal && (made - grow->shown > 5000 || made >= options->visits)) {
		fprintf(stderr, "\r%llu visits", (unsigned long long)made);
		grow->shown = made;
	}
	return made < options->visits && !interrupted;
}

/* One line says what was made, for whoever reads the output of a script. */
static void say(const Grow *grow)
{
	for (int i = 0; tables_name(grow->county, i); i++)
		printf("%llu %s, ", (unsigned long long)tables_rows(grow->county, i),
			tables_name(grow->county, i));
	printf("planted: %llu fail, %llu not assessed, %llu just pass\n",
		(unsigned long long)grow->failing, (unsigned long long)grow->unsure,
		(unsigned long long)grow->near);
}

/*
 *   interrupted   nothing is left behind
 *   disagrees     abort: what was written stands under names that nobody reads
 *   else          truth, then county: a county is never there without its truth
 */
bool grow_county(const Council *council, const GrowOptions *options)
{
	struct sigaction action = {.sa_handler = on_interrupt};
	Grow grow = {.council = council, .options = options,
		.share = (uint32_t)(options->findings * 1000000 / options->visits),
		.terminal = isatty(STDERR_FILENO) != 0};
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	open_county(&grow);
	open_round(&grow);
	council->grow(&grow);
	if (grow.terminal)
		fputs("\n", stderr);
	if (interrupted) {
		tables_abandon(grow.county);
		return false;
	}
	if (grow.meant != grow.settled)
		grow_disagree("plants", "some were made of subjects that nobody judged");
	say(&grow);
	if (grow.truth)
		tables_close(grow.truth);
	tables_close(grow.county);
	return true;
}

/* ---- plants -------------------------------------------------------------------------------- */

/* `thickness` is in millionths of the places. */
bool grow_sows(const Grow *grow, Rng *rng)
{
	return rng_ppm(rng, grow->thickness);
}

/* What round_take hands back to `make`. */
typedef struct Planting {
	const GrowKind *kinds;
	void *scene;
} Planting;

/* A maker that returns false has changed nothing, and its kind waits for the next place. */
static bool make(void *context, uint16_t kind)
{
	const Planting *planting = context;
	return planting->kinds[kind].make(planting->scene);
}

int grow_plant(Grow *grow, void *scene)
{
	Planting planting = {grow->council->kinds, scene};
	return round_take(&grow->round, make, &planting);
}

/* What is meant twice counts once. `meant` counts bits that are new, as settling counts each
 * once. */
void grow_mean_also(Grow *grow, Mark *mark, Verdict verdict, int rule)
{
	uint64_t *set = verdict == VERDICT_FAIL ? &mark->fails
		: verdict == VERDICT_UNSURE     ? &mark->unsure
						: &mark->passes;
	grow->meant += !(*set & GROW_BIT(rule));
	*set |= GROW_BIT(rule);
}

/* One plant a subject, so that it is plain what made it fail; what comes with another plant goes
 * through grow_mean_also. */
bool grow_mean(Grow *grow, Mark *mark, int plant)
{
	const GrowKind *kind = &grow->council->kinds[plant];
	if (mark->plant)
		return false;
	mark->plant = (uint16_t)plant;
	grow_mean_also(grow, mark, kind->verdict, kind->rule);
	return true;
}

/* ---- truth --------------------------------------------------------------------------------- */

void grow_fails(Found *found, int rule, int64_t stake)
{
	found->fails |= GROW_BIT(rule);
	found->stake[rule] = stake;
}

void grow_unsure(Found *found, int rule)
{
	found->unsure |= GROW_BIT(rule);
}

/* A near miss that fails is a difference in what fails, as nothing is meant to do both. Every rule
 * is compared, also those that nothing was planted for: a clean row that the judge finds wrong is a
 * fault of the module as well. */
void grow_settle(Grow *grow, int contract, const char *subject, const Mark *mark,
	const Found *found)
{
	const char *note = grow->council->kinds[mark->plant].note;
	char what[SUBJECT_TEXT];
	for (int rule = 0; rule < GROW_RULES_MAX; rule++) {
		uint64_t bit = GROW_BIT(rule);
		bool fails = found->fails & bit, unsure = found->unsure & bit;
		if (fails != ((mark->fails & bit) != 0) || unsure != ((mark->unsure & bit) != 0) ||
			((mark->passes & bit) && (fails || unsure))) {
			snprintf(what, sizeof what, "%s %s, planted: %s",
				grow->council->rules[rule],
				fails ? "fails" : unsure ? "is not assessed" : "passes", note);
			grow_disagree(subject, what);
		}
		if (fails)
			grow_tell(grow, contract, rule, subject, VERDICT_FAIL, found->stake[rule],
				note);
		else if (unsure)
			grow_tell(grow, contract, rule, subject, VERDICT_UNSURE, NO_STAKE, note);
		else if (mark->passes & bit)
			grow_tell(grow, contract, rule, subject, VERDICT_PASS, NO_STAKE, note);
		grow->settled += fails || unsure || (mark->passes & bit);
	}
}

/* Missing, not 0: a rule without a sum claims none. */
static Cell cell_stake(int64_t pence)
{
	return pence == NO_STAKE ? cell_missing() : cell_whole(pence);
}

static Cell cell_run(const Grow *grow)
{
	static const char *const words[] = {
		[RUN_ANY] = "any", [RUN_ALL] = "all", [RUN_KNOWN] = "known"};
	return cell_text(words[grow->run]);
}

/* What is told only of the run of the closing day is not counted: it would count a finding
 * twice. */
void grow_tell(Grow *grow, int contract, int rule, const char *subject, Verdict verdict,
	int64_t pence, const char *note)
{
	static const char *const words[] = {
		[VERDICT_PASS] = "pass", [VERDICT_FAIL] = "fail", [VERDICT_UNSURE] = "not_assessed"};
	grow->failing += verdict == VERDICT_FAIL && grow->run != RUN_KNOWN;
	grow->unsure += verdict == VERDICT_UNSURE && grow->run != RUN_KNOWN;
	grow->near += verdict == VERDICT_PASS && grow->run != RUN_KNOWN;
	if (grow->truth)
		tables_row(grow->truth, grow->told[TOLD_PLANTED],
			ROW(cell_text(grow->council->contracts[contract]),
				cell_text(grow->council->rules[rule]), cell_text(subject),
				cell_text(words[verdict]), cell_stake(pence), cell_text(note),
				cell_run(grow)));
}

/* Fractions are told as they were counted, not reduced. */
void grow_figure(Grow *grow, int contract, const char *measure, const char *keys,
	uint64_t numerator, uint64_t denominator, const char *status, const char *reported)
{
	if (grow->truth)
		tables_row(grow->truth, grow->told[TOLD_FIGURE],
			ROW(cell_text(grow->council->contracts[contract]), cell_text(measure),
				cell_text(keys), cell_whole((int64_t)numerator),
				cell_whole((int64_t)denominator), cell_text(status),
				cell_text(reported), cell_run(grow)));
}

void grow_balance(Grow *grow, int contract, const char *bank, const char *keys, int unit,
	const Balance *balance)
{
	if (grow->truth)
		tables_row(grow->truth, grow->told[TOLD_BALANCE],
			ROW(cell_text(grow->council->contracts[contract]), cell_text(keys),
				cell_whole(balance->credited), cell_whole(balance->used),
				cell_whole(balance->expired), cell_whole(balance->held),
				cell_whole(balance->shortfall), cell_whole(balance->debits),
				cell_text(bank), cell_whole(unit)));
}

/* A value of NULL stays NULL. Of a row that the reader is to refuse, or to read in part. */
void grow_rejected(Grow *grow, const char *dataset, const char *key, const char *column,
	const char *value, const char *note)
{
	if (grow->truth)
		tables_row(grow->truth, grow->told[TOLD_REJECTED],
			ROW(cell_text(dataset), cell_text(key), cell_text(column), cell_text(value),
				cell_text(note)));
}

/* Parts of subjects about which the comparison with an audit should say nothing. */
void grow_excused(Grow *grow, const char *part)
{
	if (grow->truth)
		tables_row(grow->truth, grow->told[TOLD_EXCUSED], ROW(cell_text(part)));
}

/* As an audit writes it, so that the comparison is one of texts. */
void grow_subject(const Grow *grow, char out[SUBJECT_TEXT], const char *dataset, int kind,
	uint64_t no)
{
	char key[KEY_TEXT];
	tables_key(grow->county, key, kind, no);
	snprintf(out, SUBJECT_TEXT, "%s %s", dataset, key);
}

/* The subject of a group: key, then the period by its first day. */
void grow_subject_period(const Grow *grow, char out[SUBJECT_TEXT], const char *dataset, int kind,
	uint64_t no, const char *period, int32_t first)
{
	char key[KEY_TEXT], day[CAL_DAY_TEXT];
	tables_key(grow->county, key, kind, no);
	cal_print_day(day, first);
	snprintf(out, SUBJECT_TEXT, "%s %s, %s %s", dataset, key, period, day);
}

/* Twice the numerator and half the way to the next: no fraction is made on the way. The denominator
 * is above nought. */
int64_t grow_nearest(int64_t numerator, int64_t denominator)
{
	int64_t half = numerator < 0 ? -denominator : denominator;
	return (2 * numerator + half) / (2 * denominator);
}
