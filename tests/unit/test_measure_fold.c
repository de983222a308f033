/*
 * Figures put together from parts. However the rows are shared out among parts, in whatever order
 * the parts are joined, and whichever evaluator looked at the rows, the results are those of one
 * look at all rows.
 *
 *   rows ─ shared out at random ─> 1 to 5 parts ─ joined in any order ─> fold
 *     └──────────────── measure_all ───────────────────────────────────> the same
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "interp/derive_walk.h"
#include "interp/fast.h"
#include "interp/measure_fold.h"
#include "interp/measure_tally.h"
#include "tests/unit/random.h"
#include "tests/unit/support.h"

Suite *measure_fold_suite(void);

#define DATASETS                                                      \
	"dataset award from awards\n"                                     \
	"  key award_ref\n"                                               \
	"  award_ref : text\n"                                            \
	"  provider : provider from provider_ref which has awards\n"      \
	"  date : date\n"                                                 \
	"  area : text\n"                                                 \
	"  price : money within -£2 to £12\n"                             \
	"  bids : count within 0 to 6\n"                                  \
	"  kind : one of (new, old)\n"                                    \
	"parameter limit : money\n"                                       \
	"  from 1 April 2024  £5.00\n  from 1 July 2025  £7.00\n"

#define HEAD(name) "kpi " name " \"A figure\"\n"                      \
	"  for each award.provider, quarter of award.date\n  among award where award.kind is new\n" \
	"  target at least 3\n  fails below 1\n  needs at least 2 awards\n"
#define MONEY_HEAD(name) "measure " name " \"A figure\"\n"            \
	"  for each award.provider, quarter of award.date\n  among award\n"

/* Every kind of aggregate that can be put together, and what stands round it. */
static const char measures[] = DATASETS
	HEAD("k1") "  figure count(award)\n"
	HEAD("k2") "  figure total(award.bids)\n"
	HEAD("k3") "  figure total(award.bids) / count(award where award.bids > 1)\n"
	HEAD("k4") "  applies when any(award.bids > 2)\n  figure distinct(award.area)\n"
	HEAD("k5") "  applies when all(a.bids >= 0 for a in award)\n  figure greatest(award.bids)\n"
	HEAD("k6") "  applies when none(award.bids > 4)\n  figure least(award.bids)\n"
	MONEY_HEAD("m1") "  figure average(award.price)\n"
	MONEY_HEAD("m2") "  figure only_value(award.price)\n"
	MONEY_HEAD("m3") "  figure total(award.price where award.price > limit)\n"
	MONEY_HEAD("m4") "  figure share(award where award.bids > 1)\n"
	MONEY_HEAD("m6") "  figure total(a.price for a in award where a.bids > 1)\n"
	MONEY_HEAD("m7") "  figure count(a in award where a.bids > 1)\n"
	MONEY_HEAD("m8") "  figure least(a.price for a in award where a.bids > 1)\n"
	MONEY_HEAD("m5") "  part new is total(a.price for a in award where a.kind is new)\n"
		"  part old is total(a.price for a in award where a.kind is old)\n"
	"measure r1 \"Rolling\"\n  for each award.provider, rolling 3 weeks of award.date\n"
	"  among award\n  figure total(award.price) / count(award)\n"
	"measure r2 \"Rolling, by text\"\n  for each award.area, rolling 2 months of award.date\n"
	"  among award where award.price < £8\n  figure distinct(award.provider)\n"
	"measure r3 \"By code\"\n  for each award.kind, month of award.date\n"
	"  among award where award.price < limit\n  figure count(award)\n";

/* ---- the merging alone ---- */

static const uint8_t kinds[] = {AGG_COUNT, AGG_TOTAL, AGG_LEAST, AGG_GREATEST, AGG_AVERAGE,
	AGG_ANY, AGG_ALL, AGG_DISTINCT, AGG_ONLY_VALUE, AGG_SHARE};
#define KINDS (int32_t)(sizeof kinds)

