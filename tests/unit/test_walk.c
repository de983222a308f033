/*
 * The explaining evaluator on expressions put together by hand: slots are given values in every
 * state, so that what spreads and what masks can be tried in full. What rule texts mean is tried in
 * test_laws.c.
 *
 * The tests are named after the law or point (S1 to S99) that they hold. States,
 * from least to greatest:
 *
 *   known < unknown < conflict < fault      the greatest of the operands spreads,
 *                                           but for what the tables below spell out
 */
#include <check.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "interp/testrun.h"

Suite *walk_suite(void);

static Arena arena;

static void setup(void)
{
	arena = (Arena){0};
}

static void teardown(void)
{
	arena_free(&arena);
}

/* ---- expressions by hand ---- */

static const Type yes_no = {.kind = TYPE_YES_NO, .scale = 1};
static const Type date = {.kind = TYPE_DATE, .scale = 1};
static const Type moment = {.kind = TYPE_MOMENT, .scale = 1};
static const Type number = {.kind = TYPE_QUANTITY, .scale = 1};
static const Type ratio = {.kind = TYPE_QUANTITY, .scale = 1, .ratio = true};
static const Type seconds = {.kind = TYPE_QUANTITY, .unit = {{[DIM_TIME] = 1}}, .scale = 1};
static const Type days = {.kind = TYPE_QUANTITY, .unit = {{[DIM_DAY] = 1}}, .scale = 1};
static const Type months = {.kind = TYPE_QUANTITY, .unit = {{[DIM_MONTH] = 1}}, .scale = 1};

/*
 * As the checker would make it, but for marks that only the fast evaluator
 * reads.
 */
static Expr *make(ExprOp op, Type type, int n, ...)
{
	Expr *expr = ARENA_NEW(&arena, Expr);
	va_list args;
	*expr = (Expr){.op = (uint8_t)op, .type = type, .nargs = n};
	expr->arg = ARENA_ARRAY(&arena, Expr *, (size_t)n + 1);
	va_start(args, n);
	for (int i = 0; i < n; i++)
		expr->arg[i] = va_arg(args, Expr *);
	va_end(args);
	return expr;
}

static Expr *slot(int i, Type type)
{
	Expr *expr = make(EXPR_SLOT, type, 0);
	expr->ref = i;
	return expr;
}

static Expr *constant(int64_t n, Type type)
{
	Expr *expr = make(EXPR_CONST, type, 0);
	expr->n = n;
	return expr;
}

static Expr *compare(int how, Expr *a, Expr *b)
{
	Expr *expr = make(EXPR_COMPARE, yes_no, 2, a, b);
	expr->how = (uint8_t)how;
	return expr;
}

static Value yes(void)
{
	return (Value){.state = STATE_KNOWN, .n = 1};
}

static Value no(void)
{
	return (Value){.state = STATE_KNOWN};
}

static Value state(State s)
{
	return (Value){.state = (uint8_t)s};
}

static Value quantity(int64_t n)
{
	return (Value){.state = STATE_KNOWN, .q = {n, 1}};
}

/* Everything published is known, and no window. */
static const Law law = {.known_on = LAST_DAY, .from = NO_DAY, .to = LAST_DAY};

/* No rows: expressions over collections have a store of their own further down. */
static Value run_in(const Rulebook *book, const Expr *expr, Value *slots)
{
	Store store = {.book = book};
	Walk walk = {book, &store, &law, &arena, NULL, NULL, NULL, NULL};
	return walk_expr(&walk, expr, slots, 0, (RowSpan){NULL, 0});
}

static Value run(const Expr *expr, Value *slots)
{
	Rulebook book = {0};
	return run_in(&book, expr, slots);
}

/* One word for each state; of known values yes and no. */
static bool is(Value value, const char *expected)
{
	const char *found = value.state == STATE_UNKNOWN ? "unknown"
		: value.state == STATE_CONFLICT ? "conflict"
		: value.state == STATE_FAULT ? "fault" : value.n != 0 ? "yes" : "no";
	return strcmp(found, expected) == 0;
}

/* ---- yes and no ---- */

/* Rows and columns: yes, no, unknown, conflict, fault. */
static const char *const and_table[5][5] = {
	{"yes", "no", "unknown", "conflict", "fault"},
	{"no", "no", "no", "no", "fault"},
	{"unknown", "no", "unknown", "conflict", "fault"},
	{"conflict", "no", "conflict", "conflict", "fault"},
	{"fault", "fault", "fault", "fault", "fault"},
};

/* By the order of and_table's rows and columns. */
static Value kind(int i)
{
	return i == 0 ? yes() : i == 1 ? no() : state((State)(i - 1));
}

/* De Morgan's mirror of a table entry: yes and no change places. */
static const char *mirror(const char *found)
{
	return strcmp(found, "yes") == 0 ? "no" : strcmp(found, "no") == 0 ? "yes" : found;
}

static int mirrored(int i)
{
	return i == 0 ? 1 : i == 1 ? 0 : i;
}

/*
 * All 25 pairs, so that no order of evaluation can be hidden: a fault must show
 * even when the other side decides (law 8), an unknown must not. `or` is tried
 * by De Morgan's mirror of the one table.
 */
START_TEST(s23_and_or_mask_all_but_faults)
{
	Expr *both = make(EXPR_AND, yes_no, 2, slot(0, yes_no), slot(1, yes_no));
	Expr *either = make(EXPR_OR, yes_no, 2, slot(0, yes_no), slot(1, yes_no));
	for (int a = 0; a < 5; a++) {
		for (int b = 0; b < 5; b++) {
			Value slots[2] = {kind(a), kind(b)};
			ck_assert_msg(is(run(both, slots), and_table[a][b]), "and %d %d", a, b);
			const char *expected = mirror(and_table[mirrored(a)][mirrored(b)]);
			ck_assert_msg(is(run(either, slots), expected), "or %d %d", a, b);
		}
	}
}
END_TEST

/* Negation of what is not known is not known, never yes. */
START_TEST(not_keeps_what_is_not_known)
{
	static const char *const expected[5] = {"no", "yes", "unknown", "conflict", "fault"};
	Expr *expr = make(EXPR_NOT, yes_no, 1, slot(0, yes_no));
	for (int i = 0; i < 5; i++) {
		Value slots[1] = {kind(i)};
		ck_assert(is(run(expr, slots), expected[i]));
	}
}
END_TEST

/*
 * A conflict is no absence: `is missing` must not make a contradiction of the
 * contract disappear.
 */
START_TEST(s21_is_known_asks_for_presence_only)
{
	static const char *const expected[5] = {"yes", "yes", "no", "conflict", "fault"};
	Expr *expr = make(EXPR_IS_KNOWN, yes_no, 1, slot(0, yes_no));
	for (int i = 0; i < 5; i++) {
		Value slots[1] = {kind(i)};
		ck_assert(is(run(expr, slots), expected[i]));
	}
}
END_TEST

