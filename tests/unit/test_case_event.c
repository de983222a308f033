/*
 * Events of a case file: who may say what when, what it comes to, and that nothing can be changed
 * behind the chain's back.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "interp/case_event.h"

Suite *case_event_suite(void);

#define FINDING "2000000000000000000000000"
#define OTHER "4000000000000000000000000"
#define RUN "RUN0000000000001"

/* ---- moves ---- */

/* Written out by hand: rows from, columns to, in the order of the statuses; p, a: who may, b:
 * both. */
static const char *const moves[EVENT_STATUS_COUNT] = {
	/*                 NRAUPWGDSF */
	[EVENT_NONE] =        ".a...a...a",
	[EVENT_RAISED] =      ".apaaapp.a",
	[EVENT_ANSWERED] =    "..paaapp.a",
	[EVENT_UPHELD] =      "..paaappaa",
	[EVENT_PART_UPHELD] = "..paaappaa",
	[EVENT_WITHDRAWN] =   ".a........",
	[EVENT_AGREED] =      "..paaappaa",
	[EVENT_DISPUTED] =    "..paaappaa",
	[EVENT_SETTLED] =     ".a......a.",
	[EVENT_REFERRED] =    ".apaaa...a",
};

START_TEST(every_move)
{
	for (int from = 0; from < EVENT_STATUS_COUNT; from++) {
		ck_assert_uint_eq(strlen(moves[from]), EVENT_STATUS_COUNT);
		for (int to = 0; to < EVENT_STATUS_COUNT; to++) {
			for (int role = 0; role < EVENT_ROLE_COUNT; role++) {
				bool expected = moves[from][to] == "pa"[role];
				ck_assert_msg(event_allowed((EventStatus)from, (EventRole)role, (EventStatus)to) ==
					expected, "%s: %s says %s", event_word[from], event_role[role],
					event_word[to]);
				if (expected)
					ck_assert_ptr_nonnull(event_why((EventRole)role, (EventStatus)to));
			}
		}
	}
	ck_assert_ptr_null(event_why(EVENT_PROVIDER, EVENT_SETTLED));
}
END_TEST

START_TEST(what_can_be_said)
{
	Buf buf = {0};
	event_choices(&buf, EVENT_NONE);
	ck_assert_str_eq(buf.at, "the auditor can say raised, withdrawn or referred; the provider can"
		" say nothing");
	buf_clear(&buf);
	event_choices(&buf, EVENT_SETTLED);
	ck_assert_str_eq(buf.at, "the auditor can say raised or settled; the provider can say nothing");
	buf_clear(&buf);
	event_choices(&buf, EVENT_REFERRED);
	ck_assert_ptr_nonnull(strstr(buf.at, "; the provider can say answered"));
	buf_free(&buf);
}
END_TEST

START_TEST(words)
{
	ck_assert_int_eq(event_status_of(STR("Part upheld")), EVENT_PART_UPHELD);
	ck_assert_int_eq(event_status_of(STR("PART-UPHELD")), EVENT_PART_UPHELD);
	ck_assert_int_eq(event_status_of(STR("upheld")), EVENT_UPHELD);
	ck_assert_int_eq(event_status_of(STR("uphel")), EVENT_STATUS_COUNT);
	ck_assert_int_eq(event_status_of(STR("")), EVENT_STATUS_COUNT);
	ck_assert_int_eq(event_role_of(STR("Auditor")), EVENT_AUDITOR);
	ck_assert_int_eq(event_role_of(STR("council")), EVENT_ROLE_COUNT);
}
END_TEST

/* ---- sums ---- */

static void say(EventState *state, EventStatus status, bool has, int64_t pence)
{
	CaseEvent event = {.status = status, .has_amount = has, .amount = pence};
	event_apply(state, &event);
}

