/*
 * Rules: whom they look at, and what they ask.
 *
 *   for each visit                                             a row
 *   for each provision, every week from … to …                 a row and a period
 *   for each l in visit.logs                                   a row of a row's collection
 *   for each visit.provision, week of visit.date among visit   a group
 *
 * Slots are given in that order, so that a subject is a list of values and its identity the list
 * of their keys (S58). Each rule also gets the contract's `covers` condition, rewritten to start
 * from its own row by following links.
 *
 *   covers provision where provision.contract is ccsh
 *
 *   for each visit       visit.provision.contract is ccsh         one path of links
 *   for each provider    every provider                           no path leads there
 *   for each transfer    from_provision or to_provision?          two paths: the contract must say
 */
#include "dsl/checker.h"

/* ---- what the contract covers (S67) */

/* Links from one row to another: each step is a link, from the rule's dataset on. */
typedef struct Path {
	int32_t link[LIMIT_LINK_DEPTH];
	int32_t n;
} Path;

/* found and second are what a message shows; the count is what decides. */
typedef struct PathSearch {
	Checker *c;
	int32_t goal;
	Path at, found, second;
	int32_t count;
	int32_t steps;     /* tried; a tangle of links counts as more than one path */
} PathSearch;

/* Datasets that all link to each other have more paths than can be tried. */
#define MOST_PATH_STEPS 20000

/* No dataset twice: a link from a carer to a senior carer is no way to anywhere. Keeps the search
 * from running in circles as well. */
static bool on_path(const PathSearch *search, int32_t dataset)
{
	for (int32_t i = 0; i < search->at.n; i++)
		if (search->c->link.at[search->at.link[i]].from == dataset)
			return true;
	return false;
}

/* Depth first, and given up at the second path: more than one is an error whichever they are. */
static void search_paths(PathSearch *search, int32_t dataset)
{
	if (dataset == search->goal) {
		if (search->count++ == 0)
			search->found = search->at;
		else
			search->second = search->at;
		return;
	}
	const DatasetInfo *info = &search->c->info.at[dataset];
	if (search->at.n == LIMIT_LINK_DEPTH || on_path(search, dataset))
		return;
	for (int32_t i = 0; i < info->out.n && search->count < 2; i++) {
		if (search->steps++ >= MOST_PATH_STEPS)
			return;
		search->at.link[search->at.n++] = info->out.at[i];
		search_paths(search, search->c->link.at[info->out.at[i]].to);
		search->at.n--;
	}
}

/* As a rule would write it. visit.provision.package: also what the help asks to be written. */
static Str path_text(Checker *c, int32_t dataset, const Path *path)
{
	Buf buf = {0};
	buf_str(&buf, c->dataset.at[dataset].decl.name);
	for (int32_t i = 0; i < path->n; i++) {
		const Link *link = &c->link.at[path->link[i]];
		buf_printf(&buf, ".%.*s", STR_ARG(c->info.at[link->from].field.at[link->field].name));
	}
	return buf_keep(&buf, c->arena);
}

/* The chain of fields that the path walks. Placed at `covers`: whatever is wrong with it is wrong
 * there, not in the rule. */
static Expr *path_row(Checker *c, Expr *row, const Path *path, Span at)
{
	for (int32_t i = 0; i < path->n; i++)
		row = field_expr(c, row, c->link.at[path->link[i]].field, at);
	return row;
}

/* `covers visit through visit.provision`, when the contract says so for this dataset. */
static const Ast *through_clause(Checker *c, int32_t dataset)
{
	for (int32_t i = 0; i < c->through.n; i++) {
		Symbol *symbol = symbol_of(c, c->through.at[i]->text, SYM_DATASET);
		if (symbol != NULL && symbol->index == dataset)
			return c->through.at[i];
	}
	return NULL;
}

/* Written by the author, so it may use derived fields as well. It must end at a row of the
 * covered dataset, or the condition would speak of something else. */
