/*
 * Reading one field. Texts first lose the blanks at their ends; what a spreadsheet itself keeps as
 * a number or a date needs no format. The others go by the layout's picture, or, without one, by how
 * the language writes things.
 *
 *   serial date     days since 30 December 1899 (or 1 January 1904); before 1 March 1900 the
 *                   spreadsheets' own count is wrong, and no care was logged then
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memmem */
#endif
#include "interp/import_value.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "base/civil.h"
#include "interp/sheet_number.h"

#define FIRST_SERIAL 61        /* 1 March 1900 */
#define FIRST_LIKELY_DATE 35064 /* days of a century, a bit less: nobody's visits last that long, and it
                                   is 1 January 2000 when days count from 1904 */
#define STORED_PLACES 9        /* of a quantity that does not end: thirds of an hour */

typedef struct Reading {
	Arena *arena;
	const ValuePlan *plan;
	Stored *out;
} Reading;

static const char *reason(Arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static const char *reason(Arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	Str text = str_vformat(arena, format, args);
	va_end(args);
	return text.ptr;
}

/* ---- numbers ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool all_digits(Str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.ptr[i]))
			return false;
	return s.len > 0;
}

/* n * 10^exponent. What lies beyond the eighteenth place rounds: a second is 1.1574074074074074E-05
 * of a day. */
static bool scaled(Int128 n, int exponent, Ratio *out)
{
	Int128 power = 1;
	if (exponent > 18)
		return n == 0 ? ratio_make(0, 1, out) : false;
	for (; exponent < -18; exponent++)
		n = n == 0 || exponent < -40 ? 0 : round_to(n, 10, exponent == -19 ? ROUND_HALF_AWAY
			: ROUND_DOWN) / 10;
	for (int i = exponent < 0 ? -exponent : exponent; i > 0; i--)
		power *= 10;
	return exponent < 0 ? ratio_make(n, power, out) : ratio_make(n * power, 1, out);
}

bool value_decimal(Str text, Ratio *out)
{
	Decimal d;
	Int128 n = 0;
	if (!number_read(text, &d))
		return false;
	for (int i = 0; i < d.n; i++)
		n = n * 10 + (d.digit[i] - '0');
	return scaled(d.minus ? -n : n, d.point - d.n, out);
}

static int64_t floor_of(Ratio r)
{
	return (int64_t)round_to(r.n, r.d, ROUND_DOWN) / r.d;
}

/* Whole days and the seconds of the day, to the nearest. */
bool value_serial(Str text, int64_t *day, int64_t *seconds)
{
	Ratio days, left;
	if (!value_decimal(text, &days) || days.n < 0 || days.n / days.d > DAY_MAX - EPOCH_1900)
		return false;
	*day = floor_of(days);
	if (!ratio_sub(days, (Ratio){*day, 1}, &left) ||
	    !ratio_mul(left, (Ratio){DAY_SECONDS, 1}, &left))
		return false;
	*seconds = (int64_t)(round_to(left.n, left.d, ROUND_HALF_AWAY) / left.d);
	if (*seconds == DAY_SECONDS) {
		*seconds = 0;
		++*day;
	}
	return true;
}

const char *value_serial_day(int64_t days, bool date1904, int32_t *day)
{
	int64_t epoch = date1904 ? EPOCH_1904 : EPOCH_1900;
	if (days < 0 || days + epoch > DAY_MAX)
		return "not a date";
	if (!date1904 && days < FIRST_SERIAL)
		return "a spreadsheet's date before March 1900";
	*day = (int32_t)(days + epoch);
	return NULL;
}

static const char *serial_day(const Reading *r, Str text, int64_t *day, int64_t *seconds)
{
	int32_t plain = 0;
	if (!value_serial(text, day, seconds))
		return "not a date";
	const char *why = value_serial_day(*day, r->plan->date1904, &plain);
	*day = plain;
	return why;
}

/* ---- pictures ---- */

typedef struct Parts {
	int64_t day, month, year, hours, minutes, seconds;
} Parts;

static bool take_digits(Str s, size_t *at, size_t most, int64_t *out)
{
	size_t from = *at;
	*out = 0;
	while (*at < s.len && *at - from < most && is_digit(s.ptr[*at]))
		*out = *out * 10 + (s.ptr[(*at)++] - '0');
	return *at > from;
}

/* Whole, or the first three letters; "Sept" is written, too. */
static bool take_month(Str s, size_t *at, int64_t *out)
{
	size_t n = 0;
	while (*at + n < s.len && ((s.ptr[*at + n] | 0x20) >= 'a' && (s.ptr[*at + n] | 0x20) <= 'z'))
		n++;
	for (int m = 0; m < 12; m++) {
		size_t whole = strlen(month_names[m]);
		bool fits = (n == 3 || n == whole || (m == 8 && n == 4)) &&
			strncasecmp(s.ptr + *at, month_names[m], n) == 0;
		if (!fits)
			continue;
		*at += n;
		*out = m + 1;
		return true;
	}
	return false;
}

/* The hours of a length of time may have more than two figures. */
static bool take_part(uint8_t kind, Str s, size_t *at, bool length, Parts *out)
{
	size_t from = *at;
	switch (kind) {
	case PART_D: return take_digits(s, at, 2, &out->day);
	case PART_M: return take_digits(s, at, 2, &out->month);
	case PART_MONTH_NAME: return take_month(s, at, &out->month);
	case PART_Y: return take_digits(s, at, 4, &out->year) && *at - from == 4;
	case PART_YEAR_OF_CENTURY:
		return take_digits(s, at, 2, &out->year) && *at - from == 2 && (out->year += 2000) > 0;
	case PART_HOURS: return take_digits(s, at, length ? 6 : 2, &out->hours);
	case PART_MINUTES:
		return take_digits(s, at, length && from == 0 ? 6 : 2, &out->minutes) &&
			(from == 0 || *at - from == 2);
	default: return take_digits(s, at, 2, &out->seconds) && *at - from == 2;
	}
}

/* "08:02:00" where hh:mm is asked for says no more than it should, and cannot be read otherwise. */
static bool take_seconds(const Picture *picture, Str s, size_t *at, Parts *out)
{
	size_t n = (size_t)picture->n;
	if (n < 2 || picture->part[n - 1].kind != PART_MINUTES || picture->part[n - 2].sign != ':' ||
	    *at + 3 != s.len || s.ptr[*at] != ':')
		return false;
	++*at;
	return take_part(PART_SECONDS, s, at, false, out);
}

static bool read_parts(const Picture *picture, Str s, bool length, Parts *out)
{
	size_t at = 0;
	*out = (Parts){0};
	for (int32_t i = 0; i < picture->n; i++) {
		bool sign = picture->part[i].kind == PART_OTHER;
		if (sign && (at >= s.len || s.ptr[at++] != picture->part[i].sign))
			return false;
		if (!sign && !take_part(picture->part[i].kind, s, &at, length, out))
			return false;
	}
	return at == s.len || take_seconds(picture, s, &at, out);
}

static const char *not_so(const Reading *r, const FileColumn *column)
{
	return reason(r->arena, "not written as %.*s", STR_ARG(column->picture.text));
}

static const char *day_of_parts(const Parts *parts, int64_t *day)
{
	if (!civil_valid((int32_t)parts->year, (int)parts->month, (int)parts->day))
		return "there is no such day";
	*day = day_of((int32_t)parts->year, (int)parts->month, (int)parts->day);
	return NULL;
}

static const char *clock_of_parts(const Parts *parts, int64_t *seconds)
{
	if (parts->hours > 23 || parts->minutes > 59 || parts->seconds > 59)
		return "there is no such time of day";
	*seconds = parts->hours * 3600 + parts->minutes * 60 + parts->seconds;
	return NULL;
}

/* ---- dates and times ---- */

/* A number where a date was asked for is most likely one that lost its format. Which day it would
 * be is said; to take it for that would be to guess. */
static const char *maybe_serial(const Reading *r, Str text, const char *otherwise)
{
	int64_t day, seconds;
	Buf buf = {0};
	if (!all_digits(text) || text.len != 5 || serial_day(r, text, &day, &seconds) != NULL)
		return otherwise;
	day_print_iso(&buf, (int32_t)day);
	const char *out = reason(r->arena, "a number; as a spreadsheet's date it would be %s", buf.at);
	buf_free(&buf);
	return out;
}

static const char *read_day(const Reading *r, const FileColumn *column, const SheetCell *cell,
	int64_t *day, int64_t *seconds)
{
	Parts parts;
	int32_t plain;
	*seconds = 0;
	if (cell->kind == SHEET_DATE)
		return serial_day(r, cell->text, day, seconds);
	if (column->picture.n == 0) {
		ReadTime how = day_parse(cell->text, &plain);
		*day = how == READ_OK ? plain : 0;
		return how == READ_OK ? NULL : how == READ_RANGE ? "there is no such day"
			: maybe_serial(r, cell->text, "not a date like 2025-09-01; a layout says how dates are"
				" written");
	}
	if (!read_parts(&column->picture, cell->text, false, &parts))
		return maybe_serial(r, cell->text, not_so(r, column));
	const char *why = day_of_parts(&parts, day);
	return why != NULL ? why : clock_of_parts(&parts, seconds);
}

static const char *read_clock(const Reading *r, const FileColumn *column, const SheetCell *cell,
	int64_t *seconds)
{
	Parts parts;
	int64_t day;
	int32_t plain = 0;
	bool cut;
	if (cell->kind == SHEET_DATE)
		return value_serial(cell->text, &day, seconds) ? NULL : "not a clock time";
	if (column->picture.n > 0)
		return read_parts(&column->picture, cell->text, false, &parts)
			? clock_of_parts(&parts, seconds) : not_so(r, column);
	ReadTime how = clock_parse(cell->text, &plain, &cut);
	*seconds = plain;
	return how == READ_OK ? NULL : how == READ_RANGE ? "there is no such time of day"
		: "not a clock time like 08:00";
}

/* Of a length of time hours may pass 24, minutes that stand first 60. */
static const char *read_length(const Reading *r, const FileColumn *column, const SheetCell *cell,
	Ratio *amount)
{
	Parts parts;
	int64_t day, seconds;
	bool minus = cell->text.len > 0 && cell->text.ptr[0] == '-';
	Str text = {cell->text.ptr + minus, cell->text.len - minus};
	if (cell->kind == SHEET_DATE && value_serial(text, &day, &seconds)) {
		if (day >= FIRST_LIKELY_DATE)
			return "a date, where a length of time is asked for";
		*amount = (Ratio){(minus ? -1 : 1) * (day * DAY_SECONDS + seconds), 1};
		return NULL;
	}
	if (!read_parts(&column->picture, text, true, &parts))
		return not_so(r, column);
	bool first = column->picture.part[0].kind == PART_MINUTES;
	if ((parts.minutes > 59 && !first) || parts.seconds > 59)
		return "more than 59 minutes behind the hours, or seconds behind the minutes";
	seconds = parts.hours * 3600 + parts.minutes * 60 + parts.seconds;
	*amount = (Ratio){minus ? -seconds : seconds, 1};
	return NULL;
}

static void put_text(const Reading *r, Buf *buf)
{
	r->out->kind = STORED_TEXT;
	r->out->text = str_copy(r->arena, buf_view(buf));
	buf_free(buf);
}

static void put_moment(Arena *arena, Stored *out)
{
	Reading r = {.arena = arena, .out = out};
	Buf buf = {0};
	int64_t day = out->moment >= 0 ? out->moment / DAY_SECONDS
		: (out->moment - DAY_SECONDS + 1) / DAY_SECONDS;
	int64_t seconds = out->moment - day * DAY_SECONDS;
	day_print_iso(&buf, (int32_t)day);
	buf_printf(&buf, " %02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
		(int)(seconds % 60));
	put_text(&r, &buf);
}

void value_next_day(Arena *arena, Stored *value)
{
	value->moment += DAY_SECONDS;
	put_moment(arena, value);
}

/* Without a picture a moment is left as it stands, offset and all, once it is seen to be one. */
static const char *read_plain_moment(const Reading *r, Str text)
{
	int64_t moment;
	ClockFold fold;
	bool given, cut;
	ReadTime how = moment_parse(text, &moment, &fold, &given, &cut);
	r->out->kind = STORED_TEXT;
	r->out->text = text;
	return how == READ_OK ? NULL : how == READ_RANGE ? "there is no such day or time"
		: "not a date and time like 2025-09-01 08:00";
}

static const char *add_column(const Reading *r, int32_t i, const SheetCell *cell)
{
	const FileColumn *column = &r->plan->column[i];
	int64_t seconds;
	Ratio length;
	const char *why;
	if (column->how == FILE_AT) {
		why = read_clock(r, column, cell, &seconds);
		r->out->moment += seconds;
		return why;
	}
	why = read_length(r, column, cell, &length);
	r->out->moment += why == NULL ? (int64_t)length.n : 0;
	return why;
}

static const char *read_moment(const Reading *r, const SheetCell *const *cell)
{
	int64_t day = 0, seconds = 0;
	const FileColumn *first = &r->plan->column[0];
	if (r->plan->n == 1 && first->picture.n == 0 && cell[0]->kind != SHEET_DATE)
		return read_plain_moment(r, cell[0]->text);
	const char *why = read_day(r, first, cell[0], &day, &seconds);
	r->out->moment = day * DAY_SECONDS + (r->plan->n == 1 ? seconds : 0);
	for (int32_t i = 1; i < r->plan->n && why == NULL; i++)
		why = add_column(r, i, cell[i]);
	if (why == NULL)
		put_moment(r->arena, r->out);
	return why;
}

static const char *read_date(const Reading *r, const SheetCell *cell)
{
	int64_t day, seconds;
	Buf buf = {0};
	const char *why = read_day(r, &r->plan->column[0], cell, &day, &seconds);
	if (why != NULL)
		return why;
	day_print_iso(&buf, (int32_t)day);
	put_text(r, &buf);
	return NULL;
}

static const char *read_time(const Reading *r, const SheetCell *cell)
{
	int64_t seconds;
	Buf buf = {0};
	const char *why = read_clock(r, &r->plan->column[0], cell, &seconds);
	if (why != NULL)
		return why;
	clock_print(&buf, (int32_t)seconds);
	put_text(r, &buf);
	return NULL;
}

/* ---- quantities ---- */

/* "£", thousands commas, a minus on either side of the pound, brackets round what is owed back. */
static bool read_money(Arena *arena, Str s, Ratio *out)
{
	bool minus = false;
	if (s.len > 2 && s.ptr[0] == '(' && s.ptr[s.len - 1] == ')') {
		minus = true;
		s = str_trim((Str){s.ptr + 1, s.len - 2});
	} else if (s.len > 1 && s.ptr[0] == '-') {
		minus = true;
		s = str_trim((Str){s.ptr + 1, s.len - 1});
	}
	if (str_starts(s, STR("\xC2\xA3")))
		s = str_trim((Str){s.ptr + 2, s.len - 2});
	if (!minus && s.len > 1 && s.ptr[0] == '-') {
		minus = true;
		s = (Str){s.ptr + 1, s.len - 1};
	}
	(void)arena;
	if (s.len == 0 || !(is_digit(s.ptr[0]) || s.ptr[0] == '.') || !ratio_parse(s, out))
		return false;
	out->n = minus ? -out->n : out->n;
	return true;
}

static bool is_length(const Field *field)
{
	Unit time = {{0}};
	time.of[DIM_TIME] = 1;
	return unit_same(field->type.unit, time);
}

static const char *read_figure(const Reading *r, const SheetCell *cell, Ratio *figure)
{
	const Field *field = r->plan->field;
	Str s = cell->text;
	bool read;
	if (cell->kind == SHEET_NUMBER) {
		read = value_decimal(s, figure);
	} else if (field->type.unit.of[DIM_MONEY] != 0) {
		read = read_money(r->arena, s, figure);
	} else {
		if (field->type.form == FORM_PERCENT && unit_none(field->type.unit) && s.len > 1 &&
		    s.ptr[s.len - 1] == '%')
			s = str_trim((Str){s.ptr, s.len - 1});
		read = ratio_parse(s, figure);
	}
	if (read)
		return NULL;
	if (is_length(field) && memchr(s.ptr, ':', s.len) != NULL)
		return "hours and minutes, where the layout says a number; it can say `as h:mm`";
	return field->type.unit.of[DIM_MONEY] != 0 ? "not a sum of money" : "not a number";
}

/* Of the figure that the table keeps. Whole seconds of a length of time come back out of nine
 * decimals, cut where the audit cuts. */
static const char *put_figure(const Reading *r, Ratio figure)
{
	Buf buf = {0};
	Int128 power = 1;
	const Field *field = r->plan->field;
	int places = is_length(field) ? STORED_PLACES : field->decimals;
	for (int i = 0; i < places; i++)
		power *= 10;
	Ratio at;
	if (!ratio_mul(figure, (Ratio){power, 1}, &at) || !fits64(at.n / at.d))
		return "too large to be held exactly";
	if (at.d != 1 && !is_length(field))
		return field->type.form == FORM_COUNT && unit_none(field->type.unit)
			? "a count is a whole number"
			: reason(r->arena, "has more than %d decimal places", places);
	if (at.d != 1) {
		Int128 up = round_to(at.n < 0 ? -at.n : at.n, at.d, ROUND_UP) / at.d;
		at = (Ratio){at.n < 0 ? -up : up, 1};
	}
	ratio_make(at.n, power, &at);
	if (at.d == 1) {
		r->out->kind = STORED_INTEGER;
		r->out->integer = (int64_t)at.n;
		return NULL;
	}
	bool minus = at.n < 0;
	Int128 n = (minus ? -at.n : at.n) * (power / at.d);
	buf_printf(&buf, "%s%lld.", minus ? "-" : "", (long long)(n / power));
	buf_number(&buf, (uint64_t)(n % power), places);
	while (buf.at[buf.n - 1] == '0')
		buf.at[--buf.n] = '\0';
	put_text(r, &buf);
	return NULL;
}

/* An end of a field's range, in words. */
static void put_end(Buf *buf, const Field *field, int64_t end)
{
	Ratio amount;
	if (ratio_make(end, field->type.scale, &amount))
		quantity_print(buf, field->type, amount);
}

static const char *check_amount(Arena *arena, const Field *field, Ratio amount)
{
	Ratio n;
	bool count = field->type.form == FORM_COUNT && unit_none(field->type.unit);
	if (count && amount.n < 0)
		return "a count cannot be negative";
	if (!field->has_range)
		return NULL;
	if (!ratio_mul(amount, (Ratio){field->type.scale, 1}, &n))
		return "too large to be held exactly";
	if (ratio_cmp(n, (Ratio){field->least, 1}) >= 0 && ratio_cmp(n, (Ratio){field->most, 1}) <= 0)
		return NULL;
	Buf buf = {0};
	buf_puts(&buf, "outside the range of the field, ");
	put_end(&buf, field, field->least);
	buf_puts(&buf, " to ");
	put_end(&buf, field, field->most);
	return buf_keep(&buf, arena).ptr;
}

static const char *read_quantity(const Reading *r, const SheetCell *cell)
{
	const Field *field = r->plan->field;
	const FileColumn *column = &r->plan->column[0];
	Ratio figure, unit = column->has_unit ? column->unit : field->unit;
	Ratio *amount = &r->out->amount;
	const char *why;
	bool fits = true;
	if (is_length(field) && (column->picture.n > 0 || cell->kind == SHEET_DATE)) {
		if (cell->kind == SHEET_NUMBER)
			return reason(r->arena, "a number, where %.*s is asked for",
				STR_ARG(column->picture.text));
		why = read_length(r, column, cell, amount);
	} else {
		if (cell->kind == SHEET_DATE)
			return "a date or a time, where a figure is asked for";
		why = read_figure(r, cell, &figure);
		fits = why != NULL || ratio_mul(figure, unit, amount);
	}
	if (why != NULL || !fits)
		return why != NULL ? why : "too large to be held exactly";
	why = check_amount(r->arena, field, *amount);
	if (why != NULL)
		return why;
	return ratio_div(*amount, field->unit, &figure) ? put_figure(r, figure)
		: "too large to be held exactly";
}

bool value_back(const Field *field, Ratio stored, Ratio *amount)
{
	if (!ratio_mul(stored, field->unit, amount))
		return false;
	if (is_length(field))
		*amount = (Ratio){round_to(amount->n < 0 ? -amount->n : amount->n, amount->d, ROUND_DOWN)
			/ amount->d * (amount->n < 0 ? -1 : 1), 1};
	return true;
}

/* ---- texts ---- */

/* What a spreadsheet did to a long reference, or to its zeros, cannot be taken back. */
static const char *reference_wrong(const Reading *r, const FileColumn *column,
	const SheetCell *cell, Str text)
{
	const char *e = memchr(text.ptr, 'E', text.len);
	size_t head = e != NULL ? (size_t)(e - text.ptr) : 0;
	if (e != NULL && head > 1 && head + 1 < text.len && text.ptr[head + 1] == '+' &&
	    is_digit(text.ptr[0]) && is_digit(text.ptr[text.len - 1]))
		return "a number in scientific notation: a spreadsheet has cut the reference";
	if (cell->kind == SHEET_NUMBER && text.len > DIGITS_THAT_COUNT)
		return "a number of more than 15 digits: a spreadsheet has changed the last ones";
	if (column->padded == 0 && r->plan->width > 0 && all_digits(text) &&
	    text.len < (size_t)r->plan->width)
		return reason(r->arena, "shorter than the references that are there, which have %d digits:"
			" zeros in front may be lost; a layout can say `padded to %d`", (int)r->plan->width,
			(int)r->plan->width);
	if (column->padded > 0 && text.len > (size_t)column->padded && all_digits(text))
		return reason(r->arena, "longer than %d digits", (int)column->padded);
	return NULL;
}

/* A number of a sheet as the sheet shows it: 17, and not 17.0. */
static Str reference_text(Arena *arena, const SheetCell *cell)
{
	Buf buf = {0};
	bool number = cell->kind == SHEET_NUMBER && number_print(&buf, cell->text, 0);
	Str out = number ? str_copy(arena, buf_view(&buf)) : cell->text;
	buf_free(&buf);
	return out;
}

static const char *read_reference(const Reading *r, const SheetCell *const *cell)
{
	Buf buf = {0};
	const char *why = NULL;
	for (int32_t i = 0; i < r->plan->n && why == NULL; i++) {
		const FileColumn *column = &r->plan->column[i];
		Str text = reference_text(r->arena, cell[i]);
		if (cell[i]->kind == SHEET_DATE)
			why = "a date or a time, where a text is asked for: a spreadsheet may have made it one";
		bool reference = r->plan->is_key || r->plan->field->type.kind == TYPE_ROW;
		if (why == NULL && (reference || column->padded > 0))
			why = reference_wrong(r, column, cell[i], text);
		if (i > 0)
			buf_char(&buf, '/');
		if (all_digits(text) && text.len < (size_t)column->padded)
			buf_pad(&buf, '0', (size_t)column->padded - text.len);
		buf_str(&buf, text);
	}
	Str text = utf8_nfc(r->arena, buf_view(&buf));
	r->out->kind = STORED_TEXT;
	r->out->text = str_copy(r->arena, text);
	buf_free(&buf);
	return why;
}

static bool same_word(Str a, Str b)
{
	return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

#define CODES_TOLD 8

/* "not one of the codes of the field: Completed, Cancelled": what could have been written. */
static const char *no_such_code(const Reading *r, const FileColumn *column, const CodeList *codes)
{
	Buf buf = {0};
	int32_t n = column->ncodes > 0 ? column->ncodes : codes->n;
	const Str *spelling = column->ncodes > 0 ? column->spelling : codes->spelling;
	buf_puts(&buf, "not one of the codes of the field");
	for (int32_t i = 0; i < n && i < CODES_TOLD; i++)
		buf_printf(&buf, "%s%.*s", i == 0 ? ": " : ", ", STR_ARG(spelling[i]));
	if (n > CODES_TOLD)
		buf_puts(&buf, "…");
	return buf_keep(&buf, r->arena).ptr;
}

static const char *read_code(const Reading *r, const SheetCell *cell)
{
	const FileColumn *column = &r->plan->column[0];
	const CodeList *codes = &r->plan->book->codes[r->plan->field->type.ref];
	int32_t code = -1;
	for (int32_t i = 0; i < column->ncodes; i++)
		if (same_word(column->spelling[i], cell->text))
			code = column->code[i];
	for (int32_t i = 0; i < codes->n && code < 0 && column->ncodes == 0; i++)
		if (same_word(codes->spelling[i], cell->text) || same_word(codes->code[i], cell->text))
			code = i;
	if (code < 0)
		return no_such_code(r, column, codes);
	r->out->kind = STORED_TEXT;
	r->out->text = codes->spelling[code];
	return NULL;
}

static const char *read_yes_no(const Reading *r, const SheetCell *cell)
{
	static const char *const yes[] = {"yes", "y", "true", "1"}, *const no[] = {"no", "n", "false",
		"0"};
	for (int i = 0; i < 4; i++) {
		bool is_yes = same_word(cell->text, str_of(yes[i]));
		if (!is_yes && !same_word(cell->text, str_of(no[i])))
			continue;
		r->out->kind = STORED_TEXT;
		r->out->text = is_yes ? STR("yes") : STR("no");
		return NULL;
	}
	return "neither yes nor no";
}

static const char *read_weekday(const Reading *r, const SheetCell *cell)
{
	for (int i = 0; i < 7; i++) {
		Str name = str_of(weekday_names[i]);
		if (!same_word(name, cell->text) && !same_word((Str){name.ptr, 3}, cell->text))
			continue;
		r->out->kind = STORED_TEXT;
		r->out->text = name;
		return NULL;
	}
	return "not a day of the week";
}

/* ---- one field ---- */

/* Of those, a spreadsheet writes tabs and line ends alone. */
static bool has_control(Str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
			return true;
	}
	return false;
}

/* What is wrong with a cell whatever it was meant to be. */
static const char *damaged(const SheetCell *cell)
{
	static const char *const error[] = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!",
		"#NULL!"};
	if (cell->kind == SHEET_ERROR && str_starts(cell->text, STR("=")))
		return "a formula without its result: open the file in a spreadsheet and save it";
	if (cell->kind == SHEET_ERROR)
		return "an error of a formula";
	for (size_t i = 0; i < sizeof error / sizeof error[0]; i++)
		if (str_eq(cell->text, str_of(error[i])))
			return "an error of a formula";
	if (str_starts(cell->text, STR("###")))
		return "shown as ### by a spreadsheet, whose column was too narrow";
	if (memmem(cell->text.ptr, cell->text.len, SHEET_BAD, 3) != NULL)
		return "holds a character that cannot be read";
	if (has_control(cell->text))
		return "holds a control character";
	return NULL;
}

