/*
 *   account ─ bank_run to the end of the window ─> a line for each credit and debit,
 *                                                  for what was lost and for what expired
 *                                              └─> sums, which must hold
 *
 * Partitions are written in their order and accounts in the order of their keys, so that the table
 * does not depend on threads.
 *
 *   keys  on_date     kind     amount  used  expired  shortfall  balance
 *   PR1   2025-05-05  credit     7200  5400     1800                7200
 *   PR1   2025-05-11  debit      5400  5400                   0     1800
 *   PR1   2025-06-17  expired    1800                                  0
 *
 * A bank over groups can have as many entries as there are visits. To list them all would make the
 * case file larger than the data, so there is room for LIMIT_BANK_LINES of each bank; the sums are
 * always over all of them, and bank_total says when the list is not complete. Which entries are
 * listed follows from the order of partitions, which follows from the keys.
 *
 * With --provider, accounts that lead to another provider are neither listed nor added up: the file
 * may be shown to that provider.
 */
#include "interp/case_bank.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

static const Span nowhere = {-1, 0, 0};

/* ---- lines of one account ---- */

typedef struct Teller {
	BankBatch *batch;
	Arena *arena, scratch;
	const Store *store;
	const Bank *decl;
	const StoreBank *from;
	int32_t book, bank;
	BankSum *sum;
	bool lines;
} Teller;

/* As in the keys of findings; the rest as the language prints it. */
static void put_key(const Teller *t, Buf *buf, Type type, int64_t n, Arena *scratch)
{
	if (!derive_put_key(buf, t->store, type, n, scratch))
		value_print(buf, t->store, t->store->book, type, value_of_column(type, n), scratch);
}

/* One text for all lines of the account. */
static Str account_keys(Teller *t, int32_t account)
{
	Buf buf = {0};
	if (t->from->keyless[account])
		return STR("?");
	for (int32_t k = 0; k < t->from->nkeys; k++) {
		buf_puts(&buf, k > 0 ? ", " : "");
		put_key(t, &buf, t->decl->key[k].expr->type, t->from->key[k][account], &t->scratch);
	}
	Str out = key_shown(t->arena, buf_view(&buf));
	buf_free(&buf);
	return out;
}

/* Valid until the next one is added. */
static BankLine *add_line(Teller *t, Str keys, BankLineKind kind, int32_t day, int64_t amount)
{
	BankLine *line = vec_push(&t->batch->line);
	*line = (BankLine){.book = t->book, .bank = t->bank, .keys = keys, .kind = kind, .day = day,
		.known = BANK_AMOUNT, .amount = amount};
	return line;
}

/* What the ceiling refused is a line of its own, so that credits, less what was lost and
 * expired, add up to the balance down the table. */
static void add_entry(Teller *t, Str keys, const BankEntry *entry, const DerivedEntry *of)
{
	int32_t dataset = t->decl->flow[of->flow].dataset;
	Str source = {0};
	if (of->row >= 0)
		source = key_shown(t->arena, store_key(t->store, dataset, of->row, &t->scratch));
	BankLine *line = add_line(t, keys, entry->credit ? LINE_CREDIT : LINE_DEBIT,
		of->day_known ? entry->day : NO_DAY, entry->amount);
	line->known = (uint8_t)((entry->known & ~BANK_AMOUNT) | (of->amount_known ? BANK_AMOUNT : 0));
	line->used = entry->used;
	line->expired = entry->expired;
	line->shortfall = entry->shortfall;
	line->source = source;
	if ((entry->known & BANK_LOST) != 0 && entry->lost > 0)
		add_line(t, keys, LINE_LOST, entry->day, entry->lost)->source = source;
}

/* An entry whose fate is open is counted and in no sum: the others still add up. */
static void add_to_sum(BankSum *sum, const BankEntry *entry)
{
	sum->entries++;
	if (entry->credit && (entry->known & BANK_HELD) != 0) {
		sum->credited += entry->amount - entry->lost;
		sum->lost += entry->lost;
		sum->used += entry->used;
		sum->expired += entry->expired;
		sum->held += entry->held;
	} else if (!entry->credit && (entry->known & BANK_SHORTFALL) != 0) {
		sum->debited += entry->used;
		sum->shortfall += entry->shortfall;
	} else {
		sum->unknown++;
	}
}

