/*
 * Two steps make data harmless: layout_clean shows what cannot be seen (control characters, marks
 * that turn the direction of writing, broken bytes) as \xNN, then the five characters that mean
 * something to HTML are written as references. Nothing else of the data ever reaches the page.
 *
 *   "<b>\u202E"  ──clean──>  "<b>\xe2\x80\xae"  ──escape──>  "&lt;b&gt;\xe2\x80\xae"
 *
 * There is one way for data onto a page, html_text and what calls it; html_put and html_printf are
 * for markup of ours alone, and nothing of the data may be among the arguments of the latter.
 *
 *   html_put ────────────────────┐
 *   html_text ──> scratch ──> buf ──(HELD bytes, or html_flush)──> options->out
 */
#include "report/html.h"

#include "report/layout.h"

#define HELD (1u << 16) /* bytes that are gathered before they go out */

void html_free(Html *html)
{
	buf_free(&html->buf);
	buf_free(&html->scratch);
}

Status html_flush(Html *html)
{
	if (html->buf.n > 0)
		fwrite(html->buf.at, 1, html->buf.n, html->options->out);
	buf_clear(&html->buf);
	return list_go_on(html->options);
}

/* Between rows and findings, never within a tag: whoever calls it stands between two pieces that
 * are whole, so that a run which is stopped leaves a page that browsers can still show. */
Status html_relieve(Html *html)
{
	return html->buf.n < HELD ? STATUS_OK : html_flush(html);
}

/* ---- text ---- */

void html_put(Html *html, const char *markup)
{
	buf_puts(&html->buf, markup);
}

void html_printf(Html *html, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_vprintf(&html->buf, format, args);
	va_end(args);
}

/*
 * Quotes too, so that the same text may stand in an attribute. Attributes are always quoted, with
 * "; the ' is escaped all the same, lest a page that quotes otherwise be open one day.
 */
static void escape(Buf *out, Str clean)
{
	for (size_t i = 0; i < clean.len; i++) {
		switch (clean.ptr[i]) {
		case '<': buf_puts(out, "&lt;"); break;
		case '>': buf_puts(out, "&gt;"); break;
		case '&': buf_puts(out, "&amp;"); break;
		case '"': buf_puts(out, "&quot;"); break;
		case '\'': buf_puts(out, "&#39;"); break;
		default: buf_char(out, clean.ptr[i]); break;
		}
	}
}

void html_text(Html *html, Str text)
{
	buf_clear(&html->scratch);
	layout_clean(&html->scratch, text);
	escape(&html->buf, buf_view(&html->scratch));
}

/* layout_clean shows a line end as \x0a, which is right in a sentence and wrong in a rule's text:
 * so the text is cleaned between its line ends and tabs, which go out as they are. */
void html_lines(Html *html, Str text)
{
	while (text.len > 0) {
		size_t n = 0;
		while (n < text.len && text.ptr[n] != '\n' && text.ptr[n] != '\t')
			n++;
		html_text(html, (Str){text.ptr, n});
		if (n < text.len)
			buf_char(&html->buf, text.ptr[n++]);
		text = (Str){text.ptr + n, text.len - n};
	}
}

void html_number(Html *html, int64_t n)
{
	layout_number(&html->buf, n);
}

void html_pence(Html *html, int64_t pence)
{
	layout_pence(&html->buf, pence);
}

/* What is no date comes as it stands in the data, so it is escaped. */
void html_day(Html *html, Str iso)
{
	Buf day = {0};
	layout_day(&day, iso);
	if (day.n > 0)
		escape(&html->buf, buf_view(&day));
	buf_free(&day);
}

void html_subject(Html *html, Str kinds, Str keys)
{
	Buf subject = {0};
	layout_subject(&subject, kinds, keys);
	if (subject.n > 0)
		escape(&html->buf, buf_view(&subject));
	buf_free(&subject);
}

void html_paragraph(Html *html, Str text)
{
	if (text.len == 0)
		return;
	html_put(html, "<p>");
	html_text(html, text);
	html_put(html, "</p>\n");
}

/*
 * Injective, so that two keys never share an anchor: `_` is itself written as its number, and no
 * two bytes are written alike. "VS 1" ──> "VS_201"; "VS_1" ──> "VS_5f1". Links are made by the same
 * function as ids, so the two always agree.
 */
void html_id(Html *html, Str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (plain || c == '-' || c == '.')
			buf_char(&html->buf, c);
		else
			buf_printf(&html->buf, "_%02x", (unsigned char)c);
	}
}

/* ---- tables ---- */

