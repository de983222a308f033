/*
 * Dates and moments for the generator, of its own: base/civil.c is what the
 * generator helps to test, and a mistake that both shared would never show. Days
 * are counted from 1 January 1970, moments in UTC seconds; local time is
 * Europe/London as it has been since 1996 (law 9):
 *
 *   last Sunday in March,   01:00 UTC   clocks go to 02:00 BST; 01:30 local does not exist
 *   last Sunday in October, 01:00 UTC   clocks go to 01:00 GMT; 01:30 local occurs twice (S40)
 */
#include "corpus/cal.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Days before 1970 are negative; C cuts towards zero, the calendar does not. */
static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Counts from 1 March, so that the leap day comes last; 400 years are 146,097 days. */
int32_t cal_day(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = floor_div(y, 400);
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return (int32_t)(era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468);
}

/* The same count backwards: a year of the era is found by taking away the leap days before it. */
void cal_civil(int32_t day, int *year, int *month, int *date)
{
	int64_t z = (int64_t)day + 719468;
	int64_t era = floor_div(z, 146097);
	int64_t of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;
	*date = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(y + era * 400 + (*month <= 2));
}

/* 1 January 1970 was a Thursday; seven million days more keep the remainder from being negative. */
int cal_weekday(int32_t day)
{
	return (int)(((int64_t)day + 3 + 7000000) % 7);
}

/* Weeks of the generator begin on Mondays, as variations do. */
int32_t cal_monday(int32_t day)
{
	return day - cal_weekday(day);
}

/* Strict, as it reads the command line: ten characters, and a day that exists (31 June would come
 * back as 1 July). */
bool cal_read_day(const char *text, int32_t *day)
{
	int y, m, d, end = 0;
	if (sscanf(text, "%4d-%2d-%2d%n", &y, &m, &d, &end) != 3 || text[end] || end != 10)
		return false;
	if (y < 1996 || m < 1 || m > 12 || d < 1)
		return false;
	*day = cal_day(y, m, d);
	int y2, m2, d2;
	cal_civil(*day, &y2, &m2, &d2);
	return y2 == y && m2 == m && d2 == d;
}

/*
 * The last Sunday of a month of 31 days. cal_weekday gives 6 for a Sunday,
 * which then is taken away as 0.
 */
static int32_t last_sunday(int year, int month)
{
	int32_t last = cal_day(year, month, 31);
	return last - (cal_weekday(last) + 1) % 7;
}

/* Only in March and October does the day itself matter. */
int cal_offset(int64_t moment)
{
	int y, m, d;
	cal_civil((int32_t)floor_div(moment, CAL_DAY), &y, &m, &d);
	if (m > 3 && m < 10)
		return 3600;
	if (m < 3 || m > 10)
		return 0;
	int64_t change = (int64_t)last_sunday(y, m) * CAL_DAY + 3600;
	return (moment >= change) == (m == 3) ? 3600 : 0;
}

/* A clock time is summer time if it is so an hour before the same figures in UTC. That reads a
 * time that occurs twice as the first, and one that spring skips with the offset before the
 * change. */
static int64_t moment_at(int32_t day, int64_t second)
{
	int64_t as_utc = (int64_t)day * CAL_DAY + second;
	return cal_offset(as_utc - 3600) == 3600 ? as_utc - 3600 : as_utc;
}

/* Minutes may go beyond the day: 24:45 is a quarter to one on the next. */
int64_t cal_moment(int32_t day, int32_t minute)
{
	return moment_at(day + minute / 1440, (int64_t)(minute % 1440) * 60);
}

/* The local day, which near midnight in summer is not that of UTC. */
int32_t cal_moment_day(int64_t moment)
{
	return (int32_t)floor_div(moment + cal_offset(moment), CAL_DAY);
}

/* Both changes fall in the night to a Sunday, the last of its month. */
bool cal_spring_eve(int32_t day)
{
	int y, m, d;
	cal_civil(day, &y, &m, &d);
	return m == 3 && day + 1 == last_sunday(y, 3);
}

bool cal_autumn_eve(int32_t day)
{
	int y, m, d;
	cal_civil(day, &y, &m, &d);
	return m == 10 && day + 1 == last_sunday(y, 10);
}

/* Moments make up much of what is written; printf would cost more than the rest of a row. */
static char *digits(char *out, int value, int width)
{
	for (int i = width - 1; i >= 0; i--, value /= 10)
		out[i] = (char)('0' + value % 10);
	return out + width;
}

/* Years of four figures: cal_read_day takes no other. */
void cal_print_day(char out[CAL_DAY_TEXT], int32_t day)
{
	int y, m, d;
	cal_civil(day, &y, &m, &d);
	char *p = digits(out, y, 4);
	*p++ = '-';
	p = digits(p, m, 2);
	*p++ = '-';
	*digits(p, d, 2) = '\0';
}

/* Seconds of a local clock, as if it were UTC, in the form 2025-09-01 08:02:00. */
static char *print_clock(char *p, int64_t local, char between)
{
	cal_print_day(p, (int32_t)floor_div(local, CAL_DAY));
	int second = (int)(local - floor_div(local, CAL_DAY) * CAL_DAY);
	p += 10;
	*p++ = between;
	p = digits(p, second / 3600, 2);
	*p++ = ':';
	p = digits(p, second / 60 % 60, 2);
	*p++ = ':';
	return digits(p, second % 60, 2);
}

/* A time in the hour that autumn repeats is read as the first, or as the second when it is a
 * check-out that would else come before its check-in. */
static bool reads_back(int64_t moment, int64_t local, int64_t after)
{
	int32_t day = (int32_t)floor_div(local, CAL_DAY);
	int64_t first = moment_at(day, local - (int64_t)day * CAL_DAY);
	if (first == moment)
		return true;
	return after != CAL_NO_MOMENT && first < after && first + 3600 == moment;
}

/* A local text goes out only if a reader will find the same moment in it; the offset settles the
 * rest, as call monitoring systems do in the hour that occurs twice. */
void cal_print_moment(char out[CAL_MOMENT_TEXT], int64_t moment, Stamp stamp, int64_t after)
{
	int offset = cal_offset(moment);
	if (stamp == STAMP_LOCAL && !reads_back(moment, moment + offset, after))
		stamp = STAMP_OFFSET;
	if (stamp == STAMP_ZULU) {
		memcpy(print_clock(out, moment, 'T'), "Z", 2);
		return;
	}
	char *p = print_clock(out, moment + offset, ' ');
	*p = '\0';
	if (stamp == STAMP_OFFSET)
		memcpy(p, offset ? "+01:00" : "+00:00", 7);
}
