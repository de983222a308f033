/*
 * Which rows a rule reaches from its subject. For each expression that gives rows the walk holds
 * what is sure about them:
 *
 *   Reach of a row: the paths of links from it that are known to lead to the row whose key is the
 *   partition key
 *
 * With the key "client" a visit has {provision > client}; its provision has {client}; the other
 * visits of that provision, by the link back, have {provision > client} again: they lie in the same
 * partition. A log by the way of `log.carer.logs` has {} instead, so this key does not serve.
 *
 * The same walk without a key notes what is looked at.
 */
#include "interp/data_internal.h"

#include <stdlib.h>

#define MOST_PATHS 4

typedef struct Reach {
	int32_t table;          /* -1: no rows */
	int32_t n;
	Path path[MOST_PATHS];
} Reach;

/* A declaration that has been walked with these arguments. */
typedef struct Seen {
	const void *decl;
	uint64_t args;
	Reach out;
} Seen;

/* One walk over one rule, with a key or without. */
typedef struct Walker {
	Data *data;
	int32_t book;
	const Rulebook *rules;
	const Path *key;        /* by table; NULL: only note what is looked at */
	Needs *needs;           /* NULL: only try the key */
	bool fits;
	Reach group;
	Arena arena;
	VEC(Seen) seen;
} Walker;

static const Reach no_rows = {.table = -1};

static Reach walk(Walker *w, const Expr *expr, Reach *slots);

/* ---- paths ---- */

Path path_join(int32_t column, Path rest)
{
	if (rest == NO_PATH || rest >> (PATH_BITS * (PATH_STEPS - 1)) != 0 ||
	    column + 1 >= 1 << PATH_BITS)
		return NO_PATH;
	return rest << PATH_BITS | (Path)(column + 1);
}

static bool reach_has(const Reach *reach, Path path)
{
	for (int32_t i = 0; i < reach->n; i++)
		if (reach->path[i] == path)
			return true;
	return false;
}

/* Facts that do not fit are forgotten, which can only make a key look worse than it is. */
static void reach_add(Reach *reach, Path path)
{
	if (path != NO_PATH && reach->n < MOST_PATHS && !reach_has(reach, path))
		reach->path[reach->n++] = path;
}

/* What is sure of a row that may be either. */
static Reach reach_meet(Reach a, Reach b)
{
	if (a.table < 0 || b.table < 0)
		return a.table < 0 ? b : a;
	Reach out = {.table = a.table};
	for (int32_t i = 0; i < a.n; i++)
		if (reach_has(&b, a.path[i]))
			reach_add(&out, a.path[i]);
	return out;
}

/* ---- rows ---- */

/* Notes a table and gives its number; a walk with a key notes nothing. */
static int32_t see_table(Walker *w, int32_t dataset)
{
	int32_t table = plan_table(w->data, w->book, dataset);
	if (w->needs != NULL)
		w->needs->table[table] = true;
	return table;
}

static int32_t see_column(Walker *w, int32_t dataset, int32_t field)
{
	int32_t column = plan_column(w->data, w->book, dataset, field);
	see_table(w, dataset);
	if (w->needs != NULL)
		w->needs->column[column] = true;
	return column;
}

/* Without a key the question does not arise: row counts are not known yet. */
static bool is_large(const Walker *w, int32_t table)
{
	return w->key != NULL && !w->data->table.at[table]->whole;
}

/* Rows of a partitioned table must be known to lie in this partition. */
static void settle(Walker *w, Reach *reach)
{
	if (!is_large(w, reach->table))
		return;
	Path key = w->key[reach->table];
	if (key == NO_PATH || !reach_has(reach, key))
		w->fits = false;
}

/* Rows that are in the partition because they were put there by the key: subjects, and whatever a
 * partitioned table holds here. */
static Reach by_key(Walker *w, int32_t dataset, bool subject)
{
	Reach out = {.table = see_table(w, dataset)};
	if (w->key == NULL || (!subject && !is_large(w, out.table)))
		return out;
	reach_add(&out, w->key[out.table]);
	settle(w, &out);
	return out;
}

/* By a link: what is left of the paths that begin with it. */
static Reach follow(Walker *w, Reach row, int32_t column, int32_t dataset)
{
	Reach out = {.table = see_table(w, dataset)};
	for (int32_t i = 0; i < row.n; i++)
		if (path_first(row.path[i]) == column)
			reach_add(&out, path_rest(row.path[i]));
	settle(w, &out);
	return out;
}

