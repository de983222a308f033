/*
 * What is written with brackets: aggregates over rows, functions of the language, and roundings,
 * tables and functions of the contract's own.
 *
 * An aggregate comes in three spellings, brought to one form here:
 *
 *   any(s in provision.submissions where s.week = week.first)    row named, condition
 *   total(log.spent for log in visit.logs where …)               value, row named
 *   count(award where award.won)   total(visit.declared)         row implied
 *
 * In the last one the dataset's own name stands for each of its rows (S72): of the whole dataset,
 * or, in a rule for groups, of the group under judgement.
 *
 * What each word asks of the value that it takes from a row is in one table; everything else
 * follows from that. The rows are worked out once and the parts for each row, with the row in a
 * slot of its own:
 *
 *   total(log.spent for log in visit.logs where log.spent is known)
 *
 *   AGGREGATE total   arg 0  rows    MATCHED visit.logs
 *     slot = log      arg 1  where   IS_KNOWN
 *                     arg 2  value   FIELD log.spent
 *                     arg 3  by      NULL: only first and last have an order
 *
 * What comes of rows with unknown parts, and of no rows at all, is settled where they are worked
 * out (S15, S16, S18).
 */
#include "dsl/checker.h"

#include <string.h>

#include "base/civil.h"

/* What an aggregate asks of the value that it takes from each row. */
typedef enum Needs {
	NEEDS_CONDITION,  /* a test of the row; may stand in the place of `where` */
	NEEDS_TEST,       /* a test apart from `where`: all, share */
	NEEDS_NOTHING,    /* count */
	NEEDS_SUM,        /* a quantity that can be added up */
	NEEDS_ORDER,      /* something with an order */
	NEEDS_ANY,        /* anything that can be compared */
	NEEDS_ROW_OR_ANY  /* first, last: the row itself when no value is named */
} Needs;

static const struct AggregateWord {
	const char *name;
	AggregateKind kind;
	Needs needs;
} aggregates[] = {
	{"any", AGG_ANY, NEEDS_CONDITION},
	{"none", AGG_NONE, NEEDS_CONDITION},
	{"all", AGG_ALL, NEEDS_TEST},
	{"count", AGG_COUNT, NEEDS_NOTHING},
	{"total", AGG_TOTAL, NEEDS_SUM},
	{"least", AGG_LEAST, NEEDS_ORDER},
	{"greatest", AGG_GREATEST, NEEDS_ORDER},
	{"average", AGG_AVERAGE, NEEDS_SUM},
	{"distinct", AGG_DISTINCT, NEEDS_ANY},
	{"first", AGG_FIRST, NEEDS_ROW_OR_ANY},
	{"last", AGG_LAST, NEEDS_ROW_OR_ANY},
	{"share", AGG_SHARE, NEEDS_TEST},
	{"only_value", AGG_ONLY_VALUE, NEEDS_ANY},
	{"list", AGG_LIST, NEEDS_ANY},
};

/* least and greatest stand in both lists: of one argument they are aggregates, of several
 * functions. */
static const char *const functions[] = {
	"least", "greatest", "absolute", "overlap", "working_days_after", "days_in",
};

#define N_AGGREGATES (int)(sizeof aggregates / sizeof *aggregates)
#define N_FUNCTIONS (int)(sizeof functions / sizeof *functions)

/* Words that a contract cannot declare again, and that a misspelt call is compared with. Both
 * lists as one, so that neither declarations nor suggestions can forget half of them. */
const char *builtin_at(int i)
{
	if (i < N_AGGREGATES)
		return aggregates[i].name;
	return i - N_AGGREGATES < N_FUNCTIONS ? functions[i - N_AGGREGATES] : NULL;
}

/* Asked of every declaration and call; the list is short. */
bool builtin_name(Str name)
{
	const char *word;
	for (int i = 0; (word = builtin_at(i)) != NULL; i++)
		if (str_eq(name, str_of(word)))
			return true;
	return false;
}

/* NULL for everything that takes plain arguments only. */
static const struct AggregateWord *aggregate_word(Str name)
{
	for (int i = 0; i < N_AGGREGATES; i++)
		if (str_eq(name, str_of(aggregates[i].name)))
			return &aggregates[i];
	return NULL;
}

/* ---- aggregates */

/* The parts of one aggregate, whichever way it was written. */
typedef struct Parts {
	const struct AggregateWord *word;
	const Ast *ast;
	Expr *rows;
	Str name;          /* of the row */
	const Ast *where, *value, *by;
} Parts;

/* The word of the aggregate is in the message: what total cannot work on, first can. */
static Expr *row_value(Checker *c, const Parts *parts, const Ast *ast, const Expr *value)
{
	DiagRef diag = diag_add(c->diags, DIAG_TYPE_MISMATCH, value->at, "%s cannot work on %.*s",
		parts->word->name, STR_ARG(noun(c, value->type)));
	diag_here(diag, "this is %.*s", STR_ARG(phrase(c, value->type)));
	return expr_error(c, ast->at);
}

