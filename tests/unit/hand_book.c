/*
 * A rulebook put together in C instead of from text, for tests of the
 * evaluators: fields of every type in every dataset, links, a match, calendars
 * with gaps and exceptions. No checker stands between, so a test can build what
 * the checker would never let through, and the evaluators must still agree.
 *
 *   visit ──F_LINK──> provision ──F_LINK──> provider <──F_LINK── log
 *     └───────────────── match: logs / visit ───────────────────┘
 *
 * Every dataset has the same fields (F_DATE, F_MONEY, …), which keeps random
 * books simple.
 */
#include "tests/unit/hand_book.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Arrays are made once with so much room: expressions keep pointers into them. */
#define ROOM 64

/* ---- types ---- */

Type hand_type(TypeKind kind, int32_t ref)
{
	return (Type){.kind = (uint8_t)kind, .ref = ref, .scale = 1};
}

/*
 * A scale of 0 stands for a quotient of data, which has no denominator known
 * beforehand (S77).
 */
Type hand_quantity(int64_t scale)
{
	Type type = hand_type(TYPE_QUANTITY, 0);
	type.scale = scale == 0 ? 1 : scale;
	type.ratio = scale == 0;
	return type;
}

Type hand_unit(Dim dim)
{
	Type type = hand_quantity(1);
	type.unit.of[dim] = 1;
	return type;
}

/* Logs lead to providers, as in the shared vocabulary, not to provisions. */
int32_t hand_link_target(int32_t dataset)
{
	static const int32_t target[DATASETS] = {PROVISION, PROVIDER, -1, PROVIDER};
	return target[dataset];
}

/*
 * Providers lead nowhere: their F_LINK is a row of dataset -1, which nothing
 * reads.
 */
Type hand_field_type(int32_t dataset, int32_t field)
{
	switch (field) {
	case F_LINK:
		return hand_type(TYPE_ROW, hand_link_target(dataset));
	case F_DATE: case F_UNTIL:
		return hand_type(TYPE_DATE, 0);
	case F_MOMENT: case F_END:
		return hand_type(TYPE_MOMENT, 0);
	case F_CLOCK:
		return hand_type(TYPE_CLOCK, 0);
	case F_MONEY:
		return hand_quantity(100);
	case F_TIME:
		return hand_unit(DIM_TIME);
	case F_NUMBER:
		return hand_quantity(1000);
	case F_DAYS:
		return hand_unit(DIM_DAY);
	case F_MONTHS:
		return hand_unit(DIM_MONTH);
	case F_CODE:
		return hand_type(TYPE_CODE, 0);
	case F_TEXT:
		return hand_type(TYPE_TEXT, 0);
	case F_YES:
		return hand_type(TYPE_YES_NO, 0);
	case F_WEEKDAY:
		return hand_type(TYPE_WEEKDAY, 0);
	default:
		return hand_quantity(1);
	}
}

/* ---- the book ---- */

/*
 * Weeks, four-week periods with a five-week exception (S53), months, and bank
 * holidays of which one is published later than it falls, for --known-on.
 */
static void make_calendars(Hand *hand)
{
	static const int32_t holiday[] = {20201, 20210, 20332, 20357, 20360};
	Calendar *calendar = ARENA_ARRAY(&hand->arena, Calendar, CALENDARS);
	calendar[CAL_WEEK] = (Calendar){.kind = CALENDAR_DAYS, .n = 7, .anchor = 20209};
	calendar[CAL_FOUR_WEEKS] = (Calendar){.kind = CALENDAR_DAYS, .n = 28, .anchor = 20180};
	calendar[CAL_FOUR_WEEKS].except = arena_alloc(&hand->arena, sizeof *calendar->except);
	calendar[CAL_FOUR_WEEKS].except->from = 20236;
	calendar[CAL_FOUR_WEEKS].except->to = 20270;
	calendar[CAL_FOUR_WEEKS].nexcept = 1;
	calendar[CAL_MONTH] = (Calendar){.kind = CALENDAR_MONTHS, .n = 1, .anchor_month = 1,
		.anchor_day = 1};
	calendar[CAL_HOLIDAYS] = (Calendar){.kind = CALENDAR_DATES, .ndates = 5};
	CalendarDate *date = ARENA_ARRAY(&hand->arena, CalendarDate, 5);
	for (int i = 0; i < 5; i++)
		date[i] = (CalendarDate){holiday[i], i == 2 ? 20400 : NO_DAY, STR("holiday")};
	calendar[CAL_HOLIDAYS].date = date;
	for (int i = 0; i < CALENDARS; i++)
		calendar[i].decl.name = STR("week");
	hand->book.calendar = calendar;
	hand->book.ncalendars = CALENDARS;
}

