/*
 * Events in the case file:
 *
 *   number  …  previous_hash   hash
 *      1    …  000000…         a3f1…  ─┐ SHA-256 of the event's own text, in which
 *      2    …  a3f1…  <────────────────┘ the hash before stands
 *      3    …  09bc…           77e2…
 *
 * Triggers refuse what is not adding at the end: that keeps honest programs from mistakes. The
 * chain finds what was done in spite of them.
 */
#include "interp/case_event.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

#define HASH_CHARS 64

static const char no_hash[] = "0000000000000000000000000000000000000000000000000000000000000000";

/* A REPLACE deletes without asking the trigger against that: what is added must therefore have the
 * next number. */
static const char schema[] =
	"CREATE TABLE IF NOT EXISTS event(number INTEGER PRIMARY KEY, finding_id TEXT NOT NULL,"
	" run_id TEXT NOT NULL, at TEXT NOT NULL, role TEXT NOT NULL, by TEXT, status TEXT NOT NULL,"
	" because TEXT NOT NULL, amount_pence INTEGER, cause TEXT, evidence_name TEXT,"
	" evidence_sha256 TEXT, evidence_size INTEGER, previous_hash TEXT NOT NULL, hash TEXT NOT NULL)"
	" STRICT;"
	"CREATE INDEX IF NOT EXISTS event_of_finding ON event(finding_id, number);"
	"CREATE TRIGGER IF NOT EXISTS event_added BEFORE INSERT ON event WHEN NEW.number IS NOT"
	" (SELECT coalesce(max(number), 0) + 1 FROM event) OR NEW.previous_hash IS NOT coalesce((SELECT"
	" hash FROM event ORDER BY number DESC LIMIT 1), printf('%064d', 0)) BEGIN SELECT RAISE(ABORT,"
	" 'an event is added behind the last one'); END;"
	"CREATE TRIGGER IF NOT EXISTS event_kept BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT,"
	" 'events are never changed'); END;"
	"CREATE TRIGGER IF NOT EXISTS event_not_removed BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT,"
	" 'events are never removed'); END;";

/* In every case file from its first run on, so that a file without the table has lost it. */
Status case_event_begin(CaseFile *file)
{
	return sqlite3_exec(case_database(file), schema, NULL, NULL, NULL) == SQLITE_OK ? STATUS_OK
		: case_failed(file);
}

/* The statement's own until the next step; empty when it is NULL. */
static Str text(sqlite3_stmt *stmt, int column)
{
	const char *at = (const char *)sqlite3_column_text(stmt, column);
	return at == NULL ? STR("") : (Str){at, (size_t)sqlite3_column_bytes(stmt, column)};
}

/* A word that no event has can only come from outside; nothing of such a row is to be believed. */
bool case_event_read(sqlite3_stmt *stmt, CaseEvent *event)
{
	/* The numbers of columns are the order of EVENT_COLUMNS. */
	*event = (CaseEvent){.number = sqlite3_column_int64(stmt, 0), .finding_id = text(stmt, 1),
		.run_id = text(stmt, 2), .at = text(stmt, 3), .role = event_role_of(text(stmt, 4)),
		.by = text(stmt, 5), .status = event_status_of(text(stmt, 6)), .because = text(stmt, 7),
		.has_amount = sqlite3_column_type(stmt, 8) != SQLITE_NULL,
		.amount = sqlite3_column_int64(stmt, 8), .cause = text(stmt, 9),
		.evidence_name = text(stmt, 10), .evidence_sha256 = text(stmt, 11),
		.evidence_size = sqlite3_column_int64(stmt, 12), .previous = text(stmt, 13),
		.hash = text(stmt, 14)};
	/* NONE is where a finding begins; nobody can say it. What is not known is emptied, but for the
	 * number and the hash, by which the chain goes on. */
	bool known = event->role != EVENT_ROLE_COUNT && event->status != EVENT_STATUS_COUNT &&
		event->status != EVENT_NONE;
	if (!known)
		*event = (CaseEvent){.number = event->number, .hash = event->hash};
	return known;
}

