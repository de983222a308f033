/*
 * Reading done, this is the order of the work: names first, then what gives a row its fields, then
 * everything that speaks of rows.
 *
 *   files ─> names ─> contract, calendars ─> fields, links ─> derived fields, matches
 *                                                                       |
 *              what nobody asked for <─ examples, scenarios <─ rules <──┘
 *
 * Bodies of parameters, roundings, tables and defines are checked when the first use asks for
 * them, because the use needs to know the denominator of their value. What no use asked for is
 * checked last, so that every mistake is found in one run, whether or not a rule reaches it.
 *
 * Diagnostics are sorted by place when they are printed, so that this order shows nowhere (law 8).
 *
 * Two rules keep one slip from causing many messages. What is in error has a type that silences
 * its users; and where a declaration could not even be parsed, messages that something is not
 * there are taken back, since it may have stood in what was lost.
 */
#include "dsl/checker.h"

#include <string.h>

#include "dsl/parse.h"

/* The rulebook that users hold is the first part of what its checker keeps for `vouch eval`. */
typedef struct Book {
	Rulebook book;
	Checker checker;
} Book;

/* The lists move as they grow, and messages read types through the rulebook: this follows them. */
void book_sync(Checker *c)
{
	Rulebook *book = c->book;
#define SYNC(name, count) (book->name = c->name.at, book->count = c->name.n)
	SYNC(dataset, ndatasets);
	SYNC(codes, ncodes);
	SYNC(link, nlinks);
	SYNC(calendar, ncalendars);
	SYNC(parameter, nparameters);
	SYNC(rounding, nroundings);
	SYNC(table, ntables);
	SYNC(define, ndefines);
	SYNC(match, nmatches);
	SYNC(sequence, nsequences);
	SYNC(bank, nbanks);
	SYNC(amended, namended);
	SYNC(measure, nmeasures);
	SYNC(spot, nspots);
	SYNC(rule, nrules);
	SYNC(by_hand, nby_hand);
	SYNC(scenario, nscenarios);
	SYNC(example, nexamples);
	SYNC(layout, nlayouts);
#undef SYNC
}

/* What the grammar reads and the meaning is not built for yet: said at its place, so that no rule
 * silently does less than its author wrote. */
void not_built(Checker *c, Span at, const char *what)
{
	diag_add(c->diags, DIAG_NOT_BUILT, at, "%s is not available yet", what);
}

/* Items of a declaration may stand in any order; the first of a kind counts, and a second one is
 * an error rather than an override, which a reader would have to search for. */
const Ast *clause(Checker *c, const Ast *decl, AstKind kind)
{
	const Ast *found = NULL;
	for (const Ast *item = decl->items; item != NULL; item = item->next) {
		if (item->kind != kind)
			continue;
		if (found == NULL) {
			found = item;
			continue;
		}
		DiagRef diag = diag_add(c->diags, DIAG_CLAUSE_TWICE, item->at, "`%s` is given twice",
			ast_word(kind));
		diag_label(diag, found->at, "the first is here");
	}
	return found;
}

/* A date in the place of a bound: nothing else can be worked out before a run. Leaves *day alone
 * otherwise, so that its default stays. */
bool day_literal(const Ast *ast, int32_t *day)
{
	if (ast == NULL || ast->kind != AST_DATE)
		return false;
	*day = (int32_t)ast->n;
	return true;
}

/* Where a declaration has several reasons for being assumed, the first speaks for all of it: law
 * 11 asks that it be marked, not that reasons be collected. */
Decl decl_of(Checker *c, const Ast *ast)
{
	Decl out = {.name = ast->text, .at = ast->at, .name_at = ast->name_at};
	out.cites = cites_of(c, ast);
	for (const Ast *item = ast->items; item != NULL && out.assumed.len == 0; item = item->next)
		if (item->kind == AST_ASSUMED && item->a != NULL)
			out.assumed = item->a->text;
	return out;
}

/* ---- registering names */

