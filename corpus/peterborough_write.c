/*
 * The rows of Peterborough's county. Columns that none of its rules reads are left out. A person
 * has the number of the package, and those on a waiting list are not named, as no rule asks who
 * waits.
 */
#include <stdio.h>
#include <string.h>

#include "corpus/peterborough_firm.h"

enum { T_PROVIDERS, T_MEMBERS, T_CLIENTS, T_CARERS, T_CARDS, T_PRICES, T_PROVISIONS, T_COSTINGS,
	T_VISITS, T_LOGS, T_TRAININGS, T_BLOCKS, T_PAYMENTS, T_REVIEWS, T_ABSENCES, T_RETAINERS,
	T_ENDINGS, T_WAITING, T_ALLOCATIONS, T_RESPONSES, T_COUNT };

/* Names and columns as in rules/peterborough/peterborough.sql and the shared schema. */
static const char *const tables[T_COUNT][2] = {
	[T_PROVIDERS] = {"providers", "provider_ref, name, cqc_registered"},
	[T_MEMBERS] = {"dps_members", "member_ref, provider_ref, joined_on, left_on"},
	[T_CLIENTS] = {"clients", "client_ref, born, district"},
	[T_CARERS] = {"carers", "carer_ref, provider_ref"},
	[T_CARDS] = {"rate_cards", "card_ref, provider_ref, need, age, night_apart, holiday_apart,"
		" travel, start_date"},
	[T_PRICES] = {"rate_prices", "price_ref, card_ref, start_date, rate"},
	[T_PROVISIONS] = {"provisions", "provision_ref, provider_ref, client_ref, contract,"
		" weekly_minutes, rate, start_date, end_date, support, need, personal_care, card_ref,"
		" block_ref"},
	[T_COSTINGS] = {"costings", "costing_ref, provision_ref, item, rate"},
	[T_VISITS] = {"visits", "visit_ref, provision_ref, visit_date, start_time, planned_minutes,"
		" declared_minutes, outcome, carers, rate, miles, mileage, travel_minutes,"
		" travel_pay"},
	[T_LOGS] = {"care_logs",
		"log_ref, provider_ref, client_ref, carer_ref, check_in, check_out, method"},
	[T_TRAININGS] = {"trainings", "training_ref, carer_ref, client_ref, trained_on, valid_to"},
	[T_BLOCKS] = {"blocks",
		"block_ref, provider_ref, weekly_minutes, rate, district, start_date, end_date"},
	[T_PAYMENTS] = {"block_payments", "payment_ref, block_ref, week_start, amount"},
	[T_REVIEWS] = {"block_reviews", "review_ref, block_ref, reviewed_on"},
	[T_ABSENCES] = {"absences", "absence_ref, provision_ref, reason, first_day, last_day"},
	[T_RETAINERS] = {"retainers", "retainer_ref, absence_ref, first_day, last_day, amount"},
	[T_ENDINGS] = {"endings",
		"ending_ref, provision_ref, given_by, given_on, last_day, in_lieu"},
	[T_WAITING] = {"waiting_list", "waiting_ref, provider_ref, joined_on, started_on, urgent"},
	[T_ALLOCATIONS] = {"allocations",
		"allocation_ref, provider_ref, district, start_date, end_date"},
	[T_RESPONSES] = {"responses", "response_ref, exercise, answered_on, contract_now, support,"
		" children, place, skills, cqc_registered, would_block, would_framework, attractive,"
		" cheaper, need_apart, age_apart, holiday_apart, night_apart, single_rate,"
		" generic_rate, complex_rate"}};

/* Opened in one order, so that two counties of one seed are the same to the byte. */
void pb_tables(Peter *peter)
{
	for (int i = 0; i < T_COUNT; i++)
		peter->table[i] = grow_table(peter->grow, tables[i][0], tables[i][1]);
}

/* All rows of the county go through here. */
static void row(Peter *peter, int table, const Cell *cells, int count)
{
	tables_row(peter->grow->county, peter->table[table], cells, count);
}

/* Some sums are missing on purpose. */
static Cell known_pounds(bool unknown, int32_t pence)
{
	return unknown ? cell_missing() : cell_pounds(pence);
}

/* ---- the firm ---------------------------------------------------------------------------- */

/* A card says what it prices apart; its rates are rows of their own, as they change and it does
 * not. */
