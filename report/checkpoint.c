/*
 * What is signed is the text up to the blank line. A key's id is the first four bytes of
 * SHA-256(name, line feed, 1, public key): the 1 stands for Ed25519, and also in front of the key
 * itself where it is written in base64.
 *
 *   text of manifest 1 ──leaf──┐
 *   text of manifest 2 ──leaf──┼──> root ──> line 3     line 1: the file    line 2: how many
 *   …                          │
 *   manifests added later ─────┘   the tree of then is the beginning of the tree of now
 *
 * Reading is strict, because whoever holds a checkpoint against a file wants a yes or a no: sizes
 * without leading zeros, base64 of exactly the right length. Only the ends of lines are forgiven,
 * which e-mail changes.
 */
#include "report/checkpoint.h"

#include <stdlib.h>
#include <sys/random.h>

#include <nettle/base64.h>
#include <nettle/eddsa.h>

#include "base/merkle.h"

#define NAME "vouch"
#define ORIGIN "vouch.case/"
#define EVENTS "events "
#define SECRET "PRIVATE+KEY+"
#define DASH "\xE2\x80\x94 "          /* of a line with a signature */

typedef VEC(MerkleHash) Leaves;

/* ---- base64 ---- */

/* nettle writes no end of text; the buffer has room for one behind what was reserved. */
static void put_base64(Buf *buf, const uint8_t *bytes, size_t n)
{
	size_t size = BASE64_ENCODE_RAW_LENGTH(n);
	base64_encode_raw(buf_reserve(buf, size), n, bytes);
	buf->n += size;
	buf->at[buf->n] = '\0';
}

/* Exactly n bytes. The length is held against n before anything is decoded, so that the room cannot
 * be run over whatever the text says. */
static bool get_base64(Str text, uint8_t *bytes, size_t n)
{
	struct base64_decode_ctx ctx;
	uint8_t room[256];
	size_t got = sizeof room;
	if (text.len != BASE64_ENCODE_RAW_LENGTH(n) || n + 3 > sizeof room)
		return false;
	base64_decode_init(&ctx);
	if (!base64_decode_update(&ctx, &got, room, text.len, text.ptr) ||
	    !base64_decode_final(&ctx) || got != n)
		return false;
	memcpy(bytes, room, n);
	return true;
}

/* ---- the tree over manifests ---- */

/* Texts of the manifests as leaves, in their order. *origin: the file, by the id of its first
 * run or plan, which no later one changes; empty for a file without any. 32 bytes a manifest. */
static Status read_leaves(CaseReader *reader, Leaves *leaves, Str *origin)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(casereader_database(reader), "SELECT json, id FROM manifest ORDER"
		" BY number", -1, &stmt, NULL);
	*origin = STR("");
	while (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		Str json = {(const char *)sqlite3_column_text(stmt, 0),
			(size_t)sqlite3_column_bytes(stmt, 0)};
		if (leaves->n == 0)
			*origin = str_format(casereader_arena(reader), ORIGIN "%s",
				(const char *)sqlite3_column_text(stmt, 1));
		*vec_push(leaves) = merkle_leaf(json);
	}
	if (sqlite3_finalize(stmt) == SQLITE_OK && rc == SQLITE_OK)
		return STATUS_OK;
	return casereader_unreadable(reader);
}

/* The line of the last event, where there is one: "events 12 HASH". */
static Status print_events(CaseReader *reader, Buf *out)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(casereader_database(reader), "SELECT number, hash FROM event ORDER BY"
		" number DESC LIMIT 1", -1, &stmt, NULL);
	if (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		buf_printf(out, EVENTS "%lld %s\n", (long long)sqlite3_column_int64(stmt, 0),
			(const char *)sqlite3_column_text(stmt, 1));
	bool sound = sqlite3_finalize(stmt) == SQLITE_OK && rc == SQLITE_OK;
	return sound ? STATUS_OK : casereader_unreadable(reader);
}

/* Three lines or four. It is not said whether the file is sound: that is what vouch verify is
 * for. */
Status checkpoint_print(CaseReader *reader, Buf *out)
{
	Leaves leaves = {0};
	Str origin;
	Status status = read_leaves(reader, &leaves, &origin);
	if (status == STATUS_OK) {
		MerkleHash root = merkle_root_of(leaves.at, leaves.n);
		buf_str(out, origin);
		buf_printf(out, "\n%zu\n", leaves.n);
		put_base64(out, root.at, sizeof root.at);
		buf_char(out, '\n');
		status = print_events(reader, out);
	}
	vec_free(&leaves);
	return status;
}

/* ---- reading one ---- */

/* Takes a line off the front, without its end. E-mail ends lines with CR LF. */
static Str take_line(Str *rest)
{
	const char *end = rest->len == 0 ? NULL : memchr(rest->ptr, '\n', rest->len);
	Str line = {rest->ptr, end == NULL ? rest->len : (size_t)(end - rest->ptr)};
	size_t used = line.len + (end != NULL);
	*rest = (Str){rest->ptr + used, rest->len - used};
	return str_trim(line);
}

