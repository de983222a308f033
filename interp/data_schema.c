/*
 * What the rules declare against what the database has: tables, views, columns, what its indexes
 * promise about keys, and how many rows there are.
 */
#include "interp/data_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define SAMPLES 64
#define MOST_PREFIXES 24    /* of the samples, when their keys are taken for patterns */
#define LEAST_ROW_BYTES 8   /* less of the file than this for each rowid in range: they have gaps */

/* One table after another is held against the database. */
typedef struct Schema {
	Data *data;
	sqlite3 *db;
	Diags *diags;
	Arena *arena;           /* for this call */
	DataTable *table;
	VEC(Str) column;        /* of the table at hand, in its order */
	VEC(Str) primary;
	bool without_rowid, plain;
	Status status;
} Schema;

/* In double quotes, those inside doubled: a name from a rule file must not become SQL. */
const char *sql_name(Arena *arena, Str name)
{
	char *quoted = sqlite3_mprintf("\"%w\"", str_z(arena, name));
	const char *copy = str_z(arena, str_of(quoted != NULL ? quoted : "\"\""));
	sqlite3_free(quoted);
	return copy;
}

/* As SQLite compares names. */
static bool name_is(Str a, Str b)
{
	return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

/* A statement with one text bound; NULL after a complaint. */
static sqlite3_stmt *ask(Schema *s, const char *sql, Str text)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(stmt, 1, text.ptr, (int)text.len, SQLITE_TRANSIENT);
	if (rc == SQLITE_OK)
		return stmt;
	s->status = file_error(s->data, s->db, rc, s->diags);
	sqlite3_finalize(stmt);
	return NULL;
}

/* An error while stepping is an error of the file. */
static void done(Schema *s, sqlite3_stmt *stmt, int rc)
{
	sqlite3_finalize(stmt);
	if (rc != SQLITE_DONE && rc != SQLITE_ROW)
		s->status = file_error(s->data, s->db, rc, s->diags);
}

/* Copied: SQLite's text goes with the next step. */
static Str column_str(Schema *s, sqlite3_stmt *stmt, int i)
{
	const void *text = sqlite3_column_text(stmt, i);
	if (text == NULL)
		return (Str){NULL, 0};
	return str_copy(s->arena, (Str){text, (size_t)sqlite3_column_bytes(stmt, i)});
}

/* ---- tables ---- */

/* At the dataset, with the nearest of the names that there are. */
static void no_such_table(Schema *s)
{
	/* The declaration is where the mistake can be mended. */
	const Dataset *dataset = s->table->decl;
	DiagRef ref = diag_add(s->diags, DIAG_NO_TABLE, dataset->decl.name_at,
		"the database has no table or view `%.*s`", STR_ARG(dataset->table));
	diag_here(ref, "dataset %.*s is read from it", STR_ARG(dataset->decl.name));
	Nearest nearest;
	nearest_start(&nearest, dataset->table);
	sqlite3_stmt *stmt = ask(s, "select name from pragma_table_list where schema = 'main' and "
		"name not like 'sqlite_%' and ?1 <> '' order by name", dataset->table);
	int rc = stmt == NULL ? SQLITE_DONE : SQLITE_ROW;
	while (stmt != NULL && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		nearest_try(&nearest, column_str(s, stmt, 0));
	done(s, stmt, rc);
	Str best = nearest_best(&nearest);
	if (best.len > 0)
		diag_help(ref, "did you mean `%.*s`?", STR_ARG(best));
	s->status = s->status == STATUS_OK ? STATUS_WRONG : s->status;
}

/* Of views and virtual tables only that they have rows is known. */
static bool find_table(Schema *s)
{
	sqlite3_stmt *stmt = ask(s, "select type, wr from pragma_table_list where schema = 'main' and "
		"name = ?1 collate nocase", s->table->name);
	if (stmt == NULL)
		return false;
	int rc = sqlite3_step(stmt);
	bool found = rc == SQLITE_ROW;
	if (found) {
		Str type = column_str(s, stmt, 0);
		s->plain = str_eq(type, STR("table")) || str_eq(type, STR("shadow"));
		s->without_rowid = sqlite3_column_int(stmt, 1) != 0;
	}
	done(s, stmt, rc);
	/* An error of the file has been told; that a table is not there has not. */
	if (!found && s->status != STATUS_WORLD && rc == SQLITE_DONE)
		no_such_table(s);
	return found;
}

/* ---- columns ---- */

/* Generated columns are columns; hidden ones of virtual tables are not. */
static void list_columns(Schema *s)
{
	/* Of the table before. */
	s->column.n = s->primary.n = 0;
	sqlite3_stmt *stmt = ask(s, "select name, pk from pragma_table_xinfo(?1) where hidden <> 1 "
		"order by cid", s->table->name);
	if (stmt == NULL)
		return;
	int rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		Str name = column_str(s, stmt, 0);
		*vec_push(&s->column) = name;
		/* pk counts the columns of the primary key from 1. */
		if (sqlite3_column_int(stmt, 1) > 0)
			*vec_push(&s->primary) = name;
	}
	done(s, stmt, rc);
}

