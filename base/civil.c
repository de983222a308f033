/*
 * Dates without a table and London without a zone file: both follow from counting days. What a
 * contract calls a day is a plain integer here, so that spans are differences and sorting needs
 * nothing more.
 *
 *   2025-10-26 01:30, London  ->  day 20387, 5400 s  ->  an autumn day, so it occurs twice:
 *                                 00:30 UTC (the first, in summer time) or 01:30 UTC
 *
 * The zone is written out rather than asked of the system (law 9): the same rules and data must
 * give the same findings on a machine whose zone files are old, or missing.
 */
#include "base/civil.h"

#include <string.h>

const char *const month_names[12] = {
	"January", "February", "March", "April", "May", "June", "July", "August", "September",
	"October", "November", "December",
};
const char *const weekday_names[7] = {
	"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
};

#define HOUR 3600
#define ERA_DAYS 146097   /* of 400 years */
#define EPOCH_SHIFT 719468 /* days from 1 March of the year 0 to 1970-01-01 */
#define SHIFT_ERAS 10     /* keeps the arithmetic unsigned for any day near the allowed ones */

/* ---- dates ---- */

/*
 * A year that begins on 1 March has its leap day at its end, and its months fall into a pattern of
 * five (31 30 31 30 31) that (153 m + 2) / 5 counts (Richards, Calendars, in the Explanatory
 * Supplement to the Astronomical Almanac, 15.11).
 */
typedef struct MarchDay {
	int32_t year;   /* in which its 1 March lies */
	uint32_t index; /* days since that 1 March, 0 .. 365 */
} MarchDay;

/* Quotients by constants only; 4 n + 3 turns "three years of 365 days, then one of 366" into a
 * plain division. */
static inline MarchDay march_of(int32_t day)
{
	uint32_t n = (uint32_t)(day + EPOCH_SHIFT + SHIFT_ERAS * ERA_DAYS);
	uint32_t century = (4 * n + 3) / ERA_DAYS;
	uint32_t in_century = (4 * n + 3) % ERA_DAYS / 4;
	uint32_t year = (4 * in_century + 3) / 1461;
	uint32_t index = (4 * in_century + 3) % 1461 / 4;
	return (MarchDay){(int32_t)(100 * century + year) - 400 * SHIFT_ERAS, index};
}

/* The inverse of civil_of. Any year within ten eras of the allowed ones may be given, so that
 * callers may test the range after the arithmetic rather than before it. */
int32_t day_of(int32_t year, int month, int day)
{
	int32_t march_year = year - (month <= 2) + 400 * SHIFT_ERAS;
	int32_t march_month = month <= 2 ? month + 9 : month - 3;
	int32_t years = 365 * march_year + march_year / 4 - march_year / 100 + march_year / 400;
	return years + (153 * march_month + 2) / 5 + day - 1 - EPOCH_SHIFT - SHIFT_ERAS * ERA_DAYS;
}

/* march_of has the year; the pattern of five months, read backwards, has the month in it. */
Civil civil_of(int32_t day)
{
	MarchDay m = march_of(day);
	uint32_t month = (5 * m.index + 2) / 153;
	uint32_t date = m.index - (153 * month + 2) / 5 + 1;
	int32_t year = m.year + (month >= 10);
	return (Civil){year, (int8_t)(month < 10 ? month + 3 : month - 9), (int8_t)date};
}

/* 1970-01-01 was a Thursday, 3 when Monday is 0; 10 is 3 + 7, which lifts the negative rests of
 * days before it. */
int weekday_of(int32_t day)
{
	return (day % 7 + 10) % 7;
}

/* month is taken to be 1 to 12: civil_valid has looked before it asks. */
int month_length(int32_t year, int month)
{
	static const int8_t lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month == 2 && leap ? 29 : lengths[month - 1];
}

bool civil_valid(int32_t year, int month, int day)
{
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= month_length(year, month);
}

