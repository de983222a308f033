/*
 * The fast evaluator on rules put together by hand: verdicts, counts and stakes at the boundaries,
 * and the places where batches and chunks are cut. test_differential.c holds it against the
 * explaining one.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/limits.h"
#include "interp/fast.h"
#include "tests/unit/hand_book.h"
#include "tests/unit/random.h"

Suite *fast_suite(void);

#define FROM 20209 /* 1 May 2025 */
#define TO 20239

static Hand hand;
static HandStore hs;
static Law law;
static FastCount count[8];

/* What a hit points to lives only while the sink runs. */
typedef struct Seen {
	FastHit hit;
	int64_t slot[2];
	uint8_t state[2];
	int32_t group[4];
} Seen;

static VEC(Seen) seen;
static size_t stop_after;
static int32_t only;

/* The book and store are those of one test; so are the hits. */
static void setup(void)
{
	hand_begin(&hand);
	hs = (HandStore){0};
	law = (Law){.known_on = LAST_DAY, .from = FROM, .to = TO};
	stop_after = SIZE_MAX;
	only = -1;
}

static void teardown(void)
{
	vec_free(&seen);
	hand_store_end(&hs);
	hand_end(&hand);
}

static int take(void *user, const FastHit *hit)
{
	(void)user;
	Seen *one = vec_push(&seen);
	*one = (Seen){.hit = *hit};
	for (int32_t i = 0; i < hit->nslots; i++) {
		one->slot[i] = hit->slot[i];
		one->state[i] = hit->slot_state[i];
	}
	for (int32_t i = 0; i < hit->group.n && i < 4; i++)
		one->group[i] = hit->group.at[i];
	return seen.n == stop_after ? 7 : 0;
}

/* ---- short words for what the cases are made of ---- */

static const Type yes_no = {.kind = TYPE_YES_NO, .scale = 1};

/* Numbers of visits, provisions, providers and logs. */
static void rows(int32_t visits, int32_t provisions, int32_t providers, int32_t logs)
{
	int32_t n[DATASETS] = {visits, provisions, providers, logs};
	hand_store_begin(&hs, &hand, n);
}

/* Slot 0 is the rule's own row; aggregates have theirs behind it. */
static Expr *row(int32_t dataset, int32_t slot)
{
	return hand_slot(&hand, hand_type(TYPE_ROW, dataset), slot);
}

static Expr *of(Expr *of_row, int32_t field)
{
	return hand_field(&hand, of_row, field);
}

static Expr *number(int64_t scale, int64_t n)
{
	return hand_const(&hand, hand_quantity(scale), n);
}

static Expr *two(ExprOp op, Type type, Expr *a, Expr *b)
{
	return hand_expr(&hand, op, 0, 0, type, 2, a, b);
}

static Expr *logs_of(Expr *visit)
{
	return hand_expr(&hand, EXPR_MATCHED, 0, 0, hand_type(TYPE_ROWS, LOG), 1, visit);
}

/* The rows of `from` that lead to this one. */
static Expr *linked(int32_t link, int32_t from, Expr *to)
{
	return hand_expr(&hand, EXPR_LINKED, 0, link, hand_type(TYPE_ROWS, from), 1, to);
}

/* All rules of the book at once, as a pass does; gives what the sink gave. */
static int run(void)
{
	int32_t all[8];
	Fast *fast = fast_new(&hand.book, &law);
	fast_only(fast, only);
	memset(count, 0, sizeof count);
	vec_free(&seen);
	for (int32_t i = 0; i < hand.book.nrules; i++)
		all[i] = i;
	int status = fast_rules(fast, &hs.store, all, hand.book.nrules, count, take, NULL);
	fast_free(fast);
	return status;
}

/* And that they add up (law 5). */
static void counts(int32_t rule, int64_t outside, int64_t pass, int64_t fail, int64_t open,
	int64_t not_applicable)
{
	const FastCount *c = &count[rule];
	ck_assert_int_eq(c->outside, outside);
	ck_assert_int_eq(c->verdict[VERDICT_PASS], pass);
	ck_assert_int_eq(c->verdict[VERDICT_FAIL], fail);
	ck_assert_int_eq(c->verdict[VERDICT_NOT_ASSESSED], open);
	ck_assert_int_eq(c->verdict[VERDICT_NOT_APPLICABLE], not_applicable);
	ck_assert_int_eq(c->seen, outside + pass + fail + open + not_applicable);
}

/* ---- one rule over rows ---- */

/* visit.declared <= total(log.spent for log in visit.logs); at stake rate * the difference. */
static Rule *declared_rule(void)
{
	Type seconds = hand_unit(DIM_TIME), per_second = hand_quantity(360000);
	Rule *rule = hand_rule(&hand, SUBJECT_ROW, VISIT);
	Expr *logged = hand_aggregate(&hand, AGG_TOTAL, seconds, 1, logs_of(row(VISIT, 0)), NULL,
		of(row(LOG, 1), F_TIME), NULL);
	Expr *declared = of(row(VISIT, 0), F_TIME);
	Expr *rate = two(EXPR_DIVIDE, per_second, of(row(VISIT, 0), F_MONEY), number(1, 3600));
	rule->require = hand_compare(&hand, COMPARE_LE, declared, logged);
	rule->stake = two(EXPR_MULTIPLY, per_second, rate,
		two(EXPR_SUBTRACT, seconds, declared, logged));
	rule->nslots = 2;
	return rule;
}

/* Log i belongs to visit i; a length below zero leaves it unknown. */
static void visit(int32_t i, int64_t day, int64_t declared, int64_t logged)
{
	hand_set(&hs, VISIT, F_DATE, i, day);
	hand_set(&hs, VISIT, F_MONEY, i, 2259);
	hand_set(&hs, VISIT, F_TIME, i, declared);
	if (logged >= 0)
		hand_set(&hs, LOG, F_TIME, i, logged);
	hs.left_of_right[i] = i;
}

