/*
 * What one store gives of the groups of measures that look at the same rows. Rows are taken in
 * batches; of each batch
 *
 *   keys ─> numbers of groups        once for all measures with the same keys
 *   covers, among … where            once for all that have the same
 *     └─> plain rows ─> tallies      by group and aggregate, in loops over columns
 *     └─> odd rows   ─> parts        one by one: something about them is not known, and they are
 *                                    looked at for what they could come to
 *
 * and when all rows are through, both are added to what is there of each measure. The explaining
 * evaluator is asked about an odd row only as long as there is room for its reasons.
 *
 * A plain row has keys that are known, is surely covered and surely taken; for an aggregate it is
 * plain when its condition and its value are known too. Nearly all rows are, and go through loops
 * over columns without a branch. An odd row goes one by one through partial_take, which has the
 * rules of states (S15, S16), and through the bounds of its figure.
 *
 * Both evaluators serve, by the same code: `fast` NULL asks `values`, which the tests use to hold
 * one against the other.
 *
 *   group   [1 1 2 1 0 2]     of each row of the batch; 0: a key is not known (S56)
 *   pick    [0 1 3]           rows that `covers` and `among … where` let in
 *   some    [0 3]             those of them that the aggregate's `where` lets in
 *   tally   sum[1] += value[0] + value[3]
 */
#include "interp/measure_fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "interp/measure_tally.h"
#include "interp/walk_private.h"

#define SHEET 1024 /* rows of a batch, as the fast evaluator has them */
#define ROW_NO (-1)

/* Groups are numbered from 1; 0 stands for the rows with a key that is not known (S56). Numbers are
 * of this scan alone; key texts or row numbers take their place when it is added to the others. */
typedef struct KeySet {
	const Rule *rule;      /* one of those with these keys */
	KeyTable table;
	FastColumn *key;       /* of the batch, as are the others */
	int32_t *group;
	int64_t *lookup;       /* keys of one row */
	Atom *atom;            /* and of one group */
	bool keyless;          /* there are such rows */
} KeySet;

/* One measure. Arrays by group have `room` entries and grow as groups are found. */
typedef struct Job {
	const MeasureTask *task;
	const MeasureShape *shape;
	const Rule *rule;
	KeySet *keys;
	int32_t room;
	int64_t *kept;         /* plain rows */
	Tally *tally;          /* by group and leaf */
	int32_t *day, ndays;   /* law dates, of a dated measure: of the first ndays groups */
	MergeGroup **odd_group;
	PairTable *pairs;      /* by leaf: the values of distinct and only_value */
	Merge odd;
	FastSheet *sheet;      /* of the batch, under the measure's keys */
	int32_t *row_day;      /* of the batch */
} Job;

typedef struct Scan {
	MeasureScan *given;
	Job *job;
	KeySet *keys;
	int32_t njobs, nkeys, nslots;
	FastSheet *sheet;      /* NULL: `values` is asked */
	const int64_t *row;    /* the batch */
	const uint8_t *open;   /* whether they are covered: State; NULL: all are */
	int32_t n;
	int32_t *pick, npick;  /* plain rows of the measure at hand */
	int32_t *some;         /* those of them that an aggregate takes */
	int32_t *odd, nodd;    /* rows that may belong to a group, and the state of that */
	uint8_t *odd_state;
	Bound *odd_in;         /* whether such a row belongs to its group */
	Value *slot;           /* for the explaining evaluator */
	RowBounder *bounder;   /* NULL until a row is odd */
} Scan;

/* ---- columns ---- */

static int64_t value_at(const FastColumn *column, int32_t i)
{
	return column->value[column->constant ? 0 : i];
}

static uint8_t state_at(const FastColumn *column, int32_t i)
{
	return column->state == NULL ? (uint8_t)STATE_KNOWN : column->state[column->constant ? 0 : i];
}

/* By the evaluator that a test holds the other against. Keys take the first slots and the row the
 * one asked for, as in the sheets of the fast evaluator. Its columns are never constant, and never
 * NULL. */
static FastColumn ask_values(Scan *scan, const Job *job, const Expr *expr, int32_t slot)
{
	Arena *arena = scan->given->walk.arena;
	int64_t *value = ARENA_ARRAY(arena, int64_t, SHEET);
	uint8_t *state = ARENA_ARRAY(arena, uint8_t, SHEET);
	const int64_t **at = ARENA_ARRAY(arena, const int64_t *, (size_t)scan->nslots);
	const uint8_t **state_of = ARENA_ARRAY(arena, const uint8_t *, (size_t)scan->nslots);
	for (int32_t k = 0; job != NULL && k < job->rule->nkeys; k++) {
		at[k] = job->keys->key[k].value;
		state_of[k] = job->keys->key[k].state;
	}
	at[slot] = scan->row;
	Subjects subjects = {scan->n, scan->nslots, at, state_of,
		job != NULL && job->shape->dated ? job->row_day : NULL};
	scan->given->values(scan->given->user, expr, &subjects, value, state);
	return (FastColumn){value, state, false};
}

