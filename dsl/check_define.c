/*
 * Defines with their exceptions, and matches.
 *
 * An exception outranks another when it says so, or through a third (S32); ranks are kept as bits:
 *
 *   except a                    over[a] = ...
 *   except b over a             over[b] = ..a
 *   except c over b             over[c] = .ba   closed: c ranks over a as well
 *
 * The checker warns where two exceptions without rank can be proved to meet (law 7): at run time
 * that is a conflict, which is a finding against the contract and not against a provider.
 *
 * A match comes down to keys and two moments, so that it can be worked out by sorting:
 *
 *   when  visit.provider = log.provider      left_key[0]  right_key[0]
 *     and visit.client = log.client          left_key[1]  right_key[1]
 *     and visit.outcome is delivered         left_when
 *
 * A condition that is neither an equality across the two rows nor about one of them is refused:
 * it would have to be tried on every pair.
 */
#include "dsl/checker.h"

#include <stdlib.h>

/* ---- exceptions */

/* Labels are few; the list is searched. -1 when none has the label. */
static int32_t label_index(const Exception *list, int32_t n, Str label)
{
	for (int32_t i = 0; i < n; i++)
		if (str_eq(list[i].label, label))
			return i;
	return -1;
}

/* Labels may be ranked over exceptions that stand further down, so all labels are known by now.
 * False keeps the overlap warnings away: with a rank unread, they would be guesses. */
static bool check_over(Checker *c, const Ast *ast, Exception *list, int32_t n, int32_t at)
{
	bool good = true;
	for (const Ast *name = ast->items; name != NULL; name = name->next) {
		int32_t other = label_index(list, n, name->text);
		if (other >= 0) {
			list[at].over |= (uint64_t)1 << other;
			continue;
		}
		Nearest nearest;
		nearest_start(&nearest, name->text);
		for (int32_t i = 0; i < n; i++)
			nearest_try(&nearest, list[i].label);
		suggest_best(diag_add(c->diags, DIAG_UNKNOWN_LABEL, name->at,
			"no exception is labelled %.*s", STR_ARG(name->text)), &nearest);
		good = false;
	}
	return good;
}

/* S32: what ranks over an exception ranks over all that this one ranks over. Warshall's way:
 * after round `via`, every rank that runs through the first `via` exceptions is known. A bit on
 * the diagonal is a circle. */
static void close_ranks(Checker *c, Exception *list, int32_t n)
{
	for (int32_t via = 0; via < n; via++)
		for (int32_t i = 0; i < n; i++)
			if (list[i].over >> via & 1)
				list[i].over |= list[via].over;
	for (int32_t i = 0; i < n; i++) {
		if (!(list[i].over >> i & 1))
			continue;
		diag_add(c->diags, DIAG_OVER_CYCLE, list[i].at, "%.*s ranks over itself by way of others",
			STR_ARG(list[i].label));
		return;
	}
}

/* Labels are compared with those before only: each pair once. Law 7: a conflict names both
 * labels, so each must stand for one. */
static void exception_new(Checker *c, const Ast *item, Exception *list, int32_t at)
{
	int32_t same = label_index(list, at, item->text);
	list[at] = (Exception){.label = item->text, .at = item->at};
	if (item->c != NULL && item->c->a != NULL)
		list[at].assumed = item->c->a->text;
	if (same < 0)
		return;
	DiagRef diag = diag_add(c->diags, DIAG_EXCEPTION_TWICE, item->name_at,
		"two exceptions are labelled %.*s", STR_ARG(item->text));
	diag_label(diag, list[same].at, "the first is here");
}

/* Pairs are compared both ways at once; ranked pairs cannot conflict. A proof is needed, not a
 * suspicion: OVERLAP_UNKNOWN is left to the run, where the two are found out (S30, S31). A rule's
 * author can rank them, or draw one of them narrower. */
static void warn_exceptions(Checker *c, const Exception *list, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		if (is_error(list[i].when))
			continue;
		if (condition_never(c, list[i].when))
			diag_add(c->diags, DIAG_W_NEVER_HOLDS, list[i].when->at,
				"the exception %.*s can never hold", STR_ARG(list[i].label));
		for (int32_t k = 0; k < i; k++) {
			bool ranked = (list[i].over >> k & 1) || (list[k].over >> i & 1);
			if (ranked || is_error(list[k].when) ||
					conditions_overlap(c, list[i].when, list[k].when) != OVERLAP_YES)
				continue;
			DiagRef diag = diag_add(c->diags, DIAG_W_EXCEPTIONS_OVERLAP, list[i].when->at,
				"%.*s and %.*s can hold at once", STR_ARG(list[k].label), STR_ARG(list[i].label));
			diag_label(diag, list[k].when->at, "both hold for some rows, which is a conflict");
			diag_help(diag, "rank them: except %.*s over %.*s", STR_ARG(list[i].label),
				STR_ARG(list[k].label));
		}
	}
}

