/*
 * One-to-one matching on a timeline. Three ways, from the commonest to the rarest:
 *
 *   - a visit alone with just the logs that it can take has them;
 *   - where both ends of the windows rise with the visits, a dynamic programme over (slots, logs)
 *     that looks at pairings without crossings only. That is enough: uncrossing a pair of links
 *     keeps both within their windows, does not lengthen them (|d| is convex), and leaves each
 *     visit as many logs as it had;
 *   - elsewhere, successive shortest paths, then exchanges at no cost until the tie rule holds.
 *
 * Why one tie rule fits both. Put two best pairings over each other: what differs is a set of
 * alternating paths and rings, and each has as many links of one as of the other (or one pairing
 * could be made better). So a path that changes which slots are used does not touch which logs
 * are used, and the two sets may be chosen apart. The walk back through the dynamic programme
 * leaves out a slot, or a log, whenever any best pairing can: it finds the earliest set of either,
 * joined in order. "First log to the earliest visit" is that order where it is to be had, and
 * still names a single pairing where windows force a crossing.
 */
#include "interp/match.h"

#include <string.h>

#include "base/limits.h"

#define NEAR_STEPS 4

/* A visit that can take a log. spans[] keeps the order of visits. */
typedef struct Span {
	uint32_t visit;
	uint32_t first, end; /* the logs in its window: first .. end - 1 */
	uint32_t slots;      /* carers, but no more than there are logs */
	uint32_t least;      /* the least `first` of this and all later spans */
} Span;

/* A run of spans that shares no log with the others. */
typedef struct Part {
	const Span *spans;
	size_t n;
	uint32_t first, end; /* their logs, all together */
	size_t slots, pairs;
	bool rising;
	int64_t prize; /* more than all distances of the part together: one pair outweighs them */
} Part;

/* The three ways to get to a cell of the dynamic programme, best liked first. */
enum { LEAVE_SLOT, LEAVE_LOG, PAIR };

/* A slot of the flow network. Log numbers are relative to the part's first log. */
typedef struct Slot {
	int64_t at;
	int64_t price;  /* dual value: price of slot + price of log <= distance */
	uint32_t visit;
	int32_t first, end;
	int32_t log;    /* -1: without */
	int32_t via;    /* the slot that could take this one's log; -1: not reached */
} Slot;

typedef struct Log {
	int64_t at;
	int64_t price;  /* dual value, 0 or less; 0 while nobody has had it */
	int64_t far;    /* length of the shortest path found to it; INT64_MAX: none */
	int32_t slot;   /* -1: without */
	int32_t from;   /* the slot before it on that path */
} Log;

/* Work space grows and is used again by each component: the arena zeroes what it hands out. */
typedef struct Match {
	const MatchInput *in;
	Arena *arena;
	int32_t *visit_of_log;
	int64_t *row;
	uint8_t *steps;
	Slot *slots;
	Log *logs;
	int32_t *list; /* touched logs, or reached slots */
	size_t row_cap, steps_cap, slots_cap, logs_cap, list_cap;
} Match;

typedef struct Flow {
	Slot *slots;
	Log *logs;
	int32_t *list;
	int32_t n_slots, n_logs;
	int32_t n_list, n_settled; /* settled logs stand at the front of the list */
	int64_t prize;             /* the cost of leaving a slot without a log */
} Flow;

static void *reserve(Arena *arena, void *old, size_t *cap, size_t need, size_t item)
{
	if (need <= *cap)
		return old;
	size_t more = *cap < 32 ? 64 : *cap * 2;
	*cap = need > more ? need : more;
	return arena_alloc(arena, mem_product(*cap, item));
}

static int64_t distance(int64_t a, int64_t b)
{
	return a < b ? b - a : a - b;
}

/* ---- the timeline, cut into parts ---- */

