/*
 * Each maker changes one clean visit (delivered, declared as planned, logged) or says that it
 * cannot and leaves it as it was. What it breaks is noted in the visit's fails and unsure, or in
 * the log's. Gaps between visits (195 minutes) leave room for logs up to 99 minutes off without a
 * second visit in reach.
 *
 *   makers     one for each kind of PLANT_*: the violation, and its near miss that must pass
 *   the round  kinds in shuffled order; one that cannot be made of this visit waits for the next
 *   the pace   how many visits in a million are planted in, corrected after every week
 *
 * Near misses matter as much as violations: a checker that flags everything
 * would find all of those.
 */
#include "corpus/plant.h"

#include "corpus/plan.h"

/* One package's week while it is planted. */
typedef struct Scene {
	Package *package;
	Rows *rows;
	Rng *rng;
	size_t first_visit, first_log;
	uint32_t planted;
	bool whole;  /* what is declared is just what is commissioned */
	bool closed; /* the week's total must not change any more */
} Scene;

typedef bool Maker(Scene *scene, Visit *visit);

/* Logs of a visit before the roster orders them; at most CARERS_MAX. */
static int logs_of(Scene *scene, const Visit *visit, Log *logs[CARERS_MAX])
{
	uint32_t index = (uint32_t)(visit - scene->rows->visit);
	int n = 0;
	for (size_t i = scene->first_log; i < scene->rows->logs && n < CARERS_MAX; i++) {
		Log *log = &scene->rows->log[i];
		if (log->visit == index && !log->dead)
			logs[n++] = log;
	}
	return n;
}

/* Dead logs stay in their places, so that indexes hold, and are dropped at the end of the week. */
static void remove_logs(Scene *scene, const Visit *visit, int keep)
{
	Log *logs[CARERS_MAX];
	int n = logs_of(scene, visit, logs);
	for (int i = keep; i < n; i++)
		logs[i]->dead = true;
}

/* Shares the seconds out among the visit's logs. */
static void set_logged(Scene *scene, const Visit *visit, int32_t seconds)
{
	Log *logs[CARERS_MAX];
	int n = logs_of(scene, visit, logs);
	for (int i = 0; i < n; i++) {
		int32_t part = seconds / (n - i);
		logs[i]->out = logs[i]->in + part;
		seconds -= part;
	}
}

/* Moves the visit's logs so that they begin so many seconds after its planned start. */
static void set_begin(Scene *scene, const Visit *visit, int32_t after)
{
	Log *logs[CARERS_MAX];
	int n = logs_of(scene, visit, logs);
	for (int i = 0; i < n; i++) {
		int64_t in = visit_begins(visit) + after;
		logs[i]->out += in - logs[i]->in;
		logs[i]->in = in;
	}
}

/* These two only save lines in the makers. */
static bool breaks(Visit *visit, Rule rule)
{
	visit->fails |= BIT(rule);
	return true;
}

static bool unsettles(Visit *visit, Rule rule)
{
	visit->unsure |= BIT(rule);
	return true;
}

/* The boundary itself: one second more would pass. */
static bool v1_second(Scene *scene, Visit *visit)
{
	set_logged(scene, visit, least_logged(visit->declared) - 1);
	return breaks(visit, RULE_V1);
}

/* Somewhere between a fifth and three fifths of the time, but never so much that it rounds up. */
static bool v1_short(Scene *scene, Visit *visit)
{
	int32_t part = visit->declared * 60 * rng_between(scene->rng, 20, 60) / 100;
	int32_t most = least_logged(visit->declared) - 1;
	set_logged(scene, visit, part < most ? part : most);
	return breaks(visit, RULE_V1);
}

/* Nine hours by the clock, eight in fact. */
static bool v1_spring(Scene *scene, Visit *visit)
{
	if (!cal_spring_eve(visit->day) || visit->planned != 8 * 60 || visit->start != 22 * 60)
		return false;
	visit->declared = 9 * 60;
	set_logged(scene, visit, 8 * 3600);
	return breaks(visit, RULE_V1);
}

