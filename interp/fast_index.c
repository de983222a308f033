/*
 * Leaving out rows of a collection that the condition of an aggregate would refuse anyway.
 *
 * Of `x.key = K and x.from < U and x.to > L and …`, where K, U and L do not depend on x, each list
 * gets an index when it is first asked for: its rows by hash of the keys, then by `from`, with the
 * greatest `to` so far beside each.
 *
 *   from      08:00   08:30   09:00   09:10   11:00          U = 09:05, L = 08:50
 *   to        12:00   08:45   09:30   09:20   11:30          rows 0 .. 2 begin before U; going back
 *   greatest  12:00   12:00   12:00   12:00   12:00          from 2, stop where greatest <= L
 *
 * A search begins where the last one in this index ended, since rows mostly come in order of time.
 * Where that does not help, a directory says where each of some equal stretches of hashes, or of
 * times, begins, so that a search looks at a handful of entries wherever it falls:
 *
 *   start[]   0 . 3 . . . 9 . n       hash, or from - least, in equal steps
 *
 * Of several such pairs of bounds the first is the finest. Rows of which it knows too little have
 * an index of their own by the next pair, and a subject that lacks a bound of the first asks the
 * next: a log without its end is looked for by when it began. Of `x <> row` that one row is left
 * out as well, so that a subject in its own list does not find itself.
 *
 * What is left out has a part of an `and` that is known to be no, so the whole is no, whatever the
 * other parts are, unless one of them is a fault (S23). Hence no part may be able to, but for parts
 * that x has no influence on: a subject at which one of these is a fault gets its whole list. Rows
 * whose key or end is not known can never be left out.
 */
#include "interp/fast_internal.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_ROWS 16  /* shorter lists are gone through */
#define MOST_PARTS 8
#define ENTRIES_PER_STRETCH 4
#define AHEAD 8         /* subjects */
#define NEAR 4          /* entries behind the last place that are tried first */
#define SMALL 512       /* entries that a comparing sort does faster */
#define RADIX_BITS 11
#define RADIX ((uint32_t)1 << RADIX_BITS)

/* ---- what a condition offers ---- */

/* One comparison: a side that depends on the row alone, and one that does not depend on it. */
typedef struct Side {
	const Expr *inner, *outer;
	int how;           /* inner how outer */
} Side;

typedef struct Offer {
	int32_t slot;
	uint64_t own;      /* its bit */
	Fast *fast;
	Side equal[MOST_PARTS];
	int nequal;
	Side above[MOST_PARTS], below[MOST_PARTS]; /* bounds from above and from below, as written */
	int nabove, nbelow;
	Side upper, lower; /* those at hand; outer NULL: none */
	const Expr *but;   /* `x <> but`: one row that is refused, whatever its times; or NULL */
	const Expr *guard[MOST_PARTS];
	int nguards;
	bool unsafe;
} Offer;

static uint64_t free_of(const Offer *offer, const Expr *expr)
{
	return fast_class_at(offer->fast, expr)->free;
}

/* Parts that may fault are either guards, which the row has no say in, or forbid all narrowing.
 * Comparisons, and, or and not cannot fault themselves, so their parts are asked. */
static void look_for_faults(Offer *offer, const Expr *expr)
{
	if (!expr->can_fault)
		return;
	if ((free_of(offer, expr) & offer->own) == 0 && offer->nguards < MOST_PARTS) {
		offer->guard[offer->nguards++] = expr;
		return;
	}
	if (expr->op != EXPR_AND && expr->op != EXPR_OR && expr->op != EXPR_NOT &&
	    expr->op != EXPR_COMPARE && expr->op != EXPR_IS_KNOWN) {
		offer->unsafe = true;
		return;
	}
	for (int32_t i = 0; i < expr->nargs; i++)
		look_for_faults(offer, expr->arg[i]);
}

/* K > x.key says the same as x.key < K. */
static int turned(int how)
{
	static const int turn[] = {
		[COMPARE_LT] = COMPARE_GT, [COMPARE_LE] = COMPARE_GE, [COMPARE_EQ] = COMPARE_EQ,
		[COMPARE_NE] = COMPARE_NE, [COMPARE_GE] = COMPARE_LE, [COMPARE_GT] = COMPARE_LT,
	};
	return turn[how];
}

