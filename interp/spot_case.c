#include "interp/spot_case.h"

#include <stdio.h>

#include "base/civil.h"
#include "interp/manifest.h"

/*
 * Tables of numbers are long: each list below says once which column is which member, and the SQL,
 * the binding and the reading follow from it. Texts come first, then numbers.
 */
#define PLAN_TEXTS(X) \
	X(plan_id, id) X(contract, contract) X(version, version) X(name, name) \
	X(selection, selection) X(dataset, dataset) X(text, text) X(clause, clause) \
	X(assumed, assumed) X(then_severity, then_severity) X(full_severity, full_severity) \
	X(no_log, no_log) X(no_log_dataset, no_log_dataset) X(extrapolates, extrapolates) \
	X(from_date, from) X(to_date, to) X(known_on, known_on) X(provider, provider) \
	X(frame_sha256, frame_sha256) X(seed, seed) X(program, program) \
	X(rulebook_sha256, rulebook_sha256) X(data_sha256, data_sha256) \
	X(data_path, data_path) X(contract_path, contract_path) X(strata, strata)
#define PLAN_NUMBERS(X) \
	X(draw, draw) X(then_draw, then_draw) X(then_when, then_when) X(full_when, full_when) \
	X(confidence, confidence) X(tolerable, tolerable) X(serious, serious) X(rows, rows) \
	X(pence, pence) X(unpriced, unpriced) X(unknown, unknown) X(draw_each, draw_each) \
	X(then_each, then_each) X(least, least)
#define OUTCOME_NUMBERS(X) \
	X(rows, rows) X(book_pence, book) X(looked, looked) X(stage, stage) \
	X(without_log, no_log) X(not_assessed, not_assessed) X(vanished, vanished) \
	X(n, figures.n) X(wrong, figures.wrong) X(rate, figures.rate) \
	X(rate_lower, figures.rate_lower) X(rate_upper, figures.rate_upper) \
	X(count_lower, figures.count_lower) X(count_upper, figures.count_upper) \
	X(over_pence, figures.over) X(under_pence, figures.under) X(net_pence, figures.net) \
	X(over_upper, figures.over_upper) X(under_upper, figures.under_upper) \
	X(beyond, figures.beyond) X(estimate, figures.estimate) \
	X(estimate_lower, figures.lower) X(estimate_upper, figures.upper) \
	X(claim_lower, figures.claim_lower) X(thin, figures.thin) X(serious, figures.serious) \
	X(serious_lower, figures.serious_lower) X(minimum, figures.minimum) \
	X(claim, figures.claim) X(exposure, figures.exposure)
#define OUTCOME_FLAGS(X) \
	X(census, figures.census) X(has_money, figures.has_money) \
	X(has_estimate, figures.has_estimate)

#define TEXT_COLUMN(name, member) #name " TEXT, "
#define NUMBER_COLUMN(name, member) #name " INTEGER NOT NULL, "
#define NAME(name, member) #name ", "
#define MARK(name, member) "?,"