/* £5.6475 and a single second's worth, as fractions (law 1). */
START_TEST(test_stake_is_exact)
{
	rows(3, 0, 0, 3);
	visit(0, FROM, 1800, 900);   /* 15 minutes too many: £5.6475 */
	visit(1, FROM, 900, 900);
	visit(2, FROM, 901, 900);    /* one second */
	hand_store_link(&hs, false);
	declared_rule();
	ck_assert_int_eq(run(), 0);
	counts(0, 0, 1, 2, 0, 0);
	ck_assert_int_eq(ratio_cmp(seen.at[0].hit.stake, (Ratio){56475, 10000}), 0);
	ck_assert_int_eq(ratio_cmp(seen.at[1].hit.stake, (Ratio){2259, 360000}), 0);
	ck_assert(seen.at[0].hit.has_stake && seen.at[0].hit.stake_known);
}
END_TEST

/*
 * A visit whose log lacks its length is not assessed; one without logs has a
 * total of nothing and fails (S15, S18).
 */
START_TEST(test_missing_is_not_zero)
{
	rows(3, 0, 0, 3);
	visit(0, FROM, 1800, -1);    /* a log without its duration */
	visit(1, FROM, 1800, 1800);
	visit(2, FROM, 1800, 1800);
	hs.left_of_right[2] = 1;     /* two logs for visit 1, none for visit 2 */
	hand_store_link(&hs, true);
	declared_rule();
	ck_assert_int_eq(run(), 0);
	counts(0, 0, 1, 1, 1, 0);
	ck_assert_int_eq(seen.at[0].hit.verdict, VERDICT_NOT_ASSESSED);
	ck_assert(!seen.at[0].hit.overflow && !seen.at[0].hit.has_stake);
	ck_assert_int_eq(seen.at[1].slot[0], 2);
}
END_TEST

/* The day before, both ends, the day after, and no date at all (S3, S5). */
START_TEST(test_window_has_both_ends)
{
	rows(5, 0, 0, 5);
	for (int32_t i = 0; i < 4; i++)
		visit(i, i < 2 ? FROM - 1 + i : TO - 2 + i, 1, 0);
	declared_rule();             /* visit 4 has no date */
	hand_store_link(&hs, false);
	ck_assert_int_eq(run(), 0);
	counts(0, 2, 0, 2, 1, 0);
	for (size_t i = 0; i < seen.n; i++)
		if (seen.at[i].slot[0] == 4)
			ck_assert_int_eq(seen.at[i].hit.on, NO_DAY);
	hand.book.contract.to = TO - 1;
	run();
	counts(0, 3, 0, 1, 1, 0);
	hand.book.contract.to = LAST_DAY;
	hand.book.contract.from = FROM + 1;
	run();
	counts(0, 3, 0, 1, 1, 0);
}
END_TEST

/* Its neighbours in the batch are judged as if it were not there (law 1). */
START_TEST(test_overflow_is_an_error_of_its_row)
{
	rows(3, 0, 0, 0);
	Rule *rule = hand_rule(&hand, SUBJECT_ROW, VISIT);
	Type type = hand_quantity(1);
	rule->require = hand_compare(&hand, COMPARE_GT,
		two(EXPR_ADD, type, of(row(VISIT, 0), F_COUNT), number(1, 1)), number(1, 0));
	int64_t n[3] = {INT64_MAX - 1, INT64_MAX, 0};
	for (int32_t i = 0; i < 3; i++) {
		hand_set(&hs, VISIT, F_DATE, i, FROM);
		hand_set(&hs, VISIT, F_COUNT, i, n[i]);
	}
	ck_assert_int_eq(run(), 0);
	counts(0, 0, 2, 0, 1, 0);
	ck_assert_int_eq(count[0].overflow, 1);
	ck_assert(seen.at[0].hit.overflow);
	ck_assert_int_eq(seen.at[0].slot[0], 1);
}
END_TEST

/*
 * £19.00 until the day before, £20.10 from then on; each visit has its own law.
 * Rows of one batch stand under different values; one of them is published
 * later (law 6).
 */
START_TEST(test_parameter_changes_within_a_batch)
{
	rows(4, 0, 0, 0);
	DatedExpr value[2] = {{.from = FROM + 1, .published = NO_DAY, .value = number(100, 1900)},
		{.from = FROM + 3, .published = FROM + 2, .value = number(100, 2010)}};
	hand.book.parameter[0] = (Parameter){.type = hand_quantity(100), .value = value, .nvalues = 2};
	hand.book.nparameters = 1;
	Rule *rule = hand_rule(&hand, SUBJECT_ROW, VISIT);
	rule->require = hand_compare(&hand, COMPARE_EQ, of(row(VISIT, 0), F_MONEY),
		hand_expr(&hand, EXPR_PARAMETER, 0, 0, hand_quantity(100), 0));
	for (int32_t i = 0; i < 4; i++) {
		hand_set(&hs, VISIT, F_DATE, i, FROM + i);
		hand_set(&hs, VISIT, F_MONEY, i, i < 3 ? 1900 : 2010);
	}
	run();
	counts(0, 0, 3, 0, 1, 0);    /* nothing is in force on the first day */
	law.known_on = FROM + 1;     /* the second value is not out yet */
	run();
	counts(0, 0, 2, 1, 1, 0);
}
END_TEST

/* Not covered, covered, unknown; and the same for `applies when` (S24, S67). */
START_TEST(test_applies_and_covers)
{
	rows(4, 0, 0, 0);
	Rule *rule = hand_rule(&hand, SUBJECT_ROW, VISIT);
	rule->covered = of(row(VISIT, 0), F_YES);
	rule->applies = hand_compare(&hand, COMPARE_EQ, of(row(VISIT, 0), F_CODE),
		hand_const(&hand, hand_type(TYPE_CODE, 0), 1));
	rule->require = hand_const(&hand, yes_no, 0);
	for (int32_t i = 0; i < 4; i++) {
		hand_set(&hs, VISIT, F_DATE, i, FROM);
		if (i != 2)
			hand_set(&hs, VISIT, F_YES, i, i != 0);
		if (i < 3)
			hand_set(&hs, VISIT, F_CODE, i, 2);
	}
	run();                       /* not covered; another code; cover unknown; code unknown */
	counts(0, 0, 0, 0, 2, 1);
}
END_TEST

