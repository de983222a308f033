#include "interp/spot_evaluate.h"

#include <stdlib.h>
#include <string.h>

/* What is gathered of one row of the frame, by its number there. */
typedef struct Looked {
	bool drawn, wrong, no_log, vanished, unassessed;
	int64_t over, under;
	int32_t verdict;         /* in out->verdict */
} Looked;

typedef struct Evaluate {
	const SpotPlan *plan;
	const SpotFrame *frame;
	const SpotScan *scan;
	SpotEvaluation *out;
	StrMap row;              /* key to number in the frame */
	Looked *looked;          /* by row of the frame */
	Severity least;
	Buf text;
} Evaluate;

static Severity severity_of(Str word)
{
	return str_eq(word, STR("critical")) ? SEVERITY_CRITICAL
		: str_eq(word, STR("major")) ? SEVERITY_MAJOR : SEVERITY_MINOR;
}

Severity spot_severity(const SpotPlan *plan)
{
	return severity_of(plan->then_draw > 0 ? plan->then_severity : plan->full_severity);
}

/* ---- the frame and the data ---- */

static Str line_of(Evaluate *e, const SpotRow *row)
{
	buf_clear(&e->text);
	spot_frame_line(&e->text, e->frame, row);
	return str_copy(&e->out->arena, (Str){e->text.at, e->text.n - 1});
}

static void note_change(Evaluate *e, Str change, const SpotRow *was, const SpotRow *now)
{
	*vec_push(&e->out->change) = (SpotChange){was != NULL ? was->key : now->key, change,
		was != NULL ? line_of(e, was) : (Str){"", 0}, now != NULL ? line_of(e, now) : (Str){"", 0}};
}

static bool same_row(const SpotRow *a, const SpotRow *b)
{
	return str_eq(a->group, b->group) && str_eq(a->stratum, b->stratum) && a->priced == b->priced && a->pence == b->pence;
}

/* Both are sorted by group and key, which a change of group would upset: keys are looked up. */
static void compare_frames(Evaluate *e)
{
	StrMap now;
	const SpotFrame *today = &e->scan->frame;
	strmap_init(&now, &e->out->arena);
	for (size_t i = 0; i < today->row.n; i++) {
		bool added;
		*strmap_at(&now, today->row.at[i].key, &added) = (int32_t)i;
		if (strmap_get(&e->row, today->row.at[i].key) == NULL)
			note_change(e, STR("new"), NULL, &today->row.at[i]);
	}
	for (size_t i = 0; i < e->frame->row.n; i++) {
		const SpotRow *was = &e->frame->row.at[i];
		const int32_t *at = strmap_get(&now, was->key);
		if (at == NULL) {
			note_change(e, STR("vanished"), was, NULL);
			e->looked[i].vanished = true;
			continue;
		}
		e->looked[i].no_log = today->row.at[*at].no_log;
		if (!same_row(was, &today->row.at[*at]))
			note_change(e, STR("changed"), was, &today->row.at[*at]);
	}
}

static int change_cmp(const void *left, const void *right)
{
	const SpotChange *a = left, *b = right;
	return str_cmp(a->key, b->key);
}

/* ---- rows ---- */

static void say(Evaluate *e, Looked *looked, const char *before, Str what)
{
	SpotVerdict *verdict = &e->out->verdict.at[looked->verdict];
	verdict->why = str_format(&e->out->arena, "%.*s%s%s%.*s", STR_ARG(verdict->why),
		verdict->why.len > 0 ? "; " : "", before, STR_ARG(what));
}

/* The frame's money is what was paid: it was frozen before anybody knew which rows are drawn. */
static void open_verdict(Evaluate *e, int32_t i)
{
	const SpotRow *row = &e->frame->row.at[i];
	e->looked[i].drawn = true;
	e->looked[i].verdict = (int32_t)e->out->verdict.n;
	*vec_push(&e->out->verdict) = (SpotVerdict){.group = row->group, .key = row->key,
		.provider = row->provider, .paid = row->pence, .why = {"", 0}};
}

/* Of several findings the largest sum counts, each way by itself (law 14). */
static void add_finding(Evaluate *e, Looked *looked, const Finding *finding)
{
	const Rule *rule = &e->scan->book->rule[finding->rule];
	bool counts = rule->severity >= e->least;
	if (finding->verdict == VERDICT_NOT_ASSESSED) {
		if (!counts)
			return;
		looked->unassessed = true;
		say(e, looked, "not assessed: ", rule->decl.name);
		return;
	}
	looked->wrong |= counts;
	say(e, looked, "", rule->decl.name);
	if (!finding->has_stake || !finding->stake_known)
		return;
	int64_t pence = stake_pence(finding->stake);
	looked->over = pence > looked->over ? pence : looked->over;
	looked->under = -pence > looked->under ? -pence : looked->under;
}

