/*
 * Slices, buffers, hashes, UTF-8 and names that are nearly right (base/text.h).
 * Text of the data comes with NULs, broken UTF-8 and no-break spaces; text of
 * rule files from word processors. Where the program's way is clever, a plain
 * one stands beside it: the whole table of distances, a linear search.
 */
#include "base/text.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/random.h"

Suite *text_suite(void);

/* An absent slice must be as good as an empty one everywhere. */
static const Str no_text = {NULL, 0};

/* Prints both, as slices have no end that a debugger would show. */
static void same(Str got, const char *wanted)
{
	ck_assert_msg(str_eq(got, str_of(wanted)), "got '%.*s', wanted '%s'", STR_ARG(got), wanted);
}

/*
 * S74: by bytes of UTF-8, not by the locale, or lists would differ between
 * machines (law 8).
 */
START_TEST(slices_compare_by_bytes)
{
	ck_assert(str_eq(STR("visit"), STR("visit")));
	ck_assert(!str_eq(STR("visit"), STR("visits")));
	ck_assert(str_eq(no_text, STR("")));
	ck_assert_int_lt(str_cmp(STR("a"), STR("b")), 0);
	ck_assert_int_lt(str_cmp(STR("a"), STR("aa")), 0);
	ck_assert_int_gt(str_cmp(STR("aa"), STR("a")), 0);
	ck_assert_int_eq(str_cmp(STR(""), no_text), 0);
	ck_assert_int_lt(str_cmp(STR("z"), STR("\xC2\xA3")), 0);
	ck_assert_int_lt(str_cmp(STR("a\0b"), STR("a\0c")), 0);
}
END_TEST

/*
 * S25. Taking single bytes off the end would cut letters that share the byte
 * A0.
 */
START_TEST(trim_takes_blanks_and_no_break_spaces)
{
	same(str_trim(STR(" \t\r\n a b \v\f")), "a b");
	same(str_trim(STR("\xC2\xA0 x\xC2\xA0\xC2\xA0")), "x");
	same(str_trim(STR("\xC2\xA3")), "\xC2\xA3");
	same(str_trim(STR("   ")), "");
	same(str_trim(STR("\xC2\xA0")), "");
	same(str_trim(no_text), "");
	same(str_trim(STR("\xC3\xA0")), "\xC3\xA0"); /* a-grave ends in the byte A0 too */
}
END_TEST

/* For the libraries that want one; longer than any buffer on the stack. */
START_TEST(copies_end_in_nul)
{
	Arena arena = {0};
	char text[] = "visit";
	Str copy = str_copy(&arena, (Str){text, 3});
	memset(text, '?', sizeof text);
	ck_assert_str_eq(copy.ptr, "vis");
	ck_assert_str_eq(str_z(&arena, no_text), "");
	Str made = str_format(&arena, "%d of %s", 12, "61");
	ck_assert_str_eq(made.ptr, "12 of 61");
	ck_assert_uint_eq(made.len, 8);
	ck_assert_uint_eq(str_format(&arena, "%s", "").len, 0);
	Str wide = str_format(&arena, "%05000d", 7);
	ck_assert_uint_eq(wide.len, 5000);
	ck_assert_int_eq(wide.ptr[4999], '7');
	arena_free(&arena);
}
END_TEST

/* Partition numbers, and with them the order of a ledger, rest on these values. */
START_TEST(hash_values_are_pinned)
{
	ck_assert_uint_eq(str_hash(STR("")), 0x4D0A2BBC5DE25CFEu);
	ck_assert_uint_eq(str_hash(STR("a")), 0xE5419F1CE062DF46u);
	ck_assert_uint_eq(str_hash(STR("provider")), 0x7DFAA73F9B206BC2u);
	ck_assert_uint_eq(str_hash(STR("7f3c8f0e-9a51-4d1b-8f43-0c2a41c6d9b7")), 0x98576D257AA53FAAu);
	ck_assert_uint_eq(str_hash(no_text), str_hash(STR("")));
}
END_TEST

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/*
 * Keys are numbered in series, which bad hashes put side by side; partitions
 * use the high bits, maps the low ones.
 */
