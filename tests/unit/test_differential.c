/*
 * The two evaluators held against each other: random rulebooks over random stores, every subject
 * judged by both. They share the store, the calendar and base/exact.h, and nothing else.
 *
 *   random_book, random_store ──┬─ fast_rules ──> hits, counts
 *                               └─ each subject here, walk_judge ──> verdict by verdict
 *
 * The subjects are worked out here a third time, slowly, so that a subject that
 * the fast evaluator forgets is missed, and one that it invents is a hit too
 * many. A failure prints its seed.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "interp/derive_walk.h"
#include "interp/fast.h"
#include "tests/unit/random_book.h"

Suite *differential_suite(void);

#define RULES 8

typedef struct Found {
	FastHit hit;
	int64_t slot[4];
	uint8_t state[4];
	bool met;          /* the explaining evaluator came to it too */
} Found;

/* One for all seeds of a test; run_seed starts it afresh but for the two sums. */
typedef struct Bench {
	Hand hand;
	HandStore hs;
	Law law;
	VEC(Found) found;
	FastCount count[RULES], expected[RULES];
	Arena scratch;
	uint64_t seed;
	int64_t judged, hits;
	int64_t beside, drawn; /* neighbours, and debits that found something, in all seeds */
} Bench;

/* Slots are copied: the hit's own are gone when the sink returns. */
static int take(void *user, const FastHit *hit)
{
	Bench *bench = user;
	Found *found = vec_push(&bench->found);
	*found = (Found){.hit = *hit};
	for (int32_t i = 0; i < hit->nslots; i++) {
		found->slot[i] = hit->slot[i];
		found->state[i] = hit->slot_state[i];
	}
	return 0;
}

/* ---- the subjects of a rule, as the explaining evaluator sees them ---- */

static Value row_value(int64_t row)
{
	return (Value){.state = STATE_KNOWN, .n = row};
}

/* By the subject's slots; texts by content, as pointers differ. */
static Found *find(Bench *bench, int32_t rule, const Value *slot, int32_t n, Type first)
{
	for (size_t i = 0; i < bench->found.n; i++) {
		Found *found = &bench->found.at[i];
		bool same = found->hit.rule == rule && !found->met;
		for (int32_t k = 0; same && k < n; k++) {
			same = (found->state[k] == STATE_KNOWN) == (slot[k].state == STATE_KNOWN);
			if (!same || slot[k].state != STATE_KNOWN)
				continue;
			Type type = k == 0 ? first : (Type){.kind = TYPE_ERROR};
			if (bench->hand.book.rule[rule].subject == SUBJECT_GROUP)
				type = bench->hand.book.rule[rule].key[k].expr->type;
			if (type.kind != TYPE_TEXT) {
				same = found->slot[k] == slot[k].n;
				continue;
			}
			const TextCell *cell = (const TextCell *)(intptr_t)found->slot[k];
			same = str_eq((Str){cell->bytes, cell->len}, slot[k].text);
		}
		if (same)
			return found;
	}
	return NULL;
}

/*
 * Everything that a finding would hold, but for the evidence, which only one of
 * the two makes.
 */
static void compare(Bench *bench, int32_t rule, const Judgement *judged, Found *found)
{
	bool quiet = judged->verdict == VERDICT_PASS || judged->verdict == VERDICT_NOT_APPLICABLE;
	ck_assert_msg(quiet == (found == NULL), "seed %llu rule %d: verdict %d, the fast one %s",
		(unsigned long long)bench->seed, (int)rule, (int)judged->verdict,
		found == NULL ? "has no hit" : "has a hit");
	if (found == NULL)
		return;
	found->met = true;
	bench->hits++;
	const FastHit *hit = &found->hit;
	ck_assert_msg(hit->verdict == judged->verdict && hit->overflow == judged->overflow &&
		hit->on == judged->on && hit->has_stake == judged->has_stake,
		"seed %llu rule %d: verdict %d, %d; overflow %d, %d; on %d, %d; stake %d, %d",
		(unsigned long long)bench->seed, (int)rule, (int)hit->verdict, (int)judged->verdict,
		hit->overflow, judged->overflow, (int)hit->on, (int)judged->on, hit->has_stake,
		judged->has_stake);
	if (!hit->has_stake)
		return;
	ck_assert_msg(hit->stake_known == judged->stake_known && (!hit->stake_known ||
		ratio_cmp(hit->stake, judged->stake) == 0),
		"seed %llu rule %d: stake known %d, %d; %lld/%lld, %lld/%lld",
		(unsigned long long)bench->seed, (int)rule, hit->stake_known, judged->stake_known,
		(long long)hit->stake.n, (long long)hit->stake.d, (long long)judged->stake.n,
		(long long)judged->stake.d);
}

