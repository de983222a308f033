/*
 * Nothing here looks at what a plant was meant to do until the result stands: fails, unsure and
 * plant are read only to compare and for the note. The rules in rules/hampshire say the same in
 * another language; where the two differ, one is wrong.
 *
 *   visits, logs ──match──> care of each visit ──judge──> fails, unsure ──compare──> the plants
 *                                                             └──> verdicts of the truth file
 *
 * It is a third implementation of the rules beside the two evaluators, written
 * from the contract's words for these few rules alone: no expressions, no units,
 * fixed formulas in pence and seconds. Rows outside any plant that fail are a
 * mistake of the generator and stop it.
 */
#include "corpus/truth.h"

#include <stdio.h>
#include <stdlib.h>

#include "corpus/entry.h"
#include "corpus/follow.h"
#include "corpus/plan.h"

#define MOST_IN_REACH 24 /* slots, or logs, of one component */
#define PAIR_WORTH (INT64_C(1) << 40)
#define TOUCH_SLACK 1200 /* a log may have been moved so far from its place in the order */

/* Packages are numbered within their provider once and for all; strangers are in no provider's
 * list. */
void truth_init(Truth *truth, const Plan *plan, Writer *writer)
{
	*truth = (Truth){.plan = plan, .writer = writer};
	truth->local = room_grow(NULL, plan->packages, sizeof *truth->local);
	for (uint32_t p = 0; p < plan->providers; p++)
		for (uint32_t i = 0; i < plan->provider[p].packages; i++)
			truth->local[plan->by_provider[plan->provider[p].first_package + i]] = i;
	for (uint32_t i = 0; i < plan->packages; i++)
		if (plan->package[i].service == TAKE_A_BREAK)
			account_open(&plan->package[i].account, plan->package[i].start);
	figures_init(&truth->figures, plan, writer);
}

void truth_free(Truth *truth)
{
	figures_free(&truth->figures);
	free(truth->last);
	free(truth->shifts);
	free(truth->head);
	free(truth->next);
	free(truth->local);
	free(truth->visit_of);
}

/* ---- verdicts ------------------------------------------------------------------------------ */

static void tell(Truth *truth, Contract contract, Rule rule, const char *subject,
	Verdict verdict, int64_t pence, Plant plant)
{
	grow_tell(truth->writer->grow, (int)contract, (int)rule, subject, verdict, pence,
		plant_notes[plant]);
}

static void name_row(const Truth *truth, char out[SUBJECT_TEXT], const char *dataset, KeyKind kind,
	uint64_t no)
{
	grow_subject(truth->writer->grow, out, dataset, kind, no);
}

/* The subject of a group: key, then the period by its first day. */
static void name_period(const Truth *truth, char out[SUBJECT_TEXT], KeyKind kind, uint64_t no,
	const char *period, int32_t first)
{
	grow_subject_period(truth->writer->grow, out,
		kind == KEY_PROVIDER ? "provider" : "provision", kind, no, period, first);
}

/* Both contracts look at every log, each from the day on which it came into force. */
static void tell_log(Truth *truth, Rule rule, uint64_t no, int64_t in, Verdict verdict,
	Plant plant)
{
	char subject[SUBJECT_TEXT];
	name_row(truth, subject, "log", KEY_LOG, no);
	if (cal_moment_day(in) >= CCSH_FROM)
		tell(truth, CCSH, rule, subject, verdict, NO_STAKE, plant);
	tell(truth, CSAH, rule, subject, verdict, NO_STAKE, plant);
}

void truth_tell_log(Truth *truth, Rule rule, const Log *log, Verdict verdict)
{
	tell_log(truth, rule, log->no, log->in, verdict, (Plant)log->plant);
}

/* ---- matching ------------------------------------------------------------------------------ */

/* A component: slots and logs that may reach each other. */
typedef struct Reach {
	int32_t slot_visit[MOST_IN_REACH];
	int64_t slot_at[MOST_IN_REACH];
	uint32_t log[MOST_IN_REACH];
	int64_t log_at[MOST_IN_REACH];
	int slots, logs;
} Reach;

