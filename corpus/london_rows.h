/*
 * What the borough's county is made of. All but the visits stays in memory; keys are numbers from
 * 1, money is pence, a rate is pence an hour, lengths are minutes, published hours are hundredths
 * of an hour, days are as in cal.h.
 *
 *   Referral ── Answer          asked on the framework ...
 *       |
 *   Package ── Outcome          ... and awarded: one package is one award and one provision
 *       |
 *    Provider ── Place, Rating, Concern
 *
 *   Position ── Line            the published table, made from all of them
 */
#ifndef CORPUS_LONDON_ROWS_H
#define CORPUS_LONDON_ROWS_H

#include "corpus/grow.h"

#define LONDON_RULES(X) \
	X(P1) X(P2) X(P3) X(F1) X(F2) X(F3) X(F4) X(F5) X(F6) X(F7) X(F8) X(S1) X(S2) X(S3) X(Q1) \
	X(Q2) X(D1) X(D2) X(D3) X(D4) X(D5) X(R1) X(R2) X(R3) X(R4) X(R5) X(R6) X(M1) X(M2) X(M3) \
	X(M4) X(M5) X(M6) X(M7) X(M8) X(M9) X(M10) X(M11) X(M12)

enum { LONDON_RULES(GROW_RULE) RULE_COUNT, RULE_NONE = RULE_COUNT };

enum {
	KEY_LOT = KEY_OWN,
	KEY_PLACE,
	KEY_REFERRAL,
	KEY_ANSWER,
	KEY_RATING,
	KEY_CONCERN,
	KEY_OUTCOME,
	KEY_POSITION,
	KEY_LINE
};

/* By number, as the truth names them. */
enum { HOMECARE, PURCHASING, REABLEMENT, MARKET, CONTRACTS };

/* How a package was bought: the codes of provisions.contract. */
typedef enum Bought { FRAMEWORK, DPS, SPOT, REABLING } Bought;

enum { ACCEPTED, NO_CAPACITY, REFUSED };
enum { OUTSTANDING, GOOD, IMPROVABLE, INADEQUATE, NOT_INSPECTED, UNRATED };
enum { RUNS, NO_LONGER_NEEDED, HANDED_BACK, MOVED };
enum { HOME_CARE, REABLE };
enum { ADULT, CHILD };
enum { PERSONAL_CARE, MEDICATION, ACTIVITIES };
enum { MET, PARTLY_MET, NOT_MET };
enum { NO, YES };
enum { LINE_FRAMEWORK, LINE_OUTSIDE, LINE_ALL, LINES };

#define MISSING (-1)

#define LOTS 5
#define FRAMEWORK_PROVIDERS 10
#define DPS_PROVIDERS 45
#define PROVIDERS 60 /* 1 to 10 on the framework, 11 to 55 on the purchasing system, others */
#define RATINGS_MAX 3
#define OUTCOMES_MAX 3

#define FRAMEWORK_LOWEST 1717
#define FRAMEWORK_HIGHEST 1820
#define DPS_LOWEST 1538
#define DPS_HIGHEST 1614
#define REABLEMENT_DAYS 42

typedef struct Rating {
	int32_t published;
	int8_t rating;
} Rating;

/* Ratings in no order; the newest that is published counts. */
typedef struct Provider {
	int8_t registered; /* NO, YES, MISSING */
	uint8_t ratings;
	Rating rating[RATINGS_MAX];
	bool moved;        /* a package was taken from it: its concerns are those of that day */
} Provider;

/* A place on one lot; one provider may have several, one after the other. */
typedef struct Place {
	uint16_t provider;
	uint8_t lot;
	int32_t start, end; /* end CAL_NO_DAY: nothing agreed */
	Mark mark;
} Place;

/* One provider may answer more than once: the last answer counts. */
typedef struct Answer {
	uint32_t referral;
	uint16_t provider;
	uint8_t answer;
	int32_t day;
} Answer;

typedef struct Referral {
	uint32_t client;
	uint8_t lot;     /* of the person's home, whether or not it was entered */
	bool lotless;    /* it was not */
	int8_t service, for_whom, support; /* MISSING */
	int32_t received;
	uint32_t first, answers; /* in the list of answers */
	Mark mark;
} Referral;

typedef struct Concern {
	uint16_t provider;
	int32_t raised, closed;
	int8_t serious, high_risk;
} Concern;

typedef struct Outcome {
	uint64_t no;
	int32_t agreed, reviewed;
	int8_t result;
	Mark mark;
} Outcome;

/* One award and one provision, under one key number. The first day of what is bought follows the
 * award; visits of a week begin on the weekday on which the package began. */
typedef struct Package {
	Bought bought;
	uint16_t provider;
	uint32_t client, referral; /* referral 0: none */
	int32_t awarded, start, end;
	int32_t minutes, rate, cost; /* a week; MISSING */
	int32_t award_rate;
	int16_t length;   /* of a visit */
	uint8_t visits;   /* a week */
	int8_t ended;     /* MISSING: nobody wrote down why */
	bool handback;    /* is recorded, on the last day */
	bool not_viable;
	uint8_t outcomes;
	Outcome outcome[OUTCOMES_MAX];
	Mark mark, award_mark;
} Package;

/* Of one package and week: what it holds, and no more than one odd one. */
typedef struct Visit {
	uint64_t no;
	int32_t day, rate;
	int16_t start, planned, declared;
	uint8_t outcome;
	Mark mark;
} Visit;

enum { DELIVERED, CANCELLED, MISSED };

#define WEEK_VISITS 16

typedef struct Week {
	int32_t monday;
	int count;
	bool planted;
	Visit visit[WEEK_VISITS];
	Mark mark;
} Week;

/* A line of the published table; what is not given is MISSING. */
typedef struct Line {
	int64_t packages, hundredths, cost;
	int32_t average, lowest, highest;
	Mark mark;
} Line;

/* What is said of one day. Its rules are in four contracts, and so are its marks. */
typedef struct Position {
	int32_t date, updated, next_review;
	int64_t providers, with_packages, reabling_providers, reabling;
	Line line[LINES];
	Mark mark[CONTRACTS];
} Position;

/* The whole county. The rows of lists may move whenever one is added. */
typedef struct London {
	Grow *grow;
	int32_t from, last;
	Provider provider[PROVIDERS + 1];
	Place *place;
	Referral *referral;
	Answer *answer;
	Concern *concern;
	Package *package;
	Position *position;
	size_t places, referrals, answers, concerns, packages, positions;
	size_t place_room, referral_room, answer_room, concern_room, package_room, position_room;
	uint32_t clients;
	uint64_t visits;
	uint64_t outcomes;
	int table[16]; /* as grow_table numbers them */
} London;

/* A row more at the end of a list, zeroed; the rows may move. */
#define LONDON_MORE(london, list) \
	((london)->list = london_more((london)->list, &(london)->list##s, &(london)->list##_room, \
		 sizeof *(london)->list), \
		&(london)->list[(london)->list##s - 1])

void *london_more(void *rows, size_t *count, size_t *room, size_t size);

/* Whether rules of the contract look at what stands on this day, in this run. */
bool london_seen(const London *london, int contract, int32_t day);

#endif
