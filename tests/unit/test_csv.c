/*
 * Cells that a spreadsheet would run: which get an apostrophe, and which must stay as they are.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "report/csv.h"

Suite *csv_suite(void);

/* The line of one cell. */
static void check_cell(const char *text, bool plain, const char *expected)
{
	char line[256] = "";
	FILE *file = tmpfile();
	Str cell = str_of(text);
	csv_row(file, &cell, &plain, 1);
	rewind(file);
	size_t n = fread(line, 1, sizeof line - 1, file);
	line[n] = '\0';
	fclose(file);
	ck_assert_str_eq(line, expected);
}

/* What begins a formula, with and without what may stand before it. */
START_TEST(texts_that_run)
{
	check_cell("=1+1", false, "\"'=1+1\"\r\n");
	check_cell("+1", false, "\"'+1\"\r\n");
	check_cell("-1", false, "\"'-1\"\r\n");
	check_cell("@SUM(1)", false, "\"'@SUM(1)\"\r\n");
	check_cell("\t=1", false, "\"'\t=1\"\r\n");
	check_cell("\tx", false, "\"'\tx\"\r\n");
	check_cell("\r=1", false, "\"'\r=1\"\r\n");
	check_cell("\n=1", false, "\"'\n=1\"\r\n");
	check_cell(" =1", false, "\"' =1\"\r\n");
	check_cell("   -1", false, "\"'   -1\"\r\n");
	check_cell(" \xC2\xA0=1", false, "\"' \xC2\xA0=1\"\r\n");
	check_cell("\xEF\xBB\xBF=1", false, "\"'\xEF\xBB\xBF=1\"\r\n");
	check_cell("\xE2\x80\x8B@x", false, "\"'\xE2\x80\x8B@x\"\r\n");
	check_cell("＝1", false, "\"'＝1\"\r\n");
	check_cell("＋1", false, "\"'＋1\"\r\n");
	check_cell("－1", false, "\"'－1\"\r\n");
	check_cell("＠x", false, "\"'＠x\"\r\n");
	check_cell("=\"a\"", false, "\"'=\"\"a\"\"\"\r\n");
}
END_TEST

/* An apostrophe more would be a wrong key. */
START_TEST(texts_that_do_not)
{
	check_cell("", false, "\"\"\r\n");
	check_cell(" ", false, "\" \"\r\n");
	check_cell("a=1", false, "\"a=1\"\r\n");
	check_cell("£5.65", false, "\"£5.65\"\r\n");
	check_cell("'=1", false, "\"'=1\"\r\n");
	check_cell("0012", false, "\"0012\"\r\n");
	check_cell("2025-09-01", false, "\"2025-09-01\"\r\n");
	check_cell("Ｐ1", false, "\"Ｐ1\"\r\n");
	check_cell("\xEF\xBC", false, "\"\xEF\xBC\"\r\n");
}
END_TEST

/* Columns of numbers and dates: what is one has no apostrophe, what is none is a text. */
START_TEST(figures)
{
	check_cell("-565", true, "\"-565\"\r\n");
	check_cell("-5.65", true, "\"-5.65\"\r\n");
	check_cell("-5/6", true, "\"-5/6\"\r\n");
	check_cell("2025-09-01", true, "\"2025-09-01\"\r\n");
	check_cell("", true, "\"\"\r\n");
	check_cell("?", true, "\"?\"\r\n");
	check_cell("-2+3", true, "\"'-2+3\"\r\n");
	check_cell("-1-2", true, "\"'-1-2\"\r\n");
	check_cell("-2025-09-01", true, "\"'-2025-09-01\"\r\n");
	check_cell("-5/6/7", true, "\"'-5/6/7\"\r\n");
	check_cell("-", true, "\"'-\"\r\n");
	check_cell("-1|x", true, "\"'-1|x\"\r\n");
	check_cell("=1", true, "\"'=1\"\r\n");
}
END_TEST

Suite *csv_suite(void)
{
	Suite *suite = suite_create("csv");
	TCase *tcase = tcase_create("csv");
	tcase_add_test(tcase, texts_that_run);
	tcase_add_test(tcase, texts_that_do_not);
	tcase_add_test(tcase, figures);
	suite_add_tcase(suite, tcase);
	return suite;
}
