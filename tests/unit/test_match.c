/*
 * Matching: named cases for each promise of the header, and random small timelines against an
 * oracle that tries every pairing there is. The oracle knows nothing of slots, prices or tables:
 * it compares whole pairings by the rule as the header words it, so the pairs are checked and not
 * only their number and distance.
 */
#include <check.h>
#include <stdlib.h>

#include "base/limits.h"
#include "interp/match.h"

Suite *match_suite(void);

enum { MAX = 8, CASES = 100000, HOUR = 3600, DAY = 24 * HOUR };

typedef struct Timeline {
	size_t visits, logs;
	int64_t visit_at[MAX], lo[MAX], hi[MAX], log_at[MAX];
	int32_t carers[MAX];
} Timeline;

/* Rising windows are solved in two ways, which have to agree to the pair: most tests take both. */
static const MatchLimits usual = { LIMIT_COMPONENT_PAIRS, LIMIT_FLOW_SLOTS, false };
static const MatchLimits by_flow = { LIMIT_COMPONENT_PAIRS, LIMIT_FLOW_SLOTS, true };

static MatchInput input_of(const Timeline *t)
{
	return (MatchInput){
		.visits = t->visits, .logs = t->logs, .visit_at = t->visit_at,
		.lo = t->lo, .hi = t->hi, .carers = t->carers, .log_at = t->log_at,
	};
}

static MatchStatus run(const Timeline *t, MatchLimits limits, int32_t *out)
{
	Arena arena = {0};
	MatchInput input = input_of(t);
	MatchStatus status = match_run_limited(&input, limits, &arena, out);
	arena_free(&arena);
	return status;
}

/* `before` and `after` say how far the window reaches to either side of the visit. */
static void add_visit(Timeline *t, int64_t at, int64_t before, int64_t after, int32_t carers)
{
	t->visit_at[t->visits] = at;
	t->lo[t->visits] = at - before;
	t->hi[t->visits] = at + after;
	t->carers[t->visits++] = carers;
}

static void add_log(Timeline *t, int64_t at)
{
	t->log_at[t->logs++] = at;
}

/* Both ways must give the expected visit of each log. */
static void expect(const Timeline *t, const int32_t *visit_of_log)
{
	int32_t out[MAX];
	for (int flow = 0; flow < 2; flow++) {
		ck_assert_int_eq(run(t, flow ? by_flow : usual, out), MATCH_OK);
		for (size_t log = 0; log < t->logs; log++)
			ck_assert_msg(out[log] == visit_of_log[log],
			              "flow %d: log %zu has visit %d, not %d",
			              flow, log, out[log], visit_of_log[log]);
	}
}

#define EXPECT(t, ...) expect(t, (const int32_t[]){__VA_ARGS__})

/* ---- the oracle ---- */

typedef struct Oracle {
	const Timeline *t;
	bool found;
	int pairs, best_pairs;
	int64_t distance, best_distance;
	int32_t left[MAX], best_left[MAX]; /* carers of each visit that are still without a log */
	int32_t visit[MAX], best_visit[MAX];
} Oracle;

/* The rule of the header, word for word. */
static bool better(const Oracle *o)
{
	if (!o->found || o->pairs != o->best_pairs)
		return !o->found || o->pairs > o->best_pairs;
	if (o->distance != o->best_distance)
		return o->distance < o->best_distance;
	for (size_t v = o->t->visits; v-- > 0;) {
		if (o->left[v] != o->best_left[v])
			return o->left[v] > o->best_left[v];
	}
	for (size_t log = o->t->logs; log-- > 0;) {
		if ((o->visit[log] < 0) != (o->best_visit[log] < 0))
			return o->visit[log] < 0;
	}
	for (size_t log = 0; log < o->t->logs; log++) {
		if (o->visit[log] != o->best_visit[log])
			return o->visit[log] < o->best_visit[log];
	}
	return false;
}

static void keep(Oracle *o)
{
	o->found = true;
	o->best_pairs = o->pairs;
	o->best_distance = o->distance;
	for (size_t i = 0; i < MAX; i++) {
		o->best_left[i] = o->left[i];
		o->best_visit[i] = o->visit[i];
	}
}

/* Gives each log in turn to every visit that may have it, then to none. Only branches that
 * cannot come to as many pairs as the best are cut, so every best pairing is compared. */
