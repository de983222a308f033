/*
 * An expression over many subjects, one after another, as a Derive asks for it.
 *
 * This side is slow and plain, and so the oracle: a scenario's sequences and accounts come from
 * here, and an account of an audit is worked out here once more when a finding rests on it. The
 * fast side is interp/data_derive.c.
 *
 *   columns of slots ─> Value of each slot ─> walk_expr ─> Value ─> n over the type's scale
 */
#include "interp/derive_walk.h"

#include <string.h>

typedef struct Side {
	Walk walk;
	Value *slot;      /* of the subject at hand */
} Side;

/* Slots hold values as columns do; the type of the slot decides nothing but for texts and
 * quantities, which are no keys that an expression could not tell. */
static Value slot_value(const Subjects *subjects, int32_t slot, int32_t i)
{
	Value value = {.state = STATE_UNKNOWN};
	if (subjects->slot[slot] == NULL)
		return value;
	if (subjects->state != NULL && subjects->state[slot] != NULL)
		value.state = subjects->state[slot][i];
	else
		value.state = STATE_KNOWN;
	value.n = subjects->slot[slot][i];
	return value;
}

/* Types of slots are those that the expression gives them. */
static void type_slots(const Expr *expr, const Subjects *subjects, Value *slot)
{
	if (expr == NULL)
		return;
	if (expr->op == EXPR_SLOT && expr->ref < subjects->nslots &&
	    slot[expr->ref].state == STATE_KNOWN)
		slot[expr->ref] = value_of_column(expr->type, slot[expr->ref].n);
	for (int32_t i = 0; i < expr->nargs; i++)
		type_slots(expr->arg[i], subjects, slot);
}

/* Slots are filled in anew for each subject: an aggregate writes into those behind them. */
static Value eval(Side *side, const Expr *expr, const Subjects *subjects, int32_t i)
{
	for (int32_t k = 0; k < subjects->nslots; k++)
		side->slot[k] = slot_value(subjects, k, i);
	type_slots(expr, subjects, side->slot);
	int32_t day = subjects->day != NULL ? subjects->day[i] : NO_DAY;
	return walk_expr(&side->walk, expr, side->slot, day, (RowSpan){NULL, 0});
}

/* The cell is the arena's, as are those of a scenario's columns. */
static int64_t text_cell(Arena *arena, Str text)
{
	TextCell *cell = arena_alloc(arena, sizeof *cell + text.len + 1);
	cell->len = (uint32_t)text.len;
	if (text.len > 0)
		memcpy(cell->bytes, text.ptr, text.len);
	return (int64_t)(intptr_t)cell;
}

/* As a column holds it; the evaluator has made sure that it fits. */
static int64_t raw(Arena *arena, Type type, Value value)
{
	if (type.kind == TYPE_TEXT)
		return text_cell(arena, value.text);
	if (type.kind == TYPE_QUANTITY)
		return (int64_t)(value.q.n * (type.scale / value.q.d));
	return value.n;
}

/* Evidence is not kept: what is worked out here belongs to no finding. */
static void values(void *user, const Expr *expr, const Subjects *subjects, int64_t *value,
	uint8_t *state)
{
	Side *side = user;
	for (int32_t i = 0; i < subjects->n; i++) {
		Value found = eval(side, expr, subjects, i);
		state[i] = found.state;
		value[i] = 0;
		if (found.state == STATE_KNOWN)
			value[i] = raw(side->walk.arena, expr->type, found);
	}
}

/* A collection in the arena, in the order of keys. */
static void lists(void *user, const Expr *expr, const Subjects *subjects, RowSpan *rows,
	uint8_t *state)
{
	Side *side = user;
	for (int32_t i = 0; i < subjects->n; i++) {
		Value found = eval(side, expr, subjects, i);
		state[i] = found.state;
		rows[i] = found.state == STATE_KNOWN ? found.rows : (RowSpan){NULL, 0};
	}
}

/* Room for the slots of whichever scope has most. */
Derive derive_by_walk(const Store *store, const Law *law, Arena *arena)
{
	const Rulebook *book = store->book;
	Side *side = ARENA_NEW(arena, Side);
	side->walk = (Walk){.book = book, .store = store, .law = law, .arena = arena};
	side->slot = ARENA_ARRAY(arena, Value, (size_t)rulebook_slots(book) + 2);
	return (Derive){.store = store, .law = law, .arena = arena, .scratch = arena, .user = side,
		.values = values, .lists = lists};
}
