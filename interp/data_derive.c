/*
 * Sequences and banks of the stores of an audit, by the fast evaluator.
 *
 * Neighbours among the rows of a whole table, where nothing else comes in that is partitioned, are
 * worked out once for all stores. All else is worked out in each partition, after the matches that
 * it looks at and before those that look at it.
 *
 *   base        matches of whole tables ─> sequences of whole tables
 *   partition   (step by step)  match │ sequence │ bank ─> three tables of the store
 *
 * The plan has made sure (data_reach.c) that the rows of a key, or of an account, are in one
 * partition. A whole table is in every partition; which of its rows have their account in this one
 * is what its home says, as for rules over its rows. So each account is worked out in one partition
 * of a pass, and one pass tells the case file of it.
 */
#include "interp/data_internal.h"

#include "interp/derive.h"

/* ---- the evaluator ---- */

/* The store at hand is still being filled in; what is there already can be asked. */
static void values(void *user, const Expr *expr, const Subjects *subjects, int64_t *value,
	uint8_t *state)
{
	const MatchJob *job = user;
	fast_over(job->fast, job->store, expr, subjects, value, state);
}

static RowValues all_rows(void *user, const Expr *expr, int32_t dataset)
{
	return match_rows(user, expr, 0, dataset);
}

/* Lists are those of the store, which lasts as long as what is derived from it. */
static void lists(void *user, const Expr *expr, const Subjects *subjects, RowSpan *rows,
	uint8_t *state)
{
	const MatchJob *job = user;
	fast_lists(job->fast, job->store, expr, subjects, rows, state);
}

static Derive derive_of(MatchJob *job)
{
	return (Derive){.store = job->store, .law = job->data->options.law, .arena = job->arena,
		.scratch = job->scratch, .user = job, .values = values, .rows = all_rows, .lists = lists};
}

/* ---- what all stores share ---- */

/* Steps are all there, needed or not. */
static size_t nsteps(const Rulebook *book)
{
	return (size_t)book->nmatches + (size_t)book->nsequences + (size_t)book->nbanks;
}

/* The first earlier book that has the sequence too: contracts of one council share a file of them. */
static SameSequence sequence_before(const Data *data, int32_t book, int32_t sequence)
{
	for (int32_t o = 0; o < book; o++)
		for (int32_t k = 0; k < data->book[o].book->nsequences; k++)
			if (same_sequence(data, book, sequence, o, k))
				return (SameSequence){o, k};
	return (SameSequence){-1, -1};
}

/* Also where a book has none: then the steps are its matches, in their order. */
void derived_begin(Data *data, int32_t book)
{
	Base *base = &data->base;
	const Rulebook *rules = data->book[book].book;
	size_t n = (size_t)rules->nsequences + 1;
	base->step[book] = derive_order(rules, &base->arena);
	base->sequence[book] = ARENA_ARRAY(&base->arena, StoreSequence, n);
	base->sequence_done[book] = ARENA_ARRAY(&base->arena, bool, n);
	base->store[book].sequence = base->sequence[book];
	base->same_sequence[book] = ARENA_ARRAY(&base->arena, SameSequence, n);
	for (int32_t s = 0; s < rules->nsequences; s++)
		base->same_sequence[book][s] = sequence_before(data, book, s);
}

/* A handful of steps: they are searched. */
static bool on_derived(const Data *data, int32_t book, DerivedKind kind, int32_t number)
{
	const DerivedStep *step = data->base.step[book];
	for (size_t i = 0; i < nsteps(data->book[book].book); i++)
		if (step[i].kind == kind && step[i].number == number)
			return step[i].on_derived;
	return false;
}

bool derived_match_waits(const Data *data, int32_t book, int32_t match)
{
	return on_derived(data, book, DERIVED_MATCH, match);
}

/* Also marks what the sequence needs, of which nothing is new: its rules were planned. */
static bool of_whole_tables(Data *data, int32_t book, int32_t sequence)
{
	Needs needs = needs_new(data);
	reach_sequence_needs(data, book, sequence, &needs);
	for (size_t t = 0; t < data->table.n; t++)
		if (needs.table[t] && !data->table.at[t]->whole)
			return false;
	return true;
}

/* By some rule of some pass. */
static bool is_needed(const Data *data, int32_t book, int32_t sequence)
{
	for (size_t p = 0; p < data->pass.n; p++)
		if (data->pass.at[p]->needs.sequence[book][sequence])
			return true;
	return false;
}