/* ---- where batches and chunks are cut ---- */

/* Sums and rows at the seams between batches. */
START_TEST(test_long_lists)
{
	/* One more, one less and exactly a chunk of 8192; and batches of 1024. */
	static const int32_t sizes[] = {1023, 1024, 1025, 8191, 8192, 8193, 20000};
	int32_t n = sizes[_i];
	rows(n, 2, 0, 0);
	for (int32_t i = 0; i < n; i++) {
		hand_set(&hs, VISIT, F_DATE, i, FROM);
		hand_set(&hs, VISIT, F_COUNT, i, i);
		hand_set(&hs, VISIT, F_LINK, i, i == n / 2);
	}
	hand_set(&hs, PROVISION, F_DATE, 0, FROM);
	hand_set(&hs, PROVISION, F_DATE, 1, FROM);
	hand_store_link(&hs, false);
	Rule *rule = hand_rule(&hand, SUBJECT_ROW, PROVISION);
	Type type = hand_quantity(1);
	rule->require = hand_const(&hand, yes_no, 0);
	rule->stake = hand_aggregate(&hand, AGG_TOTAL, type, 1,
		linked(LINK_PROVISION, VISIT, row(PROVISION, 0)), NULL, of(row(VISIT, 1), F_COUNT), NULL);
	rule->nslots = 2;
	rule = hand_rule(&hand, SUBJECT_ROW, VISIT);
	rule->require = hand_compare(&hand, COMPARE_NE, of(row(VISIT, 0), F_COUNT), number(1, n - 1));
	run();
	int64_t all = (int64_t)n * (n - 1) / 2 - n / 2;
	ck_assert_uint_eq(seen.n, 3);
	ck_assert_int_eq((int64_t)seen.at[0].hit.stake.n, all);
	ck_assert_int_eq((int64_t)seen.at[1].hit.stake.n, n / 2);
	ck_assert_int_eq(seen.at[2].slot[0], n - 1);
	counts(1, 0, n - 1, 1, 0, 0);
}
END_TEST

/* What row i comes to, as test_rows_that_are_covered lays it out: no cover at all in two of three,
 * an open one now and then. */
static bool is_covered(int32_t i)
{
	return i % 3 == 0;
}

static bool cover_open(int32_t i)
{
	return is_covered(i) && i % 5 == 0;
}

/* Rows that are covered are gathered from batch to batch, those of which that is open apart; a rule
 * that applies to few of them looks at those few. */
START_TEST(test_rows_that_are_covered)
{
	static const int32_t sizes[] = {1, 3, 1024, 3071, 3072, 3073, 9000};
	int32_t n = sizes[_i], open = 0, fail[2] = {0}, pass[2] = {0}, out[2] = {0};
	rows(n, 0, 0, 0);
	for (int32_t i = 0; i < n; i++) {
		hand_set(&hs, VISIT, F_DATE, i, FROM);
		hand_set(&hs, VISIT, F_COUNT, i, i % 11);
		hand_set(&hs, VISIT, F_CODE, i, i % 7 == 0);
		if (!cover_open(i))
			hand_set(&hs, VISIT, F_YES, i, is_covered(i));
		open += cover_open(i);
		for (int r = 0; r < 2 && is_covered(i) && !cover_open(i); r++) {
			out[r] += r == 1 && i % 7 != 0;
			fail[r] += (r == 0 || i % 7 == 0) && i % 11 == 10;
			pass[r] += (r == 0 || i % 7 == 0) && i % 11 != 10;
		}
	}
	for (int r = 0; r < 2; r++) {
		Rule *rule = hand_rule(&hand, SUBJECT_ROW, VISIT);
		rule->covered = of(row(VISIT, 0), F_YES);
		rule->require = hand_compare(&hand, COMPARE_LT, of(row(VISIT, 0), F_COUNT), number(1, 10));
		if (r == 1)
			rule->applies = hand_compare(&hand, COMPARE_EQ, of(row(VISIT, 0), F_CODE),
				hand_const(&hand, hand_type(TYPE_CODE, 0), 1));
	}
	run();
	for (int r = 0; r < 2; r++)
		counts(r, 0, pass[r], fail[r], open, out[r]);
	ck_assert_uint_eq(seen.n, (size_t)(2 * open + fail[0] + fail[1]));
	for (size_t k = 0; k < seen.n; k++) {
		int32_t i = (int32_t)seen.at[k].slot[0];
		bool failed = seen.at[k].hit.verdict == VERDICT_FAIL;
		ck_assert(failed ? i % 11 == 10 && is_covered(i) : cover_open(i));
	}
}
END_TEST

/* The sink's status ends the run at once: nothing is found after it. */
START_TEST(test_sink_stops)
{
	rows(5, 0, 0, 0);
	for (int32_t i = 0; i < 5; i++)
		hand_set(&hs, VISIT, F_DATE, i, FROM);
	hand_rule(&hand, SUBJECT_ROW, VISIT)->require = hand_const(&hand, yes_no, 0);
	stop_after = 2;
	ck_assert_int_eq(run(), 7);
	ck_assert_uint_eq(seen.n, 2);
}
END_TEST

/* Rows that a partition holds only for others to read are not judged there. */
START_TEST(test_home_rows_alone)
{
	static const int32_t mine[] = {1, 4};
	RowSpan home[DATASETS] = {{mine, 2}, {NULL, -1}, {NULL, -1}, {NULL, 0}};
	rows(5, 1, 0, 3);
	for (int32_t i = 0; i < 5; i++)
		hand_set(&hs, VISIT, F_DATE, i, FROM);
	hand_set(&hs, PROVISION, F_DATE, 0, FROM);
	hs.store.home = home;
	hand_rule(&hand, SUBJECT_ROW, VISIT)->require = hand_const(&hand, yes_no, 0);
	hand_rule(&hand, SUBJECT_ROW, PROVISION);
	hand_rule(&hand, SUBJECT_ROW, LOG);
	run();
	counts(0, 0, 0, 2, 0, 0);
	counts(1, 0, 1, 0, 0, 0);
	counts(2, 0, 0, 0, 0, 0);
	ck_assert_int_eq(seen.at[0].slot[0], 1);
	ck_assert_int_eq(seen.at[1].slot[0], 4);
}
END_TEST

