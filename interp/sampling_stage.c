/*
 * Plans of two stages (sampling_size.h): the risk of the whole plan and the least such plan. With
 * one or two errors allowed the sums are short, so each risk is worked out afresh.
 *
 *   risk = P(X1 <= allow_first) + sum over allow_first < j <= allow_whole of
 *          P(X1 = j) P(X2 <= allow_whole - j | X1 = j)
 */
#include "interp/sampling_size.h"
#include "interp/sampling_tail.h"

/* a + b, of chances over different totals. */
static void chance_add(Chance *a, const Chance *b)
{
	mpz_t product;
	mpz_init(product);
	mpz_mul(a->n, a->n, b->d);
	mpz_mul(product, b->n, a->d);
	mpz_add(a->n, a->n, product);
	mpz_mul(a->d, a->d, b->d);
	mpz_clear(product);
}

/* P of both, of which the second was taken given the first. */
static void chance_multiply(Chance *a, const Chance *b)
{
	mpz_mul(a->n, a->n, b->n);
	mpz_mul(a->d, a->d, b->d);
}

/* The frame at the tolerable rate: at least so many, so a part of an item counts as one. */
static int64_t bad_items(const SizeAsk *ask)
{
	return ceil_share(ask->tolerable, ask->population);
}

/* P(X <= k) among the n drawn after `drawn` items, `met` of them bad. Only a frame remembers: what
 * the first stage took out of it is missing in the second. */
static void tail_of(Chance *out, const SizeAsk *ask, int64_t drawn, int64_t met, int64_t n,
		    int64_t k)
{
	if (ask->law == LAW_HYPERGEOMETRIC) {
		hypergeometric_tail(out, ask->population - drawn, bad_items(ask) - met, n, k);
		return;
	}
	mpq_t rate;
	mpq_init(rate);
	mpq_set_ratio(rate, ask->tolerable);
	binomial_tail(out, n, k, rate);
	mpq_clear(rate);
}

/* P(X1 = j) P(X2 <= allow_whole - j): X1 = j as the difference of two tails over one total. */
static void second_chance(Chance *out, const SizeAsk *ask, const TwoStage *plan, int64_t j)
{
	Chance below;
	chance_init(&below);
	tail_of(out, ask, 0, 0, plan->first, j);
	tail_of(&below, ask, 0, 0, plan->first, j - 1);
	/* out + (1 - below) - 1: the two may stand over different totals (a tail that is 0 or 1
	 * stands over 1), so they are added by chance_add and not taken apart by hand. */
	chance_complement(&below);
	chance_add(out, &below);
	mpz_sub(out->n, out->n, out->d);
	/* What cannot happen has no second stage: it would take more good items than there are. */
	if (mpz_sgn(out->n) > 0) {
		tail_of(&below, ask, plan->first, j, plan->second, plan->allow_whole - j);
		chance_multiply(out, &below);
	}
	chance_clear(&below);
}

/* j goes no further than the first stage has items, or the frame bad ones. */
static void stages_exact(Chance *risk, const SizeAsk *ask, const TwoStage *plan)
{
	Chance more;
	chance_init(&more);
	tail_of(risk, ask, 0, 0, plan->first, plan->allow_first);
	int64_t last = plan->allow_whole < plan->first ? plan->allow_whole : plan->first;
	if (ask->law == LAW_HYPERGEOMETRIC && last > bad_items(ask))
		last = bad_items(ask);
	for (int64_t j = plan->allow_first + 1; j <= last; j++) {
		second_chance(&more, ask, plan, j);
		chance_add(risk, &more);
	}
	chance_clear(&more);
}

/* ---- Poisson ---- */

/* Of pounds: the frame forgets, so the second stage is a law of its own. */
typedef struct PoissonStages {
	PoissonTail first, second; /* k is set anew for each term */
	const TwoStage *plan;
} PoissonStages;

/* P(X1 = j): e^-m m^j / j!, `one` holding what was reached for j - 1. */
static void next_term(mpfr_t one, const PoissonTail *tail, int64_t j, mpfr_rnd_t direction)
{
	mpfr_t mean;
	mpfr_init2(mean, mpfr_get_prec(one));
	mpfr_set_q(mean, tail->mean, direction);
	mpfr_mul(one, one, mean, direction);
	mpfr_div_si(one, one, j, direction);
	mpfr_clear(mean);
}

/* P(X1 = j) is carried along from j = 0, also through those that need no second stage. All terms
 * are positive, so one direction of rounding holds for the whole sum. */
static void stages_evaluate(mpfr_t out, const void *poisson_stages, mpfr_rnd_t direction)
{
	PoissonStages at = *(const PoissonStages *)poisson_stages;
	mpfr_t one, more;
	mpfr_inits2(mpfr_get_prec(out), one, more, (mpfr_ptr)NULL);
	at.first.k = at.plan->allow_first;
	poisson_evaluate(out, &at.first, direction);
	at.first.k = 0;
	poisson_evaluate(one, &at.first, direction);
	for (int64_t j = 1; j <= at.plan->allow_whole; j++) {
		next_term(one, &at.first, j, direction);
		if (j <= at.plan->allow_first)
			continue;
		at.second.k = at.plan->allow_whole - j;
		poisson_evaluate(more, &at.second, direction);
		mpfr_mul(more, more, one, direction);
		mpfr_add(out, out, more, direction);
	}
	mpfr_clears(one, more, (mpfr_ptr)NULL);
}

