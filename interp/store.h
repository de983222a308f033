/*
 * The rows that rules are judged over, as both evaluators see them: columns by dataset and field,
 * keys, and the three ways from row to row (link, its inverse, match). A store is immutable while
 * it is read. An audit has one store for each partition of its large datasets; small datasets are
 * whole and shared by all of them. A scenario has one store of its own.
 *
 *   store.table[dataset] ── column[field] ── values (1, 2, 4 or 8 bytes, signed), known bits
 *                        └─ keys
 *   store.inverse[link]  ── rows of link.from by row of link.to
 *   store.matched[match] ── right rows by left row, left row by right row
 *   store.sequence[seq]  ── the row before and the row after each row
 *   store.bank[bank]     ── its accounts; what they come to are rows of three further tables
 *
 * Row numbers are positions in the store's table, 0 .. rows-1. A link column holds the row number
 * in the target's table.
 */
#ifndef VOUCH_INTERP_STORE_H
#define VOUCH_INTERP_STORE_H

#include "dsl/rulebook.h"

/* A text value in a column: 8 bytes pointing to one of these. */
typedef struct TextCell {
	uint32_t len;
	char bytes[];
} TextCell;

typedef struct Column {
	const void *at;         /* NULL: the plan did not ask for this field */
	const uint64_t *known;  /* bit per row; NULL: every row is known */
	const uint64_t *lost;   /* of the end of a span, bit per row: it is there, but could not be read, so
	                           the row does not still run (S47); NULL: of none */
	int64_t times;          /* stored value * times = the field's n */
	uint8_t width;          /* bytes a value */
} Column;

/* The stored value of a row: columns are as narrow as their values allow. */
static inline int64_t column_raw(const Column *column, int64_t row)
{
	switch (column->width) {
	case 1:
		return ((const int8_t *)column->at)[row];
	case 2:
		return ((const int16_t *)column->at)[row];
	case 4:
		return ((const int32_t *)column->at)[row];
	default:
		return ((const int64_t *)column->at)[row];
	}
}

#define KEY_JOINT '\x1f'

typedef struct StoreTable StoreTable;
struct StoreTable {
	int32_t rows;
	Column *column;         /* one a field of the dataset */
	/* The key's text: parts of a composite key are joined by KEY_JOINT. Valid until the arena goes. */
	Str (*key)(const StoreTable *table, int32_t row, Arena *arena);
	void *keys;             /* whatever `key` needs */
	const int32_t *order;   /* rank of each row by key bytes, or NULL: compare keys instead */
};

/* Lists of rows by row: CSR when dense, by a hash of the row number when the rows are few. Then
 * slot rowlists_hash(r) & slot_mask is looked at first, and the next ones in turn; a free slot,
 * slot_of[h] = -1, ends the search. */
typedef struct RowLists {
	const int32_t *start;   /* rows of r: item[start[r]] .. item[start[r+1]] exclusive */
	const int32_t *item;
	const int32_t *slot_of; /* not NULL: open addressing, slot_key[h] = r, slot_of[h] the list */
	const int32_t *slot_key;
	uint32_t slot_mask;
	int32_t lists;
} RowLists;

typedef struct RowSpan {
	const int32_t *at;
	int32_t n;
} RowSpan;

/* Empty when `item` is NULL. */
RowSpan rowlists_of(const RowLists *lists, int32_t row);

static inline uint32_t rowlists_hash(int32_t row)
{
	return ((uint32_t)row * 2654435769u) >> 7;
}

typedef struct StoreMatch {
	RowLists right_of_left;
	const int32_t *left_of_right;      /* -1: none */
	const uint64_t *left_unknown;      /* bit: the left row's logs are unknown (S64); NULL: none */
	const uint64_t *right_unknown;     /* bit: the right row's visit is unknown; NULL: none */
} StoreMatch;

/* The row before and the row after each row of a sequence's dataset. */
typedef struct StoreSequence {
	const int32_t *previous, *next;    /* -1: none; NULL: not worked out, nothing is known */
	const uint64_t *unknown;           /* bit: it is not known which they are; NULL: none */
} StoreSequence;

typedef struct StoreBank StoreBank; /* interp/derive.h */