/* Raised for more than it was settled for, as disputes end. */
START_TEST(sums_follow)
{
	EventState state = {.status = EVENT_NONE};
	ck_assert_int_eq(event_owed(&state), 0);
	say(&state, EVENT_RAISED, true, 565);
	ck_assert_int_eq(event_owed(&state), 0);
	say(&state, EVENT_ANSWERED, true, 100);
	ck_assert_int_eq(event_owed(&state), 0);
	say(&state, EVENT_PART_UPHELD, true, 300);
	ck_assert_int_eq(event_owed(&state), 300);
	say(&state, EVENT_AGREED, true, 250);
	ck_assert_int_eq(event_owed(&state), 250);
	say(&state, EVENT_DISPUTED, false, 0);
	ck_assert_int_eq(event_owed(&state), 300);
	say(&state, EVENT_SETTLED, true, 200);
	ck_assert_int_eq(event_owed(&state), 200);
	ck_assert_int_eq(state.raised.pence, 565);
	ck_assert_int_eq(state.upheld.pence, 300);
	ck_assert(!state.agreed.known);
	ck_assert_int_eq(state.events, 6);
	/* open again: what was paid stays paid; withdrawn then, it is owed back */
	say(&state, EVENT_RAISED, true, 400);
	ck_assert_int_eq(event_owed(&state), 200);
	say(&state, EVENT_WITHDRAWN, false, 0);
	ck_assert_int_eq(event_owed(&state), 0);
	ck_assert_int_eq(state.settled.pence, 200);
}
END_TEST

START_TEST(usual_sums)
{
	const EventSum stake = {true, 565}, none = {false, 0};
	EventState state = {.status = EVENT_NONE};
	ck_assert_int_eq(event_usual(&state, EVENT_RAISED, stake).pence, 565);
	ck_assert(!event_usual(&state, EVENT_RAISED, none).known);
	say(&state, EVENT_RAISED, true, 400);
	ck_assert_int_eq(event_usual(&state, EVENT_UPHELD, stake).pence, 400);
	ck_assert_int_eq(event_usual(&state, EVENT_AGREED, stake).pence, 400);
	ck_assert(!event_usual(&state, EVENT_PART_UPHELD, stake).known);
	ck_assert(!event_usual(&state, EVENT_ANSWERED, stake).known);
	say(&state, EVENT_PART_UPHELD, true, 300);
	ck_assert_int_eq(event_usual(&state, EVENT_SETTLED, stake).pence, 300);
	say(&state, EVENT_AGREED, true, 250);
	ck_assert_int_eq(event_usual(&state, EVENT_SETTLED, stake).pence, 250);
}
END_TEST

static bool takes(const EventState *state, EventStatus to, bool known, int64_t pence)
{
	return event_sum_fault(state, to, (EventSum){known, pence}) == NULL;
}

/* One penny less than the whole is a part, the whole is none; sums owed to the provider
 * likewise. */
START_TEST(parts)
{
	EventState state = {.status = EVENT_NONE};
	say(&state, EVENT_RAISED, true, 565);
	ck_assert(takes(&state, EVENT_PART_UPHELD, true, 564));
	ck_assert(takes(&state, EVENT_PART_UPHELD, true, 0));
	ck_assert(!takes(&state, EVENT_PART_UPHELD, true, 565));
	ck_assert(!takes(&state, EVENT_PART_UPHELD, true, -1));
	ck_assert(!takes(&state, EVENT_PART_UPHELD, false, 0));
	ck_assert(!takes(&state, EVENT_WITHDRAWN, true, 0));
	ck_assert(takes(&state, EVENT_WITHDRAWN, false, 0));
	ck_assert(!takes(&state, EVENT_REFERRED, true, 1));
	say(&state, EVENT_RAISED, true, -300);
	ck_assert(takes(&state, EVENT_PART_UPHELD, true, -299));
	ck_assert(!takes(&state, EVENT_PART_UPHELD, true, -300));
	ck_assert(!takes(&state, EVENT_PART_UPHELD, true, 1));
}
END_TEST

/* ---- the file ---- */

static char path[64];
static Arena memory;
static Diags told;

static Finding finding(uint8_t first)
{
	Finding f = {.verdict = VERDICT_FAIL, .dataset = STR("visit"), .key = STR("VS1"),
		.provider = STR("P1"), .on = 20332, .evidence = STR("[[]]"), .has_stake = true,
		.stake_known = true, .stake = {5, 1}};
	f.id[0] = first;
	return f;
}

