/*
 * The forms of the question share one path: a size is sought, or taken as given; then what it holds
 * is worked out by the same functions that check a rule's plan and that evaluate what was drawn.
 *
 *   ask ─┬─ least size ──┬──> risk ──> chance to find ──> limits ──> money, plan by tables
 *        └─ given size ──┘
 */
#include "interp/spot_size.h"

/* The frame at the tolerable rate, for the law that counts its items: a part of one counts as one. */
static Ratio rate_of(const SizeAsk *plan)
{
	Ratio rate = plan->tolerable;
	if (plan->law != LAW_HYPERGEOMETRIC)
		return rate;
	return (Ratio){(rate.n * plan->population + rate.d - 1) / rate.d, plan->population};
}

/* The chance that the whole plan is passed by a population at the tolerable rate. */
static SamplingStatus risk_of_stages(const SizeAsk *plan, const SpotSize *size, int64_t *risk)
{
	TwoStage stages = {size->first, size->second, 0, size->errors};
	return size->second > 0 ? sampling_two_stage_risk(plan, &stages, risk)
		: sampling_chance(plan->law, rate_of(plan), size->first, size->errors, ROUND_UP, risk);
}

/* ---- the size that is sought, and the one that is given ---- */

/* What somebody would take who knows the size of one stage, and its risk: the mistake that a plan of
 * two stages is asked for to avoid. */
static SamplingStatus twice_alone(const SizeAsk *plan, SpotSize *out)
{
	SizeAsk ask = *plan;
	SizeAnswer one;
	ask.errors = 0;
	SamplingStatus status = sampling_size(&ask, &one);
	if (status != SAMPLING_OK)
		return status;
	if (plan->law == LAW_HYPERGEOMETRIC && 2 * one.n > plan->population)
		return SAMPLING_OK;
	out->alone = one.n;
	return risk_of_stages(plan, &(SpotSize){.first = one.n, .second = one.n,
		.errors = out->errors}, &out->alone_risk);
}

/* Two equal stages; the first passes with none wrong, as else there is no need of a second. */
static SamplingStatus seek_two(const SizeAsk *plan, SpotSize *out)
{
	TwoStage stages;
	SamplingStatus status = sampling_two_stage(plan, 0, plan->errors, &stages, &out->risk);
	if (status != SAMPLING_OK)
		return status;
	out->first = stages.first;
	out->second = stages.second;
	out->errors = plan->errors;
	return twice_alone(plan, out);
}

/* Errors that are expected as a rate grow with the size, so the answer says how many they are. */
static SamplingStatus seek_one(const SizeAsk *plan, SpotSize *out)
{
	SizeAnswer answer;
	SamplingStatus status = sampling_size(plan, &answer);
	if (status != SAMPLING_OK)
		return status;
	out->first = answer.n;
	out->errors = answer.errors;
	out->risk = answer.risk;
	if (plan->law == LAW_POISSON && !plan->fixed)
		out->taints = answer.taints;
	return SAMPLING_OK;
}

/* Errors that are expected as a rate are so many of this size, a part of one counting as one. Of
 * pounds they may be parts, which no count of errors speaks for. */
static SamplingStatus take_given(const SpotSizeAsk *ask, SpotSize *out)
{
	const SizeAsk *plan = &ask->plan;
	out->first = ask->draw;
	out->second = ask->two ? ask->draw : 0;
	out->errors = plan->errors;
	if (!plan->fixed && plan->law == LAW_POISSON && plan->expected.n > 0)
		return SAMPLING_OUT_OF_RANGE;
	if (!plan->fixed)
		out->errors = (int64_t)((plan->expected.n * ask->draw + plan->expected.d - 1)
			/ plan->expected.d);
	return risk_of_stages(plan, out, &out->risk);
}

/* ---- what the size will let somebody say ---- */

/* The limit that an evaluation will state, as a rate: the largest share of rows (or pounds) that may
 * be wrong when so many are found. */
