/*
 * What has a history or an order of its own: the contract's head, calendars, parameters,
 * roundings.
 *
 * A history is sorted by the day from which a value holds, then by the day on which it was
 * published:
 *
 *   from 28 April 2025   £19.00                        in force from 28 April 2025
 *   from 6 April 2026    £20.10   published 2 March    and known since 2 March 2026
 *
 * so that the value in force on a day is the last one whose day has come, among those known. Two
 * values with both days the same would leave the choice to chance, and are refused.
 */
#include "dsl/checker.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"

/* ---- contract */

/* Shared files may cite sources that only some of the contracts using them name; the contract's
 * own file may not. The name is kept as well as the number: a shared file's source may be unknown
 * to this contract. */
Cite cite_of(Checker *c, const Ast *ast)
{
	const int32_t *source = strmap_get(&c->sources, ast->text);
	bool own = false;
	for (int32_t i = 0; i < c->nfiles; i++)
		own |= c->file[i].own && c->file[i].file == ast->at.file;
	if (source == NULL && own && !c->book->is_library) {
		Nearest nearest;
		nearest_start(&nearest, ast->text);
		for (int32_t i = 0; i < c->book->contract.nsources; i++)
			nearest_try(&nearest, c->book->contract.source[i].name);
		suggest_best(diag_add(c->diags, DIAG_NO_SOURCE, ast->at,
			"the contract names no source %.*s", STR_ARG(ast->text)), &nearest);
	}
	return (Cite){source != NULL ? *source : -1, ast->text,
		ast->a != NULL ? ast->a->text : (Str){NULL, 0}, (int32_t)ast->n};
}

/* One `cites` a declaration, as many sources in it as there are. */
Cites cites_of(Checker *c, const Ast *ast)
{
	const Ast *cites = clause(c, ast, AST_CITES);
	LIST(Cite) list = {0};
	for (const Ast *item = cites != NULL ? cites->items : NULL; item != NULL; item = item->next)
		if (item->kind == AST_CITE)
			*list_push(c, &list) = cite_of(c, item);
	return (Cites){list.at, list.n};
}

/* Sources are numbered in file order; a citation holds the number. S68: private to the contract;
 * two contracts may each have a source called `rules`. */
static void check_source(Checker *c, const Ast *ast)
{
	Contract *contract = &c->book->contract;
	bool added;
	int32_t *at = strmap_at(&c->sources, ast->text, &added);
	if (!added) {
		diag_add(c->diags, DIAG_DUPLICATE, ast->name_at, "two sources are called %.*s",
			STR_ARG(ast->text));
		return;
	}
	*at = contract->nsources;
	contract->source[contract->nsources++] = (DocSource){ast->text,
		ast->a != NULL ? ast->a->text : (Str){NULL, 0}, ast->how == 1};
}

/* One dataset is covered; other datasets may be told by which path they get to it. The condition
 * itself is checked once for each rule, from that rule's own row (see check_rule.c). */
static void check_covers(Checker *c, const Ast *ast)
{
	Symbol *symbol = symbol_of(c, ast->text, SYM_DATASET);
	if (symbol == NULL) {
		suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, ast->name_at,
			"no dataset is called %.*s", STR_ARG(ast->text)), ast->text, SYM_DATASET);
	} else if (ast->b != NULL) {
		*list_push(c, &c->through) = ast;
	} else if (c->covers != NULL) {
		DiagRef diag = diag_add(c->diags, DIAG_CLAUSE_TWICE, ast->at,
			"a contract covers rows of one dataset");
		diag_label(diag, c->covers->at, "the first is here");
	} else {
		c->covers = ast;
		c->covers_dataset = symbol->index;
		symbol->used = true;
	}
}

/* Title and version identify the contract in every report. Missing, it is empty, and the rulebook
 * is not used. */
static Str need_text(Checker *c, const Ast *ast, AstKind kind)
{
	const Ast *found = clause(c, ast, kind);
	if (found != NULL && found->a != NULL)
		return found->a->text;
	if (found == NULL)
		diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at, "the contract has no %s",
			ast_word(kind));
	return (Str){NULL, 0};
}

/* S5: outside this span no rule looks at a row. S8: without a `published` the contract is taken
 * as known since always. Both ends are in (law 10). */
static void check_life(Checker *c, const Ast *ast)
{
	Contract *contract = &c->book->contract;
	const Ast *life = clause(c, ast, AST_IN_FORCE);
	const Ast *published = clause(c, ast, AST_PUBLISHED);
	contract->from = NO_DAY;
	contract->to = LAST_DAY;
	contract->published = NO_DAY;
	if (published != NULL)
		day_literal(published->a, &contract->published);
	if (life == NULL) {
		DiagRef diag = diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at,
			"the contract does not say from when it is in force");
		diag_help(diag, "write `in force from` and a date");
		return;
	}
	day_literal(life->a, &contract->from);
	if (day_literal(life->b, &contract->to) && contract->to < contract->from)
		diag_add(c->diags, DIAG_BAD_LIFE, life->at, "the contract ends before it begins");
}

