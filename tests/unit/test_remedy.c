/*
 * What would have passed, found with all that is known beforehand, held against the plain search
 * that makes every trial: over random rules, and over rules of the shapes that people write, which
 * random ones seldom have.
 *
 *   shape 0   a claim against the rounded time of several rows      goes one way with each fact
 *   shape 1   rows of one carer that overlap, out of hundreds       sieves; goes both ways
 *   shape 2   sums, differences and bounds of a row's own fields    one way, both ways, no way
 *
 * And conditions over long lists with something in place of a field: with sieves, and without; and
 * how many steps they count for what they spare.
 */
#include <check.h>
#include <string.h>

#include "base/civil.h"
#include "interp/remedy.h"
#include "interp/sift.h"
#include "interp/walk_private.h"
#include "tests/unit/random_book.h"

Suite *remedy_suite(void);

enum { SHAPES = 3, LOGS = 500, SUBJECTS = 60, DAYS = 12 };

/* A desk for each way to search, as a thread would keep it. */
typedef struct Bench {
	Hand hand;
	HandStore hs;
	Law law;
	Arena scratch;
	RemedyDesk desk, plain;
	Sifts sifts;
	Random random;
	uint64_t seed;
	int64_t failed, told;
} Bench;

static void begin(Bench *bench, uint64_t seed)
{
	*bench = (Bench){.seed = seed, .random = {seed}, .failed = bench->failed, .told = bench->told,
		.plain = {.plain = true}, .law = {.known_on = LAST_DAY, .from = 20000, .to = 20800}};
	hand_begin(&bench->hand);
}

static void end(Bench *bench)
{
	sifts_free(&bench->sifts);
	remedy_desk_free(&bench->desk);
	remedy_desk_free(&bench->plain);
	arena_free(&bench->scratch);
	hand_store_end(&bench->hs);
	hand_end(&bench->hand);
}

static int64_t below(Bench *bench, uint64_t n)
{
	return (int64_t)random_below(&bench->random, n);
}

static Walk walk_of(Bench *bench, Sifts *sifts)
{
	return (Walk){&bench->hand.book, &bench->hs.store, &bench->law, &bench->scratch, NULL, NULL,
		sifts, NULL};
}

/* ---- one subject, both ways ---- */

static void expect_same(const Bench *bench, int32_t row, const Remedies *a, const Remedies *b)
{
	ck_assert_msg(a->n == b->n, "seed %llu row %d: %d remedies, plainly %d",
		(unsigned long long)bench->seed, (int)row, (int)a->n, (int)b->n);
	for (int32_t i = 0; i < a->n; i++) {
		const Remedy *x = &a->at[i], *y = &b->at[i];
		bool same = str_eq(x->dataset, y->dataset) && str_eq(x->key, y->key) &&
			str_eq(x->field, y->field) && str_eq(x->was, y->was) && str_eq(x->value, y->value) &&
			x->more == y->more;
		ck_assert_msg(same, "seed %llu row %d: %.*s %.*s %s, plainly %.*s %.*s %s",
			(unsigned long long)bench->seed, (int)row, STR_ARG(x->field), STR_ARG(x->value),
			x->more ? "or more" : "or less", STR_ARG(y->field), STR_ARG(y->value),
			y->more ? "or more" : "or less");
	}
}

static void search_both(Bench *bench, const Rule *rule, int32_t row)
{
	Remedies quick, plain;
	Judgement found;
	arena_reset(&bench->scratch);
	Walk walk = walk_of(bench, &bench->sifts);
	Value *slot = ARENA_ARRAY(&bench->scratch, Value, (size_t)rule->nslots + 40);
	slot[0] = (Value){.n = row};
	walk_judge(&walk, rule, slot, (RowSpan){NULL, 0}, &found);
	if (!found.covered || !found.inside || found.verdict != VERDICT_FAIL)
		return;
	remedies_of(&walk, rule, slot, &bench->desk, &bench->scratch, &quick);
	walk.sifts = NULL;
	remedies_of(&walk, rule, slot, &bench->plain, &bench->scratch, &plain);
	expect_same(bench, row, &quick, &plain);
	bench->failed++;
	bench->told += quick.n;
}

/* ---- rules of known shape ---- */

static Expr *row_slot(Bench *bench, int32_t dataset, int32_t slot)
{
	return hand_slot(&bench->hand, hand_type(TYPE_ROW, dataset), slot);
}

static Expr *both(Bench *bench, Expr *a, Expr *b)
{
	return a == NULL ? b : b == NULL ? a : hand_and(&bench->hand, a, b);
}

