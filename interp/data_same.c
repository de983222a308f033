/*
 * Whether declarations of two books mean the same. Contracts that use one shared file have private
 * copies of it (S68): the same text, but names that may stand for other figures, as when a rule
 * reaches a parameter that each contract sets for itself. So two declarations are the same only
 * when their text is, and so is, all the way down, all that their expressions reach.
 *
 *   rule C1 ──> log.carer.logs ──> link, field ──> one DataColumn for both books
 *          └──> every define, parameter, table, calendar that it names ──> likewise
 *
 * What is not known to be the same is taken to differ: it is then only worked twice.
 *
 * A finding of such a rule is told in the other book as it stands. So names count as well, which no
 * verdict hangs on: what datasets, columns and parameters are called, and the words of conditions
 * that each contract writes for itself (what it covers).
 */
#include "interp/data_internal.h"

/* What is compared: the declarations on the left are of book a, on the right of book b. */
typedef struct Pair {
	const Data *data;
	int32_t a, b;           /* books */
	int32_t *twin;          /* by expression of book a: the one of book b that it was found to be the
	                           same as, or -1; NULL: nobody asks */
} Pair;

static bool same_expr(const Pair *pair, const Expr *a, const Expr *b);

static const Rulebook *left_of(const Pair *pair)
{
	return pair->data->book[pair->a].book;
}

static const Rulebook *right_of(const Pair *pair)
{
	return pair->data->book[pair->b].book;
}

/* The same text at the same place of the same file: labels, messages and figures are in it. */
static bool same_span(const Pair *pair, Span a, Span b)
{
	const Rulebook *left = left_of(pair), *right = right_of(pair);
	return a.lo == b.lo && a.hi == b.hi &&
		str_eq(left->sources->file.at[a.file].path, right->sources->file.at[b.file].path) &&
		str_eq(source_text(left->sources, a), source_text(right->sources, b));
}

/* As evidence would name them. Figures are shown by their value, however they are written. */
static bool same_words(const Pair *pair, const Expr *a, const Expr *b)
{
	if (a->op == EXPR_CONST || a->op == EXPR_CONST_RATIO)
		return true;
	bool written = a->at.hi > a->at.lo;
	if (written != (b->at.hi > b->at.lo))
		return false;
	return !written || str_eq(source_text(left_of(pair)->sources, a->at),
		source_text(right_of(pair)->sources, b->at));
}

/* ---- declarations ---- */

/* In their order, which is part of what they mean; `over` says which one gives way to which. */
static bool same_exceptions(const Pair *pair, const Exception *a, const Exception *b, int32_t n)
{
	for (int32_t e = 0; e < n; e++)
		if (a[e].over != b[e].over || !same_expr(pair, a[e].when, b[e].when) ||
		    !same_expr(pair, a[e].then, b[e].then))
			return false;
	return true;
}

/* Its text, and what the names in it stand for in each book. */
static bool same_define(const Pair *pair, int32_t i, int32_t k)
{
	const Define *a = &left_of(pair)->define[i], *b = &right_of(pair)->define[k];
	return a->nexcepts == b->nexcepts && same_span(pair, a->decl.at, b->decl.at) &&
		a->has_range == b->has_range && a->least == b->least && a->most == b->most &&
		same_expr(pair, a->on, b->on) && same_expr(pair, a->base, b->base) &&
		same_exceptions(pair, a->except, b->except, a->nexcepts);
}

/* Contracts write their parameters in files of their own: the history counts, and what evidence
 * says of it. */
static bool same_parameter(const Pair *pair, int32_t i, int32_t k)
{
	const Parameter *a = &left_of(pair)->parameter[i], *b = &right_of(pair)->parameter[k];
	if (a->nvalues != b->nvalues || !str_eq(a->decl.name, b->decl.name) ||
	    !str_eq(a->decl.assumed, b->decl.assumed))
		return false;
	/* Values in order of their days, as the checker leaves them. */
	for (int32_t v = 0; v < a->nvalues; v++)
		if (a->value[v].from != b->value[v].from || a->value[v].published != b->value[v].published ||
		    !str_eq(a->value[v].assumed, b->value[v].assumed) ||
		    !same_expr(pair, a->value[v].value, b->value[v].value))
			return false;
	return true;
}

