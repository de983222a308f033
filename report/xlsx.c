/*
 * Through libxlsxwriter, in its mode of constant memory: a row is in a file of its sheet as soon as
 * the next one begins, so rows cannot be gone back to, but sheets can, and `contents` is filled
 * last, when it is known how long the others became.
 *
 *   contents │ summary │ … │ findings │ findings 2 │ …
 *
 *   cell: 0 … ncolumns - 1 ──xlsx_row──> rows + 1, cell 0 ──rows_most──> the next part, a new sheet
 *
 * Errors are kept, not returned: xlsx->error holds the first, no later cell is written, and
 * xlsx_close tells of it. So a writer of tables need not look after each cell.
 */
#include "report/xlsx.h"

#include <stdio.h>
#include <stdlib.h>

#include <xlsxwriter.h>

#include "base/civil.h"
#include "report/layout.h"

/* Of all tables: twelve of at most XLSX_SHEETS_MOST parts, and `contents`. The tables are ours, so
 * one too many is a mistake of ours and no matter of the data. */
#define SHEETS_MOST 64
#define COLUMNS_MOST 32
#define CONTENTS_WIDTH 90 /* characters of what a sheet holds, on one line */
/* The time in the file, 1 January 1980: the first that its container can hold. */
#define THE_TIME 315532800
/* A number of more digits is not the same in a spreadsheet, whose numbers are binary fractions of
 * 53 bits. */
#define DIGITS_MOST 999999999999999LL

/* A sheet as `contents` lists it. */
typedef struct Sheet {
	lxw_worksheet *at;
	char name[48];        /* 31 characters at most */
	const char *about;
	int64_t rows;
	bool cut;             /* it is the last of a table that had more */
} Sheet;

struct Xlsx {
	lxw_workbook *book;
	lxw_format *title, *day, *moment, *whole, *figure[XLSX_FIGURES], *link, *wrapped;
	int64_t rows_most;
	Arena arena;
	Buf text;             /* of the cell at hand */
	Sheet sheet[SHEETS_MOST];
	int nsheets, part;    /* part: of the table, from 1 */
	const char *name;     /* of the table */
	XlsxColumn column[COLUMNS_MOST];
	int ncolumns, cell;   /* cell: the next of the row */
	bool full;
	lxw_error error;
};

/* ---- text ---- */

/* Bytes of the character at i; s is valid there. */
static size_t char_bytes(Str s, size_t i)
{
	unsigned char c = (unsigned char)s.ptr[i];
	size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
	return n < s.len - i ? n : s.len - i;
}

/* "_x0041_" in a file of this format is read as "A": a text that has these characters must say that
 * it means them. */
static bool is_escape(Str s)
{
	if (s.len < 7 || s.ptr[0] != '_' || s.ptr[1] != 'x' || s.ptr[6] != '_')
		return false;
	for (int i = 2; i < 6; i++)
		if (strchr("0123456789abcdefABCDEF", s.ptr[i]) == NULL)
			return false;
	return true;
}

/* U+FFFE and U+FFFF, which XML has no place for. */
static bool no_character(Str one)
{
	return one.len == 3 && (memcmp(one.ptr, "\xEF\xBF\xBE", 3) == 0 ||
		memcmp(one.ptr, "\xEF\xBF\xBF", 3) == 0);
}

/*
 * Escapes count as what they stand for, but what is longer than the limit in the file is cut too:
 * the library refuses it. Units are those of UTF-16, in which the format counts: a character of
 * four bytes is two of them. What is cut says so.
 *
 *   "_x0041_" ──> "_x005F_x0041_"     read back: the seven characters as they were
 */
