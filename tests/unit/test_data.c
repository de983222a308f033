/*
 * The data layer: what is read, what is refused and why, and that neither the order of rows nor
 * threads nor partitions change anything. Databases are made for each test in a folder of its own.
 *
 *   rows written with SQL ──> data_open, data_read ──> passes and parts ──> stores as text
 *
 * Stores are compared as texts of rows with all that they reach ("visit V1:
 * client=C1 … logs=[L1 L3]"), so that a test sees links, lists and matches at
 * once and does not depend on row numbers. Most tests run twice: `whole_rows` of
 * 1 makes every table large enough to be read in partitions, and a large one
 * keeps it whole; either way must give the same.
 */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/bed.h"
#include "tests/unit/random.h"

Suite *data_suite(void);

/* The least that a contract must say of itself. */
#define HEAD                                    \
	"contract test/book\n"                      \
	"  title \"T\"\n"                           \
	"  council \"C\"\n"                         \
	"  version \"1\"\n"                         \
	"  in force from 1 January 2020\n"          \
	"\n"

/* ---- a database and what is read from it ---- */

/* No diagnostics at all, warnings neither. */
static void check_ok(Bed *bed)
{
	Buf buf = {0};
	diags_print(&bed->diags, &buf, false);
	ck_assert_msg(bed->status == STATUS_OK && bed->diags.list.n == 0, "status %d\n%s", bed->status,
		buf.at != NULL ? buf.at : "");
	buf_free(&buf);
}

/*
 * Both the code, which people search for, and the part of the message that
 * names the place.
 */
static void check_fails(Bed *bed, Status status, const char *code, const char *part)
{
	Buf buf = {0};
	diags_print(&bed->diags, &buf, false);
	ck_assert_msg(bed->status == status && bed->diags.list.n > 0, "status %d\n%s", bed->status,
		buf.at != NULL ? buf.at : "");
	ck_assert_msg(strstr(buf.at, code) != NULL && strstr(buf.at, part) != NULL,
		"not %s, %s:\n%s", code, part, buf.at);
	buf_free(&buf);
}

/* By name, as the checker is free to number datasets as it likes. */
static int32_t dataset_of(const Rulebook *book, const char *name)
{
	for (int32_t d = 0; d < book->ndatasets; d++)
		if (str_eq(book->dataset[d].decl.name, str_of(name)))
			return d;
	ck_abort_msg("no dataset %s", name);
	return -1;
}

static int32_t field_of(const Dataset *dataset, const char *name)
{
	for (int32_t f = 0; f < dataset->nfields; f++)
		if (str_eq(dataset->field[f].name, str_of(name)))
			return f;
	ck_abort_msg("no field %s", name);
	return -1;
}

/* ---- stores as text ---- */

/* Figures over the scale of their type; `?` for what is not known. */
static void put_value(Buf *buf, const Store *store, int32_t d, int32_t f, int32_t row)
{
	const Field *field = &store->book->dataset[d].field[f];
	int64_t n;
	Arena arena = {0};
	buf_printf(buf, " %.*s=", STR_ARG(field->name));
	if (!store_get(store, d, f, row, &n))
		buf_puts(buf, "?");
	else if (field->type.kind == TYPE_TEXT)
		buf_str(buf, store_text(store, d, f, row));
	else if (field->type.kind == TYPE_ROW)
		buf_str(buf, store_key(store, field->type.ref, (int32_t)n, &arena));
	else
		buf_printf(buf, "%lld", (long long)n);
	arena_free(&arena);
}

/* By keys in the store's own order, which is part of what is tested. */
static void put_rows(Buf *buf, const Store *store, int32_t d, RowSpan rows, const char *name)
{
	Arena arena = {0};
	buf_printf(buf, " %s=[", name);
	for (int32_t i = 0; i < rows.n; i++) {
		buf_puts(buf, i > 0 ? " " : "");
		buf_str(buf, store_key(store, d, rows.at[i], &arena));
	}
	buf_puts(buf, "]");
	arena_free(&arena);
}

/* Unknown and empty are told apart: "logs unknown" and "logs=[]" (S64). */
static void put_matches(Buf *buf, const Store *store, int32_t d, int32_t row)
{
	for (int32_t m = 0; m < store->book->nmatches; m++) {
		const Match *match = &store->book->match[m];
		const StoreMatch *matched = &store->matched[m];
		if (matched->left_of_right == NULL)
			continue;
		if (match->left == d && matched->left_unknown != NULL && bit_get(matched->left_unknown, row))
			buf_puts(buf, " logs unknown");
		else if (match->left == d)
			put_rows(buf, store, match->right, rowlists_of(&matched->right_of_left, row), "logs");
		int32_t left = match->right == d ? matched->left_of_right[row] : -1;
		if (match->right == d && matched->right_unknown != NULL &&
		    bit_get(matched->right_unknown, row))
			buf_puts(buf, " visit unknown");
		else if (left >= 0)
			put_rows(buf, store, match->left, (RowSpan){&left, 1}, "visit");
	}
}

/* Only columns that were read: a plan that reads too much shows here. */
static void put_row(Buf *buf, const Store *store, int32_t d, int32_t row)
{
	const Dataset *dataset = &store->book->dataset[d];
	Arena arena = {0};
	buf_printf(buf, "%.*s ", STR_ARG(dataset->decl.name));
	buf_str(buf, store_key(store, d, row, &arena));
	buf_puts(buf, ":");
	for (int32_t f = 0; f < dataset->nfields; f++)
		if (store->table[d]->column[f].at != NULL)
			put_value(buf, store, d, f, row);
	for (int32_t l = 0; l < store->book->nlinks; l++)
		if (store->book->link[l].to == d && store->inverse[l].item != NULL)
			put_rows(buf, store, store->book->link[l].from, rowlists_of(&store->inverse[l], row),
				"back");
	put_matches(buf, store, d, row);
	arena_free(&arena);
}

/*
 * One line a judged row; sorted before they are compared, as partitions come in
 * any order.
 */
typedef VEC(char *) Lines;

static int line_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/*
 * Rows of every store stand in the order of their keys: aggregates and findings
 * rely on it (law 8).
 */
static void check_key_order(const Store *store, int32_t d)
{
	const StoreTable *table = store->table[d];
	for (int32_t row = 1; row < table->rows; row++) {
		Arena arena = {0};
		ck_assert_int_lt(str_cmp(store_key(store, d, row - 1, &arena),
			store_key(store, d, row, &arena)), 0);
		arena_free(&arena);
	}
}

/* The rows that are judged in this store, of the datasets of the pass's rules. */
static void add_lines(const Store *store, const int32_t *rules, int32_t nrules, bool backs,
	Lines *lines)
{
	for (int32_t d = 0; d < store->book->ndatasets; d++) {
		bool subject = false;
		for (int32_t i = 0; i < nrules; i++)
			subject |= store->book->rule[rules[i]].dataset == d;
		if (!subject || store->table[d] == NULL)
			continue;
		check_key_order(store, d);
		RowSpan home = store->home[d];
		int32_t n = home.at == NULL && home.n < 0 ? store->table[d]->rows : home.n;
		for (int32_t i = 0; i < n; i++) {
			Buf buf = {0};
			put_row(&buf, store, d, home.n < 0 ? i : home.at[i]);
			if (!backs && strstr(buf.at, " back=") != NULL)
				*strstr(buf.at, " back=") = '\0';
			*vec_push(lines) = buf.at;
		}
	}
}

/* All passes and parts of one book: "subject rows with all that they reach", sorted. A row that is
 * judged twice in a pass shows twice. */
static char *dump(Bed *bed, int32_t book)
{
	Lines lines = {0};
	Buf out = {0};
	for (int32_t pass = 0; pass < data_passes(bed->data); pass++) {
		int32_t nrules;
		const int32_t *rules = data_rules(bed->data, pass, book, &nrules);
		for (int32_t part = 0; part < data_parts(bed->data, pass); part++) {
			ck_assert_int_eq(data_part(bed->data, bed->worker, pass, part, &bed->diags), STATUS_OK);
			add_lines(data_store(bed->worker, book), rules, nrules, true, &lines);
		}
	}
	qsort(lines.at, lines.n, sizeof *lines.at, line_cmp);
	for (size_t i = 0; i < lines.n; i++) {
		buf_printf(&out, "%s\n", lines.at[i]);
		free(lines.at[i]);
	}
	vec_free(&lines);
	buf_puts(&out, "");
	return out.at != NULL ? out.at : calloc(1, 1);
}

