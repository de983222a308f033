/*
 * Collections: the lists of a batch of subjects are laid end to end into a child frame, conditions
 * and values are worked out there, and reduced back by segment. Lists too long for one frame come
 * in chunks; what has been added up so far stays in arrays beside the subjects.
 *
 *   subjects          S0       S1    S2
 *   lists             a b c    -     d e
 *   child frame       a b c d e      seg  0 0 0 2 2
 *
 * An aggregate goes the cheapest of these ways that it may (eval_aggregate):
 *
 *   over_one       no subject has a say in it        once for all batches, kept in fast->closed
 *   count_all      a plain count                     the length of the list
 *   over_kinds     many subjects share few lists     once for each list
 *   over_lists     else                              kept_child: all lists fit into one frame,
 *                                                    which other aggregates over them use too
 *                                                    add_chunks: CHUNK rows at a time
 *
 * Totals keep what a chunk adds, so that a list may be cut anywhere. What becomes of rows that are
 * open is as in walk_agg.c, kind by kind (S15, S16); the tests hold the two against each other.
 */
#include "interp/fast_internal.h"

#include <stdlib.h>
#include <string.h>

#define LONG_LISTS 4 /* rows on average: when lists are as long, repeated ones are looked for */

/* ---- laying lists end to end ---- */

/* Holds its place between chunks. */
typedef struct Expansion {
	const Col *rows;
	Narrow *narrow;    /* or NULL */
	int32_t subjects;
	int32_t at, item;  /* list and row in it that come next */
	RowSpan list;      /* of `at`, when item > 0 */
} Expansion;

/* A collection that is not known has no rows to lay out; results() gives its state to the
 * subject. */
static RowSpan list_of(const Expansion *e, int32_t i)
{
	if (state_of(e->rows, i) != STATE_KNOWN)
		return (RowSpan){NULL, 0};
	return e->narrow != NULL ? fast_narrow_list(e->narrow, i) : e->rows->rows[at_of(e->rows, i)];
}

/* All lists at once, known and without an index: most are short, so that little may be done for
 * each. `from` NULL stands for rows 0 .. n-1, as a whole dataset has them. */
static int32_t expand_all(const Col *rows, int32_t subjects, int32_t *seg, int64_t *number)
{
	int32_t n = 0;
	for (int32_t i = 0; i < subjects; i++) {
		const int32_t *from = rows->rows[i].at;
		int32_t length = rows->rows[i].n;
		for (int32_t k = 0; k < length; k++, n++) {
			seg[n] = i;
			number[n] = from == NULL ? k : from[k];
		}
	}
	return n;
}

/* Fills up to `room` places; 0 when all lists are done. A list that does not fit is cut, and goes
 * on in the next chunk. */
static int32_t expand(Expansion *e, int32_t room, int32_t *seg, int64_t *number)
{
	int32_t n = 0;
	while (e->at < e->subjects && n < room) {
		if (e->narrow != NULL && e->item == 0)
			n += fast_narrow_swift(e->narrow, &e->at, room - n, seg + n, number + n);
		if (e->at == e->subjects)
			break;
		if (e->item == 0)
			e->list = list_of(e, e->at);
		const int32_t *from = e->list.at;
		int32_t end = e->list.n - e->item < room - n ? e->list.n : e->item + room - n;
		for (int32_t k = e->item; k < end; k++, n++) {
			seg[n] = e->at;
			number[n] = from == NULL ? k : from[k];
		}
		e->item = end;
		if (end == e->list.n) {
			e->at++;
			e->item = 0;
		}
	}
	return n;
}

/* Before narrowing: it decides whether that pays, and whether one frame can hold all. A constant
 * list is laid out once for each subject. */
static int64_t rows_of_all(const Col *rows, int32_t n)
{
	int64_t sum = 0;
	if (rows->constant)
		return state_of(rows, 0) == STATE_KNOWN ? (int64_t)rows->rows[0].n * n : 0;
	if (rows->st == NULL)
		for (int32_t i = 0; i < n; i++)
			sum += rows->rows[i].n;
	else
		for (int32_t i = 0; i < n; i++)
			sum += rows->st[i] == STATE_KNOWN ? rows->rows[i].n : 0;
	return sum;
}

/* NULL when nothing is left. The arrays are as long as the room, of which the last chunk uses a
 * part; all: there is room for whatever is there. All of it lies in the pool at `depth`. */
static Frame *child_of(Frame *outer, int depth, Expansion *e, int32_t room, bool all, int32_t slot)
{
	Pool *pool = outer->fast->pool[depth];
	if (room == 0)
		return NULL;
	int32_t *seg = POOL_ARRAY(pool, int32_t, room);
	int64_t *number = POOL_ARRAY(pool, int64_t, room);
	int32_t n = all && is_plain(e->rows) ? expand_all(e->rows, e->subjects, seg, number)
		: expand(e, room, seg, number);
	if (n == 0)
		return NULL;
	Col *col = POOL_ARRAY(pool, Col, 1);
	*col = (Col){.v = number};
	return frame_child(outer, depth, n, seg, slot, col);
}

