#include "interp/run.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "interp/judge.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

/* Partitions that may be finished before the writer has taken the oldest of them: bounds the memory
 * of findings in flight. */
#define AHEAD 16

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
	FastCount **count;           /* by book, by rule; summed over workers under the lock */
	VEC(Keyless) keyless;
	Claims claims;
	Buf difference;              /* what the evaluators disagreed on, under the lock */
	pthread_mutex_t lock;
	pthread_cond_t changed;
} Run;

typedef struct Worker {
	Run *run;
	DataWorker *data;
	Fast **fast;                 /* by book */
	FastCount **count;
	Judge judge;
	Buf difference;
} Worker;

static const Span nowhere = {-1, 0, 0};

static bool stopped(const Run *run)
{
	return run->options->stop != NULL && *run->options->stop != 0;
}

static FastCount **counts_new(Arena *arena, const RunOptions *options)
{
	FastCount **count = ARENA_ARRAY(arena, FastCount *, (size_t)options->nbooks);
	for (int32_t b = 0; b < options->nbooks; b++)
		count[b] = ARENA_ARRAY(arena, FastCount, (size_t)options->book[b]->nrules + 1);
	return count;
}

static void count_add(FastCount *into, const FastCount *from)
{
	into->seen += from->seen;
	into->outside += from->outside;
	into->overflow += from->overflow;
	for (int v = 0; v < VERDICTS; v++)
		into->verdict[v] += from->verdict[v];
}

static Status worker_begin(Worker *worker, Run *run)
{
	const RunOptions *options = run->options;
	*worker = (Worker){.run = run};
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
	data_worker_free(worker->data);
	judge_free(&worker->judge);
	buf_free(&worker->difference);
}

static int take_hit(void *user, const FastHit *hit)
{
	Worker *worker = user;
	return (int)judge_hit(&worker->judge, hit, &worker->difference);
}

/* Row of the one provider to look at; nobody's row where the store has no such provider. */
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

static Status judge_book(Worker *worker, Job *job, int32_t b)
{
	Run *run = worker->run;
	int32_t nrules;
	const int32_t *rules = data_rules(run->data, job->pass, b, &nrules);
	if (nrules == 0)
		return STATUS_OK;
	const Store *store = data_store(worker->data, b);
	worker->judge.book = run->options->book[b];
	worker->judge.book_number = b;
	worker->judge.store = store;
	worker->judge.law = &run->options->law;
	worker->judge.batch = &job->batch;
	fast_only(worker->fast[b], provider_row(run, run->options->book[b], store,
		&worker->judge.scratch));
	return (Status)fast_rules(worker->fast[b], store, rules, nrules, worker->count[b], take_hit,
		worker);
}

/* By rule, then by key: the order within a partition does not depend on the order of rows. */
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

/* Diagnostics are not shared between threads: data_part may add one, so it gets its own queue. */
static Status work(Worker *worker, Job *job)
{
	Run *run = worker->run;
	Arena arena = {0};
	Diags diags;
	diags_init(&diags, &arena, run->diags->sources);
	Status status = data_part(run->data, worker->data, job->pass, job->part, &diags);
	for (int32_t b = 0; b < run->options->nbooks && status == STATUS_OK; b++)
		status = judge_book(worker, job, b);
	if (status == STATUS_OK && job->batch.finding.n > 0)
		qsort(job->batch.finding.at, job->batch.finding.n, sizeof(Finding), finding_cmp);
	if (diags.list.n > 0) {
		pthread_mutex_lock(&run->lock);
		diags_move(run->diags, &diags);
		pthread_mutex_unlock(&run->lock);
	}
	vec_free(&diags.list);
	arena_free(&arena);
	return status;
}

/* The next job, once the writer is near enough; NULL when there is none or the run has failed. */
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

static Status write_job(Run *run, Job *job)
{
	Status status = STATUS_OK;
	Str run_id = str_of(run->result->run_id);
	for (size_t i = 0; i < job->batch.finding.n && status == STATUS_OK; i++) {
		const Finding *finding = &job->batch.finding.at[i];
		const Rulebook *book = run->options->book[finding->book];
		status = case_finding(run->file, run_id, book, finding);
		if (finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_CONFLICT)
			run->result->failed_by_severity[book->rule[finding->rule].severity]++;
	}
	for (size_t i = 0; i < job->batch.keyless.n; i++)
		*vec_push(&run->keyless) = job->batch.keyless.at[i];
	claims_join(&run->claims, &job->batch.claims);
	batch_free(&job->batch);
	return status;
}

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

static void fail(Run *run)
{
	pthread_mutex_lock(&run->lock);
	run->failed = true;
	pthread_cond_broadcast(&run->changed);
	pthread_mutex_unlock(&run->lock);
}

/* The writer's side: every job in order. After a failure the rest are only freed. */
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

/* With one thread the same thread works and writes, job by job. */
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

/* The run's id: program, contracts, dates, provider and data. */
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

