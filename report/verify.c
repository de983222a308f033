/*
 *   manifest ──> chain: number, hash, hash of the one before
 *      ├──> parts: rows now ──> root ── the same? ── no ──> entries then and now ──> names
 *      ├──> counts of each rule, outputs so far
 *      └──> the last one's schema: tables, views, triggers
 *   tables ──> rows that belong to no run
 */
#include "report/verify.h"

#include <stdarg.h>
#include <stdlib.h>

#include <jansson.h>

#include "interp/case_event.h"
#include "interp/manifest.h"
#include "report/layout.h"

#define LINE_MOST 1024  /* bytes */
#define TOLD_MOST 200   /* lines for one run or one comparison; the rest are counted */
#define SHORT_ID 10

typedef struct Verify {
	CaseReader *reader;
	sqlite3 *db;
	Buf *out;
	const CasePart *part;    /* the one that is being compared */
	CaseKind kind;           /* of the manifest at hand */
	int64_t wrong, told;
	bool failed;             /* SQLite did */
} Verify;

/* ---- telling ---- */

/* Everything counts as wrong, also what is no longer printed. Lines may quote what somebody wrote
 * into the file, so they are made harmless, and cut at 1 KiB. */
static void tell(Verify *v, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void tell(Verify *v, const char *format, ...)
{
	Buf line = {0};
	va_list arg;
	v->wrong++;
	if (++v->told > TOLD_MOST)
		return;
	va_start(arg, format);
	buf_vprintf(&line, format, arg);
	va_end(arg);
	buf_puts(v->out, "  ");
	layout_clean(v->out, (Str){line.at, line.n < LINE_MOST ? line.n : LINE_MOST});
	buf_char(v->out, '\n');
	buf_free(&line);
}

/* Between begin_list and end_list lie the lines of one run, or of the file: each list has its own
 * TOLD_MOST, so that one ruined run does not hide what is wrong with the next. */
static void begin_list(Verify *v)
{
	v->told = 0;
}

static void end_list(Verify *v)
{
	if (v->told > TOLD_MOST)
		buf_printf(v->out, "  and %lld more\n", (long long)(v->told - TOLD_MOST));
}

/* "finding 9Q2KX7M1ZD": what a row of a part is called. */
static Str row_name(const CasePart *part, Str name)
{
	bool finding = strcmp(part->name, "finding") == 0;
	return finding && name.len > SHORT_ID ? (Str){name.ptr, SHORT_ID} : name;
}

/* "finding 9Q2KX7M1ZD: changed: verdict". A part with a step has one entry for many rows: then the
 * name is that of the first of them, hence "from". */
static void tell_difference(void *user, PartChange change, Str name, Str columns)
{
	static const char *const word[] = {"added", "removed", "changed"};
	Verify *v = user;
	Str shown = row_name(v->part, name);
	bool many = v->part->step > 1;
	tell(v, "%s %s%.*s: %s%s%.*s", v->part->name, many ? "from " : "", STR_ARG(shown),
		word[change], columns.len > 0 ? ": " : "", STR_ARG(columns));
}

/* ---- queries ---- */

/* NULL after a failure, which next() then takes for no rows: callers need no test of their own,
 * and v->failed turns the whole into STATUS_WORLD at the end. "Nothing wrong" is never printed
 * of a file that could not be read. run must outlive the statement. */
static sqlite3_stmt *prepare(Verify *v, const char *sql, Str run)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(v->db, sql, -1, &stmt, NULL) != SQLITE_OK) {
		v->failed = true;
		return NULL;
	}
	if (sqlite3_bind_parameter_count(stmt) > 0)
		sqlite3_bind_text(stmt, 1, run.ptr, (int)run.len, SQLITE_STATIC);
	return stmt;
}

