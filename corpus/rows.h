/*
 * What the county is made of: the plan (providers, clients, packages of care), which stays in
 * memory, and the rows of one provider's week (visits and care logs), which do not. Keys are
 * numbers here and become text when they are written. Money is pence, an hour's rate is pence per
 * hour, lengths are minutes unless named seconds, moments are UTC seconds.
 *
 *   Plan ── Provider ── Package ── Client        one package is one provision
 *                          |
 *             Rows:  Visit, Log                  of one provider and one week
 */
#ifndef CORPUS_ROWS_H
#define CORPUS_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus/account.h"
#include "corpus/cal.h"
#include "corpus/rng.h"
#include "corpus/room.h"

/* The rules of both Hampshire contracts, by their ids; W1, W4 and B1 to B6 are of the newer alone. */
#define CORPUS_RULES(X) \
	X(V1) X(V2) X(V3) X(V4) X(V5) X(V6) X(V7) X(V8) X(H1) X(H2) X(H3) X(W1) X(W2) X(W3) X(C1) \
	X(C2) X(C3) X(C4) X(TB1) X(TB3) X(B1) X(B2) X(B3) X(B5) X(B6) X(S1) X(S2) X(S3) X(S4) \
	X(S5) X(W4)

typedef enum Rule {
#define X(id) RULE_##id,
	CORPUS_RULES(X)
#undef X
	RULE_COUNT,
	RULE_NONE = RULE_COUNT
} Rule;

#define BIT(rule) (1u << (rule))

/* Everything that is planted: id, how often in the round of plants (0: only placed by the plan),
 * the rule that a near miss just keeps (NONE for a violation), and the note of the truth table. */
