/*
 * Expressions: literals, names, fields, operators. Each function takes a tree and gives a typed
 * node, or an error node after exactly one complaint.
 *
 * `want` goes down to where a bare word stands: `visit.outcome is delivered` hands the type of
 * visit.outcome to `delivered`, which is then read as one of its codes before anything else (S73).
 * Everything else is typed from the leaves up.
 *
 *   visit.rate * quarter_hour(visit.logged)
 *
 *   MULTIPLY       money                    n over Da * Db
 *     FIELD rate     money per hour           n over Da
 *     ROUND          duration                 n over Db
 *       DERIVED logged
 *
 * Names are looked for in one order everywhere: codes of the list that is wanted, names that the
 * rule binds, names that the contract declares. Errors are silent above the place where they were
 * told: one slip, one message.
 */
#include "dsl/checker.h"

#include <string.h>

/* Lists are at most a few dozen in practice and 250 by limit: searched. */
int32_t code_index(const CodeList *codes, Str name)
{
	for (int32_t i = 0; i < codes->n; i++)
		if (str_eq(codes->code[i], name))
			return i;
	return -1;
}

/* ---- literals */

/* More digits than 128 bits hold. A figure with so many digits is a slip of the keyboard, not a
 * sum of money. */
static Expr *bad_literal(Checker *c, Span at)
{
	diag_add(c->diags, DIAG_LITERAL_RANGE, at, "the number is too large to be held exactly");
	return expr_error(c, at);
}

/* What people write for a unit whose name is too far from it to be the nearest. Not taken as
 * units: in a contract that people sign, a unit is written out. */
static const char *unit_in_full(Str name)
{
	static const char *const words[][2] = {
		{"min", "minutes"}, {"mins", "minutes"}, {"hr", "hours"}, {"hrs", "hours"}, {"h", "hours"},
		{"sec", "seconds"}, {"secs", "seconds"}, {"wk", "weeks"}, {"wks", "weeks"},
		{"yr", "years"}, {"yrs", "years"}, {"km", "kilometres"},
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq(name, str_of(words[i][0])))
			return words[i][1];
	return NULL;
}

/* Units are ordinary names to the grammar; this is where they get their meaning. Singular and
 * plural are both tried: `hour` and `hours` are one unit. */
static const UnitWord *need_unit(Checker *c, const Ast *name)
{
	const UnitWord *word = unit_word(name->text);
	if (word != NULL)
		return word;
	Nearest nearest;
	nearest_start(&nearest, name->text);
	for (int i = 0; unit_word_at(i) != NULL; i++) {
		nearest_try(&nearest, str_of(unit_word_at(i)->one));
		nearest_try(&nearest, str_of(unit_word_at(i)->many));
	}
	DiagRef diag = diag_add(c->diags, DIAG_UNKNOWN_UNIT, name->at, "%.*s is not a unit",
		STR_ARG(name->text));
	if (unit_in_full(name->text) != NULL)
		diag_help(diag, "write %s", unit_in_full(name->text));
	else
		suggest_best(diag, &nearest);
	return NULL;
}

/* `per hour` turns a sum into a rate: £22.59 over 3,600 seconds, reduced. S84: exact, below a
 * penny too. `per week` is by the calendar week, because weeks are days and not hours. */
static Expr *per_unit(Checker *c, Expr *sum, const Ast *per, Span at)
{
	if (per == NULL || is_error(sum))
		return sum;
	const UnitWord *word = need_unit(c, per);
	Ratio value;
	if (word == NULL)
		return expr_error(c, at);
	if (!ratio_div(const_ratio(sum), word->factor, &value))
		return bad_literal(c, at);
	return expr_quantity(c, unit_over(sum->type.unit, unit_of(word->dim)), FORM_NUMBER, value, at);
}

/* Pence are hundredths of the base unit, so 70p and £0.70 are the same node. Law 1 from the first
 * step: no figure is ever held in anything but integers. */
static Expr *money_literal(Checker *c, const Ast *ast)
{
	Ratio value;
	if (!ratio_parse(ast->text, &value) ||
			(ast->how == 1 && !ratio_div(value, (Ratio){100, 1}, &value)))
		return bad_literal(c, ast->at);
	return per_unit(c, expr_quantity(c, unit_of(DIM_MONEY), FORM_NUMBER, value, ast->at), ast->a,
		ast->at);
}

/* Percentages are hundredths with a form of their own. S83: 5% is 1/20 that prints as a
 * percentage; 5% + 1 is told as a slip because of that form. */
