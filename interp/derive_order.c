/*
 * In which order matches, sequences and banks are worked out: depth first over what each of them
 * looks at, through defines, tables and parameters. The checker has made sure that there is no
 * circle (S65).
 *
 *   bank respite ─ debits ─> visit.logged ─> define ─> visit.logs ─> match visit, log
 *              └─ where ──> visit.before ──────────> sequence carer_day
 *
 *   steps: match, sequence, bank
 *
 * Most books have matches alone, and then the steps are these in the order of their declaration. A
 * match that looks at a sequence or a bank is marked: an audit cannot pair it beforehand with the
 * matches of whole tables, since what it looks at belongs to partitions.
 */
#include "interp/derive.h"

#include "base/mem.h"

typedef struct Sorter {
	const Rulebook *book;
	bool *seen[3];         /* by kind, by number */
	bool *define, *table, *parameter; /* walked on behalf of the thing at hand */
	Arena *arena;
	DerivedStep *step;
	int32_t n;
	bool *found[3];        /* what the thing at hand looks at */
} Sorter;

/* Slots and fields need no case of their own: their types say whose rows they give. */
static void look(Sorter *s, const Expr *expr);

/* A `then` may be left out, and is NULL. */
static void look_exceptions(Sorter *s, const Exception *except, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		look(s, except[i].when);
		look(s, except[i].then);
	}
}

/* Each declaration is walked once on behalf of the thing at hand, or nested ones would take for
 * ever. */
static void look_define(Sorter *s, int32_t number)
{
	const Define *define = &s->book->define[number];
	if (s->define[number])
		return;
	s->define[number] = true;
	look(s, define->on);
	look(s, define->base);
	look_exceptions(s, define->except, define->nexcepts);
}

/* All of its periods: the order must not hang on a date. */
static void look_table(Sorter *s, int32_t number)
{
	const Table *table = &s->book->table[number];
	if (s->table[number])
		return;
	s->table[number] = true;
	for (int32_t p = 0; p < table->nperiods; p++) {
		for (int32_t r = 0; r < table->period[p].nrows; r++) {
			look(s, table->period[p].row[r].fits);
			look(s, table->period[p].row[r].value);
		}
	}
}

/* Derived parameters may use functions. */
static void look_parameter(Sorter *s, int32_t number)
{
	const Parameter *parameter = &s->book->parameter[number];
	if (s->parameter[number])
		return;
	s->parameter[number] = true;
	for (int32_t i = 0; i < parameter->nvalues; i++)
		look(s, parameter->value[i].value);
}

/* A bank's rows are looked at wherever a row of their dataset turns up. */
static void look_dataset(Sorter *s, int32_t dataset)
{
	if (dataset >= 0 && s->book->dataset[dataset].origin != ORIGIN_TABLE)
		s->found[DERIVED_BANK][s->book->dataset[dataset].bank] = true;
}

static void look(Sorter *s, const Expr *expr)
{
	if (expr == NULL)
		return;
	if (expr->op == EXPR_MATCHED)
		s->found[DERIVED_MATCH][expr->ref] = true;
	else if (expr->op == EXPR_NEIGHBOUR)
		s->found[DERIVED_SEQUENCE][expr->ref] = true;
	else if (expr->op == EXPR_DERIVED || expr->op == EXPR_CALL)
		look_define(s, expr->ref);
	else if (expr->op == EXPR_TABLE)
		look_table(s, expr->ref);
	else if (expr->op == EXPR_PARAMETER)
		look_parameter(s, expr->ref);
	if (expr->type.kind == TYPE_ROW || expr->type.kind == TYPE_ROWS)
		look_dataset(s, expr->type.ref);
	for (int32_t i = 0; i < expr->nargs; i++)
		look(s, expr->arg[i]);
}

/* Both sides, and what pairs them. */
static void look_match(Sorter *s, const Match *match)
{
	look_dataset(s, match->left);
	look_dataset(s, match->right);
	look(s, match->left_when);
	look(s, match->right_when);
	look(s, match->left_at);
	look(s, match->right_at);
	look(s, match->before);
	look(s, match->after);
	look(s, match->take);
	for (int32_t i = 0; i < match->nkeys; i++) {
		look(s, match->left_key[i]);
		look(s, match->right_key[i]);
	}
}

