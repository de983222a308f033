/*
 * Laws that hold for every rule file and all data, tried on random ones: from the text of the rules
 * and the rows of a database to the findings, the whole way.
 *
 *   sample ─┬─ the scenario's store, explaining evaluator ─┐
 *           └─ an audit in small partitions, 1 to 3 threads ┴─ the same verdicts, figures, accounts
 *
 * A case that fails is made smaller for as long as it still fails, and printed as a rule file with
 * a scenario; VOUCH_RANDOM_SEED=n tries that case alone, VOUCH_RANDOM_CASES=n more of them.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interp/fast.h"
#include "tests/unit/sample_run.h"
#include "tests/unit/support.h"

Suite *random_suite(void);

/* REFUSED: the checker does not take the file. */
typedef enum Outcome { HOLDS, FAILS, REFUSED } Outcome;
typedef Outcome Property(const Sample *sample, Buf *why);

#define EVERYTHING (WHAT_VERDICTS | WHAT_COUNTS | WHAT_FIGURES | WHAT_BANKS)

/* ---- cases, and smaller ones ---- */

/* To be pasted: one file, and a second where there is an amendment. */
static void put_case(const Sample *sample, Buf *out)
{
	Buf second = {0};
	sample_text(sample, 0, LAST_DAY, out);
	sample_scenario(sample, LAST_DAY, out);
	sample_text(sample, 1, LAST_DAY, &second);
	if (second.n > 0)
		buf_printf(out, "\n# and in a file beside it:\n\n%s", second.at);
	buf_free(&second);
}

/* A file that the checker refuses, for want of what was dropped, does not count. */
static bool still_fails(const Sample *sample, Property *property, int *left)
{
	Buf why = {0};
	bool fails = (*left)-- > 0 && property(sample, &why) == FAILS;
	buf_free(&why);
	return fails;
}

/* Declarations from the last to the second (the first is the contract), then rows: what still fails
 * without one is left without it. */
static void shrink(Sample *sample, Property *property)
{
	int left = 400;
	for (size_t i = sample->piece.n; i-- > 1;) {
		SamplePiece *piece = &sample->piece.at[i];
		piece->dropped = true;
		piece->dropped = still_fails(sample, property, &left);
	}
	for (int32_t set = SAMPLE_SETS; set-- > 0;) {
		for (int32_t row = 0; row < sample->rows[set].n; row++) {
			bool *dropped = &sample->rows[set].at[row].dropped;
			*dropped = true;
			*dropped = still_fails(sample, property, &left);
		}
	}
}

/* From the environment. */
static long number_of(const char *name, long otherwise)
{
	const char *text = getenv(name);
	return text == NULL ? otherwise : strtol(text, NULL, 10);
}

/* A refused file is shown whole: something in it is the generator's fault. */
static void show_and_abort(Sample *sample, Property *property, Outcome outcome)
{
	Buf text = {0};
	if (outcome == FAILS)
		shrink(sample, property);
	buf_printf(&text, "seed %llu:\n", (unsigned long long)sample->seed);
	property(sample, &text);
	put_case(sample, &text);
	/* Longer than libcheck's messages may be. */
	fprintf(stderr, "%s\n", text.at);
	ck_abort_msg("seed %llu: see above", (unsigned long long)sample->seed);
}

/* Seeds count from 1, so more cases include the usual ones. */
static void hold(Property *property, SampleStyle style, long cases)
{
	long seed = number_of("VOUCH_RANDOM_SEED", 0), last = seed;
	if (seed == 0) {
		seed = 1;
		last = number_of("VOUCH_RANDOM_CASES", cases);
	}
	for (; seed <= last; seed++) {
		Sample sample;
		Buf why = {0};
		if (last > cases)
			fprintf(stderr, "# case %ld\n", seed);
		sample_make(&sample, (uint64_t)seed, style);
		Outcome outcome = property(&sample, &why);
		if (outcome != HOLDS)
			show_and_abort(&sample, property, outcome);
		buf_free(&why);
		sample_free(&sample);
	}
}

/* ---- the text ---- */

