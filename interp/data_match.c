/*
 * The matches of one store: who takes part, by which key, at which moment, within which window;
 * then interp/match.h key by key. Rows of a store stand in order of their keys and every step here
 * is stable, so of equal moments the earlier key comes first.
 *
 *   conditions, keys, moments ─> groups of equal keys ─> each in order of time ─> pairs
 *
 * A row whose condition, key or moment is not known has an unknown partner (S64): an empty list
 * would read as "no log".
 */
#include "interp/data_internal.h"

#include <stdlib.h>
#include <string.h>

#include "interp/key_groups.h"
#include "interp/match.h"
#include "interp/value.h"

typedef enum Part { PART_OUT, PART_IN, PART_UNKNOWN } Part;

_Static_assert(PART_IN == 1, "as key_numbers_give has it");

/* One of the two datasets: who takes part, keys and moments by row, then rows by group and
 * time. */
typedef struct Side {
	int32_t dataset, slot, n;
	const Expr *when, *at;
	Expr **key;
	Keys keys;
	const int64_t *moment;
	uint8_t *part;          /* Part */
	KeyGroups groups;       /* rows by time, and these times */
} Side;

/* Windows and numbers of carers: mostly one figure for all. */
typedef struct Figure {
	const int64_t *by_row;  /* NULL: each row has */
	int64_t all;
} Figure;

/* One match at work. */
typedef struct Match2 {
	MatchJob *job;
	const Match *match;
	int32_t number;
	Side left, right;
	Figure before, after, take; /* by left row */
} Match2;

/* ---- expressions over rows ---- */

/* Most keys and many moments are fields, and need no evaluator. */
RowValues match_rows(const MatchJob *job, const Expr *expr, int32_t slot, int32_t dataset)
{
	RowValues out;
	const StoreTable *table = job->store->table[dataset];
	int32_t n = table != NULL ? table->rows : 0;
	if (store_field_rows(job->store, expr, slot, dataset, job->scratch, &out))
		return out;
	int64_t *value = ARENA_ROOM(job->scratch, int64_t, (size_t)n + 1);
	uint8_t *state = ARENA_ROOM(job->scratch, uint8_t, (size_t)n + 1);
	if (n > 0)
		fast_column(job->fast, job->store, expr, slot, dataset, value, state);
	return (RowValues){value, state};
}

static RowValues ask(const MatchJob *job, const Side *side, const Expr *expr)
{
	return match_rows(job, expr, side->slot, side->dataset);
}

/* Unknown, conflict and fault alike leave the partner unknown. */
static void unknown_where(Side *side, const uint8_t *state)
{
	for (int32_t i = 0; state != NULL && i < side->n; i++)
		if (side->part[i] == PART_IN && state[i] != STATE_KNOWN)
			side->part[i] = PART_UNKNOWN;
}

/* A row that its own condition leaves out is out, whatever else is missing. */
static void apply_when(MatchJob *job, Side *side)
{
	memset(side->part, PART_IN, (size_t)side->n);
	if (side->when == NULL)
		return;
	/* Known and false is out; known and true stays in; all else is unknown. */
	RowValues when = ask(job, side, side->when);
	for (int32_t i = 0; i < side->n; i++)
		if ((when.state == NULL || when.state[i] == STATE_KNOWN) && when.value[i] == 0)
			side->part[i] = PART_OUT;
	unknown_where(side, when.state);
}

/* A missing key or moment leaves the partner unknown, but only of rows that take part at all. */
static void side_make(MatchJob *job, Side *side, int32_t nkeys)
{
	const StoreTable *table = job->store->table[side->dataset];
	side->n = table != NULL ? table->rows : 0;
	side->part = ARENA_ROOM(job->scratch, uint8_t, (size_t)side->n + 1);
	side->keys = (Keys){nkeys, side->n, ARENA_ARRAY(job->scratch, int64_t *, (size_t)nkeys + 1),
		ARENA_ARRAY(job->scratch, uint8_t, (size_t)nkeys + 1)};
	apply_when(job, side);
	for (int32_t k = 0; k < nkeys; k++) {
		RowValues key = ask(job, side, side->key[k]);
		side->keys.value[k] = key.value;
		side->keys.kind[k] = side->key[k]->type.kind;
		unknown_where(side, key.state);
	}
	RowValues at = ask(job, side, side->at);
	side->moment = at.value;
	unknown_where(side, at.state);
}

