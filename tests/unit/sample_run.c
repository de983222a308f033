/*
 * Random rule files on their way: text ─> layout ─> check ─> both evaluators ─> lines.
 *
 * What a case file would say of figures and banks is compared by writing what the explaining
 * evaluator found to a case file of its own, and reading both with the same queries.
 */
#include "tests/unit/sample_run.h"

#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/civil.h"
#include "dsl/format.h"
#include "dsl/parse.h"
#include "interp/case_bank.h"
#include "interp/case_measure.h"
#include "interp/run.h"
#include "interp/scenario.h"
#include "report/list.h"

/* ---- lines ---- */

/* Empties the buffer for the next. */
static void add_line(Lines *lines, Buf *buf)
{
	*vec_push(&lines->list) = str_z(&lines->arena, buf_view(buf));
	buf_clear(buf);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void lines_sort(Lines *lines)
{
	if (lines->list.n > 0)
		qsort(lines->list.at, lines->list.n, sizeof *lines->list.at, by_text);
}

void lines_free(Lines *lines)
{
	vec_free(&lines->list);
	arena_free(&lines->arena);
}

/* What the other side has in the place of a line is told too: mostly it is about the same
 * subject. */
bool lines_same(const Lines *a, const Lines *b, const char *name_a, const char *name_b, Buf *why)
{
	for (size_t i = 0; i < a->list.n || i < b->list.n; i++) {
		int order = i >= a->list.n ? 1 : i >= b->list.n ? -1
			: strcmp(a->list.at[i], b->list.at[i]);
		if (order == 0)
			continue;
		buf_printf(why, "only %s: %s\n", order < 0 ? name_a : name_b,
			order < 0 ? a->list.at[i] : b->list.at[i]);
		if (i < a->list.n && i < b->list.n)
			buf_printf(why, "  where %s has: %s\n", order < 0 ? name_b : name_a,
				order < 0 ? b->list.at[i] : a->list.at[i]);
		return false;
	}
	return true;
}

/* ---- files ---- */

/* Laid out; a second time must change nothing. */
static bool lay_out(const Buf *text, Buf *out, int times, Buf *why)
{
	Arena arena = {0};
	Sources sources = {.arena = &arena};
	Diags diags;
	diags_init(&diags, &arena, &sources);
	*vec_push(&sources.file) = (Source){.path = STR("random.vouch"),
		.text = str_copy(&arena, buf_view(text))};
	Ast *tree = parse_file(&arena, &sources, 0, &diags);
	bool good = diags.errors == 0;
	if (good)
		format_file(&sources, tree, out);
	else
		diags_print(&diags, why, false);
	vec_free(&sources.file);
	vec_free(&diags.list);
	arena_free(&arena);
	if (!good || times == 0)
		return good;
	Buf again = {0};
	good = lay_out(out, &again, times - 1, why);
	if (good && !str_eq(buf_view(out), buf_view(&again))) {
		buf_printf(why, "laid out twice, it changes:\n%s---\n%s", out->at, again.at);
		good = false;
	}
	buf_free(&again);
	return good;
}

static void path_of(const SampleRun *run, const char *name, char out[96])
{
	snprintf(out, 96, "%s/%s", run->root, name);
}

/* The file that is checked is the one laid out, so a layout that changed a meaning would show. */
static bool write_file(const SampleRun *run, int32_t file, int32_t known, Buf *why)
{
	char path[96];
	Buf text = {0}, out = {0};
	sample_text(run->sample, file, known, &text);
	if (file == 0)
		sample_scenario(run->sample, known, &text);
	bool good = lay_out(&text, &out, 1, why);
	path_of(run, file == 0 ? "first.vouch" : "second.vouch", path);
	FILE *at = fopen(path, "w");
	ck_assert_ptr_nonnull(at);
	ck_assert_uint_eq(fwrite(out.at, 1, out.n, at), out.n);
	ck_assert_int_eq(fclose(at), 0);
	buf_free(&text);
	buf_free(&out);
	return good;
}

/* An amendment that was not published yet is not there. */
bool sample_open(SampleRun *run, const Sample *sample, int32_t known, Buf *why)
{
	char path[96];
	*run = (SampleRun){.sample = sample, .known = known};
	/* In memory where that is offered: most of the time goes into waiting for the disk. */
	strcpy(run->root, access("/dev/shm", W_OK) == 0 ? "/dev/shm/vouch-random-XXXXXX"
		: "/tmp/vouch-random-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(run->root));
	compile_begin(&run->comp, run->root);
	if (!write_file(run, 0, known, why))
		return false;
	if (sample->amended && sample->published <= known && !write_file(run, 1, known, why))
		return false;
	path_of(run, "first.vouch", path);
	run->book = rulebook_load(&run->comp, str_copy(&run->comp.arena, str_of(path)));
	if (run->book == NULL)
		diags_print(&run->comp.diags, why, false);
	return run->book != NULL;
}

/* File by file; what somebody else left behind keeps the folder, where it can be seen. */
void sample_close(SampleRun *run)
{
	static const char *const name[] = {"first.vouch", "second.vouch", "data.db", "case.db",
		"own.db"};
	char path[96];
	compile_end(&run->comp);
	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		path_of(run, name[i], path);
		unlink(path);
	}
	rmdir(run->root);
}

Law sample_law(const SampleRun *run)
{
	return (Law){.known_on = run->sample->known_on, .from = run->sample->from,
		.to = run->sample->to};
}

/* ---- the explaining evaluator ---- */

typedef struct Teller {
	Walk walk;
	const Rule *rule;
	bool all;
	int64_t count[VERDICTS], seen, outside, overflow;
	Buf buf;
	Lines *out;
} Teller;

/* As findings name subjects: keys, first days of periods, parts joined by a comma. */
static void put_slot(Teller *t, int32_t i, Value value)
{
	Type type = subject_type(t->rule, i);
	if (value.state != STATE_KNOWN)
		buf_char(&t->buf, '?');
	else if (type.kind == TYPE_ROW)
		for (Str key = store_key(t->walk.store, type.ref, (int32_t)value.n, t->walk.arena);
				key.len > 0; key.ptr++, key.len--)
			buf_puts(&t->buf, *key.ptr == '\x1f' ? ", " : (char[]){*key.ptr, '\0'});
	else if (type.kind == TYPE_PERIOD || type.kind == TYPE_DATE)
		day_print_iso(&t->buf, (int32_t)value.n);
	else if (type.kind == TYPE_TEXT)
		buf_str(&t->buf, value.text);
	else
		buf_printf(&t->buf, "%lld", (long long)value.n);
}

/* The exact sum, as the case file has it. */
static void put_stake(Buf *buf, const Judgement *found)
{
	if (!found->has_stake || !found->stake_known)
		return;
	buf_printf(buf, " stake %lld", (long long)found->stake.n);
	if (found->stake.d != 1)
		buf_printf(buf, "/%lld", (long long)found->stake.d);
}

/* Rows without a key are one subject, whose verdict nobody works out. */
static void tell(Teller *t, const Value *slots, const Judgement *found)
{
	bool keyless = t->rule->subject == SUBJECT_GROUP && slots[0].state != STATE_KNOWN;
	bool quiet = found->verdict == VERDICT_PASS || found->verdict == VERDICT_NOT_APPLICABLE;
	if (quiet && !t->all)
		return;
	buf_printf(&t->buf, "%.*s %.*s ", STR_ARG(t->rule->decl.name),
		STR_ARG(t->walk.book->contract.ver[t->rule->introduced].name));
	for (int32_t i = 0; i < (keyless ? 1 : subject_nslots(t->rule)); i++) {
		buf_puts(&t->buf, i > 0 ? ", " : "");
		put_slot(t, i, slots[i]);
	}
	buf_printf(&t->buf, " %s ", verdict_word(found->verdict));
	if (found->on != NO_DAY && !keyless)
		day_print_iso(&t->buf, found->on);
	put_stake(&t->buf, found);
	add_line(t->out, &t->buf);
}

/* Rows without a key are named by the first text of a rule alone. */
static void judge_one(void *user, Value *slots, RowSpan group)
{
	Teller *t = user;
	if (t->rule->follows && t->rule->subject == SUBJECT_GROUP && slots[0].state != STATE_KNOWN)
		return;
	int32_t n = t->rule->nslots > subject_nslots(t->rule) ? t->rule->nslots
		: subject_nslots(t->rule) + 1;
	Value *own = ARENA_ARRAY(t->walk.arena, Value, (size_t)n + 2);
	Judgement found;
	for (int32_t i = 0; i < subject_nslots(t->rule); i++)
		own[i] = slots[i];
	walk_judge(&t->walk, t->rule, own, group, &found);
	if (!found.covered)
		return;
	t->seen++;
	t->outside += !found.inside;
	if (!found.inside)
		return;
	t->count[found.verdict]++;
	t->overflow += found.overflow;
	tell(t, slots, &found);
}

/* Law 5: passes and rows outside are counted too, by nobody but this. */
static void put_counts(Teller *t)
{
	buf_printf(&t->buf, "%.*s %.*s seen %lld outside %lld", STR_ARG(t->rule->decl.name),
		STR_ARG(t->walk.book->contract.ver[t->rule->introduced].name), (long long)t->seen,
		(long long)t->outside);
	for (int v = 0; v < VERDICTS; v++)
		buf_printf(&t->buf, " %s %lld", verdict_word((Verdict)v), (long long)t->count[v]);
	buf_printf(&t->buf, " overflow %lld", (long long)t->overflow);
	add_line(t->out, &t->buf);
}

/* Where only counts are wanted the verdicts are told to nobody. */
static void judge_rule(const Walk *walk, const Rule *rule, int what, bool all, Lines *out)
{
	Lines unwanted = {0};
	Teller t = {.walk = *walk, .rule = rule, .all = all,
		.out = (what & WHAT_VERDICTS) != 0 ? out : &unwanted};
	subject_each(&t.walk, rule, judge_one, &t);
	t.out = out;
	if ((what & WHAT_COUNTS) != 0)
		put_counts(&t);
	buf_free(&t.buf);
	lines_free(&unwanted);
}

/* ---- case files ---- */

static sqlite3 *open_db(const char *path)
{
	sqlite3 *db;
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

/* Without waiting for the disk. */
static void exec(const char *path, const char *sql)
{
	char *error = NULL;
	sqlite3 *db = open_db(path);
	sqlite3_exec(db, "PRAGMA synchronous = off; BEGIN", NULL, NULL, NULL);
	sqlite3_exec(db, sql, NULL, NULL, &error);
	ck_assert_msg(error == NULL, "%s in %s", error, sql);
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(db);
}

/* Each row of a query is a line; what is NULL is `-`. */
static void query(const char *path, const char *sql, Lines *out)
{
	sqlite3 *db = open_db(path);
	sqlite3_stmt *stmt = NULL;
	Buf buf = {0};
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s in %s",
		sqlite3_errmsg(db), sql);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			const char *cell = (const char *)sqlite3_column_text(stmt, i);
			buf_printf(&buf, "%s%s", i > 0 ? " " : "", cell == NULL ? "-" : cell);
		}
		add_line(out, &buf);
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	buf_free(&buf);
}