/* A pair is worth more than any sum of distances, so the most pairs always win; one out of reach
 * is worth less than nothing ever is. */
static int64_t pair_worth(const Reach *reach, int s, int l)
{
	int64_t apart = llabs(reach->slot_at[s] - reach->log_at[l]);
	return apart <= WINDOW_SECONDS ? PAIR_WORTH - apart : INT64_MIN / 4;
}

/* Plain, as the standard library has none for integers. */
static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* best[s][l] is the worth of the first s slots and l logs, with no two pairs crossing. On the way
 * back the later slot is left out when that costs nothing, then the later log. */
static void pair_up(Truth *truth, const Reach *reach)
{
	int64_t best[MOST_IN_REACH + 1][MOST_IN_REACH + 1];
	for (int s = 0; s <= reach->slots; s++)
		for (int l = 0; l <= reach->logs; l++)
			best[s][l] = !s || !l ? 0
				: most(best[s - 1][l - 1] + pair_worth(reach, s - 1, l - 1),
					  most(best[s - 1][l], best[s][l - 1]));
	int s = reach->slots, l = reach->logs;
	while (s && l) {
		if (best[s][l] == best[s - 1][l]) {
			s--;
		} else if (best[s][l] == best[s][l - 1]) {
			l--;
		} else {
			s--, l--;
			truth->visit_of[reach->log[l]] = reach->slot_visit[s];
		}
	}
}

/* A visit of two carers is two slots at one moment. */
static void add_slots(Reach *reach, const Visit *visit, int32_t index)
{
	for (int c = 0; c < visit->carers; c++) {
		if (reach->slots == MOST_IN_REACH)
			grow_disagree("matching", "too many visits in reach of each other");
		reach->slot_visit[reach->slots] = index;
		reach->slot_at[reach->slots++] = visit_begins(visit);
	}
}

static void add_log(Reach *reach, const Rows *rows, uint32_t index)
{
	if (reach->logs == MOST_IN_REACH)
		grow_disagree("matching", "too many logs in reach of each other");
	reach->log[reach->logs] = index;
	reach->log_at[reach->logs++] = rows->log[index].in;
}

/* Walks along the package's visits and logs, both in order of time, and pairs up each component:
 * it ends where the next of either is out of reach of all before. */
static void match_package(Truth *truth, const Rows *rows, size_t visit, size_t end, uint32_t log)
{
	while (visit < end || log != UINT32_MAX) {
		Reach reach;
		reach.slots = reach.logs = 0;
		int64_t last = INT64_MIN;
		for (;;) {
			int64_t begins = visit < end ? visit_begins(&rows->visit[visit]) : INT64_MAX;
			int64_t in = log == UINT32_MAX ? INT64_MAX : rows->log[log].in;
			int64_t next = begins < in ? begins : in;
			if (next == INT64_MAX || (last != INT64_MIN && next > last + WINDOW_SECONDS))
				break;
			last = next;
			if (begins <= in) {
				add_slots(&reach, &rows->visit[visit], (int32_t)visit);
				visit++;
			} else {
				add_log(&reach, rows, log);
				log = truth->next[log];
			}
		}
		pair_up(truth, &reach);
	}
}

/* ---- visits -------------------------------------------------------------------------------- */

typedef struct Care {
	int32_t found;  /* logs matched */
	int32_t logged; /* seconds */
	bool open;      /* one of them has no check-out */
	int64_t first;  /* check-in; 0: none came */
} Care;

/* The package's logs are few, so each visit runs through them. */
static Care care_of(const Truth *truth, const Rows *rows, size_t visit, uint32_t log)
{
	Care care = {0, 0, false, 0};
	for (; log != UINT32_MAX; log = truth->next[log]) {
		const Log *row = &rows->log[log];
		if (truth->visit_of[log] != (int32_t)visit)
			continue;
		if (!care.found++ || row->in < care.first)
			care.first = row->in;
		if (row->out == CAL_NO_MOMENT)
			care.open = true;
		else
			care.logged += (int32_t)(row->out - row->in);
	}
	return care;
}

