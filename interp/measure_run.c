/*
 * Threads work on partitions and never wait for each other but for a moment under the lock:
 *
 *   thread 1   takes a share ─ partition 7 ─ gives it back ┐     a share: a Merge a measure, sums
 *   thread 2   takes a share ─ partition 8 ─ gives it back ┤     on their way there, complete rows
 *                                                          └─> joined when the pass has ended
 *
 * How a figure of a group comes together depends on where its rows are:
 *
 *   merges?  rows of a group in one partition?   worked out
 *   no       the data layer sees to it           by measure_all, in that partition
 *   yes      yes                                 scanned and folded, in that partition
 *   yes      no                                  scanned there, folded when the pass ends: waits
 *
 * Passes end one after another. A figure that waits is folded with any store of its pass, for only
 * the tables that keys lead to are looked at then, and these are whole in every partition.
 */
#include "interp/measure_run.h"

#include <stdlib.h>
#include <string.h>

/* ---- rules for the data layer ---- */

/* Everything that the measure looks at; the clauses of its subject are the rule's own. The data
 * layer reads `show` as it reads the clauses of any rule: to see which columns are needed. */
static void show_all(const Measure *measure, Rule *out, Arena *arena)
{
	const Expr *const one[] = {measure->figure, measure->target, measure->fails, measure->needs,
		measure->reported_rows, measure->reported};
	int32_t most = (int32_t)(sizeof one / sizeof *one) + measure->nparts;
	out->show = ARENA_ARRAY(arena, Expr *, (size_t)most);
	out->nshow = 0;
	for (size_t i = 0; i < sizeof one / sizeof *one; i++)
		if (one[i] != NULL)
			out->show[out->nshow++] = (Expr *)(uintptr_t)one[i];
	for (int32_t i = 0; i < measure->nparts; i++)
		out->show[out->nshow++] = measure->part[i].value;
}

/* The rest of the book is shared: the data layer reads it, and changes nothing. A measure's number
 * as a rule is nrules + its own, which is how the lists of a pass are taken apart again. `in_parts`
 * tells the data layer that rows of one group need not lie together. */
const Rulebook *measure_run_book(const Rulebook *book, Arena *arena)
{
	if (book->nmeasures == 0)
		return book;
	Rulebook *out = ARENA_NEW(arena, Rulebook);
	*out = *book;
	out->rule = ARENA_ARRAY(arena, Rule, (size_t)book->nrules + (size_t)book->nmeasures);
	if (book->nrules > 0)
		memcpy(out->rule, book->rule, sizeof *out->rule * (size_t)book->nrules);
	for (int32_t m = 0; m < book->nmeasures; m++) {
		Rule *rule = &out->rule[book->nrules + m];
		*rule = book->measure[m].rule;
		rule->in_parts = measure_shape(book, &book->measure[m], arena).merges;
		show_all(&book->measure[m], rule, arena);
	}
	out->nrules += book->nmeasures;
	return out;
}

/* ---- the run ---- */

/* Shapes are worked out once here and once for the rules, from the same trees. Pass -1 stays with
 * measures that no partition makes wait. */
void measure_run_begin(MeasureRun *run, const Rulebook *const *book, int32_t nbooks,
	const Law *law, Str provider)
{
	*run = (MeasureRun){.book = book, .nbooks = nbooks, .law = law, .provider = provider};
	pthread_mutex_init(&run->lock, NULL);
	run->of = ARENA_ARRAY(&run->arena, MeasureRunBook, (size_t)nbooks + 1);
	for (int32_t b = 0; b < nbooks; b++) {
		MeasureRunBook *of = &run->of[b];
		size_t n = (size_t)book[b]->nmeasures + 1;
		of->shape = ARENA_ARRAY(&run->arena, MeasureShape, n);
		of->pass = ARENA_ARRAY(&run->arena, int32_t, n);
		of->keyless = ARENA_ARRAY(&run->arena, MeasureKeyless, n);
		of->first = ARENA_ARRAY(&run->arena, MeasureRef, n);
		of->from = ARENA_ARRAY(&run->arena, MeasureRef, n);
		of->whole = ARENA_ARRAY(&run->arena, bool, (size_t)book[b]->ndatasets + 1);
		for (int32_t m = 0; m < book[b]->nmeasures; m++) {
			of->shape[m] = measure_shape(book[b], &book[b]->measure[m], &run->arena);
			of->pass[m] = -1;
		}
	}
}

