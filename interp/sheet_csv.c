/*
 * CSV through libcsv, which knows the quotes. Which character parts the cells is looked at first:
 * comma, semicolon, tab or bar, or what a line "sep=;" says.
 *
 *   piece of text ──csv_parse──> cells and rows in a queue ──> sheet_next, one at a time
 *                                └ the row that the piece left unfinished stays at the end
 *
 * libcsv goes on reading when a quotation mark is missing, over as many lines as it takes. A row
 * that grows beyond all measure, or is still open at the end of the file, is told as what it is.
 */
#include "interp/sheet.h"

#include <csv.h>
#include <string.h>

#include "base/limits.h"
#include "interp/sheet_text.h"

/* Where a cell's text lies in the queue's buffer, which may move. */
typedef struct CellAt {
	size_t at, len;
} CellAt;

typedef struct Queued {
	size_t cell;      /* its first one */
	int32_t n;
	int64_t line;
} Queued;

typedef struct Csv {
	SheetText *text;
	struct csv_parser parser;
	bool begun, ended;
	Buf bytes;
	VEC(CellAt) place;
	VEC(Queued) row;
	VEC(SheetCell) cell;  /* of the row that is handed out */
	size_t next;          /* of the queue */
	size_t open;          /* first cell of the row that is being read */
	int64_t line;         /* on which that row begins */
	int64_t inner;        /* line ends within its cells */
	int64_t waiting;      /* bytes read since a row was finished */
} Csv;

/* ---- what libcsv calls ---- */

