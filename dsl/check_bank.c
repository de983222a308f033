/*
 * Banks: accounts of something that is credited, used, and in time expires.
 *
 *   for each provision                                    an account for each row (its owner)
 *     credit  provision.weekly_hours every week             one entry a week while it lasts
 *     debit   visit.declared on visit.date among provision.visits
 *
 *   for each visit.carer, month of visit.date             an account for each group of rows
 *     credit  visit.over on visit.date among visit          the group's own rows
 *
 * Slots: the keys (or the owner) in order, and behind them that of a flow's row or period. Each
 * flow is checked in a scope of its own, so that every one has its row in that same slot.
 *
 * A bank's three datasets have their names from the start, and their fields when the bank has been
 * checked: whoever speaks of take_a_break.debits asks for that first. The amounts of all flows get
 * one denominator before the fields are made.
 */
#include "dsl/checker.h"

static const char *const part_names[] = {
	[ORIGIN_CREDITS] = "credits", [ORIGIN_DEBITS] = "debits", [ORIGIN_BALANCES] = "balances"
};

/* ---- names */

/* Named by what no author can write as one word; the dot before the part is read in bank_rows. */
static int32_t part_dataset(Checker *c, const Ast *ast, int32_t bank, DatasetOrigin origin)
{
	Str name = str_format(c->arena, "%.*s.%s", STR_ARG(ast->text), part_names[origin]);
	DatasetInfo info = {.ast = ast};
	int32_t index = c->dataset.n;
	bool added;
	strmap_init(&info.names, c->arena);
	*list_push(c, &c->info) = info;
	*list_push(c, &c->dataset) = (Dataset){.decl = {.name = name, .at = ast->at,
		.name_at = ast->name_at}, .origin = origin, .bank = bank, .lasts_from = -1, .lasts_to = -1};
	*strmap_at(&c->names, name, &added) = c->symbol.n;
	*list_push(c, &c->symbol) = (Symbol){.kind = SYM_DATASET, .name = name, .ast = ast,
		.index = index, .used = true};
	return index;
}

/* Before anything is checked, so that numbers of datasets never change. What the bank cites is read
 * later: the contract's sources are not known yet. */
void register_bank(Checker *c, const Ast *ast)
{
	int32_t index = c->bank.n;
	*list_push(c, &c->bank) = (Bank){.decl = {.name = ast->text, .at = ast->at,
		.name_at = ast->name_at}, .dataset = -1, .expires_with = -1};
	c->bank.at[index].credits = part_dataset(c, ast, index, ORIGIN_CREDITS);
	c->bank.at[index].debits = part_dataset(c, ast, index, ORIGIN_DEBITS);
	c->bank.at[index].balances = part_dataset(c, ast, index, ORIGIN_BALANCES);
}

/* Also asks for the bank to be checked, so that the rows have their fields. */
bool bank_rows(Checker *c, const Scope *scope, const Ast *ast, Symbol **out)
{
	bool names = ast != NULL && ast->kind == AST_DOT && ast->a->kind == AST_NAME &&
		(scope == NULL || scope_find(scope, ast->a->text) == NULL);
	Symbol *bank = names ? symbol_of(c, ast->a->text, SYM_BANK) : NULL;
	Nearest nearest;
	*out = NULL;
	if (bank == NULL)
		return false;
	Str name = str_format(c->arena, "%.*s.%.*s", STR_ARG(bank->name), STR_ARG(ast->text));
	Symbol *part = symbol_of(c, name, SYM_DATASET);
	if (part == NULL) {
		nearest_start(&nearest, ast->text);
		for (int i = ORIGIN_CREDITS; i <= ORIGIN_BALANCES; i++)
			nearest_try(&nearest, str_of(part_names[i]));
		suggest_best(diag_add(c->diags, DIAG_UNKNOWN_FIELD, ast->name_at,
			"a bank has credits, debits and balances, not %.*s", STR_ARG(ast->text)), &nearest);
	} else if (bank_index(c, bank, ast->at) >= 0) {
		*out = symbol_of(c, name, SYM_DATASET);
	}
	return true;
}

