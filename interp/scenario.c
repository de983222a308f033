/*
 * Running a scenario and holding its expectations against what was found.
 *
 *   given rows ─> store ─> rules whose datasets are given ─> one outcome a subject
 *                                                               │
 *   expectations ── each finds its outcomes, and compares ──────┘─> differences
 *
 * A difference carries the evidence of what was found, so that whoever wrote the rule sees at once
 * which value went another way.
 */
#include "interp/scenario.h"

#include <stdlib.h>

#include "base/civil.h"
#include "interp/bounds.h"
#include "interp/measure.h"
#include "interp/walk_account.h"
#include "interp/needs.h"

/* One subject of a rule that was run, and what was found. */
typedef struct Outcome {
	int32_t rule;
	Value *slots;
	RowSpan group;
	Judgement found;
	bool expected;   /* an expectation spoke of it */
} Outcome;

/*
 * Everything lives in the caller's arena; only the list of outcomes grows and
 * is freed at the end.
 */
typedef struct Run {
	const Rulebook *book;
	const Scenario *scenario;
	Arena *arena;
	Differences *differences;
	const Store *store;
	Law law;
	Walk walk;
	bool *given;       /* by dataset */
	int32_t *lacking;  /* by rule: a dataset that is not given, or -1: the rule ran */
	VEC(Outcome) outcome;
	int32_t rule;      /* that runs now */
} Run;

/* ---- running the rules ---- */

/* Subjects that the contract does not cover, or that lie outside the window, are no outcomes. */
static void judge_subject(void *user, Value *slots, RowSpan group)
{
	Run *run = user;
	const Rule *rule = &run->book->rule[run->rule];
	int32_t n = rule->nslots > subject_nslots(rule) ? rule->nslots : subject_nslots(rule) + 1;
	Outcome outcome = {.rule = run->rule, .group = group};
	outcome.slots = ARENA_ARRAY(run->arena, Value, (size_t)n + 2);
	for (int32_t i = 0; i < subject_nslots(rule); i++)
		outcome.slots[i] = slots[i];
	walk_judge(&run->walk, rule, outcome.slots, group, &outcome.found);
	if (outcome.found.covered && outcome.found.inside)
		*vec_push(&run->outcome) = outcome;
}

/* S93: a rule, or a measure, runs when all its datasets are given. The first of them in the order
 * of declaration, for the message. */
static int32_t lacking_dataset(const Run *run, const Rule *rule, const Measure *measure)
{
	int32_t lacking = -1;
	bool *needed = mem_alloc((size_t)run->book->ndatasets + 1);
	if (measure != NULL)
		needs_of_measure(run->book, measure, needed);
	else
		needs_of_rule(run->book, rule, needed);
	for (int32_t d = run->book->ndatasets; d-- > 0;)
		if (needed[d] && !run->given[d])
			lacking = d;
	free(needed);
	return lacking;
}

/*
 * Every rule is tried, also those that no expectation names: `expect no other
 * failure` is about them.
 */
static void run_rules(Run *run)
{
	for (int32_t i = 0; i < run->book->nrules; i++) {
		run->rule = i;
		run->lacking[i] = lacking_dataset(run, &run->book->rule[i], NULL);
		if (run->lacking[i] < 0)
			subject_each(&run->walk, &run->book->rule[i], judge_subject, run);
	}
}

/* ---- saying what was found ---- */

/* The arena's copy outlives the buffer, which is the caller's to fill again. */
static Str take(Run *run, Buf *buf)
{
	Str text = str_copy(run->arena, buf_view(buf));
	buf_free(buf);
	return text;
}

/* As an expectation writes them, or nearly: "not" stands in front of two of them. */
static const char *verdict_word(Verdict verdict)
{
	static const char *const word[VERDICTS] = {
		[VERDICT_PASS] = "passes", [VERDICT_FAIL] = "fails",
		[VERDICT_NOT_ASSESSED] = "not assessed", [VERDICT_NOT_APPLICABLE] = "not applicable",
		[VERDICT_CONFLICT] = "conflict",
	};
	return word[verdict];
}

/* "V1 for visit VS1" */
static void put_outcome(Run *run, Buf *buf, const Outcome *outcome)
{
	const Rule *rule = &run->book->rule[outcome->rule];
	buf_str(buf, rule->decl.name);
	buf_puts(buf, " for ");
	subject_print(buf, &run->walk, rule, outcome->slots);
}