/* With the row in this slot; job NULL: keys are only being worked out. */
static FastColumn column(Scan *scan, const Job *job, const Expr *expr, int32_t slot)
{
	if (scan->sheet == NULL)
		return ask_values(scan, job, expr, slot);
	return fast_sheet_column(job == NULL ? scan->sheet : job->sheet, expr);
}

/* ---- groups ---- */

/* Only rows whose predecessor had known keys are asked, so states need no look. */
static bool as_before(const KeySet *set, int32_t i)
{
	for (int32_t k = 0; k < set->rule->nkeys; k++)
		if (value_at(&set->key[k], i) != value_at(&set->key[k], i - 1))
			return false;
	return true;
}

static bool is_keyless(const KeySet *set, int32_t i)
{
	for (int32_t k = 0; k < set->rule->nkeys; k++)
		if (state_at(&set->key[k], i) != STATE_KNOWN)
			return true;
	return false;
}

/* Keys are worked out without a law date, because that may depend on them. Rows of one group often
 * follow each other. */
static void find_groups(Scan *scan, KeySet *set)
{
	const Rule *rule = set->rule;
	bool known = true;
	set->keyless = false;
	for (int32_t k = 0; k < rule->nkeys; k++) {
		set->key[k] = column(scan, NULL, rule->key[k].expr, rule->nkeys);
		known &= set->key[k].state == NULL;
	}
	for (int32_t i = 0; i < scan->n; i++) {
		set->group[i] = 0;
		if (!known && is_keyless(set, i)) {
			set->keyless = true;
			continue;
		}
		if (i > 0 && set->group[i - 1] > 0 && as_before(set, i)) {
			set->group[i] = set->group[i - 1];
			continue;
		}
		for (int32_t k = 0; k < rule->nkeys; k++)
			set->lookup[k] = value_at(&set->key[k], i);
		set->group[i] = 1 + keytable_of(&set->table, set->lookup);
	}
}

/* As a column holds it. The text stays where it is, in the store. */
static Value value_of(Type type, int64_t n)
{
	Value value = {.state = STATE_KNOWN, .n = n};
	if (type.kind == TYPE_TEXT) {
		const TextCell *cell = (const TextCell *)(intptr_t)n;
		value.text = (Str){cell->bytes, cell->len};
	} else if (type.kind == TYPE_QUANTITY) {
		(void)ratio_make(n, type.scale, &value.q);
	}
	return value;
}

/* A row of a table that is whole has the same number everywhere; any other goes by its key.
 * by_number: the part is never added to another store's, so that its numbers do. */
static Atom atom_of(const Scan *scan, const Job *job, Type type, int64_t n)
{
	const MeasureScan *given = scan->given;
	if (type.kind == TYPE_TEXT)
		return (Atom){.text = value_of(type, n).text};
	if (type.kind == TYPE_ROW && !job->task->by_number && !given->whole[type.ref])
		return (Atom){.text = store_key(given->walk.store, type.ref, (int32_t)n,
			given->walk.arena)};
	return (Atom){.n = n};
}

static const int64_t *key_of(const Job *job, int32_t group)
{
	return job->keys->table.key + (size_t)(group - 1) * (size_t)job->rule->nkeys;
}

/* The group of these keys in what is put together; never the one of rows without keys. */
static MergeGroup *group_in(const Scan *scan, const Job *job, Merge *merge, int32_t group)
{
	Atom *atom = job->keys->atom;
	for (int32_t k = 0; k < job->rule->nkeys; k++)
		atom[k] = atom_of(scan, job, job->rule->key[k].expr->type, key_of(job, group)[k]);
	return merge_group(merge, atom);
}

/* The law date hangs on the keys alone. Worked out once for a group, by the evaluator that needs no
 * batch: there are far fewer groups than rows. */
static int32_t find_day(Scan *scan, const Job *job, int32_t group)
{
	const Expr *on = job->rule->on;
	for (int32_t k = 0; k < job->rule->nkeys; k++)
		scan->slot[k] = group == 0 ? (Value){.state = STATE_UNKNOWN}
			: value_of(job->rule->key[k].expr->type, key_of(job, group)[k]);
	Value day = walk_expr(&scan->given->walk, on, scan->slot, NO_DAY, (RowSpan){NULL, 0});
	return day.state != STATE_KNOWN ? NO_DAY
		: on->type.kind == TYPE_MOMENT ? moment_day(day.n) : (int32_t)day.n;
}

