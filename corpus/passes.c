/*
 * First come entries as they are made when nothing is wrong, each week's within a few days, a sixth
 * of them changed later; then one plant among the entries, the sums as they are due, and one plant
 * among the sums. Plants take turns over the provisions.
 *
 *   week        entered            changed (1 in 12)         changed late (1 in 12)
 *   ├──────┤ ── Monday to ──────── before the ───────┤ ───── within the period ─────┤
 *               Wednesday after    settlement closes          after that
 *
 * Entry plants work on a week of the period that a statement settles, or of the one before it; they
 * leave it with one entry first, so that what they add decides.
 */
#include "corpus/passes.h"

#include <stdlib.h>
#include <string.h>

#define FEWEST_SAMPLED 48
#define ONE_IN 50
#define BREAKS_TIMES 5 /* respite is rare, and is sampled so much more often */

int32_t passes_period(int32_t day)
{
	int32_t days = day - CCSH_FROM;
	return days < 0 ? -((PERIOD_DAYS - 1 - days) / PERIOD_DAYS) : days / PERIOD_DAYS;
}

/* Periods follow each other without a gap, whatever the year. */
int32_t passes_first(int32_t period)
{
	return CCSH_FROM + PERIOD_DAYS * period;
}

/* The moment at which the period is over. */
static int64_t closes(int32_t period)
{
	return cal_moment(passes_first(period + 1), 0);
}

/* ---- entries and statements ---------------------------------------------------------------- */

/* The numbers of rows are given when they are written: plants may take rows away. */
static Entry *add_entry(Book *book, int32_t week, int32_t minutes, int64_t entered)
{
	if (book->entries == ENTRIES_MAX)
		grow_disagree("variations", "a provision has too many");
	Entry *entry = &book->entry[book->entries++];
	*entry = (Entry){.week = week, .minutes = minutes, .entered = entered};
	return entry;
}

/* In office hours of Monday to Wednesday; one week in six is changed, half of those when the period
 * after was closed already, none when the books were. */
static void enter_week(Passes *passes, int32_t week, int32_t days)
{
	Rng *rng = &passes->rng;
	int32_t minutes = passes->book.package->weekly * days / 7 - QUANTUM * rng_between(rng, 0, 3);
	int32_t day = week + 7 + rng_between(rng, 0, 2);
	int32_t change = rng_between(rng, 0, 11);
	int32_t after = passes_first(passes_period(week) + 2) + rng_between(rng, 0, PERIOD_DAYS - 1);
	minutes = minutes < QUANTUM ? QUANTUM : minutes;
	add_entry(&passes->book, week, minutes,
		cal_moment(day, rng_between(rng, 480, 1020)) + rng_between(rng, 0, 59));
	int64_t office = rng_between(rng, 480 * 60, 1020 * 60);
	if (change == 0)
		add_entry(&passes->book, week, minutes + QUANTUM,
			cal_moment(week + 10 + rng_between(rng, 0, 14), 0) + office);
	if (change == 1 && after <= passes->closing)
		add_entry(&passes->book, week, minutes + 2 * QUANTUM, cal_moment(after, 0) + office);
}

/* All weeks of a period in which the provision lives. */
static void enter_period(Passes *passes, int32_t period)
{
	const Package *package = passes->book.package;
	for (int32_t w = 0; w < PERIOD_DAYS / 7; w++) {
		int32_t week = passes_first(period) + 7 * w, last = week + 6;
		int32_t from = package->start > week ? package->start : week;
		if (package->end != CAL_NO_DAY && package->end < last)
			last = package->end;
		if (from <= last)
			enter_week(passes, week, last - from + 1);
	}
}

/* Up to three statements in a row, within the run and up to two periods behind the end; one in four
 * times the last that there can be. False: the provision has none. */