/* As above: a conflict or a fault is not mended by a stand-in. */
START_TEST(or_else_stands_in_for_the_missing_alone)
{
	static const char *const expected[5] = {"yes", "no", "yes", "conflict", "fault"};
	Expr *expr = make(EXPR_OR_ELSE, yes_no, 2, slot(0, yes_no), slot(1, yes_no));
	for (int i = 0; i < 5; i++) {
		Value slots[2] = {kind(i), yes()};
		ck_assert(is(run(expr, slots), expected[i]));
	}
}
END_TEST

/* The same known value on both branches decides; half known does not. */
START_TEST(s22_if_without_an_answer)
{
	Expr *expr = make(EXPR_IF, yes_no, 3, slot(0, yes_no), slot(1, yes_no), slot(2, yes_no));
	Value same[3] = {state(STATE_UNKNOWN), yes(), yes()};
	ck_assert(is(run(expr, same), "yes"));
	Value differ[3] = {state(STATE_UNKNOWN), yes(), no()};
	ck_assert(is(run(expr, differ), "unknown"));
	Value half[3] = {state(STATE_UNKNOWN), yes(), state(STATE_UNKNOWN)};
	ck_assert(is(run(expr, half), "unknown"));
	Value faulty[3] = {state(STATE_FAULT), yes(), yes()};
	ck_assert(is(run(expr, faulty), "fault"));
}
END_TEST

/* The other branch may divide, overflow or contradict: it does not count. */
START_TEST(s23_if_looks_at_one_branch)
{
	Expr *expr = make(EXPR_IF, yes_no, 3, slot(0, yes_no), slot(1, yes_no), slot(2, yes_no));
	Value slots[3] = {yes(), no(), state(STATE_FAULT)};
	ck_assert(is(run(expr, slots), "no"));
	Value other[3] = {no(), state(STATE_FAULT), yes()};
	ck_assert(is(run(expr, other), "yes"));
}
END_TEST

/* All six comparisons: two absent facts are neither equal nor different. */
START_TEST(s20_missing_compared_is_unknown)
{
	for (int how = COMPARE_LT; how <= COMPARE_GT; how++) {
		Value slots[2] = {state(STATE_UNKNOWN), state(STATE_UNKNOWN)};
		ck_assert(is(run(compare(how, slot(0, number), slot(1, number)), slots), "unknown"));
	}
}
END_TEST

/*
 * Both sides come to within a third of each other near the largest integer,
 * where a comparison in floating point, or after rescaling into 64 bits, goes
 * wrong (law 1).
 */
START_TEST(comparisons_are_exact_across_scales)
{
	Type thirds = {.kind = TYPE_QUANTITY, .scale = 3};
	Expr *left = constant(INT64_MAX, thirds), *right = constant(INT64_MAX / 3, number);
	static const bool expected[6] = {false, false, false, true, true, true};
	for (int how = COMPARE_LT; how <= COMPARE_GT; how++)
		ck_assert_int_eq(run(compare(how, left, right), NULL).n, expected[how]);
}
END_TEST

/* ---- numbers ---- */

/* At INT64_MAX, INT64_MIN and one inside: wrapping would be a wrong figure. */
START_TEST(s79_overflow_is_a_fault)
{
	Value slots[2] = {quantity(INT64_MAX), quantity(1)};
	Expr *a = slot(0, number), *b = slot(1, number);
	ck_assert(is(run(make(EXPR_ADD, number, 2, a, b), slots), "fault"));
	ck_assert(is(run(make(EXPR_MULTIPLY, number, 2, a, a), slots), "fault"));
	Value sum = run(make(EXPR_SUBTRACT, number, 2, a, b), slots);
	ck_assert(sum.state == STATE_KNOWN && sum.q.n == INT64_MAX - 1);
	Value least[1] = {quantity(INT64_MIN)};
	ck_assert(is(run(make(EXPR_NEGATE, number, 1, slot(0, number)), least), "fault"));
	ck_assert(is(run(make(EXPR_ABSOLUTE, number, 1, slot(0, number)), least), "fault"));
}
END_TEST

/* The value fits, but not over the denominator that was chosen for it. */
START_TEST(s79_overflow_counts_the_scale)
{
	Type hundredths = {.kind = TYPE_QUANTITY, .scale = 100};
	Value slots[1] = {quantity(INT64_MAX / 100)};
	Expr *expr = make(EXPR_RESCALE, hundredths, 1, slot(0, number));
	ck_assert(run(expr, slots).state == STATE_KNOWN);
	slots[0] = quantity(INT64_MAX / 100 + 1);
	ck_assert(is(run(expr, slots), "fault"));
}
END_TEST

/* With a sign, which belongs to the numerator. */
START_TEST(s77_a_quotient_is_a_fraction_in_lowest_terms)
{
	Value slots[2] = {quantity(-10), quantity(4)};
	Value q = run(make(EXPR_DIVIDE, ratio, 2, slot(0, number), slot(1, number)), slots);
	ck_assert(q.state == STATE_KNOWN && q.q.n == -5 && q.q.d == 2);
}
END_TEST

/* Missing with its reason, exactly one reason: not a fault, and no crash. */
START_TEST(s19_division_by_zero_is_missing)
{
	Value slots[2] = {quantity(1), quantity(0)};
	Value q = run(make(EXPR_DIVIDE, ratio, 2, slot(0, number), slot(1, number)), slots);
	ck_assert(is(q, "unknown"));
	ck_assert(str_eq(q.why->text, STR("divided by zero")));
	ck_assert(q.why->next == NULL);
}
END_TEST

/* The greatest state of the operands spreads, whichever side it stands on. */
START_TEST(states_spread_through_arithmetic)
{
	Expr *expr = make(EXPR_ADD, number, 2, slot(0, number), slot(1, number));
	for (int a = STATE_KNOWN; a <= STATE_FAULT; a++) {
		for (int b = STATE_KNOWN; b <= STATE_FAULT; b++) {
			Value slots[2] = {quantity(1), quantity(1)};
			slots[0].state = (uint8_t)a;
			slots[1].state = (uint8_t)b;
			ck_assert_int_eq(run(expr, slots).state, a > b ? a : b);
		}
	}
}
END_TEST

/* The unknown one might be the least (S15). */
START_TEST(least_and_greatest_need_all)
{
	Expr *least = make(EXPR_LEAST, number, 3, slot(0, number), slot(1, number), slot(2, number));
	Value slots[3] = {quantity(4), quantity(-7), quantity(5)};
	ck_assert(run(least, slots).q.n == -7);
	least->op = EXPR_GREATEST;
	ck_assert(run(least, slots).q.n == 5);
	slots[1] = state(STATE_UNKNOWN);
	ck_assert(is(run(least, slots), "unknown"));
}
END_TEST