/* A collection that fits is expanded once for all aggregates over it. The list's column is its
 * identity: equal expressions have one column. */
static Frame *kept_child(Frame *outer, const Col *rows, int32_t slot, int64_t total)
{
	for (Kept *kept = outer->kept; kept != NULL; kept = kept->next)
		if (kept->key == rows && kept->slot == slot)
			return kept->frame;
	Expansion e = {.rows = rows, .subjects = outer->n};
	Kept *kept = POOL_ARRAY(outer->pool, Kept, 1);
	*kept = (Kept){.next = outer->kept, .key = rows, .slot = slot};
	kept->frame = child_of(outer, outer->depth, &e, (int32_t)total, true, slot);
	outer->kept = kept;
	return kept->frame;
}

/* ---- what has been added up ---- */

typedef struct Set Set;

/* `yes` and `best` mean something else in each kind, which says what. */
typedef struct Totals {
	Frame *outer;
	const Expr *expr;
	uint8_t *st;      /* greatest state that came up for each subject */
	bool open;        /* one of them is not known */
	int64_t *count;   /* rows that count */
	int64_t *yes;     /* of these, some: see each kind */
	Int128 *sum;
	Out best;         /* value of the best row so far */
	Out by;           /* and what it was best by */
	int64_t *row;
	Set *set;         /* AGG_DISTINCT */
} Totals;

enum { ARG_ROWS, ARG_WHERE, ARG_VALUE, ARG_BY };

/* As in walk_agg.c. */
static const Expr *arg_of(const Expr *expr, int i)
{
	return i < expr->nargs ? expr->arg[i] : NULL;
}

#define ROW_OUT (-1)
#define ROW_IN 0      /* else the state that leaves it open */

/* What the condition says of a row: in, out, or the state that leaves it open. A State is 0 or
 * more, so that one int holds both answers. */
static int row_class(const Col *where, int32_t i)
{
	if (where == NULL)
		return ROW_IN;
	uint8_t state = state_of(where, i);
	if (state != STATE_KNOWN)
		return state;
	return where->v[at_of(where, i)] != 0 ? ROW_IN : ROW_OUT;
}

/* States only grow, so that the order of rows has no say in the result (law 8). `open` is never
 * taken back: then the slow results are worked out. */
static void spread(Totals *t, int32_t s, int state)
{
	if (state > t->st[s])
		t->st[s] = (uint8_t)state;
	t->open = true;
}

/* Of one chunk. */
typedef struct Rows {
	const Frame *child;
	const Col *where, *value, *by; /* NULL: not given */
	const Col *number;
} Rows;

/* A row is `where and value`. What is refused by the condition or known not to hold is no row,
 * unless the condition is a fault (S23). */
static void add_any(Totals *t, const Rows *rows)
{
	const int32_t *seg = rows->child->seg;
	for (int32_t i = 0; i < rows->child->n; i++) {
		int class = row_class(rows->where, i);
		uint8_t state = rows->value == NULL ? (uint8_t)STATE_KNOWN : state_of(rows->value, i);
		bool no = class == ROW_OUT || (rows->value != NULL && state == STATE_KNOWN &&
			rows->value->v[at_of(rows->value, i)] == 0);
		if (no && class != STATE_FAULT)
			continue;
		if (class == ROW_IN && state == STATE_KNOWN)
			t->count[seg[i]]++;
		else
			spread(t, seg[i], class > state ? class : state);
	}
}

/* Not refused by `where` and known not to hold: that decides. Each row is `not where or value`.
 * yes: rows that decide, which are those that do not hold. */
static void add_all(Totals *t, const Rows *rows)
{
	const int32_t *seg = rows->child->seg;
	for (int32_t i = 0; i < rows->child->n; i++) {
		int class = row_class(rows->where, i);
		if (class == ROW_OUT)
			continue;
		uint8_t state = rows->value == NULL ? (uint8_t)STATE_KNOWN : state_of(rows->value, i);
		bool yes = state == STATE_KNOWN &&
			(rows->value == NULL || rows->value->v[at_of(rows->value, i)] != 0);
		if (class == ROW_IN && state == STATE_KNOWN)
			t->yes[seg[i]] += !yes;
		else if (class == STATE_FAULT || !yes)
			spread(t, seg[i], class > state ? class : state);
	}
}

/* Only asked of values that are known. */
static bool is_zero(const Col *value, int32_t i)
{
	i = at_of(value, i);
	return value->v != NULL ? value->v[i] == 0 : value->q[i].n == 0;
}

/* Rows of one subject follow each other, so their sum stays in a register. In 128 bits, which no
 * partial sum can leave (S79). */
