/*
 * Amendments: one rulebook for a contract and all that amended it.
 *
 *   "2025.1"  define payable ─┐    rule V1            introduced 0, ended 1
 *                             │
 *   "2026.1"  replace define ─┤    replace rule V1    introduced 1
 *   "2027.1"  withdraw define ┘                       never ended
 *
 * Every text keeps the versions in which it holds (its Life). A rule that is replaced is two rules
 * of one name. What expressions speak of by name becomes EXPR_IN_FORCE over all texts of the name,
 * and the law date picks one:
 *
 *   visit.payable  ─>  IN_FORCE(DERIVED payable of 2025.1, DERIVED payable of 2026.1, withdrawn)
 *
 * but for a define with an `on` of its own, whose own date has to pick (S2): all its texts stand
 * inside one define that has the date and nothing else.
 *
 * What has a history of dated values anyway (parameters, tables, holidays) need not be replaced:
 * `adds` puts values into it, known from the day on which the amendment was published (S8).
 */
#include "dsl/checker.h"

/* ---- versions and files */

/* Spans know their file, so every tree knows its version: nothing has to be carried along. */
int32_t version_of(const Checker *c, Span at)
{
	for (int32_t i = 0; i < c->nfiles; i++)
		if (c->file[i].file == at.file)
			return c->file[i].version;
	return 0;
}

/* Figures of the first version are known since always. */
int32_t version_known(const Checker *c, Span at)
{
	int32_t version = version_of(c, at);
	if (version == 0 || version >= c->book->contract.nversions)
		return NO_DAY;
	return version_published(&c->book->contract.ver[version], true);
}

/* Without the complaint of clause(): who reads the declaration itself says what is there twice. */
static const Ast *first_of(const Ast *items, AstKind kind)
{
	while (items != NULL && items->kind != kind)
		items = items->next;
	return items;
}

/* The `contract` of a version, in the file of its own. */
static const Ast *contract_of(const Checker *c, int32_t version, const LoadedFile **file)
{
	for (int32_t i = 0; i < c->nfiles; i++)
		if (c->file[i].own && c->file[i].version == version) {
			*file = &c->file[i];
			return first_of(c->file[i].tree->items, AST_CONTRACT);
		}
	return NULL;
}

/* S7: both ends are in. Compared with the version before it, so that the last that has come is
 * always the latest. */
static void version_days(Checker *c, const Ast *ast, Version *out, const Version *before)
{
	const Ast *life = clause(c, ast, AST_IN_FORCE), *published = clause(c, ast, AST_PUBLISHED);
	out->from = out->published = NO_DAY;
	out->to = LAST_DAY;
	if (published != NULL)
		day_literal(published->a, &out->published);
	if (life == NULL) {
		diag_help(diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at,
			"the amendment does not say from when it is in force"),
			"write `in force from` and a date");
		return;
	}
	bool begins = day_literal(life->a, &out->from);
	if (day_literal(life->b, &out->to) && out->to < out->from)
		diag_add(c->diags, DIAG_BAD_LIFE, life->at, "the amendment ends before it begins");
	if (!begins || out->from > before->from)
		return; /* a day that there is not was complained of */
	DiagRef diag = diag_add(c->diags, DIAG_VERSION_DAYS, life->at,
		"version %.*s begins no later than the version that it amends", STR_ARG(out->name));
	diag_label(diag, before->at, "the version that it amends");
}

/* Whom a contract covers decides which rows belong to its rules, whatever their date. */
static void version_clauses(Checker *c, const Ast *ast)
{
	const Ast *covers = first_of(ast->items, AST_COVERS);
	if (covers != NULL)
		diag_help(diag_add(c->diags, DIAG_AMENDED_SHAPE, covers->at,
			"an amendment cannot change what the contract covers"),
			"amend the rules, or make a contract of its own");
}

/* Of the first version the contract has its days already. Each is sealed by its own text and that
 * of the files it uses, whatever the other versions are. */
static Version version_new(Checker *c, int32_t number, const Ast **ast)
{
	const LoadedFile *file = NULL;
	Version out = {.from = c->book->contract.from, .to = c->book->contract.to,
		.published = c->book->contract.published};
	*ast = contract_of(c, number, &file);
	if (*ast == NULL)
		return out;
	const Ast *name = first_of((*ast)->items, AST_VERSION);
	if (name != NULL && name->a != NULL)
		out.name = name->a->text;
	else if (number > 0)
		diag_add(c->diags, DIAG_CLAUSE_MISSING, (*ast)->name_at, "the amendment has no version");
	out.at = (*ast)->at;
	out.path = c->comp->sources.file.at[file->file].path;
	load_seal(c->comp, file, out.sha256);
	return out;
}

