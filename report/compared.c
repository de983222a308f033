/*
 * The text of the rule is read by its layout, which the formatter fixes: a clause is a word, blanks
 * and what it says, which goes on in lines that stand further in. No more is understood of it than
 * one comparison; whatever is more is no comparison of two quantities.
 *
 *   require  visit.declared <= quarter_hour(visit.logged)
 *            `- claimed --'    `------ supported ------'
 *                                           `- plain -'
 *
 * The text comes from the case file and not from today's rules, so the parser of the rules is not
 * at hand. In doubt the answer is no: then a chart is left out, which is better than a wrong one.
 */
#include "report/compared.h"

#include <string.h>

/* Blanks and tabs that a line begins with. */
static size_t indent_of(Str line)
{
	size_t n = 0;
	while (n < line.len && (line.ptr[n] == ' ' || line.ptr[n] == '\t'))
		n++;
	return n;
}

/* Without its end; the last line may have none. */
static Str next_line(Str *rest)
{
	const char *end = rest->len > 0 ? memchr(rest->ptr, '\n', rest->len) : NULL;
	size_t n = end == NULL ? rest->len : (size_t)(end - rest->ptr);
	Str line = {rest->ptr, n};
	n += end != NULL;
	*rest = (Str){rest->ptr + n, rest->len - n};
	return line;
}

/* Appends a line with its blanks made single. */
static void add_words(Buf *out, Str line)
{
	line = str_trim(line);
	if (out->n > 0 && line.len > 0)
		buf_char(out, ' ');
	for (size_t i = 0; i < line.len; i++) {
		bool blank = line.ptr[i] == ' ' || line.ptr[i] == '\t';
		if (!blank)
			buf_char(out, line.ptr[i]);
		else if (line.ptr[i - 1] != ' ' && line.ptr[i - 1] != '\t')
			buf_char(out, ' ');
	}
}

/* What the clause `require` says, in one line; empty when there is none. */
static Str required(Str text, Arena *arena)
{
	static const char word[] = "require ";
	size_t in = 0;
	bool inside = false;
	Buf words = {0};
	while (text.len > 0) {
		Str line = next_line(&text);
		size_t indent = indent_of(line);
		if (inside && indent <= in)
			break;
		Str rest = {line.ptr + indent, line.len - indent};
		if (!inside && str_starts(rest, str_of(word))) {
			inside = true;
			in = indent;
			rest = (Str){rest.ptr + sizeof word - 1, rest.len - (sizeof word - 1)};
		}
		if (inside)
			add_words(&words, rest);
	}
	Str out = words.n == 0 ? STR("") : str_copy(arena, buf_view(&words));
	buf_free(&words);
	return out;
}

/* Place of the one < or > outside of all brackets; false when there is another number of them, or
 * something is said beside the comparison. A quotation mark is enough to give up: in a text there
 * may be brackets that are none. */
static bool find_operator(Str text, size_t *at)
{
	static const char *const beside[] = {" and ", " or ", "not ", "implies "};
	int depth = 0, found = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		depth += (c == '(') - (c == ')');
		if (c == '"')
			return false;
		for (size_t k = 0; depth == 0 && k < sizeof beside / sizeof *beside; k++)
			if (str_starts((Str){text.ptr + i, text.len - i}, str_of(beside[k])))
				return false;
		if (depth == 0 && (c == '<' || c == '>')) {
			*at = i;
			found++;
		}
	}
	return found == 1;
}

/* Of `name(what)` what stands in the brackets; else the text itself. */
static Str inside_of(Str text)
{
	size_t open = 0;
	int depth = 0;
	while (open < text.len && text.ptr[open] != '(') {
		char c = text.ptr[open];
		if (c == ' ' || c == '.')
			return text;
		open++;
	}
	if (open == 0 || open >= text.len || text.ptr[text.len - 1] != ')')
		return text;
	for (size_t i = open; i + 1 < text.len; i++) {
		depth += (text.ptr[i] == '(') - (text.ptr[i] == ')');
		if (depth == 0)
			return text;
	}
	return str_trim((Str){text.ptr + open + 1, text.len - open - 2});
}

/* `a >= b` is `b <= a`: whichever way it is written, what must not be the greater is claimed. */
bool comparison_of(Str rule_text, Arena *arena, Comparison *out)
{
	size_t at;
	Str text = required(rule_text, arena);
	if (text.len == 0 || !find_operator(text, &at))
		return false;
	size_t end = at + 1 < text.len && text.ptr[at + 1] == '=' ? at + 2 : at + 1;
	Str left = str_trim((Str){text.ptr, at});
	Str right = str_trim((Str){text.ptr + end, text.len - end});
	bool less = text.ptr[at] == '<';
	out->claimed = less ? left : right;
	out->supported = less ? right : left;
	out->plain = inside_of(out->supported);
	out->strict = end == at + 1;
	return left.len > 0 && right.len > 0;
}

/* The first line with that name and a quantity as its value; a figure may stand in the rule. */
static bool value_of(Str name, const ReadEvidence *evidence, size_t n, Type *type, Ratio *out)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(evidence[i].name, name) && quantity_read(evidence[i].value, type, out))
			return true;
	return quantity_read(name, type, out);
}

/* Minutes and hours are one unit in two scales; minutes and pounds are two. */
static bool same_unit(const Type *a, const Type *b)
{
	return memcmp(&a->unit, &b->unit, sizeof a->unit) == 0;
}

/* What was rounded says so beside its value: "16 minutes before rounding". */
static bool before_rounding(Str name, const ReadEvidence *evidence, size_t n, Type *type,
	Ratio *out)
{
	static const char words[] = " before rounding";
	size_t len = sizeof words - 1;
	for (size_t i = 0; i < n; i++) {
		Str note = evidence[i].note;
		if (str_eq(evidence[i].name, name) && note.len > len
				&& memcmp(note.ptr + note.len - len, words, len) == 0)
			return quantity_read((Str){note.ptr, note.len - len}, type, out);
	}
	return false;
}

/* A value before rounding that is of another unit is not used, and the comparison stands
 * without. */
bool compared_in(const Comparison *comparison, const ReadEvidence *evidence, size_t n,
	Compared *out)
{
	Type other;
	if (!value_of(comparison->claimed, evidence, n, &out->type, &out->claimed)
			|| !value_of(comparison->supported, evidence, n, &other, &out->supported)
			|| !same_unit(&out->type, &other))
		return false;
	out->rounded = before_rounding(comparison->supported, evidence, n, &other, &out->plain)
		&& same_unit(&out->type, &other);
	if (!out->rounded)
		out->plain = out->supported;
	return true;
}