/*
 * "row" in front tells a row that left from a value that became unknown (law 4,
 * S26).
 */
static char *rejected_text(const Bed *bed)
{
	Buf buf = {0};
	size_t n;
	const Rejected *rejected = data_rejected(bed->data, &n);
	for (size_t i = 0; i < n; i++)
		buf_printf(&buf, "%s%.*s|%.*s|%.*s|%.*s\n", rejected[i].row ? "row " : "",
			STR_ARG(rejected[i].key), STR_ARG(rejected[i].column), STR_ARG(rejected[i].value),
			STR_ARG(rejected[i].reason));
	buf_puts(&buf, "");
	return buf.at != NULL ? buf.at : calloc(1, 1);
}

/* What a run writes about each dataset. */
static const DataCount *count_of(const Bed *bed, const char *dataset)
{
	int32_t n;
	const DataCount *count = data_counts(bed->data, &n);
	for (int32_t i = 0; i < n; i++)
		if (str_eq(count[i].dataset, str_of(dataset)))
			return &count[i];
	ck_abort_msg("no count of %s", dataset);
	return NULL;
}

static void check_dump(Bed *bed, const char *expected)
{
	check_ok(bed);
	char *got = dump(bed, 0);
	ck_assert_str_eq(got, expected);
	free(got);
}

static void check_rejected(const Bed *bed, const char *expected)
{
	char *got = rejected_text(bed);
	ck_assert_str_eq(got, expected);
	free(got);
}

/* ---- one cell of each kind ---- */

/*
 * A field of every type; the rule looks at each, or the reader would not read
 * its column.
 */
#define CELLS HEAD                                                    \
	"dataset cell from cells\n"                                       \
	"  key k\n"                                                       \
	"  k : text\n"                                                    \
	"  t : text\n"                                                    \
	"  o : one of (good, bad \"Not good\", one \"1\")\n"              \
	"  y : yes/no\n"                                                  \
	"  d : date\n"                                                    \
	"  c : time\n"                                                    \
	"  m : moment\n"                                                  \
	"  n : count\n"                                                   \
	"  q : number\n"                                                  \
	"  p : money\n"                                                   \
	"  r : money read to 2 decimals\n"                                \
	"  l : duration in minutes\n"                                     \
	"  h : duration in hours\n"                                       \
	"  two : count within 0 to 32767\n"                               \
	"  three : count within 0 to 8388607\n"                           \
	"  four : count within 0 to 8388608\n"                            \
	"  low : duration in minutes within -546 minutes to 546 minutes\n" \
	"  lower : duration in minutes within -139810 minutes to 139810 minutes\n" \
	"rule R1 \"All are looked at\"\n"                                 \
	"  for each cell\n"                                               \
	"  on cell.d\n"                                                   \
	"  require cell.t is known or cell.o is good or cell.y or cell.c is known or cell.m is known " \
	"or cell.n is known or cell.q is known or cell.p is known or cell.r is known or cell.l is known " \
	"or cell.h is known or cell.two is known or cell.three is known or cell.four is known " \
	"or cell.low is known or cell.lower is known\n"

/* Columns without a type: SQLite then keeps what was put in as it is. */
static void make_cells(const Bed *bed)
{
	sql_at(bed->path, "create table cells (k, t, o, y, d, c, m, n, q, p, r, l, h, two, three, four, "
		"low, lower)");
}

/* The value of the field as n, or its text, `?` for missing, or the reason in angle brackets. */
typedef struct CellCase {
	const char *field, *sql, *expected;
} CellCase;

/*
 * What exports really hold: blanks, commas, pound signs, blobs, Latin-1, REAL
 * noise, dates of another country, times that do not exist. Each is either read
 * exactly or refused with a reason (law 1, S25, S26, S45, S91); none is
 * guessed.
 */
static const CellCase cell_cases[] = {
	{"t", "' A  b '", "A  b"}, {"t", "''", "?"}, {"t", "char(9) || char(160)", "?"},
	{"t", "17", "17"}, {"t", "null", "?"},
	{"t", "1.5", "<a REAL number, where a text is needed>"},
	{"t", "x'00ff'", "<binary data>"}, {"t", "cast(x'ff41' as text)", "<not valid UTF-8 text>"},
	{"t", "'a' || char(0) || 'b'", "<not valid UTF-8 text>"},
	{"t", "'e' || char(769)", "\xC3\xA9"},
	{"o", "'good'", "0"}, {"o", "' Not good'", "1"}, {"o", "1", "2"}, {"o", "' '", "?"},
	{"o", "'Good'", "<not one of the codes of this field>"},
	{"o", "'bad'", "<not one of the codes of this field>"},
	{"y", "1", "1"}, {"y", "0", "0"}, {"y", "'YES'", "1"}, {"y", "'n'", "0"}, {"y", "'False'", "0"},
	{"y", "2", "<not yes or no; write yes, no, true, false, y, n, 1 or 0>"},
	{"y", "'maybe'", "<not yes or no; write yes, no, true, false, y, n, 1 or 0>"},
	{"d", "'2024-02-29'", "19782"}, {"d", "' 1970-01-02 '", "1"},
	{"d", "'2025-02-29'", "<there is no such day>"},
	{"d", "'29/02/2024'", "<not a date; a date is written 2025-09-01>"},
	{"d", "20240229", "<a number, where a text is needed>"},
	{"c", "'08:02'", "28920"}, {"c", "'8:02:30'", "28950"}, {"c", "'08:02:30.00'", "28950"},
	{"c", "'25:10'", "<there is no such time of day>"},
	{"c", "'8am'", "<not a clock time; a clock time is written 08:00>"},
	{"m", "'2025-01-01 00:00:00'", "1735689600"}, {"m", "'2025-07-01T01:00'", "1751328000"},
	{"m", "'2025-07-01 01:00:00Z'", "1751331600"},
	{"m", "'2025-07-01 01:00:00+02:00'", "1751324400"},
	{"m", "'1999-12-31 23:59:59'", "946684799"}, {"m", "'2300-01-01 00:00'", "10413792000"},
	{"m", "'2025-06-31 01:00:00'", "<there is no such day or time>"},
	{"m", "'2025-06-30'", "<not a moment; a moment is written 2025-09-01 08:00:00>"},
	{"n", "0", "0"}, {"n", "3.0", "3"}, {"n", "'4'", "4"},
	{"n", "-1", "<a count cannot be negative>"}, {"n", "1.5", "<a count is a whole number>"},
	{"n", "'many'", "<not a number>"},
	{"p", "22.59", "22590000"}, {"p", "'22.59'", "22590000"},
	{"p", "'\xC2\xA3" "1,234.50'", "1234500000"},
	{"p", "'-\xC2\xA3" "5'", "-5000000"}, {"p", "-5", "-5000000"},
	{"p", "0.1 + 0.2", "<a REAL number with more"},
	{"p", "'1,23'", "<not a number>"}, {"p", "'12.'", "<not a number>"},
	{"p", "'0.0000001'", "<has more than"}, {"p", "5000000", "5000000000000"},
	{"p", "9223372036854775807", "<too large to be held exactly>"},
	{"p", "'12345678901234567890123456789012345678901234567890'", "<"},
	{"p", "'-1234567890.1235'", "-1234567890123500"}, {"p", "'12345678901.5'", "12345678901500000"},
	{"p", "1e300", "<too large to be held exactly>"},
	{"p", "9e999", "<too large to be held exactly>"},
	{"r", "0.1 + 0.2", "30"}, {"r", "22.59", "2259"}, {"r", "22.594", "<not within"},
	{"l", "30", "1800"}, {"l", "7.5", "450"}, {"l", "'7.51'", "450"}, {"l", "-1", "-60"},
	{"h", "0.25", "900"}, {"h", "11196.74", "40308264"}, {"h", "3000000", "10800000000"},
	{"h", "'two'", "<not a number>"},
	/* the ends of what cells of two, three and four bytes hold */
	{"d", "'0001-01-01'", "-719162"}, {"d", "'9999-12-31'", "2932896"}, {"c", "'23:59:59'", "86399"},
	{"two", "32767", "32767"}, {"two", "0", "0"}, {"two", "32768", "<outside the range of the field>"},
	{"three", "8388607", "8388607"}, {"three", "65536", "65536"}, {"three", "255", "255"},
	{"three", "8388608", "<outside the range of the field>"},
	{"four", "8388608", "8388608"}, {"four", "8388607", "8388607"},
	{"low", "-546", "-32760"}, {"low", "546", "32760"}, {"low", "-1", "-60"},
	{"low", "-547", "<outside the range of the field>"},
	{"lower", "-139810", "-8388600"}, {"lower", "139810", "8388600"}, {"lower", "-1", "-60"},
	{"lower", "139811", "<outside the range of the field>"},
};

