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
/* The same for a measure's figure and status, which what it is compared with does not change. */
void needs_of_measure(const Rulebook *book, const Measure *measure, bool *dataset);
/* The same for the balances of a bank. Datasets of banks are never among them: they are worked out
 * from those that the bank reads. */
void needs_of_bank(const Rulebook *book, int32_t bank, bool *dataset);

#endif
