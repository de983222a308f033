/*
 * What figures could come to where facts are missing: by hand, and by chance with the missing facts
 * filled in.
 *
 *   measures + rows with gaps ────────> figures that are not assessed, and their bounds
 *          the same rows, filled in ──> figures, which lie within
 *          the same rows, shuffled ───> the same bounds
 *
 * That parts of the rows, put together, have the bounds of the whole is held to in
 * test_measure_fold.c.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interp/bounds_part.h"
#include "interp/measure.h"
#include "interp/scenario.h"
#include "tests/unit/random.h"
#include "tests/unit/support.h"

Suite *bounds_figure_suite(void);

#define DATASETS                                                      \
	"contract test/book\n  title \"A book\"\n  council \"A council\"\n  version \"1\"\n" \
	"  in force from 1 April 2024\n"                                  \
	"dataset provider from providers\n  key provider_ref\n  provider_ref : text\n" \
	"  beds : count within 1 to 9\n"                                  \
	"dataset award from awards\n"                                     \
	"  key award_ref\n"                                               \
	"  award_ref : text\n"                                            \
	"  provider : provider from provider_ref which has awards\n"      \
	"  date : date\n"                                                 \
	"  price : money within -£2 to £9\n"                              \
	"  bids : count within 0 to 6\n"                                  \
	"  kind : one of (new, old)\n"                                    \
	"  good : yes/no\n"                                               \
	"define worth for award : money within -£12 to £45\n  is award.price * award.bids\n" \
	"  except old when award.kind is old then award.price\n"

/* ---- one text ---- */

typedef struct Book {
	Fixture fixture;
	Arena arena;
	Law law;
	Walk walk;
	MeasureResults *of;   /* by measure */
} Book;

static void book_open(Book *book, const char *text)
{
	memset(book, 0, sizeof *book);
	fixture_open(&book->fixture, text);
	const Rulebook *rules = book->fixture.book;
	Differences problems = {.arena = &book->arena};
	book->law = scenario_law(&rules->scenario[0]);
	const Store *store = scenario_store(rules, &rules->scenario[0], &book->law, &book->arena,
		&problems, NULL);
	ck_assert_uint_eq(problems.list.n, 0);
	book->walk = (Walk){.book = rules, .store = store, .law = &book->law, .arena = &book->arena};
	book->of = ARENA_ARRAY(&book->arena, MeasureResults, (size_t)rules->nmeasures + 1);
	for (int32_t m = 0; m < rules->nmeasures; m++)
		measure_all(&book->walk, &rules->measure[m], &book->of[m]);
}

static void book_close(Book *book)
{
	for (int32_t m = 0; m < book->fixture.book->nmeasures; m++)
		vec_free(&book->of[m].list);
	arena_free(&book->arena);
	fixture_close(&book->fixture);
}

static Str subject_of(Book *book, int32_t m, const MeasureResult *result)
{
	Buf buf = {0};
	subject_print(&buf, &book->walk, &book->fixture.book->measure[m].rule, result->slot);
	Str out = str_copy(&book->arena, buf_view(&buf));
	buf_free(&buf);
	return out;
}

static const MeasureResult *find(Book *book, int32_t m, Str subject)
{
	for (size_t i = 0; i < book->of[m].list.n; i++)
		if (str_eq(subject_of(book, m, &book->of[m].list.at[i]), subject))
			return &book->of[m].list.at[i];
	return NULL;
}

/* ---- by hand ---- */

static void put_end(Buf *buf, bool has, Ratio q)
{
	if (has)
		ratio_print(buf, q, 0, false);
	else
		buf_puts(buf, "open");
}

/* "1 to 3, failed": of the figure of provider P1. */
static void expect(const char *measure, const char *rows, const char *wanted)
{
	Buf text = {0}, got = {0};
	Book book;
	buf_puts(&text, DATASETS);
	buf_puts(&text, measure);
	buf_puts(&text, "scenario \"s\"\n  audit from 1 April 2025 to 30 June 2025\n"
		"  given provider\n    | provider_ref | beds |\n    | P1 | |\n  given award\n"
		"    | award_ref | provider | date | price | bids | kind | good |\n");
	buf_puts(&text, rows);
	book_open(&book, text.at);
	const MeasureResult *result = find(&book, 0, STR("provider P1, quarter of 1 April 2025"));
	ck_assert_ptr_nonnull(result);
	ck_assert(measure_lacks_facts(result));
	put_end(&got, result->bound.has_least, result->bound.least);
	buf_puts(&got, " to ");
	put_end(&got, result->bound.has_most, result->bound.most);
	buf_printf(&got, "%s%s", result->agreed != STATUS_NONE ? ", " : "",
		measure_status_word(result->agreed));
	ck_assert_str_eq(got.at, wanted);
	book_close(&book);
	buf_free(&text);
	buf_free(&got);
}