#define NCELLS (sizeof cell_cases / sizeof *cell_cases)

/* NULL when the value was taken. */
static const char *reason_of(const Bed *bed, const char *key, Arena *arena)
{
	size_t n;
	const Rejected *rejected = data_rejected(bed->data, &n);
	for (size_t i = 0; i < n; i++)
		if (str_eq(rejected[i].key, str_of(key)))
			return str_z(arena, rejected[i].reason);
	return NULL;
}

/* Keys are looked up one by one, as the tables are small. */
static int32_t row_of(const Store *store, int32_t d, const char *key)
{
	Arena arena = {0};
	int32_t found = -1;
	for (int32_t row = 0; row < store->table[d]->rows; row++)
		if (str_eq(store_key(store, d, row, &arena), str_of(key)))
			found = row;
	arena_free(&arena);
	return found;
}

/*
 * A refused value must be unknown and have its reason; a value taken must have
 * none.
 */
static void check_cell(Bed *bed, const Store *store, int i)
{
	const CellCase *cell = &cell_cases[i];
	char key[16], wanted[200];
	snprintf(key, sizeof key, "K%03d", i);
	int32_t row = row_of(store, 0, key);
	ck_assert_int_ge(row, 0);
	const char *reason = reason_of(bed, key, &bed->arena);
	if (cell->expected[0] == '<') {
		ck_assert_msg(reason != NULL && strncmp(reason, cell->expected + 1,
			strcspn(cell->expected + 1, ">")) == 0, "%s %s: %s, not %s", cell->field, cell->sql,
			reason, cell->expected);
	} else {
		ck_assert_msg(reason == NULL, "%s %s: %s", cell->field, cell->sql, reason);
	}
	snprintf(wanted, sizeof wanted, " %s=%s", cell->field,
		cell->expected[0] == '<' ? "?" : cell->expected);
	Buf buf = {0};
	put_value(&buf, store, 0, field_of(&store->book->dataset[0], cell->field), row);
	/* Figures are over the scale of their type, which is the checker's to choose. */
	int64_t scale = store->book->dataset[0].field[field_of(&store->book->dataset[0],
		cell->field)].type.scale;
	if (cell->field[0] != 'p' && cell->field[0] != 'r')
		ck_assert_msg(strcmp(buf.at, wanted) == 0, "%s: %s, not %s", cell->sql, buf.at, wanted);
	else
		ck_assert_int_gt(scale, 0);
	buf_free(&buf);
}

/* Each case is a row of its own, so that one bad cell cannot hide another. */
static void check_cells(int threads, int64_t whole_rows)
{
	Bed bed;
	Buf sql = {0};
	bed_begin(&bed, CELLS);
	make_cells(&bed);
	for (size_t i = 0; i < NCELLS; i++)
		buf_printf(&sql, "insert into cells(k, %s) values ('K%03d', %s);", cell_cases[i].field,
			(int)i, cell_cases[i].sql);
	sql_at(bed.path, sql.at);
	buf_free(&sql);
	bed.options.threads = threads;
	bed.options.whole_rows = whole_rows;
	bed.options.partition_rows = whole_rows == 1 ? 1000 : 0;
	bed_read(&bed);
	check_ok(&bed);
	ck_assert_int_eq(data_part(bed.data, bed.worker, 0, 0, &bed.diags), STATUS_OK);
	const Store *store = data_store(bed.worker, 0);
	for (size_t i = 0; i < NCELLS; i++)
		check_cell(&bed, store, (int)i);
	const DataCount *count = count_of(&bed, "cell");
	ck_assert_int_eq(count->read, (int64_t)NCELLS);
	ck_assert_int_eq(count->held, (int64_t)NCELLS);
	ck_assert_int_eq(count->offsets, 2);
	ck_assert_int_eq(count->read_to, 1);
	ck_assert_int_eq(count->cut_seconds, 1);
	bed_end(&bed);
}

/* Once as a whole table, once in partitions on two threads. */
START_TEST(cells_of_every_kind)
{
	check_cells(1, 0);
	check_cells(2, 1);
}
END_TEST

/* £22.59 must be 2259 pence whatever the type's scale is. */
START_TEST(money_is_exact)
{
	Bed bed;
	bed_begin(&bed, CELLS);
	make_cells(&bed);
	sql_at(bed.path, "insert into cells(k, p) values ('A', 22.59), ('B', '22.59'), ('C', 22), "
		"('D', 5000000), ('E', -0.01)");
	bed_read(&bed);
	check_ok(&bed);
	data_part(bed.data, bed.worker, 0, 0, &bed.diags);
	const Store *store = data_store(bed.worker, 0);
	int32_t f = field_of(&store->book->dataset[0], "p");
	int64_t scale = store->book->dataset[0].field[f].type.scale, n;
	const int64_t pence[] = {2259, 2259, 2200, 500000000, -1};
	for (int32_t row = 0; row < 5; row++) {
		ck_assert(store_get(store, 0, f, row, &n));
		ck_assert_int_eq(n * 100, pence[row] * scale);
	}
	bed_end(&bed);
}
END_TEST

/* A column that is nothing of what it was declared as is an error; one good value makes it data. */
START_TEST(a_column_of_another_type)
{
	Bed bed;
	bed_begin(&bed, CELLS);
	make_cells(&bed);
	sql_at(bed.path, "with recursive i(n) as (select 1 union all select n + 1 from i where n < 20) "
		"insert into cells(k, l) select 'K' || n, '08:' || (10 + n) from i");
	bed_read(&bed);
	check_fails(&bed, STATUS_WRONG, "E0506", "none of the 20 values of column `l`");
	bed_again(&bed);
	sql_at(bed.path, "update cells set l = 5 where k = 'K1'");
	bed_read(&bed);
	check_ok(&bed);
	ck_assert_int_eq(count_of(&bed, "cell")->rejected_values, 19);
	bed_end(&bed);
}
END_TEST

/* ---- care data ---- */

#define CARE HEAD                                                      \
	"dataset client from clients\n"                                    \
	"  key client_ref\n"                                               \
	"  client_ref : text\n"                                            \
	"  buddy : client from buddy_ref which has buddies\n"              \
	"dataset carer from carers\n"                                      \
	"  key carer_ref\n"                                                \
	"  carer_ref : text\n"                                             \
	"dataset visit from visits\n"                                      \
	"  key visit_ref\n"                                                \
	"  visit_ref : text\n"                                             \
	"  client : client from client_ref which has visits\n"             \
	"  date : date\n"                                                  \
	"  start : time\n"                                                 \
	"  carers : count\n"                                               \
	"  declared : duration in minutes\n"                               \
	"dataset log from logs\n"                                          \
	"  key log_ref\n"                                                  \
	"  lasts check_in to check_out\n"                                  \
	"  log_ref : text\n"                                               \
	"  client : client from client_ref which has logs\n"               \
	"  carer : carer from carer_ref which has logs\n"                  \
	"  check_in : moment\n"                                            \
	"  check_out : moment\n"                                           \
	"match visit with log\n"                                           \
	"  when visit.client = log.client\n"                               \
	"  near visit.date at visit.start to log.check_in within 90 minutes\n" \
	"  take at most visit.carers\n"                                    \
	"  linked as visit.logs and log.visit\n"

