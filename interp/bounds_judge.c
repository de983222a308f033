/*
 * One subject of a rule under a box of fillings, in the steps of walk_judge.c:
 *
 *   on, covers ─> keys, among ─> applies when ─> exceptions ─> require ─> stake
 *
 * Each step that could refuse the subject lets it claim nothing; the stake counts where all of them
 * could let it through. What is asked for is met on the way.
 */
#include "base/civil.h"
#include "interp/bounds_private.h"

/* Anything could be claimed. */
static Claimed open_claim(void)
{
	return (Claimed){.nothing = true, .some = true, .stake = bound_any()};
}

/* Nobody looks at it. */
static Claimed no_claim(void)
{
	return (Claimed){.nothing = true};
}

/* What a rule does not say holds. */
static Bound look_if(Bounder *b, const Scene *scene, const Expr *expr)
{
	return expr == NULL ? bound_yes_no(true, false) : bound_quick(b, scene, expr);
}

/* ---- who the subject is ---- */

/* A subject that could not be made says which facts it lacks. */
static bool is_bound(Bounder *b, const Scene *scene)
{
	const Rule *rule = b->rule;
	int32_t n = rule->subject == SUBJECT_GROUP ? rule->nkeys : rule->subject == SUBJECT_ROW ? 1 : 2;
	bool known = true;
	for (int32_t i = 0; i < n; i++)
		known = known && b->slot[i].state == STATE_KNOWN;
	if (known || rule->subject == SUBJECT_GROUP)
		return known;
	if (rule->every_from != NULL)
		bound_expr(b, scene, rule->every_from);
	if (rule->every_to != NULL && (!rule->every_open ||
	    store_end_lost(b->walk.store, rule->every_to, b->slot[0].n)))
		bound_expr(b, scene, rule->every_to);
	if (rule->collection != NULL)
		bound_expr(b, scene, rule->collection);
	return false;
}

/* The law date, of which there must be one. */
static bool has_date(Bounder *b, Scene *scene)
{
	Bound on = bound_expr(b, scene, b->rule->on);
	if (!on.known)
		return false;
	scene->frame.law_day = b->rule->on->type.kind == TYPE_MOMENT ? moment_day(on.value.n)
		: (int32_t)on.value.n;
	return true;
}

/* S5: outside the window, the contract's life or the rule's versions. */
static bool is_inside(const Bounder *b, int32_t day)
{
	const Contract *contract = &b->walk.book->contract;
	const Law *law = b->walk.law;
	return day >= law->from && day <= law->to && day >= contract->from && day <= contract->to &&
		law_holds(contract, law, b->rule, day);
}

/* Which rows are in the group does not change from box to box where all is known of them. What was
 * worked out of another group does not hold. */
static void put_group(Bounder *b, const Scene *scene, RowSpan rows, int64_t before,
	int64_t from)
{
	b->eval.group = rows;
	b->eval.figure = NULL;
	b->eval.whole = b->eval.open == before && b->eval.keep != NULL;
	if (!b->eval.whole)
		return;
	rows.at = arena_copy(b->eval.keep->arena, rows.at, sizeof *rows.at * ((size_t)rows.n + 1));
	b->eval.group = rows;
	b->kept = (KeptGroup){true, scene->frame.law_day, bound_spent(b) - from, rows};
	b->kept_part.n = 0;
}

/* Whether the row in the slot surely is in the group, or surely is not: of most rows that is plain.
 * Else *out is how it is bounded. */
static bool is_settled(Bounder *b, const Scene *scene, bool *in, Bound *out)
{
	const Rule *rule = b->rule;
	Value covered = known_n(1), taken = known_n(1);
	if ((rule->covered == NULL || bound_settled(b, scene, rule->covered, &covered)) &&
	    (rule->filter == NULL || bound_settled(b, scene, rule->filter, &taken))) {
		*in = covered.n != 0 && taken.n != 0;
		return true;
	}
	*out = bound_logic(look_if(b, scene, rule->covered), look_if(b, scene, rule->filter), false);
	return false;
}