/* The contract's life is that of all its versions together; where none of them holds in between,
 * no rule does. */
void amend_contract(Checker *c)
{
	Contract *contract = &c->book->contract;
	int32_t n = 1;
	for (int32_t i = 0; i < c->nfiles; i++)
		n = c->file[i].version >= n ? c->file[i].version + 1 : n;
	contract->ver = ARENA_ARRAY(c->arena, Version, (size_t)n);
	for (int32_t i = 0; i < n; i++) {
		const Ast *ast;
		contract->ver[i] = version_new(c, i, &ast);
		if (i == 0 || ast == NULL)
			continue;
		version_days(c, ast, &contract->ver[i], &contract->ver[i - 1]);
		version_clauses(c, ast);
		contract->to = contract->ver[i].to > contract->to ? contract->ver[i].to : contract->to;
	}
	contract->nversions = n;
}

/* ---- complaints */

/* The version whose own file a text stands in; 0 in the first, and in what files use: an amendment
 * says itself what it changes. */
static int32_t amending(const Checker *c, const Ast *ast)
{
	for (int32_t i = 0; i < c->nfiles; i++)
		if (c->file[i].file == ast->at.file)
			return c->file[i].own ? c->file[i].version : 0;
	return 0;
}

/* Only an amendment has something before it that it could change. */
static bool may_amend(Checker *c, const Ast *ast)
{
	if (amending(c, ast) > 0)
		return true;
	diag_help(diag_add(c->diags, DIAG_AMENDMENT_ONLY, ast->at,
		"there is no earlier version here to %s anything in", ast_word(ast->kind)),
		"an amendment is a file of its own, whose contract says `amends` and a version");
	return false;
}

/* The caller goes on with the nearest name, or with what the name belongs to. */
static DiagRef not_there(Checker *c, Span at, const char *kind, Str name)
{
	return diag_add(c->diags, DIAG_NOT_THERE, at, "the version before has no %s %.*s", kind,
		STR_ARG(name));
}

/* Ends the life of a text at the version of `by`. False, after a complaint, when it was not there
 * any more or this version has dealt with it already. */
static bool end_life(Checker *c, Life *life, const Ast *by, Span at, const char *kind, Str name)
{
	int32_t version = version_of(c, by->at);
	if (life->from < version && life->to == 0) {
		life->to = version;
		return true;
	}
	if (life->from >= version || life->to == version)
		diag_add(c->diags, DIAG_AMENDED_TWICE, at, "this version changes %s %.*s twice", kind,
			STR_ARG(name));
	else {
		DiagRef diag = not_there(c, at, kind, name);
		diag_note(diag, "version %.*s withdraws it",
			STR_ARG(c->book->contract.ver[life->to].name));
		diag_help(diag, "declare another one by another name");
	}
	return false;
}

/* ---- what stands by a name of its own */

/* The kinds of which expressions speak by a name of their own. False for all others. */
static bool symbol_kind(AstKind kind, SymbolKind *out)
{
	switch ((int)kind) {
	case AST_PARAMETER: *out = SYM_PARAMETER; return true;
	case AST_ROUNDING: *out = SYM_ROUNDING; return true;
	case AST_TABLE: *out = SYM_TABLE; return true;
	case AST_CALENDAR: *out = SYM_CALENDAR; return true;
	case AST_DEFINE: *out = SYM_FUNCTION; return true;
	case AST_BANK: *out = SYM_BANK; return true;
	default: return false;
	}
}

/* The last text of a name. */
static int32_t last_symbol(const Checker *c, int32_t at)
{
	while (c->symbol.at[at].later > 0)
		at = c->symbol.at[at].later - 1;
	return at;
}

/* The same of a table, a function or a derived field. */
static int32_t last_template(const Checker *c, int32_t at)
{
	while (c->template.at[at].later > 0)
		at = c->template.at[at].later - 1;
	return at;
}

/* -1 after a complaint. A calendar of the language itself was declared by no version. */
static int32_t amended_symbol(Checker *c, const Ast *by, AstKind kind, Str name, Span at)
{
	SymbolKind wanted = SYM_DATASET;
	Symbol *symbol = symbol_find(c, name);
	symbol_kind(kind, &wanted);
	if (symbol == NULL || symbol->kind != wanted || symbol->ast == NULL) {
		DiagRef diag = not_there(c, at, ast_word(kind), name);
		if (symbol != NULL && symbol->ast != NULL)
			diag_label(diag, symbol->ast->name_at, "this is another kind of declaration");
		else
			suggest_kind(c, diag, name, wanted);
		return -1;
	}
	int32_t last = last_symbol(c, (int32_t)(symbol - c->symbol.at));
	return end_life(c, &c->symbol.at[last].life, by, at, ast_word(kind), name) ? last : -1;
}

