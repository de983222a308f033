/*
 * The ledger of one account: S49 to S52 at their boundaries, and against a simulation that counts
 * unit by unit, day by day. What is unknown is held against every way of filling it in that a few
 * draws of luck bring up.
 */
#include <check.h>
#include <string.h>

#include "interp/bank_story.h"
#include "tests/unit/random.h"

#define MOST 12

static Arena arena;

static void begin(void)
{
	arena = (Arena){0};
}

static void end(void)
{
	arena_free(&arena);
}

static BankEntry in(int32_t day, int64_t amount, int32_t last_day)
{
	return (BankEntry){.credit = true, .amount_known = true, .day = day, .amount = amount,
		.last_day = last_day};
}

static BankEntry out(int32_t day, int64_t moment, int64_t amount)
{
	return (BankEntry){.amount_known = true, .day = day, .moment = moment, .amount = amount};
}

static BankAccount account_of(BankEntry *entry, int32_t n)
{
	return (BankAccount){.horizon = LAST_DAY, .entry = entry, .n = n};
}

static void run(BankAccount *account)
{
	ck_assert(bank_run(account, &arena));
}

static void check_day(const BankAccount *a, int32_t i, int32_t day, int64_t expired,
	int64_t balance)
{
	ck_assert_int_lt(i, a->ndays);
	ck_assert_int_eq(a->day[i].day, day);
	ck_assert_int_eq(a->day[i].known, BANK_ALL);
	ck_assert_int_eq(a->day[i].expired, expired);
	ck_assert_int_eq(a->day[i].balance, balance);
}

START_TEST(s49_usable_through_the_last_day)
{
	for (int32_t day = 141; day <= 143; day++) {
		BankEntry entry[] = {in(100, 7, 142), out(day, 0, 5)};
		BankAccount a = account_of(entry, 2);
		run(&a);
		int64_t used = day <= 142 ? 5 : 0;
		ck_assert_int_eq(entry[1].used, used);
		ck_assert_int_eq(entry[1].shortfall, 5 - used);
		ck_assert_int_eq(entry[0].expired, 7 - used);
		check_day(&a, a.ndays - 1, 143, 7 - used, 0);
	}
}
END_TEST

START_TEST(s50_one_day_expires_then_credits_then_debits)
{
	/* The debit comes first by its moment, the credit last in the source. */
	BankEntry entry[] = {out(11, INT64_MIN, 6), in(1, 4, 10), in(11, 5, 20)};
	BankAccount a = account_of(entry, 3);
	run(&a);
	ck_assert_int_eq(entry[1].expired, 4);
	ck_assert_int_eq(entry[0].used, 5);
	ck_assert_int_eq(entry[0].shortfall, 1);
	check_day(&a, 1, 11, 4, 0);
}
END_TEST

START_TEST(s50_debits_by_moment_then_source)
{
	BankEntry entry[] = {out(5, 120, 3), out(5, 60, 3), out(5, 60, 3), in(5, 7, 9)};
	BankAccount a = account_of(entry, 4);
	run(&a);
	ck_assert_int_eq(entry[1].used, 3);
	ck_assert_int_eq(entry[2].used, 3);
	ck_assert_int_eq(entry[0].used, 1);
	ck_assert_int_eq(entry[0].shortfall, 2);
}
END_TEST

START_TEST(s50_a_later_credit_cures_nothing)
{
	BankEntry entry[] = {out(5, 0, 3), in(6, 3, 9)};
	BankAccount a = account_of(entry, 2);
	run(&a);
	ck_assert_int_eq(entry[0].shortfall, 3);
	ck_assert_int_eq(entry[1].used, 0);
	ck_assert_int_eq(entry[1].expired, 3);
}
END_TEST

START_TEST(s50_what_the_ceiling_refuses_is_lost)
{
	BankEntry entry[] = {in(1, 6, 50), in(2, 6, 50), in(3, 1, 50)};
	for (int i = 0; i < 3; i++) {
		entry[i].capped = entry[i].ceiling_known = true;
		entry[i].ceiling = i < 2 ? 10 : 5;
	}
	BankAccount a = account_of(entry, 3);
	run(&a);
	ck_assert_int_eq(entry[0].lost, 0);
	ck_assert_int_eq(entry[1].lost, 2);
	ck_assert_int_eq(entry[2].lost, 1);
	ck_assert_int_eq(a.day[2].balance, 10);
	ck_assert_int_eq(a.day[1].credited, 4);
	ck_assert_int_eq(a.day[1].lost, 2);
}
END_TEST