/* An exception of a rule has another test behind `then`, or nothing, when the row is out of the
 * rule's reach (S33). type NULL: those of a rule. */
static void exception_parts(Checker *c, Scope *scope, const Ast *item, const Type *type,
	Exception *out)
{
	out->when = check_condition(c, scope, item->a);
	if (type != NULL)
		out->then = check_typed(c, scope, item->b, *type, NULL);
	else if (item->b != NULL)
		out->then = check_condition(c, scope, item->b);
}

/* Room for the ranks is one word of bits, hence the limit. type NULL: those of a rule. Two rounds
 * over the clauses: all labels first, since a rank may look ahead. */
void check_exceptions(Checker *c, Scope *scope, const Ast *decl, const Type *type, Exception **out,
	int32_t *n)
{
	int32_t count = 0, at = 0;
	bool ranked = true;
	for (const Ast *item = decl->items; item != NULL; item = item->next)
		count += item->kind == AST_EXCEPTION;
	*out = ARENA_ARRAY(c->arena, Exception, (size_t)count);
	*n = 0;
	if (count > MAX_EXCEPTIONS) {
		diag_add(c->diags, DIAG_TOO_MANY_EXCEPTIONS, decl->name_at,
			"there are %d exceptions, more than %d", (int)count, MAX_EXCEPTIONS);
		return;
	}
	for (const Ast *item = decl->items; item != NULL; item = item->next)
		if (item->kind == AST_EXCEPTION)
			exception_new(c, item, *out, at++);
	at = 0;
	for (const Ast *item = decl->items; item != NULL; item = item->next)
		if (item->kind == AST_EXCEPTION) {
			ranked &= check_over(c, item, *out, count, at);
			exception_parts(c, scope, item, type, &(*out)[at++]);
		}
	close_ranks(c, *out, count);
	if (ranked)
		warn_exceptions(c, *out, count);
	*n = count;
}

/* ---- defines */

/* S1, S2: without a date of its own a define stands under the date of whoever uses it. */
static Expr *define_on(Checker *c, Scope *scope, const Ast *ast)
{
	const Ast *on = clause(c, ast, AST_ON);
	return on != NULL ? check_date(c, scope, on->a) : NULL;
}

/* Of a derived field with several texts the date stands outside all of them (see check_amend.c). */
static bool dated_as_one(const Template *template)
{
	return template->dataset >= 0 &&
		(template->again || template->later > 0 || template->life.to > 0);
}

/* One type and scale for the base and what the exceptions put in its place. The base and the
 * exceptions may each have a denominator of their own; whoever uses the define needs one. */
static bool branches(Checker *c, Define *out)
{
	Expr **value = ARENA_ARRAY(c->arena, Expr *, (size_t)out->nexcepts + 1);
	bool bad = is_error(out->base) || (out->on != NULL && is_error(out->on));
	value[0] = out->base;
	for (int32_t i = 0; i < out->nexcepts; i++) {
		bad |= is_error(out->except[i].when) || is_error(out->except[i].then);
		value[i + 1] = out->except[i].then;
	}
	Type joined = bad ? type_of(TYPE_ERROR) : join(c, value, out->nexcepts + 1, out->decl.name_at);
	if (joined.kind == TYPE_ERROR)
		return false;
	out->type.scale = joined.scale;
	out->type.ratio = joined.ratio;
	out->base = value[0];
	for (int32_t i = 0; i < out->nexcepts; i++)
		out->except[i].then = value[i + 1];
	return true;
}

/* What a use of the define inherits. One with a date of its own looks at the caller's no more.
 * Also adds up the cost, whatever branch will be taken: the limit on steps (law 13) is for the
 * worst row. */
static int32_t define_flags(Checker *c, Define *out)
{
	int64_t cost = 1 + c->cost.at[out->base->id];
	out->dated = out->base->dated;
	out->can_fault = out->base->can_fault;
	for (int32_t i = 0; i < out->nexcepts; i++) {
		const Exception *except = &out->except[i];
		out->dated |= except->when->dated || except->then->dated;
		out->can_fault |= except->when->can_fault || except->then->can_fault;
		cost += c->cost.at[except->when->id] + c->cost.at[except->then->id];
	}
	if (out->on != NULL) {
		out->dated = out->on->dated;
		out->can_fault |= out->on->can_fault;
		cost += c->cost.at[out->on->id];
	}
	return (int32_t)(cost > LIMIT_STEPS ? LIMIT_STEPS : cost);
}

