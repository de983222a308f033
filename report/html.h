/*
 * HTML as reports write it: text made harmless and escaped, tables, and the frame of a page that is
 * one file: its style and its script stand in it, nothing is fetched.
 *
 * What is written is gathered in `buf` and goes out when it is large or when html_flush is called,
 * so a page of any length takes the memory of one of its parts.
 */
#ifndef VOUCH_REPORT_HTML_H
#define VOUCH_REPORT_HTML_H

#include "report/list.h"

typedef struct HtmlColumn {
	const char *title;
	bool number;      /* stands to the right */
} HtmlColumn;

typedef struct Html {
	Buf buf, scratch;
	const ListOptions *options;
	const HtmlColumn *column; /* of the table that is open */
	int ncolumns, at;         /* cells that its row has so far */
	bool stacked;             /* on a narrow screen its cells stand below each other */
	int regions;              /* boxes that scroll, so that each has an id of its own */
} Html;

void html_free(Html *html);
/* Writes out what is gathered. As list_go_on when that fails. */
Status html_flush(Html *html);
/* Only when there is much of it. */
Status html_relieve(Html *html);

/* ---- text ---- */

void html_put(Html *html, const char *markup); /* as it stands: markup of ours */
void html_printf(Html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));
void html_text(Html *html, Str text);     /* cleaned and escaped; in attributes too */
void html_lines(Html *html, Str text);    /* the same, but line ends and tabs stay, for <pre> */
void html_number(Html *html, int64_t n);
void html_pence(Html *html, int64_t pence);
void html_day(Html *html, Str iso);
void html_subject(Html *html, Str kinds, Str keys);
/* <p>text</p>; nothing for an empty text. */
void html_paragraph(Html *html, Str text);
/* A text that may stand in an id or behind #: what is no letter or digit is _ and its number. */
void html_id(Html *html, Str text);

/* ---- tables ---- */

/* The first cell of each row heads it. A table that is not stacked scrolls by itself where the
 * screen is too narrow. The caption is plain text of ours. */
void html_table(Html *html, Str caption, const HtmlColumn *column, int ncolumns, bool stacked);
void html_cell(Html *html, Str text);
/* For a cell made of several pieces: html_open_cell, what is in it, html_close_cell. */
void html_open_cell(Html *html);
void html_close_cell(Html *html);
void html_cell_number(Html *html, int64_t n);
void html_cell_pence(Html *html, int64_t pence);
void html_table_end(Html *html);

/* ---- the page ---- */

/* Up to <main>: title, style, skip link, the heading h1. */
void html_begin(Html *html, Str title, Str subtitle);
/* The rest; with the script when there is something to filter. */
void html_end(Html *html, bool script);

extern const char *const html_style[];  /* pieces of CSS; NULL ends them */
extern const char *const html_script[]; /* of the filters */

#endif
