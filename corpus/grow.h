/*
 * The frame in which a council's county grows. A module (corpus/<council>.c) describes the council
 * and has one function, which makes clean rows, plants into them, judges them, and writes them; the
 * frame has the files, keys and orders of rows, the pace of planting, the comparison of what was
 * meant with what was judged, and the truth.
 *
 *   module:  clean rows ──> plants ──────> judge ──────> rows ──> FILE.db
 *                             │ Mark         │ Found
 *                             └── settle ────┘ ────────> FILE.db.truth.db
 *
 * The judge works from the rows alone, with whole numbers, and never looks at a mark. Where the two
 * differ the module is wrong: the program names the subject and aborts, so that a truth file cannot
 * be wrong in silence.
 *
 * The truth file holds
 *   planted(contract, rule, subject, verdict, at_stake_pence, note, run)
 *   planted_rejected(dataset, source_key, source_column, value, note)   rows of bad data
 *   figure(contract, measure, keys, numerator, denominator, status, reported, run)
 *   balance(contract, provision, credited, used, expired, held, shortfall, debits, bank, unit)
 *                   accounts of a bank (provision: the keys of the account) as they stand at the
 *                   end of the last day; unit: what one of these is in the case file's numbers
 *   excused(part)   findings whose subject contains one of these hang on bad data: not to be judged
 *   made(name, value)   what the county was made with, and the closing day (known_on)
 * A row's run is `any`, or `all` where it holds only by all that was ever entered, or `known` where
 * it holds only by what was known on the closing day: each of the two runs has a truth of its own.
 * Verdicts are `fail`, `not_assessed`, and `pass` for the near misses. A subject is the dataset and
 * key, as in `visit V00000001` or `provision PR000001, week 2025-06-02`. Sums at stake are whole
 * pence, halves away from zero.
 */
#ifndef CORPUS_GROW_H
#define CORPUS_GROW_H

#include <stdbool.h>
#include <stdint.h>

#include "corpus/cal.h"
#include "corpus/rng.h"
#include "corpus/room.h"
#include "corpus/round.h"
#include "corpus/tables.h"

#define SUBJECT_TEXT 120
#define NO_STAKE INT64_MIN
#define GROW_CLOSING_DAYS 14 /* after the last day, when the books are closed */
#define GROW_RULES_MAX 64 /* of a council */
#define GROW_BIT(rule) (UINT64_C(1) << (rule))

/* Which of the two audits a verdict or figure is of. */
typedef enum GrowRun { RUN_ANY, RUN_ALL, RUN_KNOWN } GrowRun;

typedef enum Verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_UNSURE } Verdict;

typedef struct GrowOptions {
	const char *path;
	uint64_t seed, visits, findings;
	int32_t from, weeks; /* the first Monday */
	bool shuffle;   /* rows in random order */
	bool long_keys; /* 36 characters, no order in them */
	bool loose;     /* tables without primary keys */
	bool clean;     /* no rows of bad data */
	bool truth;
} GrowOptions;

/*
 * Plants, in one list of the module. Each X has: its name; how often it stands in the round (0:
 * only placed by the module itself); the function that makes it, or NULL; what it is meant to do to
 * which rule (PASS is a near miss); and the note of the truth table. The first is NOTHING, for
 * findings that follow from another plant.
 *
 *   #define KENT_PLANTS(X) \
 *           X(NOTHING, 0, NULL, PASS, NONE, "follows from another plant") \
 *           X(SHORT_CALL, 3, short_call, FAIL, K1, "a call of 30 minutes, claimed in full")
 *   enum { KENT_PLANTS(GROW_NAME) PLANT_COUNT };
 *   static const GrowKind kinds[] = {KENT_PLANTS(GROW_KIND)};
 */
typedef bool GrowMaker(void *scene);

typedef struct GrowKind {
	const char *note;
	GrowMaker *make;
	uint8_t weight, rule;
	Verdict verdict;
} GrowKind;

