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

/*
 * Lines are put into room that was made for the longest that they can become, so that their pieces,
 * of a few bytes each, go one behind the other without a look at the buffer. Each of the functions
 * below gives the place behind what it put.
 */
#define ESCAPED_MOST 6     /* bytes of one that is escaped: \u001f */
#define LINE_MOST 64       /* of all of a line but its texts */

static char *put_str(char *at, Str s)
{
	memcpy(at, s.ptr, s.len);
	return at + s.len;
}

static char *put_number(char *at, uint32_t n)
{
	int digits = 1;
	for (uint32_t rest = n; rest >= 10; rest /= 10)
		digits++;
	for (int i = digits; i-- > 0; n /= 10)
		at[i] = (char)('0' + n % 10);
	return at + digits;
}

/* The slow way, for the few texts that need it. */
static char *put_escaped(char *at, Str s)
{
	static const char hex[] = "0123456789abcdef";
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c < 0x20) {
			at = put_str(at, STR("\\u00"));
			*at++ = hex[c >> 4];
			*at++ = hex[c & 15];
			continue;
		}
		if (is_escaped(c))
			*at++ = '\\';
		*at++ = (char)c;
	}
	return at;
}

/* Copies, and says whether a byte has to be escaped: then the copy is none. Eight bytes at a time,
 * the last of them once more where they do not come out even; memcpy, because texts stand at any
 * address. */
static bool copy_needs_escape(char *at, Str s)
{
	uint64_t word;
	bool found = false;
	for (size_t i = 0; s.len >= 8 && i < s.len; i += 8) {
		size_t from = i + 8 <= s.len ? i : s.len - 8;
		memcpy(&word, s.ptr + from, 8);
		memcpy(at + from, &word, 8);
		found |= word_needs_escape(word);
	}
	for (size_t i = 0; s.len < 8 && i < s.len; i++) {
		at[i] = s.ptr[i];
		found |= is_escaped((unsigned char)s.ptr[i]);
	}
	return found;
}

/* JSON text by RFC 8259: quotes, backslashes and control characters escaped, UTF-8 left alone.
 * Hardly any text has one. */
static char *put_text(char *at, Str s)
{
	*at++ = '"';
	at = copy_needs_escape(at, s) ? put_escaped(at, s) : at + s.len;
	*at++ = '"';
	return at;
}

/* `,"value"`, then `,2` for the key and `,"note"`; most lines have no note, some no key. */
static char *put_rest(char *at, const TraceLine *line)
{
	*at++ = ',';
	at = put_text(at, line->value);
	if (line->key != NO_KEY) {
		*at++ = ',';
		at = put_number(at, (uint32_t)line->key);
	} else if (line->note.len > 0) {
		at = put_str(at, STR(",null"));
	}
	if (line->note.len == 0)
		return at;
	*at++ = ',';
	return put_text(at, line->note);
}

/* What was put behind the end of the buffer is its text from now on. */
static void take_up_to(Buf *buf, char *end)
{
	buf->n = (size_t)(end - buf->at);
	*end = '\0';
}

static void json_keys(Buf *buf, const Trace *trace)
{
	buf_char(buf, '[');
	for (size_t i = 0; i < trace->key.n; i++) {
		Str key = trace->key.at[i];
		char *at = buf_reserve(buf, key.len * ESCAPED_MOST + LINE_MOST);
		if (i > 0)
			*at++ = ',';
		take_up_to(buf, put_text(at, key));
	}
	buf_char(buf, ']');
}

/* What the label is called, and not its number, which another rule in the file could shift. */
static void facts_of_line(Buf *facts, const TraceLine *line, Str rest)
{
	uint64_t hash = line->label->hash;
	char *at = buf_reserve(facts, sizeof hash + rest.len);
	for (int i = 0; i < 8; i++)
		*at++ = (char)(hash >> 8 * i & 0xFF);
	take_up_to(facts, put_str(at, rest));
}

static void write_line(Evidence *out, const TraceLine *line)
{
	Buf *buf = &out->json;
	size_t texts = line->value.len + line->note.len;
	char *at = put_str(buf_reserve(buf, texts * ESCAPED_MOST + LINE_MOST), STR(",["));
	*vec_push(&out->number) = (size_t)(at - buf->at);
	char *rest = put_number(at, (uint32_t)line->label->number);
	char *end = put_rest(rest, line);
	facts_of_line(&out->facts, line, (Str){rest, (size_t)(end - rest)});
	*end++ = ']';
	take_up_to(buf, end);
}

/* Byte for byte the same for the same trace (law 8): no blanks, no times. */
void evidence_write(Evidence *out, const Trace *trace)
{
	Buf *buf = &out->json;
	buf_clear(buf);
	buf_clear(&out->facts);
	out->number.n = 0;
	buf_char(buf, '[');
	json_keys(buf, trace);
	buf_str(&out->facts, (Str){buf->at + 1, buf->n - 1});
	for (size_t i = 0; i < trace->line.n; i++)
		write_line(out, &trace->line.at[i]);
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