typedef struct Checkpoint {
	Str origin;
	uint64_t size;
	MerkleHash root;
	uint64_t events;         /* 0: there were none */
	Str last;                /* the hash of the last of them */
} Checkpoint;

/* Digits alone. A number stops being read once it is beyond 32 bits, long before it could
 * overflow. */
static bool read_size(Str s, uint64_t *size)
{
	*size = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9' || *size > UINT32_MAX)
			return false;
		*size = *size * 10 + (uint64_t)(s.ptr[i] - '0');
	}
	return s.len > 0 && (s.len == 1 || s.ptr[0] != '0');
}

/* "events 12 HASH", behind the three lines. */
static bool read_events(Str line, Checkpoint *out)
{
	line = (Str){line.ptr + sizeof EVENTS - 1, line.len - (sizeof EVENTS - 1)};
	const char *blank = memchr(line.ptr, ' ', line.len);
	if (blank == NULL)
		return false;
	out->last = (Str){blank + 1, (size_t)(line.ptr + line.len - blank) - 1};
	return read_size((Str){line.ptr, (size_t)(blank - line.ptr)}, &out->events);
}

/* Signatures and whatever else stands behind are left unread. */
static bool read_checkpoint(Str text, Checkpoint *out)
{
	*out = (Checkpoint){.origin = take_line(&text)};
	if (!str_starts(out->origin, STR(ORIGIN)) || !read_size(take_line(&text), &out->size) ||
	    !get_base64(take_line(&text), out->root.at, sizeof out->root.at))
		return false;
	Str line = take_line(&text);
	return !str_starts(line, STR(EVENTS)) || read_events(line, out);
}

/* The tree of then must be the beginning of the tree of now: a proof is made and checked, as a log
 * and its monitor would do between them. then->size is at least 1 and at most what there is. */
static bool begins_with(const Leaves *leaves, const Checkpoint *then)
{
	MerkleHash path[MERKLE_PATH], root = merkle_root_of(leaves->at, leaves->n);
	int n = merkle_consistency(leaves->at, (size_t)then->size, leaves->n, path);
	return merkle_consistent(then->size, leaves->n, &then->root, &root, path, n);
}

/* An event carries the hash of those before it, so the last one stands for all. */
static bool has_event(CaseReader *reader, const Checkpoint *then)
{
	sqlite3_stmt *stmt = NULL;
	bool same = false;
	if (then->events == 0)
		return true;
	if (sqlite3_prepare_v2(casereader_database(reader), "SELECT hash FROM event WHERE number = ?", -1,
			&stmt, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(stmt, 1, (int64_t)then->events);
		same = sqlite3_step(stmt) == SQLITE_ROW && str_eq(then->last, (Str){
			(const char *)sqlite3_column_text(stmt, 0), (size_t)sqlite3_column_bytes(stmt, 0)});
	}
	sqlite3_finalize(stmt);
	return same;
}

/* The first thing that does not hold is told: another file, or a file that lost manifests,
 * makes all that would come after it true by necessity. */
static bool compare(CaseReader *reader, const Leaves *leaves, Str origin, const Checkpoint *then,
	Buf *out)
{
	unsigned long long size = then->size;
	if (!str_eq(origin, then->origin))
		buf_printf(out, "the checkpoint is of another case file: %.*s\n", STR_ARG(then->origin));
	else if (then->size > leaves->n)
		buf_printf(out, "the checkpoint has %llu manifests, the case file %zu: some were removed\n", size,
			leaves->n);
	else if (then->size == 0 || !begins_with(leaves, then))
		buf_printf(out, "the first manifests of the case file are not the %llu of the checkpoint\n", size);
	else if (!has_event(reader, then))
		buf_printf(out, "event %llu is not the one of the checkpoint: events were changed or"
			" removed\n", (unsigned long long)then->events);
	else {
		buf_puts(out, "the case file holds what it held at the checkpoint");
		if (leaves->n > then->size)
			buf_printf(out, "; manifests added since: %llu", (unsigned long long)leaves->n - size);
		buf_char(out, '\n');
		return true;
	}
	return false;
}

Status checkpoint_compare(CaseReader *reader, Str text, Buf *out, bool *holds)
{
	Leaves leaves = {0};
	Checkpoint then;
	Str origin;
	*holds = false;
	if (!read_checkpoint(text, &then)) {
		buf_puts(out, "that is no checkpoint: it has three lines, as --checkpoint prints them\n");
		return STATUS_OK;
	}
	Status status = read_leaves(reader, &leaves, &origin);
	if (status == STATUS_OK)
		*holds = compare(reader, &leaves, origin, &then, out);
	vec_free(&leaves);
	return status;
}

/* ---- signatures ---- */

/* sizeof NAME counts the end of the text, so with the line feed and the 1 it is name + 2. */
static void key_id(const uint8_t key[ED25519_KEY_SIZE], uint8_t id[4])
{
	uint8_t hash[32];
	Digest digest;
	digest_begin(&digest);
	digest_bytes(&digest, NAME "\n\1", sizeof NAME + 1);
	digest_bytes(&digest, key, ED25519_KEY_SIZE);
	digest_end(&digest, hash);
	memcpy(id, hash, 4);
}

/* "vouch+5f1a09c2+AQ…": an id in hex, which people can read to each other over the telephone. */
static void put_key(Buf *buf, const char *what, const uint8_t id[4], const uint8_t *key)
{
	uint8_t bytes[1 + ED25519_KEY_SIZE] = {1};
	memcpy(bytes + 1, key, ED25519_KEY_SIZE);
	buf_printf(buf, "%s" NAME "+", what);
	hex_print(buf, id, 4);
	buf_char(buf, '+');
	put_base64(buf, bytes, sizeof bytes);
	buf_char(buf, '\n');
}

/* The secret key is Ed25519's seed of 32 bytes, and the public key is worked out from it: both have
 * the same id, so that a pair is known for one. getrandom gives that few bytes whole or fails. */
bool checkpoint_make_key(Buf *secret, Buf *open)
{
	uint8_t seed[ED25519_KEY_SIZE], key[ED25519_KEY_SIZE], id[4];
	if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed)
		return false;
	ed25519_sha512_public_key(key, seed);
	key_id(key, id);
	put_key(secret, SECRET, id, seed);
	put_key(open, "", id, key);
	return true;
}

