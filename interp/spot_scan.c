#include "interp/spot_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"

static const Span nowhere = {-1, 0, 0};

/* One pass over the data; the book has the plan's rule behind its own. */
typedef struct Scan {
	SpotScan *out;
	Arena arena;
	Rulebook book;
	int32_t *from;               /* number of each of its rules in the contract's book */
	Judge judge;
	Buf text, difference;
	bool provider_found;
} Scan;

bool spot_judges(const SpotCheck *spot, const Rule *rule)
{
	return rule->subject != SUBJECT_GROUP && rule->dataset == spot->rule.dataset;
}

/* ---- the frame ---- */

static void print_key(Scan *scan, Walk *walk, const Expr *expr, Value value)
{
	if (value.state != STATE_KNOWN)
		buf_char(&scan->text, '?');
	else if (expr->type.kind == TYPE_ROW)
		buf_str(&scan->text, key_shown(walk->arena, store_key(walk->store, expr->type.ref,
			(int32_t)value.n, walk->arena)));
	else if (expr->type.kind == TYPE_PERIOD)
		day_print_iso(&scan->text, (int32_t)value.n);
	else
		value_print(&scan->text, walk->store, walk->book, expr->type, value, walk->arena);
}

/* "P1, 2025-07-01": as the subject of a finding about a group. */
static Str group_of(Scan *scan, Walk *walk, Value *slots, int32_t on)
{
	const SpotCheck *spot = scan->out->spot;
	buf_clear(&scan->text);
	for (int32_t i = 0; i < spot->nkeys; i++) {
		buf_puts(&scan->text, i > 0 ? ", " : "");
		print_key(scan, walk, spot->key[i].expr,
			walk_expr(walk, spot->key[i].expr, slots, on, (RowSpan){NULL, 0}));
	}
	return str_copy(&scan->out->frame.arena, buf_view(&scan->text));
}

static Value cut_at(Scan *scan, Walk *walk, Value *slots, int32_t i)
{
	return walk_expr(walk, scan->out->spot->cut[i], slots, NO_DAY, (RowSpan){NULL, 0});
}

static void print_cut(Scan *scan, Walk *walk, Value *slots, int32_t i)
{
	print_key(scan, walk, scan->out->spot->cut[i], cut_at(scan, walk, slots, i));
}

/* "2: £10.00 to below £50.00"; the number keeps them in their order. */
static void print_part(Scan *scan, Walk *walk, Value *slots, Value figure)
{
	int32_t part = 0, cuts = scan->out->spot->ncuts;
	while (part < cuts && ratio_cmp(figure.q, cut_at(scan, walk, slots, part).q) >= 0)
		part++;
	buf_printf(&scan->text, "%d: ", (int)part + 1);
	if (part > 0)
		print_cut(scan, walk, slots, part - 1);
	buf_puts(&scan->text, part == 0 ? "below " : part < cuts ? " to below " : " and above");
	if (part < cuts)
		print_cut(scan, walk, slots, part);
}

/* A row of which it is not known lies in a stratum of its own kind, "?". */
static Str stratum_of(Scan *scan, Walk *walk, Value *slots, int32_t on)
{
	const SpotCheck *spot = scan->out->spot;
	const RowSpan none = {NULL, 0};
	buf_clear(&scan->text);
	for (int32_t i = 0; i < spot->nstrata; i++) {
		Value by = walk_expr(walk, spot->stratum[i], slots, on, none);
		buf_puts(&scan->text, i > 0 ? ", " : "");
		if (spot->ncuts > 0 && by.state == STATE_KNOWN)
			print_part(scan, walk, slots, by);
		else
			print_key(scan, walk, spot->stratum[i], by);
	}
	return str_copy(&scan->out->frame.arena, buf_view(&scan->text));
}

static Str row_key(Scan *scan, int32_t row, Arena *arena)
{
	return key_shown(arena, store_key(scan->judge.store, scan->out->spot->rule.dataset, row,
		arena));
}

/* A row whose logs cannot be counted has none that anybody could look at. */
static void fill_row(Scan *scan, Walk *walk, Value *slots, SpotRow *row)
{
	const SpotCheck *spot = scan->out->spot;
	const Expr *whose = spot->rule.provider;
	RowSpan none = {NULL, 0};
	row->group = group_of(scan, walk, slots, row->on);
	row->stratum = spot->nstrata > 0 ? stratum_of(scan, walk, slots, row->on) : STR("");
	if (whose != NULL) {
		Value provider = walk_expr(walk, whose, slots, NO_DAY, none);
		if (provider.state == STATE_KNOWN)
			row->provider = str_copy(&scan->out->frame.arena, store_key(walk->store,
				whose->type.ref, (int32_t)provider.n, &scan->judge.scratch));
	}
	if (spot->money != NULL) {
		Value money = walk_expr(walk, spot->money, slots, row->on, none);
		row->priced = money.state == STATE_KNOWN;
		row->pence = row->priced ? stake_pence(money.q) : 0;
	}
	if (spot->logs != NULL) {
		Value logs = walk_expr(walk, spot->logs, slots, row->on, none);
		row->no_log = logs.state != STATE_KNOWN || logs.q.n == 0;
	}
}

