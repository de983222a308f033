/*
 * A log of one run, a result a line:
 *
 *   runs[0].tool.driver.rules[]   each rule of the run: version, clause, severity, text
 *   runs[0].results[]             each finding
 *     kind, level, rank           fail, open, review; by severity; by severity and money
 *     locations[0]                the rule in its file, and the row that the finding is about
 *     relatedLocations[]          the rows of its evidence
 *     fingerprints                its id; partialFingerprints: the hash of what was found
 *     suppressions                of what was withdrawn, settled or is disputed, where anything was
 *                                 said of the run's findings
 *     baselineState               new, updated, unchanged, absent, when two runs are compared
 *     properties                  pence, exact sums, days, what is assumed and missing; where it
 *                                 stands and what was said of it
 *
 * When the run was made is not in it: the same run gives the same bytes.
 *
 * SARIF is made for findings in program text; what it means by a place is here two things. The
 * physical location is the rule's line, where a reviewer's tool can open something; the row of the
 * database is a logical location, as it has no file and no line. Evidence is related locations, so
 * that a tool lists it with the result and does not count it as results.
 */
#include "report/sarif.h"

#include <string.h>

#include "report/events.h"
#include "report/layout.h"
#include "report/restate.h"
#include "report/sariftext.h"

/* For tools that compile one file by itself; configure gives the real one. */
#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

typedef struct Log {
	CaseReader *reader;
	const SarifOptions *how;
	const ListOptions *options;
	ReadRuns runs;
	ReadRules rules;
	CaseSaid said;
	StrMap change;        /* by id, RestateKind + 1; ids that are not there are unchanged */
	Arena arena, scratch; /* scratch: of one finding */
	int64_t results;      /* so far */
} Log;

static void set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

static void set_text(json_t *object, const char *key, Str text)
{
	if (text.len > 0)
		set(object, key, jsontext(text));
}

/* Writes and frees the object. */
static void put(FILE *out, json_t *object)
{
	json_dumpf(object, out, JSON_COMPACT);
	json_decref(object);
}

/* ---- rules ---- */

/* SARIF 2.1.0 has error, warning, note and none: the severities are these, by their order. */
static const char *level_of(Str severity)
{
	return str_eq(severity, STR("critical")) ? "error" : str_eq(severity, STR("major")) ? "warning"
		: "note";
}

/* With the contract, as two contracts may have rules of one name. Two versions of a rule share it:
 * the result's ruleIndex says which text is meant. */
static json_t *rule_id(Log *log, Str contract, Str rule)
{
	return jsontext(str_format(&log->scratch, "%.*s/%.*s", STR_ARG(contract), STR_ARG(rule)));
}

/* There is no page to go to for help: the clause and the rule's own text are the help. */
static json_t *rule_object(Log *log, const ReadRule *rule)
{
	json_t *object = json_object(), *properties = json_object();
	set(object, "id", rule_id(log, rule->contract, rule->rule));
	set(object, "name", jsontext(rule->rule));
	set(object, "shortDescription", sarif_message(rule->title));
	if (rule->clause.len > 0)
		set(object, "fullDescription", sarif_message(rule->clause));
	set(object, "help", sarif_message(rule->text.len > 0 ? rule->text : rule->title));
	set(object, "defaultConfiguration", json_pack("{s:s}", "level", level_of(rule->severity)));
	set_text(properties, "contract", rule->contract);
	set_text(properties, "version", rule->version);
	set_text(properties, "clause", rule->clause);
	set_text(properties, "severity", rule->severity);
	set(properties, "assumed", json_boolean(rule->assumed));
	set(object, "properties", properties);
	return object;
}

/* The text of the rule that made the finding; of one that is gone with its rule, none: the number
 * of rules. */
static size_t rule_of(const Log *log, const ReadFinding *finding)
{
	size_t i = 0;
	while (i < log->rules.n && !(str_eq(log->rules.at[i].rule, finding->rule) &&
			str_eq(log->rules.at[i].contract, finding->contract) &&
			str_eq(log->rules.at[i].version, finding->written_in)))
		i++;
	return i;
}

/* ---- places ---- */

/* Keys are whatever the data had: made harmless, as viewers print names as they are. */
static json_t *logical(Log *log, Str kind, Str key)
{
	json_t *object = json_object();
	set(object, "name", jsontext(layout_cleaned(&log->scratch, key)));
	set(object, "fullyQualifiedName", jsontext(layout_cleaned(&log->scratch,
		str_format(&log->scratch, "%.*s/%.*s", STR_ARG(kind), STR_ARG(key)))));
	set(object, "kind", json_string("row"));
	return object;
}