static void try_all(Oracle *o, size_t log)
{
	const Timeline *t = o->t;
	if (o->pairs + (int)(t->logs - log) < o->best_pairs)
		return;
	if (log == t->logs) {
		if (better(o))
			keep(o);
		return;
	}
	int64_t at = t->log_at[log];
	for (size_t v = 0; v < t->visits; v++) {
		if (o->left[v] == 0 || at < t->lo[v] || at > t->hi[v])
			continue;
		int64_t far = llabs(at - t->visit_at[v]);
		o->left[v]--;
		o->pairs++;
		o->distance += far;
		o->visit[log] = (int32_t)v;
		try_all(o, log + 1);
		o->left[v]++;
		o->pairs--;
		o->distance -= far;
	}
	o->visit[log] = -1;
	try_all(o, log + 1);
}

/* ---- random timelines ---- */

/* A generator of our own (splitmix64): the cases are the same on every machine. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static int64_t below(uint64_t *state, uint64_t n)
{
	return (int64_t)(next_random(state) % n);
}

enum { SAME, ASYMMETRIC, RISING, FREE, KINDS };

/* Windows that are the same for all, wider on one side, rising by visit (each end pushed up to the
 * one before it), and free: these may also be empty or leave out the visit's own moment. */
static void set_windows(Timeline *t, int kind, uint64_t *state)
{
	int64_t before = below(state, 6), after = kind == SAME ? before : below(state, 6);
	for (size_t v = 0; v < t->visits; v++) {
		if (kind == RISING || kind == FREE) {
			before = below(state, 7) - (kind == FREE);
			after = below(state, 7) - (kind == FREE);
		}
		t->lo[v] = t->visit_at[v] - before;
		t->hi[v] = t->visit_at[v] + after;
		if (kind == RISING && v > 0 && t->lo[v] < t->lo[v - 1])
			t->lo[v] = t->lo[v - 1];
		if (kind == RISING && v > 0 && t->hi[v] < t->hi[v - 1])
			t->hi[v] = t->hi[v - 1];
	}
}

/* Few distinct moments, so that ties and equal moments are frequent. */
static Timeline random_timeline(int kind, uint64_t *state)
{
	Timeline t = { .visits = (size_t)below(state, 6), .logs = (size_t)below(state, 7) };
	int64_t at = 0, spread = 1 + below(state, 5);
	/* Visits rise by themselves, logs are put in order one by one. */
	for (size_t v = 0; v < t.visits; v++) {
		t.visit_at[v] = at += below(state, (uint64_t)spread);
		t.carers[v] = (int32_t)below(state, 4);
	}
	uint64_t span = (uint64_t)at + 3;
	for (size_t log = 0; log < t.logs; log++) {
		size_t place = log;
		int64_t moment = below(state, span) - 1;
		for (; place > 0 && t.log_at[place - 1] > moment; place--)
			t.log_at[place] = t.log_at[place - 1];
		t.log_at[place] = moment;
	}
	set_windows(&t, kind, state);
	return t;
}

/* S60, on each kind of window, by both ways of solving. */
START_TEST(agrees_with_the_oracle)
{
	uint64_t state = (uint64_t)_i * 7919 + 1;
	size_t several = 0;
	for (int n = 0; n < CASES; n++) {
		Timeline t = random_timeline(_i, &state);
		Oracle oracle = { .t = &t };
		for (size_t v = 0; v < t.visits; v++)
			oracle.left[v] = t.carers[v];
		try_all(&oracle, 0);
		several += oracle.best_pairs > 2;
		for (int flow = 0; flow < 2; flow++) {
			int32_t out[MAX];
			ck_assert_int_eq(run(&t, flow ? by_flow : usual, out), MATCH_OK);
			for (size_t log = 0; log < t.logs; log++)
				ck_assert_msg(out[log] == oracle.best_visit[log],
				              "kind %d case %d flow %d: log %zu has %d, not %d",
				              _i, n, flow, log, out[log], oracle.best_visit[log]);
		}
	}
	/* A generator that went astray could make nothing but trivial cases, and pass. */
	ck_assert_msg(several > CASES / 10, "the cases have become too easy");
}
END_TEST

/* ---- named cases ---- */

