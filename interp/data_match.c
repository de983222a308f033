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

#include "interp/match.h"
#include "interp/value.h"

typedef enum Part { PART_OUT, PART_IN, PART_UNKNOWN } Part;

/* One of the two datasets: who takes part, keys and moments by row, then rows by group and
 * time. */
typedef struct Side {
	int32_t dataset, slot, n;
	const Expr *when, *at;
	Expr **key;
	int64_t **key_value;    /* by key, by row */
	int64_t *moment;
	uint64_t *hash;         /* of the row's keys */
	uint8_t *part;          /* Part */
	int32_t *group;         /* by row; -1: none */
	int32_t *start;         /* by group: rows[start[g]] .. */
	int32_t *row;           /* by group, then by time */
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
	int32_t ngroups;
} Match2;

/* ---- expressions over rows ---- */

/* By row: the value, and whether it may be looked at. */
typedef struct Answer {
	int64_t *value;
	uint8_t *state;
} Answer;

/* The fast evaluator works an expression out over all rows of the dataset at once. */
static Answer ask(MatchJob *job, const Expr *expr, int32_t slot, int32_t dataset, int32_t n)
{
	Answer out = {ARENA_ROOM(job->scratch, int64_t, (size_t)n + 1),
		ARENA_ROOM(job->scratch, uint8_t, (size_t)n + 1)};
	if (n > 0)
		fast_column(job->fast, job->store, expr, slot, dataset, out.value, out.state);
	return out;
}

/* Unknown, conflict and fault alike leave the partner unknown. */
static void unknown_where(Side *side, const uint8_t *state)
{
	for (int32_t i = 0; i < side->n; i++)
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
	Answer when = ask(job, side->when, side->slot, side->dataset, side->n);
	for (int32_t i = 0; i < side->n; i++)
		if (when.state[i] == STATE_KNOWN && when.value[i] == 0)
			side->part[i] = PART_OUT;
	unknown_where(side, when.state);
}

/* A missing key or moment leaves the partner unknown, but only of rows that take part at all. */
static void side_make(MatchJob *job, Side *side, int32_t nkeys)
{
	const StoreTable *table = job->store->table[side->dataset];
	side->n = table != NULL ? table->rows : 0;
	side->part = ARENA_ROOM(job->scratch, uint8_t, (size_t)side->n + 1);
	side->group = ARENA_ROOM(job->scratch, int32_t, (size_t)side->n + 1);
	side->key_value = ARENA_ARRAY(job->scratch, int64_t *, (size_t)nkeys + 1);
	apply_when(job, side);
	for (int32_t k = 0; k < nkeys; k++) {
		Answer key = ask(job, side->key[k], side->slot, side->dataset, side->n);
		side->key_value[k] = key.value;
		unknown_where(side, key.state);
	}
	Answer at = ask(job, side->at, side->slot, side->dataset, side->n);
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
	Answer out = ask(m->job, expr, m->left.slot, m->left.dataset, m->left.n);
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

/* ---- groups of equal keys ---- */

/* The fast evaluator gives texts as addresses of cells. */
static Str text_at(int64_t value)
{
	const TextCell *cell = (const TextCell *)(intptr_t)value;
	return (Str){cell->bytes, cell->len};
}

/* The lower bits choose the slot, so the upper ones are folded into them. */
static inline uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
	return hash ^ hash >> 31;
}

/* One key after another. Texts by their bytes: the same text may stand in two cells. */
static void hash_side(MatchJob *job, Side *side, int32_t nkeys)
{
	side->hash = ARENA_ROOM(job->scratch, uint64_t, (size_t)side->n + 1);
	for (int32_t i = 0; i < side->n; i++)
		side->hash[i] = 0x2545f4914f6cdd1du;
	for (int32_t k = 0; k < nkeys; k++) {
		const int64_t *value = side->key_value[k];
		bool text = side->key[k]->type.kind == TYPE_TEXT;
		/* Rows that take no part are hashed too: a loop without a question is quicker. */
		for (int32_t i = 0; i < side->n && !text; i++)
			side->hash[i] = mix(side->hash[i], (uint64_t)value[i]);
		for (int32_t i = 0; i < side->n && text; i++)
			if (side->part[i] == PART_IN)
				side->hash[i] = mix(side->hash[i], str_hash(text_at(value[i])));
	}
}