START_TEST(hashes_of_keys_in_series_differ_and_spread)
{
	enum { KEYS = 100000, BINS = 256 };
	static uint64_t hashes[KEYS];
	static int low[BINS], high[BINS];
	for (int i = 0; i < KEYS; i++) {
		Buf key = {0};
		buf_printf(&key, i % 2 ? "C%d" : "client-%08d-%04x", i, i & 0xFFFF);
		hashes[i] = str_hash(buf_view(&key));
		low[hashes[i] % BINS]++;
		high[hashes[i] >> 56]++;
		buf_free(&key);
	}
	for (int i = 0; i < BINS; i++) {
		ck_assert_int_gt(low[i], KEYS / BINS * 3 / 4);
		ck_assert_int_lt(low[i], KEYS / BINS * 5 / 4);
		ck_assert_int_gt(high[i], KEYS / BINS * 3 / 4);
		ck_assert_int_lt(high[i], KEYS / BINS * 5 / 4);
	}
	qsort(hashes, KEYS, sizeof hashes[0], by_value);
	for (int i = 1; i < KEYS; i++)
		ck_assert(hashes[i - 1] != hashes[i]);
}
END_TEST

/*
 * Overlong forms and surrogates are refused too: they are how filters are
 * evaded.
 */
START_TEST(bad_utf8_is_found_where_it_is)
{
	static const struct {
		Str text;
		ptrdiff_t bad;
	} cases[] = {
		{{"", 0}, -1},
		{{"Gwynedd", 7}, -1},
		{{"\xC2\xA3" "5", 3}, -1},
		{{"\xF4\x8F\xBF\xBF", 4}, -1},
		{{"ab\0c", 4}, 2},
		{{"a\x80", 2}, 1},
		{{"ab\xC2", 3}, 2},
		{{"\xC0\xAF", 2}, 0},         /* overlong */
		{{"\xE0\x80\xAF", 3}, 0},     /* overlong */
		{{"x\xED\xA0\x80", 4}, 1},    /* surrogate */
		{{"\xF4\x90\x80\x80", 4}, 0}, /* beyond U+10FFFF */
		{{"\xE2\x82", 2}, 0},         /* cut short */
		{{"\xA3", 1}, 0},             /* Latin-1 pound sign */
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		ck_assert_msg(utf8_first_bad(cases[i].text) == cases[i].bad, "case %zu", i);
}
END_TEST

/*
 * An accent that combines is a character without a column; some letters take
 * two.
 */
START_TEST(characters_and_columns_are_counted)
{
	ck_assert_uint_eq(utf8_chars(STR("")), 0);
	ck_assert_uint_eq(utf8_chars(STR("\xC2\xA3" "22.59")), 6);
	ck_assert_uint_eq(utf8_width(STR("\xC2\xA3" "22.59")), 6);
	ck_assert_uint_eq(utf8_chars(STR("e\xCC\x81")), 2);
	ck_assert_uint_eq(utf8_width(STR("e\xCC\x81")), 1);
	ck_assert_uint_eq(utf8_chars(STR("\xE4\xB8\xAD")), 1);
	ck_assert_uint_eq(utf8_width(STR("\xE4\xB8\xAD")), 2);
	ck_assert_uint_eq(utf8_chars(STR("\xF0\x9F\x8F\xA0")), 1);
}
END_TEST

/* S74; what is composed already is given back as it is, without a copy. */
START_TEST(nfc_joins_what_belongs_together)
{
	Arena arena = {0};
	same(utf8_nfc(&arena, STR("Ty\xCC\x82")), "T\xC5\xB7");       /* y, circumflex above */
	same(utf8_nfc(&arena, STR("\xE2\x84\xAB")), "\xC3\x85");      /* Angstrom sign */
	same(utf8_nfc(&arena, STR("a\xCC\x81\xCC\xA3")), "\xE1\xBA\xA1\xCC\x81");
	Str already[] = {
		STR(""), STR("plain"), STR("\xC3\xA9"), STR("\xE2\x80\x93"), STR("\xE4\xB8\xAD"),
	};
	for (size_t i = 0; i < 5; i++) {
		Str got = utf8_nfc(&arena, already[i]);
		ck_assert_ptr_eq(got.ptr, already[i].ptr);
		ck_assert_uint_eq(got.len, already[i].len);
	}
	Str bad = STR("\xFF");
	ck_assert_ptr_eq(utf8_nfc(&arena, bad).ptr, bad.ptr);
	arena_free(&arena);
}
END_TEST

/*
 * Two neighbours that changed places are one slip; beyond `most` nothing is
 * counted.
 */
START_TEST(distances_of_known_pairs)
{
	ck_assert_int_eq(text_distance(STR("declared"), STR("declared"), 3), 0);
	ck_assert_int_eq(text_distance(STR("declard"), STR("declared"), 3), 1);
	ck_assert_int_eq(text_distance(STR("delcared"), STR("declared"), 3), 1);
	ck_assert_int_eq(text_distance(STR("\xC2\xA3" "5"), STR("p5"), 3), 1);
	ck_assert_int_eq(text_distance(STR("provider"), STR("visit"), 3), 4);
	ck_assert_int_eq(text_distance(STR("abc"), STR(""), 3), 3);
	ck_assert_int_eq(text_distance(STR("abcd"), STR(""), 3), 4);
	ck_assert_int_eq(text_distance(STR(""), no_text, 0), 0);
	ck_assert_int_eq(text_distance(STR("a"), STR("b"), 0), 1);
	ck_assert_int_eq(text_distance(STR("a"), STR("a"), 0), 0);
}
END_TEST

static int least(int a, int b)
{
	return a < b ? a : b;
}

/*
 * The whole table, straight from the definition. Up to fifteen letters, which
 * is what the test makes.
 */
static int plain_distance(Str a, Str b)
{
	static int table[16][16];
	for (size_t i = 0; i <= a.len; i++) {
		for (size_t j = 0; j <= b.len; j++) {
			if (i == 0 || j == 0) {
				table[i][j] = (int)(i + j);
				continue;
			}
			int best = table[i - 1][j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
			best = least(best, table[i - 1][j] + 1);
			best = least(best, table[i][j - 1] + 1);
			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1])
				best = least(best, table[i - 2][j - 2] + 1);
			table[i][j] = best;
		}
	}
	return table[a.len][b.len];
}

