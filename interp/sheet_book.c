/*
 * The parts of a workbook that are read before its sheets. Paths go by the relationships that the
 * parts declare, never by the names that most programs give.
 *
 *   xl/workbook.xml          <sheet name="Visits" r:id="r1"/>
 *   xl/_rels/workbook.xml.rels   r1 ─> Target="worksheets/sheet1.xml", beside the workbook
 *
 * One Reader goes through all of them; each part has a sink of its own, and leaves in the Book what
 * the rows will ask for.
 */
#include "interp/sheet_book.h"

#include <stdio.h>
#include <strings.h>

#include "base/limits.h"

typedef struct Relation {
	Str id, type, path; /* type: the last word of its address, the same in both editions */
} Relation;

typedef struct Reader {
	Book *book;
	Package *package;
	Sheet *sheet;
	Diags *diags;
	PackagePart *part;
	VEC(Relation) relation;
	Str base;               /* folder of the part whose relations are read, with its "/" */
	Str root;               /* name of the first element */
	/* of styles.xml */
	bool in_formats;        /* of cells, not of named styles */
	VEC(int64_t) code_id;
	VEC(NumberFormat) code;
	/* of sharedStrings.xml */
	BookText text;
	Buf buf;
} Reader;

/* ---- texts ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* -1: none. Both cases are written. */
static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* XML has no control characters, so the format writes them in hexadecimal, as UTF-16 has them.
 * The sixteen bits of _x000D_ at `at`; -1 when there is no such thing. */
static int32_t escape_at(const char *at, size_t left)
{
	int32_t code = 0;
	if (left < 7 || at[0] != '_' || at[1] != 'x' || at[6] != '_')
		return -1;
	for (int i = 2; i < 6; i++) {
		int digit = hex_digit(at[i]);
		if (digit < 0)
			return -1;
		code = code * 16 + digit;
	}
	return code;
}

/* c is no half of a pair. */
static char *put_utf8(char *to, int32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c >= 0x10000) {
		*to++ = (char)(0xF0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 0x3F));
	} else if (c >= 0x800) {
		*to++ = (char)(0xE0 | c >> 12);
	}
	*to++ = (char)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3F) : 0xC0 | c >> 6);
	*to++ = (char)(0x80 | (c & 0x3F));
	return to;
}

/* The character of an escape, of two for a pair of surrogates; *used is how long they are. What is
 * no character (NUL, half of a pair) is U+FFFD. */
static int32_t escaped(const char *at, size_t left, size_t *used)
{
	int32_t high = escape_at(at, left);
	*used = 7;
	if (high >= 0xD800 && high < 0xDC00) {
		int32_t low = left > 7 ? escape_at(at + 7, left - 7) : -1;
		if (low < 0xDC00 || low > 0xDFFF)
			return 0xFFFD;
		*used = 14;
		return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
	}
	return high == 0 || (high >= 0xDC00 && high <= 0xDFFF) ? 0xFFFD : high;
}

/* Never longer than what it comes from. */
static size_t unescape(char *at, size_t n)
{
	char *to = at;
	for (size_t i = 0; i < n;) {
		size_t used = 1;
		int32_t code = at[i] == '_' ? escape_at(at + i, n - i) : -1;
		if (code >= 0)
			to = put_utf8(to, escaped(at + i, n - i, &used));
		else
			*to++ = at[i];
		i += used;
	}
	return (size_t)(to - at);
}

/* CR and CR LF become LF. */
static size_t line_ends(char *at, size_t n)
{
	size_t to = 0;
	for (size_t i = 0; i < n; i++) {
		if (at[i] == '\r' && i + 1 < n && at[i + 1] == '\n')
			continue;
		at[to++] = (char)(at[i] == '\r' ? '\n' : at[i]);
	}
	return to;
}

/* Blanks go first: one that was written as _x0020_ was meant. */
void book_finish_text(Buf *buf, size_t from, bool keeps_blanks)
{
	if (buf->n == from)
		return;
	char *at = buf->at + from;
	size_t n = buf->n - from, skip = 0;
	while (!keeps_blanks && n > 0 && is_blank(at[n - 1]))
		n--;
	while (!keeps_blanks && skip < n && is_blank(at[skip]))
		skip++;
	n -= skip;
	if (skip > 0)
		memmove(at, at + skip, n);
	if (memchr(at, '_', n) != NULL)
		n = unescape(at, n);
	if (memchr(at, '\r', n) != NULL)
		n = line_ends(at, n);
	buf->n = from + n;
	buf->at[buf->n] = '\0';
}