/* S38: one step from the first date, never month after month, or 31 January + 2 months would be
 * 28 March by way of February. The count of months is 64 bits wide, so that any int32 may be
 * added. */
int32_t day_add_months(int32_t day, int32_t months)
{
	Civil c = civil_of(day);
	int64_t count = (int64_t)c.year * 12 + c.month - 1 + months;
	if (count < 12)
		return DAY_MIN - 1;
	if (count >= 120000)
		return DAY_MAX + 1;
	int32_t year = (int32_t)(count / 12);
	int month = (int)(count % 12) + 1;
	int length = month_length(year, month);
	return day_of(year, month, c.day < length ? c.day : length);
}

/* ---- London ---- */

/* What a local day is like; of a plain day the number is its offset in hours. UTC and local dates
 * agree on both days on which clocks change. */
typedef enum DayClass { DAY_GMT = 0, DAY_BST = 1, DAY_SPRING, DAY_AUTUMN } DayClass;

/* Days since 1 March. The last Sunday is found from the weekday of 1 March. */
#define INDEX_31_MARCH 30u
#define INDEX_31_OCTOBER 244u
#define FIRST_MODERN 9556      /* 1 March 1996 */
#define FIRST_AT_ONE 4018      /* 1 January 1981: clocks change at 01:00 UTC, not 02:00 */
#define FIRST_RULED 790        /* 1 March 1972 */

/* The Sunday among the seven days that end with `last`, both counted from a 1 March. */
static uint32_t sunday_up_to(uint32_t last, uint32_t first_weekday)
{
	return last - (first_weekday + last + 1) % 7;
}

/* By the orders of those years. Spring: until 1980 the Sunday after the 3rd Saturday of March, then
 * the last Sunday. Autumn: until 1989 the Sunday after the 4th Saturday of October, then the 4th
 * Sunday. */
static DayClass early_class(MarchDay m, uint32_t first_weekday)
{
	uint32_t last_march = m.year <= 1980 ? INDEX_31_MARCH - 9 : INDEX_31_MARCH;
	uint32_t last_october = m.year <= 1989 ? INDEX_31_OCTOBER - 2 : INDEX_31_OCTOBER - 3;
	uint32_t spring = sunday_up_to(last_march, first_weekday);
	uint32_t autumn = sunday_up_to(last_october, first_weekday);
	if (m.index == spring)
		return DAY_SPRING;
	if (m.index == autumn)
		return DAY_AUTUMN;
	return m.index > spring && m.index < autumn ? DAY_BST : DAY_GMT;
}

/* The days that take more thought: in the last week of March or October, or before 1996. */
static DayClass rare_class(int32_t day, MarchDay m)
{
	if (day < FIRST_RULED)
		return DAY_GMT;
	uint32_t i = m.index, first_weekday = (uint32_t)weekday_of(day - (int32_t)i);
	if (day < FIRST_MODERN)
		return early_class(m, first_weekday);
	bool in_march = i <= INDEX_31_MARCH;
	uint32_t sunday = sunday_up_to(in_march ? INDEX_31_MARCH : INDEX_31_OCTOBER, first_weekday);
	if (i == sunday)
		return in_march ? DAY_SPRING : DAY_AUTUMN;
	return (i > sunday) == in_march ? DAY_BST : DAY_GMT;
}

/* Whether i is among the seven days that end with `last`; below them the difference wraps round. */
static inline bool in_week_to(uint32_t i, uint32_t last)
{
	return i - (last - 6) < 7;
}

/* Tens of millions of days go through here in no order: one branch, which is nearly always taken,
 * and a choice between summer and winter that needs none. */
static inline DayClass class_of(int32_t day)
{
	MarchDay m = march_of(day);
	bool rare = in_week_to(m.index, INDEX_31_MARCH) || in_week_to(m.index, INDEX_31_OCTOBER);
	if (__builtin_expect(rare || day < FIRST_MODERN, 0))
		return rare_class(day, m);
	bool summer = m.index - INDEX_31_MARCH < INDEX_31_OCTOBER - INDEX_31_MARCH;
	return (DayClass)(summer * DAY_BST);
}