typedef struct Row {
	int64_t key;
	uint8_t where, state;
	int64_t n;
} Row;

static void take(Merge *merge, const Row *row)
{
	Atom key = {.n = row->key};
	MergeGroup *group = merge_group(merge, &key);
	group->kept++;
	for (int32_t i = 0; i < KINDS; i++)
		partial_take(merge, &group->leaf[i], (AggregateKind)kinds[i], row->where,
			kinds[i] != AGG_COUNT, row->state, (Atom){.n = row->n});
}

static void same_partial(const Partial *a, const Partial *b, AggregateKind kind)
{
	ck_assert_int_eq(a->rows, b->rows);
	ck_assert_int_eq(a->yes, b->yes);
	ck_assert_int_eq(a->no, b->no);
	ck_assert(a->sum == b->sum);
	ck_assert_int_eq(partial_state(a, kind), partial_state(b, kind));
	ck_assert_int_eq(a->bad.n, b->bad.n);
	ck_assert_int_eq(a->set.n, b->set.n);
	ck_assert_int_eq(a->any_value, b->any_value);
	ck_assert_int_eq(a->least, b->least);
	ck_assert_int_eq(a->greatest, b->greatest);
	ck_assert_int_eq(a->differ, b->differ);
}

static void same_groups(Merge *a, Merge *b)
{
	ck_assert_uint_eq(a->group.n, b->group.n);
	for (size_t i = 0; i < a->group.n; i++) {
		const MergeGroup *x = a->group.at[i], *y = merge_group(b, x->key);
		ck_assert_int_eq(x->kept, y->kept);
		for (int32_t k = 0; k < a->nleaves; k++)
			same_partial(&x->leaf[k], &y->leaf[k], (AggregateKind)kinds[k]);
	}
	ck_assert_uint_eq(a->group.n, b->group.n);
}

START_TEST(the_order_of_joining_does_not_matter)
{
	enum { ROWS = 60, PARTS = 4 };
	for (uint64_t seed = 1; seed <= 200; seed++) {
		Random random = {seed};
		Arena arena = {0};
		Merge all, part[PARTS], forth, back;
		merge_begin(&all, &arena, 1, KINDS, kinds);
		merge_begin(&forth, &arena, 1, KINDS, kinds);
		merge_begin(&back, &arena, 1, KINDS, kinds);
		for (int p = 0; p < PARTS; p++)
			merge_begin(&part[p], &arena, 1, KINDS, kinds);
		for (int i = 0; i < ROWS; i++) {
			Row row = {.key = (int64_t)random_below(&random, 4),
				.n = (int64_t)random_below(&random, 7) - 3};
			row.where = random_below(&random, 20) == 0 ? STATE_UNKNOWN : STATE_KNOWN;
			row.state = random_below(&random, 20) == 0 ? STATE_UNKNOWN + (uint8_t)random_below(
				&random, 3) : STATE_KNOWN;
			take(&all, &row);
			take(&part[random_below(&random, PARTS)], &row);
		}
		for (int p = 0; p < PARTS; p++) {
			merge_join(&forth, &part[p]);
			merge_join(&back, &part[PARTS - 1 - p]);
		}
		same_groups(&all, &forth);
		same_groups(&all, &back);
		for (int p = 0; p < PARTS; p++)
			merge_free(&part[p]);
		merge_free(&all);
		merge_free(&forth);
		merge_free(&back);
		arena_free(&arena);
	}
}
END_TEST