static json_t *location(Log *log, const ReadRule *rule, const ReadFinding *finding)
{
	json_t *object = json_object();
	if (rule != NULL && rule->path.len > 0 && rule->line > 0)
		set(object, "physicalLocation", json_pack("{s:{s:o},s:{s:I}}", "artifactLocation", "uri",
			sarif_uri(rule->path), "region", "startLine", (json_int_t)rule->line));
	set(object, "logicalLocations", json_pack("[o]", logical(log, finding->dataset,
		finding->key)));
	return object;
}

static bool same_row(const ReadEvidence *a, const ReadEvidence *b)
{
	return str_eq(a->key, b->key) && str_eq(a->table, b->table);
}

/*
 * One for each row of the database, with the values that were taken from it. Values of one row need
 * not stand together in the evidence, so it is looked through again for each new row; at most
 * SARIF_ROWS_MOST rows are told, as a group may have thousands and viewers would choke on them.
 */
static json_t *rows_of(Log *log, const ReadEvidence *line, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n && json_array_size(list) < SARIF_ROWS_MOST; i++) {
		bool told = line[i].key.len == 0;
		for (size_t k = 0; k < i && !told; k++)
			told = same_row(&line[k], &line[i]);
		if (told)
			continue;
		Buf text = {0};
		for (size_t k = i; k < n; k++)
			if (same_row(&line[k], &line[i]))
				buf_printf(&text, "%s%.*s: %.*s", text.n > 0 ? "; " : "", STR_ARG(line[k].name),
					STR_ARG(line[k].value));
		json_t *object = json_object();
		set(object, "id", json_integer((json_int_t)json_array_size(list) + 1));
		set(object, "logicalLocations", json_pack("[o]", logical(log, line[i].table,
			line[i].key)));
		set(object, "message", sarif_message(buf_view(&text)));
		json_array_append_new(list, object);
		buf_free(&text);
	}
	return list;
}

/* ---- results ---- */

/* `open` is SARIF's word for what could not be told for lack of information, `review` for what a
 * person has to decide: law 4 in its vocabulary, neither counts as passed. */
static const char *kind_of(Str verdict)
{
	return str_eq(verdict, STR("fail")) ? "fail" : str_eq(verdict, STR("conflict")) ? "review"
		: "open";
}

/* 25, 50 or 75 by severity, and 2 for each digit of the pence at stake, at most 24: no sum lifts a
 * finding above a graver one. */
static int rank_of(const ReadFinding *finding)
{
	int rank = str_eq(finding->severity, STR("critical")) ? 75
		: str_eq(finding->severity, STR("major")) ? 50 : 25;
	int64_t pence = finding->has_stake ? finding->pence : finding->has_most ? finding->most_pence
		: 0;
	int money = 0;
	for (; pence != 0; pence /= 10)
		money += 2;
	return rank + (money < 24 ? money : 24);
}

/* A rule need not have a sentence, and what was not assessed has none. */
static json_t *message_of(Log *log, const ReadFinding *finding)
{
	if (finding->message.len > 0)
		return sarif_message(finding->message);
	if (finding->missing.len == 0)
		return sarif_message(finding->title);
	return sarif_message(str_format(&log->scratch, "%.*s: not assessed, as %.*s",
		STR_ARG(finding->title), STR_ARG(finding->missing)));
}

/* Pence are integers; what is not known is left out. */
static json_t *properties_of(const ReadFinding *finding)
{
	json_t *object = json_object();
	set_text(object, "verdict", finding->verdict);
	set_text(object, "severity", finding->severity);
	set_text(object, "rule_version", finding->version);
	set_text(object, "provider", finding->provider);
	set_text(object, "on_date", finding->on);
	if (finding->has_stake)
		set(object, "at_stake_pence", json_integer(finding->pence));
	set_text(object, "at_stake_exact", finding->exact);
	if (finding->has_least)
		set(object, "at_least_pence", json_integer(finding->least_pence));
	if (finding->has_most)
		set(object, "at_most_pence", json_integer(finding->most_pence));
	if (str_eq(finding->verdict, STR("not_assessed")))
		set(object, "certain", json_boolean(finding->certain));
	set_text(object, "assumed", finding->assumed);
	set_text(object, "missing", finding->missing);
	return object;
}