/* The clauses of the contract and of all amendments: their sources are the contract's. */
#define EACH_CLAUSE(c, item) \
	for (int32_t f_ = 0; f_ < (c)->nfiles; f_++) \
		for (const Ast *head_ = (c)->file[f_].own ? (c)->file[f_].tree->items : NULL; \
				head_ != NULL; head_ = head_->next) \
			for (const Ast *item = head_->kind == AST_CONTRACT ? head_->items : NULL; \
					item != NULL; item = item->next)

/* Only sources are needed by others, so they are read before the rest of the files is checked.
 * Citations anywhere are told apart by these sources. `covers` is only noted here: datasets have
 * names by now, but no fields. */
void check_contract(Checker *c, const Ast *ast)
{
	Contract *contract = &c->book->contract;
	int32_t sources = 0;
	contract->title = need_text(c, ast, AST_TITLE);
	contract->version = need_text(c, ast, AST_VERSION);
	const Ast *council = clause(c, ast, AST_COUNCIL);
	if (council != NULL && council->a != NULL)
		contract->council = council->a->text;
	check_life(c, ast);
	EACH_CLAUSE(c, item)
		sources += item->kind == AST_SOURCE;
	contract->source = ARENA_ARRAY(c->arena, DocSource, (size_t)sources + 1);
	EACH_CLAUSE(c, item)
		if (item->kind == AST_SOURCE)
			check_source(c, item);
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		if (item->kind == AST_COVERS)
			check_covers(c, item);
	contract->decl = decl_of(c, ast);
	amend_contract(c);
}

/* ---- calendars */

/* Gives false, so that each check can end with it. */
static bool bad_period(Checker *c, Span at, const char *why, const char *help)
{
	diag_help(diag_add(c->diags, DIAG_BAD_PERIOD, at, "%s", why), "%s", help);
	return false;
}

/* The Monday of the first week of 1970, moved to another weekday. */
#define FIRST_MONDAY 4

/* A weekday fixes only weeks: with four of them, which Monday it is decides everything. Counted
 * from any first day, forwards and backwards, so it does not matter which period's is given. */
static bool day_periods(Checker *c, const Ast *ast, int32_t days, Calendar *out)
{
	out->kind = CALENDAR_DAYS;
	out->n = days;
	if (ast->a->kind == AST_DATE) {
		out->anchor = (int32_t)ast->a->n;
		return true;
	}
	if (ast->a->kind == AST_WEEKDAY && days == 7) {
		out->anchor = FIRST_MONDAY + (int32_t)ast->a->n;
		return true;
	}
	return bad_period(c, ast->at, "this does not say on which day a period begins",
		"write the first day of one period: from 28 April 2025");
}

/* Periods must begin on the same days each year, or quarters of different years could not be
 * compared. S38 would move a period that begins on the 31st about; so such a beginning is
 * refused. */
static bool month_periods(Checker *c, const Ast *ast, int32_t months, Calendar *out)
{
	Civil date = {0, 1, 1};
	out->kind = CALENDAR_MONTHS;
	out->n = months;
	if (ast->a->kind == AST_DATE) {
		date = civil_of((int32_t)ast->a->n);
	} else if (ast->a->kind == AST_DAYMONTH) {
		date.month = (int8_t)(ast->a->n / 100);
		date.day = (int8_t)(ast->a->n % 100);
	} else {
		return bad_period(c, ast->at, "periods of months begin on a day of a month",
			"write it: from 1 April");
	}
	if (date.day > 28)
		return bad_period(c, ast->a->at, "not every month has this day",
			"begin the periods on the 28th or before");
	if (12 % months != 0)
		return bad_period(c, ast->at, "the periods would not begin on the same days every year",
			"use 1, 2, 3, 4, 6 or 12 months");
	out->anchor_month = date.month;
	out->anchor_day = date.day;
	return true;
}

/* Elapsed time makes no periods: an hour is not a part of a calendar. Weeks are seven days,
 * quarters and years months: the factor of the unit word turns one into the other. */
static bool check_periods(Checker *c, const Ast *ast, Calendar *out)
{
	const UnitWord *word = unit_word(ast->text);
	bool days = word != NULL && word->dim == DIM_DAY;
	if (word == NULL || (!days && word->dim != DIM_MONTH) || ast->a == NULL)
		return bad_period(c, ast->at, "periods are so many days, weeks or months",
			"write, say, periods of 4 weeks from 28 April 2025");
	if (ast->n < 1 || ast->n > 1000)
		return bad_period(c, ast->at, "a period has at least one day and at most 1,000 units",
			"check the number");
	int32_t n = (int32_t)(ast->n * word->factor.n);
	return days ? day_periods(c, ast, n, out) : month_periods(c, ast, n, out);
}