/* Codes, texts and rows have none: the order in which they were declared or stored means nothing
 * (S73, S74). */
static bool has_order(Type type)
{
	return type.kind == TYPE_QUANTITY || type.kind == TYPE_DATE || type.kind == TYPE_MOMENT ||
		type.kind == TYPE_CLOCK || type.kind == TYPE_PERIOD;
}

/* S78; the help names the two ways out, of which the first is nearly always meant. Denominators
 * from the data have no bound, and rounding on the way would depend on the order of rows (law
 * 8). */
static bool ratio_total(Checker *c, const Parts *parts, const Expr *value)
{
	if (!value->type.ratio)
		return false;
	DiagRef diag = diag_add(c->diags, DIAG_RATIO_SUM, value->at,
		"quotients cannot be added up before they are rounded");
	diag_label(diag, parts->ast->name_at, "adds up one quotient a row");
	diag_help(diag, "divide the totals, or put a named rounding round each quotient");
	return true;
}

/* S92: the mean of rates weighs a five-minute call like a whole night. Only rates of money by
 * time, and only where the rows say how long: then there is a better figure. */
static void warn_average(Checker *c, const Parts *parts, const Expr *value)
{
	const DatasetInfo *info = &c->info.at[parts->rows->type.ref];
	Unit rate = unit_over(unit_of(DIM_MONEY), unit_of(DIM_TIME));
	if (parts->word->kind != AGG_AVERAGE || !unit_same(value->type.unit, rate))
		return;
	for (int32_t i = 0; i < info->field.n; i++) {
		const Field *field = &info->field.at[i];
		if (field->type.kind != TYPE_QUANTITY ||
				!unit_same(field->type.unit, unit_of(DIM_TIME)))
			continue;
		DiagRef diag = diag_add(c->diags, DIAG_W_AVERAGE_RATE, parts->ast->at,
			"this average of rates gives every row the same weight");
		diag_help(diag, "for the rate that was paid, divide the total of the money by the total "
			"of %.*s", STR_ARG(field->name));
		return;
	}
}

/* Conditions, sums and the rest each complain in their own words before the aggregate is built.
 * Rows of rows are refused here: nothing can be said of a collection taken from each row. */
static Expr *check_value(Checker *c, Scope *scope, const Parts *parts)
{
	if (parts->word->needs == NEEDS_TEST)
		return check_condition(c, scope, parts->value);
	Expr *value = check_expr(c, scope, parts->value, NULL);
	if (is_error(value))
		return value;
	bool fits = value->type.kind != TYPE_ROWS;
	if (parts->word->needs == NEEDS_SUM)
		fits = is_quantity(value);
	else if (parts->word->needs == NEEDS_ORDER)
		fits = has_order(value->type);
	if (!fits)
		return row_value(c, parts, parts->value, value);
	if (parts->word->needs == NEEDS_SUM && ratio_total(c, parts, value))
		return expr_error(c, value->at);
	warn_average(c, parts, value);
	return value;
}

/* Whole and not below zero (S85). */
static Type count_type(void)
{
	return type_quantity((Unit){{0}}, FORM_COUNT, 1);
}

/* Averages and shares are quotients of two figures from the data; all else keeps the type of its
 * value. A share is a percentage (S76), an average of counts a plain number. */
static Type aggregate_type(AggregateKind kind, const Expr *rows, const Expr *value)
{
	Type type = value != NULL ? value->type : type_ref(TYPE_ROW, rows->type.ref);
	switch (kind) {
	case AGG_ANY:
	case AGG_NONE:
	case AGG_ALL: return type_of(TYPE_YES_NO);
	case AGG_COUNT:
	case AGG_DISTINCT: return count_type();
	case AGG_AVERAGE:
	case AGG_SHARE:
		if (kind == AGG_SHARE)
			type = type_quantity((Unit){{0}}, FORM_PERCENT, 1);
		if (type.form == FORM_COUNT)
			type.form = FORM_NUMBER;
		type.ratio = true;
		type.scale = 1;
		return type;
	case AGG_LIST: return type_of(TYPE_TEXT);
	case AGG_TOTAL:
	case AGG_LEAST:
	case AGG_GREATEST:
	case AGG_FIRST:
	case AGG_LAST:
	case AGG_ONLY_VALUE: break;
	}
	return type;
}

/* S2: inside a group rule, a define that reaches dated things and has no date of its own is
 * worked out under the group's date for every row. A define with an `on` of its own is not dated
 * to its users, so the search passes it by. */
