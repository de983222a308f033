/*
 * Days of reviews are planted first, then what the reviews changed, since the last of them has to
 * leave what is commissioned. A week takes one plant, with the sessions as long as it needs them.
 */
#include "corpus/hertfordshire_care.h"

#include "corpus/hertfordshire_judge.h"
#include "corpus/hertfordshire_plants.h"

#define SESSION_MOST 1200 /* minutes that one session may have */
#define SESSION_LEAST 15

/* ---- reviews: their days --------------------------------------------------------------------- */

/* From where the year of a review counts. */
static int32_t year_from(const Package *package, int review)
{
	return review ? package->review[review - 1].held : package->start;
}

/* The last review, held so many days after a year was over; support has to last so long. */
static Review *hold_last(Scene *scene, int32_t late, int plant)
{
	Package *package = scene->package;
	int last = package->reviews - 1;
	if (scene->stage != REVIEWING || last < 0)
		return NULL;
	Review *review = &package->review[last];
	int32_t held = herts_year_on(year_from(package, last)) + late;
	if ((package->end != CAL_NO_DAY && held > package->end) ||
		!herts_mean(scene, held, &review->mark, plant))
		return NULL;
	review->held = held;
	return review;
}

/*
 *      year_from ────────── a year ──────────┐
 *                                            │  held: the day after, and one day late */
bool care_review_late(void *context)
{
	return hold_last(context, 1, PLANT_HR1_LATE) != NULL;
}

/* The last day of the year still belongs to it. */
bool care_review_in_time(void *context)
{
	return hold_last(context, 0, PLANT_HR1_YEAR) != NULL;
}

/* A review without a day: of nothing that it asks can be told whether it holds, nor which review is
 * the last. */
static void add_undated(const Scene *scene)
{
	Package *package = scene->package;
	if (package->reviews && herts_seen(scene->herts, package->review[package->reviews - 1].held))
		herts_mean_also(scene, &package->review[package->reviews - 1].mark, VERDICT_UNSURE,
			RULE_HR4);
	Review *review = &package->review[package->reviews++];
	*review = (Review){.held = CAL_NO_DAY, .before = package->minutes,
		.after = package->minutes};
	herts_mean_also(scene, &review->mark, VERDICT_UNSURE, RULE_HR1);
	herts_mean_also(scene, &review->mark, VERDICT_UNSURE, RULE_HR3);
	herts_mean_also(scene, &review->mark, VERDICT_UNSURE, RULE_HR4);
}

/* The one without a day may have been in that year. Which review was the last cannot be told, so
 * nothing can be said of what it left either. */
bool care_review_undated(void *context)
{
	Scene *scene = context;
	if (scene->package->reviews == REVIEWS_MAX ||
		!hold_last(scene, 1, PLANT_HR1_UNKNOWN))
		return false;
	add_undated(scene);
	return true;
}

/* The last day on which the past year is asked for, in the last calendar year of which the run sees
 * the end; CAL_NO_DAY where a year has not gone by, or another such day lies less than a year
 * before, so that it would be without a review, too. */
static int32_t last_asked(const Scene *scene)
{
	const Package *package = scene->package;
	int32_t due = herts_year_on(package->start) + 1;
	int32_t end = herts_year_end(scene->herts->last);
	if (end > scene->herts->last)
		end = herts_year_end(end - 366);
	if (package->end != CAL_NO_DAY && package->end < end)
		end = package->end;
	int32_t before = herts_year_end(herts_year_end(end) - 366);
	bool close = before >= due && end - before < 366;
	return end < due || close || !herts_seen(scene->herts, herts_year_end(end)) ? CAL_NO_DAY : end;
}

/* The first review that counts for the year up to the day, on which none may be held: that day may
 * be the last of the year before. -1: none. */
static int first_within(const Package *package, int32_t day)
{
	for (int i = 0; i < package->reviews; i++)
		if (herts_year_on(package->review[i].held) >= day)
			return package->review[i].held <= day ? i : -1;
	return -1;
}

/* Takes away that review and all after it. */
static bool without(Scene *scene, int plant)
{
	Package *package = scene->package;
	int32_t day = scene->stage == REVIEWING ? last_asked(scene) : CAL_NO_DAY;
	int first = day == CAL_NO_DAY ? -1 : first_within(package, day);
	if (first < 0 || package->review[first].held == herts_year_end(package->review[first].held))
		return false;
	Mark *mark = &package->year[herts_years_in(scene->herts, day)];
	if (!herts_mean(scene, herts_year_end(day), mark, plant))
		return false;
	package->reviews = first;
	return true;
}

/*
 *      review        [ review ]   [ review ]
 *      ──┼───────────────┼────────────┼──────────┤ day asked about
 *                    └ taken away: nothing is left in the year to that day */
