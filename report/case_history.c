#include "report/case_history.h"

#include "report/layout.h"

static const char sql_of_all[] = "SELECT " EVENT_COLUMNS " FROM event WHERE ?1 = ''"
	" ORDER BY finding_id, number";
static const char sql_of_one[] = "SELECT " EVENT_COLUMNS " FROM event WHERE finding_id = ?1"
	" ORDER BY number";

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
static Status read_events(CaseReader *reader, const char *query, Str finding_id, Events *out)
{
	sqlite3_stmt *stmt = NULL;
	CaseEvent event;
	int rc = sqlite3_prepare_v2(casereader_database(reader), query, -1, &stmt, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_bind_text(stmt, 1, finding_id.ptr, (int)finding_id.len, SQLITE_STATIC);
		while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
			if (case_event_read(stmt, &event))
				*vec_push(out) = kept(casereader_arena(reader), event);
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE ? STATUS_OK : casereader_unreadable(reader);
}

/* What they come to is worked out as they are read, once for all who show it. */
static EventHistory history_of(Arena *arena, const CaseEvent *event, size_t n)
{
	EventHistory out = {.n = n, .state = {.status = EVENT_NONE}};
	out.at = arena_copy(arena, event, n * sizeof *event);
	for (size_t i = 0; i < n; i++)
		event_apply(&out.state, &event[i]);
	return out;
}

/* Through the index: a page of one finding costs nothing more in a file of many events. */
Status case_history(CaseReader *reader, Str finding_id, EventHistory *out)
{
	Events all = {0};
	Status status = read_events(reader, sql_of_one, finding_id, &all);
	*out = (EventHistory){.state = {.status = EVENT_NONE}};
	if (all.n > 0)
		*out = history_of(casereader_arena(reader), all.at, all.n);
	vec_free(&all);
	return status;
}

/* One reading for the whole file; neighbours with one id are one history. */
Status case_histories(CaseReader *reader, EventHistory **out, size_t *n)
{
	Arena *arena = casereader_arena(reader);
	Events all = {0};
	Status status = read_events(reader, sql_of_all, STR(""), &all);
	size_t from = 0;
	*n = 0;
	*out = ARENA_ARRAY(arena, EventHistory, all.n + 1);
	for (size_t i = 1; i <= all.n; i++) {
		if (i < all.n && str_eq(all.at[i].finding_id, all.at[from].finding_id))
			continue;
		(*out)[(*n)++] = history_of(arena, all.at + from, i - from);
		from = i;
	}
	vec_free(&all);
	return status;
}

/* ---- as text ---- */

/* "1 July 2026, 09:30 UTC" */
static void put_when(Buf *buf, Str at)
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
	put_when(&line, event->at);
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

/* "£5.65 raised", behind a comma or what comes first. */
static void put_sum(Buf *buf, const char *lead, int64_t pence, const char *what)
{
	buf_puts(buf, lead);
	layout_pence(buf, pence);
	buf_puts(buf, what);
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