/* Under another law date the values would be others, and the index would be wrong for some
 * subjects. */
static bool inner_side(const Offer *offer, const Expr *expr)
{
	const Class *class = fast_class_at(offer->fast, expr);
	return class->free == offer->own && !class->dated;
}

/* It may depend on the law date: it is worked out in the frame of the subjects. */
static bool outer_side(const Offer *offer, const Expr *expr)
{
	return (free_of(offer, expr) & offer->own) == 0;
}

/* Values of one kind and scale compare as they are held; the rest is left to the condition
 * itself. */
static bool comparable(Type a, Type b)
{
	return a.kind == b.kind && a.ratio == b.ratio && a.scale == b.scale;
}

/* All equalities serve at once, through one hash; of bounds one of each direction. A subject that
 * stands in its own list is mostly the only row that is found, and refused as itself. */
static void offer_side(Offer *offer, Side side)
{
	Type type = side.inner->type;
	if (side.how == COMPARE_NE && side.inner->op == EXPR_SLOT && type.kind == TYPE_ROW)
		offer->but = side.outer;
	bool up = side.how == COMPARE_LT || side.how == COMPARE_LE;
	bool down = side.how == COMPARE_GT || side.how == COMPARE_GE;
	if (side.how == COMPARE_EQ && offer->nequal < MOST_PARTS)
		offer->equal[offer->nequal++] = side;
	else if (up && offer->nabove < MOST_PARTS && !type.ratio)
		offer->above[offer->nabove++] = side;
	else if (down && offer->nbelow < MOST_PARTS && !type.ratio)
		offer->below[offer->nbelow++] = side;
}

/* Only through `and`: under `or` a part that is no proves nothing. */
static void look_for_sides(Offer *offer, const Expr *expr)
{
	if (expr->op == EXPR_AND) {
		look_for_sides(offer, expr->arg[0]);
		look_for_sides(offer, expr->arg[1]);
		return;
	}
	if (expr->op != EXPR_COMPARE || !comparable(expr->arg[0]->type, expr->arg[1]->type))
		return;
	const Expr *a = expr->arg[0], *b = expr->arg[1];
	if (inner_side(offer, a) && outer_side(offer, b))
		offer_side(offer, (Side){a, b, expr->how});
	else if (inner_side(offer, b) && outer_side(offer, a))
		offer_side(offer, (Side){b, a, turned(expr->how)});
}

/* ---- the index of one list ---- */

typedef struct Entry {
	int64_t from, to;    /* to: the greatest so far, of equal hashes */
	int64_t own_to;
	uint32_t hash;
	int32_t row;
} Entry;

/* What a search looks at comes first, in one cache line. */
typedef struct Index {
	Entry *entry;
	int32_t *start;      /* by stretch: its first entry; of nstretches + 1. NULL: not needed so far */
	int64_t least;       /* `from` of the first entry, where all have one hash */
	int32_t nstretches;
	int32_t shift;       /* of from - least; -1: hashes differ, and stretches are of hashes */
	int32_t n;
	int32_t near;        /* where the last search ended */
	int32_t *loose;      /* rows that can never be left out */
	int32_t nloose;
} Index;

/* The expressions that an index is ordered by. */
typedef struct Key {
	int32_t dataset;
	int32_t from, to;    /* classes; -1: none */
	int32_t equal[MOST_PARTS];
	int nequal;
} Key;

/* An index by its list. */
typedef struct Listed {
	const int32_t *at;
	int32_t n;
	Index *index;        /* NULL: the place is free */
} Listed;

/* All indexes of a store by one key: a hash table, a quarter full at most. Each subject of each
 * batch asks for one, so that this has to be a single look nearly always. */
struct Family {
	Family *next;
	Key key;
	Listed *listed;
	int32_t n;
	int shift;           /* 64 - the bits of a place */
};

#define FIRST_BITS 6

struct Narrow {
	Frame *frame;
	const Col *lists;
	Offer offer;
	Family *family;
	const Col *equal[MOST_PARTS], *upper, *lower, *but, *guard[MOST_PARTS];
	bool guarded;        /* a guard or key is not known of some subject */
	Index **index;       /* of each subject's list, NULL where that is short; NULL: not asked yet */
	const uint8_t *open; /* greatest state of what a search looks at, by subject; NULL: all known */
	Narrow *next;        /* by the next pair of bounds, for what this one cannot tell; or NULL */
	int32_t *found;      /* of the list at hand */
	int32_t room;
};