static const Expr *undated_define(const Expr *expr)
{
	if (expr == NULL || !expr->dated)
		return NULL;
	if (expr->op == EXPR_DERIVED)
		return expr;
	if (expr->op == EXPR_IN_FORCE && expr->arg[0] != NULL && expr->arg[0]->op == EXPR_DERIVED)
		return expr->arg[0];
	for (int32_t i = 0; i < expr->nargs; i++) {
		const Expr *found = undated_define(expr->arg[i]);
		if (found != NULL)
			return found;
	}
	return NULL;
}

/* The one place where S2 can bite: a sum over rows of a group, of something whose law is picked
 * by date. A define with a date of its own is out of it. */
static void warn_group_law(Checker *c, const Scope *scope, const Parts *parts, const Expr *value)
{
	const Expr *derived = scope->group >= 0 && parts->word->needs == NEEDS_SUM
		? undated_define(value) : NULL;
	if (derived == NULL)
		return;
	const Define *define = &c->define.at[derived->ref];
	DiagRef diag = diag_add(c->diags, DIAG_W_GROUP_LAW, derived->at,
		"each row's %.*s is worked out under the date of the group", STR_ARG(define->decl.name));
	diag_label(diag, define->decl.name_at, "reaches figures that change by date, and has no `on`");
	diag_help(diag, "give the define an `on` with the row's own date");
}

/* The row has its slot and name only while its parts are checked; the name is free again behind
 * the bracket, the slot is not, so that nested aggregates never share one. S79: sums run in 128
 * bits and are tested at the end, so a total can fault even where no value does. */
static Expr *aggregate_expr(Checker *c, Scope *scope, const Parts *parts)
{
	int32_t mark = scope->name.n;
	Expr *slot = scope_slot(c, scope, parts->name, type_ref(TYPE_ROW, parts->rows->type.ref));
	Expr *where = parts->where != NULL ? check_condition(c, scope, parts->where) : NULL;
	Expr *value = parts->value != NULL ? check_value(c, scope, parts) : NULL;
	Expr *by = parts->by != NULL ? check_expr(c, scope, parts->by, NULL) : NULL;
	scope->name.n = mark;
	if (by != NULL && !is_error(by) && !has_order(by->type))
		by = row_value(c, parts, parts->by, by);
	if ((where != NULL && is_error(where)) || (value != NULL && is_error(value)) ||
			(by != NULL && is_error(by)))
		return expr_error(c, parts->ast->at);
	warn_group_law(c, scope, parts, value);
	Expr *arg[] = {parts->rows, where, value, by};
	AggregateKind kind = parts->word->kind;
	Expr *out = expr_new(c, EXPR_AGGREGATE, aggregate_type(kind, parts->rows, value),
		parts->ast->at, 4, arg);
	out->how = (uint8_t)kind;
	out->ref = slot->ref;
	out->can_fault |= kind == AGG_TOTAL || kind == AGG_AVERAGE;
	return out;
}

/* Said with the whole form of the call, since the part that is missing has no place of its own. */
static Expr *missing_part(Checker *c, const Parts *parts, const char *what, const char *help)
{
	DiagRef diag = diag_add(c->diags, DIAG_CLAUSE_MISSING, parts->ast->at, "%s needs %s",
		parts->word->name, what);
	diag_help(diag, "write %s", help);
	return expr_error(c, parts->ast->at);
}

/*
 * Puts a condition where the kind wants it, and sees that nothing is missing.
 *
 *   any(x in R where c)    the condition is in `where` already
 *   any(visit.late)        the only part is the condition: moved from value to where
 *   share(x in R where c)  the condition is the value: how many of the rows, not which rows
 */
static Expr *finish_aggregate(Checker *c, Scope *scope, Parts *parts)
{
	Needs needs = parts->word->needs;
	AggregateKind kind = parts->word->kind;
	if (needs == NEEDS_CONDITION && parts->where == NULL) {
		parts->where = parts->value;
		parts->value = NULL;
	}
	if (kind == AGG_SHARE && parts->value == NULL) {
		parts->value = parts->where;
		parts->where = NULL;
	}
	if (needs == NEEDS_CONDITION && parts->value != NULL)
		return missing_part(c, parts, "one condition", "any(x in … where CONDITION)");
	if (needs == NEEDS_TEST && parts->value == NULL)
		return missing_part(c, parts, "a condition for each row",
			kind == AGG_ALL ? "all(CONDITION for x in …)" : "share(x in … where CONDITION)");
	if (needs == NEEDS_NOTHING && parts->value != NULL)
		return missing_part(c, parts, "rows alone", "count(x in … where CONDITION)");
	if (needs != NEEDS_TEST && needs > NEEDS_NOTHING && needs != NEEDS_ROW_OR_ANY &&
			parts->value == NULL)
		return missing_part(c, parts, "a value from each row", "total(x.FIELD for x in …)");
	if (needs == NEEDS_ROW_OR_ANY && parts->by == NULL)
		return missing_part(c, parts, "an order", "first(x in … by x.FIELD)");
	if (kind == AGG_LIST && !scope->message) {
		diag_add(c->diags, DIAG_AGGREGATE_ONLY, parts->ast->at,
			"list can only stand in the braces of a message");
		return expr_error(c, parts->ast->at);
	}
	return aggregate_expr(c, scope, parts);
}

