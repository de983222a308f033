/*
 * What stands before any package, and what is written behind all of them. The first four lots are
 * in order and have the packages; each of the others is there for one rule of lots. So are a few
 * appointments, rate cards and schemes of Extra Care. All of it is judged from the rows, as
 * packages are, but told without marks: it stands in every county, unless nothing is to be planted.
 *
 *   before   lots ── areas ── postcodes       providers ── appointments ── rate cards
 *   behind   block contracts, from the visits that were made; Extra Care; reviews
 */
#include <stdio.h>
#include <string.h>

#include "corpus/kent_rows.h"

#define TABLED 60000
#define LOWEST_STANDARD 1500
#define HIGHEST_STANDARD 2100
#define LOWEST_COMPLEX 1700
#define HIGHEST_COMPLEX 2600
#define FEWEST 4
#define MOST 6
#define SCHEMES 3
#define SCHEME_RATE 1512
#define BACKGROUND (105 * 60 + 30) /* minutes a week: fifteen hours a day, and half an hour */
#define OLD_PACKAGES 12

/* ---- rates and places ---------------------------------------------------------------------- */

/* Rates by lot and provider lie well inside the envelope; only cards that were made for R1 and R2
 * have rates of their own. */
int32_t kent_contracted(const Kent *kent, const Post *post, bool complex, int32_t day)
{
	if (post->standard)
		return complex ? post->complex : post->standard;
	int32_t base = 1607 + 11 * (int32_t)post->lot + 23 * (int32_t)post->provider;
	return base + (complex ? 245 : 0) + (day >= kent->uplift ? 37 : 0);
}

/* Two numbers for each appointment: the card before the uplift, and the one behind it. */
uint32_t kent_card(const Kent *kent, uint32_t post, int32_t day)
{
	return 2 * (post + 1) + (day >= kent->uplift && !kent->post[post].standard);
}

/* No postcode begins with Q, so none of these is anybody's. */
void kent_place(char out[16], Home home, uint32_t area, uint32_t category)
{
	static const char shape[] = {[HOME_KENT] = 'K', [HOME_MEDWAY] = 'M', [HOME_UNKNOWN] = 'N'};
	snprintf(out, 16, "Q%c%u %uZZ", shape[home], home == HOME_MEDWAY ? 1U : area, category);
}

/* ---- who is appointed where ---------------------------------------------------------------- */

/* In order in every respect: whoever adds it then changes the one thing that its rule asks. */
static Lot *add_lot(Kent *kent, const char *name, int rule, const char *note)
{
	Lot *lot = &kent->lot[kent->lots++];
	*lot = (Lot){.name = name, .type = "framework", .described = TABLED, .tabled = TABLED,
		.old = {TABLED / 2, TABLED / 2}, .rule = rule, .note = note};
	return lot;
}

/* Appointed to the last lot that was added. */
static Post *add_post(Kent *kent, uint32_t provider)
{
	Post *post = &kent->post[kent->posts++];
	*post = (Post){.lot = kent->lots - 1, .provider = provider, .start = kent->grow->options->from,
		.end = CAL_NO_DAY, .tendered = cal_moment(cal_day(2018, 10, 9), 600), .taken = {1, 1, 1}};
	return post;
}

/* The first so many providers, so that no lot has one of doubtful standing by chance. */
static void add_posts(Kent *kent, uint32_t count)
{
	for (uint32_t p = 0; p < count; p++)
		add_post(kent, p);
}

/* The first provider of each has a block contract, of about as many hours as it delivers. */
static void add_base(Kent *kent, uint32_t lot)
{
	static const char *const names[BASE_LOTS] = {"Ashford", "Canterbury", "Dover", "Maidstone"};
	const GrowOptions *options = kent->grow->options;
	int64_t deadline = cal_moment(cal_day(2018, 10, 10), 12 * 60);
	add_lot(kent, names[lot], RULE_NONE, NULL);
	int64_t most = 40 * (int64_t)options->visits / (22 * options->weeks);
	add_post(kent, 0)->guaranteed = (int32_t)(most < 60 ? 60 : most > 1000000 ? 1000000 : most);
	for (uint32_t p = 1; p < REGULARS; p++)
		add_post(kent, p);
	/* A tender in the minute of the deadline is in time: A6 on its edge. */
	if (lot < 2) {
		Post *leaver = add_post(kent, LEAVER);
		leaver->end = kent->uplift - 1;
		leaver->tendered = deadline;
	} else if (kent_spoils(kent) && lot == 2) {
		Post *unknown = add_post(kent, UNKNOWN_PROVIDER);
		unknown->tendered = CAL_NO_MOMENT;
		/* L1: of one area nobody said whether packages are taken there. */
		unknown->taken[1] = MISSING;
	} else if (kent_spoils(kent)) {
		Post *late = add_post(kent, UNREGISTERED);
		late->tendered = deadline + 1;
		/* L1: and one that this provider does not take. */
		late->taken[2] = 0;
	}
}