/* "visit.declared of VS1 = 30 minutes (note)" */
static void put_line(Buf *buf, const Trace *trace, const TraceLine *line)
{
	buf_str(buf, line->label->name);
	if (line->key != NO_KEY) {
		buf_puts(buf, " of ");
		buf_str(buf, trace_key(trace, line));
	}
	buf_puts(buf, " = ");
	buf_str(buf, line->value);
	if (line->note.len > 0) {
		buf_puts(buf, " (");
		buf_str(buf, line->note);
		buf_char(buf, ')');
	}
	buf_char(buf, '\n');
}

/* Judged once more, this time with its evidence. */
static Str evidence(Run *run, const Outcome *outcome)
{
	Trace trace = {0};
	Walk walk = run->walk;
	Judgement found;
	Buf buf = {0};
	walk.trace = &trace;
	walk_judge(&walk, &run->book->rule[outcome->rule], outcome->slots, outcome->group, &found);
	for (size_t i = 0; i < trace.line.n; i++)
		put_line(&buf, &trace, &trace.line.at[i]);
	trace_free(&trace);
	return take(run, &buf);
}

/* With the reason: a test that fails should say why. */
static Str actual_verdict(Run *run, const Judgement *found)
{
	Buf buf = {0};
	buf_puts(&buf, verdict_word(found->verdict));
	if (found->overflow)
		buf_puts(&buf, ", overflow");
	if (found->reason.len > 0) {
		buf_puts(&buf, ": ");
		buf_str(&buf, found->reason);
	}
	return take(run, &buf);
}

/* ---- finding the subject that an expectation speaks of ---- */

/* Keys of groups that are neither rows nor periods are named as they print. */
static bool names_value(Run *run, const ExpectSubject *subject, Type type, Value value)
{
	Buf buf = {0};
	value_print(&buf, run->store, run->book, type, value, run->arena);
	bool same = str_eq(buf_view(&buf), subject->key.text);
	buf_free(&buf);
	return same;
}

/* A key of several fields as it is shown. Entries of a bank go by their number in the account. */
static bool names_row(Run *run, const ExpectSubject *subject, int32_t dataset, int32_t row)
{
	Str key = store_key(run->store, dataset, row, run->arena);
	if (run->book->dataset[dataset].origin != ORIGIN_TABLE)
		return str_eq(derive_numbered_key(run->store->table[dataset], row, run->arena),
			subject->key.text);
	return str_eq(key_shown(run->arena, key), subject->key.text);
}

/* A period is named by any of its days, a day in any spelling of it. */
static bool names_slot(Run *run, const ExpectSubject *subject, Type type, Value value)
{
	if (value.state != STATE_KNOWN)
		return false;
	if (subject->is_period)
		return value.n == calendar_first(&run->book->calendar[type.ref], (int32_t)subject->key.n);
	if (type.kind == TYPE_DATE || type.kind == TYPE_CODE)
		return value.n == subject->key.n;
	if (type.kind == TYPE_ROW)
		return names_row(run, subject, type.ref, (int32_t)value.n);
	return names_value(run, subject, type, value);
}

/* The parts of an expectation's subject stand in the order of the slots. */
static bool speaks_of(Run *run, const Expect *expect, const Outcome *outcome)
{
	const Rule *rule = &run->book->rule[outcome->rule];
	if (!rule_same(run->book, outcome->rule, expect->rule))
		return false;
	if (expect->on != NO_DAY && expect->on != outcome->found.on)
		return false;
	for (int32_t k = 0; k < expect->nsubjects && k < subject_nslots(rule); k++)
		if (!names_slot(run, &expect->subject[k], subject_type(rule, k), outcome->slots[k]))
			return false;
	return true;
}

/* "V1 for visit VS1, week of 1 September 2025", as the expectation has it. */
static void put_expect(Buf *buf, const Expect *expect, Str name)
{
	buf_str(buf, name);
	for (int32_t i = 0; i < expect->nsubjects; i++) {
		const ExpectSubject *subject = &expect->subject[i];
		buf_puts(buf, i == 0 ? " for " : ", ");
		buf_str(buf, subject->kind);
		buf_puts(buf, subject->is_period ? " of " : " ");
		if (subject->is_period)
			day_print(buf, (int32_t)subject->key.n);
		else
			buf_str(buf, subject->key.text);
	}
	if (expect->on != NO_DAY) {
		buf_puts(buf, " on ");
		day_print(buf, expect->on);
	}
}