/*
 * S53: an exception stands where a period would begin, so that no day is left between.
 *
 *   |---- 4 weeks ----|---- 4 weeks ----|------ except: 5 weeks ------|---- 4 weeks ----|
 *
 * calendar_first knows the exceptions before this one, so each is held against the count that is
 * in force where it stands.
 */
static void check_excepts(Checker *c, const Ast *ast, Calendar *out)
{
	int32_t n = 0;
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		n += item->kind == AST_EXCEPT_DATES;
	if (n == 0)
		return;
	if (out->kind != CALENDAR_DAYS) {
		bad_period(c, ast->name_at, "only periods of days or weeks can have exceptions",
			"leave the exception out");
		return;
	}
	size_t had = sizeof *out->except * (size_t)out->nexcept;
	void *grown = arena_alloc(c->arena, had + sizeof *out->except * (size_t)n);
	if (had > 0)
		memcpy(grown, out->except, had);
	out->except = grown;
	for (const Ast *item = ast->items; item != NULL; item = item->next) {
		int32_t from, to;
		if (item->kind != AST_EXCEPT_DATES || !day_literal(item->a, &from) ||
				!day_literal(item->b, &to))
			continue;
		int32_t seen = out->nexcept;
		if (to < from || (seen > 0 && out->except[seen - 1].to >= from) ||
				calendar_first(out, from) != from) {
			bad_period(c, item->at, "the exception does not begin where a period begins",
				"give exceptions in order, each from the first day of a period");
			continue;
		}
		out->except[seen].from = from;
		out->except[seen].to = to;
		out->nexcept++;
	}
}

/* A cell that holds a date has it beside its text; the parser complained of one that could not.
 * needed: a holiday has a day, but its announcement may be left out. */
static bool date_cell(Checker *c, const Ast *cell, int32_t *day, bool needed)
{
	if (cell != NULL && cell->text.len > 0)
		return day_literal(cell->a, day);
	if (needed)
		diag_add(c->diags, DIAG_NOT_CONSTANT, cell->at, "a date like 2025-12-25 is needed here");
	return !needed;
}

/* For sorting; no two days are the same after check_dates. */
static int by_day(const void *a, const void *b)
{
	const CalendarDate *left = a, *right = b;
	return (left->day > right->day) - (left->day < right->day);
}

/* Holidays carry the day on which they were announced: a substitute day proclaimed later was not
 * known before. Sorted, so that a day can be looked up by halves. */
static void check_dates(Checker *c, const Ast *ast, Calendar *out)
{
	LIST(CalendarDate) list = {0};
	for (int32_t i = 0; i < out->ndates; i++)
		*list_push(c, &list) = out->date[i];
	for (const Ast *row = ast->items; row != NULL; row = row->next) {
		const Ast *day = row->items, *name = day != NULL ? day->next : NULL;
		CalendarDate date = {0, version_known(c, row->at),
			name != NULL ? name->text : (Str){NULL, 0}};
		if (day == NULL || !date_cell(c, day, &date.day, true) ||
				!date_cell(c, name != NULL ? name->next : NULL, &date.published, false))
			continue;
		*list_push(c, &list) = date;
	}
	out->kind = CALENDAR_DATES;
	out->date = list.at;
	out->ndates = list.n;
	if (list.n > 1)
		qsort(list.at, (size_t)list.n, sizeof *list.at, by_day);
	for (int32_t i = 1; i < list.n; i++)
		if (list.at[i].day == list.at[i - 1].day)
			diag_add(c->diags, DIAG_TWO_VALUES, ast->at, "the day of %.*s is listed twice",
				STR_ARG(list.at[i].name));
}

/* `calendar X adds`: days to days, exceptions to periods. */
static void calendar_adds(Checker *c, Calendar *out, const Ast *ast, Life life)
{
	const Ast *adds;
	int32_t at = 0;
	while ((adds = amend_adds(c, ast->text, life, &at)) != NULL) {
		const Ast *dates = clause(c, adds, AST_DATES), *periods = clause(c, adds, AST_PERIODS);
		if (periods != NULL || (dates != NULL) != (out->kind == CALENDAR_DATES))
			bad_period(c, adds->name_at, out->kind == CALENDAR_DATES
				? "only dates can be added to a calendar of dates"
				: "only exceptions can be added to the periods of a calendar",
				"declare another calendar");
		else if (dates != NULL)
			check_dates(c, dates, out);
		else
			check_excepts(c, adds, out);
	}
}

/* In error it is given Monday weeks, so that its users can be checked. Users of a calendar in
 * error are not complained of: they have done nothing wrong. */
