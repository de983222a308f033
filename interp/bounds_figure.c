/*
 * Unlike a finding, a figure is never searched: it is looked at once, in the widest box, row by
 * row. A group may have a million rows that lack a fact, and halving boxes of a million facts leads
 * nowhere. What that costs is width, where one fact stands in two aggregates.
 *
 *   figure_facts     once for a measure: which fields does it read, and how
 *   row_bound        one expression of one row           (by measure_scan)
 *   figure_bounds    the figure, its parts, its status   (by measure_fold, and over rows)
 *
 * A fact that is answered in one place (`or else`) and wanted in another would have to be missing
 * and present at once: such a figure is lost, and gets no bounds.
 */
#include "interp/bounds_figure.h"

#include <stdlib.h>
#include <string.h>

#include "interp/bounds_private.h"

/* ---- what is read in which way ---- */

/* WANTED: its absence stands in the way. ANSWERED: the measure says what then holds. */
enum { READ_WANTED = 1, READ_ANSWERED = 2, READ_BOTH = 3 };

struct FigureFacts {
	uint8_t **field;        /* by dataset, by field: READ_… */
	uint8_t *define;        /* those that stand for their facts */
};

/* A function or a table that answers for its arguments: what is known of that. */
enum { ANSWERS_UNKNOWN, ANSWERS_NO, ANSWERS_YES };

typedef struct Reading {
	const Rulebook *book;
	FigureFacts *facts;
	uint8_t *define, *table;   /* in which ways they were gone through */
	uint8_t *by_define, *by_table; /* ANSWERS_… */
} Reading;

/* Each of the expressions of a declaration, until one says stop. Passes the way of reading on; what
 * it gives back ends the loop. */
typedef bool ExprFn(Reading *reading, const Expr *expr, uint8_t how);

/* Base, exceptions and the date of its own: whatever may be read when the define is asked. */
static bool each_of_define(Reading *reading, const Define *define, uint8_t how, ExprFn *fn)
{
	bool out = fn(reading, define->on, how) || fn(reading, define->base, how);
	for (int32_t i = 0; i < define->nexcepts && !out; i++)
		out = fn(reading, define->except[i].when, how) || fn(reading, define->except[i].then, how);
	return out;
}

/* All dated blocks, since it is not known here which law date a row will have. */
static bool each_of_table(Reading *reading, const Table *table, uint8_t how, ExprFn *fn)
{
	bool out = false;
	for (int32_t p = 0; p < table->nperiods && !out; p++)
		for (int32_t i = 0; i < table->period[p].nrows && !out; i++)
			out = fn(reading, table->period[p].row[i].fits, how) ||
				fn(reading, table->period[p].row[i].value, how);
	return out;
}

static bool answers(Reading *reading, const Expr *expr, uint8_t how);

/* Functions do not call themselves, so each is gone through once. ANSWERS_UNKNOWN is overwritten
 * only when all of it has been seen. */
static bool callee_answers(Reading *reading, const Expr *call)
{
	bool table = call->op == EXPR_TABLE;
	uint8_t *known = table ? &reading->by_table[call->ref] : &reading->by_define[call->ref];
	if (*known == ANSWERS_UNKNOWN) {
		bool yes = table ? each_of_table(reading, &reading->book->table[call->ref], 0, answers)
			: each_of_define(reading, &reading->book->define[call->ref], 0, answers);
		*known = yes ? ANSWERS_YES : ANSWERS_NO;
	}
	return *known == ANSWERS_YES;
}

/* Whether the absence of an argument could be answered somewhere inside. */
static bool answers(Reading *reading, const Expr *expr, uint8_t how)
{
	if (expr == NULL)
		return false;
	if (expr->op == EXPR_OR_ELSE || expr->op == EXPR_IS_KNOWN)
		return true;
	if ((expr->op == EXPR_CALL || expr->op == EXPR_TABLE) && callee_answers(reading, expr))
		return true;
	for (int32_t i = 0; i < expr->nargs; i++)
		if (answers(reading, expr->arg[i], how))
			return true;
	return false;
}