#define HEAD "measure m \"A figure\"\n  for each award.provider, quarter of award.date\n  among award\n"
#define KPI "kpi m \"A figure\"\n  for each award.provider, quarter of award.date\n  among award\n"
#define PLAIN "    | A1 | P1 | 2025-05-01 | £3 | 2 | new | yes |\n"
#define NO_BIDS "    | A2 | P1 | 2025-05-02 | £4 | | new | yes |\n"
#define NO_PRICE "    | A3 | P1 | 2025-05-03 | | 3 | old | no |\n"
#define NO_KIND "    | A4 | P1 | 2025-05-04 | £5 | 4 | | yes |\n"

/* Law 4: what is missing counts neither as nothing nor as all there could be. */
START_TEST(l4_each_aggregate_between_its_ends)
{
	expect(HEAD "  figure total(award.bids)\n", PLAIN NO_BIDS, "2 to 8");
	expect(HEAD "  figure count(award where award.bids > 1)\n", PLAIN NO_BIDS, "1 to 2");
	expect(HEAD "  figure share(award where award.bids > 1)\n", PLAIN NO_BIDS, "0.5 to 1");
	expect(HEAD "  figure average(award.bids)\n", PLAIN NO_BIDS, "1 to 4");
	expect(HEAD "  figure greatest(award.bids)\n", PLAIN NO_BIDS, "2 to 6");
	expect(HEAD "  figure least(award.bids)\n", PLAIN NO_BIDS, "0 to 2");
	expect(HEAD "  figure distinct(award.bids)\n", PLAIN NO_BIDS, "1 to 2");
	expect(HEAD "  figure total(award.price) / count(award where award.bids > 1)\n",
		PLAIN NO_BIDS, "3.5 to 7");
	expect(HEAD "  figure total(a.price for a in award where a.kind is new)\n", PLAIN NO_KIND,
		"3 to 8");
	expect(HEAD "  figure average(a.price for a in award where a.kind is new)\n", PLAIN NO_KIND,
		"3 to 4");
	expect(HEAD "  figure share(a.bids > 2 for a in award where a.kind is new)\n", PLAIN NO_KIND,
		"0 to 0.5");
	expect(HEAD "  figure (if any(award.bids > 2) then 5 else 3)\n", PLAIN NO_BIDS, "3 to 5");
	expect(HEAD "  figure total(award.worth)\n", PLAIN NO_PRICE, "4 to 15");
}
END_TEST

/* Rows that may not be of the group at all, and what stands round the aggregates. */
START_TEST(l4_rows_and_keys_that_are_open)
{
	expect("measure m \"A figure\"\n  for each award.provider, quarter of award.date\n"
		"  among award where award.kind is new\n  figure total(award.price)\n", PLAIN NO_KIND,
		"3 to 8");
	expect("measure m \"A figure\"\n  for each award.provider, quarter of award.date\n"
		"  among award where award.kind is new\n  figure count(award)\n", NO_KIND, "0 to 1");
	expect(HEAD "  figure count(award) / provider.beds\n", PLAIN, "0.111111… to 1");
	expect("measure m \"A figure\"\n  for each provider, every quarter\n"
		"  figure total(a.bids for a in provider.awards where a.date is within quarter)\n",
		PLAIN NO_BIDS, "2 to 8");
	expect(HEAD "  figure last(a.bids for a in award by a.date)\n", PLAIN NO_BIDS, "0 to 6");
}
END_TEST

/* No more than the declarations say; and a fact whose absence is answered stays absent. */
START_TEST(l4_without_a_bound_nothing_is_said)
{
	expect(HEAD "  figure total(award.bids) / count(award where award.good)\n",
		"    | A1 | P1 | 2025-05-01 | £3 | 2 | new | |\n", "open to open");
	expect(HEAD "  figure total(award.bids or else 1) + total(award.price) / £1\n",
		"    | A1 | P1 | 2025-05-01 | | | new | yes |\n", "-1 to 10");
	expect(HEAD "  figure total(award.bids or else 1) + total(award.bids)\n",
		"    | A1 | P1 | 2025-05-01 | | | new | yes |\n", "open to open");
	expect(HEAD "  figure total(if award.bids is known then award.bids else award.price / £1)\n",
		"    | A1 | P1 | 2025-05-01 | | | new | yes |\n", "-2 to 9");
}
END_TEST

