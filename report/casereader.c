/*
 * Case files are read by plain SQL. The order of reports is worked out once, as a list of rows
 * (8 bytes a finding); each finding is then fetched by its row when its turn comes, so that a
 * listing of any length needs no more memory than that list.
 *
 *   casereader_open      one read transaction: all that follows sees one state of the file
 *        │
 *   casereader_run       which run is meant
 *        ├── casereader_contracts, _rules, _datasets, _claim    tens of rows, in the arena
 *        └── casereader_select ──> rows ──> casereader_finding  one at a time, SQLite's own texts
 *                                                └── _evidence, _remedies
 *
 * Queries name their tables without a schema wherever people may stand in them: views of the
 * same names hide the tables when names are to be shown as pseudonyms (report/pseudonym.h).
 */
#include "report/casereader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <sqlite3.h>

#include "report/layout.h"

#define SHORT_ID 10
#define ASKED_SINGLY 32 /* short ids for whose neighbours it pays to ask one by one */

static const Span nowhere = {-1, 0, 0};

/* What lines of evidence in the findings of a contract speak of by number: sorted by it. */
typedef struct ReadLabel {
	int64_t number;
	Str contract, name, table, column;
} ReadLabel;

/* The stretch of labels that one contract has. */
typedef struct ContractLabels {
	const ReadLabel *at;
	size_t n;
} ContractLabels;

/*
 * A finding is put together from several tables; what many findings share stands in a row of its
 * own:
 *
 *   finding_place ── finding_row ──┬── rule_total ── rule_result     (contract, rule, sums)
 *     id ─> row        verdict,    ├── assumption                    (texts that thousands share)
 *                      sum, texts  ├── bounds                        (where facts were missing)
 *                      evidence ───┴── evidence_label                (names and columns by number)
 */
struct CaseReader {
	sqlite3 *db;
	sqlite3_stmt *finding;  /* one finding by its row */
	const char *path;
	Diags *diags;
	Arena arena;
	Str labelled;           /* the run that `labels` are of */
	ContractLabels *labels;
	size_t nlabels;
	int asked;              /* short ids so far */
	StrMap length;          /* ids that need more than SHORT_ID characters, and how many */
	bool for_provider;
};

/* Behind r.version, `coalesce` gives the version in force on the day of the finding, which need
 * not be the one that the rule was written in: columns in the order of casereader_finding. */
static const char finding_sql[] =
	"SELECT f.finding_id, t.run_id, t.contract, t.rule, coalesce((SELECT v.version FROM"
	" contract_version v WHERE v.run_id = t.run_id AND v.contract = t.contract AND v.from_date <="
	" f.on_date AND coalesce(v.to_date, '9999-12-31') >= f.on_date ORDER BY v.number DESC LIMIT 1),"
	" r.version), r.version, r.title, r.clause, r.severity, f.verdict, t.dataset, f.subject_key,"
	" f.provider, f.on_date, f.message, f.at_stake_exact, a.assumed, f.missing, f.evidence,"
	" f.at_stake_pence, b.at_least_exact, b.at_most_exact, b.least_at, b.most_at,"
	" b.at_least_pence, b.at_most_pence, b.certain, lower(hex(f.content)) FROM finding_row f"
	" JOIN rule_total t USING (rule_key) JOIN rule_result r USING"
	" (run_id, contract, rule, version) LEFT JOIN assumption a USING (assumed_key)"
	" LEFT JOIN bounds b ON b.row = f.rowid WHERE f.rowid = ?1";

/* SQLite says what is wrong with the file; the help says what would be right. */
static Status unreadable(CaseReader *reader)
{
	diag_help(diag_add(reader->diags, DIAG_NOT_A_CASE, nowhere, "%s cannot be read:"
		" %s", reader->path,
		reader->db == NULL ? "out of memory" : sqlite3_errmsg(reader->db)),
		"a case file is what `vouch audit` writes with -o");
	return STATUS_WORLD;
}

sqlite3 *casereader_database(CaseReader *reader)
{
	return reader->db;
}

Diags *casereader_diags(CaseReader *reader)
{
	return reader->diags;
}

Status casereader_unreadable(CaseReader *reader)
{
	return unreadable(reader);
}

/* False leaves *stmt NULL, which may be finalized all the same. */
static bool prepare(CaseReader *reader, const char *sql, sqlite3_stmt **stmt)
{
	return sqlite3_prepare_v2(reader->db, sql, -1, stmt, NULL) == SQLITE_OK;
}

/* Static: arguments live until the statement is finalized. */
static void bind(sqlite3_stmt *stmt, int i, Str s)
{
	sqlite3_bind_text(stmt, i, s.ptr == NULL ? "" : s.ptr, (int)s.len, SQLITE_STATIC);
}

