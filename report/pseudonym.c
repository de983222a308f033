/*
 * Temporary views hide tables of the same name, for this connection alone; each text column that
 * may speak of people goes through the SQL function `veiled`. So lists, pages and sheets need not
 * know of it, and one that is added later cannot forget it.
 *
 *   dataset_result ──> kind: which tables hold people
 *   evidence, findings, measures, banks … ──> person: their keys and names ──> Veil
 *   main.finding_row ──> view finding_row: veiled(column) for each column that is not open
 *
 * What counts as a person: keys of rows of the datasets; values of text columns of their tables;
 * and all values of columns (of other tables, of measures, of banks) in which such a key was seen.
 * Rather too much is replaced than too little: a column is open only when it is in a list of those
 * that cannot name anybody, so one that is added to a table later is veiled with the rest.
 */
#include "report/pseudonym.h"

#include <stdlib.h>
#include <string.h>

#include <nettle/hmac.h>

#define CHARS 10        /* of base 32: 50 bits */
#define NUMBER_LEAST 5  /* digits of a key that is replaced within a sentence: "30 minutes" */

typedef struct Veil {
	Arena arena;
	StrMap place;       /* key or name: its pseudonym, by number */
	VEC(Str) shown;
	size_t longest;     /* bytes of the longest key or name */
	Str key, origin;
} Veil;

/* ---- pseudonyms ---- */

/* A NUL behind each part, so that no two of them run into the same bytes. The same key in two
 * datasets gives two pseudonyms. */
static Str pseudonym(Veil *veil, Str dataset, Str what)
{
	struct hmac_sha256_ctx ctx;
	uint8_t hash[32];
	Buf buf = {0};
	hmac_sha256_set_key(&ctx, veil->key.len, (const uint8_t *)veil->key.ptr);
	const Str part[] = {veil->origin, dataset, what};
	for (int i = 0; i < 3; i++) {
		hmac_sha256_update(&ctx, part[i].len, (const uint8_t *)part[i].ptr);
		hmac_sha256_update(&ctx, 1, (const uint8_t *)"");
	}
	hmac_sha256_digest(&ctx, sizeof hash, hash);
	buf_puts(&buf, str_eq(dataset, STR("carer")) ? "C-" : "P-");
	base32_print(&buf, hash, CHARS);
	return buf_keep(&buf, &veil->arena);
}

/* A text that two datasets have keeps the pseudonym it got first; read_people goes by dataset and
 * text, so that is the same in every output. */
static void add_text(Veil *veil, Str what, Str shown)
{
	bool added;
	int32_t *number = strmap_at(&veil->place, what, &added);
	if (!added)
		return;
	*number = (int32_t)veil->shown.n;
	*vec_push(&veil->shown) = shown;
	veil->longest = what.len > veil->longest ? what.len : veil->longest;
}

/* Also as JSON has it, where that differs: evidence is JSON, and its texts are looked through as
 * they stand. */
static void add(Veil *veil, Str dataset, Str what)
{
	Buf escaped = {0};
	what = str_trim(what);
	if (what.len == 0)
		return;
	Str shown = pseudonym(veil, dataset, what);
	add_text(veil, what, shown);
	for (size_t i = 0; i < what.len; i++) {
		if (what.ptr[i] == '"' || what.ptr[i] == '\\')
			buf_char(&escaped, '\\');
		buf_char(&escaped, what.ptr[i]);
	}
	add_text(veil, buf_view(&escaped), shown);
	buf_free(&escaped);
}

/* ---- replacing ---- */

/* Bytes of UTF-8 beyond ASCII are letters: Zoë is one word. */
static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		c == '_' || (unsigned char)c >= 0x80;
}

/* Short numbers stand for themselves in a sentence; alone in a column they are keys. */
static bool is_short_number(Str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return s.len < NUMBER_LEAST;
}

/* The longest key or name that begins here and ends with a word. */
static const int32_t *find(const Veil *veil, Str rest, size_t *len)
{
	size_t most = rest.len < veil->longest ? rest.len : veil->longest;
	for (size_t n = most; n > 0; n--) {
		Str at = {rest.ptr, n};
		if (n < rest.len && is_word(rest.ptr[n]) && is_word(rest.ptr[n - 1]))
			continue;
		const int32_t *number = strmap_get(&veil->place, at);
		if (number == NULL || is_short_number(at))
			continue;
		*len = n;
		return number;
	}
	return NULL;
}

