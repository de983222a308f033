/*
 * What is planted in Kent's packages; the columns are those of corpus/grow.h. Makers stand
 * in kent_plant.c. What a lot, an appointment or a scheme breaks is decided in kent_market.c.
 */
#ifndef CORPUS_KENT_PLANTS_H
#define CORPUS_KENT_PLANTS_H

#include "corpus/grow.h"

#define KENT_PLANTS(X) \
	X(NOTHING, 0, NULL, PASS, NONE, "follows from another plant") \
	X(UNREGISTERED, 2, unregistered, FAIL, A1, "placed with a provider that is not registered") \
	X(PERHAPS_REGISTERED, 1, perhaps_registered, UNSURE, A1, "registered or not: nobody knows") \
	X(ELSEWHERE, 3, elsewhere, FAIL, A2, "the person lives in another lot") \
	X(ASSESS_ELSEWHERE, 2, assess_elsewhere, FAIL, D4, "discharged to a lot that is another's") \
	X(MEDWAY, 2, medway, FAIL, A4, "the person lives in Medway") \
	X(BORDER, 1, border, UNSURE, A4, "a postcode of which nobody knows whose it is") \
	X(OUT_OF_SCOPE, 2, out_of_scope, FAIL, A5, "a service that the contract does not have") \
	X(NO_REASON, 2, no_reason, FAIL, R6, "complex support without a recorded reason") \
	X(NO_HOURS, 1, no_hours, UNSURE, W1, "the hours commissioned a week are not known") \
	X(NO_NIGHTS, 1, no_nights, UNSURE, N2, "the sleep nights commissioned are not known") \
	X(HOSPITAL, 2, hospital, FAIL, D5, "discharged from a hospital outside the scheme") \
	X(NO_HOSPITAL, 1, no_hospital, UNSURE, D5, "the hospital is not recorded") \
	X(ASSESSED_LATE, 2, assessed_late, FAIL, D6, "needs assessed a day after the service") \
	X(NEVER_ASSESSED, 1, never_assessed, FAIL, D6, "needs not assessed") \
	X(ASSESSED_LAST, 1, assessed_last, PASS, D6, "needs assessed on the last day") \
	X(NO_DISCHARGE, 1, no_discharge, UNSURE, D6, "the day of discharge is not recorded") \
	X(FOR_PLACE, 2, for_place, FAIL, L2, "declined for where the person lives") \
	X(FOR_SERVICE, 2, for_service, FAIL, L3, "declined for being one of the two services") \
	X(ASSESS_DECLINED, 1, assess_declined, PASS, L3, "Discharge to Assess may be declined as such") \
	X(NO_WORD, 1, no_word, UNSURE, L2, "declined, and no reason given") \
	X(FULL_HALF, 4, full_half, FAIL, R4, "a call of 30 minutes claimed at two thirds of the hour") \
	X(PRO_RATA, 3, pro_rata, FAIL, R4, "a call of 45 minutes claimed in proportion: underpaid") \
	X(PENNY, 4, penny, FAIL, R4, "a call claimed a penny above its price") \
	X(PENNY_LESS, 2, penny_less, FAIL, R4, "a call claimed a penny below its price") \
	X(OTHER_RATE, 3, other_rate, FAIL, R3, "claimed a penny an hour above the weighted rate") \
	X(LOWER_RATE, 2, lower_rate, FAIL, R3, "claimed ten pence an hour below the weighted rate") \
	X(MINUTE, 3, minute, FAIL, R7, "declared a minute above what was commissioned") \
	X(NO_PLAN, 1, no_plan, UNSURE, R7, "how long was commissioned is not known") \
	X(NO_START, 1, no_start, UNSURE, Q1, "when it was to begin is not known") \
	X(MISSED, 3, missed, FAIL, R8, "missed, and claimed all the same") \
	X(MISSED_FREE, 2, missed_free, PASS, R8, "missed, nothing claimed") \
	X(NO_LOG, 3, no_log, FAIL, Q1, "delivered, and no care log") \
	X(TOO_LATE, 2, too_late, FAIL, Q1, "the care log begins 91 minutes after the visit should") \
	X(JUST_FOUND, 2, just_found, PASS, Q1, "the care log begins 90 minutes after the visit should") \
	X(AFTER_END, 3, after_end, FAIL, A3, "on the day after the appointment's last") \
	X(END_DAY, 1, end_day, PASS, A3, "on the appointment's last day") \
	X(IN_NIGHT, 3, in_night, FAIL, N3, "a call as a sleep night begins") \
	X(BEFORE_NIGHT, 2, before_night, PASS, N3, "a call a minute before a sleep night begins") \
	X(NIGHTS_END, 2, nights_end, FAIL, N3, "a call a minute before a sleep night ends") \
	X(AFTER_NIGHT, 2, after_night, PASS, N3, "a call as a sleep night ends") \
	X(BEYOND, 3, beyond, FAIL, E1, "a minute more than the week's envelope holds") \
	X(WHOLE, 2, whole, PASS, E1, "all that the week's envelope holds") \
	X(BEYOND_MONTH, 3, beyond_month, FAIL, E2, "a minute more than the month's envelope holds") \
	X(WHOLE_MONTH, 2, whole_month, PASS, E2, "all that the month's envelope holds") \
	X(TOO_LONG, 2, too_long, FAIL, D1, "on the day after the last that an extension reaches") \
	X(LAST_DAY, 1, last_day, PASS, D1, "on the last day that an extension reaches") \
	X(EXTENDED, 2, extended, FAIL, D2, "on the fourth day, without an outcome") \
	X(THIRD_DAY, 1, third_day, PASS, D2, "on the third day") \
	X(EARLY, 2, early, FAIL, D3, "a minute before the discharge") \
	X(AT_ONCE, 1, at_once, PASS, D3, "in the minute of the discharge") \
	X(NIGHT, 3, night, FAIL, N1, "a sleep night claimed a penny above its rate") \
	X(NIGHT_LESS, 2, night_less, FAIL, N1, "a sleep night claimed a pound below its rate") \
	X(ANOTHER_NIGHT, 3, another_night, FAIL, N2, "a sleep night more than commissioned") \
	X(TWICE, 3, twice, FAIL, N4, "one sleep night claimed twice") \
	X(HURRIED, 3, hurried, FAIL, Q2, "four minutes and 59 seconds between two people") \
	X(JUST_THERE, 2, just_there, PASS, Q2, "five minutes between two people") \
	X(SAME_HOUSE, 1, same_house, PASS, Q2, "two people at one postcode, and no time between them") \
	X(NO_OUT, 2, no_out, UNSURE, Q2, "when the carer left the first is not known")


enum { KENT_PLANTS(GROW_NAME) KENT_KINDS };

#endif