/* The first index whose moment is not before the given one, galloping away from the hint. */
static size_t gallop(const int64_t *at, size_t n, size_t hint, int64_t moment)
{
	size_t low = hint, high = hint, step = 1;
	while (high < n && at[high] < moment) {
		low = high + 1;
		high = n - high > step ? high + step : n;
		step *= 2;
	}
	while (low > 0 && at[low - 1] >= moment) {
		high = low - 1;
		low = low > step ? low - step : 0;
		step *= 2;
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (at[middle] < moment)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The same where it mostly is a step or two on, as the next window's end is. */
static inline size_t seek(const int64_t *at, size_t n, size_t hint, int64_t moment)
{
	size_t last = n - hint > NEAR_STEPS ? hint + NEAR_STEPS : n;
	if (hint > 0 && at[hint - 1] >= moment)
		return gallop(at, n, hint, moment);
	while (hint < last && at[hint] < moment)
		hint++;
	return hint < last || hint == n ? hint : gallop(at, n, hint, moment);
}

/* Visits that can take no log are left out, so that their windows neither join nor cross others. */
static size_t list_spans(const MatchInput *in, Span *spans)
{
	size_t n = 0, first = 0, end = 0;
	for (size_t v = 0; v < in->visits; v++) {
		if (in->carers[v] <= 0 || in->lo[v] > in->hi[v])
			continue;
		first = seek(in->log_at, in->logs, first, in->lo[v]);
		end = in->hi[v] == INT64_MAX ? in->logs
		                             : seek(in->log_at, in->logs, end, in->hi[v] + 1);
		if (first == end)
			continue;
		size_t carers = (size_t)in->carers[v], width = end - first;
		Span *span = &spans[n++];
		span->visit = (uint32_t)v;
		span->first = (uint32_t)first;
		span->end = (uint32_t)end;
		span->slots = (uint32_t)(carers < width ? carers : width);
	}
	uint32_t least = UINT32_MAX;
	for (size_t i = n; i-- > 0;) {
		if (spans[i].first < least)
			least = spans[i].first;
		spans[i].least = least;
	}
	return n;
}

/* The part that begins with the first of n spans.
 *
 *   logs     . . . . . . . . . .
 *   spans   [---]     |
 *             [-----] |            a cut: all windows before end where, or before,
 *                     [---]        the earliest of all windows behind begins
 */
static Part cut_part(const Span *spans, size_t n)
{
	Part part = {
		.spans = spans, .n = 1,
		.first = spans->least, .end = spans->end,
		.slots = spans->slots,
		.pairs = (size_t)spans->slots * (spans->end - spans->first),
		.rising = true,
	};
	for (; part.n < n && spans[part.n].least < part.end; part.n++) {
		const Span *span = &spans[part.n];
		part.slots += span->slots;
		part.pairs += (size_t)span->slots * (span->end - span->first);
		if (span->first < span[-1].first || span->end < span[-1].end)
			part.rising = false;
		if (span->end > part.end)
			part.end = span->end;
	}
	return part;
}

static bool farthest(const MatchInput *in, const Span *span, int64_t *out)
{
	int64_t at = in->visit_at[span->visit], before, after;
	if (__builtin_sub_overflow(at, in->log_at[span->first], &before)
	    || __builtin_sub_overflow(in->log_at[span->end - 1], at, &after))
		return false;
	*out = before > after ? before : after;
	return true;
}

/* Sets the prize so that one int64 holds both aims; false when the sum over the most pairs that
 * there can be does not fit. */
static bool set_prize(const MatchInput *in, Part *part)
{
	int64_t sum = 1, most, far;
	for (size_t i = 0; i < part->n; i++) {
		const Span *span = &part->spans[i];
		if (!farthest(in, span, &far) || __builtin_mul_overflow(far, span->slots, &far)
		    || __builtin_add_overflow(sum, far, &sum))
			return false;
	}
	size_t logs = part->end - part->first;
	size_t pairs = part->slots < logs ? part->slots : logs;
	part->prize = sum;
	return !__builtin_mul_overflow(sum, pairs + 2, &most);
}

/* ---- rising windows: a banded dynamic programme ---- */

/* One slot's stretch of the table, in place. row[k] is the best score of the slots so far with
 * the logs up to k; step[k] says how it came about.
 *
 *            log k        each cell is the best of: the one above (leave the slot out),
 *     d  u                the one to the left (leave the log out), the one up and left
 *     l  x   slot         plus a pair; in this order when they are equal
 */
static void fill_slot(const int64_t *log_at, size_t width, int64_t at, int64_t prize, int64_t *row,
                      uint8_t *step)
{
	int64_t diagonal = row[0], left = row[0];
	for (size_t k = 0; k < width; k++) {
		int64_t up = row[k + 1];
		int64_t pair = diagonal + prize - distance(log_at[k], at);
		int64_t best = up;
		uint8_t how = LEAVE_SLOT;
		if (left > best) {
			best = left;
			how = LEAVE_LOG;
		}
		if (pair > best) {
			best = pair;
			how = PAIR;
		}
		diagonal = up;
		row[k + 1] = left = best;
		step[k] = how;
	}
}

/* From the end of the table to its start. Behind a slot's window the table is level, and before
 * it the slot has no say, so only its own stretch of steps is ever asked. */
static void walk_back(const Match *m, const Part *part, const uint8_t *step)
{
	uint32_t log = part->end;
	for (size_t i = part->n; i-- > 0;) {
		const Span *span = &part->spans[i];
		if (log > span->end)
			log = span->end;
		for (uint32_t slot = 0; slot < span->slots; slot++) {
			step -= span->end - span->first;
			while (log > span->first && step[log - 1 - span->first] == LEAVE_LOG)
				log--;
			if (log > span->first && step[log - 1 - span->first] == PAIR)
				m->visit_of_log[--log] = (int32_t)span->visit;
		}
	}
}

static void solve_rising(Match *m, const Part *part)
{
	size_t logs = part->end - part->first, level = 0;
	m->row = reserve(m->arena, m->row, &m->row_cap, logs + 1, sizeof *m->row);
	m->steps = reserve(m->arena, m->steps, &m->steps_cap, part->pairs, sizeof *m->steps);
	m->row[0] = 0;
	uint8_t *step = m->steps;
	for (size_t i = 0; i < part->n; i++) {
		const Span *span = &part->spans[i];
		size_t width = span->end - span->first;
		/* No slot before this one reaches beyond `level`: the row goes on flat. */
		for (; level < span->end - part->first; level++)
			m->row[level + 1] = m->row[level];
		for (uint32_t slot = 0; slot < span->slots; slot++, step += width)
			fill_slot(m->in->log_at + span->first, width, m->in->visit_at[span->visit],
			          part->prize, m->row + (span->first - part->first), step);
	}
	walk_back(m, part, step);
}

/* ---- other windows: successive shortest paths ---- */

/*
 * Slots come in one by one. Each takes the shortest alternating path to a free log, or to a slot
 * (perhaps itself) that then stays without at the cost of the prize. The prices keep all reduced
 * costs at 0 or more, as Dijkstra's method needs; links in use are tight (reduced cost 0).
 */

static bool tight(const Flow *flow, int32_t slot, int32_t log)
{
	const Slot *s = &flow->slots[slot];
	const Log *l = &flow->logs[log];
	return s->price + l->price == distance(s->at, l->at);
}

/* Carries on the paths that reach this slot at this cost. */
static void spread(Flow *flow, int32_t slot, int64_t cost)
{
	const Slot *s = &flow->slots[slot];
	for (int32_t log = s->first; log < s->end; log++) {
		Log *l = &flow->logs[log];
		int64_t far = cost + distance(s->at, l->at) - s->price - l->price;
		if (far >= l->far)
			continue;
		if (l->far == INT64_MAX)
			flow->list[flow->n_list++] = log;
		l->far = far;
		l->from = slot;
	}
}

/* The nearest log that is not settled, brought to the front of those; -1 when there is none. Of
 * equals a free one, which ends the search: ties are common, and can hold a whole part. */
static int32_t nearest(Flow *flow)
{
	if (flow->n_settled == flow->n_list)
		return -1;
	int32_t best = flow->n_settled;
	const Log *found = &flow->logs[flow->list[best]];
	for (int32_t i = best + 1; i < flow->n_list; i++) {
		const Log *log = &flow->logs[flow->list[i]];
		if (log->far < found->far || (log->far == found->far && log->slot < found->slot)) {
			best = i;
			found = log;
		}
	}
	int32_t log = flow->list[best];
	flow->list[best] = flow->list[flow->n_settled];
	flow->list[flow->n_settled] = log;
	return log;
}

/* Moves the prices so that the path just found, of this cost, becomes tight. */
static void reprice(Flow *flow, int32_t newcomer, int64_t cost)
{
	flow->slots[newcomer].price += cost;
	for (int32_t i = 0; i < flow->n_list; i++) {
		Log *log = &flow->logs[flow->list[i]];
		if (i < flow->n_settled) {
			log->price -= cost - log->far;
			flow->slots[log->slot].price += cost - log->far;
		}
		log->far = INT64_MAX;
	}
	flow->n_list = flow->n_settled = 0;
}

/* The log goes to the slot before it on its path, that slot's log to the one before, and so on. */
static void hand_on(Flow *flow, int32_t newcomer, int32_t log)
{
	int32_t slot;
	do {
		slot = flow->logs[log].from;
		int32_t freed = flow->slots[slot].log;
		flow->slots[slot].log = log;
		flow->logs[log].slot = slot;
		log = freed;
	} while (slot != newcomer);
}

static void bring_in(Flow *flow, int32_t newcomer)
{
	int32_t slot = newcomer, loser = newcomer, log;
	int64_t cost = 0, give_up = INT64_MAX;
	for (;;) {
		if (cost + flow->prize - flow->slots[slot].price < give_up) {
			give_up = cost + flow->prize - flow->slots[slot].price;
			loser = slot;
		}
		spread(flow, slot, cost);
		log = nearest(flow);
		if (log < 0 || flow->logs[log].far >= give_up)
			break;
		cost = flow->logs[log].far;
		slot = flow->logs[log].slot;
		if (slot < 0) {
			reprice(flow, newcomer, cost);
			hand_on(flow, newcomer, log);
			return;
		}
		flow->n_settled++;
	}
	reprice(flow, newcomer, give_up);
	log = flow->slots[loser].log;
	flow->slots[loser].log = -1;
	if (log >= 0)
		hand_on(flow, newcomer, log);
}

/* ---- the tie rule on a best pairing ---- */

/*
 * The best pairings are those made of tight links in which every slot with a price below the
 * prize has a log and every log with a price below 0 has a slot. So all of them can be got from
 * the one at hand by moving logs along tight links.
 */

/* Lists the slots that could pass their log, from hand to hand, so that it comes to rest in
 * `start`. Logs before `from` stay where they are. */
static void reach(Flow *flow, int32_t start, int32_t from)
{
	for (int32_t i = 0; i < flow->n_slots; i++)
		flow->slots[i].via = -1;
	flow->slots[start].via = start;
	flow->n_list = 0;
	flow->list[flow->n_list++] = start;
	for (int32_t i = 0; i < flow->n_list; i++) {
		int32_t taker = flow->list[i], end = flow->slots[taker].end;
		int32_t log = flow->slots[taker].first > from ? flow->slots[taker].first : from;
		for (; log < end; log++) {
			int32_t giver = flow->logs[log].slot;
			if (giver < 0 || flow->slots[giver].via >= 0 || !tight(flow, taker, log))
				continue;
			flow->slots[giver].via = taker;
			flow->list[flow->n_list++] = giver;
		}
	}
}

static void join(Flow *flow, int32_t slot, int32_t log)
{
	flow->slots[slot].log = log;
	if (log >= 0)
		flow->logs[log].slot = slot;
}

/* Passes the logs on from `slot` to where reach() started, and gives `slot` the log instead. */
static void pass_on(Flow *flow, int32_t slot, int32_t log)
{
	for (;;) {
		int32_t passed = flow->slots[slot].log, taker = flow->slots[slot].via;
		join(flow, slot, log);
		if (taker == slot)
			return;
		log = passed;
		slot = taker;
	}
}

/* The used slots of best pairings are the bases of a matroid: offering each unused slot once, in
 * exchange for the latest that can be left out instead, ends in the earliest set. */
static void settle_slots(Flow *flow)
{
	for (int32_t unused = flow->n_slots; unused-- > 0;) {
		if (flow->slots[unused].log >= 0)
			continue;
		reach(flow, unused, 0);
		int32_t latest = unused;
		for (int32_t i = 0; i < flow->n_list; i++) {
			int32_t slot = flow->list[i];
			if (slot > latest && flow->slots[slot].price == flow->prize)
				latest = slot;
		}
		pass_on(flow, latest, -1);
	}
}

/* Some reached slot that could take a free log from before the limit; *log is that log. */
static int32_t find_free(const Flow *flow, int32_t limit, int32_t *log)
{
	for (int32_t i = 0; i < flow->n_list; i++) {
		int32_t slot = flow->list[i], end = flow->slots[slot].end;
		for (*log = flow->slots[slot].first; *log < end && *log < limit; ++*log) {
			if (flow->logs[*log].slot < 0 && tight(flow, slot, *log))
				return slot;
		}
	}
	return -1;
}

/* From the last log back: each is let go when an earlier one can stand in. Any will do, since its
 * own turn comes. */
static void settle_logs(Flow *flow)
{
	int32_t first_free = 0; /* no log before it is free, or will be */
	while (first_free < flow->n_logs && flow->logs[first_free].slot >= 0)
		first_free++;
	for (int32_t log = flow->n_logs; log-- > first_free;) {
		int32_t slot = flow->logs[log].slot, earlier;
		if (slot < 0 || flow->logs[log].price < 0)
			continue;
		reach(flow, slot, 0);
		slot = find_free(flow, log, &earlier);
		if (slot < 0)
			continue;
		flow->logs[log].slot = -1;
		pass_on(flow, slot, earlier);
	}
}

/* From the first log on: each goes to the earliest slot that later logs can clear for it. A log
 * that has the first slot of those not yet settled is asked nothing. */
static void settle_pairs(Flow *flow)
{
	int32_t first_open = 0;
	for (int32_t log = 0; log < flow->n_logs; log++) {
		while (first_open < flow->n_slots && flow->slots[first_open].log < log)
			first_open++;
		int32_t earliest = flow->logs[log].slot;
		if (earliest <= first_open)
			continue;
		reach(flow, earliest, log + 1);
		for (int32_t i = 1; i < flow->n_list; i++) {
			int32_t slot = flow->list[i];
			const Slot *s = &flow->slots[slot];
			if (slot < earliest && s->first <= log && log < s->end
			    && tight(flow, slot, log))
				earliest = slot;
		}
		pass_on(flow, earliest, log);
	}
}

static Flow lay_out(Match *m, const Part *part)
{
	size_t n_logs = part->end - part->first, most = n_logs > part->slots ? n_logs : part->slots;
	m->slots = reserve(m->arena, m->slots, &m->slots_cap, part->slots, sizeof *m->slots);
	m->logs = reserve(m->arena, m->logs, &m->logs_cap, n_logs, sizeof *m->logs);
	m->list = reserve(m->arena, m->list, &m->list_cap, most, sizeof *m->list);
	Flow flow = {
		.slots = m->slots, .logs = m->logs, .list = m->list,
		.n_logs = (int32_t)n_logs, .prize = part->prize,
	};
	for (size_t i = 0; i < part->n; i++) {
		const Span *span = &part->spans[i];
		for (uint32_t slot = 0; slot < span->slots; slot++)
			flow.slots[flow.n_slots++] = (Slot){
				.at = m->in->visit_at[span->visit],
				.visit = span->visit,
				.first = (int32_t)(span->first - part->first),
				.end = (int32_t)(span->end - part->first),
				.log = -1,
			};
	}
	for (size_t i = 0; i < n_logs; i++)
		flow.logs[i] = (Log){
			.at = m->in->log_at[part->first + i], .far = INT64_MAX, .slot = -1,
		};
	return flow;
}

static void solve_flow(Match *m, const Part *part)
{
	Flow flow = lay_out(m, part);
	for (int32_t slot = 0; slot < flow.n_slots; slot++)
		bring_in(&flow, slot);
	settle_slots(&flow);
	settle_logs(&flow);
	settle_pairs(&flow);
	for (int32_t slot = 0; slot < flow.n_slots; slot++) {
		const Slot *s = &flow.slots[slot];
		if (s->log >= 0)
			m->visit_of_log[part->first + (uint32_t)s->log] = (int32_t)s->visit;
	}
}

/* ---- the whole ---- */

/* Nearly all visits end here: no rival, and no log too many. */
static bool take_alone(const Span *span, size_t n, int32_t *visit_of_log)
{
	if (span->slots < span->end - span->first || (n > 1 && span[1].least < span->end))
		return false;
	for (uint32_t log = span->first; log < span->end; log++)
		visit_of_log[log] = (int32_t)span->visit;
	return true;
}

static MatchStatus solve_part(Match *m, Part *part, MatchLimits limits)
{
	bool flow = limits.flow_only || !part->rising;
	if (part->pairs > limits.pairs || !set_prize(m->in, part))
		return MATCH_TOO_MANY_PAIRS;
	if (flow && part->slots > limits.flow_slots)
		return MATCH_TOO_MANY_SLOTS;
	if (flow)
		solve_flow(m, part);
	else
		solve_rising(m, part);
	return MATCH_OK;
}

MatchStatus match_run_limited(const MatchInput *input, MatchLimits limits, Arena *scratch,
                              int32_t *visit_of_log)
{
	if (input->logs == 0)
		return MATCH_OK;
	memset(visit_of_log, 0xff, input->logs * sizeof *visit_of_log);
	if (input->visits == 0)
		return MATCH_OK;
	Match m = { .in = input, .arena = scratch, .visit_of_log = visit_of_log };
	Span *spans = ARENA_ROOM(scratch, Span, input->visits);
	size_t n = list_spans(input, spans), next;
	for (size_t i = 0; i < n; i = next) {
		if (take_alone(&spans[i], n - i, visit_of_log)) {
			next = i + 1;
			continue;
		}
		Part part = cut_part(spans + i, n - i);
		next = i + part.n;
		MatchStatus status = solve_part(&m, &part, limits);
		if (status != MATCH_OK)
			return status;
	}
	return MATCH_OK;
}

MatchStatus match_run(const MatchInput *input, Arena *scratch, int32_t *visit_of_log)
{
	MatchLimits limits = {
		.pairs = LIMIT_COMPONENT_PAIRS, .flow_slots = LIMIT_FLOW_SLOTS,
	};
	return match_run_limited(input, limits, scratch, visit_of_log);
}
