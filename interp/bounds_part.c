/*
 * For each kind of aggregate the least and the most over all choices: which of the rows that may go
 * in do, and which value each has out of its bounds. What is kept is small and can be added up:
 *
 *   item         surely in               may be in
 *   total        low += lo, high += hi   low += min(lo, 0), high += max(hi, 0)
 *   count        sure, may               may
 *   least        least, bottom           least      bottom: the least high end, for one item
 *   greatest     most, top               most       surely is as little as that
 *   any, all     yes, may_yes, no, may_no: a row is always an item, as it may be a yes or a no
 *   share        yes, may_yes, ..        maybe_yes, maybe_no
 *
 * Sums are whole numbers over the value's denominator in 128 bits: exact, and the same in any
 * order.
 */
#include "interp/bounds_part.h"

#include "interp/walk_private.h"

/* ---- ends ---- */

/* An item without an end on this side opens the whole there, for good. */
static void take_end(BoundEnd *end, bool has, Ratio at, bool greater)
{
	if (!has) {
		end->open = true;
		return;
	}
	int order = end->set ? ratio_cmp(at, end->at) : 1;
	if (!end->set || (greater ? order > 0 : order < 0))
		end->at = at;
	end->set = true;
}

/* `open` and a value may both be there: the value then bounds only what else was seen. */
static void join_end(BoundEnd *into, const BoundEnd *from, bool greater)
{
	into->open = into->open || from->open;
	if (from->set)
		take_end(into, true, from->at, greater);
}

/* In whole units of the type's denominator, away from the interval where it lies between two; an
 * end beyond what a column holds is none. Rounding outwards keeps the bound true. Ends of 64 bits
 * leave room for 2^63 of them in a sum of 128. */
static bool scaled(Type type, Ratio q, RoundMode away, Int128 *out)
{
	Ratio rounded;
	if (type.scale % q.d == 0 && fits64(q.n)) {
		*out = q.n * (type.scale / q.d);
		return fits64(*out);
	}
	if (!ratio_round(q, (Ratio){1, type.scale}, away, &rounded) || !fits64(rounded.n))
		return false;
	*out = rounded.n * (type.scale / rounded.d);
	return fits64(*out);
}

/* ---- items ---- */

BoundKind bound_kind(const Expr *aggregate)
{
	const Expr *value = aggregate->nargs > 2 ? aggregate->arg[2] : NULL;
	BoundKind out = {.kind = (AggregateKind)aggregate->how, .result = aggregate->type};
	out.has_value = value != NULL && aggregate->how != AGG_COUNT;
	if (out.has_value)
		out.value = value->type;
	return out;
}

static bool is_quantifier(AggregateKind kind)
{
	return kind == AGG_ANY || kind == AGG_NONE || kind == AGG_ALL;
}

/* Yes and no of one item. Items that surely go in and those that may are counted apart: share needs
 * both. */
static void take_answer(BoundPart *part, bool sure, Bound value)
{
	if (sure) {
		part->yes += bound_surely(value, 1);
		part->may_yes += bound_may_be(value, 1);
		part->no += bound_surely(value, 0);
		part->may_no += bound_may_be(value, 0);
	} else {
		part->maybe_yes += bound_may_be(value, 1);
		part->maybe_no += bound_may_be(value, 0);
	}
}

/* What may be left out adds anything from nothing to its value. Low and high are kept up although
 * an end is gone; no_low and no_high say so in the end. */
static void take_sum(BoundPart *part, Type type, bool sure, Bound value)
{
	Int128 low = 0, high = 0;
	bool has_low = value.has_lo && scaled(type, value.lo, ROUND_DOWN, &low);
	bool has_high = value.has_hi && scaled(type, value.hi, ROUND_UP, &high);
	part->no_low = part->no_low || !has_low;
	part->no_high = part->no_high || !has_high;
	if (has_low && (sure || low < 0))
		part->low += low;
	if (has_high && (sure || high > 0))
		part->high += high;
}

