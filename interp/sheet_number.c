/*
 * Format codes are read a sign at a time; only what stands outside of quotation marks, escapes and
 * most brackets can ask for a part of a date:
 *
 *   [$-809]dd" of "mmmm\ yyyy;@      a date: d, m, y
 *   [Red]0.00" hours"                a figure: the h is quoted
 *   [h]:mm                           a length of time, in brackets of its own
 */
#include "interp/sheet_number.h"

#include "base/civil.h"
#include "base/exact.h"

#define SECTIONS 3          /* above zero, below, zero; the fourth is for texts */

/* ---- formats ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool is_part_of_date(char c)
{
	c = lower(c);
	return c == 'd' || c == 'm' || c == 'y' || c == 'h' || c == 's';
}

/* [h], [mm], [ss]: nothing but one of these letters. Colours, places and conditions are others. */
static bool counts_time(Str inside)
{
	char first = inside.len > 0 ? lower(inside.ptr[0]) : '\0';
	for (size_t i = 1; i < inside.len; i++)
		if (lower(inside.ptr[i]) != first)
			return false;
	return first == 'h' || first == 'm' || first == 's';
}

/* Index of `end` at or behind `at`; the length of the code when it is missing. */
static size_t find(Str code, size_t at, char end)
{
	while (at < code.len && code.ptr[at] != end)
		at++;
	return at;
}

/* What one sign, or a group that it begins, says; *at goes on to its last one. */
static FormatKind sign_says(Str code, size_t *at)
{
	size_t from = *at;
	switch (code.ptr[from]) {
	case '"':
		*at = find(code, from + 1, '"');
		return FORMAT_NUMBER;
	case '\\': case '_': case '*':
		++*at;
		return FORMAT_NUMBER;
	case '[':
		*at = find(code, from + 1, ']');
		return counts_time((Str){code.ptr + from + 1, *at - from - 1}) ? FORMAT_DATE : FORMAT_NUMBER;
	case '%':
		return FORMAT_PERCENT;
	default:
		return is_part_of_date(code.ptr[from]) ? FORMAT_DATE : FORMAT_NUMBER;
	}
}

static int32_t zeros_only(Str code)
{
	size_t n = 0;
	while (n < code.len && code.ptr[n] == '0')
		n++;
	return n > 1 && n == code.len && n <= DIGITS_THAT_COUNT ? (int32_t)n : 0;
}

/* A code one of whose sections shows a date is taken for one: no figure is shown both ways. */
NumberFormat format_of_code(Str code)
{
	NumberFormat out = {FORMAT_NUMBER, zeros_only(code)};
	int section = 0;
	if (out.zeros > 0)
		out.kind = FORMAT_ZEROS;
	for (size_t i = 0; i < code.len && section < SECTIONS; i++) {
		section += code.ptr[i] == ';';
		FormatKind says = sign_says(code, &i);
		if (says == FORMAT_DATE)
			return (NumberFormat){FORMAT_DATE, 0};
		if (says == FORMAT_PERCENT)
			out.kind = FORMAT_PERCENT;
	}
	return out;
}

/* 27 to 36 and 50 to 58 are dates and times of East Asian desktops, 71 to 81 of Thai ones. */
NumberFormat format_of_id(int64_t id)
{
	static const struct { int16_t first, last; FormatKind kind; } range[] = {
		{9, 10, FORMAT_PERCENT}, {14, 22, FORMAT_DATE}, {27, 36, FORMAT_DATE},
		{45, 47, FORMAT_DATE}, {50, 58, FORMAT_DATE}, {67, 68, FORMAT_PERCENT},
		{71, 81, FORMAT_DATE},
	};
	for (size_t i = 0; i < sizeof range / sizeof range[0]; i++)
		if (id >= range[i].first && id <= range[i].last)
			return (NumberFormat){range[i].kind, 0};
	return (NumberFormat){FORMAT_NUMBER, 0};
}

/* ---- decimals ---- */

/* What stands behind an `e`: -5, +05, 12. */
static bool read_exponent(Str s, int *out)
{
	bool minus = s.len > 0 && s.ptr[0] == '-';
	size_t i = s.len > 0 && (minus || s.ptr[0] == '+');
	if (i == s.len || s.len - i > 3)
		return false;
	*out = 0;
	for (; i < s.len; i++) {
		if (!is_digit(s.ptr[i]))
			return false;
		*out = *out * 10 + (s.ptr[i] - '0');
	}
	*out = minus ? -*out : *out;
	return true;
}

/* One up in the last place; 999 becomes 1 with the point further right. */
static void round_up(Decimal *d)
{
	while (d->n > 0 && d->digit[d->n - 1] == '9')
		d->n--;
	if (d->n > 0) {
		d->digit[d->n - 1]++;
		return;
	}
	d->digit[d->n++] = '1';
	d->point++;
}

