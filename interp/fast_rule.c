/*
 * Subjects of rules, batch by batch:
 *
 *   rows ─> (periods, items) ─> on, covers ─┬─> no: not looked at; outside: counted
 *                                           ├─> open: the state is the verdict
 *                                           └─> selected ─> applies ─> exceptions, require ─> hits
 *
 * Rules that ask for the same rows on the same dates and with the same coverage share the selected
 * frame, and with it every column.
 *
 * A batch goes down a tree of frames, each a selection of the one above, and what was worked out
 * above is gathered, not worked out again:
 *
 *   rows of a batch (1024)            on, covers, provider
 *     └ in: inside, covered            applies when
 *         └ applying, when they are few   exceptions, require
 *             └ hits                      stake
 *
 * Every subject is counted once, where it leaves the tree: outside, not applicable, pass, or as a
 * hit that is told to the sink. So counts add up to `seen` (law 5).
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* qsort_r */
#endif
#include "interp/fast_internal.h"
#include "interp/subject.h"

#include <stdlib.h>
#include <string.h>

#define FEW 4 /* one subject in so many, or fewer, makes a frame of its own worth while */

/* ---- frames of subjects ---- */

/* Whether each number is one more than that before it. One OR over all, which the compiler makes
 * wide; unsigned, as numbers of rows may be anything here. */
static bool one_by_one(const int32_t *at, int32_t n)
{
	uint32_t off = 0;
	for (int32_t i = 0; i < n; i++)
		off |= ((uint32_t)at[i] - (uint32_t)i) ^ (uint32_t)at[0];
	return off == 0;
}

/* Rows in order are marked as such: their fields are then copied, not picked. They have their
 * numbers in `v` all the same. */
const Col *fast_rows_col(Pool *pool, RowSpan rows, int32_t from, int32_t n)
{
	int64_t *v = POOL_ARRAY(pool, int64_t, n);
	Col *col = POOL_ARRAY(pool, Col, 1);
	if (rows.at == NULL)
		for (int32_t i = 0; i < n; i++)
			v[i] = from + i;
	else
		for (int32_t i = 0; i < n; i++)
			v[i] = rows.at[from + i];
	*col = (Col){.v = v, .run = rows.at == NULL || one_by_one(rows.at + from, n)};
	return col;
}

static bool in_order(const int32_t *pick, int32_t n)
{
	for (int32_t i = 0; i < n; i++)
		if (pick[i] != i)
			return false;
	return true;
}

/* Mostly all rows of a batch lie inside the window: nothing is then copied but the law dates.
 * Without law dates of its own it has those of the frame above. */
Frame *frame_select(Frame *frame, int depth, const int32_t *pick, int32_t n, const Col *law)
{
	Frame *selected = frame_child(frame, depth, n, pick, -1, NULL);
	selected->whole = n == frame->n && in_order(pick, n);
	if (law != NULL) {
		selected->relawed = true;
		selected->law = fast_gather(selected, law);
	}
	return selected;
}

/* S5: within the window of the run and the life of the contract, and in a version that has the rule
 * as it is written there. Day NO_DAY: it is not known, and the first text of the rule says so.
 * Asked by day and not by batch, as a version may begin within one. */
bool fast_law_inside(const Fast *fast, const Rule *rule, int64_t day)
{
	const Contract *contract = &fast->book->contract;
	if (day != NO_DAY && (day < fast->law->from || day > fast->law->to || day < contract->from ||
	    day > contract->to))
		return false;
	if (contract->nversions <= 1)
		return contract->published <= fast->law->known_on;
	return law_holds(contract, fast->law, rule, (int32_t)day);
}

/* ---- telling the sink ---- */

/* Verdicts of the subjects of a frame. */
typedef struct Verdicts {
	uint8_t *verdict;
	bool *overflow;
} Verdicts;

/* Verdicts are written by whoever fills them; overflow is mostly none. */
static Verdicts verdicts_new(Frame *frame)
{
	Verdicts all = {POOL_ARRAY(frame->pool, uint8_t, frame->n),
		POOL_ARRAY(frame->pool, bool, frame->n)};
	memset(all.overflow, 0, sizeof(bool) * (size_t)frame->n);
	return all;
}

/* A contradiction is named as one, all else that stands in the way is not assessed (S34). */
static uint8_t open_verdict(uint8_t state)
{
	return state == STATE_CONFLICT ? VERDICT_CONFLICT : VERDICT_NOT_ASSESSED;
}

/* What is not assessed and what passes puts nothing at stake. */
static bool has_money(uint8_t verdict)
{
	return verdict == VERDICT_FAIL || verdict == VERDICT_CONFLICT;
}

/* Evidence names rows by key, so groups are handed over in that order (law 8). */
static int by_key(const void *a, const void *b, void *user)
{
	const Rule *rule = ((void **)user)[0];
	Fast *fast = ((void **)user)[1];
	return store_key_cmp(fast->store, rule->dataset, *(const int32_t *)a, *(const int32_t *)b,
		&fast->scratch);
}