static void sum_plain(Totals *t, const Rows *rows)
{
	const int32_t *seg = rows->child->seg;
	const Col *value = rows->value;
	for (int32_t i = 0, n = rows->child->n; i < n;) {
		int32_t s = seg[i], from = i;
		Int128 sum = 0;
		for (; i < n && seg[i] == s; i++)
			sum += value->v[at_of(value, i)];
		t->sum[s] += sum;
		t->count[s] += i - from;
	}
}

/* The condition becomes a mask of all ones or all zeroes, which costs less than a branch that goes
 * either way. */
static void sum_where(Totals *t, const Rows *rows)
{
	const int32_t *seg = rows->child->seg;
	const Col *value = rows->value, *where = rows->where;
	for (int32_t i = 0, n = rows->child->n; i < n;) {
		int32_t s = seg[i];
		Int128 sum = 0;
		int64_t count = 0;
		for (; i < n && seg[i] == s; i++) {
			int64_t in = where->v[at_of(where, i)];
			sum += value->v[at_of(value, i)] & -in;
			count += in;
		}
		t->sum[s] += sum;
		t->count[s] += count;
	}
}

/* yes: a sum of ratios that left its range. */
static void sum_one(Totals *t, int32_t s, const Rows *rows, int32_t i)
{
	const Col *value = rows->value;
	t->count[s]++;
	if (value->v != NULL) {
		t->sum[s] += value->v[at_of(value, i)];
		return;
	}
	Ratio *sum = &t->best.q[s];
	if (!ratio_add(*sum, value->q[at_of(value, i)], sum))
		t->yes[s] = 1;
}

/* A row that may or may not count does no harm when its value is nothing (S16). Three loops for the
 * three cases that come up, from the commonest on. */
static void add_sum(Totals *t, const Rows *rows)
{
	const int32_t *seg = rows->child->seg;
	bool known = rows->value->st == NULL && rows->value->v != NULL;
	if (known && rows->where == NULL) {
		sum_plain(t, rows);
		return;
	}
	if (known && rows->where->st == NULL) {
		sum_where(t, rows);
		return;
	}
	for (int32_t i = 0; i < rows->child->n; i++) {
		int class = row_class(rows->where, i);
		if (class == ROW_OUT)
			continue;
		uint8_t state = state_of(rows->value, i);
		if (class == ROW_IN && state == STATE_KNOWN)
			sum_one(t, seg[i], rows, i);
		else if (class == ROW_IN || state != STATE_KNOWN || class == STATE_FAULT ||
			t->expr->how == AGG_AVERAGE || !is_zero(rows->value, i))
			spread(t, seg[i], class > state ? class : state);
	}
}

/* Rows in question whose value is known: the rest of the kinds look at these alone. A row that is
 * open is noted on the way. */
static bool sure(Totals *t, const Rows *rows, int32_t i, const Col *value)
{
	int class = row_class(rows->where, i);
	if (class == ROW_OUT)
		return false;
	uint8_t state = value == NULL ? (uint8_t)STATE_KNOWN : state_of(value, i);
	if (class == ROW_IN && state == STATE_KNOWN)
		return true;
	spread(t, rows->child->seg[i], class > state ? class : state);
	return false;
}

/* ---- best of ---- */

/* Copies the value of place i to subject s. Of a column of either form. */
static void put(const Out *out, int32_t s, const Col *from, int32_t i)
{
	i = at_of(from, i);
	if (out->v != NULL)
		out->v[s] = from->v[i];
	else
		out->q[s] = from->q[i];
}

/* By bytes, as findings are sorted (S74). */
static int text_order(int64_t a, int64_t b)
{
	const TextCell *x = (const TextCell *)(intptr_t)a, *y = (const TextCell *)(intptr_t)b;
	return str_cmp((Str){x->bytes, x->len}, (Str){y->bytes, y->len});
}

/* Place i against what subject s has. Rows by key, through the store's ranks where there are
 * some. */
static int order(const Totals *t, const Out *best, int32_t s, const Col *col, int32_t i, Type type)
{
	Fast *fast = t->outer->fast;
	i = at_of(col, i);
	if (best->q != NULL)
		return ratio_cmp(col->q[i], best->q[s]);
	int64_t a = col->v[i], b = best->v[s];
	if (type.kind == TYPE_TEXT)
		return text_order(a, b);
	if (type.kind == TYPE_ROW)
		return store_key_cmp(fast->store, type.ref, (int32_t)a, (int32_t)b, &fast->scratch);
	return a < b ? -1 : a > b;
}

/* Of equal values it does not matter whose is kept. `count` is 0 before the first, so that no value
 * stands for "none yet". */
static void add_extreme(Totals *t, const Rows *rows)
{
	const int32_t *seg = rows->child->seg;
	Type type = arg_of(t->expr, ARG_VALUE)->type;
	int wanted = t->expr->how == AGG_LEAST ? -1 : 1;
	for (int32_t i = 0; i < rows->child->n; i++) {
		int32_t s = seg[i];
		if (!sure(t, rows, i, rows->value))
			continue;
		if (t->count[s]++ == 0 || order(t, &t->best, s, rows->value, i, type) * wanted > 0)
			put(&t->best, s, rows->value, i);
	}
}

