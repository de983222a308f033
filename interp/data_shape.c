/*
 * Keys of one shape in sixteen bytes: GUIDs above all, with dashes or without, but also a prefix
 * with hex digits behind it, or several groups of digits.
 *
 *   a04d8a44-000c-af57-4c08-e7b8c8f73dae      shape  0000....-0000-0000-0000-000000000000
 *   hi a04d8a44000caf57   lo 4c08e7b8c8f73dae
 *
 * All keys of a shape have the same length, the same bytes in the same places, and between them hex
 * digits of one case, so their numbers are in order as their texts are. What a table's keys look
 * like is guessed from a few of them; a key that does not follow is found out when it is packed.
 *
 * Eight digits at a time are turned into a number, and the fixed bytes compared eight at a time:
 * this is done for every row.
 */
#include "interp/data_internal.h"

#include <string.h>

#define ONES ((uint64_t)0x0101010101010101u)

/* ---- packing ---- */

/*
 * Eight hex digits as a number, the first of them highest. A digit's lower half is its value,
 * a letter's is that less 9, and bit 6 tells them apart. The digits are then written back from
 * their values: only what comes out as it was had been hex digits of this case.
 */
static inline bool eight_hex(uint64_t word, bool upper, uint64_t *out)
{
	uint64_t value = (word & 0x0f * ONES) + (word >> 6 & ONES) * 9;
	uint64_t letter = (value + 6 * ONES) >> 4 & ONES;
	uint64_t again = value + 0x30 * ONES + letter * (upper ? 0x07 : 0x27);
	bool good = again == word && (value & 0xf0 * ONES) == 0;
	value = __builtin_bswap64(value);
	value = (value | value >> 4) & 0x00ff00ff00ff00ffu;
	value = (value | value >> 8) & 0x0000ffff0000ffffu;
	*out = (value | value >> 16) & 0xffffffffu;
	return good;
}

/* The other way round of word_at. */
static inline void word_put(char *at, uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	memcpy(at, &word, sizeof word);
}

/* All digits side by side. Runs write whole words, of which the next one overwrites what is too
 * much; behind the last digit there are zeros, which change no order. */
static void gather_digits(const KeyShape *shape, const char *text, char *digit)
{
	for (int32_t i = 0; i < shape->nruns; i++) {
		const ShapeRun *run = &shape->run[i];
		word_put(digit + run->to, word_at(text + run->at) >> run->shift);
	}
	if (shape->ndigits < SHAPE_DIGITS)
		memset(digit + shape->ndigits, '0', (size_t)(SHAPE_DIGITS - shape->ndigits));
}

bool shape_pack(const KeyShape *shape, Str text, WideKey *out)
{
	char digit[SHAPE_DIGITS + 8];
	uint64_t differ = 0, part[4];
	bool good = true;
	if (text.len != shape->len)
		return false;
	for (int32_t i = 0; i < shape->nwords; i++)
		differ |= (word_at(text.ptr + shape->word_at[i]) & shape->mask[i]) ^ shape->fixed[i];
	if (differ != 0)
		return false;
	gather_digits(shape, text.ptr, digit);
	for (int i = 0; i < 4; i++)
		good &= eight_hex(word_at(digit + 8 * i), shape->upper, &part[i]);
	*out = (WideKey){part[0] << 32 | part[1], part[2] << 32 | part[3]};
	return good && out->hi != WIDE_OTHER;
}

/* The way back of eight_hex. */
static inline uint64_t hex_word(uint64_t number, bool upper)
{
	uint64_t value = number & 0xffffffffu;
	value = (value | value << 16) & 0x0000ffff0000ffffu;
	value = (value | value << 8) & 0x00ff00ff00ff00ffu;
	value = (value | value << 4) & 0x0f * ONES;
	uint64_t letter = (value + 6 * ONES) >> 4 & ONES;
	return __builtin_bswap64(value + 0x30 * ONES + letter * (upper ? 0x07 : 0x27));
}