bool book_keeps_blanks(const char *const *attribute)
{
	return str_eq(package_attribute(attribute, "xml:space"), STR("preserve"));
}

void book_text_begin(BookText *text, Str name, const char *const *attribute)
{
	text->phonetic += str_eq(name, STR("rPh"));
	if (text->phonetic > 0 || !str_eq(name, STR("t")))
		return;
	text->inside = true;
	text->keeps = book_keeps_blanks(attribute);
	text->from = text->to->n;
}

void book_text_put(BookText *text, Str piece)
{
	if (text->inside)
		buf_str(text->to, piece);
}

void book_text_end(BookText *text, Str name)
{
	text->phonetic -= str_eq(name, STR("rPh"));
	if (!text->inside || !str_eq(name, STR("t")))
		return;
	text->inside = false;
	book_finish_text(text->to, text->from, text->keeps);
}

/* ---- attributes ---- */

bool book_number(Str text, int64_t most, int64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		*out = *out * 10 + (text.ptr[i] - '0');
		if (*out > most)
			return false;
	}
	return text.len > 0;
}

bool book_yes(Str text)
{
	return str_eq(text, STR("1")) || str_eq(text, STR("true")) || str_eq(text, STR("on"));
}

static void no_text(void *user, Str text)
{
	(void)user, (void)text;
}

static void no_end(void *user, Str name)
{
	(void)user, (void)name;
}

/* ---- relations ---- */

/* Behind the last "/". */
static Str last_word(Str address)
{
	size_t from = address.len;
	while (from > 0 && address.ptr[from - 1] != '/')
		from--;
	return (Str){address.ptr + from, address.len - from};
}

static Str folder_of(Str path)
{
	Str file = last_word(path);
	return (Str){path.ptr, path.len - file.len};
}

/* "../a/./b" within a folder, "/a/b" from the top: as the archive has it, "a/b". */
static Str resolve(Arena *arena, Str base, Str target)
{
	Str whole = target.len > 0 && target.ptr[0] == '/' ? target
		: str_format(arena, "%.*s%.*s", STR_ARG(base), STR_ARG(target));
	char *out = arena_alloc(arena, whole.len + 2);
	size_t n = 0;
	for (size_t i = 0, end; i <= whole.len; i = end + 1) {
		for (end = i; end < whole.len && whole.ptr[end] != '/';)
			end++;
		Str step = {whole.ptr + i, end - i};
		if (str_eq(step, STR(".."))) {
			while (n > 0 && out[--n] != '/')
				;
		} else if (step.len > 0 && !str_eq(step, STR("."))) {
			if (n > 0)
				out[n++] = '/';
			memcpy(out + n, step.ptr, step.len);
			n += step.len;
		}
	}
	return (Str){out, n};
}

/* What lies outside of the file is never fetched. */
static void relation_begin(void *user, Str name, const char *const *attribute)
{
	Reader *r = user;
	Arena *arena = &r->book->arena;
	Str target = package_attribute(attribute, "Target");
	if (!str_eq(name, STR("Relationship")) || target.ptr == NULL ||
	    str_eq(package_attribute(attribute, "TargetMode"), STR("External")))
		return;
	if (r->relation.n == LIMIT_BOOK_ENTRIES) {
		package_wrong(r->part, "has more than %d relations", LIMIT_BOOK_ENTRIES);
		return;
	}
	*vec_push(&r->relation) = (Relation){str_copy(arena, package_attribute(attribute, "Id")),
		str_copy(arena, last_word(package_attribute(attribute, "Type"))),
		resolve(arena, r->base, target)};
}

/* The relations of a part stand beside it, in a folder of their own. */
static Status read_relations(Reader *r, Str of)
{
	static const PackageSink sink = {relation_begin, no_end, no_text};
	Str file = last_word(of);
	r->base = folder_of(of);
	r->relation.n = 0;
	Str path = str_format(&r->book->arena, "%.*s_rels/%.*s.rels", STR_ARG(r->base), STR_ARG(file));
	return package_read(r->package, r->diags, path, path, &sink, r, &r->part, LIMIT_BOOK_SMALL);
}

/* Of parts that there is one of; empty when there is none. */
static Str path_of_type(const Reader *r, Str type)
{
	for (size_t i = 0; i < r->relation.n; i++)
		if (str_eq(r->relation.at[i].type, type))
			return r->relation.at[i].path;
	return (Str){NULL, 0};
}