/* As with matches of whole tables: a hundred partitions would each do the same again. */
void derived_whole(MatchJob *job)
{
	Data *data = job->data;
	Base *base = &data->base;
	for (int32_t s = 0; s < data->book[job->book].book->nsequences; s++) {
		if (!is_needed(data, job->book, s) || on_derived(data, job->book, DERIVED_SEQUENCE, s) ||
		    !of_whole_tables(data, job->book, s))
			continue;
		Derive derive = derive_of(job);
		base->sequence[job->book][s] = derive_sequence(&derive, s);
		base->sequence_done[job->book][s] = true;
		arena_reset(job->scratch);
	}
}

/* ---- one partition ---- */

/* Whether the stores of the base have all that a pass over whole tables needs. */
bool derived_in_base(const Data *data, const Pass *pass)
{
	for (int32_t b = 0; b < data->options.nbooks; b++) {
		const Rulebook *book = data->book[b].book;
		for (int32_t k = 0; k < book->nbanks; k++)
			if (pass->needs.bank[b][k])
				return false;
		for (int32_t s = 0; s < book->nsequences; s++)
			if (pass->needs.sequence[b][s] && !data->base.sequence_done[b][s])
				return false;
		for (int32_t m = 0; m < book->nmatches; m++)
			if (pass->needs.match[b][m] && derived_match_waits(data, b, m))
				return false;
	}
	return true;
}

/* The rows go where a table of the database would stand, and rules see no difference. */
static Status add_bank(MatchJob *job, int32_t number, StoreBank *out, StoreTable **table)
{
	const Bank *bank = &job->store->book->bank[number];
	const int32_t dataset[] = {bank->credits, bank->debits, bank->balances};
	StoreTable *made[3];
	Derive derive = derive_of(job);
	bool good = derive_bank(&derive, number, store_home(job->store, bank->dataset), out);
	derive_tables(&derive, number, out, made);
	for (int k = 0; k < 3; k++)
		table[dataset[k]] = made[k];
	arena_reset(job->scratch);
	if (good)
		return STATUS_OK;
	DiagRef ref = diag_add(job->diags, DIAG_BANK_SUM, bank->decl.name_at,
		"an account of bank %.*s does not add up", STR_ARG(bank->decl.name));
	diag_note(ref, "this is a fault of the program; nothing was written");
	return STATUS_WORLD;
}

/* Neighbours among the same rows, which an earlier book may have found: it has the same store but
 * for its fields. */
static StoreSequence part_sequence(MatchJob *job, const Needs *needs, int32_t number)
{
	const Base *base = &job->data->base;
	SameSequence same = base->same_sequence[job->book][number];
	if (base->sequence_done[job->book][number])
		return base->sequence[job->book][number];
	if (same.book >= 0 && needs->sequence[same.book][same.number])
		return job->stores[same.book].sequence[same.number];
	Derive derive = derive_of(job);
	StoreSequence out = derive_sequence(&derive, number);
	arena_reset(job->scratch);
	return out;
}

/* Steps come so that each finds what it looks at. What the pass does not need is left out. */
Status derived_part(MatchJob *job, const Pass *pass, StoreTable **table, bool *done)
{
	const Base *base = &job->data->base;
	const Rulebook *book = job->store->book;
	const Needs *needs = &pass->needs;
	int32_t b = job->book;
	StoreSequence *sequence = ARENA_ARRAY(job->arena, StoreSequence, (size_t)book->nsequences + 1);
	StoreBank *bank = ARENA_ARRAY(job->arena, StoreBank, (size_t)book->nbanks + 1);
	bool *wanted = ARENA_ARRAY(job->arena, bool, (size_t)book->nmatches + 1);
	Status status = STATUS_OK;
	job->store->sequence = sequence;
	job->store->bank = bank;
	for (size_t i = 0; i < nsteps(book) && status == STATUS_OK; i++) {
		const DerivedStep *step = &base->step[b][i];
		int32_t n = step->number;
		if (step->kind == DERIVED_MATCH && needs->match[b][n]) {
			wanted[n] = true;
			status = match_all(job, wanted, done);
			wanted[n] = false;
		} else if (step->kind == DERIVED_SEQUENCE &&
		    (base->sequence_done[b][n] || needs->sequence[b][n])) {
			sequence[n] = part_sequence(job, needs, n);
		} else if (step->kind == DERIVED_BANK && needs->bank[b][n]) {
			status = add_bank(job, n, &bank[n], table);
		}
	}
	return status;
}
