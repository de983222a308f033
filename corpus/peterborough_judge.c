/*
 * The judge of Peterborough's county, and the figures. It goes by the rows alone, and takes from
 * them whether a rule speaks of a day at all: what is not in the window is not looked at. Sums
 * of a year are over 52 weeks.
 */
#include <stdio.h>

#include "corpus/peterborough_firm.h"

#define CEILING 2600
#define WEEKS_OF_YEAR 52

/* What has no finding is settled too: it may have been meant to have one. */
static void settle(Peter *peter, const char *dataset, int kind, uint64_t no, const Mark *mark,
	const Found *found)
{
	char subject[SUBJECT_TEXT];
	grow_subject(peter->grow, subject, dataset, kind, no);
	grow_settle(peter->grow, 0, subject, mark, found);
}

/* For subjects that are a row in a week, a quarter or a year. */
static void settle_period(Peter *peter, const char *dataset, int kind, uint64_t no,
	const char *period, int32_t first, const Mark *mark, const Found *found)
{
	char subject[SUBJECT_TEXT];
	grow_subject_period(peter->grow, subject, dataset, kind, no, period, first);
	grow_settle(peter->grow, 0, subject, mark, found);
}

/* A young person is an adult from the eighteenth birthday on. */
static bool child_on(const Package *package, int32_t day)
{
	return day < pb_years_on(package->born, 18);
}

/* ---- visits ------------------------------------------------------------------------------ */

/* The rate on the card that is for the other age: cards of one need stand side by side. */
static int32_t other_age(const Firm *firm, const Package *package, const Visit *visit)
{
	Age age = package->card->age == AGE_CHILD ? AGE_ADULT : AGE_CHILD;
	/* A firm without the other age's card would have had to claim by its own. */
	Package as = *package;
	for (int i = 0; i < firm->cards; i++)
		if (firm->card[i].need == package->card->need && firm->card[i].age == age) {
			int32_t rate = pb_on_card(&firm->card[i], visit->day);
			bool dear = package->card->holiday && pb_holiday(visit->day);
			bool night = package->card->night && package->night;
			return (int32_t)grow_nearest((int64_t)rate * (dear ? 150 : night ? 120 : 100), 100);
		}
	return pb_rate_due(&as, visit);
}

/* By the hour: the card's or the costing's rate, at its share for nights and bank holidays; a card
 * for the person's age; travel within the rate or apart. */
static void judge_rate(const Firm *firm, const Package *package, const Visit *visit, Found *found)
{
	const Card *card = package->card;
	/* R2 before R1: a day without a rate has none that could be compared. */
	if (!package->costed && pb_on_card(card, visit->day) < 0) {
		grow_fails(found, RULE_R2, grow_nearest((int64_t)visit->rate * visit->declared, 60));
		grow_unsure(found, RULE_R1);
	/* Priced by night and day, and nobody knows which it was. */
	} else if (visit->no_start) {
		grow_unsure(found, RULE_R1);
	} else if (visit->rate != pb_rate_due(package, visit)) {
		int64_t off = visit->rate - pb_rate_due(package, visit);
		grow_fails(found, RULE_R1, grow_nearest(off * visit->declared, 60));
	}
	if (!package->costed && card->age != AGE_ALL &&
		(card->age == AGE_CHILD) != child_on(package, visit->day)) {
		int64_t off = visit->rate - other_age(firm, package, visit);
		grow_fails(found, RULE_R4, grow_nearest(off * visit->declared, 60));
	}
	/* M1 and M2 are sums of their own beside the rate; what is too little is the provider's. */
	if (visit->mileage != pb_mileage_due(package, visit))
		grow_fails(found, RULE_M1, visit->mileage - pb_mileage_due(package, visit));
	if (visit->travel_pay != pb_travel_due(package, visit))
		grow_fails(found, RULE_M2, visit->travel_pay - pb_travel_due(package, visit));
}