/* ---- holding verdicts against it ---- */

static Str wanted_verdict(Run *run, const Expect *expect)
{
	Buf buf = {0};
	buf_puts(&buf, expect->negated ? "not: " : "");
	buf_puts(&buf, verdict_word(expect->verdict));
	return take(run, &buf);
}

/* A difference in one field of an outcome. */
static void differ(Run *run, const Expect *expect, const Outcome *outcome, const char *field,
	Str expected, Str actual)
{
	Buf buf = {0};
	put_outcome(run, &buf, outcome);
	buf_puts(&buf, ": ");
	buf_puts(&buf, field);
	Difference difference = {.expected = expected, .actual = actual, .at = expect->at};
	difference.what = take(run, &buf);
	difference.detail = evidence(run, outcome);
	difference_add(run->differences, difference);
}

/*
 * With the type of the expectation: a stake may be a quotient whose decimals do
 * not end (S80).
 */
static Str print_pounds(Run *run, Type type, Ratio pounds)
{
	Buf buf = {0};
	quantity_print(&buf, type, pounds);
	return take(run, &buf);
}

/*
 * Whether a sum can be written in pounds and pence. S95: £5.65 is held against
 * the rounded figure, £5.6475 against the exact one.
 */
static bool whole_pence(Ratio pounds)
{
	return 100 % pounds.d == 0;
}

/* ---- what it could come to ---- */

/* "£0.00 to £11.30", "at least £3.00", or that there is no bound. */
static Str print_bounds(Run *run, Type type, const FigureBound *bound)
{
	Buf buf = {0};
	if (!bound->has_least && !bound->has_most)
		return STR("without a bound");
	if (!bound->has_most)
		buf_puts(&buf, "at least ");
	if (bound->has_least)
		quantity_print(&buf, type, bound->least);
	buf_puts(&buf, bound->has_least && bound->has_most ? " to "
		: bound->has_most ? "at most " : "");
	if (bound->has_most)
		quantity_print(&buf, type, bound->most);
	return take(run, &buf);
}

static bool wants_bounds(const Expect *expect)
{
	return expect->least != NULL || expect->most != NULL;
}

/* No bound is expected on a side that the expectation does not speak of. */
static FigureBound wanted_bounds(Run *run, const Expect *expect)
{
	FigureBound out = {expect->least != NULL, expect->most != NULL, {0, 1}, {0, 1}};
	if (out.has_least)
		out.least = walk_expr(&run->walk, expect->least, NULL, NO_DAY, (RowSpan){NULL, 0}).q;
	if (out.has_most)
		out.most = walk_expr(&run->walk, expect->most, NULL, NO_DAY, (RowSpan){NULL, 0}).q;
	return out;
}

/* S95 holds for each end of a sum. */
static bool same_end(bool wanted_has, Ratio wanted, bool has, Ratio end, bool money)
{
	if (!wanted_has || !has)
		return wanted_has == has;
	if (money && whole_pence(wanted))
		ratio_make(stake_pence(end), 100, &end);
	return ratio_cmp(wanted, end) == 0;
}

static bool same_bounds(const FigureBound *wanted, const FigureBound *found, bool money)
{
	return same_end(wanted->has_least, wanted->least, found->has_least, found->least, money) &&
		same_end(wanted->has_most, wanted->most, found->has_most, found->most, money);
}

/* Of a sum that is known there is nothing to bound. */
static void check_bounds(Run *run, const Expect *expect, const Outcome *outcome)
{
	const Expr *end = expect->least != NULL ? expect->least : expect->most;
	const Judgement *found = &outcome->found;
	FigureBound wanted = wanted_bounds(run, expect);
	Str expected = print_bounds(run, end->type, &wanted);
	Bounds bounds;
	if (found->has_stake && found->stake_known) {
		differ(run, expect, outcome, "at stake", expected,
			print_pounds(run, end->type, found->stake));
		return;
	}
	bounds_of(&run->walk, &run->book->rule[outcome->rule], outcome->slots, outcome->group,
		&bounds);
	FigureBound bound = {bounds.has_least, bounds.has_most, bounds.least, bounds.most};
	if (!same_bounds(&wanted, &bound, true))
		differ(run, expect, outcome, "at stake", expected, print_bounds(run, end->type, &bound));
}