/* The UTC second of a change day at which clocks change. European law moved all clocks to 01:00
 * UTC; before it British orders said 02:00 GMT. */
static int32_t change_second(int32_t day)
{
	return day < FIRST_AT_ONE ? 2 * HOUR : HOUR;
}

/*
 *   spring, UTC  0:00 ........ 1:00 ........ 2:00        autumn, UTC  0:00 ... 1:00 ... 2:00
 *   local        0:00 ........ 2:00 ........ 3:00        local        1:00 ... 1:00 ... 2:00
 *                     (1:00 to 2:00 absent)                           (1:00 to 2:00 twice)
 */
static int64_t on_change_day(DayClass class, int32_t day, int32_t seconds, ClockFold *fold)
{
	int64_t utc = (int64_t)day * DAY_SECONDS + seconds;
	int32_t change = change_second(day);
	bool in_hour = seconds >= change && seconds < change + HOUR;
	if (class == DAY_SPRING) {
		*fold = in_hour ? CLOCK_ABSENT : CLOCK_PLAIN;
		return seconds >= change + HOUR ? utc - HOUR : utc;
	}
	*fold = in_hour ? CLOCK_TWICE : CLOCK_PLAIN;
	return seconds < change + HOUR ? utc - HOUR : utc;
}

/* S40. Tens of millions of times are read in an audit, nearly none on a change day. */
int64_t moment_of(int32_t day, int32_t seconds, ClockFold *fold)
{
	DayClass class = class_of(day);
	if (__builtin_expect(class > DAY_BST, 0))
		return on_change_day(class, day, seconds, fold);
	*fold = CLOCK_PLAIN;
	return (int64_t)day * DAY_SECONDS + seconds - HOUR * (int)class;
}

/* Only for a time that was CLOCK_TWICE: a check-out before its check-in takes the second one
 * (S40). */
int64_t moment_second(int64_t first)
{
	return first + HOUR;
}

/* Day and second of a count of seconds; the second is never negative. */
static int32_t split(int64_t seconds, int32_t *second)
{
	int64_t day = seconds / DAY_SECONDS, rest = seconds % DAY_SECONDS;
	if (rest < 0) {
		rest += DAY_SECONDS;
		day--;
	}
	*second = (int32_t)rest;
	return (int32_t)day;
}

/* Read from UTC, unlike moment_of, where no time is missing and none occurs twice. */
int london_offset(int64_t moment)
{
	int32_t second, day = split(moment, &second);
	switch (class_of(day)) {
	case DAY_GMT:
		return 0;
	case DAY_BST:
		return HOUR;
	case DAY_SPRING:
		return second >= change_second(day) ? HOUR : 0;
	case DAY_AUTUMN:
		return second < change_second(day) ? HOUR : 0;
	}
	return 0;
}

/* S4: which law holds, and which week a visit falls in, is decided by this day, not by UTC's.
 * London is an hour ahead at most, so that only the last hour of a day can be on the next one. */
int32_t moment_day(int64_t moment)
{
	int32_t second, day = split(moment, &second);
	if (second < DAY_SECONDS - HOUR)
		return day;
	return split(moment + london_offset(moment), &second);
}

/* No call and no branch that is hard to foretell in the loop, so that several days are worked out
 * at once: half the time that remembering the day before takes where days often change. */
void moments_of(const int64_t *day, const int64_t *seconds, int32_t n, int64_t *moment)
{
	for (int32_t i = 0; i < n; i++) {
		ClockFold fold;
		DayClass class = class_of((int32_t)day[i]);
		if (__builtin_expect(class > DAY_BST, 0))
			moment[i] = on_change_day(class, (int32_t)day[i], (int32_t)seconds[i], &fold);
		else
			moment[i] = day[i] * DAY_SECONDS + seconds[i] - HOUR * (int)class;
	}
}

