/*
 * Laying a rule file out. The tree says what is a declaration, a clause, a row, a field; the text
 * between two places of it is written token by token. So nothing is printed from the tree's
 * meaning, and formatting cannot change what a file says: the same tree comes out of what was
 * formatted, which is tested for every file. One thing is put in that only shows what it says: brackets
 * round `a or else b` beside + - * /, which binds closer than it reads.
 *
 *   rule V1 "Declared more"            rule V1 "Declared more"
 *    on visit.date                       on        visit.date
 *       severity   major                 severity  major
 *
 *   | a | b |                            | a   | b   |
 *   | 10 |200 |                          | 10  | 200 |
 *
 * Formatting what is formatted changes nothing. Comments keep their order, and their place:
 * before the piece that follows them, or behind the line on which they stand. A single blank line
 * between pieces is kept, several become one.
 */
#include "dsl/format.h"

#include <stdlib.h>
#include <string.h>

#include "dsl/format_tokens.h"

typedef struct Comment {
	uint32_t lo, hi;
	bool own_line;   /* nothing but blanks before it on its line */
	bool indented;
} Comment;

/* Written where the source has none, round the bytes from lo to hi. */
typedef struct Bracket {
	uint32_t lo, hi;
} Bracket;

/*
 * A file being laid out. Comments are taken in order: each is written before the first piece that
 * begins behind it, or at the end of the piece whose line it stands on.
 */
typedef struct Layout {
	Str text;
	Buf *out;
	VEC(Bracket) bracket;
	VEC(Comment) comment;
	size_t next;      /* first comment that is not written yet */
	uint32_t done;    /* source written up to here: blank lines are looked for behind it */
} Layout;

/* The last line of a file may have none. */
static uint32_t line_end(Str s, uint32_t at)
{
	while (at < s.len && s.ptr[at] != '\n')
		at++;
	return at;
}

/* From the # to the line's end. How it stood is noted now, since the pieces around it will move. */
static void find_comment(Layout *layout, uint32_t at)
{
	uint32_t hi = line_end(layout->text, at), line = at;
	while (line > 0 && layout->text.ptr[line - 1] != '\n')
		line--;
	bool own = true;
	for (uint32_t i = line; i < at; i++)
		own = own && (layout->text.ptr[i] == ' ' || layout->text.ptr[i] == '\t');
	uint32_t end = hi;
	while (end > at && strchr(" \t\r", layout->text.ptr[end - 1]) != NULL)
		end--;
	*vec_push(&layout->comment) = (Comment){at, end, own, at > line};
}

/* In a row quotes are like any other letter, and a # begins a comment only behind the last bar. */
static uint32_t find_in_row(Layout *layout, uint32_t at)
{
	Str s = layout->text;
	uint32_t end = line_end(s, at), bar = end;
	while (bar > at && s.ptr[bar - 1] != '|')
		bar--;
	for (; bar < end; bar++) {
		if (s.ptr[bar] == '#') {
			find_comment(layout, bar);
			break;
		}
	}
	return end;
}

/* Every # outside texts begins a comment. Found before anything is written, in order, by the
 * same cutting of texts as the tokens: a # in a title is no comment. */
static void find_comments(Layout *layout)
{
	Str s = layout->text;
	Token token;
	bool fresh = true; /* nothing but blanks on this line so far */
	for (uint32_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (c == '|' && fresh) {
			i = find_in_row(layout, i);
		} else if (c == '"' && token_next(s, i, &token)) {
			i = (uint32_t)token.end - 1;
		} else if (c == '#') {
			find_comment(layout, i);
			i = line_end(s, i);
		}
		fresh = i >= s.len || s.ptr[i] == '\n' || (fresh && strchr(" \t\r", s.ptr[i]) != NULL);
	}
}

static void put_indent(Layout *layout, int indent)
{
	buf_pad(layout->out, ' ', (size_t)indent);
}

/* Whether the source has an empty line between two places. */
static bool blank_line(const Layout *layout, uint32_t from, uint32_t to)
{
	int ends = 0;
	for (uint32_t i = from; i < to && i < layout->text.len; i++) {
		if (layout->text.ptr[i] == '\n')
			ends++;
		else if (strchr(" \t\r", layout->text.ptr[i]) == NULL)
			ends = 0;
		if (ends > 1)
			return true;
	}
	return false;
}

