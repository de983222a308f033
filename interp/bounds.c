/*
 * The search for the least and the most. A box is a range of values for each missing fact; its
 * claim lies in an interval that may be too wide. Halving the box makes it narrower, down to single
 * values, where it is exact. The box that promises most is halved first:
 *
 *   spent 0 .. 24 hours   -£520 .. £11.30    ──┬── 0 .. 12 hours    -£260 .. £11.30
 *                                              └── 12 .. 24 hours    £0 .. £0
 *
 * Every box holds at least one filling, so no box can claim less than another one surely does: the
 * search ends when the best promise is kept. The two corners are tried first, since most sums only
 * rise or fall with what is missing.
 */
#include "interp/bounds_private.h"

#include <stdlib.h>
#include <string.h>

#define BOXES_ONE 3000  /* for a single fact: 1,400 values and all the ranges above them */
#define BOXES_MANY 160  /* for several */
#define FACTS_MOST 24   /* facts whose values are searched; of more, only the widest box */
#define SHOWN_FACTS 3

/* ---- facts ---- */

/* A field is one fact under every law date; a define is one under each. */
static bool same_place(const Filling *a, const Filling *b)
{
	return a->field == b->field && a->row == b->row && a->dataset == b->dataset &&
		a->define == b->define && (a->field >= 0 || a->law_day == b->law_day);
}

/* Facts are few; fact.n when it is new. Steps to other rows are told apart by name. A step has
 * neither field nor define, and of one row several may be lost (logs, previous). */
static size_t find_fact(const Bounder *b, const Fact *fact)
{
	size_t i = 0;
	while (i < b->fact.n && !(same_place(&b->fact.at[i].place, &fact->place) &&
	       str_eq(b->fact.at[i].name, fact->name)))
		i++;
	return i;
}

/* A number as a column holds it, in base units. The scale is one that the checker chose, so that
 * this always fits. */
static Ratio end_of(Type type, int64_t n)
{
	Ratio out = {n, 1};
	if (type.kind == TYPE_QUANTITY)
		ratio_make(n, type.scale, &out);
	return out;
}

/* Before any box: with one end, or with none, as far as the data's declaration goes. */
static Bound all_values(const Fact *fact)
{
	Bound out = bound_any();
	out.has_lo = fact->has_least;
	out.has_hi = fact->has_most;
	out.lo = end_of(fact->type, fact->least);
	out.hi = end_of(fact->type, fact->most);
	if (fact->has_least && fact->has_most)
		out = bound_between(fact->type, out.lo, out.hi);
	return out;
}

/* Only between two ends there is something to halve. */
static bool is_bounded(const Fact *fact)
{
	return fact->has_least && fact->has_most;
}

/* Facts that a box does not know yet were met while it was looked at. They have all their values
 * until the next look, which knows them. */
static Bound values_in(const Bounder *b, size_t i)
{
	const Fact *fact = &b->fact.at[i];
	if (i >= b->nbox || !is_bounded(fact))
		return all_values(fact);
	return bound_between(fact->type, end_of(fact->type, b->box[i].lo),
		end_of(fact->type, b->box[i].hi));
}

/* In one box alone nothing has to be kept of a fact, so that a figure may lack any number of them.
 * One that is answered elsewhere would change what was worked out there. */
static Bound fact_of_figure(Bounder *b, const Fact *fact)
{
	if (b->answered > 0)
		return bound_missing();
	b->lost = b->lost || figure_facts_mixed(b->facts, &fact->place);
	return all_values(fact);
}

/* A finding with nothing at stake has no sum to bound, and its list of facts is for reading. */
static size_t asked_most(const Bounder *b)
{
	return b->rule->stake != NULL ? LIMIT_ASKED : LIMIT_ASKED_IDLE;
}

/* What stands only where the rule answers its absence is missing for good. A full list ends it all:
 * what is claimed could then be anything, which is what bad says. */
Bound bound_fact(Bounder *b, const Fact *fact)
{
	b->eval.open++;
	if (b->facts != NULL)
		return fact_of_figure(b, fact);
	if (b->full)
		return bound_bad();
	size_t i = find_fact(b, fact);
	if (i == b->fact.n && b->answered > 0)
		return bound_missing();
	if (i == asked_most(b)) {
		b->full = true;
		return bound_bad();
	}
	if (i == b->fact.n)
		*vec_push(&b->fact) = *fact;
	return values_in(b, i);
}

