/*
 * Which rows of a table are there in an audit: those of the dataset (`where`), of these the ones that
 * were known (S10), and of those with one key the newest (S59), however a table and its keys are
 * kept; and where links lead that go by several columns, or by a day.
 *
 *   random rows ──> A: all of them, known on D         ─┐
 *               ──> B: the later ones deleted          ─┼─> the same findings, to the letter
 *               ──> C: what a plain loop says is left  ─┘
 *
 * The one rule fails for every row and tells all of it in its message, so that findings are rows.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/civil.h"
#include "interp/run.h"
#include "tests/unit/random.h"
#include "tests/unit/support.h"

Suite *known_suite(void);

#define RULES(clients, client_kind, visits, visit_kind)                                           \
	"contract test/book\n"                                                                        \
	"  title \"T\"\n"                                                                             \
	"  council \"C\"\n"                                                                           \
	"  version \"1\"\n"                                                                           \
	"  in force from 1 January 2020\n"                                                            \
	"\n"                                                                                          \
	"dataset client from clients\n"                                                               \
	"  key ref\n"                                                                                 \
	clients                                                                                       \
	"  known from entered\n"                                                                      \
	"  ref     : text\n"                                                                          \
	"  name    : text\n"                                                                          \
	"  buddy   : client from buddy_ref\n"                                                         \
	"  entered : date\n"                                                                          \
	client_kind                                                                                   \
	"\n"                                                                                          \
	"dataset visit from visits\n"                                                                 \
	"  key ref\n"                                                                                 \
	visits                                                                                        \
	"  newest by amended\n"                                                                       \
	"  known from entered\n"                                                                      \
	"  ref     : text\n"                                                                          \
	"  client  : client from client_ref which has visits\n"                                       \
	"  date    : date\n"                                                                          \
	"  minutes : count\n"                                                                         \
	"  amended : moment\n"                                                                        \
	"  entered : moment\n"                                                                        \
	visit_kind                                                                                    \
	"\n"                                                                                          \
	"rule A \"Tells the row\"\n"                                                                  \
	"  for each visit\n"                                                                          \
	"  on visit.date\n"                                                                           \
	"  require visit.minutes < 0\n"                                                               \
	"  otherwise \"{visit.minutes} for {visit.client.name}\"\n"                                   \
	"  at stake £1.00 * visit.minutes\n"                                                          \
	"\n"                                                                                          \
	"rule B \"Tells the client\"\n"                                                               \
	"  for each client\n"                                                                         \
	"  on 1 June 2025\n"                                                                          \
	"  require total(visit.minutes for visit in client.visits) < 0\n"                             \
	"  otherwise \"{client.buddy.name}: {total(visit.minutes for visit in client.visits)}\"\n"

/* A table of entries of one kind, and the same among entries of other kinds. */
static const char rules[] = RULES("", "", "", "");
static const char kinds[] = RULES("  where client.kind = \"person\"\n", "  kind : text\n",
	"  where visit.kind is visit\n", "  kind : one of (visit, other)\n");

/* How a table and its keys are kept. */
typedef enum Keeping {
	PATTERNS,       /* V007 */
	SHAPES,         /* a GUID */
	WORDS,          /* anything: kept by rowid */
	NO_ROWIDS,      /* V007 in a table without rowids, whose own key is another */
	A_VIEW,         /* words in a view */
	FORMS
} Keeping;

#define ROWS 60
#define KEYS 22
#define CLIENTS 7
#define DAY 20254 /* 15 June 2025: summer time */

/* Of the last two nobody knows what they are. */
static const char *const kind_sql[] = {"'visit'", "'other'", "null", "'odd'"};
enum { VISIT, OTHER, NO_KIND, KINDS = 4 };

#define FIRM 2 /* a client that is none */

typedef struct Visit {
	int key, client, minutes; /* client == CLIENTS: a key that no client has */
	int kind;
	int64_t amended, entered; /* INT64_MIN: missing */
} Visit;

typedef struct World {
	Random random;
	Keeping form;
	Visit visit[ROWS];
	int32_t client_entered[CLIENTS]; /* NO_DAY: missing */
	char folder[32], data[64], case_file[64];
	Fixture fixture;
} World;

/* A rulebook and a folder for the databases, which are written anew in each round. */
static void world_of(World *world, uint64_t seed, Keeping form, const char *text)
{
	*world = (World){.random = {seed}, .form = form, .folder = "/tmp/vouch-known-XXXXXX"};
	ck_assert_ptr_nonnull(mkdtemp(world->folder));
	snprintf(world->data, sizeof world->data, "%s/data.db", world->folder);
	snprintf(world->case_file, sizeof world->case_file, "%s/case.db", world->folder);
	fixture_open(&world->fixture, text);
}

static void world_begin(World *world, uint64_t seed, Keeping form)
{
	world_of(world, seed, form, rules);
}

/* Journals and temporary files would be found here. */
static void world_end(World *world)
{
	unlink(world->data);
	ck_assert_int_eq(rmdir(world->folder), 0);
	fixture_close(&world->fixture);
}

static int64_t midnight(int32_t day)
{
	ClockFold fold;
	return moment_of(day, 0, &fold);
}

/* Most often a second on this or that side of the midnight that matters. */
static int64_t some_moment(Random *random)
{
	int64_t last = midnight(DAY + 1);
	switch (random_below(random, 6)) {
	case 0: return last - 1;
	case 1: return last;
	case 2: return last + 1;
	case 3: return INT64_MIN;
	default: return last + ((int64_t)random_below(random, 9) - 4) * 3600;
	}
}

