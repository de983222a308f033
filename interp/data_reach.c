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
 * Rows of a bank stand where their account is kept, which is where its owner, or the rows of its
 * group, are; from such a row one gets to the account's keys and to the row behind an entry.
 *
 * The same walk without a key notes what is looked at.
 */
#include "interp/data_internal.h"

#include <stdlib.h>

#define MOST_PATHS 4

/* Paths are links from this row; {} (no path) is a row of which nothing is sure. */
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

static const Reach no_rows = {.table = -1}; /* and rows of a bank */

static void see_bank(Walker *w, int32_t number);
static Reach walk(Walker *w, const Expr *expr, Reach *slots);

/* ---- paths ---- */

/* The link goes in front: lowest bits first. */
Path path_join(int32_t column, Path rest)
{
	if (rest == NO_PATH || rest >> (PATH_BITS * (PATH_STEPS - 1)) != 0 ||
	    column + 1 >= 1 << PATH_BITS)
		return NO_PATH;
	return rest << PATH_BITS | (Path)(column + 1);
}

/* At most four: looked through. */
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
	const Dataset *decl = &w->rules->dataset[dataset];
	if (decl->origin != ORIGIN_TABLE) {
		see_bank(w, decl->bank);
		return no_rows.table;
	}
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
	return w->key != NULL && table >= 0 && !w->data->table.at[table]->whole;
}

/* Rows of a partitioned table must be known to lie in this partition. */
static void settle(Walker *w, Reach *reach)
{
	if (!is_large(w, reach->table))
		return;
	/* The key's path must be among those that are sure: then row and subject have one key. */
	Path key = w->key[reach->table];
	if (key == NO_PATH || !reach_has(reach, key))
		w->fits = false;
}

/* Rows that are in the partition because they were put there by the key: subjects, and whatever a
 * partitioned table holds here. */
