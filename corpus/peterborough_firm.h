/*
 * One provider and all that is its own. Providers share nothing that a rule compares, so each is
 * made, planted in, judged and written before the next.
 *
 *   firm ── cards ── prices              package ── visits ── logs
 *     ├──── packages                         ├───── costing
 *     ├──── block ── payments, reviews       ├───── absence ── retainers
 *     └──── waiting list, allocations        └───── ending
 *
 * Money is pence, an hour's rate pence per hour, lengths minutes, ways tenths of a mile.
 */
#ifndef CORPUS_PETERBOROUGH_FIRM_H
#define CORPUS_PETERBOROUGH_FIRM_H

#include "corpus/grow.h"

#define PETERBOROUGH_RULES(X) \
	X(R1) X(R2) X(R3) X(R4) X(R5) X(R6) X(R7) X(U1) X(U2) X(U3) X(C1) X(C2) X(C3) X(Q1) X(Q2) \
	X(Q3) X(F1) X(F2) X(F3) X(F4) X(B1) X(B2) X(B3) X(B4) X(B5) X(B6) X(A1) X(A2) X(A3) X(A4) \
	X(A5) X(N1) X(N2) X(M1) X(M2) X(W1) X(W2) X(L1) X(E1) X(E2) X(E3) X(E4) X(E5) X(E6) X(E7) \
	X(E8) X(E9)

enum { PETERBOROUGH_RULES(GROW_RULE) RULE_COUNT, RULE_NONE = RULE_COUNT };