/* S98, and law 4 again: the status stays not assessed, whatever all fillings agree on. */
START_TEST(s98_a_status_that_every_filling_has)
{
	expect(KPI "  figure total(award.bids)\n  target at most 1\n  fails above 1\n", PLAIN NO_BIDS,
		"2 to 8, failed");
	expect(KPI "  figure total(award.bids)\n  target at most 8\n  fails above 8\n", PLAIN NO_BIDS,
		"2 to 8, met");
	expect(KPI "  figure total(award.bids)\n  target at most 1\n  fails above 8\n", PLAIN NO_BIDS,
		"2 to 8, watch");
	expect(KPI "  figure total(award.bids)\n  target at most 1\n  fails above 7\n", PLAIN NO_BIDS,
		"2 to 8");
	expect(KPI "  figure total(award.bids)\n  target at most 7\n  fails above 8\n", PLAIN NO_BIDS,
		"2 to 8");
	expect("kpi m \"A figure\"\n  for each award.provider, quarter of award.date\n"
		"  among award where award.kind is new\n  figure total(award.bids)\n"
		"  target at most 50\n  needs at least 2 awards\n", PLAIN NO_KIND, "2 to 6");
	expect("kpi m \"A figure\"\n  for each award.provider, quarter of award.date\n"
		"  among award where award.kind is new\n  figure total(award.bids)\n"
		"  target at most 50\n  needs at least 3 awards\n", PLAIN NO_KIND,
		"2 to 6, insufficient evidence");
	expect("kpi m \"A figure\"\n  for each award.provider, quarter of award.date\n"
		"  among award\n  applies when any(award.bids > 2)\n  figure count(award)\n"
		"  target at most 50\n", PLAIN NO_BIDS, "2 to 2");
}
END_TEST

/* ---- by chance ---- */

#define GROUP "  for each award.provider, quarter of award.date\n"
#define OF_NEW GROUP "  among award where award.kind is new\n"
#define LINES "  target at most 3\n  fails above 5\n  needs at least 2 awards\n"

static const char measures[] = DATASETS
	"kpi k1 \"A\"\n" GROUP "  among award\n  figure total(award.bids)\n" LINES
	"kpi k2 \"A\"\n" OF_NEW "  figure count(award where award.bids > 2)\n" LINES
	"kpi k3 \"A\"\n" OF_NEW "  figure total(award.price) / £1 / count(award where award.good)\n" LINES
	"kpi k4 \"A\"\n" GROUP "  among award\n  figure average(award.bids)\n" LINES
	"kpi k5 \"A\"\n" GROUP "  among award where award.bids > 0\n  applies when any(award.bids > 2)\n"
		"  figure distinct(award.kind) + count(award)\n" LINES
	"kpi k6 \"A\"\n" OF_NEW "  figure greatest(award.bids) - least(award.bids)\n" LINES
	"kpi k7 \"A\"\n" GROUP "  among award\n  figure count(award) / provider.beds\n" LINES
	"measure m1 \"A\"\n" GROUP "  among award\n"
		"  figure share(a.bids > 2 for a in award where a.kind is new)\n"
	"measure m2 \"A\"\n" OF_NEW "  figure average(a.price for a in award where a.good)\n"
	"measure m3 \"A\"\n" GROUP "  among award\n"
		"  part new is total(a.worth for a in award where a.kind is new)\n"
		"  part old is total(a.price for a in award where a.kind is old)\n"
	"measure m4 \"A\"\n" OF_NEW "  figure total(award.worth)\n"
	"measure m5 \"A\"\n" GROUP "  among award\n"
		"  figure (if all(a.bids > 1 for a in award where a.good) then count(award) else 0)\n"
	"measure m6 \"A\"\n" GROUP "  among award\n"
		"  figure (if none(award.bids > 4) then total(award.price) else £1)\n"
	"measure m7 \"A\"\n" GROUP "  among award where award.good\n  figure only_value(award.bids)\n"
	"measure r1 \"A\"\n  for each award.provider, rolling 3 weeks of award.date\n"
		"  among award where award.kind is new\n  figure total(award.price) / count(award)\n"
	"measure p1 \"A\"\n  for each provider, every quarter\n"
		"  figure total(a.price for a in provider.awards where a.date is within quarter and a.good)\n"
	"measure l1 \"A\"\n" OF_NEW "  figure first(a.bids for a in award by a.date)\n"
	"measure l2 \"A\"\n" OF_NEW
		"  figure count(a in award where any(b in award where b.bids > a.bids))\n";

enum { ROWS = 9, FACTS = 4, CELLS = ROWS * FACTS + 2 };