/* The block has paid for its visits, so none is claimed by the hour, and none lies outside it. */
static void judge_block_visit(const Block *block, const Visit *visit, int64_t claimed,
	Found *found)
{
	/* B3: a rate without hours, or hours without a rate, claims nothing. */
	if (visit->rate && visit->declared)
		grow_fails(found, RULE_B3, claimed);
	/* B4: both ends of the block are in. */
	if (!visit->missed && (visit->day < block->start || visit->day > block->end))
		grow_fails(found, RULE_B4, NO_STAKE);
}

/* Of an absence only the days between leaving and coming back are without care. */
static void judge_visit(Peter *peter, const Package *package, const Visit *visit)
{
	const Firm *firm = &peter->firm;
	const Absence *absence = &package->absence;
	int64_t claimed = grow_nearest((int64_t)visit->rate * visit->declared, 60);
	Found found = {0};
	if (package->block)
		judge_block_visit(&firm->block, visit, claimed, &found);
	else if (!visit->missed)
		judge_rate(firm, package, visit, &found);
	/* F1: hours of a visit that was missed, whatever the rate. */
	else if (visit->declared)
		grow_fails(&found, RULE_F1, claimed);
	/* Q1: by whom it was given decides, in a block as well. */
	if (!visit->missed && package->personal && !firm->registered)
		grow_fails(&found, RULE_Q1, claimed);
	/* A4: care in the morning before leaving is care, as it is on the evening of coming back. */
	if (!visit->missed && absence->no && visit->day > absence->first &&
		(absence->last == CAL_NO_DAY || visit->day < absence->last))
		grow_fails(&found, RULE_A4, claimed);
	settle(peter, "visit", KEY_VISIT, visit->no, &visit->mark, &found);
}

/* Only logs of personal care for children are written; the first carer of a firm is trained,
 * from the first day of the package to its last visit. */
static void judge_log(Peter *peter, const Package *package, const Visit *visit)
{
	Found found = {0};
	if (child_on(package, visit->day) && visit->carer != peter->firm.carer)
		grow_fails(&found, RULE_Q3, NO_STAKE);
	settle(peter, "log", KEY_LOG, visit->log, &visit->log_mark, &found);
}

/* Priced at the average of the week's hours. */
static void judge_week(Peter *peter, const Package *package, const Week *week)
{
	Found found = {0};
	int64_t minutes = 0, claimed = 0;
	for (int i = 0; i < package->visits; i++) {
		const Visit *visit = &package->visit[i];
		if (visit->missed || visit->day < week->monday || visit->day > week->monday + 6)
			continue;
		minutes += visit->declared;
		claimed += (int64_t)visit->rate * visit->declared;
	}
	/* F2: the week's own mean rate, as none of its visits is the one that was too long. */
	if (minutes > package->weekly)
		grow_fails(&found, RULE_F2,
			grow_nearest(claimed * (minutes - package->weekly), minutes * 60));
	settle_period(peter, "provision", KEY_PROVISION, package->no, "week", week->monday,
		&week->mark, &found);
}

/* ---- packages ---------------------------------------------------------------------------- */

/* Pence an hour, over the weekly minutes. */
static int64_t of_a_year(int64_t rate, int64_t weekly)
{
	return grow_nearest(rate * weekly * WEEKS_OF_YEAR, 60);
}

/* Until April 2023 complex packages are capped; from then on each is costed, and items for staff,
 * qualification and training are among its costs. */
static void judge_price_of_package(const Package *package, Found *found)
{
	bool late = package->start >= pb_april(1);
	/* R3 has nothing to say of a card with one rate for all needs. */
	if (package->card->need != NEED_SINGLE &&
		(package->card->need == NEED_COMPLEX) != package->complex)
		grow_fails(found, RULE_R3, NO_STAKE);
	/* C1 went with the amendment of April 2023: from then on what a package costs is worked out. */
	if (package->complex && !late && package->rate > CEILING)
		grow_fails(found, RULE_C1, of_a_year(package->rate - CEILING, package->weekly));
	if (package->costed) {
		int32_t sum = 0;
		for (int i = 0; i < 4; i++)
			sum += package->cost[i];
		/* C2: a year's worth of the difference, at 52 weeks. */
		if (sum != package->rate)
			grow_fails(found, RULE_C2, of_a_year(package->rate - sum, package->weekly));
	}
	/* C3: without a costing all of the items are missing, which matters where there has to be
	 * one. */
	if ((package->costed && package->no_training) || (late && package->complex && !package->costed))
		grow_fails(found, RULE_C3, NO_STAKE);
}