/* The text of a column, SQLite's own until the next step; empty when it is NULL. */
static Str text(sqlite3_stmt *stmt, int column)
{
	const char *at = (const char *)sqlite3_column_text(stmt, column);
	return at == NULL ? STR("") : (Str){at, (size_t)sqlite3_column_bytes(stmt, column)};
}

/* For what has to outlive the step. */
static Str kept(CaseReader *reader, sqlite3_stmt *stmt, int column)
{
	return str_copy(&reader->arena, text(stmt, column));
}

/* -1 when the file has no such number. */
static int64_t pragma(CaseReader *reader, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t n = -1;
	if (prepare(reader, sql, &stmt) && sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

/* A file that merely is a database must not be taken for a case without findings. BEGIN alone takes
 * no lock: only the first SELECT fixes the state that the transaction sees. Files of another format
 * are refused both ways, as a column that means something else would be read without a word. */
static Status check_kind(CaseReader *reader)
{
	if (sqlite3_exec(reader->db, "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1", NULL, NULL, NULL)
			!= SQLITE_OK)
		return unreadable(reader);
	if (pragma(reader, "PRAGMA application_id") == CASE_APPLICATION_ID) {
		int64_t format = pragma(reader, "PRAGMA user_version");
		if (format == CASE_FORMAT)
			return prepare(reader, finding_sql, &reader->finding) ? STATUS_OK : unreadable(reader);
		diag_help(diag_add(reader->diags, DIAG_NOT_A_CASE, nowhere, "%s is a case file of format"
			" %lld; this program reads format %d", reader->path, (long long)format, CASE_FORMAT),
			format < CASE_FORMAT ? "audit again into a new case file; the old one is read by the"
			" program that wrote it" : "a newer program wrote it");
		return STATUS_WORLD;
	}
	diag_help(diag_add(reader->diags, DIAG_NOT_A_CASE, nowhere, "%s is a database, but no case"
		" file",
		reader->path), "a case file is what `vouch audit` writes with -o");
	return STATUS_WORLD;
}

/* Older case files lack tables that came later. The schema itself is never under pseudonyms. */
bool casereader_has(CaseReader *reader, const char *table)
{
	sqlite3_stmt *stmt = NULL;
	bool has = false;
	if (prepare(reader, "SELECT 1 FROM main.sqlite_schema WHERE name = ?1", &stmt)) {
		bind(stmt, 1, str_of(table));
		has = sqlite3_step(stmt) == SQLITE_ROW;
	}
	sqlite3_finalize(stmt);
	return has;
}

void casereader_show_provider(CaseReader *reader)
{
	reader->for_provider = true;
}

bool casereader_for_provider(const CaseReader *reader)
{
	return reader->for_provider;
}

/* One read transaction for as long as the reader lives: a run that is being added does not show. */
Status casereader_open(const char *path, Diags *diags, CaseReader **out)
{
	CaseReader *reader = mem_alloc(sizeof *reader);
	reader->path = path;
	reader->diags = diags;
	strmap_init(&reader->length, &reader->arena);
	int rc = sqlite3_open_v2(path, &reader->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK)
		sqlite3_busy_timeout(reader->db, 5000);
	Status status = rc == SQLITE_OK ? check_kind(reader) : unreadable(reader);
	if (status != STATUS_OK) {
		casereader_close(reader);
		return status;
	}
	*out = reader;
	return STATUS_OK;
}

/* SQLite frees functions of its connection, pseudonyms among them, and ends the transaction. */
void casereader_close(CaseReader *reader)
{
	if (reader == NULL)
		return;
	sqlite3_finalize(reader->finding);
	sqlite3_close(reader->db);
	arena_free(&reader->arena);
	free(reader);
}

/* A statement keeps the tables that it was prepared with. */
Status casereader_renew(CaseReader *reader)
{
	sqlite3_finalize(reader->finding);
	reader->finding = NULL;
	return prepare(reader, finding_sql, &reader->finding) ? STATUS_OK : unreadable(reader);
}

Arena *casereader_arena(CaseReader *reader)
{
	return &reader->arena;
}

/* ---- tables of a run ---- */

/* What becomes of one row of a query. Texts of stmt hold until the next. */
typedef void Take(CaseReader *reader, sqlite3_stmt *stmt, void *into);

/* Every row of a query to `take`; ?1 and on are the arguments. */
static Status query(CaseReader *reader, const char *sql, const Str *arg, int nargs, Take *take,
	void *into)
{
	sqlite3_stmt *stmt = NULL;
	int rc = SQLITE_ERROR;
	if (prepare(reader, sql, &stmt)) {
		for (int i = 0; i < nargs; i++)
			bind(stmt, i + 1, arg[i]);
		while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
			take(reader, stmt, into);
	}
	Status status = rc == SQLITE_DONE ? STATUS_OK : unreadable(reader);
	sqlite3_finalize(stmt);
	return status;
}

/* Of a query with one argument, which most often is the run. */
static Status each(CaseReader *reader, const char *sql, Str run_id, Take *take, void *into)
{
	return query(reader, sql, &run_id, 1, take, into);
}

/* Rows of a query as an array in the arena: `take` fills one of them, which comes zeroed. */
typedef struct Rows {
	Take *take;
	size_t item;            /* bytes of a row */
	VEC(void *) row;
} Rows;

/* How many rows come is not known before, and the arena cannot grow an array: each row gets its own
 * place, and rows_of copies them together. */
static void take_row(CaseReader *reader, sqlite3_stmt *stmt, void *into)
{
	Rows *rows = into;
	void *row = arena_alloc(&reader->arena, rows->item);
	rows->take(reader, stmt, row);
	*vec_push(&rows->row) = row;
}

/* The array; NULL when the query fails. *n: how many. Tables of a run have tens of rows. */
static void *rows_of(CaseReader *reader, const char *sql, Str run_id, Take *take, size_t item,
	size_t *n)
{
	Rows rows = {.take = take, .item = item};
	Status status = each(reader, sql, run_id, take_row, &rows);
	*n = rows.row.n;
	char *all = arena_alloc(&reader->arena, mem_product(*n + 1, item));
	for (size_t i = 0; i < *n; i++)
		memcpy(all + i * item, rows.row.at[i], item);
	vec_free(&rows.row);
	return status == STATUS_OK ? all : NULL;
}

/* rows_of has told what is wrong already. */
static Status found(const void *rows)
{
	return rows == NULL ? STATUS_WORLD : STATUS_OK;
}

/* Crockford's alphabet has no I, L and O: whoever types them has read 1 or 0. */
static Str canonical_id(Arena *arena, Str typed)
{
	char *id = arena_alloc(arena, typed.len + 2);
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.ptr[i];
		c = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
		id[i] = (char)(c == 'I' || c == 'L' ? '1' : c == 'O' ? '0' : c);
	}
	return (Str){id, typed.len};
}

typedef VEC(Str) Names;

static void take_name(CaseReader *reader, sqlite3_stmt *stmt, void *into)
{
	Names *names = into;
	*vec_push(names) = kept(reader, stmt, 0);
}

/* Which runs there are is the help that is needed. */
static Status no_run(CaseReader *reader, Str prefix, const Names *runs)
{
	Buf list = {0};
	for (size_t i = 0; i < runs->n && i < 6; i++)
		buf_printf(&list, "%s%.*s", i > 0 ? ", " : "", STR_ARG(runs->at[i]));
	DiagRef ref = diag_add(reader->diags, DIAG_NO_FINDING, nowhere, "%s has %s run %s%.*s",
		reader->path, prefix.len > 0 && runs->n > 1 ? "no single" : "no",
		prefix.len > 0 ? "whose id begins with " : "at all", STR_ARG(prefix));
	if (runs->n > 0)
		diag_help(ref, "its runs, newest first: %s", list.at);
	buf_free(&list);
	return STATUS_WRONG;
}

/* None typed: the run that was added last, which is the first of the list. Ids of runs are few, so
 * they are compared here and not by SQL. */
Status casereader_run(CaseReader *reader, Str prefix, Str *run_id)
{
	Names all = {0};
	Str wanted = canonical_id(&reader->arena, prefix);
	const Str *found = NULL;
	size_t fit = 0;
	Status status = each(reader, "SELECT run_id FROM run WHERE ?1 = ?1 GROUP BY run_id"
		" ORDER BY max(rowid) DESC", prefix, take_name, &all);
	for (size_t i = 0; i < all.n; i++) {
		if (all.at[i].len < wanted.len || memcmp(all.at[i].ptr, wanted.ptr, wanted.len) != 0)
			continue;
		fit++;
		found = found == NULL ? &all.at[i] : found;
	}
	if (status == STATUS_OK && (found == NULL || (prefix.len > 0 && fit > 1)))
		status = no_run(reader, prefix, &all);
	if (status == STATUS_OK)
		*run_id = *found;
	vec_free(&all);
	return status;
}

/* Columns in the order of the SELECT below it; so are those of the other take_ functions. */
static void take_run(CaseReader *reader, sqlite3_stmt *stmt, void *into)
{
	ReadRun *run = into;
	Str *const part[] = {&run->run_id, &run->started, &run->contract, &run->version, &run->title,
		&run->council, &run->rulebook_sha256, &run->data_sha256, &run->from, &run->to,
		&run->known_on, &run->provider, &run->program, &run->data_path, &run->contract_path,
		&run->data_of, &run->data_to};
	int n = (int)(sizeof part / sizeof *part);
	for (int i = 0; i < n; i++)
		*part[i] = kept(reader, stmt, i);
	run->rows_read = sqlite3_column_int64(stmt, n);
}

/* `run` has a row for each contract of a run. A run that is known has one at least, so callers take
 * the first without asking. */
Status casereader_contracts(CaseReader *reader, Str run_id, ReadRuns *out)
{
	out->at = rows_of(reader, "SELECT run_id, started, contract, version, title, council,"
		" rulebook_sha256, data_sha256, from_date, to_date, known_on, provider, program, data_path,"
		" contract_path, data_of, data_to, rows_read FROM run WHERE run_id = ?1 ORDER BY contract", run_id, take_run,
		sizeof *out->at, &out->n);
	return found(out->at);
}

/* Sums come from rule_total, in casereader_totals; until then they are nothing. */
static void take_rule(CaseReader *reader, sqlite3_stmt *stmt, void *into)
{
	ReadRule *rule = into;
	rule->over = rule->under = (Ratio){0, 1};
	Str *const part[] = {&rule->contract, &rule->rule, &rule->title, &rule->clause, &rule->severity,
		&rule->version, &rule->path, &rule->text};
	int64_t *const number[] = {&rule->line, &rule->seen, &rule->outside, &rule->passed,
		&rule->failed,
		&rule->not_assessed, &rule->not_applicable, &rule->conflict, &rule->overflow};
	int n = (int)(sizeof part / sizeof *part), m = (int)(sizeof number / sizeof *number);
	for (int i = 0; i < n; i++)
		*part[i] = kept(reader, stmt, i);
	for (int i = 0; i < m; i++)
		*number[i] = sqlite3_column_int64(stmt, n + i);
	rule->assumed = sqlite3_column_int(stmt, n + m) != 0;
}

/* By rowid: the order in which they were written is that of the contract. */
Status casereader_rules(CaseReader *reader, Str run_id, ReadRules *out)
{
	out->at = rows_of(reader, "SELECT contract, rule, title, clause, severity, version, path,"
		" text, line, seen, outside, passed, failed, not_assessed, not_applicable, conflict,"
		" overflow, assumed FROM rule_result WHERE run_id = ?1 ORDER BY contract, rowid", run_id,
		take_rule, sizeof *out->at, &out->n);
	return found(out->at);
}

/* A table in which nothing was rejected has zeroes, never gaps. */
static void take_dataset(CaseReader *reader, sqlite3_stmt *stmt, void *into)
{
	ReadDataset *row = into;
	int64_t *const number[] = {&row->read, &row->judged, &row->rejected, &row->superseded,
		&row->not_known, &row->left_out, &row->values_rejected, &row->orphan_links,
		&row->seconds_cut, &row->clock_absent, &row->clock_twice, &row->offsets, &row->read_to};
	row->dataset = kept(reader, stmt, 0);
	row->table = kept(reader, stmt, 1);
	for (int i = 0; i < (int)(sizeof number / sizeof *number); i++)
		*number[i] = sqlite3_column_int64(stmt, 2 + i);
}

Status casereader_datasets(CaseReader *reader, Str run_id, ReadDatasets *out)
{
	out->at = rows_of(reader, "SELECT dataset, source_table, rows_read, rows_judged,"
		" rows_rejected, rows_superseded, rows_not_known, rows_left_out, values_rejected,"
		" orphan_links, seconds_cut, clock_absent, clock_twice, offsets, read_to FROM dataset_result"
		" WHERE run_id = ?1 ORDER BY dataset", run_id, take_dataset, sizeof *out->at, &out->n);
	return found(out->at);
}

/* Over, under, without a sum: all whole pence but the last, which is a count. */
static void take_claim(CaseReader *reader, sqlite3_stmt *stmt, void *into)
{
	CaseClaim *claim = into;
	(void)reader;
	*claim = (CaseClaim){sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
		sqlite3_column_int64(stmt, 2)};
}

/* A run whose row is missing has claimed nothing. */
Status casereader_claim(CaseReader *reader, Str run_id, CaseClaim *out)
{
	*out = (CaseClaim){0};
	return each(reader, "SELECT over_pence, under_pence, without_sum FROM claim WHERE run_id = ?1",
		run_id, take_claim, out);
}

/* ---- totals over the findings of a run ---- */

typedef struct Totals {
	ReadRules *rules;
	StrMap assumed;   /* by what is assumed: findings that rest on it */
	int64_t findings; /* that rest on anything */
} Totals;

/* A run has tens of rules, so they are simply looked through. */
static ReadRule *rule_named(ReadRules *rules, Str contract, Str name, Str version)
{
	for (size_t i = 0; i < rules->n; i++) {
		if (str_eq(rules->at[i].rule, name) && str_eq(rules->at[i].contract, contract) &&
				str_eq(rules->at[i].version, version))
			return &rules->at[i];
	}
	return NULL;
}

/*
 * "parameter rate_floor: not published; see notes; table bands: a draft"
 *  `------------- one text ----------------'  `----- the rest -----'
 *
 * The kinds are those that the explaining evaluator writes: a new one there goes in here too.
 */
Str casereader_next_assumed(Str *rest)
{
	static const char *const kind[] = {"; parameter ", "; rounding ", "; table ", "; define ",
		"; rule ", "; match ", "; exception ", "; calendar ", "; except "};
	size_t end = rest->len, skip = 0;
	for (size_t i = 0; i < rest->len && end == rest->len; i++) {
		for (size_t k = 0; rest->ptr[i] == ';' && k < sizeof kind / sizeof *kind; k++) {
			Str word = str_of(kind[k]);
			if (rest->len - i > word.len && memcmp(rest->ptr + i, word.ptr, word.len) == 0) {
				end = i;
				skip = 2;
			}
		}
	}
	Str one = {rest->ptr, end};
	*rest = (Str){rest->ptr + end + skip, rest->len - end - skip};
	return one;
}

/* One text of the column, with the findings that have it. */
static void take_assumed(CaseReader *reader, sqlite3_stmt *stmt, void *into)
{
	Totals *totals = into;
	Str rest = text(stmt, 0);
	int64_t findings = sqlite3_column_int64(stmt, 1);
	(void)reader;
	totals->findings += findings;
	while (rest.len > 0) {
		bool added;
		*strmap_at(&totals->assumed, casereader_next_assumed(&rest), &added) += (int32_t)findings;
	}
}

/* A total without its rule would be of another run: it is passed over. */
static void take_total(CaseReader *reader, sqlite3_stmt *stmt, void *into)
{
	Totals *totals = into;
	ReadRule *rule = rule_named(totals->rules, text(stmt, 0), text(stmt, 1),
		text(stmt, 5));
	if (rule == NULL)
		return;
	layout_ratio(text(stmt, 2), &rule->over);
	layout_ratio(text(stmt, 3), &rule->under);
	rule->first = kept(reader, stmt, 4);
}

/* What most findings rest on first; of equals by name, so that the order is one. */
static int by_findings(const void *left, const void *right)
{
	const ReadAssumed *a = left, *b = right;
	if (a->findings != b->findings)
		return a->findings > b->findings ? -1 : 1;
	return str_cmp(a->what, b->what);
}

/* Sums come exact and are never added up from rounded ones (law 3). A finding that rests on two
 * figures counts for both of them, and once in out->findings. */
Status casereader_totals(CaseReader *reader, Str run_id, ReadRules *rules, ReadAssumptions *out)
{
	Totals totals = {.rules = rules};
	strmap_init(&totals.assumed, &reader->arena);
	Status status = each(reader, "SELECT contract, rule, over_exact, under_exact, first_finding,"
		" version FROM rule_total WHERE run_id = ?1", run_id, take_total, &totals);
	if (status == STATUS_OK)
		status = each(reader, "SELECT assumed, findings FROM assumption WHERE run_id = ?1", run_id,
			take_assumed, &totals);
	out->n = totals.assumed.n;
	out->findings = totals.findings;
	out->at = ARENA_ARRAY(&reader->arena, ReadAssumed, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		out->at[i] = (ReadAssumed){totals.assumed.key[i], totals.assumed.value[i]};
	qsort(out->at, out->n, sizeof *out->at, by_findings);
	return status;
}

/* ---- findings ---- */

/* A misspelt rule would give an empty list, which reads like "nothing was found". */
static Status check_filter(CaseReader *reader, const FindingFilter *filter)
{
	ReadRules rules;
	Nearest contract, rule;
	bool contract_known = filter->contract.len == 0, rule_known = filter->rule.len == 0;
	Status status = casereader_rules(reader, filter->run, &rules);
	nearest_start(&contract, filter->contract);
	nearest_start(&rule, filter->rule);
	for (size_t i = 0; i < rules.n; i++) {
		contract_known = contract_known || str_eq(rules.at[i].contract, filter->contract);
		rule_known = rule_known || str_eq(rules.at[i].rule, filter->rule);
		nearest_try(&contract, rules.at[i].contract);
		nearest_try(&rule, rules.at[i].rule);
	}
	if (status != STATUS_OK || (contract_known && rule_known))
		return status;
	Str wanted = contract_known ? filter->rule : filter->contract;
	Str best = nearest_best(contract_known ? &rule : &contract);
	DiagRef ref = diag_add(reader->diags, DIAG_NO_FINDING, nowhere, "the run has no %s %.*s",
		contract_known ? "rule" : "contract", STR_ARG(wanted));
	if (best.len > 0)
		diag_help(ref, "did you mean %.*s?", STR_ARG(best));
	return STATUS_WRONG;
}

/* Rows alone; each is fetched when it is printed. */
static void take_listed(CaseReader *reader, sqlite3_stmt *stmt, void *into)
{
	FindingList *list = into;
	(void)reader;
	*vec_push(list) = sqlite3_column_int64(stmt, 0);
}

/* Findings of a filter; `stands` is SQL that gives where a finding stands. */
#define LISTED(stands) "SELECT f.rowid FROM finding_row f JOIN rule_total t USING (rule_key)" \
	" WHERE t.run_id = ?1 AND (?2 = '' OR t.contract = ?2) AND (?3 = '' OR t.rule = ?3)" \
	" AND (?4 = '' OR f.provider = ?4) AND (?5 = '' OR f.verdict = ?5)" \
	" AND (?6 = '' OR ?6 = " stands ") ORDER BY t.contract, t.rule, t.dataset, f.subject_key," \
	" f.finding_id"

/* Ordered by SQLite, which may use its temporary files for that; only numbers come back. A file
 * without events has findings of which nothing was said, and no table to ask. The id comes last in
 * the order, so that no two findings are equal in it. */
Status casereader_select(CaseReader *reader, const FindingFilter *filter, FindingList *out)
{
	const char *listed = casereader_has(reader, "event") ? LISTED("coalesce((SELECT e.status FROM"
		" event e WHERE e.finding_id = f.finding_id ORDER BY e.number DESC LIMIT 1), 'not_raised')")
		: LISTED("'not_raised'");
	const Str part[] = {filter->run, filter->contract, filter->rule, filter->provider,
		filter->verdict, filter->status};
	Status status = check_filter(reader, filter);
	if (status != STATUS_OK)
		return status;
	return query(reader, listed, part, (int)(sizeof part / sizeof *part), take_listed, out);
}

/* From this column of finding_sql on. Null pence are no bound, which is not a bound of 0. */
static void read_bounds(sqlite3_stmt *stmt, int column, ReadFinding *out)
{
	Str *const part[] = {&out->least_exact, &out->most_exact, &out->least_at, &out->most_at};
	for (int i = 0; i < 4; i++)
		*part[i] = text(stmt, column++);
	out->has_least = sqlite3_column_type(stmt, column) != SQLITE_NULL;
	out->least_pence = sqlite3_column_int64(stmt, column++);
	out->has_most = sqlite3_column_type(stmt, column) != SQLITE_NULL;
	out->most_pence = sqlite3_column_int64(stmt, column++);
	out->certain = sqlite3_column_int64(stmt, column) != 0;
}

/* Texts are the statement's own until the next finding is asked for: it is reset only then. `part`,
 * read_bounds and `content` are in step with finding_sql. */
Status casereader_finding(CaseReader *reader, int64_t row, ReadFinding *out)
{
	sqlite3_stmt *stmt = reader->finding;
	sqlite3_reset(stmt);
	sqlite3_bind_int64(stmt, 1, row);
	if (sqlite3_step(stmt) != SQLITE_ROW)
		return unreadable(reader);
	Str *const part[] = {&out->id, &out->run_id, &out->contract, &out->rule, &out->version,
		&out->written_in, &out->title, &out->clause, &out->severity, &out->verdict,
		&out->dataset, &out->key,
		&out->provider, &out->on, &out->message, &out->exact, &out->assumed, &out->missing,
		&out->evidence};
	int n = (int)(sizeof part / sizeof *part);
	for (int i = 0; i < n; i++)
		*part[i] = text(stmt, i);
	out->has_stake = sqlite3_column_type(stmt, n) != SQLITE_NULL;
	out->pence = sqlite3_column_int64(stmt, n);
	read_bounds(stmt, n + 1, out);
	out->content = text(stmt, n + 8);
	return STATUS_OK;
}

/* The ids that begin with what was typed. */
typedef struct Found {
	VEC(Str) id;
	int64_t row;
} Found;

/* Six at most: one is the answer, and of several five are named. */
static void take_found(CaseReader *reader, sqlite3_stmt *stmt, void *into)
{
	Found *all = into;
	*vec_push(&all->id) = kept(reader, stmt, 0);
	all->row = sqlite3_column_int64(stmt, 1);
}

/* None, or several: then the first of them are named. */
static Status not_one(CaseReader *reader, Str prefix, const Found *all)
{
	if (all->id.n == 0) {
		diag_help(diag_add(reader->diags, DIAG_NO_FINDING, nowhere, "%s has no finding whose id"
			" begins with %.*s", reader->path, STR_ARG(prefix)), "`vouch findings %s` lists them",
			reader->path);
		return STATUS_WRONG;
	}
	Buf list = {0};
	for (size_t i = 0; i < all->id.n && i < 5; i++)
		buf_printf(&list, "%s%.*s", i > 0 ? ", " : "", STR_ARG(all->id.at[i]));
	diag_help(diag_add(reader->diags, DIAG_NO_FINDING, nowhere, "more than one finding's id begins"
		" with %.*s", STR_ARG(prefix)), "write more of it: %s%s", list.at,
		all->id.n > 5 ? " …" : "");
	buf_free(&list);
	return STATUS_WRONG;
}

/* `~` stands behind every character of an id, so the two comparisons are one stretch of the index.
 * max(row): of an id that several runs found, the newest; SQLite groups before LIMIT counts. */
Status casereader_find(CaseReader *reader, Str prefix, Str run_id, int64_t *row)
{
	static const char any[] = "SELECT p.finding_id, max(p.row) FROM finding_place p JOIN rule_total"
		" t USING (rule_key) WHERE p.finding_id >= ?1 AND p.finding_id < ?1 || '~'"
		" AND (?2 = '' OR t.run_id = ?2) GROUP BY p.finding_id LIMIT 6";
	Found all = {0};
	const Str part[] = {canonical_id(&reader->arena, prefix), run_id};
	Status status = query(reader, any, part, 2, take_found, &all);
	if (status == STATUS_OK && all.id.n != 1)
		status = not_one(reader, prefix, &all);
	*row = all.row;
	vec_free(&all.id);
	return status;
}

/* ---- short ids ---- */

/* Characters that two ids begin with alike. */
static size_t shared_prefix(Str a, Str b)
{
	size_t n = 0;
	while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n])
		n++;
	return n;
}