static void add_findings(Evaluate *e)
{
	for (size_t i = 0; i < e->scan->found.n; i++) {
		const SpotFound *found = &e->scan->found.at[i];
		const int32_t *row = strmap_get(&e->row, found->row);
		if (row != NULL && e->looked[*row].drawn)
			add_finding(e, &e->looked[*row], &e->scan->batch.finding.at[found->finding]);
	}
}

/* What has no evidence counts as the plan says, in full. */
static void close_verdict(Evaluate *e, int32_t i)
{
	Looked *looked = &e->looked[i];
	SpotVerdict *verdict = &e->out->verdict.at[looked->verdict];
	bool lacking = looked->vanished || looked->no_log || looked->unassessed;
	if (looked->vanished)
		say(e, looked, "no longer in the data", (Str){"", 0});
	else if (looked->no_log)
		say(e, looked, "no ", e->plan->no_log_dataset);
	if (lacking && str_eq(e->plan->no_log, STR("wrong"))) {
		looked->wrong = true;
		if (verdict->paid > looked->over)
			looked->over = verdict->paid;
	}
	verdict->wrong = looked->wrong;
	verdict->over = looked->over;
	verdict->under = looked->under;
}

/* ---- groups ---- */

/* Each ticket stands for its row; by money a row that was drawn twice is there twice. */
typedef struct Group {
	SpotLooked *looked;
	bool *once;
	int64_t *rest;
	int64_t n, nrest;
	SpotStratum *stratum;    /* as many as the frame's group has */
} Group;

static Group group_open(const SpotGroup *group, size_t tickets)
{
	return (Group){.looked = mem_alloc(mem_product(tickets + 1, sizeof(SpotLooked))),
		.once = mem_alloc(tickets + 1),
		.rest = mem_alloc(mem_product((size_t)group->n + 1, sizeof(int64_t))),
		.stratum = mem_alloc(mem_product((size_t)group->nstrata + 1, sizeof(SpotStratum)))};
}

static void group_free(Group *group)
{
	free(group->looked);
	free(group->once);
	free(group->rest);
	free(group->stratum);
}

static void add_ticket(Evaluate *e, Group *group, SpotOutcome *outcome, int32_t i, bool *seen)
{
	const Looked *looked = &e->looked[i];
	const SpotVerdict *verdict = &e->out->verdict.at[looked->verdict];
	group->once[group->n] = !seen[i];
	group->looked[group->n++] = (SpotLooked){verdict->paid, looked->over, looked->under,
		looked->wrong};
	if (seen[i])
		return;
	seen[i] = true;
	outcome->looked++;
	outcome->vanished += looked->vanished;
	outcome->no_log += looked->no_log && !looked->vanished;
	outcome->not_assessed += looked->unassessed;
}

static SpotDecision decide(const SpotPlan *plan, const SpotOutcome *outcome)
{
	int64_t wrong = outcome->figures.wrong;
	if (outcome->looked == outcome->rows)
		return SPOT_WHOLE;
	if (plan->full_when > 0 && wrong >= plan->full_when)
		return SPOT_FULL;
	if (plan->then_draw > 0 && outcome->stage < 2 && wrong >= plan->then_when)
		return SPOT_DRAW;
	return SPOT_PASSED;
}

/* Nothing that was chosen is projected: the sums found are all that is told. */
static void chosen_only(const Group *group, SpotFigures *out)
{
	*out = (SpotFigures){.n = group->n, .count_lower = -1, .count_upper = -1};
	for (int64_t i = 0; i < group->n; i++) {
		out->wrong += group->looked[i].wrong;
		out->over += group->looked[i].over;
		out->under += group->looked[i].under;
	}
	out->net = out->over - out->under;
}

static SamplingStatus figures_of(Evaluate *e, const SpotGroup *of, const Group *group,
	SpotFigures *out)
{
	SpotAsk ask = {str_eq(e->plan->selection, STR("money")) ? SPOT_MONEY : SPOT_RANDOM,
		(int32_t)e->plan->confidence, (int32_t)e->plan->serious, of->n, of->pence, group->looked,
		group->n, group->rest, group->nrest, group->stratum, e->frame->in_strata ? of->nstrata : 0,
		e->plan->draw_each != 0 || e->plan->then_each != 0};
	if (str_eq(e->plan->selection, STR("risk")) || group->n == 0) {
		chosen_only(group, out);
		return SAMPLING_OK;
	}
	return spot_figures(&ask, group->once, out);
}