/* A plan's own number makes the order of plans. */
static const char schema[] =
	"CREATE TABLE IF NOT EXISTS plan(" PLAN_TEXTS(TEXT_COLUMN) PLAN_NUMBERS(NUMBER_COLUMN)
	" has_money INTEGER NOT NULL, variant TEXT NOT NULL, number INTEGER PRIMARY KEY);"
	"CREATE UNIQUE INDEX IF NOT EXISTS plan_by_id ON plan(plan_id);"
	"CREATE TABLE IF NOT EXISTS frame(plan_id TEXT NOT NULL, ord INTEGER NOT NULL, key TEXT NOT NULL,"
	" grp TEXT NOT NULL, stratum TEXT, provider TEXT, on_date TEXT, pence INTEGER, PRIMARY KEY(plan_id, ord))"
	" WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS drawn(plan_id TEXT NOT NULL, grp TEXT NOT NULL, stratum TEXT NOT"
	" NULL, number INTEGER NOT NULL, stage INTEGER NOT NULL, draw INTEGER NOT NULL, key TEXT NOT"
	" NULL, ticket TEXT, penny INTEGER, reason TEXT, PRIMARY KEY(plan_id, grp, stratum, number)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS evaluation(number INTEGER PRIMARY KEY, evaluation_id TEXT NOT NULL"
	" UNIQUE, plan_id TEXT NOT NULL, data_sha256 TEXT NOT NULL);"
	"CREATE TABLE IF NOT EXISTS evaluation_group(evaluation_id TEXT NOT NULL, grp TEXT NOT NULL, "
	OUTCOME_NUMBERS(NUMBER_COLUMN) OUTCOME_FLAGS(NUMBER_COLUMN)
	" decision TEXT NOT NULL, PRIMARY KEY(evaluation_id, grp)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS evaluation_stratum(evaluation_id TEXT NOT NULL, grp TEXT NOT NULL,"
	" stratum TEXT NOT NULL, rows INTEGER NOT NULL, book_pence INTEGER NOT NULL, looked INTEGER NOT"
	" NULL, wrong INTEGER NOT NULL, over_pence INTEGER NOT NULL, under_pence INTEGER NOT NULL,"
	" PRIMARY KEY(evaluation_id, grp, stratum)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS drawn_result(evaluation_id TEXT NOT NULL, grp TEXT NOT NULL, key TEXT"
	" NOT NULL, provider TEXT, wrong INTEGER NOT NULL, paid_pence INTEGER NOT NULL, over_pence"
	" INTEGER NOT NULL, under_pence INTEGER NOT NULL, why TEXT, PRIMARY KEY(evaluation_id, key))"
	" WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS drawn_finding(evaluation_id TEXT NOT NULL, key TEXT NOT NULL,"
	" finding_id TEXT NOT NULL, rule TEXT NOT NULL, severity TEXT NOT NULL, verdict TEXT NOT NULL,"
	" at_stake_pence INTEGER, message TEXT, PRIMARY KEY(evaluation_id, key, finding_id))"
	" WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS frame_change(evaluation_id TEXT NOT NULL, key TEXT NOT NULL, change"
	" TEXT NOT NULL, was TEXT, now TEXT, PRIMARY KEY(evaluation_id, key)) WITHOUT ROWID;";

const char *spot_decision_word(SpotDecision decision)
{
	static const char *const word[] = {"passed", "draw", "full audit", "whole"};
	return word[decision];
}

/* ---- statements ---- */

/* One statement, from its text to its end; columns and parameters are taken in turn. */
typedef struct Query {
	sqlite3_stmt *stmt;
	int at;
	bool bad;
} Query;

static Query query(sqlite3 *db, const char *sql)
{
	Query out = {0};
	out.bad = sqlite3_prepare_v2(db, sql, -1, &out.stmt, NULL) != SQLITE_OK;
	return out;
}

static void put_text(Query *q, Str s)
{
	sqlite3_bind_text(q->stmt, ++q->at, s.ptr == NULL ? "" : s.ptr, (int)s.len, SQLITE_TRANSIENT);
}

static void put_optional(Query *q, Str s)
{
	if (s.len > 0)
		put_text(q, s);
	else
		sqlite3_bind_null(q->stmt, ++q->at);
}

static void put_number(Query *q, int64_t n)
{
	sqlite3_bind_int64(q->stmt, ++q->at, n);
}

static void put_day(Query *q, int32_t day)
{
	Buf buf = {0};
	if (day != NO_DAY && day != LAST_DAY)
		day_print_iso(&buf, day);
	put_optional(q, buf_view(&buf));
	buf_free(&buf);
}

/* Ready for the next row of values. */
static void run(Query *q)
{
	q->bad |= q->stmt == NULL || sqlite3_step(q->stmt) != SQLITE_DONE;
	sqlite3_reset(q->stmt);
	q->at = 0;
}

static Status written(CaseFile *file, Query *q)
{
	Status status = q->bad ? case_failed(file) : STATUS_OK;
	sqlite3_finalize(q->stmt);
	return status;
}

static bool next(Query *q)
{
	int rc = q->bad ? SQLITE_ERROR : sqlite3_step(q->stmt);
	q->bad |= rc != SQLITE_ROW && rc != SQLITE_DONE;
	q->at = 0;
	return rc == SQLITE_ROW;
}

