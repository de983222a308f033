/*
 * Who does what, and what may be touched by whom:
 *
 *   worker 1 ─ data_part ─ judge_book .. tell_banks ─ measure_book ─ make_rows ─┐
 *   worker 2 ─ data_part ─ judge_book .. tell_banks ─ measure_book ─ make_rows ─┤ job->batch, done
 *                                                                               v
 *   writer (the thread that called run_audit) ─ wait_for 0, 1, 2 .. ─ write_job ─> case file
 *
 * A worker owns its stores, evaluators, judge and counts; a batch belongs to the worker until the
 * job is done and to the writer afterwards. Everything else of a Run is written under the lock, or
 * by the writer alone: the case file, the claims, the sums of banks. So two runs over the same
 * facts write the same bytes, whatever the number of threads (law 8).
 *
 * Nothing is committed until the end. Whatever goes wrong on the way (a difference between the
 * evaluators, an account that does not add up, a signal, a full disc) leaves the case file as it
 * was.
 */
#include "interp/run.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "interp/case_seal.h"
#include "interp/judge.h"
#include "interp/manifest.h"
#include "interp/measure_run.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

/* Partitions that may be finished before the writer has taken the oldest of them: bounds the memory
 * of findings in flight. So many that a writer which is held up for a moment keeps no worker
 * waiting. */
#define AHEAD 16

/* A rule of some book. Of rules that are the same in several books the first is judged, and what it
 * finds is given to each: leader is that first rule (or the rule itself), next the one in the next
 * book that has it, or book -1. */
typedef struct RuleRef {
	int32_t book, rule;
} RuleRef;

/* Councils that share a file of rules have most of them in common. expr: by expression of the
 * leader's book, its like in this one; NULL for a leader. */
typedef struct Twins {
	RuleRef leader, next;
	const int32_t *expr;
} Twins;

/* The status is the worker's; `batch` is handed over with `done`. */
typedef struct Job {
	int32_t pass, part;
	bool done;
	Status status;
	Batch batch;
} Job;

/*
 * Workers take jobs in order; the writer consumes them in the same order, so that what is written
 * does not depend on the number of threads.
 *
 *   jobs: [written | being written | done, waiting | being worked on | not yet taken]
 *                    ^ written                                         ^ next
 */
typedef struct Run {
	const RunOptions *options;
	Diags *diags;
	Data *data;
	CaseFile *file;
	RunResult *result;
	Arena arena;
	Job *job;
	int32_t njobs, next, written;
	bool failed;
	bool provider_found;         /* of --provider, in some store */
	Twins **twins;               /* by book, by rule */
	FastCount **count;           /* by book, by rule; summed over workers under the lock */
	VEC(Keyless) keyless;
	BankBatch banks;             /* sums over the partitions written */
	BankRoom bank_room;
	MeasureRun measures;
	Claims claims;
	Buf difference;              /* what the evaluators disagreed on, under the lock */
	pthread_mutex_t lock;
	pthread_cond_t changed;
} Run;

/* The judge and the evaluators are kept from job to job, with what they have learnt of the
 * rules. */
typedef struct Worker {
	Run *run;
	DataWorker *data;
	Fast **fast;                 /* by book */
	FastCount **count;
	int32_t *rules;              /* those of one book to be judged, as many as a book has */
	Judge judge;
	Buf difference;
	Buf text;                    /* of the row that is being hashed */
} Worker;

static const Span nowhere = {-1, 0, 0};

/* Set by a signal, at any time: looked at between jobs and before the commit. */
static bool stopped(const Run *run)
{
	return run->options->stop != NULL && *run->options->stop != 0;
}

/* One more than there are rules, since a book may have none. By the run's arena: they are read when
 * all workers are gone. */
static FastCount **counts_new(Arena *arena, const RunOptions *options)
{
	FastCount **count = ARENA_ARRAY(arena, FastCount *, (size_t)options->nbooks);
	for (int32_t b = 0; b < options->nbooks; b++)
		count[b] = ARENA_ARRAY(arena, FastCount, (size_t)options->book[b]->nrules + 1);
	return count;
}

/* Whole numbers, so they may come in any order. `last` counts only with `dated`, since day 0 is a
 * day. */
static void count_add(FastCount *into, const FastCount *from)
{
	into->seen += from->seen;
	into->outside += from->outside;
	into->overflow += from->overflow;
	if (from->dated && (!into->dated || from->last > into->last))
		into->last = from->last;
	into->dated = into->dated || from->dated;
	for (int v = 0; v < VERDICTS; v++)
		into->verdict[v] += from->verdict[v];
}

/* Room for the rules of any book. */
static int32_t *rule_list_new(const RunOptions *options)
{
	int32_t most = 1;
	for (int32_t b = 0; b < options->nbooks; b++)
		most = options->book[b]->nrules > most ? options->book[b]->nrules : most;
	return mem_alloc(mem_product((size_t)most, sizeof(int32_t)));
}

/* Opening a connection is done under the lock: diagnostics of the run are shared. Fast evaluators
 * are made outside the lock: they read the rulebooks, which nobody changes. */
