/*
 * One subject of a rule. Each step is looked at only when all before it are settled:
 *
 *   on, covers ─> keys, among ─> applies when ─> exceptions ─> require ─> stake, message
 *
 * What a step leaves open decides the verdict: a fault is not assessed with an overflow, a conflict
 * a conflict, an unknown not assessed with the facts that were missing.
 *
 * The order is the contract's own and cannot be changed: a row that is not covered is nobody's
 * business even if its date is missing, one outside the window is counted and no more (S5), and
 * what does not apply is not tested. fast_rule.c and bounds_judge.c keep the same order.
 *
 * For groups there is a knot: who is in the group may depend on the law date, and the date comes
 * out of the group. It is cut in two passes:
 *
 *   rows ─ conditions without a date ─> keys, on ─> law date ─ conditions with one ─> the group
 */
#include "interp/walk_private.h"

#include "base/civil.h"

/* One for each subject, on the stack. */
typedef struct Bench {
	Eval eval;
	const Rule *rule;
	Frame frame;
	Value *slot;
	Judgement *out;
} Bench;

/* ---- verdicts ---- */

/* In the order in which they were met; the order of rows in the data has no say in that. The text
 * that people read as the reason. */
static Str join_reasons(Bench *bench, const Why *why)
{
	Buf *buf = &bench->eval.buf;
	for (; why != NULL; why = why->next) {
		buf_str(buf, why->text);
		if (why->next != NULL)
			buf_puts(buf, "; ");
	}
	return walk_text(&bench->eval);
}

/* The verdict of a subject where something was not known. Facts are listed only where facts were
 * missing: of a conflict they would distract. */
static void leave_open(Bench *bench, Value open)
{
	Judgement *out = bench->out;
	out->verdict = open.state == STATE_CONFLICT ? VERDICT_CONFLICT : VERDICT_NOT_ASSESSED;
	out->overflow = open.state == STATE_FAULT;
	out->reason = join_reasons(bench, open.why);
	if (open.state == STATE_UNKNOWN)
		trace_missing(&bench->eval, open.why);
}

/* Works an expression out under the law date found so far. */
static Value look(Bench *bench, const Expr *expr)
{
	return walk_eval(&bench->eval, &bench->frame, expr);
}

/* Like look, but yes where the rule does not say. */
static Value look_if(Bench *bench, const Expr *expr)
{
	return expr == NULL ? known_n(1) : look(bench, expr);
}

/* Surely no: what is open is not. */
static bool is_no(Value value)
{
	return value.state == STATE_KNOWN && value.n == 0;
}

/* ---- the law date ---- */

/* S4: of a date and time, its local date. */
static int32_t day_value(const Expr *on, Value value)
{
	if (value.state != STATE_KNOWN)
		return NO_DAY;
	return on->type.kind == TYPE_MOMENT ? moment_day(value.n) : (int32_t)value.n;
}

/* S5: within the window of the run and the life of the contract, and in a version that has the rule
 * as it is written here (S7). */
static bool is_inside(const Walk *walk, const Rule *rule, int32_t day)
{
	const Contract *contract = &walk->book->contract;
	if (day != NO_DAY && (day < walk->law->from || day > walk->law->to || day < contract->from ||
			day > contract->to))
		return false;
	return law_holds(contract, walk->law, rule, day);
}

/* ---- who the subject is ---- */

/* The row that a slot of the subject should have held, and why it does not (S47, S56). Looked up
 * once more for the reasons, which a state does not carry. */
static Value why_unbound(Bench *bench)
{
	const Rule *rule = bench->rule;
	Value open = lost(STATE_KNOWN, NULL);
	if (rule->subject == SUBJECT_ROW_PERIOD && bench->slot[1].state != STATE_KNOWN) {
		open = lost(bench->slot[1].state, NULL);
		if (rule->every_from != NULL)
			walk_spread(&bench->eval, &open, look(bench, rule->every_from));
		if (rule->every_to != NULL && (!rule->every_open ||
		    store_end_lost(bench->eval.walk->store, rule->every_to, bench->slot[0].n)))
			walk_spread(&bench->eval, &open, look(bench, rule->every_to));
	}
	if (rule->subject == SUBJECT_ROW_IN && bench->slot[1].state != STATE_KNOWN) {
		open = lost(bench->slot[1].state, NULL);
		walk_spread(&bench->eval, &open, look(bench, rule->collection));
	}
	return open;
}

