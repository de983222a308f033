/*
 * Spot checks: plans of samples, declared before anything is drawn.
 *
 *   spot check weekly_audit
 *     cites         update "Submitting variations"
 *     population    visit where visit.outcome is delivered   the rows, and whether one is among them
 *     for each      visit.provider, quarter of visit.date    each a population of its own
 *     at stake      visit.rate * visit.declared              what could be wrong in a row
 *     in strata by  visit.outcome                            parts of it, each with its share
 *     draw          61 at random
 *     then draw     61 when 1 finding of severity major
 *     full audit    when 2 findings of severity major
 *     confidence    95%
 *     tolerable     5%
 *     missing       log counts as wrong
 *     extrapolates  under rules "Audit"
 *
 * To the evaluators it is a rule for each row of the population that asks for nothing and so fails
 * for all of them: the frame is what fails. Whether the sizes hold the risk is worked out by those
 * who have the arithmetic (interp/spot_risk.h).
 */
#include "dsl/checker.h"

/* Limits and defaults. MOST_DRAWN is that of the arithmetic (SAMPLING_MOST_SIZE); 95% is what
 * auditors take, and a row counts as seriously wrong from half of it on. */
enum {
	THEN_DRAW = 1, BY_MONEY = 2, FROM_EACH = 4, /* of the AST's `how` */
	MOST_CUTS = 8,          /* strata of a figure are numbered with one digit */
	MOST_DRAWN = 20000,
	WHOLE = 10000,          /* basis points */
	USUAL_CONFIDENCE = 9500,
	USUAL_SERIOUS = 5000
};

/* Built up clause by clause: the rule that it is to the evaluators, and the plan around it. */
typedef struct SpotWork {
	RuleWork subject;
	SpotCheck out;
	Symbol *population;
	const Ast *strata;      /* clause, or NULL */
} SpotWork;

static void cannot(Checker *c, Span at, const char *why, const char *help)
{
	diag_help(diag_add(c->diags, DIAG_SPOT, at, "%s", why), "%s", help);
}

/* ---- the rows */

/* One row at a time: its slot is the only one before those of the conditions. */
static void population_clause(Checker *c, SpotWork *work)
{
	RuleWork *subject = &work->subject;
	const Ast *ast = clause(c, subject->ast, AST_POPULATION);
	/* Until the rows are known: no clause that speaks of a row can be looked at before. */
	subject->bad = true;
	if (ast == NULL) {
		diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, subject->ast->name_at,
			"the spot check does not say what it draws from"),
			"write `population` and a dataset");
		return;
	}
	work->population = symbol_of(c, ast->text, SYM_DATASET);
	if (work->population == NULL) {
		suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, ast->name_at,
			"no dataset is called %.*s", STR_ARG(ast->text)), ast->text, SYM_DATASET);
		return;
	}
	work->population->used = true;
	subject->bad = false;
	subject->out.subject = SUBJECT_ROW;
	subject->out.dataset = work->population->index;
	subject->row = scope_slot(c, &subject->scope, work->population->name,
		type_ref(TYPE_ROW, work->population->index));
	if (ast->b != NULL)
		subject->out.applies = check_condition(c, &subject->scope, ast->b);
	warn_never(c, subject->out.applies, "the condition");
}

/* Without `for each` the whole population is one. */
static void group_clause(Checker *c, SpotWork *work)
{
	const Ast *for_each = clause(c, work->subject.ast, AST_FOR_EACH);
	/* By values and periods, as rules for groups go: not by items, or by the weeks of a row. */
	LIST(GroupKey) key = {0};
	for (const Ast *item = for_each != NULL ? for_each->items : NULL; item != NULL;
			item = item->next) {
		if (item->kind == AST_GROUP_KEY || item->kind == AST_GROUP_PERIOD)
			*list_push(c, &key) = check_group_key(c, &work->subject.scope, work->subject.ast, item);
		else
			cannot(c, item->at, "a spot check goes by values of its rows",
				"write for each visit.provider, quarter of visit.date");
	}
	work->out.key = key.at;
	work->out.nkeys = key.n;
}