/* The moment, now and then some hours from it. */
static Expr *about(Bench *bench, Expr *moment)
{
	int64_t hours = below(bench, 4) == 0 ? below(bench, 30) : 0;
	return hours == 0 ? moment : hand_expr(&bench->hand, EXPR_MOMENT_ADD, (int)below(bench, 2), 0,
		moment->type, 2, moment, hand_const(&bench->hand, hand_unit(DIM_TIME), hours * 3600));
}

/* o.FIELD < log.FIELD, in any words. */
static Expr *held_against(Bench *bench, int32_t field, CompareHow how, int32_t other)
{
	Expr *own = hand_field(&bench->hand, row_slot(bench, LOG, 1), field);
	Expr *outer = about(bench, hand_field(&bench->hand, row_slot(bench, LOG, 0), other));
	return below(bench, 4) == 0
		? hand_compare(&bench->hand, (CompareHow)(COMPARE_GT - how), outer, own)
		: hand_compare(&bench->hand, how, own, outer);
}

/* o <> log and o.begin < log.end and log.begin < o.end and …, of which some is left out. */
static Expr *overlaps(Bench *bench)
{
	Expr *out = hand_compare(&bench->hand, COMPARE_NE, row_slot(bench, LOG, 1),
		row_slot(bench, LOG, 0)), *more = NULL;
	out = both(bench, out, held_against(bench, F_MOMENT, COMPARE_LT, F_END));
	out = both(bench, out, held_against(bench, F_END, below(bench, 2) ? COMPARE_GT : COMPARE_GE,
		F_MOMENT));
	for (int i = 0; i < 2; i++)
		if (below(bench, 2))
			more = both(bench, more, held_against(bench, below(bench, 2) ? F_MOMENT : F_END,
				(CompareHow)below(bench, COMPARE_GT + 1), below(bench, 2) ? F_MOMENT : F_END));
	return both(bench, out, more);
}

static Expr *logs_of_one(Bench *bench)
{
	return hand_expr(&bench->hand, EXPR_LINKED, 0, LINK_LOG_PROVIDER, hand_type(TYPE_ROWS, LOG), 1,
		hand_field(&bench->hand, row_slot(bench, LOG, 0), F_LINK));
}

/* none(o in log.provider.logs where …) */
static Expr *no_overlap(Bench *bench, Expr *where)
{
	return hand_aggregate(&bench->hand, AGG_NONE, hand_type(TYPE_YES_NO, 0), 1, logs_of_one(bench),
		where, NULL, NULL);
}

/* end - begin of a log in slot `slot`. */
static Expr *spent(Bench *bench, int32_t slot)
{
	Expr *row = row_slot(bench, LOG, slot);
	return hand_expr(&bench->hand, EXPR_MOMENT_DIFF, 0, 0, hand_unit(DIM_TIME), 2,
		hand_field(&bench->hand, row, F_END), hand_field(&bench->hand, row, F_MOMENT));
}

static Expr *rounded(Bench *bench, Expr *time)
{
	Rulebook *book = &bench->hand.book;
	Rounding *rounding = &book->rounding[book->nroundings];
	*rounding = (Rounding){.decl.name = STR("r"), .type = time->type,
		.how = below(bench, 2) ? STEP_TO : STEP_COUNTS, .mode = (RoundMode)below(bench, ROUND_DOWN + 1),
		.step = 60 * (1 + below(bench, 30)), .has_least = below(bench, 3) == 0, .least = 900,
		.has_most = below(bench, 3) == 0, .most = 7200};
	rounding->counts_from = 1 + below(bench, (uint64_t)rounding->step);
	return hand_expr(&bench->hand, EXPR_ROUND, 0, book->nroundings++, time->type, 1, time);
}

/* log.time <= rounded(total(o.end - o.begin for o in visit.logs …)): the match's rows are short. */
static Expr *claim(Bench *bench)
{
	Type time = hand_unit(DIM_TIME);
	Expr *rows = hand_expr(&bench->hand, EXPR_MATCHED, 0, 0, hand_type(TYPE_ROWS, LOG), 1,
		row_slot(bench, VISIT, 0));
	Expr *sum = hand_aggregate(&bench->hand, below(bench, 4) ? AGG_TOTAL : AGG_GREATEST, time, 1,
		rows, NULL, spent(bench, 1), NULL);
	Expr *claimed = hand_field(&bench->hand, row_slot(bench, VISIT, 0), F_TIME);
	return hand_compare(&bench->hand, below(bench, 2) ? COMPARE_LE : COMPARE_LT, claimed,
		rounded(bench, sum));
}