/* Lists of a few values become tables; either way a value counts once, whoever brings it. */
START_TEST(values_are_different_once)
{
	const uint8_t kind = AGG_DISTINCT;
	const Atom key = {.n = 1};
	for (int64_t most = 1; most <= 70; most++) {
		Arena arena = {0};
		Merge a, b;
		merge_begin(&a, &arena, 1, 1, &kind);
		merge_begin(&b, &arena, 1, 1, &kind);
		for (int64_t i = 0; i < most * 3; i++) {
			partial_take(&a, &merge_group(&a, &key)->leaf[0], AGG_DISTINCT, STATE_KNOWN, true,
				STATE_KNOWN, (Atom){.n = (i + i / most) % most});
			partial_take(&b, &merge_group(&b, &key)->leaf[0], AGG_DISTINCT, STATE_KNOWN, true,
				STATE_KNOWN, (Atom){.n = i % most + most / 2});
		}
		ck_assert_uint_eq(merge_group(&b, &key)->leaf[0].set.n, (uint32_t)most);
		merge_join(&a, &b);
		ck_assert_uint_eq(merge_group(&a, &key)->leaf[0].set.n, (uint32_t)(most + most / 2));
		merge_free(&a);
		merge_free(&b);
		arena_free(&arena);
	}
}
END_TEST

/* Numbers of groups are as they come, and stay when the table grows; a pair is there once. */
START_TEST(groups_and_pairs_are_found_again)
{
	enum { GROUPS = 5000 };
	KeyTable keys = {.nkeys = 3};
	PairTable pairs = {0};
	static int64_t small[GROUPS], large[GROUPS], half[GROUPS];
	static int32_t group[GROUPS];
	static uint8_t in[GROUPS];
	const int64_t same = 7;
	const TallyKey key[3] = {{small, 1}, {&same, 0}, {large, 1}};
	for (int32_t i = 0; i < GROUPS; i++) {
		small[i] = group[i] = i % 50;
		large[i] = INT64_MIN + i / 50;
		half[i] = i / 100;
		in[i] = i % 100 != 99;
	}
	for (int32_t round = 0; round < 4; round++) {
		for (int32_t i = 0; i < GROUPS; i++) {
			TallyRun run[2] = {{i, i + 1, i % 2}, {i, i + 1, 1}};
			keytable_find(&keys, key, run, 2);
			ck_assert_int_eq(run[0].group, i % 2 == 0 ? 0 : i + 1);
			ck_assert_int_eq(run[1].group, i + 1);
		}
		pairtable_add(&pairs, in, group, half, GROUPS);
		ck_assert_int_eq(keys.n, GROUPS);
		ck_assert_uint_eq(pairs.n, 50 * 50);
		if (round == 1) {
			keytable_clear(&keys);
			pairtable_clear(&pairs);
		}
	}
	in[98] = in[99] = in[49] = 0;
	pairtable_clear(&pairs);
	pairtable_add(&pairs, in, group, half, 100);
	ck_assert_uint_eq(pairs.n, 49);
	keytable_free(&keys);
	pairtable_free(&pairs);
}
END_TEST

enum { BATCH_ROWS = 200, BATCH_GROUPS = 5 };

typedef struct Batch {
	TallyRun run[BATCH_ROWS];
	uint8_t in[BATCH_ROWS];
	int64_t value[BATCH_ROWS];
	int32_t upto[BATCH_ROWS + 1], n, nruns;
	Tally plain[BATCH_GROUPS]; /* each row added to its group's by itself */
} Batch;

static void add_row(Tally *to, int64_t value)
{
	to->sum += value;
	to->yes++;
	to->least = to->rows == 0 || value < to->least ? value : to->least;
	to->greatest = to->rows == 0 || value > to->greatest ? value : to->greatest;
	to->rows++;
}

static void batch_fill(Batch *batch, Random *random)
{
	*batch = (Batch){.n = 1 + (int32_t)random_below(random, BATCH_ROWS)};
	for (int32_t i = 0; i < batch->n; i++) {
		int32_t group = (int32_t)random_below(random, BATCH_GROUPS);
		if (i == 0 || random_below(random, 4) == 0)
			batch->run[batch->nruns++] = (TallyRun){i, i, group};
		TallyRun *run = &batch->run[batch->nruns - 1];
		run->to = i + 1;
		batch->in[i] = random_below(random, 3) > 0;
		batch->value[i] = random_below(random, 9) == 0 ? INT64_MIN + i
			: (int64_t)random_below(random, 5) - 2;
		if (batch->in[i] != 0)
			add_row(&batch->plain[run->group], batch->value[i]);
	}
}

