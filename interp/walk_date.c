/*
 * Dates, moments and periods. A day is a count of days, a moment one of UTC seconds; London's clock
 * comes in only where a local date or clock time is asked for (law 9). Spans in days and months are
 * not hours (S35), so there are two ways to add to a moment.
 *
 *   date + days          day number + n              17 October + 10 days = 27 October
 *   date + months        civil.h, one step (S38)     31 January + 1 month = 28 February
 *   moment + hours       UTC seconds + n             25 October 22:00 + 9 hours = 06:00 in winter
 *   moment + days        same clock time (S35)       25 October 22:00 + 1 day = 22:00, 25 hours
 */
#include "base/civil.h"
#include "interp/walk_private.h"

#define MOST_ARGS 4
#define MOST_MONTHS 200000 /* more than the years 1 to 9999 have */

/* ---- arguments ---- */

/* Quantities become whole numbers of their base unit: fractions are cut (S45). False where that
 * does not fit. */
static bool whole(const Expr *arg, const Value *value, int64_t *x)
{
	Int128 n = value->n;
	if (arg->type.kind == TYPE_QUANTITY)
		n = value->q.d == 1 ? value->q.n : walk_floor(value->q);
	*x = (int64_t)n;
	return fits64(n);
}

/* Works out all arguments as whole numbers; false when one is not known, and *out is what spreads.
 * All are worked out, whatever becomes of the first: a fault of a later one outranks it. */
static bool arguments(Eval *eval, const Frame *frame, const Expr *expr, int64_t *x, Value *out)
{
	Value room;
	*out = lost(STATE_KNOWN, NULL);
	for (int32_t i = 0; i < expr->nargs && i < MOST_ARGS; i++) {
		const Value *value = walk_place(eval, frame, expr->arg[i], &room);
		if (value->state != STATE_KNOWN)
			walk_spread(eval, out, *value);
		else if (!whole(expr->arg[i], value, &x[i]))
			walk_spread(eval, out, walk_fault(eval, expr->arg[i]));
	}
	return out->state == STATE_KNOWN;
}

/* Counts of days, seconds or periods as the quantity that the expression is. */
static Value whole_result(Eval *eval, const Expr *expr, Int128 n)
{
	return walk_settle(eval, expr, true, (Ratio){n, 1});
}

/* ---- adding ---- */

/* S38: months in one step from the first date. Years have been made months by the checker. */
static Value add_to_day(Eval *eval, const Expr *expr, int64_t day, int64_t much)
{
	if (expr->arg[1]->type.unit.of[DIM_MONTH] == 0)
		return walk_settle_day(eval, expr, (Int128)day + much);
	if (much < -MOST_MONTHS || much > MOST_MONTHS)
		return walk_fault(eval, expr);
	return walk_settle_day(eval, expr, day_add_months((int32_t)day, (int32_t)much));
}

/* Elapsed time, or days and months that keep the clock time (S35). A clock time that does not exist
 * on the new day is read with the offset before the change (S40). */
static Value add_to_moment(Eval *eval, const Expr *expr, int64_t moment, int64_t much)
{
	ClockFold fold;
	if (expr->arg[1]->type.unit.of[DIM_TIME] != 0)
		return walk_settle_moment(eval, expr, (Int128)moment + much);
	Value day = add_to_day(eval, expr, moment_day(moment), much);
	if (day.state != STATE_KNOWN)
		return day;
	int64_t at = moment_of((int32_t)day.n, moment_clock(moment), &fold);
	return walk_settle_moment(eval, expr, at);
}

/* how = 1 subtracts; the most negative amount has no opposite. */
static Value add(Eval *eval, const Expr *expr, int64_t from, int64_t much)
{
	if (expr->how == 1 && much == INT64_MIN)
		return walk_fault(eval, expr);
	if (expr->how == 1)
		much = -much;
	return expr->op == EXPR_DATE_ADD ? add_to_day(eval, expr, from, much)
		: add_to_moment(eval, expr, from, much);
}

/* ---- bands and working days ---- */

/* The band that begins on this day, within x[0] .. x[1]; it ends on the next day when it wraps over
 * midnight (S42). Two bands of two days never overlap, so the sum counts no second twice. */
static int64_t in_band(int32_t day, const int64_t *x)
{
	ClockFold fold;
	int64_t begin = moment_of(day, (int32_t)x[2], &fold);
	int64_t end = moment_of(x[3] <= x[2] ? day + 1 : day, (int32_t)x[3], &fold);
	int64_t lo = begin > x[0] ? begin : x[0], hi = end < x[1] ? end : x[1];
	return hi > lo ? hi - lo : 0;
}

/* Bands are taken day by day, since a night with a clock change is an hour longer or shorter.
 * The day before the first may have a band that reaches into it. */
static Value overlap(Eval *eval, const Expr *expr, const int64_t *x)
{
	int64_t sum = 0;
	if (x[0] < x[1])
		for (int32_t day = moment_day(x[0]) - 1; day <= moment_day(x[1]); day++)
			sum += in_band(day, x);
	return whole_result(eval, expr, sum);
}

/* The count-th day behind the date that is neither a Saturday, a Sunday nor in the calendar. -1
 * counts backwards. It ends in the year 9999 at the latest, whatever the count (law 13). */