static Expr *number_literal(Checker *c, const Ast *ast, Form form)
{
	Ratio value;
	if (!ratio_parse(ast->text, &value))
		return bad_literal(c, ast->at);
	if (form == FORM_PERCENT && !ratio_div(value, (Ratio){100, 1}, &value))
		return bad_literal(c, ast->at);
	return expr_quantity(c, (Unit){{0}}, form, value, ast->at);
}

/* 5 visits, 1 visit, 3 companies: as English makes them, no further. */
bool noun_counts(Str word, Str name)
{
	size_t stem = name.len;
	if (str_eq(word, name))
		return true;
	if (word.len == stem + 1 && word.ptr[stem] == 's')
		return memcmp(word.ptr, name.ptr, stem) == 0;
	return stem > 1 && name.ptr[stem - 1] == 'y' && word.len == stem + 2 &&
		memcmp(word.ptr, name.ptr, stem - 1) == 0 && memcmp(word.ptr + stem - 1, "ies", 3) == 0;
}

/* `5 awards`: a dataset's name, singular or plural, counts its rows (S85). A unit of the same
 * name goes first: `5 nights` are nights even where a dataset is called night. */
static bool count_noun(Checker *c, Str word)
{
	for (int32_t i = 0; i < c->dataset.n; i++)
		if (noun_counts(word, c->dataset.at[i].decl.name))
			return true;
	return false;
}

/* Rows come whole. */
static Expr *counted(Checker *c, const Ast *number)
{
	Expr *out = number_literal(c, number, FORM_COUNT);
	if (is_error(out) || (out->type.scale == 1 && out->n >= 0))
		return out;
	diag_add(c->diags, DIAG_TYPE_MISMATCH, number->at, "rows are counted in whole numbers");
	return expr_error(c, number->at);
}

/* 1 hour 30 minutes: parts of one dimension, added up. Calendar spans and elapsed time do not add
 * up (S35): `1 day 12 hours` is no quantity. */
static Expr *measure_literal(Checker *c, const Ast *ast)
{
	const Ast *part = ast->items;
	Ratio sum = {0, 1}, one;
	Dim dim = DIM_TIME;
	if (part->next == NULL && unit_word(part->a->text) == NULL && count_noun(c, part->a->text))
		return counted(c, part);
	for (; part != NULL; part = part->next) {
		const UnitWord *word = need_unit(c, part->a);
		if (word == NULL)
			return expr_error(c, ast->at);
		if (part != ast->items && word->dim != dim) {
			diag_add(c->diags, DIAG_ADD_UNITS, ast->at, "these units do not make one quantity");
			return expr_error(c, ast->at);
		}
		dim = word->dim;
		if (!ratio_parse(part->text, &one) || !ratio_mul(one, word->factor, &one) ||
				!ratio_add(sum, one, &sum))
			return bad_literal(c, part->at);
	}
	return per_unit(c, expr_quantity(c, unit_of(dim), FORM_NUMBER, sum, ast->at), ast->b, ast->at);
}

/* NULL when the list has no such code; the caller tries other meanings first. S73: the place in
 * the list is the value; the spelling is the database's affair. */
static Expr *code_literal(Checker *c, const Ast *ast, const Type *want)
{
	int32_t code = code_index(&c->codes.at[want->ref], ast->text);
	return code < 0 ? NULL : expr_plain(c, *want, code, ast->at);
}

/* Only the list's own codes are suggested, since those of another list could not be compared
 * anyway. */
static Expr *no_code(Checker *c, const Scope *scope, const Ast *ast, const Type *want)
{
	const CodeList *codes = &c->codes.at[want->ref];
	Nearest nearest;
	nearest_start(&nearest, ast->text);
	for (int32_t i = 0; i < codes->n; i++)
		nearest_try(&nearest, codes->code[i]);
	DiagRef diag = diag_add(c->diags, DIAG_UNKNOWN_CODE, ast->at, "the list has no code %.*s",
		STR_ARG(ast->text));
	diag_note(diag, "its type is %.*s", STR_ARG(phrase(c, *want)));
	(void)scope;
	suggest_best(diag, &nearest);
	return expr_error(c, ast->at);
}

/* ---- names */

/* The name is right but names something to be used, not a value; the help shows the use. A
 * calendar, a rounding, a table or a function, without what it is to work on. */
static Expr *no_value(Checker *c, const Ast *ast, const Symbol *symbol)
{
	DiagRef diag = diag_add(c->diags, DIAG_NO_VALUE, ast->at, "%.*s has no value of its own",
		STR_ARG(ast->text));
	if (symbol->kind == SYM_CALENDAR)
		diag_help(diag, "write `%.*s of` and a date", STR_ARG(ast->text));
	else if (symbol->kind == SYM_BANK)
		diag_help(diag, "write %.*s.credits, .debits or .balances", STR_ARG(ast->text));
	else
		diag_help(diag, "write %.*s(…) with what it is to work on", STR_ARG(ast->text));
	return expr_error(c, ast->at);
}