/* In an amendment the likeliest slip is to write a declaration as if it were the first. */
static DiagRef declared_twice(Checker *c, const Ast *ast)
{
	DiagRef diag = diag_add(c->diags, DIAG_DUPLICATE, ast->name_at, "%.*s is declared twice",
		STR_ARG(ast->text));
	if (version_of(c, ast->at) > 0 && ast->kind == AST_DATASET)
		diag_help(diag, "`dataset %.*s adds` gives it more fields", STR_ARG(ast->text));
	else if (version_of(c, ast->at) > 0 && ast->kind != AST_BY_HAND)
		diag_help(diag, "an amendment changes what is there with `replace %s %.*s`",
			ast_word(ast->kind), STR_ARG(ast->text));
	return diag;
}

/* A second declaration is dropped and the first one kept, so that its users are checked against
 * something. */
static bool duplicate(Checker *c, const Ast *ast, Span first)
{
	diag_label(declared_twice(c, ast), first, "the first is here");
	return false;
}

/* One space of names for all that expressions may speak of. Functions of the language are kept
 * out of it: a rule must not mean something else because a shared file has a define called
 * `total`. */
static bool symbol_add(Checker *c, const Ast *ast, SymbolKind kind, int32_t index, bool own)
{
	bool added;
	if (builtin_name(ast->text)) {
		diag_add(c->diags, DIAG_DUPLICATE, ast->name_at, "%.*s is a function of the language",
			STR_ARG(ast->text));
		return false;
	}
	int32_t *at = strmap_at(&c->names, ast->text, &added);
	if (!added)
		return duplicate(c, ast, c->symbol.at[*at].ast->name_at);
	*at = c->symbol.n;
	*list_push(c, &c->symbol) = (Symbol){.kind = kind, .name = ast->text, .ast = ast,
		.index = index, .own = own, .life = {version_of(c, ast->at), 0}};
	return true;
}

/* Only the name and place are known here; fields wait until every dataset has a name, because a
 * field may lead to a dataset that stands further down. */
static void register_dataset(Checker *c, const Ast *ast, bool own)
{
	if (!symbol_add(c, ast, SYM_DATASET, c->dataset.n, own))
		return;
	DatasetInfo info = {.ast = ast};
	strmap_init(&info.names, c->arena);
	Dataset dataset = {.decl = {.name = ast->text, .at = ast->at, .name_at = ast->name_at},
		.table = ast->a != NULL ? ast->a->text : ast->text, .lasts_from = -1, .lasts_to = -1};
	*list_push(c, &c->info) = info;
	*list_push(c, &c->dataset) = dataset;
}

/* One entry a declaration, in file order; instances of it are made as uses ask for them. */
static void template_add(Checker *c, const Ast *ast, bool table, int32_t dataset, bool own)
{
	*list_push(c, &c->template) = (Template){.ast = ast, .name = ast->text, .dataset = dataset,
		.table = table, .own = own, .first = -1, .life = {version_of(c, ast->at), 0}};
}

/* Rules and tests are not here: no expression speaks of them. */
static void register_named(Checker *c, const Ast *ast, bool own)
{
	switch ((int)ast->kind) {
	case AST_DATASET: register_dataset(c, ast, own); break;
	case AST_CALENDAR:
		if (symbol_add(c, ast, SYM_CALENDAR, c->calendar.n, own))
			*list_push(c, &c->calendar) = (Calendar){.decl = {.name = ast->text}};
		break;
	case AST_PARAMETER:
		if (symbol_add(c, ast, SYM_PARAMETER, c->parameter.n, own))
			*list_push(c, &c->parameter) = (Parameter){.decl = {.name = ast->text}};
		break;
	case AST_ROUNDING:
		if (symbol_add(c, ast, SYM_ROUNDING, c->rounding.n, own))
			*list_push(c, &c->rounding) = (Rounding){.decl = {.name = ast->text}};
		break;
	case AST_BANK:
		if (symbol_add(c, ast, SYM_BANK, c->bank.n, false))
			register_bank(c, ast);
		break;
	case AST_TABLE:
		if (symbol_add(c, ast, SYM_TABLE, c->template.n, own))
			template_add(c, ast, true, -1, own);
		break;
	case AST_DEFINE:
		if (ast->how == 0 && symbol_add(c, ast, SYM_FUNCTION, c->template.n, own))
			template_add(c, ast, false, -1, own);
		break;
	default: break;
	}
}

