/*
 * Writing a case file. How its tables hang together (docs/case-file.md has every column):
 *
 *   run ──< rule_result
 *                │ contract, rule, version
 *           rule_total <─── rule_key ──── finding_row <── row ── finding_place (ids, sorted)
 *           assumption <─── assumed_key ──┤  └─ rowid: bounds, asked, remedy, money_of
 *           evidence_label <── label ─────┘
 *
 * The views `finding` and `evidence` read as if each row stood whole. Rows of findings are written
 * in the order in which they come, since whatever is sorted by a hash lands all over the file; the
 * ids go into finding_place at the end, in one sweep.
 *
 *   case_create   temporary file or the existing one, BEGIN, tables
 *   case_...      rows, bound without copies: the caller's texts stand until the row is written,
 *                 those of findings until case_flush
 *   case_totals   what can only be said when the last finding is there
 *   case_commit   COMMIT, to the disk, rename
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* sync_file_range */
#endif
#include "interp/casefile.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/digest.h"
#include "interp/case_place.h"
#include "interp/manifest.h"
#include "interp/case_bounds.h"
#include "interp/case_event.h"

/* Prepared once for the run. Rows of findings go another way (case_put.h). */
typedef enum Statement {
	INSERT_RUN, INSERT_RULE, INSERT_DATASET, INSERT_REJECTED, INSERT_CLAIM, INSERT_TOTAL,
	INSERT_ASSUMPTION, INSERT_LABEL, STATEMENTS
} Statement;

/* Texts that are printed for a row: they stand until it is written. */
enum { TEXT_EXACT, TEXT_OTHER, TEXTS };

/* Stakes have the denominators of rates, fees and minutes, of which there are a few. */
#define SUM_PARTS 8
#define EARLY_BYTES ((size_t)8 << 20) /* of findings, after which the disk is asked to write */

/* An exact sum by denominator, of which stakes have few: parts are put together at the end. */
typedef struct Sum {
	Ratio part[SUM_PARTS];
	int32_t n;
} Sum;

/* What the findings of one rule come to, so that a summary need not read them. */
typedef struct Total {
	const Rulebook *book;
	int32_t rule;
	int64_t key;             /* what findings have for the run, the contract and the rule */
	Str run_id, contract, name, version;
	Sum over, under;
	Buf dataset, subject, id; /* of the first finding, in the order of reports */
} Total;

/* The labels of one contract that evidence speaks of. */
typedef struct BookLabels {
	const Rulebook *book;
	Label *at;               /* by number; without a name: not spoken of */
	int32_t n;
} BookLabels;

struct CaseFile {
	sqlite3 *db;
	sqlite3_stmt *insert[STATEMENTS];
	char *path, *temporary;   /* temporary NULL: an existing file is being added to */
	Diags *diags;
	Arena arena;
	Buf text[TEXTS];
	VEC(Total) total;         /* a run has tens of rules */
	size_t recent;            /* in total: of the finding before */
	StrMap assumed;           /* whole texts, each with the findings that have it */
	int64_t rules_before, assumed_before; /* keys that earlier runs in the file have taken */
	VEC(BookLabels) label;
	CasePlaces place;
	int64_t row;              /* of the finding that was written last */
	CasePut put;
	CaseBounds bounds;
	int fd;                   /* the temporary file once more, for early_writes; -1 */
	bool totals_written;
	size_t unwritten;         /* bytes of findings since the disk was last asked to write */
};

/*
 * A finding is some hundred bytes, of which there may be a million: what many have in common stands
 * once, in rule_total, assumption and evidence_label, and the views put it together again.
 */
