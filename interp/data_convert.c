/*
 * From a cell of the database to a value. The type of every value is looked at, whatever the column
 * was declared as: SQLite checks little. What cannot be read is refused with its reason and the
 * field is unknown; nothing is guessed.
 *
 * Exports repeat themselves, so each column remembers its last text or number and what it came to,
 * and a reader its dates. What nearly all values are (small figures, links by patterned keys,
 * moments of a known day) goes a short way; everything else, and all that is refused, the long one.
 */
#include "interp/data_internal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/civil.h"

#define SHOWN_BYTES 200       /* of a refused value */
/* In the fingerprint for a value that is not known: why it is not makes a difference. */
#define PRINT_MISSING 0x5bd1e9955bd1e995u
#define PRINT_REFUSED 0xc2b2ae3d27d4eb4fu

/* One value on its way: what it is read as, and what came of it. */
typedef struct Cursor {
	Reader *reader;
	const DataColumn *column;
	Memo *memo;
	const Raw *raw;
	int32_t place;
	const char *why;          /* set: refused */
	uint8_t events;
	int64_t value;
} Cursor;

/* ---- refusing ---- */

/* What was refused is shown to people and written to the case file, which is UTF-8: cut at a
 * character, and bytes that are none become question marks. */
static Str shown_text(Arena *arena, Str text)
{
	bool cut = text.len > SHOWN_BYTES;
	size_t n = cut ? SHOWN_BYTES : text.len;
	while (cut && n > 0 && ((unsigned char)text.ptr[n] & 0xc0) == 0x80)
		n--;
	char *at = arena_alloc(arena, n + 4);
	if (n > 0)
		memcpy(at, text.ptr, n);
	for (ptrdiff_t bad; (bad = utf8_first_bad((Str){at, n})) >= 0;)
		at[bad] = '?';
	if (cut)
		memcpy(at + n, "...", 3);
	return (Str){at, n + (cut ? 3 : 0)};
}

/* The row's own bytes: they stand until the next row. */
static inline Str text_of(const Raw *raw)
{
	return (Str){raw->bytes, raw->len};
}

/* As people would look for it in the database. */
static Str shown(Arena *arena, const Raw *raw)
{
	char real[40];
	switch (raw->type) {
	case SQLITE_INTEGER:
		return str_format(arena, "%lld", (long long)raw->integer);
	case SQLITE_FLOAT:
		/* 17 digits give the double back; "!" has all of them printed. */
		sqlite3_snprintf(sizeof real, real, "%!.17g", raw->real);
		return str_copy(arena, str_of(real));
	case SQLITE_BLOB:
		return str_format(arena, "%u bytes", (unsigned)raw->len);
	case SQLITE_TEXT:
		return shown_text(arena, text_of(raw));
	default:
		return (Str){NULL, 0};
	}
}

/* The key is in reader->key_text by now; a row without a key goes by its rowid. */
void refuse(Reader *reader, int32_t column, const Raw *raw, const char *reason)
{
	Refused *refused = vec_push(&reader->refused);
	*refused = (Refused){.column = column, .reason = str_of(reason),
		.key = str_copy(&reader->arena, reader->key_text), .row = column < 0};
	/* Refusals are few, so the table's number is looked for and not carried along. */
	for (int32_t t = 0; t < (int32_t)reader->data->table.n; t++)
		if (reader->data->table.at[t] == reader->table)
			refused->table = t;
	if (raw != NULL)
		refused->value = shown(&reader->arena, raw);
	if (!reader->looking &&
	    atomic_fetch_add(&reader->data->refused, 1) >= reader->data->options.rejected_limit)
		reader->status = STATUS_WRONG;
}

size_t look_begin(Reader *reader)
{
	reader->looking = true;
	return reader->refused.n;
}

void look_end(Reader *reader, size_t refused)
{
	reader->looking = false;
	reader->refused.n = refused;
}

/* ---- texts ---- */

/* Neither a byte beyond ASCII nor NUL among eight. */
static inline bool plain_word(uint64_t word)
{
	const uint64_t high = 0x8080808080808080u, ones = 0x0101010101010101u;
	return ((word | ((word - ones) & ~word)) & high) == 0;
}

/* Eight bytes at a time: nearly all texts of an export pass here, and need no normalising. */
static bool plain_ascii(Str text)
{
	uint64_t word;
	size_t i = 0;
	for (; i + 8 <= text.len; i += 8) {
		memcpy(&word, text.ptr + i, sizeof word);
		if (!plain_word(word))
			return false;
	}
	/* Signed: bytes beyond ASCII are below zero, and NUL is not above it. */
	for (; i < text.len; i++)
		if ((signed char)text.ptr[i] <= 0)
			return false;
	return true;
}

/* Trims and normalises; false when it is blank (*why NULL) or no text at all. */
static bool clean(Arena *scratch, Str raw, Str *out, const char **why)
{
	*why = NULL;
	*out = raw;
	if (raw.len > 0 && plain_ascii(raw)) {
		if (raw.ptr[0] <= ' ' || raw.ptr[raw.len - 1] <= ' ')
			*out = str_trim(raw);
		return out->len > 0;
	}
	/* NFC, since programs write an é in two ways, and keys must find each other all the same. */
	if (utf8_first_bad(raw) >= 0) {
		*why = "not valid UTF-8 text";
		return false;
	}
	*out = utf8_nfc(scratch, str_trim(raw));
	return out->len > 0;
}

/* Keys and links are often whole numbers in the database. They are read as they print, so that
 * a key column of TEXT and a link column of INTEGER find each other. */