/* Zeroed behind what was there. */
static void *grown(void *at, size_t item, int32_t from, int32_t to)
{
	unsigned char *out = mem_resize(at, mem_product(item, (size_t)to + 1));
	memset(out + item * (size_t)from, 0, item * ((size_t)to + 1 - (size_t)from));
	return out;
}

/* Room for the groups of the batch. Doubles, so that growing costs each group a constant; `tally`
 * has a row of leaves for each. */
static void make_room(Job *job)
{
	int32_t from = job->room, n = job->keys->table.n + 1;
	if (n <= from)
		return;
	int32_t to = n < from * 2 ? from * 2 : n;
	job->kept = grown(job->kept, sizeof *job->kept, from, to);
	job->odd_group = grown(job->odd_group, sizeof(MergeGroup *), from, to);
	job->tally = grown(job->tally, sizeof *job->tally * (size_t)(job->shape->nleaves + 1), from,
		to);
	job->day = grown(job->day, sizeof *job->day, from, to);
	job->room = to;
}

/* Days of groups that are new, and of the rows of the batch. */
static void find_days(Scan *scan, Job *job)
{
	for (; job->ndays <= job->keys->table.n; job->ndays++)
		job->day[job->ndays] = find_day(scan, job, job->ndays);
	for (int32_t i = 0; i < scan->n; i++)
		job->row_day[i] = job->day[job->keys->group[i]];
}

/* ---- why something is not known ---- */

/* Reasons of the state that the whole is in, which was raised before: not of a lesser one, and
 * none of a greater, which something else may have masked. Each reason once: reasons_add sees to
 * that. */
static void tell(Merge *merge, Reasons *reasons, Value value)
{
	if (value.state != reasons->state)
		return;
	for (const Why *why = value.why; why != NULL; why = why->next)
		reasons_add(merge->arena, reasons, value.state, why->text);
}

/* The scope of an expression of one row. */
static Value *slots_of(Scan *scan, const Job *job, int32_t i, int32_t slot)
{
	for (int32_t k = 0; k < job->rule->nkeys; k++) {
		const FastColumn *key = &job->keys->key[k];
		scan->slot[k] = (Value){.state = state_at(key, i)};
		if (state_at(key, i) == STATE_KNOWN)
			scan->slot[k] = value_of(job->rule->key[k].expr->type, value_at(key, i));
	}
	scan->slot[slot] = known_n(scan->row[i]);
	return scan->slot;
}

static int32_t law_day(const Job *job, int32_t i)
{
	return job->shape->dated ? job->row_day[i] : NO_DAY;
}

/* One expression of one row, once more, by the evaluator that gives reasons. */
static void tell_expr(Scan *scan, Job *job, Reasons *reasons, const Expr *expr, int32_t i,
	int32_t slot)
{
	if (expr == NULL)
		return;
	tell(&job->odd, reasons, walk_expr(&scan->given->walk, expr, slots_of(scan, job, i, slot),
		law_day(job, i), (RowSpan){NULL, 0}));
}

/* S16, S24: whether the row belongs to the group is not known, so neither is the group. Bounded
 * like all reasons: behind the first fifty the evaluator is not asked again. */
static void tell_open(Scan *scan, Job *job, MergeGroup *group, int32_t i, uint8_t state)
{
	const Rule *rule = job->rule;
	reasons_raise(&group->open, state);
	if (group->open.n >= MERGE_REASONS)
		return;
	tell_expr(scan, job, &group->open, rule->covered, i, rule->nkeys);
	tell_expr(scan, job, &group->open, rule->filter, i, rule->nkeys);
}

/* Which part of the key is missing, as the row's own fault. */
static void tell_keyless(Scan *scan, Job *job, MergeGroup *group, int32_t i)
{
	const Rule *rule = job->rule;
	for (int32_t k = 0; k < rule->nkeys && group->open.n < MERGE_REASONS; k++)
		tell_expr(scan, job, &group->open, rule->key[k].expr, i, rule->nkeys);
}

/* Bounded: what is wrong with a million rows is told of the first. What is wrong with the condition
 * and with the value are both worth saying. */