/* Three letters and equal beginnings, so that short distances are common. */
START_TEST(distances_agree_with_the_whole_table)
{
	Random random = {2};
	for (int round = 0; round < 40000; round++) {
		char a[12], b[12];
		size_t na = (size_t)random_below(&random, 12), nb = (size_t)random_below(&random, 12);
		for (int i = 0; i < 12; i++) {
			a[i] = (char)('a' + (int)random_below(&random, 3));
			b[i] = random_below(&random, 4) ? a[i] : (char)('a' + (int)random_below(&random, 3));
		}
		int most = (int)random_below(&random, 7);
		int plain = plain_distance((Str){a, na}, (Str){b, nb});
		int got = text_distance((Str){a, na}, (Str){b, nb}, most);
		ck_assert_msg(got == least(plain, most + 1), "%.*s %.*s: %d, not %d of %d", (int)na, a,
			      (int)nb, b, got, plain, most);
	}
}
END_TEST

/* Two names of the greatest length would take 4 x 10^9 cells of the whole table. */
START_TEST(long_names_cost_little)
{
	Arena arena = {0};
	char *a = arena_alloc(&arena, 65536), *b = arena_alloc(&arena, 65536);
	memset(a, 'x', 65536);
	memset(b, 'x', 65536);
	b[100] = b[60000] = 'y';
	ck_assert_int_eq(text_distance((Str){a, 65536}, (Str){b, 65536}, 3), 2);
	ck_assert_int_eq(text_distance((Str){a, 65535}, (Str){b, 65536}, 3), 2);
	ck_assert_int_eq(text_distance((Str){a, 65533}, (Str){b, 65536}, 3), 3);
	arena_free(&arena);
}
END_TEST

/* Always ends in a NUL, also empty, cleared and freed. */
START_TEST(buffers_hold_what_was_put_in)
{
	Buf buf = {0};
	same(buf_view(&buf), "");
	ck_assert_ptr_nonnull(buf_view(&buf).ptr);
	buf_clear(&buf);
	buf_puts(&buf, "V1");
	buf_char(&buf, ' ');
	buf_str(&buf, STR("fails"));
	buf_str(&buf, no_text);
	buf_printf(&buf, " at %d%s", 565, "p");
	buf_pad(&buf, '.', 3);
	buf_pad(&buf, '.', 0);
	same(buf_view(&buf), "V1 fails at 565p...");
	ck_assert_str_eq(buf.at, "V1 fails at 565p...");
	buf_clear(&buf);
	ck_assert_str_eq(buf.at, "");
	buf_free(&buf);
	ck_assert_ptr_null(buf.at);
	buf_pad(&buf, 'x', 0);
	ck_assert_str_eq(buf.at, "");
	buf_free(&buf);
}
END_TEST

/* Digits in front only as far as asked for, and none lost at either end. */
START_TEST(numbers_are_put_in_digits)
{
	Buf buf = {0};
	buf_number(&buf, 0, 1);
	buf_char(&buf, ' ');
	buf_number(&buf, 7, 2);
	buf_char(&buf, ' ');
	buf_number(&buf, 10, 1);
	buf_char(&buf, ' ');
	buf_number(&buf, 2025, 2);
	buf_char(&buf, ' ');
	buf_number(&buf, UINT64_MAX, 1);
	same(buf_view(&buf), "0 07 10 2025 18446744073709551615");
	buf_free(&buf);
}
END_TEST

