/*
 * The merge needs of each finding its id, its hash and its sum; the texts of those that differ
 * are fetched one by one when they are listed. Memory: 16 bytes for each finding that differs,
 * and the list that gives them their order.
 *
 *   before   A  B     D  E
 *   after    A  B' C     E       ids, in one order
 *            =  ~  +  -  =       unchanged, changed, new, gone, unchanged
 *
 * First the whole merge, which only counts and remembers rows; then three walks through the
 * lists of findings, one a kind, for what is new, changed and gone; then the totals.
 */
#include "report/restate.h"

#include <stdlib.h>
#include <string.h>

#include "report/layout.h"

const char *const restate_word[RESTATE_ALL_KINDS] = {"new", "changed", "gone", "unchanged"};

/* ---- sums ---- */

static const Ratio zero = {0, 1};

/* A Ratio of all zeros is no number. */
static RestateSum sum_none(void)
{
	return (RestateSum){.over = zero, .under = zero};
}

/* Halves away from zero, as every sum of findings is rounded. */
static int64_t pence_of(Ratio pounds)
{
	Ratio pence;
	if (!ratio_mul(pounds, (Ratio){100, 1}, &pence) ||
	    !ratio_round(pence, (Ratio){1, 1}, ROUND_HALF_AWAY, &pence) || !fits64(pence.n))
		return pounds.n < 0 ? INT64_MIN : INT64_MAX;
	return (int64_t)pence.n;
}

/* Rounded at the end (S82); only what has no common denominator with the rest is rounded before. */
static void add_pounds(Ratio *sum, int64_t *apart, Ratio pounds)
{
	if (!ratio_add(*sum, pounds, sum))
		*apart += pence_of(pounds);
}

/* What could be added exactly is rounded once, and the rest comes to it in whole pence. */
int64_t restate_over(const RestateSum *sum)
{
	return pence_of(sum->over) + sum->apart[0];
}

int64_t restate_under(const RestateSum *sum)
{
	return pence_of(sum->under) + sum->apart[1];
}

void restate_add(RestateSum *into, const RestateSum *from)
{
	add_pounds(&into->over, &into->apart[0], from->over);
	add_pounds(&into->under, &into->apart[1], from->under);
	into->apart[0] += from->apart[0];
	into->apart[1] += from->apart[1];
	into->without_sum += from->without_sum;
}

/* ---- the merge ---- */

/* The findings of one run in order of their ids. */
typedef struct Cursor {
	CaseReader *reader;
	sqlite3_stmt *stmt;
	bool there;             /* a finding is at hand: */
	Str id;
	RestateMark mark;
	int64_t row;
} Cursor;

/* `row` is of the side that lists it: of the later one, but for what is gone. `other` is the row of
 * the earlier run where the finding is in both. Rows are of one file, so each side needs its own
 * reader to fetch them. */
typedef struct Change {
	int64_t row, other;
} Change;

/* From the merge to the totals. */
typedef struct Restate {
	const RestateSide *before, *after;
	const ListOptions *options;
	VEC(Change) change[RESTATE_KINDS];
	RestateTotals totals;
	Arena arena;            /* of the finding at hand */
} Restate;

/* The order of the joins is the order that is wanted: ids lie in the key of finding_place. */
static const char ids_sql[] = "SELECT p.finding_id, f.verdict, f.content, f.at_stake_exact, p.row"
	" FROM finding_place p CROSS JOIN rule_total t ON t.rule_key = p.rule_key CROSS JOIN finding_row"
	" f ON f.rowid = p.row WHERE t.run_id = ?1 ORDER BY p.finding_id, p.rule_key";

/* Of texts and hashes alike; SQLite's own until the next step. */
static Str column(sqlite3_stmt *stmt, int i)
{
	const void *at = sqlite3_column_blob(stmt, i);
	return at == NULL ? STR("") : (Str){at, (size_t)sqlite3_column_bytes(stmt, i)};
}

