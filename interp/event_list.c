/*
 *   sheet ─ first row: names ─> Header ─ each row ─> EventAsked ─> the file of events
 *                                           └ nothing filled in: counted, left out
 *
 * A cell is trimmed, and loses line ends and control characters, since an event is hashed as lines
 * of text. Whether the texts make sense (a finding that exists, a status there is, a sum) is asked
 * when they become events; here only the form is.
 */
#include "interp/event_list.h"

#include <stddef.h>
#include <string.h>

#include "interp/sheet.h"

static const Span nowhere = {-1, 0, 0};

/* Names of columns, and where their cells go. A column may be called by more than one name.
 * `answer` tells a row that somebody filled in from one that was merely handed on. */
typedef struct AskedColumn {
	const char *name;
	size_t into;             /* offset in EventAsked */
	bool answer;             /* filled in by whoever answers */
} AskedColumn;

#define INTO(field) offsetof(EventAsked, field)
static const AskedColumn column[] = {
	{"finding_id", INTO(finding), false}, {"finding", INTO(finding), false},
	{"run_id", INTO(run), false},
	{"role", INTO(role), false}, {"as", INTO(role), false},
	{"status", INTO(status), true},
	{"amount", INTO(amount), true}, {"amount_pence", INTO(pence), true},
	{"because", INTO(because), true}, {"reason", INTO(because), true},
	{"cause", INTO(cause), true}, {"evidence", INTO(evidence), true},
	{"by", INTO(by), false},
};

/* CELLS_MOST: more columns than a list has; those behind it are not looked at. */
enum { COLUMNS = sizeof column / sizeof *column, CELLS_MOST = 512 };

/* The offset is that of a Str, by the table above. */
static Str *field_of(EventAsked *asked, const AskedColumn *of)
{
	return (Str *)(void *)((char *)asked + of->into);
}

/* Of a cell that our own list guarded against being run as a formula, the apostrophe goes. A
 * spreadsheet runs a cell that begins with one of = + - @, so our lists put an apostrophe before
 * it. */
static Str unguarded(Str cell)
{
	if (cell.len > 1 && cell.ptr[0] == '\'' && strchr("=+-@", cell.ptr[1]) != NULL)
		return (Str){cell.ptr + 1, cell.len - 1};
	return cell;
}

/* Line ends of a cell become blanks: what is hashed has a line for each field. All of it is UTF-8,
 * whose longer characters have no byte below a blank. */
Str event_clean(Arena *arena, Str text)
{
	text = str_copy(arena, str_trim(text));
	char *at = (char *)arena_copy(arena, text.ptr, text.len + 1);
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)at[i] < ' ' || at[i] == 0x7f)
			at[i] = ' ';
	return (Str){at, text.len};
}

/* Spreadsheets make "Status" and " status" of it. Letters may be of either case, and a blank stand
 * for the underline: nothing else is guessed. */
static const AskedColumn *column_named(Str cell)
{
	cell = str_trim(cell);
	for (int i = 0; i < COLUMNS; i++) {
		const char *name = column[i].name;
		size_t k = 0;
		while (k < cell.len && name[k] != '\0' &&
		       (cell.ptr[k] == name[k] || cell.ptr[k] + ('a' - 'A') == name[k] ||
		        (cell.ptr[k] == ' ' && name[k] == '_')))
			k++;
		if (k == cell.len && name[k] == '\0')
			return &column[i];
	}
	return NULL;
}

typedef struct Header {
	const AskedColumn *at[CELLS_MOST];
	int32_t n;
} Header;

/* The columns that there could be are the help that is needed. */
static Status wrong(Diags *diags, const char *path, const char *what, const char *name)
{
	diag_help(diag_add(diags, DIAG_EVENT_LIST, nowhere, "%s %s `%s`", path, what, name),
		"a list has the columns finding_id and status, and amount, because, cause, evidence, by and"
		" role as they are needed");
	return STATUS_WRONG;
}

