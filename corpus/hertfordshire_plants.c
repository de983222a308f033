/*
 * Makers change a row so that it means what the list says, or change nothing and return false. None
 * means anything on days at which no rule looks in this run. Those of a round mostly leave one bid
 * in it, of a provider of its own, so that no other award feels what was planted.
 *
 *   mean_...   may this row take the plant? marks it, and everything that will follow from it
 *   ...        then changes the row, so little that nothing else about it is wrong
 *
 * Marking comes first, because it can be refused: the row has a plant already, or lies outside the
 * days that are looked at. A near miss is made like a failure, a penny, a minute or a day to the
 * other side.
 */
#include "corpus/hertfordshire_plants.h"

#include "corpus/hertfordshire_judge.h"
#include "corpus/hertfordshire_care.h"

/* The day is the one on which the rule looks: that of the award for its bids, the first of
 * support for the package. */
bool herts_mean(const Scene *scene, int32_t on, Mark *mark, int plant)
{
	return herts_seen(scene->herts, on) && grow_mean(scene->herts->grow, mark, plant);
}

/* Without a plant of its own the row stays open to one in a later stage. */
void herts_mean_also(const Scene *scene, Mark *mark, Verdict verdict, int rule)
{
	grow_mean_also(scene->herts->grow, mark, verdict, rule);
}

/* ---- the round ------------------------------------------------------------------------------- */

/* Everything is scored as the event says: a maker that changes a bid calls this again, or leaves
 * the score as it was on purpose. */
void herts_call_off(Package *package)
{
	Award *award = &package->award;
	int32_t cheapest = INT32_MAX;
	int best = 0;
	for (int i = 0; i < award->bids; i++)
		if (award->bid[i].rate < cheapest)
			cheapest = award->bid[i].rate;
	for (int i = 0; i < award->bids; i++) {
		Bid *bid = &award->bid[i];
		bid->won = NO;
		bid->price = herts_price_due(cheapest, bid->rate);
		bid->score = herts_score_due(award, bid);
		if (bid->score > award->bid[best].score)
			best = i;
	}
	award->bid[best].won = YES;
	award->provider = award->bid[best].provider;
	award->rate = award->bid[best].rate;
	award->minutes = package->minutes;
}

/* The number of the bid that won; of another; -1 where there is none. */
static int winner(const Award *award)
{
	for (int i = 0; i < award->bids; i++)
		if (award->bid[i].won == YES)
			return i;
	return -1;
}

static int other(const Award *award)
{
	for (int i = 0; i < award->bids; i++)
		if (award->bid[i].won == NO)
			return i;
	return -1;
}

/* In the stage, and the bid is there. */
static bool round_with(const Scene *scene, int bid)
{
	return scene->stage == CALLING_OFF && bid >= 0;
}

/* Bids are looked at on the day of the award. Numbers below 0 are of no bid. */
static bool mean_bid(const Scene *scene, int bid, int plant)
{
	Award *award = &scene->package->award;
	return round_with(scene, bid) && herts_mean(scene, award->date, &award->bid[bid].mark, plant);
}

/* The round stands before everything else of a package, so nothing has been planted in it. */
static bool mean_award(const Scene *scene, int plant)
{
	return scene->stage == CALLING_OFF &&
		herts_mean(scene, scene->package->award.date, &scene->package->award.mark, plant);
}

/* One plant of a package is in its round or in its rates, never in both: the mark of the first
 * keeps out the second. */
static bool mean_package(const Scene *scene, Stage stage, int plant)
{
	return scene->stage == stage &&
		herts_mean(scene, scene->package->start, &scene->package->mark, plant);
}

/* Leaves one bid in the round, of a new provider without a place. The pointer stays good: bids lie
 * in the package, and no package is added meanwhile. */
static Bid *alone(Scene *scene, int8_t registered)
{
	Award *award = &scene->package->award;
	award->bids = 1;
	award->bid[0].provider = herts_provider(scene->herts, registered);
	herts_call_off(scene->package);
	return &award->bid[0];
}