/* In place as well, and what is left out before stays out. */
START_TEST(where_a_value_is_not_0)
{
	uint8_t in[6] = {1, 1, 0, 1, 0, 1}, to[6];
	const int64_t value[6] = {0, 2, 1, INT64_MIN, 0, -1};
	const uint8_t left[6] = {0, 1, 0, 1, 0, 1};
	const int32_t before[7] = {0, 0, 1, 1, 2, 2, 3};
	int32_t upto[7];
	tally_where(in, value, 6, to, upto);
	ck_assert_mem_eq(to, left, sizeof left);
	ck_assert_mem_eq(upto, before, sizeof before);
	tally_where(in, value, 6, in, upto);
	ck_assert_mem_eq(in, left, sizeof left);
	ck_assert_mem_eq(upto, before, sizeof before);
}
END_TEST

START_TEST(runs_come_to_what_their_rows_do)
{
	enum { LEAVES = 2 };
	for (uint64_t seed = 1; seed <= 100; seed++) {
		Random random = {seed * 31};
		Batch batch;
		Tally sums[BATCH_GROUPS * LEAVES] = {{0}}, ends[BATCH_GROUPS * LEAVES] = {{0}};
		int64_t kept[BATCH_GROUPS] = {0};
		batch_fill(&batch, &random);
		TallyRows rows = {batch.run, batch.nruns, batch.in, batch.upto};
		tally_upto(batch.in, batch.n, batch.upto);
		int64_t all = batch.upto[batch.n];
		tally_kept(kept, &rows);
		tally_ends(ends + 1, LEAVES, &rows, batch.value);
		tally_rows(sums + 1, LEAVES, &rows);
		tally_yes(sums + 1, LEAVES, &rows);
		tally_sums(sums + 1, LEAVES, &rows, batch.value);
		for (int32_t g = 0; g < BATCH_GROUPS; g++) {
			const Tally *sum = &sums[g * LEAVES + 1], *end = &ends[g * LEAVES + 1];
			ck_assert(sum->sum == batch.plain[g].sum);
			ck_assert_int_eq(sum->rows, batch.plain[g].rows);
			ck_assert_int_eq(sum->yes, batch.plain[g].yes);
			ck_assert_int_eq(end->least, batch.plain[g].least);
			ck_assert_int_eq(end->greatest, batch.plain[g].greatest);
			ck_assert_int_eq(end->rows, batch.plain[g].rows);
			ck_assert_int_eq(kept[g], batch.plain[g].rows);
			all -= kept[g];
		}
		ck_assert_int_eq(all, 0);
	}
}
END_TEST

/* Nearly as much as a column holds, many times over: no single step is out of range (S79). */
START_TEST(sums_go_beyond_64_bits)
{
	Arena arena = {0};
	Merge a, b;
	uint8_t kind = AGG_TOTAL;
	Atom key = {.n = 1};
	merge_begin(&a, &arena, 1, 1, &kind);
	merge_begin(&b, &arena, 1, 1, &kind);
	for (int i = 0; i < 1000; i++)
		partial_take(&a, &merge_group(&a, &key)->leaf[0], AGG_TOTAL, STATE_KNOWN, true, STATE_KNOWN,
			(Atom){.n = INT64_MAX});
	for (int i = 0; i < 999; i++)
		partial_take(&b, &merge_group(&b, &key)->leaf[0], AGG_TOTAL, STATE_KNOWN, true, STATE_KNOWN,
			(Atom){.n = -INT64_MAX});
	merge_join(&a, &b);
	ck_assert(merge_group(&a, &key)->leaf[0].sum == INT64_MAX);
	merge_free(&a);
	merge_free(&b);
	arena_free(&arena);
}
END_TEST