/* Rules, clauses by hand and the like: names of their own, which findings and scenarios use. -1
 * for clauses by hand and measures: their names are taken, but no expectation can ask their
 * verdict. */
static bool register_id(Checker *c, const Ast *ast, int32_t index)
{
	bool added;
	int32_t *at = strmap_at(&c->ids, ast->text, &added);
	if (!added) {
		declared_twice(c, ast);
		return false;
	}
	*at = index;
	return true;
}

/* A shared file that brought a contract along would make two contracts of one: the reader of the
 * first file would not see whose dates hold. Amendments have theirs, each in a file of its own. */
static void register_contract(Checker *c, const Ast *ast, const LoadedFile *file,
	const Ast **contract)
{
	const Ast *first = NULL;
	for (const Ast *item = file->tree->items; item != NULL && first == NULL; item = item->next)
		first = item->kind == AST_CONTRACT ? item : NULL;
	if (!file->own) {
		diag_add(c->diags, DIAG_LIB_CONTRACT, ast->name_at,
			"a file that is used cannot declare a contract");
	} else if (first != ast) {
		DiagRef diag = diag_add(c->diags, DIAG_TWO_CONTRACTS, ast->name_at,
			"the file declares two contracts");
		diag_label(diag, first->name_at, "the first is here");
	} else if (file->version == 0) {
		*contract = ast;
	}
}

/* `define X for visit`: a field of the dataset. The name is given out before the body is known,
 * so that defines may use each other in any order. */
static void register_derived(Checker *c, const Ast *ast, bool own)
{
	Symbol *symbol = ast->a != NULL ? symbol_of(c, ast->a->text, SYM_DATASET) : NULL;
	if (symbol == NULL) {
		if (ast->a != NULL)
			suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, ast->a->name_at,
				"no dataset is called %.*s", STR_ARG(ast->a->text)), ast->a->text, SYM_DATASET);
		return;
	}
	symbol->used = true;
	member_add(c, symbol->index, (Member){MEMBER_DERIVED, ast->text, c->template.n, 0,
		ast->name_at});
	template_add(c, ast, false, symbol->index, own);
}

/* ---- the order of the work */

#define EACH_DECL(c, item) \
	for (int32_t f_ = 0; f_ < (c)->nfiles; f_++) \
		for (const Ast *item = (c)->file[f_].tree->items; item != NULL; item = item->next)
#define IS_OWN(c) ((c)->file[f_].own)

/* Scenarios are looked through early because the figures that they put in place of a parameter
 * take part in its denominator. Built-in calendars come last, so that declared ones of the same
 * name stand. */
static const Ast *register_all(Checker *c)
{
	const Ast *contract = NULL;
	EACH_DECL(c, item) {
		register_named(c, item, IS_OWN(c));
		if (item->kind == AST_CONTRACT)
			register_contract(c, item, &c->file[f_], &contract);
		else if (item->kind == AST_SCENARIO)
			collect_with(c, item);
	}
	calendar_builtin(c);
	return contract;
}

/* Derived fields, matches and sequences get their names on the datasets before any of their bodies
 * is looked at: they may use each other in any order, as long as there is no circle. */
static void check_links(Checker *c)
{
	LIST(const Ast *) match = {0}, sequence = {0};
	EACH_DECL(c, item) {
		if (item->kind == AST_DEFINE && item->how == 1)
			register_derived(c, item, IS_OWN(c));
		if (item->kind == AST_MATCH) {
			register_match_names(c, item);
			*list_push(c, &match) = item;
		}
		if (item->kind == AST_SEQUENCE) {
			register_sequence_names(c, item);
			*list_push(c, &sequence) = item;
		}
	}
	amend_derived(c);
	check_matches(c, match.at, match.n);
	check_sequences(c, sequence.at, sequence.n);
	check_banks(c);
	check_dateless(c);
	check_order(c);
}

