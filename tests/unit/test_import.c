/*
 * From cells to values (interp/import_value.h), above all those that only workbooks have. Each case
 * is a cell and what the table then keeps, or the reason why it does not.
 */
#include "interp/import_value.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/support.h"

Suite *import_suite(void);

static const char book[] =
	"dataset visit from visits\n"
	"  key ref\n"
	"  ref : text\n"
	"  date : date\n"
	"  start : time\n"
	"  came : moment\n"
	"  spent : duration in minutes\n"
	"  hours : duration in hours\n"
	"  rate : money per hour\n"
	"  share : percent\n"
	"  carers : count\n"
	"  double : yes/no\n"
	"  outcome : one of (delivered, missed \"M\")\n"
	"\n"
	"layout weekly of visit\n"
	"  ref : \"a\" padded to 4\n"
	"  date : \"b\" as D MMM YY\n"
	"  start : \"c\" as h:mm\n"
	"  came : \"d\" as DD/MM/YYYY hh:mm\n"
	"  spent : \"e\" as h:mm\n"
	"  hours : \"f\" as h:mm\n"
	"  rate : \"g\" in pence\n"
	"  share : \"h\"\n"
	"  carers : \"i\"\n"
	"  double : \"j\"\n"
	"  outcome : \"k\"\n";

typedef struct Desk {
	Fixture fixture;
	Arena arena;
	const char *why;
	Stored stored;
} Desk;

/* The field of this number, by the layout; both are in one order. */
static void read_as(Desk *desk, int32_t field, SheetKind kind, const char *text, bool date1904)
{
	SheetCell cell = {kind, str_of(text)};
	const SheetCell *cells[] = {&cell};
	fixture_open(&desk->fixture, book);
	const Rulebook *rules = desk->fixture.book;
	const FileField *file = &rules->layout[0].field[field];
	ValuePlan plan = {.book = rules, .field = &rules->dataset[0].field[field],
		.column = file->column, .n = 1, .is_key = field == 0, .date1904 = date1904};
	desk->why = value_read(&desk->arena, &plan, cells, &desk->stored);
}

static void end(Desk *desk)
{
	arena_free(&desk->arena);
	fixture_close(&desk->fixture);
}

static void gives_1904(int32_t field, SheetKind kind, const char *text, const char *wanted,
	bool date1904)
{
	Desk desk = {0};
	Buf got = {0};
	read_as(&desk, field, kind, text, date1904);
	if (desk.why != NULL)
		buf_printf(&got, "! %s", desk.why);
	else if (desk.stored.kind == STORED_INTEGER)
		buf_printf(&got, "%lld", (long long)desk.stored.integer);
	else if (desk.stored.kind == STORED_TEXT)
		buf_str(&got, desk.stored.text);
	else
		buf_puts(&got, "nothing");
	ck_assert_str_eq(got.at, wanted);
	buf_free(&got);
	end(&desk);
}

static void gives(int32_t field, SheetKind kind, const char *text, const char *wanted)
{
	gives_1904(field, kind, text, wanted, false);
}

enum { REF, DATE, START, CAME, SPENT, HOURS, RATE, SHARE, CARERS, DOUBLE, OUTCOME };

START_TEST(dates_of_a_workbook)
{
	gives(DATE, SHEET_DATE, "45901", "2025-09-01");
	gives_1904(DATE, SHEET_DATE, "44439", "2025-09-01", true);
	gives(DATE, SHEET_DATE, "61", "1900-03-01");
	gives(DATE, SHEET_DATE, "60", "! a spreadsheet's date before March 1900");
	gives(DATE, SHEET_NUMBER, "45901", "! a number; as a spreadsheet's date it would be 2025-09-01");
	gives(DATE, SHEET_TEXT, "1 Sep 25", "2025-09-01");
	gives(DATE, SHEET_TEXT, "30 September 25", "2025-09-30");
	gives(DATE, SHEET_TEXT, "31 Sep 25", "! there is no such day");
	gives(DATE, SHEET_TEXT, "1 Set 25", "! not written as D MMM YY");
	gives(DATE, SHEET_EMPTY, "", "nothing");
	gives(DATE, SHEET_DATE, "45901.9999999999", "2025-09-02");
	gives(DATE, SHEET_DATE, "2958465", "9999-12-31");
	gives(DATE, SHEET_DATE, "2958466", "! not a date");
	gives(DATE, SHEET_DATE, "-1", "! not a date");
	gives(DATE, SHEET_DATE, "59", "! a spreadsheet's date before March 1900");
	gives_1904(DATE, SHEET_DATE, "0", "1904-01-01", true);
	gives_1904(DATE, SHEET_DATE, "59", "1904-02-29", true);
	gives_1904(DATE, SHEET_DATE, "60", "1904-03-01", true);
}
END_TEST