static void take_ends(BoundPart *part, bool sure, Bound value)
{
	take_end(&part->least, value.has_lo, value.lo, false);
	take_end(&part->most, value.has_hi, value.hi, true);
	if (sure) {
		take_end(&part->bottom, value.has_hi, value.hi, false);
		take_end(&part->top, value.has_lo, value.lo, true);
	}
}

/* Of any and none an item is whether a row decides; of all, whether it does not. Each row is one
 * that surely goes in. Kleene does the rest: a row that surely is refused can decide nothing. */
static Bound quantified(const BoundKind *kind, Bound where, Bound value)
{
	if (!kind->has_value)
		return where;
	return kind->kind == AGG_ALL ? bound_logic(bound_not(where), value, true)
		: bound_logic(where, value, false);
}

/* Of an average what surely goes in makes a sum, and what may is kept by its ends alone. first,
 * last and list do not go by items. */
static void take_value(BoundPart *part, const BoundKind *kind, bool sure, Bound value)
{
	switch (kind->kind) {
	case AGG_ANY: case AGG_NONE: case AGG_ALL: case AGG_SHARE:
		take_answer(part, sure, value);
		break;
	case AGG_TOTAL:
		take_sum(part, kind->value, sure, value);
		break;
	case AGG_AVERAGE:
		if (sure)
			take_sum(part, kind->value, true, value);
		else
			take_ends(part, false, value);
		break;
	case AGG_LEAST: case AGG_GREATEST: case AGG_ONLY_VALUE:
		take_ends(part, sure, value);
		break;
	case AGG_COUNT: case AGG_DISTINCT: case AGG_FIRST: case AGG_LAST: case AGG_LIST:
		break;
	}
}

/* A value that nothing can give leaves the whole without one, if the row goes in. A share without a
 * value asks its condition, of every row. */
void bound_part_add(BoundPart *part, const BoundKind *kind, Bound where, Bound value)
{
	bool plain = kind->kind == AGG_SHARE && !kind->has_value;
	if (is_quantifier(kind->kind) || plain) {
		value = plain ? where : quantified(kind, where, value);
		where = bound_yes_no(true, false);
	}
	bool sure = bound_surely(where, 1), valued = kind->kind != AGG_COUNT;
	if (!bound_may_be(where, 1) && !where.missing)
		return;
	part->sure += sure;
	part->may++;
	part->missing = part->missing || where.missing || (valued && value.missing);
	part->bad = part->bad || where.bad || (valued && value.bad);
	part->none = part->none || (valued && sure && !value.some);
	if (valued && (value.some || is_quantifier(kind->kind)))
		take_value(part, kind, sure, value);
}

/* A sum that needs no rounding is added without an interval around it. */
void bound_part_add_known(BoundPart *part, const BoundKind *kind, Value value)
{
	Int128 n;
	if (kind->kind == AGG_TOTAL && kind->value.scale % value.q.d == 0 &&
	    scaled(kind->value, value.q, ROUND_DOWN, &n)) {
		part->sure++;
		part->may++;
		part->low += n;
		part->high += n;
		return;
	}
	bound_part_add(part, kind, bound_yes_no(true, false),
		kind->has_value ? bound_known(kind->value, value) : (Bound){0});
}

/* Each field is a sum, an `or` or an extreme, so order and grouping do not matter. */
void bound_part_join(BoundPart *into, const BoundPart *from)
{
	into->sure += from->sure;
	into->may += from->may;
	into->yes += from->yes;
	into->may_yes += from->may_yes;
	into->no += from->no;
	into->may_no += from->may_no;
	into->maybe_yes += from->maybe_yes;
	into->maybe_no += from->maybe_no;
	into->different += from->different;
	into->low += from->low;
	into->high += from->high;
	join_end(&into->least, &from->least, false);
	join_end(&into->most, &from->most, true);
	join_end(&into->bottom, &from->bottom, false);
	join_end(&into->top, &from->top, true);
	into->no_low = into->no_low || from->no_low;
	into->no_high = into->no_high || from->no_high;
	into->missing = into->missing || from->missing;
	into->bad = into->bad || from->bad;
	into->none = into->none || from->none;
}