static bool key_part(Arena *scratch, const Raw *raw, Str *out, bool *changed, const char **why)
{
	*changed = true;
	*why = NULL;
	switch (raw->type) {
	case SQLITE_INTEGER:
		*out = str_format(scratch, "%lld", (long long)raw->integer);
		return true;
	case SQLITE_TEXT: {
		Str text = text_of(raw);
		bool good = clean(scratch, text, out, why);
		/* What trimming left alone still points into the row. */
		*changed = !good || out->ptr != text.ptr || out->len != text.len;
		return good;
	}
	case SQLITE_FLOAT:
		*why = "a REAL number, where a text is needed";
		return false;
	case SQLITE_BLOB:
		*why = "binary data, where a text is needed";
		return false;
	default:
		return false;
	}
}

/* The type is looked at first: asking for a text would turn a number into one. */
Raw convert_raw(sqlite3_value *value)
{
	Raw raw = {.type = sqlite3_value_type(value)};
	if (raw.type == SQLITE_INTEGER) {
		raw.integer = sqlite3_value_int64(value);
	} else if (raw.type == SQLITE_FLOAT) {
		raw.real = sqlite3_value_double(value);
	} else if (raw.type != SQLITE_NULL) {
		const void *at = raw.type == SQLITE_TEXT ? sqlite3_value_text(value)
			: sqlite3_value_blob(value);
		raw.bytes = at;
		raw.len = (uint32_t)sqlite3_value_bytes(value);
	}
	return raw;
}

bool convert_text(Arena *scratch, sqlite3_value *value, Str *out, bool *changed, const char **why)
{
	Raw raw = convert_raw(value);
	return key_part(scratch, &raw, out, changed, why);
}

/* Of several columns; each part as it would be alone. Kept in reader->key until the next row. */
static const char *join_key(Reader *reader)
{
	const DataTable *table = reader->table;
	buf_clear(&reader->key);
	for (int32_t i = 0; i < table->nkey; i++) {
		Str part;
		bool changed;
		const char *why;
		if (!key_part(&reader->scratch, &reader->raw[table->key_arg[i]], &part, &changed, &why))
			return why != NULL ? why : "the key is missing";
		/* Else two keys of other parts could be joined to the same text. */
		if (memchr(part.ptr, KEY_JOINT, part.len) != NULL)
			return "the key holds the character U+001F";
		if (i > 0)
			buf_char(&reader->key, KEY_JOINT);
		buf_str(&reader->key, part);
		reader->key_changed |= changed;
	}
	reader->key_text = buf_view(&reader->key);
	return NULL;
}

/* Blank counts as missing here as everywhere (S25). A key like the one before it is taken as it
 * stands, without a copy. */
const char *convert_key(Reader *reader)
{
	const DataTable *table = reader->table;
	const char *why;
	reader->key_changed = reader->key_coded = false;
	/* Else a row without a key would be left with that of a row whose page is gone. */
	reader->key_text = (Str){0};
	if (table->nkey != 1)
		return join_key(reader);
	/* One column, as most keys are: no copy is made. */
	const Raw *raw = &reader->raw[table->key_arg[0]];
	/* A number has to be printed first, and changes by that. */
	if (raw->type == SQLITE_TEXT) {
		Str text = text_of(raw);
		reader->key_text = text;
		/* A key of the last pattern is clean: it ends in a digit, and its prefix was clean. */
		reader->key_coded = text_quick_code(reader, &reader->key_memo, text, &reader->key_code);
		if (reader->key_coded)
			return NULL;
	}
	if (key_part(&reader->scratch, raw, &reader->key_text, &reader->key_changed, &why))
		return NULL;
	return why != NULL ? why : "the key is missing";
}

/* ---- figures ---- */

/* All that 64 bits hold. */
static const int64_t power_of_ten[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000,
	100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
	100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
	1000000000000000000};

/* Of a field `: count`: whole, and not below zero (S85). */
static bool is_count(const DataColumn *column)
{
	const Type *type = &column->field->type;
	return type->form == FORM_COUNT && unit_none(type->unit);
}

/* The field's n is this times the column's `times`; both have to fit 64 bits. */
static bool keep(Cursor *c, Int128 value)
{
	Int128 n;
	if (__builtin_mul_overflow(value, (Int128)c->column->times, &n) || !fits64(n) ||
	    !fits64(value)) {
		c->why = "too large to be held exactly";
		return false;
	}
	if (value < 0 && is_count(c->column)) {
		c->why = "a count cannot be negative";
		return false;
	}
	c->value = (int64_t)value;
	return true;
}

/* n/d of the column's unit (S45: of a duration the fraction of a second is cut and counted). */
static bool keep_ratio(Cursor *c, Int128 n, Int128 d)
{
	const Field *field = c->column->field;
	bool duration = c->column->reading == AS_DURATION;
	/* What one of the column's unit is in values: seconds, or units of the last place. */
	int64_t factor = duration ? field->times : power_of_ten[field->decimals];
	if (__builtin_mul_overflow(n, (Int128)factor, &n)) {
		c->why = "too large to be held exactly";
		return false;
	}
	/* Money is never rounded on the way in: more places than declared are refused. */
	if (n % d != 0 && !duration) {
		c->why = is_count(c->column) ? "a count is a whole number"
			: str_format(&c->reader->arena, "has more than %d decimal places",
				field->decimals).ptr;
		return false;
	}
	if (n % d != 0)
		c->events |= EVENT_CUT;
	return keep(c, n / d);
}

/* Whole numbers in the database are whole units: 22 is £22.00, 30 with `in minutes` half an
 * hour. */
static bool from_integer(Cursor *c, int64_t n)
{
	const Field *field = c->column->field;
	int64_t factor = c->column->reading == AS_DURATION ? field->times
		: power_of_ten[field->decimals];
	int64_t value;
	if (__builtin_mul_overflow(n, factor, &value)) {
		c->why = "too large to be held exactly";
		return false;
	}
	return keep(c, value);
}