static Expr *through_row(Checker *c, const Ast *ast, int32_t dataset, Expr *row)
{
	Scope scope;
	scope_begin(&scope);
	scope_bind(c, &scope, c->dataset.at[dataset].decl.name, row);
	return check_typed(c, &scope, ast->b, type_ref(TYPE_ROW, c->covers_dataset), "what is covered");
}

/* The covered row that this one leads to: NULL when no path does, or after a complaint. A path
 * that is found by chance must not decide who is audited: two are an error, and so is a tangle
 * that could not be searched to its end. */
static Expr *covered_row(Checker *c, const Ast *rule, int32_t dataset, Expr *row)
{
	const Ast *through = through_clause(c, dataset);
	PathSearch search = {.c = c, .goal = c->covers_dataset};
	if (through != NULL)
		return through_row(c, through, dataset, row);
	search_paths(&search, dataset);
	bool tangle = search.steps >= MOST_PATH_STEPS && search.count < 2;
	if (search.count == 0 && !tangle)
		return NULL;
	if (search.count == 1 && !tangle)
		return path_row(c, row, &search.found, c->covers->at);
	Str name = c->dataset.at[dataset].decl.name, first = path_text(c, dataset, &search.found);
	DiagRef diag = diag_add(c->diags, DIAG_COVER_PATH, rule->name_at,
		"more than one path of links leads from %.*s to the rows that the contract covers",
		STR_ARG(name));
	diag_label(diag, c->covers->at, "the contract covers these");
	diag_note(diag, "%.*s and %.*s", STR_ARG(first),
		STR_ARG(path_text(c, dataset, &search.second)));
	diag_help(diag, "write in the contract: covers %.*s through %.*s", STR_ARG(name),
		STR_ARG(first));
	return NULL;
}

/* Whether a rule for each row of the dataset would know what the contract covers of them. */
bool leads_to_covered(Checker *c, int32_t dataset)
{
	PathSearch search = {.c = c, .goal = c->covers_dataset};
	if (c->covers == NULL)
		return false;
	search_paths(&search, dataset);
	return search.count > 0;
}

/* The contract's condition with the row at the path's end in the place of the covered dataset's
 * name. NULL: the rule looks at every row (S67). S24: a row for which the condition is unknown is
 * looked at and named, never silently out of scope. */
Expr *covered_condition(Checker *c, const Ast *rule, int32_t dataset, Expr *row, int32_t *nslots)
{
	Scope scope;
	if (c->covers == NULL || c->covers->a == NULL)
		return NULL;
	Expr *goal = covered_row(c, rule, dataset, row);
	if (goal == NULL || is_error(goal))
		return NULL;
	scope_begin(&scope);
	scope.nslots = *nslots;
	scope_bind(c, &scope, c->dataset.at[c->covers_dataset].decl.name, goal);
	Expr *out = check_condition(c, &scope, c->covers->a);
	*nslots = scope.nslots;
	return is_error(out) ? NULL : out;
}

/* ---- subjects */

/* A path like visit.provision names no dataset of its own; groups are what it makes. Being
 * audited is a use of the dataset. */
static Symbol *subject_dataset(Checker *c, RuleWork *work, const Ast *name)
{
	Symbol *symbol = name != NULL && name->kind == AST_NAME
		? symbol_of(c, name->text, SYM_DATASET) : NULL;
	bool bank = symbol == NULL && bank_rows(c, NULL, name, &symbol);
	if (symbol != NULL) {
		symbol->used = true;
		return symbol;
	}
	work->bad = true;
	if (name == NULL || bank)
		return NULL;
	if (name->kind == AST_NAME && symbol_find(c, name->text) == NULL)
		suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, name->at, "no dataset is called %.*s",
			STR_ARG(name->text)), name->text, SYM_DATASET);
	else
		diag_add(c->diags, DIAG_NOT_ROWS, name->at, "a dataset is needed here");
	return NULL;
}

/* `for each visit for v` names the row. A name of the rule's own lets `visit` go on to mean all
 * visits. */
