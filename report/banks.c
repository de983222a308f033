/*
 *   Banks           accounts  credited    used  expired    held  lost  short
 *   hampshire/ccsh
 *     take_a_break        83  1,204:30  980:00   200:30   24:00
 *
 * Time is shown in hours and minutes, since sums run into thousands of hours. credited (after
 * what was lost) = used + expired + held, as every run checks before it is written. short is
 * what was drawn beyond what an account held: it is in no account, so not in that equation.
 *
 * Amounts stand in the case file as whole numbers of the smallest unit: `scale` of them are one
 * of `unit`. A bank of time has seconds, one of money pence or parts of them.
 */
#include "report/banks.h"

#include <stdlib.h>

#include "dsl/types.h"
#include "report/layout.h"

/* In step with the query. */
enum { CONTRACT, BANK, UNIT, SCALE, ACCOUNTS, CREDITED, USED, EXPIRED, HELD, LOST, SHORTFALL,
	NOT_ASSESSED };

static const char query[] =
	"SELECT contract, bank, unit, scale, accounts, credited, used, expired, held, lost, shortfall,"
	" not_assessed FROM bank_total WHERE run_id = ? ORDER BY contract, bank";

/* As interp/case_bank.c names them, in the order of the dimensions; a name that is not there leaves
 * a plain number. */
static Type type_named(Str unit, int64_t scale)
{
	static const char *const name[DIMS] = {"pounds", "seconds", "metres", "days", "months",
		"nights"};
	Type type = {.kind = TYPE_QUANTITY, .scale = scale};
	for (int d = 0; d < DIMS; d++)
		if (str_eq(unit, str_of(name[d])))
			type.unit.of[d] = 1;
	return type;
}

static Str text_of(sqlite3_stmt *stmt, int column)
{
	const char *at = (const char *)sqlite3_column_text(stmt, column);
	return at == NULL ? STR("") : (Str){at, (size_t)sqlite3_column_bytes(stmt, column)};
}

/* 1,204:30, with seconds where there are any. */
static void put_hours(Buf *buf, int64_t seconds)
{
	layout_number(buf, seconds / 3600);
	buf_printf(buf, ":%02d", (int)(seconds / 60 % 60));
	if (seconds % 60 != 0)
		buf_printf(buf, ":%02d", (int)(seconds % 60));
}

/* 0 is left out; a sum beyond 64 bits is shown as it stands, in the smallest unit. */
static void put_amount(Buf *buf, sqlite3_stmt *stmt, int column, Type type)
{
	Ratio q;
	buf_puts(buf, "");
	if (sqlite3_column_type(stmt, column) != SQLITE_INTEGER)
		buf_str(buf, text_of(stmt, column));
	else if (sqlite3_column_int64(stmt, column) != 0 && type.unit.of[DIM_TIME] == 1 &&
	    type.scale == 1)
		put_hours(buf, sqlite3_column_int64(stmt, column));
	else if (sqlite3_column_int64(stmt, column) != 0 &&
	    ratio_make(sqlite3_column_int64(stmt, column), type.scale, &q))
		quantity_print(buf, type, q);
}

/* A case file of a time before banks has no such table. */
static bool has_table(CaseReader *reader)
{
	sqlite3_stmt *stmt = NULL;
	bool has = sqlite3_prepare_v2(casereader_database(reader), "SELECT 1 FROM sqlite_schema WHERE"
		" name = 'bank_total'", -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return has;
}

/* BANK_AMOUNTS in the order of the query, from CREDITED on. */
static Status one_bank(sqlite3_stmt *stmt, BankFn *each, void *user)
{
	Buf amount[BANK_AMOUNTS] = {{0}};
	int64_t scale = sqlite3_column_int64(stmt, SCALE);
	Type type = type_named(text_of(stmt, UNIT), scale > 0 ? scale : 1);
	ReadBank bank = {.contract = text_of(stmt, CONTRACT), .bank = text_of(stmt, BANK),
		.accounts = sqlite3_column_int64(stmt, ACCOUNTS),
		.not_assessed = sqlite3_column_int64(stmt, NOT_ASSESSED)};
	for (int i = 0; i < BANK_AMOUNTS; i++) {
		put_amount(&amount[i], stmt, CREDITED + i, type);
		bank.amount[i] = buf_view(&amount[i]);
	}
	Status status = each(user, &bank);
	for (int i = 0; i < BANK_AMOUNTS; i++)
		buf_free(&amount[i]);
	return status;
}

Status banks_each(CaseReader *reader, Str run_id, BankFn *each, void *user)
{
	sqlite3_stmt *stmt = NULL;
	Status status = STATUS_OK;
	int rc;
	if (!has_table(reader))
		return STATUS_OK;
	if (sqlite3_prepare_v2(casereader_database(reader), query, -1, &stmt, NULL) != SQLITE_OK)
		return casereader_unreadable(reader);
	sqlite3_bind_text(stmt, 1, run_id.ptr, (int)run_id.len, SQLITE_STATIC);
	while (status == STATUS_OK && (rc = sqlite3_step(stmt)) != SQLITE_DONE)
		status = rc == SQLITE_ROW ? one_bank(stmt, each, user) : casereader_unreadable(reader);
	sqlite3_finalize(stmt);
	return status;
}

/* ---- the summary ---- */

typedef struct BankTable {
	LayoutTable table;
	Str contract; /* of the heading above */
} BankTable;

/* Each contract keeps accounts of its own, so its name stands above them. */
static Status put_row(void *user, const ReadBank *bank)
{
	BankTable *all = user;
	Arena *arena = all->table.arena;
	if (!str_eq(all->contract, bank->contract)) {
		all->contract = str_copy(arena, bank->contract);
		layout_span(&all->table, all->contract);
	}
	layout_cell(&all->table, str_format(arena, "  %.*s", STR_ARG(bank->bank)));
	layout_count_cell(&all->table, bank->accounts);
	for (int i = 0; i < BANK_AMOUNTS; i++)
		layout_cell(&all->table, bank->amount[i]);
	layout_count_cell(&all->table, bank->not_assessed);
	return STATUS_OK;
}

/* A run without banks adds nothing, not even the blank line above the table. */
Status banks_summary(CaseReader *reader, Str run_id, int width, Buf *out)
{
	static const LayoutColumn column[] = {{"Banks", false, 12}, {"accounts", true, 0},
		{"credited", true, 8}, {"used", true, 8}, {"expired", true, 8}, {"held", true, 8},
		{"lost", true, 8}, {"short", true, 8}, {"not assessed", true, 0}};
	BankTable all = {.contract = STR("")};
	layout_begin(&all.table, casereader_arena(reader), column, 9);
	all.table.indent = 0;
	Status status = banks_each(reader, run_id, put_row, &all);
	if (status != STATUS_OK || all.table.cell.n == 0) {
		vec_free(&all.table.cell);
		return status;
	}
	buf_char(out, '\n');
	layout_end(&all.table, out, width);
	return STATUS_OK;
}