/* Sorts by 11 bits a pass, leaving out passes in which all are alike: six for `from`, three for the
 * hash. */
static uint64_t digit_key(const Entry *entry, int pass, int64_t least)
{
	if (pass < 6)
		return ((uint64_t)entry->from - (uint64_t)least) >> (pass * RADIX_BITS) & (RADIX - 1);
	return entry->hash >> ((pass - 6) * RADIX_BITS) & (RADIX - 1);
}

/* False when all have the same digit, and nothing was moved. */
static bool one_pass(const Entry *from, Entry *to, int32_t n, int pass, int64_t least)
{
	uint32_t start[RADIX] = {0};
	for (int32_t i = 0; i < n; i++)
		start[digit_key(&from[i], pass, least)]++;
	if (start[digit_key(&from[0], pass, least)] == (uint32_t)n)
		return false;
	uint32_t sum = 0;
	for (uint32_t d = 0; d < RADIX; d++) {
		uint32_t count = start[d];
		start[d] = sum;
		sum += count;
	}
	for (int32_t i = 0; i < n; i++)
		to[start[digit_key(&from[i], pass, least)]++] = from[i];
	return true;
}

/* Data in entry order often is. */
static bool in_order(const Entry *entry, int32_t n)
{
	for (int32_t i = 1; i < n; i++)
		if (entry[i].hash < entry[i - 1].hash ||
		    (entry[i].hash == entry[i - 1].hash && entry[i].from < entry[i - 1].from))
			return false;
	return true;
}

static int entry_cmp(const void *left, const void *right)
{
	const Entry *a = left, *b = right;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->from < b->from ? -1 : a->from > b->from;
}

/* Least digits first, so that a stable sort by hash comes last. Most of the nine passes have
 * nothing to do. */
static Entry *sort(Pool *pool, Entry *entry, int32_t n)
{
	if (in_order(entry, n))
		return entry;
	if (n < SMALL) {
		qsort(entry, (size_t)n, sizeof *entry, entry_cmp);
		return entry;
	}
	Entry *other = POOL_ARRAY(pool, Entry, n);
	int64_t least = INT64_MAX;
	for (int32_t i = 0; i < n; i++)
		least = entry[i].from < least ? entry[i].from : least;
	for (int pass = 0; pass < 9; pass++) {
		if (!one_pass(entry, other, n, pass, least))
			continue;
		Entry *swap = entry;
		entry = other;
		other = swap;
	}
	return entry;
}

/* Starts anew with each hash: rows of other keys have no say. */
static void greatest_so_far(Entry *entry, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		entry[i].to = entry[i].own_to;
		if (i > 0 && entry[i - 1].hash == entry[i].hash && entry[i - 1].to > entry[i].to)
			entry[i].to = entry[i - 1].to;
	}
}

/* ---- the directory ---- */

/* Never falls from one entry to the next. Below the least it is the first, beyond the greatest the
 * last. */
static inline int32_t stretch_of(const Index *index, uint32_t hash, int64_t from)
{
	if (index->shift < 0)
		return (int32_t)((uint64_t)hash * (uint32_t)index->nstretches >> 32);
	if (from <= index->least)
		return 0;
	uint64_t stretch = ((uint64_t)from - (uint64_t)index->least) >> index->shift;
	return stretch < (uint64_t)index->nstretches ? (int32_t)stretch : index->nstretches - 1;
}

/* The shift is the least that leaves as many stretches as wanted; a stretch without entries begins
 * where the next does. */
static void make_directory(Pool *pool, Index *index)
{
	const Entry *entry = index->entry;
	int32_t n = index->n, stretch = 0;
	index->nstretches = n / ENTRIES_PER_STRETCH + 1;
	index->start = POOL_ARRAY(pool, int32_t, index->nstretches + 1);
	index->shift = n > 0 && entry[0].hash != entry[n - 1].hash ? -1 : 0;
	if (n > 0 && index->shift == 0) {
		index->least = entry[0].from;
		uint64_t span = (uint64_t)entry[n - 1].from - (uint64_t)entry[0].from;
		while (span >> index->shift >= (uint64_t)index->nstretches)
			index->shift++;
	}
	for (int32_t i = 0; i < n; i++)
		while (stretch <= stretch_of(index, entry[i].hash, entry[i].from))
			index->start[stretch++] = i;
	while (stretch <= index->nstretches)
		index->start[stretch++] = n;
}

