/*
 * Merkle trees as RFC 6962 section 2.1 has them (RFC 9162 says the same): a leaf is
 * SHA-256(0x00 | data), a node SHA-256(0x01 | left | right), and a tree of n leaves is split at the
 * largest power of two below n.
 *
 *              root of 7
 *          /               \
 *       h0123               h456
 *      /     \             /    \
 *    h01     h23         h45     l6        the tree of 7 begins with the tree of 4: that is what a
 *    / \     / \         / \               proof of consistency shows
 *   l0 l1   l2 l3       l4 l5
 *
 * Hashes are 32 bytes. A path is a list of them, at most MERKLE_PATH long.
 */
#ifndef VOUCH_BASE_MERKLE_H
#define VOUCH_BASE_MERKLE_H

#include "base/digest.h"

#define MERKLE_PATH 65

typedef struct MerkleHash {
	uint8_t at[32];
} MerkleHash;

/* A tree to which leaves are added one by one. {0} is the empty one. */
typedef struct Merkle {
	MerkleHash peak[64];    /* roots of the full subtrees so far, the largest first */
	int npeaks;
	uint64_t n;
} Merkle;

MerkleHash merkle_leaf(Str data);
void merkle_add(Merkle *tree, const MerkleHash *leaf);
MerkleHash merkle_root(const Merkle *tree); /* of an empty tree: SHA-256 of nothing */
MerkleHash merkle_root_of(const MerkleHash *leaf, size_t n);
bool merkle_same(const MerkleHash *a, const MerkleHash *b);

/* What leads from a leaf to the root: the number of hashes in `path`. index < n. */
int merkle_inclusion(const MerkleHash *leaf, size_t n, size_t index, MerkleHash path[MERKLE_PATH]);
/* Whether the leaf stands at `index` in the tree of n leaves that has this root. */
bool merkle_included(const MerkleHash *leaf, uint64_t index, uint64_t n, const MerkleHash *path,
	int npath, const MerkleHash *root);

/* What shows that the tree of all n leaves begins with the tree of the first m. 0 < m <= n. */
int merkle_consistency(const MerkleHash *leaf, size_t m, size_t n, MerkleHash path[MERKLE_PATH]);
bool merkle_consistent(uint64_t m, uint64_t n, const MerkleHash *root_m, const MerkleHash *root_n,
	const MerkleHash *path, int npath);

#endif
