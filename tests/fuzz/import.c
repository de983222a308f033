/*
 * Fuzz target: any bytes at all as a provider's file. Nothing may crash, hang or leak; and whatever
 * goes in, rows read are rows imported and rows rejected, and so is every sum of every field.
 *
 *   bytes ─────────────────────────────────> CSV
 *   bytes that begin like XML ──> a sheet ─> a workbook, its other parts as they should be
 *
 * A workbook is packed here, since bytes that were changed inside one would not come past the
 * checksums of its parts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "base/text.h"
#include "dsl/check.h"
#include "dsl/diag.h"
#include "interp/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rules[] =
	"contract fuzz\n"
	"  title     \"Fuzz\"\n"
	"  version   \"1\"\n"
	"  in force  from 1 April 2025\n"
	"\n"
	"dataset visit from visits\n"
	"  key ref\n"
	"  ref      : text\n"
	"  date     : date\n"
	"  start    : time\n"
	"  came     : moment\n"
	"  declared : duration from declared_minutes in minutes within 0 minutes to 24 hours\n"
	"  hours    : duration in hours\n"
	"  rate     : money per hour\n"
	"  charge   : money\n"
	"  share    : percent\n"
	"  carers   : count\n"
	"  double   : yes/no\n"
	"  outcome  : one of (delivered, missed \"M\")\n"
	"\n"
	"layout weekly of visit\n"
	"  ref      : \"Ref\" + \"Line\"\n"
	"  date     : \"Date\" as DD/MM/YYYY\n"
	"  start    : \"Start\" as hh:mm\n"
	"  came     : \"Came\" as YYYY-MM-DDThh:mm:ss\n"
	"  declared : \"Declared\" as h:mm\n"
	"  hours    : \"Hours\"\n"
	"  rate     : \"Rate\"\n"
	"  charge   : \"Charge\"\n"
	"  share    : \"Share\"\n"
	"  carers   : \"Carers\" or missing\n"
	"  double   : \"Double\"\n"
	"  outcome  : \"Outcome\"\n";

static void path_of(const char *name, char *path, size_t room)
{
	const char *folder = getenv("VOUCH_TMP");
	int length = snprintf(path, room, "%s/%s", folder != NULL ? folder : ".", name);
	if (length < 0 || (size_t)length >= room)
		abort();
}

static void write_file(const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "wb");
	if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0)
		abort();
}

static void broken(const char *what, Str field)
{
	fprintf(stderr, "%s %.*s\n", what, STR_ARG(field));
	abort();
}

/* ---- a workbook around a sheet ---- */

static void pack(zip_t *zip, const char *name, const void *data, size_t size)
{
	zip_source_t *source = zip_source_buffer(zip, data, size, 0);
	zip_int64_t at = source == NULL ? -1 : zip_file_add(zip, name, source, ZIP_FL_OVERWRITE);
	if (at < 0 || zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) != 0)
		abort();
}

static void pack_text(zip_t *zip, const char *name, const char *text)
{
	pack(zip, name, text, strlen(text));
}