#define RULE_V "rule V1 \"Logs\"\n"                                   \
	"  for each visit\n"                                               \
	"  on visit.date\n"                                                \
	"  require total(log.check_out - log.check_in for log in visit.logs) >= visit.declared\n"

#define RULE_C "rule C1 \"Overlap\"\n"                                 \
	"  for each log\n"                                                 \
	"  on log.check_in\n"                                              \
	"  require none(other in log.carer.logs where other.log_ref <> log.log_ref and " \
	"other.check_in < log.check_out and log.check_in < other.check_out)\n"

#define RULE_P "rule P1 \"Person\"\n"                                  \
	"  for each client\n"                                              \
	"  on 1 June 2025\n"                                               \
	"  require count(visit in client.visits) >= 1 and client.buddy is known\n"

#define RULE_W "rule W1 \"Group\"\n"                                   \
	"  for each visit.client, visit.date\n"                            \
	"  among visit\n"                                                  \
	"  on 1 June 2025\n"                                               \
	"  require total(visit.declared) <= 24 hours\n"

static const char care_tables[] =
	"create table clients (client_ref text primary key not null, buddy_ref text);"
	"create table carers (carer_ref text primary key not null);"
	"create table visits (visit_ref text primary key not null, client_ref, date, start, carers,"
	"	declared);"
	"create table logs (log_ref text primary key not null, client_ref, carer_ref, check_in,"
	"	check_out);";

/* The tables of care_tables with these rows. */
static void care_begin(Bed *bed, const char *rules, const char *rows)
{
	bed_begin(bed, rules);
	sql_at(bed->path, care_tables);
	sql_at(bed->path, rows);
}

/*
 * S63, S64: a visit without a start has unknown logs, one without a log has
 * none; the two must not look alike, or a missing start would read as a visit
 * that nobody made.
 */
START_TEST(visits_and_their_logs)
{
	Bed bed;
	care_begin(&bed, CARE RULE_V,
		"insert into clients values ('C1', null), ('C2', 'C1');"
		"insert into visits values ('V1', 'C1', '2025-06-01', '08:00', 2, 30),"
		"	('V2', 'C1', '2025-06-01', null, 1, 30), ('V3', 'C2', '2025-06-01', '08:00', 1, 30);"
		"insert into logs values ('L3', 'C1', 'K', '2025-06-01 08:00:00', '2025-06-01 08:20:00'),"
		"	('L1', 'C1', 'K', '2025-06-01 09:30:00', '2025-06-01 09:40:00'),"
		"	('L2', 'C2', 'K', null, '2025-06-01 09:40:00');");
	bed_read(&bed);
	check_dump(&bed,
		"visit V1: client=C1 date=20240 start=28800 carers=2 declared=1800 logs=[L1 L3]\n"
		"visit V2: client=C1 date=20240 start=? carers=1 declared=1800 logs unknown\n"
		"visit V3: client=C2 date=20240 start=28800 carers=1 declared=1800 logs=[]\n");
	bed_end(&bed);
}
END_TEST

/* Nothing but what a rule looks at has to be there. */
START_TEST(tables_that_no_rule_reaches_are_not_touched)
{
	Bed bed;
	bed_begin(&bed, CARE RULE_W);
	sql_at(bed.path, "create table clients (client_ref text primary key);"
		"create table visits (visit_ref, client_ref, date, declared);"
		"insert into clients values ('C1'); insert into visits values ('V1', 'C1', '2025-06-01', 5)");
	bed_read(&bed);
	check_dump(&bed, "visit V1: client=C1 date=20240 declared=300\n");
	bed_end(&bed);
}
END_TEST

/*
 * S24: a key that matches no row is an unknown link and one event, not an empty
 * list; a link may lead back into its own table.
 */
START_TEST(orphans_and_links_in_a_circle)
{
	Bed bed;
	care_begin(&bed, CARE RULE_P,
		"insert into clients values ('C2', 'C1'), ('C1', 'C9'), ('C3', null), ('C4', ' C2 ');"
		"insert into visits values ('V1', 'C1', '2025-06-01', '08:00', 2, 30),"
		"	('V2', 'C7', '2025-06-01', '08:00', 2, 30), ('V0', 'C1', null, null, null, null)");
	bed_read(&bed);
	check_dump(&bed,
		"client C1: buddy=? back=[V0 V1]\n"
		"client C2: buddy=C1 back=[]\n"
		"client C3: buddy=? back=[]\n"
		"client C4: buddy=C2 back=[]\n");
	check_rejected(&bed, "C1|buddy_ref|C9|no client has this key\n"
		"V2|client_ref|C7|no client has this key\n");
	ck_assert_int_eq(count_of(&bed, "client")->orphan_links, 1);
	ck_assert_int_eq(count_of(&bed, "visit")->orphan_links, 1);
	ck_assert_int_eq(count_of(&bed, "visit")->rejected_values, 0);
	bed_end(&bed);
}
END_TEST

/* ---- clock changes ---- */

/* One log, in and out as the database has them, and what became of it. */
static void check_logs(const char *check_in, const char *check_out, const char *expected,
	const char *rejected)
{
	Bed bed;
	char sql[400], line[400];
	snprintf(sql, sizeof sql, "insert into carers values ('K'); "
		"insert into logs values ('L1', null, 'K', '%s', '%s')", check_in, check_out);
	care_begin(&bed, CARE RULE_C, sql);
	bed_read(&bed);
	snprintf(line, sizeof line, "log L1: log_ref=L1 carer=K %s\n", expected);
	check_dump(&bed, line);
	check_rejected(&bed, rejected);
	bed_end(&bed);
}

/*
 * S40, S41: the hour that occurs twice is the first unless that would put the
 * check-out before the check-in; the hour that does not exist is read with the
 * old offset; otherwise an end before its begin is unknown, never negative
 * minutes.
 */
START_TEST(clocks_go_back_and_forward)
{
	/* 26 October 2025, 01:00 to 02:00 local occurs twice; BST ends at 01:00 UTC = 1761440400 */
	check_logs("2025-10-26 00:30:00", "2025-10-26 01:30:00",
		"check_in=1761435000 check_out=1761438600", "");
	check_logs("2025-10-26 01:45:00", "2025-10-26 01:30:00",
		"check_in=1761439500 check_out=1761442200", "");
	check_logs("2025-10-26 02:00:00", "2025-10-26 01:30:00", "check_in=1761444000 check_out=?",
		"L1|check_out|2025-10-26 01:30:00|before the row's check_in\n");
	check_logs("2025-10-25 22:00:00", "2025-10-26 07:00:00",
		"check_in=1761426000 check_out=1761462000", "");
	/* 30 March 2025, 01:00 to 02:00 local does not exist: 01:30 is read as 02:30 BST */
	check_logs("2025-03-30 00:30:00", "2025-03-30 01:30:00",
		"check_in=1743294600 check_out=1743298200", "");
	check_logs("2025-06-01 08:30:00", "2025-06-01 08:29:59", "check_in=1748763000 check_out=?",
		"L1|check_out|2025-06-01 08:29:59|before the row's check_in\n");
	check_logs("2025-06-01 08:30:00", "2025-06-01 08:30:00",
		"check_in=1748763000 check_out=1748763000", "");
}
END_TEST

/*
 * Each reading that was a decision leaves a count, so that nobody has to guess
 * how often.
 */
START_TEST(clock_events_are_counted)
{
	Bed bed;
	care_begin(&bed, CARE RULE_C,
		"insert into carers values ('K'); insert into logs values"
		"	('L1', null, 'K', '2025-03-30 01:30', '2025-03-30 03:30'),"
		"	('L2', null, 'K', '2025-10-26 01:30', '2025-10-26 01:45+00:00'),"
		"	('L3', null, 'K', '2025-10-26 01:30', '2025-10-26 03:45:00.25')");
	bed_read(&bed);
	check_ok(&bed);
	const DataCount *count = count_of(&bed, "log");
	ck_assert_int_eq(count->clock_absent, 1);
	ck_assert_int_eq(count->clock_twice, 2);
	ck_assert_int_eq(count->offsets, 1);
	ck_assert_int_eq(count->cut_seconds, 1);
	bed_end(&bed);
}
END_TEST