/* No visits, no logs, neither: no arrays to look into. */
START_TEST(empty_sides)
{
	Timeline t = {0};
	ck_assert_int_eq(run(&t, usual, NULL), MATCH_OK);
	add_visit(&t, 0, 10, 10, 1);
	ck_assert_int_eq(run(&t, usual, NULL), MATCH_OK);
	Timeline logs = {0};
	add_log(&logs, 0);
	add_log(&logs, 5);
	EXPECT(&logs, -1, -1);
}
END_TEST

/* The second outside each end, and the end itself (law 10). */
START_TEST(window_ends_are_in)
{
	Timeline t = {0};
	add_visit(&t, 10 * HOUR, 900, 1800, 4);
	add_log(&t, 10 * HOUR - 901);
	add_log(&t, 10 * HOUR - 900);
	add_log(&t, 10 * HOUR + 1800);
	add_log(&t, 10 * HOUR + 1801);
	EXPECT(&t, -1, 0, 0, -1);
}
END_TEST

/* A visit that takes no log leaves it to its neighbour. */
START_TEST(nobody_to_send)
{
	Timeline t = {0};
	add_visit(&t, 0, 60, 60, 0);
	add_visit(&t, 30, 60, 60, 1);
	add_log(&t, 0);
	EXPECT(&t, 1);
	t.carers[1] = -1; /* not to be had from checked data, and no reason to crash */
	EXPECT(&t, -1);
}
END_TEST

/* Must match nothing, rather than everything between its ends. */
START_TEST(window_turned_round)
{
	Timeline t = {0};
	add_visit(&t, 100, -20, -10, 1); /* from 120 to 90: no moment lies in it */
	add_log(&t, 90);
	add_log(&t, 100);
	add_log(&t, 120);
	EXPECT(&t, -1, -1, -1);
}
END_TEST

/* A key's timeline runs on over midnight: a late visit may have a log of the next day. */
START_TEST(midnight_is_no_seam)
{
	Timeline t = {0};
	add_visit(&t, DAY - 600, 1200, 1200, 1);
	add_visit(&t, DAY + 300, 1200, 1200, 1);
	add_log(&t, DAY - 1);
	add_log(&t, DAY);
	EXPECT(&t, 0, 1);
	t.log_at[0] = t.log_at[1] = DAY + 599;
	EXPECT(&t, 0, 1);
	t.log_at[1] = DAY + 601;
	EXPECT(&t, 0, 1);
}
END_TEST

/*
 * S60's first rule: a greedy match gives the second visit its nearest log and
 * loses a pair.
 */
START_TEST(most_pairs_before_nearest)
{
	Timeline t = {0};
	add_visit(&t, 0, 100, 100, 1);
	add_visit(&t, 100, 100, 100, 1);
	add_log(&t, 90);  /* nearest to the second visit, but the first can have no other */
	add_log(&t, 200);
	EXPECT(&t, 0, 1);
}
END_TEST

/* S60's second rule decides, and at equal sums the order of visits. */
START_TEST(double_handed_takes_both)
{
	Timeline t = {0};
	add_visit(&t, 0, 100, 100, 2);
	add_visit(&t, 60, 100, 100, 1);
	add_log(&t, 10);
	add_log(&t, 20);
	EXPECT(&t, 0, 0); /* 10 + 20, not 10 + 40: the neighbour goes without */
	t.log_at[1] = 30;
	EXPECT(&t, 0, 0); /* 30 either way: the later visit goes without */
	t.log_at[1] = 31;
	EXPECT(&t, 0, 1);
}
END_TEST

/* At equal distance; a second nearer to the other decides against it. */
START_TEST(earlier_visit_keeps_the_log)
{
	Timeline t = {0};
	add_visit(&t, 0, 50, 50, 1);
	add_visit(&t, 20, 50, 50, 1);
	add_log(&t, 10);
	EXPECT(&t, 0);
	t.log_at[0] = 11;
	EXPECT(&t, 1);
	t.visit_at[1] = 0; /* the same moment: the order given decides */
	EXPECT(&t, 0);
}
END_TEST

/* As above with the sides changed: the third case is nearer to the later log. */
START_TEST(earlier_log_is_kept)
{
	Timeline t = {0};
	add_visit(&t, 10, 50, 50, 1);
	add_log(&t, 0);
	add_log(&t, 20);
	EXPECT(&t, 0, -1);
	t.log_at[0] = 20;
	EXPECT(&t, 0, -1);
	t.log_at[0] = 1;
	t.log_at[1] = 18;
	EXPECT(&t, -1, 0);
}
END_TEST