#define CORPUS_PLANTS(X) \
	X(NOTHING, 0, NONE, "follows from another plant") \
	X(V1_SECOND, 6, NONE, "logged one second less than rounds up to the time declared") \
	X(V1_SHORT, 9, NONE, "logged much less than declared") \
	X(V1_SPRING, 0, NONE, "a night in which the clocks went forward, declared by the clock") \
	X(V1_RATELESS, 1, NONE, "rate claimed is missing, logged less than declared") \
	X(V1_OPEN, 2, NONE, "care log without a check-out") \
	X(V1_HALF, 3, V1, "logged exactly the half that rounds up to the time declared") \
	X(V2_NO_LOG, 9, NONE, "delivered without a log") \
	X(V2_TOO_LATE, 3, NONE, "the carer came 90 minutes and a second after the planned start") \
	X(V2_LATE, 1, V2, "the carer came exactly 90 minutes after the planned start") \
	X(V2_EARLY, 1, V2, "the carer came exactly 90 minutes before the planned start") \
	X(V2_RIVAL, 1, NONE, "one log within reach of two visits, nearer to the other") \
	X(V2_TIE, 1, NONE, "one log exactly between two visits: the earlier keeps it") \
	X(V2_PAIRS, 1, V2, "two visits and two logs: both pair, though not each with its nearest") \
	X(V3_ORPHAN, 3, NONE, "log more than 90 minutes from any visit declared") \
	X(V4_NOTICE, 2, NONE, "cancelled with 24 hours' notice or more, declared all the same") \
	X(V4_MISSED, 2, NONE, "missed, declared all the same") \
	X(V4_FRUSTRATED, 2, NONE, "frustrated, declared one minute above what it pays") \
	X(V4_NO_NOTICE, 1, NONE, "cancelled, the notice is missing") \
	X(V4_SHORT_NOTICE, 1, V4, "cancelled with a minute less than 24 hours' notice") \
	X(V4_FREE, 1, V4, "cancelled with exactly 24 hours' notice, nothing declared") \
	X(V4_HALF_HOUR, 1, V4, "frustrated, declared exactly what it pays") \
	X(V5_GIVEN, 2, NONE, "declared missed, logged for its planned time") \
	X(V6_ALONE, 5, NONE, "the second carer has no log") \
	X(V6_BRIEF, 1, V6, "the second carer stayed a third of the time") \
	X(V7_PENNY, 2, NONE, "claimed a penny an hour above the award") \
	X(V7_POUNDS, 2, NONE, "claimed well above the award") \
	X(V7_BELOW, 1, V7, "claimed a penny an hour below the award") \
	X(W2_MINUTE, 3, NONE, "declared one minute above the week commissioned") \
	X(W2_SWAP, 1, W2, "more declared for one visit, less for another: exactly the week commissioned") \
	X(C1_OVERLAP, 3, NONE, "the same carer is logged with two people at once") \
	X(C1_TOUCH, 1, C1, "one log of the carer ends in the second in which the next begins") \
	X(C2_HURRY, 2, NONE, "a second less on the way to another place than it takes") \
	X(C2_JUST, 1, C2, "just as long on the way to another place as it takes") \
	X(C3_MERGED, 2, NONE, "one carer's second visit of the person begins as the first ends") \
	X(C3_APART, 1, C3, "one carer's second visit of the person begins a second after the first") \
	X(C4_EARLY, 2, NONE, "the next visit begins a second before the one before has ended") \
	X(C4_AFTER, 1, C4, "the next visit begins, by another carer, as the one before ends") \
	X(TB1_NO_LOG, 2, NONE, "Take a Break declared without a log") \
	X(TB3_MINUTE, 2, NONE, "Take a Break declared one minute beyond what was banked") \
	X(TB3_EXACT, 1, TB3, "Take a Break declared exactly as far as banked") \
	X(TB3_DAY_AFTER, 0, NONE, "Take a Break saved up, and claimed a day after the oldest expired") \
	X(TB3_LAST_DAY, 0, TB3, "Take a Break saved up, and claimed on the last day of the oldest") \
	X(H1_STAY, 0, NONE, "declared during a stay in hospital") \
	X(H1_LAST_SECOND, 0, NONE, "during a stay entered in the last second before the books closed") \
	X(H1_LATE, 0, NONE, "during a stay that was entered when the books were closed") \
	X(H1_CORRECTED, 0, NONE, "after a discharge that was corrected when the books were closed") \
	X(H1_IN_TIME, 0, H1, "after a discharge that was corrected before the books were closed") \
	X(H1_BEFORE, 0, H1, "begins one minute before the admission") \
	X(H1_HOME, 0, H1, "begins in the minute of the discharge") \
	X(H2_AFTER, 0, NONE, "dated after the provision ended") \
	X(H2_EARLY, 0, NONE, "dated before the provision started") \
	X(H2_LAST_DAY, 0, H2, "on the last day of the provision") \
	X(H2_FIRST_DAY, 0, H2, "on the first day of the provision") \
	X(H3_DEAD, 0, NONE, "dated after the death") \
	X(H3_SAME_DAY, 0, H3, "on the day of the death") \
	X(V8_BELOW, 0, NONE, "awarded a penny below the floor") \
	X(V8_FLOOR, 0, V8, "awarded exactly at the floor") \
	X(W1_NONE, 0, NONE, "nothing submitted for the week") \
	X(W1_LATE, 0, NONE, "submitted at the first moment after the last day") \
	X(W1_LAST, 0, W1, "submitted in the last second of the last day") \
	X(W3_COPIED, 0, NONE, "declared as commissioned throughout, logged seven minutes short each") \
	X(W3_SECOND, 0, NONE, "declared as commissioned throughout, logged one second under 85%") \
	X(W3_EXACT, 0, W3, "declared as commissioned throughout, logged exactly 85%") \
	X(W4_NEVER, 0, NONE, "asked for the quarter's form, and none came") \
	X(W4_LATE, 0, NONE, "the form came on the day after its last") \
	X(W4_LAST_DAY, 0, W4, "the form came on its last day") \
	X(W4_UNDATED, 0, NONE, "nobody wrote down when the form came") \
	X(W4_TWICE, 0, W4, "the form came in time, and once more when it was late") \
	X(B1_GAP, 0, NONE, "awarded on the one day between two registrations of a bidder") \
	X(B1_LAST_DAY, 0, B1, "awarded on the last day of a bidder's registration") \
	X(B1_FIRST_DAY, 0, B1, "awarded on the first day of a bidder's registration") \
	X(B2_GAP, 0, NONE, "awarded on the one day between two trainings of a bidder's staff") \
	X(B2_LAST_DAY, 0, B2, "awarded on the last day of a training of a bidder's staff") \
	X(B2_FIRST_DAY, 0, B2, "awarded on the first day of a training of a bidder's staff") \
	X(B3_CONCORDAT, 0, NONE, "specialist care, awarded on the day between two concordats") \
	X(B3_CHARTER, 0, NONE, "specialist care, awarded on the day between two charters") \
	X(B3_LAST_DAY, 0, B3, "specialist care, awarded on the last day of a concordat") \
	X(B3_FIRST_DAY, 0, B3, "specialist care, awarded on the first day of a charter") \
	X(B3_ORDINARY, 0, B3, "personal care, awarded on the day between two charters") \
	X(B_CARELESS, 0, NONE, "the award does not say for what care it is") \
	X(B5_WANTING, 0, NONE, "handed back for want of registration or of trained staff") \
	X(B5_NEEDS, 0, B5, "handed back as the needs had changed") \
	X(B5_UNSAID, 0, NONE, "handed back, the reason is missing") \
	X(B6_PENNY, 0, NONE, "awarded at a penny more than the bid that won") \
	X(B6_TWO, 0, NONE, "two bids of different rates are said to have won") \
	X(B6_NO_WINNER, 0, NONE, "no bid is said to have won") \
	X(S1_PENNY, 0, NONE, "a penny more as core than the hours commissioned come to") \
	X(S1_LESS, 0, NONE, "a penny less as core than the hours commissioned come to") \
	X(S1_BREAK, 0, NONE, "Take a Break paid in core") \
	X(S1_MISSING, 0, NONE, "what was paid as core is missing") \
	X(S1_DAYS, 0, S1, "the core of a provision that had only days of the period") \
	X(S2_PENNY, 0, NONE, "settled a penny above the hours submitted") \
	X(S2_LESS, 0, NONE, "settled a penny below the hours submitted") \
	X(S2_MISSING, 0, NONE, "what was settled is missing") \
	X(S2_LAST_SECOND, 0, S2, "settled with a change of the last second before the period closed") \
	X(S2_AFTER, 0, S2, "settled without a change of the first second after the period closed") \
	X(S3_PENNY, 0, NONE, "a penny more for late changes than was entered since") \
	X(S3_UNPAID, 0, NONE, "a late change was entered, and nothing was paid for it") \
	X(S3_MISSING, 0, NONE, "what was paid for late changes is missing") \
	X(S3_LAST_SECOND, 0, S3, "paid a late change of the last second before the period closed") \
	X(S4_TIE, 0, NONE, "two entries of one week in the same second") \
	X(S4_AFTER_BOOKS, 0, NONE, "two such entries made when the books were closed") \
	X(S4_SECOND, 0, S4, "two entries of one week a second apart") \
	X(S4_OTHER_WEEK, 0, S4, "entries of two weeks in the same second") \
	X(S4_UNDATED, 0, NONE, "two entries of one week, one of which does not say when it was made") \
	X(S5_NEVER, 0, NONE, "settled though a week was never submitted") \
	X(S5_DAY_AFTER, 0, NONE, "settled though a week was submitted in the first second after") \
	X(S5_LAST_SECOND, 0, S5, "settled with a week submitted in the last second") \
	X(S_UNDATED, 0, NONE, "a week's entry does not say when it was made") \
	X(S_HOURLESS, 0, NONE, "a week's entry has no hours") \
	X(S_WEEK_UNKNOWN, 0, NONE, "settled with a week that was entered when the books were closed") \
	X(S_CHANGE_UNKNOWN, 0, NONE, "paid a late change that was entered when the books were closed")