/* The finding stands, but nobody can say what it is worth; nor whether the rate is the awarded
 * one. */
static bool v1_rateless(Scene *scene, Visit *visit)
{
	visit->rate = RATE_MISSING;
	unsettles(visit, RULE_V7);
	return v1_short(scene, visit);
}

/* Only one of two carers need have forgotten: the sum is unknown all the same. */
static bool v1_open(Scene *scene, Visit *visit)
{
	Log *logs[CARERS_MAX];
	logs_of(scene, visit, logs);
	logs[0]->out = CAL_NO_MOMENT;
	return unsettles(visit, RULE_V1);
}

/* The near miss to v1_second. */
static bool v1_half(Scene *scene, Visit *visit)
{
	set_logged(scene, visit, least_logged(visit->declared));
	return true;
}

/* For Take a Break the same thing is another rule's. */
static bool v2_no_log(Scene *scene, Visit *visit)
{
	if (scene->package->service != HOME_CARE)
		return false;
	remove_logs(scene, visit, 0);
	return breaks(visit, RULE_V2);
}

static bool tb1_no_log(Scene *scene, Visit *visit)
{
	if (scene->package->service != TAKE_A_BREAK)
		return false;
	remove_logs(scene, visit, 0);
	return breaks(visit, RULE_TB1);
}

/* Two findings for the one mistake: a visit without a log and a log without a visit. */
static bool v2_too_late(Scene *scene, Visit *visit)
{
	if (visit->carers > 1 || scene->package->service != HOME_CARE)
		return false;
	Log *logs[CARERS_MAX];
	logs_of(scene, visit, logs);
	set_begin(scene, visit, WINDOW_SECONDS + 1);
	logs[0]->plant = PLANT_V2_TOO_LATE;
	logs[0]->fails = BIT(RULE_V3);
	return breaks(visit, RULE_V2);
}

/* Only of a length that is over before the next visit. */
static bool v2_late(Scene *scene, Visit *visit)
{
	if (scene->package->service != HOME_CARE || visit->planned > 75 * visit->carers)
		return false;
	set_begin(scene, visit, WINDOW_SECONDS);
	return true;
}

/* Only of the first visit of a day that follows no night, or it would begin during another. */
static bool v2_early(Scene *scene, Visit *visit)
{
	bool first = visit == scene->rows->visit + scene->first_visit ||
		visit[-1].day != visit->day;
	if (scene->package->service != HOME_CARE || !first || scene->package->slot[SLOT_NIGHT].days)
		return false;
	set_begin(scene, visit, -WINDOW_SECONDS);
	return true;
}

/* What may be planted in: nothing else is wrong with it, and the plan or another plant has no use
 * for it. */
static bool eligible(const Visit *visit)
{
	return visit->outcome == DELIVERED && !visit->taken && visit->declared == visit->planned;
}

/* The next visit of the day, moved to an hour after this one; NULL when the two will not do. */
static Visit *rival(Scene *scene, Visit *visit)
{
	Visit *next = visit + 1;
	if (next >= scene->rows->visit + scene->rows->visits || next->day != visit->day)
		return NULL;
	if (!eligible(next) || visit->carers > 1 || visit->start < 360 || next->start > 1300)
		return NULL;
	next->start = (int16_t)(visit->start + 60);
	next->taken = true;
	return next;
}

/* 35 minutes after one start, 25 before the other. */
static bool v2_rival(Scene *scene, Visit *visit)
{
	Visit *next = rival(scene, visit);
	if (!next)
		return false;
	remove_logs(scene, visit, 0);
	set_begin(scene, next, -25 * 60);
	return breaks(visit, RULE_V2);
}

/* Half an hour from both: the earlier visit keeps the log, so it is the later one that fails. */
static bool v2_tie(Scene *scene, Visit *visit)
{
	Visit *next = rival(scene, visit);
	if (!next)
		return false;
	remove_logs(scene, next, 0);
	set_begin(scene, visit, 30 * 60);
	next->plant = PLANT_V2_TIE;
	return breaks(next, RULE_V2);
}