/* The scratch arena is emptied for each subject. */
static void judge(Bench *bench, int32_t number, const Value *subject, int32_t n, RowSpan group)
{
	const Rule *rule = &bench->hand.book.rule[number];
	arena_reset(&bench->scratch);
	Walk walk = {&bench->hand.book, &bench->hs.store, &bench->law, &bench->scratch, NULL, NULL,
		NULL, NULL};
	Value *slot = ARENA_ARRAY(&bench->scratch, Value, 40);
	Judgement judged;
	for (int32_t i = 0; i < n; i++)
		slot[i] = subject[i];
	walk_judge(&walk, rule, slot, group, &judged);
	FastCount *count = &bench->expected[number];
	bench->judged++;
	if (!judged.covered)
		return;
	count->seen++;
	if (!judged.inside) {
		count->outside++;
		return;
	}
	count->verdict[judged.verdict]++;
	count->overflow += judged.overflow;
	compare(bench, number, &judged,
		find(bench, number, subject, n, (Type){.kind = TYPE_ROW}));
}

/* Without a date, as subjects are settled before theirs is. */
static Value look(Bench *bench, const Expr *expr, int32_t slot, int64_t row)
{
	Walk walk = {&bench->hand.book, &bench->hs.store, &bench->law, &bench->scratch, NULL, NULL,
		NULL, NULL};
	Value *slots = ARENA_ARRAY(&bench->scratch, Value, 40);
	slots[slot] = row_value(row);
	return walk_expr(&walk, expr, slots, NO_DAY, (RowSpan){NULL, 0});
}

/* ---- by kind of subject ---- */

static uint8_t greater(uint8_t a, uint8_t b)
{
	return a > b ? a : b;
}

/* Day by day through the span, where the program steps from period to period. */
static void each_period(Bench *bench, int32_t number, int32_t row)
{
	const Rule *rule = &bench->hand.book.rule[number];
	const Calendar *calendar = &bench->hand.book.calendar[rule->calendar];
	Value from = {.n = bench->law.from}, to = {.n = bench->law.to};
	Value subject[2] = {row_value(row), {0}};
	if (rule->every_from != NULL)
		from = look(bench, rule->every_from, 0, row);
	if (rule->every_to != NULL)
		to = look(bench, rule->every_to, 0, row);
	if (to.state == STATE_UNKNOWN && rule->every_open)
		to = (Value){.n = bench->law.to};
	subject[1].state = greater(from.state, to.state);
	if (subject[1].state != STATE_KNOWN) {
		judge(bench, number, subject, 2, (RowSpan){NULL, 0});
		return;
	}
	for (int64_t day = from.n; day <= to.n; day++) {
		int32_t first = calendar_first(calendar, (int32_t)day);
		if (first == INT32_MIN || (day > from.n && first != day))
			continue;
		subject[1] = row_value(first);
		judge(bench, number, subject, 2, (RowSpan){NULL, 0});
	}
}

/* The list is copied before the scratch arena is emptied under it. */
static void each_item(Bench *bench, int32_t number, int32_t row)
{
	const Rule *rule = &bench->hand.book.rule[number];
	Arena own = {0};
	Value subject[2] = {row_value(row), {0}};
	Value list = look(bench, rule->collection, 0, row);
	if (list.state != STATE_KNOWN) {
		subject[1].state = list.state;
		judge(bench, number, subject, 2, (RowSpan){NULL, 0});
		return;
	}
	const int32_t *item = arena_copy(&own, list.rows.at, sizeof(int32_t) * (size_t)list.rows.n);
	for (int32_t i = 0; i < list.rows.n; i++) {
		subject[1] = row_value(item[i]);
		judge(bench, number, subject, 2, (RowSpan){NULL, 0});
	}
	arena_free(&own);
}