typedef enum Plant {
#define X(id, weight, near, note) PLANT_##id,
	CORPUS_PLANTS(X)
#undef X
	PLANT_COUNT
} Plant;

typedef enum Contract { CCSH, CSAH, CONTRACT_COUNT } Contract;
typedef enum Service { HOME_CARE, TAKE_A_BREAK } Service;
typedef enum Character { HONEST, CARELESS, BAD } Character;
typedef enum Outcome { DELIVERED, CANCELLED, FRUSTRATED, MISSED } Outcome;

/* Why a package was handed back. */
typedef enum Reason {
	REGISTRATION,
	STAFF,
	CAPACITY,
	NEEDS_CHANGED,
	OTHER,
	REASON_COUNT,
	REASON_MISSING = REASON_COUNT
} Reason;

/* What kind of care a package is. */
typedef enum CareKind {
	PERSONAL_CARE,
	LEARNING_DISABILITY,
	AUTISM,
	CARE_COUNT,
	CARE_MISSING = CARE_COUNT
} CareKind;

/* What is wrong with a row of bad data; such rows belong to people made up for them alone. */
typedef enum Broken {
	BROKEN_NOT,
	BROKEN_DATE,     /* a visit on 31 June */
	BROKEN_START,    /* a visit at 25:10 */
	BROKEN_OUTCOME,  /* an outcome that no list has */
	BROKEN_ORPHAN,   /* a visit of a provision that does not exist */
	BROKEN_CHECK_IN, /* a log that begins at no time */
	BROKEN_ORDER,    /* a log that ends before it begins */
	BROKEN_TWIN_VISIT, /* two visits of one key: only where the tables allow it */
	BROKEN_TWIN_LOG,
	BROKEN_TIE,      /* a stay of which the two newest entries are of one moment */
	BROKEN_COUNT
} Broken;

