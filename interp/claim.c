#include "interp/claim.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

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

static int row_cmp(ClaimRow a, ClaimRow b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return a.lo < b.lo ? -1 : a.lo > b.lo;
}

static Ratio ratio_magnitude(Ratio r)
{
	return r.n < 0 ? (Ratio){-r.n, r.d} : r;
}

/* Groups smallest first, then by id; where findings about rows stand does not matter. */
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

/* In whole pence, halves away from zero. Should the denominators of a freak case have no common
 * one within 64 bits, their parts are rounded one by one. */
static int64_t sum_pence(ExactSum *sum)
{
	Ratio all = {0, 1}, part;
	int64_t apart = 0;
	for (size_t i = 0; i < sum->part.n; i++) {
		if (!ratio_make(sum->part.at[i].n, sum->part.at[i].d, &part))
			continue;
		if (!ratio_add(all, part, &all))
			apart += stake_pence(part);
	}
	vec_free(&sum->part);
	return stake_pence(all) + apart;
}

/* What already counts for a row: rows sorted by row, one entry each. */
typedef struct Counted {
	ClaimRow row;
	Ratio sum;
} Counted;

static Counted *counted_find(Counted *counted, size_t n, ClaimRow row)
{
	size_t lo = 0, hi = n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = row_cmp(counted[mid].row, row);
		if (c == 0)
			return &counted[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* What a group adds beyond what counts for its members; it is then put on its first counted one. */
static Ratio group_excess(const Claim *claim, Counted *counted, size_t n)
{
	Ratio sum = {0, 1}, excess = {0, 1};
	Counted *first = NULL;
	for (int32_t i = 0; i < claim->nmembers; i++) {
		Counted *member = counted_find(counted, n, claim->member[i]);
		if (member == NULL)
			continue;
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

/* Rows of every claim, with the largest stake of the row findings; members of groups at 0. */
static Counted *count_rows(const Claims *claims, int sign, size_t *n)
{
	VEC(Counted) all = {0};
	for (size_t i = 0; i < claims->list.n; i++) {
		const Claim *claim = &claims->list.at[i];
		bool mine = (claim->stake.n < 0) == (sign < 0);
		if (claim->member == NULL && mine)
			*vec_push(&all) = (Counted){claim->row, ratio_magnitude(claim->stake)};
		for (int32_t k = 0; mine && k < claim->nmembers; k++)
			*vec_push(&all) = (Counted){claim->member[k], {0, 1}};
	}
	*n = all.n;
	return all.at;
}

static int counted_cmp(const void *left, const void *right)
{
	const Counted *a = left, *b = right;
	int c = row_cmp(a->row, b->row);
	return c != 0 ? c : -ratio_cmp(a->sum, b->sum);
}

static size_t keep_largest(Counted *counted, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || row_cmp(counted[kept - 1].row, counted[i].row) != 0)
			counted[kept++] = counted[i];
	}
	return kept;
}

static int64_t total_of_sign(const Claims *claims, int sign)
{
	size_t n;
	Counted *counted = count_rows(claims, sign, &n);
	if (n > 0)
		qsort(counted, n, sizeof *counted, counted_cmp);
	n = keep_largest(counted, n);
	ExactSum sum = {0};
	for (size_t i = 0; i < n; i++)
		sum_add(&sum, counted[i].sum);
	for (size_t i = 0; i < claims->list.n; i++) {
		const Claim *claim = &claims->list.at[i];
		if (claim->member != NULL && (claim->stake.n < 0) == (sign < 0))
			sum_add(&sum, group_excess(claim, counted, n));
	}
	free(counted);
	return sum_pence(&sum);
}

void claims_total(Claims *claims, CaseClaim *out)
{
	if (claims->list.n > 0)
		qsort(claims->list.at, claims->list.n, sizeof *claims->list.at, claim_cmp);
	out->over_pence = total_of_sign(claims, 1);
	out->under_pence = total_of_sign(claims, -1);
	out->without_sum = claims->without_sum;
}