static Status worker_begin(Worker *worker, Run *run)
{
	const RunOptions *options = run->options;
	*worker = (Worker){.run = run};
	worker->rules = rule_list_new(options);
	worker->fast = mem_alloc(mem_product((size_t)options->nbooks, sizeof *worker->fast));
	for (int32_t b = 0; b < options->nbooks; b++)
		worker->fast[b] = fast_new(options->book[b], &options->law);
	worker->count = mem_alloc(mem_product((size_t)options->nbooks, sizeof *worker->count));
	for (int32_t b = 0; b < options->nbooks; b++)
		worker->count[b] = mem_alloc(mem_product((size_t)options->book[b]->nrules + 1,
			sizeof **worker->count));
	pthread_mutex_lock(&run->lock);
	Status status = data_worker(run->data, &worker->data, run->diags);
	pthread_mutex_unlock(&run->lock);
	return status;
}

/* Counts are sums, so the order in which workers end does not matter. Also of a worker that could
 * not begin: what it has not is NULL or empty. */
static void worker_end(Worker *worker)
{
	Run *run = worker->run;
	pthread_mutex_lock(&run->lock);
	for (int32_t b = 0; b < run->options->nbooks; b++) {
		for (int32_t r = 0; r < run->options->book[b]->nrules; r++)
			count_add(&run->count[b][r], &worker->count[b][r]);
	}
	pthread_mutex_unlock(&run->lock);
	for (int32_t b = 0; b < run->options->nbooks; b++) {
		fast_free(worker->fast[b]);
		free(worker->count[b]);
	}
	free(worker->fast);
	free(worker->count);
	free(worker->rules);
	data_worker_free(worker->data);
	judge_free(&worker->judge);
	buf_free(&worker->difference);
	buf_free(&worker->text);
}

/* ---- rules that several books have ---- */

/* Which expressions of the leader's book are those of this one; NULL when the rules differ. */
static int32_t *twin_exprs(Run *run, RuleRef leader, int32_t b, int32_t r)
{
	const Rulebook *book = run->options->book[leader.book];
	if (!str_eq(book->rule[leader.rule].decl.name, run->options->book[b]->rule[r].decl.name))
		return NULL;
	int32_t *twin = ARENA_ARRAY(&run->arena, int32_t, (size_t)book->nexprs + 1);
	for (int32_t i = 0; i < book->nexprs; i++)
		twin[i] = -1;
	return data_same_rule(run->data, leader.book, leader.rule, b, r, twin) ? twin : NULL;
}

/* Looks for a leader among the rules of the books before; without one it is a leader itself. Compared
 * before anything is judged, once for each pair of rules. */
static Twins find_leader(Run *run, int32_t b, int32_t r)
{
	for (int32_t o = 0; o < b; o++)
		for (int32_t k = 0; k < run->options->book[o]->nrules; k++) {
			RuleRef other = {o, k};
			if (run->twins[o][k].leader.book != o)
				continue;
			const int32_t *expr = twin_exprs(run, other, b, r);
			if (expr != NULL)
				return (Twins){other, {-1, -1}, expr};
		}
	return (Twins){{b, r}, {-1, -1}, NULL};
}

/*
 *   book 0   V1 ──next──┐                    V2
 *   book 1              V1 ──next──┐         V2, written otherwise: a leader of its own
 *   book 2                         V1
 *            judged and explained once; each hit is made a finding of all three
 *
 * Books come in order, so the leader is at the head of its chain.
 */
static void find_twins(Run *run)
{
	const RunOptions *options = run->options;
	run->twins = ARENA_ARRAY(&run->arena, Twins *, (size_t)options->nbooks);
	for (int32_t b = 0; b < options->nbooks; b++) {
		int32_t n = options->book[b]->nrules;
		run->twins[b] = ARENA_ARRAY(&run->arena, Twins, (size_t)n + 1);
		for (int32_t r = 0; r < n; r++) {
			Twins *twins = &run->twins[b][r];
			*twins = find_leader(run, b, r);
			if (twins->expr == NULL)
				continue;
			RuleRef last = twins->leader;
			while (run->twins[last.book][last.rule].next.book >= 0)
				last = run->twins[last.book][last.rule].next;
			run->twins[last.book][last.rule].next = (RuleRef){b, r};
		}
	}
}

/* What was counted for the first of them holds for the others. Only leaders were counted; of itself
 * a leader takes its own. */
static void share_counts(Run *run)
{
	for (int32_t b = 0; b < run->options->nbooks; b++)
		for (int32_t r = 0; r < run->options->book[b]->nrules; r++) {
			RuleRef leader = run->twins[b][r].leader;
			run->count[b][r] = run->count[leader.book][leader.rule];
		}
}

/* ---- judging ---- */

/* The judge is one for all books of a thread; it works on one of them at a time. Stores differ by
 * book, since each sees the tables under its own names. */
