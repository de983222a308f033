/*
 * Bounds of what a row says and of what the contract makes of it: fields, steps to other rows,
 * defines with their exceptions, tables.
 *
 * Three ways in which something may be open, and what is made of each:
 *
 *   a field lacks a value     a fact: it has the values that its declaration allows
 *   a row is not known        nothing is filled in: anything, perhaps missing
 *   which rule of several     the hull of all that may be it: exceptions, rows of a table
 *
 * A define is a fact of its own when it says `within`: the facts behind it are asked for, its range
 * is what is searched.
 */
#include "base/civil.h"
#include "interp/bounds_private.h"

/* ---- rows ---- */

/* Anything, perhaps missing. */
static Bound any_or_none(void)
{
	Bound out = bound_any();
	out.missing = true;
	return out;
}

/* A row that is not known cannot be filled in: there is no telling which it is. Most rows stand in a
 * slot, and are taken from there; that counts as the step that it would be. */
bool bound_row(Bounder *b, const Scene *scene, const Expr *expr, Value *row, Bound *out)
{
	if (expr->op == EXPR_SLOT && scene->frame.slot[expr->ref].state == STATE_KNOWN) {
		b->steps++;
		*row = scene->frame.slot[expr->ref];
		return true;
	}
	Bound found = bound_expr(b, scene, expr);
	*row = found.value;
	if (found.known)
		return true;
	*out = any_or_none();
	out->bad = found.bad;
	return false;
}

/* What the explaining evaluator makes of a step from this row, which is its one argument. */
static Value from_row(Bounder *b, const Scene *scene, const Expr *expr, const Value *row)
{
	return expr->arg[0]->op == EXPR_SLOT ? walk_eval(&b->eval, &scene->frame, expr)
		: bound_apply(b, scene, expr, row);
}

/* ---- fields ---- */

/* For names, fields and origins. */
static const Dataset *dataset_of(const Bounder *b, int32_t dataset)
{
	return &b->walk.book->dataset[dataset];
}

/* Both ends in, as a column holds them. For a code these are places in its list, for yes/no 0 and
 * 1. */
static void give_range(Fact *fact, int64_t least, int64_t most)
{
	fact->has_least = fact->has_most = true;
	fact->least = least;
	fact->most = most;
}

/* What a column of the type may hold when nothing is said of it. A count is not negative; a sum of
 * money or a length of time may be, and texts have no ends at all. A date has none either: `within`
 * gives it some. */
static void range_of_type(const Rulebook *book, Type type, Fact *fact)
{
	if (type.kind == TYPE_YES_NO)
		give_range(fact, 0, 1);
	else if (type.kind == TYPE_CODE)
		give_range(fact, 0, book->codes[type.ref].n - 1);
	else if (type.kind == TYPE_WEEKDAY)
		give_range(fact, 0, 6);
	else if (type.kind == TYPE_CLOCK)
		give_range(fact, 0, DAY_SECONDS - 1);
	else if (type.kind == TYPE_QUANTITY && type.form == FORM_COUNT && unit_none(type.unit))
		fact->has_least = true;
}

/* What the field declares goes before what its type allows. A value outside the declared range
 * would have been rejected, so the fact is not one of those. */
static Fact fact_of_field(const Bounder *b, int32_t dataset, int32_t index, int32_t row)
{
	const Field *field = &dataset_of(b, dataset)->field[index];
	Fact fact = {.place = {.dataset = dataset, .field = index, .define = -1, .row = row},
		.type = field->type, .name = field->name};
	if (field->has_range)
		give_range(&fact, field->least, field->most);
	else
		range_of_type(b->walk.book, field->type, &fact);
	return fact;
}

/* The rows of a bank are worked out from others: nobody can be asked for their fields. A value that
 * is there but does not fit its type is an overflow, which no filling cures. */
