#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* qsort_r */
#endif
/*
 * Rows ─> row; row and period; row and item; group of rows. Nothing is judged here, and nothing is
 * left out that a judgement could speak of: see walk_judge.
 *
 *   for each visit                          row                 slot 0 visit
 *   for each provision, every week          row and period      slot 0 provision, slot 1 week
 *   for each taken in bank.debits           row and item        slot 0 bank's row, slot 1 item
 *   for each visit.provider, week of …      group of rows       a slot a key, rows beside them
 *
 * A subject that cannot be made out is still one subject, with `?` for what is
 * not known: law 5's counts add up only if nothing falls through (S24, S47,
 * S56).
 */
#include "interp/subject.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/limits.h"

/* ---- what a subject is made of ---- */

/*
 * How many slots name the subject; a rule may have more, for the rows of its
 * aggregates.
 */
int32_t subject_nslots(const Rule *rule)
{
	if (rule->subject == SUBJECT_GROUP)
		return rule->nkeys;
	return rule->subject == SUBJECT_ROW ? 1 : 2;
}

/*
 * Slot 0 of a group is a key like any other; of everything else it is a row of
 * the rule's dataset.
 */
Type subject_type(const Rule *rule, int32_t slot)
{
	if (rule->subject == SUBJECT_GROUP)
		return rule->key[slot].expr->type;
	Type type = {.kind = TYPE_ROW, .ref = rule->dataset, .scale = 1};
	if (slot == 1 && rule->subject == SUBJECT_ROW_PERIOD)
		type = (Type){.kind = TYPE_PERIOD, .ref = rule->calendar, .scale = 1};
	else if (slot == 1)
		type.ref = rule->item_dataset;
	return type;
}

/* S54: the last word of a key's expression, as the checker found it. */
Str subject_name(const Rulebook *book, const Rule *rule, int32_t slot)
{
	if (rule->subject == SUBJECT_GROUP)
		return rule->key[slot].name;
	Type type = subject_type(rule, slot);
	return type.kind == TYPE_PERIOD ? book->calendar[type.ref].decl.name
		: book->dataset[type.ref].decl.name;
}

/* A period says its own kind; a part that is not known is `?`. */
void subject_print(Buf *buf, const Walk *walk, const Rule *rule, const Value *slots)
{
	for (int32_t i = 0; i < subject_nslots(rule); i++) {
		Type type = subject_type(rule, i);
		buf_puts(buf, i > 0 ? ", " : "");
		if (type.kind != TYPE_PERIOD || slots[i].state != STATE_KNOWN) {
			buf_str(buf, subject_name(walk->book, rule, i));
			buf_char(buf, ' ');
		}
		if (slots[i].state != STATE_KNOWN)
			buf_char(buf, '?');
		else
			value_print(buf, walk->store, walk->book, type, slots[i], walk->arena);
	}
}

/* ---- each row ---- */

/* One set of slots for all subjects: a callback that keeps them must copy. */
typedef struct Each {
	Walk *walk;
	const Rule *rule;
	SubjectFn *fn;
	void *user;
	Value *slot;
	RowSpan rows;      /* that are looked at; at NULL: 0 .. n-1 */
} Each;

/* Rows of a whole table are looked at in one store alone, where the rows that they reach are. */
static RowSpan home_rows(const Store *store, int32_t dataset)
{
	if (store->home == NULL || store->home[dataset].n < 0)
		return (RowSpan){NULL, store->table[dataset]->rows};
	return store->home[dataset];
}

static int32_t row_at(const Each *each, int32_t i)
{
	return each->rows.at == NULL ? i : each->rows.at[i];
}

static void call(Each *each, RowSpan group)
{
	each->fn(each->user, each->slot, group);
}

/* Without a law date: what makes a subject is settled before its date is. */
static Value eval(Each *each, const Expr *expr)
{
	return walk_expr(each->walk, expr, each->slot, NO_DAY, (RowSpan){NULL, 0});
}

