/*
 * Draws are kept once for both their ends, in two chains:
 *
 *   draw          0          1          2          3
 *   debit         d7         d7         d9         d9
 *   credit        c1         c2         c2         c4
 *   chain of c2              1 ───────> 2
 *   chain of d9                         2 ───────> 3
 *
 * A draw that is one too many for the one end may be an early one for the other.
 */
#include "interp/bank_story.h"

#include <string.h>

#define NO_DRAW (-1)
#define NOT_KNOWN (-1) /* used; amounts are never below zero */

/* ends: 0 of the debit, 1 of the credit. */
typedef struct Draw {
	int32_t entry[2], next[2];
	int64_t amount;
} Draw;

/* What the story knows of one entry beside the entry itself. */
typedef struct Chapter {
	int32_t first, last;    /* draws in its chain */
	int32_t draws, own_draws;
	int32_t last_debit;     /* among the entries up to this one; -1: none */
	int64_t own_used;       /* credits: at the end of its own day */
} Chapter;

typedef struct Evening {
	int32_t day, entries;   /* how many had come in */
	const int64_t *used;    /* of the last ones of them; of debits nothing is said */
} Evening;

struct Story {
	const BankEntry *entry; /* as they ended */
	int32_t n, evenings;
	Chapter *chapter;
	Evening *evening;
	const Draw *draw;
};

typedef struct Teller {
	Story *story;
	const BankAccount *account; /* that runs */
	Arena *arena;
	int32_t come;               /* entries that have come in */
	VEC(Draw) draw;
	VEC(Evening) evening;
} Teller;

/* ---- while the ledger runs ---- */

/* Puts a draw at the end of the chain of one of its ends. */
static void chain(Teller *t, int32_t draw, int end)
{
	Chapter *chapter = &t->story->chapter[t->draw.at[draw].entry[end]];
	if (chapter->draws > STORY_DRAWS)
		return;
	if (chapter->last == NO_DRAW)
		chapter->first = draw;
	else
		t->draw.at[chapter->last].next[end] = draw;
	chapter->last = draw;
}

static void drawn(void *user, int32_t debit, int32_t credit, int64_t amount)
{
	Teller *t = user;
	Chapter *chapter = t->story->chapter;
	bool late = ++chapter[debit].draws > STORY_DRAWS;
	if ((++chapter[credit].draws > STORY_DRAWS) && late)
		return;
	int32_t draw = (int32_t)t->draw.n;
	*vec_push(&t->draw) = (Draw){{debit, credit}, {NO_DRAW, NO_DRAW}, amount};
	chain(t, draw, 0);
	chain(t, draw, 1);
}

static int64_t used_of(const BankEntry *e)
{
	return (e->known & BANK_USED) != 0 ? e->used : NOT_KNOWN;
}

static void day_ends(void *user, int32_t day)
{
	Teller *t = user;
	const BankEntry *entry = t->account->entry;
	for (; t->come < t->account->n && entry[t->come].day <= day; t->come++)
		continue;
	for (int32_t i = t->come - 1; i >= 0 && entry[i].day == day; i--) {
		t->story->chapter[i].own_used = used_of(&entry[i]);
		t->story->chapter[i].own_draws = t->story->chapter[i].draws;
	}
	int32_t n = t->come < STORY_LISTED ? t->come : STORY_LISTED;
	int64_t *used = ARENA_ROOM(t->arena, int64_t, (size_t)n + 1);
	for (int32_t k = 0; k < n; k++)
		used[k] = used_of(&entry[t->come - n + k]);
	*vec_push(&t->evening) = (Evening){day, t->come, used};
}

/* The ledger writes into what it runs over, so it gets a copy, which is gone when the story is
 * told. */
static void tell(Teller *t, const BankAccount *account)
{
	Arena scratch = {0};
	BankWatch watch = {t, drawn, day_ends};
	BankAccount again = *account;
	t->account = &again;
	again.watch = &watch;
	again.entry = arena_copy(&scratch, account->entry,
		mem_product((size_t)account->n, sizeof *account->entry));
	bank_run(&again, &scratch);
	arena_free(&scratch);
}

