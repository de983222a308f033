/*
 * Tabular files read row by row (interp/sheet.h). What is read is written back as one line a row,
 * "LINE:cell|cell", so that a test shows a file and what comes of it side by side.
 */
#define _GNU_SOURCE /* memmem */
#include "interp/sheet.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *sheet_suite(void);

typedef struct Bench {
	char path[64];
	Arena arena;
	Sources sources;
	Diags diags;
	Buf out;
	Status status;  /* of the last call */
	Sheet *sheet;
} Bench;

static void bench_write(Bench *bench, Str bytes)
{
	snprintf(bench->path, sizeof bench->path, "/tmp/vouch-sheet-XXXXXX");
	int fd = mkstemp(bench->path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes.ptr, bytes.len), (ssize_t)bytes.len);
	close(fd);
	diags_init(&bench->diags, &bench->arena, &bench->sources);
}

static void bench_read(Bench *bench, Str bytes)
{
	SheetRow row;
	bench_write(bench, bytes);
	bench->status = sheet_open(bench->path, &bench->diags, &bench->sheet);
	if (bench->status == STATUS_OK)
		bench->status = sheet_select(bench->sheet, 0, &bench->diags);
	while (bench->status == STATUS_OK) {
		bench->status = sheet_next(bench->sheet, &row, &bench->diags);
		if (bench->status != STATUS_OK)
			break;
		buf_printf(&bench->out, "%lld:", (long long)row.line);
		for (int32_t i = 0; i < row.n; i++)
			buf_printf(&bench->out, "%s%.*s", i > 0 ? "|" : "", STR_ARG(row.cell[i].text));
		buf_char(&bench->out, '\n');
	}
}

static void bench_end(Bench *bench)
{
	unlink(bench->path);
	sheet_close(bench->sheet);
	vec_free(&bench->diags.list);
	arena_free(&bench->arena);
	buf_free(&bench->out);
}

static void gives(Str bytes, const char *wanted)
{
	Bench bench = {0};
	bench_read(&bench, bytes);
	ck_assert_int_eq(bench.status, STATUS_NO);
	ck_assert_str_eq(bench.out.at == NULL ? "" : bench.out.at, wanted);
	bench_end(&bench);
}

static void refused(Str bytes, const char *why)
{
	Bench bench = {0};
	bench_read(&bench, bytes);
	ck_assert_int_eq(bench.status, STATUS_WRONG);
	ck_assert_int_eq((int)bench.diags.list.n, 1);
	Str message = bench.diags.list.at[0].message;
	ck_assert_msg(memmem(message.ptr, message.len, why, strlen(why)) != NULL, "%.*s",
		STR_ARG(message));
	bench_end(&bench);
}

START_TEST(rows_and_lines)
{
	gives(STR("a,b\n1,2\n"), "1:a|b\n2:1|2\n");
	gives(STR("a,b\r\n1,2\r\n"), "1:a|b\n2:1|2\n");
	gives(STR("a,b\r1,2"), "1:a|b\n2:1|2\n");
	gives(STR("a,b\n\n1,2\n\n"), "1:a|b\n2:\n3:1|2\n4:\n");
	gives(STR("a,b\n1\n1,2,3\n,\n"), "1:a|b\n2:1\n3:1|2|3\n4:|\n");
}
END_TEST

/* Excel on an English desktop writes £ as one byte; of five bytes Windows-1252 has no character. */
START_TEST(encodings)
{
	gives(STR("a,b\n\xA3" "5,caf\xE9\n"), "1:a|b\n2:£5|café\n");
	gives(STR("a,b\n£5,café\n"), "1:a|b\n2:£5|café\n");
	gives(STR("\xEF\xBB\xBF" "a,b\n1,2\n"), "1:a|b\n2:1|2\n");
	gives(STR("a,b\n\x80,\x81\n"), "1:a|b\n2:€|" "\xEF\xBF\xBD" "\n");
	gives(STR("a,b\n1,\xC3"), "1:a|b\n2:1|Ã\n");
	refused(STR("\xFF\xFE" "a\0,\0"), "UTF-16");
	refused(STR("PK\x03\x04 a workbook"), "its end is missing or damaged");
}
END_TEST

/* A character of several bytes lies across the pieces in which a file is read. */
START_TEST(encodings_across_pieces)
{
	Buf bytes = {0}, wanted = {0};
	for (int before = 65533; before <= 65536; before++) {
		buf_clear(&bytes), buf_clear(&wanted);
		buf_puts(&bytes, "a,b\n"), buf_puts(&wanted, "1:a|b\n2:");
		buf_pad(&bytes, 'x', (size_t)before - 4), buf_pad(&wanted, 'x', (size_t)before - 4);
		buf_puts(&bytes, "€,1\n"), buf_puts(&wanted, "€|1\n");
		buf_char(&wanted, '\0');
		gives(buf_view(&bytes), wanted.at);
	}
	buf_free(&bytes);
	buf_free(&wanted);
}
END_TEST

