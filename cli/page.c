/*
 * The pages of errors are Markdown of few kinds; this reads it line by line and lays it out for a
 * terminal. What it does not know is a paragraph.
 *
 *   # heading      bold                    ```   fence: indented by four, nothing joined
 *   - item         bullet and indent       rest  paragraph, wrapped to the terminal
 *
 * A real Markdown library would be the larger risk: the pages are ours, tests read every one of
 * them, and their failing examples are compiled (tests/unit/test_pages.c).
 */
#include "cli/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/terminal.h"
#include "report/layout.h"

#ifndef VOUCH_DATADIR
#define VOUCH_DATADIR "/usr/local/share/vouch"
#endif

#define MOST_WIDTH 100 /* longer lines are hard to read */

typedef struct Markdown {
	Buf *out;
	Buf paragraph; /* its lines joined by blanks */
	int width, indent;
	const char *bullet; /* in front of its first line, or NULL */
	bool colour, fenced;
} Markdown;

/* Colour is decided once by the caller; here it is only left out, so that the text is the same. */
static void paint(Markdown *page, const char *code)
{
	if (page->colour)
		buf_printf(page->out, "\033[%sm", code);
}

/* A list's bullet takes the place of the blanks in front of its first line. */
static void end_paragraph(Markdown *page)
{
	Buf wrapped = {0};
	if (page->paragraph.n == 0)
		return;
	layout_wrap(&wrapped, buf_view(&page->paragraph), page->indent, page->width);
	if (page->bullet != NULL && wrapped.n > 2)
		memcpy(wrapped.at + page->indent - 2, page->bullet, 1);
	buf_str(page->out, buf_view(&wrapped));
	buf_clear(&page->paragraph);
	buf_free(&wrapped);
	page->bullet = NULL;
	page->indent = 0;
}

/* All levels look alike: a page has a title and a few sections, never more. */
static void heading(Markdown *page, Str line)
{
	while (line.len > 0 && (line.ptr[0] == '#' || line.ptr[0] == ' '))
		line = (Str){line.ptr + 1, line.len - 1};
	paint(page, "1");
	buf_str(page->out, line);
	paint(page, "0");
	buf_char(page->out, '\n');
}

/* Rules and messages keep their line ends and blanks. */
static void fenced_line(Markdown *page, Str line)
{
	buf_pad(page->out, ' ', line.len > 0 ? 4 : 0);
	paint(page, "36");
	buf_str(page->out, line);
	paint(page, "0");
	buf_char(page->out, '\n');
}

/* Without a NUL at the end of the line, hence not strncmp. */
static bool begins(Str line, const char *with)
{
	size_t n = strlen(with);
	return line.len >= n && memcmp(line.ptr, with, n) == 0;
}

/* Line ends inside a paragraph mean nothing in Markdown; the terminal decides where to break. */
static void add_to_paragraph(Markdown *page, Str line)
{
	line = str_trim(line);
	if (page->paragraph.n > 0)
		buf_char(&page->paragraph, ' ');
	buf_str(&page->paragraph, line);
}

/* The order of the tests is the grammar: inside a fence nothing else is looked for. */
static void markdown_line(Markdown *page, Str line)
{
	if (begins(line, "```")) {
		end_paragraph(page);
		page->fenced = !page->fenced;
	} else if (page->fenced) {
		fenced_line(page, line);
	} else if (str_trim(line).len == 0) {
		end_paragraph(page);
		buf_char(page->out, '\n');
	} else if (line.ptr[0] == '#') {
		end_paragraph(page);
		heading(page, line);
	} else if (begins(line, "- ") || begins(line, "* ")) {
		end_paragraph(page);
		page->bullet = "-";
		page->indent = 4;
		add_to_paragraph(page, (Str){line.ptr + 2, line.len - 2});
	} else {
		add_to_paragraph(page, line);
	}
}

/* The last paragraph has no blank line behind it, so it is ended here. */
void page_markdown(Str text, int width, bool colour, Buf *out)
{
	Markdown page = {.out = out, .width = width < MOST_WIDTH ? width : MOST_WIDTH,
		.colour = colour};
	while (text.len > 0) {
		const char *end = memchr(text.ptr, '\n', text.len);
		size_t n = end == NULL ? text.len : (size_t)(end - text.ptr);
		markdown_line(&page, (Str){text.ptr, n});
		text = end == NULL ? (Str){0} : (Str){end + 1, text.len - n - 1};
	}
	end_paragraph(&page);
	buf_free(&page.paragraph);
}

/* A page that is not UTF-8 is none of ours. */
static bool read_page(const char *folder, DiagCode code, Buf *text)
{
	Buf path = {0};
	char block[4096];
	size_t n;
	buf_printf(&path, "%s/%s.md", folder, diag_code_text(code));
	FILE *file = fopen(path.at, "rb");
	buf_free(&path);
	if (file == NULL)
		return false;
	while ((n = fread(block, 1, sizeof block, file)) > 0)
		buf_str(text, (Str){block, n});
	fclose(file);
	return text->n > 0 && utf8_first_bad(buf_view(text)) < 0;
}

/*
 * VOUCH_ERRORS alone when it is set, so that a test cannot read an installed page by accident;
 * else the source tree before the installed copy, so that authors see what they have just
 * written.
 */
Status page_print(DiagCode code, int width, bool colour, Buf *out)
{
	const char *folder = getenv("VOUCH_ERRORS");
	Buf text = {0};
	bool found = folder != NULL && *folder != '\0' ? read_page(folder, code, &text)
		: read_page("docs/errors", code, &text) || read_page(VOUCH_DATADIR "/errors", code, &text);
	if (found)
		page_markdown(buf_view(&text), width, colour, out);
	buf_free(&text);
	if (found)
		return STATUS_OK;
	return terminal_failed("%s: %s; its page is not installed (VOUCH_ERRORS may name the folder of"
		" pages)", diag_code_text(code), diag_title(code));
}
