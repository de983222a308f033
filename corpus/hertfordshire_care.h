/*
 * The makers of what is planted in reviews, poolings and weeks of support. They stand in the list
 * of hertfordshire_plants.h, and take a Scene of the stage that they are for.
 */
#ifndef CORPUS_HERTFORDSHIRE_CARE_H
#define CORPUS_HERTFORDSHIRE_CARE_H

#include "corpus/grow.h"

GrowMaker care_limit_minute, care_limit_paid, care_limit_reached;
GrowMaker care_record_minute, care_record_paid, care_record_sunday;
GrowMaker care_record_open, care_amount_above, care_amount_below;
GrowMaker care_amount_unknown, care_never_claimed, care_claimed_sunday;
GrowMaker care_claimed_undated, care_claimed_twice, care_chosen_after;
GrowMaker care_chosen_never, care_chosen_same_day, care_pooled_minute;
GrowMaker care_pooled_last_day, care_pooled_all, care_pooled_next_day;
GrowMaker care_pooled_unknown, care_review_late, care_review_in_time;
GrowMaker care_review_undated, care_year_without, care_year_before;
GrowMaker care_year_undated, care_change_more, care_change_less;
GrowMaker care_change_fifth, care_change_recorded, care_change_unknown;
GrowMaker care_left_less, care_left_more;

#endif
