#include "interp/spot_risk.h"

/* A plan passes with fewer findings than lead to the next step. */
static TwoStage stages_of(const SpotCheck *spot)
{
	TwoStage out = {.first = spot->draw, .allow_first = spot->full.n > 0 ? spot->full.when - 1 : 0};
	if (spot->then.n == 0)
		return out;
	out.second = spot->then.n;
	out.allow_whole = out.allow_first;
	out.allow_first = spot->then.when - 1 < out.allow_whole ? spot->then.when - 1
		: out.allow_whole;
	return out;
}

static SizeAsk ask_of(const SpotCheck *spot)
{
	return (SizeAsk){.law = LAW_BINOMIAL, .confidence = spot->confidence,
		.tolerable = {spot->tolerable, 10000}, .fixed = true};
}

SamplingStatus spot_risk(const SpotCheck *spot, int64_t *risk)
{
	SizeAsk ask = ask_of(spot);
	TwoStage plan = stages_of(spot);
	if (spot->tolerable == 0 || spot->draw_each || spot->then.each)
		return SAMPLING_OUT_OF_RANGE;
	if (plan.second > 0)
		return sampling_two_stage_risk(&ask, &plan, risk);
	return sampling_chance(LAW_BINOMIAL, ask.tolerable, plan.first, plan.allow_first, ROUND_UP, risk);
}

/* "61 and 61", or "93". */
static bool right_sizes(const SpotCheck *spot, Buf *out)
{
	SizeAsk ask = ask_of(spot);
	SizeAnswer one;
	TwoStage plan = stages_of(spot), right;
	int64_t risk;
	if (plan.second > 0) {
		if (sampling_two_stage(&ask, plan.allow_first, plan.allow_whole, &right, &risk) !=
				SAMPLING_OK)
			return false;
		buf_printf(out, "%lld and then %lld", (long long)right.first, (long long)right.second);
		return true;
	}
	ask.errors = plan.allow_first;
	if (sampling_size(&ask, &one) != SAMPLING_OK)
		return false;
	buf_printf(out, "%lld", (long long)one.n);
	return true;
}

static void warn(const SpotCheck *spot, Diags *diags, int64_t risk)
{
	Buf text = {0}, sizes = {0};
	sampling_percent(&text, risk, 2, ROUND_UP);
	DiagRef diag = diag_add(diags, DIAG_W_SPOT_RISK, spot->draw_at,
		"the chance to pass with %d.%02d%% of the rows wrong is %s", (int)spot->tolerable / 100,
		(int)spot->tolerable % 100, text.at);
	if (spot->then.n > 0)
		diag_label(diag, spot->then.at, "and with these");
	diag_note(diag, "a confidence of %d.%02d%% leaves %d.%02d%%", (int)spot->confidence / 100,
		(int)spot->confidence % 100, (int)(10000 - spot->confidence) / 100,
		(int)(10000 - spot->confidence) % 100);
	if (right_sizes(spot, &sizes))
		diag_help(diag, "draw %s: the sizes are those of the whole plan, not of one stage",
			sizes.at);
	buf_free(&text);
	buf_free(&sizes);
}

void spot_risk_warn(const Rulebook *book, Diags *diags)
{
	for (int32_t i = 0; book != NULL && i < book->nspots; i++) {
		const SpotCheck *spot = &book->spot[i];
		int64_t risk, allowed = (int64_t)(10000 - spot->confidence) * (SAMPLING_ONE / 10000);
		if (spot_risk(spot, &risk) == SAMPLING_OK && risk > allowed)
			warn(spot, diags, risk);
	}
}