/* Whether a row is left out of all groups without asking for the date; mirrors what the header says
 * of groups that have no rows. */
static bool gated(Bench *bench, const Rule *rule, int32_t row)
{
	const Expr *gate[2] = {rule->covered, rule->filter};
	for (int i = 0; i < 2; i++) {
		if (gate[i] == NULL || gate[i]->dated)
			continue;
		Value value = look(bench, gate[i], rule->nkeys, row);
		if (value.state == STATE_KNOWN && value.n == 0)
			return i == 0 || rule->covered == NULL || rule->covered->dated ||
				look(bench, rule->covered, rule->nkeys, row).state != STATE_FAULT;
	}
	return false;
}

typedef struct TestGroup {
	Value key[2];
	int32_t *row;
	int32_t n;
} TestGroup;

/* Unknown keys are all alike (S56). */
static bool same_keys(const Rule *rule, const Value *a, const Value *b)
{
	for (int32_t k = 0; k < rule->nkeys; k++) {
		if ((a[k].state == STATE_KNOWN) != (b[k].state == STATE_KNOWN))
			return false;
		if (a[k].state == STATE_KNOWN && !value_same(rule->key[k].expr->type, a[k], b[k]))
			return false;
	}
	return true;
}

/* A search through all groups so far: slow, and right. */
static void add_to_group(Arena *own, TestGroup *group, int32_t *ngroups, const Rule *rule,
	const Value *key, int32_t row, int32_t rows)
{
	int32_t g = 0;
	while (g < *ngroups && !same_keys(rule, group[g].key, key))
		g++;
	if (g == *ngroups) {
		group[(*ngroups)++] = (TestGroup){.row = ARENA_ARRAY(own, int32_t, (size_t)rows + 1)};
		group[g].key[0] = key[0];
		group[g].key[1] = key[1];
	}
	group[g].row[group[g].n++] = row;
}

/* Keys of a row; all unknown when one is (S56). */
static void keys_of(Bench *bench, const Rule *rule, int32_t row, Value *key)
{
	uint8_t worst = STATE_KNOWN;
	for (int32_t k = 0; k < rule->nkeys; k++) {
		key[k] = look(bench, rule->key[k].expr, rule->nkeys, row);
		worst = greater(worst, key[k].state);
	}
	for (int32_t k = 0; worst != STATE_KNOWN && k < rule->nkeys; k++)
		key[k] = (Value){.state = worst};
}

/* Rows without a key are named by the first text of a rule alone. */
static void each_group(Bench *bench, int32_t number)
{
	const Rule *rule = &bench->hand.book.rule[number];
	int32_t rows = bench->hs.table[rule->dataset].rows, ngroups = 0;
	Arena own = {0};
	TestGroup *group = ARENA_ARRAY(&own, TestGroup, (size_t)rows + 1);
	/* From the last row: keys run backwards, and groups come in order of key. */
	for (int32_t row = rows; row-- > 0;) {
		Value key[2] = {{0}, {0}};
		if (gated(bench, rule, row))
			continue;
		keys_of(bench, rule, row, key);
		add_to_group(&own, group, &ngroups, rule, key, row, rows);
	}
	for (int32_t g = 0; g < ngroups; g++)
		if (!rule->follows || group[g].key[0].state == STATE_KNOWN)
			judge(bench, number, group[g].key, rule->nkeys,
				(RowSpan){group[g].row, group[g].n});
	arena_free(&own);
}