/*
 * The row or the inputs take the first slots, in order, as evaluators expect them.
 *
 *   define payable for visit      slot 0 = the visit
 *   define f (a : …, b : …)       slot 0 = a, slot 1 = b; rows of aggregates come behind
 */
static int32_t build_define(Checker *c, const Template *template, const Type *arg)
{
	const Ast *ast = template->ast;
	Scope scope;
	scope_begin(&scope);
	Define out = {.decl = decl_of(c, ast), .dataset = template->dataset, .param = template->param,
		.nparams = template->nparams, .type = template->type};
	if (template->dataset >= 0)
		scope_slot(c, &scope, c->dataset.at[template->dataset].decl.name,
			type_ref(TYPE_ROW, template->dataset));
	for (int32_t i = 0; i < template->nparams; i++)
		scope_slot(c, &scope, template->param[i], arg[i]);
	out.on = dated_as_one(template) ? NULL : define_on(c, &scope, ast);
	out.base = check_typed(c, &scope, ast->c, template->type, NULL);
	check_exceptions(c, &scope, ast, &template->type, &out.except, &out.nexcepts);
	out.nslots = scope.nslots;
	if (!branches(c, &out))
		return -1;
	out.has_range = check_range(c, ast->d, out.type, &out.least, &out.most);
	bool product = unrounded(c, out.base);
	*list_push(c, &c->define_cost) = define_flags(c, &out);
	*list_push(c, &c->unrounded) = product;
	*list_push(c, &c->define) = out;
	return c->define.n - 1;
}

/* The type as declared: of `for visit : money` it stands with the parameter. */
static Type declared_type(Checker *c, const Template *template)
{
	const Ast *ast = template->ast;
	const Ast *type = ast->b != NULL ? ast->b : ast->a != NULL ? ast->a->a : NULL;
	return check_type(c, type);
}

/* -1 in error, once complained of. The instance is noted only when it is complete: a use inside
 * its own body is a circle, and found by the chain. The operators of the caller do not count
 * against this body's depth, nor the other way round: chains of defines have a limit of their
 * own. */
int32_t define_instance(Checker *c, int32_t index, const Type *arg, Span at)
{
	Template *template = &c->template.at[index];
	int32_t known = *instance_at(c, index, arg), depth = c->depth;
	template->used = true;
	if (template->failed || known >= 0)
		return template->failed ? -1 : known;
	if (!chain_enter(c, template->checking, template->name, template->ast->name_at, at)) {
		template->failed = true;
		return -1;
	}
	if (template->type.kind == TYPE_ERROR)
		template->type = declared_type(c, template);
	Life life = c->life;
	template->checking = true;
	c->depth = 0;
	c->life = template->life;
	int32_t out = template->type.kind == TYPE_ERROR ? -1 : build_define(c, template, arg);
	c->depth = depth;
	c->life = life;
	template->checking = false;
	chain_leave(c);
	template->failed |= out < 0;
	if (template->first < 0)
		template->first = out;
	*instance_at(c, index, arg) = out;
	return template->failed ? -1 : out;
}

/*
 * A define with an `on` of its own whose text an amendment changed: the date of the row picks the
 * text, whatever date its user stands under (S2).
 *
 *   define payable for visit            on visit.date
 *                                       IN_FORCE( payable of 2025.1, payable of 2026.1 )
 */
int32_t dated_define(Checker *c, int32_t template)
{
	const Ast *ast = c->template.at[template].ast;
	int32_t dataset = c->template.at[template].dataset;
	Scope scope;
	Texts texts;
	Expr *arg[LIMIT_VERSIONS + 1] = {NULL};
	if (c->template.at[template].dated > 0)
		return c->template.at[template].dated - 1;
	scope_begin(&scope);
	Expr *row = scope_slot(c, &scope, c->dataset.at[dataset].decl.name,
		type_ref(TYPE_ROW, dataset));
	Define out = {.decl = decl_of(c, ast), .dataset = dataset};
	out.on = define_on(c, &scope, ast);
	template_texts(c, template, &texts);
	for (int32_t i = 0; i < texts.n; i++)
		if (texts.at[i] >= 0)
			arg[i] = derived_text(c, row, texts.at[i], c->template.at[texts.at[i]].ast->name_at);
	out.base = in_force_expr(c, "define", out.decl.name, arg,
		&texts, ast->name_at);
	if (is_error(out.on) || is_error(out.base))
		return -1;
	out.type = out.base->type;
	out.nslots = scope.nslots;
	*list_push(c, &c->define_cost) = define_flags(c, &out);
	*list_push(c, &c->unrounded) = false;
	*list_push(c, &c->define) = out;
	c->template.at[template].dated = c->define.n;
	return c->define.n - 1;
}