/* ---- the accounts */

/* A bank as far as it is checked. In error nothing is put into the rulebook, and whoever asks for
 * its rows is silent. */
typedef struct BankWork {
	const Ast *ast;
	Bank out;
	Scope scope;        /* of the keys */
	LIST(BankFlow) flow;
	int32_t nslots;     /* the most that any part took */
	bool bad;
} BankWork;

/* One code for all ways in which accounts and entries do not go together: its page names them. */
static DiagRef unfit(Checker *c, BankWork *work, Span at, const char *message)
{
	work->bad = true;
	return diag_add(c->diags, DIAG_BANK, at, "%s", message);
}

/* A dataset, or the rows of another bank; NULL after a complaint, or silently when `ast` is. */
static Symbol *rows_named(Checker *c, BankWork *work, const Ast *ast)
{
	Symbol *symbol = NULL;
	bool bank = bank_rows(c, NULL, ast, &symbol);
	if (!bank && ast->kind == AST_NAME)
		symbol = symbol_of(c, ast->text, SYM_DATASET);
	if (symbol != NULL)
		symbol->used = true;
	work->bad |= symbol == NULL;
	if (symbol != NULL || bank)
		return symbol;
	if (ast->kind == AST_NAME && symbol_find(c, ast->text) == NULL)
		suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, ast->at, "no dataset is called %.*s",
			STR_ARG(ast->text)), ast->text, SYM_DATASET);
	else
		diag_add(c->diags, DIAG_NOT_ROWS, ast->at, "a dataset is needed here");
	return NULL;
}

/* The owner is the only key, and its row stands in the slot that the keys of groups have. `for
 * NAME` gives the key another name, as in a rule. */
static void owner_subject(Checker *c, BankWork *work, const Ast *key)
{
	Symbol *symbol = rows_named(c, work, key->a);
	if (symbol == NULL)
		return;
	Str name = key->text.len > 0 ? key->text : symbol->name;
	work->out.subject = SUBJECT_ROW;
	work->out.dataset = symbol->index;
	work->out.nkeys = 1;
	work->out.key = ARENA_NEW(c->arena, GroupKey);
	Expr *row = scope_slot(c, &work->scope, name, type_ref(TYPE_ROW, symbol->index));
	*work->out.key = (GroupKey){.name = name, .expr = expr_copy(c, row, key->at)};
}

/* The `among` of the flows; NULL without one. All must go over one dataset: the keys are worked
 * out over its rows. */
static const Ast *flows_among(Checker *c, BankWork *work)
{
	const Ast *first = NULL;
	for (const Ast *item = work->ast->items; item != NULL; item = item->next) {
		bool flow = item->kind == AST_CREDIT || item->kind == AST_DEBIT;
		const Ast *among = flow && item->d != NULL ? item->d->b : NULL;
		if (among == NULL)
			continue;
		if (first == NULL)
			first = among;
		else if (!ast_same(first->a, among->a)) {
			DiagRef diag = unfit(c, work, among->at,
				"the entries of a bank for groups are rows of one dataset");
			diag_label(diag, first->at, "the first are these");
			diag_help(diag, "make one account for each row, and lead to both from there");
		}
	}
	return first;
}

/* The names of fields that every bank's rows have: a key of such a name could not be told from
 * them. */
static bool taken_name(Str name)
{
	static const char *const taken[] = {
		"date", "amount", "used", "expired", "lost", "held", "last_day", "shortfall", "credited",
		"balance", "entry"
	};
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (str_eq(name, str_of(taken[i])))
			return true;
	return false;
}

/* S54: keys are named by their last word, and two of one name could not be told apart. */
static void key_names(Checker *c, BankWork *work, const Ast *for_each)
{
	const Ast *group = for_each->items;
	for (int32_t i = 0; i < work->out.nkeys && group != NULL; i++, group = group->next) {
		Str name = work->out.key[i].name;
		bool twice = taken_name(name);
		for (int32_t k = 0; k < i; k++)
			twice |= str_eq(name, work->out.key[k].name);
		if (!twice || is_error(work->out.key[i].expr))
			continue;
		work->bad = true;
		diag_help(diag_add(c->diags, DIAG_AMBIGUOUS_KEY, group->at,
			"the bank's rows would have two fields called %.*s", STR_ARG(name)),
			"write `for NAME` behind the key");
	}
}

