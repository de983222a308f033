/*
 * The leaves of one part of a case file, row by row, to its Merkle root and the entries that are
 * kept beside it (interp/case_part.h). Rows are hashed elsewhere: by the worker that found them
 * when a run is written, by case_hash.h when a case file is read.
 */
#ifndef VOUCH_INTERP_CASE_LEAF_H
#define VOUCH_INTERP_CASE_LEAF_H

#include "interp/case_part.h"

/* An entry, and the hash by which rows of one name are put in order. */
typedef struct CaseLeaf {
	MerkleHash hash;
	Str name;
	uint8_t *column;
} CaseLeaf;

typedef struct CaseLeaves {
	int ncolumns, step;
	int64_t rows;
	Arena *arena;            /* of names and columns: that of the entries handed out */
	VEC(CaseLeaf) leaf;
	Merkle tree, block;      /* of the entries; of parts with steps, of the rows of the one at hand */
} CaseLeaves;

/* step: rows of an entry, as CasePart has it. */
void case_leaves_begin(CaseLeaves *leaves, int ncolumns, int step, Arena *arena);
/* Whether the next row begins an entry, and so needs its name. */
bool case_leaves_at_entry(const CaseLeaves *leaves);
/* The bytes of the row's columns and its name are copied. */
void case_leaves_add(CaseLeaves *leaves, Str name, const MerkleHash *leaf, const uint8_t *column);
/* Behind the last row: rows, root and entries; by name where rows have names of their own. It may
 * be called in any thread. */
void case_leaves_end(CaseLeaves *leaves, PartRows *out);
void case_leaves_free(CaseLeaves *leaves);

#endif