/* By the id that a part refers to it by. */
static const Relation *relation_of(const Reader *r, Str id)
{
	for (size_t i = 0; i < r->relation.n; i++)
		if (str_eq(r->relation.at[i].id, id))
			return &r->relation.at[i];
	return NULL;
}

/* ---- workbook.xml ---- */

static Str sheet_name(Reader *r, Str name)
{
	buf_clear(&r->buf);
	buf_str(&r->buf, name);
	book_finish_text(&r->buf, 0, true);
	return str_copy(&r->book->arena, buf_view(&r->buf));
}

/* Charts and macros of old stand among the sheets, and have no cells. */
static void add_sheet(Reader *r, const char *const *attribute)
{
	Str name = sheet_name(r, package_attribute(attribute, "name"));
	Str state = package_attribute(attribute, "state");
	const Relation *relation = relation_of(r, package_attribute(attribute, ":id"));
	if (relation == NULL) {
		package_wrong(r->part, "damaged: sheet %.*s is not to be found", STR_ARG(name));
		return;
	}
	if (r->book->sheet.n == LIMIT_BOOK_ENTRIES) {
		package_wrong(r->part, "has more than %d sheets", LIMIT_BOOK_ENTRIES);
		return;
	}
	if (str_eq(relation->type, STR("worksheet")))
		*vec_push(&r->book->sheet) = (BookSheet){name, relation->path,
			str_eq(state, STR("hidden")) || str_eq(state, STR("veryHidden"))};
}

/* The first element tells a workbook from a document; the rest does not mind where it stands. */
static void workbook_begin(void *user, Str name, const char *const *attribute)
{
	Reader *r = user;
	if (r->root.len == 0)
		r->root = str_copy(&r->book->arena, name);
	if (str_eq(name, STR("sheet")))
		add_sheet(r, attribute);
	else if (str_eq(name, STR("workbookPr")))
		r->book->date1904 = book_yes(package_attribute(attribute, "date1904"));
	else if (str_eq(name, STR("calcPr")))
		r->book->not_calculated = book_yes(package_attribute(attribute, "fullCalcOnLoad"));
}

/* ---- styles.xml ---- */

/* A workbook's own codes go before those that need none. */
static NumberFormat format_of(const Reader *r, int64_t id)
{
	for (size_t i = 0; i < r->code_id.n; i++)
		if (r->code_id.at[i] == id)
			return r->code.at[i];
	return format_of_id(id);
}

/* Named styles (cellStyleXfs) have formats, too, which cells never refer to. */
static void style_begin(void *user, Str name, const char *const *attribute)
{
	Reader *r = user;
	int64_t id = 0;
	if (str_eq(name, STR("cellXfs")))
		r->in_formats = true;
	if (str_eq(name, STR("numFmt"))) {
		if (!book_number(package_attribute(attribute, "numFmtId"), INT32_MAX, &id))
			return;
		if (r->code.n == LIMIT_BOOK_FORMATS)
			package_wrong(r->part, "has more than %d number formats", LIMIT_BOOK_FORMATS);
		*vec_push(&r->code_id) = id;
		*vec_push(&r->code) = format_of_code(package_attribute(attribute, "formatCode"));
	} else if (r->in_formats && str_eq(name, STR("xf"))) {
		book_number(package_attribute(attribute, "numFmtId"), INT32_MAX, &id);
		if (r->book->format.n == LIMIT_BOOK_STYLES)
			package_wrong(r->part, "has more than %d styles of cells", LIMIT_BOOK_STYLES);
		*vec_push(&r->book->format) = format_of(r, id);
	}
}

static void style_end(void *user, Str name)
{
	Reader *r = user;
	if (str_eq(name, STR("cellXfs")))
		r->in_formats = false;
}

/* ---- sharedStrings.xml ---- */

/* <si> by <si>; a cell asks for one by its place in the list, so empty ones count. */
static void string_begin(void *user, Str name, const char *const *attribute)
{
	Reader *r = user;
	if (str_eq(name, STR("si"))) {
		buf_clear(&r->buf);
		r->text = (BookText){.to = &r->buf};
	} else {
		book_text_begin(&r->text, name, attribute);
	}
}

static void string_text(void *user, Str text)
{
	Reader *r = user;
	book_text_put(&r->text, text);
}