static Value working_days_after(Eval *eval, const Expr *expr, const int64_t *x)
{
	const Calendar *holidays = &eval->walk->book->calendar[expr->ref];
	int64_t left = x[1] < 0 ? -(x[1] + 1) + 1 : x[1];
	int32_t day = (int32_t)x[0], step = x[1] < 0 ? -1 : 1;
	while (left > 0) {
		day += step;
		if (day < DAY_MIN || day > DAY_MAX)
			return walk_fault(eval, expr);
		if (weekday_of(day) < 5 && !calendar_has(holidays, day, eval->walk->law->known_on))
			left--;
	}
	return known_n(day);
}

/* Each of these is one line of base/civil.h once its arguments are whole numbers. */
Value walk_date(Eval *eval, const Frame *frame, const Expr *expr)
{
	int64_t x[MOST_ARGS] = {0};
	ClockFold fold;
	Value out;
	if (!arguments(eval, frame, expr, x, &out))
		return out;
	if (expr->op == EXPR_DATE_ADD || expr->op == EXPR_MOMENT_ADD)
		return add(eval, expr, x[0], x[1]);
	if (expr->op == EXPR_DATE_DIFF || expr->op == EXPR_MOMENT_DIFF)
		return whole_result(eval, expr, (Int128)x[0] - x[1]);
	if (expr->op == EXPR_MOMENT_OF)
		return walk_settle_moment(eval, expr, moment_of((int32_t)x[0], (int32_t)x[1], &fold));
	if (expr->op == EXPR_DATE_OF)
		return known_n(moment_day(x[0]));
	if (expr->op == EXPR_CLOCK_OF)
		return known_n(moment_clock(x[0]));
	if (expr->op == EXPR_WEEKDAY_OF)
		return known_n(weekday_of((int32_t)x[0]));
	if (expr->op == EXPR_OVERLAP)
		return overlap(eval, expr, x);
	return working_days_after(eval, expr, x);
}

/* ---- periods ---- */

/* INT32_MIN is how a calendar says that it has none. */
static Value period_or_none(Eval *eval, const Calendar *calendar, int32_t day)
{
	if (day != INT32_MIN)
		return known_n(day);
	buf_puts(&eval->buf, "no period of calendar ");
	buf_str(&eval->buf, calendar->decl.name);
	return lost(STATE_UNKNOWN, walk_why(eval, walk_text(eval)));
}

/* Both ends are in, of the period as of the dates (law 10). None where they do not meet. */
static int64_t days_in(const Calendar *calendar, const int64_t *x)
{
	int64_t last = calendar_last(calendar, (int32_t)x[0]);
	int64_t lo = x[0] > x[1] ? x[0] : x[1], hi = last < x[2] ? last : x[2];
	return hi < lo ? 0 : hi - lo + 1;
}

/* A period is its first day; everything else about it is the calendar's to say (S46, S53). */
static Value part_of(Eval *eval, const Calendar *calendar, const Expr *expr, const int64_t *x)
{
	int32_t first = (int32_t)x[0];
	switch ((PeriodPart)expr->how) {
	case PART_FIRST:
		return known_n(first);
	case PART_LAST:
		return period_or_none(eval, calendar, calendar_last(calendar, first));
	case PART_NEXT:
		return period_or_none(eval, calendar, calendar_next(calendar, first));
	case PART_PREVIOUS:
		return period_or_none(eval, calendar, calendar_previous(calendar, first));
	case PART_DAYS:
		return whole_result(eval, expr, (Int128)calendar_last(calendar, first) - first + 1);
	case PART_NUMBER:
		return whole_result(eval, expr, calendar_number(calendar, first));
	case PART_DAYS_IN:
		break;
	}
	return whole_result(eval, expr, days_in(calendar, x));
}

/* "week of visit.date": which week that was is a step that a reader wants to see. */
static void trace_period(Eval *eval, const Frame *frame, const Expr *expr, Value value)
{
	if (!trace_wants(eval, frame, expr))
		return;
	const Label *label = trace_label(eval, expr, LABEL_SELF);
	if (trace_first(eval, trace_mix(label->name_hash, (uint64_t)value.n)))
		trace_value(eval, (TraceLine){label, .key = NO_KEY}, expr->type, value);
}

Value walk_period(Eval *eval, const Frame *frame, const Expr *expr)
{
	const Calendar *calendar = &eval->walk->book->calendar[expr->ref];
	int64_t x[MOST_ARGS] = {0};
	Value out;
	if (!arguments(eval, frame, expr, x, &out))
		return out;
	if (expr->op == EXPR_PERIOD_PART)
		return part_of(eval, calendar, expr, x);
	if (expr->op == EXPR_IN_PERIOD)
		return known_n(x[0] >= x[1] && x[0] <= calendar_last(calendar, (int32_t)x[1]));
	if (expr->op == EXPR_IN_DATES)
		return known_n(calendar_has(calendar, (int32_t)x[0], eval->walk->law->known_on));
	out = period_or_none(eval, calendar, calendar_first(calendar, (int32_t)x[0]));
	trace_period(eval, frame, expr, out);
	return out;
}