static void tell_leaf(Scan *scan, Job *job, const Expr *leaf, Partial *partial, int32_t i)
{
	if (partial->told >= MERGE_REASONS)
		return;
	partial->told++;
	tell_expr(scan, job, &partial->bad, measure_leaf_arg(leaf, 1), i, leaf->ref);
	tell_expr(scan, job, &partial->bad, measure_leaf_arg(leaf, 2), i, leaf->ref);
}

/* ---- who belongs to the group ---- */

/* What is asked of the rows of a batch; NULL: nothing. */
typedef struct Gate {
	const Expr *covered, *filter;
	FastColumn covers, takes;
} Gate;

/*
 * What is not covered is nobody's business, whatever else is wrong with it. A condition that hangs
 * on a group's date is not asked of rows without a group. ROW_NO, or a State: known means yes.
 *
 *   covers \ where    no        yes       open
 *   no                not looked at, whatever `where` says
 *   yes               left out  in        open
 *   open              left out  open      the greater state
 *   fault             a fault is never masked (S23)
 */
static int row_state(const Scan *scan, const Gate *gate, bool keyless, int32_t i)
{
	uint8_t in = scan->open == NULL ? (uint8_t)STATE_KNOWN : scan->open[i], takes = STATE_KNOWN;
	if (gate->covered != NULL && !(keyless && gate->covered->dated)) {
		in = state_at(&gate->covers, i);
		if (in == STATE_KNOWN && value_at(&gate->covers, i) == 0)
			return ROW_NO;
	}
	if (gate->filter != NULL && !(keyless && gate->filter->dated)) {
		takes = state_at(&gate->takes, i);
		if (takes == STATE_KNOWN && value_at(&gate->takes, i) == 0 && in != STATE_FAULT)
			return ROW_NO;
	}
	return takes > in ? takes : in;
}

/* A row without keys is odd, also when its state is known. */
static void pick_some(Scan *scan, const Job *job, const Gate *gate)
{
	for (int32_t i = 0; i < scan->n; i++) {
		bool keyless = job->keys->group[i] == 0;
		int state = row_state(scan, gate, keyless, i);
		if (state == ROW_NO)
			continue;
		if (state == STATE_KNOWN && !keyless) {
			scan->pick[scan->npick++] = i;
			continue;
		}
		scan->odd_state[scan->nodd] = (uint8_t)state;
		scan->odd[scan->nodd++] = i;
	}
}

/* Of these places those where the column holds; all of it is known. No branches. `to` may be
 * `from`: what is written never overtakes what is read. */
static int32_t where_holds(const FastColumn *where, const int32_t *from, int32_t n, int32_t *to)
{
	int32_t at = 0;
	for (int32_t j = 0; j < n; j++) {
		to[at] = from[j];
		at += where->value[where->constant ? 0 : from[j]] != 0;
	}
	return at;
}

/* The sieve has asked what the rows are covered by, unless that depends on their date. The quick
 * way is the usual one: nothing open, no key missing, everything covered. */
static void pick_rows(Scan *scan, Job *job)
{
	const Rule *rule = job->rule;
	Gate gate = {.filter = rule->filter};
	scan->npick = scan->nodd = 0;
	if (rule->covered != NULL && (scan->sheet == NULL || rule->covered->dated)) {
		gate.covered = rule->covered;
		gate.covers = column(scan, job, rule->covered, rule->nkeys);
	}
	if (rule->filter != NULL)
		gate.takes = column(scan, job, rule->filter, rule->nkeys);
	if (scan->open != NULL || gate.covered != NULL || job->keys->keyless ||
			gate.takes.state != NULL) {
		pick_some(scan, job, &gate);
		return;
	}
	for (int32_t i = 0; i < scan->n; i++)
		scan->pick[i] = i;
	scan->npick = rule->filter == NULL ? scan->n
		: where_holds(&gate.takes, scan->pick, scan->n, scan->pick);
}

/* ---- odd rows ---- */

/* Those without keys stand together; the worst state of their keys is the group's. Found once for
 * each group of the scan. */
static MergeGroup *odd_group(Scan *scan, Job *job, int32_t i)
{
	int32_t group = job->keys->group[i];
	if (group > 0 && job->odd_group[group] == NULL)
		job->odd_group[group] = group_in(scan, job, &job->odd, group);
	if (group > 0)
		return job->odd_group[group];
	Atom *atom = job->keys->atom;
	for (int32_t k = 0; k < job->rule->nkeys; k++)
		atom[k] = (Atom){.state = state_at(&job->keys->key[k], i)};
	return merge_group(&job->odd, atom);
}

/* The columns of an aggregate. Filled for each batch. */
typedef struct Summand {
	const Expr *expr, *where, *value; /* NULL: it has none */
	int32_t number;
	BoundKind kind;
	FastColumn holds, is;
} Summand;

