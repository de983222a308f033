/*
 * Two runs held against each other, for other programs: a row or an object for each finding that
 * differs. docs/case-file.md has the columns and the keys.
 *
 *   CSV    names ──> a row for each finding that differs
 *   JSON   {"before": run, "after": run, "differences": [ a finding a line ], "totals": {…}}
 *
 * Money is whole pence in integers; beside it stands the exact sum as a text, since a program may
 * not add up what was rounded. `under` and "for_providers" are positive sums.
 */
#include <jansson.h>

#include "report/csv.h"
#include "report/jsontext.h"
#include "report/layout.h"
#include "report/restate.h"

/* Of both formats: they are streamed, finding by finding. */
typedef struct Output {
	const RestateRuns *runs;
	FILE *out;
	bool some;              /* a finding was written */
} Output;

/* ---- CSV ---- */

enum { CSV_COLUMNS = 18 };

/* In step with the cells of csv_item; people write formulas that count columns. */
static const char *const csv_name[CSV_COLUMNS] = {"change", "finding_id", "contract", "rule",
	"title", "dataset", "subject_key", "provider", "on_date", "verdict_before", "verdict_after",
	"at_stake_pence_before", "at_stake_pence_after", "at_stake_exact_before",
	"at_stake_exact_after", "message_before", "message_after", "facts"};

/* Ours, so that no apostrophe is put before a minus: date, sums in pence, exact sums. */
static const bool csv_plain[CSV_COLUMNS] = {[8] = true, [11] = true, [12] = true, [13] = true,
	[14] = true};

/* The line of names is there even when nothing differs. */
static void csv_begin(void *user)
{
	const Output *o = user;
	Str cell[CSV_COLUMNS];
	for (int i = 0; i < CSV_COLUMNS; i++)
		cell[i] = str_of(csv_name[i]);
	csv_row(o->out, cell, csv_plain, CSV_COLUMNS);
}

/* "visit.declared (V1): 1 hour > 45 minutes; …" */
static void put_facts(Buf *buf, const RestateItem *item)
{
	for (size_t i = 0; i < item->nfacts; i++) {
		const RestateFact *fact = &item->fact[i];
		buf_puts(buf, i > 0 ? "; " : "");
		buf_str(buf, fact->name);
		if (fact->key.len > 0)
			buf_printf(buf, " (%.*s)", STR_ARG(fact->key));
		buf_puts(buf, ": ");
		buf_str(buf, fact->before);
		buf_puts(buf, " > ");
		buf_str(buf, fact->after);
	}
}

/* No sum is an empty cell, not 0. */
static Str pence_text(Buf *buf, const ReadFinding *finding)
{
	if (finding != NULL && finding->has_stake)
		buf_printf(buf, "%lld", (long long)finding->pence);
	return buf_view(buf);
}

/* A side that has no such finding has empty cells. Two buffers for pence, as both cells are
 * shown at once. */
static void csv_item(void *user, const RestateItem *item)
{
	static const ReadFinding none = {.pence = 0};
	const Output *o = user;
	const ReadFinding *any = item->any;
	const ReadFinding *before = item->before != NULL ? item->before : &none;
	const ReadFinding *after = item->after != NULL ? item->after : &none;
	Buf pence[2] = {{0}, {0}}, facts = {0};
	put_facts(&facts, item);
	const Str cell[CSV_COLUMNS] = {str_of(restate_word[item->kind]), any->id, any->contract,
		any->rule, any->title, any->dataset, any->key, any->provider, any->on, before->verdict,
		after->verdict, pence_text(&pence[0], before), pence_text(&pence[1], after), before->exact,
		after->exact, before->message, after->message, buf_view(&facts)};
	csv_row(o->out, cell, csv_plain, CSV_COLUMNS);
	buf_free(&pence[0]);
	buf_free(&pence[1]);
	buf_free(&facts);
}

/* Totals would be taken for a finding. */
static void csv_end(void *user, const RestateTotals *totals)
{
	(void)user;
	(void)totals;
}

/* The state lives in the caller's arena; the run's own texts are not shown in CSV. */
void restate_write_csv(const RestateRuns *runs, Arena *arena, RestateWriter *out)
{
	Output *o = ARENA_NEW(arena, Output);
	*o = (Output){.runs = runs, .out = runs->options->out};
	*out = (RestateWriter){csv_begin, csv_item, csv_end, o};
}

/* ---- JSON ---- */

/* Writes and frees the object. Keys keep the order in which they were set. */
static void put(FILE *out, json_t *object)
{
	json_dumpf(object, out, JSON_COMPACT);
	json_decref(object);
}

/* As in a list of findings, without the contracts. */
static json_t *run_object(const ReadRun *run)
{
	json_t *object = json_object();
	json_object_set_new(object, "run_id", jsontext(run->run_id));
	json_object_set_new(object, "program", jsontext(run->program));
	json_object_set_new(object, "from_date", jsontext(run->from));
	json_object_set_new(object, "to_date", jsontext(run->to));
	json_object_set_new(object, "known_on", jsontext_or_null(run->known_on));
	json_object_set_new(object, "provider", jsontext_or_null(run->provider));
	json_object_set_new(object, "data_sha256", jsontext(run->data_sha256));
	return object;
}