START_TEST(quotes)
{
	gives(STR("a,b\n\"x, y\",\"say \"\"no\"\"\"\n3,4\n"), "1:a|b\n2:x, y|say \"no\"\n3:3|4\n");
	gives(STR("a,b\n\"one\r\ntwo\n\nthree\",2\n3,4\n"), "1:a|b\n2:one\ntwo\n\nthree|2\n6:3|4\n");
	refused(STR("a,b\n1,2\n\"3,4\n5,6\n"), "line 3: a quotation mark that is not closed");
}
END_TEST

START_TEST(separators)
{
	gives(STR("a;b;c\n1,5;2;3\n"), "1:a|b|c\n2:1,5|2|3\n");
	gives(STR("a\tb\tc\n1\t\t3\n"), "1:a|b|c\n2:1||3\n");
	gives(STR("a|b\n1|2\n"), "1:a|b\n2:1|2\n");
	gives(STR("sep=;\na;b\n1;2\n"), "2:a|b\n3:1|2\n");
	gives(STR("Visits, week 3\na;b;c\n1;2;3\n"), "1:Visits, week 3\n2:a|b|c\n3:1|2|3\n");
	gives(STR("only\n1\n"), "1:only\n2:1\n");
}
END_TEST

START_TEST(no_tables)
{
	refused(STR(""), "empty");
	refused(STR("%PDF-1.7\n"), "a PDF document");
	refused(STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "before Excel 2007");
	refused(STR("<html><table>"), "a web page");
	refused(STR("SQLite format 3"), "a database");
}
END_TEST

START_TEST(the_digest_is_of_the_bytes)
{
	Bench bench = {0};
	bench_read(&bench, STR("abc"));
	ck_assert_int_eq(bench.sheet->sha256[0], 0xba);
	ck_assert_int_eq(bench.sheet->sha256[31], 0xad);
	ck_assert_int_eq((int)bench.sheet->bytes, 3);
	ck_assert_int_eq((int)bench.sheet->done, 3);
	ck_assert_str_eq(bench.sheet->format->name, "CSV");
	bench_end(&bench);
}
END_TEST

/* A second reading of the same file begins at its first row. */
START_TEST(selected_again)
{
	Bench bench = {0};
	SheetRow row;
	bench_read(&bench, STR("a;b\n1;2\n"));
	ck_assert_int_eq(sheet_select(bench.sheet, 0, &bench.diags), STATUS_OK);
	ck_assert_int_eq(sheet_next(bench.sheet, &row, &bench.diags), STATUS_OK);
	ck_assert_int_eq((int)row.line, 1);
	ck_assert_int_eq(row.n, 2);
	bench_end(&bench);
}
END_TEST

/* Rows over the borders of the pieces in which a file is read. */
START_TEST(long_files)
{
	Bench bench = {0};
	Buf text = {0};
	SheetRow row;
	buf_puts(&text, "ref,note\n");
	for (int i = 0; i < 9000; i++)
		buf_printf(&text, "V%05d,\"a note, with\nlines %d\"\n", i, i);
	bench_write(&bench, buf_view(&text));
	ck_assert_int_eq(sheet_open(bench.path, &bench.diags, &bench.sheet), STATUS_OK);
	for (int i = -1; i < 9000; i++) {
		char wanted[16];
		snprintf(wanted, sizeof wanted, "V%05d", i);
		ck_assert_int_eq(sheet_next(bench.sheet, &row, &bench.diags), STATUS_OK);
		ck_assert_int_eq((int)row.line, i < 0 ? 1 : 2 + 2 * i);
		ck_assert_int_eq(row.n, 2);
		ck_assert(i < 0 || str_eq(row.cell[0].text, str_of(wanted)));
	}
	ck_assert_int_eq(sheet_next(bench.sheet, &row, &bench.diags), STATUS_NO);
	ck_assert_int_eq(sheet_next(bench.sheet, &row, &bench.diags), STATUS_NO);
	buf_free(&text);
	bench_end(&bench);
}
END_TEST

Suite *sheet_suite(void)
{
	Suite *suite = suite_create("sheet");
	TCase *tcase = tcase_create("csv");
	tcase_add_test(tcase, encodings);
	tcase_add_test(tcase, encodings_across_pieces);
	tcase_add_test(tcase, rows_and_lines);
	tcase_add_test(tcase, quotes);
	tcase_add_test(tcase, separators);
	tcase_add_test(tcase, no_tables);
	tcase_add_test(tcase, the_digest_is_of_the_bytes);
	tcase_add_test(tcase, selected_again);
	tcase_add_test(tcase, long_files);
	suite_add_tcase(suite, tcase);
	return suite;
}
