/*
 * Rows go in through one prepared statement a table, in one transaction, without a journal: a
 * county cut short is thrown away, not repaired. Texts are bound where they stand and need not be
 * copied, as each row is stepped at once.
 *
 *   FILE.db.unfinished ──rename──> FILE.db            the county
 *   FILE.db.truth.db.unfinished ──> FILE.db.truth.db  what is wrong in it
 *
 * The declarations of the tables are those that the rules' own vocabulary ships,
 * so that generator and rule files cannot drift apart unnoticed. Amounts go in
 * as REAL and lengths as whole minutes, as the exports of care systems have
 * them: reading them exactly is the reader's task (law 1).
 */
#include "corpus/write.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "corpus/plan.h"
#include "corpus/spill.h"

#define POSTCODE_TEXT 16

/* The text of rules/lib/homecare.sql, made into a string when the program is built. */
static const char tables_sql[] =
#include "corpus/schema.inc"
	;

static const char truth_sql[] =
	"CREATE TABLE planted (contract TEXT NOT NULL, rule TEXT NOT NULL, subject TEXT NOT NULL,"
	" verdict TEXT NOT NULL, at_stake_pence INTEGER, note TEXT);"
	"CREATE TABLE figure (contract TEXT NOT NULL, measure TEXT NOT NULL, keys TEXT NOT NULL,"
	" numerator INTEGER NOT NULL, denominator INTEGER NOT NULL, status TEXT, reported TEXT);"
	"CREATE TABLE balance (contract TEXT NOT NULL, provision TEXT NOT NULL, credited INTEGER,"
	" used INTEGER, expired INTEGER, held INTEGER, shortfall INTEGER, debits INTEGER);"
	"CREATE TABLE planted_rejected (dataset TEXT NOT NULL, source_key TEXT NOT NULL,"
	" source_column TEXT NOT NULL, value TEXT, note TEXT);"
	"CREATE TABLE excused (part TEXT NOT NULL);"
	"CREATE TABLE made (name TEXT PRIMARY KEY NOT NULL, value TEXT);";

static const char fast_sql[] =
	"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
	"PRAGMA cache_size = -32768; BEGIN";

static const char *const contract_paths[CONTRACT_COUNT] = {
	[CCSH] = "hampshire/ccsh", [CSAH] = "hampshire/care-and-support-at-home"};

static const char *const rule_names[RULE_COUNT] = {
#define X(id) #id,
	CORPUS_RULES(X)
#undef X
};

/* A database under its unfinished name. */
typedef struct File {
	char *path, *unfinished;
	sqlite3 *db;
} File;

typedef enum Insert {
	INSERT_PROVIDER,
	INSERT_CLIENT,
	INSERT_CARER,
	INSERT_PROVISION,
	INSERT_VISIT,
	INSERT_SUBMISSION,
	INSERT_LOG,
	INSERT_STAY,
	INSERT_AWARD,
	INSERT_BID,
	INSERT_HANDBACK,
	INSERT_RETURN,
	INSERT_PLANTED,
	INSERT_FIGURE,
	INSERT_BALANCE,
	INSERT_REJECTED,
	INSERT_EXCUSED,
	INSERT_MADE,
	INSERT_COUNT
} Insert;

/* Table and number of columns; from planted on they are in the truth file. */
static const struct {
	const char *table;
	int columns;
} inserts[INSERT_COUNT] = {
	{"providers", 3}, {"clients", 3}, {"carers", 2}, {"provisions", 9}, {"visits", 10},
	{"submissions", 4}, {"care_logs", 7}, {"hospital_stays", 4}, {"awards", 6}, {"bids", 5},
	{"handbacks", 4}, {"kpi_returns", 6}, {"planted", 6}, {"figure", 7}, {"balance", 8},
	{"planted_rejected", 5}, {"excused", 1}, {"made", 2}};

/*
 * The spills are there only with --shuffle, the statements put off only where
 * keys come in no order.
 */
struct Writer {
	WriteOptions options;
	const Plan *plan;
	File county, truth;
	sqlite3_stmt *insert[INSERT_COUNT];
	char *visits_sql, *logs_sql; /* as declared, while their keys are put off */
	Spill *visits, *logs;
	uint64_t submissions, returns;
};

