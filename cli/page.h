/* The page of one diagnostic (docs/errors/E0207.md), laid out for a terminal. */
#ifndef VOUCH_CLI_PAGE_H
#define VOUCH_CLI_PAGE_H

#include "base/status.h"
#include "dsl/diag.h"

/* Looks in $VOUCH_ERRORS, else in ./docs/errors, else where vouch was installed. STATUS_WORLD after
 * a message when there is no page. */
Status page_print(DiagCode code, int width, bool colour, Buf *out);
/* Markdown as the pages use it: headings, paragraphs, lists, fenced text, `code`. */
void page_markdown(Str text, int width, bool colour, Buf *out);

#endif