/*
 * Nothing is asked for of what was withdrawn or settled: it is suppressed, in a file outside the
 * rules. A dispute is a request to suppress that nobody has decided yet; a result with such a one
 * counts as not suppressed. An empty array: nothing of the kind.
 */
static json_t *suppressions(const EventHistory *said)
{
	json_t *list = json_array(), *one = json_object();
	EventStatus status = said->state.status;
	if (status != EVENT_DISPUTED && !case_history_closed(&said->state)) {
		json_decref(one);
		return list;
	}
	set(one, "kind", json_string("external"));
	set(one, "status", json_string(status == EVENT_DISPUTED ? "underReview" : "accepted"));
	set(one, "justification", jsontext(said->at[said->n - 1].because));
	json_array_append_new(list, one);
	return list;
}

/*
 * SARIF wants suppressions on all results of a run or on none, and the level `none` of all that is
 * no failure. The fingerprint is the finding's id, which stays over runs: by it tools match
 * results. The partial one changes with what was found, so both together tell "the same" from "it
 * changed".
 */
static json_t *result(Log *log, const ReadFinding *finding, const EventHistory *said,
	const char *state, const ReadEvidence *line, size_t n)
{
	json_t *object = json_object();
	const char *kind = kind_of(finding->verdict);
	size_t rule = rule_of(log, finding);
	set(object, "ruleId", rule_id(log, finding->contract, finding->rule));
	if (rule < log->rules.n)
		set(object, "ruleIndex", json_integer((json_int_t)rule));
	set(object, "kind", json_string(kind));
	set(object, "level", json_string(strcmp(kind, "fail") == 0 ? level_of(finding->severity)
		: "none"));
	set(object, "rank", json_integer(rank_of(finding)));
	set(object, "message", message_of(log, finding));
	set(object, "locations", json_pack("[o]", location(log,
		rule < log->rules.n ? &log->rules.at[rule] : NULL, finding)));
	set(object, "relatedLocations", rows_of(log, line, n));
	set(object, "fingerprints", json_pack("{s:o}", "vouch/finding/v1", jsontext(finding->id)));
	set(object, "partialFingerprints", json_pack("{s:o}", "vouch/content/v1",
		jsontext(finding->content)));
	if (state != NULL)
		set(object, "baselineState", json_string(state));
	if (log->said.any)
		set(object, "suppressions", suppressions(said));
	json_t *properties = properties_of(finding);
	if (said->n > 0)
		events_put_json(properties, said);
	set(object, "properties", properties);
	return object;
}

/* A finding a line. */
static Status put_result(Log *log, CaseReader *reader, const ReadFinding *finding,
	const char *state)
{
	ReadEvidence *line;
	EventHistory said;
	size_t n;
	arena_reset(&log->scratch);
	Status status = casereader_evidence(reader, finding, &log->scratch, &line, &n);
	if (status == STATUS_OK)
		status = case_said(&log->said, finding->id, &log->scratch, &said);
	if (status != STATUS_OK)
		return status;
	fputs(log->results++ > 0 ? ",\n" : "\n", log->options->out);
	put(log->options->out, result(log, finding, &said, state, line, n));
	return STATUS_OK;
}

/* ---- two runs ---- */

static void begin_nothing(void *user)
{
	(void)user;
}

static void end_nothing(void *user, const RestateTotals *totals)
{
	(void)user;
	(void)totals;
}

/* The id alone is kept, 4 bytes beside it: the findings are read again when they are written. The
 * + 1 leaves 0 for ids that were not there. */
static void take_change(void *user, const RestateItem *item)
{
	Log *log = user;
	*strmap_at(&log->change, item->any->id, &(bool){false}) = (int32_t)item->kind + 1;
}

/* Nothing when the run is compared with none. */
static Status compare(Log *log, Str run_id)
{
	const RestateWriter writer = {begin_nothing, take_change, end_nothing, log};
	if (log->how->before == NULL)
		return STATUS_OK;
	const RestateSide before = {log->how->before, log->how->baseline};
	const RestateSide after = {log->reader, run_id};
	return restate_each(&before, &after, &writer, log->options);
}

static int32_t change_of(const Log *log, Str id)
{
	const int32_t *at = strmap_get(&log->change, id);
	return at == NULL ? 0 : *at;
}

static const char *state_of(const Log *log, Str id)
{
	int32_t change = change_of(log, id);
	return log->how->before == NULL ? NULL : change == RESTATE_NEW + 1 ? "new"
		: change == RESTATE_CHANGED + 1 ? "updated" : "unchanged";
}