/* In a rule for groups a dataset's bare name is the group's rows (S54); anywhere else it is all
 * of them. S67: not thinned out by what the contract covers, since carers work for two
 * contracts. */
static Expr *all_rows(Checker *c, const Scope *scope, int32_t dataset, Span at)
{
	ExprOp op = scope->group == dataset ? EXPR_GROUP_ROWS : EXPR_ALL_ROWS;
	Expr *out = expr_new(c, op, type_ref(TYPE_ROWS, dataset), at, 0, NULL);
	out->ref = dataset;
	return out;
}

/* S12: a parameter may speak of itself as it was; its earlier value stands in for it. The day
 * must lie before the value being checked begins, so that each value rests on earlier ones only,
 * and the chain ends. */
static Expr *earlier_self(Checker *c, const Ast *ast, int32_t day)
{
	const DatedExpr *value = NULL;
	for (int32_t i = 0; i < c->self.n; i++)
		if (c->self.value[i].from <= day && c->self.value[i].value != NULL)
			value = &c->self.value[i];
	if (value != NULL && day < c->self.from)
		return value->value;
	diag_add(c->diags, DIAG_CYCLE, ast->at, "%.*s has no value that early to speak of",
		STR_ARG(ast->text));
	return expr_error(c, ast->at);
}

/* Whether the value depends on the date is known only from its history: a single value throughout
 * does not. A parameter's index is known when its history is checked: on demand, from here. */
static Expr *parameter_text(Checker *c, Symbol *symbol, Span at)
{
	int32_t index = parameter_index(c, symbol, at);
	if (index < 0)
		return expr_error(c, at);
	const Parameter *parameter = &c->parameter.at[index];
	Expr *out = expr_new(c, EXPR_PARAMETER, parameter->type, at, 0, NULL);
	out->ref = index;
	for (int32_t i = 0; i < parameter->nvalues; i++) {
		out->dated |= parameter->value[i].from != NO_DAY || parameter->value[i].value->dated;
		out->can_fault |= parameter->value[i].value->can_fault;
	}
	return out;
}

/* The law date picks the history, where an amendment replaced one. */
static Expr *parameter_expr(Checker *c, Symbol *symbol, Span at)
{
	Texts texts;
	Expr *arg[LIMIT_VERSIONS + 1] = {NULL};
	Str name = symbol->name;
	symbol_texts(c, symbol, &texts);
	if (!amend_use(c, name, symbol->life.from, texts.withdrawn, at))
		return expr_error(c, at);
	for (int32_t i = 0; i < texts.n; i++)
		if (texts.at[i] >= 0)
			arg[i] = parameter_text(c, &c->symbol.at[texts.at[i]], at);
	return in_force_expr(c, "parameter", name, arg, &texts, at);
}

/* Asking for it marks it as used, whatever comes of it. */
static Expr *symbol_expr(Checker *c, const Scope *scope, const Ast *ast, Symbol *symbol)
{
	symbol->used = true;
	if (symbol->kind == SYM_DATASET && !amend_use(c, symbol->name, symbol->life.from, 0, ast->at))
		return expr_error(c, ast->at);
	switch (symbol->kind) {
	case SYM_DATASET: return all_rows(c, scope, symbol->index, ast->at);
	case SYM_PARAMETER: return parameter_expr(c, symbol, ast->at);
	case SYM_BANK:
	case SYM_CALENDAR:
	case SYM_ROUNDING:
	case SYM_TABLE:
	case SYM_FUNCTION: break;
	}
	return no_value(c, ast, symbol);
}

/* Codes first, then what the rule itself binds, then what the contract declares: the nearest
 * meaning wins, and S72 keeps the last two apart. A bound name that is in error was complained of
 * where it was bound. */
static Expr *check_name(Checker *c, Scope *scope, const Ast *ast, const Type *want)
{
	bool code = want != NULL && want->kind == TYPE_CODE;
	Expr *literal = code ? code_literal(c, ast, want) : NULL;
	if (literal != NULL)
		return literal;
	const Binding *binding = scope_find(scope, ast->text);
	if (binding != NULL)
		return is_error(binding->value) ? binding->value : expr_copy(c, binding->value, ast->at);
	Symbol *symbol = symbol_find(c, ast->text);
	if (symbol != NULL)
		return symbol_expr(c, scope, ast, symbol);
	if (code)
		return no_code(c, scope, ast, want);
	suggest_name(c, scope, diag_add(c->diags, DIAG_UNKNOWN_NAME, ast->at, "nothing is called %.*s",
		STR_ARG(ast->text)), ast->text);
	return expr_error(c, ast->at);
}