/* Both scales are those of one type; quantities of different scales are compared over both. */
static bool same_key(const Match2 *m, const Side *a, int32_t i, const Side *b, int32_t j)
{
	for (int32_t k = 0; k < m->match->nkeys; k++) {
		int64_t x = a->key_value[k][i], y = b->key_value[k][j];
		if (a->key[k]->type.kind == TYPE_TEXT ? !str_eq(text_at(x), text_at(y)) : x != y)
			return false;
	}
	return true;
}

/* Rows of equal keys: all that can be partners of each other. */
typedef struct Group {
	uint64_t hash;
	int32_t number;         /* + 1; 0: the slot is free */
	int32_t first;          /* its first left row */
} Group;

/* Half empty. Groups are few beside rows, so the table begins small and mostly stays where the
 * cache is. */
typedef struct Groups {
	Group *slot;
	uint32_t mask;
	int32_t n;
} Groups;

#define FIRST_SLOTS 256

static Groups groups_new(Arena *scratch, uint32_t room)
{
	return (Groups){.slot = ARENA_ARRAY(scratch, Group, room), .mask = room - 1};
}

/* Hashes are kept, so no key is compared again. */
static void groups_grow(Groups *groups, Arena *scratch)
{
	Groups more = groups_new(scratch, (groups->mask + 1) * 2);
	for (uint32_t i = 0; i <= groups->mask; i++) {
		uint32_t at = (uint32_t)groups->slot[i].hash & more.mask;
		while (more.slot[at].number != 0)
			at = (at + 1) & more.mask;
		if (groups->slot[i].number != 0)
			more.slot[at] = groups->slot[i];
	}
	more.n = groups->n;
	*groups = more;
}

/* The slot of the row's key: its group's, or a free one. */
static inline Group *group_slot(const Match2 *m, const Groups *groups, const Side *side,
	int32_t row)
{
	uint64_t hash = side->hash[row];
	uint32_t at = (uint32_t)hash & groups->mask;
	for (;; at = (at + 1) & groups->mask) {
		Group *slot = &groups->slot[at];
		if (slot->number == 0 ||
		    (slot->hash == hash && same_key(m, &m->left, slot->first, side, row)))
			return slot;
	}
}

/* Keys are numbered as left rows are met. A right row whose key no left row has stays alone. */
static void find_groups(Match2 *m)
{
	Groups groups = groups_new(m->job->scratch, FIRST_SLOTS);
	hash_side(m->job, &m->left, m->match->nkeys);
	hash_side(m->job, &m->right, m->match->nkeys);
	for (int32_t i = 0; i < m->left.n; i++) {
		m->left.group[i] = -1;
		if (m->left.part[i] != PART_IN)
			continue;
		Group *slot = group_slot(m, &groups, &m->left, i);
		if (slot->number == 0)
			*slot = (Group){m->left.hash[i], ++groups.n, i};
		m->left.group[i] = slot->number - 1;
		if ((uint32_t)groups.n * 2 > groups.mask)
			groups_grow(&groups, m->job->scratch);
	}
	m->ngroups = groups.n;
	for (int32_t i = 0; i < m->right.n; i++) {
		m->right.group[i] = -1;
		if (m->right.part[i] == PART_IN)
			m->right.group[i] = group_slot(m, &groups, &m->right, i)->number - 1;
	}
}

/* ---- order of time ---- */

/* In exports that stand in order of entry each group mostly is. */
static bool in_time(const Side *side, int32_t from, int32_t to)
{
	for (int32_t i = from + 1; i < to; i++)
		if (side->moment[side->row[i]] < side->moment[side->row[i - 1]])
			return false;
	return true;
}

/* The bit turned about makes signed moments rise as unsigned numbers. */
static void sort_group(MatchJob *job, Side *side, int32_t from, int32_t to)
{
	if (in_time(side, from, to))
		return;
	uint64_t *key = ARENA_ARRAY(job->scratch, uint64_t, (size_t)(to - from));
	for (int32_t i = from; i < to; i++)
		key[i - from] = (uint64_t)side->moment[side->row[i]] ^ (uint64_t)1 << 63;
	rows_sort(key, side->row + from, to - from, NULL, NULL, job->scratch);
}