static bool draw_statements(Passes *passes)
{
	const Package *package = passes->book.package;
	int32_t least = passes_period(passes->plan->from + PERIOD_DAYS - 1);
	int32_t most = passes_period(plan_last_day(passes->plan));
	if (passes_period(package->start) > least)
		least = passes_period(package->start);
	if (package->end != CAL_NO_DAY && passes_period(package->end) + 2 < most)
		most = passes_period(package->end) + 2;
	if (least > most)
		return false;
	int32_t count = most - least + 1 < STATEMENTS_MAX ? most - least + 1 : STATEMENTS_MAX;
	int32_t spare = most - least + 1 - count, from = rng_between(&passes->rng, 0, spare);
	from = least + (rng_below(&passes->rng, 4) ? from : spare);
	for (int32_t i = 0; i < count; i++)
		passes->statement[i] = (Statement){.period = passes_first(from + i)};
	passes->statements = count;
	for (int32_t period = from - 2; period < from + count - 1; period++)
		enter_period(passes, period);
	return true;
}

/* ---- plants among entries ------------------------------------------------------------------ */

/* What a maker works on: a statement, its period, and the period's end as a moment. */
typedef struct Scene {
	Passes *passes;
	Statement *statement;
	int32_t period;
	int64_t closes;
	bool breaks; /* Take a Break */
} Scene;

/* NULL: the provision has none of this period. */
static Statement *statement_of(Passes *passes, int32_t period)
{
	for (int i = 0; i < passes->statements; i++)
		if (passes->statement[i].period == passes_first(period))
			return &passes->statement[i];
	return NULL;
}

/* One plant for each rule of a statement; PASS is a near miss. Plants may reach beyond the last
 * statement, where there is nothing to mark. */
static void mean(Statement *statement, Rule rule, Plant plant, Verdict verdict)
{
	if (!statement)
		return;
	statement->plant[rule] = (uint8_t)plant;
	statement->fails |= verdict == VERDICT_FAIL ? BIT(rule) : 0;
	statement->unsure |= verdict == VERDICT_UNSURE ? BIT(rule) : 0;
}

/* The order of the others stays as it was. */
static void drop(Book *book, int at)
{
	memmove(&book->entry[at], &book->entry[at + 1],
		(size_t)(--book->entries - at) * sizeof book->entry[0]);
}

/* Any entry of the period, after it was made the only one of its week; NULL: there is none. */
static Entry *lone_entry(Passes *passes, int32_t period)
{
	Book *book = &passes->book;
	int of[ENTRIES_MAX], n = 0;
	for (int i = 0; i < book->entries; i++)
		if (passes_period(book->entry[i].week) == period)
			of[n++] = i;
	if (!n)
		return NULL;
	Entry kept = book->entry[of[rng_below(&passes->rng, (uint32_t)n)]];
	for (int i = book->entries - 1; i >= 0; i--)
		if (book->entry[i].week == kept.week)
			drop(book, i);
	return add_entry(book, kept.week, kept.minutes,
		cal_moment(kept.week + 8, 600) + rng_between(&passes->rng, 0, 3599));
}

/* S5 on either side of the moment at which the period closes. What is paid goes by what was
 * submitted, so that S2 holds all the same. */
static bool never(Scene *scene)
{
	if (scene->breaks || !lone_entry(scene->passes, scene->period - 1))
		return false;
	scene->passes->book.entries--;
	mean(scene->statement, RULE_S5, PLANT_S5_NEVER, VERDICT_FAIL);
	return true;
}

static bool day_after(Scene *scene)
{
	Entry *entry = scene->breaks ? NULL : lone_entry(scene->passes, scene->period - 1);
	if (!entry)
		return false;
	entry->entered = scene->closes;
	mean(scene->statement, RULE_S5, PLANT_S5_DAY_AFTER, VERDICT_FAIL);
	return true;
}