/* Keys are worked out over a row in the slot behind them, as in a rule for groups; inside the bank
 * their names stand for the values that the rows have in common. */
static void group_subject(Checker *c, BankWork *work, const Ast *for_each)
{
	const Ast *among = flows_among(c, work);
	Bank *out = &work->out;
	Scope row_scope;
	if (among == NULL) {
		diag_help(unfit(c, work, for_each->at,
			"this `for each` makes groups, but no entry says of which rows"),
			"write `among` and the dataset behind a credit or a debit");
		return;
	}
	Symbol *symbol = rows_named(c, work, among->a);
	if (symbol == NULL)
		return;
	out->subject = SUBJECT_GROUP;
	out->dataset = symbol->index;
	for (const Ast *group = for_each->items; group != NULL; group = group->next)
		out->nkeys++;
	out->key = ARENA_ARRAY(c->arena, GroupKey, (size_t)out->nkeys);
	scope_begin(&row_scope);
	row_scope.nslots = out->nkeys;
	scope_slot(c, &row_scope, symbol->name, type_ref(TYPE_ROW, symbol->index));
	int32_t at = 0;
	for (const Ast *group = for_each->items; group != NULL; group = group->next, at++) {
		out->key[at] = check_group_key(c, &row_scope, work->ast, group);
		work->bad |= is_error(out->key[at].expr);
	}
	work->nslots = row_scope.nslots;
	for (int32_t i = 0; i < out->nkeys; i++)
		scope_slot(c, &work->scope, out->key[i].name, out->key[i].expr->type);
}

/* One bare dataset is an owner; anything else gathers rows into groups. What a rule may be for
 * besides, periods and rows of rows, keeps no account: a credit says `every week` itself. */
static void bank_subject(Checker *c, BankWork *work)
{
	const Ast *for_each = clause(c, work->ast, AST_FOR_EACH);
	if (for_each == NULL) {
		diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, work->ast->name_at,
			"the bank does not say whose accounts it keeps"), "write `for each` and a dataset");
		work->bad = true;
		return;
	}
	for (const Ast *group = for_each->items; group != NULL; group = group->next)
		if (group->kind == AST_GROUP_EVERY || group->kind == AST_GROUP_IN) {
			diag_help(unfit(c, work, group->at, "an account is kept for a row or for a group"),
				group->kind == AST_GROUP_EVERY ? "write `every` behind a credit"
				: "write the dataset alone, and `applies when` for a condition");
			return;
		}
	const Ast *first = for_each->items;
	if (first == NULL || first->kind == AST_ERROR)
		work->bad = true;
	else if (first->next == NULL && first->kind == AST_GROUP_KEY && first->a->kind == AST_NAME)
		owner_subject(c, work, first);
	else
		group_subject(c, work, for_each);
	if (!work->bad)
		key_names(c, work, for_each);
}

/* ---- flows */

/* A copy of the keys' scope whose next slot is the first behind the keys. What it binds is not seen
 * by another flow. */
static Scope flow_scope(const BankWork *work)
{
	Scope scope = work->scope;
	scope.nslots = work->out.nkeys;
	return scope;
}

/* The row or the period of a flow takes the slot behind the keys. */
static void flow_slot(Checker *c, BankWork *work, Scope *scope, Str name, Type type, Span at)
{
	if (scope_find(scope, name) != NULL) {
		work->bad = true;
		diag_help(diag_add(c->diags, DIAG_SHADOWS, at,
			"%.*s is already the name of something here", STR_ARG(name)),
			"write `for NAME` behind the key of that name");
	}
	scope_slot(c, scope, name, type);
}

/* Only ways that lead from the owner to its own rows: a whole dataset would be gone through once
 * for each account, and give every account all of it. */