/* ---- roundings ---- */

/* Over whole seconds, whose scale is 1. */
static int64_t rounded(Rounding rounding, int64_t n, bool *unknown)
{
	Rulebook book = {.rounding = &rounding, .nroundings = 1};
	Value slots[1] = {quantity(n)};
	rounding.type = seconds;
	Value value = run_in(&book, make(EXPR_ROUND, seconds, 1, slot(0, seconds)), slots);
	*unknown = value.state == STATE_UNKNOWN;
	ck_assert(*unknown || value.state == STATE_KNOWN);
	return (int64_t)value.q.n;
}

static void check_rounding(Rounding rounding, int64_t n, int64_t expected)
{
	bool unknown;
	ck_assert_int_eq(rounded(rounding, n, &unknown), expected);
	ck_assert(!unknown);
}

/* Both sides of zero, at a half and one beside it, for each mode. */
START_TEST(s86_halves_go_where_they_are_sent)
{
	Rounding r = {.how = STEP_TO, .step = 10, .mode = ROUND_HALF_AWAY};
	check_rounding(r, 15, 20);
	check_rounding(r, -15, -20);
	check_rounding(r, 14, 10);
	r.mode = ROUND_HALF_TOWARDS;
	check_rounding(r, 15, 10);
	check_rounding(r, -15, -10);
	check_rounding(r, 16, 20);
	r.mode = ROUND_HALF_EVEN;
	check_rounding(r, 15, 20);
	check_rounding(r, 25, 20);
	r.mode = ROUND_UP;
	check_rounding(r, -15, -10);
	check_rounding(r, 11, 20);
	r.mode = ROUND_DOWN;
	check_rounding(r, -15, -20);
	check_rounding(r, 19, 10);
}
END_TEST

/* 8p up to the next 4p stays 8p; a minimum must not pay for a missed visit. */
START_TEST(s87_on_the_step_already_and_the_minimum_of_nothing)
{
	Rounding r = {.how = STEP_TO, .step = 4, .mode = ROUND_UP};
	check_rounding(r, 8, 8);
	r.has_least = true;
	r.least = 30;
	check_rounding(r, 0, 0);
	check_rounding(r, 1, 30);
	check_rounding(r, 31, 32);
	check_rounding(r, -1, 0);
}
END_TEST

/* With the minimum above the maximum the order shows. */
START_TEST(s88_round_then_minimum_then_maximum)
{
	Rounding r = {.how = STEP_TO, .step = 10, .mode = ROUND_DOWN, .has_least = true, .least = 15,
		.has_most = true, .most = 12};
	check_rounding(r, 19, 12);
	r.most = 25;
	check_rounding(r, 19, 15);
	check_rounding(r, 99, 25);
}
END_TEST

/*
 * 53 of 60 minutes count as a unit: one below, at, and the same in the second
 * hour.
 */
START_TEST(units_count_from_a_remainder_on)
{
	Rounding r = {.how = STEP_COUNTS, .step = 60, .counts_from = 53};
	check_rounding(r, 52, 0);
	check_rounding(r, 53, 60);
	check_rounding(r, 60, 60);
	check_rounding(r, 112, 60);
	check_rounding(r, 113, 120);
}
END_TEST

/* Each end of each band, and outside all of them: no band is missing, not zero. */
START_TEST(s44_bands_hold_what_their_ends_say)
{
	Band band[2] = {{.lo = 0, .hi = 8, .to = 0}, {.lo = 8, .hi = 23, .hi_in = true, .to = 15}};
	Rounding r = {.how = STEP_BANDS, .band = band, .nbands = 2};
	bool unknown;
	check_rounding(r, 7, 0);
	check_rounding(r, 8, 15);
	check_rounding(r, 23, 15);
	rounded(r, 24, &unknown);
	ck_assert(unknown);
	rounded(r, -1, &unknown);
	ck_assert(unknown);
}
END_TEST

/* ---- dates ---- */

/*
 * The second before midnight, midnight, the last second, the next midnight.
 * Reading the date as its midnight would turn away a submission made at noon on
 * its last day.
 */
START_TEST(s37_date_against_moment)
{
	int32_t day = day_of(2025, 9, 4);
	ClockFold fold;
	int64_t at[4] = {moment_of(day, 0, &fold) - 1, moment_of(day, 0, &fold),
		moment_of(day + 1, 0, &fold) - 1, moment_of(day + 1, 0, &fold)};
	static const char *const on_the_left[4] = {"<", "=", "=", ">"};
	for (int i = 0; i < 4; i++) {
		Expr *m = constant(at[i], moment), *d = constant(day, date);
		bool below = on_the_left[i][0] == '<', equal = on_the_left[i][0] == '=';
		ck_assert_int_eq(run(compare(COMPARE_LT, m, d), NULL).n, below);
		ck_assert_int_eq(run(compare(COMPARE_LE, m, d), NULL).n, below || equal);
		ck_assert_int_eq(run(compare(COMPARE_EQ, m, d), NULL).n, equal);
		ck_assert_int_eq(run(compare(COMPARE_GE, m, d), NULL).n, !below);
		ck_assert_int_eq(run(compare(COMPARE_GT, d, m), NULL).n, below);
	}
}
END_TEST

/* INT64_MIN for whatever is not known. */
static int64_t add(int32_t day, int64_t much, Type type, bool subtract)
{
	Expr *expr = make(EXPR_DATE_ADD, date, 2, constant(day, date), constant(much, type));
	expr->how = subtract;
	Value value = run(expr, NULL);
	return value.state == STATE_KNOWN ? value.n : INT64_MIN;
}

/* Two months in one step are not one month twice: 31 March, not the 28th. */
START_TEST(s38_months_end_on_the_last_day)
{
	ck_assert_int_eq(add(day_of(2025, 1, 31), 1, months, false), day_of(2025, 2, 28));
	ck_assert_int_eq(add(day_of(2025, 1, 31), 2, months, false), day_of(2025, 3, 31));
	ck_assert_int_eq(add(day_of(2024, 2, 29), 12, months, false), day_of(2025, 2, 28));
	ck_assert_int_eq(add(day_of(2025, 3, 31), 1, months, true), day_of(2025, 2, 28));
	ck_assert_int_eq(add(day_of(2025, 3, 1), 1, days, true), day_of(2025, 2, 28));
}
END_TEST

