/*
 * The formats of a case, and what one finding needs from all runs that found it.
 *
 *   run 1  new ──> run 2  same ──> run 3  changed ──> run 4: not found, "gone"
 *
 * A finding's id does not hang on the run, so its rows in all runs are one query. Runs are ordered
 * by when they were added (rowid): their start may be of another machine's clock.
 */
#include "report/case_formats.h"

/* Everything was read already: a file that cannot be read leaves no half of a list. */
Status case_list(const CaseStatus *status, CaseFormat format, const ListOptions *options)
{
	if (format == CASE_TEXT)
		return case_write_text(status, options);
	return format == CASE_CSV ? case_write_csv(status, options) : case_write_json(status, options);
}

/* ---- one finding ---- */

/* In the order in which the runs were added. */
static const char sightings_sql[] = "SELECT t.run_id, r.started, f.verdict, f.content,"
	" f.at_stake_exact, f.at_stake_pence FROM finding_place p JOIN finding_row f ON f.rowid = p.row"
	" JOIN rule_total t ON t.rule_key = p.rule_key JOIN run r ON r.run_id = t.run_id AND r.contract"
	" = t.contract WHERE p.finding_id = ?1 ORDER BY r.rowid";

/*
 * A later run over the same contract and day that does not have it. A run over another provider
 * alone says nothing of this one's findings: it could not have found it.
 */
static const char gone_sql[] = "SELECT 1 FROM run r WHERE r.contract = ?2 AND r.from_date <= ?3 AND"
	" r.to_date >= ?3 AND coalesce(r.provider, ?4) = ?4 AND r.rowid > (SELECT max(s.rowid) FROM run s"
	" WHERE s.contract = ?2 AND s.run_id = ?1) LIMIT 1";

/* Of texts and hashes alike; kept for as long as the reader. */
static Str column(Arena *arena, sqlite3_stmt *stmt, int i)
{
	const void *at = sqlite3_column_blob(stmt, i);
	return at == NULL ? STR("") : str_copy(arena, (Str){at, (size_t)sqlite3_column_bytes(stmt, i)});
}

/* The argument outlives the statement. */
static void bind(sqlite3_stmt *stmt, int i, Str s)
{
	sqlite3_bind_text(stmt, i, s.ptr == NULL ? "" : s.ptr, (int)s.len, SQLITE_STATIC);
}

/* In the order of the SELECT. */
static CaseSighting sighting(Arena *arena, sqlite3_stmt *stmt)
{
	return (CaseSighting){.run_id = column(arena, stmt, 0), .started = column(arena, stmt, 1),
		.mark = {column(arena, stmt, 2), column(arena, stmt, 3), column(arena, stmt, 4)},
		.has_stake = sqlite3_column_type(stmt, 5) != SQLITE_NULL,
		.pence = sqlite3_column_int64(stmt, 5), .change = RESTATE_NEW};
}

/* The first is new; every other is held against the one before it. */
static Status read_sightings(CaseReader *reader, CaseOne *one)
{
	Arena *arena = casereader_arena(reader);
	VEC(CaseSighting) all = {0};
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(casereader_database(reader), sightings_sql, -1, &stmt, NULL);
	if (rc == SQLITE_OK) {
		bind(stmt, 1, one->finding.id);
		while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
			*vec_push(&all) = sighting(arena, stmt);
	}
	sqlite3_finalize(stmt);
	for (size_t i = 1; i < all.n; i++)
		all.at[i].change = restate_same(&all.at[i - 1].mark, &all.at[i].mark) ? RESTATE_SAME
			: RESTATE_CHANGED;
	one->nsightings = all.n;
	if (all.n > 0)
		one->sighting = arena_copy(arena, all.at, all.n * sizeof *all.at);
	vec_free(&all);
	return rc == SQLITE_DONE ? STATUS_OK : casereader_unreadable(reader);
}

/* Of one without a day or provider nothing is claimed. */
static Status read_gone(CaseReader *reader, CaseOne *one)
{
	const ReadFinding *f = &one->finding;
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(casereader_database(reader), gone_sql, -1, &stmt, NULL);
	if (rc == SQLITE_OK) {
		bind(stmt, 1, f->run_id);
		bind(stmt, 2, f->contract);
		bind(stmt, 3, f->on);
		bind(stmt, 4, f->provider);
		rc = sqlite3_step(stmt);
	}
	one->gone = rc == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? STATUS_OK : casereader_unreadable(reader);
}

/* What the formats show of it; its other texts end with the next query. */
static void keep(Arena *arena, ReadFinding *f)
{
	Str *const part[] = {&f->id, &f->run_id, &f->contract, &f->rule, &f->title, &f->verdict,
		&f->dataset, &f->key, &f->provider, &f->on};
	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		*part[i] = str_copy(arena, *part[i]);
}

/* `row` is of the newest run that has the finding, or of the one that was asked for. */
Status case_finding_list(CaseReader *reader, int64_t row, CaseFormat format,
	const ListOptions *options)
{
	static Status (*const writer[])(const CaseOne *, const ListOptions *) = {case_write_one_text,
		case_write_one_csv, case_write_one_json};
	CaseOne one = {.nsightings = 0};
	Status status = casereader_finding(reader, row, &one.finding);
	if (status != STATUS_OK)
		return status;
	keep(casereader_arena(reader), &one.finding);
	one.short_id = casereader_short_id(reader, one.finding.id);
	status = read_sightings(reader, &one);
	if (status == STATUS_OK)
		status = read_gone(reader, &one);
	if (status == STATUS_OK)
		status = case_history(reader, one.finding.id, &one.history);
	return status == STATUS_OK ? writer[format](&one, options) : status;
}
