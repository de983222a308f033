/*
 * Units, and quantities as the language writes them.
 *
 * A quantity is held in base units (pounds, seconds, metres); printing looks for the unit in which
 * it comes out as a decimal of at most six places, and cuts only when there is none (S80):
 *
 *   753/80 pounds              £9.4125
 *   251/40000 pounds a second  £22.59 per hour
 *   10/7 pounds a day          £10.00 per week
 *   10/3 pounds                £3.333333…
 *
 * What is printed whole reads back as the same value.
 */
#include "dsl/types.h"

#include <string.h>

/* The first word of a dimension and every word behind it is read; printing takes the words that
 * display() below names. A mile is 1,609.344 metres by law. */
enum { POUND, PENNY, SECOND, MINUTE, HOUR, METRE, KILOMETRE, MILE, DAY, WEEK, MONTH, QUARTER, YEAR,
	NIGHT };

static const UnitWord unit_words[] = {
	[POUND] = {"pound", "pounds", DIM_MONEY, {1, 1}},
	[PENNY] = {"penny", "pence", DIM_MONEY, {1, 100}},
	[SECOND] = {"second", "seconds", DIM_TIME, {1, 1}},
	[MINUTE] = {"minute", "minutes", DIM_TIME, {60, 1}},
	[HOUR] = {"hour", "hours", DIM_TIME, {3600, 1}},
	[METRE] = {"metre", "metres", DIM_DISTANCE, {1, 1}},
	[KILOMETRE] = {"kilometre", "kilometres", DIM_DISTANCE, {1000, 1}},
	[MILE] = {"mile", "miles", DIM_DISTANCE, {201168, 125}},
	[DAY] = {"day", "days", DIM_DAY, {1, 1}},
	[WEEK] = {"week", "weeks", DIM_DAY, {7, 1}},
	[MONTH] = {"month", "months", DIM_MONTH, {1, 1}},
	[QUARTER] = {"quarter", "quarters", DIM_MONTH, {3, 1}},
	[YEAR] = {"year", "years", DIM_MONTH, {12, 1}},
	[NIGHT] = {"night", "nights", DIM_NIGHT, {1, 1}},
};

/* In the order in which printing tries them: the first that needs no endless decimal is taken. */
static const UnitWord *const shown_units[DIMS][3] = {
	[DIM_MONEY] = {&unit_words[POUND], NULL, NULL},
	[DIM_TIME] = {&unit_words[HOUR], &unit_words[MINUTE], &unit_words[SECOND]},
	[DIM_DISTANCE] = {&unit_words[MILE], &unit_words[KILOMETRE], &unit_words[METRE]},
	[DIM_DAY] = {&unit_words[DAY], &unit_words[WEEK], NULL},
	[DIM_MONTH] = {&unit_words[MONTH], &unit_words[YEAR], NULL},
	[DIM_NIGHT] = {&unit_words[NIGHT], NULL, NULL},
};

/* S80: an exact decimal of at most this many places, or it is cut there. */
#define SHOWN_PLACES_UNIT 1000000

/* Exponent by exponent: money per hour is money per minute, the factor is in the denominator. */
bool unit_same(Unit a, Unit b)
{
	return memcmp(a.of, b.of, sizeof a.of) == 0;
}

/* Numbers, counts and percentages. */
bool unit_none(Unit unit)
{
	return unit_same(unit, (Unit){{0}});
}

/* Exponents stay within int8_t: a product that nests deep enough to leave it is refused long before
 * by the limit on nesting. */
Unit unit_times(Unit a, Unit b)
{
	Unit out;
	for (int i = 0; i < DIMS; i++)
		out.of[i] = (int8_t)(a.of[i] + b.of[i]);
	return out;
}

/* As unit_times. */
Unit unit_over(Unit a, Unit b)
{
	Unit out;
	for (int i = 0; i < DIMS; i++)
		out.of[i] = (int8_t)(a.of[i] - b.of[i]);
	return out;
}

/* In the order of the table; NULL past either end. */
const UnitWord *unit_word_at(int i)
{
	int words = (int)(sizeof unit_words / sizeof *unit_words);
	return i >= 0 && i < words ? &unit_words[i] : NULL;
}

/* Singular and plural alike, as people write them: 1 hours is read too. Not abbreviated: `min`
 * could be minutes or a minimum. Suggestions for those are the checker's. */