/* Both pairings have the same sum; one of the two has to be the rule (law 8). */
START_TEST(ties_do_not_cross)
{
	Timeline t = {0};
	add_visit(&t, 0, 50, 50, 1);
	add_visit(&t, 1, 50, 50, 1);
	add_log(&t, 5); /* 5 + 5 uncrossed, 6 + 4 crossed */
	add_log(&t, 6);
	EXPECT(&t, 0, 1);
}
END_TEST

/* The second window lies inside the first: a line without crossings would lose a pair. */
START_TEST(windows_can_force_a_crossing)
{
	Timeline t = {0};
	add_visit(&t, 0, 0, 10, 1);
	add_visit(&t, 1, 0, 5, 1);
	add_log(&t, 4);
	add_log(&t, 8);
	EXPECT(&t, 1, 0);
	t.hi[1] = 8; /* now both are allowed and of one length: the crossing goes */
	EXPECT(&t, 0, 1);
}
END_TEST

/* Before 1970, where division and halving by shifts go another way. */
START_TEST(moments_may_be_negative)
{
	Timeline t = {0};
	add_visit(&t, -100, 30, 30, 1);
	add_visit(&t, -50, 30, 30, 1);
	add_log(&t, -76);
	add_log(&t, -74);
	EXPECT(&t, 0, 1);
}
END_TEST

/* The ends of 64 bits: differences must not wrap round. */
START_TEST(endless_windows)
{
	Timeline t = {0};
	add_visit(&t, 0, 0, 0, 1);
	add_visit(&t, 9, 0, 0, 1);
	t.lo[0] = t.lo[1] = INT64_MIN;
	t.hi[0] = t.hi[1] = INT64_MAX;
	add_log(&t, -DAY);
	add_log(&t, 10);
	EXPECT(&t, 0, 1);
	t.log_at[0] = INT64_MIN; /* a distance that cannot be summed up is refused, not wrapped */
	t.log_at[1] = INT64_MAX;
	int32_t out[MAX];
	ck_assert_int_eq(run(&t, usual, out), MATCH_TOO_MANY_PAIRS);
	t.log_at[0] = INT64_MIN / 2;
	t.log_at[1] = 0;
	ck_assert_int_eq(run(&t, usual, out), MATCH_TOO_MANY_PAIRS);
}
END_TEST

/* ---- the order of rows ---- */

/* Rows of either side, in any order; the key settles which of two at one moment comes first. */
typedef struct Row {
	int64_t at;
	int32_t key, carers;
	int64_t before, after;
} Row;

static int by_moment_and_key(const void *left, const void *right)
{
	const Row *a = left, *b = right;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return (a->key > b->key) - (a->key < b->key);
}

static void shuffle(Row *rows, size_t n, uint64_t *state)
{
	for (size_t i = n; i > 1; i--) {
		size_t other = (size_t)below(state, i);
		Row row = rows[i - 1];
		rows[i - 1] = rows[other];
		rows[other] = row;
	}
}

/* Sorts copies of the rows, matches them, and says by key what each log has. */
static void match_rows(const Row *visits, const Row *logs, size_t n, int32_t *visit_of_key)
{
	Row v[MAX], l[MAX];
	Timeline t = {0};
	int32_t out[MAX];
	for (size_t i = 0; i < n; i++) {
		v[i] = visits[i];
		l[i] = logs[i];
	}
	qsort(v, n, sizeof *v, by_moment_and_key);
	qsort(l, n, sizeof *l, by_moment_and_key);
	for (size_t i = 0; i < n; i++) {
		add_visit(&t, v[i].at, v[i].before, v[i].after, v[i].carers);
		add_log(&t, l[i].at);
	}
	ck_assert_int_eq(run(&t, usual, out), MATCH_OK);
	for (size_t i = 0; i < n; i++)
		visit_of_key[l[i].key] = out[i] < 0 ? -1 : v[out[i]].key;
}