/* The least texts, whatever came first; a greater state makes the others go. */
START_TEST(reasons_are_the_least_of_the_worst)
{
	Arena arena = {0};
	Reasons forth = {0}, back = {0};
	for (int i = 0; i < 80; i++) {
		reasons_add(&arena, &forth, STATE_UNKNOWN, str_format(&arena, "fact %02d", i));
		reasons_add(&arena, &back, STATE_UNKNOWN, str_format(&arena, "fact %02d", 79 - i));
	}
	ck_assert_int_eq(forth.n, MERGE_REASONS);
	ck_assert_int_eq(back.n, MERGE_REASONS);
	ck_assert(forth.more && back.more);
	for (int i = 0; i < MERGE_REASONS; i++)
		ck_assert(str_eq(forth.at[i], back.at[i]));
	ck_assert(str_eq(back.at[0], STR("fact 00")));
	reasons_add(&arena, &forth, STATE_UNKNOWN, STR("fact 00"));
	ck_assert_int_eq(forth.n, MERGE_REASONS);
	reasons_add(&arena, &forth, STATE_CONFLICT, STR("both hold"));
	reasons_add(&arena, &forth, STATE_UNKNOWN, STR("fact 00"));
	ck_assert_int_eq(forth.n, 1);
	ck_assert(!forth.more);
	arena_free(&arena);
}
END_TEST

/* Whatever the keys that are known beside the one that is not (S56). */
START_TEST(s56_rows_without_a_key_are_one_group)
{
	Arena arena = {0};
	Merge merge;
	uint8_t kind = AGG_COUNT;
	Atom first[2] = {{.state = STATE_UNKNOWN}, {.n = 5}}, second[2] = {{.n = 6}, {.state =
		STATE_CONFLICT}};
	merge_begin(&merge, &arena, 2, 1, &kind);
	ck_assert_ptr_eq(merge_group(&merge, first), merge_group(&merge, second));
	ck_assert_int_eq(merge_group(&merge, first)->open.state, STATE_CONFLICT);
	ck_assert_uint_eq(merge.group.n, 1);
	merge_free(&merge);
	arena_free(&arena);
}
END_TEST

/* ---- against one look at all rows ---- */

typedef struct Bench {
	Fixture fixture;
	Arena arena;
	Law law;
	const Store *store;
	Walk walk;
	bool *whole;
	Fast *fast;
} Bench;

/* Behind a word that belongs to the value. */
static void put_cell(Buf *buf, Random *random, const char *word, uint64_t below)
{
	buf_puts(buf, " | ");
	if (random_below(random, 12) > 0)
		buf_printf(buf, "%s%d", word, (int)random_below(random, below));
}

static void put_rows(Buf *buf, Random *random, int rows, bool missing)
{
	buf_puts(buf, "scenario \"random\"\n"
		"  given provider\n    | provider_ref |\n    | P1 |\n    | P0 |\n"
		"  audit from 1 June 2025 to 31 December 2025\n"
		"  given award\n    | award_ref | provider | date | area | price | bids | kind |\n");
	for (int i = 0; i < rows; i++) {
		buf_printf(buf, "    | A%d | P%d", i, (int)random_below(random, 2));
		buf_printf(buf, " | 2025-0%d-%02d", 3 + (int)random_below(random, 6),
			1 + (int)random_below(random, 28));
		if (missing) {
			put_cell(buf, random, "north ", 3);
			put_cell(buf, random, "£", random_below(random, 2) == 0 ? 1 : 10);
			put_cell(buf, random, "", 4);
		} else {
			buf_printf(buf, " | north %d | £%d | %d", (int)random_below(random, 3),
				(int)random_below(random, 10), (int)random_below(random, 6));
		}
		uint64_t dice = random_below(random, missing ? 10 : 9);
		buf_puts(buf, dice == 9 ? " | |\n" : dice < 3 ? " | old |\n" : " | new |\n");
	}
}

