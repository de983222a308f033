/*
 * Visits and logs are large tables, which the frame shuffles where that is asked for; the small
 * ones are written in a random order of the plan, so that what belongs to a row stays behind it.
 */
#include "corpus/write.h"

#include <stdio.h>
#include <stdlib.h>

#include "corpus/plan.h"

#define POSTCODE_TEXT 16

/* The shuffle of a large table is a stream of its own; 0: small. */
static const struct {
	const char *name, *columns;
	uint64_t large;
} tables[TABLE_COUNT] = {
	[TABLE_VISITS] = {"visits", "visit_ref, provision_ref, visit_date, start_time,"
		" planned_minutes, declared_minutes, outcome, notice_minutes, carers, rate",
		STREAM_WEEK},
	[TABLE_LOGS] = {"care_logs",
		"log_ref, provider_ref, client_ref, carer_ref, check_in, check_out, method",
		STREAM_ROSTER},
	[TABLE_PROVIDERS] = {"providers", "provider_ref, name, cqc_registered", 0},
	[TABLE_CLIENTS] = {"clients", "client_ref, died, postcode", 0},
	[TABLE_CARERS] = {"carers", "carer_ref, provider_ref", 0},
	[TABLE_PROVISIONS] = {"provisions", "provision_ref, provider_ref, client_ref, contract,"
		" service, weekly_minutes, rate, start_date, end_date", 0},
	[TABLE_SUBMISSIONS] = {"submissions",
		"submission_ref, provider_ref, week_start, submitted_at", 0},
	[TABLE_STAYS] = {"hospital_stays", "stay_ref, client_ref, admitted, discharged, entered_at", 0},
	[TABLE_AWARDS] = {"awards",
		"award_ref, provision_ref, provider_ref, awarded_on, weekly_minutes, rate, care", 0},
	[TABLE_BIDS] = {"bids", "bid_ref, award_ref, provider_ref, rate, won", 0},
	[TABLE_HANDBACKS] = {"handbacks", "handback_ref, award_ref, handed_back_on, reason", 0},
	[TABLE_RETURNS] = {"kpi_returns", "return_ref, provider_ref, quarter_start,"
		" handbacks_percent, missed_percent, late_percent, received_on", 0},
	[TABLE_REGISTRATIONS] = {"registrations",
		"registration_ref, provider_ref, care, start_date, end_date", 0},
	[TABLE_TRAININGS] = {"trainings", "training_ref, provider_ref, care, start_date, end_date", 0},
	[TABLE_PLEDGES] = {"pledges", "pledge_ref, provider_ref, kind, start_date, end_date", 0},
	[TABLE_REQUESTS] = {"kpi_requests", "request_ref, provider_ref, quarter_start, due_on", 0},
	[TABLE_VARIATIONS] = {"variations",
		"variation_ref, provision_ref, week_start, minutes, entered_at", STREAM_PASSES},
	[TABLE_STATEMENTS] = {"statements",
		"statement_ref, provision_ref, period_start, core, settlement, late_changes",
		STREAM_ASKED},
};

void writer_open(Writer *writer, Grow *grow, const Plan *plan, const Bids *bids)
{
	*writer = (Writer){.grow = grow, .plan = plan, .bids = bids};
	for (int i = 0; i < TABLE_COUNT; i++)
		writer->table[i] = tables_add(grow->county, tables[i].name, tables[i].columns,
			tables[i].large);
}

void writer_key(const Writer *writer, char out[KEY_TEXT], KeyKind kind, uint64_t no)
{
	tables_key(writer->grow->county, out, kind, no);
}

static void row(Writer *writer, WriteTable table, const Cell *cells, int count)
{
	tables_row(writer->grow->county, writer->table[table], cells, count);
}

/* ---- the plan ------------------------------------------------------------------------------ */

/* Keys here come from the plan's own numbers, so that the order of writing does not change them. */

static void write_provider(Writer *writer, uint32_t i)
{
	char name[32];
	snprintf(name, sizeof name, "Care provider %u", i + 1);
	row(writer, TABLE_PROVIDERS,
		ROW(cell_key(KEY_PROVIDER, i + 1), cell_text(name), cell_yes(i % 40 != 39)));
}

/* One entry of a stay. Moments are written by the ward in local time, one that would be read
 * wrongly gets an offset; the system that the entry was made in keeps its own time. */