/* Whichever of its names it goes by. */
static bool has_column(const Header *header, size_t into)
{
	for (int32_t i = 0; i < header->n; i++)
		if (header->at[i] != NULL && header->at[i]->into == into)
			return true;
	return false;
}

/* Two columns for one thing would leave it to chance which of them counts. Columns without a known
 * name keep their place, as NULL. */
static Status read_header(const SheetRow *row, const char *path, Diags *diags, Header *out)
{
	*out = (Header){.n = 0};
	for (int32_t i = 0; i < row->n && i < CELLS_MOST; i++) {
		const AskedColumn *found = column_named(row->cell[i].text);
		if (found != NULL && has_column(out, found->into))
			return wrong(diags, path, "has two columns for", found->name);
		out->at[out->n++] = found;
	}
	if (!has_column(out, INTO(finding)))
		return wrong(diags, path, "has no column", "finding_id");
	if (!has_column(out, INTO(status)))
		return wrong(diags, path, "has no column", "status");
	return STATUS_OK;
}

/* False when nothing was filled in. A row shorter than the header has empty cells behind. */
static bool read_row(const SheetRow *row, const Header *header, Arena *arena, EventAsked *out)
{
	bool filled = false;
	*out = (EventAsked){.line = row->line};
	for (int32_t i = 0; i < row->n && i < header->n; i++) {
		const AskedColumn *of = header->at[i];
		if (of == NULL)
			continue;
		*field_of(out, of) = event_clean(arena, unguarded(row->cell[i].text));
		filled = filled || (of->answer && field_of(out, of)->len > 0);
	}
	return filled;
}

/* The first row has the names; the first sheet of a spreadsheet is the list. An empty sheet has no
 * header either. Rows without anything in them are not counted as left out. */
static Status read_rows(Sheet *sheet, Arena *arena, Diags *diags, EventList *out)
{
	Header header;
	SheetRow row;
	Status status = sheet_select(sheet, 0, diags);
	if (status == STATUS_OK)
		status = sheet_next(sheet, &row, diags);
	if (status == STATUS_NO)
		return wrong(diags, out->path, "has no column", "finding_id");
	if (status == STATUS_OK)
		status = read_header(&row, out->path, diags, &header);
	while (status == STATUS_OK && (status = sheet_next(sheet, &row, diags)) == STATUS_OK) {
		EventAsked asked;
		if (read_row(&row, &header, arena, &asked))
			*vec_push(&out->row) = asked;
		else
			out->left_out += row.n > 1 || (row.n == 1 && row.cell[0].text.len > 0);
	}
	return status == STATUS_NO ? STATUS_OK : status;
}

/* The sheet is closed whatever came of it. */
Status event_list_read(const char *path, Arena *arena, Diags *diags, EventList *out)
{
	Sheet *sheet = NULL;
	out->path = path;
	Status status = sheet_open(path, diags, &sheet);
	if (status == STATUS_OK)
		status = read_rows(sheet, arena, diags, out);
	sheet_close(sheet);
	return status;
}

/* Texts go with the arena. */
void event_list_free(EventList *list)
{
	vec_free(&list->row);
}

/* Takes "£" off, and says whether it was there. */
static bool take_sign(Str *text, const char *sign)
{
	if (!str_starts(*text, str_of(sign)))
		return false;
	*text = (Str){text->ptr + strlen(sign), text->len - strlen(sign)};
	return true;
}

/* The minus may stand on either side of the sign of money, once. At most 10^14 pence, far above any
 * claim, so that sums of them fit in 64 bits. */
bool event_pence(Str text, int64_t *pence)
{
	Ratio pounds, all;
	bool minus = take_sign(&text, "-");
	take_sign(&text, "£");
	if (!minus)
		minus = take_sign(&text, "-");
	if (text.len == 0 || text.ptr[0] == '-' || text.ptr[0] == '+' || !ratio_parse(text, &pounds) ||
	    !ratio_mul(pounds, (Ratio){100, 1}, &all) || all.d != 1 || all.n > 100000000000000)
		return false;
	*pence = (int64_t)(minus ? -all.n : all.n);
	return true;
}