/* The dataset whose rows an expression speaks of without naming them: total(visit.declared).
 * Looks no deeper than expressions are checked. Left to right: the first dataset that is named is
 * the one whose rows are meant. A second one is checked as a row's field would be, and complained
 * of there. */
static Symbol *implied_dataset(Checker *c, const Scope *scope, const Ast *ast, int depth)
{
	if (ast == NULL || depth > LIMIT_NESTING)
		return NULL;
	if (ast->kind == AST_NAME && scope_find(scope, ast->text) == NULL)
		return symbol_of(c, ast->text, SYM_DATASET);
	const Ast *part[] = {ast->a, ast->b, ast->c, ast->d};
	Symbol *found = NULL;
	if (bank_rows(c, scope, ast, &found))
		return found != NULL && scope_find(scope, found->name) == NULL ? found : NULL;
	for (int i = 0; i < 4 && found == NULL; i++)
		found = implied_dataset(c, scope, part[i], depth + 1);
	for (const Ast *item = ast->items; item != NULL && found == NULL; item = item->next)
		found = implied_dataset(c, scope, item, depth + 1);
	return found;
}

Symbol *dataset_named(Checker *c, const Scope *scope, const Ast *ast)
{
	return implied_dataset(c, scope, ast, 0);
}

/* Brackets round the only argument change nothing. */
static const Ast *bare(const Ast *ast)
{
	while (ast != NULL && ast->kind == AST_BRACKETS)
		ast = ast->a;
	return ast;
}

/* The leftmost name of a chain of dots. Dots and brackets, in any mixture. */
static const Ast *root_of(const Ast *ast)
{
	while (ast->kind == AST_DOT)
		ast = bare(ast->a);
	return ast;
}

/* count(visit.logs where …): a chain that starts from a name in sight and leads to rows. A name
 * that the rule itself binds is a row or a value, and only a dot behind it can lead to rows. */
static bool is_collection(Checker *c, Scope *scope, const Ast *ast)
{
	const Ast *root = root_of(ast);
	Symbol *rows;
	if (bank_rows(c, scope, ast, &rows))
		return rows != NULL && scope_find(scope, rows->name) == NULL;
	if (ast->kind == AST_NAME)
		return scope_find(scope, ast->text) == NULL &&
			symbol_of(c, ast->text, SYM_DATASET) != NULL;
	const Binding *binding = root->kind == AST_NAME ? scope_find(scope, root->text) : NULL;
	return ast->kind == AST_DOT && binding != NULL;
}

/* In a rule for each visit, `visit` is one row; whoever writes count(visit) there wants another
 * collection, and has to name it. */
static Expr *no_rows(Checker *c, const Scope *scope, const Parts *parts, const Ast *inner)
{
	DiagRef diag = diag_add(c->diags, DIAG_NOT_ROWS, inner->at,
		"%s needs rows to work on", parts->word->name);
	const Ast *root = root_of(inner);
	if (root->kind == AST_NAME && scope_find(scope, root->text) != NULL)
		diag_note(diag, "%.*s is one row here", STR_ARG(root->text));
	diag_help(diag, "name the row and say where it comes from: %s(… for x in …)",
		parts->word->name);
	return expr_error(c, parts->ast->at);
}

/* Without a condition nothing speaks of the row, so its name cannot be taken for another. S72:
 * with a condition, the row's name must be free, or `visit` would mean two rows in one line. */
static bool row_name_free(Checker *c, const Scope *scope, Parts *parts, Span at)
{
	if (parts->where == NULL) { /* nothing speaks of the row */
		parts->name = STR("");
		return true;
	}
	if (scope_find(scope, parts->name) == NULL)
		return true;
	scope_fresh(c, scope, parts->name, at, parts->rows->type.ref);
	return false;
}

/* Without `for x in`: the rows are a dataset's (or the group's), or a collection that is named.
 * Three cases: a collection, a dataset somewhere in the value, neither. The last is checked as a
 * value all the same, so that its own mistakes are told first. */
