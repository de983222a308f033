/*
 * Answers to market tests: fifteen that give the published overview, then the same with one thing
 * changed in each further test.
 */
#include <stdio.h>
#include <string.h>

#include "corpus/peterborough_firm.h"

#define ANSWERS 15
#define MARKET_TEST 1 /* the second contract */

/* One letter for each answer, in the order of the lists below; rates in pence, 0: none. */
typedef struct Answer {
	char now, support, place, skills, attractive, cheaper;
	bool children, registered, would_block, need, age, holiday, night;
	int32_t rate[3]; /* single, generic, complex */
} Answer;

/* Fifteen answers that fit the published overview: its counts, its ranges and its averages. Who
 * said what is not known, so any set that adds up to it will do. */
static const Answer published[ANSWERS] = {
	{'c', 'b', 'c', 's', 'f', 'f', true, true, false, true, false, true, false, {0, 1871, 2517}},
	{'c', 'b', 'c', 's', 'f', 'f', true, true, false, true, false, true, false, {0, 2054, 2533}},
	{'c', 'b', 'c', 's', 'f', 'f', true, true, false, true, false, true, false, {0, 2216, 2600}},
	{'c', 'b', 'c', 's', 'f', 'n', true, true, true, true, false, true, false, {0}},
	{'a', 'b', 'c', 's', 'f', 'n', true, true, true, true, false, false, false, {0}},
	{'a', 'b', 'b', 's', 'n', 'n', true, true, true, true, false, false, true, {0}},
	{'a', 'b', 'b', 'd', 'n', 'n', true, true, true, true, false, false, true, {0}},
	{'a', 'b', 'b', 'd', 'n', 'n', true, true, true, true, false, false, true, {0}},
	{'a', 'b', 'b', 'e', 'n', 'n', true, true, true, true, false, false, true, {0}},
	{'o', 'c', 'b', 'e', 'n', 'n', true, false, true, false, true, false, true, {1795}},
	{'i', 'h', 'b', 0, 'n', 'b', true, true, true, false, true, false, true, {2106}},
	{'i', 'h', 'p', 0, 'n', 'b', true, true, true, false, true, true, true, {2244}},
	{'i', 'b', 'p', 0, 'b', 'b', false, true, true, false, true, true, true, {2288}},
	{'0', 'c', 'n', 0, 'b', 'b', false, true, true, false, true, true, false, {2702}},
	{'0', 'n', 'n', 0, 'b', 'b', false, true, true, false, true, true, false, {0}}};

typedef struct Word {
	char letter;
	const char *word;
} Word;

/* The published list of what somebody may have said, by letter. */
static const Word now_words[] = {{'c', "dps_children"}, {'a', "dps_adults"},
	{'o', "other_contract"}, {'i', "dps_idle"}, {'0', "none"}, {0, NULL}};
static const Word support_words[] = {{'b', "both"}, {'h', "home_care"}, {'c', "community_support"},
	{'n', "neither"}, {0, NULL}};
static const Word place_words[] = {{'c', "cambridgeshire"}, {'p', "peterborough"}, {'b', "both"},
	{'n', "neither"}, {0, NULL}};
static const Word skill_words[] = {{'d', "differ"}, {'e', "differ_and_cost"}, {'s', "same"},
	{0, NULL}};
static const Word way_words[] = {{'b', "block"}, {'f', "framework"}, {'n', "no_preference"},
	{0, NULL}};
static const Word price_words[] = {{'b', "block"}, {'f', "framework"}, {'n', "no_difference"},
	{0, NULL}};

/* No letter, no answer: the question was left out. */
static Cell word(const Word *words, char letter)
{
	while (words->word && words->letter != letter)
		words++;
	return cell_text(words->word);
}

/* One test: a copy of the published answers, of which the last may be lost. */
typedef struct Test {
	char name[16];
	Answer answer[ANSWERS];
	Mark mark[ANSWERS], all;
	int answers;
	uint64_t first; /* number of the first answer */
} Test;

