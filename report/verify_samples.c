/*
 * A sample can be made again by anybody: the frame's lines give its hash, seed and keys give the
 * tickets. What is done here is what the manual says to do with sha256sum and sort.
 *
 *   table frame ──> lines ──> SHA-256 ── the plan's? ── rows and pounds, the plan's?
 *   seed, keys  ──> as many tickets as were drawn ── the same rows, tickets, pennies?
 *   plan        ──> the share of each stratum ── as many as the first stage drew?
 *
 * The manifests cannot say this: whoever writes a case file could have drawn by another rule than
 * the plan's and made a sound manifest of it. Here the draw itself is held against the seed.
 */
#include "report/verify.h"

#include <stdlib.h>

#include "interp/spot_case.h"

/* One plan at a time, with its own arena; `fault` is told each thing that does not hold. */
typedef struct Sampled {
	SpotPlan plan;
	SpotFrame frame;
	SpotTickets drawn;
	VerifyFault *fault;
	void *user;
} Sampled;

/* key: the row that it is about, or empty. */
static void tell(const Sampled *s, Str key, const char *what)
{
	Buf line = {0};
	buf_printf(&line, "spot check %.*s: %.*s%s%s", STR_ARG(s->plan.name), STR_ARG(key),
		key.len > 0 ? " " : "", what);
	s->fault(s->user, line.at);
	buf_free(&line);
}

static bool is_money(const Sampled *s)
{
	return str_eq(s->plan.selection, STR("money"));
}

/*
 * Tickets of a group, or of a stratum of it, are numbered from 1 without a gap, over both stages: a
 * larger sample begins with the smaller one, so one draw of n is what both stages together gave.
 * By money a group is drawn from as one, and its tickets name no stratum. The penny is compared as
 * well, since several pennies lead to one row.
 */
static void check_draw(const Sampled *s, Str group, const SpotGroup *rows, const char seed_hex[65])
{
	int64_t n = 0;
	SpotSample again = {0};
	Str stratum = is_money(s) ? STR("") : rows->name;
	for (size_t i = 0; i < s->drawn.n; i++)
		n += str_eq(s->drawn.at[i].group, group) && str_eq(s->drawn.at[i].stratum, stratum);
	spot_draw(&s->frame, rows, is_money(s) ? SPOT_MONEY : SPOT_RANDOM, seed_hex, 0, n, &again);
	for (size_t i = 0; i < s->drawn.n; i++) {
		const SpotTicket *ticket = &s->drawn.at[i];
		if (!str_eq(ticket->group, group) || !str_eq(ticket->stratum, stratum))
			continue;
		const SpotDrawn *right = ticket->number >= 1 && (size_t)ticket->number <= again.n
			? &again.at[ticket->number - 1] : NULL;
		if (right == NULL || !str_eq(s->frame.row.at[right->row].key, ticket->key) ||
		    !hex_same(ticket->ticket, right->ticket, 32) || right->penny != ticket->penny)
			tell(s, ticket->key, "is not what the seed draws");
	}
	if ((int64_t)again.n != n)
		tell(s, rows->name.len > 0 ? rows->name : group, "has fewer rows than were drawn");
	vec_free(&again);
}

/* The first stage as the plan shares it out; by money each group has its number of draws. The
 * second is not held against the plan: its size hangs on an evaluation, and it may not have
 * been drawn. share[] counts down to 0 for each stratum; it has room for one more, so that it
 * is never empty. */
static void check_sizes(const Sampled *s, const SpotGroup *group)
{
	int64_t *share = mem_alloc(mem_product((size_t)group->nstrata + 1, sizeof *share));
	if (is_money(s))
		share[0] = group->pence > 0 ? s->plan.draw : 0;
	else
		spot_shares(&s->frame, group, s->plan.draw, s->plan.draw_each != 0, NULL, share);
	for (size_t i = 0; i < s->drawn.n; i++) {
		const SpotTicket *ticket = &s->drawn.at[i];
		int32_t at = ticket->stage == 1 && str_eq(ticket->group, group->name)
			? spot_stratum_find(&s->frame, group, ticket->stratum) : -1;
		if (at >= 0)
			share[at]--;
	}
	for (int32_t i = 0; i < group->nstrata; i++) {
		Str name = s->frame.stratum.at[group->stratum + i].name;
		if (share[i] != 0)
			tell(s, name.len > 0 ? name : group->name, "has not the share of the sample that"
				" the plan gives it");
	}
	free(share);
}

/* Counts first, tickets then: each is a fault of its own. */
static void check_group(const Sampled *s, const SpotGroup *group, const char seed_hex[65])
{
	check_sizes(s, group);
	if (is_money(s))
		check_draw(s, group->name, group, seed_hex);
	for (int32_t i = 0; !is_money(s) && i < group->nstrata; i++)
		check_draw(s, group->name, &s->frame.stratum.at[group->stratum + i], seed_hex);
}

/* A choice by risk is nobody's draw: only that its rows are in the frame can be told. */
static void check_plan(Sampled *s)
{
	char seed_hex[65];
	bool risk = str_eq(s->plan.selection, STR("risk"));
	if (!hex_same(s->plan.frame_sha256, s->frame.sha256, 32))
		tell(s, STR(""), "the frame does not give its hash");
	if ((int64_t)s->frame.row.n != s->plan.rows || s->frame.pence != s->plan.pence)
		tell(s, STR(""), "the frame has other rows or pounds than the plan");
	for (size_t i = 0; i < s->drawn.n; i++)
		if (spot_frame_find(&s->frame, s->drawn.at[i].key) < 0)
			tell(s, s->drawn.at[i].key, "was drawn, and is not in the frame");
	spot_seed_hex(s->plan.seed, seed_hex);
	for (size_t g = 0; !risk && s->plan.seed.len > 0 && g < s->frame.group.n; g++)
		check_group(s, &s->frame.group.at[g], seed_hex);
}

/* False when SQLite fails. The id is whole, so the plan that begins with it is that plan. */
static bool read_plan(sqlite3 *db, Str id, Arena *arena, Sampled *s)
{
	bool found = false;
	return spot_case_plan(db, id, arena, &s->plan, &found) && found &&
		spot_case_frame(db, s->plan.id, &s->frame) &&
		spot_case_drawn(db, s->plan.id, arena, &s->drawn);
}

/* Case files without a spot check have none of its tables: a query that cannot be prepared is no
 * failure here, as the reader knows already that the file is a case file. */
Status verify_samples(CaseReader *reader, VerifyFault *fault, void *user, int64_t *plans)
{
	sqlite3 *db = casereader_database(reader);
	sqlite3_stmt *stmt = NULL;
	bool sound = true;
	*plans = 0;
	if (sqlite3_prepare_v2(db, "SELECT plan_id FROM plan ORDER BY number", -1, &stmt, NULL)
			!= SQLITE_OK)
		return STATUS_OK;
	while (sound && sqlite3_step(stmt) == SQLITE_ROW) {
		Arena arena = {0};
		Sampled s = {.fault = fault, .user = user};
		sound = read_plan(db, str_of((const char *)sqlite3_column_text(stmt, 0)), &arena, &s);
		if (sound)
			check_plan(&s);
		spot_frame_free(&s.frame);
		vec_free(&s.drawn);
		arena_free(&arena);
		++*plans;
	}
	sound = sqlite3_finalize(stmt) == SQLITE_OK && sound;
	return sound ? STATUS_OK : casereader_unreadable(reader);
}