/* ---- keys ---- */

/*
 * Without an index the reader looks for doubles itself; with one SQLite has
 * refused equal texts, but not such as are equal after trimming.
 */
static const char *const key_tables[] = {
	"create table visits (visit_ref text, client_ref, date, declared);",
	"create table visits (visit_ref text unique, client_ref, date, declared);",
};

/* The identity of law 5 for rows: what was read is what was held and what left. */
static void check_keys(const char *table, const char *rows, int64_t whole_rows, int64_t held,
	const char *rejected)
{
	Bed bed;
	bed_begin(&bed, CARE RULE_W);
	sql_at(bed.path, "create table clients (client_ref text primary key); "
		"insert into clients values ('C1')");
	sql_at(bed.path, table);
	sql_at(bed.path, rows);
	bed.options.whole_rows = whole_rows;
	bed_read(&bed);
	check_ok(&bed);
	char *got = dump(&bed, 0);
	int64_t lines = 0;
	for (const char *at = got; *at != '\0'; at++)
		lines += *at == '\n';
	ck_assert_int_eq(lines, held);
	free(got);
	const DataCount *count = count_of(&bed, "visit");
	ck_assert_int_eq(count->held, held);
	ck_assert_int_eq(count->read, count->held + count->rejected_rows);
	check_rejected(&bed, rejected);
	bed_end(&bed);
}

/* Missing, blank and binary: such a row could never be named in a finding. */
START_TEST(rows_without_a_key_leave)
{
	for (int64_t whole = 1; whole < 1000; whole *= 100)
		check_keys(key_tables[whole > 1], "insert into visits values (null, 'C1', null, 5),"
			"	('V1', 'C1', null, 5), ('  ', 'C1', null, 5), (x'41', 'C1', null, 5)", whole, 1,
			"row rowid 1|visit_ref||the key is missing\n"
			"row rowid 3|visit_ref|  |the key is missing\n"
			"row rowid 4|visit_ref|1 bytes|binary data, where a text is needed\n");
}
END_TEST

/*
 * S59: which of the two is true is not ours to pick, so both leave. With and
 * without an index, with keys that differ only by blanks, with keys in no
 * pattern, and through a view: the reader finds doubles in a different way for
 * each.
 */
START_TEST(rows_that_share_a_key_leave)
{
	const char *twice = "insert into visits values ('V1', 'C1', null, 5), ('V2', 'C1', null, 5),"
		"	('V1', 'C1', null, 6), ('v1', 'C1', null, 6), ('V2 ', 'C1', null, 6)";
	const char *trimmed = "insert into visits values ('V1', 'C1', null, 5), ('V2', 'C1', null, 5),"
		"	(' V1', 'C1', null, 6), ('v1', 'C1', null, 6), ('V2 ', 'C1', null, 6)";
	const char *guids = "insert into visits values ('not a pattern', 'C1', null, 5),"
		"	('nor this', 'C1', null, 5), ('not a pattern', 'C1', null, 6), ('x', 'C1', null, 6),"
		"	('nor this', 'C1', null, 6)";
	const char *rejected = "row V1|visit_ref||another row has the same key\n"
		"row V1|visit_ref||another row has the same key\n"
		"row V2|visit_ref||another row has the same key\n"
		"row V2|visit_ref||another row has the same key\n";
	const char *others = "row nor this|visit_ref||another row has the same key\n"
		"row nor this|visit_ref||another row has the same key\n"
		"row not a pattern|visit_ref||another row has the same key\n"
		"row not a pattern|visit_ref||another row has the same key\n";
	for (int64_t whole = 1; whole < 1000; whole *= 100) {
		check_keys(key_tables[0], twice, whole, 1, rejected);
		check_keys(key_tables[1], trimmed, whole, 1, rejected);
		check_keys(key_tables[0], guids, whole, 1, others);
		check_keys("create table v (visit_ref, client_ref, date, declared);"
			"create view visits as select * from v;"
			"create trigger i instead of insert on visits begin insert into v values (new.visit_ref,"
			"new.client_ref, new.date, new.declared); end;", guids, whole, 1, others);
	}
}
END_TEST

/* From end to end of 64 bits, with a third of no number near either. */
START_TEST(row_numbers_from_end_to_end)
{
	for (int threads = 1; threads <= 3; threads++) {
		Bed bed;
		bed_begin(&bed, CARE RULE_W);
		sql_at(bed.path, "create table clients (client_ref); insert into clients values ('C1');"
			"create table visits (visit_ref, client_ref, date, declared);"
			"insert into visits(rowid, visit_ref, client_ref, date, declared) values"
			" (-9223372036854775807 - 1, 'V1', 'C1', '2025-06-01', 5),"
			" (0, 'V2', 'C1', '2025-06-01', 6),"
			" (9223372036854775807, 'V3', 'C1', '2025-06-01', 7)");
		bed.options.threads = threads;
		bed.options.whole_rows = threads == 2 ? 0 : 1;
		bed.options.partition_rows = 1;
		bed_read(&bed);
		check_dump(&bed, "visit V1: client=C1 date=20240 declared=300\n"
			"visit V2: client=C1 date=20240 declared=360\n"
			"visit V3: client=C1 date=20240 declared=420\n");
		bed_end(&bed);
	}
}
END_TEST

#define PAIRS HEAD                           \
	"dataset pair from pairs\n"              \
	"  key a, b\n"                           \
	"  a : text\n"                           \
	"  b : count\n"                          \
	"  c : count\n"                          \
	"rule R1 \"c\"\n"                        \
	"  for each pair\n"                      \
	"  on 1 June 2025\n"                     \
	"  require pair.c >= 1\n"

/* WITHOUT ROWID and a part that is a number; U+001F joins them. */
START_TEST(keys_of_two_columns)
{
	Bed bed;
	bed_begin(&bed, PAIRS);
	sql_at(bed.path, "create table pairs (a, b, c, primary key (a, b)) without rowid;"
		"insert into pairs values ('x', 1, 5), ('x', 2, 6), ('y', 1, 7)");
	for (int64_t whole = 1; whole < 1000; whole *= 100) {
		bed.options.whole_rows = whole;
		bed_read(&bed);
		check_dump(&bed, "pair x\x1f" "1: c=5\npair x\x1f" "2: c=6\npair y\x1f" "1: c=7\n");
		bed_again(&bed);
	}
	bed_end(&bed);
}
END_TEST

/* ---- the file and its schema ---- */

/* Each missing name is told, with the nearest that is there. */
START_TEST(tables_and_columns_that_are_not_there)
{
	Bed bed;
	bed_begin(&bed, CARE RULE_W);
	sql_at(bed.path, "create table visit (visit_ref); create table clients (client_ref)");
	bed_read(&bed);
	check_fails(&bed, STATUS_WRONG, "E0501", "did you mean `visit`?");
	bed_again(&bed);
	sql_at(bed.path, "create table visits (visit_ref, client, date, declaired)");
	bed_read(&bed);
	check_fails(&bed, STATUS_WRONG, "E0502", "no column `client_ref`");
	check_fails(&bed, STATUS_WRONG, "E0502", "did you mean `declaired`?");
	bed_end(&bed);
}
END_TEST

/*
 * Columns called rowid, oid and one with a quote in it: the reader needs a name
 * for the row's own number that none of them hides, and must not run what a
 * name holds.
 */
START_TEST(names_that_need_quotes)
{
	Bed bed;
	bed_begin(&bed, CARE RULE_W);
	sql_at(bed.path, "create table clients (client_ref, \"rowid\", \"a\"\"b; drop table visits\");"
		"insert into clients values ('C1', 1, 2);"
		"create table visits (_rowid_, oid, rowid, visit_ref, client_ref, \"date\", declared);"
		"insert into visits values (1, 2, 3, 'V1', 'C1', '2025-06-01', 5)");
	bed_read(&bed);
	check_dump(&bed, "visit V1: client=C1 date=20240 declared=300\n");
	bed_end(&bed);
}
END_TEST

