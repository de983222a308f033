/*
 * Groups: rows with equal keys. First all rows of the dataset get the number of their group,
 * through a hash table of keys; then the rows of each group are laid side by side; then groups are
 * judged like any other subjects, with GROUP_ROWS as a collection of theirs.
 *
 *   row      0  1  2  3  4  5           group  start  rows
 *   keys     A  B  A  A  ?  B             0      0    0 2 3
 *   group    0  1  0  0  -  1             1      3    1 5
 *
 * Rows with a key that is not known make one subject of their own, `?` (S56).
 *
 * Rules over the same rows with as many keys go through the rows together (fast_judge_groups), each
 * with groups of its own. Everything that depends on the law date waits until the group has one:
 * the date comes out of the keys or the rows, and may decide which rows are in the group.
 *
 *   sieve ─ take_batch ─ take_keys        row, of
 *   lay_out                               start, member: a counting sort
 *   judge_some  ─ outside, not dated, inside
 *   judge_inside ─ narrow_groups ─ judged, open, or none at all (S55)
 */
#include "interp/fast_internal.h"

#include <stdlib.h>
#include <string.h>

/* Memory grows by doubling in malloc, because the number of groups shows only at the end. `of` and
 * `row` go side by side; `member` is the same rows, by group. */
typedef struct Groups {
	Call *call;
	const Rule *rule;
	int32_t n, room;
	int64_t *key;        /* nkeys of each group */
	uint64_t *hash;
	uint8_t *open;       /* greatest state of `covers` and `among … where` among its rows */
	int32_t *place;      /* hash table; -1: free */
	uint32_t mask;
	int32_t *row, *of;   /* rows that count, and the group of each; -1: keyless */
	int32_t nrows, rows_room;
	int32_t *start, *member; /* rows by group */
	int32_t *keyless, nkeyless;
	uint8_t keyless_state;
	bool plain;          /* no key is a text: its number is all there is to it */
} Groups;

/* Also of groups that were never laid out. */
static void groups_free(Groups *groups)
{
	free(groups->key);
	free(groups->hash);
	free(groups->open);
	free(groups->place);
	free(groups->row);
	free(groups->of);
	free(groups->start);
	free(groups->member);
	free(groups->keyless);
}

/* ---- finding the group of a row ---- */

/* Texts of two rows may be two copies of one word; all else is its number. */
static bool key_same(Type type, int64_t a, int64_t b)
{
	return a == b || (type.kind == TYPE_TEXT && fast_text_same(a, b));
}

/* Keys are few and mostly differ in the first. */
static bool is_group(const Groups *groups, int32_t g, const Col *const *key, int32_t i)
{
	const Rule *rule = groups->rule;
	for (int32_t k = 0; k < rule->nkeys; k++)
		if (!key_same(rule->key[k].expr->type, groups->key[(int64_t)g * rule->nkeys + k],
				key[k]->v[at_of(key[k], i)]))
			return false;
	return true;
}

/* Half empty at most, so that a search ends soon. Hashes are kept: keys are not looked at again. */
static void rehash(Groups *groups)
{
	uint32_t size = groups->place == NULL ? 1024 : (groups->mask + 1) * 2;
	groups->place = mem_resize(groups->place, mem_product(sizeof(int32_t), size));
	memset(groups->place, 0xFF, sizeof(int32_t) * size);
	groups->mask = size - 1;
	for (int32_t g = 0; g < groups->n; g++) {
		uint32_t h = (uint32_t)groups->hash[g] & groups->mask;
		while (groups->place[h] >= 0)
			h = (h + 1) & groups->mask;
		groups->place[h] = g;
	}
}

/* Keys lie side by side, group by group: they become columns when the group is judged. Groups are
 * numbered as their first rows come, so the order of rows decides it; findings are sorted
 * afterwards. */