/* ---- fields */

/* The field's type holds the denominator that its column is read with. Rows that links lead to
 * may be missing; that is found at run time (S24), not here. */
Expr *field_expr(Checker *c, Expr *row, int32_t field, Span at)
{
	int32_t dataset = row->type.ref;
	Expr *out = expr_1(c, EXPR_FIELD, c->info.at[dataset].field.at[field].type, at, row);
	out->ref = field;
	return out;
}

static Expr *derived_node(Checker *c, Expr *row, int32_t index, Span at)
{
	if (index < 0)
		return expr_error(c, at);
	const Define *define = &c->define.at[index];
	Expr *out = expr_1(c, EXPR_DERIVED, define->type, at, row);
	out->ref = index;
	out->dated |= define->dated;
	out->can_fault |= define->can_fault;
	weigh(c, out, c->define_cost.at[index]);
	return out;
}

/* The define's body is checked here if it was not before: its denominator is part of this node's
 * type. What the define costs and whether it looks at the date come with it. */
Expr *derived_text(Checker *c, Expr *row, int32_t template, Span at)
{
	return derived_node(c, row, define_instance(c, template, NULL, at), at);
}

/* Of several texts the law date picks one; but where the define has a date of its own, that
 * does. */
static Expr *derived_expr(Checker *c, Expr *row, int32_t template, Span at)
{
	Texts texts;
	Expr *arg[LIMIT_VERSIONS + 1] = {NULL};
	const Template *of = &c->template.at[template];
	Str name = of->name;
	template_texts(c, template, &texts);
	if (!amend_use(c, name, of->life.from, texts.withdrawn, at))
		return expr_error(c, at);
	if (texts.n > 1 && clause(c, of->ast, AST_ON) != NULL) {
		c->template.at[template].used = true;
		return derived_node(c, row, dated_define(c, template), at);
	}
	for (int32_t i = 0; i < texts.n; i++)
		if (texts.at[i] >= 0)
			arg[i] = derived_text(c, row, texts.at[i], at);
	return in_force_expr(c, "define", name, arg, &texts, at);
}

/* The five things behind a dot differ only in where their value comes from. how, of a match: 0 on
 * the left side, where a row has several of the other; 1 on the right, where it has one or none. */
static Expr *member_expr(Checker *c, Expr *row, const Member *member, Span at)
{
	Expr *out;
	if (member->kind != MEMBER_DERIVED &&
			!amend_use(c, member->name, version_of(c, member->at), 0, at))
		return expr_error(c, at);
	switch (member->kind) {
	case MEMBER_FIELD: return field_expr(c, row, member->index, at);
	case MEMBER_DERIVED: return derived_expr(c, row, member->index, at);
	case MEMBER_LINKED:
		out = expr_1(c, EXPR_LINKED, type_ref(TYPE_ROWS, c->link.at[member->index].from), at, row);
		break;
	case MEMBER_NEIGHBOUR:
		out = expr_1(c, EXPR_NEIGHBOUR, row->type, at, row);
		out->how = (uint8_t)member->how;
		break;
	case MEMBER_MATCHED:
	default:
		out = expr_1(c, EXPR_MATCHED, member->how == 0
			? type_ref(TYPE_ROWS, c->match.at[member->index].right)
			: type_ref(TYPE_ROW, c->match.at[member->index].left), at, row);
		out->how = (uint8_t)member->how;
		break;
	}
	out->ref = member->index;
	return out;
}

/* Everything the dot could have meant is suggested from, derived fields too. */
static Expr *no_field(Checker *c, const Ast *ast, int32_t dataset)
{
	const DatasetInfo *info = &c->info.at[dataset];
	Nearest nearest;
	nearest_start(&nearest, ast->text);
	for (int32_t i = 0; i < info->member.n; i++)
		nearest_try(&nearest, info->member.at[i].name);
	Str name = c->dataset.at[dataset].decl.name;
	suggest_best(diag_add(c->diags, DIAG_UNKNOWN_FIELD, ast->name_at, "%.*s has no field %.*s",
		STR_ARG(name), STR_ARG(ast->text)), &nearest);
	return expr_error(c, ast->at);
}

/* Both the first and the last day belong to the period (S46). `number` counts within the year for
 * weeks, months and quarters; see dsl/rulebook.c. */