/*
 * The shortest decimal of a double (law 1). When the nearest ten-thousandth divides back to the
 * very double, it is that decimal: it has at most 15 significant digits, no two such decimals share
 * a double, and division is rounded correctly.
 */
static bool ten_thousandths(double real, int64_t *out)
{
	/* Beyond that the scaled figure has more than 15 digits; NaN fails here too. */
	if (!(real < 1e11 && real > -1e11))
		return false;
	/* May be off by one in the last place; the division below finds that out. */
	double scaled = real * 10000.0;
	int64_t nearest = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
	*out = nearest;
	return (double)nearest / 10000.0 == real;
}

/* Durations cut what is below a second; other figures must be decimals of no more than the
 * declared places. With `read to` the nearest such decimal within rounding noise will do (law
 * 1). */
static bool from_real(Cursor *c, double real)
{
	const Field *field = c->column->field;
	int64_t n;
	Ratio ratio;
	/* With `read to` fewer than four places noise may lie in the places left: the long way. */
	if (ten_thousandths(real, &n) && !(field->read_to && field->decimals < 4))
		return keep_ratio(c, n, 10000);
	if (field->read_to) {
		bool exact = true;
		if (!ratio_of_real_to(real, field->decimals, &ratio, &exact)) {
			c->why = str_format(&c->reader->arena, "not within rounding noise of %d decimal places",
				field->decimals).ptr;
			return false;
		}
		c->events |= exact ? 0 : EVENT_READ_TO;
		return keep_ratio(c, ratio.n, ratio.d);
	}
	if (!ratio_of_real(real, &ratio)) {
		c->why = real < 1e15 && real > -1e15
			? "a REAL number with more decimal places than can be held exactly"
			: "too large to be held exactly";
		return false;
	}
	return keep_ratio(c, ratio.n, ratio.d);
}

/* Digits with at most one point, 16 characters in all: what nearly every figure is. No more than
 * that is taken up, so that nothing overflows on the way. */
static bool plain_decimal(Str s, int64_t *n, int *places)
{
	size_t i = s.len > 0 && s.ptr[0] == '-', from = i;
	bool point = false;
	*n = 0;
	*places = 0;
	if (s.len == from || s.len - from > 16)
		return false;
	for (; i < s.len; i++) {
		unsigned digit = (unsigned)(unsigned char)s.ptr[i] - '0';
		if (digit > 9 && (s.ptr[i] != '.' || point || i == from || i + 1 == s.len))
			return false;
		if (digit > 9) {
			point = true;
			continue;
		}
		*n = *n * 10 + (int64_t)digit;
		*places += point;
	}
	*n = from > 0 ? -*n : *n;
	return true;
}

/* "-£5.65" and "£-5.65" are both about. */
static Str without_pound(Cursor *c, Str s)
{
	/* Two bytes of UTF-8. A pound sign before minutes is no number. */
	size_t minus = s.len > 0 && s.ptr[0] == '-';
	if (c->column->field->type.unit.of[DIM_MONEY] == 0 || s.len < minus + 2 ||
	    memcmp(s.ptr + minus, "\xC2\xA3", 2) != 0)
		return s;
	Str rest = {s.ptr + minus + 2, s.len - minus - 2};
	return minus > 0 ? str_format(&c->reader->scratch, "-%.*s", STR_ARG(rest)) : rest;
}

/* Signs, digits, a point, thousands commas, and of money a pound sign. Nothing else is a
 * number: "1e3", "12 pounds" and "1.234,50" are refused. */
static bool from_text(Cursor *c, Str s)
{
	int64_t n;
	int places;
	Ratio ratio;
	s = without_pound(c, s);
	/* Then thousands commas, signs in front, and more digits than 64 bits hold. */
	if (plain_decimal(s, &n, &places))
		return keep_ratio(c, n, power_of_ten[places]);
	if (ratio_parse(s, &ratio))
		return keep_ratio(c, ratio.n, ratio.d);
	c->why = "not a number";
	return false;
}

/* ---- dates and times ---- */

/* -1: one of them is none. */
static int two_digits(const char *at)
{
	/* What stands before '0' becomes a large number. */
	unsigned a = (unsigned)(at[0] - '0'), b = (unsigned)(at[1] - '0');
	return a > 9 || b > 9 ? -1 : (int)(a * 10 + b);
}

/* "08:00", as nearly all are. */
static bool plain_clock(Str s, int64_t *out)
{
	if (s.len != 5 || s.ptr[2] != ':')
		return false;
	int hour = two_digits(s.ptr), minute = two_digits(s.ptr + 3);
	*out = (int64_t)hour * 3600 + (int64_t)minute * 60;
	return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59;
}

/* The long way, with a word on why not. */
static bool read_clock(Cursor *c, Str s)
{
	int32_t seconds = 0;
	bool cut = false;
	ReadTime how = clock_parse(s, &seconds, &cut);
	if (how != READ_OK)
		c->why = how == READ_RANGE ? "there is no such time of day"
			: "not a clock time; a clock time is written 08:00";
	c->events |= cut ? EVENT_CUT : 0;
	c->value = seconds;
	return how == READ_OK;
}

/* The entry that is this date's, or would be: the last digits of the year, month and day differ
 * from date to date, so that dates of one year meet but seldom. */
static inline Day *day_slot(const Reader *reader, const char *date)
{
	return &reader->day[(word_at(date + 2) * 0x9e3779b97f4a7c15u >> 54) % DAY_SLOTS];
}

/* NULL: that date has not been read yet, or the place went to another. */
static inline const Day *day_known(const Reader *reader, const char *date)
{
	const Day *day = day_slot(reader, date);
	uint16_t tail;
	memcpy(&tail, date + 8, sizeof tail);
	return day->full && day->head == word_at(date) && day->tail == tail ? day : NULL;
}

