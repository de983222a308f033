/*
 * The accounts of a bank: whose they are, and what is entered in them.
 *
 *   owners, groups ─> accounts ─┬─ rows of each flow, single entries ─┐
 *                               └─ periods of `every …`, once it is ──┴─> entries ─> in order ─>
 *                                  known how far the account goes                    bank_run
 *
 * An entry stands under the law of its own day (S6, S52): its condition, its amount, when it
 * expires, the ceiling that it meets. What is not known of an entry makes it unknown; what leaves
 * open which entries there are, or on which day one stands, leaves the whole account open.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* qsort_r */
#endif
#include "interp/derive_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/limits.h"

typedef struct Item {
	int32_t account;
	DerivedEntry of;
	BankEntry entry;      /* day LAST_DAY while it is not known: such stand last */
} Item;

typedef struct Books {
	const Derive *derive;
	const Bank *bank;
	StoreBank *out;
	bool *unsure;         /* by account: whether there is one is not known */
	int32_t *last;        /* by account: day of its last entry; NO_DAY: it has none */
	VEC(Item) item;
} Books;

/* Entries to be: an account, and what stands in the slot behind the keys. */
typedef struct Pairs {
	int32_t flow;
	VEC(int32_t) account;
	VEC(int64_t) slot;
} Pairs;

/* ---- asking ---- */

/* A value for each subject, as a column would hold it, and its State. */
typedef struct Answer {
	int64_t *value;
	uint8_t *state;
} Answer;

/* One expression over all subjects at once, whichever evaluator it is: the fast one would waste its
 * batches on single questions. */
static Answer ask(const Books *b, const Expr *expr, const Subjects *subjects)
{
	Answer out = {ARENA_ARRAY(b->derive->scratch, int64_t, (size_t)subjects->n + 1),
		ARENA_ARRAY(b->derive->scratch, uint8_t, (size_t)subjects->n + 1)};
	if (subjects->n > 0)
		b->derive->values(b->derive->user, expr, subjects, out.value, out.state);
	return out;
}

/* A condition: leaves in[] only where it may hold, and marks where it is not known. */
static void gate(const Books *b, const Expr *expr, const Subjects *subjects, bool *in,
	bool *unsure)
{
	if (expr == NULL)
		return;
	Answer answer = ask(b, expr, subjects);
	for (int32_t i = 0; i < subjects->n; i++) {
		in[i] &= answer.state[i] != STATE_KNOWN || answer.value[i] != 0;
		unsure[i] |= answer.state[i] != STATE_KNOWN;
	}
}

/* What depends on the law date cannot be said of an account, which has none: it is asked of each
 * entry instead, on the day of that entry. */
static bool dated(const Expr *expr)
{
	return expr != NULL && expr->dated;
}

/* A condition with no date of its own is asked once for the account. */
static const Expr *undated(const Expr *expr)
{
	return dated(expr) ? NULL : expr;
}

/* Accounts as subjects: their keys, and room for one slot more. */
static Subjects of_accounts(const Books *b)
{
	const StoreBank *out = b->out;
	Arena *scratch = b->derive->scratch;
	size_t n = (size_t)out->nkeys;
	const int64_t **slot = ARENA_ARRAY(scratch, const int64_t *, n + 1);
	uint8_t **state = ARENA_ARRAY(scratch, uint8_t *, n + 1);
	for (size_t k = 0; k < n; k++) {
		slot[k] = out->key[k];
		state[k] = ARENA_ARRAY(scratch, uint8_t, (size_t)out->accounts + 1);
		for (int32_t a = 0; a < out->accounts; a++)
			state[k][a] = out->keyless[a] ? STATE_UNKNOWN : STATE_KNOWN;
	}
	return (Subjects){.n = out->accounts, .nslots = out->nkeys + 1, .slot = slot,
		.state = (const uint8_t *const *)state};
}

/* ---- whose accounts ---- */

/* As many as there are rows or groups; those that turn out to be none leave by accounts_keep,
 * before anything refers to an account by its number. */
