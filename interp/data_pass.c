/*
 * The passes: which rules are judged over the same partitions, by which key, and how the rows of
 * each table are packed for them.
 *
 * A key is a table (client) and, for each partitioned table, a path of links to it (visit >
 * provision > client; log > client). The key that serves the most rules makes the first pass, what
 * it leaves over goes to the next; rules that no key serves are judged in one partition. Everything
 * here follows from rules and row counts, so it is the same for any number of threads.
 */
#include "interp/data_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"

#define MOST_WAYS 6         /* paths from one table to the key's table that are tried */
#define MOST_TRIES 64       /* keys tried for one rule */

/* The ways that links offer from one table to another; more than these are left out of account. */
typedef struct Ways {
	Path path[MOST_WAYS];
	int32_t n;
} Ways;

/* One rule, or the accounts of one bank, on the way into a pass. */
typedef struct Entry {
	int32_t book, rule;     /* rule -1: of the bank */
	int32_t bank;
	const Needs *needs;
	bool placed;
} Entry;

typedef struct Planner {
	Data *data;
	int32_t ntables;
	Entry *entry;
	int32_t nentries;
	Path *key, *best;       /* by table */
	bool *in, *best_in;     /* by entry: served by the key */
} Planner;

/* Needs are kept for all rules of all books in one array. */
int32_t rule_number(const Data *data, int32_t book, int32_t rule)
{
	int32_t n = rule;
	for (int32_t b = 0; b < book; b++)
		n += data->book[b].book->nrules;
	return n;
}

/* Behind all rules, over all books in turn. */
int32_t bank_number(const Data *data, int32_t book, int32_t bank)
{
	int32_t n = rule_number(data, data->options.nbooks, bank);
	for (int32_t b = 0; b < book; b++)
		n += data->book[b].book->nbanks;
	return n;
}

/* ---- whole or partitioned ---- */

/* Up to so many rows a table is held whole; tests set fewer, to have both kinds. */
static int64_t whole_rows(const Data *data)
{
	return data->options.whole_rows > 0 ? data->options.whole_rows : DEFAULT_WHOLE_ROWS;
}

/* Both sides of a match are treated alike. */
static bool match_levels(Data *data)
{
	bool changed = false;
	for (int32_t b = 0; b < data->options.nbooks; b++) {
		for (int32_t m = 0; m < data->book[b].book->nmatches; m++) {
			if (!data->book[b].match[m])
				continue;
			const Match *match = &data->book[b].book->match[m];
			DataTable *left = data->table.at[table_at(data, b, match->left)];
			DataTable *right = data->table.at[table_at(data, b, match->right)];
			if (left->whole == right->whole)
				continue;
			bool whole = left->linked || right->linked;
			left->whole = right->whole = whole;
			changed = true;
		}
	}
	return changed;
}

/* What something links to has to be whole: a link is a row number. */
static void settle_whole(Data *data)
{
	for (size_t t = 0; t < data->table.n; t++) {
		DataTable *table = data->table.at[t];
		table->whole = table->linked || table->rows <= whole_rows(data);
	}
	/* What one match makes of a table may unsettle another's; the bound ends it in any case. */
	for (size_t rounds = 0; rounds <= data->table.n && match_levels(data);)
		rounds++;
	for (size_t t = 0; t < data->table.n; t++) {
		DataTable *table = data->table.at[t];
		/* Keys of whole tables are codes: there are few, and links look them up by text. */
		table->coded |= table->whole;
		table->shape = table->coded ? NULL : table->shape;
	}
}

/* A link can be followed while reading when its target was read before. Links in a circle, and from
 * a table to itself, are kept as text until all whole tables are there. */
static bool ready(const Data *data, const DataTable *table, const bool *placed)
{
	for (size_t i = 0; i < table->column.n; i++) {
		const DataColumn *column = data->column.at[table->column.at[i]];
		if (column->reading == AS_LINK && !placed[column->target])
			return false;
	}
	return true;
}

/* The next table to be read: whole before partitioned, then one whose targets are there. */
static int32_t next_table(const Data *data, const bool *placed)
{
	int32_t best = -1;
	int best_rank = 0;
	for (int32_t t = 0; t < (int32_t)data->table.n; t++) {
		const DataTable *table = data->table.at[t];
		/* 4: whole and ready, 3: whole, 2: partitioned and ready, 1: partitioned. */
		int rank = placed[t] ? 0 : (table->whole ? 3 : 1) + ready(data, table, placed);
		if (rank > best_rank) {
			best = t;
			best_rank = rank;
		}
	}
	return best;
}

