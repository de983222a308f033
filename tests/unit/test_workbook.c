/*
 * Workbooks read row by row (interp/sheet_xlsx.c). Each test writes the XML that it is about
 * into an
 * archive of its own; what is read is written back as one line a row, a letter for each kind:
 *
 *   7:T Ann|N 12.5|D 45901|B TRUE|E #N/A||      row 7; "h" behind the number of a hidden one
 */
#define _GNU_SOURCE /* memmem */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "base/limits.h"
#include "interp/sheet.h"
#include "interp/sheet_number.h"

Suite *workbook_suite(void);

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define SHEET(data) "<worksheet xmlns='" MAIN "'><sheetData>" data "</sheetData></worksheet>"

/* Styles of cells: 0 General, 1 a date, 2 a length of time, 3 percent, 4 zeros, 5 hours in
 * words. */
static const char styles[] = "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='[h]:mm'/>"
	"<numFmt numFmtId='165' formatCode='00000'/><numFmt numFmtId='166' formatCode='0.0&quot; hours"
	"&quot;'/></numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/>"
	"<xf numFmtId='14'/><xf numFmtId='164'/><xf numFmtId='9'/><xf numFmtId='165'/><xf"
	" numFmtId='166'/></cellXfs></styleSheet>";

/* The parts of a workbook; a test changes what it is about. */
typedef struct Parts {
	const char *top, *book, *relations, *styles, *strings, *sheet;
	Str raw;                 /* the sheet when it is not text */
	const char *extra_name;  /* one part more */
	Str extra;
	int entries;             /* empty ones more */
	bool encrypted;
} Parts;

static const Parts plain = {
	.top = "<Relationships><Relationship Id='r1' Type='" TYPE "officeDocument'"
		" Target='xl/workbook.xml'/></Relationships>",
	.book = "<workbook xmlns='" MAIN "' xmlns:r='r'><sheets><sheet name='Visits' sheetId='1'"
		" r:id='r1'/></sheets></workbook>",
	.relations = "<Relationships><Relationship Id='r1' Type='" TYPE "worksheet'"
		" Target='worksheets/sheet1.xml'/><Relationship Id='r2' Type='" TYPE "styles'"
		" Target='styles.xml'/><Relationship Id='r3' Type='" TYPE "sharedStrings'"
		" Target='sharedStrings.xml'/></Relationships>",
	.styles = styles,
	.strings = "<sst><si><t>ref</t></si><si><t>Ann</t></si><si><t/></si></sst>",
	.sheet = SHEET(""),
};

typedef struct Bench {
	char path[64];
	Arena arena;
	Sources sources;
	Diags diags;
	Buf out;
	Status status;  /* of the last call */
	Sheet *sheet;
} Bench;

/* ---- writing ---- */

static void add(zip_t *zip, const char *name, Str bytes, bool encrypted)
{
	zip_source_t *source = zip_source_buffer(zip, bytes.ptr, bytes.len, 0);
	zip_int64_t at = zip_file_add(zip, name, source, 0);
	ck_assert_int_ge((int)at, 0);
	if (encrypted)
		ck_assert_int_eq(zip_file_set_encryption(zip, (zip_uint64_t)at, ZIP_EM_AES_128, "x"), 0);
}

static void write_book(const char *path, const Parts *parts)
{
	int code;
	char name[32];
	zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
	ck_assert_ptr_nonnull(zip);
	const struct { const char *name, *text; } part[] = {{"_rels/.rels", parts->top},
		{"xl/workbook.xml", parts->book}, {"xl/_rels/workbook.xml.rels", parts->relations},
		{"xl/styles.xml", parts->styles}, {"xl/sharedStrings.xml", parts->strings}};
	for (size_t i = 0; i < sizeof part / sizeof part[0]; i++)
		if (part[i].text != NULL)
			add(zip, part[i].name, str_of(part[i].text), false);
	if (parts->sheet != NULL || parts->raw.len > 0)
		add(zip, "xl/worksheets/sheet1.xml", parts->raw.len > 0 ? parts->raw : str_of(parts->sheet),
			parts->encrypted);
	if (parts->extra_name != NULL)
		add(zip, parts->extra_name, parts->extra, false);
	for (int i = 0; i < parts->entries; i++) {
		snprintf(name, sizeof name, "e%d", i);
		add(zip, name, STR(""), false);
	}
	ck_assert_int_eq(zip_close(zip), 0);
}