/* What expired on a day comes before its entries; the balance stands in the day's last line. */
static void add_day(Teller *t, Str keys, const BankAccount *account, const DerivedEntry *of,
	const BankDay *day)
{
	if ((day->known & BANK_EXPIRED) == 0 || day->expired > 0)
		add_line(t, keys, LINE_EXPIRED, day->day, day->expired)->known =
			(day->known & BANK_EXPIRED) != 0 ? BANK_AMOUNT : 0;
	for (int pass = 0; pass < 2; pass++)
		for (int32_t i = 0; i < account->n; i++)
			if (account->entry[i].day == day->day && account->entry[i].credit == (pass == 0))
				add_entry(t, keys, &account->entry[i], &of[i]);
	BankLine *last = &t->batch->line.at[t->batch->line.n - 1];
	last->is_balance = true;
	last->balance = day->balance;
	last->known = (uint8_t)((last->known & ~BANK_BALANCE) | (day->known & BANK_BALANCE));
}

/* Entries stand by day, so each day's are found where the last day's ended. */
static bool tell_account(Teller *t, int32_t number, const Law *law)
{
	BankAccount account = derive_account(t->store->book, t->bank, t->from, number, law->to,
		&t->scratch);
	const DerivedEntry *of = t->from->of + t->from->start[number];
	int32_t at = 0;
	bool good = derive_run(&account, of, &t->scratch);
	Str keys = t->lines ? account_keys(t, number) : (Str){0};
	for (int32_t d = 0; d < account.ndays; d++) {
		int32_t first = at;
		while (at < account.n && account.entry[at].day <= account.day[d].day)
			add_to_sum(t->sum, &account.entry[at++]);
		BankAccount part = {.entry = account.entry + first, .n = at - first};
		if (!t->lines)
			continue;
		add_day(t, keys, &part, of + first, &account.day[d]);
	}
	for (; at < account.n; at++) {
		if (of[at].day_known)
			continue;
		add_to_sum(t->sum, &account.entry[at]);
		if (!t->lines)
			continue;
		add_entry(t, keys, &account.entry[at], &of[at]);
	}
	return good;
}

/* ---- whose account it is ---- */

/* By the name that --provider goes by. */
static bool is_provider(const Rulebook *book, Type type)
{
	return type.kind == TYPE_ROW &&
		str_eq(book->dataset[type.ref].decl.name, STR("provider"));
}

/* The provider that a key is, or that its row names; -1: it leads to none. */
static int32_t provider_of(const Store *store, Type type, int64_t row, int32_t *dataset)
{
	const Rulebook *book = store->book;
	int64_t n;
	if (is_provider(book, type)) {
		*dataset = type.ref;
		return (int32_t)row;
	}
	if (type.kind != TYPE_ROW)
		return -1;
	const Dataset *of = &book->dataset[type.ref];
	for (int32_t f = 0; f < of->nfields; f++) {
		if (!is_provider(book, of->field[f].type) ||
		    !store_get(store, type.ref, f, (int32_t)row, &n))
			continue;
		*dataset = of->field[f].type.ref;
		return (int32_t)n;
	}
	return -1;
}

/* Accounts that lead to no provider are nobody's, and are left out too. */
static bool leads_to(Teller *t, int32_t account, Str provider)
{
	for (int32_t k = 0; k < t->from->nkeys && !t->from->keyless[account]; k++) {
		int32_t dataset = -1;
		int32_t row = provider_of(t->store, t->decl->key[k].expr->type,
			t->from->key[k][account], &dataset);
		if (row >= 0 && str_eq(store_key(t->store, dataset, row, &t->scratch), provider))
			return true;
	}
	return false;
}