/* Warnings are no matter. */
static Outcome is_taken(const Sample *sample, Buf *why)
{
	SampleRun run;
	bool good = sample_open(&run, sample, LAST_DAY, why);
	sample_close(&run);
	return good ? HOLDS : REFUSED;
}

/* How many lines of all cases say this. */
static long count_lines(const Lines *lines, const char *text)
{
	long n = 0;
	for (size_t i = 0; i < lines->list.n; i++)
		n += strstr(lines->list.at[i], text) != NULL;
	return n;
}

/* Laws that hold because nothing happens are worth nothing. */
static void cases_reach_everything(long cases)
{
	static const char *const word[] = {" pass ", " fail ", " not_assessed ", " not_applicable ",
		" conflict ", " stake ", " debit ", " expired ", " lost ", " met ", " failed ",
		" insufficient evidence ", "R1 2 ", " ? "};
	Lines all = {0};
	for (long seed = 1; seed <= cases; seed++) {
		Sample sample;
		SampleRun run;
		Buf why = {0};
		sample_make(&sample, (uint64_t)seed, SAMPLE_ANY);
		ck_assert(sample_open(&run, &sample, LAST_DAY, &why));
		Law law = sample_law(&run);
		sample_explain(&run, &law, WHAT_VERDICTS | WHAT_FIGURES | WHAT_BANKS, true, &all);
		sample_close(&run);
		sample_free(&sample);
		buf_free(&why);
	}
	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		ck_assert_msg(count_lines(&all, word[i]) > 0, "%ld lines of%s", count_lines(&all, word[i]),
			word[i]);
	lines_free(&all);
}

/* ---- both evaluators ---- */

/* Verdicts with their sums, counts, figures and accounts, whatever the number of threads. */
static Outcome evaluators_agree(const Sample *sample, Buf *why)
{
	SampleRun run;
	Outcome outcome = REFUSED;
	if (sample_open(&run, sample, LAST_DAY, why)) {
		Law law = sample_law(&run);
		Lines one = {0};
		sample_explain(&run, &law, EVERYTHING, false, &one);
		outcome = HOLDS;
		for (int threads = 1; threads <= 3 && outcome == HOLDS; threads++) {
			Lines other = {0};
			bool same = sample_audit(&run, &law, EVERYTHING, threads, 0, &other, NULL, why) &&
				lines_same(&one, &other, "the explaining evaluator", "the audit", why);
			outcome = same ? HOLDS : FAILS;
			lines_free(&other);
		}
		lines_free(&one);
	}
	sample_close(&run);
	return outcome;
}

/* ---- order of rows ---- */

/* By the lines, and by the very bytes that people are given. */
static Outcome order_never_matters(const Sample *sample, Buf *why)
{
	SampleRun run;
	Outcome outcome = REFUSED;
	if (sample_open(&run, sample, LAST_DAY, why)) {
		Law law = sample_law(&run);
		Lines a = {0}, b = {0};
		Buf json = {0}, shuffled = {0};
		bool good = sample_audit(&run, &law, EVERYTHING, 1, 0, &a, &json, why) &&
			sample_audit(&run, &law, EVERYTHING, 2, sample->seed + 1, &b, &shuffled, why) &&
			lines_same(&a, &b, "rows as they were", "rows shuffled", why);
		if (good && !str_eq(buf_view(&json), buf_view(&shuffled))) {
			buf_printf(why, "%s\n--- shuffled:\n%s\n", json.at, shuffled.at);
			good = false;
		}
		outcome = good ? HOLDS : FAILS;
		lines_free(&a);
		lines_free(&b);
		buf_free(&json);
		buf_free(&shuffled);
	}
	sample_close(&run);
	return outcome;
}

/* ---- windows ---- */

/* Without lines that stand twice: what has no date is told in both halves. */
static void once(Lines *lines)
{
	size_t n = 0;
	lines_sort(lines);
	for (size_t i = 0; i < lines->list.n; i++)
		if (n == 0 || strcmp(lines->list.at[n - 1], lines->list.at[i]) != 0)
			lines->list.at[n++] = lines->list.at[i];
	lines->list.n = n;
}