/* yes: rows whose value differs from the first one's. */
static void add_only(Totals *t, const Rows *rows)
{
	const int32_t *seg = rows->child->seg;
	Type type = arg_of(t->expr, ARG_VALUE)->type;
	for (int32_t i = 0; i < rows->child->n; i++) {
		int32_t s = seg[i];
		if (!sure(t, rows, i, rows->value))
			continue;
		Col best = {.v = t->best.v, .q = t->best.q};
		if (t->count[s]++ == 0)
			put(&t->best, s, rows->value, i);
		else
			t->yes[s] += !fast_same_value(&best, s, rows->value, i, type);
	}
}

/* Of equal ones the first has the least key, the last the greatest (S75). No two rows have one key,
 * so there is one best, whatever the order (law 8). */
static bool better(const Totals *t, const Rows *rows, int32_t s, int32_t i)
{
	Fast *fast = t->outer->fast;
	Type type = t->expr->arg[ARG_ROWS]->type;
	int sign = t->expr->how == AGG_FIRST ? -1 : 1, by = 0;
	if (rows->by != NULL)
		by = order(t, &t->by, s, rows->by, i, arg_of(t->expr, ARG_BY)->type) * sign;
	if (by != 0)
		return by > 0;
	int32_t row = (int32_t)rows->number->v[i];
	return store_key_cmp(fast->store, type.ref, row, (int32_t)t->row[s], &fast->scratch) * sign > 0;
}

/* The row that is best so far, with its value in whatever state: only the best one's counts in
 * the end. */
static void take(Totals *t, const Rows *rows, int32_t s, int32_t i)
{
	const Col *value = rows->value == NULL ? rows->number : rows->value;
	t->row[s] = rows->number->v[i];
	t->yes[s] = state_of(value, i);
	put(&t->best, s, value, i);
	if (rows->by != NULL)
		put(&t->by, s, rows->by, i);
}

/* yes: the state of the best row's value. Keys may be fetched as texts; scratch memory is given
 * back between chunks. */
static void add_first(Totals *t, const Rows *rows)
{
	const int32_t *seg = rows->child->seg;
	for (int32_t i = 0; i < rows->child->n; i++) {
		int32_t s = seg[i];
		if (!sure(t, rows, i, rows->by))
			continue;
		if (t->count[s]++ == 0 || better(t, rows, s, i))
			take(t, rows, s, i);
	}
	if (t->outer->fast->scratch.bytes > CHUNK)
		arena_reset(&t->outer->fast->scratch);
}

/* yes: rows whose value is yes. */
static void add_share(Totals *t, const Rows *rows)
{
	for (int32_t i = 0; i < rows->child->n; i++) {
		if (!sure(t, rows, i, rows->value))
			continue;
		t->count[rows->child->seg[i]]++;
		t->yes[rows->child->seg[i]] += rows->value == NULL ||
			rows->value->v[at_of(rows->value, i)] != 0;
	}
}

/* The value, if the rule wrote one, is not looked at. */
static void add_count(Totals *t, const Rows *rows)
{
	for (int32_t i = 0; i < rows->child->n; i++)
		if (sure(t, rows, i, NULL))
			t->count[rows->child->seg[i]]++;
}

/* ---- different values ---- */

/* v or q, by the type. */
typedef struct Member {
	int32_t subject;
	int64_t v;
	Ratio q;
} Member;

/* Values seen so far, of all subjects together. Members never move to another number, so places may
 * be made anew. */
struct Set {
	Member *at;
	int32_t *place;   /* open addressing; -1: free */
	uint32_t mask;
	int32_t n;
};

/* A column of one value, so that hashing and comparing are the same as everywhere. */
static Col member_col(const Member *member, Type type)
{
	return type.ratio ? (Col){.q = &member->q} : (Col){.v = &member->v};
}

static uint32_t member_hash(const Member *member, Type type)
{
	Col col = member_col(member, type);
	return (uint32_t)fast_mix(fast_value_hash(&col, 0, type), (uint64_t)member->subject);
}

/* At most half full, which keeps the searches short. */
static void set_grow(Set *set, Type type)
{
	uint32_t size = set->place == NULL ? 1024 : (set->mask + 1) * 2;
	set->place = mem_resize(set->place, mem_product(sizeof(int32_t), size));
	set->at = mem_resize(set->at, mem_product(sizeof(Member), size / 2 + 1));
	memset(set->place, 0xFF, sizeof(int32_t) * size);
	set->mask = size - 1;
	for (int32_t i = 0; i < set->n; i++) {
		uint32_t h = member_hash(&set->at[i], type) & set->mask;
		while (set->place[h] >= 0)
			h = (h + 1) & set->mask;
		set->place[h] = i;
	}
}

/* True when the value is new to its subject. Subjects are part of the hash: the same value counts
 * for each. */