/* ---- building ---- */

/* Values of the inner sides over a stretch of the list. */
typedef struct Stretch {
	const Col *equal[MOST_PARTS], *from, *to;
	const int64_t *row;
	int32_t n;
} Stretch;

/* Two rows with one hash and different keys do no harm: the condition is asked of all that are
 * found. */
static uint32_t equal_hash(const Narrow *narrow, const Col *const *equal, int32_t i)
{
	uint64_t h = 0;
	for (int k = 0; k < narrow->offer.nequal; k++)
		h = fast_mix(h, fast_value_hash(equal[k], i, narrow->offer.equal[k].inner->type));
	return (uint32_t)(h >> 16);
}

/* A row that lacks one of them is loose. */
static bool all_known(const Narrow *narrow, const Stretch *part, int32_t i)
{
	for (int k = 0; k < narrow->offer.nequal; k++)
		if (state_of(part->equal[k], i) != STATE_KNOWN)
			return false;
	return (part->from == NULL || state_of(part->from, i) == STATE_KNOWN) &&
		(part->to == NULL || state_of(part->to, i) == STATE_KNOWN);
}

/* No keys, and all known: the usual list of spans of time. */
static bool add_plain(const Narrow *narrow, Index *index, const Stretch *part)
{
	if (narrow->offer.nequal > 0 || part->from == NULL || !is_plain(part->from) ||
	    part->to == NULL || !is_plain(part->to))
		return false;
	Entry *entry = index->entry + index->n;
	for (int32_t i = 0; i < part->n; i++)
		entry[i] = (Entry){.from = part->from->v[i], .own_to = part->to->v[i],
			.row = (int32_t)part->row[i]};
	index->n += part->n;
	return true;
}

static void add_stretch(const Narrow *narrow, Index *index, const Stretch *part)
{
	if (add_plain(narrow, index, part))
		return;
	for (int32_t i = 0; i < part->n; i++) {
		if (!all_known(narrow, part, i)) {
			index->loose[index->nloose++] = (int32_t)part->row[i];
			continue;
		}
		Entry *entry = &index->entry[index->n++];
		*entry = (Entry){.row = (int32_t)part->row[i]};
		entry->hash = equal_hash(narrow, part->equal, i);
		if (part->from != NULL)
			entry->from = part->from->v[at_of(part->from, i)];
		if (part->to != NULL)
			entry->own_to = part->to->v[at_of(part->to, i)];
		/* Without an upper bound the rows stand by the end that the lower one is about. */
		if (part->from == NULL)
			entry->from = entry->own_to;
	}
}

/* A frame over rows of the list alone, without subject and without law date. Inner sides look at
 * nothing else, so that the index serves every subject that has this list. */
static Stretch work_out(const Narrow *narrow, int depth, RowSpan list, int32_t from, int32_t n)
{
	Fast *fast = narrow->frame->fast;
	const Offer *offer = &narrow->offer;
	Frame *frame = frame_new(fast, depth, n);
	const Col *rows = fast_rows_col(frame->pool, list, from, n);
	frame->law = col_fixed(frame, NO_DAY);
	frame->slot[offer->slot] = rows;
	Stretch part = {.n = n};
	int64_t *row = POOL_ARRAY(frame->pool, int64_t, n);
	for (int32_t i = 0; i < n; i++)
		row[i] = list.at == NULL ? from + i : list.at[from + i];
	part.row = row;
	for (int k = 0; k < offer->nequal; k++)
		part.equal[k] = fast_eval(frame, offer->equal[k].inner);
	if (offer->upper.inner != NULL)
		part.from = fast_eval(frame, offer->upper.inner);
	if (offer->lower.inner != NULL)
		part.to = fast_eval(frame, offer->lower.inner);
	return part;
}