/* 0.3333333333333333 is 07:59:59.99…: to the nearest second. */
START_TEST(times_of_a_workbook)
{
	gives(START, SHEET_DATE, "0.3333333333333333", "08:00");
	gives(START, SHEET_DATE, "45901.999994", "23:59:59");
	gives(START, SHEET_TEXT, "8:05", "08:05");
	gives(START, SHEET_DATE, "1.1574074074074073E-5", "00:00:01");
	gives(START, SHEET_DATE, "5.7870370370370336E-6", "00:00");
	gives(START, SHEET_DATE, "6.9444444444444441E-6", "00:00:01");
	gives(START, SHEET_DATE, "1E-30", "00:00");
	gives(START, SHEET_TEXT, "24:00", "! there is no such time of day");
	gives(CAME, SHEET_DATE, "45901.354166666664", "2025-09-01 08:30:00");
	gives(CAME, SHEET_DATE, "45901.999999999", "2025-09-02 00:00:00");
	gives(CAME, SHEET_TEXT, "01/09/2025 08:30", "2025-09-01 08:30:00");
	gives(CAME, SHEET_TEXT, "01/09/2025", "! not written as DD/MM/YYYY hh:mm");
}
END_TEST

START_TEST(lengths_of_time)
{
	gives(SPENT, SHEET_DATE, "0.0625", "90");
	gives(SPENT, SHEET_DATE, "1.0625", "1530");
	gives(SPENT, SHEET_NUMBER, "1.5", "! a number, where h:mm is asked for");
	gives(SPENT, SHEET_TEXT, "1:30", "90");
	gives(SPENT, SHEET_DATE, "4.3055555555555555E-2", "62");
	gives(SPENT, SHEET_DATE, "2.0833333333333332E-2", "30");
	gives(SPENT, SHEET_DATE, "-2.0833333333333332E-2", "-30");
	gives(SPENT, SHEET_DATE, "45901", "! a date, where a length of time is asked for");
	gives(SPENT, SHEET_TEXT, "-0:15", "-15");
	gives(SPENT, SHEET_TEXT, "100:00", "6000");
	gives(HOURS, SHEET_TEXT, "0:30", "0.5");
	/* A third of an hour does not end: what is kept comes back as 1,200 seconds. */
	gives(HOURS, SHEET_TEXT, "0:20", "0.333333334");
}
END_TEST

START_TEST(figures)
{
	gives(RATE, SHEET_TEXT, "2259", "22.59");
	gives(RATE, SHEET_NUMBER, "2258.9999999999995", "22.59");
	gives(SHARE, SHEET_TEXT, "7.5%", "7.5");
	gives(SHARE, SHEET_TEXT, "7.555", "! has more than 2 decimal places");
	gives(CARERS, SHEET_NUMBER, "2", "2");
	gives(CARERS, SHEET_TEXT, "1.5", "! a count is a whole number");
	gives(CARERS, SHEET_TEXT, "-1", "! a count cannot be negative");
	gives(CARERS, SHEET_DATE, "2", "! a date or a time, where a figure is asked for");
	gives(RATE, SHEET_ERROR, "#REF!", "! an error of a formula");
	gives(RATE, SHEET_ERROR, "=A1*2", "! a formula without its result: open the file in a spreadsheet"
		" and save it");
	gives(RATE, SHEET_YES_NO, "TRUE", "! not a sum of money");
}
END_TEST