/* The last day, one more, and amounts that would wrap an integer. */
START_TEST(dates_beyond_the_years_are_faults)
{
	ck_assert_int_eq(add(DAY_MAX, 0, days, false), DAY_MAX);
	ck_assert_int_eq(add(DAY_MAX, 1, days, false), INT64_MIN);
	ck_assert_int_eq(add(DAY_MIN, 1, days, true), INT64_MIN);
	ck_assert_int_eq(add(0, INT64_MAX, days, false), INT64_MIN);
	ck_assert_int_eq(add(0, INT64_MAX, months, false), INT64_MIN);
	ck_assert_int_eq(add(0, INT64_MIN, days, true), INT64_MIN);
}
END_TEST

/* Over the night on which the clocks go back there are 25 hours in a day. */
START_TEST(s35_days_keep_the_clock_and_hours_elapse)
{
	ClockFold fold;
	int64_t begin = moment_of(day_of(2025, 10, 25), 22 * 3600, &fold);
	Expr *expr = make(EXPR_MOMENT_ADD, moment, 2, constant(begin, moment), constant(1, days));
	ck_assert_int_eq(run(expr, NULL).n, begin + 25 * 3600);
	expr->arg[1] = constant(24 * 3600, seconds);
	ck_assert_int_eq(run(expr, NULL).n, begin + 24 * 3600);
}
END_TEST

/* The very case of law 9. */
START_TEST(law9_a_sleep_in_over_the_change_lasts_ten_hours)
{
	ClockFold fold;
	int64_t from = moment_of(day_of(2025, 10, 25), 22 * 3600, &fold);
	int64_t to = moment_of(day_of(2025, 10, 26), 7 * 3600, &fold);
	Expr *expr = make(EXPR_MOMENT_DIFF, seconds, 2, constant(to, moment), constant(from, moment));
	ck_assert(run(expr, NULL).q.n == 10 * 3600);
}
END_TEST

/* ---- exceptions ---- */

enum { MOST = 3 };

/*
 * Slot 0: what the base gives; slots 1, 2, 3: whether each exception holds;
 * they give 10, 20, 30 unless told otherwise. Three exceptions are the fewest
 * in which ranks can be partial.
 */
typedef struct Case {
	Exception except[MOST];
	Define define;
	Rulebook book;
	int n;
} Case;

static void begin_case(Case *c, int n)
{
	static const char *const label[MOST] = {"first", "second", "third"};
	*c = (Case){.n = n};
	for (int i = 0; i < n; i++)
		c->except[i] = (Exception){.label = str_of(label[i]), .when = slot(i + 1, yes_no),
			.then = constant(10 * (i + 1), number)};
	c->define = (Define){.decl = {.name = STR("figure")}, .dataset = -1, .nparams = n + 1,
		.nslots = n + 1, .type = number, .base = slot(0, number), .except = c->except,
		.nexcepts = n};
	c->book = (Rulebook){.define = &c->define, .ndefines = 1};
}

/* Third is not looked at where the case has two. */
static Value figure(Case *c, Value base, Value a, Value b, Value third)
{
	Value slots[MOST + 1] = {base, a, b, third};
	Expr *call = make(EXPR_CALL, number, c->n + 1, slot(0, number), slot(1, yes_no),
		slot(2, yes_no), slot(3, yes_no));
	return run_in(&c->book, call, slots);
}

static bool gives(Value value, int64_t n)
{
	return value.state == STATE_KNOWN && value.q.n == n && value.q.d == 1;
}

/* The base is not looked at then: in the last line it is a fault. */
START_TEST(law7_one_exception_replaces_the_base)
{
	Case c;
	begin_case(&c, 2);
	ck_assert(gives(figure(&c, quantity(1), no(), no(), no()), 1));
	ck_assert(gives(figure(&c, quantity(1), yes(), no(), no()), 10));
	ck_assert(gives(figure(&c, state(STATE_FAULT), no(), yes(), no()), 20));
}
END_TEST

/* The first one winning silently would hide a contradiction of the contract. */
START_TEST(law7_two_that_are_not_ranked_conflict)
{
	Case c;
	begin_case(&c, 2);
	Value value = figure(&c, quantity(1), yes(), yes(), no());
	ck_assert(is(value, "conflict"));
	ck_assert(str_eq(value.why->text, STR("figure: first and second both hold")));
}
END_TEST

/* Today's sums agree; tomorrow's rates need not. */
START_TEST(s31_equal_values_still_conflict)
{
	Case c;
	begin_case(&c, 2);
	c.except[1].then = c.except[0].then;
	ck_assert(is(figure(&c, quantity(10), yes(), yes(), no()), "conflict"));
}
END_TEST

/*
 * Bits of `over` name those that it beats: 6 is the second and third, 4 the
 * third.
 */
START_TEST(s32_ranks_decide)
{
	Case c;
	begin_case(&c, 3);
	c.except[0].over = 6; /* over the second and the third */
	ck_assert(gives(figure(&c, quantity(1), yes(), yes(), yes()), 10));
	ck_assert(is(figure(&c, quantity(1), no(), yes(), yes()), "conflict"));
	c.except[1].over = 4;
	ck_assert(gives(figure(&c, quantity(1), no(), yes(), yes()), 20));
}
END_TEST

/*
 * Unknown only where the outcome could differ; two unknown ones could both
 * hold, so their values must be the same and the base's.
 */
START_TEST(s30_an_unknown_exception_that_changes_nothing)
{
	Case c;
	Value open = state(STATE_UNKNOWN);
	begin_case(&c, 2);
	ck_assert(gives(figure(&c, quantity(10), open, no(), no()), 10));
	ck_assert(is(figure(&c, quantity(1), open, no(), no()), "unknown"));
	ck_assert(is(figure(&c, quantity(10), open, open, no()), "unknown"));
	c.except[1].then = c.except[0].then; /* both may hold, and that would be a conflict (S31) */
	ck_assert(is(figure(&c, quantity(10), open, open, no()), "unknown"));
	c.except[1].over = 1;
	ck_assert(gives(figure(&c, quantity(10), open, open, no()), 10));
}
END_TEST

START_TEST(s30_one_sure_and_one_unknown)
{
	Case c;
	Value open = state(STATE_UNKNOWN);
	begin_case(&c, 2);
	ck_assert(is(figure(&c, quantity(1), yes(), open, no()), "unknown"));
	c.except[1].then = c.except[0].then; /* equal values do not help: both holding is a conflict */
	ck_assert(is(figure(&c, quantity(1), yes(), open, no()), "unknown"));
	c.except[1].over = 1; /* ranked over, they do */
	ck_assert(gives(figure(&c, quantity(1), yes(), open, no()), 10));
	c.except[0].over = 2;
	c.except[1].over = 0; /* ranked below, it does not count at all */
	c.except[1].then = constant(20, number);
	ck_assert(gives(figure(&c, quantity(1), yes(), open, no()), 10));
}
END_TEST