static void string_end(void *user, Str name)
{
	Reader *r = user;
	if (str_eq(name, STR("si")))
		*vec_push(&r->book->string) = r->buf.n > 0
			? str_copy(&r->book->arena, buf_view(&r->buf)) : STR("");
	else
		book_text_end(&r->text, name);
}

/* ---- all of it ---- */

/* What other things are archives, too. */
static Status no_workbook(Reader *r)
{
	char room[64];
	Str type = package_head(r->package, STR("mimetype"), room, sizeof room);
	if (str_starts(type, STR("application/vnd.oasis.opendocument.spreadsheet")))
		return sheet_wrong(r->sheet, r->diags, "an OpenDocument spreadsheet (.ods): open it in a"
			" spreadsheet and save it as .xlsx or CSV");
	if (str_starts(type, STR("application/vnd.oasis.opendocument")))
		return sheet_wrong(r->sheet, r->diags, "an OpenDocument file that is no spreadsheet");
	return sheet_wrong(r->sheet, r->diags, "an archive (.zip) that holds no workbook: unpack it"
		" first");
}

/* By the path of the main part, which differs from kind to kind. */
static Status check_kind(Reader *r, Str path)
{
	if (path.len > 4 && strncasecmp(path.ptr + path.len - 4, ".bin", 4) == 0)
		return sheet_wrong(r->sheet, r->diags, "a binary workbook (.xlsb): open it in a spreadsheet"
			" and save it as .xlsx or CSV");
	if (str_starts(path, STR("word/")))
		return sheet_wrong(r->sheet, r->diags, "a Word document, not a table");
	if (str_starts(path, STR("ppt/")))
		return sheet_wrong(r->sheet, r->diags, "a PowerPoint presentation, not a table");
	return STATUS_OK;
}

/* From the archive's own relations to the workbook, and from there to its sheets. */
static Status read_workbook(Reader *r)
{
	static const PackageSink sink = {workbook_begin, no_end, no_text};
	if (!package_has(r->package, STR("_rels/.rels")))
		return no_workbook(r);
	Status status = read_relations(r, STR(""));
	if (status != STATUS_OK)
		return status;
	Str path = path_of_type(r, STR("officeDocument"));
	if (path.len == 0)
		return no_workbook(r);
	status = check_kind(r, path);
	if (status == STATUS_OK)
		status = read_relations(r, path);
	if (status == STATUS_OK)
		status = package_read(r->package, r->diags, path, path, &sink, r, &r->part,
			LIMIT_BOOK_SMALL);
	if (status == STATUS_OK && !str_eq(r->root, STR("workbook")))
		return sheet_wrong(r->sheet, r->diags, "an Office document that is no workbook");
	if (status == STATUS_OK && r->book->sheet.n == 0)
		return sheet_wrong(r->sheet, r->diags, "a workbook without a sheet of cells");
	return status;
}

/* Both may be left out: a sheet can have figures alone, and texts of its own. */
static Status read_parts(Reader *r)
{
	static const PackageSink styles = {style_begin, style_end, no_text},
		strings = {string_begin, string_end, string_text};
	Str path = path_of_type(r, STR("styles")), texts = path_of_type(r, STR("sharedStrings"));
	Status status = STATUS_OK;
	if (path.len > 0)
		status = package_read(r->package, r->diags, path, path, &styles, r, &r->part,
			LIMIT_BOOK_SMALL);
	if (status == STATUS_OK && texts.len > 0)
		status = package_read(r->package, r->diags, texts, texts, &strings, r, &r->part,
			LIMIT_BOOK_STRINGS);
	/* Without styles the first is there all the same: cells as they are. */
	if (r->book->format.n == 0)
		*vec_push(&r->book->format) = (NumberFormat){FORMAT_NUMBER, 0};
	return status;
}

Status book_read(Package *package, Sheet *sheet, Diags *diags, Book *book)
{
	Reader r = {.book = book, .package = package, .sheet = sheet, .diags = diags};
	r.text.to = &r.buf; /* a text may stand where none belongs */
	Status status = read_workbook(&r);
	if (status == STATUS_OK)
		status = read_parts(&r);
	vec_free(&r.relation);
	vec_free(&r.code_id);
	vec_free(&r.code);
	buf_free(&r.buf);
	return status;
}

void book_free(Book *book)
{
	vec_free(&book->sheet);
	vec_free(&book->string);
	vec_free(&book->format);
	arena_free(&book->arena);
}
