/*
 * Bounds of an aggregate while its rows go by. An item is what a row brings: it surely goes in or
 * may, and its value has bounds of its own. What is kept of the items can be added to in any order,
 * and two parts join to one, so that the bounds of a figure depend neither on the order of rows nor
 * on how they were shared out (laws 1 and 8).
 *
 *   rows ─> items ─> BoundPart ┐
 *   rows ─> items ─> BoundPart ┴ join ─> reduce ─> Bound
 */
#ifndef VOUCH_INTERP_BOUNDS_PART_H
#define VOUCH_INTERP_BOUNDS_PART_H

#include "dsl/rulebook.h"
#include "interp/bounds_value.h"

/* The least or the greatest of some ends. */
typedef struct BoundEnd {
	bool set;
	bool open;          /* an item has no end on this side */
	Ratio at;
} BoundEnd;

typedef struct BoundPart {
	int64_t sure, may;  /* items that surely go in; that may, those among them */
	int64_t yes, may_yes, no, may_no; /* of those that surely go in: the value surely is yes, … */
	int64_t maybe_yes, maybe_no;      /* of the others: it may be */
	int64_t different;  /* values that are surely there and differ */
	Int128 low, high;   /* sums of ends, over the denominator of the value's type */
	BoundEnd least, most;  /* of all low ends, of all high ones; of an average: of items that may */
	BoundEnd bottom, top;  /* least high end, greatest low end of what surely goes in */
	bool no_low, no_high;  /* a sum has no end on this side */
	bool missing, bad;     /* as of a Bound */
	bool none;             /* an item that surely goes in has no value, whatever is filled in */
} BoundPart;

/* What the arguments of an aggregate are; value: the type of its value, if it has one. */
typedef struct BoundKind {
	AggregateKind kind;
	bool has_value;
	Type value, result;
} BoundKind;

/* A count looks at no value. */
BoundKind bound_kind(const Expr *aggregate);
/* A row whose condition is `where`; a condition that is surely no brings nothing. */
void bound_part_add(BoundPart *part, const BoundKind *kind, Bound where, Bound value);
/* A row that surely goes in and whose value, if the kind has one, is known: most rows are that. */
void bound_part_add_known(BoundPart *part, const BoundKind *kind, Value value);
void bound_part_join(BoundPart *into, const BoundPart *from);
/* Whether no further row can make a difference: whatever it brings, there is no end. */
bool bound_part_is_open(const BoundPart *part, const BoundKind *kind);
Bound bound_part_reduce(const BoundPart *part, const BoundKind *kind);

#endif