/* The sixteenth digit rounds, those behind it are the noise of binary fractions. */
static void finish_digits(Decimal *d, int seen, char sixteenth)
{
	if (seen > DIGITS_THAT_COUNT && sixteenth >= '5')
		round_up(d);
	while (d->n > 0 && d->digit[d->n - 1] == '0')
		d->n--;
	if (d->n == 0)
		d->minus = false;
}

bool number_read(Str text, Decimal *d)
{
	int seen = 0, written = 0;
	bool point = false, any = false;
	char sixteenth = '0';
	*d = (Decimal){.minus = text.len > 0 && text.ptr[0] == '-'};
	size_t i = text.len > 0 && (d->minus || text.ptr[0] == '+');
	for (; i < text.len && (is_digit(text.ptr[i]) || (text.ptr[i] == '.' && !point)); i++) {
		char c = text.ptr[i];
		point |= c == '.';
		any |= c != '.';
		if (c == '.')
			continue;
		/* Zeros in front only move the point, and only when they stand behind it. */
		d->point += seen == 0 && c == '0' ? -point : !point;
		if (seen == 0 && c == '0')
			continue;
		if (seen < DIGITS_THAT_COUNT)
			d->digit[d->n++] = c;
		else if (seen == DIGITS_THAT_COUNT)
			sixteenth = c;
		seen += seen <= DIGITS_THAT_COUNT;
	}
	if (!any || (i < text.len && (lower(text.ptr[i]) != 'e' ||
			!read_exponent((Str){text.ptr + i + 1, text.len - i - 1}, &written))))
		return false;
	d->point += written;
	finish_digits(d, seen, sixteenth);
	return true;
}

/*
 *   digit  1 2 5      point 2 ─> 12.5     point -1 ─> 0.0125     point 5 ─> 12500
 */
bool number_print(Buf *buf, Str text, int shift)
{
	Decimal d;
	if (!number_read(text, &d))
		return false;
	int point = d.n == 0 ? 0 : d.point + shift;
	if (point > NUMBER_PLACES || point < -NUMBER_PLACES)
		return false;
	if (d.minus)
		buf_char(buf, '-');
	if (point <= 0)
		buf_char(buf, '0');
	for (int i = 0; i < point; i++)
		buf_char(buf, i < d.n ? d.digit[i] : '0');
	if (point >= d.n)
		return true;
	buf_char(buf, '.');
	buf_pad(buf, '0', point < 0 ? (size_t)-point : 0);
	for (int i = point > 0 ? point : 0; i < d.n; i++)
		buf_char(buf, d.digit[i]);
	return true;
}

/* ---- dates in ISO ---- */

/* hh:mm, hh:mm:ss or hh:mm:ss.sss, in microseconds. One of a zone is no clock time here: which day
 * and hour it is in London is not for the file's reader to say. */
static bool read_clock(Str s, int64_t *out)
{
	int32_t seconds;
	bool cut;
	int64_t micro = 0;
	size_t dot = find(s, 0, '.');
	for (size_t i = dot + 1, unit = 100000; i < s.len; i++, unit /= 10) {
		if (!is_digit(s.ptr[i]))
			return false;
		micro += (s.ptr[i] - '0') * (int64_t)unit;
	}
	if (clock_parse((Str){s.ptr, dot}, &seconds, &cut) != READ_OK)
		return false;
	*out = seconds * INT64_C(1000000) + micro;
	return true;
}

bool number_of_iso(Buf *buf, Str text, bool date1904)
{
	int32_t day = 0;
	int64_t micro = 0, rest;
	size_t t = find(text, 0, 'T');
	bool dated = t > 0 && memchr(text.ptr, '-', t) != NULL;
	Str clock = t < text.len ? (Str){text.ptr + t + 1, text.len - t - 1}
		: dated ? (Str){NULL, 0} : text;
	if (dated && day_parse((Str){text.ptr, t}, &day) != READ_OK)
		return false;
	if (clock.len > 0 ? !read_clock(clock, &micro) : !dated)
		return false;
	int64_t days = dated ? (int64_t)day - (date1904 ? EPOCH_1904 : EPOCH_1900) : 0;
	if (days < 0)
		return false;
	/* Twelve decimals of a day out of its 86,400,000,000 microseconds, to the nearest. */
	Uint128 scaled = (Uint128)micro * 1000000000000u + 43200000000u;
	rest = (int64_t)(scaled / 86400000000u);
	buf_printf(buf, "%lld", (long long)days);
	if (rest == 0)
		return true;
	buf_char(buf, '.');
	buf_number(buf, (uint64_t)rest, 12);
	return true;
}