/*
 * Subjects that lead to another provider, or to nobody knows which, are not
 * even counted. --provider: rows of others are not looked at, nor is what leads
 * to none.
 */
START_TEST(test_one_provider)
{
	rows(4, 3, 2, 0);
	for (int32_t i = 0; i < 4; i++) {
		hand_set(&hs, VISIT, F_DATE, i, i == 3 ? FROM - 1 : FROM);
		hand_set(&hs, VISIT, F_LINK, i, i < 3 ? i : 1);
	}
	for (int32_t i = 0; i < 2; i++)
		hand_set(&hs, PROVISION, F_LINK, i, i); /* the third has no provider */
	Rule *rule = hand_rule(&hand, SUBJECT_ROW, VISIT);
	rule->require = hand_const(&hand, yes_no, 0);
	hand_rule(&hand, SUBJECT_ROW, VISIT);       /* leads to no provider */
	rule->provider = of(of(row(VISIT, 0), F_LINK), F_LINK);
	run();
	counts(0, 1, 0, 3, 0, 0);
	counts(1, 1, 3, 0, 0, 0);
	only = 1;
	run();
	counts(0, 1, 0, 1, 0, 0);
	counts(1, 0, 0, 0, 0, 0);
	ck_assert_int_eq(seen.at[0].slot[0], 1);
}
END_TEST

/* ---- periods ---- */

/* Fails in every week, so that hits show which weeks came up. */
static Rule *weekly_rule(bool open)
{
	Rule *rule = hand_rule(&hand, SUBJECT_ROW_PERIOD, PROVISION);
	Type week = hand_type(TYPE_PERIOD, CAL_WEEK), date = hand_type(TYPE_DATE, 0);
	rule->calendar = CAL_WEEK;
	rule->every_from = of(row(PROVISION, 0), F_DATE);
	rule->every_to = of(row(PROVISION, 0), F_UNTIL);
	rule->every_open = open;
	rule->on = hand_expr(&hand, EXPR_PERIOD_PART, PART_LAST, CAL_WEEK, date, 1,
		hand_slot(&hand, week, 1));
	rule->require = hand_const(&hand, yes_no, 0);
	rule->nslots = 2;
	return rule;
}

/* S47: every week that shares a day, an open end, and a start that is missing. */
START_TEST(test_every_week)
{
	rows(0, 4, 0, 0);
	int64_t from[] = {FROM, FROM + 6, FROM + 7, 0}, to[] = {FROM + 6, FROM + 7, 0, FROM};
	for (int32_t i = 0; i < 4; i++) {
		if (from[i] != 0)
			hand_set(&hs, PROVISION, F_DATE, i, from[i]);
		if (to[i] != 0)
			hand_set(&hs, PROVISION, F_UNTIL, i, to[i]);
	}
	Rule *rule = weekly_rule(true); /* weeks begin on FROM */
	run();
	/* One week; two that share a day; from the second to the end of the window; no start. The week
	 * that the window ends in has its last day outside. */
	counts(0, 1, 0, 1 + 2 + 3, 1, 0);
	rule->every_open = false;
	run();
	counts(0, 0, 0, 3, 2, 0);
}
END_TEST

/*
 * The last number of periods that is judged, and one more, which is one subject
 * with a fault.
 */
START_TEST(test_limit_of_periods)
{
	rows(0, 1, 0, 0);
	Rule *rule = weekly_rule(true);
	int64_t last = FROM + 7 * ((int64_t)LIMIT_PERIODS - 1);
	hand_set(&hs, PROVISION, F_DATE, 0, FROM);
	hand_set(&hs, PROVISION, F_UNTIL, 0, last);
	rule->require = hand_const(&hand, yes_no, 1);
	run();
	ck_assert_int_eq(count[0].seen, LIMIT_PERIODS);
	counts(0, LIMIT_PERIODS - 4, 4, 0, 0, 0);
	hand_set(&hs, PROVISION, F_UNTIL, 0, last + 7);
	run();
	counts(0, 0, 0, 0, 1, 0);
	ck_assert(seen.at[0].hit.overflow && seen.at[0].state[1] == STATE_FAULT);
}
END_TEST

/* ---- groups ---- */

/* Declared time by provision and week: rule W2 in small. */
static Rule *group_rule(void)
{
	Rule *rule = hand_rule(&hand, SUBJECT_GROUP, VISIT);
	Type week = hand_type(TYPE_PERIOD, CAL_WEEK), date = hand_type(TYPE_DATE, 0);
	rule->nkeys = 2;
	rule->nslots = 4;
	rule->key = ARENA_ARRAY(&hand.arena, GroupKey, 2);
	rule->key[0] = (GroupKey){STR("provision"), of(row(VISIT, 2), F_LINK)};
	rule->key[1] = (GroupKey){STR("week"), hand_expr(&hand, EXPR_PERIOD_OF, 0, CAL_WEEK, week, 1,
		of(row(VISIT, 2), F_DATE))};
	rule->filter = of(row(VISIT, 2), F_YES);
	rule->on = hand_expr(&hand, EXPR_PERIOD_PART, PART_FIRST, CAL_WEEK, date, 1,
		hand_slot(&hand, week, 1));
	Expr *group = hand_expr(&hand, EXPR_GROUP_ROWS, 0, 0, hand_type(TYPE_ROWS, VISIT), 0);
	rule->require = hand_compare(&hand, COMPARE_LE, hand_aggregate(&hand, AGG_TOTAL,
		hand_unit(DIM_TIME), 3, group, NULL, of(row(VISIT, 3), F_TIME), NULL),
		hand_const(&hand, hand_unit(DIM_TIME), 3600));
	return rule;
}