/* PE1 and PE2 are everybody's; PE7 is until some day, PE9 is nobody's. */
static bool allocated(const Firm *firm, const Package *package)
{
	switch (package->district[2]) {
	case '1': case '2': return true;
	case '7': return firm->allocated != CAL_NO_DAY && package->start <= firm->allocated;
	default: return false;
	}
}

/* The DPS does not rule packages of a block, except that they lie in its district, PE1. */
static void judge_provision(Peter *peter, const Package *package)
{
	const Firm *firm = &peter->firm;
	Found found = {0};
	/* Q2: community support has no personal care in it, in a block or not. */
	if (!package->home && package->personal)
		grow_fails(&found, RULE_Q2, NO_STAKE);
	/* Travel of a block is within what the block pays. */
	if (package->block) {
		if (package->district[2] != '1')
			grow_fails(&found, RULE_B5, NO_STAKE);
	} else {
		judge_price_of_package(package, &found);
		/* F3: the day of joining and that of leaving are days on the DPS. */
		if (package->start < firm->joined ||
			(firm->left != CAL_NO_DAY && package->start > firm->left))
			grow_fails(&found, RULE_F3, NO_STAKE);
		if (!allocated(firm, package))
			grow_fails(&found, RULE_L1, NO_STAKE);
	}
	settle(peter, "provision", KEY_PROVISION, package->no, &package->mark, &found);
}

/* A1 adds up what was paid for one absence, in however many retainers. */
static int32_t absence_paid(const Absence *absence)
{
	int32_t paid = 0;
	for (int i = 0; i < absence->retainers; i++)
		paid += absence->retainer[i].amount;
	return paid;
}

/* Within seven days of the absence, its last day among them. */
static bool restarts(const Package *package)
{
	int32_t last = package->absence.last;
	for (int i = 0; i < package->visits; i++) {
		const Visit *visit = &package->visit[i];
		if (!visit->missed && visit->day >= last && visit->day <= last + 7)
			return true;
	}
	return false;
}

/* Of somebody still away the days are counted that nothing is paid for; of others A1 has the
 * sum. */
static void judge_retainer(Peter *peter, const Absence *absence, const Retainer *retainer)
{
	Found found = {0};
	bool away = absence->last == CAL_NO_DAY;
	int32_t last_paid = absence->first - 1 +
		(absence->first < pb_april(1) ? 0 : FULL_DAYS + KEPT_DAYS);
	int32_t days = retainer->last - retainer->first + 1, over = retainer->last - last_paid;
	if (away && over > 0)
		grow_fails(&found, RULE_A2, grow_nearest(
			(int64_t)retainer->amount * (over < days ? over : days), days));
	/* A5: for nobody who is still away can a retainer end too late; that is A2's question. */
	if (retainer->first < absence->first || (!away && retainer->last > absence->last))
		grow_fails(&found, RULE_A5, NO_STAKE);
	settle(peter, "retainer", KEY_RETAINER, retainer->no, &retainer->mark, &found);
}

/* Paid to the penny, and care starts again; a person who is still away is not judged. */
static void judge_absence(Peter *peter, const Package *package)
{
	const Absence *absence = &package->absence;
	Found found = {0};
	int32_t paid = absence_paid(absence);
	if (absence->last != CAL_NO_DAY) {
		int32_t due = pb_absence_due(package);
		/* A1 goes by the first day, whose law says what is paid at all. */
		if (paid != due && pb_in_window(peter, absence->first))
			grow_fails(&found, RULE_A1, paid - due);
		/* A3 goes by the last day, and only for what was paid. */
		if (paid > 0 && !restarts(package) && pb_in_window(peter, absence->last))
			grow_fails(&found, RULE_A3, paid);
	}
	settle(peter, "absence", KEY_ABSENCE, absence->no, &absence->mark, &found);
	for (int i = 0; i < absence->retainers && pb_in_window(peter, absence->first); i++)
		judge_retainer(peter, absence, &absence->retainer[i]);
}