static Str get_text(Query *q, Arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(q->stmt, q->at);
	size_t n = (size_t)sqlite3_column_bytes(q->stmt, q->at++);
	return text == NULL ? (Str){"", 0} : str_copy(arena, (Str){text, n});
}

static int64_t get_number(Query *q)
{
	return sqlite3_column_int64(q->stmt, q->at++);
}

static int32_t get_day(Query *q)
{
	int year, month, day;
	const char *text = (const char *)sqlite3_column_text(q->stmt, q->at++);
	return text != NULL && sscanf(text, "%d-%d-%d", &year, &month, &day) == 3
		? day_of(year, month, day) : NO_DAY;
}

static bool ended(Query *q)
{
	sqlite3_finalize(q->stmt);
	return !q->bad;
}

/* ---- writing ---- */

Status spot_case_begin(CaseFile *file)
{
	return sqlite3_exec(case_database(file), schema, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK
		: case_failed(file);
}

static Status add_frame(CaseFile *file, Str plan, const SpotFrame *frame)
{
	Query q = query(case_database(file), "INSERT INTO frame VALUES(?,?,?,?,?,?,?,?)");
	for (size_t i = 0; i < frame->row.n && !q.bad; i++) {
		const SpotRow *row = &frame->row.at[i];
		put_text(&q, plan);
		put_number(&q, (int64_t)i + 1);
		put_text(&q, row->key);
		put_text(&q, row->group);
		if (frame->in_strata)
			put_text(&q, row->stratum);
		else
			sqlite3_bind_null(q.stmt, ++q.at);
		put_optional(&q, row->provider);
		put_day(&q, row->on);
		if (row->priced)
			put_number(&q, row->pence);
		else
			sqlite3_bind_null(q.stmt, ++q.at);
		run(&q);
	}
	return written(file, &q);
}

Status spot_case_add_plan(CaseFile *file, const SpotPlan *plan, const SpotFrame *frame)
{
	Query q = query(case_database(file), "INSERT INTO plan(" PLAN_TEXTS(NAME) PLAN_NUMBERS(NAME)
		" has_money, variant) VALUES(" PLAN_TEXTS(MARK) PLAN_NUMBERS(MARK) "?,?)");
#define PUT(name, member) put_optional(&q, plan->member);
	PLAN_TEXTS(PUT)
#undef PUT
#define PUT(name, member) put_number(&q, plan->member);
	PLAN_NUMBERS(PUT)
#undef PUT
	put_number(&q, plan->has_money);
	put_text(&q, STR(SPOT_VARIANT));
	run(&q);
	Status status = written(file, &q);
	if (status == STATUS_OK)
		status = add_frame(file, plan->id, frame);
	return status == STATUS_OK ? manifest_add(file, CASE_PLAN, plan->id) : status;
}

Status spot_case_set_seed(CaseFile *file, Str plan, Str seed)
{
	Query q = query(case_database(file), "UPDATE plan SET seed = ? WHERE plan_id = ?");
	put_text(&q, seed);
	put_text(&q, plan);
	run(&q);
	return written(file, &q);
}

static void put_drawn(Query *q, const SpotFrame *frame, const SpotDrawn *drawn, Str hex, Str reason)
{
	put_text(q, frame->row.at[drawn->row].group);
	put_text(q, frame->row.at[drawn->row].stratum);
	put_number(q, drawn->number);
	put_text(q, frame->row.at[drawn->row].key);
	put_optional(q, hex);
	if (drawn->penny >= 0)
		put_number(q, drawn->penny);
	else
		sqlite3_bind_null(q->stmt, ++q->at);
	put_optional(q, reason);
}

/* Groups may come to their second stage at different times: each time is a draw of its own. */
static int64_t next_draw(CaseFile *file, Str plan)
{
	Query q = query(case_database(file), "SELECT coalesce(max(draw), 0) + 1 FROM drawn WHERE"
		" plan_id = ?");
	put_text(&q, plan);
	int64_t draw = next(&q) ? get_number(&q) : 0;
	return ended(&q) ? draw : 0;
}

static Status add_rows(CaseFile *file, Str plan, const SpotFrame *frame, const SpotSample *sample,
	int stage, int64_t draw, const Str *reason)
{
	Query q = query(case_database(file), "INSERT INTO drawn(plan_id, stage, draw, grp, stratum,"
		" number, key, ticket, penny, reason) VALUES(?,?,?,?,?,?,?,?,?,?)");
	Buf hex = {0};
	for (size_t i = 0; i < sample->n && !q.bad; i++) {
		const SpotDrawn *drawn = &sample->at[i];
		buf_clear(&hex);
		if (reason == NULL)
			hex_print(&hex, drawn->ticket, sizeof drawn->ticket);
		put_text(&q, plan);
		put_number(&q, stage);
		put_number(&q, draw);
		put_drawn(&q, frame, drawn, buf_view(&hex), reason != NULL ? reason[drawn->row]
			: (Str){NULL, 0});
		run(&q);
	}
	buf_free(&hex);
	return written(file, &q);
}

Status spot_case_add_drawn(CaseFile *file, Str plan, const SpotFrame *frame,
	const SpotSample *sample, int stage, const Str *reason)
{
	Arena arena = {0};
	int64_t draw = next_draw(file, plan);
	Status status = draw > 0 ? add_rows(file, plan, frame, sample, stage, draw, reason)
		: case_failed(file);
	if (status == STATUS_OK)
		status = manifest_add(file, CASE_DRAW, str_format(&arena, "%.*s/%lld", STR_ARG(plan),
			(long long)draw));
	arena_free(&arena);
	return status;
}

Status spot_case_add_evaluation(CaseFile *file, Str plan, Str id, Str data_sha256, bool *added)
{
	Query q = query(case_database(file),
		"INSERT OR IGNORE INTO evaluation(plan_id, evaluation_id, data_sha256) VALUES(?,?,?)");
	put_text(&q, plan);
	put_text(&q, id);
	put_text(&q, data_sha256);
	run(&q);
	*added = sqlite3_changes(case_database(file)) > 0;
	return written(file, &q);
}

Status spot_case_end_evaluation(CaseFile *file, Str evaluation)
{
	return manifest_add(file, CASE_EVALUATION, evaluation);
}

Status spot_case_add_outcome(CaseFile *file, Str evaluation, const SpotOutcome *outcome)
{
	Query q = query(case_database(file), "INSERT INTO evaluation_group(evaluation_id, grp, "
		OUTCOME_NUMBERS(NAME) OUTCOME_FLAGS(NAME) "decision) VALUES(?,?," OUTCOME_NUMBERS(MARK)
		OUTCOME_FLAGS(MARK) "?)");
	put_text(&q, evaluation);
	put_text(&q, outcome->group);
#define PUT(name, member) put_number(&q, outcome->member);
	OUTCOME_NUMBERS(PUT)
	OUTCOME_FLAGS(PUT)
#undef PUT
	put_text(&q, str_of(spot_decision_word(outcome->decision)));
	run(&q);
	return written(file, &q);
}

Status spot_case_add_stratum(CaseFile *file, Str evaluation, const SpotStratumOutcome *outcome)
{
	Query q = query(case_database(file),
		"INSERT INTO evaluation_stratum VALUES(?,?,?,?,?,?,?,?,?)");
	const int64_t number[] = {outcome->rows, outcome->book, outcome->looked, outcome->wrong,
		outcome->over, outcome->under};
	put_text(&q, evaluation);
	put_text(&q, outcome->group);
	put_text(&q, outcome->stratum);
	for (size_t i = 0; i < sizeof number / sizeof *number; i++)
		put_number(&q, number[i]);
	run(&q);
	return written(file, &q);
}

Status spot_case_add_verdict(CaseFile *file, Str evaluation, const SpotVerdict *verdict)
{
	Query q = query(case_database(file), "INSERT INTO drawn_result VALUES(?,?,?,?,?,?,?,?,?)");
	put_text(&q, evaluation);
	put_text(&q, verdict->group);
	put_text(&q, verdict->key);
	put_optional(&q, verdict->provider);
	put_number(&q, verdict->wrong);
	put_number(&q, verdict->paid);
	put_number(&q, verdict->over);
	put_number(&q, verdict->under);
	put_optional(&q, verdict->why);
	run(&q);
	return written(file, &q);
}

Status spot_case_add_change(CaseFile *file, Str evaluation, const SpotChange *change)
{
	Query q = query(case_database(file), "INSERT INTO frame_change VALUES(?,?,?,?,?)");
	put_text(&q, evaluation);
	put_text(&q, change->key);
	put_text(&q, change->change);
	put_optional(&q, change->was);
	put_optional(&q, change->now);
	run(&q);
	return written(file, &q);
}

Status spot_case_add_finding(CaseFile *file, Str evaluation, Str key, const Finding *finding,
	const Rule *rule)
{
	static const char *const severity[] = {"minor", "major", "critical"};
	Query q = query(case_database(file),
		"INSERT OR IGNORE INTO drawn_finding VALUES(?,?,?,?,?,?,?,?)");
	Buf id = {0};
	finding_id_print(&id, finding->id, 25);
	put_text(&q, evaluation);
	put_text(&q, key);
	put_text(&q, buf_view(&id));
	put_text(&q, rule->decl.name);
	put_text(&q, str_of(severity[rule->severity]));
	put_text(&q, str_of(verdict_word(finding->verdict)));
	if (finding->has_stake && finding->stake_known)
		put_number(&q, stake_pence(finding->stake));
	else
		sqlite3_bind_null(q.stmt, ++q.at);
	put_optional(&q, finding->message);
	run(&q);
	buf_free(&id);
	return written(file, &q);
}

/* ---- reading ---- */

/* A case file that never had a spot check has no such table. */
static bool has_tables(sqlite3 *db)
{
	Query q = query(db, "SELECT 1 FROM sqlite_master WHERE name = 'plan'");
	bool found = next(&q);
	return ended(&q) && found;
}

bool spot_case_plan(sqlite3 *db, Str which, Arena *arena, SpotPlan *out, bool *found)
{
	*found = false;
	if (!has_tables(db))
		return true;
	Query q = query(db, "SELECT " PLAN_TEXTS(NAME) PLAN_NUMBERS(NAME) " has_money FROM plan WHERE"
		" ?1 = '' OR name = ?1 OR substr(plan_id, 1, length(?1)) = upper(?1)"
		" ORDER BY number DESC LIMIT 1");
	put_text(&q, which);
	*found = next(&q);
	if (*found) {
#define GET(name, member) out->member = get_text(&q, arena);
		PLAN_TEXTS(GET)
#undef GET
#define GET(name, member) out->member = get_number(&q);
		PLAN_NUMBERS(GET)
#undef GET
		out->has_money = get_number(&q) != 0;
	}
	return ended(&q);
}

bool spot_case_frame(sqlite3 *db, Str plan, SpotFrame *out)
{
	Query q = query(db, "SELECT key, grp, provider, on_date, pence IS NOT NULL, pence, stratum"
		" IS NOT NULL, stratum FROM frame"
		" WHERE plan_id = ? ORDER BY ord");
	put_text(&q, plan);
	while (next(&q)) {
		SpotRow row = {.key = get_text(&q, &out->arena), .group = get_text(&q, &out->arena)};
		row.provider = get_text(&q, &out->arena);
		row.on = get_day(&q);
		row.priced = get_number(&q) != 0;
		row.pence = get_number(&q);
		out->in_strata |= get_number(&q) != 0;
		row.stratum = get_text(&q, &out->arena);
		*vec_push(&out->row) = row;
	}
	spot_frame_seal(out);
	return ended(&q);
}

bool spot_case_drawn(sqlite3 *db, Str plan, Arena *arena, SpotTickets *out)
{
	Query q = query(db, "SELECT grp, stratum, key, ticket, reason, number, stage, coalesce(penny, -1)"
		" FROM drawn WHERE plan_id = ? ORDER BY grp, stratum, number");
	put_text(&q, plan);
	while (next(&q)) {
		SpotTicket *ticket = vec_push(out);
		ticket->group = get_text(&q, arena);
		ticket->stratum = get_text(&q, arena);
		ticket->key = get_text(&q, arena);
		ticket->ticket = get_text(&q, arena);
		ticket->reason = get_text(&q, arena);
		ticket->number = get_number(&q);
		ticket->stage = get_number(&q);
		ticket->penny = get_number(&q);
	}
	return ended(&q);
}

bool spot_case_evaluation(sqlite3 *db, Str plan, Arena *arena, Str *id)
{
	Query q = query(db, "SELECT evaluation_id FROM evaluation WHERE plan_id = ? ORDER BY number DESC"
		" LIMIT 1");
	put_text(&q, plan);
	*id = next(&q) ? get_text(&q, arena) : (Str){"", 0};
	return ended(&q);
}

static SpotDecision decision_of(Str word)
{
	int i = SPOT_WHOLE;
	while (i > 0 && !str_eq(word, str_of(spot_decision_word((SpotDecision)i))))
		i--;
	return (SpotDecision)i;
}

bool spot_case_outcomes(sqlite3 *db, Str evaluation, Arena *arena, SpotOutcomes *out)
{
	Query q = query(db, "SELECT grp, " OUTCOME_NUMBERS(NAME) OUTCOME_FLAGS(NAME) "decision FROM"
		" evaluation_group WHERE evaluation_id = ? ORDER BY grp");
	put_text(&q, evaluation);
	while (next(&q)) {
		SpotOutcome *outcome = vec_push(out);
		*outcome = (SpotOutcome){.group = get_text(&q, arena)};
#define GET(name, member) outcome->member = get_number(&q);
		OUTCOME_NUMBERS(GET)
#undef GET
#define GET(name, member) outcome->member = get_number(&q) != 0;
		OUTCOME_FLAGS(GET)
#undef GET
		outcome->decision = decision_of(get_text(&q, arena));
	}
	return ended(&q);
}

bool spot_case_strata(sqlite3 *db, Str evaluation, Arena *arena, SpotStratumOutcomes *out)
{
	Query q = query(db, "SELECT grp, stratum, rows, book_pence, looked, wrong, over_pence, under_pence"
		" FROM evaluation_stratum WHERE evaluation_id = ? ORDER BY grp, stratum");
	put_text(&q, evaluation);
	while (next(&q)) {
		SpotStratumOutcome *outcome = vec_push(out);
		outcome->group = get_text(&q, arena);
		outcome->stratum = get_text(&q, arena);
		outcome->rows = get_number(&q);
		outcome->book = get_number(&q);
		outcome->looked = get_number(&q);
		outcome->wrong = get_number(&q);
		outcome->over = get_number(&q);
		outcome->under = get_number(&q);
	}
	return ended(&q);
}

bool spot_case_verdicts(sqlite3 *db, Str evaluation, Arena *arena, SpotVerdicts *out)
{
	Query q = query(db, "SELECT grp, key, provider, wrong, paid_pence, over_pence, under_pence, why"
		" FROM drawn_result WHERE evaluation_id = ? ORDER BY grp, key");
	put_text(&q, evaluation);
	while (next(&q)) {
		SpotVerdict *verdict = vec_push(out);
		verdict->group = get_text(&q, arena);
		verdict->key = get_text(&q, arena);
		verdict->provider = get_text(&q, arena);
		verdict->wrong = get_number(&q) != 0;
		verdict->paid = get_number(&q);
		verdict->over = get_number(&q);
		verdict->under = get_number(&q);
		verdict->why = get_text(&q, arena);
	}
	return ended(&q);
}

bool spot_case_changes(sqlite3 *db, Str evaluation, Arena *arena, SpotChanges *out)
{
	Query q = query(db, "SELECT key, change, was, now FROM frame_change WHERE evaluation_id = ?"
		" ORDER BY key");
	put_text(&q, evaluation);
	while (next(&q)) {
		SpotChange *change = vec_push(out);
		change->key = get_text(&q, arena);
		change->change = get_text(&q, arena);
		change->was = get_text(&q, arena);
		change->now = get_text(&q, arena);
	}
	return ended(&q);
}