static void accounts_new(Books *b, int32_t n)
{
	StoreBank *out = b->out;
	Arena *arena = b->derive->arena;
	size_t room = (size_t)n + 1;
	out->accounts = n;
	out->nkeys = b->bank->nkeys;
	out->key = ARENA_ARRAY(arena, int64_t *, (size_t)out->nkeys + 1);
	for (int32_t k = 0; k < out->nkeys; k++)
		out->key[k] = ARENA_ARRAY(arena, int64_t, room);
	out->keyless = ARENA_ARRAY(arena, bool, room);
	out->open = ARENA_ARRAY(arena, bool, room);
	out->group = ARENA_ARRAY(arena, RowSpan, room);
	b->unsure = ARENA_ARRAY(b->derive->scratch, bool, room);
}

/* Leaves the accounts that there are, or may be. */
static void accounts_keep(Books *b, const bool *in)
{
	StoreBank *out = b->out;
	int32_t n = 0;
	for (int32_t a = 0; a < out->accounts; a++) {
		if (!in[a])
			continue;
		for (int32_t k = 0; k < out->nkeys; k++)
			out->key[k][n] = out->key[k][a];
		out->keyless[n] = out->keyless[a];
		out->open[n] = out->open[a];
		out->group[n] = out->group[a];
		b->unsure[n++] = b->unsure[a];
	}
	out->accounts = n;
}

/* Marks for a row of gates, each of which only takes away. */
static bool *all_in(const Books *b, int32_t n)
{
	bool *in = ARENA_ARRAY(b->derive->scratch, bool, (size_t)n + 1);
	memset(in, 1, (size_t)n + 1);
	return in;
}

/* One for each owner that the contract covers. */
static void find_owners(Books *b, RowSpan rows)
{
	accounts_new(b, rows.n);
	int32_t *row = ARENA_ARRAY(b->derive->arena, int32_t, (size_t)rows.n + 1);
	for (int32_t a = 0; a < rows.n; a++) {
		row[a] = rows.at == NULL ? a : rows.at[a];
		b->out->key[0][a] = row[a];
		b->out->group[a] = (RowSpan){&row[a], 1};
	}
	bool *in = all_in(b, rows.n);
	Subjects subjects = of_accounts(b);
	gate(b, undated(b->bank->covered), &subjects, in, b->unsure);
	accounts_keep(b, in);
}

/* Rows that may make groups: their keys; those without one are put aside. */
typedef struct Members {
	int32_t n;
	int64_t *row;
	bool *in, *keyless, *unsure;
	Keys keys;
} Members;

/* Keys are worked out for every row that may belong to the contract. A row that surely does not is
 * in no account, and of one whose key is missing it is not asked why. */
static Members find_members(const Books *b, RowSpan rows)
{
	Arena *scratch = b->derive->scratch;
	const Bank *bank = b->bank;
	size_t room = (size_t)rows.n + 1, nkeys = (size_t)bank->nkeys;
	Members m = {.n = rows.n, .row = derive_count_up(scratch, rows), .in = all_in(b, rows.n),
		.keyless = ARENA_ARRAY(scratch, bool, room), .unsure = ARENA_ARRAY(scratch, bool, room),
		.keys = {bank->nkeys, rows.n, ARENA_ARRAY(scratch, int64_t *, nkeys + 1),
			ARENA_ARRAY(scratch, uint8_t, nkeys + 1)}};
	const int64_t **slot = ARENA_ARRAY(scratch, const int64_t *, nkeys + 1);
	slot[nkeys] = m.row;
	Subjects subjects = {.n = rows.n, .nslots = bank->nkeys + 1, .slot = slot};
	gate(b, undated(bank->covered), &subjects, m.in, m.unsure);
	for (int32_t k = 0; k < bank->nkeys; k++) {
		Answer key = ask(b, bank->key[k].expr, &subjects);
		m.keys.kind[k] = bank->key[k].expr->type.kind;
		m.keys.value[k] = key.value;
		for (int32_t i = 0; i < rows.n; i++)
			m.keyless[i] |= m.in[i] && key.state[i] != STATE_KNOWN;
	}
	for (int32_t i = 0; i < rows.n; i++)
		m.in[i] &= !m.keyless[i];
	return m;
}

/* All rows without a key as one account that is none: what is entered there is not assessed. */
static void keyless_account(Books *b, const Members *m, int32_t account, int32_t *row)
{
	int32_t n = 0;
	for (int32_t i = 0; i < m->n; i++)
		if (m->keyless[i])
			row[n++] = (int32_t)m->row[i];
	b->out->keyless[account] = b->out->open[account] = true;
	b->out->group[account] = (RowSpan){row, n};
}