static void each_subject(Bench *bench, int32_t number)
{
	const Rule *rule = &bench->hand.book.rule[number];
	if (rule->subject == SUBJECT_GROUP) {
		each_group(bench, number);
		return;
	}
	for (int32_t row = 0; row < bench->hs.table[rule->dataset].rows; row++) {
		Value subject = row_value(row);
		if (rule->subject == SUBJECT_ROW_PERIOD)
			each_period(bench, number, row);
		else if (rule->subject == SUBJECT_ROW_IN)
			each_item(bench, number, row);
		else
			judge(bench, number, &subject, 1, (RowSpan){NULL, 0});
	}
}

/* ---- one comparison ---- */

/* Also what makes no hit: passes, rows outside, rows that do not apply. */
static void counts_agree(const Bench *bench, int32_t rule)
{
	const FastCount *a = &bench->count[rule], *b = &bench->expected[rule];
	int64_t sum = a->outside;
	for (int v = 0; v < VERDICTS; v++) {
		sum += a->verdict[v];
		ck_assert_msg(a->verdict[v] == b->verdict[v], "seed %llu rule %d verdict %d: %lld, %lld",
			(unsigned long long)bench->seed, (int)rule, v, (long long)a->verdict[v],
			(long long)b->verdict[v]);
	}
	ck_assert_int_eq(a->seen, sum);
	ck_assert_msg(a->outside == b->outside && a->overflow == b->overflow,
		"seed %llu rule %d: outside %lld, %lld; overflow %lld, %lld",
		(unsigned long long)bench->seed, (int)rule, (long long)a->outside,
		(long long)b->outside, (long long)a->overflow, (long long)b->overflow);
}

/* ---- sequences and banks ---- */

typedef struct FastSide {
	Fast *fast;
	const Store *store;
} FastSide;

static void fast_values(void *user, const Expr *expr, const Subjects *subjects, int64_t *value,
	uint8_t *state)
{
	FastSide *side = user;
	fast_over(side->fast, side->store, expr, subjects, value, state);
}

static void fast_rows(void *user, const Expr *expr, const Subjects *subjects, RowSpan *rows,
	uint8_t *state)
{
	FastSide *side = user;
	fast_lists(side->fast, side->store, expr, subjects, rows, state);
}

static bool marked(const uint64_t *bits, int32_t row)
{
	return bits != NULL && bit_get(bits, row);
}

static void sequences_agree(Bench *bench, const Derive *walk, const Derive *fast,
	StoreSequence *out)
{
	const Rulebook *book = &bench->hand.book;
	for (int32_t s = 0; s < book->nsequences; s++) {
		StoreSequence other = derive_sequence(fast, s);
		int32_t rows = bench->hs.table[book->sequence[s].dataset].rows;
		out[s] = derive_sequence(walk, s);
		for (int32_t i = 0; i < rows; i++) {
			ck_assert_msg(out[s].previous[i] == other.previous[i] &&
				out[s].next[i] == other.next[i] &&
				marked(out[s].unknown, i) == marked(other.unknown, i),
				"seed %llu sequence %d row %d", (unsigned long long)bench->seed, (int)s, (int)i);
			bench->beside += out[s].next[i] >= 0;
		}
	}
}

static bool key_same(Type type, int64_t a, int64_t b)
{
	if (type.kind != TYPE_TEXT)
		return a == b;
	return str_eq(value_of_column(type, a).text, value_of_column(type, b).text);
}

static void banks_agree(Bench *bench, const Derive *walk, const Derive *fast)
{
	const Rulebook *book = &bench->hand.book;
	for (int32_t k = 0; k < book->nbanks; k++) {
		StoreBank a, b;
		RowSpan rows = {NULL, bench->hs.table[book->bank[k].dataset].rows};
		ck_assert(derive_bank(walk, k, rows, &a) && derive_bank(fast, k, rows, &b));
		ck_assert_msg(a.accounts == b.accounts, "seed %llu bank %d: %d accounts, %d",
			(unsigned long long)bench->seed, (int)k, (int)a.accounts, (int)b.accounts);
		for (int32_t i = 0; i < a.accounts; i++) {
			bool same = derive_same(&a, i, &b, i);
			for (int32_t key = 0; same && !a.keyless[i] && key < a.nkeys; key++)
				same = key_same(book->bank[k].key[key].expr->type, a.key[key][i], b.key[key][i]);
			ck_assert_msg(same, "seed %llu bank %d account %d",
				(unsigned long long)bench->seed, (int)k, (int)i);
			for (int32_t e = a.start[i]; e < a.start[i + 1]; e++)
				bench->drawn += !a.entry[e].credit && a.entry[e].used > 0;
		}
	}
}

