/*
 * Merkle trees (base/merkle.h). The roots are the test vectors that implementations of RFC 6962
 * share; proofs are made and checked for every tree of up to 40 leaves, and every proof that is
 * bent by one bit, one place or one hash has to fail.
 */
#include "base/merkle.h"

#include <check.h>

Suite *merkle_suite(void);

#define MOST 40

static const Str vector[8] = {
	{"", 0}, {"\0", 1}, {"\x10", 1}, {"\x20\x21", 2}, {"\x30\x31", 2},
	{"\x40\x41\x42\x43", 4}, {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
	{"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16},
};

static const char *const root[9] = {
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void hash_is(MerkleHash hash, const char *wanted)
{
	Buf buf = {0};
	hex_print(&buf, hash.at, sizeof hash.at);
	ck_assert_str_eq(buf.at, wanted);
	buf_free(&buf);
}

START_TEST(published_roots)
{
	Merkle tree = {0};
	MerkleHash leaf[8];
	hash_is(merkle_root(&tree), root[0]);
	for (size_t n = 1; n <= 8; n++) {
		leaf[n - 1] = merkle_leaf(vector[n - 1]);
		merkle_add(&tree, &leaf[n - 1]);
		hash_is(merkle_root(&tree), root[n]);
		hash_is(merkle_root_of(leaf, n), root[n]);
	}
}
END_TEST

/* Leaf and node begin with bytes of their own, so no leaf can be taken for a node. */
START_TEST(a_leaf_is_no_node)
{
	MerkleHash leaf[2] = {merkle_leaf(STR("a")), merkle_leaf(STR("b"))};
	MerkleHash both = merkle_root_of(leaf, 2);
	char bytes[64];
	memcpy(bytes, leaf[0].at, 32);
	memcpy(bytes + 32, leaf[1].at, 32);
	MerkleHash forged = merkle_leaf((Str){bytes, sizeof bytes});
	ck_assert(!merkle_same(&both, &forged));
}
END_TEST

static void make_leaves(MerkleHash *leaf)
{
	for (size_t i = 0; i < MOST; i++)
		leaf[i] = merkle_leaf((Str){(const char *)&(uint8_t){(uint8_t)i}, 1});
}

START_TEST(every_leaf_is_included)
{
	MerkleHash leaf[MOST], path[MERKLE_PATH];
	make_leaves(leaf);
	for (size_t n = 1; n <= MOST; n++) {
		MerkleHash top = merkle_root_of(leaf, n);
		for (size_t i = 0; i < n; i++) {
			int len = merkle_inclusion(leaf, n, i, path);
			ck_assert(merkle_included(&leaf[i], i, n, path, len, &top));
			ck_assert(!merkle_included(&leaf[(i + 1) % MOST], i, n, path, len, &top));
			ck_assert(n == 1 || !merkle_included(&leaf[i], (i + 1) % n, n, path, len, &top));
			ck_assert(len == 0 || !merkle_included(&leaf[i], i, n, path, len - 1, &top));
			for (int k = 0; k < len; k++) {
				path[k].at[7] ^= 1;
				ck_assert(!merkle_included(&leaf[i], i, n, path, len, &top));
				path[k].at[7] ^= 1;
			}
		}
		ck_assert(!merkle_included(&leaf[0], n, n, path, 0, &top));
	}
}
END_TEST

START_TEST(every_tree_begins_with_the_smaller_ones)
{
	MerkleHash leaf[MOST + 1], path[MERKLE_PATH];
	make_leaves(leaf);
	leaf[MOST] = leaf[0];
	for (size_t n = 1; n <= MOST; n++)
		for (size_t m = 1; m <= n; m++) {
			MerkleHash small = merkle_root_of(leaf, m), top = merkle_root_of(leaf, n);
			MerkleHash other = merkle_root_of(leaf + 1, m);
			int len = merkle_consistency(leaf, m, n, path);
			ck_assert(merkle_consistent(m, n, &small, &top, path, len));
			ck_assert(!merkle_consistent(m, n, &other, &top, path, len));
			ck_assert(!merkle_consistent(m, n, &small, &other, path, len));
			ck_assert(len == 0 || !merkle_consistent(m, n, &small, &top, path, len - 1));
			for (int k = 0; k < len; k++) {
				path[k].at[31] ^= 0x80;
				ck_assert(!merkle_consistent(m, n, &small, &top, path, len));
				path[k].at[31] ^= 0x80;
			}
		}
}
END_TEST

/* A file that has become shorter is not consistent with what it was, whatever the path. */
START_TEST(shorter_is_never_consistent)
{
	MerkleHash leaf[MOST], path[MERKLE_PATH];
	make_leaves(leaf);
	MerkleHash small = merkle_root_of(leaf, 3), large = merkle_root_of(leaf, 5);
	int len = merkle_consistency(leaf, 3, 5, path);
	ck_assert(!merkle_consistent(5, 3, &large, &small, path, len));
	ck_assert(!merkle_consistent(0, 3, &large, &small, path, len));
	ck_assert(!merkle_consistent(3, 5, &small, &large, path, 0));
}
END_TEST

Suite *merkle_suite(void)
{
	Suite *suite = suite_create("merkle");
	TCase *tests = tcase_create("trees");
	tcase_add_test(tests, published_roots);
	tcase_add_test(tests, a_leaf_is_no_node);
	tcase_add_test(tests, every_leaf_is_included);
	tcase_add_test(tests, every_tree_begins_with_the_smaller_ones);
	tcase_add_test(tests, shorter_is_never_consistent);
	suite_add_tcase(suite, tests);
	return suite;
}