/* ---- shares ---- */

/* Made outside the lock, by the thread that finds none free. */
static MeasureShare *share_new(const MeasureRun *run)
{
	MeasureShare *share = mem_alloc(sizeof(MeasureShare));
	share->sums = measure_sums_new();
	share->merge = ARENA_ARRAY(&share->arena, Merge *, (size_t)run->nbooks + 1);
	for (int32_t b = 0; b < run->nbooks; b++) {
		const Rulebook *book = run->book[b];
		share->merge[b] = ARENA_ARRAY(&share->arena, Merge, (size_t)book->nmeasures + 1);
		for (int32_t m = 0; m < book->nmeasures; m++) {
			const MeasureShape *shape = &run->of[b].shape[m];
			merge_begin(&share->merge[b][m], &share->arena, shape->measure->rule.nkeys,
				shape->nleaves, shape->kind);
		}
	}
	return share;
}

/* One that no other thread has in hand: there are never more of them than threads. Which share a
 * thread gets does not show, for joining does not depend on it (law 8). */
static MeasureShare *share_take(MeasureRun *run)
{
	pthread_mutex_lock(&run->lock);
	MeasureShare *share = run->share;
	if (share != NULL)
		run->share = share->next;
	pthread_mutex_unlock(&run->lock);
	return share != NULL ? share : share_new(run);
}

/* Under the lock alone; what is in it belongs to whoever has it in hand. */
static void share_give(MeasureRun *run, MeasureShare *share)
{
	pthread_mutex_lock(&run->lock);
	share->next = run->share;
	run->share = share;
	pthread_mutex_unlock(&run->lock);
}

/* Groups lie in the arena, the tables that find them do not. */
static void share_free(const MeasureRun *run, MeasureShare *share)
{
	for (int32_t b = 0; b < run->nbooks; b++)
		for (int32_t m = 0; m < run->book[b]->nmeasures; m++)
			merge_free(&share->merge[b][m]);
	measure_sums_free(share->sums);
	vec_free(&share->row);
	arena_free(&share->arena);
	free(share);
}

/* All threads have given their shares back by now. */
void measure_run_free(MeasureRun *run)
{
	while (run->share != NULL) {
		MeasureShare *share = run->share;
		run->share = share->next;
		share_free(run, share);
	}
	arena_free(&run->arena);
	pthread_mutex_destroy(&run->lock);
}

/* Rules of a pass come in rising order, so measures are at its end. */
int32_t measure_run_rules(const MeasureRun *run, int32_t book, const int32_t *rules, int32_t n)
{
	while (n > 0 && rules[n - 1] >= run->book[book]->nrules)
		n--;
	return n;
}

/* ---- whose figures ---- */

/* What --provider leaves out. */
typedef struct Wanted {
	Walk walk;
	const Measure *measure;
	Str provider;
} Wanted;

/* As rules have it: a subject that leads to no provider is nobody's, and left out. Asked without a
 * law date, as it is of a rule's subject: the way to a provider is made of links. */
static bool wants(void *user, const Value *slots)
{
	Wanted *wanted = user;
	const Expr *provider = wanted->measure->rule.provider;
	if (wanted->provider.len == 0)
		return true;
	if (provider == NULL)
		return false;
	Value row = walk_expr(&wanted->walk, provider, (Value *)(uintptr_t)slots, NO_DAY,
		(RowSpan){NULL, 0});
	return row.state == STATE_KNOWN && str_eq(wanted->provider, store_key(wanted->walk.store,
		provider->type.ref, (int32_t)row.n, wanted->walk.arena));
}

/* Keys of the measure and rows of the store belong together. */
static Wanted wanted_of(const MeasureRun *run, const Walk *walk, const Measure *measure)
{
	return (Wanted){*walk, measure, run->provider};
}

/* Of a subject that is a row, a missing period stays with its row. */
static bool is_keyless(const Measure *measure, const MeasureResult *result)
{
	bool known = true;
	for (int32_t k = 0; k < measure->rule.nkeys; k++)
		known &= result->slot[k].state == STATE_KNOWN;
	return !known;
}