/* Groups come in order of row numbers, which may be that of keys already. A copy: the rows of a
 * group are the group's, in the order of the store. */
static RowSpan sorted_by_key(Fast *fast, Pool *pool, const Rule *rule, RowSpan rows)
{
	const void *user[2] = {rule, fast};
	int32_t *copy = POOL_ARRAY(pool, int32_t, rows.n + 1);
	memcpy(copy, rows.at, sizeof(int32_t) * (size_t)rows.n);
	for (int32_t i = 1; i < rows.n; i++) {
		if (by_key(&copy[i - 1], &copy[i], user) <= 0)
			continue;
		qsort_r(copy, (size_t)rows.n, sizeof(int32_t), by_key, user);
		break;
	}
	arena_reset(&fast->scratch);
	return (RowSpan){copy, rows.n};
}

/* A finding without a known sum stands all the same (S71). Exact: pence are made when it is shown
 * (S82). */
static void fill_stake(FastHit *hit, const Rule *rule, const Col *stake, int32_t i)
{
	hit->has_stake = true;
	hit->stake_known = state_of(stake, i) == STATE_KNOWN;
	if (hit->stake_known)
		hit->stake = fast_ratio_at(stake, rule->stake->type, i);
}

/* As the rows were gathered, before any were left out under the law date. Up to the frame in which
 * groups were gathered. */
static const Col *whole_group(Frame *frame)
{
	return frame->outer == NULL ? frame_group(frame)
		: fast_gather(frame, whole_group(frame->outer));
}

/* Whether the law date, or a condition, can leave rows of the gathered group out. */
static bool narrows(const Rule *rule)
{
	return (rule->covered != NULL && rule->covered->dated) ||
		(rule->filter != NULL && rule->filter->dated);
}

/* Slots of the subject come first, whatever the rule binds besides. */
static void fill_subject(FastHit *hit, const Rule *rule, Frame *frame, int32_t i)
{
	Pool *pool = frame->pool;
	int32_t n = subject_nslots(rule);
	int64_t *slot = POOL_ARRAY(pool, int64_t, n + 1);
	uint8_t *state = POOL_ARRAY(pool, uint8_t, n + 1);
	for (int32_t k = 0; k < n; k++) {
		const Col *col = frame_slot(frame, k);
		state[k] = state_of(col, i);
		slot[k] = state[k] == STATE_KNOWN ? col->v[at_of(col, i)] : 0;
	}
	hit->slot = slot;
	hit->slot_state = state;
	hit->nslots = n;
	if (rule->subject == SUBJECT_GROUP) {
		const Col *group = frame_group(frame);
		hit->group = sorted_by_key(frame->fast, pool, rule, group->rows[at_of(group, i)]);
		hit->whole = hit->group;
		if (narrows(rule)) {
			const Col *whole = whole_group(frame);
			hit->whole = sorted_by_key(frame->fast, pool, rule, whole->rows[at_of(whole, i)]);
		}
	}
}

/* Stake of those of the hits that are about money: the frame of the hits has them all. For those
 * that are not assessed too, as they are in the frame: nobody looks. */
static const Col *work_out_stake(const Rule *rule, Frame *hits, const uint8_t *verdict,
	const int32_t *pick)
{
	bool wanted = false;
	for (int32_t i = 0; i < hits->n; i++)
		wanted = wanted || has_money(verdict[pick[i]]);
	return rule->stake == NULL || !wanted ? NULL : fast_eval(hits, rule->stake);
}

/* Stakes are worked out over the hits alone, a small frame that takes what the rule has worked out
 * already. A sink that says stop is not called again. */
static void tell_hits(Call *call, const Rule *rule, Frame *hits, const Verdicts *all,
	const int32_t *pick)
{
	const Col *stake = work_out_stake(rule, hits, all->verdict, pick);
	const Col *law = frame_law(hits);
	for (int32_t i = 0; i < hits->n && call->status == 0; i++) {
		uint8_t verdict = all->verdict[pick[i]];
		FastHit hit = {.rule = (int32_t)(rule - call->fast->book->rule),
			.verdict = (Verdict)verdict, .overflow = all->overflow[pick[i]], .stake = {0, 1}};
		hit.on = (int32_t)law->v[at_of(law, i)];
		if (stake != NULL && has_money(verdict))
			fill_stake(&hit, rule, stake, i);
		fill_subject(&hit, rule, hits, i);
		call->status = call->sink(call->user, &hit);
	}
}

/* Passes and what is not applicable are counted and forgotten: most subjects are one of these. */
static bool is_hit(uint8_t verdict)
{
	return verdict != VERDICT_PASS && verdict != VERDICT_NOT_APPLICABLE;
}

