/*
 * What Kent's county is made of, and who makes it:
 *
 *   kent_market   providers, lots, appointments, rate cards, Extra Care, staff: once a county
 *   kent_package  clean packages, one after the other, and their rows
 *   kent_plant    what is put into them
 *   kent_judge    what breaks which rule, from the rows alone
 *   kent_figures  measures and KPIs, counted a second time
 *
 * A package belongs to one person and one appointment, and no two share anything that a rule
 * compares. Money is whole pence, lengths are minutes summed over carers, days are from 1970-01-01.
 */
#ifndef CORPUS_KENT_ROWS_H
#define CORPUS_KENT_ROWS_H

#include "corpus/grow.h"
#include "corpus/kent_plants.h"

#define BASE_LOTS 4       /* with packages; those behind them are there for the rules of lots */
#define LOTS_MOST 20
#define LOT_AREAS 3
#define REGULARS 5        /* providers appointed to every lot for the whole time */
#define MONITORED 3       /* of the first providers there are care logs */
#define PROVIDERS_MOST 8
#define POSTS_MOST 96
#define CATEGORIES 10
#define WEEKS_MOST 10
#define VISITS_MOST (WEEKS_MOST * 14)
#define NIGHTS_MOST (2 * WEEKS_MOST)
#define OFFERS_MOST 2
#define CALLS_MOST WEEKS_MOST
#define CREW_MOST 12
#define LISTED_MOST 160
#define NIGHT_PENCE 9050
#define ASSESS_DAYS 3
#define EXTENSION_DAYS 2
#define KEYS_TEXT 140

/* Providers beyond the regulars: one leaves half-way, one is not registered with the CQC, and of
 * one it is not known whether it is. */
enum { LEAVER = REGULARS, UNREGISTERED, UNKNOWN_PROVIDER };

#define KENT_RULES(X) \
	X(A1) X(A2) X(A3) X(A4) X(A5) X(A6) X(A7) \
	X(L1) X(L2) X(L3) X(L4) X(L5) X(L6) X(L7) X(L8) \
	X(R1) X(R2) X(R3) X(R4) X(R5) X(R6) X(R7) X(R8) \
	X(N1) X(N2) X(N3) X(N4) X(W1) X(E1) X(E2) X(B1) X(B2) X(B3) \
	X(X1) X(X2) X(X3) X(X4) X(D1) X(D2) X(D3) X(D4) X(D5) X(D6) \
	X(Q1) X(Q2) X(Q3) X(Q4) X(Q5)

enum { KENT_RULES(GROW_RULE) RULE_COUNT, RULE_NONE = RULE_COUNT };

enum { KEY_LOT = KEY_OWN, KEY_OLD, KEY_AREA, KEY_POST, KEY_CARD, KEY_COVER, KEY_NIGHT, KEY_OFFER,
	KEY_LISTED, KEY_BLOCK, KEY_SCHEME, KEY_SHIFT, KEY_TENANCY, KEY_REVIEW, KEY_WORKFORCE };

enum { T_PROVIDERS, T_CLIENTS, T_CARERS, T_PROVISIONS, T_VISITS, T_LOGS, T_STAYS, T_RETURNS, T_LOTS,
	T_OLD, T_AREAS, T_PLACES, T_POSTS, T_CARDS, T_COVER, T_OFFERS, T_LISTED, T_NIGHTS, T_BLOCKS,
	T_SCHEMES, T_SHIFTS, T_TENANCIES, T_REVIEWS, T_WORKFORCE, T_COUNT };

/* ---- the market ---------------------------------------------------------------------------- */

#define MISSING (-1) /* of a figure that is never below nothing */

typedef struct Lot {
	const char *name, *type;
	int32_t described, tabled; /* minutes */
	int32_t old[2];
	bool rural_only;
	int rule;         /* what it was made for, or RULE_NONE */
	const char *note;
} Lot;

/* A provider appointed to a lot. */
typedef struct Post {
	uint32_t lot, provider;
	int32_t start, end;       /* CAL_NO_DAY: it runs on */
	int32_t guaranteed;       /* minutes a week */
	int64_t tendered;
	const char *consortium;
	int8_t taken[LOT_AREAS];  /* 1, 0, or MISSING */
	int32_t standard, complex; /* of its only card; 0: the usual cards */
} Post;

typedef struct Listed {
	uint32_t lot, provider;
	int32_t price, start, end;
} Listed;

/* ---- packages ------------------------------------------------------------------------------ */

typedef enum Care { CARE_PLAIN, CARE_ASSESS, CARE_WEEKLY, CARE_MONTHLY } Care;

/* Where a person lives: in the county, over the border, or where nobody knows which side it is. */
typedef enum Home { HOME_KENT, HOME_MEDWAY, HOME_UNKNOWN } Home;

typedef struct Visit {
	uint64_t no;
	int32_t day, start, planned, declared, rate, claimed;
	int32_t late;       /* minutes from its start to the first check-in */
	uint32_t crew;      /* which of the package's carers came first */
	bool missed, no_log, no_planned, no_start;
	Mark mark, debit;   /* debit: of the envelope */
} Visit;

typedef struct Night {
	uint64_t no;
	int32_t day, claimed;
	Mark mark, date; /* date: of the night as such, whoever claims it */
} Night;