static const char schema[] =
	"CREATE TABLE IF NOT EXISTS run(run_id TEXT NOT NULL, started TEXT NOT NULL, contract TEXT NOT"
	" NULL, version TEXT, title TEXT, council TEXT, rulebook_sha256 TEXT NOT NULL, data_sha256 TEXT"
	" NOT NULL, from_date TEXT NOT NULL, to_date TEXT NOT NULL, known_on TEXT, provider TEXT,"
	" program TEXT NOT NULL, rows_read INTEGER NOT NULL, data_path TEXT, contract_path TEXT,"
	" data_of TEXT, data_to TEXT, PRIMARY KEY(run_id, contract));"
	"CREATE TABLE IF NOT EXISTS rule_result(run_id TEXT NOT NULL, contract TEXT NOT NULL, rule TEXT"
	" NOT NULL, title TEXT NOT NULL, clause TEXT NOT NULL, severity TEXT NOT NULL, version TEXT, path"
	" TEXT NOT NULL, line INTEGER NOT NULL, text TEXT NOT NULL, assumed INTEGER NOT NULL, seen INTEGER"
	" NOT NULL, outside INTEGER NOT NULL, passed INTEGER NOT NULL, failed INTEGER NOT NULL,"
	" not_assessed INTEGER NOT NULL, not_applicable INTEGER NOT NULL, conflict INTEGER NOT NULL,"
	" overflow INTEGER NOT NULL, PRIMARY KEY(run_id, contract, rule, version));"
	"CREATE TABLE IF NOT EXISTS contract_version(run_id TEXT NOT NULL, contract TEXT NOT NULL,"
	" number INTEGER NOT NULL, version TEXT NOT NULL, from_date TEXT, to_date TEXT, published TEXT,"
	" path TEXT NOT NULL, sha256 TEXT NOT NULL, changes TEXT, PRIMARY KEY(run_id, contract, number))"
	" WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS sealed(contract TEXT NOT NULL, version TEXT NOT NULL, sha256 TEXT"
	" NOT NULL, run_id TEXT NOT NULL, PRIMARY KEY(contract, version)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS finding_row(finding_id TEXT NOT NULL, rule_key INTEGER NOT NULL,"
	" verdict TEXT NOT NULL, subject_key TEXT NOT NULL, provider TEXT, on_date TEXT, message TEXT,"
	" at_stake_pence INTEGER, at_stake_exact TEXT, assumed_key INTEGER, missing TEXT, content BLOB"
	" NOT NULL, evidence TEXT NOT NULL);"
	"CREATE TABLE IF NOT EXISTS finding_place(finding_id TEXT NOT NULL, rule_key INTEGER NOT NULL,"
	" row INTEGER NOT NULL, PRIMARY KEY(finding_id, rule_key)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS dataset_result(run_id TEXT NOT NULL, dataset TEXT NOT NULL,"
	" source_table TEXT NOT NULL, rows_read INTEGER NOT NULL, rows_judged INTEGER NOT NULL,"
	" rows_rejected INTEGER NOT NULL, rows_superseded INTEGER NOT NULL, rows_not_known INTEGER NOT"
	" NULL, rows_left_out INTEGER NOT NULL, values_rejected INTEGER NOT NULL, orphan_links INTEGER NOT NULL,"
	" seconds_cut INTEGER NOT NULL, clock_absent INTEGER NOT NULL, clock_twice INTEGER NOT NULL,"
	" offsets INTEGER NOT NULL, read_to INTEGER NOT NULL);"
	"CREATE TABLE IF NOT EXISTS rejected(run_id TEXT NOT NULL, dataset TEXT NOT NULL, source_key TEXT"
	" NOT NULL, \"column\" TEXT, value TEXT, reason TEXT NOT NULL, whole_row INTEGER NOT NULL);"
	"CREATE TABLE IF NOT EXISTS claim(run_id TEXT PRIMARY KEY NOT NULL, over_pence INTEGER NOT NULL,"
	" under_pence INTEGER NOT NULL, without_sum INTEGER NOT NULL);"
	"CREATE TABLE IF NOT EXISTS remedy(row INTEGER NOT NULL, ord INTEGER NOT NULL, dataset TEXT NOT"
	" NULL, source_key TEXT NOT NULL, field TEXT NOT NULL, recorded TEXT NOT NULL, value TEXT NOT"
	" NULL, or_more INTEGER NOT NULL, PRIMARY KEY(row, ord)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS rule_total(rule_key INTEGER PRIMARY KEY, run_id TEXT NOT NULL,"
	" contract TEXT NOT NULL, rule TEXT NOT NULL, dataset TEXT NOT NULL, over_exact TEXT NOT NULL,"
	" under_exact TEXT NOT NULL, first_finding TEXT NOT NULL, version TEXT NOT NULL);"
	"CREATE TABLE IF NOT EXISTS assumption(assumed_key INTEGER PRIMARY KEY, run_id TEXT NOT NULL,"
	" assumed TEXT NOT NULL, findings INTEGER NOT NULL);"
	"CREATE TABLE IF NOT EXISTS money_of(row INTEGER PRIMARY KEY, members BLOB NOT NULL);"
	"CREATE TABLE IF NOT EXISTS evidence_label(run_id TEXT NOT NULL, contract TEXT NOT NULL, label"
	" INTEGER NOT NULL, name TEXT NOT NULL, source_table TEXT, source_column TEXT,"
	" PRIMARY KEY(run_id, contract, label)) WITHOUT ROWID;"
	"CREATE VIEW IF NOT EXISTS finding AS SELECT p.finding_id, t.run_id, t.contract, t.rule,"
	" coalesce((SELECT v.version FROM contract_version v WHERE v.run_id = t.run_id AND v.contract ="
	" t.contract AND v.from_date <= f.on_date AND coalesce(v.to_date, '9999-12-31') >= f.on_date"
	" ORDER BY v.number DESC LIMIT 1), r.version) AS rule_version, r.version AS written_in,"
	" r.title, r.clause, r.severity, f.verdict, t.dataset,"
	" f.subject_key, f.provider, f.on_date, f.message, f.at_stake_pence, f.at_stake_exact,"
	" b.at_least_pence, b.at_least_exact, b.at_most_pence, b.at_most_exact, b.certain,"
	" a.assumed, f.missing, lower(hex(f.content)) AS content, f.evidence FROM finding_place p"
	" JOIN finding_row f ON f.rowid = p.row JOIN rule_total t ON t.rule_key = p.rule_key"
	" JOIN rule_result r USING (run_id, contract, rule, version) LEFT JOIN assumption a"
	" USING (assumed_key) LEFT JOIN bounds b ON b.row = p.row;"
	"CREATE VIEW IF NOT EXISTS evidence AS SELECT p.finding_id, t.run_id, e.key - 1 AS ord, l.name,"
	" json_extract(e.value, '$[1]') AS value, l.source_table, json_extract(f.evidence,"
	" '$[0][' || json_extract(e.value, '$[2]') || ']') AS source_key, l.source_column,"
	" json_extract(e.value, '$[3]') AS note FROM finding_place p CROSS JOIN finding_row f ON f.rowid"
	" = p.row CROSS JOIN rule_total t ON t.rule_key = p.rule_key CROSS JOIN json_each(f.evidence) e"
	" CROSS JOIN evidence_label l ON l.run_id = t.run_id AND l.contract = t.contract AND l.label ="
	" json_extract(e.value, '$[0]') WHERE e.key > 0;";