/* Written where it falls due, at the indentation of what it stands before. */
static void put_comment(Layout *layout, int indent)
{
	Comment comment = layout->comment.at[layout->next++];
	if (blank_line(layout, layout->done, comment.lo) && layout->out->n > 0)
		buf_char(layout->out, '\n');
	put_indent(layout, indent);
	buf_str(layout->out, (Str){layout->text.ptr + comment.lo, comment.hi - comment.lo});
	buf_char(layout->out, '\n');
	layout->done = comment.hi;
}

/* Comments that stand before a place, each on a line of its own. */
static void put_comments(Layout *layout, uint32_t before, int indent)
{
	while (layout->next < layout->comment.n && layout->comment.at[layout->next].lo < before)
		put_comment(layout, indent);
}

/* Ends a line: a comment that stands behind `hi` on the same line of the source goes with it. A
 * comment of another line waits for the next piece. */
static void end_line(Layout *layout, uint32_t hi)
{
	if (layout->next < layout->comment.n) {
		Comment comment = layout->comment.at[layout->next];
		bool same = comment.lo >= hi && !comment.own_line;
		for (uint32_t i = hi; same && i < comment.lo; i++)
			same = layout->text.ptr[i] != '\n';
		if (same) {
			buf_puts(layout->out, "  ");
			buf_str(layout->out, (Str){layout->text.ptr + comment.lo, comment.hi - comment.lo});
			layout->next++;
			hi = comment.hi;
		}
	}
	buf_char(layout->out, '\n');
	if (hi > layout->done)
		layout->done = hi;
}

/* A blank line of the source before a piece is kept, one of it. */
static void keep_blank(Layout *layout, uint32_t lo)
{
	uint32_t first = lo;
	if (layout->next < layout->comment.n && layout->comment.at[layout->next].lo < lo)
		first = layout->comment.at[layout->next].lo;
	if (first == lo && layout->done > 0 && blank_line(layout, layout->done, lo))
		buf_char(layout->out, '\n');
}

/* ---- brackets ---- */

static bool is_arithmetic(const Ast *ast)
{
	return ast->kind == AST_ADD || ast->kind == AST_SUBTRACT || ast->kind == AST_MULTIPLY ||
		ast->kind == AST_DIVIDE || ast->kind == AST_NEGATE;
}

/* Trees are as deep as LIMIT_TREE at most; lists are walked along. */
static void find_brackets(Layout *layout, const Ast *ast)
{
	for (; ast != NULL; ast = ast->next) {
		const Ast *part[] = {ast->a, ast->b, ast->c, ast->d};
		for (int i = 0; i < 4; i++) {
			if (part[i] == NULL)
				continue;
			if (is_arithmetic(ast) && part[i]->kind == AST_OR_ELSE)
				*vec_push(&layout->bracket) = (Bracket){part[i]->at.lo, part[i]->at.hi};
			find_brackets(layout, part[i]);
		}
		find_brackets(layout, ast->items);
	}
}

/* Tokens of a piece of the source, with the brackets that are put in. */
typedef struct Cut {
	const Layout *layout;
	uint32_t hi;
	size_t at;       /* in the source: behind the last token */
	size_t opened;   /* the place of the last bracket put in before a token, + 1 */
	bool closed;     /* the one that ends here was put in */
} Cut;

static bool has_bracket(const Cut *cut, size_t place, bool opens)
{
	for (size_t i = 0; i < cut->layout->bracket.n; i++)
		if ((opens ? cut->layout->bracket.at[i].lo : cut->layout->bracket.at[i].hi) == place)
			return true;
	return false;
}

static bool cut_next(Cut *cut, Token *token)
{
	Str source = {cut->layout->text.ptr, cut->hi};
	if (!cut->closed && has_bracket(cut, cut->at, false)) {
		cut->closed = true;
		*token = (Token){STR(")"), cut->at, cut->at, false};
		return true;
	}
	if (!token_next(source, cut->at, token))
		return false;
	if (cut->opened != token->start + 1 && has_bracket(cut, token->start, true)) {
		cut->opened = token->start + 1;
		*token = (Token){STR("("), token->start, token->start, true};
		return true;
	}
	cut->at = token->end;
	cut->closed = false;
	return true;
}

/* What a token needs before it. */
static bool cut_spaced(const Cut *cut, const TokenPair *pair)
{
	return token_spaced((Str){cut->layout->text.ptr, cut->hi}, pair);
}

/* On one line, however long. */
static void put_line(const Layout *layout, uint32_t lo, uint32_t hi, Buf *out)
{
	Cut cut = {.layout = layout, .hi = hi, .at = lo, .closed = true};
	TokenPair pair = {0};
	Token token;
	while (cut_next(&cut, &token)) {
		token_pair_next(&pair, token);
		if (cut_spaced(&cut, &pair))
			buf_char(out, ' ');
		buf_str(out, token.text);
	}
}