/* Rows of a group whose key is not known stand together under the subject `?`. `inside` keeps what
 * an aggregate came to for one row from standing for the next. */
static Value why_keyless(Bench *bench)
{
	const Rule *rule = bench->rule;
	Value open = lost(STATE_KNOWN, NULL);
	for (int32_t k = 0; k < rule->nkeys; k++)
		if (bench->slot[k].state > open.state)
			open = lost(bench->slot[k].state, NULL);
	if (open.state == STATE_KNOWN)
		return open;
	bench->eval.inside++;
	for (int32_t i = 0; i < bench->eval.group.n; i++) {
		bench->slot[rule->nkeys] = known_n(bench->eval.group.at[i]);
		for (int32_t k = 0; k < rule->nkeys; k++)
			walk_spread(&bench->eval, &open, look(bench, rule->key[k].expr));
	}
	bench->eval.inside--;
	return open;
}

/* Whether the contract covers a row of the group and `among … where` takes it. Conditions that
 * depend on the law date are asked only once that is settled. An open `covers` and a `where` that
 * says no: no, unless the first is a fault. */
static Value takes_row(Bench *bench, const Frame *frame, bool settled)
{
	const Rule *rule = bench->rule;
	Value in = known_n(1);
	if (rule->covered != NULL && (settled || !rule->covered->dated))
		in = walk_eval(&bench->eval, frame, rule->covered);
	if (is_no(in) || rule->filter == NULL || (rule->filter->dated && !settled))
		return in;
	return walk_kleene(&bench->eval, in, walk_eval(&bench->eval, frame, rule->filter), false);
}

/* Whether who is in the group can depend on the law date, which comes out of the group itself. */
static bool asks_date(const Rule *rule)
{
	return (rule->covered != NULL && rule->covered->dated) ||
		(rule->filter != NULL && rule->filter->dated);
}

/* Leaves in the group the rows that are to be in it; the state of those where that is open (S16,
 * S24). Once it is settled, evidence is kept, of the first rows. Figures of the group before it was
 * narrowed are forgotten. */
static Value narrow_group(Bench *bench, bool settled)
{
	const Rule *rule = bench->rule;
	RowSpan group = bench->eval.group;
	int32_t n = 0, *kept = ARENA_ARRAY(bench->eval.walk->arena, int32_t, (size_t)group.n + 1);
	Value open = lost(STATE_KNOWN, NULL);
	int64_t before = bench->eval.open;
	Frame quiet = bench->frame;
	quiet.mute_from = rule->nkeys;
	bench->eval.inside++;
	for (int32_t i = 0; i < group.n; i++) {
		slot_row(&bench->slot[rule->nkeys], group.at[i]);
		Value in = takes_row(bench, &quiet, settled);
		if (is_no(in))
			continue;
		if (n < LISTED_ROWS && settled && bench->eval.walk->trace != NULL)
			takes_row(bench, &bench->frame, true);
		walk_spread(&bench->eval, &open, in);
		kept[n++] = group.at[i];
	}
	bench->eval.inside--;
	bench->eval.figure = NULL;
	bench->eval.sum = NULL;
	bench->eval.group = (RowSpan){kept, n};
	bench->eval.whole = settled && bench->eval.open == before;
	return open;
}

/* The law date, or why there is none. Without a date the window is not asked; the version is
 * (law_holds). */