/* In hex, as sha256sum prints it. */
static void hash_event(const CaseEvent *event, Buf *out)
{
	Buf canonical = {0};
	Digest digest;
	uint8_t hash[32];
	case_event_canonical(&canonical, event);
	digest_begin(&digest);
	digest_bytes(&digest, canonical.at, canonical.n);
	digest_end(&digest, hash);
	buf_clear(out);
	hex_print(out, hash, sizeof hash);
	buf_free(&canonical);
}

/* ---- adding ---- */

/* The statements of a writer. */
enum { OF_FINDING, ADD, WRITER_STATEMENTS };

struct EventWriter {
	CaseFile *file;
	sqlite3_stmt *stmt[WRITER_STATEMENTS];
	int64_t number;           /* of the last event */
	Buf last, hash, now;
};

/* Copied: what is bound may be printed for the occasion. Empty texts are NULL. */
static void bind(sqlite3_stmt *stmt, int i, Str s)
{
	if (s.len > 0)
		sqlite3_bind_text(stmt, i, s.ptr, (int)s.len, SQLITE_TRANSIENT);
	else
		sqlite3_bind_null(stmt, i);
}

/* The last event, and the clock: one reading of it for all events of a command. */
static Status find_end(EventWriter *writer)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(case_database(writer->file), "SELECT strftime('%Y-%m-%dT%H:%M:%SZ',"
		" 'now'), coalesce(max(number), 0), (SELECT hash FROM event ORDER BY number DESC LIMIT 1)"
		" FROM event", -1, &stmt, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		buf_str(&writer->now, text(stmt, 0));
		writer->number = sqlite3_column_int64(stmt, 1);
		Str last = text(stmt, 2);
		buf_str(&writer->last, last.len > 0 ? last : STR(no_hash));
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? STATUS_OK : case_failed(writer->file);
}