bool care_year_without(void *context)
{
	return without(context, PLANT_HR2_NONE);
}

/* What was taken away is perhaps there after all, without its day. */
bool care_year_undated(void *context)
{
	if (!without(context, PLANT_HR2_UNKNOWN))
		return false;
	add_undated(context);
	return true;
}

/* That review is moved back to the first day that counts, and is the last. */
bool care_year_before(void *context)
{
	Scene *scene = context;
	Package *package = scene->package;
	int32_t day = scene->stage == REVIEWING ? last_asked(scene) : CAL_NO_DAY;
	int first = day == CAL_NO_DAY ? -1 : first_within(package, day);
	if (first < 0)
		return false;
	int32_t held = package->review[first].held;
	while (herts_year_on(held - 1) >= day)
		held--;
	Mark *mark = &package->year[herts_years_in(scene->herts, day)];
	if (held <= year_from(package, first) ||
		!herts_mean(scene, herts_year_end(day), mark, PLANT_HR2_YEAR))
		return false;
	package->review[first].held = held;
	package->reviews = first + 1;
	return true;
}

/* ---- reviews: what they changed -------------------------------------------------------------- */

/* Some review that has a day in the run, or NULL. */
static Review *some_review(const Scene *scene)
{
	Package *package = scene->package;
	if (scene->stage != CHANGING || !package->reviews)
		return NULL;
	Review *review = &package->review[rng_below(scene->rng, (uint32_t)package->reviews)];
	return review->held != CAL_NO_DAY && herts_seen(scene->herts, review->held) ? review : NULL;
}

/* What it left stays; what there was before is chosen to fit. */
static bool changes(Scene *scene, int32_t before, Review *review, int8_t significant, int plant)
{
	if (!review || !herts_mean(scene, review->held, &review->mark, plant))
		return false;
	review->before = before;
	review->significant = significant;
	return true;
}

/* The most of which `after` is more by above a fifth: 5 (after - before) > before. */
static int32_t fifth_below(const Review *review)
{
	return review ? (5 * review->after - 1) / 6 : 0;
}

/* The least of which it is less by above a fifth: 5 (before - after) > before. */
static int32_t fifth_above(const Review *review)
{
	return review ? 5 * review->after / 4 + 1 : 0;
}

/* The first minute beyond a fifth. */
bool care_change_more(void *context)
{
	Review *review = some_review(context);
	return changes(context, fifth_below(review), review, NO, PLANT_HR3_MORE);
}

/* Less is a change like more. */
bool care_change_less(void *context)
{
	Review *review = some_review(context);
	return changes(context, fifth_above(review), review, NO, PLANT_HR3_LESS);
}

/* Where five quarters of what it left are a whole number. */
bool care_change_fifth(void *context)
{
	Review *review = some_review(context);
	if (!review || review->after % 4)
		return false;
	return changes(context, review->after / 4 * 5, review, NO, PLANT_HR3_FIFTH);
}

/* A change that matters is none the worse for it when it is on record. */
bool care_change_recorded(void *context)
{
	Review *review = some_review(context);
	return changes(context, fifth_below(review), review, YES, PLANT_HR3_RECORDED);
}

/* Nobody wrote down whether it was significant, and it is large enough to matter. */
bool care_change_unknown(void *context)
{
	Review *review = some_review(context);
	return changes(context, fifth_above(review), review, MISSING, PLANT_HR3_UNKNOWN);
}

/* The last review, which must be known to be the last. */
static bool leaves(Scene *scene, int32_t more, int plant)
{
	Package *package = scene->package;
	if (scene->stage != CHANGING || !package->reviews)
		return false;
	Review *review = &package->review[package->reviews - 1];
	if (review->held == CAL_NO_DAY || !herts_mean(scene, review->held, &review->mark, plant))
		return false;
	review->after += more;
	return true;
}

/* The package goes on with a minute that the review took away. */
bool care_left_less(void *context)
{
	return leaves(context, -1, PLANT_HR4_ABOVE);
}

/* The package never got the minute that the review added; its price is owed. */
bool care_left_more(void *context)
{
	return leaves(context, 1, PLANT_HR4_BELOW);
}

/* ---- poolings -------------------------------------------------------------------------------- */

/* The first pooling of the package, of which there is one. */
static bool chooses(Scene *scene, int32_t chosen, int plant)
{
	Pooling *pooling = scene->package->pooling;
	if (scene->stage != POOLING || !herts_mean(scene, pooling->start, &pooling->mark, plant))
		return false;
	pooling->chosen = chosen;
	return true;
}

/* It began before the person had chosen, by one day. */
bool care_chosen_after(void *context)
{
	Scene *scene = context;
	return chooses(scene, scene->package->pooling[0].start + 1, PLANT_HS3_AFTER);
}

