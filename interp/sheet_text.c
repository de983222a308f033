/*
 * Two passes over the file: one for its SHA-256 and its encoding, one that hands out the text.
 */
#include "interp/sheet_text.h"

#include <errno.h>
#include <iconv.h>
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
	iconv_t turn; /* from Windows-1252; (iconv_t)-1 where the file is UTF-8 */
};

static const iconv_t no_turn = (iconv_t)-1;

static Status unreadable(const Sheet *sheet, Diags *diags)
{
	diag_add(diags, DIAG_NO_FILE, nowhere, "%s: %s", sheet->path, strerror(errno));
	return STATUS_WORLD;
}

/* Whether the first n of the bytes are UTF-8; *kept is how many of them begin a character that the
 * next piece ends, and those are moved to the front. */
static bool is_utf8(iconv_t utf8, char *bytes, size_t n, size_t *kept)
{
	char scratch[PIECE_BYTES + 8], *in = bytes, *out = scratch;
	size_t left = n, room = sizeof scratch;
	if (iconv(utf8, &in, &left, &out, &room) == (size_t)-1 && errno != EINVAL)
		return false;
	memmove(bytes, in, left);
	*kept = left;
	return true;
}

/* A file is UTF-8 when every byte of it fits; else it is taken for Windows-1252, in which all do. */
static Status survey(SheetText *text, Sheet *sheet, Diags *diags)
{
	Digest digest;
	size_t n, kept = 0;
	iconv_t utf8 = iconv_open("UTF-8", "UTF-8");
	bool fits = utf8 != no_turn;
	digest_begin(&digest);
	while ((n = fread(text->bytes + kept, 1, sizeof text->bytes - kept, text->file)) > 0) {
		digest_bytes(&digest, text->bytes + kept, n);
		sheet->bytes += (int64_t)n;
		fits = fits && is_utf8(utf8, text->bytes, kept + n, &kept);
		kept = fits ? kept : 0;
	}
	digest_end(&digest, sheet->sha256);
	if (utf8 != no_turn)
		iconv_close(utf8);
	sheet->encoding = fits && kept == 0 ? "UTF-8" : "Windows-1252";
	if (!fits || kept > 0)
		text->turn = iconv_open("UTF-8", "WINDOWS-1252");
	return ferror(text->file) ? unreadable(sheet, diags) : STATUS_OK;
}

Status sheet_text_open(Sheet *sheet, Diags *diags, SheetText **out)
{
	SheetText *text = mem_alloc(sizeof *text);
	*out = text;
	text->turn = no_turn;
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

/* One character of Windows-1252 above ASCII; of the five bytes that it has no character for, U+FFFD. */
static void put_turned(SheetText *text, char byte)
{
	char turned[8], *in = &byte, *out = turned;
	size_t left = 1, room = sizeof turned;
	if (iconv(text->turn, &in, &left, &out, &room) == (size_t)-1)
		buf_puts(&text->text, SHEET_BAD);
	else
		buf_str(&text->text, (Str){turned, sizeof turned - room});
	text->cr = false;
}

Status sheet_text_next(SheetText *text, Sheet *sheet, Diags *diags, Str *piece)
{
	bool first = sheet->done == 0;
	size_t n = fread(text->bytes, 1, sizeof text->bytes, text->file);
	size_t i = first && n >= 3 && memcmp(text->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	sheet->done += (int64_t)n;
	buf_clear(&text->text);
	for (; i < n; i++)
		if (text->turn != no_turn && (unsigned char)text->bytes[i] >= 0x80)
			put_turned(text, text->bytes[i]);
		else
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
	if (text->turn != no_turn)
		iconv_close(text->turn);
	buf_free(&text->text);
	free(text);
}
