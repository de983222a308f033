/*
 * From what a cell holds to what it hands out. Numbers keep the decimal that the file has; where
 * their format makes another text of them, which is what people read and what a CSV file of the
 * same sheet would have, it is that text: 7.5% for 0.075, 00017 for 17.
 *
 *   x->bytes   … texts of cells before … | value of the cell at hand
 *                                        └ x->cell.at
 */
#include "interp/sheet_xlsx_private.h"

/* Its text is the one that stands behind all others in the queue. */
static void say(Xlsx *x, SheetKind kind)
{
	x->cell.kind = kind;
	x->cell.len = x->bytes.n - x->cell.at;
}

/* Another text in place of the file's own. */
static void say_text(Xlsx *x, SheetKind kind, Str text)
{
	x->bytes.n = x->cell.at;
	buf_str(&x->bytes, text);
	say(x, kind);
}

/* As the file has it, finished. */
static Str value_of(const Xlsx *x)
{
	return (Str){x->bytes.at + x->cell.at, x->bytes.n - x->cell.at};
}

/* The message holds a piece of the value, in which anything may stand. */
static void damaged(Xlsx *x, const char *what)
{
	Str value = value_of(x);
	package_wrong(x->part, "damaged: %.*s is %s", value.len > 40 ? 40 : (int)value.len, value.ptr,
		what);
}

/* Nothing is copied: the list outlives the rows. */
static void shared_text(Xlsx *x)
{
	int64_t at;
	if (!book_number(value_of(x), (int64_t)x->book.string.n - 1, &at)) {
		damaged(x, "no text of the workbook");
		return;
	}
	x->bytes.n = x->cell.at;
	x->cell.kind = SHEET_TEXT;
	x->cell.shared = true;
	x->cell.at = (size_t)at;
	x->cell.len = x->book.string.at[at].len;
}

/* Whole and not below zero; else its zeros are not those of a reference. */
static bool print_zeros(Buf *buf, Str number, int32_t zeros)
{
	Buf plain = {0};
	bool whole = number_print(&plain, number, 0) && memchr(plain.at, '.', plain.n) == NULL &&
		plain.at[0] != '-';
	if (whole) {
		buf_pad(buf, '0', plain.n < (size_t)zeros ? (size_t)zeros - plain.n : 0);
		buf_str(buf, buf_view(&plain));
	}
	buf_free(&plain);
	return whole;
}

/* The format says what a number is a number of; a figure keeps the file's own decimal, which the
 * importer turns exactly. */
static void number(Xlsx *x)
{
	const NumberFormat *format = &x->book.format.at[x->style];
	Str value = value_of(x);
	Buf shown = {0};
	Decimal decimal;
	if (!number_read(value, &decimal)) {
		damaged(x, "no number");
		return;
	}
	say(x, format->kind == FORMAT_DATE ? SHEET_DATE : SHEET_NUMBER);
	if (format->kind == FORMAT_PERCENT && number_print(&shown, value, 2)) {
		buf_char(&shown, '%');
		say_text(x, SHEET_TEXT, buf_view(&shown));
	} else if (format->kind == FORMAT_ZEROS && print_zeros(&shown, value, format->zeros)) {
		say_text(x, SHEET_TEXT, buf_view(&shown));
	}
	buf_free(&shown);
}

/* A date in words of its own; what is none is a text, for a layout to make sense of. */
static void iso_date(Xlsx *x)
{
	Buf days = {0};
	if (number_of_iso(&days, value_of(x), x->book.date1904))
		say_text(x, SHEET_DATE, buf_view(&days));
	else
		say(x, SHEET_TEXT);
	buf_free(&days);
}

/* In the words of a spreadsheet, so that codes can be spelled TRUE and FALSE, too. */
static void yes_no(Xlsx *x)
{
	Str value = value_of(x);
	if (book_yes(value))
		say_text(x, SHEET_YES_NO, STR("TRUE"));
	else if (str_eq(value, STR("0")) || str_eq(value, STR("false")))
		say_text(x, SHEET_YES_NO, STR("FALSE"));
	else
		damaged(x, "neither yes nor no");
}

/* Programs that do not calculate leave the value out, or empty, where Excel would have one; only of
 * a text is an empty one a value. */
static bool not_calculated(const Xlsx *x)
{
	bool empty = x->bytes.n == x->cell.at && x->type != CELL_TEXT;
	return x->has_formula && (x->book.not_calculated || !x->has_value || empty);
}

void xlsx_cell_done(Xlsx *x)
{
	/* Before the value is looked at: an error that is out of date is no error of the sheet's. */
	if (not_calculated(x)) {
		say_text(x, SHEET_ERROR, STR("="));
		buf_str(&x->bytes, x->formula.n > 0 ? buf_view(&x->formula) : STR(""));
		say(x, SHEET_ERROR);
		return;
	}
	if (x->bytes.n == x->cell.at) {
		say(x, SHEET_EMPTY);
		return;
	}
	switch ((int)x->type) {
	case CELL_SHARED: shared_text(x); return;
	case CELL_YES_NO: yes_no(x); return;
	case CELL_ERROR: say(x, SHEET_ERROR); return;
	case CELL_ISO: iso_date(x); return;
	case CELL_NUMBER: number(x); return;
	default: say(x, SHEET_TEXT); return;
	}
}