void xlsx_cell_text(Buf *out, Str text)
{
	static const char cut[] = " … (cut)";
	Buf clean = {0};
	size_t units = 0;
	layout_clean(&clean, text);
	Str rest = clean.n > 0 ? buf_view(&clean) : STR("");
	for (size_t i = 0; i < rest.len;) {
		Str one = {rest.ptr + i, char_bytes(rest, i)};
		bool escaped = is_escape((Str){rest.ptr + i, rest.len - i});
		units += escaped ? 7 : one.len == 4 ? 2 : 1;
		if (units > XLSX_TEXT_MOST - sizeof cut && rest.len - i > sizeof cut) {
			buf_puts(out, cut);
			break;
		}
		buf_puts(out, escaped ? "_x005F" : "");
		buf_str(out, no_character(one) ? STR("\xEF\xBF\xBD") : one);
		i += one.len;
	}
	buf_free(&clean);
}

/* ---- sheets ---- */

static Sheet *current(Xlsx *xlsx)
{
	return &xlsx->sheet[xlsx->nsheets - 1];
}

/* The first error is the one that is told. */
static void take(Xlsx *xlsx, lxw_error error)
{
	if (xlsx->error == LXW_NO_ERROR)
		xlsx->error = error;
}

/* Titles that stay in sight, at the top of each printed page too. Keys of digits are texts: that is
 * meant, so no corner of a cell is marked for it. */