static int32_t group_add(Groups *groups, const Col *const *key, int32_t i, uint64_t hash)
{
	int32_t nkeys = groups->rule->nkeys;
	if (groups->n == groups->room) {
		size_t room = groups->room == 0 ? 256 : (size_t)groups->room * 2;
		groups->room = (int32_t)room;
		groups->key = mem_resize(groups->key,
			mem_product(sizeof(int64_t) * (size_t)(nkeys + 1), room));
		groups->hash = mem_resize(groups->hash, mem_product(sizeof(uint64_t), room));
		groups->open = mem_resize(groups->open, room);
	}
	int32_t g = groups->n++;
	for (int32_t k = 0; k < nkeys; k++)
		groups->key[(int64_t)g * nkeys + k] = key[k]->v[at_of(key[k], i)];
	groups->hash[g] = hash;
	groups->open[g] = STATE_KNOWN;
	return g;
}

/* Through the hash table. Grows before it looks, so that the free place found is good. */
static int32_t group_of(Groups *groups, const Col *const *key, int32_t i)
{
	const Rule *rule = groups->rule;
	uint64_t hash = 0;
	for (int32_t k = 0; k < rule->nkeys; k++)
		hash = fast_mix(hash, groups->plain ? (uint64_t)key[k]->v[at_of(key[k], i)]
			: fast_value_hash(key[k], i, rule->key[k].expr->type));
	if (groups->place == NULL || (uint32_t)groups->n * 2 >= groups->mask)
		rehash(groups);
	uint32_t h = (uint32_t)hash & groups->mask;
	for (; groups->place[h] >= 0; h = (h + 1) & groups->mask) {
		int32_t g = groups->place[h];
		if (groups->hash[g] == hash && is_group(groups, g, key, i))
			return g;
	}
	groups->place[h] = group_add(groups, key, i, hash);
	return groups->place[h];
}

/* Rows of one group often follow each other. Texts are compared by address here: that may say no
 * too often, and costs a look-up then. */
static bool as_before(const Groups *groups, const Col *const *key, int32_t i)
{
	for (int32_t k = 0; k < groups->rule->nkeys; k++)
		if (key[k]->v[at_of(key[k], i)] != key[k]->v[at_of(key[k], i - 1)])
			return false;
	return true;
}

/* ---- all rows ---- */

/* Once for a batch, not for each row. */
static void make_room(Groups *groups, int32_t n)
{
	if (groups->nrows + n <= groups->rows_room)
		return;
	size_t room = groups->rows_room == 0 ? 2 * BATCH : (size_t)groups->rows_room * 2;
	groups->rows_room = (int32_t)room;
	groups->row = mem_resize(groups->row, mem_product(sizeof(int32_t), room));
	groups->of = mem_resize(groups->of, mem_product(sizeof(int32_t), room));
}

/* A conflict in a key outranks one that is merely missing (S34). */
static uint8_t key_state(const Rule *rule, const Col *const *key, int32_t i)
{
	uint8_t worst = STATE_KNOWN;
	for (int32_t k = 0; k < rule->nkeys; k++) {
		uint8_t state = state_of(key[k], i);
		worst = state > worst ? state : worst;
	}
	return worst;
}

/* A row that nobody knows how to place counts under `?` only when the rule would have looked at
 * it, which the sieve has made sure of. */
static bool is_keyless(Groups *groups, const Col *const *key, int32_t i)
{
	uint8_t lost = key_state(groups->rule, key, i);
	if (lost == STATE_KNOWN)
		return false;
	groups->nkeyless++;
	if (lost > groups->keyless_state)
		groups->keyless_state = lost;
	return true;
}

/* The groups of a batch of rows; state: of what is open about them, or NULL. The worst state of its
 * rows is the group's. */
static void take_keys(Groups *groups, const Col *const *key, const int64_t *row, int32_t n,
	const uint8_t *state)
{
	bool known = true;
	for (int32_t k = 0; k < groups->rule->nkeys; k++)
		known = known && key[k]->st == NULL;
	make_room(groups, n);
	int32_t *of = groups->of + groups->nrows, *to = groups->row + groups->nrows;
	for (int32_t i = 0; i < n; i++) {
		to[i] = (int32_t)row[i];
		if (!known && is_keyless(groups, key, i)) {
			of[i] = -1;
			continue;
		}
		bool again = i > 0 && of[i - 1] >= 0 && as_before(groups, key, i);
		int32_t g = of[i] = again ? of[i - 1] : group_of(groups, key, i);
		if (state != NULL && state[i] > groups->open[g])
			groups->open[g] = state[i];
	}
	groups->nrows += n;
}

