/*
 * What can be proved of conditions. A condition becomes a union of boxes; a box says of some values
 * in which interval or set each must lie:
 *
 *   visit.outcome is cancelled and visit.notice < 24 hours
 *     { visit.outcome in {cancelled}, visit.notice in (-inf, 24 hours) }
 *
 * A part that is not a comparison with a constant leaves its box inexact: the box is then larger
 * than the condition, so that it can still prove that two conditions exclude each other, but not
 * that they meet. Values other than plain fields and inputs may depend on each other, so a box over
 * them proves no meeting either.
 *
 * Two questions are answered, and `not known` is an answer to both:
 *
 *   can the condition hold at all?     no  = every box is empty
 *   can two conditions hold at once?   no  = no box of one meets a box of the other
 *                                      yes = two exact boxes meet, over values free of each other
 *
 * A proof may cost little: past MOST_BOXES the condition is taken for `anything`, which proves
 * less but never anything false. Unknown facts (law 4) fit in: a comparison holds only where its
 * value is known.
 */
#include "dsl/checker.h"

#include <string.h>

#include "base/civil.h"

/* Conditions in contracts come to a handful of boxes; a set has a bit for each code that a list
 * may have (LIMIT_CODES), rounded up. */
enum { MOST_BOXES = 48, MOST_SET = 256 };

/* given: there is one. open: the end itself is out. */
typedef struct End {
	Ratio at;
	bool given, open;
} End;

/* Where one value must lie. Codes, weekdays and yes/no are sets, all else intervals. */
typedef struct Range {
	const Expr *value;
	bool set, discrete;
	uint64_t bits[MOST_SET / 64];
	End low, high;
	bool known, missing;   /* must be */
} Range;

/* inexact: larger than the condition. impure: over values that may depend on each other. */
typedef struct Box {
	Range *range;
	int32_t n;
	bool inexact, impure;
} Box;

typedef struct Boxes {
	Box *at;
	int32_t n;
} Boxes;

/* ---- single values */

/* By structure: a field that is named twice has two nodes but one value. The order of arguments
 * counts: a + b and b + a are two values here, which only loses a proof. */
static bool same_value(const Expr *a, const Expr *b)
{
	if (a == b)
		return true;
	if (a == NULL || b == NULL || a->op != b->op || a->how != b->how || a->ref != b->ref ||
			a->n != b->n || a->nargs != b->nargs || a->type.kind != b->type.kind ||
			!str_eq(a->text, b->text) || a->type.scale != b->type.scale)
		return false;
	for (int32_t i = 0; i < a->nargs; i++)
		if (!same_value(a->arg[i], b->arg[i]))
			return false;
	return true;
}

/* Scales differ between branches; the value under them is what is spoken of. Rescaling changes
 * the denominator and nothing else. */
static const Expr *plain_value(const Expr *expr)
{
	while (expr->op == EXPR_RESCALE)
		expr = expr->arg[0];
	return expr;
}

/* A field reached from a slot by links can have any value whatever the others have; what is
 * computed cannot. Links are taken for free, though data may bind two fields to each other: a
 * warning says `can`, not `does`. */
static bool pure_value(const Expr *expr)
{
	while (expr->op == EXPR_FIELD)
		expr = expr->arg[0];
	return expr->op == EXPR_SLOT;
}

/* 0 for values without a set: those are intervals. Dates and clock times could be sets as well,
 * too large to be listed. */
static int32_t set_size(Checker *c, Type type)
{
	switch ((int)type.kind) {
	case TYPE_CODE: return c->codes.at[type.ref].n;
	case TYPE_WEEKDAY: return 7;
	case TYPE_YES_NO: return 2;
	default: return 0;
	}
}

/* Everywhere: each atom starts here and narrows it. discrete: between two neighbours lies
 * nothing, as with dates, counts and clock times in seconds. */
