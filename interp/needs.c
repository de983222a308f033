/*
 * A walk over everything that the rule's expressions reach, each declaration once.
 *
 *   rule V1 ─ require ─> visit.logged ─> define logged ─> visit.logs ─> match ─> visit, log
 *                   └──> quarter_hour (a rounding: reaches no rows)
 *
 * The answer is the set of datasets without which the rule cannot be judged. S93
 * rests on it: in a scenario a rule runs only if all of them are given. Too many
 * would silence rules that a test means, too few would judge against tables that
 * nobody filled in and raise findings out of nothing.
 *
 * Declarations form no cycles (S65, the checker sees to it), but many
 * expressions reach the same one: the marks keep the walk linear. Depth is
 * bounded by the checker's limits on nesting and chains.
 */
#include "interp/needs.h"

#include "base/mem.h"

/* What was followed already: each declaration once. */
typedef struct Needs {
	const Rulebook *book;
	bool *dataset;
	bool *define, *table, *parameter, *match, *sequence, *bank;
} Needs;

static void visit(Needs *needs, const Expr *expr);
static void visit_dataset(Needs *needs, int32_t ref);

/* `then` may be left out. */
static void visit_exceptions(Needs *needs, const Exception *except, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		visit(needs, except[i].when);
		visit(needs, except[i].then);
	}
}

/* The `on` of a define reads rows as well: its date may hang on a link. */
static void visit_define(Needs *needs, int32_t ref)
{
	const Define *define = &needs->book->define[ref];
	if (needs->define[ref])
		return;
	needs->define[ref] = true;
	visit(needs, define->on);
	visit(needs, define->base);
	visit_exceptions(needs, define->except, define->nexcepts);
}

/*
 * All periods, whichever is in force: a rule must not need other data on
 * another day.
 */
static void visit_table(Needs *needs, int32_t ref)
{
	const Table *table = &needs->book->table[ref];
	if (needs->table[ref])
		return;
	needs->table[ref] = true;
	for (int32_t p = 0; p < table->nperiods; p++) {
		for (int32_t i = 0; i < table->period[p].nrows; i++) {
			visit(needs, table->period[p].row[i].fits);
			visit(needs, table->period[p].row[i].value);
		}
	}
}

/*
 * A value may be derived from other parameters (S12), never from rows; the walk
 * is for what those reach.
 */
static void visit_parameter(Needs *needs, int32_t ref)
{
	const Parameter *parameter = &needs->book->parameter[ref];
	if (needs->parameter[ref])
		return;
	needs->parameter[ref] = true;
	for (int32_t i = 0; i < parameter->nvalues; i++)
		visit(needs, parameter->value[i].value);
}

/* Where a row stands depends on all that the rows of its dataset are put in order by. */
static void visit_sequence(Needs *needs, int32_t ref)
{
	const Sequence *sequence = &needs->book->sequence[ref];
	if (needs->sequence[ref])
		return;
	needs->sequence[ref] = true;
	visit_dataset(needs, sequence->dataset);
	for (int32_t i = 0; i < sequence->nkeys; i++)
		visit(needs, sequence->key[i]);
	for (int32_t i = 0; i < sequence->norder; i++)
		visit(needs, sequence->order[i]);
	visit(needs, sequence->applies);
}

static void visit_flow(Needs *needs, const BankFlow *flow)
{
	if (flow->dataset >= 0)
		visit_dataset(needs, flow->dataset);
	visit(needs, flow->rows);
	visit(needs, flow->from);
	visit(needs, flow->to);
	visit(needs, flow->where);
	visit(needs, flow->on);
	visit(needs, flow->amount);
}

/* Every flow, whichever kind of entry is asked about: a debit that was not given would leave a
 * balance too high. */
static void visit_bank(Needs *needs, int32_t ref)
{
	const Bank *bank = &needs->book->bank[ref];
	if (needs->bank[ref])
		return;
	needs->bank[ref] = true;
	visit_dataset(needs, bank->dataset);
	for (int32_t i = 0; i < bank->nkeys; i++)
		visit(needs, bank->key[i].expr);
	visit(needs, bank->covered);
	visit(needs, bank->applies);
	visit(needs, bank->expires);
	visit(needs, bank->holds);
	for (int32_t i = 0; i < bank->nflows; i++)
		visit_flow(needs, &bank->flow[i]);
}

/* Nobody gives the rows of a bank: they are worked out from what the bank reads. */
static void visit_dataset(Needs *needs, int32_t ref)
{
	const Dataset *dataset = &needs->book->dataset[ref];
	if (dataset->origin == ORIGIN_TABLE)
		needs->dataset[ref] = true;
	else
		visit_bank(needs, dataset->bank);
}