/* What an expression of an odd row could come to; NULL: yes. The bounder is made with the first odd
 * row, and keeps its memory for the next. */
static Bound odd_bound(Scan *scan, Job *job, MergeGroup *group, const Expr *expr, int32_t i,
	int32_t slot)
{
	if (expr == NULL)
		return bound_yes_no(true, false);
	if (scan->bounder == NULL)
		scan->bounder = row_bounder_new(&scan->given->walk);
	return row_bound(scan->bounder, job->shape->facts, expr, slots_of(scan, job, i, slot),
		law_day(job, i), &group->lost);
}

/* What one row could bring to one aggregate, `in` being whether it belongs to the group. A part
 * that has no end on either side is not asked again: no row could give it one back. */
static void bound_odd(Scan *scan, Job *job, MergeGroup *group, const Summand *leaf, int32_t i,
	Bound in)
{
	BoundPart *part = &merge_bounds(&job->odd, group)[leaf->number];
	if (bound_part_is_open(part, &leaf->kind))
		return;
	Bound value = {0}, where = odd_bound(scan, job, group, leaf->where, i, leaf->expr->ref);
	if (leaf->value != NULL)
		value = odd_bound(scan, job, group, leaf->value, i, leaf->expr->ref);
	bound_part_add(part, &leaf->kind, bound_logic(in, where, false), value);
}

/* One aggregate of one row that is surely of the group. Rows that its condition surely refuses are
 * left out before anything is added up, as everywhere (S16). Its value may be known: then it is the
 * condition that is not. */
static void take_odd(Scan *scan, Job *job, const Summand *leaf, int32_t i)
{
	AggregateKind kind = (AggregateKind)leaf->expr->how;
	uint8_t where = leaf->where == NULL ? (uint8_t)STATE_KNOWN : state_at(&leaf->holds, i);
	uint8_t state = leaf->value == NULL ? (uint8_t)STATE_KNOWN : state_at(&leaf->is, i);
	if (leaf->where != NULL && where == STATE_KNOWN && value_at(&leaf->holds, i) == 0)
		return;
	MergeGroup *group = odd_group(scan, job, i);
	Partial *partial = &group->leaf[leaf->number];
	Atom atom = {.n = leaf->value == NULL ? 1 : value_at(&leaf->is, i)};
	if (kind == AGG_DISTINCT || kind == AGG_ONLY_VALUE)
		atom = state != STATE_KNOWN ? (Atom){0}
			: atom_of(scan, job, leaf->value->type, value_at(&leaf->is, i));
	if (partial_take(&job->odd, partial, kind, where, leaf->value != NULL, state, atom) ==
			STATE_KNOWN)
		return;
	tell_leaf(scan, job, leaf->expr, partial, i);
	bound_odd(scan, job, group, leaf, i, bound_yes_no(true, false));
}

/* Whether it belongs to the group leaves no figure, but what the figure could be. A row without a
 * group cannot change any group's figure, and has only been counted. */
static void take_open(Scan *scan, Job *job, const Summand *leaf, int32_t j)
{
	int32_t i = scan->odd[j];
	if (job->keys->group[i] > 0)
		bound_odd(scan, job, odd_group(scan, job, i), leaf, i, scan->odd_in[j]);
}

/* That they are there, before anything is added up. Whether each may be of its group is kept beside
 * it, for all aggregates of the measure to use. */
static void keep_odd(Scan *scan, Job *job)
{
	const Rule *rule = job->rule;
	for (int32_t j = 0; j < scan->nodd; j++) {
		int32_t i = scan->odd[j];
		MergeGroup *group = odd_group(scan, job, i);
		group->kept++;
		if (job->keys->group[i] == 0) {
			tell_keyless(scan, job, group, i);
			continue;
		}
		group->maybe++;
		tell_open(scan, job, group, i, scan->odd_state[j]);
		scan->odd_in[j] = bound_logic(odd_bound(scan, job, group, rule->covered, i, rule->nkeys),
			odd_bound(scan, job, group, rule->filter, i, rule->nkeys), false);
	}
}

/* ---- plain rows ---- */

/* Those that the aggregate takes, with a value that is known; the others are odd ones for it. The
 * result is the pick itself where nothing is left out: nothing is copied then. */