/* The same with a place that has held for years, of the quality of the bid. */
static Bid *alone_placed(Scene *scene, int8_t registered)
{
	Bid *bid = alone(scene, registered);
	Place *place = herts_place(scene->herts, bid->provider, scene->package,
		cal_day(2018, 1, 1), CAL_NO_DAY);
	place->quality = bid->quality;
	return bid;
}

/* ---- makers: places -------------------------------------------------------------------------- */

/* The award goes to a provider whose place, if it has one, holds from start to end; the bid is then
 * from outside. */
static bool places(Scene *scene, bool placed, int32_t start, int32_t end, int plant)
{
	if (!mean_award(scene, plant))
		return false;
	Bid *bid = alone(scene, YES);
	Verdict verdict = herts_kinds[plant].verdict;
	if (placed)
		herts_place(scene->herts, bid->provider, scene->package, start, end)->quality =
			bid->quality;
	if (verdict != VERDICT_PASS)
		herts_mean_also(scene, &bid->mark, verdict, RULE_HC2);
	if (verdict == VERDICT_UNSURE) {
		herts_mean_also(scene, &bid->mark, verdict, RULE_HC3);
		herts_mean_also(scene, &bid->mark, verdict, RULE_HC4);
	}
	return true;
}

/* No category, no day: the provider is nowhere on the framework. */
static bool no_place(void *context)
{
	return places(context, false, 0, 0, PLANT_HC1_NONE);
}

/* The place's last day against the day of the award:
 *
 *      ├── place ──┤              expired: awarded the day after
 *      ├── place ──┤ award        last day: awarded on it, and just in time */
static bool place_expired(void *context)
{
	Scene *scene = context;
	int32_t day = scene->package->award.date;
	return places(scene, true, day - 400, day - 1, PLANT_HC1_EXPIRED);
}

/* The place begins the day after the award, so it is known of and does not hold yet. */
static bool place_early(void *context)
{
	Scene *scene = context;
	return places(scene, true, scene->package->award.date + 1, CAL_NO_DAY, PLANT_HC1_EARLY);
}

/* Both ends of a place belong to it. */
static bool place_last(void *context)
{
	Scene *scene = context;
	int32_t day = scene->package->award.date;
	return places(scene, true, day - 400, day, PLANT_HC1_LAST);
}

/* The first day of the place, on which the award may be made. */
static bool place_first(void *context)
{
	Scene *scene = context;
	return places(scene, true, scene->package->award.date, CAL_NO_DAY, PLANT_HC1_FIRST);
}

/* It has not ended; whether it had begun nobody can say, and nothing of the bid can be told. */
static bool place_undated(void *context)
{
	return places(context, true, CAL_NO_DAY, CAL_NO_DAY, PLANT_HC1_UNDATED);
}

/* A place for all of the category but the complexity. */
static bool place_other(void *context)
{
	Scene *scene = context;
	if (!places(scene, true, cal_day(2018, 1, 1), CAL_NO_DAY, PLANT_HC1_OTHER))
		return false;
	Place *place = &scene->herts->place[scene->herts->places - 1];
	place->complexity = (int8_t)((place->complexity + 1) % COMPLEXITIES);
	return true;
}

/* Better and cheaper than all others, and yet the best of the others is to win. */
static bool outsider(void *context)
{
	Scene *scene = context;
	Award *award = &scene->package->award;
	int best = winner(award);
	if (!round_with(scene, best) || award->bids == BIDS_MAX ||
		!herts_mean(scene, award->date, &award->bid[award->bids].mark, PLANT_HC2_OUTSIDER))
		return false;
	Bid *bid = &award->bid[award->bids++];
	bid->provider = OUTSIDER;
	bid->rate = RATE_LOW;
	bid->quality = bid->price = bid->choice = 10000;
	bid->score = herts_score_due(award, bid);
	herts_mean_also(scene, &award->bid[best].mark, VERDICT_PASS, RULE_HC6);
	return true;
}