/* Two neighbours in order of id that share SHORT_ID characters both need one more than they
 * share. */
static void take_neighbour(CaseReader *reader, sqlite3_stmt *stmt, void *into)
{
	Buf *before = into;
	Str id = text(stmt, 0), last = buf_view(before);
	size_t shared = shared_prefix(id, last);
	if (shared >= SHORT_ID && !str_eq(id, last)) {
		const Str both[] = {last, id};
		for (int i = 0; i < 2; i++) {
			bool added;
			int32_t *length = strmap_at(&reader->length, both[i], &added);
			if (*length < (int32_t)shared + 1)
				*length = (int32_t)shared + 1;
		}
	}
	buf_clear(before);
	buf_str(before, id);
}

/* One id and its two neighbours, through the index. */
static void length_of_one(CaseReader *reader, Str id)
{
	Buf before = {0};
	each(reader, "SELECT finding_id FROM (SELECT max(finding_id) AS finding_id FROM finding_place"
		" WHERE finding_id < ?1) UNION ALL SELECT ?1 UNION ALL SELECT min(finding_id) FROM"
		" finding_place WHERE finding_id > ?1", id, take_neighbour, &before);
	buf_free(&before);
}

/* One pass over the index, when so many are asked for that singly would take longer. */
static void length_of_all(CaseReader *reader)
{
	Buf before = {0};
	each(reader, "SELECT finding_id FROM finding_place WHERE ?1 = ?1 ORDER BY finding_id", STR(""),
		take_neighbour, &before);
	buf_free(&before);
}

