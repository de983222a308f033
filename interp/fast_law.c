/*
 * What the contract says: parameters, tables, defines and their exceptions, law dates.
 *
 * Each subject of a batch has a law date, and in one batch the law may change. A history is
 * monotone: the later the date, the later the entry. So the entries in force at the least and at
 * the greatest date are looked up; when they are one, it serves the batch, else each entry
 * between them is worked out as a column and each subject takes its own.
 *
 * Scopes of their own (tables, functions, defines of other rows) are frames of their own; a
 * define of slot 0 shares the frame of the rule, and so its columns.
 *
 *   law of a batch    d0 d1 d1 d2           least d0, greatest d2
 *   history           [.. v0)[v0 .. v1)[v1 ..
 *   entries at least and greatest    the same: one column     different: a column for each between
 *
 * The meaning of what is open is that of walk_law.c, point by point (S27 to S34); here each step is
 * asked of all subjects before the next, and states are kept beside them.
 */
#include "interp/fast_internal.h"

#include <string.h>

#include "base/civil.h"

#define LEAST_SHARED 16 /* places: for fewer it does not matter how often a row comes */

/* ---- what is in force ---- */

typedef struct DayRange {
	int32_t lo, hi;
} DayRange;

/* In a history, what holds at both ends of a range of days holds in between. NO_DAY is below every
 * day, and asks for what holds throughout. */
static DayRange range_of(const Col *law, int32_t n)
{
	int32_t m = law->constant ? 1 : n;
	DayRange range = {INT32_MAX, INT32_MIN};
	for (int32_t i = 0; i < m; i++) {
		int32_t day = (int32_t)law->v[i];
		range.lo = day < range.lo ? day : range.lo;
		range.hi = day > range.hi ? day : range.hi;
	}
	return range;
}

static const Col *one_unknown(Frame *frame, const Expr *expr)
{
	return col_unknown(frame, expr->type);
}

/* Copies the places at which `pick` says `which`. With its state, so that an unknown value stays
 * unknown. */
static void copy_where(const Out *out, const int32_t *pick, int32_t which, const Col *from)
{
	for (int32_t i = 0; i < out->m; i++)
		if (pick[i] == which)
			out_copy(out, i, from);
}

/* -1: nothing is in force, as before the first value (S11). */
static const Col *parameter_value(Frame *frame, const Expr *expr, int32_t which)
{
	const Parameter *parameter = &frame->fast->book->parameter[expr->ref];
	return which < 0 ? one_unknown(frame, expr) : fast_eval(frame, parameter->value[which].value);
}

/* Several values in force in one batch: each is worked out for all, and the right one is taken.
 * Entries between lo and hi are all that can be picked. */
static const Col *parameter_mixed(Frame *frame, const Expr *expr, int32_t lo, int32_t hi)
{
	const Parameter *parameter = &frame->fast->book->parameter[expr->ref];
	const Col *law = frame_law(frame);
	Out out = out_of_type(frame, expr->type, false);
	out.st = POOL_ARRAY(frame->pool, uint8_t, out.m);
	int32_t *pick = POOL_ARRAY(frame->pool, int32_t, out.m);
	for (int32_t i = 0; i < out.m; i++)
		pick[i] = law_value(parameter->value, parameter->nvalues, frame->fast->law,
			(int32_t)law->v[i]);
	for (int32_t which = lo; which <= hi; which++)
		copy_where(&out, pick, which, parameter_value(frame, expr, which));
	return out_done(frame, &out);
}

/* A scenario's `with parameter` holds on every date. */
static const Expr *override_of(const Law *law, int32_t parameter)
{
	for (int32_t i = 0; i < law->nwith; i++)
		if (law->with[i].parameter == parameter)
			return law->with[i].value;
	return NULL;
}

/* Nearly every batch lies between two changes of the law: then one look at its first and last
 * day tells for all. */