static Expr *period_field(Checker *c, const Ast *ast, Expr *period)
{
	static const struct {
		const char *name;
		PeriodPart part;
	} parts[] = {
		{"first", PART_FIRST}, {"last", PART_LAST}, {"next", PART_NEXT},
		{"previous", PART_PREVIOUS}, {"days", PART_DAYS}, {"number", PART_NUMBER},
	};
	Nearest nearest;
	nearest_start(&nearest, ast->text);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		nearest_try(&nearest, str_of(parts[i].name));
		if (!str_eq(ast->text, str_of(parts[i].name)))
			continue;
		Type type = type_of(TYPE_DATE);
		if (parts[i].part == PART_NEXT || parts[i].part == PART_PREVIOUS)
			type = period->type;
		else if (parts[i].part == PART_DAYS)
			type = type_quantity(unit_of(DIM_DAY), FORM_NUMBER, 1);
		else if (parts[i].part == PART_NUMBER)
			type = type_quantity((Unit){{0}}, FORM_COUNT, 1);
		Expr *out = expr_1(c, EXPR_PERIOD_PART, type, ast->at, period);
		out->how = (uint8_t)parts[i].part;
		out->ref = period->type.ref;
		return out;
	}
	suggest_best(diag_add(c->diags, DIAG_UNKNOWN_FIELD, ast->name_at,
		"a period has no %.*s: it has first, last, next, previous, days and number",
		STR_ARG(ast->text)), &nearest);
	return expr_error(c, ast->at);
}

/* Rows of a group get the advice of S57; other collections are shown how to name a row in turn.
 * S57: an average rate is a choice, so the rule's author has to make it. */
static Expr *not_a_row(Checker *c, const Ast *ast, const Expr *base)
{
	if (base->op == EXPR_GROUP_ROWS) {
		Str name = c->dataset.at[base->ref].decl.name;
		DiagRef diag = diag_add(c->diags, DIAG_PLAIN_FIELD, ast->at,
			"the group has many rows of %.*s; say which value is meant", STR_ARG(name));
		diag_help(diag, "write only_value(%.*s), or total, least, greatest",
			STR_ARG(source_text(&c->comp->sources, ast->at)));
		return expr_error(c, ast->at);
	}
	DiagRef diag = diag_add(c->diags, DIAG_NOT_A_ROW, ast->at, "only a row has fields");
	diag_label(diag, base->at, "this is %.*s", STR_ARG(phrase(c, base->type)));
	if (base->type.kind == TYPE_ROWS) {
		Str row = c->dataset.at[base->type.ref].decl.name;
		diag_help(diag, "name each row in turn: total(%.*s.%.*s for %.*s in %.*s)", STR_ARG(row),
			STR_ARG(ast->text), STR_ARG(row),
			STR_ARG(source_text(&c->comp->sources, base->at)));
	}
	return expr_error(c, ast->at);
}

/* As a dataset's name: one row where the rule binds it, else all of them. part: NULL in error. */
static Expr *bank_expr(Checker *c, Scope *scope, const Ast *ast, Symbol *part)
{
	if (part == NULL)
		return expr_error(c, ast->at);
	const Binding *binding = scope_find(scope, part->name);
	return binding != NULL ? expr_copy(c, binding->value, ast->at)
		: all_rows(c, scope, part->index, ast->at);
}

/* What stands before the dot decides what may stand behind it. `.span` is no field: it stands
 * behind `is within` alone, and is read there. */
static Expr *check_dot(Checker *c, Scope *scope, const Ast *ast)
{
	Symbol *part;
	if (bank_rows(c, scope, ast, &part))
		return bank_expr(c, scope, ast, part);
	Expr *base = check_expr(c, scope, ast->a, NULL);
	if (is_error(base))
		return expr_error(c, ast->at);
	if (base->type.kind == TYPE_PERIOD)
		return period_field(c, ast, base);
	if (base->type.kind != TYPE_ROW)
		return not_a_row(c, ast, base);
	const Member *member = member_find(c, base->type.ref, ast->text);
	return member != NULL ? member_expr(c, base, member, ast->at)
		: no_field(c, ast, base->type.ref);
}

/* ---- operators */

/* Only the branch that holds is looked at when it runs (S23), but both are checked now. S22: with
 * an unknown condition, two branches of the same value still give it. */