static bool leads_from_owner(const Expr *rows)
{
	return rows->op == EXPR_LINKED || (rows->op == EXPR_MATCHED && rows->how == 0);
}

/* The owner's collection of these rows; empty when it has none. */
static Str collection_of(const Checker *c, int32_t owner, int32_t rows)
{
	for (int32_t i = 0; i < c->info.at[owner].member.n; i++) {
		const Member *member = &c->info.at[owner].member.at[i];
		if (member->kind == MEMBER_LINKED && c->link.at[member->index].from == rows)
			return member->name;
		if (member->kind == MEMBER_MATCHED && member->how == 0 &&
				c->match.at[member->index].right == rows)
			return member->name;
	}
	return (Str){NULL, 0};
}

/* What is there can be written at once. A link has no other side until it is named; without a link,
 * only a key tells whose account an entry belongs to. */
static void help_among(Checker *c, DiagRef diag, const BankWork *work, int32_t rows)
{
	Str owner = work->out.key[0].name, name = c->dataset.at[rows].decl.name;
	Str collection = collection_of(c, work->out.dataset, rows);
	if (collection.len > 0) {
		diag_help(diag, "write %.*s.%.*s", STR_ARG(owner), STR_ARG(collection));
		return;
	}
	for (int32_t i = 0; i < c->link.n; i++) {
		const Link *link = &c->link.at[i];
		if (link->from != rows || link->to != work->out.dataset)
			continue;
		Str field = c->info.at[rows].field.at[link->field].name;
		diag_help(diag, "give the rows that point back a name, with `which has` and a name behind "
			"field %.*s of dataset %.*s", STR_ARG(field), STR_ARG(name));
		return;
	}
	diag_help(diag, "nothing leads from %.*s to rows of %.*s: keep an account for each group of "
		"these, `for each` and a key of %.*s", STR_ARG(owner), STR_ARG(name), STR_ARG(name));
}

static void owner_among(Checker *c, BankWork *work, Scope *scope, const Ast *among, BankFlow *out)
{
	scope->nslots++; /* aggregates of the way there leave the row's slot alone */
	Expr *rows = check_rows(c, scope, among->a);
	scope->nslots--;
	if (is_error(rows)) {
		work->bad = true;
		return;
	}
	if (!leads_from_owner(rows)) {
		help_among(c, unfit(c, work, among->at,
			"entries of a bank for each row are among rows that lead to it"), work, rows->type.ref);
		return;
	}
	out->rows = rows;
	out->dataset = rows->type.ref;
}

/* Entries of a group are the group's own rows, so the collection is not worked out again. */
static void flow_among(Checker *c, BankWork *work, Scope *scope, const Ast *among, BankFlow *out)
{
	if (work->out.subject == SUBJECT_GROUP)
		out->dataset = work->out.dataset;
	else
		owner_among(c, work, scope, among, out);
	if (out->dataset < 0)
		return;
	flow_slot(c, work, scope, c->dataset.at[out->dataset].decl.name,
		type_ref(TYPE_ROW, out->dataset), among->at);
	if (among->b != NULL) {
		out->where = check_condition(c, scope, among->b);
		work->bad |= is_error(out->where);
	}
}

/* S47: from the first to the last day of what the owner says of itself, a missing last day being
 * the end of the run's window. */
static void owner_span(Checker *c, BankWork *work, const Ast *ast, BankFlow *out)
{
	const Dataset *owner = work->out.dataset >= 0 ? &c->dataset.at[work->out.dataset] : NULL;
	if (work->out.subject == SUBJECT_ROW && owner != NULL && owner->lasts_from >= 0) {
		const Expr *row = work->out.key[0].expr;
		out->from = build_day(c, field_expr(c, expr_copy(c, row, ast->at), owner->lasts_from,
			ast->at));
		out->to = build_day(c, field_expr(c, expr_copy(c, row, ast->at), owner->lasts_to, ast->at));
		out->open_end = owner->open_end;
		return;
	}
	DiagRef diag = unfit(c, work, ast->at,
		"`every` needs a first and a last day");
	if (work->out.subject == SUBJECT_ROW)
		diag_help(diag, "write `lasts` in dataset %.*s, or `every %.*s from … to …` here",
			STR_ARG(owner->decl.name), STR_ARG(ast->text));
	else
		diag_help(diag, "write `every %.*s from … to …`", STR_ARG(ast->text));
}

