/*
 * From hits to findings: the two evaluators are held against each other on every one.
 *
 *   fast evaluator ──hit──> (the test may tamper with it) ──> judge_hit ──> finding, or stop
 *
 * A check that never fires is worth nothing: tampering shows that each kind of
 * difference is seen.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "interp/judge.h"
#include "interp/scenario.h"
#include "tests/unit/support.h"

Suite *judge_suite(void);

static const char rules[] =
	"rule J1 \"Declared more than planned\"\n"
	"  for each visit\n"
	"  on visit.date\n"
	"  require visit.declared <= visit.planned\n"
	"  otherwise \"Declared {visit.declared}\"\n"
	"  at stake visit.rate * (visit.declared - visit.planned)\n"
	"rule J2 \"A visit in each week\"\n"
	"  for each provision, every week from provision.start to provision.finish\n"
	"  on week.last\n"
	"  require any(v in provision.visits where v.date is within week)\n"
	"scenario \"rows\"\n"
	"  given provider\n"
	"    | provider_ref |\n"
	"    | P1           |\n"
	"  given provision\n"
	"    | provision_ref | provider | start      | finish     |\n"
	"    | PR1           | P1       | 2025-06-02 | 2025-06-15 |\n"
	"    | PR2           | P1       |            | 2025-06-15 |\n"
	"  given visit\n"
	"    | visit_ref | provision | date       | planned    | declared   | rate            |\n"
	"    | VS1       | PR1       | 2025-06-02 | 30 minutes | 45 minutes | £20.00 per hour |\n"
	"    | VS2       | PR1       | 2025-06-03 | 30 minutes |            | £20.00 per hour |\n"
	"    | VS3       | PR1       | 2025-06-04 | 30 minutes | 30 minutes | £20.00 per hour |\n";

/* Store and law are the scenario's; the batch is what a run would write. */
typedef struct Bench {
	Fixture fixture;
	Arena arena;
	Law law;
	Batch batch;
	Judge judge;
	Buf difference;
	int tamper;      /* what the test changes in each hit: see tampered */
	int32_t *twin;   /* by expression: its like in another book, or -1 */
	Status status;
} Bench;

static void bench_of(Bench *bench, const char *text)
{
	*bench = (Bench){0};
	fixture_open(&bench->fixture, text);
	const Rulebook *book = bench->fixture.book;
	bench->law = scenario_law(&book->scenario[0]);
	bench->judge = (Judge){.book = book, .law = &bench->law, .batch = &bench->batch};
	Differences differences = {.arena = &bench->arena};
	bench->judge.store = scenario_store(book, &book->scenario[0], &bench->law, &bench->arena,
		&differences, NULL);
	ck_assert_uint_eq(differences.list.n, 0);
}

static void bench_begin(Bench *bench)
{
	Buf text = {0};
	buf_puts(&text, home_care);
	buf_puts(&text, rules);
	bench_of(bench, text.at);
	buf_free(&text);
}

static void bench_end(Bench *bench)
{
	batch_free(&bench->batch);
	judge_free(&bench->judge);
	buf_free(&bench->difference);
	arena_free(&bench->arena);
	fixture_close(&bench->fixture);
}

/* 1: another verdict; 2: another date; 3: a stake that is a penny more. */
static FastHit tampered(const Bench *bench, const FastHit *hit)
{
	FastHit out = *hit;
	if (bench->tamper == 1 && hit->verdict == VERDICT_FAIL)
		out.verdict = VERDICT_NOT_ASSESSED;
	if (bench->tamper == 2)
		out.on += 1;
	if (bench->tamper == 3 && hit->stake_known)
		ck_assert(ratio_make(hit->stake.n * 100 + hit->stake.d, hit->stake.d * 100, &out.stake));
	return out;
}

/* The status goes back through the fast evaluator, which must stop there. */
static int take(void *user, const FastHit *hit)
{
	Bench *bench = user;
	FastHit given = tampered(bench, hit);
	return (int)judge_hit(&bench->judge, &given, &bench->difference);
}

/* One rule over the scenario's rows, as a run does it partition by partition. */
static Status judge_rule(Bench *bench, int32_t rule)
{
	FastCount *count = mem_alloc(sizeof *count * 2);
	Fast *fast = fast_new(bench->judge.book, &bench->law);
	Status status = (Status)fast_rules(fast, bench->judge.store, &rule, 1, count, take, bench);
	fast_free(fast);
	free(count);
	return status;
}

/* By the subject's key, as an auditor would look for it. */
static const Finding *finding_of(const Bench *bench, const char *key)
{
	for (size_t i = 0; i < bench->batch.finding.n; i++)
		if (str_eq(bench->batch.finding.at[i].key, str_of(key)))
			return &bench->batch.finding.at[i];
	return NULL;
}