/*
 * A table that is laid out as blocks (the narrow form of a stacked one) loses its meaning to some
 * screen readers, so the roles are written out there (WCAG 1.3.1). What scrolls can be reached by
 * keyboard, which takes a tabindex, and what can be reached has a name: its caption (2.1.1, 4.1.2).
 *
 *   stacked: few columns of text; below 40em each row becomes a block   title: cell
 *   not:     many columns of numbers, which only compare side by side; the box scrolls by itself,
 *            so that the page does not (1.4.10 excepts tables of data, not the page round them)
 */
void html_table(Html *html, Str caption, const HtmlColumn *column, int ncolumns, bool stacked)
{
	html->column = column;
	html->ncolumns = ncolumns;
	html->stacked = stacked;
	html->at = 0;
	const char *cell = stacked ? " role=\"columnheader\"" : "";
	if (stacked) {
		html_put(html, "<table class=\"stack\" role=\"table\">\n<caption><span>");
	} else {
		int id = ++html->regions;
		html_printf(html, "<div class=\"scroll\" role=\"group\" tabindex=\"0\""
			" aria-labelledby=\"t%d\"><table>\n<caption id=\"t%d\"><span>", id, id);
	}
	html_text(html, caption);
	html_printf(html, "</span></caption>\n<thead%s><tr%s>", stacked ? " role=\"rowgroup\"" : "",
		stacked ? " role=\"row\"" : "");
	for (int c = 0; c < ncolumns; c++) {
		html_printf(html, "<th scope=\"col\"%s%s>", cell, column[c].number ? " class=\"n\"" : "");
		html_text(html, str_of(column[c].title));
		html_put(html, "</th>");
	}
	html_printf(html, "</tr></thead>\n<tbody%s>\n", stacked ? " role=\"rowgroup\"" : "");
}

/* data-t names the column where cells stand below each other. */
void html_open_cell(Html *html)
{
	int c = html->at;
	if (c == 0)
		html_put(html, html->stacked ? "<tr role=\"row\">" : "<tr>");
	html_put(html, c == 0 ? "<th scope=\"row\"" : "<td");
	if (html->stacked)
		html_printf(html, " role=\"%s\" data-t=\"%s\"", c == 0 ? "rowheader" : "cell",
			html->column[c].title);
	html_put(html, html->column[c].number ? " class=\"n\">" : ">");
}

/* The row ends by itself behind its last column: a caller that writes a cell too few or too many
 * shifts all that follow, which tests over whole pages see at once. */
void html_close_cell(Html *html)
{
	html_put(html, html->at == 0 ? "</th>" : "</td>");
	html->at = (html->at + 1) % html->ncolumns;
	if (html->at == 0)
		html_put(html, "</tr>\n");
}

void html_cell(Html *html, Str text)
{
	html_open_cell(html);
	html_text(html, text);
	html_close_cell(html);
}

void html_cell_number(Html *html, int64_t n)
{
	html_open_cell(html);
	html_number(html, n);
	html_close_cell(html);
}

void html_cell_pence(Html *html, int64_t pence)
{
	html_open_cell(html);
	html_pence(html, pence);
	html_close_cell(html);
}

void html_table_end(Html *html)
{
	html_put(html, html->stacked ? "</tbody></table>\n" : "</tbody></table></div>\n");
}

/* ---- the page ---- */

/*
 * The policy lets the page fetch nothing, whatever should ever get into it: default-src 'none' also
 * forbids pictures, frames and connections to anywhere. Style and script are inline, as the
 * page is one file. The language is told, so that a screen reader speaks it rightly (WCAG 3.1.1),
 * and the first link leads past the contents (2.4.1).
 */
void html_begin(Html *html, Str title, Str subtitle)
{
	html_put(html, "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
		" 'unsafe-inline'; script-src 'unsafe-inline'\">\n<title>");
	html_text(html, title);
	html_put(html, ": ");
	html_text(html, subtitle);
	html_put(html, "</title>\n<style>\n");
	for (int i = 0; html_style[i] != NULL; i++)
		html_put(html, html_style[i]);
	html_put(html, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to main"
		" content</a>\n<header>\n<h1>");
	html_text(html, title);
	html_put(html, "</h1>\n<p class=\"lede\">");
	html_text(html, subtitle);
	html_put(html, "</p>\n</header>\n");
}

/* The script comes last: what it looks for is there when it runs, and it needs to wait for nothing.
 * Pages without filters have none. */
void html_end(Html *html, bool script)
{
	if (script) {
		html_put(html, "<script>\n");
		for (int i = 0; html_script[i] != NULL; i++)
			html_put(html, html_script[i]);
		html_put(html, "</script>\n");
	}
	html_put(html, "</body>\n</html>\n");
}