/*
 *   9Q2KX7M1ZD A4…     10 characters tell it from both of its neighbours
 *   9Q2KX7M1ZD B7…     these two need 11
 *
 * The first ASKED_SINGLY ids ask the index for their neighbours; the one after them has all ids
 * gone through once; those that come later find the answer in `length`.
 */
Str casereader_short_id(CaseReader *reader, Str id)
{
	if (reader->asked < ASKED_SINGLY)
		length_of_one(reader, id);
	else if (reader->asked == ASKED_SINGLY)
		length_of_all(reader);
	if (reader->asked <= ASKED_SINGLY)
		reader->asked++;
	const int32_t *length = strmap_get(&reader->length, id);
	size_t n = length == NULL ? SHORT_ID : (size_t)*length;
	return (Str){id.ptr, n < id.len ? n : id.len};
}

/* ---- evidence ---- */

/* Kept for all findings of the run. */
static void take_label(CaseReader *reader, sqlite3_stmt *stmt, void *into)
{
	ReadLabel *label = into;
	label->number = sqlite3_column_int64(stmt, 0);
	label->contract = kept(reader, stmt, 1);
	label->name = kept(reader, stmt, 2);
	label->table = kept(reader, stmt, 3);
	label->column = kept(reader, stmt, 4);
}