/* Counts are by rule of the book, not of the set that is judged. */
static FastCount *count_of(const Call *call, const Rule *rule)
{
	return &call->count[rule - call->fast->book->rule];
}

/* Counts add up to the subjects of the frame (law 5). */
static void tell(Call *call, const Rule *rule, Frame *frame, const Verdicts *all)
{
	FastCount *count = count_of(call, rule);
	int32_t *pick = POOL_ARRAY(frame->pool, int32_t, frame->n), n = 0;
	count->seen += frame->n;
	for (int32_t i = 0; i < frame->n; i++) {
		count->verdict[all->verdict[i]]++;
		count->overflow += all->overflow[i];
		pick[n] = i;
		n += is_hit(all->verdict[i]);
	}
	if (n > 0)
		tell_hits(call, rule, frame_select(frame, frame->depth, pick, n, NULL), all, pick);
}

/* Subjects whose law date or coverage is open: they are looked at, and named (S3, S24). What the
 * rule asks is not asked of them. */
void fast_judge_open(Call *call, const Rule *rule, Frame *frame, const uint8_t *state)
{
	Verdicts all = verdicts_new(frame);
	for (int32_t i = 0; i < frame->n; i++) {
		all.verdict[i] = open_verdict(state[i]);
		all.overflow[i] = state[i] == STATE_FAULT;
	}
	tell(call, rule, frame, &all);
}

/* ---- what the rule asks ---- */

/* S33: an exception without `then` makes the rule not applicable. CHOICE_NONE is 2, the last of
 * by_value. */
static void verdicts_of(const Verdicts *all, int32_t n, const Col *test)
{
	static const uint8_t by_value[] = {VERDICT_FAIL, VERDICT_PASS, VERDICT_NOT_APPLICABLE};
	for (int32_t i = 0; i < n; i++) {
		uint8_t state = state_of(test, i);
		all->verdict[i] = state == STATE_KNOWN ? by_value[test->v[at_of(test, i)]]
			: open_verdict(state);
		all->overflow[i] = state == STATE_FAULT;
	}
}

/* What `applies when` says stands above the test, also where it is open (S24). */
static void leave_out(const Verdicts *all, int32_t n, const Col *applies)
{
	for (int32_t i = 0; i < n; i++) {
		uint8_t state = state_of(applies, i);
		if (state == STATE_KNOWN && applies->v[at_of(applies, i)] != 0)
			continue;
		all->verdict[i] = state == STATE_KNOWN ? (uint8_t)VERDICT_NOT_APPLICABLE
			: open_verdict(state);
		all->overflow[i] = state == STATE_FAULT;
	}
}

/* Passes and failures of a batch in which nothing is open. */
typedef struct Tally {
	int64_t pass, fail;
} Tally;

/* A test is 0 or 1; only with exceptions also CHOICE_NONE, which is 2. Sums without a branch; of
 * the `all` to which it applies, what does not pass fails. */
static Tally tally(const Rule *rule, const int64_t *test, const int64_t *applies, int32_t n,
	int64_t all)
{
	int64_t pass = 0, none = 0;
	for (int32_t i = 0; i < n; i++)
		pass += test[i] & (applies == NULL ? 1 : applies[i]);
	for (int32_t i = 0; rule->nexcepts > 0 && i < n; i++)
		none += test[i] == CHOICE_NONE && (applies == NULL || applies[i] != 0);
	return (Tally){pass, all - pass - none};
}

/* Most batches are passes and nothing else. times: subjects to which it applies. */
static void tell_plain(Call *call, const Rule *rule, Frame *frame, const Col *test,
	const int64_t *applies, int32_t times)
{
	FastCount *count = count_of(call, rule);
	const int64_t *v = test->v;
	Tally sum = tally(rule, v, applies, frame->n, times);
	count->seen += frame->n;
	count->verdict[VERDICT_PASS] += sum.pass;
	count->verdict[VERDICT_FAIL] += sum.fail;
	count->verdict[VERDICT_NOT_APPLICABLE] += frame->n - sum.pass - sum.fail;
	if (sum.fail == 0)
		return;
	Verdicts all = verdicts_new(frame);
	memset(all.verdict, VERDICT_FAIL, (size_t)frame->n);
	int32_t *pick = POOL_ARRAY(frame->pool, int32_t, frame->n + 1), n = 0;
	for (int32_t i = 0; i < frame->n; i++) {
		pick[n] = i;
		n += v[i] == 0 && (applies == NULL || applies[i] != 0);
	}
	tell_hits(call, rule, frame_select(frame, frame->depth, pick, n, NULL), &all, pick);
}

/* Also where it is open: such subjects are named, not passed over. */
static bool may_apply(const Col *applies, int32_t i)
{
	return state_of(applies, i) != STATE_KNOWN || applies->v[at_of(applies, i)] != 0;
}