/* By the inverse: the rows found all point to this one, so its paths hold behind their link. */
static Reach follow_back(Walker *w, Reach row, int32_t link)
{
	const Link *l = &w->rules->link[link];
	int32_t column = see_column(w, l->from, l->field);
	Reach out = {.table = see_table(w, l->from)};
	if (w->needs != NULL)
		w->needs->link[w->book][link] = true;
	for (int32_t i = 0; i < row.n; i++)
		reach_add(&out, path_join(column, row.path[i]));
	settle(w, &out);
	return out;
}

/* Only a link leads to a row. */
static Reach see_field(Walker *w, const Expr *expr, Reach *slots)
{
	Reach row = walk(w, expr->arg[0], slots);
	int32_t column = see_column(w, expr->arg[0]->type.ref, expr->ref);
	return expr->type.kind == TYPE_ROW ? follow(w, row, column, expr->type.ref) : no_rows;
}

/* ---- declarations ---- */

/* Defines are walked once for each kind of arguments: nested ones would take for ever. */
static uint64_t args_hash(const Reach *arg, int32_t n)
{
	uint64_t hash = 1469598103934665603u;
	for (int32_t i = 0; i < n; i++) {
		hash = (hash ^ (uint64_t)(arg[i].table + 2)) * 1099511628211u;
		for (int32_t k = 0; k < arg[i].n; k++)
			hash = (hash ^ (arg[i].path[k] + 7)) * 0x9E3779B97F4A7C15u;
		hash ^= hash >> 29;
	}
	return hash;
}

/* What was found before, or NULL; then the caller walks and notes it. */
static const Reach *seen_before(const Walker *w, const void *decl, uint64_t args)
{
	for (size_t i = 0; i < w->seen.n; i++)
		if (w->seen.at[i].decl == decl && w->seen.at[i].args == args)
			return &w->seen.at[i].out;
	return NULL;
}

/* Two slots more than needed: a rule's own expressions may bind rows. */
static Reach *slots_new(Walker *w, int32_t n, const Reach *arg, int32_t nargs)
{
	int32_t room = n > nargs ? n : nargs;
	Reach *slots = ARENA_ARRAY(&w->arena, Reach, (size_t)room + 2);
	for (int32_t i = 0; i < room + 2; i++)
		slots[i] = i < nargs ? arg[i] : no_rows;
	return slots;
}

static void see(Walker *w, const Expr *expr, Reach *slots)
{
	if (expr != NULL)
		walk(w, expr, slots);
}

/* The base or any exception may give the row: what holds for all of them is sure. */
static Reach see_define(Walker *w, int32_t number, const Reach *arg, int32_t nargs)
{
	const Define *define = &w->rules->define[number];
	uint64_t args = args_hash(arg, nargs);
	const Reach *before = seen_before(w, define, args);
	if (before != NULL)
		return *before;
	Reach *slots = slots_new(w, define->nslots, arg, nargs);
	see(w, define->on, slots);
	Reach out = walk(w, define->base, slots);
	for (int32_t i = 0; i < define->nexcepts; i++) {
		see(w, define->except[i].when, slots);
		if (define->except[i].then != NULL)
			out = reach_meet(out, walk(w, define->except[i].then, slots));
	}
	*vec_push(&w->seen) = (Seen){define, args, out};
	return out;
}

static void see_table_of_rules(Walker *w, int32_t number, const Reach *arg, int32_t nargs)
{
	const Table *table = &w->rules->table[number];
	uint64_t args = args_hash(arg, nargs);
	if (seen_before(w, table, args) != NULL)
		return;
	Reach *slots = slots_new(w, table->nslots, arg, nargs);
	for (int32_t p = 0; p < table->nperiods; p++) {
		for (int32_t r = 0; r < table->period[p].nrows; r++) {
			see(w, table->period[p].row[r].fits, slots);
			see(w, table->period[p].row[r].value, slots);
		}
	}
	*vec_push(&w->seen) = (Seen){table, args, no_rows};
}

/* Derived parameters may use functions, which may look at nothing of the data; still they are
 * seen. */