static Expr *check_if(Checker *c, Scope *scope, const Ast *ast, const Type *want)
{
	Expr *condition = check_condition(c, scope, ast->a);
	Expr *branch[] = {check_expr(c, scope, ast->b, want), check_expr(c, scope, ast->c, want)};
	Type type = join(c, branch, 2, ast->at);
	if (is_error(condition) || type.kind == TYPE_ERROR)
		return expr_error(c, ast->at);
	Expr *arg[] = {condition, branch[0], branch[1]};
	return expr_new(c, EXPR_IF, type, ast->at, 3, arg);
}

/* A code may stand behind `or else`: it takes its list from what is before. The one way, with `is
 * known` and `is missing`, for a rule to speak of what is not there (law 4). */
static Expr *check_or_else(Checker *c, Scope *scope, const Ast *ast, const Type *want)
{
	Expr *arg[] = {check_expr(c, scope, ast->a, want), NULL};
	Type first = arg[0]->type;
	arg[1] = check_expr(c, scope, ast->b, want != NULL ? want : &first);
	Type type = join(c, arg, 2, ast->at);
	if (type.kind == TYPE_ERROR)
		return expr_error(c, ast->at);
	return expr_new(c, EXPR_OR_ELSE, type, ast->at, 2, arg);
}

/* Both sides are always worked out (S23), so both are checked. Law 8: what is worked out must not
 * depend on which side is written first. */
static Expr *check_both(Checker *c, Scope *scope, const Ast *ast)
{
	Expr *a = check_condition(c, scope, ast->a), *b = check_condition(c, scope, ast->b);
	return build_both(c, ast->kind == AST_OR, a, b, ast->at);
}

/* Is the name the parameter whose own history is being checked? */
static bool is_self(Checker *c, const Ast *ast)
{
	const Symbol *symbol = ast->kind == AST_NAME ? symbol_find(c, ast->text) : NULL;
	return symbol != NULL && symbol->kind == SYM_PARAMETER && c->self.parameter == symbol->index;
}

/* The value as it stood on that date; a literal date lets a parameter speak of itself (S12).
 * Everything below it, through defines and tables, stands under that date; only the date itself
 * still stands under the rule's. */
static Expr *check_as_at(Checker *c, Scope *scope, const Ast *ast, const Type *want)
{
	int32_t day;
	if (is_self(c, ast->a) && day_literal(ast->b, &day)) {
		Expr *earlier = earlier_self(c, ast->a, day);
		return is_error(earlier) ? earlier : expr_2(c, EXPR_AS_AT, earlier->type, ast->at, earlier,
			expr_plain(c, type_of(TYPE_DATE), day, ast->b->at));
	}
	Expr *value = check_expr(c, scope, ast->a, want), *date = check_date(c, scope, ast->b);
	if (is_error(value) || is_error(date))
		return expr_error(c, ast->at);
	return expr_2(c, EXPR_AS_AT, value->type, ast->at, value, build_day(c, date));
}

/* `date of m`, `time of m`, `weekday of d`: parts of a moment, spelt like a calendar's period. A
 * moment's date is its local one (S4), and so is its clock time. */
static Expr *part_of(Checker *c, const Ast *ast, Expr *date)
{
	if (str_eq(ast->text, STR("weekday")))
		return expr_1(c, EXPR_WEEKDAY_OF, type_of(TYPE_WEEKDAY), ast->at, build_day(c, date));
	bool time = str_eq(ast->text, STR("time"));
	if (date->type.kind != TYPE_MOMENT) {
		need_type(c, date, type_of(TYPE_MOMENT), NULL);
		return expr_error(c, ast->at);
	}
	return expr_1(c, time ? EXPR_CLOCK_OF : EXPR_DATE_OF, type_of(time ? TYPE_CLOCK : TYPE_DATE),
		ast->at, date);
}

/* Calendars of the contract come before the three parts of a moment, should one be called
 * `time`. */
static Expr *check_of(Checker *c, Scope *scope, const Ast *ast)
{
	Expr *date = check_date(c, scope, ast->a);
	Symbol *calendar = symbol_of(c, ast->text, SYM_CALENDAR);
	bool part = str_eq(ast->text, STR("date")) || str_eq(ast->text, STR("time")) ||
		str_eq(ast->text, STR("weekday"));
	if (calendar == NULL && !part) {
		suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, ast->name_at,
			"no calendar is called %.*s", STR_ARG(ast->text)), ast->text, SYM_CALENDAR);
		return expr_error(c, ast->at);
	}
	if (is_error(date))
		return expr_error(c, ast->at);
	if (calendar == NULL)
		return part_of(c, ast, date);
	calendar->used = true;
	Expr *out = expr_1(c, EXPR_PERIOD_OF, type_ref(TYPE_PERIOD, calendar->index), ast->at,
		build_day(c, date));
	out->ref = calendar->index;
	return out;
}