/* Bands of a table from one day on: rows are tried from the top. */
static bool same_period(const Pair *pair, const TablePeriod *a, const TablePeriod *b)
{
	if (a->from != b->from || a->published != b->published || a->nrows != b->nrows)
		return false;
	for (int32_t r = 0; r < a->nrows; r++)
		if (!same_expr(pair, a->row[r].fits, b->row[r].fits) ||
		    !same_expr(pair, a->row[r].value, b->row[r].value))
			return false;
	return true;
}

static bool same_table(const Pair *pair, int32_t i, int32_t k)
{
	const Table *a = &left_of(pair)->table[i], *b = &right_of(pair)->table[k];
	if (a->nperiods != b->nperiods || !same_span(pair, a->decl.at, b->decl.at))
		return false;
	for (int32_t p = 0; p < a->nperiods; p++)
		if (!same_period(pair, &a->period[p], &b->period[p]))
			return false;
	return true;
}

/* Roundings and calendars name nothing else, so that their text says all. */
static bool same_rounding(const Pair *pair, int32_t i, int32_t k)
{
	return same_span(pair, left_of(pair)->rounding[i].decl.at, right_of(pair)->rounding[k].decl.at);
}

static bool same_calendar(const Pair *pair, int32_t i, int32_t k)
{
	return same_span(pair, left_of(pair)->calendar[i].decl.at, right_of(pair)->calendar[k].decl.at);
}

/* The order counts: a code is its place in the list. */
static bool same_codes(const Pair *pair, int32_t i, int32_t k)
{
	const CodeList *a = &left_of(pair)->codes[i], *b = &right_of(pair)->codes[k];
	/* Shorter lists are not the beginning of longer ones: a code may come to mean more. */
	if (a->n != b->n)
		return false;
	for (int32_t c = 0; c < a->n; c++)
		if (!str_eq(a->code[c], b->code[c]) || !str_eq(a->spelling[c], b->spelling[c]))
			return false;
	return true;
}

/* ---- data ---- */

/* The plan made one column of fields that are read in the same way. */
static bool same_column(const Pair *pair, int32_t dataset, int32_t field, int32_t other_dataset,
	int32_t other_field)
{
	int32_t column = pair->data->book[pair->a].column[dataset][field];
	return column >= 0 && column == pair->data->book[pair->b].column[other_dataset][other_field];
}

/* Field + 1 of each dataset, or 0. */
static bool same_choice(const Pair *pair, int32_t dataset, int32_t field, int32_t other_dataset,
	int32_t other_field)
{
	if (field == 0 || other_field == 0)
		return field == other_field;
	return same_column(pair, dataset, field - 1, other_dataset, other_field - 1);
}

/* Rows of one table, chosen in the same way; those of a bank are each book's own. Table and column
 * are named in evidence as the book has them, though SQLite would not tell capitals apart. */
static bool same_dataset(const Pair *pair, int32_t i, int32_t k)
{
	const Dataset *a = &left_of(pair)->dataset[i], *b = &right_of(pair)->dataset[k];
	int32_t table = table_at(pair->data, pair->a, i);
	return a->origin == ORIGIN_TABLE && b->origin == ORIGIN_TABLE && table >= 0 &&
		table == table_at(pair->data, pair->b, k) && str_eq(a->decl.name, b->decl.name) &&
		str_eq(a->table, b->table) &&
		same_choice(pair, i, a->newest_by, k, b->newest_by) &&
		same_choice(pair, i, a->known_from, k, b->known_from) &&
		same_expr(pair, a->where, b->where);
}

static bool same_link(const Pair *pair, int32_t i, int32_t k)
{
	const Link *a = &left_of(pair)->link[i], *b = &right_of(pair)->link[k];
	return same_dataset(pair, a->from, b->from) && same_dataset(pair, a->to, b->to) &&
		same_column(pair, a->from, a->field, b->from, b->field);
}

/* ---- expressions ---- */