static int64_t figure_at(Figure figure, int32_t row)
{
	return figure.by_row != NULL ? figure.by_row[row] : figure.all;
}

/* In whole seconds and ones; `none` where the match does not say. */
static Figure left_figure(Match2 *m, const Expr *expr, int64_t none)
{
	if (expr == NULL)
		return (Figure){NULL, none};
	/* What nearly all windows are: no column of equal figures is made. */
	if (expr->op == EXPR_CONST)
		return (Figure){NULL, expr->type.scale > 1 ? expr->n / expr->type.scale : expr->n};
	RowValues out = ask(m->job, &m->left, expr);
	unknown_where(&m->left, out.state);
	for (int32_t i = 0; i < m->left.n && expr->type.scale > 1; i++)
		out.value[i] /= expr->type.scale;
	return (Figure){out.value, 0};
}

/* How many logs a visit may take has a limit; beyond it nothing is known. */
static void check_take(Match2 *m)
{
	for (int32_t i = 0; i < m->left.n; i++)
		if (m->left.part[i] == PART_IN && figure_at(m->take, i) > LIMIT_CARERS)
			m->left.part[i] = PART_UNKNOWN;
}

/* ---- groups, each in order of time ---- */

/* In exports that stand in order of entry each group mostly is. */
static bool in_time(const int64_t *at, int32_t n)
{
	for (int32_t i = 1; i < n; i++)
		if (at[i] < at[i - 1])
			return false;
	return true;
}

/* The bit turned about makes signed moments rise as unsigned numbers. Equal ones stay in order of
 * their rows, which is that of keys. */
static void sort_group(MatchJob *job, Side *side, int32_t from, int32_t n)
{
	int64_t *at = side->groups.at + from;
	if (in_time(at, n))
		return;
	uint64_t *key = ARENA_ROOM(job->scratch, uint64_t, (size_t)n);
	for (int32_t i = 0; i < n; i++)
		key[i] = (uint64_t)at[i] ^ (uint64_t)1 << 63;
	rows_sort(key, side->groups.row + from, n, NULL, NULL, job->scratch);
	for (int32_t i = 0; i < n; i++)
		at[i] = (int64_t)(key[i] ^ (uint64_t)1 << 63);
}

static void group_side(MatchJob *job, Side *side, const int32_t *of, int32_t ngroups)
{
	side->groups = key_groups_of(of, side->n, ngroups, side->moment, job->scratch);
	for (int32_t g = 0; g < ngroups; g++)
		sort_group(job, side, side->groups.start[g],
			side->groups.start[g + 1] - side->groups.start[g]);
}

/* Keys are numbered as left rows are met. A right row whose key no left row has stays alone. Both
 * scales are those of one type; quantities of different scales are compared over both. */
static void find_groups(Match2 *m)
{
	MatchJob *job = m->job;
	int32_t most = m->left.n > m->right.n ? m->left.n : m->right.n;
	int32_t *of = ARENA_ROOM(job->scratch, int32_t, (size_t)most + 1);
	KeyNumbers numbers = key_numbers_new(&m->left.keys, &m->right.keys, job->scratch);
	key_numbers_give(&numbers, m->left.part, of);
	group_side(job, &m->left, of, numbers.n);
	key_numbers_find(&numbers, &m->right.keys, m->right.part, of);
	group_side(job, &m->right, of, numbers.n);
}

/* ---- pairs ---- */

/* What interp/match.h asks for beside the moments, all groups one behind the other. */
typedef struct Line {
	int64_t *lo, *hi;
	int32_t *carers, *visit_of_log;
} Line;

