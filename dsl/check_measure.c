/*
 * Measures and KPIs: a figure for each group and period, and what the contract says of it.
 *
 *   kpi handbacks "Packages handed back"
 *     for each  award.provider, quarter of award.date    keys, as of a rule for groups
 *     among     award
 *     figure    share(award where award.handed_back is known)
 *     target    at most 5%                               conditions on the figure, which
 *     fails     above 10%                                has a slot of its own
 *     needs     at least 5 awards
 *     compare   kpi_return.handbacks where kpi_return.provider = provider
 *
 * The subject is checked as a rule's is. The date may be left out: it is then the last day of the
 * period (S6). `compare` becomes two aggregates over the dataset that it names, how many rows there
 * are and the value of the only one (S99).
 */
#include "dsl/checker.h"

typedef struct MeasureWork {
	RuleWork subject;
	Measure out;
} MeasureWork;

/* ---- the period and the date */

/* The slots of the subject that are periods: 0, 1 or more, and the last of them. */
static int32_t count_periods(const MeasureWork *work, int32_t *slot)
{
	const Rule *rule = &work->subject.out;
	int32_t n = 0;
	if (rule->subject == SUBJECT_ROW_PERIOD) {
		*slot = 1;
		return 1;
	}
	for (int32_t i = 0; i < rule->nkeys; i++)
		if (rule->key[i].expr->type.kind == TYPE_PERIOD) {
			*slot = i;
			n++;
		}
	return n;
}

/* The period that figures are told apart by: the one before it makes the trend. */
static int32_t period_slot(const MeasureWork *work)
{
	int32_t slot = -1;
	if (work->subject.window_key >= 0)
		return work->subject.window_key;
	return count_periods(work, &slot) == 1 ? slot : -1;
}

/* S6: `quarter.last`, as if it had been written. */
static Expr *last_day(Checker *c, MeasureWork *work)
{
	const Rule *rule = &work->subject.out;
	Span at = work->subject.ast->name_at;
	Ast name = {.kind = AST_NAME, .at = at, .name_at = at};
	Ast last = {.kind = AST_DOT, .at = at, .name_at = at, .a = &name, .text = STR("last")};
	name.text = rule->subject == SUBJECT_ROW_PERIOD ? c->calendar.at[rule->calendar].decl.name
		: rule->key[work->out.period_key].name;
	return check_date(c, &work->subject.scope, &last);
}

/* Law 6: without a period only the author can say which day's figures hold. */
static Expr *date_clause(Checker *c, MeasureWork *work)
{
	const Ast *ast = work->subject.ast, *on = clause(c, ast, AST_ON);
	if (on != NULL)
		return check_date(c, &work->subject.scope, on->a);
	if (work->out.period_key >= 0)
		return last_day(c, work);
	DiagRef diag = diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at,
		"the %s does not say on which date it stands", ast_word(ast->kind));
	diag_help(diag, "write `on` and a date; only one with a single period has its last day");
	return expr_error(c, ast->at);
}

/* ---- the figure */

/* Dates and codes have no target, no difference and no trend. */
static Expr *figure_value(Checker *c, MeasureWork *work, const Ast *ast)
{
	Expr *out = check_expr(c, &work->subject.scope, ast, NULL);
	if (is_error(out) || is_quantity(out))
		return out;
	DiagRef diag = diag_add(c->diags, DIAG_TYPE_MISMATCH, out->at, "a figure is a quantity");
	diag_here(diag, "this is %.*s", STR_ARG(phrase(c, out->type)));
	return expr_error(c, out->at);
}

/* Every part has a column of its own in the results. */
static void part_name(Checker *c, const MeasurePart *part, int32_t n, const Ast *ast)
{
	for (int32_t i = 0; i < n; i++) {
		if (!str_eq(part[i].name, ast->text))
			continue;
		DiagRef diag = diag_add(c->diags, DIAG_DUPLICATE, ast->name_at,
			"two parts are called %.*s", STR_ARG(ast->text));
		diag_label(diag, part[i].at, "the first is here");
	}
}

/* The figure is their sum, so they must be of one unit; build_sum says where they are not. */
static Expr *sum_of_parts(Checker *c, MeasureWork *work)
{
	LIST(MeasurePart) list = {0};
	Expr *sum = NULL;
	for (const Ast *item = work->subject.ast->items; item != NULL; item = item->next) {
		if (item->kind != AST_PART)
			continue;
		part_name(c, list.at, list.n, item);
		Expr *value = figure_value(c, work, item->a);
		*list_push(c, &list) = (MeasurePart){item->text, value, item->at};
		if (sum == NULL || is_error(sum) || is_error(value))
			sum = sum == NULL ? value : expr_error(c, item->at);
		else
			sum = build_sum(c, false, sum, value, item->at);
	}
	work->out.part = list.at;
	work->out.nparts = list.n;
	return sum;
}