/* Where nothing is open `applies` is 0 or 1, and its sum the number. */
static int32_t times_of(const Col *applies, int32_t n)
{
	int64_t times = 0;
	if (is_plain(applies))
		for (int32_t i = 0; i < n; i++)
			times += applies->v[i];
	else
		for (int32_t i = 0; i < n; i++)
			times += may_apply(applies, i);
	return (int32_t)times;
}

/* Subjects to which the rule applies, or may; those to which it does not are counted. When they are
 * few they become a frame of their own, so that the test is worked out for them alone: only then is
 * it worth to copy what other rules have worked out for all. NULL: there is none. */
static Frame *applying(Call *call, const Rule *rule, Frame *frame, const Col *applies,
	int32_t times)
{
	int32_t n = 0;
	if (times * FEW > frame->n)
		return frame;
	FastCount *count = count_of(call, rule);
	count->seen += frame->n - times;
	count->verdict[VERDICT_NOT_APPLICABLE] += frame->n - times;
	if (times == 0)
		return NULL;
	int32_t *pick = POOL_ARRAY(frame->pool, int32_t, frame->n + 1);
	for (int32_t i = 0; i < frame->n; i++) {
		pick[n] = i;
		n += may_apply(applies, i);
	}
	return frame_select(frame, frame->depth, pick, n, NULL);
}

/* The order is walk_judge's: applies when, then exceptions and the test together, as an exception
 * may have a test of its own (S33). */
void fast_judge_frame(Call *call, const Rule *rule, Frame *frame)
{
	const Type yes_no = {.kind = TYPE_YES_NO, .scale = 1};
	Choice choice = {rule->require, rule->except, rule->nexcepts, yes_no};
	const Col *applies = NULL;
	int32_t times = frame->n;
	if (rule->applies != NULL) {
		applies = fast_eval(frame, rule->applies);
		times = times_of(applies, frame->n);
		frame = applying(call, rule, frame, applies, times);
		if (frame == NULL)
			return;
		applies = fast_eval(frame, rule->applies);
	}
	const Col *test = fast_choose(frame, &choice);
	if (is_plain(test) && (applies == NULL || is_plain(applies))) {
		tell_plain(call, rule, frame, test, applies == NULL ? NULL : applies->v, times);
		return;
	}
	Verdicts all = verdicts_new(frame);
	verdicts_of(&all, frame->n, test);
	if (applies != NULL)
		leave_out(&all, frame->n, applies);
	tell(call, rule, frame, &all);
}

/* ---- on, covers ---- */

/* The subjects of a frame, sorted by what is to happen to them. */
typedef struct Sorted {
	int32_t *in, nin;
	int32_t *open, nopen;
	uint8_t *state;    /* of the open ones */
	int64_t outside;
} Sorted;

/* Room for all in either list. */
static Sorted sorted_new(Frame *frame)
{
	return (Sorted){.in = POOL_ARRAY(frame->pool, int32_t, frame->n),
		.open = POOL_ARRAY(frame->pool, int32_t, frame->n),
		.state = POOL_ARRAY(frame->pool, uint8_t, frame->n)};
}

/* Places stay in order, so that a selection of all of them is known as such (Frame.whole). */
static void sort_one(Sorted *sorted, int32_t i, uint8_t state)
{
	if (state == STATE_KNOWN) {
		sorted->in[sorted->nin++] = i;
		return;
	}
	sorted->state[sorted->nopen] = state;
	sorted->open[sorted->nopen++] = i;
}

/* A rule that leads to no provider has nothing to say about one. The way to the provider is asked
 * without a law date, as it is when a finding is written. Who leads to no provider is nobody's, and
 * is not counted either. */
const bool *fast_mine(Frame *frame, const Rule *rule)
{
	if (frame->fast->only < 0)
		return NULL;
	bool *mine = POOL_ARRAY(frame->pool, bool, frame->n);
	memset(mine, 0, sizeof(bool) * (size_t)frame->n);
	if (rule->provider == NULL)
		return mine;
	const Col *provider = fast_eval(frame, rule->provider);
	for (int32_t i = 0; i < frame->n; i++)
		mine[i] = state_of(provider, i) == STATE_KNOWN
			&& provider->v[at_of(provider, i)] == frame->fast->only;
	return mine;
}

/* Days that are inside when nobody has amended the contract. */
static void window_of(const Fast *fast, int64_t *from, int64_t *to)
{
	const Contract *contract = &fast->book->contract;
	*from = contract->from > fast->law->from ? contract->from : fast->law->from;
	*to = contract->to < fast->law->to ? contract->to : fast->law->to;
}

/* Nothing is open and all are to be looked at: a loop without branches. The window and the
 * contract's life are one range of days then. */
