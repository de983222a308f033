/*
 * What the accounts of a bank came to, as three tables like any other: columns, and keys made of
 * the account's keys and what the entry came from, or the day.
 *
 *   field   key 0 .. key k-1 | date amount used … | a link for each dataset of a flow | entry
 *
 * Rows of an account stand together, so that an account is a range of rows in each of the three
 * tables, and the account of a row is found by searching where the ranges begin:
 *
 *   account          0        1     2          3
 *   credits row   0 1 2 3   4 5   (none)    6 7 8        first: 0 4 6 6 9
 *   entry         0 2 3 7   8 11            13 14 20     which of all entries it is
 *
 * What is not known of an entry is not known of its row: a column has no more than a bit for it, so
 * a fault (an amount below zero, a sum beyond 64 bits) is an unknown to the rules. A rule that
 * reads it is not assessed, as with a column of the database that could not be read.
 */
#include "interp/derive_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"

/* What keys are put together from, for as long as the store lives. */
typedef struct RowKeys {
	const Store *store;
	const Bank *bank;
	const StoreBank *from;
	DatasetOrigin origin;
} RowKeys;

/* ---- rows and accounts ---- */

/* Where each account's rows begin, in the dataset asked for. */
static const int32_t *rows_of(const StoreBank *from, DatasetOrigin origin)
{
	return origin == ORIGIN_CREDITS ? from->credits : origin == ORIGIN_DEBITS ? from->debits
		: from->balances;
}

/* The last account that begins at or before the row: accounts without rows begin where the next one
 * does, and the search goes past them. */
int32_t derive_account_of(const StoreBank *from, DatasetOrigin origin, int32_t row, int32_t *entry)
{
	const int32_t *first = rows_of(from, origin);
	int32_t lo = 0, hi = from->accounts;
	while (hi - lo > 1) {
		int32_t middle = lo + (hi - lo) / 2;
		if (first[middle] <= row)
			lo = middle;
		else
			hi = middle;
	}
	*entry = origin == ORIGIN_CREDITS ? from->credit[row] : origin == ORIGIN_DEBITS
		? from->debit[row] : -1;
	return lo;
}

/* The entries are copied, since the ledger writes into them and the store's are read by others. */
BankAccount derive_account(const Rulebook *book, int32_t bank, const StoreBank *from,
	int32_t account, int32_t horizon, Arena *arena)
{
	int32_t start = from->start[account], n = from->start[account + 1] - start;
	BankAccount out = {.order = book->bank[bank].order, .open = from->open[account],
		.horizon = horizon, .n = n};
	out.entry = ARENA_ARRAY(arena, BankEntry, (size_t)n + 1);
	if (n > 0)
		memcpy(out.entry, from->entry + start, (size_t)n * sizeof *out.entry);
	return out;
}

/* Not for balances, which come from many rows. */
bool derive_source(const Store *store, int32_t dataset, int32_t row, int32_t *source_dataset,
	int32_t *source_row)
{
	const Dataset *decl = &store->book->dataset[dataset];
	int32_t entry;
	if (decl->origin == ORIGIN_TABLE || store->bank == NULL)
		return false;
	const StoreBank *from = &store->bank[decl->bank];
	derive_account_of(from, decl->origin, row, &entry);
	if (entry < 0 || from->of[entry].row < 0)
		return false;
	*source_dataset = store->book->bank[decl->bank].flow[from->of[entry].flow].dataset;
	*source_row = from->of[entry].row;
	return true;
}

bool derive_run(BankAccount *account, const DerivedEntry *of, Arena *arena)
{
	bool good = bank_run(account, arena);
	for (int32_t i = 0; i < account->n; i++)
		if (!of[i].sure)
			account->entry[i].known = 0;
	return good;
}

