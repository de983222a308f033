/* SHA-256 (through nettle) and the short ids made from it. */
#ifndef VOUCH_BASE_DIGEST_H
#define VOUCH_BASE_DIGEST_H

#include <stdint.h>

#include <nettle/sha2.h>

#include "base/text.h"

typedef struct Digest {
	struct sha256_ctx ctx;
} Digest;

void digest_begin(Digest *digest);
void digest_bytes(Digest *digest, const void *bytes, size_t n);
/* One field: a kind byte, the length as four bytes big-endian, the content; so that ("a", "bc") and
 * ("ab", "c") differ. */
void digest_field(Digest *digest, char kind, Str content);
void digest_end(Digest *digest, uint8_t out[32]);

void hex_print(Buf *buf, const uint8_t *bytes, size_t n);
Str hex_text(Arena *arena, const uint8_t *bytes, size_t n);
/* Whether the text is what hex_print would write of the bytes. */
bool hex_same(Str hex, const uint8_t *bytes, size_t n);
/* Crockford base 32 (no I, L, O, U) of the first chars*5 bits. */
void base32_print(Buf *buf, const uint8_t *bytes, int chars);

#endif
