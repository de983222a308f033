/*
 * The explaining evaluator: a plain walk over the checked tree for one subject, which keeps every
 * value on the way. It writes the evidence of each finding, runs scenarios, examples and `vouch
 * eval`, and is the oracle that the fast evaluator is held against. It computes with Ratio
 * throughout, and tests at each node that the value fits the fixed denominator that the compiler
 * chose: a value whose n leaves int64 is the same fault in both evaluators.
 */
#ifndef VOUCH_INTERP_WALK_H
#define VOUCH_INTERP_WALK_H

#include "interp/value.h"

/* One line of evidence: a value on the way, and where it came from. */
typedef struct TraceLine {
	Str name;      /* as the rule writes it: visit.declared, quarter_hour(visit.logged) */
	Str value;     /* as the language writes it; `unknown` */
	Str table, key, column; /* of a value from the database; of a define, and of a step to other
	                           rows, the row it starts from, without a column; else empty */
	Str note;      /* "in force from 28 April 2025", "row: at least 1 hour", "16 minutes before
	                  rounding", "except no_access" …; may be empty */
} TraceLine;

typedef struct Trace {
	VEC(TraceLine) line;
	VEC(Str) assumed;  /* "parameter rate_floor: the floor is not published", no repeats */
	VEC(Str) missing;  /* the facts that were missing, no repeats */
} Trace;

typedef struct Walk {
	const Rulebook *book;
	const Store *store;
	const Law *law;
	Arena *arena;      /* everything handed out lives here */
	Trace *trace;      /* NULL: keep nothing */
} Walk;

/* Works out one expression. slots has as many entries as its scope needs; law_day NO_DAY: no law
 * date (a parameter is then unknown). */
Value walk_expr(Walk *walk, const Expr *expr, Value *slots, int32_t law_day, RowSpan group);

/* What was found about one subject of a rule. */
typedef struct Judgement {
	bool covered, inside;  /* inside: `on` lies in the window and the contract's life (S5) */
	Verdict verdict;
	bool overflow;         /* not assessed because of a fault */
	int32_t on;            /* law date; NO_DAY when unknown */
	bool has_stake, stake_known;
	Ratio stake;           /* pounds, exact */
	Str message, reason;   /* reason: the labels of a conflict, the label of an exception */
} Judgement;

/*
 * slots: the subject (row; row and period; keys); nslots entries, the rest scratch. A slot of the
 * subject that is not known makes it not assessed, and the reasons are looked for. group: rows with
 * these keys; those that the contract does not cover, or that `among … where` refuses, are left out
 * here. covered says no when that leaves nobody to look at.
 */
void walk_judge(Walk *walk, const Rule *rule, Value *slots, RowSpan group, Judgement *out);

/* Pounds to whole pence, halves away from zero (S82). */
int64_t stake_pence(Ratio pounds);

#endif