/* ---- strata */

/* Each cut is a constant of the figure's own kind, above the one before it. */
static void check_cuts(Checker *c, SpotWork *work, const Ast *split, Type figure)
{
	LIST(Expr *) cut = {0};
	for (const Ast *item = split->items; item != NULL; item = item->next) {
		Expr *at = check_typed(c, &work->subject.scope, item, figure, "where the strata are split");
		if (is_error(at))
			return;
		if (!is_const(at)) {
			cannot(c, item->at, "where strata are split is written, not worked out",
				"write a figure, such as £50");
			return;
		}
		if (cut.n > 0 && ratio_cmp(const_ratio(cut.at[cut.n - 1]), const_ratio(at)) >= 0) {
			cannot(c, item->at, "this stratum would be empty", "write the figures in rising order");
			return;
		}
		*list_push(c, &cut) = at;
	}
	if (cut.n > MOST_CUTS)
		cannot(c, split->at, "a figure is split in nine strata at most", "write fewer figures");
	work->out.cut = cut.at;
	work->out.ncuts = cut.n;
}

static void split_clause(Checker *c, SpotWork *work, const Ast *strata)
{
	const Expr *figure = work->out.stratum[0];
	if (work->out.nstrata > 1)
		cannot(c, strata->a->at, "one figure can be split, and here are several",
			"write `in strata by` and that figure alone");
	else if (!is_quantity(figure) || figure->type.ratio)
		diag_here(diag_add(c->diags, DIAG_SPOT, strata->items->at, "only sums, times and numbers"
			" can be split"), "this is %.*s", STR_ARG(phrase(c, figure->type)));
	else
		check_cuts(c, work, strata->a, figure->type);
}

/* Every different set of values is a stratum, as keys of a group are; or the one figure is split. */
static void strata_clause(Checker *c, SpotWork *work)
{
	const Ast *ast = work->strata;
	LIST(Expr *) stratum = {0};
	for (const Ast *item = ast != NULL ? ast->items : NULL; item != NULL; item = item->next) {
		Expr *by = check_expr(c, &work->subject.scope, item, NULL);
		if (is_error(by))
			return;
		if (by->type.kind == TYPE_ROWS)
			cannot(c, item->at, "a row lies in one stratum, and this is many rows",
				"write a figure of the row, such as visit.outcome");
		*list_push(c, &stratum) = by;
	}
	work->out.stratum = stratum.at;
	work->out.nstrata = stratum.n;
	if (ast != NULL)
		work->out.strata_at = (Span){ast->at.file, ast->items->at.lo, ast->at.hi};
	if (ast != NULL && ast->a != NULL)
		split_clause(c, work, ast);
}

/* What cannot go together. By money each pound is drawn from all of them; and how many strata there
 * are is known to the data alone, so nothing is promised of so many from each. */
static void strata_fit(Checker *c, SpotWork *work)
{
	const SpotCheck *out = &work->out;
	bool strata = work->strata != NULL;
	bool each = out->draw_each || out->then.each;
	if (each && !strata)
		cannot(c, out->draw_each ? out->draw_at : out->then.at, "there are no strata to draw from",
			"write `in strata by` and what parts the rows, such as visit.outcome");
	if (strata && out->method == SPOT_MONEY)
		cannot(c, out->draw_at, "pounds are drawn from all rows, not from strata",
			"write `at random`; strata by the money of a row give large ones their weight");
	if (each && out->tolerable > 0)
		cannot(c, out->draw_each ? out->draw_at : out->then.at, "a tolerable rate cannot be promised"
			" with so many rows from each stratum: the data say how many strata there are",
			"write `draw 61 at random`, which is shared out in proportion, or no `tolerable`");
}

/* Without `on`, the date that the one period is of: `quarter of visit.date` says which day a visit
 * belongs to. */