/* What is changed in a test, and what that breaks: of one answer (from 0), or of all together. */
typedef struct Change {
	int answer, need;
	int32_t rate;
	int rule;
	bool together;
} Change;

/* The first test is as published. Rates: a penny below the lowest of each kind or above the
 * highest; then one that only moves the average. Then an answer less, one of home care without
 * registration, and one that likes a block best and would not take it. */
static const Change changes[] = {{0, 0, 0, RULE_NONE, false},
	{9, NEED_SINGLE, 1794, RULE_E1, false}, {0, NEED_GENERIC, 1870, RULE_E2, false},
	{2, NEED_COMPLEX, 2601, RULE_E3, false}, {11, NEED_SINGLE, 2250, RULE_E4, true},
	{1, NEED_GENERIC, 2060, RULE_E5, true}, {1, NEED_COMPLEX, 2540, RULE_E6, true},
	{14, -1, 0, RULE_E7, true}, {11, -1, 0, RULE_E8, false}, {10, -1, 0, RULE_E9, false}};

/* One answer's fault is its own; an average or the number is that of the test. */
static void change(Peter *peter, Test *test, const Change *what)
{
	Answer *answer = &test->answer[what->answer];
	if (what->rule == RULE_NONE)
		return;
	if (what->need >= 0)
		answer->rate[what->need] = what->rate;
	/* One answer fewer, and the last has no rates that could move an average. */
	else if (what->rule == RULE_E7)
		test->answers--;
	else if (what->rule == RULE_E8)
		answer->registered = false;
	else {
		answer->attractive = 'b';
		answer->would_block = false;
	}
	Mark *mark = what->together ? &test->all : &test->mark[what->answer];
	mark->plant = PLANT_ANSWER;
	grow_mean_also(peter->grow, mark, VERDICT_FAIL, what->rule);
}

/* ---- the judge --------------------------------------------------------------------------- */

/* What can be said of one answer by itself. */
static void judge_answer(const Answer *answer, Found *found)
{
	static const int32_t range[3][2] = {{1795, 2702}, {1871, 2216}, {2517, 2600}};
	/* E1 to E3: the published ends are in. */
	for (int need = 0; need < 3; need++)
		if (answer->rate[need] && (answer->rate[need] < range[need][0] ||
			answer->rate[need] > range[need][1]))
			grow_fails(found, RULE_E1 + need, NO_STAKE);
	/* E8: whoever delivers home care has to be registered, community support alone need not be. */
	if ((answer->support == 'b' || answer->support == 'h') && !answer->registered)
		grow_fails(found, RULE_E8, NO_STAKE);
	/* E9 asks whether two answers of one organisation fit together. */
	if (answer->attractive == 'b' && !answer->would_block)
		grow_fails(found, RULE_E9, NO_STAKE);
}

/* What the answers come to together, on the day on which the test closed. */
static void judge_test(Peter *peter, const Test *test)
{
	static const int32_t average[3] = {2227, 2047, 2550};
	char subject[SUBJECT_TEXT];
	Found together = {0};
	for (int i = 0; i < test->answers; i++) {
		Found found = {0};
		judge_answer(&test->answer[i], &found);
		grow_subject(peter->grow, subject, "response", KEY_RESPONSE, test->first + (uint64_t)i);
		grow_settle(peter->grow, MARKET_TEST, subject, &test->mark[i], &found);
	}
	for (int need = 0; need < 3; need++) {
		int64_t total = 0, count = 0;
		for (int i = 0; i < test->answers; i++) {
			total += test->answer[i].rate[need];
			count += test->answer[i].rate[need] != 0;
		}
		/* E4 to E6: the average to the penny, as it was published. */
		if (grow_nearest(total, count) != average[need])
			grow_fails(&together, RULE_E4 + need, NO_STAKE);
	}
	if (test->answers != ANSWERS)
		grow_fails(&together, RULE_E7, NO_STAKE);
	/* The group is named by its key alone: all rules of averages stand on one day. */
	snprintf(subject, sizeof subject, "exercise %s", test->name);
	grow_settle(peter->grow, MARKET_TEST, subject, &test->all, &together);
}