static void write_stay(Writer *writer, uint32_t client, uint32_t number, int64_t discharged,
	int64_t entered)
{
	const Stay *stay = &writer->plan->client[client].stay[number];
	row(writer, TABLE_STAYS,
		ROW(cell_key(KEY_STAY, (uint64_t)client * STAYS_MAX + number + 1),
			cell_key(KEY_CLIENT, client + 1),
			cell_moment(stay->admitted, STAMP_LOCAL, CAL_NO_MOMENT),
			cell_moment(discharged, STAMP_LOCAL, stay->admitted),
			cell_moment(entered, (Stamp)(client % 3), CAL_NO_MOMENT)));
}

/* With the stays, so that a shuffle moves both alike. A postcode has the shape of one, but is none
 * that there is: no area begins with Q. */
static void write_client(Writer *writer, uint32_t i)
{
	const Client *client = &writer->plan->client[i];
	bool stranger = i >= writer->plan->clients - writer->plan->strangers;
	char postcode[POSTCODE_TEXT];
	snprintf(postcode, sizeof postcode, "QH%u %uAA", 10U + client->postcode / 5U,
		1U + client->postcode % 5U);
	row(writer, TABLE_CLIENTS, ROW(cell_key(KEY_CLIENT, i + 1), cell_day(client->died),
		cell_text(stranger ? NULL : postcode)));
	for (uint32_t s = 0; s < client->stays; s++) {
		const Stay *stay = &client->stay[s];
		if (stay->entered_first != CAL_NO_MOMENT)
			write_stay(writer, i, s, stay->said_first, stay->entered_first);
		write_stay(writer, i, s, stay->discharged, stay->entered);
	}
}

static void write_bids(Writer *writer, uint32_t i, const Award *award)
{
	const Package *package = &writer->plan->package[i];
	for (uint32_t b = 0; b < award->bids; b++) {
		uint32_t by = plan_bidder(writer->plan, i, award, b);
		row(writer, TABLE_BIDS,
			ROW(cell_key(KEY_BID, (uint64_t)i * BIDS_MAX + b + 1),
				cell_key(KEY_AWARD, i + 1), cell_key(KEY_PROVIDER, by + 1),
				cell_pounds(package->rate + award->over[b]),
				cell_yes(award->won >> b & 1)));
	}
}

static void write_award(Writer *writer, uint32_t i)
{
	static const char *const cares[] = {[PERSONAL_CARE] = "personal_care",
		[LEARNING_DISABILITY] = "learning_disability", [AUTISM] = "autism",
		[CARE_MISSING] = NULL};
	static const char *const reasons[] = {[REGISTRATION] = "registration", [STAFF] = "staff",
		[CAPACITY] = "capacity", [NEEDS_CHANGED] = "needs_changed", [OTHER] = "other",
		[REASON_MISSING] = NULL};
	const Package *package = &writer->plan->package[i];
	Award award;
	bids_award(writer->bids, i, &award);
	row(writer, TABLE_AWARDS,
		ROW(cell_key(KEY_AWARD, i + 1), cell_key(KEY_PROVISION, i + 1),
			cell_key(KEY_PROVIDER, package->provider + 1U), cell_day(award.day),
			cell_whole(package->weekly), cell_pounds(package->rate),
			cell_text(cares[award.care])));
	write_bids(writer, i, &award);
	if (package->handed_back)
		row(writer, TABLE_HANDBACKS,
			ROW(cell_key(KEY_HANDBACK, i + 1), cell_key(KEY_AWARD, i + 1),
				cell_day(package->end), cell_text(reasons[award.reason])));
}

/* Its award is written with it: every provision was awarded once. */
static void write_provision(Writer *writer, uint32_t i)
{
	const Package *package = &writer->plan->package[i];
	row(writer, TABLE_PROVISIONS,
		ROW(cell_key(KEY_PROVISION, i + 1), cell_key(KEY_PROVIDER, package->provider + 1U),
			cell_key(KEY_CLIENT, package->client + 1U),
			cell_text(package->contract == CCSH ? "ccsh" : "csah"),
			cell_text(package->service == HOME_CARE ? "home_care" : "take_a_break"),
			cell_whole(package->weekly), cell_pounds(package->rate),
			cell_day(package->start), cell_day(package->end)));
	write_award(writer, i);
}