static Range range_all(Checker *c, const Expr *value)
{
	Range range = {.value = value};
	int32_t n = set_size(c, value->type);
	range.set = n > 0;
	for (int32_t i = 0; i < n; i++)
		range.bits[i >> 6] |= (uint64_t)1 << (i & 63);
	range.discrete = value->type.kind != TYPE_QUANTITY ||
		(value->type.form == FORM_COUNT && unit_none(value->type.unit));
	return range;
}

/* Bit i of the set. */
static bool in_set(const Range *range, int32_t i)
{
	return range->bits[i >> 6] >> (i & 63) & 1;
}

/* Exact: ends of unlike denominators meet in tables with rates. */
static int end_cmp(End a, End b)
{
	return ratio_cmp(a.at, b.at);
}

/* A value that must be missing and known at once is nowhere either. The one place that finds
 * contradictions; everything else only narrows. */
static bool range_empty(const Range *range)
{
	static const uint64_t none[MOST_SET / 64];
	if (range->missing)
		return range->known;
	if (range->set)
		return memcmp(range->bits, none, sizeof none) == 0;
	if (!range->low.given || !range->high.given)
		return false;
	int order = end_cmp(range->low, range->high);
	return order > 0 || (order == 0 && (range->low.open || range->high.open));
}

/* Whole values: what lies above 3 is 4 or more. */
static void close_ends(Range *range)
{
	if (!range->discrete || range->set)
		return;
	if (range->low.given && range->low.open && range->low.at.d == 1)
		range->low = (End){{range->low.at.n + 1, 1}, true, false};
	if (range->high.given && range->high.open && range->high.at.d == 1)
		range->high = (End){{range->high.at.n - 1, 1}, true, false};
}

/* Both conditions hold at once: the greater of the lower ends, the lesser of the upper ones. At
 * equal ends the open one is the narrower. */
static void narrow(Range *into, const Range *with)
{
	into->known |= with->known;
	into->missing |= with->missing;
	for (int i = 0; i < MOST_SET / 64; i++)
		into->bits[i] &= with->bits[i];
	if (with->low.given && (!into->low.given || end_cmp(with->low, into->low) > 0 ||
			(end_cmp(with->low, into->low) == 0 && with->low.open)))
		into->low = with->low;
	if (with->high.given && (!into->high.given || end_cmp(with->high, into->high) < 0 ||
			(end_cmp(with->high, into->high) == 0 && with->high.open)))
		into->high = with->high;
	close_ends(into);
}

/* ---- boxes */

/* range NULL: a box that says nothing. inexact: because something could not be understood. */
static Boxes one_box(Arena *arena, const Range *range, bool inexact)
{
	Boxes out = {ARENA_NEW(arena, Box), 1};
	out.at->inexact = inexact;
	if (range != NULL) {
		out.at->range = arena_copy(arena, range, sizeof *range);
		out.at->n = 1;
		out.at->impure = !pure_value(range->value);
	}
	return out;
}

/* False when nothing lies in both. A box has few ranges, so the search for the same value is a
 * plain one. */
static bool meet(Arena *arena, const Box *a, const Box *b, Box *out)
{
	*out = (Box){ARENA_ARRAY(arena, Range, (size_t)(a->n + b->n)), a->n, a->inexact || b->inexact,
		a->impure || b->impure};
	if (a->n > 0)
		memcpy(out->range, a->range, sizeof *a->range * (size_t)a->n);
	for (int32_t i = 0; i < b->n; i++) {
		int32_t at = 0;
		while (at < out->n && !same_value(out->range[at].value, b->range[i].value))
			at++;
		if (at == out->n)
			out->range[out->n++] = b->range[i];
		else
			narrow(&out->range[at], &b->range[i]);
		if (range_empty(&out->range[at]))
			return false;
	}
	return true;
}

/* Every box of one with every box of the other. Past the limit the knowledge is given up, not the
 * proof's soundness. Boxes that are empty are left out, or their number would grow with every
 * `and`. */