static void check_calendar(Checker *c, Calendar *out, const Ast *ast, Life life)
{
	const Ast *periods = clause(c, ast, AST_PERIODS), *dates = clause(c, ast, AST_DATES);
	*out = (Calendar){.decl = decl_of(c, ast), .kind = CALENDAR_DAYS, .n = 7,
		.anchor = FIRST_MONDAY};
	if (dates != NULL)
		check_dates(c, dates, out);
	else if (periods == NULL)
		diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at,
			"the calendar has neither periods nor dates");
	else if (!check_periods(c, periods, out))
		*out = (Calendar){.decl = out->decl, .kind = CALENDAR_DAYS, .n = 7, .anchor = FIRST_MONDAY};
	else
		check_excepts(c, ast, out);
	calendar_adds(c, out, ast, life);
}

/* Declared ones replace those built in, which were added behind them. */
void check_calendars(Checker *c)
{
	for (int32_t i = 0; i < c->symbol.n; i++)
		if (c->symbol.at[i].kind == SYM_CALENDAR && c->symbol.at[i].ast != NULL)
			check_calendar(c, &c->calendar.at[c->symbol.at[i].index], c->symbol.at[i].ast,
				c->symbol.at[i].life);
	book_sync(c);
}

/* Never `unused`: nobody declared it. added is false where the contract declares a calendar of
 * that name: its own holds. */
static void builtin(Checker *c, const char *name, Calendar calendar)
{
	bool added;
	int32_t *at = strmap_at(&c->names, str_of(name), &added);
	if (!added)
		return;
	*at = c->symbol.n;
	calendar.decl.name = str_of(name);
	*list_push(c, &c->symbol) = (Symbol){.kind = SYM_CALENDAR, .name = str_of(name),
		.index = c->calendar.n, .used = true};
	*list_push(c, &c->calendar) = calendar;
}

/* Names that every reader knows; a contract that needs another first day declares its own. Weeks
 * begin on Monday (S46), quarters in January, financial years on 1 April, as councils keep their
 * books; the tax year is no calendar of theirs. */
void calendar_builtin(Checker *c)
{
	Calendar months = {.kind = CALENDAR_MONTHS, .n = 1, .anchor_month = 1, .anchor_day = 1};
	builtin(c, "week", (Calendar){.kind = CALENDAR_DAYS, .n = 7, .anchor = FIRST_MONDAY});
	builtin(c, "month", months);
	months.n = 3;
	builtin(c, "quarter", months);
	months.anchor_month = 4;
	builtin(c, "financial_quarter", months);
	months.anchor_month = 1;
	months.n = 12;
	builtin(c, "year", months);
	months.anchor_month = 4;
	builtin(c, "financial_year", months);
}

/* ---- parameters */

/* Rows published since always come before those published later on the same day. In force is then
 * the last value whose two days have both come (S7). */
static int by_history(const void *a, const void *b)
{
	const DatedExpr *left = a, *right = b;
	if (left->from != right->from)
		return left->from < right->from ? -1 : 1;
	return (left->published > right->published) - (left->published < right->published);
}

/* Does it read rows? A parameter stands for itself, whatever the data. Law 6 picks a value by its
 * date alone, the same for every row. */
static const Expr *reads_rows(const Expr *expr)
{
	if (expr == NULL || expr->op == EXPR_ALL_ROWS)
		return expr;
	for (int32_t i = 0; i < expr->nargs; i++) {
		const Expr *found = reads_rows(expr->arg[i]);
		if (found != NULL)
			return found;
	}
	return NULL;
}

/* No names are in sight but those of the contract: a parameter is a figure, not a formula over
 * rows. Other parameters may be used, as they stand on the same date (S12); circles are found by
 * on_demand. */
static Expr *parameter_value(Checker *c, const Ast *ast, Type type)
{
	Scope scope;
	scope_begin(&scope);
	Expr *value = check_typed(c, &scope, ast, type, NULL);
	const Expr *rows = is_error(value) ? NULL : reads_rows(value);
	if (rows != NULL)
		diag_add(c->diags, DIAG_NOT_CONSTANT, rows->at, "a parameter cannot depend on the data");
	return value;
}

typedef struct Dated {
	DatedExpr value;   /* first, so that by_history sorts it */
	const Ast *ast;
} Dated;

typedef LIST(Dated) DatedList;

/* S8: a value of an amendment that does not say when it was published was so with the amendment. */
static void collect_values(Checker *c, const Ast *ast, DatedList *list)
{
	for (const Ast *item = ast->items; item != NULL; item = item->next) {
		DatedExpr value = {.from = NO_DAY, .published = version_known(c, item->at),
			.at = item->at};
		if (item->kind != AST_VALUE)
			continue;
		day_literal(item->a, &value.from);
		day_literal(item->c, &value.published);
		if (item->d != NULL && item->d->a != NULL)
			value.assumed = item->d->a->text;
		*list_push(c, list) = (Dated){value, item->b};
	}
}

