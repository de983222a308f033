/*
 * One account, day by day. Only days on which something happens are looked at:
 *
 *   credits by day ──────────┐
 *   credits by last day ─────┼─> next day ─> expire, credit, debit ─> a BankDay
 *   debits by day, moment ───┘
 *
 * Credits alive stand in a list, the oldest first. Those used up or expired leave it where the next
 * debit would look: at its front, at its end, or anywhere. A credit is in doubt from the first
 * entry on after which its rest is not known; while one such credit lives, so does the doubt.
 *
 *   day        1        2        5         7        8        10 ends    12 ends    30 ends
 *   entry   credit A  credit B  debit ?  credit C  debit 1
 *   doubt                       A, B     A, B      A, B, C   B, C       C          none
 *
 * With no debit on day 8, C would have stayed clear, and the balance be known from day 13 on.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* qsort_r */
#endif
#include "interp/bank.h"

#include <stdlib.h>

/* A credit as it stands. */
typedef struct Pot {
	int64_t rest;
	bool alive, doubtful;
} Pot;

typedef struct Share Share;

/* Sums of one day; each may be more than an amount can hold. */
typedef struct Sums {
	Int128 credited, used, expired, lost, shortfall;
	uint8_t known;
	bool any;
} Sums;

typedef struct Ledger {
	BankAccount *account;
	Arena *arena;
	Pot *pot;                   /* by entry */
	int32_t *credit, *dying, *debit;
	int32_t ncredits, ndying, ndebits;
	int32_t *list, from, to;    /* credits alive: list[from] .. list[to - 1] */
	int32_t clean;              /* from here on none of the list is in doubt */
	Share *share;               /* in proportion: of each of the list, and their places in line */
	int32_t *place;
	int32_t doubtful;           /* credits in doubt that live */
	int64_t balance;            /* of those that are not */
	Sums sums;
	bool ever;                  /* there was a doubt */
} Ledger;

/* ---- order ---- */

/* Days may be LAST_DAY, so that they are compared and never subtracted. */
static int days_cmp(int32_t a, int32_t b)
{
	return a < b ? -1 : a > b;
}

/* Entries of one day stay in the order in which they were given. */
static int by_day(const void *a, const void *b, void *user)
{
	const BankEntry *entry = user;
	int32_t i = *(const int32_t *)a, k = *(const int32_t *)b;
	int order = days_cmp(entry[i].day, entry[k].day);
	if (order == 0 && !entry[i].credit && entry[i].moment != entry[k].moment)
		order = entry[i].moment < entry[k].moment ? -1 : 1;
	return order != 0 ? order : i - k;
}

/* Of credits that expire on one day the older goes first; nothing but the order of a sum depends on
 * it. */
static int by_last_day(const void *a, const void *b, void *user)
{
	const BankEntry *entry = user;
	int32_t i = *(const int32_t *)a, k = *(const int32_t *)b;
	int order = days_cmp(entry[i].last_day, entry[k].last_day);
	return order != 0 ? order : i - k;
}

typedef int Order(const void *a, const void *b, void *user);

/* Entries mostly come by day, and credits expire as they came. */
static void sort(int32_t *item, int32_t n, Order *order, BankEntry *entry)
{
	for (int32_t i = 1; i < n; i++) {
		if (order(&item[i - 1], &item[i], entry) <= 0)
			continue;
		qsort_r(item, (size_t)n, sizeof *item, order, entry);
		return;
	}
}

/* A credit whose last day lies before its own is gone as soon as it comes. */
static bool stillborn(const BankEntry *entry)
{
	return entry->last_day < entry->day;
}

/* Entries behind the horizon take no part, and what an earlier working said of any of them is wiped
 * out: a ledger may be run again with another horizon. */