/* Tickets come by stratum, so those of one stand together. Those of a draw by money have none. */
static void add_strata(Evaluate *e, const SpotGroup *of, Group *group, const SpotOutcome *outcome)
{
	int64_t at = 0;
	for (int32_t i = 0; i < of->nstrata; i++) {
		const SpotGroup *stratum = &e->frame->stratum.at[of->stratum + i];
		SpotStratum *s = &group->stratum[i];
		SpotStratumOutcome out = {.group = outcome->group, .stratum = stratum->name,
			.rows = stratum->n, .book = stratum->pence, .looked = s->n};
		s->population = stratum->n;
		s->first = at;
		for (; at < s->first + s->n; at++) {
			out.wrong += group->looked[at].wrong;
			out.over += spot_over(&group->looked[at]);
			out.under += group->looked[at].under;
		}
		if (e->frame->in_strata)
			*vec_push(&e->out->stratum) = out;
	}
}

static SamplingStatus evaluate_group(Evaluate *e, const SpotGroup *of, const SpotTickets *tickets,
	bool *seen)
{
	Group group = group_open(of, tickets->n);
	SpotOutcome outcome = {.group = of->name, .rows = of->n, .book = of->pence};
	for (size_t t = 0; t < tickets->n; t++) {
		const SpotTicket *ticket = &tickets->at[t];
		const int32_t *row = strmap_get(&e->row, ticket->key);
		if (row == NULL || !str_eq(ticket->group, of->name))
			continue;
		add_ticket(e, &group, &outcome, *row, seen);
		int32_t stratum = spot_stratum_find(e->frame, of, e->frame->row.at[*row].stratum);
		group.stratum[stratum < 0 ? 0 : stratum].n++;
		outcome.stage = ticket->stage > outcome.stage ? ticket->stage : outcome.stage;
	}
	for (int32_t i = of->first; i < of->first + of->n; i++) {
		int64_t pence = e->frame->row.at[i].pence;
		if (!seen[i])
			group.rest[group.nrest++] = pence > 0 ? pence : 0;
	}
	add_strata(e, of, &group, &outcome);
	SamplingStatus status = figures_of(e, of, &group, &outcome.figures);
	outcome.decision = str_eq(e->plan->selection, STR("risk")) ? SPOT_PASSED
		: decide(e->plan, &outcome);
	*vec_push(&e->out->outcome) = outcome;
	group_free(&group);
	return status;
}

/* ---- the whole ---- */

static void index_rows(Evaluate *e, const SpotTickets *tickets)
{
	bool added;
	strmap_init(&e->row, &e->out->arena);
	for (size_t i = 0; i < e->frame->row.n; i++)
		*strmap_at(&e->row, e->frame->row.at[i].key, &added) = (int32_t)i;
	for (size_t t = 0; t < tickets->n; t++) {
		const int32_t *row = strmap_get(&e->row, tickets->at[t].key);
		if (row != NULL)
			e->looked[*row].drawn = true;
	}
	for (size_t i = 0; i < e->frame->row.n; i++)
		if (e->looked[i].drawn)
			open_verdict(e, (int32_t)i);
}

SamplingStatus spot_evaluate(const SpotPlan *plan, const SpotFrame *frame,
	const SpotTickets *tickets, const SpotScan *scan, SpotEvaluation *out)
{
	Evaluate e = {.plan = plan, .frame = frame, .scan = scan, .out = out,
		.least = spot_severity(plan)};
	size_t rows = frame->row.n + 1;
	SamplingStatus status = SAMPLING_OK;
	bool *seen = mem_alloc(rows);
	e.looked = mem_alloc(mem_product(rows, sizeof *e.looked));
	index_rows(&e, tickets);
	compare_frames(&e);
	if (out->change.n > 1)
		qsort(out->change.at, out->change.n, sizeof *out->change.at, change_cmp);
	add_findings(&e);
	for (size_t i = 0; i < frame->row.n; i++)
		if (e.looked[i].drawn)
			close_verdict(&e, (int32_t)i);
	for (size_t g = 0; g < frame->group.n && status == SAMPLING_OK; g++)
		status = evaluate_group(&e, &frame->group.at[g], tickets, seen);
	free(seen);
	free(e.looked);
	buf_free(&e.text);
	return status;
}

void spot_evaluation_free(SpotEvaluation *evaluation)
{
	vec_free(&evaluation->outcome);
	vec_free(&evaluation->stratum);
	vec_free(&evaluation->verdict);
	vec_free(&evaluation->change);
	arena_free(&evaluation->arena);
}