const Col *eval_parameter(Frame *frame, const Expr *expr)
{
	const Law *law = frame->fast->law;
	const Parameter *parameter = &frame->fast->book->parameter[expr->ref];
	const Expr *set = override_of(law, expr->ref);
	if (set != NULL)
		return fast_eval(frame, set);
	DayRange range = range_of(frame_law(frame), frame->n);
	int32_t lo = law_value(parameter->value, parameter->nvalues, law, range.lo);
	int32_t hi = law_value(parameter->value, parameter->nvalues, law, range.hi);
	if (lo == hi)
		return parameter_value(frame, expr, lo);
	return parameter_mixed(frame, expr, lo, hi);
}

/* A date that is missing, in whatever state, is no date: histories are then asked for what holds
 * throughout. The local date of a moment (S4). */
const Col *fast_law_of(Frame *frame, const Col *on, Type type)
{
	if (on->st == NULL && type.kind != TYPE_MOMENT)
		return on;
	Out out = out_fixed(frame, on->constant);
	if (type.kind == TYPE_MOMENT)
		moments_days(on->v, out.m, out.v);
	else
		memcpy(out.v, on->v, sizeof *out.v * (size_t)out.m);
	if (on->st != NULL)
		EACH_LOST(on->st, out.m, out.v[i] = on->st[i] == STATE_KNOWN ? out.v[i] : NO_DAY)
	return out_done(frame, &out);
}

/* Where `over` is not known, what it was needed for is lost in the same way. What was worked out
 * for it under some date or other does not count. */
static const Col *lose(Frame *frame, const Col *value, const Col *over)
{
	if (over->st == NULL)
		return value;
	Out out = {.m = frame->n};
	if (value->v != NULL)
		out.v = POOL_ARRAY(frame->pool, int64_t, out.m);
	else if (value->q != NULL)
		out.q = POOL_ARRAY(frame->pool, Ratio, out.m);
	else
		out.rows = POOL_ARRAY(frame->pool, RowSpan, out.m);
	out.st = POOL_ARRAY(frame->pool, uint8_t, out.m);
	for (int32_t i = 0; i < out.m; i++) {
		out_copy(&out, i, value);
		if (state_of(over, i) != STATE_KNOWN)
			out.st[i] = state_of(over, i);
	}
	return out_done(frame, &out);
}

/* A frame beside, in which the date is another; its slots are those of this one. */
const Col *eval_as_at(Frame *frame, const Expr *expr)
{
	const Col *day = fast_eval(frame, expr->arg[1]);
	Frame *then = frame_under(frame, fast_law_of(frame, day, expr->arg[1]->type), expr->arg[0]);
	return lose(frame, fast_eval(then, expr->arg[0]), day);
}

/* ---- amendments ---- */

/* Of a name that the contract does not have on that day, or has no more, nothing is known. which <
 * 0: on that day there is no version that has the name. */
static const Col *text_value(Frame *frame, const Expr *expr, int32_t which)
{
	if (which < 0 || expr->arg[which] == NULL)
		return one_unknown(frame, expr);
	return fast_eval(frame, expr->arg[which]);
}

/* A version that ends leaves the field to one before it, so what holds at both ends of a range need
 * not hold in between: each date is looked up. Nearly always they give one text. */
const Col *eval_in_force(Frame *frame, const Expr *expr)
{
	const Col *law = frame_law(frame);
	int32_t m = law->constant || frame->n == 0 ? 1 : frame->n;
	int32_t *pick = POOL_ARRAY(frame->pool, int32_t, m);
	bool mixed = false;
	for (int32_t i = 0; i < m; i++) {
		pick[i] = i > 0 && law->v[i] == law->v[i - 1] ? pick[i - 1]
			: law_amended(frame->fast->book, expr->ref, frame->fast->law, (int32_t)law->v[i]);
		mixed |= pick[i] != pick[0];
	}
	if (!mixed)
		return text_value(frame, expr, pick[0]);
	Out out = out_of_type(frame, expr->type, false);
	out.st = POOL_ARRAY(frame->pool, uint8_t, out.m);
	for (int32_t which = -1; which < expr->nargs; which++) {
		bool used = false;
		for (int32_t i = 0; i < m; i++)
			used |= pick[i] == which;
		if (used)
			copy_where(&out, pick, which, text_value(frame, expr, which));
	}
	return out_done(frame, &out);
}