/* Four weeks from the provider; from the council, or pay for the days that are missing. */
static void judge_ending(Peter *peter, const Package *package)
{
	const Ending *ending = &package->ending;
	Found found = {0};
	/* N1: the twenty-eighth day may be the last of the package. */
	if (ending->giver == BY_PROVIDER && ending->last < ending->given + NOTICE_DAYS)
		grow_fails(&found, RULE_N1, NO_STAKE);
	/* N2: what is due is known, what was paid is not. */
	if (ending->unknown)
		grow_unsure(&found, RULE_N2);
	else if (ending->lieu != pb_lieu_due(package))
		grow_fails(&found, RULE_N2, ending->lieu - pb_lieu_due(package));
	settle(peter, "ending", KEY_ENDING, ending->no, &ending->mark, &found);
}

/* Each rule has a day of its own, and is asked when that day lies in the window. */
static void judge_package(Peter *peter, const Package *package)
{
	for (int i = 0; i < package->visits; i++) {
		const Visit *visit = &package->visit[i];
		if (pb_in_window(peter, visit->day)) {
			judge_visit(peter, package, visit);
			if (visit->log)
				judge_log(peter, package, visit);
		}
	}
	for (int i = 0; i < package->weeks && !package->block; i++)
		if (pb_in_window(peter, package->week[i].monday))
			judge_week(peter, package, &package->week[i]);
	if (pb_in_window(peter, package->start))
		judge_provision(peter, package);
	if (package->absence.no)
		judge_absence(peter, package);
	if (package->ending.no && pb_in_window(peter, package->ending.given))
		judge_ending(peter, package);
}

/* ---- cards and their prices -------------------------------------------------------------- */

/* Commissioned on the card on a day, without what is costed by itself. */
static int64_t hours(const Firm *firm, const Card *card, int32_t day)
{
	int64_t weekly = 0;
	for (int i = 0; i < firm->packages; i++) {
		const Package *package = &firm->package[i];
		if (!package->block && package->card == card && !package->costed &&
			package->start <= day && package->end >= day)
			weekly += package->weekly;
	}
	return weekly;
}

/* Uplifts are of 1 April alone. */
static int april_of(int32_t day)
{
	return day == pb_april(0) ? 0 : day == pb_april(1) ? 1 : -1;
}

/* The ranges that the market test found, of single, generic and complex rates. */
static void judge_first(const Card *card, const Price *price, Found *found)
{
	static const int32_t found_range[][2] = {{1795, 2702}, {1871, 2216}, {2517, 2600}};
	/* R6: both ends of what was found are in. */
	if (price->rate < found_range[card->need][0] || price->rate > found_range[card->need][1])
		grow_fails(found, RULE_R6, NO_STAKE);
}

/* Neither two rates from one day, nor a rise at another time of the year than April, nor one in
 * April that is not what the formula, and in 2022 its cap, gives. */
static void judge_next(const Firm *firm, const Card *card, const Price *price, Found *found)
{
	int32_t before = price[-1].rate, rise = price->rate - before;
	int april = april_of(price->start);
	int64_t weekly = hours(firm, card, price->start);
	/* R7: of two rates from one day nobody knows which holds. */
	if (price->start == price[-1].start)
		grow_fails(found, RULE_R7, NO_STAKE);
	/* U2: in a year's hours, as for the other rules of uplifts. */
	if (april < 0 && rise > 0)
		grow_fails(found, RULE_U2, of_a_year(rise, weekly));
	if (april >= 0 && rise != pb_uplift(before, april))
		grow_fails(found, RULE_U1, of_a_year(rise - pb_uplift(before, april), weekly));
}

