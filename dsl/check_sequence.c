/*
 * Sequences: which row stands before and which after each row, among rows with equal keys.
 *
 *   sequence carer_day of log
 *     for each   log.carer, log.day              keys, over the row
 *     order by   log.check_in                    then the dataset's key, always (S66)
 *     linked as  log.previous and log.next       new names on the dataset, each a row of it
 *
 *   carer A, 1 September   08:00 ── 09:10 ── 13:30
 *                          first's previous is missing, as is the last one's next
 *
 * Names are given out before any body is checked, so that defines may speak of neighbours and a
 * sequence may be ordered by a define. Circles are found when all bodies are complete, by
 * check_order.c.
 */
#include "dsl/checker.h"

/* Only a new name behind the dataset's own: log.previous. */
static void neighbour_name(Checker *c, const Ast *postfix, int32_t sequence, int how)
{
	Sequence *out = &c->sequence.at[sequence];
	Str dataset = c->dataset.at[out->dataset].decl.name;
	bool fits = postfix->kind == AST_DOT && postfix->a->kind == AST_NAME &&
		str_eq(postfix->a->text, dataset);
	if (!fits) {
		diag_help(diag_add(c->diags, DIAG_SEQUENCE, postfix->at,
			"this must be a new name on %.*s", STR_ARG(dataset)),
			"write %.*s.previous and %.*s.next", STR_ARG(dataset), STR_ARG(dataset));
		return;
	}
	*(how == 0 ? &out->previous_name : &out->next_name) = postfix->text;
	member_add(c, out->dataset, (Member){MEMBER_NEIGHBOUR, postfix->text, sequence, how,
		postfix->at});
}

/* What is wrong with the dataset leaves the sequence without one, and it is skipped from there
 * on. */
void register_sequence_names(Checker *c, const Ast *ast)
{
	const Ast *dataset = ast->a, *linked = clause(c, ast, AST_LINKED_AS);
	Symbol *symbol = dataset != NULL ? symbol_of(c, dataset->text, SYM_DATASET) : NULL;
	int32_t index = c->sequence.n;
	*list_push(c, &c->sequence) = (Sequence){.decl = decl_of(c, ast), .dataset = -1};
	if (symbol == NULL) {
		if (dataset != NULL)
			suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, dataset->at,
				"no dataset is called %.*s", STR_ARG(dataset->text)), dataset->text, SYM_DATASET);
		return;
	}
	symbol->used = true;
	c->sequence.at[index].dataset = symbol->index;
	if (linked == NULL) {
		diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at,
			"the sequence does not name what it gives"),
			"write `linked as %.*s.previous and %.*s.next`", STR_ARG(dataset->text),
			STR_ARG(dataset->text));
		return;
	}
	neighbour_name(c, linked->a, index, 0);
	if (linked->b != NULL)
		neighbour_name(c, linked->b, index, 1);
}

/* A period or any other value that can be told from another; a place of its own for each complaint
 * about it. Subjects that are no keys (`every week`) have no place here. */
static void sequence_keys(Checker *c, Scope *scope, const Ast *ast, Sequence *out)
{
	const Ast *for_each = clause(c, ast, AST_FOR_EACH);
	LIST(Expr *) keys = {0};
	if (for_each == NULL) {
		diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at,
			"the sequence does not say which rows stand in one line"),
			"write `for each` and what they have in common");
		return;
	}
	for (const Ast *group = for_each->items; group != NULL; group = group->next) {
		if (group->kind == AST_GROUP_KEY || group->kind == AST_GROUP_PERIOD)
			*list_push(c, &keys) = check_group_key(c, scope, ast, group).expr;
		else if (group->kind != AST_ERROR)
			diag_help(diag_add(c->diags, DIAG_SEQUENCE, group->at,
				"this is no key of a sequence"),
				"write what rows have in common, such as %.*s.carer or week of %.*s.date",
				STR_ARG(ast->a->text), STR_ARG(ast->a->text));
	}
	out->key = keys.at;
	out->nkeys = keys.n;
}

/* S73, S74: codes and texts have no order; a quotient has too many denominators to be sorted by
 * in passing. */
static bool orders(const Expr *expr)
{
	return is_dated_kind(expr->type) || expr->type.kind == TYPE_CLOCK ||
		(is_quantity(expr) && !expr->type.ratio);
}

static void sequence_order(Checker *c, Scope *scope, const Ast *ast, Sequence *out)
{
	const Ast *order = clause(c, ast, AST_ORDER_BY);
	LIST(Expr *) list = {0};
	if (order == NULL) {
		diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at,
			"the sequence does not say what comes first"), "write `order by` and a date or time");
		return;
	}
	for (const Ast *item = order->items; item != NULL; item = item->next) {
		Expr *expr = check_expr(c, scope, item, NULL);
		if (!is_error(expr) && !orders(expr)) {
			DiagRef diag = diag_add(c->diags, DIAG_NO_ORDER, expr->at,
				"rows cannot be put in order by this");
			diag_here(diag, "this is %.*s", STR_ARG(phrase(c, expr->type)));
			diag_help(diag, "rows that are alike stand in order of their keys by themselves");
		}
		*list_push(c, &list) = expr;
	}
	out->order = list.at;
	out->norder = list.n;
}

/* Slot 0 is the row. What is in error stays an error node, and the rulebook is not used. */
static void check_sequence(Checker *c, int32_t index, const Ast *ast)
{
	Sequence out = c->sequence.at[index];
	const Ast *applies = clause(c, ast, AST_APPLIES_WHEN);
	Scope scope;
	if (out.dataset < 0)
		return;
	scope_begin(&scope);
	scope_slot(c, &scope, c->dataset.at[out.dataset].decl.name, type_ref(TYPE_ROW, out.dataset));
	sequence_keys(c, &scope, ast, &out);
	sequence_order(c, &scope, ast, &out);
	if (applies != NULL)
		out.applies = check_condition(c, &scope, applies->a);
	out.nslots = scope.nslots;
	c->sequence.at[index] = out;
}

void check_sequences(Checker *c, const Ast *const *sequence, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		c->life = (Life){version_of(c, sequence[i]->at), 0};
		check_sequence(c, i, sequence[i]);
	}
	book_sync(c);
}