/* Neither a field nor a define: nothing is ever filled in for it. */
void bound_ask(Bounder *b, int32_t dataset, int64_t row, Str name)
{
	Fact fact = {.place = {.dataset = dataset, .field = -1, .define = -1, .row = (int32_t)row},
		.name = name};
	b->eval.open++;
	if (b->facts == NULL && find_fact(b, &fact) == b->fact.n && b->fact.n < asked_most(b))
		*vec_push(&b->fact) = fact;
}

/* ---- one box ---- */

/* To the explaining evaluator a fact with several values is a conflict: nothing passes over that as
 * it would over what is missing. Steps are never filled in: which rows belong together is not
 * guessed. */
static void fill_in(Bounder *b)
{
	b->filling.n = 0;
	for (size_t i = 0; i < b->fact.n; i++) {
		const Fact *fact = &b->fact.at[i];
		if (fact->place.field < 0 && fact->place.define < 0)
			continue;
		Bound bound = values_in(b, i);
		Filling *filling = vec_push(&b->filling);
		*filling = fact->place;
		filling->value = bound.value;
		filling->value.state = bound.known ? STATE_KNOWN : STATE_CONFLICT;
	}
	b->fill = (Fillings){.at = b->filling.at, .n = (int32_t)b->filling.n};
}

/* Every box begins afresh: what was worked out under another one does not hold. Slots behind those
 * of the subject are scratch, and unknown until something binds them. */
static Claimed look_at(Bounder *b, const Slice *box, size_t nbox)
{
	int32_t nslots = b->rule->nslots + 2;
	b->box = box;
	b->nbox = nbox;
	fill_in(b);
	arena_reset(&b->arena);
	b->memo = (BoundMemos){0};
	b->maybe = NULL;
	b->slot = ARENA_ARRAY(&b->arena, Value, (size_t)nslots);
	for (int32_t i = 0; i < nslots; i++)
		b->slot[i].state = STATE_UNKNOWN;
	int32_t keys = b->rule->subject == SUBJECT_GROUP ? b->rule->nkeys
		: b->rule->subject == SUBJECT_ROW ? 1 : 2;
	memcpy(b->slot, b->subject, sizeof(Value) * (size_t)keys);
	eval_begin(&b->eval, &b->walk, b->group);
	b->eval.subject = b->eval.keep != NULL ? b->slot : NULL;
	b->eval.whole = b->rule->subject != SUBJECT_GROUP;
	Claimed out = bound_subject(b);
	b->steps = bound_spent(b);
	eval_end(&b->eval);
	b->eval.steps = b->eval.spared = 0;
	return out;
}

/* ---- the search ---- */

/* A corner is a single filling, which lies in a box that is searched as well: it is there for what
 * it surely claims, and is passed over where boxes are counted. */
typedef struct Node {
	Slice *box;
	bool split, corner;
	bool nothing, some;
	bool has_lo, has_hi;
	Ratio lo, hi;           /* of what it claims, nothing included */
} Node;

/* Nodes are never taken out: a box that was halved stays as `split`, and its halves stand behind
 * it. So all that are neither split nor corner together are the widest box. */
typedef struct Search {
	Bounder *b;
	size_t nfacts;          /* of a box */
	VEC(Node) node;
	size_t most;            /* boxes that may be looked at */
} Search;

/*
 * A claim of nothing counts as £0 beside what failures claim.
 *
 *   claims     could it pass   lo .. hi of the node
 *   £3 .. £5   no              £3 .. £5
 *   £3 .. £5   yes             £0 .. £5
 *   none       yes             £0 .. £0
 *   £3 ..      yes             £0 ..          without an end above
 */
static void put_claim(Node *node, const Claimed *claimed)
{
	const Ratio nought = {0, 1};
	node->nothing = claimed->nothing;
	node->some = claimed->some;
	node->has_lo = !claimed->some || claimed->stake.has_lo;
	node->has_hi = !claimed->some || claimed->stake.has_hi;
	node->lo = claimed->some && node->has_lo ? claimed->stake.lo : nought;
	node->hi = claimed->some && node->has_hi ? claimed->stake.hi : nought;
	if (claimed->nothing && node->lo.n > 0)
		node->lo = nought;
	if (claimed->nothing && node->hi.n < 0)
		node->hi = nought;
}

/* The box belongs to the node from here on. */
static void put_node(Search *search, Slice *box, bool corner, const Claimed *claimed)
{
	Node *node = vec_push(&search->node);
	*node = (Node){.box = box, .corner = corner};
	put_claim(node, claimed);
}

/* Looked at once. */
static void add_node(Search *search, Slice *box, bool corner)
{
	Claimed claimed = look_at(search->b, box, search->nfacts);
	put_node(search, box, corner, &claimed);
}

