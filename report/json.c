/*
 * Findings as JSON, each made and freed in its turn. jansson keeps the keys in the order in which
 * they were set, so the bytes are the same every time.
 *
 *   {"format": 2,
 *   "run": {"run_id": …, "contracts": […]},
 *   "findings":[
 *   {"finding_id": …, "evidence": [{"name": …, "value": …}, …], "status": …, "events": […]},
 *   …
 *   ]}
 *
 * One finding a line, so that `grep` and line-wise tools work on a file of any size; memory holds
 * one finding at a time. What is not known is null, never an empty text or 0 (law 4).
 */
#include "report/list.h"

#include <string.h>

#include "report/events.h"
#include "report/layout.h"

/* An integer, so that no reader makes a binary fraction of it (law 1). */
static json_t *pence(bool has, int64_t n)
{
	return has ? json_integer(n) : json_null();
}

/* What one that lacks facts could come to; left out of all others. */
static void put_bounds(json_t *object, const ReadFinding *finding)
{
	if (!str_eq(finding->verdict, STR("not_assessed")) && !finding->has_least &&
	    !finding->has_most)
		return;
	json_object_set_new(object, "at_least_pence", pence(finding->has_least, finding->least_pence));
	json_object_set_new(object, "at_least_exact", jsontext_or_null(finding->least_exact));
	json_object_set_new(object, "at_most_pence", pence(finding->has_most, finding->most_pence));
	json_object_set_new(object, "at_most_exact", jsontext_or_null(finding->most_exact));
	json_object_set_new(object, "least_at", jsontext_or_null(finding->least_at));
	json_object_set_new(object, "most_at", jsontext_or_null(finding->most_at));
	json_object_set_new(object, "certain", json_boolean(finding->certain));
}

/* Evidence as objects; what is empty is left out. */
static json_t *evidence_list(const ReadEvidence *line, size_t n)
{
	static const char *const key[] = {"name", "value", "table", "key", "column", "note"};
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++, line++) {
		const Str part[] = {line->name, line->value, line->table, line->key, line->column,
			line->note};
		json_t *object = json_object();
		for (size_t k = 0; k < sizeof key / sizeof *key; k++)
			if (part[k].len > 0)
				json_object_set_new(object, key[k], jsontext(part[k]));
		json_array_append_new(list, object);
	}
	return list;
}

/*
 * The names of the case file's columns, which readers go by; a name that changes breaks readers.
 * Where it stands and what was said of it come last.
 */
static json_t *finding_object(const ReadFinding *finding, const EventHistory *said,
	json_t *evidence)
{
	json_t *object = json_object();
	json_object_set_new(object, "finding_id", jsontext(finding->id));
	json_object_set_new(object, "contract", jsontext(finding->contract));
	json_object_set_new(object, "rule", jsontext(finding->rule));
	json_object_set_new(object, "rule_version", jsontext(finding->version));
	json_object_set_new(object, "title", jsontext(finding->title));
	json_object_set_new(object, "clause", jsontext(finding->clause));
	json_object_set_new(object, "severity", jsontext(finding->severity));
	json_object_set_new(object, "verdict", jsontext(finding->verdict));
	json_object_set_new(object, "dataset", jsontext(finding->dataset));
	json_object_set_new(object, "subject_key", jsontext(finding->key));
	json_object_set_new(object, "provider", jsontext_or_null(finding->provider));
	json_object_set_new(object, "on_date", jsontext_or_null(finding->on));
	json_object_set_new(object, "message", jsontext_or_null(finding->message));
	json_object_set_new(object, "at_stake_pence", pence(finding->has_stake, finding->pence));
	json_object_set_new(object, "at_stake_exact", jsontext_or_null(finding->exact));
	json_object_set_new(object, "assumed", jsontext_or_null(finding->assumed));
	json_object_set_new(object, "missing", jsontext_or_null(finding->missing));
	put_bounds(object, finding);
	json_object_set_new(object, "evidence", evidence);
	events_put_json(object, said);
	return object;
}