/* In the order of their first rows; a bool that is true is the byte 1. */
static KeyGroups group_members(Arena *scratch, const Members *m)
{
	KeyNumbers numbers = key_numbers_new(&m->keys, NULL, scratch);
	int32_t *of = ARENA_ROOM(scratch, int32_t, (size_t)m->n + 1);
	key_numbers_give(&numbers, (const uint8_t *)m->in, of);
	return key_groups_of(of, m->n, numbers.n, NULL, scratch);
}

/* A group whose rows are all of them in doubt may not exist: it is kept, with nothing known of its
 * entries. One sure row is enough for the account, and leaves the others in doubt by themselves.
 * Groups come in the order of their first rows, which are those of keys: no order of the database
 * comes through (law 8). */
static void find_groups(Books *b, RowSpan rows)
{
	Members m = find_members(b, rows);
	KeyGroups groups = group_members(b->derive->scratch, &m);
	int32_t *row = ARENA_ARRAY(b->derive->arena, int32_t, (size_t)m.n + 1);
	int32_t used = groups.n == 0 ? 0 : groups.start[groups.n];
	bool keyless = false;
	for (int32_t i = 0; i < m.n; i++)
		keyless |= m.keyless[i];
	accounts_new(b, groups.n + keyless);
	for (int32_t g = 0; g < groups.n; g++) {
		int32_t from = groups.start[g], to = groups.start[g + 1];
		b->unsure[g] = true;
		for (int32_t i = from; i < to; i++) {
			row[i] = (int32_t)m.row[groups.row[i]];
			b->unsure[g] &= m.unsure[groups.row[i]];
		}
		for (int32_t k = 0; k < b->bank->nkeys; k++)
			b->out->key[k][g] = m.keys.value[k][groups.row[from]];
		b->out->group[g] = (RowSpan){row + from, to - from};
	}
	if (keyless)
		keyless_account(b, &m, groups.n, row + used);
}

/* What `applies when` surely refuses is no account at all; a rule about it has nothing to look
 * at. */
static void find_accounts(Books *b, RowSpan rows)
{
	if (b->bank->subject == SUBJECT_GROUP)
		find_groups(b, rows);
	else
		find_owners(b, rows);
	bool *in = all_in(b, b->out->accounts);
	Subjects subjects = of_accounts(b);
	gate(b, undated(b->bank->applies), &subjects, in, b->unsure);
	accounts_keep(b, in);
	b->last = ARENA_ARRAY(b->derive->scratch, int32_t, (size_t)b->out->accounts + 1);
	for (int32_t a = 0; a < b->out->accounts; a++)
		b->last[a] = NO_DAY;
}

/* ---- entries ---- */

/* An account may come many times, one after another. */
static void pair(Pairs *pairs, int32_t account, int64_t slot)
{
	*vec_push(&pairs->account) = account;
	*vec_push(&pairs->slot) = slot;
}

/* A span without numbers stands for the rows 0 .. n-1. */
static void pair_rows(Pairs *pairs, int32_t account, RowSpan rows)
{
	for (int32_t i = 0; i < rows.n; i++)
		pair(pairs, account, rows.at == NULL ? i : rows.at[i]);
}

/* The keys of each entry's account in their slots. */
static Subjects of_pairs(const Books *b, const Pairs *pairs)
{
	const StoreBank *out = b->out;
	Arena *scratch = b->derive->scratch;
	size_t n = pairs->account.n, nkeys = (size_t)out->nkeys;
	const int64_t **slot = ARENA_ARRAY(scratch, const int64_t *, nkeys + 1);
	const uint8_t **state = ARENA_ARRAY(scratch, const uint8_t *, nkeys + 1);
	for (size_t k = 0; k < nkeys; k++) {
		int64_t *value = ARENA_ARRAY(scratch, int64_t, n + 1);
		uint8_t *known = ARENA_ARRAY(scratch, uint8_t, n + 1);
		for (size_t i = 0; i < n; i++) {
			value[i] = out->key[k][pairs->account.at[i]];
			known[i] = out->keyless[pairs->account.at[i]] ? STATE_UNKNOWN : STATE_KNOWN;
		}
		slot[k] = value;
		state[k] = known;
	}
	const BankFlow *flow = &b->bank->flow[pairs->flow];
	slot[nkeys] = flow->calendar >= 0 || flow->dataset >= 0 ? pairs->slot.at : NULL;
	return (Subjects){.n = (int32_t)n, .nslots = out->nkeys + 1, .slot = slot, .state = state};
}

