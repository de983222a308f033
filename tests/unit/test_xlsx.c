/*
 * Tables as a spreadsheet file: what a cell makes of a text, where a long table goes on and where
 * it is cut, and what a file that cannot be written gives. `unzip` shows what is in the file; what a
 * spreadsheet makes of it, tests/cli/spreadsheet.sh asks one.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/xlsx.h"

Suite *xlsx_suite(void);

static const char path[] = "test-xlsx.xlsx";
static const XlsxOptions few = {.title = "Test", .rows_most = 3};
static const XlsxColumn column[] = {{"A", 10}, {"B", 10}};

static void check_text(const char *text, const char *expected)
{
	Buf buf = {0};
	buf_puts(&buf, "");
	xlsx_cell_text(&buf, str_of(text));
	ck_assert_str_eq(buf.at, expected);
	buf_free(&buf);
}

/* U+001F separates keys; U+FFFE and U+FFFF are no characters of XML, U+FFFD is. */
START_TEST(texts_of_cells)
{
	check_text("", "");
	check_text("=1+1", "=1+1");
	check_text("two\nlines\x1b[2J", "two lines\\x1b[2J");
	check_text("PR1\x1f" "2025-09-01", "PR1, 2025-09-01");
	check_text("\xff", "\\xff");
	check_text("a\xEF\xBF\xBE\xEF\xBF\xBF" "b\xEF\xBF\xBD", "a\xEF\xBF\xBD\xEF\xBF\xBD"
		"b\xEF\xBF\xBD");
	check_text("_x0041_", "_x005F_x0041_");
	check_text("_x00e9_x00E9_", "_x005F_x00e9_x005F_x00E9_");
	check_text("_x004_ _x0041 _X0041_ _x00g1_", "_x004_ _x0041 _X0041_ _x00g1_");
}
END_TEST

/* The length of a cell of `n` characters, each of these bytes, in characters. */
static size_t chars_of(const char *one, size_t n)
{
	Buf text = {0}, cell = {0};
	for (size_t i = 0; i < n; i++)
		buf_puts(&text, one);
	xlsx_cell_text(&cell, buf_view(&text));
	size_t chars = utf8_chars(buf_view(&cell));
	ck_assert(cell.n > 0 && cell.n <= text.n);
	buf_free(&text);
	buf_free(&cell);
	return chars;
}

/* The format counts a character beyond U+FFFF twice. */
START_TEST(long_texts_are_cut)
{
	ck_assert_uint_eq(chars_of("x", XLSX_TEXT_MOST), XLSX_TEXT_MOST);
	ck_assert_uint_lt(chars_of("x", XLSX_TEXT_MOST + 1), XLSX_TEXT_MOST);
	ck_assert_uint_gt(chars_of("£", XLSX_TEXT_MOST + 1), XLSX_TEXT_MOST - 20);
	ck_assert_uint_le(2 * chars_of("\xF0\x9F\x8F\xA0", XLSX_TEXT_MOST), XLSX_TEXT_MOST + 10);
}
END_TEST

/* A table of n rows; what `contents` says. */
static Status write_rows(int n, const char **why)
{
	Xlsx *xlsx = xlsx_new(path, &few);
	ck_assert_ptr_nonnull(xlsx);
	xlsx_table(xlsx, "rows", "Rows", column, 2);
	for (int i = 0; i < n; i++) {
		ck_assert(!xlsx_full(xlsx) || i >= 3 * XLSX_SHEETS_MOST);
		xlsx_number(xlsx, i);
		xlsx_text(xlsx, STR("=1+1"));
		xlsx_row(xlsx);
	}
	xlsx_table(xlsx, "last", "A table without rows", column, 2);
	return xlsx_close(xlsx, STATUS_OK, why);
}

/* What stands in a part of the file; it must have it. */
static void read_part(const char *part, Buf *out)
{
	char command[128], piece[4096];
	size_t n;
	snprintf(command, sizeof command, "unzip -p %s %s", path, part);
	FILE *pipe = popen(command, "r");
	buf_clear(out);
	buf_puts(out, "");
	while ((n = fread(piece, 1, sizeof piece, pipe)) > 0)
		buf_str(out, (Str){piece, n});
	ck_assert_int_eq(pclose(pipe), 0);
}

static int count(const Buf *text, const char *part)
{
	int n = 0;
	for (const char *at = text->at; (at = strstr(at, part)) != NULL; at++)
		n++;
	return n;
}

static bool has_unzip(void)
{
	return system("unzip -v >unzip.out 2>&1 && rm unzip.out") == 0;
}