/* The dates of the history, sorted; its expressions wait in `asts`, in the same order. Sorted
 * together, date and tree, or a value would end up under another's date. Values that `adds` puts
 * in are sorted in with the rest. */
static void collect_history(Checker *c, const Ast *ast, Parameter *out, const Ast ***asts)
{
	DatedList list = {0};
	const Ast *adds;
	int32_t at = 0;
	collect_values(c, ast, &list);
	while ((adds = amend_adds(c, ast->text, c->life, &at)) != NULL)
		collect_values(c, adds, &list);
	if (list.n > 1)
		qsort(list.at, (size_t)list.n, sizeof *list.at, by_history);
	out->nvalues = list.n;
	out->value = ARENA_ARRAY(c->arena, DatedExpr, (size_t)list.n);
	*asts = arena_alloc(c->arena, sizeof **asts * (size_t)list.n);
	for (int32_t i = 0; i < list.n; i++) {
		out->value[i] = list.at[i].value;
		(*asts)[i] = list.at[i].ast;
	}
}

/* S11: law 4 has no answer to two values at once. Neighbours suffice in a sorted list.
 * `throughout` sorts first, and leaves no room for a second. */
static void check_history_days(Checker *c, const Parameter *out)
{
	for (int32_t i = 1; i < out->nvalues; i++) {
		const DatedExpr *one = &out->value[i - 1], *two = &out->value[i];
		bool throughout = one->from == NO_DAY;
		if (!throughout && (one->from != two->from || one->published != two->published))
			continue;
		DiagRef diag = diag_add(c->diags, DIAG_TWO_VALUES, two->at, throughout
			? "a value throughout leaves no day for another" : "two values begin on the same day");
		diag_label(diag, one->at, "the other is here");
	}
}

/*
 * S12: values are checked in the order of their days, so that a later one may speak of an
 * earlier. Those that scenarios put in their place take part in the common denominator.
 *
 *   £19.00 per hour    19 over 3,600       190 over 36,000
 *   £20.10 per hour    201 over 36,000     201 over 36,000     one denominator for all
 *
 * Denominators are settled before any use, as a use's own type is made of them.
 */
static bool check_history(Checker *c, Parameter *out, int32_t index, const Ast **asts)
{
	const int32_t *first = strmap_get(&c->with_names, out->decl.name);
	LIST(Expr *) values = {0};
	bool bad = false;
	Life life = c->life;
	for (int32_t i = 0; i < out->nvalues; i++) {
		c->life.from = version_of(c, out->value[i].at);
		c->self.parameter = index;
		c->self.from = out->value[i].from;
		c->self.value = out->value;
		c->self.n = i;
		out->value[i].value = parameter_value(c, asts[i], out->type);
		bad |= is_error(out->value[i].value);
		*list_push(c, &values) = out->value[i].value;
	}
	c->life = life;
	c->self.parameter = -1;
	for (int32_t at = first != NULL ? *first - 1 : -1; at >= 0; at = c->with.at[at].next) {
		c->with.at[at].value = parameter_value(c, c->with.at[at].ast, out->type);
		if (!is_error(c->with.at[at].value))
			*list_push(c, &values) = c->with.at[at].value;
	}
	if (bad || values.n == 0 || !same_scale(c, values.at, values.n, out->decl.name_at))
		return false;
	out->type.scale = values.at[0]->type.scale;
	out->type.ratio = values.at[0]->type.ratio;
	int32_t at = 0;
	for (; at < out->nvalues; at++)
		out->value[at].value = values.at[at];
	for (int32_t with = first != NULL ? *first - 1 : -1; with >= 0; with = c->with.at[with].next)
		if (!is_error(c->with.at[with].value))
			c->with.at[with].value = values.at[at++];
	return true;
}

/* The index is fixed when names are registered, so the result goes to its place whatever the
 * order of checking. The result is put in its place even in error, so that messages can name it. */
static bool check_parameter(Checker *c, int32_t index, const Ast *ast)
{
	Parameter out = {.decl = decl_of(c, ast), .type = check_type(c, ast->a)};
	const Ast **asts;
	collect_history(c, ast, &out, &asts);
	check_history_days(c, &out);
	if (out.nvalues == 0)
		diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at, "the parameter has no value");
	if (out.type.kind == TYPE_ROW) {
		diag_add(c->diags, DIAG_TYPE_MISMATCH, ast->a->at, "a parameter cannot be a row");
		out.type = type_of(TYPE_ERROR);
	}
	bool good = out.nvalues > 0 && out.type.kind != TYPE_ERROR &&
		check_history(c, &out, index, asts);
	c->parameter.at[index] = out;
	return good;
}

/*
 * Checks a declaration that others wait for.
 *
 *   UNTRIED -> CHECKING -> DONE
 *                 |   '--> FAILED      complained of once, silent from then on
 *                 '------> met again: a circle, FAILED
 *
 * What the outer declaration was doing (its depth, the history it is in) is set aside meanwhile.
 * Symbols are found by number, since the list may move.
 */
