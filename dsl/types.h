/*
 * Types. Units are part of a type (law 2), and so is the denominator of an exact value (law 1): a
 * quantity of scale D is an int64 n that means n/D of its base unit. The base units are the pound,
 * the second, the metre, the day, the month and the night; `per hour` is in the scale, so that
 * £22.59 per hour is n = 2259 over D = 360,000 pounds per second, and times a duration in seconds
 * gives pounds over the same D.
 *
 * A quotient of two figures from the data is a `ratio`: each value has its own denominator.
 */
#ifndef VOUCH_DSL_TYPES_H
#define VOUCH_DSL_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/exact.h"
#include "base/text.h"

typedef enum TypeKind {
	TYPE_ERROR,     /* something was wrong before; never causes another message */
	TYPE_YES_NO,
	TYPE_QUANTITY,  /* anything counted or measured: see unit and form */
	TYPE_DATE,      /* days from 1970-01-01 */
	TYPE_MOMENT,    /* UTC seconds */
	TYPE_CLOCK,     /* seconds from midnight */
	TYPE_WEEKDAY,   /* Monday 0 */
	TYPE_TEXT,
	TYPE_CODE,      /* of code list `ref`: its position in the declaration */
	TYPE_ROW,       /* of dataset `ref` */
	TYPE_ROWS,      /* a collection of rows of dataset `ref` */
	TYPE_PERIOD     /* of calendar `ref`: its first day */
} TypeKind;

/* Elapsed time and calendar spans are different dimensions (S35): hours are not days. A week is 7
 * of DIM_DAY; a quarter 3 and a year 12 of DIM_MONTH. */
typedef enum Dim { DIM_MONEY, DIM_TIME, DIM_DISTANCE, DIM_DAY, DIM_MONTH, DIM_NIGHT, DIMS } Dim;

typedef struct Unit {
	int8_t of[DIMS]; /* exponents */
} Unit;

/* How a quantity without dimension reads and prints. */
typedef enum Form { FORM_NUMBER, FORM_COUNT, FORM_PERCENT } Form;

typedef struct Type {
	uint8_t kind; /* TypeKind */
	uint8_t form; /* Form, of a quantity without dimension */
	bool ratio;   /* a quantity whose denominator differs from value to value; scale is 1 */
	Unit unit;
	int32_t ref;
	int64_t scale; /* D of a quantity that is no ratio; 1 elsewhere */
} Type;

bool unit_same(Unit a, Unit b);
bool unit_none(Unit unit);
Unit unit_times(Unit a, Unit b);
Unit unit_over(Unit a, Unit b);

/* A unit word (hour, hours, mile, week, £ …): its dimension and how many base units one is. */
typedef struct UnitWord {
	const char *one, *many;
	Dim dim;
	Ratio factor;
} UnitWord;

const UnitWord *unit_word(Str word);                  /* NULL when there is none */
const UnitWord *unit_word_at(int i); /* all of them, for suggestions; NULL past the end */

/* "money per hour", "duration", "a number", "date", "code of outcome" … for messages. `names` of
 * datasets, calendars and code lists come from the caller's rulebook through type_describe in
 * rulebook.h; this one says the kind alone. */
const char *type_kind_word(TypeKind kind);
void unit_describe(Buf *buf, Type type);

/* Prints an exact quantity as the language writes it (S80, S81): £5.65, £22.59 per hour, 7 hours 30
 * minutes, 7.5%, 12. Reads back as the same value whenever it is printed exactly. */
void quantity_print(Buf *buf, Type type, Ratio value);
/* The same, but never cut: £10.00 / 3. Always reads back as the same value. */
void quantity_print_exact(Buf *buf, Type type, Ratio value);

/* Reads a quantity as the language writes it: £22.59 per hour, 70p, 1 hour 30 minutes, 7.5%, 12,
 * with a minus sign or not. False when the text is something else. The type's scale is 1; its form
 * is a number for a bare figure. */
bool quantity_read(Str text, Type *type, Ratio *value);

#endif
