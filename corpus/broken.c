/*
 * What is wrong is in the row's `broken`: the writer turns it into text that no number could hold.
 * Here the rows are made, and the truth file is told what a reader should reject and why.
 *
 * The rows stand apart from the plan: each provider has one stranger whose
 * provision is sound and who has no visits, and all bad rows are about
 * strangers.
 *
 *   provider ── ordinary people ── visits and logs, all of which load
 *            └─ one stranger ───── a visit or log for each Broken, none of which loads whole
 *
 * So that what is rejected can be counted exactly, and no verdict about an
 * ordinary row hangs on it.
 */
#include "corpus/broken.h"

#include <stdio.h>
#include <string.h>

/*
 * One row in so many: enough to be met by every reader, too few to slow one
 * down.
 */
#define ROWS_PER_BROKEN 10000

/* What the truth file says of a kind: which column a reader must complain of, and the text it
 * finds there (none: worked out for the row). */
typedef struct Fault {
	bool log;
	const char *column, *value, *note;
} Fault;

static const Fault faults[BROKEN_COUNT] = {
	[BROKEN_DATE] = {false, "visit_date", "2025-06-31", "no such day"},
	[BROKEN_START] = {false, "start_time", "25:10", "no such time"},
	[BROKEN_OUTCOME] = {false, "outcome", "no reply", "not an outcome"},
	[BROKEN_ORPHAN] = {false, "provision_ref", NULL, "no such provision"},
	[BROKEN_CHECK_IN] = {true, "check_in", "ten past eight", "not a moment"},
	[BROKEN_ORDER] = {true, "check_out", NULL, "before the check-in"},
	[BROKEN_TWIN_VISIT] = {false, "visit_ref", NULL, "two rows of this key"},
	[BROKEN_TWIN_LOG] = {true, "log_ref", NULL, "two rows of this key"},
	[BROKEN_TIE] = {false, "stay_ref", NULL, "two newest entries of one moment"},
};

/* The strangers come last in the plan and have no days, so no visit of theirs is made in the
 * ordinary way; their provision is sound, so only the rows of bad data are to be found there. */
void breaker_plan(Plan *plan)
{
	plan->client = room_grow(plan->client, plan->clients + plan->providers,
		sizeof *plan->client);
	plan->package = room_grow(plan->package, plan->packages + plan->providers,
		sizeof *plan->package);
	plan->strangers = plan->providers;
	for (uint32_t p = 0; p < plan->providers; p++) {
		Client *client = &plan->client[plan->clients];
		Package *package = &plan->package[plan->packages++];
		memset(client, 0, sizeof *client);
		memset(package, 0, sizeof *package);
		client->died = CAL_NO_DAY;
		package->client = plan->clients++;
		package->provider = (uint16_t)p;
		package->contract = CSAH;
		package->rate = 2259;
		package->weekly = 7 * 60;
		package->start = plan->from - 238;
		package->end = CAL_NO_DAY;
	}
}

/* A row that cannot be put in a group is told of under the subject `?`; whatever stands with a
 * stranger's provision is excused as a whole, as its weeks hold nothing but bad data. */
void breaker_start(Breaker *breaker)
{
	char key[KEY_TEXT];
	if (!breaker->wanted)
		return;
	breaker->first = breaker->plan->packages - breaker->plan->providers;
	grow_excused(breaker->writer->grow, "?");
	for (uint32_t p = 0; p < breaker->plan->providers; p++) {
		writer_key(breaker->writer, key, KEY_PROVISION, breaker->first + p + 1);
		grow_excused(breaker->writer->grow, key);
		writer_key(breaker->writer, key, KEY_CLIENT,
			breaker->plan->clients - breaker->plan->strangers + p + 1);
		grow_excused(breaker->writer->grow, key);
	}
}

/* What the truth file says of a row; where the fault has no text of its own, the key is it. */
static void record(Breaker *breaker, Broken kind, KeyKind of, uint64_t no, const char *value)
{
	char key[KEY_TEXT];
	const Fault *fault = &faults[kind];
	writer_key(breaker->writer, key, of, no);
	if (fault->value)
		value = fault->value;
	grow_rejected(breaker->writer->grow,
		kind == BROKEN_TIE ? "stay" : fault->log ? "log" : "visit", key, fault->column,
		value ? value : key, fault->note);
	grow_excused(breaker->writer->grow, key);
}

/* A visit at eight in the morning for half an hour, without a log: all of it is sound but the one
 * column. */
static void break_visit(Breaker *breaker, Broken kind, uint32_t provider, int32_t day)
{
	uint32_t number = breaker->first + provider;
	Visit visit = {.no = ++*breaker->visits, .package = number, .day = day, .rate = 2259,
		.notice = MINUTES_MISSING, .start = 8 * 60, .planned = 30, .declared = 30,
		.outcome = DELIVERED, .carers = 1, .broken = (uint8_t)kind};
	char orphan[KEY_TEXT];
	writer_key(breaker->writer, orphan, KEY_PROVISION, number + 900001U);
	record(breaker, kind, KEY_VISIT, visit.no, kind == BROKEN_ORPHAN ? orphan : NULL);
	writer_visit(breaker->writer, &visit);
	truth_stranger(breaker->truth, &visit);
	if (kind == BROKEN_TWIN_VISIT) {
		visit.declared = 45;
		writer_visit(breaker->writer, &visit);
	}
}

/* A log of half an hour with a carer of its own, so that no overlap can come of it. */
static void break_log(Breaker *breaker, Broken kind, uint32_t provider, int32_t day)
{
	Log log = {.no = ++breaker->roster->logs, .package = breaker->first + provider,
		.in = cal_moment(day, 8 * 60), .broken = (uint8_t)kind,
		.carer = roster_stranger(breaker->roster, provider)};
	char out[CAL_MOMENT_TEXT];
	log.out = log.in + (kind == BROKEN_ORDER ? -300 : 1800);
	cal_print_moment(out, log.out, STAMP_LOCAL, log.in);
	record(breaker, kind, KEY_LOG, log.no, kind == BROKEN_ORDER ? out : NULL);
	writer_log(breaker->writer, &log);
	if (kind == BROKEN_TWIN_LOG) {
		log.out += 600;
		writer_log(breaker->writer, &log);
	}
}

/* The first provider's stranger alone: a stay before the run, of which nobody can say when it
 * ended. */
void breaker_close(Breaker *breaker)
{
	const Plan *plan = breaker->plan;
	uint32_t client = plan->clients - plan->strangers;
	if (!breaker->wanted)
		return;
	record(breaker, BROKEN_TIE, KEY_STAY, (uint64_t)client * STAYS_MAX + 1, NULL);
	writer_tie(breaker->writer, client, cal_moment(plan->from - 30, 600));
}

/* Each kind in turn; one of each at least, the first of them as soon as there are rows. */
void breaker_week(Breaker *breaker, uint32_t provider, int32_t monday, uint64_t rows)
{
	uint32_t kinds = breaker->loose ? BROKEN_TIE - 1 : BROKEN_TWIN_VISIT - 1;
	if (!breaker->wanted || !rows)
		return;
	uint64_t due = rows / ROWS_PER_BROKEN;
	while (breaker->made < (due > kinds ? due : kinds)) {
		Broken kind = (Broken)(1 + breaker->made++ % kinds);
		int32_t day = monday + (int32_t)(breaker->made % 7);
		if (faults[kind].log)
			break_log(breaker, kind, provider, day);
		else
			break_visit(breaker, kind, provider, day);
	}
}