/* Sums alone: they are what there may be very many rows of. */
bool bound_part_is_open(const BoundPart *part, const BoundKind *kind)
{
	return (kind->kind == AGG_TOTAL || kind->kind == AGG_AVERAGE) && part->no_low &&
		part->no_high;
}

/* ---- what it comes to ---- */

static Ratio whole(int64_t n)
{
	return (Ratio){n, 1};
}

/* Any is decided by one yes, all by one no, whatever is missing of the others. `open`: no item
 * surely decides against it, so the other answer is possible. */
static Bound quantifier(const BoundPart *part, bool all)
{
	int64_t decides = all ? part->no : part->yes, may = all ? part->may_no : part->may_yes;
	int64_t other = all ? part->may_yes : part->may_no;
	bool decided = may > 0, open = other == part->sure;
	Bound out = all ? bound_yes_no(open, decided) : bound_yes_no(decided, open);
	out.missing = part->missing && decides == 0;
	out.bad = part->bad;
	out.known = out.known && !out.missing && !out.bad;
	return out;
}

/* Fewer yes and more rows make it less: a row that may be left out is a no at the low end, and at
 * the high end a yes. Either way it counts as a row there. Where no row surely goes in it may have
 * any value, or none. */
static Bound share(const BoundPart *part, Type type)
{
	Ratio lo = whole(0), hi = whole(1);
	if (part->may == 0)
		return bound_missing();
	if (part->sure > 0) {
		ratio_make(part->yes, part->sure + part->maybe_no, &lo);
		ratio_make(part->may_yes + part->maybe_yes, part->sure + part->maybe_yes, &hi);
	}
	Bound out = bound_between(type, lo, hi);
	out.missing = part->sure == 0;
	return out;
}

/* An end that no column could hold is none. */
static Bound sum(const BoundPart *part, const BoundKind *kind)
{
	Bound out = bound_any();
	out.has_lo = !part->no_low && ratio_make(part->low, kind->value.scale, &out.lo);
	out.has_hi = !part->no_high && ratio_make(part->high, kind->value.scale, &out.hi);
	return out.has_lo && out.has_hi ? bound_between(kind->result, out.lo, out.hi) : out;
}

/* What lies between these ends, where they are there. */
static Bound between(Type type, const BoundEnd *lo, const BoundEnd *hi)
{
	Bound out = bound_any();
	if (type.kind == TYPE_TEXT || type.kind == TYPE_ROWS)
		return out;
	out.has_lo = lo->set && !lo->open;
	out.has_hi = hi->set && !hi->open;
	out.lo = out.has_lo ? lo->at : whole(0);
	out.hi = out.has_hi ? hi->at : whole(0);
	return out.has_lo && out.has_hi ? bound_between(type, out.lo, out.hi) : out;
}

/* What holds of any of the rows. */
static Bound hull(const BoundPart *part, Type type)
{
	Bound out = part->may == 0 ? bound_missing() : between(type, &part->least, &part->most);
	out.missing = part->sure == 0;
	return out;
}

/*
 * The mean of what surely goes in, moved towards an end of what may by as many rows as there are:
 *
 *   (sum of the sure + k * least that may) / (sure + k)
 *
 * which rises or falls with k all the way, so that it is looked at with none and with all.
 */