/* The entry's own day and moment; a date comes before every moment of its day. */
static void put_days(const Books *b, const BankFlow *flow, const Pairs *pairs,
	const Subjects *subjects, Item *item, int32_t *day)
{
	Answer on = {NULL, NULL};
	if (flow->calendar < 0)
		on = ask(b, flow->on, subjects);
	for (int32_t i = 0; i < subjects->n; i++) {
		int64_t n = flow->calendar >= 0 ? pairs->slot.at[i] : on.value[i];
		bool moment = flow->calendar < 0 && flow->on->type.kind == TYPE_MOMENT;
		item[i].of.day_known = flow->calendar >= 0 || on.state[i] == STATE_KNOWN;
		day[i] = !item[i].of.day_known ? NO_DAY : moment ? moment_day(n) : (int32_t)n;
		item[i].entry.day = item[i].of.day_known ? day[i] : LAST_DAY;
		item[i].entry.moment = moment ? n : INT64_MIN;
	}
}

/* S49, S52: from the credit's day on, by the law of that day. NO_DAY: not known. */
static int32_t last_day(const Books *b, int32_t day, int64_t span, bool months)
{
	int64_t last;
	if (span > DAY_MAX || span < -DAY_MAX)
		return span > 0 ? LAST_DAY : DAY_MIN;
	if (months)
		last = day_add_months(day, (int32_t)span);
	else
		last = day + span;
	last -= b->bank->last_day_in ? 0 : 1;
	return last > DAY_MAX ? LAST_DAY : last < DAY_MIN ? DAY_MIN : (int32_t)last;
}

/* `expires with month`: a calendar may have gaps, and then the last day is not known. */
static int32_t period_last(const Calendar *calendar, int32_t day)
{
	int32_t first = calendar_first(calendar, day);
	return first == INT32_MIN ? NO_DAY : calendar_last(calendar, first);
}

/* An amount that can be used for nobody knows how long is as good as not known: the ledger is told
 * so, while the row keeps its amount. Until its last day is known it is taken to live for ever, so
 * that the doubt lasts. */
static void put_last_days(const Books *b, const Subjects *subjects, Item *item)
{
	const Bank *bank = b->bank;
	const Rulebook *book = b->derive->store->book;
	Answer span = {NULL, NULL};
	bool months = bank->expires != NULL && bank->expires->type.unit.of[DIM_MONTH] != 0;
	if (bank->expires != NULL)
		span = ask(b, bank->expires, subjects);
	for (int32_t i = 0; i < subjects->n; i++) {
		Item *it = &item[i];
		int32_t last = NO_DAY;
		if (bank->expires == NULL && bank->expires_with < 0)
			last = LAST_DAY;
		else if (!it->of.day_known)
			last = NO_DAY;
		else if (bank->expires == NULL)
			last = period_last(&book->calendar[bank->expires_with], it->entry.day);
		else if (span.state[i] == STATE_KNOWN)
			last = last_day(b, it->entry.day, span.value[i], months);
		it->of.last_known = last != NO_DAY;
		it->entry.last_day = last != NO_DAY ? last : LAST_DAY;
		it->entry.amount_known &= last != NO_DAY;
	}
}

/* S50: the ceiling of the credit's own day. One below zero is none that could be kept, and not
 * known. */
static void put_ceilings(const Books *b, const Subjects *subjects, Item *item)
{
	if (b->bank->holds == NULL)
		return;
	Answer holds = ask(b, b->bank->holds, subjects);
	for (int32_t i = 0; i < subjects->n; i++) {
		item[i].entry.capped = true;
		item[i].entry.ceiling_known = holds.state[i] == STATE_KNOWN && holds.value[i] >= 0;
		item[i].entry.ceiling = item[i].entry.ceiling_known ? holds.value[i] : 0;
	}
}

/* An amount below zero is a fault of its entry, which then is not known. */
static void put_amounts(const Books *b, const BankFlow *flow, const Subjects *subjects,
	const bool *unsure, Item *item)
{
	Answer amount = ask(b, flow->amount, subjects);
	for (int32_t i = 0; i < subjects->n; i++) {
		bool sure = !unsure[i] && !b->unsure[item[i].account];
		bool known = sure && amount.state[i] == STATE_KNOWN && amount.value[i] >= 0;
		item[i].of.sure = sure;
		item[i].of.amount_known = item[i].entry.amount_known = known;
		item[i].entry.amount = known ? amount.value[i] : 0;
	}
	if (!flow->credit)
		return;
	put_last_days(b, subjects, item);
	put_ceilings(b, subjects, item);
}