/* Without the subjects `?`, whose figures stand for rows from everywhere. */
static const char figures[] =
	"SELECT measure, written_in, replace(keys, char(31), ', '), on_date, value, numerator,"
	" denominator, status, overflow, margin, previous, rows FROM measure_result"
	" WHERE keys NOT LIKE '%?%'";
static const char entries[] =
	"SELECT bank, keys, on_date, kind, amount, used, expired, shortfall, balance, source_key"
	" FROM bank_entry";
static const char totals[] =
	"SELECT bank, 'accounts', accounts, 'entries', entries, not_assessed, credited, used, expired,"
	" held, lost, shortfall FROM bank_total";

static void put_figures(SampleRun *run, Walk *walk, CaseFile *file)
{
	VEC(CaseMeasure) row = {0};
	for (int32_t i = 0; i < run->book->nmeasures; i++) {
		MeasureResults results = {0};
		measure_all(walk, &run->book->measure[i], &results);
		for (size_t k = 0; k < results.list.n; k++) {
			if (!results.list.at[k].inside)
				continue;
			*vec_push(&row) = case_measure_of(walk, &run->book->measure[i], &results.list.at[k],
				walk->arena);
			row.at[row.n - 1].measure = i;
			/* Rows without a key are not joined here, and would stand twice. */
			if (memchr(row.at[row.n - 1].keys.ptr, '?', row.at[row.n - 1].keys.len) != NULL)
				row.n--;
		}
		vec_free(&results.list);
	}
	const CaseMeasure **at = mem_alloc(sizeof *at * row.n);
	for (size_t k = 0; k < row.n; k++)
		at[k] = &row.at[k];
	ck_assert_int_eq(case_measure_write(file, STR("run"), &run->book, at, row.n, false),
		STATUS_OK);
	free(at);
	vec_free(&row);
}