/* Sixteen rows shuffled four times: the same pairs by key (law 8). */
START_TEST(row_order_does_not_matter)
{
	uint64_t state = 5;
	for (int n = 0; n < 500; n++) {
		Row visits[MAX], logs[MAX];
		int32_t first[MAX], again[MAX];
		for (int i = 0; i < MAX; i++) {
			visits[i] = (Row){ below(&state, 5), i, 1 + (int32_t)below(&state, 2),
			                   below(&state, 5), below(&state, 5) };
			logs[i] = (Row){ .at = below(&state, 5), .key = i };
		}
		match_rows(visits, logs, MAX, first);
		for (int turn = 0; turn < 4; turn++) {
			shuffle(visits, MAX, &state);
			shuffle(logs, MAX, &state);
			match_rows(visits, logs, MAX, again);
			for (int i = 0; i < MAX; i++)
				ck_assert_int_eq(first[i], again[i]);
		}
	}
}
END_TEST

/* ---- limits, each at its number and one past it ---- */

static void fill_same(Timeline *t, size_t visits, size_t logs)
{
	for (size_t v = 0; v < visits; v++)
		add_visit(t, 0, 10, 10, 1);
	for (size_t log = 0; log < logs; log++)
		add_log(t, 0);
}

/* Carers count as slots, but never more than there are logs. */
START_TEST(limit_of_pairs)
{
	Timeline t = {0};
	int32_t out[MAX];
	fill_same(&t, 2, 3);
	ck_assert_int_eq(run(&t, (MatchLimits){ .pairs = 6 }, out), MATCH_OK);
	ck_assert_int_eq(run(&t, (MatchLimits){ .pairs = 5 }, out), MATCH_TOO_MANY_PAIRS);
	t.carers[1] = 16; /* three slots, since there are three logs */
	ck_assert_int_eq(run(&t, (MatchLimits){ .pairs = 12 }, out), MATCH_OK);
	ck_assert_int_eq(run(&t, (MatchLimits){ .pairs = 11 }, out), MATCH_TOO_MANY_PAIRS);
}
END_TEST

/* Two busy mornings apart are two small problems. */
START_TEST(limit_is_for_one_component)
{
	Timeline t = {0};
	fill_same(&t, 2, 2);
	add_visit(&t, 21, 10, 10, 1);
	add_visit(&t, 21, 10, 10, 1);
	add_log(&t, 21);
	add_log(&t, 21);
	int32_t out[MAX];
	ck_assert_int_eq(run(&t, (MatchLimits){ .pairs = 4 }, out), MATCH_OK);
	t.lo[2] = 0; /* joins the two */
	ck_assert_int_eq(run(&t, (MatchLimits){ .pairs = 9 }, out), MATCH_TOO_MANY_PAIRS);
	ck_assert_int_eq(run(&t, (MatchLimits){ .pairs = 10 }, out), MATCH_OK);
}
END_TEST

/* Only for windows that do not rise; those that do have the cheaper way. */
START_TEST(limit_of_flow_slots)
{
	Timeline t = {0};
	add_visit(&t, 0, 10, 10, 2);
	add_visit(&t, 1, 1, 4, 1); /* ends before the first visit's does */
	add_log(&t, 0);
	add_log(&t, 2);
	add_log(&t, 9);
	int32_t out[MAX];
	ck_assert_int_eq(run(&t, (MatchLimits){ 99, 3, false }, out), MATCH_OK);
	ck_assert_int_eq(run(&t, (MatchLimits){ 99, 2, false }, out), MATCH_TOO_MANY_SLOTS);
	t.hi[1] = 11; /* both ends rise: the limit is none of its business */
	ck_assert_int_eq(run(&t, (MatchLimits){ 99, 0, false }, out), MATCH_OK);
}
END_TEST

/* Timelines too long for a Timeline: every `step` seconds a visit, each with a log `late` after. */
typedef struct Chain {
	MatchInput in;
	int64_t *visit_at, *lo, *hi, *log_at;
	int32_t *carers, *out;
	Arena arena;
} Chain;