/* Whether a line of the evidence has this value under a label of this name. */
static bool shows(const Bench *bench, const Finding *finding, const char *name, const char *value)
{
	bool found = false;
	for (size_t i = 0; i < bench->batch.label.n; i++) {
		const Label *label = &bench->batch.label.at[i].label;
		Buf line = {0};
		buf_printf(&line, "[%d,\"%s\"", (int)label->number, value);
		found = found || (str_eq(label->name, str_of(name)) &&
			strstr(finding->evidence.ptr, line.at) != NULL);
		buf_free(&line);
	}
	return found;
}

/* VS3 passed and leaves nothing; what failed claims its stake once (law 14). */
START_TEST(law12_a_hit_becomes_a_finding_with_its_evidence)
{
	Bench bench;
	bench_begin(&bench);
	ck_assert_int_eq(judge_rule(&bench, 0), STATUS_OK);
	ck_assert_uint_eq(bench.batch.finding.n, 2);
	const Finding *finding = finding_of(&bench, "VS1");
	ck_assert_ptr_nonnull(finding);
	ck_assert_int_eq(finding->verdict, VERDICT_FAIL);
	ck_assert_int_eq(stake_pence(finding->stake), 500);
	ck_assert(str_eq(finding->dataset, STR("visit")));
	ck_assert(str_eq(finding->provider, STR("P1")) || finding->provider.len == 0);
	ck_assert(shows(&bench, finding, "visit.declared", "45 minutes"));
	ck_assert_uint_eq(bench.batch.claims.list.n, 1);
	bench_end(&bench);
}
END_TEST

/* A total must not contain what is not known. */
START_TEST(law4_a_missing_fact_is_named_and_claims_nothing)
{
	Bench bench;
	bench_begin(&bench);
	ck_assert_int_eq(judge_rule(&bench, 0), STATUS_OK);
	const Finding *finding = finding_of(&bench, "VS2");
	ck_assert_ptr_nonnull(finding);
	ck_assert_int_eq(finding->verdict, VERDICT_NOT_ASSESSED);
	ck_assert_ptr_nonnull(strstr(finding->missing.ptr, "visit.declared"));
	ck_assert(!finding->has_stake || !finding->stake_known);
	bench_end(&bench);
}
END_TEST

/* A week without a visit fails; a provision whose weeks cannot be told has a finding of its own. */
START_TEST(s47_unknown_weeks_keep_their_row)
{
	Bench bench;
	bench_begin(&bench);
	ck_assert_int_eq(judge_rule(&bench, 1), STATUS_OK);
	ck_assert_uint_eq(bench.batch.keyless.n, 0);
	const Finding *week = finding_of(&bench, "PR1, 2025-06-09");
	const Finding *open = finding_of(&bench, "PR2, ?");
	ck_assert_ptr_nonnull(week);
	ck_assert_int_eq(week->verdict, VERDICT_FAIL);
	ck_assert(str_eq(week->dataset, STR("provision, week")));
	ck_assert_ptr_nonnull(open);
	ck_assert_int_eq(open->verdict, VERDICT_NOT_ASSESSED);
	bench_end(&bench);
}
END_TEST

/* Whatever the two disagree on stops the run, and the row is named. */
START_TEST(a_difference_of_the_evaluators_stops)
{
	Bench bench;
	bench_begin(&bench);
	bench.tamper = _i;
	ck_assert_int_eq(judge_rule(&bench, 0), STATUS_WORLD);
	ck_assert_ptr_nonnull(strstr(bench.difference.at, "rule J1 for visit VS"));
	bench_end(&bench);
}
END_TEST

/*
 * The same id whatever the number of rows, or the finding would change its name
 * every month.
 */
START_TEST(s56_rows_without_a_key_are_one_finding)
{
	Bench bench;
	bench_begin(&bench);
	judge_keyless(&bench.batch, bench.judge.book, 0, 0, 1);
	judge_keyless(&bench.batch, bench.judge.book, 0, 0, 12);
	ck_assert(str_eq(bench.batch.finding.at[0].key, STR("?")));
	ck_assert_mem_eq(bench.batch.finding.at[0].id, bench.batch.finding.at[1].id, 16);
	ck_assert_ptr_nonnull(strstr(bench.batch.finding.at[0].message.ptr, "1 row of visit"));
	ck_assert_ptr_nonnull(strstr(bench.batch.finding.at[1].message.ptr, "12 rows of visit"));
	bench_end(&bench);
}
END_TEST

enum { MANY_KEYS = 40 };

/* A dataset with so many fields, a rule for each of their combinations, two rows that differ in the
 * last one alone. */
static void put_many_keys(Buf *text)
{
	buf_puts(text, home_care);
	buf_puts(text, "dataset item from items\n  key item_ref\n  item_ref : text\n");
	for (int i = 0; i < MANY_KEYS; i++)
		buf_printf(text, "  k%d : text\n", i);
	buf_puts(text, "rule J1 \"Alone\"\n  for each ");
	for (int i = 0; i < MANY_KEYS; i++)
		buf_printf(text, "%sitem.k%d", i > 0 ? ", " : "", i);
	buf_puts(text, "\n  among item\n  on 1 June 2025\n  require count(item) > 1\n"
		"scenario \"rows\"\n  given item\n    | item_ref |");
	for (int i = 0; i < MANY_KEYS; i++)
		buf_printf(text, " k%d |", i);
	for (int row = 0; row < 2; row++) {
		buf_printf(text, "\n    | I%d |", row);
		for (int i = 0; i < MANY_KEYS; i++)
			buf_printf(text, " %c |", i == MANY_KEYS - 1 ? 'x' + row : 'a');
	}
	buf_puts(text, "\n  audit from 1 June 2025 to 30 June 2025\n");
}

