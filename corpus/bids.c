/*
 * Plants take turns over the awards of the newer contract; one that would come within two days of
 * another of the same provider's paper is left out, so that no paper ends before it begins. A bid
 * for the same care that happens to fall on a planted day fails as well, and is told of as one that
 * follows.
 *
 *   awards ──> turns ──> cuts ──> papers ──┐
 *      └── what is odd about the bids ─────┴──> judged: is a paper in force on the day?
 */
#include "corpus/bids.h"

#include <stdlib.h>
#include <string.h>

#include "corpus/write.h"

/* What a turn does: which paper is cut on the award's day, and how; for which care the award is. */
typedef enum Need { NEED_ANY, NEED_SPECIALIST, NEED_PERSONAL } Need;

typedef struct Turn {
	uint8_t plant, line, cut, need;
} Turn;

static const Turn turns[] = {
	{PLANT_B1_GAP, LINE_REGISTERED, CUT_GAP, NEED_ANY},
	{PLANT_B2_LAST_DAY, LINE_TRAINED, CUT_LAST, NEED_ANY},
	{PLANT_B3_CONCORDAT, LINE_CONCORDAT, CUT_GAP, NEED_SPECIALIST},
	{PLANT_B6_PENNY, 0, CUT_NONE, NEED_ANY},
	{PLANT_B1_LAST_DAY, LINE_REGISTERED, CUT_LAST, NEED_ANY},
	{PLANT_B2_GAP, LINE_TRAINED, CUT_GAP, NEED_ANY},
	{PLANT_B3_LAST_DAY, LINE_CONCORDAT, CUT_LAST, NEED_SPECIALIST},
	{PLANT_B_CARELESS, 0, CUT_NONE, NEED_ANY},
	{PLANT_B3_CHARTER, LINE_CHARTER, CUT_GAP, NEED_SPECIALIST},
	{PLANT_B1_FIRST_DAY, LINE_REGISTERED, CUT_FIRST, NEED_ANY},
	{PLANT_B6_TWO, 0, CUT_NONE, NEED_ANY},
	{PLANT_B2_FIRST_DAY, LINE_TRAINED, CUT_FIRST, NEED_ANY},
	{PLANT_B3_FIRST_DAY, LINE_CHARTER, CUT_FIRST, NEED_SPECIALIST},
	{PLANT_B6_NO_WINNER, 0, CUT_NONE, NEED_ANY},
	{PLANT_B3_ORDINARY, LINE_CHARTER, CUT_GAP, NEED_PERSONAL},
};
#define TURNS (sizeof turns / sizeof *turns)

/* ---- what is odd --------------------------------------------------------------------------- */

/* The first two kinds of papers are by care, pledges are not. */
static uint8_t line_of(const Turn *turn, uint8_t care)
{
	return turn->line < LINE_CONCORDAT ? (uint8_t)(turn->line + care) : turn->line;
}

/* A bid for specialist care needs both pledges, so that a cut of either decides about it. */
static bool decide_together(uint8_t line, uint8_t other)
{
	return line == other || (line >= LINE_CONCORDAT && other >= LINE_CONCORDAT);
}

/* The day itself, and two on either side. */
static bool cut_near(const Bids *bids, const Cut *cut)
{
	for (size_t i = 0; i < bids->cuts; i++) {
		const Cut *other = &bids->cut[i];
		if (other->provider == cut->provider && decide_together(other->line, cut->line) &&
			abs(other->day - cut->day) <= 2)
			return true;
	}
	return false;
}

/* False: another cut is too near, and nothing was changed. */
static bool add_cut(Bids *bids, const Cut *cut)
{
	if (cut_near(bids, cut))
		return false;
	bids->cut = room_to(bids->cut, &bids->cuts_room, bids->cuts, sizeof *bids->cut);
	bids->cut[bids->cuts++] = *cut;
	return true;
}

/* Days on which the newer contract looks at awards. */
static bool is_looked_at(const Plan *plan, int32_t day)
{
	return day >= plan->from && day >= CCSH_FROM && day <= plan_last_day(plan);
}

/* The next turn; it is kept for another award if its cut cannot be had here. Care is drawn anew
 * only where the turn needs another. */