static void bench_write(Bench *bench, const Parts *parts)
{
	snprintf(bench->path, sizeof bench->path, "/tmp/vouch-book-XXXXXX");
	int fd = mkstemp(bench->path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	write_book(bench->path, parts);
}

/* ---- reading ---- */

static void put_row(Buf *out, const SheetRow *row)
{
	static const char letter[] = " TNDBE";
	buf_printf(out, "%lld%s:", (long long)row->line, row->hidden ? "h" : "");
	for (int32_t i = 0; i < row->n; i++) {
		const SheetCell *cell = &row->cell[i];
		ck_assert_int_eq(utf8_first_bad(cell->text), -1);
		ck_assert_int_eq(cell->kind == SHEET_EMPTY, cell->text.len == 0);
		buf_puts(out, i > 0 ? "|" : "");
		if (cell->kind != SHEET_EMPTY)
			buf_printf(out, "%c %.*s", letter[cell->kind], STR_ARG(cell->text));
	}
	buf_char(out, '\n');
}

static void bench_open(Bench *bench)
{
	diags_init(&bench->diags, &bench->arena, &bench->sources);
	bench->status = sheet_open(bench->path, &bench->diags, &bench->sheet);
}

static void bench_read(Bench *bench, int32_t part)
{
	SheetRow row;
	bench_open(bench);
	if (bench->status == STATUS_OK)
		bench->status = sheet_select(bench->sheet, part, &bench->diags);
	while (bench->status == STATUS_OK) {
		bench->status = sheet_next(bench->sheet, &row, &bench->diags);
		if (bench->status == STATUS_OK)
			put_row(&bench->out, &row);
	}
}

static void bench_close(Bench *bench)
{
	sheet_close(bench->sheet);
	vec_free(&bench->diags.list);
	arena_free(&bench->arena);
	buf_free(&bench->out);
}

static void bench_end(Bench *bench)
{
	unlink(bench->path);
	bench_close(bench);
}

static void book_gives(const Parts *parts, const char *wanted)
{
	Bench bench = {0};
	bench_write(&bench, parts);
	bench_read(&bench, 0);
	ck_assert_str_eq(bench.out.at == NULL ? "" : bench.out.at, wanted);
	ck_assert_int_eq(bench.status, STATUS_NO);
	bench_end(&bench);
}

static void check_refused(Bench *bench, const char *why)
{
	ck_assert_int_eq(bench->status, STATUS_WRONG);
	ck_assert_int_eq((int)bench->diags.list.n, 1);
	Str message = bench->diags.list.at[0].message;
	ck_assert_msg(memmem(message.ptr, message.len, why, strlen(why)) != NULL, "%.*s",
		STR_ARG(message));
}

static void book_refused(const Parts *parts, const char *why)
{
	Bench bench = {0};
	bench_write(&bench, parts);
	bench_read(&bench, 0);
	check_refused(&bench, why);
	bench_end(&bench);
}

static void gives(const char *sheet, const char *wanted)
{
	Parts parts = plain;
	parts.sheet = sheet;
	book_gives(&parts, wanted);
}

static void refused(const char *sheet, const char *why)
{
	Parts parts = plain;
	parts.sheet = sheet;
	book_refused(&parts, why);
}

/* ---- numbers ---- */

static void are(FormatKind kind, const char *const *code)
{
	for (; *code != NULL; code++)
		ck_assert_msg(format_of_code(str_of(*code)).kind == kind, "%s", *code);
}

/* Letters in quotes, behind a backslash, in a colour or in the part for texts are no date's. */
START_TEST(format_codes)
{
	static const char *const figures[] = {"General", "0.00", "#,##0", "@", "0.00E+00", "0", "",
		"[$£-809]#,##0.00;[Red]-[$£-809]#,##0.00", "0.0\" hours\"", "0.0\\h", "0_d", "*d0",
		"[Magenta]0", "[>=100]0;0", "0;0;0;@\"d\"", "0;0;0;d", "\"d", "0\"%\"", "0\\%", "000-000",
		"0000000000000000", "[", "\\", NULL};
	static const char *const dates[] = {"dd/mm/yyyy", "[$-809]d mmmm yyyy;@", "[h]:mm", "[hh]",
		"[MM]:SS", "h:mm AM/PM", "mm:ss.0", "[=0]\"-\";dd/mm/yyyy", "D-MMM-YY", "yyyy\\-mm\\-dd",
		"[h", NULL};
	static const char *const percent[] = {"0%", "0.0%;[Red]-0.0%", NULL};
	static const char *const zeros[] = {"00000", "00", NULL};
	are(FORMAT_NUMBER, figures);
	are(FORMAT_DATE, dates);
	are(FORMAT_PERCENT, percent);
	are(FORMAT_ZEROS, zeros);
	ck_assert_int_eq(format_of_code(STR("00000")).zeros, 5);
}
END_TEST

START_TEST(formats_without_a_code)
{
	for (int id = -1; id < 200; id++) {
		bool date = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
			(id >= 50 && id <= 58) || (id >= 71 && id <= 81);
		bool percent = id == 9 || id == 10 || id == 67 || id == 68;
		ck_assert_int_eq(format_of_id(id).kind, date ? FORMAT_DATE
			: percent ? FORMAT_PERCENT : FORMAT_NUMBER);
	}
}
END_TEST

static void prints(const char *text, int shift, const char *wanted)
{
	Buf buf = {0};
	bool printed = number_print(&buf, str_of(text), shift);
	ck_assert_msg(printed == (wanted != NULL), "%s", text);
	ck_assert_str_eq(printed ? buf.at : "", wanted != NULL ? wanted : "");
	buf_free(&buf);
}

/* Fifteen digits, halves up, noise behind them gone; what is no number of XML Schema is none. */
START_TEST(decimals)
{
	prints("0", 0, "0"), prints("-0", 0, "0"), prints("0.000", 0, "0"), prints("0e5", 0, "0");
	prints("12.5", 0, "12.5"), prints("-12.50", 0, "-12.5"), prints("007", 0, "7");
	prints("+3", 0, "3"), prints(".5", 0, "0.5"), prints("5.", 0, "5"), prints("1e3", 0, "1000");
	prints("4.3055555555555555E-2", 0, "0.0430555555555556");
	prints("0.30000000000000004", 0, "0.3"), prints("22.589999999999996", 0, "22.59");
	prints("999999999999999.9", 0, "1000000000000000"), prints("0.9999999999999999", 0, "1");
	prints("123456789012345678", 0, "123456789012346000"), prints("100", 0, "100");
	prints("0.075", 2, "7.5"), prints("1", 2, "100"), prints("7.0000000000000007E-2", 2, "7");
	prints("1e-30", 0, "0.000000000000000000000000000001"), prints("1e-32", 0, NULL);
	prints("1e29", 0, "100000000000000000000000000000"), prints("1e30", 0, NULL);
	prints("", 0, NULL), prints("-", 0, NULL), prints(".", 0, NULL), prints("1,5", 0, NULL);
	prints("1e", 0, NULL), prints("1e+", 0, NULL), prints("1e1000", 0, NULL), prints("NaN", 0, NULL);
	prints("INF", 0, NULL), prints("1.2.3", 0, NULL), prints("0x1", 0, NULL), prints("1 ", 0, NULL);
}
END_TEST

static void iso(const char *text, bool date1904, const char *wanted)
{
	Buf buf = {0};
	bool read = number_of_iso(&buf, str_of(text), date1904);
	ck_assert_msg(read == (wanted != NULL), "%s", text);
	ck_assert_str_eq(read ? buf.at : "", wanted != NULL ? wanted : "");
	buf_free(&buf);
}

/* A zone is not for the file's reader to turn into London time. */
START_TEST(dates_in_iso)
{
	iso("2025-09-01", false, "45901"), iso("2025-09-01", true, "44439");
	iso("1900-03-01", false, "61"), iso("1904-01-01", true, "0"), iso("1903-12-31", true, NULL);
	iso("2025-09-01T08:30:00", false, "45901.354166666667");
	iso("2025-09-01T08:30:00.000", false, "45901.354166666667");
	iso("2025-09-01T00:00:00", false, "45901"), iso("08:00:00", false, "0.333333333333");
	iso("T06:00", false, "0.250000000000"), iso("2025-09-01T23:59:59.9999999", false,
		"45901.999999999988");
	iso("2025-09-31", false, NULL), iso("2025-09-01T25:00:00", false, NULL), iso("", false, NULL);
	iso("2025-09-01T08:30:00Z", false, NULL), iso("1 September", false, NULL), iso("T", false, NULL);
	iso("08:00:00.x", false, NULL), iso("PT1H", false, NULL);
}
END_TEST

/* ---- cells ---- */

/* The attribute t says what a value is, the style what a number is a number of. */
START_TEST(kinds_of_cells)
{
	gives(SHEET("<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='inlineStr'><is><t>two</t></is>"
		"</c>"
		"<c r='C1' t='str'><f>A1</f><v>ref</v></c><c r='D1' t='b'><v>1</v></c><c r='E1' t='b'><v>0</v>"
		"</c><c r='F1' t='e'><v>#N/A</v></c></row>"), "1:T ref|T two|T ref|B TRUE|B FALSE|E #N/A\n");
	gives(SHEET("<row r='1'><c r='A1'><v>12.50</v></c><c r='B1' t='n'><v>1e-05</v></c><c r='C1' s='1'>"
		"<v>45901.5</v></c><c r='D1' s='2'><v>1.0625</v></c><c r='E1' s='5'><v>1.5</v></c></row>"),
		"1:N 12.50|N 1e-05|D 45901.5|D 1.0625|N 1.5\n");
	gives(SHEET("<row r='1'><c r='A1' s='3'><v>7.4999999999999997E-2</v></c><c r='B1' s='4'>"
		"<v>17</v></c>"
		"<c r='C1' s='4'><v>1234567</v></c><c r='D1' s='4'><v>1.5</v></c><c r='E1' s='4'><v>-3</v></c>"
		"</row>"), "1:T 7.5%|T 00017|T 1234567|N 1.5|N -3\n");
	gives(SHEET("<row r='1'><c r='A1' t='d'><v>2025-09-01T12:00:00</v></c><c r='B1' t='d'><v>soon</v>"
		"</c></row>"), "1:D 45901.500000000000|T soon\n");
}
END_TEST

/* Empty ones at the end are no part of a row, gaps are put back. */
START_TEST(empty_cells)
{
	gives(SHEET("<row r='1'><c r='A1' s='1'/><c r='B1'><v></v></c><c r='C1' t='s'><v>2</v></c>"
		"<c r='D1' t='inlineStr'><is><t/></is></c></row>"), "1:\n");
	gives(SHEET("<row r='1'><c r='A1' s='1'/><c r='C1'><v>5</v></c><c r='E1'/></row>"), "1:||N 5\n");
	gives(SHEET("<row r='1'><c r='XFD1'/></row><row r='2'/>"), "1:\n2:\n");
	gives(SHEET(""), "");
}
END_TEST

/* The value that stands beside a formula counts, when somebody has worked it out. */
START_TEST(formulas)
{
	gives(SHEET("<row r='1'><c r='A1'><f>1+1</f><v>2</v></c><c r='B1' t='str'><f>C1</f><v></v></c>"
		"<c r='C1' t='str'><f>\"\"</f></c><c r='D1'><f>SUM(A1:A3)</f></c><c r='E1'><f t='shared'"
		" si='0'/><v/></c></row>"), "1:N 2||E =\"\"|E =SUM(A1:A3)|E =\n");
	Parts parts = plain;
	parts.book = "<workbook xmlns:r='r'><sheets><sheet name='S' r:id='r1'/></sheets><calcPr"
		" calcId='1' fullCalcOnLoad='1'/></workbook>";
	parts.sheet = SHEET("<row r='1'><c r='A1'><f>1+1</f><v>0</v></c><c r='B1'><v>7</v></c></row>");
	book_gives(&parts, "1:E =1+1|N 7\n");
}
END_TEST

/* Runs, readings, blanks, escapes (one of an escape, too), pairs and halves of pairs. */
START_TEST(texts)
{
	Parts parts = plain;
	parts.strings = "<sst><si><r><rPr><b/></rPr><t>An</t></r><r><t xml:space='preserve'>n </t></r>"
		"<r><t>"
		" Lee </t></r></si><si><t>課</t><rPh sb='0' eb='1'><t>カ</t></rPh><phoneticPr/></si>"
		"<si><t xml:space='preserve'>  x </t></si><si><t>  x </t></si>"
		"<si><t>a_x000D_&#10;b_x000d_c&#13;d</t></si><si><t>_x005F_x0041_ _x0041_ _x41_</t></si>"
		"<si><t>_xD83C__xDFE0_ _xD83C_ _xDFE0_ _x0000_</t></si><si><t>&lt;&amp;&#163;€</t></si></sst>";
	parts.sheet = SHEET("<row><c t='s'><v>0</v></c><c t='s'><v>1</v></c><c t='s'><v>2</v></c>"
		"<c t='s'><v>3</v></c><c t='s'><v>4</v></c></row><row><c t='s'><v>5</v></c><c t='s'><v>6</v></c>"
		"<c t='s'><v>7</v></c></row>");
	book_gives(&parts, "1:T Ann Lee|T 課|T   x |T x|T a\nb\nc\nd\n2:T _x0041_ A _x41_|T 🏠 "
		SHEET_BAD " " SHEET_BAD " " SHEET_BAD "|T <&£€\n");
	gives(SHEET("<row><c t='inlineStr'><is><r><t>a </t></r><r><t>b</t></r><rPh><t>no</t></rPh></is>"
		"</c>"
		"<c t='str'><v xml:space='preserve'> c_x000A_</v></c></row>"), "1:T ab|T  c\n\n");
}
END_TEST

/* ---- rows ---- */

/* Rows and cells may leave out where they are; prefixes and the strict edition change nothing. */
START_TEST(rows_and_numbers)
{
	gives(SHEET("<row r='3'><c r='B3'><v>1</v></c></row><row r='7' hidden='1'><c r='A7'><v>2</v></c>"
		"</row>"
		"<row hidden='0'><c><v>3</v></c><c r='D8'><v>4</v></c><c><v>5</v></c></row>"),
		"3:|N 1\n7h:N 2\n8:N 3|||N 4|N 5\n");
	gives(SHEET("<row><c r='A5'><v>1</v></c><c r='B5'><v>2</v></c></row><row><c><v>3</v></c></row>"),
		"5:N 1|N 2\n6:N 3\n");
	gives("<x:worksheet xmlns:x='" MAIN "'><x:sheetData><x:row r='1'><x:c r='A1'><x:v>1</x:v></x:c>"
		"</x:row>"
		"</x:sheetData><x:mergeCells><x:mergeCell ref='A1:B2'/></x:mergeCells></x:worksheet>", "1:N 1\n");
	gives("<worksheet xmlns='http://purl.oclc.org/ooxml/spreadsheetml/main'><sheetData><row r='1'>"
		"<c r='A1' t='d'><v>2025-09-01</v></c></row></sheetData></worksheet>", "1:D 45901\n");
}
END_TEST

/* The last cell of the largest sheet. */
START_TEST(the_last_cell)
{
	Bench bench = {0};
	SheetRow row;
	Parts parts = plain;
	parts.sheet = SHEET("<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>");
	bench_write(&bench, &parts);
	bench_open(&bench);
	ck_assert_int_eq(sheet_select(bench.sheet, 0, &bench.diags), STATUS_OK);
	ck_assert_int_eq(sheet_next(bench.sheet, &row, &bench.diags), STATUS_OK);
	ck_assert_int_eq((int)row.line, 1048576);
	ck_assert_int_eq(row.n, 16384);
	ck_assert_int_eq(row.cell[16383].kind, SHEET_NUMBER);
	ck_assert_int_eq(sheet_next(bench.sheet, &row, &bench.diags), STATUS_NO);
	ck_assert_int_eq(sheet_next(bench.sheet, &row, &bench.diags), STATUS_NO);
	ck_assert_int_eq((int)bench.sheet->done, (int)bench.sheet->bytes);
	bench_end(&bench);
	refused(SHEET("<row r='1'><c r='XFE1'/></row>"), "row 1: damaged: no cell can be called XFE1");
	refused(SHEET("<row r='1'><c r='AAAA1'/></row>"), "no cell can be called AAAA1");
	refused(SHEET("<row r='1048577'/>"), "no row can be numbered 1048577");
	refused(SHEET("<row r='1048576'/><row/>"), "more rows than a sheet can have");
}
END_TEST

/* No spreadsheet writes these: the file is refused, with the sheet and the row. */
START_TEST(rows_out_of_order)
{
	refused(SHEET("<row r='2'/><row r='2'/>"), "sheet Visits, row 2: damaged: row 2 stands behind it");
	refused(SHEET("<row r='5'/><row r='4'/>"), "row 5: damaged: row 4 stands behind it");
	refused(SHEET("<row r='0'/>"), "row 0 stands behind it");
	refused(SHEET("<row r='x'/>"), "no row can be numbered x");
	refused(SHEET("<row r='2'><c r='B2'/><c r='B2'/></row>"), "its cells are not in order");
	refused(SHEET("<row r='2'><c r='B2'/><c r='A2'/></row>"), "its cells are not in order");
	refused(SHEET("<row r='2'><c r='A3'/></row>"), "row 2: damaged: cell A3 stands in it");
	refused(SHEET("<row r='2'><c r='2A'/></row>"), "no cell can be called 2A");
	refused(SHEET("<row r='2'><c r='A'/></row>"), "no cell can be called A");
}
END_TEST

START_TEST(cells_that_cannot_be)
{
	refused(SHEET("<row r='2'><c t='s'><v>3</v></c></row>"), "3 is no text of the workbook");
	refused(SHEET("<row r='2'><c t='s'><v>-1</v></c></row>"), "-1 is no text of the workbook");
	refused(SHEET("<row r='2'><c s='6'/></row>"), "a cell of style 6, which is not there");
	refused(SHEET("<row r='2'><c t='q'/></row>"), "a cell of type q");
	refused(SHEET("<row r='2'><c t='b'><v>2</v></c></row>"), "2 is neither yes nor no");
	refused(SHEET("<row r='2'><c><v>1,5</v></c></row>"), "sheet Visits, row 2: damaged: 1,5 is no"
		" number");
	refused(SHEET("<row r='2'><c><v>NaN</v></c></row>"), "NaN is no number");
	refused(SHEET("<row r='2'><c><v>1</v><v>2</v></c></row>"), "a cell with more than one value");
	refused(SHEET("<row r='2'><c><v>1<b>2</b></v></c></row>"), "a cell with more than one value");
	refused(SHEET("<row r='2'><c><is><t>1</t></is><v>2</v></c></row>"), "more than one value");
}
END_TEST

/* ---- the workbook ---- */

/* Paths from the top and by way of other folders, in other capitals; charts are no sheets. */
START_TEST(sheets_by_relation)
{
	Bench bench = {0};
	Parts parts = plain;
	parts.relations = "<Relationships><Relationship Id='a' Type='" TYPE "worksheet'"
		" Target='/xl/../data/"
		"./One.xml'/><Relationship Id='b' Type='" TYPE "chartsheet' Target='c.xml'/><Relationship Id='c'"
		" Type='http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet'"
		" Target='worksheets/sheet1.xml'/><Relationship Id='d' Type='" TYPE "worksheet'"
		" TargetMode='External' Target='http://x'/></Relationships>";
	parts.book = "<workbook xmlns:q='r'><workbookPr date1904='true'/><sheets><sheet name='Chart'"
		" q:id='b'/>"
		"<sheet name='First' q:id='c'/><sheet name='R&amp;D_x0020_2' state='veryHidden' q:id='a'/>"
		"</sheets>"
		"</workbook>";
	parts.styles = NULL;
	parts.strings = NULL;
	parts.sheet = SHEET("<row><c s='0'><v>1</v></c></row>");
	parts.extra_name = "data/one.xml";
	parts.extra = str_of(SHEET("<row><c><v>2</v></c></row>"));
	bench_write(&bench, &parts);
	bench_read(&bench, 1);
	ck_assert_str_eq(bench.out.at, "1:N 2\n");
	ck_assert_int_eq(bench.sheet->nparts, 2);
	ck_assert(str_eq(bench.sheet->part[0].name, STR("First")) && !bench.sheet->part[0].hidden);
	ck_assert(str_eq(bench.sheet->part[1].name, STR("R&D 2")) && bench.sheet->part[1].hidden);
	ck_assert(bench.sheet->date1904 && bench.sheet->encoding == NULL);
	ck_assert_str_eq(bench.sheet->format->name, "XLSX");
	bench_end(&bench);
}
END_TEST

/* Selected again, and another one, from the first row on; also in the middle of a sheet. */
START_TEST(selected_again)
{
	Bench bench = {0};
	SheetRow row;
	Parts parts = plain;
	parts.sheet = SHEET("<row><c t='s'><v>0</v></c></row><row><c><v>2</v></c></row>");
	bench_write(&bench, &parts);
	bench_open(&bench);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(sheet_select(bench.sheet, 0, &bench.diags), STATUS_OK);
		ck_assert_int_eq(sheet_next(bench.sheet, &row, &bench.diags), STATUS_OK);
		ck_assert_int_eq((int)row.line, 1);
		ck_assert(str_eq(row.cell[0].text, STR("ref")));
	}
	bench_end(&bench);
}
END_TEST