static void row_subject(Checker *c, RuleWork *work, const Ast *key)
{
	Symbol *symbol = subject_dataset(c, work, key->a);
	if (symbol == NULL)
		return;
	work->out.subject = SUBJECT_ROW;
	work->out.dataset = symbol->index;
	Str name = key->text.len > 0 ? key->text : symbol->name;
	work->row = scope_slot(c, &work->scope, name, type_ref(TYPE_ROW, symbol->index));
}

/* `rolling 13 weeks` counts periods of the calendar `week`. */
static Symbol *calendar_named(Checker *c, const Ast *ast)
{
	Symbol *symbol = symbol_of(c, ast->text, SYM_CALENDAR);
	Str word = ast->text;
	bool plural = ast->kind == AST_GROUP_PERIOD && ast->how == 1 && word.len > 1 &&
		word.ptr[word.len - 1] == 's';
	return symbol == NULL && plural
		? symbol_of(c, (Str){word.ptr, word.len - 1}, SYM_CALENDAR) : symbol;
}

/* Holidays are no periods. Built-in ones are found like those declared. */
static Symbol *need_periods(Checker *c, Symbol *symbol, Str name, Span at)
{
	if (symbol != NULL && c->calendar.at[symbol->index].kind != CALENDAR_DATES) {
		symbol->used = true;
		return symbol;
	}
	suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, at,
		"no calendar of periods is called %.*s", STR_ARG(name)), name, SYM_CALENDAR);
	return NULL;
}

int32_t periods_named(Checker *c, Str calendar, Span at)
{
	Symbol *symbol = need_periods(c, symbol_of(c, calendar, SYM_CALENDAR), calendar, at);
	return symbol != NULL ? symbol->index : -1;
}

static Symbol *need_calendar(Checker *c, RuleWork *work, const Ast *ast)
{
	Symbol *symbol = need_periods(c, calendar_named(c, ast), ast->text, ast->name_at);
	work->bad |= symbol == NULL;
	return symbol;
}

/* S47: an end that the dataset calls open is the end of the run's window. Only the dataset's own
 * end, as it stands: an end that is worked out from it has no such meaning. */
bool ends_open(Checker *c, const Expr *to, int32_t dataset)
{
	const Dataset *of = &c->dataset.at[dataset];
	return to->op == EXPR_FIELD && to->arg[0]->op == EXPR_SLOT && of->lasts_to >= 0 &&
		to->ref == of->lasts_to;
}

/* Periods that share a day with the span, each a subject of its own, also those at its edges
 * (S47, S48). Without a span, those of the run's window. Ends are dates; a moment counts by its
 * local day (S4). */
static void every_subject(Checker *c, RuleWork *work, const Ast *every)
{
	Symbol *calendar = need_calendar(c, work, every);
	Rule *out = &work->out;
	if (calendar == NULL || work->bad)
		return;
	out->subject = SUBJECT_ROW_PERIOD;
	out->calendar = calendar->index;
	if (every->a != NULL) {
		out->every_from = build_day(c, check_date(c, &work->scope, every->a));
		out->every_to = check_date(c, &work->scope, every->b);
		work->bad |= is_error(out->every_from) || is_error(out->every_to);
		out->every_open = !work->bad && ends_open(c, out->every_to, out->dataset);
		out->every_to = work->bad ? out->every_to : build_day(c, out->every_to);
	}
	scope_slot(c, &work->scope, calendar->name, type_ref(TYPE_PERIOD, calendar->index));
}

/* The leftmost name of a path: the row whose collection is gone through. */
static const Ast *path_root(const Ast *ast)
{
	while (ast != NULL && (ast->kind == AST_DOT || ast->kind == AST_BRACKETS))
		ast = ast->a;
	return ast;
}

/* The row whose collection it is comes first, so that both are in the finding's identity. `for
 * each l in log` names the rows of a dataset, and is a plain subject. */