/*
 * "08:02:30" in one word: what is left of each byte after '0' (or the colon) is taken away must be
 * a digit, or nothing. -1: something else, or no time of day.
 */
static inline int32_t plain_seconds(const char *at)
{
	uint64_t word = word_at(at) ^ 0x30303a30303a3030u;
	/* Digits may be anything up to 9, the two colons must be gone altogether. */
	const uint64_t upper = 0xf0f0fff0f0fff0f0u;
	if ((word & upper) != 0 || ((word + 0x0606000606000606u) & upper) != 0)
		return -1;
	/* Hour, minute and second in bytes 0, 3 and 6; what is added makes a byte that is too large
	 * reach its high bit. */
	uint64_t pairs = (word * 10 + (word >> 8)) & 0x00ff0000ff0000ffu;
	if (((pairs + 0x0044000044000068u) & 0x0080000080000080u) != 0)
		return -1;
	return (int32_t)((pairs & 0xff) * 3600 + (pairs >> 24 & 0xff) * 60 + (pairs >> 48));
}

/* "2025-09-01 08:02:30" on a day that was read before and had one offset throughout. */
static inline bool plain_moment(const Reader *reader, Str s, int64_t *out)
{
	if (s.len != 19 || (s.ptr[10] != ' ' && s.ptr[10] != 'T'))
		return false;
	const Day *day = day_known(reader, s.ptr);
	int32_t seconds = plain_seconds(s.ptr + 11);
	if (day == NULL || day->offset < 0 || seconds < 0)
		return false;
	*out = (int64_t)day->day * DAY_SECONDS + seconds - day->offset;
	return true;
}

static inline bool plain_date(const Reader *reader, Str s, int64_t *out)
{
	const Day *day = s.len == 10 ? day_known(reader, s.ptr) : NULL;
	if (day == NULL)
		return false;
	*out = day->day;
	return true;
}

/* On all but two days a year the offset from UTC is the same from midnight to midnight. */
static void remember_day(Reader *reader, Str s)
{
	ClockFold fold;
	int32_t number;
	/* Moments with a `T`, or with fractions, begin with the same ten characters. */
	if (s.len < 10 || day_parse((Str){s.ptr, 10}, &number) != READ_OK)
		return;
	int64_t first = moment_of(number, 0, &fold);
	int64_t last = moment_of(number, DAY_SECONDS - 1, &fold);
	Day *day = day_slot(reader, s.ptr);
	day->full = true;
	day->head = word_at(s.ptr);
	memcpy(&day->tail, s.ptr + 8, sizeof day->tail);
	day->day = number;
	/* -1 on the days on which the clocks change: their moments go the long way. */
	day->offset = last - first == DAY_SECONDS - 1
		? (int32_t)((int64_t)number * DAY_SECONDS - first) : -1;
}

/* Only the ISO form: 01/02/2025 has two readings. */
static bool read_date(Cursor *c, Str s)
{
	int32_t day = 0;
	ReadTime how = day_parse(s, &day);
	if (how != READ_OK)
		c->why = how == READ_RANGE ? "there is no such day"
			: "not a date; a date is written 2025-09-01";
	else
		remember_day(c->reader, s);
	c->value = day;
	return how == READ_OK;
}

/* Without an offset the text is local time; S40 says what becomes of the hours that the clocks
 * skip or repeat, and each use of it is counted. */
static bool read_moment(Cursor *c, Str s)
{
	ClockFold fold = CLOCK_PLAIN;
	bool offset = false, cut = false;
	ReadTime how = moment_parse(s, &c->value, &fold, &offset, &cut);
	/* A day of the right form that no calendar has is told apart from what is no moment. */
	if (how != READ_OK) {
		c->why = how == READ_RANGE ? "there is no such day or time"
			: "not a moment; a moment is written 2025-09-01 08:00:00";
		return false;
	}
	remember_day(c->reader, s);
	c->events |= (uint8_t)((cut ? EVENT_CUT : 0) | (offset ? EVENT_OFFSET : 0) |
		(fold == CLOCK_ABSENT ? EVENT_ABSENT : 0) | (fold == CLOCK_TWICE ? EVENT_TWICE : 0));
	return true;
}

/* ---- words ---- */

static bool word_is(Str s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.ptr, word, s.len) == 0;
}

/* In any case of letters, since exports differ. */
static bool read_yes_no(Cursor *c, Str s)
{
	static const char *const words[2][5] = {{"no", "false", "n", "0", "f"},
		{"yes", "true", "y", "1", "t"}};
	for (int side = 0; side < 2; side++) {
		for (size_t i = 0; i < 5; i++) {
			if (word_is(s, words[side][i])) {
				c->value = side;
				return true;
			}
		}
	}
	c->why = "not yes or no; write yes, no, true, false, y, n, 1 or 0";
	return false;
}

/* Full English names, in any case of letters. */
static bool read_weekday(Cursor *c, Str s)
{
	for (int day = 0; day < 7; day++) {
		if (word_is(s, weekday_names[day])) {
			c->value = day;
			return true;
		}
	}
	c->why = "not the name of a weekday";
	return false;
}

/* Exactly as the declaration spells it, after trimming: `Delivered` is not `delivered` (S26). */
static bool read_code(Cursor *c, Str s)
{
	/* Codes are tens at most, and mostly the memo has the answer. */
	const CodeList *codes = c->column->codes;
	for (int32_t i = 0; i < codes->n; i++) {
		if (str_eq(codes->spelling[i], s)) {
			c->value = i;
			return true;
		}
	}
	c->why = "not one of the codes of this field";
	return false;
}

/* Links whose target is not there yet are kept as text. A key that matches no row leaves the link
 * unknown (S24), and so does one whose row is not known yet: that is nobody's mistake. */
