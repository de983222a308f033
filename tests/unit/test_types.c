/*
 * Units and the printing and reading of quantities (dsl/types.h). Law 2 rests on
 * units being compared as exponents, laws 3 and 12 on what is printed being the
 * value itself: exact, or marked as cut, and readable back by the same language.
 *
 *   £22.59 per hour  =  2259/100 pounds over 3600 seconds  =  251/40000 pounds a second
 *
 * All values here are in base units: pounds, seconds, metres, days, months.
 */
#include "dsl/types.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *types_suite(void);

/*
 * Exponents by hand, from the words that a rule file would use; NULL leaves a
 * side out.
 */
static Unit unit_word_unit(const char *over, const char *under)
{
	Unit unit = {{0}};
	if (over != NULL)
		unit.of[unit_word(str_of(over))->dim] = 1;
	if (under != NULL)
		unit.of[unit_word(str_of(under))->dim] = -1;
	return unit;
}

static Type quantity(const char *over, const char *under)
{
	return (Type){.kind = TYPE_QUANTITY, .unit = unit_word_unit(over, under), .ref = -1,
		.scale = 1};
}

/*
 * A figure without a unit, told apart from others of its kind only by how it
 * prints.
 */
static Type plain(Form form)
{
	return (Type){.kind = TYPE_QUANTITY, .form = (uint8_t)form, .ref = -1, .scale = 1};
}

/* In lowest terms, as every Ratio of the program is. */
static Ratio ratio(Int128 n, Int128 d)
{
	Ratio out = {0, 1};
	ck_assert(ratio_make(n, d, &out));
	return out;
}

static void prints(Type type, Ratio value, const char *wanted)
{
	Buf buf = {0};
	quantity_print(&buf, type, value);
	ck_assert_str_eq(buf.at, wanted);
	buf_free(&buf);
}

static void prints_exactly(Type type, Ratio value, const char *wanted)
{
	Buf buf = {0};
	quantity_print_exact(&buf, type, value);
	ck_assert_str_eq(buf.at, wanted);
	buf_free(&buf);
}

static void described(Type type, const char *wanted)
{
	Buf buf = {0};
	unit_describe(&buf, type);
	ck_assert_str_eq(buf.at, wanted);
	buf_free(&buf);
}

/*
 * Singular and plural must be one word of the table, not two that could drift
 * apart; capitals are another word, because names of a rule file are.
 */
START_TEST(unit_words_know_one_and_many)
{
	ck_assert_ptr_eq(unit_word(STR("hour")), unit_word(STR("hours")));
	ck_assert_int_eq((int)unit_word(STR("hour"))->factor.n, 3600);
	ck_assert_int_eq(unit_word(STR("week"))->dim, DIM_DAY);
	ck_assert_int_eq(unit_word(STR("year"))->dim, DIM_MONTH);
	ck_assert_int_eq((int)unit_word(STR("pence"))->factor.d, 100);
	ck_assert_ptr_null(unit_word(STR("Hour")));
	ck_assert_ptr_null(unit_word(STR("")));
	int n = 0;
	while (unit_word_at(n) != NULL)
		n++;
	ck_assert_int_gt(n, 10);
	ck_assert_ptr_null(unit_word_at(-1));
}
END_TEST

/*
 * Would catch exponents that are added where they should be taken away: then a
 * rate times a time is no longer money, and law 2 refuses sound rules.
 */
START_TEST(units_multiply_and_divide)
{
	Unit money = unit_word_unit("pound", NULL), time = unit_word_unit("hour", NULL);
	Unit rate = unit_over(money, time);
	ck_assert(unit_same(rate, unit_word_unit("pound", "minute")));
	ck_assert(unit_same(unit_times(rate, time), money));
	ck_assert(unit_none(unit_over(time, time)));
	ck_assert(!unit_none(rate));
}
END_TEST

/*
 * Diagnostics say "this is money per hour": an author must be able to type what
 * is printed.
 */