/* Sheets for no rows, one, a sheet full and one more; all four full, and one row too many. */
START_TEST(long_tables_go_on)
{
	static const struct { int rows, sheets; bool cut; } trial[] = {{0, 1, false}, {1, 1, false},
		{3, 1, false}, {4, 2, false}, {12, 4, false}, {13, 4, true}, {40, 4, true}};
	Buf part = {0};
	const char *why = NULL;
	if (!has_unzip())
		return;
	for (size_t i = 0; i < sizeof trial / sizeof *trial; i++) {
		ck_assert_int_eq(write_rows(trial[i].rows, &why), STATUS_OK);
		read_part("xl/workbook.xml", &part);
		ck_assert_int_eq(count(&part, "<sheet name="), trial[i].sheets + 2);
		ck_assert_int_eq(count(&part, "name=\"rows 2\""), trial[i].sheets > 1);
		read_part("xl/worksheets/sheet1.xml", &part);
		ck_assert_int_eq(count(&part, ">no: there is more"), trial[i].cut);
		ck_assert_int_eq(count(&part, ">yes<"), trial[i].sheets + !trial[i].cut);
		read_part("xl/worksheets/sheet2.xml", &part);
		ck_assert_int_eq(count(&part, "<row "), 1 + (trial[i].rows < 3 ? trial[i].rows : 3));
	}
	buf_free(&part);
	unlink(path);
}
END_TEST

/* One row of each kind of cell. */
static void write_cells(void)
{
	const char *why = NULL;
	Xlsx *xlsx = xlsx_new(path, &few);
	xlsx_table(xlsx, "a", "", column, 2);
	xlsx_text(xlsx, STR("=SUM(A1:A9)"));
	xlsx_day(xlsx, STR("1900-03-01"));
	xlsx_row(xlsx);
	xlsx_day(xlsx, STR("1900-02-28"));
	xlsx_pence(xlsx, true, -565);
	xlsx_row(xlsx);
	xlsx_pence(xlsx, false, 99);
	xlsx_number(xlsx, 1000000000000000);
	xlsx_row(xlsx);
	xlsx_table(xlsx, "b", "", column, 2);
	xlsx_figure(xlsx, (Ratio){3, 40}, XLSX_PERCENT);
	xlsx_pence(xlsx, true, 1000000000000000);
	xlsx_row(xlsx);
	xlsx_number(xlsx, -999999999999999);
	xlsx_text(xlsx, STR("113/20"));
	xlsx_row(xlsx);
	ck_assert_int_eq(xlsx_close(xlsx, STATUS_OK, &why), STATUS_OK);
}

/* 61 is 1 March 1900, the first day that spreadsheets have right. What has more digits than a
 * spreadsheet keeps is a text. */
START_TEST(kinds_of_cells)
{
	Buf part = {0};
	if (!has_unzip())
		return;
	write_cells();
	read_part("xl/worksheets/sheet2.xml", &part);
	ck_assert_int_eq(count(&part, "<f>"), 0);
	ck_assert_int_eq(count(&part, "<t>=SUM(A1:A9)</t>"), 1);
	ck_assert_int_eq(count(&part, "<v>61</v>"), 1);
	ck_assert_int_eq(count(&part, "<t>1900-02-28</t>"), 1);
	ck_assert_int_eq(count(&part, "<v>-5.65</v>"), 1);
	ck_assert_int_eq(count(&part, "r=\"A4\""), 0);
	ck_assert_int_eq(count(&part, "<t>1000000000000000</t>"), 1);
	read_part("xl/worksheets/sheet3.xml", &part);
	ck_assert_int_eq(count(&part, "<v>0.075"), 1);
	ck_assert_int_eq(count(&part, "<t>£10,000,000,000,000.00</t>"), 1);
	ck_assert_int_eq(count(&part, "<v>-999999999999999</v>"), 1);
	ck_assert_int_eq(count(&part, "<t>113/20</t>"), 1);
	buf_free(&part);
	unlink(path);
}
END_TEST

/* Nothing is left when the caller has failed; a folder that is not there is told. */
START_TEST(files_that_are_not_written)
{
	const char *why = NULL;
	Xlsx *xlsx = xlsx_new(path, &few);
	ck_assert_int_eq(xlsx_close(xlsx, STATUS_INTERRUPTED, &why), STATUS_INTERRUPTED);
	ck_assert_ptr_null(why);
	ck_assert_int_ne(access(path, F_OK), 0);
	xlsx = xlsx_new("no-such-folder/a.xlsx", &few);
	if (xlsx == NULL)
		return;
	ck_assert_int_eq(xlsx_close(xlsx, STATUS_OK, &why), STATUS_WORLD);
	ck_assert_ptr_nonnull(why);
}
END_TEST

Suite *xlsx_suite(void)
{
	Suite *suite = suite_create("xlsx");
	TCase *tcase = tcase_create("xlsx");
	tcase_add_test(tcase, texts_of_cells);
	tcase_add_test(tcase, long_texts_are_cut);
	tcase_add_test(tcase, long_tables_go_on);
	tcase_add_test(tcase, kinds_of_cells);
	tcase_add_test(tcase, files_that_are_not_written);
	suite_add_tcase(suite, tcase);
	return suite;
}
