/*
 * Written from the notes of the event, with what the rule file assumes where they are silent: a
 * fifth for a change that matters, three tenths for the least weight, a week's claim to the penny.
 * Whatever hangs on a fact that is not there is unsure, unless the other facts settle it.
 *
 * Whatever the makers changed is found here from the rows alone, as an auditor would find it; only
 * what a clean row needs too (prices, scores, ends of periods) serves both. So each rule is there a
 * second time:
 *
 *   HP  what it costs           judge_provision
 *   HU  what is claimed         judge_week, judge_claim        (week by week)
 *   HS  shared and pooled       judge_scheme, judge_pooling
 *   HR  reviews                 judge_review, judge_years
 *   HC  calling off             judge_award, judge_bid, judge_opening; HC9 judge_provision
 */
#include "corpus/hertfordshire_judge.h"

#define LEAST_WEIGHT 30

/* Three answers, of which the surest counts. */
typedef enum Answer { CERTAINLY_NOT, PERHAPS, CERTAINLY } Answer;

/* ---- days and sums --------------------------------------------------------------------------- */

/* In force from April 2019, with no end. */
bool herts_seen(const Herts *herts, int32_t day)
{
	return day >= cal_day(2019, 4, 1) && day >= herts->from && day <= herts->last;
}

/* The event speaks of years, so a year ends on a day of the calendar and not after 365 days: 29
 * February 2020 ──> 28 February 2021. The other days of the calendar are the same in every year. */
int32_t herts_year_on(int32_t day)
{
	int year, month, date;
	cal_civil(day, &year, &month, &date);
	return cal_day(year + 1, month, month == 2 && date == 29 ? 28 : date);
}

/* Support that runs over several years is asked about at the end of each. */
int32_t herts_year_end(int32_t day)
{
	int year, month, date;
	cal_civil(day, &year, &month, &date);
	return cal_day(year, 12, 31);
}

/* The year from 1 April. */
int32_t herts_financial_end(int32_t day)
{
	int year, month, date;
	cal_civil(day, &year, &month, &date);
	return cal_day(month < 4 ? year : year + 1, 3, 31);
}

/* Quarters are those of the calendar: to the ends of March, June, September and December. */
int32_t herts_quarter_end(int32_t day)
{
	int year, month, date;
	cal_civil(day, &year, &month, &date);
	int next = (month - 1) / 3 * 3 + 4;
	return cal_day(next > 12 ? year + 1 : year, next > 12 ? 1 : next, 1) - 1;
}

/* Marks of periods are kept by the year in which a period ends. */
int herts_years_in(const Herts *herts, int32_t day)
{
	int first, year, month, date;
	cal_civil(herts->from, &first, &month, &date);
	cal_civil(day, &year, &month, &date);
	return year - first;
}

/* Counted from the quarter of the county's first day. */
int herts_quarters_in(const Herts *herts, int32_t day)
{
	int first, from, year, month, date;
	cal_civil(herts->from, &first, &from, &date);
	cal_civil(day, &year, &month, &date);
	return (year - first) * 4 + (month - 1) / 3 - (from - 1) / 3;
}

/* To the penny, and half a penny is a whole one. */
int32_t herts_price(int32_t rate, int32_t minutes)
{
	return (int32_t)grow_nearest((int64_t)rate * minutes, 60);
}