/* A counting sort by group, then by time within each. Both keep the order of keys among equals. */
static void order_side(MatchJob *job, Side *side, int32_t ngroups)
{
	side->start = ARENA_ARRAY(job->scratch, int32_t, (size_t)ngroups + 2);
	side->row = ARENA_ROOM(job->scratch, int32_t, (size_t)side->n + 1);
	/* Where the group's next row goes. */
	int32_t *next = ARENA_ROOM(job->scratch, int32_t, (size_t)ngroups + 2);
	for (int32_t i = 0; i < side->n; i++)
		if (side->group[i] >= 0)
			side->start[side->group[i] + 1]++;
	for (int32_t g = 0; g < ngroups; g++)
		side->start[g + 1] += side->start[g];
	memcpy(next, side->start, ((size_t)ngroups + 1) * sizeof *next);
	for (int32_t i = 0; i < side->n; i++)
		if (side->group[i] >= 0)
			side->row[next[side->group[i]]++] = i;
	for (int32_t g = 0; g < ngroups; g++)
		sort_group(job, side, side->start[g], side->start[g + 1]);
}

/* ---- pairs ---- */

typedef struct Line {
	int64_t *visit_at, *lo, *hi, *log_at;
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

static Line line_new(const Match2 *m)
{
	Arena *arena = m->job->scratch;
	size_t visits = (size_t)m->left.n + 1, logs = (size_t)m->right.n + 1;
	return (Line){ARENA_ROOM(arena, int64_t, visits), ARENA_ROOM(arena, int64_t, visits),
		ARENA_ROOM(arena, int64_t, visits), ARENA_ROOM(arena, int64_t, logs),
		ARENA_ROOM(arena, int32_t, visits), ARENA_ROOM(arena, int32_t, logs)};
}

/* The arrays of interp/match.h, all groups one behind the other. */
static void fill_line(const Match2 *m, Line *line)
{
	const Side *left = &m->left, *right = &m->right;
	for (int32_t i = 0; i < left->start[m->ngroups]; i++) {
		int32_t row = left->row[i];
		int64_t at = left->moment[row], take = figure_at(m->take, row);
		line->visit_at[i] = at;
		line->lo[i] = add_within(at, -figure_at(m->before, row));
		line->hi[i] = add_within(at, figure_at(m->after, row));
		/* None, or up to LIMIT_CARERS: check_take has seen to it. */
		line->carers[i] = take < 0 ? 0 : (int32_t)take;
	}
	for (int32_t i = 0; i < right->start[m->ngroups]; i++)
		line->log_at[i] = right->moment[right->row[i]];
}

/* Named by one of its rows: people look there. */
static Status too_many(const Match2 *m, int32_t group)
{
	MatchJob *job = m->job;
	Str key = store_key(job->store, m->left.dataset, m->left.row[m->left.start[group]],
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
	Line line = line_new(m);
	Arena scratch = {0};
	Status status = STATUS_OK;
	fill_line(m, &line);
	for (int32_t g = 0; g < m->ngroups && status == STATUS_OK; g++) {
		int32_t v = m->left.start[g], l = m->right.start[g];
		MatchInput input = {(size_t)(m->left.start[g + 1] - v), (size_t)(m->right.start[g + 1] - l),
			line.visit_at + v, line.lo + v, line.hi + v, line.carers + v, line.log_at + l};
		if (input.logs == 0)
			continue;
		if (match_run(&input, &scratch, line.visit_of_log + l) != MATCH_OK)
			status = too_many(m, g);
		for (size_t i = 0; i < input.logs && status == STATUS_OK; i++) {
			int32_t visit = line.visit_of_log[l + (int32_t)i];
			if (visit >= 0)
				left_of_right[m->right.row[l + (int32_t)i]] = m->left.row[v + visit];
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
	uint64_t *known = ARENA_ARRAY(m->job->scratch, uint64_t, (size_t)m->right.n / 64 + 1);
	for (int32_t i = 0; i < m->right.n; i++)
		if (left_of_right[i] >= 0)
			bit_set(known, i);
	Column column = {.at = left_of_right, .known = known, .times = 1, .width = 4};
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
	order_side(job, &m.left, m.ngroups);
	order_side(job, &m.right, m.ngroups);
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