static void bench_open(Bench *bench, Random *random, int rows, bool missing)
{
	Buf text = {0};
	Differences problems = {.arena = &bench->arena};
	memset(bench, 0, sizeof *bench);
	buf_puts(&text, home_care);
	buf_puts(&text, measures);
	put_rows(&text, random, rows, missing);
	fixture_open(&bench->fixture, text.at);
	buf_free(&text);
	const Rulebook *book = bench->fixture.book;
	bench->law = scenario_law(&book->scenario[0]);
	bench->store = scenario_store(book, &book->scenario[0], &bench->law, &bench->arena, &problems,
		NULL);
	vec_free(&problems.list);
	bench->walk = (Walk){.book = book, .store = bench->store, .law = &bench->law,
		.arena = &bench->arena};
	bench->whole = ARENA_ARRAY(&bench->arena, bool, (size_t)book->ndatasets + 1);
	memset(bench->whole, true, (size_t)book->ndatasets);
	bench->fast = fast_new(book, &bench->law);
}

static void bench_close(Bench *bench)
{
	fast_free(bench->fast);
	arena_free(&bench->arena);
	fixture_close(&bench->fixture);
}

/* The rows of one part: those that the dice gave it. */
static RowSpan rows_of(Bench *bench, const uint8_t *dice, int rows, int part)
{
	int32_t *row = ARENA_ARRAY(&bench->arena, int32_t, (size_t)rows + 1), n = 0;
	for (int32_t i = 0; i < rows; i++)
		if (dice[i] == part)
			row[n++] = i;
	return (RowSpan){row, n};
}

static void same_value(Type type, Value a, Value b)
{
	ck_assert_int_eq(a.state, b.state);
	if (a.state == STATE_KNOWN)
		ck_assert(value_same(type, a, b));
}

/* What could be, of figures that lack facts: law 8 holds for it as for what is. */
static void same_bound(const Measure *measure, const FigureBound *a, const FigureBound *b)
{
	ck_assert_msg(a->has_least == b->has_least && a->has_most == b->has_most, "%.*s",
		STR_ARG(measure->rule.decl.name));
	ck_assert(!a->has_least || ratio_cmp(a->least, b->least) == 0);
	ck_assert(!a->has_most || ratio_cmp(a->most, b->most) == 0);
}

static void same_result(const Measure *measure, const MeasureResult *a, const MeasureResult *b)
{
	const Type figure = measure->figure->type;
	for (int32_t k = 0; k < subject_nslots(&measure->rule); k++)
		same_value(subject_type(&measure->rule, k), a->slot[k], b->slot[k]);
	ck_assert_int_eq(a->on, b->on);
	ck_assert_int_eq(a->inside, b->inside);
	ck_assert_msg(a->status == b->status, "%.*s: %s (%.*s), %s (%.*s)",
		STR_ARG(measure->rule.decl.name), measure_status_word(a->status), STR_ARG(a->reason),
		measure_status_word(b->status), STR_ARG(b->reason));
	ck_assert_int_eq(a->overflow, b->overflow);
	ck_assert_int_eq(a->rows, b->rows);
	same_value(figure, a->figure, b->figure);
	for (int32_t i = 0; i < measure->nparts; i++)
		same_value(measure->part[i].value->type, a->part[i], b->part[i]);
	ck_assert_int_eq(a->has_margin, b->has_margin);
	ck_assert(!a->has_margin || ratio_cmp(a->margin, b->margin) == 0);
	ck_assert_int_eq(a->has_previous, b->has_previous);
	same_value(figure, a->previous, b->previous);
	ck_assert_int_eq(a->nmissing > 0, b->nmissing > 0);
	ck_assert_int_eq(a->agreed, b->agreed);
	same_bound(measure, &a->bound, &b->bound);
	for (int32_t i = 0; i < measure->nparts; i++)
		same_bound(measure, &a->part_bound[i], &b->part_bound[i]);
}

/* What is asked of the scans: by the fast evaluator; with sums that go on from part to part; with
 * all rows in one part that nothing is added to. */
enum { FAST = 1, SUMS = 2, ALONE = 4 };