static void begin(void)
{
	Rule rule = {.decl.name = STR("V1")};
	Rulebook book = {.contract.decl.name = STR("town"), .contract.version = STR("1"), .rule = &rule,
		.nrules = 1, .nexprs = 1};
	CaseRun run = {.run_id = STR(RUN), .contract = STR("town"), .version = STR("1"),
		.rulebook_sha256 = STR("aa"), .data_sha256 = STR("bb"), .from = 20206, .to = 20570,
		.known_on = LAST_DAY, .program = STR("vouch 0")};
	CaseFile *file;
	memory = (Arena){0};
	diags_init(&told, &memory, NULL);
	snprintf(path, sizeof path, "event-%ld.db", (long)getpid());
	unlink(path);
	ck_assert_int_eq(case_create(path, &told, &file), STATUS_OK);
	ck_assert_int_eq(case_run(file, &run), STATUS_OK);
	Finding one = finding(0x10), two = finding(0x20);
	ck_assert_int_eq(case_finding(file, STR(RUN), &book, &one), STATUS_OK);
	ck_assert_int_eq(case_finding(file, STR(RUN), &book, &two), STATUS_OK);
	ck_assert_int_eq(case_commit(file), STATUS_OK);
}

static void end(void)
{
	unlink(path);
	vec_free(&told.list);
	arena_free(&memory);
}

/* A dispute of six events about one finding, and one event about another. */
static void fill(void)
{
	static const CaseEvent event[] = {
		{.finding_id = STR(FINDING), .role = EVENT_AUDITOR, .status = EVENT_RAISED,
			.because = STR("rounded up"), .has_amount = true, .amount = 500},
		{.finding_id = STR(FINDING), .role = EVENT_PROVIDER, .status = EVENT_ANSWERED,
			.because = STR("the carer forgot to log out"), .by = STR("Office"),
			.cause = STR("missed_log_out"), .evidence_name = STR("rota.pdf"),
			.evidence_sha256 = STR("cc"), .evidence_size = 12},
		{.finding_id = STR(OTHER), .role = EVENT_AUDITOR, .status = EVENT_RAISED,
			.because = STR("twice declared"), .has_amount = true, .amount = 500},
		{.finding_id = STR(FINDING), .role = EVENT_AUDITOR, .status = EVENT_PART_UPHELD,
			.because = STR("the rota shows 20 minutes"), .has_amount = true, .amount = 300},
		{.finding_id = STR(FINDING), .role = EVENT_PROVIDER, .status = EVENT_AGREED,
			.because = STR("yes"), .has_amount = true, .amount = 300},
		{.finding_id = STR(FINDING), .role = EVENT_AUDITOR, .status = EVENT_SETTLED,
			.because = STR("set off in period 4"), .has_amount = true, .amount = 300},
	};
	CaseFile *file;
	EventWriter *writer;
	ck_assert_int_eq(case_create(path, &told, &file), STATUS_OK);
	ck_assert_int_eq(case_event_open(file, &writer), STATUS_OK);
	for (size_t i = 0; i < sizeof event / sizeof *event; i++) {
		CaseEvent one = event[i];
		one.run_id = STR(RUN);
		one.at = STR("2026-07-01T09:30:00Z");
		ck_assert_int_eq(case_event_add(writer, &one), STATUS_OK);
	}
	EventState state;
	ck_assert_int_eq(case_event_state(writer, STR(FINDING), &state), STATUS_OK);
	ck_assert_int_eq(state.status, EVENT_SETTLED);
	ck_assert_int_eq(state.events, 5);
	case_event_close(writer);
	ck_assert_int_eq(case_commit(file), STATUS_OK);
}

static Buf faults;

static void note_fault(void *user, int64_t number, const char *what)
{
	(void)user;
	buf_printf(&faults, "%lld: %s\n", (long long)number, what);
}

/* Does something to the file behind the program's back, and looks the chain through. */
static EventChain check_after(const char *sql)
{
	sqlite3 *db;
	EventChain chain;
	char *error = NULL;
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &error) == SQLITE_OK, "%s: %s", sql, error);
	buf_clear(&faults);
	buf_puts(&faults, "");
	ck_assert(case_events_check(db, note_fault, NULL, &chain));
	sqlite3_close(db);
	return chain;
}