static Value settle_date(Bench *bench, Value open)
{
	if (open.state == STATE_KNOWN) {
		open = look(bench, bench->rule->on);
		bench->out->on = bench->frame.law_day = day_value(bench->rule->on, open);
	}
	bench->out->inside = is_inside(bench->eval.walk, bench->rule, bench->out->on);
	return open;
}

/* A group is there when it has rows, whatever its date (S55). Conditions that ask for the date are
 * left open first, and settled under it. The state says what is open. What was left open without
 * the date is settled with it, or stays open and is named. */
static Value settle_group(Bench *bench)
{
	bool dated = asks_date(bench->rule);
	Value rows = narrow_group(bench, !dated);
	bench->out->covered = bench->eval.group.n > 0;
	if (!bench->out->covered)
		return rows;
	Value open = settle_date(bench, why_keyless(bench));
	if (open.state != STATE_KNOWN || !bench->out->inside)
		return open;
	if (dated)
		rows = narrow_group(bench, true);
	bench->out->covered = bench->eval.group.n > 0;
	return rows;
}

/* A row that is surely not covered is nobody's business, even if its date is missing; one that may
 * be covered is looked at, and named (S24). Coverage is asked under the law date, and where there
 * is none, without one. */
static Value settle_row(Bench *bench)
{
	const Rule *rule = bench->rule;
	Value open = settle_date(bench, why_unbound(bench));
	Value covered = look_if(bench, rule->covered);
	bench->out->covered = !is_no(covered);
	if (!bench->out->covered || !bench->out->inside)
		return covered;
	walk_spread(&bench->eval, &covered, open);
	if (covered.state == STATE_KNOWN && rule->subject == SUBJECT_ROW_IN) {
		covered = look_if(bench, rule->filter);
		bench->out->covered = !is_no(covered);
	}
	return covered;
}

/* For whoever asks which facts are looked at, and where. Remedies use it: a fact that only the test
 * reads need not have the subject settled again. What the part before has worked out is forgotten,
 * since a value that is only remembered looks at nothing. */
static void begin_part(Bench *bench, int part)
{
	const Fillings *fill = bench->eval.walk->fill;
	if (fill == NULL || fill->reads == NULL)
		return;
	fill->reads->part = part;
	bench->eval.memo = (MemoTable){NULL, 0, 0};
	bench->eval.figure = NULL;
}

/* Settles `on`, `covers` and who the subject is. True when the rule goes on to look at it; else the
 * judgement is complete. */
static bool settle_subject(Bench *bench)
{
	Judgement *out = bench->out;
	out->covered = out->inside = true;
	begin_part(bench, PART_SUBJECT);
	bench->frame.law_day = NO_DAY;
	Value open = bench->rule->subject == SUBJECT_GROUP ? settle_group(bench)
		: settle_row(bench);
	if (!out->covered || !out->inside)
		return false;
	if (open.state == STATE_KNOWN)
		return true;
	leave_open(bench, open);
	return false;
}

/* ---- what the rule asks ---- */

/* S33: an exception without `then` makes the rule not applicable; one with it has its own test. */
static Value test(Bench *bench)
{
	const Rule *rule = bench->rule;
	const Type yes_no = {.kind = TYPE_YES_NO, .scale = 1};
	Choices choices = {rule->require, rule->except, rule->nexcepts, yes_no, NULL};
	int32_t held;
	Value value = walk_choose(&bench->eval, &bench->frame, &choices, &held);
	if (held >= 0)
		bench->out->reason = rule->except[held].label;
	return value;
}

/* Whether the rule asks anything of the subject. S24: open is not assessed, never silently out of
 * scope. */
static bool applies(Bench *bench)
{
	Judgement *out = bench->out;
	begin_part(bench, PART_APPLIES);
	Value holds = look_if(bench, bench->rule->applies);
	if (holds.state != STATE_KNOWN)
		leave_open(bench, holds);
	else if (holds.n == 0)
		out->verdict = VERDICT_NOT_APPLICABLE;
	return holds.state == STATE_KNOWN && holds.n != 0;
}

