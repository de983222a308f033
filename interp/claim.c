/*
 * Law 14: what is at stake in all, with each visit's money counted once. Over and under are
 * reckoned apart, since what is owed to providers is no excuse for what was claimed too much.
 *
 *   findings about rows      V1 £5   V1 £3   V2 £4          counted: V1 £5, V2 £4
 *   a group of V1, V2, V3    £12                            adds £12 - £9 = £3, put on V1
 *   a larger group around    £14                            adds £14 - £12 = £2
 *
 * Smaller groups come first, so that a larger one finds what they have put on its rows.
 */
#include "interp/claim.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

/* 128 bits of a hash: rows of all datasets and contracts meet in one table, and none is confused
 * with another. */
ClaimRow claim_row(Str dataset, Str key)
{
	uint8_t hash[32];
	Digest digest;
	digest_begin(&digest);
	digest_field(&digest, 'd', dataset);
	digest_field(&digest, 'k', key);
	digest_end(&digest, hash);
	ClaimRow row;
	memcpy(&row.hi, hash, 8);
	memcpy(&row.lo, hash + 8, 8);
	return row;
}

/* The claims move, with their members: `from` is empty afterwards. */
void claims_join(Claims *into, Claims *from)
{
	for (size_t i = 0; i < from->list.n; i++)
		*vec_push(&into->list) = from->list.at[i];
	into->without_sum += from->without_sum;
	vec_free(&from->list);
	from->without_sum = 0;
}

void claims_free(Claims *claims)
{
	for (size_t i = 0; i < claims->list.n; i++)
		free(claims->list.at[i].member);
	vec_free(&claims->list);
}

static bool same_row(ClaimRow a, ClaimRow b)
{
	return a.hi == b.hi && a.lo == b.lo;
}

/* Of what is owed to the provider the sum without its sign. */
static Ratio ratio_magnitude(Ratio r)
{
	return r.n < 0 ? (Ratio){-r.n, r.d} : r;
}

/* Groups smallest first, then by id. */
static int claim_cmp(const void *left, const void *right)
{
	const Claim *a = left, *b = right;
	int c = ratio_cmp(ratio_magnitude(a->stake), ratio_magnitude(b->stake));
	return c != 0 ? c : memcmp(a->id, b->id, sizeof a->id);
}

/*
 * Exact sums by denominator: stakes have few different ones, so that 128 bits hold the sum of any
 * number of them, and the parts are only put together at the end.
 */
typedef struct SumPart {
	int64_t d;
	Int128 n;
} SumPart;

typedef struct ExactSum {
	VEC(SumPart) part;
} ExactSum;

/* A handful of denominators: they are looked through. */
static void sum_add(ExactSum *sum, Ratio pounds)
{
	for (size_t i = 0; i < sum->part.n; i++) {
		if (sum->part.at[i].d == pounds.d) {
			sum->part.at[i].n += pounds.n;
			return;
		}
	}
	*vec_push(&sum->part) = (SumPart){pounds.d, pounds.n};
}

static int part_cmp(const void *left, const void *right)
{
	const SumPart *a = left, *b = right;
	return a->d < b->d ? -1 : a->d > b->d;
}

/* In whole pence, halves away from zero. Should the denominators of a freak case have no common
 * one within 64 bits, their parts are rounded one by one. */
static int64_t sum_pence(ExactSum *sum)
{
	Ratio all = {0, 1}, part;
	int64_t apart = 0;
	if (sum->part.n > 1) /* they came in the order of rows, which must have no say */
		qsort(sum->part.at, sum->part.n, sizeof *sum->part.at, part_cmp);
	for (size_t i = 0; i < sum->part.n; i++) {
		if (!ratio_make(sum->part.at[i].n, sum->part.at[i].d, &part))
			continue;
		if (!ratio_add(all, part, &all))
			apart += stake_pence(part);
	}
	vec_free(&sum->part);
	return stake_pence(all) + apart;
}

/* What already counts for a row: 0 of one that was only named. */
typedef struct Counted {
	ClaimRow row;
	Ratio sum;
} Counted;

/* Open addressing: a row is a hash already. Slots hold places in the list, counted from 1, so that
 * what is looked at in no order is small; there are twice as many as there can be rows. */
typedef struct RowTable {
	uint32_t *slot;
	size_t mask;
	Counted *at;           /* in the order in which they came */
	size_t n;
} RowTable;

/* The row's place, which is made if need be. */
static Counted *counted_place(RowTable *table, ClaimRow row)
{
	size_t i = (size_t)row.lo & table->mask;
	while (table->slot[i] != 0 && !same_row(table->at[table->slot[i] - 1].row, row))
		i = (i + 1) & table->mask;
	if (table->slot[i] == 0) {
		table->at[table->n] = (Counted){row, {0, 1}};
		table->slot[i] = (uint32_t)++table->n;
	}
	return &table->at[table->slot[i] - 1];
}

/* Of several findings about one row the largest counts. */
static void count_row(RowTable *table, ClaimRow row, Ratio sum)
{
	Counted *place = counted_place(table, row);
	if (ratio_cmp(sum, place->sum) > 0)
		place->sum = sum;
}

