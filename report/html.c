/*
 * Two steps make data harmless: layout_clean shows what cannot be seen (control characters, marks
 * that turn the direction of writing, broken bytes) as \xNN, then the five characters that mean
 * something to HTML are written as references. Nothing else of the data ever reaches the page.
 *
 *   "<b>\u202E"  ──clean──>  "<b>\xe2\x80\xae"  ──escape──>  "&lt;b&gt;\xe2\x80\xae"
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
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	if (n > 0) {
		vsnprintf(buf_reserve(&html->buf, (size_t)n), (size_t)n + 1, format, again);
		html->buf.n += (size_t)n;
	}
	va_end(again);
	va_end(args);
}

/* Quotes too, so that the same text may stand in an attribute. */
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
 * screen readers, so the roles are written out there. What scrolls can be reached by keyboard.
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

/* The policy lets the page fetch nothing, whatever should ever get into it. */
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