static const char *read_typed(const Reading *r, const SheetCell *const *cell)
{
	switch ((int)r->plan->field->type.kind) {
	case TYPE_TEXT: case TYPE_ROW: return read_reference(r, cell);
	case TYPE_CODE: return read_code(r, cell[0]);
	case TYPE_YES_NO: return read_yes_no(r, cell[0]);
	case TYPE_DATE: return read_date(r, cell[0]);
	case TYPE_CLOCK: return read_time(r, cell[0]);
	case TYPE_MOMENT: return read_moment(r, cell);
	case TYPE_WEEKDAY: return read_weekday(r, cell[0]);
	default: return read_quantity(r, cell[0]);
	}
}

#define MOST_COLUMNS 16

/* Of several columns all have to be there; of a moment, `at` nothing is no moment. */
const char *value_read(Arena *arena, const ValuePlan *plan, const SheetCell *const *cell,
	Stored *out)
{
	Reading r = {arena, plan, out};
	SheetCell trimmed[MOST_COLUMNS];
	const SheetCell *given[MOST_COLUMNS];
	int32_t empty = 0;
	*out = (Stored){.kind = STORED_NULL, .amount = {0, 1}};
	if (plan->n > MOST_COLUMNS)
		return "made of more than 16 columns";
	for (int32_t i = 0; i < plan->n; i++) {
		trimmed[i] = (SheetCell){cell[i]->kind, str_trim(cell[i]->text)};
		given[i] = &trimmed[i];
		empty += trimmed[i].text.len == 0;
		const char *why = damaged(&trimmed[i]);
		if (why != NULL)
			return why;
	}
	if (empty == plan->n)
		return plan->is_key ? reason(arena, "%.*s is missing", STR_ARG(plan->field->name)) : NULL;
	if (empty > 0 && (plan->is_key || plan->field->type.kind == TYPE_ROW))
		return reason(arena, "a part of %.*s is missing", STR_ARG(plan->field->name));
	if (empty > 0 && plan->field->type.kind == TYPE_MOMENT)
		return NULL;
	return read_typed(&r, given);
}