/*
 * Tokens from lo to hi, broken before `and`, `or` … where the line would be too long; what follows
 * a break is indented by `hang`.
 *
 * One run lies between two places where a line may break; it is measured whole, then put on this
 * line or the next. A run that is too long by itself stays long: what cannot be broken well is
 * not broken.
 */
static void put_tokens(Layout *layout, uint32_t lo, uint32_t hi, int column, int hang)
{
	Cut cut = {.layout = layout, .hi = hi, .at = lo, .closed = true};
	Buf run = {0};
	TokenPair pair = {0};
	Token token;
	bool first_run = true;
	for (;;) {
		bool more = cut_next(&cut, &token);
		if (!more || (token_breaks(pair.token.text, token.text) && run.n > 0)) {
			int width = (int)utf8_width(buf_view(&run));
			if (!first_run && column + 1 + width > FORMAT_WIDTH) {
				buf_char(layout->out, '\n');
				put_indent(layout, hang);
				column = hang;
			} else if (!first_run) {
				buf_char(layout->out, ' ');
				column++;
			}
			buf_str(layout->out, buf_view(&run));
			column += width;
			first_run = false;
			buf_clear(&run);
		}
		if (!more)
			break;
		token_pair_next(&pair, token);
		if (run.n > 0 && cut_spaced(&cut, &pair))
			buf_char(&run, ' ');
		buf_str(&run, token.text);
	}
	buf_free(&run);
}

/* ---- rows ---- */

#define MAX_CELLS 64

/* Facts stand as they were typed; tests of a table are laid out like other tokens. */
static void cell_text(Layout *layout, const Ast *cell, Buf *out)
{
	buf_clear(out);
	if (cell->text.len > 0)
		buf_str(out, cell->text);
	else if (cell->items != NULL)
		put_line(layout, cell->at.lo, cell->at.hi, out);
}

/* Headings line up with their rows. */
static bool is_row(const Ast *item)
{
	return item->kind == AST_ROW || item->kind == AST_HEADER;
}

/* Widths of the columns of the run of rows that begins at `row`. In terminal columns, not bytes,
 * or a £ in one cell would push the bar behind it out of line. */
static void column_widths(Layout *layout, const Ast *row, size_t width[MAX_CELLS])
{
	Buf text = {0};
	memset(width, 0, sizeof(size_t) * MAX_CELLS);
	for (; row != NULL && is_row(row); row = row->next) {
		int i = 0;
		for (const Ast *cell = row->items; cell != NULL && i < MAX_CELLS; cell = cell->next, i++) {
			cell_text(layout, cell, &text);
			size_t w = text.n == 0 ? 0 : utf8_width(buf_view(&text));
			width[i] = w > width[i] ? w : width[i];
		}
	}
	buf_free(&text);
}

/* A row may have fewer cells than the run has columns: the checker complains of it, the
 * formatter leaves it. */
static void put_row(Layout *layout, const Ast *row, const size_t width[MAX_CELLS], int indent)
{
	Buf text = {0};
	int i = 0;
	put_comments(layout, row->at.lo, indent);
	put_indent(layout, indent);
	for (const Ast *cell = row->items; cell != NULL && i < MAX_CELLS; cell = cell->next, i++) {
		cell_text(layout, cell, &text);
		buf_puts(layout->out, "| ");
		buf_str(layout->out, buf_view(&text));
		buf_pad(layout->out, ' ', width[i] - (text.n == 0 ? 0 : utf8_width(buf_view(&text))) + 1);
	}
	buf_char(layout->out, '|');
	end_line(layout, row->at.hi);
	buf_free(&text);
}

/* A run of rows; gives the item behind it. */
static const Ast *put_rows(Layout *layout, const Ast *row, int indent)
{
	size_t width[MAX_CELLS];
	column_widths(layout, row, width);
	for (; row != NULL && is_row(row); row = row->next)
		put_row(layout, row, width, indent);
	return row;
}

/* ---- clauses ---- */

/* Declarations whose clause words are padded to one width. In the others (datasets, parameters,
 * tables) the first words are names and dates, which have columns of their own. */
static bool aligned(AstKind kind)
{
	switch ((int)kind) {
	case AST_CONTRACT: case AST_MATCH: case AST_RULE: case AST_BY_HAND: case AST_MEASURE:
	case AST_KPI: case AST_BANK: case AST_SPOT_CHECK: case AST_SEQUENCE:
		return true;
	default:
		return false;
	}
}