/* Ends are worked out over the keys alone, before there is a period. Like a rule's, an end that is
 * the owner's own may be missing and is then open (S47). */
static void every_flow(Checker *c, BankWork *work, Scope *scope, const Ast *ast, BankFlow *out)
{
	out->calendar = periods_named(c, ast->text, ast->name_at);
	if (ast->b == NULL) {
		owner_span(c, work, ast, out);
	} else {
		scope->nslots++;
		out->from = check_date(c, scope, ast->b);
		out->to = check_date(c, scope, ast->c);
		scope->nslots--;
		work->bad |= is_error(out->from) || is_error(out->to);
		if (!work->bad) {
			out->open_end = work->out.subject == SUBJECT_ROW &&
				ends_open(c, out->to, work->out.dataset);
			out->from = build_day(c, out->from);
			out->to = build_day(c, out->to);
		}
	}
	work->bad |= out->calendar < 0;
	if (out->calendar >= 0)
		flow_slot(c, work, scope, ast->text, type_ref(TYPE_PERIOD, out->calendar), ast->name_at);
}

/* One quantity, whatever it counts; a quotient has no denominator that all entries could share. */
static Expr *bank_amount(Checker *c, BankWork *work, Scope *scope, const Ast *ast)
{
	Expr *amount = check_expr(c, scope, ast, NULL);
	work->bad |= is_error(amount) || !is_quantity(amount) || amount->type.ratio;
	if (is_error(amount))
		return amount;
	if (is_quantity(amount) && is_const(amount) && const_ratio(amount).n < 0)
		diag_help(unfit(c, work, amount->at, "an amount below zero is never known"),
			"what goes out is a debit, and what comes in a credit");
	if (!is_quantity(amount)) {
		DiagRef diag = diag_add(c->diags, DIAG_TYPE_MISMATCH, amount->at,
			"a bank keeps amounts: of time, of money, or counted");
		diag_here(diag, "this is %.*s", STR_ARG(phrase(c, amount->type)));
	} else if (amount->type.ratio) {
		diag_help(diag_add(c->diags, DIAG_RATIO_SUM, amount->at,
			"a quotient of two figures cannot be added to an account"),
			"put a named rounding round it");
	}
	return amount;
}

/* What a clause is checked with, once for each text that amendments gave the bank. */
typedef struct Ask {
	Checker *c;
	BankWork *work;
	Scope *scope;
} Ask;

static Expr *ask_amount(void *user, const Ast *ast)
{
	const Ask *ask = user;
	return bank_amount(ask->c, ask->work, ask->scope, ast);
}

static Expr *ask_span(void *user, const Ast *ast)
{
	const Ask *ask = user;
	return check_expr(ask->c, ask->scope, ast, NULL);
}

/* Rows or periods first, since amounts and dates speak of them. S6: each entry stands under the law
 * of its own day, so a clause has no date but that of `on`. */
static void check_flow(Checker *c, BankWork *work, const Ast *ast)
{
	Scope scope = flow_scope(work);
	BankFlow out = {.credit = ast->kind != AST_DEBIT, .calendar = -1, .dataset = -1, .at = ast->at};
	if (ast->d == NULL)
		every_flow(c, work, &scope, ast, &out);
	else if (ast->d->b != NULL)
		flow_among(c, work, &scope, ast->d->b, &out);
	if (work->bad)
		return;
	if (scope.nslots == work->out.nkeys)
		scope.nslots++; /* nothing stands in the slot of a single entry */
	Ask ask = {c, work, &scope};
	out.amount = amend_clause(c, work->out.decl.name, ast, ask_amount, &ask);
	work->bad |= is_error(out.amount);
	if (ast->d != NULL) {
		out.on = check_date(c, &scope, ast->d->a);
		work->bad |= is_error(out.on);
	}
	if (scope.nslots > work->nslots)
		work->nslots = scope.nslots;
	*list_push(c, &work->flow) = out;
}