/* What it asks. */
static void ask(Bench *bench)
{
	Judgement *out = bench->out;
	begin_part(bench, PART_TEST);
	Value value = test(bench);
	if (value.state != STATE_KNOWN)
		leave_open(bench, value);
	else if (value.n == CHOICE_NONE)
		out->verdict = VERDICT_NOT_APPLICABLE;
	else
		out->verdict = value.n != 0 ? VERDICT_PASS : VERDICT_FAIL;
}

/* ---- what goes with it ---- */

/* Fields and the like have written their lines already. */
static bool writes_own_line(const Expr *expr)
{
	return expr->op == EXPR_FIELD || expr->op == EXPR_DERIVED || expr->op == EXPR_ROUND ||
		expr->op == EXPR_AGGREGATE || expr->op == EXPR_PARAMETER || expr->op == EXPR_TABLE ||
		expr->op == EXPR_IN_FORCE;
}

/* The same words are one line; what they stand for is the same, as the subject is. */
static void write_line(Bench *bench, const Expr *expr, Value value)
{
	Eval *eval = &bench->eval;
	const Label *label = trace_label(eval, expr, LABEL_WORDS);
	if (!writes_own_line(expr) && trace_first(eval, label->name_hash))
		trace_value(eval, (TraceLine){label, .key = NO_KEY}, expr->type, value);
}

static bool is_sum(const Expr *expr)
{
	return expr->op == EXPR_ADD || expr->op == EXPR_SUBTRACT || expr->op == EXPR_MULTIPLY ||
		expr->op == EXPR_DIVIDE || expr->op == EXPR_LEAST || expr->op == EXPR_GREATEST;
}

/* What a sum may stand inside of, on the way down from a condition. */
static bool joins_sums(const Expr *expr)
{
	return is_sum(expr) || expr->op == EXPR_COMPARE || expr->op == EXPR_AND || expr->op == EXPR_OR ||
		expr->op == EXPR_NOT || expr->op == EXPR_RESCALE || expr->op == EXPR_NEGATE;
}

/*
 * The sums on the way to a figure, inner ones first, so that a reader can do each by hand (law 12):
 *
 *   visit.declared - quarter_hour(visit.logged)                 15 minutes
 *   visit.rate * (visit.declared - quarter_hour(visit.logged))  £5.565
 */
static void write_sums(Bench *bench, const Expr *expr)
{
	if (bench->eval.walk->trace == NULL || !joins_sums(expr))
		return;
	for (int32_t i = 0; i < expr->nargs; i++)
		write_sums(bench, expr->arg[i]);
	if (is_sum(expr))
		write_line(bench, expr, look(bench, expr));
}

/* S71: without a sum the finding stands, and what was missing is named. A conflict claims the sum
 * too, for the auditor to settle. */
static void work_out_stake(Bench *bench)
{
	Judgement *out = bench->out;
	if (bench->rule->stake == NULL)
		return;
	Value stake = look(bench, bench->rule->stake);
	out->has_stake = true;
	out->stake_known = stake.state == STATE_KNOWN;
	write_sums(bench, bench->rule->stake);
	if (out->stake_known)
		out->stake = stake.q;
	else
		trace_missing(&bench->eval, stake.why);
}

/* What the rule wants shown besides. */
static void show(Bench *bench)
{
	for (int32_t i = 0; i < bench->rule->nshow; i++) {
		const Expr *expr = bench->rule->show[i];
		Value value = look(bench, expr);
		if (bench->eval.walk->trace != NULL)
			write_line(bench, expr, value);
	}
}

/* Of a failure the rule's own words; of the others what stood in the way. A message is worked out
 * last: what it names has its evidence by then. */
static void say(Bench *bench)
{
	Judgement *out = bench->out;
	Buf *buf = &bench->eval.buf;
	if (out->verdict == VERDICT_FAIL) {
		out->message = bench->rule->message == NULL ? bench->rule->title
			: look(bench, bench->rule->message).text;
		return;
	}
	buf_puts(buf, out->verdict == VERDICT_CONFLICT ? "Conflict: " : "Not assessed: ");
	buf_str(buf, out->reason.len > 0 ? out->reason : STR("a fact is missing"));
	out->message = walk_text(&bench->eval);
}