/* Every row of the population fails the plan's rule. One that is not assessed may belong to it or
 * not: that is told, and never decided here. */
static void take_row(Scan *scan, const FastHit *hit)
{
	SpotFrame *frame = &scan->out->frame;
	arena_reset(&scan->judge.scratch);
	int32_t number = (int32_t)hit->slot[0];
	if (hit->verdict != VERDICT_FAIL) {
		*vec_push(&frame->unknown) = row_key(scan, number, &frame->arena);
		return;
	}
	Walk walk = {&scan->book, scan->judge.store, &scan->out->law, &scan->judge.scratch, NULL, NULL,
		NULL, NULL};
	const Rule *rule = &scan->out->spot->rule;
	Value *slots = ARENA_ARRAY(&scan->judge.scratch, Value, (size_t)rule->nslots + 1);
	Type type = {.kind = TYPE_ROW, .ref = rule->dataset, .scale = 1};
	slots[0] = value_of_column(type, hit->slot[0]);
	SpotRow row = {.key = row_key(scan, number, &frame->arena), .on = hit->on};
	fill_row(scan, &walk, slots, &row);
	*vec_push(&frame->row) = row;
}

/* ---- findings ---- */

/* In a run a batch is told before its store is emptied; here findings outlive the store, so that what
 * still points into it is copied. */
static void keep_finding(SpotScan *out, Finding *finding)
{
	finding->key = str_copy(&out->batch.arena, finding->key);
	finding->provider = str_copy(&out->batch.arena, finding->provider);
}

static Status take_finding(Scan *scan, const FastHit *hit)
{
	SpotScan *out = scan->out;
	if (hit->slot_state[0] != STATE_KNOWN)
		return STATUS_OK;
	Str key = row_key(scan, (int32_t)hit->slot[0], &scan->judge.scratch);
	if (out->only != NULL && strmap_get(out->only, key) == NULL)
		return STATUS_OK;
	key = str_copy(&out->batch.arena, key); /* judge_hit begins by emptying the scratch arena */
	size_t before = out->batch.finding.n;
	Status status = judge_hit(&scan->judge, hit, &scan->difference);
	if (status == STATUS_OK && out->batch.finding.n > before) {
		keep_finding(out, &out->batch.finding.at[before]);
		*vec_push(&out->found) = (SpotFound){(int32_t)before, key};
	}
	return status;
}

static int take_hit(void *user, const FastHit *hit)
{
	Scan *scan = user;
	if (hit->rule == scan->book.nrules - 1) {
		take_row(scan, hit);
		return 0;
	}
	return (int)take_finding(scan, hit);
}

/* By row, then as the contract lists its rules. */
static int found_cmp(const void *left, const void *right)
{
	const SpotFound *a = left, *b = right;
	int c = str_cmp(a->row, b->row);
	return c != 0 ? c : a->finding - b->finding;
}

static int finding_order(const void *left, const void *right)
{
	const Finding *a = left, *b = right;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	int c = str_cmp(a->key, b->key);
	return c != 0 ? c : memcmp(a->id, b->id, sizeof a->id);
}

/* The place in the batch is the order in which hits came, which must not show: each finding takes
 * its row along while they are sorted, in the field that ledgers use for the book. */
static void sort_findings(Scan *scan)
{
	SpotScan *out = scan->out;
	Str *row = mem_alloc(mem_product(out->found.n + 1, sizeof *row));
	for (size_t i = 0; i < out->found.n; i++) {
		row[i] = out->found.at[i].row;
		out->batch.finding.at[out->found.at[i].finding].book = (int32_t)i;
	}
	if (out->batch.finding.n > 1)
		qsort(out->batch.finding.at, out->batch.finding.n, sizeof(Finding), finding_order);
	for (size_t i = 0; i < out->found.n; i++) {
		Finding *finding = &out->batch.finding.at[i];
		out->found.at[i] = (SpotFound){(int32_t)i, row[finding->book]};
		finding->book = 0;
		finding->rule = scan->from[finding->rule];
	}
	if (out->found.n > 1)
		qsort(out->found.at, out->found.n, sizeof *out->found.at, found_cmp);
	free(row);
}

/* ---- the pass ---- */

/* The rules that are wanted, then the plan's: what no other rule looks at is not read. Measures are
 * nobody's business here. */
