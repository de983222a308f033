/*
 * What the modules of the fast evaluator share; nobody else includes this.
 *
 *   fast_class.c      equal expressions get one number, so that they share one column
 *   fast_frame.c      batches, their slots and caches, gathering from the batch outside
 *   fast_eval.c       the dispatch switch; constants, fields, links, matches
 *   fast_number.c     arithmetic
 *   fast_round.c      roundings
 *   fast_logic.c      comparisons, and/or/not, if, or else, least and greatest
 *   fast_date.c       dates, moments, periods
 *   fast_law.c        parameters, tables, defines with their exceptions, law dates
 *   fast_aggregate.c  collections: expanding, reducing
 *   fast_index.c      leaving out rows of a collection that a condition would refuse anyway
 *   fast_sieve.c      rows that are covered, gathered into full batches
 *   fast_rule.c       subjects of rules, verdicts
 *   fast_group.c      groups
 *   fast_over.c       expressions over subjects that a caller lays out
 *   fast_sheet.c      batches of rows of which a caller asks columns
 *
 * A frame is a batch of n subjects; a Col is one value for each of them, with its State:
 *
 *   frame of 3 visits            child frame: the logs of these visits
 *   slot 0   [V0 V1 V2]          slot 1  [L5 L7 L6 L9]
 *   law      [d0 d1 d2]          seg     [ 0  0  1  2]   index into the frame outside
 *   cache    class -> Col        slot 0  [V0 V0 V1 V2]   gathered when somebody asks
 *
 * Columns are immutable once made and may be shared by several expressions and frames. Memory is
 * taken from the frame's pool and given back all at once.
 */
#ifndef VOUCH_INTERP_FAST_INTERNAL_H
#define VOUCH_INTERP_FAST_INTERNAL_H

#include "base/limits.h"
#include "interp/fast.h"
#include "interp/value.h"

#include <string.h>

#define BATCH 1024          /* subjects of a frame: its columns stay in the second-level cache */
#define CHUNK 8192          /* rows of a child frame */
#define GROUP_BIT ((uint64_t)1 << 63) /* in Class.free: depends on the group's rows */
#define SLOT_BITS 62        /* slots beyond share one bit */

/* ---- memory ---- */

typedef struct PoolBlock {
	struct PoolBlock *next;
	size_t size;
	unsigned char *bytes;
} PoolBlock;

/* Blocks are kept when the pool is reset: after the first batches nothing is taken from malloc. */
typedef struct Pool {
	PoolBlock *first, *now;
	size_t used;
} Pool;

void *pool_get(Pool *pool, size_t size); /* aligned to 64; not zeroed */
void pool_reset(Pool *pool);
void pool_free(Pool *pool);
#define POOL_ARRAY(pool, type, n) ((type *)pool_get((pool), sizeof(type) * (size_t)(n)))

/* ---- columns ---- */

/* One of v, q, rows is set, by the type: fixed values; ratios; collections. */
typedef struct Col {
	const int64_t *v;
	const Ratio *q;
	const RowSpan *rows;
	const uint8_t *st;  /* State of each; NULL: all known. What is not known has the value 0 */
	bool constant;      /* one entry that stands for all */
	bool run;           /* v[i] = v[0] + i: rows in order */
} Col;

static inline int32_t at_of(const Col *col, int32_t i)
{
	return col->constant ? 0 : i;
}

static inline uint8_t state_of(const Col *col, int32_t i)
{
	return col->st == NULL ? (uint8_t)STATE_KNOWN : col->st[at_of(col, i)];
}

/* Places whose states are looked at together: nearly always all of them are known. */
#define STRETCH 8

/* Whether the STRETCH states from st on are all STATE_KNOWN, which is 0. */
static inline bool stretch_known(const uint8_t *st)
{
	uint64_t all;
	memcpy(&all, st, sizeof all);
	return all == 0;
}

/* Calls one(i) for each place of 0 .. m-1 that is not known, and for few others. */
#define EACH_LOST(st, m, body)                                           \
	for (int32_t from = 0, to; from < (m); from = to) {                  \
		to = from + STRETCH < (m) ? from + STRETCH : (m);                \
		if (to - from == STRETCH && stretch_known((st) + from))          \
			continue;                                                    \
		for (int32_t i = from; i < to; i++)                              \
			body;                                                        \
	}

/* All known, and one value for each: what loops without branches are for. */
static inline bool is_plain(const Col *col)
{
	return col->st == NULL && !col->constant;
}