/* rate * minutes * part / whole, from pence per hour, halves away from zero. */
static int64_t money(int32_t rate, int64_t minutes, int part, int whole)
{
	return rate == RATE_MISSING ? NO_STAKE
				    : grow_nearest(rate * minutes * part, (int64_t)whole * 60);
}

/* Nearest quarter of an hour; a half, seven and a half minutes, goes up, away from zero. */
static int32_t to_quarter(int32_t seconds)
{
	return (seconds + QUANTUM * 30) / (QUANTUM * 60) * QUANTUM;
}

/* V1, V2 or TB1, and V6 share the visits out between them by the number of logs: enough, none,
 * some. */
static void judge_logs(const Visit *visit, const Package *package, Care care, Found *found)
{
	if (care.found >= visit->carers && care.open)
		grow_unsure(found, RULE_V1);
	if (care.found >= visit->carers && !care.open && visit->declared > to_quarter(care.logged))
		grow_fails(found, RULE_V1,
			money(visit->rate, visit->declared - to_quarter(care.logged), 1, 1));
	if (!care.found)
		grow_fails(found, package->service == TAKE_A_BREAK ? RULE_TB1 : RULE_V2,
			money(visit->rate, visit->declared, 1, 1));
	else if (care.found < visit->carers)
		grow_fails(found, RULE_V6, money(visit->rate, visit->declared,
			visit->carers - care.found, visit->carers));
}

/* What of a stay had been entered when the books were closed: its last entry, an earlier one, or
 * nothing. A row that does not say when it was entered was always known. */
static bool known_stay(const Stay *stay, int64_t closed, Stay *known)
{
	*known = *stay;
	if (stay->entered == CAL_NO_MOMENT || stay->entered < closed)
		return true;
	known->discharged = stay->said_first;
	return stay->entered_first != CAL_NO_MOMENT && stay->entered_first < closed;
}

/* The minute of admission is in, that of the discharge is out; without a discharge the stay goes
 * on. closed: of entries before it; CAL_NO_MOMENT: of all. */
static bool in_hospital(const Client *client, int64_t begins, int64_t closed)
{
	for (int i = 0; i < client->stays; i++) {
		Stay stay = client->stay[i];
		if (closed != CAL_NO_MOMENT && !known_stay(&client->stay[i], closed, &stay))
			continue;
		if (begins >= stay.admitted &&
			(stay.discharged == CAL_NO_MOMENT || begins < stay.discharged))
			return true;
	}
	return false;
}

/* What a delivered visit claims, whatever its logs say. */
static void judge_claim(const Visit *visit, const Package *package, const Client *client,
	Found *found)
{
	int64_t all = money(visit->rate, visit->declared, 1, 1);
	if (visit->rate == RATE_MISSING)
		grow_unsure(found, RULE_V7);
	else if (visit->rate > package->rate)
		grow_fails(found, RULE_V7, money(visit->rate - package->rate, visit->declared, 1, 1));
	if (in_hospital(client, visit_begins(visit), CAL_NO_MOMENT))
		grow_fails(found, RULE_H1, all);
	if (visit->day < package->start || (package->end != CAL_NO_DAY && visit->day > package->end))
		grow_fails(found, RULE_H2, all);
	if (client->died != CAL_NO_DAY && visit->day > client->died)
		grow_fails(found, RULE_H3, all);
}

/* What the contract pays for a visit that did not take place: nothing, the plan, or half an
 * hour. */
static void judge_not_made(const Visit *visit, Care care, Found *found)
{
	int32_t allowed = 0;
	if (visit->outcome == CANCELLED && visit->notice == MINUTES_MISSING) {
		grow_unsure(found, RULE_V4);
		return;
	}
	if (visit->outcome == CANCELLED && visit->notice < NOTICE_NEEDED)
		allowed = visit->planned;
	if (visit->outcome == FRUSTRATED)
		allowed = visit->planned < FRUSTRATED_PAYS ? visit->planned : FRUSTRATED_PAYS;
	if (visit->declared > allowed)
		grow_fails(found, RULE_V4, money(visit->rate, visit->declared - allowed, 1, 1));
	if (visit->outcome == MISSED && care.found)
		grow_fails(found, RULE_V5, NO_STAKE);
}

