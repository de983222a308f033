/* Which datasets a rule reads: what its subjects, conditions and stake are worked out from. */
#ifndef VOUCH_INTERP_NEEDS_H
#define VOUCH_INTERP_NEEDS_H

#include "dsl/rulebook.h"

/*
 * Sets dataset[i] for each dataset that the rule's verdict or stake can depend on: those whose
 * fields it reads and those whose rows it goes over. A link whose rows are only compared needs no
 * more than their keys, so it does not count; nor does what a message or `show` alone names.
 */
void needs_of_rule(const Rulebook *book, const Rule *rule, bool *dataset);

#endif