/* S95: a sum in whole pence is held against the whole-pence figure, any other exactly. */
static void check_stake(Run *run, const Expect *expect, const Outcome *outcome)
{
	const Judgement *found = &outcome->found;
	Type type = expect->stake->type;
	Value wanted = walk_expr(&run->walk, expect->stake, outcome->slots, found->on,
		(RowSpan){NULL, 0});
	Str expected = print_pounds(run, type, wanted.q);
	if (!found->has_stake || !found->stake_known) {
		differ(run, expect, outcome, "at stake", expected,
			found->has_stake ? STR("unknown") : STR("nothing"));
		return;
	}
	Ratio pence = {0, 1};
	bool exact = !whole_pence(wanted.q);
	if (!exact)
		ratio_make(stake_pence(found->stake), 100, &pence);
	if (ratio_cmp(wanted.q, exact ? found->stake : pence) != 0)
		differ(run, expect, outcome, "at stake", expected,
			print_pounds(run, type, found->stake));
}

/* A sum is compared only when the verdict is as expected. */
static void check_outcome(Run *run, const Expect *expect, Outcome *outcome)
{
	bool is = outcome->found.verdict == expect->verdict;
	outcome->expected = true;
	if (is == expect->negated)
		differ(run, expect, outcome, "verdict", wanted_verdict(run, expect),
			actual_verdict(run, &outcome->found));
	else if (expect->stake != NULL)
		check_stake(run, expect, outcome);
	else if (wants_bounds(expect))
		check_bounds(run, expect, outcome);
}

/* No subject was looked at that the expectation speaks of: why not. */
static void check_nothing(Run *run, const Expect *expect)
{
	Buf what = {0}, actual = {0};
	int32_t lacking = run->lacking[expect->rule];
	put_expect(&what, expect, run->book->rule[expect->rule].decl.name);
	if (lacking >= 0) {
		buf_puts(&actual, "the rule did not run: dataset ");
		buf_str(&actual, run->book->dataset[lacking].decl.name);
		buf_puts(&actual, " is not given");
	} else {
		buf_puts(&actual, "the rule looked at no such subject");
	}
	difference_add(run->differences, (Difference){.what = take(run, &what),
		.expected = wanted_verdict(run, expect), .actual = take(run, &actual), .at = expect->at});
}

/*
 * One expectation may speak of several subjects (`fails for provision PR1` in
 * each week); each of them must be as it says.
 */
static void check_verdict(Run *run, const Expect *expect)
{
	bool found = false;
	for (size_t i = 0; i < run->outcome.n; i++) {
		Outcome *outcome = &run->outcome.at[i];
		if (!speaks_of(run, expect, outcome))
			continue;
		check_outcome(run, expect, outcome);
		found = true;
	}
	if (!found)
		check_nothing(run, expect);
}

/* Conflicts and rows that could not be assessed are no failures; an expectation can name them. */
static void check_no_other(Run *run, const Expect *expect)
{
	for (size_t i = 0; i < run->outcome.n; i++) {
		const Outcome *outcome = &run->outcome.at[i];
		if (outcome->expected || outcome->found.verdict != VERDICT_FAIL)
			continue;
		differ(run, expect, outcome, "verdict", STR("no other failure"),
			actual_verdict(run, &outcome->found));
	}
}

/* ---- values of defines ---- */

/* Scenarios have few rows. */
static int32_t find_row(Run *run, const ExpectSubject *subject)
{
	const StoreTable *table = run->store->table[subject->ref];
	for (int32_t row = 0; row < table->rows; row++)
		if (names_row(run, subject, subject->ref, row))
			return row;
	return -1;
}

/* Without `on` in the expectation: the last day that the scenario is about. */
static int32_t value_day(const Run *run, const Expect *expect)
{
	if (expect->on != NO_DAY)
		return expect->on;
	return run->law.to != LAST_DAY ? run->law.to : run->book->contract.from;
}

/*
 * With its reasons: "unknown: log.check_out of log L1 is missing" tells the
 * author what to give.
 */
static Str print_value(Run *run, Type type, Value value)
{
	Buf buf = {0};
	value_print(&buf, run->store, run->book, type, value, run->arena);
	for (const Why *why = value.why; why != NULL; why = why->next) {
		buf_puts(&buf, why == value.why ? ": " : "; ");
		buf_str(&buf, why->text);
	}
	return take(run, &buf);
}

