/*
 * Dates, moments and periods: one small function for each kind, and one loop that applies it. A
 * call for each value costs a few nanoseconds; calendars and time zones cost as much again, so
 * there is little to gain from loops of their own. Plain weeks are the exception: every weekly
 * group asks.
 *
 * The functions take whole numbers and give a State; arguments that are not known never reach them.
 * They are the same arithmetic as walk_date.c, by the same base/civil.h.
 *
 *   eval_date ─ quick            differences, days of moments, moments, hours added
 *             ─ quick_periods    weeks and months, without asking the calendar for each day
 *             ─ apply            any other: one call a value
 */
#include "interp/fast_internal.h"

#include "base/civil.h"

#define MOST_ARGS 4
#define MOST_MONTHS 200000 /* more than the years 1 to 9999 have */
#define MOMENT_MIN ((int64_t)DAY_MIN * DAY_SECONDS)
#define MOMENT_MAX ((int64_t)DAY_MAX * DAY_SECONDS + DAY_SECONDS - 1)

/* One value from known arguments; returns its State. */
typedef State DateFn(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out);

/* Years 1 to 9999: what leaves them is a fault, like any number that does not fit. */
static State settle_day(Int128 day, int64_t *out)
{
	if (day < DAY_MIN || day > DAY_MAX)
		return STATE_FAULT;
	*out = (int64_t)day;
	return STATE_KNOWN;
}

static State settle_moment(Int128 moment, int64_t *out)
{
	if (moment < MOMENT_MIN || moment > MOMENT_MAX)
		return STATE_FAULT;
	*out = (int64_t)moment;
	return STATE_KNOWN;
}

/* A period or date out of a calendar's functions, which say INT32_MIN for none. */
static State settle_period(int32_t day, int64_t *out)
{
	*out = day;
	return day == INT32_MIN ? STATE_UNKNOWN : STATE_KNOWN;
}

static bool has_dim(const Expr *expr, Dim dim)
{
	return expr->type.unit.of[dim] != 0;
}

static const Calendar *calendar_of(const Fast *fast, const Expr *expr)
{
	return &fast->book->calendar[expr->ref];
}

/* ---- adding ---- */

/* In one step from the first date (S38). The bound keeps the sum in 32 bits; within it the range
 * of days decides. */
static State add_months(int64_t day, int64_t months, int64_t *out)
{
	if (months < -MOST_MONTHS || months > MOST_MONTHS)
		return STATE_FAULT;
	return settle_day(day_add_months((int32_t)day, (int32_t)months), out);
}

/* Days or months; the checker has refused hours. The least number of all has no opposite, and is a
 * fault. */
static State date_add(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out)
{
	(void)fast;
	int64_t much = x[1];
	if (expr->how == 1 && __builtin_sub_overflow(0, much, &much))
		return STATE_FAULT;
	if (has_dim(expr->arg[1], DIM_MONTH))
		return add_months(x[0], much, out);
	return settle_day((Int128)x[0] + much, out);
}

/* Days and months keep the clock time (S35). */
static State moment_add_days(const Expr *expr, int64_t moment, int64_t much, int64_t *out)
{
	int64_t day;
	State state = has_dim(expr->arg[1], DIM_MONTH) ? add_months(moment_day(moment), much, &day)
		: settle_day((Int128)moment_day(moment) + much, &day);
	if (state != STATE_KNOWN)
		return state;
	ClockFold fold;
	return settle_moment(moment_of((int32_t)day, moment_clock(moment), &fold), out);
}

/* Hours are elapsed time and know nothing of clocks; days and months keep the clock time (S35). */
static State moment_add(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out)
{
	(void)fast;
	int64_t much = x[1];
	if (expr->how == 1 && __builtin_sub_overflow(0, much, &much))
		return STATE_FAULT;
	if (has_dim(expr->arg[1], DIM_TIME))
		return settle_moment((Int128)x[0] + much, out);
	return moment_add_days(expr, x[0], much, out);
}

/* ---- taking apart and putting together ---- */

/* Days between dates, seconds between moments: both are plain differences, because moments are
 * UTC. */
static State difference(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out)
{
	(void)fast;
	Int128 n = ((Int128)x[0] - x[1]) * expr->type.scale;
	*out = (int64_t)n;
	return fits64(n) ? STATE_KNOWN : STATE_FAULT;
}