static void judge_as(Worker *worker, int32_t b, Batch *batch)
{
	worker->judge.book = worker->run->options->book[b];
	worker->judge.book_number = b;
	worker->judge.store = data_store(worker->data, b);
	worker->judge.law = &worker->run->options->law;
	worker->judge.batch = batch;
}

/* Twins share the work of both evaluators: what was found of the leader is found of each of them. */
static int take_hit(void *user, const FastHit *hit)
{
	Worker *worker = user;
	const Run *run = worker->run;
	const Twins *twins = &run->twins[worker->judge.book_number][hit->rule];
	Status status = judge_hit(&worker->judge, hit, &worker->difference);
	while (twins->next.book >= 0 && status == STATUS_OK) {
		RuleRef next = twins->next;
		twins = &run->twins[next.book][next.rule];
		JudgeTwin twin = {run->options->book[next.book], next.book, next.rule, twins->expr};
		status = judge_twin(&worker->judge, hit, &twin, &worker->difference);
	}
	return (int)status;
}

/* Row of the one provider to look at; nobody's row where the store has no such provider. Asked in
 * every partition, since a row's number is that of its store. INT32_MAX is no row, and not -1,
 * which would mean all of them. */
static int32_t provider_row(Run *run, const Rulebook *book, const Store *store, Arena *scratch)
{
	if (run->options->provider.len == 0)
		return -1;
	for (int32_t d = 0; d < book->ndatasets; d++) {
		if (!str_eq(book->dataset[d].decl.name, STR("provider")) || store->table[d] == NULL)
			continue;
		for (int32_t row = 0; row < store->table[d]->rows; row++) {
			if (!str_eq(store_key(store, d, row, scratch), run->options->provider))
				continue;
			pthread_mutex_lock(&run->lock);
			run->provider_found = true;
			pthread_mutex_unlock(&run->lock);
			return row;
		}
	}
	return INT32_MAX;
}

/* Those of a pass that no earlier book judges for this one. Behind them are its measures. The list
 * is the worker's, and is written anew for each book. */
static int32_t rules_to_judge(Worker *worker, int32_t pass, int32_t b)
{
	int32_t nrules, n = 0;
	const int32_t *rules = data_rules(worker->run->data, pass, b, &nrules);
	nrules = measure_run_rules(&worker->run->measures, b, rules, nrules);
	for (int32_t i = 0; i < nrules; i++) {
		worker->rules[n] = rules[i];
		n += worker->run->twins[b][rules[i]].leader.book == b;
	}
	return n;
}

/* With --provider only rows that lead to that row are looked at; where the store has none, no row
 * has this number. Long lists that were put in order belong to the stores before, and go first. */
static Status judge_book(Worker *worker, Job *job, int32_t b)
{
	Run *run = worker->run;
	int32_t n = rules_to_judge(worker, job->pass, b);
	if (n == 0)
		return STATUS_OK;
	judge_as(worker, b, &job->batch);
	sifts_clear(&worker->judge.sifts);
	const Store *store = worker->judge.store;
	fast_only(worker->fast[b], provider_row(run, run->options->book[b], store,
		&worker->judge.scratch));
	return (Status)fast_rules(worker->fast[b], store, worker->rules, n, worker->count[b], take_hit,
		worker);
}

/* What the partition gives of the figures of one book. --provider is only looked for here, so that
 * a misspelt one is noticed also where no rule is judged; whose figures are kept is the measures'
 * affair. */
static void measure_book(Worker *worker, const Job *job, int32_t b)
{
	Run *run = worker->run;
	int32_t n;
	const int32_t *rules = data_rules(run->data, job->pass, b, &n);
	if (n == measure_run_rules(&run->measures, b, rules, n))
		return;
	const Store *store = data_store(worker->data, b);
	provider_row(run, run->options->book[b], store, &worker->judge.scratch);
	measure_run_part(&run->measures, run->data, job->pass, b, rules, n, store, worker->fast[b]);
}

/* The accounts of the banks of one book, as they stand at the end of the window. Lines are wanted
 * while there is room for them in the case file: how many of them a partition makes shows in
 * nothing else, so that the writer alone decides which are written. */
static Status tell_banks(Worker *worker, Job *job, int32_t b, Diags *diags)
{
	const RunOptions *options = worker->run->options;
	const BankRoom *room = &worker->run->bank_room;
	const Rulebook *book = options->book[b];
	const bool *told = data_banks(worker->run->data, job->pass, b);
	for (int32_t k = 0; k < book->nbanks; k++) {
		if (!told[k] || bank_lines(&job->batch.bank, &job->batch.arena,
		     data_store(worker->data, b), b, k, &options->law, options->provider,
		     !bank_room_full(room, b, k)))
			continue;
		diag_add(diags, DIAG_BANK_SUM, book->bank[k].decl.name_at,
			"an account of bank %.*s does not add up", STR_ARG(book->bank[k].decl.name));
		return STATUS_WORLD;
	}
	return STATUS_OK;
}

/* By rule, then by key: the order within a partition does not depend on the order of rows. Two
 * findings of one rule and key are one, and two keys that read alike differ by id; so no two are
 * equal, and the order is one. */