/* XML may be in UTF-16; texts come out in UTF-8. */
START_TEST(sixteen_bits)
{
	static const char text[] = "<?xml version='1.0' encoding='UTF-16'?>"
		SHEET("<row><c t='inlineStr'><is><t>one</t></is></c></row>");
	Buf wide = {0};
	Parts parts = plain;
	buf_str(&wide, STR("\xFF\xFE"));
	for (size_t i = 0; i < sizeof text - 1; i++)
		buf_char(&wide, text[i]), buf_char(&wide, '\0');
	parts.raw = buf_view(&wide);
	book_gives(&parts, "1:T one\n");
	buf_free(&wide);
}
END_TEST

/* ---- what is no workbook ---- */

/* Each is named, for what to ask of the provider differs. */
START_TEST(other_archives)
{
	Parts parts = {.extra_name = "mimetype",
		.extra = STR("application/vnd.oasis.opendocument.spreadsheet")};
	book_refused(&parts, "an OpenDocument spreadsheet (.ods)");
	parts.extra = STR("application/vnd.oasis.opendocument.text");
	book_refused(&parts, "an OpenDocument file that is no spreadsheet");
	parts.extra_name = "visits.csv";
	book_refused(&parts, "an archive (.zip) that holds no workbook");
	parts.top = "<Relationships><Relationship Type='" TYPE "officeDocument' Target='xl/workbook.bin'/>"
		"</Relationships>";
	book_refused(&parts, "a binary workbook (.xlsb)");
	parts.top = "<Relationships><Relationship Type='" TYPE "officeDocument'"
		" Target='word/document.xml'/>"
		"</Relationships>";
	book_refused(&parts, "a Word document");
	parts.top = "<Relationships/>";
	book_refused(&parts, "an archive (.zip) that holds no workbook");
}
END_TEST

