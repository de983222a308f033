/*
 * What an audit reads: walks the rules of every book and notes the tables and columns that they
 * look at. Fields of several books that read one column in one way become one column.
 *
 *   book 1: visit.declared  in minutes ─┐
 *   book 2: visit.minutes   in minutes ─┴─> column 7 of table visits     one reading, one cell
 *   book 2: visit.hours     in hours   ───> column 8, from the same SQL column
 *
 * Nothing is read that no rule asks for: a table of a hundred columns costs what five of them do.
 * The numbers given here stay for the whole run; the database is not looked at.
 */
#include "interp/data_internal.h"

#include <strings.h>

#include "base/civil.h"

/* As SQLite has it: ASCII letters in any case, all other bytes as they are. */
static bool name_same(Str a, Str b)
{
	return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

/* ---- tables ---- */

/* The SQL column behind the i-th part of the key. */
static Str key_name(const Dataset *dataset, int32_t i)
{
	return dataset->field[dataset->key[i]].column;
}

/* Whether the same column, read in the same way, decides which entries hold. The choices are fields
 * + 1, 0 being none. */
static bool choice_same(const Dataset *a, int32_t x, const Dataset *b, int32_t y)
{
	if (x == 0 || y == 0)
		return x == y;
	const Field *f = &a->field[x - 1], *g = &b->field[y - 1];
	return name_same(f->column, g->column) && f->type.kind == g->type.kind;
}

/* Books are few: they are looked through. */
static int32_t book_of(const Data *data, const DataTable *table)
{
	int32_t b = 0;
	while (data->book[b].book != table->book)
		b++;
	return b;
}

/* Names are compared as SQLite does, without regard to the case of ASCII letters. */
static bool table_is(const Data *data, int32_t book, const DataTable *table, const Dataset *dataset)
{
	if (!name_same(table->name, dataset->table) || table->nkey != dataset->nkey ||
	    !choice_same(table->decl, table->decl->newest_by, dataset, dataset->newest_by) ||
	    !choice_same(table->decl, table->decl->known_from, dataset, dataset->known_from))
		return false;
	for (int32_t i = 0; i < table->nkey; i++)
		if (!name_same(table->key[i], key_name(dataset, i)))
			return false;
	return same_where(data, book_of(data, table), table->decl, book, dataset);
}

/* What the database knows of it is filled in by data_schema.c. */
static int32_t table_add(Data *data, const Rulebook *book, const Dataset *dataset)
{
	DataTable *table = ARENA_NEW(&data->arena, DataTable);
	*table = (DataTable){.book = book, .decl = dataset, .name = dataset->table,
		.nkey = dataset->nkey, .where = dataset->where, .newest = -1, .known = -1};
	table->key = ARENA_ARRAY(&data->arena, Str, (size_t)dataset->nkey + 1);
	table->key_arg = ARENA_ARRAY(&data->arena, int32_t, (size_t)dataset->nkey + 1);
	for (int32_t i = 0; i < dataset->nkey; i++)
		table->key[i] = key_name(dataset, i);
	table->count.dataset = dataset->decl.name;
	table->count.table = dataset->table;
	*vec_push(&data->table) = table;
	return (int32_t)data->table.n - 1;
}

/* The fields of its own that a condition looks at, each once. */
static void plan_where(Data *data, int32_t book, int32_t dataset, const Expr *expr, DataTable *table)
{
	for (int32_t i = 0; i < expr->nargs; i++)
		if (expr->arg[i] != NULL)
			plan_where(data, book, dataset, expr->arg[i], table);
	if (expr->op != EXPR_FIELD)
		return;
	plan_column(data, book, dataset, expr->ref);
	for (size_t i = 0; i < table->where_field.n; i++)
		if (table->where_field.at[i] == expr->ref)
			return;
	*vec_push(&table->where_field) = expr->ref;
}

/* Columns that no rule needs to look at. When everything is known it does not matter since when. */
static void plan_entries(Data *data, int32_t book, int32_t dataset, DataTable *table)
{
	const Dataset *decl = &data->book[book].book->dataset[dataset];
	if (decl->where != NULL)
		plan_where(data, book, dataset, decl->where, table);
	/* Fields + 1 in the declaration, columns from here on. */
	if (decl->newest_by > 0)
		table->newest = plan_column(data, book, dataset, decl->newest_by - 1);
	if (decl->known_from > 0 && data->options.law->known_on != LAST_DAY)
		table->known = plan_column(data, book, dataset, decl->known_from - 1);
}

/* Two datasets with one table but different keys are two tables: links to them differ. So are those
 * that hold different entries of it for true. */
int32_t plan_table(Data *data, int32_t book, int32_t dataset)
{
	int32_t *known = &data->book[book].table[dataset];
	const Rulebook *rules = data->book[book].book;
	/* Datasets of several books, or of one, over one table and key. */
	for (int32_t t = 0; t < (int32_t)data->table.n && *known < 0; t++)
		if (table_is(data, book, data->table.at[t], &rules->dataset[dataset]))
			*known = t;
	if (*known < 0) {
		*known = table_add(data, rules, &rules->dataset[dataset]);
		plan_entries(data, book, dataset, data->table.at[*known]);
	}
	data->table.at[*known]->used = true;
	return *known;
}

/* ---- columns ---- */

/* A plain length of time; £ an hour is a number. */
static bool is_duration(Type type)
{
	static const Unit second = {{[DIM_TIME] = 1}};
	return type.kind == TYPE_QUANTITY && unit_same(type.unit, second);
}

/* How a column is read follows from the field's type alone. */
static Reading reading_of(const Field *field)
{
	switch ((TypeKind)field->type.kind) {
	case TYPE_ROW: return AS_LINK;
	case TYPE_CODE: return AS_CODE;
	case TYPE_YES_NO: return AS_YES_NO;
	case TYPE_DATE: return AS_DATE;
	case TYPE_CLOCK: return AS_CLOCK;
	case TYPE_MOMENT: return AS_MOMENT;
	case TYPE_WEEKDAY: return AS_WEEKDAY;
	case TYPE_QUANTITY: return is_duration(field->type) ? AS_DURATION : AS_NUMBER;
	/* The others are no types of a field. */
	case TYPE_TEXT: case TYPE_ERROR: case TYPE_ROWS: case TYPE_PERIOD: break;
	}
	return AS_TEXT;
}

/* Codes are positions in the declaration, so both spelling and order count. */
static bool codes_same(const CodeList *a, const CodeList *b)
{
	if (a == b)
		return true;
	if (a == NULL || b == NULL || a->n != b->n)
		return false;
	for (int32_t i = 0; i < a->n; i++)
		if (!str_eq(a->spelling[i], b->spelling[i]) || !str_eq(a->code[i], b->code[i]))
			return false;
	return true;
}

/* The codes of a field; NULL: it has none. */
static const CodeList *codes_of(const Rulebook *book, const Field *field)
{
	return field->type.kind == TYPE_CODE ? &book->codes[field->type.ref] : NULL;
}

/* A count takes no fractions and no minus. */
bool fields_alike(const Rulebook *book, const Field *f, const Rulebook *other, const Field *g)
{
	return name_same(f->column, g->column) && reading_of(f) == reading_of(g) &&
		f->times == g->times && f->decimals == g->decimals && f->read_to == g->read_to &&
		f->type.form == g->type.form && f->has_range == g->has_range && f->least == g->least &&
		f->most == g->most && unit_same(f->type.unit, g->type.unit) &&
		codes_same(codes_of(book, f), codes_of(other, g));
}

/* Two ways to read one column, or the columns of one link, that give the same n. */
static bool column_same(const DataColumn *a, const DataColumn *b)
{
	if (a->table != b->table || a->target != b->target || a->nparts != b->nparts ||
	    a->as_at != b->as_at || a->lasts.from != b->lasts.from || a->lasts.to != b->lasts.to)
		return false;
	for (int32_t i = 0; i < a->nparts; i++)
		if (!name_same(a->part[i], b->part[i]))
			return false;
	return fields_alike(a->book, a->field, b->book, b->field);
}

static bool in_key(const DataTable *table, Str column)
{
	for (int32_t i = 0; i < table->nkey; i++)
		if (name_same(table->key[i], column))
			return true;
	return false;
}

/* Something that a link points to has to be held whole; see data_pass.c. */
static int32_t column_add(Data *data, const DataColumn *column)
{
	DataTable *table = data->table.at[column->table];
	DataColumn *copy = ARENA_NEW(&data->arena, DataColumn);
	*copy = *column;
	/* Its number is over all tables; its place is that among the table's own. */
	copy->place = (int32_t)table->column.n;
	copy->in_key = in_key(table, column->name);
	int32_t number = (int32_t)data->column.n;
	*vec_push(&data->column) = copy;
	*vec_push(&table->column) = number;
	if (copy->reading == AS_LINK)
		data->table.at[copy->target]->linked = true;
	table->late_links |= copy->nparts > 0;
	return number;
}

/* Read and kept, though no rule may look at it. */
static int32_t plan_kept(Data *data, int32_t book, int32_t dataset, int32_t field)
{
	int32_t column = plan_column(data, book, dataset, field);
	data->column.at[column]->stored = true;
	return column;
}

/* The columns that make the key of a link, the day that it asks for, and when rows over there hold. */
static void plan_link(Data *data, int32_t book, int32_t dataset, DataColumn *out)
{
	const Rulebook *rules = data->book[book].book;
	const Dataset *from = &rules->dataset[dataset], *to = &rules->dataset[out->field->type.ref];
	int32_t to_number = out->field->type.ref;
	out->target = plan_table(data, book, to_number);
	/* A link by its own column needs nothing more: the key stands in it. */
	if (!field_follows(out->field))
		return;
	out->nparts = out->field->nby;
	/* The columns are on this side; the key that they make is over there. */
	out->part = ARENA_ARRAY(&data->arena, Str, (size_t)out->nparts);
	out->part_arg = ARENA_ARRAY(&data->arena, int32_t, (size_t)out->nparts);
	for (int32_t i = 0; i < out->nparts; i++)
		out->part[i] = from->field[out->field->by[i]].column;
	if (out->field->as_at == 0)
		return;
	/* The day on this side, and over there the days between which a row holds. */
	out->as_at = plan_kept(data, book, dataset, out->field->as_at - 1);
	out->lasts.from = plan_kept(data, book, to_number, to->lasts_from);
	out->lasts.to = plan_kept(data, book, to_number, to->lasts_to);
}

/* A link needs the table that it points to, if only for its keys. */
int32_t plan_column(Data *data, int32_t book, int32_t dataset, int32_t field)
{
	int32_t *known = &data->book[book].column[dataset][field];
	/* Asked again and again by the walks: the answer is kept by field. */
	if (*known >= 0)
		return *known;
	const Rulebook *rules = data->book[book].book;
	const Field *f = &rules->dataset[dataset].field[field];
	/* times, codes and target belong to the way of reading, by which columns are told apart. */
	DataColumn column = {.table = plan_table(data, book, dataset), .name = f->column,
		.reading = reading_of(f), .book = rules, .field = f, .target = -1, .as_at = -1, .times = 1,
		.arg = -1};
	if (column.reading == AS_LINK)
		plan_link(data, book, dataset, &column);
	if (column.reading == AS_CODE)
		column.codes = &rules->codes[f->type.ref];
	if (column.reading == AS_NUMBER)
		column.times = f->times;
	for (int32_t c = 0; c < (int32_t)data->column.n && *known < 0; c++)
		if (column_same(data->column.at[c], &column))
			*known = c;
	if (*known < 0)
		*known = column_add(data, &column);
	return *known;
}

/* ---- what the rules look at ---- */

/* Tables and columns are numbered as they are met; these are bounds on their numbers. */
static size_t most_tables(const Data *data)
{
	size_t n = 1;
	for (int32_t b = 0; b < data->options.nbooks; b++)
		n += (size_t)data->options.book[b]->ndatasets;
	return n;
}

/* Every field of every book would be one of its own. */
static size_t most_columns(const Data *data)
{
	size_t n = 1;
	for (int32_t b = 0; b < data->options.nbooks; b++) {
		const Rulebook *book = data->options.book[b];
		for (int32_t d = 0; d < book->ndatasets; d++)
			n += (size_t)book->dataset[d].nfields;
	}
	return n;
}

/* Room for whatever may still be met: a walk adds tables and columns while it fills these. */
Needs needs_new(Data *data)
{
	Arena *arena = &data->arena;
	size_t nbooks = (size_t)data->options.nbooks;
	Needs needs = {.table = ARENA_ARRAY(arena, bool, most_tables(data)),
		.column = ARENA_ARRAY(arena, bool, most_columns(data)),
		.link = ARENA_ARRAY(arena, bool *, nbooks), .match = ARENA_ARRAY(arena, bool *, nbooks),
		.sequence = ARENA_ARRAY(arena, bool *, nbooks), .bank = ARENA_ARRAY(arena, bool *, nbooks),
		.owner = ARENA_ARRAY(arena, bool, most_tables(data))};
	for (size_t b = 0; b < nbooks; b++) {
		const Rulebook *book = data->options.book[b];
		needs.link[b] = ARENA_ARRAY(arena, bool, (size_t)book->nlinks + 1);
		needs.match[b] = ARENA_ARRAY(arena, bool, (size_t)book->nmatches + 1);
		needs.sequence[b] = ARENA_ARRAY(arena, bool, (size_t)book->nsequences + 1);
		needs.bank[b] = ARENA_ARRAY(arena, bool, (size_t)book->nbanks + 1);
	}
	return needs;
}

static int32_t *none_yet(Arena *arena, int32_t n)
{
	int32_t *at = ARENA_ARRAY(arena, int32_t, (size_t)n + 1);
	for (int32_t i = 0; i < n; i++)
		at[i] = -1;
	return at;
}

/* -1 everywhere: no rule has asked yet. */
static void book_begin(Data *data, int32_t b)
{
	const Rulebook *book = data->options.book[b];
	Arena *arena = &data->arena;
	BookPlan *plan = &data->book[b];
	plan->book = book;
	plan->table = none_yet(arena, book->ndatasets);
	plan->column = ARENA_ARRAY(arena, int32_t *, (size_t)book->ndatasets + 1);
	for (int32_t d = 0; d < book->ndatasets; d++)
		plan->column[d] = none_yet(arena, book->dataset[d].nfields);
	plan->link = ARENA_ARRAY(arena, bool, (size_t)book->nlinks + 1);
	plan->match = ARENA_ARRAY(arena, bool, (size_t)book->nmatches + 1);
}

/* Both ends of one kind; other spans are not held against each other while reading. */
static bool can_span(Type from, Type to)
{
	return from.kind == to.kind && (from.kind == TYPE_MOMENT || from.kind == TYPE_DATE);
}

/* A day or moment that ends a span is held against the one that begins it, so that is read too. */
static void span_add(Data *data, int32_t b, int32_t d)
{
	const Dataset *dataset = &data->book[b].book->dataset[d];
	int32_t from = dataset->lasts_from, to = dataset->lasts_to;
	if (from < 0 || to < 0 || data->book[b].column[d][to] < 0 ||
	    !can_span(dataset->field[from].type, dataset->field[to].type))
		return;
	/* plan_column may add a column: the table is looked up behind it. */
	Span2 span = {plan_column(data, b, d, from), plan_column(data, b, d, to)};
	DataTable *table = data->table.at[table_at(data, b, d)];
	data->column.at[span.to]->is_end = true;
	for (size_t i = 0; i < table->span.n; i++)
		if (table->span.at[i].from == span.from && table->span.at[i].to == span.to)
			return;
	*vec_push(&table->span) = span;
}

/* Columns that only decide which rows hold are read, but take no room in the stores. */
static void mark_stored(Data *data, const Needs *needs)
{
	for (size_t c = 0; c < data->column.n; c++)
		data->column.at[c]->stored |= needs->column[c];
}

/* One for each rule, then one for each bank, over all books. */
static int32_t needs_in_all(const Data *data)
{
	int32_t n = 0;
	for (int32_t b = 0; b < data->options.nbooks; b++)
		n += data->options.book[b]->nrules + data->options.book[b]->nbanks;
	return n;
}

static void plan_rule(Data *data, int32_t book, int32_t rule)
{
	Needs *needs = &data->need[rule_number(data, book, rule)];
	*needs = needs_new(data);
	reach_needs(data, book, &data->book[book].book->rule[rule], needs);
	mark_stored(data, needs);
}

/* A bank's accounts are told of even where no rule looks at them. */
static void plan_bank(Data *data, int32_t book, int32_t bank)
{
	Needs *needs = &data->need[bank_number(data, book, bank)];
	*needs = needs_new(data);
	reach_bank_needs(data, book, bank, needs);
	mark_stored(data, needs);
}

/* Rule by rule, since passes are made of what single rules need. */
void data_plan(Data *data)
{
	int32_t nbooks = data->options.nbooks;
	data->book = ARENA_ARRAY(&data->arena, BookPlan, (size_t)nbooks);
	/* Each rule's own list, from which passes are put together later. */
	data->need = ARENA_ARRAY(&data->arena, Needs, (size_t)needs_in_all(data) + 1);
	/* Once all books are begun: a table that one adds may be another's already. */
	for (int32_t b = 0; b < nbooks; b++)
		book_begin(data, b);
	for (int32_t b = 0; b < nbooks; b++) {
		const Rulebook *book = data->book[b].book;
		for (int32_t r = 0; r < book->nrules; r++)
			plan_rule(data, b, r);
		for (int32_t k = 0; k < book->nbanks; k++)
			plan_bank(data, b, k);
	}
	for (int32_t b = 0; b < nbooks; b++)
		for (int32_t d = 0; d < data->book[b].book->ndatasets; d++)
			span_add(data, b, d);
}