static int32_t least(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

/* What is certain of one row settles it for all; else what is open of one leaves it open. The order
 * of the answers is that of how much they settle. */
static Answer surer(Answer a, Answer b)
{
	return a > b ? a : b;
}

/* Fails where the answer is no, and is unsure where it is open. */
static void ask(Found *found, int rule, Answer answer, int64_t stake)
{
	if (answer == CERTAINLY_NOT)
		grow_fails(found, rule, stake);
	else if (answer == PERHAPS)
		grow_unsure(found, rule);
}

/* All rules of a subject at once, since marks are settled once. */
static void settle(const Herts *herts, const char *dataset, int kind, uint64_t no,
	const Mark *mark, const Found *found)
{
	char subject[SUBJECT_TEXT];
	grow_subject(herts->grow, subject, dataset, kind, no);
	grow_settle(herts->grow, 0, subject, mark, found);
}

/* A subject in one of the periods that it is asked about in. */
static void settle_period(const Herts *herts, const char *dataset, int kind, uint64_t no,
	const char *period, int32_t first, const Mark *mark, const Found *found)
{
	char subject[SUBJECT_TEXT];
	grow_subject_period(herts->grow, subject, dataset, kind, no, period, first);
	grow_settle(herts->grow, 0, subject, mark, found);
}

/* ---- what is claimed ------------------------------------------------------------------------- */

/* Elapsed time, so nothing has to be known here of the nights on which clocks change. */
int32_t herts_recorded(const Week *week)
{
	int32_t sum = 0;
	for (int i = 0; i < week->sessions; i++) {
		if (week->session[i].open)
			return MISSING;
		sum += week->session[i].length;
	}
	return sum;
}

/* What the amount is above a sum of hours at the rate; nothing where it is not above. */
static int64_t excess(const Package *package, const Claim *claim, int32_t minutes)
{
	int32_t over = claim->amount - herts_price(package->rate, minutes);
	return over > 0 ? over : 0;
}

/*
 * Hours against the limit and against the record, the amount against what both allow. A claim that
 * names no week cannot be held against anything.
 *
 *   HU1   minutes above the limit           at stake: what the amount is above the limit's price
 *   HU2   minutes above what was recorded   at stake: what it is above the record's price
 *   HU3   the amount is not what is due     at stake: the difference, below nought where owed
 *   HU5   a second claim of one week        at stake: all of it
 */
static void judge_claim(const Herts *herts, const Package *package, const Week *week, int i)
{
	const Claim *claim = &week->claim[i];
	int32_t recorded = herts_recorded(week);
	Found found = {0};
	if (claim->week != CAL_NO_DAY && !herts_seen(herts, claim->week))
		return;
	if (claim->week == CAL_NO_DAY) {
		for (int rule = RULE_HU1; rule <= RULE_HU5; rule++)
			if (rule != RULE_HU4)
				grow_unsure(&found, rule);
		settle(herts, "claim", KEY_CLAIM, claim->no, &claim->mark, &found);
		return;
	}
	if (claim->minutes > package->up_to)
		grow_fails(&found, RULE_HU1, excess(package, claim, package->up_to));
	if (recorded == MISSING)
		grow_unsure(&found, RULE_HU2);
	else if (claim->minutes > recorded)
		grow_fails(&found, RULE_HU2, excess(package, claim, recorded));
	if (recorded == MISSING || claim->amount == MISSING) {
		grow_unsure(&found, RULE_HU3);
	} else {
		int32_t due = herts_price(package->rate, least(recorded, package->up_to));
		if (claim->amount != due)
			grow_fails(&found, RULE_HU3, claim->amount - due);
	}
	if (i > 0)
		grow_fails(&found, RULE_HU5, claim->amount);
	settle(herts, "claim", KEY_CLAIM, claim->no, &claim->mark, &found);
}

/* Support that nobody claimed is owed, up to the limit; unless a claim without a week is for it. */
void herts_judge_week(const Herts *herts, uint32_t package, const Week *week)
{
	const Package *row = &herts->package[package];
	Found found = {0};
	bool claimed = false, perhaps = row->dateless;
	for (int i = 0; i < week->claims; i++) {
		judge_claim(herts, row, week, i);
		claimed = claimed || week->claim[i].week != CAL_NO_DAY;
	}
	if (!week->sessions || !herts_seen(herts, week->monday))
		return;
	if (!claimed)
		ask(&found, RULE_HU4, perhaps ? PERHAPS : CERTAINLY_NOT,
			-(int64_t)herts_price(row->rate, least(herts_recorded(week), row->up_to)));
	settle_period(herts, "provision", KEY_PROVISION, package + 1, "week", week->monday,
		&week->mark, &found);
}

/* ---- what it costs --------------------------------------------------------------------------- */

/* The blend is over core and additional hours; without additional ones it is the core rate. Where
 * the additional hours are missing, neither the blend nor the sum of hours can be redone. */
static void judge_blend(const Package *package, Found *found)
{
	if (package->extra == MISSING) {
		grow_unsure(found, RULE_HP1);
		grow_unsure(found, RULE_HP4);
		return;
	}
	int32_t hours = package->core + package->extra, blend = package->core_rate;
	if (package->minutes != hours)
		grow_fails(found, RULE_HP4,
			grow_nearest((int64_t)package->rate * (package->minutes - hours), 60));
	if (package->core_rate == MISSING || (package->extra && package->extra_rate == MISSING)) {
		grow_unsure(found, RULE_HP1);
		return;
	}
	if (package->extra)
		blend = (int32_t)grow_nearest((int64_t)package->core * package->core_rate +
				(int64_t)package->extra * package->extra_rate, hours);
	if (package->rate != blend)
		grow_fails(found, RULE_HP1,
			grow_nearest((int64_t)(package->rate - blend) * hours, 60));
}

/* Whether another package of the provider is for more complex needs of the same kind, runs beside
 * this one, and is cheaper. Both ends are in: one day together is enough. */
static Answer cheaper(const Package *package, const Package *other)
{
	bool beside = (package->end == CAL_NO_DAY || other->start <= package->end) &&
		(other->end == CAL_NO_DAY || other->end >= package->start);
	if (other->complexity == STANDARD || other->area != package->area || !beside ||
		other->rate >= package->rate)
		return CERTAINLY_NOT;
	if (other->need == MISSING || package->need == MISSING)
		return PERHAPS;
	return other->need == package->need ? CERTAINLY : CERTAINLY_NOT;
}

/* The chain has all packages of the provider, this one too, which is no more complex than itself.
 * Rates that are the same are in order. */
static void judge_order(const Herts *herts, const Package *package, Found *found)
{
	Answer answer = CERTAINLY_NOT;
	if (package->complexity != STANDARD)
		return;
	for (uint32_t at = herts->provider[package->provider].package; at;
		at = herts->package[at - 1].before)
		answer = surer(answer, cheaper(package, &herts->package[at - 1]));
	ask(found, RULE_HP3, answer == CERTAINLY ? CERTAINLY_NOT
			: answer == PERHAPS      ? PERHAPS
						 : CERTAINLY, NO_STAKE);
}

/* What was agreed is looked at on the first day of support. Registration is asked for where
 * personal care is given; the award to an unregistered provider is not wrong by itself. Packages
 * from before the run are not looked at. */
static void judge_provision(const Herts *herts, uint32_t i)
{
	const Package *package = &herts->package[i];
	int8_t registered = herts->provider[package->provider].registered;
	Found found = {0};
	if (!herts_seen(herts, package->start))
		return;
	judge_blend(package, &found);
	if (package->rate < RATE_LOW || package->rate > RATE_HIGH)
		grow_fails(&found, RULE_HP2, NO_STAKE);
	judge_order(herts, package, &found);
	if (package->personal == YES)
		ask(&found, RULE_HC9, registered == YES ? CERTAINLY
				: registered == NO      ? CERTAINLY_NOT
							: PERHAPS, NO_STAKE);
	settle(herts, "provision", KEY_PROVISION, i + 1, &package->mark, &found);
}

/* ---- reviews --------------------------------------------------------------------------------- */

/* Whether the hours had been reviewed in the year up to a day, before another review if it is
 * given. A review without a day may have been in that year. One that is certain ends the search;
 * nothing can be surer. */
static Answer reviewed(const Package *package, int32_t day, const Review *before)
{
	Answer answer = CERTAINLY_NOT;
	for (int i = 0; i < package->reviews; i++) {
		int32_t held = package->review[i].held;
		if (held == CAL_NO_DAY)
			answer = surer(answer, PERHAPS);
		else if (held <= day && day <= herts_year_on(held) &&
			(!before || held < before->held))
			answer = CERTAINLY;
		if (answer == CERTAINLY)
			break;
	}
	return answer;
}

/* Whether it is the last; none can be if one has no day, unless a later one is known. */
static Answer is_latest(const Package *package, const Review *review)
{
	Answer answer = CERTAINLY;
	for (int i = 0; i < package->reviews; i++) {
		int32_t held = package->review[i].held;
		if (held == CAL_NO_DAY)
			answer = PERHAPS;
		else if (held > review->held)
			return CERTAINLY_NOT;
	}
	return answer;
}

/* Late by the review before or by the first day; by how much the hours changed, which has to be on
 * record; and whether the last one was acted upon.
 *
 *      start ─── a year ───┐
 *        │   review        │ review          review
 *        └─────┼───────────┴───┼── a year ──────┼──────
 *                              in time by the one before */
static void judge_review(const Herts *herts, const Package *package, const Review *review)
{
	Found found = {0};
	if (review->held == CAL_NO_DAY) {
		grow_unsure(&found, RULE_HR1);
		grow_unsure(&found, RULE_HR3);
		grow_unsure(&found, RULE_HR4);
		settle(herts, "review", KEY_REVIEW, review->no, &review->mark, &found);
		return;
	}
	if (!herts_seen(herts, review->held))
		return;
	int32_t change = review->after - review->before;
	Answer latest = is_latest(package, review);
	if (review->held > herts_year_on(package->start))
		ask(&found, RULE_HR1, reviewed(package, review->held, review), NO_STAKE);
	if ((change < 0 ? -change : change) * 5 > review->before && review->significant != YES)
		ask(&found, RULE_HR3, review->significant == NO ? CERTAINLY_NOT : PERHAPS, NO_STAKE);
	if (latest == PERHAPS)
		grow_unsure(&found, RULE_HR4);
	else if (latest == CERTAINLY && package->minutes != review->after)
		grow_fails(&found, RULE_HR4, grow_nearest((int64_t)package->rate *
				(package->minutes - review->after), 60));
	settle(herts, "review", KEY_REVIEW, review->no, &review->mark, &found);
}

/*
 * At the end of each calendar year, or of support within it, once a year has gone by.
 *
 *   start ────── due ────── 31 Dec ────── 31 Dec        asked at each end from `due` on
 *                                └─ end of support: asked on that day instead, for the last time
 */
static void judge_years(const Herts *herts, uint32_t i)
{
	const Package *package = &herts->package[i];
	int32_t due = herts_year_on(package->start) + 1;
	for (int32_t end = herts_year_end(due); end <= herts->last; end = herts_year_end(end + 1)) {
		int32_t day = package->end != CAL_NO_DAY ? least(package->end, end) : end;
		int32_t first = herts_year_end(end - 366) + 1;
		if (day < first || day < due)
			break;
		if (!herts_seen(herts, end))
			continue;
		Found found = {0};
		ask(&found, RULE_HR2, reviewed(package, day, NULL), NO_STAKE);
		settle_period(herts, "provision", KEY_PROVISION, i + 1, "year", first,
			&package->year[herts_years_in(herts, end)], &found);
	}
}

/* ---- shared and pooled hours ----------------------------------------------------------------- */

/* On its first day: the choice has to be there, and all that is pooled on that day, this included,
 * has to fit into the hours that the person has. Sums that hold a MISSING are never used: `open` is
 * told before. */
static void judge_pooling(const Herts *herts, const Package *package, const Pooling *pooling)
{
	Found found = {0};
	int32_t sum = 0;
	bool open = false;
	if (!herts_seen(herts, pooling->start))
		return;
	for (int i = 0; i < package->poolings; i++) {
		const Pooling *other = &package->pooling[i];
		if (other->start > pooling->start ||
			(other->end != CAL_NO_DAY && other->end < pooling->start))
			continue;
		open = open || other->minutes == MISSING;
		sum += other->minutes;
	}
	if (pooling->chosen == CAL_NO_DAY || pooling->chosen > pooling->start)
		grow_fails(&found, RULE_HS3, NO_STAKE);
	if (open)
		grow_unsure(&found, RULE_HS4);
	else if (sum > package->up_to)
		grow_fails(&found, RULE_HS4, NO_STAKE);
	settle(herts, "pooling", KEY_POOLING, pooling->no, &pooling->mark, &found);
}

/* Once for each financial year that the scheme runs into. Exactly what is needed is neither too
 * much nor too little. */
static void judge_scheme(const Herts *herts, int i)
{
	const Scheme *scheme = &herts->scheme[i];
	for (int32_t end = herts_financial_end(scheme->start); end <= herts->last;
		end = herts_financial_end(end + 1)) {
		Found found = {0};
		int32_t first = herts_financial_end(end - 366) + 1;
		if (!herts_seen(herts, end) || (scheme->end != CAL_NO_DAY && scheme->end < first))
			continue;
		if (scheme->least == MISSING) {
			grow_unsure(&found, RULE_HS1);
			grow_unsure(&found, RULE_HS2);
		} else if (scheme->shared > scheme->least) {
			grow_fails(&found, RULE_HS1, grow_nearest((int64_t)scheme->rate *
					(scheme->shared - scheme->least), 60));
		} else if (scheme->shared < scheme->least) {
			grow_fails(&found, RULE_HS2, NO_STAKE);
		}
		settle_period(herts, "scheme", KEY_SCHEME, (uint64_t)i + 1, "financial year", first,
			&scheme->mark[herts_years_in(herts, end)], &found);
	}
}

/* ---- call-off -------------------------------------------------------------------------------- */

/* Weights are whole percents of hundredths of a percent; the sum is rounded once. */
int32_t herts_score_due(const Award *award, const Bid *bid)
{
	return (int32_t)grow_nearest((int64_t)award->weight[QUALITY] * bid->quality +
			(int64_t)award->weight[PRICE] * bid->price +
			(int64_t)award->weight[CHOICE] * bid->choice, 100);
}

/* A hundred for the cheapest; half the points at twice the price. */
int32_t herts_price_due(int32_t cheapest, int32_t rate)
{
	return (int32_t)grow_nearest((int64_t)cheapest * 10000, rate);
}

/* Whether the provider has a place for the package's kind of support on the day; and what quality
 * the last such place of the chain has. `quality` is left alone where there is no such place. */
static Answer placed(const Herts *herts, uint32_t provider, const Package *package, int32_t day,
	int32_t *quality)
{
	Answer answer = CERTAINLY_NOT;
	for (uint32_t at = herts->provider[provider].place; at; at = herts->place[at - 1].before) {
		const Place *place = &herts->place[at - 1];
		if (place->need != package->need || place->area != package->area ||
			place->complexity != package->complexity ||
			(place->end != CAL_NO_DAY && day > place->end) ||
			(place->start != CAL_NO_DAY && place->start > day))
			continue;
		answer = surer(answer, place->start == CAL_NO_DAY ? PERHAPS : CERTAINLY);
		*quality = place->quality;
	}
	return answer;
}

/* The lowest rate of the bids from within the framework; MISSING where it cannot be told. Whoever
 * has no place sets no price. One open bid is enough for the cheapest not to be known, even if it
 * could not be cheaper: what is missing may be any figure. */
static int32_t cheapest(const Herts *herts, const Package *package)
{
	const Award *award = &package->award;
	int32_t lowest = INT32_MAX, quality;
	bool open = false;
	for (int i = 0; i < award->bids; i++) {
		const Bid *bid = &award->bid[i];
		Answer answer = placed(herts, bid->provider, package, award->date, &quality);
		if (answer == CERTAINLY_NOT)
			continue;
		open = open || answer == PERHAPS || bid->rate == MISSING;
		lowest = least(lowest, bid->rate);
	}
	return open ? MISSING : lowest;
}

/* What the bid was scored: quality as on the framework, price against the cheapest, and the sum.
 * The sum is asked of every bid, also from outside: it only adds up what is written. */
static void judge_scores(const Herts *herts, const Package *package, const Bid *bid, Found *found)
{
	const Award *award = &package->award;
	int32_t quality = MISSING, lowest = cheapest(herts, package);
	Answer inside = placed(herts, bid->provider, package, award->date, &quality);
	if (inside == CERTAINLY_NOT)
		grow_fails(found, RULE_HC2, NO_STAKE);
	if (inside == PERHAPS)
		for (int rule = RULE_HC2; rule <= RULE_HC4; rule++)
			grow_unsure(found, rule);
	if (inside == CERTAINLY) {
		ask(found, RULE_HC3, quality == MISSING ? PERHAPS
				: bid->quality == quality ? CERTAINLY : CERTAINLY_NOT, NO_STAKE);
		ask(found, RULE_HC4, lowest == MISSING || bid->rate == MISSING ? PERHAPS
				: bid->price == herts_price_due(lowest, bid->rate) ? CERTAINLY
								: CERTAINLY_NOT, NO_STAKE);
	}
	if (award->weight[CHOICE] == MISSING || bid->price == MISSING || bid->choice == MISSING ||
		bid->score == MISSING)
		grow_unsure(found, RULE_HC5);
	else if (bid->score != herts_score_due(award, bid))
		grow_fails(found, RULE_HC5, NO_STAKE);
}

/* Whether none from within the framework did better. A tie is no defeat. Without the score of
 * another bid nobody can tell; one that is known to be better settles it all the same. The bid
 * itself is among them, and is not better than itself. */
static Answer is_best(const Herts *herts, const Package *package, const Bid *bid)
{
	const Award *award = &package->award;
	Answer answer = CERTAINLY;
	int32_t quality;
	for (int i = 0; i < award->bids; i++) {
		const Bid *other = &award->bid[i];
		Answer inside = placed(herts, other->provider, package, award->date, &quality);
		bool open = other->score == MISSING || bid->score == MISSING;
		if (inside == CERTAINLY_NOT || (!open && other->score <= bid->score))
			continue;
		if (inside == CERTAINLY && !open)
			return CERTAINLY_NOT;
		answer = PERHAPS;
	}
	return answer;
}

/* Only of the bid that won can it be asked whether it should have, and whether it was paid as bid.
 * Where nobody knows whether it won, neither can be told. */
static void judge_bid(const Herts *herts, const Package *package, const Bid *bid)
{
	const Award *award = &package->award;
	Found found = {0};
	judge_scores(herts, package, bid, &found);
	if (bid->won == MISSING) {
		grow_unsure(&found, RULE_HC6);
		grow_unsure(&found, RULE_HC10);
	} else if (bid->won == YES) {
		ask(&found, RULE_HC6, is_best(herts, package, bid), NO_STAKE);
		if (award->rate == MISSING)
			grow_unsure(&found, RULE_HC10);
		else if (award->rate != bid->rate)
			grow_fails(&found, RULE_HC10, grow_nearest(
				(int64_t)(award->rate - bid->rate) * award->minutes, 60));
	}
	settle(herts, "bid", KEY_BID, bid->no, &bid->mark, &found);
}

/* A whole, with enough for quality and for price. Too little weight fails whatever the third may
 * be. */
static void judge_weights(const Award *award, Found *found)
{
	const int32_t *weight = award->weight;
	if (!award->bids)
		return;
	if (weight[QUALITY] < LEAST_WEIGHT || weight[PRICE] < LEAST_WEIGHT)
		grow_fails(found, RULE_HC7, NO_STAKE);
	else if (weight[CHOICE] == MISSING)
		grow_unsure(found, RULE_HC7);
	else if (weight[QUALITY] + weight[PRICE] + weight[CHOICE] != 100)
		grow_fails(found, RULE_HC7, NO_STAKE);
}

/* An award without a round is looked at, too: its weights are then of no concern, but nobody's bid
 * can have won. Who won is asked of the bids of the provider that got it. */
static void judge_award(const Herts *herts, uint32_t i)
{
	const Package *package = &herts->package[i];
	const Award *award = &package->award;
	Found found = {0};
	Answer won = CERTAINLY_NOT;
	int32_t quality;
	if (!award->made || !herts_seen(herts, award->date))
		return;
	for (int b = 0; b < award->bids; b++) {
		const Bid *bid = &award->bid[b];
		judge_bid(herts, package, bid);
		if (bid->provider == award->provider && bid->won != NO)
			won = surer(won, bid->won == YES ? CERTAINLY : PERHAPS);
	}
	ask(&found, RULE_HC1, placed(herts, award->provider, package, award->date, &quality),
		NO_STAKE);
	judge_weights(award, &found);
	ask(&found, RULE_HC11, won, NO_STAKE);
	settle(herts, "award", KEY_AWARD, i + 1, &award->mark, &found);
}

/* Opened again by the same day of the next year; one without a day may have been in time, and can
 * itself not be looked at. The one without a day is judged in every run, as no day can leave it
 * out. */
static void judge_opening(const Herts *herts, int i)
{
	const Opening *opening = &herts->opening[i];
	Answer again = CERTAINLY_NOT;
	Found found = {0};
	for (int o = 0; o < herts->openings; o++) {
		int32_t date = herts->opening[o].date;
		if (date == CAL_NO_DAY)
			again = surer(again, PERHAPS);
		else if (date > opening->date && date <= herts_year_on(opening->date))
			again = CERTAINLY;
	}
	if (opening->date == CAL_NO_DAY)
		again = PERHAPS;
	else if (!herts_seen(herts, herts_year_on(opening->date)))
		return;
	ask(&found, RULE_HC8, again, NO_STAKE);
	settle(herts, "opening", KEY_OPENING, (uint64_t)i + 1, &opening->mark, &found);
}

/* Subjects that a mark may stand on, each of them once. */
void herts_judge(const Herts *herts)
{
	for (uint32_t i = 0; i < herts->packages; i++) {
		const Package *package = &herts->package[i];
		judge_provision(herts, i);
		judge_award(herts, i);
		judge_years(herts, i);
		for (int r = 0; r < package->reviews; r++)
			judge_review(herts, package, &package->review[r]);
		for (int p = 0; p < package->poolings; p++)
			judge_pooling(herts, package, &package->pooling[p]);
	}
	for (int i = 0; i < SCHEMES; i++)
		judge_scheme(herts, i);
	for (int i = 0; i < herts->openings; i++)
		judge_opening(herts, i);
}