static void plant_award(Bids *bids, uint32_t package, const Award *award, Rng *rng)
{
	const Turn *turn = &turns[bids->turn % TURNS];
	Odd odd = {.plant = turn->plant, .care = bids->odd[package].care,
		.bid = (uint8_t)rng_below(rng, award->bids)};
	if (turn->need == NEED_SPECIALIST && odd.care == PERSONAL_CARE)
		odd.care = rng_below(rng, 2) ? AUTISM : LEARNING_DISABILITY;
	if (turn->need == NEED_PERSONAL)
		odd.care = PERSONAL_CARE;
	Cut cut = {award->day, (uint16_t)plan_bidder(bids->plan, package, award, odd.bid),
		line_of(turn, odd.care), turn->cut};
	if (turn->cut != CUT_NONE && !add_cut(bids, &cut))
		return;
	if (odd.plant == PLANT_B_CARELESS)
		odd.care = CARE_MISSING;
	bids->odd[package] = odd;
	bids->turn++;
}

/* Three packages in twenty are specialist care, whatever their contract. */
static void draw_award(Bids *bids, uint32_t package)
{
	Rng rng = rng_for(bids->plan->seed, STREAM_BIDS, package, 0);
	uint32_t draw = rng_below(&rng, 20);
	Award award;
	plan_award(bids->plan, package, &award);
	bids->odd[package] = (Odd){.plant = PLANT_NOTHING,
		.care = draw < 2 ? LEARNING_DISABILITY : draw < 3 ? AUTISM : PERSONAL_CARE};
	if (bids->plan->package[package].contract == CCSH && is_looked_at(bids->plan, award.day) &&
		rng_permille(&rng, plan_scaled(bids->plan, 200)))
		plant_award(bids, package, &award, &rng);
}

/* The award stays as the plan has it: its rate and its number of bids are in the figures. What is
 * odd is what the bids say. */
void bids_award(const Bids *bids, uint32_t package, Award *award)
{
	const Odd *odd = &bids->odd[package];
	plan_award(bids->plan, package, award);
	award->care = (CareKind)odd->care;
	if (odd->plant == PLANT_B6_PENNY)
		award->over[award->winner] = -1;
	if (odd->plant == PLANT_B6_NO_WINNER)
		award->won = 0;
	if (odd->plant == PLANT_B6_TWO) {
		uint32_t other = (award->winner + 1) % award->bids;
		award->won |= 1U << other;
		award->over[other] -= !award->over[other];
	}
}

/* ---- papers -------------------------------------------------------------------------------- */

/* Papers are numbered as they are made: provider by provider, line by line, in order of days. */
static void add_paper(Bids *bids, const Cut *line, int32_t start, int32_t end)
{
	bids->paper = room_to(bids->paper, &bids->papers_room, bids->papers, sizeof *bids->paper);
	bids->paper[bids->papers++] = (Paper){start, end, line->provider, line->line};
}

/* By provider, line and day. */
static int compare_cuts(const void *a, const void *b)
{
	const Cut *x = a, *y = b;
	if (x->provider != y->provider)
		return x->provider < y->provider ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->day > y->day) - (x->day < y->day);
}

/* One paper from some day in 2020 to the first cut, one between each two, and an open one. `at` is
 * the first cut of this line or a later one; returns the first that is behind it. */
static size_t cut_line(Bids *bids, uint16_t provider, uint8_t line, size_t at)
{
	int32_t start = cal_day(2020, 1, 1) + 37 * line + provider % 30;
	Cut here = {.provider = provider, .line = line};
	for (; at < bids->cuts && bids->cut[at].provider == provider && bids->cut[at].line == line;
		at++) {
		const Cut *cut = &bids->cut[at];
		add_paper(bids, &here, start, cut->kind == CUT_LAST ? cut->day : cut->day - 1);
		start = cut->kind == CUT_FIRST ? cut->day : cut->day + 1;
	}
	add_paper(bids, &here, start, CAL_NO_DAY);
	return at;
}

/* Awards are drawn in order of the packages, so that turns do not depend on anything else; papers
 * are cut when all days are known. */
