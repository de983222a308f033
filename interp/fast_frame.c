/*
 * Batches: their memory, slots and caches, and columns brought in from the batch outside.
 *
 * A frame is asked for slots, the law date and expressions, and answers from what it has, else
 * from the frame outside, else by working it out:
 *
 *   child (rows of a collection) ──seg──> outer (subjects) ──seg──> outer (all rows of the batch)
 *   kinds (each provision once)  <──back── places in the frame that asked
 *
 * Nothing here knows what an operator means.
 *
 * A column lies in the pool of the frame that made it, and lives as long as that pool is not reset.
 * Pools go by depth: batches at the bottom, chunks of a collection above them, chunks within chunks
 * above these. A frame may use columns of pools below its own, never of one above.
 *
 *   depth 2     chunk of a collection inside        emptied with each chunk
 *   depth 1     chunk of a collection               emptied with each chunk
 *   depth 0     batch of subjects                   emptied with each batch
 *   batch_pool  what outlives batches               emptied with each call
 */
#include "interp/fast_internal.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK ((size_t)1 << 20)
#define ALIGN ((size_t)64)
#define CACHE_FIRST 32u
#define SPARSE 4        /* one row in so many subjects, or fewer: a collection is nearly empty */
#define KINDS_SAMPLE 64 /* values; when no two of them are alike, the rest is not looked at */

/* ---- pools ---- */

/* Room for a whole cache line more, as malloc aligns to less. */
static PoolBlock *block_new(size_t size)
{
	PoolBlock *block = mem_alloc(sizeof(PoolBlock));
	block->size = size < BLOCK ? BLOCK : size;
	block->bytes = mem_resize(NULL, block->size + ALIGN);
	return block;
}

/* To the width of a cache line, which is also that of the widest vector. */
static unsigned char *aligned(PoolBlock *block)
{
	uintptr_t at = (uintptr_t)block->bytes;
	return block->bytes + (ALIGN - at % ALIGN) % ALIGN;
}

/* The next block that is large enough; a new one goes behind the current one. A block that is too
 * small is left as it is, behind the new one, for a later request. */
static void pool_next(Pool *pool, size_t size)
{
	PoolBlock **link = pool->now == NULL ? &pool->first : &pool->now->next;
	if (*link == NULL || (*link)->size < size) {
		PoolBlock *block = block_new(size);
		block->next = *link;
		*link = block;
	}
	pool->now = *link;
	pool->used = 0;
}

/* A pointer moved on: a batch asks a few hundred times, and the memory of the last batch is still
 * warm. Sizes are rounded up, so that every array begins on a line of its own. */
void *pool_get(Pool *pool, size_t size)
{
	size = (size + ALIGN - 1) & ~(ALIGN - 1);
	if (pool->now == NULL || pool->now->size - pool->used < size)
		pool_next(pool, size);
	void *got = aligned(pool->now) + pool->used;
	pool->used += size;
	return got;
}

/* The blocks stay; what was handed out is dead. */
void pool_reset(Pool *pool)
{
	pool->now = pool->first;
	pool->used = 0;
}

void pool_free(Pool *pool)
{
	while (pool->first != NULL) {
		PoolBlock *next = pool->first->next;
		free(pool->first->bytes);
		free(pool->first);
		pool->first = next;
	}
	*pool = (Pool){0};
}

/* ---- making columns ---- */

/* A constant has one entry, whatever the number of subjects. */
static Out out_new(Frame *frame, bool constant)
{
	return (Out){.m = constant ? 1 : frame->n, .constant = constant};
}

Out out_fixed(Frame *frame, bool constant)
{
	Out out = out_new(frame, constant);
	out.v = POOL_ARRAY(frame->pool, int64_t, out.m);
	return out;
}

Out out_ratio(Frame *frame, bool constant)
{
	Out out = out_new(frame, constant);
	out.q = POOL_ARRAY(frame->pool, Ratio, out.m);
	return out;
}

Out out_rows(Frame *frame, bool constant)
{
	Out out = out_new(frame, constant);
	out.rows = POOL_ARRAY(frame->pool, RowSpan, out.m);
	return out;
}

/* By what the type is held as: see Col. */
Out out_of_type(Frame *frame, Type type, bool constant)
{
	if (type.kind == TYPE_ROWS)
		return out_rows(frame, constant);
	return type.ratio ? out_ratio(frame, constant) : out_fixed(frame, constant);
}

