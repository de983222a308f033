/*
 * The least sample of one stage (sampling_size.h gives the equations).
 *
 *   binomial, hypergeometric   a walk over all n: the risk is not monotone when the errors allowed
 *                              grow with n, as each further error lifts it:
 *
 *                                risk |\    |\
 *                                     | \   | \  |\
 *                                     |  \__|  \_| \__  first n at or below the level
 *                                     k=1   k=2  k=3
 *
 *   Poisson                    errors may be parts, the risk falls with every n: halving
 *
 * Binomial and hypergeometric sizes are compared as integers. In doubles the published case of
 * 90%, tolerable 5%, expected 3.5% comes out as 423; it is 400.
 */
#include "interp/sampling_size.h"

#include "interp/sampling_tail.h"

/* A rate of nothing or of everything has no plan: no sample, or any, would do. */
static bool proper(Ratio rate)
{
	return rate.d > 0 && rate.n > 0 && rate.n < rate.d;
}

static bool askable(const SizeAsk *ask)
{
	bool framed = ask->law != LAW_HYPERGEOMETRIC ||
		      (ask->population >= 1 && ask->population <= SAMPLING_MOST_POPULATION);
	return ask->confidence >= 1 && ask->confidence < SAMPLING_CERTAIN && framed &&
	       proper(ask->tolerable) && ask->most >= 0 && ask->most <= SAMPLING_MOST_SIZE;
}

/* The errors of a plan of one stage: a number, or a rate below the tolerable one. */
static bool expectable(const SizeAsk *ask)
{
	if (ask->fixed)
		return ask->errors >= 0 && ask->errors <= SAMPLING_MOST_SIZE;
	return ask->expected.n >= 0 && ask->expected.n < INT64_MAX && ask->expected.d > 0 &&
	       ratio_cmp(ask->expected, ask->tolerable) < 0;
}

/* Of a frame no more can be drawn than there is. */
static int64_t largest(const SizeAsk *ask)
{
	int64_t most = ask->most == 0 ? SAMPLING_MOST_SIZE : ask->most;
	return ask->law == LAW_HYPERGEOMETRIC && most > ask->population ? ask->population : most;
}

/* In integers: 0.035 * 400 is 14 here, and 14.000000000000002 in a double. */
static int64_t allowed(const SizeAsk *ask, int64_t n)
{
	return ask->fixed ? ask->errors : ceil_share(ask->expected, n);
}

/*
 * A walk over n for laws that are exact. `sum` of `all` is P(X <= k) at n, `term` of `all` is
 * P(X = k); a step to n + 1 takes away the samples that held k errors and meet one more:
 *
 *                     n -> n + 1                              k -> k + 1
 *   binomial          sum = D sum - a term                    term *= a (n-k) / (b (k+1))
 *                     term *= b (n+1) / (n+1-k)               sum += term
 *                     all *= D
 *   hypergeometric    sum = ((N-n) sum - (K-k) term) / (n+1)  term *= (K-k)(n-k) /
 *                     term *= (G-n+k) / (n+1-k)                       ((k+1)(G-n+k+1))
 *                     all *= (N-n) / (n+1)                    sum += term
 *
 * with tolerable = a/D, b = D - a, G = N - K; all divisions leave nothing.
 */
typedef struct Walk {
	SamplingLaw law;
	int64_t n, k;
	int64_t N, K;
	mpz_t a, b, D;
	Chance at; /* sum / all */
	mpz_t term, product;
} Walk;

/* At n = k, where every sample has at most k errors. */
static void walk_start(Walk *walk, const SizeAsk *ask, int64_t k)
{
	mpq_t tolerable;
	mpq_init(tolerable);
	mpq_set_ratio(tolerable, ask->tolerable);
	mpz_inits(walk->a, walk->b, walk->D, walk->term, walk->product, NULL);
	chance_init(&walk->at);
	walk->law = ask->law;
	walk->n = walk->k = k;
	walk->N = ask->population;
	mpz_set(walk->a, mpq_numref(tolerable));
	mpz_set(walk->D, mpq_denref(tolerable));
	mpz_sub(walk->b, walk->D, walk->a);
	if (ask->law == LAW_HYPERGEOMETRIC) {
		walk->K = ceil_share(ask->tolerable, ask->population);
		mpz_bin_uiui(walk->term, (unsigned long)walk->K, (unsigned long)k);
		mpz_bin_uiui(walk->at.d, (unsigned long)walk->N, (unsigned long)k);
	} else {
		mpz_pow_ui(walk->term, walk->a, (unsigned long)k);
		mpz_pow_ui(walk->at.d, walk->D, (unsigned long)k);
	}
	mpz_set(walk->at.n, walk->at.d);
	mpq_clear(tolerable);
}

