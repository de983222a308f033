/*
 *   version "2025.1"   text a3f1…   run 7K2M…    sealed by the first run that used it
 *   version "2026.1"   text 09bc…   run Q8ZD…    sealed later, when a run reached its days
 *
 * An amendment that no day of the window comes under may still be written at; those that it amends
 * may not, once it is used, since its text is theirs with changes.
 */
#include "interp/case_seal.h"

#include "base/civil.h"
#include "base/digest.h"

static const Span nowhere = {-1, 0, 0};

/* Is some day of the window a day of this version? A version comes into force on its own first day,
 * on the first of the window, or when a later one has ended. */
static bool in_force_on_some_day(const Contract *contract, const Law *law, int32_t version)
{
	for (int32_t i = -1; i < 2 * contract->nversions; i++) {
		const Version *other = i < 0 ? NULL : &contract->ver[i / 2];
		int64_t day = other == NULL ? law->from
			: i % 2 == 0 ? (int64_t)other->from : (int64_t)other->to + 1;
		if (day >= law->from && day <= law->to &&
				law_version(contract, law, (int32_t)day) == version)
			return true;
	}
	return false;
}

/* How many versions, from the first on, the run rests on. */
static int32_t versions_used(const Contract *contract, const Law *law)
{
	int32_t n = contract->nversions;
	while (n > 1 && !in_force_on_some_day(contract, law, n - 1))
		n--;
	return n;
}

/* Copied: most of what is bound is printed for the occasion. */
static void bind(sqlite3_stmt *stmt, int i, Str s)
{
	sqlite3_bind_text(stmt, i, s.ptr == NULL ? "" : s.ptr, (int)s.len, SQLITE_TRANSIENT);
}

/* As sha256sum prints it. */
static void bind_hash(sqlite3_stmt *stmt, int i, const Version *version)
{
	Buf buf = {0};
	hex_print(&buf, version->sha256, sizeof version->sha256);
	bind(stmt, i, buf_view(&buf));
	buf_free(&buf);
}

/* NULL where nothing was said. */
static void bind_day(sqlite3_stmt *stmt, int i, int32_t day)
{
	Buf buf = {0};
	if (day != NO_DAY && day != LAST_DAY) {
		day_print_iso(&buf, day);
		bind(stmt, i, buf_view(&buf));
	}
	buf_free(&buf);
}

/* Valid until the statement is stepped again. */
static Str column(sqlite3_stmt *stmt, int i)
{
	return (Str){(const char *)sqlite3_column_text(stmt, i), (size_t)sqlite3_column_bytes(stmt, i)};
}

/* Both hashes, so that whoever has the files can find out which is which. */
static void broken_seal(CaseFile *file, const Contract *contract, const Version *version,
	sqlite3_stmt *stmt)
{
	Buf now = {0};
	Str sealed = column(stmt, 0), run = column(stmt, 1);
	hex_print(&now, version->sha256, sizeof version->sha256);
	DiagRef diag = diag_add(case_diags(file), DIAG_SEALED, nowhere,
		"version %.*s of %.*s is not as it was when it was used", STR_ARG(version->name),
		STR_ARG(contract->decl.name));
	diag_note(diag, "run %.*s used %.*s; %.*s, with what it uses, is now %.*s", STR_ARG(run),
		STR_ARG(sealed), STR_ARG(version->path), STR_ARG(buf_view(&now)));
	diag_help(diag, "put the old text back and write the change as an amendment, a file of its"
		" own; or audit into a new case file");
	buf_free(&now);
}

