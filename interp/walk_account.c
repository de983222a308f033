/*
 * A finding about a debit must be redoable by hand: so the evidence shows the account up to that
 * day, each entry with what had become of it, and from which credits the debit drew.
 *
 * The account is also worked out again from the store's rows, once for each store, and held against
 * the rows that were judged: those come from the fast evaluator.
 *
 *   provision.weekly_hours = 2 hours   credited on 5 May 2025, usable to 16 June 2025; 2 hours used
 *   visit.declared = 2 hours           debited on 5 May 2025 for visit V1; 2 hours used
 *   visit.declared = 30 minutes        debited on 11 May 2025 for visit V2; 30 minutes short
 *   taken.shortfall = 30 minutes       the field that was asked for
 *
 * Entries later than the row's own fate are left out, and so are credits that came in after the
 * last debit: they changed nothing, and how many there are may depend on the window, as the content
 * of a finding must not.
 */
#include "interp/walk_account.h"

#include "base/civil.h"
#include "interp/bank_story.h"
#include "interp/derive_walk.h"
#include "interp/walk_private.h"

/* ---- entries in words ---- */

/* As the language writes it. */
static void put_amount(Buf *buf, Type type, int64_t n)
{
	Ratio q;
	if (ratio_make(n, type.scale, &q))
		quantity_print(buf, type, q);
}

/* What is known to be nothing is not worth a word. */
static void put_part(Buf *buf, Type type, bool known, int64_t n, const char *what)
{
	if (known && n == 0)
		return;
	buf_puts(buf, "; ");
	if (known)
		put_amount(buf, type, n);
	else
		buf_puts(buf, "not known how much is");
	buf_puts(buf, what);
}

void account_put_entry(Buf *buf, const Store *store, const Bank *bank, const BankEntry *entry,
	const DerivedEntry *of, Arena *scratch)
{
	const BankFlow *flow = &bank->flow[of->flow];
	buf_puts(buf, entry->credit ? "credited on " : "debited on ");
	if (of->day_known)
		day_print(buf, entry->day);
	else
		buf_puts(buf, "a day that is not known");
	if (of->row >= 0) {
		Type type = {.kind = TYPE_ROW, .ref = flow->dataset, .scale = 1};
		buf_puts(buf, " for ");
		buf_str(buf, store->book->dataset[flow->dataset].decl.name);
		buf_char(buf, ' ');
		value_print(buf, store, store->book, type, known_n(of->row), scratch);
	}
	if (entry->credit && of->last_known && entry->last_day != LAST_DAY) {
		buf_puts(buf, ", usable to ");
		day_print(buf, entry->last_day);
	}
	put_part(buf, bank->type, (entry->known & BANK_USED) != 0, entry->used, " used");
	if (!entry->credit) {
		put_part(buf, bank->type, (entry->known & BANK_SHORTFALL) != 0, entry->shortfall,
			" short");
		return;
	}
	if (bank->expires != NULL || bank->expires_with >= 0)
		put_part(buf, bank->type, (entry->known & BANK_EXPIRED) != 0, entry->expired, " expired");
	if (bank->holds != NULL)
		put_part(buf, bank->type, (entry->known & BANK_LOST) != 0, entry->lost,
			" lost above the ceiling");
}

/* ---- as evidence ---- */

typedef struct Shown {
	Eval *eval;
	const Bank *bank;
	const StoreBank *from;
	const Story *story;
	int32_t first;          /* number of the account's first entry */
	int32_t entry;          /* behind the row, in the account; -1 */
	int32_t settled;        /* the day on which the row's fate is */
	int32_t to;             /* entries up to this day are listed */
} Shown;

/* Of a debit the credits that it drew on, of a credit the debits that drew on it. */
static void put_draws(const Shown *s, Buf *buf)
{
	const BankEntry *entry = &s->from->entry[s->first];
	bool own_day = s->settled == entry[s->entry].day;
	StoryDraw draw[STORY_DRAWS];
	int32_t n = story_draws(s->story, s->entry, own_day, draw);
	for (int32_t i = 0; i < n && i < STORY_DRAWS; i++) {
		buf_puts(buf, i == 0 ? ": " : ", ");
		put_amount(buf, s->bank->type, draw[i].amount);
		buf_puts(buf, entry[s->entry].credit ? " by the debit of " : " from the credit of ");
		day_print(buf, entry[draw[i].other].day);
	}
	if (n > STORY_DRAWS)
		buf_printf(buf, " and %d more", (int)(n - STORY_DRAWS));
}

/* Named by the words of the rule file that say what the entry is, as any value is. */
static void trace_entry(const Shown *s, int32_t i, int32_t left_out)
{
	Eval *eval = s->eval;
	const Walk *walk = eval->walk;
	BankEntry entry = story_entry(s->story, i, s->to, s->settled);
	const DerivedEntry *of = &s->from->of[s->first + i];
	TraceLine line = {trace_label(eval, s->bank->flow[of->flow].amount, LABEL_WORDS),
		.key = NO_KEY};
	if (left_out > 0)
		buf_printf(&eval->buf, "%d earlier entries are not listed; ", (int)left_out);
	account_put_entry(&eval->buf, walk->store, s->bank, &entry, of, walk->arena);
	if (i == s->entry)
		put_draws(s, &eval->buf);
	line.note = walk_text(eval);
	Value amount = {.state = STATE_UNKNOWN};
	if (of->amount_known && ratio_make(entry.amount, s->bank->type.scale, &amount.q))
		amount.state = STATE_KNOWN;
	trace_value(eval, line, s->bank->type, amount);
}

