/*
 * What was said of findings, read from the table `event` and added up to where each stands.
 *
 *   case_said_begin ─> case_said …  ─> case_said_end    one statement for a whole list of findings
 *   case_history                                        one finding
 *   case_histories                                      all of the file, in the order of ids
 *                │
 *                └──> events ──event_apply──> EventState: status and sums in pence
 *
 * A reader that reads for a provider's eyes never sees a referral: it is taken out here, in one
 * place, and not by those who write pages.
 */
#include "report/case_history.h"

#include "report/layout.h"

static const char sql_of_all[] = "SELECT " EVENT_COLUMNS " FROM event ORDER BY finding_id, number";
static const char sql_of_one[] = "SELECT " EVENT_COLUMNS " FROM event WHERE finding_id = ?1"
	" ORDER BY number";
/* Whether anything was said of the run's findings: lists have a column of it only then. ?2: for a
 * provider, who must not learn of a referral from a column that is there for no other reason. */
static const char sql_of_run[] = "SELECT 1 FROM event e JOIN finding_place p USING (finding_id)"
	" JOIN rule_total t USING (rule_key) WHERE t.run_id = ?1 AND (?2 = 0 OR"
	" e.status <> 'referred') LIMIT 1";

/* SQLite's texts end with the next row. */
static CaseEvent kept(Arena *arena, CaseEvent event)
{
	Str *const part[] = {&event.finding_id, &event.run_id, &event.at, &event.by, &event.because,
		&event.cause, &event.evidence_name, &event.evidence_sha256, &event.previous, &event.hash};
	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		*part[i] = str_copy(arena, *part[i]);
	return event;
}

typedef VEC(CaseEvent) Events;

/* A row that holds what no event does has no meaning that could be shown: `vouch verify` names
 * it. */
static Status step_events(CaseReader *reader, sqlite3_stmt *stmt, Arena *arena, Events *out)
{
	CaseEvent event;
	int rc;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		if (case_event_read(stmt, &event))
			*vec_push(out) = kept(arena, event);
	return rc == SQLITE_DONE ? STATUS_OK : casereader_unreadable(reader);
}

/* What they come to is worked out as they are read, once for all who show it. A referral does not
 * change any sum, so without it the sums are the same. */
static EventHistory history_of(CaseReader *reader, Arena *arena, const CaseEvent *event, size_t n)
{
	EventHistory out = {.state = {.status = EVENT_NONE}};
	CaseEvent *at = ARENA_ARRAY(arena, CaseEvent, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (event[i].status == EVENT_REFERRED && casereader_for_provider(reader)) {
			out.hidden = true;
			continue;
		}
		at[out.n++] = event[i];
		event_apply(&out.state, &event[i]);
	}
	out.at = at;
	return out;
}

/* ---- finding by finding ---- */

/* Of the run named; what the provider is not to know does not count for the provider. */
static bool was_any_said(CaseReader *reader, Str run_id)
{
	sqlite3_stmt *stmt = NULL;
	bool any = false;
	if (run_id.len > 0 && sqlite3_prepare_v2(casereader_database(reader), sql_of_run, -1, &stmt,
	    NULL) == SQLITE_OK) {
		sqlite3_bind_text(stmt, 1, run_id.ptr, (int)run_id.len, SQLITE_STATIC);
		sqlite3_bind_int(stmt, 2, casereader_for_provider(reader));
		any = sqlite3_step(stmt) == SQLITE_ROW;
	}
	sqlite3_finalize(stmt);
	return any;
}