/* "NAME+ID+KEY", behind `what`. The id is worked out from the key and held against the one that is
 * written: a key with a letter mistyped is refused, and not taken for one that signed nothing. */
static bool read_key(Str text, Str what, uint8_t id[4], uint8_t key[ED25519_KEY_SIZE])
{
	uint8_t bytes[1 + ED25519_KEY_SIZE];
	Str line = take_line(&text);
	const size_t head = what.len + sizeof NAME, middle = 2 * 4 + 1;
	if (!str_starts(line, what) || line.len < head + middle ||
	    memcmp(line.ptr + what.len, NAME "+", sizeof NAME) != 0)
		return false;
	if (!get_base64((Str){line.ptr + head + middle, line.len - head - middle}, bytes,
		sizeof bytes) || bytes[0] != 1)
		return false;
	Buf hex = {0};
	memcpy(key, bytes + 1, ED25519_KEY_SIZE);
	if (what.len > 0) {
		uint8_t open[ED25519_KEY_SIZE];
		ed25519_sha512_public_key(open, key);
		key_id(open, id);
	} else {
		key_id(key, id);
	}
	hex_print(&hex, id, 4);
	bool same = memcmp(hex.at, line.ptr + head, 8) == 0 && line.ptr[head + 8] == '+';
	buf_free(&hex);
	return same;
}

/* Signs all that the buffer holds, so before the blank line is put behind it. */
bool checkpoint_sign(Buf *checkpoint, Str secret)
{
	uint8_t id[4], seed[ED25519_KEY_SIZE], key[ED25519_KEY_SIZE];
	uint8_t line[4 + ED25519_SIGNATURE_SIZE];
	if (!read_key(secret, STR(SECRET), id, seed))
		return false;
	ed25519_sha512_public_key(key, seed);
	memcpy(line, id, sizeof id);
	ed25519_sha512_sign(key, seed, checkpoint->n, (const uint8_t *)checkpoint->at, line + 4);
	buf_puts(checkpoint, "\n" DASH NAME " ");
	put_base64(checkpoint, line, sizeof line);
	buf_char(checkpoint, '\n');
	return true;
}

/* The text as it was signed: three lines or four, each ended by a line feed, whatever the mail made
 * of it. *text is left behind the blank line, where signatures are. */
static void signed_text(Str *text, Buf *note)
{
	for (Str line = take_line(text); line.len > 0; line = take_line(text)) {
		buf_str(note, line);
		buf_char(note, '\n');
	}
}

/* A note may have several signatures; those of other keys are passed over, as signed-note asks. */
bool checkpoint_signed(Str text, Str open, bool *is_key)
{
	uint8_t id[4], key[ED25519_KEY_SIZE], line[4 + ED25519_SIGNATURE_SIZE];
	Buf note = {0};
	bool good = false;
	*is_key = read_key(open, STR(""), id, key);
	signed_text(&text, &note);
	while (*is_key && !good && text.len > 0) {
		Str at = take_line(&text), head = STR(DASH NAME " ");
		good = str_starts(at, head) && get_base64((Str){at.ptr + head.len, at.len - head.len},
			line, sizeof line) && memcmp(line, id, 4) == 0 &&
			ed25519_sha512_verify(key, note.n, (const uint8_t *)note.at, line + 4) != 0;
	}
	buf_free(&note);
	return good;
}