/* Rows without a key may lie in any partition; a conflict among them is one of the whole. Under the
 * lock, and in the run's arena: texts of a partition go with it. Of several rows the one with the
 * greatest state is kept, its reasons are all told together at the end, and the counts of rows add
 * up. */
static void add_keyless(MeasureRun *run, MeasureKeyless *keyless, const MeasureResult *result,
	CaseMeasure row)
{
	pthread_mutex_lock(&run->lock);
	uint8_t state = result->status == STATUS_CONFLICT ? STATE_CONFLICT : STATE_UNKNOWN;
	if (keyless->any)
		row.rows += keyless->row.rows;
	if (!keyless->any || state > keyless->why.state)
		keyless->row = row;
	keyless->any = true;
	keyless->row.rows = row.rows;
	for (int32_t i = 0; i < result->nmissing; i++)
		reasons_add(&run->arena, &keyless->why, state, result->missing[i]);
	if (result->nmissing == 0)
		reasons_add(&run->arena, &keyless->why, state, result->reason);
	pthread_mutex_unlock(&run->lock);
}

/* Results that are only there for the trend are left behind. Rows are copied into the share's
 * arena: results lie in the partition's. */
static void keep_results(MeasureRun *run, MeasureShare *share, MeasureRef of, const Walk *walk,
	const MeasureResults *results)
{
	const Measure *measure = &run->book[of.book]->measure[of.measure];
	Wanted wanted = wanted_of(run, walk, measure);
	for (size_t i = 0; i < results->list.n; i++) {
		const MeasureResult *result = &results->list.at[i];
		if (!result->inside || !wants(&wanted, result->slot))
			continue;
		CaseMeasure row = case_measure_of(walk, measure, result, &share->arena);
		row.book = of.book;
		row.measure = of.measure;
		if (is_keyless(measure, result))
			add_keyless(run, &run->of[of.book].keyless[of.measure], result, row);
		else
			*vec_push(&share->row) = row;
	}
}

/* ---- one partition ---- */

typedef struct Part {
	MeasureRun *run;
	MeasureShare *share;
	const Data *data;
	int32_t pass, book;
	const Store *store;
	Fast *fast;
	Arena arena;
} Part;

/* Without a trace: measure_all and measure_fold bring their own. The law is the run's; what is
 * thrown away lies in the part's own arena. */
static Walk walk_of(Part *part)
{
	return (Walk){.book = part->run->book[part->book], .store = part->store,
		.law = part->run->law, .arena = &part->arena};
}

/* A row that is a key, but numbered in this partition alone, has all its rows here too. Numbers of
 * rows mean something in this partition alone then, and no other could add to the group. */
static bool keys_are_whole(const MeasureRunBook *of, const Rule *rule)
{
	for (int32_t k = 0; k < rule->nkeys; k++) {
		Type type = rule->key[k].expr->type;
		if (type.kind == TYPE_ROW && !of->whole[type.ref])
			return false;
	}
	return true;
}

/* Whether figures wait for the other partitions. Where all rows of a group are in one, as a
 * person's are, nothing has to, and what stands round the aggregates may look at any of them. With
 * one partition all rows are here, whatever their keys. */
static bool waits(const Part *part, int32_t number)
{
	const MeasureRunBook *of = &part->run->of[part->book];
	int32_t rule = part->run->book[part->book]->nrules + number;
	return data_parts(part->data, part->pass) > 1 &&
		!data_groups_together(part->data, part->pass, part->book, rule) &&
		keys_are_whole(of, &of->shape[number].measure->rule);
}

static MeasureScan scan_of(Part *part)
{
	return (MeasureScan){.walk = walk_of(part), .whole = part->run->of[part->book].whole,
		.fast = part->fast, .sums = part->share->sums};
}

/* A measure to be scanned: it adds to what the thread has of it, or is finished here. `done`: it
 * was scanned together with one before it in the list. */
typedef struct Scanned {
	int32_t number;
	bool waits, done;
} Scanned;