static Expr *date_clause(Checker *c, SpotWork *work)
{
	const Ast *on = clause(c, work->subject.ast, AST_ON);
	Expr *found = NULL;
	int32_t periods = 0;
	if (on != NULL)
		return check_date(c, &work->subject.scope, on->a);
	for (int32_t i = 0; i < work->out.nkeys; i++) {
		Expr *key = work->out.key[i].expr;
		if (is_error(key))
			return key;
		if (key->op == EXPR_PERIOD_OF) {
			found = key->arg[0];
			periods++;
		}
	}
	/* Of two periods neither is more the row's date than the other. */
	if (periods == 1)
		return found;
	diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, work->subject.ast->name_at,
		"the spot check does not say on which date a row stands"),
		"write `on` and a date; only one with a single period has the date of that");
	return expr_error(c, work->subject.ast->at);
}

/* ---- the sizes */

static bool size_fits(Checker *c, int64_t n, Span at)
{
	if (n >= 1 && n <= MOST_DRAWN)
		return true;
	cannot(c, at, "a sample has at least 1 row and at most 20,000", "write another number");
	return false;
}

/* In error as a draw of one, so that the clauses behind it are still looked at. */
static void draw_clause(Checker *c, SpotWork *work, const Ast *ast)
{
	static const char *const how[] = {"random", "money"};
	bool by = ast->how == BY_MONEY;
	work->out.draw_at = ast->at;
	work->out.draw = size_fits(c, ast->n, ast->at) ? ast->n : 1;
	work->out.draw_each = ast->how == FROM_EACH;
	work->out.method = by ? SPOT_MONEY : SPOT_RANDOM;
	if (!work->out.draw_each && !str_eq(ast->text, str_of(how[by])))
		cannot(c, ast->at, "this is no way to draw rows", "write `draw 61 at random`, or `draw 61"
			" by money`, by which each pound has the same chance");
}

/* Without `when`: from the first finding of any severity on. */
static SpotStep step_of(Checker *c, const Ast *ast, int64_t n)
{
	/* `when 2 findings of severity major`; findings below that severity do not count. */
	const Ast *findings = ast->a;
	SpotStep out = {n, (ast->how & FROM_EACH) != 0, 1, SEVERITY_MINOR, ast->at};
	if (findings == NULL)
		return out;
	out.when = findings->n;
	out.severity = severity_named(c, findings->text, findings->at);
	if (findings->n >= 1 && findings->n <= MOST_DRAWN)
		return out;
	cannot(c, findings->at, "it takes at least 1 finding", "write another number");
	out.when = 1;
	return out;
}

/* `draw` and `then draw` are one kind of clause to the grammar. */
static void size_clauses(Checker *c, SpotWork *work)
{
	const Ast *draw[2] = {NULL, NULL}, *full = clause(c, work->subject.ast, AST_FULL_AUDIT);
	for (const Ast *item = work->subject.ast->items; item != NULL; item = item->next) {
		if (item->kind != AST_DRAW)
			continue;
		const Ast **first = &draw[(item->how & THEN_DRAW) != 0];
		if (*first != NULL)
			diag_label(diag_add(c->diags, DIAG_CLAUSE_TWICE, item->at, "`%s` is given twice",
				(item->how & THEN_DRAW) != 0 ? "then draw" : "draw"), (*first)->at, "the first is here");
		else
			*first = item;
	}
	if (draw[0] != NULL)
		draw_clause(c, work, draw[0]);
	else
		diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, work->subject.ast->name_at,
			"the spot check does not say how many rows it draws"), "write `draw 61 at random`");
	if (draw[1] != NULL && size_fits(c, draw[1]->n, draw[1]->at))
		work->out.then = step_of(c, draw[1], draw[1]->n);
	if (full != NULL)
		work->out.full = step_of(c, full, 1);
	/* Both steps count on in one tally, which has one severity. */
	if (draw[1] == NULL || full == NULL || work->out.then.severity == work->out.full.severity)
		return;
	diag_label(diag_add(c->diags, DIAG_SPOT, full->at, "the two steps count findings of different"
		" severities"), draw[1]->at, "the other step is here");
}