static void begin_sheet(Xlsx *xlsx, Sheet *sheet)
{
	lxw_worksheet *at = sheet->at;
	for (int i = 0; i < xlsx->ncolumns; i++)
		take(xlsx, worksheet_set_column(at, (lxw_col_t)i, (lxw_col_t)i, xlsx->column[i].width,
			NULL));
	worksheet_freeze_panes(at, 1, xlsx->ncolumns > 2 ? 1 : 0);
	worksheet_repeat_rows(at, 0, 0);
	worksheet_set_landscape(at);
	worksheet_set_paper(at, 9); /* A4 */
	worksheet_fit_to_pages(at, 1, 0);
	worksheet_ignore_errors(at, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
	for (int i = 0; i < xlsx->ncolumns; i++)
		take(xlsx, worksheet_write_string(at, 0, (lxw_col_t)i, xlsx->column[i].title,
			xlsx->title));
}

/* The filter needs the last row, so it is set when the sheet is full. Titles are written when
 * it begins: in constant memory row 1 cannot be gone back to. */
static void end_sheet(Xlsx *xlsx)
{
	Sheet *sheet = current(xlsx);
	take(xlsx, worksheet_autofilter(sheet->at, 0, 0, (lxw_row_t)sheet->rows,
		(lxw_col_t)(xlsx->ncolumns - 1)));
}

/* 28 characters and " 2" are the 31 that a name may have. Names are ours, of ASCII, so that cutting
 * by bytes cuts no character. */
static void add_sheet(Xlsx *xlsx, const char *about)
{
	if (xlsx->nsheets == SHEETS_MOST)
		abort();
	Sheet *sheet = &xlsx->sheet[xlsx->nsheets];
	if (xlsx->part > 1)
		snprintf(sheet->name, sizeof sheet->name, "%.28s %d", xlsx->name, xlsx->part);
	else
		snprintf(sheet->name, sizeof sheet->name, "%.28s", xlsx->name);
	sheet->about = about;
	sheet->at = workbook_add_worksheet(xlsx->book, sheet->name);
	if (sheet->at == NULL) {
		take(xlsx, LXW_ERROR_MEMORY_MALLOC_FAILED);
		return;
	}
	xlsx->nsheets++;
	begin_sheet(xlsx, sheet);
}

static void set_columns(Xlsx *xlsx, const XlsxColumn *column, int n)
{
	if (n > COLUMNS_MOST)
		abort();
	for (int i = 0; i < n; i++)
		xlsx->column[i] = (XlsxColumn){str_z(&xlsx->arena, str_of(column[i].title)),
			column[i].width};
	xlsx->ncolumns = n;
}

void xlsx_table(Xlsx *xlsx, const char *name, const char *about, const XlsxColumn *column, int n)
{
	if (xlsx->nsheets > 1)
		end_sheet(xlsx);
	xlsx->name = str_z(&xlsx->arena, str_of(name));
	xlsx->part = 1;
	xlsx->cell = 0;
	xlsx->full = false;
	set_columns(xlsx, column, n);
	add_sheet(xlsx, str_z(&xlsx->arena, str_of(about)));
}

/* ---- cells ---- */

/*
 * Where the next cell goes. False: the table is full, or nothing can be written any more. Only with
 * the first cell of a row is a new sheet begun, as a row must not stand on two of them.
 */
static bool next_cell(Xlsx *xlsx, lxw_row_t *row, lxw_col_t *column)
{
	if (xlsx->full || xlsx->error != LXW_NO_ERROR)
		return false;
	if (xlsx->cell == 0 && current(xlsx)->rows == xlsx->rows_most) {
		if (xlsx->part == XLSX_SHEETS_MOST) {
			current(xlsx)->cut = xlsx->full = true;
			return false;
		}
		end_sheet(xlsx);
		xlsx->part++;
		add_sheet(xlsx, current(xlsx)->about);
		if (xlsx->error != LXW_NO_ERROR)
			return false;
	}
	*row = (lxw_row_t)current(xlsx)->rows + 1;
	*column = (lxw_col_t)xlsx->cell++;
	return *column < xlsx->ncolumns;
}

/* Never through the library's general write function, which would make formulas and links of texts
 * that look like some: a string is written as a string, whatever it begins with. */
void xlsx_text(Xlsx *xlsx, Str text)
{
	lxw_row_t row;
	lxw_col_t column;
	if (!next_cell(xlsx, &row, &column) || text.len == 0)
		return;
	buf_clear(&xlsx->text);
	xlsx_cell_text(&xlsx->text, text);
	take(xlsx, worksheet_write_string(current(xlsx)->at, row, column, xlsx->text.at, NULL));
}

static void put_number(Xlsx *xlsx, double number, lxw_format *format)
{
	lxw_row_t row;
	lxw_col_t column;
	if (next_cell(xlsx, &row, &column))
		take(xlsx, worksheet_write_number(current(xlsx)->at, row, column, number, format));
}

/* Spreadsheets count days from 31 December 1899, and think that there was a 29 February 1900: what
 * lies before they do not have, or have wrong. */
void xlsx_day(Xlsx *xlsx, Str iso)
{
	int32_t day;
	if (day_parse(iso, &day) == READ_OK && day >= day_of(1900, 3, 1))
		put_number(xlsx, day - day_of(1899, 12, 30), xlsx->day);
	else
		xlsx_text(xlsx, iso);
}

/* Two digits at `at`; -1 when they are none, or too many for what they count. */
static int two_digits(Str iso, size_t at, int most)
{
	int n = 0;
	for (size_t i = at; i < at + 2; i++) {
		if (iso.ptr[i] < '0' || iso.ptr[i] > '9')
			return -1;
		n = n * 10 + (iso.ptr[i] - '0');
	}
	return n > most ? -1 : n;
}

/* The time is the part of the number behind the point. */
void xlsx_moment(Xlsx *xlsx, Str iso)
{
	int32_t day;
	if (iso.len != 20 || iso.ptr[10] != 'T' || day_parse((Str){iso.ptr, 10}, &day) != READ_OK ||
			day < day_of(1900, 3, 1)) {
		xlsx_text(xlsx, iso);
		return;
	}
	int hour = two_digits(iso, 11, 23), minute = two_digits(iso, 14, 59),
		second = two_digits(iso, 17, 59);
	if (hour < 0 || minute < 0 || second < 0)
		xlsx_text(xlsx, iso);
	else
		put_number(xlsx, day - day_of(1899, 12, 30) + (hour * 3600 + minute * 60 + second)
			/ 86400.0, xlsx->moment);
}

/* Whether a spreadsheet, whose numbers have 15 digits that are sure, shows the same number. */
static bool fits(int64_t n)
{
	return n <= DIGITS_MOST && n >= -DIGITS_MOST;
}

void xlsx_number(Xlsx *xlsx, int64_t n)
{
	char text[24];
	if (fits(n)) {
		put_number(xlsx, (double)n, xlsx->whole);
		return;
	}
	snprintf(text, sizeof text, "%lld", (long long)n);
	xlsx_text(xlsx, str_of(text));
}

/* A sum that is not known is an empty cell, not 0: totals must not count it. */
void xlsx_pence(Xlsx *xlsx, bool has, int64_t pence)
{
	Buf text = {0};
	if (!has) {
		xlsx_text(xlsx, STR(""));
	} else if (fits(pence)) {
		put_number(xlsx, (double)pence / 100, xlsx->figure[XLSX_POUNDS]);
	} else {
		layout_pence(&text, pence);
		xlsx_text(xlsx, buf_view(&text));
	}
	buf_free(&text);
}

/* The one place where a figure becomes a binary fraction: the report's words stand beside it. */
void xlsx_figure(Xlsx *xlsx, Ratio figure, XlsxFigure shown)
{
	put_number(xlsx, (double)figure.n / (double)figure.d, xlsx->figure[shown]);
}

/* A row without a cell is none, so that a caller may end one that it never began. */
void xlsx_row(Xlsx *xlsx)
{
	if (xlsx->cell > 0 && !xlsx->full)
		current(xlsx)->rows++;
	xlsx->cell = 0;
}

bool xlsx_full(const Xlsx *xlsx)
{
	return xlsx->full || xlsx->error != LXW_NO_ERROR;
}

/* ---- the file ---- */

static lxw_format *new_format(Xlsx *xlsx, const char *shown)
{
	lxw_format *format = workbook_add_format(xlsx->book);
	format_set_num_format(format, shown);
	return format;
}

/* Minus signs, not red or brackets: colour alone must not tell anything. */
static void make_formats(Xlsx *xlsx)
{
	xlsx->title = workbook_add_format(xlsx->book);
	format_set_bold(xlsx->title);
	format_set_text_wrap(xlsx->title);
	format_set_align(xlsx->title, LXW_ALIGN_VERTICAL_TOP);
	format_set_bottom(xlsx->title, LXW_BORDER_THIN);
	xlsx->day = new_format(xlsx, "yyyy\\-mm\\-dd");
	xlsx->moment = new_format(xlsx, "yyyy\\-mm\\-dd\\ hh:mm:ss");
	xlsx->whole = new_format(xlsx, "#,##0");
	xlsx->figure[XLSX_PLAIN] = new_format(xlsx, "#,##0.00####");
	xlsx->figure[XLSX_POUNDS] = new_format(xlsx, "\"£\"#,##0.00;-\"£\"#,##0.00");
	xlsx->figure[XLSX_PERCENT] = new_format(xlsx, "0.00%");
	xlsx->wrapped = workbook_add_format(xlsx->book);
	format_set_text_wrap(xlsx->wrapped);
	format_set_align(xlsx->wrapped, LXW_ALIGN_VERTICAL_TOP);
	xlsx->link = workbook_add_format(xlsx->book);
	format_set_underline(xlsx->link, LXW_UNDERLINE_SINGLE);
	format_set_align(xlsx->link, LXW_ALIGN_VERTICAL_TOP);
}

/* The sheets' own files lie beside the file that they become, not where everybody can look. */
static char *folder_of(Arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	Str folder = slash == NULL ? STR(".") : slash == path ? STR("/")
		: (Str){path, (size_t)(slash - path)};
	return (char *)(uintptr_t)str_z(arena, folder);
}

/*
 * `contents` is the first sheet and is begun here, though filled last. No zip64, which some readers
 * refuse; a single time for all, since the same tables must give the same bytes.
 */
Xlsx *xlsx_new(const char *path, const XlsxOptions *how)
{
	static const XlsxColumn column[] = {{"Sheet", 20}, {"What it holds", CONTENTS_WIDTH},
		{"All of it", 30}, {"Rows", 12}};
	Xlsx *xlsx = mem_alloc(sizeof *xlsx);
	*xlsx = (Xlsx){.rows_most = how->rows_most > 0 ? how->rows_most : XLSX_ROWS_MOST, .part = 1,
		.name = "contents"};
	lxw_workbook_options options = {.constant_memory = LXW_TRUE,
		.tmpdir = folder_of(&xlsx->arena, path), .use_zip64 = LXW_FALSE};
	lxw_doc_properties properties = {.created = THE_TIME,
		.title = (char *)(uintptr_t)str_z(&xlsx->arena, str_of(how->title))};
	xlsx->book = workbook_new_opt(path, &options);
	if (xlsx->book == NULL) {
		arena_free(&xlsx->arena);
		free(xlsx);
		return NULL;
	}
	take(xlsx, workbook_set_properties(xlsx->book, &properties));
	make_formats(xlsx);
	set_columns(xlsx, column, 4);
	add_sheet(xlsx, "");
	return xlsx;
}

/* A link for each sheet, to its first cell. */
static void fill_contents(Xlsx *xlsx)
{
	lxw_worksheet *at = xlsx->sheet[0].at;
	for (int i = 1; i < xlsx->nsheets; i++) {
		const Sheet *sheet = &xlsx->sheet[i];
		lxw_row_t row = (lxw_row_t)i;
		char target[64];
		size_t lines = strlen(sheet->about) / CONTENTS_WIDTH + 1; /* none is made higher by itself */
		if (lines > 1)
			take(xlsx, worksheet_set_row(at, row, 15.0 * (double)lines, NULL));
		snprintf(target, sizeof target, "internal:'%s'!A1", sheet->name);
		take(xlsx, worksheet_write_url(at, row, 0, target, xlsx->link));
		take(xlsx, worksheet_write_string(at, row, 0, sheet->name, xlsx->link));
		take(xlsx, worksheet_write_string(at, row, 1, sheet->about, xlsx->wrapped));
		take(xlsx, worksheet_write_string(at, row, 2, !sheet->cut ? "yes"
			: "no: there is more than sheets can hold; the case file has all of it",
			xlsx->wrapped));
		take(xlsx, worksheet_write_number(at, row, 3, (double)sheet->rows, xlsx->whole));
	}
	take(xlsx, worksheet_autofilter(at, 0, 0, (lxw_row_t)(xlsx->nsheets - 1), 3));
	worksheet_activate(at);
}

/* The library does not look whether its rows could be written: a full disk would give a file that
 * lacks some. */
static void check_files(Xlsx *xlsx)
{
	for (int i = 0; i < xlsx->nsheets; i++) {
		FILE *file = xlsx->sheet[i].at->optimize_tmpfile;
		if (file != NULL && (fflush(file) != 0 || ferror(file) != 0))
			take(xlsx, LXW_ERROR_CREATING_TMPFILE);
	}
}

Status xlsx_close(Xlsx *xlsx, Status status, const char **why)
{
	if (status == STATUS_OK && xlsx->error == LXW_NO_ERROR) {
		if (xlsx->nsheets > 1)
			end_sheet(xlsx);
		fill_contents(xlsx);
		check_files(xlsx);
	}
	if (status == STATUS_OK && xlsx->error == LXW_NO_ERROR)
		take(xlsx, workbook_close(xlsx->book));
	else
		lxw_workbook_free(xlsx->book);
	if (status == STATUS_OK && xlsx->error != LXW_NO_ERROR) {
		*why = lxw_strerror(xlsx->error);
		status = STATUS_WORLD;
	}
	buf_free(&xlsx->text);
	arena_free(&xlsx->arena);
	free(xlsx);
	return status;
}