static void write_card(Peter *peter, const Card *card)
{
	static const char *const needs[] = {"single", "generic", "complex"};
	static const char *const ages[] = {"all_ages", "adult", "child"};
	row(peter, T_CARDS, ROW(cell_key(KEY_CARD, card->no), cell_key(KEY_PROVIDER, peter->firm.no),
		cell_text(needs[card->need]), cell_text(ages[card->age]), cell_yes(card->night),
		cell_yes(card->holiday), cell_text(card->apart ? "apart" : "within_rate"),
		cell_day(card->start)));
	for (int i = 0; i < card->prices; i++)
		row(peter, T_PRICES, ROW(cell_key(KEY_PRICE, card->price[i].no),
			cell_key(KEY_CARD, card->no), cell_day(card->price[i].start),
			cell_pounds(card->price[i].rate)));
}

/* A quarter without a review has no row: that is what B6 finds. */
static void write_block(Peter *peter, const Block *block)
{
	row(peter, T_BLOCKS, ROW(cell_key(KEY_BLOCK, block->no),
		cell_key(KEY_PROVIDER, peter->firm.no), cell_whole(block->weekly),
		cell_pounds(block->rate), cell_text("PE1"), cell_day(block->start),
		cell_day(block->end)));
	for (int i = 0; i < block->payments; i++) {
		const Payment *payment = &block->payment[i];
		row(peter, T_PAYMENTS, ROW(cell_key(KEY_PAYMENT, payment->no),
			cell_key(KEY_BLOCK, block->no), cell_day(payment->week),
			known_pounds(payment->unknown, payment->amount)));
	}
	for (int i = 0; i < QUARTERS; i++)
		if (block->review[i] != CAL_NO_DAY)
			row(peter, T_REVIEWS, ROW(cell_key(KEY_REVIEW, block->reviews[i]),
				cell_key(KEY_BLOCK, block->no), cell_day(block->review[i])));
}

/* From the day of joining. */
static void write_allocation(Peter *peter, const char *district, int32_t end)
{
	row(peter, T_ALLOCATIONS, ROW(cell_key(KEY_ALLOCATION, pb_number(peter, KEY_ALLOCATION)),
		cell_key(KEY_PROVIDER, peter->firm.no), cell_text(district),
		cell_day(peter->firm.joined), cell_day(end)));
}

/* Two carers each: the first is trained for every child, the second for none. */
static void write_firm(Peter *peter)
{
	const Firm *firm = &peter->firm;
	char name[32];
	snprintf(name, sizeof name, "Fenland provider %llu", (unsigned long long)firm->no);
	row(peter, T_PROVIDERS, ROW(cell_key(KEY_PROVIDER, firm->no), cell_text(name),
		cell_yes(firm->registered)));
	/* One membership each: nobody leaves and comes back. */
	row(peter, T_MEMBERS, ROW(cell_key(KEY_MEMBER, firm->no), cell_key(KEY_PROVIDER, firm->no),
		cell_day(firm->joined), cell_day(firm->left)));
	for (uint64_t i = 0; i < 2; i++)
		row(peter, T_CARERS, ROW(cell_key(KEY_CARER, firm->carer + i),
			cell_key(KEY_PROVIDER, firm->no)));
	/* Everybody has the two districts in which clean packages lie. */
	write_allocation(peter, "PE1", CAL_NO_DAY);
	write_allocation(peter, "PE2", CAL_NO_DAY);
	/* PE7 is allocated only where a plant needs an allocation that ends. */
	if (firm->allocated != CAL_NO_DAY)
		write_allocation(peter, "PE7", firm->allocated);
	for (int i = 0; i < firm->cards; i++)
		write_card(peter, &firm->card[i]);
	/* Who has not begun has no day: W1 reads the blank as waiting still. */
	for (int i = 0; i < firm->waiters; i++) {
		const Waiter *waiter = &firm->waiter[i];
		row(peter, T_WAITING, ROW(cell_key(KEY_WAITING, waiter->no),
			cell_key(KEY_PROVIDER, firm->no), cell_day(waiter->joined),
			cell_day(waiter->started), cell_yes(waiter->urgent)));
	}
	if (firm->block.no)
		write_block(peter, &firm->block);
}

/* ---- packages ---------------------------------------------------------------------------- */