/* Passes and rows that the rule does not apply to need no words. */
static void conclude(Bench *bench)
{
	Judgement *out = bench->out;
	if (out->verdict == VERDICT_PASS || out->verdict == VERDICT_NOT_APPLICABLE)
		return;
	trace_assumed(&bench->eval, "rule", bench->rule->decl.name, bench->rule->decl.assumed);
	if (out->verdict == VERDICT_FAIL)
		write_sums(bench, bench->rule->require);
	if (out->verdict == VERDICT_FAIL || out->verdict == VERDICT_CONFLICT)
		work_out_stake(bench);
	if (out->verdict == VERDICT_FAIL)
		show(bench);
	say(bench);
}

/* `on` is worked out without a law date, since it is what fixes it. Reasons of the first part that is
 * open are all that is told: what lies behind it may not even have been asked. */
void walk_judge(Walk *walk, const Rule *rule, Value *slots, RowSpan group, Judgement *out)
{
	Bench bench = {.rule = rule, .frame = {slots, NO_DAY, NOT_MUTED}, .slot = slots, .out = out};
	*out = (Judgement){.verdict = VERDICT_NOT_ASSESSED, .on = NO_DAY, .stake = {0, 1}};
	eval_begin(&bench.eval, walk, group);
	bench.eval.subject = slots;
	bench.eval.whole = rule->subject != SUBJECT_GROUP;
	if (settle_subject(&bench) && applies(&bench))
		ask(&bench);
	if (out->covered && out->inside)
		conclude(&bench);
	eval_end(&bench.eval);
}

/* Used where thousands of fillings are tried: nothing is traced, summed or said. */
void walk_verdict(Walk *walk, const Rule *rule, Value *slots, int parts, int32_t on,
	Judgement *out)
{
	Bench bench = {.rule = rule, .frame = {slots, on, NOT_MUTED}, .slot = slots, .out = out};
	*out = (Judgement){.verdict = VERDICT_NOT_ASSESSED, .on = on, .stake = {0, 1},
		.covered = true, .inside = true};
	eval_begin(&bench.eval, walk, (RowSpan){NULL, 0});
	bench.eval.subject = slots;
	if ((parts & PART_SUBJECT) == 0 || settle_subject(&bench))
		if ((parts & (PART_SUBJECT | PART_APPLIES)) == 0 || applies(&bench))
			ask(&bench);
	eval_end(&bench.eval);
}

/* The frame has the law date by then, and the evaluator the group. */
bool walk_ask(Walk *walk, const Rule *rule, Value *slots, RowSpan group, AskFn *fn, void *user,
	Judgement *out, int32_t *rows)
{
	Bench bench = {.rule = rule, .frame = {slots, NO_DAY, NOT_MUTED}, .slot = slots, .out = out};
	*out = (Judgement){.verdict = VERDICT_NOT_ASSESSED, .on = NO_DAY, .stake = {0, 1}};
	eval_begin(&bench.eval, walk, group);
	bool settled = settle_subject(&bench);
	*rows = bench.eval.group.n;
	if (settled)
		fn(user, &bench.eval, &bench.frame);
	eval_end(&bench.eval);
	return settled;
}

/* A sum beyond 64 bits of pence shows as the greatest there is; its exact value stands beside
 * it. */
int64_t stake_pence(Ratio pounds)
{
	Ratio pence = {0, 1};
	if (!ratio_round(pounds, (Ratio){1, 100}, ROUND_HALF_AWAY, &pence))
		return pounds.n < 0 ? INT64_MIN : INT64_MAX;
	Int128 n = pence.n * (100 / pence.d);
	return fits64(n) ? (int64_t)n : n < 0 ? INT64_MIN : INT64_MAX;
}