/* All rows of its groups were here. */
static void finish_here(Part *part, const MeasureScan *scan, const MeasureTask *task,
	int32_t number)
{
	MeasureResults results;
	measure_fold(&scan->walk, task->shape, task->merge, NULL, NULL, &results);
	keep_results(part->run, part->share, (MeasureRef){part->book, number}, &scan->walk, &results);
	vec_free(&results.list);
	merge_free(task->merge);
}

/* A merge of the share lives as long as the run; one of the part is thrown away when its figures
 * are there. */
static MeasureTask task_of(Part *part, const Scanned *of)
{
	const MeasureShape *shape = &part->run->of[part->book].shape[of->number];
	MeasureTask task = {shape, !of->waits, NULL, !of->waits && shape->measure->window_key < 0};
	if (of->waits) {
		task.merge = &part->share->merge[part->book][of->number];
	} else {
		task.merge = ARENA_NEW(&part->arena, Merge);
		merge_begin(task.merge, &part->arena, shape->measure->rule.nkeys, shape->nleaves,
			shape->kind);
	}
	return task;
}

/* Measures over the same rows, the first of the list among them. The rows are then read, and what
 * measures have in common worked out, once for all of them. */
static void scan_together(Part *part, Scanned *list, int32_t n)
{
	const MeasureRunBook *of = &part->run->of[part->book];
	MeasureTask *task = ARENA_ARRAY(&part->arena, MeasureTask, (size_t)n);
	const Scanned **taken = ARENA_ARRAY(&part->arena, const Scanned *, (size_t)n);
	const Measure *first = of->shape[list->number].measure;
	int32_t ntasks = 0;
	for (int32_t i = 0; i < n; i++) {
		const Measure *measure = of->shape[list[i].number].measure;
		if (list[i].done || (i > 0 && !measure_scan_together(part->fast, first, measure)))
			continue;
		taken[ntasks] = &list[i];
		task[ntasks++] = task_of(part, &list[i]);
		list[i].done = true;
	}
	MeasureScan scan = scan_of(part);
	measure_scan(&scan, task, ntasks, store_home(part->store, first->rule.dataset));
	for (int32_t i = 0; i < ntasks; i++)
		if (!taken[i]->waits)
			finish_here(part, &scan, &task[i], taken[i]->number);
	arena_reset(&part->arena);
}

/* All rows of a subject are here, as the data layer has seen to. Its aggregates look at several
 * rows at once, so the explaining evaluator goes over them. */
static void all_of_part(Part *part, int32_t number)
{
	Walk walk = walk_of(part);
	MeasureResults results;
	measure_all(&walk, &part->run->book[part->book]->measure[number], &results);
	keep_results(part->run, part->share, (MeasureRef){part->book, number}, &walk, &results);
	vec_free(&results.list);
}

/* ---- what is known once the data are read ---- */

/* Measures of an earlier book that add up the same rows to the same groups; itself where there is
 * none. What each contract makes of the figures may differ. Two councils that use one shared file
 * count the same visits: the sums are made once. */
static MeasureRef first_of(const MeasureRun *run, const Data *data, MeasureRef ref)
{
	int32_t rule = run->book[ref.book]->nrules + ref.measure;
	for (int32_t b = 0; b < ref.book; b++)
		for (int32_t m = 0; m < run->book[b]->nmeasures; m++)
			if (data_same_groups(data, ref.book, rule, b, run->book[b]->nrules + m))
				return (MeasureRef){b, m};
	return ref;
}

/* The first partition asks. What it learns hangs on the plan, not on the partition, so that the
 * others need not ask. */
static void learn(MeasureRun *run, const Data *data, int32_t book)
{
	MeasureRunBook *of = &run->of[book];
	pthread_mutex_lock(&run->lock);
	if (!of->known) {
		for (int32_t d = 0; d < run->book[book]->ndatasets; d++)
			of->whole[d] = data_is_whole(data, book, d);
		for (int32_t m = 0; m < run->book[book]->nmeasures; m++)
			of->first[m] = first_of(run, data, (MeasureRef){book, m});
	}
	of->known = true;
	pthread_mutex_unlock(&run->lock);
}

/* Whether another book's measure adds these rows up in this pass, for both. Only in one pass: in
 * another the first one's sums may lie elsewhere by now. */
