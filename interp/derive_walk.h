/* Sequences and banks by the explaining evaluator: of a scenario, and of one account over again. */
#ifndef VOUCH_INTERP_DERIVE_WALK_H
#define VOUCH_INTERP_DERIVE_WALK_H

#include "interp/derive.h"
#include "interp/walk.h"

/* The evaluator's side of a Derive; both last as long as the arena. Texts of values live there. */
Derive derive_by_walk(const Store *store, const Law *law, Arena *arena);

#endif