/* Two tests of one row, joined by `and` or `or`, one of them perhaps denied. */
static Expr *own_fields(Bench *bench)
{
	Type yes_no = hand_type(TYPE_YES_NO, 0);
	Expr *row = row_slot(bench, LOG, 0), *time = hand_field(&bench->hand, row, F_TIME);
	Expr *a = hand_compare(&bench->hand, (CompareHow)below(bench, COMPARE_GT + 1), spent(bench, 0),
		below(bench, 2) ? rounded(bench, time) : time);
	Expr *b = hand_compare(&bench->hand, (CompareHow)below(bench, COMPARE_GT + 1), time,
		hand_const(&bench->hand, time->type, 60 * below(bench, 90)));
	if (below(bench, 3) == 0)
		a = hand_expr(&bench->hand, EXPR_NOT, 0, 0, yes_no, 1, a);
	return hand_expr(&bench->hand, below(bench, 2) ? EXPR_AND : EXPR_OR, 0, 0, yes_no, 2, a, b);
}

/* Visits and logs within twelve days, minutes mostly whole; two providers, so that lists are long
 * enough for each way of going through them. In one store of four some values are missing. */
static void fill_store(Bench *bench)
{
	int32_t rows[DATASETS] = {[VISIT] = SUBJECTS, [PROVISION] = 1, [PROVIDER] = 2, [LOG] = LOGS};
	hand_store_begin(&bench->hs, &bench->hand, rows);
	int64_t grain = below(bench, 3) == 0 ? 1 : 60;
	bool missing = below(bench, 4) == 0;
	for (int32_t i = 0; i < LOGS; i++) {
		int64_t from = 20200LL * DAY_SECONDS + grain *
			below(bench, (uint64_t)(DAYS * DAY_SECONDS / grain));
		hand_set(&bench->hs, LOG, F_DATE, i, 20200);
		hand_set(&bench->hs, LOG, F_LINK, i, below(bench, 3) == 0);
		hand_set(&bench->hs, LOG, F_TIME, i, 60 * below(bench, 60));
		if (!missing || below(bench, 50) > 0)
			hand_set(&bench->hs, LOG, F_MOMENT, i, from);
		if (!missing || below(bench, 50) > 0)
			hand_set(&bench->hs, LOG, F_END, i, from + grain * below(bench, (uint64_t)(1800 / grain)));
		bench->hs.left_of_right[i] = (int32_t)below(bench, SUBJECTS * 4);
		if (bench->hs.left_of_right[i] >= SUBJECTS)
			bench->hs.left_of_right[i] = -1;
	}
	for (int32_t i = 0; i < SUBJECTS; i++) {
		hand_set(&bench->hs, VISIT, F_DATE, i, 20200);
		hand_set(&bench->hs, VISIT, F_TIME, i, 60 * below(bench, 120));
	}
	hand_store_link(&bench->hs, false);
}

static Rule *rule_of(Bench *bench, int32_t dataset, Expr *require)
{
	Rule *rule = hand_rule(&bench->hand, SUBJECT_ROW, dataset);
	rule->require = require;
	rule->nslots = 2;
	return rule;
}

/* Half of the rules have their law date from a field that the test looks at too. */
static Rule *shaped(Bench *bench, int shape)
{
	Expr *require = shape == 0 ? claim(bench) : shape == 1 ? no_overlap(bench, overlaps(bench))
		: own_fields(bench);
	Rule *rule = rule_of(bench, shape == 0 ? VISIT : LOG, require);
	if (shape != 0 && below(bench, 2))
		rule->on = hand_field(&bench->hand, row_slot(bench, LOG, 0), F_MOMENT);
	return rule;
}

START_TEST(shapes)
{
	static Bench bench;
	int64_t told = 0;
	for (int shape = 0; shape < SHAPES; shape++) {
		for (uint64_t seed = 1; seed <= 60; seed++) {
			begin(&bench, seed * SHAPES + (uint64_t)shape);
			const Rule *rule = shaped(&bench, shape);
			fill_store(&bench);
			for (int32_t row = 0; row < SUBJECTS; row++)
				search_both(&bench, rule, row);
			end(&bench);
		}
		ck_assert_int_gt(bench.told, told + 1000);
		told = bench.told;
	}
}
END_TEST

START_TEST(random_rules)
{
	enum { RULES = 8 };
	static Bench bench;
	for (uint64_t seed = 1; seed <= 600; seed++) {
		begin(&bench, seed);
		random_book(&bench.hand, &bench.random, RULES);
		random_store(&bench.hs, &bench.hand, &bench.random, 24);
		for (int32_t i = 0; i < RULES; i++)
			for (int32_t row = 0; row < bench.hs.table[bench.hand.book.rule[i].dataset].rows; row++)
				if (bench.hand.book.rule[i].subject == SUBJECT_ROW)
					search_both(&bench, &bench.hand.book.rule[i], row);
		end(&bench);
	}
	ck_assert_int_gt(bench.failed, 1000);
	ck_assert_int_gt(bench.told, 0);
}
END_TEST