/* Lots of too few and too many providers; and one that loses a provider. */
static void add_numbers(Kent *kent)
{
	int32_t quarter = kent_quarter(kent->grow->options->from);
	add_lot(kent, "Few", RULE_L4, "three providers");
	add_posts(kent, 3);
	add_lot(kent, "Many", RULE_L4, "seven providers");
	add_posts(kent, 7);
	/* L4 goes by the quarter's last day, which is the last of the fourth appointment. */
	add_lot(kent, "Fewer", RULE_L4, "four providers up to the quarter's last day, then three");
	add_posts(kent, 4);
	kent->post[kent->posts - 1].end = kent_quarter_first(quarter + 1) - 1;
}

/* Lots whose hours are given twice. */
static void add_hours(Kent *kent)
{
	/* L5 allows 5% of the tabled hours, so 3,000 minutes either way are in, and one more is not. */
	add_lot(kent, "Told", RULE_L5, "a minute more than 5% away")->described =
		TABLED + TABLED / 20 + 1;
	add_posts(kent, 4);
	add_lot(kent, "Nearly", RULE_L5, "5% away")->described = TABLED - TABLED / 20;
	add_posts(kent, 4);
	add_lot(kent, "Untold", RULE_L5, "the hours described are not known")->described = MISSING;
	add_posts(kent, 4);
	/* L6 has no tolerance: old clusters were cut up, so a minute that is gone was lost. */
	add_lot(kent, "Sums", RULE_L6, "a minute is not in the old clusters")->old[1]--;
	add_posts(kent, 4);
}

/* A consortium's lot: all providers stand together, but for the last. */
static void stand(Kent *kent, uint32_t count, const char *last)
{
	kent->lot[kent->lots - 1].type = "consortium";
	add_posts(kent, count);
	for (uint32_t i = kent->posts - count; i < kent->posts; i++)
		kent->post[i].consortium = "North";
	kent->post[kent->posts - 1].consortium = last;
}

/* Who stands together, and what rural lots have. */
static void add_shapes(Kent *kent)
{
	int32_t quarter = kent_quarter(kent->grow->options->from);
	add_lot(kent, "Split", RULE_L7, "two consortia in one lot");
	stand(kent, 4, "South");
	add_lot(kent, "Alone", RULE_L7, "a provider that stands alone");
	stand(kent, 4, NULL);
	/* L7 looks at the quarter's last day: who left the day before is not asked any more. */
	add_lot(kent, "Joined", RULE_L7, "the other consortium left before the quarter's last day");
	stand(kent, 5, "South");
	kent->post[kent->posts - 1].end = kent_quarter_first(quarter + 1) - 2;
	/* L8: an area that is urban or a block contract, one of the two; the base lots have the
	 * first. */
	add_lot(kent, "Bare", RULE_L8, "rural, without a block contract")->rural_only = true;
	add_posts(kent, 4);
	add_lot(kent, "Block", RULE_L8, "rural, with a block contract")->rural_only = true;
	add_posts(kent, 4);
	kent->post[kent->posts - 1].guaranteed = 60;
}

/* Both ends of the envelope of rates, a penny beyond each, and two that are no pair. */
static void add_cards(Kent *kent)
{
	static const int32_t rates[][2] = {{LOWEST_STANDARD - 1, LOWEST_COMPLEX},
		{LOWEST_STANDARD, LOWEST_COMPLEX}, {HIGHEST_STANDARD, HIGHEST_COMPLEX + 1},
		{HIGHEST_STANDARD, HIGHEST_COMPLEX}, {1800, 1800}, {1800, MISSING}};
	uint32_t count = sizeof rates / sizeof *rates;
	add_lot(kent, "Rates", RULE_NONE, NULL);
	for (uint32_t i = 0; i < count; i++) {
		Post *post = add_post(kent, i);
		post->standard = rates[i][0];
		post->complex = rates[i][1];
	}
}

/* The uplift is on a Monday half-way through the run: no week has two rates. */
static void decide(Kent *kent)
{
	const GrowOptions *options = kent->grow->options;
	kent->uplift = options->from + 7 * (options->weeks / 2);
	kent->providers = kent_spoils(kent) ? PROVIDERS_MOST : LEAVER + 1;
	for (uint32_t lot = 0; lot < BASE_LOTS; lot++)
		add_base(kent, lot);
	if (!kent_spoils(kent))
		return;
	add_numbers(kent);
	add_hours(kent);
	add_shapes(kent);
	add_cards(kent);
	add_lot(kent, "Nobody", RULE_L4, "nobody is appointed");
}

/* ---- writing ------------------------------------------------------------------------------- */

/* Of the unknown provider both registrations are blank: A1 and A7 cannot be judged. */
static void write_provider(Kent *kent, uint32_t provider)
{
	char name[32];
	snprintf(name, sizeof name, "Kent provider %u", provider + 1);
	/* Whether call monitoring reaches the provider is known of all: Q1 depends on it. */
	bool known = provider != UNKNOWN_PROVIDER;
	kent_row(kent, T_PROVIDERS, ROW(cell_key(KEY_PROVIDER, provider + 1), cell_text(name),
		known ? cell_yes(provider != UNREGISTERED) : cell_missing(),
		known ? cell_yes(provider != UNREGISTERED) : cell_missing(),
		cell_yes(provider < MONITORED)));
}