/* Of the row and, where they have a date, of the account: asked under the entry's own day. */
static void put_gates(const Books *b, const BankFlow *flow, const Subjects *subjects, bool *in,
	bool *unsure)
{
	const Bank *bank = b->bank;
	bool of_row = bank->subject == SUBJECT_GROUP && flow->dataset >= 0;
	gate(b, flow->where, subjects, in, unsure);
	if (dated(bank->applies))
		gate(b, bank->applies, subjects, in, unsure);
	if (of_row || (bank->subject == SUBJECT_ROW && dated(bank->covered)))
		gate(b, bank->covered, subjects, in, unsure);
}

/* What is surely no entry leaves; one whose day is not known leaves the account open. */
static void keep_items(Books *b, const Item *item, const bool *in, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		const Item *it = &item[i];
		if (!in[i])
			continue;
		*vec_push(&b->item) = *it;
		if (!it->of.day_known)
			b->out->open[it->account] = true;
		else if (it->entry.day > b->last[it->account])
			b->last[it->account] = it->entry.day;
	}
}

/* Everything about the entries of one flow. The day comes first, since the rest stands under its
 * law; an entry without a known day is still asked whether it is one, by what has no date. */
static void add_entries(Books *b, const Pairs *pairs)
{
	const BankFlow *flow = &b->bank->flow[pairs->flow];
	Arena *scratch = b->derive->scratch;
	Subjects subjects = of_pairs(b, pairs);
	size_t n = pairs->account.n;
	Item *item = ARENA_ARRAY(scratch, Item, n + 1);
	int32_t *day = ARENA_ARRAY(scratch, int32_t, n + 1);
	bool *in = all_in(b, subjects.n), *unsure = ARENA_ARRAY(scratch, bool, n + 1);
	for (size_t i = 0; i < n; i++) {
		item[i].account = pairs->account.at[i];
		item[i].of.flow = pairs->flow;
		item[i].of.row = flow->dataset >= 0 ? (int32_t)pairs->slot.at[i] : -1;
		item[i].entry.credit = flow->credit;
	}
	put_days(b, flow, pairs, &subjects, item, day);
	subjects.day = day;
	put_gates(b, flow, &subjects, in, unsure);
	put_amounts(b, flow, &subjects, unsure, item);
	keep_items(b, item, in, subjects.n);
}

/* ---- flows ---- */

/* The rows that the owner leads to; which those are may not be known. */
static void pair_collections(Books *b, const BankFlow *flow, Pairs *pairs)
{
	int32_t n = b->out->accounts;
	Arena *scratch = b->derive->scratch;
	RowSpan *rows = ARENA_ARRAY(scratch, RowSpan, (size_t)n + 1);
	uint8_t *state = ARENA_ARRAY(scratch, uint8_t, (size_t)n + 1);
	Subjects subjects = of_accounts(b);
	if (n > 0)
		b->derive->lists(b->derive->user, flow->rows, &subjects, rows, state);
	for (int32_t a = 0; a < n; a++) {
		if (state[a] == STATE_KNOWN)
			pair_rows(pairs, a, rows[a]);
		else
			b->out->open[a] = true;
	}
}

/* A single entry (`opens with`, `credit … on …`) is one for each account, and none for rows that
 * are in no account. */
static void pair_flow(Books *b, const BankFlow *flow, Pairs *pairs)
{
	if (flow->rows != NULL) {
		pair_collections(b, flow, pairs);
		return;
	}
	for (int32_t a = 0; a < b->out->accounts; a++) {
		if (flow->dataset >= 0)
			pair_rows(pairs, a, b->out->group[a]);
		else if (!b->out->keyless[a])
			pair(pairs, a, 0);
	}
}

/* The end of what has no end: the window's last day, or a later entry's. */
static int32_t open_end(const Books *b, int32_t account)
{
	const Law *law = b->derive->law;
	int32_t to = law->to != LAST_DAY ? law->to : b->derive->store->book->contract.to;
	if (to == LAST_DAY)
		to = NO_DAY;
	return to > b->last[account] ? to : b->last[account];
}