static void order_tables(Data *data)
{
	bool *placed = ARENA_ARRAY(&data->arena, bool, data->table.n + 1);
	data->order = ARENA_ARRAY(&data->arena, int32_t, data->table.n + 1);
	for (size_t i = 0; i < data->table.n; i++) {
		int32_t t = next_table(data, placed);
		const DataTable *table = data->table.at[t];
		for (size_t k = 0; k < table->column.n; k++) {
			DataColumn *column = data->column.at[table->column.at[k]];
			/* Of what is left only circles are late; each is cut at its first table. */
			column->late = column->reading == AS_LINK && !placed[column->target];
		}
		data->order[i] = t;
		placed[t] = true;
	}
}

/* A text column that is the whole key is read off the key itself. */
static void settle_keys(Data *data)
{
	for (size_t c = 0; c < data->column.n; c++) {
		DataColumn *column = data->column.at[c];
		const DataTable *table = data->table.at[column->table];
		column->is_key = column->reading == AS_TEXT && column->in_key && table->nkey == 1 &&
			(table->coded || table->shape != NULL);
	}
}

/* What some rule or bank needs of the books' links and matches; the others are never made. */
static void settle_books(Data *data)
{
	for (int32_t b = 0; b < data->options.nbooks; b++) {
		const Rulebook *book = data->book[b].book;
		for (int32_t r = 0; r < book->nrules + book->nbanks; r++) {
			const Needs *needs = &data->need[r < book->nrules ? rule_number(data, b, r)
				: bank_number(data, b, r - book->nrules)];
			for (int32_t l = 0; l < book->nlinks; l++)
				data->book[b].link[l] |= needs->link[b][l];
			for (int32_t m = 0; m < book->nmatches; m++)
				data->book[b].match[m] |= needs->match[b][m];
		}
	}
}

/* ---- ways from a table to the key's table ---- */

/* Depth first over links, in the order of the table's columns; a link to the table itself leads
 * nowhere new. */
static void find_ways(const Data *data, int32_t from, int32_t to, Path *step, int32_t steps,
	Ways *out)
{
	if (from == to) {
		Path path = 0;
		for (int32_t i = steps; i-- > 0;)
			path = path_join((int32_t)step[i], path);
		if (path != NO_PATH && out->n < MOST_WAYS)
			out->path[out->n++] = path;
		return;
	}
	const DataTable *table = data->table.at[from];
	for (size_t i = 0; i < table->column.n && steps < PATH_STEPS; i++) {
		const DataColumn *column = data->column.at[table->column.at[i]];
		if (column->reading != AS_LINK || column->target == from || out->n == MOST_WAYS)
			continue;
		step[steps] = (Path)table->column.at[i];
		find_ways(data, column->target, to, step, steps + 1, out);
	}
}

/* The shortest way is not the first: order is that of columns, which rules and plan settle. */
static Ways ways_between(const Data *data, int32_t from, int32_t to)
{
	Ways out = {.n = 0};
	Path step[PATH_STEPS + 1];
	find_ways(data, from, to, step, 0, &out);
	return out;
}

/* ---- one rule under one key ---- */

/* Large is what is partitioned: by its rows, or by the match that it takes part in. */
static bool is_large(const Data *data, int32_t table)
{
	return !data->table.at[table]->whole;
}

/* A rule over whole tables alone needs no partition. */
static bool reaches_large(const Data *data, const Needs *needs)
{
	for (int32_t t = 0; t < (int32_t)data->table.n; t++)
		if (needs->table[t] && is_large(data, t))
			return true;
	return false;
}

/* The table whose rows are judged, or whose rows have the accounts. */
static int32_t subject_table(const Data *data, const Entry *entry)
{
	const Rulebook *book = data->book[entry->book].book;
	return reach_subject(data, entry->book, entry->rule < 0 ? book->bank[entry->bank].dataset
		: book->rule[entry->rule].dataset);
}

/* Data_reach.c walks the rule once more, with the paths of this key. */
static bool fits(Data *data, const Entry *entry, const KeyTry *key)
{
	if (entry->rule < 0)
		return reach_bank_fits(data, entry->book, entry->bank, key);
	return reach_fits(data, entry->book, &data->book[entry->book].book->rule[entry->rule], key);
}