/*
 * An unknown exception that beats both would settle it; one that beats only the
 * first would not.
 */
START_TEST(s30_a_conflict_must_be_proved)
{
	Case c;
	begin_case(&c, 3);
	c.except[2].over = 3;
	ck_assert(is(figure(&c, quantity(1), yes(), yes(), state(STATE_UNKNOWN)), "unknown"));
	ck_assert(is(figure(&c, quantity(1), yes(), yes(), no()), "conflict"));
	c.except[2].over = 1;
	ck_assert(is(figure(&c, quantity(1), yes(), yes(), state(STATE_UNKNOWN)), "conflict"));
}
END_TEST

/* Outranked by nothing that is merely known. */
START_TEST(s34_conflict_and_fault_of_a_condition_spread)
{
	Case c;
	begin_case(&c, 2);
	ck_assert(is(figure(&c, quantity(1), state(STATE_CONFLICT), no(), no()), "conflict"));
	ck_assert(is(figure(&c, quantity(1), yes(), state(STATE_FAULT), no()), "fault"));
}
END_TEST

/* ---- tables ---- */

enum { ROWS = 3 };

/* Three rows that give 10, 20, 30; slot i says whether row i fits. */
static Value table_value(TableHit hit, Value a, Value b, Value c)
{
	TableRow row[ROWS];
	TablePeriod period = {.from = NO_DAY, .published = NO_DAY, .row = row, .nrows = ROWS};
	Table table = {.decl = {.name = STR("grid")}, .nparams = ROWS, .nslots = ROWS, .type = number,
		.hit = hit, .period = &period, .nperiods = 1};
	Rulebook book = {.table = &table, .ntables = 1};
	Value slots[ROWS] = {a, b, c};
	for (int i = 0; i < ROWS; i++)
		row[i] = (TableRow){.fits = slot(i, yes_no), .value = constant(10 * (i + 1), number)};
	Expr *expr = make(EXPR_TABLE, number, 3, slot(0, yes_no), slot(1, yes_no), slot(2, yes_no));
	return run_in(&book, expr, slots);
}

/*
 * Two sure rows are a conflict whatever an unknown third does; a fault anywhere
 * is the row's.
 */
START_TEST(s28_one_row_fits)
{
	Value open = state(STATE_UNKNOWN);
	ck_assert(gives(table_value(HIT_ONE, no(), yes(), no()), 20));
	ck_assert(is(table_value(HIT_ONE, no(), yes(), yes()), "conflict"));
	ck_assert(is(table_value(HIT_ONE, open, yes(), yes()), "conflict"));
	ck_assert(is(table_value(HIT_ONE, open, yes(), no()), "unknown"));
	ck_assert(is(table_value(HIT_ONE, yes(), no(), state(STATE_FAULT)), "fault"));
	Value none = table_value(HIT_ONE, no(), no(), no());
	ck_assert(is(none, "unknown"));
	ck_assert(str_eq(none.why->text, STR("no row fits in table grid")));
}
END_TEST

/* An unknown row above a fitting one might have been the first. */
START_TEST(s28_first_row_that_fits)
{
	Value open = state(STATE_UNKNOWN);
	ck_assert(gives(table_value(HIT_FIRST, no(), yes(), yes()), 20));
	ck_assert(is(table_value(HIT_FIRST, open, yes(), no()), "unknown"));
	ck_assert(gives(table_value(HIT_FIRST, yes(), open, no()), 10));
	/* what stands below is not asked */
	ck_assert(gives(table_value(HIT_FIRST, yes(), state(STATE_FAULT), no()), 10));
	ck_assert(is(table_value(HIT_FIRST, open, state(STATE_FAULT), no()), "unknown"));
	ck_assert(is(table_value(HIT_FIRST, no(), no(), no()), "unknown"));
}
END_TEST

/* No row at all is missing, not a total of nothing. */
START_TEST(rows_that_fit_are_added)
{
	ck_assert(gives(table_value(HIT_ADD, yes(), no(), yes()), 40));
	ck_assert(is(table_value(HIT_ADD, yes(), no(), state(STATE_UNKNOWN)), "unknown"));
	ck_assert(is(table_value(HIT_ADD, no(), no(), no()), "unknown"));
}
END_TEST

/* ---- collections ---- */

/* A dataset `item` with a key, an amount and a mark; both may be missing. */
typedef struct Item {
	int64_t amount;
	int mark;           /* 1, 0; -1: missing */
	bool missing;       /* the amount */
} Item;

enum { MOST_ITEMS = 100 };

/* A store by hand, of one dataset, in one allocation. */
typedef struct Heap {
	Field field[2];
	Dataset dataset;
	Rulebook book;
	int64_t amount[MOST_ITEMS];
	int8_t mark[MOST_ITEMS];
	uint64_t amount_known[2], mark_known[2];
	Column column[2];
	StoreTable table, *tables[1];
	Store store;
} Heap;

/* Keys rise with the rows, or fall when the table has `keys`. */
static Str heap_key(const StoreTable *table, int32_t row, Arena *to)
{
	return str_format(to, "I%03d", table->keys == NULL ? (int)row : 999 - (int)row);
}

static void fill_heap(Heap *heap, const Item *item, int n)
{
	memset(heap, 0, sizeof *heap);
	heap->field[0] = (Field){.name = STR("amount"), .column = STR("amount"), .type = number};
	heap->field[1] = (Field){.name = STR("mark"), .column = STR("mark"), .type = yes_no};
	heap->dataset = (Dataset){.decl = {.name = STR("item")}, .table = STR("items"),
		.field = heap->field, .nfields = 2};
	heap->book = (Rulebook){.dataset = &heap->dataset, .ndatasets = 1};
	for (int i = 0; i < n; i++) {
		heap->amount[i] = item[i].amount;
		heap->mark[i] = (int8_t)item[i].mark;
		if (!item[i].missing)
			bit_set(heap->amount_known, i);
		if (item[i].mark >= 0)
			bit_set(heap->mark_known, i);
	}
	heap->column[0] = (Column){heap->amount, heap->amount_known, NULL, 1, 8};
	heap->column[1] = (Column){heap->mark, heap->mark_known, NULL, 1, 1};
	heap->table = (StoreTable){.rows = n, .column = heap->column, .key = heap_key};
	heap->tables[0] = &heap->table;
	heap->store = (Store){.book = &heap->book, .table = heap->tables};
}

static Expr *field(int i, Type type)
{
	Type row = {.kind = TYPE_ROW, .scale = 1};
	Expr *expr = make(EXPR_FIELD, type, 1, slot(0, row));
	expr->ref = i;
	return expr;
}

/*
 * Where: the mark. Value: the amount, or for all and share whether it is at
 * least five.
 */
