/*
 * Calendars, and the words for types.
 *
 * Periods of days are counted from an anchor; an exception (a longer payment period) stands where
 * a period would begin, and the count goes on behind it:
 *
 *   anchor                except.from        except.to + 1 = new anchor
 *   |--------|--------|--------|-------------|--------|--------|
 *
 * S46: the first and the last day both belong to their period. S53: formulas ask the period for
 * its days rather than count on four weeks. All answers are first days, because a period is known
 * by its first day and its calendar; INT32_MIN stands for `there is none`.
 */
#include "dsl/rulebook.h"

#include <string.h>

#include "base/civil.h"

/* Towards minus infinity, for days before the anchor. */
static int32_t floor_div(int32_t a, int32_t b)
{
	return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

/* The last exception that begins on or before the day, or -1. */
static int32_t except_before(const Calendar *calendar, int32_t day)
{
	int32_t at = -1;
	while (at + 1 < calendar->nexcept && calendar->except[at + 1].from <= day)
		at++;
	return at;
}

/* Each exception moves the count: periods after it run from the day behind its end. A day within
 * an exception belongs to it, however long it is. */
static int32_t days_first(const Calendar *calendar, int32_t day)
{
	int32_t anchor = calendar->anchor, except = except_before(calendar, day);
	if (except >= 0) {
		if (day <= calendar->except[except].to)
			return calendar->except[except].from;
		anchor = calendar->except[except].to + 1;
	}
	return anchor + floor_div(day - anchor, calendar->n) * calendar->n;
}

/* Months are counted from year 0; the period begins in month base + k * n. Before the anchor's
 * day of the month the period before is still running: with years from 6
 * April, the 5th is in the year that began the April before. */
static int32_t months_first(const Calendar *calendar, int32_t day)
{
	Civil date = civil_of(day);
	int32_t base = calendar->anchor_month - 1;
	int32_t month = date.year * 12 + date.month - 1 - (date.day < calendar->anchor_day);
	int32_t first = base + floor_div(month - base, calendar->n) * calendar->n;
	int32_t year = floor_div(first, 12);
	return day_of(year, (int)(first - year * 12) + 1, (int)calendar->anchor_day);
}

/* Days that no period holds: only calendars of single dates have them. */
int32_t calendar_first(const Calendar *calendar, int32_t day)
{
	switch (calendar->kind) {
	case CALENDAR_DAYS: return days_first(calendar, day);
	case CALENDAR_MONTHS: return months_first(calendar, day);
	case CALENDAR_DATES: break;
	}
	return calendar_has(calendar, day, LAST_DAY) ? day : INT32_MIN;
}

/* Periods leave no day between them; single dates do. */
int32_t calendar_next(const Calendar *calendar, int32_t first)
{
	if (calendar->kind == CALENDAR_DATES) {
		for (int32_t i = 0; i < calendar->ndates; i++)
			if (calendar->date[i].day > first)
				return calendar->date[i].day;
		return INT32_MIN;
	}
	int32_t last = calendar_last(calendar, first);
	return last == INT32_MIN ? INT32_MIN : last + 1;
}

/* A period before an exception ends with the day before it, should it reach into it. */
int32_t calendar_last(const Calendar *calendar, int32_t first)
{
	switch (calendar->kind) {
	case CALENDAR_DAYS: break;
	case CALENDAR_MONTHS: return day_add_months(first, calendar->n) - 1;
	case CALENDAR_DATES: return first;
	}
	int32_t except = except_before(calendar, first);
	if (except >= 0 && first == calendar->except[except].from)
		return calendar->except[except].to;
	int32_t last = first + calendar->n - 1;
	if (except + 1 < calendar->nexcept && last >= calendar->except[except + 1].from)
		last = calendar->except[except + 1].from - 1;
	return last;
}

/* By the day before; for single dates, the one listed before. */
int32_t calendar_previous(const Calendar *calendar, int32_t first)
{
	if (calendar->kind != CALENDAR_DATES)
		return calendar_first(calendar, first - 1);
	int32_t previous = INT32_MIN;
	for (int32_t i = 0; i < calendar->ndates && calendar->date[i].day < first; i++)
		previous = calendar->date[i].day;
	return previous;
}

/* ISO's rule for weeks, whatever their first day: a week belongs to the year that has its
 * middle. So week 1 is the one with 4 January when weeks begin on Monday. */
static int32_t week_number(int32_t first)
{
	int32_t middle = first + 3;
	return (middle - day_of(civil_of(middle).year, 1, 1)) / 7 + 1;
}

/* Counted from the anchor, exceptions too, the first period being 1. */
static int32_t days_number(const Calendar *calendar, int32_t first)
{
	int32_t anchor = calendar->anchor, before = 0;
	int32_t except = except_before(calendar, first);
	for (int32_t i = 0; i <= except; i++) {
		before += floor_div(calendar->except[i].from - anchor, calendar->n) + 1;
		anchor = calendar->except[i].to + 1;
	}
	if (except >= 0 && first == calendar->except[except].from)
		return before;
	return before + floor_div(first - anchor, calendar->n) + 1;
}

/* Within its year; of years, the year in which it begins. */
static int32_t months_number(const Calendar *calendar, int32_t first)
{
	Civil date = civil_of(first);
	if (calendar->n >= 12)
		return date.year;
	int32_t month = date.month - calendar->anchor_month;
	return (month < 0 ? month + 12 : month) / calendar->n + 1;
}

/* Of a single date: its place in the list. */
int32_t calendar_number(const Calendar *calendar, int32_t first)
{
	switch (calendar->kind) {
	case CALENDAR_DAYS:
		return calendar->n == 7 ? week_number(first) : days_number(calendar, first);
	case CALENDAR_MONTHS: return months_number(calendar, first);
	case CALENDAR_DATES: break;
	}
	int32_t number = 0;
	while (number < calendar->ndates && calendar->date[number].day <= first)
		number++;
	return number;
}

/* By halves: a list of holidays may cover decades, and is asked for every visit. A holiday
 * proclaimed later was none on the day known (S9), hence known_on. */
bool calendar_has(const Calendar *calendar, int32_t day, int32_t known_on)
{
	int32_t low = 0, high = calendar->ndates;
	while (low < high) {
		int32_t middle = low + (high - low) / 2;
		if (calendar->date[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < calendar->ndates && calendar->date[low].day == day &&
		calendar->date[low].published <= known_on;
}

/* What a message or an instance can tell apart: neither denominator nor `ratio`. Two lists of
 * codes are two types even with the same words; types_fit() of the checker is wider. */
bool type_same(Type a, Type b)
{
	if (a.kind != b.kind)
		return false;
	if (a.kind == TYPE_QUANTITY)
		return unit_same(a.unit, b.unit) && (!unit_none(a.unit) || a.form == b.form);
	return a.ref == b.ref ||
		(a.kind != TYPE_CODE && a.kind != TYPE_ROW && a.kind != TYPE_ROWS && a.kind != TYPE_PERIOD);
}

/* The first few: enough to recognise the list. With all of a long list the message would be lost
 * in it. */
static void describe_codes(Buf *buf, const CodeList *codes)
{
	buf_puts(buf, "a code (");
	for (int32_t i = 0; i < codes->n && i < 4; i++)
		buf_printf(buf, "%s%.*s", i > 0 ? ", " : "", STR_ARG(codes->code[i]));
	buf_puts(buf, codes->n > 4 ? ", …)" : ")");
}

/* Days, months, nights. */
static bool counted_span(Unit unit)
{
	for (int dim = DIM_DAY; dim < DIMS; dim++) {
		Unit one = {{0}};
		one.of[dim] = 1;
		if (unit_same(unit, one))
			return true;
	}
	return false;
}

/* With the article that a sentence needs. */
static void describe_quantity(Buf *buf, Type type)
{
	static const char *const forms[] = {
		[FORM_NUMBER] = "a number", [FORM_COUNT] = "a count", [FORM_PERCENT] = "a percentage",
	};
	Unit time = {{0}}, distance = {{0}};
	time.of[DIM_TIME] = 1;
	distance.of[DIM_DISTANCE] = 1;
	if (unit_none(type.unit)) {
		buf_puts(buf, forms[type.form]);
		return;
	}
	if (unit_same(type.unit, time) || unit_same(type.unit, distance))
		buf_puts(buf, "a ");
	else if (counted_span(type.unit))
		buf_puts(buf, "a number of ");
	unit_describe(buf, type);
}

/* By spelling: enough for names of datasets. */
static Str article(Str noun)
{
	return noun.len > 0 && memchr("aeiou", noun.ptr[0], 5) != NULL ? STR("an") : STR("a");
}

/* Fits behind `this is`. */
void type_describe(Buf *buf, const Rulebook *book, Type type)
{
	Str name;
	switch ((TypeKind)type.kind) {
	case TYPE_ERROR: buf_puts(buf, "not known"); return;
	case TYPE_YES_NO: buf_puts(buf, "yes or no"); return;
	case TYPE_QUANTITY: describe_quantity(buf, type); return;
	case TYPE_DATE: buf_puts(buf, "a date"); return;
	case TYPE_MOMENT: buf_puts(buf, "a date and time"); return;
	case TYPE_CLOCK: buf_puts(buf, "a clock time"); return;
	case TYPE_WEEKDAY: buf_puts(buf, "a weekday"); return;
	case TYPE_TEXT: buf_puts(buf, "text"); return;
	case TYPE_CODE: describe_codes(buf, &book->codes[type.ref]); return;
	case TYPE_ROW:
		name = book->dataset[type.ref].decl.name;
		buf_printf(buf, "%.*s %.*s", STR_ARG(article(name)), STR_ARG(name));
		return;
	case TYPE_ROWS:
		buf_printf(buf, "a collection of %.*s rows", STR_ARG(book->dataset[type.ref].decl.name));
		return;
	case TYPE_PERIOD:
		name = book->calendar[type.ref].decl.name;
		buf_printf(buf, "%.*s %.*s", STR_ARG(article(name)), STR_ARG(name));
		return;
	}
}

Str rule_version(const Rulebook *book, const Rule *rule)
{
	const Contract *contract = &book->contract;
	return rule->introduced < contract->nversions ? contract->ver[rule->introduced].name
		: contract->version;
}

/* The texts of a rule stand together, the first of them alone without `follows`. */
bool rule_same(const Rulebook *book, int32_t a, int32_t b)
{
	int32_t low = a < b ? a : b, high = a < b ? b : a;
	while (high > low && book->rule[high].follows)
		high--;
	return high == low;
}

static void widest(int32_t *most, int32_t n)
{
	if (n > *most)
		*most = n;
}

int32_t rulebook_slots(const Rulebook *book)
{
	int32_t most = 2;
	for (int32_t i = 0; i < book->nrules; i++) {
		widest(&most, book->rule[i].nslots);
		widest(&most, book->rule[i].nkeys + 1);
	}
	for (int32_t i = 0; i < book->ndefines; i++) {
		widest(&most, book->define[i].nslots);
		widest(&most, book->define[i].nparams);
	}
	for (int32_t i = 0; i < book->ntables; i++) {
		widest(&most, book->table[i].nslots);
		widest(&most, book->table[i].nparams);
	}
	for (int32_t i = 0; i < book->nmatches; i++)
		widest(&most, book->match[i].nslots);
	for (int32_t i = 0; i < book->nsequences; i++)
		widest(&most, book->sequence[i].nslots);
	for (int32_t i = 0; i < book->nbanks; i++) {
		widest(&most, book->bank[i].nslots);
		widest(&most, book->bank[i].nkeys + 1);
	}
	for (int32_t i = 0; i < book->nmeasures; i++)
		widest(&most, book->measure[i].rule.nslots + 2);
	for (int32_t i = 0; i < book->nscenarios; i++)
		widest(&most, book->scenario[i].nslots);
	for (int32_t i = 0; i < book->nexamples; i++)
		widest(&most, book->example[i].nslots);
	return most;
}