/* Settles the tables of this rule that have no path yet, from table t on, and tries the key. */
static bool try_key(Planner *p, const Entry *entry, int32_t key_table, int32_t t, int *tries)
{
	Data *data = p->data;
	int32_t subject = subject_table(data, entry);
	/* A table needs a path when the subject is in it, when it has accounts, or when it is
	 * partitioned and the rule reaches it. What an earlier rule of this key settled stays. */
	while (t < p->ntables && (p->key[t] != NO_PATH ||
	       !(t == subject || entry->needs->owner[t] ||
	         (entry->needs->table[t] && is_large(data, t)))))
		t++;
	if (t == p->ntables)
		return ++*tries <= MOST_TRIES && fits(data, entry, &(KeyTry){p->key});
	/* Several links may lead to the key's table (a visit's client, its carer's client): each way
	 * is tried, and taken back when the rule does not fit with it. */
	Ways ways = ways_between(data, t, key_table);
	for (int32_t i = 0; i < ways.n; i++) {
		p->key[t] = ways.path[i];
		if (try_key(p, entry, key_table, t + 1, tries))
			return true;
	}
	p->key[t] = NO_PATH;
	return false;
}

/* How many of the rules left over the key's table serves; p->key and p->in say how. */
static int32_t serve(Planner *p, int32_t key_table)
{
	int32_t served = 0;
	for (int32_t t = 0; t < p->ntables; t++)
		p->key[t] = NO_PATH;
	for (int32_t i = 0; i < p->nentries; i++) {
		/* Counted for each rule: a rule that reaches many tables must not take for ever. */
		int tries = 0;
		p->in[i] = !p->entry[i].placed && try_key(p, &p->entry[i], key_table, 0, &tries);
		served += p->in[i];
	}
	return served;
}

/* ---- making a pass ---- */

/* Adds up what the rules of a pass look at. */
static void needs_join(const Data *data, Needs *into, const Needs *from)
{
	for (size_t t = 0; t < data->table.n; t++)
		into->table[t] |= from->table[t];
	for (size_t c = 0; c < data->column.n; c++)
		into->column[c] |= from->column[c];
	for (int32_t b = 0; b < data->options.nbooks; b++) {
		for (int32_t l = 0; l < data->book[b].book->nlinks; l++)
			into->link[b][l] |= from->link[b][l];
		for (int32_t m = 0; m < data->book[b].book->nmatches; m++)
			into->match[b][m] |= from->match[b][m];
		for (int32_t s = 0; s < data->book[b].book->nsequences; s++)
			into->sequence[b][s] |= from->sequence[b][s];
		for (int32_t k = 0; k < data->book[b].book->nbanks; k++)
			into->bank[b][k] |= from->bank[b][k];
	}
}

/* Passes are handed out in the order in which they are made. */
static Pass *pass_new(Data *data)
{
	Pass *pass = ARENA_NEW(&data->arena, Pass);
	size_t nbooks = (size_t)data->options.nbooks;
	pass->parts = 1;
	pass->needs = needs_new(data);
	pass->rule = ARENA_ARRAY(&data->arena, int32_t *, nbooks);
	pass->nrules = ARENA_ARRAY(&data->arena, int32_t, nbooks);
	pass->report = ARENA_ARRAY(&data->arena, bool *, nbooks);
	pass->together = ARENA_ARRAY(&data->arena, bool *, nbooks);
	for (size_t b = 0; b < nbooks; b++) {
		const Rulebook *book = data->book[b].book;
		pass->report[b] = ARENA_ARRAY(&data->arena, bool, (size_t)book->nbanks + 1);
		pass->rule[b] = ARENA_ARRAY(&data->arena, int32_t, (size_t)book->nrules + 1);
		pass->together[b] = ARENA_ARRAY(&data->arena, bool, (size_t)book->nrules + 1);
	}
	*vec_push(&data->pass) = pass;
	return pass;
}

/* What is left of the entry's way: it is placed once and for all. */
static void pass_rule(Data *data, Pass *pass, Entry *entry)
{
	int32_t *n = &pass->nrules[entry->book];
	if (entry->rule < 0)
		pass->report[entry->book][entry->bank] = true;
	else
		pass->rule[entry->book][(*n)++] = entry->rule;
	needs_join(data, &pass->needs, entry->needs);
	entry->placed = true;
}