/* Each class of postcode in each area; those over the border are written once. */
static void write_places(Kent *kent, uint32_t area, Home home)
{
	static const char *const categories[CATEGORIES] = {
		"A1", "B1", "C1", "C2", "D1", "D2", "E1", "E2", "F1", "F2"};
	static const char *const authorities[] = {
		[HOME_KENT] = "kent", [HOME_MEDWAY] = "medway", [HOME_UNKNOWN] = NULL};
	char place[16];
	/* A person's class is drawn, and the area goes by the lot: every pair of them has to be
	 * there. */
	for (uint32_t c = 0; c < CATEGORIES; c++) {
		kent_place(place, home, area, c);
		kent_row(kent, T_PLACES, ROW(cell_text(place),
			home == HOME_MEDWAY ? cell_missing() : cell_key(KEY_AREA, area),
			cell_text(authorities[home]), cell_text(categories[c])));
	}
}

/* The old clusters are two for each lot, which is enough for a sum to be wrong. */
static void write_lot(Kent *kent, uint32_t no)
{
	const Lot *lot = &kent->lot[no];
	kent_row(kent, T_LOTS, ROW(cell_key(KEY_LOT, no + 1), cell_text(lot->name),
		cell_text(lot->type),
		lot->described == MISSING ? cell_missing() : cell_whole(lot->described),
		cell_whole(lot->tabled)));
	for (uint32_t i = 0; i < 2; i++)
		kent_row(kent, T_OLD, ROW(cell_key(KEY_OLD, 2 * no + i + 1), cell_key(KEY_LOT, no + 1),
			cell_whole(lot->old[i])));
	for (uint32_t a = 1; a <= LOT_AREAS; a++) {
		uint32_t area = no * LOT_AREAS + a;
		kent_row(kent, T_AREAS, ROW(cell_key(KEY_AREA, area), cell_key(KEY_LOT, no + 1),
			/* One urban area a lot, unless L8 is to find none. */
			cell_text(a == 1 && !lot->rural_only ? "urban" : "rural")));
		write_places(kent, area, HOME_KENT);
		if (kent_spoils(kent))
			write_places(kent, area, HOME_UNKNOWN);
	}
}

/* An uplift ends the first card the day before, and no day has two or none. */
static void write_card(Kent *kent, uint32_t no, int32_t from, int32_t to)
{
	const Post *post = &kent->post[no];
	int32_t complex = kent_contracted(kent, post, true, from);
	kent_row(kent, T_CARDS, ROW(cell_key(KEY_CARD, kent_card(kent, no, from)),
		cell_key(KEY_POST, no + 1), cell_day(from), cell_day(to),
		cell_pounds(kent_contracted(kent, post, false, from)),
		complex == MISSING ? cell_missing() : cell_pounds(complex), cell_pounds(NIGHT_PENCE)));
}

/* Cards without an uplift are those of the lot that R1 and R2 look at. */
static void write_post(Kent *kent, uint32_t no)
{
	const Post *post = &kent->post[no];
	kent_row(kent, T_POSTS, ROW(cell_key(KEY_POST, no + 1),
		cell_key(KEY_PROVIDER, post->provider + 1), cell_key(KEY_LOT, post->lot + 1),
		cell_text(post->consortium), cell_whole(post->guaranteed),
		cell_moment(post->tendered, STAMP_LOCAL, CAL_NO_MOMENT), cell_day(post->start),
		cell_day(post->end)));
	/* The day before the uplift is the last of the first card. */
	write_card(kent, no, post->start, post->standard ? CAL_NO_DAY : kent->uplift - 1);
	if (!post->standard)
		write_card(kent, no, kent->uplift, CAL_NO_DAY);
	for (uint32_t a = 0; a < LOT_AREAS; a++)
		kent_row(kent, T_COVER, ROW(cell_key(KEY_COVER, no * LOT_AREAS + a + 1),
			cell_key(KEY_POST, no + 1), cell_key(KEY_AREA, post->lot * LOT_AREAS + a + 1),
			post->taken[a] == MISSING ? cell_missing() : cell_yes(post->taken[a])));
}

/* Five prices of each provider in the base lots; some ended before the run, some end in it. */
static void write_listed(Kent *kent)
{
	static const int32_t lengths[] = {60, 60, 45, 45, 30};
	for (uint32_t i = 0; i < BASE_LOTS * REGULARS * 5; i++) {
		uint32_t lot = i / (REGULARS * 5), provider = i / 5 % REGULARS, kind = i % 5;
		Listed *listed = &kent->listed[kent->listings++];
		*listed = (Listed){.lot = lot, .provider = provider,
			.price = 1400 + 50 * (int32_t)((i * 7) % 11) + 3 * lengths[kind],
			.start = kent->grow->options->from - 200, .end = CAL_NO_DAY};
		/* Ends lie before the run, within it, and a quarter or more apart. */
		if (i % 9 == 4)
			listed->end = kent->grow->options->from + 20 * (int32_t)(i % 13) - 60;
		kent_row(kent, T_LISTED, ROW(cell_key(KEY_LISTED, i + 1),
			cell_key(KEY_PROVIDER, provider + 1), cell_key(KEY_LOT, lot + 1),
			cell_text(kind % 2 ? "unsocial" : "social"), cell_whole(lengths[kind]),
			cell_pounds(listed->price), cell_day(listed->start), cell_day(listed->end)));
	}
}

/* ---- lots and appointments judged ---------------------------------------------------------- */