/* What nothing asked for is checked as well, with the scales that its inputs would have. */
static void check_rest(Checker *c)
{
	for (int32_t i = 0; i < c->symbol.n; i++) {
		Symbol *symbol = &c->symbol.at[i];
		if (symbol->kind == SYM_PARAMETER)
			parameter_index(c, symbol, symbol->ast->name_at);
		else if (symbol->kind == SYM_ROUNDING)
			rounding_index(c, symbol, symbol->ast->name_at);
	}
	for (int32_t i = 0; i < c->template.n; i++) {
		bool used = c->template.at[i].used;
		if (c->template.at[i].first >= 0 || c->template.at[i].failed)
			continue;
		template_params(c, i);
		if (c->template.at[i].failed)
			continue;
		if (c->template.at[i].table)
			table_instance(c, i, c->template.at[i].param_type, c->template.at[i].ast->name_at);
		else
			define_instance(c, i, c->template.at[i].param_type, c->template.at[i].ast->name_at);
		c->template.at[i].used = used;
	}
}

/* Rules are numbered before they are checked, so that a scenario may stand above the rule that it
 * tests. Of a rule with several texts the first one has the name; they stand together. */
static void register_rules(Checker *c)
{
	int32_t rules = 0;
	EACH_DECL(c, item)
		if (is_entry(item->kind) && register_id(c, item, -1))
			*list_push(c, &c->entry) = (Entry){.ast = item, .life = {version_of(c, item->at), 0}};
	amend_rules(c);
	for (int32_t i = 0; i < c->entry.n; i++) {
		bool added;
		const Entry *entry = &c->entry.at[i];
		if (entry->ast->kind == AST_RULE && !entry->follows)
			*strmap_at(&c->ids, entry->ast->text, &added) = rules;
		rules += entry->ast->kind == AST_RULE;
	}
	EACH_DECL(c, item)
		if (item->kind == AST_BY_HAND)
			register_id(c, item, -1);
}

/* A text knows when it holds. */
static void set_life(Rule *rule, const Entry *entry)
{
	rule->introduced = entry->life.from;
	rule->ended = entry->life.to;
	rule->follows = entry->follows;
}

/* A rule declared twice was complained of; only the first is kept, as its id says. */
static void check_rules(Checker *c)
{
	register_rules(c);
	for (int32_t i = 0; i < c->entry.n; i++) {
		Entry entry = c->entry.at[i];
		c->life = entry.life;
		if (entry.ast->kind == AST_RULE) {
			check_rule(c, entry.ast);
			set_life(&c->rule.at[c->rule.n - 1], &entry);
			continue;
		}
		if (entry.ast->kind == AST_SPOT_CHECK) {
			check_spot(c, entry.ast);
			set_life(&c->spot.at[c->spot.n - 1].rule, &entry);
			continue;
		}
		int32_t before = c->measure.n;
		check_measure(c, entry.ast);
		if (c->measure.n > before)
			set_life(&c->measure.at[c->measure.n - 1].rule, &entry);
	}
	EACH_DECL(c, item)
		if (item->kind == AST_BY_HAND)
			check_by_hand(c, item);
}

/* Last of all that can ask for a body, since tests may call anything. */
static void check_tests(Checker *c)
{
	EACH_DECL(c, item) {
		int32_t version = c->file[f_].version;
		c->life = (Life){version, version + 1};
		if (item->kind == AST_EXAMPLE)
			check_example(c, item);
		else if (item->kind == AST_SCENARIO)
			check_scenario(c, item);
		else if (item->kind == AST_LAYOUT)
			check_layout(c, item);
	}
}

/* ---- what is left over */

/* Shared files are not complained of: what this contract leaves unused, another one needs. */
static void warn_unused(Checker *c, Span at, Str name)
{
	diag_add(c->diags, DIAG_W_UNUSED, at, "nothing uses %.*s", STR_ARG(name));
}

/* S11: before its first day a parameter has no value, and rules that need it are not assessed.
 * That can be meant, hence a warning. */
