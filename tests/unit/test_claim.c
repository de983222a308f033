/*
 * Law 14 and the points S69, S70, S82 that make "once" a number.
 *
 *   visit V1   findings £3, £2        counts £3     the largest
 *   week W     finding £5 over V1, V2 counts £5 less what its visits have counted, if more
 *
 * Sums are in pence here; the last tests use thirds and halves of one.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "interp/claim.h"

Suite *claim_suite(void);

/* In pounds, as stakes are held. */
static Ratio pence(int64_t n)
{
	Ratio r;
	ck_assert(ratio_make(n, 100, &r));
	return r;
}

/* A finding of one visit. */
static void add_row(Claims *claims, const char *key, Ratio stake)
{
	Claim claim = {.row = claim_row(STR("visit"), str_of(key)), .stake = stake};
	*vec_push(&claims->list) = claim;
}

/* A finding of a group: what it adds depends on what its members have counted. */
static void add_group(Claims *claims, uint8_t id, const char *const *key, int32_t n, Ratio stake)
{
	Claim claim = {.nmembers = n, .stake = stake};
	claim.id[0] = id;
	claim.member = mem_alloc(sizeof(ClaimRow) * ((size_t)n + 1));
	for (int32_t i = 0; i < n; i++)
		claim.member[i] = claim_row(STR("visit"), str_of(key[i]));
	*vec_push(&claims->list) = claim;
}

/* What each claim counts adds up to the total, whatever the claims are. */
static void check_shares(const Claims *claims, const CaseClaim *out, const Ratio *share)
{
	Ratio sum[2] = {{0, 1}, {0, 1}};
	for (size_t i = 0; i < claims->list.n; i++)
		ck_assert(ratio_add(sum[share[i].n < 0], share[i], &sum[share[i].n < 0]));
	ck_assert_int_eq(stake_pence(sum[0]), out->over_pence);
	ck_assert_int_eq(-stake_pence(sum[1]), out->under_pence);
}

/* Frees the claims too, so that each test is a few lines. */
static CaseClaim total(Claims *claims)
{
	CaseClaim out;
	Ratio *share = mem_alloc(sizeof(Ratio) * (claims->list.n + 1));
	claims_share(claims, share);
	claims_total(claims, &out);
	check_shares(claims, &out, share);
	free(share);
	claims_free(claims);
	return out;
}

/* No findings: no division, no loop over an array that is not there. */
START_TEST(law14_nothing_is_nothing)
{
	Claims claims = {0};
	CaseClaim sum = total(&claims);
	ck_assert_int_eq(sum.over_pence, 0);
	ck_assert_int_eq(sum.under_pence, 0);
}
END_TEST

/* A sum of all three would be £22.59; the last one counted would be £5.64. */
START_TEST(law14_largest_stake_of_a_visit_counts)
{
	Claims claims = {0};
	add_row(&claims, "V1", pence(565));
	add_row(&claims, "V1", pence(1130));
	add_row(&claims, "V1", pence(564));
	add_row(&claims, "V2", pence(1));
	ck_assert_int_eq(total(&claims).over_pence, 1131);
}
END_TEST

/*
 * A penny above what its visits have counted, and one visit without a finding
 * of its own.
 */
START_TEST(law14_group_adds_only_the_excess)
{
	static const char *const member[] = {"V1", "V2", "V3"};
	Claims claims = {0};
	add_row(&claims, "V1", pence(300));
	add_row(&claims, "V2", pence(200));
	add_group(&claims, 1, member, 3, pence(501));
	ck_assert_int_eq(total(&claims).over_pence, 501);
}
END_TEST

/*
 * Exactly as much as its visits: the excess is zero and must not be taken
 * twice, nor be negative.
 */
START_TEST(law14_group_below_its_members_adds_nothing)
{
	static const char *const member[] = {"V1", "V2"};
	Claims claims = {0};
	add_row(&claims, "V1", pence(300));
	add_row(&claims, "V2", pence(200));
	add_group(&claims, 1, member, 2, pence(500));
	ck_assert_int_eq(total(&claims).over_pence, 500);
}
END_TEST

/* The smaller group (400) adds 400 and puts it on V1; the larger one (1,000) then adds 600. */
START_TEST(s69_groups_smallest_first_and_their_excess_counts_on)
{
	static const char *const small[] = {"V1", "V2"}, *const large[] = {"V1", "V2", "V3"};
	Claims claims = {0};
	add_group(&claims, 1, large, 3, pence(1000));
	add_group(&claims, 2, small, 2, pence(400));
	ck_assert_int_eq(total(&claims).over_pence, 1000);
}
END_TEST

/* Groups without a common visit have nothing to share. */
START_TEST(s69_groups_apart_add_up)
{
	static const char *const one[] = {"V1"}, *const two[] = {"V2"};
	Claims claims = {0};
	add_group(&claims, 1, one, 1, pence(10));
	add_group(&claims, 2, two, 1, pence(10));
	ck_assert_int_eq(total(&claims).over_pence, 20);
}
END_TEST