static int finding_cmp(const void *left, const void *right)
{
	const Finding *a = left, *b = right;
	if (a->book != b->book)
		return a->book < b->book ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	int c = str_cmp(a->key, b->key);
	return c != 0 ? c : memcmp(a->id, b->id, sizeof a->id);
}

/* Whose money it is, where that is not plain from what the finding is about. A finding about the
 * very row that its money is counted on needs no list of members. */
static Str members_of(const Batch *batch, const Finding *finding)
{
	if (finding->claim == 0)
		return STR("");
	const Claim *claim = &batch->claims.list.at[finding->claim - 1];
	if (claim->member != NULL)
		return (Str){(const char *)claim->member, (size_t)claim->nmembers * sizeof *claim->member};
	ClaimRow row = claim_row(finding->dataset, finding->key);
	if (claim->row.hi == row.hi && claim->row.lo == row.lo)
		return STR("");
	return (Str){(const char *)&claim->row, sizeof row};
}

/* The rows of all that was found, in the order in which they are written: put together, and hashed,
 * here, so that the writer has only to hand them on. */
static void make_rows(Worker *worker, Batch *batch)
{
	const Rulebook *const *book = worker->run->options->book;
	size_t n = batch->finding.n;
	if (n > 1)
		qsort(batch->finding.at, n, sizeof(Finding), finding_cmp);
	batch->found = ARENA_ARRAY(&batch->arena, CaseFound, n + 1);
	for (size_t i = 0; i < n; i++) {
		const Finding *finding = &batch->finding.at[i];
		case_found(book[finding->book], finding, members_of(batch, finding), &batch->arena,
			&worker->text, &batch->found[i]);
	}
	bank_seal(&batch->bank, &batch->arena, &worker->text, book);
}

/* Diagnostics are not shared between threads: data_part may add one, so it gets its own queue. In
 * this order: banks and measures read the same stores, and may not see those of the next
 * partition. */
static Status work(Worker *worker, Job *job)
{
	Run *run = worker->run;
	Arena arena = {0};
	Diags diags;
	diags_init(&diags, &arena, run->diags->sources);
	Status status = data_part(run->data, worker->data, job->pass, job->part, &diags);
	for (int32_t b = 0; b < run->options->nbooks && status == STATUS_OK; b++)
		status = judge_book(worker, job, b);
	for (int32_t b = 0; b < run->options->nbooks && status == STATUS_OK; b++)
		status = tell_banks(worker, job, b, &diags);
	for (int32_t b = 0; b < run->options->nbooks && status == STATUS_OK; b++)
		measure_book(worker, job, b);
	if (status == STATUS_OK)
		make_rows(worker, &job->batch);
	if (diags.list.n > 0) {
		pthread_mutex_lock(&run->lock);
		diags_move(run->diags, &diags);
		pthread_mutex_unlock(&run->lock);
	}
	vec_free(&diags.list);
	arena_free(&arena);
	return status;
}

/* The next job, once the writer is near enough; NULL when there is none or the run has failed. Jobs
 * are numbered, and handed out in order: so the oldest is always being worked on, and the writer
 * never waits for one that waits for it. */
static Job *take_job(Run *run)
{
	Job *job = NULL;
	pthread_mutex_lock(&run->lock);
	while (!run->failed && run->next < run->njobs && run->next >= run->written + AHEAD)
		pthread_cond_wait(&run->changed, &run->lock);
	if (!run->failed && run->next < run->njobs)
		job = &run->job[run->next++];
	pthread_mutex_unlock(&run->lock);
	return job;
}

/* Of several differences the first that comes up is told: each is a fault of the program, and one
 * is enough to look for it. An interruption shows here rather than as a half-written run. */
static void finish_job(Run *run, Job *job, Worker *worker, Status status)
{
	pthread_mutex_lock(&run->lock);
	job->status = stopped(run) ? STATUS_INTERRUPTED : status;
	job->done = true;
	if (job->status != STATUS_OK)
		run->failed = true;
	if (worker->difference.n > 0 && run->difference.n == 0)
		buf_str(&run->difference, buf_view(&worker->difference));
	pthread_cond_broadcast(&run->changed);
	pthread_mutex_unlock(&run->lock);
}

/* A worker that could not begin still takes jobs, so that the writer does not wait for them. */
static void *worker_main(void *user)
{
	Run *run = user;
	Worker worker;
	Status status = worker_begin(&worker, run);
	Job *job;
	while ((job = take_job(run)) != NULL)
		finish_job(run, job, &worker, status == STATUS_OK ? work(&worker, job) : status);
	worker_end(&worker);
	return NULL;
}

/* The only thread that touches the case file. What a batch holds goes when it is written, so that
 * no more than AHEAD of them are in memory. After a failure the rest of the batch is joined all the
 * same: nothing is committed then. */