/*     0        60 min
 *     |         |         visits
 *            |            | logs at 50 and 100: the first is nearer to the second visit, which
 *                           must leave it to the first visit for both to be paired */
static bool v2_pairs(Scene *scene, Visit *visit)
{
	Visit *next = visit->planned <= 30 ? rival(scene, visit) : NULL;
	if (!next)
		return false;
	set_begin(scene, visit, 50 * 60);
	set_begin(scene, next, 40 * 60);
	return true;
}

/* Someone was there who had not been asked: 91 to 99 minutes after the start is out of reach of
 * this visit and, with 195 minutes between starts, of the next. */
static bool v3_orphan(Scene *scene, Visit *visit)
{
	Log *log = rows_log(scene->rows);
	log->package = visit->package;
	log->visit = (uint32_t)(visit - scene->rows->visit);
	log->in = visit_begins(visit) + WINDOW_SECONDS + rng_between(scene->rng, 1, 540);
	log->out = log->in + rng_between(scene->rng, 600, 1800);
	log->plant = PLANT_V3_ORPHAN;
	log->fails = BIT(RULE_V3);
	return true;
}

/* Those below declare the planned time for a visit that did not take place. */
static void call_off(Scene *scene, Visit *visit, Outcome outcome, int32_t notice)
{
	visit->outcome = (uint8_t)outcome;
	visit->notice = notice;
	remove_logs(scene, visit, 0);
}

/* Half of them at exactly 24 hours, which already counts as notice. */
static bool v4_notice(Scene *scene, Visit *visit)
{
	bool just = rng_permille(scene->rng, 500);
	call_off(scene, visit, CANCELLED,
		NOTICE_NEEDED + (just ? 0 : rng_between(scene->rng, 1, 4000)));
	return breaks(visit, RULE_V4);
}

static bool v4_missed(Scene *scene, Visit *visit)
{
	call_off(scene, visit, MISSED, MINUTES_MISSING);
	return breaks(visit, RULE_V4);
}

/* It may be payable or not: nobody wrote down when the call came. */
static bool v4_no_notice(Scene *scene, Visit *visit)
{
	call_off(scene, visit, CANCELLED, MINUTES_MISSING);
	return unsettles(visit, RULE_V4);
}

static bool v4_short_notice(Scene *scene, Visit *visit)
{
	call_off(scene, visit, CANCELLED, NOTICE_NEEDED - 1);
	return true;
}

static bool v4_free(Scene *scene, Visit *visit)
{
	call_off(scene, visit, CANCELLED, NOTICE_NEEDED);
	visit->declared = 0;
	return true;
}

static bool v4_half_hour(Scene *scene, Visit *visit)
{
	call_off(scene, visit, FRUSTRATED, MINUTES_MISSING);
	visit->declared = visit->planned < FRUSTRATED_PAYS ? visit->planned : FRUSTRATED_PAYS;
	return true;
}

/* A minute above the half hour, or above the plan where that is shorter. */
static bool v4_frustrated(Scene *scene, Visit *visit)
{
	v4_half_hour(scene, visit);
	visit->declared++;
	return breaks(visit, RULE_V4);
}

/* Single-handed only, so that nothing hangs on which carer's time counts. */
static bool v5_given(Scene *scene, Visit *visit)
{
	if (visit->carers > 1)
		return false;
	set_logged(scene, visit, visit->planned * 60);
	visit->outcome = MISSED;
	visit->declared = 0;
	return breaks(visit, RULE_V5);
}

/* The carer who came stayed for her part of the time; V1 does not look at a visit that lacks a
 * log. */
static bool v6_alone(Scene *scene, Visit *visit)
{
	if (visit->carers < 2)
		return false;
	set_logged(scene, visit, visit->declared * 60);
	remove_logs(scene, visit, 1);
	return breaks(visit, RULE_V6);
}

/* Both came and the sum supports what is declared: how it was shared between them is not for the
 * rule. */