/* Periods are part of the types of what speaks of them: those of one calendar cannot become
 * others half-way. */
static bool calendar_stays(Checker *c, const Ast *replace, const Symbol *old)
{
	if (first_of(replace->a->items, AST_DATES) != NULL &&
			first_of(old->ast->items, AST_DATES) != NULL)
		return true;
	diag_help(diag_add(c->diags, DIAG_AMENDED_SHAPE, replace->a->name_at,
		"only a calendar of dates can be replaced, by dates"),
		"add an exception (`calendar %.*s adds except …`), or declare another calendar",
		STR_ARG(replace->a->text));
	return false;
}

/* Remarks may differ. */
static const Ast *next_clause(const Ast *item)
{
	while (item != NULL && (item->kind == AST_CITES || item->kind == AST_ASSUMED))
		item = item->next;
	return item;
}

/* What an entry comes to, when it expires and how much is held may change with the version of its
 * day (S52). Accounts and entries themselves go on from one version to the next. */
static bool bank_stays(Checker *c, const Ast *replace, const Symbol *old)
{
	const Ast *a = next_clause(old->ast->items), *b = next_clause(replace->a->items);
	for (; a != NULL && b != NULL; a = next_clause(a->next), b = next_clause(b->next)) {
		Ast one = *a, two = *b;
		bool sum = a->kind == AST_CREDIT || a->kind == AST_DEBIT || a->kind == AST_OPENS ||
			a->kind == AST_HOLDS || (a->kind == AST_EXPIRES && a->a != NULL && b->a != NULL);
		if (sum)
			one.a = two.a = NULL;
		if (a->kind != b->kind || !ast_same(&one, &two))
			break;
	}
	if (a == NULL && b == NULL)
		return true;
	DiagRef diag = diag_add(c->diags, DIAG_AMENDED_SHAPE, b != NULL ? b->at : replace->a->name_at,
		"a bank keeps its accounts and entries: only amounts, expiry and ceiling can change");
	if (a != NULL)
		diag_label(diag, a->at, "this clause stood here");
	diag_help(diag, "declare another bank, and replace the rules that use this one");
	return false;
}

/* Months are no number of days: a span of the one cannot become one of the other either. */
static void clause_type_stays(Checker *c, const Expr *first, const Expr *later)
{
	if (is_error(first) || is_error(later) || types_fit(c, first->type, later->type))
		return;
	diag_help(diag_add(c->diags, DIAG_AMENDED_SHAPE, later->at, "this is %.*s, and was %.*s",
		STR_ARG(phrase(c, later->type)), STR_ARG(phrase(c, first->type))),
		"declare another bank, and replace the rules that use this one");
}

/* Clauses of one shape stand in one order, so the place of the first text's clause finds those of
 * the others. Each is checked under the life of its own text. */
Expr *amend_clause(Checker *c, Str bank, const Ast *first,
	Expr *(*check)(void *user, const Ast *ast), void *user)
{
	Texts texts;
	Expr *arg[LIMIT_VERSIONS + 1] = {NULL};
	const Symbol *symbol = symbol_find(c, bank);
	Life life = c->life;
	symbol_texts(c, symbol, &texts);
	for (int32_t i = 0; i < texts.n; i++) {
		const Symbol *text = &c->symbol.at[texts.at[i]];
		const Ast *at = next_clause(symbol->ast->items), *clause_at = next_clause(text->ast->items);
		while (at != NULL && at != first && clause_at != NULL) {
			at = next_clause(at->next);
			clause_at = next_clause(clause_at->next);
		}
		if (clause_at == NULL)
			return expr_error(c, first->at); /* not of the same shape, which was told */
		c->life = text->life;
		arg[i] = check(user, clause_at->a);
		symbol = symbol_find(c, bank);
	}
	c->life = life;
	for (int32_t i = 1; i < texts.n; i++)
		clause_type_stays(c, arg[0], arg[i]);
	return in_force_expr(c, "bank", bank, arg, &texts, first->a->at);
}

/* Room for the new text among its kind; a bank's stays where it is. */
static int32_t new_body(Checker *c, const Ast *ast, int32_t old, Life life)
{
	switch ((int)ast->kind) {
	case AST_BANK: return c->symbol.at[old].index;
	case AST_PARAMETER:
		*list_push(c, &c->parameter) = (Parameter){.decl = {.name = ast->text}};
		return c->parameter.n - 1;
	case AST_ROUNDING:
		*list_push(c, &c->rounding) = (Rounding){.decl = {.name = ast->text}};
		return c->rounding.n - 1;
	case AST_CALENDAR:
		*list_push(c, &c->calendar) = (Calendar){.decl = {.name = ast->text}};
		return c->calendar.n - 1;
	default: break;
	}
	*list_push(c, &c->template) = (Template){.ast = ast, .name = ast->text, .dataset = -1,
		.table = ast->kind == AST_TABLE, .own = true, .first = -1, .life = life, .again = true};
	Template *before = &c->template.at[c->symbol.at[old].index];
	before->later = c->template.n;
	before->life.to = life.from;
	return c->template.n - 1;
}

