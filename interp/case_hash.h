/*
 * Hashing the rows of a part of a case file while the next ones are read:
 *
 *   reader ──> canonical text of rows, a batch of them ──> hasher ──> leaves ──> Merkle root
 *     └──────────── fills the other batch meanwhile
 *
 * The hasher is a second thread, which begins with the first full batch: the few rows of most parts
 * never see it. Where there is no thread to be had, or none is wanted, the reader does both. The
 * outcome is the same.
 */
#ifndef VOUCH_INTERP_CASE_HASH_H
#define VOUCH_INTERP_CASE_HASH_H

#include "interp/case_part.h"

typedef struct CaseHash CaseHash;

/* step: rows of an entry, as CasePart has it. beside: a second thread may be used. The arena gets
 * what entries need, and is nobody else's until case_hash_end. */
CaseHash *case_hash_new(int ncolumns, int step, bool beside, Arena *arena);
/* The buffer to which the next row's canonical text is appended, column by column, with a call of
 * case_hash_column behind each. name: of a row that begins an entry. */
Buf *case_hash_row(CaseHash *hash, Str name);
void case_hash_column(CaseHash *hash);
/* Frees it. Into `out` go rows, root and entries; by name where rows have names of their own. NULL:
 * nothing is wanted any more. */
void case_hash_end(CaseHash *hash, PartRows *out);

#endif