/* ---- tables ---- */

/* What is known of each subject while rows are asked one after another. Arrays are by subject. */
typedef struct Fits {
	int32_t n;
	int32_t *row;     /* first that fits; -1 */
	int32_t *sure;    /* rows that fit */
	uint8_t *open;    /* state of those that may */
	Frame *own;
	const TablePeriod *period;
	TableHit hit;
} Fits;

/* The first row that fits is kept for take first and take only alike. */
static void ask_row(Fits *fits, int32_t row, const Col *fit)
{
	for (int32_t i = 0; i < fits->n; i++) {
		/* S28: what stands below a row that fits, or may fit, is not asked. */
		if (fits->hit == HIT_FIRST && (fits->row[i] >= 0 || fits->open[i] != STATE_KNOWN))
			continue;
		uint8_t state = state_of(fit, i);
		if (state > fits->open[i])
			fits->open[i] = state;
		if (state != STATE_KNOWN || fit->v[at_of(fit, i)] == 0)
			continue;
		fits->sure[i]++;
		if (fits->row[i] < 0)
			fits->row[i] = row;
	}
}

/* All rows are asked of all subjects: a batch mostly has a subject for each. */
static Fits find_fits(Frame *own, const TablePeriod *period, TableHit hit)
{
	Fits fits = {.n = own->n, .own = own, .period = period, .hit = hit};
	fits.row = POOL_ARRAY(own->pool, int32_t, own->n);
	fits.sure = POOL_ARRAY(own->pool, int32_t, own->n);
	fits.open = POOL_ARRAY(own->pool, uint8_t, own->n);
	for (int32_t i = 0; i < own->n; i++) {
		fits.row[i] = -1;
		fits.sure[i] = 0;
		fits.open[i] = STATE_KNOWN;
	}
	for (int32_t r = 0; r < period->nrows; r++)
		ask_row(&fits, r, fast_eval(own, period->row[r].fits));
	return fits;
}

/* State of a subject's value before it is looked at. As table_value in walk_law.c: a fault, then a
 * conflict, then what is open, then nothing. */
static State fit_state(const Fits *fits, int32_t i)
{
	if (fits->open[i] == STATE_FAULT)
		return STATE_FAULT;
	if (fits->hit == HIT_ONE && fits->sure[i] > 1)
		return STATE_CONFLICT;
	if (fits->open[i] != STATE_KNOWN)
		return (State)fits->open[i];
	return fits->row[i] < 0 ? STATE_UNKNOWN : STATE_KNOWN;
}

/* Values of rows that no subject takes are not worked out. */
static const Col *one_row(const Fits *fits, const Expr *expr)
{
	Out out = out_of_type(fits->own, expr->type, false);
	out.st = POOL_ARRAY(fits->own->pool, uint8_t, out.m);
	for (int32_t r = 0; r < fits->period->nrows; r++) {
		bool used = false;
		for (int32_t i = 0; i < out.m; i++)
			used |= fits->row[i] == r;
		if (used)
			copy_where(&out, fits->row, r, fast_eval(fits->own, fits->period->row[r].value));
	}
	for (int32_t i = 0; i < out.m; i++) {
		State state = fit_state(fits, i);
		if (state != STATE_KNOWN)
			out.st[i] = (uint8_t)state;
	}
	return out_done(fits->own, &out);
}

/* In ratios, as rows of a table may have any value that fits the column's type. */
static void add_row(const Fits *fits, const Expr *value, const Col *fit, Ratio *sum, uint8_t *st)
{
	const Col *col = fast_eval(fits->own, value);
	for (int32_t i = 0; i < fits->n; i++) {
		if (state_of(fit, i) != STATE_KNOWN || fit->v[at_of(fit, i)] == 0)
			continue;
		uint8_t state = state_of(col, i);
		if (st[i] == STATE_KNOWN && state == STATE_KNOWN &&
		    !ratio_add(sum[i], fast_ratio_at(col, value->type, i), &sum[i]))
			state = STATE_FAULT;
		st[i] = state > st[i] ? state : st[i];
	}
}