/*
 * Column widths differ (see width_of), so that a reader of the wrong width is
 * caught.
 */
static void make_datasets(Hand *hand)
{
	static const char *const name[] = {"visit", "provision", "provider", "log"};
	Dataset *dataset = ARENA_ARRAY(&hand->arena, Dataset, DATASETS);
	for (int32_t d = 0; d < DATASETS; d++) {
		dataset[d].decl.name = dataset[d].table = str_of(name[d]);
		dataset[d].nfields = FIELDS;
		dataset[d].field = ARENA_ARRAY(&hand->arena, Field, FIELDS);
		for (int32_t f = 0; f < FIELDS; f++)
			dataset[d].field[f] = (Field){.name = STR("field"), .column = STR("field"),
				.type = hand_field_type(d, f), .times = 1, .link = -1};
	}
	Link *link = ARENA_ARRAY(&hand->arena, Link, LINKS);
	link[LINK_PROVISION] = (Link){VISIT, PROVISION, F_LINK, STR("visits")};
	link[LINK_PROVIDER] = (Link){PROVISION, PROVIDER, F_LINK, STR("provisions")};
	link[LINK_LOG_PROVIDER] = (Link){LOG, PROVIDER, F_LINK, STR("logs")};
	hand->book.dataset = dataset;
	hand->book.ndatasets = DATASETS;
	hand->book.link = link;
	hand->book.nlinks = LINKS;
}

/* One list of four is enough: codes are numbers to the evaluators. */
static void make_codes(Hand *hand)
{
	CodeList *codes = ARENA_NEW(&hand->arena, CodeList);
	codes->code = ARENA_ARRAY(&hand->arena, Str, 4);
	codes->n = 4;
	for (int i = 0; i < 4; i++)
		codes->code[i] = STR("code");
	codes->spelling = codes->code;
	hand->book.codes = codes;
	hand->book.ncodes = 1;
}

/* No bounds on the contract: tests of bounds set their own. */
void hand_begin(Hand *hand)
{
	*hand = (Hand){0};
	Arena *arena = &hand->arena;
	hand->sources.arena = arena;
	*vec_push(&hand->sources.file) = (Source){.path = STR("hand"), .text = STR("x")};
	Rulebook *book = &hand->book;
	book->sources = &hand->sources;
	book->contract = (Contract){.from = NO_DAY, .to = LAST_DAY, .published = NO_DAY};
	make_datasets(hand);
	make_calendars(hand);
	make_codes(hand);
	book->match = ARENA_NEW(arena, Match);
	*book->match = (Match){.left = VISIT, .right = LOG, .left_name = STR("logs"),
		.right_name = STR("visit"), .nslots = 2};
	book->nmatches = 1;
	book->parameter = ARENA_ARRAY(arena, Parameter, ROOM);
	book->rounding = ARENA_ARRAY(arena, Rounding, ROOM);
	book->table = ARENA_ARRAY(arena, Table, ROOM);
	book->define = ARENA_ARRAY(arena, Define, ROOM);
	book->rule = ARENA_ARRAY(arena, Rule, ROOM);
}

void hand_end(Hand *hand)
{
	vec_free(&hand->sources.file);
	arena_free(&hand->arena);
}

/* ---- expressions ---- */

/*
 * What the checker would find out: an evaluator may skip its checks for an
 * expression that cannot fault, so the flag must never be false where it can.
 * Here it is true for anything in doubt.
 */
static bool faults(ExprOp op)
{
	static const bool never[EXPR_OP_COUNT] = {
		[EXPR_CONST] = true, [EXPR_SLOT] = true, [EXPR_FIELD] = true, [EXPR_MATCHED] = true,
		[EXPR_LINKED] = true, [EXPR_ALL_ROWS] = true, [EXPR_GROUP_ROWS] = true,
		[EXPR_COMPARE] = true, [EXPR_AND] = true, [EXPR_OR] = true, [EXPR_NOT] = true,
		[EXPR_IF] = true, [EXPR_OR_ELSE] = true, [EXPR_IS_KNOWN] = true, [EXPR_DATE_OF] = true,
		[EXPR_CLOCK_OF] = true, [EXPR_WEEKDAY_OF] = true, [EXPR_IN_PERIOD] = true,
		[EXPR_IN_DATES] = true,
	};
	return !never[op];
}

/*
 * Marks are spread from the arguments as the checker spreads them; a NULL
 * argument was left out.
 */