static void make_book(Scan *scan)
{
	const Rulebook *book = scan->out->book;
	int32_t n = 0;
	scan->book = *book;
	scan->book.nmeasures = 0;
	scan->book.rule = ARENA_ARRAY(&scan->arena, Rule, (size_t)book->nrules + 1);
	scan->from = ARENA_ARRAY(&scan->arena, int32_t, (size_t)book->nrules + 1);
	for (int32_t r = 0; r < book->nrules; r++) {
		if (scan->out->rule == NULL || !scan->out->rule[r])
			continue;
		scan->book.rule[n] = book->rule[r];
		scan->from[n++] = r;
	}
	scan->book.rule[n] = scan->out->spot->rule;
	scan->book.nrules = n + 1;
}

/* Row of the provider to look at; -1 for all, nobody's row where the store has no such provider. */
static int32_t provider_row(Scan *scan, const Store *store)
{
	Str wanted = scan->out->provider;
	if (wanted.len == 0)
		return -1;
	for (int32_t d = 0; d < scan->book.ndatasets; d++) {
		if (!str_eq(scan->book.dataset[d].decl.name, STR("provider")) || store->table[d] == NULL)
			continue;
		for (int32_t row = 0; row < store->table[d]->rows; row++) {
			if (!str_eq(store_key(store, d, row, &scan->judge.scratch), wanted))
				continue;
			scan->provider_found = true;
			return row;
		}
	}
	return INT32_MAX;
}

static Status scan_part(Scan *scan, Data *data, DataWorker *worker, Fast *fast, int32_t pass,
	int32_t part, FastCount *count, Diags *diags)
{
	int32_t n;
	Status status = data_part(data, worker, pass, part, diags);
	if (status != STATUS_OK)
		return status;
	const int32_t *rules = data_rules(data, pass, 0, &n);
	scan->judge.store = data_store(worker, 0);
	fast_only(fast, provider_row(scan, scan->judge.store));
	if (n > 0)
		status = (Status)fast_rules(fast, scan->judge.store, rules, n, count, take_hit, scan);
	if (status == STATUS_OK && scan->out->stop != NULL && *scan->out->stop != 0)
		status = STATUS_INTERRUPTED;
	return status;
}

static Status scan_all(Scan *scan, Data *data, Diags *diags)
{
	DataWorker *worker = NULL;
	FastCount *count = ARENA_ARRAY(&scan->arena, FastCount, (size_t)scan->book.nrules + 1);
	Fast *fast = fast_new(&scan->book, &scan->out->law);
	Status status = data_worker(data, &worker, diags);
	for (int32_t pass = 0; pass < data_passes(data) && status == STATUS_OK; pass++)
		for (int32_t part = 0; part < data_parts(data, pass) && status == STATUS_OK; part++)
			status = scan_part(scan, data, worker, fast, pass, part, count, diags);
	data_worker_free(worker);
	fast_free(fast);
	return status;
}

static Status conclude(Scan *scan, Diags *diags, Status status)
{
	if (scan->difference.n > 0)
		diag_note(diag_add(diags, DIAG_EVALUATORS_DIFFER, nowhere, "%s", scan->difference.at),
			"this is a fault of the program; nothing was written");
	if (status == STATUS_OK && scan->out->provider.len > 0 && !scan->provider_found) {
		diag_help(diag_add(diags, DIAG_NO_PROVIDER, nowhere, "the data has no provider %.*s",
			STR_ARG(scan->out->provider)), "write the key as the table of providers has it");
		return STATUS_WRONG;
	}
	return status;
}

Status spot_scan(SpotScan *out, Diags *diags)
{
	Scan scan = {.out = out};
	const Rulebook *book = &scan.book;
	Data *data = NULL;
	make_book(&scan);
	DataOptions options = {.path = out->data_path, .book = &book, .nbooks = 1, .law = &out->law,
		.threads = 1, .memory_limit = out->memory_limit, .progress = out->progress,
		.user = out->user, .stop = out->stop};
	scan.judge = (Judge){.book = book, .law = &out->law, .batch = &out->batch};
	Status status = data_open(&options, diags, &data);
	if (status == STATUS_OK)
		status = data_read(data, diags);
	if (status == STATUS_OK)
		data_digest(data, out->data_sha256);
	if (status == STATUS_OK)
		status = scan_all(&scan, data, diags);
	status = conclude(&scan, diags, status);
	data_close(data);
	out->frame.in_strata = out->spot->nstrata > 0;
	spot_frame_seal(&out->frame);
	sort_findings(&scan);
	judge_free(&scan.judge);
	buf_free(&scan.text);
	buf_free(&scan.difference);
	arena_free(&scan.arena);
	return status;
}

void spot_scan_free(SpotScan *scan)
{
	spot_frame_free(&scan->frame);
	batch_free(&scan->batch);
	vec_free(&scan->found);
}