/* A time that occurs twice is the first of the two, one that does not exist is read with the
 * offset before the change (S40). */
static State of_day_and_clock(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out)
{
	(void)fast, (void)expr;
	ClockFold fold;
	return settle_moment(moment_of((int32_t)x[0], (int32_t)x[1], &fold), out);
}

/* The local date (S4). */
static State day_of_moment(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out)
{
	(void)fast, (void)expr;
	*out = moment_day(x[0]);
	return STATE_KNOWN;
}

static State clock_of_moment(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out)
{
	(void)fast, (void)expr;
	*out = moment_clock(x[0]);
	return STATE_KNOWN;
}

static State weekday_of_day(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out)
{
	(void)fast, (void)expr;
	*out = weekday_of((int32_t)x[0]);
	return STATE_KNOWN;
}

/* ---- periods ---- */

static State period_of(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out)
{
	return settle_period(calendar_first(calendar_of(fast, expr), (int32_t)x[0]), out);
}

/* Days of the period within A to B, both in. */
static int64_t days_in(const Calendar *calendar, int32_t first, int64_t from, int64_t to)
{
	int64_t last = calendar_last(calendar, first);
	int64_t low = first > from ? first : from, high = last < to ? last : to;
	return high < low ? 0 : high - low + 1;
}

static State scaled(const Expr *expr, int64_t n, int64_t *out)
{
	return __builtin_mul_overflow(n, expr->type.scale, out) ? STATE_FAULT : STATE_KNOWN;
}

/* Next and previous may be missing: a calendar of holidays has a last one. */
static State period_part(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out)
{
	const Calendar *calendar = calendar_of(fast, expr);
	int32_t first = (int32_t)x[0];
	switch ((PeriodPart)expr->how) {
	case PART_FIRST:
		*out = first;
		return STATE_KNOWN;
	case PART_LAST:
		return settle_period(calendar_last(calendar, first), out);
	case PART_NEXT:
		return settle_period(calendar_next(calendar, first), out);
	case PART_PREVIOUS:
		return settle_period(calendar_previous(calendar, first), out);
	case PART_DAYS:
		return scaled(expr, (int64_t)calendar_last(calendar, first) - first + 1, out);
	case PART_NUMBER:
		return scaled(expr, calendar_number(calendar, first), out);
	case PART_DAYS_IN:
		break;
	}
	return scaled(expr, days_in(calendar, first, x[1], x[2]), out);
}

/* Both ends are in (law 10). */
static State in_period(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out)
{
	*out = x[0] >= x[1] && x[0] <= calendar_last(calendar_of(fast, expr), (int32_t)x[1]);
	return STATE_KNOWN;
}

/* A holiday that was announced later than the run's known date is not one. */
static State in_dates(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out)
{
	*out = calendar_has(calendar_of(fast, expr), (int32_t)x[0], fast->law->known_on);
	return STATE_KNOWN;
}

/* ---- bands and working days ---- */

/* The band of one day: it ends on the next when it wraps over midnight (S42). */
static int64_t in_band(int32_t day, const int64_t *x)
{
	ClockFold fold;
	int64_t begin = moment_of(day, (int32_t)x[2], &fold);
	int64_t end = moment_of(x[3] <= x[2] ? day + 1 : day, (int32_t)x[3], &fold);
	int64_t low = begin > x[0] ? begin : x[0], high = end < x[1] ? end : x[1];
	return high > low ? high - low : 0;
}

/* From the day before, whose band may reach past midnight into the stay. */
static State overlap(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out)
{
	(void)fast;
	int64_t sum = 0;
	if (x[1] > x[0])
		for (int32_t day = moment_day(x[0]) - 1; day <= moment_day(x[1]); day++)
			sum += in_band(day, x);
	return scaled(expr, sum, out);
}

/* Day by day, as one would count on a calendar; a rule's counts are small. A count below zero
 * goes back. */
static State working_days_after(const Fast *fast, const Expr *expr, const int64_t *x, int64_t *out)
{
	const Calendar *holidays = calendar_of(fast, expr);
	uint64_t left = x[1] < 0 ? 0 - (uint64_t)x[1] : (uint64_t)x[1];
	int32_t day = (int32_t)x[0], step = x[1] < 0 ? -1 : 1;
	while (left > 0) {
		day += step;
		if (day < DAY_MIN || day > DAY_MAX)
			return STATE_FAULT;
		if (weekday_of(day) < 5 && !calendar_has(holidays, day, fast->law->known_on))
			left--;
	}
	*out = day;
	return STATE_KNOWN;
}

