/*
 * What a workbook's numbers stand for. A cell has a number and a number format; the format alone
 * says whether 45901.5 is a figure or noon of a day. All of it is done on decimal text: no number
 * of a file ever becomes a binary fraction.
 *
 * The format codes are those of ECMA-376 part 1, 18.8.30 and 18.8.31.
 */
#ifndef VOUCH_INTERP_SHEET_NUMBER_H
#define VOUCH_INTERP_SHEET_NUMBER_H

#include "base/text.h"

typedef enum FormatKind {
	FORMAT_NUMBER,  /* a figure, money, General */
	FORMAT_DATE,    /* a day, a time of day, both, or a length of time */
	FORMAT_PERCENT, /* 0.075 is shown as 7.5% */
	FORMAT_ZEROS    /* "00000": 17 is shown as 00017, and that is the reference */
} FormatKind;

typedef struct NumberFormat {
	FormatKind kind;
	int32_t zeros; /* of FORMAT_ZEROS: digits at least */
} NumberFormat;

/* Day 0 of a workbook, in days since 1970. */
#define EPOCH_1900 (-25569) /* 30 December 1899, so that days from March 1900 on are right */
#define EPOCH_1904 (-24107)

NumberFormat format_of_code(Str code); /* "dd/mm/yyyy", "[h]:mm", "0.0%", "00000" */
NumberFormat format_of_id(int64_t id); /* those that need no code: 14 is a date, 9 is 0% */

#define DIGITS_THAT_COUNT 15 /* of a number that was a binary fraction once */

/* 0.d1d2d3… times ten to the `point`; digits without zeros in front or behind. */
typedef struct Decimal {
	bool minus;
	char digit[DIGITS_THAT_COUNT + 1];
	int n;
	int point;
} Decimal;

/* A decimal as XML Schema writes them: -12.5, 1e-05; not INF, NaN, or with a comma. Digits beyond the
 * fifteenth round. False when it is none, or has more than three figures behind its `e`, as no number
 * of a spreadsheet has. */
bool number_read(Str text, Decimal *out);
/* Appends it as a spreadsheet has it: 15 digits, no exponent, the point moved `shift` places to the
 * right. False, with nothing appended, when that takes more than NUMBER_PLACES zeros. */
bool number_print(Buf *buf, Str text, int shift);
#define NUMBER_PLACES 30
/* Appends the days since the epoch that an ISO 8601 date, time or both come to: twelve decimals,
 * which tell microseconds apart. False when it is none. */
bool number_of_iso(Buf *buf, Str text, bool date1904);

#endif