START_TEST(sound_chain)
{
	begin();
	EventChain empty = check_after("");
	ck_assert_int_eq(empty.events, 0);
	ck_assert_int_eq(empty.faults, 0);
	ck_assert_uint_eq(strspn(empty.last, "0"), 64);
	fill();
	EventChain chain = check_after("");
	ck_assert_int_eq(chain.events, 6);
	ck_assert_msg(chain.faults == 0, "%s", faults.at);
	ck_assert_uint_eq(strlen(chain.last), 64);
	ck_assert_uint_lt(strspn(chain.last, "0"), 64);
	buf_free(&faults);
	end();
}
END_TEST

/* The text that docs/case-file.md gives: whoever has sha256sum can do it again. */
START_TEST(canonical_text)
{
	Buf buf = {0};
	CaseEvent event = {.number = 2, .finding_id = STR("F"), .run_id = STR("R"), .at = STR("T"),
		.role = EVENT_PROVIDER, .status = EVENT_AGREED, .because = STR("yes"), .has_amount = true,
		.amount = -5, .evidence_name = STR("a"), .evidence_sha256 = STR("b"), .previous = STR("p")};
	case_event_canonical(&buf, &event);
	ck_assert_str_eq(buf.at, "vouch event 1\nnumber: 2\nfinding: F\nrun: R\nat: T\nrole: provider\n"
		"status: agreed\nbecause: yes\namount: -5\nevidence: a\nevidence-sha256: b\n"
		"evidence-size: 0\nprevious: p\n");
	buf_free(&buf);
}
END_TEST

static void refused(const char *sql, const char *message)
{
	sqlite3 *db;
	char *error = NULL;
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK, "%s", sql);
	ck_assert_ptr_nonnull(error);
	ck_assert_msg(strstr(error, message) != NULL, "%s: %s", sql, error);
	sqlite3_free(error);
	sqlite3_close(db);
}

START_TEST(triggers_refuse)
{
	begin();
	fill();
	refused("UPDATE event SET amount_pence = 1 WHERE number = 1", "never changed");
	refused("DELETE FROM event WHERE number = 6", "never removed");
	refused("DELETE FROM event", "never removed");
	refused("INSERT OR REPLACE INTO event SELECT * FROM event WHERE number = 1", "behind the last");
	refused("INSERT INTO event SELECT 9, finding_id, run_id, at, role, by, status, because,"
		" amount_pence, cause, evidence_name, evidence_sha256, evidence_size, previous_hash, hash"
		" FROM event WHERE number = 1", "behind the last");
	EventChain chain = check_after("");
	ck_assert_int_eq(chain.events, 6);
	ck_assert_int_eq(chain.faults, 0);
	buf_free(&faults);
	end();
}
END_TEST

#define NO_UPDATE "DROP TRIGGER event_kept; "
#define NO_DELETE "DROP TRIGGER event_not_removed; "
#define KEPT_AGAIN "CREATE TRIGGER event_kept BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT," \
	" 'events are never changed'); END;"