#define PETERBOROUGH_PLANTS(X) \
	X(NOTHING, 0, NULL, PASS, NONE, "follows from another plant") \
	X(PENNY, 3, penny, FAIL, R1, "claimed a penny an hour above the rate agreed") \
	X(LOW, 2, low, FAIL, R1, "claimed a penny an hour below the rate agreed") \
	X(NIGHT_PLAIN, 2, night_plain, FAIL, R1, "a night claimed at the rate of the day") \
	X(NIGHT_EDGE, 1, night_edge, PASS, R1, "a visit at 21:59, at the rate of the day") \
	X(HOLIDAY_PLAIN, 2, holiday_plain, FAIL, R1, "a bank holiday at the ordinary rate") \
	X(OLD_PRICE, 2, old_price, FAIL, R1, "claimed at the rate from before the uplift") \
	X(NO_START, 1, no_start, UNSURE, R1, "priced by night and day, and without a start") \
	X(LATE_PRICE, 1, late_price, FAIL, R2, "a visit on the day before the card's first rate") \
	X(WRONG_CARD, 2, wrong_card, FAIL, R3, "a card of another need") \
	X(BIRTHDAY, 2, birthday, FAIL, R4, "a child's card on the eighteenth birthday") \
	X(BIRTHDAY_EVE, 1, birthday_eve, PASS, R4, "a child's card on the day before it") \
	X(CHEAP_COMPLEX, 1, cheap_complex, FAIL, R6, "complex support priced below generic") \
	X(EQUAL_COMPLEX, 1, equal_complex, FAIL, R6, "complex support priced as generic") \
	X(DEAR, 1, dear, FAIL, R6, "a first rate a penny above what was found") \
	X(TOP, 1, top, PASS, R6, "a first rate as high as any that was found") \
	X(TWICE, 1, twice, FAIL, R7, "two rates of a card from one day") \
	X(UPLIFT_HIGH, 1, uplift_high, FAIL, U1, "an uplift a penny too high") \
	X(UPLIFT_LOW, 1, uplift_low, FAIL, U1, "an uplift a penny too low") \
	X(UNCAPPED, 1, uncapped, FAIL, U1, "the whole formula, in spite of the cap") \
	X(CAPPED, 1, capped, FAIL, U1, "the cap, when there is none any more") \
	X(AT_CAP, 1, at_cap, PASS, U1, "an uplift of just the cap") \
	X(NO_UPLIFT, 1, no_uplift, FAIL, U3, "no uplift in April") \
	X(IN_MAY, 2, in_may, FAIL, U2, "a rate raised in May") \
	X(DOWN_IN_MAY, 1, down_in_may, PASS, U2, "a rate lowered in May") \
	X(COMPLEX_HIGH, 2, complex_high, FAIL, C1, "complex, a penny above the ceiling") \
	X(COMPLEX_TOP, 1, complex_top, PASS, C1, "complex, at the ceiling") \
	X(SUM_HIGH, 2, sum_high, FAIL, C2, "a rate a penny above its costing") \
	X(SUM_LOW, 2, sum_low, FAIL, C2, "a rate a penny below its costing") \
	X(NO_TRAINING, 2, no_training, FAIL, C3, "a costing without training") \
	X(UNCOSTED, 2, uncosted, FAIL, C3, "complex, since April 2023, without a costing") \
	X(UNREGISTERED, 2, unregistered, FAIL, Q1, "personal care of one not registered") \
	X(PERSONAL_OUTSIDE, 2, personal_outside, FAIL, Q2, "community support with personal care") \
	X(UNTRAINED, 3, untrained, FAIL, Q3, "a carer not trained for the child") \
	X(LAST_TRAINED, 1, last_trained, PASS, Q3, "a carer on the last day of a training") \
	X(MISSED, 3, missed, FAIL, F1, "not delivered, and declared all the same") \
	X(MISSED_FREE, 1, missed_free, PASS, F1, "not delivered, nothing declared") \
	X(MINUTE, 3, minute, FAIL, F2, "a minute above the week") \
	X(LEFT_EARLY, 0, NULL, FAIL, F3, "a package on the day after leaving the DPS") \
	X(LEFT_DAY, 0, NULL, PASS, F3, "a package on the last day on the DPS") \
	X(IDLE, 0, NULL, FAIL, F4, "on the DPS for six months, and nothing delivered") \
	X(SET_UP_DAY, 0, NULL, PASS, F4, "a first package on the last day of the six months") \
	X(PAY_HIGH, 2, pay_high, FAIL, B1, "a block paid a penny too much") \
	X(PAY_LOW, 2, pay_low, FAIL, B1, "a block paid by its use and not by its guarantee") \
	X(PAY_UNKNOWN, 1, pay_unknown, UNSURE, B1, "a payment without its amount") \
	X(UNPAID, 2, unpaid, FAIL, B2, "a week of a block not paid") \
	X(PAID_TWICE, 2, paid_twice, FAIL, B2, "a week of a block paid twice") \
	X(BLOCK_HOUR, 3, block_hour, FAIL, B3, "a visit of a block claimed by the hour") \
	X(BLOCK_AFTER, 2, block_after, FAIL, B4, "a visit on the day after a block's last") \
	X(BLOCK_LAST, 1, block_last, PASS, B4, "a visit on a block's last day") \
	X(BLOCK_FAR, 1, block_far, FAIL, B5, "a package outside its block's district") \
	X(UNREVIEWED, 0, NULL, FAIL, B6, "a quarter without a review") \
	X(REVIEWED_LAST, 0, NULL, PASS, B6, "a review on the last day of the quarter") \
	X(ABSENCE_HIGH, 2, absence_high, FAIL, A1, "an absence paid a penny too much") \
	X(ABSENCE_LOW, 2, absence_low, FAIL, A1, "an absence paid a penny too little") \
	X(OLD_LAW, 1, old_law, FAIL, A1, "an absence paid that began before April 2023") \
	X(BEYOND, 2, beyond, FAIL, A2, "a retainer for the forty-third day") \
	X(LAST_KEPT, 1, last_kept, PASS, A2, "a retainer through the forty-second day") \
	X(GONE, 2, gone, FAIL, A3, "an absence paid, and no care after it") \
	X(BACK_LATE, 1, back_late, PASS, A3, "care again on the seventh day") \
	X(INSIDE, 3, inside, FAIL, A4, "a visit on the second day of an absence") \
	X(LEAVING, 1, leaving, PASS, A4, "a visit on the day of leaving") \
	X(EARLY_KEPT, 1, early_kept, FAIL, A5, "a retainer from the day before the absence") \
	X(LATE_KEPT, 1, late_kept, FAIL, A5, "a retainer through the day after the absence") \
	X(SHORT_NOTICE, 2, short_notice, FAIL, N1, "a provider's notice a day too short") \
	X(FULL_NOTICE, 1, full_notice, PASS, N1, "a provider's notice, just long enough") \
	X(LIEU_UNPAID, 2, lieu_unpaid, FAIL, N2, "a council's short notice, not paid for") \
	X(LIEU_HIGH, 2, lieu_high, FAIL, N2, "a penny too much in place of notice") \
	X(LIEU_UNKNOWN, 1, lieu_unknown, UNSURE, N2, "what was paid for notice is not known") \
	X(MILE, 3, mile, FAIL, M1, "a penny too much for mileage") \
	X(MILE_WITHIN, 2, mile_within, FAIL, M1, "mileage that the rate includes") \
	X(TRAVEL, 3, travel, FAIL, M2, "a penny too little for travel time") \
	X(LONG_WAIT, 0, NULL, FAIL, W1, "waited for six months and a day") \
	X(STILL_WAITS, 0, NULL, FAIL, W1, "waits still, after six months") \
	X(SIX_MONTHS, 0, NULL, PASS, W1, "waited for six months") \
	X(JUMPED, 0, NULL, FAIL, W2, "started before one who had joined earlier") \
	X(URGENT, 0, NULL, PASS, W2, "started before one who had joined earlier, being urgent") \
	X(FAR, 2, far_away, FAIL, L1, "a package outside the districts allocated") \
	X(ALLOCATED_DAY, 1, allocated_day, PASS, L1, "a package on the last day of an allocation") \
	X(ANSWER, 0, NULL, PASS, E1, "an answer to a market test, changed")