/* In the order of accounts, which is that of keys. */
bool bank_lines(BankBatch *batch, Arena *arena, const Store *store, int32_t book, int32_t bank,
	const Law *law, Str provider, bool lines)
{
	Teller t = {.batch = batch, .arena = arena, .lines = lines, .store = store,
		.decl = &store->book->bank[bank],
		.from = &store->bank[bank], .book = book, .bank = bank};
	bool good = true;
	t.sum = vec_push(&batch->sum);
	*t.sum = (BankSum){.book = book, .bank = bank};
	for (int32_t a = 0; a < t.from->accounts; a++) {
		if (provider.len > 0 && !leads_to(&t, a, provider))
			continue;
		t.sum->accounts += !t.from->keyless[a];
		good &= tell_account(&t, a, law);
		arena_reset(&t.scratch);
	}
	arena_free(&t.scratch);
	return good;
}

/* Counts are read by workers while the writer adds to them; nothing else is shared. */
BankRoom bank_room_new(Arena *arena, const Rulebook *const *book, int32_t nbooks)
{
	BankRoom room = {LIMIT_BANK_LINES, ARENA_ARRAY(arena, int64_t *, (size_t)nbooks + 1),
		ARENA_ARRAY(arena, bool *, (size_t)nbooks + 1)};
	for (int32_t b = 0; b < nbooks; b++) {
		room.written[b] = ARENA_ARRAY(arena, int64_t, (size_t)book[b]->nbanks + 1);
		room.cut[b] = ARENA_ARRAY(arena, bool, (size_t)book[b]->nbanks + 1);
	}
	return room;
}

bool bank_room_full(const BankRoom *room, int32_t book, int32_t bank)
{
	return __atomic_load_n(&room->written[book][bank], __ATOMIC_RELAXED) >= room->most;
}

void bank_batch_free(BankBatch *batch)
{
	vec_free(&batch->line);
	vec_free(&batch->sum);
}

/* A run has a handful of banks. */
static BankSum *sum_of(BankBatch *batch, int32_t book, int32_t bank)
{
	for (size_t i = 0; i < batch->sum.n; i++)
		if (batch->sum.at[i].book == book && batch->sum.at[i].bank == bank)
			return &batch->sum.at[i];
	BankSum *sum = vec_push(&batch->sum);
	*sum = (BankSum){.book = book, .bank = bank};
	return sum;
}

/* Sums of integers: the order in which partitions come changes nothing. */
void bank_sums_join(BankBatch *into, const BankBatch *from)
{
	for (size_t i = 0; i < from->sum.n; i++) {
		const BankSum *add = &from->sum.at[i];
		BankSum *sum = sum_of(into, add->book, add->bank);
		sum->accounts += add->accounts;
		sum->entries += add->entries;
		sum->unknown += add->unknown;
		sum->credited += add->credited;
		sum->lost += add->lost;
		sum->used += add->used;
		sum->expired += add->expired;
		sum->held += add->held;
		sum->debited += add->debited;
		sum->shortfall += add->shortfall;
	}
}

/* ---- in the file ---- */

/* NULL stays NULL. */
static void bind(sqlite3_stmt *stmt, int i, Str s)
{
	if (s.ptr != NULL)
		sqlite3_bind_text(stmt, i, s.ptr, (int)s.len, SQLITE_TRANSIENT);
}

/* Beyond 64 bits as a text: no figure is cut. */
static void bind_sum(sqlite3_stmt *stmt, int i, Int128 n)
{
	Buf buf = {0};
	if (fits64(n)) {
		sqlite3_bind_int64(stmt, i, (int64_t)n);
		return;
	}
	int128_print(&buf, n);
	bind(stmt, i, buf_view(&buf));
	buf_free(&buf);
}

/* Bindings go, so that a NULL of the next row is not the last one's value. */
static Status step(CaseFile *file, sqlite3_stmt *stmt)
{
	Status status = sqlite3_step(stmt) == SQLITE_DONE ? STATUS_OK : case_failed(file);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return status;
}