/* arg[0] is the row; its type says of which dataset. */
static bool same_field(const Pair *pair, const Expr *a, const Expr *b)
{
	int32_t dataset = a->arg[0]->type.ref, other = b->arg[0]->type.ref;
	const Field *field = &left_of(pair)->dataset[dataset].field[a->ref];
	const Field *other_field = &right_of(pair)->dataset[other].field[b->ref];
	return str_eq(field->name, other_field->name) && str_eq(field->column, other_field->column) &&
		same_column(pair, dataset, a->ref, other, b->ref);
}

static bool same_exprs(const Pair *pair, Expr *const *a, Expr *const *b, int32_t n)
{
	for (int32_t i = 0; i < n; i++)
		if (!same_expr(pair, a[i], b[i]))
			return false;
	return true;
}

/* What the ref of an expression names; those that are not here have none. */
static bool same_ref(const Pair *pair, const Expr *a, const Expr *b)
{
	switch ((ExprOp)a->op) {
	case EXPR_FIELD:
		return same_field(pair, a, b);
	case EXPR_MATCHED:
		return same_match(pair->data, pair->a, a->ref, pair->b, b->ref);
	case EXPR_LINKED:
		return same_link(pair, a->ref, b->ref);
	case EXPR_NEIGHBOUR:
		return same_sequence(pair->data, pair->a, a->ref, pair->b, b->ref);
	case EXPR_ALL_ROWS:
		return same_dataset(pair, a->ref, b->ref);
	case EXPR_DERIVED: case EXPR_CALL:
		return same_define(pair, a->ref, b->ref);
	case EXPR_PARAMETER:
		return same_parameter(pair, a->ref, b->ref);
	case EXPR_ROUND:
		return same_rounding(pair, a->ref, b->ref);
	case EXPR_TABLE:
		return same_table(pair, a->ref, b->ref);
	case EXPR_PERIOD_OF: case EXPR_PERIOD_PART: case EXPR_IN_PERIOD: case EXPR_IN_DATES:
	case EXPR_WORKING_DAYS_AFTER:
		return same_calendar(pair, a->ref, b->ref);
		/* Numbers within the expression itself. */
	case EXPR_SLOT: case EXPR_AGGREGATE:
		return a->ref == b->ref;
	case EXPR_CONST: case EXPR_CONST_RATIO: case EXPR_GROUP_ROWS: case EXPR_NEGATE: case EXPR_ADD:
	case EXPR_SUBTRACT: case EXPR_MULTIPLY: case EXPR_DIVIDE: case EXPR_RESCALE:
	case EXPR_DATE_ADD: case EXPR_MOMENT_ADD: case EXPR_DATE_DIFF: case EXPR_MOMENT_DIFF:
	case EXPR_MOMENT_OF: case EXPR_DATE_OF: case EXPR_CLOCK_OF: case EXPR_WEEKDAY_OF:
	case EXPR_COMPARE: case EXPR_AND: case EXPR_OR: case EXPR_NOT: case EXPR_IF: case EXPR_OR_ELSE:
	case EXPR_IS_KNOWN: case EXPR_AS_AT: case EXPR_LEAST: case EXPR_GREATEST: case EXPR_TEXT:
	case EXPR_OVERLAP: case EXPR_ABSOLUTE:
		return true;
	case EXPR_IN_FORCE: case EXPR_OP_COUNT:
		break; /* what amendments made of it is each book's own */
	}
	return false;
}

/* The dimension of a ref (rows, codes, calendar) is each book's own number, so it is followed. */
static bool same_type(const Pair *pair, Type a, Type b)
{
	if (a.kind != b.kind || a.form != b.form || a.ratio != b.ratio || a.scale != b.scale ||
	    !unit_same(a.unit, b.unit))
		return false;
	if (a.kind == TYPE_ROW || a.kind == TYPE_ROWS)
		return same_dataset(pair, a.ref, b.ref);
	if (a.kind == TYPE_CODE)
		return same_codes(pair, a.ref, b.ref);
	return a.kind != TYPE_PERIOD || same_calendar(pair, a.ref, b.ref);
}

/* Keeps the pair. An expression that would have two partners has none: nobody could say by which of
 * them its lines are to be called. */