/* Groups of several rules that look at the same rows. */
typedef struct GroupSet {
	Call *call;
	Groups *groups;
	int32_t n;
} GroupSet;

/* Keys are worked out without a law date, because the law date may depend on them. All rules of the
 * set have as many keys, so that the row stands in one slot for all. */
static void take_batch(void *user, RowSpan rows, int32_t from, int32_t n, const uint8_t *state)
{
	const GroupSet *set = user;
	Fast *fast = set->call->fast;
	int depth = fast_depth_take(fast);
	Frame *frame = frame_new(fast, depth, n);
	frame->law = col_fixed(frame, NO_DAY);
	int32_t nkeys = set->groups[0].rule->nkeys;
	frame->slot[nkeys] = fast_rows_col(frame->pool, rows, from, n);
	for (int32_t r = 0; r < set->n; r++) {
		const Col **key = POOL_ARRAY(frame->pool, const Col *, nkeys + 1);
		for (int32_t k = 0; k < nkeys; k++)
			key[k] = fast_eval(frame, set->groups[r].rule->key[k].expr);
		take_keys(&set->groups[r], key, frame->slot[nkeys]->v, n, state);
	}
	fast_depth_give(fast);
}

/* A counting sort keeps the rows of a group in their order. `next` is `start` moved by one: when
 * all rows are in, each entry has come to the beginning of the next group. */
static void lay_out(Groups *groups)
{
	groups->start = mem_alloc(sizeof(int32_t) * ((size_t)groups->n + 2));
	groups->member = mem_alloc(mem_product(sizeof(int32_t), (size_t)groups->nrows + 1));
	groups->keyless = mem_alloc(mem_product(sizeof(int32_t), (size_t)groups->nkeyless + 1));
	int32_t *next = groups->start + 1, keyless = 0;
	for (int32_t i = 0; i < groups->nrows; i++)
		if (groups->of[i] >= 0)
			next[groups->of[i] + 1]++;
	for (int32_t g = 1; g < groups->n; g++)
		next[g] += next[g - 1];
	for (int32_t i = 0; i < groups->nrows; i++) {
		if (groups->of[i] >= 0)
			groups->member[next[groups->of[i]]++] = groups->row[i];
		else
			groups->keyless[keyless++] = groups->row[i];
	}
}

/* ---- judging ---- */

/* Slots are the keys, and the rows of each group are a collection that costs nothing to hand out.
 * The law date is not known yet, and is unknown for everything that is asked here. */
static Frame *groups_frame(const Groups *groups, int depth, int32_t from, int32_t n)
{
	Fast *fast = groups->call->fast;
	int32_t nkeys = groups->rule->nkeys;
	Frame *frame = frame_new(fast, depth, n);
	frame->law = col_fixed(frame, NO_DAY);
	for (int32_t k = 0; k < nkeys; k++) {
		Out out = out_fixed(frame, false);
		for (int32_t i = 0; i < n; i++)
			out.v[i] = groups->key[(int64_t)(from + i) * nkeys + k];
		frame->slot[k] = out_done(frame, &out);
	}
	Out rows = out_rows(frame, false);
	for (int32_t i = 0; i < n; i++) {
		int32_t start = groups->start[from + i];
		rows.rows[i] = (RowSpan){groups->member + start, groups->start[from + i + 1] - start};
	}
	frame->group = out_done(frame, &rows);
	return frame;
}

/* Conditions on rows that depend on the law date are asked once that is known: under each group's
 * date, over its rows, as one long frame. Not in chunks: batch_end has seen to it that they fit,
 * but for one group that is longer by itself. */