/* Below zero: not known. */
static void grouped(int32_t i, int64_t provision, int64_t day, int64_t yes, int64_t declared)
{
	if (provision >= 0)
		hand_set(&hs, VISIT, F_LINK, i, provision);
	hand_set(&hs, VISIT, F_DATE, i, day);
	if (yes >= 0)
		hand_set(&hs, VISIT, F_YES, i, yes);
	hand_set(&hs, VISIT, F_TIME, i, declared);
}

/*
 * S16, S54 to S56: sums by group, rows that are not among, rows without a key,
 * a row of which that is not known.
 */
START_TEST(test_groups)
{
	rows(10, 3, 0, 0);
	grouped(0, 0, FROM, 1, 1800);
	grouped(1, 0, FROM + 6, 1, 1801);     /* the same week: one second too many */
	grouped(2, 0, FROM + 7, 1, 3600);     /* the next */
	grouped(3, 1, FROM, 1, 3600);
	grouped(4, 1, FROM + 1, 0, 3600);     /* not among them */
	grouped(5, -1, FROM, 1, 1);           /* no provision */
	grouped(6, -1, FROM + 9, 1, 1);
	grouped(7, -1, FROM, 0, 1);           /* not among them either */
	grouped(8, 2, FROM - 1, 1, 9999);     /* a week before the window */
	grouped(9, 2, FROM, -1, 1);           /* nobody knows whether it is among them */
	group_rule();
	run();
	counts(0, 1, 2, 1, 2, 0);
	for (size_t i = 0; i < seen.n; i++) {
		const Seen *one = &seen.at[i];
		if (one->hit.verdict == VERDICT_FAIL) {
			ck_assert_int_eq(one->hit.group.n, 2);
			ck_assert_int_eq(one->group[0], 1); /* keys run backwards */
			ck_assert_int_eq(one->group[1], 0);
			ck_assert_int_eq(one->slot[0], 0);
			ck_assert_int_eq(one->slot[1], FROM);
		} else if (one->state[0] != STATE_KNOWN) {
			ck_assert_int_eq(one->hit.group.n, 2);
			ck_assert_int_eq(one->hit.on, NO_DAY);
		} else {
			ck_assert_int_eq(one->slot[0], 2);
			ck_assert_int_eq(one->hit.on, FROM);
		}
	}
}
END_TEST

/* Groups of more rows than a batch, of two rules over the same rows; in every group some are not
 * among them, and in the last one of one row that is open. */
START_TEST(test_groups_over_batches)
{
	enum { N = 5000, PROVISIONS = 4 };
	rows(N, PROVISIONS, 0, 0);
	for (int32_t i = 0; i < N; i++)
		grouped(i, i % PROVISIONS, FROM, i == N - 1 ? -1 : i % 5 != 0, 1 + (i % PROVISIONS == 2));
	Rule *first = group_rule(), *second = group_rule();
	second->key[1].expr = of(row(VISIT, 2), F_DATE);
	second->on = hand_slot(&hand, hand_type(TYPE_DATE, 0), 1);
	first->require->arg[1]->n = second->require->arg[1]->n = N / PROVISIONS * 4 / 5;
	run();
	for (int32_t r = 0; r < 2; r++)
		counts(r, 0, 2, 1, 1, 0);
	for (size_t k = 0; k < seen.n; k++) {
		bool failed = seen.at[k].hit.verdict == VERDICT_FAIL;
		ck_assert_int_eq(seen.at[k].slot[0], failed ? 2 : PROVISIONS - 1);
		ck_assert_int_eq(seen.at[k].hit.group.n, N / PROVISIONS * 4 / 5);
	}
}
END_TEST

/* ---- one carer in two places ---- */

/*
 * none(o in log.carer.logs where o.in < log.out and log.in < o.out and o <> log)
 * No other log of the same provider reaches into this one's time: rule C1 in
 * small. The other is told by its row, or by its number.
 */
static Rule *overlap_rule(bool by_row)
{
	Rule *rule = hand_rule(&hand, SUBJECT_ROW, LOG);
	Expr *log = row(LOG, 0), *o = row(LOG, 1);
	Expr *where = hand_and(&hand, hand_and(&hand,
		hand_compare(&hand, COMPARE_LT, of(o, F_MOMENT), of(log, F_END)),
		hand_compare(&hand, COMPARE_LT, of(log, F_MOMENT), of(o, F_END))),
		by_row ? hand_compare(&hand, COMPARE_NE, o, log)
			: hand_compare(&hand, COMPARE_NE, of(o, F_COUNT), of(log, F_COUNT)));
	rule->require = hand_aggregate(&hand, AGG_NONE, yes_no, 1,
		linked(LINK_LOG_PROVIDER, LOG, of(log, F_LINK)), where, NULL, NULL);
	rule->nslots = 2;
	return rule;
}

/* Seconds; all logs are of the one provider. */
static void log_from_to(int32_t i, int64_t from, int64_t to)
{
	hand_set(&hs, LOG, F_LINK, i, 0);
	hand_set(&hs, LOG, F_DATE, i, FROM);
	hand_set(&hs, LOG, F_COUNT, i, i);
	hand_set(&hs, LOG, F_MOMENT, i, from);
	hand_set(&hs, LOG, F_END, i, to);
}

/*
 * An index serves the condition; touching ends must not count, one second over
 * must, on both sides.
 */
START_TEST(test_overlap)
{
	enum { N = 600 };
	rows(0, 0, 1, N);
	for (int32_t i = 0; i < N; i++) /* in no order; touching ends do not overlap */
		log_from_to(i, (i * 7 % N) * 60, (i * 7 % N) * 60 + 60);
	overlap_rule(_i == 1);
	hand_store_link(&hs, false);
	run();
	counts(0, 0, N, 0, 0, 0);
	log_from_to(0, 0, 61);           /* one second into the next, which is log 343 */
	run();
	counts(0, 0, N - 2, 2, 0, 0);
	ck_assert_int_eq(seen.at[0].slot[0], 0);
	ck_assert_int_eq(seen.at[1].slot[0], 343);
	log_from_to(0, 0, (N - 1) * 60); /* a long one, over all but the last */
	run();
	counts(0, 0, 1, N - 1, 0, 0);
}
END_TEST