/* A date and a clock time; in the hour that autumn repeats it is the first (S40). S64: matches
 * need it, since a distance over midnight is one between moments. */
static Expr *check_at(Checker *c, Scope *scope, const Ast *ast)
{
	Expr *date = check_typed(c, scope, ast->a, type_of(TYPE_DATE), NULL);
	Expr *clock = check_typed(c, scope, ast->b, type_of(TYPE_CLOCK), NULL);
	if (is_error(date) || is_error(clock))
		return expr_error(c, ast->at);
	return expr_2(c, EXPR_MOMENT_OF, type_of(TYPE_MOMENT), ast->at, date, clock);
}

/* A text in the place of a code is that code: the way to write codes that are words of the
 * language. */
static Expr *check_text(Checker *c, const Ast *ast, const Type *want)
{
	if (want == NULL || want->kind != TYPE_CODE)
		return expr_text(c, ast->text, ast->at);
	Expr *code = code_literal(c, ast, want);
	return code != NULL ? code : no_code(c, NULL, ast, want);
}

/* Worked out at run time, so that the rule for missing and repeated hours stands in one place. */
static Expr *check_moment(Checker *c, const Ast *ast)
{
	Expr *date = expr_plain(c, type_of(TYPE_DATE), ast->n, ast->at);
	Expr *clock = expr_plain(c, type_of(TYPE_CLOCK), ast->m, ast->at);
	return expr_2(c, EXPR_MOMENT_OF, type_of(TYPE_MOMENT), ast->at, date, clock);
}

/* Calendars repeat every year and may say 1 April; a value cannot. */
static Expr *day_without_year(Checker *c, const Ast *ast)
{
	DiagRef diag = diag_add(c->diags, DIAG_NO_VALUE, ast->at, "a day without a year is no date");
	diag_help(diag, "write the year too");
	return expr_error(c, ast->at);
}

/* One arithmetic node: its parts first, so that each complains of its own. `60% of x` is a
 * product with a percentage, nothing else. */
static Expr *check_arithmetic(Checker *c, Scope *scope, const Ast *ast)
{
	Expr *a = check_expr(c, scope, ast->a, NULL), *b = check_expr(c, scope, ast->b, NULL);
	if (ast->kind == AST_ADD || ast->kind == AST_SUBTRACT)
		return build_sum(c, ast->kind == AST_SUBTRACT, a, b, ast->at);
	return build_product(c, ast->kind == AST_DIVIDE, a, b, ast->at);
}

/* One line for each kind of tree; what is not an expression was complained of by the parser. */
static Expr *check_kind(Checker *c, Scope *scope, const Ast *ast, const Type *want)
{
	switch ((int)ast->kind) {
	case AST_NUMBER: return number_literal(c, ast, FORM_NUMBER);
	case AST_PERCENT: return number_literal(c, ast, FORM_PERCENT);
	case AST_MONEY: return money_literal(c, ast);
	case AST_MEASURE_OF: return measure_literal(c, ast);
	case AST_DATE: return expr_plain(c, type_of(TYPE_DATE), ast->n, ast->at);
	case AST_MOMENT: return check_moment(c, ast);
	case AST_CLOCK: return expr_plain(c, type_of(TYPE_CLOCK), ast->n, ast->at);
	case AST_WEEKDAY: return expr_plain(c, type_of(TYPE_WEEKDAY), ast->n, ast->at);
	case AST_YES_NO: return expr_plain(c, type_of(TYPE_YES_NO), ast->n, ast->at);
	case AST_DAYMONTH: return day_without_year(c, ast);
	case AST_TEXT: return check_text(c, ast, want);
	case AST_TEMPLATE: return check_message(c, scope, ast);
	case AST_NAME: return check_name(c, scope, ast, want);
	case AST_DOT: return check_dot(c, scope, ast);
	case AST_BRACKETS: return check_expr(c, scope, ast->a, want);
	case AST_CALL: return check_call(c, scope, ast);
	case AST_AGGREGATE: return check_aggregate(c, scope, ast);
	case AST_IF: return check_if(c, scope, ast, want);
	case AST_OR:
	case AST_AND: return check_both(c, scope, ast);
	case AST_NOT: return build_not(c, check_condition(c, scope, ast->a), ast->at);
	case AST_COMPARISON: return check_comparison(c, scope, ast);
	case AST_IS: return check_is(c, scope, ast);
	case AST_ADD:
	case AST_SUBTRACT:
	case AST_MULTIPLY:
	case AST_PERCENT_OF:
	case AST_DIVIDE: return check_arithmetic(c, scope, ast);
	case AST_NEGATE: return build_negation(c, check_expr(c, scope, ast->a, NULL), ast->at);
	case AST_OR_ELSE: return check_or_else(c, scope, ast, want);
	case AST_AS_AT: return check_as_at(c, scope, ast, want);
	case AST_OF: return check_of(c, scope, ast);
	case AST_AT: return check_at(c, scope, ast);
	default: return expr_error(c, ast->at); /* AST_ERROR: complained of by the parser */
	}
}