/* ---- confidence, tolerable, serious */

/* False after a complaint; 0 for what is no whole number of basis points up to all of them. */
static bool basis_points(Checker *c, const Ast *ast, int32_t *out)
{
	Scope scope;
	scope_begin(&scope);
	Expr *expr = check_expr(c, &scope, ast, NULL);
	Ratio points;
	if (is_error(expr) || !ratio_mul(const_ratio(expr), (Ratio){WHOLE, 1}, &points))
		return false;
	*out = points.d == 1 && points.n > 0 && points.n <= WHOLE ? (int32_t)points.n : 0;
	return true;
}

/* Confidence and tolerable share stop short of all, where no sample could decide anything; a row
 * may well count as serious only when it is wrong as a whole. */
static void share_clause(Checker *c, SpotWork *work, const Ast *ast)
{
	bool confidence = str_eq(ast->text, STR("confidence"));
	bool tolerable = str_eq(ast->text, STR("tolerable"));
	int32_t *to = confidence ? &work->out.confidence
		: tolerable ? &work->out.tolerable : &work->out.serious;
	int32_t points = 0, most = confidence || tolerable ? WHOLE - 1 : WHOLE;
	if (!basis_points(c, ast->a, &points))
		return;
	if (points > 0 && points <= most)
		*to = points;
	else
		cannot(c, ast->a->at, "this share is out of reach",
			"write more than 0% and less than 100%, in at most two decimals");
}

/* Three clauses of one kind to the grammar, which cannot tell which of them came twice. */
static void share_clauses(Checker *c, SpotWork *work)
{
	for (const Ast *item = work->subject.ast->items; item != NULL; item = item->next) {
		if (item->kind != AST_SPOT_SHARE)
			continue;
		for (const Ast *other = work->subject.ast->items; other != item; other = other->next)
			if (other->kind == AST_SPOT_SHARE && str_eq(other->text, item->text))
				diag_label(diag_add(c->diags, DIAG_CLAUSE_TWICE, item->at, "`%.*s` is given"
					" twice", STR_ARG(item->text)), other->at, "the first is here");
		share_clause(c, work, item);
	}
}

/* ---- logs, money, the clause for extrapolation */

/* count(visit.logs), where `logs` is whatever collection of the row holds rows of the dataset. */
static Expr *count_logs(Checker *c, SpotWork *work, const Ast *clause, int32_t logs)
{
	const DatasetInfo *info = &c->info.at[work->population->index];
	for (int32_t i = 0; i < info->member.n; i++) {
		const Member *member = &info->member.at[i];
		if (member->kind != MEMBER_MATCHED && member->kind != MEMBER_LINKED)
			continue;
		Ast row = {.kind = AST_NAME, .text = work->population->name, .at = clause->at,
			.name_at = clause->at};
		Ast rows = {.kind = AST_DOT, .a = &row, .text = member->name, .at = clause->at,
			.name_at = clause->at};
		Expr *found = check_expr(c, &work->subject.scope, &rows, NULL);
		if (found->type.kind != TYPE_ROWS || found->type.ref != logs)
			continue;
		Ast call = {.kind = AST_AGGREGATE, .text = STR("count"), .text2 = clause->text, .b = &rows,
			.at = clause->at, .name_at = clause->at};
		return check_aggregate(c, &work->subject.scope, &call);
	}
	return NULL;
}