/* ---- failure ------------------------------------------------------------------------------- */

/* Closing comes before unlinking, so that the room is given back. */
static void forget_file(File *file)
{
	sqlite3_close(file->db);
	if (file->unfinished)
		unlink(file->unfinished);
	free(file->path);
	free(file->unfinished);
}

/* What is not a file or a statement. */
static void free_writer(Writer *writer)
{
	spill_close(writer->visits);
	spill_close(writer->logs);
	sqlite3_free(writer->visits_sql);
	sqlite3_free(writer->logs_sql);
	free(writer);
}

/* They must go before the database will close. */
static void finish_statements(Writer *writer)
{
	for (int i = 0; i < INSERT_COUNT; i++) {
		sqlite3_finalize(writer->insert[i]);
		writer->insert[i] = NULL;
	}
}

/* For an interrupt, and on the way out of every failure. */
void writer_abandon(Writer *writer)
{
	finish_statements(writer);
	forget_file(&writer->county);
	forget_file(&writer->truth);
	free_writer(writer);
}

/* The world failed: the reason is printed and nothing half-written is left. */
static void give_up(Writer *writer, const char *what, const char *why)
{
	fprintf(stderr, "county: %s: %s\n", what, why);
	writer_abandon(writer);
	exit(3);
}

/* Every call into the library that can fail goes through this one. */
static void check(Writer *writer, const File *file, int status)
{
	if (status != SQLITE_OK && status != SQLITE_DONE && status != SQLITE_ROW)
		give_up(writer, file->path, sqlite3_errmsg(file->db));
}

/* For statements without values, most of them once a run. */
static void run(Writer *writer, const File *file, const char *sql)
{
	check(writer, file, sqlite3_exec(file->db, sql, NULL, NULL, NULL));
}

/* ---- binding ------------------------------------------------------------------------------- */

/* Texts stay where they are until the step. An empty column is left NULL by binding nothing. */
static void bind_text(sqlite3_stmt *insert, int column, const char *text)
{
	sqlite3_bind_text(insert, column, text, -1, SQLITE_STATIC);
}

/* A hundredth of a whole number is rounded once, so it is the very double that the decimal reads
 * as. */
static void bind_pounds(sqlite3_stmt *insert, int column, int32_t pence)
{
	sqlite3_bind_double(insert, column, (double)pence / 100.0);
}

/* Bindings are cleared, so that a column left out of the next row is NULL and not the last
 * one's. */
static void step(Writer *writer, Insert which)
{
	sqlite3_stmt *insert = writer->insert[which];
	const File *file = which < INSERT_PLANTED ? &writer->county : &writer->truth;
	check(writer, file, sqlite3_step(insert));
	sqlite3_reset(insert);
	sqlite3_clear_bindings(insert);
}

/* ---- keys ---------------------------------------------------------------------------------- */

/* A mixed number is as distinct as the number, and so is the text. */
static void long_key(uint64_t seed, char out[KEY_TEXT], KeyKind kind, uint64_t no)
{
	uint64_t high = rng_mix(seed ^ rng_mix(no + ((uint64_t)(kind + 1) << 56)));
	uint64_t low = rng_mix(high + STREAM_KEY);
	snprintf(out, KEY_TEXT, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(high >> 32),
		(unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xffff), (unsigned)(low >> 48),
		(unsigned long long)(low & 0xffffffffffff));
}

/* The prefix says what it is, the number is padded so that keys sort as they were given. */
void writer_key(const Writer *writer, char out[KEY_TEXT], KeyKind kind, uint64_t no)
{
	static const struct {
		char prefix[3];
		int width;
	} shapes[KEY_KINDS] = {{"P", 4}, {"C", 6}, {"K", 6}, {"PR", 6}, {"V", 8}, {"L", 8},
		{"S", 7}, {"H", 6}, {"A", 6}, {"B", 7}, {"HB", 5}, {"R", 5}};
	if (writer->options.long_keys) {
		long_key(writer->options.seed, out, kind, no);
		return;
	}
	int width = shapes[kind].width;
	for (uint64_t rest = no, i = 0; rest; rest /= 10)
		width = (int)++i > width ? (int)i : width;
	size_t start = strlen(shapes[kind].prefix);
	memcpy(out, shapes[kind].prefix, start);
	for (size_t i = start + (size_t)width; i-- > start; no /= 10)
		out[i] = (char)('0' + no % 10);
	out[start + (size_t)width] = '\0';
}