/* In the caller's arena: the search's own is emptied for each box. */
static Slice *new_box(const Search *search)
{
	return ARENA_ARRAY(search->b->asked->arena, Slice, search->nfacts + 1);
}

/* All facts at their least, or all at their most; corners are never halved. A fact without two ends
 * keeps all of its values also there. */
static void add_corner(Search *search, bool high)
{
	Slice *box = new_box(search);
	for (size_t i = 0; i < search->nfacts; i++) {
		const Fact *fact = &search->b->fact.at[i];
		if (is_bounded(fact))
			box[i].lo = box[i].hi = high ? fact->most : fact->least;
	}
	add_node(search, box, true);
}

/* The end of a node's claim that the search is after, turned so that more is better. One search
 * does for both ends so: for the least, the low end with its sign turned. */
static bool promise(const Node *node, bool most, Ratio *out)
{
	*out = most ? node->hi : (Ratio){-node->lo.n, node->lo.d};
	return most ? node->has_hi : node->has_lo;
}

/* What its fillings surely come to, in the same turn. The other end of the interval: whatever
 * filling of the box is taken, it comes to that at least. */
static bool kept(const Node *node, bool most, Ratio *out)
{
	return promise(node, !most, out) && (out->n = -out->n, true);
}

static bool is_open(const Node *node)
{
	return !node->split && !node->corner;
}

/* Whether a promises more than b; without end is most, and of equals the earlier. Ties go by
 * number, so that two runs halve the same boxes (law 8). */
static bool promises_more(const Search *search, size_t a, size_t b, bool most)
{
	Ratio of_a, of_b;
	bool a_ends = promise(&search->node.at[a], most, &of_a);
	bool b_ends = promise(&search->node.at[b], most, &of_b);
	if (!a_ends || !b_ends)
		return a_ends == b_ends ? a < b : b_ends;
	int order = ratio_cmp(of_a, of_b);
	return order != 0 ? order > 0 : a < b;
}

/* The box that promises most. The first node, or what became of it, is always open. */
static size_t most_promising(const Search *search, bool most)
{
	size_t best = SIZE_MAX;
	for (size_t i = 0; i < search->node.n; i++)
		if (is_open(&search->node.at[i]) &&
		    (best == SIZE_MAX || promises_more(search, i, best, most)))
			best = i;
	return best;
}

/* One end's search: open boxes as a heap, the most promising first; and the most that some filling
 * surely comes to. The heap holds numbers of nodes, since these move when their list grows. */
typedef struct Queue {
	Search *search;
	bool most;
	VEC(size_t) heap;
	bool any_kept, endless;  /* endless: a corner without end on this side */
	Ratio kept;
} Queue;

static void swap(Queue *queue, size_t a, size_t b)
{
	size_t old = queue->heap.at[a];
	queue->heap.at[a] = queue->heap.at[b];
	queue->heap.at[b] = old;
}

static bool goes_before(const Queue *queue, size_t a, size_t b)
{
	return promises_more(queue->search, queue->heap.at[a], queue->heap.at[b], queue->most);
}

/* Corners and boxes that were split before only bring what they surely come to. */
static void queue_add(Queue *queue, size_t i)
{
	const Node *node = &queue->search->node.at[i];
	Ratio sure;
	if (kept(node, queue->most, &sure) &&
	    (!queue->any_kept || ratio_cmp(sure, queue->kept) > 0)) {
		queue->kept = sure;
		queue->any_kept = true;
	}
	if (node->corner && !promise(node, queue->most, &sure))
		queue->endless = true;
	if (!is_open(node))
		return;
	size_t at = queue->heap.n;
	*vec_push(&queue->heap) = i;
	for (; at > 0 && goes_before(queue, at, (at - 1) / 2); at = (at - 1) / 2)
		swap(queue, at, (at - 1) / 2);
}

/* There is one. */
static size_t queue_take(Queue *queue)
{
	size_t first = queue->heap.at[0], at = 0;
	queue->heap.at[0] = queue->heap.at[--queue->heap.n];
	for (;;) {
		size_t best = at;
		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < queue->heap.n; child++)
			best = goes_before(queue, child, best) ? child : best;
		if (best == at)
			return first;
		swap(queue, at, best);
		at = best;
	}
}

/* Whether some filling surely comes to as much as this box promises, or is without end too. */
static bool is_kept(const Queue *queue, const Node *node)
{
	Ratio promised;
	if (!promise(node, queue->most, &promised))
		return queue->endless;
	return queue->any_kept && ratio_cmp(queue->kept, promised) >= 0;
}