/* A carer goes from the visit to the person next door. */
typedef struct Call {
	int visit;
	int32_t gap; /* seconds from the one to the other */
	bool no_out; /* when the first was left is not known */
	Mark mark;
} Call;

typedef struct Week {
	int32_t monday;
	Mark mark, rates, nights; /* W1, R5, N2 */
} Week;

typedef struct Offer {
	uint64_t no;
	bool accepted;
	const char *reason;
	Mark mark;
} Offer;

typedef struct Package {
	uint64_t no, client, neighbour; /* 0: nobody next door */
	uint32_t lot, home_lot, provider, post, area, category;
	Home home;
	Care care;
	const char *scheme, *hospital;
	int32_t start, end, weekly, monthly, nightly; /* nightly: sleep nights commissioned a week */
	int32_t assessed, carers;
	uint32_t crew;
	uint64_t crew_first;
	bool complex, no_reason, extension, no_weekly, no_nightly, no_discharge;
	bool same_house; /* as the person next door: one postcode */
	int64_t admitted, discharged;
	Mark mark;
	Visit visit[VISITS_MOST];
	Night night[NIGHTS_MOST];
	Call call[CALLS_MOST];
	Week week[WEEKS_MOST + 1];
	Offer offer[OFFERS_MOST];
	int visits, nights, calls, weeks, offers;
} Package;

/* ---- figures ------------------------------------------------------------------------------- */

#define RATES_MOST 4096

/* Of one provider in one quarter. */
typedef struct Tally {
	uint32_t visits, missed, logged, late, logs, electronic, assess, extended;
	uint32_t staff, achieved, in_process, part_done, zero_hours, leavers;
} Tally;

/* Of one lot in one quarter. */
typedef struct Market {
	uint8_t rate[RATES_MOST]; /* whether somebody was paid so many pence an hour */
	uint32_t clients, providers, offers, accepted; /* providers: a bit for each */
} Market;

typedef struct Figures {
	int32_t first, quarters; /* years times four and quarters */
	Tally *tally;            /* by provider, quarter */
	Market *market;          /* by lot, quarter */
	int64_t *spend;          /* by year of the first quarter and on; financial years */
} Figures;

/* ---- the county ---------------------------------------------------------------------------- */

typedef struct Kent {
	Grow *grow;
	Package package;
	Figures figures;
	Lot lot[LOTS_MOST];
	Post post[POSTS_MOST];
	Listed listed[LISTED_MOST];
	uint32_t lots, posts, providers, listings;
	int32_t uplift;     /* the Monday on which the second rate cards begin */
	int64_t *delivered; /* minutes by post and week */
	int table[T_COUNT];
	uint64_t visits, nights, packages, clients, carers, logs, offers, shifts, reviews, blocks;
} Kent;

static inline bool kent_spoils(const Kent *kent)
{
	return kent->grow->share > 0;
}

static inline void kent_row(Kent *kent, int table, const Cell *cells, int count)
{
	tables_row(kent->grow->county, kent->table[table], cells, count);
}

/* Contracted pence an hour before the weighting; of a day. */
int32_t kent_contracted(const Kent *kent, const Post *post, bool complex, int32_t day);
uint32_t kent_card(const Kent *kent, uint32_t post, int32_t day); /* its number */
void kent_place(char out[16], Home home, uint32_t area, uint32_t category);

void kent_market_open(Kent *kent);  /* before any package: decides who and where, and writes it */
void kent_market_close(Kent *kent); /* behind all of them: blocks, Extra Care, reviews */

void kent_package(Kent *kent); /* the next one, with what is planted in it */
void kent_package_write(Kent *kent);

/* The rate due on a day, and the price of a call: of so many minutes of all carers together. */
int32_t kent_rate(const Kent *kent, const Package *package, int32_t day);
int64_t kent_paid(const Package *package, int32_t minutes); /* fifths of a second, for each carer */
int32_t kent_price(const Package *package, int32_t minutes, int32_t rate);
int kent_week(const Package *package, int32_t day); /* its number in the package */
int32_t kent_period(const Package *package, int32_t day); /* first day of the envelope's period */
int32_t kent_period_last(const Package *package, int32_t first);

/* Whether one of two visits of a package is drawn from its envelope before the other. */
bool kent_before(const Kent *kent, const Visit *a, const Visit *b);

extern const GrowKind kent_kinds[];
void kent_plant_package(Kent *kent); /* before its visits are there */
void kent_mark_visits(Kent *kent);   /* what the package itself makes of its visits */
void kent_plant_rows(Kent *kent);

void kent_judge(Kent *kent);
void kent_judge_call(Kent *kent, const Call *call, uint64_t log); /* once its log has a number */

int32_t kent_quarter(int32_t day);
int32_t kent_quarter_first(int32_t quarter);
bool kent_quarter_told(const Kent *kent, int32_t quarter); /* its last day lies in the run */

void kent_figures_open(Kent *kent);
void kent_figures_package(Kent *kent);
Tally *kent_tally(Kent *kent, uint32_t provider, int32_t quarter);
void kent_figures_close(Kent *kent); /* writes the forms, and all figures of quarters and years */

#endif