/* Each on a file of its own; the words of the fault that must be told, and of which event. */
static const struct { const char *sql, *fault; } tampered[] = {
	{NO_UPDATE, "0: a trigger"},
	{"DROP TRIGGER event_added; CREATE TRIGGER event_added BEFORE INSERT ON event BEGIN SELECT 1;"
		" END", "0: a trigger"},
	{NO_UPDATE "UPDATE event SET amount_pence = 499 WHERE number = 1;" KEPT_AGAIN, "1: the event has"},
	{NO_UPDATE "UPDATE event SET amount_pence = NULL WHERE number = 1", "1: the event has"},
	{NO_UPDATE "UPDATE event SET because = because || '.' WHERE number = 2", "2: the event has"},
	{NO_UPDATE "UPDATE event SET at = '2026-06-01T09:30:00Z' WHERE number = 6", "6: the event has"},
	{NO_UPDATE "UPDATE event SET by = 'Else' WHERE number = 2", "2: the event has"},
	{NO_UPDATE "UPDATE event SET cause = NULL WHERE number = 2", "2: the event has"},
	{NO_UPDATE "UPDATE event SET evidence_sha256 = 'dd' WHERE number = 2", "2: the event has"},
	{NO_UPDATE "UPDATE event SET evidence_size = 13 WHERE number = 2", "2: the event has"},
	{NO_UPDATE "UPDATE event SET evidence_name = 'x' WHERE number = 2", "2: the event has"},
	{NO_UPDATE "UPDATE event SET run_id = 'X' WHERE number = 3", "3: the event has"},
	{NO_UPDATE "UPDATE event SET finding_id = '" OTHER "' WHERE number = 1", "1: the event has"},
	{NO_UPDATE "UPDATE event SET role = 'auditor' WHERE number = 5", "5: this could not be said"},
	{NO_UPDATE "UPDATE event SET status = 'upheld' WHERE number = 4", "4: the event has"},
	{NO_UPDATE "UPDATE event SET status = 'nonsense' WHERE number = 4", "4: the event has"},
	{NO_UPDATE "UPDATE event SET hash = previous_hash WHERE number = 4", "5: the event before"},
	{NO_UPDATE "UPDATE event SET previous_hash = hash WHERE number = 4", "4: the event before"},
	{NO_UPDATE "UPDATE event SET number = 60 WHERE number = 6", "60: a number is missing"},
	{NO_DELETE "DELETE FROM event WHERE number = 2", "3: a number is missing"},
	{NO_DELETE NO_UPDATE "DELETE FROM event WHERE number = 1; UPDATE event SET number = number - 1",
		"1: the event before"},
	{NO_UPDATE "UPDATE event SET number = -number; UPDATE event SET number = 9 + number WHERE number"
		" < -2; UPDATE event SET number = -number WHERE number < 0", "3: the event has"},
	{"DELETE FROM finding_place WHERE finding_id = '" OTHER "'", "3: the run that it speaks of"},
	{"UPDATE rule_total SET run_id = 'RUN2'", "1: the run that it speaks of"},
};

START_TEST(tampering_is_found)
{
	begin();
	fill();
	EventChain chain = check_after(tampered[_i].sql);
	ck_assert_int_gt(chain.faults, 0);
	Str fault = str_of(tampered[_i].fault);
	bool there = strncmp(faults.at, fault.ptr, fault.len) == 0;
	for (const char *line = faults.at; !there && (line = strchr(line, '\n')) != NULL;)
		there = strncmp(++line, fault.ptr, fault.len) == 0;
	ck_assert_msg(there, "%s\n%s", tampered[_i].sql, faults.at);
	buf_free(&faults);
	end();
}
END_TEST

/* Events taken from the end leave a sound chain: the last hash is what tells. */
START_TEST(a_cut_end_has_another_hash)
{
	begin();
	fill();
	EventChain before = check_after("");
	EventChain after = check_after(NO_DELETE "DELETE FROM event WHERE number = 6; CREATE TRIGGER"
		" event_not_removed BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never"
		" removed'); END;");
	ck_assert_msg(after.faults == 0, "%s", faults.at);
	ck_assert_str_ne(before.last, after.last);
	buf_free(&faults);
	end();
}
END_TEST

/* A command that fails half-way leaves the file without any of its events. */
START_TEST(all_or_nothing)
{
	CaseFile *file;
	EventWriter *writer;
	begin();
	fill();
	CaseEvent event = {.finding_id = STR(OTHER), .run_id = STR(RUN), .role = EVENT_AUDITOR,
		.status = EVENT_WITHDRAWN, .because = STR("a slip")};
	ck_assert_int_eq(case_create(path, &told, &file), STATUS_OK);
	ck_assert_int_eq(case_event_open(file, &writer), STATUS_OK);
	ck_assert_int_eq(case_event_add(writer, &event), STATUS_OK);
	case_event_close(writer);
	case_abandon(file);
	ck_assert_int_eq(check_after("").events, 6);
	buf_free(&faults);
	end();
}
END_TEST

/* £2 and a bit, £3 and a bit, and so on, over denominators that have nothing in common: two of
 * them, and more than a sum keeps apart. */
