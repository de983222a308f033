/*
 * Two passes over the file: one for its SHA-256 and its encoding, one that hands out the text.
 */
#include "interp/sheet_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"

#define PIECE_BYTES 65536

static const Span nowhere = {-1, 0, 0};

struct SheetText {
	FILE *file;
	char bytes[PIECE_BYTES];
	Buf text;     /* what is handed out */
	bool cr;      /* the piece before ended with CR, which was handed out as LF */
};

static Status unreadable(const Sheet *sheet, Diags *diags)
{
	diag_add(diags, DIAG_NO_FILE, nowhere, "%s: %s", sheet->path, strerror(errno));
	return STATUS_WORLD;
}

static Status survey(SheetText *text, Sheet *sheet, Diags *diags)
{
	Digest digest;
	size_t n;
	digest_begin(&digest);
	while ((n = fread(text->bytes, 1, sizeof text->bytes, text->file)) > 0) {
		digest_bytes(&digest, text->bytes, n);
		sheet->bytes += (int64_t)n;
	}
	digest_end(&digest, sheet->sha256);
	sheet->encoding = "UTF-8";
	return ferror(text->file) ? unreadable(sheet, diags) : STATUS_OK;
}

Status sheet_text_open(Sheet *sheet, Diags *diags, SheetText **out)
{
	SheetText *text = mem_alloc(sizeof *text);
	*out = text;
	text->file = fopen(sheet->path, "rb");
	if (text->file == NULL)
		return unreadable(sheet, diags);
	Status status = survey(text, sheet, diags);
	return status == STATUS_OK ? sheet_text_rewind(text, sheet, diags) : status;
}

Status sheet_text_rewind(SheetText *text, Sheet *sheet, Diags *diags)
{
	(void)diags;
	rewind(text->file);
	sheet->done = 0;
	text->cr = false;
	return STATUS_OK;
}

static void put(SheetText *text, char c)
{
	if (c == '\0')
		buf_puts(&text->text, SHEET_BAD);
	else if (c != '\n' || !text->cr)
		buf_char(&text->text, (char)(c == '\r' ? '\n' : c));
	text->cr = c == '\r';
}

Status sheet_text_next(SheetText *text, Sheet *sheet, Diags *diags, Str *piece)
{
	bool first = sheet->done == 0;
	size_t n = fread(text->bytes, 1, sizeof text->bytes, text->file);
	size_t i = first && n >= 3 && memcmp(text->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	sheet->done += (int64_t)n;
	buf_clear(&text->text);
	for (; i < n; i++)
		put(text, text->bytes[i]);
	*piece = n > 0 ? buf_view(&text->text) : (Str){NULL, 0};
	return ferror(text->file) ? unreadable(sheet, diags) : STATUS_OK;
}

void sheet_text_close(SheetText *text)
{
	if (text == NULL)
		return;
	if (text->file != NULL)
		fclose(text->file);
	buf_free(&text->text);
	free(text);
}