/* Every one is checked, so that one run shows what is wrong with each; an error in one keeps the
 * bank from being used. */
static void check_flows(Checker *c, BankWork *work)
{
	bool bad = work->bad, credit = false;
	for (const Ast *item = work->ast->items; item != NULL; item = item->next) {
		bool flow = item->kind == AST_CREDIT || item->kind == AST_DEBIT || item->kind == AST_OPENS;
		credit |= flow && item->kind != AST_DEBIT;
		if (!flow)
			continue;
		work->bad = false;
		check_flow(c, work, item);
		bad |= work->bad;
	}
	work->bad = bad;
	if (credit)
		return;
	work->bad = true;
	diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, work->ast->name_at,
		"nothing is ever credited to the bank"), "write `credit` and what comes in");
}

/* ---- terms */

/* S35: hours after a day's credit would end at some hour of a day, and a credit has none. */
static void expiry_after(Checker *c, BankWork *work, Scope *scope, const Ast *ast)
{
	Ask ask = {c, work, scope};
	Expr *span = amend_clause(c, work->out.decl.name, ast, ask_span, &ask);
	bool fits = is_quantity(span) && !span->type.ratio && span->type.scale == 1 &&
		(unit_same(span->type.unit, unit_of(DIM_DAY)) ||
		unit_same(span->type.unit, unit_of(DIM_MONTH)));
	bool in = ast->how == 0;
	work->bad |= !fits;
	work->out.expires = span;
	work->out.last_day_in = in;
	if (is_error(span))
		return;
	if (!fits) {
		DiagRef diag = diag_add(c->diags, DIAG_SPAN_UNITS, span->at,
			"a credit expires whole days, weeks or months after its day");
		diag_here(diag, "this is %.*s", STR_ARG(phrase(c, span->type)));
		diag_help(diag, "a day is not always 24 hours: write days, weeks or months");
	}
	for (int32_t i = 0; fits && i < (span->op == EXPR_IN_FORCE ? span->nargs : 1); i++) {
		const Expr *text = span->op == EXPR_IN_FORCE ? span->arg[i] : span;
		if (!is_const(text) || const_ratio(text).n >= (in ? 0 : 1))
			continue;
		diag_add(c->diags, DIAG_BANK_EXPIRY, text->at,
			"a credit would have expired before the day it comes in");
		work->bad = true;
	}
}

/* Over the keys alone, as they are worked out again for every credit (S52). Oldest first, when
 * nothing is said: what would expire soonest is used soonest. */
static void check_terms(Checker *c, BankWork *work)
{
	Scope scope = flow_scope(work);
	const Ast *expires = clause(c, work->ast, AST_EXPIRES), *holds = clause(c, work->ast, AST_HOLDS);
	const Ast *order = clause(c, work->ast, AST_FIRST_USED);
	const Ast *applies = clause(c, work->ast, AST_APPLIES_WHEN);
	if (applies != NULL) {
		work->out.applies = check_condition(c, &scope, applies->a);
		work->bad |= is_error(work->out.applies);
	}
	if (expires != NULL && expires->a != NULL)
		expiry_after(c, work, &scope, expires);
	else if (expires != NULL) {
		work->out.expires_with = periods_named(c, expires->text, expires->name_at);
		work->out.last_day_in = true;
		work->bad |= work->out.expires_with < 0;
	}
	Ask ask = {c, work, &scope};
	if (holds != NULL)
		work->out.holds = amend_clause(c, work->out.decl.name, holds, ask_amount, &ask);
	work->bad |= work->out.holds != NULL && is_error(work->out.holds);
	work->out.order = order != NULL ? (BankOrder)order->how : BANK_OLDEST_FIRST;
	if (scope.nslots > work->nslots)
		work->nslots = scope.nslots;
}

