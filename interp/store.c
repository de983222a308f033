/*
 * Reading a store. Everything here is on the way of every value, so nothing allocates but the text
 * of a key, and nothing is looked up by name.
 *
 * Which law is in force stands here too, at the end, for it is asked as often: by law date and by
 * what was published when the run is to know of (law 6). Histories are sorted by the checker, so
 * each is a short search from its end.
 */
#include "interp/store.h"

#include "interp/value.h"

/* ---- lists of rows ---- */

/* The list of a row among few: linear probing from its hash; a free slot ends the search. */
static int32_t find_list(const RowLists *lists, int32_t row)
{
	for (uint32_t h = rowlists_hash(row);; h++) {
		uint32_t slot = h & lists->slot_mask;
		if (lists->slot_of[slot] < 0 || lists->slot_key[slot] == row)
			return lists->slot_of[slot];
	}
}

/*
 *   dense     start [0 2 2 5]            row 0: item 0, 1;  row 1: none;  row 2: item 2, 3, 4
 *   sparse    slot_of [. 0 . 1]  slot_key [. 7 . 93]         row 7 has list 0, row 93 list 1
 *
 * The first form has an entry for each row of a table; the second is for partitions that hold few
 * of them.
 */
RowSpan rowlists_of(const RowLists *lists, int32_t row)
{
	if (lists->item == NULL)
		return (RowSpan){NULL, 0};
	int32_t list = lists->slot_of == NULL ? row : find_list(lists, row);
	if (list < 0 || list >= lists->lists)
		return (RowSpan){NULL, 0};
	int32_t start = lists->start[list];
	return (RowSpan){lists->item + start, lists->start[list + 1] - start};
}

/* ---- values ---- */

/* NULL when the dataset or the field was not loaded: nothing of it is known. A text is a pointer in
 * such a column, and a link a row number. */
static const Column *column_of(const Store *store, int32_t dataset, int32_t field)
{
	const StoreTable *table = store->table[dataset];
	if (table == NULL || table->column == NULL || table->column[field].at == NULL)
		return NULL;
	return &table->column[field];
}

/* Without a bitmap every row is known: columns that are never missing, such as keys, save it. */
static bool is_known(const Column *column, int32_t row)
{
	return column != NULL && (column->known == NULL || bit_get(column->known, row));
}

/* A column that overflows with `times` was widened by whoever made it, so this product fits. */
bool store_get(const Store *store, int32_t dataset, int32_t field, int32_t row, int64_t *n)
{
	const Column *column = column_of(store, dataset, field);
	if (!is_known(column, row))
		return false;
	*n = column_raw(column, row) * column->times;
	return true;
}

/* Asked only of the end of a span, which is loaded wherever it is looked at. */
bool store_is_lost(const Store *store, int32_t dataset, int32_t field, int64_t row)
{
	const Column *column = column_of(store, dataset, field);
	return column->lost != NULL && bit_get(column->lost, row);
}

/* Any other expression may be unknown for reasons of its own, and says so itself. */
bool store_end_lost(const Store *store, const Expr *end, int64_t row)
{
	if (end != NULL && end->op == EXPR_DATE_OF)
		end = end->arg[0];
	if (end == NULL || end->op != EXPR_FIELD || end->arg[0]->op != EXPR_SLOT ||
	    end->arg[0]->ref != 0)
		return false;
	return store_is_lost(store, end->arg[0]->type.ref, end->ref, row);
}

/* One loop for each width, so that none asks what it is. */
#define WIDEN(type)                                                \
	do {                                                           \
		const type *from = column->at;                             \
		for (int32_t i = 0; i < rows; i++)                         \
			to[i] = from[i] * column->times;                       \
	} while (0)

static void widen(const Column *column, int32_t rows, int64_t *to)
{
	switch (column->width) {
	case 1:
		WIDEN(int8_t);
		break;
	case 2:
		WIDEN(int16_t);
		break;
	case 4:
		WIDEN(int32_t);
		break;
	default:
		WIDEN(int64_t);
		break;
	}
}

/* A byte for each bit. */
static uint8_t *known_states(Arena *arena, const uint64_t *known, int32_t rows)
{
	uint8_t *state = ARENA_ROOM(arena, uint8_t, (size_t)rows + 1);
	for (int32_t i = 0; i < rows; i++)
		state[i] = bit_get(known, i) ? STATE_KNOWN : STATE_UNKNOWN;
	return state;
}

bool store_field_rows(const Store *store, const Expr *expr, int32_t slot, int32_t dataset,
	Arena *arena, RowValues *out)
{
	if (expr->op != EXPR_FIELD || expr->arg[0]->op != EXPR_SLOT || expr->arg[0]->ref != slot)
		return false;
	const Column *column = column_of(store, dataset, expr->ref);
	if (column == NULL)
		return false;
	int32_t rows = store->table[dataset]->rows;
	*out = (RowValues){.value = ARENA_ROOM(arena, int64_t, (size_t)rows + 1)};
	widen(column, rows, out->value);
	if (column->known != NULL)
		out->state = known_states(arena, column->known, rows);
	return true;
}