/* In the order of Statement. Where columns are not named, all of them are bound. */
static const char *const insert_sql[STATEMENTS] = {
	[INSERT_RUN] = "INSERT INTO run(run_id, contract, version, title, council, rulebook_sha256,"
		" data_sha256, from_date, to_date, known_on, provider, program, rows_read, data_path,"
		" contract_path, data_of, data_to, started) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
		"strftime('%Y-%m-%dT%H:%M:%SZ','now'))",
	[INSERT_RULE] = "INSERT INTO rule_result(run_id, contract, rule, title, clause, severity, version,"
		" path, line, text, assumed, seen, outside, passed, failed, not_assessed, not_applicable,"
		" conflict, overflow) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[INSERT_DATASET] = "INSERT INTO dataset_result VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[INSERT_REJECTED] = "INSERT INTO rejected VALUES(?,?,?,?,?,?,?)",
	[INSERT_CLAIM] = "INSERT INTO claim VALUES(?,?,?,?)",
	[INSERT_TOTAL] = "INSERT INTO rule_total VALUES(?,?,?,?,?,?,?,?,?)",
	[INSERT_ASSUMPTION] = "INSERT INTO assumption VALUES(?,?,?,?)",
	[INSERT_LABEL] = "INSERT INTO evidence_label VALUES(?,?,?,?,?,?)",
};

/* Reports what SQLite said of the case file. */
static Status failed(CaseFile *file)
{
	Span nowhere = {-1, 0, 0};
	DiagRef ref = diag_add(file->diags, DIAG_CASE_FILE, nowhere, "%s: %s", file->path,
		file->db == NULL ? "out of memory" : sqlite3_errmsg(file->db));
	diag_help(ref, "the case file is as it was before; make room or pass another file with -o");
	return STATUS_WORLD;
}

/* For the modules that write further tables: they have no look at CaseFile. */
Status case_failed(CaseFile *file)
{
	return failed(file);
}

sqlite3 *case_database(CaseFile *file)
{
	return file->db;
}

Diags *case_diags(CaseFile *file)
{
	return file->diags;
}

