/*
 * Everything that the manifest says of the run is read back from the case file or taken from what
 * the audit worked on; nothing is counted a second time here. Rows of findings, accounts and
 * figures were hashed on their way into the file (interp/case_put.h); those of all other parts are
 * few.
 */
#include "interp/manifest.h"

#include <jansson.h>
#include <nettle/version.h>
#include <utf8proc.h>

#include "base/civil.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

#define PACKED ((size_t)1024) /* entries in a row of manifest_rows: some fifty kilobytes */

static const char schema[] =
	"CREATE TABLE IF NOT EXISTS manifest(number INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT"
	" NULL, json TEXT NOT NULL, sha256 TEXT NOT NULL, previous_sha256 TEXT, root TEXT NOT NULL,"
	" UNIQUE(kind, id));"
	"CREATE TABLE IF NOT EXISTS manifest_rows(kind TEXT NOT NULL, id TEXT NOT NULL, part TEXT NOT"
	" NULL, number INTEGER NOT NULL, entries BLOB NOT NULL, PRIMARY KEY(kind, id, part, number))"
	" WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS output(number INTEGER PRIMARY KEY, run_id TEXT NOT NULL, name TEXT"
	" NOT NULL, format TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, written TEXT"
	" NOT NULL);";

/* Tables beside those of the parts; those behind NULL only where there are runs. */
static const char *const kept_too[] = {"manifest", "manifest_rows", "output", NULL, "finding_place",
	"bounds", "money_of"};

/* ---- the tables ---- */