Bound bound_field(Bounder *b, const Scene *scene, const Expr *expr)
{
	Value row;
	Bound out;
	int64_t n;
	int32_t dataset = expr->arg[0]->type.ref;
	if (!bound_row(b, scene, expr->arg[0], &row, &out))
		return out;
	if (store_get(b->walk.store, dataset, expr->ref, (int32_t)row.n, &n)) {
		Value value = from_row(b, scene, expr, &row);
		return value.state == STATE_KNOWN ? bound_known(expr->type, value) : bound_bad();
	}
	if (dataset_of(b, dataset)->origin != ORIGIN_TABLE)
		return any_or_none();
	Fact fact = fact_of_field(b, dataset, expr->ref, (int32_t)row.n);
	return bound_fact(b, &fact);
}

/* ---- to other rows ---- */

/* The name of the step: "logs" of visit.logs. */
static Str step_name(const Bounder *b, const Expr *expr)
{
	if (expr->op == EXPR_MATCHED) {
		const Match *match = &b->walk.book->match[expr->ref];
		return expr->how == 0 ? match->left_name : match->right_name;
	}
	const Sequence *sequence = &b->walk.book->sequence[expr->ref];
	return expr->how == 0 ? sequence->previous_name : sequence->next_name;
}

/* Whether one of these is not known as the data stand; its facts are met. Without fillings: the
 * match was made before any fact was filled in, from the data as they stand. */
static bool lacks(Bounder *b, const Scene *scene, Expr *const *expr, int32_t n)
{
	Walk plain = b->walk;
	bool out = false;
	plain.fill = NULL;
	for (int32_t i = 0; i < n; i++) {
		if (expr[i] == NULL || walk_expr(&plain, expr[i], scene->frame.slot, NO_DAY,
				(RowSpan){NULL, 0}).state == STATE_KNOWN)
			continue;
		bound_expr(b, scene, expr[i]);
		out = true;
	}
	return out;
}

/* Whether the row lacks what would place it in the match or the sequence. Every slot holds the row,
 * as the keys of a match bind its two sides in different slots. */
static bool lacks_place(Bounder *b, const Expr *expr, Value row)
{
	const Match *match = &b->walk.book->match[expr->ref];
	const Sequence *sequence = &b->walk.book->sequence[expr->ref];
	bool matched = expr->op == EXPR_MATCHED, left = expr->how == 0;
	int32_t nslots = (matched ? match->nslots : sequence->nslots) + 2;
	Scene scene = {{ARENA_ARRAY(&b->arena, Value, (size_t)nslots), NO_DAY, 0}, NULL};
	for (int32_t i = 0; i < nslots; i++)
		scene.frame.slot[i] = row;
	if (!matched) {
		bool key = lacks(b, &scene, sequence->key, sequence->nkeys);
		return lacks(b, &scene, sequence->order, sequence->norder) || key;
	}
	bool key = lacks(b, &scene, left ? match->left_key : match->right_key, match->nkeys);
	bool when = lacks(b, &scene, left ? &match->left_when : &match->right_when, 1);
	return lacks(b, &scene, left ? &match->left_at : &match->right_at, 1) || key || when;
}

/* Which rows belong together is never filled in: what is missing there is asked for, and anything
 * may come of it. A row that lacks nothing itself is not known for another row's sake; the step is
 * asked for by name. */
Bound bound_step(Bounder *b, const Scene *scene, const Expr *expr)
{
	Value row;
	Bound out;
	if (!bound_row(b, scene, expr->arg[0], &row, &out))
		return out;
	Value value = from_row(b, scene, expr, &row);
	if (value.state == STATE_KNOWN)
		return bound_known(expr->type, value);
	if (b->answered > 0)
		return bound_missing();
	if (!lacks_place(b, expr, row))
		bound_ask(b, expr->arg[0]->type.ref, row.n, step_name(b, expr));
	return any_or_none();
}

/* ---- law dates ---- */

/* S4: of a moment its local date. */
static int32_t day_of_value(Type type, Value value)
{
	return type.kind == TYPE_MOMENT ? moment_day(value.n) : (int32_t)value.n;
}

/* A law date that is open could be that of any version. */
Bound bound_as_at(Bounder *b, const Scene *scene, const Expr *expr)
{
	Bound day = bound_expr(b, scene, expr->arg[1]);
	if (!day.known)
		return any_or_none();
	Scene then = *scene;
	then.frame.law_day = day_of_value(expr->arg[1]->type, day.value);
	return bound_expr(b, &then, expr->arg[0]);
}

