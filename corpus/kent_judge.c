/*
 * The judge of a package: the prospectus a second time, in whole numbers and from the rows alone.
 * It looks at no mark; settling compares what it found with what was meant.
 *
 *   package ─┬─ provision, offers, visits, nights ── one subject each
 *            ├─ week: hours (W1), rates (R5), nights (N2)
 *            └─ envelope: one subject for each visit that draws on it, and the account
 *
 * Paid time is in fifths of a second, since 120% and 80% of whole seconds are whole fifths; so a
 * price is pence an hour times fifths over 18,000, and nothing is rounded before it.
 */
#include <stdio.h>
#include <string.h>

#include "corpus/kent_rows.h"

#define NIGHT_FROM (22 * 60)
#define NIGHT_TO (7 * 60)
#define UNSOCIAL_FROM (19 * 60)
#define UNSOCIAL_TO (7 * 60)
#define TRAVEL_SECONDS 300
#define FOUND_MINUTES 90

/* A row with nothing found is settled as well: it may have been meant to fail. */
static void settle(Kent *kent, const char *dataset, int kind, uint64_t no, const Mark *mark,
	const Found *found)
{
	char subject[SUBJECT_TEXT];
	grow_subject(kent->grow, subject, dataset, kind, no);
	grow_settle(kent->grow, 0, subject, mark, found);
}