static void same_results(Bench *bench, int32_t number, const uint8_t *dice, int rows, int parts,
	int how)
{
	const Measure *measure = &bench->fixture.book->measure[number];
	MeasureShape shape = measure_shape(bench->fixture.book, measure, &bench->arena);
	ck_assert_msg(shape.merges, "%.*s", STR_ARG(measure->rule.decl.name));
	Derive derive = derive_by_walk(bench->store, &bench->law, &bench->arena);
	MeasureScan scan = {.walk = bench->walk, .whole = bench->whole, .user = derive.user,
		.values = derive.values, .fast = (how & FAST) != 0 ? bench->fast : NULL,
		.sums = (how & SUMS) != 0 ? measure_sums_new() : NULL};
	bool alone = (how & ALONE) != 0;
	Merge whole;
	merge_begin(&whole, &bench->arena, measure->rule.nkeys, shape.nleaves, shape.kind);
	for (int p = parts; p-- > 0;) {
		Merge part;
		merge_begin(&part, &bench->arena, measure->rule.nkeys, shape.nleaves, shape.kind);
		MeasureTask task = {&shape, alone, (how & SUMS) != 0 || alone ? &whole : &part,
			alone && measure->window_key < 0};
		measure_scan(&scan, &task, 1, rows_of(bench, dice, rows, p));
		merge_join(&whole, &part);
		merge_free(&part);
	}
	if (scan.sums != NULL) {
		measure_sums_flush(scan.sums);
		measure_sums_flush(scan.sums); /* nothing is added twice */
		measure_sums_free(scan.sums);
	}
	MeasureResults all, put;
	measure_all(&bench->walk, measure, &all);
	measure_fold(&bench->walk, &shape, &whole, NULL, NULL, &put);
	ck_assert_uint_eq(all.list.n, put.list.n);
	for (size_t i = 0; i < all.list.n; i++)
		same_result(measure, &all.list.at[i], &put.list.at[i]);
	vec_free(&all.list);
	vec_free(&put.list);
	merge_free(&whole);
}

START_TEST(parts_come_to_the_same_as_the_whole)
{
	enum { ROWS = 70 };
	for (uint64_t seed = 1; seed <= 12; seed++) {
		Random random = {seed * 7919};
		uint8_t dice[ROWS];
		Bench bench;
		int rows = (int)random_below(&random, ROWS) + 1, parts = 1 + (int)random_below(&random, 5);
		bench_open(&bench, &random, rows, seed % 2 == 0);
		for (int i = 0; i < rows; i++)
			dice[i] = (uint8_t)random_below(&random, (uint64_t)parts);
		for (int32_t m = 0; m < bench.fixture.book->nmeasures; m++) {
			for (int how = 0; how < (parts == 1 ? 2 * ALONE : ALONE); how++)
				same_results(&bench, m, dice, rows, parts, how);
		}
		bench_close(&bench);
	}
}
END_TEST

/* All measures that begin from the same rows, in one scan each: what one of them finds is nobody
 * else's. The fast evaluator's sheets are shared, with other keys in the same slots. */
static void scan_all(Bench *bench, RowSpan rows, MeasureShape *shape, Merge *merge,
	MeasureSums *sums)
{
	const Rulebook *book = bench->fixture.book;
	MeasureScan scan = {.walk = bench->walk, .whole = bench->whole, .sums = sums,
		.fast = bench->fast};
	bool *done = ARENA_ARRAY(&bench->arena, bool, (size_t)book->nmeasures);
	for (int32_t m = 0; m < book->nmeasures; m++) {
		MeasureTask task[64];
		int32_t n = 0;
		for (int32_t o = m; o < book->nmeasures && !done[m]; o++) {
			if (done[o] || !measure_scan_together(bench->fast, &book->measure[m],
					&book->measure[o]))
				continue;
			done[o] = o != m;
			task[n++] = (MeasureTask){&shape[o], false, &merge[o], false};
		}
		if (n > 0)
			measure_scan(&scan, task, n, rows);
	}
}