/* However many keys a subject has, each is a part of its name and of its id. */
START_TEST(s58_the_last_of_many_keys_counts)
{
	Bench bench;
	Buf text = {0};
	put_many_keys(&text);
	bench_of(&bench, text.at);
	buf_free(&text);
	ck_assert_int_eq(judge_rule(&bench, 0), STATUS_OK);
	ck_assert_uint_eq(bench.batch.finding.n, 2);
	const Finding *finding = bench.batch.finding.at;
	ck_assert_mem_ne(finding[0].id, finding[1].id, 16);
	ck_assert_ptr_nonnull(strstr(finding[0].dataset.ptr, ", k39"));
	ck_assert_int_ne(finding[0].key.ptr[finding[0].key.len - 1],
		finding[1].key.ptr[finding[1].key.len - 1]);
	judge_keyless(&bench.batch, bench.judge.book, 0, 0, 1);
	ck_assert_ptr_nonnull(strstr(bench.batch.finding.at[2].dataset.ptr, ", k39"));
	bench_end(&bench);
}
END_TEST

static int take_twice(void *user, const FastHit *hit)
{
	Bench *bench = user;
	JudgeTwin twin = {bench->judge.book, 1, hit->rule, bench->twin};
	Status status = judge_hit(&bench->judge, hit, &bench->difference);
	if (status == STATUS_OK)
		status = judge_twin(&bench->judge, hit, &twin, &bench->difference);
	return (int)status;
}

/* Rule 0 for the book and for another that is like it, but for an expression without a like. */
static Status judge_twins(Bench *bench, int32_t without)
{
	const Rulebook *book = bench->judge.book;
	FastCount count[2] = {{0}};
	int32_t rule = 0;
	bench->twin = ARENA_ARRAY(&bench->arena, int32_t, (size_t)book->nexprs);
	for (int32_t i = 0; i < book->nexprs; i++)
		bench->twin[i] = i == without ? -1 : i;
	Fast *fast = fast_new(book, &bench->law);
	Status status = (Status)fast_rules(fast, bench->judge.store, &rule, 1, count, take_twice, bench);
	fast_free(fast);
	return status;
}

START_TEST(a_twin_is_the_same_finding_and_claims_for_itself)
{
	Bench bench;
	bench_begin(&bench);
	ck_assert_int_eq(judge_twins(&bench, -1), STATUS_OK);
	ck_assert_uint_eq(bench.batch.finding.n, 4);
	const Finding *one = bench.batch.finding.at, *two = one + 1;
	ck_assert_int_eq(one->book, 0);
	ck_assert_int_eq(two->book, 1);
	ck_assert(str_eq(one->evidence, two->evidence));
	ck_assert_mem_eq(one->content, two->content, sizeof one->content);
	ck_assert_ptr_eq(one->remedies, two->remedies);
	ck_assert_uint_eq(bench.batch.claims.list.n, 2);
	ck_assert_int_ne(one->claim, two->claim);
	size_t told[2] = {0};
	for (size_t i = 0; i < bench.batch.label.n; i++)
		told[bench.batch.label.at[i].book]++;
	ck_assert_uint_gt(told[0], 0);
	ck_assert_uint_eq(told[0], told[1]);
	bench_end(&bench);
}
END_TEST

/* It cannot be, and if it were, no evidence may be written that speaks of something else. */
START_TEST(a_line_without_a_like_stops)
{
	Bench bench;
	bench_begin(&bench);
	const Rule *rule = &bench.judge.book->rule[0];
	ck_assert_int_eq(judge_twins(&bench, rule->require->arg[0]->id), STATUS_WORLD);
	ck_assert_ptr_nonnull(strstr(bench.difference.at, "has no like in contract"));
	bench_end(&bench);
}
END_TEST

Suite *judge_suite(void)
{
	Suite *suite = suite_create("judge");
	TCase *tests = tcase_create("findings");
	tcase_add_test(tests, law12_a_hit_becomes_a_finding_with_its_evidence);
	tcase_add_test(tests, law4_a_missing_fact_is_named_and_claims_nothing);
	tcase_add_test(tests, s47_unknown_weeks_keep_their_row);
	tcase_add_loop_test(tests, a_difference_of_the_evaluators_stops, 1, 4);
	tcase_add_test(tests, s56_rows_without_a_key_are_one_finding);
	tcase_add_test(tests, s58_the_last_of_many_keys_counts);
	tcase_add_test(tests, a_twin_is_the_same_finding_and_claims_for_itself);
	tcase_add_test(tests, a_line_without_a_like_stops);
	suite_add_tcase(suite, tests);
	return suite;
}