/* Few keys for many rows, so that most keys have several; each row has a length of its own, which
 * tells it from all others in a message. */
static void make_world(World *world)
{
	Random *random = &world->random;
	for (int i = 0; i < ROWS; i++) {
		int64_t amended = some_moment(random);
		world->visit[i] = (Visit){(int)random_below(random, KEYS),
			(int)random_below(random, CLIENTS + 1), i + 1,
			random_below(random, 2) == 0 ? VISIT : (int)random_below(random, KINDS), amended,
			random_below(random, 3) == 0 ? some_moment(random) : amended};
	}
	for (int i = 0; i < CLIENTS; i++)
		world->client_entered[i] = random_below(random, 4) == 0 ? NO_DAY
			: DAY - 1 + (int32_t)random_below(random, 3);
}

/* S10, as one would say it: before the midnight that ends the day. */
static bool visit_known(const Visit *visit)
{
	return visit->entered == INT64_MIN || visit->entered < midnight(DAY + 1);
}

static bool client_known(const World *world, int client)
{
	return world->client_entered[client] == NO_DAY || world->client_entered[client] <= DAY;
}

/* ---- the database */

/* What the keys look like decides how the data layer keeps them. */
static void put_key(Buf *buf, const World *world, int key)
{
	unsigned hash = (unsigned)key * 2654435761u;
	if (world->form == PATTERNS || world->form == NO_ROWIDS)
		buf_printf(buf, "V%03d", key);
	else if (world->form == SHAPES)
		buf_printf(buf, "%08x-%04x-4000-8000-%012x", hash, (unsigned)key * 77, hash ^ 0x5555u);
	else
		buf_printf(buf, "%c%c visit %c", 'a' + (int)(hash % 26), 'a' + key, 'a' + key % 5);
}

static void put_moment(Buf *buf, int64_t moment)
{
	if (moment == INT64_MIN) {
		buf_puts(buf, "null");
		return;
	}
	buf_puts(buf, "'");
	moment_print_iso(buf, moment);
	buf_puts(buf, "'");
}

static void put_visit(Buf *sql, const World *world, int i)
{
	const Visit *visit = &world->visit[i];
	buf_printf(sql, "insert into rows values(%d, '", i);
	put_key(sql, world, visit->key);
	buf_printf(sql, "', 'C%d', '2025-06-01', %d, ", visit->client, visit->minutes);
	put_moment(sql, visit->amended);
	buf_puts(sql, ", ");
	put_moment(sql, visit->entered);
	buf_printf(sql, ", %s);\n", kind_sql[visit->kind]);
}

static void put_client(Buf *sql, const World *world, int i)
{
	buf_printf(sql, "insert into clients values('C%d', '%s', 'client %d', 'C%d', ", i,
		i == FIRM ? "firm" : "person", i, (i * 3 + 1) % (CLIENTS + 1));
	if (world->client_entered[i] == NO_DAY) {
		buf_puts(sql, "null);\n");
		return;
	}
	buf_puts(sql, "'");
	day_print_iso(sql, world->client_entered[i]);
	buf_puts(sql, "');\n");
}

/* `all`: also what is not known on the day. Rows come in an order of their own each time. */
static void write_data(World *world, bool all)
{
	Buf sql = {0};
	sqlite3 *db;
	char *error = NULL;
	int start = (int)random_below(&world->random, ROWS);
	bool view = world->form == A_VIEW;
	unlink(world->data);
	buf_puts(&sql, "pragma synchronous = off; begin;\n");
	buf_puts(&sql, "create table clients(ref, kind, name, buddy_ref, entered);\n");
	buf_printf(&sql, "create table rows(n integer%s, ref, client_ref, date, minutes, amended,"
		" entered, kind)%s;\n", world->form == NO_ROWIDS ? " primary key" : "",
		world->form == NO_ROWIDS ? " without rowid" : "");
	for (int k = 0; k < ROWS; k++) {
		int i = (start + k * 7) % ROWS;
		if (all || visit_known(&world->visit[i]))
			put_visit(&sql, world, i);
	}
	for (int i = 0; i < CLIENTS; i++)
		if (all || client_known(world, i))
			put_client(&sql, world, i);
	buf_puts(&sql, view ? "create view visits as select * from rows;"
		: "alter table rows rename to visits;");
	buf_puts(&sql, "commit;");
	ck_assert_int_eq(sqlite3_open(world->data, &db), SQLITE_OK);
	sqlite3_exec(db, sql.at, NULL, NULL, &error);
	ck_assert_msg(error == NULL, "%s", error);
	sqlite3_close(db);
	buf_free(&sql);
}

/* ---- an audit of it */

/* Each row of a query as a line of texts. */
static char *query(const char *path, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt = NULL;
	Buf out = {0};
	ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			buf_printf(&out, "%s%s", i > 0 ? "|" : "", sqlite3_column_text(stmt, i) == NULL ? ""
				: (const char *)sqlite3_column_text(stmt, i));
		buf_puts(&out, "\n");
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	buf_puts(&out, "");
	return out.at != NULL ? out.at : calloc(1, 1);
}