/* The fact with the most values in the box; nfacts when all have one. */
static size_t widest(const Search *search, const Node *node)
{
	size_t best = search->nfacts;
	uint64_t width = 0;
	for (size_t i = 0; i < search->nfacts; i++) {
		uint64_t values = (uint64_t)node->box[i].hi - (uint64_t)node->box[i].lo;
		if (is_bounded(&search->b->fact.at[i]) && values > width) {
			width = values;
			best = i;
		}
	}
	return best;
}

/* Unsigned, since a range may be as wide as all whole numbers. */
static void halve(Search *search, size_t node, size_t fact)
{
	Slice *left = new_box(search), *right = new_box(search);
	const Slice *whole = search->node.at[node].box;
	memcpy(left, whole, sizeof *whole * search->nfacts);
	memcpy(right, whole, sizeof *whole * search->nfacts);
	uint64_t width = (uint64_t)whole[fact].hi - (uint64_t)whole[fact].lo;
	left[fact].hi = (int64_t)((uint64_t)whole[fact].lo + width / 2);
	right[fact].lo = left[fact].hi + 1;
	search->node.at[node].split = true;
	add_node(search, left, false);
	add_node(search, right, false);
}

/* What is kept changes no value, but the search may get further with it before it comes to its
 * limit. How far it gets must not depend on that: see bounds_of. */
static bool may_go_on(Bounder *b)
{
	if (b->steps < LIMIT_BOUND_STEPS)
		return true;
	b->doubtful = b->walk.keep != NULL;
	return false;
}

/* Ends when the best promise is kept, when nothing is left to halve, or when the boxes run out:
 * then what is promised still holds, but may be too much. The boxes of the first end's search serve
 * the second as well. `+ 2`: a halving makes two, or is not begun. */
static void search_end(Search *search, bool most)
{
	Queue queue = {.search = search, .most = most};
	for (size_t i = 0; i < search->node.n; i++)
		queue_add(&queue, i);
	while (search->node.n + 2 <= search->most && may_go_on(search->b)) {
		size_t at = queue_take(&queue);
		if (is_kept(&queue, &search->node.at[at]))
			break;
		size_t fact = widest(search, &search->node.at[at]);
		if (fact == search->nfacts)
			break;
		halve(search, at, fact);
		queue_add(&queue, search->node.n - 2);
		queue_add(&queue, search->node.n - 1);
	}
	vec_free(&queue.heap);
}

/* ---- what is handed out ---- */

/* As the language writes it. A date, a clock time and a code go by their number, as in a column. */
static void put_value(Buf *buf, const Bounder *b, const Fact *fact, int64_t n)
{
	Value value = {.state = STATE_KNOWN, .n = n};
	if (fact->type.kind == TYPE_QUANTITY)
		value.q = end_of(fact->type, n);
	value_print(buf, b->walk.store, b->walk.book, fact->type, value, b->asked->arena);
}

/* "spent of log L1 0 minutes; outcome of visit V2 missed" */
static Str filling_words(const Search *search, const Node *node)
{
	Bounder *b = search->b;
	Buf buf = {0};
	int32_t shown = 0;
	for (size_t i = 0; i < search->nfacts; i++) {
		const Fact *fact = &b->fact.at[i];
		if (!is_bounded(fact) || shown == SHOWN_FACTS)
			continue;
		buf_puts(&buf, shown++ > 0 ? "; " : "");
		buf_str(&buf, fact->name);
		buf_puts(&buf, " of ");
		buf_str(&buf, b->walk.book->dataset[fact->place.dataset].decl.name);
		buf_char(&buf, ' ');
		buf_str(&buf, store_key(b->walk.store, fact->place.dataset, fact->place.row,
			b->asked->arena));
		buf_char(&buf, ' ');
		put_value(&buf, b, fact, node->box[i].lo);
		if (node->box[i].hi != node->box[i].lo) {
			buf_puts(&buf, " to ");
			put_value(&buf, b, fact, node->box[i].hi);
		}
	}
	return buf_keep(&buf, b->asked->arena);
}

/* A filling that keeps what is promised, else the box that promises it. They are asked in the order
 * in which they were made: the widest, the corners, whose single values read best, the halves. */
static const Node *giver(const Search *search, const Node *best, bool most)
{
	Ratio promised, sure;
	if (!promise(best, most, &promised))
		return best;
	for (size_t i = 0; i < search->node.n; i++)
		if (kept(&search->node.at[i], most, &sure) && ratio_cmp(sure, promised) >= 0)
			return &search->node.at[i];
	return best;
}