/* A registration, a training or a pledge, by its line. */
static void write_paper(Writer *writer, uint32_t i)
{
	static const struct {
		WriteTable table;
		int key;
		const char *kind;
	} lines[LINES] = {
		{TABLE_REGISTRATIONS, KEY_REGISTRATION, "personal_care"},
		{TABLE_REGISTRATIONS, KEY_REGISTRATION, "learning_disability"},
		{TABLE_REGISTRATIONS, KEY_REGISTRATION, "autism"},
		{TABLE_TRAININGS, KEY_TRAINING, "personal_care"},
		{TABLE_TRAININGS, KEY_TRAINING, "learning_disability"},
		{TABLE_TRAININGS, KEY_TRAINING, "autism"},
		{TABLE_PLEDGES, KEY_PLEDGE, "concordat"},
		{TABLE_PLEDGES, KEY_PLEDGE, "charter"},
	};
	const Paper *paper = &writer->bids->paper[i];
	row(writer, lines[paper->line].table,
		ROW(cell_key(lines[paper->line].key, i + 1),
			cell_key(KEY_PROVIDER, paper->provider + 1U),
			cell_text(lines[paper->line].kind), cell_day(paper->start),
			cell_day(paper->end)));
}

/* In the order of the plan, or in a random one. */
static void write_all(Writer *writer, uint32_t count, void (*write)(Writer *, uint32_t))
{
	const GrowOptions *options = writer->grow->options;
	uint32_t *order = room_grow(NULL, count + 1, sizeof *order);
	Rng rng = rng_for(options->seed, STREAM_SHUFFLE, count, 0);
	if (options->shuffle)
		rng_order(&rng, order, count);
	for (uint32_t i = 0; i < count; i++)
		write(writer, options->shuffle ? order[i] : i);
	free(order);
}

/*
 * Providers and clients first, so that a database with foreign keys would take
 * them.
 */