static void write_workbook(const char *path, const uint8_t *sheet, size_t size)
{
	static const char main_ns[] = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
	static const char of_ns[] =
		"http://schemas.openxmlformats.org/officeDocument/2006/relationships";
	char book[512], links[1024], styles[1024], texts[512];
	zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	if (zip == NULL)
		abort();
	snprintf(book, sizeof book, "<workbook xmlns=\"%s\" xmlns:r=\"%s\"><sheets>"
		"<sheet name=\"Week\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>", main_ns, of_ns);
	snprintf(links, sizeof links, "<Relationships xmlns=\""
		"http://schemas.openxmlformats.org/package/2006/relationships\">"
		"<Relationship Id=\"a\" Type=\"%s/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
		"<Relationship Id=\"b\" Type=\"%s/styles\" Target=\"styles.xml\"/>"
		"<Relationship Id=\"c\" Type=\"%s/sharedStrings\" Target=\"sharedStrings.xml\"/>"
		"</Relationships>", of_ns, of_ns, of_ns);
	snprintf(styles, sizeof styles, "<styleSheet xmlns=\"%s\"><numFmts count=\"1\">"
		"<numFmt numFmtId=\"170\" formatCode=\"[h]:mm\"/></numFmts><cellXfs count=\"4\">"
		"<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"20\"/><xf numFmtId=\"170\"/>"
		"</cellXfs></styleSheet>", main_ns);
	snprintf(texts, sizeof texts, "<sst xmlns=\"%s\"><si><t>Ref</t></si><si><t>A1</t></si><si><r>"
		"<t>deli</t></r><r><t>vered</t></r></si></sst>", main_ns);
	pack_text(zip, "[Content_Types].xml", "<Types xmlns=\""
		"http://schemas.openxmlformats.org/package/2006/content-types\"/>");
	pack_text(zip, "_rels/.rels", "<Relationships xmlns=\""
		"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"a\""
		" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
		"officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
	pack_text(zip, "xl/workbook.xml", book);
	pack_text(zip, "xl/_rels/workbook.xml.rels", links);
	pack_text(zip, "xl/styles.xml", styles);
	pack_text(zip, "xl/sharedStrings.xml", texts);
	pack(zip, "xl/worksheets/sheet1.xml", sheet, size);
	if (zip_close(zip) != 0)
		abort();
}

/* ---- what has to hold ---- */

static void adds_up(const ImportResult *result)
{
	if (result->read != result->imported + result->rejected)
		broken("rows read are not those imported and those rejected", STR(""));
	for (int32_t i = 0; i < result->ntotals; i++) {
		const ImportTotal *total = &result->total[i];
		Ratio sum;
		if (!ratio_add(total->imported, total->rejected, &sum) || ratio_cmp(sum, total->read) != 0)
			broken("what was read is not what was imported and what was rejected:",
				total->field->name);
	}
}

static Status no_header(void *user, Str file, const Str *cell, int32_t n)
{
	(void)user, (void)file, (void)cell, (void)n;
	return STATUS_OK;
}

static Status count_row(void *user, const RejectedRow *row)
{
	if (row->reason.len == 0)
		broken("a row was rejected without a reason", STR(""));
	(*(int64_t *)user)++;
	return STATUS_OK;
}

/* As many as were counted, each with its reason. */
static void lists_rejected(const char *database, const ImportResult *result, Diags *diags)
{
	int64_t listed = 0;
	RejectedSink sink = {&listed, no_header, count_row};
	Status status = import_rejected(database, NULL, &sink, diags);
	if (status != STATUS_OK || listed < result->rejected)
		broken("rejected rows are not all listed", STR(""));
}

static void import(const Rulebook *book, const char *database, const char *file, Diags *diags)
{
	Arena arena = {0};
	const char *const files[] = {file};
	ImportOptions options = {.path = database, .book = book, .file = files, .nfiles = 1,
		.when = "2026-04-01T09:30:00Z"};
	ImportResult *result;
	if (import_files(&options, &arena, diags, &result) == STATUS_OK) {
		adds_up(result);
		lists_rejected(database, result, diags);
		if (result->imported > 0 && import_files(&options, &arena, diags, &result) == STATUS_OK)
			broken("one file was imported twice", STR(""));
	}
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char book_path[4096], database[4096], file[4096];
	path_of("fuzz-layout.vouch", book_path, sizeof book_path);
	path_of("fuzz-import.db", database, sizeof database);
	path_of("fuzz-file", file, sizeof file);
	write_file(book_path, rules, sizeof rules - 1);
	if (size > 0 && data[0] == '<')
		write_workbook(file, data, size);
	else
		write_file(file, data, size);
	Compilation compilation = {0};
	compile_begin(&compilation, NULL);
	const Rulebook *book = rulebook_load(&compilation, str_of(book_path));
	if (book == NULL)
		abort();
	unlink(database);
	import(book, database, file, &compilation.diags);
	unlink(database);
	unlink(file);
	compile_end(&compilation);
	return 0;
}