/* ---- makers: scores -------------------------------------------------------------------------- */

/* The score follows, so that the sum is right. */
static bool quality_above(void *context)
{
	Scene *scene = context;
	Award *award = &scene->package->award;
	int best = winner(award);
	if (!mean_bid(scene, best, PLANT_HC3_ABOVE))
		return false;
	award->bid[best].quality++;
	award->bid[best].score = herts_score_due(award, &award->bid[best]);
	return true;
}

/* A round of one bid, which gets the mark. */
static Bid *single(Scene *scene, int plant)
{
	if (!mean_bid(scene, 0, plant))
		return NULL;
	return alone_placed(scene, YES);
}

/* The day before, the provider had a place of other quality. */
static bool quality_old(void *context)
{
	Scene *scene = context;
	int32_t day = scene->package->award.date;
	Bid *bid = single(scene, PLANT_HC3_OLD);
	if (!bid)
		return false;
	scene->herts->place[scene->herts->places - 1].start = day;
	herts_place(scene->herts, bid->provider, scene->package, day - 900, day - 1)->quality =
		bid->quality + 500;
	return true;
}

/* There is a place, and its evaluation left no score. */
static bool quality_unknown(void *context)
{
	Scene *scene = context;
	if (!single(scene, PLANT_HC3_UNKNOWN))
		return false;
	scene->herts->place[scene->herts->places - 1].quality = MISSING;
	return true;
}

/* A little more for the one that won, or less for one that lost: the best stays the best. */
static bool reprice(Scene *scene, int bid, int32_t more, int plant)
{
	Award *award = &scene->package->award;
	if (!mean_bid(scene, bid, plant))
		return false;
	award->bid[bid].price += more;
	award->bid[bid].score = herts_score_due(award, &award->bid[bid]);
	return true;
}

/* Another score than the rates give; the best bid stays the best. */
static bool price_above(void *context)
{
	Scene *scene = context;
	return reprice(scene, winner(&scene->package->award), 1, PLANT_HC4_ABOVE);
}

/* One that lost stays behind. */
static bool price_below(void *context)
{
	Scene *scene = context;
	return reprice(scene, other(&scene->package->award), -1, PLANT_HC4_BELOW);
}

/* Nobody can tell which bid was the cheapest. */
static bool price_unknown(void *context)
{
	Scene *scene = context;
	Award *award = &scene->package->award;
	int lost = other(award);
	if (!mean_bid(scene, lost, PLANT_HC4_UNKNOWN))
		return false;
	award->bid[lost].rate = MISSING;
	for (int i = 0; i < award->bids; i++)
		herts_mean_also(scene, &award->bid[i].mark, VERDICT_UNSURE, RULE_HC4);
	return true;
}

static bool rescore(Scene *scene, int bid, int32_t more, int plant)
{
	if (!mean_bid(scene, bid, plant))
		return false;
	scene->package->award.bid[bid].score += more;
	return true;
}

/* The parts are right, and their sum is not. */
static bool score_above(void *context)
{
	Scene *scene = context;
	return rescore(scene, winner(&scene->package->award), 1, PLANT_HC5_ABOVE);
}

/* The score stays below that of the best bid. */
static bool score_below(void *context)
{
	Scene *scene = context;
	return rescore(scene, other(&scene->package->award), -1, PLANT_HC5_BELOW);
}

/* The total is there, but nobody can redo it. */
static bool score_unknown(void *context)
{
	Scene *scene = context;
	int lost = other(&scene->package->award);
	if (!mean_bid(scene, lost, PLANT_HC5_UNKNOWN))
		return false;
	scene->package->award.bid[lost].choice = MISSING;
	return true;
}