/* A package of a block has neither card nor rate. Training is for one person, by one carer. */
static void write_provision(Peter *peter, const Package *package)
{
	static const char *const items[] = {"staff", "qualification", "training", "travel"};
	/* The person's number is the package's. */
	uint64_t no = package->no;
	row(peter, T_CLIENTS, ROW(cell_key(KEY_CLIENT, no), cell_day(package->born),
		cell_text(package->district)));
	row(peter, T_PROVISIONS, ROW(cell_key(KEY_PROVISION, no),
		cell_key(KEY_PROVIDER, peter->firm.no), cell_key(KEY_CLIENT, no), cell_text("hcs"),
		cell_whole(package->weekly), known_pounds(package->block, package->rate),
		cell_day(package->start), cell_day(package->end),
		cell_text(package->home ? "home_care" : "community_support"),
		cell_text(package->complex ? "complex" : "generic"), cell_yes(package->personal),
		package->block ? cell_missing() : cell_key(KEY_CARD, package->card->no),
		package->block ? cell_key(KEY_BLOCK, peter->firm.block.no) : cell_missing()));
	/* Four items, of which C3 asks for three and C2 for all. */
	for (int i = 0; i < 4 && package->costed; i++)
		row(peter, T_COSTINGS, ROW(cell_key(KEY_COSTING, package->costing[i]),
			cell_key(KEY_PROVISION, no),
			/* C3: another item in place of training, at the same cost. */
			cell_text(i == 2 && package->no_training ? "running" : items[i]),
			cell_pounds(package->cost[i])));
	/* Through the last visit, so that no log lies outside it but for the wrong carer. */
	if (package->training)
		row(peter, T_TRAININGS, ROW(cell_key(KEY_TRAINING, package->training),
			cell_key(KEY_CARER, peter->firm.carer), cell_key(KEY_CLIENT, no),
			cell_day(package->start),
			cell_day(package->visit[package->visits - 1].day)));
}

/* A log has the times of its visit: how long a carer stayed is no matter of this county. */
static void write_visit(Peter *peter, const Package *package, const Visit *visit)
{
	row(peter, T_VISITS, ROW(cell_key(KEY_VISIT, visit->no),
		cell_key(KEY_PROVISION, package->no), cell_day(visit->day),
		/* Blank where the rate depends on it: R1. */
		visit->no_start ? cell_missing() : cell_clock(visit->start),
		cell_whole(visit->planned), cell_whole(visit->declared),
		cell_text(visit->missed ? "missed" : "delivered"), cell_whole(1),
		cell_pounds(visit->rate), cell_real(visit->tenths, 10), cell_pounds(visit->mileage),
		cell_whole(visit->travel), cell_pounds(visit->travel_pay)));
	/* Kept for children's personal care alone: Q3 looks at nothing else. */
	if (!visit->log)
		return;
	/* A carer logs in as the visit begins, and out when it has been declared. */
	int64_t in = cal_moment(visit->day, visit->start);
	row(peter, T_LOGS, ROW(cell_key(KEY_LOG, visit->log), cell_key(KEY_PROVIDER, peter->firm.no),
		cell_key(KEY_CLIENT, package->no), cell_key(KEY_CARER, visit->carer),
		cell_moment(in, STAMP_LOCAL, CAL_NO_MOMENT),
		cell_moment(in + 60 * visit->declared, STAMP_LOCAL, in), cell_text("app")));
}

/* Whether hospital or away makes no difference to what is paid. */
static void write_absence(Peter *peter, const Package *package)
{
	const Absence *absence = &package->absence;
	row(peter, T_ABSENCES, ROW(cell_key(KEY_ABSENCE, absence->no),
		cell_key(KEY_PROVISION, package->no), cell_text(absence->no % 2 ? "hospital" : "away"),
		cell_day(absence->first), cell_day(absence->last)));
	for (int i = 0; i < absence->retainers; i++) {
		const Retainer *retainer = &absence->retainer[i];
		row(peter, T_RETAINERS, ROW(cell_key(KEY_RETAINER, retainer->no),
			cell_key(KEY_ABSENCE, absence->no), cell_day(retainer->first),
			cell_day(retainer->last), cell_pounds(retainer->amount)));
	}
}

/* Rows of one package together, though their tables are many. */
static void write_package(Peter *peter, const Package *package)
{
	/* Who gave notice decides what is asked: N1 of providers, N2 of the council. */
	static const char *const givers[] = {"council", "provider", "person"};
	const Ending *ending = &package->ending;
	write_provision(peter, package);
	for (int i = 0; i < package->visits; i++)
		write_visit(peter, package, &package->visit[i]);
	if (package->absence.no)
		write_absence(peter, package);
	/* A package that goes on to its planned end has no ending of its own. */
	if (ending->no)
		row(peter, T_ENDINGS, ROW(cell_key(KEY_ENDING, ending->no),
			cell_key(KEY_PROVISION, package->no), cell_text(givers[ending->giver]),
			cell_day(ending->given), cell_day(ending->last),
			known_pounds(ending->unknown, ending->lieu)));
}

/* A firm is written when it has been judged: what contradicts itself is never there. */
void pb_write(Peter *peter)
{
	write_firm(peter);
	for (int i = 0; i < peter->firm.packages; i++)
		write_package(peter, &peter->firm.package[i]);
}

/* Answers are no firm's, and are made elsewhere. */
void pb_answer(Peter *peter, const Cell *cells, int count)
{
	row(peter, T_RESPONSES, cells, count);
}