static bool next(Verify *v, sqlite3_stmt *stmt)
{
	int rc = stmt == NULL ? SQLITE_DONE : sqlite3_step(stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		v->failed = true;
	return rc == SQLITE_ROW;
}

/* SQLite's own until the next step. */
static Str text(sqlite3_stmt *stmt, int i)
{
	const char *at = (const char *)sqlite3_column_text(stmt, i);
	return at == NULL ? STR("") : (Str){at, (size_t)sqlite3_column_bytes(stmt, i)};
}

static int64_t number(Verify *v, const char *sql)
{
	sqlite3_stmt *stmt = prepare(v, sql, STR(""));
	int64_t n = next(v, stmt) ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	return n;
}

/* ---- JSON ---- */

/* Manifests may have been tampered with: whatever is missing or of another type reads as an empty
 * text or 0, and then differs from what is in the tables. jansson lets objects be NULL. */
static Str json_text(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	return json_is_string(value) ? (Str){json_string_value(value), json_string_length(value)}
		: STR("");
}

static int64_t json_number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

/* ---- parts ---- */

/* The bytes live in the arena: entries point into them. */
static bool read_entries(Verify *v, Str id, Arena *arena, PartRows *then)
{
	sqlite3_stmt *stmt = prepare(v, "SELECT entries, part FROM manifest_rows WHERE id = ?1 AND"
		" kind = ?2 AND part = ?3 ORDER BY number", id);
	bool sound = true;
	if (stmt != NULL) {
		sqlite3_bind_text(stmt, 2, case_kind_word(v->kind), -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 3, v->part->name, -1, SQLITE_STATIC);
	}
	while (next(v, stmt) && sound) {
		Str bytes = {sqlite3_column_blob(stmt, 0), (size_t)sqlite3_column_bytes(stmt, 0)};
		sound = part_unpack(str_copy(arena, bytes), then);
	}
	sqlite3_finalize(stmt);
	return sound;
}

/*
 * Where the root holds the list must too; where it does not, the list says which rows.
 *
 *   root   list of rows   what is told
 *   holds  same           nothing
 *   holds  differs        the list was changed, not the rows
 *   fails  differs        each row that was added, removed or changed
 *   fails  same           only that the root does not come out: rows and list were changed alike
 *
 * The root is in the manifest, whose hash is in the chain; the list is not, so it is a help to name
 * rows and never evidence that they are sound.
 */
static void check_part(Verify *v, Str id, const json_t *said, Arena *arena)
{
	PartRows now, then = {.rows = json_number(said, "rows")};
	if (case_part_read(v->db, v->part, id, true, arena, &now) != STATUS_OK) {
		v->failed = true;
		return;
	}
	bool holds = hex_same(json_text(said, "root"), now.root.at, 32);
	int64_t before = v->wrong;
	if (!holds && then.rows != now.rows)
		tell(v, "%s: %lld rows, where the manifest has %lld", v->part->name, (long long)now.rows,
			(long long)then.rows);
	int64_t counted = v->wrong;
	if (!read_entries(v, id, arena, &then))
		tell(v, "%s: the list of its rows cannot be read", v->part->name);
	else
		part_compare(v->part, &then, &now, tell_difference, v);
	if (holds && v->wrong > before)
		tell(v, "%s: the rows are as they were; the list of them in manifest_rows is not",
			v->part->name);
	else if (!holds && v->wrong == counted)
		tell(v, "%s: does not give the root in the manifest; which row differs cannot be told",
			v->part->name);
	part_rows_free(&now);
	part_rows_free(&then);
}

/* An arena for each part: a run may have millions of rows, and one part is in memory at a time. */
static void check_parts(Verify *v, Str id, const json_t *manifest)
{
	const json_t *all = json_object_get(manifest, "parts");
	int n;
	const CasePart *part = case_parts(v->kind, &n);
	for (int i = 0; i < n && !v->failed; i++) {
		Arena arena = {0};
		v->part = &part[i];
		const json_t *said = json_object_get(all, part[i].name);
		if (said == NULL)
			tell(v, "%s: not in the manifest", part[i].name);
		else
			check_part(v, id, said, &arena);
		arena_free(&arena);
	}
}

/* ---- counts of rules ---- */

/* Two texts of a rule, of which an amendment wrote the second, differ in their version alone. */
static const json_t *rule_said(const json_t *rules, Str contract, Str rule, Str version)
{
	size_t i;
	const json_t *one;
	json_array_foreach(rules, i, one)
		if (str_eq(json_text(one, "contract"), contract) && str_eq(json_text(one, "rule"), rule) &&
		    str_eq(json_text(one, "version"), version))
			return one;
	return NULL;
}

/* The counts stand in the manifest in words too, so that people can read them; a count that was
 * changed in one of the two places alone is found out here. Rules that were added or removed
 * are told with their part. */
static void check_counts(Verify *v, Str run, const json_t *manifest)
{
	sqlite3_stmt *stmt = prepare(v, "SELECT contract, rule, version, seen, outside, passed, failed,"
		" not_assessed, not_applicable, conflict, overflow FROM rule_result WHERE run_id = ?1", run);
	while (next(v, stmt)) {
		const json_t *said = rule_said(json_object_get(manifest, "rules"), text(stmt, 0),
			text(stmt, 1), text(stmt, 2));
		for (int i = 3; said != NULL && i < sqlite3_column_count(stmt); i++) {
			const char *column = sqlite3_column_name(stmt, i);
			int64_t now = sqlite3_column_int64(stmt, i), then = json_number(said, column);
			if (now != then)
				tell(v, "rule %.*s: %s is %lld, where the manifest has %lld",
					STR_ARG(text(stmt, 1)), column, (long long)now, (long long)then);
		}
	}
	sqlite3_finalize(stmt);
}

/* Outputs are noted as they are made, so each manifest speaks of those before it: the first n. */
static void check_outputs(Verify *v, const json_t *manifest)
{
	const json_t *said = json_object_get(manifest, "outputs");
	int64_t found, n = json_number(said, "rows");
	MerkleHash root;
	if (output_root(v->db, n, &root, &found) != STATUS_OK)
		v->failed = true;
	else if (!hex_same(json_text(said, "root"), root.at, 32))
		tell(v, "output: what was noted before this run has changed");
}

/* ---- the chain ---- */

/*
 * One manifest; `before` is the hash of the one in front, and becomes its own.
 *
 *   manifest 1 ──hash──> previous of 2 ──hash──> previous of 3 …
 *
 * It is followed by the hash that stands in the table, not by the one worked out: one changed text
 * is then told once, and not again by every manifest behind it. Columns of stmt: number, id, json,
 * sha256, previous_sha256, root, kind. manifest may be NULL.
 */
static void check_link(Verify *v, sqlite3_stmt *stmt, const json_t *manifest, int64_t place,
	Buf *before)
{
	uint8_t hash[32];
	Digest digest;
	Str json = text(stmt, 2), id = text(stmt, 1);
	const char *kind = case_kind_word(v->kind);
	const json_t *most = json_object_get(json_object_get(manifest, "parts"),
		case_kind_main(v->kind));
	digest_begin(&digest);
	digest_bytes(&digest, json.ptr, json.len);
	digest_end(&digest, hash);
	if (!hex_same(text(stmt, 3), hash, 32))
		tell(v, "the manifest itself has been changed: its text does not give its hash");
	if (!str_eq(text(stmt, 4), buf_view(before)) ||
	    !str_eq(json_text(manifest, "previous"), buf_view(before)))
		tell(v, "the manifest does not follow the one before it: one was changed or removed");
	if (sqlite3_column_int64(stmt, 0) != place || json_number(manifest, "number") != place)
		tell(v, "the manifest is number %lld of the file, and stands at place %lld",
			(long long)json_number(manifest, "number"), (long long)place);
	if (!str_eq(json_text(manifest, kind), id))
		tell(v, "the manifest is of %s %.*s", kind, STR_ARG(json_text(manifest, kind)));
	if (!str_eq(text(stmt, 5), json_text(most, "root")))
		tell(v, "the root beside the manifest is not the one in it");
	buf_clear(before);
	buf_str(before, text(stmt, 3));
}

/* "run D3PFDWHGQ1EXKKBR: 1,204 findings of 12 rules, 40 figures": what has a manifest, by the
 * counts that the manifest itself gives. */
static void print_head(Verify *v, Str id, const json_t *parts, Buf *head)
{
	buf_printf(head, "%s %.*s: ", v->kind == CASE_PLAN ? "spot check" : case_kind_word(v->kind),
		STR_ARG(id));
	layout_number(head, json_number(json_object_get(parts, case_kind_main(v->kind)), "rows"));
	if (v->kind != CASE_RUN) {
		buf_puts(head, v->kind == CASE_PLAN ? " rows in its frame" : " rows");
		return;
	}
	buf_puts(head, " findings of ");
	layout_number(head, json_number(json_object_get(parts, "rule_result"), "rows"));
	buf_puts(head, " rules, ");
	layout_number(head, json_number(json_object_get(parts, "measure_result"), "rows"));
	buf_puts(head, " figures");
}

/* Whether the line may say "as they were written" is known only behind all that was told: the lines
 * from `line` on are taken off, the head is put there, and they are put back. */
static void say_entry(Verify *v, Str id, const json_t *manifest, size_t line)
{
	Buf head = {0}, list = {0};
	print_head(v, id, json_object_get(manifest, "parts"), &head);
	buf_puts(&head, v->told == 0 ? ": as they were written\n" : "\n");
	buf_str(&list, (Str){v->out->n > line ? v->out->at + line : "", v->out->n - line});
	v->out->n = line;
	buf_str(v->out, buf_view(&head));
	buf_str(v->out, buf_view(&list));
	buf_free(&head);
	buf_free(&list);
}

/* The line of the run or step stands in front of what is wrong with it, and is known behind it. */
static void check_entry(Verify *v, sqlite3_stmt *stmt, int64_t place, Buf *before)
{
	Str json = text(stmt, 2), id = text(stmt, 1);
	json_t *manifest = json_loadb(json.ptr, json.len, 0, NULL);
	size_t line = v->out->n;
	begin_list(v);
	v->kind = case_kind_of(text(stmt, 6));
	if (v->kind == CASE_KINDS) {
		tell(v, "the manifest is of no kind that there is");
		v->kind = CASE_RUN;
	}
	check_link(v, stmt, manifest, place, before);
	if (manifest == NULL) {
		tell(v, "the manifest is no JSON");
	} else {
		if (v->kind == CASE_RUN)
			check_counts(v, id, manifest);
		check_parts(v, id, manifest);
		check_outputs(v, manifest);
	}
	end_list(v);
	say_entry(v, id, manifest, line);
	json_decref(manifest);
}

/* ---- the file as a whole ---- */

/* A run without a manifest was put in by hand; a manifest without its run lost it. */
static void check_runs(Verify *v)
{
	sqlite3_stmt *stmt = prepare(v, "SELECT DISTINCT run_id FROM run WHERE run_id NOT IN (SELECT"
		" id FROM manifest WHERE kind = 'run')", STR(""));
	while (next(v, stmt))
		tell(v, "run %.*s has no manifest", STR_ARG(text(stmt, 0)));
	sqlite3_finalize(stmt);
	stmt = prepare(v, "SELECT id FROM manifest WHERE kind = 'run' AND id NOT IN (SELECT run_id FROM"
		" run)", STR(""));
	while (next(v, stmt))
		tell(v, "run %.*s has been removed; its manifest is still there", STR_ARG(text(stmt, 0)));
	sqlite3_finalize(stmt);
}

/* name: a constant of ours, never a text of the file, so it may stand in the query. */
static bool has_table(Verify *v, const char *name)
{
	char sql[256];
	snprintf(sql, sizeof sql, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name ="
		" '%s'", name);
	return number(v, sql) > 0;
}

/* Steps of spot checks that were put in by hand, in whichever way they are known. */
static void check_steps(Verify *v)
{
	static const struct {
		const char *table, *kind, *id;
	} step[] = {{"plan", "plan", "plan_id"}, {"drawn", "draw", "plan_id || '/' || draw"},
		{"evaluation", "evaluation", "evaluation_id"}};
	for (size_t i = 0; i < sizeof step / sizeof *step; i++) {
		char sql[256];
		if (!has_table(v, step[i].table))
			continue;
		snprintf(sql, sizeof sql, "SELECT DISTINCT %s AS step FROM %s WHERE step NOT IN (SELECT"
			" id FROM manifest WHERE kind = '%s')", step[i].id, step[i].table, step[i].kind);
		sqlite3_stmt *stmt = prepare(v, sql, STR(""));
		while (next(v, stmt))
			tell(v, "%s %.*s has no manifest", step[i].kind, STR_ARG(text(stmt, 0)));
		sqlite3_finalize(stmt);
	}
}

/* Counted for the table as a whole: rows that belong to no run have no id to look them up by. Fewer
 * rows than the manifests have are told with the run that lost them. A file of a sample alone has
 * not all of the tables. */
static void check_stray(Verify *v, const CasePart *part)
{
	char sql[256];
	if (part->table == NULL || !has_table(v, part->table))
		return;
	snprintf(sql, sizeof sql, "SELECT (SELECT count(*) FROM %s) - coalesce((SELECT"
		" sum(json_extract(json, '$.parts.%s.rows')) FROM manifest WHERE json_valid(json)),"
		" 0)", part->table, part->name);
	int64_t over = number(v, sql);
	if (over > 0)
		tell(v, "%s: %lld rows more than the manifests have", part->table, (long long)over);
}

/* Rows of a table that no manifest counts: no reader of a run sees them, but they were added. */
static void check_strays(Verify *v)
{
	for (int kind = 0; kind < CASE_KINDS; kind++) {
		int n;
		const CasePart *part = case_parts((CaseKind)kind, &n);
		for (int i = 0; i < n; i++)
			check_stray(v, &part[i]);
	}
}

/* finding_place follows from finding_row and is no part of a manifest. But reports look findings up
 * by it, so a finding could be hidden by leading its id to another row. Bounds are hashed with
 * their finding; those of none would be seen by nobody but this. */
static void check_places(Verify *v)
{
	sqlite3_stmt *stmt = prepare(v, "SELECT f.finding_id FROM finding_row f LEFT JOIN finding_place p"
		" ON p.finding_id = f.finding_id AND p.rule_key = f.rule_key AND p.row = f.rowid"
		" WHERE p.row IS NULL", STR(""));
	while (next(v, stmt))
		tell(v, "finding_place: leads elsewhere for finding %.*s", SHORT_ID, text(stmt, 0).ptr);
	sqlite3_finalize(stmt);
	if (number(v, "SELECT count(*) FROM finding_place") !=
	    number(v, "SELECT count(*) FROM finding_row"))
		tell(v, "finding_place: not one row for each finding");
	if (number(v, "SELECT count(*) FROM bounds WHERE row NOT IN (SELECT rowid FROM finding_row)") > 0)
		tell(v, "bounds: rows of findings that are not there");
}

/* A trigger that is new on one of the tables could do anything with what is written to it. */
static void check_extra(Verify *v, const json_t *then)
{
	sqlite3_stmt *stmt = prepare(v, "SELECT type || ' ' || name, 'table ' || tbl_name FROM"
		" sqlite_schema WHERE type = 'trigger'", STR(""));
	while (next(v, stmt))
		if (json_object_get(then, (const char *)sqlite3_column_text(stmt, 0)) == NULL &&
		    json_object_get(then, (const char *)sqlite3_column_text(stmt, 1)) != NULL)
			tell(v, "%.*s was added to %.*s", STR_ARG(text(stmt, 0)), STR_ARG(text(stmt, 1)));
	sqlite3_finalize(stmt);
}

/* A view that was declared anew could leave rows out of every report while all tables hold. The
 * last manifest counts: earlier ones are of a time when tables of later steps were not there
 * yet. What is new and hangs on nothing of ours does no harm, and is let pass. */
static void check_schema(Verify *v)
{
	sqlite3_stmt *stmt = prepare(v, "SELECT json FROM manifest ORDER BY number DESC LIMIT 1", STR(""));
	bool ok = true;
	json_t *manifest = next(v, stmt) ? json_loadb(text(stmt, 0).ptr, text(stmt, 0).len, 0, NULL)
		: NULL;
	json_t *then = json_object_get(manifest, "schema"), *now = manifest_schema(v->db, &ok), *said;
	const char *name;
	json_object_foreach(then, name, said) {
		const json_t *is = json_object_get(now, name);
		if (is == NULL)
			tell(v, "%s is gone", name);
		else if (!json_equal(is, said))
			tell(v, "%s is declared otherwise than it was", name);
	}
	if (then != NULL)
		check_extra(v, then);
	v->failed |= !ok;
	json_decref(now);
	json_decref(manifest);
	sqlite3_finalize(stmt);
}

/* What is told of no single run. Without anything to tell its heading goes again. */
static void check_file(Verify *v)
{
	size_t line = v->out->n;
	begin_list(v);
	buf_puts(v->out, "the file\n");
	check_runs(v);
	check_steps(v);
	check_strays(v);
	check_places(v);
	check_schema(v);
	end_list(v);
	if (v->told == 0)
		v->out->n = line;
}

/* ---- events ---- */

/* Event 0 is the chain as a whole. */
static void tell_fault(void *user, int64_t event, const char *what)
{
	if (event == 0)
		tell(user, "%s", what);
	else
		tell(user, "event %lld: %s", (long long)event, what);
}

/* What was said of findings has a chain of its own (interp/case_event.h). */
static void check_events(Verify *v)
{
	EventChain chain;
	size_t line = v->out->n;
	begin_list(v);
	buf_puts(v->out, "events\n");
	v->failed |= !case_events_check(v->db, tell_fault, v, &chain);
	end_list(v);
	if (v->told > 0)
		return;
	v->out->n = line;
	if (chain.events == 0)
		return;
	layout_plural(v->out, chain.events, "event", "events");
	buf_puts(v->out, ": as they were written\n");
}

/* ---- spot checks ---- */

static void tell_sample(void *user, const char *what)
{
	tell(user, "%s", what);
}

/* The manifests say that plan and draw are as they were written; this, that they were honest when
 * they were written: the seed gives these tickets and no others. */
static Status check_samples(Verify *v)
{
	int64_t plans = 0;
	size_t line = v->out->n;
	begin_list(v);
	buf_puts(v->out, "spot checks\n");
	Status status = verify_samples(v->reader, tell_sample, v, &plans);
	end_list(v);
	if (v->told > 0)
		return status;
	v->out->n = line;
	if (plans == 0)
		return status;
	layout_plural(v->out, plans, "spot check", "spot checks");
	buf_puts(v->out, ": frames and draws as they can be made again\n");
	return status;
}

/* Manifest by manifest in their order, then what hangs between them. A file that cannot be read is
 * STATUS_WORLD; one that was changed is STATUS_OK with *wrong above 0, which the command makes its
 * exit status 1. */
Status verify_case(CaseReader *reader, Buf *out, int64_t *wrong)
{
	Verify v = {.reader = reader, .db = casereader_database(reader), .out = out};
	Buf before = {0};
	int64_t place = 0;
	Status status = STATUS_OK;
	sqlite3_stmt *stmt = prepare(&v, "SELECT number, id, json, sha256, previous_sha256, root, kind"
		" FROM manifest ORDER BY number", STR(""));
	while (next(&v, stmt) && !v.failed)
		check_entry(&v, stmt, ++place, &before);
	sqlite3_finalize(stmt);
	if (!v.failed)
		check_events(&v);
	if (!v.failed)
		status = check_samples(&v);
	if (!v.failed)
		check_file(&v);
	buf_free(&before);
	*wrong = v.wrong;
	return v.failed ? casereader_unreadable(reader) : status;
}

/* ---- made again ---- */

/* The caller's to free; NULL when there is none, of which json functions make empty texts. */
static json_t *manifest_of(CaseReader *reader, Str run)
{
	Verify v = {.db = casereader_database(reader)};
	sqlite3_stmt *stmt = prepare(&v, "SELECT json FROM manifest WHERE kind = 'run' AND id"
		" = ?1", run);
	json_t *json = next(&v, stmt) ? json_loadb(text(stmt, 0).ptr, text(stmt, 0).len, 0, NULL) : NULL;
	sqlite3_finalize(stmt);
	return json;
}

/* Why a run made again differs is mostly that its data do: said first, so that nobody searches the
 * rules for it. Tables are paired by dataset and name, as one table may serve two datasets; what is
 * read now and was not then shows in the findings. */
static void compare_tables(Verify *v, const json_t *then, const json_t *now)
{
	const json_t *a = json_object_get(then, "tables"), *b = json_object_get(now, "tables"), *one;
	size_t i, k;
	json_array_foreach(a, i, one) {
		const json_t *other, *same = NULL;
		json_array_foreach(b, k, other)
			if (str_eq(json_text(one, "dataset"), json_text(other, "dataset")) &&
			    str_eq(json_text(one, "table"), json_text(other, "table")))
				same = other;
		if (same == NULL)
			tell(v, "table %.*s is not read any more", STR_ARG(json_text(one, "table")));
		else if (!str_eq(json_text(one, "sha256"), json_text(same, "sha256")))
			tell(v, "table %.*s differs: %lld rows then, %lld now", STR_ARG(json_text(one, "table")),
				(long long)json_number(one, "rows"), (long long)json_number(same, "rows"));
	}
}

/* By path and hash of each rule file, includes and libraries too; then the program. */
static void compare_files(Verify *v, json_t *then, json_t *now)
{
	json_t *a = json_object_get(then, "files"), *b = json_object_get(now, "files"), *sha;
	const char *path;
	json_object_foreach(a, path, sha) {
		const json_t *other = json_object_get(b, path);
		if (other == NULL)
			tell(v, "rule file %s is not used any more", path);
		else if (!json_equal(sha, other))
			tell(v, "rule file %s differs", path);
	}
	if (!json_equal(json_object_get(then, "program"), json_object_get(now, "program")))
		tell(v, "another program, or other libraries, than the run was made with");
}

/* What a run found; when and where it was made is not part of it. */
static void compare_rows(Verify *v, CaseReader *now, Str run, Str run_now)
{
	static const char *const name[] = {"finding", "measure_result", "rule_result", "rejected",
		"bank_entry", "claim"};
	for (size_t i = 0; i < sizeof name / sizeof *name && !v->failed; i++) {
		PartRows a = {.rows = 0}, b = {.rows = 0};
		Arena arena = {0};
		v->part = case_part_named(str_of(name[i]));
		if (case_part_read(v->db, v->part, run, true, &arena, &a) != STATUS_OK ||
		    case_part_read(casereader_database(now), v->part, run_now, true, &arena, &b) != STATUS_OK)
			v->failed = true;
		else if (!merkle_same(&a.root, &b.root))
			part_compare(v->part, &a, &b, tell_difference, v);
		part_rows_free(&a);
		part_rows_free(&b);
		arena_free(&arena);
	}
}

Status verify_again(CaseReader *then, Str run, CaseReader *now, Str run_now, Buf *out,
	int64_t *wrong)
{
	Verify v = {.reader = then, .db = casereader_database(then), .out = out};
	json_t *a = manifest_of(then, run), *b = manifest_of(now, run_now);
	size_t line = out->n;
	begin_list(&v);
	buf_printf(out, "run %.*s, made again\n", STR_ARG(run));
	compare_tables(&v, a, b);
	compare_files(&v, a, b);
	compare_rows(&v, now, run, run_now);
	end_list(&v);
	if (v.told == 0) {
		out->n = line;
		buf_printf(out, "run %.*s, made again: the same, finding by finding\n", STR_ARG(run));
	}
	json_decref(a);
	json_decref(b);
	*wrong = v.wrong;
	return v.failed ? casereader_unreadable(then) : STATUS_OK;
}