static Expr *implied_aggregate(Checker *c, Scope *scope, Parts *parts, const Ast *inner)
{
	inner = bare(inner);
	Symbol *symbol = NULL;
	if (is_collection(c, scope, inner)) {
		parts->rows = check_expr(c, scope, inner, NULL);
		if (is_error(parts->rows))
			return expr_error(c, parts->ast->at);
		if (parts->rows->type.kind != TYPE_ROWS)
			return no_rows(c, scope, parts, inner);
		parts->name = c->dataset.at[parts->rows->type.ref].decl.name;
		if (!row_name_free(c, scope, parts, inner->at))
			return expr_error(c, parts->ast->at);
		return finish_aggregate(c, scope, parts);
	}
	symbol = implied_dataset(c, scope, inner, 0);
	if (symbol == NULL) {
		Expr *value = check_expr(c, scope, inner, NULL);
		return is_error(value) ? expr_error(c, parts->ast->at) : no_rows(c, scope, parts, inner);
	}
	Ast name = {.kind = AST_NAME, .text = symbol->name, .at = inner->at, .name_at = inner->at};
	parts->rows = check_rows(c, scope, &name);
	parts->name = symbol->name;
	parts->value = inner;
	return finish_aggregate(c, scope, parts);
}

/* `where` and `in` behind a name that is no aggregate: the name is misspelt, or the function has
 * no rows. `where` and `in` are what makes the grammar call it an aggregate, whatever the name. */
Expr *check_aggregate(Checker *c, Scope *scope, const Ast *ast)
{
	Parts parts = {.word = aggregate_word(ast->text), .ast = ast, .where = ast->c, .by = ast->d};
	if (parts.word == NULL) {
		Nearest nearest;
		/* Spreadsheets call it sum, and no spelling leads from there to total. */
		nearest_start(&nearest, str_eq(ast->text, STR("sum")) ? STR("total") : ast->text);
		for (int i = 0; i < N_AGGREGATES; i++)
			nearest_try(&nearest, str_of(aggregates[i].name));
		suggest_best(diag_add(c->diags, DIAG_AGGREGATE_ONLY, ast->name_at,
			"%.*s has no rows to speak of: `where` and `in` stand in aggregates only",
			STR_ARG(ast->text)), &nearest);
		return expr_error(c, ast->at);
	}
	if (ast->b == NULL)
		return implied_aggregate(c, scope, &parts, ast->a);
	parts.rows = check_rows(c, scope, ast->b);
	if (is_error(parts.rows))
		return expr_error(c, ast->at);
	parts.name = ast->text2;
	parts.value = ast->a;
	scope_fresh(c, scope, ast->text2, span_of(c, ast->text2, ast->at), parts.rows->type.ref);
	return finish_aggregate(c, scope, &parts);
}

/* ---- functions */

/* As many as LIMIT_ARGUMENTS; count_arguments has refused more. */
typedef struct Arguments {
	Expr *at[LIMIT_ARGUMENTS];
	int32_t n;
	bool bad;
} Arguments;

/* Too many and too few are told apart by the number that is named. Asked before the arguments are
 * checked: with the wrong number of them their types mean little. */
static bool count_arguments(Checker *c, const Ast *ast, int32_t least, int32_t most)
{
	int32_t n = 0;
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		n++;
	if (n >= least && n <= most)
		return true;
	diag_add(c->diags, DIAG_ARGUMENT_COUNT, ast->at, "%.*s takes %d argument%s, not %d",
		STR_ARG(ast->text), (int)(n < least ? least : most),
		(n < least ? least : most) == 1 ? "" : "s",
		(int)n);
	return false;
}

/* 1,200 is one number in the whole language; in a list of arguments the author may have meant
 * two. */
static void warn_comma(Checker *c, const Ast *item)
{
	if (item->kind != AST_NUMBER || memchr(item->text.ptr, ',', item->text.len) == NULL)
		return;
	DiagRef diag = diag_add(c->diags, DIAG_W_LIST_NUMBER, item->at,
		"%.*s is read as one number", STR_ARG(item->text));
	diag_help(diag, "put a blank behind the comma to make two of it");
}

/* All of them are checked even if one is wrong, so that one run names every slip. want: the type
 * of each, for codes; NULL when any will do. */
static void check_arguments(Checker *c, Scope *scope, const Ast *ast, const Type *want,
	Arguments *out)
{
	*out = (Arguments){.n = 0};
	const Ast *item = ast->items;
	for (; item != NULL && out->n < LIMIT_ARGUMENTS; item = item->next) {
		warn_comma(c, item);
		Expr *expr = check_expr(c, scope, item, want != NULL ? &want[out->n] : NULL);
		out->bad |= is_error(expr);
		out->at[out->n++] = expr;
	}
}

/* least and greatest of several values; of rows they are aggregates. An unknown argument makes
 * the result unknown. Periods are left out: which of two weeks is the lesser is asked of their
 * first days. */