/* A part that another one names has to be there. */
START_TEST(parts_that_are_missing)
{
	Parts parts = plain;
	parts.sheet = NULL;
	book_refused(&parts, "it has no part xl/worksheets/sheet1.xml");
	parts = plain, parts.extra_name = "XL/worksheets/Sheet1.xml", parts.extra = STR("<worksheet/>");
	book_refused(&parts, "it has two parts XL/worksheets/Sheet1.xml");
	parts = plain, parts.strings = NULL;
	book_refused(&parts, "it has no part xl/sharedStrings.xml");
	parts = plain, parts.relations = NULL;
	book_refused(&parts, "it has no part xl/_rels/workbook.xml.rels");
	parts = plain, parts.book = NULL;
	book_refused(&parts, "it has no part xl/workbook.xml");
	parts = plain, parts.book = "<workbook xmlns:r='r'><sheets><sheet name='S' r:id='r9'/></sheets>"
		"</workbook>";
	book_refused(&parts, "sheet S is not to be found");
	parts = plain, parts.book = "<workbook/>";
	book_refused(&parts, "a workbook without a sheet of cells");
	parts = plain, parts.book = "<other/>";
	book_refused(&parts, "an Office document that is no workbook");
	refused("<chartsheet/>", "sheet Visits: damaged: no sheet of cells");
}
END_TEST