/* As moment_day: only moments of the last hour of a day need more than a division. */
void moments_days(const int64_t *moment, int32_t n, int64_t *day)
{
	for (int32_t i = 0; i < n; i++) {
		int32_t second;
		day[i] = split(moment[i], &second);
		if (__builtin_expect(second >= DAY_SECONDS - HOUR, 0))
			day[i] = moment_day(moment[i]);
	}
}

int32_t moment_clock(int64_t moment)
{
	int32_t second;
	split(moment + london_offset(moment), &second);
	return second;
}

/* ---- reading ---- */

/* Each reader looks at the length before it looks at a byte, and never at the locale. A text in the
 * right format with an impossible figure is told apart from a wrong format, because the two need
 * different words: one is a slip of the pen, the other a column misread. */

/* Whether s has n digits at `at`; their value in *value. */
static bool digits_at(Str s, size_t at, size_t n, int32_t *value)
{
	if (at + n > s.len)
		return false;
	int32_t v = 0;
	for (size_t i = at; i < at + n; i++) {
		unsigned d = (unsigned)s.ptr[i] - '0';
		if (d > 9)
			return false;
		v = v * 10 + (int32_t)d;
	}
	*value = v;
	return true;
}

static bool char_at(Str s, size_t at, char c)
{
	return at < s.len && s.ptr[at] == c;
}

/* No other spelling: 01/09/2025 could be read as the ninth of January. */
ReadTime day_parse(Str s, int32_t *day)
{
	int32_t year, month, date;
	if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-' || !digits_at(s, 0, 4, &year) ||
	    !digits_at(s, 5, 2, &month) || !digits_at(s, 8, 2, &date))
		return READ_BAD;
	if (!civil_valid(year, month, date))
		return READ_RANGE;
	*day = day_of(year, month, date);
	return READ_OK;
}

/* ".25" from *at on, which is moved past it; *cut when it is more than zeros. */
static bool take_fraction(Str s, size_t *at, bool *cut)
{
	size_t from = ++*at;
	int32_t digit;
	for (; digits_at(s, *at, 1, &digit); ++*at)
		*cut |= digit != 0;
	return *at > from;
}

/* A clock time at *at, which is moved past it. */
static ReadTime take_clock(Str s, size_t *at, int32_t *seconds, bool *cut)
{
	int32_t hour, minute, second = 0;
	size_t i = *at, wide = char_at(s, i + 1, ':') ? 1 : 2;
	*cut = false;
	if (!digits_at(s, i, wide, &hour) || !char_at(s, i + wide, ':') ||
	    !digits_at(s, i + wide + 1, 2, &minute))
		return READ_BAD;
	i += wide + 3;
	if (char_at(s, i, ':')) {
		if (!digits_at(s, i + 1, 2, &second))
			return READ_BAD;
		i += 3;
		if (char_at(s, i, '.') && !take_fraction(s, &i, cut))
			return READ_BAD;
	}
	*at = i;
	*seconds = hour * HOUR + minute * 60 + second;
	return hour <= 23 && minute <= 59 && second <= 59 ? READ_OK : READ_RANGE;
}

/* *seconds is left alone unless the result is READ_OK. A text behind the time is a wrong format,
 * not a time to be cut short. */
ReadTime clock_parse(Str s, int32_t *seconds, bool *cut)
{
	size_t at = 0;
	int32_t clock;
	ReadTime how = take_clock(s, &at, &clock, cut);
	if (how == READ_BAD || at != s.len)
		return READ_BAD;
	if (how == READ_OK)
		*seconds = clock;
	return how;
}