/* The depth counts nested operators of one body, so that neither this recursion nor that of the
 * evaluators can run out of stack (law 13). */
Expr *check_expr(Checker *c, Scope *scope, const Ast *ast, const Type *want)
{
	if (ast == NULL)
		return expr_error(c, (Span){0});
	if (c->depth >= LIMIT_DEPTH) {
		diag_add(c->diags, DIAG_TOO_DEEP, ast->at, "this is nested too deeply to be worked out");
		return expr_error(c, ast->at);
	}
	c->depth++;
	Expr *out = check_kind(c, scope, ast, want);
	c->depth--;
	return out;
}

/* ---- what the place needs */

/* Yes or no is also wanted of a code list's word here, hence the type handed down. */
Expr *check_condition(Checker *c, Scope *scope, const Ast *ast)
{
	Type yes_no = type_of(TYPE_YES_NO);
	Expr *out = check_expr(c, scope, ast, &yes_no);
	return need_condition(c, out) ? out : expr_error(c, out->at);
}

/* what: how a message names the place, or NULL for `here`. */
Expr *check_typed(Checker *c, Scope *scope, const Ast *ast, Type need, const char *what)
{
	Expr *out = check_expr(c, scope, ast, &need);
	return need_type(c, out, need, what) ? out : expr_error(c, out->at);
}

/* S4 takes the local date of a moment where a date is needed; the caller does that, since some
 * keep the moment. */
Expr *check_date(Checker *c, Scope *scope, const Ast *ast)
{
	Expr *out = check_expr(c, scope, ast, NULL);
	if (is_error(out) || is_dated_kind(out->type))
		return out;
	DiagRef diag = diag_add(c->diags, DIAG_TYPE_MISMATCH, out->at, "a date is needed here");
	diag_here(diag, "this is %.*s", STR_ARG(phrase(c, out->type)));
	if (out->type.kind == TYPE_PERIOD)
		diag_help(diag, "write `.first` or `.last` behind it");
	return expr_error(c, out->at);
}

/* In the place of a collection a dataset's name means its rows, also where one row has that name.
 * `visit` in a rule for each visit is one row; in `any(v in visit where …)` it is all of them. */
Expr *check_rows(Checker *c, Scope *scope, const Ast *ast)
{
	Symbol *symbol = ast != NULL && ast->kind == AST_NAME ? symbol_of(c, ast->text, SYM_DATASET)
		: NULL;
	if (symbol != NULL)
		return symbol_expr(c, scope, ast, symbol);
	if (bank_rows(c, scope, ast, &symbol))
		return symbol != NULL ? all_rows(c, scope, symbol->index, ast->at)
			: expr_error(c, ast->at);
	Expr *out = check_expr(c, scope, ast, NULL);
	if (is_error(out) || out->type.kind == TYPE_ROWS)
		return out;
	DiagRef diag = diag_add(c->diags, DIAG_NOT_ROWS, out->at,
		"a collection of rows is needed here");
	diag_here(diag, "this is %.*s", STR_ARG(phrase(c, out->type)));
	return expr_error(c, out->at);
}

/* Values in braces are shown as the language writes them; whole rows have no such form. */
Expr *check_message(Checker *c, Scope *scope, const Ast *ast)
{
	bool outer = scope->message, bad = false;
	LIST(Expr *) part = {0};
	if (ast->kind != AST_TEMPLATE)
		return check_expr(c, scope, ast, NULL);
	scope->message = true;
	for (const Ast *item = ast->items; item != NULL; item = item->next) {
		Expr *expr = check_expr(c, scope, item, NULL);
		if (expr->type.kind == TYPE_ROWS) {
			DiagRef diag = diag_add(c->diags, DIAG_TYPE_MISMATCH, expr->at,
				"a text cannot show whole rows");
			diag_help(diag, "write list(… for … in …)");
		}
		bad |= is_error(expr) || expr->type.kind == TYPE_ROWS;
		*list_push(c, &part) = expr;
	}
	scope->message = outer;
	return bad ? expr_error(c, ast->at)
		: expr_new(c, EXPR_TEXT, type_of(TYPE_TEXT), ast->at, part.n, part.at);
}
