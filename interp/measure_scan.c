/*
 * What one store gives of the groups of measures that look at the same rows. Rows are taken in
 * batches; of each batch
 *
 *   keys ─> runs of one group        once for all measures with the same keys
 *   covers, among … where            once for all that have the same
 *     └─> plain rows ─> tallies      by group and aggregate, in loops over columns
 *     └─> odd rows   ─> parts        one by one: something about them is not known, and they are
 *                                    looked at for what they could come to
 *
 * and when all rows are through, both are added to what is there of each measure. The explaining
 * evaluator is asked about an odd row only as long as there is room for its reasons.
 *
 * Where keys mean the same in every store (providers, quarters) the tallies need not be added there
 * for each store: they go on with the next one's rows, and are added once, at the end. What is kept
 * so from store to store are the scans themselves, with their tables and buffers.
 *
 * A plain row has keys that are known, is surely covered and surely taken; for an aggregate it is
 * plain when its condition and its value are known too. Nearly all rows are, and go through loops
 * over columns without a branch. An odd row goes one by one through partial_take, which has the
 * rules of states (S15, S16), and through the bounds of its figure.
 *
 * Both evaluators serve, by the same code: `fast` NULL asks `values`, which the tests use to hold
 * one against the other.
 *
 *   group   [1 1 1 2 0 2]     of each row of the batch; 0: a key is not known (S56)
 *   run     [0..2 3 4 5]      rows of one group that follow each other
 *   take    [1 1 0 1 0 1]     rows that `covers` and `among … where` let in
 *   rows    [1 0 0 1 0 1]     those of them that the aggregate's `where` lets in
 *   tally   sum[1] += value[0]; sum[2] += value[3]; sum[2] += value[5]
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
	bool lasting;          /* numbers of groups stay from store to store */
	KeyTable table;
	FastColumn *key;       /* of the batch, as are the others */
	int64_t *change;       /* not 0: the row begins a run */
	TallyRun *run;
	int32_t nruns;
	int32_t *group;        /* by row, when `told`: most figures ask for runs alone */
	bool told;
	TallyKey *lookup;      /* the same columns */
	Atom *atom;            /* and of one group */
	bool keyless;          /* there are such rows */
} KeySet;