/* At the end nothing is at hand, which is no failure. */
static Status cursor_next(Cursor *c)
{
	int rc = sqlite3_step(c->stmt);
	c->there = rc == SQLITE_ROW;
	if (rc != SQLITE_ROW)
		return rc == SQLITE_DONE ? STATUS_OK : casereader_unreadable(c->reader);
	c->id = column(c->stmt, 0);
	c->mark = (RestateMark){column(c->stmt, 1), column(c->stmt, 2), column(c->stmt, 3)};
	c->row = sqlite3_column_int64(c->stmt, 4);
	return STATUS_OK;
}

/* The statement is the caller's to finalise, also after a failure. */
static Status cursor_begin(Cursor *c, const RestateSide *side)
{
	*c = (Cursor){.reader = side->reader};
	if (sqlite3_prepare_v2(casereader_database(side->reader), ids_sql, -1, &c->stmt, NULL)
			!= SQLITE_OK)
		return casereader_unreadable(side->reader);
	sqlite3_bind_text(c->stmt, 1, side->run.ptr, (int)side->run.len, SQLITE_STATIC);
	return cursor_next(c);
}

/* What was not assessed accuses nobody of any sum. */
static void add_stake(RestateSum *sum, const Cursor *c)
{
	Ratio pounds;
	if (str_eq(c->mark.verdict, STR("not_assessed")))
		return;
	if (!layout_ratio(c->mark.exact, &pounds))
		sum->without_sum++;
	else if (pounds.n >= 0)
		add_pounds(&sum->over, &sum->apart[0], pounds);
	else
		add_pounds(&sum->under, &sum->apart[1], (Ratio){-pounds.n, pounds.d});
}

/* What is new has a sum only now, what is gone had one only before: the other half of its line in
 * the totals stays 0. */
static void take_one(Restate *r, RestateKind kind, const Cursor *c)
{
	add_stake(kind == RESTATE_NEW ? &r->totals.after[kind] : &r->totals.before[kind], c);
	r->totals.findings[kind]++;
	*vec_push(&r->change[kind]) = (Change){c->row, 0};
}

/* An exact sum as a text: equal sums are written alike, as they are in lowest terms. */
bool restate_same(const RestateMark *before, const RestateMark *after)
{
	return str_eq(before->content, after->content) && str_eq(before->exact, after->exact) &&
		str_eq(before->verdict, after->verdict);
}

/* Both sums of what changed are added, so that the totals of either run come out whole. */
static void take_both(Restate *r, const Cursor *before, const Cursor *after)
{
	if (restate_same(&before->mark, &after->mark)) {
		add_stake(&r->totals.same, after);
		r->totals.unchanged++;
		return;
	}
	add_stake(&r->totals.before[RESTATE_CHANGED], before);
	add_stake(&r->totals.after[RESTATE_CHANGED], after);
	r->totals.findings[RESTATE_CHANGED]++;
	*vec_push(&r->change[RESTATE_CHANGED]) = (Change){after->row, before->row};
}

/* The lower id goes on; two rules of one name, of which an amendment replaced one, may share the id
 * of rows without a key: those are taken in pairs. */
static Status merge_step(Restate *r, Cursor *before, Cursor *after)
{
	int order = !before->there ? 1 : !after->there ? -1 : str_cmp(before->id, after->id);
	Status status = STATUS_OK;
	if (order > 0)
		take_one(r, RESTATE_NEW, after);
	else if (order < 0)
		take_one(r, RESTATE_GONE, before);
	else
		take_both(r, before, after);
	if (order <= 0)
		status = cursor_next(before);
	if (order >= 0 && status == STATUS_OK)
		status = cursor_next(after);
	return status;
}

/* One walk through both runs, whatever their size. Interrupts are asked for at each step. A
 * statement that was never prepared is NULL, which SQLite lets be finalised. */
static Status merge(Restate *r)
{
	Cursor before, after = {.stmt = NULL};
	Status status = cursor_begin(&before, r->before);
	if (status == STATUS_OK)
		status = cursor_begin(&after, r->after);
	while (status == STATUS_OK && (before.there || after.there)) {
		status = list_go_on(r->options);
		if (status == STATUS_OK)
			status = merge_step(r, &before, &after);
	}
	sqlite3_finalize(before.stmt);
	sqlite3_finalize(after.stmt);
	return status;
}

/* ---- facts ---- */