/* Those of a run are read once; each contract has a stretch of them. */
static Status load_labels(CaseReader *reader, Str run_id)
{
	size_t n, from = 0;
	if (reader->labels != NULL && str_eq(run_id, reader->labelled))
		return STATUS_OK;
	const ReadLabel *label = rows_of(reader, "SELECT label, contract, name, source_table,"
		" source_column FROM evidence_label WHERE run_id = ?1 ORDER BY contract, label", run_id,
		take_label, sizeof *label, &n);
	if (label == NULL)
		return STATUS_WORLD;
	reader->labelled = str_copy(&reader->arena, run_id);
	reader->labels = ARENA_ARRAY(&reader->arena, ContractLabels, n + 1);
	reader->nlabels = 0;
	for (size_t i = 1; i <= n; i++) {
		if (i < n && str_eq(label[i].contract, label[from].contract))
			continue;
		reader->labels[reader->nlabels++] = (ContractLabels){label + from, i - from};
		from = i;
	}
	return STATUS_OK;
}

/* A case file has a handful of contracts. */
static ContractLabels labels_of(const CaseReader *reader, Str contract)
{
	for (size_t i = 0; i < reader->nlabels; i++)
		if (str_eq(reader->labels[i].at[0].contract, contract))
			return reader->labels[i];
	return (ContractLabels){NULL, 0};
}