/* All that a rule could read of the entry, and where it came from. */
static bool same_entry(const BankEntry *a, const BankEntry *b, const DerivedEntry *p,
	const DerivedEntry *q)
{
	return a->credit == b->credit && a->day == b->day && a->amount_known == b->amount_known &&
		a->amount == b->amount && a->last_day == b->last_day && a->known == b->known &&
		a->used == b->used && a->expired == b->expired && a->lost == b->lost &&
		a->held == b->held && a->shortfall == b->shortfall && p->flow == q->flow &&
		p->row == q->row && p->sure == q->sure && p->number == q->number &&
		p->day_known == q->day_known &&
		p->amount_known == q->amount_known && p->last_known == q->last_known;
}

/* Days follow from entries, so they are not compared. */
bool derive_same(const StoreBank *a, int32_t i, const StoreBank *b, int32_t k)
{
	int32_t p = a->start[i], q = b->start[k], n = a->start[i + 1] - p;
	if (b->start[k + 1] - q != n || a->open[i] != b->open[k] || a->keyless[i] != b->keyless[k])
		return false;
	for (int32_t e = 0; e < n; e++)
		if (!same_entry(&a->entry[p + e], &b->entry[q + e], &a->of[p + e], &b->of[q + e]))
			return false;
	return true;
}

/* ---- keys ---- */

bool derive_put_key(Buf *buf, const Store *store, Type type, int64_t n, Arena *arena)
{
	TypeKind kind = (TypeKind)type.kind;
	if (kind == TYPE_ROW)
		buf_str(buf, store_key(store, type.ref, (int32_t)n, arena));
	else if (kind == TYPE_DATE || kind == TYPE_PERIOD)
		day_print_iso(buf, (int32_t)n);
	else
		return false;
	return true;
}

/* As the texts of keys have it everywhere else: codes as rules write them, all others as they are
 * held. */
static void put_key(const RowKeys *keys, Buf *buf, Type type, int64_t n, Arena *arena)
{
	TypeKind kind = (TypeKind)type.kind;
	if (derive_put_key(buf, keys->store, type, n, arena))
		return;
	if (kind == TYPE_CODE)
		buf_str(buf, keys->store->book->codes[type.ref].code[n]);
	else if (kind == TYPE_TEXT)
		buf_str(buf, (Str){((const TextCell *)(intptr_t)n)->bytes,
			((const TextCell *)(intptr_t)n)->len});
	else
		int128_print(buf, n);
}

/* Which flow of its kind, where there are several: one row may be entered by two of them. */
static void put_flow(const RowKeys *keys, Buf *buf, int32_t flow)
{
	int32_t n = 0, number = 0;
	for (int32_t f = 0; f < keys->bank->nflows; f++) {
		n += keys->bank->flow[f].credit == keys->bank->flow[flow].credit;
		if (f == flow)
			number = n;
	}
	if (n < 2)
		return;
	buf_char(buf, '\x1f');
	int128_print(buf, number);
}

/* An entry is known by the row, or by the day, that it came from: its number would be another when
 * an earlier entry is added, and with it the findings about it would be others (S58). */
static void put_entry(const RowKeys *keys, Buf *buf, int32_t entry, Arena *arena)
{
	const DerivedEntry *of = &keys->from->of[entry];
	int32_t dataset = keys->bank->flow[of->flow].dataset;
	if (of->row >= 0)
		buf_str(buf, store_key(keys->store, dataset, of->row, arena));
	else if (of->day_known)
		day_print_iso(buf, keys->from->entry[entry].day);
	else
		buf_char(buf, '?');
	put_flow(keys, buf, of->flow);
}

/* Entries without a key share no account, so they are told apart by what they came from alone. */
static void put_account(const RowKeys *keys, Buf *buf, int32_t account, Arena *arena)
{
	const StoreBank *from = keys->from;
	if (from->keyless[account])
		buf_puts(buf, "?\x1f");
	for (int32_t k = 0; k < from->nkeys && !from->keyless[account]; k++) {
		put_key(keys, buf, keys->bank->key[k].expr->type, from->key[k][account], arena);
		buf_char(buf, '\x1f');
	}
}