/* Never by the number of threads: the order of findings comes from the partitions. */
static int64_t aimed_at(const Data *data, int64_t rows)
{
	if (data->options.partition_rows > 0)
		return data->options.partition_rows;
	/* Enough for several threads, but neither so few rows that the overhead of a store shows nor
	 * more than the caches hold. */
	int64_t aim = rows / DEFAULT_PARTS;
	aim = aim < LEAST_PARTITION_ROWS ? LEAST_PARTITION_ROWS : aim;
	return aim > DEFAULT_PARTITION_ROWS ? DEFAULT_PARTITION_ROWS : aim;
}

/* The power of two that brings the largest table's partitions down to the rows aimed at. */
static int32_t parts_for(const Data *data, const Pass *pass)
{
	int32_t parts = 1;
	for (size_t i = 0; i < pass->table.n; i++) {
		int64_t rows = data->table.at[pass->table.at[i]->table]->rows;
		while (parts < MAX_PARTS && parts * aimed_at(data, rows) < rows)
			parts *= 2;
	}
	return parts;
}

/* A table is packed once for each pass that needs it, with the columns of that pass alone. */
static PassTable *pass_table_new(Data *data, int32_t t, Path path, bool *need, int32_t parts)
{
	DataTable *table = data->table.at[t];
	PassTable *use = ARENA_NEW(&data->arena, PassTable);
	*use = (PassTable){.table = t, .path = path, .parts = parts, .need = need};
	/* Twins are told apart after packing too, by this column. */
	if (table->newest >= 0)
		need[table->newest] = true;
	layout_make(data, table, need, &use->layout);
	use->part = ARENA_ARRAY(&data->arena, ChunkList, (size_t)parts);
	PassTable **uses = ARENA_ARRAY(&data->arena, PassTable *, (size_t)table->nuses + 1);
	if (table->nuses > 0)
		memcpy(uses, table->use, (size_t)table->nuses * sizeof *uses);
	uses[table->nuses++] = use;
	table->use = uses;
	return use;
}

/* Subjects from whole tables are judged where their own key leads. */
static void pass_homes(Data *data, Pass *pass, const Path *key)
{
	for (int32_t t = 0; t < (int32_t)data->table.n; t++)
		if (!is_large(data, t) && key[t] != NO_PATH)
			*vec_push(&pass->home) = (Home){.table = t, .path = key[t]};
}

/* key NULL: everything in one partition. */
static void pass_tables(Data *data, Pass *pass, const Path *key)
{
	for (int32_t t = 0; t < (int32_t)data->table.n; t++) {
		if (!pass->needs.table[t] || !is_large(data, t))
			continue;
		Path path = key != NULL ? key[t] : NO_PATH;
		*vec_push(&pass->table) = pass_table_new(data, t, path, pass->needs.column, 1);
	}
	if (key == NULL)
		return;
	pass->parts = parts_for(data, pass);
	for (size_t i = 0; i < pass->table.n; i++) {
		PassTable *use = pass->table.at[i];
		use->parts = pass->parts;
		/* Made with one part, since how many there are depends on all tables together. */
		use->part = ARENA_ARRAY(&data->arena, ChunkList, (size_t)pass->parts);
	}
	/* With one partition every row is at home in it. */
	if (pass->parts > 1)
		pass_homes(data, pass, key);
}

/* ---- the passes in turn ---- */

/* Of two keys that serve as many rules the one of the larger table: its partitions are more
 * even. */
static bool better(const Data *data, int32_t t, int32_t served, int32_t best, int32_t best_served)
{
	/* Fewer passes are better than even ones: each reads and packs its tables once more. */
	if (best < 0 || served != best_served)
		return served > best_served;
	return data->table.at[t]->rows > data->table.at[best]->rows;
}

/* Whether the groups of a rule whose rows may be anywhere are whole in each partition after all. */
static bool is_together(Planner *p, const Entry *entry)
{
	if (entry->rule < 0)
		return false;
	Rule rule = p->data->book[entry->book].book->rule[entry->rule];
	/* Asked as if they had to be together. */
	bool in_parts = rule.in_parts;
	rule.in_parts = false;
	return in_parts && reach_fits(p->data, entry->book, &rule, &(KeyTry){p->best});
}