/* The case file stays until the next one. large: every table in small partitions, two threads. */
static void audit(World *world, int32_t known_on, bool large)
{
	RunResult result;
	const Rulebook *book = world->fixture.book;
	Diags *diags = &world->fixture.comp.diags;
	RunOptions options = {.data_path = world->data, .case_path = world->case_file, .book = &book,
		.nbooks = 1, .law = {.known_on = known_on, .from = DAY - 100, .to = DAY + 100},
		.threads = large ? 2 : 1, .partition_rows = large ? 4 : 0, .whole_rows = large ? 1 : 0};
	unlink(world->case_file);
	Status status = run_audit(&options, diags, &result);
	Buf buf = {0};
	diags_print(diags, &buf, false);
	ck_assert_msg(status == STATUS_OK, "%s", buf.at != NULL ? buf.at : "");
	buf_free(&buf);
}

static const char findings_sql[] = "select rule, subject_key, message, at_stake_exact, content from"
	" finding order by rule, subject_key";

/* The hash of what was found is among the columns, so that evidence has to be the same too. */
static char *findings_of(World *world, int32_t known_on, bool large)
{
	audit(world, known_on, large);
	char *found = query(world->case_file, findings_sql);
	unlink(world->case_file);
	return found;
}

/* ---- what a plain loop makes of it */

static bool visit_there(const Visit *visit)
{
	return visit->kind == VISIT && visit_known(visit);
}

/* The row of the key that holds; -1: none does, or nobody can tell. */
static int newest(const World *world, int key)
{
	int best = -1, equal = 0;
	for (int i = 0, n = 0; i < ROWS; i++) {
		const Visit *visit = &world->visit[i];
		if (visit->key != key || !visit_there(visit))
			continue;
		for (int k = 0; k < ROWS; k++)
			n += k != i && world->visit[k].key == key && visit_there(&world->visit[k]);
		if (visit->amended == INT64_MIN && n > 0)
			return -1;
		if (best < 0 || visit->amended > world->visit[best].amended) {
			best = i;
			equal = 0;
		} else if (visit->amended == world->visit[best].amended) {
			equal = 1;
		}
		n = 0;
	}
	return equal ? -1 : best;
}

/* By key, since keys are told in no order that this loop knows. */
static void check_model(const World *world, const char *found)
{
	int lines = 0, expected = 0;
	for (const char *at = found; *at != '\0' && *at == 'A'; at = strchr(at, '\n') + 1)
		lines++;
	for (int key = 0; key < KEYS; key++) {
		int row = newest(world, key);
		Buf line = {0};
		if (row < 0)
			continue;
		const Visit *visit = &world->visit[row];
		bool there = visit->client < CLIENTS && visit->client != FIRM &&
			client_known(world, visit->client);
		expected++;
		buf_puts(&line, "A|");
		put_key(&line, world, visit->key);
		buf_printf(&line, "|%d for ", visit->minutes);
		buf_printf(&line, there ? "client %d|" : "unknown|", visit->client);
		ck_assert_msg(strstr(found, line.at) != NULL, "no %s in\n%s", line.at, found);
		buf_free(&line);
	}
	ck_assert_int_eq(lines, expected);
}

/* Law 5, with rows that left for these reasons. */
static void check_counts(World *world)
{
	char *counts = query(world->case_file, "select count(*) from dataset_result where rows_read <>"
		" rows_judged + rows_rejected + rows_superseded + rows_not_known + rows_left_out");
	ck_assert_str_eq(counts, "0\n");
	free(counts);
	counts = query(world->case_file, "select d.dataset from dataset_result d where rows_rejected <>"
		" (select count(*) from rejected r where r.dataset = d.dataset and whole_row)");
	ck_assert_str_eq(counts, "");
	free(counts);
	counts = query(world->case_file, "select rows_left_out || ' ' || rows_not_known from"
		" dataset_result where dataset = 'visit'");
	int out = 0, late = 0;
	for (int i = 0; i < ROWS; i++) {
		out += world->visit[i].kind == OTHER;
		late += world->visit[i].kind != OTHER && !visit_known(&world->visit[i]);
	}
	char expected[40];
	snprintf(expected, sizeof expected, "%d %d\n", out, late);
	ck_assert_str_eq(counts, expected);
	free(counts);
	counts = query(world->case_file, "select distinct value from rejected where reason ="
		" 'no client has this key'");
	ck_assert_msg(strcmp(counts, "C7\n") == 0 || strcmp(counts, "") == 0, "orphans: %s", counts);
	free(counts);
}

/* What is known on a day is what a database has from which all that came later was deleted: whole
 * and in partitions, and that day's knowledge of that database is all of it. */
START_TEST(knowledge_splits_as_rows_do)
{
	World world;
	world_of(&world, 1000 + (uint64_t)_i, (Keeping)(_i % FORMS), kinds);
	for (int round = 0; round < 4; round++) {
		make_world(&world);
		write_data(&world, true);
		audit(&world, DAY, false);
		char *whole = query(world.case_file, findings_sql);
		check_model(&world, whole);
		check_counts(&world);
		audit(&world, DAY, true);
		char *parts = query(world.case_file, findings_sql);
		ck_assert_str_eq(parts, whole);
		check_counts(&world);
		write_data(&world, false);
		char *deleted = findings_of(&world, LAST_DAY, false);
		ck_assert_str_eq(deleted, whole);
		free(deleted);
		deleted = findings_of(&world, LAST_DAY, true);
		ck_assert_str_eq(deleted, whole);
		free(deleted);
		deleted = findings_of(&world, DAY, true);
		ck_assert_str_eq(deleted, whole);
		free(deleted);
		free(whole);
		free(parts);
	}
	world_end(&world);
}
END_TEST

