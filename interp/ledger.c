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
 * Evidence is one compact JSON text a finding: the keys of the rows that it speaks of, then a line
 * for each value. A line begins with the number of its label, whose name, table and column stand in
 * the case file once for all findings, and gives its row by the place of the key:
 *
 *   [["VS1","L1"],[33,"30 minutes",0],[51,"16 minutes",1],[63,"15 minutes",null,"16 minutes before
 *   rounding"]]
 *
 * It is written by hand because it is most of what a run writes: with names and keys in every line
 * it was three times as long. jansson reads it back.
 */
#include "interp/ledger.h"

#include <string.h>

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
void finding_id_begin(Digest *rule_digest, Str contract, Str rule, Str kind)
{
	digest_begin(rule_digest);
	digest_field(rule_digest, 'v', STR("vouch finding 1"));
	digest_field(rule_digest, 'c', contract);
	digest_field(rule_digest, 'r', rule);
	digest_field(rule_digest, 's', kind);
}

void finding_id_of(const Digest *rule_digest, const Str *part, int32_t nparts, uint8_t out[16])
{
	uint8_t hash[32];
	Digest digest = *rule_digest;
	for (int32_t i = 0; i < nparts; i++)
		digest_field(&digest, 'k', part[i]);
	digest_end(&digest, hash);
	memcpy(out, hash, 16);
}

void finding_id(uint8_t out[16], Str contract, Str rule, Str kind, const Str *part, int32_t nparts)
{
	Digest digest;
	finding_id_begin(&digest, contract, rule, kind);
	finding_id_of(&digest, part, nparts, out);
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

/* `,"value"`, then `,2` for the key and `,"note"`; most lines have no note, some no key. */
static void json_rest(Buf *buf, const TraceLine *line)
{
	buf_char(buf, ',');
	json_text(buf, line->value);
	if (line->key == NO_KEY && line->note.len == 0)
		return;
	if (line->key == NO_KEY) {
		buf_str(buf, STR(",null"));
	} else {
		buf_char(buf, ',');
		buf_number(buf, (uint64_t)line->key, 1);
	}
	if (line->note.len == 0)
		return;
	buf_char(buf, ',');
	json_text(buf, line->note);
}

static void json_keys(Buf *buf, const Trace *trace)
{
	buf_char(buf, '[');
	for (size_t i = 0; i < trace->key.n; i++) {
		if (i > 0)
			buf_char(buf, ',');
		json_text(buf, trace->key.at[i]);
	}
	buf_char(buf, ']');
}

/* What the label is called, and not its number, which another rule in the file could shift. */
static void facts_of_line(Buf *facts, const TraceLine *line, Str rest)
{
	uint64_t hash = line->label->hash;
	char *at = buf_reserve(facts, sizeof hash + rest.len);
	for (int i = 0; i < 8; i++)
		at[i] = (char)(hash >> 8 * i & 0xFF);
	memcpy(at + sizeof hash, rest.ptr, rest.len);
	facts->n += sizeof hash + rest.len;
	facts->at[facts->n] = '\0';
}

/* Byte for byte the same for the same trace (law 8): no blanks, no times. */
void evidence_write(Evidence *out, const Trace *trace)
{
	Buf *buf = &out->json, *facts = &out->facts;
	buf_clear(buf);
	buf_clear(facts);
	out->number.n = 0;
	buf_char(buf, '[');
	json_keys(buf, trace);
	buf_str(facts, (Str){buf->at + 1, buf->n - 1});
	for (size_t i = 0; i < trace->line.n; i++) {
		const TraceLine *line = &trace->line.at[i];
		buf_str(buf, STR(",["));
		*vec_push(&out->number) = buf->n;
		buf_number(buf, (uint64_t)line->label->number, 1);
		size_t rest = buf->n;
		json_rest(buf, line);
		facts_of_line(facts, line, (Str){buf->at + rest, buf->n - rest});
		buf_char(buf, ']');
	}
	buf_char(buf, ']');
}

/* What stands between two numbers is copied as it is. A number ends at a comma: a line has a value. */
void evidence_renumbered(Buf *buf, const Evidence *evidence, const int32_t *number)
{
	Str json = buf_view(&evidence->json);
	size_t from = 0;
	for (size_t i = 0; i < evidence->number.n; i++) {
		size_t at = evidence->number.at[i];
		buf_str(buf, (Str){json.ptr + from, at - from});
		buf_number(buf, (uint64_t)number[i], 1);
		for (from = at; json.ptr[from] != ','; from++)
			continue;
	}
	buf_str(buf, (Str){json.ptr + from, json.len - from});
}

void evidence_free(Evidence *evidence)
{
	buf_free(&evidence->json);
	buf_free(&evidence->facts);
	vec_free(&evidence->number);
}