/* Stays are all that the books of the closing day may have otherwise. */
static void judge_known(const Truth *truth, const Visit *visit, Found *known)
{
	const Client *client =
		&truth->plan->client[truth->plan->package[visit->package].client];
	known->fails &= ~GROW_BIT(RULE_H1);
	if (in_hospital(client, visit_begins(visit), entry_closed(truth->plan)))
		grow_fails(known, RULE_H1, money(visit->rate, visit->declared, 1, 1));
}

/* What a rule gives in one of the two audits, and the near miss. */
static void tell_rule(Truth *truth, const Visit *visit, const char *subject, int rule,
	const Found *found)
{
	Contract contract = (Contract)truth->plan->package[visit->package].contract;
	Plant plant = (Plant)visit->plant;
	if (found->fails & GROW_BIT(rule))
		tell(truth, contract, (Rule)rule, subject, VERDICT_FAIL, found->stake[rule], plant);
	else if (found->unsure & GROW_BIT(rule))
		tell(truth, contract, (Rule)rule, subject, VERDICT_UNSURE, NO_STAKE, plant);
	else if (plant_near[plant] == rule && rule != RULE_W2 && rule != RULE_TB3)
		tell(truth, contract, (Rule)rule, subject, VERDICT_PASS, NO_STAKE, plant);
}

static void tell_visit(Truth *truth, const Visit *visit, const Found *all, const Found *known)
{
	Grow *grow = truth->writer->grow;
	char subject[SUBJECT_TEXT];
	uint64_t turns = all->fails ^ known->fails;
	if (!all->fails && !known->fails && !all->unsure && !visit->fails && !visit->unsure &&
		!visit->plant)
		return;
	name_row(truth, subject, "visit", KEY_VISIT, visit->no);
	if (all->fails != (visit->fails & ~BIT(RULE_TB3)) || all->unsure != visit->unsure)
		grow_disagree(subject, "breaks other rules than were planted");
	if (turns != visit->turns)
		grow_disagree(subject, "was known otherwise than planted when the books closed");
	for (int rule = 0; rule < RULE_COUNT; rule++) {
		grow->run = turns & GROW_BIT(rule) ? RUN_ALL : RUN_ANY;
		tell_rule(truth, visit, subject, rule, all);
		grow->run = RUN_KNOWN;
		if (turns & GROW_BIT(rule))
			tell_rule(truth, visit, subject, rule, known);
	}
	grow->run = RUN_ANY;
}

/* Delivered or not: each side has rules of its own, and no visit is under both. */
static void judge_visit(Truth *truth, const Visit *visit, Care care)
{
	const Package *package = &truth->plan->package[visit->package];
	Found found = {0}, known;
	if (visit->outcome == DELIVERED) {
		judge_logs(visit, package, care, &found);
		judge_claim(visit, package, &truth->plan->client[package->client], &found);
	} else {
		judge_not_made(visit, care, &found);
	}
	known = found;
	if (visit->outcome == DELIVERED)
		judge_known(truth, visit, &known);
	tell_visit(truth, visit, &found, &known);
}

/* Of a Take a Break visit that took place: what was declared is drawn from what is banked. */
static void judge_debit(Truth *truth, const Visit *visit)
{
	Package *package = &truth->plan->package[visit->package];
	char subject[SUBJECT_TEXT], provision[KEY_TEXT], key[KEY_TEXT];
	account_advance(&package->account, package->weekly, visit->day);
	int32_t beyond = account_draw(&package->account, visit->declared);
	bool near = plant_near[visit->plant] == RULE_TB3;
	writer_key(truth->writer, provision, KEY_PROVISION, visit->package + 1);
	writer_key(truth->writer, key, KEY_VISIT, visit->no);
	snprintf(subject, SUBJECT_TEXT, "take_a_break.debits %s, %s", provision, key);
	if ((beyond > 0) != ((visit->fails & BIT(RULE_TB3)) != 0))
		grow_disagree(subject, "draws on the bank other than planted");
	if (beyond || near)
		tell(truth, (Contract)package->contract, RULE_TB3, subject,
			beyond ? VERDICT_FAIL : VERDICT_PASS,
			beyond ? money(visit->rate, beyond, 1, 1) : NO_STAKE, (Plant)visit->plant);
}