/* One or the other: a figure beside parts could say something else than their sum. */
static Expr *figure_clause(Checker *c, MeasureWork *work)
{
	const Ast *ast = work->subject.ast, *figure = clause(c, ast, AST_FIGURE);
	Expr *parts = sum_of_parts(c, work);
	if (figure != NULL && parts != NULL) {
		DiagRef diag = diag_add(c->diags, DIAG_CLAUSE_TWICE, figure->at,
			"the figure is the sum of its parts already");
		diag_label(diag, work->out.part[0].at, "the first part is here");
		return expr_error(c, figure->at);
	}
	if (parts != NULL)
		return parts;
	if (figure != NULL)
		return figure_value(c, work, figure->a);
	diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at, "the %s has no figure",
		ast_word(ast->kind)), "write `figure`, or `part` for each sum that makes it up");
	return expr_error(c, ast->at);
}

/* ---- what the contract says of it */

/* `assumed` behind a target is about that target alone (law 11). */
static Str assumed_of(const Ast *clause)
{
	return clause->b != NULL && clause->b->kind == AST_ASSUMED && clause->b->a != NULL
		? clause->b->a->text : (Str){NULL, 0};
}

/* A quotient of counts that is held against a percentage is shown as one too. */
static void show_as(Expr *figure, Expr *slot, const Expr *other)
{
	if (other->type.kind != TYPE_QUANTITY || other->type.form != FORM_PERCENT ||
			slot->type.form != FORM_NUMBER || !unit_none(slot->type.unit))
		return;
	figure->type.form = slot->type.form = FORM_PERCENT;
}

/* As behind `is`, with the figure in the place of the value. */
static Expr *test_clause(Checker *c, MeasureWork *work, AstKind kind, Expr *slot, Str *assumed)
{
	const Ast *ast = clause(c, work->subject.ast, kind);
	if (ast == NULL)
		return NULL;
	Expr *out = check_test(c, &work->subject.scope, slot, ast->a);
	*assumed = assumed_of(ast);
	if (!is_error(out) && out->op == EXPR_COMPARE)
		show_as(work->out.figure, slot, out->arg[1]);
	return out;
}

/* S98: a figure that meets the target and fails would have two statuses. */
static void check_both_hold(Checker *c, const Measure *measure)
{
	const Expr *target = measure->target, *fails = measure->fails;
	if (target == NULL || fails == NULL || is_error(target) || is_error(fails) ||
			conditions_overlap(c, target, fails) != OVERLAP_YES)
		return;
	DiagRef diag = diag_add(c->diags, DIAG_TARGET_FAILS, fails->at,
		"a figure can meet the target and fail at once");
	diag_label(diag, target->at, "the target");
	diag_help(diag, "between the two a figure is one to watch, so they may leave a gap");
}

/* Rows of the group; S85: `5 awards` counts rows of award, and of nothing else. */
static Expr *needs_clause(Checker *c, MeasureWork *work)
{
	const Ast *needs = clause(c, work->subject.ast, AST_NEEDS);
	const Rule *rule = &work->subject.out;
	if (needs == NULL)
		return NULL;
	if (rule->subject != SUBJECT_GROUP) {
		diag_help(diag_add(c->diags, DIAG_KPI_CLAUSE, needs->at,
			"only a kpi for groups has rows that can be counted"), "leave `needs` out");
		return NULL;
	}
	Str rows = c->dataset.at[rule->dataset].decl.name;
	const Ast *noun = needs->a->kind == AST_MEASURE_OF ? needs->a->items->a : NULL;
	if (noun != NULL && !noun_counts(noun->text, rows)) {
		diag_help(diag_add(c->diags, DIAG_KPI_CLAUSE, needs->a->at,
			"the group has rows of %.*s", STR_ARG(rows)), "count those");
		return NULL;
	}
	return check_typed(c, &work->subject.scope, needs->a,
		type_quantity((Unit){{0}}, FORM_COUNT, 1), "the least number of rows");
}

/* Said at the place of the clause: the aggregate is written by nobody. */
static Expr *compare_aggregate(Checker *c, MeasureWork *work, const Ast *clause, Str word,
	Symbol *dataset)
{
	Ast name = {.kind = AST_NAME, .text = dataset->name, .at = clause->a->at,
		.name_at = clause->a->at};
	Ast call = {.kind = AST_AGGREGATE, .text = word, .text2 = dataset->name, .b = &name,
		.c = clause->b, .at = clause->at, .name_at = clause->a->at};
	if (str_eq(word, STR("only_value")))
		call.a = clause->a;
	return check_aggregate(c, &work->subject.scope, &call);
}