START_TEST(units_are_described_as_they_are_declared)
{
	described(quantity("pound", NULL), "money");
	described(quantity("pound", "hour"), "money per hour");
	described(quantity("pound", "mile"), "money per mile");
	described(quantity("hour", "week"), "duration per day");
	described(quantity(NULL, "hour"), "number per hour");
	described(plain(FORM_COUNT), "count");
	described(plain(FORM_PERCENT), "percent");
	Type area = quantity("pound", NULL);
	area.unit.of[DIM_TIME] = 2;
	described(area, "money times duration times duration");
}
END_TEST

/*
 * S81: more decimals where the exact value needs them. A printer that rounds to
 * pence would show £5.65 for £5.6475 and the stake could not be redone.
 */
START_TEST(money_prints_pounds_and_never_rounds)
{
	prints(quantity("pound", NULL), ratio(565, 100), "£5.65");
	prints(quantity("pound", NULL), ratio(56475, 10000), "£5.6475");
	prints(quantity("pound", NULL), ratio(-5, 1), "-£5.00");
	prints(quantity("pound", NULL), ratio(0, 1), "£0.00");
	prints(quantity("pound", NULL), ratio(123456789, 100), "£1,234,567.89");
	prints(quantity("pound", NULL), ratio(10, 3), "£3.333333…");
	prints(quantity("pound", "hour"), ratio(2259, 360000), "£22.59 per hour");
	prints(quantity("pound", "mile"), ratio(45 * 125, 100 * 201168), "£0.45 per mile");
	prints(quantity("pound", "night"), ratio(80, 1), "£80.00 per night");
	prints(quantity("pound", "week"), ratio(10, 7), "£10.00 per week");
}
END_TEST

/*
 * Zero, one and many of each part, a sign in front of the whole, and parts that
 * are left out.
 */
START_TEST(durations_print_hours_minutes_seconds)
{
	Type time = quantity("hour", NULL);
	prints(time, ratio(0, 1), "0 minutes");
	prints(time, ratio(60, 1), "1 minute");
	prints(time, ratio(27000, 1), "7 hours 30 minutes");
	prints(time, ratio(3600, 1), "1 hour");
	prints(time, ratio(3601, 1), "1 hour 1 second");
	prints(time, ratio(-5400, 1), "-1 hour 30 minutes");
	prints(time, ratio(94125, 100), "15 minutes 41.25 seconds");
	prints(time, ratio(39772800, 1), "11,048 hours");
	prints(quantity("hour", "week"), ratio(25200, 7), "1 hour per day");
	prints(quantity("hour", "week"), ratio(7200, 7), "2 hours per week");
}
END_TEST

/*
 * Percent is a plain number with a printing of its own (S83); counts are
 * grouped by thousands.
 */
START_TEST(figures_without_money_or_time)
{
	prints(plain(FORM_PERCENT), ratio(75, 1000), "7.5%");
	prints(plain(FORM_PERCENT), ratio(1, 3), "33.333333…%");
	prints(plain(FORM_NUMBER), ratio(12, 1), "12");
	prints(plain(FORM_COUNT), ratio(1200, 1), "1,200");
	prints(quantity("mile", NULL), ratio(3 * 201168, 125), "3 miles");
	prints(quantity("mile", NULL), ratio(1500, 1), "1.5 kilometres");
	prints(quantity("day", NULL), ratio(1, 1), "1 day");
	prints(quantity("day", NULL), ratio(42, 1), "42 days");
	prints(quantity("month", NULL), ratio(3, 1), "3 months");
	prints(quantity("night", NULL), ratio(2, 1), "2 nights");
}
END_TEST

/*
 * S80: what has no end in decimals is written as a division that the language
 * reads back. Also where the decimals would end, but behind more places than
 * are shown (2 to the power of 20).
 */