/* The last entries up to the day, and always the one at hand. */
static void trace_entries(const Shown *s)
{
	int32_t n = story_entries(s->story, s->to);
	int32_t from = n > STORY_LISTED ? n - STORY_LISTED : 0;
	if (s->entry >= 0 && s->entry < from)
		trace_entry(s, s->entry, 0);
	for (int32_t i = from; i < n; i++)
		trace_entry(s, i, i == from ? from : 0);
	if (s->entry >= n)
		trace_entry(s, s->entry, 0);
}

/* A debit is settled on its day, a credit when it has expired, which may be before it comes. */
static int32_t settled_on(const StoreBank *from, DatasetOrigin origin, int32_t row, int32_t entry)
{
	if (origin == ORIGIN_BALANCES)
		return from->day[row].day;
	const BankEntry *e = &from->entry[entry];
	return origin == ORIGIN_DEBITS || e->last_day >= LAST_DAY - 1 || e->last_day < e->day ? e->day
		: e->last_day + 1;
}

/* What comes in after the last debit changes nothing for what came before; and how much of it there
 * is may depend on the window. */
static int32_t last_that_matters(const Story *story, const BankEntry *entry, int32_t to)
{
	int32_t last = story_last_debit(story, to, entry->day);
	return last < to ? last : to;
}

/* The first finding pays for all that speak of the account. */
static const Story *story_of(const Rulebook *book, int32_t bank, const StoreBank *from,
	int32_t account)
{
	if (from->story[account] == NULL) {
		int32_t start = from->start[account];
		BankAccount whole = {.order = book->bank[bank].order, .open = from->open[account],
			.horizon = LAST_DAY, .entry = from->entry + start,
			.n = from->start[account + 1] - start};
		from->story[account] = story_new(&whole, from->arena);
	}
	return from->story[account];
}

/* As it stood when the row's fate was settled: later entries did not decide it. */
static void trace_account(Eval *eval, int32_t bank, DatasetOrigin origin, int32_t row)
{
	const Walk *walk = eval->walk;
	const StoreBank *from = &walk->store->bank[bank];
	int32_t entry, account = derive_account_of(from, origin, row, &entry);
	Shown shown = {.eval = eval, .bank = &walk->book->bank[bank], .from = from,
		.first = from->start[account], .entry = entry < 0 ? -1 : entry - from->start[account]};
	shown.story = story_of(walk->book, bank, from, account);
	shown.to = shown.settled = settled_on(from, origin, row, entry);
	if (entry >= 0)
		shown.to = last_that_matters(shown.story, &from->entry[entry], shown.settled);
	trace_entries(&shown);
}

/* ---- worked out again ---- */

/* Once for an account and store: the first finding pays for all of them. */
static void check_account(Eval *eval, int32_t bank, int32_t account)
{
	const Walk *walk = eval->walk;
	const StoreBank *from = &walk->store->bank[bank];
	StoreBank again;
	if (from->checked[account])
		return;
	from->checked[account] = true;
	Derive derive = derive_by_walk(walk->store, walk->law, walk->arena);
	if (derive_bank(&derive, bank, from->group[account], &again) && again.accounts == 1 &&
	    derive_same(from, account, &again, 0))
		return;
	buf_printf(&eval->buf, "bank %.*s: the account of ",
		STR_ARG(walk->book->bank[bank].decl.name));
	for (int32_t k = 0; k < from->nkeys && !from->keyless[account]; k++) {
		Type type = walk->book->bank[bank].key[k].expr->type;
		buf_puts(&eval->buf, k > 0 ? ", " : "");
		value_print(&eval->buf, walk->store, walk->book, type,
			value_of_column(type, from->key[k][account]), walk->arena);
	}
	buf_puts(&eval->buf, " comes out otherwise when it is worked out again");
	walk->trace->broken = walk_text(eval);
}

/* What became of an entry, or of a day: of the account's other fields nothing needs to be said. */
static bool is_outcome(const Bank *bank, DatasetOrigin origin, int32_t field)
{
	field -= bank->nkeys;
	if (origin == ORIGIN_CREDITS)
		return field >= CREDIT_USED && field <= CREDIT_HELD;
	if (origin == ORIGIN_DEBITS)
		return field == DEBIT_USED || field == DEBIT_SHORTFALL;
	return field > BALANCE_DATE;
}

/* Rows that are only looked at on the way, inside a sum, are checked but not spelled out. */
void walk_account(Eval *eval, const Frame *frame, const Expr *expr, int32_t row)
{
	const Walk *walk = eval->walk;
	int32_t dataset = expr->arg[0]->type.ref, entry;
	const Dataset *decl = &walk->book->dataset[dataset];
	if (walk->store->bank == NULL || walk->store->bank[decl->bank].start == NULL)
		return;
	const StoreBank *from = &walk->store->bank[decl->bank];
	check_account(eval, decl->bank, derive_account_of(from, decl->origin, row, &entry));
	if (frame->mute_from != NOT_MUTED || !is_outcome(&walk->book->bank[decl->bank], decl->origin,
	     expr->ref))
		return;
	uint64_t hash = trace_mix(trace_mix(0xacc0, (uint64_t)dataset), (uint64_t)(uint32_t)row);
	if (trace_first(eval, hash))
		trace_account(eval, decl->bank, decl->origin, row);
}