/* ---- weeks and payment periods ------------------------------------------------------------- */

/* Stakes of a week need one rate: where visits claim several there is none. */
typedef struct Week {
	int32_t declared;
	int32_t rate;      /* RATE_MISSING: missing, or not one and the same */
	Plant plant;       /* W2_* */
} Week;

static void add_to_week(Week *week, const Visit *visit)
{
	if (visit->plant == PLANT_W2_MINUTE || visit->plant == PLANT_W2_SWAP)
		week->plant = (Plant)visit->plant;
	if (visit->outcome != DELIVERED)
		return;
	if (!week->declared)
		week->rate = visit->rate;
	week->declared += visit->declared;
	if (week->rate != visit->rate)
		week->rate = RATE_MISSING;
}

/* A week above its commission is never a by-product of other plants: the generator promises
 * that. */
static void tell_week(Truth *truth, uint32_t number, int32_t monday, const Week *week)
{
	const Package *package = &truth->plan->package[number];
	char subject[SUBJECT_TEXT];
	int32_t excess = week->declared - package->weekly;
	if (package->service == TAKE_A_BREAK || (excess <= 0 && !week->plant))
		return;
	name_period(truth, subject, KEY_PROVISION, number + 1, "week", monday);
	if ((excess > 0) != (week->plant == PLANT_W2_MINUTE))
		grow_disagree(subject, "the week's total is not as planted");
	if (excess > 0)
		tell(truth, (Contract)package->contract, RULE_W2, subject, VERDICT_FAIL,
			money(week->rate, excess, 1, 1), week->plant);
	else
		tell(truth, (Contract)package->contract, RULE_W2, subject, VERDICT_PASS, NO_STAKE,
			week->plant);
}

/* A visit without a log adds nothing to what is logged; one without a check-out makes it
 * unknown. */
static void add_to_period(Period *period, const Visit *visit, Care care)
{
	if (visit->outcome != DELIVERED)
		return;
	period->delivered++;
	period->declared += visit->declared;
	period->logged += care.logged;
	period->differs |= visit->declared != visit->planned;
	period->unknown |= care.open;
}

/* A period may fail, or be unsettled, as a by-product: logs were taken away or left open in it.
 * What was planted must come out. */
static void tell_period(Truth *truth, uint32_t number, int32_t monday)
{
	Package *package = &truth->plan->package[number];
	Period *period = &package->period;
	bool looked_at = period->delivered >= 20 && !period->differs;
	bool short_of = period->logged * 100 < period->declared * 85 * 60;
	Plant plant = package->copied;
	char subject[SUBJECT_TEXT];
	name_period(truth, subject, KEY_PROVISION, number + 1, "payment period", monday);
	if (plant && (!looked_at || period->unknown || short_of != (plant != PLANT_W3_EXACT)))
		grow_disagree(subject, "the period's logs are not as planted");
	if (looked_at && period->unknown)
		tell(truth, (Contract)package->contract, RULE_W3, subject, VERDICT_UNSURE, NO_STAKE,
			PLANT_V1_OPEN);
	else if (looked_at && (short_of || plant))
		tell(truth, (Contract)package->contract, RULE_W3, subject,
			short_of ? VERDICT_FAIL : VERDICT_PASS, NO_STAKE, plant);
}

/* A period that began before the run is not looked at. */
void truth_period(Truth *truth, uint32_t provider, int32_t monday)
{
	const Provider *row = &truth->plan->provider[provider];
	for (uint32_t i = 0; i < row->packages; i++) {
		uint32_t number = truth->plan->by_provider[row->first_package + i];
		if (monday >= truth->plan->from)
			tell_period(truth, number, monday);
		truth->plan->package[number].period = (Period){0};
	}
}

/* ---- logs ---------------------------------------------------------------------------------- */

/* Carers are numbered as they are taken on, so the room grows at its end. */
static Shifts *shifts_of(Truth *truth, uint32_t carer)
{
	truth->shifts = room_to(truth->shifts, &truth->shifts_room, carer, sizeof *truth->shifts);
	return &truth->shifts[carer];
}