enum { PETERBOROUGH_PLANTS(GROW_NAME) PLANT_COUNT };

enum { KEY_MEMBER = KEY_OWN, KEY_CARD, KEY_PRICE, KEY_COSTING, KEY_BLOCK, KEY_PAYMENT, KEY_REVIEW,
	KEY_ABSENCE, KEY_RETAINER, KEY_ENDING, KEY_TRAINING, KEY_WAITING, KEY_ALLOCATION,
	KEY_RESPONSE, KEY_END };

#define PRICES_MOST 6
#define CARDS_MOST 5
#define PACKAGES 12
#define ODD (PACKAGES - 1)     /* the package that has a card of its own */
#define BLOCK_PACKAGES 2       /* those before it */
#define VISITS_MOST 72
#define WEEKS_MOST 10
#define BLOCK_WEEKS_MOST 20
#define QUARTERS 16            /* from January 2021 */
#define WAITERS 3
#define SET_UP_MONTHS 6
#define NOTICE_DAYS 28
#define FULL_DAYS 14
#define KEPT_DAYS 28

typedef enum Need { NEED_SINGLE, NEED_GENERIC, NEED_COMPLEX } Need;
typedef enum Age { AGE_ALL, AGE_ADULT, AGE_CHILD } Age;
typedef enum Giver { BY_COUNCIL, BY_PROVIDER, BY_PERSON } Giver;

typedef struct Price {
	uint64_t no;
	int32_t start, rate;
	Mark mark;
} Price;

typedef struct Card {
	uint64_t no;
	Need need;
	Age age;
	bool night, holiday, apart, late; /* late: its first rate begins a day after it */
	int32_t start;
	Price price[PRICES_MOST];
	int prices;
	Mark year[2]; /* the uplifts of 2022 and 2023 */
} Card;

typedef struct Visit {
	uint64_t no, log, carer; /* log 0: none */
	int32_t day, start, planned, declared, rate, tenths, mileage, travel, travel_pay;
	bool missed, no_start;
	Mark mark, log_mark;
} Visit;

typedef struct Week {
	int32_t monday;
	Mark mark;
} Week;

typedef struct Retainer {
	uint64_t no;
	int32_t first, last, amount;
	Mark mark;
} Retainer;

typedef struct Absence {
	uint64_t no;   /* 0: none */
	int32_t first, last; /* CAL_NO_DAY: still away */
	int32_t back;  /* no care from `last` to the day before */
	bool inside;   /* a visit on the second day */
	Retainer retainer[2];
	int retainers;
	Mark mark;
} Absence;

