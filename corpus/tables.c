/*
 * Rows go in through one prepared statement a table, in one transaction, without a journal: a
 * county cut short is thrown away, not repaired. Texts are bound where they stand and need not be
 * copied, as each row is stepped at once.
 *
 *   FILE.unfinished ──rename──> FILE
 *
 * With a shuffle the rows of a large table first go to a table of the same columns in a database
 * that has no name, and from there in the order of a hash of their places; SQLite sorts more rows
 * than fit into memory. Keys that come in no order are quicker to sort at the end than to insert
 * one by one, so the key of such a table is built when its rows are there.
 *
 *   rows ──> rough.visits ──in order of place(seed, row)──> visits ──> its key
 */
#include "corpus/tables.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "corpus/rng.h"
#include "corpus/room.h"

#define COLUMNS_MAX 24
#define TABLES_MAX 40

/* key is the column of the key, and key_sql the declaration that has it, while that is put off. */
typedef struct Table {
	char *name, *columns, *key, *key_sql;
	int count; /* of columns */
	uint64_t large, rows;
	sqlite3_stmt *insert;
} Table;

struct Tables {
	TablesOptions options;
	Tables *beside;
	char *path, *unfinished;
	sqlite3 *db;
	int tables;
	Table table[TABLES_MAX];
};

/* ---- failure ------------------------------------------------------------------------------- */

/* They must go before the database will close. */
static void finish_statements(Tables *tables)
{
	for (int i = 0; i < tables->tables; i++) {
		sqlite3_finalize(tables->table[i].insert);
		tables->table[i].insert = NULL;
	}
}

/* All but the file itself. */
static void free_tables(Tables *tables)
{
	for (int i = 0; i < tables->tables; i++) {
		sqlite3_free(tables->table[i].name);
		sqlite3_free(tables->table[i].columns);
		sqlite3_free(tables->table[i].key);
		sqlite3_free(tables->table[i].key_sql);
	}
	sqlite3_free(tables->path);
	sqlite3_free(tables->unfinished);
	free(tables);
}

/* Closing comes before unlinking, so that the room is given back. */
void tables_abandon(Tables *tables)
{
	Tables *beside = tables->beside;
	finish_statements(tables);
	sqlite3_close(tables->db);
	unlink(tables->unfinished);
	free_tables(tables);
	if (beside) {
		beside->beside = NULL;
		tables_abandon(beside);
	}
}

/* The world failed: the reason is printed and nothing half-written is left. */
static void give_up(Tables *tables, const char *why)
{
	fprintf(stderr, "county: %s: %s\n", tables->path, why);
	tables_abandon(tables);
	exit(3);
}

/* Every call into the library that can fail goes through this one. */
static void check(Tables *tables, int status)
{
	if (status != SQLITE_OK && status != SQLITE_DONE && status != SQLITE_ROW)
		give_up(tables, sqlite3_errmsg(tables->db));
}

/* For statements without values, most of them once a run; the text is freed. */
static void run(Tables *tables, char *sql)
{
	int status = sqlite3_exec(tables->db, sql ? sql : "", NULL, NULL, NULL);
	sqlite3_free(sql);
	check(tables, sql ? status : SQLITE_NOMEM);
}

/* A mistake in a list of columns or cells is the program's, so it stops at the place. */
static _Noreturn void mistaken(const char *table, const char *what)
{
	fprintf(stderr, "county: table %s: %s\n", table, what);
	abort();
}

/* ---- keys ---------------------------------------------------------------------------------- */

/* A mixed number is as distinct as the number, and so is the text. */
static void long_key(uint64_t seed, char out[KEY_TEXT], int kind, uint64_t no)
{
	uint64_t high = rng_mix(seed ^ rng_mix(no + ((uint64_t)(kind + 1) << 56)));
	uint64_t low = rng_mix(high + STREAM_KEY);
	snprintf(out, KEY_TEXT, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(high >> 32),
		(unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xffff), (unsigned)(low >> 48),
		(unsigned long long)(low & 0xffffffffffff));
}

static const KeyShape *shape_of(const Tables *tables, int kind)
{
	static const KeyShape shapes[KEY_OWN] = {{"P", 4}, {"C", 6}, {"K", 6}, {"PR", 6}, {"V", 8},
		{"L", 8}, {"S", 7}, {"H", 6}, {"A", 6}, {"B", 7}, {"HB", 5}, {"R", 5}};
	if (kind < KEY_OWN)
		return &shapes[kind];
	if (kind - KEY_OWN >= tables->options.own_kinds)
		mistaken("of no name", "a key of a kind that the council does not have");
	return &tables->options.own_keys[kind - KEY_OWN];
}