void bids_make(Bids *bids, const Plan *plan)
{
	size_t at = 0;
	*bids = (Bids){.plan = plan};
	bids->odd = room_grow(NULL, plan->packages + 1U, sizeof *bids->odd);
	bids->first = room_grow(NULL, plan->providers + 1U, sizeof *bids->first);
	for (uint32_t i = 0; i < plan->packages; i++)
		draw_award(bids, i);
	if (bids->cuts)
		qsort(bids->cut, bids->cuts, sizeof *bids->cut, compare_cuts);
	for (uint32_t p = 0; p < plan->providers; p++) {
		bids->first[p] = bids->papers;
		for (uint8_t line = 0; line < LINES; line++)
			at = cut_line(bids, (uint16_t)p, line, at);
	}
	bids->first[plan->providers] = bids->papers;
}

void bids_free(Bids *bids)
{
	free(bids->odd);
	free(bids->cut);
	free(bids->paper);
	free(bids->first);
}

/* ---- judging ------------------------------------------------------------------------------- */

/* A paper of the line that is in force on the day, both its ends included. */
static bool holds(const Bids *bids, uint32_t provider, int line, int32_t day)
{
	for (uint32_t i = bids->first[provider]; i < bids->first[provider + 1]; i++) {
		const Paper *paper = &bids->paper[i];
		if (paper->line == line && paper->start <= day &&
			(paper->end == CAL_NO_DAY || day <= paper->end))
			return true;
	}
	return false;
}

/* A bid for care of no name is for one of those that the provider may give, or not. */
static void judge_bid(const Bids *bids, uint32_t provider, const Award *award, Found *found)
{
	if (award->care == CARE_MISSING) {
		grow_unsure(found, RULE_B1);
		grow_unsure(found, RULE_B2);
		grow_unsure(found, RULE_B3);
		return;
	}
	if (!holds(bids, provider, LINE_REGISTERED + (int)award->care, award->day))
		grow_fails(found, RULE_B1, NO_STAKE);
	if (!holds(bids, provider, LINE_TRAINED + (int)award->care, award->day))
		grow_fails(found, RULE_B2, NO_STAKE);
	if (award->care != PERSONAL_CARE && (!holds(bids, provider, LINE_CONCORDAT, award->day) ||
		!holds(bids, provider, LINE_CHARTER, award->day)))
		grow_fails(found, RULE_B3, NO_STAKE);
}

/* The rule that a plant is meant to break, or near; RULE_NONE for those about no single bid. */
static Rule rule_of(Plant plant)
{
	switch ((int)plant) {
	case PLANT_B1_GAP:
		return RULE_B1;
	case PLANT_B2_GAP:
		return RULE_B2;
	case PLANT_B3_CONCORDAT:
	case PLANT_B3_CHARTER:
		return RULE_B3;
	default:
		return (Rule)plant_near[plant];
	}
}

/* Whether a paper of the provider is missing for this very day. */
static bool is_gap(const Bids *bids, uint32_t provider, int32_t day)
{
	for (size_t i = 0; i < bids->cuts; i++)
		if (bids->cut[i].provider == provider && bids->cut[i].day == day &&
			bids->cut[i].kind == CUT_GAP)
			return true;
	return false;
}

/* What a package's verdicts are told from. */
typedef struct Told {
	const Bids *bids;
	Writer *writer;
	uint32_t package;
	const Award *award;
} Told;

/* The plant that a bid carries: a missing kind of care is every bid's. */
static Plant plant_of(const Told *told, uint32_t b)
{
	const Odd *odd = &told->bids->odd[told->package];
	return b == odd->bid || odd->plant == PLANT_B_CARELESS ? (Plant)odd->plant : PLANT_NOTHING;
}

/* One rule; a near miss is told of as one that passes. */
static void tell_rule(const Told *told, const char *subject, Rule rule, const Found *found,
	Plant plant)
{
	bool fails = found->fails & GROW_BIT(rule), unsure = found->unsure & GROW_BIT(rule);
	Plant note = rule == rule_of(plant) || unsure ? plant : PLANT_NOTHING;
	if (fails || unsure || note)
		grow_tell(told->writer->grow, CCSH, (int)rule, subject,
			fails ? VERDICT_FAIL : unsure ? VERDICT_UNSURE : VERDICT_PASS, NO_STAKE,
			plant_notes[note]);
}