static Expr *aggregate(AggregateKind how, bool where, bool value, Type type)
{
	Type rows = {.kind = TYPE_ROWS, .scale = 1};
	bool test = how == AGG_ALL || how == AGG_SHARE;
	Expr *expr = make(EXPR_AGGREGATE, type, 4, make(EXPR_ALL_ROWS, rows, 0),
		where ? field(1, yes_no) : NULL,
		!value ? NULL : test ? compare(COMPARE_GE, field(0, number), constant(5, number))
			: field(0, number),
		how == AGG_FIRST || how == AGG_LAST ? field(0, number) : NULL);
	expr->how = (uint8_t)how;
	return expr;
}

static Value over(AggregateKind how, bool where, bool value, Type type, const Item *item, int n)
{
	Heap *heap = ARENA_NEW(&arena, Heap);
	Value slots[1] = {{0}};
	fill_heap(heap, item, n);
	Walk walk = {&heap->book, &heap->store, &law, &arena, NULL, NULL, NULL, NULL};
	return walk_expr(&walk, aggregate(how, where, value, type), slots, 0, (RowSpan){NULL, 0});
}

#define OVER(how, where, value, type, ...) \
	over(how, where, value, type, (const Item[]){__VA_ARGS__}, \
		sizeof (const Item[]){__VA_ARGS__} / sizeof(Item))

/* Zero where adding nothing has a meaning, missing where no value exists. */
START_TEST(s18_empty_collections)
{
	ck_assert(gives(over(AGG_TOTAL, true, true, number, NULL, 0), 0));
	ck_assert(gives(over(AGG_COUNT, true, false, number, NULL, 0), 0));
	ck_assert(gives(over(AGG_DISTINCT, true, true, number, NULL, 0), 0));
	ck_assert(is(over(AGG_ANY, true, false, yes_no, NULL, 0), "no"));
	ck_assert(is(over(AGG_NONE, true, false, yes_no, NULL, 0), "yes"));
	ck_assert(is(over(AGG_ALL, false, true, yes_no, NULL, 0), "yes"));
	ck_assert(is(over(AGG_AVERAGE, false, true, ratio, NULL, 0), "unknown"));
	ck_assert(is(over(AGG_LEAST, false, true, number, NULL, 0), "unknown"));
	ck_assert(is(over(AGG_FIRST, false, false, number, NULL, 0), "unknown"));
	ck_assert(is(over(AGG_SHARE, false, true, ratio, NULL, 0), "unknown"));
	ck_assert(is(over(AGG_ONLY_VALUE, false, true, number, NULL, 0), "unknown"));
}
END_TEST

/* A total that leaves out a log accuses or clears by accident (law 4). */
START_TEST(s15_one_unknown_value_makes_the_total_unknown)
{
	Item missing = {0, 1, true};
	ck_assert(gives(OVER(AGG_TOTAL, true, true, number, {3, 1, false}, {4, 1, false}), 7));
	ck_assert(is(OVER(AGG_TOTAL, true, true, number, {3, 1, false}, missing), "unknown"));
	ck_assert(is(OVER(AGG_AVERAGE, true, true, ratio, {3, 1, false}, missing), "unknown"));
	ck_assert(is(OVER(AGG_GREATEST, true, true, number, {3, 1, false}, missing), "unknown"));
	ck_assert(is(OVER(AGG_DISTINCT, true, true, number, {3, 1, false}, missing), "unknown"));
	missing.mark = 0; /* a row that is left out may lack what it likes */
	ck_assert(gives(OVER(AGG_TOTAL, true, true, number, {3, 1, false}, missing), 3));
}
END_TEST

/*
 * A value of 0 makes no difference to a total whether it counts or not; every
 * other does. Quantifiers need one sure row, or none that is open.
 */
START_TEST(s16_rows_whose_condition_is_unknown)
{
	Item open = {9, -1, false}, nothing = {0, -1, false};
	ck_assert(is(OVER(AGG_COUNT, true, false, number, {3, 1, false}, open), "unknown"));
	ck_assert(is(OVER(AGG_TOTAL, true, true, number, {3, 1, false}, open), "unknown"));
	ck_assert(gives(OVER(AGG_TOTAL, true, true, number, {3, 1, false}, nothing), 3));
	ck_assert(is(OVER(AGG_AVERAGE, true, true, ratio, {3, 1, false}, nothing), "unknown"));
	ck_assert(is(OVER(AGG_ANY, true, false, yes_no, {3, 1, false}, open), "yes"));
	ck_assert(is(OVER(AGG_ANY, true, false, yes_no, {3, 0, false}, open), "unknown"));
	ck_assert(is(OVER(AGG_NONE, true, false, yes_no, {3, 1, false}, open), "no"));
	ck_assert(is(OVER(AGG_NONE, true, false, yes_no, {3, 0, false}, open), "unknown"));
	/* the open row satisfies the condition anyway, or does not */
	ck_assert(is(OVER(AGG_ALL, true, true, yes_no, {7, 1, false}, open), "yes"));
	ck_assert(is(OVER(AGG_ALL, true, true, yes_no, {7, 1, false}, nothing), "unknown"));
	ck_assert(is(OVER(AGG_ALL, true, true, yes_no, {3, 1, false}, nothing), "no"));
}
END_TEST

/*
 * Halfway the sum does not fit 64 bits: checked at each step, the result would
 * hang on the order.
 */
START_TEST(s79_the_order_of_a_total_does_not_matter)
{
	ck_assert(gives(OVER(AGG_TOTAL, false, true, number, {INT64_MAX, 1, false}, {1, 1, false},
		{-1, 1, false}), INT64_MAX));
	ck_assert(is(OVER(AGG_TOTAL, false, true, number, {INT64_MAX, 1, false}, {1, 1, false}),
		"fault"));
}
END_TEST

/* Fractions stay fractions: the mean of 3 and 8 is 11/2, the share 2/3. */
START_TEST(values_out_of_a_collection)
{
	Item a = {3, 1, false}, b = {8, 1, false}, c = {8, 0, false};
	ck_assert(gives(OVER(AGG_LEAST, false, true, number, b, a, c), 3));
	ck_assert(gives(OVER(AGG_GREATEST, false, true, number, a, b, c), 8));
	ck_assert(gives(OVER(AGG_DISTINCT, false, true, number, b, a, c), 2));
	ck_assert(gives(OVER(AGG_ONLY_VALUE, false, true, number, b, c), 8));
	ck_assert(is(OVER(AGG_ONLY_VALUE, false, true, number, a, c), "unknown"));
	Value mean = OVER(AGG_AVERAGE, false, true, ratio, a, b);
	ck_assert(mean.q.n == 11 && mean.q.d == 2);
	Value share = OVER(AGG_SHARE, false, true, ratio, a, b, c);
	ck_assert(share.q.n == 2 && share.q.d == 3);
	/* ties of first and last go to the earlier and the later key */
	ck_assert_int_eq(OVER(AGG_FIRST, false, false, number, b, c, b).n, 0);
	ck_assert_int_eq(OVER(AGG_LAST, false, false, number, b, c, b).n, 2);
	ck_assert_int_eq(OVER(AGG_FIRST, false, false, number, b, a, c).n, 1);
}
END_TEST