static void in_subject(Checker *c, RuleWork *work, const Ast *group)
{
	Symbol *bank;
	bool whole = group->a->kind == AST_NAME || bank_rows(c, NULL, group->a, &bank);
	Symbol *symbol = subject_dataset(c, work, whole ? group->a : path_root(group->a));
	Rule *out = &work->out;
	if (symbol == NULL)
		return;
	out->dataset = symbol->index;
	if (whole && group->b == NULL) {
		out->subject = SUBJECT_ROW;
		scope_fresh(c, &work->scope, group->text, group->name_at, symbol->index);
		work->row = scope_slot(c, &work->scope, group->text, type_ref(TYPE_ROW, symbol->index));
		return;
	}
	if (whole) {
		diag_help(diag_add(c->diags, DIAG_AMONG, group->b->at,
			"a rule for each row of a dataset has no `where`"), "write it as `applies when`");
		work->bad = true;
		return;
	}
	out->subject = SUBJECT_ROW_IN;
	work->row = scope_slot(c, &work->scope, symbol->name, type_ref(TYPE_ROW, symbol->index));
	out->collection = check_rows(c, &work->scope, group->a);
	work->bad |= is_error(out->collection);
	if (work->bad)
		return;
	out->item_dataset = out->collection->type.ref;
	scope_fresh(c, &work->scope, group->text, group->name_at, out->item_dataset);
	scope_slot(c, &work->scope, group->text, type_ref(TYPE_ROW, out->item_dataset));
	if (group->b != NULL) {
		out->filter = check_condition(c, &work->scope, group->b);
		work->bad |= is_error(out->filter);
	}
}

/* ---- groups */

/* The last word of the key names it inside the rule (S54). A period is named by its calendar:
 * week of visit.date is `week`. */
static Str key_name(Checker *c, const Ast *group)
{
	const Symbol *calendar = group->kind == AST_GROUP_PERIOD ? calendar_named(c, group) : NULL;
	if (group->text.len > 0 || group->kind == AST_GROUP_PERIOD)
		return calendar != NULL ? calendar->name : group->text;
	const Ast *key = group->a;
	return key->kind == AST_DOT || key->kind == AST_NAME ? key->text : (Str){NULL, 0};
}

/* `date of log.check_in`: to the grammar it is a calendar's period. */
static bool is_part_key(const Ast *group)
{
	return group->kind == AST_GROUP_PERIOD && group->how == 0 &&
		(str_eq(group->text, STR("date")) || str_eq(group->text, STR("weekday")));
}

/* Over a row of `among`; inside the rule the name stands for the value that the group has in
 * common. The period is the value; its identity in a finding is its first day in ISO form (S58). */
static Expr *key_expr(Checker *c, RuleWork *work, Scope *scope, const Ast *group)
{
	if (group->kind == AST_GROUP_KEY)
		return check_expr(c, scope, group->a, NULL);
	if (is_part_key(group) && calendar_named(c, group) == NULL) {
		Ast of = *group;
		of.kind = AST_OF;
		return check_expr(c, scope, &of, NULL);
	}
	Symbol *calendar = need_calendar(c, work, group);
	Expr *date = check_date(c, scope, group->a);
	if (calendar == NULL || is_error(date))
		return expr_error(c, group->at);
	Expr *out = expr_1(c, EXPR_PERIOD_OF, type_ref(TYPE_PERIOD, calendar->index), group->at,
		build_day(c, date));
	out->ref = calendar->index;
	return out;
}

/* What can tell groups apart without rounding or an order; moments and quotients cannot.
 * Fractions of the data are out because two ways to reach one figure need not print alike. */
static bool is_key(const Expr *expr)
{
	TypeKind kind = (TypeKind)expr->type.kind;
	return kind == TYPE_ROW || kind == TYPE_PERIOD || kind == TYPE_CODE || kind == TYPE_DATE ||
		kind == TYPE_TEXT || kind == TYPE_YES_NO || kind == TYPE_WEEKDAY ||
		(kind == TYPE_QUANTITY && !expr->type.ratio);
}