/* Forgets the carer's shifts that no later log can overlap. */
static void forget(Shifts *shifts, int64_t in)
{
	int kept = 0;
	for (int i = 0; i < shifts->n; i++)
		if (shifts->shift[i].out + TOUCH_SLACK > in)
			shifts->shift[kept++] = shifts->shift[i];
	shifts->n = kept;
	if (kept == SHIFTS_MAX)
		grow_disagree("carer", "too many visits at once");
}

static void tell_double(Truth *truth, Shift *shift)
{
	if (shift->told)
		return;
	tell_log(truth, RULE_C1, shift->log, shift->in, VERDICT_FAIL, PLANT_C1_OVERLAP);
	shift->told = true;
	truth->doubles_told++;
}

/* An earlier log in the overlap is told of when the later one turns up. */
static void judge_carer(Truth *truth, Log *log)
{
	uint32_t client = truth->plan->package[log->package].client;
	Shifts *shifts = shifts_of(truth, log->carer);
	Shift mine = {log->in, log->out, log->no, client, false};
	if (log->out == CAL_NO_MOMENT)
		return;
	forget(shifts, log->in);
	for (int i = 0; i < shifts->n; i++) {
		Shift *other = &shifts->shift[i];
		if (other->in >= mine.out || mine.in >= other->out)
			continue;
		tell_double(truth, other);
		tell_double(truth, &mine);
	}
	if (mine.told && !(log->fails & BIT(RULE_C1)))
		grow_disagree("log", "a carer is in two places who should not be");
	shifts->shift[shifts->n++] = mine;
}

/* The rules about one log; the near miss of the one is never a violation of the other. */
static void judge_log(Truth *truth, Log *log, uint32_t index)
{
	bool orphan = truth->visit_of[index] < 0;
	if (orphan != ((log->fails & BIT(RULE_V3)) != 0))
		grow_disagree("log", "is or is not matched, other than planted");
	if (orphan)
		tell_log(truth, RULE_V3, log->no, log->in, VERDICT_FAIL, (Plant)log->plant);
	judge_carer(truth, log);
	if (plant_near[log->plant] == RULE_C1)
		tell_log(truth, RULE_C1, log->no, log->in, VERDICT_PASS, (Plant)log->plant);
}

/* ---- one provider's week ------------------------------------------------------------------- */

/* Links the logs of each package, in the order of check-ins. A log moved to touch another may be
 * out of place among all, but not among those of its client. */
static void link_logs(Truth *truth, uint32_t provider, const Rows *rows)
{
	uint32_t packages = truth->plan->provider[provider].packages;
	if (packages > truth->head_room) {
		truth->head_room = packages;
		truth->head = room_grow(truth->head, packages, sizeof *truth->head);
	}
	if (rows->logs > truth->next_room) {
		truth->next_room = rows->logs;
		truth->next = room_grow(truth->next, rows->logs, sizeof *truth->next);
		truth->visit_of = room_grow(truth->visit_of, rows->logs, sizeof *truth->visit_of);
	}
	for (uint32_t i = 0; i < packages; i++)
		truth->head[i] = UINT32_MAX;
	for (size_t i = rows->logs; i-- > 0;) {
		uint32_t *head = &truth->head[truth->local[rows->log[i].package]];
		truth->next[i] = *head;
		*head = (uint32_t)i;
		truth->visit_of[i] = -1;
	}
}

/* Matches the package's week alone: no log reaches over the end of a week, as visits begin between
 * 07:00 on Monday and 22:00 on Sunday. */
static void judge_package(Truth *truth, const Rows *rows, size_t visit, size_t end, int32_t monday)
{
	uint32_t number = rows->visit[visit].package;
	uint32_t log = truth->head[truth->local[number]];
	Week week = {0, 0, PLANT_NOTHING};
	match_package(truth, rows, visit, end, log);
	for (; visit < end; visit++) {
		Care care = care_of(truth, rows, visit, log);
		judge_visit(truth, &rows->visit[visit], care);
		if (rows->visit[visit].outcome == DELIVERED &&
			truth->plan->package[number].service == TAKE_A_BREAK)
			judge_debit(truth, &rows->visit[visit]);
		figures_visit(&truth->figures, &rows->visit[visit], care.found, care.first);
		add_to_week(&week, &rows->visit[visit]);
		add_to_period(&truth->plan->package[number].period, &rows->visit[visit], care);
	}
	tell_week(truth, number, monday, &week);
}