Expr *hand_expr(Hand *hand, ExprOp op, int how, int32_t ref, Type type, int32_t nargs, ...)
{
	Expr *expr = ARENA_NEW(&hand->arena, Expr);
	va_list list;
	*expr = (Expr){.op = (uint8_t)op, .how = (uint8_t)how, .ref = ref, .type = type,
		.id = hand->book.nexprs++, .nargs = nargs, .q = {0, 1}, .at = {0, 0, 1}};
	expr->arg = ARENA_ARRAY(&hand->arena, Expr *, MOST_ARGS_BY_HAND);
	expr->dated = op == EXPR_PARAMETER || op == EXPR_TABLE || op == EXPR_DERIVED || op == EXPR_CALL ||
		op == EXPR_IN_FORCE;
	expr->can_fault = faults(op);
	va_start(list, nargs);
	for (int32_t i = 0; i < nargs; i++) {
		Expr *arg = va_arg(list, Expr *);
		expr->arg[i] = arg;
		if (arg == NULL)
			continue;
		expr->dated |= arg->dated;
		expr->can_fault |= arg->can_fault;
	}
	va_end(list);
	return expr;
}

Expr *hand_const(Hand *hand, Type type, int64_t n)
{
	Expr *expr = hand_expr(hand, EXPR_CONST, 0, 0, type, 0);
	expr->n = n;
	return expr;
}

/* The text must outlive the book: tests give literals. */
Expr *hand_text(Hand *hand, const char *text)
{
	Expr *expr = hand_expr(hand, EXPR_CONST, 0, 0, hand_type(TYPE_TEXT, 0), 0);
	expr->text = str_of(text);
	return expr;
}

Expr *hand_slot(Hand *hand, Type type, int32_t slot)
{
	return hand_expr(hand, EXPR_SLOT, 0, slot, type, 0);
}

Expr *hand_field(Hand *hand, Expr *row, int32_t field)
{
	return hand_expr(hand, EXPR_FIELD, 0, field, hand_field_type(row->type.ref, field), 1, row);
}

Expr *hand_compare(Hand *hand, CompareHow how, Expr *a, Expr *b)
{
	return hand_expr(hand, EXPR_COMPARE, (int)how, 0, hand_type(TYPE_YES_NO, 0), 2, a, b);
}

Expr *hand_and(Hand *hand, Expr *a, Expr *b)
{
	return hand_expr(hand, EXPR_AND, 0, 0, hand_type(TYPE_YES_NO, 0), 2, a, b);
}

Expr *hand_aggregate(Hand *hand, AggregateKind kind, Type type, int32_t slot, Expr *rows,
	Expr *where, Expr *value, Expr *by)
{
	return hand_expr(hand, EXPR_AGGREGATE, (int)kind, slot, type, 4, rows, where, value, by);
}

/*
 * A rule that passes for every row on its F_DATE; tests then change what they
 * are about.
 */
Rule *hand_rule(Hand *hand, SubjectKind subject, int32_t dataset)
{
	Rule *rule = &hand->book.rule[hand->book.nrules++];
	*rule = (Rule){.subject = subject, .dataset = dataset, .nslots = 1};
	rule->decl.name = rule->title = STR("R");
	Expr *row = hand_slot(hand, hand_type(TYPE_ROW, dataset), 0);
	rule->on = hand_field(hand, row, F_DATE);
	rule->require = hand_const(hand, hand_type(TYPE_YES_NO, 0), 1);
	return rule;
}

/* ---- the store ---- */

/* Of all widths that a column may have, each for some type. */
static uint8_t width_of(int32_t field)
{
	switch (field) {
	case F_LINK: case F_DATE: case F_UNTIL: case F_CLOCK:
		return 4;
	case F_CODE: case F_YES: case F_WEEKDAY:
		return 1;
	case F_DAYS: case F_MONTHS:
		return 2;
	default:
		return 8;
	}
}

/* Keys run backwards, so that no test can take row numbers for them. */
static Str backward_key(const StoreTable *table, int32_t row, Arena *arena)
{
	return str_format(arena, "%06d", (int)(table->rows - row));
}

/* Nothing is known at first: hand_set marks what it writes. */
static void make_table(HandStore *hs, int32_t d, int32_t rows)
{
	static const TextCell empty;
	StoreTable *table = &hs->table[d];
	table->rows = rows;
	table->key = backward_key;
	table->column = ARENA_ARRAY(&hs->arena, Column, FIELDS);
	for (int32_t f = 0; f < FIELDS; f++) {
		hs->known[d][f] = ARENA_ARRAY(&hs->arena, uint64_t, (size_t)rows / 64 + 1);
		Column *column = &table->column[f];
		column->width = width_of(f);
		column->times = 1;
		column->known = hs->known[d][f];
		int64_t *at = ARENA_ARRAY(&hs->arena, int64_t, (size_t)rows + 1);
		for (int32_t r = 0; f == F_TEXT && r < rows; r++)
			at[r] = (int64_t)(intptr_t)&empty;
		column->at = at;
	}
	hs->tables[d] = table;
}

