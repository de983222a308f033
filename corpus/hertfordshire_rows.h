/*
 * What Hertfordshire's county is made of. All but sessions and claims stays in memory; keys are
 * numbers from 1, money is pence, a rate is pence an hour, lengths are minutes (of a week, but for
 * sessions), scores are hundredths of a percent, weights percent, days are as in cal.h.
 *
 *   Provider ── Place            on the framework: need, area, complexity, quality
 *      │
 *   Package ── Award ── Bid      a provision, and the round in which it was called off
 *      ├── Review                of the hours commissioned
 *      ├── Pooling               of hours, by choice
 *      ├── Week ── Session       what was recorded ...
 *      │      └─── Claim         ... and what was claimed for it
 *   Scheme                       shared hours
 */
#ifndef CORPUS_HERTFORDSHIRE_ROWS_H
#define CORPUS_HERTFORDSHIRE_ROWS_H

#include "corpus/grow.h"

#define HERTS_RULES(X) \
	X(HP1) X(HP2) X(HP3) X(HP4) X(HU1) X(HU2) X(HU3) X(HU4) X(HU5) X(HS1) X(HS2) X(HS3) X(HS4) \
	X(HR1) X(HR2) X(HR3) X(HR4) X(HC1) X(HC2) X(HC3) X(HC4) X(HC5) X(HC6) X(HC7) X(HC8) X(HC9) \
	X(HC10) X(HC11)

enum { HERTS_RULES(GROW_RULE) RULE_COUNT, RULE_NONE = RULE_COUNT };

enum {
	KEY_PLACE = KEY_OWN,
	KEY_OPENING,
	KEY_SCHEME,
	KEY_POOLING,
	KEY_REVIEW,
	KEY_SESSION,
	KEY_CLAIM
};

#define MISSING (-1)

enum { NO, YES };
enum { STANDARD, COMPLEX, BESPOKE };
enum { QUALITY, PRICE, CHOICE, WEIGHTS };

#define NEEDS 4
#define AREAS 4
#define COMPLEXITIES 3
#define FRAMEWORK_PROVIDERS 12
#define OUTSIDER 13           /* bids, and has no place */
#define FIXED_PROVIDERS 14    /* the last has nothing but a place that cannot be read */
#define SCHEMES 48
#define PERIODS_MAX 48        /* quarters, and years, of the longest county */
#define BIDS_MAX 5
#define REVIEWS_MAX 18
#define RATE_LOW 1350
#define RATE_HIGH 1750
#define RATE_AVERAGE 1560

/* Places and packages of a provider are chains, from the newest back; 0 ends them. */
typedef struct Provider {
	int8_t registered; /* for personal care: NO, YES, MISSING */
	uint32_t place, package;
	uint64_t recorded[PERIODS_MAX], agreed[PERIODS_MAX]; /* by quarter, of weeks claimed */
	bool open[PERIODS_MAX];                              /* something recorded is not known */
} Provider;

typedef struct Place {
	uint32_t provider, before; /* the one before in the provider's chain */
	int8_t need, area, complexity;
	int32_t quality;           /* MISSING */
	int32_t start, end;        /* CAL_NO_DAY: not known; holds */
} Place;

typedef struct Bid {
	uint64_t no;
	uint32_t provider;
	int32_t rate, quality, price, choice, score; /* MISSING */
	int8_t won;                                  /* NO, YES, MISSING */
	Mark mark;
} Bid;

/* Under the package's number. The first day of support follows it. */
typedef struct Award {
	bool made;
	uint32_t provider;
	int32_t date, rate, minutes;
	int32_t weight[WEIGHTS]; /* MISSING */
	int bids;
	Bid bid[BIDS_MAX];
	Mark mark;
} Award;

typedef struct Review {
	uint64_t no;
	int32_t held, before, after;
	int8_t significant;
	Mark mark;
} Review;

typedef struct Pooling {
	uint64_t no;
	int32_t minutes, chosen, start, end;
	Mark mark;
} Pooling;

/* Reviews stand in order of their days; one without a day is the last. */
typedef struct Package {
	uint32_t provider, scheme, before;         /* scheme 0: none; before: the provider's chain */
	int8_t need, area, complexity, personal;   /* need may be MISSING */
	int32_t start, end;
	int32_t minutes, core, extra, up_to;       /* a week; extra may be MISSING */
	int32_t rate, core_rate, extra_rate;       /* the last two may be MISSING */
	int reviews, poolings;
	Award award;
	Review review[REVIEWS_MAX];
	Pooling pooling[2];
	bool dropped, dateless; /* a week without a claim; a claim without a week */
	Mark mark, year[PERIODS_MAX]; /* calendar years, from that of the county's first day */
} Package;

typedef struct Session {
	uint64_t no;
	int32_t day, minute, length;
	bool open; /* nobody checked out */
} Session;

typedef struct Claim {
	uint64_t no;
	int32_t week, minutes, amount; /* any day of the week; CAL_NO_DAY and MISSING */
	Mark mark;
} Claim;

#define WEEK_SESSIONS 4

typedef struct Week {
	int32_t monday;
	int sessions, claims;
	Session session[WEEK_SESSIONS];
	Claim claim[2];
	Mark mark;
} Week;

typedef struct Scheme {
	uint32_t provider;
	int32_t shared, least, rate, start, end; /* least may be MISSING */
	Mark mark[PERIODS_MAX];                  /* financial years, as for packages */
} Scheme;

typedef struct Opening {
	int32_t date;
	Mark mark;
} Opening;

/* The whole county. The rows of lists may move whenever one is added. */
typedef struct Herts {
	Grow *grow;
	int32_t from, last;
	Provider *provider; /* by number: the first is not used */
	Place *place;
	Package *package;
	size_t providers, places, packages, provider_room, place_room, package_room;
	Scheme scheme[SCHEMES];
	Opening opening[PERIODS_MAX];
	int openings;
	uint64_t bids, reviews, poolings, sessions, claims;
	int table[16]; /* as grow_table numbers them */
} Herts;

/* A row more at the end of a list, zeroed; the rows may move. */
#define HERTS_MORE(herts, list) \
	((herts)->list = herts_more((herts)->list, &(herts)->list##s, &(herts)->list##_room, \
		 sizeof *(herts)->list), \
		&(herts)->list[(herts)->list##s - 1])

void *herts_more(void *rows, size_t *count, size_t *room, size_t size);

/* A provider of its own for one package, with a registration and no place. */
uint32_t herts_provider(Herts *herts, int8_t registered);

/* A place of the provider for the package's kind of support. */
Place *herts_place(Herts *herts, uint32_t provider, const Package *package, int32_t start,
	int32_t end);

#endif
