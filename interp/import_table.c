/*
 * The table that rows go into. One that is not there is made as the datasets that stand on it
 * declare it. A row whose key is there already is refused: which of the two counts is not for an
 * importer to say, unless the dataset does by `newest by`.
 */
#include <string.h>
#include <strings.h>

#include "interp/data_internal.h"
#include "interp/import_private.h"

#define KEY_INDEX "vouch_import_key"
#define KEY_AGAIN "the key is in the table already, from this file or an earlier one"

static bool same_name(Str a, Str b)
{
	return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

/* ---- making it */

/* As homecare.sql has them: whole units where a column counts them, REAL for other figures. */
static const char *sql_type(const Field *field)
{
	if (field->type.kind != TYPE_QUANTITY)
		return "TEXT";
	bool count = unit_none(field->type.unit) && field->type.form == FORM_COUNT;
	return count || field->type.unit.of[DIM_TIME] == 1 || field->decimals == 0 ? "INTEGER" : "REAL";
}

static const char *quoted(Import *import, Str name)
{
	return sql_name(import->arena, name);
}

static void put_columns(Import *import, const Dataset *dataset, StrMap *done, Buf *sql)
{
	for (int32_t i = 0; i < dataset->nfields; i++) {
		const Field *field = &dataset->field[i];
		bool added;
		if (field_follows(field))
			continue;
		strmap_at(done, field->column, &added);
		if (added)
			buf_printf(sql, "%s%s %s", done->n > 1 ? ", " : "", quoted(import, field->column),
				sql_type(field));
	}
}

static void put_key(Import *import, Buf *sql)
{
	const Dataset *dataset = import->columns.dataset;
	for (int32_t k = 0; k < dataset->nkey; k++)
		buf_printf(sql, "%s%s", k > 0 ? ", " : "",
			quoted(import, dataset->field[dataset->key[k]].column));
}

/* Several datasets may stand on one table; then none of their keys is the table's. */
static Status make_table(Import *import)
{
	const Rulebook *book = import->options->book;
	const Dataset *dataset = import->columns.dataset;
	Buf sql = {0};
	StrMap done;
	int32_t shares = 0;
	strmap_init(&done, import->arena);
	buf_printf(&sql, "CREATE TABLE %s(", quoted(import, dataset->table));
	put_columns(import, dataset, &done, &sql);
	for (int32_t i = 0; i < book->ndatasets; i++) {
		const Dataset *other = &book->dataset[i];
		if (other == dataset || other->origin != ORIGIN_TABLE ||
		    !same_name(other->table, dataset->table))
			continue;
		put_columns(import, other, &done, &sql);
		shares++;
	}
	if (shares == 0 && dataset->newest_by == 0) {
		buf_puts(&sql, ", PRIMARY KEY(");
		put_key(import, &sql);
		buf_puts(&sql, ")");
	}
	buf_puts(&sql, ")");
	import->result->created = true;
	Status status = import_exec(import, "%s", sql.at);
	buf_free(&sql);
	return status;
}

/* ---- looking at it */

/* "table", "view" …; empty: there is none. */
static Status kind_of_table(Import *import, Str *kind)
{
	sqlite3_stmt *stmt = import_prepare(import,
		"select type from sqlite_master where name = ?1 collate nocase and type in ('table', 'view')");
	*kind = (Str){NULL, 0};
	if (stmt == NULL)
		return STATUS_WORLD;
	import_bind(stmt, 1, import->columns.dataset->table);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		*kind = str_copy(import->arena, str_of((const char *)sqlite3_column_text(stmt, 0)));
	sqlite3_finalize(stmt);
	return STATUS_OK;
}

static Status need_columns(Import *import)
{
	Status status = STATUS_OK;
	sqlite3_stmt *stmt = import_prepare(import,
		"select 1 from pragma_table_xinfo(?1) where name = ?2 collate nocase and hidden = 0");
	for (int32_t i = 0; stmt != NULL && i < import->columns.nfills; i++) {
		const Field *field = import->columns.fill[i].field;
		import_bind(stmt, 1, import->columns.dataset->table);
		import_bind(stmt, 2, field->column);
		if (sqlite3_step(stmt) != SQLITE_ROW)
			status = import_wrong(import, DIAG_IMPORT_DATABASE,
				"table %.*s has no column %.*s to write to",
				STR_ARG(import->columns.dataset->table), STR_ARG(field->column));
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
	return stmt == NULL ? STATUS_WORLD : status;
}

/* Whether the database itself keeps keys apart: its primary key or a unique index has just these
 * columns. */
static bool key_is_unique(Import *import)
{
	const Dataset *dataset = import->columns.dataset;
	sqlite3_stmt *stmt = import_prepare(import,
		"select count(*), sum(instr(?2, char(31) || lower(name) || char(31)) > 0) from (select il.name"
		" i, ii.name name from pragma_index_list(?1) il, pragma_index_info(il.name) ii where"
		" il.\"unique\" and not il.partial union all select '', name from pragma_table_xinfo(?1) where"
		" pk > 0) group by i");
	Buf key = {0};
	bool unique = false;
	buf_char(&key, KEY_JOINT);
	for (int32_t k = 0; k < dataset->nkey; k++) {
		Str name = dataset->field[dataset->key[k]].column;
		for (size_t i = 0; i < name.len; i++)
			buf_char(&key, (char)(name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? name.ptr[i] + 32
				: name.ptr[i]));
		buf_char(&key, KEY_JOINT);
	}
	if (stmt != NULL) {
		import_bind(stmt, 1, dataset->table);
		import_bind(stmt, 2, buf_view(&key));
		while (sqlite3_step(stmt) == SQLITE_ROW)
			unique |= sqlite3_column_int(stmt, 0) == dataset->nkey &&
				sqlite3_column_int(stmt, 1) == dataset->nkey;
	}
	sqlite3_finalize(stmt);
	buf_free(&key);
	return unique;
}

/* Where the database does not keep keys apart, they are looked up, by an index for the time. */
static Status prepare_seen(Import *import)
{
	const Dataset *dataset = import->columns.dataset;
	Buf key = {0}, sql = {0};
	if (dataset->newest_by > 0 || key_is_unique(import))
		return STATUS_OK;
	put_key(import, &key);
	Status status = import_exec(import, "CREATE INDEX " KEY_INDEX " ON %s(%s)",
		quoted(import, dataset->table), key.at);
	import->key_index = status == STATUS_OK;
	buf_printf(&sql, "select 1 from %s where ", quoted(import, dataset->table));
	for (int32_t k = 0; k < dataset->nkey; k++)
		buf_printf(&sql, "%s%s = ?%d", k > 0 ? " and " : "",
			quoted(import, dataset->field[dataset->key[k]].column), (int)k + 1);
	if (status == STATUS_OK)
		import->seen = import_prepare(import, sql.at);
	buf_free(&key);
	buf_free(&sql);
	return status == STATUS_OK && import->seen == NULL ? STATUS_WORLD : status;
}

static Status prepare_insert(Import *import)
{
	Buf sql = {0}, values = {0};
	buf_printf(&sql, "insert into %s(", quoted(import, import->columns.dataset->table));
	for (int32_t i = 0; i < import->columns.nfills; i++) {
		buf_printf(&sql, "%s%s", i > 0 ? ", " : "",
			quoted(import, import->columns.fill[i].field->column));
		buf_printf(&values, "%s?%d", i > 0 ? ", " : "", (int)i + 1);
	}
	buf_printf(&sql, ") values(%s)", values.at);
	import->insert = import_prepare(import, sql.at);
	buf_free(&sql);
	buf_free(&values);
	return import->insert == NULL ? STATUS_WORLD : STATUS_OK;
}

/* ---- zeros that a spreadsheet has eaten */

/* The number of digits of the references that are there, when all are digits, all as long, and some
 * begin with 0. Of a link the other table is looked at; the first hundred thousand will do. */
static void find_width(Import *import, Fill *fill)
{
	const Rulebook *book = import->options->book;
	const Dataset *dataset = import->columns.dataset;
	const Field *field = fill->field;
	if (field->type.kind == TYPE_ROW) {
		dataset = &book->dataset[field->type.ref];
		field = dataset->nkey == 1 ? &dataset->field[dataset->key[0]] : NULL;
	} else if (!fill->plan.is_key || dataset->nkey != 1) {
		field = NULL;
	}
	if (field == NULL || dataset->table.len == 0)
		return;
	sqlite3_stmt *stmt = NULL;
	Str sql = str_format(import->arena, "select min(length(k)), max(length(k)), max(k glob '0*'),"
		" max(k glob '*[^0-9]*') from (select cast(%s as text) k from %s limit 100000)",
		quoted(import, field->column), quoted(import, dataset->table));
	/* Where the table is not there yet nothing is known. */
	if (sqlite3_prepare_v2(import->db, sql.ptr, (int)sql.len, &stmt, NULL) == SQLITE_OK &&
			sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_int(stmt, 2) == 1 &&
			sqlite3_column_int(stmt, 3) == 0 &&
			sqlite3_column_int(stmt, 0) == sqlite3_column_int(stmt, 1))
		fill->plan.width = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
}

Status table_ready(Import *import)
{
	Str kind;
	Status status = kind_of_table(import, &kind);
	if (status == STATUS_OK && str_eq(kind, STR("view")))
		status = import_wrong(import, DIAG_IMPORT_DATABASE, "%.*s is a view: rows go into tables",
			STR_ARG(import->columns.dataset->table));
	else if (status == STATUS_OK)
		status = kind.len == 0 ? make_table(import) : need_columns(import);
	if (status == STATUS_OK)
		status = prepare_seen(import);
	if (status == STATUS_OK)
		status = prepare_insert(import);
	for (int32_t i = 0; i < import->columns.nfills && status == STATUS_OK; i++)
		find_width(import, &import->columns.fill[i]);
	return status;
}

/* ---- rows */

static void bind_stored(sqlite3_stmt *stmt, int i, const Stored *value)
{
	if (value->kind == STORED_INTEGER)
		sqlite3_bind_int64(stmt, i, value->integer);
	else if (value->kind == STORED_TEXT)
		sqlite3_bind_text(stmt, i, value->text.ptr, (int)value->text.len, SQLITE_STATIC);
	else
		sqlite3_bind_null(stmt, i);
}

static bool key_is_there(Import *import, const Stored *value)
{
	const Dataset *dataset = import->columns.dataset;
	if (import->seen == NULL)
		return false;
	for (int32_t k = 0; k < dataset->nkey; k++)
		for (int32_t i = 0; i < import->columns.nfills; i++)
			if (import->columns.fill[i].field == &dataset->field[dataset->key[k]])
				bind_stored(import->seen, (int)k + 1, &value[i]);
	bool there = sqlite3_step(import->seen) == SQLITE_ROW;
	sqlite3_reset(import->seen);
	return there;
}

static void note_row(Import *import, int64_t row)
{
	size_t n = import->range.n;
	if (n > 0 && import->range.at[n - 1] + 1 == row) {
		import->range.at[n - 1] = row;
		return;
	}
	*vec_push(&import->range) = row;
	*vec_push(&import->range) = row;
}

Status table_insert(Import *import, const Stored *value, const char **why)
{
	if (key_is_there(import, value)) {
		*why = KEY_AGAIN;
		return STATUS_NO;
	}
	for (int32_t i = 0; i < import->columns.nfills; i++)
		bind_stored(import->insert, (int)i + 1, &value[i]);
	int rc = sqlite3_step(import->insert);
	int extended = sqlite3_extended_errcode(import->db);
	sqlite3_reset(import->insert);
	if (rc == SQLITE_DONE) {
		note_row(import, sqlite3_last_insert_rowid(import->db));
		return STATUS_OK;
	}
	if (rc != SQLITE_CONSTRAINT)
		return import_sql_failed(import);
	*why = extended == SQLITE_CONSTRAINT_PRIMARYKEY || extended == SQLITE_CONSTRAINT_UNIQUE ||
		extended == SQLITE_CONSTRAINT_ROWID ? KEY_AGAIN
		: str_z(&import->scratch, str_of(sqlite3_errmsg(import->db)));
	return STATUS_NO;
}

/* ---- reading back */

static bool read_back(sqlite3_stmt *stmt, int i, Ratio *out)
{
	switch (sqlite3_column_type(stmt, i)) {
	case SQLITE_NULL: return ratio_make(0, 1, out);
	case SQLITE_INTEGER: return ratio_make(sqlite3_column_int64(stmt, i), 1, out);
	case SQLITE_FLOAT: return ratio_of_real(sqlite3_column_double(stmt, i), out);
	default:
		return ratio_parse((Str){(const char *)sqlite3_column_text(stmt, i),
			(size_t)sqlite3_column_bytes(stmt, i)}, out);
	}
}

/* Adds the rows of one range to *n and to the sum of one field. */
static Status sum_range(Import *import, sqlite3_stmt *stmt, const Field *field, size_t range,
	Ratio *sum, int64_t *n)
{
	int rc;
	sqlite3_bind_int64(stmt, 1, import->range.at[range]);
	sqlite3_bind_int64(stmt, 2, import->range.at[range + 1]);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		Ratio stored, amount = {0, 1};
		bool read = read_back(stmt, 0, &stored);
		if (!read || (field != NULL && !value_back(field, stored, &amount)) ||
		    !ratio_add(*sum, amount, sum))
			return import_wrong(import, DIAG_IMPORT_DATABASE,
				"a value of %.*s cannot be read back", STR_ARG(import->columns.dataset->table));
		++*n;
	}
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? STATUS_OK : import_sql_failed(import);
}

static Status agree_on(Import *import, const Field *field, Ratio wanted)
{
	Ratio sum = {0, 1};
	int64_t n = 0;
	Str sql = str_format(import->arena, "select %s from %s where rowid between ?1 and ?2",
		field != NULL ? quoted(import, field->column) : "1",
		quoted(import, import->columns.dataset->table));
	sqlite3_stmt *stmt = import_prepare(import, sql.ptr);
	Status status = stmt == NULL ? STATUS_WORLD : STATUS_OK;
	for (size_t i = 0; i < import->range.n && status == STATUS_OK; i += 2)
		status = sum_range(import, stmt, field, i, &sum, &n);
	sqlite3_finalize(stmt);
	if (status != STATUS_OK || (n == import->result->imported &&
			(field == NULL || ratio_cmp(sum, wanted) == 0)))
		return status;
	return import_wrong(import, DIAG_IMPORT_DATABASE,
		"%s: what was written to %.*s is not what was read%s%.*s", import->result->file,
		STR_ARG(import->columns.dataset->table), field != NULL ? ": see " : "",
		STR_ARG(field != NULL ? field->name : STR("")));
}

Status table_agrees(Import *import)
{
	const ImportResult *result = import->result;
	Status status = agree_on(import, NULL, (Ratio){0, 1});
	for (int32_t i = 0; i < result->ntotals && status == STATUS_OK; i++)
		status = agree_on(import, result->total[i].field, result->total[i].imported);
	return status;
}

void table_done(Import *import)
{
	sqlite3_finalize(import->insert);
	sqlite3_finalize(import->seen);
	import->insert = import->seen = NULL;
	import->range.n = 0;
	if (import->key_index)
		sqlite3_exec(import->db, "DROP INDEX " KEY_INDEX, NULL, NULL, NULL);
	import->key_index = false;
}