START_TEST(s51_unknown_until_all_alive_have_expired)
{
	BankEntry entry[] = {in(1, 6, 10), in(2, 6, 12), out(5, 0, 0), in(7, 3, 30), out(13, 0, 1)};
	entry[2].amount_known = false;
	BankAccount a = account_of(entry, 5);
	run(&a);
	for (int32_t i = 0; i < a.ndays; i++)
		ck_assert_int_eq((a.day[i].known & BANK_BALANCE) != 0,
			a.day[i].day < 5 || a.day[i].day > 12);
	ck_assert_int_eq(entry[2].known, 0);
	ck_assert_int_eq(entry[0].known & BANK_USED, 0);
	ck_assert_int_eq(entry[3].used, 1);
	ck_assert_int_eq(entry[4].known, BANK_AMOUNT | BANK_USED | BANK_SHORTFALL);
	ck_assert_int_eq(entry[4].used, 1);
}
END_TEST

START_TEST(s51_a_debit_in_doubt_draws_later_credits_in)
{
	BankEntry entry[] = {in(1, 6, 10), out(5, 0, 0), in(7, 3, 30), out(8, 0, 1), out(20, 0, 1),
		in(25, 1, 60), out(31, 0, 1)};
	entry[1].amount_known = false;
	BankAccount a = account_of(entry, 7);
	run(&a);
	ck_assert_int_eq(entry[3].known, BANK_AMOUNT);
	ck_assert_int_eq(entry[4].known, BANK_AMOUNT);
	ck_assert_int_eq(entry[2].known & BANK_USED, 0);
	ck_assert_int_eq(entry[5].known & BANK_USED, BANK_USED);
	ck_assert_int_eq(entry[6].used, 1);
}
END_TEST

START_TEST(s51_a_credit_that_never_expires_leaves_it_open)
{
	BankEntry entry[] = {in(1, 6, LAST_DAY), out(5, 0, 0), in(7, 3, 30), out(1000, 0, 1)};
	entry[1].amount_known = false;
	BankAccount a = account_of(entry, 4);
	run(&a);
	ck_assert_int_eq(entry[3].known, BANK_AMOUNT);
	ck_assert(!a.balance_known);
}
END_TEST

START_TEST(in_proportion_by_largest_rest)
{
	/* 10 of 7 + 7 + 7: 3 each, one more to the oldest. */
	BankEntry entry[] = {in(1, 7, 50), in(2, 7, 50), in(3, 7, 50), out(4, 0, 10)};
	BankAccount a = account_of(entry, 4);
	a.order = BANK_IN_PROPORTION;
	run(&a);
	ck_assert_int_eq(entry[0].used, 4);
	ck_assert_int_eq(entry[1].used, 3);
	ck_assert_int_eq(entry[2].used, 3);
	StoryDraw draw[STORY_DRAWS];
	ck_assert_int_eq(story_draws(story_new(&a, &arena), 3, true, draw), 3);
	ck_assert_int_eq(draw[0].other, 0);
	ck_assert_int_eq(draw[0].amount, 4);
}
END_TEST

START_TEST(horizon_holds_what_lives)
{
	BankEntry entry[] = {in(1, 7, 50), out(50, 0, 3), in(51, 9, 90)};
	for (int32_t horizon = 49; horizon <= 51; horizon++) {
		BankAccount a = account_of(entry, 3);
		a.horizon = horizon;
		run(&a);
		int64_t balance[] = {7, 4, 9};
		ck_assert_int_eq(a.balance, balance[horizon - 49]);
		ck_assert_int_eq(entry[0].held, horizon == 51 ? 0 : balance[horizon - 49]);
		ck_assert_int_eq(entry[0].expired, horizon == 51 ? 4 : 0);
	}
}
END_TEST

START_TEST(a_credit_that_overflows_the_balance_is_in_doubt)
{
	BankEntry entry[] = {in(1, INT64_MAX, 10), in(2, 1, 5), out(3, 0, 1), out(11, 0, 1)};
	BankAccount a = account_of(entry, 4);
	run(&a);
	ck_assert_int_eq(entry[1].known, BANK_AMOUNT);
	ck_assert_int_eq(entry[2].known, BANK_AMOUNT);
	ck_assert_int_eq(entry[3].shortfall, 1);
}
END_TEST