/* Put together when somebody asks: most rows pass, and nobody does. */
static Str row_text(const StoreTable *table, int32_t row, bool numbered, Arena *arena)
{
	const RowKeys *keys = table->keys;
	Buf buf = {0};
	int32_t entry, account = derive_account_of(keys->from, keys->origin, row, &entry);
	put_account(keys, &buf, account, arena);
	if (entry < 0)
		day_print_iso(&buf, keys->from->day[row].day);
	else if (numbered)
		int128_print(&buf, keys->from->of[entry].number);
	else
		put_entry(keys, &buf, entry, arena);
	return buf_keep(&buf, arena);
}

static Str row_key(const StoreTable *table, int32_t row, Arena *arena)
{
	return row_text(table, row, false, arena);
}

Str derive_numbered_key(const StoreTable *table, int32_t row, Arena *arena)
{
	return row_text(table, row, true, arena);
}

/* ---- columns ---- */

/* Where credits and debits have the same fields. */
enum { ENTRY_DATE = 0, ENTRY_AMOUNT = 1, ENTRY_USED = 2 };

_Static_assert((int)CREDIT_DATE == ENTRY_DATE && (int)DEBIT_DATE == ENTRY_DATE &&
	(int)CREDIT_AMOUNT == ENTRY_AMOUNT && (int)DEBIT_AMOUNT == ENTRY_AMOUNT &&
	(int)CREDIT_USED == ENTRY_USED && (int)DEBIT_USED == ENTRY_USED, "entries begin alike");

typedef struct Filler {
	const Derive *derive;
	const Bank *bank;
	const StoreBank *from;
	int64_t **at;          /* by field, by row */
	uint64_t **known;
} Filler;

/* Columns start out unknown throughout: what is not put stays so. */
static void put(const Filler *f, int32_t field, int32_t row, bool known, int64_t n)
{
	if (!known)
		return;
	f->at[field][row] = n;
	bit_set(f->known[field], row);
}

/* Eight bytes a value: banks have few rows beside the visits that they are made of. */
static StoreTable *table_new(Filler *f, int32_t number, int32_t rows)
{
	Arena *arena = f->derive->arena;
	const Dataset *dataset = &f->derive->store->book->dataset[number];
	size_t n = (size_t)dataset->nfields;
	StoreTable *table = ARENA_NEW(arena, StoreTable);
	RowKeys *keys = ARENA_NEW(arena, RowKeys);
	*keys = (RowKeys){f->derive->store, f->bank, f->from, dataset->origin};
	*table = (StoreTable){.rows = rows, .key = row_key, .keys = keys,
		.column = ARENA_ARRAY(arena, Column, n + 1)};
	f->at = ARENA_ARRAY(f->derive->scratch, int64_t *, n + 1);
	f->known = ARENA_ARRAY(f->derive->scratch, uint64_t *, n + 1);
	for (size_t i = 0; i < n; i++) {
		f->at[i] = ARENA_ARRAY(arena, int64_t, (size_t)rows + 1);
		f->known[i] = ARENA_ARRAY(arena, uint64_t, (size_t)rows / 64 + 1);
		table->column[i] = (Column){.at = f->at[i], .known = f->known[i], .times = 1, .width = 8};
	}
	return table;
}

static void put_keys(const Filler *f, int32_t row, int32_t account)
{
	for (int32_t k = 0; k < f->from->nkeys; k++)
		put(f, k, row, !f->from->keyless[account], f->from->key[k][account]);
}

/* The link to the row behind the entry: the field whose dataset is the flow's. */
static void put_source(const Filler *f, const Dataset *dataset, int32_t first, int32_t row,
	int32_t entry)
{
	const DerivedEntry *of = &f->from->of[entry];
	int32_t target = f->bank->flow[of->flow].dataset;
	for (int32_t i = first; i < dataset->nfields - 1 && of->row >= 0; i++)
		if (dataset->field[i].type.ref == target)
			put(f, i, row, true, of->row);
}

/* What a credit and a debit have in common; `fields` of the bank's own stand between the keys and
 * the source. What is known of the amount comes from the row, and of its fate from the ledger. */
