/*
 * Diagnostics are collected while work goes on and printed at the end, sorted, so that one run
 * tells all there is to tell and the order of checking shows nowhere (law 8).
 *
 *   rules/a.vouch:41:13: error[E0207]: a rate and a sum of money cannot be compared
 *      41 |   require   visit.rate >= £19.00
 *         |             ^^^^^^^^^^    ------ this is money
 *         |             this is money per hour
 *      help: write £19.00 per hour
 *
 * One diagnostic has a primary place (^), up to DIAG_LABELS partners (-), a note that states a
 * fact and a help that suggests. Only `help` says what to do. All text is copied into the arena,
 * so that what a message quotes may go away.
 */
#include "dsl/diag.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

/* Code, title and severity come from the one list in dsl/codes.h, as the enum and the pages of
 * docs/errors do. */
typedef struct CodeInfo {
	const char *text, *title;
	DiagSeverity severity;
} CodeInfo;

static const CodeInfo code_info[DIAG_CODE_COUNT] = {
#define X(name, code, severity, title) [DIAG_##name] = {code, title, severity},
	DIAG_CODES(X)
#undef X
};

void diags_init(Diags *diags, Arena *arena, const Sources *sources)
{
	*diags = (Diags){.arena = arena, .sources = sources};
}

/* Counted as they come, since callers ask whether a step added errors; counted again after
 * merging. */
static void count(Diags *diags, DiagCode code)
{
	if (diag_severity(code) == DIAG_ERROR)
		diags->errors++;
	else
		diags->warnings++;
}

/* Gives a number, not a pointer: the list moves when it grows, and labels are often added after
 * the next message was. */
DiagRef diag_add(Diags *diags, DiagCode code, Span at, const char *format, ...)
{
	va_list args;
	Diag *diag = vec_push(&diags->list);
	*diag = (Diag){.code = code, .at = at};
	va_start(args, format);
	diag->message = str_vformat(diags->arena, format, args);
	va_end(args);
	count(diags, code);
	return (DiagRef){diags, diags->list.n - 1};
}

/* Valid until the next diag_add. */
static Diag *diag_of(DiagRef ref)
{
	return &ref.diags->list.at[ref.index];
}

/* What stands at the primary place itself: `this is money per hour`. */
DiagRef diag_here(DiagRef ref, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	diag_of(ref)->here = str_vformat(ref.diags->arena, format, args);
	va_end(args);
	return ref;
}

/* Beyond DIAG_LABELS it is dropped: a fifth partner makes no message clearer. */
DiagRef diag_label(DiagRef ref, Span at, const char *format, ...)
{
	Diag *diag = diag_of(ref);
	va_list args;
	if (diag->labels == DIAG_LABELS)
		return ref;
	va_start(args, format);
	diag->label[diag->labels++] = (DiagLabel){at, str_vformat(ref.diags->arena, format, args)};
	va_end(args);
	return ref;
}

/* One note and one help at most; the last word wins, which lets general advice be refined. */
DiagRef diag_note(DiagRef ref, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	diag_of(ref)->note = str_vformat(ref.diags->arena, format, args);
	va_end(args);
	return ref;
}

DiagRef diag_help(DiagRef ref, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	diag_of(ref)->help = str_vformat(ref.diags->arena, format, args);
	va_end(args);
	return ref;
}

/* From a list with an arena of its own (a run's worker has one), whose texts would go with it. */
void diags_move(Diags *into, const Diags *from)
{
	for (size_t i = 0; i < from->list.n; i++) {
		Diag diag = from->list.at[i];
		diag.message = str_copy(into->arena, diag.message);
		diag.here = str_copy(into->arena, diag.here);
		diag.note = str_copy(into->arena, diag.note);
		diag.help = str_copy(into->arena, diag.help);
		for (int k = 0; k < diag.labels; k++)
			diag.label[k].text = str_copy(into->arena, diag.label[k].text);
		*vec_push(&into->list) = diag;
		count(into, diag.code);
	}
}

DiagSeverity diag_severity(DiagCode code)
{
	return code_info[code].severity;
}

const char *diag_code_text(DiagCode code)
{
	return code_info[code].text;
}

/* The heading of its page in docs/errors. */
const char *diag_title(DiagCode code)
{
	return code_info[code].title;
}

/* For `vouch explain e0207`: the letter in either case, the digits exactly. */
bool diag_code_of(Str text, DiagCode *code)
{
	for (int i = 0; i < DIAG_CODE_COUNT; i++) {
		const char *name = code_info[i].text;
		if (strlen(name) != text.len || toupper((unsigned char)text.ptr[0]) != name[0]
				|| memcmp(text.ptr + 1, name + 1, text.len - 1) != 0)
			continue;
		*code = (DiagCode)i;
		return true;
	}
	return false;
}