/* ---- figures ----------------------------------------------------------------------------- */

/* A test is its own group; a figure has no status. */
static void figure(Peter *peter, const Test *test, const char *measure, int64_t n, int64_t d)
{
	grow_figure(peter->grow, MARKET_TEST, measure, test->name, (uint64_t)n, (uint64_t)d, "", "");
}

static void figures(Peter *peter, const Test *test)
{
	static const char *const all[] = {"contracts_now", "support_now", "children_now", "places",
		"registered", "block_interest", "framework_interest", "more_attractive", "better_price"};
	static const char *const averages[] = {"single_average", "generic_average", "complex_average"};
	/* Counts of those who said yes, or said anything where the question was optional. */
	int skills = 0, need = 0, age = 0, holiday = 0, night = 0;
	for (int i = 0; i < test->answers; i++) {
		const Answer *answer = &test->answer[i];
		skills += answer->skills != 0;
		need += answer->need;
		age += answer->age;
		holiday += answer->holiday;
		night += answer->night;
	}
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		figure(peter, test, all[i], test->answers, 1);
	figure(peter, test, "skill_sets", skills, 1);
	figure(peter, test, "need_apart", need, 1);
	figure(peter, test, "age_apart", age, 1);
	figure(peter, test, "holiday_apart", holiday, 1);
	figure(peter, test, "night_apart", night, 1);
	for (int k = 0; k < 3; k++) {
		int64_t total = 0, count = 0;
		for (int i = 0; i < test->answers; i++) {
			total += test->answer[i].rate[k];
			count += test->answer[i].rate[k] != 0;
		}
		/* In pounds a second, as the audit keeps rates. */
		figure(peter, test, averages[k], total, count * 360000);
	}
}

/* ---- rows -------------------------------------------------------------------------------- */

/* Nought stands for a rate that was not named. */
static Cell rate(int32_t pence)
{
	return pence ? cell_pounds(pence) : cell_missing();
}

static void write_answer(Peter *peter, const Test *test, int i, int32_t day)
{
	const Answer *answer = &test->answer[i];
	pb_answer(peter, ROW(cell_key(KEY_RESPONSE, test->first + (uint64_t)i), cell_text(test->name),
		cell_day(day), word(now_words, answer->now), word(support_words, answer->support),
		cell_yes(answer->children), word(place_words, answer->place),
		word(skill_words, answer->skills), cell_yes(answer->registered),
		cell_yes(answer->would_block), cell_yes(true), word(way_words, answer->attractive),
		word(price_words, answer->cheaper), cell_yes(answer->need), cell_yes(answer->age),
		cell_yes(answer->holiday), cell_yes(answer->night), rate(answer->rate[0]),
		rate(answer->rate[1]), rate(answer->rate[2])));
}

/* The tests were answered on one day and judged on the day on which they closed. */
void pb_answers(Peter *peter)
{
	/* A Friday within the weeks of the test, and the last day of October, which is assumed. */
	int32_t answered = cal_day(2022, 10, 7), closed = cal_day(2022, 10, 31);
	if (!pb_in_window(peter, answered) || !pb_in_window(peter, closed))
		return;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		/* Numbers go on from test to test, so that no two answers share one. */
		Test test = {.answers = ANSWERS, .first = peter->given[KEY_RESPONSE] + 1};
		snprintf(test.name, sizeof test.name, "test %zu", i + 1);
		memcpy(test.answer, published, sizeof published);
		/* Without plants the published answers stand alone. */
		if (i && !peter->grow->share)
			return;
		change(peter, &test, &changes[i]);
		peter->given[KEY_RESPONSE] += (uint64_t)test.answers;
		judge_test(peter, &test);
		figures(peter, &test);
		for (int k = 0; k < test.answers; k++)
			write_answer(peter, &test, k, answered);
	}
}