/* "Ann Archer was late" ──> "P-7K2M9QX4ZD was late". Only where a word begins: the key 12345 is not
 * looked for inside of A12345. */
static void replace(const Veil *veil, Str text, Buf *out)
{
	for (size_t i = 0, n; i < text.len; i += n) {
		const int32_t *number = NULL;
		n = 1;
		if (i == 0 || !is_word(text.ptr[i - 1]) || !is_word(text.ptr[i]))
			number = find(veil, (Str){text.ptr + i, text.len - i}, &n);
		if (number != NULL)
			buf_str(out, veil->shown.at[*number]);
		else
			buf_char(out, text.ptr[i]);
	}
}

/*
 * Names of files have _ where others have blanks: Ann_Archer_rota.pdf, log_CL-7.csv. The text is
 * looked through as it is, and once more with blanks for them.
 */
static void replace_in_file(const Veil *veil, Str text, Buf *out)
{
	Buf blank = {0};
	replace(veil, text, out);
	for (size_t i = 0; i < out->n; i++)
		buf_char(&blank, (char)(out->at[i] == '_' ? ' ' : out->at[i]));
	buf_clear(out);
	if (blank.n > 0)
		replace(veil, buf_view(&blank), out);
	for (size_t i = 0; i < out->n && memchr(text.ptr, ' ', text.len) == NULL; i++)
		out->at[i] = (char)(out->at[i] == ' ' ? '_' : out->at[i]);
	buf_free(&blank);
}

/* veiled(text) or, for the name of a file, veiled(text, 'file'). A text that is a key as a whole is
 * replaced whatever it looks like; numbers and nulls pass through. */
static void veiled(sqlite3_context *context, int n, sqlite3_value **value)
{
	const Veil *veil = sqlite3_user_data(context);
	Buf out = {0};
	if (sqlite3_value_type(value[0]) != SQLITE_TEXT) {
		sqlite3_result_value(context, value[0]);
		return;
	}
	Str text = {(const char *)sqlite3_value_text(value[0]), (size_t)sqlite3_value_bytes(value[0])};
	const int32_t *whole = strmap_get(&veil->place, text);
	if (whole != NULL)
		buf_str(&out, veil->shown.at[*whole]);
	else if (n > 1)
		replace_in_file(veil, text, &out);
	else
		replace(veil, text, &out);
	sqlite3_result_text(context, out.n > 0 ? out.at : "", (int)out.n, SQLITE_TRANSIENT);
	buf_free(&out);
}

/* ---- who the people are ---- */

/* A text of several parts as a JSON array of them. */
#define PARTS(text, between) \
	"'[' || replace(json_quote(" text "), '" between "', '\",\"') || ']'"