/* A missing key puts the row in no group (S56), which is counted, not complained of here. S54:
 * keys are expressions over a row of `among`, so they are checked in that row's scope. */
static void group_key(Checker *c, RuleWork *work, Scope *row_scope, const Ast *group, GroupKey *out)
{
	out->name = key_name(c, group);
	out->expr = key_expr(c, work, row_scope, group);
	work->bad |= is_error(out->expr);
	if (is_error(out->expr))
		return;
	if (!is_key(out->expr)) {
		DiagRef diag = diag_add(c->diags, DIAG_AMONG, out->expr->at,
			"rows cannot be grouped by this");
		diag_here(diag, "this is %.*s", STR_ARG(phrase(c, out->expr->type)));
		if (is_dated_kind(out->expr->type))
			diag_help(diag, "group by `week of`, `month of` or another period");
		work->bad = true;
	}
	if (out->name.len == 0) {
		diag_help(diag_add(c->diags, DIAG_AMONG, group->at, "this key needs a name"),
			"write `for NAME` behind it");
		work->bad = true;
	}
}

/* `rolling 13 weeks of D`: windows that overlap would put one visit's money into several findings,
 * so only a figure may go over them. The limit keeps one figure from going over all there is. */
static void window_key(Checker *c, RuleWork *work, const Ast *group, int32_t key)
{
	enum { MOST_WINDOW = 1000 };
	const char *why = NULL;
	if (group->kind != AST_GROUP_PERIOD || group->how == 0)
		return;
	if (work->ast->kind != AST_MEASURE && work->ast->kind != AST_KPI)
		why = "only a measure or a kpi goes over windows that overlap";
	else if (work->window_key >= 0)
		why = "one key of a measure can be a rolling window";
	else if (group->n < 1 || group->n > MOST_WINDOW)
		why = "a window has at least one period and at most 1,000";
	if (why != NULL) {
		diag_add(c->diags, DIAG_BAD_WINDOW, group->at, "%s", why);
		work->bad = true;
		return;
	}
	work->window = (int32_t)group->n;
	work->window_key = key;
}

/* For a sequence or a bank, whose keys are those of groups, but never windows that overlap. */
GroupKey check_group_key(Checker *c, Scope *row, const Ast *decl, const Ast *group)
{
	RuleWork work = {.ast = decl, .window_key = -1};
	GroupKey out = {.expr = NULL};
	group_key(c, &work, row, group, &out);
	window_key(c, &work, group, 0);
	if (work.bad)
		out.expr = expr_error(c, group->at);
	return out;
}

/* Two keys called provider could not be told apart inside the rule. */
static void check_key_names(Checker *c, RuleWork *work, const Ast *for_each)
{
	int32_t i = 0;
	for (const Ast *group = for_each->items; group != NULL; group = group->next, i++)
		for (int32_t k = 0; k < i; k++) {
			if (!str_eq(work->out.key[i].name, work->out.key[k].name))
				continue;
			DiagRef diag = diag_add(c->diags, DIAG_AMBIGUOUS_KEY, group->at,
				"two keys of the group are called %.*s", STR_ARG(work->out.key[i].name));
			diag_help(diag, "write `for NAME` behind one of them");
			work->bad = true;
		}
}

/*
 * Keys are worked out over a row of `among`, which has the slot behind the keys; inside the rule
 * each key's name stands for its value.
 *
 *   slots of the rule     0 .. nkeys-1   the keys' values
 *   and of one row        nkeys          the row of `among`, while keys and filter are worked out
 *
 * S57: the row's name is not in the rule's own scope, so a plain field of it is an error there.
 */