static bool read_link(Cursor *c, Str s)
{
	const DataTable *target = c->reader->data->table.at[c->column->target];
	if (c->column->late) {
		c->value = (int64_t)text_code(c->reader, c->memo, true, s);
		return true;
	}
	c->value = whole_find(target->data, s);
	if (c->value >= 0)
		return true;
	/* No reason is set: the link is missing, and not refused. */
	if (read_was_absent(target, s))
		return false;
	c->events |= EVENT_ORPHAN;
	c->why = str_format(&c->reader->arena, "no %.*s has this key",
		STR_ARG(target->decl->decl.name)).ptr;
	return false;
}

/* What a text is read as; figures may stand in a text column as well. */
static bool read_word(Cursor *c, Str s)
{
	switch (c->column->reading) {
	case AS_TEXT:
		c->value = (int64_t)text_code(c->reader, c->memo, c->column->in_key, s);
		return true;
	case AS_LINK: return read_link(c, s);
	case AS_CODE: return read_code(c, s);
	case AS_YES_NO: return read_yes_no(c, s);
	case AS_DATE: return read_date(c, s);
	case AS_CLOCK: return read_clock(c, s);
	case AS_MOMENT: return read_moment(c, s);
	case AS_WEEKDAY: return read_weekday(c, s);
	case AS_NUMBER: case AS_DURATION: break;
	}
	return from_text(c, s);
}

/* ---- one value ---- */

/* memcpy of up to 40 bytes, without the call. The last eight may overlap those before: no loop over
 * the rest. */
static inline void copy_bytes(char *to, const char *from, size_t n)
{
	uint64_t word;
	if (n < 8) {
		for (size_t i = 0; i < n; i++)
			to[i] = from[i];
		return;
	}
	for (size_t i = 0; i + 8 < n; i += 8) {
		memcpy(&word, from + i, sizeof word);
		memcpy(to + i, &word, sizeof word);
	}
	memcpy(&word, from + n - 8, sizeof word);
	memcpy(to + n - 8, &word, sizeof word);
}

static bool is_figure(const DataColumn *column)
{
	return column->reading == AS_NUMBER || column->reading == AS_DURATION;
}

/* Its value is a code of the text, which differs between threads and runs; the fingerprint
 * takes a hash of the text instead. */
static bool takes_text(const DataColumn *column)
{
	return column->reading == AS_TEXT || (column->reading == AS_LINK && column->late);
}

/* `within A to B` of the field. */
static inline bool in_range(const Memo *memo, int64_t value)
{
	return value >= memo->low && value <= memo->high;
}

/* Files the outcome: value and fingerprint, or a refusal with its reason. */
static void finish(Cursor *c, bool known, uint64_t print)
{
	Reader *reader = c->reader;
	if (known && !in_range(c->memo, c->value)) {
		/* Its figure goes into the fingerprint all the same. */
		known = false;
		print = (uint64_t)c->value ^ PRINT_REFUSED;
		c->why = "outside the range of the field";
	}
	/* A value that is not known is 0 everywhere, so that packed rows are the same in every run. */
	reader->got[c->place] = (Got){.value = known ? c->value : 0, .known = known,
		.events = c->events, .lost = c->column->is_end && !known && c->why != NULL,
		.print = known && !takes_text(c->column) ? (uint64_t)c->value : print};
	reader->eventful |= (uint64_t)(c->events != 0) << reader->at;
	if (c->why == NULL)
		return;
	refuse(reader, reader->table->column.at[c->place], c->raw, c->why);
	reader->refused.at[reader->refused.n - 1].orphan = (c->events & EVENT_ORPHAN) != 0;
	/* An orphan is an event with an entry: the value itself could be read. */
	if ((c->events & EVENT_ORPHAN) == 0) {
		reader->failed[c->place]++;
		reader->count.rejected_values++;
	}
}

/* A missing value is no refusal, and not one that was tried. */
static void missing(Cursor *c)
{
	finish(c, false, PRINT_MISSING);
	c->reader->missing[c->place]++;
}

/* Refusals are not remembered: each of them is listed with its own row. */
static void remember(const Cursor *c, int8_t kind, Str text, double real)
{
	const Reader *reader = c->reader;
	Memo *memo = c->memo;
	/* Also a text that is too long to be kept: the entry is then empty. */
	memo->kind = 0;
	if (c->why != NULL || text.len > sizeof memo->text)
		return;
	memo->kind = kind;
	memo->len = (uint8_t)text.len;
	copy_bytes(memo->text, text.ptr, text.len);
	memo->real = real;
	memo->known = reader->got[c->place].known;
	memo->events = c->events;
	memo->value = c->value;
	memo->print = reader->got[c->place].print;
}

/* What the last text came to, unless that was an event. */
static inline bool recall(Memo *memo, Got *got)
{
	/* An event counts for each row, and a refusal is listed with each. */
	if (!memo->known || memo->events != 0)
		return false;
	*got = (Got){.value = memo->value, .print = memo->print, .known = 1};
	return true;
}

/* Trimmed and normalised, then read. */
static void convert_string(Cursor *c)
{
	Str raw = text_of(c->raw), text;
	bool some = clean(&c->reader->scratch, raw, &text, &c->why);
	/* Blank is missing, as NULL is. */
	if (!some && c->why == NULL) {
		missing(c);
	} else {
		some = some && read_word(c, text);
		/* The fingerprint tells refused texts apart too: a run over them is another run. */
		uint64_t print = some && !takes_text(c->column) ? 0 : str_hash(some ? text : raw);
		finish(c, some, some ? print : print ^ PRINT_REFUSED);
	}
	remember(c, SQLITE_TEXT, raw, 0);
}