static Expr *extreme(Checker *c, Scope *scope, const Ast *ast, ExprOp op)
{
	Arguments args;
	if (!count_arguments(c, ast, 2, LIMIT_ARGUMENTS))
		return expr_error(c, ast->at);
	check_arguments(c, scope, ast, NULL, &args);
	Type type = args.bad ? type_of(TYPE_ERROR) : join(c, args.at, args.n, ast->at);
	if (type.kind == TYPE_ERROR)
		return expr_error(c, ast->at);
	if (!has_order(type) || type.kind == TYPE_PERIOD) {
		DiagRef diag = diag_add(c->diags, DIAG_NO_ORDER, ast->at, "these have no order");
		diag_label(diag, args.at[0]->at, "this is %.*s", STR_ARG(phrase(c, type)));
		return expr_error(c, ast->at);
	}
	return expr_new(c, op, type, ast->at, args.n, args.at);
}

/* For differences in either direction: the unit stays. The size of a count is a count; of money,
 * money. */
static Expr *absolute(Checker *c, Scope *scope, const Ast *ast)
{
	if (!count_arguments(c, ast, 1, 1))
		return expr_error(c, ast->at);
	Expr *arg = check_expr(c, scope, ast->items, NULL);
	if (is_error(arg))
		return expr_error(c, ast->at);
	if (!is_quantity(arg)) {
		DiagRef diag = diag_add(c->diags, DIAG_TYPE_MISMATCH, arg->at,
			"only a quantity has a size");
		diag_here(diag, "this is %.*s", STR_ARG(phrase(c, arg->type)));
		return expr_error(c, ast->at);
	}
	return expr_1(c, EXPR_ABSOLUTE, arg->type, ast->at, arg);
}

/* Elapsed time of begin to end that lies within a band of clock times on every day it touches:
 * night hours of a sleep-in. S42: a band whose end is the earlier clock time runs over midnight.
 * Elapsed time (law 9), so a band over the autumn change is an hour longer. */
static Expr *overlap(Checker *c, Scope *scope, const Ast *ast)
{
	Type want[] = {type_of(TYPE_MOMENT), type_of(TYPE_MOMENT), type_of(TYPE_CLOCK),
		type_of(TYPE_CLOCK)};
	Arguments args;
	if (!count_arguments(c, ast, 4, 4))
		return expr_error(c, ast->at);
	check_arguments(c, scope, ast, want, &args);
	for (int32_t i = 0; i < 4; i++)
		args.bad |= !need_type(c, args.at[i], want[i], NULL);
	return args.bad ? expr_error(c, ast->at) : expr_new(c, EXPR_OVERLAP,
		type_quantity(unit_of(DIM_TIME), FORM_NUMBER, 1), ast->at, 4, args.at);
}

/* The calendar says which days are not worked besides Saturdays and Sundays; one calendar for
 * each nation. The number must be a whole one, so half days cannot be asked for. The day counted
 * from is not itself counted. */
static Expr *working_days(Checker *c, Scope *scope, const Ast *ast)
{
	if (!count_arguments(c, ast, 3, 3))
		return expr_error(c, ast->at);
	const Ast *second = ast->items->next, *third = second->next;
	Expr *date = check_date(c, scope, ast->items);
	Expr *days = check_typed(c, scope, second, count_type(), "the number of working days");
	Symbol *calendar = third->kind == AST_NAME ? symbol_of(c, third->text, SYM_CALENDAR) : NULL;
	if (calendar == NULL || c->calendar.at[calendar->index].kind != CALENDAR_DATES) {
		diag_add(c->diags, DIAG_TYPE_MISMATCH, third->at,
			"the days that are not worked must be a calendar of dates");
		return expr_error(c, ast->at);
	}
	calendar->used = true;
	if (is_error(date) || is_error(days))
		return expr_error(c, ast->at);
	Texts texts;
	Expr *arg[LIMIT_VERSIONS + 1] = {NULL}, *day = build_day(c, date);
	symbol_texts(c, calendar, &texts);
	if (!amend_use(c, calendar->name, calendar->life.from, texts.withdrawn, third->at))
		return expr_error(c, ast->at);
	for (int32_t i = 0; i < texts.n; i++) {
		if (texts.at[i] < 0)
			continue;
		arg[i] = expr_2(c, EXPR_WORKING_DAYS_AFTER, type_of(TYPE_DATE), ast->at, day, days);
		arg[i]->ref = c->symbol.at[texts.at[i]].index;
	}
	return in_force_expr(c, "calendar", calendar->name, arg,
		&texts, ast->at);
}

/* days_in(week, a, b): the days of the week within a to b, both in (S48). For those who pro-rate:
 * nothing does so by itself. */