static bool read_expr(Reading *reading, const Expr *expr, uint8_t how);

/* What stands behind a name, once in each way. A define that is read both ways is mixed as a whole,
 * since it may be filled in itself. */
static void read_callee(Reading *reading, const Expr *expr, uint8_t how)
{
	bool table = expr->op == EXPR_TABLE;
	uint8_t *done = table ? &reading->table[expr->ref] : &reading->define[expr->ref];
	if (!table)
		reading->facts->define[expr->ref] |= how;
	if ((*done & how) == how)
		return;
	*done |= how;
	if (table)
		each_of_table(reading, &reading->book->table[expr->ref], how, read_expr);
	else
		each_of_define(reading, &reading->book->define[expr->ref], how, read_expr);
}

/* The condition of `or else` and `is known` is answered, with all below it. Of a function that
 * answers somewhere inside, the argument may be answered there or not: both. It always returns
 * false, which lets the loop go on. */
static bool read_expr(Reading *reading, const Expr *expr, uint8_t how)
{
	if (expr == NULL)
		return false;
	bool answered = expr->op == EXPR_OR_ELSE || expr->op == EXPR_IS_KNOWN;
	bool callee = expr->op == EXPR_CALL || expr->op == EXPR_TABLE;
	if (expr->op == EXPR_FIELD)
		reading->facts->field[expr->arg[0]->type.ref][expr->ref] |= how;
	if (callee || expr->op == EXPR_DERIVED)
		read_callee(reading, expr, how);
	for (int32_t i = 0; i < expr->nargs; i++)
		read_expr(reading, expr->arg[i], answered && i == 0 ? READ_ANSWERED
			: callee && callee_answers(reading, expr) ? READ_BOTH : how);
	return false;
}

/* All that a figure and its status are worked out from; what is compared with them is not
 * bounded. */
const FigureFacts *figure_facts(const Rulebook *book, const Measure *measure, Arena *arena)
{
	const Rule *rule = &measure->rule;
	const Expr *const root[] = {rule->covered, rule->filter, rule->applies, measure->figure,
		measure->target, measure->fails, measure->needs};
	FigureFacts *facts = ARENA_NEW(arena, FigureFacts);
	Reading reading = {.book = book, .facts = facts};
	size_t ndefines = (size_t)book->ndefines + 1, ntables = (size_t)book->ntables + 1;
	facts->field = ARENA_ARRAY(arena, uint8_t *, (size_t)book->ndatasets + 1);
	for (int32_t d = 0; d < book->ndatasets; d++)
		facts->field[d] = ARENA_ARRAY(arena, uint8_t, (size_t)book->dataset[d].nfields + 1);
	facts->define = ARENA_ARRAY(arena, uint8_t, ndefines);
	reading.define = ARENA_ARRAY(arena, uint8_t, ndefines);
	reading.by_define = ARENA_ARRAY(arena, uint8_t, ndefines);
	reading.table = ARENA_ARRAY(arena, uint8_t, ntables);
	reading.by_table = ARENA_ARRAY(arena, uint8_t, ntables);
	for (size_t i = 0; i < sizeof root / sizeof *root; i++)
		read_expr(&reading, root[i], READ_WANTED);
	for (int32_t i = 0; i < measure->nparts; i++)
		read_expr(&reading, measure->part[i].value, READ_WANTED);
	return facts;
}

/* A step to other rows has no place, and is never filled in. */
bool figure_facts_mixed(const FigureFacts *facts, const Filling *place)
{
	return place->field >= 0 ? facts->field[place->dataset][place->field] == READ_BOTH
		: place->define >= 0 && facts->define[place->define] == READ_BOTH;
}

/* ---- one expression of one row ---- */

struct RowBounder {
	Bounder b;
};

/* Without fillings: what is known to the explaining evaluator as the data stand is known whatever
 * is filled in, since nothing that stands in the way is answered. */
static void begin(Bounder *b, const Walk *walk, const FigureFacts *facts)
{
	b->asked = walk;
	b->facts = facts;
	b->walk = *walk;
	b->walk.arena = &b->arena;
	b->walk.trace = NULL;
	b->walk.fill = NULL;
}

