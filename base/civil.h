/*
 * Civil dates and London time. A day is a count of days from 1970-01-01 (proleptic Gregorian); a
 * moment is UTC seconds from 1970-01-01 00:00 UTC; a clock time is seconds from midnight. The zone
 * is Europe/London by rule: since 1996, summer time runs from 01:00 UTC on the last Sunday of March
 * to 01:00 UTC on the last Sunday of October; 1981 to 1989 it ended on the Sunday from 23 to 29
 * October, 1990 to 1995 on the Sunday from 22 to 28; the years 1972 to 1980, as then in law. Before
 * 1972 the offset is taken as 0; contracts do not reach there.
 */
#ifndef VOUCH_BASE_CIVIL_H
#define VOUCH_BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define DAY_MIN (-719162) /* 0001-01-01 */
#define DAY_MAX 2932896   /* 9999-12-31 */
#define HOUR_SECONDS 3600
#define DAY_SECONDS 86400

typedef struct Civil {
	int32_t year;
	int8_t month, day; /* 1..12, 1..31 */
} Civil;

int32_t day_of(int32_t year, int month, int day);
bool civil_valid(int32_t year, int month, int day);
Civil civil_of(int32_t day);
int weekday_of(int32_t day); /* Monday 0 .. Sunday 6 */
int month_length(int32_t year, int month);

/* day plus a number of months in one step; the last day of a shorter month (S38). DAY_MIN - 1 or
 * DAY_MAX + 1 when that leaves the years 1 to 9999. */
int32_t day_add_months(int32_t day, int32_t months);

/* How a local clock time was read (S40). */
typedef enum ClockFold {
	CLOCK_PLAIN,  /* exists once */
	CLOCK_ABSENT, /* in the hour that spring skips: read with the offset before the change */
	CLOCK_TWICE   /* in the hour that autumn repeats: read as the first of the two */
} ClockFold;

/* Local clock time on a local day to UTC seconds. seconds: 0 .. 86399 (86400 = next midnight); fold
 * may not be NULL. */
int64_t moment_of(int32_t day, int32_t seconds, ClockFold *fold);
/* Of a time that occurs twice, the second occurrence. */
int64_t moment_second(int64_t first);
int32_t moment_day(int64_t moment);   /* its local date (S4) */
int32_t moment_clock(int64_t moment); /* its local clock time, seconds from midnight */
int london_offset(int64_t moment);    /* seconds east of UTC: 0 or 3600 */
/* moment_of and moment_day of n values, in less time than so many calls. */
void moments_of(const int64_t *day, const int64_t *seconds, int32_t n, int64_t *moment);
void moments_days(const int64_t *moment, int32_t n, int64_t *day);

/* What a text that should be a date, a clock time or a moment turned out to be. */
typedef enum ReadTime {
	READ_OK,
	READ_BAD,   /* not in the format */
	READ_RANGE  /* in the format, but no such day or time (31 June, 25:00) */
} ReadTime;

/* ISO 2025-09-01. */
ReadTime day_parse(Str s, int32_t *day);
/* 8:00, 08:00, 08:00:30; fractions of seconds are cut, and *cut set when one was not zero. */
ReadTime clock_parse(Str s, int32_t *seconds, bool *cut);
/* ISO date, a blank or T, clock time; then nothing (local, *fold says how), Z, or +hh:mm / +hhmm.
 * *offset_given says that one was. */
ReadTime moment_parse(Str s, int64_t *moment, ClockFold *fold, bool *offset_given, bool *cut);

void day_print(Buf *buf, int32_t day);         /* 1 September 2025 */
void day_print_iso(Buf *buf, int32_t day);     /* 2025-09-01 */
void clock_print(Buf *buf, int32_t seconds);   /* 08:02, or 08:02:30 */
void moment_print(Buf *buf, int64_t moment);   /* 1 September 2025 at 08:02; " GMT" behind the
                                                  second of a time that occurs twice */
void moment_print_iso(Buf *buf, int64_t moment); /* 2025-09-01T08:02:00Z */

extern const char *const month_names[12];   /* January .. */
extern const char *const weekday_names[7];  /* Monday .. */

#endif
