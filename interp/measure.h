/*
 * Measures and KPIs over a whole store, by the explaining evaluator: one figure for each subject,
 * exact, with what the contract says of it. Scenarios use it as it is; an audit works its figures
 * out from what partitions give, and is held against this in the tests.
 *
 *   subject ─ on, applies when ─> parts, figure ─> needs, target, fails ─> status
 *                                            └──> the provider's own figure, the period before
 */
#ifndef VOUCH_INTERP_MEASURE_H
#define VOUCH_INTERP_MEASURE_H

#include "interp/subject.h"

/* How the provider's own figure stands beside the computed one (S99). */
typedef enum Reported {
	REPORTED_NONE,     /* the kpi compares nothing */
	REPORTED_SAME,     /* equal, the figure rounded to the places that the provider gave */
	REPORTED_DIFFERS,
	REPORTED_ABSENT,   /* no row of the provider's */
	REPORTED_SEVERAL,  /* more than one: which of them counts is not ours to say */
	REPORTED_UNKNOWN   /* its row, or one of the two figures, is not known */
} Reported;

/* The least and the most that a figure could be over the values that missing facts may have. */
typedef struct FigureBound {
	bool has_least, has_most; /* else it has no bound on that side, or is known */
	Ratio least, most;
} FigureBound;

typedef struct MeasureResult {
	Value *slot;       /* the subject: subject_nslots(&measure->rule) values, then scratch */
	RowSpan group;     /* as it was given, before `among … where` */
	int32_t on;        /* law date; NO_DAY when not known */
	bool inside;       /* `on` lies in the run's window; others are only there for the trend */
	MeasureStatus status; /* STATUS_NONE: a measure whose figure is known */
	bool overflow;     /* not assessed because of a fault */
	Value figure, *part;
	FigureBound bound, *part_bound; /* of one that is not assessed for lack of facts */
	MeasureStatus agreed;  /* that it has whatever those facts are; STATUS_NONE: they may differ */
	int64_t rows;      /* of the group, after `among … where`; -1: the subject is no group */
	bool has_margin;
	Ratio margin;      /* figure minus target, where the target is a plain comparison */
	Reported how;
	Value reported;
	bool has_difference;
	Ratio difference;  /* figure minus reported, exact */
	bool has_previous;
	Value previous;    /* the figure of the period before, same other keys */
	Str reason;        /* why there is no figure, or no status */
	Str *missing, *assumed; /* facts that were missing; what rests on an assumption */
	int32_t nmissing, nassumed;
} MeasureResult;

typedef struct MeasureResults {
	VEC(MeasureResult) list; /* by subject, those not known last; freed by the caller */
} MeasureResults;

/* "met", "watch", "failed", "insufficient evidence" …; "" for STATUS_NONE. */
const char *measure_status_word(MeasureStatus status);
const char *measure_reported_word(Reported how);

/* Every subject whose `on` lies in the window or, with inside false, in the contract's life alone.
 * All that is handed out lives in walk->arena; walk->trace is not used. */
void measure_all(const Walk *walk, const Measure *measure, MeasureResults *out);

/* One subject; slots and group as of walk_judge. False: the contract does not cover it, or it is
 * outside the window. Writes evidence to walk->trace. */
bool measure_one(Walk *walk, const Measure *measure, Value *slots, RowSpan group,
	MeasureResult *out);
/* The same where the group's rows are elsewhere: what its aggregates come to, how many rows it has,
 * and what is open of who they are (state and reasons). The window is not looked at. */
typedef struct MeasureLeaves {
	const Expr *const *expr;
	const Value *value;
	int32_t n;
	int64_t rows;
	Value open;        /* known: nothing is */
} MeasureLeaves;

bool measure_of_leaves(Walk *walk, const Measure *measure, const MeasureLeaves *leaves,
	Value *slots, MeasureResult *out);
/* Not assessed for lack of facts, not of room for a figure. */
bool measure_lacks_facts(const MeasureResult *result);
/* Slots that measure_one needs, scratch and all. */
int32_t measure_nslots(const Measure *measure);

/* Whether a figure equals what was reported, once rounded to the places given there. */
bool measure_agrees(const Rulebook *book, const Expr *reported, Ratio figure, Ratio given);

/* Sorts by subject, and finds the figure of the period before each. */
void measure_order(const Walk *walk, const Measure *measure, MeasureResults *results);

#endif