/* ---- the loop ---- */

/* By the operator; the checker lets no other come here. */
static DateFn *function_of(const Expr *expr)
{
	static DateFn *const by_op[EXPR_OP_COUNT] = {
		[EXPR_DATE_ADD] = date_add,
		[EXPR_MOMENT_ADD] = moment_add,
		[EXPR_DATE_DIFF] = difference,
		[EXPR_MOMENT_DIFF] = difference,
		[EXPR_MOMENT_OF] = of_day_and_clock,
		[EXPR_DATE_OF] = day_of_moment,
		[EXPR_CLOCK_OF] = clock_of_moment,
		[EXPR_WEEKDAY_OF] = weekday_of_day,
		[EXPR_PERIOD_OF] = period_of,
		[EXPR_PERIOD_PART] = period_part,
		[EXPR_IN_PERIOD] = in_period,
		[EXPR_IN_DATES] = in_dates,
		[EXPR_OVERLAP] = overlap,
		[EXPR_WORKING_DAYS_AFTER] = working_days_after,
	};
	return by_op[expr->op];
}

/* Quantities as whole numbers of their base unit, for the functions above. Downwards, also below
 * zero, as walk_floor goes. */
static const Col *whole_col(Frame *frame, const Expr *arg)
{
	const Col *a = fast_eval(frame, arg);
	if (arg->type.kind != TYPE_QUANTITY || (!arg->type.ratio && arg->type.scale == 1))
		return a;
	Out out = out_fixed(frame, a->constant);
	out.st = fast_states(frame, out.m, a, a, true);
	for (int32_t i = 0; i < out.m; i++) {
		out.v[i] = 0;
		if (out.st[i] != STATE_KNOWN)
			continue;
		Ratio q = fast_ratio_at(a, arg->type, i);
		Int128 n = q.n / q.d - (q.n % q.d < 0);
		out.v[i] = (int64_t)n;
		if (!fits64(n))
			out.st[i] = STATE_FAULT;
	}
	return out_done(frame, &out);
}

/* Periods of equal days without exceptions, which nearly all weeks are, by themselves. The rest is
 * brought above zero, since % follows the sign of a day before 1970. */
static void plain_periods(const Calendar *calendar, const Col *a, const Out *out)
{
	int32_t n = calendar->n, anchor = calendar->anchor % n;
	for (int32_t i = 0; i < out->m; i++) {
		int32_t rest = ((int32_t)a->v[i] - anchor) % n;
		out->v[i] = a->v[i] - (rest < 0 ? rest + n : rest);
	}
}

/* Days that follow each other lie mostly in the period of the one before: months and quarters are
 * worked out where they change. A calendar may begin after a day, which then has no period. */
static void long_periods(const Calendar *calendar, const Col *a, const Out *out)
{
	int32_t first = 1, next = 0; /* none yet */
	for (int32_t i = 0; i < out->m; i++) {
		int32_t day = (int32_t)a->v[i];
		if (out->st[i] != STATE_KNOWN)
			continue;
		if (day < first || day >= next) {
			first = calendar_first(calendar, day);
			next = first == INT32_MIN ? INT32_MIN : calendar_next(calendar, first);
		}
		out->st[i] = (uint8_t)settle_period(first, &out->v[i]);
	}
}

/* Single dates have no neighbours, and go the usual way. */
static bool quick_periods(const Fast *fast, const Expr *expr, const Col *a, const Out *out)
{
	if (expr->op != EXPR_PERIOD_OF)
		return false;
	const Calendar *calendar = calendar_of(fast, expr);
	if (calendar->kind == CALENDAR_DATES)
		return false;
	if (calendar->kind == CALENDAR_DAYS && calendar->nexcept == 0)
		plain_periods(calendar, a, out);
	else
		long_periods(calendar, a, out);
	return true;
}

/* At the scale of one: one loop, and overflow in one word (Hacker's Delight, 2-13). False when
 * there was any; the long way then says where. What is not known stands as 0. */