static bool set_add(Set *set, const Member *member, Type type)
{
	if ((uint32_t)set->n * 2 >= set->mask)
		set_grow(set, type);
	Col col = member_col(member, type);
	uint32_t h = member_hash(member, type) & set->mask;
	for (; set->place[h] >= 0; h = (h + 1) & set->mask) {
		const Member *other = &set->at[set->place[h]];
		Col with = member_col(other, type);
		if (other->subject == member->subject && fast_same_value(&col, 0, &with, 0, type))
			return false;
	}
	set->place[h] = set->n;
	set->at[set->n++] = *member;
	return true;
}

/* A total over chunks needs nothing but a sum; this kind alone has to remember values, and so
 * takes memory of its own that the caller frees. */
static void add_distinct(Totals *t, const Rows *rows)
{
	Type type = arg_of(t->expr, ARG_VALUE)->type;
	for (int32_t i = 0; i < rows->child->n; i++) {
		int32_t at = at_of(rows->value, i);
		if (!sure(t, rows, i, rows->value))
			continue;
		Member member = {.subject = rows->child->seg[i]};
		if (type.ratio)
			member.q = rows->value->q[at];
		else
			member.v = rows->value->v[at];
		t->count[member.subject] += set_add(t->set, &member, type);
	}
}

/* ---- results ---- */

/* any and none look for the same row, total and average add the same up: results tell them
 * apart. */
static void add_rows(Totals *t, const Rows *rows)
{
	static void (*const by_kind[])(Totals *, const Rows *) = {
		[AGG_ANY] = add_any, [AGG_NONE] = add_any, [AGG_ALL] = add_all,
		[AGG_COUNT] = add_count, [AGG_TOTAL] = add_sum, [AGG_LEAST] = add_extreme,
		[AGG_GREATEST] = add_extreme, [AGG_AVERAGE] = add_sum,
		[AGG_DISTINCT] = add_distinct, [AGG_FIRST] = add_first, [AGG_LAST] = add_first,
		[AGG_SHARE] = add_share, [AGG_ONLY_VALUE] = add_only,
	};
	by_kind[t->expr->how](t, rows);
}

/* A quantity as the result for subject i: a fault when it does not fit. The test of law 1 is in
 * fast_ratio_put. */
static uint8_t settle(const Totals *t, const Out *out, int32_t i, bool fits, Ratio q)
{
	bool well = fits && fast_ratio_put(out, t->expr->type, i, q);
	return well ? (uint8_t)STATE_KNOWN : (uint8_t)STATE_FAULT;
}

/* False when a sum of ratios left its range on the way; sums of fixed scale cannot, since 2^31
 * rows of 2^63 fit in 128 bits (S79). */
static bool sum_of(const Totals *t, int32_t i, Ratio *sum)
{
	Type type = arg_of(t->expr, ARG_VALUE)->type;
	*sum = (Ratio){0, 1};
	if (!type.ratio)
		return ratio_make(t->sum[i], type.scale, sum);
	*sum = t->best.q[i];
	return t->yes[i] == 0;
}

/* The usual total: no ratio, the same scale. */
static bool plain_total(const Totals *t)
{
	Type type = arg_of(t->expr, ARG_VALUE)->type;
	return !type.ratio && !t->expr->type.ratio && type.scale == t->expr->type.scale;
}

static uint8_t total(const Totals *t, const Out *out, int32_t i)
{
	Ratio sum;
	if (plain_total(t)) {
		out->v[i] = (int64_t)t->sum[i];
		return fits64(t->sum[i]) ? (uint8_t)STATE_KNOWN : (uint8_t)STATE_FAULT;
	}
	bool fits = sum_of(t, i, &sum);
	return settle(t, out, i, fits, sum);
}

/* A mean of nothing is missing, not zero (S18). Of rows, each counting once (S92). */
static uint8_t average(const Totals *t, const Out *out, int32_t i)
{
	Ratio sum, mean = {0, 1};
	if (t->count[i] == 0)
		return STATE_UNKNOWN;
	bool fits = sum_of(t, i, &sum) && ratio_div(sum, (Ratio){t->count[i], 1}, &mean);
	return settle(t, out, i, fits, mean);
}

/* Without a value the condition is what is counted, out of all rows. */
static uint8_t share(const Totals *t, const Out *out, int32_t i, const Col *lists)
{
	int64_t of = t->count[i];
	Ratio q = {0, 1};
	if (arg_of(t->expr, ARG_VALUE) == NULL)
		of = lists->rows[at_of(lists, i)].n;
	if (of == 0)
		return STATE_UNKNOWN;
	bool fits = ratio_make(t->yes[i], of, &q);
	return settle(t, out, i, fits, q);
}

/* Where no row was there, or the values differ, nothing is known to stand for them (S18). */
static uint8_t best(const Totals *t, const Out *out, int32_t i, bool lost, uint8_t state)
{
	if (t->count[i] == 0 || lost)
		return STATE_UNKNOWN;
	Col col = {.v = t->best.v, .q = t->best.q};
	put(out, i, &col, i);
	return state;
}