/* ---- opening ------------------------------------------------------------------------------- */

/* What an earlier run may have left under the unfinished name is of no use to anyone. */
static void open_file(Writer *writer, File *file, const char *path, const char *suffix)
{
	size_t room = strlen(path) + strlen(suffix) + 16;
	file->path = rows_grow(NULL, room, 1);
	file->unfinished = rows_grow(NULL, room, 1);
	snprintf(file->path, room, "%s%s", path, suffix);
	snprintf(file->unfinished, room, "%s%s.unfinished", path, suffix);
	unlink(file->unfinished);
	check(writer, file, sqlite3_open(file->unfinished, &file->db));
	run(writer, file, fast_sql);
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

/* Keys that come in no order are quicker to sort at the end than to insert one by one: the table
 * begins without its key. Returns the declaration that it is to have. */
static char *put_off_key(Writer *writer, const char *table)
{
	sqlite3_stmt *find = NULL;
	char *sql = NULL;
	check(writer, &writer->county, sqlite3_prepare_v2(writer->county.db,
		"SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1", -1, &find, NULL));
	bind_text(find, 1, table);
	if (sqlite3_step(find) == SQLITE_ROW)
		sql = sqlite3_mprintf("%s", (const char *)sqlite3_column_text(find, 0));
	sqlite3_finalize(find);
	char *loose = sql ? loosen(sql) : NULL;
	char *again = sqlite3_mprintf("DROP TABLE %s; %s", table, loose);
	run(writer, &writer->county, again);
	sqlite3_free(loose);
	sqlite3_free(again);
	return sql;
}

/* Builds the key's index by sorting, then lets table and index have the names and declarations
 * they would have had. */
static void put_key(Writer *writer, const char *table, const char *key, const char *sql)
{
	char *text = sqlite3_mprintf(
		"CREATE UNIQUE INDEX late_%s ON %s(%s); PRAGMA writable_schema = ON;"
		"UPDATE sqlite_schema SET sql = %Q WHERE type = 'table' AND name = %Q;"
		"UPDATE sqlite_schema SET name = 'sqlite_autoindex_%s_1', sql = NULL"
		" WHERE name = 'late_%s'; PRAGMA writable_schema = OFF",
		table, table, key, sql, table, table, table);
	run(writer, &writer->county, text);
	sqlite3_free(text);
}

/* Loose tables have no key that could be put off; with keys in rising order there is no need to,
 * as each goes to the end of its index. */
static void make_tables(Writer *writer)
{
	const WriteOptions *options = &writer->options;
	char *loose = options->loose ? loosen(tables_sql) : NULL;
	run(writer, &writer->county, loose ? loose : tables_sql);
	sqlite3_free(loose);
	if (!options->loose && (options->shuffle || options->long_keys)) {
		writer->visits_sql = put_off_key(writer, "visits");
		writer->logs_sql = put_off_key(writer, "care_logs");
	}
	if (options->truth)
		run(writer, &writer->truth, truth_sql);
}

/* The columns are all written, in the order of the declaration; a column too many or too few in
 * either place fails here. */
static void prepare(Writer *writer, Insert which)
{
	const File *file = which < INSERT_PLANTED ? &writer->county : &writer->truth;
	char sql[80];
	int n = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", inserts[which].table);
	for (int i = 1; i < inserts[which].columns; i++)
		n += snprintf(sql + n, sizeof sql - (size_t)n, ",?");
	snprintf(sql + n, sizeof sql - (size_t)n, ")");
	check(writer, file,
		sqlite3_prepare_v2(file->db, sql, -1, &writer->insert[which], NULL));
}

/* Visits and logs are shuffled each with a stream of their own. */
static Spill *open_spill(Writer *writer, size_t size, Stream of)
{
	Rng rng = rng_for(writer->options.seed, STREAM_SHUFFLE, of, 0);
	Spill *spill = spill_open(writer->county.unfinished, size, writer->plan->visits,
		rng_next(&rng));
	if (!spill)
		give_up(writer, writer->county.path, "no room for the shuffle");
	return spill;
}

/* So that a truth file can be told from another, and audited over the right days. */
static void write_made(Writer *writer)
{
	char from[CAL_DAY_TEXT], to[CAL_DAY_TEXT], visits[24], seed[24];
	const Plan *plan = writer->plan;
	cal_print_day(from, plan->from);
	cal_print_day(to, plan->from + 7 * plan->weeks - 1);
	snprintf(visits, sizeof visits, "%llu", (unsigned long long)plan->visits);
	snprintf(seed, sizeof seed, "%llu", (unsigned long long)plan->seed);
	const char *const pairs[][2] = {
		{"from", from}, {"to", to}, {"visits", visits}, {"seed", seed}};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		bind_text(writer->insert[INSERT_MADE], 1, pairs[i][0]);
		bind_text(writer->insert[INSERT_MADE], 2, pairs[i][1]);
		step(writer, INSERT_MADE);
	}
}