/* The same unit, and one denominator for the amounts of all flows and the ceiling (law 2). */
static void one_type(Checker *c, BankWork *work)
{
	LIST(Expr *) amount = {0};
	for (int32_t i = 0; i < work->flow.n; i++)
		*list_push(c, &amount) = work->flow.at[i].amount;
	if (work->out.holds != NULL)
		*list_push(c, &amount) = work->out.holds;
	Type type = join(c, amount.at, amount.n, work->ast->name_at);
	work->bad |= type.kind == TYPE_ERROR;
	if (work->bad)
		return;
	for (int32_t i = 0; i < work->flow.n; i++)
		work->flow.at[i].amount = amount.at[i];
	if (work->out.holds != NULL)
		work->out.holds = amount.at[amount.n - 1];
	work->out.type = type;
}

/* ---- the datasets */

/* No column stands behind such a field, so nothing is read or converted. */
static int32_t put_field(Checker *c, int32_t dataset, Str name, Type type, Span at)
{
	return field_push(c, dataset, (Field){.name = name, .column = name, .type = type, .times = 1,
		.unit = {1, 1}, .link = -1, .at = at});
}

/* path: may be followed to the rows that the contract covers (S67). */
static void put_link(Checker *c, int32_t dataset, Str name, int32_t to, bool path, Span at)
{
	int32_t field = put_field(c, dataset, name, type_ref(TYPE_ROW, to), at);
	c->info.at[dataset].field.at[field].link = c->link.n;
	if (path)
		*list_push(c, &c->info.at[dataset].out) = c->link.n;
	*list_push(c, &c->link) = (Link){.from = dataset, .to = to, .field = field};
}

/* A row in the key is a link: `taken.provision.client` goes on from there. */
static void put_keys(Checker *c, const BankWork *work, int32_t dataset)
{
	for (int32_t i = 0; i < work->out.nkeys; i++) {
		const GroupKey *key = &work->out.key[i];
		if (key->expr->type.kind == TYPE_ROW)
			put_link(c, dataset, key->name, key->expr->type.ref, true, work->ast->name_at);
		else
			put_field(c, dataset, key->name, key->expr->type, work->ast->name_at);
	}
}

/* One for each dataset that flows of this kind go over. A source row leads to what the contract
 * covers only where nothing else does, or a debit would lead there twice: by its owner and by its
 * visit. */
static void put_sources(Checker *c, const BankWork *work, int32_t dataset, bool credit)
{
	for (int32_t i = 0; i < work->flow.n; i++) {
		const BankFlow *flow = &work->flow.at[i];
		bool seen = flow->dataset < 0 || flow->credit != credit;
		for (int32_t k = 0; k < i && !seen; k++)
			seen = work->flow.at[k].dataset == flow->dataset && work->flow.at[k].credit == credit;
		if (seen)
			continue;
		Str name = c->dataset.at[flow->dataset].decl.name;
		for (size_t dot = name.len; dot-- > 0;)
			if (name.ptr[dot] == '.') {
				name = (Str){name.ptr + dot + 1, name.len - dot - 1};
				break;
			}
		put_link(c, dataset, name, flow->dataset, !leads_to_covered(c, dataset), flow->at);
	}
}

/* In step with the enumerations of dsl/rulebook.h, by which evaluators fill the rows. */
typedef struct PartField {
	const char *name;
	bool amount;    /* of the bank's type; else a date */
} PartField;

static const PartField credit_fields[CREDIT_FIELDS] = {
	[CREDIT_DATE] = {"date", false}, [CREDIT_AMOUNT] = {"amount", true},
	[CREDIT_USED] = {"used", true}, [CREDIT_EXPIRED] = {"expired", true},
	[CREDIT_LOST] = {"lost", true}, [CREDIT_HELD] = {"held", true},
	[CREDIT_LAST_DAY] = {"last_day", false},
};
static const PartField debit_fields[DEBIT_FIELDS] = {
	[DEBIT_DATE] = {"date", false}, [DEBIT_AMOUNT] = {"amount", true},
	[DEBIT_USED] = {"used", true}, [DEBIT_SHORTFALL] = {"shortfall", true},
};
static const PartField balance_fields[BALANCE_FIELDS] = {
	[BALANCE_DATE] = {"date", false}, [BALANCE_CREDITED] = {"credited", true},
	[BALANCE_USED] = {"used", true}, [BALANCE_EXPIRED] = {"expired", true},
	[BALANCE_LOST] = {"lost", true}, [BALANCE_SHORTFALL] = {"shortfall", true},
	[BALANCE_BALANCE] = {"balance", true},
};

