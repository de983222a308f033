/*
 * Only the roots of full subtrees are held while leaves are added: one for each bit of how many
 * there are.
 *
 *   n = 6 = 110b    peaks: h0123, h45      root = node(h0123, h45)
 *
 * Paths are worked out from all leaves, by the recursion of the RFC; their checks are the loops of
 * RFC 9162, sections 2.1.3.2 and 2.1.4.2, which need no leaves but the one in question.
 */
#include "base/merkle.h"

#include <assert.h>

/* The byte in front keeps leaves and nodes apart: without it 64 bytes of data could pass for the
 * two hashes below a node, and a tree for a shorter one. */
MerkleHash merkle_leaf(Str data)
{
	MerkleHash out;
	Digest digest;
	digest_begin(&digest);
	digest_bytes(&digest, "\0", 1);
	digest_bytes(&digest, data.ptr, data.len);
	digest_end(&digest, out.at);
	return out;
}

static MerkleHash node(const MerkleHash *left, const MerkleHash *right)
{
	MerkleHash out;
	Digest digest;
	digest_begin(&digest);
	digest_bytes(&digest, "\1", 1);
	digest_bytes(&digest, left->at, sizeof left->at);
	digest_bytes(&digest, right->at, sizeof right->at);
	digest_end(&digest, out.at);
	return out;
}

bool merkle_same(const MerkleHash *a, const MerkleHash *b)
{
	return memcmp(a->at, b->at, sizeof a->at) == 0;
}

/* As a counter carries: each set bit below the first clear one is a full subtree to be joined. */
void merkle_add(Merkle *tree, const MerkleHash *leaf)
{
	MerkleHash top = *leaf;
	for (uint64_t bits = tree->n; bits & 1; bits >>= 1)
		top = node(&tree->peak[--tree->npeaks], &top);
	tree->peak[tree->npeaks++] = top;
	tree->n++;
}

/* The peaks from the right, smallest first: as the RFC splits, the largest is the left side. */
MerkleHash merkle_root(const Merkle *tree)
{
	MerkleHash root;
	if (tree->npeaks == 0) {
		Digest digest;
		digest_begin(&digest);
		digest_end(&digest, root.at);
		return root;
	}
	root = tree->peak[tree->npeaks - 1];
	for (int i = tree->npeaks - 2; i >= 0; i--)
		root = node(&tree->peak[i], &root);
	return root;
}

/* Takes the memory of the peaks and no more, however many leaves. */
MerkleHash merkle_root_of(const MerkleHash *leaf, size_t n)
{
	Merkle tree = {0};
	for (size_t i = 0; i < n; i++)
		merkle_add(&tree, &leaf[i]);
	return merkle_root(&tree);
}

/* The largest power of two below n, which is 2 or more. */
static size_t split(size_t n)
{
	size_t k = 1;
	while (k < n - k)
		k *= 2;
	return k;
}

/* From the leaf up, so what is deepest comes first. */
int merkle_inclusion(const MerkleHash *leaf, size_t n, size_t index, MerkleHash path[MERKLE_PATH])
{
	/* Down the side on which the leaf stands; the other side's root is what the path needs:
	 *
	 *   index < k    path of the left side, then root of the right
	 *   index >= k   path of the right side, then root of the left
	 */
	assert(index < n);
	if (n == 1)
		return 0;
	size_t k = split(n);
	int depth;
	if (index < k) {
		depth = merkle_inclusion(leaf, k, index, path);
		path[depth] = merkle_root_of(leaf + k, n - k);
	} else {
		depth = merkle_inclusion(leaf + k, n - k, index - k, path);
		path[depth] = merkle_root_of(leaf, k);
	}
	return depth + 1;
}

/* fn and sn: the number of the node on the way up, and of the last node in its row. */
bool merkle_included(const MerkleHash *leaf, uint64_t index, uint64_t n, const MerkleHash *path,
	int npath, const MerkleHash *root)
{
	uint64_t fn = index, sn = n - 1;
	MerkleHash r = *leaf;
	if (index >= n)
		return false;
	for (int i = 0; i < npath; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) != 0 || fn == sn) {
			r = node(&path[i], &r);
			for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
				sn >>= 1;
		} else {
			r = node(&r, &path[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && merkle_same(&r, root);
}

/* `whole`: the first m leaves are the tree whose root is known already. */
static int subproof(const MerkleHash *leaf, size_t m, size_t n, bool whole, MerkleHash *path)
{
	if (m == n) {
		if (!whole)
			path[0] = merkle_root_of(leaf, n);
		return whole ? 0 : 1;
	}
	size_t k = split(n);
	int depth;
	if (m <= k) {
		depth = subproof(leaf, m, k, whole, path);
		path[depth] = merkle_root_of(leaf + k, n - k);
	} else {
		depth = subproof(leaf + k, m - k, n - k, false, path);
		path[depth] = merkle_root_of(leaf, k);
	}
	return depth + 1;
}

/*
 * For m = 3 of n = 7: l2, l3, h01, h456. From l2 and h01 comes the old root, from all the new one.
 */
int merkle_consistency(const MerkleHash *leaf, size_t m, size_t n, MerkleHash path[MERKLE_PATH])
{
	assert(m > 0 && m <= n);
	return subproof(leaf, m, n, true, path);
}

/* Both roots are put together from the same path: what belongs to the first m stands left. */
static bool climb(uint64_t fn, uint64_t sn, const MerkleHash *start, const MerkleHash *path,
	int npath, const MerkleHash *root_m, const MerkleHash *root_n)
{
	MerkleHash fr = *start, sr = *start;
	/* Up to the root of the full subtree with which the first m leaves end: `start` is its hash. */
	for (; (fn & 1) != 0; fn >>= 1)
		sn >>= 1;
	for (int i = 0; i < npath; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) != 0 || fn == sn) {
			fr = node(&path[i], &fr);
			sr = node(&path[i], &sr);
			for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
				sn >>= 1;
		} else {
			sr = node(&sr, &path[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && merkle_same(&fr, root_m) && merkle_same(&sr, root_n);
}

/* Of a power of two the old root is a node of the new tree, and not in the path. */
bool merkle_consistent(uint64_t m, uint64_t n, const MerkleHash *root_m, const MerkleHash *root_n,
	const MerkleHash *path, int npath)
{
	if (m == 0 || m > n)
		return false;
	if (m == n)
		return npath == 0 && merkle_same(root_m, root_n);
	if (npath == 0)
		return false;
	bool full = (m & (m - 1)) == 0;
	return full ? climb(m - 1, n - 1, root_m, path, npath, root_m, root_n)
		: climb(m - 1, n - 1, &path[0], path + 1, npath - 1, root_m, root_n);
}