/* Only the whole sum is tested against the scale, so that order cannot matter (S79). */
static const Col *added_rows(const Fits *fits, const Expr *expr)
{
	Frame *own = fits->own;
	Out out = out_of_type(own, expr->type, false);
	Ratio *sum = POOL_ARRAY(own->pool, Ratio, own->n);
	out.st = POOL_ARRAY(own->pool, uint8_t, own->n);
	for (int32_t i = 0; i < own->n; i++) {
		sum[i] = (Ratio){0, 1};
		out.st[i] = STATE_KNOWN;
	}
	for (int32_t r = 0; r < fits->period->nrows; r++) {
		const TableRow *row = &fits->period->row[r];
		add_row(fits, row->value, fast_eval(own, row->fits), sum, out.st);
	}
	for (int32_t i = 0; i < own->n; i++) {
		State state = fit_state(fits, i);
		if (state != STATE_KNOWN)
			out.st[i] = (uint8_t)state;
		else if (out.st[i] == STATE_KNOWN && !fast_ratio_put(&out, expr->type, i, sum[i]))
			out.st[i] = STATE_FAULT;
	}
	return out_done(own, &out);
}

/* own has the arguments; the law date is that of the caller. */
static const Col *table_value(Frame *own, const Expr *expr, int32_t which)
{
	const Table *table = &own->fast->book->table[expr->ref];
	if (which < 0)
		return one_unknown(own, expr);
	Fits fits = find_fits(own, &table->period[which], table->hit);
	return table->hit == HIT_ADD ? added_rows(&fits, expr) : one_row(&fits, expr);
}

/* The arguments become the first slots of a frame of their own. */
static Frame *enter(Frame *frame, const Expr *expr)
{
	Frame *own = frame_beside(frame, frame_law(frame));
	for (int32_t i = 0; i < expr->nargs; i++)
		own->slot[i] = fast_eval(frame, expr->arg[i]);
	return own;
}

/* As with parameters: each period for all, then the right one for each. */
static const Col *table_mixed(Frame *own, const Expr *expr, int32_t lo, int32_t hi)
{
	const Table *table = &own->fast->book->table[expr->ref];
	Out out = out_of_type(own, expr->type, false);
	out.st = POOL_ARRAY(own->pool, uint8_t, out.m);
	int32_t *pick = POOL_ARRAY(own->pool, int32_t, out.m);
	for (int32_t i = 0; i < out.m; i++)
		pick[i] = law_period(table, own->fast->law, (int32_t)own->law->v[i]);
	for (int32_t which = lo; which <= hi; which++)
		copy_where(&out, pick, which, table_value(own, expr, which));
	return out_done(own, &out);
}

/* One block for most batches, as for parameters. */
const Col *eval_table(Frame *frame, const Expr *expr)
{
	const Table *table = &frame->fast->book->table[expr->ref];
	Frame *own = enter(frame, expr);
	DayRange range = range_of(own->law, own->n);
	int32_t lo = law_period(table, frame->fast->law, range.lo);
	int32_t hi = law_period(table, frame->fast->law, range.hi);
	return lo == hi ? table_value(own, expr, lo) : table_mixed(own, expr, lo, hi);
}

/* ---- exceptions ---- */

#define PICK_NONE (-2)

/* For each subject: which exceptions surely hold or may hold, none that a sure one ranks over. Bits
 * of sure and maybe are by exception: there are 64 at most. */
typedef struct Holding {
	Frame *frame;
	const Choice *choice;
	uint64_t *sure, *maybe;
	uint8_t *open;    /* state of those that may, or of a fault */
	int8_t *pick;     /* -1: the base; PICK_NONE: the state says why */
	uint64_t used;    /* exceptions whose values are wanted */
	bool base_used;
	bool some_open;   /* a subject has PICK_NONE */
} Holding;

/* Whatever is not known is a maybe; faults are told from it later. */
static void ask_exception(Holding *h, int32_t k, const Col *when)
{
	uint64_t bit = (uint64_t)1 << k;
	for (int32_t i = 0; i < h->frame->n; i++) {
		uint8_t state = state_of(when, i);
		if (state == STATE_KNOWN)
			h->sure[i] |= when->v[at_of(when, i)] != 0 ? bit : 0;
		else
			h->maybe[i] |= bit;
	}
}