static Frame *group_rows(Frame *frame, int32_t slot)
{
	const Col *group = frame_group(frame);
	int32_t n = 0, at = 0;
	for (int32_t i = 0; i < frame->n; i++)
		n += group->rows[at_of(group, i)].n;
	int32_t *seg = POOL_ARRAY(frame->pool, int32_t, n);
	int64_t *row = POOL_ARRAY(frame->pool, int64_t, n);
	for (int32_t i = 0; i < frame->n; i++) {
		RowSpan list = group->rows[at_of(group, i)];
		for (int32_t k = 0; k < list.n; k++, at++) {
			seg[at] = i;
			row[at] = list.at[k];
		}
	}
	Col *col = POOL_ARRAY(frame->pool, Col, 1);
	*col = (Col){.v = row};
	return frame_child(frame, frame->depth, n, seg, slot, col);
}

/* Such a condition cannot be asked while rows are gathered, for the group has no date yet. */
static bool is_dated(const Expr *expr)
{
	return expr != NULL && expr->dated;
}

/* Leaves in each group the rows that are covered and taken; open[] becomes the state of those where
 * that is open, for what was asked before without the date is asked again with it. Rows of one
 * group follow each other, so what is kept of it does too. */
static void narrow_groups(const Rule *rule, Frame *frame, uint8_t *open)
{
	if (!is_dated(rule->covered) && !is_dated(rule->filter))
		return;
	Frame *child = group_rows(frame, rule->nkeys);
	Gate gate = {rule->covered == NULL ? NULL : fast_eval(child, rule->covered),
		rule->filter == NULL ? NULL : fast_eval(child, rule->filter)};
	Out out = out_rows(frame, false);
	int32_t *kept = POOL_ARRAY(frame->pool, int32_t, child->n), n = 0;
	for (int32_t i = 0; i < frame->n; i++) {
		out.rows[i] = (RowSpan){NULL, 0};
		open[i] = STATE_KNOWN;
	}
	for (int32_t i = 0; i < child->n; i++) {
		int32_t g = child->seg[i];
		int state = fast_gate_state(&gate, i);
		if (state == GATE_NO)
			continue;
		if (out.rows[g].n++ == 0)
			out.rows[g].at = kept + n;
		kept[n++] = (int32_t)child->slot[rule->nkeys]->v[i];
		if (state > open[g])
			open[g] = (uint8_t)state;
	}
	frame->group = out_done(frame, &out);
}

/* Groups with a date inside the window: those without rows left do not exist, those with an open
 * row are not assessed, the others are judged. `open` is that of before where nothing was asked
 * again. */
static void judge_inside(const Groups *groups, Frame *frame, uint8_t *open)
{
	Pool *pool = frame->pool;
	int32_t *in = POOL_ARRAY(pool, int32_t, frame->n), nin = 0;
	int32_t *lost = POOL_ARRAY(pool, int32_t, frame->n), nlost = 0;
	uint8_t *state = POOL_ARRAY(pool, uint8_t, frame->n);
	narrow_groups(groups->rule, frame, open);
	const Col *group = frame_group(frame);
	for (int32_t i = 0; i < frame->n; i++) {
		if (group->rows[at_of(group, i)].n == 0)
			continue;
		if (open[i] == STATE_KNOWN) {
			in[nin++] = i;
			continue;
		}
		state[nlost] = open[i];
		lost[nlost++] = i;
	}
	if (nin > 0)
		fast_judge_frame(groups->call, groups->rule,
			frame_select(frame, frame->depth, in, nin, NULL));
	if (nlost > 0)
		fast_judge_open(groups->call, groups->rule,
			frame_select(frame, frame->depth, lost, nlost, NULL), state);
}

/* A group belongs to the window by its own date, with all its rows, even those outside it (S5). A
 * group outside is counted, and no more. */