enum { SPREAD_LOGS = 700 };

/* How the beginnings lie: at one instant, in two heaps far apart, evenly, one alone at the end of
 * time, and by chance. */
static int64_t spread_begin(int how, int32_t i, Random *seed)
{
	switch (how) {
	case 0: return 5;
	case 1: return i % 2 == 0 ? i : (int64_t)1 << 40 | i;
	case 2: return (int64_t)i * 90;
	case 3: return i == 17 ? INT64_MAX / 2 : -i;
	default: return (int64_t)random_below(seed, 40000) - 20000;
	}
}

/* Against every pair, with a key of five values beside the times and without, the other told by row
 * or by number; what begins at one instant is more than one chunk holds. */
START_TEST(test_overlap_however_they_lie)
{
	static int64_t from[SPREAD_LOGS], to[SPREAD_LOGS];
	int how = _i / 4;
	bool keyed = _i % 2 == 1;
	Random seed = {(uint64_t)_i};
	int64_t alone = 0;
	rows(0, 0, 1, SPREAD_LOGS);
	for (int32_t i = 0; i < SPREAD_LOGS; i++) {
		from[i] = spread_begin(how, i, &seed);
		to[i] = from[i] + (int64_t)random_below(&seed, 60);
		log_from_to(i, from[i], to[i]);
		hand_set(&hs, LOG, F_DATE, i, FROM + i % 5);
	}
	for (int32_t i = 0; i < SPREAD_LOGS; i++) {
		bool overlaps = false;
		for (int32_t k = 0; k < SPREAD_LOGS; k++)
			overlaps |= k != i && from[k] < to[i] && from[i] < to[k] && (!keyed || k % 5 == i % 5);
		alone += !overlaps;
	}
	Expr **where = &overlap_rule(_i / 2 % 2 == 1)->require->arg[1];
	if (keyed)
		*where = hand_and(&hand, *where, hand_compare(&hand, COMPARE_EQ, of(row(LOG, 1), F_DATE),
			of(row(LOG, 0), F_DATE)));
	hand_store_link(&hs, false);
	run();
	counts(0, 0, alone, SPREAD_LOGS - alone, 0, 0);
}
END_TEST

/*
 * A log without its end may overlap with all that end after it begins. A log
 * without an end may overlap with every one behind it: not assessed, not
 * passed.
 */
START_TEST(test_overlap_with_an_open_end)
{
	enum { N = 100 };
	rows(0, 0, 1, N);
	for (int32_t i = 0; i < N; i++)
		log_from_to(i, i * 60, i * 60 + 60);
	bit_clear(hs.known[LOG][F_END], 90);
	overlap_rule(_i == 1);
	hand_store_link(&hs, false);
	run();
	counts(0, 0, 90, 0, 10, 0);
}
END_TEST

enum { PATCHY_LOGS = 400 };

typedef struct Patchy {
	int64_t from, to, clock; /* -1: missing */
} Patchy;

/* 1: overlaps at the same clock time; 0: surely not; -1: not known. */
static int meets(const Patchy *log, const Patchy *other)
{
	bool open = other->from < 0 || log->to < 0 || log->from < 0 || other->to < 0 ||
		log->clock < 0 || other->clock < 0;
	if ((other->from >= 0 && log->to >= 0 && other->from >= log->to) ||
	    (log->from >= 0 && other->to >= 0 && log->from >= other->to) ||
	    (log->clock >= 0 && other->clock >= 0 && log->clock != other->clock))
		return 0;
	return open ? -1 : 1;
}

/* Each in a share of the logs of its own, some logs in all of them. */
static void make_patchy(Patchy *log, int share)
{
	Random seed = {(uint64_t)share + 1};
	rows(0, 0, 1, PATCHY_LOGS);
	for (int32_t i = 0; i < PATCHY_LOGS; i++) {
		int64_t begin = (int64_t)random_below(&seed, 20000);
		log[i] = (Patchy){begin, begin + 1 + (int64_t)random_below(&seed, 90),
			(int64_t)random_below(&seed, 9)};
		log_from_to(i, log[i].from, log[i].to);
		hand_set(&hs, LOG, F_CLOCK, i, log[i].clock);
		int64_t *const part[] = {&log[i].from, &log[i].to, &log[i].clock};
		static const int field[] = {F_MOMENT, F_END, F_CLOCK};
		for (int k = 0; k < 3; k++) {
			if (random_below(&seed, 100) >= (uint64_t)share)
				continue;
			*part[k] = -1;
			bit_clear(hs.known[LOG][field[k]], i);
		}
	}
}

/* Two pairs of bounds, with what each of them needs missing in some of the rows: against every
 * pair of logs. */
START_TEST(test_bounds_that_are_missing)
{
	static const int shares[] = {0, 5, 30, 70};
	static Patchy log[PATCHY_LOGS];
	int64_t verdict[3] = {0, 0, 0};
	make_patchy(log, shares[_i / 2]);
	for (int32_t i = 0; i < PATCHY_LOGS; i++) {
		int worst = 0;
		for (int32_t k = 0; k < PATCHY_LOGS && worst != 1; k++) {
			int one = k == i ? 0 : meets(&log[i], &log[k]);
			worst = one == 1 ? 1 : worst != 0 ? worst : one;
		}
		verdict[worst + 1]++;
	}
	Expr **where = &overlap_rule(_i % 2 == 1)->require->arg[1];
	Expr *mine = of(row(LOG, 0), F_CLOCK), *other = of(row(LOG, 1), F_CLOCK);
	*where = hand_and(&hand, *where, hand_and(&hand,
		hand_compare(&hand, COMPARE_LE, other, mine), hand_compare(&hand, COMPARE_GE, other, mine)));
	hand_store_link(&hs, false);
	run();
	counts(0, 0, verdict[1], verdict[2], verdict[0], 0);
}
END_TEST