Status manifest_begin(CaseFile *file)
{
	return sqlite3_exec(case_database(file), schema, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK
		: case_failed(file);
}

/* A plan may get its seed, once. */
static void keep_table(Buf *sql, const char *table)
{
	static const char seeded[] = " WHEN OLD.seed IS NOT NULL";
	static const char *const verb[] = {"UPDATE", "DELETE"};
	for (int i = 0; i < 2; i++)
		buf_printf(sql, "CREATE TRIGGER IF NOT EXISTS %s_no_%s BEFORE %s ON %s%s BEGIN SELECT"
			" RAISE(ABORT, 'what is in the case file is never changed'); END;", table,
			i == 0 ? "update" : "delete", verb[i], table, i == 0 && strcmp(table, "plan") == 0
			? seeded : "");
}

/* Against mistakes: who means to change a case file drops a trigger first, which is found too. */
static Status keep_tables(CaseFile *file, CaseKind kind)
{
	Buf sql = {0};
	int n;
	const CasePart *part = case_parts(kind, &n);
	for (int i = 0; i < n; i++)
		if (part[i].table != NULL)
			keep_table(&sql, part[i].table);
	for (size_t i = 0; i < sizeof kept_too / sizeof *kept_too; i++) {
		if (kept_too[i] != NULL)
			keep_table(&sql, kept_too[i]);
		else if (kind != CASE_RUN)
			break;
	}
	int rc = sqlite3_exec(case_database(file), sql.at, NULL, NULL, NULL);
	buf_free(&sql);
	return rc == SQLITE_OK ? STATUS_OK : case_failed(file);
}

/* ---- JSON ---- */

/* Paths need not be UTF-8, and JSON must: such a text is told by its bytes. */
static json_t *text(Str s)
{
	Buf buf = {0};
	json_t *json = json_stringn(s.ptr == NULL ? "" : s.ptr, s.len);
	if (json == NULL) {
		buf_puts(&buf, "bytes ");
		hex_print(&buf, (const uint8_t *)s.ptr, s.len);
		json = json_stringn(buf.at, buf.n);
		buf_free(&buf);
	}
	return json;
}

static json_t *text_or_null(Str s)
{
	return s.len == 0 ? json_null() : text(s);
}

static json_t *hex(const uint8_t *bytes)
{
	Buf buf = {0};
	hex_print(&buf, bytes, 32);
	json_t *json = json_stringn(buf.at, buf.n);
	buf_free(&buf);
	return json;
}

static json_t *date(int32_t day)
{
	Buf buf = {0};
	if (day != NO_DAY && day != LAST_DAY)
		day_print_iso(&buf, day);
	json_t *json = text_or_null(buf_view(&buf));
	buf_free(&buf);
	return json;
}

static json_t *column(sqlite3_stmt *stmt, int i)
{
	int type = sqlite3_column_type(stmt, i);
	if (type == SQLITE_INTEGER)
		return json_integer(sqlite3_column_int64(stmt, i));
	return type == SQLITE_NULL ? json_null() : text((Str){
		(const char *)sqlite3_column_text(stmt, i), (size_t)sqlite3_column_bytes(stmt, i)});
}

/* ---- what the manifest says ---- */

static json_t *program(void)
{
	char nettle[32];
	json_t *all = json_object(), *library = json_object();
	snprintf(nettle, sizeof nettle, "%d.%d", NETTLE_VERSION_MAJOR, NETTLE_VERSION_MINOR);
	json_object_set_new(library, "sqlite", json_string(sqlite3_sourceid()));
	json_object_set_new(library, "sqlite version", json_string(sqlite3_libversion()));
	json_object_set_new(library, "nettle", json_string(nettle));
	json_object_set_new(library, "jansson", json_string(JANSSON_VERSION));
	json_object_set_new(library, "utf8proc", json_string(utf8proc_version()));
	json_object_set_new(all, "name", json_string("vouch"));
	json_object_set_new(all, "version", json_string(PACKAGE_VERSION));
	json_object_set_new(all, "compiler", json_string(__VERSION__));
	json_object_set_new(all, "libraries", library);
	return all;
}

/* Every rule file that was read, by its path. */
static json_t *files(const RunOptions *options)
{
	json_t *all = json_object();
	for (int32_t b = 0; b < options->nbooks; b++) {
		const Sources *sources = options->book[b]->sources;
		for (size_t i = 0; sources != NULL && i < sources->file.n; i++) {
			const Source *file = &sources->file.at[i];
			json_t *path = text(file->path);
			json_object_set_new(all, json_string_value(path), hex(file->sha256));
			json_decref(path);
		}
	}
	return all;
}

static json_t *versions(const Contract *contract)
{
	json_t *all = json_array();
	for (int32_t i = 0; i < contract->nversions; i++) {
		json_t *version = json_object();
		json_object_set_new(version, "version", text(contract->ver[i].name));
		json_object_set_new(version, "sha256", hex(contract->ver[i].sha256));
		json_array_append_new(all, version);
	}
	return all;
}

static json_t *contracts(const RunOptions *options)
{
	json_t *all = json_array();
	for (int32_t b = 0; b < options->nbooks; b++) {
		const Rulebook *book = options->book[b];
		json_t *one = json_object();
		json_object_set_new(one, "contract", text(book->contract.decl.name));
		json_object_set_new(one, "rulebook", hex(book->sha256));
		json_object_set_new(one, "versions", versions(&book->contract));
		json_array_append_new(all, one);
	}
	return all;
}

static json_t *tables(const Data *data)
{
	int32_t n;
	const DataCount *count = data_counts(data, &n);
	json_t *all = json_array();
	for (int32_t i = 0; i < n; i++) {
		uint8_t hash[32];
		json_t *one = json_object();
		data_table_digest(data, i, hash);
		json_object_set_new(one, "dataset", text(count[i].dataset));
		json_object_set_new(one, "table", text(count[i].table));
		json_object_set_new(one, "rows", json_integer(count[i].read));
		json_object_set_new(one, "sha256", hex(hash));
		json_array_append_new(all, one);
	}
	return all;
}

/* What each rule counted, with the names of the columns. */
static json_t *rules(CaseFile *file, Str run_id, Status *status)
{
	sqlite3_stmt *stmt = NULL;
	json_t *all = json_array();
	int rc = sqlite3_prepare_v2(case_database(file), "SELECT contract, rule, version, seen, outside,"
		" passed, failed, not_assessed, not_applicable, conflict, overflow FROM rule_result WHERE"
		" run_id = ? ORDER BY contract, rule, version", -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(stmt, 1, run_id.ptr, (int)run_id.len, SQLITE_STATIC);
	while (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		json_t *one = json_object();
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			json_object_set_new(one, sqlite3_column_name(stmt, i), column(stmt, i));
		json_array_append_new(all, one);
	}
	if (sqlite3_finalize(stmt) != SQLITE_OK || rc != SQLITE_OK)
		*status = case_failed(file);
	return all;
}

json_t *manifest_schema(sqlite3 *db, bool *ok)
{
	sqlite3_stmt *stmt = NULL;
	json_t *all = json_object();
	*ok = sqlite3_prepare_v2(db, "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT"
		" NULL", -1, &stmt, NULL) == SQLITE_OK;
	while (*ok && sqlite3_step(stmt) == SQLITE_ROW) {
		Digest digest;
		uint8_t hash[32];
		digest_begin(&digest);
		digest_bytes(&digest, sqlite3_column_text(stmt, 1), (size_t)sqlite3_column_bytes(stmt, 1));
		digest_end(&digest, hash);
		json_object_set_new(all, (const char *)sqlite3_column_text(stmt, 0), hex(hash));
	}
	*ok = sqlite3_finalize(stmt) == SQLITE_OK && *ok;
	return all;
}

static json_t *said(int64_t rows, const MerkleHash *root)
{
	json_t *one = json_object();
	json_object_set_new(one, "rows", json_integer(rows));
	json_object_set_new(one, "root", hex(root->at));
	return one;
}

/* ---- the parts ---- */

static Status keep_entries(CaseFile *file, sqlite3_stmt *stmt, const PartRows *rows)
{
	Status status = STATUS_OK;
	Buf buf = {0};
	for (size_t from = 0; from < rows->entry.n && status == STATUS_OK; from += PACKED) {
		size_t to = rows->entry.n - from < PACKED ? rows->entry.n : from + PACKED;
		buf_clear(&buf);
		part_pack(&buf, rows, from, to);
		sqlite3_bind_int64(stmt, 4, (int64_t)(from / PACKED));
		sqlite3_bind_blob(stmt, 5, buf.at, (int)buf.n, SQLITE_STATIC);
		if (sqlite3_step(stmt) != SQLITE_DONE)
			status = case_failed(file);
		sqlite3_reset(stmt);
	}
	buf_free(&buf);
	return status;
}

/* Of the rows of a run most were hashed when they were made; all else is read back, into `own`.
 * NULL when that fails. */
static const PartRows *rows_of(CaseFile *file, CaseKind kind, const CasePart *part, Str id,
	bool beside, Arena *arena, PartRows *own)
{
	const PartRows *made = kind == CASE_RUN ? case_made(file, part) : NULL;
	if (made != NULL)
		return made;
	return case_part_read(case_database(file), part, id, beside, arena, own) == STATUS_OK ? own : NULL;
}

/* The arena is emptied behind each part. *most: the root of the part that most of it is. */
static json_t *hash_parts(CaseFile *file, CaseKind kind, Str id, bool beside, MerkleHash *most,
	Status *status)
{
	sqlite3_stmt *stmt = NULL;
	int n;
	const CasePart *part = case_parts(kind, &n);
	json_t *all = json_object();
	if (sqlite3_prepare_v2(case_database(file), "INSERT INTO manifest_rows VALUES(?,?,?,?,?)", -1,
			&stmt, NULL) != SQLITE_OK)
		*status = case_failed(file);
	for (int i = 0; i < n && *status == STATUS_OK; i++) {
		PartRows own = {.rows = 0};
		Arena arena = {0};
		const PartRows *rows = rows_of(file, kind, &part[i], id, beside, &arena, &own);
		*status = rows == NULL ? case_failed(file) : STATUS_OK;
		if (rows != NULL) {
			json_object_set_new(all, part[i].name, said(rows->rows, &rows->root));
			if (strcmp(part[i].name, case_kind_main(kind)) == 0)
				*most = rows->root;
			sqlite3_bind_text(stmt, 1, case_kind_word(kind), -1, SQLITE_STATIC);
			sqlite3_bind_text(stmt, 2, id.ptr, (int)id.len, SQLITE_STATIC);
			sqlite3_bind_text(stmt, 3, part[i].name, -1, SQLITE_STATIC);
			*status = keep_entries(file, stmt, rows);
		}
		part_rows_free(&own);
		arena_free(&arena);
	}
	sqlite3_finalize(stmt);
	return all;
}

/* ---- the manifest ---- */

/* The number and the hash of the manifest before; "number": 1 and null for the first. */
static Status chain(CaseFile *file, json_t *manifest)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(case_database(file), "SELECT number, sha256 FROM manifest ORDER BY"
		" number DESC LIMIT 1", -1, &stmt, NULL);
	bool follows = rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW;
	json_object_set_new(manifest, "number", json_integer(follows
		? sqlite3_column_int64(stmt, 0) + 1 : 1));
	json_object_set_new(manifest, "previous", follows ? column(stmt, 1) : json_null());
	return sqlite3_finalize(stmt) == SQLITE_OK && rc == SQLITE_OK ? STATUS_OK : case_failed(file);
}

static Status outputs(CaseFile *file, json_t *manifest)
{
	MerkleHash root;
	int64_t n;
	if (output_root(case_database(file), INT64_MAX, &root, &n) != STATUS_OK)
		return case_failed(file);
	json_object_set_new(manifest, "outputs", said(n, &root));
	return STATUS_OK;
}

static Status insert(CaseFile *file, CaseKind kind, Str id, json_t *manifest, const MerkleHash *most)
{
	sqlite3_stmt *stmt = NULL;
	uint8_t hash[32];
	Digest digest;
	char *json = json_dumps(manifest, JSON_SORT_KEYS | JSON_COMPACT);
	json_t *previous = json_object_get(manifest, "previous");
	digest_begin(&digest);
	digest_bytes(&digest, json, strlen(json));
	digest_end(&digest, hash);
	json_t *sha = hex(hash), *root = hex(most->at);
	int rc = sqlite3_prepare_v2(case_database(file), "INSERT INTO manifest VALUES(?,?,?,?,?,?,?)", -1,
		&stmt, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_bind_int64(stmt, 1, json_integer_value(json_object_get(manifest, "number")));
		sqlite3_bind_text(stmt, 2, case_kind_word(kind), -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 3, id.ptr, (int)id.len, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 4, json, -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 5, json_string_value(sha), -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 6, json_string_value(previous), -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 7, json_string_value(root), -1, SQLITE_STATIC);
		rc = sqlite3_step(stmt);
	}
	Status status = rc == SQLITE_DONE ? STATUS_OK : case_failed(file);
	sqlite3_finalize(stmt);
	json_decref(sha);
	json_decref(root);
	free(json);
	return status;
}

static json_t *dates(const RunOptions *options)
{
	json_t *all = json_object();
	json_object_set_new(all, "from", date(options->law.from));
	json_object_set_new(all, "to", date(options->law.to));
	json_object_set_new(all, "known on", date(options->law.known_on));
	return all;
}

/* What all kinds say, behind what each says of its own. Frees the manifest. */
static Status finish(CaseFile *file, CaseKind kind, Str id, bool beside, json_t *manifest,
	Status status)
{
	MerkleHash most = {{0}};
	bool ok = true;
	json_object_set_new(manifest, "format", json_string(MANIFEST_FORMAT));
	json_object_set_new(manifest, "kind", json_string(case_kind_word(kind)));
	json_object_set_new(manifest, case_kind_word(kind), text(id));
	json_object_set_new(manifest, "program", program());
	json_object_set_new(manifest, "schema", manifest_schema(case_database(file), &ok));
	json_object_set_new(manifest, "parts", hash_parts(file, kind, id, beside, &most,
		&status));
	if (status == STATUS_OK)
		status = ok ? chain(file, manifest) : case_failed(file);
	if (status == STATUS_OK)
		status = outputs(file, manifest);
	if (status == STATUS_OK)
		status = insert(file, kind, id, manifest, &most);
	json_decref(manifest);
	return status;
}

Status manifest_write(CaseFile *file, Str run_id, const RunOptions *options, const Data *data)
{
	Status status = keep_tables(file, CASE_RUN);
	if (status != STATUS_OK)
		return status;
	json_t *manifest = json_object();
	json_object_set_new(manifest, "files", files(options));
	json_object_set_new(manifest, "contracts", contracts(options));
	json_object_set_new(manifest, "tables", tables(data));
	json_object_set_new(manifest, "dates", dates(options));
	json_object_set_new(manifest, "provider", text_or_null(options->provider));
	json_object_set_new(manifest, "rules", rules(file, run_id, &status));
	return finish(file, CASE_RUN, run_id, options->threads > 1, manifest, status);
}

/* What a plan was made from stands in its own row, which is hashed. */
Status manifest_add(CaseFile *file, CaseKind kind, Str id)
{
	Status status = keep_tables(file, kind);
	return status == STATUS_OK ? finish(file, kind, id, false, json_object(), status) : status;
}

/* ---- outputs ---- */

static Status insert_note(sqlite3 *db, const OutputNote *note)
{
	sqlite3_stmt *stmt = NULL;
	Buf buf = {0};
	hex_print(&buf, note->sha256, sizeof note->sha256);
	int rc = sqlite3_prepare_v2(db, "INSERT INTO output(run_id, name, format, bytes, sha256, written)"
		" VALUES(?,?,?,?,?, strftime('%Y-%m-%dT%H:%M:%SZ','now'))", -1, &stmt, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_bind_text(stmt, 1, note->run_id.ptr, (int)note->run_id.len, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 2, note->name.ptr, (int)note->name.len, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 3, note->format.ptr, (int)note->format.len, SQLITE_STATIC);
		sqlite3_bind_int64(stmt, 4, note->bytes);
		sqlite3_bind_text(stmt, 5, buf.at, (int)buf.n, SQLITE_STATIC);
		rc = sqlite3_step(stmt);
	}
	sqlite3_finalize(stmt);
	buf_free(&buf);
	return rc == SQLITE_DONE ? STATUS_OK : STATUS_WORLD;
}

Status output_note(const char *case_path, const OutputNote *note, Diags *diags)
{
	sqlite3 *db = NULL;
	Span nowhere = {-1, 0, 0};
	int rc = sqlite3_open_v2(case_path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK)
		sqlite3_busy_timeout(db, 5000);
	Status status = rc == SQLITE_OK ? insert_note(db, note) : STATUS_WORLD;
	if (status != STATUS_OK)
		diag_help(diag_add(diags, DIAG_CASE_FILE, nowhere, "%s: %s", case_path, db == NULL
			? "out of memory" : sqlite3_errmsg(db)), "what was made of it is not noted in it");
	sqlite3_close(db);
	return status;
}

Status output_root(sqlite3 *db, int64_t n, MerkleHash *root, int64_t *found)
{
	sqlite3_stmt *stmt = NULL;
	Merkle tree = {.n = 0};
	Buf buf = {0};
	int rc = sqlite3_prepare_v2(db, "SELECT number, run_id, name, format, bytes, sha256, written FROM"
		" output ORDER BY number", -1, &stmt, NULL);
	for (*found = 0; rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW; ++*found) {
		if (*found >= n)
			continue;
		buf_clear(&buf);
		part_canonical(&buf, stmt);
		MerkleHash leaf = merkle_leaf(buf_view(&buf));
		merkle_add(&tree, &leaf);
	}
	*root = merkle_root(&tree);
	buf_free(&buf);
	return sqlite3_finalize(stmt) == SQLITE_OK && rc == SQLITE_OK ? STATUS_OK : STATUS_WORLD;
}