const UnitWord *unit_word(Str word)
{
	const UnitWord *at;
	for (int i = 0; (at = unit_word_at(i)) != NULL; i++)
		if (str_eq(word, str_of(at->one)) || str_eq(word, str_of(at->many)))
			return at;
	return NULL;
}

/* As declarations write it. */
const char *type_kind_word(TypeKind kind)
{
	static const char *const words[] = {
		[TYPE_ERROR] = "error",
		[TYPE_YES_NO] = "yes/no",
		[TYPE_QUANTITY] = "quantity",
		[TYPE_DATE] = "date",
		[TYPE_MOMENT] = "moment",
		[TYPE_CLOCK] = "time",
		[TYPE_WEEKDAY] = "weekday",
		[TYPE_TEXT] = "text",
		[TYPE_CODE] = "code",
		[TYPE_ROW] = "row",
		[TYPE_ROWS] = "rows",
		[TYPE_PERIOD] = "period",
	};
	return words[kind];
}

/* The word for one dimension on its own, as declarations write it. */
static const char *dim_word(int dim)
{
	static const char *const words[DIMS] = {
		[DIM_MONEY] = "money", [DIM_TIME] = "duration", [DIM_DISTANCE] = "distance",
		[DIM_DAY] = "days", [DIM_MONTH] = "months", [DIM_NIGHT] = "nights",
	};
	return words[dim];
}

/* The dimensions with exponents of one sign: how many there are, and the last of them. */
static int side(Unit unit, int sign, int *dim)
{
	int n = 0;
	for (int i = 0; i < DIMS; i++)
		if (unit.of[i] * sign > 0) {
			n += unit.of[i] * sign;
			*dim = i;
		}
	return n;
}

/* sign -1: what stands behind `per`. Behind `per` stands the unit that printing prefers: money
 * per hour, though the base unit is the second. */
static void describe_side(Buf *buf, Unit unit, int sign)
{
	const char *between = "";
	for (int i = 0; i < DIMS; i++)
		for (int k = unit.of[i] * sign; k > 0; k--) {
			buf_puts(buf, between);
			buf_puts(buf, sign > 0 ? dim_word(i) : shown_units[i][0]->one);
			between = sign > 0 ? " times " : " per ";
		}
}

/* As a declaration would write it, where it could. Money times hours per night is described too,
 * though no rule should come to it. */
void unit_describe(Buf *buf, Type type)
{
	static const char *const forms[] = {
		[FORM_NUMBER] = "number", [FORM_COUNT] = "count", [FORM_PERCENT] = "percent",
	};
	int dim = 0;
	if (unit_none(type.unit)) {
		buf_puts(buf, forms[type.form]);
		return;
	}
	if (side(type.unit, 1, &dim) == 0)
		buf_puts(buf, "number");
	describe_side(buf, type.unit, 1);
	if (side(type.unit, -1, &dim) > 0) {
		buf_puts(buf, " per ");
		describe_side(buf, type.unit, -1);
	}
}

/* No more than six places are needed. A denominator that divides 10^6 ends within six places, any
 * other does not. */
static bool ends_early(Ratio value)
{
	return SHOWN_PLACES_UNIT % value.d == 0;
}

/* value in units of one `word`. */
static bool in_units(Ratio value, const UnitWord *word, Ratio *out)
{
	return ratio_div(value, word->factor, out);
}

/* value (base units per base unit) as base units per `word`. */
static bool per_units(Ratio value, const UnitWord *word, Ratio *out)
{
	return ratio_mul(value, word->factor, out);
}

/* The unit in which a value of this dimension is shown, and the value in it. */
static const UnitWord *display(Ratio *value, int dim,
	bool (*convert)(Ratio value, const UnitWord *word, Ratio *out))
{
	const UnitWord *first = shown_units[dim][0];
	for (int i = 0; i < 3 && shown_units[dim][i] != NULL; i++) {
		const UnitWord *word = shown_units[dim][i];
		Ratio in = *value;
		if (convert(*value, word, &in) && ends_early(in)) {
			*value = in;
			return word;
		}
	}
	if (!convert(*value, first, value))
		return NULL;
	return first;
}

/* One of it is singular, anything else plural, fractions too. Thousands have their commas here
 * too: 11,048 hours. */
static void part_print(Buf *buf, Ratio amount, const char *one, const char *many, bool *first)
{
	if (!*first)
		buf_char(buf, ' ');
	*first = false;
	ratio_print(buf, amount, 0, true);
	buf_char(buf, ' ');
	buf_puts(buf, amount.n == 1 && amount.d == 1 ? one : many);
}