/* The facts come with each call: one bounder serves all measures of a scan. */
RowBounder *row_bounder_new(const Walk *walk)
{
	RowBounder *rows = mem_alloc(sizeof *rows);
	begin(&rows->b, walk, NULL);
	return rows;
}

void row_bounder_free(RowBounder *rows)
{
	if (rows != NULL)
		arena_free(&rows->b.arena);
	free(rows);
}

/* Most odd rows are odd for another aggregate: where the value is known, it is asked no further. */
Bound row_bound(RowBounder *rows, const FigureFacts *facts, const Expr *expr, Value *slots,
	int32_t law_day, bool *lost)
{
	Bounder *b = &rows->b;
	b->facts = facts;
	Scene scene = {{slots, law_day, 0}, NULL};
	arena_reset(&b->arena);
	b->memo = (BoundMemos){0};
	b->lost = false;
	eval_begin(&b->eval, &b->walk, (RowSpan){NULL, 0});
	Value value = walk_eval(&b->eval, &scene.frame, expr);
	Bound out = value.state == STATE_KNOWN ? bound_known(expr->type, value)
		: bound_expr(b, &scene, expr);
	eval_end(&b->eval);
	*lost = *lost || b->lost;
	return out;
}

/* ---- a figure ---- */

/* sure and may are the rows that `needs` is held against. */
typedef struct Asked {
	Bounder b;
	const Measure *measure;
	const FigureLeaves *leaves;
	MeasureResult *result;
	Scene scene;
	Bound *beside;          /* the slots, where one holds no single value */
	int64_t sure, may;      /* rows of the group */
} Asked;

/* What the explaining evaluator is asked about aggregates that are elsewhere: nothing passes over a
 * conflict as it would over what is missing. What is known is given as it is. */
static void give_leaves(Asked *of)
{
	const FigureLeaves *leaves = of->leaves;
	Leaf *leaf = ARENA_ARRAY(&of->b.arena, Leaf, (size_t)leaves->n + 1);
	for (int32_t i = 0; i < leaves->n; i++) {
		leaf[i] = (Leaf){leaves->expr[i], leaves->bound[i].value};
		leaf[i].value.state = leaves->bound[i].known ? STATE_KNOWN : STATE_CONFLICT;
	}
	of->b.leaf = leaves->bound;
	of->b.eval.leaf = leaf;
	of->b.eval.nleaves = leaves->n;
	of->sure = leaves->sure;
	of->may = leaves->may;
}

/* Whatever filling gives a figure, it lies between. One that is known speaks for itself. Each end
 * on its own: a count has a least also where it has no most. */
static FigureBound ends_of(const Bounder *b, Value value, Bound bound)
{
	FigureBound out = {.least = {0, 1}, .most = {0, 1}};
	bool open = value.state != STATE_KNOWN && bound.some && !b->lost;
	out.has_least = open && bound.has_lo;
	out.has_most = open && bound.has_hi;
	if (out.has_least)
		out.least = bound.lo;
	if (out.has_most)
		out.most = bound.hi;
	return out;
}

/* What the measure does not say: a target that it has not is met, a failure line is not crossed. */
static Bound look_if(Asked *of, const Expr *expr, bool otherwise)
{
	return expr == NULL ? bound_yes_no(otherwise, !otherwise)
		: bound_expr(&of->b, &of->scene, expr);
}

/* S98, as in measure.c; STATUS_NONE where two fillings may differ. Called only where every filling
 * gives a figure. */
static MeasureStatus by_lines(Asked *of)
{
	Bound met = look_if(of, of->measure->target, true);
	Bound failed = look_if(of, of->measure->fails, false);
	if (!met.known || !failed.known)
		return STATUS_NONE;
	if (failed.value.n != 0)
		return met.value.n != 0 && of->measure->target != NULL ? STATUS_CONFLICT : STATUS_FAILED;
	return met.value.n != 0 ? STATUS_MET : STATUS_WATCH;
}

