/*
 * Matching declared visits with care logs, for one key (one provider and client): the pairing with
 * the most pairs, and among those the least total distance |log - visit| in elapsed seconds.
 *
 * Of several such pairings the earlier keeps its log. Exactly: the one that has the fewest logs on
 * the last visit, then on the last but one, and so on back; then the one that leaves the last log
 * without a visit, then the last but one; then the one that gives the first log to the earliest
 * visit, then the second. Exactly one pairing answers to that, whatever the windows are.
 *
 * Both sides come sorted by (moment, key): that order is the meaning of "last" and "earliest", so
 * the result does not depend on the order of rows in the data. A visit is `carers` equal slots,
 * and two carers' logs count as two pairs: a double-handed visit may take both logs while a
 * neighbour goes without, when that makes the total shorter.
 *
 * The timeline is cut into components where no window spans the gap; match.c says how each is
 * solved and why the rule above holds for all three ways.
 */
#ifndef VOUCH_INTERP_MATCH_H
#define VOUCH_INTERP_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

typedef struct MatchInput {
	size_t visits, logs;
	const int64_t *visit_at;   /* moment of each visit, UTC seconds; rising */
	const int64_t *lo, *hi;    /* moments between which its log must lie, both ends in */
	const int32_t *carers;     /* logs that it may take, 0 .. LIMIT_CARERS */
	const int64_t *log_at;     /* moment of each log; rising */
} MatchInput;

typedef enum MatchStatus {
	MATCH_OK,
	MATCH_TOO_MANY_PAIRS, /* LIMIT_COMPONENT_PAIRS in one component; its distances past int64 */
	MATCH_TOO_MANY_SLOTS  /* LIMIT_FLOW_SLOTS in a component without rising windows */
} MatchStatus;

/* What one component may have. A slot counts only where there is a log to fill it, and a pair is
 * one slot with one log inside its window. */
typedef struct MatchLimits {
	size_t pairs;
	size_t flow_slots;
	bool flow_only; /* rising windows too go by shortest paths: to hold the two ways together */
} MatchLimits;

/* Writes for each log the index of its visit, or -1. Both counts are below 2^31. Scratch memory
 * comes from the arena (the caller resets it). On another status than MATCH_OK the output is not
 * to be used. */
MatchStatus match_run(const MatchInput *input, Arena *scratch, int32_t *visit_of_log);

/* The same under other limits than those of base/limits.h. */
MatchStatus match_run_limited(const MatchInput *input, MatchLimits limits, Arena *scratch,
                              int32_t *visit_of_log);

#endif