/* Worked out by both evaluators; the rules are judged over the neighbours so found. */
static void derived_agree(Bench *bench, Fast *fast)
{
	Arena *arena = &bench->hs.arena;
	FastSide side = {fast, &bench->hs.store};
	Derive walk = derive_by_walk(&bench->hs.store, &bench->law, arena);
	Derive other = {.store = &bench->hs.store, .law = &bench->law, .arena = arena,
		.scratch = arena, .user = &side, .values = fast_values, .lists = fast_rows};
	StoreSequence *sequence = ARENA_ARRAY(arena, StoreSequence, 2);
	sequences_agree(bench, &walk, &other, sequence);
	banks_agree(bench, &walk, &other);
	bench->hs.store.sequence = sequence;
}

/* With and without --known-on, with and without a parameter replaced. */
static void run_seed(Bench *bench, uint64_t seed, int32_t rows)
{
	Random random = {seed};
	int32_t rules[RULES];
	*bench = (Bench){.seed = seed, .judged = bench->judged, .hits = bench->hits,
		.beside = bench->beside, .drawn = bench->drawn};
	bench->law = (Law){.known_on = random_below(&random, 2) == 0 ? LAST_DAY : 20280,
		.from = 20185, .to = 20400};
	hand_begin(&bench->hand);
	random_book(&bench->hand, &random, RULES);
	Override with = {4, hand_const(&bench->hand, hand_quantity(1000), 12345)};
	if (random_below(&random, 4) == 0) {
		bench->law.with = &with;
		bench->law.nwith = 1;
	}
	random_store(&bench->hs, &bench->hand, &random, rows);
	Fast *fast = fast_new(&bench->hand.book, &bench->law);
	derived_agree(bench, fast);
	for (int32_t i = 0; i < RULES; i++)
		rules[i] = i;
	fast_rules(fast, &bench->hs.store, rules, RULES, bench->count, take, bench);
	fast_free(fast);
	for (int32_t i = 0; i < RULES; i++) {
		each_subject(bench, i);
		counts_agree(bench, i);
	}
	for (size_t i = 0; i < bench->found.n; i++)
		ck_assert_msg(bench->found.at[i].met, "seed %llu rule %d: a hit too many",
			(unsigned long long)seed, (int)bench->found.at[i].hit.rule);
	vec_free(&bench->found);
	arena_free(&bench->scratch);
	hand_store_end(&bench->hs);
	hand_end(&bench->hand);
}

START_TEST(test_small_stores)
{
	static Bench bench;
	for (uint64_t seed = 1; seed <= 600; seed++)
		run_seed(&bench, seed, (int32_t)(seed % 37));
	ck_assert_int_gt(bench.judged, 20000);
	ck_assert_int_gt(bench.hits, 5000);
	ck_assert_int_gt(bench.beside, 500);
	ck_assert_int_gt(bench.drawn, 40);
}
END_TEST

/* Long enough that lists are cut into chunks, and that indexes pay. */
START_TEST(test_larger_stores)
{
	static Bench bench;
	for (uint64_t seed = 1001; seed <= 1060; seed++)
		run_seed(&bench, seed, 200);
	ck_assert_int_gt(bench.judged, 100000);
	ck_assert_int_gt(bench.hits, 30000);
	ck_assert_int_gt(bench.beside, 400);
	ck_assert_int_gt(bench.drawn, 30);
}
END_TEST

Suite *differential_suite(void)
{
	Suite *suite = suite_create("differential");
	TCase *tcase = tcase_create("random");
	tcase_add_test(tcase, test_small_stores);
	tcase_add_test(tcase, test_larger_stores);
	suite_add_tcase(suite, tcase);
	return suite;
}