/* A bid's own plant must do what it promises, others may only follow from a gap. */
static void tell_bid(const Told *told, uint32_t b)
{
	uint32_t provider = plan_bidder(told->bids->plan, told->package, told->award, b);
	Plant plant = plant_of(told, b);
	Rule own = rule_of(plant);
	bool near = plant_near[plant] != RULE_NONE;
	char subject[SUBJECT_TEXT];
	Found found = {0};
	judge_bid(told->bids, provider, told->award, &found);
	grow_subject(told->writer->grow, subject, "bid", KEY_BID,
		(uint64_t)told->package * BIDS_MAX + b + 1);
	if (own != RULE_NONE && near == ((found.fails & GROW_BIT(own)) != 0))
		grow_disagree(subject, "is not the bid that was planted");
	if (found.fails && !is_gap(told->bids, provider, told->award->day))
		grow_disagree(subject, "was made by a provider that lacks a paper");
	for (int rule = RULE_B1; rule <= RULE_B3; rule++)
		tell_rule(told, subject, (Rule)rule, &found, plant);
}

/* The one rate of the bids that won, as pence above the award's; false: without one, or with
 * several, nobody can say. */
static bool rate_won(const Award *award, int32_t *over)
{
	bool some = false, several = false;
	for (uint32_t b = 0; b < award->bids; b++) {
		if (!(award->won >> b & 1))
			continue;
		several |= some && award->over[b] != *over;
		*over = award->over[b];
		some = true;
	}
	return some && !several;
}

/* What is awarded should be what the winner bid. */
static void tell_award(const Told *told)
{
	const Odd *odd = &told->bids->odd[told->package];
	char subject[SUBJECT_TEXT];
	int32_t over = 0;
	bool unsure = !rate_won(told->award, &over), fails = !unsure && over != 0;
	grow_subject(told->writer->grow, subject, "award", KEY_AWARD, told->package + 1);
	if (fails != (odd->plant == PLANT_B6_PENNY) ||
		unsure != (odd->plant == PLANT_B6_TWO || odd->plant == PLANT_B6_NO_WINNER))
		grow_disagree(subject, "is not awarded as planted");
	if (fails || unsure)
		grow_tell(told->writer->grow, CCSH, RULE_B6, subject,
			fails ? VERDICT_FAIL : VERDICT_UNSURE, NO_STAKE, plant_notes[odd->plant]);
}

/* Nothing is planted here: why packages come back is in the plan. */
static void tell_handback(const Told *told)
{
	const Package *package = &told->bids->plan->package[told->package];
	Reason reason = told->award->reason;
	char subject[SUBJECT_TEXT];
	if (!package->handed_back || !is_looked_at(told->bids->plan, package->end))
		return;
	grow_subject(told->writer->grow, subject, "handback", KEY_HANDBACK, told->package + 1);
	if (reason == REGISTRATION || reason == STAFF)
		grow_tell(told->writer->grow, CCSH, RULE_B5, subject, VERDICT_FAIL, NO_STAKE,
			plant_notes[PLANT_B5_WANTING]);
	else if (reason == REASON_MISSING)
		grow_tell(told->writer->grow, CCSH, RULE_B5, subject, VERDICT_UNSURE, NO_STAKE,
			plant_notes[PLANT_B5_UNSAID]);
	else if (reason == NEEDS_CHANGED)
		grow_tell(told->writer->grow, CCSH, RULE_B5, subject, VERDICT_PASS, NO_STAKE,
			plant_notes[PLANT_B5_NEEDS]);
}

/* Awards are judged on their day, handbacks on theirs. */
void bids_judge(const Bids *bids, Writer *writer)
{
	for (uint32_t i = 0; i < bids->plan->packages; i++) {
		Award award;
		Told told = {bids, writer, i, &award};
		if (bids->plan->package[i].contract != CCSH)
			continue;
		bids_award(bids, i, &award);
		tell_handback(&told);
		if (!is_looked_at(bids->plan, award.day))
			continue;
		for (uint32_t b = 0; b < award.bids; b++)
			tell_bid(&told, b);
		tell_award(&told);
	}
}