/* A name that was withdrawn is missing, as walk_in_force says. */
Bound bound_in_force(Bounder *b, const Scene *scene, const Expr *expr)
{
	const Walk *walk = &b->walk;
	int32_t i = law_amended(walk->book, expr->ref, walk->law, scene->frame.law_day);
	if (i < 0 || expr->arg[i] == NULL)
		return bound_missing();
	return bound_expr(b, scene, expr->arg[i]);
}

/* ---- frames of their own ---- */

/* Arguments that are no single value are kept from the explaining evaluator: to it they are a
 * conflict, which nothing passes over. The bounds stand beside the slots for bound_slot. */
static Scene enter(Bounder *b, const Scene *scene, const Expr *expr, int32_t nslots)
{
	int32_t n = nslots > expr->nargs ? nslots : expr->nargs;
	Value *slot = ARENA_ARRAY(&b->arena, Value, (size_t)n + 1);
	Bound *bound = ARENA_ARRAY(&b->arena, Bound, (size_t)n + 1);
	for (int32_t i = 0; i < n; i++)
		slot[i].state = STATE_UNKNOWN;
	for (int32_t i = 0; i < expr->nargs; i++) {
		bound[i] = bound_expr(b, scene, expr->arg[i]);
		slot[i] = bound[i].value;
		slot[i].state = bound[i].known ? STATE_KNOWN : bound[i].some ? STATE_CONFLICT
			: STATE_UNKNOWN;
	}
	return (Scene){{slot, scene->frame.law_day, 0}, bound};
}

/* ---- exceptions ---- */

/* Ranked below one that surely holds. One step is enough: ranks are closed (S32). */
static bool outranked(const Choices *choices, uint64_t sure, int32_t i)
{
	for (int32_t j = 0; j < choices->nexcepts; j++)
		if ((sure >> j & 1) && (choices->except[j].over >> i & 1))
			return true;
	return false;
}

/* Without `then` a rule is not applicable (S33). */
static Bound candidate(Bounder *b, const Scene *scene, const Choices *choices, const Expr *value)
{
	if (value != NULL)
		return bound_expr(b, scene, value);
	return bound_known(choices->type, known_n(CHOICE_NONE));
}

/* Two that may both hold and are not ranked may be a conflict. */
static bool may_conflict(const Choices *choices, uint64_t may)
{
	for (int32_t i = 0; i < choices->nexcepts; i++)
		for (int32_t j = 0; j < i; j++)
			if ((may >> i & 1) && (may >> j & 1) && !(choices->except[i].over >> j & 1) &&
			    !(choices->except[j].over >> i & 1))
				return true;
	return false;
}

/*
 * Any that may hold gives what it gives; the base where none surely does.
 *
 *   when          then            out
 *   surely yes    its value       no base
 *   may be yes    its value       base as well
 *   two may, unranked             may be a conflict: bad
 */
Bound bound_choose(Bounder *b, const Scene *scene, const Choices *choices)
{
	Bound out = {0};
	uint64_t sure = 0, may = 0;
	bool missing = false, bad = false;
	for (int32_t i = 0; i < choices->nexcepts; i++) {
		Bound when = bound_quick(b, scene, choices->except[i].when);
		may |= (uint64_t)bound_may_be(when, 1) << i;
		sure |= (uint64_t)bound_surely(when, 1) << i;
		missing = missing || when.missing;
		bad = bad || when.bad;
	}
	for (int32_t i = 0; i < choices->nexcepts; i++)
		if (outranked(choices, sure, i))
			may &= ~((uint64_t)1 << i);
	if (sure == 0)
		out = candidate(b, scene, choices, choices->base);
	for (int32_t i = 0; i < choices->nexcepts; i++)
		if (may >> i & 1)
			out = bound_hull(choices->type, out,
				candidate(b, scene, choices, choices->except[i].then));
	out.missing = out.missing || missing;
	out.bad = out.bad || bad || may_conflict(choices, may);
	out.known = out.known && !out.missing && !out.bad;
	return out;
}

/* ---- defines ---- */

/* S1: without its own date, that of its user; a date of its own that is open leaves all open. The
 * date is looked up under the user's law, then the body under it. */