#define MINUTES_MISSING (-1)
#define RATE_MISSING (-1)
#define QUANTUM 15            /* what declared time is rounded to */
#define WINDOW_SECONDS (90 * 60)
#define NOTICE_NEEDED (24 * 60)
#define FRUSTRATED_PAYS 30
#define TRAVEL_SECONDS 300    /* between two places */
#define LATE_SECONDS (30 * 60)
#define CARERS_MAX 2
#define CCSH_FROM 20206       /* 28 April 2025, a Monday: the contract and the payment periods */

typedef struct Provider {
	Character character;
	uint16_t late;     /* per mille of visits that begin over 30 minutes late */
	uint16_t manual;   /* per mille of logs typed in */
	uint32_t first_package, packages; /* a run of Plan.by_provider */
} Provider;

typedef struct Stay {
	int64_t admitted, discharged; /* discharged CAL_NO_MOMENT: still in hospital */
	bool claimed;                 /* some visits in it are declared as delivered */
	int64_t entered;              /* CAL_NO_MOMENT: nobody says */
	int64_t entered_first;        /* an earlier entry; CAL_NO_MOMENT: there is none */
	int64_t said_first;           /* the discharge that it had */
} Stay;

#define STAYS_MAX 2
#define POSTCODES 25

typedef struct Client {
	int32_t died; /* CAL_NO_DAY: alive */
	uint8_t postcode; /* below POSTCODES: people of one number live in the same place */
	uint8_t stays;
	Stay stay[STAYS_MAX];
} Client;

/* The visits a day may have, in the order of their starts; a call is a quarter to one at night. */
enum { SLOT_CALL, SLOT_MORNING, SLOT_LUNCH, SLOT_TEA, SLOT_BED, SLOT_NIGHT, SLOTS };

typedef struct Slot {
	int16_t start;   /* minutes from midnight */
	int16_t length;  /* minutes of one carer */
	uint8_t carers;
	uint8_t days;    /* bit 0: Monday */
} Slot;