/* The same name again, with a body of its own. */
static void replace_symbol(Checker *c, const Ast *replace)
{
	const Ast *ast = replace->a;
	int32_t old = amended_symbol(c, replace, ast->kind, ast->text, ast->name_at);
	if (old < 0)
		return;
	if ((ast->kind == AST_CALENDAR && !calendar_stays(c, replace, &c->symbol.at[old])) ||
			(ast->kind == AST_BANK && !bank_stays(c, replace, &c->symbol.at[old]))) {
		c->symbol.at[old].life.to = 0; /* its users have done nothing wrong */
		return;
	}
	Life life = {version_of(c, replace->at), 0};
	Symbol symbol = c->symbol.at[old];
	symbol.ast = ast;
	symbol.life = life;
	symbol.again = symbol.own = true;
	symbol.progress = UNTRIED;
	symbol.index = new_body(c, ast, old, life);
	if (ast->kind == AST_BANK)
		symbol.progress = DONE; /* a part of the first text's check */
	c->symbol.at[old].later = c->symbol.n + 1;
	*list_push(c, &c->symbol) = symbol;
}

/* ---- withdraw */

/* The kind that a word of `withdraw` names. */
static AstKind kind_of_word(Str word)
{
	static const AstKind kinds[] = {AST_PARAMETER, AST_ROUNDING, AST_TABLE, AST_MATCH,
		AST_SEQUENCE, AST_BANK, AST_RULE, AST_MEASURE, AST_KPI, AST_CALENDAR, AST_DEFINE,
		AST_SPOT_CHECK};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_eq(word, str_of(ast_word(kinds[i]))))
			return kinds[i];
	return AST_ERROR;
}

/* What judges subjects: these are two declarations of one name rather than one with two values. */
bool is_entry(AstKind kind)
{
	return kind == AST_RULE || kind == AST_MEASURE || kind == AST_KPI || kind == AST_SPOT_CHECK;
}

/* A define for a dataset has its name on that dataset; which one, `withdraw` does not say. */
static bool names_derived(const Checker *c, Str name)
{
	for (int32_t i = 0; i < c->template.n; i++)
		if (c->template.at[i].dataset >= 0 && str_eq(c->template.at[i].name, name))
			return true;
	return false;
}

/* These make rows, or go over them, whatever the date of a row is. */
static void cannot_amend(Checker *c, Span at, AstKind kind)
{
	diag_help(diag_add(c->diags, DIAG_AMENDED_SHAPE, at,
		"an amendment cannot change a %s, which stands under no date", ast_word(kind)),
		"declare another one by another name, and let the rules that you replace use it");
}

/* Rules and derived fields have names of other spaces, and come later. */
static void withdraw_name(Checker *c, const Ast *ast)
{
	AstKind kind = ast->a != NULL ? kind_of_word(ast->a->text) : AST_ERROR;
	SymbolKind unused;
	if (is_entry(kind) || (kind == AST_DEFINE && symbol_of(c, ast->text, SYM_FUNCTION) == NULL))
		return;
	if (kind == AST_BANK || !symbol_kind(kind, &unused)) {
		cannot_amend(c, ast->at, kind);
		return;
	}
	int32_t old = amended_symbol(c, ast, kind, ast->text, ast->name_at);
	if (old < 0)
		return;
	if (kind == AST_TABLE || kind == AST_DEFINE)
		c->template.at[c->symbol.at[old].index].life.to = c->symbol.at[old].life.to;
}

/* ---- adds */

/* Behind what the same name was given before. */
static void add_to(Checker *c, Symbol *symbol, const Ast *ast)
{
	*list_push(c, &c->adds) = (Added){ast, 0};
	if (symbol->adds == 0)
		symbol->adds = c->adds.n;
	else
		c->adds.at[symbol->adds_last - 1].next = c->adds.n;
	symbol->adds_last = c->adds.n;
}

/* What is added must be there; what it says is read with what it is added to. */
static void add_name(Checker *c, const Ast *ast)
{
	SymbolKind wanted = SYM_DATASET;
	AstKind kind = (AstKind)ast->how;
	Symbol *symbol = symbol_find(c, ast->text);
	if (!symbol_kind(kind, &wanted))
		return;
	if (symbol != NULL && symbol->kind == wanted && symbol->ast != NULL) {
		add_to(c, symbol, ast);
		return;
	}
	suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, ast->name_at, "no %s is called %.*s",
		ast_word(kind), STR_ARG(ast->text)), ast->text, wanted);
}