/* A column under construction: arrays for m values (m = 1 for a constant). */
typedef struct Out {
	int64_t *v;
	Ratio *q;
	RowSpan *rows;
	uint8_t *st;        /* may stay NULL */
	int32_t m;
	bool constant;
} Out;

/* ---- expressions ---- */

/* What structurally equal expressions of the rulebook have in common. */
typedef struct Class {
	const Expr *expr;   /* the first of them */
	uint64_t free;      /* slots that its value depends on; GROUP_BIT */
	uint64_t hash;
	int64_t cell;       /* of a text constant: pointer to its TextCell */
	bool dated;         /* may depend on the law date */
} Class;

/* ---- frames ---- */

typedef struct Frame Frame;

typedef struct CacheEntry {
	int32_t class;      /* -1: free */
	const Col *col;
} CacheEntry;

/* Frames made from this one and kept for the next expression that wants the same. */
typedef struct Kept {
	struct Kept *next;
	const Col *key;     /* rows that it is about: a row column, or a collection */
	const Col *on;      /* law date of its own, or NULL */
	int32_t slot;       /* bound slot of a collection; -1: frame of a define */
	Frame *frame;
	Frame *back;        /* when `frame` has each row once: from there to all places; else NULL */
} Kept;

/* A value that depends on nothing but the store and the law: worked out once for a call. */
typedef struct Closed {
	struct Closed *next;
	int32_t class, day;
	const Col *col;
} Closed;

struct Frame {
	Fast *fast;
	Pool *pool;
	int depth;              /* of the pool */
	int32_t n;
	Frame *outer;           /* NULL: none */
	const int32_t *seg;     /* place of each row in outer */
	int32_t bound;          /* slot that is new here; -1: a selection of rows of outer */
	bool relawed;           /* a selection under another law date */
	bool whole;             /* a selection of all rows in order */
	const Col **slot;
	const Col *law;         /* NULL: ask outer */
	const Col *group;       /* collections; NULL: ask outer */
	CacheEntry *cache;
	uint32_t cache_mask, cached;
	Kept *kept;
};

typedef struct Family Family;

struct Fast {
	const Rulebook *book;
	const Law *law;
	const Store *store;     /* during a call */
	int32_t only;           /* row of the one provider looked at; -1: all are */
	int32_t nslots;         /* of any scope */
	Class *class;
	int32_t nclasses, class_room;
	int32_t *class_of;      /* by expression id; -1: not yet */
	int32_t *class_slot;    /* hash table over classes; -1: free */
	uint32_t class_mask;
	Pool **pool;            /* by depth: of batches, and of chunks within chunks */
	int npools, depth;      /* depth: the pools in use are 0 .. depth */
	Pool batch_pool;        /* what outlives the frames of a batch */
	Closed *closed;
	Pool index_pool;        /* indexes of the store at hand */
	Family *family;         /* of indexes, in that pool */
	Arena texts;            /* cells of text constants */
	Arena scratch;
};

/* Forgets what was learnt from another store. */
void fast_begin(Fast *fast, const Store *store);
int32_t fast_class_of(Fast *fast, const Expr *expr);
/* Valid until the next expression is met for the first time. */
static inline const Class *fast_class_at(Fast *fast, const Expr *expr)
{
	int32_t number = fast_class_of(fast, expr);
	return &fast->class[number];
}

static inline uint64_t slot_bit(int32_t slot)
{
	return (uint64_t)1 << (slot < SLOT_BITS ? slot : SLOT_BITS);
}

/* The subjects of a frame that fast_only leaves; NULL: all of them. */
const bool *fast_mine(Frame *frame, const Rule *rule);

/* All slots and the law of the frame are its maker's to set. */
Frame *frame_new(Fast *fast, int depth, int32_t n);
/* A pool that nobody uses, emptied, as depth for new frames; given back in reverse order. */
int fast_depth_take(Fast *fast);
void fast_depth_give(Fast *fast);
/* Rows of outer, by place, with a further slot (or -1). */
Frame *frame_child(Frame *outer, int depth, int32_t n, const int32_t *seg, int32_t bound,
	const Col *slot);