/* A version that nobody has used yet has no seal, and breaks none. */
static Status check_one(CaseFile *file, const Contract *contract, const Version *version,
	sqlite3_stmt *stmt)
{
	Status status = STATUS_OK;
	bind(stmt, 1, contract->decl.name);
	bind(stmt, 2, version->name);
	int rc = sqlite3_step(stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		status = case_failed(file);
	else if (rc == SQLITE_ROW
			&& !hex_same(column(stmt, 0), version->sha256, sizeof version->sha256)) {
		broken_seal(file, contract, version, stmt);
		status = STATUS_WRONG;
	}
	sqlite3_reset(stmt);
	return status;
}

/* Before anything is judged, so that a refusal costs nothing. */
Status case_seal_check(CaseFile *file, const Rulebook *book, const Law *law)
{
	const Contract *contract = &book->contract;
	sqlite3_stmt *stmt = NULL;
	Status status = STATUS_OK;
	if (sqlite3_prepare_v2(case_database(file), "SELECT sha256, run_id FROM sealed WHERE contract ="
			" ? AND version = ?", -1, &stmt, NULL) != SQLITE_OK)
		return case_failed(file);
	int32_t n = versions_used(contract, law);
	for (int32_t i = 0; i < n && status == STATUS_OK; i++)
		status = check_one(file, contract, &contract->ver[i], stmt);
	sqlite3_finalize(stmt);
	return status;
}

/* Bindings are cleared too, since days that nobody gave are not bound anew. */
static Status step(CaseFile *file, sqlite3_stmt *stmt)
{
	Status status = sqlite3_step(stmt) == SQLITE_DONE ? STATUS_OK : case_failed(file);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return status;
}

/* "replaces rule V1; withdraws rule W2" */
static void bind_changes(sqlite3_stmt *stmt, int i, const Version *version)
{
	Buf buf = {0};
	for (int32_t k = 0; k < version->nchanges; k++) {
		buf_puts(&buf, k > 0 ? "; " : "");
		buf_str(&buf, version->change[k]);
	}
	if (buf.n > 0)
		bind(stmt, i, buf_view(&buf));
	buf_free(&buf);
}

/* One that was published after the day known is not there for this run. */
static Status write_one(CaseFile *file, Str run_id, const Contract *contract, int32_t number,
	sqlite3_stmt *stmt)
{
	const Version *version = &contract->ver[number];
	bind(stmt, 1, run_id);
	bind(stmt, 2, contract->decl.name);
	sqlite3_bind_int(stmt, 3, number);
	bind(stmt, 4, version->name);
	bind_day(stmt, 5, version->from);
	bind_day(stmt, 6, version->to);
	bind_day(stmt, 7, version_published(version, number > 0));
	bind(stmt, 8, version->path);
	bind_hash(stmt, 9, version);
	bind_changes(stmt, 10, version);
	return step(file, stmt);
}

/* The first run to use it stays the one that is named. */
static Status seal_one(CaseFile *file, Str run_id, const Contract *contract, int32_t number,
	sqlite3_stmt *stmt)
{
	const Version *version = &contract->ver[number];
	bind(stmt, 1, contract->decl.name);
	bind(stmt, 2, version->name);
	bind_hash(stmt, 3, version);
	bind(stmt, 4, run_id);
	return step(file, stmt);
}

/* In the run's own transaction: a run that is not kept seals nothing. */
Status case_seal_write(CaseFile *file, Str run_id, const Rulebook *book, const Law *law)
{
	const Contract *contract = &book->contract;
	sqlite3 *db = case_database(file);
	sqlite3_stmt *list = NULL, *seal = NULL;
	bool ready = sqlite3_prepare_v2(db, "INSERT INTO contract_version VALUES(?,?,?,?,?,?,?,?,?,?)",
		-1, &list, NULL) == SQLITE_OK && sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO sealed"
		" VALUES(?,?,?,?)", -1, &seal, NULL) == SQLITE_OK;
	Status status = ready ? STATUS_OK : case_failed(file);
	int32_t used = versions_used(contract, law);
	for (int32_t i = 0; i < contract->nversions && status == STATUS_OK; i++) {
		bool known = i == 0 || version_published(&contract->ver[i], true) <= law->known_on;
		if (known)
			status = write_one(file, run_id, contract, i, list);
		if (status == STATUS_OK && i < used)
			status = seal_one(file, run_id, contract, i, seal);
	}
	sqlite3_finalize(list);
	sqlite3_finalize(seal);
	return status;
}