/* The generic card of a complex one stands before it. */
static void judge_card(Peter *peter, const Card *card)
{
	const Firm *firm = &peter->firm;
	for (int i = 0; i < card->prices; i++) {
		const Price *price = &card->price[i];
		Found found = {0};
		if (!pb_in_window(peter, price->start))
			continue;
		/* A first rate is no uplift, and later ones are no answer to the market: R6 or U1 and U2,
		 * never both. */
		if (i)
			judge_next(firm, card, price, &found);
		else
			judge_first(card, price, &found);
		/* R5 on the first day of each complex rate. */
		if (card->need == NEED_COMPLEX && price->rate < pb_on_card(card - 1, price->start))
			grow_fails(&found, RULE_R5, NO_STAKE);
		settle(peter, "price", KEY_PRICE, price->no, &price->mark, &found);
	}
	for (int year = 0; year < 2; year++) {
		Found found = {0};
		int32_t day = pb_april(year), before = pb_on_card(card, day - 1);
		/* U3 asks of cards that were there before the day. */
		if (card->start >= day || !pb_in_window(peter, day))
			continue;
		/* No rate from 1 April: what was due is the provider's, for a year. */
		if (pb_on_card(card, day) == before)
			grow_fails(&found, RULE_U3,
				-of_a_year(pb_uplift(before, year), hours(firm, card, day)));
		settle_period(peter, "card", KEY_CARD, card->no, "financial year", day,
			&card->year[year], &found);
	}
}

/* ---- the block, the DPS, the waiting list ------------------------------------------------ */

/* The guarantee, used or not; beyond it what was used. */
static void judge_payments(Peter *peter)
{
	const Block *block = &peter->firm.block;
	for (int i = 0; i < block->payments; i++) {
		const Payment *payment = &block->payment[i];
		int32_t due = pb_block_due(&peter->firm, payment->week);
		Found found = {0};
		if (!pb_in_window(peter, payment->week))
			continue;
		/* B1 needs the sum; that there is a payment is enough for B2. */
		if (payment->unknown)
			grow_unsure(&found, RULE_B1);
		else if (payment->amount != due)
			grow_fails(&found, RULE_B1, payment->amount - due);
		settle(peter, "payment", KEY_PAYMENT, payment->no, &payment->mark, &found);
	}
}

/* B2: one payment for each week, neither none nor two. */
static void judge_block_weeks(Peter *peter)
{
	const Block *block = &peter->firm.block;
	for (int32_t monday = block->start; monday < block->end; monday += 7) {
		int count = 0;
		int64_t total = 0;
		Found found = {0};
		if (!pb_in_window(peter, monday))
			continue;
		for (int i = 0; i < block->payments; i++)
			if (block->payment[i].week == monday) {
				count++;
				total += block->payment[i].amount;
			}
		/* An unpaid week is the provider's, a second payment the council's. */
		if (count != 1)
			grow_fails(&found, RULE_B2,
				total - grow_nearest((int64_t)block->rate * block->weekly, 60));
		settle_period(peter, "block", KEY_BLOCK, block->no, "week", monday,
			&block->week[(monday - block->start) / 7], &found);
	}
}

/* A quarter counts when its last day is in the window. */
static void judge_reviews(Peter *peter)
{
	const Block *block = &peter->firm.block;
	for (int q = pb_quarter(block->start); q <= pb_quarter(block->end); q++) {
		Found found = {0};
		bool reviewed = false;
		if (!pb_in_window(peter, pb_quarter_first(q + 1) - 1))
			continue;
		for (int i = 0; i < QUARTERS; i++)
			reviewed |= block->review[i] != CAL_NO_DAY && pb_quarter(block->review[i]) == q;
		/* B6: any day of the quarter will do, its last one too. */
		if (!reviewed)
			grow_fails(&found, RULE_B6, NO_STAKE);
		settle_period(peter, "block", KEY_BLOCK, block->no, "quarter", pb_quarter_first(q),
			&block->quarter[q], &found);
	}
}

