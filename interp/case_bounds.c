#include "interp/case_bounds.h"

#include <stdlib.h>

/*
 * finding_row.rowid ── bounds.row      one, of a finding that lacks facts
 *                   └─ asked.row       each fact that it lacks
 * rule_total.rule_key ── bounds_total  sums of a rule
 *
 * Failures, which are most findings, have no row in any of them.
 */
static const char schema[] =
	"CREATE TABLE IF NOT EXISTS bounds(row INTEGER PRIMARY KEY, at_least_pence INTEGER,"
	" at_least_exact TEXT, at_most_pence INTEGER,"
	" at_most_exact TEXT, certain INTEGER NOT NULL, least_at TEXT,"
	" most_at TEXT);"
	"CREATE TABLE IF NOT EXISTS asked(row INTEGER NOT NULL, dataset TEXT NOT NULL, source_key TEXT"
	" NOT NULL, field TEXT NOT NULL);"
	"CREATE TABLE IF NOT EXISTS bounds_total(rule_key INTEGER PRIMARY KEY, findings INTEGER NOT"
	" NULL, open INTEGER NOT NULL, least_exact TEXT NOT NULL, most_exact TEXT NOT NULL);"
	"CREATE VIEW IF NOT EXISTS ask_for AS SELECT t.run_id, f.provider, a.dataset, a.source_key,"
	" a.field, count(*) AS findings, coalesce(sum(b.at_most_pence - b.at_least_pence), 0) AS"
	" hangs_pence, sum(b.at_most_pence IS NULL OR b.at_least_pence IS NULL) AS open FROM asked a"
	" JOIN bounds b ON b.row = a.row JOIN finding_row f ON f.rowid = a.row JOIN rule_total t ON"
	" t.rule_key = f.rule_key GROUP BY t.run_id, f.provider, a.dataset, a.source_key, a.field;";

/* Kept for the whole run: there may be hundreds of thousands of findings. */
static Status prepare(CaseFile *file, const char *sql, sqlite3_stmt **stmt)
{
	return sqlite3_prepare_v3(case_database(file), sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL)
		== SQLITE_OK ? STATUS_OK : case_failed(file);
}

/* Behind the schema of the case file, whose view `finding` looks into these tables. */
Status case_bounds_begin(CaseFile *file, CaseBounds *bounds)
{
	if (sqlite3_exec(case_database(file), schema, NULL, NULL, NULL) != SQLITE_OK)
		return case_failed(file);
	Status status = prepare(file, "INSERT INTO bounds VALUES(?,?,?,?,?,?,?,?)", &bounds->put);
	if (status == STATUS_OK)
		status = prepare(file, "INSERT INTO asked VALUES(?,?,?,?)", &bounds->ask);
	return status;
}

/* Empty texts are NULL. The copy is SQLite's: the text may go before the row is written. */
static void bind(sqlite3_stmt *stmt, int i, Str s)
{
	if (s.len > 0)
		sqlite3_bind_text(stmt, i, s.ptr, (int)s.len, SQLITE_TRANSIENT);
	else
		sqlite3_bind_null(stmt, i);
}

/* In pounds, a whole number or n/d. */
static void bind_exact(sqlite3_stmt *stmt, int i, Ratio pounds)
{
	Buf buf = {0};
	int128_print(&buf, pounds.n);
	if (pounds.d != 1) {
		buf_char(&buf, '/');
		int128_print(&buf, pounds.d);
	}
	bind(stmt, i, buf_view(&buf));
	buf_free(&buf);
}

/* Pence and the exact sum, or neither. */
static void bind_sum(sqlite3_stmt *stmt, int i, bool has, Ratio pounds)
{
	if (!has) {
		sqlite3_bind_null(stmt, i);
		sqlite3_bind_null(stmt, i + 1);
		return;
	}
	sqlite3_bind_int64(stmt, i, stake_pence(pounds));
	bind_exact(stmt, i + 1, pounds);
}

/* Says what SQLite said when the row cannot be written. */
static Status step(CaseFile *file, sqlite3_stmt *stmt)
{
	Status status = sqlite3_step(stmt) == SQLITE_DONE ? STATUS_OK : case_failed(file);
	sqlite3_reset(stmt);
	return status;
}

/* Findings come by rule: it is most often the last. */
static BoundsTotal *total_of(CaseBounds *bounds, int64_t rule_key)
{
	for (size_t i = bounds->total.n; i-- > 0; )
		if (bounds->total.at[i].rule_key == rule_key)
			return &bounds->total.at[i];
	BoundsTotal *total = vec_push(&bounds->total);
	*total = (BoundsTotal){.rule_key = rule_key, .least = {0, 1}, .most = {0, 1}};
	return total;
}

/* A sum that no longer fits counts as one that has no bound. */
static void add(BoundsTotal *total, const Bounds *bounds)
{
	Ratio least, most;
	total->findings++;
	if (bounds->has_least && bounds->has_most && ratio_add(total->least, bounds->least, &least) &&
	    ratio_add(total->most, bounds->most, &most)) {
		total->least = least;
		total->most = most;
	} else {
		total->open++;
	}
}

/* A finding that fails has money at stake already: it is in no total of what is not assessed. */
Status case_bounds_put(CaseFile *file, CaseBounds *bounds, int64_t row, int64_t rule_key,
	const Finding *finding)
{
	const Bounds *found = finding->bounds;
	if (found == NULL)
		return STATUS_OK;
	sqlite3_bind_int64(bounds->put, 1, row);
	bind_sum(bounds->put, 2, found->has_least, found->least);
	bind_sum(bounds->put, 4, found->has_most, found->most);
	sqlite3_bind_int(bounds->put, 6, found->certain);
	bind(bounds->put, 7, found->least_at);
	bind(bounds->put, 8, found->most_at);
	Status status = step(file, bounds->put);
	for (int32_t i = 0; i < found->nasked && status == STATUS_OK; i++) {
		sqlite3_bind_int64(bounds->ask, 1, row);
		bind(bounds->ask, 2, found->asked[i].dataset);
		bind(bounds->ask, 3, found->asked[i].key);
		bind(bounds->ask, 4, found->asked[i].field);
		status = step(file, bounds->ask);
	}
	if (found->has_stake && finding->verdict == VERDICT_NOT_ASSESSED)
		add(total_of(bounds, rule_key), found);
	return status;
}

/* At the end of a run, for the rules that it met. */
Status case_bounds_totals(CaseFile *file, CaseBounds *bounds)
{
	sqlite3_stmt *stmt = NULL;
	Status status = prepare(file, "INSERT INTO bounds_total VALUES(?,?,?,?,?)", &stmt);
	for (size_t i = 0; i < bounds->total.n && status == STATUS_OK; i++) {
		const BoundsTotal *total = &bounds->total.at[i];
		sqlite3_bind_int64(stmt, 1, total->rule_key);
		sqlite3_bind_int64(stmt, 2, total->findings);
		sqlite3_bind_int64(stmt, 3, total->open);
		bind_exact(stmt, 4, total->least);
		bind_exact(stmt, 5, total->most);
		status = step(file, stmt);
	}
	sqlite3_finalize(stmt);
	return status;
}

/* Also after a failure half-way. */
void case_bounds_end(CaseBounds *bounds)
{
	sqlite3_finalize(bounds->put);
	sqlite3_finalize(bounds->ask);
	bounds->put = bounds->ask = NULL;
	vec_free(&bounds->total);
}