/* Z, +hh:mm or +hhmm, which must be all of s. */
static ReadTime parse_offset(Str s, int32_t *east)
{
	int32_t hours, minutes;
	*east = 0;
	if (s.len == 1 && s.ptr[0] == 'Z')
		return READ_OK;
	if (s.len < 5 || (s.ptr[0] != '+' && s.ptr[0] != '-') || !digits_at(s, 1, 2, &hours))
		return READ_BAD;
	size_t colon = s.ptr[3] == ':';
	if (s.len != 5 + colon || !digits_at(s, 3 + colon, 2, &minutes))
		return READ_BAD;
	*east = (hours * HOUR + minutes * 60) * (s.ptr[0] == '-' ? -1 : 1);
	return hours <= 23 && minutes <= 59 ? READ_OK : READ_RANGE;
}

/* An offset that the database gives overrides London's rule (S40), and so leaves no fold. A wrong
 * format anywhere outranks an impossible figure: such a text is no moment at all. */
ReadTime moment_parse(Str s, int64_t *moment, ClockFold *fold, bool *offset_given, bool *cut)
{
	int32_t day = 0, clock, east = 0;
	if (s.len < 11 || (s.ptr[10] != ' ' && s.ptr[10] != 'T'))
		return READ_BAD;
	size_t at = 11;
	ReadTime date = day_parse((Str){s.ptr, 10}, &day);
	ReadTime time = take_clock(s, &at, &clock, cut), offset = READ_OK;
	if (date == READ_BAD || time == READ_BAD)
		return READ_BAD;
	*offset_given = at < s.len;
	if (*offset_given)
		offset = parse_offset((Str){s.ptr + at, s.len - at}, &east);
	if (offset == READ_BAD)
		return READ_BAD;
	if (date == READ_RANGE || time == READ_RANGE || offset == READ_RANGE)
		return READ_RANGE;
	if (*offset_given) {
		*fold = CLOCK_PLAIN;
		*moment = (int64_t)day * DAY_SECONDS + clock - east;
	} else {
		*moment = moment_of(day, clock, fold);
	}
	return READ_OK;
}

/* ---- printing ---- */

/* Findings are read by people: the month in words cannot be taken for the day. */
void day_print(Buf *buf, int32_t day)
{
	Civil c = civil_of(day);
	buf_number(buf, (uint64_t)c.day, 1);
	buf_char(buf, ' ');
	buf_puts(buf, month_names[c.month - 1]);
	buf_char(buf, ' ');
	buf_number(buf, (uint64_t)c.year, 1);
}

void day_print_iso(Buf *buf, int32_t day)
{
	Civil c = civil_of(day);
	buf_number(buf, (uint64_t)c.year, 4);
	buf_char(buf, '-');
	buf_number(buf, (uint64_t)c.month, 2);
	buf_char(buf, '-');
	buf_number(buf, (uint64_t)c.day, 2);
}

void clock_print(Buf *buf, int32_t seconds)
{
	buf_number(buf, (uint64_t)(seconds / HOUR), 2);
	buf_char(buf, ':');
	buf_number(buf, (uint64_t)(seconds / 60 % 60), 2);
	if (seconds % 60 == 0)
		return;
	buf_char(buf, ':');
	buf_number(buf, (uint64_t)(seconds % 60), 2);
}

/* Only where the local time alone would be read as the first of two is the second one marked, so
 * that what is printed reads back as the same moment. */
void moment_print(Buf *buf, int64_t moment)
{
	int32_t day = moment_day(moment), clock = moment_clock(moment);
	ClockFold fold;
	int64_t first = moment_of(day, clock, &fold);
	day_print(buf, day);
	buf_puts(buf, " at ");
	clock_print(buf, clock);
	if (first != moment)
		buf_puts(buf, " GMT");
}

/* For files that other programs read; UTC, so that sorting as text sorts by time. */
void moment_print_iso(Buf *buf, int64_t moment)
{
	int32_t second, day = split(moment, &second);
	day_print_iso(buf, day);
	buf_printf(buf, "T%02d:%02d:%02dZ", second / HOUR, second / 60 % 60, second % 60);
}
