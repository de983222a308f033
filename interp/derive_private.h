/*
 * What the modules of derive.h share; nobody else includes this.
 *
 *   derive.c        sequences
 *   derive_bank.c   accounts and their entries
 *   derive_rows.c   what accounts came to, as tables
 *   derive_order.c  in which order derived things are worked out
 */
#ifndef VOUCH_INTERP_DERIVE_PRIVATE_H
#define VOUCH_INTERP_DERIVE_PRIVATE_H

#include "interp/derive.h"
#include "interp/key_groups.h"
#include "interp/value.h"

/* Row numbers as slot values. */
int64_t *derive_count_up(Arena *scratch, RowSpan rows);

#endif
