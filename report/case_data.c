/*
 * Where a case stands, for other programs. docs/case-file.md has the columns and the keys; sums are
 * whole pence, what is not known is empty or null.
 *
 *   CSV    a line a finding, its own sums           no totals, which would look like findings
 *   JSON   total, providers, rules, findings        groups count each visit's money once (law 14)
 *
 * In CSV and in a finding's JSON a sum below zero is owed to the provider; in JSON's groups each
 * direction has an object of its own, and both are positive.
 */
#include "report/case_formats.h"
#include "report/csv.h"
#include "report/events.h"

/* ---- CSV ---- */

enum { CSV_COLUMNS = 23 };

/* In step with the cells of csv_item; people write formulas that count columns. */
static const char *const csv_name[CSV_COLUMNS] = {"change", "finding_id", "contract", "rule",
	"title", "dataset", "subject_key", "provider", "on_date", "verdict", "at_stake_pence", "status",
	"raised_pence", "upheld_pence", "agreed_pence", "owed_pence", "settled_pence",
	"outstanding_pence", "events", "last_at", "last_role", "last_by", "last_because"};

/* By the number of the column: days and figures of ours, which need no guard against formulas. In
 * step with csv_name. */
static const bool csv_plain[CSV_COLUMNS] = {[8] = true, [10] = true, [12] = true, [13] = true,
	[14] = true, [15] = true, [16] = true, [17] = true, [18] = true, [19] = true};

/* The line of names is there even when nothing was said of any finding. */
static void put_names(FILE *out, const char *const *name, int n)
{
	Str cell[CSV_COLUMNS];
	for (int i = 0; i < n; i++)
		cell[i] = str_of(name[i]);
	csv_row(out, cell, NULL, n);
}

/* What is not known is an empty cell, not 0. */
static Str number(Arena *arena, bool known, int64_t n)
{
	return known ? str_format(arena, "%lld", (long long)n) : STR("");
}

/* Whole pence without a sign of money, so that a spreadsheet can add them. */
static Str sum(Arena *arena, EventSum s)
{
	return number(arena, s.known, s.pence);
}

/* Nothing settled is £0.00 of what is owed. */
static int64_t settled(const EventState *state)
{
	return state->settled.known ? state->settled.pence : 0;
}

/* Empty when there is no run to hold it against. */
static Str change_word(const CaseItem *item)
{
	return item->change == RESTATE_ALL_KINDS ? STR("") : str_of(restate_word[item->change]);
}

/* A finding's own sums: a total over a column may count one visit's money twice, which the
 * groups of the JSON do not. */
static void csv_item(FILE *out, Arena *arena, const CaseItem *item)
{
	const ReadFinding *f = &item->finding;
	const EventState *state = &item->history.state;
	const CaseEvent *last = &item->history.at[item->history.n - 1];
	int64_t owed = event_owed(state);
	const Str cell[CSV_COLUMNS] = {change_word(item), f->id, f->contract, f->rule, f->title,
		f->dataset, f->key, f->provider, f->on, f->verdict, number(arena, f->has_stake, f->pence),
		str_of(event_word[state->status]), sum(arena, state->raised), sum(arena, state->upheld),
		sum(arena, state->agreed), number(arena, true, owed), sum(arena, state->settled),
		number(arena, true, owed - settled(state)), number(arena, true, state->events), last->at,
		str_of(event_role[last->role]), last->by, last->because};
	csv_row(out, cell, csv_plain, CSV_COLUMNS);
}

/* Without totals, which would be taken for findings. */
Status case_write_csv(const CaseStatus *status, const ListOptions *options)
{
	Arena arena = {0};
	put_names(options->out, csv_name, CSV_COLUMNS);
	for (size_t i = 0; i < status->n; i++) {
		csv_item(options->out, &arena, &status->item[i]);
		arena_reset(&arena);
	}
	arena_free(&arena);
	return list_go_on(options);
}

/* The events themselves, with what their hashes are made of. */
Status case_write_one_csv(const CaseOne *one, const ListOptions *options)
{
	events_csv_names(options->out, false);
	events_csv_rows(options->out, &one->history, NULL);
	return list_go_on(options);
}

/* ---- JSON ---- */

/* Writes and frees. ENCODE_ANY: a case without an earlier run has null in its place. */
static void put(FILE *out, json_t *object)
{
	json_dumpf(object, out, JSON_COMPACT | JSON_ENCODE_ANY);
	json_decref(object);
}

/* An integer, so that no reader makes a binary fraction of it (law 1). */
static json_t *pence(bool known, int64_t n)
{
	return known ? json_integer(n) : json_null();
}

/* The names of the case file's columns, which readers go by. */
static json_t *finding_object(const ReadFinding *f)
{
	json_t *object = json_object();
	json_object_set_new(object, "finding_id", jsontext(f->id));
	json_object_set_new(object, "contract", jsontext(f->contract));
	json_object_set_new(object, "rule", jsontext(f->rule));
	json_object_set_new(object, "title", jsontext(f->title));
	json_object_set_new(object, "dataset", jsontext(f->dataset));
	json_object_set_new(object, "subject_key", jsontext(f->key));
	json_object_set_new(object, "provider", jsontext_or_null(f->provider));
	json_object_set_new(object, "on_date", jsontext_or_null(f->on));
	json_object_set_new(object, "verdict", jsontext(f->verdict));
	json_object_set_new(object, "at_stake_pence", pence(f->has_stake, f->pence));
	return object;
}