static Boxes both(Arena *arena, Boxes a, Boxes b)
{
	if ((int64_t)a.n * b.n > MOST_BOXES)
		return one_box(arena, NULL, true);
	Boxes out = {ARENA_ARRAY(arena, Box, (size_t)(a.n * b.n)), 0};
	for (int32_t i = 0; i < a.n; i++)
		for (int32_t k = 0; k < b.n; k++)
			if (meet(arena, &a.at[i], &b.at[k], &out.at[out.n]))
				out.n++;
	return out;
}

/* A union simply keeps both lists. */
static Boxes either(Arena *arena, Boxes a, Boxes b)
{
	if (a.n + b.n > MOST_BOXES)
		return one_box(arena, NULL, true);
	Boxes out = {ARENA_ARRAY(arena, Box, (size_t)(a.n + b.n)), a.n + b.n};
	if (a.n > 0)
		memcpy(out.at, a.at, sizeof *a.at * (size_t)a.n);
	if (b.n > 0)
		memcpy(out.at + a.n, b.at, sizeof *b.at * (size_t)b.n);
	return out;
}

/* ---- conditions to boxes */

/* The same comparison read from the right. 3 < x is x > 3. */
static int turned(int how)
{
	static const int turn[] = {
		[COMPARE_LT] = COMPARE_GT, [COMPARE_LE] = COMPARE_GE, [COMPARE_EQ] = COMPARE_EQ,
		[COMPARE_NE] = COMPARE_NE, [COMPARE_GE] = COMPARE_LE, [COMPARE_GT] = COMPARE_LT,
	};
	return turn[how];
}

/* Under `not`. An unknown value satisfies neither, which is why each comparison also asks that
 * its value be known. */
static int opposite(int how)
{
	static const int other[] = {
		[COMPARE_LT] = COMPARE_GE, [COMPARE_LE] = COMPARE_GT, [COMPARE_EQ] = COMPARE_NE,
		[COMPARE_NE] = COMPARE_EQ, [COMPARE_GE] = COMPARE_LT, [COMPARE_GT] = COMPARE_LE,
	};
	return other[how];
}

/* For `<>` nothing is bound: its two halves are boxes of their own. */
static void bound_ends(Range *range, Ratio at, int how)
{
	bool low = how == COMPARE_GE || how == COMPARE_GT || how == COMPARE_EQ;
	bool high = how == COMPARE_LE || how == COMPARE_LT || how == COMPARE_EQ;
	if (low)
		range->low = (End){at, true, how == COMPARE_GT};
	if (high)
		range->high = (End){at, true, how == COMPARE_LT};
	close_ends(range);
}

/* A constant on either side is enough; two fields against each other are not understood and make
 * the box inexact. Texts are left alone: S74 compares them after trimming and NFC, which is not
 * redone here. */
static Boxes compare_boxes(Checker *c, Arena *arena, const Expr *expr, bool negated)
{
	const Expr *value = plain_value(expr->arg[0]), *bound = plain_value(expr->arg[1]);
	int how = negated ? opposite(expr->how) : expr->how;
	if (is_const(value)) {
		const Expr *kept = value;
		value = bound;
		bound = kept;
		how = turned(how);
	}
	bool text = bound->type.kind == TYPE_TEXT || value->type.kind != bound->type.kind;
	if (!is_const(bound) || is_const(value) || text)
		return one_box(arena, NULL, true);
	Range range = range_all(c, value);
	range.known = true;
	Ratio at = const_ratio(bound);
	for (int32_t i = 0; range.set && i < MOST_SET; i++)
		if (!compare_holds(how, (i > bound->n) - (i < bound->n)))
			range.bits[i >> 6] &= ~((uint64_t)1 << (i & 63));
	if (range.set || how != COMPARE_NE) {
		if (!range.set)
			bound_ends(&range, at, how);
		return range_empty(&range) ? (Boxes){NULL, 0} : one_box(arena, &range, false);
	}
	Range below = range;
	bound_ends(&below, at, COMPARE_LT);
	bound_ends(&range, at, COMPARE_GT);
	return either(arena, one_box(arena, &below, false), one_box(arena, &range, false));
}