/* Also checks that every account adds up. */
static void put_banks(SampleRun *run, const Walk *walk, CaseFile *file)
{
	BankBatch batch = {0};
	Arena arena = {0};
	Buf scratch = {0};
	BankRoom room = bank_room_new(&arena, &run->book, 1);
	for (int32_t b = 0; b < run->book->nbanks; b++)
		ck_assert(bank_lines(&batch, &arena, walk->store, 0, b, walk->law, (Str){0}, true));
	bank_seal(&batch, &arena, &scratch, &run->book);
	ck_assert_int_eq(case_bank_lines(file, STR("run"), &batch, &room), STATUS_OK);
	ck_assert_int_eq(case_flush(file), STATUS_OK);
	ck_assert_int_eq(case_bank_sums(file, STR("run"), &run->book, 1, &batch, &room), STATUS_OK);
	bank_batch_free(&batch);
	buf_free(&scratch);
	arena_free(&arena);
}

/* By way of a case file of our own. */
static void explain_figures(SampleRun *run, Walk *walk, int what, Lines *out)
{
	char path[96];
	CaseFile *file = NULL;
	path_of(run, "own.db", path);
	unlink(path);
	ck_assert_int_eq(case_create(path, &run->comp.diags, &file), STATUS_OK);
	ck_assert_int_eq(case_bank_begin(file), STATUS_OK);
	put_figures(run, walk, file);
	put_banks(run, walk, file);
	ck_assert_int_eq(case_commit(file), STATUS_OK);
	if ((what & WHAT_FIGURES) != 0 && run->book->nmeasures > 0)
		query(path, figures, out);
	if ((what & WHAT_BANKS) != 0) {
		query(path, entries, out);
		query(path, totals, out);
	}
}