Writer *writer_open(const WriteOptions *options, const Plan *plan)
{
	Writer *writer = rows_grow(NULL, 1, sizeof *writer);
	*writer = (Writer){.options = *options, .plan = plan};
	open_file(writer, &writer->county, options->path, "");
	if (options->truth)
		open_file(writer, &writer->truth, options->path, ".truth.db");
	make_tables(writer);
	for (int i = 0; i < (options->truth ? INSERT_COUNT : INSERT_PLANTED); i++)
		prepare(writer, (Insert)i);
	if (options->shuffle) {
		writer->visits = open_spill(writer, sizeof(Visit), STREAM_WEEK);
		writer->logs = open_spill(writer, sizeof(Log), STREAM_ROSTER);
	}
	if (options->truth)
		write_made(writer);
	return writer;
}

/* ---- the plan ------------------------------------------------------------------------------ */

/* Keys here come from the plan's own numbers, so that the order of writing does not change them. */

static void write_provider(Writer *writer, uint32_t i)
{
	sqlite3_stmt *insert = writer->insert[INSERT_PROVIDER];
	char key[KEY_TEXT], name[32];
	writer_key(writer, key, KEY_PROVIDER, i + 1);
	snprintf(name, sizeof name, "Care provider %u", i + 1);
	bind_text(insert, 1, key);
	bind_text(insert, 2, name);
	bind_text(insert, 3, i % 40 == 39 ? "no" : "yes");
	step(writer, INSERT_PROVIDER);
}

/* Most are written by the ward in local time; one that would be read wrongly gets an offset. */
static void write_stay(Writer *writer, const char *client, const Stay *stay, uint64_t no)
{
	sqlite3_stmt *insert = writer->insert[INSERT_STAY];
	char key[KEY_TEXT], admitted[CAL_MOMENT_TEXT], discharged[CAL_MOMENT_TEXT];
	writer_key(writer, key, KEY_STAY, no);
	cal_print_moment(admitted, stay->admitted, STAMP_LOCAL, CAL_NO_MOMENT);
	bind_text(insert, 1, key);
	bind_text(insert, 2, client);
	bind_text(insert, 3, admitted);
	if (stay->discharged != CAL_NO_MOMENT) {
		cal_print_moment(discharged, stay->discharged, STAMP_LOCAL, stay->admitted);
		bind_text(insert, 4, discharged);
	}
	step(writer, INSERT_STAY);
}

/* Of the shape of a postcode, but of none that there is: no area begins with Q. */
static void bind_postcode(sqlite3_stmt *insert, int column, char out[POSTCODE_TEXT], uint8_t place)
{
	snprintf(out, POSTCODE_TEXT, "QH%u %uAA", 10U + place / 5U, 1U + place % 5U);
	bind_text(insert, column, out);
}