/* The same rows in the other order of keys: ties, and the order of reasons, go by key alone. */
START_TEST(law8_keys_decide_and_not_rows)
{
	Item item[3] = {{8, 1, false}, {8, 0, false}, {0, 1, true}};
	Heap *heap = ARENA_NEW(&arena, Heap);
	Value slots[1] = {{0}};
	fill_heap(heap, item, 2);
	heap->table.keys = heap;
	Walk walk = {&heap->book, &heap->store, &law, &arena, NULL, NULL, NULL, NULL};
	RowSpan none = {NULL, 0};
	ck_assert_int_eq(walk_expr(&walk, aggregate(AGG_FIRST, false, false, number), slots, 0,
		none).n, 1);
	ck_assert_int_eq(walk_expr(&walk, aggregate(AGG_LAST, false, false, number), slots, 0,
		none).n, 0);
	item[0].missing = true;
	fill_heap(heap, item, 3);
	heap->table.keys = heap;
	const Why *why = walk_expr(&walk, aggregate(AGG_TOTAL, false, true, number), slots, 0,
		none).why;
	ck_assert(str_eq(why->text, STR("item.amount of item I997 is missing")));
	ck_assert(str_eq(why->next->text, STR("item.amount of item I999 is missing")));
}
END_TEST

/* By key, in order, each once: a list of facts is a letter to a provider. */
START_TEST(law4_missing_facts_are_named_once)
{
	Item missing = {0, 1, true};
	Value value = OVER(AGG_TOTAL, false, true, number, missing, {1, 1, false}, missing);
	ck_assert(str_eq(value.why->text, STR("item.amount of item I000 is missing")));
	ck_assert(str_eq(value.why->next->text, STR("item.amount of item I002 is missing")));
	ck_assert(value.why->next->next == NULL);
}
END_TEST

/* The reasons of a total over so many rows without an amount; *last is the last of them. */
static int reasons_of(int rows, const Why **last)
{
	Item item[MOST_ITEMS];
	for (int i = 0; i < rows; i++)
		item[i] = (Item){0, 1, true};
	Value value = over(AGG_TOTAL, false, true, number, item, rows);
	int n = 0;
	for (const Why *why = value.why; why != NULL; why = why->next, n++)
		*last = why;
	return n;
}

/* A hundred missing amounts give fifty lines and "and others", not a page; fifty are all told, and
 * then there are no others. */
START_TEST(reasons_are_bounded)
{
	const Why *last;
	ck_assert_int_eq(reasons_of(50, &last), 50);
	ck_assert(str_eq(last->text, STR("item.amount of item I049 is missing")));
	ck_assert_int_eq(reasons_of(51, &last), 51);
	ck_assert(str_eq(last->text, STR("and others")));
	ck_assert_int_eq(reasons_of(MOST_ITEMS, &last), 51);
	ck_assert(str_eq(last->text, STR("and others")));
}
END_TEST

/* ---- evidence ---- */

/* The trace of one expression, with nothing judged. */
static Trace traced(const Item *item, int n, const Expr *expr)
{
	Heap *heap = ARENA_NEW(&arena, Heap);
	Value slots[1] = {{0}};
	Trace trace = {0};
	fill_heap(heap, item, n);
	Walk walk = {&heap->book, &heap->store, &law, &arena, &trace, NULL, NULL, NULL};
	walk_expr(&walk, expr, slots, 0, (RowSpan){NULL, 0});
	return trace;
}

static int lines_named(const Trace *trace, const char *name)
{
	int n = 0;
	for (size_t i = 0; i < trace->line.n; i++)
		n += str_eq(trace->line.at[i].label->name, str_of(name));
	return n;
}

/*
 * The total is used twice but the evidence names each row's value once; the row
 * left out by its condition shows only that condition.
 */
START_TEST(law12_rows_that_went_in_are_listed_once)
{
	Item item[3] = {{3, 1, false}, {4, 0, false}, {5, 1, false}};
	Expr *total = aggregate(AGG_TOTAL, true, true, number);
	Trace trace = traced(item, 3, make(EXPR_ADD, number, 2, total, total));
	ck_assert_int_eq(lines_named(&trace, "item.amount"), 2);
	ck_assert_int_eq(lines_named(&trace, "item.mark"), 2);
	const TraceLine *first = &trace.line.at[1], *last = &trace.line.at[trace.line.n - 1];
	ck_assert(str_eq(first->value, STR("3")));
	ck_assert(str_eq(first->label->table, STR("items")));
	ck_assert(str_eq(trace_key(&trace, first), STR("I000")));
	ck_assert(str_eq(first->label->column, STR("amount")));
	ck_assert(str_eq(last->value, STR("8")));
	ck_assert(str_eq(last->note, STR("2 of 3 rows")));
	trace_free(&trace);
}
END_TEST

/* What is not listed is counted, so that the reader knows that the list is cut. */
START_TEST(law12_long_lists_are_cut_and_counted)
{
	Item item[MOST_ITEMS];
	for (int i = 0; i < MOST_ITEMS; i++)
		item[i] = (Item){i, 1, false};
	Trace trace = traced(item, MOST_ITEMS, aggregate(AGG_TOTAL, false, true, number));
	ck_assert_int_eq(lines_named(&trace, "item.amount"), 50);
	ck_assert(str_eq(trace.line.at[trace.line.n - 1].note, STR("100 rows, the first 50 listed")));
	trace_free(&trace);
}
END_TEST

/* Value before and after, and that the step is assumed (law 11). */
START_TEST(law3_a_rounding_shows_what_it_rounded)
{
	Rounding rounding = {.decl = {.name = STR("quarter"), .assumed = STR("not published")},
		.type = number, .how = STEP_TO, .step = 15};
	Rulebook book = {.rounding = &rounding, .nroundings = 1};
	Store store = {.book = &book};
	Trace trace = {0};
	Walk walk = {&book, &store, &law, &arena, &trace, NULL, NULL, NULL};
	Value slots[1] = {quantity(16)};
	walk_expr(&walk, make(EXPR_ROUND, number, 1, slot(0, number)), slots, 0, (RowSpan){NULL, 0});
	ck_assert_uint_eq(trace.line.n, 1);
	ck_assert(str_eq(trace.line.at[0].value, STR("15")));
	ck_assert(str_eq(trace.line.at[0].note, STR("16 before rounding")));
	ck_assert_uint_eq(trace.assumed.n, 1);
	ck_assert(str_eq(trace.assumed.at[0], STR("rounding quarter: not published")));
	trace_free(&trace);
}
END_TEST

