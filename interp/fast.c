/*
 * The fast evaluator as others see it: one for each thread, made for one rulebook, used for one
 * store after another. What it keeps between stores are the numbers of expressions and empty
 * memory; what it learns of a store (indexes, aggregates over all rows) is forgotten with it.
 *
 *   fast_rules ─> groups: fast_group.c ─┐
 *            └──> rows:   fast_rule.c ──┴─> frames ─> fast_eval ─> columns ─> hits
 */
#include "interp/fast_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- one for each thread ---- */

/* Nothing of the book is looked at yet but the sizes of its scopes: expressions are numbered
 * when a rule first asks for them, so that a pass that judges two rules pays for two. */
Fast *fast_new(const Rulebook *book, const Law *law)
{
	Fast *fast = mem_alloc(sizeof(Fast));
	fast->book = book;
	fast->law = law;
	fast->nslots = rulebook_slots(book);
	fast->class_of = mem_alloc(mem_product(sizeof(int32_t), (size_t)book->nexprs + 1));
	for (int32_t i = 0; i < book->nexprs; i++)
		fast->class_of[i] = -1;
	fast->depth = -1;
	fast->only = -1;
	return fast;
}

void fast_only(Fast *fast, int32_t provider_row)
{
	fast->only = provider_row;
}

/* Takes all that the pools have kept from batch to batch. */
void fast_free(Fast *fast)
{
	if (fast == NULL)
		return;
	for (int i = 0; i < fast->npools; i++) {
		pool_free(fast->pool[i]);
		free(fast->pool[i]);
	}
	free(fast->pool);
	pool_free(&fast->batch_pool);
	pool_free(&fast->index_pool);
	free(fast->class);
	free(fast->class_of);
	free(fast->class_slot);
	arena_free(&fast->texts);
	arena_free(&fast->scratch);
	free(fast);
}

/* ---- the rules of one store ---- */

/* Nothing that was learnt from another store may stay. */
void fast_begin(Fast *fast, const Store *store)
{
	fast->store = store;
	fast->closed = NULL;
	pool_reset(&fast->batch_pool);
	fast_index_reset(fast);
}

/* Rules over rows of one dataset; and groups of rows that are taken under the same conditions. */
static bool go_together(Fast *fast, const Rule *a, const Rule *b)
{
	bool groups = a->subject == SUBJECT_GROUP;
	if (groups != (b->subject == SUBJECT_GROUP) || a->dataset != b->dataset)
		return false;
	return !groups || (a->nkeys == b->nkeys && fast_same_class(fast, a->covered, b->covered) &&
		fast_same_class(fast, a->filter, b->filter));
}

/* The rule with all further ones that go with it; `done` says which were taken. */
static void judge_with_others(Call *call, const int32_t *rules, int32_t n, int32_t i, bool *done)
{
	const Rulebook *book = call->fast->book;
	const Rule **set = POOL_ARRAY(&call->fast->batch_pool, const Rule *, n);
	int32_t size = 0;
	for (int32_t k = i; k < n; k++) {
		if (done[k] || !go_together(call->fast, &book->rule[rules[i]], &book->rule[rules[k]]))
			continue;
		done[k] = true;
		set[size++] = &book->rule[rules[k]];
	}
	if (set[0]->subject == SUBJECT_GROUP)
		fast_judge_groups(call, (RuleSet){set, size, false});
	else
		fast_judge_rows(call, (RuleSet){set, size, false});
}

/* Rules over rows of one dataset are judged batch by batch together, so that a field is fetched
 * once for all of them while it is in the cache. */
int fast_rules(Fast *fast, const Store *store, const int32_t *rules, int32_t nrules,
	FastCount *count, FastSink sink, void *user)
{
	Call call = {.fast = fast, .count = count, .sink = sink, .user = user};
	fast_begin(fast, store);
	bool *done = POOL_ARRAY(&fast->batch_pool, bool, nrules + 1);
	memset(done, 0, (size_t)nrules + 1);
	for (int32_t i = 0; i < nrules && call.status == 0; i++)
		if (!done[i])
			judge_with_others(&call, rules, nrules, i, done);
	arena_reset(&fast->scratch);
	fast->store = NULL;
	return call.status;
}

/* ---- one column ---- */

/* Nearly always all known, and one value for each. */
static void copy_out(const Col *col, int32_t n, int64_t *value, uint8_t *state)
{
	if (is_plain(col)) {
		memcpy(value, col->v, (size_t)n * sizeof *value);
		memset(state, STATE_KNOWN, (size_t)n);
		return;
	}
	for (int32_t i = 0; i < n; i++) {
		state[i] = state_of(col, i);
		value[i] = col->v[at_of(col, i)];
	}
}

/* The law date of a match or a key is nobody's: what depends on one is unknown here. */
void fast_column(Fast *fast, const Store *store, const Expr *expr, int32_t slot, int32_t dataset,
	int64_t *value, uint8_t *state)
{
	const StoreTable *table = store->table[dataset];
	int32_t rows = table == NULL ? 0 : table->rows;
	assert(!expr->type.ratio && expr->type.kind != TYPE_ROWS);
	fast_begin(fast, store);
	for (int32_t from = 0; from < rows; from += BATCH) {
		int32_t n = rows - from < BATCH ? rows - from : BATCH;
		int depth = fast_depth_take(fast);
		Frame *frame = frame_new(fast, depth, n);
		frame->law = col_fixed(frame, NO_DAY);
		frame->slot[slot] = fast_rows_col(frame->pool, (RowSpan){NULL, rows}, from, n);
		const Col *col = fast_eval(frame, expr);
		copy_out(col, n, value + from, state + from);
		fast_depth_give(fast);
	}
	arena_reset(&fast->scratch);
	fast->store = NULL;
}