void value_constant(Arena *arena, const ValuePlan *plan, const Expr *constant, Stored *out)
{
	Reading r = {arena, plan, out};
	Buf buf = {0};
	Ratio figure;
	*out = (Stored){.kind = STORED_TEXT, .amount = {0, 1}};
	switch ((int)constant->type.kind) {
	case TYPE_TEXT: out->text = constant->text; return;
	case TYPE_CODE:
		out->text = plan->book->codes[constant->type.ref].spelling[constant->n];
		return;
	case TYPE_YES_NO: out->text = constant->n != 0 ? STR("yes") : STR("no"); return;
	case TYPE_WEEKDAY: out->text = str_of(weekday_names[constant->n]); return;
	case TYPE_DATE: day_print_iso(&buf, (int32_t)constant->n); break;
	case TYPE_CLOCK: clock_print(&buf, (int32_t)constant->n); break;
	case TYPE_MOMENT: moment_print_iso(&buf, constant->n); break;
	default:
		out->amount = constant->op == EXPR_CONST_RATIO ? constant->q : (Ratio){0, 1};
		if (constant->op != EXPR_CONST_RATIO)
			ratio_make(constant->n, constant->type.scale, &out->amount);
		if (ratio_div(out->amount, plan->field->unit, &figure))
			put_figure(&r, figure);
		return;
	}
	put_text(&r, &buf);
}