const Story *story_new(const BankAccount *account, Arena *arena)
{
	Story *story = ARENA_NEW(arena, Story);
	Teller t = {.story = story, .arena = arena};
	story->entry = account->entry;
	story->n = account->n;
	story->chapter = ARENA_ARRAY(arena, Chapter, (size_t)account->n + 1);
	for (int32_t i = 0; i < account->n; i++) {
		int32_t before = i == 0 ? -1 : story->chapter[i - 1].last_debit;
		story->chapter[i] = (Chapter){.first = NO_DRAW, .last = NO_DRAW,
			.last_debit = account->entry[i].credit ? before : i};
	}
	if (account->n > 0)
		tell(&t, account);
	story->evenings = (int32_t)t.evening.n;
	story->evening = ARENA_ROOM(arena, Evening, t.evening.n + 1);
	if (t.evening.n > 0)
		memcpy(story->evening, t.evening.at, t.evening.n * sizeof *t.evening.at);
	if (t.draw.n > 0)
		story->draw = arena_copy(arena, t.draw.at, t.draw.n * sizeof *t.draw.at);
	vec_free(&t.evening);
	vec_free(&t.draw);
	return story;
}

/* ---- read back ---- */

int32_t story_entries(const Story *story, int32_t day)
{
	int32_t lo = 0, hi = story->n;
	while (lo < hi) {
		int32_t middle = lo + (hi - lo) / 2;
		if (story->entry[middle].day <= day)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

/* The evening of this day; NULL: nothing happened on it. */
static const Evening *evening_of(const Story *story, int32_t day)
{
	int32_t lo = 0, hi = story->evenings;
	while (lo < hi) {
		int32_t middle = lo + (hi - lo) / 2;
		if (story->evening[middle].day < day)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo < story->evenings && story->evening[lo].day == day ? &story->evening[lo] : NULL;
}

/* How it ended, where neither a listed day nor its own one is asked for: see the contract. */
static int64_t used_by(const Story *story, int32_t i, int32_t day)
{
	const Evening *evening = evening_of(story, day);
	if (evening != NULL) {
		int32_t n = evening->entries < STORY_LISTED ? evening->entries : STORY_LISTED;
		int32_t from = evening->entries - n;
		if (i >= from && i < evening->entries)
			return evening->used[i - from];
	}
	if (day == story->entry[i].day)
		return story->chapter[i].own_used;
	return used_of(&story->entry[i]);
}

/* The fate of a debit is settled on its day. A credit that was taken in is split into what was
 * lost, what is used and a rest, which has expired or is held. */
BankEntry story_entry(const Story *story, int32_t i, int32_t day, int32_t horizon)
{
	BankEntry e = story->entry[i];
	if (!e.credit || (e.known & BANK_LOST) == 0)
		return e;
	int64_t used = used_by(story, i, day);
	e.known &= (uint8_t)~(BANK_USED | BANK_EXPIRED | BANK_HELD);
	e.used = e.expired = e.held = 0;
	if (used == NOT_KNOWN)
		return e;
	e.known |= BANK_USED | BANK_EXPIRED | BANK_HELD;
	e.used = used;
	if (e.last_day < horizon || e.last_day < e.day)
		e.expired = e.amount - e.lost - used;
	else
		e.held = e.amount - e.lost - used;
	return e;
}

int32_t story_draws(const Story *story, int32_t i, bool own_day, StoryDraw out[STORY_DRAWS])
{
	const Chapter *chapter = &story->chapter[i];
	int end = story->entry[i].credit;
	int32_t n = own_day ? chapter->own_draws : chapter->draws, draw = chapter->first;
	for (int32_t k = 0; k < n && k < STORY_DRAWS; k++) {
		const Draw *at = &story->draw[draw];
		out[k] = (StoryDraw){at->entry[!end], at->amount};
		draw = at->next[end];
	}
	return n;
}

int32_t story_last_debit(const Story *story, int32_t day, int32_t day_before)
{
	int32_t n = story_entries(story, day);
	int32_t debit = n > 0 ? story->chapter[n - 1].last_debit : -1;
	return debit >= 0 && story->entry[debit].day > day_before ? story->entry[debit].day
		: day_before;
}