/* Nothing here is marked: what is told is what the rows say. */
static void tell(Kent *kent, int rule, const char *subject, Verdict verdict, int64_t stake,
	const char *note)
{
	grow_tell(kent->grow, 0, rule, subject, verdict, stake, note);
}

/* Both ends in, and no end is none. */
static bool in_force(const Post *post, uint32_t lot, int32_t day)
{
	return post->lot == lot && post->start <= day && (post->end == CAL_NO_DAY || day <= post->end);
}

/* Whether two providers of a lot belong to different consortia, or to none. */
static bool apart(const Kent *kent, uint32_t lot, int32_t day)
{
	const Post *first = NULL;
	for (uint32_t i = 0; i < kent->posts; i++) {
		const Post *post = &kent->post[i];
		if (!in_force(post, lot, day))
			continue;
		/* Standing alone is a consortium of one: two of them are apart as well. */
		if (first && (!first->consortium || !post->consortium ||
				strcmp(first->consortium, post->consortium)))
			return true;
		first = post;
	}
	return false;
}

/* What a lot was made for is told also where it passes. */
static void tell_lot(Kent *kent, uint32_t no, int rule, const char *period, int32_t first,
	Verdict verdict)
{
	const Lot *lot = &kent->lot[no];
	char subject[SUBJECT_TEXT];
	grow_subject_period(kent->grow, subject, "cluster", KEY_LOT, no + 1, period, first);
	if (verdict != VERDICT_PASS || lot->rule == rule)
		tell(kent, rule, subject, verdict, NO_STAKE, lot->rule == rule ? lot->note : "as it is");
}

/* As things stand on the last day of the quarter. */
static void judge_quarter(Kent *kent, uint32_t no, int32_t quarter)
{
	int32_t first = kent_quarter_first(quarter), last = kent_quarter_first(quarter + 1) - 1;
	int providers = 0;
	for (uint32_t i = 0; i < kent->posts; i++)
		providers += in_force(&kent->post[i], no, last);
	/* Fewer than four or more than six. */
	tell_lot(kent, no, RULE_L4, "quarter", first,
		providers < FEWEST || providers > MOST ? VERDICT_FAIL : VERDICT_PASS);
	/* L7 has nothing to say of lots that are no consortium's. */
	if (!strcmp(kent->lot[no].type, "consortium"))
		tell_lot(kent, no, RULE_L7, "quarter", first,
			apart(kent, no, last) ? VERDICT_FAIL : VERDICT_PASS);
}

static void judge_year(Kent *kent, uint32_t no, int year)
{
	const Lot *lot = &kent->lot[no];
	int32_t first = cal_day(year, 1, 1), between = lot->described - lot->tabled;
	/* L8 asks whether there is a guarantee, on whatever day. */
	bool block = false;
	for (uint32_t i = 0; i < kent->posts; i++)
		block |= kent->post[i].lot == no && kent->post[i].guaranteed > 0;
	/* Either of the two figures may be the greater. */
	if (between < 0)
		between = -between;
	tell_lot(kent, no, RULE_L5, "year", first, lot->described == MISSING ? VERDICT_UNSURE
		: 20 * between > lot->tabled ? VERDICT_FAIL : VERDICT_PASS);
	tell_lot(kent, no, RULE_L6, "year", first,
		lot->old[0] + lot->old[1] == lot->tabled ? VERDICT_PASS : VERDICT_FAIL);
	tell_lot(kent, no, RULE_L8, "year", first,
		lot->rural_only && !block ? VERDICT_FAIL : VERDICT_PASS);
}

/* Periods that end behind the run are not told: a rule stands on their last day. */
static void judge_lots(Kent *kent)
{
	int32_t last = grow_last_day(kent->grow);
	int32_t from = kent_quarter(kent->grow->options->from), to = kent_quarter(last);
	for (uint32_t no = 0; no < kent->lots; no++) {
		for (int32_t quarter = from; quarter <= to; quarter++)
			if (kent_quarter_told(kent, quarter))
				judge_quarter(kent, no, quarter);
		for (int32_t year = from / 4; cal_day(year, 12, 31) <= last; year++)
			judge_year(kent, no, year);
	}
}

/* A6, A7 and L1. What is in time by a second passes, and is told because it is on the edge. */
static void judge_post(Kent *kent, uint32_t no)
{
	const Post *post = &kent->post[no];
	int64_t deadline = cal_moment(cal_day(2018, 10, 10), 12 * 60);
	char subject[SUBJECT_TEXT];
	grow_subject(kent->grow, subject, "appointment", KEY_POST, no + 1);
	if (post->tendered == CAL_NO_MOMENT)
		tell(kent, RULE_A6, subject, VERDICT_UNSURE, NO_STAKE, "when its tender came is not known");
	else if (post->tendered > deadline)
		tell(kent, RULE_A6, subject, VERDICT_FAIL, NO_STAKE, "its tender came a second late");
	else if (post->tendered == deadline)
		tell(kent, RULE_A6, subject, VERDICT_PASS, NO_STAKE, "its tender came as the time ended");
	if (post->provider == UNREGISTERED)
		tell(kent, RULE_A7, subject, VERDICT_FAIL, NO_STAKE, "not registered on the portal");
	if (post->provider == UNKNOWN_PROVIDER)
		tell(kent, RULE_A7, subject, VERDICT_UNSURE, NO_STAKE, "registered or not: nobody knows");
	/* L1: one area that is surely not taken is enough to fail. */
	for (int a = 0; a < LOT_AREAS; a++)
		if (post->taken[a] != 1)
			tell(kent, RULE_L1, subject, post->taken[a] ? VERDICT_UNSURE : VERDICT_FAIL, NO_STAKE,
				post->taken[a] ? "of one area nothing is said" : "one area is not taken");
}