/* The hash of the rulebook says which rules these were, whatever the version's text says. */
static json_t *contract_object(const ReadRun *run)
{
	json_t *object = json_object();
	json_object_set_new(object, "contract", jsontext(run->contract));
	json_object_set_new(object, "version", jsontext(run->version));
	json_object_set_new(object, "title", jsontext(run->title));
	json_object_set_new(object, "council", jsontext(run->council));
	json_object_set_new(object, "rulebook_sha256", jsontext(run->rulebook_sha256));
	return object;
}

/* What identifies the run. When it was made is not in it: the same run gives the same bytes. */
static json_t *run_object(const ReadRuns *runs)
{
	json_t *object = json_object(), *contracts = json_array();
	const ReadRun *first = &runs->at[0];
	json_object_set_new(object, "run_id", jsontext(first->run_id));
	json_object_set_new(object, "program", jsontext(first->program));
	json_object_set_new(object, "from_date", jsontext(first->from));
	json_object_set_new(object, "to_date", jsontext(first->to));
	json_object_set_new(object, "data_of", jsontext_or_null(first->data_of));
	json_object_set_new(object, "data_to", jsontext_or_null(first->data_to));
	json_object_set_new(object, "known_on", jsontext_or_null(first->known_on));
	json_object_set_new(object, "provider", jsontext_or_null(first->provider));
	json_object_set_new(object, "data_sha256", jsontext(first->data_sha256));
	json_object_set_new(object, "rows_read", json_integer(first->rows_read));
	for (size_t i = 0; i < runs->n; i++)
		json_array_append_new(contracts, contract_object(&runs->at[i]));
	json_object_set_new(object, "contracts", contracts);
	return object;
}

/* Writes and frees the object. */
static void put(FILE *out, json_t *object)
{
	json_dumpf(object, out, JSON_COMPACT);
	json_decref(object);
}

/* One finding with its evidence and what was said of it, which live in the arena until the next. */
static Status put_finding(CaseReader *reader, CaseSaid *said, int64_t row, Arena *arena, FILE *out)
{
	ReadFinding finding;
	ReadEvidence *line;
	EventHistory history;
	size_t n;
	Status status = casereader_finding(reader, row, &finding);
	arena_reset(arena);
	if (status == STATUS_OK)
		status = casereader_evidence(reader, &finding, arena, &line, &n);
	if (status == STATUS_OK)
		status = case_said(said, finding.id, arena, &history);
	if (status == STATUS_OK)
		put(out, finding_object(&finding, &history, evidence_list(line, n)));
	return status;
}

/*
 * The frame is written by hand round the objects, as jansson would want the whole list in
 * memory.
 */
Status json_findings(CaseReader *reader, Str run_id, const FindingList *list,
	const ListOptions *options)
{
	FILE *out = options->out;
	ReadRuns runs;
	Arena arena = {0};
	CaseSaid said = {.any = false};
	Status status = casereader_contracts(reader, run_id, &runs);
	if (status == STATUS_OK)
		status = case_said_begin(&said, reader, run_id);
	if (status != STATUS_OK) {
		case_said_end(&said);
		return status;
	}
	fputs("{" JSON_FORMAT ",\n\"run\":", out);
	put(out, run_object(&runs));
	fputs(",\n\"findings\":[", out);
	for (size_t i = 0; i < list->n && status == STATUS_OK; i++) {
		status = list_go_on(options);
		if (status != STATUS_OK)
			break;
		fputs(i > 0 ? ",\n" : "\n", out);
		status = put_finding(reader, &said, list->at[i], &arena, out);
	}
	arena_free(&arena);
	case_said_end(&said);
	if (status != STATUS_OK)
		return status;
	fputs(list->n > 0 ? "\n]}\n" : "]}\n", out);
	return list_go_on(options);
}