/* Neighbours are found among all rows of the dataset, so the dataset counts too. */
static void look_sequence(Sorter *s, const Sequence *sequence)
{
	look_dataset(s, sequence->dataset);
	look(s, sequence->applies);
	for (int32_t i = 0; i < sequence->nkeys; i++)
		look(s, sequence->key[i]);
	for (int32_t i = 0; i < sequence->norder; i++)
		look(s, sequence->order[i]);
}

/* Accounts rest on whatever their entries and terms look at. */
static void look_bank(Sorter *s, const Bank *bank)
{
	look_dataset(s, bank->dataset);
	look(s, bank->covered);
	look(s, bank->applies);
	look(s, bank->expires);
	look(s, bank->holds);
	for (int32_t i = 0; i < bank->nkeys; i++)
		look(s, bank->key[i].expr);
	for (int32_t i = 0; i < bank->nflows; i++) {
		const BankFlow *flow = &bank->flow[i];
		look_dataset(s, flow->dataset);
		look(s, flow->amount);
		look(s, flow->from);
		look(s, flow->to);
		look(s, flow->rows);
		look(s, flow->where);
		look(s, flow->on);
	}
}

/* The marks are made anew for each thing: what one looks at is no concern of the next. */
static void find_all(Sorter *s, DerivedKind kind, int32_t number)
{
	const Rulebook *book = s->book;
	s->define = ARENA_ARRAY(s->arena, bool, (size_t)book->ndefines + 1);
	s->table = ARENA_ARRAY(s->arena, bool, (size_t)book->ntables + 1);
	s->parameter = ARENA_ARRAY(s->arena, bool, (size_t)book->nparameters + 1);
	s->found[DERIVED_MATCH] = ARENA_ARRAY(s->arena, bool, (size_t)book->nmatches + 1);
	s->found[DERIVED_SEQUENCE] = ARENA_ARRAY(s->arena, bool, (size_t)book->nsequences + 1);
	s->found[DERIVED_BANK] = ARENA_ARRAY(s->arena, bool, (size_t)book->nbanks + 1);
	if (kind == DERIVED_MATCH)
		look_match(s, &book->match[number]);
	else if (kind == DERIVED_SEQUENCE)
		look_sequence(s, &book->sequence[number]);
	else
		look_bank(s, &book->bank[number]);
}

/* The three kinds have a number of their own each. */
static int32_t count_of(const Rulebook *book, DerivedKind kind)
{
	return kind == DERIVED_MATCH ? book->nmatches : kind == DERIVED_SEQUENCE ? book->nsequences
		: book->nbanks;
}

/* Whether the match, which is settled, looks at a sequence or a bank. */
static bool is_on_derived(const Sorter *s, int32_t match)
{
	for (int32_t p = 0; p < s->n; p++)
		if (s->step[p].kind == DERIVED_MATCH && s->step[p].number == match)
			return s->step[p].on_derived;
	return false;
}

/* What is marked before it is complete would be a circle, which there is none of. */
static void settle(Sorter *s, DerivedKind kind, int32_t number)
{
	bool *found[3], on_derived = false;
	if (s->seen[kind][number])
		return;
	s->seen[kind][number] = true;
	find_all(s, kind, number);
	for (int k = 0; k < 3; k++)
		found[k] = s->found[k];
	for (int k = 0; k < 3; k++) {
		for (int32_t i = 0; i < count_of(s->book, (DerivedKind)k); i++) {
			if (!found[k][i])
				continue;
			settle(s, (DerivedKind)k, i);
			on_derived |= k != DERIVED_MATCH || is_on_derived(s, i);
		}
	}
	s->step[s->n++] = (DerivedStep){kind, number, on_derived};
}

/* Kinds in turn, and each by its number, where nothing else decides: so the order is the same in
 * every run. */
const DerivedStep *derive_order(const Rulebook *book, Arena *arena)
{
	Arena scratch = {0};
	Sorter s = {.book = book, .arena = &scratch};
	size_t all = (size_t)book->nmatches + (size_t)book->nsequences + (size_t)book->nbanks;
	s.step = ARENA_ARRAY(arena, DerivedStep, all + 1);
	for (int k = 0; k < 3; k++)
		s.seen[k] = ARENA_ARRAY(&scratch, bool, (size_t)count_of(book, (DerivedKind)k) + 1);
	for (int k = 0; k < 3; k++)
		for (int32_t i = 0; i < count_of(book, (DerivedKind)k); i++)
			settle(&s, (DerivedKind)k, i);
	arena_free(&scratch);
	return s.step;
}