bool case_has_history(CaseReader *reader)
{
	sqlite3_stmt *stmt = NULL;
	bool any = casereader_has(reader, "event") && sqlite3_prepare_v2(casereader_database(reader),
		"SELECT 1 FROM event LIMIT 1", -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return any;
}

/* Where nothing was said of anything, and in files from before there were events, no finding is
 * asked for. */
Status case_said_begin(CaseSaid *said, CaseReader *reader, Str run_id)
{
	*said = (CaseSaid){.reader = reader};
	if (!case_has_history(reader))
		return STATUS_OK;
	said->any = was_any_said(reader, run_id);
	return sqlite3_prepare_v2(casereader_database(reader), sql_of_one, -1, &said->stmt, NULL)
		== SQLITE_OK ? STATUS_OK : casereader_unreadable(reader);
}

/* Fine for one that was never begun. */
void case_said_end(CaseSaid *said)
{
	sqlite3_finalize(said->stmt);
	said->stmt = NULL;
}

/* Through the index: what one finding costs does not hang on how much was said of others. */
Status case_said(CaseSaid *said, Str finding_id, Arena *arena, EventHistory *out)
{
	Events all = {0};
	*out = (EventHistory){.state = {.status = EVENT_NONE}};
	if (said->stmt == NULL)
		return STATUS_OK;
	sqlite3_bind_text(said->stmt, 1, finding_id.ptr, (int)finding_id.len, SQLITE_STATIC);
	Status status = step_events(said->reader, said->stmt, arena, &all);
	sqlite3_reset(said->stmt);
	if (all.n > 0)
		*out = history_of(said->reader, arena, all.at, all.n);
	vec_free(&all);
	return status;
}

/* Of one finding alone; for lists it pays to keep the statement. */
Status case_history(CaseReader *reader, Str finding_id, EventHistory *out)
{
	CaseSaid said;
	Status status = case_said_begin(&said, reader, STR(""));
	*out = (EventHistory){.state = {.status = EVENT_NONE}};
	if (status == STATUS_OK)
		status = case_said(&said, finding_id, casereader_arena(reader), out);
	case_said_end(&said);
	return status;
}

/* ---- all of them ---- */

/* The whole file in memory: for tables over all findings of which something was said. */
static Status read_all(CaseReader *reader, Events *out)
{
	sqlite3_stmt *stmt = NULL;
	if (!casereader_has(reader, "event"))
		return STATUS_OK;
	if (sqlite3_prepare_v2(casereader_database(reader), sql_of_all, -1, &stmt, NULL) != SQLITE_OK)
		return casereader_unreadable(reader);
	Status status = step_events(reader, stmt, casereader_arena(reader), out);
	sqlite3_finalize(stmt);
	return status;
}

/* One reading for the whole file; neighbours with one id are one history. */
Status case_histories(CaseReader *reader, EventHistory **out, size_t *n)
{
	Arena *arena = casereader_arena(reader);
	Events all = {0};
	Status status = read_all(reader, &all);
	size_t from = 0;
	*n = 0;
	*out = ARENA_ARRAY(arena, EventHistory, all.n + 1);
	for (size_t i = 1; i <= all.n; i++) {
		if (i < all.n && str_eq(all.at[i].finding_id, all.at[from].finding_id))
			continue;
		(*out)[*n] = history_of(reader, arena, all.at + from, i - from);
		(*out)[(*n)++].finding_id = all.at[from].finding_id;
		from = i;
	}
	vec_free(&all);
	return status;
}

/*
 * What is decided, else what was raised, else what the finding puts at stake; what was paid counts
 * as paid. Pence; below zero is owed to the provider. Of one that is closed it is what is left of
 * what was owed, which is mostly nothing. Not known when neither people nor the rule gave a sum.
 *
 *   raised £13, part upheld £10, settled £4 ──> £6
 */
EventSum case_history_open(const EventState *state, EventSum stake)
{
	int64_t settled = state->settled.known ? state->settled.pence : 0;
	if (case_history_closed(state))
		return (EventSum){true, event_owed(state) - settled};
	if (state->upheld.known || state->agreed.known)
		return (EventSum){true, event_owed(state) - settled};
	EventSum sum = state->status != EVENT_NONE && state->raised.known ? state->raised : stake;
	sum.pence -= sum.known ? settled : 0;
	return sum;
}

/* Both can be opened again, by raising the finding anew. */
bool case_history_closed(const EventState *state)
{
	return state->status == EVENT_SETTLED || state->status == EVENT_WITHDRAWN;
}

/* ---- as text ---- */

/* A time that is not ours is shown as it stands, made harmless. */
void case_history_when(Buf *buf, Str at)
{
	if (at.len != 20) {
		layout_clean(buf, at);
		return;
	}
	layout_day(buf, (Str){at.ptr, 10});
	buf_printf(buf, ", %.5s UTC", at.ptr + 11);
}

/* Texts are people's: they are made harmless here, and only here. */
static void put_event(Buf *buf, const CaseEvent *event, int indent, int width)
{
	Buf line = {0};
	case_history_when(&line, event->at);
	buf_printf(&line, ", %s", event_role[event->role]);
	if (event->by.len > 0) {
		buf_puts(&line, " (");
		layout_clean(&line, event->by);
		buf_char(&line, ')');
	}
	buf_printf(&line, ": %s", event_text[event->status]);
	if (event->has_amount) {
		buf_puts(&line, ", ");
		layout_pence(&line, event->amount);
	}
	layout_wrap(buf, buf_view(&line), indent, width);
	buf_clear(&line);
	layout_clean(&line, event->because);
	buf_puts(&line, event->cause.len > 0 ? "; cause: " : "");
	layout_clean(&line, event->cause);
	layout_wrap(buf, buf_view(&line), indent + 2, width);
	if (event->evidence_name.len > 0) {
		buf_clear(&line);
		buf_puts(&line, "evidence: ");
		layout_clean(&line, event->evidence_name);
		buf_puts(&line, ", ");
		layout_plural(&line, event->evidence_size, "byte", "bytes");
		buf_printf(&line, ", SHA-256 %.*s", STR_ARG(event->evidence_sha256));
		layout_wrap(buf, buf_view(&line), indent + 2, width);
	}
	buf_free(&line);
}

/* Nothing for a finding of which nothing was said. */
void case_history_print(Buf *buf, const EventHistory *history, int indent, int width)
{
	for (size_t i = 0; i < history->n; i++)
		put_event(buf, &history->at[i], indent, width);
}

/* "£5.65 raised", behind a comma or what comes first. Below zero is put into words. */
static void put_sum(Buf *buf, const char *lead, int64_t pence, const char *what)
{
	buf_puts(buf, lead);
	layout_pence(buf, pence < 0 ? -pence : pence);
	buf_puts(buf, what);
	buf_puts(buf, pence < 0 ? " for the provider" : "");
}

/* Sums that were never said are left out; what is outstanding is said when it is not nothing. */
void case_history_state(Buf *buf, const EventState *state)
{
	const EventSum sum[] = {state->raised, state->upheld, state->agreed, state->settled};
	static const char *const what[] = {" raised", " upheld", " agreed", " settled"};
	const char *lead = ": ";
	buf_puts(buf, event_text[state->status]);
	for (int i = 0; i < 4; i++) {
		if (!sum[i].known)
			continue;
		put_sum(buf, lead, sum[i].pence, what[i]);
		lead = ", ";
	}
	int64_t open = event_owed(state) - (state->settled.known ? state->settled.pence : 0);
	if (open != 0)
		put_sum(buf, lead, open, " outstanding");
}
