/*
 * The data of a spot check: the rows of its population, and what the contract's rules find about
 * those that were drawn.
 *
 *   database ──> stores ──> fast evaluator ─┬─ the plan's own rule, which every row fails ──> frame
 *                                           └─ rules for each row of the population ──> findings
 *                                                of the rows that are wanted
 *
 * Findings are worked out twice, as in an audit, and have the ids that an audit gives them.
 */
#ifndef VOUCH_INTERP_SPOT_SCAN_H
#define VOUCH_INTERP_SPOT_SCAN_H

#include "interp/judge.h"
#include "interp/spot.h"

/* A finding about a row of the population; for each row and period there may be several. */
typedef struct SpotFound {
	int32_t finding;         /* in batch.finding */
	Str row;                 /* key */
} SpotFound;

typedef struct SpotScan {
	const char *data_path;
	const Rulebook *book;
	const SpotCheck *spot;   /* of the book */
	Law law;
	Str provider;            /* key, or empty */
	const StrMap *only;      /* keys of rows whose findings are wanted; NULL: of all */
	const bool *rule;        /* by rule of the book: findings of these are wanted; NULL: of none */
	int64_t memory_limit;
	void (*progress)(void *user, int64_t rows_done, int64_t rows_all);
	void *user;
	const volatile int *stop;
	/* what comes out of it */
	SpotFrame frame;         /* sealed */
	Batch batch;
	VEC(SpotFound) found;    /* in the order of rows, then of rules */
	uint8_t data_sha256[32];
} SpotScan;

/* Whether a rule judges rows of the population one by one. */
bool spot_judges(const SpotCheck *spot, const Rule *rule);
Status spot_scan(SpotScan *scan, Diags *diags);
void spot_scan_free(SpotScan *scan);

#endif
