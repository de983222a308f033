/*
 * What the modules of the explaining evaluator share; nobody else includes this, but
 * for the test of what sieves spare.
 *
 *   walk.c         the dispatch switch, states that spread, entry point for one expression
 *   walk_number.c  arithmetic, roundings
 *   walk_date.c    dates, moments, periods
 *   walk_logic.c   comparisons, and/or/not, if, or else
 *   walk_row.c     fields, links, matches, collections
 *   walk_account.c the accounts of banks
 *   walk_agg.c     aggregates over collections
 *   walk_sift.c    which rows of a long collection need a look
 *   walk_law.c     parameters, tables, defines, exceptions
 *   walk_judge.c   one subject of a rule
 *   trace.c        lines of evidence
 *
 * An Eval lasts for one expression or one judgement. What it hands out lives in the caller's arena.
 */
#ifndef VOUCH_INTERP_WALK_PRIVATE_H
#define VOUCH_INTERP_WALK_PRIVATE_H

#include "interp/walk.h"

#define NOT_MUTED INT32_MAX
#define LISTED_ROWS 50  /* rows of one aggregate whose values are listed; the others are counted */
#define LISTED_DECIDING 10 /* the same of any, none and all, which each of the rows settles alone */
#define WHY_MOST 50     /* reasons that one value carries; the others are mentioned */

/*
 * The scope that an expression is worked out in. Rows of a collection that are only looked at, or
 * that are beyond those listed, write no evidence: expressions that use a slot from mute_from on
 * are muted. Slots of an inner aggregate have higher numbers than those of the one around it.
 */
typedef struct Frame {
	Value *slot;
	int32_t law_day;
	int32_t mute_from;
} Frame;

/* A define worked out for a row. `listed` says that its evidence was written; `open`, that it rests
 * on something that is missing or filled in. */
typedef struct Memo {
	int32_t define, row, law_day;
	bool listed, open;
	int64_t cost;         /* steps that it takes; 0: it is not kept */
	Value value;
} Memo;

/* The set of 64-bit hashes of what was traced already; 0 is a free place. */
typedef struct Seen {
	uint64_t *at;
	uint32_t room, n; /* room is 0 or a power of two */
} Seen;

/* Where the key of a row stands in the trace: open addressing. */
typedef struct KeyPlace {
	int32_t dataset, row;
	int32_t place;        /* in Trace.key, and one: 0 is free */
} KeyPlace;

/* What an aggregate of a rule came to: kept for the next place where the rule writes it. */
typedef struct Figure {
	const struct Figure *next;
	const Expr *expr;
	int32_t law_day, n;
	bool open;            /* as of a Memo */
	int64_t cost;         /* as of a Memo, kept or not */
	RowSpan rows;
	Value value;
} Figure;

/* What a sum of the rule came to: kept for its line of evidence. */
typedef struct Sum {
	const struct Sum *next;
	const Expr *expr;
	int32_t law_day;
	bool open;            /* as of a Memo */
	int64_t cost;         /* as of a Figure */
	Value value;
} Sum;

/* What an aggregate comes to that was worked out elsewhere. */
typedef struct Leaf {
	const Expr *expr;
	Value value;
} Leaf;

typedef struct Eval {
	const Walk *walk;
	const Leaf *leaf;        /* stand for these aggregates, whose rows are not here */
	int32_t nleaves;
	RowSpan group;
	const Value *subject;    /* slots of the rule under judgement, or NULL */
	int32_t inside;          /* loops over rows that are going on */
	int64_t steps;           /* parts of expressions worked out */
	int64_t spared;          /* and those that were not, because what they come to had been kept */
	int64_t open;            /* times that something was met that is missing or filled in: what was
	                            worked out while this stood still rests on the data alone */
	Keep *keep;              /* where such values go; NULL: nowhere */
	bool whole;              /* the group, or what else the subject is, rests on the data alone, and
	                            so its figures may */
	const Figure *figure;    /* worked out for this subject; emptied when the group changes */
	const Sum *sum;          /* the same */
	Value *stack;            /* slots of frames, last in first out */
	int32_t stack_used;
	MemoTable memo;
	Seen seen;
	Buf buf;                 /* for one text at a time; empty between uses */
	KeyPlace *key;           /* of every row that a line came from */
	KeyPlace key_last;       /* the one that was asked for last */
	uint32_t key_room, key_n;
	const int32_t **all;     /* by dataset: 0 .. rows-1; NULL until asked for */
} Eval;

void eval_begin(Eval *eval, const Walk *walk, RowSpan group);
void eval_end(Eval *eval);

Value walk_eval(Eval *eval, const Frame *frame, const Expr *expr);

/* The value of an expression that most often is a slot: read where it stands, else put in *room. A
 * value is 64 bytes, and copying it out of its slot for one number was a tenth of the time. */