/*
 * Which status every filling has; each of them has to have the group, and a figure.
 *
 *   applies when        must surely hold
 *   needs               surely reached, or surely not: then insufficient, whatever the figure
 *   figure              must have a value in every filling
 */
static MeasureStatus agreed(Asked *of, Bound figure)
{
	const Measure *measure = of->measure;
	const Ratio sure = {of->sure, 1}, may = {of->may, 1};
	Bound applies = look_if(of, measure->rule.applies, true), needs = {0};
	if (!bound_surely(applies, 1) || (of->sure == 0 && measure->rule.subject == SUBJECT_GROUP))
		return STATUS_NONE;
	if (measure->needs != NULL) {
		needs = bound_expr(&of->b, &of->scene, measure->needs);
		if (!needs.known || (ratio_cmp(sure, needs.lo) < 0 && ratio_cmp(may, needs.lo) >= 0))
			return STATUS_NONE;
		if (ratio_cmp(may, needs.lo) < 0)
			return STATUS_INSUFFICIENT;
	}
	return figure.missing || figure.bad || !figure.some ? STATUS_NONE : by_lines(of);
}

/* The figure stands in its slot for the lines: as a value when it is one, else as its bounds.
 * `state` is written in either case: the value of one that is not known has none of its own. */
static void put_figure(Asked *of, Bound figure)
{
	Value *slot = &of->b.slot[of->measure->figure_slot];
	of->beside[of->measure->figure_slot] = figure;
	*slot = figure.value;
	slot->state = figure.known ? STATE_KNOWN : STATE_CONFLICT;
}

/* What is lost for one of them is lost for all: it is the same facts. Parts first, as in measure.c;
 * the group's rows are narrowed here when they are here. */
static void look_at_figure(Asked *of)
{
	const Measure *measure = of->measure;
	Bounder *b = &of->b;
	Bound *part = ARENA_ARRAY(&b->arena, Bound, (size_t)measure->nparts + 1);
	if (of->leaves == NULL && measure->rule.subject == SUBJECT_GROUP) {
		of->sure = bound_narrow(b, &of->scene);
		of->may = b->eval.group.n;
	}
	for (int32_t i = 0; i < measure->nparts; i++)
		part[i] = bound_expr(b, &of->scene, measure->part[i].value);
	Bound figure = bound_expr(b, &of->scene, measure->figure);
	put_figure(of, figure);
	MeasureStatus status = measure->kpi ? agreed(of, figure) : STATUS_NONE;
	of->result->agreed = b->lost ? STATUS_NONE : status;
	of->result->bound = ends_of(b, of->result->figure, figure);
	for (int32_t i = 0; i < measure->nparts; i++)
		of->result->part_bound[i] = ends_of(b, of->result->part[i], part[i]);
}

/* Without a law date there is no telling what holds; a subject without its keys is none. */
static bool is_settled(const Measure *measure, const MeasureResult *result)
{
	bool known = result->on != NO_DAY;
	for (int32_t i = 0; i < subject_nslots(&measure->rule); i++)
		known = known && result->slot[i].state == STATE_KNOWN;
	return known;
}

/* The slots are copied: the result's own are shown, and must stay as they are. */
void figure_bounds(const Walk *walk, const Measure *measure, const FigureFacts *facts,
	const FigureLeaves *leaves, MeasureResult *result)
{
	Asked of = {.measure = measure, .leaves = leaves, .result = result};
	Bounder *b = &of.b;
	size_t nslots = (size_t)measure_nslots(measure);
	if (!is_settled(measure, result))
		return;
	begin(b, walk, facts);
	b->rule = &measure->rule;
	b->group = result->group;
	b->slot = ARENA_ARRAY(&b->arena, Value, nslots);
	memcpy(b->slot, result->slot, sizeof *b->slot * nslots);
	of.beside = ARENA_ARRAY(&b->arena, Bound, nslots);
	of.scene = (Scene){{b->slot, result->on, 0}, of.beside};
	eval_begin(&b->eval, &b->walk, result->group);
	if (leaves != NULL)
		give_leaves(&of);
	look_at_figure(&of);
	eval_end(&b->eval);
	arena_free(&b->arena);
}