/* price, bids, kind and good of each award, then the beds of two providers. */
typedef struct Cells {
	char at[CELLS][12];
	int day[ROWS], provider[ROWS];
} Cells;

static int64_t upto(Random *random, int64_t least, int64_t most)
{
	uint64_t dice = random_below(random, 5);
	return dice == 0 ? least : dice == 1 ? most
		: least + (int64_t)random_below(random, (uint64_t)(most - least + 1));
}

static void fill_cell(Random *random, int cell, char out[12])
{
	int64_t n = cell >= ROWS * FACTS ? upto(random, 1, 9) : cell % FACTS == 0 ? upto(random, -2, 9)
		: upto(random, 0, 6);
	if (cell < ROWS * FACTS && cell % FACTS == 0)
		snprintf(out, 12, "%s£%u", n < 0 ? "-" : "", (unsigned)(n < 0 ? -n : n) % 100);
	else if (cell < ROWS * FACTS && cell % FACTS == 2)
		snprintf(out, 12, "%s", n % 2 == 0 ? "new" : "old");
	else if (cell < ROWS * FACTS && cell % FACTS == 3)
		snprintf(out, 12, "%s", n % 2 == 0 ? "yes" : "no");
	else
		snprintf(out, 12, "%d", (int)n);
}

static void draw(Random *random, Cells *cells)
{
	uint64_t gaps = 3 + random_below(random, 12);
	memset(cells, 0, sizeof *cells);
	for (int i = 0; i < CELLS; i++)
		if (random_below(random, gaps) > 0)
			fill_cell(random, i, cells->at[i]);
	for (int i = 0; i < ROWS; i++) {
		cells->day[i] = 1 + (int)random_below(random, 28);
		cells->provider[i] = (int)random_below(random, 2);
	}
}

/* from: the row that comes first; the others follow, forwards or backwards. */
static char *text_of(const Cells *cells, int from, bool backwards)
{
	Buf buf = {0};
	buf_puts(&buf, measures);
	buf_printf(&buf, "scenario \"s\"\n  audit from 1 April 2025 to 30 June 2025\n"
		"  given provider\n    | provider_ref | beds |\n    | P0 | %s |\n    | P1 | %s |\n"
		"  given award\n    | award_ref | provider | date | price | bids | kind | good |\n",
		cells->at[CELLS - 2], cells->at[CELLS - 1]);
	for (int i = 0; i < ROWS; i++) {
		int row = (from + (backwards ? ROWS - i : i)) % ROWS;
		buf_printf(&buf, "    | A%d | P%d | 2025-0%d-%02d", row, cells->provider[row],
			4 + row % 2, cells->day[row]);
		for (int k = 0; k < FACTS; k++)
			buf_printf(&buf, " | %s", cells->at[row * FACTS + k]);
		buf_puts(&buf, " |\n");
	}
	return buf.at;
}

/* Values of worth that it says it cannot have are no filling that the bounds speak of. */
static bool worth_fits(const Cells *cells)
{
	for (int i = 0; i < ROWS; i++) {
		const char *price = cells->at[i * FACTS];
		bool minus = price[0] == '-';
		int pounds = atoi(price + (minus ? 1 : 0) + strlen("£")), bids = atoi(cells->at[i * FACTS + 1]);
		int worth = (minus ? -pounds : pounds) * bids;
		if (strcmp(cells->at[i * FACTS + 2], "new") == 0 && (worth < -12 || worth > 45))
			return false;
	}
	return true;
}

typedef struct Seen {
	int open, tight, agreed, filled;
} Seen;

static bool within(const FigureBound *bound, Value figure)
{
	return figure.state != STATE_KNOWN ||
		((!bound->has_least || ratio_cmp(bound->least, figure.q) <= 0) &&
		(!bound->has_most || ratio_cmp(bound->most, figure.q) >= 0));
}

static void hold_filling(Book *gaps, Book *filled, const char *text, Seen *seen)
{
	for (int32_t m = 0; m < gaps->fixture.book->nmeasures; m++) {
		const Measure *measure = &gaps->fixture.book->measure[m];
		for (size_t i = 0; i < gaps->of[m].list.n; i++) {
			const MeasureResult *open = &gaps->of[m].list.at[i];
			Str subject = subject_of(gaps, m, open);
			const MeasureResult *full = find(filled, m, subject);
			if (!measure_lacks_facts(open) || full == NULL)
				continue;
			seen->filled++;
			ck_assert_msg(within(&open->bound, full->figure), "%s\n%.*s for %.*s", text,
				STR_ARG(measure->rule.decl.name), STR_ARG(subject));
			for (int32_t p = 0; p < measure->nparts; p++)
				ck_assert(within(&open->part_bound[p], full->part[p]));
			ck_assert_msg(open->agreed == STATUS_NONE || open->agreed == full->status,
				"%s\n%.*s for %.*s: %s", text, STR_ARG(measure->rule.decl.name), STR_ARG(subject),
				measure_status_word(full->status));
		}
	}
}