/* verdicts of all subjects by the explaining evaluator, findings by the audit. */
static bool tell(SampleRun *run, const Law *law, bool audit, Lines *out, Buf *why)
{
	if (audit)
		return sample_audit(run, law, WHAT_VERDICTS, 2, 0, out, NULL, why);
	sample_explain(run, law, WHAT_VERDICTS, true, out);
	return true;
}

/* Every subject falls into one of them by its date, so together they say what the whole says. */
static bool halves_make_whole(SampleRun *run, int32_t day, bool audit, Buf *why)
{
	Law law = sample_law(run), before = law, after = law;
	Lines whole = {0}, halves = {0};
	before.to = day - 1;
	after.from = day;
	bool good = tell(run, &law, audit, &whole, why) && tell(run, &before, audit, &halves, why) &&
		tell(run, &after, audit, &halves, why);
	once(&whole);
	once(&halves);
	good = good && lines_same(&whole, &halves, "the whole window", "the two halves", why);
	lines_free(&whole);
	lines_free(&halves);
	return good;
}

/* One day for each case. */
static Outcome windows_split(const Sample *sample, Buf *why)
{
	SampleRun run;
	Outcome outcome = REFUSED;
	if (sample_open(&run, sample, LAST_DAY, why)) {
		Random random = {sample->seed};
		int32_t day = sample->from + 1 +
			(int32_t)random_below(&random, (uint64_t)(sample->to - sample->from));
		buf_printf(why, "split before day %d of the window\n", (int)(day - sample->from));
		bool good = halves_make_whole(&run, day, false, why) &&
			halves_make_whole(&run, day, true, why);
		outcome = good ? HOLDS : FAILS;
	}
	sample_close(&run);
	return outcome;
}

/* ---- missing facts ---- */

/* Whether the rules have this anywhere. */
static bool says(const Sample *sample, const char *text)
{
	Buf buf = {0};
	sample_text(sample, 0, LAST_DAY, &buf);
	bool found = strstr(buf.at, text) != NULL;
	buf_free(&buf);
	return found;
}

/*
 * What may change a verdict when it is filled in, as the language reference says:
 * - a link, or part of a key: without it the row stands in no list, group, account or line, and the
 *   others close up;
 * - the end of a span (`lasts a to b`): missing, it says that the span still runs;
 * - the moment that a line of a sequence, or a group, is made by.
 */
static bool may_be_filled(const Sample *sample, const SampleField *field)
{
	if (field->role != ROLE_FACT || field->kind == CELL_KEY)
		return false;
	return strcmp(field->name, "check_in") != 0 || (!says(sample, "date of log.check_in") &&
		!says(sample, " of log.check_in\n"));
}

/* One of the cells that are missing; NULL when there is none. */
static SampleCell *missing_cell(const Sample *sample, Random *random, const SampleField **field)
{
	SampleCell *found = NULL;
	uint64_t seen = 0;
	for (int32_t set = 0; set < SAMPLE_SETS; set++) {
		for (int32_t row = 0; row < sample->rows[set].n; row++) {
			for (int32_t f = 0; f < sample_shape[set].nfields; f++) {
				SampleCell *cell = &sample->rows[set].at[row].cell[f];
				const SampleField *at = &sample_shape[set].field[f];
				if (cell->known || sample->rows[set].at[row].dropped ||
				    !may_be_filled(sample, at) || random_below(random, ++seen) != 0)
					continue;
				found = cell;
				*field = at;
			}
		}
	}
	return found;
}

/* How long the part of a line is that says whom it is about. */
static size_t subject_length(const char *text)
{
	static const char *const word[] = {" pass ", " fail ", " not_assessed ", " not_applicable ",
		" conflict "};
	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (strstr(text, word[i]) != NULL)
			return (size_t)(strstr(text, word[i]) - text);
	return strlen(text);
}

/* Subjects that were settled are still there, and as they were; sums at stake may have become
 * known. A conflict outranks what is not known beside it, and so is no more settled than that:
 * `unknown and conflict` may come to no. */