/* What the test asks for: its right side where it is an equality, else as it was written. */
static Str wanted_value(Run *run, const Expect *expect, Value *slots, int32_t day)
{
	const Expr *test = expect->test;
	if (test->op == EXPR_COMPARE && test->nargs == 2) {
		Value right = walk_expr(&run->walk, test->arg[1], slots, day, (RowSpan){NULL, 0});
		if (right.state == STATE_KNOWN)
			return print_value(run, test->arg[1]->type, right);
	}
	return source_text(run->book->sources, test->at);
}

/*
 * Slot 0 is the row; the test may name further slots of its own, hence the
 * room.
 */
static void check_value(Run *run, const Expect *expect)
{
	Buf buf = {0};
	int32_t row = find_row(run, &expect->subject[0]), day = value_day(run, expect);
	Value *slots = ARENA_ARRAY(run->arena, Value, (size_t)run->scenario->nslots + 2);
	Difference difference = {.at = expect->at};
	put_expect(&buf, expect, source_text(run->book->sources, expect->value->at));
	difference.what = take(run, &buf);
	slots[0] = (Value){.state = STATE_KNOWN, .n = row};
	if (row < 0) {
		difference.expected = source_text(run->book->sources, expect->test->at);
		difference.actual = STR("there is no such row");
		difference_add(run->differences, difference);
		return;
	}
	Value value = walk_expr(&run->walk, expect->value, slots, day, (RowSpan){NULL, 0});
	Value holds = walk_expr(&run->walk, expect->test, slots, day, (RowSpan){NULL, 0});
	if (holds.state == STATE_KNOWN && holds.n != 0)
		return;
	difference.expected = wanted_value(run, expect, slots, day);
	difference.actual = print_value(run, expect->value->type, value);
	difference_add(run->differences, difference);
}

/* ---- figures ---- */

/* Worked out once more, this time with its evidence. */
static Str figure_evidence(Run *run, const Measure *measure, const MeasureResult *result)
{
	Trace trace = {0};
	Walk walk = run->walk;
	MeasureResult again;
	Buf buf = {0};
	walk.trace = &trace;
	measure_one(&walk, measure, result->slot, result->group, &again);
	for (size_t i = 0; i < trace.line.n; i++)
		put_line(&buf, &trace, &trace.line.at[i]);
	trace_free(&trace);
	return take(run, &buf);
}

/* "failed: 12%", "insufficient evidence: 4 rows, fewer than …": the figure when there is one. */
static Str actual_status(Run *run, const Measure *measure, const MeasureResult *result)
{
	Buf buf = {0};
	buf_puts(&buf, measure_status_word(result->status));
	buf_puts(&buf, result->overflow ? ", overflow" : "");
	if (result->reason.len > 0 || result->figure.state == STATE_KNOWN)
		buf_puts(&buf, buf.n > 0 ? ": " : "");
	if (result->reason.len > 0)
		buf_str(&buf, result->reason);
	else if (result->figure.state == STATE_KNOWN)
		quantity_print(&buf, measure->figure->type, result->figure.q);
	return take(run, &buf);
}

/* With a test the figure is held against it, and else the status. */
static void check_result(Run *run, const Expect *expect, const Measure *measure,
	const MeasureResult *result)
{
	Difference difference = {.at = expect->at};
	Value *slots = ARENA_ARRAY(run->arena, Value, (size_t)run->scenario->nslots + 2);
	bool good;
	slots[0] = result->figure;
	if (expect->test != NULL) {
		Value holds = walk_expr(&run->walk, expect->test, slots, result->on, (RowSpan){NULL, 0});
		good = holds.state == STATE_KNOWN && holds.n != 0;
		difference.expected = wanted_value(run, expect, slots, result->on);
		difference.actual = result->figure.state == STATE_KNOWN
			? print_value(run, measure->figure->type, result->figure)
			: actual_status(run, measure, result);
	} else {
		good = (result->status == expect->status) != expect->negated;
		difference.expected = str_format(run->arena, "%s%s", expect->negated ? "not: " : "",
			measure_status_word(expect->status));
		difference.actual = actual_status(run, measure, result);
	}
	if (good && wants_bounds(expect)) {
		FigureBound wanted = wanted_bounds(run, expect);
		good = same_bounds(&wanted, &result->bound, false);
		difference.expected = print_bounds(run, measure->figure->type, &wanted);
		difference.actual = print_bounds(run, measure->figure->type, &result->bound);
	}
	if (good)
		return;
	Buf buf = {0};
	put_expect(&buf, expect, measure->rule.decl.name);
	difference.what = take(run, &buf);
	difference.detail = figure_evidence(run, measure, result);
	difference_add(run->differences, difference);
}