/* Errors that a stage of n meets on average at the tolerable rate. */
static void mean_of(mpq_ptr mean, const SizeAsk *ask, int64_t n)
{
	mpq_t size;
	mpq_init(size);
	mpq_set_si(size, n, 1);
	mpq_set_ratio(mean, ask->tolerable);
	mpq_mul(mean, mean, size);
	mpq_clear(size);
}

/* Order of the plan's risk and the level; its billionths, rounded up, when *risk is asked for. */
static int stages_poisson(const SizeAsk *ask, const TwoStage *plan, mpq_srcptr level,
			  int64_t *risk)
{
	PoissonStages at = {.plan = plan};
	mpq_inits(at.first.mean, at.second.mean, (mpq_ptr)NULL);
	mean_of(at.first.mean, ask, plan->first);
	mean_of(at.second.mean, ask, plan->second);
	int order = certified_cmp(stages_evaluate, &at, level, TAIL_LAST_BITS);
	if (risk != NULL) {
		mpz_t billionths;
		mpz_init(billionths);
		certified_round(billionths, stages_evaluate, &at, SAMPLING_ONE, ROUND_UP);
		*risk = mpz_get_si(billionths);
		mpz_clear(billionths);
	}
	mpq_clears(at.first.mean, at.second.mean, (mpq_ptr)NULL);
	return order;
}

/* As stages_poisson, for every law. */
static int stages_cmp(const SizeAsk *ask, const TwoStage *plan, mpq_srcptr level, int64_t *risk)
{
	if (ask->law == LAW_POISSON)
		return stages_poisson(ask, plan, level, risk);
	Chance chance;
	chance_init(&chance);
	stages_exact(&chance, ask, plan);
	int order = chance_cmp(&chance, level);
	if (risk != NULL)
		*risk = chance_round(&chance, ROUND_UP);
	chance_clear(&chance);
	return order;
}

/* A thousand errors allowed is far beyond any spot check and keeps the sums short. The sizes are 0
 * when a plan is only sought. */
static bool askable(const SizeAsk *ask, const TwoStage *plan)
{
	bool framed = ask->law != LAW_HYPERGEOMETRIC ||
		      (ask->population <= SAMPLING_MOST_POPULATION &&
		       plan->first + plan->second <= ask->population);
	Ratio rate = ask->tolerable;
	return ask->confidence >= 1 && ask->confidence < SAMPLING_CERTAIN && rate.n > 0 &&
	       rate.n < rate.d && ask->most >= 0 && ask->most <= SAMPLING_MOST_SIZE && framed &&
	       plan->allow_first >= 0 && plan->allow_whole >= plan->allow_first &&
	       plan->allow_whole <= 1000;
}

/* The confidence only has to be one: the risk is given as it is, met or not. */
SamplingStatus sampling_two_stage_risk(const SizeAsk *ask, const TwoStage *plan, int64_t *risk)
{
	if (plan->first < 1 || plan->first > SAMPLING_MOST_SIZE || plan->second < 0 ||
	    plan->second > SAMPLING_MOST_SIZE || !askable(ask, plan))
		return SAMPLING_OUT_OF_RANGE;
	mpq_t level;
	mpq_init(level);
	risk_of(level, ask->confidence, 1);
	stages_cmp(ask, plan, level, risk);
	mpq_clear(level);
	return SAMPLING_OK;
}

/* The plan with both stages of n. */
static TwoStage equal_stages(const TwoStage *plan, int64_t n)
{
	return (TwoStage){n, n, plan->allow_first, plan->allow_whole};
}

/* The risk falls as both stages grow (each larger draw holds the smaller one), so n is found by
 * halving. */
static int64_t least_stage(const SizeAsk *ask, const TwoStage *plan, int64_t most,
			   mpq_srcptr level)
{
	int64_t too_few = 0, enough = most + 1;
	/* Doubling finds the first size that is enough and the last that is not; `most` itself is
	 * tried before the search gives up. */
	for (int64_t n = 1; n <= most && enough > most; n = 2 * n > most && n < most ? most : 2 * n) {
		TwoStage tried = equal_stages(plan, n);
		if (stages_cmp(ask, &tried, level, NULL) <= 0)
			enough = n;
		else
			too_few = n;
	}
	while (enough <= most && enough - too_few > 1) {
		int64_t middle = too_few + (enough - too_few) / 2;
		TwoStage tried = equal_stages(plan, middle);
		if (stages_cmp(ask, &tried, level, NULL) <= 0)
			enough = middle;
		else
			too_few = middle;
	}
	return enough;
}

SamplingStatus sampling_two_stage(const SizeAsk *ask, int64_t allow_first, int64_t allow_whole,
				  TwoStage *plan, int64_t *risk)
{
	TwoStage wanted = {0, 0, allow_first, allow_whole};
	if (!askable(ask, &wanted))
		return SAMPLING_OUT_OF_RANGE;
	/* Two equal stages: of a frame each may take half. */
	int64_t most = ask->most == 0 ? SAMPLING_MOST_SIZE : ask->most;
	if (ask->law == LAW_HYPERGEOMETRIC && most > ask->population / 2)
		most = ask->population / 2;
	mpq_t level;
	mpq_init(level);
	risk_of(level, ask->confidence, 1);
	int64_t n = least_stage(ask, &wanted, most, level);
	if (n <= most) {
		*plan = equal_stages(&wanted, n);
		stages_cmp(ask, plan, level, risk);
	}
	mpq_clear(level);
	return n <= most ? SAMPLING_OK : SAMPLING_NO_SIZE;
}