static bool settled_stay(const Lines *before, const Lines *after, Buf *why)
{
	for (size_t i = 0; i < before->list.n; i++) {
		const char *was = before->list.at[i];
		size_t n = subject_length(was);
		size_t verdict = n + 1 + strcspn(was + n + 1, " ");
		if (strncmp(was + n, " not_assessed", 13) == 0 || strncmp(was + n, " conflict", 9) == 0)
			continue;
		for (size_t k = 0; k < after->list.n; k++) {
			const char *is = after->list.at[k];
			if (strncmp(was, is, n) != 0 || subject_length(is) != n ||
			    strncmp(was, is, verdict) == 0)
				continue;
			buf_printf(why, "was: %s\nis:  %s\n", was, is);
			return false;
		}
	}
	return true;
}

/* Passes and what does not apply as well. */
static bool explain_all(const Sample *sample, Lines *out, Buf *why)
{
	SampleRun run;
	bool good = sample_open(&run, sample, LAST_DAY, why);
	Law law = sample_law(&run);
	if (good)
		sample_explain(&run, &law, WHAT_VERDICTS, true, out);
	sample_close(&run);
	return good;
}

/* Three facts one after the other, each put back before the next. */
static Outcome filling_in_settles(const Sample *sample, Buf *why)
{
	Random random = {sample->seed};
	Outcome outcome = HOLDS;
	for (int i = 0; i < 3 && outcome == HOLDS; i++) {
		const SampleField *field = NULL;
		SampleCell *cell = missing_cell(sample, &random, &field);
		Lines before = {0}, after = {0};
		if (cell == NULL)
			return HOLDS;
		SampleCell was = *cell;
		bool good = explain_all(sample, &before, why);
		*cell = sample_cell(sample, field, &random);
		buf_printf(why, "filled in a missing %s\n", field->name);
		good = good && explain_all(sample, &after, why);
		outcome = !good ? REFUSED : settled_stay(&before, &after, why) ? HOLDS : FAILS;
		*cell = was;
		lines_free(&before);
		lines_free(&after);
	}
	return outcome;
}

/* ---- what was known ---- */

/* Texts that lose their last value are none: nothing to compare. */
static Outcome known_on_is_as_deleted(const Sample *sample, Buf *why)
{
	SampleRun full, cut;
	Random random = {sample->seed};
	Outcome outcome = HOLDS;
	int32_t day = sample_day(sample, &random);
	Buf unused = {0};
	if (!sample_open(&full, sample, LAST_DAY, why))
		outcome = REFUSED;
	bool some = sample_open(&cut, sample, day, &unused);
	if (outcome == HOLDS && some) {
		Law law = sample_law(&full), all = law;
		Lines a = {0}, b = {0}, c = {0};
		law.known_on = day;
		all.known_on = LAST_DAY;
		sample_explain(&full, &law, WHAT_VERDICTS, true, &a);
		sample_explain(&cut, &all, WHAT_VERDICTS, true, &b);
		if (!lines_same(&a, &b, "known on the day", "later things deleted", why))
			outcome = FAILS;
		lines_free(&b);
		b = (Lines){0};
		if (!sample_audit(&full, &law, WHAT_VERDICTS, 2, 0, &b, NULL, why) ||
		    !sample_audit(&cut, &all, WHAT_VERDICTS, 2, 0, &c, NULL, why) ||
		    !lines_same(&b, &c, "audit known on the day", "audit, later things deleted", why))
			outcome = FAILS;
		lines_free(&a);
		lines_free(&b);
		lines_free(&c);
	}
	buf_free(&unused);
	sample_close(&full);
	sample_close(&cut);
	return outcome;
}

/* ---- found this way ---- */

typedef struct Heard {
	const Rulebook *book;
	const Store *store;
	const Law *law;
	int hits;
} Heard;

/* The explaining evaluator is given what the fast one found it from. */
static int hear(void *user, const FastHit *hit)
{
	Heard *heard = user;
	Arena arena = {0};
	Walk walk = {.book = heard->book, .store = heard->store, .law = heard->law, .arena = &arena};
	Value *slots = ARENA_ARRAY(&arena, Value, 16);
	Judgement found;
	slots[0] = (Value){.n = hit->slot[0]};
	walk_judge(&walk, &heard->book->rule[hit->rule], slots, hit->whole, &found);
	ck_assert_int_eq(found.verdict, hit->verdict);
	ck_assert_int_eq(found.on, hit->on);
	ck_assert_int_eq(hit->whole.n, 2);
	ck_assert_int_eq(hit->group.n, 1);
	heard->hits++;
	arena_free(&arena);
	return 0;
}

