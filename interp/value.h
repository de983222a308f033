/*
 * A value as the explaining evaluator holds it: exact, and when it is not known, why not.
 *
 * State orders what spreads (S23, S34): a fault (overflow) outranks a conflict, which outranks
 * unknown. Arithmetic takes the greatest state of its operands. In and/or, and in quantifiers, a
 * deciding known operand masks unknown and conflict, but never a fault. In `if` and exceptions only
 * the branch that holds is looked at.
 */
#ifndef VOUCH_INTERP_VALUE_H
#define VOUCH_INTERP_VALUE_H

#include "interp/store.h"

typedef enum State { STATE_KNOWN, STATE_UNKNOWN, STATE_CONFLICT, STATE_FAULT } State;

/* One reason why a value is not known; reasons form a list without repeats. */
typedef struct Why {
	const struct Why *next;
	Str text;     /* "log.check_out of log L1 is missing", "divided by zero", "no row fits" … */
} Why;

/* q, text and rows share their place: which of them it is, the type says. */
typedef struct Value {
	uint8_t state;
	int64_t n;    /* yes/no, date, moment, clock, weekday, code, row number, period (first day) */
	union {
		Ratio q;      /* quantities */
		Str text;
		RowSpan rows; /* TYPE_ROWS, sorted by key */
	};
	const Why *why;
} Value;

/* A known value, from how a column at the type's scale holds it. A text stays where it is. */
Value value_of_column(Type type, int64_t n);
/* Prints a known value as the language writes it; `unknown` for the others (S81). */
void value_print(Buf *out, const Store *store, const Rulebook *book, Type type, Value value,
	Arena *scratch);
/* Equality of two known values of one type (text by bytes, quantities exactly). */
bool value_same(Type type, Value a, Value b);
/* An order of two known values of one type that does not depend on where they came from: numbers
 * and dates by size, texts by bytes, codes as declared, rows by key. */
int value_order(const Store *store, Type type, Value a, Value b, Arena *scratch);

#endif