/* ---- matches */

/* Only a new name behind the dataset's own: visit.logs. Anything else than DATASET.NAME would
 * name a field of some other row. */
static void match_name(Checker *c, const Ast *postfix, int32_t dataset, Str *name)
{
	bool fits = postfix != NULL && postfix->kind == AST_DOT && postfix->a->kind == AST_NAME &&
		str_eq(postfix->a->text, c->dataset.at[dataset].decl.name);
	if (fits)
		*name = postfix->text;
	else if (postfix != NULL)
		diag_add(c->diags, DIAG_MATCH_WHEN, postfix->at, "this must be a new name on %.*s",
			STR_ARG(c->dataset.at[dataset].decl.name));
}

/* Both sides get their collection before the match itself is checked, because defines that the
 * match uses may speak of them. What is wrong with the match leaves it without sides, and it is
 * skipped from there on. */
void register_match_names(Checker *c, const Ast *ast)
{
	Symbol *left = symbol_of(c, ast->text, SYM_DATASET);
	Symbol *right = ast->a != NULL ? symbol_of(c, ast->a->text, SYM_DATASET) : NULL;
	const Ast *linked = clause(c, ast, AST_LINKED_AS);
	int32_t index = c->match.n;
	*list_push(c, &c->match) = (Match){.left = -1, .right = -1};
	Match *out = &c->match.at[index];
	if (left == NULL || right == NULL) {
		const Ast *wrong = left == NULL ? ast : ast->a;
		suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, wrong->name_at,
			"no dataset is called %.*s", STR_ARG(wrong->text)), wrong->text, SYM_DATASET);
		return;
	}
	left->used = right->used = true;
	if (left == right) {
		diag_add(c->diags, DIAG_MATCH_WHEN, ast->a->at, "a match pairs rows of two datasets");
		return;
	}
	out->left = left->index;
	out->right = right->index;
	if (linked == NULL) {
		diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at,
			"the match does not name what it gives"), "write `linked as %.*s.… and %.*s.…`",
			STR_ARG(ast->text), STR_ARG(ast->a->text));
		return;
	}
	match_name(c, linked->a, out->left, &out->left_name);
	match_name(c, linked->b, out->right, &out->right_name);
	if (out->left_name.len > 0)
		member_add(c, out->left, (Member){MEMBER_MATCHED, out->left_name, index, 0, linked->a->at});
	if (out->right_name.len > 0)
		member_add(c, out->right, (Member){MEMBER_MATCHED, out->right_name, index, 1,
			linked->b->at});
}

/* Which of the two rows an expression looks at: bit 0 the left, bit 1 the right. Slots beyond the
 * two belong to rows of aggregates inside the expression. */
static int sides(const Expr *expr)
{
	int out = 0;
	if (expr == NULL)
		return 0;
	if (expr->op == EXPR_SLOT)
		return expr->ref < 2 ? 1 << expr->ref : 0;
	for (int32_t i = 0; i < expr->nargs; i++)
		out |= sides(expr->arg[i]);
	return out;
}

typedef struct MatchWork {
	Scope scope;
	Match *out;
	LIST(Expr *) left, right;
	bool bad;
} MatchWork;

/* Conditions on one side are gathered into one, which thins that side out before anything is
 * paired. Kept as one expression, since evaluators ask it once for each row. */
static void and_onto(Checker *c, Expr **condition, Expr *more)
{
	*condition = *condition == NULL ? more
		: build_both(c, false, *condition, more, span_join((*condition)->at, more->at));
}

/* One side on each hand of `=`: what both can be sorted by. Equality of a key with itself on one
 * side is a condition on that side. */
static bool is_key_pair(const Expr *expr)
{
	return expr->op == EXPR_COMPARE && expr->how == COMPARE_EQ &&
		sides(expr->arg[0]) + sides(expr->arg[1]) == 3 && sides(expr->arg[0]) > 0 &&
		sides(expr->arg[0]) < 3;
}