/* Tries every table as the key's table and makes the pass that takes up the most rules; when
 * none serves any, one partition for all that are left. */
static void make_next(Planner *p)
{
	int32_t best = -1, best_served = 0;
	for (int32_t t = 0; t < p->ntables; t++) {
		int32_t served = serve(p, t);
		if (!better(p->data, t, served, best, best_served))
			continue;
		best = t;
		best_served = served;
		memcpy(p->best, p->key, (size_t)p->ntables * sizeof *p->best);
		memcpy(p->best_in, p->in, (size_t)p->nentries * sizeof *p->best_in);
	}
	/* With best < 0 nobody is served, and all that are left go into one partition. */
	Pass *pass = pass_new(p->data);
	for (int32_t i = 0; i < p->nentries; i++) {
		Entry *entry = &p->entry[i];
		if (entry->placed || (best >= 0 && !p->best_in[i]))
			continue;
		pass_rule(p->data, pass, entry);
		if (best >= 0 && is_together(p, entry))
			pass->together[entry->book][entry->rule] = true;
	}
	pass_tables(p->data, pass, best < 0 ? NULL : p->best);
}

/* Each round places one at least: a key that serves some, or everything. */
static bool all_placed(const Planner *p)
{
	for (int32_t i = 0; i < p->nentries; i++)
		if (!p->entry[i].placed)
			return false;
	return true;
}

/* Partitioned ones: whole tables ask nothing of a key. */
static int32_t tables_reached(const Data *data, const Needs *needs)
{
	int32_t n = 0;
	for (int32_t t = 0; t < (int32_t)data->table.n; t++)
		n += needs->table[t] && is_large(data, t);
	return n;
}

/* Rules that ask the most of a key come first: the others fit in with them. */
static int entry_cmp(const Data *data, const Entry *a, const Entry *b)
{
	int32_t n = tables_reached(data, a->needs), m = tables_reached(data, b->needs);
	return n != m ? (n > m ? -1 : 1) : 0;
}

/* By insertion, which is stable: entries that ask the same stay in order of books and rules. */
static void entries_sort(const Data *data, Entry *entry, int32_t n)
{
	for (int32_t i = 1; i < n; i++) {
		Entry moved = entry[i];
		int32_t k = i;
		for (; k > 0 && entry_cmp(data, &moved, &entry[k - 1]) < 0; k--)
			entry[k] = entry[k - 1];
		entry[k] = moved;
	}
}

static int int_cmp(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
	return x < y ? -1 : x > y;
}

/* Whole tables are packed like the others, in one part, and unpacked for good. */
static void whole_tables(Data *data)
{
	for (int32_t t = 0; t < (int32_t)data->table.n; t++) {
		bool *need = ARENA_ARRAY(&data->arena, bool, data->column.n + 1);
		if (is_large(data, t))
			continue;
		for (size_t c = 0; c < data->column.n; c++)
			need[c] = data->column.at[c]->stored || data->column.at[c]->reading == AS_LINK;
		pass_table_new(data, t, NO_PATH, need, 1);
	}
}

/* Rules over whole tables alone share one pass; the others are placed by make_next. */
static void begin_entry(Planner *p, Pass **small, Entry entry)
{
	if (reaches_large(p->data, entry.needs)) {
		p->entry[p->nentries++] = entry;
		return;
	}
	if (*small == NULL)
		*small = pass_new(p->data);
	pass_rule(p->data, *small, &entry);
}

