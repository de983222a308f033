#include "interp/ledger.h"

#include <string.h>

#include "base/digest.h"

const char *verdict_word(Verdict verdict)
{
	static const char *const word[VERDICTS] = {"pass", "fail", "not_assessed", "not_applicable",
		"conflict"};
	return word[verdict];
}

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

void finding_id_print(Buf *buf, const uint8_t id[16], int chars)
{
	base32_print(buf, id, chars);
}

/* JSON text by RFC 8259: quotes, backslashes and control characters escaped, UTF-8 left alone. */
static void json_text(Buf *buf, Str s)
{
	size_t from = 0;
	buf_char(buf, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c >= 0x20 && c != '"' && c != '\\')
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