static void sort_entries(Ledger *l)
{
	BankEntry *entry = l->account->entry;
	size_t n = (size_t)l->account->n;
	l->pot = ARENA_ARRAY(l->arena, Pot, n + 1);
	l->credit = ARENA_ARRAY(l->arena, int32_t, n + 1);
	l->debit = ARENA_ARRAY(l->arena, int32_t, n + 1);
	l->dying = ARENA_ARRAY(l->arena, int32_t, n + 1);
	l->list = ARENA_ARRAY(l->arena, int32_t, n + 1);
	for (int32_t i = 0; i < l->account->n; i++) {
		BankEntry *e = &entry[i];
		e->used = e->expired = e->lost = e->held = e->shortfall = 0;
		e->known = e->amount_known ? BANK_AMOUNT : 0;
		if (e->day > l->account->horizon)
			continue;
		if (e->credit)
			l->credit[l->ncredits++] = i;
		else
			l->debit[l->ndebits++] = i;
		if (e->credit && e->last_day < l->account->horizon && !stillborn(e))
			l->dying[l->ndying++] = i;
	}
	sort(l->credit, l->ncredits, by_day, entry);
	sort(l->debit, l->ndebits, by_day, entry);
	sort(l->dying, l->ndying, by_last_day, entry);
}

/* ---- expiry ---- */

/* What a credit in doubt has left is not known, and so is what expires with it; but the doubt
 * that it brought ends here. */
static void expire(Ledger *l, int32_t i)
{
	Pot *pot = &l->pot[i];
	BankEntry *e = &l->account->entry[i];
	pot->alive = false;
	if (pot->doubtful) {
		l->doubtful--;
		l->sums.known &= (uint8_t)~BANK_EXPIRED;
		l->sums.any = true;
		return;
	}
	e->expired = pot->rest;
	l->balance -= pot->rest;
	l->sums.expired += pot->rest;
	l->sums.any |= pot->rest > 0;
	pot->rest = 0;
}

/* ---- doubt ---- */

/* Its rest leaves the balance, which from now on is that of the other credits alone; nobody
 * reads it while the doubt lasts. */
static void doubt(Ledger *l, int32_t i)
{
	Pot *pot = &l->pot[i];
	if (!pot->alive || pot->doubtful)
		return;
	pot->doubtful = true;
	l->account->entry[i].known &= (uint8_t)~(BANK_USED | BANK_EXPIRED | BANK_HELD);
	l->doubtful++;
	l->balance -= pot->rest;
	l->ever = true;
}

/* A debit that nobody knows the effect of: whatever it could have drawn on is in doubt. Each credit
 * is looked at once. */
static void doubt_all(Ledger *l)
{
	for (int32_t k = l->clean > l->from ? l->clean : l->from; k < l->to; k++)
		if (l->pot[l->list[k]].rest > 0)
			doubt(l, l->list[k]);
	l->clean = l->to;
}

/* ---- credits ---- */

/* What the ceiling leaves of the amount, or false when that is not known. */
static bool take_in(const Ledger *l, const BankEntry *e, int64_t *in)
{
	int64_t sum;
	*in = e->amount;
	if (!e->amount_known)
		return false;
	if (e->capped && e->amount > 0) {
		if (!e->ceiling_known || l->doubtful > 0)
			return false;
		int64_t room = e->ceiling > l->balance ? e->ceiling - l->balance : 0;
		*in = e->amount < room ? e->amount : room;
	}
	return !__builtin_add_overflow(l->balance, *in, &sum);
}

/* What is not known of a credit is in doubt from its first day. */
static void open_credit(Ledger *l, int32_t i)
{
	const BankEntry *e = &l->account->entry[i];
	l->sums.known &= (uint8_t)~(BANK_AMOUNT | (e->capped ? BANK_LOST : 0));
	l->pot[i].rest = 0;
	if (stillborn(e)) {
		l->sums.known &= (uint8_t)~BANK_EXPIRED;
		l->ever = true;
		return;
	}
	l->pot[i].alive = true;
	doubt(l, i);
	l->list[l->to++] = i;
}