/* Cut off, badly nested, with bytes that are no text, with entities. */
START_TEST(xml_that_is_none)
{
	refused(SHEET("<row r='7'><c r='A7'></row>"), "sheet Visits, row 7: damaged (mismatched tag)");
	refused("<worksheet><sheetData><row r='7'>", "row 7: damaged (no element found)");
	refused("", "sheet Visits: damaged (no element found)");
	refused(SHEET("<row r='7'><c r='A7' t='str'><v>\xFF</v></c></row>"), "damaged (not well-formed");
	refused(SHEET("<row r='7'><c r='A7' t='str'><v>&#0;</v></c></row>"),
		"damaged (reference to invalid");
	refused(SHEET("<row r='7'><c r='A7' t='str'><v>&a;</v></c></row>"), "damaged (undefined entity)");
	refused("<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>", "sheet Visits: declares a document type");
	refused("<!DOCTYPE worksheet><worksheet/>", "declares a document type");
	Parts parts = plain;
	parts.strings = "<sst><t>x</t></sst>";
	book_gives(&parts, "");
	parts.strings = "<!DOCTYPE a [<!ENTITY b 'c'>]><sst><si><t>&b;</t></si></sst>";
	book_refused(&parts, "xl/sharedStrings.xml: declares a document type");
	parts = plain;
	parts.encrypted = true;
	book_refused(&parts, "is encrypted");
}
END_TEST