/* One measure. Arrays by group have `room` entries and grow as groups are found. */
typedef struct Job {
	MeasureTask task;
	const MeasureShape *shape;
	const Rule *rule;
	KeySet *keys;
	bool lasting;          /* as are the tallies */
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

/* Rows of the batch that go in: of another mask those where a column holds. Measures with the same
 * conditions have the same masks, which are made once. */
typedef struct Mask {
	const struct Mask *of;
	const int64_t *where;  /* NULL: made in another way, and nobody else's */
	uint8_t *in;           /* 1, or 0; and how many up to each row */
	int32_t *upto;
} Mask;

typedef struct Scan {
	struct Scan *next;
	Arena arena;           /* of jobs, sets of keys and buffers */
	MeasureScan *given;    /* the store at hand */
	Job *job;
	KeySet *keys;
	int32_t njobs, nkeys, nslots;
	FastSheet *sheet;      /* NULL: `values` is asked */
	const int64_t *row;    /* the batch */
	const uint8_t *open;   /* whether they are covered: State; NULL: all are */
	int32_t n;
	Mask all, *mask;       /* every row; those of the batch */
	int32_t nmasks;
	const Mask *take;      /* plain rows of the measure at hand */
	int64_t *flat;         /* scratch: a column of one value, row by row */
	int32_t *odd, nodd;    /* rows that may belong to a group, and the state of that */
	uint8_t *odd_state;
	Bound *odd_in;         /* whether such a row belongs to its group */
	Value *slot;           /* for the explaining evaluator */
	RowBounder *bounder;   /* NULL until a row is odd */
} Scan;

struct MeasureSums {
	Scan *scan;
};

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

/* The value of each row. */
static const int64_t *row_by_row(Scan *scan, const FastColumn *column)
{
	if (!column->constant)
		return column->value;
	for (int32_t i = 0; i < scan->n; i++)
		scan->flat[i] = column->value[0];
	return scan->flat;
}

/* ---- masks ---- */

/* Room for them was counted; their arrays serve one batch after another. */
static Mask *mask_new(Scan *scan, const Mask *of, const int64_t *where)
{
	Mask *mask = &scan->mask[scan->nmasks++];
	if (mask->in == NULL) {
		mask->in = ARENA_ARRAY(&scan->arena, uint8_t, SHEET);
		mask->upto = ARENA_ARRAY(&scan->arena, int32_t, SHEET + 1);
	}
	mask->of = of;
	mask->where = where;
	return mask;
}

/* The column is known; it lasts as long as the batch, so that its address is its name. */
static const Mask *mask_where(Scan *scan, const Mask *of, const FastColumn *column)
{
	for (int32_t i = 0; i < scan->nmasks; i++)
		if (scan->mask[i].of == of && scan->mask[i].where == column->value)
			return &scan->mask[i];
	Mask *mask = mask_new(scan, of, column->value);
	tally_where(of->in, row_by_row(scan, column), scan->n, mask->in, mask->upto);
	return mask;
}

static TallyRows rows_in(const Mask *mask, const KeySet *keys)
{
	return (TallyRows){keys->run, keys->nruns, mask->in, mask->upto};
}

/* ---- groups ---- */

static bool is_keyless(const KeySet *set, int32_t i)
{
	for (int32_t k = 0; k < set->rule->nkeys; k++)
		if (state_at(&set->key[k], i) != STATE_KNOWN)
			return true;
	return false;
}

/* Not 0 where this key is not what it was in the row before. */
static void mark_changes(const FastColumn *key, int32_t n, int64_t *change)
{
	if (key->constant)
		return;
	for (int32_t i = 1; i < n; i++)
		change[i] |= key->value[i] ^ key->value[i - 1];
	for (int32_t i = 1; key->state != NULL && i < n; i++)
		change[i] |= key->state[i] ^ key->state[i - 1];
}

/* Begins of runs, without a branch: each row is put down as the next one's, and stays if it is. */
static void find_runs(KeySet *set, int32_t n)
{
	int32_t at = 0;
	for (int32_t i = 0; i < n; i++) {
		set->run[at].from = i;
		at += set->change[i] != 0;
	}
	set->run[at].from = n;
	set->nruns = at;
	for (int32_t r = 0; r < at; r++)
		set->run[r].to = set->run[r + 1].from;
}

/* 0 where a key is not known; any other number stands for one that is to be looked up. */
static void find_keyless(KeySet *set, bool known)
{
	set->keyless = false;
	for (int32_t r = 0; r < set->nruns; r++) {
		TallyRun *run = &set->run[r];
		run->group = known || !is_keyless(set, run->from);
		set->keyless |= run->group == 0;
	}
}

/* Keys are worked out without a law date, because that may depend on them. Rows of one group often
 * follow each other, so that a group is looked up once a run. */
static void find_groups(Scan *scan, KeySet *set)
{
	const Rule *rule = set->rule;
	bool known = true;
	memset(set->change, 0, sizeof *set->change * (size_t)scan->n);
	for (int32_t k = 0; k < rule->nkeys; k++) {
		FastColumn *key = &set->key[k];
		*key = column(scan, NULL, rule->key[k].expr, rule->nkeys);
		known &= key->state == NULL;
		mark_changes(key, scan->n, set->change);
		set->lookup[k] = (TallyKey){key->value, key->constant ? 0 : 1};
	}
	set->change[0] = 1;
	set->told = false;
	find_runs(set, scan->n);
	find_keyless(set, known);
	keytable_find(&set->table, set->lookup, set->run, set->nruns);
}

/* The group of each row of the batch. */
static const int32_t *row_groups(const Scan *scan, KeySet *set)
{
	for (int32_t i = 0, r = -1; i < scan->n && !set->told; i++) {
		r += set->change[i] != 0;
		set->group[i] = set->run[r].group;
	}
	set->told = true;
	return set->group;
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
	if (type.kind == TYPE_ROW && !job->task.by_number && !given->whole[type.ref])
		return (Atom){.text = store_key(given->walk.store, type.ref, (int32_t)n,
			given->walk.arena)};
	return (Atom){.n = n};
}

static const int64_t *key_of(const Job *job, int32_t group)
{
	return job->keys->table.key + (size_t)(group - 1) * (size_t)job->rule->nkeys;
}

/* The group of these keys in what is put together; never the one of rows without keys. Keys that
 * last are numbers that mean the same everywhere, and are asked for when no store is at hand. */
static MergeGroup *group_in(const Scan *scan, const Job *job, Merge *merge, int32_t group)
{
	Atom *atom = job->keys->atom;
	for (int32_t k = 0; k < job->rule->nkeys; k++) {
		int64_t n = key_of(job, group)[k];
		atom[k] = job->keys->lasting ? (Atom){.n = n}
			: atom_of(scan, job, job->rule->key[k].expr->type, n);
	}
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
	const int32_t *group = row_groups(scan, job->keys);
	for (; job->ndays <= job->keys->table.n; job->ndays++)
		job->day[job->ndays] = find_day(scan, job, job->ndays);
	for (int32_t i = 0; i < scan->n; i++)
		job->row_day[i] = job->day[group[i]];
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
static void take_some(Scan *scan, const Job *job, const Gate *gate)
{
	const int32_t *group = row_groups(scan, job->keys);
	Mask *take = mask_new(scan, NULL, NULL);
	for (int32_t i = 0; i < scan->n; i++) {
		bool keyless = group[i] == 0;
		int state = row_state(scan, gate, keyless, i);
		take->in[i] = state == STATE_KNOWN && !keyless;
		if (state == ROW_NO || take->in[i] != 0)
			continue;
		scan->odd_state[scan->nodd] = (uint8_t)state;
		scan->odd[scan->nodd++] = i;
	}
	tally_upto(take->in, scan->n, take->upto);
	scan->take = take;
}

/* The sieve has asked what the rows are covered by, unless that depends on their date. The quick
 * way is the usual one: nothing open, no key missing, everything covered. */
static void take_rows(Scan *scan, Job *job)
{
	const Rule *rule = job->rule;
	Gate gate = {.filter = rule->filter};
	scan->nodd = 0;
	if (rule->covered != NULL && (scan->sheet == NULL || rule->covered->dated)) {
		gate.covered = rule->covered;
		gate.covers = column(scan, job, rule->covered, rule->nkeys);
	}
	if (rule->filter != NULL)
		gate.takes = column(scan, job, rule->filter, rule->nkeys);
	if (scan->open != NULL || gate.covered != NULL || job->keys->keyless ||
			gate.takes.state != NULL)
		take_some(scan, job, &gate);
	else
		scan->take = rule->filter == NULL ? &scan->all : mask_where(scan, &scan->all, &gate.takes);
}

/* ---- odd rows ---- */

/* Those without keys stand together; the worst state of their keys is the group's. Found once for
 * each group of the scan. */
static MergeGroup *odd_group(Scan *scan, Job *job, int32_t i)
{
	int32_t group = row_groups(scan, job->keys)[i];
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
	if (row_groups(scan, job->keys)[i] > 0)
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
		if (row_groups(scan, job->keys)[i] == 0) {
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

/* Those that the aggregate takes, with a value that is known; the others are odd ones for it. */
static const Mask *plain_rows(Scan *scan, Job *job, const Summand *leaf)
{
	if (leaf->holds.state == NULL && leaf->is.state == NULL)
		return leaf->where == NULL ? scan->take : mask_where(scan, scan->take, &leaf->holds);
	Mask *rows = mask_new(scan, NULL, NULL);
	for (int32_t i = 0; i < scan->n; i++) {
		bool known = state_at(&leaf->holds, i) == STATE_KNOWN &&
			state_at(&leaf->is, i) == STATE_KNOWN;
		rows->in[i] = scan->take->in[i] != 0 && known &&
			(leaf->where == NULL || value_at(&leaf->holds, i) != 0);
		if (scan->take->in[i] != 0 && !known)
			take_odd(scan, job, leaf, i);
	}
	tally_upto(rows->in, scan->n, rows->upto);
	return rows;
}

/* A quantifier without a value asks whether there are rows. */
static void tally_answers(Scan *scan, const Job *job, const Summand *leaf, const Mask *in)
{
	Tally *tally = job->tally + leaf->number;
	size_t stride = (size_t)job->shape->nleaves;
	TallyRows rows = rows_in(in, job->keys);
	tally_rows(tally, stride, &rows);
	if (leaf->value != NULL)
		rows = rows_in(mask_where(scan, in, &leaf->is), job->keys);
	tally_yes(tally, stride, &rows);
}

/* Each aggregate keeps what it needs. Of `distinct` and `only_value` no rows are counted here: the
 * values are, when they are added to what is there. */
static void tally_leaf(Scan *scan, Job *job, const Summand *leaf)
{
	const Mask *in = plain_rows(scan, job, leaf);
	TallyRows rows = rows_in(in, job->keys);
	Tally *tally = job->tally + leaf->number;
	size_t stride = (size_t)job->shape->nleaves;
	switch ((AggregateKind)leaf->expr->how) {
	case AGG_COUNT:
		tally_rows(tally, stride, &rows);
		break;
	case AGG_ANY: case AGG_NONE: case AGG_ALL: case AGG_SHARE:
		tally_answers(scan, job, leaf, in);
		break;
	case AGG_TOTAL: case AGG_AVERAGE:
		tally_rows(tally, stride, &rows);
		tally_sums(tally, stride, &rows, row_by_row(scan, &leaf->is));
		break;
	case AGG_LEAST: case AGG_GREATEST:
		tally_ends(tally, stride, &rows, row_by_row(scan, &leaf->is));
		break;
	case AGG_DISTINCT: case AGG_ONLY_VALUE:
		pairtable_add(&job->pairs[leaf->number], rows.in,
			row_groups(scan, job->keys), row_by_row(scan, &leaf->is), scan->n);
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
	if (leaf.where != NULL)
		leaf.holds = column(scan, job, leaf.where, expr->ref);
	if (leaf.value != NULL)
		leaf.is = column(scan, job, leaf.value, expr->ref);
	tally_leaf(scan, job, &leaf);
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
	take_rows(scan, job);
	TallyRows rows = rows_in(scan->take, keys);
	tally_kept(job->kept, &rows);
	keep_odd(scan, job);
	bool any = scan->take->upto[scan->n] + scan->nodd > 0;
	for (int32_t i = 0; i < job->shape->nleaves && any; i++)
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
	scan->nmasks = 0;
	for (int32_t j = 0; sheet != NULL && j < scan->njobs; j++)
		for (int32_t i = 0; i < scan->job[j].shape->nleaves; i++)
			fast_sheet_bind(sheet, scan->job[j].rule->nkeys, scan->job[j].shape->leaf[i]->ref);
	for (int32_t k = 0; k < scan->nkeys; k++)
		find_groups(scan, &scan->keys[k]);
	for (int32_t j = 0; j < scan->njobs; j++)
		take_job(scan, &scan->job[j]);
}

/* ---- adding to what is there ---- */

/* Whether only the number of different values is asked for. Two cells may be of one text; to odd
 * rows of the group it matters which values there are. */
static bool only_counted(const Job *job, const Expr *leaf, int32_t group)
{
	return job->task.alone && leaf->how == AGG_DISTINCT && job->odd_group[group] == NULL &&
		measure_leaf_arg(leaf, 2)->type.kind != TYPE_TEXT;
}

/* As rows without a condition whose value is known: here the number becomes a text or a key, and
 * values that were two cells of one text come together. */
static void add_pairs(Scan *scan, Job *job, int32_t number, MergeGroup *const *group)
{
	const Expr *leaf = job->shape->leaf[number];
	const PairTable *pairs = &job->pairs[number];
	if (pairs->n == 0)
		return;
	Type type = measure_leaf_arg(leaf, 2)->type;
	for (uint32_t i = 0; i <= pairs->mask; i++) {
		const Pair *pair = &pairs->at[i];
		if (pair->group < 0)
			continue;
		Partial *partial = &group[pair->group]->leaf[number];
		if (only_counted(job, leaf, pair->group))
			partial->set.n++;
		else
			partial_take(job->task.merge, partial, (AggregateKind)leaf->how, STATE_KNOWN, true,
				STATE_KNOWN, atom_of(scan, job, type, pair->value));
	}
}

/* As a group of the merge, with room for its leaves. A quantifier has answers and no rows. What the
 * tally does not know (sets, the only value, reasons) is added beside it. */
static void tallied(const Job *job, int32_t group, MergeGroup *out)
{
	out->has_day = job->shape->dated;
	out->day = job->day[group];
	out->kept = job->kept[group];
	for (int32_t i = 0; i < job->shape->nleaves; i++) {
		const Tally *tally = &job->tally[(size_t)group * (size_t)job->shape->nleaves + (size_t)i];
		AggregateKind kind = (AggregateKind)job->shape->kind[i];
		bool quantifier = kind == AGG_ANY || kind == AGG_NONE || kind == AGG_ALL;
		out->leaf[i] = (Partial){.rows = tally->rows, .yes = tally->yes, .sum = tally->sum,
			.least = tally->least, .greatest = tally->greatest};
		out->leaf[i].any_value = tally->rows > 0 && (kind == AGG_LEAST || kind == AGG_GREATEST);
		if (quantifier) {
			out->leaf[i].no = tally->rows - tally->yes;
			out->leaf[i].rows = 0;
		}
	}
}

/* Groups whose rows were all refused are none (S55). What was added is forgotten here. Groups of
 * the merge go into `group` by number, unless that is NULL. */
static void add_tallies(const Scan *scan, Job *job, Arena *arena, MergeGroup **group)
{
	int32_t n = job->keys->table.n;
	MergeGroup from = {.leaf = ARENA_ARRAY(arena, Partial, (size_t)job->shape->nleaves + 1)};
	for (int32_t g = 1; g <= n && g < job->room; g++) {
		if (job->kept[g] == 0)
			continue;
		MergeGroup *into = group_in(scan, job, job->task.merge, g);
		tallied(job, g, &from);
		merge_add_group(job->task.merge, into, &from);
		if (group != NULL)
			group[g] = into;
	}
	n = n < job->room ? n + 1 : job->room;
	if (n > 0) {
		memset(job->kept, 0, sizeof *job->kept * (size_t)n);
		memset(job->tally, 0, sizeof *job->tally * (size_t)n * (size_t)job->shape->nleaves);
	}
}

/* What a store leaves behind: the tallies that do not last, and the odd rows, which were looked at
 * in this store. The order makes no difference. */
static void add_job(Scan *scan, Job *job)
{
	Arena *arena = scan->given->walk.arena;
	if (!job->lasting) {
		MergeGroup **group = ARENA_ARRAY(arena, MergeGroup *, (size_t)job->keys->table.n + 1);
		add_tallies(scan, job, arena, group);
		for (int32_t i = 0; i < job->shape->nleaves; i++) {
			add_pairs(scan, job, i, group);
			pairtable_clear(&job->pairs[i]);
		}
	}
	if (job->odd.group.n > 0) {
		merge_join(job->task.merge, &job->odd);
		memset(job->odd_group, 0, sizeof(MergeGroup *) * (size_t)job->room);
	}
	merge_free(&job->odd);
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
static KeySet *keys_for(Scan *scan, const Rule *rule, Fast *fast, bool lasting)
{
	Arena *arena = &scan->arena;
	for (int32_t k = 0; k < scan->nkeys; k++)
		if (scan->keys[k].lasting == lasting && same_keys(fast, scan->keys[k].rule, rule))
			return &scan->keys[k];
	KeySet *set = &scan->keys[scan->nkeys++];
	*set = (KeySet){.rule = rule, .lasting = lasting, .table = {.nkeys = rule->nkeys}};
	set->key = ARENA_ARRAY(arena, FastColumn, (size_t)rule->nkeys + 1);
	set->lookup = ARENA_ARRAY(arena, TallyKey, (size_t)rule->nkeys + 1);
	set->atom = ARENA_ARRAY(arena, Atom, (size_t)rule->nkeys + 1);
	set->group = ARENA_ARRAY(arena, int32_t, SHEET);
	set->change = ARENA_ARRAY(arena, int64_t, SHEET);
	set->run = ARENA_ARRAY(arena, TallyRun, SHEET + 1);
	return set;
}

/* Of a text the address of its cell is the number, which is one store's. */
static bool keys_last(const MeasureTask *task)
{
	const Rule *rule = &task->shape->measure->rule;
	for (int32_t k = 0; k < rule->nkeys; k++)
		if (rule->key[k].expr->type.kind == TYPE_TEXT)
			return false;
	return !task->by_number;
}

/* Values of a set are a store's own, as texts are. */
static bool has_sets(const MeasureShape *shape)
{
	for (int32_t i = 0; i < shape->nleaves; i++)
		if (shape->kind[i] == AGG_DISTINCT || shape->kind[i] == AGG_ONLY_VALUE)
			return true;
	return false;
}

/* Arrays by group begin empty and grow with the first batch. */
static void job_new(Scan *scan, Job *job, const MeasureTask *task, const MeasureScan *given)
{
	const MeasureShape *shape = task->shape;
	int32_t nslots = measure_nslots(shape->measure);
	bool lasting = given->sums != NULL && keys_last(task);
	*job = (Job){.task = *task, .shape = shape, .rule = &shape->measure->rule};
	job->keys = keys_for(scan, job->rule, given->fast, lasting);
	job->lasting = lasting && !has_sets(shape);
	job->pairs = ARENA_ARRAY(&scan->arena, PairTable, (size_t)shape->nleaves + 1);
	job->row_day = ARENA_ARRAY(&scan->arena, int32_t, SHEET);
	scan->nslots = nslots > scan->nslots ? nslots : scan->nslots;
}

/* A measure has one mask, an aggregate two at most: of its condition, and of where its value is
 * yes. That of all rows is the same for every batch. */
static void masks_begin(Scan *scan, const MeasureTask *task, int32_t n)
{
	int32_t most = n;
	for (int32_t j = 0; j < n; j++)
		most += 2 * task[j].shape->nleaves;
	scan->mask = ARENA_ARRAY(&scan->arena, Mask, (size_t)most + 1);
	scan->all.in = ARENA_ARRAY(&scan->arena, uint8_t, SHEET);
	scan->all.upto = ARENA_ARRAY(&scan->arena, int32_t, SHEET + 1);
	memset(scan->all.in, 1, SHEET);
	tally_upto(scan->all.in, SHEET, scan->all.upto);
}

static Scan *scan_new(const MeasureScan *given, const MeasureTask *task, int32_t n)
{
	Scan *scan = mem_alloc(sizeof(Scan));
	Arena *arena = &scan->arena;
	scan->job = ARENA_ARRAY(arena, Job, (size_t)n + 1);
	scan->keys = ARENA_ARRAY(arena, KeySet, (size_t)n + 1);
	masks_begin(scan, task, n);
	scan->flat = ARENA_ARRAY(arena, int64_t, SHEET);
	scan->odd = ARENA_ARRAY(arena, int32_t, SHEET);
	scan->odd_state = ARENA_ARRAY(arena, uint8_t, SHEET);
	scan->odd_in = ARENA_ARRAY(arena, Bound, SHEET);
	scan->njobs = n;
	for (int32_t j = 0; j < n; j++)
		job_new(scan, &scan->job[j], &task[j], given);
	scan->slot = ARENA_ARRAY(arena, Value, (size_t)scan->nslots);
	return scan;
}

static void scan_free(Scan *scan)
{
	for (int32_t j = 0; j < scan->njobs; j++) {
		Job *job = &scan->job[j];
		for (int32_t i = 0; i < job->shape->nleaves; i++)
			pairtable_free(&job->pairs[i]);
		free(job->kept);
		free(job->tally);
		free(job->day);
		free(job->odd_group);
	}
	for (int32_t k = 0; k < scan->nkeys; k++)
		keytable_free(&scan->keys[k].table);
	arena_free(&scan->arena);
	free(scan);
}

/* Made for just these, which may have gone elsewhere since: sums that wait belong to one merge. */
static bool scan_serves(const Scan *scan, const MeasureTask *task, int32_t n)
{
	if (scan->njobs != n)
		return false;
	for (int32_t j = 0; j < n; j++) {
		const Job *job = &scan->job[j];
		if (job->shape != task[j].shape || job->task.by_number != task[j].by_number ||
				(job->lasting && job->task.merge != task[j].merge))
			return false;
	}
	return true;
}

static Scan *scan_for(MeasureScan *given, const MeasureTask *task, int32_t n)
{
	Scan *scan = given->sums == NULL ? NULL : given->sums->scan;
	while (scan != NULL && !scan_serves(scan, task, n))
		scan = scan->next;
	if (scan == NULL) {
		scan = scan_new(given, task, n);
		if (given->sums != NULL) {
			scan->next = given->sums->scan;
			given->sums->scan = scan;
		}
	}
	scan->given = given;
	for (int32_t j = 0; j < n; j++) {
		Job *job = &scan->job[j];
		job->task = task[j];
		merge_begin(&job->odd, given->walk.arena, job->rule->nkeys, job->shape->nleaves,
			job->shape->kind);
	}
	return scan;
}

/* What is left is fit for the next store. */
static void scan_end(Scan *scan)
{
	for (int32_t j = 0; j < scan->njobs; j++)
		add_job(scan, &scan->job[j]);
	for (int32_t k = 0; k < scan->nkeys; k++)
		if (!scan->keys[k].lasting)
			keytable_clear(&scan->keys[k].table);
	for (int32_t j = 0; j < scan->njobs; j++)
		if (!scan->job[j].keys->lasting)
			scan->job[j].ndays = 0;
	row_bounder_free(scan->bounder);
	scan->bounder = NULL;
	scan->given = NULL;
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
	Scan *scan = scan_for(given, task, n);
	const Rule *rule = &task[0].shape->measure->rule;
	const Expr *covered = rule->covered;
	if (given->fast == NULL)
		each_batch(scan, rows);
	else
		fast_sheets(given->fast, given->walk.store, rows, covered != NULL && covered->dated ? NULL
			: covered, rule->nkeys, take_batch, scan);
	scan_end(scan);
	if (given->sums == NULL)
		scan_free(scan);
}

/* ---- from store to store ---- */

MeasureSums *measure_sums_new(void)
{
	return mem_alloc(sizeof(MeasureSums));
}

/* No store is at hand any more; keys and tallies that last ask for none. */
void measure_sums_flush(MeasureSums *sums)
{
	Arena arena = {0};
	for (Scan *scan = sums->scan; scan != NULL; scan = scan->next)
		for (int32_t j = 0; j < scan->njobs; j++)
			if (scan->job[j].lasting)
				add_tallies(scan, &scan->job[j], &arena, NULL);
	arena_free(&arena);
}

void measure_sums_free(MeasureSums *sums)
{
	while (sums->scan != NULL) {
		Scan *scan = sums->scan;
		sums->scan = scan->next;
		scan_free(scan);
	}
	free(sums);
}