/* A frame over the same subjects with nothing in its slots. */
Frame *frame_beside(Frame *frame, const Col *law);
/* The same with what the expression needs in its slots. */
Frame *frame_under(Frame *frame, const Col *law, const Expr *expr);
/* Places of a frame by kind: those of one kind have equal keys. */
typedef struct Kinds {
	int32_t n;
	int32_t *first;     /* place of the first of each kind */
	int32_t *of;        /* kind of each place */
} Kinds;
/* Whether values are so various that it is not worth while to look for kinds among them. */
bool frame_various(const int64_t *v, int32_t n);
/* NULL when there are too few of a kind for it to pay. */
const Kinds *frame_kinds(Frame *frame, const int64_t *a, const int64_t *b);
const Col *frame_slot(Frame *frame, int32_t slot);
const Col *frame_law(Frame *frame);
const Col *frame_group(Frame *frame);

const Col *fast_eval(Frame *frame, const Expr *expr);
const Col *fast_compute(Frame *frame, const Expr *expr);
const Col *fast_gather(Frame *frame, const Col *col);

/* ---- making columns ---- */

Out out_fixed(Frame *frame, bool constant);
Out out_ratio(Frame *frame, bool constant);
Out out_rows(Frame *frame, bool constant);
const Col *out_done(Frame *frame, const Out *out);
const Col *col_fixed(Frame *frame, int64_t n);     /* a constant */
const Col *col_unknown(Frame *frame, Type type);   /* a constant that is not known */
/* The greater state of each; NULL when all are known; an array of m that nobody else has when `own`
 * (and then never NULL). */
uint8_t *fast_states(Frame *frame, int32_t m, const Col *a, const Col *b, bool own);
static inline bool both_constant(const Col *a, const Col *b)
{
	return a->constant && b->constant;
}
/* Value of place i of a quantity of this type. */
Ratio fast_ratio_at(const Col *col, Type type, int32_t i);
/* Puts a ratio into place i as the type has it; false when it does not fit. */
bool fast_ratio_put(const Out *out, Type type, int32_t i, Ratio value);
Out out_of_type(Frame *frame, Type type, bool constant);
/* Copies value and state of place i; out->st is there. */
void out_copy(const Out *out, int32_t i, const Col *from);
/* Equality of two known values of one type. */
bool fast_same_value(const Col *a, int32_t i, const Col *b, int32_t j, Type type);
uint64_t fast_value_hash(const Col *col, int32_t i, Type type);

/* The finaliser of MurmurHash3 behind a combination step (Appleby): fast, and spread well enough
 * for tables of a power of two. */
static inline uint64_t fast_mix(uint64_t h, uint64_t x)
{
	h ^= x + 0x9E3779B97F4A7C15u + (h << 6) + (h >> 2);
	h *= 0xFF51AFD7ED558CCDu;
	return h ^ h >> 32;
}

/* Texts of one length, which is 4 at least. Postcodes and references differ in their first or last
 * bytes: two words tell, and of short texts they are all there is. */
static inline bool fast_bytes_same(const char *a, const char *b, uint32_t len)
{
	uint32_t x[2], y[2];
	memcpy(&x[0], a, sizeof x[0]);
	memcpy(&y[0], b, sizeof y[0]);
	memcpy(&x[1], a + len - sizeof x[1], sizeof x[1]);
	memcpy(&y[1], b + len - sizeof y[1], sizeof y[1]);
	if (((x[0] ^ y[0]) | (x[1] ^ y[1])) != 0)
		return false;
	return len <= sizeof x || memcmp(a, b, len) == 0;
}

/* Of two cells. Dictionary-coded columns share them, so that most equal texts are the same
 * pointer. */
static inline bool fast_text_same(int64_t a, int64_t b)
{
	const TextCell *x = (const TextCell *)(intptr_t)a, *y = (const TextCell *)(intptr_t)b;
	if (x == y || x->len != y->len)
		return x == y;
	if (x->len < sizeof(uint32_t))
		return memcmp(x->bytes, y->bytes, x->len) == 0;
	return fast_bytes_same(x->bytes, y->bytes, x->len);
}

/* ---- kernels: each makes the column of one kind of expression ---- */

const Col *eval_negate(Frame *frame, const Expr *expr);
const Col *eval_add(Frame *frame, const Expr *expr, bool subtract);
const Col *eval_multiply(Frame *frame, const Expr *expr);
const Col *eval_divide(Frame *frame, const Expr *expr);
const Col *eval_rescale(Frame *frame, const Expr *expr);
const Col *eval_absolute(Frame *frame, const Expr *expr);
const Col *eval_round(Frame *frame, const Expr *expr);

