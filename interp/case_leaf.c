/*
 *   step 1    leaves are held, sorted by name, and go into the tree at the end
 *   step 64   each leaf goes into the tree of its entry, whose root is held and goes into that of
 *             the part; an entry is all that is held of 64 rows
 *
 * Steps are powers of two. A tree is split at the largest power of two below its size, so at the
 * bounds of entries until it comes down to single ones: the tree over the entries' roots has the
 * same root as that over all rows, and no node is hashed twice.
 *
 * Entries are sorted by the first eight bytes of their names as one number, where those differ: ids
 * of findings, of which there are most, are hashes. Beside the address of the leaf that is 16
 * bytes, and comparing two costs no look at either name.
 */
#include "interp/case_leaf.h"

#include <assert.h>
#include <stdlib.h>

void case_leaves_begin(CaseLeaves *leaves, int ncolumns, int step, Arena *arena)
{
	assert((step & (step - 1)) == 0);
	*leaves = (CaseLeaves){.ncolumns = ncolumns, .step = step, .arena = arena};
}

bool case_leaves_at_entry(const CaseLeaves *leaves)
{
	return leaves->rows % leaves->step == 0;
}

/* Of several rows the hash of the entry is their own root, as that of one is its leaf. */
static void end_block(CaseLeaves *leaves)
{
	if (leaves->block.n == 0)
		return;
	MerkleHash *root = &leaves->leaf.at[leaves->leaf.n - 1].hash;
	*root = merkle_root(&leaves->block);
	merkle_add(&leaves->tree, root);
	leaves->block = (Merkle){.n = 0};
}

/* An entry is named by its first row, the others only add to its bytes and its hash: as a sum, so
 * that they do not wipe each other out. */
void case_leaves_add(CaseLeaves *leaves, Str name, const MerkleHash *leaf, const uint8_t *column)
{
	size_t n = (size_t)leaves->ncolumns;
	if (leaves->rows++ % leaves->step == 0) {
		end_block(leaves);
		*vec_push(&leaves->leaf) = (CaseLeaf){*leaf, str_copy(leaves->arena, name),
			arena_copy(leaves->arena, column, n)};
	} else {
		uint8_t *sum = leaves->leaf.at[leaves->leaf.n - 1].column;
		for (size_t i = 0; i < n; i++)
			sum[i] = (uint8_t)(sum[i] + column[i]);
	}
	if (leaves->step > 1)
		merkle_add(&leaves->block, leaf);
}

/* ---- the end ---- */

typedef struct Place {
	uint64_t head;
	const CaseLeaf *leaf;
} Place;

/* The least eight bytes of a name that ends before are zeros: shorter names come first. */
static uint64_t head_of(Str name)
{
	uint64_t head = 0;
	for (size_t i = 0; i < 8; i++)
		head = head << 8 | (i < name.len ? (unsigned char)name.ptr[i] : 0);
	return head;
}

/* Rows of one name go by what they hold, so that their order is settled too. */
static int place_cmp(const void *left, const void *right)
{
	const Place *a = left, *b = right;
	if (a->head != b->head)
		return a->head < b->head ? -1 : 1;
	int c = str_cmp(a->leaf->name, b->leaf->name);
	return c != 0 ? c : memcmp(a->leaf->hash.at, b->leaf->hash.at, sizeof a->leaf->hash.at);
}

static Place *places_of(const CaseLeaves *leaves)
{
	size_t n = leaves->leaf.n;
	Place *place = mem_resize(NULL, mem_product(n + 1, sizeof *place));
	for (size_t i = 0; i < n; i++)
		place[i] = (Place){head_of(leaves->leaf.at[i].name), &leaves->leaf.at[i]};
	/* The order of rows in the table does not matter where rows have names of their own. */
	if (leaves->step == 1 && n > 1)
		qsort(place, n, sizeof *place, place_cmp);
	return place;
}

void case_leaves_end(CaseLeaves *leaves, PartRows *out)
{
	end_block(leaves);
	Place *place = places_of(leaves);
	for (size_t i = 0; i < leaves->leaf.n; i++) {
		const CaseLeaf *leaf = place[i].leaf;
		PartEntry *entry = vec_push(&out->entry);
		*entry = (PartEntry){.name = leaf->name, .column = leaf->column};
		memcpy(entry->mark, leaf->hash.at, PART_MARK);
		if (leaves->step == 1)
			merkle_add(&leaves->tree, &leaf->hash);
	}
	free(place);
	out->rows = leaves->rows;
	out->ncolumns = leaves->ncolumns;
	out->root = merkle_root(&leaves->tree);
	case_leaves_free(leaves);
}

/* The texts are the arena's. */
void case_leaves_free(CaseLeaves *leaves)
{
	vec_free(&leaves->leaf);
}