static bool is_followed(const Part *part, int32_t number)
{
	MeasureRef first = part->run->of[part->book].first[number];
	int32_t n, rule = part->run->book[first.book]->nrules + first.measure;
	const int32_t *rules = data_rules(part->data, part->pass, first.book, &n);
	for (int32_t i = 0; i < n && first.book != part->book; i++)
		if (rules[i] == rule)
			return true;
	return false;
}

/* A figure that waits is finished with any store of this pass, from what was added up in it. Every
 * partition writes the same, under the lock because they write at once. */
static void note_pass(const Part *part, int32_t number, bool followed)
{
	MeasureRunBook *of = &part->run->of[part->book];
	pthread_mutex_lock(&part->run->lock);
	of->pass[number] = part->pass;
	of->from[number] = followed ? of->first[number] : (MeasureRef){part->book, number};
	pthread_mutex_unlock(&part->run->lock);
}

/* Those that are put together from parts go over their rows together; the others one by one.
 * Scratch memory is given back after each, so that their number does not matter. The scratch arena
 * is emptied between them. */
static void measure_part(Part *part, const int32_t *rules, int32_t n)
{
	const MeasureRunBook *of = &part->run->of[part->book];
	Scanned *list = mem_alloc(mem_product(sizeof *list, (size_t)n));
	int32_t nlist = 0;
	for (int32_t i = 0; i < n; i++) {
		int32_t m = rules[i] - part->run->book[part->book]->nrules;
		bool waiting = of->shape[m].merges && waits(part, m);
		bool followed = waiting && is_followed(part, m);
		if (waiting)
			note_pass(part, m, followed);
		if (!of->shape[m].merges)
			all_of_part(part, m);
		else if (!followed)
			list[nlist++] = (Scanned){m, waiting, false};
		arena_reset(&part->arena);
	}
	for (int32_t i = 0; i < nlist; i++)
		if (!list[i].done)
			scan_together(part, list + i, nlist - i);
	free(list);
}

/* Called once for each partition, book and pass, by the thread that has the partition. */
void measure_run_part(MeasureRun *run, const Data *data, int32_t pass, int32_t book,
	const int32_t *rules, int32_t n, const Store *store, Fast *fast)
{
	int32_t first = measure_run_rules(run, book, rules, n);
	if (first == n)
		return;
	learn(run, data, book);
	Part part = {.run = run, .data = data, .pass = pass, .book = book, .store = store,
		.fast = fast, .share = share_take(run)};
	measure_part(&part, rules + first, n - first);
	share_give(run, part.share);
	arena_free(&part.arena);
}

/* ---- when all parts are there ---- */

/* Passes without a figure that waits are skipped. */
int32_t measure_run_next(const MeasureRun *run, int32_t from)
{
	int32_t next = -1;
	for (int32_t b = 0; b < run->nbooks; b++)
		for (int32_t m = 0; m < run->book[b]->nmeasures; m++) {
			int32_t pass = run->of[b].pass[m];
			if (pass >= from && (next < 0 || pass < next))
				next = pass;
		}
	return next;
}

/* What all threads have of it, in the first share. Into the first, since a share that is freed
 * takes its groups along. A second measure that is made from the same groups finds the others
 * empty, and changes nothing. */
static const Merge *join_shares(const MeasureRun *run, MeasureRef of)
{
	Merge *merge = &run->share->merge[of.book][of.measure];
	for (MeasureShare *share = run->share->next; share != NULL; share = share->next) {
		Merge *other = &share->merge[of.book][of.measure];
		merge_join(merge, other);
		merge_free(other);
	}
	return merge;
}

/* Figures that are ready to be worked out, each by one thread. Joining was done before by one
 * thread, so the merges are only read. */
typedef struct Finish {
	MeasureRun *run;
	const Store *const *store; /* by book */
	MeasureRef *of;
	const Merge **merge;
	int32_t n, next;           /* next: under the run's lock */
} Finish;

/* The store's tables give the keys their names; the group's rows are not looked at. */
static void finish_one(Finish *finish, MeasureShare *share, int32_t i, Arena *arena)
{
	MeasureRun *run = finish->run;
	MeasureRef of = finish->of[i];
	const Measure *measure = &run->book[of.book]->measure[of.measure];
	Walk walk = {.book = run->book[of.book], .store = finish->store[of.book], .law = run->law,
		.arena = arena};
	MeasureResults results;
	Wanted wanted = wanted_of(run, &walk, measure);
	measure_fold(&walk, &run->of[of.book].shape[of.measure], finish->merge[i], wants, &wanted,
		&results);
	keep_results(run, share, of, &walk, &results);
	vec_free(&results.list);
	arena_reset(arena);
}