static int32_t plain_rows(Scan *scan, Job *job, const Summand *leaf, const int32_t **out)
{
	int32_t n = 0;
	*out = scan->some;
	if (leaf->holds.state == NULL && leaf->is.state == NULL) {
		if (leaf->where != NULL)
			return where_holds(&leaf->holds, scan->pick, scan->npick, scan->some);
		*out = scan->pick;
		return scan->npick;
	}
	for (int32_t j = 0; j < scan->npick; j++) {
		int32_t i = scan->pick[j];
		if (state_at(&leaf->holds, i) != STATE_KNOWN || state_at(&leaf->is, i) != STATE_KNOWN)
			take_odd(scan, job, leaf, i);
		else if (leaf->where == NULL || value_at(&leaf->holds, i) != 0)
			scan->some[n++] = i;
	}
	return n;
}

/* Each aggregate keeps what it needs. One loop for each kind, so that the switch stands outside;
 * (void)x for those that do not look at the value. */
#define EACH_ROW(...)                                                                  \
	for (int32_t j = 0; j < n; j++) {                                                  \
		Tally *at = tally + (size_t)group[some[j]] * stride;                           \
		int64_t x = value[constant ? 0 : some[j]];                                     \
		(void)x;                                                                       \
		__VA_ARGS__                                                                    \
	}

/* Row after row of one group often has the value of the one before. Rows are not counted here: the
 * values are, when they are added to what is there. Pairs outlive batches, so that a value is added
 * to its group once in a scan. */
static void tally_values(Job *job, const Summand *leaf, const int32_t *some, int32_t n)
{
	const int32_t *group = job->keys->group;
	PairTable *pairs = &job->pairs[leaf->number];
	int32_t before = 0;
	int64_t last = 0;
	for (int32_t j = 0; j < n; j++) {
		int32_t of = group[some[j]];
		int64_t x = value_at(&leaf->is, some[j]);
		if (of != before || x != last)
			pairtable_add(pairs, of, x);
		before = of;
		last = x;
	}
}

/* A quantifier without a value asks whether there are rows. */
static void tally_rows(Job *job, const Summand *leaf, const int32_t *some, int32_t n)
{
	static const int64_t one = 1;
	const int32_t *group = job->keys->group;
	const int64_t *value = leaf->value == NULL ? &one : leaf->is.value;
	bool constant = leaf->value == NULL || leaf->is.constant;
	Tally *tally = job->tally + leaf->number;
	size_t stride = (size_t)job->shape->nleaves;
	switch ((AggregateKind)leaf->expr->how) {
	case AGG_COUNT:
		EACH_ROW(at->rows++;)
		break;
	case AGG_ANY: case AGG_NONE: case AGG_ALL:
		EACH_ROW(at->yes += x != 0; at->no += x == 0;)
		break;
	case AGG_SHARE:
		EACH_ROW(at->rows++; at->yes += x != 0;)
		break;
	case AGG_TOTAL: case AGG_AVERAGE:
		EACH_ROW(at->rows++; at->sum += x;)
		break;
	case AGG_LEAST: case AGG_GREATEST:
		EACH_ROW(at->least = at->rows == 0 || x < at->least ? x : at->least;
			at->greatest = at->rows == 0 || x > at->greatest ? x : at->greatest; at->rows++;)
		break;
	case AGG_DISTINCT: case AGG_ONLY_VALUE:
		tally_values(job, leaf, some, n);
		break;
	case AGG_FIRST: case AGG_LAST: case AGG_LIST: break;
	}
}

/* Rows that are open of the measure are odd ones for each of its aggregates. */
static void take_leaf(Scan *scan, Job *job, int32_t number)
{
	const Expr *expr = job->shape->leaf[number];
	Summand leaf = {.expr = expr, .where = measure_leaf_arg(expr, 1),
		.value = expr->how == AGG_COUNT ? NULL : measure_leaf_arg(expr, 2), .number = number,
		.kind = bound_kind(expr)};
	const int32_t *some;
	if (leaf.where != NULL)
		leaf.holds = column(scan, job, leaf.where, expr->ref);
	if (leaf.value != NULL)
		leaf.is = column(scan, job, leaf.value, expr->ref);
	int32_t n = plain_rows(scan, job, &leaf, &some);
	tally_rows(job, &leaf, some, n);
	for (int32_t j = 0; j < scan->nodd; j++)
		take_open(scan, job, &leaf, j);
}

/* ---- batches ---- */

/* Room and dates first: both hang on the groups that the batch brought. Rows are counted before any
 * aggregate is asked, so that a group with no aggregate at all is still one. */