static bool names_result(Run *run, const Expect *expect, const Measure *measure,
	const MeasureResult *result)
{
	bool named = expect->on == NO_DAY || expect->on == result->on;
	for (int32_t k = 0; named && k < expect->nsubjects; k++)
		named = names_slot(run, &expect->subject[k], subject_type(&measure->rule, k),
			result->slot[k]);
	return named;
}

/* No such subject; or the measure did not run; or, with a day, the subject lies outside. */
static void check_no_figure(Run *run, const Expect *expect, const Measure *measure, int32_t outside)
{
	Buf what = {0}, actual = {0};
	const char *kind = measure->kpi ? "kpi" : "measure";
	int32_t lacking = lacking_dataset(run, NULL, measure);
	put_expect(&what, expect, measure->rule.decl.name);
	if (lacking >= 0)
		buf_printf(&actual, "the %s did not run: dataset %.*s is not given", kind,
			STR_ARG(run->book->dataset[lacking].decl.name));
	else
		buf_printf(&actual, "the %s has no such subject", kind);
	if (lacking < 0 && outside != NO_DAY) {
		buf_puts(&actual, " in the window: it stands on ");
		day_print(&actual, outside);
	}
	difference_add(run->differences, (Difference){.what = take(run, &what),
		.expected = expect->test == NULL ? str_of(measure_status_word(expect->status))
			: source_text(run->book->sources, expect->test->at),
		.actual = take(run, &actual), .at = expect->at});
}

/* A measure that an amendment replaced stands twice; each has the subjects of its own days. */
static void check_figure(Run *run, const Expect *expect)
{
	const Measure *first = &run->book->measure[expect->measure];
	int32_t outside = NO_DAY;
	bool found = false;
	for (int32_t m = expect->measure; m < run->book->nmeasures; m++) {
		const Measure *measure = &run->book->measure[m];
		MeasureResults results;
		if (!str_eq(measure->rule.decl.name, first->rule.decl.name) ||
				lacking_dataset(run, NULL, measure) >= 0)
			continue;
		measure_all(&run->walk, measure, &results);
		for (size_t i = 0; i < results.list.n; i++) {
			if (!names_result(run, expect, measure, &results.list.at[i]))
				continue;
			if (!results.list.at[i].inside) {
				outside = results.list.at[i].on;
				continue;
			}
			check_result(run, expect, measure, &results.list.at[i]);
			found = true;
		}
		vec_free(&results.list);
	}
	if (!found)
		check_no_figure(run, expect, first, outside);
}

/* ---- balances ---- */

static int32_t find_account(Run *run, const Expect *expect, const StoreBank *from)
{
	const Bank *bank = &run->book->bank[expect->bank];
	for (int32_t a = 0; a < from->accounts; a++) {
		bool named = !from->keyless[a];
		for (int32_t k = 0; named && k < expect->nsubjects; k++) {
			Type type = bank->key[k].expr->type;
			named = names_slot(run, &expect->subject[k], type,
				value_of_column(type, from->key[k][a]));
		}
		if (named)
			return a;
	}
	return -1;
}

/* The entries up to the day, a line each. */
static Str account_detail(Run *run, const Expect *expect, const BankAccount *account,
	const DerivedEntry *of)
{
	const Bank *bank = &run->book->bank[expect->bank];
	Buf buf = {0};
	for (int32_t i = 0; i < account->n; i++) {
		if (account->entry[i].day > expect->on)
			continue;
		Value amount = {.state = STATE_UNKNOWN};
		if (of[i].amount_known)
			amount = value_of_column(bank->type, account->entry[i].amount);
		value_print(&buf, run->store, run->book, bank->type, amount, run->arena);
		buf_puts(&buf, " ");
		account_put_entry(&buf, run->store, bank, &account->entry[i], &of[i], run->arena);
		buf_char(&buf, '\n');
	}
	return take(run, &buf);
}