/* £5.645 is the half penny, on either side of zero. */
START_TEST(s82_stakes_round_once_halves_away_from_zero)
{
	ck_assert_int_eq(stake_pence((Ratio){56475, 10000}), 565);
	ck_assert_int_eq(stake_pence((Ratio){5645, 1000}), 565);
	ck_assert_int_eq(stake_pence((Ratio){-5645, 1000}), -565);
	ck_assert_int_eq(stake_pence((Ratio){56449, 10000}), 564);
	ck_assert_int_eq(stake_pence((Ratio){1, 3}), 33);
}
END_TEST

/* ---- what is in force ---- */

/*
 * Two values from one day, published on different days: which holds depends on
 * --known-on; no date means no law (S3).
 */
START_TEST(law6_the_latest_from_that_is_known_holds)
{
	DatedExpr value[3] = {{.from = 10, .published = NO_DAY}, {.from = 20, .published = 30},
		{.from = 20, .published = 40}};
	Law known = {.known_on = LAST_DAY};
	ck_assert_int_eq(law_value(value, 3, &known, 9), -1);
	ck_assert_int_eq(law_value(value, 3, &known, 10), 0);
	ck_assert_int_eq(law_value(value, 3, &known, 19), 0);
	ck_assert_int_eq(law_value(value, 3, &known, 20), 2);
	known.known_on = 39;
	ck_assert_int_eq(law_value(value, 3, &known, 20), 1);
	known.known_on = 29;
	ck_assert_int_eq(law_value(value, 3, &known, 20), 0);
	ck_assert_int_eq(law_value(value, 3, &known, NO_DAY), -1);
}
END_TEST

static void add_logic(Suite *suite)
{
	TCase *logic = tcase_create("logic");
	tcase_add_checked_fixture(logic, setup, teardown);
	tcase_add_test(logic, s23_and_or_mask_all_but_faults);
	tcase_add_test(logic, not_keeps_what_is_not_known);
	tcase_add_test(logic, s21_is_known_asks_for_presence_only);
	tcase_add_test(logic, or_else_stands_in_for_the_missing_alone);
	tcase_add_test(logic, s22_if_without_an_answer);
	tcase_add_test(logic, s23_if_looks_at_one_branch);
	tcase_add_test(logic, s20_missing_compared_is_unknown);
	tcase_add_test(logic, comparisons_are_exact_across_scales);
	suite_add_tcase(suite, logic);
}

static void add_numbers(Suite *suite)
{
	TCase *numbers = tcase_create("numbers");
	tcase_add_checked_fixture(numbers, setup, teardown);
	tcase_add_test(numbers, s79_overflow_is_a_fault);
	tcase_add_test(numbers, s79_overflow_counts_the_scale);
	tcase_add_test(numbers, s77_a_quotient_is_a_fraction_in_lowest_terms);
	tcase_add_test(numbers, s19_division_by_zero_is_missing);
	tcase_add_test(numbers, states_spread_through_arithmetic);
	tcase_add_test(numbers, least_and_greatest_need_all);
	tcase_add_test(numbers, s86_halves_go_where_they_are_sent);
	tcase_add_test(numbers, s87_on_the_step_already_and_the_minimum_of_nothing);
	tcase_add_test(numbers, s88_round_then_minimum_then_maximum);
	tcase_add_test(numbers, units_count_from_a_remainder_on);
	tcase_add_test(numbers, s44_bands_hold_what_their_ends_say);
	tcase_add_test(numbers, s82_stakes_round_once_halves_away_from_zero);
	suite_add_tcase(suite, numbers);
}

static void add_dates(Suite *suite)
{
	TCase *dates = tcase_create("dates");
	tcase_add_checked_fixture(dates, setup, teardown);
	tcase_add_test(dates, s37_date_against_moment);
	tcase_add_test(dates, s38_months_end_on_the_last_day);
	tcase_add_test(dates, dates_beyond_the_years_are_faults);
	tcase_add_test(dates, s35_days_keep_the_clock_and_hours_elapse);
	tcase_add_test(dates, law9_a_sleep_in_over_the_change_lasts_ten_hours);
	tcase_add_test(dates, law6_the_latest_from_that_is_known_holds);
	suite_add_tcase(suite, dates);
}

static void add_choices(Suite *suite)
{
	TCase *choices = tcase_create("choices");
	tcase_add_checked_fixture(choices, setup, teardown);
	tcase_add_test(choices, law7_one_exception_replaces_the_base);
	tcase_add_test(choices, law7_two_that_are_not_ranked_conflict);
	tcase_add_test(choices, s31_equal_values_still_conflict);
	tcase_add_test(choices, s32_ranks_decide);
	tcase_add_test(choices, s30_an_unknown_exception_that_changes_nothing);
	tcase_add_test(choices, s30_one_sure_and_one_unknown);
	tcase_add_test(choices, s30_a_conflict_must_be_proved);
	tcase_add_test(choices, s34_conflict_and_fault_of_a_condition_spread);
	tcase_add_test(choices, s28_one_row_fits);
	tcase_add_test(choices, s28_first_row_that_fits);
	tcase_add_test(choices, rows_that_fit_are_added);
	suite_add_tcase(suite, choices);
}

static void add_collections(Suite *suite)
{
	TCase *collections = tcase_create("collections");
	tcase_add_checked_fixture(collections, setup, teardown);
	tcase_add_test(collections, s18_empty_collections);
	tcase_add_test(collections, s15_one_unknown_value_makes_the_total_unknown);
	tcase_add_test(collections, s16_rows_whose_condition_is_unknown);
	tcase_add_test(collections, s79_the_order_of_a_total_does_not_matter);
	tcase_add_test(collections, values_out_of_a_collection);
	tcase_add_test(collections, law8_keys_decide_and_not_rows);
	tcase_add_test(collections, law4_missing_facts_are_named_once);
	tcase_add_test(collections, reasons_are_bounded);
	tcase_add_test(collections, law12_rows_that_went_in_are_listed_once);
	tcase_add_test(collections, law12_long_lists_are_cut_and_counted);
	tcase_add_test(collections, law3_a_rounding_shows_what_it_rounded);
	suite_add_tcase(suite, collections);
}

Suite *walk_suite(void)
{
	Suite *suite = suite_create("walk");
	add_logic(suite);
	add_numbers(suite);
	add_dates(suite);
	add_choices(suite);
	add_collections(suite);
	return suite;
}
