/*
 * SHA-256 by nettle, and the texts made from it: hexadecimal where other tools show a digest too,
 * base 32 where people read ids aloud.
 *
 *   digest_field('t', "abc")  ->  74 | 00 00 00 03 | 61 62 63
 *
 * The length in front of every field keeps two lists of fields apart whose bytes are the same
 * when run together; ids of findings (S58) rest on that.
 */
#include "base/digest.h"

#include <assert.h>

void digest_begin(Digest *digest)
{
	sha256_init(&digest->ctx);
}

/* nettle may not be given NULL, which is what an empty slice points to. */
void digest_bytes(Digest *digest, const void *bytes, size_t n)
{
	if (n != 0)
		sha256_update(&digest->ctx, n, bytes);
}

/* No ledger holds a text of 4 GiB: a longer one is a mistake of ours. */
void digest_field(Digest *digest, char kind, Str content)
{
	assert(content.len <= UINT32_MAX);
	uint32_t n = (uint32_t)content.len;
	uint8_t head[5] = {
		(uint8_t)kind, (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n,
	};
	digest_bytes(digest, head, sizeof head);
	digest_bytes(digest, content.ptr, content.len);
}

/* Also makes the context fresh again: nettle resets it on the way out. */
void digest_end(Digest *digest, uint8_t out[32])
{
	sha256_digest(&digest->ctx, SHA256_DIGEST_SIZE, out);
}

/* Lower case, as other tools print it, so that a digest can be compared by eye. */
void hex_print(Buf *buf, const uint8_t *bytes, size_t n)
{
	const char *digits = "0123456789abcdef";
	for (size_t i = 0; i < n; i++) {
		buf_char(buf, digits[bytes[i] >> 4]);
		buf_char(buf, digits[bytes[i] & 15]);
	}
}

Str hex_text(Arena *arena, const uint8_t *bytes, size_t n)
{
	Buf buf = {0};
	hex_print(&buf, bytes, n);
	return buf_keep(&buf, arena);
}

bool hex_same(Str hex, const uint8_t *bytes, size_t n)
{
	Buf buf = {0};
	hex_print(&buf, bytes, n);
	bool same = str_eq(hex, buf_view(&buf));
	buf_free(&buf);
	return same;
}

/* Crockford's alphabet leaves out the letters that are taken for digits when read aloud.
 * Bits are taken from the left; a byte is read only when its bits are needed. */
void base32_print(Buf *buf, const uint8_t *bytes, int chars)
{
	const char *digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	unsigned held = 0;
	int bits = 0;
	for (int i = 0; i < chars; i++) {
		if (bits < 5) {
			held = (held << 8 | *bytes++) & 0xFFF;
			bits += 8;
		}
		bits -= 5;
		buf_char(buf, digits[held >> bits & 31]);
	}
}