/* Six months to set up; not for those who left before they were over. */
static void judge_member(Peter *peter)
{
	const Firm *firm = &peter->firm;
	int32_t by = pb_months_on(firm->joined, SET_UP_MONTHS);
	Found found = {0};
	bool begun = false;
	if (!pb_in_window(peter, by))
		return;
	for (int i = 0; i < firm->packages; i++)
		begun |= firm->package[i].start <= by;
	/* F4: a package on the last of the days to set up is in time. */
	if (!begun && (firm->left == CAL_NO_DAY || firm->left > by))
		grow_fails(&found, RULE_F4, NO_STAKE);
	settle(peter, "member", KEY_MEMBER, firm->no, &firm->member, &found);
}

/* Whether somebody who had joined earlier still waited. */
static bool jumps(const Firm *firm, const Waiter *waiter)
{
	for (int i = 0; i < firm->waiters; i++) {
		const Waiter *other = &firm->waiter[i];
		if (other->joined < waiter->joined &&
			(other->started == CAL_NO_DAY || other->started > waiter->started))
			return true;
	}
	return false;
}

/* Half a year at most, in turn; who is urgent may go first. */
static void judge_waiters(Peter *peter)
{
	const Firm *firm = &peter->firm;
	for (int i = 0; i < firm->waiters; i++) {
		const Waiter *waiter = &firm->waiter[i];
		int32_t by = pb_months_on(waiter->joined, 6);
		bool started = waiter->started != CAL_NO_DAY;
		Found found = {0};
		/* W1: six months to the day are not too long. */
		if (pb_in_window(peter, by) && (!started || waiter->started > by))
			grow_fails(&found, RULE_W1, NO_STAKE);
		/* W2: out of turn, unless it was urgent. */
		if (started && pb_in_window(peter, waiter->started) && !waiter->urgent &&
			jumps(firm, waiter))
			grow_fails(&found, RULE_W2, NO_STAKE);
		settle(peter, "waiting", KEY_WAITING, waiter->no, &waiter->mark, &found);
	}
}

void pb_judge(Peter *peter)
{
	for (int i = 0; i < peter->firm.cards; i++)
		judge_card(peter, &peter->firm.card[i]);
	for (int i = 0; i < peter->firm.packages; i++)
		judge_package(peter, &peter->firm.package[i]);
	if (peter->firm.block.no) {
		judge_payments(peter);
		judge_block_weeks(peter);
		judge_reviews(peter);
	}
	judge_member(peter);
	judge_waiters(peter);
}

/* ---- figures ----------------------------------------------------------------------------- */

/* What a provider's figures of a quarter are made of. */
typedef struct Sums {
	int64_t planned, delivered, travel, hourly, absent, waited, guaranteed, used, unused;
	uint32_t visits, hourly_visits, absences, waits, payments;
} Sums;

/* Travel is of what is paid by the hour; delivery is of all. */
static void count_visits(const Package *package, Sums sums[QUARTERS])
{
	for (int i = 0; i < package->visits; i++) {
		const Visit *visit = &package->visit[i];
		Sums *sum = &sums[pb_quarter(visit->day)];
		sum->visits++;
		sum->planned += visit->planned;
		if (visit->missed)
			continue;
		sum->delivered += visit->declared;
		if (package->block)
			continue;
		sum->hourly_visits++;
		sum->hourly += visit->declared;
		sum->travel += visit->mileage + visit->travel_pay;
	}
}

/* By quarter: absences by their first day, waits by their end, payments by their week. */
static void count_firm(const Firm *firm, Sums sums[QUARTERS])
{
	for (int i = 0; i < firm->packages; i++) {
		const Absence *absence = &firm->package[i].absence;
		count_visits(&firm->package[i], sums);
		if (absence->no) {
			sums[pb_quarter(absence->first)].absences++;
			sums[pb_quarter(absence->first)].absent += absence_paid(absence);
		}
	}
	for (int i = 0; i < firm->waiters; i++)
		if (firm->waiter[i].started != CAL_NO_DAY) {
			Sums *sum = &sums[pb_quarter(firm->waiter[i].started)];
			sum->waits++;
			sum->waited += firm->waiter[i].started - firm->waiter[i].joined;
		}
	for (int i = 0; i < firm->block.payments; i++) {
		Sums *sum = &sums[pb_quarter(firm->block.payment[i].week)];
		int32_t used = pb_used(firm, firm->block.payment[i].week);
		int32_t rest = firm->block.weekly - used;
		sum->payments++;
		sum->guaranteed += firm->block.weekly;
		sum->used += used;
		sum->unused += rest > 0 ? grow_nearest((int64_t)firm->block.rate * rest, 60) : 0;
	}
}