static Reach by_key(Walker *w, int32_t dataset, bool subject)
{
	Reach out = {.table = see_table(w, dataset)};
	/* A subject has its path also in a whole table: by its home (data_pass.c). */
	if (w->key == NULL || out.table < 0 || (!subject && !is_large(w, out.table)))
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

static Reach see_bank_field(Walker *w, const Expr *expr, const Dataset *dataset);

/* Only a link leads to a row. */
static Reach see_field(Walker *w, const Expr *expr, Reach *slots)
{
	Reach row = walk(w, expr->arg[0], slots);
	const Dataset *dataset = &w->rules->dataset[expr->arg[0]->type.ref];
	if (dataset->origin != ORIGIN_TABLE)
		return see_bank_field(w, expr, dataset);
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
	/* An exception may take the row away, or give another one. */
	for (int32_t i = 0; i < define->nexcepts; i++) {
		see(w, define->except[i].when, slots);
		if (define->except[i].then != NULL)
			out = reach_meet(out, walk(w, define->except[i].then, slots));
	}
	*vec_push(&w->seen) = (Seen){define, args, out};
	return out;
}

/* Tables of the rules (bands, rates), not of the database. They give values, never rows. */
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
	/* Noted first, so that what comes back to it finds an end. The same is done for matches,
	 * sequences and banks. */
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
	/* Rows of both sides, where the key put them; nobody's subjects. */
	Reach side[2] = {by_key(w, match->left, false), by_key(w, match->right, false)};
	Reach *slots = slots_new(w, match->nslots, side, 2);
	/* One key for which left and right know the same way is enough: pairs have all keys equal. */
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

/* ---- sequences ---- */

/* Neighbours are in one partition when one of the keys settles it. */
static void see_sequence(Walker *w, int32_t number)
{
	const Sequence *sequence = &w->rules->sequence[number];
	if (seen_before(w, sequence, 0) != NULL)
		return;
	*vec_push(&w->seen) = (Seen){sequence, 0, no_rows};
	if (w->needs != NULL)
		w->needs->sequence[w->book][number] = true;
	Reach row = by_key(w, sequence->dataset, false);
	Reach *slots = slots_new(w, sequence->nslots, &row, 1);
	bool together = !is_large(w, row.table);
	see(w, sequence->applies, slots);
	for (int32_t i = 0; i < sequence->nkeys; i++) {
		Reach key = walk(w, sequence->key[i], slots);
		together |= key.table >= 0 && key.n > 0;
	}
	for (int32_t i = 0; i < sequence->norder; i++)
		see(w, sequence->order[i], slots);
	if (w->key != NULL && !together)
		w->fits = false;
}

/* The neighbour stands where its own key put it, which see_sequence made sure is here. */
static Reach see_neighbour(Walker *w, const Expr *expr, Reach *slots)
{
	see(w, expr->arg[0], slots);
	see_sequence(w, expr->ref);
	return by_key(w, w->rules->sequence[expr->ref].dataset, false);
}

/* ---- banks ---- */

/* The owner, or in the last slot a row of the group; then the keys. A table held whole is divided
 * among the partitions by its own way to the key, so it needs one. */
static Reach *bank_slots(Walker *w, const Bank *bank, bool *together)
{
	int32_t k = bank->nkeys;
	Reach *slots = slots_new(w, bank->nslots > k + 1 ? bank->nslots : k + 1, NULL, 0);
	Reach row = by_key(w, bank->dataset, true);
	if (w->needs != NULL && row.table >= 0)
		w->needs->owner[row.table] = true;
	*together = w->key == NULL || row.table < 0 || w->key[row.table] != NO_PATH;
	if (bank->subject != SUBJECT_GROUP) {
		slots[0] = row;
		return slots;
	}
	bool settled = w->key == NULL || row.table < 0;
	slots[k] = row;
	for (int32_t i = 0; i < k; i++) {
		slots[i] = walk(w, bank->key[i].expr, slots);
		settled |= slots[i].table >= 0 && slots[i].n > 0;
	}
	*together &= settled;
	return slots;
}

/* The rows that a flow goes over, of which the slot behind the keys is one. */
static Reach see_flow_rows(Walker *w, const BankFlow *flow, Reach *slots)
{
	if (flow->rows != NULL)
		return walk(w, flow->rows, slots);
	return flow->dataset >= 0 ? by_key(w, flow->dataset, true) : no_rows;
}

static void see_bank(Walker *w, int32_t number)
{
	const Bank *bank = &w->rules->bank[number];
	bool together;
	if (seen_before(w, bank, 0) != NULL)
		return;
	*vec_push(&w->seen) = (Seen){bank, 0, no_rows};
	if (w->needs != NULL)
		w->needs->bank[w->book][number] = true;
	Reach *slots = bank_slots(w, bank, &together);
	see(w, bank->covered, slots);
	see(w, bank->applies, slots);
	see(w, bank->expires, slots);
	see(w, bank->holds, slots);
	for (int32_t i = 0; i < bank->nflows; i++) {
		const BankFlow *flow = &bank->flow[i];
		see(w, flow->from, slots);
		see(w, flow->to, slots);
		slots[bank->nkeys] = see_flow_rows(w, flow, slots);
		see(w, flow->where, slots);
		see(w, flow->on, slots);
		see(w, flow->amount, slots);
	}
	if (!together)
		w->fits = false;
}

/* A key of the account, or the row behind the entry. */
static Reach see_bank_field(Walker *w, const Expr *expr, const Dataset *dataset)
{
	const Bank *bank = &w->rules->bank[dataset->bank];
	Reach out = no_rows;
	bool together;
	see_bank(w, dataset->bank);
	if (expr->type.kind != TYPE_ROW)
		return no_rows;
	Reach *slots = bank_slots(w, bank, &together);
	/* Fields of an entry: first the keys of the account, then the row behind it, and figures. */
	if (expr->ref < bank->nkeys)
		return slots[expr->ref];
	for (int32_t i = 0; i < bank->nflows; i++)
		if (bank->flow[i].dataset == expr->type.ref)
			out = reach_meet(out, see_flow_rows(w, &bank->flow[i], slots));
	return out;
}

/* ---- expressions ---- */

/* All rows of a partitioned table are in no partition but the single one: no key serves. */
static Reach see_all_rows(Walker *w, const Expr *expr)
{
	Reach out = {.table = see_table(w, expr->ref)};
	settle(w, &out);
	if (w->key != NULL && out.table < 0)
		w->fits = false;
	return out;
}

/* `first` and `last` give the row itself, or the row that their value leads to. */
static Reach see_aggregate(Walker *w, const Expr *expr, Reach *slots)
{
	Reach rows = walk(w, expr->arg[0], slots), value = no_rows;
	/* arg[0] gives the rows, the others look at one of them by the slot; arg[2] is the value. */
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

/* All arguments, those too that give no rows: they may look at some. */
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
	if (expr->op == EXPR_NEIGHBOUR)
		return see_neighbour(w, expr, slots);
	if (expr->op == EXPR_LINKED)
		return follow_back(w, walk(w, expr->arg[0], slots), expr->ref);
	if (expr->op == EXPR_ALL_ROWS)
		return see_all_rows(w, expr);
	/* The rule's own group, as see_group found it. */
	if (expr->op == EXPR_GROUP_ROWS)
		return w->group;
	if (expr->op == EXPR_DERIVED || expr->op == EXPR_CALL)
		return see_define(w, expr->ref, see_args(w, expr, slots), expr->nargs);
	/* What is no row goes on to see_others, which walks the arguments and meets nothing. */
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

/* The rows of a group are together when one of its keys settles the partition. Where they need not
 * be, nothing is sure of what a key leads to: it is looked at when all partitions are done. */
static void see_group(Walker *w, const Rule *rule, Reach *slots)
{
	bool together = w->key == NULL || rule->in_parts;
	w->group = by_key(w, rule->dataset, true);
	/* Behind the keys: a row of the group, which the keys' expressions look at. */
	slots[rule->nkeys] = w->group;
	for (int32_t i = 0; i < rule->nkeys; i++) {
		slots[i] = walk(w, rule->key[i].expr, slots);
		together |= slots[i].table >= 0 && slots[i].n > 0;
		if (rule->in_parts)
			slots[i].n = 0;
	}
	if (!together)
		w->fits = false;
}

/* What the walk has noted for itself; needs and answer are the caller's. */
static void walk_end(Walker *w)
{
	vec_free(&w->seen);
	arena_free(&w->arena);
}

/* The subject by the key, then everything that any clause looks at. */
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
	walk_end(w);
}

/* Before the database is opened: no key, no row counts, everything noted. */
void reach_needs(Data *data, int32_t book, const Rule *rule, Needs *needs)
{
	Walker w = {.data = data, .book = book, .rules = data->book[book].book, .needs = needs,
		.group = no_rows};
	see_rule(&w, rule);
}

/* Notes nothing; ends with the answer. Cheap enough to be tried for every rule and key. */
bool reach_fits(Data *data, int32_t book, const Rule *rule, const KeyTry *key)
{
	Walker w = {.data = data, .book = book, .rules = data->book[book].book, .key = key->path,
		.fits = true, .group = no_rows};
	/* A subject that this key puts nowhere has no partition to be judged in. */
	if (key->path[reach_subject(data, book, rule->dataset)] == NO_PATH)
		return false;
	see_rule(&w, rule);
	return w.fits;
}

/* Subjects that are rows of a bank stand where the rows are that make its accounts. */
int32_t reach_subject(const Data *data, int32_t book, int32_t dataset)
{
	const Rulebook *rules = data->book[book].book;
	while (rules->dataset[dataset].origin != ORIGIN_TABLE)
		dataset = rules->bank[rules->dataset[dataset].bank].dataset;
	return table_at(data, book, dataset);
}

/* ---- banks and sequences by themselves ---- */

void reach_bank_needs(Data *data, int32_t book, int32_t bank, Needs *needs)
{
	Walker w = {.data = data, .book = book, .rules = data->book[book].book, .needs = needs,
		.group = no_rows};
	see_bank(&w, bank);
	walk_end(&w);
}

/* The same for the accounts alone, which may stand in a pass where no rule looks at them. */
bool reach_bank_fits(Data *data, int32_t book, int32_t bank, const KeyTry *key)
{
	Walker w = {.data = data, .book = book, .rules = data->book[book].book, .key = key->path,
		.fits = true, .group = no_rows};
	see_bank(&w, bank);
	walk_end(&w);
	return w.fits;
}

/* A sequence has no pass of its own: it is made where a rule asks for a neighbour. */
void reach_sequence_needs(Data *data, int32_t book, int32_t sequence, Needs *needs)
{
	Walker w = {.data = data, .book = book, .rules = data->book[book].book, .needs = needs,
		.group = no_rows};
	see_sequence(&w, sequence);
	walk_end(&w);
}