static void count_open(const Book *gaps, Seen *seen)
{
	for (int32_t m = 0; m < gaps->fixture.book->nmeasures; m++)
		for (size_t i = 0; i < gaps->of[m].list.n; i++) {
			const MeasureResult *open = &gaps->of[m].list.at[i];
			seen->open += measure_lacks_facts(open);
			seen->tight += open->bound.has_least && open->bound.has_most;
			seen->agreed += open->agreed != STATUS_NONE;
		}
}

static void same_bound(const FigureBound *a, const FigureBound *b)
{
	ck_assert_int_eq(a->has_least, b->has_least);
	ck_assert_int_eq(a->has_most, b->has_most);
	ck_assert(!a->has_least || ratio_cmp(a->least, b->least) == 0);
	ck_assert(!a->has_most || ratio_cmp(a->most, b->most) == 0);
}

/* Law 8. */
static void hold_order(Book *gaps, Book *other)
{
	for (int32_t m = 0; m < gaps->fixture.book->nmeasures; m++) {
		ck_assert_uint_eq(gaps->of[m].list.n, other->of[m].list.n);
		for (size_t i = 0; i < gaps->of[m].list.n; i++) {
			const MeasureResult *open = &gaps->of[m].list.at[i];
			const MeasureResult *same = find(other, m, subject_of(gaps, m, open));
			ck_assert_ptr_nonnull(same);
			same_bound(&open->bound, &same->bound);
			ck_assert_int_eq(open->agreed, same->agreed);
			for (int32_t p = 0; p < gaps->fixture.book->measure[m].nparts; p++)
				same_bound(&open->part_bound[p], &same->part_bound[p]);
		}
	}
}

static void one_case(Random *random, Seen *seen)
{
	Cells cells;
	Book gaps, other;
	draw(random, &cells);
	char *text = text_of(&cells, 0, false);
	book_open(&gaps, text);
	count_open(&gaps, seen);
	char *shuffled = text_of(&cells, (int)random_below(random, ROWS), true);
	book_open(&other, shuffled);
	hold_order(&gaps, &other);
	book_close(&other);
	free(shuffled);
	for (int i = 0; i < 6; i++) {
		Cells full = cells;
		for (int k = 0; k < CELLS; k++)
			if (full.at[k][0] == '\0')
				fill_cell(random, k, full.at[k]);
		if (!worth_fits(&full))
			continue;
		char *filled = text_of(&full, 0, false);
		book_open(&other, filled);
		hold_filling(&gaps, &other, text, seen);
		book_close(&other);
		free(filled);
	}
	book_close(&gaps);
	free(text);
}

/* The counts make sure that the cases are not all passed by. */
START_TEST(l4_l8_every_filling_lies_within_in_any_order)
{
	Random random = {20250901};
	Seen seen = {0};
	const char *cases = getenv("VOUCH_BOUNDS_CASES");
	for (int i = cases != NULL ? atoi(cases) : 60; i > 0; i--)
		one_case(&random, &seen);
	if (cases != NULL)
		fprintf(stderr, "# %d open, %d tight, %d agreed, %d filled\n", seen.open, seen.tight,
			seen.agreed, seen.filled);
	ck_assert_int_gt(seen.open, 300);
	ck_assert_int_gt(seen.filled, 500);
	ck_assert_int_gt(seen.agreed, 20);
	ck_assert_int_gt(seen.tight * 10, seen.open * 8);
}
END_TEST

Suite *bounds_figure_suite(void)
{
	Suite *suite = suite_create("bounds_figure");
	TCase *hand = tcase_create("by hand"), *by_chance = tcase_create("by chance");
	tcase_add_test(hand, l4_each_aggregate_between_its_ends);
	tcase_add_test(hand, l4_rows_and_keys_that_are_open);
	tcase_add_test(hand, l4_without_a_bound_nothing_is_said);
	tcase_add_test(hand, s98_a_status_that_every_filling_has);
	suite_add_tcase(suite, hand);
	tcase_set_timeout(by_chance, 120);
	tcase_add_test(by_chance, l4_l8_every_filling_lies_within_in_any_order);
	suite_add_tcase(suite, by_chance);
	return suite;
}