/* What the column's default says is read for rows that were there before the column. */
START_TEST(columns_that_were_added_later)
{
	Bed bed;
	bed_begin(&bed, CARE RULE_W);
	sql_at(bed.path, "create table clients (client_ref); insert into clients values ('C1');"
		"create table visits (visit_ref, client_ref);"
		"insert into visits values ('V1', 'C1'), ('V2', 'C1');"
		"alter table visits add column \"date\" default '2025-06-01';"
		"alter table visits add column declared;"
		"insert into visits values ('V3', 'C1', null, 5)");
	bed_read(&bed);
	check_dump(&bed, "visit V1: client=C1 date=20240 declared=?\n"
		"visit V2: client=C1 date=20240 declared=?\n"
		"visit V3: client=C1 date=? declared=300\n");
	bed_end(&bed);
}
END_TEST

/* Bytes as they are: what is tested is no database. */
static void write_file(const char *path, const void *bytes, size_t n)
{
	FILE *file = fopen(path, "wb");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
	ck_assert_int_eq(fclose(file), 0);
}

/*
 * Absent, empty, noise: three messages, as three things are to be done about
 * them.
 */
START_TEST(files_that_are_no_databases)
{
	Bed bed;
	char noise[4096];
	bed_begin(&bed, CARE RULE_W);
	bed_read(&bed);
	check_fails(&bed, STATUS_WORLD, "E0507", "cannot be opened");
	bed_again(&bed);
	write_file(bed.path, "", 0);
	bed_read(&bed);
	check_fails(&bed, STATUS_WORLD, "E0503", "the file is empty");
	bed_again(&bed);
	memset(noise, 'x', sizeof noise);
	write_file(bed.path, noise, sizeof noise);
	bed_read(&bed);
	check_fails(&bed, STATUS_WORLD, "E0503", "not a SQLite database");
	bed_end(&bed);
}
END_TEST

/* Enough to fill many pages of the file. */
static void many_rows(const char *path, int n)
{
	char sql[400];
	snprintf(sql, sizeof sql, "with recursive i(n) as (select 1 union all select n + 1 from i "
		"where n < %d) insert into visits(visit_ref, client_ref, date, declared) "
		"select printf('V%%05d', n), 'C1', '2025-06-01', n from i", n);
	sql_at(path, sql);
}

/* Half an upload looks like a database from its first page. */
START_TEST(a_copy_that_was_cut_off)
{
	Bed bed;
	care_begin(&bed, CARE RULE_W, "insert into clients values ('C1', null)");
	many_rows(bed.path, 5000);
	ck_assert_int_eq(truncate(bed.path, 20000), 0);
	bed_read(&bed);
	check_fails(&bed, STATUS_WORLD, "E0503", "cut off");
	bed_end(&bed);
}
END_TEST

/* A page in the middle is overwritten: the damage shows while reading. */
START_TEST(a_damaged_page)
{
	Bed bed;
	char noise[4096];
	memset(noise, 0x7f, sizeof noise);
	care_begin(&bed, CARE RULE_W, "insert into clients values ('C1', null)");
	many_rows(bed.path, 5000);
	FILE *file = fopen(bed.path, "r+b");
	ck_assert_int_eq(fseek(file, 4096 * 12, SEEK_SET), 0);
	for (int i = 0; i < 8; i++)
		ck_assert_uint_eq(fwrite(noise, 1, sizeof noise, file), sizeof noise);
	fclose(file);
	bed_read(&bed);
	check_fails(&bed, STATUS_WORLD, "E0507", "damaged");
	bed_end(&bed);
}
END_TEST

/* Said at once instead of waiting for a writer that may take all night. */
START_TEST(a_locked_database)
{
	Bed bed;
	sqlite3 *db;
	care_begin(&bed, CARE RULE_W, "insert into clients values ('C1', null)");
	ck_assert_int_eq(sqlite3_open(bed.path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "begin exclusive", NULL, NULL, NULL), SQLITE_OK);
	bed_read(&bed);
	check_fails(&bed, STATUS_WORLD, "E0504", "another program is writing");
	sqlite3_close(db);
	bed_end(&bed);
}
END_TEST

/* A writer that comes once reading has begun does not change what is read. */
START_TEST(one_snapshot)
{
	Bed bed;
	care_begin(&bed, CARE RULE_W, "pragma journal_mode=wal; insert into clients values ('C1', null);"
		"insert into visits values ('V1', 'C1', '2025-06-01', null, null, 5)");
	bed.options.threads = 2;
	diags_init(&bed.diags, &bed.arena, &bed.fixture.comp.sources);
	bed.status = data_open(&bed.options, &bed.diags, &bed.data);
	check_ok(&bed);
	sql_at(bed.path, "insert into visits values ('V2', 'C1', '2025-06-01', null, null, 5)");
	bed.status = data_read(bed.data, &bed.diags);
	if (bed.status == STATUS_OK)
		bed.status = data_worker(bed.data, &bed.worker, &bed.diags);
	check_dump(&bed, "visit V1: client=C1 date=20240 declared=300\n");
	bed_end(&bed);
}
END_TEST

/*
 * Before reading, with the dataset that needs it: not by the kernel after an
 * hour.
 */
START_TEST(memory_is_refused_beforehand)
{
	Bed bed;
	care_begin(&bed, CARE RULE_W, "insert into clients values ('C1', null)");
	many_rows(bed.path, 5000);
	bed.options.memory_limit = 100000;
	bed_read(&bed);
	check_fails(&bed, STATUS_WORLD, "E0602", "visit needs");
	bed_again(&bed);
	bed.options.memory_limit = 100000000;
	bed_read(&bed);
	check_ok(&bed);
	bed_end(&bed);
}
END_TEST

/* Asks to stop at the first sign of progress. */
static void stop_now(void *user, int64_t done, int64_t all)
{
	ck_assert_int_gt(done, 0);
	ck_assert_int_gt(all, 0);
	__atomic_store_n((int *)user, 1, __ATOMIC_RELAXED);
}

/* An interrupt is no mistake of the data: no diagnostic. */
START_TEST(interrupted_while_reading)
{
	Bed bed;
	int stop = 0;
	care_begin(&bed, CARE RULE_W, "insert into clients values ('C1', null)");
	many_rows(bed.path, 99000);
	bed.options.progress = stop_now;
	bed.options.user = &stop;
	bed.options.stop = &stop;
	bed_read(&bed);
	ck_assert_int_eq(bed.status, STATUS_INTERRUPTED);
	ck_assert_uint_eq(bed.diags.list.n, 0);
	bed_end(&bed);
}
END_TEST

/* ---- order, threads, partitions ---- */

/* Keys in a pattern are held as numbers, others as texts: both ways must agree. */
typedef enum KeyForm { KEY_PATTERN, KEY_GUID, KEY_INTEGER, KEY_FORMS } KeyForm;

/*
 * GUIDs are made from the number by a generator of its own, so they come in no
 * order.
 */
static void key_print(char out[64], KeyForm form, char letter, int n)
{
	Random random = {(uint64_t)n * 977 + (uint64_t)letter};
	if (form == KEY_PATTERN)
		snprintf(out, 64, "'%c%06d'", letter, n);
	else if (form == KEY_GUID)
		snprintf(out, 64, "'%08x-%04x-%04x-aaaa-%012llx'", (unsigned)random_below(&random, 1u << 31),
			(unsigned)random_below(&random, 65536), (unsigned)letter, (unsigned long long)n);
	else
		snprintf(out, 64, "%d", n);
}

/* A seed of 0 leaves the order as it is. */
static void shuffle(int *at, int n, uint64_t seed)
{
	Random random = {seed};
	for (int i = 0; i < n; i++)
		at[i] = i;
	for (int i = n - 1; i > 0 && seed != 0; i--) {
		int k = (int)random_below(&random, (uint64_t)i + 1), moved = at[i];
		at[i] = at[k];
		at[k] = moved;
	}
}