/* A match goes over both its datasets, and reads what pairs them. */
static void visit_match(Needs *needs, int32_t ref)
{
	const Match *match = &needs->book->match[ref];
	if (needs->match[ref])
		return;
	needs->match[ref] = true;
	visit_dataset(needs, match->left);
	visit_dataset(needs, match->right);
	for (int32_t i = 0; i < match->nkeys; i++) {
		visit(needs, match->left_key[i]);
		visit(needs, match->right_key[i]);
	}
	visit(needs, match->left_when);
	visit(needs, match->right_when);
	visit(needs, match->left_at);
	visit(needs, match->right_at);
	visit(needs, match->before);
	visit(needs, match->after);
	visit(needs, match->take);
}

/*
 * What an expression itself reaches, besides its arguments. A field needs the
 * dataset of the row that it is read from, and a link both of its ends: the
 * near one was marked when its own row was visited.
 */
static void visit_ref(Needs *needs, const Expr *expr)
{
	if (expr->op == EXPR_FIELD)
		visit_dataset(needs, expr->arg[0]->type.ref);
	else if (expr->op == EXPR_LINKED || expr->op == EXPR_ALL_ROWS)
		visit_dataset(needs, expr->type.ref);
	else if (expr->op == EXPR_MATCHED)
		visit_match(needs, expr->ref);
	else if (expr->op == EXPR_NEIGHBOUR)
		visit_sequence(needs, expr->ref);
	else if (expr->op == EXPR_DERIVED || expr->op == EXPR_CALL)
		visit_define(needs, expr->ref);
	else if (expr->op == EXPR_TABLE)
		visit_table(needs, expr->ref);
	else if (expr->op == EXPR_PARAMETER)
		visit_parameter(needs, expr->ref);
}

/* Arguments that were left out are NULL. */
static void visit(Needs *needs, const Expr *expr)
{
	if (expr == NULL)
		return;
	visit_ref(needs, expr);
	for (int32_t i = 0; i < expr->nargs; i++)
		visit(needs, expr->arg[i]);
}

/*
 * Messages are left out: a text that cannot be filled in says `unknown` and changes no verdict
 * (S81).
 */
static void visit_rule(Needs *needs, const Rule *rule)
{
	visit_dataset(needs, rule->dataset);
	for (int32_t k = 0; k < rule->nkeys; k++)
		visit(needs, rule->key[k].expr);
	visit(needs, rule->every_from);
	visit(needs, rule->every_to);
	visit(needs, rule->collection);
	visit(needs, rule->filter);
	visit(needs, rule->covered);
	visit(needs, rule->on);
	visit(needs, rule->applies);
	visit(needs, rule->require);
	visit(needs, rule->stake);
	visit_exceptions(needs, rule->except, rule->nexcepts);
}

static Needs needs_begin(const Rulebook *book, bool *dataset, Arena *arena)
{
	return (Needs){
		.book = book, .dataset = dataset,
		.define = ARENA_ARRAY(arena, bool, (size_t)book->ndefines + 1),
		.table = ARENA_ARRAY(arena, bool, (size_t)book->ntables + 1),
		.parameter = ARENA_ARRAY(arena, bool, (size_t)book->nparameters + 1),
		.match = ARENA_ARRAY(arena, bool, (size_t)book->nmatches + 1),
		.sequence = ARENA_ARRAY(arena, bool, (size_t)book->nsequences + 1),
		.bank = ARENA_ARRAY(arena, bool, (size_t)book->nbanks + 1),
	};
}

/* The caller gives an array of false, one for each dataset. */
void needs_of_rule(const Rulebook *book, const Rule *rule, bool *dataset)
{
	Arena arena = {0};
	Needs needs = needs_begin(book, dataset, &arena);
	visit_rule(&needs, rule);
	arena_free(&arena);
}

void needs_of_measure(const Rulebook *book, const Measure *measure, bool *dataset)
{
	Arena arena = {0};
	Needs needs = needs_begin(book, dataset, &arena);
	visit_rule(&needs, &measure->rule);
	visit(&needs, measure->figure);
	for (int32_t i = 0; i < measure->nparts; i++)
		visit(&needs, measure->part[i].value);
	visit(&needs, measure->target);
	visit(&needs, measure->fails);
	visit(&needs, measure->needs);
	arena_free(&arena);
}

void needs_of_bank(const Rulebook *book, int32_t bank, bool *dataset)
{
	Arena arena = {0};
	Needs needs = needs_begin(book, dataset, &arena);
	visit_bank(&needs, bank);
	arena_free(&arena);
}