static void judge_some(const Groups *groups, Frame *frame, const uint8_t *open)
{
	const Rule *rule = groups->rule;
	FastCount *count = &groups->call->count[rule - groups->call->fast->book->rule];
	const Col *on = fast_eval(frame, rule->on), *law = fast_law_of(frame, on, rule->on->type);
	Pool *pool = frame->pool;
	int32_t *in = POOL_ARRAY(pool, int32_t, frame->n), nin = 0;
	int32_t *lost = POOL_ARRAY(pool, int32_t, frame->n), nlost = 0;
	uint8_t *state = POOL_ARRAY(pool, uint8_t, frame->n);
	uint8_t *in_open = POOL_ARRAY(pool, uint8_t, frame->n);
	const bool *mine = fast_mine(frame, rule);
	for (int32_t i = 0; i < frame->n; i++) {
		if (mine != NULL && !mine[i])
			continue;
		if (!fast_law_inside(frame->fast, rule, law->v[at_of(law, i)])) {
			count->seen++;
			count->outside++;
		} else if (state_of(on, i) != STATE_KNOWN) {
			state[nlost] = state_of(on, i);
			lost[nlost++] = i;
		} else {
			in_open[nin] = open[i];
			in[nin++] = i;
		}
	}
	if (nin > 0)
		judge_inside(groups, frame_select(frame, frame->depth, in, nin, law), in_open);
	if (nlost > 0)
		fast_judge_open(groups->call, rule, frame_select(frame, frame->depth, lost, nlost, law),
			state);
}

/* The rows without a key, as one subject whose keys are not known. */
static void judge_keyless(const Groups *groups)
{
	Fast *fast = groups->call->fast;
	int depth = fast_depth_take(fast);
	Frame *frame = frame_new(fast, depth, 1);
	frame->law = col_fixed(frame, NO_DAY);
	for (int32_t k = 0; k < groups->rule->nkeys; k++)
		frame->slot[k] = col_unknown(frame, groups->rule->key[k].expr->type);
	Out rows = out_rows(frame, true);
	rows.rows[0] = (RowSpan){groups->keyless, groups->nkeyless};
	frame->group = out_done(frame, &rows);
	fast_judge_open(groups->call, groups->rule, frame, &groups->keyless_state);
	fast_depth_give(fast);
}

/* As many groups at once as fit with all their rows into one child frame. A group that is longer
 * than a chunk comes alone. */
static int32_t batch_end(const Groups *groups, int32_t from)
{
	int32_t end = from + 1, start = groups->start[from];
	while (end < groups->n && end - from < BATCH && groups->start[end + 1] - start <= CHUNK)
		end++;
	return end;
}

/* Memory of the batch is given back after each: a dataset may have a million groups. Rows without
 * a key are nobody's when one provider is looked at, and are named by the first text of a rule
 * alone. */
static void judge_all(Groups *groups)
{
	Call *call = groups->call;
	lay_out(groups);
	for (int32_t from = 0; from < groups->n && call->status == 0;) {
		int32_t end = batch_end(groups, from);
		int depth = fast_depth_take(call->fast);
		judge_some(groups, groups_frame(groups, depth, from, end - from), groups->open + from);
		fast_depth_give(call->fast);
		arena_reset(&call->fast->scratch);
		from = end;
	}
	if (groups->nkeyless > 0 && call->status == 0 && call->fast->only < 0 &&
	    !groups->rule->follows)
		judge_keyless(groups);
}

/* Most keys are rows and periods: then no text has to be compared. */
static Groups groups_new(Call *call, const Rule *rule)
{
	Groups groups = {.call = call, .rule = rule, .plain = true};
	for (int32_t k = 0; k < rule->nkeys; k++)
		groups.plain = groups.plain && rule->key[k].expr->type.kind != TYPE_TEXT &&
			!rule->key[k].expr->type.ratio;
	return groups;
}

/* Conditions that have to wait for the law date are left to narrow_groups. */
static const Expr *undated(const Expr *expr)
{
	return is_dated(expr) ? NULL : expr;
}

/* All rules look at the same rows, and have as many keys. */
void fast_judge_groups(Call *call, RuleSet set)
{
	const Rule *first = set.rule[0];
	Groups *groups = mem_alloc(mem_product(sizeof(Groups), (size_t)set.n));
	for (int32_t r = 0; r < set.n; r++)
		groups[r] = groups_new(call, set.rule[r]);
	GroupSet all = {call, groups, set.n};
	Sieve sieve = {.call = call, .covered = undated(first->covered),
		.filter = undated(first->filter), .slot = first->nkeys, .take = take_batch, .user = &all};
	fast_sieve(&sieve, first->dataset);
	for (int32_t r = 0; r < set.n; r++) {
		if (call->status == 0)
			judge_all(&groups[r]);
		groups_free(&groups[r]);
	}
	free(groups);
}