/* ---- limits ---- */

static Str blanks(Buf *buf, const char *before, size_t n, const char *after)
{
	buf_clear(buf);
	buf_puts(buf, before);
	buf_pad(buf, ' ', n);
	buf_puts(buf, after);
	return buf_view(buf);
}

/* Blanks pack to a thousandth: just within what is let through, and just beyond. */
START_TEST(bombs)
{
	Buf buf = {0};
	Parts parts = plain;
	parts.raw = blanks(&buf, "<worksheet><sheetData>", LIMIT_BOOK_RATIO_FROM - 100,
		"</sheetData></worksheet>");
	book_gives(&parts, "");
	parts.raw = blanks(&buf, "<worksheet><sheetData>", LIMIT_BOOK_RATIO_FROM + 100000,
		"</sheetData></worksheet>");
	book_refused(&parts, "unpacks to more than 250 times its size");
	parts.raw = blanks(&buf, "<worksheet ", LIMIT_BOOK_TAG - 100000, "><sheetData/></worksheet>");
	book_gives(&parts, "");
	parts.raw = blanks(&buf, "<worksheet ", LIMIT_BOOK_TAG + 100000, "><sheetData/></worksheet>");
	book_refused(&parts, "a tag of more than a megabyte");
	parts.raw = (Str){NULL, 0};
	parts.entries = LIMIT_BOOK_ENTRIES - 6;
	book_gives(&parts, "");
	parts.entries++;
	book_refused(&parts, "an archive of more than 10000 parts");
	buf_free(&buf);
}
END_TEST