/* A window without end ends with time itself. */
static int64_t add_within(int64_t a, int64_t b)
{
	int64_t sum;
	if (__builtin_add_overflow(a, b, &sum))
		return b < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

static Line line_of(const Match2 *m)
{
	Arena *arena = m->job->scratch;
	const KeyGroups *left = &m->left.groups;
	size_t visits = (size_t)m->left.n + 1;
	Line line = {ARENA_ROOM(arena, int64_t, visits), ARENA_ROOM(arena, int64_t, visits),
		ARENA_ROOM(arena, int32_t, visits),
		ARENA_ROOM(arena, int32_t, (size_t)m->right.n + 1)};
	for (int32_t i = 0; i < left->start[left->n]; i++) {
		int32_t row = left->row[i];
		int64_t take = figure_at(m->take, row);
		line.lo[i] = add_within(left->at[i], -figure_at(m->before, row));
		line.hi[i] = add_within(left->at[i], figure_at(m->after, row));
		/* None, or up to LIMIT_CARERS: check_take has seen to it. */
		line.carers[i] = take < 0 ? 0 : (int32_t)take;
	}
	return line;
}

/* Named by one of its rows: people look there. */
static Status too_many(const Match2 *m, int32_t group)
{
	MatchJob *job = m->job;
	Str key = store_key(job->store, m->left.dataset, m->left.groups.row[m->left.groups.start[group]],
		job->scratch);
	const Dataset *left = &job->data->book[job->book].book->dataset[m->match->left];
	DiagRef ref = diag_add(job->diags, DIAG_MATCH_PAIRS, m->match->decl.at,
		"too many rows of one key lie within reach of each other, around %.*s %.*s",
		STR_ARG(left->decl.name), STR_ARG(key));
	diag_help(ref, "a narrower window, or a further key, leaves fewer pairs to choose from");
	return STATUS_WRONG;
}

/* Key by key; what match_run gives are places in the group's part of the arrays. */
static Status pair_up(const Match2 *m, int32_t *left_of_right)
{
	const KeyGroups *left = &m->left.groups, *right = &m->right.groups;
	Line line = line_of(m);
	Arena scratch = {0};
	Status status = STATUS_OK;
	for (int32_t g = 0; g < left->n && status == STATUS_OK; g++) {
		int32_t v = left->start[g], l = right->start[g];
		MatchInput input = {(size_t)(left->start[g + 1] - v), (size_t)(right->start[g + 1] - l),
			left->at + v, line.lo + v, line.hi + v, line.carers + v, right->at + l};
		if (input.logs == 0)
			continue;
		if (match_run(&input, &scratch, line.visit_of_log + l) != MATCH_OK)
			status = too_many(m, g);
		for (size_t i = 0; i < input.logs && status == STATUS_OK; i++) {
			int32_t visit = line.visit_of_log[l + (int32_t)i];
			if (visit >= 0)
				left_of_right[right->row[l + (int32_t)i]] = left->row[v + visit];
		}
		arena_reset(&scratch);
	}
	arena_free(&scratch);
	return status;
}

/* Most matches have none, and then no bits. */
static const uint64_t *unknown_bits(Arena *arena, const Side *side)
{
	uint64_t *bits = NULL;
	for (int32_t i = 0; i < side->n; i++) {
		if (side->part[i] != PART_UNKNOWN)
			continue;
		if (bits == NULL)
			bits = ARENA_ARRAY(arena, uint64_t, (size_t)side->n / 64 + 1);
		bit_set(bits, i);
	}
	return bits;
}

/* Both directions: from the right row its left one, from the left row its list. */
static StoreMatch as_store(const Match2 *m, const int32_t *left_of_right)
{
	Arena *arena = m->job->arena;
	Column column = {.at = left_of_right, .times = 1, .width = 4};
	return (StoreMatch){lists_new(arena, &column, m->right.n, m->left.n), left_of_right,
		unknown_bits(arena, &m->left), unknown_bits(arena, &m->right)};
}

/* Scratch memory is given back after each match; what the store keeps is in the arena. */
static Status match_one(MatchJob *job, int32_t number)
{
	const Match *match = &job->data->book[job->book].book->match[number];
	Match2 m = {.job = job, .match = match, .number = number,
		.left = {.dataset = match->left, .slot = 0, .when = match->left_when,
			.at = match->left_at, .key = match->left_key},
		.right = {.dataset = match->right, .slot = 1, .when = match->right_when,
			.at = match->right_at, .key = match->right_key}};
	/* What the steps leave behind is scratch, up to the pairs. */
	side_make(job, &m.left, match->nkeys);
	side_make(job, &m.right, match->nkeys);
	/* Of the left side alone: a visit says from when to when it may have been logged. */
	m.before = left_figure(&m, match->before, 0);
	m.after = left_figure(&m, match->after, 0);
	m.take = left_figure(&m, match->take, 1);
	check_take(&m);
	find_groups(&m);
	int32_t *left_of_right = ARENA_ROOM(job->arena, int32_t, (size_t)m.right.n + 1);
	/* -1 everywhere: without a partner. */
	memset(left_of_right, 0xff, ((size_t)m.right.n + 1) * sizeof *left_of_right);
	Status status = pair_up(&m, left_of_right);
	if (status == STATUS_OK)
		job->matched[number] = as_store(&m, left_of_right);
	arena_reset(job->scratch);
	return status;
}

/* ---- in the order in which they need each other ---- */

/* Marks the matches that an expression looks at, through defines too. */
static void matches_in(const Rulebook *book, const Expr *expr, bool *found, int depth)
{
	if (expr == NULL || depth > 1000)
		return;
	if (expr->op == EXPR_MATCHED)
		found[expr->ref] = true;
	if (expr->op == EXPR_DERIVED || expr->op == EXPR_CALL) {
		const Define *define = &book->define[expr->ref];
		matches_in(book, define->on, found, depth + 1);
		matches_in(book, define->base, found, depth + 1);
		for (int32_t i = 0; i < define->nexcepts; i++) {
			matches_in(book, define->except[i].when, found, depth + 1);
			matches_in(book, define->except[i].then, found, depth + 1);
		}
	}
	for (int32_t i = 0; i < expr->nargs; i++)
		matches_in(book, expr->arg[i], found, depth + 1);
}

/* A match may look at another's pairs in its conditions, moments and windows. */
static void needed_by(const Rulebook *book, const Match *match, bool *found)
{
	const Expr *expr[] = {match->left_when, match->right_when, match->left_at, match->right_at,
		match->before, match->after, match->take};
	for (size_t i = 0; i < sizeof expr / sizeof *expr; i++)
		matches_in(book, expr[i], found, 0);
	for (int32_t k = 0; k < match->nkeys; k++) {
		matches_in(book, match->left_key[k], found, 0);
		matches_in(book, match->right_key[k], found, 0);
	}
}

/* The checker has made sure that matches do not need each other in a circle (S65). */
static Status match_in_turn(MatchJob *job, int32_t number, bool *done)
{
	const Rulebook *book = job->data->book[job->book].book;
	Status status = STATUS_OK;
	if (done[number])
		return STATUS_OK;
	bool *first = mem_alloc((size_t)book->nmatches + 1);
	needed_by(book, &book->match[number], first);
	/* Before those that it needs: a circle, were there one, would not go round for ever. */
	done[number] = true;
	for (int32_t m = 0; m < book->nmatches && status == STATUS_OK; m++)
		if (first[m])
			status = match_in_turn(job, m, done);
	free(first);
	return status == STATUS_OK ? match_one(job, number) : status;
}

Status match_all(MatchJob *job, const bool *wanted, bool *done)
{
	Status status = STATUS_OK;
	int32_t n = job->data->book[job->book].book->nmatches;
	for (int32_t m = 0; m < n && status == STATUS_OK; m++)
		if (wanted[m])
			status = match_in_turn(job, m, done);
	return status;
}