/* The word that a clause begins with, when the source really begins with it. A clause may begin
 * with something else, as a row or a field does; such a one gets no padding. */
static Str clause_word(const Layout *layout, const Ast *item)
{
	Str word = item->kind == AST_SPOT_SHARE ? item->text
		: str_of(item->kind == AST_DRAW && (item->how & 1) != 0 ? "then draw" : ast_word(item->kind));
	Buf text = {0};
	format_tokens((Str){layout->text.ptr + item->at.lo, item->at.hi - item->at.lo}, &text);
	bool begins = text.n > word.len && memcmp(text.at, word.ptr, word.len) == 0
		&& text.at[word.len] == ' ';
	buf_free(&text);
	return begins ? word : (Str){0};
}

/* Over the declaration's own clauses only: one long word should not push every other rule's text
 * to the right. */
static size_t widest_word(const Layout *layout, const Ast *decl)
{
	size_t widest = 0;
	if (!aligned(decl->kind))
		return 0;
	for (const Ast *item = decl->items; item != NULL; item = item->next) {
		size_t n = clause_word(layout, item).len;
		widest = n > widest ? n : widest;
	}
	return widest;
}

/* End of a clause with the `assumed` that was put on it. A KPI's target takes in the `assumed`
 * on the line below (see ast_list_assume); its own place ends before that. */
static uint32_t clause_end(const Ast *item)
{
	uint32_t hi = item->at.hi;
	const Ast *assumed[] = {item->b, item->c, item->d};
	for (int i = 0; i < 3; i++) {
		if (assumed[i] != NULL && assumed[i]->kind == AST_ASSUMED && assumed[i]->at.hi > hi)
			hi = assumed[i]->at.hi;
	}
	return hi;
}

/* Byte behind the clause word in the source, whatever blanks stand within it. */
static uint32_t behind_word(const Layout *layout, const Ast *item, Str word)
{
	size_t seen = 0;
	uint32_t at = item->at.lo;
	while (seen < word.len && at < item->at.hi) {
		char c = layout->text.ptr[at++];
		if (strchr(" \t\r\n", c) == NULL) {
			while (seen < word.len && word.ptr[seen] == ' ')
				seen++;
			seen++;
		}
	}
	return at;
}

/* What runs on to another line hangs below the text, not below the word. */
static void put_clause(Layout *layout, const Ast *item, size_t widest)
{
	Str word = widest > 0 ? clause_word(layout, item) : (Str){0};
	uint32_t lo = item->at.lo, hi = clause_end(item);
	int column = 2;
	put_indent(layout, 2);
	if (word.len > 0) {
		buf_str(layout->out, word);
		buf_pad(layout->out, ' ', widest - word.len + 2);
		lo = behind_word(layout, item, word);
		column = 2 + (int)widest + 2;
	}
	put_tokens(layout, lo, hi, column, word.len > 0 ? column : 6);
	end_line(layout, hi);
}

/* ---- parameters: columns of date, value, publication, assumption ---- */

#define VALUE_PARTS 4

/*
 *   from 28 April 2025   £19.00 per hour   published 2 March 2026   assumed "…"
 *   0                    1                 2                        3
 */
static void value_parts(const Layout *layout, const Ast *value, Buf part[VALUE_PARTS])
{
	uint32_t end[VALUE_PARTS];
	end[0] = value->b->at.lo;
	end[1] = value->c != NULL ? value->b->at.hi : value->d != NULL ? value->d->at.lo : value->at.hi;
	end[2] = value->c != NULL ? value->c->at.hi : end[1];
	end[3] = clause_end(value);
	uint32_t lo = value->at.lo;
	for (int i = 0; i < VALUE_PARTS; i++) {
		buf_clear(&part[i]);
		if (end[i] > lo) {
			put_line(layout, lo, end[i], &part[i]);
			lo = end[i];
		}
	}
}

/* Every value of a run of values lines up; gives the item behind the run. A history is read down
 * its columns. A part that a line lacks leaves a gap, so that `assumed` stands below `assumed`;
 * blanks are owed, not written, or lines would end in them. */