static void group_subject(Checker *c, RuleWork *work, const Ast *for_each, const Ast *among)
{
	Symbol *symbol = subject_dataset(c, work, among->a);
	Rule *out = &work->out;
	Scope row_scope;
	if (symbol == NULL)
		return;
	for (const Ast *group = for_each->items; group != NULL; group = group->next)
		out->nkeys++;
	out->subject = SUBJECT_GROUP;
	out->dataset = symbol->index;
	out->key = ARENA_ARRAY(c->arena, GroupKey, (size_t)out->nkeys);
	scope_begin(&row_scope);
	row_scope.nslots = out->nkeys;
	work->row = scope_slot(c, &row_scope, symbol->name, type_ref(TYPE_ROW, symbol->index));
	int32_t at = 0;
	for (const Ast *group = for_each->items; group != NULL; group = group->next, at++) {
		group_key(c, work, &row_scope, group, &out->key[at]);
		window_key(c, work, group, at);
	}
	if (among->b != NULL)
		out->filter = check_condition(c, &row_scope, among->b);
	work->bad |= out->filter != NULL && is_error(out->filter);
	check_key_names(c, work, for_each);
	work->scope.group = symbol->index;
	for (int32_t i = 0; i < out->nkeys && !work->bad; i++)
		scope_slot(c, &work->scope, out->key[i].name, out->key[i].expr->type);
	work->scope.nslots = row_scope.nslots;
}

/* A single dataset or collection is looked at row by row; anything else gathers rows. `for each
 * visit.provision` gathers the visits of a provision, though it is one key. */
static bool makes_groups(const Ast *for_each)
{
	int32_t keys = 0;
	bool dotted = false;
	for (const Ast *group = for_each->items; group != NULL; group = group->next) {
		if (group->kind == AST_GROUP_IN || group->kind == AST_GROUP_EVERY)
			return false;
		keys++;
		dotted |= group->kind == AST_GROUP_PERIOD || group->a->kind != AST_NAME;
	}
	return keys > 1 || dotted;
}

/* The two clauses need each other, and the message says which one is too many or too few. */
static void wrong_among(Checker *c, RuleWork *work, const Ast *place, bool has)
{
	if (has)
		diag_help(diag_add(c->diags, DIAG_AMONG, place->at,
			"this `for each` makes no groups, so there is nothing to group `among`"),
			"leave `among` out, and write `applies when` for a condition");
	else
		diag_help(diag_add(c->diags, DIAG_AMONG, place->at,
			"this `for each` makes groups, but the %s does not say of which rows",
			ast_word(work->ast->kind)),
			"write `among` and the dataset");
	work->bad = true;
}

/* Forms that the grammar allows beyond the four are named as not built, never guessed at. */
void subject_check(Checker *c, RuleWork *work)
{
	const Ast *for_each = clause(c, work->ast, AST_FOR_EACH);
	const Ast *among = clause(c, work->ast, AST_AMONG);
	if (for_each == NULL || for_each->items == NULL) {
		if (for_each == NULL)
			diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, work->ast->name_at,
				"the %s does not say what it is for", ast_word(work->ast->kind)),
				"write `for each` and a dataset");
		work->bad = true;
		return;
	}
	const Ast *first = for_each->items, *second = first->next;
	bool groups = makes_groups(for_each) || (among != NULL && second == NULL &&
		first->kind == AST_GROUP_KEY && first->a->kind != AST_NAME);
	if (groups != (among != NULL)) {
		wrong_among(c, work, among != NULL ? among : for_each, among != NULL);
	} else if (groups) {
		group_subject(c, work, for_each, among);
	} else if (first->kind == AST_GROUP_IN && second == NULL) {
		in_subject(c, work, first);
	} else if (first->kind == AST_GROUP_KEY) {
		row_subject(c, work, first);
		if (second != NULL && (second->kind != AST_GROUP_EVERY || second->next != NULL))
			not_built(c, second->at, "this combination in `for each`");
		else if (second != NULL)
			every_subject(c, work, second);
	} else {
		not_built(c, for_each->at, "this combination in `for each`");
		work->bad = true;
	}
}

/* ---- the other clauses */