static bool note_twin(const Pair *pair, const Expr *a, const Expr *b)
{
	if (pair->twin == NULL)
		return true;
	if (pair->twin[a->id] < 0)
		pair->twin[a->id] = b->id;
	return pair->twin[a->id] == b->id;
}

/* Shape, figures and texts first, which are cheap, then what is named. Expressions end: the checker
 * refuses defines that go in a circle. */
static bool same_expr(const Pair *pair, const Expr *a, const Expr *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	if (a->op != b->op || a->how != b->how || a->nargs != b->nargs || a->n != b->n ||
	    a->q.n != b->q.n || a->q.d != b->q.d || !str_eq(a->text, b->text) ||
	    !same_words(pair, a, b) || !same_type(pair, a->type, b->type) || !same_ref(pair, a, b))
		return false;
	for (int32_t i = 0; i < a->nargs; i++)
		if (!same_expr(pair, a->arg[i], b->arg[i]))
			return false;
	return note_twin(pair, a, b);
}

/* Which rows are let in is asked before it is settled what is read of them, so fields are compared
 * as they are declared. */
static bool same_test(const Pair *pair, const Dataset *x, const Expr *a, const Dataset *y,
	const Expr *b)
{
	if (a == NULL || b == NULL || a->op != b->op || a->nargs != b->nargs)
		return a == b;
	/* By declaration: there are no columns yet. */
	if (a->op == EXPR_FIELD)
		return fields_alike(left_of(pair), &x->field[a->ref], right_of(pair), &y->field[b->ref]);
	if (a->op != EXPR_SLOT && (a->how != b->how || a->n != b->n || a->q.n != b->q.n ||
	    a->q.d != b->q.d || !str_eq(a->text, b->text) || !same_type(pair, a->type, b->type) ||
	    !same_ref(pair, a, b)))
		return false;
	for (int32_t i = 0; i < a->nargs; i++)
		if (!same_test(pair, x, a->arg[i], y, b->arg[i]))
			return false;
	return true;
}

/* Asked while the plan is made, before tables and columns have numbers. */
bool same_where(const Data *data, int32_t book, const Dataset *dataset, int32_t other_book,
	const Dataset *other)
{
	const Pair pair = {data, book, other_book, NULL};
	return same_test(&pair, dataset, dataset->where, other, other->where);
}

/* ---- matches and sequences ---- */

/* Every part that decides which rows are partners; the text says the rest. */
bool same_match(const Data *data, int32_t book, int32_t match, int32_t other_book, int32_t other)
{
	const Pair pair = {data, book, other_book, NULL};
	const Match *a = &left_of(&pair)->match[match], *b = &right_of(&pair)->match[other];
	return a->nkeys == b->nkeys && same_span(&pair, a->decl.at, b->decl.at) &&
		same_dataset(&pair, a->left, b->left) && same_dataset(&pair, a->right, b->right) &&
		same_exprs(&pair, a->left_key, b->left_key, a->nkeys) &&
		same_exprs(&pair, a->right_key, b->right_key, a->nkeys) &&
		same_expr(&pair, a->left_when, b->left_when) &&
		same_expr(&pair, a->right_when, b->right_when) &&
		same_expr(&pair, a->left_at, b->left_at) && same_expr(&pair, a->right_at, b->right_at) &&
		same_expr(&pair, a->before, b->before) && same_expr(&pair, a->after, b->after) &&
		same_expr(&pair, a->take, b->take);
}

bool same_sequence(const Data *data, int32_t book, int32_t sequence, int32_t other_book,
	int32_t other)
{
	const Pair pair = {data, book, other_book, NULL};
	const Sequence *a = &left_of(&pair)->sequence[sequence];
	const Sequence *b = &right_of(&pair)->sequence[other];
	return a->nkeys == b->nkeys && a->norder == b->norder &&
		same_span(&pair, a->decl.at, b->decl.at) && same_dataset(&pair, a->dataset, b->dataset) &&
		same_exprs(&pair, a->key, b->key, a->nkeys) &&
		same_expr(&pair, a->applies, b->applies) &&
		same_exprs(&pair, a->order, b->order, a->norder);
}