/* ---- by hand */

/* In place of the random ones. */
static void write_sql(World *world, const char *sql)
{
	sqlite3 *db;
	char *error = NULL;
	unlink(world->data);
	ck_assert_int_eq(sqlite3_open(world->data, &db), SQLITE_OK);
	sqlite3_exec(db, sql, NULL, NULL, &error);
	ck_assert_msg(error == NULL, "%s", error);
	sqlite3_close(db);
}

#define TABLES                                                                                    \
	"pragma synchronous = off; create table clients(ref, name, buddy_ref, entered);"               \
	" insert into clients values('C1', 'one', null, null);"                                        \
	" create table visits(ref, client_ref, date, minutes, amended, entered);"                      \
	" insert into visits values "

static void check_query(World *world, const char *sql, const char *expected)
{
	char *got = query(world->case_file, sql);
	ck_assert_str_eq(got, expected);
	free(got);
}

static const char counts_sql[] = "select rows_read, rows_judged, rows_rejected, rows_superseded,"
	" rows_not_known, values_rejected from dataset_result where dataset = 'visit'";
static const char reasons_sql[] = "select source_key, \"column\", reason from rejected order by"
	" 1, 3";

/* The greatest holds; rows older than two that are equal are superseded; where one does not say how
 * new it is, none holds. */
START_TEST(s59_newest_equal_and_missing)
{
	World world;
	world_begin(&world, 1, PATTERNS);
	write_sql(&world, TABLES
		"('V1', 'C1', '2025-06-01', 1, '2025-06-02 10:00', null),"
		"('V1', 'C1', '2025-06-01', 2, '2025-06-02 10:00:01', null),"
		"('V2', 'C1', '2025-06-01', 3, '2025-06-02 10:00', null),"
		"('V2', 'C1', '2025-06-01', 4, '2025-06-02 10:00', null),"
		"('V2', 'C1', '2025-06-01', 5, '2025-06-02 09:00', null),"
		"('V3', 'C1', '2025-06-01', 6, '2025-06-02 10:00', null),"
		"('V3', 'C1', '2025-06-01', 7, 'yesterday', null),"
		"('V4', 'C1', '2025-06-01', 8, null, null),"
		"(' V5', 'C1', '2025-06-01', 9, '2025-06-02T10:00:00+01:00', null),"
		"('V5', 'C1', '2025-06-01', 10, '2025-06-02 10:00', null);");
	for (int large = 0; large < 2; large++) {
		audit(&world, LAST_DAY, large == 1);
		check_query(&world, counts_sql, "10|2|6|2|0|1\n");
		check_query(&world, "select subject_key, at_stake_exact from finding where rule = 'A' order by"
			" 1", "V1|2\nV4|8\n");
		check_query(&world, reasons_sql,
			"V2|ref|another row has the same key and the same `amended`\n"
			"V2|ref|another row has the same key and the same `amended`\n"
			"V3|ref|another row has the same key, and `amended` is not known in one of them\n"
			"V3|ref|another row has the same key, and `amended` is not known in one of them\n"
			"V3|amended|not a moment; a moment is written 2025-09-01 08:00:00\n"
			"V5|ref|another row has the same key and the same `amended`\n"
			"V5|ref|another row has the same key and the same `amended`\n");
		unlink(world.case_file);
	}
	world_end(&world);
}
END_TEST

/* The end of the day is London's, in summer and in winter; nothing is told of what is not there. */
START_TEST(s10_the_end_of_the_day)
{
	static const struct { const char *entered; int32_t day; bool known; } at[] = {
		{"2025-06-15 23:59:59", DAY, true}, {"2025-06-16 00:00", DAY, false},
		{"2025-06-15T22:59:59Z", DAY, true}, {"2025-06-15T23:00:00Z", DAY, false},
		{"2025-01-15T23:59:59Z", DAY - 151, true}, {"2025-01-16T00:00:00Z", DAY - 151, false},
		/* 26 October: the clocks go back, so 22:59:59 BST never comes; the day ends at 24:00 GMT */
		{"2025-10-26T23:59:59Z", DAY + 133, true}, {"2025-10-27T00:00:00Z", DAY + 133, false},
	};
	World world;
	world_begin(&world, 1, PATTERNS);
	for (size_t i = 0; i < 2 * sizeof at / sizeof *at; i++) {
		char sql[600];
		snprintf(sql, sizeof sql, TABLES "('V1', 'C9', '2025-06-01', 'many', null, '%s'),"
			"(null, 'C1', '2025-06-01', 2, null, '%s');", at[i / 2].entered, at[i / 2].entered);
		write_sql(&world, sql);
		audit(&world, at[i / 2].day, i % 2 == 1);
		check_query(&world, counts_sql, at[i / 2].known ? "2|1|1|0|0|1\n" : "2|0|0|0|2|0\n");
		check_query(&world, "select count(*) from rejected", at[i / 2].known ? "3\n" : "0\n");
		unlink(world.case_file);
	}
	world_end(&world);
}
END_TEST