Severity severity_named(Checker *c, Str word, Span at)
{
	static const struct {
		const char *word;
		Severity severity;
	} words[] = {{"minor", SEVERITY_MINOR}, {"major", SEVERITY_MAJOR}, {"critical",
		SEVERITY_CRITICAL}};
	Nearest nearest;
	nearest_start(&nearest, word);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		nearest_try(&nearest, str_of(words[i].word));
		if (str_eq(word, str_of(words[i].word)))
			return words[i].severity;
	}
	DiagRef diag = diag_add(c->diags, DIAG_BAD_SEVERITY, at,
		"%.*s is not a severity: minor, major or critical", STR_ARG(word));
	suggest_best(diag, &nearest);
	return SEVERITY_MINOR;
}

/* Left out it is minor: a rule that nobody graded should not raise an alarm. */
static void check_severity(Checker *c, RuleWork *work)
{
	const Ast *ast = clause(c, work->ast, AST_SEVERITY);
	work->out.severity = ast == NULL ? SEVERITY_MINOR : severity_named(c, ast->text, ast->at);
}

/* Law 6: without a date no figure that changes could be picked. */
static Expr *date_clause(Checker *c, RuleWork *work)
{
	const Ast *on = clause(c, work->ast, AST_ON);
	if (on != NULL)
		return check_date(c, &work->scope, on->a);
	DiagRef diag = diag_add(c->diags, DIAG_CLAUSE_MISSING, work->ast->name_at,
		"the rule does not say on which date it stands");
	diag_help(diag, "write `on` and a date, which picks the figures in force");
	return expr_error(c, work->ast->at);
}

/* The only clause that a rule cannot do without besides its date and its rows. */
static Expr *require_clause(Checker *c, RuleWork *work)
{
	const Ast *require = clause(c, work->ast, AST_REQUIRE);
	if (require != NULL)
		return check_condition(c, &work->scope, require->a);
	diag_add(c->diags, DIAG_CLAUSE_MISSING, work->ast->name_at,
		"the rule does not require anything");
	return expr_error(c, work->ast->at);
}

/* Further values for the evidence, in the order in which they are listed. */
static void check_show(Checker *c, RuleWork *work)
{
	const Ast *show = clause(c, work->ast, AST_SHOW);
	LIST(Expr *) list = {0};
	for (const Ast *item = show != NULL ? show->items : NULL; item != NULL; item = item->next) {
		Expr *expr = check_expr(c, &work->scope, item, NULL);
		if (expr->type.kind == TYPE_ROWS)
			diag_help(diag_add(c->diags, DIAG_TYPE_MISMATCH, expr->at,
				"whole rows cannot be shown"),
				"write count(…) or total(…)");
		*list_push(c, &list) = expr;
	}
	work->out.show = list.at;
	work->out.nshow = list.n;
}

/* ---- whose finding it is */

/* The row itself when it is a provider, or its field or define called provider. A bank's row has
 * the provider of what its account is for: the first key that leads to one. NULL otherwise. */
static Expr *provider_from(Checker *c, RuleWork *work, Ast *row, Type type, int32_t provider)
{
	if (type.kind != TYPE_ROW)
		return NULL;
	const Dataset *dataset = &c->dataset.at[type.ref];
	Ast dot = {.kind = AST_DOT, .at = row->at, .a = row, .text = STR("provider")};
	bool itself = type.ref == provider;
	if (itself || member_find(c, type.ref, dot.text) != NULL) {
		Expr *out = check_expr(c, &work->scope, itself ? row : &dot, NULL);
		return out->type.kind == TYPE_ROW && out->type.ref == provider ? out : NULL;
	}
	Expr *out = NULL;
	for (int32_t i = 0; dataset->origin != ORIGIN_TABLE && i < dataset->nkey && out == NULL; i++) {
		const Field *key = &dataset->field[dataset->key[i]];
		dot.text = key->name;
		out = provider_from(c, work, &dot, key->type, provider);
	}
	return out;
}

/* Findings are listed by provider wherever the subject leads to one. The first name of the
 * subject that leads to one, in the order of slots; none is no error. */