/* What a group adds beyond what counts for its members; it is then put on its first counted one. */
static Ratio group_excess(const Claim *claim, RowTable *table)
{
	Ratio sum = {0, 1}, excess = {0, 1};
	Counted *first = NULL;
	for (int32_t i = 0; i < claim->nmembers; i++) {
		Counted *member = counted_place(table, claim->member[i]);
		if (first == NULL)
			first = member;
		if (!ratio_add(sum, member->sum, &sum))
			return excess;
	}
	if (!ratio_sub(ratio_magnitude(claim->stake), sum, &excess) || excess.n <= 0)
		return (Ratio){0, 1};
	if (first != NULL)
		ratio_add(first->sum, excess, &first->sum);
	return excess;
}

static bool has_sign(const Claim *claim, int sign)
{
	return (claim->stake.n < 0) == (sign < 0);
}

/* Room for every row that a claim could name, so that the table never grows. */
static RowTable table_new(const Claims *claims, int sign)
{
	size_t rows = 0, room = 16;
	for (size_t i = 0; i < claims->list.n; i++)
		if (has_sign(&claims->list.at[i], sign))
			rows += 1 + (size_t)claims->list.at[i].nmembers;
	while (room < rows * 2)
		room *= 2;
	assert(rows < UINT32_MAX);
	return (RowTable){.slot = mem_alloc(mem_product(room, sizeof(uint32_t))), .mask = room - 1,
		.at = mem_resize(NULL, mem_product(rows + 1, sizeof(Counted)))};
}

static void table_free(RowTable *table)
{
	free(table->slot);
	free(table->at);
}

/* Rows of every claim, with the largest stake of the row findings; members of groups at 0. */
static RowTable count_rows(const Claims *claims, int sign)
{
	RowTable table = table_new(claims, sign);
	for (size_t i = 0; i < claims->list.n; i++) {
		const Claim *claim = &claims->list.at[i];
		if (!has_sign(claim, sign))
			continue;
		if (claim->member == NULL)
			count_row(&table, claim->row, ratio_magnitude(claim->stake));
		for (int32_t k = 0; k < claim->nmembers; k++)
			count_row(&table, claim->member[k], (Ratio){0, 1});
	}
	return table;
}

/* Rows first: groups are held against what the rows already count. */
static int64_t total_of_sign(const Claims *claims, size_t groups, int sign)
{
	RowTable table = count_rows(claims, sign);
	ExactSum sum = {0};
	for (size_t i = 0; i < table.n; i++)
		sum_add(&sum, table.at[i].sum);
	for (size_t i = 0; i < groups; i++)
		if (has_sign(&claims->list.at[i], sign))
			sum_add(&sum, group_excess(&claims->list.at[i], &table));
	table_free(&table);
	return sum_pence(&sum);
}

/* Groups to the front, in their order; how many there are. Findings about rows need no order. */
static size_t sort_groups(Claims *claims)
{
	size_t n = 0;
	for (size_t i = 0; i < claims->list.n; i++) {
		Claim claim = claims->list.at[i];
		if (claim.member == NULL)
			continue;
		claims->list.at[i] = claims->list.at[n];
		claims->list.at[n++] = claim;
	}
	if (n > 1)
		qsort(claims->list.at, n, sizeof *claims->list.at, claim_cmp);
	return n;
}

/* ---- what each claim counts ---- */

typedef struct GroupClaim {
	const Claim *claim;
	size_t at;             /* in the list */
} GroupClaim;

static int group_cmp(const void *left, const void *right)
{
	const GroupClaim *a = left, *b = right;
	return claim_cmp(a->claim, b->claim);
}

/* Before groups put on a row what they add: then its place still holds its largest claim. */
static void share_rows(const Claims *claims, RowTable *table, int sign, Ratio *share)
{
	bool *taken = mem_alloc(table->n + 1);
	for (size_t i = 0; i < claims->list.n; i++) {
		const Claim *claim = &claims->list.at[i];
		if (claim->member != NULL || !has_sign(claim, sign))
			continue;
		const Counted *place = counted_place(table, claim->row);
		size_t at = (size_t)(place - table->at);
		bool counts = !taken[at] && ratio_cmp(place->sum, ratio_magnitude(claim->stake)) == 0;
		share[i] = counts ? claim->stake : (Ratio){0, 1};
		taken[at] = taken[at] || counts;
	}
	free(taken);
}

static void share_of_sign(const Claims *claims, const GroupClaim *group, size_t ngroups, int sign,
	Ratio *share)
{
	RowTable table = count_rows(claims, sign);
	share_rows(claims, &table, sign, share);
	for (size_t i = 0; i < ngroups; i++) {
		if (!has_sign(group[i].claim, sign))
			continue;
		Ratio excess = group_excess(group[i].claim, &table);
		share[group[i].at] = (Ratio){sign < 0 ? -excess.n : excess.n, excess.d};
	}
	table_free(&table);
}

void claims_share(const Claims *claims, Ratio *share)
{
	GroupClaim *group = mem_alloc(mem_product(claims->list.n + 1, sizeof *group));
	size_t n = 0;
	for (size_t i = 0; i < claims->list.n; i++)
		if (claims->list.at[i].member != NULL)
			group[n++] = (GroupClaim){&claims->list.at[i], i};
	if (n > 1)
		qsort(group, n, sizeof *group, group_cmp);
	share_of_sign(claims, group, n, 1, share);
	share_of_sign(claims, group, n, -1, share);
	free(group);
}

/* Whole pence only here, at the very end (law 3). */
void claims_total(Claims *claims, CaseClaim *out)
{
	size_t groups = sort_groups(claims);
	out->over_pence = total_of_sign(claims, groups, 1);
	out->under_pence = total_of_sign(claims, groups, -1);
	out->without_sum = claims->without_sum;
}