/* With the stays, so that a shuffle moves both alike. */
static void write_client(Writer *writer, uint32_t i)
{
	sqlite3_stmt *insert = writer->insert[INSERT_CLIENT];
	const Client *client = &writer->plan->client[i];
	char key[KEY_TEXT], died[CAL_DAY_TEXT], postcode[POSTCODE_TEXT];
	writer_key(writer, key, KEY_CLIENT, i + 1);
	bind_text(insert, 1, key);
	if (client->died != CAL_NO_DAY) {
		cal_print_day(died, client->died);
		bind_text(insert, 2, died);
	}
	if (i < writer->plan->clients - writer->plan->strangers)
		bind_postcode(insert, 3, postcode, client->postcode);
	step(writer, INSERT_CLIENT);
	for (int s = 0; s < client->stays; s++)
		write_stay(writer, key, &client->stay[s], (uint64_t)i * STAYS_MAX + (uint64_t)s + 1);
}

static void write_bid(Writer *writer, const char *award, uint64_t no, uint32_t provider,
	int32_t rate, bool won)
{
	sqlite3_stmt *insert = writer->insert[INSERT_BID];
	char key[KEY_TEXT], by[KEY_TEXT];
	writer_key(writer, key, KEY_BID, no);
	writer_key(writer, by, KEY_PROVIDER, provider + 1);
	bind_text(insert, 1, key);
	bind_text(insert, 2, award);
	bind_text(insert, 3, by);
	bind_pounds(insert, 4, rate);
	bind_text(insert, 5, won ? "yes" : "no");
	step(writer, INSERT_BID);
}

static void write_handback(Writer *writer, const char *award, uint64_t no, int32_t day,
	Reason reason)
{
	static const char *const reasons[REASON_COUNT] = {
		"registration", "staff", "capacity", "needs_changed", "other"};
	sqlite3_stmt *insert = writer->insert[INSERT_HANDBACK];
	char key[KEY_TEXT], on[CAL_DAY_TEXT];
	writer_key(writer, key, KEY_HANDBACK, no);
	cal_print_day(on, day);
	bind_text(insert, 1, key);
	bind_text(insert, 2, award);
	bind_text(insert, 3, on);
	bind_text(insert, 4, reasons[reason]);
	step(writer, INSERT_HANDBACK);
}

static void write_award(Writer *writer, uint32_t i, const char *provision, const char *provider)
{
	sqlite3_stmt *insert = writer->insert[INSERT_AWARD];
	const Package *package = &writer->plan->package[i];
	Award award;
	char key[KEY_TEXT], on[CAL_DAY_TEXT];
	plan_award(writer->plan, i, &award);
	writer_key(writer, key, KEY_AWARD, i + 1U);
	cal_print_day(on, award.day);
	bind_text(insert, 1, key);
	bind_text(insert, 2, provision);
	bind_text(insert, 3, provider);
	bind_text(insert, 4, on);
	sqlite3_bind_int(insert, 5, package->weekly);
	bind_pounds(insert, 6, package->rate);
	step(writer, INSERT_AWARD);
	for (uint32_t b = 0; b < award.bids; b++) {
		uint32_t by = (package->provider + (b + award.bids - award.winner) % award.bids) %
			writer->plan->providers;
		write_bid(writer, key, (uint64_t)i * BIDS_MAX + b + 1, by,
			package->rate + award.over[b], b == award.winner);
	}
	if (package->handed_back)
		write_handback(writer, key, i + 1U, package->end, award.reason);
}

/* Its award is written with it: every provision was awarded once. */
static void write_provision(Writer *writer, uint32_t i)
{
	sqlite3_stmt *insert = writer->insert[INSERT_PROVISION];
	const Package *package = &writer->plan->package[i];
	char key[KEY_TEXT], provider[KEY_TEXT], client[KEY_TEXT];
	char start[CAL_DAY_TEXT], end[CAL_DAY_TEXT];
	writer_key(writer, key, KEY_PROVISION, i + 1);
	writer_key(writer, provider, KEY_PROVIDER, package->provider + 1U);
	writer_key(writer, client, KEY_CLIENT, package->client + 1U);
	cal_print_day(start, package->start);
	bind_text(insert, 1, key);
	bind_text(insert, 2, provider);
	bind_text(insert, 3, client);
	bind_text(insert, 4, package->contract == CCSH ? "ccsh" : "csah");
	bind_text(insert, 5, package->service == HOME_CARE ? "home_care" : "take_a_break");
	sqlite3_bind_int(insert, 6, package->weekly);
	bind_pounds(insert, 7, package->rate);
	bind_text(insert, 8, start);
	if (package->end != CAL_NO_DAY) {
		cal_print_day(end, package->end);
		bind_text(insert, 9, end);
	}
	step(writer, INSERT_PROVISION);
	write_award(writer, i, key, provider);
}