static Sorted sort_plain(Frame *frame, const int64_t *law, const Col *covered)
{
	Sorted sorted = {.in = POOL_ARRAY(frame->pool, int32_t, frame->n + 1)};
	int32_t *in = sorted.in, n = 0;
	int64_t from, to, looked_at = 0;
	window_of(frame->fast, &from, &to);
	for (int32_t i = 0; i < frame->n; i++) {
		bool ours = covered == NULL || covered->v[i] != 0;
		in[n] = i;
		n += ours & (law[i] >= from) & (law[i] <= to);
		looked_at += ours;
	}
	sorted.nin = n;
	sorted.outside = looked_at - n;
	return sorted;
}

/* Whether a day is inside, asked once for rows of one day that follow each other. */
typedef struct Inside {
	const Fast *fast;
	const Rule *rule;
	int64_t day;
	bool asked, is;
} Inside;

static bool is_inside(Inside *inside, int64_t day)
{
	if (!inside->asked || inside->day != day) {
		inside->is = fast_law_inside(inside->fast, inside->rule, day);
		inside->day = day;
		inside->asked = true;
	}
	return inside->is;
}

/* As sort_plain, where a version may begin within the window: it is asked day by day, and rows of
 * one day mostly follow each other. */
static Sorted sort_amended(Frame *frame, const Rule *rule, const int64_t *law, const Col *covered)
{
	Sorted sorted = {.in = POOL_ARRAY(frame->pool, int32_t, frame->n + 1)};
	Inside inside = {.fast = frame->fast, .rule = rule};
	int32_t *in = sorted.in, n = 0;
	int64_t looked_at = 0;
	for (int32_t i = 0; i < frame->n; i++) {
		bool ours = covered == NULL || covered->v[i] != 0;
		in[n] = i;
		n += ours & is_inside(&inside, law[i]);
		looked_at += ours;
	}
	sorted.nin = n;
	sorted.outside = looked_at - n;
	return sorted;
}

/* A row that the contract does not cover is not even outside: the rule never looks at it. The
 * quickest way is for contracts without amendments, whose rules hold on all days alike. */
static Sorted sort_subjects(Frame *frame, const Rule *rule, const Col *on, const Col *law,
	const Col *covered, const bool *mine)
{
	const Contract *contract = &frame->fast->book->contract;
	bool plain = mine == NULL && on->st == NULL && !law->constant &&
		(covered == NULL || is_plain(covered));
	if (plain && contract->nversions <= 1 && contract->published <= frame->fast->law->known_on)
		return sort_plain(frame, law->v, covered);
	if (plain)
		return sort_amended(frame, rule, law->v, covered);
	Sorted sorted = sorted_new(frame);
	Inside inside = {.fast = frame->fast, .rule = rule};
	for (int32_t i = 0; i < frame->n; i++) {
		uint8_t state = state_of(on, i), other = STATE_KNOWN;
		if (mine != NULL && !mine[i])
			continue;
		if (covered != NULL) {
			other = state_of(covered, i);
			if (other == STATE_KNOWN && covered->v[at_of(covered, i)] == 0)
				continue;
		}
		if (!is_inside(&inside, law->v[at_of(law, i)]))
			sorted.outside++;
		else
			sort_one(&sorted, i, state > other ? state : other);
	}
	return sorted;
}

/* `covers` stands under the subject's own law date like the rest of the rule. In a frame beside, as
 * the columns of this one were worked out without a date. */
static const Col *covered_under(Frame *frame, const Rule *rule, const Col *law)
{
	if (rule->covered == NULL)
		return NULL;
	if (!fast_class_at(frame->fast, rule->covered)->dated)
		return fast_eval(frame, rule->covered);
	return fast_eval(frame_under(frame, law, rule->covered), rule->covered);
}

/* Items of a collection that the rule's `where` refuses are no subjects. They are counted nowhere,
 * as if they were not in the collection. */
static Frame *filtered(Call *call, const Rule *rule, Frame *frame)
{
	const Col *filter = fast_eval(frame, rule->filter);
	Sorted sorted = sorted_new(frame);
	for (int32_t i = 0; i < frame->n; i++) {
		uint8_t state = state_of(filter, i);
		if (state != STATE_KNOWN || filter->v[at_of(filter, i)] != 0)
			sort_one(&sorted, i, state);
	}
	if (sorted.nopen > 0) {
		Frame *open = frame_select(frame, frame->depth, sorted.open, sorted.nopen, NULL);
		fast_judge_open(call, rule, open, sorted.state);
	}
	return sorted.nin == 0 ? NULL
		: frame_select(frame, frame->depth, sorted.in, sorted.nin, NULL);
}

/* Covered, inside, with a law date: what is left is the rule itself. */
static void judge_selected(Call *call, const Rule *rule, Frame *frame)
{
	if (rule->subject == SUBJECT_ROW_IN && rule->filter != NULL)
		frame = filtered(call, rule, frame);
	if (frame != NULL)
		fast_judge_frame(call, rule, frame);
}