typedef struct Store {
	const Rulebook *book;
	StoreTable *const *table;          /* by dataset; NULL: not loaded */
	const RowLists *inverse;           /* by link; .item NULL: not built */
	const StoreMatch *matched;         /* by match */
	const StoreSequence *sequence;     /* by sequence; NULL: nothing is known of any */
	const StoreBank *bank;             /* by bank; its rows stand in tables of their own. NULL: none
	                                      is worked out */
	/* By dataset: the rows of a whole table that are judged in this store and nowhere else, because
	 * the rows that they reach are here. at NULL and n < 0: all rows are. */
	const RowSpan *home;
} Store;

/* The raw value (already times `times`) and whether it is known. */
bool store_get(const Store *store, int32_t dataset, int32_t field, int32_t row, int64_t *n);
/* Whether an expression is the end of a row's span, in a field of slot 0 or its day, and is there but
 * could not be read: nobody knows then how long the row lasts. */
bool store_end_lost(const Store *store, const Expr *end, int64_t row);
bool store_is_lost(const Store *store, int32_t dataset, int32_t field, int64_t row);
Str store_text(const Store *store, int32_t dataset, int32_t field, int32_t row);
/* A copy of a key as people see it: its parts with commas between them. */
Str key_shown(Arena *arena, Str key);
Str store_key(const Store *store, int32_t dataset, int32_t row, Arena *arena);
/* Order of two rows of one dataset by the bytes of their keys. */
int store_key_cmp(const Store *store, int32_t dataset, int32_t a, int32_t b, Arena *scratch);
/* The rows that are judged in this store: a table held whole is in every partition, so each takes
 * only those that are at home there. at NULL: rows 0 .. n-1. */
RowSpan store_home(const Store *store, int32_t dataset);

static inline bool bit_get(const uint64_t *bits, int64_t i)
{
	return (bits[i >> 6] >> (i & 63)) & 1;
}

static inline void bit_set(uint64_t *bits, int64_t i)
{
	bits[i >> 6] |= (uint64_t)1 << (i & 63);
}

static inline void bit_clear(uint64_t *bits, int64_t i)
{
	bits[i >> 6] &= ~((uint64_t)1 << (i & 63));
}

/* What an expression is worked out for: n subjects, slot by slot. */
typedef struct Subjects {
	int32_t n, nslots;
	const int64_t *const *slot;  /* by slot, by subject, as in a column; NULL: nothing in it */
	const uint8_t *const *state; /* State (interp/value.h); NULL, or an entry NULL: all known */
	const int32_t *day;          /* law dates, NO_DAY among them; NULL: none */
} Subjects;

/* What an expression came to, row by row. */
typedef struct RowValues {
	int64_t *value;
	const uint8_t *state;        /* State of each; NULL: all are known */
} RowValues;

/* Of a field of the row in this slot, for all rows of the dataset, as either evaluator would find it:
 * columns are widened and no more. False: the expression is something else, or nothing is known of
 * the field. */
bool store_field_rows(const Store *store, const Expr *expr, int32_t slot, int32_t dataset,
	Arena *arena, RowValues *out);

/* The law and the window that a run stands under. */
typedef struct Law {
	int32_t known_on;        /* leave out what was published later; LAST_DAY: everything is known */
	int32_t from, to;        /* days looked at, both in */
	const Override *with;    /* a scenario's `with parameter` */
	int32_t nwith;
} Law;

/* The value of a history in force on a day and known by law.known_on: its index, or -1. */
int32_t law_value(const DatedExpr *value, int32_t n, const Law *law, int32_t day);
int32_t law_period(const Table *table, const Law *law, int32_t day);
/* The version of the contract in force on a day, among those known by law.known_on; -1: none. */
int32_t law_version(const Contract *contract, const Law *law, int32_t day);
/* Which of the texts of a name holds on a day: its index; on a day of no version that of the
 * version before it, or else of the first. -1: there is no day. */
int32_t law_amended(const Rulebook *book, int32_t amended, const Law *law, int32_t day);
/* Whether a rule is in force as it is written there. A subject without a date (NO_DAY) is left to
 * the first text of the rule, so that it is named once. */
bool law_holds(const Contract *contract, const Law *law, const Rule *rule, int32_t day);

#endif