/* S72, S99: the dataset's name is the row, and the condition must pick one. */
static void compare_clause(Checker *c, MeasureWork *work, Expr *slot)
{
	const Ast *compare = clause(c, work->subject.ast, AST_COMPARE);
	Measure *out = &work->out;
	if (compare == NULL)
		return;
	Symbol *symbol = dataset_named(c, &work->subject.scope, compare->a);
	if (symbol == NULL) {
		diag_help(diag_add(c->diags, DIAG_NOT_ROWS, compare->a->at,
			"this names no dataset with the provider's own figure"),
			"write compare DATASET.FIELD where …");
		return;
	}
	out->reported_rows = compare_aggregate(c, work, compare, STR("count"), symbol);
	out->reported = compare_aggregate(c, work, compare, STR("only_value"), symbol);
	if (is_error(out->reported))
		return;
	if (!is_quantity(out->reported) || !unit_same(out->reported->type.unit, slot->type.unit)) {
		DiagRef diag = diag_add(c->diags, DIAG_COMPARE_UNITS, compare->a->at,
			"this cannot stand beside the figure");
		diag_here(diag, "this is %.*s", STR_ARG(phrase(c, out->reported->type)));
		diag_label(diag, out->figure->at, "this is %.*s", STR_ARG(phrase(c, slot->type)));
		return;
	}
	show_as(out->figure, slot, out->reported);
}

/* A measure has no status. A kpi with neither line would have none either. */
static void kpi_clauses(Checker *c, const MeasureWork *work)
{
	const Ast *ast = work->subject.ast;
	bool lines = false;
	for (const Ast *item = ast->items; item != NULL; item = item->next) {
		bool line = item->kind == AST_TARGET || item->kind == AST_FAILS;
		lines |= line;
		if (!work->out.kpi && (line || item->kind == AST_NEEDS || item->kind == AST_COMPARE))
			diag_help(diag_add(c->diags, DIAG_KPI_CLAUSE, item->at, "a measure has no `%s`",
				ast_word(item->kind)), "write kpi in place of measure");
	}
	if (work->out.kpi && !lines)
		diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at,
			"the kpi has neither a target nor a failure line"),
			"write `target` or `fails`, or make it a measure");
}

/* ---- the whole */

/* The figure has a slot behind all that its own expressions bind. */
static void check_clauses(Checker *c, MeasureWork *work)
{
	Measure *out = &work->out;
	RuleWork *subject = &work->subject;
	const Ast *applies = clause(c, subject->ast, AST_APPLIES_WHEN);
	subject->out.provider = rule_provider(c, subject);
	subject->out.on = date_clause(c, work);
	if (applies != NULL)
		subject->out.applies = check_condition(c, &subject->scope, applies->a);
	warn_never(c, subject->out.applies, "`applies when`");
	warn_never(c, subject->out.filter, "the condition");
	out->figure = figure_clause(c, work);
	if (is_error(out->figure))
		return;
	Expr *slot = expr_new(c, EXPR_SLOT, out->figure->type, out->figure->at, 0, NULL);
	slot->ref = out->figure_slot = subject->scope.nslots++;
	if (!out->kpi)
		return;
	out->target = test_clause(c, work, AST_TARGET, slot, &out->target_assumed);
	out->fails = test_clause(c, work, AST_FAILS, slot, &out->fails_assumed);
	check_both_hold(c, out);
	out->needs = needs_clause(c, work);
	compare_clause(c, work, slot);
}

/* In error it is kept all the same, so that the numbers of those behind it stay right. */
void check_measure(Checker *c, const Ast *ast)
{
	MeasureWork work = {.out = {.kpi = ast->kind == AST_KPI, .window = 1}};
	subject_begin(c, ast, &work.subject);
	subject_check(c, &work.subject);
	work.out.window_key = work.subject.window_key;
	work.out.window = work.out.window_key >= 0 ? work.subject.window : 1;
	work.out.period_key = work.subject.bad ? -1 : period_slot(&work);
	kpi_clauses(c, &work);
	if (!work.subject.bad)
		check_clauses(c, &work);
	subject_close(c, &work.subject);
	work.out.rule = work.subject.out;
	*list_push(c, &c->measure) = work.out;
	*list_push(c, &c->measure_tested) = false;
}