/* keys, enumerated fields, sources, entry: the order that rulebook.h promises. */
static void put_part(Checker *c, const BankWork *work, int32_t dataset, const PartField *field,
	int32_t n)
{
	DatasetOrigin origin = c->dataset.at[dataset].origin;
	Span at = work->ast->name_at;
	int32_t last = work->out.nkeys; /* the field that tells rows of one account apart */
	put_keys(c, work, dataset);
	for (int32_t i = 0; i < n; i++)
		put_field(c, dataset, str_of(field[i].name),
			field[i].amount ? work->out.type : type_of(TYPE_DATE), at);
	if (origin != ORIGIN_BALANCES) {
		put_sources(c, work, dataset, origin == ORIGIN_CREDITS);
		last = put_field(c, dataset, STR("entry"), type_quantity((Unit){{0}}, FORM_COUNT, 1), at);
	}
	Dataset *out = &c->dataset.at[dataset];
	out->nkey = work->out.nkeys + 1;
	out->key = ARENA_ARRAY(c->arena, int32_t, (size_t)out->nkey);
	for (int32_t i = 0; i < work->out.nkeys; i++)
		out->key[i] = i;
	out->key[work->out.nkeys] = last;
	out->field = c->info.at[dataset].field.at;
	out->nfields = c->info.at[dataset].field.n;
}

/* ---- the bank */

/* Asked for by whoever first speaks of its rows, else by check_banks; S67 and the datasets come
 * last, as they need the keys and the type. */
static bool check_bank(Checker *c, int32_t index, const Ast *ast)
{
	BankWork work = {.ast = ast, .out = c->bank.at[index]};
	scope_begin(&work.scope);
	work.out.decl = decl_of(c, ast);
	bank_subject(c, &work);
	if (work.out.nkeys == 0 || work.bad)
		return false;
	check_flows(c, &work);
	check_terms(c, &work);
	if (work.bad)
		return false;
	one_type(c, &work);
	if (work.bad)
		return false;
	Expr *row = expr_new(c, EXPR_SLOT, type_ref(TYPE_ROW, work.out.dataset), ast->at, 0, NULL);
	row->ref = work.out.subject == SUBJECT_GROUP ? work.out.nkeys : 0;
	if (work.nslots <= work.out.nkeys)
		work.nslots = work.out.nkeys + 1;
	work.out.covered = covered_condition(c, ast, work.out.dataset, row, &work.nslots);
	work.out.flow = work.flow.at;
	work.out.nflows = work.flow.n;
	work.out.nslots = work.nslots;
	c->bank.at[index] = work.out;
	put_part(c, &work, work.out.credits, credit_fields, CREDIT_FIELDS);
	put_part(c, &work, work.out.debits, debit_fields, DEBIT_FIELDS);
	put_part(c, &work, work.out.balances, balance_fields, BALANCE_FIELDS);
	book_sync(c);
	return true;
}

/* A bank that asks for its own rows on the way is a circle, which on_demand finds (S65). */
int32_t bank_index(Checker *c, Symbol *symbol, Span at)
{
	return on_demand(c, (int32_t)(symbol - c->symbol.at), at, check_bank);
}

/* By number, since the list of symbols may grow meanwhile. */
void check_banks(Checker *c)
{
	for (int32_t i = 0; i < c->symbol.n; i++)
		if (c->symbol.at[i].kind == SYM_BANK)
			bank_index(c, &c->symbol.at[i], c->symbol.at[i].ast->name_at);
}
