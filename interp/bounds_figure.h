/*
 * What a figure that lacks facts could come to. Its aggregates are bounded row by row, each fact
 * with all the values that it may have; so the bounds are the same however rows are shared out, and
 * hold for every choice of the missing facts. A fact that stands in two aggregates is two facts
 * here, which may make them wider than they need be.
 *
 *   a row whose part in the figure is open ─> row_bound ─> BoundPart ┐
 *   rows that are known ─────────────────────> exact sums ───────────┴─> figure_bounds
 *
 * As of findings (interp/bounds.h), a fact whose absence the measure answers itself (`or else`, `is
 * known`) stays missing. Where the same fact also stands in the way, the figure has no bounds.
 */
#ifndef VOUCH_INTERP_BOUNDS_FIGURE_H
#define VOUCH_INTERP_BOUNDS_FIGURE_H

#include "interp/bounds_value.h"
#include "interp/measure.h"

/* Which fields and defines a measure reads both ways: where their absence is answered, and where it
 * is not. */
typedef struct FigureFacts FigureFacts;

const FigureFacts *figure_facts(const Rulebook *book, const Measure *measure, Arena *arena);
bool figure_facts_mixed(const FigureFacts *facts, const Filling *place);

/* Bounds of expressions over single rows, one after another. */
typedef struct RowBounder RowBounder;

RowBounder *row_bounder_new(const Walk *walk);
void row_bounder_free(RowBounder *rows); /* NULL is fine */
/* Sets *lost when the bounds do not hold; it is never cleared. Texts last until the next call. */
Bound row_bound(RowBounder *rows, const FigureFacts *facts, const Expr *expr, Value *slots,
	int32_t law_day, bool *lost);

/* What the rows of a group come to. */
typedef struct FigureLeaves {
	const Expr *const *expr;
	const Bound *bound;
	int32_t n;
	int64_t sure, may;      /* rows that surely are of the group; that may be */
} FigureLeaves;

/* Puts the bounds of a result without a figure where they belong; law date and slots are those of
 * the result. leaves NULL: its rows are in result->group, and its aggregates are looked at here. */
void figure_bounds(const Walk *walk, const Measure *measure, const FigureFacts *facts,
	const FigureLeaves *leaves, MeasureResult *result);

#endif
