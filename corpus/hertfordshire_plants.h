/*
 * What is planted in Hertfordshire's county: each kind with the rule that it is meant to break, or
 * just to keep. A package passes through stages while it is made, and may take a plant in each;
 * then come its weeks. Kinds without a maker are placed in schemes and openings by the county.
 */
#ifndef CORPUS_HERTFORDSHIRE_PLANTS_H
#define CORPUS_HERTFORDSHIRE_PLANTS_H

#include "corpus/hertfordshire_rows.h"

#define HERTS_PLANTS(X) \
	X(NOTHING, 0, NULL, PASS, NONE, "follows from another plant") \
	X(HP1_ABOVE, 2, rate_above, FAIL, HP1, "a rate a penny above the blend") \
	X(HP1_BELOW, 1, rate_below, FAIL, HP1, "a rate a penny below the blend") \
	X(HP1_HALF, 1, rate_half, PASS, HP1, "a blend that ends on half a penny") \
	X(HP1_UNKNOWN, 1, rate_unknown, UNSURE, HP1, "the core rate is missing") \
	X(HP2_ABOVE, 1, range_above, FAIL, HP2, "a penny above the range") \
	X(HP2_BELOW, 1, range_below, FAIL, HP2, "a penny below the range") \
	X(HP2_HIGHEST, 1, range_highest, PASS, HP2, "the highest of the range") \
	X(HP2_LOWEST, 1, range_lowest, PASS, HP2, "the lowest of the range") \
	X(HP3_DEARER, 2, dearer, FAIL, HP3, "a penny above complex support that begins on the last day") \
	X(HP3_EQUAL, 2, as_dear, PASS, HP3, "at the rate of complex support") \
	X(HP3_AFTER, 2, dearer_before, PASS, HP3, "above complex support that begins the day after") \
	X(HP3_ENDED, 2, dearer_later, FAIL, HP3, "above complex support that ends on the first day") \
	X(HP3_BEFORE, 2, dearer_since, PASS, HP3, "above complex support that ended the day before") \
	X(HP3_UNKNOWN, 2, dearer_maybe, UNSURE, HP3, "above complex support of an unknown kind") \
	X(HP4_ABOVE, 1, hours_above, FAIL, HP4, "a minute more than core and additional hours") \
	X(HP4_BELOW, 1, hours_below, FAIL, HP4, "a minute less than core and additional hours") \
	X(HP4_UNKNOWN, 1, hours_unknown, UNSURE, HP4, "the additional hours are missing") \
	X(HU1_MINUTE, 6, care_limit_minute, FAIL, HU1, "a minute above the limit, and not paid") \
	X(HU1_PAID, 3, care_limit_paid, FAIL, HU1, "a minute above the limit, and paid") \
	X(HU1_LIMIT, 3, care_limit_reached, PASS, HU1, "the limit, of a minute more that was recorded") \
	X(HU2_MINUTE, 6, care_record_minute, FAIL, HU2, "a minute more than was recorded, and not paid") \
	X(HU2_PAID, 3, care_record_paid, FAIL, HU2, "a minute more than was recorded, and paid") \
	X(HU2_SUNDAY, 3, care_record_sunday, PASS, HU2, "a night from Sunday to Monday") \
	X(HU2_OPEN, 2, care_record_open, UNSURE, HU2, "nobody checked out") \
	X(HU3_ABOVE, 6, care_amount_above, FAIL, HU3, "a penny too much") \
	X(HU3_BELOW, 6, care_amount_below, FAIL, HU3, "a penny too little") \
	X(HU3_UNKNOWN, 2, care_amount_unknown, UNSURE, HU3, "the amount is missing") \
	X(HU4_NONE, 6, care_never_claimed, FAIL, HU4, "a week that nobody claimed") \
	X(HU4_SUNDAY, 3, care_claimed_sunday, PASS, HU4, "a claim that names the week by its Sunday") \
	X(HU4_UNDATED, 1, care_claimed_undated, UNSURE, HU4, "a claim that names no week") \
	X(HU5_TWICE, 6, care_claimed_twice, FAIL, HU5, "a second claim, by the Tuesday of the week") \
	X(HS1_MINUTE, 0, NULL, FAIL, HS1, "a minute more than is needed") \
	X(HS1_EQUAL, 0, NULL, PASS, HS1, "all of the hours that are needed") \
	X(HS1_UNKNOWN, 0, NULL, UNSURE, HS1, "nobody knows what is needed") \
	X(HS2_MINUTE, 0, NULL, FAIL, HS2, "a minute less than is needed") \
	X(HS3_AFTER, 2, care_chosen_after, FAIL, HS3, "chosen the day after") \
	X(HS3_NONE, 1, care_chosen_never, FAIL, HS3, "no choice is on record") \
	X(HS3_SAME, 1, care_chosen_same_day, PASS, HS3, "chosen on the first day") \
	X(HS4_MINUTE, 2, care_pooled_minute, FAIL, HS4, "a minute more pooled than there is") \
	X(HS4_LAST_DAY, 1, care_pooled_last_day, FAIL, HS4, "pooled anew on the last day of the old") \
	X(HS4_ALL, 1, care_pooled_all, PASS, HS4, "all hours pooled") \
	X(HS4_NEXT_DAY, 1, care_pooled_next_day, PASS, HS4, "pooled anew on the day after") \
	X(HS4_UNKNOWN, 1, care_pooled_unknown, UNSURE, HS4, "the hours pooled are missing") \
	X(HR1_LATE, 3, care_review_late, FAIL, HR1, "reviewed a year and a day on") \
	X(HR1_YEAR, 1, care_review_in_time, PASS, HR1, "reviewed a year on") \
	X(HR1_UNKNOWN, 1, care_review_undated, UNSURE, HR1, "a year and a day on, and one without a day") \
	X(HR2_NONE, 2, care_year_without, FAIL, HR2, "no review in a year") \
	X(HR2_YEAR, 1, care_year_before, PASS, HR2, "reviewed a year before the last day") \
	X(HR2_UNKNOWN, 1, care_year_undated, UNSURE, HR2, "no review in a year but one without a day") \
	X(HR3_MORE, 2, care_change_more, FAIL, HR3, "more by just above a fifth") \
	X(HR3_LESS, 2, care_change_less, FAIL, HR3, "less by just above a fifth") \
	X(HR3_FIFTH, 1, care_change_fifth, PASS, HR3, "less by a fifth") \
	X(HR3_RECORDED, 1, care_change_recorded, PASS, HR3, "more by just above a fifth, and recorded") \
	X(HR3_UNKNOWN, 1, care_change_unknown, UNSURE, HR3, "above a fifth, perhaps recorded") \
	X(HR4_ABOVE, 2, care_left_less, FAIL, HR4, "a minute more than the last review left") \
	X(HR4_BELOW, 1, care_left_more, FAIL, HR4, "a minute less than the last review left") \
	X(HC1_NONE, 1, no_place, FAIL, HC1, "awarded to a provider without a place") \
	X(HC1_EXPIRED, 1, place_expired, FAIL, HC1, "awarded the day after the place ended") \
	X(HC1_EARLY, 1, place_early, FAIL, HC1, "awarded the day before the place began") \
	X(HC1_OTHER, 1, place_other, FAIL, HC1, "awarded to a provider for other complexity") \
	X(HC1_LAST, 1, place_last, PASS, HC1, "awarded on the last day of the place") \
	X(HC1_FIRST, 1, place_first, PASS, HC1, "awarded on the first day of the place") \
	X(HC1_UNDATED, 1, place_undated, UNSURE, HC1, "nobody knows when the place began") \
	X(HC2_OUTSIDER, 3, outsider, FAIL, HC2, "the best bid is from outside") \
	X(HC3_ABOVE, 2, quality_above, FAIL, HC3, "a hundredth more quality than on the framework") \
	X(HC3_OLD, 1, quality_old, PASS, HC3, "another quality until the day before") \
	X(HC3_UNKNOWN, 1, quality_unknown, UNSURE, HC3, "no quality on the framework") \
	X(HC4_ABOVE, 1, price_above, FAIL, HC4, "a hundredth more for the price") \
	X(HC4_BELOW, 1, price_below, FAIL, HC4, "a hundredth less for the price") \
	X(HC4_UNKNOWN, 1, price_unknown, UNSURE, HC4, "the rate of a bid is missing") \
	X(HC5_ABOVE, 1, score_above, FAIL, HC5, "a hundredth more than the parts") \
	X(HC5_BELOW, 1, score_below, FAIL, HC5, "a hundredth less than the parts") \
	X(HC5_UNKNOWN, 1, score_unknown, UNSURE, HC5, "the score for choice is missing") \
	X(HC6_SECOND, 2, second_best, FAIL, HC6, "a bid won that was not the best") \
	X(HC6_TIE, 1, as_good, PASS, HC6, "one of two bids with the best score") \
	X(HC6_UNKNOWN, 1, best_unknown, UNSURE, HC6, "another bid has no score") \
	X(HC7_QUALITY, 1, weight_quality, FAIL, HC7, "a weight of 29% for quality") \
	X(HC7_PRICE, 1, weight_price, FAIL, HC7, "a weight of 29% for price") \
	X(HC7_WHOLE, 1, weight_whole, FAIL, HC7, "weights of 101%") \
	X(HC7_LEAST, 1, weight_least, PASS, HC7, "weights of 30%") \
	X(HC7_UNKNOWN, 1, weight_unknown, UNSURE, HC7, "the weight of choice is missing") \
	X(HC8_DAY, 0, NULL, FAIL, HC8, "opened again a year and a day on") \
	X(HC8_YEAR, 0, NULL, PASS, HC8, "opened again a year on") \
	X(HC8_UNKNOWN, 0, NULL, UNSURE, HC8, "an opening without a day") \
	X(HC9_BARRED, 2, unregistered, FAIL, HC9, "personal care without registration") \
	X(HC9_OTHER, 1, unregistered_other, PASS, HC9, "other support without registration") \
	X(HC9_UNKNOWN, 1, unregistered_maybe, UNSURE, HC9, "personal care, registration missing") \
	X(HC10_ABOVE, 1, paid_above, FAIL, HC10, "awarded a penny above the bid") \
	X(HC10_BELOW, 1, paid_below, FAIL, HC10, "awarded a penny below the bid") \
	X(HC10_UNKNOWN, 1, paid_unknown, UNSURE, HC10, "the rate awarded is missing") \
	X(HC11_LOSER, 1, loser, FAIL, HC11, "awarded to a bidder that lost") \
	X(HC11_NO_ROUND, 1, no_round, FAIL, HC11, "awarded without a bid") \
	X(HC11_UNKNOWN, 1, winner_unknown, UNSURE, HC11, "nobody knows who won")

enum { HERTS_PLANTS(GROW_NAME) PLANT_COUNT };

/* In the order in which a package is made. */
typedef enum Stage { CALLING_OFF, PRICING, REVIEWING, CHANGING, POOLING, SUPPORTING } Stage;

typedef struct Scene {
	Herts *herts;
	Package *package;
	Week *week;      /* in the last stage; else NULL */
	Rng *rng;
	Stage stage;
	/* A package of complex needs that the plant wants beside this one, of the same provider. */
	bool beside, needless;
	int32_t beside_start, beside_end, beside_rate;
} Scene;

extern const GrowKind herts_kinds[PLANT_COUNT];

/* Means what the list says of the subject, if rules look at the day at all; and what comes with it,
 * on this subject or another. */
bool herts_mean(const Scene *scene, int32_t on, Mark *mark, int plant);
void herts_mean_also(const Scene *scene, Mark *mark, Verdict verdict, int rule);

/* Scores the bids and awards to the best, the first of several. */
void herts_call_off(Package *package);

#endif
