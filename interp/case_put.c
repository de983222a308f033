/*
 * OR FAIL: what a statement has done need not be taken back by itself, since the whole run is given
 * up when one fails. Otherwise SQLite would keep a copy of the page that each statement begins
 * with.
 *
 * The leaves follow from the cells and not from the table, so they are right only if SQLite gives
 * back what it was given: no column here has a type that would change a value (interp/case_row.c),
 * and the tests read every part back.
 */
#include "interp/case_put.h"

#include <stdlib.h>

/* Columns of each statement, by CaseTable, and of the part that the rows are. The first column of
 * finding_row's rows is its number: others hang on it. */
static const struct {
	const char *sql;
	int columns;
	const char *part;
	int part_columns;
} kind[PUT_TABLES] = {
	[PUT_FINDING] = {"finding_row(rowid, finding_id, rule_key, verdict, subject_key, provider,"
		" on_date, message, at_stake_pence, at_stake_exact, assumed_key, missing, content, evidence)", 14,
		"finding", 24},
	[PUT_REMEDY] = {"remedy", 8, "remedy", 8},
	[PUT_BOUNDS] = {"bounds", 8, NULL, 0},
	[PUT_ASKED] = {"asked", 4, "asked", 4},
	[PUT_MONEY] = {"money_of", 2, "money_of", 2},
	[PUT_BANK] = {"bank_entry", 12, "bank_entry", 11},
	[PUT_MEASURE] = {"measure_result", 38, "measure_result", 37},
};

/* Statements are prepared when they are needed: some tables are made later than this. */
void case_put_begin(CasePut *put, sqlite3 *db)
{
	*put = (CasePut){.db = db};
	for (int i = 0; i < PUT_TABLES; i++) {
		PutInto *into = &put->into[i];
		if (kind[i].part == NULL)
			continue;
		into->part = case_part_named(str_of(kind[i].part));
		case_leaves_begin(&into->leaves, kind[i].part_columns, into->part->step, &put->arena);
	}
}

/* ---- statements ---- */

static int prepare(CasePut *put, CaseTable table, int rows, sqlite3_stmt **stmt)
{
	Buf sql = {0};
	buf_printf(&sql, "INSERT OR FAIL INTO %s VALUES", kind[table].sql);
	for (int r = 0; r < rows; r++) {
		buf_puts(&sql, r > 0 ? ",(?" : "(?");
		for (int i = 1; i < kind[table].columns; i++)
			buf_puts(&sql, ",?");
		buf_char(&sql, ')');
	}
	int rc = sqlite3_prepare_v3(put->db, sql.at, (int)sql.n, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
	buf_free(&sql);
	return rc;
}

/* Bindings stay: each time all parameters are bound. Cells of one row behind the other, as the
 * statement numbers its parameters. */
static int run(sqlite3_stmt *stmt, const CaseCell *cell, int n)
{
	for (int i = 0; i < n; i++)
		cell_bind(stmt, i + 1, &cell[i]);
	int rc = sqlite3_step(stmt);
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* The statement for many rows is prepared when there are as many: a small run never needs it. */
static int put_many(CasePut *put, CaseTable table)
{
	PutInto *into = &put->into[table];
	int rc = into->many != NULL ? SQLITE_OK : prepare(put, table, PUT_ROWS, &into->many);
	into->held = 0;
	return rc == SQLITE_OK ? run(into->many, into->cell, kind[table].columns * PUT_ROWS) : rc;
}

/* What is left over, one by one. */
static int put_each(CasePut *put, CaseTable table)
{
	PutInto *into = &put->into[table];
	int rc = into->one != NULL || into->held == 0 ? SQLITE_OK : prepare(put, table, 1, &into->one);
	for (int r = 0; r < into->held && rc == SQLITE_OK; r++)
		rc = run(into->one, into->cell + r * kind[table].columns, kind[table].columns);
	into->held = 0;
	return rc;
}

/* ---- rows ---- */

/* Cells are copied, texts are not. The room for them is had with the first row of a table. */
int case_put_row(CasePut *put, CaseTable table, const CaseCell *cell)
{
	PutInto *into = &put->into[table];
	size_t columns = (size_t)kind[table].columns;
	if (into->cell == NULL)
		into->cell = mem_alloc(mem_product(columns * PUT_ROWS, sizeof *into->cell));
	memcpy(into->cell + (size_t)into->held * columns, cell, columns * sizeof *cell);
	return ++into->held == PUT_ROWS ? put_many(put, table) : SQLITE_OK;
}

/* The name comes from the cells of the part, whose first ones tell it. */
void case_put_note(CasePut *put, CaseTable table, const CaseRow *row)
{
	PutInto *into = &put->into[table];
	Str name = STR("");
	if (case_leaves_at_entry(&into->leaves))
		name = case_row_name(&put->name, row->cell, into->part->names);
	case_leaves_add(&into->leaves, name, &row->leaf, row->column);
}

int case_put_flush(CasePut *put)
{
	int rc = SQLITE_OK;
	for (int i = 0; i < PUT_TABLES && rc == SQLITE_OK; i++)
		rc = put_each(put, (CaseTable)i);
	return rc;
}

/* ---- the end ---- */

static void close_part(PutInto *into)
{
	if (into->part == NULL || into->closed)
		return;
	into->closed = true;
	case_leaves_end(&into->leaves, &into->rows);
}

/* Tables whose rows come last are left as they are: their leaves belong to whoever notes them. */
void case_put_close(CasePut *put, CaseTable end)
{
	for (int i = 0; i < (int)end; i++)
		close_part(&put->into[i]);
}

/* Closed by then or not. Parts are told apart by address: each has one entry in run_parts. */
const PartRows *case_put_part(CasePut *put, const CasePart *part)
{
	for (int i = 0; i < PUT_TABLES; i++) {
		if (put->into[i].part != part)
			continue;
		close_part(&put->into[i]);
		return &put->into[i].rows;
	}
	return NULL;
}

/* Also of what was never begun. */
void case_put_end(CasePut *put)
{
	for (int i = 0; i < PUT_TABLES; i++) {
		sqlite3_finalize(put->into[i].many);
		sqlite3_finalize(put->into[i].one);
		free(put->into[i].cell);
		case_leaves_free(&put->into[i].leaves);
		part_rows_free(&put->into[i].rows);
	}
	buf_free(&put->name);
	arena_free(&put->arena);
	*put = (CasePut){.db = NULL};
}