/* Whole seconds in hours and minutes. 128 bits are divided only where 64 do not hold the number: a
 * division of 128 costs as much as ten of 64, and evidence is full of lengths of time. */
static void split(Int128 whole, Ratio *hours, Ratio *minutes)
{
	int64_t few = (int64_t)whole;
	bool fits = fits64(whole);
	*hours = (Ratio){fits ? few / 3600 : whole / 3600, 1};
	*minutes = (Ratio){fits ? few / 60 % 60 : whole / 60 % 60, 1};
}

/* 7 hours 30 minutes; a fraction stands with the seconds. The sign stands before the whole. */
static void duration_print(Buf *buf, Ratio value)
{
	bool first = true;
	if (value.n < 0) {
		buf_char(buf, '-');
		value.n = -value.n;
	}
	Int128 whole = value.d == 1 ? value.n : value.n / value.d;
	Ratio hours, minutes;
	split(whole, &hours, &minutes);
	Int128 rest = value.n - (hours.n * 60 + minutes.n) * 60 * value.d;
	Ratio seconds = {rest, value.d};
	if (hours.n > 0)
		part_print(buf, hours, "hour", "hours", &first);
	if (minutes.n > 0 || (first && seconds.n == 0))
		part_print(buf, minutes, "minute", "minutes", &first);
	if (seconds.n > 0)
		part_print(buf, seconds, "second", "seconds", &first);
}

/* At least the pence; all places that the value has, never rounded (law 3). A sum below zero is
 * owed to the provider (S70), and the sign stands before the pound. */
static void money_print(Buf *buf, Ratio value)
{
	if (value.n < 0) {
		buf_char(buf, '-');
		value.n = -value.n;
	}
	buf_puts(buf, "£");
	ratio_print(buf, value, 2, true);
}

/* A percentage is shown times a hundred. */
static void plain_print(Buf *buf, Type type, Ratio value)
{
	Ratio hundred = {100, 1};
	bool percent = type.form == FORM_PERCENT && ratio_mul(value, hundred, &value);
	ratio_print(buf, value, 0, true);
	if (percent)
		buf_char(buf, '%');
}

/* One dimension or none: what may stand before `per`. */
static void single_print(Buf *buf, Type type, int dim, int dims, Ratio value)
{
	bool first = true;
	if (dims == 0) {
		plain_print(buf, type, value);
	} else if (dim == DIM_MONEY) {
		money_print(buf, value);
	} else if (dim == DIM_TIME) {
		duration_print(buf, value);
	} else {
		const UnitWord *word = display(&value, dim, in_units);
		if (word != NULL)
			part_print(buf, value, word->one, word->many, &first);
	}
}

/* A product of units that no contract speaks of: the figure in base units, then its unit. It
 * does not read back, and need not: no fact can be written in such a unit. */
static void odd_print(Buf *buf, Type type, Ratio value)
{
	ratio_print(buf, value, 0, true);
	buf_char(buf, ' ');
	unit_describe(buf, type);
}

/* One unit above and one below the line is what contracts speak of; anything else is shown in
 * base units. */
void quantity_print(Buf *buf, Type type, Ratio value)
{
	static const Unit time = {{[DIM_TIME] = 1}};
	if (unit_same(type.unit, time)) {
		duration_print(buf, value);
		return;
	}
	int above = 0, below = 0;
	int over = side(type.unit, 1, &above), under = side(type.unit, -1, &below);
	if (over > 1 || under > 1) {
		odd_print(buf, type, value);
		return;
	}
	const UnitWord *per = under == 1 ? display(&value, below, per_units) : NULL;
	single_print(buf, type, above, over, value);
	if (per == NULL)
		return;
	buf_puts(buf, " per ");
	buf_puts(buf, per->one);
}

/* The part of the denominator that keeps the shown decimal from ending. What is left of a
 * denominator once twos and fives are taken out of it. */
static int64_t endless_part(Type type, Ratio value)
{
	int above = 0, below = 0;
	int over = side(type.unit, 1, &above), under = side(type.unit, -1, &below);
	if (over <= 1 && under == 1)
		(void)display(&value, below, per_units);
	if (over == 1 && under <= 1 && above != DIM_MONEY && above != DIM_TIME)
		(void)display(&value, above, in_units);
	return value.d / gcd64(value.d, SHOWN_PLACES_UNIT);
}