#define VISITS 900
#define CLIENTS 37

/* Twenty-five days of visits, every fifth with two carers whose logs begin at one second. */
static void put_visit(Buf *sql, KeyForm form, int i)
{
	char visit[64], client[64];
	key_print(visit, form, 'V', i);
	key_print(client, form, 'C', i % 50 == 7 ? 999 : i % CLIENTS);
	buf_printf(sql, "insert into visits values (%s, %s, '2025-06-%02d', '%02d:00', %d, %d);\n",
		visit, i % 91 == 5 ? "null" : client, 1 + i / CLIENTS, 7 + i % 3 * 4, i % 5 == 0 ? 2 : 1,
		i % 77 == 3 ? 2000000000 : 30 + i % 4);
}

/* Two logs for each visit, whether one carer was to come or two. */
static void put_log(Buf *sql, KeyForm form, int i)
{
	char log[64], client[64], carer[64];
	int visit = i / 2;
	key_print(log, form, 'L', (i * 7919) % 2000);
	key_print(client, form, 'C', visit % CLIENTS);
	key_print(carer, form, 'K', i % 11);
	buf_printf(sql, "insert into logs values (%s, %s, %s, '2025-06-%02d %02d:0%d:00', "
		"'2025-06-%02d %02d:30:00');\n", log, client, carer, 1 + visit / CLIENTS, 7 + visit % 3 * 4,
		visit % 5 == 0 ? 2 : i % 10, 1 + visit / CLIENTS, 7 + visit % 3 * 4);
}

/* The seed changes the order of rows alone, never what they say. */
static void fill_care(const char *path, KeyForm form, uint64_t seed)
{
	Buf sql = {0};
	int order[2 * VISITS];
	char key[64], buddy[64];
	buf_puts(&sql, "begin;\n");
	shuffle(order, CLIENTS, seed);
	for (int i = 0; i < CLIENTS; i++) {
		key_print(key, form, 'C', order[i]);
		key_print(buddy, form, 'C', (order[i] * 5 + 1) % CLIENTS);
		buf_printf(&sql, "insert into clients values (%s, %s);\n", key, buddy);
	}
	for (int i = 0; i < 11; i++) {
		key_print(key, form, 'K', i);
		buf_printf(&sql, "insert into carers values (%s);\n", key);
	}
	shuffle(order, VISITS, seed);
	for (int i = 0; i < VISITS; i++)
		put_visit(&sql, form, order[i]);
	shuffle(order, 2 * VISITS, seed == 0 ? 0 : seed + 1);
	for (int i = 0; i < 2 * VISITS; i++)
		put_log(&sql, form, order[i]);
	buf_puts(&sql, "commit;");
	sql_at(path, sql.at);
	buf_free(&sql);
}

/* Everything that a reading gives, as text, for one comparison. */
typedef struct Outcome {
	char *dump, *rejected;
	uint8_t digest[32];
} Outcome;

/* One reading from begin to end. */
static Outcome outcome_of(Bed *bed)
{
	Outcome out;
	bed_read(bed);
	check_ok(bed);
	data_digest(bed->data, out.digest);
	out.dump = dump(bed, 0);
	out.rejected = rejected_text(bed);
	check_ok(bed);
	bed_again(bed);
	return out;
}

static void outcome_free(Outcome *outcome)
{
	free(outcome->dump);
	free(outcome->rejected);
}

/* The digest first: it says at once whether the values or the stores differ. */
static void check_same(const Outcome *a, const Outcome *b)
{
	ck_assert_mem_eq(a->digest, b->digest, 32);
	ck_assert_str_eq(a->rejected, b->rejected);
	ck_assert_str_eq(a->dump, b->dump);
}

/*
 * Threads, sizes of partitions, whole tables and the order of rows in the file:
 * seven ways, one result, one digest (law 8).
 */
static void check_invariant(const char *rules, KeyForm form)
{
	static const struct { int threads; int32_t rows; int64_t whole; uint64_t seed; } way[] = {
		{1, 100, 100, 0}, {2, 100, 100, 0}, {3, 64, 100, 0}, {1, 1000, 100, 0}, {1, 0, 100, 7},
		{2, 100, 100, 7}, {3, 30, 100, 8},
	};
	Outcome first = {NULL, NULL, {0}};
	for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
		Bed bed;
		care_begin(&bed, rules, "select 1");
		fill_care(bed.path, form, way[i].seed);
		bed.options.threads = way[i].threads;
		bed.options.partition_rows = way[i].rows;
		bed.options.whole_rows = way[i].whole;
		Outcome got = outcome_of(&bed);
		if (i == 0)
			first = got;
		else
			check_same(&first, &got);
		if (i != 0)
			outcome_free(&got);
		bed_end(&bed);
	}
	outcome_free(&first);
}

/*
 * Would catch a partition that cuts a client's rows in two, and a merge in the
 * order of arrival.
 */
START_TEST(nothing_depends_on_order_threads_or_partitions)
{
	for (int form = 0; form < KEY_FORMS; form++)
		check_invariant(CARE RULE_V RULE_C RULE_P RULE_W, (KeyForm)form);
}
END_TEST

/* Whole and partitioned tables give the same rows, lists and matches. */
START_TEST(whole_or_partitioned)
{
	Bed bed;
	care_begin(&bed, CARE RULE_V, "select 1");
	fill_care(bed.path, KEY_GUID, 3);
	bed.options.whole_rows = 100;
	bed.options.partition_rows = 50;
	Outcome parts = outcome_of(&bed);
	bed.options.whole_rows = 100000;
	Outcome whole = outcome_of(&bed);
	check_same(&parts, &whole);
	ck_assert_ptr_nonnull(strstr(parts.dump, "declared=120000000000"));
	outcome_free(&parts);
	outcome_free(&whole);
	bed_end(&bed);
}
END_TEST

/*
 * A run's id holds the digest of its data: a change that it does not see would
 * be taken for the same run and not be audited again.
 */
START_TEST(the_digest_sees_every_value)
{
	Bed bed;
	care_begin(&bed, CARE RULE_V, "select 1");
	fill_care(bed.path, KEY_PATTERN, 0);
	Outcome before = outcome_of(&bed);
	static const char *const change[] = {"update visits set declared = 31 where rowid = 17",
		"update visits set start = null where rowid = 17",
		"update logs set log_ref = 'X' where rowid = 5", "delete from logs where rowid = 9",
		"update visits set date = '2025-06-31' where rowid = 17"};
	for (size_t i = 0; i < sizeof change / sizeof *change; i++) {
		sql_at(bed.path, change[i]);
		Outcome after = outcome_of(&bed);
		ck_assert_msg(memcmp(before.digest, after.digest, 32) != 0, "%s", change[i]);
		outcome_free(&before);
		before = after;
	}
	outcome_free(&before);
	bed_end(&bed);
}
END_TEST

/* ---- passes ---- */

/* Which pass a rule was planned into, by its name. */
static int32_t pass_of(const Bed *bed, const char *rule)
{
	for (int32_t pass = 0; pass < data_passes(bed->data); pass++) {
		int32_t n;
		const int32_t *rules = data_rules(bed->data, pass, 0, &n);
		for (int32_t i = 0; i < n; i++)
			if (str_eq(bed->fixture.book->rule[rules[i]].decl.name, str_of(rule)))
				return pass;
	}
	ck_abort_msg("%s is in no pass", rule);
	return -1;
}

/*
 * Each pass reads the large tables again, so rules that can go together must;
 * those that would need another partition must not be put with them.
 */