/* ---- against a simulation ---- */

static int64_t alive_sum(const BankEntry *entry, const int64_t *rest, int32_t n)
{
	int64_t sum = 0;
	for (int32_t i = 0; i < n; i++)
		sum += entry[i].credit ? rest[i] : 0;
	return sum;
}

/* The credit that stands first in this order: by day, then as given. */
static int32_t pick(const BankEntry *entry, const int64_t *rest, int32_t n, bool newest)
{
	int32_t best = -1;
	for (int32_t i = 0; i < n; i++) {
		if (!entry[i].credit || rest[i] == 0)
			continue;
		if (best < 0 || (newest ? entry[i].day >= entry[best].day
		     : entry[i].day < entry[best].day))
			best = i;
	}
	return best;
}

/* Each credit has a right to rest / sum of every unit; one after another the units go to whoever
 * is furthest behind after all have their whole ones. */
static void spread(const BankEntry *entry, int64_t *rest, int64_t *used, int32_t n, int64_t amount)
{
	int64_t sum = alive_sum(entry, rest, n), part[MOST] = {0}, left = amount;
	for (int32_t i = 0; i < n; i++) {
		part[i] = entry[i].credit ? amount * rest[i] / sum : 0;
		left -= part[i];
	}
	for (; left > 0; left--) {
		int32_t best = -1;
		for (int32_t i = 0; i < n; i++) {
			if (!entry[i].credit || rest[i] == 0)
				continue;
			int64_t behind = amount * rest[i] - part[i] * sum;
			int64_t most = best < 0 ? 0 : amount * rest[best] - part[best] * sum;
			if (best < 0 || behind > most ||
			    (behind == most && entry[i].day < entry[best].day))
				best = i;
		}
		part[best]++;
	}
	for (int32_t i = 0; i < n; i++) {
		rest[i] -= part[i];
		used[i] += part[i];
	}
}

typedef struct Plain {
	int64_t used[MOST], expired[MOST], lost[MOST], rest[MOST];
} Plain;

static void take(const BankAccount *a, Plain *p, int32_t i)
{
	int64_t sum = alive_sum(a->entry, p->rest, a->n);
	int64_t amount = a->entry[i].amount < sum ? a->entry[i].amount : sum;
	p->used[i] = amount;
	if (a->order == BANK_IN_PROPORTION && amount > 0) {
		int64_t own = p->used[i];
		spread(a->entry, p->rest, p->used, a->n, amount);
		p->used[i] = own;
		return;
	}
	for (; amount > 0; amount--) {
		int32_t c = pick(a->entry, p->rest, a->n, a->order == BANK_NEWEST_FIRST);
		p->rest[c]--;
		p->used[c]++;
	}
}

static void simulate(const BankAccount *a, Plain *p)
{
	*p = (Plain){{0}, {0}, {0}, {0}};
	for (int32_t day = 0; day <= a->horizon && day < 60; day++) {
		for (int32_t i = 0; i < a->n; i++) {
			if (!a->entry[i].credit || a->entry[i].last_day != day - 1 || a->entry[i].day > day - 1)
				continue;
			p->expired[i] = p->rest[i];
			p->rest[i] = 0;
		}
		for (int32_t i = 0; i < a->n; i++) {
			const BankEntry *e = &a->entry[i];
			if (!e->credit || e->day != day)
				continue;
			int64_t room = e->ceiling - alive_sum(a->entry, p->rest, a->n);
			int64_t got = !e->capped || room > e->amount ? e->amount : room < 0 ? 0 : room;
			p->lost[i] = e->amount - got;
			p->rest[i] = e->last_day < day ? 0 : got;
			p->expired[i] = e->last_day < day ? got : 0;
		}
		for (int64_t moment = 0; moment < 4; moment++)
			for (int32_t i = 0; i < a->n; i++)
				if (!a->entry[i].credit && a->entry[i].day == day && a->entry[i].moment == moment)
					take(a, p, i);
	}
}

