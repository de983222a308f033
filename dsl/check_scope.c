/*
 * Names in sight, the slots that stand behind them, and the words for types in messages.
 *
 *   scope.name   [visit ─> slot 0] [week ─> slot 1] [s ─> slot 2]   innermost last
 *   scope.nslots 3
 *
 * Names come and go with the brackets that bind them; slots are never given twice in one body, so
 * that an evaluator can hold all of them in one array.
 */
#include "dsl/checker.h"

#include <string.h>

/* What is outgrown is left behind in the arena, at most as much again as is in use. */
void *list_grow(Arena *arena, const void *at, int32_t *cap, size_t item)
{
	int32_t grown = *cap == 0 ? 4 : *cap * 2;
	void *out = arena_alloc(arena, mem_product((size_t)grown, item));
	if (at != NULL)
		memcpy(out, at, (size_t)*cap * item);
	*cap = grown;
	return out;
}

/* No names, no slots, no group. */
void scope_begin(Scope *scope)
{
	*scope = (Scope){.group = -1};
}

/* Later bindings hide earlier ones of the same name; scope_fresh has complained by then. */
void scope_bind(Checker *c, Scope *scope, Str name, Expr *value)
{
	*list_push(c, &scope->name) = (Binding){name, value};
}

/* The place of the node is that of its uses: each is a copy with a place of its own. */
Expr *scope_slot(Checker *c, Scope *scope, Str name, Type type)
{
	Expr *slot = expr_new(c, EXPR_SLOT, type, (Span){0}, 0, NULL);
	slot->ref = scope->nslots++;
	scope_bind(c, scope, name, slot);
	return slot;
}

/* Innermost first. A body binds a handful of names. */
const Binding *scope_find(const Scope *scope, Str name)
{
	for (int32_t i = scope->name.n; i-- > 0;)
		if (str_eq(scope->name.at[i].name, name))
			return &scope->name.at[i];
	return NULL;
}

/* Some names of the tree have no place of their own, but their text points into the source. */
Span span_of(Checker *c, Str text, Span within)
{
	const Source *source = &c->comp->sources.file.at[within.file];
	if (within.file < 0 || text.ptr < source->text.ptr ||
			text.ptr + text.len > source->text.ptr + source->text.len)
		return within;
	uint32_t lo = (uint32_t)(text.ptr - source->text.ptr);
	return (Span){within.file, lo, lo + (uint32_t)text.len};
}

/* S72: a reader takes a name for the nearest thing of that name, and a checker should not have to
 * disagree. A row may be called like its own dataset. */
void scope_fresh(Checker *c, const Scope *scope, Str name, Span at, int32_t dataset)
{
	const Symbol *symbol = symbol_find(c, name);
	bool other = symbol != NULL && !(symbol->kind == SYM_DATASET && symbol->index == dataset);
	if (!other && scope_find(scope, name) == NULL)
		return;
	DiagRef diag = diag_add(c->diags, DIAG_SHADOWS, at,
		"%.*s is already the name of something here",
		STR_ARG(name));
	diag_help(diag_here(diag, "a name in sight cannot be used again"),
		"choose another name for the row");
}

/* Through the map: contracts with ten thousand names take no longer for each. */
Symbol *symbol_find(Checker *c, Str name)
{
	const int32_t *at = strmap_get(&c->names, name);
	return at != NULL ? &c->symbol.at[*at] : NULL;
}

/* NULL also for a name of another kind. */
Symbol *symbol_of(Checker *c, Str name, SymbolKind kind)
{
	Symbol *symbol = symbol_find(c, name);
	return symbol != NULL && symbol->kind == kind ? symbol : NULL;
}

/* Silent when no name is near: a wrong hint costs more than none. */
void suggest_best(DiagRef diag, const Nearest *nearest)
{
	Str best = nearest_best(nearest);
	if (best.len > 0)
		diag_help(diag, "did you mean %.*s?", STR_ARG(best));
}

/* Whatever could stand there: names of the body and of the contract. */
void suggest_name(Checker *c, const Scope *scope, DiagRef diag, Str name)
{
	Nearest nearest;
	nearest_start(&nearest, name);
	for (int32_t i = 0; scope != NULL && i < scope->name.n; i++)
		nearest_try(&nearest, scope->name.at[i].name);
	for (int32_t i = 0; i < c->symbol.n; i++)
		nearest_try(&nearest, c->symbol.at[i].name);
	suggest_best(diag, &nearest);
}

/* For places where only datasets, or calendars, or parameters can stand. */
void suggest_kind(Checker *c, DiagRef diag, Str name, SymbolKind kind)
{
	Nearest nearest;
	nearest_start(&nearest, name);
	for (int32_t i = 0; i < c->symbol.n; i++)
		if (c->symbol.at[i].kind == kind)
			nearest_try(&nearest, c->symbol.at[i].name);
	suggest_best(diag, &nearest);
}

/* One look in the dataset's own map. */
Member *member_find(Checker *c, int32_t dataset, Str name)
{
	DatasetInfo *info = &c->info.at[dataset];
	const int32_t *at = strmap_get(&info->names, name);
	return at != NULL ? &info->member.at[*at - 1] : NULL;
}

/* Lives in the arena, like every text that a diagnostic holds. */
Str phrase(Checker *c, Type type)
{
	Buf buf = {0};
	type_describe(&buf, c->book, type);
	return buf_keep(&buf, c->arena);
}

/* A rate is so much per something; the words are those of a contract officer. */
Str noun(Checker *c, Type type)
{
	if (type.kind != TYPE_QUANTITY || unit_none(type.unit))
		return phrase(c, type);
	int below = 0, dims = 0;
	for (int i = 0; i < DIMS; i++) {
		below += type.unit.of[i] < 0;
		dims += type.unit.of[i] > 0 ? type.unit.of[i] : 0;
	}
	if (below > 0)
		return STR("a rate");
	if (dims == 1 && type.unit.of[DIM_MONEY] == 1)
		return STR("a sum of money");
	return phrase(c, type);
}