/* What cannot be read says nothing: the row was always known. It is listed once, as others are. */
START_TEST(s10_a_day_that_cannot_be_read)
{
	World world;
	world_begin(&world, 1, PATTERNS);
	write_sql(&world, TABLES "('V1', 'C1', '2025-06-01', 1, null, 'soon'),"
		"('V2', 'C1', '2025-06-01', 2, null, ''), ('V3', 'C1', '2025-06-01', 3, null, 7);");
	for (int large = 0; large < 2; large++) {
		audit(&world, DAY, large == 1);
		check_query(&world, counts_sql, "3|3|0|0|0|2\n");
		check_query(&world, "select source_key, \"column\" from rejected order by 1",
			"V1|entered\nV3|entered\n");
		unlink(world.case_file);
	}
	world_end(&world);
}
END_TEST

/* Which stays are in may hang on when they ended. */
START_TEST(where_may_ask_for_a_span)
{
	World world;
	world_of(&world, 1, PATTERNS,
		"contract test/book\n  title \"T\"\n  council \"C\"\n  version \"1\"\n"
		"  in force from 1 January 2020\n"
		"dataset visit from stays\n"
		"  key ref\n"
		"  lasts began to ended\n"
		"  where 1 June 2025 is within visit.span\n"
		"  ref   : text\n"
		"  began : date\n"
		"  ended : date\n"
		"rule A \"Told\"\n  for each visit\n  on visit.began\n  require visit.ref is missing\n");
	write_sql(&world, "pragma synchronous = off; create table stays(ref, began, ended);"
		" insert into stays values('S1', '2025-05-20', null), ('S2', '2025-05-20', 'soon'),"
		" ('S3', '2025-05-20', '2025-05-19'), ('S4', '2025-05-20', '2025-06-01'),"
		" ('S5', '2025-05-20', '2025-05-31'), ('S6', '2025-06-02', 'soon');");
	for (int large = 0; large < 2; large++) {
		audit(&world, LAST_DAY, large == 1);
		check_query(&world, "select subject_key from finding order by 1", "S1\nS4\n");
		check_query(&world, "select rows_left_out from dataset_result", "2\n");
		check_query(&world, "select source_key, value from rejected order by 1",
			"S2|soon\nS3|2025-05-19\n");
		unlink(world.case_file);
	}
	world_end(&world);
}
END_TEST

#define KIND_TABLES                                                                               \
	"pragma synchronous = off; create table clients(ref, name, buddy_ref, entered, kind);"         \
	" insert into clients values('C1', 'one', 'C2', null, 'person'),"                              \
	" ('C2', 'two', 'C3', null, 'firm'), ('C4', 'four', 'C3', null, null);"                        \
	" create table visits(ref, client_ref, date, minutes, amended, entered, kind);"                \
	" insert into visits values "

/* A row of another kind may lack the key, share it, be newer, come later, or hold what the fields
 * cannot: nothing is told of it but that it was left out. */
START_TEST(where_comes_first)
{
	World world;
	world_of(&world, 1, PATTERNS, kinds);
	write_sql(&world, KIND_TABLES
		"('V1', 'C1', '2025-06-01', 1, '2025-06-02 10:00', '2025-06-14 12:00', 'visit'),"
		"('V1', 'C1', '2025-06-01', 2, '2025-06-02 11:00', '2025-06-14 12:00', 'other'),"
		"(null, 'C9', 'never', 'many', 'then', '2025-06-19 12:00', 'other'),"
		"('V2', 'C2', '2025-06-01', 3, null, null, ' visit '),"
		"('V3', 'C4', '2025-06-01', 4, null, null, 'visit');");
	for (int large = 0; large < 2; large++) {
		audit(&world, DAY, large == 1);
		check_query(&world, "select rows_left_out from dataset_result order by dataset", "1\n2\n");
		check_query(&world, counts_sql, "5|3|0|0|0|0\n");
		check_query(&world, "select subject_key, message from finding order by rule, 1",
			"V1|1 for one\nV2|3 for unknown\nV3|4 for unknown\nC1|unknown: 1\n");
		/* nobody knows what C4 is; C2 is left out, which is nobody's mistake */
		check_query(&world, reasons_sql,
			"C4|kind|it is not known whether the row belongs to the dataset\n"
			"V3|client_ref|no client has this key\n");
		unlink(world.case_file);
	}
	world_end(&world);
}
END_TEST

/* A row that may belong is not there, but listed: at its rowid where it has no key. Later ones are
 * not known, whatever they are. */
START_TEST(where_it_is_not_known_the_row_is_listed)
{
	World world;
	world_of(&world, 1, PATTERNS, kinds);
	write_sql(&world, KIND_TABLES
		"('V1', 'C1', '2025-06-01', 1, null, '2025-06-15 12:00', 'visit'),"
		"('V1', 'C1', '2025-06-01', 2, null, '2025-06-15 12:00', 'Visit'),"
		"(null, 'C9', 'never', 'many', null, '2025-06-15 12:00', 7),"
		"('V2', 'C1', '2025-06-01', 3, null, '2025-06-16 12:00', null);");
	for (int large = 0; large < 2; large++) {
		audit(&world, DAY, large == 1);
		check_query(&world, counts_sql, "4|1|2|0|1|0\n");
		check_query(&world, "select source_key, \"column\", value, whole_row from rejected where"
			" dataset = 'visit' order by 1", "V1|kind|Visit|1\nrowid 3|kind|7|1\n");
		unlink(world.case_file);
		audit(&world, LAST_DAY, large == 1);
		check_query(&world, counts_sql, "4|1|3|0|0|0\n");
		unlink(world.case_file);
	}
	world_end(&world);
}
END_TEST