const Col *eval_compare(Frame *frame, const Expr *expr);
const Col *eval_and_or(Frame *frame, const Expr *expr, bool is_or);
const Col *eval_not(Frame *frame, const Expr *expr);
const Col *eval_if(Frame *frame, const Expr *expr);
const Col *eval_or_else(Frame *frame, const Expr *expr);
const Col *eval_is_known(Frame *frame, const Expr *expr);
const Col *eval_extreme(Frame *frame, const Expr *expr, bool greatest);

const Col *eval_date(Frame *frame, const Expr *expr); /* all ops on dates, moments, periods */

const Col *eval_parameter(Frame *frame, const Expr *expr);
const Col *eval_table(Frame *frame, const Expr *expr);
const Col *eval_call(Frame *frame, const Expr *expr);
const Col *eval_derived(Frame *frame, const Expr *expr);
const Col *eval_as_at(Frame *frame, const Expr *expr);
const Col *eval_in_force(Frame *frame, const Expr *expr);
/* Base and exceptions (S30-S34). A `then` that is NULL stands for "not applicable": as a yes/no
 * value it is CHOICE_NONE. */
typedef struct Choice {
	const Expr *base;
	const Exception *except;
	int32_t nexcepts;
	Type type;
} Choice;
#define CHOICE_NONE 2
const Col *fast_choose(Frame *frame, const Choice *choice);
/* Days of a date or moment column as law dates: NO_DAY where it is not known. */
const Col *fast_law_of(Frame *frame, const Col *on, Type type);

const Col *eval_aggregate(Frame *frame, const Expr *expr);

/* ---- expanding and narrowing ---- */

/* The rows that a condition could not refuse, for one list after another. */
typedef struct Narrow Narrow;
/* For an aggregate over these lists, with so many rows in all; NULL when it is not worth it. */
Narrow *fast_narrow_for(Frame *frame, const Expr *expr, const Col *lists, int64_t total);
/* The part of list i that counts; valid until the next call. */
RowSpan fast_narrow_list(Narrow *narrow, int32_t i);
/* The parts of the lists from *at on that are found without any ado, laid end to end into at most
 * `room` places; returns how many, and leaves *at at the first list that needs fast_narrow_list. */
int32_t fast_narrow_swift(Narrow *narrow, int32_t *at, int32_t room, int32_t *seg,
	int64_t *number);
void fast_index_reset(Fast *fast);

/* ---- rules ---- */

typedef struct Call {
	Fast *fast;
	FastCount *count;
	FastSink sink;
	void *user;
	int status;         /* of the sink; not 0: stop */
} Call;

/* Rules that are judged over the same subjects under the same law dates. */
typedef struct RuleSet {
	const Rule *const *rule;
	int32_t n;
	bool covered;       /* subjects are known to be: it is not asked again */
} RuleSet;

/* What `covers` and `among … where` say of each place of a batch. */
typedef struct Gate {
	const Col *covered, *filter; /* NULL: yes */
} Gate;

#define GATE_NO (-1)
int fast_gate_state(const Gate *gate, int32_t i); /* GATE_NO or a State; known means yes */

/* n rows from rows.at[from] on (or their numbers from `from` on). state: NULL when the conditions
 * hold for all of them; else of each, none of them known. The arrays are valid during the call. */
typedef void SieveFn(void *user, RowSpan rows, int32_t from, int32_t n, const uint8_t *state);

typedef struct Sieve {
	Call *call;
	const Expr *covered, *filter; /* over `slot`; NULL: yes. Neither depends on the law date */
	int32_t slot;
	SieveFn *take;
	void *user;
} Sieve;

/* All rows of a dataset that are judged here, in batches of up to BATCH. */
void fast_sieve(const Sieve *sieve, int32_t dataset);
void fast_sieve_rows(const Sieve *sieve, RowSpan rows);

/* A selection of a frame's subjects. law: their law dates, by subject of the frame. */
Frame *frame_select(Frame *frame, int depth, const int32_t *pick, int32_t n, const Col *law);
/* Subjects with a law date, covered and inside. Counts them, tells the sink. */
void fast_judge_frame(Call *call, const Rule *rule, Frame *frame);
/* Subjects where `covers`, `on`, a key or a collection is open: the state decides. */
void fast_judge_open(Call *call, const Rule *rule, Frame *frame, const uint8_t *state);
bool fast_law_inside(const Fast *fast, const Rule *rule, int64_t day);
void fast_judge_rows(Call *call, RuleSet set);     /* SUBJECT_ROW, _ROW_PERIOD, _ROW_IN */
void fast_judge_groups(Call *call, RuleSet set);
const Col *fast_rows_col(Pool *pool, RowSpan rows, int32_t from, int32_t n);

#endif
