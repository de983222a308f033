/*
 * What is said of a finding after the run: events of a case file, which are only ever added. An
 * event names who spoke, when, what became of the finding, why, and for what sum; it carries the
 * hash of the one before it, so that none can be changed, left out or put in between afterwards
 * without its being found.
 *
 *   finding ── raised £5.65 ── answered ── part_upheld £3.00 ── agreed £3.00 ── settled £3.00
 *              auditor         provider    auditor               provider         auditor
 *
 * A finding keeps its id from run to run, and so what was said of it. Sums are whole pence, below
 * zero when they are owed to the provider. docs/case-file.md has the table and the text that is
 * hashed.
 */
#ifndef VOUCH_INTERP_CASE_EVENT_H
#define VOUCH_INTERP_CASE_EVENT_H

#include "interp/casefile.h"

/*
 * Where a finding stands: X(NAME, word, what people read, what it means). The word is that of the
 * last event. A finding of which nothing was said is not raised.
 */
#define EVENT_STATUSES(X) \
	X(NONE, "not_raised", "not raised", "nothing was said of it yet") \
	X(RAISED, "raised", "raised", "put to the provider, with the sum that is asked for") \
	X(ANSWERED, "answered", "answered", "the provider has said its piece; a sum is its own figure") \
	X(UPHELD, "upheld", "upheld", "the auditor stands by the whole sum") \
	X(PART_UPHELD, "part_upheld", "part upheld", "the auditor stands by a part of the sum") \
	X(WITHDRAWN, "withdrawn", "withdrawn", "the auditor asks for nothing; the finding stays on file") \
	X(AGREED, "agreed", "agreed", "the provider accepts a sum") \
	X(DISPUTED, "disputed", "disputed", "the provider does not accept what was decided") \
	X(SETTLED, "settled", "settled", "a sum was paid or set off; nothing more is owed") \
	X(REFERRED, "referred", "referred", "passed on: suspected fraud, or safeguarding")

typedef enum EventStatus {
#define X(name, word, text, meaning) EVENT_##name,
	EVENT_STATUSES(X)
#undef X
	EVENT_STATUS_COUNT
} EventStatus;

typedef enum EventRole { EVENT_PROVIDER, EVENT_AUDITOR, EVENT_ROLE_COUNT } EventRole;

extern const char *const event_word[EVENT_STATUS_COUNT];    /* "part_upheld" */
extern const char *const event_text[EVENT_STATUS_COUNT];    /* "part upheld" */
extern const char *const event_meaning[EVENT_STATUS_COUNT];
extern const char *const event_role[EVENT_ROLE_COUNT];      /* "provider" */

/* EVENT_STATUS_COUNT or EVENT_ROLE_COUNT when the word is none of them. "Part upheld" and
 * "part-upheld" are part_upheld. */
EventStatus event_status_of(Str word);
EventRole event_role_of(Str word);

/* Whether one that stands at `from` may be brought to `to` by this side. */
bool event_allowed(EventStatus from, EventRole role, EventStatus to);
/* When this side may say so, as half a sentence; NULL: it never may. */
const char *event_why(EventRole role, EventStatus to);
/* Appends what can be done from here, as a sentence: "the auditor can say upheld or withdrawn; the
 * provider can say answered". */
void event_choices(Buf *buf, EventStatus from);

/* Empty texts: nothing was said. Texts belong to whoever made it. */
typedef struct CaseEvent {
	int64_t number;           /* from 1, without a gap over the whole file */
	Str finding_id, run_id;   /* whole; the run as which found it is spoken of */
	Str at;                   /* UTC, 2026-07-01T09:30:00Z */
	EventRole role;
	EventStatus status;
	Str by, because, cause;
	bool has_amount;
	int64_t amount;           /* pence */
	Str evidence_name, evidence_sha256;
	int64_t evidence_size;    /* bytes; holds when there is a name */
	Str previous, hash;       /* SHA-256 in hex; of the first event, 64 zeros are before it */
} CaseEvent;

/* What events about one finding come to. */
typedef struct EventSum {
	bool known;
	int64_t pence;
} EventSum;

typedef struct EventState {
	EventStatus status;
	int64_t events;
	EventSum raised;          /* what was asked for last */
	EventSum upheld;          /* what the auditor decided; withdrawn: £0.00 */
	EventSum agreed;          /* what the provider accepted, unless that was overtaken */
	EventSum settled;         /* paid or set off */
} EventState;

/* Carries the state on by one event. */
void event_apply(EventState *state, const CaseEvent *event);
/* What is to be paid in all: what was settled for; else what was agreed, else upheld; nothing
 * before a decision. Owed less settled is outstanding. */
int64_t event_owed(const EventState *state);
/* The sum that goes with a status when none is given. `stake`: of the finding. Unknown when there
 * is nothing that it could be; `to` part_upheld never has one. */
EventSum event_usual(const EventState *state, EventStatus to, EventSum stake);
/* NULL, or why the sum (none: unknown) does not go with this status. */
const char *event_sum_fault(const EventState *state, EventStatus to, EventSum sum);

/* Tables, index and triggers; inside the case file's transaction. */
Status case_event_begin(CaseFile *file);

/* The columns that case_event_read reads, in its order. Texts are the statement's own. False: the
 * row holds what no event does. */
#define EVENT_COLUMNS "number, finding_id, run_id, at, role, by, status, because, amount_pence," \
	" cause, evidence_name, evidence_sha256, evidence_size, previous_hash, hash"
bool case_event_read(sqlite3_stmt *stmt, CaseEvent *event);
/* The text whose SHA-256 is the event's hash. */
void case_event_canonical(Buf *buf, const CaseEvent *event);

/* Adding events: all of one command in the transaction of the case file. */
typedef struct EventWriter EventWriter;

Status case_event_open(CaseFile *file, EventWriter **out); /* freed on failure */
void case_event_close(EventWriter *writer);                /* NULL is fine */
/* Where the finding stands, with what was added before in this transaction. */
Status case_event_state(EventWriter *writer, Str finding_id, EventState *out);
/* Whether the last thing said of the finding is this very event, but for its number and time: a
 * command that was given twice. */
Status case_event_said(EventWriter *writer, const CaseEvent *event, bool *out);
/* number, at, previous and hash are the writer's to say (a given `at` is kept). The move must be
 * allowed; texts hold no control characters. */
Status case_event_add(EventWriter *writer, const CaseEvent *event);

/* What the chain of a file is: how many events, what is wrong with how many of them, and the last
 * hash, which stands for all (64 zeros: there is no event). */
typedef struct EventChain {
	int64_t events, faults;
	char last[65];
} EventChain;

typedef void EventFault(void *user, int64_t number, const char *what);

/* Reads every event again: numbers without a gap, hashes, what each was allowed to do, the finding
 * that it speaks of; and that the table still refuses changes. `fault` is called for each thing
 * wrong (number 0: of the table). False when SQLite cannot read the table. Removed events at the
 * end of the chain are found only by whoever kept the last hash. */
bool case_events_check(sqlite3 *db, EventFault *fault, void *user, EventChain *out);

#endif