static int32_t find_column(const Schema *s, Str name)
{
	for (size_t i = 0; i < s->column.n; i++)
		if (name_is(s->column.at[i], name))
			return (int32_t)i;
	return -1;
}

/* At the field, with the nearest name. */
static void need_column(Schema *s, const Field *field, Str name)
{
	if (find_column(s, name) >= 0)
		return;
	DiagRef ref = diag_add(s->diags, DIAG_NO_COLUMN, field->at,
		"table `%.*s` has no column `%.*s`", STR_ARG(s->table->name), STR_ARG(name));
	Nearest nearest;
	nearest_start(&nearest, name);
	for (size_t i = 0; i < s->column.n; i++)
		nearest_try(&nearest, s->column.at[i]);
	Str best = nearest_best(&nearest);
	if (best.len > 0)
		diag_help(ref, "did you mean `%.*s`?", STR_ARG(best));
	s->status = s->status == STATUS_OK ? STATUS_WRONG : s->status;
}

/* All that are missing are told in one run. */
static void need_columns(Schema *s)
{
	const DataTable *table = s->table;
	for (int32_t i = 0; i < table->nkey; i++)
		need_column(s, &table->decl->field[table->decl->key[i]], table->key[i]);
	for (size_t i = 0; i < table->column.n; i++) {
		const DataColumn *column = s->data->column.at[table->column.at[i]];
		for (int32_t k = 0; k < column->nparts; k++)
			need_column(s, column->field, column->part[k]);
		/* Columns of the key were asked for above. */
		if (!column->in_key && column->nparts == 0)
			need_column(s, column->field, column->name);
	}
}

/* The first of its columns stands for a link by several. */
static bool take_arg(DataColumn *column, Str name, int32_t number)
{
	bool wanted = column->nparts == 0 && name_is(column->name, name);
	if (wanted)
		column->arg = number;
	for (int32_t k = 0; k < column->nparts; k++) {
		if (!name_is(column->part[k], name))
			continue;
		wanted = true;
		column->part_arg[k] = number;
		if (k == 0)
			column->arg = number;
	}
	return wanted;
}

/* Arguments of the sink, in the order in which the table has its columns: going on through a row is
 * cheaper than going back. Argument 0 is the rowid. */
static void lay_out_args(Schema *s)
{
	DataTable *table = s->table;
	for (size_t i = 0; i < s->column.n; i++) {
		Str name = s->column.at[i];
		int32_t number = (int32_t)table->arg.n + 1;
		bool wanted = false;
		for (int32_t k = 0; k < table->nkey; k++) {
			if (name_is(table->key[k], name)) {
				table->key_arg[k] = number;
				wanted = true;
			}
		}
		for (size_t k = 0; k < table->column.n; k++) {
			DataColumn *column = s->data->column.at[table->column.at[k]];
			wanted |= take_arg(column, name, number);
		}
		if (wanted)
			*vec_push(&table->arg) = str_copy(&s->data->arena, name);
	}
	/* SQLite takes no more; no export comes near it. */
	if (table->arg.n + 1 > MAX_SINK_ARGS) {
		diag_add(s->diags, DIAG_DATA_READ, table->decl->decl.name_at,
			"more than %d columns of one table are needed", MAX_SINK_ARGS - 1);
		s->status = STATUS_WRONG;
	}
}

/* ---- keys and row numbers ---- */

/* The same columns, in any order. */
static bool is_the_key(const Schema *s, const Str *name, size_t n)
{
	/* An index over more columns lets the key repeat; one over fewer would do, but is rare. */
	if (n == 0 || n != (size_t)s->table->nkey)
		return false;
	for (size_t i = 0; i < n; i++) {
		bool found = false;
		for (int32_t k = 0; k < s->table->nkey; k++)
			found |= name_is(s->table->key[k], name[i]);
		if (!found)
			return false;
	}
	return true;
}