/* The latest law date of those inside; NO_DAY when there are none. */
static int32_t last_of(const Sorted *sorted, const Col *law)
{
	int64_t last = NO_DAY;
	for (int32_t i = 0; i < sorted->nin; i++) {
		int64_t day = law->v[at_of(law, sorted->in[i])];
		last = day > last ? day : last;
	}
	return (int32_t)last;
}

/* Of rows, whose date is their own: weeks and months go on when the data have ended. */
static void note_last(FastCount *count, int32_t last)
{
	if (!count->dated || last > count->last)
		count->last = last;
	count->dated = true;
}

/* on: of the rules of the set, or what stands in its place for subjects that are not complete. What
 * comes before the rule itself is done once for the set; each rule has counts of its own. */
static void judge_subjects(Call *call, RuleSet set, Frame *frame, const Col *on)
{
	const Rule *first = set.rule[0];
	const Col *law = fast_law_of(frame, on, first->on->type);
	const Col *covered = set.covered ? NULL : covered_under(frame, first, law);
	Sorted sorted = sort_subjects(frame, first, on, law, covered, fast_mine(frame, first));
	Frame *in = NULL, *open = NULL;
	if (sorted.nin > 0)
		in = frame_select(frame, frame->depth, sorted.in, sorted.nin, law);
	int32_t last = first->subject == SUBJECT_ROW ? last_of(&sorted, law) : NO_DAY;
	if (sorted.nopen > 0)
		open = frame_select(frame, frame->depth, sorted.open, sorted.nopen, law);
	for (int32_t r = 0; r < set.n && call->status == 0; r++) {
		FastCount *count = &call->count[set.rule[r] - call->fast->book->rule];
		count->seen += sorted.outside;
		count->outside += sorted.outside;
		if (last != NO_DAY)
			note_last(count, last);
		if (in != NULL)
			judge_selected(call, set.rule[r], in);
		if (open != NULL)
			fast_judge_open(call, set.rule[r], open, sorted.state);
	}
}

/* ---- rows with a period, rows with an item ---- */

/*
 * Pairs of a row of the frame and what goes into slot 1.
 *
 *   frame of rows        P1            P2       P3 (its end is not known)
 *   pairs        (P1, week 1) (P1, week 2) (P2, week 1)    (P3, nothing)
 *                 └──────── a frame, row by segment ────┘   └ a frame apart: not assessed
 *
 * Pairs may be many more than rows, so they are judged chunk by chunk as they come. At most CHUNK
 * of them at a time.
 */
typedef struct Pairs {
	Call *call;
	RuleSet set;
	Frame *rows;
	int depth;
	int32_t *seg;
	int64_t *second;
	int32_t n;
} Pairs;

/* A depth of its own, since the frame of the rows is still alive below. */
static void pairs_begin(Pairs *pairs)
{
	Fast *fast = pairs->call->fast;
	pairs->depth = fast_depth_take(fast);
	pairs->seg = POOL_ARRAY(fast->pool[pairs->depth], int32_t, CHUNK);
	pairs->second = POOL_ARRAY(fast->pool[pairs->depth], int64_t, CHUNK);
	pairs->n = 0;
}

/* A chunk of pairs is a frame like any other; what looks at the row alone is worked out once for
 * the row. */
static void pairs_judge(Pairs *pairs)
{
	Fast *fast = pairs->call->fast;
	if (pairs->n > 0 && pairs->call->status == 0) {
		Col *second = POOL_ARRAY(fast->pool[pairs->depth], Col, 1);
		*second = (Col){.v = pairs->second};
		Frame *frame = frame_child(pairs->rows, pairs->depth, pairs->n, pairs->seg, 1, second);
		judge_subjects(pairs->call, pairs->set, frame, fast_eval(frame, pairs->set.rule[0]->on));
	}
	fast_depth_give(fast);
}

/* Judges what has come together whenever a chunk is full. */
static void pairs_add(Pairs *pairs, int32_t row, int64_t second)
{
	if (pairs->n == CHUNK) {
		pairs_judge(pairs);
		pairs_begin(pairs);
	}
	pairs->seg[pairs->n] = row;
	pairs->second[pairs->n++] = second;
}

/* Rows whose periods or items are not known: one subject each, with nothing in slot 1. Slot 1 has
 * the state, so that whoever asks for it gets that. */
static void judge_unbound(Call *call, RuleSet set, Frame *rows, const uint8_t *lost)
{
	Pool *pool = rows->pool;
	int32_t *seg = POOL_ARRAY(pool, int32_t, rows->n), n = 0;
	uint8_t *st = POOL_ARRAY(pool, uint8_t, rows->n);
	int64_t *v = POOL_ARRAY(pool, int64_t, rows->n);
	for (int32_t i = 0; i < rows->n; i++) {
		if (lost[i] == STATE_KNOWN)
			continue;
		seg[n] = i;
		v[n] = 0;
		st[n++] = lost[i];
	}
	if (n == 0)
		return;
	Col *nothing = POOL_ARRAY(pool, Col, 1);
	*nothing = (Col){.v = v, .st = st};
	Frame *frame = frame_child(rows, rows->depth, n, seg, 1, nothing);
	judge_subjects(call, set, frame, nothing);
}