/* ---- one column ---- */

/* More rows than a batch; every third is missing and must stay so (law 4). */
START_TEST(test_column)
{
	enum { N = 1500 };
	static int64_t value[N];
	static uint8_t state[N];
	rows(N, 0, 0, 0);
	for (int32_t i = 0; i < N; i++)
		if (i % 3 != 0)
			hand_set(&hs, VISIT, F_COUNT, i, i);
	Expr *twice = two(EXPR_MULTIPLY, hand_quantity(1), of(row(VISIT, 1), F_COUNT), number(1, 2));
	hand_rule(&hand, SUBJECT_ROW, VISIT)->nslots = 2;
	Fast *fast = fast_new(&hand.book, &law);
	fast_column(fast, &hs.store, twice, 1, VISIT, value, state);
	fast_free(fast);
	for (int32_t i = 0; i < N; i++) {
		ck_assert_int_eq(state[i], i % 3 != 0 ? STATE_KNOWN : STATE_UNKNOWN);
		if (i % 3 != 0)
			ck_assert_int_eq(value[i], 2 * i);
	}
}
END_TEST

/* What a column of yes or no comes to, over all visits. */
static void column(const Expr *expr, int64_t *value, uint8_t *state)
{
	hand_rule(&hand, SUBJECT_ROW, VISIT);
	Fast *fast = fast_new(&hand.book, &law);
	fast_column(fast, &hs.store, expr, 0, VISIT, value, state);
	fast_free(fast);
}

/* Comparisons are arithmetic: every pair of numbers next to where that could go wrong, against a
 * column and against a constant. */
START_TEST(test_comparisons_at_the_ends)
{
	static const int64_t end[] = {INT64_MIN, INT64_MIN + 1, -2, -1, 0, 1, 2, INT64_MAX - 1, INT64_MAX};
	enum { K = sizeof end / sizeof *end };
	int64_t value[K * K];
	uint8_t state[K * K];
	rows(K * K, 0, 0, 0);
	for (int32_t i = 0; i < K * K; i++) {
		hand_set(&hs, VISIT, F_COUNT, i, end[i / K]);
		hand_set(&hs, VISIT, F_TIME, i, end[i % K]);
	}
	Expr *visit = row(VISIT, 0), *left = of(visit, F_COUNT), *right = of(visit, F_TIME);
	column(hand_compare(&hand, (CompareHow)_i, left, right), value, state);
	for (int32_t i = 0; i < K * K; i++) {
		int64_t x = end[i / K], y = end[i % K];
		ck_assert_int_eq(value[i], compare_holds(_i, x < y ? -1 : x > y));
	}
	for (int k = 0; k < K; k++) {
		column(hand_compare(&hand, (CompareHow)_i, left, number(1, end[k])), value, state);
		for (int32_t i = 0; i < K * K; i++)
			ck_assert_int_eq(value[i],
				compare_holds(_i, end[i / K] < end[k] ? -1 : end[i / K] > end[k]));
	}
}
END_TEST

/* Two conditions with gaps of their own, in one place of a hundred up to nearly all, from a row
 * that is no multiple of anything on: what is missing is told of the very rows, and masked where
 * the other side decides. */
START_TEST(test_gaps_wherever_they_lie)
{
	enum { N = 1301, OUT = 13 };
	static const uint64_t share[] = {0, 1, 10, 50, 97};
	Random seed = {(uint64_t)_i + 3};
	int8_t a[N], b[N]; /* -1: missing */
	rows(N, 0, 0, 0);
	for (int32_t i = 0; i < N; i++) {
		a[i] = random_below(&seed, 100) < share[_i] ? -1 : (int8_t)random_below(&seed, 2);
		b[i] = random_below(&seed, 100) < share[_i] ? -1 : (int8_t)random_below(&seed, 2);
		hand_set(&hs, VISIT, F_DATE, i, i < OUT ? FROM - 1 : FROM);
		if (a[i] >= 0)
			hand_set(&hs, VISIT, F_COUNT, i, a[i]);
		if (b[i] >= 0)
			hand_set(&hs, VISIT, F_DAYS, i, b[i]);
	}
	Expr *visit = row(VISIT, 0);
	Expr *left = hand_compare(&hand, COMPARE_EQ, of(visit, F_COUNT), number(1, 1));
	Expr *right = hand_compare(&hand, COMPARE_EQ, of(visit, F_DAYS), number(1, 1));
	Rule *both = hand_rule(&hand, SUBJECT_ROW, VISIT), *either = hand_rule(&hand, SUBJECT_ROW, VISIT);
	both->require = hand_and(&hand, left, right);
	either->require = two(EXPR_OR, yes_no, left, right);
	run();
	int64_t n[2][3] = {{0}};
	for (int32_t i = OUT; i < N; i++) {
		n[0][a[i] == 0 || b[i] == 0 ? 0 : a[i] < 0 || b[i] < 0 ? 2 : 1]++;
		n[1][a[i] == 1 || b[i] == 1 ? 1 : a[i] < 0 || b[i] < 0 ? 2 : 0]++;
	}
	for (int32_t r = 0; r < 2; r++)
		counts(r, OUT, n[r][1], n[r][0], n[r][2], 0);
}
END_TEST

/* The least number and the greatest add up to -1; on the way their sums may leave 64 bits, and only
 * the whole is tested. A sum that does not fit is an error of its row. */