/* What a payment period adds up to, for W3. */
typedef struct Period {
	uint32_t delivered;
	int64_t declared; /* minutes */
	int64_t logged;   /* seconds */
	bool differs;      /* one visit was declared other than planned */
	bool unknown;      /* a log has no check-out */
} Period;

/* The latest of a line of logs, for the rules that compare neighbours. */
typedef struct Last {
	int64_t in, out;  /* out CAL_NO_MOMENT: missing */
	uint64_t log;     /* 0: there is none */
	uint64_t visit;   /* that it belongs to; 0: to none */
	uint32_t client;
} Last;

/* A package of care: one provider, one client, one provision. `first` to `last` are the days with
 * visits; start and end are what the provision says, which a plant may set apart. */
typedef struct Package {
	uint32_t client;
	uint16_t provider;
	uint8_t contract, service;
	int32_t rate;
	int32_t weekly; /* minutes commissioned, summed over carers */
	int32_t first, last;
	int32_t start, end; /* end CAL_NO_DAY: it runs */
	uint32_t quota;     /* visits still to be made */
	bool trimmed;       /* the quota ends before the days do */
	bool handed_back;
	bool idle;          /* awarded, and never begun: for the figures of brokerage */
	uint8_t reason;     /* of an idle package's handback */
	Plant plant;        /* V8_*, H2_AFTER, H2_EARLY or H3_DEAD */
	Plant copied;       /* W3_* in the present payment period */
	Period period;
	int32_t saves;      /* the Monday of the week for which six were saved up; CAL_NO_DAY: none */
	Account account;    /* of Take a Break, as far as weeks have been judged */
	Last last_log;      /* of the person, as far as weeks have been judged */
	Slot slot[SLOTS];
} Package;

typedef struct Plan {
	uint64_t seed;
	int32_t from;    /* the first Monday */
	int32_t weeks;
	uint64_t visits;
	uint32_t share;  /* failing findings aimed at, per million visits */
	uint64_t target; /* failing findings aimed at */
	uint32_t providers, clients, packages;
	uint32_t strangers; /* the last of the clients, for bad data */
	uint32_t clients_room, packages_room;
	Provider *provider;
	Client *client;
	Package *package;
	uint32_t *by_provider; /* package numbers, provider by provider, rising */
} Plan;

typedef struct Visit {
	uint64_t no;
	uint32_t package;
	uint32_t fails, unsure; /* BIT(rule): what the plant is meant to break */
	uint32_t turns;         /* and which of them by one of the two audits alone: see entry.h */
	int32_t day;
	int32_t rate;           /* RATE_MISSING */
	int32_t notice;         /* MINUTES_MISSING */
	int16_t start, planned, declared;
	uint8_t outcome, carers;
	uint8_t plant;
	uint8_t broken;
	bool taken;             /* no further plant here */
} Visit;

typedef struct Log {
	uint64_t no;
	int64_t in, out; /* out CAL_NO_MOMENT: missing */
	uint32_t package;
	uint32_t carer;
	uint32_t visit;  /* index in the rows: for planting only, never for the truth */
	uint32_t after;  /* C3_*: the visit whose carer this log wishes for, as an index */
	uint32_t fails;
	uint8_t method, stamp;
	uint8_t plant;
	uint8_t broken;
	bool dead;       /* taken away by a plant */
} Log;

/* One provider's week. */
typedef struct Rows {
	Visit *visit;
	Log *log;
	size_t visits, logs, visits_room, logs_room;
} Rows;

/* Both give a zeroed row at the end; the pointer holds until the next call. */
Visit *rows_visit(Rows *rows);
Log *rows_log(Rows *rows);
void rows_free(Rows *rows);

/* The moment at which a visit is planned to begin. */
int64_t visit_begins(const Visit *visit);

/* Least logged seconds that round up to so many declared minutes. */
int32_t least_logged(int32_t declared);

extern const char *const plant_notes[PLANT_COUNT];
extern const uint8_t plant_near[PLANT_COUNT]; /* Rule */
extern const uint8_t plant_weights[PLANT_COUNT];

#endif