/* ---- every period ---- */

typedef struct Span64 {
	int64_t from, to;
} Span64;

/* First and last day of a row's periods; the state when they are not known (S47). Without an end,
 * where the dataset says `lasts`, to the end of the run's window; an end that could not be read is
 * not such (S47). */
static uint8_t period_span(const Rule *rule, const Frame *rows, const Col *from, const Col *to,
	int32_t i, Span64 *span)
{
	const Fast *fast = rows->fast;
	uint8_t a = from == NULL ? (uint8_t)STATE_KNOWN : state_of(from, i);
	uint8_t b = to == NULL ? (uint8_t)STATE_KNOWN : state_of(to, i);
	*span = (Span64){fast->law->from, fast->law->to};
	if (b == STATE_UNKNOWN && rule->every_open &&
	    !store_end_lost(fast->store, rule->every_to, rows->slot[0]->v[at_of(rows->slot[0], i)]))
		b = STATE_KNOWN;
	else if (b == STATE_KNOWN && to != NULL)
		span->to = to->v[at_of(to, i)];
	if (a == STATE_KNOWN && from != NULL)
		span->from = from->v[at_of(from, i)];
	return a > b ? a : b;
}

/* A calendar of holidays may have none that holds the day: then the next one. */
static int32_t first_period(const Calendar *calendar, int64_t day)
{
	int32_t first = calendar_first(calendar, (int32_t)day);
	return first == INT32_MIN ? calendar_next(calendar, (int32_t)day) : first;
}

/* Adds the periods that share a day with the span; false when there are too many. Counted before
 * any is added: too many are one fault, not a hundred thousand subjects. The limit is
 * LIMIT_PERIODS. */
static bool add_periods(Pairs *pairs, const Calendar *calendar, int32_t row, Span64 span)
{
	if (span.from > span.to)
		return true;
	int32_t first = first_period(calendar, span.from);
	int64_t n = 0;
	for (int32_t p = first; p != INT32_MIN && p <= span.to; p = calendar_next(calendar, p))
		if (++n > LIMIT_PERIODS)
			return false;
	for (int32_t p = first; n-- > 0; p = calendar_next(calendar, p))
		pairs_add(pairs, row, p);
	return true;
}

/* A moment as its local day, with the states of the moment. */
static const Col *eval_days(Frame *frame, const Expr *expr)
{
	if (expr == NULL)
		return NULL;
	const Col *col = fast_eval(frame, expr);
	if (expr->type.kind != TYPE_MOMENT)
		return col;
	Col *days = POOL_ARRAY(frame->pool, Col, 1);
	*days = *fast_law_of(frame, col, expr->type);
	days->st = col->st;
	return days;
}

/* Periods that share a day with the span, partial ones too (S48). */
static void judge_periods(Call *call, RuleSet set, Frame *rows)
{
	const Rule *rule = set.rule[0];
	const Calendar *calendar = &call->fast->book->calendar[rule->calendar];
	const Col *from = eval_days(rows, rule->every_from), *to = eval_days(rows, rule->every_to);
	uint8_t *lost = POOL_ARRAY(rows->pool, uint8_t, rows->n);
	Pairs pairs = {.call = call, .set = set, .rows = rows};
	pairs_begin(&pairs);
	for (int32_t i = 0; i < rows->n; i++) {
		Span64 span;
		lost[i] = period_span(rule, rows, from, to, i, &span);
		if (lost[i] == STATE_KNOWN && !add_periods(&pairs, calendar, i, span))
			lost[i] = STATE_FAULT;
	}
	pairs_judge(&pairs);
	judge_unbound(call, set, rows, lost);
}

/* A collection that is not known gives one subject, which is not assessed. */
static void judge_items(Call *call, RuleSet set, Frame *rows)
{
	const Col *lists = fast_eval(rows, set.rule[0]->collection);
	uint8_t *lost = POOL_ARRAY(rows->pool, uint8_t, rows->n);
	Pairs pairs = {.call = call, .set = set, .rows = rows};
	pairs_begin(&pairs);
	for (int32_t i = 0; i < rows->n; i++) {
		lost[i] = state_of(lists, i);
		if (lost[i] != STATE_KNOWN)
			continue;
		RowSpan list = lists->rows[at_of(lists, i)];
		for (int32_t k = 0; k < list.n; k++)
			pairs_add(&pairs, i, list.at == NULL ? k : list.at[k]);
	}
	pairs_judge(&pairs);
	judge_unbound(call, set, rows, lost);
}

/* ---- batches ---- */