/* The last step sorts each pass's rules, since entries were taken up by what they reach. */
void data_passes_plan(Data *data)
{
	settle_books(data);
	settle_whole(data);
	order_tables(data);
	settle_keys(data);
	int32_t most = 0;
	for (int32_t b = 0; b < data->options.nbooks; b++)
		most += data->book[b].book->nrules + data->book[b].book->nbanks;
	size_t room = (size_t)most + 1;
	Planner p = {.data = data, .ntables = (int32_t)data->table.n,
		.entry = ARENA_ARRAY(&data->arena, Entry, room),
		.key = ARENA_ARRAY(&data->arena, Path, data->table.n + 1),
		.best = ARENA_ARRAY(&data->arena, Path, data->table.n + 1),
		.in = ARENA_ARRAY(&data->arena, bool, room),
		.best_in = ARENA_ARRAY(&data->arena, bool, room)};
	whole_tables(data);
	/* The first pass, if there are such rules: it needs no partition. */
	Pass *small = NULL;
	for (int32_t b = 0; b < data->options.nbooks; b++) {
		for (int32_t r = 0; r < data->book[b].book->nrules; r++)
			begin_entry(&p, &small, (Entry){.book = b, .rule = r,
				.needs = &data->need[rule_number(data, b, r)]});
		for (int32_t k = 0; k < data->book[b].book->nbanks; k++)
			begin_entry(&p, &small, (Entry){.book = b, .rule = -1, .bank = k,
				.needs = &data->need[bank_number(data, b, k)]});
	}
	entries_sort(data, p.entry, p.nentries);
	while (!all_placed(&p))
		make_next(&p);
	for (size_t i = 0; i < data->pass.n; i++)
		for (int32_t b = 0; b < data->options.nbooks; b++)
			qsort(data->pass.at[i]->rule[b], (size_t)data->pass.at[i]->nrules[b], sizeof(int32_t),
				int_cmp);
}

/* ---- packed rows ---- */

/* For values between these two, which are signed; 4 where three bytes would not do for all. */
static int narrow_width(int64_t least, int64_t most)
{
	if (least >= INT16_MIN && most <= INT16_MAX)
		return 2;
	return least >= -(1 << 23) && most < 1 << 23 ? 3 : 4;
}

/* Row numbers of a table that has been read are known to be small. */
static int link_width(const Data *data, const DataColumn *column)
{
	/* Four bytes before the target is read; narrower afterwards (data_ready_to_pack). */
	const Whole *target = data->table.at[column->target]->data;
	if (column->late)
		return 8;
	return target == NULL ? 4 : narrow_width(0, target->rows.n);
}

/* Larger figures are rare enough to be kept aside: four bytes do for amounts up to £2,147 in
 * millionths, durations of 68 years, and moments until 2068. All days of the calendar, all times of
 * the day and most ranges that fields declare fit into less. */
static int column_width(const Data *data, const DataColumn *column)
{
	int64_t least, most;
	switch (column->reading) {
	case AS_CODE: case AS_YES_NO: case AS_WEEKDAY:
		return 1;
	case AS_TEXT:
		return 8;
	case AS_LINK:
		return link_width(data, column);
	case AS_DATE:
		return narrow_width(DAY_MIN, DAY_MAX);
	case AS_CLOCK:
		return narrow_width(0, DAY_SECONDS);
	case AS_MOMENT:
		return 4;
	case AS_NUMBER: case AS_DURATION:
		break;
	}
	convert_range(column, &least, &most);
	return narrow_width(least, most);
}

/* Rowids fit four bytes in nearly all tables, which saves four in each row; codes of patterns fit
 * five. Whole tables are small. */
static int32_t key_width(const DataTable *table)
{
	if (table->shape != NULL)
		return sizeof(WideKey);
	if (table->patterned && !table->whole)
		return PATTERN_BYTES;
	return table->coded || table->first < 0 || table->last > INT32_MAX ? 8 : 4;
}

/* key 5, 8 or 16 (or rowid 4 or 8, lead 4) | cells in order of the table's columns | their bits */
void layout_make(Data *data, const DataTable *table, const bool *need, Layout *out)
{
	int32_t at = 0;
	*out = (Layout){.lead_at = -1};
	out->cell = ARENA_ARRAY(&data->arena, Cell, table->column.n + 1);
	out->key_at = at;
	out->key_width = key_width(table);
	at += out->key_width;
	/* A rowid does not rise with the key: the lead beside it nearly does. */
	if (!table->coded && table->shape == NULL) {
		out->lead_at = at;
		at += 4;
	}
	for (size_t i = 0; i < table->column.n; i++) {
		int32_t c = table->column.at[i];
		const DataColumn *column = data->column.at[c];
		if (!need[c])
			continue;
		/* A column that is the key has a cell without bytes: it is read off the key. */
		bool itself = column->is_key;
		int width = column_width(data, column);
		out->cell[out->ncells++] = (Cell){c, column->place, (uint16_t)(itself ? out->key_at : at),
			(uint8_t)(itself ? 0 : width), column->reading == AS_MOMENT};
		at += itself ? 0 : width;
	}
	/* Two bits a cell, behind all of them. They are read as words, which the row has to hold. */
	int32_t bits = (2 * out->ncells + 7) / 8, least = (int32_t)sizeof(uint64_t);
	out->bits_at = at + bits < least ? least - bits : at;
	out->size = out->bits_at + bits;
}