static Bound average_end(const BoundPart *part, const BoundKind *kind, bool high)
{
	Bound sums = sum(part, kind), out = bound_any();
	const BoundEnd *end = high ? &part->most : &part->least;
	Ratio mean, mixed, more;
	int64_t k = part->may - part->sure;
	bool ok = (high ? sums.has_hi : sums.has_lo) && !(k > 0 && (end->open || !end->set)) &&
		ratio_div(high ? sums.hi : sums.lo, whole(part->sure), &mean);
	if (ok && k > 0) {
		ok = ratio_mul(end->at, whole(k), &more) &&
			ratio_add(high ? sums.hi : sums.lo, more, &mixed) &&
			ratio_div(mixed, whole(part->may), &mixed);
		if (ok && (high ? ratio_cmp(mixed, mean) > 0 : ratio_cmp(mixed, mean) < 0))
			mean = mixed;
	}
	out.has_lo = out.has_hi = ok;
	out.lo = out.hi = ok ? mean : whole(0);
	return out;
}

/* Where no row surely goes in, the mean is one of those that may. */
static Bound average(const BoundPart *part, const BoundKind *kind)
{
	if (part->sure == 0)
		return hull(part, kind->result);
	Bound lo = average_end(part, kind, false), hi = average_end(part, kind, true);
	if (lo.has_lo && hi.has_hi)
		return bound_between(kind->result, lo.lo, hi.hi);
	lo.has_hi = hi.has_hi;
	lo.hi = hi.hi;
	return lo;
}

/*
 * Rows that surely go in hold the greatest from below; all that may, from above. One sure end is
 * enough for that: the others could only raise it.
 *
 *   sure   [2 .. 5]  [4 .. 9]        greatest: at least 4 (top), at most 9 (most)
 *   may        [1 .. 12]                       at most 12, if it goes in
 */
static Bound extreme(const BoundPart *part, Type type, bool most)
{
	BoundEnd sure = most ? part->top : part->bottom;
	if (part->sure == 0)
		return hull(part, type);
	sure.open = false;
	return most ? between(type, &sure, &part->most) : between(type, &part->least, &sure);
}

/* Values that differ make it missing. One value alone makes it that: a point, and no row that may
 * or may not be there. */
static Bound only_value(const BoundPart *part, Type type)
{
	Bound out = hull(part, type);
	out.missing = out.missing || !out.known || part->sure < part->may;
	return out;
}

/* Values that are there, and as many more as there are rows that are open. Rows that are open may
 * all agree with one that is there. */
static Bound distinct(const BoundPart *part, Type type)
{
	int64_t least = part->different > 0 ? part->different : part->sure > 0;
	return bound_between(type, whole(least), whole(part->different + part->may));
}

/* Quantifiers are told before; first and last go by an order, which no part keeps. */
static Bound reduced(const BoundPart *part, const BoundKind *kind)
{
	Type type = kind->result;
	switch (kind->kind) {
	case AGG_COUNT: return bound_between(type, whole(part->sure), whole(part->may));
	case AGG_TOTAL: return sum(part, kind);
	case AGG_LEAST: return extreme(part, type, false);
	case AGG_GREATEST: return extreme(part, type, true);
	case AGG_AVERAGE: return average(part, kind);
	case AGG_DISTINCT: return distinct(part, type);
	case AGG_SHARE: return share(part, type);
	case AGG_ONLY_VALUE: return only_value(part, type);
	case AGG_ANY: case AGG_NONE: case AGG_ALL: case AGG_FIRST: case AGG_LAST: case AGG_LIST:
		break;
	}
	return bound_any();
}

/* Kinds that need their conditions settled carry what is open of them along. `none` says that an
 * item has no value whatever is filled in: then the whole has none either. */
Bound bound_part_reduce(const BoundPart *part, const BoundKind *kind)
{
	if (is_quantifier(kind->kind)) {
		Bound out = quantifier(part, kind->kind == AGG_ALL);
		return kind->kind == AGG_NONE ? bound_not(out) : out;
	}
	Bound out = part->none ? bound_missing() : reduced(part, kind);
	out.missing = out.missing || part->missing;
	out.bad = out.bad || part->bad;
	out.known = out.known && !out.missing && !out.bad;
	return out;
}