int32_t on_demand(Checker *c, int32_t symbol, Span at,
	bool (*check)(Checker *c, int32_t index, const Ast *ast))
{
	Symbol *of = &c->symbol.at[symbol];
	if (of->progress == UNTRIED || of->progress == CHECKING) {
		if (!chain_enter(c, of->progress == CHECKING, of->name, of->ast->name_at, at)) {
			of->progress = FAILED;
			return -1;
		}
		int depth = c->depth;
		Life life = c->life;
		int32_t parameter = c->self.parameter, n = c->self.n, from = c->self.from;
		const DatedExpr *value = c->self.value;
		of->progress = CHECKING;
		c->depth = 0;
		c->life = of->life;
		c->self.parameter = -1;
		bool good = check(c, of->index, of->ast);
		c->life = life;
		of = &c->symbol.at[symbol];
		of->progress = good && of->progress != FAILED ? DONE : FAILED;
		c->depth = depth;
		c->self.parameter = parameter;
		c->self.n = n;
		c->self.from = from;
		c->self.value = value;
		chain_leave(c);
	}
	return of->progress == DONE ? of->index : -1;
}

/* What a scenario puts in the place of a parameter that has several texts, over the denominator of
 * this one of them. */
Expr *parameter_override(Checker *c, const Ast *ast, int32_t parameter)
{
	const Parameter *of = &c->parameter.at[parameter];
	Expr *pair[] = {parameter_value(c, ast, of->type), of->value[0].value};
	return is_error(pair[0]) || !same_scale(c, pair, 2, ast->at) ? NULL : pair[0];
}

/* Checked on first use, because a use needs the denominator. */
int32_t parameter_index(Checker *c, Symbol *symbol, Span at)
{
	return on_demand(c, (int32_t)(symbol - c->symbol.at), at, check_parameter);
}

/* ---- roundings */

/* A constant of the rounding's type: it waits in the list until all scales are known. S88 asks
 * for one reading: a step that depends on a date would be a rounding for each. */
static Expr *rounding_constant(Checker *c, const Ast *ast, Type type)
{
	Scope scope;
	scope_begin(&scope);
	Expr *value = check_typed(c, &scope, ast, type, NULL);
	if (is_error(value) || value->op == EXPR_CONST)
		return value;
	diag_add(c->diags, DIAG_NOT_CONSTANT, value->at, "a rounding works with fixed figures");
	return expr_error(c, value->at);
}

/* Every figure of a rounding, in the order in which they were met. */
typedef struct Figures {
	LIST(Expr *) list;
	bool bad;
} Figures;

/* Gives the place in the list; the integers are read from there when the scale is known. */
static int32_t figure(Checker *c, Figures *figures, const Ast *ast, Type type)
{
	Expr *value = rounding_constant(c, ast, type);
	figures->bad |= is_error(value);
	*list_push(c, &figures->list) = value;
	return figures->list.n - 1;
}

/* One step, limit or band: where its figures stand in the list. */
typedef struct RoundingItem {
	const Ast *ast;
	int32_t first, second, to;
} RoundingItem;

/* A band is written like a row of a table, but all of it must be known beforehand. A single
 * figure is a band of one value; a comparison a band without an end. */
static RoundingItem band_item(Checker *c, Figures *figures, const Ast *row, Type type)
{
	RoundingItem item = {row, -1, -1, -1};
	const Ast *from = row->items, *to = from != NULL ? from->next : NULL;
	const Ast *test = from != NULL ? from->items : NULL, *value = to != NULL ? to->items : NULL;
	if (test == NULL || value == NULL || to->next != NULL || test->next != NULL ||
			value->kind != AST_TEST_VALUE) {
		diag_add(c->diags, DIAG_ROW_CELLS, row->at,
			"a band has two cells: a range, and what it becomes");
		figures->bad = true;
		return item;
	}
	if (test->kind != AST_TEST_RANGE && test->kind != AST_TEST_COMPARE &&
			test->kind != AST_TEST_VALUE) {
		diag_add(c->diags, DIAG_NOT_CONSTANT, test->at, "a band is a range of fixed figures");
		figures->bad = true;
		return item;
	}
	item.ast = test;
	item.first = figure(c, figures, test->a, type);
	if (test->kind == AST_TEST_RANGE)
		item.second = figure(c, figures, test->b, type);
	item.to = figure(c, figures, value->a, type);
	return item;
}

/* 0 for a figure that the item does not have. */
static int64_t figure_at(const Figures *figures, int32_t index)
{
	return index >= 0 ? figures->list.at[index]->n : 0;
}

