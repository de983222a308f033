/*
 * Which format a file is in, by its first bytes: names lie. What people send instead of a table is
 * told by name, with what to do.
 */
#include "interp/sheet.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const Span nowhere = {-1, 0, 0};

#define HEAD_BYTES 16

/* Of an archive; an empty one begins with its end. */
static const Str archive[] = {STR("PK\x03\x04"), STR("PK\x05\x06")};

static const struct {
	Str head;
	const char *what, *help;
} other[] = {
	{STR("\xD0\xCF\x11\xE0"), "a workbook of before Excel 2007, or one with a password",
		"open it in a spreadsheet and save it as .xlsx, without a password"},
	{STR("%PDF"), "a PDF document", "ask for the table itself, as .xlsx or CSV"},
	{STR("SQLite format 3"), "a database",
		"give the database first and the provider's files behind it"},
	{STR("<html"), "a web page", "open it in a spreadsheet and save it as .xlsx or CSV"},
	{STR("<HTML"), "a web page", "open it in a spreadsheet and save it as .xlsx or CSV"},
	{STR("<!DOC"), "a web page", "open it in a spreadsheet and save it as .xlsx or CSV"},
	{STR("<?xml"), "an XML document", "open it in a spreadsheet and save it as .xlsx or CSV"},
	{STR("\x1F\x8B"), "a compressed file", "unpack it first"},
	{STR("\xFF\xFE"), "a text in UTF-16", "save it as CSV in UTF-8"},
	{STR("\xFE\xFF"), "a text in UTF-16", "save it as CSV in UTF-8"},
};

Status sheet_wrong(Sheet *sheet, Diags *diags, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	sheet->damage = str_vformat(&sheet->arena, format, args);
	va_end(args);
	diag_add(diags, DIAG_SHEET, nowhere, "%s: %.*s", sheet->path, STR_ARG(sheet->damage));
	return STATUS_WRONG;
}

static Status choose(Sheet *sheet, Str head, Diags *diags)
{
	if (head.len == 0)
		return sheet_wrong(sheet, diags, "the file is empty");
	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
		if (!str_starts(head, other[i].head))
			continue;
		diag_help(diag_add(diags, DIAG_SHEET, nowhere, "%s: %s, not a table", sheet->path,
			other[i].what), "%s", other[i].help);
		return STATUS_WRONG;
	}
	sheet->format = str_starts(head, archive[0]) || str_starts(head, archive[1]) ? &sheet_xlsx
		: &sheet_csv;
	return STATUS_OK;
}

/* Reading a folder is the first that fails: fopen takes one. */
static Status look(Sheet *sheet, Diags *diags)
{
	char bytes[HEAD_BYTES];
	errno = 0;
	FILE *file = fopen(sheet->path, "rb");
	size_t n = file != NULL ? fread(bytes, 1, sizeof bytes, file) : 0;
	if (file == NULL || ferror(file)) {
		diag_add(diags, DIAG_NO_FILE, nowhere, "%s: %s", sheet->path, strerror(errno));
		if (file != NULL)
			fclose(file);
		return STATUS_WORLD;
	}
	fclose(file);
	return choose(sheet, (Str){bytes, n}, diags);
}

Status sheet_open(const char *path, Diags *diags, Sheet **out)
{
	Sheet *sheet = mem_alloc(sizeof *sheet);
	sheet->path = path;
	*out = NULL;
	Status status = look(sheet, diags);
	if (status == STATUS_OK)
		status = sheet->format->open(sheet, diags);
	if (status == STATUS_OK)
		*out = sheet;
	else
		sheet_close(sheet);
	return status;
}

void sheet_close(Sheet *sheet)
{
	if (sheet == NULL)
		return;
	if (sheet->format != NULL)
		sheet->format->close(sheet);
	arena_free(&sheet->arena);
	free(sheet);
}

Status sheet_select(Sheet *sheet, int32_t part, Diags *diags)
{
	sheet->done = 0;
	return sheet->format->select(sheet, part, diags);
}

Status sheet_next(Sheet *sheet, SheetRow *row, Diags *diags)
{
	return sheet->format->next(sheet, row, diags);
}