/* A newer entry that is not known yet does not supersede; and a key is absent only if all are. */
START_TEST(s10_before_s59)
{
	World world;
	world_begin(&world, 1, PATTERNS);
	write_sql(&world, TABLES
		"('V1', 'C1', '2025-06-01', 1, '2025-06-02 10:00', '2025-06-14 12:00'),"
		"('V1', 'C1', '2025-06-01', 2, '2025-06-02 11:00', '2025-06-15 12:00'),"
		"('V1', 'C1', '2025-06-01', 3, '2025-06-02 12:00', '2025-06-16 12:00'),"
		"('V1', 'C1', '2025-06-01', 4, '2025-06-02 12:00', '2025-06-17 12:00');");
	static const struct { int32_t day; const char *counts, *stake; } at[] = {
		{DAY - 1, "4|1|0|0|3|0\n", "1\n"}, {DAY, "4|1|0|1|2|0\n", "2\n"},
		{DAY + 1, "4|1|0|2|1|0\n", "3\n"}, {DAY + 2, "4|0|2|2|0|0\n", ""},
	};
	for (size_t i = 0; i < 2 * sizeof at / sizeof *at; i++) {
		audit(&world, at[i / 2].day, i % 2 == 1);
		check_query(&world, counts_sql, at[i / 2].counts);
		check_query(&world, "select at_stake_exact from finding where rule = 'A'", at[i / 2].stake);
		unlink(world.case_file);
	}
	world_end(&world);
}
END_TEST

/* ---- where links lead */

/* Prices follow each other; a step is priced by lot and provider, and so is the one before it. */
static const char prices[] =
	"contract test/book\n"
	"  title \"T\"\n"
	"  council \"C\"\n"
	"  version \"1\"\n"
	"  in force from 1 January 2020\n"
	"\n"
	"dataset price from prices\n"
	"  key provider, lot, first\n"
	"  where price.kind is price\n"
	"  known from entered\n"
	"  lasts first to last\n"
	"  provider : text\n"
	"  lot      : text\n"
	"  first    : date\n"
	"  last     : date\n"
	"  rate     : number\n"
	"  kind     : one of (price, offer)\n"
	"  entered  : date\n"
	"  earlier  : date\n"
	"  belongs to price for former by provider, lot as at earlier which has heirs\n"
	"  belongs to lot for part by provider, lot\n"
	"\n"
	"dataset lot from lots\n"
	"  key provider, name\n"
	"  provider : text from owner\n"
	"  name     : text\n"
	"  title    : text\n"
	"\n"
	"dataset visit from visits\n"
	"  key ref\n"
	"  ref      : text\n"
	"  provider : text\n"
	"  lot      : text\n"
	"  begun    : moment\n"
	"  belongs to price by provider, lot as at begun which has visits\n"
	"  belongs to lot for part by provider, lot which has visits\n"
	"\n"
	"rule A \"Tells the price\"\n"
	"  for each visit\n"
	"  on 1 June 2025\n"
	"  require visit.ref is missing\n"
	"  otherwise \"{visit.price.rate} {visit.part.title} {visit.price.former.rate}\"\n"
	"\n"
	"rule B \"Tells the visits\"\n"
	"  for each price\n"
	"  on 1 June 2025\n"
	"  require price.provider is missing\n"
	"  otherwise \"{list(v.ref for v in price.visits)}; {price.part.title}; {list(h.rate for h in"
	" price.heirs)}\"\n"
	"\n"
	"rule C \"Tells the lot's visits\"\n"
	"  for each lot\n"
	"  on 1 June 2025\n"
	"  require lot.name is missing\n"
	"  otherwise \"{list(v.ref for v in lot.visits)}\"\n";

#define PRICE_TABLES                                                                              \
	"pragma synchronous = off; create table prices(provider, lot, first, last, rate, kind, entered," \
	" earlier);"                                                                                    \
	" insert into prices values"                                                                    \
	" ('P1', 'a', '2025-01-01', '2025-03-30', 1, 'price', null, null),"                             \
	" ('P1', 'a', '2025-03-31', '2025-06-30', 2, 'price', null, '2025-03-30'),"                     \
	" ('P1', 'a', '2025-07-02', null, 3, 'price', null, '2025-07-01'),"                             \
	" ('P1', 'b', '2025-01-01', null, 4, 'price', null, null),"                                     \
	" ('P10', 'a', '2025-01-01', null, 5, 'price', null, null),"                                    \
	" ('P2', 'a', '2025-01-01', '2025-06-01', 6, 'price', null, null),"                             \
	" ('P2', 'a', '2025-06-01', null, 7, 'price', null, '2025-06-01'),"                             \
	" ('P3', 'a', '2025-01-01', null, 8, 'offer', null, null),"                                     \
	" ('P4', 'a', '2025-06-01', '2025-05-01', 9, 'price', null, null),"                             \
	" ('P5', 'a', '2025-06-01', 'soon', 10, 'price', null, null),"                                  \
	" ('P6', 7, '2025-06-01', null, 11, 'price', '2025-06-16', null);"                              \
	" create table lots(owner, name, title);"                                                       \
	" insert into lots values('P1', 'a', 'one'), ('P1', 'b', 'two'), ('P6', '7', 'seven');"         \
	" create table visits(ref, provider, lot, begun);"                                                 \
	" insert into visits values "