/* NULL stays NULL. */
static CaseCell cell_str(Str s)
{
	return s.ptr != NULL ? cell_text(s) : cell_null();
}

/* What is not known is NULL, never 0 (law 4). */
static CaseCell cell_known(bool known, int64_t n)
{
	return known ? cell_int(n) : cell_null();
}

/* Columns of the part bank_entry, and of its table behind the run's. Each kind fills in those that
 * mean something for it. */
static CaseCell *line_cells(const BankLine *line, const Rulebook *book, Arena *arena)
{
	static const char *const kind[] = {"credit", "debit", "expired", "lost"};
	bool in = line->kind == LINE_CREDIT, out = line->kind == LINE_DEBIT;
	const CaseCell cell[BANK_CELLS] = {cell_text(book->contract.decl.name),
		cell_text(book->bank[line->bank].decl.name), cell_str(line->keys),
		cell_day(line->day, arena), cell_text(str_of(kind[line->kind])),
		cell_known((line->known & BANK_AMOUNT) != 0, line->amount),
		cell_known((in || out) && (line->known & BANK_USED) != 0, line->used),
		cell_known(in && (line->known & BANK_EXPIRED) != 0, line->expired),
		cell_known(out && (line->known & BANK_SHORTFALL) != 0, line->shortfall),
		cell_known(line->is_balance && (line->known & BANK_BALANCE) != 0, line->balance),
		cell_str(line->source)};
	return arena_copy(arena, cell, sizeof cell);
}

void bank_seal(BankBatch *batch, Arena *arena, Buf *scratch, const Rulebook *const *book)
{
	batch->row = ARENA_ARRAY(arena, CaseRow, batch->line.n + 1);
	for (size_t i = 0; i < batch->line.n; i++) {
		const BankLine *line = &batch->line.at[i];
		batch->row[i].cell = line_cells(line, book[line->book], arena);
		case_row_seal(&batch->row[i], BANK_CELLS, arena, scratch);
	}
}

/* Also notes when a bank has more than there is room for. */
static bool takes(BankRoom *room, const BankLine *line)
{
	if (bank_room_full(room, line->book, line->bank))
		return false;
	__atomic_fetch_add(&room->written[line->book][line->bank], 1, __ATOMIC_RELAXED);
	return true;
}

/* The writer's side: partition after partition in their order. */
Status case_bank_lines(CaseFile *file, Str run_id, const BankBatch *batch, BankRoom *room)
{
	CaseCell cell[1 + BANK_CELLS] = {cell_text(run_id)};
	Status status = STATUS_OK;
	for (size_t i = 0; i < batch->sum.n; i++) {
		const BankSum *sum = &batch->sum.at[i];
		if (sum->entries > 0 && bank_room_full(room, sum->book, sum->bank))
			room->cut[sum->book][sum->bank] = true;
	}
	for (size_t i = 0; i < batch->line.n && status == STATUS_OK; i++) {
		const BankLine *line = &batch->line.at[i];
		if (!takes(room, line)) {
			room->cut[line->book][line->bank] = true;
			continue;
		}
		memcpy(cell + 1, batch->row[i].cell, BANK_CELLS * sizeof *cell);
		case_note(file, PUT_BANK, &batch->row[i]);
		status = case_put(file, PUT_BANK, cell);
	}
	return status;
}

/* What one unit is called: of a sum of money pounds, of time seconds, of a number nothing. */
static const char *unit_of(Type type)
{
	static const char *const name[DIMS] = {"pounds", "seconds", "metres", "days", "months",
		"nights"};
	int found = -1;
	for (int d = 0; d < DIMS; d++) {
		if (type.unit.of[d] == 0)
			continue;
		if (found >= 0 || type.unit.of[d] != 1)
			return "units";
		found = d;
	}
	return found >= 0 ? name[found] : "";
}

/* Credits against their own fate, and, where nothing is open, against the debits: two ways to the
 * same sum. */
static bool holds(const BankSum *sum)
{
	bool same = sum->credited == sum->used + sum->expired + sum->held;
	return same && (sum->unknown > 0 || sum->debited == sum->used);
}