static Status write_job(Run *run, Job *job)
{
	Status status = STATUS_OK;
	Str run_id = str_of(run->result->run_id);
	for (size_t i = 0; i < job->batch.finding.n && status == STATUS_OK; i++) {
		const Finding *finding = &job->batch.finding.at[i];
		const Rulebook *book = run->options->book[finding->book];
		status = case_finding_rows(run->file, run_id, book, finding, &job->batch.found[i]);
		if (finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_CONFLICT)
			run->result->failed_by_severity[book->rule[finding->rule].severity]++;
	}
	for (size_t i = 0; i < job->batch.label.n; i++)
		case_label(run->file, run->options->book[job->batch.label.at[i].book],
			&job->batch.label.at[i].label);
	for (size_t i = 0; i < job->batch.keyless.n; i++)
		*vec_push(&run->keyless) = job->batch.keyless.at[i];
	if (status == STATUS_OK)
		status = case_bank_lines(run->file, run_id, &job->batch.bank, &run->bank_room);
	if (status == STATUS_OK)
		status = case_flush(run->file);
	claims_join(&run->claims, &job->batch.claims);
	bank_sums_join(&run->banks, &job->batch.bank);
	batch_free(&job->batch);
	return status;
}

/* NULL: nobody will ever do this job, because the run failed before it was taken. Jobs below `next`
 * are done by somebody, whatever fails, so they are waited for. */
static Job *wait_for(Run *run, int32_t number)
{
	Job *job = &run->job[number];
	pthread_mutex_lock(&run->lock);
	while (!job->done && !(run->failed && number >= run->next))
		pthread_cond_wait(&run->changed, &run->lock);
	bool done = job->done;
	pthread_mutex_unlock(&run->lock);
	return done ? job : NULL;
}

/* Wakes whoever waits for the writer to come nearer. */
static void fail(Run *run)
{
	pthread_mutex_lock(&run->lock);
	run->failed = true;
	pthread_cond_broadcast(&run->changed);
	pthread_mutex_unlock(&run->lock);
}

/* The writer's side: every job in order. After a failure the rest are only freed. Every batch is
 * freed, also of jobs that were done before anybody knew of the failure. */
static Status write_all(Run *run)
{
	Status status = STATUS_OK;
	for (int32_t i = 0; i < run->njobs; i++) {
		Job *job = wait_for(run, i);
		if (job == NULL)
			break;
		if (status == STATUS_OK)
			status = job->status;
		if (status == STATUS_OK)
			status = write_job(run, job);
		else
			batch_free(&job->batch);
		if (status != STATUS_OK)
			fail(run);
		pthread_mutex_lock(&run->lock);
		run->written = i + 1;
		pthread_cond_broadcast(&run->changed);
		pthread_mutex_unlock(&run->lock);
	}
	return status;
}

/* Passes one after another, each partition by partition: the order in which all is written. A pass
 * is a way to partition the rows: by visit's client, say, and then by carer. */
static void lay_out_jobs(Run *run)
{
	int32_t passes = data_passes(run->data);
	for (int32_t p = 0; p < passes; p++)
		run->njobs += data_parts(run->data, p);
	run->job = ARENA_ARRAY(&run->arena, Job, (size_t)run->njobs + 1);
	int32_t n = 0;
	for (int32_t p = 0; p < passes; p++) {
		for (int32_t part = 0; part < data_parts(run->data, p); part++)
			run->job[n++] = (Job){.pass = p, .part = part};
	}
}

/* With one thread the same thread works and writes, job by job. The jobs and their order are those
 * of several threads, so the same is written. */
static Status judge_alone(Run *run)
{
	Worker worker;
	Status status = worker_begin(&worker, run);
	for (int32_t i = 0; i < run->njobs && status == STATUS_OK; i++) {
		Job *job = &run->job[i];
		run->next = i + 1;
		finish_job(run, job, &worker, work(&worker, job));
		status = job->status;
		if (status == STATUS_OK)
			status = write_job(run, job);
		else
			batch_free(&job->batch);
		run->written = i + 1;
	}
	worker_end(&worker);
	return status;
}

/* Where no thread can be had, the work is done all the same. A worker that could not begin makes
 * its jobs fail, and write_all says so. */
static Status judge_all(Run *run)
{
	int threads = run->options->threads;
	if (threads <= 1)
		return judge_alone(run);
	pthread_t *thread = ARENA_ARRAY(&run->arena, pthread_t, (size_t)threads);
	int started = 0;
	while (started < threads && pthread_create(&thread[started], NULL, worker_main, run) == 0)
		started++;
	Status status = started > 0 ? write_all(run) : judge_alone(run);
	for (int i = 0; i < started; i++)
		pthread_join(thread[i], NULL);
	return status;
}

/*
 * The run's id: program, contracts, dates, provider and data.
 *
 *   v   program and its version     another program may find otherwise
 *   b   each rulebook, in order     every file that it is made of
 *   w   from, to, known on          as day numbers
 *   p   provider, or empty
 *   d   the data                    every row that was read
 *
 * Not the path of the data, nor the time, nor the threads: the same facts under the same law are
 * one run.
 */