/* First day, last day, the day after, a hole, and an open end; both ends are in, by the local day. */
START_TEST(as_at_goes_by_the_day)
{
	static const struct { const char *at, *found; } visit[] = {
		{"2024-12-31 23:59:59", "unknown"}, {"2025-01-01 00:00", "1"},
		{"2025-03-30 23:59:59", "1"}, {"2025-03-31 00:00", "2"},
		{"2025-03-30T23:00:00Z", "2"}, {"2025-03-30T22:59:59Z", "1"},
		{"2025-06-30T22:59:59Z", "2"}, {"2025-06-30T23:00:00Z", "unknown"},
		{"2025-07-01 12:00", "unknown"}, {"2025-07-02 00:00", "3"}, {"2099-12-31 12:00", "3"},
	};
	World world;
	world_of(&world, 1, PATTERNS, prices);
	for (size_t i = 0; i < 2 * sizeof visit / sizeof *visit; i++) {
		char sql[2000], line[80];
		snprintf(sql, sizeof sql, PRICE_TABLES "('V', 'P1', 'a', '%s');", visit[i / 2].at);
		write_sql(&world, sql);
		audit(&world, LAST_DAY, i % 2 == 1);
		snprintf(line, sizeof line, "%s one\n", visit[i / 2].found);
		check_query(&world, "select substr(message, 1, instr(message, ' one') + 3) from finding where"
			" rule = 'A'", line);
		check_query(&world, "select count(*) from rejected where dataset = 'visit'", "0\n");
		unlink(world.case_file);
	}
	world_end(&world);
}
END_TEST

/* What is nobody's mistake is missing, and what is somebody's is listed: two prices that hold, an
 * end that nobody can read, a lot that has none. Offers and what is not known yet are not there. */
START_TEST(links_that_lead_nowhere)
{
	World world;
	world_of(&world, 1, PATTERNS, prices);
	write_sql(&world, PRICE_TABLES
		"('V1', 'P1', 'b', '2025-06-01 10:00'), ('V2', 'P10', 'a', '2025-06-01 10:00'),"
		"('V3', 'P2', 'a', '2025-06-01 10:00'), ('V4', 'P2', 'a', '2025-06-02 10:00'),"
		"('V5', 'P3', 'a', '2025-06-01 10:00'), ('V6', 'P4', 'a', '2025-06-01 10:00'),"
		"('V7', 'P5', 'a', '2025-06-01 10:00'), ('V8', 'P5', 'a', '2025-05-31 10:00'),"
		"('V9', ' P6 ', 7, '2025-06-01 10:00'), ('W1', 'P1', 'c', '2025-06-01 10:00'),"
		"('W2', 'P1', null, '2025-06-01 10:00'), ('W3', 'P1', 'a', null),"
		"('W4', 'P1', x'00', '2025-06-01 10:00'), ('W5', 'P', '1', '2025-06-01 10:00');");
	for (int large = 0; large < 2; large++) {
		audit(&world, DAY, large == 1);
		check_query(&world, "select subject_key, message from finding where rule = 'A' order by 1",
			"V1|4 two unknown\nV2|5 unknown unknown\nV3|unknown unknown unknown\n"
			"V4|7 unknown unknown\nV5|unknown unknown unknown\nV6|unknown unknown unknown\n"
			"V7|unknown unknown unknown\nV8|unknown unknown unknown\nV9|unknown seven unknown\n"
			"W1|unknown unknown unknown\nW2|unknown unknown unknown\nW3|unknown one unknown\n"
			"W4|unknown unknown unknown\nW5|unknown unknown unknown\n");
		check_query(&world, "select source_key, value, reason from rejected where dataset = 'visit' and"
			" reason not like 'no lot%' order by 1, 3",
			"V3|P2, a|two rows of price hold on 2025-06-01: P2, a, 2025-01-01; P2, a, 2025-06-01\n"
			"V6|P4, a|it is not known whether the price P4, a, 2025-06-01 holds on 2025-06-01\n"
			"V7|P5, a|it is not known whether the price P5, a, 2025-06-01 holds on 2025-06-01\n"
			"W1|P1, c|no price has this key\n"
			"W4|1 bytes|binary data, where a text is needed\n"
			"W4|1 bytes|binary data, where a text is needed\n"
			"W5|P, 1|no price has this key\n");
		check_query(&world, "select values_rejected, orphan_links from dataset_result where dataset ="
			" 'visit'", "5|11\n");
		unlink(world.case_file);
	}
	world_end(&world);
}
END_TEST

/* The other way round, and from a table to itself, which is followed when all of it is there. */
START_TEST(as_at_from_the_other_side)
{
	World world;
	world_of(&world, 1, PATTERNS, prices);
	write_sql(&world, PRICE_TABLES
		"('V1', 'P1', 'a', '2025-06-01 10:00'), ('V2', 'P1', 'a', '2025-06-30 10:00'),"
		"('V3', 'P1', 'a', '2025-07-02 10:00'), ('V4', 'P6', '7', '2025-07-02 10:00');");
	for (int large = 0; large < 2; large++) {
		audit(&world, LAST_DAY, large == 1);
		check_query(&world, "select subject_key, message from finding where rule = 'B' and subject_key"
			" like 'P1,%' or subject_key like 'P6%' and rule = 'B' or rule = 'C' order by rule, 1",
			"P1, a, 2025-01-01|none; one; 2\nP1, a, 2025-03-31|V1, V2; one; none\n"
			"P1, a, 2025-07-02|V3; one; none\nP1, b, 2025-01-01|none; two; none\n"
			"P6, 7, 2025-06-01|V4; seven; none\n"
			"P1, a|V1, V2, V3\nP1, b|none\nP6, 7|V4\n");
		check_query(&world, "select message from finding where rule = 'A' and subject_key = 'V1'",
			"2 one 1\n");
		/* P2's second price goes back to a day on which both hold; P1's third to a hole */
		check_query(&world, "select source_key, value, reason from rejected where dataset = 'price' and"
			" \"column\" = 'provider, lot' and reason not like 'no lot%'",
			"P2, a, 2025-06-01|P2, a|two rows of price hold on 2025-06-01: P2, a, 2025-01-01; P2, a,"
			" 2025-06-01\n");
		unlink(world.case_file);
	}
	world_end(&world);
}
END_TEST