static void walk_clear(Walk *walk)
{
	mpz_clears(walk->a, walk->b, walk->D, walk->term, walk->product, NULL);
	chance_clear(&walk->at);
}

/* The step to the right in the table above. The hypergeometric sums stay below C(N, n) by the
 * division; the binomial ones grow by the denominator at each step, D^n in all. */
static void draw_one(Walk *walk)
{
	int64_t n = walk->n++, k = walk->k, good = walk->N - walk->K;
	if (walk->law == LAW_HYPERGEOMETRIC) {
		mpz_mul_si(walk->product, walk->term, walk->K - k);
		mpz_mul_si(walk->at.n, walk->at.n, walk->N - n);
		mpz_sub(walk->at.n, walk->at.n, walk->product);
		mpz_divexact_ui(walk->at.n, walk->at.n, (unsigned long)(n + 1));
		mpz_mul_si(walk->term, walk->term, good - n + k);
		mpz_mul_si(walk->at.d, walk->at.d, walk->N - n);
		mpz_divexact_ui(walk->at.d, walk->at.d, (unsigned long)(n + 1));
	} else {
		mpz_mul(walk->product, walk->term, walk->a);
		mpz_mul(walk->at.n, walk->at.n, walk->D);
		mpz_sub(walk->at.n, walk->at.n, walk->product);
		mpz_mul(walk->term, walk->term, walk->b);
		mpz_mul_si(walk->term, walk->term, n + 1);
		mpz_mul(walk->at.d, walk->at.d, walk->D);
	}
	mpz_divexact_ui(walk->term, walk->term, (unsigned long)(n + 1 - k));
}

/* A term of 0 gives no next one by a factor. It is 0 because no bad item is left (k above K), and
 * then so are all behind it; or because the sample has run out of good ones (n - k above G), and
 * then the next one, with a good item less, may be the first that is not: it is made anew. */
static void after_nothing(Walk *walk, int64_t good)
{
	if (walk->k > walk->K)
		return;
	mpz_bin_uiui(walk->term, (unsigned long)walk->K, (unsigned long)walk->k);
	mpz_bin_uiui(walk->product, (unsigned long)good, (unsigned long)(walk->n - walk->k));
	mpz_mul(walk->term, walk->term, walk->product);
}

static void allow_one(Walk *walk)
{
	int64_t n = walk->n, k = walk->k++, good = walk->N - walk->K;
	if (mpz_sgn(walk->term) == 0) {
		after_nothing(walk, good);
	} else if (walk->law == LAW_HYPERGEOMETRIC) {
		mpz_mul_si(walk->term, walk->term, (walk->K - k) * (n - k));
		mpz_divexact_ui(walk->term, walk->term,
				(unsigned long)((k + 1) * (good - n + k + 1)));
	} else {
		mpz_divexact(walk->term, walk->term, walk->b);
		mpz_mul(walk->term, walk->term, walk->a);
		mpz_mul_si(walk->term, walk->term, n - k);
		mpz_divexact_ui(walk->term, walk->term, (unsigned long)(k + 1));
	}
	mpz_add(walk->at.n, walk->at.n, walk->term);
}

/* With k moving with n the risk is a saw, so each n is looked at in turn. */
static SamplingStatus size_exact(const SizeAsk *ask, SizeAnswer *answer)
{
	Walk walk;
	mpq_t risk;
	mpq_init(risk);
	risk_of(risk, ask->confidence, 1);
	int64_t most = largest(ask);
	int64_t start = allowed(ask, 1);
	SamplingStatus status = SAMPLING_NO_SIZE;
	if (start <= most) {
		walk_start(&walk, ask, start);
		while (status != SAMPLING_OK && walk.n < most) {
			draw_one(&walk);
			while (walk.k < allowed(ask, walk.n))
				allow_one(&walk);
			if (chance_cmp(&walk.at, risk) <= 0)
				status = SAMPLING_OK;
		}
		*answer = (SizeAnswer){.n = walk.n, .errors = walk.k, .taints = {0, 1}};
		answer->risk = chance_round(&walk.at, ROUND_UP);
		walk_clear(&walk);
	}
	mpq_clear(risk);
	return status;
}

/* ---- Poisson ---- */