START_TEST(a_total_holds_every_stake)
{
	static const int64_t prime[] = {2305843009213693951, 999999999989, 1000000000039, 999999937,
		1000000007, 1000000009, 998244353, 67280421310721, 2147483647, 4611686018427387847,
		1000003};
	Rule rule = {.decl.name = STR("V2")};
	Rulebook book = {.contract.decl.name = STR("town"), .contract.version = STR("1"), .rule = &rule,
		.nrules = 1, .nexprs = 1};
	int n = _i == 0 ? 2 : (int)(sizeof prime / sizeof *prime);
	CaseFile *file;
	sqlite3 *db;
	begin();
	ck_assert_int_eq(case_create(path, &told, &file), STATUS_OK);
	for (int i = 0; i < n; i++) {
		int64_t d = prime[_i == 0 ? 9 * i : i];
		Finding one = finding((uint8_t)(0x30 + i));
		one.stake = (Ratio){(Int128)(i + 2) * d + 1, d};
		ck_assert_int_eq(case_finding(file, STR(RUN), &book, &one), STATUS_OK);
	}
	ck_assert_int_eq(case_commit(file), STATUS_OK);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_stmt *stmt = NULL;
	sqlite3_prepare_v2(db, "SELECT over_exact FROM rule_total WHERE rule = 'V2'", -1, &stmt, NULL);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	const char *exact = (const char *)sqlite3_column_text(stmt, 0);
	char *over = strchr(exact, '/');
	double pounds = strtod(exact, NULL) / (over != NULL ? strtod(over + 1, NULL) : 1);
	ck_assert_double_eq_tol(pounds, _i == 0 ? 5 : 77, 0.05);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	buf_free(&faults);
	end();
}
END_TEST

/* Ten thousand, with the look at each finding's history that every one of them needs. */
START_TEST(many_events)
{
	CaseFile *file;
	EventWriter *writer;
	EventState state;
	begin();
	clock_t start = clock();
	ck_assert_int_eq(case_create(path, &told, &file), STATUS_OK);
	ck_assert_int_eq(case_event_open(file, &writer), STATUS_OK);
	for (int i = 0; i < 10000; i++) {
		char id[26];
		snprintf(id, sizeof id, "%025d", i / 2);
		CaseEvent event = {.finding_id = str_of(id), .run_id = STR(RUN), .role = EVENT_AUDITOR,
			.status = EVENT_RAISED, .because = STR("so"), .has_amount = true, .amount = i};
		ck_assert_int_eq(case_event_state(writer, event.finding_id, &state), STATUS_OK);
		ck_assert_int_eq(state.events, i % 2);
		ck_assert_int_eq(case_event_add(writer, &event), STATUS_OK);
	}
	case_event_close(writer);
	ck_assert_int_eq(case_commit(file), STATUS_OK);
	EventChain chain = check_after("");
	ck_assert_int_eq(chain.events, 10000);
	ck_assert_int_eq(chain.faults, 10000); /* no run has these findings; nothing else is wrong */
	ck_assert_msg((clock() - start) / CLOCKS_PER_SEC < 4, "ten thousand events take long");
	buf_free(&faults);
	end();
}
END_TEST

Suite *case_event_suite(void)
{
	Suite *suite = suite_create("case_event");
	TCase *rules = tcase_create("rules"), *file = tcase_create("file");
	tcase_add_test(rules, every_move);
	tcase_add_test(rules, what_can_be_said);
	tcase_add_test(rules, words);
	tcase_add_test(rules, sums_follow);
	tcase_add_test(rules, usual_sums);
	tcase_add_test(rules, parts);
	tcase_add_test(rules, canonical_text);
	tcase_add_test(file, sound_chain);
	tcase_add_test(file, triggers_refuse);
	tcase_add_loop_test(file, tampering_is_found, 0, (int)(sizeof tampered / sizeof *tampered));
	tcase_add_test(file, a_cut_end_has_another_hash);
	tcase_add_test(file, all_or_nothing);
	tcase_add_loop_test(file, a_total_holds_every_stake, 0, 2);
	tcase_add_test(file, many_events);
	tcase_set_timeout(file, 30);
	suite_add_tcase(suite, rules);
	suite_add_tcase(suite, file);
	return suite;
}
