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

/* Behind the schema of the case file, whose view `finding` looks into these tables. */
Status case_bounds_begin(CaseFile *file)
{
	return sqlite3_exec(case_database(file), schema, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK
		: case_failed(file);
}

/* Empty texts are NULL. The copy is SQLite's: the text may go before the row is written. */
static void bind(sqlite3_stmt *stmt, int i, Str s)
{
	if (s.len > 0)
		sqlite3_bind_text(stmt, i, s.ptr, (int)s.len, SQLITE_TRANSIENT);
	else
		sqlite3_bind_null(stmt, i);
}

static void bind_exact(sqlite3_stmt *stmt, int i, Ratio pounds)
{
	Buf buf = {0};
	ratio_print_whole(&buf, pounds);
	bind(stmt, i, buf_view(&buf));
	buf_free(&buf);
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
	const Finding *finding, const CaseFound *found)
{
	const Bounds *of = finding->bounds;
	/* The sums, whether it is certain and what gives them: side by side in both tables. */
	CaseCell cell[1 + FOUND_MOST_AT - FOUND_LEAST_PENCE + 1] = {cell_int(row)};
	if (of == NULL)
		return STATUS_OK;
	memcpy(cell + 1, found->finding.cell + FOUND_LEAST_PENCE, sizeof cell - sizeof *cell);
	if (of->has_stake && finding->verdict == VERDICT_NOT_ASSESSED)
		add(total_of(bounds, rule_key), of);
	return case_put(file, PUT_BOUNDS, cell);
}

/* At the end of a run, for the rules that it met. */
Status case_bounds_totals(CaseFile *file, CaseBounds *bounds)
{
	sqlite3_stmt *stmt = NULL;
	Status status = sqlite3_prepare_v2(case_database(file), "INSERT INTO bounds_total"
		" VALUES(?,?,?,?,?)", -1, &stmt, NULL) == SQLITE_OK ? STATUS_OK : case_failed(file);
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
	vec_free(&bounds->total);
}