/* ---- sieves ---- */

static Verdict verdict_under(Bench *bench, const Rule *rule, int32_t row, const Fillings *fill,
	Sifts *sifts)
{
	Judgement found;
	arena_reset(&bench->scratch);
	Walk walk = walk_of(bench, sifts);
	walk.fill = fill;
	Value *slot = ARENA_ARRAY(&bench->scratch, Value, 3);
	slot[0] = (Value){.n = row};
	walk_verdict(&walk, rule, slot, PART_TEST, 20200, &found);
	return found.verdict;
}

/* One fact is moved about, its notes kept; the other rule's condition admits of no sieves. */
static void move_about(Bench *bench, const Rule *rule, const Rule *plain, int32_t row)
{
	Arena kept = {0};
	FillNotes notes = {.arena = &kept};
	Filling filling = {.dataset = LOG, .field = below(bench, 2) ? F_MOMENT : F_END, .define = -1,
		.row = below(bench, 2) ? row : (int32_t)below(bench, LOGS)};
	Fillings fill = {.at = &filling, .n = 1, .over = true, .notes = &notes};
	Fillings bare = {.at = &filling, .n = 1, .over = true};
	for (int i = 0; i < 8; i++) {
		filling.value = (Value){.n = 20200LL * DAY_SECONDS + 60 * below(bench, DAYS * 1440)};
		Verdict a = verdict_under(bench, rule, row, &fill, &bench->sifts);
		Verdict b = verdict_under(bench, plain, row, &bare, NULL);
		ck_assert_msg(a == b, "seed %llu row %d: verdict %d, without sieves %d",
			(unsigned long long)bench->seed, (int)row, a, b);
		bench->told += a == VERDICT_PASS;
		bench->failed += a == VERDICT_FAIL;
	}
	arena_free(&kept);
}

START_TEST(sieves)
{
	static Bench bench;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		begin(&bench, seed);
		Expr *where = overlaps(&bench), *no = hand_const(&bench.hand, where->type, 0);
		const Rule *rule = rule_of(&bench, LOG, no_overlap(&bench, where));
		const Rule *plain = rule_of(&bench, LOG, no_overlap(&bench,
			hand_expr(&bench.hand, EXPR_OR, 0, 0, where->type, 2, where, no)));
		fill_store(&bench);
		for (int32_t row = 0; row < 10; row++)
			move_about(&bench, rule, plain, row);
		end(&bench);
	}
	ck_assert_int_gt(bench.told, 200);
	ck_assert_int_gt(bench.failed, 200);
}
END_TEST

/* Of a row's test: those taken, and with those that were spared. With a subject at hand the sieves
 * answer for themselves. */
static int64_t steps_of(Bench *bench, const Rule *rule, int32_t row, bool subject, int64_t *taken)
{
	Eval eval;
	Value slot[3] = {{.n = row}};
	Frame frame = {slot, 20200, NOT_MUTED};
	arena_reset(&bench->scratch);
	Walk walk = walk_of(bench, &bench->sifts);
	eval_begin(&eval, &walk, (RowSpan){NULL, 0});
	eval.subject = subject ? slot : NULL;
	walk_eval(&eval, &frame, rule->require);
	eval_end(&eval);
	*taken += eval.steps;
	return eval.steps + eval.spared;
}

/* A search for bounds ends at a number of steps: it must not come further by what is spared. */
START_TEST(steps_spared)
{
	static Bench bench;
	int64_t taken[2] = {0, 0};
	for (uint64_t seed = 1; seed <= 60; seed++) {
		begin(&bench, seed);
		const Rule *rule = rule_of(&bench, LOG, no_overlap(&bench, overlaps(&bench)));
		fill_store(&bench);
		for (int32_t row = 0; row < SUBJECTS; row++) {
			int64_t plain = steps_of(&bench, rule, row, false, &taken[0]);
			int64_t spared = steps_of(&bench, rule, row, true, &taken[1]);
			ck_assert_msg(spared >= plain, "seed %llu row %d: %lld steps, plainly %lld",
				(unsigned long long)seed, (int)row, (long long)spared, (long long)plain);
		}
		end(&bench);
	}
	ck_assert_int_lt(taken[1], taken[0] - 10000);
}
END_TEST

Suite *remedy_suite(void)
{
	Suite *suite = suite_create("remedy");
	TCase *tcase = tcase_create("searches");
	tcase_add_test(tcase, shapes);
	tcase_add_test(tcase, random_rules);
	tcase_add_test(tcase, sieves);
	tcase_add_test(tcase, steps_spared);
	suite_add_tcase(suite, tcase);
	return suite;
}