/* Every period that shares a day with from..to. */
static void pair_span(Books *b, const BankFlow *flow, Pairs *pairs, int32_t account, int32_t from,
	int32_t to)
{
	const Calendar *calendar = &b->derive->store->book->calendar[flow->calendar];
	size_t before = pairs->account.n;
	if (from > to)
		return;
	int32_t first = calendar_first(calendar, from);
	if (first == INT32_MIN)
		first = calendar_next(calendar, from);
	for (int32_t n = 0; first != INT32_MIN && first <= to; first = calendar_next(calendar, first)) {
		if (++n > LIMIT_PERIODS) {
			pairs->account.n = pairs->slot.n = before;
			b->out->open[account] = true;
			return;
		}
		pair(pairs, account, first);
	}
}

/* The checker makes days of both ends; a moment stands for its local day (S4). */
static int32_t day_of_value(const Expr *expr, int64_t n)
{
	return expr->type.kind == TYPE_MOMENT ? moment_day(n) : (int32_t)n;
}

/* S47, but for the window: see derive.h. A first day that is missing, or a last one that is not
 * said to mean "still running", leaves open which periods there are. */
static void pair_periods(Books *b, const BankFlow *flow, Pairs *pairs)
{
	Subjects subjects = of_accounts(b);
	Answer from = ask(b, flow->from, &subjects), to = ask(b, flow->to, &subjects);
	for (int32_t a = 0; a < b->out->accounts; a++) {
		if (b->out->keyless[a])
			continue;
		bool open = to.state[a] == STATE_UNKNOWN && flow->open_end &&
			!store_end_lost(b->derive->store, flow->to, b->out->key[0][a]);
		if (from.state[a] != STATE_KNOWN || (to.state[a] != STATE_KNOWN && !open)) {
			b->out->open[a] = true;
			continue;
		}
		pair_span(b, flow, pairs, a, day_of_value(flow->from, from.value[a]),
			open ? open_end(b, a) : day_of_value(flow->to, to.value[a]));
	}
}

/* Rows and single entries first: they say how far an account goes. */
static void add_flows(Books *b, bool periods)
{
	for (int32_t f = 0; f < b->bank->nflows; f++) {
		const BankFlow *flow = &b->bank->flow[f];
		Pairs pairs = {.flow = f};
		if ((flow->calendar >= 0) != periods)
			continue;
		if (periods)
			pair_periods(b, flow, &pairs);
		else
			pair_flow(b, flow, &pairs);
		add_entries(b, &pairs);
		vec_free(&pairs.account);
		vec_free(&pairs.slot);
	}
}

/* ---- order ---- */

/* Rows of one dataset by their ranks, of two by the texts of their keys; what has no row first. */
static int by_source(const Books *b, const Item *x, const Item *y)
{
	int32_t p = b->bank->flow[x->of.flow].dataset, q = b->bank->flow[y->of.flow].dataset;
	const Store *store = b->derive->store;
	Arena *scratch = b->derive->scratch;
	if (x->of.row < 0 || y->of.row < 0)
		return (y->of.row < 0) - (x->of.row < 0);
	if (p == q)
		return x->of.row == y->of.row ? 0 : store_key_cmp(store, p, x->of.row, y->of.row, scratch);
	return str_cmp(store_key(store, p, x->of.row, scratch),
		store_key(store, q, y->of.row, scratch));
}

/* Entries of one day go by the key of their row (S50), and one row that two flows enter by the
 * flow: the numbers of entries follow, the same whatever order the database has. */
static int by_place(const void *a, const void *c, void *user)
{
	const Books *b = user;
	const Item *x = &b->item.at[*(const int32_t *)a], *y = &b->item.at[*(const int32_t *)c];
	if (x->entry.day != y->entry.day)
		return x->entry.day < y->entry.day ? -1 : 1;
	int order = by_source(b, x, y);
	return order != 0 ? order : x->of.flow - y->of.flow;
}

/* By account, which is a counting sort: they come flow by flow. */
static int32_t *by_account(Books *b)
{
	StoreBank *out = b->out;
	Arena *scratch = b->derive->scratch;
	size_t n = b->item.n, accounts = (size_t)out->accounts;
	int32_t *place = ARENA_ARRAY(scratch, int32_t, n + 1);
	int32_t *next = ARENA_ARRAY(scratch, int32_t, accounts + 1);
	out->start = ARENA_ARRAY(b->derive->arena, int32_t, accounts + 2);
	for (size_t i = 0; i < n; i++)
		out->start[b->item.at[i].account + 1]++;
	for (size_t a = 0; a < accounts; a++)
		next[a + 1] = out->start[a + 1] += out->start[a];
	for (size_t i = 0; i < n; i++)
		place[next[b->item.at[i].account]++] = (int32_t)i;
	return place;
}

