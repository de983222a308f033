/*
 * What is planted in the borough's county: each kind with the rule that it is meant to break, or
 * just to keep. Packages take a plant before their rows are written, weeks before their visits
 * are; those without a maker are placed in lots, referrals and positions by the county itself.
 */
#ifndef CORPUS_LONDON_PLANTS_H
#define CORPUS_LONDON_PLANTS_H

#include "corpus/london_rows.h"

#define LONDON_PLANTS(X) \
	X(NOTHING, 0, NULL, PASS, NONE, "follows from another plant") \
	X(P1_ABOVE, 2, cost_above, FAIL, P1, "a penny a week above hours by rate") \
	X(P1_BELOW, 1, cost_below, FAIL, P1, "a penny a week below hours by rate") \
	X(P1_RATELESS, 1, rateless, UNSURE, P1, "the package's rate is missing") \
	X(P2_ABOVE, 8, claimed_above, FAIL, P2, "claimed a penny an hour above the package's rate") \
	X(P2_BELOW, 4, claimed_below, FAIL, P2, "claimed a penny an hour below the package's rate") \
	X(P2_RATELESS, 2, claimed_without, UNSURE, P2, "the rate claimed is missing") \
	X(P3_MINUTE, 6, minute_above, FAIL, P3, "a minute above the week of the package") \
	X(P3_SWAP, 2, swapped, PASS, P3, "a minute more one day and less on another") \
	X(F1_LATE, 0, NULL, FAIL, F1, "a place that ends the day after the framework") \
	X(F1_EARLY, 0, NULL, FAIL, F1, "a place that begins the day before the framework") \
	X(F1_LAST, 0, NULL, PASS, F1, "a place that ends on the framework's last day") \
	X(F2_GAP, 0, NULL, FAIL, F2, "a provider without a place on the day of the position") \
	X(F3_GAP, 0, NULL, FAIL, F3, "a lot without a provider on the day of the position") \
	X(F4_STRANGER, 2, no_place, FAIL, F4, "a framework package with a spot provider") \
	X(F5_OTHER_LOT, 2, other_lot, FAIL, F5, "a framework package with a provider of other lots") \
	X(F5_LOTLESS, 1, lotless, UNSURE, F5, "a referral without its lot") \
	X(F6_ABOVE, 1, rate_above, FAIL, F6, "a penny an hour above the framework's rates") \
	X(F6_BELOW, 1, rate_below, FAIL, F6, "a penny an hour below the framework's rates") \
	X(F6_HIGHEST, 1, rate_highest, PASS, F6, "the highest of the framework's rates") \
	X(F6_LOWEST, 1, rate_lowest, PASS, F6, "the lowest of the framework's rates") \
	X(F7_SILENT, 0, NULL, FAIL, F7, "a referral to which nobody answered") \
	X(F7_ONE, 0, NULL, PASS, F7, "a referral to which one provider answered") \
	X(F8_ACTIVITIES, 2, child_out, FAIL, F8, "a child's package for activities") \
	X(F8_CARE, 1, child_care, PASS, F8, "a child's package for personal care") \
	X(F8_UNKNOWN, 1, child_unknown, UNSURE, F8, "a child's package for nobody knows what") \
	X(S1_COULD, 2, could_take, FAIL, S1, "a spot purchase though a provider would have come") \
	X(S1_WITHDRAWN, 1, withdrawn, PASS, S1, "a provider that would have come, and then could not") \
	X(S1_LAST_DAY, 1, answers_today, PASS, S1, "the last answer on the day of the spot purchase") \
	X(S1_NO_ANSWER, 2, no_answer, UNSURE, S1, "a provider's answer is missing") \
	X(S2_LATE, 2, answers_late, FAIL, S2, "a provider asked the day after the spot purchase") \
	X(S3_INSIDER, 2, insider, FAIL, S3, "a spot purchase from a framework provider of the lot") \
	X(S3_NEIGHBOUR, 1, neighbour, PASS, S3, "a spot purchase from a provider of other lots") \
	X(Q1_FIRST, 1, rated_today, FAIL, Q1, "awarded on the day of the rating Inadequate") \
	X(Q1_LONG, 1, rated_long, FAIL, Q1, "awarded while rated Inadequate") \
	X(Q1_BEFORE, 1, rated_tomorrow, PASS, Q1, "awarded on the last day before Inadequate") \
	X(Q1_AFTER, 1, rated_again, PASS, Q1, "awarded on the day of the better rating") \
	X(Q1_UNRATED, 1, unrated, UNSURE, Q1, "awarded before the first rating") \
	X(Q2_BARRED, 2, unregistered, FAIL, Q2, "personal care from an unregistered provider") \
	X(Q2_COMPANY, 1, company, PASS, Q2, "activities from an unregistered provider") \
	X(Q2_UNKNOWN, 1, unregistered_maybe, UNSURE, Q2, "personal care, registration missing") \
	X(D1_FIRST, 1, begun_first, FAIL, D1, "begun on the framework's first day of packages") \
	X(D1_LATE, 1, begun_late, FAIL, D1, "begun long after the framework") \
	X(D1_BEFORE, 1, begun_before, PASS, D1, "begun the day before the framework") \
	X(D2_ABOVE, 1, old_rate_above, FAIL, D2, "a penny an hour above the old rates") \
	X(D2_BELOW, 1, old_rate_below, FAIL, D2, "a penny an hour below the old rates") \
	X(D2_HIGHEST, 1, old_rate_highest, PASS, D2, "the highest of the old rates") \
	X(D3_NONE, 1, moved_idly, FAIL, D3, "moved, and no concern is recorded") \
	X(D3_LOW_RISK, 1, moved_low_risk, FAIL, D3, "moved for a serious concern of low risk") \
	X(D3_CLOSED, 1, moved_closed, FAIL, D3, "moved the day after the concern was closed") \
	X(D3_LAST_DAY, 1, moved_last_day, PASS, D3, "moved on the last day of the concern") \
	X(D3_FIRST_DAY, 1, moved_first_day, PASS, D3, "moved on the day that the concern was raised") \
	X(D3_UNKNOWN, 1, moved_maybe, UNSURE, D3, "moved for a concern of unknown risk") \
	X(D3_REASONLESS, 1, reasonless, UNSURE, D3, "ended, nobody knows why") \
	X(D4_SILENT, 2, handed_silently, FAIL, D4, "handed back, and no handback is recorded") \
	X(D5_STRANGER, 0, NULL, FAIL, D5, "one provider more than there were") \
	X(D5_ALL, 0, NULL, PASS, D5, "as many providers as there were") \
	X(R1_DAY, 2, day_over, FAIL, R1, "a day longer than six weeks") \
	X(R1_LAST, 1, six_weeks, PASS, R1, "six weeks to the day") \
	X(R2_AFTER, 3, visit_after, FAIL, R2, "a visit on the day after six weeks") \
	X(R2_LAST, 2, visit_last, PASS, R2, "a visit on the last day of six weeks") \
	X(R3_NONE, 1, no_outcome, FAIL, R3, "no outcome") \
	X(R3_LATE, 1, outcome_late, FAIL, R3, "the outcome agreed a day after the first week") \
	X(R3_WEEK, 1, outcome_in_time, PASS, R3, "the outcome agreed a week after the first day") \
	X(R3_UNKNOWN, 1, outcome_undated, UNSURE, R3, "nobody knows when the outcome was agreed") \
	X(R4_LATE, 1, review_late, FAIL, R4, "reviewed the day after the end") \
	X(R4_NONE, 1, review_none, FAIL, R4, "never reviewed") \
	X(R4_LAST, 1, review_last, PASS, R4, "reviewed on the last day") \
	X(R5_SAME_DAY, 1, followed_same_day, FAIL, R5, "long-term care from the last day on") \
	X(R5_NEXT_DAY, 1, followed_next_day, PASS, R5, "long-term care from the day after") \
	X(R5_UNKNOWN, 1, followed_open, UNSURE, R5, "long-term care, and no end of reablement") \
	X(R6_COUNT, 0, NULL, FAIL, R6, "one reablement package less than on record") \
	X(M1_PACKAGE, 0, NULL, FAIL, M1, "one package more in all") \
	X(M2_HOURS, 0, NULL, FAIL, M2, "a tenth of an hour more in all") \
	X(M2_UNKNOWN, 0, NULL, UNSURE, M2, "the hours of all are not given") \
	X(M3_PENNY, 0, NULL, FAIL, M3, "a penny more in all") \
	X(M4_PENNY, 0, NULL, FAIL, M4, "the average a penny off") \
	X(M5_LOW, 0, NULL, FAIL, M5, "a framework rate below the framework's range") \
	X(M6_ABOVE, 0, NULL, FAIL, M6, "an average below the lowest rate") \
	X(M6_EQUAL, 0, NULL, PASS, M6, "an average that is the lowest rate") \
	X(M7_MORE, 0, NULL, FAIL, M7, "one provider less than have packages") \
	X(M7_ALL, 0, NULL, PASS, M7, "as many providers as have packages") \
	X(M8_DAY, 0, NULL, FAIL, M8, "the next review a year and a day on") \
	X(M8_YEAR, 0, NULL, PASS, M8, "the next review a year on") \
	X(M9_SWAP, 0, NULL, FAIL, M9, "a package counted on the wrong side") \
	X(M10_SWAP, 0, NULL, FAIL, M10, "hours counted on the wrong side") \
	X(M11_SWAP, 0, NULL, FAIL, M11, "a penny counted on the wrong side") \
	X(M12_MORE, 0, NULL, FAIL, M12, "one provider with packages more than on record")

enum { LONDON_PLANTS(GROW_NAME) PLANT_COUNT };

/* Where a plant may go: into a package before it is written, or into its week. */
typedef struct Scene {
	London *london;
	Package *package;
	Referral *referral; /* of home care; else NULL */
	Week *week;         /* else NULL */
	Rng *rng;
	int32_t forced;     /* the first day, where it is not free; or CAL_NO_DAY */
	int32_t follow;     /* first day of long-term care after reablement; or CAL_NO_DAY */
} Scene;

extern const GrowKind london_kinds[PLANT_COUNT];

/* A day on which something may happen: of the framework, and so long before the end of the run that
 * a package still begins. */
int32_t london_day(const London *london, Rng *rng);

/* What so many minutes cost, in pence. */
int32_t london_price(int32_t rate, int32_t minutes);

/* A serious concern about the provider. */
void london_concern(London *london, uint16_t provider, int32_t raised, int32_t closed,
	int8_t high_risk);

#endif