static Bound define_body(Bounder *b, Scene *own, const Define *define)
{
	if (define->on != NULL) {
		Bound on = bound_expr(b, own, define->on);
		if (!on.known)
			return any_or_none();
		own->frame.law_day = day_of_value(define->on->type, on.value);
	}
	if (define->nexcepts == 0)
		return bound_expr(b, own, define->base);
	Choices choices = {define->base, define->except, define->nexcepts, define->type, define};
	return bound_choose(b, own, &choices);
}

/* The define's own `within`. */
static Bound range_of(const Define *define)
{
	Ratio lo = {define->least, 1}, hi = {define->most, 1};
	ratio_make(define->least, define->type.scale, &lo);
	ratio_make(define->most, define->type.scale, &hi);
	return bound_between(define->type, lo, hi);
}

/* What its facts say is narrower than the range: then they are what is filled in. A missing value
 * is not inside: the range says what it would be. */
static bool inside(Bound found, Bound range)
{
	return found.some && !found.missing && found.has_lo && found.has_hi &&
		ratio_cmp(found.lo, range.lo) >= 0 && ratio_cmp(found.hi, range.hi) <= 0;
}

/* `within A to B` of a define bounds what its facts leave open. It then stands for them: it is what
 * is filled in, while they are what is asked for. What is already known of it narrows the range,
 * where they have something in common. */
static Bound limited(Bounder *b, const Scene *scene, const Expr *expr, int32_t row, Bound found)
{
	const Define *define = &b->walk.book->define[expr->ref];
	Bound range = range_of(define);
	if (found.known || b->answered > 0 || inside(found, range))
		return found;
	Fact fact = {.place = {.dataset = define->dataset, .field = -1, .define = expr->ref,
		.law_day = scene->frame.law_day, .row = row}, .type = define->type,
		.name = define->decl.name};
	give_range(&fact, define->least, define->most);
	Bound out = bound_within(define->type, bound_fact(b, &fact), found);
	out.bad = out.bad || (found.bad && !found.missing);
	return out;
}

/* Inside `or else` absent facts stay absent, so that is another value. What is remembered holds for
 * one box: look_at empties the table. */
static bool same_memo(const BoundMemo *a, const BoundMemo *b)
{
	return a->define == b->define && a->row == b->row && a->law_day == b->law_day &&
		a->answered == b->answered;
}

/* Where it is, or the free place where it goes. */
static uint32_t memo_place(const BoundMemos *memos, const BoundMemo *memo)
{
	uint64_t hash = trace_mix(trace_mix((uint64_t)memo->define, (uint64_t)memo->row),
		(uint64_t)memo->law_day);
	uint32_t at = (uint32_t)(hash >> 32) & (memos->room - 1);
	while (memos->at[at] != NULL && !same_memo(memos->at[at], memo))
		at = (at + 1) & (memos->room - 1);
	return at;
}

/* At most half full. */
static void remember(Bounder *b, const BoundMemo *memo)
{
	BoundMemos old = b->memo;
	if (old.n * 2 >= old.room) {
		b->memo.room = old.room == 0 ? 16 : old.room * 4;
		b->memo.at = ARENA_ARRAY(&b->arena, const BoundMemo *, b->memo.room);
		for (uint32_t i = 0; i < old.room; i++)
			if (old.at[i] != NULL)
				b->memo.at[memo_place(&b->memo, old.at[i])] = old.at[i];
	}
	b->memo.at[memo_place(&b->memo, memo)] = memo;
	b->memo.n++;
}

static const BoundMemo *remembered(const Bounder *b, const BoundMemo *memo)
{
	return b->memo.room == 0 ? NULL : b->memo.at[memo_place(&b->memo, memo)];
}