/* Points into the store. */
Str store_text(const Store *store, int32_t dataset, int32_t field, int32_t row)
{
	const Column *column = column_of(store, dataset, field);
	if (!is_known(column, row))
		return (Str){NULL, 0};
	const TextCell *cell = ((const TextCell *const *)column->at)[row];
	return (Str){cell->bytes, cell->len};
}

/* Parts at the end that are empty go: `A, ` would read like a slip. */
Str key_shown(Arena *arena, Str key)
{
	size_t joints = 0, n = key.len;
	while (n > 0 && key.ptr[n - 1] == KEY_JOINT)
		n--;
	for (size_t i = 0; i < n; i++)
		joints += key.ptr[i] == KEY_JOINT;
	char *at = arena_alloc(arena, n + joints + 1);
	Str out = {at, n + joints};
	for (size_t i = 0; i < n; i++) {
		if (key.ptr[i] == KEY_JOINT)
			*at++ = ',';
		*at++ = key.ptr[i] == KEY_JOINT ? ' ' : key.ptr[i];
	}
	return out;
}

Str store_key(const Store *store, int32_t dataset, int32_t row, Arena *arena)
{
	const StoreTable *table = store->table[dataset];
	return table->key(table, row, arena);
}

/* Ranks are worked out once where many comparisons will come; else the texts decide, which gives
 * the same order. Both are the order of bytes, which no locale changes. */
int store_key_cmp(const Store *store, int32_t dataset, int32_t a, int32_t b, Arena *scratch)
{
	const int32_t *order = store->table[dataset]->order;
	if (order != NULL)
		return order[a] < order[b] ? -1 : order[a] > order[b];
	if (a == b)
		return 0;
	return str_cmp(store_key(store, dataset, a, scratch), store_key(store, dataset, b, scratch));
}

RowSpan store_home(const Store *store, int32_t dataset)
{
	const StoreTable *table = store->table[dataset];
	if (table == NULL)
		return (RowSpan){NULL, 0};
	if (store->home == NULL || store->home[dataset].n < 0)
		return (RowSpan){NULL, table->rows};
	return store->home[dataset];
}

/* ---- what is in force ---- */

/* From the end of a history sorted by (from, published): the first that is in force and known is
 * the latest, and of two of one day the one published last. NO_DAY is below every day, so a history
 * that holds throughout answers without a law date too. `published` counts by the day: what was
 * published on the day of --known-on is known. */
int32_t law_value(const DatedExpr *value, int32_t n, const Law *law, int32_t day)
{
	for (int32_t i = n; i-- > 0;)
		if (value[i].from <= day && value[i].published <= law->known_on)
			return i;
	return -1;
}

/* Versions begin one after the other, so the last one that has come is the latest; one that has
 * ended leaves the field to those before it (S7). A contract that nobody amended has one version,
 * which asks for no date. */
int32_t law_version(const Contract *contract, const Law *law, int32_t day)
{
	if (contract->nversions <= 1)
		return contract->published <= law->known_on ? 0 : -1;
	for (int32_t i = contract->nversions; i-- > 0;) {
		const Version *version = &contract->ver[i];
		if (day != NO_DAY && version->from <= day && day <= version->to &&
				version_published(version, i > 0) <= law->known_on)
			return i;
	}
	return -1;
}

/* On a day of no version: the last known one that had come by then, or else the first. A
 * declaration that nobody replaces reads the same on all days, also before the contract begins, and
 * one that is replaced must do so where its replacement has nothing to say. Without a date the
 * first answers only where no amendment is known of. */
static int32_t nearest_version(const Contract *contract, const Law *law, int32_t day)
{
	int32_t nearest = 0;
	for (int32_t i = 1; i < contract->nversions; i++) {
		if (version_published(&contract->ver[i], true) > law->known_on)
			continue;
		if (day == NO_DAY)
			return -1;
		if (contract->ver[i].from <= day)
			nearest = i;
	}
	return nearest;
}

/* `introduced[i]` is the version that brought text i: the last that the version in force has
 * seen. */
int32_t law_amended(const Rulebook *book, int32_t amended, const Law *law, int32_t day)
{
	const Amended *of = &book->amended[amended];
	int32_t version = law_version(&book->contract, law, day), i = of->n;
	if (version < 0)
		version = nearest_version(&book->contract, law, day);
	while (i-- > 0 && of->introduced[i] > version)
		continue;
	return i;
}

/* Without a date the first text of a rule is the one that is named, so that it is named once. */
bool law_holds(const Contract *contract, const Law *law, const Rule *rule, int32_t day)
{
	if (contract->nversions <= 1)
		return contract->published <= law->known_on;
	if (day == NO_DAY)
		return !rule->follows;
	int32_t version = law_version(contract, law, day);
	return version >= rule->introduced && (rule->ended == 0 || version < rule->ended);
}

/* As law_value, for the dated blocks of a table. */
int32_t law_period(const Table *table, const Law *law, int32_t day)
{
	for (int32_t i = table->nperiods; i-- > 0;)
		if (table->period[i].from <= day && table->period[i].published <= law->known_on)
			return i;
	return -1;
}