static void make_run_id(Run *run, const uint8_t data_sha[32])
{
	const RunOptions *options = run->options;
	uint8_t hash[32];
	char dates[64];
	Digest digest;
	digest_begin(&digest);
	digest_field(&digest, 'v', STR("vouch run 1 " PACKAGE_VERSION));
	for (int32_t b = 0; b < options->nbooks; b++)
		digest_field(&digest, 'b', (Str){(const char *)options->book[b]->sha256, 32});
	snprintf(dates, sizeof dates, "%d %d %d", (int)options->law.from, (int)options->law.to,
		(int)options->law.known_on);
	digest_field(&digest, 'w', str_of(dates));
	digest_field(&digest, 'p', options->provider);
	digest_field(&digest, 'd', (Str){(const char *)data_sha, 32});
	digest_end(&digest, hash);
	Buf buf = {0};
	base32_print(&buf, hash, 16);
	memcpy(run->result->run_id, buf.at, 16);
	buf_free(&buf);
}

/* "2025.1, 2026.1": those that the run knows of. Amendments that were published later than
 * --known-on are not named, as they had no say. */
static Str versions_text(Arena *arena, const Contract *contract, const Law *law)
{
	Buf buf = {0};
	buf_str(&buf, contract->version);
	for (int32_t i = 1; i < contract->nversions; i++) {
		if (version_published(&contract->ver[i], true) > law->known_on)
			continue;
		buf_puts(&buf, ", ");
		buf_str(&buf, contract->ver[i].name);
	}
	return buf_keep(&buf, arena);
}

/* The file of a contract; its amendments are found beside it. */
static Str declared_in(const Rulebook *book)
{
	int32_t file = book->contract.decl.at.file;
	return file < 0 || file >= (int32_t)book->sources->file.n ? STR("")
		: book->sources->file.at[file].path;
}

/* How far the data reach: the last day of the rows of which the contract judged most, the visits or
 * logs of a council. What a rule finds absent after that day may only not have been entered yet. Of
 * two rules with as many rows the first counts. Rows outside the window say nothing about how far
 * it is filled. */
static void put_reach(const Run *run, int32_t b, CaseRun *row)
{
	const Rulebook *book = run->options->book[b];
	int64_t most = 0;
	int32_t dataset = -1;
	for (int32_t r = 0; r < book->nrules; r++) {
		const FastCount *count = &run->count[b][r];
		int64_t inside = count->seen - count->outside;
		if (!count->dated || inside < most || (inside == most && dataset >= 0))
			continue;
		most = inside;
		dataset = book->rule[r].dataset;
	}
	if (dataset < 0)
		return;
	row->data_of = book->dataset[dataset].decl.name;
	row->data_to = NO_DAY;
	for (int32_t r = 0; r < book->nrules; r++) {
		const FastCount *count = &run->count[b][r];
		if (count->dated && book->rule[r].dataset == dataset && count->last > row->data_to)
			row->data_to = count->last;
	}
}

/* A row for each contract, all under one id: what was audited together is one run. */
static Status write_runs(Run *run, const uint8_t data_sha[32])
{
	const RunOptions *options = run->options;
	int32_t n;
	int64_t rows = 0;
	const DataCount *count = data_counts(run->data, &n);
	for (int32_t i = 0; i < n; i++)
		rows += count[i].read;
	Status status = STATUS_OK;
	for (int32_t b = 0; b < options->nbooks && status == STATUS_OK; b++) {
		const Contract *contract = &options->book[b]->contract;
		CaseRun row = {.run_id = str_of(run->result->run_id), .contract = contract->decl.name,
			.version = versions_text(&run->arena, contract, &options->law),
			.title = contract->title, .council = contract->council,
			.rulebook_sha256 = hex_text(&run->arena, options->book[b]->sha256, 32),
			.data_sha256 = hex_text(&run->arena, data_sha, 32), .from = options->law.from,
			.to = options->law.to, .known_on = options->law.known_on,
			.program = STR("vouch " PACKAGE_VERSION), .provider = options->provider,
			.rows_read = rows, .data_path = str_of(options->data_path),
			.contract_path = declared_in(options->book[b])};
		put_reach(run, b, &row);
		status = case_run(run->file, &row);
		if (status == STATUS_OK)
			status = case_seal_write(run->file, row.run_id, options->book[b], &options->law);
	}
	return status;
}

/* With text and place: a finding can be read without the rule files, which may have changed. One
 * row a rule, with its counts: they add up to what was looked at (law 5). */
static Status write_rules(Run *run, int32_t b)
{
	static const char *const severity[] = {"minor", "major", "critical"};
	const Rulebook *book = run->options->book[b];
	Status status = STATUS_OK;
	for (int32_t r = 0; r < book->nrules && status == STATUS_OK; r++) {
		const Rule *rule = &book->rule[r];
		Place place = source_place(book->sources, rule->decl.at);
		CaseRule row = {.contract = book->contract.decl.name, .rule = rule->decl.name,
			.title = rule->title, .clause = case_clause(&run->arena, &rule->decl.cites),
			.severity = str_of(severity[rule->severity]), .version = rule_version(book, rule),
			.path = book->sources->file.at[rule->decl.at.file].path, .line = place.line,
			.text = source_text(book->sources, rule->decl.at), .assumed = rule->decl.assumed.len > 0,
			.count = run->count[b][r]};
		status = case_rule(run->file, str_of(run->result->run_id), &row);
	}
	return status;
}