static Chain chain(size_t visits, size_t logs, int64_t step, int64_t reach, int64_t late)
{
	Chain c = {0};
	c.visit_at = ARENA_ARRAY(&c.arena, int64_t, visits);
	c.lo = ARENA_ARRAY(&c.arena, int64_t, visits);
	c.hi = ARENA_ARRAY(&c.arena, int64_t, visits);
	c.carers = ARENA_ARRAY(&c.arena, int32_t, visits);
	c.log_at = ARENA_ARRAY(&c.arena, int64_t, logs);
	c.out = ARENA_ARRAY(&c.arena, int32_t, logs);
	for (size_t i = 0; i < visits; i++) {
		c.visit_at[i] = (int64_t)i * step;
		c.lo[i] = c.visit_at[i] - reach;
		c.hi[i] = c.visit_at[i] + reach;
		c.carers[i] = 1;
	}
	for (size_t i = 0; i < logs; i++)
		c.log_at[i] = (int64_t)i * step + late;
	c.in = (MatchInput){ visits, logs, c.visit_at, c.lo, c.hi, c.carers, c.log_at };
	return c;
}

/* Each log with its own visit, which for these chains is the one best pairing. */
static void expect_straight(Chain *c, MatchStatus status)
{
	ck_assert_int_eq(match_run(&c->in, &c->arena, c->out), status);
	for (size_t i = 0; status == MATCH_OK && i < c->in.logs; i++)
		ck_assert_int_eq(c->out[i], (int)i);
	arena_free(&c->arena);
}

/* The limit as shipped, not only one set for the test. */
START_TEST(pairs_of_the_shipped_limit)
{
	Chain most = chain(8000, 8000, 0, 0, 0); /* all at one instant: 64 million pairs */
	expect_straight(&most, MATCH_OK);
	Chain more = chain(8000, 8001, 0, 0, 0);
	expect_straight(&more, MATCH_TOO_MANY_PAIRS);
}
END_TEST

/*
 * One window that reaches further makes the whole component take the dearer
 * way.
 */
START_TEST(slots_of_the_shipped_limit)
{
	for (size_t more = 0; more < 2; more++) {
		Chain c = chain(LIMIT_FLOW_SLOTS + more, LIMIT_FLOW_SLOTS + more, 60, 300, 7);
		c.hi[9] += 600; /* reaches further than the next visit does */
		expect_straight(&c, more ? MATCH_TOO_MANY_SLOTS : MATCH_OK);
	}
}
END_TEST

/* Were time to grow with the square, either would take minutes: the time limit would end it. */
START_TEST(long_chains_take_linear_time)
{
	Chain joined = chain(100000, 100000, 60, 300, 7);
	expect_straight(&joined, MATCH_OK);
	Chain apart = chain(1000000, 1000000, 60, 29, 7);
	expect_straight(&apart, MATCH_OK);
}
END_TEST

static TCase *named_cases(void)
{
	TCase *cases = tcase_create("named");
	tcase_add_test(cases, empty_sides);
	tcase_add_test(cases, window_ends_are_in);
	tcase_add_test(cases, nobody_to_send);
	tcase_add_test(cases, window_turned_round);
	tcase_add_test(cases, midnight_is_no_seam);
	tcase_add_test(cases, most_pairs_before_nearest);
	tcase_add_test(cases, double_handed_takes_both);
	tcase_add_test(cases, earlier_visit_keeps_the_log);
	tcase_add_test(cases, earlier_log_is_kept);
	tcase_add_test(cases, ties_do_not_cross);
	tcase_add_test(cases, windows_can_force_a_crossing);
	tcase_add_test(cases, moments_may_be_negative);
	tcase_add_test(cases, endless_windows);
	tcase_add_test(cases, row_order_does_not_matter);
	return cases;
}

Suite *match_suite(void)
{
	Suite *suite = suite_create("match");
	suite_add_tcase(suite, named_cases());

	TCase *oracle = tcase_create("oracle");
	tcase_set_timeout(oracle, 60);
	tcase_add_loop_test(oracle, agrees_with_the_oracle, 0, KINDS);
	suite_add_tcase(suite, oracle);

	TCase *limits = tcase_create("limits");
	tcase_set_timeout(limits, 30);
	tcase_add_test(limits, limit_of_pairs);
	tcase_add_test(limits, limit_is_for_one_component);
	tcase_add_test(limits, limit_of_flow_slots);
	tcase_add_test(limits, pairs_of_the_shipped_limit);
	tcase_add_test(limits, slots_of_the_shipped_limit);
	tcase_add_test(limits, long_chains_take_linear_time);
	suite_add_tcase(suite, limits);
	return suite;
}