static int by_number(const void *left, const void *right)
{
	const ReadLabel *a = left, *b = right;
	return a->number < b->number ? -1 : a->number > b->number;
}

/* null where there is none. */
static Str json_part(Arena *arena, const json_t *part)
{
	if (!json_is_string(part))
		return STR("");
	return str_copy(arena, (Str){json_string_value(part), json_string_length(part)});
}

/* [label, value, place of the key, note]; the keys stand in front of all lines. */
static ReadEvidence line_of(Arena *arena, ContractLabels labels, const json_t *keys,
	const json_t *line)
{
	ReadEvidence out = {.value = json_part(arena, json_array_get(line, 1)),
		.note = json_part(arena, json_array_get(line, 3))};
	const json_t *place = json_array_get(line, 2);
	ReadLabel wanted = {.number = json_integer_value(json_array_get(line, 0))};
	const ReadLabel *label = labels.n == 0 ? NULL
		: bsearch(&wanted, labels.at, labels.n, sizeof wanted, by_number);
	if (json_is_integer(place) && json_integer_value(place) >= 0)
		out.key = json_part(arena, json_array_get(keys, (size_t)json_integer_value(place)));
	if (label != NULL) {
		out.name = label->name;
		out.table = label->table;
		out.column = label->column;
	}
	return out;
}