/* Each partition counted its rows without a key as one result; together they are one. Only now is
 * it known how many rows there are in all. Each partition counted one subject not assessed: all but
 * one of these are taken back. `rows` -1 marks those that were added to one before. */
static Status write_keyless(Run *run)
{
	Batch batch = {0};
	for (size_t i = 0; i < run->keyless.n; i++) {
		Keyless *first = &run->keyless.at[i];
		if (first->rows < 0)
			continue;
		for (size_t k = i + 1; k < run->keyless.n; k++) {
			Keyless *other = &run->keyless.at[k];
			if (other->book != first->book || other->rule != first->rule || other->rows < 0)
				continue;
			first->rows += other->rows;
			other->rows = -1;
			run->count[first->book][first->rule].seen--;
			run->count[first->book][first->rule].verdict[VERDICT_NOT_ASSESSED]--;
		}
		judge_keyless(&batch, run->options->book[first->book], first->book, first->rule, first->rows);
	}
	Status status = STATUS_OK;
	for (size_t i = 0; i < batch.finding.n && status == STATUS_OK; i++)
		status = case_finding(run->file, str_of(run->result->run_id),
			run->options->book[batch.finding.at[i].book], &batch.finding.at[i]);
	batch_free(&batch);
	return status;
}

/* Counts first: what was rejected refers to their datasets. Rejected rows name theirs by its place
 * in the list of counts. */
static Status write_data(Run *run)
{
	Str run_id = str_of(run->result->run_id);
	int32_t ncounts;
	size_t nrejected;
	const DataCount *count = data_counts(run->data, &ncounts);
	const Rejected *rejected = data_rejected(run->data, &nrejected);
	Status status = STATUS_OK;
	for (int32_t i = 0; i < ncounts && status == STATUS_OK; i++)
		status = case_dataset(run->file, run_id, &count[i]);
	for (size_t i = 0; i < nrejected && status == STATUS_OK; i++)
		status = case_rejected(run->file, run_id, count[rejected[i].book_dataset].dataset,
			&rejected[i]);
	return status;
}

/* Figures over rows of several partitions, once all are done: any store has the tables that their
 * keys lead to. A connection of its own, since the workers' went with them; one pass after another
 * in it. */
static Status finish_measures(Run *run)
{
	DataWorker *worker = NULL;
	const Store **store = ARENA_ARRAY(&run->arena, const Store *,
		(size_t)run->options->nbooks + 1);
	int32_t pass = measure_run_next(&run->measures, 0);
	if (pass < 0)
		return STATUS_OK;
	Status status = data_worker(run->data, &worker, run->diags);
	for (; pass >= 0 && status == STATUS_OK; pass = measure_run_next(&run->measures, pass + 1)) {
		status = data_part(run->data, worker, pass, 0, run->diags);
		for (int32_t b = 0; b < run->options->nbooks && status == STATUS_OK; b++)
			store[b] = data_store(worker, b);
		if (status == STATUS_OK)
			measure_run_finish(&run->measures, pass, store, run->options->threads);
	}
	data_worker_free(worker);
	return status;
}

/* Sorted there, and written by this thread alone. */
static Status write_measures(Run *run)
{
	Status status = finish_measures(run);
	return status != STATUS_OK ? status
		: measure_run_write(&run->measures, run->file, str_of(run->result->run_id),
			run->options->threads > 1);
}

/* What follows from the findings alone, when the last of them is there. */
typedef struct Closing {
	Run *run;
	CaseClaim claim;
	pthread_t thread;
	bool beside;                 /* on that thread */
} Closing;

static void *close_findings(void *user)
{
	Closing *closing = user;
	claims_total(&closing->run->claims, &closing->claim);
	case_close_findings(closing->run->file);
	return NULL;
}

/* Beside the writing of figures, where there is a second thread. */
static void closing_begin(Closing *closing, Run *run)
{
	*closing = (Closing){.run = run};
	closing->beside = run->options->threads > 1
		&& pthread_create(&closing->thread, NULL, close_findings, closing) == 0;
	if (!closing->beside)
		close_findings(closing);
}

static const CaseClaim *closing_end(Closing *closing)
{
	if (closing->beside)
		pthread_join(closing->thread, NULL);
	return &closing->claim;
}

/* What is summed and counted over all partitions. Each table once, and always in this order. */
static Status write_sums(Run *run, const uint8_t data_sha[32])
{
	Status status = write_runs(run, data_sha);
	for (int32_t b = 0; b < run->options->nbooks && status == STATUS_OK; b++)
		status = write_rules(run, b);
	if (status == STATUS_OK)
		status = write_data(run);
	if (status == STATUS_OK)
		status = write_measures(run);
	if (status == STATUS_OK)
		status = case_bank_sums(run->file, str_of(run->result->run_id), run->options->book,
			run->options->nbooks, &run->banks, &run->bank_room);
	return status == STATUS_OK ? case_totals(run->file) : status;
}