/* A REAL is a figure or nothing: as a text it would have several spellings. */
static void convert_real(Cursor *c)
{
	double real = c->raw->real;
	bool known = false;
	uint64_t bits;
	memcpy(&bits, &real, sizeof bits);
	if (is_figure(c->column))
		known = from_real(c, real);
	else
		c->why = "a REAL number, where a text is needed";
	finish(c, known, bits ^ PRINT_REFUSED);
	remember(c, SQLITE_FLOAT, (Str){NULL, 0}, real);
}

/* Keys, links and codes are often integers in the database; they are read as they print. */
static void convert_integer(Cursor *c)
{
	int64_t n = c->raw->integer;
	Reading reading = c->column->reading;
	if (is_figure(c->column)) {
		bool known = from_integer(c, n);
		finish(c, known, (uint64_t)n ^ PRINT_REFUSED);
		return;
	}
	/* 20250901 is no date, and 8 no clock time: both have other readings. */
	if (reading != AS_TEXT && reading != AS_LINK && reading != AS_CODE && reading != AS_YES_NO) {
		c->why = "a number, where a text is needed";
		finish(c, false, (uint64_t)n ^ PRINT_REFUSED);
		return;
	}
	char digits[24];
	Str text = {digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)n)};
	bool known = read_word(c, text);
	finish(c, known, known ? str_hash(text) : (uint64_t)n ^ PRINT_REFUSED);
}

/* ---- the short ways ---- */

/* The range is of the field's n, which is `times` the value that is packed. */
void convert_range(const DataColumn *column, int64_t *least, int64_t *most)
{
	const Field *field = column->field;
	*least = INT64_MIN;
	*most = INT64_MAX;
	/* Then every n that fits is within. */
	if (!field->has_range)
		return;
	/* Up to the next value within: the range is of n, and n is a multiple. */
	*least = (int64_t)-round_to(-(Int128)field->least, column->times, ROUND_DOWN) / column->times;
	*most = (int64_t)round_to(field->most, column->times, ROUND_DOWN) / column->times;
}

/* What nearly all figures are: small enough that no product can overflow. */
void convert_begin(const Data *data, const DataColumn *column, Memo *memo)
{
	const Field *field = column->field;
	convert_range(column, &memo->low, &memo->high);
	/* Read before: its keys are there to be looked up. */
	if (column->reading == AS_LINK && !column->late)
		memo->whole = data->table.at[column->target]->data;
	if (!is_figure(column))
		return;
	bool duration = column->reading == AS_DURATION;
	int64_t factor = duration ? field->times : power_of_ten[field->decimals];
	/* A count below zero goes the long way, to be refused with its reason. */
	memo->least = is_count(column) ? 0 : INT32_MIN;
	/* 31 bits of figure times 31 of factor and times together stay below 63. */
	if (factor <= INT32_MAX && column->times <= INT32_MAX / factor)
		memo->factor = factor;
	/* A REAL of four decimals or fewer, whose n again is sure to fit. */
	if (!duration && field->decimals <= 4 && column->times <= 1000 &&
	    !(field->read_to && field->decimals < 4))
		memo->ten_thousandths = power_of_ten[4 - field->decimals];
}

/* Counts of minutes, whole pounds: one multiplication. */
static inline bool quick_integer(const Memo *memo, int64_t n, Got *got)
{
	if (memo->factor == 0 || n < memo->least || n > INT32_MAX)
		return false;
	int64_t value = n * memo->factor;
	/* To be refused, the long way. */
	if (!in_range(memo, value))
		return false;
	*got = (Got){.value = value, .print = (uint64_t)value, .known = 1};
	return true;
}

/* Rates repeat from row to row; the same bits give the same value. */
static inline bool quick_real(Memo *memo, double real, Got *got)
{
	int64_t n;
	/* Bits, not values: 0.0 and -0.0 are equal, and NaN is equal to nothing. */
	if (memo->kind == SQLITE_FLOAT && memcmp(&memo->real, &real, sizeof real) == 0)
		return recall(memo, got);
	if (memo->ten_thousandths == 0 || !ten_thousandths(real, &n) || n < 0 ||
	    n % memo->ten_thousandths != 0 || !in_range(memo, n / memo->ten_thousandths))
		return false;
	*got = (Got){.value = n / memo->ten_thousandths, .known = 1};
	got->print = (uint64_t)got->value;
	memo->kind = SQLITE_FLOAT;
	memo->known = true;
	memo->events = 0;
	memo->real = real;
	memo->value = got->value;
	memo->print = got->print;
	return true;
}

/* A text that is a key to the letter is trimmed and normalised, since keys are. */
static inline bool plain_link(const Whole *whole, Str text, int64_t *value)
{
	if (!whole_quick(whole, text, value))
		*value = whole_find(whole, text);
	return *value >= 0;
}

/* None of these needs to be trimmed or normalised. */
static inline __attribute__((always_inline)) bool plain_text(const Reader *reader, Reading reading,
	const Memo *memo, Str text, int64_t *value)
{
	switch (reading) {
	case AS_LINK: return memo->whole != NULL && plain_link(memo->whole, text, value);
	case AS_MOMENT: return plain_moment(reader, text, value);
	case AS_DATE: return plain_date(reader, text, value);
	case AS_CLOCK: return plain_clock(text, value);
	case AS_TEXT: case AS_CODE: case AS_YES_NO: case AS_WEEKDAY: case AS_NUMBER: case AS_DURATION:
		break;
	}
	return false;
}

/* The shape of the value first, then whether it is the text before it once more. */
static inline __attribute__((always_inline)) bool quick_text(const Reader *reader, Reading reading,
	Memo *memo, Str text, Got *got)
{
	int64_t value = 0;
	if (plain_text(reader, reading, memo, text, &value) && in_range(memo, value)) {
		*got = (Got){.value = value, .print = (uint64_t)value, .known = 1};
		return true;
	}
	return memo->kind == SQLITE_TEXT && text.len == memo->len &&
		same_bytes(memo->text, text.ptr, text.len) && recall(memo, got);
}