static bool wanted(const FindingFilter *filter, const ReadFinding *finding)
{
	const Str asked[] = {filter->contract, filter->rule, filter->provider, filter->verdict};
	const Str is[] = {finding->contract, finding->rule, finding->provider, finding->verdict};
	for (int i = 0; i < 4; i++)
		if (asked[i].len > 0 && !str_eq(asked[i], is[i]))
			return false;
	return true;
}

/*
 * What only the earlier run has, as it was there, behind all others: a baseline is complete only
 * with what is absent now. The filter is applied by hand, since the list that it gave is of the
 * run.
 */
static Status put_absent(Log *log)
{
	CaseReader *before = log->how->before;
	FindingFilter all = {.run = log->how->baseline, .status = log->how->filter->status};
	FindingList list = {0};
	Status status = before != NULL ? casereader_select(before, &all, &list) : STATUS_OK;
	for (size_t i = 0; i < list.n && status == STATUS_OK; i++) {
		ReadFinding finding;
		status = list_go_on(log->options);
		if (status == STATUS_OK)
			status = casereader_finding(before, list.at[i], &finding);
		if (status == STATUS_OK && change_of(log, finding.id) == RESTATE_GONE + 1 &&
				wanted(log->how->filter, &finding))
			status = put_result(log, before, &finding, "absent");
	}
	vec_free(&list);
	return status;
}

/* ---- the log ---- */

static json_t *run_properties(const Log *log)
{
	const ReadRun *run = &log->runs.at[0];
	json_t *object = json_object();
	set_text(object, "run_id", run->run_id);
	set_text(object, "from_date", run->from);
	set_text(object, "to_date", run->to);
	set_text(object, "known_on", run->known_on);
	set_text(object, "provider", run->provider);
	set_text(object, "data_sha256", run->data_sha256);
	set_text(object, "baseline_run_id", log->how->baseline);
	return object;
}

static json_t *driver(Log *log)
{
	json_t *rules = json_array();
	for (size_t i = 0; i < log->rules.n; i++)
		json_array_append_new(rules, rule_object(log, &log->rules.at[i]));
	return json_pack("{s:{s:s,s:s,s:o}}", "driver", "name", "vouch", "version", PACKAGE_VERSION,
		"rules", rules);
}

/* The frame is written by hand round the results, so that one is in memory at a time. */
static void put_head(Log *log)
{
	FILE *out = log->options->out;
	fputs("{\"$schema\":\"" SARIF_SCHEMA "\",\"version\":\"2.1.0\",\"runs\":[{\n\"tool\":", out);
	put(out, driver(log));
	fputs(",\n\"automationDetails\":", out);
	put(out, json_pack("{s:o}", "id", jsontext(str_format(&log->scratch, "vouch/%.*s",
		STR_ARG(log->runs.at[0].run_id)))));
	fputs(",\n\"columnKind\":\"unicodeCodePoints\",\n\"properties\":", out);
	put(out, run_properties(log));
	fputs(",\n\"results\":[", out);
}

static Status put_results(Log *log, const FindingList *list)
{
	Status status = STATUS_OK;
	for (size_t i = 0; i < list->n && status == STATUS_OK; i++) {
		ReadFinding finding;
		status = list_go_on(log->options);
		if (status == STATUS_OK)
			status = casereader_finding(log->reader, list->at[i], &finding);
		if (status == STATUS_OK)
			status = put_result(log, log->reader, &finding, state_of(log, finding.id));
	}
	return status == STATUS_OK ? put_absent(log) : status;
}

Status sarif_findings(CaseReader *reader, const SarifOptions *how, const FindingList *list,
	const ListOptions *options)
{
	Log log = {.reader = reader, .how = how, .options = options};
	Str run_id = how->filter->run;
	strmap_init(&log.change, &log.arena);
	Status status = casereader_contracts(reader, run_id, &log.runs);
	if (status == STATUS_OK)
		status = casereader_rules(reader, run_id, &log.rules);
	if (status == STATUS_OK)
		status = compare(&log, run_id);
	if (status == STATUS_OK)
		status = case_said_begin(&log.said, reader, run_id);
	if (status == STATUS_OK) {
		put_head(&log);
		status = put_results(&log, list);
	}
	if (status == STATUS_OK) {
		fputs("\n]}]}\n", options->out);
		status = list_go_on(options);
	}
	case_said_end(&log.said);
	arena_free(&log.scratch);
	arena_free(&log.arena);
	return status;
}