/* What would be cut is shown as a division, which reads back exactly. */
void quantity_print_exact(Buf *buf, Type type, Ratio value)
{
	int64_t rest = endless_part(type, value);
	Ratio whole = value;
	if (rest == 1 || !ratio_mul(value, (Ratio){rest, 1}, &whole)) {
		quantity_print(buf, type, value);
		return;
	}
	quantity_print(buf, type, whole);
	buf_printf(buf, " / %lld", (long long)rest);
}

/* ---- reading back */

/* The next word: up to a blank. The rest comes back without blanks in front. */
static Str next_word(Str *text)
{
	Str word = {text->ptr, 0};
	while (word.len < text->len && text->ptr[word.len] != ' ' && text->ptr[word.len] != '\t')
		word.len++;
	*text = str_trim((Str){text->ptr + word.len, text->len - word.len});
	return word;
}

/* Bytes off the front and the back. */
static Str without(Str text, size_t front, size_t back)
{
	return (Str){text.ptr + front, text.len - front - back};
}

/* With something before it. */
static bool ends_in(Str text, char c)
{
	return text.len > 1 && text.ptr[text.len - 1] == c;
}

/* Money, a percentage or a bare number: one word. */
static bool read_word(Str word, Type *type, Ratio *value)
{
	Ratio hundred = {100, 1};
	if (word.len > 2 && memcmp(word.ptr, "£", 2) == 0) {
		type->unit.of[DIM_MONEY] = 1;
		return ratio_parse(without(word, 2, 0), value);
	}
	if (ends_in(word, 'p')) {
		type->unit.of[DIM_MONEY] = 1;
		return ratio_parse(without(word, 0, 1), value) && ratio_div(*value, hundred, value);
	}
	if (ends_in(word, '%')) {
		type->form = FORM_PERCENT;
		return ratio_parse(without(word, 0, 1), value) && ratio_div(*value, hundred, value);
	}
	return ratio_parse(word, value);
}

/* NUMBER UNIT, again and again; all of one dimension. Stops before `per`. `1 hour 30 miles` is no
 * quantity. */
static bool read_units(Str number, Str *rest, Type *type, Ratio *value)
{
	Ratio sum = {0, 1};
	for (;;) {
		Ratio one;
		const UnitWord *unit = unit_word(next_word(rest));
		if (unit == NULL || !ratio_parse(number, &one) || !ratio_mul(one, unit->factor, &one) ||
				!ratio_add(sum, one, &sum))
			return false;
		if (!unit_none(type->unit) && type->unit.of[unit->dim] != 1)
			return false;
		type->unit.of[unit->dim] = 1;
		if (rest->len == 0 || (rest->len > 4 && memcmp(rest->ptr, "per ", 4) == 0))
			break;
		number = next_word(rest);
	}
	*value = sum;
	return true;
}

/* Nothing may stand behind the unit. A percentage has no `per`. */
static bool read_per(Str *rest, Type *type, Ratio *value)
{
	if (rest->len == 0)
		return true;
	if (!str_eq(next_word(rest), STR("per")))
		return false;
	const UnitWord *unit = unit_word(next_word(rest));
	if (unit == NULL || rest->len > 0 || type->form != FORM_NUMBER)
		return false;
	type->unit.of[unit->dim] = (int8_t)(type->unit.of[unit->dim] - 1);
	return ratio_div(*value, unit->factor, value);
}

/* The inverse of printing, for facts in scenarios; thousands commas and any number of places are
 * read. */
bool quantity_read(Str text, Type *type, Ratio *value)
{
	*type = (Type){.kind = TYPE_QUANTITY, .ref = -1, .scale = 1};
	text = str_trim(text);
	bool minus = text.len > 0 && text.ptr[0] == '-';
	Str rest = minus ? without(text, 1, 0) : text;
	Str word = next_word(&rest);
	bool plain = word.len > 0 && word.ptr[word.len - 1] >= '0' && word.ptr[word.len - 1] <= '9' &&
		word.ptr[0] >= '0' && word.ptr[0] <= '9';
	bool units = plain && rest.len > 0;
	if (word.len == 0 || word.ptr[0] == '-')
		return false;
	if (!(units ? read_units(word, &rest, type, value) : read_word(word, type, value)))
		return false;
	if (!read_per(&rest, type, value))
		return false;
	if (minus)
		value->n = -value->n;
	return true;
}