/* The award follows the bid that is said to have won. */
static bool second_best(void *context)
{
	Scene *scene = context;
	Award *award = &scene->package->award;
	int best = winner(award), lost = other(award);
	if (!round_with(scene, lost) || award->bid[lost].score == award->bid[best].score ||
		!mean_bid(scene, lost, PLANT_HC6_SECOND))
		return false;
	award->bid[best].won = NO;
	award->bid[lost].won = YES;
	award->provider = award->bid[lost].provider;
	award->rate = award->bid[lost].rate;
	return true;
}

/* Two new providers that are alike in all. */
static bool as_good(void *context)
{
	Scene *scene = context;
	Award *award = &scene->package->award;
	Bid *bid = single(scene, PLANT_HC6_TIE);
	if (!bid)
		return false;
	award->bids = 2;
	award->bid[1] = (Bid){.provider = herts_provider(scene->herts, YES), .rate = bid->rate,
		.quality = bid->quality, .choice = bid->choice};
	herts_place(scene->herts, award->bid[1].provider, scene->package, cal_day(2018, 1, 1),
		CAL_NO_DAY)->quality = bid->quality;
	herts_call_off(scene->package);
	return true;
}

/* The one that won may have been beaten by the one without a score. */
static bool best_unknown(void *context)
{
	Scene *scene = context;
	Award *award = &scene->package->award;
	int lost = other(award);
	if (!round_with(scene, lost) || !mean_bid(scene, winner(award), PLANT_HC6_UNKNOWN))
		return false;
	award->bid[lost].score = MISSING;
	herts_mean_also(scene, &award->bid[lost].mark, VERDICT_UNSURE, RULE_HC5);
	return true;
}

/* ---- makers: weights and awards -------------------------------------------------------------- */

/* All is scored anew, so that only the weights themselves are wrong. */
static bool weighs(Scene *scene, int32_t quality, int32_t price, int32_t choice, int plant)
{
	Award *award = &scene->package->award;
	if (!mean_award(scene, plant))
		return false;
	award->weight[QUALITY] = quality;
	award->weight[PRICE] = price;
	award->weight[CHOICE] = choice;
	herts_call_off(scene->package);
	return true;
}

/* The three make a whole; quality has one percent less than the least. */
static bool weight_quality(void *context)
{
	return weighs(context, 29, 50, 21, PLANT_HC7_QUALITY);
}

/* The same for price. */
static bool weight_price(void *context)
{
	return weighs(context, 50, 29, 21, PLANT_HC7_PRICE);
}

/* Each is enough, and together they are too much. */
static bool weight_whole(void *context)
{
	return weighs(context, 50, 31, 20, PLANT_HC7_WHOLE);
}

/* Both at the least, and choice has what is left. */
static bool weight_least(void *context)
{
	return weighs(context, 30, 30, 40, PLANT_HC7_LEAST);
}

/* What the parts make cannot be told either. */
static bool weight_unknown(void *context)
{
	Scene *scene = context;
	Award *award = &scene->package->award;
	if (!mean_award(scene, PLANT_HC7_UNKNOWN))
		return false;
	award->weight[CHOICE] = MISSING;
	for (int i = 0; i < award->bids; i++)
		herts_mean_also(scene, &award->bid[i].mark, VERDICT_UNSURE, RULE_HC5);
	return true;
}

/* The package is paid as it was awarded. */
static bool pays(Scene *scene, int32_t more, int plant)
{
	Award *award = &scene->package->award;
	if (!mean_bid(scene, winner(award), plant))
		return false;
	award->rate += more;
	return true;
}

/* The package is overpaid by a penny an hour, and the sum at stake is a week of it. */
static bool paid_above(void *context)
{
	return pays(context, 1, PLANT_HC10_ABOVE);
}

/* The sum at stake is owed to the provider. */
static bool paid_below(void *context)
{
	return pays(context, -1, PLANT_HC10_BELOW);
}

/* The package has the rate of the bid, since nothing else is on record. */
static bool paid_unknown(void *context)
{
	Scene *scene = context;
	if (!pays(scene, 0, PLANT_HC10_UNKNOWN))
		return false;
	scene->package->award.rate = MISSING;
	return true;
}