/* All texts of a name share what was added to it; a life picks what one of them is given. */
const Ast *amend_adds(Checker *c, Str name, Life life, int32_t *at)
{
	const Symbol *symbol = *at == 0 ? symbol_find(c, name) : NULL;
	if (*at == 0)
		*at = symbol != NULL && symbol->adds > 0 ? symbol->adds : -1;
	while (*at > 0) {
		const Added *added = &c->adds.at[*at - 1];
		int32_t version = version_of(c, added->ast->at);
		*at = added->next > 0 ? added->next : -1;
		if (version >= life.from && (life.to == 0 || version < life.to))
			return added->ast;
	}
	return NULL;
}

#define EACH_ITEM(c, item) \
	for (int32_t f_ = 0; f_ < (c)->nfiles; f_++) \
		for (const Ast *item = (c)->file[f_].tree->items; item != NULL; item = item->next)

/* Files come in the order of versions, so a text finds the one before it complete. */
void amend_names(Checker *c)
{
	SymbolKind unused;
	EACH_ITEM(c, item) {
		if (item->kind == AST_ADDS)
			add_name(c, item);
		else if (item->kind == AST_WITHDRAW && may_amend(c, item))
			withdraw_name(c, item);
		if (item->kind != AST_REPLACE || item->a == NULL || !may_amend(c, item))
			continue;
		AstKind kind = item->a->kind;
		if (is_entry(kind) || (kind == AST_DEFINE && item->a->how == 1))
			continue;
		if (symbol_kind(kind, &unused))
			replace_symbol(c, item);
		else if (kind != AST_ERROR)
			cannot_amend(c, item->a->name_at, kind);
	}
}

/* ---- derived fields */

/* -1 after a complaint. */
static int32_t derived_of(Checker *c, const Ast *ast)
{
	Symbol *symbol = ast->a != NULL ? symbol_of(c, ast->a->text, SYM_DATASET) : NULL;
	const Member *member = symbol != NULL ? member_find(c, symbol->index, ast->text) : NULL;
	if (member != NULL && member->kind == MEMBER_DERIVED)
		return last_template(c, member->index);
	DiagRef diag = not_there(c, ast->name_at, "define", ast->text);
	if (member != NULL)
		diag_label(diag, member->at, "this is no define");
	Nearest nearest;
	nearest_start(&nearest, ast->text);
	for (int32_t i = 0; symbol != NULL && i < c->template.n; i++)
		if (c->template.at[i].dataset == symbol->index)
			nearest_try(&nearest, c->template.at[i].name);
	suggest_best(diag, &nearest);
	return -1;
}

/* Another template for the same field; the first one keeps the name. */
static void replace_derived(Checker *c, const Ast *replace)
{
	const Ast *ast = replace->a;
	int32_t old = derived_of(c, ast);
	if (old < 0 || !end_life(c, &c->template.at[old].life, replace, ast->name_at, "define",
			ast->text))
		return;
	Template template = {.ast = ast, .name = ast->text, .own = true, .first = -1, .again = true,
		.dataset = c->template.at[old].dataset, .life = {version_of(c, replace->at), 0}};
	c->template.at[old].later = c->template.n + 1;
	*list_push(c, &c->template) = template;
}

/* By its name alone: two datasets with a define of one name would leave open which goes. */
static void withdraw_derived(Checker *c, const Ast *ast)
{
	int32_t found = -1;
	for (int32_t i = 0; i < c->template.n; i++) {
		const Template *template = &c->template.at[i];
		if (template->dataset < 0 || template->again || !str_eq(template->name, ast->text))
			continue;
		if (found >= 0) {
			diag_add(c->diags, DIAG_AMENDED_SHAPE, ast->name_at,
				"two datasets have a define %.*s", STR_ARG(ast->text));
			return;
		}
		found = i;
	}
	if (found < 0) {
		not_there(c, ast->name_at, "define", ast->text);
		return;
	}
	found = last_template(c, found);
	end_life(c, &c->template.at[found].life, ast, ast->name_at, "define", ast->text);
}

