/*
 * The bytes of a text file as valid UTF-8, a piece at a time: the mark at the beginning taken away,
 * Windows-1252 turned, line ends made LF. Which of the two a file is in is found by looking at all of
 * it, once, when it is opened: a file is UTF-8 when every byte of it fits. UTF-16 is refused by name.
 *
 * What is no text (NUL, a byte that Windows-1252 has no character for) becomes U+FFFD.
 */
#ifndef VOUCH_INTERP_SHEET_TEXT_H
#define VOUCH_INTERP_SHEET_TEXT_H

#include "interp/sheet.h"

typedef struct SheetText SheetText;

/* Opens the file of the sheet; sets its encoding, sha256 and bytes. */
Status sheet_text_open(Sheet *sheet, Diags *diags, SheetText **out);
/* The next piece, whole characters only, valid until the next call; empty at the end. */
Status sheet_text_next(SheetText *text, Sheet *sheet, Diags *diags, Str *piece);
Status sheet_text_rewind(SheetText *text, Sheet *sheet, Diags *diags);
void sheet_text_close(SheetText *text); /* NULL is fine */

#endif