static void warn_gap(Checker *c, const Symbol *symbol)
{
	const Parameter *parameter = &c->parameter.at[symbol->index];
	if (!symbol->used || symbol->again || symbol->progress != DONE || parameter->nvalues == 0 ||
			parameter->value[0].from == NO_DAY ||
			parameter->value[0].from <= c->book->contract.from)
		return;
	DiagRef diag = diag_add(c->diags, DIAG_W_PARAMETER_GAP, parameter->value[0].at,
		"%.*s has no value in the first days of the contract", STR_ARG(symbol->name));
	diag_help(diag, "rules that need it are not assessed on those days");
}

/* Only for a whole contract without errors: among errors, what seems unused may be named in a
 * place that could not be checked. */
static void warn_left_over(Checker *c)
{
	for (int32_t i = 0; i < c->symbol.n; i++) {
		const Symbol *symbol = &c->symbol.at[i];
		if (symbol->kind == SYM_PARAMETER)
			warn_gap(c, symbol);
		if (symbol->own && !symbol->used && !symbol->again && symbol->kind != SYM_DATASET)
			warn_unused(c, symbol->ast->name_at, symbol->name);
	}
	for (int32_t i = 0; i < c->template.n; i++) {
		const Template *template = &c->template.at[i];
		if (template->own && template->dataset >= 0 && !template->used && !template->again)
			warn_unused(c, template->ast->name_at, template->name);
	}
	for (int32_t i = 0; i < c->rule.n; i++)
		if (!c->has_scenario.at[i] && !c->rule.at[i].follows)
			diag_add(c->diags, DIAG_W_NO_SCENARIO, c->rule.at[i].decl.name_at,
				"no scenario tests rule %.*s", STR_ARG(c->rule.at[i].decl.name));
	for (int32_t i = 0; i < c->measure.n; i++)
		if (!c->measure_tested.at[i])
			diag_add(c->diags, DIAG_W_NO_SCENARIO, c->measure.at[i].rule.decl.name_at,
				"no scenario tests %.*s", STR_ARG(c->measure.at[i].rule.decl.name));
}

/* Other contracts of the same compilation may have errors of their own, which are none of this
 * one's business. */
static bool is_loaded(const Checker *c, int32_t file)
{
	for (int32_t i = 0; i < c->nfiles; i++)
		if (c->file[i].file == file)
			return true;
	return false;
}

/* A declaration that could not be read took names with it: what seems to be missing may stand
 * there, so only the parser's word is given. */
static bool lost_names(const Checker *c, size_t parsed)
{
	for (size_t i = 0; i < parsed; i++) {
		const Diag *diag = &c->diags->list.at[i];
		if (diag_severity(diag->code) == DIAG_ERROR && diag->code < DIAG_UNKNOWN_NAME &&
				is_loaded(c, diag->at.file))
			return true;
	}
	return false;
}

/* Messages that say something is not there. All warnings are among them, because they reason from
 * absence too. */
static bool may_be_lost(DiagCode code)
{
	return code == DIAG_UNKNOWN_NAME || code == DIAG_UNKNOWN_FIELD || code == DIAG_UNKNOWN_TYPE ||
		code == DIAG_UNKNOWN_CODE || code == DIAG_CLAUSE_MISSING || code == DIAG_NO_KEY ||
		code == DIAG_NO_SOURCE || code == DIAG_UNKNOWN_LABEL || code == DIAG_AMONG ||
		code == DIAG_NO_CONTRACT || code == DIAG_UNKNOWN_UNIT || code == DIAG_EXPECT_UNKNOWN ||
		code == DIAG_GIVEN_UNKNOWN || diag_severity(code) == DIAG_WARNING;
}

/* The messages are taken back after the fact rather than held back one by one, so that no check
 * has to know of the parser's troubles. */
static void drop_lost(Checker *c, size_t from)
{
	size_t kept = from;
	for (size_t i = from; i < c->diags->list.n; i++) {
		const Diag *diag = &c->diags->list.at[i];
		if (!may_be_lost(diag->code)) {
			c->diags->list.at[kept++] = *diag;
			continue;
		}
		if (diag_severity(diag->code) == DIAG_WARNING)
			c->diags->warnings--;
		else
			c->diags->errors--;
	}
	c->diags->list.n = kept;
}