/* The ranks are closed under `over`, so one step finds all (S32). */
static uint64_t outranked(const Choice *choice, uint64_t sure)
{
	uint64_t below = 0;
	for (uint64_t left = sure; left != 0; left &= left - 1)
		below |= choice->except[__builtin_ctzll(left)].over;
	return below;
}

/* State of the exceptions in the set, at one subject. */
static uint8_t open_state(const Holding *h, uint64_t set, int32_t i)
{
	uint8_t open = STATE_KNOWN;
	for (; set != 0; set &= set - 1) {
		const Col *when = fast_eval(h->frame, h->choice->except[__builtin_ctzll(set)].when);
		uint8_t state = state_of(when, i);
		open = state > open ? state : open;
	}
	return open;
}

/* S30: two that surely hold are a conflict, unless one that ranks over all of them may hold. Were
 * that one to hold, there would be no conflict. */
static uint8_t several(const Holding *h, int32_t i)
{
	for (uint64_t left = h->maybe[i]; left != 0; left &= left - 1) {
		uint64_t over = h->choice->except[__builtin_ctzll(left)].over;
		if ((over & h->sure[i]) == h->sure[i])
			return h->open[i];
	}
	return STATE_CONFLICT;
}

/* A fault in any condition is one of the subject's, even in one that is outranked: all are looked
 * at (S23). Then those that a sure one ranks over drop out, and what is left decides. The order is
 * find_holding's. */
static void settle_open(Holding *h, int32_t i)
{
	uint64_t below;
	h->open[i] = open_state(h, h->maybe[i], i);
	if (h->open[i] == STATE_FAULT) {
		h->pick[i] = PICK_NONE;
		return;
	}
	below = outranked(h->choice, h->sure[i]);
	h->sure[i] &= ~below;
	h->maybe[i] &= ~below;
	h->open[i] = open_state(h, h->maybe[i], i);
	if (__builtin_popcountll(h->sure[i]) > 1) {
		h->open[i] = several(h, i);
		h->pick[i] = PICK_NONE;
		return;
	}
	h->pick[i] = h->sure[i] == 0 ? -1 : (int8_t)__builtin_ctzll(h->sure[i]);
}

/* Most subjects meet no exception at all: they cost two loads. What is wanted of the values is
 * gathered on the way, so that no other is worked out. */
static void settle(Holding *h)
{
	for (int32_t i = 0; i < h->frame->n; i++) {
		h->pick[i] = -1;
		h->open[i] = STATE_KNOWN;
		if ((h->sure[i] | h->maybe[i]) != 0)
			settle_open(h, i);
		h->some_open |= h->pick[i] == PICK_NONE;
		if (h->pick[i] == PICK_NONE)
			continue;
		h->base_used |= h->pick[i] < 0;
		h->used |= h->maybe[i] | (h->pick[i] >= 0 ? (uint64_t)1 << h->pick[i] : 0);
	}
}

/* Whether exception k may hold beside another that may, and neither ranks over the other (S31). */
static bool may_clash(const Choice *choice, uint64_t maybe, int32_t k)
{
	uint64_t others = maybe & (((uint64_t)1 << k) - 1) & ~choice->except[k].over;
	for (; others != 0; others &= others - 1)
		if ((choice->except[__builtin_ctzll(others)].over >> k & 1) == 0)
			return true;
	return false;
}

/* S30: an exception that may hold does not matter when it would give the same; if it is not ranked
 * over the one that surely holds, the two may be in conflict. Equal only where both are known. */
static bool open_matters(const Holding *h, const Col *const *value, int32_t i)
{
	int32_t pick = h->pick[i];
	const Col *mine = value[pick + 1];
	for (uint64_t left = h->maybe[i]; left != 0; left &= left - 1) {
		int32_t k = __builtin_ctzll(left);
		const Col *other = value[k + 1];
		if ((pick >= 0 && !(h->choice->except[k].over >> pick & 1)) ||
		    may_clash(h->choice, h->maybe[i], k))
			return true;
		if (state_of(mine, i) != STATE_KNOWN || state_of(other, i) != STATE_KNOWN ||
		    !fast_same_value(mine, i, other, i, h->choice->type))
			return true;
	}
	return false;
}