static const BankEntry *put_entry_row(const Filler *f, const Dataset *dataset, int32_t row,
	int32_t account, int32_t entry, int32_t fields)
{
	int32_t at = f->from->nkeys;
	const BankEntry *e = &f->from->entry[entry];
	const DerivedEntry *of = &f->from->of[entry];
	put_keys(f, row, account);
	put(f, at + ENTRY_DATE, row, of->day_known, e->day);
	put(f, at + ENTRY_AMOUNT, row, of->amount_known, e->amount);
	put(f, at + ENTRY_USED, row, (e->known & BANK_USED) != 0, e->used);
	put_source(f, dataset, at + fields, row, entry);
	put(f, dataset->nfields - 1, row, !f->from->keyless[account], of->number);
	return e;
}

static void put_credit(const Filler *f, const Dataset *dataset, int32_t row, int32_t account)
{
	int32_t entry = f->from->credit[row], at = f->from->nkeys;
	const BankEntry *e = put_entry_row(f, dataset, row, account, entry, CREDIT_FIELDS);
	bool ends = f->from->of[entry].last_known && e->last_day != LAST_DAY;
	put(f, at + CREDIT_EXPIRED, row, (e->known & BANK_EXPIRED) != 0, e->expired);
	put(f, at + CREDIT_LOST, row, (e->known & BANK_LOST) != 0, e->lost);
	put(f, at + CREDIT_HELD, row, (e->known & BANK_HELD) != 0, e->held);
	put(f, at + CREDIT_LAST_DAY, row, ends, e->last_day);
}

/* A debit that took nothing has used nothing, which is known. */
static void put_debit(const Filler *f, const Dataset *dataset, int32_t row, int32_t account)
{
	const BankEntry *e = put_entry_row(f, dataset, row, account, f->from->debit[row],
		DEBIT_FIELDS);
	put(f, f->from->nkeys + DEBIT_SHORTFALL, row, (e->known & BANK_SHORTFALL) != 0, e->shortfall);
}

/* One row a day; the day itself is always known. */
static void put_balance(const Filler *f, const Dataset *dataset, int32_t row, int32_t account)
{
	int32_t at = f->from->nkeys;
	const BankDay *day = &f->from->day[row];
	(void)dataset;
	put_keys(f, row, account);
	put(f, at + BALANCE_DATE, row, true, day->day);
	put(f, at + BALANCE_CREDITED, row, (day->known & BANK_AMOUNT) != 0, day->credited);
	put(f, at + BALANCE_USED, row, (day->known & BANK_USED) != 0, day->used);
	put(f, at + BALANCE_EXPIRED, row, (day->known & BANK_EXPIRED) != 0, day->expired);
	put(f, at + BALANCE_LOST, row, (day->known & BANK_LOST) != 0, day->lost);
	put(f, at + BALANCE_SHORTFALL, row, (day->known & BANK_SHORTFALL) != 0, day->shortfall);
	put(f, at + BALANCE_BALANCE, row, (day->known & BANK_BALANCE) != 0, day->balance);
}

/* Also for banks without accounts: their datasets are there, and empty. */
void derive_tables(const Derive *derive, int32_t bank, const StoreBank *from, StoreTable *out[3])
{
	static void (*const put_row[])(const Filler *, const Dataset *, int32_t, int32_t) = {
		put_credit, put_debit, put_balance
	};
	const Rulebook *book = derive->store->book;
	const Bank *decl = &book->bank[bank];
	const int32_t dataset[] = {decl->credits, decl->debits, decl->balances};
	Filler filler = {.derive = derive, .bank = decl, .from = from};
	for (int k = 0; k < 3; k++) {
		const int32_t *first = rows_of(from, (DatasetOrigin)(ORIGIN_CREDITS + k));
		out[k] = table_new(&filler, dataset[k], first[from->accounts]);
		for (int32_t a = 0; a < from->accounts; a++)
			for (int32_t row = first[a]; row < first[a + 1]; row++)
				put_row[k](&filler, &book->dataset[dataset[k]], row, a);
	}
}