/* Chunk by chunk, so that a list of millions does not need columns of millions. */
static void build(const Narrow *narrow, Index *index, RowSpan list)
{
	Fast *fast = narrow->frame->fast;
	Pool *pool = &fast->index_pool;
	index->entry = POOL_ARRAY(pool, Entry, list.n);
	index->loose = POOL_ARRAY(pool, int32_t, list.n);
	for (int32_t from = 0; from < list.n; from += CHUNK) {
		int32_t n = list.n - from < CHUNK ? list.n - from : CHUNK;
		int depth = fast_depth_take(fast);
		Stretch part = work_out(narrow, depth, list, from, n);
		add_stretch(narrow, index, &part);
		fast_depth_give(fast);
	}
	if (index->n > 0)
		index->entry = sort(pool, index->entry, index->n);
	greatest_so_far(index->entry, index->n);
}

/* ---- all indexes of a store ---- */

/* By classes, so that equal conditions of two rules share an index. */
static bool key_equal(const Key *a, const Key *b)
{
	return a->dataset == b->dataset && a->from == b->from && a->to == b->to &&
		a->nequal == b->nequal && (a->nequal == 0 ||
		memcmp(a->equal, b->equal, sizeof(int32_t) * (size_t)a->nequal) == 0);
}

static Listed *places_new(Pool *pool, int shift)
{
	size_t size = sizeof(Listed) << (64 - shift);
	return memset(pool_get(pool, size), 0, size);
}

/* A handful of keys in any store. */
static Family *family_of(Fast *fast, const Key *key)
{
	for (Family *family = fast->family; family != NULL; family = family->next)
		if (key_equal(&family->key, key))
			return family;
	Family *family = POOL_ARRAY(&fast->index_pool, Family, 1);
	*family = (Family){.next = fast->family, .key = *key, .shift = 64 - FIRST_BITS};
	family->listed = places_new(&fast->index_pool, family->shift);
	fast->family = family;
	return family;
}

/* Lists are known by their addresses, which the next store may use for others. */
void fast_index_reset(Fast *fast)
{
	fast->family = NULL;
	pool_reset(&fast->index_pool);
}

/* Where the list is, or would be; the store does not move it. */
static Listed *place_in(const Family *family, RowSpan list)
{
	uint32_t mask = ((uint32_t)1 << (64 - family->shift)) - 1;
	uint32_t h = (uint32_t)((uint64_t)(uintptr_t)list.at * 0x9E3779B97F4A7C15u >> family->shift);
	while (family->listed[h].index != NULL &&
		(family->listed[h].at != list.at || family->listed[h].n != list.n))
		h = (h + 1) & mask;
	return &family->listed[h];
}

/* The old table stays in the pool. */
static void family_grow(Fast *fast, Family *family)
{
	Listed *old = family->listed, *end = old + ((size_t)1 << (64 - family->shift));
	family->shift--;
	family->listed = places_new(&fast->index_pool, family->shift);
	for (; old < end; old++)
		if (old->index != NULL)
			*place_in(family, (RowSpan){old->at, old->n}) = *old;
}

/* Building may make others of the same family, for lists inside the expressions: the place is
 * looked for behind it. */
static Index *index_make(const Narrow *narrow, RowSpan list)
{
	Fast *fast = narrow->frame->fast;
	Family *family = narrow->family;
	Index *index = POOL_ARRAY(&fast->index_pool, Index, 1);
	*index = (Index){0};
	build(narrow, index, list);
	if ((uint64_t)++family->n * 4 > (uint64_t)1 << (64 - family->shift))
		family_grow(fast, family);
	*place_in(family, list) = (Listed){list.at, list.n, index};
	return index;
}

/* Built when a subject first asks: lists that nobody reaches cost nothing. */
static Index *index_of(const Narrow *narrow, RowSpan list)
{
	const Listed *listed = place_in(narrow->family, list);
	return listed->index != NULL ? listed->index : index_make(narrow, list);
}

/* ---- asking ---- */

/* What a search looks for: the first entry that is not below (hash, from); with `past`, that is
 * above. */
typedef struct Search {
	uint32_t hash;
	int64_t from;
	bool past;
} Search;

static bool is_below(const Entry *entry, const Search *search)
{
	if (entry->hash != search->hash)
		return entry->hash < search->hash;
	return search->past ? entry->from <= search->from : entry->from < search->from;
}