static void balance_differs(Run *run, const Expect *expect, Str expected, Str actual, Str detail)
{
	Buf buf = {0};
	put_expect(&buf, expect, run->book->bank[expect->bank].decl.name);
	difference_add(run->differences, (Difference){.what = take(run, &buf), .expected = expected,
		.actual = actual, .detail = detail, .at = expect->at});
}

static void check_account(Run *run, const Expect *expect, const StoreBank *from, int32_t number)
{
	BankAccount account = derive_account(run->book, expect->bank, from, number, expect->on,
		run->arena);
	Value *slots = ARENA_ARRAY(run->arena, Value, (size_t)run->scenario->nslots + 2);
	Type type = run->book->bank[expect->bank].type;
	derive_run(&account, from->of + from->start[number], run->arena);
	if (account.balance_known)
		slots[0] = value_of_column(type, account.balance);
	else
		slots[0].state = STATE_UNKNOWN;
	Value holds = walk_expr(&run->walk, expect->test, slots, expect->on, (RowSpan){NULL, 0});
	if (holds.state == STATE_KNOWN && holds.n != 0)
		return;
	balance_differs(run, expect, wanted_value(run, expect, slots, expect->on),
		print_value(run, type, slots[0]),
		account_detail(run, expect, &account, from->of + from->start[number]));
}

static void check_balance(Run *run, const Expect *expect)
{
	const StoreBank *from = &run->store->bank[expect->bank];
	Str expected = source_text(run->book->sources, expect->test->at);
	bool *needed = mem_alloc((size_t)run->book->ndatasets + 1);
	int32_t lacking = -1;
	needs_of_bank(run->book, expect->bank, needed);
	for (int32_t d = run->book->ndatasets; d-- > 0;)
		if (needed[d] && !run->given[d])
			lacking = d;
	free(needed);
	int32_t account = find_account(run, expect, from);
	if (lacking >= 0)
		balance_differs(run, expect, expected, str_format(run->arena,
			"nothing: dataset %.*s is not given",
			STR_ARG(run->book->dataset[lacking].decl.name)), (Str){0});
	else if (account < 0)
		balance_differs(run, expect, expected, STR("there is no such account"), (Str){0});
	else
		check_account(run, expect, from, account);
}

/* ---- the whole ---- */

/* "No other" counts what every verdict named, wherever it stands. */
static void check_all(Run *run)
{
	const Scenario *scenario = run->scenario;
	for (int32_t i = 0; i < scenario->nexpects; i++) {
		if (scenario->expect[i].kind == EXPECT_VERDICT)
			check_verdict(run, &scenario->expect[i]);
		else if (scenario->expect[i].kind == EXPECT_VALUE)
			check_value(run, &scenario->expect[i]);
		else if (scenario->expect[i].kind == EXPECT_FIGURE)
			check_figure(run, &scenario->expect[i]);
		else if (scenario->expect[i].kind == EXPECT_BALANCE)
			check_balance(run, &scenario->expect[i]);
	}
	for (int32_t i = 0; i < scenario->nexpects; i++)
		if (scenario->expect[i].kind == EXPECT_NO_OTHER)
			check_no_other(run, &scenario->expect[i]);
}

/*
 * Counts of verdicts go to `verdicts` even for scenarios that differ, for the
 * list of rules that no test makes fail.
 */
void scenario_run(const Rulebook *book, const Scenario *scenario, Arena *arena,
	Differences *differences, int64_t (*verdicts)[VERDICTS])
{
	Run run = {
		.book = book, .scenario = scenario, .arena = arena, .differences = differences,
		.law = scenario_law(scenario),
		.given = ARENA_ARRAY(arena, bool, (size_t)book->ndatasets + 1),
		.lacking = ARENA_ARRAY(arena, int32_t, (size_t)book->nrules + 1),
	};
	run.store = scenario_store(book, scenario, &run.law, arena, differences, run.given);
	run.walk = (Walk){book, run.store, &run.law, arena, NULL, NULL, NULL, NULL};
	run_rules(&run);
	check_all(&run);
	for (size_t i = 0; i < run.outcome.n && verdicts != NULL; i++)
		verdicts[run.outcome.at[i].rule][run.outcome.at[i].found.verdict]++;
	vec_free(&run.outcome);
}