/* By the type of the value, which is the row's and not the column's. */
static void convert_slowly(Reader *reader, const DataColumn *column, const Raw *raw)
{
	Cursor c = {.reader = reader, .column = column, .raw = raw, .place = column->place,
		.memo = &reader->memo[column->place]};
	switch (raw->type) {
	case SQLITE_TEXT:
		convert_string(&c);
		break;
	case SQLITE_INTEGER:
		convert_integer(&c);
		break;
	case SQLITE_FLOAT:
		convert_real(&c);
		break;
	case SQLITE_BLOB:
		c.why = "binary data";
		finish(&c, false, (uint64_t)raw->len ^ PRINT_REFUSED);
		break;
	default:
		missing(&c);
		break;
	}
}

/* False: the long way. Inlined by order, so that each reading has a loop of its own. */
static inline __attribute__((always_inline)) bool convert_quickly(Reader *reader, Reading reading,
	size_t place, const Raw *raw, Got *got)
{
	Memo *memo = &reader->memo[place];
	switch (raw->type) {
	case SQLITE_TEXT: return quick_text(reader, reading, memo, text_of(raw), got);
	case SQLITE_INTEGER: return quick_integer(memo, raw->integer, got);
	case SQLITE_FLOAT: return quick_real(memo, raw->real, got);
	case SQLITE_NULL:
		*got = (Got){.print = PRINT_MISSING};
		reader->missing[place]++;
		return true;
	default: return false;
	}
}

/* S40: of a check-out that occurs twice the second is meant when the first lies before the
 * check-in. S41: otherwise it is unknown. */
static void convert_span(Reader *reader, const Span2 *span)
{
	const DataColumn *from = reader->data->column.at[span->from];
	const DataColumn *to = reader->data->column.at[span->to];
	Got *a = &reader->got[from->place], *b = &reader->got[to->place];
	if (!a->known || !b->known || b->value >= a->value)
		return;
	/* In the hour that comes twice in autumn the first was taken. */
	if (b->events & EVENT_TWICE) {
		int64_t second = moment_second(b->value);
			/* The fingerprint is that of the value which is used. */
		if (second >= a->value) {
			b->value = second;
			b->print = (uint64_t)second;
			return;
		}
	}
	/* Of the two it is the end that goes: the beginning says when the row is of. */
	b->known = 0;
	b->lost = 1;
	b->value = 0;
	reader->count.rejected_values++;
	refuse(reader, span->to, &reader->raw[to->arg], str_format(&reader->arena,
		"before the row's %.*s", STR_ARG(from->name)).ptr);
}

static void convert_one(Reader *reader, int32_t place)
{
	const DataColumn *column = reader->column[place];
	const Raw *raw = &reader->raw[column->arg];
	if (!convert_quickly(reader, column->reading, (size_t)place, raw, &reader->got[place]))
		convert_slowly(reader, column, raw);
}

/* Refused and counted when the row's turn comes, if it does. */
void convert_ahead(Reader *reader, const int32_t *place, int32_t n, const Span2 *span,
	int32_t nspans)
{
	size_t refused = look_begin(reader);
	/* Everything that converting may count is put back: the row's own turn counts it. */
	DataCount count = reader->count;
	for (int32_t i = 0; i < n; i++) {
		int64_t missing_before = reader->missing[place[i]], failed = reader->failed[place[i]];
		convert_one(reader, place[i]);
		reader->missing[place[i]] = missing_before;
		reader->failed[place[i]] = failed;
	}
	for (int32_t i = 0; i < nspans; i++)
		convert_span(reader, &span[i]);
	look_end(reader, refused);
	reader->count = count;
}

/* ---- links by several columns, and as at a day ---- */

/* The parts as keys have them. A key that goes on over there is looked for by its beginning. False:
 * a part is missing, or *why says what is wrong with one. */
static bool join_parts(Cursor *c, Str *out)
{
	const DataTable *target = c->reader->data->table.at[c->column->target];
	Buf *key = &c->reader->joined;
	buf_clear(key);
	for (int32_t i = 0; i < c->column->nparts; i++) {
		Str part;
		bool changed;
		c->raw = &c->reader->raw[c->column->part_arg[i]];
		if (!key_part(&c->reader->scratch, c->raw, &part, &changed, &c->why))
			return false;
		if (memchr(part.ptr, KEY_JOINT, part.len) != NULL) {
			c->why = "the key holds the character U+001F";
			return false;
		}
		buf_str(key, part);
		/* A joint behind the last part too, where the key goes on: "C1|" begins no "C12|". */
		if (i + 1 < target->nkey)
			buf_char(key, KEY_JOINT);
	}
	*out = buf_view(key);
	return true;
}

/* The local day of what the link goes by; false: it is not known. */
static bool link_day(const Reader *reader, const DataColumn *column, int32_t *day)
{
	/* Links that go by no day are looked up as at any. */
	*day = 0;
	if (column->as_at < 0)
		return true;
	const DataColumn *at = reader->data->column.at[column->as_at];
	const Got *got = &reader->got[at->place];
	*day = at->reading == AS_MOMENT ? moment_day(got->value) : (int32_t)got->value;
	return got->known;
}

/* Where the target is not there yet the key is kept; the day is looked at when it is followed. */
static bool read_joined(Cursor *c, Str key, int32_t day)
{
	Reader *reader = c->reader;
	int32_t row[2] = {-1, -1};
	if (c->column->late) {
		c->value = (int64_t)text_code(reader, c->memo, true, key);
		return true;
	}
	LinkEnd end = whole_link(reader->data, c->column, key, day, row);
	c->value = row[0];
	if (end == LINK_NO_KEY)
		c->events |= EVENT_ORPHAN;
	if (end != LINK_ROW)
		c->why = whole_link_reason(reader->data, c->column, end, day, row, &reader->arena);
	return end == LINK_ROW;
}