/* The place where the last search in this index ended, or one of the next few; -1: it is not. Rows
 * that come in order of time go through each list in steps of one, and then this is all there is to
 * it: no division into stretches, no branch that nobody can foresee. */
static int32_t place_near(const Index *index, const Search *search)
{
	int32_t k = index->near;
	if (k > 0 && !is_below(&index->entry[k - 1], search))
		return -1;
	for (int32_t end = k + NEAR; k < end; k++)
		if (k == index->n || !is_below(&index->entry[k], search))
			return k;
	return -1;
}

/* In its stretch by halves: in all before it entries are below, in all behind it they are not. */
static int32_t place_far(Fast *fast, Index *index, const Search *search)
{
	if (index->start == NULL)
		make_directory(&fast->index_pool, index);
	int32_t stretch = stretch_of(index, search->hash, search->from);
	int32_t low = index->start[stretch], high = index->start[stretch + 1];
	while (low < high) {
		int32_t middle = low + (high - low) / 2;
		if (is_below(&index->entry[middle], search))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int32_t place_of(Fast *fast, Index *index, const Search *search)
{
	int32_t place = place_near(index, search);
	if (place < 0)
		place = place_far(fast, index, search);
	index->near = place;
	return place;
}

/* Bound at subject i; what is not known refuses nobody. */
static int64_t bound_of(const Col *col, int32_t i, int64_t none)
{
	return col == NULL || state_of(col, i) != STATE_KNOWN ? none : col->v[at_of(col, i)];
}

/* Entries of one hash, from the last that begins below the upper bound backwards. `to` is the
 * greatest end so far: where even that is below the lower bound, all entries before are too. */
static int32_t collect(const Narrow *narrow, Index *index, int32_t i, int32_t *found)
{
	uint32_t hash = equal_hash(narrow, narrow->equal, i);
	const Offer *offer = &narrow->offer;
	int64_t upper = bound_of(narrow->upper, i, INT64_MAX);
	int64_t lower = bound_of(narrow->lower, i, INT64_MIN);
	int64_t but = bound_of(narrow->but, i, -1);
	Search search = {hash, upper, offer->upper.how != COMPARE_LT || upper == INT64_MAX};
	int32_t n = 0;
	for (int32_t k = place_of(narrow->frame->fast, index, &search); k-- > 0;) {
		const Entry *entry = &index->entry[k];
		if (entry->hash != hash || entry->to < lower)
			break;
		found[n] = entry->row;
		n += (entry->own_to >= lower) & (entry->row != but);
	}
	return n;
}

static bool bounds_known(const Narrow *narrow, int32_t i)
{
	return (narrow->upper == NULL || state_of(narrow->upper, i) == STATE_KNOWN) &&
		(narrow->lower == NULL || state_of(narrow->lower, i) == STATE_KNOWN);
}

static int32_t find_in(Narrow *narrow, Index *index, int32_t i, int32_t *found);

/* A short list is handed out as it is. As deep as there are pairs of bounds. */
static int32_t find_rows(Narrow *narrow, RowSpan list, int32_t i, int32_t *found)
{
	if (list.n < LEAST_ROWS) {
		for (int32_t k = 0; k < list.n; k++)
			found[k] = list.at == NULL ? k : list.at[k];
		return list.n;
	}
	if (narrow->next != NULL && !bounds_known(narrow, i))
		return find_rows(narrow->next, list, i, found);
	return find_in(narrow, index_of(narrow, list), i, found);
}

/* Loose rows are looked for in an index of their own by the next pair. */
static int32_t find_in(Narrow *narrow, Index *index, int32_t i, int32_t *found)
{
	int32_t n = collect(narrow, index, i, found);
	RowSpan loose = {index->loose, index->nloose};
	if (loose.n == 0)
		return n;
	if (narrow->next != NULL)
		return n + find_rows(narrow->next, loose, i, found + n);
	memcpy(found + n, loose.at, sizeof *found * (size_t)loose.n);
	return n + loose.n;
}

/* A fault has to be found by the condition itself, and a key that is not known refuses nobody. */
static bool must_have_all(const Narrow *narrow, int32_t i)
{
	if (!narrow->guarded)
		return false;
	for (int k = 0; k < narrow->offer.nguards; k++)
		if (state_of(narrow->guard[k], i) == STATE_FAULT)
			return true;
	for (int k = 0; k < narrow->offer.nequal; k++)
		if (state_of(narrow->equal[k], i) != STATE_KNOWN)
			return true;
	return false;
}

/* The index of each subject's list, all at once: the loop does little else, so that its look-ups
 * overlap. */
static void find_indexes(Narrow *narrow)
{
	int32_t n = narrow->frame->n;
	narrow->index = POOL_ARRAY(narrow->frame->pool, Index *, n);
	for (int32_t i = 0; i < n; i++) {
		narrow->index[i] = NULL;
		if (state_of(narrow->lists, i) != STATE_KNOWN)
			continue;
		RowSpan list = narrow->lists->rows[at_of(narrow->lists, i)];
		if (list.n >= LEAST_ROWS)
			narrow->index[i] = index_of(narrow, list);
	}
}

/* Subjects of one batch jump from list to list, so that what a search looks at is seldom in the
 * nearest cache. */
static void look_ahead(const Narrow *narrow, int32_t i)
{
	const Index *index = i < narrow->frame->n ? narrow->index[i] : NULL;
	if (index != NULL)
		__builtin_prefetch(&index->entry[index->near]);
}

/* What is found is not yet what holds: the condition is asked of every row handed out. */
RowSpan fast_narrow_list(Narrow *narrow, int32_t i)
{
	if (narrow->index == NULL)
		find_indexes(narrow);
	look_ahead(narrow, i + AHEAD);
	RowSpan list = narrow->lists->rows[at_of(narrow->lists, i)];
	if (list.n < LEAST_ROWS || must_have_all(narrow, i))
		return list;
	if (narrow->room < list.n) {
		narrow->room = list.n;
		narrow->found = POOL_ARRAY(narrow->frame->pool, int32_t, list.n);
	}
	if (narrow->next != NULL && !bounds_known(narrow, i))
		return (RowSpan){narrow->found, find_rows(narrow->next, list, i, narrow->found)};
	return (RowSpan){narrow->found, find_in(narrow, narrow->index[i], i, narrow->found)};
}

/* ---- one subject after another ---- */

static bool is_varied(const Col *col)
{
	return col != NULL && !col->constant;
}

/* Two bounds and no keys, so that every search is of the same kind. */
static bool is_swift(const Narrow *narrow)
{
	return narrow->offer.nequal == 0 && is_varied(narrow->upper) && is_varied(narrow->lower) &&
		(narrow->but == NULL || is_varied(narrow->but));
}

/* What is not known of a subject leaves it to the long way. */
static const uint8_t *open_states(const Narrow *narrow)
{
	const Col *col[MOST_PARTS + 3] = {narrow->upper, narrow->lower, narrow->but};
	Col so_far = {0};
	memcpy(col + 3, narrow->guard, sizeof narrow->guard);
	for (int k = 0; k < 3 + narrow->offer.nguards; k++)
		if (col[k] != NULL)
			so_far.st = fast_states(narrow->frame, narrow->frame->n, &so_far, col[k], false);
	return so_far.st;
}

/* As collect, with room for so many. */
static int32_t collect_known(const Narrow *narrow, Index *index, int32_t i, int32_t room,
	int64_t *found)
{
	int64_t lower = narrow->lower->v[i], but = narrow->but == NULL ? -1 : narrow->but->v[i];
	Search search = {0, narrow->upper->v[i], narrow->offer.upper.how != COMPARE_LT};
	int32_t n = 0;
	for (int32_t k = place_of(narrow->frame->fast, index, &search); k-- > 0 && n < room;) {
		const Entry *entry = &index->entry[k];
		if (entry->to < lower)
			break;
		found[n] = entry->row;
		n += (entry->own_to >= lower) & (entry->row != but);
	}
	return n;
}

/* Where the index of a list knows all of its rows, what differs from subject to subject is no more
 * than three numbers, and nearly all of them find nothing: a few nanoseconds each. Whose rows might
 * not fit is left for the long way, which can cut a list. */
int32_t fast_narrow_swift(Narrow *narrow, int32_t *at, int32_t room, int32_t *seg, int64_t *number)
{
	int32_t n = 0, i = *at;
	if (!is_swift(narrow))
		return 0;
	if (narrow->index == NULL) {
		find_indexes(narrow);
		narrow->open = open_states(narrow);
	}
	for (; i < narrow->frame->n; i++) {
		Index *index = narrow->index[i];
		look_ahead(narrow, i + AHEAD);
		if (index == NULL || index->nloose > 0)
			break;
		if (narrow->open != NULL && narrow->open[i] != STATE_KNOWN)
			break;
		int32_t found = collect_known(narrow, index, i, room - n, number + n);
		if (found == room - n)
			break;
		for (; found > 0; found--)
			seg[n++] = i;
	}
	*at = i;
	return n;
}

/* ---- deciding ---- */

static int32_t class_or_none(Fast *fast, const Expr *expr)
{
	return expr == NULL ? -1 : fast_class_of(fast, expr);
}

/* What all pairs of bounds have in common, once for the batch. */
static Narrow *prepare(Frame *frame, const Offer *offer, const Col *lists)
{
	Narrow *narrow = POOL_ARRAY(frame->pool, Narrow, 1);
	*narrow = (Narrow){.frame = frame, .lists = lists, .offer = *offer};
	for (int k = 0; k < offer->nequal; k++) {
		narrow->equal[k] = fast_eval(frame, offer->equal[k].outer);
		narrow->guarded |= narrow->equal[k]->st != NULL;
	}
	for (int k = 0; k < offer->nguards; k++) {
		narrow->guard[k] = fast_eval(frame, offer->guard[k]);
		narrow->guarded |= narrow->guard[k]->st != NULL;
	}
	if (offer->but != NULL)
		narrow->but = fast_eval(frame, offer->but);
	return narrow;
}

/* The pair of bounds that the offer has at hand. */
static void use_bounds(Narrow *narrow, int32_t dataset)
{
	Frame *frame = narrow->frame;
	Fast *fast = frame->fast;
	const Offer *offer = &narrow->offer;
	Key key = {.dataset = dataset, .nequal = offer->nequal};
	for (int k = 0; k < offer->nequal; k++)
		key.equal[k] = fast_class_of(fast, offer->equal[k].inner);
	key.from = class_or_none(fast, offer->upper.inner);
	key.to = class_or_none(fast, offer->lower.inner);
	narrow->family = family_of(fast, &key);
	narrow->upper = offer->upper.outer == NULL ? NULL : fast_eval(frame, offer->upper.outer);
	narrow->lower = offer->lower.outer == NULL ? NULL : fast_eval(frame, offer->lower.outer);
}

/* The k-th bound from above, as written, with the k-th from below. */
static void take_pair(Offer *offer, int k)
{
	offer->upper = k < offer->nabove ? offer->above[k] : (Side){0};
	offer->lower = k < offer->nbelow ? offer->below[k] : (Side){0};
}

/* One for each pair: the first comes back. */
static Narrow *prepare_all(Frame *frame, Offer *offer, const Expr *expr, const Col *lists)
{
	int32_t dataset = expr->arg[0]->type.ref;
	take_pair(offer, 0);
	Narrow *first = prepare(frame, offer, lists), *last = first;
	use_bounds(first, dataset);
	for (int k = 1; k < offer->nabove || k < offer->nbelow; k++) {
		last->next = POOL_ARRAY(frame->pool, Narrow, 1);
		*last->next = *first;
		last = last->next;
		last->next = NULL;
		take_pair(&last->offer, k);
		use_bounds(last, dataset);
	}
	return first;
}

/* Links and whole datasets only: their lists live as long as the store. The logs of a visit are
 * few, and groups are gone with the rule. */
Narrow *fast_narrow_for(Frame *frame, const Expr *expr, const Col *lists, int64_t total)
{
	const Expr *rows = expr->arg[0], *where = expr->arg[1];
	if (total < (int64_t)LEAST_ROWS * frame->n || expr->ref >= SLOT_BITS)
		return NULL;
	if (rows->op != EXPR_LINKED && rows->op != EXPR_ALL_ROWS)
		return NULL;
	Offer offer = {.slot = expr->ref, .own = slot_bit(expr->ref), .fast = frame->fast};
	look_for_faults(&offer, where);
	look_for_sides(&offer, where);
	if (offer.unsafe)
		return NULL;
	if (offer.nequal == 0 && offer.nabove == 0 && offer.nbelow == 0)
		return NULL;
	return prepare_all(frame, &offer, expr, lists);
}