/* A deciding row outranks all but a fault. */
static uint8_t quantifier(const Totals *t, const Out *out, int32_t i, int64_t decided, int64_t yes)
{
	out->v[i] = decided != 0 ? yes : !yes;
	if (t->st[i] == STATE_FAULT)
		return STATE_FAULT;
	return decided != 0 ? (uint8_t)STATE_KNOWN : t->st[i];
}

/* Quantifiers may be decided although some row is open; all others need every row (S15, S16). */
static uint8_t result(const Totals *t, const Out *out, int32_t i, const Col *lists)
{
	AggregateKind kind = (AggregateKind)t->expr->how;
	if (kind == AGG_ANY || kind == AGG_NONE)
		return quantifier(t, out, i, t->count[i], kind == AGG_ANY);
	if (kind == AGG_ALL)
		return quantifier(t, out, i, t->yes[i], 0);
	if (t->st[i] != STATE_KNOWN)
		return t->st[i];
	if (kind == AGG_TOTAL)
		return total(t, out, i);
	if (kind == AGG_AVERAGE)
		return average(t, out, i);
	if (kind == AGG_SHARE)
		return share(t, out, i, lists);
	if (kind == AGG_COUNT || kind == AGG_DISTINCT)
		return settle(t, out, i, true, (Ratio){t->count[i], 1});
	if (kind == AGG_ONLY_VALUE)
		return best(t, out, i, t->yes[i] != 0, STATE_KNOWN);
	if (kind == AGG_FIRST || kind == AGG_LAST)
		return best(t, out, i, false, (uint8_t)t->yes[i]);
	return best(t, out, i, false, STATE_KNOWN);
}

/* Nothing was open: quantifiers and usual totals in one loop. False when they are of another kind,
 * or a total does not fit. Loops without branches: most aggregates of most batches end here. */
static bool plain_results(const Totals *t, int64_t *v)
{
	int32_t n = t->outer->n;
	bool fits = true;
	switch ((AggregateKind)t->expr->how) {
	case AGG_TOTAL:
		for (int32_t i = 0; i < n && plain_total(t); i++) {
			v[i] = (int64_t)t->sum[i];
			fits &= v[i] == t->sum[i];
		}
		return fits && plain_total(t);
	case AGG_ANY:
		for (int32_t i = 0; i < n; i++)
			v[i] = t->count[i] != 0;
		return true;
	case AGG_NONE:
		for (int32_t i = 0; i < n; i++)
			v[i] = t->count[i] == 0;
		return true;
	case AGG_ALL:
		for (int32_t i = 0; i < n; i++)
			v[i] = t->yes[i] == 0;
		return true;
	case AGG_COUNT: case AGG_LEAST: case AGG_GREATEST: case AGG_AVERAGE: case AGG_DISTINCT:
	case AGG_FIRST: case AGG_LAST: case AGG_SHARE: case AGG_ONLY_VALUE: case AGG_LIST:
		break;
	}
	return false;
}

/* A collection that is not known gives its state, whatever the kind. */
static const Col *results(Totals *t, const Col *lists)
{
	Frame *outer = t->outer;
	Out out = out_of_type(outer, t->expr->type, false);
	if (!t->open && lists->st == NULL && plain_results(t, out.v))
		return out_done(outer, &out);
	out.st = POOL_ARRAY(outer->pool, uint8_t, outer->n);
	for (int32_t i = 0; i < outer->n; i++) {
		uint8_t state = state_of(lists, i);
		out.st[i] = state != STATE_KNOWN ? state : result(t, &out, i, lists);
	}
	return out_done(outer, &out);
}

/* ---- nothing open ---- */

/* A condition that is not given holds. */
static int64_t yes_at(const Col *col, int32_t i)
{
	return col == NULL ? 1 : col->v[at_of(col, i)];
}

static bool known_throughout(const Col *col)
{
	return col == NULL || col->st == NULL;
}

/* The usual sums and questions, of which one number a subject is all that has to be kept. */
static bool is_simple(const Expr *expr)
{
	const Expr *value = arg_of(expr, ARG_VALUE);
	if (expr->how == AGG_TOTAL)
		return !value->type.ratio && !expr->type.ratio && value->type.scale == expr->type.scale;
	return expr->how == AGG_ANY || expr->how == AGG_NONE || expr->how == AGG_ALL;
}

/* Adds up straight into the result; false when a sum leaves 64 bits, if only on its way. For all,
 * any and none: whether there is a row that decides. */