/* One subject stands for all that could not be told apart. */
static void one_open(Each *each, uint8_t state)
{
	each->slot[1] = (Value){.state = state};
	call(each, (RowSpan){NULL, 0});
}

/* ---- each row, every period ---- */

/* The states stand in the order in which they outrank each other (S34). */
static uint8_t worse(uint8_t a, uint8_t b)
{
	return a > b ? a : b;
}

/* One end of the span, as a day; the run's window where the rule gives none, or where a missing end
 * means that it is still running (S47); one that could not be read does not. */
static uint8_t span_end(Each *each, const Expr *expr, bool open, int32_t window, int32_t *day)
{
	*day = window;
	if (expr == NULL)
		return STATE_KNOWN;
	Value value = eval(each, expr);
	if (value.state == STATE_UNKNOWN && open &&
	    !store_end_lost(each->walk->store, expr, each->slot[0].n))
		return STATE_KNOWN;
	if (value.state == STATE_KNOWN)
		*day = expr->type.kind == TYPE_MOMENT ? moment_day(value.n) : (int32_t)value.n;
	return value.state;
}

/* A calendar may have gaps: then the first period behind the day. */
static int32_t first_period(const Calendar *calendar, int32_t day)
{
	int32_t first = calendar_first(calendar, day);
	return first == INT32_MIN ? calendar_next(calendar, day) : first;
}

/* Periods from the first to the last day; LIMIT_PERIODS + 1 when there are more. */
static int32_t count_periods(const Calendar *calendar, int32_t first, int32_t to)
{
	int32_t n = 0;
	for (; first != INT32_MIN && first <= to && n <= LIMIT_PERIODS;
			first = calendar_next(calendar, first))
		n++;
	return n;
}

/* Every period that shares a day with the span; one that cannot be worked out, or has too many,
 * makes one subject. */
static void each_period(Each *each)
{
	const Rule *rule = each->rule;
	const Law *law = each->walk->law;
	const Calendar *calendar = &each->walk->book->calendar[rule->calendar];
	int32_t from, to;
	uint8_t state = span_end(each, rule->every_from, false, law->from, &from);
	state = worse(state, span_end(each, rule->every_to, rule->every_open, law->to, &to));
	if (state == STATE_KNOWN && from > to)
		return;
	int32_t first = state == STATE_KNOWN ? first_period(calendar, from) : 0, n = 0;
	if (state == STATE_KNOWN)
		n = count_periods(calendar, first, to);
	if (state != STATE_KNOWN || n > LIMIT_PERIODS) {
		one_open(each, state != STATE_KNOWN ? state : STATE_FAULT);
		return;
	}
	for (; n-- > 0; first = calendar_next(calendar, first)) {
		each->slot[1] = (Value){.state = STATE_KNOWN, .n = first};
		call(each, (RowSpan){NULL, 0});
	}
}

/* ---- each item of a collection ---- */

/* Items come by key, as collections do. */
static void each_item(Each *each)
{
	Value rows = eval(each, each->rule->collection);
	if (rows.state != STATE_KNOWN) {
		one_open(each, rows.state);
		return;
	}
	for (int32_t i = 0; i < rows.rows.n; i++) {
		each->slot[1] = (Value){.state = STATE_KNOWN, .n = rows.rows.at[i]};
		call(each, (RowSpan){NULL, 0});
	}
}

/* In the order of the table; whoever writes findings sorts them. */
static void each_row(Each *each)
{
	for (int32_t i = 0; i < each->rows.n; i++) {
		each->slot[0] = (Value){.state = STATE_KNOWN, .n = row_at(each, i)};
		if (each->rule->subject == SUBJECT_ROW)
			call(each, (RowSpan){NULL, 0});
		else if (each->rule->subject == SUBJECT_ROW_PERIOD)
			each_period(each);
		else
			each_item(each);
	}
}