/* bank_run has found no fault with any account, so the sums over them are wrong. */
static Status not_added_up(CaseFile *file, const Bank *bank)
{
	DiagRef ref = diag_add(case_diags(file), DIAG_BANK_SUM, nowhere,
		"the accounts of bank %.*s do not add up", STR_ARG(bank->decl.name));
	diag_note(ref, "this is a fault of the program; nothing was written");
	return STATUS_WORLD;
}

/* Checked here, in every run, before anything is committed. */
static Status write_sum(CaseFile *file, Str run_id, const Rulebook *book, const BankSum *sum,
	bool cut, sqlite3_stmt *stmt)
{
	const Bank *bank = &book->bank[sum->bank];
	if (!holds(sum))
		return not_added_up(file, bank);
	bind(stmt, 1, run_id);
	bind(stmt, 2, book->contract.decl.name);
	bind(stmt, 3, bank->decl.name);
	bind(stmt, 4, str_of(unit_of(bank->type)));
	sqlite3_bind_int64(stmt, 5, bank->type.scale);
	sqlite3_bind_int64(stmt, 6, sum->accounts);
	sqlite3_bind_int64(stmt, 7, sum->entries);
	sqlite3_bind_int64(stmt, 8, sum->unknown);
	bind_sum(stmt, 9, sum->credited);
	bind_sum(stmt, 10, sum->used);
	bind_sum(stmt, 11, sum->expired);
	bind_sum(stmt, 12, sum->held);
	bind_sum(stmt, 13, sum->lost);
	bind_sum(stmt, 14, sum->shortfall);
	sqlite3_bind_int(stmt, 15, !cut);
	return step(file, stmt);
}

static const char schema[] =
	"CREATE TABLE IF NOT EXISTS bank_entry(run_id TEXT NOT NULL, contract TEXT NOT NULL, bank TEXT"
	" NOT NULL, keys TEXT NOT NULL, on_date TEXT, kind TEXT NOT NULL, amount, used, expired,"
	" shortfall, balance, source_key TEXT);"
	"CREATE TABLE IF NOT EXISTS bank_total(run_id TEXT NOT NULL, contract TEXT NOT NULL, bank TEXT"
	" NOT NULL, unit TEXT NOT NULL, scale INTEGER NOT NULL, accounts INTEGER NOT NULL, entries"
	" INTEGER NOT NULL, not_assessed INTEGER NOT NULL, credited NOT NULL, used NOT NULL, expired"
	" NOT NULL, held NOT NULL, lost NOT NULL, shortfall NOT NULL, all_listed INTEGER NOT NULL,"
	" PRIMARY KEY(run_id, contract, bank));";

/* Case files of an earlier time get the tables when a run is added to them. */
Status case_bank_begin(CaseFile *file)
{
	return sqlite3_exec(case_database(file), schema, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK
		: case_failed(file);
}

/* A bank in which nothing happened has a row of zeroes: that it was looked at is worth knowing. */
Status case_bank_sums(CaseFile *file, Str run_id, const Rulebook *const *book, int32_t nbooks,
	const BankBatch *batch, const BankRoom *room)
{
	sqlite3_stmt *stmt = NULL;
	BankBatch all = {.row = NULL};
	Status status = STATUS_OK;
	bank_sums_join(&all, batch);
	if (sqlite3_prepare_v2(case_database(file), "INSERT INTO bank_total VALUES(?,?,?,?,?,?,?,?,?,?,"
	    "?,?,?,?,?)", -1, &stmt, NULL) != SQLITE_OK)
		status = case_failed(file);
	for (int32_t b = 0; b < nbooks; b++)
		for (int32_t k = 0; k < book[b]->nbanks && status == STATUS_OK; k++)
			status = write_sum(file, run_id, book[b], sum_of(&all, b, k), room->cut[b][k],
				stmt);
	sqlite3_finalize(stmt);
	bank_batch_free(&all);
	return status;
}