static Expr *days_in(Checker *c, Scope *scope, const Ast *ast)
{
	if (!count_arguments(c, ast, 3, 3))
		return expr_error(c, ast->at);
	Expr *period = check_expr(c, scope, ast->items, NULL);
	Expr *from = check_date(c, scope, ast->items->next);
	Expr *to = check_date(c, scope, ast->items->next->next);
	if (is_error(period) || is_error(from) || is_error(to))
		return expr_error(c, ast->at);
	if (period->type.kind != TYPE_PERIOD) {
		DiagRef diag = diag_add(c->diags, DIAG_TYPE_MISMATCH, period->at,
			"a period is needed here");
		diag_here(diag, "this is %.*s", STR_ARG(phrase(c, period->type)));
		return expr_error(c, ast->at);
	}
	Expr *arg[] = {period, build_day(c, from), build_day(c, to)};
	Expr *out = expr_new(c, EXPR_PERIOD_PART, type_quantity(unit_of(DIM_DAY), FORM_NUMBER, 1),
		ast->at, 3, arg);
	out->how = PART_DAYS_IN;
	out->ref = period->type.ref;
	return out;
}

/* A rounding is for values of one kind, named when it was declared: the step of a duration means
 * nothing to money. Law 3: this is the one way for a figure to be rounded, and evidence shows
 * what it was before. Steps and result share the rounding's denominator; the argument keeps its
 * own. */
static Expr *round_text(Checker *c, const Ast *ast, Symbol *symbol, Expr *arg)
{
	int32_t index = rounding_index(c, symbol, ast->at);
	if (index < 0)
		return expr_error(c, ast->at);
	const Rounding *rounding = &c->rounding.at[index];
	bool clock = rounding->type.kind == TYPE_CLOCK && arg->type.kind == TYPE_MOMENT;
	if (symbol->again && !clock && !types_fit(c, rounding->type, arg->type))
		return expr_error(c, ast->at); /* of another type than its first text: told there */
	if (clock && HOUR_SECONDS % rounding->step != 0) {
		diag_label(diag_add(c->diags, DIAG_ROUNDING_KIND, arg->at,
			"a date with a time is rounded by steps of which whole ones make an hour"),
			rounding->decl.name_at, "this one has others");
		return expr_error(c, ast->at);
	}
	if (!clock && !types_fit(c, rounding->type, arg->type)) {
		DiagRef diag = diag_add(c->diags, DIAG_ROUNDING_KIND, arg->at, "%.*s rounds %.*s",
			STR_ARG(ast->text), STR_ARG(phrase(c, rounding->type)));
		diag_here(diag, "this is %.*s", STR_ARG(phrase(c, arg->type)));
		diag_label(diag, rounding->decl.name_at, "declared here");
		return expr_error(c, ast->at);
	}
	Type type = clock ? arg->type : rounding->type;
	type.form = arg->type.form == FORM_COUNT ? (uint8_t)FORM_NUMBER : type.form;
	Expr *out = expr_1(c, EXPR_ROUND, type, ast->at, arg);
	out->ref = index;
	return out;
}

/* Where an amendment replaced the rounding, the law date picks one. */
static Expr *round_call(Checker *c, Scope *scope, const Ast *ast, Symbol *symbol)
{
	Texts texts;
	Expr *out[LIMIT_VERSIONS + 1] = {NULL};
	Str name = symbol->name;
	symbol_texts(c, symbol, &texts);
	if (!amend_use(c, name, symbol->life.from, texts.withdrawn, ast->name_at) ||
			!count_arguments(c, ast, 1, 1))
		return expr_error(c, ast->at);
	Expr *arg = check_expr(c, scope, ast->items, NULL);
	for (int32_t i = 0; i < texts.n && !is_error(arg); i++)
		if (texts.at[i] >= 0)
			out[i] = round_text(c, ast, &c->symbol.at[texts.at[i]], arg);
	return is_error(arg) ? expr_error(c, ast->at) : in_force_expr(c,
		"rounding", name, out, &texts, ast->at);
}

/* An instance for the denominators of these arguments. Only denominators differ between
 * instances; the types are those declared, whatever the caller's. */
static Expr *template_text(Checker *c, const Ast *ast, int32_t template, const Arguments *args)
{
	Type type[LIMIT_ARGUMENTS];
	template_params(c, template);
	const Template *of = &c->template.at[template];
	if (of->failed || of->nparams != args->n)
		return expr_error(c, ast->at);
	for (int32_t i = 0; i < args->n; i++) {
		type[i] = of->param_type[i];
		type[i].scale = args->at[i]->type.scale;
		type[i].ratio = args->at[i]->type.ratio;
	}
	int32_t index = of->table ? table_instance(c, template, type, ast->at)
		: define_instance(c, template, type, ast->at);
	if (index < 0)
		return expr_error(c, ast->at);
	bool table = c->template.at[template].table;
	Expr *out = expr_new(c, table ? EXPR_TABLE : EXPR_CALL,
		table ? c->table.at[index].type : c->define.at[index].type, ast->at, args->n, args->at);
	out->ref = index;
	out->dated |= table ? c->table.at[index].dated : c->define.at[index].dated;
	out->can_fault |= table ? c->table.at[index].can_fault : c->define.at[index].can_fault;
	weigh(c, out, table ? c->table_cost.at[index] : c->define_cost.at[index]);
	return out;
}