static void on_cell(void *bytes, size_t n, void *user)
{
	Csv *csv = user;
	*vec_push(&csv->place) = (CellAt){csv->bytes.n, n};
	buf_str(&csv->bytes, (Str){bytes, n});
	const char *end = (const char *)bytes + n;
	for (const char *at = bytes; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
		csv->inner++;
}

static void on_row(int end, void *user)
{
	Csv *csv = user;
	size_t n = csv->place.n - csv->open;
	if (end >= 0 || n > 0)
		*vec_push(&csv->row) = (Queued){csv->open, (int32_t)n, csv->line};
	csv->open = csv->place.n;
	csv->line += csv->inner + 1;
	csv->inner = 0;
	csv->waiting = 0;
}

/* ---- the character between cells ---- */

/* Occurrences outside of quotation marks, up to the end of the line. */
static int32_t count_in_line(Str text, char c)
{
	int32_t n = 0;
	bool quoted = false;
	for (size_t i = 0; i < text.len && (quoted || text.ptr[i] != '\n'); i++) {
		quoted ^= text.ptr[i] == '"';
		n += !quoted && text.ptr[i] == c;
	}
	return n;
}

static char most_in_line(Str text, int32_t least)
{
	static const char candidate[] = {',', ';', '\t', '|'};
	char best = '\0';
	for (size_t i = 0; i < sizeof candidate; i++) {
		int32_t n = count_in_line(text, candidate[i]);
		if (n >= least) {
			best = candidate[i];
			least = n + 1;
		}
	}
	return best;
}

/* Titles that stand above the table have few of them, the table's header has as many as columns. */
static char separator(Str text)
{
	for (int32_t least = 2; least > 0; least--) {
		for (Str rest = text; rest.len > 0;) {
			char c = most_in_line(rest, least);
			if (c != '\0')
				return c;
			const char *end = memchr(rest.ptr, '\n', rest.len);
			size_t used = end == NULL ? rest.len : (size_t)(end - rest.ptr) + 1;
			rest = (Str){rest.ptr + used, rest.len - used};
		}
	}
	return ',';
}

/* "sep=;" is a line for spreadsheets, no row. */
static Str begin(Csv *csv, Str piece)
{
	csv->begun = true;
	bool said = piece.len >= 6 && str_starts(piece, STR("sep=")) && piece.ptr[5] == '\n';
	csv_set_delim(&csv->parser, (unsigned char)(said ? piece.ptr[4] : separator(piece)));
	csv->line += said;
	return said ? (Str){piece.ptr + 6, piece.len - 6} : piece;
}

/* ---- reading ---- */

/* Of what is in the queue only the row that is not finished is needed further. */
static void clear_queue(Csv *csv)
{
	size_t n = csv->place.n - csv->open, from = n > 0 ? csv->place.at[csv->open].at : csv->bytes.n;
	for (size_t i = 0; i < n; i++) {
		csv->place.at[i] = csv->place.at[csv->open + i];
		csv->place.at[i].at -= from;
	}
	if (csv->bytes.n > from)
		memmove(csv->bytes.at, csv->bytes.at + from, csv->bytes.n - from);
	csv->bytes.n -= from;
	csv->place.n = n;
	csv->open = csv->row.n = csv->next = 0;
}

static Status not_closed(Sheet *sheet, const Csv *csv, Diags *diags)
{
	return sheet_wrong(sheet, diags, "line %lld: a quotation mark that is not closed",
		(long long)csv->line);
}

/* At the end a quote that is still open counts as a mistake, though none did before. */
static Status finish(Sheet *sheet, Csv *csv, Diags *diags)
{
	csv->ended = true;
	csv_set_opts(&csv->parser, CSV_REPALL_NL | CSV_STRICT | CSV_STRICT_FINI);
	if (csv_fini(&csv->parser, on_cell, on_row, csv) != 0)
		return not_closed(sheet, csv, diags);
	return STATUS_OK;
}

static Status fill(Sheet *sheet, Csv *csv, Diags *diags)
{
	Str piece;
	clear_queue(csv);
	Status status = sheet_text_next(csv->text, sheet, diags, &piece);
	if (status != STATUS_OK)
		return status;
	if (piece.len == 0)
		return finish(sheet, csv, diags);
	csv->waiting += (int64_t)piece.len;
	if (!csv->begun)
		piece = begin(csv, piece);
	if (csv_parse(&csv->parser, piece.ptr, piece.len, on_cell, on_row, csv) != piece.len)
		return sheet_wrong(sheet, diags, "line %lld: %s", (long long)csv->line,
			csv_strerror(csv_error(&csv->parser)));
	return csv->waiting > LIMIT_SHEET_ROW ? not_closed(sheet, csv, diags) : STATUS_OK;
}

static void hand_out(Csv *csv, const Queued *queued, SheetRow *row)
{
	csv->cell.n = 0;
	for (int32_t i = 0; i < queued->n; i++) {
		CellAt place = csv->place.at[queued->cell + (size_t)i];
		*vec_push(&csv->cell) = (SheetCell){place.len > 0 ? SHEET_TEXT : SHEET_EMPTY,
			{csv->bytes.at + place.at, place.len}};
	}
	*row = (SheetRow){.line = queued->line, .cell = csv->cell.at, .n = queued->n};
}

static Status next_row(Sheet *sheet, SheetRow *row, Diags *diags)
{
	Csv *csv = sheet->self;
	while (csv->next == csv->row.n) {
		Status status = csv->ended ? STATUS_NO : fill(sheet, csv, diags);
		if (status != STATUS_OK)
			return status;
	}
	hand_out(csv, &csv->row.at[csv->next++], row);
	return STATUS_OK;
}

/* ---- the file ---- */

static void start_parser(Csv *csv)
{
	csv_init(&csv->parser, CSV_REPALL_NL);
	csv_set_realloc_func(&csv->parser, mem_resize);
	csv_set_blk_size(&csv->parser, 1024);
	csv->begun = csv->ended = false;
	csv->bytes.n = csv->place.n = csv->row.n = csv->next = csv->open = 0;
	csv->inner = csv->waiting = 0;
	csv->line = 1;
}

static Status select_part(Sheet *sheet, int32_t part, Diags *diags)
{
	Csv *csv = sheet->self;
	(void)part;
	csv_free(&csv->parser);
	start_parser(csv);
	return sheet_text_rewind(csv->text, sheet, diags);
}

static Status open_file(Sheet *sheet, Diags *diags)
{
	Csv *csv = mem_alloc(sizeof *csv);
	sheet->self = csv;
	sheet->part = arena_alloc(&sheet->arena, sizeof *sheet->part);
	sheet->nparts = 1;
	start_parser(csv);
	return sheet_text_open(sheet, diags, &csv->text);
}

static void close_file(Sheet *sheet)
{
	Csv *csv = sheet->self;
	if (csv == NULL)
		return;
	csv_free(&csv->parser);
	sheet_text_close(csv->text);
	buf_free(&csv->bytes);
	vec_free(&csv->place);
	vec_free(&csv->row);
	vec_free(&csv->cell);
	free(csv);
}

const SheetFormat sheet_csv = {"CSV", open_file, select_part, next_row, close_file};