/* Carers are compared last, over the whole provider: a carer sees many clients. */
void truth_week(Truth *truth, uint32_t provider, int32_t monday, const Rows *rows)
{
	link_logs(truth, provider, rows);
	for (size_t i = 0; i < rows->visits;) {
		size_t end = i + 1;
		while (end < rows->visits && rows->visit[end].package == rows->visit[i].package)
			end++;
		judge_package(truth, rows, i, end, monday);
		i = end;
	}
	for (size_t i = 0; i < rows->logs; i++) {
		truth->doubles_planted += (rows->log[i].fails & BIT(RULE_C1)) != 0;
		judge_log(truth, &rows->log[i], (uint32_t)i);
	}
	follow_week(truth, rows);
	for (size_t i = 0; i < rows->logs; i++)
		figures_log(&truth->figures, &rows->log[i]);
	if (truth->doubles_planted != truth->doubles_told)
		grow_disagree("logs", "not all of the carers in two places are so");
}

/* ---- provisions and submissions ------------------------------------------------------------ */

/* The floor is that of the day on which the provision starts, as it is written down. */
void truth_provisions(Truth *truth)
{
	for (uint32_t i = 0; i < truth->plan->packages; i++) {
		const Package *package = &truth->plan->package[i];
		char subject[SUBJECT_TEXT];
		bool below = package->rate < plan_floor((Contract)package->contract, package->start);
		bool floor = package->plant == PLANT_V8_FLOOR;
		name_row(truth, subject, "provision", KEY_PROVISION, i + 1);
		if (below != (package->plant == PLANT_V8_BELOW))
			grow_disagree(subject, "is not awarded at the rate planted");
		if (below || floor)
			tell(truth, (Contract)package->contract, RULE_V8, subject,
				below ? VERDICT_FAIL : VERDICT_PASS, NO_STAKE, package->plant);
	}
}

/* Of the newer contract alone: by the end of the day on which it is due. */
void truth_submission(Truth *truth, uint32_t provider, int32_t monday, int64_t submitted,
	Plant plant)
{
	char subject[SUBJECT_TEXT];
	bool late = submitted == CAL_NO_MOMENT || cal_moment_day(submitted) > plan_due(monday);
	figures_submission(&truth->figures, provider, monday, submitted);
	if (monday + 6 < CCSH_FROM || (!late && !plant))
		return;
	name_period(truth, subject, KEY_PROVIDER, provider + 1, "week", monday);
	if (late != (plant == PLANT_W1_NONE || plant == PLANT_W1_LATE))
		grow_disagree(subject, "was not submitted as planted");
	tell(truth, CCSH, RULE_W1, subject, late ? VERDICT_FAIL : VERDICT_PASS, NO_STAKE, plant);
}

/* ---- the end ------------------------------------------------------------------------------- */

void truth_stranger(Truth *truth, const Visit *visit)
{
	figures_visit(&truth->figures, visit, 0, 0);
}

/* In whole minutes, of which one is 60 in the case file. */
static void tell_balance(Truth *truth, const Package *package, uint32_t number)
{
	const Account *account = &package->account;
	char key[KEY_TEXT];
	Balance balance = {account->credited, account->used, account->expired,
		account_held(account), account->shortfall, account->debits};
	writer_key(truth->writer, key, KEY_PROVISION, number + 1);
	grow_balance(truth->writer->grow, package->contract, "take_a_break", key, 60, &balance);
}

/* As things stand at the end of the last day. */
void truth_close(Truth *truth)
{
	int32_t last = plan_last_day(truth->plan);
	for (uint32_t i = 0; i < truth->plan->packages; i++) {
		Package *package = &truth->plan->package[i];
		if (package->service != TAKE_A_BREAK)
			continue;
		account_advance(&package->account, package->weekly, last);
		tell_balance(truth, package, i);
	}
	figures_close(&truth->figures);
}