/* Submitted just in time. */
static bool last_second(Scene *scene)
{
	Entry *entry = scene->breaks ? NULL : lone_entry(scene->passes, scene->period - 1);
	if (!entry)
		return false;
	entry->entered = scene->closes - 1;
	mean(scene->statement, RULE_S5, PLANT_S5_LAST_SECOND, VERDICT_PASS);
	return true;
}

/* A second entry for a week of a period, at a moment after the first. */
static bool change(Scene *scene, int32_t period, int64_t entered)
{
	const Entry *entry = lone_entry(scene->passes, period);
	if (entry)
		add_entry(&scene->passes->book, entry->week, entry->minutes + 3 * QUANTUM, entered);
	return entry != NULL;
}

/* A change of the last second belongs to the settlement, of the next one to the late changes of the
 * statement after. */
static bool change_in_time(Scene *scene)
{
	if (!change(scene, scene->period - 1, scene->closes - 1))
		return false;
	mean(scene->statement, RULE_S2, PLANT_S2_LAST_SECOND, VERDICT_PASS);
	return true;
}

static bool change_after(Scene *scene)
{
	if (!change(scene, scene->period - 1, scene->closes))
		return false;
	mean(scene->statement, RULE_S2, PLANT_S2_AFTER, VERDICT_PASS);
	return true;
}

/* A period later the same line stands between late changes and what is never paid again. */
static bool late_in_time(Scene *scene)
{
	if (!change(scene, scene->period - 2, scene->closes - 1))
		return false;
	mean(scene->statement, RULE_S3, PLANT_S3_LAST_SECOND, VERDICT_PASS);
	return true;
}

/* S4 looks at weeks that begin within the run. */
static Entry *judged_entry(Scene *scene)
{
	if (passes_first(scene->period - 1) < scene->passes->plan->from)
		return NULL;
	return lone_entry(scene->passes, scene->period - 1);
}

/* Two entries some seconds apart. After a tie a third one follows soon, so that it is clear what
 * stands when the period closes. */
static bool pair(Scene *scene, int32_t apart, Plant plant)
{
	const Entry *entry = judged_entry(scene);
	if (!entry)
		return false;
	Book *book = &scene->passes->book;
	int32_t week = entry->week, minutes = entry->minutes;
	int64_t entered = entry->entered + 600;
	add_entry(book, week, minutes + QUANTUM, entered)->plant = (uint8_t)plant;
	add_entry(book, week, minutes + 2 * QUANTUM, entered + apart)->plant = (uint8_t)plant;
	if (!apart)
		add_entry(book, week, minutes + 3 * QUANTUM, entered + 60);
	return true;
}

/* On both sides of S4's line: the same second, and the next. */
static bool tie(Scene *scene)
{
	return pair(scene, 0, PLANT_S4_TIE);
}

static bool second_apart(Scene *scene)
{
	return pair(scene, 1, PLANT_S4_SECOND);
}

/* Of an entry of the same period for another week. */
static bool other_week(Scene *scene)
{
	Entry *entry = judged_entry(scene);
	Book *book = &scene->passes->book;
	for (int i = 0; entry && i < book->entries; i++) {
		Entry *other = &book->entry[i];
		if (other->week <= entry->week || passes_period(other->week) != scene->period - 1)
			continue;
		entry->entered = other->entered;
		entry->plant = other->plant = PLANT_S4_OTHER_WEEK;
		return true;
	}
	return false;
}

/* Behind all that the statements look at. */
static bool after_books(Scene *scene)
{
	Passes *passes = scene->passes;
	int64_t closed = cal_moment(passes->closing + 1, 0);
	if (closes(passes_period(passes->statement[passes->statements - 1].period)) > closed)
		return false;
	const Entry *entry = judged_entry(scene);
	if (!entry)
		return false;
	int32_t week = entry->week, minutes = entry->minutes;
	closed += rng_below(&passes->rng, 2) ? 0 : rng_between(&passes->rng, 1, 30 * CAL_DAY);
	for (int32_t i = 1; i <= 2; i++)
		add_entry(&passes->book, week, minutes + i * QUANTUM, closed)->plant =
			PLANT_S4_AFTER_BOOKS;
	return true;
}