/* By place, then code, then message: what is printed does not depend on the order of finding. The
 * sort need not be stable: what compares the same is the same message at the same place. */
static int diag_cmp(const void *left, const void *right)
{
	const Diag *a = left, *b = right;
	if (a->at.file != b->at.file)
		return a->at.file < b->at.file ? -1 : 1;
	if (a->at.lo != b->at.lo)
		return a->at.lo < b->at.lo ? -1 : 1;
	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	return str_cmp(a->message, b->message);
}

/* One slip met on two ways (a define used twice, a table with two instances) is told once. The
 * counts are made anew, so that `2 errors` is what stands above it. */
static void sort_and_merge(Diags *diags)
{
	size_t kept = 0;
	if (diags->list.n > 0)
		qsort(diags->list.at, diags->list.n, sizeof(Diag), diag_cmp);
	for (size_t i = 0; i < diags->list.n; i++) {
		if (kept == 0 || diag_cmp(&diags->list.at[kept - 1], &diags->list.at[i]) != 0)
			diags->list.at[kept++] = diags->list.at[i];
	}
	diags->list.n = kept;
	diags->errors = diags->warnings = 0;
	for (size_t i = 0; i < kept; i++)
		count(diags, diags->list.at[i].code);
}

/*
 * One source line with what is marked on it.
 *
 *   41 |   require   visit.rate >= £19.00          the line
 *      |             ^^^^^^^^^^    ------ money     marks, and the label of the last of them
 *      |             money per hour                labels of the others, last to first
 */
typedef struct Mark {
	int column, width; /* in characters, from 0 */
	char sign;
	Str text;
} Mark;

typedef struct Shown {
	Place place;
	Mark mark[DIAG_LABELS + 1];
	int marks;
} Shown;

#define GUTTER 5

/* Escapes only where a terminal asked for them: a redirected message is plain text. */
static void paint(Buf *out, bool colour, const char *code)
{
	if (colour)
		buf_printf(out, "\033[%sm", code);
}

/* The width is in characters, at least one, so that the end of a file can be pointed at too. */
static Mark mark_of(const Sources *sources, Span at, const Place *place, char sign, Str text)
{
	Str marked = source_text(sources, at);
	size_t left = 0;
	/* A place that runs over the line end is marked up to it. */
	while (left < marked.len && marked.ptr[left] != '\n' && marked.ptr[left] != '\r')
		left++;
	int width = 0;
	for (size_t i = 0; i < left; i++)
		width += ((unsigned char)marked.ptr[i] & 0xC0) != 0x80;
	return (Mark){place->column - 1, width > 0 ? width : 1, sign, text};
}

/* Blanks up to a column; a tab of the line stays one, so that marks stand below what they mark.
 * Counted in characters of the line, as the columns of marks are. */
static void indent_to(Buf *out, Str line, int from, int to)
{
	size_t i = 0;
	for (int c = 0; c < to; c++) {
		char byte = i < line.len ? line.ptr[i] : ' ';
		if (c >= from)
			buf_char(out, byte == '\t' ? '\t' : ' ');
		if (i < line.len)
			i++;
		while (i < line.len && ((unsigned char)line.ptr[i] & 0xC0) == 0x80)
			i++;
	}
}

/* As wide as the line number, so that the bars stand below each other. */
static void print_gutter(Buf *out, bool colour)
{
	paint(out, colour, "34");
	buf_pad(out, ' ', GUTTER);
	buf_puts(out, " |");
	paint(out, colour, "0");
	buf_char(out, ' ');
}

/* Red where the fault is, blue for what it is compared with. */
static const char *mark_colour(const Mark *mark)
{
	return mark->sign == '^' ? "31" : "34";
}

/* Marks may overlap (an operand and the whole that it stands in): the part that an earlier mark
 * took stays as it is. Only the last label fits behind its mark; the others go below. */
static void print_signs(Buf *out, const Shown *shown, bool colour)
{
	int column = 0;
	print_gutter(out, colour);
	for (int i = 0; i < shown->marks; i++) {
		const Mark *mark = &shown->mark[i];
		int from = mark->column > column ? mark->column : column;
		int to = mark->column + mark->width;
		if (to <= from)
			continue;
		indent_to(out, shown->place.line_text, column, from);
		paint(out, colour, mark_colour(mark));
		buf_pad(out, mark->sign, (size_t)(to - from));
		paint(out, colour, "0");
		column = to;
	}
	const Mark *last = &shown->mark[shown->marks - 1];
	if (last->text.len > 0)
		buf_printf(out, " %.*s", STR_ARG(last->text));
	buf_char(out, '\n');
}