/* value[0] is the base, value[k + 1] exception k; those that nobody asked for are NULL. `used` has
 * the exceptions that hold or may hold for some subject. */
static void value_of_each(const Holding *h, const Col **value)
{
	const Choice *choice = h->choice;
	value[0] = h->base_used ? fast_eval(h->frame, choice->base) : NULL;
	for (int32_t k = 0; k < choice->nexcepts; k++) {
		const Expr *then = choice->except[k].then;
		value[k + 1] = NULL;
		if ((h->used >> k & 1) == 0)
			continue;
		value[k + 1] = then == NULL ? col_fixed(h->frame, CHOICE_NONE) : fast_eval(h->frame, then);
	}
}

/* pick -1 is the base, in value[0]. */
static const Col *chosen(const Holding *h)
{
	const Col *value[MAX_EXCEPTIONS + 1];
	value_of_each(h, value);
	if (h->used == 0 && !h->some_open)
		return value[0];
	Out out = out_of_type(h->frame, h->choice->type, false);
	out.st = POOL_ARRAY(h->frame->pool, uint8_t, out.m);
	for (int32_t i = 0; i < out.m; i++) {
		if (h->pick[i] == PICK_NONE || (h->maybe[i] != 0 && open_matters(h, value, i)))
			out.st[i] = h->open[i];
		else
			out_copy(&out, i, value[h->pick[i] + 1]);
	}
	return out_done(h->frame, &out);
}

/* All conditions are looked at: a conflict is not found otherwise. A define without exceptions is
 * its base. */
const Col *fast_choose(Frame *frame, const Choice *choice)
{
	if (choice->nexcepts == 0)
		return fast_eval(frame, choice->base);
	Holding h = {.frame = frame, .choice = choice};
	h.sure = POOL_ARRAY(frame->pool, uint64_t, frame->n);
	h.maybe = POOL_ARRAY(frame->pool, uint64_t, frame->n);
	h.open = POOL_ARRAY(frame->pool, uint8_t, frame->n);
	h.pick = POOL_ARRAY(frame->pool, int8_t, frame->n);
	memset(h.sure, 0, sizeof(uint64_t) * (size_t)frame->n);
	memset(h.maybe, 0, sizeof(uint64_t) * (size_t)frame->n);
	for (int32_t k = 0; k < choice->nexcepts; k++)
		ask_exception(&h, k, fast_eval(frame, choice->except[k].when));
	settle(&h);
	return chosen(&h);
}

/* ---- defines ---- */

/* Rules and defines mostly stand on the same date; to find that out is cheaper than to work things
 * out twice. One pass over days. */
static bool same_law(const Col *a, const Col *b, int32_t n)
{
	if (a == b)
		return true;
	for (int32_t i = 0; i < n; i++)
		if (a->v[at_of(a, i)] != b->v[at_of(b, i)])
			return false;
	return true;
}

/* Defines have their row in slot 0. */
static Frame *frame_of_rows(Frame *frame, const Col *row)
{
	Frame *own = frame_beside(frame, frame_law(frame));
	own->slot[0] = row;
	return own;
}

/* Row and law date of each place, as two numbers; what is not known is told by its state. Rows in
 * order are all different, so nobody looks for kinds there. */
static const Kinds *kinds_of(Frame *frame, const Col *row)
{
	const Col *law = frame_law(frame);
	if (row->constant || row->run || frame->n < LEAST_SHARED || frame_various(row->v, frame->n))
		return NULL;
	int64_t *a = POOL_ARRAY(frame->pool, int64_t, frame->n);
	int64_t *b = POOL_ARRAY(frame->pool, int64_t, frame->n);
	for (int32_t i = 0; i < frame->n; i++) {
		uint8_t state = state_of(row, i);
		a[i] = state == STATE_KNOWN ? row->v[i] : -(int64_t)state;
		b[i] = law->v[at_of(law, i)];
	}
	return frame_kinds(frame, a, b);
}