#define GROW_NAME(id, weight, make, verdict, rule, note) PLANT_##id,
#define GROW_KIND(id, weight, make, verdict, rule, note) \
	{note, make, weight, RULE_##rule, VERDICT_##verdict},

/* The ids of the rules: enum { KENT_RULES(GROW_RULE) RULE_COUNT, RULE_NONE = RULE_COUNT }; and
 * static const char *const rules[] = {KENT_RULES(GROW_RULE_ID)}; */
#define GROW_RULE(id) RULE_##id,
#define GROW_RULE_ID(id) #id,

typedef struct Grow Grow;

typedef struct Council {
	const char *name;             /* as on the command line */
	const char *const *contracts; /* by number: as in `kent/care-and-support-in-the-home` */
	const char *const *schemas;   /* SQL files below rules/, as `lib/homecare`; ends with NULL */
	const char *const *rules;     /* ids, by number */
	const GrowKind *kinds;        /* may be NULL, with all that is about marks */
	const KeyShape *own_keys;     /* by kind, from KEY_OWN on */
	int kind_count, own_kinds;
	int32_t from, weeks;          /* the usual first day, a Monday, and length */
	void (*grow)(Grow *grow);
} Council;

/* To be read by modules; written by the frame. */
struct Grow {
	const Council *council;
	const GrowOptions *options;
	Tables *county, *truth; /* truth NULL: none is wanted */
	uint64_t failing, unsure, near; /* verdicts told */
	uint64_t meant, settled;        /* bits of marks */
	uint64_t shown;
	uint32_t thickness;             /* plants per million places */
	uint32_t share;                 /* failing findings aimed at, per million visits */
	Round round;
	GrowRun run;                    /* which verdicts and figures are of from now on: a module may
					   set it, and sets it back */
	int told[6];                    /* tables of the truth */
	bool terminal;
};

/* Makes the whole county. False when interrupted; then nothing is left behind. */
bool grow_county(const Council *council, const GrowOptions *options);

/* ---- the way through ----------------------------------------------------------------------- */

/* Opens a table of the county. Its rows may come in any order: with --shuffle they are put in a
 * random one. Columns as in SQL; those left out stay NULL. */
int grow_table(Grow *grow, const char *name, const char *columns);

/* Whether to go on, so many visits being made: not when they are enough, or after an interrupt.
 * Corrects the pace of planting, and shows progress. Call it for each package or so. */
bool grow_on(Grow *grow, uint64_t made);
bool grow_interrupted(void);

int32_t grow_last_day(const Grow *grow);
int32_t grow_closing_day(const Grow *grow);

/* ---- plants -------------------------------------------------------------------------------- */

/* What a subject is meant to break; stands in its row. */
typedef struct Mark {
	uint64_t fails, unsure, passes; /* GROW_BIT(rule) */
	uint16_t plant;                 /* the first that was made of it; 0: none */
} Mark;

/* What a judge found of it. */
typedef struct Found {
	uint64_t fails, unsure;
	int64_t stake[GROW_RULES_MAX]; /* of what fails; NO_STAKE where the rule has none */
} Found;

/* Whether this place gets a plant, at the present pace; then the next kind of the round that can be
 * made of the scene, one type for all makers of a module. -1 when none can. */
bool grow_sows(const Grow *grow, Rng *rng);
int grow_plant(Grow *grow, void *scene);

/* Marks a subject with what the list says of the plant; or with a verdict that comes with it. The
 * first is false, and does nothing, if the subject has a plant already. */
bool grow_mean(Grow *grow, Mark *mark, int plant);
void grow_mean_also(Grow *grow, Mark *mark, Verdict verdict, int rule);

/* ---- truth --------------------------------------------------------------------------------- */

void grow_fails(Found *found, int rule, int64_t stake);
void grow_unsure(Found *found, int rule);

/* Compares what was meant with what was found, and tells of it. Once for every subject that could
 * be marked, after it was judged. */
void grow_settle(Grow *grow, int contract, const char *subject, const Mark *mark,
	const Found *found);

/* The same without a mark. Counts go on also when no truth file is written: the pace depends on
 * them. */
void grow_tell(Grow *grow, int contract, int rule, const char *subject, Verdict verdict,
	int64_t pence, const char *note);

/* Keys are joined by U+001F; status and reported are empty for a measure. A denominator of 0 is a
 * figure that is not known; a numerator below zero is one of 64 bits with a sign. */
void grow_figure(Grow *grow, int contract, const char *measure, const char *keys,
	uint64_t numerator, uint64_t denominator, const char *status, const char *reported);

/* An account of a bank on the last day. */
typedef struct Balance {
	int64_t credited, used, expired, held, shortfall, debits;
} Balance;

void grow_balance(Grow *grow, int contract, const char *bank, const char *keys, int unit,
	const Balance *balance);
void grow_rejected(Grow *grow, const char *dataset, const char *key, const char *column,
	const char *value, const char *note);
void grow_excused(Grow *grow, const char *part);

/* `visit V00000001`, and `provision PR000001, week 2025-06-02`. */
void grow_subject(const Grow *grow, char out[SUBJECT_TEXT], const char *dataset, int kind,
	uint64_t no);
void grow_subject_period(const Grow *grow, char out[SUBJECT_TEXT], const char *dataset, int kind,
	uint64_t no, const char *period, int32_t first);

/* numerator / denominator to the nearest whole, halves away from zero. */
int64_t grow_nearest(int64_t numerator, int64_t denominator);

_Noreturn void grow_disagree(const char *subject, const char *what);

#endif
