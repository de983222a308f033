/*
 * What a finding is called and how its evidence is kept.
 *
 *   id = first 128 bits of SHA-256 over  v "vouch finding 1"  c contract  r rule  s kind  k key …
 *
 * S58: the id is that of the subject, never of what was found, so a finding
 * keeps it from run to run as long as it is about the same thing, and what an
 * auditor said of one stays with it. Each field goes in with its kind and
 * length: ("a", "bc") and ("ab", "c") are different subjects.
 *
 * Evidence is one compact JSON text a finding, an array for each line, cut
 * behind its last part that is not empty. It is written by hand because it is
 * most of what a run writes; jansson reads it back.
 */
#include "interp/ledger.h"

#include <string.h>

#include "base/digest.h"

/*
 * As the case file spells them; reports have words of their own
 * (report/list.h).
 */
const char *verdict_word(Verdict verdict)
{
	static const char *const word[VERDICTS] = {"pass", "fail", "not_assessed", "not_applicable",
		"conflict"};
	return word[verdict];
}

/*
 * The version in front lets a later form of ids be told from this one. 128
 * bits: among a thousand million findings a clash is less likely than a fault
 * of the disk.
 */
void finding_id(uint8_t out[16], Str contract, Str rule, Str kind, const Str *part, int32_t nparts)
{
	uint8_t hash[32];
	Digest digest;
	digest_begin(&digest);
	digest_field(&digest, 'v', STR("vouch finding 1"));
	digest_field(&digest, 'c', contract);
	digest_field(&digest, 'r', rule);
	digest_field(&digest, 's', kind);
	for (int32_t i = 0; i < nparts; i++)
		digest_field(&digest, 'k', part[i]);
	digest_end(&digest, hash);
	memcpy(out, hash, 16);
}

/*
 * Crockford's letters, which have no I, L, O, U: ids are read out over the
 * telephone.
 */
void finding_id_print(Buf *buf, const uint8_t id[16], int chars)
{
	base32_print(buf, id, chars);
}

/* Whether a byte of the eight is below 0x20, a quote or a backslash. Those from 0x80 on are part of
 * a longer character. Each test sets the top bit of a byte that has it; one that comes out wrong
 * because of a borrow stands behind one that is right. */
static bool word_needs_escape(uint64_t word)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
	uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
	return (((word - ones * 0x20) | (quote - ones) | (slash - ones)) & ~word & tops) != 0;
}

/* The only bytes that RFC 8259 forbids in a text. */
static bool is_escaped(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

/* Eight bytes at a time; memcpy, because texts stand at any address. */
static bool needs_escape(Str s)
{
	size_t i = 0;
	for (; i + 8 <= s.len; i += 8) {
		uint64_t word;
		memcpy(&word, s.ptr + i, 8);
		if (word_needs_escape(word))
			return true;
	}
	for (; i < s.len; i++)
		if (is_escaped((unsigned char)s.ptr[i]))
			return true;
	return false;
}

/* The slow way, for the few texts that need it, or when the buffer has to grow. */
static void json_escaped(Buf *buf, Str s)
{
	size_t from = 0;
	buf_char(buf, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (!is_escaped(c))
			continue;
		buf_str(buf, (Str){s.ptr + from, i - from});
		if (c == '"' || c == '\\')
			buf_printf(buf, "\\%c", c);
		else
			buf_printf(buf, "\\u%04x", c);
		from = i + 1;
	}
	buf_str(buf, (Str){s.ptr + from, s.len - from});
	buf_char(buf, '"');
}

/* JSON text by RFC 8259: quotes, backslashes and control characters escaped, UTF-8 left alone.
 * Hardly any text has one, and the buffer is most often large enough. */
static void json_text(Buf *buf, Str s)
{
	if (buf->cap - buf->n <= s.len + 2 || needs_escape(s)) {
		json_escaped(buf, s);
		return;
	}
	char *at = buf->at + buf->n;
	*at = '"';
	if (s.len > 0)
		memcpy(at + 1, s.ptr, s.len);
	memcpy(at + 1 + s.len, "\"", 2);
	buf->n += s.len + 2;
}

/*
 * Name and value always stand; empty parts behind them are dropped, as most
 * lines have no note.
 */
static void json_line(Buf *buf, const TraceLine *line)
{
	const Str part[] = {line->name, line->value, line->table, line->key, line->column, line->note};
	int n = 6;
	while (n > 2 && part[n - 1].len == 0)
		n--;
	for (int i = 0; i < n; i++) {
		buf_char(buf, i == 0 ? '[' : ',');
		json_text(buf, part[i]);
	}
	buf_char(buf, ']');
}

/*
 * Byte for byte the same for the same trace (law 8): no blanks, no numbers, no
 * times.
 */
void evidence_json(Buf *buf, const Trace *trace)
{
	buf_char(buf, '[');
	for (size_t i = 0; i < trace->line.n; i++) {
		if (i > 0)
			buf_char(buf, ',');
		json_line(buf, &trace->line.at[i]);
	}
	buf_char(buf, ']');
}