/* When all partitions are done. */
static Status write_rest(Run *run, const uint8_t data_sha[32])
{
	Closing closing;
	Status status = write_keyless(run);
	closing_begin(&closing, run);
	if (status == STATUS_OK)
		status = write_sums(run, data_sha);
	const CaseClaim *claim = closing_end(&closing);
	return status == STATUS_OK ? case_claim(run->file, str_of(run->result->run_id), claim) : status;
}

/* E0605. The row is named in the text, so that whoever mends the program can begin there. */
static Status report_difference(Run *run, Status status)
{
	if (run->difference.n > 0) {
		DiagRef ref = diag_add(run->diags, DIAG_EVALUATORS_DIFFER, nowhere, "%s", run->difference.at);
		diag_note(ref, "this is a fault of the program; nothing was written");
	}
	return status;
}

/* A key that is misspelt would give an empty list, which reads like "nothing was found". Known only
 * when every partition has been looked at. */
static Status check_provider(Run *run)
{
	Str key = run->options->provider;
	if (key.len == 0 || run->provider_found)
		return STATUS_OK;
	diag_help(diag_add(run->diags, DIAG_NO_PROVIDER, nowhere, "the data has no provider %.*s",
		STR_ARG(key)), "write the key as the table of providers has it");
	return STATUS_WRONG;
}

/* The id is known before anything is judged, so a run that is there already costs one reading of
 * the data. Until the commit the case file is as it was: a difference, a broken seal, a stop by
 * hand or an error leaves no trace in it. The seal is checked before anything is judged: a contract
 * whose text has changed under the name of a version that an earlier run used is refused. */
static Status judge_and_write(Run *run)
{
	uint8_t data_sha[32];
	data_digest(run->data, data_sha);
	make_run_id(run, data_sha);
	Status status = case_create(run->options->case_path, run->diags, &run->file);
	if (status != STATUS_OK)
		return status;
	run->result->again = case_has_run(run->file, str_of(run->result->run_id));
	if (run->result->again) {
		case_abandon(run->file);
		return STATUS_OK;
	}
	lay_out_jobs(run);
	find_twins(run);
	run->bank_room = bank_room_new(&run->arena, run->options->book, run->options->nbooks);
	status = case_bank_begin(run->file);
	for (int32_t b = 0; b < run->options->nbooks && status == STATUS_OK; b++)
		status = case_seal_check(run->file, run->options->book[b], &run->options->law);
	if (status == STATUS_OK)
		status = report_difference(run, judge_all(run));
	share_counts(run);
	if (status == STATUS_OK)
		status = check_provider(run);
	if (status == STATUS_OK)
		status = write_rest(run, data_sha);
	if (status == STATUS_OK)
		status = manifest_write(run->file, str_of(run->result->run_id), run->options, run->data);
	if (status == STATUS_OK && stopped(run))
		status = STATUS_INTERRUPTED;
	if (status == STATUS_OK)
		return case_commit(run->file);
	case_abandon(run->file);
	return status;
}

/* Each book with a rule for each of its measures. For the data layer alone; everybody else uses the
 * books as they are. */
static const Rulebook *const *books_with_measures(const RunOptions *options, Arena *arena)
{
	const Rulebook **out = ARENA_ARRAY(arena, const Rulebook *, (size_t)options->nbooks + 1);
	for (int32_t b = 0; b < options->nbooks; b++)
		out[b] = measure_run_book(options->book[b], arena);
	return out;
}

/* What was begun is ended, whatever failed in between. Closing takes what was never begun as well:
 * an empty Run frees as nothing. */
Status run_audit(const RunOptions *options, Diags *diags, RunResult *result)
{
	Run run = {.options = options, .diags = diags, .result = result};
	DataOptions data = {.path = options->data_path, .nbooks = options->nbooks,
		.law = &options->law, .threads = options->threads, .memory_limit = options->memory_limit,
		.partition_rows = options->partition_rows, .whole_rows = options->whole_rows,
		.progress = options->progress, .user = options->user, .stop = options->stop};
	*result = (RunResult){0};
	data.book = books_with_measures(options, &run.arena);
	measure_run_begin(&run.measures, options->book, options->nbooks, &options->law,
		options->provider);
	pthread_mutex_init(&run.lock, NULL);
	pthread_cond_init(&run.changed, NULL);
	run.count = counts_new(&run.arena, options);
	Status status = data_open(&data, diags, &run.data);
	if (status == STATUS_OK)
		status = data_read(run.data, diags);
	if (status == STATUS_OK)
		status = judge_and_write(&run);
	data_close(run.data);
	measure_run_free(&run.measures);
	claims_free(&run.claims);
	bank_batch_free(&run.banks);
	vec_free(&run.keyless);
	buf_free(&run.difference);
	pthread_cond_destroy(&run.changed);
	pthread_mutex_destroy(&run.lock);
	arena_free(&run.arena);
	return status;
}