/* Most columns have no state but known; saying so makes everything behind them cheaper. STATE_KNOWN
 * is 0, so that one OR over all tells. */
static const uint8_t *states_needed(const uint8_t *st, int32_t m)
{
	if (st == NULL)
		return NULL;
	uint8_t all = 0;
	for (int32_t i = 0; i < m; i++)
		all |= st[i];
	return all == 0 ? NULL : st;
}

/* Something harmless at a place that is not known. */
static void blank(const Out *out, int32_t i)
{
	if (out->v != NULL)
		out->v[i] = 0;
	else if (out->q != NULL)
		out->q[i] = (Ratio){0, 1};
	else
		out->rows[i] = (RowSpan){0};
}

/* Kernels leave alone what they cannot work out, and the pool hands out memory as it was; loops
 * that work on known and unknown places alike must not go by what happens to stand there. A mask
 * instead of a branch, as states alternate where there are any. */
static void blank_lost(const Out *out, const uint8_t *st)
{
	if (out->v != NULL) {
		EACH_LOST(st, out->m, out->v[i] &= -(int64_t)(st[i] == STATE_KNOWN))
		return;
	}
	for (int32_t i = 0; i < out->m; i++)
		if (st[i] != STATE_KNOWN)
			blank(out, i);
}

/* The column takes the arrays over. From here on nobody may write to them. */
const Col *out_done(Frame *frame, const Out *out)
{
	Col *col = POOL_ARRAY(frame->pool, Col, 1);
	*col = (Col){.v = out->v, .q = out->q, .rows = out->rows, .constant = out->constant};
	col->st = states_needed(out->st, out->m);
	if (col->st != NULL)
		blank_lost(out, col->st);
	return col;
}

const Col *col_fixed(Frame *frame, int64_t n)
{
	Out out = out_fixed(frame, true);
	out.v[0] = n;
	return out_done(frame, &out);
}

const Col *col_unknown(Frame *frame, Type type)
{
	Out out = out_of_type(frame, type, true);
	blank(&out, 0);
	out.st = POOL_ARRAY(frame->pool, uint8_t, 1);
	out.st[0] = STATE_UNKNOWN;
	return out_done(frame, &out);
}

/* A copy, for the caller to change. */
static uint8_t *states_fill(Frame *frame, int32_t m, const Col *col)
{
	uint8_t *st = POOL_ARRAY(frame->pool, uint8_t, m);
	if (col->st == NULL)
		memset(st, STATE_KNOWN, (size_t)m);
	else if (col->constant)
		memset(st, col->st[0], (size_t)m);
	else
		memcpy(st, col->st, (size_t)m);
	return st;
}

/* The greater state spreads, in every operator. */
static void states_greater(uint8_t *st, int32_t m, const Col *col)
{
	if (col->st == NULL)
		return;
	uint8_t one = col->st[0];
	for (int32_t i = 0; i < m; i++) {
		uint8_t other = col->constant ? one : col->st[i];
		st[i] = st[i] > other ? st[i] : other;
	}
}

/* Where both are known throughout there is nothing to merge, and nothing to allocate. */
uint8_t *fast_states(Frame *frame, int32_t m, const Col *a, const Col *b, bool own)
{
	if (!own && a->st == NULL && b->st == NULL)
		return NULL;
	uint8_t *st = states_fill(frame, m, a);
	if (b != a)
		states_greater(st, m, b);
	return st;
}

/* With its state, whatever that is: of if and exceptions only the branch that holds is looked
 * at. */
void out_copy(const Out *out, int32_t i, const Col *from)
{
	int32_t j = at_of(from, i);
	out->st[i] = from->st == NULL ? (uint8_t)STATE_KNOWN : from->st[j];
	if (out->v != NULL)
		out->v[i] = from->v[j];
	else if (out->q != NULL)
		out->q[i] = from->q[j];
	else
		out->rows[i] = from->rows[j];
}

/* ---- values ---- */

/* Of a scale the checker chose, which always makes a fraction. */
Ratio fast_ratio_at(const Col *col, Type type, int32_t i)
{
	int32_t j = at_of(col, i);
	if (type.ratio)
		return col->q[j];
	Ratio value = {0, 1};
	ratio_make(col->v[j], type.scale, &value);
	return value;
}