/* For statements without parameters, whose rows nobody wants. */
static Status execute(CaseFile *file, const char *sql)
{
	return sqlite3_exec(file->db, sql, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK : failed(file);
}

/* The first column of the first row; -1 when there is none. */
static int64_t number_of(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t n = -1;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

/* An existing file is added to only when it is a case file of a format that this program writes. */
static Status check_kind(CaseFile *file)
{
	Span nowhere = {-1, 0, 0};
	/* Both numbers stand in the header of a SQLite file, where no table can hide them. */
	int64_t id = number_of(file->db, "PRAGMA application_id");
	int64_t format = number_of(file->db, "PRAGMA user_version");
	if (id == CASE_APPLICATION_ID && format == CASE_FORMAT)
		return STATUS_OK;
	if (id == CASE_APPLICATION_ID) {
		diag_help(diag_add(file->diags, DIAG_NOT_A_CASE, nowhere, "%s is a case file of format %lld;"
			" this program writes format %d", file->path, (long long)format, CASE_FORMAT),
			"begin a new case file with -o; nothing was changed");
		return STATUS_WORLD;
	}
	diag_help(diag_add(file->diags, DIAG_NOT_A_CASE, nowhere, "%s is there, but is no case file",
		file->path), "pass another file with -o; nothing was changed");
	return STATUS_WORLD;
}

/* After the tables are there: SQLite looks each name up when it prepares. */
static Status prepare(CaseFile *file)
{
	for (int i = 0; i < STATEMENTS; i++) {
		if (sqlite3_prepare_v3(file->db, insert_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
				&file->insert[i], NULL) != SQLITE_OK)
			return failed(file);
	}
	return STATUS_OK;
}

/*
 * A new file is nobody's loss until it is renamed, so it needs no journal. An existing one is
 * written under SQLite's rollback journal.
 */
static Status begin(CaseFile *file)
{
	char kind[128];
	snprintf(kind, sizeof kind, "PRAGMA application_id=%d; PRAGMA user_version=%d;",
		CASE_APPLICATION_ID, CASE_FORMAT);
	Status status = STATUS_OK;
	if (file->temporary != NULL) {
		/* Large pages: findings are read by the hundred. The cache stays small, because a new
		 * file is written from front to back and no page is needed twice. */
		status = execute(file, "PRAGMA page_size=16384; PRAGMA journal_mode=OFF;"
			" PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-2048;");
		if (status == STATUS_OK)
			status = execute(file, kind);
	} else {
		status = check_kind(file);
	}
	if (status == STATUS_OK)
		status = execute(file, "BEGIN IMMEDIATE");
	if (status == STATUS_OK)
		status = execute(file, schema);
	if (status == STATUS_OK)
		status = case_bounds_begin(file);
	if (status == STATUS_OK)
		status = case_event_begin(file);
	if (status == STATUS_OK)
		status = manifest_begin(file);
	if (status != STATUS_OK)
		return status;
	/* max() of an empty table is NULL, which reads as 0: keys begin at 1. */
	file->rules_before = number_of(file->db, "SELECT max(rule_key) FROM rule_total");
	file->assumed_before = number_of(file->db, "SELECT max(assumed_key) FROM assumption");
	file->row = number_of(file->db, "SELECT max(rowid) FROM finding_row");
	case_put_begin(&file->put, file->db);
	return prepare(file);
}

/*
 * Asks the disk to begin with what it has of the new file, without waiting: else all of it is left
 * for the fsync at the end, when nothing else is left to be done. A hint: errors do not matter.
 */
static void early_writes(CaseFile *file, const Finding *finding)
{
	file->unwritten += finding->evidence.len + finding->message.len;
	if (file->fd < 0 || file->unwritten < EARLY_BYTES)
		return;
	file->unwritten = 0;
#ifdef SYNC_FILE_RANGE_WRITE
	sync_file_range(file->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
}

/* Beside the file, as a rename works within one file system only; with the process in its name, so
 * that two runs into one file do not write into each other's. */
static char *temporary_path(const char *path)
{
	size_t size = strlen(path) + 32;
	char *name = mem_alloc(size);
	snprintf(name, size, "%s.part-%ld", path, (long)getpid());
	return name;
}

Status case_create(const char *path, Diags *diags, CaseFile **out)
{
	CaseFile *file = mem_alloc(sizeof *file);
	file->diags = diags;
	file->fd = -1;
	strmap_init(&file->assumed, &file->arena);
	file->path = mem_alloc(strlen(path) + 1);
	memcpy(file->path, path, strlen(path));
	if (access(path, F_OK) != 0)
		file->temporary = temporary_path(path);
	const char *name = file->temporary != NULL ? file->temporary : path;
	if (file->temporary != NULL)
		unlink(name); /* left by one that was killed under the same number */
	/* Without SQLite's locks between threads: one thread writes the file. */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
		| (file->temporary != NULL ? SQLITE_OPEN_CREATE : 0);
	Status status = sqlite3_open_v2(name, &file->db, flags, NULL) == SQLITE_OK ? STATUS_OK
		: failed(file);
	if (status == STATUS_OK) {
		/* Somebody may be reading the file with another tool. */
		sqlite3_busy_timeout(file->db, 5000);
		status = begin(file);
	}
	if (file->temporary != NULL)
		/* A second descriptor for early_writes: SQLite keeps its own to itself. */
		file->fd = open(name, O_RDONLY | O_CLOEXEC);
	if (status != STATUS_OK) {
		case_abandon(file);
		return status;
	}
	*out = file;
	return STATUS_OK;
}

/* Not copied: the text has to stand until the row is written. Empty is a text, not NULL. */
static void bind_str(sqlite3_stmt *stmt, int i, Str s)
{
	sqlite3_bind_text(stmt, i, s.ptr == NULL ? "" : s.ptr, (int)s.len, SQLITE_STATIC);
}

/* Empty texts are NULL: nothing was said. */
static void bind_optional(sqlite3_stmt *stmt, int i, Str s)
{
	if (s.len > 0)
		bind_str(stmt, i, s);
	else
		sqlite3_bind_null(stmt, i);
}

/* No day and the day without end are NULL: a view must not compare either as a date. Copied, since
 * this one is for the few rows of a run. */
static void bind_day(sqlite3_stmt *stmt, int i, int32_t day)
{
	if (day == NO_DAY || day == LAST_DAY) {
		sqlite3_bind_null(stmt, i);
		return;
	}
	Buf buf = {0};
	day_print_iso(&buf, day);
	sqlite3_bind_text(stmt, i, buf.at, (int)buf.n, SQLITE_TRANSIENT);
	buf_free(&buf);
}

/* Bindings stay: every statement binds all of its parameters each time. */
static Status step(CaseFile *file, Statement which)
{
	sqlite3_stmt *stmt = file->insert[which];
	int rc = sqlite3_step(stmt);
	Status status = rc == SQLITE_DONE ? STATUS_OK : failed(file);
	sqlite3_reset(stmt);
	return status;
}

/* A failure counts as no: the run is then written, and its own key refuses it if it is there. */
bool case_has_run(CaseFile *file, Str run_id)
{
	sqlite3_stmt *stmt = NULL;
	bool found = false;
	if (sqlite3_prepare_v2(file->db, "SELECT 1 FROM run WHERE run_id = ?", -1, &stmt, NULL)
			== SQLITE_OK) {
		bind_str(stmt, 1, run_id);
		found = sqlite3_step(stmt) == SQLITE_ROW;
	}
	sqlite3_finalize(stmt);
	return found;
}

/* When the run was started is SQLite's clock, the one thing here that two runs differ in. */
Status case_run(CaseFile *file, const CaseRun *run)
{
	sqlite3_stmt *stmt = file->insert[INSERT_RUN];
	bind_str(stmt, 1, run->run_id);
	bind_str(stmt, 2, run->contract);
	bind_str(stmt, 3, run->version);
	bind_str(stmt, 4, run->title);
	bind_str(stmt, 5, run->council);
	bind_str(stmt, 6, run->rulebook_sha256);
	bind_str(stmt, 7, run->data_sha256);
	bind_day(stmt, 8, run->from);
	bind_day(stmt, 9, run->to);
	bind_day(stmt, 10, run->known_on);
	bind_optional(stmt, 11, run->provider);
	bind_str(stmt, 12, run->program);
	sqlite3_bind_int64(stmt, 13, run->rows_read);
	bind_optional(stmt, 14, run->data_path);
	bind_optional(stmt, 15, run->contract_path);
	bind_optional(stmt, 16, run->data_of);
	bind_day(stmt, 17, run->data_of.len > 0 ? run->data_to : NO_DAY);
	return step(file, INSERT_RUN);
}

/* Every row seen is outside the rule's scope or has one of the five verdicts (law 5). */
Status case_rule(CaseFile *file, Str run_id, const CaseRule *rule)
{
	sqlite3_stmt *stmt = file->insert[INSERT_RULE];
	const FastCount *count = &rule->count;
	bind_str(stmt, 1, run_id);
	bind_str(stmt, 2, rule->contract);
	bind_str(stmt, 3, rule->rule);
	bind_str(stmt, 4, rule->title);
	bind_str(stmt, 5, rule->clause);
	bind_str(stmt, 6, rule->severity);
	bind_str(stmt, 7, rule->version);
	bind_str(stmt, 8, rule->path);
	sqlite3_bind_int64(stmt, 9, rule->line);
	bind_str(stmt, 10, rule->text);
	sqlite3_bind_int(stmt, 11, rule->assumed);
	sqlite3_bind_int64(stmt, 12, count->seen);
	sqlite3_bind_int64(stmt, 13, count->outside);
	sqlite3_bind_int64(stmt, 14, count->verdict[VERDICT_PASS]);
	sqlite3_bind_int64(stmt, 15, count->verdict[VERDICT_FAIL]);
	sqlite3_bind_int64(stmt, 16, count->verdict[VERDICT_NOT_ASSESSED]);
	sqlite3_bind_int64(stmt, 17, count->verdict[VERDICT_NOT_APPLICABLE]);
	sqlite3_bind_int64(stmt, 18, count->verdict[VERDICT_CONFLICT]);
	sqlite3_bind_int64(stmt, 19, count->overflow);
	return step(file, INSERT_RULE);
}

/* ---- findings ---- */

/* An emptied buffer of the file: what is printed into it needs no copy to be bound. */
static Buf *text_of(CaseFile *file, int which)
{
	buf_clear(&file->text[which]);
	return &file->text[which];
}

/* ---- totals, and what findings have in common ---- */

/* Exactly, or where the two have no common denominator within 64 bits both in whole pence: as the
 * claim of the run does it, no stake may be missing in a total. */
static void add_apart(Ratio *sum, Ratio pounds)
{
	if (!ratio_add(*sum, pounds, sum))
		ratio_make((Int128)stake_pence(*sum) + stake_pence(pounds), 100, sum);
}

/* Numerators that no longer fit would need more than 10^18 pounds; the sum then stays as it was. */
static void sum_add(Sum *sum, Ratio pounds)
{
	Int128 n;
	for (int32_t i = 0; i < sum->n; i++) {
		if (sum->part[i].d != pounds.d)
			continue;
		if (!__builtin_add_overflow(sum->part[i].n, pounds.n, &n))
			sum->part[i].n = n;
		return;
	}
	if (sum->n < SUM_PARTS)
		sum->part[sum->n++] = pounds;
	else
		add_apart(&sum->part[0], pounds);
}

/* The parts are put together once, at the end, when nothing will be added any more. */
static Ratio sum_whole(const Sum *sum)
{
	Ratio all = {0, 1}, part;
	for (int32_t i = 0; i < sum->n; i++)
		if (ratio_make(sum->part[i].n, sum->part[i].d, &part))
			add_apart(&all, part);
	return all;
}

/* Findings come by rule, so it is most often the rule of the last one. */
static Total *total_of(CaseFile *file, Str run_id, const Rulebook *book, int32_t rule)
{
	size_t n = file->total.n;
	for (size_t i = 0; i < n; i++) {
		size_t at = (file->recent + i) % n;
		Total *total = &file->total.at[at];
		if (total->rule == rule && total->book == book) {
			file->recent = at;
			return total;
		}
	}
	file->recent = n;
	/* Copied: a compilation may go before the file is closed. Keys go on behind those of runs that
	 * the file has already. */
	Total *total = vec_push(&file->total);
	*total = (Total){.book = book, .rule = rule, .key = file->rules_before + 1 + (int64_t)n,
		.run_id = str_copy(&file->arena, run_id),
		.contract = str_copy(&file->arena, book->contract.decl.name),
		.name = str_copy(&file->arena, book->rule[rule].decl.name),
		.version = str_copy(&file->arena, rule_version(book, &book->rule[rule]))};
	return total;
}

/* Reports sort by dataset, subject and id. */
static bool comes_first(const Total *total, const Finding *finding, Str id)
{
	int order = str_cmp(finding->dataset, buf_view(&total->dataset));
	if (order == 0)
		order = str_cmp(finding->key, buf_view(&total->subject));
	if (order == 0)
		order = str_cmp(id, buf_view(&total->id));
	return total->id.n == 0 || order < 0;
}

/* What stood there goes. */
static void put(Buf *buf, Str s)
{
	buf_clear(buf);
	buf_str(buf, s);
}

/* The sums of a rule are of what failed or conflicts: a subject that is not assessed claims
 * nothing. */
static void add_to_total(Total *total, const Finding *finding, Str id)
{
	if (comes_first(total, finding, id)) {
		put(&total->dataset, finding->dataset);
		put(&total->subject, finding->key);
		put(&total->id, id);
	}
	if (!finding->has_stake || !finding->stake_known || finding->verdict == VERDICT_NOT_ASSESSED)
		return;
	/* The council's and the provider's are two sums, never one that is less than both. */
	Ratio stake = finding->stake;
	if (stake.n < 0)
		sum_add(&total->under, (Ratio){-stake.n, stake.d});
	else
		sum_add(&total->over, stake);
}

/* Counts the finding with the others that rest on the same, whose key it takes. */
static CaseCell assumed_key(CaseFile *file, Str assumed)
{
	bool added;
	if (assumed.len == 0)
		return cell_some(assumed);
	int32_t *findings = strmap_at(&file->assumed, assumed, &added);
	++*findings;
	return cell_int(file->assumed_before + 1 + (findings - file->assumed.value));
}

Status case_put(CaseFile *file, CaseTable table, const CaseCell *cell)
{
	return case_put_row(&file->put, table, cell) == SQLITE_OK ? STATUS_OK : failed(file);
}

void case_note(CaseFile *file, CaseTable table, const CaseRow *row)
{
	case_put_note(&file->put, table, row);
}

Status case_flush(CaseFile *file)
{
	return case_put_flush(&file->put) == SQLITE_OK ? STATUS_OK : failed(file);
}

/* Everything but its place, its remedies and its bounds, which hang on the row. */
static Status put_finding(CaseFile *file, const Total *total, const Finding *finding,
	const CaseRow *row)
{
	const CaseCell *of = row->cell;
	const CaseCell cell[] = {cell_int(file->row), of[FOUND_ID], cell_int(total->key),
		of[FOUND_VERDICT], of[FOUND_SUBJECT], of[FOUND_PROVIDER], of[FOUND_ON], of[FOUND_MESSAGE],
		of[FOUND_PENCE], of[FOUND_EXACT], assumed_key(file, finding->assumed), of[FOUND_MISSING],
		of[FOUND_CONTENT], of[FOUND_EVIDENCE]};
	case_note(file, PUT_FINDING, row);
	return case_put(file, PUT_FINDING, cell);
}

/* Rows that hang on the finding: its number, and their own cells from the second on, which in the
 * part are behind the finding's id. */
static Status put_hanging(CaseFile *file, CaseTable table, const CaseRow *row, int n, int cells)
{
	CaseCell cell[REMEDY_CELLS];
	Status status = STATUS_OK;
	cell[0] = cell_int(file->row);
	for (int i = 0; i < n && status == STATUS_OK; i++) {
		memcpy(cell + 1, row[i].cell + 1, (size_t)(cells - 1) * sizeof *cell);
		case_note(file, table, &row[i]);
		status = case_put(file, table, cell);
	}
	return status;
}

/* Rows are numbered here, so that others can hang on a row that is still held. */
Status case_finding_rows(CaseFile *file, Str run_id, const Rulebook *book, const Finding *finding,
	const CaseFound *found)
{
	Total *total = total_of(file, run_id, book, finding->rule);
	file->row++;
	Status status = put_finding(file, total, finding, &found->finding);
	if (status != STATUS_OK)
		return status;
	add_to_total(total, finding, found->finding.cell[FOUND_ID].of.s);
	places_add(&file->place, finding->id, file->row, total->key);
	early_writes(file, finding);
	status = put_hanging(file, PUT_REMEDY, found->remedy, found->nremedies, REMEDY_CELLS);
	if (status == STATUS_OK)
		status = case_bounds_put(file, &file->bounds, file->row, total->key, finding, found);
	if (status == STATUS_OK)
		status = put_hanging(file, PUT_ASKED, found->asked, found->nasked, ASKED_CELLS);
	if (status == STATUS_OK)
		status = put_hanging(file, PUT_MONEY, found->money, found->nmoney, MONEY_CELLS);
	return status;
}

Status case_finding(CaseFile *file, Str run_id, const Rulebook *book, const Finding *finding)
{
	Arena arena = {0};
	Buf scratch = {0};
	CaseFound found;
	case_found(book, finding, STR(""), &arena, &scratch, &found);
	Status status = case_finding_rows(file, run_id, book, finding, &found);
	if (status == STATUS_OK)
		status = case_flush(file);
	buf_free(&scratch);
	arena_free(&arena);
	return status;
}

void case_close_findings(CaseFile *file)
{
	case_put_close(&file->put, PUT_MEASURE);
}

const PartRows *case_made(CaseFile *file, const CasePart *part)
{
	return case_put_part(&file->put, part);
}

Str case_clause(Arena *arena, const Cites *cites)
{
	Buf buf = {0};
	for (int32_t i = 0; i < cites->n; i++) {
		const Cite *cite = &cites->at[i];
		buf_puts(&buf, i > 0 ? "; " : "");
		buf_printf(&buf, "%.*s, %.*s", STR_ARG(cite->name), STR_ARG(cite->section));
		if (cite->page > 0)
			buf_printf(&buf, ", page %d", (int)cite->page);
	}
	return buf_keep(&buf, arena);
}

/*
 * By number, once for each rulebook:
 *
 *   evidence of a finding  [3, "30 min", 0]          a label's number, a value, whose key
 *   evidence_label         3, "declared", visits, declared_min
 */
void case_label(CaseFile *file, const Rulebook *book, const Label *label)
{
	BookLabels *labels = NULL;
	for (size_t i = 0; i < file->label.n; i++)
		if (file->label.at[i].book == book)
			labels = &file->label.at[i];
	if (labels == NULL) {
		labels = vec_push(&file->label);
		*labels = (BookLabels){.book = book, .n = labels_most(book)};
		labels->at = ARENA_ARRAY(&file->arena, Label, (size_t)labels->n);
	}
	/* Numbers are given by the rulebook, and stay what they are for the whole run. */
	Label *kept = &labels->at[label->number];
	if (kept->name.ptr != NULL)
		return;
	*kept = *label;
	kept->name = str_copy(&file->arena, label->name);
}

/* With the finding that stands for its rule: the first in the order of reports. */
static Status write_total(CaseFile *file, const Total *total)
{
	sqlite3_stmt *stmt = file->insert[INSERT_TOTAL];
	/* Two buffers: both texts have to stand until the row is written. */
	Buf *over = text_of(file, TEXT_EXACT), *under = text_of(file, TEXT_OTHER);
	ratio_print_whole(over, sum_whole(&total->over));
	ratio_print_whole(under, sum_whole(&total->under));
	sqlite3_bind_int64(stmt, 1, total->key);
	bind_str(stmt, 2, total->run_id);
	bind_str(stmt, 3, total->contract);
	bind_str(stmt, 4, total->name);
	bind_str(stmt, 5, buf_view(&total->dataset));
	bind_str(stmt, 6, buf_view(over));
	bind_str(stmt, 7, buf_view(under));
	bind_str(stmt, 8, buf_view(&total->id));
	bind_str(stmt, 9, total->version);
	return step(file, INSERT_TOTAL);
}

/* Only those that evidence speaks of have a name here. */
static Status write_labels(CaseFile *file, Str run_id, const BookLabels *labels)
{
	sqlite3_stmt *stmt = file->insert[INSERT_LABEL];
	Status status = STATUS_OK;
	for (int32_t i = 0; i < labels->n && status == STATUS_OK; i++) {
		const Label *label = &labels->at[i];
		if (label->name.ptr == NULL)
			continue;
		bind_str(stmt, 1, run_id);
		bind_str(stmt, 2, labels->book->contract.decl.name);
		sqlite3_bind_int(stmt, 3, label->number);
		bind_str(stmt, 4, label->name);
		bind_optional(stmt, 5, label->table);
		bind_optional(stmt, 6, label->column);
		status = step(file, INSERT_LABEL);
	}
	return status;
}

/* Labels and assumptions are those of findings, so without a finding there are none. */
Status case_totals(CaseFile *file)
{
	Status status = STATUS_OK;
	if (file->totals_written)
		return STATUS_OK;
	/* Once: a second time every key would be there already. */
	file->totals_written = true;
	status = case_flush(file);
	for (size_t i = 0; i < file->total.n && status == STATUS_OK; i++)
		status = write_total(file, &file->total.at[i]);
	sqlite3_stmt *stmt = file->insert[INSERT_ASSUMPTION];
	/* The place in the map is the key that the findings were given. */
	for (size_t i = 0; i < file->assumed.n && status == STATUS_OK; i++) {
		sqlite3_bind_int64(stmt, 1, file->assumed_before + 1 + (int64_t)i);
		bind_str(stmt, 2, file->total.at[0].run_id);
		bind_str(stmt, 3, file->assumed.key[i]);
		sqlite3_bind_int64(stmt, 4, file->assumed.value[i]);
		status = step(file, INSERT_ASSUMPTION);
	}
	for (size_t i = 0; i < file->label.n && file->total.n > 0 && status == STATUS_OK; i++)
		status = write_labels(file, file->total.at[0].run_id, &file->label.at[i]);
	if (status == STATUS_OK)
		status = case_bounds_totals(file, &file->bounds);
	/* Last: a database whose tables are there takes the sorted ids in one sweep. */
	if (status == STATUS_OK && places_write(&file->place, file->db) != SQLITE_OK)
		status = failed(file);
	return status;
}

/* ---- tables of a run ---- */

/* Numbers in the order of the columns, which the array keeps on one page. */
Status case_dataset(CaseFile *file, Str run_id, const DataCount *count)
{
	sqlite3_stmt *stmt = file->insert[INSERT_DATASET];
	const int64_t number[] = {count->read, count->held, count->rejected_rows, count->superseded,
		count->not_known, count->left_out, count->rejected_values,
		count->orphan_links, count->cut_seconds, count->clock_absent, count->clock_twice,
		count->offsets, count->read_to};
	bind_str(stmt, 1, run_id);
	bind_str(stmt, 2, count->dataset);
	bind_str(stmt, 3, count->table);
	for (int i = 0; i < (int)(sizeof number / sizeof *number); i++)
		sqlite3_bind_int64(stmt, 4 + i, number[i]);
	return step(file, INSERT_DATASET);
}

/* A value or a whole row that could not be read; column and value are NULL for a whole row. */
Status case_rejected(CaseFile *file, Str run_id, Str dataset, const Rejected *rejected)
{
	sqlite3_stmt *stmt = file->insert[INSERT_REJECTED];
	bind_str(stmt, 1, run_id);
	bind_str(stmt, 2, dataset);
	bind_str(stmt, 3, rejected->key);
	bind_optional(stmt, 4, rejected->column);
	bind_optional(stmt, 5, rejected->value);
	bind_str(stmt, 6, rejected->reason);
	sqlite3_bind_int(stmt, 7, rejected->row);
	return step(file, INSERT_REJECTED);
}

/* One row for the run, whatever contracts it had: money is counted once over all of them. */
Status case_claim(CaseFile *file, Str run_id, const CaseClaim *claim)
{
	sqlite3_stmt *stmt = file->insert[INSERT_CLAIM];
	bind_str(stmt, 1, run_id);
	sqlite3_bind_int64(stmt, 2, claim->over_pence);
	sqlite3_bind_int64(stmt, 3, claim->under_pence);
	sqlite3_bind_int64(stmt, 4, claim->without_sum);
	return step(file, INSERT_CLAIM);
}

/* For every way out: what was never begun is empty, and freeing that does nothing. */
static void close_file(CaseFile *file)
{
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(file->insert[i]);
	case_put_end(&file->put);
	case_bounds_end(&file->bounds);
	sqlite3_close(file->db);
	if (file->fd >= 0)
		close(file->fd); /* behind SQLite's: its locks on the file would go with this one */
	free(file->path);
	free(file->temporary);
	for (int i = 0; i < TEXTS; i++)
		buf_free(&file->text[i]);
	for (size_t i = 0; i < file->total.n; i++) {
		buf_free(&file->total.at[i].dataset);
		buf_free(&file->total.at[i].subject);
		buf_free(&file->total.at[i].id);
	}
	vec_free(&file->total);
	vec_free(&file->label);
	places_free(&file->place);
	arena_free(&file->arena);
	free(file);
}

/* The new file goes to the disk before its name does. */
static Status publish(CaseFile *file)
{
	FILE *out = fopen(file->temporary, "rb+");
	/* A rename before this could leave the name on an empty file after a power cut. */
	bool kept = out != NULL && fsync(fileno(out)) == 0;
	if (out != NULL && fclose(out) != 0)
		kept = false;
	if (kept && rename(file->temporary, file->path) == 0)
		return STATUS_OK;
	Span nowhere = {-1, 0, 0};
	diag_add(file->diags, DIAG_CASE_FILE, nowhere, "%s cannot be put in place", file->path);
	return STATUS_WORLD;
}

/* Statements go first: SQLite closes no database that has some. After a failure the file is as it
 * was: rolled back, or its new form never renamed. */
Status case_commit(CaseFile *file)
{
	Status status = case_totals(file);
	for (int i = 0; i < STATEMENTS; i++) {
		sqlite3_finalize(file->insert[i]);
		file->insert[i] = NULL;
	}
	case_put_end(&file->put);
	case_bounds_end(&file->bounds);
	if (status == STATUS_OK)
		status = execute(file, "COMMIT");
	/* SQLite must have let go of the file before it goes by its own name. */
	if (status == STATUS_OK && file->temporary != NULL) {
		sqlite3_close(file->db);
		file->db = NULL;
		status = publish(file);
	}
	if (status != STATUS_OK) {
		case_abandon(file);
		return status;
	}
	close_file(file);
	return STATUS_OK;
}

/* An existing file is rolled back; a new one was nobody's loss yet. Also from within case_commit
 * and case_create, at whatever point these were. */
void case_abandon(CaseFile *file)
{
	if (file == NULL)
		return;
	if (file->db != NULL)
		sqlite3_exec(file->db, "ROLLBACK", NULL, NULL, NULL);
	if (file->temporary != NULL)
		unlink(file->temporary);
	close_file(file);
}