/* Many visits lead to few provisions: a define is worked out once for each of these. `back` leads
 * from places of the frame that asked to the kinds. */
static void share_rows(Kept *kept, Frame *frame, const Col *row)
{
	const Kinds *kinds = kinds_of(frame, row);
	if (kinds == NULL) {
		kept->frame = frame_of_rows(frame, row);
		return;
	}
	Frame *some = frame_select(frame, frame->depth, kinds->first, kinds->n, NULL);
	kept->frame = frame_of_rows(some, fast_gather(some, row));
	kept->back = frame_child(kept->frame, frame->depth, frame->n, kinds->of, -1, NULL);
}

/* All defines of one row column share its frame, and in it their common parts. */
static Kept *kept_frame(Frame *frame, const Col *row)
{
	for (Kept *kept = frame->kept; kept != NULL; kept = kept->next)
		if (kept->key == row && kept->on == NULL && kept->slot < 0)
			return kept;
	Kept *kept = POOL_ARRAY(frame->pool, Kept, 1);
	*kept = (Kept){.next = frame->kept, .key = row, .slot = -1};
	share_rows(kept, frame, row);
	frame->kept = kept;
	return kept;
}

/* The frame that differs from this one only in its law date. Its columns are its own, as they are
 * of another date. */
static Frame *under(Frame *own, const Define *define, const Col *on)
{
	const Col *law = fast_law_of(own, on, define->on->type);
	if (same_law(law, frame_law(own), own->n))
		return own;
	Frame *then = frame_beside(own, law);
	memcpy(then->slot, own->slot, sizeof(Col *) * (size_t)own->fast->nslots);
	return then;
}

static const Col *body(Frame *own, const Define *define)
{
	Choice choice = {define->base, define->except, define->nexcepts, define->type};
	return fast_choose(own, &choice);
}

/* A function's frame holds nothing but its arguments. */
const Col *eval_call(Frame *frame, const Expr *expr)
{
	const Define *define = &frame->fast->book->define[expr->ref];
	Frame *own = enter(frame, expr);
	if (define->on == NULL)
		return body(own, define);
	const Col *on = fast_eval(own, define->on);
	return lose(frame, body(under(own, define, on), define), on);
}

/* The frame of a row's defines under their own law date; it is kept, so that they share it. Kept by
 * the column of the date: two defines with one `on` share it. */
static Frame *frame_on(Frame *own, const Col *row, const Define *define, const Col *on)
{
	for (Kept *kept = own->kept; kept != NULL; kept = kept->next)
		if (kept->key == row && kept->on == on && kept->slot < 0)
			return kept->frame;
	const Col *law = fast_law_of(own, on, define->on->type);
	Frame *then = same_law(law, frame_law(own), own->n) ? own : frame_beside(own, law);
	then->slot[0] = row;
	Kept *kept = POOL_ARRAY(own->pool, Kept, 1);
	*kept = (Kept){.next = own->kept, .key = row, .on = on, .slot = -1, .frame = then};
	own->kept = kept;
	return then;
}

/* Where the row or the date is not known the define is not looked at, and what it seemed to give
 * is overwritten. */
static const Col *define_value(Frame *own, const Define *define)
{
	const Col *row = own->slot[0];
	if (define->on == NULL)
		return lose(own, body(own, define), row);
	const Col *on = fast_eval(own, define->on);
	return lose(own, lose(own, body(frame_on(own, row, define, on), define), on), row);
}

/* Defines of slot 0 are worked out in the frame that asks, where their parts may stand already. */
const Col *eval_derived(Frame *frame, const Expr *expr)
{
	const Define *define = &frame->fast->book->define[expr->ref];
	const Col *row = fast_eval(frame, expr->arg[0]);
	if (row == frame->slot[0])
		return define_value(frame, define);
	const Kept *kept = kept_frame(frame, row);
	const Col *value = define_value(kept->frame, define);
	return kept->back == NULL ? value : fast_gather(kept->back, value);
}