/* The edge passes, a penny beyond it fails; what is missing can still be outside. */
static void judge_card(Kent *kent, uint32_t no, int32_t from)
{
	const Post *post = &kent->post[no];
	int32_t standard = kent_contracted(kent, post, false, from);
	int32_t complex = kent_contracted(kent, post, true, from);
	/* Both ends of the published envelope are allowed rates. */
	bool edge = standard == LOWEST_STANDARD || standard == HIGHEST_STANDARD;
	char subject[SUBJECT_TEXT];
	grow_subject(kent->grow, subject, "rate_card", KEY_CARD, kent_card(kent, no, from));
	if (standard < LOWEST_STANDARD || standard > HIGHEST_STANDARD ||
		(complex != MISSING && (complex < LOWEST_COMPLEX || complex > HIGHEST_COMPLEX)))
		tell(kent, RULE_R1, subject, VERDICT_FAIL, NO_STAKE, "a penny outside the envelope of rates");
	else if (complex == MISSING || edge)
		tell(kent, RULE_R1, subject, complex == MISSING ? VERDICT_UNSURE : VERDICT_PASS, NO_STAKE,
			edge ? "at the edge of the envelope of rates" : "a rate is missing");
	/* R2 compares the two rates of one card, so it needs both. */
	if (complex == MISSING)
		tell(kent, RULE_R2, subject, VERDICT_UNSURE, NO_STAKE, "a rate is missing");
	else if (complex <= standard)
		tell(kent, RULE_R2, subject, VERDICT_FAIL, NO_STAKE, "complex support at the standard rate");
}

/* Judged as it is written, since nothing of it changes with the packages. */
void kent_market_open(Kent *kent)
{
	decide(kent);
	for (uint32_t p = 0; p < kent->providers; p++)
		write_provider(kent, p);
	for (uint32_t no = 0; no < kent->lots; no++)
		write_lot(kent, no);
	if (kent_spoils(kent))
		write_places(kent, 0, HOME_MEDWAY);
	for (uint32_t no = 0; no < kent->posts; no++) {
		write_post(kent, no);
		judge_post(kent, no);
		judge_card(kent, no, kent->post[no].start);
		if (!kent->post[no].standard)
			judge_card(kent, no, kent->uplift);
	}
	write_listed(kent);
	judge_lots(kent);
	size_t cells = (size_t)kent->posts * (size_t)kent->grow->options->weeks;
	kent->delivered = room_grow(NULL, cells, sizeof *kent->delivered);
	memset(kent->delivered, 0, cells * sizeof *kent->delivered);
}

/* ---- block contracts ----------------------------------------------------------------------- */

/* A week of a block contract: what was stated and paid, in minutes. */
typedef struct Block {
	uint32_t post;
	int32_t monday;
	int64_t guaranteed, delivered, stated, paid; /* paid: MISSING where it is not known */
} Block;