void shape_write(const KeyShape *shape, WideKey key, char *at)
{
	char digit[SHAPE_DIGITS];
	const uint64_t part[4] = {key.hi >> 32, key.hi, key.lo >> 32, key.lo};
	for (int i = 0; i < 4; i++)
		word_put(digit + 8 * i, hex_word(part[i], shape->upper));
	memcpy(at, shape->text, shape->len);
	for (int32_t i = 0; i < shape->nruns; i++) {
		const ShapeRun *run = &shape->run[i];
		if (run->len == 8)
			memcpy(at + run->from, digit + run->to, 8);
		else if (run->len == 4)
			memcpy(at + run->from, digit + run->to, 4);
		else
			memcpy(at + run->from, digit + run->to, run->len);
	}
}

Str shape_text(const KeyShape *shape, WideKey key, Arena *arena)
{
	char *at = arena_alloc(arena, shape->len);
	shape_write(shape, key, at);
	return (Str){at, shape->len};
}

/* ---- learning ---- */

enum { FIXED, DIGIT, LOWER, UPPER };

static int kind_of(char c)
{
	if (c >= '0' && c <= '9')
		return DIGIT;
	if (c >= 'a' && c <= 'f')
		return LOWER;
	return c >= 'A' && c <= 'F' ? UPPER : FIXED;
}

static void lay_out_runs(KeyShape *out, const bool *is_digit)
{
	int32_t to = 0;
	for (size_t i = 0; i < out->len;) {
		size_t end = i;
		while (end < out->len && end - i < 8 && is_digit[end])
			end++;
		if (end == i) {
			i++;
			continue;
		}
		size_t at = i + 8 <= out->len ? i : out->len - 8;
		out->run[out->nruns++] = (ShapeRun){(uint8_t)i, (uint8_t)(end - i), (uint8_t)at,
			(uint8_t)(8 * (i - at)), (uint8_t)to};
		to += (int32_t)(end - i);
		i = end;
	}
}

/* The last word ends where the text does, and overlaps the one before. */
static void lay_out_words(KeyShape *out, const bool *is_digit)
{
	for (size_t i = 0; i < out->len; i += 8) {
		size_t at = i + 8 <= out->len ? i : out->len - 8;
		uint64_t mask = 0;
		for (size_t k = 0; k < 8; k++)
			mask |= is_digit[at + k] ? 0 : (uint64_t)0xff << 8 * k;
		out->word_at[out->nwords] = (uint8_t)at;
		out->mask[out->nwords] = mask;
		out->fixed[out->nwords++] = word_at(out->text + at) & mask;
	}
}

/* The shape of one key whose first bytes are fixed: all that may be a hex digit is taken for one.
 * False: too short, too long, too many digits, or letters of both cases. */
static bool shape_of(Str text, size_t fixed, KeyShape *out)
{
	bool is_digit[SHAPE_MOST] = {false}, seen[4] = {false};
	if (text.len < SHAPE_LEAST || text.len > SHAPE_MOST)
		return false;
	*out = (KeyShape){.len = text.len};
	for (size_t i = 0; i < text.len; i++) {
		int kind = i < fixed ? FIXED : kind_of(text.ptr[i]);
		seen[kind] = true;
		is_digit[i] = kind != FIXED;
		out->ndigits += is_digit[i];
		out->text[i] = text.ptr[i];
		if (is_digit[i])
			out->text[i] = '0';
	}
	if (out->ndigits == 0 || out->ndigits > SHAPE_DIGITS || (seen[LOWER] && seen[UPPER]))
		return false;
	out->upper = seen[UPPER];
	lay_out_runs(out, is_digit);
	lay_out_words(out, is_digit);
	return true;
}

static bool fits_most(const KeyShape *shape, const Str *sample, int32_t n)
{
	WideKey key;
	int32_t fit = 0;
	for (int32_t i = 0; i < n; i++)
		fit += shape_pack(shape, sample[i], &key);
	return fit * 10 >= n * 9;
}

/* One sample after another is taken for the model: the first may be the odd one, or have no letter
 * to tell the case by. Where a prefix has letters of the other case, or with it there would be too
 * many digits, what all samples begin with is fixed. */
bool shape_learn(const Str *sample, int32_t n, Str stem, KeyShape *out)
{
	for (int32_t i = 0; i < n; i++) {
		if (shape_of(sample[i], 0, out) && fits_most(out, sample, n))
			return true;
		if (stem.len > 0 && shape_of(sample[i], stem.len, out) && fits_most(out, sample, n))
			return true;
	}
	return false;
}