/* Whether two lines speak of the same value of the same row. */
static bool same_line(const ReadEvidence *a, const ReadEvidence *b)
{
	return str_eq(a->name, b->name) && str_eq(a->key, b->key) && str_eq(a->column, b->column);
}

/* The line of `all` for this one that no other line has been given; n: none. */
static size_t line_for(const ReadEvidence *line, const ReadEvidence *all, size_t n, bool *taken)
{
	size_t i = 0;
	while (i < n && (taken[i] || !same_line(line, &all[i])))
		i++;
	if (i < n)
		taken[i] = true;
	return i;
}

/* Lines that have no partner are facts that came or went: another log matched, one more row. */
static void compare_lines(Arena *arena, const ReadEvidence *before, size_t nbefore,
	const ReadEvidence *after, size_t nafter, RestateItem *out)
{
	RestateFact *fact = ARENA_ARRAY(arena, RestateFact, nbefore + nafter + 1);
	bool *taken = ARENA_ARRAY(arena, bool, nbefore + 1);
	size_t n = 0;
	for (size_t i = 0; i < nafter; i++) {
		size_t k = line_for(&after[i], before, nbefore, taken);
		Str was = k < nbefore ? before[k].value : STR("");
		if (k == nbefore || !str_eq(was, after[i].value))
			fact[n++] = (RestateFact){after[i].name, after[i].key, was, after[i].value};
	}
	for (size_t k = 0; k < nbefore; k++)
		if (!taken[k])
			fact[n++] = (RestateFact){before[k].name, before[k].key, before[k].value, STR("")};
	out->fact = fact;
	out->nfacts = n;
}

/* Each side through its own reader: numbers of labels hold within one run, and each reader keeps
 * those of one run at a time. */
static Status find_facts(Restate *r, RestateItem *item)
{
	ReadEvidence *before, *after;
	size_t nbefore, nafter;
	Status status = casereader_evidence(r->before->reader, item->before, &r->arena, &before,
		&nbefore);
	if (status == STATUS_OK)
		status = casereader_evidence(r->after->reader, item->after, &r->arena, &after, &nafter);
	if (status == STATUS_OK)
		compare_lines(&r->arena, before, nbefore, after, nafter, item);
	return status;
}

/* ---- listing ---- */

/* For qsort and bsearch. */
static int by_row(const void *left, const void *right)
{
	const Change *a = left, *b = right;
	return a->row < b->row ? -1 : a->row > b->row;
}

/* Its texts are the readers', each of which has one finding at hand, so both sides can be shown at
 * once. */
static Status put_item(Restate *r, RestateKind kind, const Change *change,
	const RestateWriter *writer)
{
	const RestateSide *side = kind == RESTATE_GONE ? r->before : r->after;
	ReadFinding here, there;
	RestateItem item = {.kind = kind, .any = &here};
	Status status = casereader_finding(side->reader, change->row, &here);
	arena_reset(&r->arena);
	if (kind == RESTATE_GONE)
		item.before = &here;
	else
		item.after = &here;
	if (status == STATUS_OK && kind == RESTATE_CHANGED) {
		item.before = &there;
		status = casereader_finding(r->before->reader, change->other, &there);
		if (status == STATUS_OK)
			status = find_facts(r, &item);
	}
	if (status != STATUS_OK)
		return status;
	item.short_id = casereader_short_id(side->reader, here.id);
	writer->item(writer->user, &item);
	return STATUS_OK;
}

/* In the order in which `vouch findings` lists the run that has them: that list is walked, and each
 * of its rows looked for among those that differ. What is gone is in the earlier run's list. */
static Status put_kind(Restate *r, RestateKind kind, const RestateWriter *writer)
{
	const RestateSide *side = kind == RESTATE_GONE ? r->before : r->after;
	const FindingFilter all = {.run = side->run};
	FindingList list = {0};
	size_t n = r->change[kind].n;
	Status status = n > 0 ? casereader_select(side->reader, &all, &list) : STATUS_OK;
	if (n > 1)
		qsort(r->change[kind].at, n, sizeof(Change), by_row);
	for (size_t i = 0; i < list.n && status == STATUS_OK; i++) {
		const Change wanted = {.row = list.at[i]};
		const Change *change = bsearch(&wanted, r->change[kind].at, n, sizeof wanted, by_row);
		if (change == NULL)
			continue;
		status = list_go_on(r->options);
		if (status == STATUS_OK)
			status = put_item(r, kind, change, writer);
	}
	vec_free(&list);
	return status;
}