/* A table or function of one's own; the inputs are those of its first text, and every other text
 * has the same ones. */
static Expr *template_call(Checker *c, Scope *scope, const Ast *ast, Symbol *symbol)
{
	int32_t template = symbol->index;
	Str name = symbol->name;
	Texts texts;
	Arguments args;
	Expr *out[LIMIT_VERSIONS + 1] = {NULL};
	template_texts(c, template, &texts);
	if (!amend_use(c, name, symbol->life.from, texts.withdrawn, ast->name_at))
		return expr_error(c, ast->at);
	template_params(c, template);
	const Template *of = &c->template.at[template];
	if (of->failed || !count_arguments(c, ast, of->nparams, of->nparams))
		return expr_error(c, ast->at);
	const Type *need = of->param_type;
	bool table = of->table;
	check_arguments(c, scope, ast, need, &args);
	for (int32_t i = 0; i < args.n; i++)
		args.bad |= !need_type(c, args.at[i], need[i], NULL);
	if (args.bad)
		return expr_error(c, ast->at);
	for (int32_t i = 0; i < texts.n; i++)
		if (texts.at[i] >= 0)
			out[i] = template_text(c, ast, texts.at[i], &args);
	return in_force_expr(c, table ? "table" : "define", name, out, &texts, ast->at);
}

/* Functions alone are suggested: a parameter with a similar name would not help behind a
 * bracket. */
static Expr *unknown_function(Checker *c, const Ast *ast)
{
	Nearest nearest;
	nearest_start(&nearest, ast->text);
	for (int i = 0; builtin_at(i) != NULL; i++)
		nearest_try(&nearest, str_of(builtin_at(i)));
	for (int32_t i = 0; i < c->symbol.n; i++)
		if (c->symbol.at[i].kind >= SYM_ROUNDING)
			nearest_try(&nearest, c->symbol.at[i].name);
	suggest_best(diag_add(c->diags, DIAG_UNKNOWN_NAME, ast->name_at, "no function is called %.*s",
		STR_ARG(ast->text)), &nearest);
	return expr_error(c, ast->at);
}

/* Names in sight that are no functions get a message of their own, since the author found the
 * name but not its use. Kinds of symbols are in such an order that SYM_ROUNDING and
 * those behind it can be called. */
static Expr *declared_call(Checker *c, Scope *scope, const Ast *ast)
{
	Symbol *symbol = symbol_find(c, ast->text);
	if (symbol == NULL && scope_find(scope, ast->text) == NULL)
		return unknown_function(c, ast);
	if (symbol == NULL || symbol->kind < SYM_ROUNDING) {
		diag_add(c->diags, DIAG_NOT_A_FUNCTION, ast->name_at, "%.*s is not a function",
			STR_ARG(ast->text));
		return expr_error(c, ast->at);
	}
	symbol->used = true;
	return symbol->kind == SYM_ROUNDING ? round_call(c, scope, ast, symbol)
		: template_call(c, scope, ast, symbol);
}

/* Words with several readings are settled by the number of arguments: least(a, b) against
 * least(visit.rate). The language's own names cannot be declared again (see symbol_add), so their
 * order here decides nothing else. */
Expr *check_call(Checker *c, Scope *scope, const Ast *ast)
{
	bool one = ast->items != NULL && ast->items->next == NULL;
	Parts parts = {.word = one ? aggregate_word(ast->text) : NULL, .ast = ast};
	if (parts.word != NULL)
		return implied_aggregate(c, scope, &parts, ast->items);
	if (str_eq(ast->text, STR("least")))
		return extreme(c, scope, ast, EXPR_LEAST);
	if (str_eq(ast->text, STR("greatest")))
		return extreme(c, scope, ast, EXPR_GREATEST);
	if (str_eq(ast->text, STR("absolute")))
		return absolute(c, scope, ast);
	if (str_eq(ast->text, STR("overlap")))
		return overlap(c, scope, ast);
	if (str_eq(ast->text, STR("working_days_after")))
		return working_days(c, scope, ast);
	if (str_eq(ast->text, STR("days_in")))
		return days_in(c, scope, ast);
	if (aggregate_word(ast->text) != NULL) {
		count_arguments(c, ast, 1, 1);
		return expr_error(c, ast->at);
	}
	return declared_call(c, scope, ast);
}