/* The date comes out of all rows of the group, also of those that a condition under that date then
 * leaves out: here the first visit, whose rate the floor lets pass. */
START_TEST(a_date_that_comes_out_of_rows_left_out_under_it)
{
	Fixture fixture;
	Buf text = {0};
	Arena arena = {0};
	Differences problems = {.arena = &arena};
	Law law = {.known_on = LAST_DAY, .from = 19000, .to = 22000};
	FastCount count[1] = {{0}};
	int32_t rule = 0;
	buf_puts(&text, home_care);
	buf_puts(&text, "parameter floor : money per hour\n  from 1 April 2024  £20.00 per hour\n"
		"rule F \"Below the floor\"\n  for each visit.provision\n"
		"  among visit where visit.rate < floor\n  on least(visit.date)\n  require no\n"
		"scenario \"one above and one below\"\n"
		"  given provision\n    | provision_ref |\n    | P |\n"
		"  given visit\n    | visit_ref | provision | date | rate |\n"
		"    | V1 | P | 2025-10-26 | £24.00 per hour |\n"
		"    | V2 | P | 2025-10-27 | £19.00 per hour |\n"
		"  expect F fails for provision P on 26 October 2025\n");
	fixture_open(&fixture, text.at);
	const Store *store = scenario_store(fixture.book, &fixture.book->scenario[0], &law, &arena,
		&problems, NULL);
	Heard heard = {fixture.book, store, &law, 0};
	Fast *fast = fast_new(fixture.book, &law);
	fast_rules(fast, store, &rule, 1, count, hear, &heard);
	ck_assert_int_eq(heard.hits, 1);
	fast_free(fast);
	vec_free(&problems.list);
	buf_free(&text);
	arena_free(&arena);
	fixture_close(&fixture);
}
END_TEST

/* ---- tests ---- */

START_TEST(every_random_rule_file_is_taken_and_laid_out_once)
{
	hold(is_taken, SAMPLE_ANY, 120);
	hold(is_taken, SAMPLE_STEADY, 60);
}
END_TEST

START_TEST(random_cases_reach_every_verdict)
{
	cases_reach_everything(60);
}
END_TEST

START_TEST(law1_both_evaluators_come_to_the_same)
{
	hold(evaluators_agree, SAMPLE_ANY, 25);
}
END_TEST

START_TEST(law8_the_order_of_rows_changes_no_byte)
{
	hold(order_never_matters, SAMPLE_ANY, 20);
}
END_TEST

START_TEST(law6_a_window_split_at_any_day_gives_the_same_verdicts)
{
	hold(windows_split, SAMPLE_ANY, 20);
}
END_TEST

START_TEST(law4_law5_filling_in_a_fact_settles_only_what_was_open)
{
	hold(filling_in_settles, SAMPLE_STEADY, 60);
}
END_TEST

START_TEST(law6_known_on_is_as_if_later_things_were_deleted)
{
	hold(known_on_is_as_deleted, SAMPLE_ANY, 20);
}
END_TEST

Suite *random_suite(void)
{
	Suite *suite = suite_create("random");
	TCase *tests = tcase_create("rule files");
	tcase_add_test(tests, every_random_rule_file_is_taken_and_laid_out_once);
	tcase_add_test(tests, random_cases_reach_every_verdict);
	tcase_add_test(tests, law1_both_evaluators_come_to_the_same);
	tcase_add_test(tests, law8_the_order_of_rows_changes_no_byte);
	tcase_add_test(tests, law6_a_window_split_at_any_day_gives_the_same_verdicts);
	tcase_add_test(tests, law4_law5_filling_in_a_fact_settles_only_what_was_open);
	tcase_add_test(tests, a_date_that_comes_out_of_rows_left_out_under_it);
	tcase_add_test(tests, law6_known_on_is_as_if_later_things_were_deleted);
	suite_add_tcase(suite, tests);
	return suite;
}