/* When the fields have their names: `withdraw define` is a function's unless none has the name. */
void amend_derived(Checker *c)
{
	EACH_ITEM(c, item) {
		bool amends = amending(c, item) > 0;
		if (amends && item->kind == AST_REPLACE && item->a != NULL && item->a->kind == AST_DEFINE &&
				item->a->how == 1)
			replace_derived(c, item);
		else if (amends && item->kind == AST_WITHDRAW && item->a != NULL &&
				kind_of_word(item->a->text) == AST_DEFINE &&
				symbol_of(c, item->text, SYM_FUNCTION) == NULL && names_derived(c, item->text))
			withdraw_derived(c, item);
		else if (amends && item->kind == AST_WITHDRAW && item->a != NULL &&
				kind_of_word(item->a->text) == AST_DEFINE && !names_derived(c, item->text) &&
				symbol_of(c, item->text, SYM_FUNCTION) == NULL)
			suggest_kind(c, not_there(c, item->name_at, "define", item->text), item->text,
				SYM_FUNCTION);
	}
}

/* ---- rules, measures, kpis */

/* A rule, measure or kpi that is not there, or is another of these. */
static void no_entry(Checker *c, Span at, AstKind kind, Str name, const Ast *other)
{
	Nearest nearest;
	DiagRef diag = not_there(c, at, ast_word(kind), name);
	if (other != NULL) {
		diag_label(diag, other->name_at, "this is a %s", ast_word(other->kind));
		return;
	}
	nearest_start(&nearest, name);
	for (int32_t i = 0; i < c->entry.n; i++)
		if (c->entry.at[i].ast->kind == kind)
			nearest_try(&nearest, c->entry.at[i].ast->text);
	suggest_best(diag, &nearest);
}

/* Ends the life of the last text of the name; -1 after a complaint. */
static int32_t end_entry(Checker *c, StrMap *last, const Ast *by, AstKind kind, const Ast *named)
{
	const int32_t *at = strmap_get(last, named->text);
	Entry *entry = at != NULL ? &c->entry.at[*at] : NULL;
	if (entry == NULL || entry->ast->kind != kind) {
		no_entry(c, named->name_at, kind, named->text, entry != NULL ? entry->ast : NULL);
		return -1;
	}
	return end_life(c, &entry->life, by, named->name_at, ast_word(kind), named->text) ? *at : -1;
}

/* The new text is the last of its name from now on. */
static void replace_entry(Checker *c, StrMap *last, const Ast *replace)
{
	bool added;
	const Ast *ast = replace->a;
	int32_t old = end_entry(c, last, replace, ast->kind, ast);
	if (old < 0)
		return;
	c->entry.at[old].later = c->entry.n + 1;
	*strmap_at(last, ast->text, &added) = c->entry.n;
	*list_push(c, &c->entry) = (Entry){.ast = ast, .life = {version_of(c, replace->at), 0},
		.follows = true};
}

/* S14: a new text stands behind the old one, so that reports list the rule in one place. */
static void line_up_entries(Checker *c)
{
	Entry *from = arena_copy(c->arena, c->entry.at, sizeof *from * (size_t)c->entry.n);
	int32_t n = 0;
	for (int32_t i = 0; i < c->entry.n; i++)
		for (int32_t at = from[i].follows ? 0 : i + 1; at > 0; at = from[at - 1].later)
			c->entry.at[n++] = from[at - 1];
}

/* Before rules are numbered, since a replaced one takes a number of its own. */
void amend_rules(Checker *c)
{
	StrMap last;
	bool added;
	if (c->book->contract.nversions < 2 || c->entry.n == 0)
		return;
	strmap_init(&last, c->arena);
	for (int32_t i = 0; i < c->entry.n; i++)
		*strmap_at(&last, c->entry.at[i].ast->text, &added) = i;
	EACH_ITEM(c, item) {
		if (amending(c, item) == 0)
			continue;
		if (item->kind == AST_REPLACE && item->a != NULL && is_entry(item->a->kind))
			replace_entry(c, &last, item);
		AstKind kind = item->kind == AST_WITHDRAW && item->a != NULL
			? kind_of_word(item->a->text) : AST_ERROR;
		if (is_entry(kind))
			end_entry(c, &last, item, kind, item);
	}
	line_up_entries(c);
}

/* ---- what a name stands for */

/*
 *              version   0      1      2
 *   used                 |------|             withdrawn in 2
 *   user                 |------|------|--    is still there: an error at the use (S13)
 *   user, replaced in 2  |------|             goes with it
 */
bool amend_use(Checker *c, Str name, int32_t introduced, int32_t withdrawn, Span at)
{
	const Version *ver = c->book->contract.ver;
	if (c->book->contract.nversions < 2)
		return true;
	if (introduced > c->life.from) {
		DiagRef diag = diag_add(c->diags, DIAG_LATER_VERSION, at,
			"%.*s is declared by version %.*s, and this text by version %.*s", STR_ARG(name),
			STR_ARG(ver[introduced].name), STR_ARG(ver[c->life.from].name));
		diag_help(diag, "replace this text in version %.*s as well", STR_ARG(ver[introduced].name));
		return false;
	}
	if (withdrawn == 0 || (c->life.to > 0 && c->life.to <= withdrawn))
		return true;
	DiagRef diag = diag_add(c->diags, DIAG_WITHDRAWN, at,
		"version %.*s withdraws %.*s, and this text still uses it", STR_ARG(ver[withdrawn].name),
		STR_ARG(name));
	diag_help(diag, "replace or withdraw this text in version %.*s too",
		STR_ARG(ver[withdrawn].name));
	return false;
}

