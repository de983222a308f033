/*
 * The county's own calendar: days from 1970-01-01, moments in UTC seconds, London clock time. It is
 * written apart from the checker's on purpose: the planted truth must not lean on the code that it
 * is there to test. Good for the years since 1996, when the present dates of summer time began.
 */
#ifndef CORPUS_CAL_H
#define CORPUS_CAL_H

#include <stdbool.h>
#include <stdint.h>

#define CAL_DAY 86400
#define CAL_NO_DAY INT32_MIN
#define CAL_NO_MOMENT INT64_MIN
#define CAL_DAY_TEXT 11    /* room for 2025-09-01 */
#define CAL_MOMENT_TEXT 26 /* room for 2025-09-01 08:02:00+01:00 */

/* How a moment is written down. */
typedef enum Stamp {
	STAMP_LOCAL, /* 2025-09-01 08:02:00 */
	STAMP_ZULU,  /* 2025-09-01T07:02:00Z */
	STAMP_OFFSET /* 2025-09-01 08:02:00+01:00 */
} Stamp;

int32_t cal_day(int year, int month, int day);
void cal_civil(int32_t day, int *year, int *month, int *date);
int cal_weekday(int32_t day); /* Monday 0 .. Sunday 6 */
int32_t cal_monday(int32_t day);

/* Reads 2025-04-28; false when it is not a date. */
bool cal_read_day(const char *text, int32_t *day);

/* A London clock time, minutes from the day's midnight, may be 1440 or more. A time that occurs
 * twice is the first of the two; one that spring skips is read with the offset before the
 * change. */
int64_t cal_moment(int32_t day, int32_t minute);
int cal_offset(int64_t moment);         /* seconds east of UTC: 0 or 3600 */
int32_t cal_moment_day(int64_t moment); /* its London date */

/* The Saturdays before the two clock changes: a night that begins then lasts 8 or 10 hours. */
bool cal_spring_eve(int32_t day);
bool cal_autumn_eve(int32_t day);

/* Both write a terminated text. `after` is a moment known to come before (a check-in), or
 * CAL_NO_MOMENT: a local text that a reader would take for another moment gets an offset. */
void cal_print_day(char out[CAL_DAY_TEXT], int32_t day);
void cal_print_moment(char out[CAL_MOMENT_TEXT], int64_t moment, Stamp stamp, int64_t after);

#endif
