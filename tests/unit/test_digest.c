/*
 * SHA-256 as ids and fingerprints use it (base/digest.h), and base 32 as ids are
 * shown.
 *
 *   field = kind (1 byte)  length (4 bytes, highest first)  content
 *
 * The format is fixed by tests because ids of findings and of runs are made with
 * it (S58, law 8).
 */
#include "base/digest.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/random.h"

Suite *digest_suite(void);

/* Ends the digest: each use begins a new one. */
static void hex_is(Digest *digest, const char *wanted)
{
	uint8_t out[32];
	Buf buf = {0};
	digest_end(digest, out);
	hex_print(&buf, out, sizeof out);
	ck_assert_str_eq(buf.at, wanted);
	buf_free(&buf);
}

/* In lower case, whole, and no byte more: another case, a part or nothing are another hash. */
START_TEST(hexadecimal)
{
	static const uint8_t bytes[] = {0x00, 0x9f, 0xA0, 0xff};
	Arena arena = {0};
	Str text = hex_text(&arena, bytes, 4);
	ck_assert_str_eq(text.ptr, "009fa0ff");
	ck_assert_uint_eq(hex_text(&arena, bytes, 0).len, 0);
	ck_assert(hex_same(text, bytes, 4));
	ck_assert(hex_same(STR(""), bytes, 0));
	ck_assert(!hex_same(STR("009FA0FF"), bytes, 4));
	ck_assert(!hex_same(STR("009fa0f"), bytes, 4));
	ck_assert(!hex_same(STR("009fa0fe"), bytes, 4));
	ck_assert(!hex_same(text, bytes, 3));
	ck_assert(!hex_same(STR(""), bytes, 4));
	arena_free(&arena);
}
END_TEST

/* The vectors of FIPS 180-4. */
START_TEST(published_vectors)
{
	Digest digest;
	digest_begin(&digest);
	hex_is(&digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	digest_begin(&digest);
	digest_bytes(&digest, "abc", 3);
	hex_is(&digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_begin(&digest);
	digest_bytes(&digest, "abcdbcdecdefdefgefghfghighij", 28);
	digest_bytes(&digest, NULL, 0);
	digest_bytes(&digest, "hijkijkljklmklmnlmnomnopnopq", 28);
	hex_is(&digest, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}
END_TEST

/*
 * Also one longer than 65,535 bytes, so that all four bytes of the length are
 * seen to count.
 */
START_TEST(a_field_is_kind_length_content)
{
	Digest field, plain;
	uint8_t a[32], b[32];
	digest_begin(&field);
	digest_field(&field, 't', STR("V1"));
	digest_end(&field, a);
	digest_begin(&plain);
	digest_bytes(&plain, "t\0\0\0\2V1", 7);
	digest_end(&plain, b);
	ck_assert_mem_eq(a, b, 32);

	static char much[0x010203];
	digest_begin(&field);
	digest_field(&field, 'x', (Str){much, sizeof much});
	digest_end(&field, a);
	digest_begin(&plain);
	digest_bytes(&plain, "x\0\1\2\3", 5);
	digest_bytes(&plain, much, sizeof much);
	digest_end(&plain, b);
	ck_assert_mem_eq(a, b, 32);
}
END_TEST

/* Four ways to part one text, empty parts among them: four digests. */
START_TEST(fields_do_not_run_into_each_other)
{
	Str pairs[][2] = {
		{STR("a"), STR("bc")}, {STR("ab"), STR("c")}, {STR("abc"), STR("")}, {STR(""), STR("abc")},
	};
	uint8_t out[4][32];
	for (int i = 0; i < 4; i++) {
		Digest digest;
		digest_begin(&digest);
		digest_field(&digest, 't', pairs[i][0]);
		digest_field(&digest, 't', pairs[i][1]);
		digest_end(&digest, out[i]);
		for (int j = 0; j < i; j++)
			ck_assert_mem_ne(out[i], out[j], 32);
	}
}
END_TEST

/*
 * Sixteen bytes always, so that a read beyond the last needed one is harmless
 * here; the test below looks for those.
 */
static void base32_is(const char *bytes, int chars, const char *wanted)
{
	Buf buf = {0};
	uint8_t copy[16];
	memcpy(copy, bytes, sizeof copy);
	base32_print(&buf, copy, chars);
	ck_assert_str_eq(buf.at == NULL ? "" : buf.at, wanted);
	buf_free(&buf);
}

/*
 * All zeros, all ones, and the alphabet in its order: a table with two letters
 * changed shows.
 */
START_TEST(base32_of_known_bytes)
{
	base32_is("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 10, "0000000000");
	base32_is("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8, "ZZZZZZZZ");
	base32_is("\x00\x44\x32\x14\xC7\x42\x54\xB6\x35\xCF\x84\x65\x3A\x56\xD7", 24,
		  "0123456789ABCDEFGHJKMNPQ");
	base32_is("\xF8\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 1, "Z");
	base32_is("\xF8\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 0, "");
}
END_TEST

/* Bit by bit, and from exactly as many bytes as hold the bits (a sanitizer sees one more). */
START_TEST(base32_agrees_with_single_bits)
{
	const char *alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	Random random = {4};
	for (int chars = 1; chars <= 51; chars++) {
		size_t n = ((size_t)chars * 5 + 7) / 8;
		uint8_t *bytes = mem_alloc(n);
		for (size_t i = 0; i < n; i++)
			bytes[i] = (uint8_t)random_below(&random, 256);
		Buf buf = {0};
		base32_print(&buf, bytes, chars);
		ck_assert_uint_eq(buf.n, (size_t)chars);
		for (int i = 0; i < chars; i++) {
			int value = 0;
			for (int bit = i * 5; bit < i * 5 + 5; bit++)
				value = value * 2 + (bytes[bit / 8] >> (7 - bit % 8) & 1);
			ck_assert_int_eq(buf.at[i], alphabet[value]);
		}
		buf_free(&buf);
		free(bytes);
	}
}
END_TEST

Suite *digest_suite(void)
{
	Suite *suite = suite_create("digest");
	TCase *sha = tcase_create("sha256");
	tcase_add_test(sha, hexadecimal);
	tcase_add_test(sha, published_vectors);
	tcase_add_test(sha, a_field_is_kind_length_content);
	tcase_add_test(sha, fields_do_not_run_into_each_other);
	suite_add_tcase(suite, sha);
	TCase *text = tcase_create("base32");
	tcase_add_test(text, base32_of_known_bytes);
	tcase_add_test(text, base32_agrees_with_single_bits);
	suite_add_tcase(suite, text);
	return suite;
}