static void take_job(Scan *scan, Job *job)
{
	const KeySet *keys = job->keys;
	make_room(job);
	if (job->shape->dated)
		find_days(scan, job);
	if (scan->sheet != NULL)
		job->sheet = fast_sheet_under(scan->sheet, keys->key, job->rule->nkeys,
			job->shape->dated ? job->row_day : NULL);
	pick_rows(scan, job);
	for (int32_t j = 0; j < scan->npick; j++)
		job->kept[keys->group[scan->pick[j]]]++;
	keep_odd(scan, job);
	for (int32_t i = 0; i < job->shape->nleaves && scan->npick + scan->nodd > 0; i++)
		take_leaf(scan, job, i);
}

/* Aggregates bind a slot of their own for the row; the sheet is told of it before anything looks
 * there. */
static void take_batch(void *user, FastSheet *sheet, const int64_t *row, int32_t n,
	const uint8_t *open)
{
	Scan *scan = user;
	scan->sheet = sheet;
	scan->row = row;
	scan->n = n;
	scan->open = open;
	for (int32_t j = 0; sheet != NULL && j < scan->njobs; j++)
		for (int32_t i = 0; i < scan->job[j].shape->nleaves; i++)
			fast_sheet_bind(sheet, scan->job[j].rule->nkeys, scan->job[j].shape->leaf[i]->ref);
	for (int32_t k = 0; k < scan->nkeys; k++)
		find_groups(scan, &scan->keys[k]);
	for (int32_t j = 0; j < scan->njobs; j++)
		take_job(scan, &scan->job[j]);
}

/* ---- adding to what is there ---- */

/* As rows without a condition whose value is known: here the number becomes a text or a key, and
 * values that were two cells of one text come together. */
static void add_pairs(Scan *scan, Job *job, int32_t number, MergeGroup *const *group)
{
	const Expr *leaf = job->shape->leaf[number], *value = measure_leaf_arg(leaf, 2);
	const PairTable *pairs = &job->pairs[number];
	Merge *merge = job->task->merge;
	for (uint32_t i = 0; pairs->at != NULL && i <= pairs->mask; i++)
		if (pairs->at[i].group > 0)
			partial_take(merge, &group[pairs->at[i].group]->leaf[number],
				(AggregateKind)leaf->how, STATE_KNOWN, true, STATE_KNOWN,
				atom_of(scan, job, value->type, pairs->at[i].value));
}

/* As a group of the merge, with room for its leaves. What the tally does not know (sets, the only
 * value, reasons) is added beside it. */
static void tallied(const Job *job, int32_t group, MergeGroup *out)
{
	out->has_day = job->shape->dated;
	out->day = job->day[group];
	out->kept = job->kept[group];
	for (int32_t i = 0; i < job->shape->nleaves; i++) {
		const Tally *tally = &job->tally[(size_t)group * (size_t)job->shape->nleaves + (size_t)i];
		AggregateKind kind = (AggregateKind)job->shape->kind[i];
		out->leaf[i] = (Partial){.rows = tally->rows, .yes = tally->yes, .no = tally->no,
			.sum = tally->sum, .least = tally->least, .greatest = tally->greatest};
		out->leaf[i].any_value = tally->rows > 0 && (kind == AGG_LEAST || kind == AGG_GREATEST);
	}
}

/* Groups whose rows were all refused are none (S55). Plain rows first, then the odd ones: the order
 * makes no difference. */
static void add_job(Scan *scan, Job *job)
{
	Arena *arena = scan->given->walk.arena;
	Merge *merge = job->task->merge;
	int32_t n = job->keys->table.n;
	MergeGroup **group = ARENA_ARRAY(arena, MergeGroup *, (size_t)n + 1), from = {0};
	from.leaf = ARENA_ARRAY(arena, Partial, (size_t)job->shape->nleaves + 1);
	for (int32_t g = 1; g <= n && g < job->room; g++) {
		if (job->kept[g] == 0)
			continue;
		group[g] = group_in(scan, job, merge, g);
		tallied(job, g, &from);
		merge_add_group(merge, group[g], &from);
	}
	for (int32_t i = 0; i < job->shape->nleaves; i++)
		add_pairs(scan, job, i, group);
	merge_join(merge, &job->odd);
}

/* ---- beginning and end ---- */

/* The explaining evaluator has no numbers for expressions: every measure has its own keys there. */
static bool same_keys(Fast *fast, const Rule *a, const Rule *b)
{
	for (int32_t k = 0; k < a->nkeys; k++)
		if (fast == NULL || !fast_same_class(fast, a->key[k].expr, b->key[k].expr))
			return false;
	return fast != NULL;
}