/*
 * What is owed to the provider must not be netted against what was claimed too
 * much.
 */
START_TEST(s70_stakes_below_zero_are_summed_apart)
{
	Claims claims = {0};
	add_row(&claims, "V1", pence(-250));
	add_row(&claims, "V1", pence(-100));
	add_row(&claims, "V1", pence(700));
	CaseClaim sum = total(&claims);
	ck_assert_int_eq(sum.over_pence, 700);
	ck_assert_int_eq(sum.under_pence, 250);
}
END_TEST

/* Three sums of a third of a penny are one penny, not nothing. */
START_TEST(s82_totals_add_exact_sums_then_round)
{
	Claims claims = {0};
	Ratio third;
	ck_assert(ratio_make(1, 300, &third));
	add_row(&claims, "V1", third);
	add_row(&claims, "V2", third);
	add_row(&claims, "V3", third);
	ck_assert_int_eq(total(&claims).over_pence, 1);
}
END_TEST

/* On both sides of zero, where towards +∞ and away from zero differ. */
START_TEST(s82_half_a_penny_goes_away_from_zero)
{
	Claims claims = {0};
	Ratio half;
	ck_assert(ratio_make(1, 200, &half));
	add_row(&claims, "V1", half);
	half.n = -half.n;
	add_row(&claims, "V2", half);
	CaseClaim sum = total(&claims);
	ck_assert_int_eq(sum.over_pence, 1);
	ck_assert_int_eq(sum.under_pence, 1);
}
END_TEST

/* "and n without a sum" is summed over partitions like everything else. */
START_TEST(s71_findings_without_a_sum_are_counted)
{
	Claims all = {0}, some = {.without_sum = 2}, more = {.without_sum = 3};
	claims_join(&all, &some);
	claims_join(&all, &more);
	ck_assert_int_eq(total(&all).without_sum, 5);
}
END_TEST

/* The order in which partitions are joined changes nothing (law 8). */
START_TEST(law8_order_of_claims_does_not_matter)
{
	static const char *const member[] = {"V1", "V2", "V3"};
	int64_t expected = -1;
	for (int turn = 0; turn < 6; turn++) {
		Claims claims = {0};
		for (int i = 0; i < 6; i++) {
			int which = (i + turn) % 6;
			if (which < 3)
				add_row(&claims, member[which], pence(100 * which + 7));
			else
				add_group(&claims, (uint8_t)which, member, which - 2, pence(113 * which));
		}
		int64_t sum = total(&claims).over_pence;
		ck_assert(expected < 0 || sum == expected);
		expected = sum;
	}
}
END_TEST

/* Of equal claims about a row the first counts, of unequal ones the largest; a group what is
 * left. */
START_TEST(law14_whose_money_counts)
{
	static const char *const both[] = {"V1", "V2"};
	Claims claims = {0};
	Ratio share[6];
	add_row(&claims, "V1", pence(300));
	add_group(&claims, 1, both, 2, pence(1000));
	add_row(&claims, "V1", pence(500));
	add_row(&claims, "V1", pence(500));
	add_row(&claims, "V2", pence(-200));
	add_group(&claims, 2, both, 2, pence(-150));
	claims_share(&claims, share);
	const int64_t expected[6] = {0, 500, 500, 0, -200, 0};
	for (int i = 0; i < 6; i++)
		ck_assert_msg(ratio_cmp(share[i], pence(expected[i])) == 0, "claim %d", i);
	CaseClaim sum = total(&claims);
	ck_assert_int_eq(sum.over_pence, 1000);
	ck_assert_int_eq(sum.under_pence, 200);
}
END_TEST

Suite *claim_suite(void)
{
	Suite *suite = suite_create("claim");
	TCase *tests = tcase_create("once");
	tcase_add_test(tests, law14_nothing_is_nothing);
	tcase_add_test(tests, law14_largest_stake_of_a_visit_counts);
	tcase_add_test(tests, law14_group_adds_only_the_excess);
	tcase_add_test(tests, law14_group_below_its_members_adds_nothing);
	tcase_add_test(tests, s69_groups_smallest_first_and_their_excess_counts_on);
	tcase_add_test(tests, s69_groups_apart_add_up);
	tcase_add_test(tests, s70_stakes_below_zero_are_summed_apart);
	tcase_add_test(tests, s82_totals_add_exact_sums_then_round);
	tcase_add_test(tests, s82_half_a_penny_goes_away_from_zero);
	tcase_add_test(tests, s71_findings_without_a_sum_are_counted);
	tcase_add_test(tests, law8_order_of_claims_does_not_matter);
	tcase_add_test(tests, law14_whose_money_counts);
	suite_add_tcase(suite, tests);
	return suite;
}