static void see_parameter(Walker *w, int32_t number)
{
	const Parameter *parameter = &w->rules->parameter[number];
	if (seen_before(w, parameter, 0) != NULL)
		return;
	*vec_push(&w->seen) = (Seen){parameter, 0, no_rows};
	Reach *slots = slots_new(w, 0, NULL, 0);
	for (int32_t i = 0; i < parameter->nvalues; i++)
		see(w, parameter->value[i].value, slots);
}

/* Both sides of a match are in one partition when a pair of its keys determines the key of the
 * partition in the same way. */
static void see_match(Walker *w, int32_t number)
{
	const Match *match = &w->rules->match[number];
	if (seen_before(w, match, 0) != NULL)
		return;
	*vec_push(&w->seen) = (Seen){match, 0, no_rows};
	if (w->needs != NULL)
		w->needs->match[w->book][number] = true;
	Reach side[2] = {by_key(w, match->left, false), by_key(w, match->right, false)};
	Reach *slots = slots_new(w, match->nslots, side, 2);
	bool together = !is_large(w, side[0].table) && !is_large(w, side[1].table);
	for (int32_t i = 0; i < match->nkeys; i++) {
		Reach left = walk(w, match->left_key[i], slots);
		Reach right = walk(w, match->right_key[i], slots);
		together |= left.table >= 0 && right.table >= 0 && reach_meet(left, right).n > 0;
	}
	see(w, match->left_when, slots);
	see(w, match->right_when, slots);
	see(w, match->left_at, slots);
	see(w, match->right_at, slots);
	see(w, match->before, slots);
	see(w, match->after, slots);
	see(w, match->take, slots);
	if (w->key != NULL && !together)
		w->fits = false;
}

/* What a match gives lies in this partition when see_match finds it together. */
static Reach see_matched(Walker *w, const Expr *expr, Reach *slots)
{
	const Match *match = &w->rules->match[expr->ref];
	see(w, expr->arg[0], slots);
	see_match(w, expr->ref);
	return by_key(w, expr->how == 0 ? match->right : match->left, false);
}

/* ---- expressions ---- */

/* All rows of a partitioned table are in no partition but the single one: no key serves. */
static Reach see_all_rows(Walker *w, const Expr *expr)
{
	Reach out = {.table = see_table(w, expr->ref)};
	settle(w, &out);
	return out;
}

/* `first` and `last` give the row itself, or the row that their value leads to. */
static Reach see_aggregate(Walker *w, const Expr *expr, Reach *slots)
{
	Reach rows = walk(w, expr->arg[0], slots), value = no_rows;
	slots[expr->ref] = rows;
	for (int32_t i = 1; i < expr->nargs; i++) {
		if (expr->arg[i] == NULL)
			continue;
		Reach got = walk(w, expr->arg[i], slots);
		if (i == 2)
			value = got;
	}
	if (expr->type.kind != TYPE_ROW)
		return no_rows;
	return expr->nargs > 2 && expr->arg[2] != NULL ? value : rows;
}

static Reach *see_args(Walker *w, const Expr *expr, Reach *slots)
{
	Reach *arg = ARENA_ARRAY(&w->arena, Reach, (size_t)expr->nargs + 1);
	for (int32_t i = 0; i < expr->nargs; i++)
		arg[i] = expr->arg[i] != NULL ? walk(w, expr->arg[i], slots) : no_rows;
	return arg;
}

/* if, or else, as at: a row that is one of several. */
static Reach see_others(Walker *w, const Expr *expr, Reach *slots)
{
	const Reach *arg = see_args(w, expr, slots);
	if (expr->type.kind != TYPE_ROW && expr->type.kind != TYPE_ROWS)
		return no_rows;
	Reach out = no_rows;
	for (int32_t i = 0; i < expr->nargs; i++)
		if (arg[i].table >= 0)
			out = reach_meet(out, arg[i]);
	return out;
}

static Reach walk(Walker *w, const Expr *expr, Reach *slots)
{
	if (expr->op == EXPR_SLOT)
		return slots[expr->ref];
	if (expr->op == EXPR_FIELD)
		return see_field(w, expr, slots);
	if (expr->op == EXPR_MATCHED)
		return see_matched(w, expr, slots);
	if (expr->op == EXPR_LINKED)
		return follow_back(w, walk(w, expr->arg[0], slots), expr->ref);
	if (expr->op == EXPR_ALL_ROWS)
		return see_all_rows(w, expr);
	if (expr->op == EXPR_GROUP_ROWS)
		return w->group;
	if (expr->op == EXPR_DERIVED || expr->op == EXPR_CALL)
		return see_define(w, expr->ref, see_args(w, expr, slots), expr->nargs);
	if (expr->op == EXPR_TABLE)
		see_table_of_rules(w, expr->ref, see_args(w, expr, slots), expr->nargs);
	if (expr->op == EXPR_PARAMETER)
		see_parameter(w, expr->ref);
	if (expr->op == EXPR_AGGREGATE)
		return see_aggregate(w, expr, slots);
	return see_others(w, expr, slots);
}

