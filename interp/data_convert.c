/*
 * From a cell of the database to a value. The type of every value is looked at, whatever the column
 * was declared as: SQLite checks little. What cannot be read is refused with its reason and the
 * field is unknown; nothing is guessed.
 *
 * Exports repeat themselves, so each column remembers its last text or number and what it came to.
 */
#include "interp/data_internal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/civil.h"

#define SHOWN_BYTES 200       /* of a refused value */
#define PRINT_MISSING 0x5bd1e9955bd1e995u
#define PRINT_REFUSED 0xc2b2ae3d27d4eb4fu

/* One value on its way: what it is read as, and what came of it. */
typedef struct Cursor {
	Reader *reader;
	const DataColumn *column;
	Memo *memo;
	sqlite3_value *raw;
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

/* The type was looked at before: asking for a text would turn a number into one. */
static Str shown(Arena *arena, sqlite3_value *raw)
{
	char real[40];
	switch (sqlite3_value_type(raw)) {
	case SQLITE_INTEGER:
		return str_format(arena, "%lld", (long long)sqlite3_value_int64(raw));
	case SQLITE_FLOAT:
		sqlite3_snprintf(sizeof real, real, "%!.17g", sqlite3_value_double(raw));
		return str_copy(arena, str_of(real));
	case SQLITE_BLOB:
		return str_format(arena, "%d bytes", sqlite3_value_bytes(raw));
	case SQLITE_TEXT: {
		const void *text = sqlite3_value_text(raw);
		return shown_text(arena, (Str){text, (size_t)sqlite3_value_bytes(raw)});
	}
	default:
		return (Str){NULL, 0};
	}
}

/* The key is in reader->key by now; a row without a key goes by its rowid. */
void refuse(Reader *reader, int32_t column, sqlite3_value *raw, const char *reason)
{
	Refused *refused = vec_push(&reader->refused);
	*refused = (Refused){.column = column, .reason = str_of(reason),
		.key = str_copy(&reader->arena, buf_view(&reader->key)), .row = column < 0};
	for (int32_t t = 0; t < (int32_t)reader->data->table.n; t++)
		if (reader->data->table.at[t] == reader->table)
			refused->table = t;
	if (raw != NULL)
		refused->value = shown(&reader->arena, raw);
	if (atomic_fetch_add(&reader->data->refused, 1) >= LIMIT_REJECTED)
		reader->status = STATUS_WRONG;
}

/* ---- texts ---- */

/* Neither a byte beyond ASCII nor NUL among eight. */
static inline bool plain_word(uint64_t word)
{
	const uint64_t high = 0x8080808080808080u, ones = 0x0101010101010101u;
	return ((word | ((word - ones) & ~word)) & high) == 0;
}

static bool plain_ascii(Str text)
{
	uint64_t word;
	size_t i = 0;
	for (; i + 8 <= text.len; i += 8) {
		memcpy(&word, text.ptr + i, sizeof word);
		if (!plain_word(word))
			return false;
	}
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
	if (utf8_first_bad(raw) >= 0) {
		*why = "not valid UTF-8 text";
		return false;
	}
	*out = utf8_nfc(scratch, str_trim(raw));
	return out->len > 0;
}

/* Keys and links are often whole numbers in the database. They are read as they print, so that
 * a key column of TEXT and a link column of INTEGER find each other. */
bool convert_text(Arena *scratch, sqlite3_value *raw, Str *out, bool *changed, const char **why)
{
	*changed = true;
	*why = NULL;
	switch (sqlite3_value_type(raw)) {
	case SQLITE_INTEGER:
		*out = str_format(scratch, "%lld", (long long)sqlite3_value_int64(raw));
		return true;
	case SQLITE_TEXT: {
		const void *at = sqlite3_value_text(raw);
		Str text = {at, (size_t)sqlite3_value_bytes(raw)};
		bool good = clean(scratch, text, out, why);
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

/* Blank counts as missing here as everywhere (S25). */
const char *convert_key(Reader *reader, sqlite3_value **arg)
{
	const DataTable *table = reader->table;
	reader->key_changed = false;
	buf_clear(&reader->key);
	for (int32_t i = 0; i < table->nkey; i++) {
		Str part;
		bool changed;
		const char *why;
		if (!convert_text(&reader->scratch, arg[table->key_arg[i]], &part, &changed, &why))
			return why != NULL ? why : "the key is missing";
		if (table->nkey > 1 && memchr(part.ptr, KEY_JOINT, part.len) != NULL)
			return "the key holds the character U+001F";
		if (i > 0)
			buf_char(&reader->key, KEY_JOINT);
		buf_str(&reader->key, part);
		reader->key_changed |= changed;
	}
	return NULL;
}

/* ---- figures ---- */

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
	int64_t factor = duration ? field->times : power_of_ten[field->decimals];
	if (__builtin_mul_overflow(n, (Int128)factor, &n)) {
		c->why = "too large to be held exactly";
		return false;
	}
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
	if (!(real < 1e11 && real > -1e11))
		return false;
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

/* Digits with at most one point, 15 in all: what nearly every figure is. */
static bool plain_decimal(Str s, int64_t *n, int *places)
{
	size_t i = s.len > 0 && s.ptr[0] == '-', from = i;
	bool point = false;
	*n = 0;
	*places = 0;
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
	return s.len > from && s.len - from <= 16;
}

/* "-£5.65" and "£-5.65" are both about. */
static Str without_pound(Cursor *c, Str s)
{
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
	if (plain_decimal(s, &n, &places))
		return keep_ratio(c, n, power_of_ten[places]);
	if (ratio_parse(s, &ratio))
		return keep_ratio(c, ratio.n, ratio.d);
	c->why = "not a number";
	return false;
}

/* ---- dates and times ---- */

/* Only the ISO form: 01/02/2025 has two readings. */
static bool read_date(Cursor *c, Str s)
{
	int32_t day = 0;
	ReadTime how = day_parse(s, &day);
	if (how != READ_OK)
		c->why = how == READ_RANGE ? "there is no such day"
			: "not a date; a date is written 2025-09-01";
	c->value = day;
	return how == READ_OK;
}

static int two_digits(const char *at)
{
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

/* "2025-09-01 08:02:30" on the day of the last one, when that day had one offset throughout. */
static bool moment_of_same_day(const Memo *memo, Str s, int64_t *out)
{
	if (!memo->date_known || memo->offset < 0 || s.len != 19 || s.ptr[13] != ':' ||
	    s.ptr[16] != ':' || (s.ptr[10] != ' ' && s.ptr[10] != 'T') ||
	    memcmp(s.ptr, memo->date, sizeof memo->date) != 0)
		return false;
	int hour = two_digits(s.ptr + 11), minute = two_digits(s.ptr + 14);
	int second = two_digits(s.ptr + 17);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
		return false;
	*out = (int64_t)memo->day * DAY_SECONDS + hour * 3600 + minute * 60 + second - memo->offset;
	return true;
}

/* On all but two days a year the offset from UTC is the same from midnight to midnight. */
static void remember_day(Memo *memo, Str s)
{
	ClockFold fold;
	if (s.len < 10 || day_parse((Str){s.ptr, 10}, &memo->day) != READ_OK)
		return;
	int64_t first = moment_of(memo->day, 0, &fold);
	int64_t last = moment_of(memo->day, DAY_SECONDS - 1, &fold);
	memcpy(memo->date, s.ptr, sizeof memo->date);
	memo->date_known = true;
	memo->offset = last - first == DAY_SECONDS - 1
		? (int32_t)((int64_t)memo->day * DAY_SECONDS - first) : -1;
}

/* Without an offset the text is local time; S40 says what becomes of the hours that the clocks
 * skip or repeat, and each use of it is counted. */
static bool read_moment(Cursor *c, Str s)
{
	ClockFold fold = CLOCK_PLAIN;
	bool offset = false, cut = false;
	ReadTime how = moment_parse(s, &c->value, &fold, &offset, &cut);
	if (how != READ_OK) {
		c->why = how == READ_RANGE ? "there is no such day or time"
			: "not a moment; a moment is written 2025-09-01 08:00:00";
		return false;
	}
	remember_day(c->memo, s);
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
 * unknown (S24). */
static bool read_link(Cursor *c, Str s)
{
	const DataTable *target = c->reader->data->table.at[c->column->target];
	if (c->column->late) {
		c->value = (int64_t)text_code(c->reader, c->memo, true, s);
		return true;
	}
	c->value = whole_find(target, s);
	if (c->value >= 0)
		return true;
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

/* memcmp and memcpy of up to 40 bytes, without the call. */
static inline bool same_bytes(const char *a, const char *b, size_t n)
{
	uint64_t x, y, differ = 0;
	if (n < 8) {
		for (size_t i = 0; i < n; i++)
			differ |= (uint64_t)(a[i] != b[i]);
		return differ == 0;
	}
	for (size_t i = 0; i + 8 < n; i += 8) {
		memcpy(&x, a + i, sizeof x);
		memcpy(&y, b + i, sizeof y);
		differ |= x ^ y;
	}
	memcpy(&x, a + n - 8, sizeof x);
	memcpy(&y, b + n - 8, sizeof y);
	return (differ | (x ^ y)) == 0;
}

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

/* Files the outcome: value and fingerprint, or a refusal with its reason. */
static void finish(Cursor *c, bool known, uint64_t print)
{
	Reader *reader = c->reader;
	reader->known[c->place] = known;
	reader->value[c->place] = known ? c->value : 0;
	reader->events[c->place] = c->events;
	reader->print[c->place] = known && !takes_text(c->column) ? (uint64_t)c->value : print;
	reader->tried[c->place]++;
	if (c->why == NULL)
		return;
	refuse(reader, reader->table->column.at[c->place], c->raw, c->why);
	reader->refused.at[reader->refused.n - 1].orphan = (c->events & EVENT_ORPHAN) != 0;
	if ((c->events & EVENT_ORPHAN) == 0) {
		reader->failed[c->place]++;
		reader->count.rejected_values++;
	}
}

/* A missing value is no refusal, and not one that was tried. */
static void missing(Cursor *c)
{
	finish(c, false, PRINT_MISSING);
	c->reader->tried[c->place]--;
}

/* Refusals are not remembered: each of them is listed with its own row. */
static void remember(const Cursor *c, int8_t kind, Str text, double real)
{
	const Reader *reader = c->reader;
	Memo *memo = c->memo;
	memo->kind = 0;
	if (c->why != NULL || text.len > sizeof memo->text)
		return;
	memo->kind = kind;
	memo->len = (uint8_t)text.len;
	copy_bytes(memo->text, text.ptr, text.len);
	memo->real = real;
	memo->known = reader->known[c->place];
	memo->events = c->events;
	memo->value = c->value;
	memo->print = reader->print[c->place];
}

static void recall(Cursor *c)
{
	c->events = c->memo->events;
	c->value = c->memo->value;
	if (c->memo->known)
		finish(c, true, c->memo->print);
	else
		missing(c);
}

/* The common texts first: the one before, then a moment of the day before, then a plain clock
 * time; none of them needs to be trimmed or normalised. */
static void convert_string(Cursor *c)
{
	const void *at = sqlite3_value_text(c->raw);
	Str raw = {at, (size_t)sqlite3_value_bytes(c->raw)}, text;
	const Memo *memo = c->memo;
	if (memo->kind == SQLITE_TEXT && raw.len == memo->len &&
	    same_bytes(memo->text, raw.ptr, raw.len)) {
		recall(c);
		return;
	}
	if ((c->column->reading == AS_MOMENT && moment_of_same_day(memo, raw, &c->value)) ||
	    (c->column->reading == AS_CLOCK && plain_clock(raw, &c->value))) {
		finish(c, true, 0);
		return;
	}
	bool some = clean(&c->reader->scratch, raw, &text, &c->why);
	if (!some && c->why == NULL) {
		missing(c);
	} else {
		some = some && read_word(c, text);
		uint64_t print = some && !takes_text(c->column) ? 0 : str_hash(some ? text : raw);
		finish(c, some, some ? print : print ^ PRINT_REFUSED);
	}
	remember(c, SQLITE_TEXT, raw, 0);
}

/* Rates repeat from row to row; the same bits give the same value. */
static void convert_real(Cursor *c)
{
	double real = sqlite3_value_double(c->raw);
	Memo *memo = c->memo;
	if (memo->kind == SQLITE_FLOAT && memcmp(&memo->real, &real, sizeof real) == 0) {
		recall(c);
		return;
	}
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
	int64_t n = sqlite3_value_int64(c->raw);
	Reading reading = c->column->reading;
	if (is_figure(c->column)) {
		bool known = from_integer(c, n);
		finish(c, known, (uint64_t)n ^ PRINT_REFUSED);
		return;
	}
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

void convert(Reader *reader, const DataColumn *column, sqlite3_value *raw)
{
	Cursor c = {.reader = reader, .column = column, .raw = raw, .place = column->place,
		.memo = &reader->memo[column->place]};
	switch (sqlite3_value_type(raw)) {
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
		finish(&c, false, (uint64_t)sqlite3_value_bytes(raw) ^ PRINT_REFUSED);
		break;
	default:
		missing(&c);
		break;
	}
}

/* S40: of a check-out that occurs twice the second is meant when the first lies before the
 * check-in. S41: otherwise it is unknown. */
void convert_span(Reader *reader, const Span2 *span, sqlite3_value **arg)
{
	const DataColumn *from = reader->data->column.at[span->from];
	const DataColumn *to = reader->data->column.at[span->to];
	int32_t a = from->place, b = to->place;
	if (!reader->known[a] || !reader->known[b] || reader->value[b] >= reader->value[a])
		return;
	if (reader->events[b] & EVENT_TWICE) {
		int64_t second = moment_second(reader->value[b]);
		if (second >= reader->value[a]) {
			reader->value[b] = second;
			reader->print[b] = (uint64_t)second;
			return;
		}
	}
	reader->known[b] = 0;
	reader->value[b] = 0;
	reader->count.rejected_values++;
	refuse(reader, span->to, arg[to->arg], str_format(&reader->arena, "before the row's %.*s",
		STR_ARG(from->name)).ptr);
}