static bool plain_difference(const Col *a, const Col *b, int32_t m, int64_t *v)
{
	int64_t over = 0;
	for (int32_t i = 0; i < m; i++) {
		int64_t x = a->v[i], y = b->v[i], d = (int64_t)((uint64_t)x - (uint64_t)y);
		v[i] = d;
		over |= (x ^ y) & (x ^ d);
	}
	return over >= 0;
}

/* False when one of them leaves the years 1 to 9999. */
static bool plain_moments(const Col *days, const Col *clocks, int32_t m, int64_t *v)
{
	bool inside = true;
	moments_of(days->v, clocks->v, m, v);
	for (int32_t i = 0; i < m; i++)
		inside &= (v[i] >= MOMENT_MIN) & (v[i] <= MOMENT_MAX);
	return inside;
}

/* A number of hours before or after each moment. It is less than all time there is, so that a sum
 * which leaves int64 is not taken for a moment. False when one leaves the years 1 to 9999. */
static bool plain_shift(const Expr *expr, const Col *moments, int64_t much, int32_t m, int64_t *v)
{
	const int64_t most = MOMENT_MAX - MOMENT_MIN;
	if (much < -most || much > most || !has_dim(expr->arg[1], DIM_TIME))
		return false;
	uint64_t by = (uint64_t)(expr->how == 1 ? -much : much);
	bool inside = true;
	for (int32_t i = 0; i < m; i++) {
		v[i] = (int64_t)((uint64_t)moments->v[i] + by);
		inside &= (v[i] >= MOMENT_MIN) & (v[i] <= MOMENT_MAX);
	}
	return inside;
}

/* The commonest kinds by loops of their own; false: they do not serve here. They go over places
 * that are not known as well, which stand as 0. */
static bool quick(const Expr *expr, const Col *const *arg, const Out *out)
{
	if (arg[0]->constant)
		return false;
	if (expr->op == EXPR_DATE_OF) {
		moments_days(arg[0]->v, out->m, out->v);
		return true;
	}
	if (expr->nargs != 2)
		return false;
	if (expr->op == EXPR_MOMENT_ADD && arg[1]->constant && arg[1]->st == NULL)
		return plain_shift(expr, arg[0], arg[1]->v[0], out->m, out->v);
	if (arg[1]->constant)
		return false;
	if (expr->op == EXPR_MOMENT_DIFF || expr->op == EXPR_DATE_DIFF)
		return expr->type.scale == 1 && plain_difference(arg[0], arg[1], out->m, out->v);
	return expr->op == EXPR_MOMENT_OF && plain_moments(arg[0], arg[1], out->m, out->v);
}

/* States have been merged before, so that a function sees only known arguments. */
static void apply(const Fast *fast, const Expr *expr, const Col *const *arg, const Out *out)
{
	DateFn *function = function_of(expr);
	for (int32_t i = 0; i < out->m; i++) {
		int64_t x[MOST_ARGS];
		if (out->st[i] != STATE_KNOWN)
			continue;
		for (int32_t k = 0; k < expr->nargs; k++)
			x[k] = arg[k]->v[at_of(arg[k], i)];
		out->st[i] = (uint8_t)function(fast, expr, x, &out->v[i]);
	}
}

/* Every kind goes through here: the state of the result is the greatest of the arguments',
 * unless the function makes it worse. */
const Col *eval_date(Frame *frame, const Expr *expr)
{
	const Col *arg[MOST_ARGS];
	bool constant = true;
	for (int32_t k = 0; k < expr->nargs && k < MOST_ARGS; k++) {
		arg[k] = whole_col(frame, expr->arg[k]);
		constant = constant && arg[k]->constant;
	}
	Out out = out_fixed(frame, constant);
	const Col *second = arg[expr->nargs > 1 ? 1 : 0];
	if (quick(expr, arg, &out)) {
		out.st = fast_states(frame, out.m, arg[0], second, false);
		return out_done(frame, &out);
	}
	out.st = fast_states(frame, out.m, arg[0], second, true);
	if (quick_periods(frame->fast, expr, arg[0], &out))
		return out_done(frame, &out);
	for (int32_t k = 2; k < expr->nargs; k++) {
		Col so_far = {.st = out.st, .constant = constant};
		out.st = fast_states(frame, out.m, &so_far, arg[k], true);
	}
	apply(frame->fast, expr, arg, &out);
	return out_done(frame, &out);
}