static inline const Value *walk_place(Eval *eval, const Frame *frame, const Expr *expr, Value *room)
{
	if (expr->op == EXPR_SLOT)
		return &frame->slot[expr->ref];
	*room = walk_eval(eval, frame, expr);
	return room;
}

/* Whether a value that was worked out since `open` stood at `before` may be kept. Texts and rows
 * may lie in memory that goes sooner. */
static inline bool walk_keeps(const Eval *eval, int64_t before, Type type, const Value *value)
{
	return eval->keep != NULL && eval->open == before && value->state == STATE_KNOWN &&
		type.kind != TYPE_TEXT && type.kind != TYPE_ROWS;
}

/* Whether what is worked out stands for the subject itself: outside all loops over rows, with its
 * evidence written. In a muted frame none was, so that a figure from there may not stand for one
 * that must have it. */
static inline bool walk_of_subject(const Eval *eval, const Frame *frame)
{
	return eval->inside == 0 && frame->slot == eval->subject && frame->mute_from == NOT_MUTED;
}

/* Whether an expression speaks of a slot from this one on. */
bool expr_uses_slot(const Expr *expr, int32_t from);
/* Whether `a how b` holds, given the order of a and b: -1, 0, 1. */
bool walk_ordered(CompareHow how, int order);
/* What sieves have settled of the rows that passed them (walk_sift.c). */
typedef struct Sieve Sieve;
typedef struct Sifting {
	int32_t dataset;
	const Sieve *sieve;
	int32_t nsieves;         /* 0: nothing is settled */
	int64_t cost;            /* steps that the whole condition takes of a row, at most */
	const Expr **rest;       /* parts of the condition that were not made into sieves */
	int32_t nrest;
} Sifting;

/* Of the rows of an aggregate those that its condition does not surely refuse. */
RowSpan walk_sift(Eval *eval, const Frame *frame, const Expr *aggregate, RowSpan rows,
	Sifting *sifting);
/* The condition for such a row, in a frame where it writes no evidence. */
Value walk_where(Eval *eval, const Frame *frame, const Expr *where, const Sifting *sifting,
	int32_t row);
/* Whether this part of an aggregate faults for none of its rows. */
bool walk_is_safe(Eval *eval, const Frame *frame, const Expr *aggregate, const Expr *part);
/* The same rows in the order of their keys. */
RowSpan walk_sorted(Eval *eval, int32_t dataset, RowSpan rows);

/* ---- values ---- */

static inline Value known_n(int64_t n)
{
	return (Value){.state = STATE_KNOWN, .n = n};
}

/* The same, into a slot that turns with each row of a loop: only what is read of a row. Built apart
 * and copied, it would be read before it is all there, which halts the processor. */
static inline void slot_row(Value *slot, int32_t row)
{
	slot->state = STATE_KNOWN;
	slot->n = row;
	slot->why = NULL;
}

static inline Value known_q(Ratio q)
{
	return (Value){.state = STATE_KNOWN, .q = q};
}

static inline Value known_rows(RowSpan rows)
{
	return (Value){.state = STATE_KNOWN, .rows = rows};
}

static inline Value lost(uint8_t state, const Why *why)
{
	return (Value){.state = state, .why = why};
}

/* A reason; the text must live as long as the arena. */
const Why *walk_why(Eval *eval, Str text);
/* All of both, those of a first, without repeats. */
const Why *walk_why_join(Eval *eval, const Why *a, const Why *b);
/* Takes what was put into eval->buf, as a text of the arena. */
Str walk_text(Eval *eval);

void walk_spread_open(Eval *eval, Value *worst, uint8_t state, const Why *why);

/* Into *worst: the greater state of the two, with the reasons of that state. Here and below what is
 * known is settled without a call, which would copy the 64 bytes of each value. */
static inline void walk_spread(Eval *eval, Value *worst, Value next)
{
	if (next.state != STATE_KNOWN)
		walk_spread_open(eval, worst, next.state, next.why);
}

/* Whether both are known; else *out is what spreads: the left side's reasons first, as the rule
 * writes them. */
static inline bool walk_both(Eval *eval, Value a, Value b, Value *out)
{
	if (a.state == STATE_KNOWN && b.state == STATE_KNOWN)
		return true;
	*out = lost(STATE_KNOWN, NULL);
	walk_spread(eval, out, a);
	walk_spread(eval, out, b);
	return false;
}

Value walk_fault(Eval *eval, const Expr *expr);
/* Unknown for this reason, a literal. */
Value walk_missing(Eval *eval, const char *reason);
/* A quantity as the result of expr: a fault when ok is false or it does not fit its scale. */
Value walk_settle(Eval *eval, const Expr *expr, bool ok, Ratio q);
/* A date or moment as the result of expr: a fault outside the years 1 to 9999. */
Value walk_settle_day(Eval *eval, const Expr *expr, Int128 day);
Value walk_settle_moment(Eval *eval, const Expr *expr, Int128 moment);
bool walk_fits(Type type, Ratio q);
Int128 walk_floor(Ratio q);