/* At the rate of the bid that won, so that nothing else is wrong. */
static bool loser(void *context)
{
	Scene *scene = context;
	Award *award = &scene->package->award;
	int lost = other(award);
	if (!round_with(scene, lost) || !mean_award(scene, PLANT_HC11_LOSER))
		return false;
	award->provider = award->bid[lost].provider;
	return true;
}

/* It went to a provider with a place, all the same. */
static bool no_round(void *context)
{
	Scene *scene = context;
	if (!mean_award(scene, PLANT_HC11_NO_ROUND))
		return false;
	scene->package->award.bids = 0;
	return true;
}

/* The only bid is the best, but whether it won is not written down. */
static bool winner_unknown(void *context)
{
	Scene *scene = context;
	if (!mean_award(scene, PLANT_HC11_UNKNOWN))
		return false;
	Bid *bid = alone_placed(scene, YES);
	bid->won = MISSING;
	herts_mean_also(scene, &bid->mark, VERDICT_UNSURE, RULE_HC6);
	herts_mean_also(scene, &bid->mark, VERDICT_UNSURE, RULE_HC10);
	return true;
}

/* ---- makers: rates --------------------------------------------------------------------------- */

/* Awarded to the only bidder, at a rate that no other sort of support has. */
static bool ranges(Scene *scene, int8_t complexity, int32_t rate, int plant)
{
	Package *package = scene->package;
	if (package->complexity != complexity || !mean_package(scene, CALLING_OFF, plant))
		return false;
	package->award.bids = 1;
	package->award.bid[0].rate = rate;
	herts_call_off(package);
	return true;
}

/* Bespoke support is the dearest, so its rates can lie above the range and break no other rule. */
static bool range_above(void *context)
{
	return ranges(context, BESPOKE, RATE_HIGH + 1, PLANT_HP2_ABOVE);
}

/* Standard support is the cheapest, so its rates can lie below. */
static bool range_below(void *context)
{
	return ranges(context, STANDARD, RATE_LOW - 1, PLANT_HP2_BELOW);
}

/* Both ends of the range are in it. */
static bool range_highest(void *context)
{
	return ranges(context, BESPOKE, RATE_HIGH, PLANT_HP2_HIGHEST);
}

/* At the lowest that was paid, and in order. */
static bool range_lowest(void *context)
{
	return ranges(context, STANDARD, RATE_LOW, PLANT_HP2_LOWEST);
}

/* Complex support of the same new provider, from one day to another, so many pence cheaper. The
 * neighbour itself is made later, when this package is complete. */
static bool besides(Scene *scene, int32_t start, int32_t end, int32_t cheaper, int plant)
{
	if (scene->package->complexity != STANDARD || start > scene->herts->last - 7 ||
		!mean_package(scene, CALLING_OFF, plant))
		return false;
	scene->beside = true;
	scene->needless = herts_kinds[plant].verdict == VERDICT_UNSURE;
	scene->beside_start = start;
	scene->beside_end = end;
	scene->beside_rate = alone_placed(scene, YES)->rate - cheaper;
	return true;
}

/* From so many days after the last day of the package on. */
static bool from_end(Scene *scene, int32_t after, int32_t cheaper, int plant)
{
	int32_t end = scene->package->end;
	return end != CAL_NO_DAY && besides(scene, end + after, CAL_NO_DAY, cheaper, plant);
}

/*
 *      standard  ├──────────┤
 *      complex              ├──── ...      one day together is enough */
static bool dearer(void *context)
{
	return from_end(context, 0, 1, PLANT_HP3_DEARER);
}

/* The same rate for more complex needs is no ground for a question. */
static bool as_dear(void *context)
{
	return from_end(context, 0, 0, PLANT_HP3_EQUAL);
}

/*
 *      standard  ├──────────┤
 *      complex               ├──── ...     a day apart, and rates may have changed */
static bool dearer_before(void *context)
{
	return from_end(context, 1, 1, PLANT_HP3_AFTER);
}