/* ---- rules ---- */

/* In force on every day of its contract's life: no amendment touched it, and the first version does
 * not lapse. */
static bool is_steady(const Contract *contract, const Rule *rule)
{
	return contract->nversions <= 1 ||
		(rule->introduced == 0 && rule->ended == 0 && contract->ver[0].to == LAST_DAY);
}

/* Both contracts have the same days of the run's window in their lives (S5), and nobody amended
 * the rule. */
static bool same_window(const Pair *pair, const Rule *rule, const Rule *other)
{
	const Law *law = pair->data->options.law;
	const Contract *a = &left_of(pair)->contract, *b = &right_of(pair)->contract;
	if (!is_steady(a, rule) || !is_steady(b, other) ||
	    (a->published <= law->known_on) != (b->published <= law->known_on))
		return false;
	/* The days that life and window have in common: the same for many a two lives that differ. */
	int32_t from = a->from > law->from ? a->from : law->from;
	int32_t to = a->to < law->to ? a->to : law->to;
	return from == (b->from > law->from ? b->from : law->from) &&
		to == (b->to < law->to ? b->to : law->to);
}

/* Their names too: findings are called by them. */
static bool same_keys(const Pair *pair, const Rule *a, const Rule *b)
{
	for (int32_t i = 0; i < a->nkeys; i++)
		if (!str_eq(a->key[i].name, b->key[i].name) ||
		    !same_expr(pair, a->key[i].expr, b->key[i].expr))
			return false;
	return true;
}

/* Rows, periods, items, groups; and which of them are looked at. */
static bool same_subjects(const Pair *pair, const Rule *a, const Rule *b)
{
	if (a->subject != b->subject || a->nkeys != b->nkeys || a->every_open != b->every_open ||
	    !same_dataset(pair, a->dataset, b->dataset))
		return false;
	if (a->subject == SUBJECT_ROW_PERIOD && !same_calendar(pair, a->calendar, b->calendar))
		return false;
	return same_expr(pair, a->every_from, b->every_from) &&
		same_expr(pair, a->every_to, b->every_to) &&
		same_expr(pair, a->collection, b->collection) && same_keys(pair, a, b) &&
		same_expr(pair, a->filter, b->filter) && same_expr(pair, a->covered, b->covered) &&
		same_expr(pair, a->on, b->on) && same_expr(pair, a->provider, b->provider);
}

/* The cheapest questions first: books of tens of rules are compared pair by pair. */
bool data_same_rule(const Data *data, int32_t book, int32_t rule, int32_t other_book, int32_t other,
	int32_t *twin)
{
	const Pair pair = {data, book, other_book, twin};
	const Rule *a = &left_of(&pair)->rule[rule], *b = &right_of(&pair)->rule[other];
	return a->decl.at.lo == b->decl.at.lo && str_eq(a->decl.name, b->decl.name) &&
		same_span(&pair, a->decl.at, b->decl.at) && a->nexcepts == b->nexcepts &&
		a->nshow == b->nshow && same_window(&pair, a, b) && same_subjects(&pair, a, b) &&
		same_expr(&pair, a->applies, b->applies) &&
		same_expr(&pair, a->require, b->require) &&
		same_exceptions(&pair, a->except, b->except, a->nexcepts) &&
		same_expr(&pair, a->message, b->message) && same_expr(&pair, a->stake, b->stake) &&
		same_exprs(&pair, a->show, b->show, a->nshow);
}

/* As data_same_rule, but for the days on which the contracts are in force and what they ask. */
bool data_same_groups(const Data *data, int32_t book, int32_t rule, int32_t other_book,
	int32_t other)
{
	const Pair pair = {data, book, other_book, NULL};
	const Rule *a = &left_of(&pair)->rule[rule], *b = &right_of(&pair)->rule[other];
	return same_span(&pair, a->decl.at, b->decl.at) && a->nshow == b->nshow &&
		same_subjects(&pair, a, b) && same_expr(&pair, a->applies, b->applies) &&
		same_exprs(&pair, a->show, b->show, a->nshow);
}