static void random_account(Random *random, BankAccount *a, BankEntry *entry)
{
	int32_t n = 1 + (int32_t)random_below(random, MOST);
	*a = account_of(entry, n);
	a->order = (BankOrder)random_below(random, 3);
	a->horizon = random_below(random, 2) == 0 ? LAST_DAY : (int32_t)random_below(random, 40);
	bool capped = random_below(random, 3) == 0;
	for (int32_t i = 0; i < n; i++) {
		int32_t day = (int32_t)random_below(random, 20);
		int64_t amount = (int64_t)random_below(random, 12);
		entry[i] = random_below(random, 2) == 0 ? out(day, (int64_t)random_below(random, 4), amount)
			: in(day, amount, day - 1 + (int32_t)random_below(random, 12));
		if (entry[i].credit && random_below(random, 8) == 0)
			entry[i].last_day = LAST_DAY;
		entry[i].capped = entry[i].ceiling_known = entry[i].credit && capped;
		entry[i].ceiling = (int64_t)random_below(random, 20);
	}
}

START_TEST(as_counted_unit_by_unit)
{
	Random random = {7};
	BankEntry entry[MOST];
	BankAccount a;
	Plain plain;
	for (int round = 0; round < 200000; round++) {
		random_account(&random, &a, entry);
		run(&a);
		simulate(&a, &plain);
		int64_t balance = alive_sum(entry, plain.rest, a.n);
		ck_assert(a.balance_known);
		ck_assert_int_eq(a.balance, balance);
		for (int32_t i = 0; i < a.n; i++) {
			if (entry[i].day > a.horizon)
				continue;
			ck_assert_int_eq(entry[i].used, plain.used[i]);
			ck_assert_int_eq(entry[i].expired, plain.expired[i]);
			ck_assert_int_eq(entry[i].lost, plain.lost[i]);
			ck_assert_int_eq(entry[i].held, plain.rest[i]);
			if (!entry[i].credit)
				ck_assert_int_eq(entry[i].shortfall, entry[i].amount - plain.used[i]);
		}
		arena_reset(&arena);
	}
}
END_TEST

/* ---- filling in what is missing ---- */

static void same_where_known(const BankEntry *before, const BankEntry *after)
{
	ck_assert_int_eq(before->known & after->known, before->known);
	if ((before->known & BANK_USED) != 0)
		ck_assert_int_eq(before->used, after->used);
	if ((before->known & BANK_EXPIRED) != 0)
		ck_assert_int_eq(before->expired, after->expired);
	if ((before->known & BANK_LOST) != 0)
		ck_assert_int_eq(before->lost, after->lost);
	if ((before->known & BANK_HELD) != 0)
		ck_assert_int_eq(before->held, after->held);
	if ((before->known & BANK_SHORTFALL) != 0)
		ck_assert_int_eq(before->shortfall, after->shortfall);
}

static const BankDay *day_of_account(const BankAccount *a, int32_t day)
{
	for (int32_t i = 0; i < a->ndays; i++)
		if (a->day[i].day == day)
			return &a->day[i];
	return NULL;
}

/* A day on which only something unknown could have expired may turn out to have been none. */
static void same_days(const BankAccount *before, const BankAccount *after)
{
	for (int32_t i = 0; i < before->ndays; i++) {
		const BankDay *x = &before->day[i], *y = day_of_account(after, x->day);
		ck_assert(y != NULL || (x->known & BANK_EXPIRED) == 0);
		if (y == NULL)
			continue;
		if ((x->known & BANK_BALANCE) != 0)
			ck_assert_int_eq(x->balance, y->balance);
		if ((x->known & BANK_AMOUNT) != 0)
			ck_assert_int_eq(x->credited, y->credited);
		if ((x->known & BANK_USED) != 0)
			ck_assert_int_eq(x->used, y->used);
		if ((x->known & BANK_EXPIRED) != 0)
			ck_assert_int_eq(x->expired, y->expired);
		if ((x->known & BANK_LOST) != 0)
			ck_assert_int_eq(x->lost, y->lost);
		if ((x->known & BANK_SHORTFALL) != 0)
			ck_assert_int_eq(x->shortfall, y->shortfall);
	}
}