/* What may be missing says nothing of where the value lies. Through the value's rescaling, so
 * that it meets comparisons of the same value. */
static Boxes known_boxes(Checker *c, Arena *arena, const Expr *value, bool negated)
{
	Range range = range_all(c, plain_value(value));
	range.known = !negated;
	range.missing = negated;
	return one_box(arena, &range, false);
}

/* A yes/no field in the place of a condition. Bit 0 is no, bit 1 yes. */
static Boxes truth_boxes(Checker *c, Arena *arena, const Expr *value, bool negated)
{
	Range range = range_all(c, value);
	range.known = true;
	range.bits[0] = negated ? 1 : 2;
	return one_box(arena, &range, false);
}

/* Negation is carried down to the comparisons, so that unions and meetings are all there is above
 * them. De Morgan: under a negation `and` and `or` change places. This holds for three-valued
 * logic too, since a part that is unknown lies in neither box. */
static Boxes boxes_of(Checker *c, Arena *arena, const Expr *expr, bool negated)
{
	switch ((int)expr->op) {
	case EXPR_CONST:
		return (expr->n != 0) != negated ? one_box(arena, NULL, false) : (Boxes){NULL, 0};
	case EXPR_NOT: return boxes_of(c, arena, expr->arg[0], !negated);
	case EXPR_AND:
	case EXPR_OR: {
		Boxes a = boxes_of(c, arena, expr->arg[0], negated);
		Boxes b = boxes_of(c, arena, expr->arg[1], negated);
		return (expr->op == EXPR_AND) != negated ? both(arena, a, b) : either(arena, a, b);
	}
	case EXPR_COMPARE: return compare_boxes(c, arena, expr, negated);
	case EXPR_IS_KNOWN: return known_boxes(c, arena, expr->arg[0], negated);
	case EXPR_FIELD:
	case EXPR_SLOT: return truth_boxes(c, arena, expr, negated);
	default: return one_box(arena, NULL, true);
	}
}

/* True only when proved: every box is empty. */
bool condition_never(Checker *c, const Expr *condition)
{
	Arena arena = {0};
	bool never = boxes_of(c, &arena, condition, false).n == 0;
	arena_free(&arena);
	return never;
}

/* One exact box in common is a row for which both hold; boxes that exclude each other throughout
 * are the proof of the opposite. The scratch arena is freed here: nothing of a proof outlives its
 * answer. */
Overlap conditions_overlap(Checker *c, const Expr *a, const Expr *b)
{
	Arena arena = {0};
	Boxes left = boxes_of(c, &arena, a, false), right = boxes_of(c, &arena, b, false);
	Overlap out = OVERLAP_NO;
	for (int32_t i = 0; i < left.n; i++)
		for (int32_t k = 0; k < right.n && out != OVERLAP_YES; k++) {
			Box box;
			if (!meet(&arena, &left.at[i], &right.at[k], &box))
				continue;
			out = box.inexact || box.impure ? OVERLAP_UNKNOWN : OVERLAP_YES;
		}
	arena_free(&arena);
	return out;
}

/* ---- holes of a table: inputs between its rows that none of them fits */

/*
 *   rows of a table        points that are tried
 *   7 min to 15 min        7, 15
 *   16 min to 30 min       16, 30, and 15 min 30 s between two ends of ranges: no row fits
 *
 * Every input has such points; the grid of all their combinations is looked through for one that
 * no row covers (S44).
 */
enum { MOST_POINTS = 64, MOST_CELLS = 4096 };

/* The values of one input that are tried. */
typedef struct Points {
	Ratio at[MOST_POINTS];
	bool range_end[MOST_POINTS];
	int32_t n;
	bool set, discrete, used, too_many;
} Points;