/* Its place against earlier runs goes between what was found and what was said. */
static json_t *item_object(const CaseItem *item)
{
	json_t *object = finding_object(&item->finding);
	json_object_set_new(object, "change", jsontext_or_null(change_word(item)));
	events_put_json(object, &item->history);
	return object;
}

/* Sums for providers are positive here. */
static json_t *sums_object(const CaseSums *sums, int direction)
{
	static const char *const name[CASE_COLUMNS] = {"raised_pence", "upheld_pence", "agreed_pence",
		"owed_pence", "settled_pence"};
	json_t *object = json_object();
	for (int c = 0; c < CASE_COLUMNS; c++)
		json_object_set_new(object, name[c], json_integer(sums->pence[c][direction]));
	json_object_set_new(object, "outstanding_pence", json_integer(case_outstanding(sums,
		direction)));
	return object;
}

/*
 * name: what the group is called by; NULL: it is all of them. All statuses are there, also those at
 * 0, so that a reader need not ask whether a key is; they add up to findings and gone.
 */
static json_t *group_object(const CaseGroup *group, const char *name)
{
	json_t *object = json_object(), *at = json_object();
	if (group->contract.len > 0)
		json_object_set_new(object, "contract", jsontext(group->contract));
	if (name != NULL)
		json_object_set_new(object, name, jsontext_or_null(group->name));
	if (group->title.len > 0)
		json_object_set_new(object, "title", jsontext(group->title));
	for (int s = 0; s < EVENT_STATUS_COUNT; s++)
		json_object_set_new(at, event_word[s], json_integer(group->at[s]));
	json_object_set_new(object, "findings", json_integer(group->findings));
	json_object_set_new(object, "gone", json_integer(group->gone));
	json_object_set_new(object, "status", at);
	json_object_set_new(object, "without_sum", json_integer(group->without_sum));
	json_object_set_new(object, "for_council", sums_object(&group->sums, FOR_COUNCIL));
	json_object_set_new(object, "for_providers", sums_object(&group->sums, FOR_PROVIDER));
	return object;
}

/* Sorted by their names already. */
static json_t *groups_array(const CaseGroup *group, size_t n, const char *name)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, group_object(&group[i], name));
	return list;
}

/* Over all findings of the two runs, whatever was said of them. */
static json_t *change_object(const CaseStatus *status)
{
	if (status->previous.len == 0)
		return json_null();
	json_t *object = json_object();
	json_object_set_new(object, "run_id", jsontext(status->previous));
	for (int k = 0; k < RESTATE_ALL_KINDS; k++)
		json_object_set_new(object, restate_word[k], json_integer(status->change[k]));
	return object;
}

/*
 * A finding a line, for tools that go by lines. The frame is written by hand, as in json.c; the run
 * id is letters and digits of ours, so it needs no escaping.
 */
Status case_write_json(const CaseStatus *status, const ListOptions *options)
{
	FILE *out = options->out;
	fprintf(out, "{" JSON_FORMAT ",\n\"run_id\":\"%.*s\"", STR_ARG(status->runs.at[0].run_id));
	fputs(",\n\"previous\":", out);
	put(out, change_object(status));
	fputs(",\n\"total\":", out);
	put(out, group_object(&status->all, NULL));
	fputs(",\n\"providers\":", out);
	put(out, groups_array(status->provider, status->providers, "provider"));
	fputs(",\n\"rules\":", out);
	put(out, groups_array(status->rule, status->rules, "rule"));
	fprintf(out, ",\n\"elsewhere\":%lld,\n\"findings\":[", (long long)status->elsewhere);
	for (size_t i = 0; i < status->n; i++) {
		fputs(i > 0 ? ",\n" : "\n", out);
		put(out, item_object(&status->item[i]));
	}
	fputs(status->n > 0 ? "\n]}\n" : "]}\n", out);
	return list_go_on(options);
}

/* Each against the one before it. */
static json_t *sightings_array(const CaseOne *one)
{
	json_t *list = json_array();
	for (size_t i = 0; i < one->nsightings; i++) {
		const CaseSighting *s = &one->sighting[i];
		json_t *object = json_object();
		json_object_set_new(object, "run_id", jsontext(s->run_id));
		json_object_set_new(object, "change", json_string(restate_word[s->change]));
		json_object_set_new(object, "verdict", jsontext(s->mark.verdict));
		json_object_set_new(object, "at_stake_pence", pence(s->has_stake, s->pence));
		json_array_append_new(list, object);
	}
	return list;
}

/* One line behind the format, whatever the history's length. */
Status case_write_one_json(const CaseOne *one, const ListOptions *options)
{
	json_t *object = finding_object(&one->finding);
	fputs("{" JSON_FORMAT ",\n\"finding\":", options->out);
	json_object_set_new(object, "gone", json_boolean(one->gone));
	json_object_set_new(object, "runs", sightings_array(one));
	events_put_json(object, &one->history);
	put(options->out, object);
	fputs("}\n", options->out);
	return list_go_on(options);
}