/* By the kind of subject; groups have a module of their own. */
static void judge_batch(Call *call, RuleSet set, Frame *rows)
{
	const Rule *first = set.rule[0];
	if (first->subject == SUBJECT_ROW_PERIOD)
		judge_periods(call, set, rows);
	else if (first->subject == SUBJECT_ROW_IN)
		judge_items(call, set, rows);
	else
		judge_subjects(call, set, rows, fast_eval(rows, first->on));
}

/* Only where one provider is looked at: else it does not matter whom the subject leads to. */
static bool same_provider(Fast *fast, const Rule *a, const Rule *b)
{
	return fast_same_class(fast, a->provider, b->provider);
}

/* Whether two rules have the same subjects and law dates. Pairs have slots of their own for each
 * rule, so only plain rows are judged together. */
static bool one_set(Fast *fast, const Rule *a, const Rule *b)
{
	if (a->subject != SUBJECT_ROW || b->subject != SUBJECT_ROW)
		return false;
	if (a->introduced != b->introduced || a->ended != b->ended || a->follows != b->follows)
		return false;
	return fast_class_of(fast, a->on) == fast_class_of(fast, b->on) &&
		(fast->only < 0 || same_provider(fast, a, b));
}

static bool one_coverage(Fast *fast, const Rule *a, const Rule *b)
{
	return fast_same_class(fast, a->covered, b->covered);
}

typedef bool AlikeFn(Fast *fast, const Rule *a, const Rule *b);

/* Rules sorted into sets of those that are alike: set k has the rules from start[k] to
 * start[k + 1]. */
typedef struct Sets {
	const Rule **rule;
	int32_t *start, n;
} Sets;

/* In the order of the first of each; the order of rules within a set is theirs. */
static Sets make_sets(Fast *fast, RuleSet all, AlikeFn *alike)
{
	Pool *pool = &fast->batch_pool;
	Sets sets = {POOL_ARRAY(pool, const Rule *, all.n), POOL_ARRAY(pool, int32_t, all.n + 1), 0};
	bool *done = memset(POOL_ARRAY(pool, bool, all.n), 0, sizeof(bool) * (size_t)all.n);
	int32_t n = 0;
	for (int32_t i = 0; i < all.n; i++) {
		if (done[i])
			continue;
		sets.start[sets.n++] = n;
		for (int32_t k = i; k < all.n; k++) {
			if (done[k] || (k > i && !alike(fast, all.rule[i], all.rule[k])))
				continue;
			done[k] = true;
			sets.rule[n++] = all.rule[k];
		}
	}
	sets.start[sets.n] = n;
	return sets;
}

static RuleSet set_at(const Sets *sets, int32_t k)
{
	return (RuleSet){sets->rule + sets->start[k], sets->start[k + 1] - sets->start[k], false};
}

/* Sets of one coverage. */
typedef struct Covered {
	Call *call;
	Sets sets;
	bool asked;    /* whether they are covered has been asked before */
} Covered;

/* One batch of rows, for all sets. State says that what is covered is open of these: then it is
 * asked again, under the date. */
static void judge_batch_of_rows(void *user, RowSpan rows, int32_t from, int32_t n,
	const uint8_t *state)
{
	const Covered *covered = user;
	Fast *fast = covered->call->fast;
	int depth = fast_depth_take(fast);
	Frame *frame = frame_new(fast, depth, n);
	frame->law = col_fixed(frame, NO_DAY);
	frame->slot[0] = fast_rows_col(frame->pool, rows, from, n);
	for (int32_t k = 0; k < covered->sets.n; k++) {
		RuleSet set = set_at(&covered->sets, k);
		set.covered = covered->asked && state == NULL;
		judge_batch(covered->call, set, frame);
	}
	fast_depth_give(fast);
	arena_reset(&fast->scratch);
}

/* Coverage of the row itself, on whatever date. Then the sieve asks it, before anything else is
 * worked out. */
static bool asked_first(Fast *fast, const Expr *covered)
{
	if (covered == NULL)
		return false;
	const Class *class = fast_class_at(fast, covered);
	return !class->dated && class->free == slot_bit(0);
}

/* All rules have the same dataset. Sets share coverage first, and then subjects and dates. */
void fast_judge_rows(Call *call, RuleSet all)
{
	Fast *fast = call->fast;
	Sets coverages = make_sets(fast, all, one_coverage);
	for (int32_t k = 0; k < coverages.n; k++) {
		RuleSet set = set_at(&coverages, k);
		const Rule *first = set.rule[0];
		Covered covered = {call, make_sets(fast, set, one_set),
			asked_first(fast, first->covered)};
		Sieve sieve = {.call = call, .covered = covered.asked ? first->covered : NULL, .slot = 0,
			.take = judge_batch_of_rows, .user = &covered};
		fast_sieve(&sieve, first->dataset);
	}
}
