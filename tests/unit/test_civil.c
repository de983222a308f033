/*
 * Civil dates and London time (base/civil.h, law 9) against ways of counting
 * that nobody can get wrong: walking on by one day, looking for Sundays one
 * after the other, and the C library's zone data.
 *
 *   every day from year 1 to 9999        there and back
 *   every five minutes about a change    1972 to 2100: none, one or two moments
 *   published change days                from outside: both ways cannot share a slip
 */
#include "base/civil.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/random.h"

Suite *civil_suite(void);

/* ---- dates ---- */

static bool leap(int year)
{
	return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
}

/* The rhyme, not a formula. */
static int length_of(int year, int month)
{
	if (month == 2)
		return leap(year) ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* A date that is only ever moved on by one day. */
typedef struct Walk {
	int year, month, date, weekday;
	int32_t day;
} Walk;

static void next_day(Walk *w)
{
	w->day++;
	w->weekday = (w->weekday + 1) % 7;
	if (++w->date <= length_of(w->year, w->month))
		return;
	w->date = 1;
	if (++w->month <= 12)
		return;
	w->month = 1;
	w->year++;
}

/* Check's own assertions write to a file each time: too slow for millions of them. */
static void check_walk(const Walk *w)
{
	Civil c = civil_of(w->day);
	if (c.year != w->year || c.month != w->month || c.day != w->date)
		ck_abort_msg("day %d gave %d-%d-%d", (int)w->day, (int)c.year, c.month, c.day);
	if (day_of(w->year, w->month, w->date) != w->day || weekday_of(w->day) != w->weekday)
		ck_abort_msg("day %d does not come back", (int)w->day);
}

/*
 * 1 January 1900 was a Monday, 25,567 days before 1970. Also printed and read
 * back, which the longer walk below leaves out for its time.
 */
START_TEST(every_day_of_two_centuries)
{
	Walk w = {1900, 1, 1, 0, -25567};
	for (; w.year <= 2100; next_day(&w)) {
		check_walk(&w);
		Buf buf = {0};
		day_print_iso(&buf, w.day);
		int32_t back = 0;
		ck_assert_int_eq(day_parse(buf_view(&buf), &back), READ_OK);
		ck_assert_int_eq(back, w.day);
		buf_free(&buf);
	}
}
END_TEST

/* Its end shows that DAY_MAX is 31 December 9999. */
START_TEST(every_day_from_the_first_to_the_last)
{
	Walk w = {1, 1, 1, 0, DAY_MIN};
	for (; w.year <= 9999; next_day(&w))
		check_walk(&w);
	ck_assert_int_eq(w.day, DAY_MAX + 1);
}
END_TEST

/* 1900 and 2100 are no leap years, 2000 is; months and days below the first. */
START_TEST(dates_that_are_none)
{
	ck_assert(civil_valid(2024, 2, 29));
	ck_assert(!civil_valid(2025, 2, 29));
	ck_assert(!civil_valid(2100, 2, 29));
	ck_assert(civil_valid(2000, 2, 29));
	ck_assert(!civil_valid(2025, 6, 31));
	ck_assert(!civil_valid(2025, 0, 1));
	ck_assert(!civil_valid(2025, 13, 1));
	ck_assert(!civil_valid(2025, 1, 0));
	ck_assert(!civil_valid(2025, 1, -1));
	ck_assert(!civil_valid(0, 12, 31));
	ck_assert(civil_valid(1, 1, 1));
	ck_assert(civil_valid(9999, 12, 31));
	ck_assert(!civil_valid(10000, 1, 1));
	for (int month = 1; month <= 12; month++) {
		ck_assert_int_eq(month_length(2023, month), length_of(2023, month));
		ck_assert_int_eq(month_length(2024, month), length_of(2024, month));
	}
}
END_TEST

static void months_give(int32_t from, int32_t months, int32_t wanted)
{
	ck_assert_int_eq(day_add_months(from, months), wanted);
}

/* S38: in one step from the first date, the last day of a shorter month. */
START_TEST(s38_months_end_on_the_last_day)
{
	months_give(day_of(2025, 1, 31), 1, day_of(2025, 2, 28));
	months_give(day_of(2024, 1, 31), 1, day_of(2024, 2, 29));
	months_give(day_of(2025, 1, 31), 2, day_of(2025, 3, 31));
	months_give(day_of(2024, 2, 29), 12, day_of(2025, 2, 28));
	months_give(day_of(2024, 2, 29), 48, day_of(2028, 2, 29));
	months_give(day_of(2025, 3, 31), -1, day_of(2025, 2, 28));
	months_give(day_of(2025, 1, 15), -1, day_of(2024, 12, 15));
	months_give(day_of(2025, 12, 31), 2, day_of(2026, 2, 28));
	months_give(day_of(2025, 5, 31), 0, day_of(2025, 5, 31));
	months_give(day_of(1, 1, 31), -1, DAY_MIN - 1);
	months_give(DAY_MIN, INT32_MIN, DAY_MIN - 1);
	months_give(day_of(9999, 11, 30), 1, day_of(9999, 12, 30));
	months_give(day_of(9999, 12, 15), 1, DAY_MAX + 1);
	months_give(day_of(1, 1, 15), -1, DAY_MIN - 1);
	months_give(DAY_MAX, INT32_MAX, DAY_MAX + 1);
}
END_TEST

/*
 * Month by month, which for the last days of months only one step at the end
 * can do (S38).
 */
START_TEST(months_agree_with_counting_on)
{
	Random random = {5};
	for (int round = 0; round < 20000; round++) {
		int year = 1900 + (int)random_below(&random, 200);
		int month = 1 + (int)random_below(&random, 12);
		int date = 1 + (int)random_below(&random, (uint64_t)length_of(year, month));
		int step = (int)random_below(&random, 400);
		int to_year = year, to_month = month;
		for (int i = 0; i < step; i++) {
			if (++to_month == 13) {
				to_month = 1;
				to_year++;
			}
		}
		int length = length_of(to_year, to_month);
		int32_t got = day_add_months(day_of(year, month, date), step);
		ck_assert_int_eq(got, day_of(to_year, to_month, date < length ? date : length));
	}
}
END_TEST

/* ---- London ---- */

/* The change days of one year by looking for Sundays one after the other. */
typedef struct Changes {
	int32_t spring, autumn;
	int second; /* UTC second of the day */
} Changes;

/*
 * Changes are on the first Sunday from a fixed date on, as the orders of those
 * years had it.
 */
static int32_t first_sunday_from(int year, int month, int date)
{
	int32_t day = day_of(year, month, date);
	while (((day % 7) + 7) % 7 != 3) /* 1970-01-04 was a Sunday */
		day++;
	return day;
}

static Changes changes_of(int year)
{
	Changes c = {0, 0, year <= 1980 ? 7200 : 3600};
	c.spring = first_sunday_from(year, 3, year <= 1980 ? 16 : 25);
	c.autumn = first_sunday_from(year, 10, year <= 1989 ? 23 : year <= 1995 ? 22 : 25);
	return c;
}

/* Summer time from the one change to the other. */
static int plain_offset(const Changes *c, int64_t moment)
{
	int64_t from = (int64_t)c->spring * 86400 + c->second;
	int64_t to = (int64_t)c->autumn * 86400 + c->second;
	return moment >= from && moment < to ? 3600 : 0;
}

/* A local time stands for those of two moments that lie at it: none in spring, two in autumn. */
static void check_local(const Changes *c, int32_t day, int32_t clock)
{
	int64_t local = (int64_t)day * 86400 + clock;
	bool summer = plain_offset(c, local - 3600) == 3600, winter = plain_offset(c, local) == 0;
	ClockFold fold = CLOCK_PLAIN;
	int64_t got = moment_of(day, clock, &fold);
	ClockFold wanted = summer == winter ? (summer ? CLOCK_TWICE : CLOCK_ABSENT) : CLOCK_PLAIN;
	bool good = fold == wanted && got == (summer ? local - 3600 : local) &&
		    london_offset(got) == plain_offset(c, got) && moment_day(got) == day &&
		    moment_clock(got) == clock + (fold == CLOCK_ABSENT ? 3600 : 0);
	if (fold == CLOCK_TWICE)
		good = good && moment_clock(moment_second(got)) == clock &&
		       london_offset(moment_second(got)) == 0;
	if (!good)
		ck_abort_msg("day %d, second %d: %lld", (int)day, (int)clock, (long long)got);
}

/* And one second before each, so that both sides of every boundary are tried. */
START_TEST(every_five_minutes_about_both_changes)
{
	for (int year = 1972; year <= 2100; year++) {
		Changes c = changes_of(year);
		int32_t days[2] = {c.spring, c.autumn};
		for (int which = 0; which < 2; which++) {
			for (int32_t day = days[which] - 1; day <= days[which] + 1; day++) {
				for (int32_t clock = 0; clock < 86400; clock += 300) {
					check_local(&c, day, clock);
					if (clock > 0)
						check_local(&c, day, clock - 1);
				}
			}
		}
	}
}
END_TEST

/*
 * Midnight and noon of 400 years: a leap rule that goes wrong in 2400 would
 * show.
 */
START_TEST(noon_of_every_day)
{
	for (int year = 1972; year <= 2400; year++) {
		Changes c = changes_of(year);
		for (int32_t day = day_of(year, 1, 1); day <= day_of(year, 12, 31); day++) {
			check_local(&c, day, 43200);
			check_local(&c, day, 0);
		}
	}
}
END_TEST

/* Many at once are as many single ones: about both changes of each year, at both ends of the
 * calendar, before 1970, and 24:00. */
START_TEST(many_at_once)
{
	enum { CLOCKS = 5, ROOM = CLOCKS * 12 };
	static const int64_t clock_of[CLOCKS] = {0, 5400, 7200, 82800, 86400};
	for (int year = 1960; year <= 2100; year++) {
		Changes c = changes_of(year);
		int64_t day[ROOM], clock[ROOM], moment[ROOM], back[ROOM];
		int32_t n = 0;
		for (int k = 0; k < ROOM / CLOCKS; k++) {
			int64_t about[] = {c.spring, c.autumn, day_of(year, 7, 1), DAY_MAX - 2};
			for (int t = 0; t < CLOCKS; t++, n++) {
				day[n] = k == 0 ? DAY_MIN : about[k % 4] - 1 + k / 4;
				clock[n] = clock_of[t];
			}
		}
		moments_of(day, clock, n, moment);
		moments_days(moment, n, back);
		for (int32_t i = 0; i < n; i++) {
			ClockFold fold;
			ck_assert_int_eq(moment[i], moment_of((int32_t)day[i], (int32_t)clock[i], &fold));
			ck_assert_int_eq(back[i], moment_day(moment[i]));
			ck_assert_int_eq(back[i], day[i] + (clock[i] == 86400));
		}
	}
}
END_TEST

/*
 * S40: the absent half hour, the one that occurs twice, and 24:00 as the next
 * day's midnight.
 */
START_TEST(published_change_days)
{
	ClockFold fold;
	ck_assert_int_eq(moment_of(day_of(2025, 3, 30), 5400, &fold), 1743298200);
	ck_assert_int_eq(fold, CLOCK_ABSENT);
	ck_assert_int_eq(moment_of(day_of(2025, 10, 26), 5400, &fold), 1761438600);
	ck_assert_int_eq(fold, CLOCK_TWICE);
	ck_assert_int_eq(changes_of(1981).autumn, day_of(1981, 10, 25));
	ck_assert_int_eq(changes_of(1989).autumn, day_of(1989, 10, 29));
	ck_assert_int_eq(changes_of(1990).autumn, day_of(1990, 10, 28));
	ck_assert_int_eq(changes_of(1995).autumn, day_of(1995, 10, 22));
	ck_assert_int_eq(changes_of(1972).spring, day_of(1972, 3, 19));
	ck_assert_int_eq(moment_of(day_of(1971, 7, 1), 0, &fold), (int64_t)day_of(1971, 7, 1) * 86400);
	ck_assert_int_eq(moment_of(day_of(2025, 7, 1), 86400, &fold),
			 moment_of(day_of(2025, 7, 2), 0, &fold));
	ck_assert_int_eq(moment_of(day_of(2025, 3, 30), 86400, &fold),
			 moment_of(day_of(2025, 3, 31), 0, &fold));
	ck_assert_int_eq(moment_of(day_of(2025, 10, 26), 86400, &fold),
			 moment_of(day_of(2025, 10, 27), 0, &fold));
}
END_TEST

/* Law 9's own case: from 22:00 on 25 October 2025 to 07:00 on the 26th. */
START_TEST(a_sleep_in_over_the_autumn_change_lasts_ten_hours)
{
	ClockFold fold;
	int64_t from = moment_of(day_of(2025, 10, 25), 22 * 3600, &fold);
	ck_assert_int_eq(moment_of(day_of(2025, 10, 26), 7 * 3600, &fold) - from, 10 * 3600);
	from = moment_of(day_of(2025, 3, 29), 22 * 3600, &fold);
	ck_assert_int_eq(moment_of(day_of(2025, 3, 30), 7 * 3600, &fold) - from, 8 * 3600);
}
END_TEST

/* The C library's zone data, where there is any; without it London has no summer. */
static bool zone_data_present(void)
{
	setenv("TZ", "Europe/London", 1);
	tzset();
	time_t summer = 1751371200; /* 1 July 2025 at noon UTC */
	struct tm local;
	return localtime_r(&summer, &local) != NULL && local.tm_gmtoff == 3600;
}

/* Offset, date and clock of one moment. */
static void check_against_library(int64_t moment)
{
	time_t t = (time_t)moment;
	struct tm local;
	localtime_r(&t, &local);
	int32_t day = day_of(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
	int32_t clock = local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec;
	if (local.tm_gmtoff != london_offset(moment) || day != moment_day(moment) ||
	    clock != moment_clock(moment))
		ck_abort_msg("at %lld", (long long)moment);
}

/* Skipped where no zone data is installed; the others do not depend on it. */
START_TEST(the_library_agrees)
{
	if (!zone_data_present())
		return;
	for (int year = 1972; year <= 2100; year++) {
		for (int32_t day = day_of(year, 1, 1); day <= day_of(year, 12, 31); day++) {
			bool near = civil_of(day).month == 3 || civil_of(day).month == 10;
			int64_t midnight = (int64_t)day * 86400;
			for (int hour = 0; hour < 24; hour += near ? 1 : 12) {
				check_against_library(midnight + hour * 3600);
				check_against_library(midnight + hour * 3600 + 3599);
			}
		}
	}
}
END_TEST

/* ---- reading ---- */

/*
 * Wrong form and impossible day are told apart, as their diagnostics are;
 * nothing is half read.
 */
START_TEST(dates_are_read)
{
	static const struct {
		const char *text;
		ReadTime how;
	} cases[] = {
		{"2025-09-01", READ_OK},     {"0001-01-01", READ_OK},     {"9999-12-31", READ_OK},
		{"2024-02-29", READ_OK},     {"2025-02-29", READ_RANGE},  {"2025-06-31", READ_RANGE},
		{"2025-13-01", READ_RANGE},  {"2025-00-10", READ_RANGE},  {"0000-01-01", READ_RANGE},
		{"2025-9-01", READ_BAD},     {"01/09/2025", READ_BAD},    {"20250901", READ_BAD},
		{"", READ_BAD},              {"2025-09-01 ", READ_BAD},   {" 2025-09-1", READ_BAD},
		{"2025-09-0x", READ_BAD},    {"-025-09-01", READ_BAD},    {"2025/09/01", READ_BAD},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int32_t day = 77;
		ReadTime how = day_parse(str_of(cases[i].text), &day);
		ck_assert_msg(how == cases[i].how, "%s: %d", cases[i].text, (int)how);
		ck_assert_int_eq(day == 77, how != READ_OK);
	}
	ck_assert_int_eq(day_parse((Str){NULL, 0}, &(int32_t){0}), READ_BAD);
}
END_TEST

/*
 * S45: fractions of a second are cut, and said to have been cut unless they are
 * zero.
 */
START_TEST(clock_times_are_read)
{
	static const struct {
		const char *text;
		ReadTime how;
		int seconds;
		bool cut;
	} cases[] = {
		{"8:00", READ_OK, 28800, false},        {"08:00", READ_OK, 28800, false},
		{"08:00:30", READ_OK, 28830, false},    {"8:00:30.000", READ_OK, 28830, false},
		{"08:00:30.009", READ_OK, 28830, true}, {"00:00", READ_OK, 0, false},
		{"23:59:59", READ_OK, 86399, false},    {"23:59:59.999", READ_OK, 86399, true},
		{"24:00", READ_RANGE, 0, false},        {"25:00", READ_RANGE, 0, false},
		{"08:60", READ_RANGE, 0, false},        {"08:00:60", READ_RANGE, 0, false},
		{"", READ_BAD, 0, false},               {"8", READ_BAD, 0, false},
		{"8:0", READ_BAD, 0, false},            {"08:0:00", READ_BAD, 0, false},
		{"08:00:", READ_BAD, 0, false},         {"08:00:3", READ_BAD, 0, false},
		{"08:00:30.", READ_BAD, 0, false},      {"08:00.5", READ_BAD, 0, false},
		{"008:00", READ_BAD, 0, false},         {"08:000", READ_BAD, 0, false},
		{"08:00Z", READ_BAD, 0, false},         {" 8:00", READ_BAD, 0, false},
		{"-8:00", READ_BAD, 0, false},          {"08.00", READ_BAD, 0, false},
		{":00", READ_BAD, 0, false},            {"25:00x", READ_BAD, 0, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int32_t seconds = -1;
		bool cut = true;
		ReadTime how = clock_parse(str_of(cases[i].text), &seconds, &cut);
		ck_assert_msg(how == cases[i].how, "%s: %d", cases[i].text, (int)how);
		ck_assert_int_eq(seconds, how == READ_OK ? cases[i].seconds : -1);
		if (how == READ_OK)
			ck_assert_int_eq(cut, cases[i].cut);
	}
}
END_TEST

typedef struct Moment {
	const char *text;
	ReadTime how;
	int64_t utc;
	ClockFold fold;
	bool offset;
} Moment;

/*
 * Value, and whether it was read with an offset, cut, or decided about a
 * change.
 */
static void check_moment(const Moment *m)
{
	int64_t moment = 0;
	ClockFold fold = CLOCK_PLAIN;
	bool offset = false, cut = false;
	ReadTime how = moment_parse(str_of(m->text), &moment, &fold, &offset, &cut);
	ck_assert_msg(how == m->how, "%s: %d", m->text, (int)how);
	if (how != READ_OK)
		return;
	ck_assert_msg(moment == m->utc, "%s: %lld", m->text, (long long)moment);
	ck_assert_int_eq(fold, m->fold);
	ck_assert_int_eq(offset, m->offset);
	ck_assert_int_eq(cut, strchr(m->text, '.') != NULL);
}

/* 1 September 2025 at 08:02 in London is 1756710120. */
START_TEST(moments_are_read)
{
	static const Moment cases[] = {
		{"2025-09-01 08:02", READ_OK, 1756710120, CLOCK_PLAIN, false},
		{"2025-09-01T08:02:00", READ_OK, 1756710120, CLOCK_PLAIN, false},
		{"2025-09-01 8:02:00.5", READ_OK, 1756710120, CLOCK_PLAIN, false},
		{"2025-09-01T07:02Z", READ_OK, 1756710120, CLOCK_PLAIN, true},
		{"2025-09-01T07:02:00.5Z", READ_OK, 1756710120, CLOCK_PLAIN, true},
		{"2025-09-01T08:02:00+01:00", READ_OK, 1756710120, CLOCK_PLAIN, true},
		{"2025-09-01 08:02+0100", READ_OK, 1756710120, CLOCK_PLAIN, true},
		{"2025-09-01 01:32-0530", READ_OK, 1756710120, CLOCK_PLAIN, true},
		{"2025-09-02 07:02+23:59", READ_OK, 1756710180, CLOCK_PLAIN, true},
		{"2025-10-26 01:30", READ_OK, 1761438600, CLOCK_TWICE, false},
		{"2025-10-26 01:30+00:00", READ_OK, 1761442200, CLOCK_PLAIN, true},
		{"2025-10-26 01:30+01:00", READ_OK, 1761438600, CLOCK_PLAIN, true},
		{"2025-03-30 01:30", READ_OK, 1743298200, CLOCK_ABSENT, false},
		{"2025-03-30 02:30", READ_OK, 1743298200, CLOCK_PLAIN, false},
		{"1969-12-31 23:59:59", READ_OK, -1, CLOCK_PLAIN, false},
		{"2025-09-01 08:02+24:00", READ_RANGE, 0, CLOCK_PLAIN, false},
		{"2025-09-01 08:02+01:60", READ_RANGE, 0, CLOCK_PLAIN, false},
		{"2025-09-31 08:02", READ_RANGE, 0, CLOCK_PLAIN, false},
		{"2025-09-01 24:00", READ_RANGE, 0, CLOCK_PLAIN, false},
		{"2025-09-31 08:02+1", READ_BAD, 0, CLOCK_PLAIN, false},
		{"2025-09-01", READ_BAD, 0, CLOCK_PLAIN, false},
		{"2025-09-01 ", READ_BAD, 0, CLOCK_PLAIN, false},
		{"2025-09-01  08:02", READ_BAD, 0, CLOCK_PLAIN, false},
		{"2025-09-01t08:02", READ_BAD, 0, CLOCK_PLAIN, false},
		{"2025-09-01 08:02z", READ_BAD, 0, CLOCK_PLAIN, false},
		{"2025-09-01 08:02Zx", READ_BAD, 0, CLOCK_PLAIN, false},
		{"2025-09-01 08:02 ", READ_BAD, 0, CLOCK_PLAIN, false},
		{"2025-09-01 08:02+01", READ_BAD, 0, CLOCK_PLAIN, false},
		{"2025-09-01 08:02+01:0", READ_BAD, 0, CLOCK_PLAIN, false},
		{"2025-09-01 08:02+01:000", READ_BAD, 0, CLOCK_PLAIN, false},
		{"2025-09-01 08:02+1:00", READ_BAD, 0, CLOCK_PLAIN, false},
		{"2025-09-01 08:02 BST", READ_BAD, 0, CLOCK_PLAIN, false},
		{"01/09/2025 08:02", READ_BAD, 0, CLOCK_PLAIN, false},
		{"", READ_BAD, 0, CLOCK_PLAIN, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		check_moment(&cases[i]);
}
END_TEST

/* Damaged texts, held in memory of just their length: a sanitizer sees any byte read beyond. */
START_TEST(damaged_texts_are_never_misread)
{
	Random random = {6};
	const char *pool = "0123456789-: T.Z+x";
	for (int round = 0; round < 200000; round++) {
		char text[] = "2025-10-26T01:30:15.25+01:00";
		size_t n = (size_t)random_below(&random, sizeof text);
		for (uint64_t hits = random_below(&random, 4); hits > 0; hits--)
			text[random_below(&random, sizeof text - 1)] = pool[random_below(&random, 18)];
		char *exact = malloc(n + (n == 0));
		memcpy(exact, text, n);
		int64_t moment = 0;
		int32_t day = 0, seconds = -1;
		ClockFold fold;
		bool offset, cut;
		Str s = {exact, n};
		if (day_parse(s, &day) == READ_OK)
			ck_assert_uint_eq(n, 10);
		if (clock_parse(s, &seconds, &cut) == READ_OK)
			ck_assert(seconds >= 0 && seconds < 86400);
		if (moment_parse(s, &moment, &fold, &offset, &cut) == READ_OK) {
			ck_assert_uint_ge(n, 15);
			ck_assert_int_eq(day_parse((Str){exact, 10}, &day), READ_OK);
			ck_assert_int_lt(llabs(moment - (int64_t)day * 86400), 2 * 86400);
		}
		free(exact);
	}
}
END_TEST

/* ---- printing ---- */

static void moment_prints(int64_t moment, const char *wanted, const char *iso)
{
	Buf buf = {0};
	moment_print(&buf, moment);
	ck_assert_str_eq(buf.at, wanted);
	buf_clear(&buf);
	moment_print_iso(&buf, moment);
	ck_assert_str_eq(buf.at, iso);
	buf_free(&buf);
}

/* S81. The second 01:30 of October says GMT, or two moments would print alike. */
START_TEST(dates_and_times_are_printed)
{
	Buf buf = {0};
	day_print(&buf, day_of(2025, 9, 1));
	buf_char(&buf, '|');
	day_print_iso(&buf, day_of(33, 4, 5));
	buf_char(&buf, '|');
	clock_print(&buf, 8 * 3600 + 120);
	buf_char(&buf, '|');
	clock_print(&buf, 8 * 3600 + 5);
	buf_char(&buf, '|');
	clock_print(&buf, 0);
	ck_assert_str_eq(buf.at, "1 September 2025|0033-04-05|08:02|08:00:05|00:00");
	buf_free(&buf);
	moment_prints(1756710120, "1 September 2025 at 08:02", "2025-09-01T07:02:00Z");
	moment_prints(1756710127, "1 September 2025 at 08:02:07", "2025-09-01T07:02:07Z");
	moment_prints(1761438600, "26 October 2025 at 01:30", "2025-10-26T00:30:00Z");
	moment_prints(1761442200, "26 October 2025 at 01:30 GMT", "2025-10-26T01:30:00Z");
	moment_prints(1761444000, "26 October 2025 at 02:00", "2025-10-26T02:00:00Z");
	moment_prints(1743298200, "30 March 2025 at 02:30", "2025-03-30T01:30:00Z");
	moment_prints(-1, "31 December 1969 at 23:59:59", "1969-12-31T23:59:59Z");
	ck_assert_str_eq(month_names[11], "December");
	ck_assert_str_eq(weekday_names[weekday_of(day_of(2025, 10, 26))], "Sunday");
}
END_TEST

Suite *civil_suite(void)
{
	Suite *suite = suite_create("civil");
	TCase *dates = tcase_create("dates");
	tcase_add_test(dates, every_day_of_two_centuries);
	tcase_add_test(dates, every_day_from_the_first_to_the_last);
	tcase_add_test(dates, dates_that_are_none);
	tcase_add_test(dates, s38_months_end_on_the_last_day);
	tcase_add_test(dates, months_agree_with_counting_on);
	suite_add_tcase(suite, dates);
	TCase *london = tcase_create("london");
	tcase_set_timeout(london, 60);
	tcase_add_test(london, every_five_minutes_about_both_changes);
	tcase_add_test(london, noon_of_every_day);
	tcase_add_test(london, many_at_once);
	tcase_add_test(london, published_change_days);
	tcase_add_test(london, a_sleep_in_over_the_autumn_change_lasts_ten_hours);
	tcase_add_test(london, the_library_agrees);
	suite_add_tcase(suite, london);
	TCase *text = tcase_create("text");
	tcase_add_test(text, dates_are_read);
	tcase_add_test(text, clock_times_are_read);
	tcase_add_test(text, moments_are_read);
	tcase_add_test(text, damaged_texts_are_never_misread);
	tcase_add_test(text, dates_and_times_are_printed);
	suite_add_tcase(suite, text);
	return suite;
}