static bool add_simple(const Rows *rows, AggregateKind kind, int64_t *v)
{
	const int32_t *seg = rows->child->seg;
	const Col *where = rows->where, *value = rows->value;
	bool over = false;
	if (kind == AGG_TOTAL && where == NULL)
		for (int32_t i = 0; i < rows->child->n; i++)
			over |= __builtin_add_overflow(v[seg[i]], yes_at(value, i), &v[seg[i]]);
	else if (kind == AGG_TOTAL)
		for (int32_t i = 0; i < rows->child->n; i++)
			over |= __builtin_add_overflow(v[seg[i]], yes_at(value, i) & -yes_at(where, i),
				&v[seg[i]]);
	else
		for (int32_t i = 0; i < rows->child->n; i++)
			v[seg[i]] |= yes_at(where, i) & (yes_at(value, i) ^ (kind == AGG_ALL));
	return !over;
}

static Rows rows_of(const Expr *expr, Frame *child)
{
	const Expr *where = arg_of(expr, ARG_WHERE), *value = arg_of(expr, ARG_VALUE);
	const Expr *by = arg_of(expr, ARG_BY);
	Rows rows = {.child = child, .number = child->slot[expr->ref]};
	rows.where = where == NULL ? NULL : fast_eval(child, where);
	rows.value = value == NULL || expr->how == AGG_COUNT ? NULL : fast_eval(child, value);
	rows.by = by == NULL ? NULL : fast_eval(child, by);
	return rows;
}

/* Where all lists lie in one frame, and nothing in it is open: without totals, which would be
 * cleared, added to and read once more. NULL: it takes totals. */
static const Col *simple(Frame *frame, const Expr *expr, const Col *lists, Frame *child)
{
	AggregateKind kind = (AggregateKind)expr->how;
	if (lists->st != NULL || !is_simple(expr))
		return NULL;
	Out out = out_fixed(frame, false);
	memset(out.v, 0, sizeof(int64_t) * (size_t)out.m);
	if (child != NULL) {
		Rows rows = rows_of(expr, child);
		if (!known_throughout(rows.where) || !known_throughout(rows.value) ||
		    !add_simple(&rows, kind, out.v))
			return NULL;
	}
	for (int32_t i = 0; (kind == AGG_NONE || kind == AGG_ALL) && i < out.m; i++)
		out.v[i] = !out.v[i];
	return out_done(frame, &out);
}

/* ---- the whole ---- */

/* One entry a subject. */
static void *zeroed(Frame *frame, size_t size)
{
	return memset(pool_get(frame->pool, size * (size_t)frame->n), 0, size * (size_t)frame->n);
}

/* Only the arrays that this kind writes to: at 1024 subjects each costs as much to clear as a row's
 * work. A ratio needs a denominator from the start, since loops do not ask. */
static void begin(Totals *t, Frame *outer, const Expr *expr, Set *set)
{
	const Expr *value = arg_of(expr, ARG_VALUE), *by = arg_of(expr, ARG_BY);
	*t = (Totals){.outer = outer, .expr = expr, .set = set};
	t->st = zeroed(outer, sizeof(uint8_t));
	t->count = zeroed(outer, sizeof(int64_t));
	t->yes = zeroed(outer, sizeof(int64_t));
	if (expr->how == AGG_TOTAL || expr->how == AGG_AVERAGE)
		t->sum = zeroed(outer, sizeof(Int128));
	t->best = out_of_type(outer, value != NULL ? value->type : expr->type, false);
	for (int32_t i = 0; t->best.q != NULL && i < outer->n; i++)
		t->best.q[i] = (Ratio){0, 1};
	if (expr->how != AGG_FIRST && expr->how != AGG_LAST)
		return;
	t->row = zeroed(outer, sizeof(int64_t));
	if (by != NULL)
		t->by = out_of_type(outer, by->type, false);
}

/* The where, value and by of a chunk, as columns of the child frame; what in them does not look at
 * the row is worked out outside. NULL: no list had a row. */
static void add_child(Totals *t, Frame *child)
{
	if (child == NULL)
		return;
	Rows rows = rows_of(t->expr, child);
	add_rows(t, &rows);
}

/* Chunk after chunk, in a pool of their own. The pool of a chunk is given back before the next is
 * taken, so that memory does not grow with the lists. */
static void add_chunks(Totals *t, Expansion *e)
{
	Fast *fast = t->outer->fast;
	for (;;) {
		int depth = fast_depth_take(fast);
		Frame *child = child_of(t->outer, depth, e, CHUNK, false, t->expr->ref);
		add_child(t, child);
		fast_depth_give(fast);
		if (child == NULL)
			return;
	}
}

/* Narrowing changes the lists from subject to subject, so its frames are not kept for others. */
static const Col *over_lists(Frame *frame, const Expr *expr)
{
	const Col *lists = fast_eval(frame, expr->arg[ARG_ROWS]);
	int64_t total_rows = rows_of_all(lists, frame->n);
	Expansion e = {.rows = lists, .subjects = frame->n};
	if (arg_of(expr, ARG_WHERE) != NULL)
		e.narrow = fast_narrow_for(frame, expr, lists, total_rows);
	bool one = e.narrow == NULL && total_rows <= CHUNK;
	Frame *child = one ? kept_child(frame, lists, expr->ref, total_rows) : NULL;
	const Col *quick = one ? simple(frame, expr, lists, child) : NULL;
	if (quick != NULL)
		return quick;
	Set set = {0};
	Totals t;
	begin(&t, frame, expr, &set);
	if (one)
		add_child(&t, child);
	else
		add_chunks(&t, &e);
	const Col *col = results(&t, lists);
	free(set.at);
	free(set.place);
	return col;
}

