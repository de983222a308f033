/*
 * What the modules that find bounds share; nobody else includes this.
 *
 *   bounds.c        facts, fillings, the search for the least and the most
 *   bounds_judge.c  one subject of a rule: what it could claim under a box of fillings
 *   bounds_expr.c   the dispatch; numbers, dates, conditions
 *   bounds_rows.c   fields, defines, tables, exceptions
 *   bounds_agg.c    aggregates
 *   bounds_part.c   what is kept of the rows of an aggregate
 *   bounds_figure.c one figure, in one box
 *   bounds_value.c  intervals
 */
#ifndef VOUCH_INTERP_BOUNDS_PRIVATE_H
#define VOUCH_INTERP_BOUNDS_PRIVATE_H

#include "base/limits.h"
#include "interp/bounds.h"
#include "interp/bounds_figure.h"
#include "interp/bounds_part.h"
#include "interp/bounds_value.h"
#include "interp/walk_private.h"

/* A fact that is missing and stands in the way. Its values are the whole numbers least .. most, as
 * a column holds them, or not bounded. */
typedef struct Fact {
	Filling place;          /* which fact it is; its value is not looked at */
	Type type;
	Str name;               /* "check_out"; of a define, that */
	bool has_least, has_most;
	int64_t least, most;
} Fact;

/* The part of a fact's values that is looked at. */
typedef struct Slice {
	int64_t lo, hi;
} Slice;

/* The scope of an expression: slots that hold no single value have their bounds beside them. */
typedef struct Scene {
	Frame frame;
	const Bound *slot;      /* as many as the frame has; NULL: none */
} Scene;

/* The bounds of a define, found under this box. */
typedef struct BoundMemo {
	int32_t define, row, law_day;
	bool answered, open;    /* open: as of a Memo of the explaining evaluator */
	Bound value;
} BoundMemo;

/* Open addressing; room is 0 or a power of two. */
typedef struct BoundMemos {
	const BoundMemo **at;
	uint32_t room, n;
} BoundMemos;

/* Rows of the group as they are in every box under this law date: who is in it hangs on no fact
 * that is missing. */
typedef struct KeptGroup {
	bool is_there;
	int32_t law_day;
	int64_t cost;           /* steps that it took */
	RowSpan rows;
} KeptGroup;

/* Of an aggregate over such a group what is the same in every box, and the rows that are not. */
typedef struct KeptPart {
	const Expr *expr;
	int32_t law_day;
	int64_t cost;           /* steps that the rows in it took */
	BoundPart part;
	Bound either;           /* as of BoundAgg */
	RowSpan open;
} KeptPart;

typedef struct Bounder {
	const Walk *asked;      /* the caller's: rulebook, store, law, arena of what is handed out */
	Walk walk;              /* the same, with fillings and an arena of its own */
	Fillings fill;
	Arena arena;            /* emptied for each box */
	Eval eval;
	const Rule *rule;
	const Value *subject;
	Value *slot;            /* of the rule's frame, under this box */
	RowSpan group;
	VEC(Fact) fact;         /* in the order in which they were met */
	VEC(Filling) filling;
	const Slice *box;       /* of the first nbox facts; the others may have any of their values */
	size_t nbox;
	BoundMemos memo;        /* in the arena */
	KeptGroup kept;         /* of all boxes */
	VEC(KeptPart) kept_part; /* of the kept group */
	const uint8_t *maybe;   /* row of the group: it may be in it; NULL: all surely are */
	const Expr *failed;     /* the condition that is taken to have failed, over the rule's slots */
	bool full;              /* there are more facts than a finding asks for */
	int64_t steps;          /* parts of expressions worked out so far, in all boxes; or, where
	                           something was kept, at least as many as there would have been */
	bool doubtful;          /* the search might have come to its limit if nothing were kept */
	int32_t answered;       /* inside `or else`, `is known`: the rule says what absence means */
	const FigureFacts *facts; /* of a figure; NULL: of a finding */
	const Bound *leaf;      /* of a figure: what the aggregates of eval.leaf could come to */
	bool lost;              /* of a figure: a fact that is also answered stands in the way */
} Bounder;

Bound bound_expr(Bounder *b, const Scene *scene, const Expr *expr);
/* Whether an expression in the rule's own scope rests on no fact that is missing; then *out is its
 * value in every box. False: perhaps. */
bool bound_settled(Bounder *b, const Scene *scene, const Expr *expr, Value *out);
/* As bound_expr, of an expression that most often does. */
Bound bound_quick(Bounder *b, const Scene *scene, const Expr *expr);
/* Steps of this box and all before, those included that were spared. */
int64_t bound_spent(const Bounder *b);
/* By the explaining evaluator, for what has one value or none. */
Bound bound_plain(Bounder *b, const Scene *scene, const Expr *expr);
/* One step with these arguments. */
Value bound_apply(Bounder *b, const Scene *scene, const Expr *expr, const Value *arg);
/* The value of an argument that a step needs as one: a row. False: *out is what comes of it. */
bool bound_row(Bounder *b, const Scene *scene, const Expr *expr, Value *row, Bound *out);

Bound bound_field(Bounder *b, const Scene *scene, const Expr *expr);
Bound bound_step(Bounder *b, const Scene *scene, const Expr *expr);
Bound bound_derived(Bounder *b, const Scene *scene, const Expr *expr);
Bound bound_call(Bounder *b, const Scene *scene, const Expr *expr);
Bound bound_table(Bounder *b, const Scene *scene, const Expr *expr);
Bound bound_as_at(Bounder *b, const Scene *scene, const Expr *expr);
Bound bound_in_force(Bounder *b, const Scene *scene, const Expr *expr);
Bound bound_choose(Bounder *b, const Scene *scene, const Choices *choices);
Bound bound_aggregate(Bounder *b, const Scene *scene, const Expr *expr);

/* The fact's values under this box; it is entered when it is met for the first time. */
Bound bound_fact(Bounder *b, const Fact *fact);
/* Leaves in eval.group the rows that are of it or may be, and says how many surely are. */
int32_t bound_narrow(Bounder *b, const Scene *scene);
/* A fact that no value can be filled in for, but that is to be asked for. */
void bound_ask(Bounder *b, int32_t dataset, int64_t row, Str name);

/* What the subject could claim under this box. */
typedef struct Claimed {
	bool nothing;           /* it could pass, or not be looked at */
	bool some;              /* it could fail, or be a conflict */
	Bound stake;            /* of the failures */
} Claimed;

Claimed bound_subject(Bounder *b);

#endif