/* ---- ends that cannot be read */

static const char stays[] =
	"contract test/book\n"
	"  title \"T\"\n"
	"  council \"C\"\n"
	"  version \"1\"\n"
	"  in force from 1 January 2020\n"
	"\n"
	"dataset stay from stays\n"
	"  key ref\n"
	"  lasts began to ended\n"
	"  ref   : text\n"
	"  began : date\n"
	"  ended : date\n"
	"\n"
	"dataset visit from visits\n"
	"  key ref\n"
	"  ref  : text\n"
	"  date : date\n"
	"  stay : stay from stay_ref\n"
	"\n"
	"bank nights\n"
	"  for each stay\n"
	"  credit 1 hour every month\n"
	"\n"
	"rule A \"Every month\"\n"
	"  for each stay, every month from stay.began to stay.ended\n"
	"  on month.last\n"
	"  require stay.ref is missing\n"
	"\n"
	"rule B \"During a stay\"\n"
	"  for each visit\n"
	"  on visit.date\n"
	"  require not visit.date is within visit.stay.span\n"
	"\n"
	"rule C \"A credit\"\n"
	"  for each c in nights.credits\n"
	"  on c.date\n"
	"  require c.stay is missing\n";

/* S47: a stay without an end still runs. One whose end is there, but cannot be read or lies before
 * its beginning, has ended nobody knows when: nothing follows for the days after it began. */
START_TEST(s47_an_end_that_cannot_be_read)
{
	World world;
	world_of(&world, 1, PATTERNS, stays);
	write_sql(&world, "pragma synchronous = off; create table stays(ref, began, ended);"
		" insert into stays values('S1', '2025-05-20', null), ('S2', '2025-05-20', 'soon'),"
		" ('S3', '2025-05-20', '2025-05-19'), ('S4', '2025-05-20', '2025-06-02'),"
		" ('S5', '2025-05-20', ' ');"
		" create table visits(ref, date, stay_ref); insert into visits values"
		" ('V1', '2025-07-01', 'S1'), ('V2', '2025-07-01', 'S2'), ('V3', '2025-07-01', 'S3'),"
		" ('V4', '2025-07-01', 'S4'), ('V5', '2025-07-01', 'S5'), ('V6', '2025-05-19', 'S2');");
	for (int large = 0; large < 2; large++) {
		audit(&world, LAST_DAY, large == 1);
		check_query(&world, "select subject_key, verdict, missing from finding where rule = 'A' and"
			" (verdict <> 'fail' or on_date > '2025-08-01' or subject_key like 'S4%') order by 1",
			"S1, 2025-08-01|fail|\nS2, ?|not_assessed|stay.ended of stay S2 is missing\n"
			"S3, ?|not_assessed|stay.ended of stay S3 is missing\nS4, 2025-05-01|fail|\n"
			"S4, 2025-06-01|fail|\nS5, 2025-08-01|fail|\n");
		check_query(&world, "select subject_key, verdict, missing from finding where rule = 'B' order"
			" by 1", "V1|fail|\nV2|not_assessed|stay.ended of stay S2 is missing\n"
			"V3|not_assessed|stay.ended of stay S3 is missing\nV5|fail|\n");
		check_query(&world, "select rule, subject_key, verdict from finding where rule = 'C' and"
			" (subject_key like 'S2%' or subject_key like 'S4%')",
			"C|S4, 2025-05-01|fail\nC|S4, 2025-06-01|fail\n");
		unlink(world.case_file);
	}
	world_end(&world);
}
END_TEST

Suite *known_suite(void)
{
	Suite *suite = suite_create("known");
	TCase *random = tcase_create("random"), *tcase = tcase_create("by hand");
	tcase_set_timeout(random, 60);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(random, knowledge_splits_as_rows_do, 0, FORMS);
	tcase_add_test(tcase, s59_newest_equal_and_missing);
	tcase_add_test(tcase, s10_the_end_of_the_day);
	tcase_add_test(tcase, s10_before_s59);
	tcase_add_test(tcase, where_comes_first);
	tcase_add_test(tcase, where_may_ask_for_a_span);
	tcase_add_test(tcase, where_it_is_not_known_the_row_is_listed);
	tcase_add_test(tcase, s10_a_day_that_cannot_be_read);
	tcase_add_test(tcase, s47_an_end_that_cannot_be_read);
	tcase_add_test(tcase, as_at_goes_by_the_day);
	tcase_add_test(tcase, links_that_lead_nowhere);
	tcase_add_test(tcase, as_at_from_the_other_side);
	suite_add_tcase(suite, random);
	suite_add_tcase(suite, tcase);
	return suite;
}