/* What hangs on the hours of a week of the period that is settled. */
static void mean_unknown(Scene *scene, Plant plant)
{
	mean(scene->statement, RULE_S2, plant, VERDICT_UNSURE);
	mean(statement_of(scene->passes, scene->period + 1), RULE_S3, plant, VERDICT_UNSURE);
}

/* The only entry of its week may have come in time or not: also S5 cannot say. */
static bool undated(Scene *scene)
{
	Entry *entry = lone_entry(scene->passes, scene->period - 1);
	if (!entry)
		return false;
	entry->entered = CAL_NO_MOMENT;
	mean_unknown(scene, PLANT_S_UNDATED);
	if (!scene->breaks)
		mean(scene->statement, RULE_S5, PLANT_S_UNDATED, VERDICT_UNSURE);
	return true;
}

/* It may be the same moment as the other's, or stand in its place. */
static bool undated_second(Scene *scene)
{
	Entry *entry = judged_entry(scene);
	if (!entry)
		return false;
	entry->plant = PLANT_S4_UNDATED;
	add_entry(&scene->passes->book, entry->week, entry->minutes + QUANTUM, CAL_NO_MOMENT)->plant =
		PLANT_S4_UNDATED;
	mean_unknown(scene, PLANT_S4_UNDATED);
	if (!scene->breaks)
		mean(scene->statement, RULE_S5, PLANT_S4_UNDATED, VERDICT_UNSURE);
	return true;
}

/* Two statements may hang on these hours, and an audit takes long to bound what their late change
 * may come to; so that is planted once in a county of any size, and the others are of the last
 * statement. */
static bool hourless(Scene *scene)
{
	Passes *passes = scene->passes;
	bool both = statement_of(passes, scene->period + 1) != NULL;
	Entry *entry = both && passes->hourless ? NULL : lone_entry(passes, scene->period - 1);
	if (!entry)
		return false;
	passes->hourless |= both;
	entry->minutes = MINUTES_MISSING;
	mean_unknown(scene, PLANT_S_HOURLESS);
	return true;
}

/* The books may be closed before the run's last payment period is: then some of what its statement
 * is judged by was not known. */
static bool week_unknown(Scene *scene)
{
	int64_t closed = cal_moment(scene->passes->closing + 1, 0);
	if (scene->breaks || scene->closes <= closed)
		return false;
	Entry *entry = lone_entry(scene->passes, scene->period - 1);
	if (!entry)
		return false;
	entry->entered = closed;
	mean(scene->statement, RULE_S2, PLANT_S_WEEK_UNKNOWN, VERDICT_PASS);
	mean(scene->statement, RULE_S5, PLANT_S_WEEK_UNKNOWN, VERDICT_PASS);
	return true;
}

/* By what was known there was no change to pay for. */
static bool change_unknown(Scene *scene)
{
	int64_t closed = cal_moment(scene->passes->closing + 1, 0);
	if (scene->closes <= closed || !change(scene, scene->period - 2, closed))
		return false;
	mean(scene->statement, RULE_S3, PLANT_S_CHANGE_UNKNOWN, VERDICT_PASS);
	return true;
}

static bool (*const entry_makers[])(Scene *) = {tie, never, change_in_time, undated, after_books,
	day_after, second_apart, late_in_time, hourless, last_second, undated_second,
	change_after, other_week};
#define ENTRY_MAKERS (sizeof entry_makers / sizeof *entry_makers)

/* Any statement of the provision, or the one that was not known whole. */
static Scene look_at(Passes *passes, bool latest)
{
	uint32_t at = rng_below(&passes->rng, (uint32_t)passes->statements);
	Scene scene = {.passes = passes,
		.statement = &passes->statement[latest ? passes->statements - 1 : (int)at],
		.breaks = passes->book.package->service == TAKE_A_BREAK};
	scene.period = passes_period(scene.statement->period);
	scene.closes = closes(scene.period);
	return scene;
}