/* The tail at n: by a finite sum where the errors are whole, else by the gamma function. */
typedef struct PoundTail {
	mpq_t taints;
	Evaluate *evaluate;
	const void *context;
	PoissonTail whole;
	GammaTail part;
} PoundTail;

static void pound_init(PoundTail *tail)
{
	mpq_inits(tail->taints, tail->whole.mean, tail->part.shape, tail->part.x, (mpq_ptr)NULL);
}

static void pound_clear(PoundTail *tail)
{
	mpq_clears(tail->taints, tail->whole.mean, tail->part.shape, tail->part.x, (mpq_ptr)NULL);
}

/* Both forms of the tail for the same n. taints + 1 is the shape of the gamma law; where it is
 * whole, the Poisson sum of so many terms says the same and is quicker. */
static void pound_at(PoundTail *tail, const SizeAsk *ask, int64_t n)
{
	mpq_t size;
	mpq_init(size);
	mpq_set_si(size, n, 1);
	mpq_set_ratio(tail->whole.mean, ask->tolerable);
	mpq_mul(tail->whole.mean, tail->whole.mean, size);
	mpq_set(tail->part.x, tail->whole.mean);
	if (ask->fixed) {
		mpq_set_si(tail->taints, ask->errors, 1);
	} else {
		mpq_set_ratio(tail->taints, ask->expected);
		mpq_mul(tail->taints, tail->taints, size);
	}
	mpq_set_ui(size, 1, 1);
	mpq_add(tail->part.shape, tail->taints, size);
	bool whole = mpz_cmp_ui(mpq_denref(tail->taints), 1) == 0;
	tail->whole.k = mpz_get_si(mpq_numref(tail->taints));
	tail->evaluate = whole ? poisson_evaluate : gamma_evaluate;
	tail->context = whole ? (const void *)&tail->whole : (const void *)&tail->part;
	mpq_clear(size);
}

/* Two figures that stay open to the last digit count as equal, which is within the risk. */
static bool pounds_suffice(PoundTail *tail, const SizeAsk *ask, int64_t n, mpq_srcptr risk)
{
	pound_at(tail, ask, n);
	return certified_cmp(tail->evaluate, tail->context, risk, TAIL_LAST_BITS) <= 0;
}

/* Of a tail that falls as n grows: too_few does not suffice, enough does. */
static int64_t least_pounds(PoundTail *tail, const SizeAsk *ask, int64_t most, mpq_srcptr risk)
{
	int64_t too_few = 0, enough = 1;
	while (enough <= most && !pounds_suffice(tail, ask, enough, risk)) {
		too_few = enough;
		enough = enough < most && 2 * enough > most ? most : 2 * enough;
	}
	while (enough <= most && enough - too_few > 1) {
		int64_t middle = too_few + (enough - too_few) / 2;
		if (pounds_suffice(tail, ask, middle, risk))
			enough = middle;
		else
			too_few = middle;
	}
	return enough;
}

static SamplingStatus size_poisson(const SizeAsk *ask, SizeAnswer *answer)
{
	PoundTail tail;
	pound_init(&tail);
	mpq_t risk;
	mpq_init(risk);
	risk_of(risk, ask->confidence, 1);
	int64_t most = largest(ask);
	int64_t n = least_pounds(&tail, ask, most, risk);
	if (n <= most) {
		mpz_t billionths;
		mpz_init(billionths);
		pound_at(&tail, ask, n);
		certified_round(billionths, tail.evaluate, tail.context, SAMPLING_ONE, ROUND_UP);
		*answer = (SizeAnswer){.n = n, .risk = mpz_get_si(billionths)};
		mpz_fdiv_q(billionths, mpq_numref(tail.taints), mpq_denref(tail.taints));
		answer->errors = mpz_get_si(billionths);
		/* The rate's denominator is below 2^63, so its multiple by a whole n fits. */
		answer->taints = (Ratio){mpz_get_si(mpq_numref(tail.taints)),
					 mpz_get_si(mpq_denref(tail.taints))};
		mpz_clear(billionths);
	}
	mpq_clear(risk);
	pound_clear(&tail);
	return n <= most ? SAMPLING_OK : SAMPLING_NO_SIZE;
}

SamplingStatus sampling_size(const SizeAsk *ask, SizeAnswer *answer)
{
	if (!askable(ask) || !expectable(ask))
		return SAMPLING_OUT_OF_RANGE;
	return ask->law == LAW_POISSON ? size_poisson(ask, answer) : size_exact(ask, answer);
}