START_TEST(law4_filling_in_changes_nothing_known)
{
	Random random = {11};
	BankEntry entry[MOST], filled[MOST];
	BankAccount a;
	int32_t known = 0;
	for (int round = 0; round < 40000; round++) {
		random_account(&random, &a, entry);
		for (int32_t i = 0; i < a.n; i++) {
			entry[i].amount_known = random_below(&random, 5) != 0;
			entry[i].ceiling_known = random_below(&random, 5) != 0;
		}
		run(&a);
		for (int again = 0; again < 4; again++) {
			memcpy(filled, entry, sizeof filled);
			for (int32_t i = 0; i < a.n; i++) {
				if (!filled[i].amount_known)
					filled[i].amount = (int64_t)random_below(&random, 12);
				if (!filled[i].ceiling_known)
					filled[i].ceiling = (int64_t)random_below(&random, 20);
				filled[i].amount_known = filled[i].ceiling_known = true;
			}
			BankAccount b = account_of(filled, a.n);
			b.order = a.order;
			b.horizon = a.horizon;
			run(&b);
			for (int32_t i = 0; i < a.n; i++) {
				same_where_known(&entry[i], &filled[i]);
				known += (entry[i].known & BANK_USED) != 0;
			}
			same_days(&a, &b);
			ck_assert(!a.balance_known || a.balance == b.balance);
		}
		arena_reset(&arena);
	}
	ck_assert_int_gt(known, 100000);
}
END_TEST

START_TEST(an_open_account_knows_amounts_alone)
{
	BankEntry entry[] = {in(1, 7, 50), out(50, 0, 3)};
	BankAccount a = account_of(entry, 2);
	a.open = true;
	run(&a);
	ck_assert_int_eq(entry[0].known, BANK_AMOUNT);
	ck_assert_int_eq(entry[1].known, BANK_AMOUNT);
	ck_assert_int_eq(a.ndays, 2);
	ck_assert_int_eq(a.day[1].known, 0);
	ck_assert(!a.balance_known);
}
END_TEST

/* ---- read back out of the story ---- */

#define LONG 80 /* entries: more than are listed, and some with more draws than are kept */

/* By day, as an account has them. */
static void long_account(Random *random, BankAccount *a, BankEntry *entry)
{
	int32_t day = 0;
	*a = account_of(entry, LONG);
	a->order = (BankOrder)random_below(random, 3);
	bool capped = random_below(random, 3) == 0;
	int64_t most = 1 + (int64_t)random_below(random, 30);
	for (int32_t i = 0; i < LONG; i++) {
		day += random_below(random, 3) == 0;
		int64_t amount = (int64_t)random_below(random, 20);
		entry[i] = random_below(random, 2) == 0 ? out(day, (int64_t)random_below(random, 3), amount)
			: in(day, amount * most, day - 1 + (int32_t)random_below(random, 40));
		if (random_below(random, 6) == 0)
			entry[i].last_day = LAST_DAY;
		entry[i].amount_known = random_below(random, 40) != 0;
		entry[i].capped = entry[i].ceiling_known = entry[i].credit && capped;
		entry[i].ceiling = (int64_t)random_below(random, 200);
	}
}

typedef struct Tally {
	int32_t debit, credit;   /* what is counted */
	int32_t n;
	StoryDraw first[STORY_DRAWS];
} Tally;

static void tally(void *user, int32_t debit, int32_t credit, int64_t amount)
{
	Tally *t = user;
	if (debit != t->debit && credit != t->credit)
		return;
	if (t->n < STORY_DRAWS)
		t->first[t->n] = (StoryDraw){debit == t->debit ? credit : debit, amount};
	t->n++;
}

static void hear_nothing(void *user, int32_t day)
{
	(void)user;
	(void)day;
}

static void same_draws(const Story *story, int32_t i, bool own_day, const Tally *t)
{
	StoryDraw draw[STORY_DRAWS];
	ck_assert_int_eq(story_draws(story, i, own_day, draw), t->n);
	for (int32_t k = 0; k < t->n && k < STORY_DRAWS; k++) {
		ck_assert_int_eq(draw[k].other, t->first[k].other);
		ck_assert_int_eq(draw[k].amount, t->first[k].amount);
	}
}

static void same_fate(const BankEntry *told, const BankEntry *run)
{
	ck_assert_int_eq(told->known, run->known);
	same_where_known(run, told);
}

/* The ledger run as far as the day on which the entry was settled, against what the story says of
 * that day. */