/*
 * No logs are matched, no links made: hand_store_link does that once the rows
 * are filled.
 */
void hand_store_begin(HandStore *hs, const Hand *hand, const int32_t *rows)
{
	*hs = (HandStore){0};
	for (int32_t d = 0; d < DATASETS; d++)
		make_table(hs, d, rows[d]);
	hs->left_of_right = ARENA_ARRAY(&hs->arena, int32_t, (size_t)rows[LOG] + 1);
	for (int32_t i = 0; i < rows[LOG]; i++)
		hs->left_of_right[i] = -1;
	hs->match.left_of_right = hs->left_of_right;
	hs->store = (Store){.book = &hand->book, .table = hs->tables, .inverse = hs->inverse,
		.matched = &hs->match};
}

void hand_set(HandStore *hs, int32_t dataset, int32_t field, int32_t row, int64_t n)
{
	const Column *column = &hs->table[dataset].column[field];
	char *at = (char *)(uintptr_t)column->at + (size_t)row * column->width;
	memcpy(at, &n, column->width); /* little-endian, as are all machines that this runs on */
	bit_set(hs->known[dataset][field], row);
}

/* Columns of text hold pointers to cells; the cell is the arena's. */
void hand_set_text(HandStore *hs, int32_t dataset, int32_t row, const char *text)
{
	size_t len = strlen(text);
	TextCell *cell = arena_alloc(&hs->arena, sizeof(TextCell) + len + 1);
	cell->len = (uint32_t)len;
	memcpy(cell->bytes, text, len);
	hand_set(hs, dataset, F_TEXT, row, (int64_t)(intptr_t)cell);
}

/*
 * The other form of a list's index: found by the hash of its row, with chains
 * that go on in the next slots.
 */
static void hash_lists(Arena *arena, RowLists *lists, int32_t rows)
{
	uint32_t size = 16;
	while (size < (uint32_t)rows * 2)
		size *= 2;
	int32_t *key = ARENA_ARRAY(arena, int32_t, size), *of = ARENA_ARRAY(arena, int32_t, size);
	memset(of, 0xFF, sizeof(int32_t) * size);
	for (int32_t r = 0; r < rows; r++) {
		uint32_t h = rowlists_hash(r) & (size - 1);
		while (of[h] >= 0)
			h = (h + 1) & (size - 1);
		key[h] = r;
		of[h] = r;
	}
	lists->slot_key = key;
	lists->slot_of = of;
	lists->slot_mask = size - 1;
}

/*
 * to[i]: the list of item i, or -1. Slow and plain on purpose: it is what
 * faster ones are held against.
 */
static void make_lists(Arena *arena, RowLists *lists, const int32_t *to, int32_t items,
	int32_t rows, bool hashed)
{
	int32_t *start = ARENA_ARRAY(arena, int32_t, (size_t)rows + 2);
	int32_t *item = ARENA_ARRAY(arena, int32_t, (size_t)items + 1), n = 0;
	for (int32_t r = 0; r < rows; r++) {
		start[r] = n;
		for (int32_t i = 0; i < items; i++)
			if (to[i] == r)
				item[n++] = i;
	}
	start[rows] = n;
	*lists = (RowLists){.start = start, .item = item, .lists = rows};
	if (hashed)
		hash_lists(arena, lists, rows);
}

/* With `hashed` both forms of lists can be tried over the same rows. */
void hand_store_link(HandStore *hs, bool hashed)
{
	static const int32_t from[LINKS] = {VISIT, PROVISION, LOG};
	for (int32_t l = 0; l < LINKS; l++) {
		int32_t items = hs->table[from[l]].rows;
		int32_t *to = ARENA_ARRAY(&hs->arena, int32_t, (size_t)items + 1);
		for (int32_t i = 0; i < items; i++) {
			int64_t n = -1;
			to[i] = store_get(&hs->store, from[l], F_LINK, i, &n) ? (int32_t)n : -1;
		}
		int32_t rows = hs->table[hand_link_target(from[l])].rows;
		make_lists(&hs->arena, &hs->inverse[l], to, items, rows, hashed);
	}
	make_lists(&hs->arena, &hs->match.right_of_left, hs->left_of_right, hs->table[LOG].rows,
		hs->table[VISIT].rows, hashed);
}

void hand_store_end(HandStore *hs)
{
	arena_free(&hs->arena);
}