/* ---- groups ---- */

typedef struct Member {
	int32_t row;
	uint8_t state;     /* of the key as a whole */
	const Value *key;
} Member;

/* Rows without a key come last, and are all alike. */
static int by_group(const void *a, const void *b, void *user)
{
	const Each *each = user;
	const Member *x = a, *y = b;
	const Walk *walk = each->walk;
	int order = (x->state != STATE_KNOWN) - (y->state != STATE_KNOWN);
	for (int32_t k = 0; order == 0 && x->state == STATE_KNOWN && k < each->rule->nkeys; k++)
		order = value_order(walk->store, subject_type(each->rule, k), x->key[k], y->key[k],
			walk->arena);
	return order;
}

/* So that the rows of a group stand by key, whatever their order in the table. */
static int by_group_then_key(const void *a, const void *b, void *user)
{
	const Each *each = user;
	int order = by_group(a, b, user);
	if (order != 0)
		return order;
	return store_key_cmp(each->walk->store, each->rule->dataset, ((const Member *)a)->row,
		((const Member *)b)->row, each->walk->arena);
}

/* Every row with its keys, sorted so that groups stand together. */
static Member *find_members(Each *each)
{
	const Rule *rule = each->rule;
	Arena *arena = each->walk->arena;
	Member *member = ARENA_ARRAY(arena, Member, (size_t)each->rows.n + 1);
	for (int32_t i = 0; i < each->rows.n; i++) {
		Value *key = ARENA_ARRAY(arena, Value, (size_t)rule->nkeys + 1);
		each->slot[rule->nkeys] = (Value){.state = STATE_KNOWN, .n = row_at(each, i)};
		member[i] = (Member){.row = row_at(each, i), .key = key};
		for (int32_t k = 0; k < rule->nkeys; k++) {
			key[k] = eval(each, rule->key[k].expr);
			member[i].state = worse(member[i].state, key[k].state);
		}
	}
	qsort_r(member, (size_t)each->rows.n, sizeof *member, by_group_then_key, each);
	return member;
}

/* Rows without a key are no group, whatever the rest of their keys: their slots are not known. */
static void call_group(Each *each, const Member *member, int32_t n)
{
	int32_t *row = ARENA_ARRAY(each->walk->arena, int32_t, (size_t)n);
	uint8_t state = STATE_KNOWN;
	for (int32_t i = 0; i < n; i++) {
		row[i] = member[i].row;
		state = worse(state, member[i].state);
	}
	for (int32_t k = 0; k < each->rule->nkeys; k++)
		each->slot[k] = state == STATE_KNOWN ? member->key[k] : (Value){.state = state};
	call(each, (RowSpan){row, n});
}

/* Groups without rows do not exist (S55): each begins with a row. */
static void each_group(Each *each)
{
	Member *member = find_members(each);
	for (int32_t from = 0, i = 1; i <= each->rows.n; i++) {
		if (i < each->rows.n && by_group(&member[from], &member[i], each) == 0)
			continue;
		call_group(each, &member[from], i - from);
		from = i;
	}
}

/* Without a trace: finding the subjects is no evidence for any of them. */
void subject_each(Walk *walk, const Rule *rule, SubjectFn *fn, void *user)
{
	const StoreTable *table = walk->store->table[rule->dataset];
	int32_t nslots = rule->nslots > rule->nkeys ? rule->nslots : rule->nkeys + 1;
	Each each = {.walk = walk, .rule = rule, .fn = fn, .user = user,
		.slot = ARENA_ARRAY(walk->arena, Value, (size_t)nslots + 2)};
	Trace *trace = walk->trace;
	if (table == NULL)
		return;
	walk->trace = NULL;
	each.rows = home_rows(walk->store, rule->dataset);
	if (rule->subject == SUBJECT_GROUP)
		each_group(&each);
	else
		each_row(&each);
	walk->trace = trace;
}