static SamplingStatus upper_limit(const SizeAsk *plan, int64_t n, int64_t found, int64_t *upper)
{
	RateLimits rate;
	CountLimits count;
	SamplingStatus status;
	if (plan->law == LAW_HYPERGEOMETRIC) {
		status = sampling_count(plan->confidence, plan->population, n, found, &count);
		*upper = status != SAMPLING_OK ? 0 : (int64_t)(((Int128)count.upper * SAMPLING_ONE
			+ plan->population - 1) / plan->population);
	} else {
		status = sampling_rate(plan->law, plan->confidence, n, found, &rate);
		*upper = status == SAMPLING_OK ? rate.upper : 0;
	}
	return status;
}

/* Of two stages no such limit is stated: it would be one of a sample of fixed size. */
static SamplingStatus look_ahead(const SizeAsk *plan, SpotSize *out)
{
	if (out->second > 0)
		return SAMPLING_OK;
	SamplingStatus status = upper_limit(plan, out->first, 0, &out->upper_none);
	return status != SAMPLING_OK ? status
		: upper_limit(plan, out->first, out->errors, &out->upper_most);
}

/* The checker of rules takes every population to be large beside the sample: it may warn of sizes
 * that hold for a small one. */
static SamplingStatus as_checked(const SizeAsk *plan, SpotSize *out)
{
	SizeAsk large = *plan;
	large.law = LAW_BINOMIAL;
	return plan->law != LAW_HYPERGEOMETRIC ? SAMPLING_OK
		: risk_of_stages(&large, out, &out->large_risk);
}

/* ---- money ---- */

/* Expansion factors for an expected misstatement, in hundredths, by confidence: the AICPA guide's
 * table for monetary units. A rule of thumb: the exact size may be above it or below. */
static int32_t expansion_of(int32_t confidence)
{
	static const struct { int32_t confidence, hundredths; } table[] = {{9900, 190}, {9500, 160},
		{9000, 150}, {8500, 140}, {8000, 130}, {7500, 125}, {7000, 120}, {5000, 100}};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (table[i].confidence == confidence)
			return table[i].hundredths;
	return 0;
}

/* What an auditor gets who works by hand. The tables speak of one stage, and of sums. */
static SamplingStatus plan_by_table(const SpotSizeAsk *ask, SpotSize *out)
{
	const SizeAsk *plan = &ask->plan;
	int32_t expansion = expansion_of(plan->confidence);
	if (ask->book == 0 || ask->tolerable == 0 || ask->two || expansion == 0
			|| (plan->fixed && plan->errors > 0) || (!plan->fixed && plan->expected.n > 0
			&& ask->expected == 0))
		return SAMPLING_OK;
	SamplingStatus status = sampling_unit_plan(plan->confidence, ask->book, ask->tolerable,
		ask->expected, expansion, &out->table);
	/* Where the table leaves nothing of the tolerable sum, it has no plan; the exact law may. */
	out->expansion = status == SAMPLING_OK ? expansion : 0;
	return status == SAMPLING_OUT_OF_RANGE ? SAMPLING_OK : status;
}

/* ---- the whole ---- */

SamplingStatus spot_size(const SpotSizeAsk *ask, SpotSize *out)
{
	const SizeAsk *plan = &ask->plan;
	*out = (SpotSize){.taints = {0, 1}, .leaves = (SAMPLING_CERTAIN - plan->confidence)
		* (int64_t)(SAMPLING_ONE / SAMPLING_CERTAIN)};
	SamplingStatus status = ask->draw > 0 ? take_given(ask, out)
		: ask->two ? seek_two(plan, out) : seek_one(plan, out);
	if (status == SAMPLING_OK && ask->find > 0)
		status = sampling_discovery(plan->law, rate_of(plan), out->first, ROUND_DOWN, &out->met);
	if (status == SAMPLING_OK)
		status = look_ahead(plan, out);
	if (status == SAMPLING_OK)
		status = as_checked(plan, out);
	if (status == SAMPLING_OK && ask->book > 0)
		out->interval = ask->book / out->first;
	return status == SAMPLING_OK ? plan_by_table(ask, out) : status;
}