/*
 * Every length around the sizes at which a buffer grows, for each way of
 * appending. An off-by-one at a doubling writes behind the end; a sanitizer
 * sees it.
 */
START_TEST(buffers_grow_at_every_length)
{
	Arena arena = {0};
	for (size_t n = 0; n < 300; n++) {
		char *text = arena_alloc(&arena, n + 1);
		memset(text, 'k', n);
		for (int way = 0; way < 3; way++) {
			Buf buf = {0};
			buf_pad(&buf, '-', n % 70);
			if (way == 0)
				buf_puts(&buf, text);
			else if (way == 1)
				buf_printf(&buf, "%s", text);
			else
				buf_pad(&buf, 'k', n);
			ck_assert_uint_eq(buf.n, n % 70 + n);
			ck_assert_uint_eq(strlen(buf.at), buf.n);
			ck_assert_str_eq(buf.at + n % 70, text);
			ck_assert_uint_gt(buf.cap, buf.n);
			buf_free(&buf);
		}
	}
	arena_free(&arena);
}
END_TEST

/*
 * Against an array by number, while it grows; entries keep the order in which
 * they came.
 */
START_TEST(map_finds_what_was_added)
{
	enum { KEYS = 5000 };
	Arena arena = {0};
	StrMap map;
	strmap_init(&map, &arena);
	ck_assert_ptr_null(strmap_get(&map, STR("x")));
	static int32_t value_of[KEYS];
	static int entry_of[KEYS]; /* entry number + 1 */
	Random random = {3};
	int entries = 0;
	for (int round = 0; round < 20000; round++) {
		int k = (int)random_below(&random, KEYS);
		char key[8];
		int n = snprintf(key, sizeof key, "%x", (unsigned)k);
		bool added;
		int32_t *value = strmap_at(&map, (Str){key, (size_t)n}, &added);
		ck_assert_int_eq(added, entry_of[k] == 0);
		ck_assert_int_eq(*value, value_of[k]);
		if (added)
			entry_of[k] = ++entries;
		value_of[k] = *value = round;
		ck_assert(str_eq(map.key[entry_of[k] - 1], (Str){key, (size_t)n}));
		ck_assert_uint_eq(map.n, (size_t)entries);
	}
	for (int k = 0; k < KEYS; k++) {
		Str key = str_format(&arena, "%x", (unsigned)k);
		const int32_t *value = strmap_get(&map, key);
		ck_assert_int_eq(value != NULL, entry_of[k] != 0);
		if (value != NULL)
			ck_assert_int_eq(*value, value_of[k]);
	}
	arena_free(&arena);
}
END_TEST

/* The empty text is a key; one NUL is another. */
START_TEST(map_takes_the_empty_key)
{
	Arena arena = {0};
	StrMap map;
	bool added;
	strmap_init(&map, &arena);
	*strmap_at(&map, no_text, &added) = 5;
	ck_assert(added);
	ck_assert_int_eq(*strmap_get(&map, STR("")), 5);
	strmap_at(&map, STR(""), &added);
	ck_assert(!added);
	ck_assert_ptr_null(strmap_get(&map, STR("\0")));
	arena_free(&arena);
}
END_TEST

Suite *text_suite(void)
{
	Suite *suite = suite_create("text");
	TCase *slices = tcase_create("slices");
	tcase_add_test(slices, slices_compare_by_bytes);
	tcase_add_test(slices, trim_takes_blanks_and_no_break_spaces);
	tcase_add_test(slices, copies_end_in_nul);
	tcase_add_test(slices, hash_values_are_pinned);
	tcase_add_test(slices, hashes_of_keys_in_series_differ_and_spread);
	suite_add_tcase(suite, slices);
	TCase *unicode = tcase_create("unicode");
	tcase_add_test(unicode, bad_utf8_is_found_where_it_is);
	tcase_add_test(unicode, characters_and_columns_are_counted);
	tcase_add_test(unicode, nfc_joins_what_belongs_together);
	suite_add_tcase(suite, unicode);
	TCase *distance = tcase_create("distance");
	tcase_add_test(distance, distances_of_known_pairs);
	tcase_add_test(distance, distances_agree_with_the_whole_table);
	tcase_add_test(distance, long_names_cost_little);
	suite_add_tcase(suite, distance);
	TCase *containers = tcase_create("containers");
	tcase_add_test(containers, buffers_hold_what_was_put_in);
	tcase_add_test(containers, numbers_are_put_in_digits);
	tcase_add_test(containers, buffers_grow_at_every_length);
	tcase_add_test(containers, map_finds_what_was_added);
	tcase_add_test(containers, map_takes_the_empty_key);
	suite_add_tcase(suite, containers);
	return suite;
}