static void add_text(Texts *out, int32_t at, Life life)
{
	out->at[out->n] = at;
	out->from[out->n++] = life.from;
	out->withdrawn = life.to;
}

/* The last one may be `withdrawn`, which has no text. */
static void close_texts(Texts *out)
{
	if (out->withdrawn == 0)
		return;
	out->at[out->n] = -1;
	out->from[out->n++] = out->withdrawn;
}

/* In the order of their versions. */
void template_texts(const Checker *c, int32_t template, Texts *out)
{
	out->n = 0;
	for (int32_t at = template + 1; at > 0; at = c->template.at[at - 1].later)
		add_text(out, at - 1, c->template.at[at - 1].life);
	close_texts(out);
}

/* The same of what stands by a name of its own. */
void symbol_texts(const Checker *c, const Symbol *symbol, Texts *out)
{
	out->n = 0;
	for (int32_t at = (int32_t)(symbol - c->symbol.at) + 1; at > 0;
			at = c->symbol.at[at - 1].later)
		add_text(out, at - 1, c->symbol.at[at - 1].life);
	close_texts(out);
}

/* Names of one list of texts are one entry, however often they are used. The versions are a part
 * of the key, since two datasets may have a define of one name. */
static int32_t amended_entry(Checker *c, Str name, const int32_t *from, int32_t n)
{
	bool added;
	size_t size = sizeof *from * (size_t)n;
	char *key = arena_alloc(c->arena, name.len + size);
	memcpy(key, name.ptr, name.len);
	memcpy(key + name.len, from, size);
	int32_t *at = strmap_at(&c->amended_names, (Str){key, name.len + size}, &added);
	if (!added)
		return *at;
	*at = c->amended.n;
	*list_push(c, &c->amended) = (Amended){name, arena_copy(c->arena, from, size), n};
	return *at;
}

/* All texts come over one denominator. Types that differ are told at the declaration, once. */
Expr *in_force_expr(Checker *c, const char *kind, Str name, Expr **arg, const Texts *texts,
	Span at)
{
	Expr *known[LIMIT_VERSIONS + 1];
	int32_t n = 0;
	if (texts->n == 1)
		return arg[0];
	for (int32_t i = 0; i < texts->n; i++) {
		if (arg[i] == NULL)
			continue;
		if (is_error(arg[i]) || (n > 0 && !types_fit(c, known[0]->type, arg[i]->type)))
			return expr_error(c, at);
		known[n++] = arg[i];
	}
	Type type = join(c, known, n, at);
	if (type.kind == TYPE_ERROR)
		return expr_error(c, at);
	for (int32_t i = 0, k = 0; i < texts->n; i++)
		arg[i] = arg[i] != NULL ? known[k++] : NULL;
	Expr *out = expr_new(c, EXPR_IN_FORCE, type, at, texts->n, arg);
	out->ref = amended_entry(c, str_format(c->arena, "%s %.*s", kind, STR_ARG(name)), texts->from,
		texts->n);
	out->dated = true;
	return out;
}

/* ---- texts of one name are of one kind */

/* At the later text, with the first one beside it. */
static void shape(Checker *c, const Ast *ast, const Ast *first, const char *what)
{
	DiagRef diag = diag_add(c->diags, DIAG_AMENDED_SHAPE, ast->name_at, "%s %.*s keeps %s",
		ast_word(ast->kind), STR_ARG(ast->text), what);
	diag_label(diag, first->name_at, "declared here first");
	diag_help(diag, "declare another one by another name, and replace what uses this one");
}

/* What is in error was complained of, and fits anything. A count may stand for a number, but not
 * the other way round: hence both ways. */
static bool both_fit(Checker *c, Type a, Type b)
{
	if (a.kind == TYPE_ERROR || b.kind == TYPE_ERROR)
		return true;
	return types_fit(c, a, b) && types_fit(c, b, a);
}

/* Arguments are worked out once, for whichever text holds. */
static bool same_inputs(Checker *c, const Template *a, const Template *b)
{
	if (a->nparams != b->nparams)
		return false;
	for (int32_t i = 0; i < a->nparams; i++)
		if (!both_fit(c, a->param_type[i], b->param_type[i]))
			return false;
	return true;
}