/* Certain and harmless are said of all boxes that were not halved further. */
static void put_ends(const Search *search, Bounds *out)
{
	const Node *low = &search->node.at[most_promising(search, false)];
	const Node *high = &search->node.at[most_promising(search, true)];
	out->has_least = low->has_lo;
	out->has_most = high->has_hi;
	out->least = low->lo;
	out->most = high->hi;
	if (out->has_least)
		out->least_at = filling_words(search, giver(search, low, false));
	if (out->has_most)
		out->most_at = filling_words(search, giver(search, high, true));
	bool nothing = false, some = false;
	for (size_t i = 0; i < search->node.n; i++) {
		const Node *node = &search->node.at[i];
		nothing = nothing || (!node->split && !node->corner && node->nothing);
		some = some || (!node->split && !node->corner && node->some);
	}
	out->certain = !nothing;
	out->harmless = !some;
}

/* A define that is filled in is asked for by its facts. Steps to other rows stand among them under
 * their own names. */
static void put_asked(const Bounder *b, Bounds *out)
{
	out->asked = ARENA_ARRAY(b->asked->arena, AskedFact, b->fact.n + 1);
	for (size_t i = 0; i < b->fact.n; i++) {
		const Fact *fact = &b->fact.at[i];
		if (fact->place.define >= 0)
			continue;
		out->asked[out->nasked++] = (AskedFact){
			b->walk.book->dataset[fact->place.dataset].decl.name,
			store_key(b->walk.store, fact->place.dataset, fact->place.row, b->asked->arena),
			fact->name};
	}
}

/* Facts come up as they are met; once more over all of them, for those that a condition passed over
 * as missing before they were met. The last look knew of all facts, each with all its values: that
 * is the widest box, and what is claimed in it comes back. Ends, since facts are only ever added
 * and their number is bounded. */
static Claimed meet_facts(Bounder *b)
{
	size_t before;
	Claimed claimed;
	do {
		before = b->fact.n;
		claimed = look_at(b, NULL, 0);
	} while (b->fact.n > before && !b->full);
	return claimed;
}

/* The first node is the widest box: the only one with too many facts, or nothing at stake. `most`
 * stays 0 where there is nothing to search: then the widest box is all that is looked at. Facts
 * without two ends are never halved, so they do not count. */
static void search_all(Search *search, const Claimed *widest_claim)
{
	Bounder *b = search->b;
	size_t bounded = 0;
	search->nfacts = b->fact.n;
	Slice *box = new_box(search);
	for (size_t i = 0; i < search->nfacts; i++) {
		box[i] = (Slice){b->fact.at[i].least, b->fact.at[i].most};
		bounded += is_bounded(&b->fact.at[i]);
	}
	if (b->rule->stake != NULL && bounded <= FACTS_MOST)
		search->most = bounded == 1 ? BOXES_ONE : BOXES_MANY;
	put_node(search, box, false, widest_claim);
	if (bounded > 0 && search->most > 0 && may_go_on(b)) {
		add_corner(search, false);
		add_corner(search, true);
		search_end(search, true);
		search_end(search, false);
	}
}

/* What is handed out is copied out of the search's memory before that goes. b->walk differs from
 * the caller's in arena, trace and fillings alone. */
static void find_bounds(Bounder *b, Bounds *out)
{
	Search search = {.b = b};
	b->walk = *b->asked;
	b->walk.arena = &b->arena;
	b->walk.trace = NULL;
	b->walk.fill = &b->fill;
	Claimed claimed = meet_facts(b);
	search_all(&search, &claimed);
	if (!b->full)
		put_ends(&search, out);
	put_asked(b, out);
	vec_free(&search.node);
	vec_free(&b->kept_part);
	vec_free(&b->fact);
	vec_free(&b->filling);
	arena_free(&b->arena);
}

/*
 * Certain and harmless are told also of a rule that puts nothing at stake.
 *
 * First with all that the judgement and the first box may keep, where the steps that this spares
 * are counted at no less than they would have been. If that count comes to the limit, once more
 * without keeping anything: so what is found does not depend on what was kept.
 */
void bounds_of(const Walk *walk, const Rule *rule, const Value *slots, RowSpan group, Bounds *out)
{
	Walk plain = *walk;
	Bounder b = {.asked = walk, .rule = rule, .subject = slots, .group = group};
	*out = (Bounds){.least = {0, 1}, .most = {0, 1}};
	find_bounds(&b, out);
	if (b.doubtful) {
		plain.keep = NULL;
		b = (Bounder){.asked = &plain, .rule = rule, .subject = slots, .group = group};
		*out = (Bounds){.least = {0, 1}, .most = {0, 1}};
		find_bounds(&b, out);
	}
	out->has_stake = rule->stake != NULL;
	if (!out->has_stake)
		out->has_least = out->has_most = false;
}