/* Last to first, so that no label is written over the place of one still to come. */
static void print_labels(Buf *out, const Shown *shown, bool colour)
{
	for (int i = shown->marks - 2; i >= 0; i--) {
		const Mark *mark = &shown->mark[i];
		if (mark->text.len == 0)
			continue;
		print_gutter(out, colour);
		indent_to(out, shown->place.line_text, 0, mark->column);
		paint(out, colour, mark_colour(mark));
		buf_str(out, mark->text);
		paint(out, colour, "0");
		buf_char(out, '\n');
	}
}

/* A line of a file that is no text must not reach a terminal as it is: what is not a printable
 * character of UTF-8 is shown as one question mark, so that columns still count. Escape sequences
 * in a file that someone sent must not reach the terminal of the one who checks it. */
static void put_printable(Buf *out, Str line)
{
	while (line.len > 0) {
		ptrdiff_t bad = utf8_first_bad(line);
		size_t sound = bad < 0 ? line.len : (size_t)bad;
		for (size_t i = 0; i < sound; i++) {
			unsigned char c = (unsigned char)line.ptr[i];
			buf_char(out, (c < 0x20 && c != '\t') || c == 0x7F ? '?' : (char)c);
		}
		if (sound == line.len)
			return;
		buf_char(out, '?');
		do
			sound++;
		while (sound < line.len && ((unsigned char)line.ptr[sound] & 0xC0) == 0x80);
		line = (Str){line.ptr + sound, line.len - sound};
	}
}

/* The line itself, then its marks, then the labels that did not fit behind them. */
static void print_line(Buf *out, const Shown *shown, bool colour)
{
	paint(out, colour, "34");
	buf_printf(out, "%*d |", GUTTER, shown->place.line);
	paint(out, colour, "0");
	buf_char(out, ' ');
	put_printable(out, shown->place.line_text);
	buf_char(out, '\n');
	print_signs(out, shown, colour);
	print_labels(out, shown, colour);
}

/* Kept sorted by column, since signs are written from left to right. */
static void add_mark(Shown *shown, Mark mark)
{
	int i = shown->marks++;
	for (; i > 0 && shown->mark[i - 1].column > mark.column; i--)
		shown->mark[i] = shown->mark[i - 1];
	shown->mark[i] = mark;
}

/* Labels on the line of the primary place join it; those elsewhere get a line of their own. In
 * another file the label's own place is written above it, or the line could not be found. */
static void print_marked(Buf *out, const Sources *sources, const Diag *diag, bool colour)
{
	Shown main = {.place = source_place(sources, diag->at)};
	add_mark(&main, mark_of(sources, diag->at, &main.place, '^', diag->here));
	for (int i = 0; i < diag->labels; i++) {
		Place place = source_place(sources, diag->label[i].at);
		if (diag->label[i].at.file == diag->at.file && place.line == main.place.line)
			add_mark(&main, mark_of(sources, diag->label[i].at, &place, '-', diag->label[i].text));
	}
	print_line(out, &main, colour);
	for (int i = 0; i < diag->labels; i++) {
		Shown other = {.place = source_place(sources, diag->label[i].at)};
		Span at = diag->label[i].at;
		if (at.file == diag->at.file && other.place.line == main.place.line)
			continue;
		if (at.file != diag->at.file)
			buf_printf(out, "%*s-> %.*s:%d:%d\n", GUTTER, "", STR_ARG(sources->file.at[at.file].path),
				other.place.line, other.place.column);
		add_mark(&other, mark_of(sources, at, &other.place, '-', diag->label[i].text));
		print_line(out, &other, colour);
	}
}

/* A contract that was not found, or a folder, is complained of without one. */
static bool has_place(const Diags *diags, const Diag *diag)
{
	return diags->sources != NULL && diag->at.file >= 0
		&& (size_t)diag->at.file < diags->sources->file.n;
}

/* The first line has the form that editors know: path, line, column, severity. */
static void print_diag(const Diags *diags, const Diag *diag, Buf *out, bool colour)
{
	bool error = diag_severity(diag->code) == DIAG_ERROR, placed = has_place(diags, diag);
	if (placed) {
		Place place = source_place(diags->sources, diag->at);
		Str path = diags->sources->file.at[diag->at.file].path;
		buf_printf(out, "%.*s:%d:%d: ", STR_ARG(path), place.line, place.column);
	}
	paint(out, colour, error ? "1;31" : "1;33");
	buf_printf(out, "%s[%s]", error ? "error" : "warning", diag_code_text(diag->code));
	paint(out, colour, "0");
	buf_printf(out, ": %.*s\n", STR_ARG(diag->message));
	if (placed)
		print_marked(out, diags->sources, diag, colour);
	if (diag->note.len > 0)
		buf_printf(out, "   note: %.*s\n", STR_ARG(diag->note));
	if (diag->help.len > 0)
		buf_printf(out, "   help: %.*s\n", STR_ARG(diag->help));
}

/* A file of another kind given by mistake would raise thousands; the first in order of place are
 * the ones to mend, and the rest are only counted. */