static bool v6_brief(Scene *scene, Visit *visit)
{
	Log *logs[CARERS_MAX];
	if (visit->carers < 2 || visit->planned > 120)
		return false;
	logs_of(scene, visit, logs);
	int32_t each = visit->declared * 30, second = each / 3;
	int32_t first = least_logged(visit->declared) - second;
	logs[0]->out = logs[0]->in + (first > each ? first : each);
	logs[1]->out = logs[1]->in + second;
	return true;
}

/* Only what is claimed goes up; the award stands with the provision. */
static bool v7_penny(Scene *scene, Visit *visit)
{
	visit->rate = scene->package->rate + 1;
	return breaks(visit, RULE_V7);
}

static bool v7_pounds(Scene *scene, Visit *visit)
{
	visit->rate = scene->package->rate + rng_between(scene->rng, 50, 400);
	return breaks(visit, RULE_V7);
}

static bool v7_below(Scene *scene, Visit *visit)
{
	visit->rate = scene->package->rate - 1;
	return true;
}

/* A longer visit, and logged for long enough. */
static void lengthen(Scene *scene, Visit *visit, int16_t by)
{
	visit->declared = (int16_t)(visit->declared + by);
	set_logged(scene, visit, (visit->declared + QUANTUM - 1) / QUANTUM * QUANTUM * 60);
}

/* The week has to be whole before, or the minute would not be above anything; closed after, or a
 * later plant might take it away again. */
static bool w2_minute(Scene *scene, Visit *visit)
{
	if (!scene->whole || scene->planted || visit->planned > 180 ||
		scene->package->service != HOME_CARE)
		return false;
	lengthen(scene, visit, 1);
	scene->closed = true;
	return true;
}

/* The other visit's log now shows more than is declared for it, which no rule minds. */
static bool w2_swap(Scene *scene, Visit *visit)
{
	if (!scene->whole || scene->planted || visit->planned > 180 ||
		scene->package->service != HOME_CARE)
		return false;
	Visit *other = scene->rows->visit + scene->first_visit;
	Visit *end = scene->rows->visit + scene->rows->visits;
	while (other < end && (other == visit || !eligible(other) || other->planned < 30))
		other++;
	if (other == end)
		return false;
	other->declared = (int16_t)(other->declared - QUANTUM);
	lengthen(scene, visit, QUANTUM);
	scene->closed = true;
	return true;
}

/* Only a wish: the roster carries it out when it finds another log that fits. */
static bool c1_wish(Scene *scene, Visit *visit, Plant plant)
{
	Log *logs[CARERS_MAX];
	if (visit->carers > 1 || visit->planned > 120)
		return false;
	logs_of(scene, visit, logs);
	if (logs[0]->in - visit_begins(visit) > 75 * 60)
		return false;
	logs[0]->plant = (uint8_t)plant;
	return true;
}

static bool c1_overlap(Scene *scene, Visit *visit)
{
	return c1_wish(scene, visit, PLANT_C1_OVERLAP);
}

/* Touching ends do not overlap. */
static bool c1_touch(Scene *scene, Visit *visit)
{
	return c1_wish(scene, visit, PLANT_C1_TOUCH);
}

/* A wish of C2 is a touch with some time in between. */
static bool c2_hurry(Scene *scene, Visit *visit)
{
	return c1_wish(scene, visit, PLANT_C2_HURRY);
}

static bool c2_just(Scene *scene, Visit *visit)
{
	return c1_wish(scene, visit, PLANT_C2_JUST);
}

/*
 *   0        60 min
 *   |         |          visits, of one carer and up to 45 minutes
 *     |─────||─────|     logs: the second begins so many seconds after the first has ended
 */