/* As what a row without evidence counts is said before the draw: much may hang on it. */
static void missing_clause(Checker *c, SpotWork *work)
{
	const Ast *ast = clause(c, work->subject.ast, AST_NO_LOG);
	if (ast == NULL)
		return;
	bool wrong = str_eq(ast->text2, STR("wrong"));
	if (!str_eq(ast->b->text, STR("as")) || (!wrong && !str_eq(ast->text2, STR("right"))))
		cannot(c, ast->at, "a row without evidence counts as wrong, or as right",
			"write `missing log counts as wrong`");
	work->out.missing = wrong ? SPOT_MISSING_WRONG : SPOT_MISSING_RIGHT;
	Symbol *logs = symbol_of(c, ast->text, SYM_DATASET);
	if (logs == NULL) {
		suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, ast->name_at,
			"no dataset is called %.*s", STR_ARG(ast->text)), ast->text, SYM_DATASET);
		return;
	}
	work->out.logs_dataset = logs->name;
	work->out.logs = count_logs(c, work, ast, logs->index);
	if (work->out.logs == NULL)
		diag_help(diag_add(c->diags, DIAG_SPOT, ast->at, "no %.*s is matched or linked to a %.*s",
			STR_ARG(logs->name), STR_ARG(work->population->name)),
			"name a dataset whose rows a `match` or `belongs to` gives to the population's");
}

/* What the sums are of; a draw by money needs it, one at random only for the limits in pounds. */
static void money_clause(Checker *c, SpotWork *work)
{
	const Ast *stake = clause(c, work->subject.ast, AST_AT_STAKE);
	/* In pounds, whatever the fractions: they are rounded where they are shown. */
	if (stake != NULL)
		work->out.money = check_typed(c, &work->subject.scope, stake->a,
			type_quantity(unit_of(DIM_MONEY), FORM_NUMBER, 1), "what is at stake");
	else if (work->out.method == SPOT_MONEY)
		diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, work->out.draw_at,
			"rows are drawn by money, but the spot check does not say what a row comes to"),
			"write `at stake` and the sum that is paid for a row");
}

/* Without it a report shows the sample's findings and projects nothing. */
static void extrapolates_clause(Checker *c, SpotWork *work)
{
	const Ast *ast = clause(c, work->subject.ast, AST_EXTRAPOLATES);
	if (ast == NULL)
		return;
	if (!str_eq(ast->a->text, STR("under"))) {
		cannot(c, ast->at, "this is no clause of a spot check",
			"write `extrapolates under` and the clause that allows it");
		return;
	}
	work->out.extrapolates = cite_of(c, ast->items);
}

/* ---- the whole */

/* What the data layer has to read. */
static void show_all(Checker *c, SpotWork *work)
{
	LIST(Expr *) show = {0};
	for (int32_t i = 0; i < work->out.nkeys; i++)
		*list_push(c, &show) = work->out.key[i].expr;
	for (int32_t i = 0; i < work->out.nstrata; i++)
		*list_push(c, &show) = work->out.stratum[i];
	if (work->out.money != NULL)
		*list_push(c, &show) = work->out.money;
	if (work->out.logs != NULL)
		*list_push(c, &show) = work->out.logs;
	work->subject.out.show = show.at;
	work->subject.out.nshow = show.n;
}

/* In error it is kept all the same, so that lives of those behind it stay right. */
void check_spot(Checker *c, const Ast *ast)
{
	SpotWork work = {.out = {.confidence = USUAL_CONFIDENCE, .serious = USUAL_SERIOUS, .draw = 1}};
	RuleWork *subject = &work.subject;
	subject_begin(c, ast, subject);
	population_clause(c, &work);
	size_clauses(c, &work);
	share_clauses(c, &work);
	extrapolates_clause(c, &work);
	work.strata = clause(c, ast, AST_STRATA);
	strata_fit(c, &work);
	if (!subject->bad) {
		subject->out.provider = rule_provider(c, subject);
		group_clause(c, &work);
		strata_clause(c, &work);
		subject->out.on = date_clause(c, &work);
		money_clause(c, &work);
		missing_clause(c, &work);
		subject->out.require = expr_plain(c, type_of(TYPE_YES_NO), 0, ast->name_at);
		show_all(c, &work);
	}
	subject_close(c, subject);
	work.out.rule = subject->out;
	*list_push(c, &c->spot) = work.out;
}