/* Columns are the sheet's; only what is kept from row to row is allocated. */
static KeySet *keys_for(Scan *scan, const Rule *rule)
{
	Arena *arena = scan->given->walk.arena;
	for (int32_t k = 0; k < scan->nkeys; k++)
		if (same_keys(scan->given->fast, scan->keys[k].rule, rule))
			return &scan->keys[k];
	KeySet *set = &scan->keys[scan->nkeys++];
	*set = (KeySet){.rule = rule, .table = {.nkeys = rule->nkeys}};
	set->key = ARENA_ARRAY(arena, FastColumn, (size_t)rule->nkeys + 1);
	set->lookup = ARENA_ARRAY(arena, int64_t, (size_t)rule->nkeys + 1);
	set->atom = ARENA_ARRAY(arena, Atom, (size_t)rule->nkeys + 1);
	set->group = ARENA_ARRAY(arena, int32_t, SHEET);
	return set;
}

/* All but `pairs` and the merge begins empty and grows with the first batch. */
static void job_begin(Scan *scan, Job *job, const MeasureTask *task)
{
	Arena *arena = scan->given->walk.arena;
	const MeasureShape *shape = task->shape;
	int32_t nslots = measure_nslots(shape->measure);
	*job = (Job){.task = task, .shape = shape, .rule = &shape->measure->rule};
	job->keys = keys_for(scan, job->rule);
	job->pairs = ARENA_ARRAY(arena, PairTable, (size_t)shape->nleaves + 1);
	job->row_day = ARENA_ARRAY(arena, int32_t, SHEET);
	merge_begin(&job->odd, arena, job->rule->nkeys, shape->nleaves, shape->kind);
	scan->nslots = nslots > scan->nslots ? nslots : scan->nslots;
}

static void job_end(Job *job)
{
	for (int32_t i = 0; i < job->shape->nleaves; i++)
		pairtable_free(&job->pairs[i]);
	free(job->kept);
	free(job->tally);
	free(job->day);
	free(job->odd_group);
	merge_free(&job->odd);
}

static void scan_begin(Scan *scan, MeasureScan *given, const MeasureTask *task, int32_t n)
{
	Arena *arena = given->walk.arena;
	*scan = (Scan){.given = given, .njobs = n};
	scan->job = ARENA_ARRAY(arena, Job, (size_t)n + 1);
	scan->keys = ARENA_ARRAY(arena, KeySet, (size_t)n + 1);
	scan->pick = ARENA_ARRAY(arena, int32_t, SHEET + 1);
	scan->some = ARENA_ARRAY(arena, int32_t, SHEET + 1);
	scan->odd = ARENA_ARRAY(arena, int32_t, SHEET + 1);
	scan->odd_state = ARENA_ARRAY(arena, uint8_t, SHEET + 1);
	scan->odd_in = ARENA_ARRAY(arena, Bound, SHEET + 1);
	for (int32_t j = 0; j < n; j++)
		job_begin(scan, &scan->job[j], &task[j]);
	scan->slot = ARENA_ARRAY(arena, Value, (size_t)scan->nslots);
}

/* Without the fast evaluator, in batches of the same size. */
static void each_batch(Scan *scan, RowSpan rows)
{
	int64_t *row = ARENA_ARRAY(scan->given->walk.arena, int64_t, SHEET);
	for (int32_t from = 0; from < rows.n; from += SHEET) {
		int32_t n = rows.n - from < SHEET ? rows.n - from : SHEET;
		for (int32_t i = 0; i < n; i++)
			row[i] = rows.at == NULL ? from + i : rows.at[from + i];
		take_batch(scan, NULL, row, n, NULL);
	}
}

/* As many keys, so that the row stands in the same slot. */
bool measure_scan_together(Fast *fast, const Measure *a, const Measure *b)
{
	return a->rule.dataset == b->rule.dataset && a->rule.nkeys == b->rule.nkeys &&
		fast_same_class(fast, a->rule.covered, b->rule.covered);
}

/* Coverage that hangs on the law date cannot be asked by the sieve, for the groups have no dates
 * yet. */
void measure_scan(MeasureScan *given, const MeasureTask *task, int32_t n, RowSpan rows)
{
	Scan scan;
	const Rule *rule = &task[0].shape->measure->rule;
	const Expr *covered = rule->covered;
	scan_begin(&scan, given, task, n);
	if (given->fast == NULL)
		each_batch(&scan, rows);
	else
		fast_sheets(given->fast, given->walk.store, rows, covered != NULL && covered->dated ? NULL
			: covered, rule->nkeys, take_batch, &scan);
	for (int32_t j = 0; j < n; j++) {
		add_job(&scan, &scan.job[j]);
		job_end(&scan.job[j]);
	}
	for (int32_t k = 0; k < scan.nkeys; k++)
		keytable_free(&scan.keys[k].table);
	row_bounder_free(scan.bounder);
}