/* Worked out once for each box. What is known without any fact that is missing is known. */
Bound bound_derived(Bounder *b, const Scene *scene, const Expr *expr)
{
	const Define *define = &b->walk.book->define[expr->ref];
	Value row;
	Bound out;
	if (!bound_row(b, scene, expr->arg[0], &row, &out))
		return out;
	const BoundMemo key = {.define = expr->ref, .row = (int32_t)row.n,
		.law_day = scene->frame.law_day, .answered = b->answered > 0};
	const BoundMemo *had = remembered(b, &key);
	if (had != NULL) {
		b->eval.open += had->open;
		return had->value;
	}
	int64_t before = b->eval.open;
	Value value = from_row(b, scene, expr, &row);
	if (value.state == STATE_KNOWN) {
		out = bound_known(expr->type, value);
	} else {
		Scene own = {{ARENA_ARRAY(&b->arena, Value, (size_t)define->nslots + 1),
			scene->frame.law_day, 0}, NULL};
		for (int32_t i = 0; i < define->nslots; i++)
			own.frame.slot[i].state = STATE_UNKNOWN;
		own.frame.slot[0] = row;
		out = define_body(b, &own, define);
		if (define->has_range)
			out = limited(b, scene, expr, (int32_t)row.n, out);
	}
	BoundMemo *memo = ARENA_NEW(&b->arena, BoundMemo);
	*memo = key;
	memo->value = out;
	memo->open = b->eval.open != before;
	remember(b, memo);
	return out;
}

/* Not remembered: its arguments seldom come twice. */
Bound bound_call(Bounder *b, const Scene *scene, const Expr *expr)
{
	const Define *define = &b->walk.book->define[expr->ref];
	Scene own = enter(b, scene, expr, define->nslots);
	return define_body(b, &own, define);
}

/* ---- tables ---- */

/* A row that may fit may give its figure; one that surely does ends the search, where the first
 * counts. Two rows that only may fit are taken for exclusive, as bands are: were they bad, no table
 * with an open input would have bounds. Boxes of single values show where both do. */
static Bound rows_that_fit(Bounder *b, const Scene *own, const Expr *expr, const Table *table,
	const TablePeriod *period)
{
	Bound out = {0};
	int32_t sure = 0, may = 0;
	bool missing = false, bad = false;
	for (int32_t i = 0; i < period->nrows && (table->hit != HIT_FIRST || sure == 0); i++) {
		Bound fits = bound_expr(b, own, period->row[i].fits);
		missing = missing || fits.missing;
		bad = bad || fits.bad;
		sure += bound_surely(fits, 1);
		if (!bound_may_be(fits, 1))
			continue;
		may++;
		out = bound_hull(expr->type, out, bound_expr(b, own, period->row[i].value));
	}
	out.missing = out.missing || missing || sure == 0;
	out.bad = out.bad || bad || (table->hit == HIT_ONE && may > 1 && sure > 1);
	out.known = out.known && !out.missing && !out.bad;
	return out;
}

/* `add the rows`: what may fit adds anything from nothing to its figure. No row that surely fits:
 * there may be none, and then it is missing (S28). */
static Bound rows_added(Bounder *b, const Scene *own, const Expr *expr, const TablePeriod *period)
{
	const Ratio nought = {0, 1};
	Bound out = bound_between(expr->type, nought, nought), none = out;
	bool sure = false, missing = false, bad = false;
	for (int32_t i = 0; i < period->nrows; i++) {
		Bound fits = bound_expr(b, own, period->row[i].fits);
		missing = missing || fits.missing;
		bad = bad || fits.bad;
		sure = sure || bound_surely(fits, 1);
		if (!bound_may_be(fits, 1))
			continue;
		Bound value = bound_expr(b, own, period->row[i].value);
		out = bound_add(expr->type, out, bound_surely(fits, 1) ? value
			: bound_hull(expr->type, none, value));
	}
	out.missing = out.missing || missing || !sure;
	out.bad = out.bad || bad;
	out.known = out.known && !out.missing && !out.bad;
	return out;
}

/* The block in force on the law date, as for parameters. */
Bound bound_table(Bounder *b, const Scene *scene, const Expr *expr)
{
	const Table *table = &b->walk.book->table[expr->ref];
	int32_t i = law_period(table, b->walk.law, scene->frame.law_day);
	if (i < 0)
		return bound_missing();
	Scene own = enter(b, scene, expr, table->nslots);
	if (table->hit == HIT_ADD)
		return rows_added(b, &own, expr, &table->period[i]);
	return rows_that_fit(b, &own, expr, table, &table->period[i]);
}