/*
 * Half-open bands (`to below`) meet without a gap or an overlap, also between whole minutes
 * (S44).
 *
 *   8 to below 23   lo 8  hi 23            8 <= x < 23
 *   at least 23     lo 23 no_hi            23 <= x
 *   below 8         lo INT64_MIN  hi 8         x < 8
 */
static Band band_of(const Figures *figures, const RoundingItem *item)
{
	int64_t first = figure_at(figures, item->first), second = figure_at(figures, item->second);
	Band band = {.lo = first, .to = figure_at(figures, item->to)};
	if (item->ast->kind == AST_TEST_RANGE) {
		band.hi = second;
		band.hi_in = item->ast->how == 0;
	} else if (item->ast->kind == AST_TEST_VALUE) {
		band.hi = first;
		band.hi_in = true;
	} else if (item->ast->how == AST_GE || item->ast->how == AST_GT) {
		band.lo_open = item->ast->how == AST_GT;
		band.no_hi = true;
	} else {
		band.lo = INT64_MIN;
		band.hi = first;
		band.hi_in = item->ast->how == AST_LE;
	}
	return band;
}

/* Ascending; a band without a lower end comes first. */
static int by_band(const void *a, const void *b)
{
	const Band *left = a, *right = b;
	return (left->lo > right->lo) - (left->lo < right->lo);
}

/* Neighbours suffice, since the bands are sorted. A hole lets a value through as unknown, hence
 * the warning. An overlap is an error, as two rows of a table would be (S29): a value must not
 * have two roundings. */
static void check_bands(Checker *c, const Rounding *rounding)
{
	for (int32_t i = 1; i < rounding->nbands; i++) {
		const Band *one = &rounding->band[i - 1], *two = &rounding->band[i];
		bool touch = !one->no_hi && one->hi == two->lo;
		if (one->no_hi || one->hi > two->lo || (touch && one->hi_in && !two->lo_open))
			diag_add(c->diags, DIAG_BANDS_OVERLAP, rounding->decl.name_at,
				"two bands of %.*s overlap", STR_ARG(rounding->decl.name));
		else if (one->hi < two->lo || (!one->hi_in && two->lo_open))
			diag_help(diag_add(c->diags, DIAG_W_BAND_GAP, rounding->decl.name_at,
				"there is a hole between two bands of %.*s", STR_ARG(rounding->decl.name)),
				"write `to below` so that a band ends where the next begins");
	}
}

/* S86: the directed roundings mean towards plus and minus infinity, so that nobody has to say
 * what happens below zero. `counts 60 minutes from 53 minutes`: whole units, plus one when the
 * rest reaches the figure. */
static void set_step(Checker *c, Rounding *out, const Figures *figures, const RoundingItem *item)
{
	static const RoundMode halves[] = {ROUND_HALF_AWAY, ROUND_HALF_TOWARDS, ROUND_HALF_EVEN};
	AstKind kind = item->ast->kind;
	out->how = kind == AST_COUNTS ? STEP_COUNTS : STEP_TO;
	out->step = figure_at(figures, item->first);
	out->counts_from = figure_at(figures, item->second);
	if (kind == AST_NEAREST)
		out->mode = halves[item->ast->how >= 0 && item->ast->how < 3 ? item->ast->how : 0];
	else
		out->mode = kind == AST_UP_TO_NEXT ? ROUND_UP : ROUND_DOWN;
	if (out->step <= 0)
		diag_add(c->diags, DIAG_BAD_STEP, item->ast->a->at, "a rounding needs a step above zero");
	else if (kind == AST_COUNTS && (out->counts_from <= 0 || out->counts_from > out->step))
		diag_add(c->diags, DIAG_BAD_STEP, item->ast->b->at,
			"a unit counts from above zero up to the whole unit");
}

/* Order of the clauses does not matter: rounding, then least, then greatest (S88). S87: the
 * minimum is for amounts above zero, so that a missed visit does not earn it; evaluators see to
 * that. */
static void set_item(Checker *c, Rounding *out, const Figures *figures, const RoundingItem *item)
{
	switch ((int)item->ast->kind) {
	case AST_AT_LEAST_CLAUSE:
		out->has_least = true;
		out->least = figure_at(figures, item->first);
		return;
	case AST_AT_MOST_CLAUSE:
		out->has_most = true;
		out->most = figure_at(figures, item->first);
		return;
	case AST_NEAREST:
	case AST_UP_TO_NEXT:
	case AST_DOWN_TO_LAST:
	case AST_COUNTS: set_step(c, out, figures, item); return;
	default:
		out->how = STEP_BANDS;
		out->band[out->nbands++] = band_of(figures, item);
	}
}

/* The clauses that each say a whole way of rounding. */
static bool is_step(AstKind kind)
{
	return kind == AST_NEAREST || kind == AST_UP_TO_NEXT || kind == AST_DOWN_TO_LAST ||
		kind == AST_COUNTS;
}