/* Statements are kept for all events of a command: a list may have ten thousand. */
Status case_event_open(CaseFile *file, EventWriter **out)
{
	static const char *const sql[WRITER_STATEMENTS] = {
		[OF_FINDING] = "SELECT " EVENT_COLUMNS " FROM event WHERE finding_id = ? ORDER BY number",
		[ADD] = "INSERT INTO event(" EVENT_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"};
	EventWriter *writer = mem_alloc(sizeof *writer);
	writer->file = file;
	/* The end of the chain first: SQLite holds the write lock from here to the commit, so nobody
	 * else can add behind it. */
	Status status = find_end(writer);
	for (int i = 0; i < WRITER_STATEMENTS && status == STATUS_OK; i++)
		if (sqlite3_prepare_v3(case_database(file), sql[i], -1, SQLITE_PREPARE_PERSISTENT,
				&writer->stmt[i], NULL) != SQLITE_OK)
			status = case_failed(file);
	if (status != STATUS_OK) {
		case_event_close(writer);
		return status;
	}
	*out = writer;
	return STATUS_OK;
}

/* The transaction is the case file's, and goes on. */
void case_event_close(EventWriter *writer)
{
	if (writer == NULL)
		return;
	for (int i = 0; i < WRITER_STATEMENTS; i++)
		sqlite3_finalize(writer->stmt[i]);
	buf_free(&writer->last);
	buf_free(&writer->hash);
	buf_free(&writer->now);
	free(writer);
}

/* From the events each time: a state that was kept beside them could come to differ from them. */
Status case_event_state(EventWriter *writer, Str finding_id, EventState *out)
{
	sqlite3_stmt *stmt = writer->stmt[OF_FINDING];
	CaseEvent event;
	int rc;
	*out = (EventState){.status = EVENT_NONE};
	bind(stmt, 1, finding_id);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		if (case_event_read(stmt, &event))
			event_apply(out, &event);
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? STATUS_OK : case_failed(writer->file);
}

/* In the order of EVENT_COLUMNS. */
static void bind_event(sqlite3_stmt *stmt, const CaseEvent *event)
{
	/* Else an event without a sum would have the one before it. */
	sqlite3_clear_bindings(stmt);
	sqlite3_bind_int64(stmt, 1, event->number);
	bind(stmt, 2, event->finding_id);
	bind(stmt, 3, event->run_id);
	bind(stmt, 4, event->at);
	bind(stmt, 5, str_of(event_role[event->role]));
	bind(stmt, 6, event->by);
	bind(stmt, 7, str_of(event_word[event->status]));
	bind(stmt, 8, event->because);
	if (event->has_amount)
		sqlite3_bind_int64(stmt, 9, event->amount);
	bind(stmt, 10, event->cause);
	bind(stmt, 11, event->evidence_name);
	bind(stmt, 12, event->evidence_sha256);
	if (event->evidence_name.len > 0)
		sqlite3_bind_int64(stmt, 13, event->evidence_size);
	bind(stmt, 14, event->previous);
	bind(stmt, 15, event->hash);
}

/* The trigger looks at number and hash once more, so that no second writer can have come
 * between. */
static bool same_event(const CaseEvent *a, const CaseEvent *b)
{
	return a->role == b->role && a->status == b->status && a->has_amount == b->has_amount &&
		a->amount == b->amount && str_eq(a->run_id, b->run_id) && str_eq(a->by, b->by) &&
		str_eq(a->because, b->because) && str_eq(a->cause, b->cause) &&
		str_eq(a->evidence_name, b->evidence_name) &&
		str_eq(a->evidence_sha256, b->evidence_sha256);
}

Status case_event_said(EventWriter *writer, const CaseEvent *event, bool *out)
{
	sqlite3_stmt *stmt = writer->stmt[OF_FINDING];
	CaseEvent last;
	int rc;
	*out = false;
	bind(stmt, 1, event->finding_id);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		*out = case_event_read(stmt, &last) && same_event(&last, event);
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? STATUS_OK : case_failed(writer->file);
}

Status case_event_add(EventWriter *writer, const CaseEvent *event)
{
	CaseEvent whole = *event;
	whole.number = writer->number + 1;
	/* The hash is of the event with its number and what is before it: moved, it would not fit. */
	whole.previous = buf_view(&writer->last);
	if (whole.at.len == 0)
		whole.at = buf_view(&writer->now);
	hash_event(&whole, &writer->hash);
	whole.hash = buf_view(&writer->hash);
	bind_event(writer->stmt[ADD], &whole);
	/* Everything bound was copied, so the writer's buffers may change behind this. */
	int rc = sqlite3_step(writer->stmt[ADD]);
	sqlite3_reset(writer->stmt[ADD]);
	if (rc != SQLITE_DONE)
		return case_failed(writer->file);
	writer->number++;
	buf_clear(&writer->last);
	buf_str(&writer->last, buf_view(&writer->hash));
	return STATUS_OK;
}

/* ---- looking it through ---- */

typedef struct Check {
	sqlite3 *db;
	EventFault *fault;
	void *user;
	EventChain *chain;
	int64_t number;           /* of the event before */
	Arena arena;
	StrMap status;            /* of each finding, by what was said so far */
	sqlite3_stmt *finding;
	Buf hash;
} Check;

/* Counted also for a caller that does not want the words. */
static void tell(Check *check, int64_t number, const char *what)
{
	check->chain->faults++;
	if (check->fault != NULL)
		check->fault(check->user, number, what);
}

/* What the trigger tells people is wrong must also be wrong for whoever took the trigger away. */
static bool check_schema(Check *check)
{
	static const char *const name[] = {"event_added", "event_kept", "event_not_removed"};
	sqlite3_stmt *stmt = NULL;
	bool sound = sqlite3_prepare_v2(check->db, "SELECT 1 FROM sqlite_schema WHERE type = 'trigger'"
		" AND name = ? AND instr(?2, sql)", -1, &stmt, NULL) == SQLITE_OK;
	Buf ours = {0};
	for (const char *at = schema; *at != '\0'; at++) { /* SQLite keeps them without IF NOT EXISTS */
		if (strncmp(at, "IF NOT EXISTS ", 14) == 0)
			at += 14;
		buf_char(&ours, *at);
	}
	/* Its text must stand in ours letter by letter: a trigger of that name that does nothing is no
	 * trigger. */
	for (int i = 0; i < 3 && sound; i++) {
		sqlite3_bind_text(stmt, 1, name[i], -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 2, ours.at, (int)ours.n, SQLITE_STATIC);
		int rc = sqlite3_step(stmt);
		sound = rc == SQLITE_ROW || rc == SQLITE_DONE;
		if (rc == SQLITE_DONE)
			tell(check, 0, "a trigger that keeps events from being changed is gone");
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
	buf_free(&ours);
	return sound;
}

/* A line end in a text could pass for a line of the canonical text. */
static bool control_in(Str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7f)
			return true;
	return false;
}

/* A finding that no run of the file has cannot have been spoken of. */
static bool finding_is_there(Check *check, const CaseEvent *event)
{
	bind(check->finding, 1, event->finding_id);
	bind(check->finding, 2, event->run_id);
	bool there = sqlite3_step(check->finding) == SQLITE_ROW;
	sqlite3_reset(check->finding);
	return there;
}

/* Somebody who makes all hashes anew must still tell a story that could have happened. */
static void check_move(Check *check, const CaseEvent *event)
{
	bool added;
	/* A finding that was not met before is at 0, which is EVENT_NONE. */
	int32_t *status = strmap_at(&check->status, event->finding_id, &added);
	if (!event_allowed((EventStatus)*status, event->role, event->status))
		tell(check, event->number, "this could not be said when it was");
	*status = (int32_t)event->status;
	if (control_in(event->because) || control_in(event->by) || control_in(event->cause) ||
	    control_in(event->evidence_name))
		tell(check, event->number, "a text holds control characters");
	if (!finding_is_there(check, event))
		tell(check, event->number, "the run that it speaks of has no such finding");
}

/* The chain goes on from what is written, so that one change is told once. */
static void check_event(Check *check, sqlite3_stmt *stmt)
{
	CaseEvent event;
	EventChain *chain = check->chain;
	bool known = case_event_read(stmt, &event);
	/* Going on from the number that is there: a gap is told once, not for all behind it. */
	if (event.number != check->number + 1)
		tell(check, event.number, "a number is missing before this event");
	check->number = event.number;
	chain->events++;
	if (!known) {
		tell(check, event.number, "the event has been changed: it holds a word that no event has");
	} else {
		if (!str_eq(event.previous, str_of(chain->last)))
			tell(check, event.number, "the event before it is not the one that it was added to");
		hash_event(&event, &check->hash);
		if (!str_eq(event.hash, buf_view(&check->hash)))
			tell(check, event.number, "the event has been changed: its hash is another");
		check_move(check, &event);
	}
	/* The hash as it is written, right or not: see above. What has no proper hash leaves the one
	 * before it standing, so that the next event is told too. */
	if (event.hash.len == HASH_CHARS)
		memcpy(chain->last, event.hash.ptr, HASH_CHARS);
}

/* One pass in the order of numbers; memory is that of the findings spoken of. */
bool case_events_check(sqlite3 *db, EventFault *fault, void *user, EventChain *out)
{
	Check check = {.db = db, .fault = fault, .user = user, .chain = out};
	sqlite3_stmt *stmt = NULL;
	*out = (EventChain){0};
	memcpy(out->last, no_hash, sizeof no_hash);
	strmap_init(&check.status, &check.arena);
	int rc = sqlite3_prepare_v2(db, "SELECT " EVENT_COLUMNS " FROM event ORDER BY number", -1, &stmt,
		NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db, "SELECT 1 FROM finding_place p JOIN rule_total t USING (rule_key)"
			" WHERE p.finding_id = ? AND t.run_id = ?", -1, &check.finding, NULL);
	if (rc == SQLITE_OK && check_schema(&check))
		while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
			check_event(&check, stmt);
	sqlite3_finalize(stmt);
	sqlite3_finalize(check.finding);
	buf_free(&check.hash);
	arena_free(&check.arena);
	return rc == SQLITE_DONE;
}