/* The one test of law 1: a value over the denominator that the compiler chose, in 64 bits, or a
 * fault. */
bool fast_ratio_put(const Out *out, Type type, int32_t i, Ratio value)
{
	if (type.ratio) {
		out->q[i] = value;
		return true;
	}
	Int128 n;
	if (type.scale % value.d != 0 ||
	    __builtin_mul_overflow(value.n, (Int128)(type.scale / value.d), &n) || !fits64(n))
		return false;
	out->v[i] = (int64_t)n;
	return true;
}

static const TextCell *cell_of(int64_t n)
{
	return (const TextCell *)(intptr_t)n;
}

/* Ratios are in lowest terms, so equal ones are alike in both parts. */
bool fast_same_value(const Col *a, int32_t i, const Col *b, int32_t j, Type type)
{
	i = at_of(a, i);
	j = at_of(b, j);
	if (type.ratio)
		return a->q[i].n == b->q[j].n && a->q[i].d == b->q[j].d;
	if (type.kind == TYPE_TEXT)
		return fast_text_same(a->v[i], b->v[j]);
	return a->v[i] == b->v[j];
}

/* Equal texts hash alike, wherever their cells are. */
uint64_t fast_value_hash(const Col *col, int32_t i, Type type)
{
	i = at_of(col, i);
	if (type.ratio)
		return fast_mix((uint64_t)col->q[i].n, (uint64_t)col->q[i].d);
	if (type.kind == TYPE_TEXT) {
		const TextCell *cell = cell_of(col->v[i]);
		return str_hash((Str){cell->bytes, cell->len});
	}
	return fast_mix(0x51, (uint64_t)col->v[i]);
}

/* ---- frames ---- */

static CacheEntry *cache_new(Pool *pool, uint32_t size)
{
	CacheEntry *cache = POOL_ARRAY(pool, CacheEntry, size);
	for (uint32_t i = 0; i < size; i++)
		cache[i].class = -1;
	return cache;
}

/* Small on purpose: a frame is made for every table, function and collection of every batch. Its
 * cache grows when more is worked out in it. */
Frame *frame_new(Fast *fast, int depth, int32_t n)
{
	Pool *pool = fast->pool[depth];
	Frame *frame = POOL_ARRAY(pool, Frame, 1);
	*frame = (Frame){.fast = fast, .pool = pool, .depth = depth, .n = n, .bound = -1};
	frame->slot = POOL_ARRAY(pool, const Col *, fast->nslots);
	memset(frame->slot, 0, sizeof(Col *) * (size_t)fast->nslots);
	frame->cache = cache_new(pool, CACHE_FIRST);
	frame->cache_mask = CACHE_FIRST - 1;
	return frame;
}

/* Frames of a chunk die with it, but what they make their outer frames work out has to stay. So
 * each nesting of chunks has a pool of its own, and a column always lies in the pool of its own
 * frame. Given back in reverse order: depth is a stack. */
int fast_depth_take(Fast *fast)
{
	fast->depth++;
	if (fast->depth == fast->npools) {
		fast->pool = mem_resize(fast->pool,
			mem_product(sizeof(Pool *), (size_t)fast->npools + 1));
		fast->pool[fast->npools++] = mem_alloc(sizeof(Pool));
	}
	pool_reset(fast->pool[fast->depth]);
	return fast->depth;
}

void fast_depth_give(Fast *fast)
{
	fast->depth--;
}

/* The slot is the only thing that is new; everything else is asked of outer when it is wanted. seg
 * must live as long as the frame. */
Frame *frame_child(Frame *outer, int depth, int32_t n, const int32_t *seg, int32_t bound,
	const Col *slot)
{
	Frame *frame = frame_new(outer->fast, depth, n);
	frame->outer = outer;
	frame->seg = seg;
	frame->bound = bound;
	if (bound >= 0)
		frame->slot[bound] = slot;
	return frame;
}

/* For a scope of its own: a function, a table, a define of another row. Its slots are empty, and it
 * has no frame outside: nothing of the rule's scope can be seen from it. */
Frame *frame_beside(Frame *frame, const Col *law)
{
	Frame *beside = frame_new(frame->fast, frame->depth, frame->n);
	beside->law = law;
	return beside;
}

/* Slots are handed over as they stand; columns that were worked out under the other law date are
 * not. */