/* A maker that cannot be used here is passed over. What was not known in time is only to be had of
 * the latest statements, so every other of those gets it. */
static void plant_entry(Passes *passes)
{
	Scene scene = look_at(passes, true);
	if (rng_below(&passes->rng, 2) && (passes->entry_turn & 1 ? week_unknown(&scene)
								  : change_unknown(&scene))) {
		passes->entry_turn++;
		return;
	}
	for (size_t i = 0; i < ENTRY_MAKERS; i++) {
		scene = look_at(passes, false);
		if (entry_makers[passes->entry_turn++ % ENTRY_MAKERS](&scene))
			return;
	}
}

/* ---- plants among sums --------------------------------------------------------------------- */

/* More or less than is due, or nothing that is known. */
static const struct {
	Plant plant;
	int pass, more;
	Verdict verdict;
} sums_planted[] = {
	{PLANT_S1_BREAK, PASS_CORE, 0, VERDICT_FAIL},
	{PLANT_S1_PENNY, PASS_CORE, 1, VERDICT_FAIL},
	{PLANT_S3_UNPAID, PASS_LATE, 0, VERDICT_FAIL},
	{PLANT_S2_LESS, PASS_SETTLEMENT, -1, VERDICT_FAIL},
	{PLANT_S3_PENNY, PASS_LATE, 1, VERDICT_FAIL},
	{PLANT_S1_MISSING, PASS_CORE, 0, VERDICT_UNSURE},
	{PLANT_S2_PENNY, PASS_SETTLEMENT, 1, VERDICT_FAIL},
	{PLANT_S3_MISSING, PASS_LATE, 0, VERDICT_UNSURE},
	{PLANT_S1_LESS, PASS_CORE, -1, VERDICT_FAIL},
	{PLANT_S2_MISSING, PASS_SETTLEMENT, 0, VERDICT_UNSURE},
};
#define SUMS_PLANTED (sizeof sums_planted / sizeof *sums_planted)

/* Take a Break paid as if it were care at home; false where that comes to nothing. */
static bool pay_break(const Passes *passes, Statement *statement)
{
	Package home = *passes->book.package;
	Book book = {.package = &home};
	home.service = HOME_CARE;
	passes_due(&book, PASS_CORE, passes_period(statement->period), &statement->paid[PASS_CORE]);
	return passes->book.package->service == TAKE_A_BREAK && statement->paid[PASS_CORE];
}

/* False: this plant cannot be had of this statement. */
static bool plant_sum(const Passes *passes, Statement *statement, size_t kind)
{
	int pass = sums_planted[kind].pass;
	Plant plant = sums_planted[kind].plant;
	Rule rule = (Rule)(RULE_S1 + pass);
	int64_t due = statement->paid[pass];
	if (statement->plant[rule])
		return false;
	statement->paid[pass] = sums_planted[kind].verdict == VERDICT_UNSURE ? NO_STAKE
		: plant == PLANT_S3_UNPAID                                     ? 0
									       : due + sums_planted[kind].more;
	if ((plant == PLANT_S3_UNPAID && !due) ||
		(plant == PLANT_S1_BREAK && !pay_break(passes, statement))) {
		statement->paid[pass] = due;
		return false;
	}
	mean(statement, rule, plant, sums_planted[kind].verdict);
	return true;
}

/* Take a Break is rare, and what is planted in nothing else comes first there. */
static void plant_sums(Passes *passes)
{
	if (rng_below(&passes->rng, 2) && plant_sum(passes, &passes->statement[0], 0))
		return;
	for (size_t i = 1; i < SUMS_PLANTED; i++) {
		size_t kind = 1 + passes->paid_turn++ % (SUMS_PLANTED - 1);
		for (int s = 0; s < passes->statements; s++)
			if (plant_sum(passes, &passes->statement[s], kind))
				return;
	}
}