/* person(dataset, key) has a row for each key; the dataset's name, its table. */
static const char collect[] =
	"CREATE TEMP TABLE person(dataset TEXT NOT NULL, what TEXT NOT NULL, PRIMARY KEY(dataset, what))"
	" WITHOUT ROWID;"
	"CREATE TEMP TABLE said AS SELECT DISTINCT name, value, source_table, source_key, source_column"
	" FROM main.evidence;"
	"INSERT OR IGNORE INTO person SELECT k.dataset, s.source_key FROM said s JOIN kind k USING"
	" (source_table) WHERE s.source_key IS NOT NULL;"
	"INSERT OR IGNORE INTO person SELECT t.dataset, f.subject_key FROM main.finding_row f JOIN"
	" main.rule_total t USING (rule_key) WHERE t.dataset IN (SELECT dataset FROM kind);"
	"INSERT OR IGNORE INTO person SELECT a.dataset, a.source_key FROM main.asked a WHERE a.dataset IN"
	" (SELECT dataset FROM kind);"
	"INSERT OR IGNORE INTO person SELECT r.dataset, r.source_key FROM main.rejected r WHERE r.dataset"
	" IN (SELECT dataset FROM kind);"
	"INSERT OR IGNORE INTO person SELECT k.dataset, s.value FROM said s JOIN kind k ON s.name ="
	" k.dataset OR s.name LIKE '%.' || k.dataset WHERE s.value IS NOT NULL;"
	/* groups: "client, week" and "C1, 2025-09-01"; measures: "provider P1, client C1, week of …" */
	"INSERT OR IGNORE INTO person SELECT k.dataset, a.value FROM main.finding_row f JOIN"
	" main.rule_total t USING (rule_key), json_each(" PARTS("t.dataset", ", ") ") d,"
	" json_each(" PARTS("f.subject_key", ", ") ") a ON a.key = d.key JOIN kind k ON k.dataset ="
	" d.value WHERE t.dataset LIKE '%, %';"
	"INSERT OR IGNORE INTO person SELECT k.dataset, a.value FROM main.measure_result m,"
	" json_each(" PARTS("m.keys", "\\u001f") ") a JOIN kind k ON instr(m.subject, k.dataset || ' '"
	" || a.value) > 0 WHERE a.value != '';"
	/* columns in which a key was seen hold keys throughout */
	"INSERT OR IGNORE INTO person SELECT p.dataset, s.value FROM said s JOIN (SELECT DISTINCT"
	" s.source_table, s.source_column, p.dataset FROM said s JOIN person p ON p.what = s.value WHERE"
	" s.source_column IS NOT NULL AND s.value GLOB '*[A-Za-z]*') p USING (source_table,"
	" source_column) WHERE s.value IS NOT NULL;"
	"CREATE TEMP TABLE account AS SELECT DISTINCT b.contract, b.bank, a.key AS part, a.value FROM"
	" main.bank_entry b, json_each(" PARTS("b.keys", ", ") ") a;"
	"INSERT OR IGNORE INTO person SELECT p.dataset, c.value FROM account c JOIN (SELECT DISTINCT"
	" a.contract, a.bank, a.part, p.dataset FROM account a JOIN person p ON p.what = a.value) p USING"
	" (contract, bank, part);"
	/* names and other texts of their rows: what begins with no digit, no sign and no pound */
	"INSERT OR IGNORE INTO person SELECT k.dataset, s.value FROM said s JOIN kind k USING"
	" (source_table) WHERE s.value NOT GLOB '[0-9£+-]*' AND s.value NOT IN ('yes', 'no', 'unknown');"
	"INSERT OR IGNORE INTO person SELECT r.dataset, r.value FROM main.rejected r WHERE r.value IS NOT"
	" NULL AND r.dataset IN (SELECT dataset FROM kind);";

