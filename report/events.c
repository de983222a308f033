/*
 * One event has the same form in every list. The hash of each stands beside it, so that a copy of
 * the list can be held against the case file.
 *
 *   history ──┬─> events_put_json    status, sums, "events": […]   on a finding's object
 *             └─> events_csv_rows    one row an event              alone, or with its finding
 *
 * Sums are pence with a sign: below zero is owed to the provider. Outstanding is owed less settled,
 * also when that is below zero, since more may have been paid than was owed.
 */
#include "report/events.h"

#include "report/csv.h"

/* Those of the table event, then those of the finding. */
enum { EVENT_CELLS = 15, ALL_CELLS = 20 };

/* ---- JSON ---- */

/* An integer, so that no reader makes a binary fraction of it (law 1). */
static json_t *pence(bool known, int64_t n)
{
	return known ? json_integer(n) : json_null();
}

/* A sum that was never said is null, not 0. */
static json_t *sum(EventSum s)
{
	return pence(s.known, s.pence);
}

/* In step with `event` of docs/findings.schema.json. */
static json_t *event_object(const CaseEvent *e)
{
	json_t *object = json_object();
	json_object_set_new(object, "number", json_integer(e->number));
	json_object_set_new(object, "run_id", jsontext(e->run_id));
	json_object_set_new(object, "at", jsontext(e->at));
	json_object_set_new(object, "role", json_string(event_role[e->role]));
	json_object_set_new(object, "by", jsontext_or_null(e->by));
	json_object_set_new(object, "status", json_string(event_word[e->status]));
	json_object_set_new(object, "because", jsontext(e->because));
	json_object_set_new(object, "amount_pence", pence(e->has_amount, e->amount));
	json_object_set_new(object, "cause", jsontext_or_null(e->cause));
	json_object_set_new(object, "evidence_name", jsontext_or_null(e->evidence_name));
	json_object_set_new(object, "evidence_sha256", jsontext_or_null(e->evidence_sha256));
	json_object_set_new(object, "evidence_size",
		pence(e->evidence_name.len > 0, e->evidence_size));
	json_object_set_new(object, "hash", jsontext(e->hash));
	return object;
}

/* As they were said. */
static json_t *events_array(const EventHistory *history)
{
	json_t *list = json_array();
	for (size_t i = 0; i < history->n; i++)
		json_array_append_new(list, event_object(&history->at[i]));
	return list;
}

void events_put_json(json_t *object, const EventHistory *history)
{
	const EventState *state = &history->state;
	int64_t owed = event_owed(state), settled = state->settled.known ? state->settled.pence : 0;
	json_object_set_new(object, "status", json_string(event_word[state->status]));
	json_object_set_new(object, "raised_pence", sum(state->raised));
	json_object_set_new(object, "upheld_pence", sum(state->upheld));
	json_object_set_new(object, "agreed_pence", sum(state->agreed));
	json_object_set_new(object, "owed_pence", json_integer(owed));
	json_object_set_new(object, "settled_pence", sum(state->settled));
	json_object_set_new(object, "outstanding_pence", json_integer(owed - settled));
	json_object_set_new(object, "events", events_array(history));
}

/* ---- CSV ---- */

/* In step with the cells of events_csv_rows; people write formulas that count columns. */
void events_csv_names(FILE *out, bool with_finding)
{
	static const char *const name[ALL_CELLS] = {"number", "finding_id", "run_id", "at", "role",
		"by", "status", "because", "amount_pence", "cause", "evidence_name", "evidence_sha256",
		"evidence_size", "previous_hash", "hash", "contract", "rule", "dataset", "subject_key",
		"provider"};
	Str cell[ALL_CELLS];
	for (int i = 0; i < ALL_CELLS; i++)
		cell[i] = str_of(name[i]);
	csv_row(out, cell, NULL, with_finding ? ALL_CELLS : EVENT_CELLS);
}

/* What is not known is an empty cell, not 0. */
static Str number(Arena *arena, bool known, int64_t n)
{
	return known ? str_format(arena, "%lld", (long long)n) : STR("");
}

/* Texts are people's: what a spreadsheet would take for a formula is guarded by csv_row. */
void events_csv_rows(FILE *out, const EventHistory *history, const ReadFinding *finding)
{
	static const bool plain[ALL_CELLS] = {[0] = true, [3] = true, [8] = true, [12] = true};
	static const ReadFinding none = {.has_stake = false};
	const ReadFinding *f = finding == NULL ? &none : finding;
	Arena arena = {0};
	for (size_t i = 0; i < history->n; i++) {
		const CaseEvent *e = &history->at[i];
		const Str cell[ALL_CELLS] = {number(&arena, true, e->number), e->finding_id, e->run_id,
			e->at, str_of(event_role[e->role]), e->by, str_of(event_word[e->status]), e->because,
			number(&arena, e->has_amount, e->amount), e->cause, e->evidence_name,
			e->evidence_sha256, number(&arena, e->evidence_name.len > 0, e->evidence_size),
			e->previous, e->hash, f->contract, f->rule, f->dataset, f->key, f->provider};
		csv_row(out, cell, plain, finding == NULL ? EVENT_CELLS : ALL_CELLS);
	}
	arena_free(&arena);
}

/* The line of names is there even when nothing was said. */
Status events_csv(CaseReader *reader, Str run_id, const ListOptions *options)
{
	const FindingFilter filter = {.run = run_id};
	CaseStatus status;
	Status read = case_status_read(reader, &filter, options, &status);
	if (read != STATUS_OK)
		return read;
	events_csv_names(options->out, true);
	for (size_t i = 0; i < status.n; i++)
		events_csv_rows(options->out, &status.item[i].history, &status.item[i].finding);
	return list_go_on(options);
}