/* Totals come last, where the end of a long list is read. */
static Status put_all(Restate *r, const RestateWriter *writer)
{
	Status status = STATUS_OK;
	writer->begin(writer->user);
	for (int kind = 0; kind < RESTATE_KINDS && status == STATUS_OK; kind++)
		status = put_kind(r, (RestateKind)kind, writer);
	if (status == STATUS_OK)
		writer->end(writer->user, &r->totals);
	return status == STATUS_OK ? list_go_on(r->options) : status;
}

/* Dates, knowledge and data are the same for all contracts of a run: the first stands for them. */
static Status read_runs(const RestateSide *before, const RestateSide *after, RestateRuns *out)
{
	ReadRuns old, new;
	Status status = casereader_contracts(before->reader, before->run, &old);
	if (status == STATUS_OK)
		status = casereader_contracts(after->reader, after->run, &new);
	if (status != STATUS_OK)
		return status;
	out->before = old.at;
	out->after = new.at;
	out->several = old.n > 1 || new.n > 1;
	status = casereader_claim(before->reader, before->run, &out->claim_before);
	return status == STATUS_OK ? casereader_claim(after->reader, after->run, &out->claim_after)
		: status;
}

/* Sums start at 0/1, since zeroed memory is no Ratio. */
static void restate_begin(Restate *r, const RestateSide *before, const RestateSide *after,
	const ListOptions *options)
{
	*r = (Restate){.before = before, .after = after, .options = options};
	for (int kind = 0; kind < RESTATE_KINDS; kind++)
		r->totals.before[kind] = r->totals.after[kind] = sum_none();
	r->totals.same = sum_none();
}

/* Readers and statements are not the merge's own: only its lists and its arena go. */
static void restate_end(Restate *r)
{
	for (int kind = 0; kind < RESTATE_KINDS; kind++)
		vec_free(&r->change[kind]);
	arena_free(&r->arena);
}

/* The merge alone: no finding is fetched. */
Status restate_count(const RestateSide *before, const RestateSide *after,
	const ListOptions *options, int64_t count[RESTATE_ALL_KINDS])
{
	Restate r;
	restate_begin(&r, before, after, options);
	Status status = merge(&r);
	for (int kind = 0; kind < RESTATE_KINDS; kind++)
		count[kind] = r.totals.findings[kind];
	count[RESTATE_SAME] = r.totals.unchanged;
	restate_end(&r);
	return status;
}

/* Nothing is written before both runs were read to their ends: a file that cannot be read leaves no
 * half of a list. */
Status restate_each(const RestateSide *before, const RestateSide *after,
	const RestateWriter *writer, const ListOptions *options)
{
	Restate r = {.before = before, .after = after, .options = options};
	for (int kind = 0; kind < RESTATE_KINDS; kind++)
		r.totals.before[kind] = r.totals.after[kind] = sum_none();
	r.totals.same = sum_none();
	Status status = merge(&r);
	if (status == STATUS_OK)
		status = put_all(&r, writer);
	for (int kind = 0; kind < RESTATE_KINDS; kind++)
		vec_free(&r.change[kind]);
	arena_free(&r.arena);
	return status;
}

/* The writer's state lives in the arena. */
Status restate_list(const RestateSide *before, const RestateSide *after, RestateFormat format,
	const ListOptions *options)
{
	RestateRuns runs = {.options = options};
	RestateWriter writer;
	Arena arena = {0};
	Status status = read_runs(before, after, &runs);
	if (format == RESTATE_TEXT)
		restate_write_text(&runs, &arena, &writer);
	else if (format == RESTATE_CSV)
		restate_write_csv(&runs, &arena, &writer);
	else
		restate_write_json(&runs, &arena, &writer);
	if (status == STATUS_OK)
		status = restate_each(before, after, &writer, options);
	arena_free(&arena);
	return status;
}