/* Takes the next figure until there are no more: they differ too much in size to be dealt out. */
static void *finish_some(void *user)
{
	Finish *finish = user;
	MeasureShare *share = share_take(finish->run);
	Arena arena = {0};
	for (;;) {
		pthread_mutex_lock(&finish->run->lock);
		int32_t i = finish->next++;
		pthread_mutex_unlock(&finish->run->lock);
		if (i >= finish->n)
			break;
		finish_one(finish, share, i, &arena);
	}
	arena_free(&arena);
	share_give(finish->run, share);
	return NULL;
}

/* A thread that cannot be had leaves its work to the others. So a run with one thread goes the same
 * way. */
static void finish_all(Finish *finish, int threads)
{
	pthread_t *thread = mem_alloc(sizeof *thread * (size_t)(threads + 1));
	int n = 0;
	while (n + 1 < threads && n + 1 < finish->n &&
			pthread_create(&thread[n], NULL, finish_some, finish) == 0)
		n++;
	finish_some(finish);
	for (int i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	free(thread);
}

/* In any store of the pass: keys lead to whole tables, and those are in all of them. */
void measure_run_finish(MeasureRun *run, int32_t pass, const Store *const *store, int threads)
{
	Finish finish = {.run = run, .store = store};
	size_t most = 1;
	for (MeasureShare *share = run->share; share != NULL; share = share->next)
		measure_sums_flush(share->sums);
	for (int32_t b = 0; b < run->nbooks; b++)
		most += (size_t)run->book[b]->nmeasures;
	finish.of = mem_alloc(sizeof *finish.of * most);
	finish.merge = mem_alloc(sizeof(Merge *) * most);
	for (int32_t b = 0; b < run->nbooks; b++)
		for (int32_t m = 0; m < run->book[b]->nmeasures; m++) {
			if (run->of[b].pass[m] != pass)
				continue;
			finish.merge[finish.n] = join_shares(run, run->of[b].from[m]);
			finish.of[finish.n++] = (MeasureRef){b, m};
		}
	finish_all(&finish, threads);
	free(finish.of);
	free(finish.merge);
}

/* The one row of each measure for the rows of all partitions without a key (S56). The rows were
 * counted as they came; only the reasons had to wait. */
static void tell_keyless(MeasureRun *run, MeasureShare *share)
{
	for (int32_t b = 0; b < run->nbooks; b++)
		for (int32_t m = 0; m < run->book[b]->nmeasures; m++) {
			MeasureKeyless *keyless = &run->of[b].keyless[m];
			if (!keyless->any)
				continue;
			CaseMeasure row = keyless->row;
			row.reason = case_measure_join(keyless->why.at, keyless->why.n, &run->arena);
			row.missing = row.missing.len > 0 ? row.reason : row.missing;
			*vec_push(&share->row) = row;
		}
}

/* Rows stay where they are, in the shares; they are put in order as pointers. */
typedef struct AllRows {
	VEC(const CaseMeasure *) list;
} AllRows;

static AllRows gather_rows(const MeasureRun *run)
{
	AllRows all = {0};
	for (const MeasureShare *share = run->share; share != NULL; share = share->next)
		for (size_t i = 0; i < share->row.n; i++)
			*vec_push(&all.list) = &share->row.at[i];
	if (all.list.n > 1)
		qsort(all.list.at, all.list.n, sizeof *all.list.at, case_measure_cmp);
	return all;
}

/* Sorted, so that neither threads nor partitions show (law 8). A run without a subject has no share
 * yet, but writes its table all the same. */
Status measure_run_write(MeasureRun *run, CaseFile *file, Str run_id, bool beside)
{
	if (run->share == NULL)
		share_give(run, share_new(run));
	tell_keyless(run, run->share);
	AllRows all = gather_rows(run);
	Status status = case_measure_write(file, run_id, run->book, all.list.at, all.list.n, beside);
	vec_free(&all.list);
	return status;
}