/* The language's greatest(). */
static int32_t at_least(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

/* ---- the package --------------------------------------------------------------------------- */

/* Whether the provider is appointed on the first day to the lot where the person lives. */
static bool appointed(const Kent *kent, const Package *package)
{
	for (uint32_t i = 0; i < kent->posts; i++) {
		const Post *post = &kent->post[i];
		if (post->provider == package->provider && post->lot == package->home_lot &&
			post->start <= package->start &&
			(post->end == CAL_NO_DAY || package->start <= post->end))
			return true;
	}
	return false;
}

/* Of the package as such; its visits are judged one by one. */
static void judge_assess(const Package *package, Found *found)
{
	int32_t last = cal_moment_day(package->discharged) + ASSESS_DAYS;
	if (package->extension)
		last += EXTENSION_DAYS;
	/* D5: an unnamed hospital may be one of the scheme's. */
	if (!package->hospital)
		grow_unsure(found, RULE_D5);
	else if (!strcmp(package->hospital, "other"))
		grow_fails(found, RULE_D5, NO_STAKE);
	/* D6 asks for a record first, so that none at all fails whatever the discharge was. */
	if (package->assessed == CAL_NO_DAY)
		grow_fails(found, RULE_D6, NO_STAKE);
	else if (package->no_discharge)
		grow_unsure(found, RULE_D6);
	else if (package->assessed > last)
		grow_fails(found, RULE_D6, NO_STAKE);
}

/* A1 to A4, R6 and what Discharge to Assess adds. Without a known home nobody can say whose the lot
 * is. */
static void judge_package(Kent *kent)
{
	const Package *package = &kent->package;
	Found found = {0};
	bool assess = package->care == CARE_ASSESS;
	int placed = assess ? RULE_D4 : RULE_A2;
	/* A1: the regulator's list, as it was copied into providers. */
	if (package->provider == UNREGISTERED)
		grow_fails(&found, RULE_A1, NO_STAKE);
	if (package->provider == UNKNOWN_PROVIDER)
		grow_unsure(&found, RULE_A1);
	/* A4: Medway is a council of its own. Its postcodes have no area here, hence no lot for A2 or
	 * D4. */
	if (package->home == HOME_MEDWAY) {
		grow_fails(&found, RULE_A4, NO_STAKE);
		grow_unsure(&found, placed);
	} else if (!appointed(kent, package)) {
		grow_fails(&found, placed, NO_STAKE);
	}
	if (package->home == HOME_UNKNOWN)
		grow_unsure(&found, RULE_A4);
	/* R6: standard support has no reason to record. */
	if (package->complex && package->no_reason)
		grow_fails(&found, RULE_R6, NO_STAKE);
	if (assess)
		judge_assess(package, &found);
	settle(kent, "provision", KEY_PROVISION, package->no, &package->mark, &found);
}

/* L2 holds for every package, L3 for the two services of a lot alone. */
static void judge_offer(Kent *kent, const Offer *offer)
{
	Found found = {0};
	bool both = kent->package.care != CARE_ASSESS;
	if (!offer->accepted && !offer->reason) {
		grow_unsure(&found, RULE_L2);
		if (both)
			grow_unsure(&found, RULE_L3);
	} else if (!offer->accepted && !strcmp(offer->reason, "area")) {
		grow_fails(&found, RULE_L2, NO_STAKE);
	} else if (!offer->accepted && both && !strcmp(offer->reason, "service")) {
		grow_fails(&found, RULE_L3, NO_STAKE);
	}
	settle(kent, "offer", KEY_OFFER, offer->no, &offer->mark, &found);
}

/* ---- a visit ------------------------------------------------------------------------------- */

/* London time: N3 and D3 compare moments, so an hour that clocks skip counts. */
static int64_t begins(const Visit *visit)
{
	return cal_moment(visit->day, visit->start);
}

/* The day of discharge is not counted: three days, and two more where an outcome allows them. */
static void judge_discharged(const Package *package, const Visit *visit, Found *found)
{
	int32_t day = visit->day - cal_moment_day(package->discharged);
	if (package->no_discharge) {
		grow_unsure(found, RULE_D1);
		grow_unsure(found, RULE_D2);
		grow_unsure(found, RULE_D3);
		return;
	}
	/* D1 before D2: a day beyond the longest end is not claimed as one without an outcome, too. */
	if (day > ASSESS_DAYS + EXTENSION_DAYS)
		grow_fails(found, RULE_D1, visit->claimed);
	else if (day > ASSESS_DAYS && !package->extension)
		grow_fails(found, RULE_D2, visit->claimed);
	if (begins(visit) < package->discharged)
		grow_fails(found, RULE_D3, visit->claimed);
}

/* The hour rate is that of the appointment, the support and the postcode; the price that of the
 * length, at whatever rate was claimed. So a wrong rate and a wrong price are two findings. */
static void judge_price(const Kent *kent, const Visit *visit, Found *found)
{
	const Package *package = &kent->package;
	int32_t rate = kent_rate(kent, package, visit->day);
	int32_t due = kent_price(package, visit->declared, visit->rate);
	bool envelope = package->care == CARE_WEEKLY || package->care == CARE_MONTHLY;
	/* R3 claims what the wrong rate makes of the time that is paid for. */
	if (visit->rate != rate)
		grow_fails(found, RULE_R3, grow_nearest((int64_t)(visit->rate - rate) *
			kent_paid(package, visit->declared) * package->carers, 5 * 3600));
	/* R4 takes the claimed rate as it is, or one wrong rate would be claimed twice. */
	if (visit->claimed != due)
		grow_fails(found, RULE_R4, visit->claimed - due);
	/* R7: an envelope leaves the length of each call to the provider. */
	if (visit->no_planned && !envelope)
		grow_unsure(found, RULE_R7);
	else if (!envelope && visit->declared > visit->planned)
		grow_fails(found, RULE_R7,
			grow_nearest((int64_t)visit->rate * (visit->declared - visit->planned), 60));
}

/* When it was: within the appointment, outside of sleep nights, and with a care log. */
static void judge_when(const Kent *kent, const Visit *visit, Found *found)
{
	const Package *package = &kent->package;
	const Post *post = &kent->post[package->post];
	/* A3: both ends of the appointment are in. */
	if (visit->day < post->start || (post->end != CAL_NO_DAY && visit->day > post->end))
		grow_fails(found, RULE_A3, visit->claimed);
	/* N3: from 22:00, which is in the night, to 07:00, which is not. */
	for (int i = 0; i < package->nights; i++) {
		int32_t day = package->night[i].day;
		if (begins(visit) >= cal_moment(day, NIGHT_FROM) &&
			begins(visit) < cal_moment(day + 1, NIGHT_TO)) {
			grow_fails(found, RULE_N3, visit->claimed);
			break;
		}
	}
	/* Q1: without a planned hour nobody knows which log to look for. */
	if (package->provider < MONITORED && visit->no_start)
		grow_unsure(found, RULE_Q1);
	else if (package->provider < MONITORED &&
		(visit->no_log || visit->late > FOUND_MINUTES || visit->late < -FOUND_MINUTES))
		grow_fails(found, RULE_Q1, visit->claimed);
	if (package->care == CARE_ASSESS)
		judge_discharged(package, visit, found);
	/* A5: of Extra Care only the background hours are in this contract. */
	if (!strcmp(package->scheme, "supported_living") ||
		!strcmp(package->scheme, "extra_care_planned"))
		grow_fails(found, RULE_A5, visit->claimed);
}

/* A missed call is asked one thing, R8: all others are about care that was given. */
static void judge_visit(Kent *kent, const Visit *visit)
{
	Found found = {0};
	if (!visit->missed) {
		judge_price(kent, visit, &found);
		judge_when(kent, visit, &found);
	} else if (visit->claimed) {
		grow_fails(&found, RULE_R8, visit->claimed);
	}
	settle(kent, "visit", KEY_VISIT, visit->no, &visit->mark, &found);
}

/* ---- a week -------------------------------------------------------------------------------- */

/* On weekdays a call of no known hour is neither social nor unsocial; no package has only such. */
static bool unsocial(const Visit *visit)
{
	return cal_weekday(visit->day) >= 5 ||
		(!visit->no_start && (visit->start < UNSOCIAL_TO || visit->start >= UNSOCIAL_FROM));
}

/* Sums over the delivered visits of a week. Paid is fifths of a second, the price pence times
 * these. */
typedef struct WeekSums {
	int64_t declared, price, paid, unsocial_price;
	int32_t lowest, least_social, highest;
	int visits, social, unsocial;
} WeekSums;

static void add_visit(WeekSums *sums, const Package *package, const Visit *visit)
{
	int64_t paid = kent_paid(package, visit->declared) * package->carers;
	sums->declared += visit->declared;
	sums->price += (int64_t)visit->rate * visit->declared;
	if (!sums->visits++ || visit->rate < sums->lowest)
		sums->lowest = visit->rate;
	sums->highest = at_least(sums->highest, visit->rate);
	if (unsocial(visit)) {
		sums->unsocial++;
		sums->paid += paid;
		sums->unsocial_price += paid * visit->rate;
	} else if (!sums->social++ || visit->rate < sums->least_social) {
		sums->least_social = visit->rate;
	}
}

/* A missed visit is in no sum. */
static WeekSums sum_week(const Package *package, int32_t monday)
{
	WeekSums sums = {0};
	for (int i = 0; i < package->visits; i++) {
		const Visit *visit = &package->visit[i];
		if (!visit->missed && visit->day >= monday && visit->day <= monday + 6)
			add_visit(&sums, package, visit);
	}
	return sums;
}

/* The subject is the package and the Monday, as in the database. */
static void settle_week(Kent *kent, const Week *week, const Mark *mark, const Found *found)
{
	char subject[SUBJECT_TEXT];
	grow_subject_period(kent->grow, subject, "provision", KEY_PROVISION, kent->package.no, "week",
		week->monday);
	grow_settle(kent->grow, 0, subject, mark, found);
}

/* What is over is priced at the mean rate of the week's minutes. */
static void judge_hours(Kent *kent, const Week *week, const WeekSums *sums)
{
	const Package *package = &kent->package;
	Found found = {0};
	int64_t over = sums->declared - package->weekly;
	if (package->care == CARE_PLAIN || package->care == CARE_ASSESS) {
		if (package->no_weekly && sums->visits)
			grow_unsure(&found, RULE_W1);
		else if (over > 0)
			grow_fails(&found, RULE_W1, grow_nearest(sums->price * over, 60 * sums->declared));
	}
	settle_week(kent, week, &week->mark, &found);
}

/* The subject has a rate card in it: the one of the week, as the uplift comes on a Monday. */
static void judge_rates(Kent *kent, const Week *week, const WeekSums *sums)
{
	const Package *package = &kent->package;
	char subject[SUBJECT_TEXT], provision[KEY_TEXT], card[KEY_TEXT], day[CAL_DAY_TEXT];
	Found found = {0};
	/* R5: one rate at all hours. The stake is what unsocial hours cost above the least of the
	 * others. */
	if (sums->social && sums->unsocial && sums->lowest != sums->highest)
		grow_fails(&found, RULE_R5, grow_nearest(sums->unsocial_price -
			sums->least_social * sums->paid, 5 * 3600));
	tables_key(kent->grow->county, provision, KEY_PROVISION, package->no);
	tables_key(kent->grow->county, card, KEY_CARD, kent_card(kent, package->post, week->monday));
	cal_print_day(day, week->monday);
	snprintf(subject, sizeof subject, "provision %s, card %s, week %s", provision, card, day);
	grow_settle(kent->grow, 0, subject, &week->rates, &found);
}

/* One sleep night a week is commissioned. */
static void judge_nights(Kent *kent, const Week *week)
{
	const Package *package = &kent->package;
	Found found = {0};
	int64_t nights = 0, claimed = 0, over;
	for (int i = 0; i < package->nights; i++)
		if (package->night[i].day >= week->monday && package->night[i].day <= week->monday + 6) {
			nights++;
			claimed += package->night[i].claimed;
		}
	/* N2: which of the nights was the one too many is not known, so it costs their mean. */
	over = nights - package->nightly;
	if (nights && package->no_nightly)
		grow_unsure(&found, RULE_N2);
	else if (nights && over > 0)
		grow_fails(&found, RULE_N2, grow_nearest(claimed * over, nights));
	settle_week(kent, week, &week->nights, &found);
}

/* ---- a night ------------------------------------------------------------------------------- */

/* All claims of one night; the first of them tells. */
static void judge_date(Kent *kent, int number)
{
	const Package *package = &kent->package;
	char subject[SUBJECT_TEXT];
	Found found = {0};
	int32_t day = package->night[number].day, claimed = 0, most = 0;
	int claims = 0;
	for (int i = 0; i < package->nights; i++) {
		if (package->night[i].day != day)
			continue;
		if (i < number)
			return;
		claims++;
		claimed += package->night[i].claimed;
		most = at_least(most, package->night[i].claimed);
	}
	/* N4: the dearest claim for a night stands, the others are beyond it. */
	if (claims > 1)
		grow_fails(&found, RULE_N4, claimed - most);
	grow_subject_period(kent->grow, subject, "provision", KEY_PROVISION, package->no, "night", day);
	grow_settle(kent->grow, 0, subject, &package->night[number].date, &found);
}

/* N1 knows one price, at any hour of the contract. */
static void judge_night(Kent *kent, int number)
{
	const Night *night = &kent->package.night[number];
	Found found = {0};
	if (night->claimed != NIGHT_PENCE)
		grow_fails(&found, RULE_N1, night->claimed - NIGHT_PENCE);
	settle(kent, "sleep_night", KEY_NIGHT, night->no, &night->mark, &found);
	judge_date(kent, number);
}

/* ---- envelopes ----------------------------------------------------------------------------- */

/* Minutes of the period, whichever it is. */
static int32_t envelope(const Package *package)
{
	return package->care == CARE_WEEKLY ? package->weekly : package->monthly;
}

/* What a visit draws on: its period's envelope, less what was declared before it. */
static int32_t left_for(const Kent *kent, const Visit *visit)
{
	const Package *package = &kent->package;
	int32_t first = kent_period(package, visit->day), left = envelope(package);
	for (int i = 0; i < package->visits; i++) {
		const Visit *other = &package->visit[i];
		if (!other->missed && kent_period(package, other->day) == first &&
			kent_before(kent, other, visit))
			left -= other->declared;
	}
	return at_least(left, 0);
}

/* A bank's row is named by its account and by the visit that drew on it. */
static void settle_debit(Kent *kent, const Visit *visit, const Found *found)
{
	char subject[SUBJECT_TEXT], provision[KEY_TEXT], of_visit[KEY_TEXT];
	tables_key(kent->grow->county, provision, KEY_PROVISION, kent->package.no);
	tables_key(kent->grow->county, of_visit, KEY_VISIT, visit->no);
	snprintf(subject, sizeof subject, "%s_envelope.debits %s, %s",
		kent->package.care == CARE_WEEKLY ? "weekly" : "monthly", provision, of_visit);
	grow_settle(kent->grow, 0, subject, &visit->debit, found);
}

/* Adds a period to the account: what is over when its last day has gone is lost. */
static void add_period(const Kent *kent, int32_t first, Balance *balance)
{
	const Package *package = &kent->package;
	int64_t declared = 0, credit = envelope(package), used;
	for (int i = 0; i < package->visits; i++) {
		const Visit *visit = &package->visit[i];
		if (visit->missed || kent_period(package, visit->day) != first)
			continue;
		declared += visit->declared;
		balance->debits++;
	}
	/* What an account cannot give is a shortfall, which no later period cures. */
	used = declared < credit ? declared : credit;
	balance->credited += credit;
	balance->used += used;
	balance->shortfall += declared - used;
	/* Credit of the period in which the run ends is still held: it expires behind the window. */
	if (kent_period_last(package, first) < grow_last_day(kent->grow))
		balance->expired += credit - used;
	else
		balance->held += credit - used;
}

/* Each visit that draws on it, and the account as it stands on the last day of the run. */
static void judge_envelope(Kent *kent)
{
	const Package *package = &kent->package;
	bool weekly = package->care == CARE_WEEKLY;
	char key[KEY_TEXT];
	Balance balance = {0};
	for (int i = 0; i < package->visits; i++) {
		const Visit *visit = &package->visit[i];
		Found found = {0};
		int32_t over = visit->missed ? 0 : visit->declared - left_for(kent, visit);
		if (over > 0)
			grow_fails(&found, weekly ? RULE_E1 : RULE_E2,
				grow_nearest((int64_t)visit->rate * over, 60));
		settle_debit(kent, visit, &found);
	}
	for (int32_t first = kent_period(package, package->start); first <= package->end;
		first = kent_period_last(package, first) + 1)
		add_period(kent, first, &balance);
	tables_key(kent->grow->county, key, KEY_PROVISION, package->no);
	grow_balance(kent->grow, 0, weekly ? "weekly_envelope" : "monthly_envelope", key, 60, &balance);
}

/* ---- the way through ----------------------------------------------------------------------- */

/* Q2 looks at the log next door; two people at one postcode need no time between them. */
void kent_judge_call(Kent *kent, const Call *call, uint64_t log)
{
	Found found = {0};
	if (kent->package.same_house)
		;
	else if (call->no_out)
		grow_unsure(&found, RULE_Q2);
	else if (call->gap < TRAVEL_SECONDS)
		grow_fails(&found, RULE_Q2, NO_STAKE);
	settle(kent, "log", KEY_LOG, log, &call->mark, &found);
}

void kent_judge(Kent *kent)
{
	const Package *package = &kent->package;
	judge_package(kent);
	for (int i = 0; i < package->offers; i++)
		judge_offer(kent, &package->offer[i]);
	for (int i = 0; i < package->visits; i++)
		judge_visit(kent, &package->visit[i]);
	for (int w = 0; w <= package->weeks; w++) {
		WeekSums sums = sum_week(package, package->week[w].monday);
		judge_hours(kent, &package->week[w], &sums);
		judge_rates(kent, &package->week[w], &sums);
		judge_nights(kent, &package->week[w]);
	}
	for (int i = 0; i < package->nights; i++)
		judge_night(kent, i);
	if (package->care == CARE_WEEKLY || package->care == CARE_MONTHLY)
		judge_envelope(kent);
}
