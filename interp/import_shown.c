/*
 * A cell as a provider may see it again: of a workbook, dates as the layout writes them and numbers
 * with their fifteen digits, so that rows that were refused can be put right in a CSV file and sent
 * back, to be read by the same layout. A cell of a text file is what it is.
 *
 *   45901 under `as DD/MM/YYYY` ─> 01/09/2025     without a picture ─> 2025-09-01
 *   0.0625 under `as h:mm`      ─> 1:30           under `in hours`  ─> 1.5
 */
#include "base/civil.h"
#include "interp/import_private.h"
#include "interp/sheet_number.h"

/* A date's cell of a workbook, taken apart. */
typedef struct Moment {
	bool dated;              /* else it lies on no day that there is: a clock time or a length */
	int32_t day;
	int64_t days, seconds;   /* as the sheet counts them */
} Moment;

static bool is_length(const Fill *fill, const FileColumn *column)
{
	Unit time = {{0}};
	time.of[DIM_TIME] = 1;
	return column->how == FILE_PLUS || (fill->field->type.kind == TYPE_QUANTITY &&
		unit_same(fill->field->type.unit, time));
}

/* The fill that reads a column; one with a picture first, for it says how to write it. */
static const Fill *fill_of(const Columns *columns, int32_t at, const FileColumn **column)
{
	const Fill *found = NULL;
	for (int32_t i = 0; i < columns->nfills; i++) {
		const Fill *fill = &columns->fill[i];
		for (int32_t k = 0; k < fill->plan.n; k++) {
			if (fill->at[k] != at || (found != NULL && fill->plan.column[k].picture.n == 0))
				continue;
			found = fill;
			*column = &fill->plan.column[k];
			if ((*column)->picture.n > 0)
				return found;
		}
	}
	return found;
}

static void put_part(Buf *buf, uint8_t kind, bool first, const Moment *m, bool length)
{
	Civil civil = civil_of(m->dated ? m->day : 0);
	int64_t all = length ? m->days * DAY_SECONDS + m->seconds : m->seconds;
	switch (kind) {
	case PART_D: buf_printf(buf, "%02d", civil.day); break;
	case PART_M: buf_printf(buf, "%02d", civil.month); break;
	case PART_MONTH_NAME: buf_printf(buf, "%.3s", month_names[civil.month - 1]); break;
	case PART_Y: buf_printf(buf, "%04d", (int)civil.year); break;
	case PART_YEAR_OF_CENTURY: buf_printf(buf, "%02d", (int)civil.year % 100); break;
	case PART_HOURS: buf_printf(buf, length ? "%lld" : "%02lld", (long long)(all / 3600)); break;
	case PART_MINUTES:
		buf_printf(buf, "%02lld", (long long)(length && first ? all / 60 : all / 60 % 60));
		break;
	default: buf_printf(buf, "%02lld", (long long)(all % 60)); break;
	}
}

/* Parts of a picture in their order; what a date without a time lacks is 00. */
static void put_picture(Buf *buf, const Picture *picture, const Moment *m, bool length)
{
	for (int32_t i = 0; i < picture->n; i++)
		if (picture->part[i].kind == PART_OTHER)
			buf_char(buf, picture->part[i].sign);
		else
			put_part(buf, picture->part[i].kind, i == 0, m, length);
}

/* In the unit of its column, when that comes to an end. */
static bool put_figure(Buf *buf, const Fill *fill, const FileColumn *column, const Moment *m)
{
	Ratio figure, unit = column->has_unit ? column->unit : fill->field->unit;
	if (!ratio_div((Ratio){m->days * DAY_SECONDS + m->seconds, 1}, unit, &figure) ||
	    1000000 % figure.d != 0)
		return false;
	ratio_print(buf, figure, 0, false);
	return true;
}

/* In ISO: a day, a clock time, or both, whichever the number has. */
static void put_plain(Buf *buf, const Moment *m)
{
	if (m->dated && m->days > 0)
		day_print_iso(buf, m->day);
	if (m->dated && m->days > 0 && m->seconds > 0)
		buf_char(buf, ' ');
	if (m->days == 0 || m->seconds > 0)
		clock_print(buf, (int32_t)m->seconds);
}

static void put_date(Buf *buf, const Columns *columns, int32_t at, const Moment *m)
{
	const FileColumn *column = NULL;
	const Fill *fill = fill_of(columns, at, &column);
	bool length = fill != NULL && is_length(fill, column);
	if (fill != NULL && column->picture.n > 0 && (m->dated || !column->picture.has_date))
		put_picture(buf, &column->picture, m, length);
	else if (!length || !put_figure(buf, fill, column, m))
		put_plain(buf, m);
}

Str import_shown(Import *import, const SheetRow *row, int32_t at)
{
	const SheetCell *cell = &row->cell[at];
	Moment m = {.dated = false};
	Buf buf = {0};
	/* What cannot be read is shown as it stands. */
	bool shown = false;
	if (cell->kind == SHEET_NUMBER) {
		shown = number_print(&buf, cell->text, 0);
	} else if (cell->kind == SHEET_DATE && value_serial(cell->text, &m.days, &m.seconds)) {
		m.dated = value_serial_day(m.days, import->result->date1904, &m.day) == NULL;
		put_date(&buf, &import->columns, at, &m);
		shown = buf.n > 0;
	}
	Str out = shown ? str_copy(&import->scratch, buf_view(&buf)) : cell->text;
	buf_free(&buf);
	return out;
}