/* ---- partition numbers ---- */

/* Paths lead through whole tables alone: what a link points to is whole. */
static const Rows *whole_of(const Data *data, int32_t table)
{
	return &data->table.at[table]->data->rows;
}

/* Row of the key's table that a path leads to from a row of a whole table; -1 when it does not. */
static int32_t path_end(const Data *data, int32_t *table, int32_t row, Path path)
{
	for (; path != 0 && row >= 0; path = path_rest(path)) {
		const DataColumn *column = data->column.at[path_first(path)];
		const Column *link = &whole_of(data, *table)->column[column->place];
		bool known = link->known == NULL || bit_get(link->known, row);
		row = known ? ((const int32_t *)link->at)[row] : -1;
		*table = column->target;
	}
	return row;
}

/* 0 where the way is not known: such rows are judged in part 0. */
static uint32_t hash_at(const Data *data, int32_t table, int32_t row, Path path, Arena *scratch)
{
	/* The text of the key, never its row number: that would move with other rows. */
	row = path_end(data, &table, row, path);
	if (row < 0)
		return 0;
	return part_hash(key_text(&whole_of(data, table)->keys, row, scratch));
}

/* Of the key's text, never of a row number, which other rows would shift. */
static const uint32_t *hashes_of(Data *data, Path path)
{
	int32_t table = data->column.at[path_first(path)]->target, n = whole_of(data, table)->n;
	uint32_t *hash = ARENA_ARRAY(&data->arena, uint32_t, (size_t)n + 1);
	Arena scratch = {0};
	for (int32_t row = 0; row < n; row++)
		hash[row] = hash_at(data, table, row, path_rest(path), &scratch);
	arena_free(&scratch);
	return hash;
}

/* Rows by partition: a counting sort, which keeps them in order. */
static void home_fill(Data *data, Home *home, int32_t parts)
{
	int32_t n = whole_of(data, home->table)->n;
	uint32_t mask = (uint32_t)parts - 1;
	home->start = ARENA_ARRAY(&data->arena, int32_t, (size_t)parts + 1);
	home->row = ARENA_ARRAY(&data->arena, int32_t, (size_t)n + 1);
	/* Kept from the count to the filling, since a key's text costs more than four bytes. */
	uint32_t *hash = mem_alloc(((size_t)n + 1) * sizeof *hash);
	Arena scratch = {0};
	for (int32_t row = 0; row < n; row++) {
		hash[row] = hash_at(data, home->table, row, home->path, &scratch) & mask;
		home->start[hash[row] + 1]++;
	}
	/* Counts become places: start[p] is where part p begins. */
	for (int32_t p = 0; p < parts; p++)
		home->start[p + 1] += home->start[p];
	int32_t *next = mem_alloc(((size_t)parts + 1) * sizeof *next);
	memcpy(next, home->start, ((size_t)parts + 1) * sizeof *next);
	for (int32_t row = 0; row < n; row++)
		home->row[next[hash[row]]++] = row;
	arena_free(&scratch);
	free(next);
	free(hash);
}

/* Once more, when the tables that links lead to have been read. */
static void narrow_links(Data *data)
{
	for (size_t t = 0; t < data->table.n; t++) {
		const DataTable *table = data->table.at[t];
		for (int32_t u = 0; u < table->nuses && !table->whole; u++)
			layout_make(data, table, table->use[u]->need, &table->use[u]->layout);
	}
}

/* Before the first partitioned table is packed, and behind the last whole one. */
void data_ready_to_pack(Data *data)
{
	narrow_links(data);
	for (size_t i = 0; i < data->pass.n; i++) {
		Pass *pass = data->pass.at[i];
		pieces_plan(data, pass);
		for (size_t k = 0; k < pass->table.n; k++) {
			PassTable *use = pass->table.at[k];
				/* An empty path is the key's own table: its rows hash their own keys. */
			if (use->path != NO_PATH && use->path != 0)
				use->hash = hashes_of(data, use->path);
		}
		for (size_t k = 0; k < pass->home.n; k++)
			home_fill(data, &pass->home.at[k], pass->parts);
	}
}