/* The prefix says what it is, the number is padded so that keys sort as they were given. */
void tables_key(const Tables *tables, char out[KEY_TEXT], int kind, uint64_t no)
{
	const KeyShape *shape = shape_of(tables, kind);
	if (tables->options.long_keys) {
		long_key(tables->options.seed, out, kind, no);
		return;
	}
	int width = shape->width;
	for (uint64_t rest = no, i = 0; rest; rest /= 10)
		width = (int)++i > width ? (int)i : width;
	size_t start = strlen(shape->prefix);
	memcpy(out, shape->prefix, start);
	for (size_t i = start + (size_t)width; i-- > start; no /= 10)
		out[i] = (char)('0' + no % 10);
	out[start + (size_t)width] = '\0';
}

/* ---- opening ------------------------------------------------------------------------------- */

/* place(seed, row): the mix is a bijection, so no two rows of a shuffle have one place. The first
 * bit is turned, as SQLite's whole numbers have a sign. */
static void place(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	uint64_t seed = (uint64_t)sqlite3_value_int64(values[0]);
	uint64_t row = (uint64_t)sqlite3_value_int64(values[1]) - 1;
	uint64_t hash = rng_mix(seed ^ rng_mix(row)) ^ UINT64_C(1) << 63;
	sqlite3_result_int64(context, (sqlite3_int64)hash);
}

/* What SQLite cannot hold goes to files beside the database, where there must be room anyway. */
static void sort_beside(const char *path)
{
	char *folder = sqlite3_mprintf("%s", path), *end = folder ? strrchr(folder, '/') : NULL;
	if (end)
		*end = '\0';
	setenv("SQLITE_TMPDIR", end ? folder : ".", 0);
	sqlite3_free(folder);
}

/* What an earlier run may have left under the unfinished name is of no use to anyone. */
Tables *tables_open(const TablesOptions *options)
{
	Tables *tables = room_grow(NULL, 1, sizeof *tables);
	memset(tables, 0, sizeof *tables);
	tables->options = *options;
	tables->beside = options->beside;
	if (tables->beside)
		tables->beside->beside = tables;
	sort_beside(options->path);
	tables->path = sqlite3_mprintf("%s%s", options->path, options->suffix);
	tables->unfinished = sqlite3_mprintf("%s.unfinished", tables->path);
	unlink(tables->unfinished);
	check(tables, sqlite3_open(tables->unfinished, &tables->db));
	if (options->shuffle) {
		run(tables, sqlite3_mprintf("ATTACH '' AS rough"));
		check(tables, sqlite3_create_function(tables->db, "place", 2,
			SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, place, NULL, NULL));
	}
	run(tables, sqlite3_mprintf("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
		"PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32768; BEGIN"));
	return tables;
}

/* The declaration without its primary keys; to be freed by sqlite3_free. */
static char *loosen(const char *sql)
{
	static const char words[] = " PRIMARY KEY";
	char *loose = sqlite3_mprintf("%s", sql), *at = loose;
	while (at && (at = strstr(at, words)) != NULL)
		memmove(at, at + sizeof words - 1, strlen(at + sizeof words - 1) + 1);
	return loose;
}

void tables_declare(Tables *tables, const char *sql)
{
	run(tables, tables->options.loose ? loosen(sql) : sqlite3_mprintf("%s", sql));
}

/* The first value of a query about a table; NULL when there is none. */
static char *ask(Tables *tables, const char *sql, const char *table)
{
	sqlite3_stmt *query = NULL;
	char *answer = NULL;
	check(tables, sqlite3_prepare_v2(tables->db, sql, -1, &query, NULL));
	sqlite3_bind_text(query, 1, table, -1, SQLITE_STATIC);
	if (sqlite3_step(query) == SQLITE_ROW)
		answer = sqlite3_mprintf("%s", (const char *)sqlite3_column_text(query, 0));
	sqlite3_finalize(query);
	return answer;
}

/* The table begins without its key; the declaration that it is to have is kept. A table with no
 * key, or one of several columns, stays as it is. */
static void put_off_key(Tables *tables, Table *table)
{
	table->key = ask(tables, "SELECT name FROM pragma_table_info(?1) WHERE pk = 1"
		" AND type = 'TEXT' AND 1 = (SELECT max(pk) FROM pragma_table_info(?1))",
		table->name);
	if (!table->key)
		return;
	table->key_sql = ask(tables, "SELECT sql FROM sqlite_schema WHERE name = ?1", table->name);
	char *loose = loosen(table->key_sql);
	run(tables, sqlite3_mprintf("DROP TABLE %s; %s", table->name, loose));
	sqlite3_free(loose);
}

/* Builds the key's index by sorting, then lets table and index have the names and declarations
 * they would have had. */
static void put_key(Tables *tables, const Table *table)
{
	run(tables, sqlite3_mprintf(
		"CREATE UNIQUE INDEX late_%s ON %s(%s); PRAGMA writable_schema = ON;"
		"UPDATE sqlite_schema SET sql = %Q WHERE type = 'table' AND name = %Q;"
		"UPDATE sqlite_schema SET name = 'sqlite_autoindex_%s_1', sql = NULL"
		" WHERE name = 'late_%s'; PRAGMA writable_schema = OFF",
		table->name, table->name, table->key, table->key_sql, table->name, table->name,
		table->name));
}