/* The store is made anew for each law: banks and known rows depend on it. */
void sample_explain(SampleRun *run, const Law *law, int what, bool all, Lines *out)
{
	Arena arena = {0};
	Differences problems = {.arena = &arena};
	bool *given = ARENA_ARRAY(&arena, bool, (size_t)run->book->ndatasets + 1);
	const Store *store = scenario_store(run->book, &run->book->scenario[0], law, &arena, &problems,
		given);
	Walk walk = {.book = run->book, .store = store, .law = law, .arena = &arena};
	for (int32_t r = 0; r < run->book->nrules; r++)
		judge_rule(&walk, &run->book->rule[r], what, all, out);
	if ((what & (WHAT_FIGURES | WHAT_BANKS)) != 0)
		explain_figures(run, &walk, what, out);
	lines_sort(out);
	vec_free(&problems.list);
	arena_free(&arena);
}

/* ---- an audit ---- */

/* As `vouch findings --format json` prints it. */
static void put_json(SampleRun *run, const char *path, Buf *json)
{
	CaseReader *reader = NULL;
	FindingList list = {0};
	Str run_id;
	char *text = NULL;
	size_t size = 0;
	ck_assert_int_eq(casereader_open(path, &run->comp.diags, &reader), STATUS_OK);
	ck_assert_int_eq(casereader_run(reader, (Str){0}, &run_id), STATUS_OK);
	FindingFilter filter = {.run = run_id};
	ck_assert_int_eq(casereader_select(reader, &filter, &list), STATUS_OK);
	ListOptions options = {.out = open_memstream(&text, &size)};
	ck_assert_int_eq(json_findings(reader, run_id, &list, &options), STATUS_OK);
	fclose(options.out);
	buf_str(json, (Str){text, size});
	free(text);
	vec_free(&list);
	casereader_close(reader);
}

/* Lines of the same make as the explaining evaluator's. */
static void read_case(SampleRun *run, const char *path, int what, Lines *out)
{
	if ((what & WHAT_VERDICTS) != 0)
		query(path, "SELECT rule || ' ' || written_in || ' ' || subject_key || ' ' || verdict ||"
			" ' ' || ifnull(on_date, '') || ifnull(' stake ' || at_stake_exact, '') FROM finding",
			out);
	if ((what & WHAT_COUNTS) != 0)
		query(path, "SELECT rule, version, 'seen', seen, 'outside', outside, 'pass', passed,"
			" 'fail', failed, 'not_assessed', not_assessed, 'not_applicable', not_applicable,"
			" 'conflict', conflict, 'overflow', overflow FROM rule_result", out);
	if ((what & WHAT_FIGURES) != 0 && run->book->nmeasures > 0)
		query(path, figures, out);
	if ((what & WHAT_BANKS) != 0) {
		query(path, entries, out);
		query(path, totals, out);
	}
}

/* A database and a case file of its own each time. */
bool sample_audit(SampleRun *run, const Law *law, int what, int threads, uint64_t order,
	Lines *out, Buf *json, Buf *why)
{
	char data[96], path[96];
	Buf sql = {0};
	RunResult result;
	path_of(run, "data.db", data);
	path_of(run, "case.db", path);
	unlink(data);
	unlink(path);
	sample_sql(run->sample, order, run->known, &sql);
	exec(data, sql.at);
	buf_free(&sql);
	/* Small enough that all but the smallest datasets are read in partitions. */
	RunOptions options = {.data_path = data, .case_path = path, .book = &run->book, .nbooks = 1,
		.law = *law, .threads = threads, .partition_rows = 4, .whole_rows = 3};
	if (run_audit(&options, &run->comp.diags, &result) != STATUS_OK) {
		diags_print(&run->comp.diags, why, false);
		return false;
	}
	read_case(run, path, what, out);
	lines_sort(out);
	if (json != NULL)
		put_json(run, path, json);
	return true;
}