/* Every part joined by `and` is an equality of two keys, or speaks of one side alone. Order
 * within `and` does not matter, so neither does that of the keys found. */
static void match_part(Checker *c, MatchWork *work, Expr *expr)
{
	if (expr->op == EXPR_AND) {
		match_part(c, work, expr->arg[0]);
		match_part(c, work, expr->arg[1]);
	} else if (is_key_pair(expr)) {
		bool straight = sides(expr->arg[0]) == 1;
		*list_push(c, &work->left) = expr->arg[!straight];
		*list_push(c, &work->right) = expr->arg[straight];
	} else if (sides(expr) == 1) {
		and_onto(c, &work->out->left_when, expr);
	} else if (sides(expr) == 2) {
		and_onto(c, &work->out->right_when, expr);
	} else {
		DiagRef diag = diag_add(c->diags, DIAG_MATCH_WHEN, expr->at,
			"this is neither an equality of two keys nor about one of the rows alone");
		diag_help(diag, "a match pairs rows by keys that are equal; say the rest in a rule");
		work->bad = true;
	}
}

/* Anything but keys would make the pairing a search through all pairs: ten thousand visits times
 * ten thousand logs. */
static void match_when(Checker *c, MatchWork *work, const Ast *when)
{
	Expr *expr = check_condition(c, &work->scope, when->a);
	if (is_error(expr)) {
		work->bad = true;
		return;
	}
	match_part(c, work, expr);
	if (work->left.n == 0 && !work->bad)
		diag_help(diag_add(c->diags, DIAG_MATCH_WHEN, when->at,
			"a match needs at least one pair of equal keys"), "write `visit.client = log.client`");
}

/* Distances are taken between a moment of each row; the reach may differ from visit to visit but
 * not from log to log. side: the bit of the row that may be looked at. */
static Expr *one_side(Checker *c, MatchWork *work, const Ast *ast, Type need, int side)
{
	Expr *expr = check_typed(c, &work->scope, ast, need, NULL);
	work->bad |= is_error(expr);
	if (is_error(expr) || (sides(expr) & ~side) == 0)
		return expr;
	diag_add(c->diags, DIAG_MATCH_WHEN, expr->at, "this may look at %.*s alone",
		STR_ARG(work->scope.name.at[side - 1].name));
	work->bad = true;
	return expr;
}

/* The same reach on both sides of the planned moment. S64: both are moments, or a visit just
 * before midnight could not meet a log just after it. */
static void match_near(Checker *c, MatchWork *work, const Ast *near)
{
	Match *out = work->out;
	Type moment = type_of(TYPE_MOMENT);
	out->left_at = one_side(c, work, near->a, moment, 1);
	out->right_at = one_side(c, work, near->b, moment, 2);
	out->before = one_side(c, work, near->c, type_quantity(unit_of(DIM_TIME), FORM_NUMBER, 1), 1);
	out->after = out->before;
}

/* Missing clauses are named one by one; what is there is checked all the same. How many logs a
 * visit may take is its own affair; one when nothing is said. */
static void check_match(Checker *c, int32_t index, const Ast *ast)
{
	Match *out = &c->match.at[index];
	MatchWork work = {.out = out};
	const Ast *when = clause(c, ast, AST_WHEN), *near = clause(c, ast, AST_NEAR);
	const Ast *take = clause(c, ast, AST_TAKE);
	if (out->left < 0)
		return;
	out->decl = decl_of(c, ast);
	scope_begin(&work.scope);
	scope_slot(c, &work.scope, c->dataset.at[out->left].decl.name, type_ref(TYPE_ROW, out->left));
	scope_slot(c, &work.scope, c->dataset.at[out->right].decl.name, type_ref(TYPE_ROW, out->right));
	if (when == NULL || near == NULL)
		diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at, "the match has no %s",
			when == NULL ? "when" : "near");
	if (when != NULL)
		match_when(c, &work, when);
	if (near != NULL)
		match_near(c, &work, near);
	if (take != NULL)
		out->take = one_side(c, &work, take->a, type_quantity((Unit){{0}}, FORM_COUNT, 1), 1);
	out->left_key = work.left.at;
	out->right_key = work.right.at;
	out->nkeys = work.left.n;
	out->nslots = work.scope.nslots;
}

/* Circles are looked for when sequences and banks are complete too (check_order.c). */
void check_matches(Checker *c, const Ast *const *match, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		c->life = (Life){version_of(c, match[i]->at), 0};
		check_match(c, i, match[i]);
	}
}