static Status run(CaseReader *reader, const char *sql)
{
	return sqlite3_exec(casereader_database(reader), sql, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK
		: casereader_unreadable(reader);
}

/* The datasets that stand for people, with their tables. */
static Status name_kinds(CaseReader *reader, Str people)
{
	sqlite3_stmt *stmt = NULL;
	Status status = run(reader, "PRAGMA temp_store = memory; CREATE TEMP TABLE kind(dataset TEXT,"
		" source_table TEXT)");
	if (status == STATUS_OK && sqlite3_prepare_v2(casereader_database(reader), "INSERT INTO kind"
	    " SELECT DISTINCT dataset, source_table FROM main.dataset_result WHERE instr(',' ||"
	    " replace(?, ' ', '') || ',', ',' || dataset || ',') > 0", -1, &stmt, NULL) != SQLITE_OK)
		status = casereader_unreadable(reader);
	if (status == STATUS_OK) {
		sqlite3_bind_text(stmt, 1, people.ptr, (int)people.len, SQLITE_STATIC);
		status = sqlite3_step(stmt) == SQLITE_DONE ? STATUS_OK : casereader_unreadable(reader);
	}
	sqlite3_finalize(stmt);
	return status;
}

/* In one order, whatever order SQLite found them in. */
static Status read_people(CaseReader *reader, Veil *veil)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(casereader_database(reader), "SELECT dataset, what FROM person"
		" ORDER BY dataset, what", -1, &stmt, NULL);
	while (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		add(veil, (Str){(const char *)sqlite3_column_text(stmt, 0),
			(size_t)sqlite3_column_bytes(stmt, 0)}, (Str){
			(const char *)sqlite3_column_text(stmt, 1), (size_t)sqlite3_column_bytes(stmt, 1)});
	bool sound = sqlite3_finalize(stmt) == SQLITE_OK && rc == SQLITE_OK;
	return sound ? STATUS_OK : casereader_unreadable(reader);
}

/* ---- the views ---- */

/* Names of rules, hashes and ids are no people; a name among them would break what they lead to. */
static bool is_open(Str column)
{
	static const char *const open[] = {"finding_id", "run_id", "contract", "rule", "measure",
		"version", "written_in", "verdict", "provider", "on_date", "at_stake_exact", "dataset",
		"field", "bank", "kind", "unit", "status", "at", "role", "evidence_sha256",
		"previous_hash", "hash", "content", "period", "plan_id", "evaluation_id", "ticket"};
	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		if (str_eq(column, str_of(open[i])))
			return true;
	return false;
}

/* rowid is a column of the view, where the table has one. Tables of spot checks may be missing. */
static Status veil_table(CaseReader *reader, const char *table, bool rowid)
{
	sqlite3_stmt *stmt = NULL;
	Buf sql = {0};
	bool there = false;
	buf_printf(&sql, "CREATE TEMP VIEW %s AS SELECT %s", table, rowid ? "rowid AS rowid, " : "");
	int rc = sqlite3_prepare_v2(casereader_database(reader), "SELECT name FROM"
		" pragma_table_info(?, 'main') ORDER BY cid", -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
	for (int i = 0; rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW; i++) {
		there = true;
		const char *column = (const char *)sqlite3_column_text(stmt, 0);
		buf_printf(&sql, is_open(str_of(column)) ? "%s\"%s\" AS \"%s\""
			: strcmp(column, "evidence_name") == 0 ? "%sveiled(\"%s\", 'file') AS \"%s\""
			: "%sveiled(\"%s\") AS \"%s\"", i > 0 ? ", " : "", column, column);
	}
	sqlite3_finalize(stmt);
	buf_printf(&sql, " FROM main.%s", table);
	Status status = rc == SQLITE_OK ? !there ? STATUS_OK : run(reader, sql.at)
		: casereader_unreadable(reader);
	buf_free(&sql);
	return status;
}

/* Every table with texts that the data could have put a person into; a new one goes in here. */
static Status veil_tables(CaseReader *reader)
{
	static const struct { const char *table; bool rowid; } hidden[] = {{"finding_row", true},
		{"bounds", true}, {"asked", true}, {"rejected", true}, {"remedy", false},
		{"measure_result", false}, {"bank_entry", true}, {"event", true},
		{"frame", false}, {"drawn", false}, {"drawn_result", false}, {"drawn_finding", false},
		{"frame_change", false}};
	Status status = STATUS_OK;
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden && status == STATUS_OK; i++)
		status = veil_table(reader, hidden[i].table, hidden[i].rowid);
	return status;
}

static void veil_free(void *user)
{
	Veil *veil = user;
	vec_free(&veil->shown);
	arena_free(&veil->arena);
	free(veil);
}

/* SQLite frees the veil with the connection, also when the function could not be made. The key is
 * forgotten as soon as all pseudonyms are made; it is the caller's. Statements that were prepared
 * before would go on reading the tables, so the reader prepares its own again. */
Status pseudonyms_show(CaseReader *reader, Str key, Str people)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = casereader_database(reader);
	Veil *veil = mem_alloc(sizeof *veil);
	strmap_init(&veil->place, &veil->arena);
	veil->key = key;
	Status status = sqlite3_create_function_v2(db, "veiled", -1, SQLITE_UTF8, veil, veiled, NULL, NULL,
		veil_free) == SQLITE_OK ? STATUS_OK : casereader_unreadable(reader);
	if (status == STATUS_OK && sqlite3_prepare_v2(db, "SELECT run_id FROM run ORDER BY rowid LIMIT 1",
	    -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		veil->origin = str_copy(&veil->arena, str_of((const char *)sqlite3_column_text(stmt, 0)));
	sqlite3_finalize(stmt);
	if (status == STATUS_OK)
		status = name_kinds(reader, people);
	if (status == STATUS_OK)
		status = run(reader, collect);
	if (status == STATUS_OK)
		status = read_people(reader, veil);
	if (status == STATUS_OK)
		status = veil_tables(reader);
	veil->key = STR("");
	return status == STATUS_OK ? casereader_renew(reader) : status;
}