typedef struct Grid {
	Checker *c;
	const Table *table;
	Boxes rows;
	Points input[LIMIT_ARGUMENTS];
} Grid;

/* Kept sorted and without repeats; an end of any range there makes the point one. */
static void point_add(Points *points, Ratio at, bool range_end)
{
	int32_t i = 0;
	while (i < points->n && ratio_cmp(points->at[i], at) < 0)
		i++;
	if (i < points->n && ratio_cmp(points->at[i], at) == 0) {
		points->range_end[i] |= range_end;
		return;
	}
	if (points->n == MOST_POINTS) {
		points->too_many = true;
		return;
	}
	for (int32_t k = points->n++; k > i; k--) {
		points->at[k] = points->at[k - 1];
		points->range_end[k] = points->range_end[k - 1];
	}
	points->at[i] = at;
	points->range_end[i] = range_end;
}

/* Lists of codes are tried in full, since their values are few and known. An end that is a single
 * value, not an end of a range, leaves no gap to be looked at beside it. */
static void points_of(Checker *c, Points *points, const Range *range)
{
	bool point = range->low.given && range->high.given && end_cmp(range->low, range->high) == 0;
	points->used = true;
	points->set = range->set;
	points->discrete = range->discrete;
	for (int32_t i = 0; range->set && i < set_size(c, range->value->type); i++)
		point_add(points, (Ratio){i, 1}, false);
	if (range->low.given)
		point_add(points, range->low.at, !point);
	if (range->high.given)
		point_add(points, range->high.at, !point);
}

/* Between two ends of ranges nothing else stands, so one value between them speaks for all. */
static void points_between(Points *points)
{
	Points seen = *points;
	for (int32_t i = 1; i < seen.n && !seen.set; i++) {
		Ratio sum;
		Ratio low = seen.at[i - 1], high = seen.at[i];
		if (!seen.range_end[i - 1] || !seen.range_end[i])
			continue;
		if (seen.discrete && high.n - low.n > 1)
			point_add(points, (Ratio){low.n + 1, 1}, false);
		else if (!seen.discrete && ratio_add(low, high, &sum) && ratio_mul(sum, (Ratio){1, 2},
			&sum))
			point_add(points, sum, false);
	}
}

/* A missing input lies in no range. */
static bool lies_in(const Range *range, Ratio at)
{
	if (range->missing)
		return false;
	if (range->set)
		return in_set(range, (int32_t)at.n);
	int low = range->low.given ? ratio_cmp(at, range->low.at) : 1;
	int high = range->high.given ? ratio_cmp(at, range->high.at) : -1;
	return (low > 0 || (low == 0 && !range->low.open)) &&
		(high < 0 || (high == 0 && !range->high.open));
}

/* One row is enough. Inputs that the row does not speak of fit anything. */
static bool cell_covered(const Grid *grid, const int32_t *cell)
{
	for (int32_t i = 0; i < grid->rows.n; i++) {
		const Box *box = &grid->rows.at[i];
		bool fits = true;
		for (int32_t k = 0; k < box->n && fits; k++) {
			int32_t input = box->range[k].value->ref;
			fits = lies_in(&box->range[k], grid->input[input].at[cell[input]]);
		}
		if (fits)
			return true;
	}
	return false;
}

/* As rules write values, so that the missing row can be copied from the message. */
static void point_print(Checker *c, Buf *buf, Type type, Ratio at)
{
	if (type.kind == TYPE_QUANTITY)
		quantity_print(buf, type, at);
	else if (type.kind == TYPE_CODE)
		buf_str(buf, c->codes.at[type.ref].code[at.n]);
	else if (type.kind == TYPE_YES_NO)
		buf_puts(buf, at.n != 0 ? "yes" : "no");
	else if (type.kind == TYPE_WEEKDAY)
		buf_puts(buf, weekday_names[at.n]);
	else if (type.kind == TYPE_CLOCK)
		clock_print(buf, (int32_t)(at.n / at.d));
	else
		day_print(buf, (int32_t)(at.n / at.d));
}