/* In the order of the plan, or in a random one. */
static void write_all(Writer *writer, uint32_t count, void (*write)(Writer *, uint32_t))
{
	uint32_t *order = rows_grow(NULL, count + 1, sizeof *order);
	Rng rng = rng_for(writer->options.seed, STREAM_SHUFFLE, count, 0);
	if (writer->options.shuffle)
		rng_order(&rng, order, count);
	for (uint32_t i = 0; i < count; i++)
		write(writer, writer->options.shuffle ? order[i] : i);
	free(order);
}

/*
 * Providers and clients first, so that a database with foreign keys would take
 * them.
 */
void writer_plan(Writer *writer)
{
	write_all(writer, writer->plan->providers, write_provider);
	write_all(writer, writer->plan->clients, write_client);
	write_all(writer, writer->plan->packages, write_provision);
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* A row of bad data says what a clerk might have typed. */
static const char *outcome_text(const Visit *visit)
{
	static const char *const outcomes[] = {"delivered", "cancelled", "frustrated", "missed"};
	return visit->broken == BROKEN_OUTCOME ? "no reply" : outcomes[visit->outcome];
}

/* Starts are planned to the minute. */
static void clock_text(char out[6], const Visit *visit)
{
	if (visit->broken == BROKEN_START)
		memcpy(out, "25:10", 6);
	else
		snprintf(out, 6, "%02u:%02u", (unsigned)visit->start / 60 % 24,
			(unsigned)visit->start % 60);
}

/* Called for each visit as it is made, or when the shuffle is read back. */
static void insert_visit(void *context, const void *row)
{
	Writer *writer = context;
	const Visit *visit = row;
	sqlite3_stmt *insert = writer->insert[INSERT_VISIT];
	bool orphan = visit->broken == BROKEN_ORPHAN;
	char key[KEY_TEXT], provision[KEY_TEXT], day[CAL_DAY_TEXT], start[6];
	writer_key(writer, key, KEY_VISIT, visit->no);
	writer_key(writer, provision, KEY_PROVISION, visit->package + (orphan ? 900001U : 1U));
	cal_print_day(day, visit->day);
	clock_text(start, visit);
	bind_text(insert, 1, key);
	bind_text(insert, 2, provision);
	bind_text(insert, 3, visit->broken == BROKEN_DATE ? "2025-06-31" : day);
	bind_text(insert, 4, start);
	sqlite3_bind_int(insert, 5, visit->planned);
	sqlite3_bind_int(insert, 6, visit->declared);
	bind_text(insert, 7, outcome_text(visit));
	if (visit->notice != MINUTES_MISSING)
		sqlite3_bind_int(insert, 8, visit->notice);
	sqlite3_bind_int(insert, 9, visit->carers);
	if (visit->rate != RATE_MISSING)
		bind_pounds(insert, 10, visit->rate);
	step(writer, INSERT_VISIT);
}

/*
 * As for visits; the check-in is told to the printing of the check-out, which
 * may need it. Key numbers in the roster and plan begin at 0, keys at 1.
 */
static void insert_log(void *context, const void *row)
{
	static const char *const methods[] = {"app", "phone", "fob", "manual"};
	Writer *writer = context;
	const Log *log = row;
	const Package *package = &writer->plan->package[log->package];
	sqlite3_stmt *insert = writer->insert[INSERT_LOG];
	char key[KEY_TEXT], provider[KEY_TEXT], client[KEY_TEXT], carer[KEY_TEXT];
	char in[CAL_MOMENT_TEXT], out[CAL_MOMENT_TEXT];
	writer_key(writer, key, KEY_LOG, log->no);
	writer_key(writer, provider, KEY_PROVIDER, package->provider + 1U);
	writer_key(writer, client, KEY_CLIENT, package->client + 1U);
	writer_key(writer, carer, KEY_CARER, log->carer + 1U);
	cal_print_moment(in, log->in, (Stamp)log->stamp, CAL_NO_MOMENT);
	bind_text(insert, 1, key);
	bind_text(insert, 2, provider);
	bind_text(insert, 3, client);
	bind_text(insert, 4, carer);
	bind_text(insert, 5, log->broken == BROKEN_CHECK_IN ? "ten past eight" : in);
	if (log->out != CAL_NO_MOMENT) {
		cal_print_moment(out, log->out, (Stamp)log->stamp, log->in);
		bind_text(insert, 6, out);
	}
	bind_text(insert, 7, methods[log->method]);
	step(writer, INSERT_LOG);
}

void writer_visit(Writer *writer, const Visit *visit)
{
	if (!writer->visits)
		insert_visit(writer, visit);
	else if (!spill_add(writer->visits, visit))
		give_up(writer, writer->county.path, "no room for the shuffle");
}

void writer_log(Writer *writer, const Log *log)
{
	if (!writer->logs)
		insert_log(writer, log);
	else if (!spill_add(writer->logs, log))
		give_up(writer, writer->county.path, "no room for the shuffle");
}

/* Moments in local time, in UTC and with an offset take turns: a portal's export, an API's, and a
 * reader has to cope with all. */
void writer_submission(Writer *writer, uint32_t provider, int32_t monday, int64_t submitted)
{
	sqlite3_stmt *insert = writer->insert[INSERT_SUBMISSION];
	char key[KEY_TEXT], by[KEY_TEXT], week[CAL_DAY_TEXT], at[CAL_MOMENT_TEXT];
	writer_key(writer, key, KEY_SUBMISSION, ++writer->submissions);
	writer_key(writer, by, KEY_PROVIDER, provider + 1);
	cal_print_day(week, monday);
	cal_print_moment(at, submitted, (Stamp)(writer->submissions % 3), CAL_NO_MOMENT);
	bind_text(insert, 1, key);
	bind_text(insert, 2, by);
	bind_text(insert, 3, week);
	bind_text(insert, 4, at);
	step(writer, INSERT_SUBMISSION);
}

/* Left out where the form says nothing. */
static void bind_tenths(sqlite3_stmt *insert, int column, int32_t tenths)
{
	if (tenths >= 0)
		sqlite3_bind_double(insert, column, (double)tenths / 10.0);
}

void writer_return(Writer *writer, uint32_t provider, int32_t quarter_first, const Form *form)
{
	sqlite3_stmt *insert = writer->insert[INSERT_RETURN];
	char key[KEY_TEXT], by[KEY_TEXT], quarter[CAL_DAY_TEXT];
	writer_key(writer, key, KEY_RETURN, ++writer->returns);
	writer_key(writer, by, KEY_PROVIDER, provider + 1);
	cal_print_day(quarter, quarter_first);
	bind_text(insert, 1, key);
	bind_text(insert, 2, by);
	bind_text(insert, 3, quarter);
	bind_tenths(insert, 4, form->handbacks);
	bind_tenths(insert, 5, form->missed);
	bind_tenths(insert, 6, form->late);
	step(writer, INSERT_RETURN);
}

/* Last, as the roster takes carers on while weeks are made. */
void writer_carers(Writer *writer, const uint16_t *provider_of, uint32_t carers)
{
	sqlite3_stmt *insert = writer->insert[INSERT_CARER];
	char key[KEY_TEXT], provider[KEY_TEXT];
	for (uint32_t i = 0; i < carers; i++) {
		writer_key(writer, key, KEY_CARER, i + 1);
		writer_key(writer, provider, KEY_PROVIDER, provider_of[i] + 1U);
		bind_text(insert, 1, key);
		bind_text(insert, 2, provider);
		step(writer, INSERT_CARER);
	}
}

/* ---- truth --------------------------------------------------------------------------------- */

/* Nothing happens without a truth file; the caller counts all the same. */
void writer_verdict(Writer *writer, Contract contract, Rule rule, const char *subject,
	const char *verdict, int64_t pence, const char *note)
{
	sqlite3_stmt *insert = writer->insert[INSERT_PLANTED];
	if (!insert)
		return;
	bind_text(insert, 1, contract_paths[contract]);
	bind_text(insert, 2, rule_names[rule]);
	bind_text(insert, 3, subject);
	bind_text(insert, 4, verdict);
	if (pence != NO_STAKE)
		sqlite3_bind_int64(insert, 5, pence);
	bind_text(insert, 6, note);
	step(writer, INSERT_PLANTED);
}

void writer_figure(Writer *writer, Contract contract, const char *measure, const char *keys,
	uint64_t numerator, uint64_t denominator, const char *status, const char *reported)
{
	sqlite3_stmt *insert = writer->insert[INSERT_FIGURE];
	if (!insert)
		return;
	bind_text(insert, 1, contract_paths[contract]);
	bind_text(insert, 2, measure);
	bind_text(insert, 3, keys);
	sqlite3_bind_int64(insert, 4, (sqlite3_int64)numerator);
	sqlite3_bind_int64(insert, 5, (sqlite3_int64)denominator);
	bind_text(insert, 6, status);
	bind_text(insert, 7, reported);
	step(writer, INSERT_FIGURE);
}

void writer_balance(Writer *writer, Contract contract, uint32_t package, const Account *account)
{
	sqlite3_stmt *insert = writer->insert[INSERT_BALANCE];
	char key[KEY_TEXT];
	if (!insert)
		return;
	writer_key(writer, key, KEY_PROVISION, package + 1);
	bind_text(insert, 1, contract_paths[contract]);
	bind_text(insert, 2, key);
	sqlite3_bind_int64(insert, 3, account->credited);
	sqlite3_bind_int64(insert, 4, account->used);
	sqlite3_bind_int64(insert, 5, account->expired);
	sqlite3_bind_int64(insert, 6, account_held(account));
	sqlite3_bind_int64(insert, 7, account->shortfall);
	sqlite3_bind_int64(insert, 8, account->debits);
	step(writer, INSERT_BALANCE);
}

/* A value of NULL stays NULL: bind_text binds a null pointer as such. */
void writer_rejected(Writer *writer, const char *dataset, const char *key, const char *column,
	const char *value, const char *note)
{
	sqlite3_stmt *insert = writer->insert[INSERT_REJECTED];
	const char *const texts[] = {dataset, key, column, value, note};
	if (!insert)
		return;
	for (int i = 0; i < 5; i++)
		bind_text(insert, i + 1, texts[i]);
	step(writer, INSERT_REJECTED);
}

/*
 * Parts of subjects about which the comparison with an audit should say
 * nothing.
 */
void writer_excused(Writer *writer, const char *part)
{
	if (!writer->insert[INSERT_EXCUSED])
		return;
	bind_text(writer->insert[INSERT_EXCUSED], 1, part);
	step(writer, INSERT_EXCUSED);
}

/* ---- closing ------------------------------------------------------------------------------- */

/* The rename is the last step: a file under the name asked for is whole. */
static void close_file(Writer *writer, File *file)
{
	if (!file->db)
		return;
	run(writer, file, "COMMIT");
	check(writer, file, sqlite3_close(file->db));
	file->db = NULL;
	if (rename(file->unfinished, file->path))
		give_up(writer, file->path, "cannot be put in place");
	free(file->path);
	free(file->unfinished);
	*file = (File){0};
}

/* The truth is put in place first: a county is never there without it. */
void writer_close(Writer *writer)
{
	if (writer->visits && (!spill_drain(writer->visits, insert_visit, writer) ||
		!spill_drain(writer->logs, insert_log, writer)))
		give_up(writer, writer->county.path, "the shuffle cannot be read back");
	finish_statements(writer);
	if (writer->visits_sql)
		put_key(writer, "visits", "visit_ref", writer->visits_sql);
	if (writer->logs_sql)
		put_key(writer, "care_logs", "log_ref", writer->logs_sql);
	close_file(writer, &writer->truth);
	close_file(writer, &writer->county);
	free_writer(writer);
}