static Str hex(Arena *arena, const uint8_t bytes[32])
{
	Buf buf = {0};
	hex_print(&buf, bytes, 32);
	Str s = str_copy(arena, buf_view(&buf));
	buf_free(&buf);
	return s;
}

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
			.version = contract->version, .title = contract->title, .council = contract->council,
			.rulebook_sha256 = hex(&run->arena, options->book[b]->sha256),
			.data_sha256 = hex(&run->arena, data_sha), .from = options->law.from,
			.to = options->law.to, .known_on = options->law.known_on,
			.program = STR("vouch " PACKAGE_VERSION), .provider = options->provider, .rows_read = rows};
		status = case_run(run->file, &row);
	}
	return status;
}

static Str clause_text(Arena *arena, const Cites *cites)
{
	Buf buf = {0};
	for (int32_t i = 0; i < cites->n; i++) {
		const Cite *cite = &cites->at[i];
		buf_puts(&buf, i > 0 ? "; " : "");
		buf_printf(&buf, "%.*s, %.*s", STR_ARG(cite->name), STR_ARG(cite->section));
		if (cite->page > 0)
			buf_printf(&buf, ", page %d", (int)cite->page);
	}
	Str s = str_copy(arena, buf_view(&buf));
	buf_free(&buf);
	return s;
}

static Status write_rules(Run *run, int32_t b)
{
	static const char *const severity[] = {"minor", "major", "critical"};
	const Rulebook *book = run->options->book[b];
	Status status = STATUS_OK;
	for (int32_t r = 0; r < book->nrules && status == STATUS_OK; r++) {
		const Rule *rule = &book->rule[r];
		Place place = source_place(book->sources, rule->decl.at);
		CaseRule row = {.contract = book->contract.decl.name, .rule = rule->decl.name,
			.title = rule->title, .clause = clause_text(&run->arena, &rule->decl.cites),
			.severity = str_of(severity[rule->severity]), .version = book->contract.version,
			.path = book->sources->file.at[rule->decl.at.file].path, .line = place.line,
			.text = source_text(book->sources, rule->decl.at), .assumed = rule->decl.assumed.len > 0,
			.count = run->count[b][r]};
		status = case_rule(run->file, str_of(run->result->run_id), &row);
	}
	return status;
}

/* Each partition counted its rows without a key as one result; together they are one. */
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

static Status write_rest(Run *run, const uint8_t data_sha[32])
{
	CaseClaim claim;
	Status status = write_keyless(run);
	if (status == STATUS_OK)
		status = write_runs(run, data_sha);
	for (int32_t b = 0; b < run->options->nbooks && status == STATUS_OK; b++)
		status = write_rules(run, b);
	if (status == STATUS_OK)
		status = write_data(run);
	claims_total(&run->claims, &claim);
	return status == STATUS_OK ? case_claim(run->file, str_of(run->result->run_id), &claim) : status;
}

static Status report_difference(Run *run, Status status)
{
	if (run->difference.n > 0) {
		DiagRef ref = diag_add(run->diags, DIAG_EVALUATORS_DIFFER, nowhere, "%s", run->difference.at);
		diag_note(ref, "this is a fault of the program; nothing was written");
	}
	return status;
}

static Status check_provider(Run *run)
{
	Str key = run->options->provider;
	if (key.len == 0 || run->provider_found)
		return STATUS_OK;
	diag_help(diag_add(run->diags, DIAG_NO_PROVIDER, nowhere, "the data has no provider %.*s",
		STR_ARG(key)), "write the key as the table of providers has it");
	return STATUS_WRONG;
}

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
	status = report_difference(run, judge_all(run));
	if (status == STATUS_OK)
		status = check_provider(run);
	if (status == STATUS_OK)
		status = write_rest(run, data_sha);
	if (status == STATUS_OK && stopped(run))
		status = STATUS_INTERRUPTED;
	if (status == STATUS_OK)
		return case_commit(run->file);
	case_abandon(run->file);
	return status;
}

Status run_audit(const RunOptions *options, Diags *diags, RunResult *result)
{
	Run run = {.options = options, .diags = diags, .result = result};
	DataOptions data = {.path = options->data_path, .book = options->book, .nbooks = options->nbooks,
		.law = &options->law, .threads = options->threads, .memory_limit = options->memory_limit,
		.partition_rows = options->partition_rows, .whole_rows = options->whole_rows,
		.progress = options->progress, .user = options->user, .stop = options->stop};
	*result = (RunResult){0};
	pthread_mutex_init(&run.lock, NULL);
	pthread_cond_init(&run.changed, NULL);
	run.count = counts_new(&run.arena, options);
	Status status = data_open(&data, diags, &run.data);
	if (status == STATUS_OK)
		status = data_read(run.data, diags);
	if (status == STATUS_OK)
		status = judge_and_write(&run);
	data_close(run.data);
	claims_free(&run.claims);
	vec_free(&run.keyless);
	buf_free(&run.difference);
	pthread_cond_destroy(&run.changed);
	pthread_mutex_destroy(&run.lock);
	arena_free(&run.arena);
	return status;
}