/* What is payable: the guarantee, or what was delivered beyond it. */
static int64_t more(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void tell_block(Kent *kent, const Block *block, int rule, int64_t minutes, const char *note)
{
	int32_t standard = kent_contracted(kent, &kent->post[block->post], false, block->monday);
	int64_t stake = grow_nearest(minutes * standard, 60);
	char subject[SUBJECT_TEXT];
	/* B1 is about the row of the week, B2 and B3 about the appointment and the week: of a week
	 * without a row there is nothing else to name. */
	if (rule == RULE_B1)
		grow_subject(kent->grow, subject, "block_week", KEY_BLOCK, kent->blocks);
	else
		grow_subject_period(kent->grow, subject, "appointment", KEY_POST, block->post + 1, "week",
			block->monday);
	if (rule == RULE_B1 && block->paid == MISSING)
		tell(kent, rule, subject, VERDICT_UNSURE, NO_STAKE, note);
	else
		tell(kent, rule, subject, VERDICT_FAIL, stake, note);
}

/* What was paid is held against what is stated, and that against the visits. */
static void judge_block(Kent *kent, const Block *block)
{
	/* B1 takes the stated hours as they are; whether they are true is B3's question. */
	int64_t payable = more(block->guaranteed, block->stated);
	if (block->paid == MISSING)
		tell_block(kent, block, RULE_B1, 0, "what was paid is not known");
	else if (block->paid != payable)
		tell_block(kent, block, RULE_B1, block->paid - payable, "paid a minute more or less");
	/* B3 begins from visits, so a week without any has nothing to compare. */
	if (block->delivered && block->stated != block->delivered)
		tell_block(kent, block, RULE_B3, payable - more(block->guaranteed, block->delivered),
			"a minute is stated that no visit has");
}

/* One week: in order, not paid at all, or with one thing wrong. False when there is no row. */
static bool make_block(Kent *kent, Block *block)
{
	Rng rng = rng_for(kent->grow->options->seed, STREAM_BANK, block->post,
		(uint64_t)block->monday);
	uint32_t draw = kent_spoils(kent) ? rng_below(&rng, 1000) : 1000;
	/* In thousandths: 20 of weeks unpaid, 15 a minute over, 10 a minute under, 20 misstated, 7
	 * unknown. */
	block->stated = block->delivered + (draw >= 45 && draw < 65);
	block->paid = more(block->guaranteed, block->stated) + (draw >= 20 && draw < 35) -
		(draw >= 35 && draw < 45);
	if (draw >= 65 && draw < 72)
		block->paid = MISSING;
	/* A week without a row is B2's alone. */
	return draw >= 20;
}

/* How much of a block contract was used in a month: of the weeks that were paid. */
static void tell_used(Kent *kent, uint32_t post, int32_t month, int64_t stated, int64_t guaranteed)
{
	char keys[KEYS_TEXT], key[KEY_TEXT], day[CAL_DAY_TEXT];
	int year, number, date;
	cal_civil(month + 31, &year, &number, &date);
	/* A month is told when it ends within the run. */
	if (!guaranteed || cal_day(year, number, 1) - 1 > grow_last_day(kent->grow))
		return;
	tables_key(kent->grow->county, key, KEY_POST, post + 1);
	cal_print_day(day, month);
	snprintf(keys, sizeof keys, "%s\x1f%s", key, day);
	grow_figure(kent->grow, 0, "block_used", keys, (uint64_t)stated, (uint64_t)guaranteed, "", "");
}

/* A week counts to the month of its Monday, as in the rules. */
static int32_t month_of(int32_t day)
{
	int year, month, date;
	cal_civil(day, &year, &month, &date);
	return cal_day(year, month, 1);
}

/* All weeks of one block contract, and how much of it was used in each month. */
static void write_blocks(Kent *kent, uint32_t post)
{
	const GrowOptions *options = kent->grow->options;
	int32_t month = month_of(options->from);
	int64_t stated = 0, guaranteed = 0;
	for (int32_t w = 0; w < options->weeks; w++) {
		Block block = {.post = post, .monday = options->from + 7 * w,
			.guaranteed = kent->post[post].guaranteed,
			.delivered = kent->delivered[(size_t)post * (size_t)options->weeks + (size_t)w]};
		/* An unpaid week has no row, and so is in no month's share of what was used. */
		if (month_of(block.monday) != month) {
			tell_used(kent, post, month, stated, guaranteed);
			month = month_of(block.monday);
			stated = guaranteed = 0;
		}
		/* B2 claims the guarantee for the provider: below nought. */
		if (!make_block(kent, &block)) {
			tell_block(kent, &block, RULE_B2, -block.guaranteed, "a guaranteed week was not paid");
			continue;
		}
		stated += block.stated;
		guaranteed += block.guaranteed;
		kent_row(kent, T_BLOCKS, ROW(cell_key(KEY_BLOCK, ++kent->blocks),
			cell_key(KEY_POST, post + 1), cell_day(block.monday), cell_whole(block.stated),
			block.paid == MISSING ? cell_missing() : cell_whole(block.paid)));
		judge_block(kent, &block);
	}
	tell_used(kent, post, month, stated, guaranteed);
}

/* ---- Extra Care ---------------------------------------------------------------------------- */

/* Schemes with shifts have background hours; the others have none, and an account that stays
 * empty. */
static void write_scheme(Kent *kent, uint32_t no, uint32_t lot, uint32_t provider, int32_t start)
{
	bool staffed = no <= SCHEMES;
	kent_row(kent, T_SCHEMES, ROW(cell_key(KEY_SCHEME, no),
		lot < BASE_LOTS ? cell_key(KEY_LOT, lot + 1) : cell_missing(),
		cell_key(KEY_PROVIDER, provider + 1), cell_whole(staffed ? BACKGROUND : 0),
		cell_pounds(SCHEME_RATE), cell_day(start)));
}

/* Schemes without shifts, for the question who may have them. */
static void write_doubtful(Kent *kent)
{
	static const struct {
		uint32_t lot, provider;
		int32_t after; /* days after the leaver's last */
		Verdict verdict;
		const char *note;
	} plan[] = {{0, UNREGISTERED, 0, VERDICT_FAIL, "not appointed to this lot"},
		{BASE_LOTS, 0, 0, VERDICT_UNSURE, "in which lot it lies is not known"},
		{0, LEAVER, 0, VERDICT_PASS, "begun on the appointment's last day"},
		{0, LEAVER, 1, VERDICT_FAIL, "begun on the day after the appointment's last"}};
	for (uint32_t i = 0; i < sizeof plan / sizeof *plan; i++) {
		uint32_t no = SCHEMES + 1 + i;
		char subject[SUBJECT_TEXT], key[KEY_TEXT];
		grow_subject(kent->grow, subject, "extra_care", KEY_SCHEME, no);
		write_scheme(kent, no, plan[i].lot, plan[i].provider, kent->uplift - 1 + plan[i].after);
		/* X4 goes by the day on which the scheme began, which may be the appointment's last. */
		tell(kent, RULE_X4, subject, plan[i].verdict, NO_STAKE, plan[i].note);
		tables_key(kent->grow->county, key, KEY_SCHEME, no);
		grow_balance(kent->grow, 0, "background", key, 60, &(Balance){0});
	}
}

/* The number comes back: what is told of a shift is told under it. */
static uint64_t write_shift(Kent *kent, uint32_t scheme, const char *kind, int64_t from, int64_t to)
{
	kent_row(kent, T_SHIFTS, ROW(cell_key(KEY_SHIFT, ++kent->shifts),
		cell_key(KEY_SCHEME, scheme), cell_text(kind),
		cell_moment(from, STAMP_LOCAL, CAL_NO_MOMENT), cell_moment(to, STAMP_LOCAL, from)));
	return kent->shifts;
}

/* X2 lets one shift end as the next begins; a minute between them is a failure. */
static void tell_gap(Kent *kent, uint64_t shift, Verdict verdict)
{
	char subject[SUBJECT_TEXT];
	grow_subject(kent->grow, subject, "shift", KEY_SHIFT, shift);
	tell(kent, RULE_X2, subject, verdict, NO_STAKE,
		verdict == VERDICT_FAIL ? "a minute with nobody" : "when the last one left is not known");
}

/* Background hours of a day: how long somebody was on site, in minutes, and the shift. */
typedef struct Day {
	uint64_t shift;
	int32_t minutes;
} Day;

/* On site from seven to ten at night, on call for the rest. On some Sundays somebody comes half an
 * hour sooner, and on some a minute more. `left` is when the last one did, CAL_NO_MOMENT if that
 * was not recorded, and 0 before the first. */
static Day write_day(Kent *kent, uint32_t scheme, int32_t day, int64_t *left)
{
	Rng rng = rng_for(kent->grow->options->seed, STREAM_PERIOD, scheme, (uint64_t)day);
	uint32_t sunday = rng_below(&rng, 100), night = rng_below(&rng, 1000);
	/* Thirty minutes use the week's background hours to the last, 31 go beyond them by one: X1. */
	int32_t sooner = cal_weekday(day) != 6 || !kent_spoils(kent) ? 0
		: sunday < 25 ? 31 : sunday < 50 ? 30 : 0;
	int32_t from = 7 * 60 - sooner;
	int64_t until = cal_moment(day + 1, 7 * 60);
	Day made = {write_shift(kent, scheme, "on_site", cal_moment(day, from),
		cal_moment(day, 22 * 60)), 22 * 60 - from};
	if (*left == CAL_NO_MOMENT)
		tell_gap(kent, made.shift, VERDICT_UNSURE);
	else if (*left && *left < cal_moment(day, from))
		tell_gap(kent, made.shift, VERDICT_FAIL);
	/* Somebody leaves an hour early in one night of 83, or leaves without a record. */
	*left = !kent_spoils(kent) ? until : night < 12 ? until - 60 : night < 18 ? CAL_NO_MOMENT : until;
	write_shift(kent, scheme, "on_call", cal_moment(day, 22 * 60), *left);
	return made;
}

/* The Sunday is the last to draw on the week's hours. */
static void judge_sunday(Kent *kent, uint32_t scheme, uint64_t shift, int32_t over)
{
	char subject[SUBJECT_TEXT], of_scheme[KEY_TEXT], of_shift[KEY_TEXT];
	tables_key(kent->grow->county, of_scheme, KEY_SCHEME, scheme);
	tables_key(kent->grow->county, of_shift, KEY_SHIFT, shift);
	snprintf(subject, sizeof subject, "background.debits %s, %s", of_scheme, of_shift);
	/* X1: a shift draws on what the days before it left of the week. */
	if (over > 0)
		tell(kent, RULE_X1, subject, VERDICT_FAIL, grow_nearest((int64_t)over * SCHEME_RATE, 60),
			"a minute beyond the week's background hours");
	else if (!over)
		tell(kent, RULE_X1, subject, VERDICT_PASS, NO_STAKE, "all background hours of the week");
}

/* A scheme with its shifts, and its account of background hours. */
static void write_staffed(Kent *kent, uint32_t scheme)
{
	const GrowOptions *options = kent->grow->options;
	int64_t left = 0;
	char key[KEY_TEXT];
	Balance balance = {0};
	write_scheme(kent, scheme, scheme - 1, scheme, options->from);
	for (int32_t w = 0; w < options->weeks; w++) {
		Day day = {0};
		int32_t minutes = 0;
		for (int32_t d = 0; d < 7; d++, balance.debits++) {
			day = write_day(kent, scheme, options->from + 7 * w + d, &left);
			minutes += day.minutes;
		}
		int32_t over = minutes - BACKGROUND, rest = over < 0 ? -over : 0;
		judge_sunday(kent, scheme, day.shift, over);
		/* Hours of the last week are still there when the run ends, all earlier ones have
		 * expired. */
		balance.credited += BACKGROUND;
		balance.used += BACKGROUND - rest;
		balance.shortfall += over > 0 ? over : 0;
		*(w == options->weeks - 1 ? &balance.held : &balance.expired) += rest;
	}
	tables_key(kent->grow->county, key, KEY_SCHEME, scheme);
	grow_balance(kent->grow, 0, "background", key, 60, &balance);
}

/* Tenants on their fifty-fifth birthday, a day before it, of no known age, and older. */
static void write_tenants(Kent *kent)
{
	int32_t start = kent->grow->options->from + 14;
	int year, month, date;
	cal_civil(start, &year, &month, &date);
	/* X3: people of 55 and over. The birthday is the first day on which that is so. */
	int32_t birthday = cal_day(year - 55, month, date);
	const int32_t born[] = {birthday, birthday + 1, CAL_NO_DAY, birthday - 9000};
	char place[16], subject[SUBJECT_TEXT];
	kent_place(place, HOME_KENT, 1, 0);
	for (uint32_t i = kent_spoils(kent) ? 0 : 3; i < sizeof born / sizeof *born; i++) {
		kent_row(kent, T_CLIENTS, ROW(cell_key(KEY_CLIENT, ++kent->clients), cell_text(place),
			cell_day(born[i])));
		kent_row(kent, T_TENANCIES, ROW(cell_key(KEY_TENANCY, i + 1), cell_key(KEY_SCHEME, 1),
			cell_key(KEY_CLIENT, kent->clients), cell_day(start)));
		grow_subject(kent->grow, subject, "tenancy", KEY_TENANCY, i + 1);
		if (i == 0)
			tell(kent, RULE_X3, subject, VERDICT_PASS, NO_STAKE, "on the fifty-fifth birthday");
		else if (i == 1)
			tell(kent, RULE_X3, subject, VERDICT_FAIL, NO_STAKE, "a day before the birthday");
		else if (i == 2)
			tell(kent, RULE_X3, subject, VERDICT_UNSURE, NO_STAKE, "how old is not known");
	}
}

/* ---- reviews of old packages --------------------------------------------------------------- */

/* Q4 looks at reviews within the run; older ones are there for Q3 alone. */
static void write_review(Kent *kent, uint64_t provision, int32_t day, const char *views)
{
	kent_row(kent, T_REVIEWS, ROW(cell_key(KEY_REVIEW, ++kent->reviews),
		cell_key(KEY_PROVISION, provision), cell_day(day), cell_text(views)));
	if (day < kent->grow->options->from || (views && !strcmp(views, "yes")))
		return;
	char subject[SUBJECT_TEXT];
	grow_subject(kent->grow, subject, "review", KEY_REVIEW, kent->reviews);
	tell(kent, RULE_Q4, subject, views ? VERDICT_FAIL : VERDICT_UNSURE, NO_STAKE,
		views ? "nobody was asked" : "whether anybody was asked is not known");
}

/* A package from before the run, whose review before the end of the first quarter is twelve months
 * old on that day, or a day older. After it there is one in every ten months. */
static void write_old(Kent *kent, uint32_t number)
{
	static const char *const asked[] = {"yes", "yes", "no", NULL};
	int32_t from = kent->grow->options->from, quarter = kent_quarter(from);
	int32_t last = kent_quarter_first(quarter + 1) - 1;
	uint64_t provision = ++kent->packages;
	/* Q3: twelve months before the quarter's last day, or a day more. */
	bool late = kent_spoils(kent) && number % 3 == 0;
	int year, month, date;
	cal_civil(last, &year, &month, &date);
	kent_row(kent, T_PROVISIONS, ROW(cell_key(KEY_PROVISION, provision), cell_key(KEY_PROVIDER, 1),
		cell_key(KEY_CLIENT, ++kent->clients), cell_text("care_and_support"),
		cell_text("home_care"), cell_whole(600), cell_day(from - 800), cell_missing(),
		cell_key(KEY_POST, 1), cell_text("home_care"), cell_text("standard"), cell_missing(),
		cell_text("none"), cell_missing(), cell_whole(0), cell_missing(), cell_missing(),
		cell_missing()));
	/* Neither home nor age: nothing asks for them where no visit is. */
	kent_row(kent, T_CLIENTS, ROW(cell_key(KEY_CLIENT, kent->clients), cell_missing(),
		cell_missing()));
	write_review(kent, provision, cal_day(year - 1, month, date) - late, "yes");
	/* Three hundred days are less than twelve months, so that no later quarter is without a
	 * review. */
	for (int32_t day = last + 1; day <= grow_last_day(kent->grow); day += 300)
		write_review(kent, provision, day, kent_spoils(kent) ? asked[number % 4] : "yes");
	char subject[SUBJECT_TEXT];
	grow_subject_period(kent->grow, subject, "provision", KEY_PROVISION, provision, "quarter",
		kent_quarter_first(quarter));
	if (kent_quarter_told(kent, quarter))
		tell(kent, RULE_Q3, subject, late ? VERDICT_FAIL : VERDICT_PASS, NO_STAKE,
			late ? "a review of twelve months and a day" : "a review of twelve months");
}

/* Blocks need the visits of all packages, so they come last. */
void kent_market_close(Kent *kent)
{
	for (uint32_t no = 0; no < kent->posts; no++)
		if (kent->post[no].guaranteed)
			write_blocks(kent, no);
	for (uint32_t scheme = 1; scheme <= SCHEMES; scheme++)
		write_staffed(kent, scheme);
	if (kent_spoils(kent))
		write_doubtful(kent);
	write_tenants(kent);
	for (uint32_t i = 0; i < OLD_PACKAGES; i++)
		write_old(kent, i);
}
