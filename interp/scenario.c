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

/* S93: a rule runs when all its datasets are given. The first of them in the order of
 * declaration, for the message. */
static int32_t lacking_dataset(const Run *run, const Rule *rule)
{
	int32_t lacking = -1;
	bool *needed = mem_alloc((size_t)run->book->ndatasets + 1);
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
		run->lacking[i] = lacking_dataset(run, &run->book->rule[i]);
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
static void put_line(Buf *buf, const TraceLine *line)
{
	buf_str(buf, line->name);
	if (line->key.len > 0) {
		buf_puts(buf, " of ");
		buf_str(buf, line->key);
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
		put_line(&buf, &trace.line.at[i]);
	vec_free(&trace.line);
	vec_free(&trace.assumed);
	vec_free(&trace.missing);
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

/* A period is named by any of its days. */
static bool names_slot(Run *run, const ExpectSubject *subject, Type type, Value value)
{
	if (value.state != STATE_KNOWN)
		return false;
	if (subject->is_period)
		return value.n == calendar_first(&run->book->calendar[type.ref], (int32_t)subject->key.n);
	if (type.kind == TYPE_ROW)
		return str_eq(store_key(run->store, type.ref, (int32_t)value.n, run->arena),
			subject->key.text);
	return names_value(run, subject, type, value);
}

/* The parts of an expectation's subject stand in the order of the slots. */
static bool speaks_of(Run *run, const Expect *expect, const Outcome *outcome)
{
	const Rule *rule = &run->book->rule[outcome->rule];
	if (outcome->rule != expect->rule)
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
		if (str_eq(store_key(run->store, subject->ref, row, run->arena), subject->key.text))
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
	run.walk = (Walk){book, run.store, &run.law, arena, NULL};
	run_rules(&run);
	check_all(&run);
	for (size_t i = 0; i < run.outcome.n && verdicts != NULL; i++)
		verdicts[run.outcome.at[i].rule][run.outcome.at[i].found.verdict]++;
	vec_free(&run.outcome);
}