/* ---- rules ---- */

/* Messages and shown values too: they are worked out for findings. */
static void see_rule_clauses(Walker *w, const Rule *rule, Reach *slots)
{
	see(w, rule->every_from, slots);
	see(w, rule->every_to, slots);
	see(w, rule->filter, slots);
	see(w, rule->covered, slots);
	see(w, rule->on, slots);
	see(w, rule->applies, slots);
	see(w, rule->require, slots);
	for (int32_t i = 0; i < rule->nexcepts; i++) {
		see(w, rule->except[i].when, slots);
		see(w, rule->except[i].then, slots);
	}
	see(w, rule->message, slots);
	see(w, rule->stake, slots);
	see(w, rule->provider, slots);
	for (int32_t i = 0; i < rule->nshow; i++)
		see(w, rule->show[i], slots);
}

/* The rows of a group are together when one of its keys settles the partition. */
static void see_group(Walker *w, const Rule *rule, Reach *slots)
{
	bool together = w->key == NULL;
	w->group = by_key(w, rule->dataset, true);
	slots[rule->nkeys] = w->group;
	for (int32_t i = 0; i < rule->nkeys; i++) {
		slots[i] = walk(w, rule->key[i].expr, slots);
		together |= slots[i].table >= 0 && slots[i].n > 0;
	}
	if (!together)
		w->fits = false;
}

static void see_rule(Walker *w, const Rule *rule)
{
	int32_t room = rule->nslots > rule->nkeys + 2 ? rule->nslots : rule->nkeys + 2;
	Reach *slots = slots_new(w, room, NULL, 0);
	if (rule->subject == SUBJECT_GROUP) {
		see_group(w, rule, slots);
	} else {
		slots[0] = by_key(w, rule->dataset, true);
		if (rule->subject == SUBJECT_ROW_IN)
			slots[1] = walk(w, rule->collection, slots);
	}
	see_rule_clauses(w, rule, slots);
	vec_free(&w->seen);
	arena_free(&w->arena);
}

void reach_needs(Data *data, int32_t book, const Rule *rule, Needs *needs)
{
	Walker w = {.data = data, .book = book, .rules = data->book[book].book, .needs = needs,
		.group = no_rows};
	see_rule(&w, rule);
}

bool reach_fits(Data *data, int32_t book, const Rule *rule, const KeyTry *key)
{
	Walker w = {.data = data, .book = book, .rules = data->book[book].book, .key = key->path,
		.fits = true, .group = no_rows};
	if (key->path[table_at(data, book, rule->dataset)] == NO_PATH)
		return false;
	see_rule(&w, rule);
	return w.fits;
}

/* ---- matches that two books share ---- */

typedef struct Pair {
	const Data *data;
	int32_t a, b;           /* books */
} Pair;

static bool same_expr(const Pair *pair, const Expr *a, const Expr *b);

static bool same_span(const Pair *pair, Span a, Span b)
{
	const Rulebook *left = pair->data->book[pair->a].book, *right = pair->data->book[pair->b].book;
	return a.lo == b.lo && a.hi == b.hi &&
		str_eq(left->sources->file.at[a.file].path, right->sources->file.at[b.file].path) &&
		str_eq(source_text(left->sources, a), source_text(right->sources, b));
}

static bool same_define(const Pair *pair, int32_t i, int32_t k)
{
	const Define *a = &pair->data->book[pair->a].book->define[i];
	const Define *b = &pair->data->book[pair->b].book->define[k];
	if (a->nexcepts != b->nexcepts || !same_span(pair, a->decl.at, b->decl.at) ||
	    !same_expr(pair, a->on, b->on) || !same_expr(pair, a->base, b->base))
		return false;
	for (int32_t e = 0; e < a->nexcepts; e++)
		if (a->except[e].over != b->except[e].over ||
		    !same_expr(pair, a->except[e].when, b->except[e].when) ||
		    !same_expr(pair, a->except[e].then, b->except[e].then))
			return false;
	return true;
}