static void check_story_of(const Story *story, const BankAccount *a, int32_t i)
{
	static BankEntry then[LONG];
	const BankEntry *e = &a->entry[i];
	bool ends = e->credit && e->last_day >= e->day && e->last_day < LAST_DAY - 1;
	int32_t horizon = ends ? e->last_day + 1 : e->day;
	int32_t day = story_last_debit(story, horizon, e->day);
	Tally t = {.debit = e->credit ? -1 : i, .credit = e->credit ? i : -1};
	BankWatch watch = {&t, tally, hear_nothing};
	BankAccount again = account_of(then, a->n);
	memcpy(then, a->entry, sizeof then);
	again.order = a->order;
	again.horizon = horizon;
	again.watch = &watch;
	run(&again);
	BankEntry told = story_entry(story, i, day, horizon);
	same_fate(&told, &then[i]);
	same_draws(story, i, !ends, &t);
	int32_t n = story_entries(story, day);
	for (int32_t k = n > STORY_LISTED ? n - STORY_LISTED : 0; k < n; k++) {
		told = story_entry(story, k, day, horizon);
		same_fate(&told, &then[k]);
	}
}

START_TEST(a_story_tells_what_a_run_to_that_day_would)
{
	Random random = {13};
	BankEntry entry[LONG];
	BankAccount a;
	for (int round = 0; round < 60; round++) {
		long_account(&random, &a, entry);
		run(&a);
		const Story *story = story_new(&a, &arena);
		for (int32_t i = 0; i < a.n; i++)
			check_story_of(story, &a, i);
		arena_reset(&arena);
	}
}
END_TEST

/* Ten thousand debits on ten thousand credits that live. Were the draws kept, those in proportion
 * would need a gigabyte and a half. */
START_TEST(ten_thousand_on_ten_thousand)
{
	enum { EACH = 10000 };
	BankEntry *entry = ARENA_ARRAY(&arena, BankEntry, 2 * EACH);
	for (int32_t i = 0; i < EACH; i++) {
		entry[i] = in(0, 20000, LAST_DAY);
		entry[EACH + i] = out(1 + i / 4, 0, EACH);
	}
	BankAccount a = account_of(entry, 2 * EACH);
	a.order = (BankOrder)_i;
	run(&a);
	const Story *story = story_new(&a, &arena);
	StoryDraw draw[STORY_DRAWS];
	BankEntry last = story_entry(story, EACH - 1, 0, 0);
	ck_assert_int_eq(last.used, 0);
	ck_assert_int_eq(last.held, 20000);
	ck_assert_int_eq(entry[2 * EACH - 1].used, EACH);
	ck_assert_int_eq(story_draws(story, 2 * EACH - 1, true, draw),
		a.order == BANK_IN_PROPORTION ? EACH : 1);
	ck_assert_int_eq(draw[0].amount, a.order == BANK_IN_PROPORTION ? 1 : EACH);
	ck_assert_uint_lt(arena.bytes, 40u << 20);
}
END_TEST

Suite *bank_suite(void);
Suite *bank_suite(void)
{
	Suite *suite = suite_create("bank");
	TCase *tcase = tcase_create("bank");
	tcase_add_checked_fixture(tcase, begin, end);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, s49_usable_through_the_last_day);
	tcase_add_test(tcase, s50_one_day_expires_then_credits_then_debits);
	tcase_add_test(tcase, s50_debits_by_moment_then_source);
	tcase_add_test(tcase, s50_a_later_credit_cures_nothing);
	tcase_add_test(tcase, s50_what_the_ceiling_refuses_is_lost);
	tcase_add_test(tcase, s51_unknown_until_all_alive_have_expired);
	tcase_add_test(tcase, s51_a_debit_in_doubt_draws_later_credits_in);
	tcase_add_test(tcase, s51_a_credit_that_never_expires_leaves_it_open);
	tcase_add_test(tcase, in_proportion_by_largest_rest);
	tcase_add_test(tcase, horizon_holds_what_lives);
	tcase_add_test(tcase, a_credit_that_overflows_the_balance_is_in_doubt);
	tcase_add_test(tcase, as_counted_unit_by_unit);
	tcase_add_test(tcase, law4_filling_in_changes_nothing_known);
	tcase_add_test(tcase, an_open_account_knows_amounts_alone);
	tcase_add_test(tcase, a_story_tells_what_a_run_to_that_day_would);
	tcase_add_loop_test(tcase, ten_thousand_on_ten_thousand, BANK_OLDEST_FIRST,
		BANK_IN_PROPORTION + 1);
	suite_add_tcase(suite, tcase);
	return suite;
}