/* What no subject has a say in is worked out once for all batches: else an aggregate over all rows
 * would be gone through again for every 1024 subjects. The law date is part of what it is
 * remembered by. */
static const Col *over_one(Frame *frame, const Expr *expr, int32_t class, bool dated)
{
	Fast *fast = frame->fast;
	int32_t day = dated ? (int32_t)frame_law(frame)->v[0] : NO_DAY;
	for (const Closed *closed = fast->closed; closed != NULL; closed = closed->next)
		if (closed->class == class && closed->day == day)
			return closed->col;
	int depth = fast_depth_take(fast);
	Frame *one = frame_new(fast, depth, 1);
	one->law = col_fixed(one, day);
	const Col *col = over_lists(one, expr);
	Frame keeper = {.fast = fast, .pool = &fast->batch_pool, .n = 1};
	Out out = out_of_type(&keeper, expr->type, true);
	out.st = POOL_ARRAY(keeper.pool, uint8_t, 1);
	out_copy(&out, 0, col);
	fast_depth_give(fast);
	Closed *closed = POOL_ARRAY(keeper.pool, Closed, 1);
	*closed = (Closed){fast->closed, class, day, out_done(&keeper, &out)};
	fast->closed = closed;
	return closed->col;
}

/* Whether the lists alone decide: no part looks at the subject, and the law date is one. A part
 * that looks at the subject may come out differently for two that share a list. */
static bool lists_decide(Frame *frame, const Expr *expr)
{
	for (int i = ARG_WHERE; i <= ARG_BY; i++) {
		const Expr *arg = arg_of(expr, i);
		if (arg == NULL)
			continue;
		const Class *class = fast_class_at(frame->fast, arg);
		if ((class->free & ~slot_bit(expr->ref)) != 0 ||
		    (class->dated && !frame_law(frame)->constant))
			return false;
	}
	return true;
}

/* Lists that stand for many subjects: each is gone through once, and its result handed out. NULL
 * when they are too various. A list is known by its address and length, one that is not known by
 * its state. */
static const Col *over_kinds(Frame *frame, const Expr *expr, const Col *lists)
{
	int64_t *a = POOL_ARRAY(frame->pool, int64_t, frame->n);
	int64_t *b = POOL_ARRAY(frame->pool, int64_t, frame->n);
	for (int32_t i = 0; i < frame->n; i++) {
		RowSpan list = lists->rows[at_of(lists, i)];
		uint8_t state = state_of(lists, i);
		a[i] = state == STATE_KNOWN ? (int64_t)(intptr_t)list.at : 0;
		b[i] = state == STATE_KNOWN ? list.n : -(int64_t)state;
	}
	const Kinds *kinds = frame_kinds(frame, a, b);
	if (kinds == NULL)
		return NULL;
	Frame *some = frame_select(frame, frame->depth, kinds->first, kinds->n, NULL);
	Frame *back = frame_child(some, frame->depth, frame->n, kinds->of, -1, NULL);
	return fast_gather(back, over_lists(some, expr));
}

/* How many there are: as many as the list is long. */
static const Col *count_all(Frame *frame, const Col *lists)
{
	Out out = out_fixed(frame, lists->constant);
	out.st = fast_states(frame, out.m, lists, lists, false);
	for (int32_t i = 0; i < out.m; i++)
		out.v[i] = lists->rows[i].n;
	return out_done(frame, &out);
}

static bool is_plain_count(const Expr *expr)
{
	return expr->how == AGG_COUNT && arg_of(expr, ARG_WHERE) == NULL && !expr->type.ratio &&
		expr->type.scale == 1;
}

/* In order of what it saves: once for all, once for each list, once for each subject. */
const Col *eval_aggregate(Frame *frame, const Expr *expr)
{
	if (expr->how == AGG_LIST)
		return col_unknown(frame, expr->type);
	int32_t number = fast_class_of(frame->fast, expr);
	const Class *class = &frame->fast->class[number];
	bool dated = class->dated;
	if (class->free == 0 && (!dated || frame_law(frame)->constant))
		return over_one(frame, expr, number, dated);
	const Col *lists = fast_eval(frame, expr->arg[ARG_ROWS]), *col = NULL;
	if (is_plain_count(expr))
		return count_all(frame, lists);
	if (rows_of_all(lists, frame->n) > LONG_LISTS * (int64_t)frame->n &&
	    lists_decide(frame, expr))
		col = over_kinds(frame, expr, lists);
	return col != NULL ? col : over_lists(frame, expr);
}