void diags_print(Diags *diags, Buf *out, bool colour)
{
	sort_and_merge(diags);
	for (size_t i = 0; i < diags->list.n && i < LIMIT_DIAGNOSTICS; i++)
		print_diag(diags, &diags->list.at[i], out, colour);
	if (diags->list.n > LIMIT_DIAGNOSTICS)
		buf_printf(out, "and %zu more\n", diags->list.n - LIMIT_DIAGNOSTICS);
}

/* For tests, which tell codes and words apart but not places. */
void diag_print_short(const Diag *diag, Buf *out)
{
	buf_printf(out, "%s %s: %.*s", diag_severity(diag->code) == DIAG_ERROR ? "error" : "warning",
		diag_code_text(diag->code), STR_ARG(diag->message));
}

/* jansson refuses what is no UTF-8; a message about such a file must come out all the same. */
static json_t *json_str(Str s)
{
	json_t *text = json_stringn(s.ptr == NULL ? "" : s.ptr, s.len);
	return text != NULL ? text : json_string("(not valid UTF-8)");
}

/* Both ends, since editors underline ranges. Columns count characters here too, from 1. */
static void json_place(json_t *object, const Sources *sources, Span at)
{
	Span end = {at.file, at.hi, at.hi};
	Place first = source_place(sources, at), last = source_place(sources, end);
	json_object_set_new(object, "file", json_str(sources->file.at[at.file].path));
	json_object_set_new(object, "line", json_integer(first.line));
	json_object_set_new(object, "column", json_integer(first.column));
	json_object_set_new(object, "end_line", json_integer(last.line));
	json_object_set_new(object, "end_column", json_integer(last.column));
}

/* Labels have places of their own, perhaps in other files. */
static json_t *json_labels(const Sources *sources, const Diag *diag)
{
	json_t *labels = json_array();
	for (int i = 0; i < diag->labels; i++) {
		json_t *label = json_object();
		json_object_set_new(label, "text", json_str(diag->label[i].text));
		json_place(label, sources, diag->label[i].at);
		json_array_append_new(labels, label);
	}
	return labels;
}

/* Empty parts are left out rather than written as empty texts: a reader may test for the key
 * alone. `here` stands by itself, since its place is the diagnostic's. */
static json_t *json_diag(const Diags *diags, const Diag *diag)
{
	json_t *object = json_object();
	bool error = diag_severity(diag->code) == DIAG_ERROR;
	json_object_set_new(object, "code", json_string(diag_code_text(diag->code)));
	json_object_set_new(object, "severity", json_string(error ? "error" : "warning"));
	json_object_set_new(object, "message", json_str(diag->message));
	if (has_place(diags, diag)) {
		json_place(object, diags->sources, diag->at);
		json_object_set_new(object, "labels", json_labels(diags->sources, diag));
	}
	if (diag->here.len > 0)
		json_object_set_new(object, "here", json_str(diag->here));
	if (diag->note.len > 0)
		json_object_set_new(object, "note", json_str(diag->note));
	if (diag->help.len > 0)
		json_object_set_new(object, "help", json_str(diag->help));
	return object;
}

/* All of them, without the limit for people: programs ask for this form. */
void diags_print_json(Diags *diags, Buf *out)
{
	sort_and_merge(diags);
	json_t *array = json_array();
	for (size_t i = 0; i < diags->list.n; i++)
		json_array_append_new(array, json_diag(diags, &diags->list.at[i]));
	char *text = json_dumps(array, JSON_INDENT(2));
	buf_puts(out, text != NULL ? text : "[]");
	buf_char(out, '\n');
	free(text);
	json_decref(array);
}

/* A third of a word may be wrong, roughly; one letter of a word of three. */
#define NEAR_ENOUGH(len) ((len) <= 3 ? 1 : (len) <= 6 ? 2 : 3)

/* The distance starts beyond what is near enough, so that whatever is kept is a suggestion. */
void nearest_start(Nearest *nearest, Str word)
{
	*nearest = (Nearest){word, {0}, NEAR_ENOUGH(word.len) + 1};
}

/* Ties go to the name that is first by bytes, so that the suggestion does not depend on the order
 * in which names were tried (law 8). */
void nearest_try(Nearest *nearest, Str candidate)
{
	int distance = text_distance(nearest->word, candidate, nearest->distance);
	bool nearer = distance < nearest->distance
		|| (distance == nearest->distance && nearest->best.len > 0
			&& str_cmp(candidate, nearest->best) < 0);
	/* Something wholly different of the same length is no suggestion. */
	if (!nearer || (size_t)distance >= candidate.len)
		return;
	nearest->best = candidate;
	nearest->distance = distance;
}

Str nearest_best(const Nearest *nearest)
{
	return nearest->best;
}
