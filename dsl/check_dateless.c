/*
 * What is worked out under no law date must not ask for one.
 *
 * Rules and banks go by dates: a parameter, a table or a define that was replaced has a value
 * under the date of who asks. Matches and sequences pair and line up rows of all dates together,
 * before any rule asks; the keys of banks and rules gather such rows; and the date of an entry or
 * a rule is only there when it has been worked out. There, what changes by date would be unknown
 * for every row, and leave each one without a partner, a neighbour, an account or a verdict.
 *
 *   near       visit.begins to log.check_in within reach        reach: from 28 April 2025 90 minutes
 *                                                  ^^^^^ under which date?
 *
 * A define with an `on` of its own, and `x as at D`, bring their own date and may stand anywhere.
 */
#include "dsl/checker.h"

/* What the date is needed for: the innermost part that does not have it from its own parts. */
static const Expr *asks_for_date(const Expr *expr)
{
	int32_t first = expr->op == EXPR_AS_AT; /* what stands under the date behind it has one */
	for (int32_t i = first; i < expr->nargs && expr->op != EXPR_IN_FORCE; i++)
		if (expr->arg[i] != NULL && expr->arg[i]->dated)
			return asks_for_date(expr->arg[i]);
	return expr;
}

/* The declaration behind it, whose name is empty where there is none. Of what an amendment
 * replaced, the first text. */
static Decl named(const Checker *c, const Expr *expr)
{
	if (expr->op == EXPR_IN_FORCE && expr->arg[0] != NULL)
		return named(c, expr->arg[0]);
	if (expr->op == EXPR_PARAMETER)
		return c->parameter.at[expr->ref].decl;
	if (expr->op == EXPR_TABLE)
		return c->table.at[expr->ref].decl;
	if (expr->op == EXPR_DERIVED || expr->op == EXPR_CALL)
		return c->define.at[expr->ref].decl;
	return (Decl){.at = expr->at};
}

/* One complaint an expression; `what` has no date. NULL and errors pass. */
static void undated(Checker *c, const Expr *expr, const char *what)
{
	if (expr == NULL || is_error(expr) || !expr->dated)
		return;
	const Expr *part = asks_for_date(expr);
	Decl decl = named(c, part);
	DiagRef diag = diag_add(c->diags, DIAG_NO_LAW_DATE, part->at,
		"%s, so it cannot rest on what changes by date", what);
	if (decl.name.len > 0)
		diag_label(diag, decl.name_at, "%s", part->op == EXPR_IN_FORCE
			? "an amendment replaces this" : "this changes by date");
	diag_help(diag, part->op == EXPR_DERIVED || part->op == EXPR_IN_FORCE
		? "give the define an `on` with the row's own date, or write `as at` and a date"
		: "write `as at` and a date behind it, or a figure that holds `throughout`");
}

static void undated_all(Checker *c, Expr *const *expr, int32_t n, const char *what)
{
	for (int32_t i = 0; i < n; i++)
		undated(c, expr[i], what);
}

static void undated_match(Checker *c, const Match *match)
{
	static const char what[] = "a match goes over rows of all dates";
	const Expr *part[] = {match->left_when, match->right_when, match->left_at, match->right_at,
		match->before, match->take};
	undated_all(c, match->left_key, match->nkeys, what);
	undated_all(c, match->right_key, match->nkeys, what);
	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		undated(c, part[i], what);
}

static void undated_sequence(Checker *c, const Sequence *sequence)
{
	static const char what[] = "a sequence goes over rows of all dates";
	undated_all(c, sequence->key, sequence->nkeys, what);
	undated_all(c, sequence->order, sequence->norder, what);
	undated(c, sequence->applies, what);
}

/* Conditions and amounts stand under the day of their entry (S52). */
static void undated_bank(Checker *c, const Bank *bank)
{
	static const char day[] = "an entry has no date before this says it";
	for (int32_t i = 0; i < bank->nkeys; i++)
		undated(c, bank->key[i].expr, "an account goes over entries of all dates");
	for (int32_t i = 0; i < bank->nflows; i++) {
		const BankFlow *flow = &bank->flow[i];
		undated(c, flow->rows, "an account goes over entries of all dates");
		undated(c, flow->on, day);
		undated(c, flow->from, day);
		undated(c, flow->to, day);
	}
}

/* Which subjects there are, and which date a rule goes by, has to be known before it has one. */
void check_dateless_rule(Checker *c, const Rule *rule)
{
	static const char what[] = "a rule has no date before this says which subjects it has";
	for (int32_t i = 0; i < rule->nkeys; i++)
		undated(c, rule->key[i].expr, what);
	undated(c, rule->every_from, what);
	undated(c, rule->every_to, what);
	undated(c, rule->collection, what);
	undated(c, rule->on, "a rule has no date before this says it");
}

void check_dateless(Checker *c)
{
	for (int32_t i = 0; i < c->match.n; i++)
		undated_match(c, &c->match.at[i]);
	for (int32_t i = 0; i < c->sequence.n; i++)
		undated_sequence(c, &c->sequence.at[i]);
	for (int32_t i = 0; i < c->bank.n; i++)
		undated_bank(c, &c->bank.at[i]);
}