START_TEST(measures_scanned_together_do_not_mix)
{
	enum { ROWS = 1500, PARTS = 3 };
	for (uint64_t seed = 1; seed <= 4; seed++) {
		Random random = {seed * 104729};
		uint8_t dice[ROWS];
		Bench bench;
		bench_open(&bench, &random, ROWS, seed % 2 == 0);
		int32_t n = bench.fixture.book->nmeasures;
		MeasureShape *shape = ARENA_ARRAY(&bench.arena, MeasureShape, (size_t)n);
		Merge *merge = ARENA_ARRAY(&bench.arena, Merge, (size_t)n);
		for (int32_t m = 0; m < n; m++) {
			shape[m] = measure_shape(bench.fixture.book, &bench.fixture.book->measure[m],
				&bench.arena);
			merge_begin(&merge[m], &bench.arena, bench.fixture.book->measure[m].rule.nkeys,
				shape[m].nleaves, shape[m].kind);
		}
		for (int i = 0; i < ROWS; i++)
			dice[i] = (uint8_t)random_below(&random, PARTS);
		MeasureSums *sums = seed > 2 ? measure_sums_new() : NULL;
		for (int p = 0; p < PARTS; p++)
			scan_all(&bench, rows_of(&bench, dice, ROWS, p), shape, merge, sums);
		if (sums != NULL) {
			measure_sums_flush(sums);
			measure_sums_free(sums);
		}
		for (int32_t m = 0; m < n; m++) {
			const Measure *measure = &bench.fixture.book->measure[m];
			MeasureResults all, put;
			measure_all(&bench.walk, measure, &all);
			measure_fold(&bench.walk, &shape[m], &merge[m], NULL, NULL, &put);
			ck_assert_uint_eq(all.list.n, put.list.n);
			for (size_t i = 0; i < all.list.n; i++)
				same_result(measure, &all.list.at[i], &put.list.at[i]);
			vec_free(&all.list);
			vec_free(&put.list);
			merge_free(&merge[m]);
		}
		bench_close(&bench);
	}
}
END_TEST

/* A row's own order, rows outside an aggregate, a value that is a quotient: all rows are needed. */
START_TEST(what_cannot_be_put_together)
{
	static const char *const figure[] = {
		"  figure last(a.bids for a in award by a.date)\n",
		"  figure count(a in award where any(b in award where b.bids > a.bids))\n",
		"  figure distinct(award.price / award.bids)\n",
		"  on greatest(award.date)\n  figure count(award)\n",
	};
	for (size_t i = 0; i < sizeof figure / sizeof *figure; i++) {
		Fixture fixture;
		Arena arena = {0};
		Buf text = {0};
		buf_puts(&text, home_care);
		buf_puts(&text, DATASETS MONEY_HEAD("m"));
		buf_puts(&text, figure[i]);
		fixture_open(&fixture, text.at);
		ck_assert_msg(!measure_shape(fixture.book, &fixture.book->measure[0],
			&arena).merges, "%s", figure[i]);
		buf_free(&text);
		arena_free(&arena);
		fixture_close(&fixture);
	}
}
END_TEST

Suite *measure_fold_suite(void)
{
	Suite *suite = suite_create("measure_fold");
	TCase *merging = tcase_create("merging"), *folding = tcase_create("folding");
	tcase_add_test(merging, the_order_of_joining_does_not_matter);
	tcase_add_test(merging, values_are_different_once);
	tcase_add_test(merging, groups_and_pairs_are_found_again);
	tcase_add_test(merging, where_a_value_is_not_0);
	tcase_add_test(merging, runs_come_to_what_their_rows_do);
	tcase_add_test(merging, sums_go_beyond_64_bits);
	tcase_add_test(merging, reasons_are_the_least_of_the_worst);
	tcase_add_test(merging, s56_rows_without_a_key_are_one_group);
	tcase_add_test(folding, parts_come_to_the_same_as_the_whole);
	tcase_add_test(folding, measures_scanned_together_do_not_mix);
	tcase_add_test(folding, what_cannot_be_put_together);
	suite_add_tcase(suite, merging);
	suite_add_tcase(suite, folding);
	return suite;
}