void writer_plan(Writer *writer)
{
	write_all(writer, writer->plan->providers, write_provider);
	write_all(writer, writer->plan->clients, write_client);
	write_all(writer, writer->plan->packages, write_provision);
	write_all(writer, writer->bids->papers, write_paper);
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* A row of bad data says what a clerk might have typed. Starts are planned to the minute. */
void writer_visit(Writer *writer, const Visit *visit)
{
	static const char *const outcomes[] = {"delivered", "cancelled", "frustrated", "missed"};
	bool orphan = visit->broken == BROKEN_ORPHAN, outcome = visit->broken == BROKEN_OUTCOME;
	row(writer, TABLE_VISITS,
		ROW(cell_key(KEY_VISIT, visit->no),
			cell_key(KEY_PROVISION, visit->package + (orphan ? 900001U : 1U)),
			visit->broken == BROKEN_DATE ? cell_text("2025-06-31") : cell_day(visit->day),
			visit->broken == BROKEN_START ? cell_text("25:10") : cell_clock(visit->start),
			cell_whole(visit->planned), cell_whole(visit->declared),
			cell_text(outcome ? "no reply" : outcomes[visit->outcome]),
			visit->notice == MINUTES_MISSING ? cell_missing() : cell_whole(visit->notice),
			cell_whole(visit->carers),
			visit->rate == RATE_MISSING ? cell_missing() : cell_pounds(visit->rate)));
}

/*
 * The check-in is told to the printing of the check-out, which may need it.
 * Key numbers in the roster and plan begin at 0, keys at 1.
 */
void writer_log(Writer *writer, const Log *log)
{
	static const char *const methods[] = {"app", "phone", "fob", "manual"};
	const Package *package = &writer->plan->package[log->package];
	Stamp stamp = (Stamp)log->stamp;
	row(writer, TABLE_LOGS,
		ROW(cell_key(KEY_LOG, log->no), cell_key(KEY_PROVIDER, package->provider + 1U),
			cell_key(KEY_CLIENT, package->client + 1U),
			cell_key(KEY_CARER, log->carer + 1U),
			log->broken == BROKEN_CHECK_IN ? cell_text("ten past eight")
						       : cell_moment(log->in, stamp, CAL_NO_MOMENT),
			cell_moment(log->out, stamp, log->in), cell_text(methods[log->method])));
}

/* Moments in local time, in UTC and with an offset take turns: a portal's export, an API's, and a
 * reader has to cope with all. */
void writer_submission(Writer *writer, uint32_t provider, int32_t monday, int64_t submitted)
{
	uint64_t no = ++writer->submissions;
	row(writer, TABLE_SUBMISSIONS,
		ROW(cell_key(KEY_SUBMISSION, no), cell_key(KEY_PROVIDER, provider + 1),
			cell_day(monday), cell_moment(submitted, (Stamp)(no % 3), CAL_NO_MOMENT)));
}

/* Left out where the form says nothing. */
static Cell cell_tenths(int32_t tenths)
{
	return tenths < 0 ? cell_missing() : cell_real(tenths, 10);
}

/* Numbered as they are written, like submissions. */
uint64_t writer_request(Writer *writer, uint32_t provider, int32_t quarter_first, int32_t due)
{
	uint64_t no = ++writer->requests;
	row(writer, TABLE_REQUESTS,
		ROW(cell_key(KEY_REQUEST, no), cell_key(KEY_PROVIDER, provider + 1),
			cell_day(quarter_first), cell_day(due)));
	return no;
}

void writer_return(Writer *writer, uint32_t provider, int32_t quarter_first, const Form *form,
	int32_t received)
{
	row(writer, TABLE_RETURNS,
		ROW(cell_key(KEY_RETURN, ++writer->returns), cell_key(KEY_PROVIDER, provider + 1),
			cell_day(quarter_first), cell_tenths(form->handbacks),
			cell_tenths(form->missed), cell_tenths(form->late), cell_day(received)));
}

/* Moments are written in all three ways, as those of submissions are. */
void writer_variation(Writer *writer, uint64_t no, uint32_t package, const Entry *entry)
{
	row(writer, TABLE_VARIATIONS,
		ROW(cell_key(KEY_VARIATION, no), cell_key(KEY_PROVISION, package + 1),
			cell_day(entry->week),
			entry->minutes == MINUTES_MISSING ? cell_missing()
							  : cell_whole(entry->minutes),
			cell_moment(entry->entered, (Stamp)(no % 3), CAL_NO_MOMENT)));
}

/* A pass that nobody wrote down is left out, one of nothing is zero. */
static Cell cell_sum(int64_t pence)
{
	return pence == NO_STAKE ? cell_missing() : cell_pounds(pence);
}

void writer_statement(Writer *writer, uint64_t no, uint32_t package, const Statement *statement)
{
	row(writer, TABLE_STATEMENTS,
		ROW(cell_key(KEY_STATEMENT, no), cell_key(KEY_PROVISION, package + 1),
			cell_day(statement->period), cell_sum(statement->paid[PASS_CORE]),
			cell_sum(statement->paid[PASS_SETTLEMENT]),
			cell_sum(statement->paid[PASS_LATE])));
}

/* The two say different days of discharge and write the moment in two ways, so that no key of the
 * table stands against them. */
void writer_tie(Writer *writer, uint32_t client, int64_t admitted)
{
	Cell key = cell_key(KEY_STAY, (uint64_t)client * STAYS_MAX + 1);
	Cell person = cell_key(KEY_CLIENT, client + 1);
	Cell begin = cell_moment(admitted, STAMP_ZULU, admitted);
	int64_t entered = admitted + 3 * CAL_DAY;
	row(writer, TABLE_STAYS, ROW(key, person, begin, cell_missing(),
		cell_moment(admitted + 60, STAMP_ZULU, admitted)));
	row(writer, TABLE_STAYS, ROW(key, person, begin,
		cell_moment(admitted + CAL_DAY, STAMP_ZULU, admitted),
		cell_moment(entered, STAMP_ZULU, admitted)));
	row(writer, TABLE_STAYS, ROW(key, person, begin,
		cell_moment(admitted + 2 * CAL_DAY, STAMP_ZULU, admitted),
		cell_moment(entered, STAMP_OFFSET, admitted)));
}

/* Last, as the roster takes carers on while weeks are made. */
void writer_carers(Writer *writer, const uint16_t *provider_of, uint32_t carers)
{
	for (uint32_t i = 0; i < carers; i++)
		row(writer, TABLE_CARERS,
			ROW(cell_key(KEY_CARER, i + 1), cell_key(KEY_PROVIDER, provider_of[i] + 1U)));
}