/* A link whose key stands in several columns: parts, day, then the row over there. */
static void convert_joined(Reader *reader, const DataColumn *column)
{
	Cursor c = {.reader = reader, .column = column, .raw = &reader->raw[column->arg],
		.place = column->place, .memo = &reader->memo[column->place]};
	Str key = {NULL, 0};
	int32_t day;
	bool joined = join_parts(&c, &key), dated = link_day(reader, column, &day);
	/* A part or the day is missing: so is the link, which is nobody's mistake. */
	if (c.why == NULL && !(joined && dated)) {
		missing(&c);
		reader->got[c.place].print ^= joined ? str_hash(key) : 0;
		return;
	}
	bool known = joined && dated && read_joined(&c, key, day);
	size_t refused = reader->refused.n;
	finish(&c, known, joined ? str_hash(key) ^ PRINT_REFUSED : PRINT_REFUSED);
	/* What is shown is the whole key, not the first of its columns. */
	if (joined && reader->refused.n > refused)
		reader->refused.at[refused].value = shown_text(&reader->arena,
			key_shown(&reader->scratch, key));
}

/* ---- a batch ---- */

void reader_at(Reader *reader, int32_t i)
{
	const Batch *batch = &reader->batch;
	reader->at = i;
	reader->raw = batch->raw + (size_t)i * batch->nraw;
	reader->got = batch->got + (size_t)i * batch->ngot;
	if (i < batch->n)
		reader->key_text = batch->key[i].text;
}

/* One column of all rows. Row by row each value waited for the one before it: its branches, and the
 * look-up of a link, which is seldom in the cache. */
static inline __attribute__((always_inline)) void convert_all(Reader *reader,
	const DataColumn *column, Reading reading)
{
	const Batch *batch = &reader->batch;
	size_t place = (size_t)column->place;
	size_t nraw = batch->nraw, ngot = batch->ngot;
	const Raw *raw = batch->raw + column->arg;
	Got *got = batch->got + place;
	for (int32_t i = 0, n = batch->n; i < n; i++, raw += nraw, got += ngot) {
		if (convert_quickly(reader, reading, place, raw, got))
			continue;
		reader_at(reader, i);
		convert_slowly(reader, column, raw);
	}
}

/* Links by keys without a pattern: all of a batch are looked up together. What is found by its text
 * as it stands is clean, since keys are. */
static void convert_links(Reader *reader, const DataColumn *column, const Whole *whole)
{
	const Batch *batch = &reader->batch;
	const Raw *raw = batch->raw + column->arg;
	Got *got = batch->got + column->place;
	Str key[BATCH_ROWS];
	int32_t row[BATCH_ROWS];
	for (int32_t i = 0; i < batch->n; i++) {
		const Raw *at = raw + (size_t)i * batch->nraw;
		key[i] = at->type == SQLITE_TEXT ? text_of(at) : (Str){NULL, 0};
	}
	whole_find_all(whole, key, batch->n, row);
	for (int32_t i = 0; i < batch->n; i++) {
		if (row[i] >= 0) {
			got[(size_t)i * batch->ngot] = (Got){.value = row[i], .print = (uint64_t)row[i],
				.known = 1};
			continue;
		}
		reader_at(reader, i);
		convert_one(reader, column->place);
	}
}

/* What has no short way as a text but to be the same as before shares a loop. */
static void convert_column(Reader *reader, const DataColumn *column)
{
	const Whole *whole = reader->memo[column->place].whole;
	switch (column->reading) {
	case AS_LINK:
		if (whole != NULL && whole->by_number == NULL)
			convert_links(reader, column, whole);
		else
			convert_all(reader, column, AS_LINK);
		break;
	case AS_MOMENT: convert_all(reader, column, AS_MOMENT); break;
	case AS_DATE: convert_all(reader, column, AS_DATE); break;
	case AS_CLOCK: convert_all(reader, column, AS_CLOCK); break;
	case AS_TEXT: case AS_CODE: case AS_YES_NO: case AS_WEEKDAY: case AS_NUMBER: case AS_DURATION:
		convert_all(reader, column, AS_TEXT);
		break;
	}
}

/* A column that is the key has its value read off the packed key later. */
static void convert_keys(Reader *reader, const DataColumn *column)
{
	const Batch *batch = &reader->batch;
	for (int32_t i = 0; i < batch->n; i++)
		batch->got[(size_t)i * batch->ngot + (size_t)column->place] =
			(Got){.print = batch->key[i].hash, .known = 1};
}

/* What looks at several values of a row. Links by a day come last, since the day may be the end of
 * a span. */
static void convert_rest(Reader *reader)
{
	const DataTable *table = reader->table;
	for (size_t i = 0; i < table->span.n; i++)
		convert_span(reader, &table->span.at[i]);
	for (size_t i = 0; i < table->column.n && table->late_links; i++)
		if (reader->column[i]->nparts > 0)
			convert_joined(reader, reader->column[i]);
}

void convert_rows(Reader *reader)
{
	const DataTable *table = reader->table;
	reader->eventful = 0;
	for (size_t i = 0; i < table->column.n; i++) {
		const DataColumn *column = reader->column[i];
		if (column->is_key)
			convert_keys(reader, column);
		else if (column->nparts == 0)
			convert_column(reader, column);
	}
	for (int32_t i = 0; i < reader->batch.n && (table->span.n > 0 || table->late_links); i++) {
		reader_at(reader, i);
		convert_rest(reader);
	}
}