Frame *frame_under(Frame *frame, const Col *law, const Expr *expr)
{
	Frame *under = frame_beside(frame, law);
	uint64_t free = fast_class_at(frame->fast, expr)->free;
	for (int32_t i = 0; i < frame->fast->nslots; i++)
		if ((free & slot_bit(i)) != 0)
			under->slot[i] = frame_slot(frame, i);
	if ((free & GROUP_BIT) != 0)
		under->group = frame_group(frame);
	return under;
}

static bool is_run(const Frame *frame, const Col *col)
{
	if (!col->run || frame->n == 0)
		return false;
	return frame->seg[frame->n - 1] - frame->seg[0] == frame->n - 1 && frame->bound < 0;
}

/* A constant is the same for everybody, and a selection of all rows changes nothing. */
const Col *fast_gather(Frame *frame, const Col *col)
{
	if (col->constant || frame->whole)
		return col;
	int32_t n = frame->n;
	const int32_t *seg = frame->seg;
	Out out = {.m = n};
	if (col->v != NULL) {
		out.v = POOL_ARRAY(frame->pool, int64_t, n);
		for (int32_t i = 0; i < n; i++)
			out.v[i] = col->v[seg[i]];
	} else if (col->q != NULL) {
		out.q = POOL_ARRAY(frame->pool, Ratio, n);
		for (int32_t i = 0; i < n; i++)
			out.q[i] = col->q[seg[i]];
	} else {
		out.rows = POOL_ARRAY(frame->pool, RowSpan, n);
		for (int32_t i = 0; i < n; i++)
			out.rows[i] = col->rows[seg[i]];
	}
	if (col->st != NULL) {
		out.st = POOL_ARRAY(frame->pool, uint8_t, n);
		for (int32_t i = 0; i < n; i++)
			out.st[i] = col->st[seg[i]];
	}
	Col *made = POOL_ARRAY(frame->pool, Col, 1);
	*made = (Col){.v = out.v, .q = out.q, .rows = out.rows, .run = is_run(frame, col)};
	made->st = states_needed(out.st, n);
	return made;
}

/* ---- kinds ---- */

/* At most half full, since the table has twice as many places as there are rows. */
static uint32_t kind_place(const Kinds *kinds, const int32_t *table, uint32_t mask,
	const int64_t *a, const int64_t *b, int32_t i)
{
	uint32_t h = (uint32_t)(fast_mix((uint64_t)a[i], (uint64_t)b[i]) >> 8) & mask;
	for (; table[h] >= 0; h = (h + 1) & mask) {
		int32_t k = kinds->first[table[h]];
		if (a[k] == a[i] && b[k] == b[i])
			break;
	}
	return h;
}

/* Visits of one provision stand together mostly, so the place before is asked first. The first
 * place of each kind stands for all of it. */
static void find_kinds(Kinds *kinds, int32_t *table, uint32_t mask, const int64_t *a,
	const int64_t *b, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		if (i > 0 && a[i] == a[i - 1] && b[i] == b[i - 1]) {
			kinds->of[i] = kinds->of[i - 1];
			continue;
		}
		uint32_t h = kind_place(kinds, table, mask, a, b, i);
		if (table[h] < 0) {
			table[h] = kinds->n;
			kinds->first[kinds->n++] = i;
		}
		kinds->of[i] = table[h];
	}
}

/* Logs of visits are all different, which the first few dozen of them tell already. A sample, so
 * that the answer may be wrong: it only decides which way is taken, not what comes out. */
bool frame_various(const int64_t *v, int32_t n)
{
	int16_t table[KINDS_SAMPLE * 4];
	if (n < KINDS_SAMPLE)
		return false;
	memset(table, 0xFF, sizeof table);
	for (int16_t i = 0; i < KINDS_SAMPLE; i++) {
		uint32_t h = (uint32_t)(fast_mix(0, (uint64_t)v[i]) >> 8) % (KINDS_SAMPLE * 4);
		for (; table[h] >= 0; h = (h + 1) % (KINDS_SAMPLE * 4))
			if (v[table[h]] == v[i])
				return false;
		table[h] = i;
	}
	return true;
}

/* Less than half of the places being new is the bargain: one pass of hashing costs about as much as
 * one operator. NULL means: work it out for each place. */