/* How many rows surely are in it. */
static int32_t narrow(Bounder *b, const Scene *scene)
{
	int32_t n = 0, sure = 0, *kept = ARENA_ARRAY(&b->arena, int32_t, (size_t)b->group.n + 1);
	uint8_t *maybe = ARENA_ARRAY(&b->arena, uint8_t, (size_t)b->group.n + 1);
	int64_t before = b->eval.open, from = bound_spent(b);
	b->eval.inside++;
	for (int32_t i = 0; i < b->group.n; i++) {
		b->slot[b->rule->nkeys] = known_n(b->group.at[i]);
		Bound open;
		bool in, settled = is_settled(b, scene, &in, &open);
		if (settled ? !in : !bound_may_be(open, 1) && !open.missing)
			continue;
		maybe[n] = !settled && !bound_surely(open, 1);
		if (maybe[n])
			b->maybe = maybe;
		sure += !maybe[n];
		kept[n++] = b->group.at[i];
	}
	b->eval.inside--;
	put_group(b, scene, (RowSpan){kept, n}, before, from);
	return sure;
}

int32_t bound_narrow(Bounder *b, const Scene *scene)
{
	if (!b->kept.is_there || b->kept.law_day != scene->frame.law_day)
		return narrow(b, scene);
	b->steps += b->kept.cost;
	b->eval.group = b->kept.rows;
	b->eval.figure = NULL;
	b->eval.whole = true;
	return b->kept.rows.n;
}

/* Whether the rule looks at the subject. */
static Bound looked_at(Bounder *b, const Scene *scene)
{
	const Rule *rule = b->rule;
	if (rule->subject == SUBJECT_GROUP) {
		bound_narrow(b, scene);
		return bound_yes_no(b->eval.group.n > 0, b->eval.group.n == 0);
	}
	Bound in = look_if(b, scene, rule->covered);
	if (rule->subject == SUBJECT_ROW_IN)
		in = bound_logic(in, look_if(b, scene, rule->filter), false);
	return in;
}

/* ---- what the rule asks ---- */

/* S33: an exception without `then` is the answer CHOICE_NONE. */
static Bound test(Bounder *b, const Scene *scene)
{
	const Rule *rule = b->rule;
	const Type yes_no = {.kind = TYPE_YES_NO, .scale = 1};
	Choices choices = {rule->require, rule->except, rule->nexcepts, yes_no, NULL};
	return bound_choose(b, scene, &choices);
}

/* A failure whose sum may be missing for another reason has no bounds. What is known of a failed
 * comparison holds only where no exception tests something else. */
static Bound stake(Bounder *b, const Scene *scene)
{
	const Rule *rule = b->rule;
	b->failed = rule->nexcepts == 0 ? rule->require : NULL;
	Bound out = bound_expr(b, scene, rule->stake);
	b->failed = NULL;
	if (out.missing || !out.some)
		out.has_lo = out.has_hi = false;
	return out;
}

/* What may be no reason to look, may pass or may stay unknown claims nothing; what may fail or be a
 * conflict claims the stake. */
static Claimed claim(Bounder *b, const Scene *scene, Bound in)
{
	Claimed out = {.nothing = !bound_surely(in, 1)};
	if (bound_may_be(in, 1) || in.bad) {
		Bound passes = test(b, scene);
		out.some = bound_may_be(passes, 0) || passes.bad || in.bad;
		out.nothing = out.nothing || passes.missing || bound_may_be(passes, 1) ||
			bound_may_be(passes, CHOICE_NONE);
	}
	if (out.some && b->rule->stake != NULL)
		out.stake = stake(b, scene);
	return out;
}

/* The order of the questions is walk_judge's. */
Claimed bound_subject(Bounder *b)
{
	Scene scene = {{b->slot, NO_DAY, NOT_MUTED}, NULL};
	if (!is_bound(b, &scene) || !has_date(b, &scene))
		return open_claim();
	if (!is_inside(b, scene.frame.law_day))
		return no_claim();
	Bound in = looked_at(b, &scene);
	if (!bound_may_be(in, 1) && !in.missing && !in.bad)
		return no_claim();
	return claim(b, &scene, bound_logic(in, look_if(b, &scene, b->rule->applies), false));
}