/* What the ceiling leaves goes onto the list; of a stillborn credit, nothing does. */
static void credit(Ledger *l, int32_t i)
{
	BankEntry *e = &l->account->entry[i];
	int64_t in;
	l->sums.any = true;
	if (!take_in(l, e, &in)) {
		open_credit(l, i);
		return;
	}
	e->known |= BANK_LOST | BANK_USED | BANK_EXPIRED | BANK_HELD;
	e->lost = e->amount - in;
	l->sums.lost += e->lost;
	l->sums.credited += in;
	if (stillborn(e)) {
		e->expired = in;
		l->sums.expired += in;
		return;
	}
	l->pot[i] = (Pot){.rest = in, .alive = true};
	l->balance += in;
	l->list[l->to++] = i;
}

/* ---- debits ---- */

/* The one place where an amount moves from a credit to a debit, so that what is used is the same on
 * both sides. */
static void draw(Ledger *l, int32_t debit, int32_t i, int64_t amount)
{
	if (amount == 0)
		return;
	l->pot[i].rest -= amount;
	l->balance -= amount;
	l->account->entry[i].used += amount;
	l->account->entry[debit].used += amount;
	if (l->account->watch != NULL)
		l->account->watch->drawn(l->account->watch->user, debit, i, amount);
}

/* Those used up stay alive until they expire, but nothing can be drawn from them. */
static bool usable(const Ledger *l, int32_t i)
{
	return l->pot[i].alive && l->pot[i].rest > 0;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Credits leave the front of the list for good, so each is passed once. */
static void draw_oldest(Ledger *l, int32_t debit, int64_t left)
{
	while (left > 0 && l->from < l->to) {
		int32_t i = l->list[l->from];
		int64_t part = usable(l, i) ? smaller(left, l->pot[i].rest) : 0;
		draw(l, debit, i, part);
		left -= part;
		if (!usable(l, i))
			l->from++;
	}
}

/* The end of the list is its newest credit; those used up or expired are taken off on the way. */
static void draw_newest(Ledger *l, int32_t debit, int64_t left)
{
	while (left > 0 && l->from < l->to) {
		int32_t i = l->list[l->to - 1];
		int64_t part = usable(l, i) ? smaller(left, l->pot[i].rest) : 0;
		draw(l, debit, i, part);
		left -= part;
		if (!usable(l, i))
			l->to--;
	}
	if (l->clean > l->to)
		l->clean = l->to;
}

/* The part of one credit, and what was cut off it: a remainder by the balance. */
struct Share {
	int64_t part, cut;
};

/* Whether credit i is before credit k in line for a unit that is left over: the larger part cut
 * off, of equal ones the older credit. */
static bool before(const Share *share, int32_t i, int32_t k)
{
	return share[i].cut != share[k].cut ? share[i].cut > share[k].cut : i < k;
}

static void swap(int32_t *a, int32_t *b)
{
	int32_t was = *a;
	*a = *b;
	*b = was;
}

/* Moves those that are before place[0] in front of it, and returns where it then stands. The one in
 * the middle takes its turn: where rests are equal, credits are in line as they are listed. */
static int32_t split(const Share *share, int32_t *place, int32_t n)
{
	int32_t at = 0;
	swap(&place[0], &place[n / 2]);
	for (int32_t k = 1; k < n; k++)
		if (before(share, place[k], place[0]))
			swap(&place[++at], &place[k]);
	swap(&place[0], &place[at]);
	return at;
}

/* Units that are left over go one each to the first in line, for whom the line need not be
 * sorted: it is split where it matters. A credit that gets one more had something cut off, so it
 * has it. */
static void share_rest(Share *share, int32_t *place, int32_t n, int64_t left)
{
	for (int32_t k = 0; k < n; k++)
		place[k] = k;
	while (left > 0) {
		int32_t first = split(share, place, n);
		if (first >= left) {
			n = first;
			continue;
		}
		for (int32_t k = 0; k <= first; k++)
			share[place[k]].part++;
		place += first + 1;
		n -= first + 1;
		left -= first + 1;
	}
}

/* amount * rest / balance: the product of two amounts mostly fits where division is quick. */
static Share share_of(int64_t amount, int64_t rest, int64_t balance)
{
	int64_t product;
	Int128 wide;
	if (!__builtin_mul_overflow(amount, rest, &product))
		return (Share){product / balance, product % balance};
	wide = (Int128)amount * rest;
	return (Share){(int64_t)(wide / balance), (int64_t)(wide % balance)};
}

/* In whole units, of what each credit has left. */
static void draw_in_proportion(Ledger *l, int32_t debit, int64_t amount)
{
	int32_t n = 0;
	for (int32_t k = l->from; k < l->to; k++)
		if (usable(l, l->list[k]))
			l->list[n++] = l->list[k];
	l->from = l->clean = 0;
	l->to = n;
	if (l->share == NULL) {
		l->share = ARENA_ROOM(l->arena, Share, (size_t)l->ncredits);
		l->place = ARENA_ROOM(l->arena, int32_t, (size_t)l->ncredits);
	}
	int64_t left = amount;
	for (int32_t k = 0; k < n; k++) {
		l->share[k] = share_of(amount, l->pot[l->list[k]].rest, l->balance);
		left -= l->share[k].part;
	}
	share_rest(l->share, l->place, n, left);
	for (int32_t k = 0; k < n; k++)
		draw(l, debit, l->list[k], l->share[k].part);
}

/* What it draws is not known, but for two cases: there is nothing, or nothing is wanted. */
static void open_debit(Ledger *l, BankEntry *e)
{
	if (e->amount_known && e->amount == 0) {
		e->known |= BANK_USED | BANK_SHORTFALL;
		return;
	}
	l->sums.known &= (uint8_t)~BANK_SHORTFALL;
	if (l->doubtful == 0 && l->balance == 0) {
		e->known |= BANK_USED;
		return;
	}
	l->sums.known &= (uint8_t)~BANK_USED;
	doubt_all(l);
}

/* The balance is known here: there is no doubt. A debit of nothing draws nothing, and is no doubt
 * either. */
static void debit(Ledger *l, int32_t i)
{
	BankEntry *e = &l->account->entry[i];
	l->sums.any = true;
	if (!e->amount_known || l->doubtful > 0) {
		open_debit(l, e);
		return;
	}
	int64_t amount = smaller(e->amount, l->balance);
	if (amount > 0 && l->account->order == BANK_OLDEST_FIRST)
		draw_oldest(l, i, amount);
	else if (amount > 0 && l->account->order == BANK_NEWEST_FIRST)
		draw_newest(l, i, amount);
	else if (amount > 0)
		draw_in_proportion(l, i, amount);
	e->known |= BANK_USED | BANK_SHORTFALL;
	e->shortfall = e->amount - e->used;
	l->sums.used += e->used;
	l->sums.shortfall += e->shortfall;
}

/* ---- days ---- */

/* Single amounts fit, sums of a day may not: then the sum is not known, rather than wrong. */
static int64_t fitted(Int128 sum, uint8_t *known, uint8_t bit)
{
	if ((*known & bit) == 0 || !fits64(sum)) {
		*known &= (uint8_t)~bit;
		return 0;
	}
	return (int64_t)sum;
}

/* A day on which only credits expired that were used up before has nothing to tell. */
static void end_day(Ledger *l, int32_t day)
{
	Sums *s = &l->sums;
	if (!s->any)
		return;
	BankDay *out = &l->account->day[l->account->ndays++];
	*out = (BankDay){.day = day, .known = s->known};
	out->credited = fitted(s->credited, &out->known, BANK_AMOUNT);
	out->used = fitted(s->used, &out->known, BANK_USED);
	out->expired = fitted(s->expired, &out->known, BANK_EXPIRED);
	out->lost = fitted(s->lost, &out->known, BANK_LOST);
	out->shortfall = fitted(s->shortfall, &out->known, BANK_SHORTFALL);
	if (l->doubtful > 0)
		out->known &= (uint8_t)~BANK_BALANCE;
	else
		out->balance = l->balance;
	if (l->account->watch != NULL)
		l->account->watch->day_ends(l->account->watch->user, day);
}

typedef struct Turn {
	int32_t credit, debit, dying;
} Turn;

/* LAST_DAY: nothing is left. */
static int32_t next_day(const Ledger *l, const Turn *at)
{
	const BankEntry *entry = l->account->entry;
	int32_t day = LAST_DAY;
	if (at->credit < l->ncredits)
		day = entry[l->credit[at->credit]].day;
	if (at->debit < l->ndebits && entry[l->debit[at->debit]].day < day)
		day = entry[l->debit[at->debit]].day;
	if (at->dying < l->ndying && entry[l->dying[at->dying]].last_day + 1 < day)
		day = entry[l->dying[at->dying]].last_day + 1;
	return day;
}

/* The order of S50. */
static void run_days(Ledger *l)
{
	const BankEntry *entry = l->account->entry;
	Turn at = {0, 0, 0};
	for (int32_t day = next_day(l, &at); day != LAST_DAY; day = next_day(l, &at)) {
		l->sums = (Sums){.known = BANK_ALL};
		while (at.dying < l->ndying && entry[l->dying[at.dying]].last_day < day)
			expire(l, l->dying[at.dying++]);
		while (at.credit < l->ncredits && entry[l->credit[at.credit]].day == day)
			credit(l, l->credit[at.credit++]);
		while (at.debit < l->ndebits && entry[l->debit[at.debit]].day == day)
			debit(l, l->debit[at.debit++]);
		end_day(l, day);
	}
}

/* ---- what is left ---- */

/* Of a credit that was never in doubt everything is known, and what is left of it is held. */
static void settle_credits(Ledger *l)
{
	for (int32_t k = 0; k < l->ncredits; k++) {
		BankEntry *e = &l->account->entry[l->credit[k]];
		if ((e->known & BANK_HELD) != 0)
			e->held = l->pot[l->credit[k]].rest;
	}
}

/* Reckoned from the entries alone, beside the running balance. */
static bool adds_up(const Ledger *l)
{
	Int128 in = 0, out = 0, held = 0;
	bool good = true;
	for (int32_t i = 0; i < l->account->n; i++) {
		const BankEntry *e = &l->account->entry[i];
		if (e->day > l->account->horizon)
			continue;
		if (!e->credit && (e->known & BANK_SHORTFALL) != 0 && (e->known & BANK_USED) != 0)
			good &= (Int128)e->used + e->shortfall == e->amount;
		if (!e->credit)
			out += e->used;
		if (!e->credit || (e->known & BANK_HELD) == 0)
			continue;
		good &= (Int128)e->lost + e->used + e->expired + e->held == e->amount &&
			e->lost >= 0 && e->used >= 0 && e->expired >= 0 && e->held >= 0;
		in += e->used;
		held += e->held;
	}
	return good && held == l->balance && (l->ever || in == out);
}

/* Each day of an account of which it is not known what belongs to it. */
static void open_days(Ledger *l)
{
	const BankEntry *entry = l->account->entry;
	Turn at = {0, 0, l->ndying};
	for (int32_t day = next_day(l, &at); day != LAST_DAY; day = next_day(l, &at)) {
		while (at.credit < l->ncredits && entry[l->credit[at.credit]].day == day)
			at.credit++;
		while (at.debit < l->ndebits && entry[l->debit[at.debit]].day == day)
			at.debit++;
		l->account->day[l->account->ndays++] = (BankDay){.day = day};
	}
}

/* An open account has days on which something happened and nothing else: what it had is unknown,
 * not zero. */
bool bank_run(BankAccount *account, Arena *arena)
{
	Ledger l = {.account = account, .arena = arena};
	sort_entries(&l);
	account->day = ARENA_ARRAY(arena, BankDay, 2 * (size_t)account->n + 1);
	account->ndays = 0;
	account->balance_known = false;
	account->balance = 0;
	if (account->open) {
		open_days(&l);
		return true;
	}
	run_days(&l);
	settle_credits(&l);
	account->balance_known = l.doubtful == 0;
	account->balance = account->balance_known ? l.balance : 0;
	return adds_up(&l);
}
