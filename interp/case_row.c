/*
 * Cells as SQLite gives and takes them, and as they are hashed.
 *
 * A column gives back what was bound as long as its affinity agrees with the kind: texts go into
 * columns of TEXT, whole numbers into those of INTEGER, bytes into those of BLOB, and columns
 * without a type take whatever comes. The tables of a case file are declared so.
 */
#include "interp/case_row.h"

#include "base/civil.h"
#include "dsl/rulebook.h"

#define NAME_MOST 200    /* bytes of a name that are kept: keys of people's making are shorter */

CaseCell cell_day(int32_t day, Arena *arena)
{
	Buf buf = {0};
	if (day == NO_DAY)
		return cell_null();
	day_print_iso(&buf, day);
	return cell_text(buf_keep(&buf, arena));
}

/* ---- SQLite ---- */

/* An empty blob has no address in SQLite. */
CaseCell cell_of_column(sqlite3_stmt *stmt, int i)
{
	int type = sqlite3_column_type(stmt, i);
	if (type == SQLITE_NULL)
		return cell_null();
	if (type == SQLITE_INTEGER)
		return cell_int(sqlite3_column_int64(stmt, i));
	const char *at = type == SQLITE_BLOB ? sqlite3_column_blob(stmt, i)
		: (const char *)sqlite3_column_text(stmt, i);
	CaseCell cell = cell_text((Str){at, (size_t)sqlite3_column_bytes(stmt, i)});
	cell.kind = type == SQLITE_BLOB ? CASE_CELL_BYTES
		: type == SQLITE_TEXT ? CASE_CELL_TEXT : CASE_CELL_REAL;
	return cell;
}

void cell_bind(sqlite3_stmt *stmt, int i, const CaseCell *cell)
{
	switch (cell->kind) {
	case CASE_CELL_NULL:
		sqlite3_bind_null(stmt, i);
		break;
	case CASE_CELL_INT:
		sqlite3_bind_int64(stmt, i, cell->of.n);
		break;
	case CASE_CELL_BYTES:
		sqlite3_bind_blob(stmt, i, cell->of.s.ptr, (int)cell->of.s.len, SQLITE_STATIC);
		break;
	case CASE_CELL_TEXT: case CASE_CELL_REAL:
		sqlite3_bind_text(stmt, i, cell->of.s.ptr, (int)cell->of.s.len, SQLITE_STATIC);
		break;
	}
}

/* ---- what is hashed ---- */

/* Of texts and bytes the length comes first, so that no text can look like two columns. */
void cell_canonical(Buf *buf, const CaseCell *cell)
{
	if (cell->kind == CASE_CELL_NULL) {
		buf_str(buf, STR("n;"));
		return;
	}
	if (cell->kind == CASE_CELL_INT) {
		int64_t n = cell->of.n;
		buf_str(buf, n < 0 ? STR("i-") : STR("i"));
		buf_number(buf, n < 0 ? 0 - (uint64_t)n : (uint64_t)n, 1);
		buf_char(buf, ';');
		return;
	}
	buf_char(buf, cell->kind == CASE_CELL_BYTES ? 'x' : cell->kind == CASE_CELL_TEXT ? 't' : 'r');
	buf_number(buf, cell->of.s.len, 1);
	buf_char(buf, ':');
	buf_str(buf, cell->of.s);
	buf_char(buf, ';');
}

/* A byte is enough, as it only says which columns to show: one change in 256 is told without its
 * column. */
uint8_t case_row_byte(Str canonical)
{
	uint64_t hash = str_hash(canonical);
	return (uint8_t)(hash ^ hash >> 32);
}

void case_row_seal(CaseRow *row, int n, Arena *arena, Buf *scratch)
{
	size_t from = 0;
	buf_clear(scratch);
	row->column = arena_room(arena, (size_t)n);
	for (int i = 0; i < n; i++) {
		cell_canonical(scratch, &row->cell[i]);
		row->column[i] = case_row_byte((Str){scratch->at + from, scratch->n - from});
		from = scratch->n;
	}
	row->leaf = merkle_leaf(buf_view(scratch));
}

/* ---- names ---- */

static void add_name(Buf *buf, const CaseCell *cell)
{
	if (cell->kind == CASE_CELL_NULL || (cell->kind != CASE_CELL_INT && cell->of.s.len == 0))
		return;
	buf_puts(buf, buf->n > 0 ? " " : "");
	if (cell->kind == CASE_CELL_INT)
		buf_printf(buf, "%lld", (long long)cell->of.n);
	else
		buf_str(buf, cell->of.s);
}

/* Keys are joined by a character that no terminal shows. */
Str case_row_name(Buf *buf, const CaseCell *cell, int n)
{
	buf_clear(buf);
	for (int i = 0; i < n; i++)
		add_name(buf, &cell[i]);
	for (size_t i = 0; i < buf->n; i++)
		if ((unsigned char)buf->at[i] < ' ')
			buf->at[i] = ' ';
	Str name = buf_view(buf);
	/* Cut at a character, never within one: the name is shown. */
	while (name.len > NAME_MOST || (name.len > 0 && name.len < buf->n &&
	       ((unsigned char)name.ptr[name.len] & 0xC0) == 0x80))
		name.len--;
	return name;
}
