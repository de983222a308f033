/* One match of the rulebook over a scenario's store, whose tables and links are there already. */
#ifndef VOUCH_INTERP_SCENARIO_MATCH_H
#define VOUCH_INTERP_SCENARIO_MATCH_H

#include "interp/scenario.h"

/* Pairs left with right rows within equal keys. A row whose condition, key, moment or window is not
 * known takes no part, and what it is matched with is unknown (S64). Too many pairs: a problem. */
StoreMatch scenario_match(const Store *store, const Law *law, int32_t match, Arena *arena,
	Differences *problems);

#endif