/* All maps live in the compilation's arena; nothing here has to be freed on any path. */
static void begin(Checker *c, Compilation *comp, Book *book)
{
	c->comp = comp;
	c->arena = &comp->arena;
	c->diags = &comp->diags;
	c->book = &book->book;
	c->book->sources = &comp->sources;
	c->self.parameter = -1;
	strmap_init(&c->names, c->arena);
	strmap_init(&c->ids, c->arena);
	strmap_init(&c->instances, c->arena);
	strmap_init(&c->sources, c->arena);
	strmap_init(&c->amended_names, c->arena);
	strmap_init(&c->with_names, c->arena);
	strmap_init(&c->layouts, c->arena);
}

/* Calendars come before fields and fields before anything else: a period may be in a key, a field
 * in everything. The rulebook's arrays are shown as soon as they exist, since messages name types
 * by them. */
static void check_all(Checker *c)
{
	size_t errors = c->diags->errors;
	const Ast *contract = register_all(c);
	for (int32_t i = 0; i < c->nfiles; i++)
		if (c->file[i].own)
			c->main = c->file[i].tree;
	c->book->is_library = contract == NULL;
	c->book->contract.from = NO_DAY;
	c->book->contract.to = LAST_DAY;
	c->book->contract.published = NO_DAY;
	book_sync(c);
	if (contract != NULL)
		check_contract(c, contract);
	amend_names(c);
	check_calendars(c);
	check_dataset_fields(c);
	check_links(c);
	check_wheres(c);
	check_rules(c);
	check_tests(c);
	check_rest(c);
	amend_finish(c);
	if (contract != NULL && c->diags->errors == errors)
		warn_left_over(c);
	book_sync(c);
}

/* Warnings do not stop a contract from being used; one error does. What was found is in the
 * compilation's diagnostics either way, those of other contracts before it untouched. */
const Rulebook *rulebook_load(Compilation *comp, Str path)
{
	LoadedFile *file;
	size_t errors = comp->diags.errors;
	int32_t n = load_files(comp, path, &file);
	Book *book = ARENA_NEW(&comp->arena, Book);
	Checker *c = &book->checker;
	size_t parsed = comp->diags.list.n;
	if (n == 0)
		return NULL;
	begin(c, comp, book);
	c->file = file;
	c->nfiles = n;
	check_all(c);
	if (lost_names(c, parsed))
		drop_lost(c, parsed);
	if (comp->diags.errors > errors)
		return NULL;
	load_digest(comp, file, n, book->book.sha256);
	return &book->book;
}

const Rulebook *rulebook_empty(Compilation *comp)
{
	Book *book = ARENA_NEW(&comp->arena, Book);
	begin(&book->checker, comp, book);
	check_all(&book->checker);
	return &book->book;
}

/* A function may be called here with denominators that no rule used, so the rulebook can gain
 * instances; its arrays may move, its indices stay. */
const Expr *rulebook_expression(Compilation *comp, const Rulebook *book, Str text, int32_t *nslots)
{
	/* The rulebook was made here as the first part of a Book, and is the caller's own. */
	Checker *c = &((Book *)(uintptr_t)book)->checker;
	size_t errors = comp->diags.errors;
	char *copy = arena_alloc(&comp->arena, text.len + 2);
	if (text.len > 0)
		memcpy(copy, text.ptr, text.len);
	int32_t file = load_text(comp, STR("expression"), (Str){copy, text.len});
	Ast *ast = parse_expression(&comp->arena, &comp->sources, file, &comp->diags);
	Scope scope;
	scope_begin(&scope);
	if (ast == NULL)
		return NULL;
	Expr *out = check_expr(c, &scope, ast, NULL);
	book_sync(c);
	*nslots = scope.nslots;
	return comp->diags.errors > errors || is_error(out) ? NULL : out;
}