START_TEST(rules_of_one_key_share_a_pass)
{
	Bed bed;
	care_begin(&bed, CARE RULE_V RULE_C RULE_P RULE_W
		"rule A1 \"All logs\"\n  for each visit\n  on visit.date\n"
		"  require count(log where log.check_in is known) >= 1\n"
		"rule B1 \"Carers alone\"\n  for each carer\n  on 1 June 2025\n"
		"  require carer.carer_ref is known\n", "select 1");
	fill_care(bed.path, KEY_PATTERN, 0);
	bed.options.whole_rows = 100;
	bed.options.partition_rows = 100;
	bed_read(&bed);
	check_ok(&bed);
	ck_assert_int_eq(pass_of(&bed, "V1"), pass_of(&bed, "W1"));
	ck_assert_int_eq(pass_of(&bed, "V1"), pass_of(&bed, "P1"));
	ck_assert_int_ne(pass_of(&bed, "V1"), pass_of(&bed, "C1"));
	ck_assert_int_ne(pass_of(&bed, "A1"), pass_of(&bed, "V1"));
	ck_assert_int_gt(data_parts(bed.data, pass_of(&bed, "V1")), 8);
	ck_assert_int_gt(data_parts(bed.data, pass_of(&bed, "C1")), 8);
	ck_assert_int_eq(data_parts(bed.data, pass_of(&bed, "A1")), 1);
	ck_assert_int_eq(data_parts(bed.data, pass_of(&bed, "B1")), 1);
	bed_end(&bed);
}
END_TEST

/* Every client is judged in one partition, the one that has its visits. */
START_TEST(whole_subjects_have_one_home)
{
	Bed bed;
	care_begin(&bed, CARE RULE_P, "select 1");
	fill_care(bed.path, KEY_PATTERN, 0);
	bed.options.whole_rows = 100;
	bed.options.partition_rows = 100;
	bed_read(&bed);
	check_ok(&bed);
	ck_assert_int_gt(data_parts(bed.data, 0), 4);
	char *got = dump(&bed, 0);
	int lines = 0;
	for (char *line = got; *line != '\0'; line = strchr(line, '\n') + 1)
		lines++;
	ck_assert_int_eq(lines, CLIENTS);
	ck_assert_ptr_nonnull(strstr(got, "client C000001: buddy=C000006 back=[V000001 V000038"));
	free(got);
	bed_end(&bed);
}
END_TEST

/* ---- several workers ---- */

/* One thread and the lines that it found; jobs are dealt out in turn. */
typedef struct Crew {
	Bed *bed;
	DataWorker *worker;
	int32_t number, of;
	Lines lines;
	Status status;
} Crew;

/* Workers share the data and nothing else; each keeps its own lines. */
static void *crew_main(void *user)
{
	Crew *crew = user;
	const Data *data = crew->bed->data;
	int32_t job = 0, n;
	Arena arena = {0};
	Diags diags;
	diags_init(&diags, &arena, &crew->bed->fixture.comp.sources);
	for (int32_t pass = 0; pass < data_passes(data); pass++) {
		const int32_t *rules = data_rules(data, pass, 0, &n);
		for (int32_t part = 0; part < data_parts(data, pass); part++) {
			if (job++ % crew->of != crew->number || crew->status != STATUS_OK)
				continue;
			crew->status = data_part(crew->bed->data, crew->worker, pass, part, &diags);
			add_lines(data_store(crew->worker, 0), rules, n, true, &crew->lines);
		}
	}
	arena_free(&arena);
	return NULL;
}

/* Counts only: which worker does what is not fixed. */
static size_t lines_of_crew(Bed *bed, int32_t of)
{
	Crew crew[4] = {{0}};
	pthread_t thread[4];
	size_t lines = 0;
	bed_read(bed);
	check_ok(bed);
	for (int32_t i = 0; i < of; i++) {
		crew[i] = (Crew){.bed = bed, .number = i, .of = of};
		ck_assert_int_eq(data_worker(bed->data, &crew[i].worker, &bed->diags), STATUS_OK);
		ck_assert_int_eq(pthread_create(&thread[i], NULL, crew_main, &crew[i]), 0);
	}
	for (int32_t i = 0; i < of; i++) {
		pthread_join(thread[i], NULL);
		ck_assert_int_eq(crew[i].status, STATUS_OK);
		lines += crew[i].lines.n;
		for (size_t k = 0; k < crew[i].lines.n; k++)
			free(crew[i].lines.at[k]);
		vec_free(&crew[i].lines);
		data_worker_free(crew[i].worker);
	}
	bed_again(bed);
	return lines;
}

/* More workers than connections for reading, too. */
START_TEST(workers_side_by_side)
{
	for (int form = 0; form < KEY_FORMS; form++) {
		Bed bed;
		care_begin(&bed, CARE RULE_V RULE_C RULE_P RULE_W, "select 1");
		fill_care(bed.path, (KeyForm)form, 5);
		bed.options.whole_rows = 100;
		bed.options.partition_rows = 50;
		bed.options.threads = 2;
		ck_assert_uint_eq(lines_of_crew(&bed, 3), VISITS + 2 * VISITS + CLIENTS);
		bed_end(&bed);
	}
}
END_TEST

/* Two books over the same tables read them once, each with its own codes. */
START_TEST(two_books_share_what_is_read)
{
	Bed bed;
	Fixture other;
	care_begin(&bed, CARE RULE_V RULE_C, "select 1");
	fixture_open(&other, CARE RULE_V RULE_P);
	fill_care(bed.path, KEY_PATTERN, 0);
	bed.book[1] = other.book;
	bed.options.nbooks = 2;
	bed.options.whole_rows = 100;
	bed.options.partition_rows = 100;
	bed_read(&bed);
	check_ok(&bed);
	ck_assert_int_eq(count_of(&bed, "visit")->read, VISITS);
	int32_t n;
	data_counts(bed.data, &n);
	ck_assert_int_eq(n, 4);
	for (int32_t part = 0; part < data_parts(bed.data, 0); part++) {
		ck_assert_int_eq(data_part(bed.data, bed.worker, 0, part, &bed.diags), STATUS_OK);
		const Store *a = data_store(bed.worker, 0), *b = data_store(bed.worker, 1);
		int32_t d = dataset_of(a->book, "visit");
		ck_assert_ptr_eq(a->table[d]->column[2].at, b->table[d]->column[2].at);
		ck_assert_ptr_ne(a->table[d], b->table[d]);
		ck_assert_int_eq(a->table[d]->rows, b->table[d]->rows);
	}
	bed_end(&bed);
	fixture_close(&other);
}
END_TEST

Suite *data_suite(void)
{
	Suite *suite = suite_create("data");
	TCase *tests = tcase_create("data");
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, cells_of_every_kind);
	tcase_add_test(tests, money_is_exact);
	tcase_add_test(tests, a_column_of_another_type);
	tcase_add_test(tests, visits_and_their_logs);
	tcase_add_test(tests, tables_that_no_rule_reaches_are_not_touched);
	tcase_add_test(tests, orphans_and_links_in_a_circle);
	tcase_add_test(tests, clocks_go_back_and_forward);
	tcase_add_test(tests, clock_events_are_counted);
	tcase_add_test(tests, rows_without_a_key_leave);
	tcase_add_test(tests, rows_that_share_a_key_leave);
	tcase_add_test(tests, keys_of_two_columns);
	tcase_add_test(tests, row_numbers_from_end_to_end);
	tcase_add_test(tests, tables_and_columns_that_are_not_there);
	tcase_add_test(tests, names_that_need_quotes);
	tcase_add_test(tests, columns_that_were_added_later);
	tcase_add_test(tests, files_that_are_no_databases);
	tcase_add_test(tests, a_copy_that_was_cut_off);
	tcase_add_test(tests, a_damaged_page);
	tcase_add_test(tests, a_locked_database);
	tcase_add_test(tests, one_snapshot);
	tcase_add_test(tests, memory_is_refused_beforehand);
	tcase_add_test(tests, interrupted_while_reading);
	tcase_add_test(tests, nothing_depends_on_order_threads_or_partitions);
	tcase_add_test(tests, whole_or_partitioned);
	tcase_add_test(tests, the_digest_sees_every_value);
	tcase_add_test(tests, rules_of_one_key_share_a_pass);
	tcase_add_test(tests, whole_subjects_have_one_home);
	tcase_add_test(tests, workers_side_by_side);
	tcase_add_test(tests, two_books_share_what_is_read);
	suite_add_tcase(suite, tests);
	return suite;
}