/* What is due is paid; where nobody can say, nothing. */
static void pay(Passes *passes)
{
	for (int s = 0; s < passes->statements; s++) {
		Statement *statement = &passes->statement[s];
		int32_t period = passes_period(statement->period);
		for (int pass = 0; pass < PASSES; pass++)
			if (!passes_due(&passes->book, pass, period, &statement->paid[pass]))
				statement->paid[pass] = 0;
	}
}

/* Parts of a period are near misses of their own. */
static void note_days(Passes *passes)
{
	for (int s = 0; s < passes->statements; s++) {
		Statement *statement = &passes->statement[s];
		int32_t days =
			passes_days(passes->book.package, passes_period(statement->period));
		if (days > 0 && days < PERIOD_DAYS && !statement->plant[RULE_S1] && passes->plan->share &&
			passes->book.package->service == HOME_CARE)
			statement->plant[RULE_S1] = PLANT_S1_DAYS;
	}
}

/* ---- all of them --------------------------------------------------------------------------- */

/* After all plants, so that numbers have no holes; before the judge, who names rows by them. */
static void write_all(Passes *passes)
{
	for (int i = 0; i < passes->book.entries; i++) {
		Entry *entry = &passes->book.entry[i];
		entry->no = ++passes->last_entry;
		writer_variation(passes->writer, entry->no, passes->number, entry);
	}
	for (int i = 0; i < passes->statements; i++) {
		Statement *statement = &passes->statement[i];
		statement->no = ++passes->last_statement;
		writer_statement(passes->writer, statement->no, passes->number, statement);
	}
}

/* The order matters: sums follow from the entries with what is planted in them. */
static void make_package(Passes *passes)
{
	passes->book.entries = passes->statements = 0;
	passes->rng = rng_for(passes->plan->seed, STREAM_PASSES, passes->number, 0);
	if (!draw_statements(passes))
		return;
	if (rng_permille(&passes->rng, plan_scaled(passes->plan, 500)))
		plant_entry(passes);
	pay(passes);
	if (rng_permille(&passes->rng, plan_scaled(passes->plan, 400)))
		plant_sums(passes);
	note_days(passes);
	write_all(passes);
	passes_judge(passes);
}

/* One in fifty, in a small county four dozen: enough to meet every plant, too few to be felt in a
 * large one. Neither strangers nor packages that never began. */
static bool is_sampled(const Plan *plan, uint32_t number)
{
	const Package *package = &plan->package[number];
	uint32_t wanted = plan->packages / ONE_IN;
	uint32_t step = plan->packages / (wanted < FEWEST_SAMPLED ? FEWEST_SAMPLED : wanted);
	uint32_t often = step / BREAKS_TIMES;
	if (package->idle || package->client >= plan->clients - plan->strangers ||
		(package->end != CAL_NO_DAY && package->end < package->start))
		return false;
	return !step || number % step == 0 ||
		(package->service == TAKE_A_BREAK && (!often || number % often == 0));
}

/* Provision by provision; only the sums by period are kept. */
void passes_make(const Plan *plan, Writer *writer)
{
	Passes passes = {.plan = plan, .writer = writer};
	passes.closing = grow_closing_day(writer->grow);
	passes.first = passes_period(plan->from);
	passes.periods = passes_period(plan_last_day(plan)) - passes.first + 1;
	size_t sums = (size_t)passes.periods * plan->providers * CONTRACT_COUNT;
	passes.sums = room_grow(NULL, sums, sizeof *passes.sums);
	memset(passes.sums, 0, sums * sizeof *passes.sums);
	for (passes.number = 0; passes.number < plan->packages; passes.number++) {
		passes.book.package = &plan->package[passes.number];
		if (is_sampled(plan, passes.number))
			make_package(&passes);
	}
	passes_figures(&passes);
	free(passes.sums);
}