/* Evidence that cannot be parsed is none: the finding itself is still shown. */
Status casereader_evidence(CaseReader *reader, const ReadFinding *finding, Arena *arena,
	ReadEvidence **out, size_t *n)
{
	Status status = load_labels(reader, finding->run_id);
	ContractLabels labels = labels_of(reader, finding->contract);
	json_t *root = json_loadb(finding->evidence.ptr, finding->evidence.len, JSON_ALLOW_NUL, NULL);
	const json_t *keys = json_array_get(root, 0);
	*n = json_array_size(root) > 0 ? json_array_size(root) - 1 : 0;
	*out = ARENA_ARRAY(arena, ReadEvidence, *n + 1);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = line_of(arena, labels, keys, json_array_get(root, i + 1));
	json_decref(root);
	return status;
}

/* ---- remedies ---- */

/* Of one finding, in the arena of its page. */
typedef struct RemedyRows {
	Arena *arena;
	VEC(ReadRemedy) at;
} RemedyRows;

static void take_remedy(CaseReader *reader, sqlite3_stmt *stmt, void *into)
{
	RemedyRows *rows = into;
	ReadRemedy *one = vec_push(&rows->at);
	Str *const part[] = {&one->dataset, &one->key, &one->field, &one->recorded, &one->value};
	(void)reader;
	for (int i = 0; i < 5; i++)
		*part[i] = str_copy(rows->arena, text(stmt, i));
	one->more = sqlite3_column_int(stmt, 5) != 0;
}

/* each() binds texts, hence the number as one and the CAST, without which nothing would be
 * equal. */
Status casereader_remedies(CaseReader *reader, int64_t row, Arena *arena, ReadRemedy **out,
	size_t *n)
{
	RemedyRows rows = {.arena = arena};
	char number[24];
	*n = 0;
	if (!casereader_has(reader, "remedy"))
		return STATUS_OK;
	snprintf(number, sizeof number, "%lld", (long long)row);
	Status status = each(reader, "SELECT dataset, source_key, field, recorded, value, or_more FROM"
		" remedy WHERE row = CAST(?1 AS INTEGER) ORDER BY ord", str_of(number), take_remedy, &rows);
	*n = rows.at.n;
	*out = arena_copy(arena, rows.at.at, rows.at.n * sizeof **out);
	vec_free(&rows.at);
	return status;
}
