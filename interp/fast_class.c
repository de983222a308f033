/*
 * Numbers for expressions: structurally equal ones get the same, and with it the same columns.
 * Rules of one contract repeat each other (visit.outcome is delivered,
 * quarter_hour(visit.logged)), and in one batch each such part is worked out once.
 *
 * Slots are part of the structure, so that equal numbers mean equal values within one frame; the
 * law date is not, because a frame has just one.
 *
 *   visit.outcome is delivered                 one number, one column
 *   not (visit.outcome is delivered)           another, whose part is the column above
 *   log.visit.outcome is delivered             another: it goes by another row
 *
 * A define's name is not opened: two defines that say the same are two classes. Numbers are given
 * as expressions are met, which differs from thread to thread; nothing that is written depends on
 * them.
 */
#include "interp/fast_internal.h"

#include <stdlib.h>
#include <string.h>

/* Operators that mean the same with their sides exchanged are not treated as such: rules that say
 * the same thing usually say it with the same words. A text counts by its bytes, a part by its
 * number. */
static uint64_t hash_of(Fast *fast, const Expr *expr)
{
	uint64_t h = fast_mix(expr->op, expr->how);
	h = fast_mix(h, (uint64_t)expr->ref);
	h = fast_mix(h, (uint64_t)expr->n);
	h = fast_mix(h, (uint64_t)expr->q.n ^ (uint64_t)expr->q.d << 1);
	h = fast_mix(h, expr->op == EXPR_CONST && expr->text.len > 0 ? str_hash(expr->text) : 0);
	h = fast_mix(h, (uint64_t)expr->type.kind << 1 | expr->type.ratio);
	h = fast_mix(h, (uint64_t)expr->type.scale ^ (uint64_t)expr->type.ref << 44);
	for (int32_t i = 0; i < expr->nargs; i++)
		h = fast_mix(h, expr->arg[i] == NULL ? 1 : (uint64_t)fast_class_of(fast, expr->arg[i]) + 2);
	return h;
}

/* The unit does not count: it decides nothing about how a value is held. */
static bool type_equal(Type a, Type b)
{
	return a.kind == b.kind && a.ratio == b.ratio && a.ref == b.ref && a.scale == b.scale;
}

/* Parts were numbered before the whole, so equal structure is equal numbers. */
static bool arg_equal(Fast *fast, const Expr *a, const Expr *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return fast_class_of(fast, a) == fast_class_of(fast, b);
}

/* The place in the source does not count, nor does the id. */
static bool expr_equal(Fast *fast, const Expr *a, const Expr *b)
{
	if (a->op != b->op || a->how != b->how || a->ref != b->ref || a->n != b->n ||
	    a->q.n != b->q.n || a->q.d != b->q.d || a->nargs != b->nargs ||
	    !type_equal(a->type, b->type))
		return false;
	if (a->op == EXPR_CONST && a->type.kind == TYPE_TEXT && !str_eq(a->text, b->text))
		return false;
	for (int32_t i = 0; i < a->nargs; i++)
		if (!arg_equal(fast, a->arg[i], b->arg[i]))
			return false;
	return true;
}

/* What an expression depends on; an aggregate binds its own slot. Slots beyond SLOT_BITS share a
 * bit: that says "depends" too often, never too seldom. */
static uint64_t free_of(Fast *fast, const Expr *expr)
{
	if (expr->op == EXPR_SLOT)
		return slot_bit(expr->ref);
	if (expr->op == EXPR_GROUP_ROWS)
		return GROUP_BIT;
	uint64_t free = 0;
	for (int32_t i = 0; i < expr->nargs; i++) {
		if (expr->arg[i] == NULL)
			continue;
		uint64_t part = fast_class_at(fast, expr->arg[i])->free;
		if (expr->op == EXPR_AGGREGATE && i > 0 && expr->ref < SLOT_BITS)
			part &= ~slot_bit(expr->ref);
		free |= part;
	}
	return free;
}

/* What lies behind a define or a table is not looked at: it may have a history. To say "dated"
 * where nothing is dated costs a column; the reverse would be wrong. */
static bool dated_of(Fast *fast, const Expr *expr)
{
	if (expr->op == EXPR_PARAMETER || expr->op == EXPR_TABLE || expr->op == EXPR_DERIVED ||
	    expr->op == EXPR_CALL || expr->op == EXPR_IN_FORCE)
		return true;
	for (int32_t i = 0; i < expr->nargs; i++)
		if (expr->arg[i] != NULL && fast_class_at(fast, expr->arg[i])->dated)
			return true;
	return false;
}

/* Constants look like texts of the database from here on, so that one comparison serves both. */
static int64_t text_cell(Fast *fast, Str text)
{
	TextCell *cell = arena_alloc(&fast->texts, sizeof(TextCell) + text.len + 1);
	cell->len = (uint32_t)text.len;
	if (text.len > 0)
		memcpy(cell->bytes, text.ptr, text.len);
	return (int64_t)(intptr_t)cell;
}

/* At most half full. */
static void rehash(Fast *fast)
{
	uint32_t size = fast->class_mask == 0 ? 256 : (fast->class_mask + 1) * 2;
	fast->class_slot = mem_resize(fast->class_slot, sizeof(int32_t) * size);
	memset(fast->class_slot, 0xFF, sizeof(int32_t) * size);
	fast->class_mask = size - 1;
	for (int32_t i = 0; i < fast->nclasses; i++) {
		uint32_t h = (uint32_t)fast->class[i].hash & fast->class_mask;
		while (fast->class_slot[h] >= 0)
			h = (h + 1) & fast->class_mask;
		fast->class_slot[h] = i;
	}
}

/* Pointers into the array of classes are good until here. */
static int32_t class_add(Fast *fast, const Expr *expr, uint64_t hash)
{
	if (fast->nclasses == fast->class_room) {
		fast->class_room = fast->class_room == 0 ? 128 : fast->class_room * 2;
		fast->class = mem_resize(fast->class,
			mem_product(sizeof(Class), (size_t)fast->class_room));
	}
	Class *class = &fast->class[fast->nclasses];
	*class = (Class){.expr = expr, .free = free_of(fast, expr), .hash = hash};
	class->dated = dated_of(fast, expr);
	if (expr->op == EXPR_CONST && expr->type.kind == TYPE_TEXT)
		class->cell = text_cell(fast, expr->text);
	return fast->nclasses++;
}

/* The parts come first, so that no class is added between the search and the insertion. */
static int32_t class_find(Fast *fast, const Expr *expr)
{
	uint64_t hash = hash_of(fast, expr);
	if ((uint32_t)fast->nclasses * 2 >= fast->class_mask)
		rehash(fast);
	uint32_t h = (uint32_t)hash & fast->class_mask;
	for (; fast->class_slot[h] >= 0; h = (h + 1) & fast->class_mask) {
		const Class *class = &fast->class[fast->class_slot[h]];
		if (class->hash == hash && expr_equal(fast, class->expr, expr))
			return fast->class_slot[h];
	}
	int32_t added = class_add(fast, expr, hash);
	fast->class_slot[h] = added;
	return added;
}

/* One array access for all but the first time. */
int32_t fast_class_of(Fast *fast, const Expr *expr)
{
	int32_t *known = &fast->class_of[expr->id];
	if (*known < 0)
		*known = class_find(fast, expr);
	return *known;
}

bool fast_same_class(Fast *fast, const Expr *a, const Expr *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return fast_class_of(fast, a) == fast_class_of(fast, b);
}