const Kinds *frame_kinds(Frame *frame, const int64_t *a, const int64_t *b)
{
	uint32_t size = 64;
	if (frame_various(a, frame->n))
		return NULL;
	while (size < (uint32_t)frame->n * 2)
		size *= 2;
	Kinds *kinds = POOL_ARRAY(frame->pool, Kinds, 1);
	int32_t *table = POOL_ARRAY(frame->pool, int32_t, size);
	memset(table, 0xFF, sizeof(int32_t) * size);
	kinds->n = 0;
	kinds->first = POOL_ARRAY(frame->pool, int32_t, frame->n);
	kinds->of = POOL_ARRAY(frame->pool, int32_t, frame->n);
	find_kinds(kinds, table, size - 1, a, b, frame->n);
	return kinds->n * 2 > frame->n ? NULL : kinds;
}

/* Gathered when somebody asks, and kept. */
const Col *frame_slot(Frame *frame, int32_t slot)
{
	if (frame->slot[slot] == NULL && frame->outer != NULL)
		frame->slot[slot] = fast_gather(frame, frame_slot(frame->outer, slot));
	return frame->slot[slot];
}

/* Every chain of frames ends in one that has a law. */
const Col *frame_law(Frame *frame)
{
	if (frame->law == NULL)
		frame->law = fast_gather(frame, frame_law(frame->outer));
	return frame->law;
}

const Col *frame_group(Frame *frame)
{
	if (frame->group == NULL)
		frame->group = fast_gather(frame, frame_group(frame->outer));
	return frame->group;
}

/* ---- the cache ---- */

/* Linear probing; the multiplier spreads classes that were numbered one after another. */
static CacheEntry *cache_at(const Frame *frame, int32_t class)
{
	uint32_t h = (uint32_t)class * 2654435761u >> 7 & frame->cache_mask;
	while (frame->cache[h].class >= 0 && frame->cache[h].class != class)
		h = (h + 1) & frame->cache_mask;
	return &frame->cache[h];
}

/* The old table stays in the pool. */
static void cache_grow(Frame *frame)
{
	CacheEntry *old = frame->cache;
	uint32_t size = frame->cache_mask + 1;
	frame->cache = cache_new(frame->pool, size * 2);
	frame->cache_mask = size * 2 - 1;
	for (uint32_t i = 0; i < size; i++)
		if (old[i].class >= 0)
			*cache_at(frame, old[i].class) = old[i];
}

/* Half full at most. */
static void cache_put(Frame *frame, int32_t class, const Col *col)
{
	if (2 * ++frame->cached > frame->cache_mask)
		cache_grow(frame);
	*cache_at(frame, class) = (CacheEntry){class, col};
}

/* A frame of far fewer rows than the one outside does better to work things out for itself. */
static bool is_sparse(const Frame *frame)
{
	return (int64_t)frame->n * SPARSE <= frame->outer->n;
}

/*
 * An expression that does not look at what is new in this frame is worked out in the frame outside,
 * where it has fewer rows. A selection of rows takes over what is there already, and works out the
 * rest for its own few rows; so does a collection of which an index has left next to nothing.
 */
static const Col *from_outside(Frame *frame, const Expr *expr, int32_t class)
{
	if (frame->outer == NULL)
		return NULL;
	bool bound = frame->bound >= 0;
	if (bound && (frame->fast->class[class].free & slot_bit(frame->bound)) != 0)
		return NULL;
	if (bound && !is_sparse(frame))
		return fast_gather(frame, fast_eval(frame->outer, expr));
	if (frame->relawed && frame->fast->class[class].dated)
		return NULL;
	const CacheEntry *entry = cache_at(frame->outer, class);
	return entry->class < 0 ? NULL : fast_gather(frame, entry->col);
}

/* The heart: what was worked out for this batch is never worked out again, whoever asks. */
const Col *fast_eval(Frame *frame, const Expr *expr)
{
	if (expr->op == EXPR_SLOT)
		return frame_slot(frame, expr->ref);
	int32_t class = fast_class_of(frame->fast, expr);
	const CacheEntry *entry = cache_at(frame, class);
	if (entry->class >= 0)
		return entry->col;
	const Col *col = from_outside(frame, expr, class);
	if (col == NULL)
		col = fast_compute(frame, expr);
	cache_put(frame, class, col);
	return col;
}