/* S2: the date of its own decides which text holds, so it cannot be a part of the text. */
static bool same_date(const Ast *a, const Ast *b)
{
	const Ast *left = first_of(a->items, AST_ON), *right = first_of(b->items, AST_ON);
	return (left == NULL) == (right == NULL) && (left == NULL || ast_same(left, right));
}

/* One complaint a text is enough. A function with a date of its own has no row to carry it. */
static void template_shapes(Checker *c, const Template *first, const Template *text)
{
	if (!same_inputs(c, first, text))
		shape(c, text->ast, first->ast, "its inputs");
	else if (!both_fit(c, first->type, text->type))
		shape(c, text->ast, first->ast, "its type");
	else if (!same_date(first->ast, text->ast) ||
			(first->dataset < 0 && first_of(text->ast->items, AST_ON) != NULL))
		shape(c, text->ast, first->ast, "its date");
}

/* A row would be judged twice, or never, if one text looked at one date of it and the next at
 * another. */
static void rule_shapes(Checker *c, const Entry *text, const Entry *before)
{
	const Ast *a = first_of(before->ast->items, AST_FOR_EACH);
	const Ast *b = first_of(text->ast->items, AST_FOR_EACH);
	if (a != NULL && b != NULL && ast_same(a, b) && !same_date(before->ast, text->ast))
		shape(c, text->ast, before->ast,
			"its date: the same subject would be judged twice or never");
}

/* Calendars and banks have none; tables and functions are looked at as templates. */
static Type symbol_type(const Checker *c, const Symbol *symbol)
{
	if (symbol->kind == SYM_PARAMETER)
		return c->parameter.at[symbol->index].type;
	return symbol->kind == SYM_ROUNDING ? c->rounding.at[symbol->index].type : type_of(TYPE_ERROR);
}

/* What a version changed, in the order of its file. */
static Str change_of(Checker *c, const Ast *item)
{
	const char *what = item->kind == AST_REPLACE ? "replaces" : "adds";
	const Ast *ast = item->kind == AST_REPLACE && item->a != NULL ? item->a : item;
	if (item->kind == AST_WITHDRAW)
		return str_format(c->arena, "withdraws %.*s %.*s",
			STR_ARG(item->a != NULL ? item->a->text : STR("")), STR_ARG(item->text));
	if (item->kind == AST_ADDS)
		return str_format(c->arena, "adds to %s %.*s", ast_word((AstKind)item->how),
			STR_ARG(item->text));
	if (ast->kind == AST_MATCH)
		return str_format(c->arena, "%s match of %.*s", what, STR_ARG(ast->text));
	return str_format(c->arena, "%s %s %.*s", what, ast_word(ast->kind), STR_ARG(ast->text));
}

/* Tests change nothing, nor does the head of the file. */
static bool is_change(AstKind kind)
{
	return kind != AST_CONTRACT && kind != AST_USES && kind != AST_EXAMPLE &&
		kind != AST_SCENARIO && kind != AST_ERROR;
}

/* For `vouch check` and the case file: what an amendment says that it does, in its own order. */
static void list_changes(Checker *c)
{
	for (int32_t f = 0; f < c->nfiles; f++) {
		StrList list = {0};
		if (!c->file[f].own || c->file[f].version == 0)
			continue;
		Version *version = &c->book->contract.ver[c->file[f].version];
		for (const Ast *item = c->file[f].tree->items; item != NULL; item = item->next)
			if (is_change(item->kind))
				*list_push(c, &list) = change_of(c, item);
		version->change = list.at;
		version->nchanges = list.n;
	}
}

/* All bodies are checked by now, so their types are known. */
void amend_finish(Checker *c)
{
	if (c->book->contract.nversions < 2)
		return;
	for (int32_t i = 0; i < c->template.n; i++) {
		const Template *first = &c->template.at[i];
		for (int32_t at = first->again ? 0 : first->later; at > 0;
				at = c->template.at[at - 1].later)
			template_shapes(c, first, &c->template.at[at - 1]);
	}
	for (int32_t i = 0; i < c->symbol.n; i++) {
		const Symbol *first = &c->symbol.at[i];
		for (int32_t at = first->again ? 0 : first->later; at > 0; at = c->symbol.at[at - 1].later)
			if (!both_fit(c, symbol_type(c, first), symbol_type(c, &c->symbol.at[at - 1])))
				shape(c, c->symbol.at[at - 1].ast, first->ast, "its type");
	}
	for (int32_t i = 1; i < c->entry.n; i++)
		if (c->entry.at[i].follows)
			rule_shapes(c, &c->entry.at[i], &c->entry.at[i - 1]);
	list_changes(c);
}