START_TEST(fractions_print_exactly_as_a_division)
{
	prints_exactly(quantity("pound", NULL), ratio(10, 3), "£10.00 / 3");
	prints_exactly(quantity("pound", NULL), ratio(565, 100), "£5.65");
	prints_exactly(quantity("pound", "hour"), ratio(2259, 2520000), "£22.59 per hour / 7");
	prints_exactly(plain(FORM_PERCENT), ratio(1, 3), "100% / 3");
	prints_exactly(quantity("hour", NULL), ratio(100, 3), "1 minute 40 seconds / 3");
	prints_exactly(plain(FORM_NUMBER), ratio(1, 1 << 20), "0.015625 / 16384");
}
END_TEST

/*
 * Both the value and its unit: £1 per hour read as £1 would pass a test of the
 * figure alone.
 */
static void reads_back(Type type, Ratio value)
{
	Buf buf = {0};
	Type read;
	Ratio back;
	quantity_print(&buf, type, value);
	ck_assert_msg(quantity_read(buf_view(&buf), &read, &back), "%s", buf.at);
	ck_assert_msg(unit_same(read.unit, type.unit) && ratio_cmp(back, value) == 0, "%s", buf.at);
	buf_free(&buf);
}

/*
 * Every unit and rate, below zero, at zero and above: a round trip needs no
 * expected texts.
 */
START_TEST(what_is_printed_reads_back)
{
	const char *const rates[][2] = {
		{"pound", NULL}, {"hour", NULL}, {"mile", NULL}, {"day", NULL}, {"month", NULL},
		{"night", NULL}, {"pound", "hour"}, {"pound", "mile"}, {"pound", "week"}, {"hour", "week"},
		{"pound", "night"}, {"pound", "year"},
	};
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
		for (int n = -3; n < 40; n += 7) {
			Ratio one = unit_word(str_of(rates[i][0]))->factor;
			Ratio value = ratio(n * one.n, one.d);
			if (rates[i][1] != NULL)
				ck_assert(ratio_div(value, unit_word(str_of(rates[i][1]))->factor, &value));
			reads_back(quantity(rates[i][0], rates[i][1]), value);
		}
	reads_back(quantity("pound", NULL), ratio(-123456789, 100));
	reads_back(quantity("hour", NULL), ratio(-94125, 100));
	reads_back(plain(FORM_PERCENT), ratio(75, 1000));
	reads_back(plain(FORM_NUMBER), ratio(-12345, 10));
}
END_TEST

/*
 * Slips of typing that a lenient reader would take for something else:
 * `1,2000`, `£3 4`, `1 hour 30`.
 */
START_TEST(other_texts_are_no_quantities)
{
	const char *const bad[] = {
		"", " ", "-", "£", "p", "%", "1 minuet", "1 hour 3 miles", "£3 per", "£3 per fortnight",
		"3 per hour x", "1,2000", "--3", "5% per hour", "£3 4", "hour", "1 hour 30",
	};
	Type type;
	Ratio value;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!quantity_read(str_of(bad[i]), &type, &value), "'%s'", bad[i]);
	ck_assert(quantity_read(STR("70p"), &type, &value));
	ck_assert(type.unit.of[DIM_MONEY] == 1 && value.n == 7 && value.d == 10);
	ck_assert(quantity_read(STR(" £22.59 per hour "), &type, &value));
	ck_assert(value.n == 251 && value.d == 40000);
}
END_TEST

Suite *types_suite(void)
{
	Suite *suite = suite_create("types");
	TCase *tcase = tcase_create("types");
	tcase_add_test(tcase, unit_words_know_one_and_many);
	tcase_add_test(tcase, units_multiply_and_divide);
	tcase_add_test(tcase, units_are_described_as_they_are_declared);
	tcase_add_test(tcase, money_prints_pounds_and_never_rounds);
	tcase_add_test(tcase, durations_print_hours_minutes_seconds);
	tcase_add_test(tcase, figures_without_money_or_time);
	tcase_add_test(tcase, fractions_print_exactly_as_a_division);
	tcase_add_test(tcase, what_is_printed_reads_back);
	tcase_add_test(tcase, other_texts_are_no_quantities);
	suite_add_tcase(suite, tcase);
	return suite;
}