static const Ast *put_values(Layout *layout, const Ast *first)
{
	Buf part[VALUE_PARTS] = {{0}};
	size_t width[VALUE_PARTS] = {0};
	const Ast *item;
	for (item = first; item != NULL && item->kind == AST_VALUE; item = item->next) {
		value_parts(layout, item, part);
		for (int i = 0; i < VALUE_PARTS; i++) {
			size_t w = part[i].n == 0 ? 0 : utf8_width(buf_view(&part[i]));
			width[i] = w > width[i] ? w : width[i];
		}
	}
	for (item = first; item != NULL && item->kind == AST_VALUE; item = item->next) {
		put_comments(layout, item->at.lo, 2);
		put_indent(layout, 2);
		value_parts(layout, item, part);
		size_t owed = 0; /* blanks that the next part will want before it */
		for (int i = 0; i < VALUE_PARTS; i++) {
			if (part[i].n > 0) {
				buf_pad(layout->out, ' ', owed);
				buf_str(layout->out, buf_view(&part[i]));
				owed = width[i] - utf8_width(buf_view(&part[i])) + 2;
			} else if (width[i] > 0) {
				owed += width[i] + 2;
			}
		}
		end_line(layout, clause_end(item));
	}
	for (int i = 0; i < VALUE_PARTS; i++)
		buf_free(&part[i]);
	return item;
}

/* ---- fields ---- */

/* Of a dataset, or of a layout. */
static bool is_field(const Ast *item)
{
	return item->kind == AST_FIELD || item->kind == AST_LAYOUT_FIELD;
}

/* Counted in bytes: names of fields are ASCII. */
static size_t widest_field(const Ast *decl)
{
	size_t widest = 0;
	for (const Ast *item = decl->items; item != NULL; item = item->next) {
		if (is_field(item) && item->text.len > widest)
			widest = item->text.len;
	}
	return widest;
}

/* The colons line up; what is too long hangs further in than the types. */
static void put_field(Layout *layout, const Ast *field, size_t widest)
{
	put_indent(layout, 2);
	buf_str(layout->out, field->text);
	buf_pad(layout->out, ' ', widest - field->text.len);
	buf_puts(layout->out, " : ");
	put_tokens(layout, field->a->at.lo, field->at.hi, 2 + (int)widest + 3, 8);
	end_line(layout, field->at.hi);
}

/* ---- declarations ---- */

/* A scenario's `given` and a calendar's `dates`: a word line, then rows below it. The facts' own
 * indentation says what they belong to. */
static void put_block(Layout *layout, const Ast *item)
{
	put_indent(layout, 2);
	if (item->kind == AST_GIVEN) {
		buf_puts(layout->out, "given ");
		buf_str(layout->out, item->text);
		end_line(layout, item->name_at.hi);
		put_rows(layout, item->items, 4);
	} else {
		buf_puts(layout->out, "dates\n");
		put_rows(layout, item->items, 2);
	}
}

/* Rows and values are laid out by the run, so this may go on past several items. */
static const Ast *put_item(Layout *layout, const Ast *decl, const Ast *item, size_t widest)
{
	uint32_t lo = item->at.lo;
	keep_blank(layout, lo);
	put_comments(layout, lo, 2);
	if (is_row(item))
		return put_rows(layout, item, 2);
	if (item->kind == AST_VALUE)
		return put_values(layout, item);
	if (is_field(item))
		put_field(layout, item, widest_field(decl));
	else if (item->kind == AST_GIVEN || item->kind == AST_DATES)
		put_block(layout, item);
	else
		put_clause(layout, item, widest);
	return item->next;
}

/* Start of the last token between two places. The tree has no place for words like `is`; they
 * are found as the last token before what follows. */
static uint32_t last_token(const Layout *layout, uint32_t lo, uint32_t hi)
{
	Token token;
	size_t at = lo, start = lo;
	while (token_next((Str){layout->text.ptr, hi}, at, &token)) {
		start = token.start;
		at = token.end;
	}
	return (uint32_t)start;
}

/* The define's `is …`, which stands between its clauses and its exceptions. */
static void put_base(Layout *layout, const Ast *decl)
{
	uint32_t lo = layout->done > decl->at.lo ? layout->done : decl->at.lo;
	uint32_t is = last_token(layout, lo, decl->c->at.lo);
	keep_blank(layout, is);
	put_comments(layout, decl->c->at.lo, 2);
	put_indent(layout, 2);
	put_tokens(layout, is, decl->c->at.hi, 2, 6);
	end_line(layout, decl->c->at.hi);
}

/* Where the head of a declaration ends: at its first clause. A row's place begins behind its
 * bar, which belongs to the row and not to the head. */