/* Its need is missing, so it may be of the same kind. */
static bool dearer_maybe(void *context)
{
	return from_end(context, 0, 1, PLANT_HP3_UNKNOWN);
}

/* The other way about: what is cheaper ends as this package begins. */
static bool dearer_later(void *context)
{
	Scene *scene = context;
	int32_t start = scene->package->start;
	return besides(scene, start - 90, start, 1, PLANT_HP3_ENDED);
}

/* One day apart is enough for rates to have changed. */
static bool dearer_since(void *context)
{
	Scene *scene = context;
	int32_t start = scene->package->start;
	return besides(scene, start - 90, start - 1, 1, PLANT_HP3_BEFORE);
}

/* A new provider of which is known whether it is registered, or not. */
static bool registers(Scene *scene, int8_t personal, int8_t registered, int plant)
{
	if (!mean_package(scene, CALLING_OFF, plant))
		return false;
	scene->package->personal = personal;
	alone_placed(scene, registered);
	return true;
}

/* The provider may well be on the framework, for other support. */
static bool unregistered(void *context)
{
	return registers(context, YES, NO, PLANT_HC9_BARRED);
}

/* Nobody needs a registration for support without personal care. */
static bool unregistered_other(void *context)
{
	return registers(context, NO, NO, PLANT_HC9_OTHER);
}

/* Whether it is registered was never entered. */
static bool unregistered_maybe(void *context)
{
	return registers(context, YES, MISSING, PLANT_HC9_UNKNOWN);
}

/* Core and additional rates both move, so the blend moves by just as much. The rate that is paid
 * stays, so that only the blend is off. */
static bool blends(Scene *scene, int32_t more, int plant)
{
	Package *package = scene->package;
	if (!mean_package(scene, PRICING, plant))
		return false;
	package->core_rate += more;
	if (package->extra)
		package->extra_rate += more;
	return true;
}

/* The rate stays, as it is that of the award; the blend falls. */
static bool rate_above(void *context)
{
	return blends(context, -1, PLANT_HP1_ABOVE);
}

/* The blend rises, and the difference is owed to the provider. */
static bool rate_below(void *context)
{
	return blends(context, 1, PLANT_HP1_BELOW);
}

/* As many additional hours as core ones, at rates a penny apart: half a penny counts as one. */
static bool rate_half(void *context)
{
	Scene *scene = context;
	Package *package = scene->package;
	if (package->up_to % 2 || !mean_package(scene, PRICING, PLANT_HP1_HALF))
		return false;
	package->core = package->extra = package->up_to / 2;
	package->core_rate = package->rate - 1;
	package->extra_rate = package->rate;
	return true;
}

/* Additional hours do not help: the blend hangs on the core rate in any case. */
static bool rate_unknown(void *context)
{
	Scene *scene = context;
	if (!mean_package(scene, PRICING, PLANT_HP1_UNKNOWN))
		return false;
	scene->package->core_rate = MISSING;
	return true;
}

/* The limit stays what core and additional hours make. */
static bool commissions(Scene *scene, int32_t more, int plant)
{
	if (!mean_package(scene, PRICING, plant))
		return false;
	scene->package->minutes += more;
	return true;
}

/* A minute more is paid than the blend is made of. */
static bool hours_above(void *context)
{
	return commissions(context, 1, PLANT_HP4_ABOVE);
}

/* A minute less is commissioned than was agreed. */
static bool hours_below(void *context)
{
	return commissions(context, -1, PLANT_HP4_BELOW);
}

/* Neither the blend nor the sum of hours can be told. */
static bool hours_unknown(void *context)
{
	Scene *scene = context;
	if (!commissions(scene, 0, PLANT_HP4_UNKNOWN))
		return false;
	scene->package->extra = MISSING;
	herts_mean_also(scene, &scene->package->mark, VERDICT_UNSURE, RULE_HP1);
	return true;
}

const GrowKind herts_kinds[PLANT_COUNT] = {HERTS_PLANTS(GROW_KIND)};