static Log *run_on(Scene *scene, Visit *visit, int32_t gap)
{
	Log *first[CARERS_MAX], *second[CARERS_MAX];
	Visit *next = visit + 1 < scene->rows->visit + scene->rows->visits ? visit + 1 : NULL;
	if (visit->planned > 45 || !next || next->carers > 1 || !rival(scene, visit))
		return NULL;
	set_begin(scene, visit, 15 * 60);
	logs_of(scene, visit, first);
	logs_of(scene, next, second);
	set_begin(scene, next, (int32_t)(first[0]->out + gap - visit_begins(next)));
	second[0]->after = first[0]->visit;
	return second[0];
}

/* Only wishes, as far as one carer has to make both visits: see corpus/roster.c. */
static bool run_together(Scene *scene, Visit *visit, Plant plant, int32_t gap, uint32_t breaks)
{
	Log *log = run_on(scene, visit, gap);
	if (!log)
		return false;
	log->plant = (uint8_t)plant;
	log->fails = breaks;
	return true;
}

static bool c3_merged(Scene *scene, Visit *visit)
{
	return run_together(scene, visit, PLANT_C3_MERGED, 0, BIT(RULE_C3));
}

static bool c3_apart(Scene *scene, Visit *visit)
{
	return run_together(scene, visit, PLANT_C3_APART, 1, 0);
}

static bool c4_early(Scene *scene, Visit *visit)
{
	return run_together(scene, visit, PLANT_C4_EARLY, -1, BIT(RULE_C4));
}

static bool c4_after(Scene *scene, Visit *visit)
{
	return run_together(scene, visit, PLANT_C4_AFTER, 0, 0);
}

/* What is banked on the day of the visit, as the week stands now. */
static int32_t banked(const Scene *scene, const Visit *visit)
{
	Account account = scene->package->account;
	const Visit *earlier = scene->rows->visit + scene->first_visit;
	for (; earlier < visit; earlier++) {
		account_advance(&account, scene->package->weekly, earlier->day);
		if (earlier->outcome == DELIVERED)
			account_draw(&account, earlier->declared);
	}
	account_advance(&account, scene->package->weekly, visit->day);
	return account_held(&account);
}

/* The last visit of a week, so that no other of that week runs short as well. */
static bool declare_banked(Scene *scene, Visit *visit, int32_t beyond)
{
	if (scene->package->service != TAKE_A_BREAK ||
		visit + 1 != scene->rows->visit + scene->rows->visits)
		return false;
	int32_t held = banked(scene, visit);
	if (held < visit->declared || held > 10 * 60)
		return false;
	lengthen(scene, visit, (int16_t)(held + beyond - visit->declared));
	return true;
}

static bool tb3_minute(Scene *scene, Visit *visit)
{
	return declare_banked(scene, visit, 1) && breaks(visit, RULE_TB3);
}

static bool tb3_exact(Scene *scene, Visit *visit)
{
	return declare_banked(scene, visit, 0);
}

static Maker *const makers[PLANT_COUNT] = {
	[PLANT_V1_SECOND] = v1_second, [PLANT_V1_SHORT] = v1_short,
	[PLANT_V1_RATELESS] = v1_rateless, [PLANT_V1_OPEN] = v1_open, [PLANT_V1_HALF] = v1_half,
	[PLANT_V2_NO_LOG] = v2_no_log, [PLANT_V2_TOO_LATE] = v2_too_late,
	[PLANT_V2_LATE] = v2_late, [PLANT_V2_EARLY] = v2_early, [PLANT_V2_RIVAL] = v2_rival,
	[PLANT_V2_TIE] = v2_tie, [PLANT_V2_PAIRS] = v2_pairs, [PLANT_V3_ORPHAN] = v3_orphan,
	[PLANT_V4_NOTICE] = v4_notice, [PLANT_V4_MISSED] = v4_missed,
	[PLANT_V4_FRUSTRATED] = v4_frustrated, [PLANT_V4_NO_NOTICE] = v4_no_notice,
	[PLANT_V4_SHORT_NOTICE] = v4_short_notice, [PLANT_V4_FREE] = v4_free,
	[PLANT_V4_HALF_HOUR] = v4_half_hour, [PLANT_V5_GIVEN] = v5_given,
	[PLANT_V6_ALONE] = v6_alone, [PLANT_V6_BRIEF] = v6_brief, [PLANT_V7_PENNY] = v7_penny,
	[PLANT_V7_POUNDS] = v7_pounds, [PLANT_V7_BELOW] = v7_below,
	[PLANT_W2_MINUTE] = w2_minute, [PLANT_W2_SWAP] = w2_swap,
	[PLANT_C1_OVERLAP] = c1_overlap, [PLANT_C1_TOUCH] = c1_touch,
	[PLANT_C2_HURRY] = c2_hurry, [PLANT_C2_JUST] = c2_just, [PLANT_C3_MERGED] = c3_merged,
	[PLANT_C3_APART] = c3_apart, [PLANT_C4_EARLY] = c4_early, [PLANT_C4_AFTER] = c4_after,
	[PLANT_TB1_NO_LOG] = tb1_no_log, [PLANT_TB3_MINUTE] = tb3_minute,
	[PLANT_TB3_EXACT] = tb3_exact,
};