/* The first hole only: one row too few often leaves many cells uncovered. */
static void warn_hole(const Grid *grid, const TablePeriod *period, const int32_t *cell)
{
	Checker *c = grid->c;
	Buf buf = {0};
	for (int32_t i = 0; i < grid->table->nparams; i++) {
		if (!grid->input[i].used)
			continue;
		buf_printf(&buf, "%s%.*s is ", buf.n > 0 ? " and " : "", STR_ARG(grid->table->param[i]));
		point_print(c, &buf, grid->table->param_type[i], grid->input[i].at[cell[i]]);
	}
	DiagRef diag = diag_add(c->diags, DIAG_W_BAND_GAP, grid->table->decl.name_at,
		"no row of %.*s fits when %.*s", STR_ARG(grid->table->decl.name),
		STR_ARG(str_copy(c->arena, buf_view(&buf))));
	if (period->nrows > 0)
		diag_help(diag, "add a row, or write `to below` where one range ends and the next begins");
	buf_free(&buf);
}

/* The rows as boxes over the table's own inputs; false when one of them says something else. A
 * row whose test is not understood could cover anything, so then no hole is claimed. */
static bool grid_rows(Grid *grid, Arena *arena, const TablePeriod *period)
{
	for (int32_t i = 0; i < period->nrows; i++) {
		Boxes row = boxes_of(grid->c, arena, period->row[i].fits, false);
		if (grid->rows.n + row.n > MOST_BOXES * 8)
			return false;
		Boxes all = {ARENA_ARRAY(arena, Box, (size_t)(grid->rows.n + row.n)), grid->rows.n + row.n};
		if (grid->rows.n > 0)
			memcpy(all.at, grid->rows.at, sizeof *all.at * (size_t)grid->rows.n);
		if (row.n > 0)
			memcpy(all.at + grid->rows.n, row.at, sizeof *all.at * (size_t)row.n);
		grid->rows = all;
	}
	for (int32_t i = 0; i < grid->rows.n; i++) {
		const Box *box = &grid->rows.at[i];
		if (box->inexact)
			return false;
		for (int32_t k = 0; k < box->n; k++) {
			if (box->range[k].value->op != EXPR_SLOT)
				return false;
			points_of(grid->c, &grid->input[box->range[k].value->ref], &box->range[k]);
		}
	}
	return true;
}

/* Counts through the grid like an odometer; inputs that no row looks at stand still. */
static bool next_cell(const Grid *grid, int32_t *cell)
{
	for (int32_t i = 0; i < grid->table->nparams; i++) {
		if (grid->input[i].used && ++cell[i] < grid->input[i].n)
			return true;
		cell[i] = 0;
	}
	return false;
}

/* Given up where the grid would be large: a table of that size is checked at run time. */
static bool grid_points(Grid *grid)
{
	int64_t cells = 1;
	for (int32_t i = 0; i < grid->table->nparams; i++) {
		Points *points = &grid->input[i];
		points_between(points);
		if (points->too_many || (points->used && points->n == 0))
			return false;
		cells *= points->used ? points->n : 1;
		if (cells > MOST_CELLS)
			return false;
	}
	return true;
}

/* What lies below the lowest and above the highest range is no hole: tables often say nothing
 * there, on purpose. Between single values there is none either. */
void table_holes(Checker *c, const Table *table, const TablePeriod *period)
{
	Arena arena = {0};
	Grid *grid = ARENA_NEW(&arena, Grid);
	int32_t cell[LIMIT_ARGUMENTS] = {0};
	grid->c = c;
	grid->table = table;
	if (grid_rows(grid, &arena, period) && grid_points(grid))
		do {
			if (cell_covered(grid, cell))
				continue;
			warn_hole(grid, period, cell);
			break;
		} while (next_cell(grid, cell));
	arena_free(&arena);
}