/* The frame is written by hand, as jansson would want the whole list in memory. */
static void json_begin(void *user)
{
	const Output *o = user;
	fputs("{" JSON_FORMAT ",\n\"before\":", o->out);
	put(o->out, run_object(o->runs->before));
	fputs(",\n\"after\":", o->out);
	put(o->out, run_object(o->runs->after));
	fputs(",\n\"differences\":[", o->out);
}

/* null: the run has no such finding. */
static json_t *side_object(const ReadFinding *finding)
{
	if (finding == NULL)
		return json_null();
	json_t *object = json_object();
	json_object_set_new(object, "verdict", jsontext(finding->verdict));
	json_object_set_new(object, "rule_version", jsontext(finding->version));
	json_object_set_new(object, "message", jsontext_or_null(finding->message));
	json_object_set_new(object, "missing", jsontext_or_null(finding->missing));
	json_object_set_new(object, "at_stake_pence",
		finding->has_stake ? json_integer(finding->pence) : json_null());
	json_object_set_new(object, "at_stake_exact", jsontext_or_null(finding->exact));
	return object;
}

/* A side without a value is null: the fact was not there. */
static json_t *facts_array(const RestateItem *item)
{
	json_t *list = json_array();
	for (size_t i = 0; i < item->nfacts; i++) {
		json_t *object = json_object();
		json_object_set_new(object, "name", jsontext(item->fact[i].name));
		json_object_set_new(object, "key", jsontext_or_null(item->fact[i].key));
		json_object_set_new(object, "before", jsontext_or_null(item->fact[i].before));
		json_object_set_new(object, "after", jsontext_or_null(item->fact[i].after));
		json_array_append_new(list, object);
	}
	return list;
}

/* One finding a line, for tools that go by lines. */
static void json_item(void *user, const RestateItem *item)
{
	Output *o = user;
	const ReadFinding *any = item->any;
	json_t *object = json_object();
	json_object_set_new(object, "change", json_string(restate_word[item->kind]));
	json_object_set_new(object, "finding_id", jsontext(any->id));
	json_object_set_new(object, "contract", jsontext(any->contract));
	json_object_set_new(object, "rule", jsontext(any->rule));
	json_object_set_new(object, "title", jsontext(any->title));
	json_object_set_new(object, "dataset", jsontext(any->dataset));
	json_object_set_new(object, "subject_key", jsontext(any->key));
	json_object_set_new(object, "provider", jsontext_or_null(any->provider));
	json_object_set_new(object, "on_date", jsontext_or_null(any->on));
	json_object_set_new(object, "before", side_object(item->before));
	json_object_set_new(object, "after", side_object(item->after));
	json_object_set_new(object, "facts", facts_array(item));
	fputs(o->some ? ",\n" : "\n", o->out);
	o->some = true;
	put(o->out, object);
}

/* In pence. */
static json_t *sum_object(const RestateSum *sum)
{
	json_t *object = json_object();
	json_object_set_new(object, "for_council_pence", json_integer(restate_over(sum)));
	json_object_set_new(object, "for_providers_pence", json_integer(restate_under(sum)));
	json_object_set_new(object, "without_sum", json_integer(sum->without_sum));
	return object;
}

/* Integers, so that no reader makes binary fractions of them (law 1). */
static json_t *row_object(int64_t findings, const RestateSum *before, const RestateSum *after)
{
	json_t *object = json_object();
	json_object_set_new(object, "findings", json_integer(findings));
	json_object_set_new(object, "before", sum_object(before));
	json_object_set_new(object, "after", sum_object(after));
	return object;
}

/* With the names of the table. */
static json_t *claim_object(const CaseClaim *claim)
{
	json_t *object = json_object();
	json_object_set_new(object, "over_pence", json_integer(claim->over_pence));
	json_object_set_new(object, "under_pence", json_integer(claim->under_pence));
	json_object_set_new(object, "without_sum", json_integer(claim->without_sum));
	return object;
}

/* What is unchanged is a row like the others, so that they add up to the findings of each run. */
static void json_end(void *user, const RestateTotals *totals)
{
	const Output *o = user;
	json_t *object = json_object();
	for (int k = 0; k < RESTATE_KINDS; k++)
		json_object_set_new(object, restate_word[k], row_object(totals->findings[k],
			&totals->before[k], &totals->after[k]));
	json_object_set_new(object, "unchanged", row_object(totals->unchanged, &totals->same,
		&totals->same));
	json_object_set_new(object, "claim_before", claim_object(&o->runs->claim_before));
	json_object_set_new(object, "claim_after", claim_object(&o->runs->claim_after));
	fputs(o->some ? "\n],\n\"totals\":" : "],\n\"totals\":", o->out);
	put(o->out, object);
	fputs("}\n", o->out);
}

/* `some` tells the first object, before which there is no comma, from the others. */
void restate_write_json(const RestateRuns *runs, Arena *arena, RestateWriter *out)
{
	Output *o = ARENA_NEW(arena, Output);
	*o = (Output){.runs = runs, .out = runs->options->out};
	*out = (RestateWriter){json_begin, json_item, json_end, o};
}