/* The round is shuffled once for the county. */
void planter_init(Planter *planter, const Plan *plan)
{
	Rng rng = rng_for(plan->seed, STREAM_SCHEDULE, 0, 0);
	*planter = (Planter){.plan = plan};
	for (uint16_t kind = 0; kind < PLANT_COUNT; kind++)
		round_add(&planter->round, kind, plant_weights[kind]);
	round_shuffle(&planter->round, &rng);
}

void planter_pace(Planter *planter, uint32_t thickness)
{
	planter->thickness = thickness;
}

/* These stand with another row than the visit they were made of. */
static bool stands_elsewhere(uint8_t kind)
{
	return kind == PLANT_V2_TIE || kind == PLANT_V3_ORPHAN ||
		(kind >= PLANT_C1_OVERLAP && kind <= PLANT_C4_AFTER);
}

/* Where a kind is tried. */
typedef struct Try {
	Scene *scene;
	Visit *visit;
} Try;

static bool make(void *context, uint16_t kind)
{
	const Try *here = context;
	return makers[kind](here->scene, here->visit);
}

static void plant_one(Planter *planter, Scene *scene, Visit *visit)
{
	Try here = {scene, visit};
	int kind = round_take(&planter->round, make, &here);
	if (kind < 0)
		return;
	visit->taken = true;
	if (!stands_elsewhere((uint8_t)kind))
		visit->plant = (uint8_t)kind;
	scene->planted++;
}

/* Cancelled time is not declared as delivered, so a week with a cancellation is not whole. */
static void set_whole(Scene *scene)
{
	int32_t sum = 0;
	for (size_t i = scene->first_visit; i < scene->rows->visits; i++)
		if (scene->rows->visit[i].outcome == DELIVERED)
			sum += scene->rows->visit[i].declared;
	scene->whole = sum == scene->package->weekly;
}

/* One carer, lengths of 15, 30 and 45 minutes: each may be seven minutes short and still round
 * up, and seven of 45 are more than 15%. */
static bool can_be_copied(const Plan *plan, const Package *package, int32_t monday)
{
	if (package->service != HOME_CARE || package->plant || package->trimmed ||
		plan->client[package->client].stays || package->first > monday ||
		package->last < monday + 27)
		return false;
	for (int s = 0; s < SLOTS; s++)
		if (package->slot[s].days && (package->slot[s].length > 45 || s == SLOT_CALL ||
			package->slot[s].length % QUANTUM || package->slot[s].carers > 1))
			return false;
	return true;
}

void plant_period(const Plan *plan, uint32_t number, int32_t monday)
{
	static const uint8_t kinds[] = {
		PLANT_W3_COPIED, PLANT_W3_COPIED, PLANT_W3_SECOND, PLANT_W3_EXACT};
	Package *package = &plan->package[number];
	Rng rng = rng_for(plan->seed, STREAM_PERIOD, number, (uint64_t)(uint32_t)monday);
	uint32_t share = plan_scaled(plan, 8 * plan_weight(
		plan->provider[package->provider].character));
	package->copied = PLANT_NOTHING;
	if (can_be_copied(plan, package, monday) && rng_permille(&rng, share))
		package->copied = (Plant)kinds[rng_below(&rng, 4)];
}