static uint32_t head_end(const Layout *layout, const Ast *decl)
{
	uint32_t end = decl->at.hi;
	if (decl->items != NULL && decl->items->at.lo < end)
		end = decl->items->at.lo;
	if (decl->items != NULL && is_row(decl->items)) {
		while (end > decl->at.lo && layout->text.ptr[end - 1] != '|')
			end--;
		end--;
	}
	if (decl->kind != AST_DEFINE || decl->c == NULL || (decl->items != NULL && end < decl->c->at.lo))
		return end;
	/* No clause before the base: the head ends at its `is`. */
	return last_token(layout, decl->at.lo, decl->c->at.lo);
}

/* Without the blanks and comments behind the head: a comment there goes to the first clause, or
 * behind the head's own line. */
static uint32_t trimmed(const Layout *layout, uint32_t lo, uint32_t hi)
{
	Token token;
	size_t at = lo, end = lo;
	while (token_next((Str){layout->text.ptr, hi}, at, &token))
		at = end = token.end;
	return (uint32_t)end;
}

/* Heads hold paths, whose slashes stay as they are. */
static void put_head(Layout *layout, const Ast *decl, uint32_t hi)
{
	if (decl->kind == AST_CONTRACT || decl->kind == AST_USES) {
		buf_puts(layout->out, decl->kind == AST_USES ? "uses " : "contract ");
		buf_str(layout->out, decl->text);
	} else {
		put_tokens(layout, decl->at.lo, hi, 0, 4);
	}
	end_line(layout, hi);
}

/* `replace` stands before a declaration that is laid out as if it were not there. */
static const Ast *inner(const Ast *decl)
{
	return decl->kind == AST_REPLACE && decl->a != NULL ? decl->a : decl;
}

/* The define's base has no node among the items, and falls due where the source has it. */
static void put_declaration(Layout *layout, const Ast *outer)
{
	const Ast *decl = inner(outer);
	size_t widest = widest_word(layout, decl);
	bool base_due = decl->kind == AST_DEFINE && decl->c != NULL;
	if (outer != decl)
		buf_puts(layout->out, "replace ");
	put_head(layout, decl, trimmed(layout, decl->at.lo, head_end(layout, decl)));
	for (const Ast *item = decl->items; item != NULL; ) {
		if (base_due && item->at.lo > decl->c->at.lo) {
			put_base(layout, decl);
			base_due = false;
		}
		item = put_item(layout, decl, item, widest);
	}
	if (base_due)
		put_base(layout, decl);
	/* Comments indented below the last clause belong to this declaration. */
	while (layout->next < layout->comment.n && layout->comment.at[layout->next].indented
			&& (outer->next == NULL || layout->comment.at[layout->next].lo < outer->next->at.lo))
		put_comment(layout, 2);
}

/* Declarations of one line may stand together; all others are set off by an empty line. */
static bool one_liner(const Ast *decl)
{
	return decl->kind == AST_EXAMPLE || decl->kind == AST_USES || decl->kind == AST_WITHDRAW;
}

/* Two examples may stand close; after a dataset there is always a line free. */
static void put_gap(Layout *layout, const Ast *before, const Ast *decl)
{
	if (before == NULL)
		return;
	uint32_t lo = decl->at.lo;
	bool comments = layout->next < layout->comment.n && layout->comment.at[layout->next].lo < lo;
	uint32_t first = comments ? layout->comment.at[layout->next].lo : lo;
	bool together = before->kind == decl->kind && one_liner(decl)
		&& !blank_line(layout, layout->done, first);
	/* put_comment writes the blank line itself where the source has one. */
	if (!together && !(comments && blank_line(layout, layout->done, first)))
		buf_char(layout->out, '\n');
}

/* The tree must be without errors: what could not be parsed could not be laid out, and is never
 * overwritten. */
void format_file(const Sources *sources, const Ast *file, Buf *out)
{
	Layout layout = {.text = sources->file.at[file->at.file].text, .out = out};
	const Ast *before = NULL;
	find_comments(&layout);
	find_brackets(&layout, file->items);
	for (const Ast *decl = file->items; decl != NULL; before = decl, decl = decl->next) {
		put_gap(&layout, before, decl);
		put_comments(&layout, decl->at.lo, 0);
		if (before == NULL && blank_line(&layout, layout.done, decl->at.lo) && layout.done > 0)
			buf_char(out, '\n');
		put_declaration(&layout, decl);
	}
	put_comments(&layout, (uint32_t)layout.text.len + 1, 0);
	vec_free(&layout.bracket);
	vec_free(&layout.comment);
}