START_TEST(test_sum_that_leaves_64_bits_on_its_way)
{
	static const int64_t part[] = {INT64_MAX, INT64_MAX, INT64_MIN, INT64_MIN, 5, INT64_MAX, 1};
	rows(2, 0, 0, 7);
	for (int32_t i = 0; i < 7; i++) {
		hand_set(&hs, LOG, F_COUNT, i, part[i]);
		hs.left_of_right[i] = i < 5 ? 0 : 1;
	}
	hand_set(&hs, VISIT, F_DATE, 0, FROM);
	hand_set(&hs, VISIT, F_DATE, 1, FROM);
	Rule *rule = hand_rule(&hand, SUBJECT_ROW, VISIT);
	Expr *sum = hand_aggregate(&hand, AGG_TOTAL, hand_quantity(1), 1, logs_of(row(VISIT, 0)), NULL,
		of(row(LOG, 1), F_COUNT), NULL);
	rule->require = hand_compare(&hand, COMPARE_EQ, sum, number(1, 3));
	rule->nslots = 2;
	hand_store_link(&hs, false);
	run();
	counts(0, 0, 1, 0, 1, 0);
	ck_assert_int_eq(seen.at[0].slot[0], 1);
	ck_assert(seen.at[0].hit.overflow);
}
END_TEST

/* Texts are told apart by their first and last bytes, and by those between only when they have to
 * be. */
START_TEST(test_texts_by_their_ends)
{
	static const char *const text[] = {"", "A", "ABC", "ABD", "ABCD", "ABCE", "XBCD", "ABCDE",
		"ABCDEFGH", "ABCDEFGHI", "ABCD_FGHI", "ABCDEFGHIJKLMNOP", "ABCDEFG_IJKLMNOP"};
	enum { K = sizeof text / sizeof *text };
	int64_t value[K];
	uint8_t state[K];
	rows(K, 0, 0, 0);
	for (int32_t i = 0; i < K; i++)
		hand_set_text(&hs, VISIT, i, text[i]);
	for (int k = 0; k < K; k++) {
		column(hand_compare(&hand, COMPARE_EQ, of(row(VISIT, 0), F_TEXT),
			hand_text(&hand, text[k])), value, state);
		for (int32_t i = 0; i < K; i++)
			ck_assert_int_eq(value[i], i == k);
	}
}
END_TEST

/* Moments are made from day and clock time, and taken apart again for the law date, by loops that
 * remember the last day: around both clock changes, and forwards and backwards. */
START_TEST(test_days_and_clocks)
{
	enum { STEPS = 48 * 3, N = 4 * STEPS };
	static const int32_t begin[] = {20176, 20386, 20176, 20386}; /* the day before each change */
	static int64_t value[N];
	static uint8_t state[N];
	rows(N, 0, 0, 0);
	for (int32_t i = 0; i < N; i++) {
		int32_t step = i / STEPS < 2 ? i % STEPS : STEPS - 1 - i % STEPS;
		int32_t day = begin[i / STEPS] + step / 48;
		hand_set(&hs, VISIT, F_DATE, i, day);
		hand_set(&hs, VISIT, F_CLOCK, i, step % 48 * 1800);
		hand_set(&hs, VISIT, F_MOMENT, i, (int64_t)day * DAY_SECONDS + step % 48 * 1800);
	}
	Rule *rule = hand_rule(&hand, SUBJECT_ROW, VISIT);
	Expr *moment = two(EXPR_MOMENT_OF, hand_type(TYPE_MOMENT, 0), of(row(VISIT, 0), F_DATE),
		of(row(VISIT, 0), F_CLOCK));
	rule->on = of(row(VISIT, 0), F_MOMENT);
	rule->require = hand_const(&hand, yes_no, 0);
	law.from = DAY_MIN;
	Fast *fast = fast_new(&hand.book, &law);
	fast_column(fast, &hs.store, moment, 0, VISIT, value, state);
	fast_free(fast);
	law.to = LAST_DAY;
	run();
	ck_assert_uint_eq(seen.n, N);
	for (int32_t i = 0; i < N; i++) {
		int32_t at = (int32_t)seen.at[i].slot[0];
		int64_t day, clock, utc;
		ClockFold fold;
		store_get(&hs.store, VISIT, F_DATE, i, &day);
		store_get(&hs.store, VISIT, F_CLOCK, i, &clock);
		ck_assert_int_eq(value[i], moment_of((int32_t)day, (int32_t)clock, &fold));
		store_get(&hs.store, VISIT, F_MOMENT, at, &utc);
		ck_assert_int_eq(seen.at[i].hit.on, moment_day(utc));
	}
}
END_TEST

Suite *fast_suite(void)
{
	Suite *suite = suite_create("fast");
	TCase *tcase = tcase_create("by hand");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_stake_is_exact);
	tcase_add_test(tcase, test_missing_is_not_zero);
	tcase_add_test(tcase, test_window_has_both_ends);
	tcase_add_test(tcase, test_overflow_is_an_error_of_its_row);
	tcase_add_test(tcase, test_parameter_changes_within_a_batch);
	tcase_add_test(tcase, test_applies_and_covers);
	tcase_add_loop_test(tcase, test_long_lists, 0, 7);
	tcase_add_loop_test(tcase, test_rows_that_are_covered, 0, 7);
	tcase_add_test(tcase, test_sink_stops);
	tcase_add_test(tcase, test_home_rows_alone);
	tcase_add_test(tcase, test_one_provider);
	tcase_add_test(tcase, test_every_week);
	tcase_add_test(tcase, test_limit_of_periods);
	tcase_add_test(tcase, test_groups);
	tcase_add_test(tcase, test_groups_over_batches);
	tcase_add_loop_test(tcase, test_overlap, 0, 2);
	tcase_add_loop_test(tcase, test_overlap_however_they_lie, 0, 20);
	tcase_add_loop_test(tcase, test_overlap_with_an_open_end, 0, 2);
	tcase_add_loop_test(tcase, test_bounds_that_are_missing, 0, 8);
	tcase_add_test(tcase, test_column);
	tcase_add_loop_test(tcase, test_comparisons_at_the_ends, COMPARE_LT, COMPARE_GT + 1);
	tcase_add_loop_test(tcase, test_gaps_wherever_they_lie, 0, 5);
	tcase_add_test(tcase, test_sum_that_leaves_64_bits_on_its_way);
	tcase_add_test(tcase, test_texts_by_their_ends);
	tcase_add_test(tcase, test_days_and_clocks);
	suite_add_tcase(suite, tcase);
	return suite;
}
