/*
 * What is due is worked out from a provision's hours and its entries alone, in minutes and pence.
 * An entry counts from the day on which it was made, until another one for the same week is made.
 */
#include <stdio.h>
#include <stdlib.h>

#include "corpus/passes.h"

/* ---- what is due --------------------------------------------------------------------------- */

static int32_t greater(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

/* The first day of a period on which the provision lives; passes_days says whether there is one. */
static int32_t life_from(const Package *package, int32_t period)
{
	return greater(package->start, passes_first(period));
}

/* The last such day, the end of the provision included. */
static int32_t life_to(const Package *package, int32_t period)
{
	int32_t last = passes_first(period + 1) - 1;
	return package->end != CAL_NO_DAY && package->end < last ? package->end : last;
}

/* None where the life ends before the period or begins after it. */
int32_t passes_days(const Package *package, int32_t period)
{
	return greater(0, life_to(package, period) - life_from(package, period) + 1);
}

/* Entered by the end of the day. */
static bool is_in(const Entry *entry, int32_t day)
{
	return entry->entered != CAL_NO_MOMENT && cal_moment_day(entry->entered) <= day;
}

/* Entries of one moment stand both: neither is later. */
static bool stands(const Book *book, const Entry *entry, int32_t day)
{
	for (int i = 0; i < book->entries; i++) {
		const Entry *other = &book->entry[i];
		if (other->week == entry->week && is_in(other, day) &&
			other->entered > entry->entered)
			return false;
	}
	return is_in(entry, day);
}

/* Minutes of a period by what stands at the end of the day. An entry that does not say when it was
 * made may stand or not, and leaves all unknown. */
static bool submitted(const Book *book, int32_t period, int32_t day, int64_t *minutes)
{
	*minutes = 0;
	for (int i = 0; i < book->entries; i++) {
		const Entry *entry = &book->entry[i];
		if (passes_period(entry->week) != period)
			continue;
		if (entry->entered == CAL_NO_MOMENT)
			return false;
		if (!stands(book, entry, day))
			continue;
		if (entry->minutes == MINUTES_MISSING)
			return false;
		*minutes += entry->minutes;
	}
	return true;
}

/* Sevenths of minutes, as each day of the life is a seventh of a week. Respite is never paid
 * before it was submitted. */
static int64_t commissioned(const Package *package, int32_t period)
{
	return package->service == TAKE_A_BREAK
		? 0 : (int64_t)package->weekly * passes_days(package, period);
}

/* Core by what is commissioned; settlement by what was submitted when the period closed, less what
 * was paid as core; late changes by what was submitted since. */
bool passes_due(const Book *book, int pass, int32_t period, int64_t *pence)
{
	int32_t closes = passes_first(period + 1) - 1;
	int64_t now = 0, before = 0, sevenths;
	bool known = true;
	if (pass == PASS_CORE) {
		sevenths = commissioned(book->package, period);
	} else if (pass == PASS_SETTLEMENT) {
		known = submitted(book, period - 1, closes, &now);
		sevenths = 7 * now - commissioned(book->package, period - 1);
	} else {
		known = submitted(book, period - 2, closes, &now) &&
			submitted(book, period - 2, closes - PERIOD_DAYS, &before);
		sevenths = 7 * (now - before);
	}
	*pence = grow_nearest(book->package->rate * sevenths, 7 * 60);
	return known;
}

/* ---- rules --------------------------------------------------------------------------------- */

/* Weeks of the period before of which something was submitted when the period closes. */
static void judge_weeks(const Book *book, int32_t period, Found *found)
{
	int32_t closes = passes_first(period + 1) - 1, weeks = 0;
	bool unknown = false;
	if (book->package->service == TAKE_A_BREAK || !passes_days(book->package, period - 1))
		return;
	int32_t last = cal_monday(life_to(book->package, period - 1));
	for (int32_t week = cal_monday(life_from(book->package, period - 1)); week <= last;
		week += 7) {
		bool in = false;
		for (int i = 0; i < book->entries; i++) {
			const Entry *entry = &book->entry[i];
			in |= entry->week == week && is_in(entry, closes);
			unknown |= entry->week == week && entry->entered == CAL_NO_MOMENT;
		}
		weeks += !in;
	}
	if (unknown)
		grow_unsure(found, RULE_S5);
	else if (weeks)
		grow_fails(found, RULE_S5, NO_STAKE);
}

/* S1 to S3, one for each pass, in their order; then S5. */
static void judge_statement(const Book *book, const Statement *statement, Found *found)
{
	int32_t period = passes_period(statement->period);
	for (int pass = 0; pass < PASSES; pass++) {
		int64_t due;
		if (!passes_due(book, pass, period, &due) || statement->paid[pass] == NO_STAKE)
			grow_unsure(found, RULE_S1 + pass);
		else if (statement->paid[pass] != due)
			grow_fails(found, RULE_S1 + pass, statement->paid[pass] - due);
	}
	judge_weeks(book, period, found);
}

/* Of the same week and moment, or perhaps so. */
static void judge_entry(const Book *book, const Entry *entry, Found *found)
{
	bool same = false, perhaps = false;
	for (int i = 0; i < book->entries; i++) {
		const Entry *other = &book->entry[i];
		if (other->no == entry->no || other->week != entry->week)
			continue;
		bool unknown = other->entered == CAL_NO_MOMENT || entry->entered == CAL_NO_MOMENT;
		perhaps |= unknown;
		same |= !unknown && other->entered == entry->entered;
	}
	if (same)
		grow_fails(found, RULE_S4, NO_STAKE);
	else if (perhaps)
		grow_unsure(found, RULE_S4);
}

/* ---- telling ------------------------------------------------------------------------------- */

/* A verdict on one rule. NULL: the row was not known, so that there is none. */
static void tell_rule(const Passes *passes, Rule rule, const char *subject, const Found *found,
	Plant plant, GrowRun run)
{
	Grow *grow = passes->writer->grow;
	int contract = passes->book.package->contract;
	grow->run = run;
	if (found && found->fails & GROW_BIT(rule))
		grow_tell(grow, contract, (int)rule, subject, VERDICT_FAIL, found->stake[rule],
			plant_notes[plant]);
	else if (found && found->unsure & GROW_BIT(rule))
		grow_tell(grow, contract, (int)rule, subject, VERDICT_UNSURE, NO_STAKE,
			plant_notes[plant]);
	else if (found && plant_near[plant] == rule)
		grow_tell(grow, contract, (int)rule, subject, VERDICT_PASS, NO_STAKE,
			plant_notes[plant]);
	grow->run = RUN_ANY;
}

/* Whether both books give the rule one verdict. */
static bool is_same(Rule rule, const Found *all, const Found *known)
{
	uint64_t bit = GROW_BIT(rule);
	return known && !((all->fails ^ known->fails) & bit) &&
		!((all->unsure ^ known->unsure) & bit) && all->stake[rule] == known->stake[rule];
}

/* One line of the truth for both audits, or one for each. */
static void tell_both(const Passes *passes, Rule rule, const char *subject, const Found *all,
	const Found *known, Plant plant)
{
	if (is_same(rule, all, known)) {
		tell_rule(passes, rule, subject, all, plant, RUN_ANY);
		return;
	}
	tell_rule(passes, rule, subject, all, plant, RUN_ALL);
	tell_rule(passes, rule, subject, known, plant, RUN_KNOWN);
}

/* Where the books differ that must have been planted, and the other way round. */
static void tell_statement(const Passes *passes, const Book *known, const Statement *statement)
{
	Found all = {0}, then = {0};
	char subject[SUBJECT_TEXT];
	grow_subject(passes->writer->grow, subject, "statement", KEY_STATEMENT, statement->no);
	judge_statement(&passes->book, statement, &all);
	judge_statement(known, statement, &then);
	if (all.fails != statement->fails || all.unsure != statement->unsure)
		grow_disagree(subject, "breaks other rules than were planted");
	for (int rule = RULE_S1; rule <= RULE_S5; rule++) {
		Plant plant = (Plant)statement->plant[rule];
		bool late = plant == PLANT_S_WEEK_UNKNOWN || plant == PLANT_S_CHANGE_UNKNOWN;
		if (is_same((Rule)rule, &all, &then) == late)
			grow_disagree(subject, "was known otherwise than planted");
		tell_both(passes, (Rule)rule, subject, &all, &then, plant);
	}
}

/* Only of weeks within the run, and in the contract's time; a near miss may be both of two. */
static void tell_entry(const Passes *passes, const Book *known, const Entry *entry)
{
	Found all = {0}, then = {0};
	char subject[SUBJECT_TEXT];
	bool is_known = false;
	if (entry->week < passes->plan->from || entry->week > plan_last_day(passes->plan) ||
		(passes->book.package->contract == CCSH && entry->week < CCSH_FROM))
		return;
	for (int i = 0; i < known->entries; i++)
		is_known |= known->entry[i].no == entry->no;
	grow_subject(passes->writer->grow, subject, "variation", KEY_VARIATION, entry->no);
	judge_entry(&passes->book, entry, &all);
	judge_entry(known, entry, &then);
	bool tie = entry->plant == PLANT_S4_TIE || entry->plant == PLANT_S4_AFTER_BOOKS;
	if ((all.fails != 0) != tie || (all.unsure != 0) != (entry->plant == PLANT_S4_UNDATED))
		grow_disagree(subject, "was not entered as planted");
	tell_both(passes, RULE_S4, subject, &all, is_known ? &then : NULL, (Plant)entry->plant);
}

/* ---- figures ------------------------------------------------------------------------------- */

/* The period is one of the run. */
static Sums *sums_of(const Passes *passes, int contract, uint32_t provider, int32_t period)
{
	size_t row = (size_t)contract * passes->plan->providers + provider;
	return &passes->sums[row * (size_t)passes->periods + (size_t)(period - passes->first)];
}

/* A pass that is not known leaves the provider's whole sum of that period unknown. */
static void add(const Passes *passes, const Book *known, const Statement *statement)
{
	int32_t period = passes_period(statement->period);
	Sums *sums = sums_of(passes, passes->book.package->contract, passes->book.package->provider,
		period);
	sums->some = true;
	for (int pass = 0; pass < PASSES; pass++) {
		int64_t due, then;
		sums->due_unknown |= !passes_due(&passes->book, pass, period, &due);
		sums->due_known_unknown |= !passes_due(known, pass, period, &then);
		sums->due += due;
		sums->due_known += then;
		sums->paid_unknown |= statement->paid[pass] == NO_STAKE;
		sums->paid += statement->paid[pass] == NO_STAKE ? 0 : statement->paid[pass];
	}
}

/* What was entered by the end of the day on which the books were closed; what does not say when was
 * always known. */
static void close_books(const Passes *passes, Book *known)
{
	known->package = passes->book.package;
	known->entries = 0;
	for (int i = 0; i < passes->book.entries; i++) {
		const Entry *entry = &passes->book.entry[i];
		if (entry->entered == CAL_NO_MOMENT ||
			cal_moment_day(entry->entered) <= passes->closing)
			known->entry[known->entries++] = *entry;
	}
}

/* By all that was entered, and by what was known. */
void passes_judge(Passes *passes)
{
	Book known;
	close_books(passes, &known);
	for (int i = 0; i < passes->statements; i++) {
		tell_statement(passes, &known, &passes->statement[i]);
		add(passes, &known, &passes->statement[i]);
	}
	for (int i = 0; i < passes->book.entries; i++)
		tell_entry(passes, &known, &passes->book.entry[i]);
}

/* Pounds from pence; a denominator of 0 is a figure that nobody knows. */
static void tell(const Passes *passes, int contract, const char *measure, const char *keys,
	int64_t pence, bool unknown)
{
	grow_figure(passes->writer->grow, contract, measure, keys, (uint64_t)pence,
		unknown ? 0 : 100, unknown ? "not assessed" : "", "");
}

/* What was paid stands in the statements; only what was due depends on the entries. */
static void tell_sums(const Passes *passes, int contract, uint32_t provider, int32_t period)
{
	const Sums *sums = sums_of(passes, contract, provider, period);
	Grow *grow = passes->writer->grow;
	char keys[2 * KEY_TEXT], key[KEY_TEXT], day[CAL_DAY_TEXT];
	if (!sums->some)
		return;
	writer_key(passes->writer, key, KEY_PROVIDER, provider + 1);
	cal_print_day(day, passes_first(period));
	snprintf(keys, sizeof keys, "%s\x1f%s", key, day);
	tell(passes, contract, "paid", keys, sums->paid, sums->paid_unknown);
	bool same = sums->due == sums->due_known && sums->due_unknown == sums->due_known_unknown;
	grow->run = same ? RUN_ANY : RUN_ALL;
	tell(passes, contract, "due", keys, sums->due, sums->due_unknown);
	grow->run = RUN_KNOWN;
	if (!same)
		tell(passes, contract, "due", keys, sums->due_known, sums->due_known_unknown);
	grow->run = RUN_ANY;
}

/* Of periods whose last day is in the run. */
void passes_figures(Passes *passes)
{
	for (int contract = 0; contract < CONTRACT_COUNT; contract++)
		for (uint32_t p = 0; p < passes->plan->providers; p++)
			for (int32_t i = 0; i < passes->periods; i++)
				if (passes_first(passes->first + i + 1) - 1 <=
					plan_last_day(passes->plan))
					tell_sums(passes, contract, p, passes->first + i);
}