Value *walk_push(Eval *eval, int32_t n); /* zeroed slots; state unknown */
void walk_pop(Eval *eval, int32_t n);

/* What was filled in for the field of a row, or for a define of it; NULL: nothing was. */
const Value *walk_filled_field(const Walk *walk, int32_t dataset, int32_t field, int64_t row);
const Value *walk_filled_define(const Walk *walk, int32_t define, int64_t row, int32_t law_day);
/* Written in two places, but the same. */
bool walk_same_expr(const Expr *a, const Expr *b);

/* ---- kinds of expressions ---- */

Value walk_number(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_extreme(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_round(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_date(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_period(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_compare(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_and_or(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_not(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_if(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_or_else(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_is_known(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_field(Eval *eval, const Frame *frame, const Expr *expr);
/* The account behind a field of a bank's row: checked, and shown as evidence. */
void walk_account(Eval *eval, const Frame *frame, const Expr *expr, int32_t row);
Value walk_matched(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_neighbour(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_linked(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_all_rows(Eval *eval, const Expr *expr);
Value walk_group_rows(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_aggregate(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_parameter(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_table(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_derived(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_call(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_as_at(Eval *eval, const Frame *frame, const Expr *expr);
Value walk_in_force(Eval *eval, const Frame *frame, const Expr *expr);

/* Kleene's and, or (is_or) of two values; a fault is never masked (S23). */
static inline Value walk_kleene(Eval *eval, Value a, Value b, bool is_or)
{
	Value out;
	bool decided = (a.state == STATE_KNOWN && (a.n != 0) == is_or) ||
		(b.state == STATE_KNOWN && (b.n != 0) == is_or);
	if (decided && a.state != STATE_FAULT && b.state != STATE_FAULT)
		return known_n(is_or);
	return walk_both(eval, a, b, &out) ? known_n(!is_or) : out;
}

/*
 * Base and exceptions (S30 to S34). A `then` that is NULL stands for "not applicable": as a yes/no
 * value it is CHOICE_NONE. *held becomes the exception whose value it is, or -1.
 */
typedef struct Choices {
	const Expr *base;
	const Exception *except;
	int32_t nexcepts;
	Type type;
	const Define *define; /* named by a conflict; NULL: they are a rule's */
} Choices;

#define CHOICE_NONE 2

Value walk_choose(Eval *eval, const Frame *frame, const Choices *choices, int32_t *held);

/*
 * As walk_judge, but once the subject is settled `fn` asks what there is to ask, under the law date
 * found and with the group narrowed to its rows. False: it was not called; the verdict says why,
 * unless the subject is not covered or not inside. rows: of the group, as far as it was narrowed.
 */
typedef void AskFn(void *user, Eval *eval, const Frame *frame);
bool walk_ask(Walk *walk, const Rule *rule, Value *slots, RowSpan group, AskFn *fn, void *user,
	Judgement *out, int32_t *rows);

/* ---- evidence ---- */

/* Whether this expression's evidence is to be written, in this frame. */
bool trace_wants(const Eval *eval, const Frame *frame, const Expr *expr);
/* True the first time that this hash comes. */
bool trace_first(Eval *eval, uint64_t hash);
uint64_t trace_mix(uint64_t hash, uint64_t with);
uint64_t trace_hash(Type type, Value value);
/*
 * What an expression can stand for in a line: itself, with the table and column that it reads; the
 * words alone, of a sum or of what a rule shows; or, of an aggregate, the value of one row.
 */
typedef enum LabelRole { LABEL_SELF, LABEL_WORDS, LABEL_ITEM, LABEL_ROLES } LabelRole;

const Label *trace_label(Eval *eval, const Expr *expr, LabelRole role);
/* The expression of an aggregate that is worked out for each row, or NULL. */
const Expr *walk_item_value(const Expr *aggregate);
/* Adds a line whose value, of this type, is printed. */
void trace_value(Eval *eval, TraceLine line, Type type, Value value);
/* "kind name: reason", once; nothing when the reason is empty. */
void trace_assumed(Eval *eval, const char *kind, Str name, Str reason);
/* Adds to the facts that were missing. */
void trace_missing(Eval *eval, const Why *why);
/* As the rule writes it; blanks and line ends in a run become one blank. */
Str trace_written(Eval *eval, const Expr *expr);
/* Place in the trace of the row's key. */
int32_t trace_row_key(Eval *eval, int32_t dataset, int32_t row);
/* "2 of 3 rows", "1 row" into eval->buf. */
void trace_put_rows(Eval *eval, int32_t n, int32_t of);
/* "visit VS1" into eval->buf. */
void trace_put_row(Eval *eval, int32_t dataset, int32_t row);

#endif