/* Every delivered visit declared as planned; 85% of a minute is 51 seconds. */
static void copy_week(Scene *scene)
{
	bool first = true;
	Plant how = scene->package->copied;
	for (size_t i = scene->first_visit; i < scene->rows->visits; i++) {
		Visit *visit = &scene->rows->visit[i];
		if (visit->outcome != DELIVERED)
			continue;
		visit->declared = visit->planned;
		int32_t logged = how == PLANT_W3_COPIED ? (visit->planned - 7) * 60
							: visit->planned * 51;
		set_logged(scene, visit, logged - (how == PLANT_W3_SECOND && first));
		first = false;
	}
}

/* Those of earlier packages in the same week have been through this already. */
static void drop_dead_logs(Rows *rows, size_t first)
{
	size_t kept = first;
	for (size_t i = first; i < rows->logs; i++)
		if (!rows->log[i].dead)
			rows->log[kept++] = rows->log[i];
	rows->logs = kept;
}

/* A package whose period is copied gets no other plant: the pattern is the finding. */
void plant_week(Planter *planter, Rng *rng, Rows *rows, size_t first_visit, size_t first_log)
{
	if (rows->visits == first_visit)
		return;
	const Plan *plan = planter->plan;
	Package *package = &plan->package[rows->visit[first_visit].package];
	Scene scene = {package, rows, rng, first_visit, first_log, 0, false, false};
	uint32_t errs = plan_weight(plan->provider[package->provider].character);
	uint32_t share = planter->thickness * errs / 3; /* weights are 3.2 on average */
	share *= package->service == TAKE_A_BREAK ? 4 : 1; /* such visits are few */
	if (package->copied) {
		copy_week(&scene);
		return;
	}
	set_whole(&scene);
	for (size_t i = first_visit; i < rows->visits && !scene.closed; i++) {
		Visit *visit = &rows->visit[i];
		if (!eligible(visit))
			continue;
		bool spring = share && rng_permille(rng, 500) && v1_spring(&scene, visit);
		visit->taken = spring;
		visit->plant = spring ? PLANT_V1_SPRING : visit->plant;
		if (!spring && rng_ppm(rng, share))
			plant_one(planter, &scene, visit);
	}
	drop_dead_logs(rows, first_log);
}

/* Well in time, at the last second of the last day, or at the first of the day after. Some of
 * either in the first week of an amendment that asks for it sooner. */
int64_t plant_submission(const Plan *plan, uint32_t provider, int32_t monday, Plant *plant)
{
	Rng rng = rng_for(plan->seed, STREAM_SUBMISSION, provider, (uint64_t)(uint32_t)monday);
	uint32_t errs = plan_weight(plan->provider[provider].character);
	uint32_t share = plan_scaled(plan, 5 * errs), draw = rng_below(&rng, 1000);
	int64_t too_late = cal_moment(plan_due(monday) + 1, 0);
	bool first_due_sooner = plan_due(monday) - plan_due(monday - 7) < 7;
	*plant = PLANT_NOTHING;
	if (draw < share)
		*plant = draw & 1 ? PLANT_W1_NONE : PLANT_W1_LATE;
	else if (draw < 2 * share)
		*plant = PLANT_W1_LAST;
	if (first_due_sooner && provider % 3 < 2)
		*plant = provider % 3 && plan->share ? PLANT_W1_LATE : PLANT_W1_LAST;
	if (*plant == PLANT_W1_NONE)
		return CAL_NO_MOMENT;
	if (*plant == PLANT_W1_LATE)
		return too_late;
	if (*plant == PLANT_W1_LAST)
		return too_late - 1;
	int32_t minute = rng_between(&rng, 8 * 60, 19 * 60);
	return cal_moment(monday + 7 + rng_between(&rng, 0, 1), minute) + rng_between(&rng, 0, 59);
}