/* A choice that is not on record is none: this fails, and is not left open. */
bool care_chosen_never(void *context)
{
	return chooses(context, CAL_NO_DAY, PLANT_HS3_NONE);
}

/* A choice on the very day is in time. */
bool care_chosen_same_day(void *context)
{
	Scene *scene = context;
	return chooses(scene, scene->package->pooling[0].start, PLANT_HS3_SAME);
}

/* A second pooling, a month after the first, which ends so many days before it or not at all. */
static bool pools(Scene *scene, int32_t minutes, int32_t gap, int plant)
{
	Package *package = scene->package;
	Pooling *old = &package->pooling[0], *anew = &package->pooling[1];
	int32_t start = old->start + 30;
	if (scene->stage != POOLING || (package->end != CAL_NO_DAY && start > package->end) ||
		!herts_mean(scene, start, &anew->mark, plant))
		return false;
	package->poolings = 2;
	anew->minutes = minutes;
	anew->start = anew->chosen = start;
	anew->end = CAL_NO_DAY;
	old->end = gap < 0 ? CAL_NO_DAY : start - gap;
	return true;
}

/* What the first leaves of the person's hours. */
static int32_t left(const Scene *scene)
{
	return scene->package->up_to - scene->package->pooling[0].minutes;
}

/* Both hold on the day on which the second begins, a minute too many. */
bool care_pooled_minute(void *context)
{
	return pools(context, left(context) + 1, -1, PLANT_HS4_MINUTE);
}

/* All hours may be pooled, if that is what people want. */
bool care_pooled_all(void *context)
{
	return pools(context, left(context), -1, PLANT_HS4_ALL);
}

/*
 *      old   ├────────────┤
 *      new                ├──── ...    the last day counts for both */
bool care_pooled_last_day(void *context)
{
	Scene *scene = context;
	return pools(scene, scene->package->up_to, 0, PLANT_HS4_LAST_DAY);
}

/*
 *      old   ├────────────┤
 *      new                 ├──── ...   no day has both */
bool care_pooled_next_day(void *context)
{
	Scene *scene = context;
	return pools(scene, scene->package->up_to, 1, PLANT_HS4_NEXT_DAY);
}

/* How much is pooled from then on cannot be told. */
bool care_pooled_unknown(void *context)
{
	return pools(context, MISSING, -1, PLANT_HS4_UNKNOWN);
}

/* ---- weeks ----------------------------------------------------------------------------------- */

/* Lengthens or shortens the last session so that the week comes to so many minutes. */
static bool can_record(const Week *week, int32_t minutes)
{
	int32_t length = week->session[week->sessions - 1].length + minutes - herts_recorded(week);
	return length >= SESSION_LEAST && length <= SESSION_MOST;
}

static void record(Week *week, int32_t minutes)
{
	week->session[week->sessions - 1].length += minutes - herts_recorded(week);
}

/* Means it of the week's claim; its sessions can be made to come to so many minutes. */
static Claim *claims(const Scene *scene, int32_t minutes, int plant)
{
	Week *week = scene->week;
	if (scene->stage != SUPPORTING || !week->sessions || !can_record(week, minutes) ||
		week->mark.plant || !herts_mean(scene, week->monday, &week->claim[0].mark, plant))
		return NULL;
	record(week, minutes);
	week->claim[0].minutes = minutes < scene->package->up_to ? minutes : scene->package->up_to;
	week->claim[0].amount = herts_price(scene->package->rate, week->claim[0].minutes);
	return &week->claim[0];
}

/* A minute more than the limit was recorded, and is claimed. */
bool care_limit_minute(void *context)
{
	Scene *scene = context;
	Claim *claim = claims(scene, scene->package->up_to + 1, PLANT_HU1_MINUTE);
	if (!claim)
		return false;
	claim->minutes++;
	return true;
}

/* The amount is by the hours claimed, so both rules see the same minute; its money counts once. */
bool care_limit_paid(void *context)
{
	Scene *scene = context;
	Claim *claim = claims(scene, scene->package->up_to + 1, PLANT_HU1_PAID);
	if (!claim)
		return false;
	claim->minutes++;
	claim->amount = herts_price(scene->package->rate, claim->minutes);
	herts_mean_also(scene, &claim->mark, VERDICT_FAIL, RULE_HU3);
	return true;
}

/* Claimed as far as the limit goes, though more was recorded. */
bool care_limit_reached(void *context)
{
	Scene *scene = context;
	return claims(scene, scene->package->up_to + 1, PLANT_HU1_LIMIT) != NULL;
}

/* A minute less than the limit was recorded, and the limit is claimed. */
bool care_record_minute(void *context)
{
	Scene *scene = context;
	Claim *claim = claims(scene, scene->package->up_to - 1, PLANT_HU2_MINUTE);
	if (!claim)
		return false;
	claim->minutes++;
	return true;
}