/* One way of rounding only: a step, or bands. Two steps would have an order, and that is what
 * nested calls are for. A minimum by itself is a rounding too. */
static bool one_way(Checker *c, const Ast *ast)
{
	const Ast *first = NULL;
	bool limit = false;
	for (const Ast *item = ast->items; item != NULL; item = item->next) {
		limit |= item->kind == AST_AT_LEAST_CLAUSE || item->kind == AST_AT_MOST_CLAUSE;
		if (!is_step(item->kind) && item->kind != AST_ROW)
			continue;
		if (first != NULL && (is_step(item->kind) || is_step(first->kind))) {
			DiagRef diag = diag_add(c->diags, DIAG_CLAUSE_TWICE, item->at,
				"a rounding rounds in one way");
			diag_label(diag, first->at, "the first is here");
			return false;
		}
		first = first != NULL ? first : item;
	}
	if (first == NULL && !limit) {
		diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at,
			"the rounding does not say how to round");
		return false;
	}
	return true;
}

/* What the figures of a rounding are: those of clock times are durations. False after a complaint
 * about a kind that is not rounded. */
static bool rounded_kind(Checker *c, const Ast *ast, Type *type)
{
	if (type->kind == TYPE_QUANTITY)
		return true;
	if (type->kind == TYPE_CLOCK) {
		*type = type_quantity(unit_of(DIM_TIME), FORM_NUMBER, 1);
		return true;
	}
	DiagRef diag = diag_add(c->diags, DIAG_ROUNDING_KIND, ast->a->at, "%.*s cannot be rounded",
		STR_ARG(phrase(c, *type)));
	diag_help(diag, type->kind == TYPE_MOMENT ? "write `: time`; it rounds dates with times as well"
		: "figures and clock times are");
	return false;
}

/* S89: a clock time goes to a mark on the clock, so a day has to be made of whole steps. Minimum,
 * maximum and bands are for figures. */
static bool check_clock_step(Checker *c, const Ast *ast, const Rounding *rounding)
{
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		if (item->kind == AST_COUNTS || item->kind == AST_ROW || item->kind == AST_AT_LEAST_CLAUSE ||
				item->kind == AST_AT_MOST_CLAUSE) {
			diag_add(c->diags, DIAG_ROUNDING_KIND, item->at,
				"a clock time is rounded to a step alone: nearest, up to the next, down to the last");
			return false;
		}
	if (rounding->step <= 0 || (rounding->type.scale == 1 && DAY_SECONDS % rounding->step == 0))
		return rounding->step > 0;
	diag_add(c->diags, DIAG_BAD_STEP, ast->name_at, "no whole number of these steps makes a day");
	return false;
}

/* Figures are gathered first and share one denominator after that; only then can they be compared
 * with each other. A rounding without a sound step is not used at all: whatever it gave would be
 * a wrong figure. */
static bool check_rounding(Checker *c, int32_t index, const Ast *ast)
{
	Rounding *out = &c->rounding.at[index];
	Figures figures = {.bad = false};
	LIST(RoundingItem) items = {0};
	*out = (Rounding){.decl = decl_of(c, ast), .type = check_type(c, ast->a)};
	Type type = out->type;
	if (type.kind == TYPE_ERROR || !rounded_kind(c, ast, &type) || !one_way(c, ast))
		return false;
	clause(c, ast, AST_AT_LEAST_CLAUSE);
	clause(c, ast, AST_AT_MOST_CLAUSE);
	for (const Ast *item = ast->items; item != NULL; item = item->next) {
		if (item->kind == AST_ROW)
			*list_push(c, &items) = band_item(c, &figures, item, type);
		else if (is_step(item->kind) || item->kind == AST_AT_LEAST_CLAUSE ||
				item->kind == AST_AT_MOST_CLAUSE)
			*list_push(c, &items) = (RoundingItem){item, figure(c, &figures, item->a, type),
				item->kind == AST_COUNTS ? figure(c, &figures, item->b, type) : -1, -1};
	}
	if (figures.bad || !same_scale(c, figures.list.at, figures.list.n, ast->name_at))
		return false;
	out->type.scale = figures.list.at[0]->type.scale;
	out->band = ARENA_ARRAY(c->arena, Band, (size_t)items.n);
	for (int32_t i = 0; i < items.n; i++)
		set_item(c, out, &figures, &items.at[i]);
	if (out->nbands > 1)
		qsort(out->band, (size_t)out->nbands, sizeof *out->band, by_band);
	check_bands(c, out);
	if (out->type.kind == TYPE_CLOCK)
		return check_clock_step(c, ast, out);
	return out->how != STEP_TO || out->step > 0;
}

/* Checked on first use, as parameters are. */
int32_t rounding_index(Checker *c, Symbol *symbol, Span at)
{
	return on_demand(c, (int32_t)(symbol - c->symbol.at), at, check_rounding);
}