typedef struct Ending {
	uint64_t no; /* 0: none */
	Giver giver;
	int32_t given, last, lieu;
	bool unknown;
	Mark mark;
} Ending;

typedef struct Package {
	uint64_t no, training;
	Card *card;
	bool block, complex, home, personal, child, night, costed, no_training;
	int32_t born, length, weekly, weeks, start, end, rate;
	int32_t cost[4];
	uint64_t costing[4];
	const char *district;
	Visit visit[VISITS_MOST];
	Week week[WEEKS_MOST + 1];
	int visits;
	Absence absence;
	Ending ending;
	Mark mark;
} Package;

typedef struct Payment {
	uint64_t no;
	int32_t week, amount;
	bool unknown;
	Mark mark;
} Payment;

typedef struct Block {
	uint64_t no; /* 0: none */
	int32_t start, end, weekly, rate;
	Payment payment[BLOCK_WEEKS_MOST + 1];
	int payments;
	int32_t review[QUARTERS]; /* by quarter; CAL_NO_DAY: none */
	uint64_t reviews[QUARTERS];
	Mark week[BLOCK_WEEKS_MOST], quarter[QUARTERS];
} Block;

typedef struct Waiter {
	uint64_t no;
	int32_t joined, started;
	bool urgent;
	Mark mark;
} Waiter;

typedef struct Firm {
	uint64_t no, carer; /* the first of its two carers */
	bool registered;
	int32_t start, joined, left, allocated; /* allocated: last day of the district PE7 */
	Card card[CARDS_MOST];
	int cards;
	Package package[PACKAGES];
	int packages;
	Block block;
	Waiter waiter[WAITERS];
	int waiters;
	Mark member;
} Firm;

typedef struct Peter {
	Grow *grow;
	Firm firm;
	int table[32];
	uint64_t given[KEY_END]; /* numbers, by kind of key */
} Peter;

/* What makers change: one card, package, visit, absence, ending, or payment of a block. */
typedef struct Scene {
	Peter *peter;
	Card *card;
	Package *package;
	Visit *visit;
	Absence *absence;
	Ending *ending;
	Payment *payment;
} Scene;

extern const GrowKind peterborough_kinds[PLANT_COUNT];

/* ---- what the contract gives ------------------------------------------------------------- */

bool pb_in_window(const Peter *peter, int32_t day);
bool pb_holiday(int32_t day);
int32_t pb_april(int year); /* its first day: 0 is 2022, 1 is 2023 */
int32_t pb_years_on(int32_t day, int years);
int32_t pb_months_on(int32_t day, int months);
int pb_quarter(int32_t day);
int32_t pb_quarter_first(int quarter);

/* Of an hour's rate: the formula's rise in April, and what of it is due. */
int32_t pb_formula(int32_t rate, int april);
int32_t pb_uplift(int32_t rate, int april);

/* The card's rate on a day; -1 before its first. */
int32_t pb_on_card(const Card *card, int32_t day);
int32_t pb_basis(const Package *package, int32_t day);
int32_t pb_rate_due(const Package *package, const Visit *visit);
int32_t pb_mileage_due(const Package *package, const Visit *visit);
int32_t pb_travel_due(const Package *package, const Visit *visit);
int32_t pb_full(int32_t first, int32_t away);
int32_t pb_kept(int32_t first, int32_t away);
int32_t pb_absence_due(const Package *package);
int32_t pb_lieu_due(const Package *package);
int32_t pb_used(const Firm *firm, int32_t monday);
int32_t pb_block_due(const Firm *firm, int32_t monday);

/* ---- the parts of the module ------------------------------------------------------------- */

uint64_t pb_number(Peter *peter, int kind);
void pb_reprice(Card *card, int from);
void pb_judge(Peter *peter);
void pb_figures(Peter *peter);
void pb_write(Peter *peter);
void pb_tables(Peter *peter);

/* The answers to market tests, with their truth; and a row of them. */
void pb_answers(Peter *peter);
void pb_answer(Peter *peter, const Cell *cells, int count);

#endif