/* One row's texts, together; and one text without an end. */
START_TEST(long_rows)
{
	Buf buf = {0};
	Parts parts = plain;
	for (size_t n = LIMIT_SHEET_ROW - 1; n < LIMIT_SHEET_ROW + 1; n++) {
		buf_clear(&buf);
		buf_puts(&buf, "<worksheet><sheetData><row r='4'><c t='str'><v>");
		for (size_t i = 0; i < n; i++)
			buf_char(&buf, (char)('a' + i * i % 23));
		buf_puts(&buf, "</v></c><c><v>7</v></c></row></sheetData></worksheet>");
		parts.raw = buf_view(&buf);
		Bench bench = {0};
		bench_write(&bench, &parts);
		bench_read(&bench, 0);
		if (n < LIMIT_SHEET_ROW)
			ck_assert_int_eq(bench.status, STATUS_NO);
		else
			check_refused(&bench, "sheet Visits, row 4: has more than a megabyte of text");
		bench_end(&bench);
	}
	buf_free(&buf);
}
END_TEST

static const char *repeated(Buf *buf, const char *before, const char *one, int n, const char *after)
{
	buf_clear(buf);
	buf_puts(buf, before);
	for (int i = 0; i < n; i++)
		buf_puts(buf, one);
	buf_puts(buf, after);
	return buf->at;
}

/* Lists that are searched again and again stay short; each at its limit and one beyond. */
START_TEST(many_of_a_kind)
{
	static const char format[] = "<numFmt numFmtId='164' formatCode='0'/>", relation[] =
		"<Relationship Id='r1' Type='a/worksheet' Target='worksheets/sheet1.xml'/>";
	Buf buf = {0};
	Parts parts = plain;
	parts.styles = repeated(&buf, "<s><cellXfs>", "<xf/>", LIMIT_BOOK_STYLES, "</cellXfs></s>");
	book_gives(&parts, "");
	parts.styles = repeated(&buf, "<s><cellXfs>", "<xf/>", LIMIT_BOOK_STYLES + 1, "</cellXfs></s>");
	book_refused(&parts, "xl/styles.xml: has more than 70000 styles of cells");
	parts.styles = repeated(&buf, "<s>", format, LIMIT_BOOK_FORMATS, "</s>");
	book_gives(&parts, "");
	parts.styles = repeated(&buf, "<s>", format, LIMIT_BOOK_FORMATS + 1, "</s>");
	book_refused(&parts, "xl/styles.xml: has more than 10000 number formats");
	parts = plain;
	parts.relations = repeated(&buf, "<Relationships>", relation, LIMIT_BOOK_ENTRIES,
		"</Relationships>");
	book_gives(&parts, "");
	parts.relations = repeated(&buf, "<Relationships>", relation, LIMIT_BOOK_ENTRIES + 1,
		"</Relationships>");
	book_refused(&parts, "has more than 10000 relations");
	parts = plain;
	parts.book = repeated(&buf, "<workbook xmlns:r='r'>", "<sheet name='a' r:id='r1'/>",
		LIMIT_BOOK_ENTRIES + 1, "</workbook>");
	book_refused(&parts, "has more than 10000 sheets");
	buf_free(&buf);
}
END_TEST

/* ---- whole files ---- */

#define LONG_ROWS 3000

/* Cells of every kind over the borders of the pieces in which a sheet is read. */
static void long_book(Buf *sheet, Buf *strings, Buf *wanted)
{
	buf_puts(strings, "<sst>");
	buf_puts(sheet, "<worksheet><sheetData>");
	for (int i = 0; i < LONG_ROWS; i++) {
		buf_printf(strings, "<si><t>V%05d</t></si>", i);
		buf_printf(sheet, "<row r='%d'%s><c r='A%d' t='s'><v>%d</v></c><c r='C%d' s='1'><v>%d.%d</v></c>"
			"<c r='D%d' t='inlineStr'><is><r><t>note </t></r><r><t>%d</t></r></is></c><c r='E%d'><f>A%d"
			"</f></c></row>", 2 * i + 1, i % 7 == 0 ? " hidden='1'" : "", 2 * i + 1, i, 2 * i + 1,
			45000 + i, i + 1, 2 * i + 1, i, 2 * i + 1, i);
		buf_printf(wanted, "%d%s:T V%05d||D %d.%d|T note%d|E =A%d\n", 2 * i + 1, i % 7 == 0 ? "h" : "",
			i, 45000 + i, i + 1, i, i);
	}
	buf_puts(strings, "</sst>");
	buf_puts(sheet, "</sheetData></worksheet>");
}