Expr *rule_provider(Checker *c, RuleWork *work)
{
	Symbol *symbol = symbol_of(c, STR("provider"), SYM_DATASET);
	Expr *out = NULL;
	for (int32_t i = 0; symbol != NULL && out == NULL && i < work->scope.name.n; i++) {
		const Binding *binding = &work->scope.name.at[i];
		Ast row = {.kind = AST_NAME, .at = work->ast->at, .text = binding->name};
		out = provider_from(c, work, &row, binding->value->type, symbol->index);
	}
	return out;
}

/* Proved, not guessed: see check_domain.c. An `applies when` that cannot hold makes a rule that
 * can never fail, and nobody would see it. */
void warn_never(Checker *c, const Expr *condition, const char *what)
{
	if (condition != NULL && !is_error(condition) && condition_never(c, condition))
		diag_add(c->diags, DIAG_W_NEVER_HOLDS, condition->at, "%s can never hold", what);
}

/* All of them are checked even after an error in one, so that one run shows what is wrong with a
 * rule. S33 and law 5: exceptions are the rule's own, and each may have another test in the place
 * of `require`. */
static void check_clauses(Checker *c, RuleWork *work)
{
	Rule *out = &work->out;
	const Ast *applies = clause(c, work->ast, AST_APPLIES_WHEN);
	const Ast *otherwise = clause(c, work->ast, AST_OTHERWISE);
	const Ast *stake = clause(c, work->ast, AST_AT_STAKE);
	out->on = date_clause(c, work);
	if (applies != NULL)
		out->applies = check_condition(c, &work->scope, applies->a);
	out->require = require_clause(c, work);
	check_exceptions(c, &work->scope, work->ast, NULL, &out->except, &out->nexcepts);
	if (otherwise != NULL)
		out->message = check_message(c, &work->scope, otherwise->a);
	if (stake != NULL)
		out->stake = check_typed(c, &work->scope, stake->a,
			type_quantity(unit_of(DIM_MONEY), FORM_NUMBER, 1), "what is at stake");
	check_show(c, work);
	warn_never(c, out->applies, "`applies when`");
	warn_never(c, out->require, "`require`");
	warn_never(c, out->filter, "the condition");
}

/* In error it is kept in its place, so that the numbers of those behind it, which scenarios use,
 * stay right. */
void subject_begin(Checker *c, const Ast *ast, RuleWork *work)
{
	*work = (RuleWork){.ast = ast, .window_key = -1};
	scope_begin(&work->scope);
	work->out = (Rule){.decl = decl_of(c, ast), .dataset = -1, .calendar = -1, .item_dataset = -1};
	if (ast->a != NULL)
		work->out.title = ast->a->text;
}

/* Last, as its slots come behind all others. */
void subject_close(Checker *c, RuleWork *work)
{
	if (!work->bad)
		check_dateless_rule(c, &work->out);
	if (!work->bad && work->row != NULL)
		work->out.covered = covered_condition(c, work->ast, work->out.dataset, work->row,
			&work->scope.nslots);
	work->out.nslots = work->scope.nslots;
}

void check_rule(Checker *c, const Ast *ast)
{
	RuleWork work;
	subject_begin(c, ast, &work);
	check_severity(c, &work);
	subject_check(c, &work);
	if (!work.bad) {
		work.out.provider = rule_provider(c, &work);
		check_clauses(c, &work);
	}
	subject_close(c, &work);
	*list_push(c, &c->rule) = work.out;
	*list_push(c, &c->has_scenario) = false;
}

/* Counts for coverage and for the auditor's list; nothing is worked out. */
void check_by_hand(Checker *c, const Ast *ast)
{
	const Ast *because = clause(c, ast, AST_BECAUSE);
	ByHand out = {.decl = decl_of(c, ast)};
	if (ast->a != NULL)
		out.title = ast->a->text;
	if (because != NULL && because->a != NULL)
		out.because = because->a->text;
	else
		diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at,
			"a clause that is looked at by hand says why"), "write `because` and the reason");
	*list_push(c, &c->by_hand) = out;
}
