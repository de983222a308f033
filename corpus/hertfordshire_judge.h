/*
 * The second reading of what the market event says, in whole numbers, from the rows alone. Each
 * call judges one subject or a package's, compares it with its marks and tells the truth.
 */
#ifndef CORPUS_HERTFORDSHIRE_JUDGE_H
#define CORPUS_HERTFORDSHIRE_JUDGE_H

#include "corpus/hertfordshire_rows.h"

/* Whether rules look at what stands on this day, in this run. */
bool herts_seen(const Herts *herts, int32_t day);

/* The same day of the next year, or the last of February; and the last days of its calendar year,
 * of its financial year and of its quarter. */
int32_t herts_year_on(int32_t day);
int32_t herts_year_end(int32_t day);
int32_t herts_financial_end(int32_t day);
int32_t herts_quarter_end(int32_t day);

/* How many years or quarters a day lies behind the first day of the county. */
int herts_years_in(const Herts *herts, int32_t day);
int herts_quarters_in(const Herts *herts, int32_t day);

/* What so many minutes cost, in pence. */
int32_t herts_price(int32_t rate, int32_t minutes);

/* A score out of its three parts, and a price score out of the cheapest rate. */
int32_t herts_score_due(const Award *award, const Bid *bid);
int32_t herts_price_due(int32_t cheapest, int32_t rate);

/* What was recorded in a week; MISSING where a session has no end. */
int32_t herts_recorded(const Week *week);

void herts_judge_week(const Herts *herts, uint32_t package, const Week *week);

/* All that stays in memory, when the county is complete. */
void herts_judge(const Herts *herts);

#endif