START_TEST(long_sheets)
{
	Buf sheet = {0}, strings = {0}, wanted = {0};
	Parts parts = plain;
	long_book(&sheet, &strings, &wanted);
	parts.strings = strings.at;
	parts.sheet = sheet.at;
	ck_assert_uint_gt(sheet.n, 4 * 65536);
	book_gives(&parts, wanted.at);
	buf_free(&sheet), buf_free(&strings), buf_free(&wanted);
}
END_TEST

static void slurp(const char *path, Buf *out)
{
	char bytes[4096];
	size_t n;
	FILE *file = fopen(path, "rb");
	ck_assert_ptr_nonnull(file);
	while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
		buf_str(out, (Str){bytes, n});
	fclose(file);
}

static void spill(const char *path, Str bytes)
{
	FILE *file = fopen(path, "wb");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
	ck_assert_int_eq(fclose(file), 0);
}

/* A file of which the end is missing is an error wherever it was cut. */
START_TEST(cut_anywhere)
{
	Buf sheet = {0}, strings = {0}, wanted = {0}, whole = {0};
	Bench first = {0};
	Parts parts = plain;
	long_book(&sheet, &strings, &wanted);
	parts.strings = strings.at, parts.sheet = sheet.at;
	bench_write(&first, &parts);
	slurp(first.path, &whole);
	for (size_t n = 0; n < whole.n; n += n < 4 ? 1 : 97) {
		Bench bench = {0};
		snprintf(bench.path, sizeof bench.path, "%s", first.path);
		spill(bench.path, (Str){whole.at, n});
		bench_read(&bench, 0);
		if (n >= 4)
			check_refused(&bench, "its end is missing or damaged");
		bench_close(&bench);
	}
	buf_free(&sheet), buf_free(&strings), buf_free(&wanted), buf_free(&whole);
	bench_end(&first);
}
END_TEST

/* A byte that changed on the way is an error, or it is one that says nothing of the rows. */
START_TEST(changed_anywhere)
{
	Buf whole = {0};
	Bench first = {0};
	Parts parts = plain;
	int errors = 0;
	parts.sheet = SHEET("<row r='1'><c t='s'><v>0</v></c><c s='1'><v>45901</v></c></row>");
	bench_write(&first, &parts);
	slurp(first.path, &whole);
	for (size_t i = 4; i < whole.n; i++) {
		Bench bench = {0};
		snprintf(bench.path, sizeof bench.path, "%s", first.path);
		whole.at[i] = (char)(whole.at[i] ^ (1 << i % 8));
		spill(bench.path, buf_view(&whole));
		bench_read(&bench, 0);
		whole.at[i] = (char)(whole.at[i] ^ (1 << i % 8));
		errors += bench.status == STATUS_WRONG;
		ck_assert(bench.status == STATUS_WRONG || bench.status == STATUS_NO);
		if (bench.status == STATUS_NO)
			ck_assert_str_eq(bench.out.at, "1:T ref|D 45901\n");
		bench_close(&bench);
	}
	ck_assert_int_gt(errors, (int)whole.n / 2);
	buf_free(&whole);
	bench_end(&first);
}
END_TEST

Suite *workbook_suite(void)
{
	Suite *suite = suite_create("workbook");
	TCase *tcase = tcase_create("xlsx");
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, format_codes);
	tcase_add_test(tcase, formats_without_a_code);
	tcase_add_test(tcase, decimals);
	tcase_add_test(tcase, dates_in_iso);
	tcase_add_test(tcase, kinds_of_cells);
	tcase_add_test(tcase, empty_cells);
	tcase_add_test(tcase, formulas);
	tcase_add_test(tcase, texts);
	tcase_add_test(tcase, rows_and_numbers);
	tcase_add_test(tcase, the_last_cell);
	tcase_add_test(tcase, rows_out_of_order);
	tcase_add_test(tcase, cells_that_cannot_be);
	tcase_add_test(tcase, sheets_by_relation);
	tcase_add_test(tcase, selected_again);
	tcase_add_test(tcase, sixteen_bits);
	tcase_add_test(tcase, other_archives);
	tcase_add_test(tcase, parts_that_are_missing);
	tcase_add_test(tcase, xml_that_is_none);
	tcase_add_test(tcase, bombs);
	tcase_add_test(tcase, long_rows);
	tcase_add_test(tcase, many_of_a_kind);
	tcase_add_test(tcase, long_sheets);
	tcase_add_test(tcase, cut_anywhere);
	tcase_add_test(tcase, changed_anywhere);
	suite_add_tcase(suite, tcase);
	return suite;
}