/* Provider or block, and the period: keys as the audit joins them. */
static void figure(Peter *peter, const char *measure, int kind, uint64_t no, int32_t first,
	int64_t numerator, int64_t denominator, const char *status)
{
	char keys[KEY_TEXT + CAL_DAY_TEXT + 1], key[KEY_TEXT], day[CAL_DAY_TEXT];
	tables_key(peter->grow->county, key, kind, no);
	cal_print_day(day, first);
	snprintf(keys, sizeof keys, "%s\037%s", key, day);
	grow_figure(peter->grow, 0, measure, keys, (uint64_t)numerator, (uint64_t)denominator, status,
		"");
}

/* Met from 85% on, failed below 70%, and too little to say with fewer than four payments. */
static const char *block_status(const Sums *sum)
{
	if (sum->payments < 4)
		return "insufficient evidence";
	if (sum->used * 100 >= sum->guaranteed * 85)
		return "met";
	return sum->used * 100 < sum->guaranteed * 70 ? "failed" : "watch";
}

/* Money is pounds, an hour's 3,600 seconds. */
static void figures_of(Peter *peter, int quarter, const Sums *sum)
{
	const Firm *firm = &peter->firm;
	int32_t first = pb_quarter_first(quarter);
	/* A quarter without rows has no group, and so no figure. */
	if (sum->visits)
		figure(peter, "delivered", KEY_PROVIDER, firm->no, first, sum->delivered, sum->planned,
			"");
	if (sum->hourly_visits)
		figure(peter, "travel_cost", KEY_PROVIDER, firm->no, first, sum->travel,
			sum->hourly * 6000, "");
	if (sum->absences)
		figure(peter, "absence_pay", KEY_PROVIDER, firm->no, first, sum->absent, 100, "");
	if (sum->waits)
		figure(peter, "wait", KEY_PROVIDER, firm->no, first, sum->waited, sum->waits, "");
	if (!sum->payments)
		return;
	/* Of a block without payments there is nothing that could have been used. */
	figure(peter, "block_use", KEY_BLOCK, firm->block.no, first, sum->used, sum->guaranteed,
		block_status(sum));
	figure(peter, "block_unused", KEY_BLOCK, firm->block.no, first, sum->unused, 100, "");
}

/* What is due of the uplifts of a year, over 52 weeks. */
static void figure_uplifts(Peter *peter, int year)
{
	const Firm *firm = &peter->firm;
	int64_t due = 0;
	bool any = false;
	for (int c = 0; c < firm->cards; c++)
		for (int i = 1; i < firm->card[c].prices; i++) {
			const Price *price = &firm->card[c].price[i];
			if (price->start != pb_april(year))
				continue;
			any = true;
			due += pb_uplift(price[-1].rate, year) * WEEKS_OF_YEAR *
				hours(firm, &firm->card[c], price->start);
		}
	if (any && pb_in_window(peter, pb_april(year + 1) - 1))
		figure(peter, "uplifts", KEY_PROVIDER, firm->no, pb_april(year), due, 6000, "");
}

/* Quarters and years that end within the window are told. */
void pb_figures(Peter *peter)
{
	Sums sums[QUARTERS] = {{0}};
	count_firm(&peter->firm, sums);
	for (int q = 0; q < QUARTERS; q++)
		if (pb_in_window(peter, pb_quarter_first(q + 1) - 1))
			figures_of(peter, q, &sums[q]);
	figure_uplifts(peter, 0);
	figure_uplifts(peter, 1);
}