/* The ledger takes them as they stand here, account by account: it settles the order of days and
 * moments itself, and keeps this one between equals. */
static void put_entries(Books *b)
{
	StoreBank *out = b->out;
	Arena *arena = b->derive->arena;
	int32_t *place = by_account(b);
	out->entry = ARENA_ARRAY(arena, BankEntry, b->item.n + 1);
	out->of = ARENA_ARRAY(arena, DerivedEntry, b->item.n + 1);
	for (int32_t a = 0; a < out->accounts; a++) {
		int32_t number[2] = {0, 0}, from = out->start[a], to = out->start[a + 1];
		qsort_r(place + from, (size_t)(to - from), sizeof *place, by_place, b);
		for (int32_t i = from; i < to; i++) {
			const Item *it = &b->item.at[place[i]];
			out->entry[i] = it->entry;
			out->of[i] = it->of;
			out->of[i].number = ++number[it->entry.credit];
		}
	}
}

/* ---- what they come to ---- */

/* Days of an account follow those of the account before; the next one starts behind them. */
static void put_days_of(StoreBank *out, const BankAccount *account, int32_t at, BankDay *day)
{
	if (account->ndays > 0)
		memcpy(day + out->balances[at], account->day, (size_t)account->ndays * sizeof *day);
	out->balances[at + 1] = out->balances[at] + account->ndays;
}

/* Rows without a key have no balance. */
static bool run_accounts(Books *b)
{
	StoreBank *out = b->out;
	Arena *arena = b->derive->arena, scratch = {0};
	size_t n = b->item.n, room = (size_t)out->accounts + 2;
	bool good = true;
	out->balances = ARENA_ARRAY(arena, int32_t, room);
	out->day = ARENA_ARRAY(arena, BankDay, 2 * n + 1);
	for (int32_t a = 0; a < out->accounts; a++) {
		BankAccount account = {.order = b->bank->order, .open = out->open[a], .horizon = LAST_DAY,
			.entry = out->entry + out->start[a], .n = out->start[a + 1] - out->start[a]};
		good &= derive_run(&account, out->of + out->start[a], &scratch);
		if (out->keyless[a])
			account.ndays = 0;
		put_days_of(out, &account, a, out->day);
		arena_reset(&scratch);
	}
	arena_free(&scratch);
	return good;
}

/* Which entry stands behind each row of the credits and of the debits. */
static void put_rows(Books *b)
{
	StoreBank *out = b->out;
	Arena *arena = b->derive->arena;
	size_t room = (size_t)out->accounts + 2, n = b->item.n;
	int32_t ncredits = 0, ndebits = 0;
	out->arena = arena;
	out->checked = ARENA_ARRAY(arena, bool, room);
	out->story = ARENA_ARRAY(arena, const Story *, room);
	out->credits = ARENA_ARRAY(arena, int32_t, room);
	out->debits = ARENA_ARRAY(arena, int32_t, room);
	out->credit = ARENA_ARRAY(arena, int32_t, n + 1);
	out->debit = ARENA_ARRAY(arena, int32_t, n + 1);
	for (int32_t a = 0; a < out->accounts; a++) {
		for (int32_t i = out->start[a]; i < out->start[a + 1]; i++) {
			if (out->entry[i].credit)
				out->credit[ncredits++] = i;
			else
				out->debit[ndebits++] = i;
		}
		out->credits[a + 1] = ncredits;
		out->debits[a + 1] = ndebits;
	}
}

/* Everything that lasts goes into the arena of the store. What is only needed on the way is
 * scratch, but for the list of items, which grows and is freed here. */
bool derive_bank(const Derive *derive, int32_t bank, RowSpan rows, StoreBank *out)
{
	Books b = {.derive = derive, .bank = &derive->store->book->bank[bank], .out = out};
	*out = (StoreBank){0};
	find_accounts(&b, rows);
	add_flows(&b, false);
	add_flows(&b, true);
	put_entries(&b);
	bool good = run_accounts(&b);
	put_rows(&b);
	vec_free(&b.item);
	return good;
}