START_TEST(references_and_codes)
{
	gives(REF, SHEET_NUMBER, "17", "0017");
	gives(REF, SHEET_NUMBER, "17.0", "0017");
	gives(REF, SHEET_TEXT, "A17", "A17");
	gives(REF, SHEET_NUMBER, "1.7", "1.7");
	gives(REF, SHEET_NUMBER, "1.23456789012346E+20", "! a number of more than 15 digits: a spreadsheet"
		" has changed the last ones");
	gives(REF, SHEET_DATE, "45901", "! a date or a time, where a text is asked for: a spreadsheet may"
		" have made it one");
	gives(REF, SHEET_TEXT, "12345", "! longer than 4 digits");
	gives(REF, SHEET_TEXT, " ", "! ref is missing");
	gives(DOUBLE, SHEET_YES_NO, "TRUE", "yes");
	gives(DOUBLE, SHEET_YES_NO, "FALSE", "no");
	gives(DOUBLE, SHEET_NUMBER, "1", "yes");
	gives(DOUBLE, SHEET_TEXT, "False", "no");
	gives(OUTCOME, SHEET_TEXT, "DELIVERED", "delivered");
	gives(OUTCOME, SHEET_TEXT, "missed", "M");
	gives(OUTCOME, SHEET_TEXT, "m", "M");
	gives(OUTCOME, SHEET_TEXT, "gone", "! not one of the codes of the field: delivered, M");
}
END_TEST

static void decimal_is(const char *text, const char *wanted)
{
	Ratio value;
	Buf got = {0};
	if (value_decimal(str_of(text), &value)) {
		int128_print(&got, value.n);
		if (value.d != 1)
			buf_printf(&got, "/%lld", (long long)value.d);
	}
	ck_assert_str_eq(got.at == NULL ? "none" : got.at, wanted);
	buf_free(&got);
}

START_TEST(fifteen_digits_count)
{
	decimal_is("0", "0");
	decimal_is("-12.5", "-25/2");
	decimal_is("1e3", "1000");
	decimal_is("1.5E-2", "3/200");
	decimal_is("0.1", "1/10");
	decimal_is("22.589999999999996", "2259/100");
	decimal_is("999999999999999.9", "1000000000000000");
	decimal_is("000000000000000000.25", "1/4");
	decimal_is("", "none");
	decimal_is("-", "none");
	decimal_is(".", "none");
	decimal_is("1e", "none");
	decimal_is("1e9999", "none");
	decimal_is("1.2.3", "none");
	decimal_is("12 pounds", "none");
}
END_TEST

/* What is kept of a length of time gives the same seconds again, whatever the unit. */
START_TEST(read_back)
{
	Desk desk = {0};
	for (int minutes = 0; minutes < 180; minutes++) {
		char text[16];
		Ratio stored, amount;
		snprintf(text, sizeof text, "%d:%02d", minutes / 60, minutes % 60);
		read_as(&desk, HOURS, SHEET_TEXT, text, false);
		ck_assert_ptr_null(desk.why);
		if (desk.stored.kind == STORED_INTEGER)
			ratio_make(desk.stored.integer, 1, &stored);
		else
			ck_assert(ratio_parse(desk.stored.text, &stored));
		ck_assert(value_back(&desk.fixture.book->dataset[0].field[HOURS], stored, &amount));
		ck_assert(amount.d == 1 && amount.n == minutes * 60);
		end(&desk);
	}
}
END_TEST

Suite *import_suite(void)
{
	Suite *suite = suite_create("import");
	TCase *tcase = tcase_create("values");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, dates_of_a_workbook);
	tcase_add_test(tcase, times_of_a_workbook);
	tcase_add_test(tcase, lengths_of_time);
	tcase_add_test(tcase, figures);
	tcase_add_test(tcase, references_and_codes);
	tcase_add_test(tcase, fifteen_digits_count);
	tcase_add_test(tcase, read_back);
	suite_add_tcase(suite, tcase);
	return suite;
}