/* Columns stand between commas; none of them has one in its name. */
static int columns_in(const char *columns)
{
	int n = 1;
	for (; *columns; columns++)
		n += *columns == ',';
	return n;
}

static void prepare(Tables *tables, Table *table)
{
	bool rough = tables->options.shuffle && table->large;
	char marks[2 * COLUMNS_MAX + 1] = "?";
	for (int i = 1; i < table->count; i++)
		memcpy(marks + 2 * i - 1, ",?", 3);
	if (rough)
		run(tables, sqlite3_mprintf("CREATE TABLE rough.%s (%s)", table->name,
			table->columns));
	char *sql = sqlite3_mprintf("INSERT INTO %s.%s (%s) VALUES (%s)", rough ? "rough" : "main",
		table->name, table->columns, marks);
	int status = sqlite3_prepare_v2(tables->db, sql, -1, &table->insert, NULL);
	sqlite3_free(sql);
	check(tables, status);
}

/* Loose tables have no key that could be put off; with keys in rising order there is no need to,
 * as each goes to the end of its index. */
int tables_add(Tables *tables, const char *name, const char *columns, uint64_t large)
{
	const TablesOptions *options = &tables->options;
	if (tables->tables == TABLES_MAX || columns_in(columns) > COLUMNS_MAX)
		mistaken(name, "too many tables or columns");
	Table *table = &tables->table[tables->tables++];
	*table = (Table){.name = sqlite3_mprintf("%s", name),
		.columns = sqlite3_mprintf("%s", columns), .count = columns_in(columns),
		.large = large};
	if (large && !options->loose && (options->shuffle || options->long_keys))
		put_off_key(tables, table);
	prepare(tables, table);
	return tables->tables - 1;
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* Texts made here stay in `room` until the step. A value divided once by a power of ten is the very
 * double that its decimal reads as. */
static void bind(const Tables *tables, sqlite3_stmt *insert, int column, const Cell *cell,
	char room[KEY_TEXT])
{
	switch (cell->kind) {
	case CELL_MISSING: return;
	case CELL_WHOLE: sqlite3_bind_int64(insert, column, cell->value); return;
	case CELL_REAL:
		sqlite3_bind_double(insert, column, (double)cell->value / (double)cell->more);
		return;
	case CELL_TEXT: sqlite3_bind_text(insert, column, cell->text, -1, SQLITE_STATIC); return;
	case CELL_KEY: tables_key(tables, room, cell->more, (uint64_t)cell->value); break;
	case CELL_DAY: cal_print_day(room, (int32_t)cell->value); break;
	case CELL_CLOCK:
		snprintf(room, KEY_TEXT, "%02u:%02u", (unsigned)cell->value / 60 % 24,
			(unsigned)cell->value % 60);
		break;
	case CELL_MOMENT:
		cal_print_moment(room, cell->value, (Stamp)cell->more, cell->after);
		break;
	}
	sqlite3_bind_text(insert, column, room, -1, SQLITE_STATIC);
}

/* Bindings are cleared, so that a cell left out of the next row is NULL and not the last one's. */
void tables_row(Tables *tables, int number, const Cell *cells, int count)
{
	Table *table = &tables->table[number];
	char room[COLUMNS_MAX][KEY_TEXT];
	if (count != table->count)
		mistaken(table->name, "a row of more or fewer cells than columns");
	for (int i = 0; i < count; i++)
		bind(tables, table->insert, i + 1, &cells[i], room[i]);
	check(tables, sqlite3_step(table->insert));
	sqlite3_reset(table->insert);
	sqlite3_clear_bindings(table->insert);
	table->rows++;
}

uint64_t tables_rows(const Tables *tables, int table)
{
	return tables->table[table].rows;
}

const char *tables_name(const Tables *tables, int table)
{
	return table < tables->tables ? tables->table[table].name : NULL;
}

/* ---- closing ------------------------------------------------------------------------------- */

static void drain(Tables *tables, const Table *table)
{
	Rng rng = rng_for(tables->options.seed, STREAM_SHUFFLE, table->large, 0);
	run(tables, sqlite3_mprintf("INSERT INTO main.%s (%s) SELECT %s FROM rough.%s"
		" ORDER BY place(%lld, rowid)", table->name, table->columns, table->columns,
		table->name, (long long)rng_next(&rng)));
}

/* The rename is the last step: a file under the name asked for is whole. */
void tables_close(Tables *tables)
{
	finish_statements(tables);
	for (int i = 0; i < tables->tables; i++)
		if (tables->options.shuffle && tables->table[i].large)
			drain(tables, &tables->table[i]);
	for (int i = 0; i < tables->tables; i++)
		if (tables->table[i].key_sql)
			put_key(tables, &tables->table[i]);
	run(tables, sqlite3_mprintf("COMMIT"));
	check(tables, sqlite3_close(tables->db));
	tables->db = NULL;
	if (rename(tables->unfinished, tables->path))
		give_up(tables, "cannot be put in place");
	if (tables->beside)
		tables->beside->beside = NULL;
	free_tables(tables);
}