/* As above: a minute that nobody recorded, this time with its money. */
bool care_record_paid(void *context)
{
	Scene *scene = context;
	Claim *claim = claims(scene, scene->package->up_to - 1, PLANT_HU2_PAID);
	if (!claim)
		return false;
	claim->minutes++;
	claim->amount = herts_price(scene->package->rate, claim->minutes);
	herts_mean_also(scene, &claim->mark, VERDICT_FAIL, RULE_HU3);
	return true;
}

/* The last session becomes the night from Sunday; the person has support on that day. */
bool care_record_sunday(void *context)
{
	Scene *scene = context;
	Week *week = scene->week;
	if (scene->stage != SUPPORTING || !week->sessions ||
		(scene->package->end != CAL_NO_DAY && week->monday + 6 > scene->package->end) ||
		!claims(scene, herts_recorded(week), PLANT_HU2_SUNDAY))
		return false;
	week->session[week->sessions - 1].day = week->monday + 6;
	week->session[week->sessions - 1].minute = 22 * 60;
	return true;
}

/* The provider has no figure of that quarter then, so it is the first one, or a new one; and not
 * the quarter from April, which the truth could not tell from the financial year. */
bool care_record_open(void *context)
{
	Scene *scene = context;
	uint32_t provider = scene->package->provider;
	if (scene->stage != SUPPORTING || (provider != 1 && provider <= FIXED_PROVIDERS))
		return false;
	int32_t monday = scene->week->monday;
	if (herts_financial_end(monday) - herts_quarter_end(monday) > 200)
		return false;
	Claim *claim = claims(scene, herts_recorded(scene->week), PLANT_HU2_OPEN);
	if (!claim)
		return false;
	scene->week->session[0].open = true;
	herts_mean_also(scene, &claim->mark, VERDICT_UNSURE, RULE_HU3);
	return true;
}

/* By 0 the amount is not moved but left out. */
static bool amounts(Scene *scene, int32_t more, int plant)
{
	if (scene->stage != SUPPORTING || !scene->week->sessions)
		return false;
	Claim *claim = claims(scene, herts_recorded(scene->week), plant);
	if (!claim)
		return false;
	claim->amount = more ? claim->amount + more : MISSING;
	return true;
}

/* Hours are right; the amount is not. */
bool care_amount_above(void *context)
{
	return amounts(context, 1, PLANT_HU3_ABOVE);
}

/* Too little is found as well: it is owed to the provider. */
bool care_amount_below(void *context)
{
	return amounts(context, -1, PLANT_HU3_BELOW);
}

/* How much is due can be told, but not what was claimed. */
bool care_amount_unknown(void *context)
{
	return amounts(context, 0, PLANT_HU3_UNKNOWN);
}

/* Means it of the week itself, which has a claim as it should be. */
static bool mean_week(const Scene *scene, int plant)
{
	return scene->stage == SUPPORTING && scene->week->sessions &&
		!scene->week->claim[0].mark.plant &&
		herts_mean(scene, scene->week->monday, &scene->week->mark, plant);
}

/* Not where a claim without a week could be for it. */
bool care_never_claimed(void *context)
{
	Scene *scene = context;
	if (scene->package->dateless || !mean_week(scene, PLANT_HU4_NONE))
		return false;
	scene->week->claims = 0;
	scene->package->dropped = true;
	return true;
}

/* Any day names its week. The next claim, of the day after, is for another week. */
bool care_claimed_sunday(void *context)
{
	Scene *scene = context;
	if (!mean_week(scene, PLANT_HU4_SUNDAY))
		return false;
	scene->week->claim[0].week += 6;
	return true;
}

/* Nor where a week without a claim could be what it is for. */
bool care_claimed_undated(void *context)
{
	Scene *scene = context;
	Claim *claim = scene->stage == SUPPORTING ? &scene->week->claim[0] : NULL;
	if (!claim || scene->package->dropped || !mean_week(scene, PLANT_HU4_UNDATED))
		return false;
	claim->week = CAL_NO_DAY;
	scene->package->dateless = true;
	for (int rule = RULE_HU1; rule <= RULE_HU5; rule++)
		if (rule != RULE_HU4)
			herts_mean_also(scene, &claim->mark, VERDICT_UNSURE, rule);
	return true;
}

/* The same once more, by another day of the week. */
bool care_claimed_twice(void *context)
{
	Scene *scene = context;
	Week *week = scene->week;
	if (scene->stage != SUPPORTING || !week->sessions || week->mark.plant ||
		week->claim[0].mark.plant ||
		!herts_mean(scene, week->monday, &week->claim[1].mark, PLANT_HU5_TWICE))
		return false;
	week->claims = 2;
	week->claim[1].week = week->monday + 1;
	week->claim[1].minutes = week->claim[0].minutes;
	week->claim[1].amount = week->claim[0].amount;
	return true;
}