static bool index_is_the_key(Schema *s, Str index)
{
	VEC(Str) name = {0};
	sqlite3_stmt *stmt = ask(s, "select name from pragma_index_info(?1)", index);
	int rc = SQLITE_DONE;
	while (stmt != NULL && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		*vec_push(&name) = column_str(s, stmt, 0);
	done(s, stmt, rc);
	bool is = is_the_key(s, name.at, name.n);
	vec_free(&name);
	return is;
}

/* A partial index promises nothing about the rows that it leaves out. */
static void look_at_indexes(Schema *s)
{
	/* A primary key is unique whatever its index is called. */
	s->table->key_unique = is_the_key(s, s->primary.at, s->primary.n);
	/* Views have no indexes, and those of virtual tables promise nothing. */
	if (s->table->key_unique || !s->plain)
		return;
	sqlite3_stmt *stmt = ask(s, "select name from pragma_index_list(?1) where \"unique\" and "
		"not partial", s->table->name);
	int rc = SQLITE_DONE;
	while (stmt != NULL && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		s->table->key_unique |= index_is_the_key(s, column_str(s, stmt, 0));
	done(s, stmt, rc);
}

/* A column may bear the name; then another of the three still means the row number. */
static void name_rowid(Schema *s)
{
	static const char *const names[] = {"rowid", "_rowid_", "oid"};
	/* A table that hides all three goes without: it is read by one thread. */
	for (size_t i = 0; i < 3 && s->plain && !s->without_rowid && s->table->rowid == NULL; i++)
		if (find_column(s, str_of(names[i])) < 0)
			s->table->rowid = names[i];
}

/* Goes on after a table that is missing, so that one run tells all. */
Status data_schema(Data *data, Diags *diags)
{
	Arena arena = {0};
	Schema s = {.data = data, .db = data->reader[0].db, .diags = diags, .arena = &arena};
	for (size_t t = 0; t < data->table.n && s.status != STATUS_WORLD; t++) {
		s.table = data->table.at[t];
		if (!find_table(&s))
			continue;
		list_columns(&s);
		need_columns(&s);
		lay_out_args(&s);
		look_at_indexes(&s);
		name_rowid(&s);
	}
	vec_free(&s.column);
	vec_free(&s.primary);
	arena_free(&arena);
	return s.status;
}

/* ---- sizes ---- */

/* Walks the whole table, though only its smallest index where there is one. */
static Status count_rows(Data *data, DataTable *table, Arena *arena, Diags *diags)
{
	Str sql = str_format(arena, "select count(*) from %s", sql_name(arena, table->name));
	return file_number(data, data->reader[0].db, sql.ptr, 0, &table->rows, diags);
}

/* Two statements: SQLite finds either end at once, but both together by a walk. */
static Status rowid_range(Data *data, DataTable *table, Arena *arena, Diags *diags)
{
	sqlite3 *db = data->reader[0].db;
	const char *name = sql_name(arena, table->name);
	Status status = file_number(data, db, str_format(arena, "select min(%s) from %s", table->rowid,
		name).ptr, 1, &table->first, diags);
	/* An empty table leaves first above last. */
	if (status == STATUS_OK)
		status = file_number(data, db, str_format(arena, "select max(%s) from %s", table->rowid,
			name).ptr, 0, &table->last, diags);
	return status;
}

/* In 128 bits: rowids may reach from end to end of 64. */
static Int128 rowid_span(const DataTable *table)
{
	return (Int128)table->last - table->first + 1;
}

/* A range of rowids with gaps says nothing about the number of rows. */
static bool has_gaps(const DataTable *table, int64_t file_bytes)
{
	return rowid_span(table) * LEAST_ROW_BYTES > file_bytes;
}

/* Some keys of a table, as they are after trimming. */
typedef struct Sample {
	Str key[SAMPLES];
	int32_t n;
	Str stem;               /* what all of them begin with */
} Sample;

/* Rows here and there by their rowids; the first rows of what has none. */
static Str sample_sql(const DataTable *table, Arena *arena)
{
	const char *key = sql_name(arena, table->key[0]), *from = sql_name(arena, table->name);
	/* There is no jumping about in a view: its first rows have to do. */
	if (table->rowid == NULL)
		return str_format(arena, "select %s from %s limit %d", key, from, SAMPLES);
	return str_format(arena, "select %s from %s where %s >= ?1 order by %s limit 1", key, from,
		table->rowid, table->rowid);
}

/* What is no text has no say: such a row is refused when it is read. */
static void sample_add(Sample *sample, sqlite3_stmt *stmt, Arena *arena)
{
	Str key;
	bool changed;
	const char *why;
	size_t shared = 0;
	if (!convert_text(arena, sqlite3_column_value(stmt, 0), &key, &changed, &why))
		return;
	if (sample->n == 0)
		sample->stem = str_copy(arena, key);
	/* The stem shrinks with each key that leaves it earlier. */
	while (shared < key.len && shared < sample->stem.len &&
	       key.ptr[shared] == sample->stem.ptr[shared])
		shared++;
	sample->stem.len = shared;
	sample->key[sample->n++] = str_copy(arena, key);
}

/* Two samples may be one row where rowids have gaps; that does no harm. */
static Status sample_take(Data *data, const DataTable *table, Sample *out, Arena *arena,
	Diags *diags)
{
	sqlite3 *db = data->reader[0].db;
	sqlite3_stmt *stmt = NULL;
	Str sql = sample_sql(table, arena);
	Int128 span = rowid_span(table) - 1;
	int rc = sqlite3_prepare_v2(db, sql.ptr, (int)sql.len, &stmt, NULL);
	for (int i = 0; i < SAMPLES && rc == SQLITE_OK; i++) {
		if (table->rowid != NULL)
			sqlite3_bind_int64(stmt, 1, (int64_t)(table->first + span * i / (SAMPLES - 1)));
		if (sqlite3_step(stmt) == SQLITE_ROW)
			sample_add(out, stmt, arena);
		else if (table->rowid == NULL)
			break;
		if (table->rowid != NULL)
			rc = sqlite3_reset(stmt);
	}
	int end = sqlite3_finalize(stmt);
	rc = rc == SQLITE_OK ? end : rc;
	return rc == SQLITE_OK ? STATUS_OK : file_error(data, db, rc, diags);
}

/* Prefixes that are nearly all different would each need a template. */
static bool are_patterns(const Sample *sample)
{
	/* Nine in ten must be patterns: a stray note among the keys is no reason to do without. */
	int32_t patterns = 0, prefixes = 0;
	for (int32_t i = 0; i < sample->n; i++) {
		const Str *key = sample->key;
		size_t prefix = key[i].len - (size_t)text_digits(key[i]);
		int32_t k = 0;
		if (!text_is_pattern(key[i]))
			continue;
		patterns++;
		/* Whether an earlier sample has this prefix already. */
		while (k < i && !(key[k].len - (size_t)text_digits(key[k]) == prefix &&
		       str_eq((Str){key[k].ptr, prefix}, (Str){key[i].ptr, prefix})))
			k++;
		prefixes += k == i;
	}
	return patterns * 10 >= sample->n * 9 && prefixes <= MOST_PREFIXES;
}

/* A few keys tell how all of them are kept. */
static Status sample_keys(Data *data, DataTable *table, Arena *arena, Diags *diags)
{
	Sample sample = {.n = 0};
	KeyShape shape;
	Status status = STATUS_OK;
	/* Keys of several columns are put together anyhow, and an empty table has none. */
	if (table->nkey == 1 && (table->rowid == NULL || table->last >= table->first))
		status = sample_take(data, table, &sample, arena, diags);
	/*
	 * V00001234, V00001235   patterns     coded: eight bytes
	 * 6f9619ff-8b86-…        one shape    sixteen
	 * neither                             rowid and lead; without rowids coded all the same
	 */
	table->stem = str_copy(&data->arena, sample.stem);
	table->patterned = table->nkey == 1 && are_patterns(&sample);
	table->coded = table->nkey > 1 || table->patterned;
	if (!table->coded && shape_learn(sample.key, sample.n, sample.stem, &shape))
		table->shape = arena_copy(&data->arena, &shape, sizeof shape);
	table->coded |= table->rowid == NULL && table->shape == NULL;
	return status;
}

/* The largest rowid is at hand at once; counting walks the whole table. */
Status data_sizes(Data *data, Diags *diags)
{
	Arena arena = {0};
	struct stat info;
	Status status = STATUS_OK;
	/* Then every range has gaps, and rows are counted. */
	if (stat(data->options.path, &info) != 0)
		info.st_size = 0;
	for (size_t t = 0; t < data->table.n && status == STATUS_OK; t++) {
		DataTable *table = data->table.at[t];
		if (table->rowid != NULL)
			status = rowid_range(data, table, &arena, diags);
		if (status == STATUS_OK && (table->rowid == NULL || has_gaps(table, info.st_size)))
			status = count_rows(data, table, &arena, diags);
		else
			table->rows = (int64_t)rowid_span(table);
		if (status == STATUS_OK)
			status = sample_keys(data, table, &arena, diags);
	}
	arena_free(&arena);
	return status;
}