static bool same_parameter(const Pair *pair, int32_t i, int32_t k)
{
	const Parameter *a = &pair->data->book[pair->a].book->parameter[i];
	const Parameter *b = &pair->data->book[pair->b].book->parameter[k];
	if (a->nvalues != b->nvalues)
		return false;
	for (int32_t v = 0; v < a->nvalues; v++)
		if (a->value[v].from != b->value[v].from || a->value[v].published != b->value[v].published ||
		    !same_expr(pair, a->value[v].value, b->value[v].value))
			return false;
	return true;
}

static bool same_field(const Pair *pair, const Expr *a, const Expr *b)
{
	return pair->data->book[pair->a].column[a->arg[0]->type.ref][a->ref] ==
		pair->data->book[pair->b].column[b->arg[0]->type.ref][b->ref];
}

/* Columns were made the same by the plan, so fields can be compared by number. */
static bool same_ref(const Pair *pair, const Expr *a, const Expr *b)
{
	if (a->op == EXPR_FIELD)
		return same_field(pair, a, b);
	if (a->op == EXPR_DERIVED || a->op == EXPR_CALL)
		return same_define(pair, a->ref, b->ref);
	if (a->op == EXPR_PARAMETER)
		return same_parameter(pair, a->ref, b->ref);
	if (a->op == EXPR_SLOT)
		return a->ref == b->ref;
	/* What else refers to a declaration is worked in each book by itself. */
	return a->op != EXPR_MATCHED && a->op != EXPR_LINKED && a->op != EXPR_ALL_ROWS &&
		a->op != EXPR_ROUND && a->op != EXPR_TABLE && a->op != EXPR_PERIOD_OF &&
		a->op != EXPR_PERIOD_PART && a->op != EXPR_IN_PERIOD && a->op != EXPR_IN_DATES &&
		a->op != EXPR_AGGREGATE && a->op != EXPR_WORKING_DAYS_AFTER;
}

static bool same_type(const Pair *pair, Type a, Type b)
{
	if (a.kind != b.kind || a.form != b.form || a.ratio != b.ratio || a.scale != b.scale ||
	    !unit_same(a.unit, b.unit))
		return false;
	if (a.kind == TYPE_ROW || a.kind == TYPE_ROWS)
		return table_at(pair->data, pair->a, a.ref) == table_at(pair->data, pair->b, b.ref);
	return true;
}

static bool same_expr(const Pair *pair, const Expr *a, const Expr *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	if (a->op != b->op || a->how != b->how || a->nargs != b->nargs || a->n != b->n ||
	    a->q.n != b->q.n || a->q.d != b->q.d || !str_eq(a->text, b->text) ||
	    !same_type(pair, a->type, b->type) || !same_ref(pair, a, b))
		return false;
	for (int32_t i = 0; i < a->nargs; i++)
		if (!same_expr(pair, a->arg[i], b->arg[i]))
			return false;
	return true;
}

/* The same text at the same place of the same file, and the same meaning of every name in it. */
bool reach_same_match(const Data *data, int32_t book, int32_t match, int32_t other_book,
	int32_t other)
{
	Pair pair = {data, book, other_book};
	const Match *a = &data->book[book].book->match[match];
	const Match *b = &data->book[other_book].book->match[other];
	if (a->nkeys != b->nkeys || !same_span(&pair, a->decl.at, b->decl.at) ||
	    table_at(data, book, a->left) != table_at(data, other_book, b->left) ||
	    table_at(data, book, a->right) != table_at(data, other_book, b->right))
		return false;
	for (int32_t i = 0; i < a->nkeys; i++)
		if (!same_expr(&pair, a->left_key[i], b->left_key[i]) ||
		    !same_expr(&pair, a->right_key[i], b->right_key[i]))
			return false;
	return same_expr(&pair, a->left_when, b->left_when) &&
		same_expr(&pair, a->right_when, b->right_when) &&
		same_expr(&pair, a->left_at, b->left_at) && same_expr(&pair, a->right_at, b->right_at) &&
		same_expr(&pair, a->before, b->before) && same_expr(&pair, a->after, b->after) &&
		same_expr(&pair, a->take, b->take);
}
